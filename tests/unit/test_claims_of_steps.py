"""Claims on rules that are taken step by step: each holds where it should, and is silent about its nearest neighbour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.bank import catalogue
from grader.diagnosis import explain
from grader.diagnosis.sentences import sentence
from grader.diagnosis.steps import parting_words
from grader.judging import Bench, Exercise, Judge, Parting, Recognised, parting, seen_of, state_mishandled
from grader.judging.asking import replay
from grader.judging.recognise import Seen, wrong_from_step
from grader.student import LocalAnswers

BENCH = Bench(catalogue().unit("optimizers").exercises)
Rule = Callable[..., Any]


def momentum(change: Callable[..., Any]) -> Rule:
    """A rule with momentum: ``change`` gets w, dw and a full config, brings it up to date, and returns the point."""

    def sgd_momentum(w: Any, dw: Any, config: Any = None) -> Any:
        c = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
        return change(w, dw, c), c

    return sgd_momentum


def moved(c: dict[str, Any], dw: Any) -> Any:
    return c["momentum"] * c["velocity"] - c["learning_rate"] * dw


def moments(name: str, change: Callable[..., Any] | None = None, **wrong: Any) -> Rule:
    """Adam or AdamW, with one thing done otherwise, and ``change`` done to the config that is handed on."""

    def rule(w: Any, dw: Any, config: Any = None) -> Any:
        c = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0, **(config or {})}
        decay = c.setdefault("weight_decay", 1e-2) if name == "adamw" else 0.0
        old = {"m": c.get("m", np.zeros_like(w)), "v": c.get("v", np.zeros_like(w))}
        if "coupled" in wrong:  # 0 times a point that is infinite is none
            dw = dw + wrong["coupled"] * decay * w
        c["t"] += wrong.get("pace", 1)
        c["m"] = c["beta1"] * old["m"] + (1 - c["beta1"]) * dw
        c["v"] = c["beta2"] * old["v"] + (1 - c["beta2"]) * dw**2
        used = {**c, **{key: old[key] for key in wrong.get("stale", ())}}
        first, second = used["t"] + wrong.get("ahead", 0), used["t"] + wrong.get("ahead", 0) * wrong.get("both", 1)
        m, v = used["m"] / (1 - c["beta1"] ** first), used["v"] / (1 - c["beta2"] ** second)
        guard, power = c["epsilon"], wrong.get("power", 1)
        root = np.sqrt(v + guard**power) if wrong.get("under") else np.sqrt(v) + guard
        next_w = w - c["learning_rate"] * m / root
        if name == "adamw":
            next_w -= c["learning_rate"] * wrong.get("beside", 1.0) * decay * w
        if change is not None:
            change(c, old)
        return next_w, c

    return rule


def seen_by(name: str, rule: Rule) -> tuple[Exercise, list[Seen]]:
    exercise = catalogue().exercise(f"optimizers.{name}")
    return exercise, list(seen_of(0, replay(LocalAnswers({name: rule}), BENCH.cases(exercise))))


def found(name: str, rule: Rule) -> Recognised | None:
    exercise, seen = seen_by(name, rule)
    return state_mishandled(exercise, 0, seen, BENCH)


def forgets(*keys: str) -> Callable[..., None]:
    def change(c: dict[str, Any], _: Any) -> None:
        for key in keys:
            c.pop(key)

    return change


def from_rest(w: Any, dw: Any, c: dict[str, Any]) -> Any:
    return w + moved(c, dw)


def with_the_old(w: Any, dw: Any, c: dict[str, Any]) -> Any:
    old, c["velocity"] = c["velocity"], moved(c, dw)
    return w + old


def half_old(w: Any, dw: Any, c: dict[str, Any]) -> Any:
    old, c["velocity"] = c["velocity"], moved(c, dw)
    return w + (old + c["velocity"]) / 2


def sometimes_from_rest(w: Any, dw: Any, c: dict[str, Any]) -> Any:
    c["step"] = c.get("step", 0) + 1
    c["velocity"] = moved({**c, "velocity": 0.0 * w} if c["step"] == 3 else c, dw)
    return w + c["velocity"]


def right(w: Any, dw: Any, c: dict[str, Any]) -> Any:
    c["velocity"] = moved(c, dw)
    return w + c["velocity"]


def halves_a_moment(c: dict[str, Any], _: Any) -> None:
    c["v"] = c["v"] / 2


def without_a_config(w: Any, dw: Any, config: Any = None) -> Any:
    return momentum(from_rest)(w, dw, config)[0], {}


@pytest.mark.parametrize(
    ("name", "rule", "code", "values"),
    [
        ("sgd_momentum", momentum(from_rest), "state_not_carried", {"keys": "velocity"}),
        ("sgd_momentum", without_a_config, "config_not_carried", {}),
        ("sgd_momentum", momentum(with_the_old), "stale_state", {"keys": "velocity"}),
        ("adam", moments("adam", forgets("v")), "state_not_carried", {"keys": "v"}),
        ("adam", moments("adam", forgets("m", "v")), "state_not_carried", {"keys": "m and v"}),
        ("adam", moments("adam", forgets("m", "v", "t")), "state_not_carried", {"keys": "t, m and v"}),
        ("adam", moments("adam", forgets("t")), "state_not_carried", {"keys": "t"}),
        ("adam", moments("adam", ahead=1), "counter_ahead", {"key": "t"}),
        ("adam", moments("adam", pace=2), "counter_fast", {"key": "t", "when": "before"}),
        ("adam", moments("adam", stale=("m",)), "stale_state", {"keys": "m"}),
        ("adam", moments("adam", under=True), "guard_under_root", {"guard": "epsilon"}),
        # The model answer leaves these to another function of its module.
        ("adamw", moments("adamw", ahead=1), "counter_ahead", {"key": "t"}),
        ("adamw", moments("adamw", stale=("m",)), "stale_state", {"keys": "m"}),
        ("adamw", moments("adamw", under=True), "guard_under_root", {"guard": "epsilon"}),
        ("adamw", moments("adamw", coupled=1.0, beside=0.0), "coupled_setting", {"key": "weight_decay"}),
        ("adamw", moments("adamw", coupled=1.0), "coupled_setting_twice", {"key": "weight_decay"}),
    ],
)
def test_a_fault_of_a_state_is_recognised(name: str, rule: Rule, code: str, values: dict[str, Any]) -> None:
    fact = found(name, rule)
    assert fact is not None
    assert (fact.code, fact.certainty, dict(fact.values)) == (code, "exact", values)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("sgd_momentum", momentum(right)),
        ("sgd_momentum", momentum(sometimes_from_rest)),
        ("sgd_momentum", momentum(half_old)),
        (
            "sgd",
            lambda w, dw, config=None: (w.copy(), config or {}),
        ),  # a rule that never moves has no decay in its gradient
        ("adam", moments("adam", halves_a_moment)),
        ("adam", moments("adam", ahead=1, both=0)),  # one of the two corrections only
        ("adam", moments("adam", pace=3)),
        ("adam", moments("adam", under=True, power=2)),
        ("adamw", moments("adamw", coupled=0.5, beside=0.5)),
        ("adamw", moments("adamw", coupled=-1.0)),
    ],
)
def test_of_a_rule_that_no_fault_of_a_state_reproduces_none_is_claimed(name: str, rule: Rule) -> None:
    assert found(name, rule) is None


def test_a_guard_is_looked_for_in_a_function_that_is_called_once_too() -> None:
    assert found("sgd_momentum", momentum(lambda w, dw, c: right(w, dw, c) + 1.0)) is None


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (
            Recognised("state_not_carried", "state", values={"keys": "m and v"}),
            "with m and v back at the start before every step: what is carried from one step to the next?",
        ),
        (
            Recognised("config_not_carried", "state"),
            "with every step after the first one made without a config: what comes back of the settings, and of the state?",
        ),
        (
            Recognised("counter_behind", "state", values={"key": "t"}),
            "with t one too small from the first step on: where does it start, and when is it counted up?",
        ),
        (
            Recognised("coupled_setting_twice", "state", values={"key": "decay"}),
            "with decay times the parameters added to the gradient, and acting beside it too: it acts twice",
        ),
        (
            Recognised("guard_under_root", "state", values={"guard": "epsilon"}),
            "with epsilon added under the root: on which side of a root is it to stand?",
        ),
    ],
)
def test_a_fault_of_a_state_is_worded(fact: Recognised, said: str) -> None:
    assert sentence(fact, "w") == f"w is what the right rule gives {said}"


def test_a_path_that_is_not_finite_is_worded() -> None:
    said = "w is not finite from step 1 on: what is divided by 0 there, or overflows?"
    assert sentence(Recognised("not_finite_from_step", "place", values={"step": 1}), "w") == said


# -------------------------------------------------------------------------- the step at which a path parts
def off_at(*steps: int) -> Rule:
    """Momentum whose points are off at these steps, from 1, and right at the others."""

    def change(w: Any, dw: Any, c: dict[str, Any]) -> Any:
        c["step"] = c.get("step", 0) + 1
        w = w - c.pop("off", 0.0)
        point = right(w, dw, c)
        c["off"] = 1.0 if c["step"] in steps else 0.0
        return point + c["off"]

    return momentum(change)


@pytest.mark.parametrize(
    ("rule", "where", "said"),
    [
        (off_at(1, 2, 3, 4, 5, 6), Parting(1, 6, True, True), "wrong from the first step on"),
        (off_at(3, 4, 5, 6), Parting(3, 6, True, True), "right up to step 2, wrong from step 3 on"),
        (off_at(3, 5), Parting(3, 6, True, False), "right up to step 2, wrong at step 3"),
        (off_at(1), Parting(1, 6, True, False), "the first step is wrong"),
    ],
)
def test_where_a_path_parts(rule: Rule, where: Parting, said: str) -> None:
    """Rejects "wrong from step 3 on" of a path that is right again at step 4."""
    _, seen = seen_by("sgd_momentum", rule)
    assert parting(seen) == where
    assert parting_words(where) == said
    fact = wrong_from_step(seen)
    assert (fact is not None) == (where.stays and where.step > 1)


def test_paths_that_part_at_different_steps_are_not_said_to_part_at_one() -> None:
    def late_in_some(w: Any, dw: Any, c: dict[str, Any]) -> Any:
        c["step"] = c.get("step", 0) + 1
        return right(w, dw, c) + (c["step"] >= 2 + w.ndim)

    exercise, seen = seen_by("sgd_momentum", momentum(late_in_some))
    assert parting(seen) == Parting(3, 6, False, True)
    assert wrong_from_step(seen) is None
    answers = LocalAnswers({"sgd_momentum": momentum(late_in_some)})
    told = explain(exercise, Judge(answers, BENCH).verdicts(exercise), answers, BENCH)
    said = [e.message for e in told if e.message]
    assert said
    assert all("here the path parts from the right one at step " in message for message in said)
    assert [dict(e.reach.data()) for e in told if e.reach] == [{"step": 3, "steps": 6, "in_every_case": False}] * len(
        said
    )


def test_a_path_that_is_no_longer_finite_is_told_by_the_step() -> None:
    _, seen = seen_by("adamw", moments("adamw", ahead=-1))  # 1 − β⁰ is 0
    assert wrong_from_step(seen) == Recognised("not_finite_from_step", "place", "evidence", {"step": 1})
    _, seen = seen_by("sgd_momentum", off_at(1, 2, 3, 4, 5, 6))
    assert wrong_from_step(seen) is None


def test_the_step_is_said_beside_a_declared_mistake_and_not_where_the_diagnosis_says_it() -> None:
    for rule, code, beside in (
        (momentum(from_rest), "forgets_velocity", True),
        (momentum(sometimes_from_rest), "later_steps", False),
    ):
        exercise = catalogue().exercise("optimizers.sgd_momentum")
        answers = LocalAnswers({"sgd_momentum": rule})
        told = explain(exercise, Judge(answers, BENCH).verdicts(exercise), answers, BENCH)
        (of_the_value,) = [e for e in told[2:] if e.message]
        assert of_the_value.diagnosis is not None
        assert of_the_value.diagnosis.mistake == code
        said = "; right up to step 1, wrong from step 2 on, in each case tried that is wrong ("
        assert (said in of_the_value.message) == beside
        assert of_the_value.reach is not None
        assert of_the_value.reach.data() == {"step": 2 if beside else 3, "steps": 6, "in_every_case": True}
