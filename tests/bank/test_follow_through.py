"""Follow-through: what a wrong forward pass carries, and what it never pays for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from exam import bench, explained, ground, models, verdicts

from grader.bank import catalogue
from grader.items import item_of
from grader.judging import Exercise, points_of
from grader.report import student_page
from grader.result import GradedBy, ItemResult, NotebookResult, Result, SubmissionInfo
from grader.shown import Rule, Rules, may_see

LAYERS = {exercise.function: exercise for exercise in catalogue().unit("layers").exercises}
BACKWARD = {name: exercise for name, exercise in LAYERS.items() if exercise.pair is not None}
LOSSES = {name: exercise for name, exercise in LAYERS.items() if exercise.outputs[0] == "loss"}
Functions = Mapping[str, Callable[..., Any]]


def paid(functions: Functions, exercise: Exercise) -> tuple[float, set[str]]:
    """The points of an exercise, and all notes on its checks."""
    found = verdicts(functions, exercise)
    return sum(points_of(verdict, found) for verdict in found), {note for v in found for note in v.notes}


def pair(name: str, forward: Callable[..., Any], backward: Callable[..., Any]) -> Functions:
    return {LAYERS[name].pair or "": forward, name: backward}


@pytest.mark.parametrize("name", BACKWARD)
def test_a_forward_pass_that_is_right_for_nothing_pays_no_backward_pass(name: str) -> None:
    """out = 2 x + 1 with dx = 2 dout earned the points of every layer whose output has the shape of its input."""
    assert bench("layers")  # warm, so that a failure below is not one of the bank
    exercise, count = BACKWARD[name], len(BACKWARD[name].outputs)

    def forward(x: Any, *rest: Any) -> Any:
        return 2 * x + 1, (x, *rest)

    def backward(dout: Any, cache: Any) -> Any:
        slopes = (2 * dout, *(np.zeros_like(value) for value in cache[1:]))
        return slopes[0] if count == 1 else slopes[:count]

    points, _ = paid(pair(name, forward, backward), exercise)
    assert points == 0


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_that_is_right_for_nothing_pays_no_gradient(name: str) -> None:
    points, _ = paid({name: lambda x, y: (2 * x.sum(), 2 * np.ones_like(x))}, LOSSES[name])
    assert points == 0


SIGMOID = models("layers")["sigmoid_forward"]


def twice(x: Any) -> Any:
    s = SIGMOID(x)[0]
    return 2 * s, (x, s)


SLOPES: dict[str, tuple[Callable[[Any, Any, Any], Any], bool]] = {
    "right for it": (lambda dout, x, s: 2 * dout * s * (1 - s), True),
    "of the right forward pass": (lambda dout, x, s: dout * s * (1 - s), True),
    "0 at 0": (lambda dout, x, s: 2 * dout * s * (1 - s) * (x != 0), False),
    "7 above 500": (lambda dout, x, s: np.where(x > 500, 7.0, 2 * dout * s * (1 - s)), False),
    "not finite above 500": (lambda dout, x, s: np.where(x > 500, np.nan, 2 * dout * s * (1 - s)), False),
    "cut at 4": (lambda dout, x, s: 2 * np.clip(dout, -1, 1) * s * (1 - s), False),
    "right to five digits": (lambda dout, x, s: 2 * dout * s * (1 - s) * (1 + 1e-5), False),
    "three times": (lambda dout, x, s: 3 * dout * s * (1 - s), False),
}


@pytest.mark.parametrize("what", SLOPES)
def test_a_backward_pass_fits_a_known_wrong_forward_pass_everywhere_or_earns_nothing(what: str) -> None:
    slope, due = SLOPES[what]
    points, notes = paid(
        pair("sigmoid_backward", twice, lambda dout, cache: slope(dout, *cache)), LAYERS["sigmoid_backward"]
    )
    assert (points == LAYERS["sigmoid_backward"].points) == due, (points, notes)
    assert points in (0, LAYERS["sigmoid_backward"].points)


def test_a_backward_pass_is_held_against_the_right_slopes_where_the_forward_pass_only_loses_digits() -> None:
    """A softplus that passes with the note precision earned all of a backward pass that is NaN at 800."""

    def forward(x: Any) -> Any:
        return np.maximum(x, 0) + np.log(1 + np.exp(-np.abs(x))), x

    def backward(dout: Any, cache: Any) -> Any:
        e = np.exp(cache)
        return dout * e / (1 + e)

    functions = pair("softplus_backward", forward, backward)
    assert paid(functions, LAYERS["softplus_forward"])[0] == LAYERS["softplus_forward"].points
    assert paid(functions, LAYERS["softplus_backward"])[0] == 0


def test_a_gradient_that_is_not_finite_where_the_loss_is_earns_nothing() -> None:
    """A naive softmax loss is right on ordinary inputs and not finite on large ones: there alone its gradient may fail."""

    def naive(x: Any, y: Any, *, broken: bool) -> Any:
        e = np.exp(x)
        p = e / e.sum(axis=1, keepdims=True)
        loss = -np.log(p[np.arange(len(x)), y]).mean()
        p[np.arange(len(x)), y] -= 1
        return loss, np.full_like(p, np.nan) if broken and np.abs(x).max() > 50 else p / len(x)

    exercise = LAYERS["softmax_loss"]
    gradient = sum(check.points for check in exercise.checks if check.output == "dx" or check.kind == "gradient")
    assert paid({"softmax_loss": lambda x, y: naive(x, y, broken=False)}, exercise)[0] >= gradient > 0
    assert paid({"softmax_loss": lambda x, y: naive(x, y, broken=True)}, exercise)[0] == 0


def test_a_forward_pass_that_answers_nearby_questions_otherwise_pays_nothing() -> None:
    """It is the right one on a grid of 1e-4, and has another slope between: a numerical slope would agree with 3 dout."""

    def forward(x: Any) -> Any:
        here = np.round(x, 4)
        return np.maximum(0, here) + 3 * (x - here), x

    points, _ = paid(pair("relu_backward", forward, lambda dout, cache: 3 * dout), LAYERS["relu_backward"])
    assert points == 0


def test_what_fits_a_forward_pass_that_nobody_knows_is_noted_and_not_paid() -> None:
    def forward(x: Any) -> Any:
        return np.sin(x) + 0.1 * x, x

    points, notes = paid(
        pair("tanh_backward", forward, lambda dout, cache: dout * (np.cos(cache) + 0.1)), LAYERS["tanh_backward"]
    )
    assert points == 0
    assert notes == {"follows_own_forward"}


def test_a_forward_pass_may_keep_more_than_its_backward_pass_takes_back() -> None:
    """Rejects a judge that fails where a wrong batch norm is known, whose running averages have no upstream gradient."""
    forward = catalogue().exercise("regularization.batchnorm_forward")
    zeros = {"batchnorm_backward": lambda dout, cache: (0 * dout, dout[0] * 0, dout[0] * 0)}
    exercise, shares = catalogue().exercise("regularization.batchnorm_backward"), set()
    for mistake in forward.mistakes:
        wrong = ground("regularization").mistaken(forward, mistake)
        assert paid({**wrong, **zeros}, exercise)[0] == 0
        shares.add(paid(wrong, exercise)[0] / exercise.points)
    assert 1.0 in shares


def test_a_forward_pass_that_fails_on_some_inputs_does_not_cost_its_backward_pass() -> None:
    def forward(x: Any) -> Any:
        _rows, _columns = x.shape  # "any one shape" was promised
        return np.maximum(0, x), x

    functions = pair("relu_backward", forward, lambda dout, cache: dout * (cache > 0))
    assert paid(functions, LAYERS["relu_backward"])[0] == LAYERS["relu_backward"].points
    wrong = pair("relu_backward", forward, lambda dout, cache: dout)
    assert paid(wrong, LAYERS["relu_backward"])[0] == 0


def _unknown() -> Functions:
    def forward(x: Any) -> Any:
        return np.sin(3 * x) + 0.1 * x**2, x

    return pair("relu_backward", forward, lambda dout, cache: dout * (3 * np.cos(3 * cache) + 0.2 * cache))


def _flat() -> Functions:
    return pair("relu_backward", lambda x: (np.zeros_like(x), x), lambda dout, _: np.zeros_like(dout))


def a_result(*items: ItemResult) -> Result:
    return Result(
        assignment="layers",
        submission=SubmissionInfo(id="ada", source="ada", sha256=None),
        graded_by=GradedBy(version="0", bank="0", seed=0, isolation="none"),
        notebook=NotebookResult(status="ok"),
        score=sum(i.score for i in items),
        max_score=sum(i.max_score for i in items),
        graded=True,
        items=list(items),
    )


@pytest.mark.parametrize(("functions", "said"), [(_unknown(), "seems to fit"), (_flat(), "does not change with")])
def test_what_is_said_of_a_slope_tells_of_no_forward_pass_that_is_hidden(functions: Functions, said: str) -> None:
    """The sentence of the backward pass, and its headline, said that the forward pass is wrong while that was to be hidden."""
    items = []
    for exercise in (LAYERS["relu_forward"], LAYERS["relu_backward"]):
        verdicts_, words = zip(*explained(models("layers") | functions, exercise), strict=True)
        items.append(item_of(exercise, verdicts_, words))
    whole = a_result(*items)
    assert said in next(c for c in items[1].checks if c.kind == "gradient").message
    for rules in ({"layers.relu_forward": Rule({}, "hidden")}, {"": Rule({"value": "hidden", "example": "hidden"})}):
        seen = may_see(whole, Rules(rules), datetime.now(UTC))
        (slope,) = (
            c for i in seen.items for c in i.checks if i.exercise == "layers.relu_backward" and c.kind == "gradient"
        )
        assert (slope.status, slope.message, slope.notes) == ("wrong", "", [])
        assert said not in repr(seen)
        assert said not in student_page(seen)
    shown = may_see(whole, Rules({"layers.relu_forward": Rule({}, "score")}), datetime.now(UTC))
    assert said in repr(shown.items[1])  # its verdict is shown
    assert may_see(whole, Rules({"": Rule({"law": "score"})}), datetime.now(UTC)).items[1].checks == items[1].checks
