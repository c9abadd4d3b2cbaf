"""Unit `reverse_mode`: each gradient has three witnesses, the model answer, the engine and numerical slopes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import exam
import numpy as np
import pytest

from grader.bank import catalogue
from grader.judging import Case, Exercise
from grader.judging.cases.battery import BATTERY
from grader.judging.declare import realise
from grader.judging.numerics.comparison import tolerance
from grader.judging.numerics.slopes import richardson
from reference import reverse_mode
from reference.autodiff import grad, hvp, jacobian, logsumexp, vjp

UNIT = "reverse_mode"
EXERCISES = {exercise.short: exercise for exercise in catalogue().unit(UNIT).exercises}


def through_the_net(deltas: Mapping[str, Any], name: str, given: Mapping[str, Any]) -> Any:
    """The forward pass of a group of steps with something added to every intermediate value, as one number."""

    def moved(what: str, value: Any) -> Any:
        return value + deltas[f"d{what}"]

    if name == "cross_entropy_steps":
        logits, y = moved("logits", given["logits"]), given["y"]
        maxes = moved("logit_maxes", np.max(logits, axis=1, keepdims=True))
        counts = moved("counts", np.exp(moved("norm_logits", logits - maxes)))
        inverse = moved("counts_sum_inv", 1 / moved("counts_sum", np.sum(counts, axis=1, keepdims=True)))
        logprobs = moved("logprobs", np.log(moved("probs", counts * inverse)))
        return -np.mean(logprobs[np.arange(len(y)), y])
    if name == "head_steps":
        h = moved("h", np.tanh(moved("hpreact", given["hpreact"])))
        return np.sum(given["dlogits"] * (h @ moved("W2", given["W2"]) + deltas["db2"]))
    if name == "batchnorm_steps":
        x = moved("hprebn", given["hprebn"])
        diff = moved("bndiff", x - moved("bnmean", np.mean(x, axis=0, keepdims=True)))
        variance = moved("bnvar", np.mean(moved("bndiff2", diff**2), axis=0, keepdims=True))
        raw = moved("bnraw", diff * moved("bnvar_inv", (variance + 1e-5) ** -0.5))
        return np.sum(given["dhpreact"] * (moved("gain", given["gain"]) * raw + deltas["dbias"]))
    emb = moved("emb", moved("C", given["C"])[given["X"]])
    embcat = moved("embcat", np.reshape(emb, (len(given["X"]), -1)))
    return np.sum(given["dhprebn"] * (embcat @ moved("W1", given["W1"]) + deltas["db1"]))


def normalised(rows: Any) -> Any:
    return rows / np.sum(rows, axis=1, keepdims=True)


def batch_normalised(x: Any, gain: Any) -> Any:
    diff = x - np.mean(x, axis=0, keepdims=True)
    return gain * diff / np.sqrt(np.mean(diff**2, axis=0, keepdims=True) + 1e-5)


def worked(x: Any, y: Any) -> Any:
    return (x * y + np.sin(x) + 4) * (3 * y**2 + 6)


def cross_entropy(logits: Any, y: Any) -> Any:
    return np.mean(logsumexp(logits) - logits[np.arange(len(y)), y])


FORWARD: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    # The operation, from the inputs without g, and which of them have a gradient.
    "exp_vjp": (np.exp, ("x",)),
    "log_vjp": (np.log, ("x",)),
    "sin_vjp": (np.sin, ("x",)),
    "tanh_vjp": (np.tanh, ("x",)),
    "power_vjp": (lambda x, n: x**n, ("x",)),
    "add_vjp": (lambda a, b: a + b, ("a", "b")),
    "multiply_vjp": (lambda a, b: a * b, ("a", "b")),
    "divide_vjp": (lambda a, b: a / b, ("a", "b")),
    "maximum_vjp": (np.maximum, ("a", "b")),
    "where_vjp": (np.where, ("a", "b")),
    "sum_vjp": (lambda x, axis, keepdims: np.sum(x, axis=axis, keepdims=keepdims), ("x",)),
    "mean_vjp": (lambda x, axis, keepdims: np.mean(x, axis=axis, keepdims=keepdims), ("x",)),
    "reshape_vjp": (np.reshape, ("x",)),
    "transpose_vjp": (np.transpose, ("x",)),
    "take_vjp": (lambda x, index: x[index], ("x",)),
    "matmul_vjp": (np.matmul, ("a", "b")),
    "logsumexp_vjp": (logsumexp, ("x",)),
    "quadratic_form_gradients": (lambda x, A: x @ A @ x, ("x", "A")),
    "transition_vjp": (normalised, ("counts",)),
    "fused_cross_entropy": (cross_entropy, ("logits",)),
}
FLAT = ("maximum_vjp", "where_vjp")
"""Where a kink, or a choice, makes ties another matter."""


def ordinary(exercise: Exercise) -> Iterator[Case]:
    """The cases at which everything is smooth."""
    cases = [c for c in exam.bench(UNIT).cases(exercise) if c.regime not in ("ties", "integers", "large")]
    yield from (c for c in cases if not c.recipe.edits)


def assert_agrees(found: Any, case: Case, output: int) -> None:
    assert case.expected is not None
    right = case.expected[output]
    assert np.shape(found) == np.shape(right.value)
    assert np.all(np.abs(found - right.value) <= tolerance(right)), case.recipe


def assert_slope_agrees(phi: Callable[[float], float], slope: float, size: float) -> None:
    numerical = richardson(phi)
    assert abs(numerical.value - slope) <= 20 * numerical.error + 1e-8 * size, (numerical, slope)


@pytest.mark.parametrize("name", FORWARD)
def test_the_engine_finds_the_gradients_of_the_model_answers(name: str) -> None:
    exercise, (forward, wrt) = EXERCISES[name], FORWARD[name]
    compared = 0
    for case in ordinary(exercise):
        given = {k: v for k, v in case.inputs.items() if k != "g"}

        def f(*values: Any, given: Mapping[str, Any] = given) -> Any:
            return forward(*{**given, **dict(zip(wrt, values, strict=True))}.values())

        for output, found in enumerate(vjp(f, *(given[k] for k in wrt))[1](case.inputs.get("g", 1.0))):
            assert_agrees(found, case, output)
        compared += 1
    assert compared >= 10


@pytest.mark.parametrize("name", FORWARD)
def test_numerical_slopes_agree_with_the_model_answers(name: str) -> None:
    exercise, (forward, wrt) = EXERCISES[name], FORWARD[name]
    rng = np.random.default_rng(0)
    for recipe in BATTERY["randn"]:
        inputs = realise(exercise.inputs, recipe)
        g, given = inputs.get("g", 1.0), {k: v for k, v in inputs.items() if k != "g"}
        gradients = getattr(reverse_mode, name)(*inputs.values())
        directions = {k: 1e-2 * rng.standard_normal(np.shape(given[k])) for k in wrt}

        def phi(t: float, g: Any = g, given: Any = given, directions: Any = directions) -> float:
            at = {k: v + t * directions[k] if k in directions else v for k, v in given.items()}
            return float(np.sum(g * forward(*at.values())))

        parts = [
            np.sum(d * directions[k]) for k, d in zip(wrt, gradients if len(wrt) > 1 else (gradients,), strict=True)
        ]
        assert_slope_agrees(phi, float(sum(parts)), float(np.abs(g).sum()))


STEPS = ("cross_entropy_steps", "head_steps", "batchnorm_steps", "embedding_steps")


def test_there_are_two_dozen_intermediate_gradients() -> None:
    assert sum(len(EXERCISES[name].outputs) for name in STEPS) >= 24


@pytest.mark.parametrize("name", STEPS)
def test_every_intermediate_gradient_of_the_net_has_three_witnesses(name: str) -> None:
    exercise = EXERCISES[name]
    rng = np.random.default_rng(0)
    compared = 0
    for case in ordinary(exercise):
        assert case.expected is not None
        zeros = {o: np.zeros(np.shape(e.value)) for o, e in zip(exercise.outputs, case.expected, strict=True)}

        def f(*values: Any, case: Case = case) -> Any:
            return through_the_net(dict(zip(exercise.outputs, values, strict=True)), name, case.inputs)

        for output, found in enumerate(vjp(f, *zeros.values())[1](1.0)):
            assert_agrees(found, case, output)
        compared += 1
        if case.regime != "randn" or compared > 3:
            continue
        for output, right in zip(exercise.outputs, case.expected, strict=True):
            direction = 1e-2 * rng.standard_normal(np.shape(right.value))

            def phi(
                t: float, output: str = output, direction: Any = direction, zeros: Any = zeros, f: Any = f
            ) -> float:
                return float(f(*{**zeros, output: t * direction}.values()))

            assert_slope_agrees(
                phi, float(np.sum(right.value * direction)), float(np.abs(right.value).max(initial=1.0))
            )
    assert compared >= 10


def test_the_worked_example_has_the_digits_that_are_printed_and_three_witnesses() -> None:
    assert reverse_mode.worked_adjoint(2.0, 8.0) == pytest.approx(
        (4140.0408905115, 1501.6029263637, 1399.6462764876), abs=1e-10
    )
    assert any(c.inputs == {"x": 2.0, "y": 8.0} for c in exam.bench(UNIT).examples(EXERCISES["worked_adjoint"]))
    for case in exam.bench(UNIT).cases(EXERCISES["worked_adjoint"]):
        x, y = float(case.inputs["x"]), float(case.inputs["y"])
        for output, found in enumerate((worked(x, y), *grad(worked, (0, 1))(x, y))):
            assert_agrees(found, case, output)
        _, df_dx, df_dy = reverse_mode.worked_adjoint(x, y)
        assert_slope_agrees(lambda t, x=x, y=y: float(worked(x + t, y)), float(df_dx), 1e3)  # type: ignore[misc]
        assert_slope_agrees(lambda t, x=x, y=y: float(worked(x, y + t)), float(df_dy), 1e3)  # type: ignore[misc]


TREES: dict[str, Callable[..., tuple[Any, ...]]] = {
    "value_gradients": lambda x, y, n: (
        *grad(lambda a, b: 2.0 * a * b, (0, 1))(x, y),
        *grad(lambda a, b: a / b, (0, 1))(x, y),
        *grad(lambda a, b: np.exp(np.sin(a)) - 3.0 / b**1.5, (0, 1))(x, abs(y)),
        *grad(lambda a, b: a**n - 10.0 / b, (0, 1))(x, y),
        *grad(lambda a, b: (3.0 * a if x > 0 else 0.0 * a) + np.tanh(1.0 - np.log(b)), (0, 1))(x, abs(y)),
    ),
    "value_fan_out": lambda x, y: (
        4.0 * y,
        *grad(lambda a, b: a * b + np.sin(a) + a**2 / b, (0, 1))(x, y),
        grad(lambda a: (np.tanh(a * y) * (a * y) + a) * (a + 1) + a * y)(x),
        6.0 * y**2,
    ),
    "value_second_backward": lambda x, y: (
        3 * (x * y) ** 2 + 1,
        2 * (x * y) * x,
        y + 3,
        x,
        3 * (x * y) ** 2 + 1 + 2 * (x * y) * x,
    ),
}


@pytest.mark.parametrize("name", TREES)
def test_the_gradients_of_values_have_two_more_witnesses(name: str) -> None:
    for case in exam.bench(UNIT).cases(EXERCISES[name]):
        numbers = {k: v if k == "n" else float(v) for k, v in case.inputs.items()}
        for output, found in enumerate(TREES[name](**numbers)):
            assert_agrees(found, case, output)


def test_slopes_of_a_braid_of_values_agree_with_differences() -> None:
    def braid(a: Any) -> Any:
        u = a * a.sin() - 2.0 / (a**2 + 1.0)
        return (u * a).tanh() + u.exp() * (a - 3.0)

    for x in (-1.3, -0.2, 0.4, 1.7):
        a = reverse_mode.Value(x)
        braid(a).backward()
        assert_slope_agrees(lambda t, x=x: float(braid(reverse_mode.Value(x + t)).data), float(a.grad), 10.0)  # type: ignore[misc]


def test_jacobians_and_hessian_products_agree_with_the_engine() -> None:
    for case in exam.bench(UNIT).cases(EXERCISES["jacobian_by_rows"]):
        W, x = case.inputs["W"], case.inputs["x"]
        assert_agrees(jacobian(lambda z, W=W: np.tanh(W @ z))(x), case, 0)
    for case in exam.bench(UNIT).cases(EXERCISES["hvp"]):
        x, v, A = (case.inputs[k] for k in "xvA")
        assert_agrees(hvp(lambda z, A=A: z @ A @ z + np.sum(np.sin(z)), x, v), case, 0)


def test_fused_batch_norm_agrees_with_the_engine_and_with_its_steps() -> None:
    for case in ordinary(EXERCISES["fused_batchnorm"]):
        dhpreact, x, gain = case.inputs.values()
        found = vjp(lambda z, gain=gain: batch_normalised(z, gain), x)[1](dhpreact)
        assert_agrees(found[0] if isinstance(found, tuple) else found, case, 0)
        assert_agrees(reverse_mode.batchnorm_steps(dhpreact, x, gain)[-1], case, 0)
    for case in ordinary(EXERCISES["fused_cross_entropy"]):
        logits, y = case.inputs.values()
        steps = reverse_mode.cross_entropy_steps(logits, y)[-1]
        assert np.allclose(steps, reverse_mode.fused_cross_entropy(logits, y), rtol=0, atol=1e-9)


def test_unbroadcasting_is_the_adjoint_of_broadcasting() -> None:
    rng = np.random.default_rng(0)
    for case in exam.bench(UNIT).cases(EXERCISES["unbroadcast"]):
        g, shape = case.inputs["g"], case.inputs["shape"]
        u = rng.standard_normal(shape)
        pulled = reverse_mode.unbroadcast(g, shape)
        assert np.shape(pulled) == shape
        assert np.sum(g * np.broadcast_to(u, g.shape)) == pytest.approx(float(np.sum(pulled * u)), rel=1e-9, abs=1e-9)
