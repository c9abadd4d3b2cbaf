"""The command for the grades of a class: ``gradmark grades``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.graded import Asked, ReadClass, of_class, read_class
from grader.cli.previews import BLIND, scrubbed, shown_as
from grader.cli.terminal import echo, say, show_on_terminal
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.grades import Grade

__all__ = ["grades"]

MOST_NAMED = 5
FEWEST_ANSWERS = 5
"""So many wrong answers to personal variants, and no right one, are no chance."""


@click.command()
@of_class
@click.option("--student", metavar="WHO", help="All about one: an id, a login, an address, or a name.")
@BLIND
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document, and nothing else, on stdout.")
def grades(asked: Asked, student: str | None, blind: bool, as_json: bool) -> int:
    """Print the grades of a class as they are now: a table, or of one student each number with what explains it.

    Grades are computed at each reading, of what was graded, of marks by hand, and of the course file with its late policy.
    """
    from grader.report import clean, grade_details, grades_json, grades_table

    with read_class(asked) as found:
        whose = found.person(student).id if student is not None else None
        by_assignment = [_of(found, name, whose, blind=blind) for name in found.assignments]
        requests = [r for r in found.gradebook.requests() if r.student == whose and r.assignment in found.assignments]
        answers = {r.id: scrubbed(found, r.student, r.answer, blind=blind) for r in requests}
        _tell_strangers(found, blind=blind)
        if student is None and found.course.variants:
            _tell_of_variants(found.course.bank, (grade for of_one in by_assignment for grade in of_one))
    if not by_assignment:
        raise UsageError("there is no assignment yet: grade a class into the gradebook first, with `gradmark batch`")
    everything = [grade for of_one in by_assignment for grade in of_one]
    if as_json:
        echo(grades_json(everything))
    elif not everything:
        say("nobody is in the roster")
    elif student is not None:
        for number, grade in enumerate(everything):
            if number:
                echo("")
            show_on_terminal(grade_details(grade))
        for request in requests:
            answer = f": {clean(answers[request.id])}" if request.answer else ""
            echo(f"\nrequest {request.id[:10]} on {request.exercise} is {request.state}{answer}")
    else:
        show_on_terminal(grades_table(by_assignment))
    return 0


def _of(found: ReadClass, assignment: str, student: str | None, *, blind: bool) -> list[Grade]:
    grades = found.graded(assignment)
    if blind:
        from grader.blind import blinded

        people = shown_as(found, blind=True)
        wanted = people[student].id if student is not None else None
        return [g for g in blinded(grades, found.course.salt) if wanted in (None, g.person.id)]
    return [g for g in grades if student in (None, g.person.id)]


def _tell_strangers(found: ReadClass, *, blind: bool) -> None:
    """Say who handed in or was marked, and has no grade since the roster has no such student."""
    from grader.report import counted, inline

    known = {person.id for person in found.people}
    strangers = sorted(
        {a.student for name in found.assignments for a in found.attempts(name)}.union(
            m.student for name in found.assignments for m in found.marks(name)
        )
        - known
    )
    if strangers:
        more = f" and {len(strangers) - MOST_NAMED} more" if len(strangers) > MOST_NAMED else ""
        named = "" if blind else f": {', '.join(inline(s, 60) for s in strangers[:MOST_NAMED])}{more}"
        say(
            f"{counted(len(strangers), 'student')} of the gradebook without a grade, since the roster has them not{named}"
        )


def _tell_of_variants(banks: tuple[Path, ...], grades: Iterable[Grade]) -> None:
    """Say so if a class has no personal variant right: then it is kits and course file that differ, and not the students."""
    from grader.bank import catalogue, personal_exercises
    from grader.result import FITS_NOBODY

    drawn = {
        e.name
        for u in catalogue(banks).units.values()
        for e in personal_exercises(u)
        if e.personal and e.personal.parameters
    }
    answered = [
        e for g in grades for e in g.exercises if e.exercise in drawn and e.status in ("passed", "partial", "wrong")
    ]
    if len(answered) < FEWEST_ANSWERS or any(e.status != "wrong" for e in answered):
        return
    declared = sum(e.fits == FITS_NOBODY for e in answered)
    known = f" (right for the exercise as it is declared: {declared})" if declared else ""
    say(
        f"none of the {len(answered)} answers to personal variants is right{known}: were the kits released with this `salt`,"
        " and with variants = true?"
    )
