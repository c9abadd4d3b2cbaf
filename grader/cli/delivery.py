"""The handing over of exports: files written whole, stdout byte by byte, and on stderr who is left without a number."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.terminal import ReaderLeftError, echo, say
from grader.errors import GraderError, UsageError
from grader.report import inline
from grader.writing import write_whole_bytes

if TYPE_CHECKING:
    from grader.bank import Catalogue
    from grader.cli.graded import ReadClass
    from grader.course import Course
    from grader.export import Missing
    from grader.grades import Grade
    from grader.result import Result

__all__ = [
    "BLIND",
    "MISSING",
    "OUT",
    "deliver",
    "deliver_folder",
    "grades_of",
    "one_assignment",
    "refuse_blind",
    "seen_by",
    "tell_left",
    "warn",
]

BLIND = click.option("--blind", is_flag=True, help="Pseudonyms in the place of names; no number changes.")
MISSING = click.option(
    "--missing",
    type=click.Choice(["blank", "zero"]),
    default="blank",
    show_default=True,
    help="What who handed in nothing gets.",
)
OUT = click.option(
    "--out",
    type=click.Path(path_type=Path, allow_dash=True),
    default="-",
    metavar="FILE",
    help="The file to write; an earlier one is replaced whole. Without it, or with -, stdout.",
)
SHOWN = 8
"""The most students that a line names."""


def grades_of(found: ReadClass, *, blind: bool = False) -> dict[str, list[Grade]]:
    """Return the grades of the assignments that were asked for, by name.

    Raises:
        UsageError: there is no assignment, nobody in the roster, or no salt for blind mode.

    """
    if not found.assignments:
        raise UsageError("there is no assignment yet: grade a class into the gradebook first, with `gradmark batch`")
    graded = {name: found.graded(name) for name in found.assignments}
    if not any(graded.values()):
        raise UsageError("there is nobody to export: the roster is empty, and so is the gradebook")
    if not blind:
        return graded
    from grader.blind import blinded

    if not found.course.salt:
        raise UsageError("--blind needs a salt in the course file: without one, pseudonyms could be worked out")
    return {name: blinded(grades, found.course.salt) for name, grades in graded.items()}


def one_assignment(found: ReadClass, why: str) -> str:
    """Return the one assignment that was asked for, or that there is.

    Raises:
        UsageError: there are several; ``why`` says why one must be named.

    """
    if len(found.assignments) != 1:
        raise UsageError(f"{why}: name one with --assignment; there are {', '.join(found.assignments)}")
    return found.assignments[0]


def refuse_blind(blind: bool, reason: str) -> None:
    """Refuse blind mode for a format that needs identities.

    Raises:
        UsageError: it was asked for.

    """
    if blind:
        raise UsageError(
            f"--blind cannot be: {reason}; for people to look at, `gradmark export csv --blind` hides names"
        )


def seen_by(course: Course, bank: Catalogue, *, released: bool = False) -> Callable[[Result], Result]:
    """Return a function from a result to what its author may see of it, now, or once results are released.

    Raises:
        UsageError: a rule of the course is for an exercise that does not exist.

    """
    from grader.course import refuse_unknown
    from grader.shown import Rule, Rules, may_see

    rules, now = course.shown, datetime.now(UTC)
    if rules.by_name:
        refuse_unknown(rules, [exercise.name for unit in bank.units.values() for exercise in unit.exercises])
        if released:
            everywhere = {"": Rule(), **rules.by_name}
            rules = Rules({name: replace(rule, released=True) for name, rule in everywhere.items()})
    return lambda result: may_see(result, rules, now)


# ------------------------------------------------------------------------------------------ writing
def deliver(out: Path, data: bytes, what: str) -> None:
    """Write an export: to a file, whole or not at all, or to stdout as it is.

    Raises:
        ReaderLeftError: the reader of stdout closed the pipe.
        UsageError: it cannot be written.

    """
    if str(out) == "-":
        try:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise ReaderLeftError from None
        except (OSError, AttributeError) as error:  # stdout is None where it was closed
            raise UsageError(f"cannot print on stdout: {error}") from None
        return
    replaced = out.is_file()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_whole_bytes(out, data)
    except OSError as error:
        raise UsageError(f"cannot write {out}: {error.strerror or error}") from None
    echo(f"written: {inline(str(out))} ({what}{'; an earlier file was replaced' if replaced else ''})")


def deliver_folder(folder: Path, files: Mapping[str, bytes], what: str) -> None:
    """Write one file for each student into a folder; the names are ids, made fit for a file system and for one another.

    Files of an earlier export that this one has not stay, and are named: who needs a person now may have a number there.

    Raises:
        UsageError: one cannot be written.

    """
    taken: set[str] = set()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for ident, data in files.items():
            stem = re.sub(r"[^\w.-]", "_", ident, flags=re.ASCII).strip(".") or "student"
            number, name = 1, stem
            while name.casefold() in taken:
                number += 1
                name = f"{stem}-{number}"
            taken.add(name.casefold())
            write_whole_bytes(folder / f"{name}.json", data)
        earlier = sorted(path.name for path in folder.glob("*.json") if path.stem.casefold() not in taken)
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror or error}") from None
    echo(f"written: {inline(str(folder))} ({what})")
    if earlier:
        say(f"note: not of this export, delete them before you hand the folder on: {_listed(earlier)}")


def tell_left(grades: Iterable[Grade], missing: Missing = "blank", *, blank: bool = True) -> int:
    """Say on stderr, of each assignment, who is left without a number, and why; return the exit code: 4 if anybody needs a person.

    Args:
        grades: all that were exported.
        missing: what who handed in nothing gets.
        blank: the format leaves their cells blank.

    """
    by_state: dict[tuple[str, str], list[str]] = {}
    for grade in grades:
        by_state.setdefault((grade.assignment, grade.state), []).append(grade.person.shown)
    assignments = list(dict.fromkeys(assignment for assignment, _ in by_state))
    ending = "; their cells are blank" if blank else ""
    for state, told in (
        ("needs_person", f"the grader itself failed at: {{}}; a person has to look{ending}"),
        ("not_gradable", f"nothing could be graded of: {{}}{ending}"),
        ("missing", "nothing was handed in by: {}; their cells are blank, --missing zero writes 0"),
    ):
        for assignment in assignments:
            names = by_state.get((assignment, state), [])
            if names and (state != "missing" or (blank and missing == "blank")):
                of = f"{inline(assignment, 60)}: " if len(assignments) > 1 else ""
                say(of + told.format(_listed(names)))
    return GraderError.exit_code if any(state == "needs_person" for _, state in by_state) else 0


def _listed(names: Sequence[str]) -> str:
    shown = "; ".join(inline(name, 60) for name in names[:SHOWN])
    return shown + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")


def warn(warnings: Iterable[str]) -> None:
    """Say on stderr what a person should know of a file before it is handed on."""
    for warning in warnings:
        say(f"note: {warning}")
