"""Viva sheets: questions that their answers bear out, own lines, the same for one student and others for the neighbour."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from unit.made_grades import a_result
from unit.test_class_page import AFFINE, HOSTILE, RELU, an_item

from grader.bank import catalogue
from grader.judging import Bench
from grader.report import viva_page, viva_text
from grader.result import Result
from grader.viva import Question, Sheet, sheet, what_if

EXERCISES = {exercise.name: exercise for exercise in catalogue().unit("layers").exercises}
TEXT = """def affine_backward(dout, cache):
    x, w, b = cache
    dx = (dout @ w.T).reshape(x.shape)
    grad_db = dout.sum(axis=0)
    return dx, x.reshape(len(x), -1).T @ dout, grad_db
"""


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench(EXERCISES.values())


def of(bench: Bench, *results: Result, who: str = "ada", texts: dict[str, str] | None = None) -> Sheet:
    return sheet(who, results, EXERCISES, {"layers": bench}, texts)


def right(*names: str) -> Result:
    return a_result(items=[an_item(name, 4.0) for name in names], score=4.0 * len(names))


def test_a_wrong_answer_is_asked_at_its_counterexample(bench: Bench) -> None:
    made = of(bench, a_result(items=[an_item(RELU, 0.0, "masks_by_upstream", text="The mask comes from dout.")]))
    (first, *_) = made.questions
    assert (first.why, first.exercise, first.expect) == ("wrong", RELU, "The mask comes from dout.")
    assert first.inputs == {"x": [-1.0, 2.0]}
    assert first.values == {"dx, right": [0.0, 1.0], "dx, yours": [1.0, 1.0]}


def test_what_a_question_on_right_work_expects_is_true(bench: Bench) -> None:
    """The model answer and the declared mistake, worked out again, return what stands there."""
    mistakes = {m.text: m for m in EXERCISES[AFFINE].mistakes}
    questions = list(what_if(EXERCISES[AFFINE], bench, TEXT))
    assert len(questions) > 5
    for question in questions:
        x, w, b, dout = (np.array(question.inputs[name]) for name in ("x", "w", "b", "dout"))
        mistake = next(m for text, m in mistakes.items() if f"“{text}”" in question.asks)
        (name,) = {key.partition(",")[0] for key in question.values}
        place = EXERCISES[AFFINE].outputs.index(name)
        yours = EXERCISES[AFFINE].answer()(dout, (x, w, b))[place]
        other = mistake.answer(dout, (x, w, b))[place]
        np.testing.assert_allclose(yours, question.values[f"{name}, yours"], rtol=1e-5)
        np.testing.assert_allclose(other, question.values[f"{name}, the other"], rtol=1e-5)
        assert np.shape(yours) != np.shape(other) or not np.allclose(yours, other)


def test_an_average_over_the_batch_is_right_for_one_example(bench: Bench) -> None:
    question = next(q for q in what_if(EXERCISES[AFFINE], bench, TEXT) if "db is averaged" in q.asks)
    assert "Is there an input at which both are right?" in question.asks
    found = re.search(r"Both are right at x = (\[\[.*?\]+)", question.expect)
    assert found is not None
    assert found[1].count("], [") == 0 or "db" in question.expect, "one row: N is 1"


def test_the_line_that_makes_an_output_is_quoted(bench: Bench) -> None:
    question = next(q for q in what_if(EXERCISES[AFFINE], bench, TEXT) if "db is averaged" in q.asks)
    assert question.lines == ((4, "    grad_db = dout.sum(axis=0)"),)
    assert next(what_if(EXERCISES[AFFINE], bench, "def broken(:")).lines == ()


def test_a_student_has_the_same_questions_each_time_and_neighbours_have_others(bench: Bench) -> None:
    result = right(*(name for name in EXERCISES if not name.startswith("layers.question")))
    sheets = {who: of(bench, result, who=who) for who in ("ada", "blaise", "carl")}
    assert of(bench, result) == sheets["ada"]
    asked = [tuple(q.asks for q in made.questions) for made in sheets.values()]
    assert len(set(asked)) == 3
    assert all(len(made.questions) == 6 for made in sheets.values())


def test_wrong_answers_come_first_and_leave_room(bench: Bench) -> None:
    names = [name for name in EXERCISES if name.endswith("_backward")]
    items = [*(an_item(name, 0.0) for name in names[:5]), *(an_item(name, 4.0) for name in names[5:])]
    made = of(bench, a_result(items=items))
    assert [q.why for q in made.questions] == ["wrong"] * 4 + ["right"] * 2


def test_a_policy_is_asked_about(bench: Bench) -> None:
    item = an_item(RELU, 4.0)
    item = replace(item, checks=[replace(item.checks[0], notes=["subgradient"])])
    assert of(bench, a_result(items=[item])).questions[0].why == "policy"


def test_nothing_judged_is_nothing_asked(bench: Bench) -> None:
    made = of(bench, replace(a_result(), items=[]))
    assert made.questions == ()
    assert "nothing to ask" in viva_text(made)
    assert "nothing to ask" in viva_page(made)


def test_hostile_text_stays_text() -> None:
    question = Question(
        HOSTILE, "wrong", HOSTILE * 50, HOSTILE, {HOSTILE: HOSTILE}, {HOSTILE: [1.0]}, ((1, HOSTILE * 50),)
    )
    made = Sheet(HOSTILE + "\x1b[31m", HOSTILE, 1.0, 2.0, (question,))
    page, text = viva_page(made), viva_text(made)
    assert "<script" not in page
    assert "<img" not in page
    assert not any(character in page + text for character in "\x1b\u202e")
    assert len(text) < 5000


@pytest.mark.slow
def test_every_unit_can_be_asked() -> None:
    """Nothing in the bank breaks it, whatever its form."""
    for unit in catalogue().units.values():
        bench, some = Bench(unit.exercises, drawn=0), unit.exercises[::3]
        questions = [list(what_if(exercise, bench, "")) for exercise in some]
        assert any(questions), unit.name
