"""The command that prepares a conversation with one student, ``gradmark viva``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.graded import Asked, of_class, read_class
from grader.cli.handed_in import functions_in
from grader.cli.options import LEVELS, PATH, options_of
from grader.cli.terminal import echo, say
from grader.errors import UsageError
from grader.writing import write_whole

if TYPE_CHECKING:
    from grader.course import Course
    from grader.result import Result

__all__ = ["viva"]


@dataclass(frozen=True)
class Work:
    """A student's work: the results of it, and by exercise the text of their functions."""

    student: str
    results: Sequence[Result]
    texts: dict[str, str] = field(default_factory=dict)


@click.command()
@click.argument("student", metavar="STUDENT|PATH")
@of_class
@click.option("--submission", type=PATH, metavar="PATH", help="What STUDENT handed in, to quote their own lines.")
@click.option("--html", type=PATH, metavar="FILE", help="Write a page that prints on one sheet, instead of text.")
@click.option(
    "--isolation", type=click.Choice(LEVELS), default="auto", show_default=True, help="Grade a PATH with this."
)
def viva(student: str, asked: Asked, submission: Path | None, html: Path | None, isolation: str) -> int:
    """Print questions for one student on their own code, with what to expect: for ten minutes of conversation.

    STUDENT is an id of the gradebook; a PATH is graded first. Wrong answers come first, at inputs where they show; then
    right work, beside an answer that is not: where do the two part, and which line decides it? The same student always
    gets the same questions, and neighbours get others.
    """
    from grader.bank import catalogue
    from grader.course import read_course
    from grader.judging import Bench
    from grader.report import viva_page, viva_text
    from grader.viva import sheet

    if html is not None and (html.is_dir() or not html.absolute().parent.is_dir()):
        raise UsageError(f"cannot write {html}: it is a folder, or in one that is not there")
    path = Path(student)
    if path.exists():
        course = read_course(asked.course_file, [path])
        work = _graded(path, asked.assignment, course, isolation)
    else:
        course, work = _of_gradebook(student, asked, submission)
    known = catalogue(course.bank)
    units = {result.assignment for result in work.results if result.assignment in known.units}
    exercises = {e.name: e for unit in known.units.values() for e in unit.exercises}
    benches = {unit: Bench(known.unit(unit).exercises) for unit in units if unit is not None}
    made = sheet(work.student, work.results, exercises, benches, work.texts)
    if html is None:
        echo(viva_text(made))
        return 0
    try:
        write_whole(html, viva_page(made))
    except OSError as error:
        raise UsageError(f"cannot write {html}: {error.strerror or error}") from None
    return 0


def _graded(path: Path, assignment: str | None, course: Course, isolation: str) -> Work:
    from grader.grading import grade_paths

    options = options_of(course, assignment=assignment, isolation=isolation, jobs=1, limits=course.bounds(), roster=())
    results = grade_paths([path], options)
    if not any(result.graded for result in results):
        raise UsageError(f"{path} could not be graded: {results[0].notebook.error or 'nothing in it can be judged'}")
    return Work(results[0].submission.id, results, _texts(path, assignment, course))


def _of_gradebook(student: str, asked: Asked, submission: Path | None) -> tuple[Course, Work]:
    with read_class(asked) as found:
        people = {person.id: person for person in found.people}
        if student not in people:
            raise UsageError(
                f"there is no student {student!r} in the roster or the gradebook, and nothing at that path"
            )
        attempts = [
            grade.attempt
            for name in found.assignments
            for grade in found.graded(name)
            if grade.person.id == student and grade.attempt is not None
        ]
        if not attempts:
            raise UsageError(f"{student} handed nothing in")
        results = [result for attempt in attempts for result in attempt.results]
        texts = _texts(submission, None, found.course) if submission is not None else {}
        if submission is None:
            say("no lines of their own are quoted: name what they handed in with --submission")
        return found.course, Work(people[student].shown, results, texts)


def _texts(path: Path, assignment: str | None, course: Course) -> dict[str, str]:
    from grader.submission import find

    found = find([path], "student").hand_ins
    return functions_in(found[-1], assignment, course.bank, course.variant_salt)[0] if found else {}
