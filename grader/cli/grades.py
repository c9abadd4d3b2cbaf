"""The command for the grades of a class: ``gradmark grades``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.cli.graded import Asked, ReadClass, of_class, read_class
from grader.cli.previews import BLIND, shown_as
from grader.cli.terminal import echo, say, show_on_terminal
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.grades import Grade

__all__ = ["grades"]


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
            answer = f": {clean(request.answer)}" if request.answer else ""
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
