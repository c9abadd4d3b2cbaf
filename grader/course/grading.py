"""Grades: which attempt counts, what it earned, what people decided, what was allowed, and what lateness leaves of it.

A pure function of the three layers. Nothing of it is kept; each number comes with the sentences that explain it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from grader.course.assignments import Extension, Waiver, due_for, waiver_for
from grader.course.late import Outcome
from grader.course.plan import Plan
from grader.course.roster import Roster, roster_of
from grader.course.scoring import Manual, Score, scored
from grader.course.times import lateness, told_date, told_span
from grader.grades import Attempt, Comment, Grade, GradeState, Mark, RubricItem
from grader.people import Person

__all__ = ["all_grades", "grades"]


def grades(
    plan: Plan,
    attempts: Sequence[Attempt],
    marks: Sequence[Mark] = (),
    rubric: Sequence[RubricItem] = (),
    comments: Sequence[Comment] = (),
) -> list[Grade]:
    """Return the grades of an assignment, one for each person of the roster and in its order.

    Args:
        plan: of the assignment. If it shares slip days with earlier ones (``plan.earlier``), the attempts and marks of those must
            be among the ones given, since they tell how many days are spent: give those of the whole course.
        attempts: of this assignment and of any other, oldest first.
        marks: the present ones, likewise. Of several on one exercise the last one holds.
        rubric: all items.
        comments: all that are kept.

    """
    return _grades(plan, _Layers(attempts, marks, rubric, comments))


def _grades(plan: Plan, layers: _Layers) -> list[Grade]:
    roster = plan.roster if plan.roster.people else layers.roster()
    return [_grade(plan, person, layers, _spent(plan, person, layers)) for person in roster.people]


def all_grades(
    plans: Mapping[str, Plan],
    attempts: Sequence[Attempt],
    marks: Sequence[Mark] = (),
    rubric: Sequence[RubricItem] = (),
    comments: Sequence[Comment] = (),
) -> dict[str, list[Grade]]:
    """Return the grades of several assignments by name. Arguments as :func:`grades`; the attempts are those of the whole course."""
    layers = _Layers(attempts, marks, rubric, comments)
    return {name: _grades(plan, layers) for name, plan in plans.items()}


class _Layers:
    """Attempts and what people decided, by student and assignment."""

    def __init__(
        self,
        attempts: Sequence[Attempt],
        marks: Sequence[Mark],
        rubric: Iterable[RubricItem],
        comments: Sequence[Comment],
    ) -> None:
        self._attempts: dict[tuple[str, str], list[Attempt]] = {}
        self._marks: dict[tuple[str, str], dict[str, Mark]] = {}
        self._rubric = {item.id: item for item in rubric}
        self._comments: dict[str, list[Comment]] = {}
        for comment in comments:
            self._comments.setdefault(comment.exercise, []).append(comment)
        self._all = attempts, marks
        self.made: dict[tuple[str, str], Grade] = {}
        for attempt in attempts:
            self._attempts.setdefault((attempt.student, attempt.assignment), []).append(attempt)
        for mark in marks:
            self._marks.setdefault((mark.student, mark.assignment), {})[mark.exercise] = mark

    def roster(self) -> Roster:
        """Return everybody who is in the layers."""
        return roster_of(*self._all)

    def attempts(self, student: str, plan: Plan) -> list[_Timed]:
        """Return the attempts of a student, oldest first; those whose time is not known come before all others."""
        found = self._attempts.get((student, plan.assignment.name))
        if not found:
            return []
        due, _ = due_for(plan.assignment, student, plan.extensions, plan.zone)
        timed = [_Timed(attempt, _moment(attempt, plan), due, plan) for attempt in found]
        return sorted(timed, key=lambda one: (one.moment is not None, one.moment or datetime.min))

    def manual(self, student: str, plan: Plan) -> Manual:
        """Return what people decided on a student."""
        marks = self._marks.get((student, plan.assignment.name), {})
        return Manual(marks=marks, rubric=self._rubric, comments=self._comments)


def _moment(attempt: Attempt, plan: Plan) -> datetime | None:
    if attempt.submitted is None or attempt.submitted.tzinfo is not None:
        return attempt.submitted
    return attempt.submitted.replace(tzinfo=plan.zone)


class _Timed:
    """An attempt with its time, and by how many seconds it is late."""

    def __init__(self, attempt: Attempt, moment: datetime | None, due: datetime | None, plan: Plan) -> None:
        self.attempt, self.moment = attempt, moment
        self.late = 0.0 if moment is None or due is None else lateness(moment, due, plan.zone)


@dataclass(frozen=True, kw_only=True)
class _Counted:
    """An attempt with what it earned and what counts of it."""

    timed: _Timed
    score: Score
    outcome: Outcome


def _spent(plan: Plan, person: Person, layers: _Layers) -> int:
    """Return how many slip days a person has used for the assignments that are due earlier."""
    spent = 0
    for earlier in plan.earlier if _any_late(plan, person, layers) else ():
        if _any_late(earlier, person, layers):
            spent += _grade(earlier, person, layers, spent).slip_days
    return spent


def _any_late(plan: Plan, person: Person, layers: _Layers) -> bool:
    return any(timed.late for timed in layers.attempts(person.id, plan))


def _grade(plan: Plan, person: Person, layers: _Layers, spent: int) -> Grade:
    """Return a grade, once made: an assignment is looked at again for the slip days of each later one."""
    key = plan.assignment.name, person.id
    if key not in layers.made:
        layers.made[key] = _made(plan.of(person.id), person, layers, spent)
    return layers.made[key]


def _made(plan: Plan, person: Person, layers: _Layers, spent: int) -> Grade:
    attempts = layers.attempts(person.id, plan)
    manual = layers.manual(person.id, plan)
    waiver = waiver_for(plan.assignment.name, person.id, plan.exceptions)
    due, extension = due_for(plan.assignment, person.id, plan.extensions, plan.zone)
    spared = waiver.exempt or waiver.excused or manual.mark().excused
    allowed = attempts if spared else _allowed(plan, attempts)
    tried = [
        _counted(plan, timed, manual, 0.0 if spared else timed.late, spent)
        for timed in (allowed if plan.assignment.count == "best" else allowed[-1:])
    ]
    # Of equal ones the one that uses the fewest slip days, and of those the earliest.
    chosen = min(tried, key=lambda one: (-one.outcome.points, one.outcome.slip_days), default=None)
    why = [] if chosen is None else _why(plan, chosen, len(allowed), len(attempts))
    score = chosen.score if chosen else scored(plan, None, manual)
    outcome = chosen.outcome if chosen else Outcome(points=score.points)
    sentences = [*_excused(manual, waiver), *why, *score.sentences]
    if chosen is not None:
        sentences += _on_time(plan, chosen, extension, waiver, due)
    if outcome.sentence and not waiver.exempt:
        sentences.append(outcome.sentence)
    state = _state(plan, chosen, score, manual, waiver)
    sentences += _trouble(plan, state, chosen, tried)
    no_number = state == "excused"
    return Grade(
        person=person,
        assignment=plan.assignment.name,
        state=state,
        points=None if no_number else outcome.points,
        max_points=plan.points,
        before_policy=None if no_number else score.points,
        exercises=score.exercises,
        attempt=chosen.timed.attempt if chosen else None,
        attempts=len(attempts),
        late_seconds=chosen.timed.late if chosen else 0.0,
        slip_days=0 if no_number else outcome.slip_days,
        comments=tuple(dict.fromkeys(filter(None, manual.mark().comments))),
        sentences=tuple(sentences),
    )


def _counted(plan: Plan, timed: _Timed, manual: Manual, late: float, spent: int) -> _Counted:
    score = scored(plan, timed.attempt, manual)
    return _Counted(
        timed=timed, score=score, outcome=plan.assignment.late.apply(score.points, plan.points, late, spent)
    )


def _allowed(plan: Plan, attempts: list[_Timed]) -> list[_Timed]:
    """Return the attempts that came before the end: one after it takes the place of no other."""
    closes = plan.assignment.late.closes
    return [timed for timed in attempts if closes is None or timed.late <= closes] or attempts


def _why(plan: Plan, chosen: _Counted, allowed: int, all_: int) -> list[str]:
    """Return why an attempt counts, where there are several."""
    said = []
    if allowed > 1:
        moment = chosen.timed.moment
        when = f"handed in {told_date(moment, plan.zone)}" if moment else "whose time is not known"
        said.append(f"the {plan.assignment.count} of {allowed} attempts counts, the one {when}")
    if refused := all_ - allowed:
        who = "1 attempt" if refused == 1 else f"{refused} attempts"
        said.append(f"{who} came after it was closed and {'does' if refused == 1 else 'do'} not count")
    return said


def _on_time(
    plan: Plan, chosen: _Counted, extension: Extension | None, waiver: Waiver, due: datetime | None
) -> list[str]:
    """Return what is said of the time: extensions, an exemption, and a platform that knows of another due date."""
    said = []
    if extension is not None and due is not None:
        because = f" ({extension.reason})" if extension.reason else ""
        said.append(f"extended to {told_date(due, plan.zone)}{because}")
    if chosen.timed.late and waiver.exempt:
        because = f" ({waiver.reason})" if waiver.reason else ""
        said.append(f"{told_span(chosen.timed.late)} late: exempt from the late policy{because}")
    if (
        chosen.timed.attempt.late_mark
        and not chosen.timed.late
        and extension is None
        and plan.assignment.due is not None
    ):
        known = "in time by the course file"
        if chosen.timed.attempt.submitted is None:
            known = "by how much is not known, so it counts as in time"
        said.append(f"marked as late where it was handed in; {known}")
    return said


def _trouble(plan: Plan, state: GradeState, chosen: _Counted | None, tried: Sequence[_Counted]) -> list[str]:
    """Return what is said where a number is missing, or is not to be relied upon."""
    if state == "missing":
        return ["nothing was handed in"]
    if chosen is None or state == "excused":
        return []
    if state == "needs_person":
        return ["the grader failed here: a person has to look before the number is final"]
    if state == "not_gradable":
        notebooks = [result.notebook for result in chosen.timed.attempt.results]
        why = next((f": {n.error.splitlines()[0]}" for n in notebooks if n.error and n.error.strip()), "")
        return [f"nothing of it could be graded{why}"]
    if plan.assignment.count == "best" and any(one.score.unsettled for one in tried):
        return ["the grader failed on another attempt, which may count for more: a person has to look"]
    return []


def _excused(manual: Manual, waiver: Waiver) -> list[str]:
    if not (waiver.excused or manual.mark().excused):
        return []
    reason = waiver.reason if waiver.excused else manual.mark().why
    return [f"excused{f': {reason}' if reason else ''}; it does not count"]


def _by_hand(plan: Plan, manual: Manual) -> bool:
    """Return True if a person gave points for something that is asked; a rubric item that was taken back gives none."""
    names = ("", *(planned.name for planned in plan.exercises))
    on_whole = (manual.rubric[key] for key in manual.mark().rubric if key in manual.rubric)
    return (
        any(manual.mark(name).points is not None for name in names)
        or any(item.active and not item.exercise for item in on_whole)
        or any(manual.items(name) for name in names[1:])
    )


def _state(plan: Plan, chosen: _Counted | None, score: Score, manual: Manual, waiver: Waiver) -> GradeState:
    if waiver.excused or manual.mark().excused:
        return "excused"
    by_hand = _by_hand(plan, manual)
    if chosen is None:
        return "graded" if by_hand else "missing"
    if score.unsettled:
        return "needs_person"
    if not by_hand and not any(result.graded for result in chosen.timed.attempt.results):
        return "not_gradable"
    return "graded"
