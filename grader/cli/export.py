"""The commands that write the grades of a class in the formats of other systems: ``gradmark export FORMAT``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.delivery import (
    BLIND,
    MISSING,
    OUT,
    deliver,
    grades_of,
    one_assignment,
    refuse_blind,
    seen_by,
    tell_left,
    warn,
)
from grader.cli.export_results import classroom50, gradescope
from grader.cli.graded import Asked, of_class, read_class
from grader.cli.options import PATH
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.export import Missing

__all__ = ["export"]


@click.group()
def export() -> None:
    """Write grades as csv, canvas, moodle, gradescope, classroom50 or junit.

    \b
    On stderr stands who is left without a number. Exit code 4 if any of them needs
    a person, since the grader itself failed there; the file is written all the same.
    """  # noqa: D301 - \b is click's mark for lines to be kept as they are


@export.command(name="csv")
@of_class
@click.option(
    "--rows",
    type=click.Choice(["students", "exercises"]),
    default="students",
    show_default=True,
    help="A row a student and assignment, or one an exercise too.",
)
@BLIND
@OUT
def csv_(asked: Asked, rows: str, blind: bool, out: Path) -> int:
    """Write a table for people and their programs: what is known, whether it is final or not."""
    from grader.export import exercises_csv, students_csv

    with read_class(asked) as found:
        grades = [grade for of in grades_of(found, blind=blind).values() for grade in of]
    text = students_csv(grades) if rows == "students" else exercises_csv(grades)
    deliver(out, text.encode("utf-8"), _students(len({grade.person.id for grade in grades})))
    return tell_left(grades, blank=False)


@export.command()
@of_class
@click.option(
    "--template", type=PATH, metavar="FILE", help="The gradebook as Canvas exported it: its rows and ids are kept."
)
@MISSING
@BLIND
@OUT
def canvas(asked: Asked, template: Path | None, missing: Missing, blind: bool, out: Path) -> int:
    """Write the CSV file that Canvas imports, of one assignment or of several.

    Without --template every student needs a canvas number in the roster.
    """
    from grader.export import CanvasAssignment, canvas_csv

    refuse_blind(blind, "Canvas finds students by their numbers")
    data = _read(template) if template is not None else None
    with read_class(asked) as found:
        graded = grades_of(found)
        courses = {name: found.course.assignments[name] for name in graded}
    columns = [
        CanvasAssignment(
            title=courses[name].column or courses[name].shown, canvas_id=courses[name].canvas_id, grades=grades
        )
        for name, grades in graded.items()
    ]
    made = canvas_csv(columns, template=data, named=str(template), missing=missing)
    grades = [grade for of in graded.values() for grade in of]
    deliver(out, made.data, _students(len({grade.person.id for grade in grades})))
    warn(made.warnings)
    return tell_left(grades, missing)


@export.command()
@of_class
@click.option(
    "--worksheet", type=PATH, required=True, metavar="FILE", help="The grading worksheet as Moodle gave it out."
)
@click.option("--feedback", type=PATH, metavar="ZIP", help="Write a zip of feedback files too, a page a student.")
@MISSING
@BLIND
@OUT
def moodle(asked: Asked, worksheet: Path, feedback: Path | None, missing: Missing, blind: bool, out: Path) -> int:
    """Fill in the grading worksheet of an assignment in Moodle; only grades and comments in it change."""
    from grader.export import moodle_feedback, moodle_worksheet
    from grader.report import student_page

    refuse_blind(blind, "Moodle's worksheet has the names in it")
    data = _read(worksheet)
    with read_class(asked) as found:
        name = one_assignment(found, "a worksheet of Moodle is for one assignment")
        grades = grades_of(found)[name]
        seen = seen_by(found.course, found.catalogue)
    made = moodle_worksheet(grades, data, named=str(worksheet), missing=missing, seen=seen)
    pages = feedback and moodle_feedback(grades, data, lambda result: student_page(seen(result)), named=str(worksheet))
    deliver(out, made.data, _students(len(grades)))
    if feedback and pages:
        deliver(feedback, pages.data, "feedback files")
    warn(made.warnings)
    return tell_left(grades, missing)


@export.command()
@of_class
@BLIND
@OUT
def junit(asked: Asked, blind: bool, out: Path) -> int:
    """Write JUnit XML: one suite a student, one case an exercise."""
    from grader.export import class_junit

    with read_class(asked) as found:
        grades = [grade for of in grades_of(found, blind=blind).values() for grade in of]
    deliver(out, class_junit(grades).encode("utf-8"), _students(len({grade.person.id for grade in grades})))
    return tell_left(grades, blank=False)


for _command in (gradescope, classroom50):
    export.add_command(_command)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from None


def _students(count: int) -> str:
    return f"{count} student{'s' * (count != 1)}"
