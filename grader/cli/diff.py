"""The command that compares two gradings: ``gradmark diff``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.previews import plain_table
from grader.cli.terminal import echo, show_on_terminal

if TYPE_CHECKING:
    from grader.compared import Change, Comparison, Graded

__all__ = ["diff"]

SCHEMA = "gradmark/diff/1"
MOST_ROWS = 200


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document, and nothing else, on stdout.")
def diff(old: str, new: str, as_json: bool) -> int:
    """Compare two gradings, OLD and NEW: what is fixed, what is new, what is the same, by student and exercise.

    Each is a document of "grade --json", a result, a folder of "grade --out", or a gradebook (its file or URL). Times, places and
    versions make no difference. Exit code 0 if all is the same, 1 if something differs.
    """
    from grader.compared import compare
    from grader.errors import UsageError

    before, after = _read(old), _read(new)
    try:
        found = compare(before, after)
    except ValueError as error:
        raise UsageError(f"they cannot be compared: {error}") from None
    if as_json:
        echo(_json(found))
    else:
        _show(found, before, after)
    return 1 if found.differ else 0


def _read(named: str) -> list[Graded]:
    from grader.marking import graded_of, is_gradebook, read_graded

    if not is_gradebook(named):
        return read_graded(Path(named))
    from grader.gradebook import Gradebook

    with Gradebook.open(named) as book:
        return graded_of(book.attempts())


def _show(found: Comparison, before: Sequence[Graded], after: Sequence[Graded]) -> None:
    old, new = _banks(before), _banks(after)
    if old != new and old and new:
        echo(f"graded by bank {old}, then by bank {new}")
    if found.differ:
        rows = [_row(change) for change in found.differ[:MOST_ROWS]]
        show_on_terminal(plain_table(("student", "exercise", "what", "points", "from what to what"), rows))
    if len(found.differ) > MOST_ROWS:
        echo(f"... and {len(found.differ) - MOST_ROWS} more; --json has all")
    echo(
        ", ".join(f"{number} {kind.replace('_', ' ')}" for kind, number in found.count.items()) or "nothing to compare"
    )


def _banks(graded: Iterable[Graded]) -> str:
    return ", ".join(sorted({one.result.graded_by.bank[:12] for one in graded}))


def _row(change: Change) -> tuple[str, ...]:
    gained = f"{change.gained:+g}" if change.gained else ""
    exercise = change.exercise or "(all)"
    return change.student, exercise, change.kind.replace("_", " "), gained, change.why


def _json(found: Comparison) -> str:
    import json

    changes = [
        {
            **vars(change),
            "before": change.before and vars(change.before),
            "after": change.after and vars(change.after),
            "gained": change.gained,
        }
        for change in found.differ
    ]
    return json.dumps({"schema": SCHEMA, "count": found.count, "changes": changes}, indent=2)
