"""The commands for the gradebook itself: its making, its trail, undo, backup, restore and check."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.cli.options import BY, COURSE, GRADEBOOK, PATH, gradebook_place
from grader.cli.terminal import echo, say, show_on_terminal

if TYPE_CHECKING:
    from grader.gradebook import Gradebook, TrailLine

__all__ = ["gradebook"]


def _placed(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say which gradebook."""
    return COURSE(GRADEBOOK(command))


def _open(named: str | None, course_file: Path | None, *, create: bool = False) -> Gradebook:
    from grader.gradebook import Gradebook

    return Gradebook.open(gradebook_place(named, course_file), create=create, told=say)


@click.group()
def gradebook() -> None:
    """Keep the gradebook: make it, read its trail, undo, back it up, restore it, check it."""


@gradebook.command()
@_placed
def init(gradebook: str | None, course_file: Path | None) -> int:
    """Make a gradebook; one that is there is left as it is."""
    with _open(gradebook, course_file, create=True) as book:
        lines = len(book.trail())
        echo(
            f"the gradebook {_line(book.name)} is ready"
            + (f"; its trail has {_counted(lines)} already" if lines else "")
        )
    return 0


@gradebook.command()
@_placed
@click.option(
    "--limit",
    type=click.IntRange(1),
    metavar="N",
    help="The last N lines; without it 20.",
    default=20,
    show_default=False,
)
@click.option("--all", "everything", is_flag=True, help="All lines.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def trail(gradebook: str | None, course_file: Path | None, limit: int, everything: bool, as_json: bool) -> int:
    """Show who wrote what into the gradebook, when and why, oldest first, and what is undone."""
    with _open(gradebook, course_file) as book:
        lines = book.trail(None if everything else limit)
    if as_json:
        import json

        echo(json.dumps([{**vars(line), "at": line.at.isoformat()} for line in lines], indent=1))
    elif lines:
        show_on_terminal(_table(lines))
    else:
        echo("the trail is empty: nothing was written yet")
    return 0


@gradebook.command()
@click.argument("number", type=click.IntRange(1), required=False)
@_placed
@BY
@click.option("--why", default="", metavar="TEXT", help="The reason, for the trail.")
def undo(number: int | None, gradebook: str | None, course_file: Path | None, by: str, why: str) -> int:
    """Take back the line NUMBER of the trail; without it the last write that holds.

    Nothing is deleted: to undo is a write, and to undo that line is to do the write again.
    """
    with _open(gradebook, course_file) as book:
        line = book.undo(number, by=by, why=why)
    echo(f"line {line.number}: {_line(line.what)}; to go back: gradmark gradebook undo {line.number}")
    return 0


@gradebook.command()
@_placed
def rebuild(gradebook: str | None, course_file: Path | None) -> int:
    """Make all that is so at present anew from the documents and the trail."""
    with _open(gradebook, course_file) as book:
        book.rebuild()
        echo(f"made anew from the {_counted(len(book.trail()))} of the trail")
    return 0


@gradebook.command()
@click.argument("file", type=PATH)
@_placed
def backup(file: Path, gradebook: str | None, course_file: Path | None) -> int:
    """Copy the gradebook into a FILE of its own, while others may write to it; a server's gradebook too."""
    with _open(gradebook, course_file) as book:
        book.backup(file)
    echo(f"written: {_line(str(file))}; to have it back: gradmark gradebook restore FILE --gradebook URL")
    return 0


@gradebook.command()
@click.argument("file", type=PATH)
@_placed
def restore(file: Path, gradebook: str | None, course_file: Path | None) -> int:
    """Make a gradebook of a backup FILE, in a place where there is none or an empty one; of an older version too."""
    from grader.gradebook import Gradebook

    place = gradebook_place(gradebook, course_file)
    lines = Gradebook.restore(file, place)
    with Gradebook.open(place) as book:
        echo(f"restored into {_line(book.name)}: {_counted(lines)} of the trail")
    return 0


@gradebook.command()
@_placed
def check(gradebook: str | None, course_file: Path | None) -> int:
    """Check that nothing was changed past the trail, and that the present is what the trail says. Exit code 1 if not."""
    with _open(gradebook, course_file) as book:
        faults = book.check()
        lines = len(book.trail())
    for fault in faults:
        echo(_line(fault))
    fits = f"no fault: documents, {_counted(lines)} of the trail, and the present fit"
    echo(_counted(len(faults), "fault") if faults else fits)
    return 1 if faults else 0


def _table(lines: list[TrailLine]) -> Any:
    """Return the lines of the trail as a table, each cleaned: reasons and names may be anybody's."""
    from rich.table import Table

    table = Table("line", "when (UTC)", "by", "what", "why", box=None, header_style="bold", pad_edge=False)
    for line in lines:
        undone = f" (undone by line {line.undone_by})" if line.undone_by else ""
        told = f"{line.action}: {line.what}{undone}"
        table.add_row(str(line.number), f"{line.at:%Y-%m-%d %H:%M:%S}", *map(_line, (line.by, told, line.why)))
    return table


def _counted(number: int, thing: str = "line") -> str:
    return f"1 {thing}" if number == 1 else f"{number} {thing}s"


def _line(text: str) -> str:
    from grader.report import inline

    return inline(text, 500)
