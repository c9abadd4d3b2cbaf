"""The trail and undo: all that is so can be made anew from it, and what was changed past it is found."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from book_samples import an_attempt, graded_again, scores
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from grader.errors import UsageError
from grader.gradebook import Gradebook
from grader.grades import Comment, Mark, Request, RubricItem

RELU = "layers.relu_forward"


def mark(book: Gradebook, points: float, student: str = "ada", rubric: tuple[str, ...] = ()) -> None:
    book.mark(
        [Mark(student=student, assignment="layers", exercise=RELU, points=points, rubric=rubric)], by="grace", why=""
    )


def points(book: Gradebook) -> dict[str, float | None]:
    return {mark.student: mark.points for mark in book.marks()}


def past_the_trail(book: Gradebook, *statements: str) -> None:
    """Change the tables as somebody with a database's own tools would."""
    with book._store.writing() as connection:
        for statement in statements:
            connection.execute(text(statement))


def without_guards(book: Gradebook) -> None:
    """Take away the triggers that keep documents and trail."""
    if "postgresql" in book.name:
        past_the_trail(book, *(f"DROP TRIGGER {table}_only_grow ON {table}" for table in ("documents", "trail")))
    else:
        past_the_trail(
            book,
            *(f"DROP TRIGGER {t}_no_{change}" for t in ("documents", "trail") for change in ("update", "delete")),
        )


# ---------------------------------------------------------------------------------------------------- undo
def test_a_regrade_is_undone_and_done_again(book: Gradebook) -> None:
    book.record([an_attempt(), an_attempt("bob")], by="grace")
    book.replace([graded_again(an_attempt(), 4.0)], by="grace", why="")
    line = book.undo(2, by="alan", why="too early")
    assert (line.number, line.action, line.by, line.why, line.takes_back) == (3, "undo", "alan", "too early", 2)
    assert scores(book.attempts()) == [3.0, 3.0]
    assert [line.undone_by for line in book.trail()] == [None, 3, None]
    book.undo(3, by="alan")
    assert scores(book.attempts()) == [4.0, 3.0]
    assert [line.undone_by for line in book.trail()] == [None, None, 4, None]


def test_what_was_recorded_is_gone_when_that_is_undone_and_can_be_recorded_again(book: Gradebook) -> None:
    book.record([an_attempt()], by="grace")
    book.undo(1, by="grace")
    assert book.attempts() == []
    assert book.record([an_attempt()], by="grace") == 1
    assert len(book.attempts()) == 1


def test_without_a_number_the_last_write_that_holds_is_undone(book: Gradebook) -> None:
    for number in (1, 2, 3):
        mark(book, number)
    assert [book.undo(None, by="grace").takes_back for _ in range(3)] == [3, 2, 1]
    assert points(book) == {}
    with pytest.raises(UsageError, match="nothing to undo"):
        book.undo(None, by="grace")


def test_a_line_that_a_later_write_rests_on_is_not_undone_and_the_message_says_which(book: Gradebook) -> None:
    book.record([an_attempt()], by="grace")
    book.replace([graded_again(an_attempt(), 4.0)], by="grace", why="")
    mark(book, 1)
    with pytest.raises(UsageError, match=r"line 1 of the trail cannot be undone.*first undo 2$"):
        book.undo(1, by="grace")
    book.undo(2, by="grace")
    book.undo(1, by="grace")
    assert (book.attempts(), points(book)) == ([], {"ada": 1.0})


def test_to_do_it_again_is_refused_where_the_same_was_written_meanwhile(book: Gradebook) -> None:
    mark(book, 1)
    book.undo(1, by="grace")
    mark(book, 2)
    with pytest.raises(UsageError, match=r"line 2 of the trail cannot be undone.*first undo 3$"):
        book.undo(2, by="grace")
    assert points(book) == {"ada": 2.0}


def test_a_rubric_item_that_marks_name_is_not_undone_but_its_edit_is(book: Gradebook) -> None:
    item = RubricItem(id="r1", exercise=RELU, points=-1, text="no mask")
    book.set_rubric([item], by="grace", why="")
    mark(book, 2, rubric=("r1",))
    book.set_rubric([replace(item, points=-2)], by="grace", why="")
    mark(book, 2, "bob", rubric=("r1",))
    book.undo(3, by="grace")
    assert book.rubric() == [item]
    with pytest.raises(UsageError, match=r"first undo 4, 2$"):
        book.undo(1, by="grace")
    assert len(book.trail()) == 5
    assert book.rubric() == [item]


def test_an_answer_and_a_comment_are_undone(book: Gradebook) -> None:
    book.add_request(Request(id="q", student="ada", assignment="layers", exercise=RELU, text="please"), by="ada")
    book.answer_request("q", "declined", "no", by="grace")
    book.set_comments([Comment(exercise=RELU, mistake="m", text="see page 3")], by="grace", why="")
    book.undo(3, by="grace")
    book.undo(2, by="grace")
    assert book.requests("open")[0].answer == ""
    assert book.comments() == []


def test_a_line_that_is_not_there_or_undone_already_is_refused(book: Gradebook) -> None:
    mark(book, 1)
    with pytest.raises(UsageError, match="no line 7"):
        book.undo(7, by="grace")
    book.undo(1, by="grace")
    with pytest.raises(UsageError, match="undone already; to have it again, undo line 2"):
        book.undo(1, by="grace")
    assert len(book.trail()) == 2


# ------------------------------------------------------------------------------------ the truth and the present
def written_at_random(book: Gradebook, seed: int, steps: int) -> int:
    """Write, undo and do again, as it falls; return how many of the steps were refused."""
    draw, refused = random.Random(seed), 0
    for _ in range(steps):
        student = draw.choice("ab")
        try:
            match draw.randrange(8):
                case 0 | 1:
                    mark(book, draw.randrange(4), student, draw.choice([(), ("r1",)]))
                case 2:
                    book.record([an_attempt(student, draw.randrange(2), score=draw.randrange(4))], by="grace")
                case 3:
                    book.replace([an_attempt(student, 0, score=draw.randrange(4))], by="grace", why="")
                case 4:
                    item = RubricItem(id=draw.choice(["r1", "r2"]), exercise=RELU, points=draw.randrange(3), text="")
                    book.set_rubric([item], by="grace", why="")
                case _:
                    book.undo(draw.randint(1, len(book.trail()) or 1), by="grace")
        except UsageError:
            refused += 1
    return refused


def test_whatever_was_written_and_undone_the_present_is_what_the_trail_says(book: Gradebook) -> None:
    refused = written_at_random(book, seed=3, steps=120)
    assert 10 < refused < 60  # both happened, often
    assert sum(line.undone_by is not None for line in book.trail()) > 5
    assert book.check() == []
    before = (book.attempts(), book.marks(), book.rubric())
    book.rebuild()
    assert (book.attempts(), book.marks(), book.rubric()) == before


def test_lines_are_numbered_without_gaps_and_the_last_ones_can_be_asked_for(book: Gradebook) -> None:
    for number in range(5):
        mark(book, number)
    assert [line.number for line in book.trail()] == [1, 2, 3, 4, 5]
    assert [line.number for line in book.trail(2)] == [4, 5]


@pytest.mark.parametrize("table", ["documents", "trail"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET {} = {}"])
def test_the_database_itself_refuses_to_change_documents_and_trail(book: Gradebook, table: str, change: str) -> None:
    book.record([an_attempt()], by="grace")
    column = {"documents": "sha256", "trail": "why"}[table]
    with pytest.raises((UsageError, DBAPIError), match="only grow"):
        past_the_trail(book, change.format(table, column, "'x'"))
    assert book.check() == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE trail SET why = 'a better reason' WHERE number = 2", "line 2 of the trail was changed"),
        ("UPDATE trail SET \"by\" = 'alan' WHERE number = 1", "line 1 of the trail was changed"),
        ("DELETE FROM trail WHERE number = 3", "the trail lacks line 3"),
        ("UPDATE trail SET payload = 'x' WHERE number = 2", "line 2 of the trail of the gradebook is damaged"),
        ("UPDATE documents SET body = 'x'", "was changed after it was written"),
        ("DELETE FROM documents", "is missing"),
        ("DELETE FROM documents WHERE sha256 NOT IN (SELECT substr(documents, 3, 64) FROM attempts)", "is missing"),
        (
            "UPDATE marks SET points = 4",
            "the table marks is not what the trail says, for layers/ada/layers.relu_forward",
        ),
        ("DELETE FROM attempts", "the table attempts is not what the trail says"),
        ("DELETE FROM touched", "the table touched is not what the trail says"),
    ],
)
def test_what_was_changed_past_the_trail_is_found(book: Gradebook, statement: str, fault: str) -> None:
    book.record([an_attempt()], by="grace")
    book.replace([graded_again(an_attempt(), 4.0)], by="grace", why="")
    for number in range(3):
        mark(book, number)
    assert book.check() == []
    without_guards(book)
    if "DELETE FROM trail" in statement:
        past_the_trail(book, "DELETE FROM touched WHERE line = 3")
    if "= 'x'" in statement and "postgresql" in book.name:
        statement = statement.replace("'x'", "'x'::bytea")
    past_the_trail(book, statement)
    assert any(fault in found for found in book.check()), book.check()
    if "the table" in fault:
        book.rebuild()
        assert book.check() == []
