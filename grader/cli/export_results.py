"""``gradmark export gradescope`` and ``classroom50``: a document a submission, of a class, or of one that is graded on the spot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.delivery import (
    BLIND,
    deliver,
    deliver_folder,
    grades_of,
    one_assignment,
    refuse_blind,
    seen_by,
    tell_left,
)
from grader.cli.graded import Asked, of_class, read_class
from grader.cli.options import LEVELS, PATH, options_of
from grader.cli.terminal import say
from grader.errors import GraderError, SubmissionError, UsageError

if TYPE_CHECKING:
    from grader.course import Course, Plan
    from grader.export import Classroom50
    from grader.grades import Grade
    from grader.result import Result

__all__ = ["classroom50", "gradescope"]

GRADE = click.option(
    "--grade", "submission", type=PATH, metavar="PATH", help="Grade this submission, and write what comes of it."
)
ISOLATION = click.option(
    "--isolation",
    type=click.Choice(LEVELS),
    default="auto",
    show_default=True,
    help="With --grade or --bundle: grade with this, or not at all.",
)
"""Student code runs beside the model answers: see the how-to of Gradescope on what a level keeps from it."""


@click.command()
@of_class
@click.option(
    "--out",
    type=PATH,
    metavar="DIR",
    help="A folder for one results.json a student; with --grade or --simulate a file.",
)
@click.option("--bundle", type=PATH, metavar="ZIP", help="Write a zip that Gradescope makes an autograder of.")
@click.option(
    "--simulate", type=PATH, nargs=2, metavar="ZIP PATH", help="Run a bundle on a submission as Gradescope would, here."
)
@GRADE
@ISOLATION
@BLIND
def gradescope(
    asked: Asked,
    out: Path | None,
    bundle: Path | None,
    simulate: tuple[Path, Path] | None,
    submission: Path | None,
    isolation: str,
    blind: bool,
) -> int:
    """Write results.json for Gradescope, or an autograder for it (--bundle), and try that (--simulate)."""
    from grader.cli import bundles

    if sum(option is not None for option in (bundle, simulate, submission)) > 1:
        raise UsageError("one of --bundle, --simulate and --grade at a time")
    if bundle is not None:
        data, what = bundles.bundle(asked, isolation)
        deliver(bundle, data, what)
        return 0
    if simulate is not None:
        return bundles.simulate(*simulate, out)
    if out is None:
        raise UsageError("where to? --out DIR for a class, --bundle ZIP for an autograder")
    from grader.export import gradescope_results

    if submission is not None:
        grade, now, later = _graded(asked, submission, isolation)
        return _deliver_one(grade, out, lambda: gradescope_results(grade, now, later))
    with read_class(asked) as found:
        grades = grades_of(found, blind=blind)[one_assignment(found, "a results.json is of one assignment")]
        now, later = (seen_by(found.course, found.catalogue, released=released) for released in (False, True))
    numbered = [grade for grade in grades if grade.state in ("graded", "not_gradable")]
    files = {grade.person.id: gradescope_results(grade, now, later).encode("utf-8") for grade in numbered}
    deliver_folder(out, files, f"{len(files)} results")
    return tell_left(grades, "zero", blank=False)


@click.command()
@of_class
@click.option(
    "--out", type=PATH, required=True, metavar="PATH", help="A folder for one result a student; with --grade a file."
)
@click.option(
    "--classroom", envvar="CLASSROOM", show_envvar=True, required=True, metavar="NAME", help="Its short name."
)
@click.option(
    "--slug",
    envvar="ASSIGNMENT",
    show_envvar=True,
    metavar="NAME",
    help="The assignment's short name there; without it its name here.",
)
@click.option(
    "--owner", envvar="USERNAME", show_envvar=True, metavar="LOGIN", help="With --grade: whose repository it is."
)
@click.option(
    "--tag", envvar="SUBMISSION_TAG", show_envvar=True, default="", metavar="TAG", help="With --grade: submit/..."
)
@click.option(
    "--commit", envvar="COMMIT_URL", show_envvar=True, default="", metavar="LINK", help="With --grade: to the commit."
)
@click.option(
    "--release",
    envvar="RELEASE_URL",
    show_envvar=True,
    default="",
    metavar="LINK",
    help="With --grade: to the release.",
)
@click.option(
    "--review", envvar="REVIEW_URL", show_envvar=True, default="", metavar="LINK", help="With --grade: to all changes."
)
@click.option("--group", is_flag=True, help="The assignment is one for groups.")
@click.option(
    "--per-point", type=click.IntRange(1), default=100, show_default=True, metavar="N", help="A point in whole numbers."
)
@GRADE
@ISOLATION
@BLIND
def classroom50(
    asked: Asked,
    out: Path,
    classroom: str,
    slug: str | None,
    owner: str | None,
    tag: str,
    commit: str,
    release: str,
    review: str,
    group: bool,
    per_point: int,
    submission: Path | None,
    isolation: str,
    blind: bool,
) -> int:
    """Write classroom50's result.json: of a submission by --grade, as its autograder, or of a class."""
    from grader.export import Classroom50, classroom50_result

    refuse_blind(blind, "classroom50 finds students by the owner of the repository")

    def identity(grade: Grade, login: str, when: datetime) -> Classroom50:
        return Classroom50(
            classroom=classroom,
            assignment=slug or grade.assignment,
            owner=login,
            when=when,
            kind="group" if group else "individual",
        )

    if submission is not None:
        if not owner:
            raise UsageError("whose repository is it? --owner, or USERNAME in the environment")
        grade, now, _ = _graded(asked, submission, isolation, owner)
        own = identity(grade, owner, datetime.now(UTC))
        own = replace(own, submission=tag, commit=commit, release=release, review=review)
        return _deliver_one(grade, out, lambda: classroom50_result(grade, own, now, per_point=per_point))
    with read_class(asked) as found:
        grades = grades_of(found)[one_assignment(found, "a result is of one assignment")]
        now = seen_by(found.course, found.catalogue)
    files = {}
    for grade in grades:
        login = grade.person.platforms.get("github") or grade.person.login
        when = grade.attempt.submitted if grade.attempt else None
        if grade.state not in ("graded", "not_gradable"):
            continue
        if not login or when is None:
            say(
                f"left out: {grade.person.shown}, of whom {'no login' if not login else 'no time of the hand-in'} is known"
            )
            continue
        files[login] = classroom50_result(grade, identity(grade, login, when), now, per_point=per_point).encode("utf-8")
    deliver_folder(out, files, f"{len(files)} results")
    return tell_left(grades, "zero", blank=False)


# ----------------------------------------------------------------------------------- graded on the spot
def _graded(
    asked: Asked, path: Path, isolation: str, login: str = ""
) -> tuple[Grade, Callable[[Result], Result], Callable[[Result], Result]]:
    """Grade one submission, in all units of its assignment, and return its grade, with what its author may see now and later.

    Neither lateness nor what people decided counts: it is the platform's to know of them.
    """
    from grader.bank import catalogue
    from grader.course import Roster, grades, read_course, read_plan
    from grader.grades import Attempt
    from grader.grading import grade_paths
    from grader.people import Person

    course = read_course(asked.course_file, [path])
    bank = catalogue(course.bank)
    plan = read_plan(course, _named(asked, course), bank)
    if plan.exam is not None and not plan.exam.settings.same:
        raise UsageError(
            f"{plan.assignment.name} is an exam with a paper for each student: use gradmark batch, and export the gradebook"
        )
    options = options_of(course, isolation=isolation, jobs=1, limits=course.bounds(), student=_whose(course, login))
    results = [
        result for unit in plan.units for result in _of_unit(path, replace(options, assignment=unit), grade_paths)
    ]
    attempt = Attempt(
        student="submission",
        assignment=plan.assignment.name,
        sha256=results[0].submission.sha256 or "",
        results=tuple(results),
        source=path.name,
    )
    alone: Plan = replace(plan, roster=Roster((Person(id="submission"),)), extensions=(), exceptions=(), earlier=())
    (grade,) = grades(alone, [attempt])
    if grade.state == "missing":
        raise GraderError(f"{path} was graded, and no grade came of it")
    return grade, seen_by(course, bank), seen_by(course, bank, released=True)


def _whose(course: Course, login: str) -> str:
    """Return the id of the student whose variants a submission is graded by; empty where all have the same.

    Raises:
        UsageError: variants are personal, and nobody of the roster has this login.

    """
    if not course.variants:
        return ""
    for person in course.roster.people:
        if login and login in (person.login, person.platforms.get("github")):
            return person.id
    raise UsageError(
        f"this course has personal variants, and the login {login or '(none)'} is nobody's of the roster: add it there,"
        " or grade the class with gradmark batch and export that"
    )


def _of_unit(path: Path, options: object, grade_paths: Callable[..., list[Result]]) -> list[Result]:
    results = grade_paths([path], options)
    if len(results) != 1:
        names = ", ".join(result.submission.id for result in results[:5])
        raise SubmissionError(f"{path} holds {len(results)} submissions ({names}): give one")
    return results


def _named(asked: Asked, course: Course) -> str:
    if asked.assignment is not None:
        return asked.assignment
    if len(course.assignments) == 1:
        return next(iter(course.assignments))
    raise UsageError("which assignment? name it with --assignment")


def _deliver_one(grade: Grade, out: Path, text: Callable[[], str]) -> int:
    if grade.state == "needs_person":
        said = "; ".join(grade.sentences) or "the grader itself failed"
        raise GraderError(f"no number stands for this submission, and nothing was written: {said}")
    deliver(out, text().encode("utf-8"), f"{round(grade.points or 0.0, 3):g} of {grade.max_points:g} points")
    return 0
