"""The command for texts that are told to everybody with a mistake: ``gradmark comments``."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.graded import WHY, Asked, Instead, ReadClass, of_class, read_class
from grader.cli.options import BY, PATH
from grader.cli.previews import APPLY, BLIND, known_exercises, moved_by, plain_table, shown_as, tell_moved, written_to
from grader.cli.terminal import echo, say, show_on_terminal
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.grades import Comment

__all__ = ["comments"]


@click.group()
def comments() -> None:
    """Keep comments, told to everybody with a mistake, this year and next."""


@comments.command(name="list")
@click.argument("exercise", required=False)
@of_class
def list_comments(exercise: str | None, asked: Asked) -> int:
    """List the comments, of one EXERCISE or of all, with how many are told them."""
    with read_class(asked) as found:
        wanted = found.exercise(exercise)[1] if exercise else None
        kept = found.gradebook.comments(wanted)
        told = [
            text for name in found.assignments for g in found.graded(name) for e in g.exercises for text in e.comments
        ]
    if not kept:
        echo("there is no comment yet; `gradmark comments add` makes one")
        return 0
    rows = [
        (c.exercise, _end(c.mistake) or "(not passed)", f"{c.points:+g}", str(told.count(c.text)), c.text) for c in kept
    ]
    show_on_terminal(plain_table(("exercise", "mistake", "points", "told", "text"), rows))
    return 0


def _end(code: str) -> str:
    return code.rpartition("/")[2]


@comments.command(name="add")
@click.argument("exercise")
@click.option("--mistake", default="", metavar="CODE", help="Of a diagnosis; without it, whoever has not passed.")
@click.option("--text", required=True, metavar="TEXT", help="The text, for the student.")
@click.option("--points", type=float, default=0.0, metavar="P", help="Points that go with it, mostly none.")
@APPLY
@BLIND
@WHY
@BY
@of_class
def add_comment(
    exercise: str, mistake: str, text: str, points: float, apply_: bool, blind: bool, why: str, by: str, asked: Asked
) -> int:
    """Tell a text to everybody with a mistake at an EXERCISE; in the place of the one that is there.

    One with points changes scores: it is shown first, and written with --apply.
    """
    from grader.marking import comments_of

    with read_class(asked) as found:
        full = found.exercise(exercise)[1]
        code = _code(found, full, mistake) if mistake else ""
        comment = comments_of({"exercise": full, "mistake": code, "text": text, "points": points})
        old = [c for c in found.gradebook.comments(full) if c.mistake == comment.mistake]
        changes = comment.points or any(c.points for c in old)
        return _commented(found, [comment], why, by=by, apply_=apply_ or not changes, blind=blind)


@comments.command(name="remove")
@click.argument("exercise")
@click.option("--mistake", default="", metavar="CODE", help="As it was added.")
@APPLY
@BLIND
@WHY
@BY
@of_class
def remove_comment(exercise: str, mistake: str, apply_: bool, blind: bool, why: str, by: str, asked: Asked) -> int:
    """Take a comment back; one with points is shown first, and taken back with --apply."""
    with read_class(asked) as found:
        full = found.exercise(exercise)[1]
        old = [c for c in found.gradebook.comments(full) if mistake in (c.mistake, _end(c.mistake))]
        if not old:
            raise UsageError(
                f"{full} has no comment for {mistake or 'whoever has not passed'}; see `gradmark comments list`"
            )
        gone = [replace(c, text="", points=0.0) for c in old]
        points = any(c.points for c in old)
        return _commented(found, gone, why, by=by, apply_=apply_ or not points, blind=blind)


@comments.command(name="export")
@click.argument("path", type=PATH, metavar="FILE")
@of_class
def export_comments(path: Path, asked: Asked) -> int:
    """Write the comments to a FILE, .toml or .csv, for another year."""
    from grader.marking import written_comments

    with read_class(asked) as found:
        kept = found.gradebook.comments()
    return written_to(path, written_comments(kept, path), f"comments: {len(kept)}")


@comments.command(name="import")
@click.argument("path", type=PATH, metavar="FILE")
@APPLY
@BLIND
@WHY
@BY
@of_class
def import_comments(path: Path, apply_: bool, blind: bool, why: str, by: str, asked: Asked) -> int:
    """Take comments from a FILE, .toml or .csv; what scores they change is shown first, and done with --apply."""
    from grader.marking import read_comments

    with read_class(asked) as found:
        read = read_comments(path)
        known_exercises(found, path, (comment.exercise for comment in read))
        _tell_unknown(found, path, read)
        return _commented(found, read, why or f"from {path.name}", by=by, apply_=apply_, blind=blind)


def _commented(found: ReadClass, changed: Sequence[Comment], why: str, *, by: str, apply_: bool, blind: bool) -> int:
    """Show what comments come to in the place of those of their mistakes, and write them if that is asked."""
    from grader.report import counted

    moves = moved_by(found, Instead(comments=changed), found.plans)
    if moves or not apply_:
        tell_moved(moves, shown_as(found, blind=blind))
    if not apply_:
        echo("nothing is written yet: --apply does it")
        return 0
    written = found.gradebook.set_comments(changed, by=by, why=why)
    told = {
        grade.person.id
        for name in found.assignments
        for grade in found.graded(name)
        for e in grade.exercises
        if any(c.exercise == e.exercise and c.text and c.text in e.comments for c in changed)
    }
    echo(f"{counted(written, 'comment')} written, told to {counted(len(told), 'student')}")
    return 0


def _code(found: ReadClass, exercise: str, named: str) -> str:
    """Return the code of a mistake: one that the exercise declares, or that somebody has.

    Raises:
        UsageError: it is none of these; the message names the near ones.

    """
    codes = _codes(found, exercise)
    meant = [code for code in codes if code == named] or [code for code in codes if _end(code) == named]
    if len(meant) == 1:
        return meant[0]
    near = meant or difflib.get_close_matches(named, [*codes, *map(_end, codes)], 3) or codes[:5]
    raise UsageError(f"{exercise} has no mistake {named!r}; there are {', '.join(near) or 'none'}")


def _codes(found: ReadClass, exercise: str) -> list[str]:
    """Return the codes of mistakes that an exercise declares, or that somebody has at it; each whole, and once."""
    declared = found.catalogue.exercise(exercise)
    codes = [declared.code_of(mistake) for mistake in declared.mistakes]
    for name in found.assignments:
        codes += [
            code if "/" in code else f"{exercise}/{code}"
            for g in found.graded(name)
            for e in g.exercises
            if e.exercise == exercise
            for code in e.mistakes
        ]
    return list(dict.fromkeys(codes))


def _tell_unknown(found: ReadClass, path: Path, read: Sequence[Comment]) -> None:
    """Say which comments of a file are for a mistake that no exercise declares and nobody has: they may be misspelt."""
    from grader.report import inline

    known = {name: _codes(found, name) for name in {comment.exercise for comment in read}}
    for comment in read:
        if comment.mistake and comment.mistake not in known[comment.exercise]:
            said = f"{inline(comment.mistake, 200)} is a mistake that nobody has"
            say(f"{path}: {said}, and that {comment.exercise} does not declare")
