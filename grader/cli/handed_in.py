"""The sources that students handed in, read and not run: for the commands that look at them beside results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.terminal import say
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course import Course
    from grader.result import Result
    from grader.submission import HandIn

__all__ = ["Work", "functions_in", "results_in", "work_at"]


@dataclass(frozen=True)
class Work:
    """One student's work: by exercise the text of its function, with the sha256 of what was handed in by unit."""

    student: str
    name: str
    texts: Mapping[str, str]
    digests: Mapping[str, str]
    submitted: str = ""


def work_at(paths: Sequence[Path], assignment: str | None, course: Course) -> list[Work]:
    """Return the work at paths, downloads of platforms among them: of several attempts of one student the last.

    Raises:
        UsageError: there is nothing, no such unit, or no hand-in.

    """
    from grader.bank import catalogue
    from grader.course import match
    from grader.report import counted
    from grader.submission import find

    if not any(path.exists() for path in paths):
        raise UsageError(f"there is nothing at {', '.join(map(str, paths))}")
    found = find(paths, units=catalogue(course.bank).units)
    if not found.hand_ins:
        raise UsageError(f"there is nothing that was handed in at {', '.join(map(str, paths))}")
    say(found.layout)
    matched = match(found.hand_ins, course.roster)
    if matched.unmatched:
        aside = counted(len(matched.unmatched), "hand-in is", "hand-ins are")
        say(f"{aside} of nobody in the roster, and left aside: see gradmark collect")
    people = {person.id: person.shown for person in course.roster.people}
    work = []
    unread: list[str] = []
    for student, hand_ins in matched.of.items():
        texts, digests, problem = functions_in(hand_ins[-1], assignment, course.bank, course.variant_salt)
        if problem and not texts:
            unread.append(f"{student} ({problem})")
        when = hand_ins[-1].submitted
        work.append(Work(student, people.get(student, student), texts, digests, when.isoformat() if when else ""))
    if unread:
        more = f", and {len(unread) - 3} more" if len(unread) > 3 else ""
        say(f"of {len(unread)} no function could be read: {', '.join(unread[:3])}{more}")
    return work


def functions_in(
    hand_in: HandIn, assignment: str | None, banks: tuple[Path, ...], variants: str = ""
) -> tuple[dict[str, str], dict[str, str], str]:
    """Return of one hand-in the functions by exercise, the sha256 by unit, and the reason if it could not be read."""
    from grader.bank import catalogue, stub_source
    from grader.grading import stubs_of
    from grader.submission import functions_of, submissions_of

    known = catalogue(banks)
    if assignment is not None:
        known.unit(assignment)
    units = {u.name: frozenset(e.function for e in u.exercises) for u in known.units.values()}
    stubs = {name: stub_source(name, banks) for name in units}
    texts: dict[str, str] = {}
    digests: dict[str, str] = {}
    problem = ""
    for submission in submissions_of(hand_in, assignment, units, stubs, stubs_of(variants, banks)):
        unit = submission.assignment
        problem = problem or submission.problem or ""
        if unit is None:
            continue
        digests[unit] = submission.sha256 or ""
        written = functions_of(submission, unit, sorted(units[unit]))
        by_exercise = ((e.name, written.get(e.function)) for e in known.unit(unit).exercises)
        texts |= {name: text for name, text in by_exercise if text is not None}
    return texts, digests, problem


def results_in(folder: Path) -> dict[tuple[str, str], Result]:
    """Return the results that ``grade --out`` kept in a folder, by the sha256 of what was handed in and the unit.

    Raises:
        UsageError: there is none.

    """
    found = {key: result for result in _kept(folder) if (key := _key(result)) is not None}
    if not found:
        raise UsageError(f"there are no results in {folder}: name the folder of grade --out")
    return found


def _key(result: Result) -> tuple[str, str] | None:
    sha256, unit = result.submission.sha256, result.assignment
    return (sha256, unit) if sha256 and unit else None


def _kept(folder: Path) -> Iterator[Result]:
    from grader.result import read

    for path in sorted(folder.glob("*.json")):
        with suppress(OSError, ValueError):  # what is no result is another program's
            yield read(path.read_bytes())
