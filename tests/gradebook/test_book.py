"""The layers of the gradebook, each as it was written; in SQLite and in PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from math import inf, nan

import pytest
from book_samples import HOSTILE, START, a_result, an_attempt, graded_again, scores

from grader.errors import UsageError
from grader.gradebook import Gradebook
from grader.grades import Comment, Mark, Request, RubricItem
from grader.result import as_json, read

RELU = "layers.relu_forward"


def a_mark(student: str = "ada", points: float | None = 2.0, **more: object) -> Mark:
    return Mark(student=student, assignment="layers", exercise=RELU, points=points, **more)  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------- the automatic layer
def test_attempts_come_back_as_they_were_recorded_oldest_first(book: Gradebook) -> None:
    late, early = replace(an_attempt(number=5), late_mark=True), an_attempt(number=1)
    unknown = replace(an_attempt(number=9), submitted=None)
    assert book.record([late, early, unknown], by="grace") == 3
    found = book.attempts()
    assert [attempt.key for attempt in found] == [unknown.key, early.key, late.key]
    assert [replace(attempt, results=()) for attempt in found] == [
        replace(a, results=()) for a in (unknown, early, late)
    ]
    assert [as_json(r) for a in found for r in a.results] == [
        as_json(r) for a in (unknown, early, late) for r in a.results
    ]


def test_attempts_are_found_by_assignment_and_by_student(book: Gradebook) -> None:
    book.record([an_attempt("ada"), an_attempt("bob"), an_attempt("bob", assignment="optimizers")], by="grace")
    assert {attempt.student for attempt in book.attempts("layers")} == {"ada", "bob"}
    assert {attempt.assignment for attempt in book.attempts(student="bob")} == {"layers", "optimizers"}
    assert len(book.attempts("layers", "bob")) == 1
    assert book.attempts("layers'; DROP TABLE attempts; --") == []


def test_the_same_attempt_is_not_written_twice_whatever_it_took(book: Gradebook) -> None:
    book.record([an_attempt()], by="grace")
    slower = replace(an_attempt(), results=(a_result(seconds=9.0),), source="another/path")
    elsewhere = replace(an_attempt(), submitted=START.astimezone(timezone(timedelta(hours=5))))
    for again in (an_attempt(), slower, elsewhere):
        assert book.record([again], by="grace") == 0
    assert len(book.attempts()) == 1
    assert len(book.trail()) == 1


def test_the_same_attempt_with_other_results_is_graded_anew(book: Gradebook) -> None:
    book.record([an_attempt(), an_attempt("bob")], by="grace")
    assert book.record([an_attempt(score=4.0), an_attempt("bob"), an_attempt("cy")], by="grace") == 2
    assert scores(book.attempts()) == [4.0, 3.0, 3.0]
    assert "2 attempts of 2 students at layers, 1 graded anew" in book.trail()[-1].what


def test_a_result_has_one_document_whether_it_came_from_the_judge_or_was_read_from_json(book: Gradebook) -> None:
    result = replace(a_result(score=3), score=3, max_score=4)  # whole numbers, as a bank has them
    book.record([replace(an_attempt(), results=(result,))], by="grace")
    assert book.record([replace(an_attempt(), results=(read(as_json(result)),))], by="grace") == 0
    book.record([replace(an_attempt("ada", 1), results=(read(as_json(result)),))], by="grace")
    with book._store.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM documents").scalar() == 1


def test_a_regrade_takes_the_place_of_what_is_there_and_of_nothing_else(book: Gradebook) -> None:
    book.record([an_attempt("ada"), an_attempt("bob")], by="grace")
    assert book.replace([graded_again(an_attempt("ada"), 4.0), an_attempt("bob")], by="grace", why="a wrong check") == 1
    assert scores(book.attempts()) == [4.0, 3.0]
    assert book.trail()[-1].why == "a wrong check"
    with pytest.raises(UsageError, match="no attempt of 'cy' at 'layers'"):
        book.replace([graded_again(an_attempt("ada"), 1.0), an_attempt("cy")], by="grace", why="")
    assert scores(book.attempts()) == [4.0, 3.0]


def test_times_come_back_in_utc_and_one_without_a_zone_is_refused(book: Gradebook) -> None:
    book.record(
        [replace(an_attempt(), submitted=datetime(2026, 3, 2, 12, tzinfo=timezone(timedelta(hours=2))))], by="grace"
    )
    (found,) = book.attempts()
    assert found.submitted == START
    assert found.submitted.tzinfo == UTC
    (line,) = book.trail()
    assert line.at.tzinfo == UTC
    with pytest.raises(UsageError, match="no zone"):
        book.record([replace(an_attempt(), submitted=datetime(2026, 3, 2))], by="grace")


def test_what_a_student_wrote_breaks_no_database(book: Gradebook) -> None:
    halves = "\ud800" + HOSTILE
    attempt = replace(an_attempt(), results=(a_result(message=halves),), source=halves)
    book.record([attempt], by=halves)
    book.mark([a_mark(comments=(HOSTILE,))], by="grace", why=halves)
    book.add_request(a_request(text=halves, counterexample={"x": [nan, inf, HOSTILE, "\ud800"]}), by="ada")
    (found,) = book.attempts()
    assert (
        found.results[0].items[0].checks[0].message == "\ufffd" + HOSTILE
    )  # NUL is well in JSON, half a character is not
    assert found.source == halves.replace("\0", "\ufffd").replace("\ud800", "\ufffd")
    (mark,) = book.marks()
    assert mark.comments == (HOSTILE.replace("\0", "\ufffd"),)
    assert book.requests()[0].counterexample == {"x": ["NaN", "Infinity", HOSTILE, "\ud800"]}
    assert book.check() == []
    for name in ("a\0", "\udc80"):
        with pytest.raises(UsageError, match="holds a character that no gradebook can keep"):
            book.record([an_attempt(name)], by="grace")


def test_an_attempt_without_a_result_is_refused(book: Gradebook) -> None:
    with pytest.raises(UsageError, match="has no result"):
        book.record([replace(an_attempt(), results=())], by="grace")


def test_the_keys_of_what_was_graded_are_kept(book: Gradebook) -> None:
    one = an_attempt()
    book.record([one, an_attempt("bob")], by="grace", keys={one.sha256: "submission+bank"})
    assert book.graded_as("layers") == {one.key: "submission+bank"}
    assert book.graded_as("optimizers") == {}


# ---------------------------------------------------------------------------------------- the manual layer
def test_a_mark_takes_the_place_of_the_earlier_one(book: Gradebook) -> None:
    assert book.mark([a_mark(points=2), a_mark("bob", excused=True, points=None)], by="grace", why="on paper") == 2
    assert (
        book.mark([a_mark(points=3.5, rubric=("r1", "r2"), comments=("so",), honour=True)], by="alan", why="asked") == 1
    )
    ada, bob = book.marks()
    assert (ada.points, ada.rubric, ada.comments, ada.honour, ada.by, ada.why) == (
        3.5,
        ("r1", "r2"),
        ("so",),
        True,
        "alan",
        "asked",
    )
    assert (bob.points, bob.excused, bob.by, bob.why) == (None, True, "grace", "on paper")
    assert ada.at is not None
    assert ada.at.tzinfo == UTC
    assert book.marks("optimizers") == []
    assert book.marks(student="bob") == [bob]


def test_a_mark_that_says_what_is_there_leaves_no_line(book: Gradebook) -> None:
    book.mark([a_mark()], by="grace", why="first")
    assert book.mark([a_mark()], by="alan", why="the same table once more") == 0
    assert len(book.trail()) == 1
    assert book.mark([a_mark(points=2.25)], by="alan", why="") == 1


def test_points_are_finite(book: Gradebook) -> None:
    for points in (nan, inf):
        with pytest.raises(UsageError, match="finite"):
            book.mark([a_mark(points=points)], by="grace", why="")
    assert book.trail() == []


def test_the_rubric_and_the_comments_are_changed_in_their_place(book: Gradebook) -> None:
    items = [
        RubricItem(id="r1", exercise=RELU, points=-1, text="no mask"),
        RubricItem(id="r2", exercise="x.y", points=1, text=""),
    ]
    assert book.set_rubric(items, by="grace", why="") == 2
    assert book.set_rubric([replace(items[0], points=-0.5), items[1]], by="grace", why="milder") == 1
    assert book.rubric(RELU) == [replace(items[0], points=-0.5)]
    comments = [
        Comment(exercise=RELU, mistake="m", text="see page 3"),
        Comment(exercise=RELU, mistake="", text="again", points=0.5),
    ]
    assert book.set_comments(comments, by="grace", why="") == 2
    assert book.comments(RELU) == [comments[1], comments[0]]
    assert book.set_comments([Comment(exercise=RELU, mistake="m", text="")], by="grace", why="") == 1
    assert book.comments() == [comments[1]]


def a_request(ident: str = "q1", **more: object) -> Request:
    return Request(id=ident, student="ada", assignment="layers", exercise=RELU, **{"text": "please", **more})  # type: ignore[arg-type]


def test_a_request_is_answered_once_and_comes_in_once(book: Gradebook) -> None:
    request = a_request(counterexample={"x": [1, 2]}, at=START)
    assert book.add_request(request, by="ada") == 1
    assert book.requests("open") == [request]
    assert book.answer_request("q1", "accepted", "you are right", by="grace") == 1
    assert book.add_request(request, by="ada") == 0
    assert book.answer_request("q1", "accepted", "you are right", by="grace") == 0
    assert book.requests("open") == []
    assert book.requests() == [replace(request, state="accepted", answer="you are right")]
    with pytest.raises(UsageError, match="no request 'q2'"):
        book.answer_request("q2", "declined", "", by="grace")
    assert [line.action for line in book.trail()] == ["request", "answer"]


# ---------------------------------------------------------------------------------------------- the cache
def test_the_cache_keeps_the_first_text_of_a_key_and_leaves_no_line(book: Gradebook) -> None:
    many = {f"key{n}": f'{{"n": {n}, "text": "\\u0000"}}' for n in range(700)}
    book.keep(many)
    book.keep({"key1": "another"})
    assert book.cached([*many, "nobody", "key1"]) == many
    assert book.cached([]) == {}
    assert book.trail() == []
