"""The grades of a class as JUnit XML: one suite a student, one case an exercise, for whatever shows test reports.

A case is judged as in :mod:`grader.export.junit`: what the grader failed at is an error, what was not attempted is skipped. The
points that count, with what people decided and what lateness took, are properties of the suite. The file stays below the size that
most readers take: texts are cut until it does.
"""

from __future__ import annotations

from collections.abc import Sequence

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from grader.export.cells import number
from grader.export.junit import take_name
from grader.grades import ExerciseGrade, Grade
from grader.report import WORDS, clean, inline

__all__ = ["class_junit"]

MOST_BYTES = 30_000_000
TEXT = 1000
"""The most characters of a message, where there is room."""
LEAST = 40


def class_junit(grades: Sequence[Grade], most_bytes: int = MOST_BYTES) -> str:
    """Return the XML document of grades, below ``most_bytes``.

    Raises:
        ValueError: it is too large even without its texts.

    """
    limit = TEXT
    while True:
        text = _document(grades, limit)
        if len(text.encode("utf-8")) < most_bytes:
            return text
        if limit == 0:
            raise ValueError(f"the grades of {len(grades)} students do not fit into {most_bytes} bytes")
        limit = limit // 2 if limit > LEAST else 0


def _document(grades: Sequence[Grade], limit: int) -> str:
    document = JUnitXml("gradmark")
    taken: set[str] = set()
    for grade in grades:
        name = take_name(f"{inline(grade.person.id, 80)} {inline(grade.assignment, 80)}", taken)
        suite = TestSuite(name)
        suite.add_property("student", inline(grade.person.shown, 120))
        suite.add_property("state", grade.state)
        suite.add_property("points", number(grade.points))
        suite.add_property("max_points", number(grade.max_points))
        if grade.attempt is not None and grade.attempt.submitted is not None:
            suite.timestamp = grade.attempt.submitted.replace(microsecond=0).isoformat()
        suite.add_testcase(_submission(grade, name))
        cases: set[str] = set()
        for one in grade.exercises:
            suite.add_testcase(_case(one, name, cases, limit))
        document.add_testsuite(suite)
    document.update_statistics()
    document._elem.attrib.pop("skipped", None)  # the schema gives it to suites alone
    return str(document.tostring().decode("utf-8"))


def _submission(grade: Grade, suite: str) -> TestCase:
    """Return the case of the hand-in as a whole."""
    case = TestCase("submission", suite)
    said = "; ".join(inline(sentence, 200) for sentence in grade.sentences[:5])
    if grade.state == "needs_person":
        case.result = [Error(said or "the grader itself failed: a person has to look", grade.state)]
    elif grade.state == "not_gradable":
        case.result = [Failure(said or "nothing of it could be graded", grade.state)]
    elif grade.state in ("missing", "excused"):
        case.result = [Skipped(said or grade.state, grade.state)]
    return case


def _case(one: ExerciseGrade, suite: str, taken: set[str], limit: int) -> TestCase:
    case = TestCase(take_name(inline(one.exercise, 120), taken), suite)
    if one.status in (None, "not_attempted", "skipped"):
        case.result = [Skipped(WORDS[one.status] if one.status else "nothing was handed in", one.status or "missing")]
    elif one.status != "passed":
        kind = Error if one.status == "grader_error" else Failure
        points = f"{number(one.points)} of {number(one.max_points)}"
        outcome = kind(f"{points}: {inline(one.message, limit) if limit else WORDS[one.status]}", one.status)
        if limit:
            outcome.text = clean("\n".join([*one.mistakes, *one.comments, *one.sentences]), limit=limit)
        case.result = [outcome]
    return case
