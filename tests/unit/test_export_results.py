"""Grades for Gradescope, classroom50 and readers of JUnit, read back by their rules."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_grades import HOSTILE_NAMES, a_class, a_grade, a_person, a_result, an_attempt, an_exercise
from platform_results import classroom50, gradescope, junit
from platforms import Refused

from grader.export import Classroom50, class_junit, classroom50_result, gradescope_faults, gradescope_results
from grader.grades import Grade
from grader.result import CheckResult, Diagnosis, ItemResult, Result
from grader.shown import Rule, Rules, may_see

NOW = datetime(2026, 11, 1, tzinfo=UTC)
RULES = Rules({"": Rule(kinds={"value": "hidden", "law": "after_release", "gradient": "score"})})
RELEASED = Rules({"": replace(RULES.by_name[""], released=True)})


def seen(result: Result) -> Result:
    return may_see(result, RULES, NOW)


def later(result: Result) -> Result:
    return may_see(result, RELEASED, NOW)


def everything(result: Result) -> Result:
    return result


def a_check(name: str, score: float, worth: float, message: str = "") -> CheckResult:
    kind: Any = name.partition(":")[0]
    status: Any = "passed" if score == worth else "wrong"
    mistake = Diagnosis(mistake="m", text=f"diagnosis of {name}", certainty="exact") if status == "wrong" else None
    return CheckResult(
        name=name,
        kind=kind,
        visibility="hidden",
        status=status,
        score=score,
        max_score=worth,
        message=message,
        diagnosis=mistake,
    )


def graded(points: float = 4.5, **more: Any) -> Grade:
    """Of 8 points of the bank, scaled to 10 of the course: an example that passed, hidden values, a law until release, a slope."""
    checks = [
        a_check("example", 1.0, 1.0),
        a_check("gradient", 0.0, 1.0, "GRADIENT"),
        a_check("law:linear", 0.0, 2.0, "LAW"),
        a_check("value", 2.0, 4.0, "VALUE"),
    ]
    item = ItemResult(
        exercise="layers.relu_backward", status="wrong", score=3.0, max_score=8.0, message="VALUE", checks=checks
    )
    person = a_person()
    attempt = an_attempt(person, a_result(items=[item], score=3.0, max_score=8.0))
    exercise = an_exercise(points=3.75, worth=10.0, automatic=3.75, message="VALUE")
    return a_grade(person, points, exercises=(exercise,), attempt=attempt, **more)


# --------------------------------------------------------------------------------------- Gradescope
def test_gradescope_gets_the_number_that_counts_and_tests_by_who_may_see_them() -> None:
    text = gradescope_results(graded(), seen, later)
    assert gradescope_faults(text) == []
    shown = gradescope(text)
    assert shown.score == 4.5
    assert shown.tests == {
        "layers.relu_backward": (1.25, 2.5, "failed", "visible"),
        "layers.relu_backward (more checks)": (0.0, 2.5, "failed", "after_published"),
        "layers.relu_backward (hidden checks)": (2.5, 5.0, "failed", "hidden"),
    }
    for secret in ("VALUE", "LAW", "GRADIENT", "diagnosis of value", "diagnosis of law", "diagnosis of gradient"):
        assert secret not in shown.student_sees
    by_name = {test["name"]: test["output"] for test in json.loads(text)["tests"]}
    assert "LAW" in by_name["layers.relu_backward (more checks)"]
    assert "VALUE" in by_name["layers.relu_backward (hidden checks)"]


def test_without_rules_an_exercise_is_one_test_with_all_that_is_said() -> None:
    shown = gradescope(gradescope_results(graded(), everything, everything))
    assert shown.tests == {"layers.relu_backward": (3.75, 10.0, "failed", "visible")}
    assert "diagnosis of value" in shown.student_sees


def test_points_by_hand_are_the_exercises_own_and_tell_nothing_of_hidden_checks() -> None:
    grade = graded()
    by_hand = replace(grade, exercises=(replace(grade.exercises[0], points=9.0, comments=("Well argued.",)),))
    shown = gradescope(gradescope_results(by_hand, seen, later))
    assert shown.tests["layers.relu_backward"] == (9.0, 10.0, "failed", "visible")
    assert shown.tests["layers.relu_backward (hidden checks)"][:2] == (0.0, 0.0)
    assert "Well argued." in shown.student_sees


@pytest.mark.parametrize("grade", [g for g in a_class() if g.state in ("missing", "excused", "needs_person")])
def test_a_fault_of_the_grader_is_never_a_zero_on_a_platform(grade: Grade) -> None:
    with pytest.raises(ValueError, match=f"that is {grade.state}"):
        gradescope_results(grade, everything, everything)
    with pytest.raises(ValueError, match=f"that is {grade.state}"):
        classroom50_result(grade, identity(), everything)


def test_what_could_not_be_read_says_so_to_its_author() -> None:
    (grade,) = (g for g in a_class() if g.state == "not_gradable")
    shown = gradescope(gradescope_results(grade, everything, everything))
    assert shown.score == 0
    assert "Nothing of it could be graded" in shown.student_sees


@settings(max_examples=40)
@given(st.text(max_size=40), st.floats(0, 10))
def test_whatever_a_submission_says_gradescope_reads_it(said: str, points: float) -> None:
    person = a_person()
    exercise = an_exercise(said or "x", comments=(said,), sentences=(said,))
    grade = a_grade(
        person, points, exercises=(exercise,), comments=(said,), attempt=an_attempt(person, a_result(message=said))
    )
    text = gradescope_results(grade, everything, everything)
    assert gradescope_faults(text) == []
    assert gradescope(text).score == pytest.approx(points, abs=1e-6)


def test_a_number_that_is_none_is_never_written() -> None:
    for points in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="no number"):
            gradescope_results(graded(points), everything, everything)


@pytest.mark.parametrize(
    "wrong",
    [
        '{"score": NaN}',
        "[]",
        "{",
        "{}",
        '{"tests": [{"max_score": 1}]}',
        '{"score": "7"}',
        '{"score": true}',
        '{"score": 1, "points": 2}',
        '{"score": 1, "visibility": "secret"}',
        '{"score": 1, "output_format": "markdown"}',
        '{"score": 1, "tests": [{"score": 1, "status": "wrong"}]}',
        '{"score": 1, "tests": [{"score": 1, "visible": true}]}',
        '{"score": 1, "tests": [{"score": 1, "number": 3}]}',
    ],
)
def test_both_readers_of_gradescope_refuse_what_it_refuses(wrong: str) -> None:
    assert gradescope_faults(wrong) != []
    with pytest.raises(Refused):
        gradescope(wrong)


# -------------------------------------------------------------------------------------- classroom50
def identity(**more: Any) -> Classroom50:
    return Classroom50(**{"classroom": "cs", "assignment": "hw1", "owner": "ada", "when": NOW, **more})


def read(text: str, owner: str = "ada") -> dict[str, Any]:
    return classroom50(text, classroom="cs", assignment="hw1", owner=owner)


def test_classroom50_gets_whole_numbers_and_only_what_may_be_seen() -> None:
    found = read(classroom50_result(graded(), identity(), seen))
    assert (found["score"], found["max-score"]) == (450, 1000)
    assert found["tests"] == [{"test-name": "layers.relu_backward", "passed": False, "score": 125, "max-score": 250}]
    assert found["submission"] == "submit/2026-11-01T00-00-00Z-cdcdcdc"
    given = identity(submission="submit/x", commit="c", release="r", review="v")
    found = read(classroom50_result(graded(), given, seen))
    assert [found[name] for name in ("submission", "commit", "release", "review")] == ["submit/x", "c", "r", "v"]


def test_rounding_gives_nobody_all_points_who_lacks_any() -> None:
    found = read(classroom50_result(graded(9.999), identity(), everything, per_point=1))
    assert (found["score"], found["max-score"]) == (9, 10)
    found = read(
        classroom50_result(graded(12.0), identity(), everything)
    )  # extra credit: over the maximum is refused there
    assert (found["score"], found["max-score"]) == (1000, 1000)
    assert read(classroom50_result(graded(-1.0), identity(), everything))["score"] == 0


@pytest.mark.parametrize("more", [{"owner": ""}, {"classroom": ""}, {"submission": "v1"}])
def test_an_identity_that_classroom50_would_refuse_is_refused_here(more: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"not known|no tag"):
        classroom50_result(graded(), identity(**more), everything)


def test_the_reader_of_classroom50_refuses_what_it_refuses() -> None:
    right = json.loads(classroom50_result(graded(), identity(), everything))
    for change in (
        {"grade": 1},
        {"score": 4.5},
        {"score": 1001},
        {"score": True},
        {"schema": "classroom50/result/v2"},
        {"datetime": "2026-11-01 00:00"},
        {"submission": "main"},
        {"commit": ""},
        {"tests": [{"test-name": "", "passed": True, "score": 1, "max-score": 1}]},
        {"owner": "bob"},
    ):
        with pytest.raises(Refused):
            read(json.dumps({**right, **change}))
    del right["review"]
    with pytest.raises(Refused):
        read(json.dumps(right))


# -------------------------------------------------------------------------------------------- JUnit
def test_a_class_is_a_suite_a_student() -> None:
    suites = junit(class_junit(a_class()))
    assert len(suites) == len(a_class())
    assert suites["ada hw1"] == {
        "submission": "passed",
        "layers.relu_backward": "failure",
        "layers.relu_forward": "failure",
    }
    assert suites["grace hw1"]["submission"] == "error"
    assert suites["kurt hw1"]["submission"] == "failure"
    assert suites["carl hw1"] == suites["emmy hw1"] == {"submission": "skipped"}
    assert '<property name="points" value="7.25"' in class_junit(a_class())


@pytest.mark.parametrize("name", [*HOSTILE_NAMES, "]]>", "<a&b>", "\x00\x1b[31m"])
def test_no_name_or_message_breaks_the_file(name: str) -> None:
    exercises = tuple(an_exercise(name, message=name, comments=(name,)) for _ in range(2))
    people = [a_person(name, name), a_person(name + " ", name)]
    suites = junit(class_junit([a_grade(person, exercises=exercises) for person in people]))
    assert len(suites) == 2
    assert all(len(cases) == 3 for cases in suites.values())


def test_a_file_that_grows_too_large_loses_its_texts_and_no_case() -> None:
    exercises = tuple(an_exercise(f"layers.e{n}", message="m" * 1500, comments=("c" * 1500,)) for n in range(8))
    grades = [a_grade(a_person(f"s{n}"), exercises=exercises) for n in range(3)]
    whole, cut = class_junit(grades), class_junit(grades, 15_000)
    assert len(whole.encode()) > 15_000 > len(cut.encode())
    assert junit(cut, 15_000) == junit(whole)
    with pytest.raises(ValueError, match="do not fit"):
        class_junit(grades, 1000)


@pytest.mark.parametrize(
    "wrong",
    [
        "<testsuite",
        '<testsuite name="a" tests="2" failures="0" errors="0"><testcase name="x" classname="c"/></testsuite>',
        '<testsuite name="a" tests="2" failures="0" errors="0">'
        + 2 * '<testcase name="x" classname="c"/>'
        + "</testsuite>",
    ],
)
def test_the_reader_of_junit_refuses_what_is_none(wrong: str) -> None:
    with pytest.raises(Refused):
        junit(wrong)
