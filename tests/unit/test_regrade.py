"""``gradmark regrade``: who changes and why, what is kept, and that no mark by hand is touched; on a grader that runs no kernel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from small_class import (
    BACKWARD,
    FORWARD,
    LOWER,
    FakeGrader,
    Run,
    a_check,
    a_result,
    an_attempt,
    an_item,
    batch,
    corrected,
    masked,
    right,
    write_handed_in,
)

from grader.gradebook import Gradebook
from grader.grades import Attempt
from grader.marking import Regraded, regraded
from grader.result import ItemResult, Result

BROKEN = (right()[0], an_item(BACKWARD, a_check("value:dx", "grader_error", 4)))


# -------------------------------------------------------------------------------- values, no files
def again(attempt: Attempt, *items: ItemResult, **more: Any) -> Mapping[tuple[str, str, int], Result]:
    by = replace(attempt.results[0].graded_by, bank="cd" * 32)
    return {(attempt.sha256, "layers", 0): a_result(attempt.student, *items, graded_by=by, **more)}


def only(attempt: Attempt, *items: ItemResult, rule: Any = "replace", exercises: Any = (), **more: Any) -> Regraded:
    (pair,) = regraded([attempt], again(attempt, *items, **more), rule, exercises)
    return pair


def scores(attempt: Attempt) -> list[float]:
    return [item.score for item in attempt.results[0].items]


def test_replace_takes_what_was_graded_now_for_better_and_worse() -> None:
    pair = only(an_attempt("s1", *masked()), *LOWER)
    assert scores(pair.after) == [0, 4]
    assert [(c.exercise, c.kind) for c in pair.changes] == [(FORWARD, "new"), (BACKWARD, "fixed")]
    assert pair.after.key == pair.before.key


def test_never_lower_keeps_the_better_of_both_exercise_by_exercise() -> None:
    pair = only(an_attempt("s1", *masked()), *LOWER, rule="never-lower")
    assert scores(pair.after) == [2, 4]
    assert pair.spared == (FORWARD,)
    (result,) = pair.after.results
    assert (result.score, result.max_score) == (6, 6)
    assert result.notes == [f"kept from an earlier grading (bank {'ab' * 6}): {FORWARD}"]


def test_never_lower_compares_shares_where_an_exercise_is_worth_more_now() -> None:
    half_of_more = an_item(BACKWARD, a_check("value:dx", "passed", 5), a_check("value:dw", "wrong", 5))
    pair = only(an_attempt("s1", *right()), right()[0], half_of_more, rule="never-lower")
    assert scores(pair.after) == [2, 4]


def test_what_cannot_be_graded_any_more_keeps_its_result_by_never_lower() -> None:
    attempt = an_attempt("s1", *right())
    skipped = [replace(item, status="skipped", score=0.0) for item in right()]
    assert only(attempt, *skipped, rule="never-lower", graded=False).after == attempt
    assert scores(only(attempt, *skipped, graded=False).after) == [0, 0]


@pytest.mark.parametrize("rule", ["replace", "never-lower"])
def test_a_fault_of_the_grader_takes_the_place_of_no_result(rule: str) -> None:
    pair = only(an_attempt("s1", *right()), *BROKEN, rule=rule, needs_person=True)
    assert pair.after == pair.before
    assert pair.failed == (BACKWARD,)
    died = only(an_attempt("s1", *right()), *BROKEN, rule=rule, needs_person=True, graded=False)
    assert died.after == died.before


@pytest.mark.parametrize("rule", ["replace", "never-lower"])
def test_a_result_takes_the_place_of_a_fault_of_the_grader(rule: str) -> None:
    pair = only(an_attempt("s1", *BROKEN, needs_person=True), *masked(), rule=rule)
    assert pair.after.results[0].needs_person is False
    assert [c.kind for c in pair.changes] == ["new"]


def test_of_one_exercise_alone_the_others_stay_even_if_they_were_not_graded_now() -> None:
    pair = only(an_attempt("s1", *masked()), right()[1], exercises={BACKWARD})
    assert scores(pair.after) == [2, 4]
    pair = only(an_attempt("s1", *masked()), *LOWER, exercises={BACKWARD})
    assert scores(pair.after) == [2, 4]


def test_the_same_bytes_of_two_students_stay_each_ones_own() -> None:
    ada, ben = (replace(an_attempt(s, *masked()), sha256="f" * 64) for s in ("s1", "s2"))
    pairs = regraded([ada, ben], again(ada, *right()))
    assert [(p.after.student, p.after.results[0].submission.id) for p in pairs] == [("s1", "s1"), ("s2", "s2")]


def test_another_seed_is_another_grading() -> None:
    attempt = an_attempt("s1", *masked())
    other = {(sha256, unit, 7): result for (sha256, unit, _), result in again(attempt, *right()).items()}
    assert regraded([attempt], other) == []


# --------------------------------------------------------------------------------------- the command
@pytest.fixture
def bank(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> type[FakeGrader]:
    """A class of three, graded by a bank that a test may change; and a hand-in of nobody's."""
    grader_ = write_handed_in(tmp_path, monkeypatch)
    (tmp_path / "subs" / "eve").mkdir()
    (tmp_path / "subs" / "eve" / "layers.py").write_text("right, too")
    return grader_


def regrade(run: Run, *arguments: str) -> tuple[int, str, str]:
    return run("regrade", *arguments, "--isolation", "none")


def points(folder: Path) -> dict[str, list[float]]:
    with Gradebook.open(folder / "gradebook.db") as book:
        return {attempt.student: scores(attempt) for attempt in book.attempts()}


def test_a_preview_says_who_changes_and_why_and_writes_nothing(
    run: Run, tmp_path: Path, bank: type[FakeGrader]
) -> None:
    corrected(bank)
    run("mark", "ben", "relu_forward", "--points", "4", "--comment", "Kept.")
    before = points(tmp_path)
    code, out, err = regrade(run, "subs")
    assert code == 0
    assert "3 attempts graded again: 1 new, 1 fixed" in out
    assert "passed → wrong; 2/2 → 0/2" in out
    assert "4 → 12" in out
    assert "12 → 8" in out
    assert "changes 2 scores: 1 up, 1 down, by -4 to +8" in out
    assert "1 mark by hand with 1 comment: they stay" in out
    assert "nothing is written yet" in out
    assert "1 hand-in: eve" in err
    assert points(tmp_path) == before


def test_replace_is_applied_without_grading_twice_and_undone(run: Run, tmp_path: Path, bank: type[FakeGrader]) -> None:
    corrected(bank)
    before = points(tmp_path)
    regrade(run, "subs")
    assert sorted(bank.graded) == ["s1", "s2", "s3"]
    bank.graded.clear()
    code, out, _ = regrade(run, "subs", "--apply", "replace", "--why", "the mask was right")
    assert code == 0
    assert bank.graded == []
    assert "2 attempts with new results" in out
    assert points(tmp_path) == {"s1": [0, 4], "s2": [2, 4], "s3": [2, 0]}
    code, out, _ = run("regrade", "--undo")
    assert code == 0
    assert "the mask was right" in out
    assert points(tmp_path) == before
    assert "no regrade to take back" in run("regrade", "--undo")[2]


def test_no_mark_and_no_comment_is_lost_by_a_regrade(run: Run, tmp_path: Path, bank: type[FakeGrader]) -> None:
    corrected(bank)
    run("mark", "ben", "relu_backward", "--points", "3", "--comment", "Half of it.")
    regrade(run, "subs", "--apply", "replace")
    assert points(tmp_path)["s2"] == [2, 4]
    out = run("grades", "--student", "ben")[1]
    assert "3/8" in out
    assert "Half of it." in out
    run("mark", "ben", "relu_backward", "--clear")
    assert "12 of 12 points" in run("grades", "--student", "ben")[1]


def test_nobody_has_less_after_never_lower_nor_after_the_next_batch(
    run: Run, tmp_path: Path, bank: type[FakeGrader]
) -> None:
    corrected(bank)
    code, out, _ = regrade(run, "subs", "--apply", "never-lower")
    assert code == 0
    assert "1 exercise graded lower now: what was there stays" in out
    kept = {"s1": [2, 4], "s2": [2, 4], "s3": [2, 0]}
    assert points(tmp_path) == kept
    batch(tmp_path)
    assert points(tmp_path) == kept


def test_nor_after_a_batch_of_all_assignments_at_once(run: Run, tmp_path: Path, bank: type[FakeGrader]) -> None:
    """Where the course has several, a hand-in is asked for all of them: to the batch it is another piece of work."""
    corrected(bank)
    regrade(run, "subs", "--apply", "never-lower")
    course = tmp_path / "gradmark.toml"
    course.write_text(course.read_text() + '\n[assignment.steps]\nunit = "optimizers"\n')
    batch(tmp_path)
    assert points(tmp_path) == {"s1": [2, 4], "s2": [2, 4], "s3": [2, 0]}


def test_what_a_regrade_kept_is_graded_anew_once_it_is_taken_back(
    run: Run, tmp_path: Path, bank: type[FakeGrader]
) -> None:
    corrected(bank)
    regrade(run, "subs", "--apply", "only:ben")
    run("regrade", "--undo")
    course = tmp_path / "gradmark.toml"
    course.write_text(course.read_text() + '\n[assignment.steps]\nunit = "optimizers"\n')
    batch(tmp_path)
    assert points(tmp_path)["s2"] == [2, 4]


def test_without_a_regrade_the_next_batch_would_take_the_new_results(tmp_path: Path, bank: type[FakeGrader]) -> None:
    """What the test above rejects is real."""
    corrected(bank)
    batch(tmp_path)
    assert points(tmp_path)["s1"] == [0, 4]


@pytest.mark.parametrize("how", [("--apply", "only:ben"), ("--apply", "only", "--student", "ben@uni.example")])
def test_only_some_students_are_regraded(
    run: Run, tmp_path: Path, bank: type[FakeGrader], how: tuple[str, ...]
) -> None:
    corrected(bank)
    assert regrade(run, "subs", *how)[0] == 0
    assert points(tmp_path) == {"s1": [2, 4], "s2": [2, 4], "s3": [2, 0]}
    assert bank.graded == ["s2"]


def test_only_some_exercises_are_regraded(run: Run, tmp_path: Path, bank: type[FakeGrader]) -> None:
    corrected(bank)
    assert regrade(run, "subs", "--exercise", "relu_backward", "--apply", "replace")[0] == 0
    assert points(tmp_path) == {"s1": [2, 4], "s2": [2, 4], "s3": [2, 0]}


def test_names_are_hidden_in_blind_mode(run: Run, bank: type[FakeGrader]) -> None:
    corrected(bank)
    _, out, err = regrade(run, "subs", "--blind")
    assert "Student " in out
    for name in ("Ben", "Ada", "eve"):
        assert name not in out + err


def test_a_name_in_a_message_is_hidden_in_blind_mode_too(run: Run, bank: type[FakeGrader]) -> None:
    forward, backward = bank.bank["right"]
    bank.bank = {**bank.bank, "right": (forward, replace(backward, message="ada@uni.example"))}
    bank.version = "two"
    assert "told otherwise: ada@uni.example" in regrade(run, "subs")[1]
    blind = regrade(run, "subs", "--blind")[1]
    assert "told otherwise: Student" in blind
    assert "no grade changes\n" in blind  # and not for a reason that is none


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name the downloads"),
        (("subs", "--apply", "better"), "there are replace, never-lower, and only"),
        (("subs", "--apply", "only"), "needs students"),
        (("subs", "--apply", "replace:ada"), "is not known"),
        (("subs", "--apply", "replace", "--preview"), "name one of them"),
        (("subs", "--student", "nobody"), "there is no student 'nobody'"),
        (("subs", "--student", "dora"), "has no attempt"),
        (("nowhere",), "nowhere"),
        (("other",), "nothing of what is there was graded into this gradebook"),
        (("subs", "--undo"), "leave the paths"),
        (("--undo", "--assignment", "hw1"), "all of it"),
        (("--undo", "--student", "ada"), "all of it"),
    ],
)
def test_what_cannot_be_regraded_is_said(
    run: Run, tmp_path: Path, bank: type[FakeGrader], arguments: tuple[str, ...], said: str
) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "layers.py").write_text("of nobody")
    code, _, err = run("regrade", *arguments)
    assert code == 2
    assert said in err
    assert "Traceback" not in err
