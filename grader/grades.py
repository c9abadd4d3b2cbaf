"""The facts of a class, as plain data that several rooms share: attempts, marks by people, and the grades made of both.

A grade is never kept: :func:`grader.course.grades` makes it at each reading, of the automatic layer (:class:`Attempt`), the manual
layer (:class:`Mark`, :class:`RubricItem`, :class:`Comment`) and the course file, which is the layer of policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from grader.people import Person
from grader.result import Result
from grader.statuses import ItemStatus

__all__ = [
    "Attempt",
    "Comment",
    "ExerciseGrade",
    "Grade",
    "GradeState",
    "Mark",
    "Request",
    "RubricItem",
    "attempt_key",
    "own_bytes",
]


def attempt_key(student: str, assignment: str, submitted: datetime | None, sha256: str) -> tuple[str, str, str, str]:
    """Return what tells attempts apart: student, assignment, time in ISO form and UTC (or nothing) and bytes."""
    return student, assignment, submitted.astimezone(UTC).isoformat() if submitted else "", sha256


def own_bytes(sha256: str, student: str, exam: str = "") -> str:
    """Return what tells the same bytes of two students apart, where each has variants, or in an exam a paper, of their own."""
    return f"{sha256} of {student}" + (f" in {exam}" if exam else "")


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One hand-in of one student for one assignment, with what the grader made of it: the automatic layer.

    Args:
        student: the id in the roster.
        assignment: its name in the course file; without one, the unit's.
        sha256: of what was handed in: the same bytes handed in again at the same time are the same attempt.
        submitted: when, with its zone; None if nothing says so, which counts as in time.
        results: one for each unit of the assignment that was found in it; at least one.
        source: where it came from, for people: ``lovelaceada_123_456_layers.ipynb``.
        late_mark: True if the platform marked it as late.

    """

    student: str
    assignment: str
    sha256: str
    submitted: datetime | None = None
    results: tuple[Result, ...] = ()
    source: str = ""
    late_mark: bool = False

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Return what tells attempts apart, see :func:`attempt_key`."""
        return attempt_key(self.student, self.assignment, self.submitted, self.sha256)

    @property
    def paper(self) -> str:
        """Return whose paper of an exam it is, where it is not the student's own; for the person who grades alone."""
        return next((result.paper for result in self.results if result.paper), "")


@dataclass(frozen=True, kw_only=True)
class Mark:
    """The decision of a person on one exercise of one student, or on a whole assignment: the manual layer.

    ``points`` None leaves the automatic points; ``rubric`` are the ids of rubric items that apply, ``honour`` gives a backward
    pass that fits a wrong forward pass its points. A later mark of the same student, assignment and exercise takes its place.

    Args:
        student: the id in the roster.
        assignment: its name.
        exercise: full name; empty for the assignment as a whole.
        points: on the course's scale, in the place of the automatic ones.
        rubric: the ids of rubric items.
        comments: texts for the student.
        honour: pay what carries the note ``follows_own_forward``.
        excused: of a whole assignment: it counts for nothing, with no zero.
        by: who.
        at: when.
        why: the reason, for the trail.

    """

    student: str
    assignment: str
    exercise: str = ""
    points: float | None = None
    rubric: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    honour: bool = False
    excused: bool = False
    by: str = ""
    at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class RubricItem:
    """One line of a rubric: its points are added to what an exercise has (``-1`` takes away), wherever it applies.

    Args:
        id: unique in the course.
        exercise: full name.
        points: added, on the course's scale.
        text: for the student.
        active: False once it was taken back; it then counts for nothing.

    """

    id: str
    exercise: str
    points: float
    text: str
    active: bool = True


@dataclass(frozen=True, kw_only=True)
class Comment:
    """A text that is kept and told to everybody with one mistake of one exercise, this year and next.

    Args:
        exercise: full name.
        mistake: the code of a diagnosis; empty for whoever has not passed.
        text: for the student.
        points: added for it, mostly nothing.

    """

    exercise: str
    mistake: str
    text: str
    points: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Request:
    """A student's request to look at an exercise again.

    Args:
        id: the sha256 of the request's document.
        student: the id in the roster.
        assignment: its name.
        exercise: full name.
        text: what the student says.
        counterexample: the inputs, what came and what should have come, as the student's file has them.
        state: open, or how it was answered.
        answer: what was said to the student.
        at: when it came.

    """

    id: str
    student: str
    assignment: str
    exercise: str
    text: str
    counterexample: Mapping[str, object] = field(default_factory=dict)
    state: Literal["open", "accepted", "declined"] = "open"
    answer: str = ""
    at: datetime | None = None


GradeState = Literal["graded", "missing", "excused", "needs_person", "not_gradable"]
"""``missing``: nothing was handed in. ``needs_person``: the grader failed somewhere. ``not_gradable``: nothing could be judged."""


@dataclass(frozen=True, kw_only=True)
class ExerciseGrade:
    """The grade of one exercise, before what the assignment as a whole loses for being late.

    Args:
        exercise: full name.
        points: what counts, on the course's scale.
        max_points: on that scale.
        automatic: what the grader gave, on that scale; None where nothing was graded.
        status: of the item; None where nothing was handed in.
        mistakes: the codes of the diagnoses.
        message: one line on its faults.
        fits: whose variant a wrong answer is right for; for the person who grades alone.
        comments: of people, for the student.
        sentences: how the points came to be, where they are not the automatic ones.

    """

    exercise: str
    points: float
    max_points: float
    automatic: float | None = None
    status: ItemStatus | None = None
    mistakes: tuple[str, ...] = ()
    message: str = ""
    fits: str = ""
    comments: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Grade:
    """The grade of one student for one assignment, as it is at this reading.

    Args:
        person: of the roster.
        assignment: its name.
        state: how it stands.
        points: after the late policy; None where there is no number (excused).
        max_points: of the assignment.
        before_policy: before the late policy; None likewise.
        exercises: in the order of the assignment.
        attempt: the one that counts; None if there is none.
        attempts: how many there are.
        late_seconds: by how much the one that counts was late, after extensions; 0 in time.
        slip_days: how many slip days it uses.
        comments: on the assignment as a whole.
        sentences: what explains the number, one step a sentence.

    """

    person: Person
    assignment: str
    state: GradeState
    points: float | None
    max_points: float
    before_policy: float | None = None
    exercises: tuple[ExerciseGrade, ...] = ()
    attempt: Attempt | None = None
    attempts: int = 0
    late_seconds: float = 0.0
    slip_days: int = 0
    comments: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
