"""Grades: each layer's part in a number, which attempt counts, and the sentences that explain it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from grader.course import Assignment, Extension, Plan, PlannedExercise, Roster, Waiver, all_grades, grades
from grader.course.late import Policy
from grader.course.steps import Closed, Rate, SlipDays, amount
from grader.grades import Attempt, Comment, Grade, Mark, RubricItem
from grader.people import Person
from grader.result import CheckResult, Diagnosis, GradedBy, ItemResult, NotebookResult, Result, SubmissionInfo

DUE = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
BY_DAY = Rate(amount("10 %"), 86_400.0)


def check(score: float, most: float, mistake: str = "", notes: Sequence[str] = ()) -> CheckResult:
    status = "passed" if score >= most else "wrong"
    found = Diagnosis(mistake=mistake, text="", certainty="exact") if mistake else None
    return CheckResult(
        name="value",
        kind="value",
        visibility="hidden",
        status=status,  # type: ignore[arg-type]
        score=score,
        max_score=most,
        notes=list(notes),
        diagnosis=found,
    )


def item(exercise: str, score: float, most: float = 4.0, **of: Any) -> ItemResult:
    checks = of.pop("checks", None) or [check(score, most, of.pop("mistake", ""))]
    status = of.pop("status", "passed" if score >= most else "partial" if score else "wrong")
    return ItemResult(exercise=exercise, status=status, score=score, max_score=most, checks=checks, **of)


def result(*items: ItemResult, unit: str = "layers", graded: bool = True, **of: Any) -> Result:
    return Result(
        assignment=unit,
        submission=SubmissionInfo(id="", source="", sha256=None),
        graded_by=GradedBy(version="", bank="", seed=0, isolation="full"),
        notebook=of.pop("notebook", NotebookResult(status="ok")),
        score=sum(i.score for i in items),
        max_score=sum(i.max_score for i in items),
        graded=graded,
        items=list(items),
        **of,
    )


def attempt(*results: Result, late: timedelta | None = -DAY, student: str = "ada", **of: Any) -> Attempt:
    submitted = None if late is None else DUE + late
    return Attempt(student=student, assignment="hw", sha256=str(late), submitted=submitted, results=results, **of)


def plan(*steps: Any, exercises: Mapping[str, float] | None = None, **of: Any) -> Plan:
    own = {key: of.pop(key) for key in ("extensions", "exceptions", "roster", "earlier") if key in of}
    points = exercises or {"layers.a": 60.0, "layers.b": 40.0}
    return Plan(
        assignment=Assignment(**{"name": "hw", "due": DUE, "late": Policy(steps), **of}),
        exercises=tuple(PlannedExercise(name, value) for name, value in points.items()),
        **own,
    )


def one(planned: Plan, attempts: Sequence[Attempt], *marks: Mark, **layers: Any) -> Grade:
    found = grades(planned, attempts, marks, layers.get("rubric", ()), layers.get("comments", ()))
    assert len(found) == 1
    return found[0]


def mark(exercise: str = "", **of: Any) -> Mark:
    return Mark(student="ada", assignment="hw", exercise=exercise, by="tom", **of)


HALF = result(item("layers.a", 4), item("layers.b", 2))
"""All of a, half of b: 80 of 100."""
LESS = result(item("layers.a", 4), item("layers.b", 0, mistake="averaged"))


# ------------------------------------------------------------------------------------------- points
def test_points_of_the_bank_are_scaled_to_the_courses() -> None:
    grade = one(plan(), [attempt(HALF)])
    assert (grade.points, grade.before_policy, grade.max_points, grade.state) == (80, 80, 100, "graded")
    assert [(e.exercise, e.points, e.automatic, e.status) for e in grade.exercises] == [
        ("layers.a", 60, 60, "passed"),
        ("layers.b", 20, 20, "partial"),
    ]
    assert grade.sentences == ()


def test_results_of_two_units_in_one_attempt_count_together() -> None:
    planned = plan(exercises={"layers.a": 10, "optimizers.sgd": 5})
    both = attempt(
        result(item("layers.a", 4), item("layers.other", 0)), result(item("optimizers.sgd", 1), unit="optimizers")
    )
    assert one(planned, [both]).points == 11.25
    half = one(planned, [attempt(result(item("layers.a", 4)))])
    assert half.points == 10
    assert half.exercises[1].sentences == ("not in what was handed in",)
    assert half.exercises[1].automatic is None


def test_everybody_of_the_roster_has_a_grade_and_nobody_else() -> None:
    people = (Person(id="bob"), Person(id="ada"), Person(id="eve"))
    found = grades(plan(roster=Roster(people)), [attempt(HALF), attempt(HALF, student="stranger")])
    assert [(g.person.id, g.state, g.points) for g in found] == [
        ("bob", "missing", 0),
        ("ada", "graded", 80),
        ("eve", "missing", 0),
    ]
    assert found[0].sentences == ("nothing was handed in",)
    assert found[0].exercises[0].status is None


def test_attempts_and_marks_of_other_assignments_count_for_nothing_here() -> None:
    other = replace(attempt(LESS, late=DAY), assignment="quiz")
    assert (
        one(plan(BY_DAY), [attempt(HALF), other], replace(mark("layers.a", points=1.0), assignment="quiz")).points == 80
    )


# ------------------------------------------------------------------------------------------- people
def test_points_by_hand_take_the_place_of_the_automatic_ones() -> None:
    grade = one(plan(), [attempt(HALF)], mark("layers.b", points=35.0, why="right idea", comments=("well done",)))
    assert grade.points == 95
    assert grade.exercises[1].automatic == 20
    assert grade.exercises[1].sentences == ("35 of 40, set by tom (right idea), in place of 20",)
    assert grade.exercises[1].comments == ("well done",)


def test_a_later_mark_takes_the_place_of_an_earlier_one() -> None:
    assert one(plan(), [attempt(HALF)], mark("layers.b", points=35.0), mark("layers.b", points=None)).points == 80


def test_a_mark_on_the_whole_comes_before_all_exercises_and_before_the_policy() -> None:
    grade = one(plan(BY_DAY), [attempt(HALF, late=DAY)], mark(points=50.0), mark("layers.b", points=40.0))
    assert (grade.before_policy, grade.points) == (50, 40)
    assert grade.sentences == ("50 of 100, set by tom", "1 day late: 50 − 10 (10 % of 100 a day) = 40")


def test_whoever_handed_in_nothing_can_be_given_points() -> None:
    grade = one(plan(), [], mark("layers.a", points=12.0))
    assert (grade.state, grade.points, grade.attempt) == ("graded", 12, None)


RUBRIC = [
    RubricItem(id="style", exercise="layers.b", points=-5, text="no names"),
    RubricItem(id="bonus", exercise="layers.b", points=30, text="elegant"),
    RubricItem(id="gone", exercise="layers.b", points=-9, text="", active=False),
    RubricItem(id="whole", exercise="", points=-10, text="no report"),
]


@pytest.mark.parametrize(
    ("marks", "over", "points", "said"),
    [
        ([mark("layers.b", rubric=("style",))], False, 75, "−5: no names"),
        ([mark("layers.b", rubric=("style", "style", "gone", "unknown"))], False, 75, "−5: no names"),
        ([mark("layers.b", rubric=("bonus",))], False, 100, "40 is the most that there is"),
        ([mark("layers.b", rubric=("bonus",))], True, 110, "+30: elegant"),
        ([mark("layers.b", points=2.0, rubric=("style",))], False, 60, "0 is the least that there is"),
        ([mark("layers.b", points=2.0, rubric=("style",))], True, 60, "0 is the least that there is"),
        ([mark("layers.a", rubric=("style",))], False, 80, ""),  # it is another exercise's
        ([mark(rubric=("style",))], False, 75, "−5: no names"),
        ([mark(rubric=("whole",))], False, 70, "−10: no report"),
        ([mark("layers.b", points=90.0)], False, 100, "40 is the most that there is"),
    ],
)
def test_rubric_items_add_their_points_between_nothing_and_the_maximum(
    marks: list[Mark], over: bool, points: float, said: str
) -> None:
    grade = one(plan(over=over), [attempt(HALF)], *marks, rubric=RUBRIC)
    assert grade.points == points
    assert said in ("", *grade.sentences, *grade.exercises[1].sentences)


KEPT = [
    Comment(exercise="layers.b", mistake="averaged", text="see page 3", points=2),
    Comment(exercise="layers.b", mistake="", text="come to the tutorial"),
    Comment(exercise="layers.b", mistake="summed", text="never told"),
    Comment(exercise="layers.a", mistake="", text="never told either"),
]


def test_comments_that_are_kept_come_with_their_mistake_and_their_points() -> None:
    grade = one(plan(), [attempt(LESS)], comments=KEPT)
    assert grade.exercises[1].comments == ("see page 3", "come to the tutorial")
    assert grade.exercises[0].comments == ()
    assert (grade.points, grade.exercises[1].sentences) == (62, ("+2: see page 3",))
    by_hand = one(plan(), [attempt(LESS)], mark("layers.b", points=9.0), comments=KEPT)
    assert by_hand.points == 69  # the comment stays, and what a person set stays too
    assert by_hand.exercises[1].comments == ("see page 3", "come to the tutorial")
    full_code = [replace(KEPT[0], mistake="layers.b/averaged")]
    assert one(plan(), [attempt(LESS)], comments=full_code).points == 62
    assert one(plan(), [attempt(LESS)], comments=[KEPT[0], *full_code]).points == 62  # not twice


def test_no_comment_speaks_of_what_the_grader_failed_at() -> None:
    failed = attempt(result(item("layers.a", 4), item("layers.b", 0, status="grader_error"), needs_person=True))
    kept = [Comment(exercise="layers.b", mistake="", text="come to the tutorial", points=-1)]
    assert one(plan(over=True), [failed], comments=kept).exercises[1].comments == ()


def test_a_rubric_item_that_was_taken_back_decides_nothing() -> None:
    marked = mark("layers.b", rubric=("r",))
    item_ = RubricItem(id="r", exercise="layers.b", points=5, text="a sketch")
    nothing = attempt(result(graded=False, notebook=NotebookResult(status="unreadable", error="cut off")))
    planned = plan(roster=Roster((Person(id="ada"),)))
    for attempts, without in (([], "missing"), ([nothing], "not_gradable")):
        assert one(planned, attempts, marked, rubric=[item_]).state == "graded"
        assert one(planned, attempts, marked, rubric=[replace(item_, active=False)]).state == without


def test_honouring_pays_what_fits_the_own_forward_pass_and_nothing_else() -> None:
    checks = [check(0, 2, notes=["follows_own_forward"]), check(0, 1), check(1, 1)]
    work = attempt(result(item("layers.a", 0), item("layers.b", 1, checks=checks)))
    assert one(plan(), [work]).points == 10
    honoured = one(plan(), [work], mark("layers.b", honour=True))
    assert honoured.points == 30
    assert honoured.exercises[1].sentences == ("+20: fits the own forward pass, honoured by tom",)
    assert one(plan(), [work], mark(honour=True)).points == 30
    assert one(plan(), [work], mark("layers.a", honour=True)).points == 10


# ------------------------------------------------------------------------------------------- states
def test_a_fault_of_the_grader_is_nobodys_zero() -> None:
    failed = attempt(result(item("layers.a", 4), item("layers.b", 0, status="grader_error"), needs_person=True))
    grade = one(plan(), [failed])
    assert grade.state == "needs_person"
    assert grade.sentences == ("the grader failed here: a person has to look before the number is final",)
    assert one(plan(), [failed], mark("layers.b", points=0.0)).state == "graded"
    assert one(plan(), [failed], mark("layers.a", points=0.0)).state == "needs_person"
    assert one(plan(), [failed], mark(points=9.0)).state == "graded"
    assert one(plan(exercises={"layers.a": 5.0}), [failed]).state == "graded"  # what failed is not asked for
    nothing = attempt(result(needs_person=True, graded=False))
    assert one(plan(), [nothing]).state == "needs_person"


def test_what_could_not_be_graded_says_why() -> None:
    broken = NotebookResult(status="unreadable", error="cut off after 300 bytes\n  ...")
    grade = one(plan(), [attempt(result(graded=False, notebook=broken))])
    assert (grade.state, grade.points) == ("not_gradable", 0)
    assert grade.sentences == ("nothing of it could be graded: cut off after 300 bytes",)
    assert grade.exercises[0].sentences == ()
    assert one(plan(), [attempt(result(graded=False))], mark("layers.a", points=5.0)).state == "graded"


@pytest.mark.parametrize("by_file", [True, False])
def test_excused_is_no_zero(by_file: bool) -> None:
    waiver = Waiver(student="ada", assignment="*", excused=True, reason="moved")
    marks = [] if by_file else [mark(excused=True, why="moved")]
    planned = plan(SlipDays(3), exceptions=(waiver,) if by_file else (), roster=Roster((Person(id="ada"),)))
    for attempts in ([], [attempt(HALF, late=DAY)]):
        grade = one(planned, attempts, *marks)
        assert (grade.state, grade.points, grade.before_policy, grade.slip_days) == ("excused", None, None, 0)
        assert grade.sentences == ("excused: moved; it does not count",)


# ----------------------------------------------------------------------------------------- attempts
def test_the_last_attempt_counts_or_the_best_after_the_policy() -> None:
    attempts = [attempt(HALF, late=2 * DAY), attempt(LESS), attempt(LESS, late=3 * DAY)]
    last = one(plan(BY_DAY), attempts)
    assert (last.points, last.attempts, last.late_seconds) == (30, 3, 3 * 86_400)
    assert last.sentences == (
        "the last of 3 attempts counts, the one handed in Mon 23 November 2026, 12:00 UTC",
        "3 days late: 60 − 3 × 10 (10 % of 100 a day) = 30",
    )
    best = one(plan(BY_DAY, count="best"), attempts)
    assert (best.points, best.late_seconds) == (60, 0)  # 80 − 20 is 60 too, and costs two days
    assert best.attempt == attempts[1]  # of equal ones the earlier


def test_of_equal_attempts_the_one_counts_that_costs_the_fewest_slip_days() -> None:
    attempts = [attempt(HALF), attempt(HALF, late=DAY)]
    grade = one(plan(SlipDays(3), count="best"), attempts)
    assert (grade.attempt, grade.slip_days) == (attempts[0], 0)


def test_an_attempt_after_the_end_takes_no_others_place() -> None:
    planned = plan(Closed(86_400.0))
    attempts = [attempt(HALF), attempt(LESS, late=2 * DAY)]
    grade = one(planned, attempts)
    assert (grade.points, grade.attempt) == (80, attempts[0])
    assert grade.sentences == ("1 attempt came after it was closed and does not count",)
    alone = one(planned, attempts[1:])
    assert (alone.points, alone.before_policy) == (0, 60)
    assert alone.sentences == ("2 days late: closed 1 day after the due date, so it counts for nothing",)


def test_what_has_no_time_is_in_time_and_comes_before_what_has() -> None:
    unknown = attempt(HALF, late=None, late_mark=True)
    grade = one(plan(BY_DAY), [unknown])
    assert grade.points == 80
    assert grade.sentences == (
        "marked as late where it was handed in; by how much is not known, so it counts as in time",
    )
    assert one(plan(BY_DAY), [attempt(LESS, late=DAY), unknown]).points == 50
    naive = replace(attempt(HALF), submitted=datetime(2026, 11, 20, 13))
    assert one(plan(BY_DAY), [naive]).late_seconds == 3600  # a time without zone is the course's


# ----------------------------------------------------------------------------------------- lateness
def test_an_extension_moves_the_due_date_of_one_student() -> None:
    longer = Extension(student="ada", assignment="hw", days=2, reason="ill")
    shorter = Extension(student="ada", days=1)
    others = Extension(student="bob", assignment="hw", days=9)
    grade = one(plan(BY_DAY, extensions=(shorter, longer, others)), [attempt(HALF, late=2.5 * DAY)])
    assert (grade.points, grade.late_seconds) == (70, 43_200)
    assert grade.sentences[0] == "extended to Sun 22 November 2026, 12:00 UTC (ill)"
    in_time = one(plan(BY_DAY, extensions=(longer,)), [attempt(HALF, late=2 * DAY)])
    assert (in_time.points, in_time.late_seconds) == (80, 0)
    until = Extension(student="ada", until=DUE + 2 * DAY)
    assert one(plan(BY_DAY, extensions=(until,)), [attempt(HALF, late=2 * DAY)]).points == 80


def test_who_is_exempt_loses_nothing_and_spends_nothing() -> None:
    waiver = Waiver(student="ada", assignment="hw", exempt=True, reason="fire alarm")
    planned = plan(SlipDays(3), Closed(86_400.0), exceptions=(waiver,))
    grade = one(planned, [attempt(HALF, late=2 * DAY)])
    assert (grade.points, grade.slip_days, grade.late_seconds) == (80, 0, 2 * 86_400)
    assert grade.sentences == ("2 days late: exempt from the late policy (fire alarm)",)


def test_slip_days_are_spent_in_the_order_of_due_dates() -> None:
    steps = SlipDays(3), BY_DAY
    first = plan(*steps, name="one", due=DUE)
    second = plan(*steps, name="two", due=DUE + 7 * DAY, earlier=(first,))
    third = plan(*steps, name="three", due=DUE + 14 * DAY, earlier=(first, second))
    attempts = [
        replace(attempt(HALF, late=at), assignment=name)
        for name, at in (("three", 16 * DAY), ("two", 8 * DAY), ("one", DAY))
    ]
    found = all_grades({"three": third, "one": first, "two": second}, attempts)
    assert {name: (g[0].slip_days, g[0].points) for name, g in found.items()} == {
        "one": (1, 80),
        "two": (1, 80),
        "three": (1, 70),
    }
    assert found["three"][0].sentences == ("2 days late: 1 slip day used of 1 left, 80 − 10 (10 % of 100 a day) = 70",)
    assert grades(third, attempts) == found["three"]
    excused = [Mark(student="ada", assignment="two", excused=True)]
    assert grades(third, attempts, excused)[0].slip_days == 2


def test_a_grade_is_the_same_at_each_reading_and_changes_nothing() -> None:
    layers = [attempt(HALF, late=DAY)], [mark("layers.b", rubric=("style",), comments=("x",))], RUBRIC, KEPT
    assert grades(plan(BY_DAY), *layers) == grades(plan(BY_DAY), *layers)
