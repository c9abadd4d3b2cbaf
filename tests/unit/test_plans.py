"""Plans and chains: many calls in one go, each with what an earlier one returned, and what is said when one does not fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.judging import (
    OMITTED,
    Call,
    Chain,
    Earlier,
    Exercise,
    Failure,
    Plan,
    Raised,
    Returned,
    array,
    ask,
    backward,
    forward,
    trajectory,
    upstream,
    value,
)
from grader.judging.cases import run_locally
from grader.student import LocalAnswers

X, DOUT = np.array([[1.0, -2.0]]), np.array([[3.0, 5.0]])
BACKWARD = Exercise(
    "u.f_backward", {"x": array("N", "D"), "dout": upstream("N", "D")}, ("dx",), (value(1),), backward, pair="f_forward"
)
INPUTS = {"x": X, "dout": DOUT}
STEP = Exercise("u.step", {}, ("w",), (value(1),), trajectory)


class Cache:
    """No data: it never leaves the student's side."""

    def __init__(self, x: Any) -> None:
        self.x = x


def f_forward(x):
    return np.maximum(x, 0), Cache(x)


def f_backward(dout, cache):
    return dout * (cache.x > 0)


def outcome(exercise: Exercise, inputs: Any, cache: Any = None, **functions: Any) -> Any:
    (found,) = ask(LocalAnswers(functions), [exercise.plan(inputs, cache)])
    return found


def test_a_backward_pass_gets_the_cache_of_its_forward_pass_whatever_that_is() -> None:
    (dx,) = outcome(BACKWARD, INPUTS, f_forward=f_forward, f_backward=f_backward)
    assert dx.tolist() == [[3.0, 0.0]]


def test_nothing_of_the_forward_pass_crosses() -> None:
    plan = BACKWARD.plan(INPUTS)
    (replies,) = LocalAnswers({"f_forward": f_forward, "f_backward": f_backward}).put([plan.chain])
    assert [type(reply) for reply in replies] == [Returned, Returned]
    assert replies[0].value == (None, None)


def test_with_the_documented_cache_the_forward_pass_is_not_called() -> None:
    (dx,) = outcome(BACKWARD, INPUTS, cache=X, f_backward=lambda dout, cache: dout * (cache > 0))
    assert dx.tolist() == [[3.0, 0.0]]


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        (X, "f_forward must return 2 values (out, cache), it returned one value"),
        ((X, X, X), "f_forward must return 2 values (out, cache), it returned 3 values"),
        ((X,), "f_forward must return 2 values (out, cache), it returned 1 values"),
        ([X, X], None),
    ],
)
def test_a_forward_pass_without_a_cache_ends_the_chain_and_is_named(returned: Any, said: str | None) -> None:
    asked = []

    def record(dout, cache):
        asked.append(cache)
        return dout

    found = outcome(BACKWARD, INPUTS, f_forward=lambda x: returned, f_backward=record)
    if said is None:
        assert len(asked) == 1
    else:
        assert found == Failure(said, 0)
        assert asked == []


def two_forward(x):
    return 2 * x, 3 * x, Cache(x)


def two_backward(dlow, dhigh, cache):
    return 2 * dlow + 3 * dhigh + 0 * cache.x


def test_a_backward_pass_may_have_an_upstream_gradient_for_each_output_by_its_name() -> None:
    upstreams = {"dlow": upstream("N", "D"), "dhigh": upstream("N", "D")}
    exercise = Exercise(
        "u.two_backward", {"x": array("N", "D"), **upstreams}, ("dx",), (value(1),), backward,
        pair="two_forward", upstream=("dlow", "dhigh"),
    )  # fmt: skip
    inputs = {"x": X, "dlow": DOUT, "dhigh": -DOUT}
    (dx,) = outcome(exercise, inputs, two_forward=two_forward, two_backward=two_backward)
    assert dx.tolist() == (-DOUT).tolist()
    (dx,) = outcome(exercise, inputs, cache=Cache(X), two_backward=two_backward)
    assert dx.tolist() == (-DOUT).tolist()
    assert exercise.given_below(inputs) == {"x": X}
    (found,) = ask(LocalAnswers({"two_forward": two_forward}), [exercise.forward_plan(inputs)])
    assert [out.tolist() for out in found] == [(2 * X).tolist(), (3 * X).tolist()]
    assert exercise.scalar(inputs, found) == float(np.sum(DOUT * 2 * X - DOUT * 3 * X))
    for short in (lambda x: (x, x), lambda x: (x, x, x, x)):
        found = outcome(exercise, inputs, two_forward=short, two_backward=two_backward)
        assert isinstance(found, Failure)
        assert "must return 3 values (low, high, cache)" in str(found.reply)


def test_a_failure_names_the_call_that_failed() -> None:
    def raises(*_):
        raise KeyError("x")

    in_forward = outcome(BACKWARD, INPUTS, f_forward=raises, f_backward=f_backward)
    in_backward = outcome(BACKWARD, INPUTS, f_forward=f_forward, f_backward=raises)
    assert isinstance(in_forward.reply, Raised)
    assert (in_forward.call, in_backward.call) == (0, 1)


def descent(w, dw, config=None):
    config = {"t": 0, **(config or {})}
    config["t"] += 1
    return w - 0.5 * dw, config


def test_a_trajectory_is_one_chain_from_point_to_point() -> None:
    inputs = {"w": np.zeros(2), "dw": np.ones((3, 2)), "config": OMITTED}
    chain = STEP.plan(inputs).chain
    assert [len(call.args) for call in chain.calls] == [2, 3, 3]
    assert chain.calls[2].args[0] == Earlier(1, 0, ("next_w", "config"))
    (steps,) = outcome(STEP, inputs, step=descent)
    assert [w.tolist() for w in steps] == [[-0.5, -0.5], [-1.0, -1.0], [-1.5, -1.5]]
    assert run_locally(STEP, inputs, descent)[0].tolist() == [w.tolist() for w in steps]


def test_each_step_gets_a_point_of_its_own() -> None:
    """A step in place is right: the point that it was given is a copy, as one that crosses the line always is."""

    def in_place(w, dw, config=None):
        w -= 0.5 * dw
        return w, config

    (steps,) = outcome(STEP, {"w": np.zeros(1), "dw": np.ones((3, 1)), "config": None}, step=in_place)
    assert [w.tolist() for w in steps] == [[-0.5], [-1.0], [-1.5]]


def test_a_trajectory_that_breaks_off_is_the_failure_of_that_step() -> None:
    def lazy(w, dw, config=None):
        return (w, {}) if config is None else w

    found = outcome(STEP, {"w": np.zeros(1), "dw": np.ones((3, 1)), "config": None}, step=lazy)
    assert found == Failure("step must return 2 values (next_w, config), it returned one value", 1)


def test_outcomes_are_made_when_they_are_asked_for() -> None:
    asked = []

    def f(x):
        asked.append(x)
        return x

    chains = [Chain((Call("u.f", (number,)),)) for number in range(3)]
    outcomes = ask(LocalAnswers({"f": f}), [Plan(chain, lambda value: (value,)) for chain in chains])
    assert next(outcomes) == (0,)
    assert asked == [0]


def test_an_unknown_value_of_a_call_is_refused_where_no_argument_says_why() -> None:
    calls = (Call("u.f"), Call("u.f", (Earlier(0, 0, ("a", "b")),)))
    (found,) = ask(LocalAnswers({"f": lambda *_: (1, 2, 3)}), [Plan(Chain(calls), lambda *_: ())])
    assert found == Failure("f must return 2 values (a, b), it returned 3 values", 0)


def test_the_forward_pass_alone_is_planned_for_its_slope() -> None:
    (found,) = ask(LocalAnswers({"f_forward": f_forward}), [BACKWARD.forward_plan(INPUTS)])
    assert found[0].tolist() == [[1.0, 0.0]]
    assert forward  # the drive that it is planned with
