"""The grading of an exam's papers by ``gradmark grade``: whose each is, what is asked of them, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.collect import find_and_match
from grader.cli.terminal import say
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course import Course, Plan
    from grader.grading import Options
    from grader.result import Result
    from grader.submission import HandIn

__all__ = ["asked_of", "exam_named", "papers_at", "totals"]


def exam_named(course: Course, assignment: str | None) -> Plan | None:
    """Return the plan of the assignment that is named, or is the only one, if it is an exam."""
    from grader.bank import catalogue
    from grader.course import read_plan

    names = [assignment] if assignment is not None else [*course.assignments]
    found = course.assignments.get(names[0]) if len(names) == 1 else None
    if found is None or found.exam is None:
        return None
    return read_plan(course, found.name, catalogue(course.bank))


def papers_at(
    paths: tuple[Path, ...], plan: Plan, course: Course, layout: str | None, student: str, *, quiet: bool
) -> list[HandIn]:
    """Return the hand-ins at paths under the ids of their students: by the roster, or by ``--student``.

    Raises:
        UsageError: nothing was handed in, or it cannot be told whose something is.

    """
    found, matched = find_and_match(paths, course, layout or "auto", None, accept=False)
    if not quiet and (layout is not None or len(found.hand_ins) > 1):
        say(found.layout)
    if not found.hand_ins:
        raise UsageError(f"nobody handed in anything at {', '.join(map(str, paths))}")
    if student:
        if course.roster.people and course.roster.get(student) is None:
            raise UsageError(f"--student: {student!r} is not in the roster: name an id that it has")
        if len(found.hand_ins) > 1:
            raise UsageError(
                f"there are {len(found.hand_ins)} hand-ins, and --student says whose one is: name one PATH"
            )
        return [found.hand_ins[0].of(student)]
    if matched.unmatched and plan.exam is not None and not plan.exam.settings.same:
        lost = matched.unmatched[0]
        raise UsageError(
            f"{lost.hint.text} is nobody's of the roster, and each student has a paper of their own: say whose it is with --student"
        )
    return [hand_in for own in matched.of.values() for hand_in in own] + matched.unmatched


def asked_of(found: Sequence[Path | HandIn], plan: Plan | None, course: Course, options: Options) -> Options:
    """Return the options by which papers are graded: of each student's those exercises that are on it; as they were for no exam."""
    from grader.bank import catalogue
    from grader.batch import papers_of, wanted_of

    if plan is None:
        return options
    bank, papers = catalogue(course.bank), papers_of(plan)
    ids = [hand_in.id for hand_in in found if not isinstance(hand_in, Path)]
    wanted = {student: wanted_of(plan.of(student), bank) for student in ids}
    return replace(options, assignment=None, wanted=wanted, told=papers.told if papers is not None else None)


def totals(results: Sequence[Result], plan: Plan | None) -> Iterator[str]:
    """Yield what each paper comes to, a line each, on the scale of the course; nothing for no exam."""
    from grader.exam import told

    if plan is None or plan.exam is None:
        return
    scale = plan.points / plan.exam.settings.points
    of: dict[str, list[Result]] = {}
    for result in results:
        of.setdefault(result.submission.id, []).append(result)
    for student, own in of.items():
        unsettled = "" if all(r.graded and not r.needs_person for r in own) else ", and not all of it could be graded"
        points = round(sum(result.score for result in own) * scale, 6)
        yield f"{student}: {told(points)} of {told(plan.points)} points{unsettled}"
        yield from (f"{student}: {result.paper}" for result in own if result.paper)
