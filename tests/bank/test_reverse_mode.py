"""Unit `reverse_mode`: answers pass, stubs are not attempted, mistakes are caught and named; three witnesses for each gradient."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import exam
import numpy as np
import pytest

from grader.bank import catalogue
from grader.bank.reverse_mode import broadcast, operands, products, shapes, sharing
from grader.judging import Case, Exercise, Mistake, points
from grader.judging.cases.battery import BATTERY
from grader.judging.declare import realise
from grader.judging.numerics.comparison import tolerance
from grader.judging.numerics.slopes import richardson
from reference import reverse_mode
from reference.autodiff import grad, hvp, jacobian, logsumexp, vjp

UNIT = "reverse_mode"
EXERCISES = {exercise.short: exercise for exercise in catalogue().unit(UNIT).exercises}


@exam.exercises(UNIT)
def test_the_model_answer_passes(exercise: Exercise) -> None:
    exam.assert_model_passes(exercise)


@exam.exercises(UNIT)
def test_the_stub_is_not_attempted(exercise: Exercise) -> None:
    exam.assert_stub_is_not_attempted(exercise)


@exam.mistakes(UNIT)
def test_a_mistake_is_caught_and_named(exercise: Exercise, mistake: Mistake) -> None:
    exam.assert_mistake_is_named(exercise, mistake)


def test_every_exercise_declares_three_mistakes() -> None:
    few = [e.name for e in catalogue().unit(UNIT).exercises if len({m.name for m in e.mistakes}) < 3]
    assert few == []


@exam.exercises(UNIT)
def test_hardly_any_case_is_lost(exercise: Exercise) -> None:
    """A case without a finite answer is left out; a bank that leaves many out is not asking what it says."""
    cases = exam.bench(UNIT).cases(exercise)
    assert len(cases) >= (1 if not exercise.inputs else 12)
    assert {case.regime for case in cases} >= (set(exercise.regimes) if exercise.inputs else set())


# ---------------------------------------------------------------------------- three witnesses
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


def agrees(found: Any, case: Case, output: int) -> None:
    assert case.expected is not None
    right = case.expected[output]
    assert np.shape(found) == np.shape(right.value)
    assert np.all(np.abs(found - right.value) <= tolerance(right)), case.recipe


def slope_agrees(phi: Callable[[float], float], slope: float, size: float) -> None:
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
            agrees(found, case, output)
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
        slope_agrees(phi, float(sum(parts)), float(np.abs(g).sum()))


STEPS = ("cross_entropy_steps", "head_steps", "batchnorm_steps", "embedding_steps")


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
            agrees(found, case, output)
        compared += 1
        if case.regime != "randn" or compared > 3:
            continue
        for output, right in zip(exercise.outputs, case.expected, strict=True):
            direction = 1e-2 * rng.standard_normal(np.shape(right.value))

            def phi(
                t: float, output: str = output, direction: Any = direction, zeros: Any = zeros, f: Any = f
            ) -> float:
                return float(f(*{**zeros, output: t * direction}.values()))

            slope_agrees(phi, float(np.sum(right.value * direction)), float(np.abs(right.value).max(initial=1.0)))
    assert compared >= 10


def test_the_worked_example_has_the_digits_that_are_printed_and_three_witnesses() -> None:
    assert reverse_mode.worked_adjoint(2.0, 8.0) == pytest.approx(
        (4140.0408905115, 1501.6029263637, 1399.6462764876), abs=1e-10
    )
    assert any(c.inputs == {"x": 2.0, "y": 8.0} for c in exam.bench(UNIT).examples(EXERCISES["worked_adjoint"]))
    for case in exam.bench(UNIT).cases(EXERCISES["worked_adjoint"]):
        x, y = case.inputs["x"], case.inputs["y"]
        for output, found in enumerate((worked(x, y), *grad(worked, (0, 1))(x, y))):
            agrees(found, case, output)
        _, df_dx, df_dy = reverse_mode.worked_adjoint(x, y)
        slope_agrees(lambda t, x=x, y=y: float(worked(x + t, y)), float(df_dx), 1e3)  # type: ignore[misc]
        slope_agrees(lambda t, x=x, y=y: float(worked(x, y + t)), float(df_dy), 1e3)  # type: ignore[misc]


TREES: dict[str, Callable[..., tuple[Any, ...]]] = {
    "value_gradients": lambda x, y: (
        *grad(lambda a, b: 2.0 * a * b, (0, 1))(x, y),
        *grad(lambda a, b: a / b, (0, 1))(x, y),
        *grad(lambda a, b: np.exp(np.sin(a)) - 3.0 / b**1.5, (0, 1))(x, y),
        *grad(lambda a, b: 2.0 * np.maximum(a * 1.5, 0.0) + np.tanh(1.0 - np.log(b)), (0, 1))(x, y),
    ),
    "value_fan_out": lambda x, y: (
        4.0 * y,
        *grad(lambda a, b: a * b + np.sin(a) + a**2 / b, (0, 1))(x, y),
        grad(lambda a: (np.tanh(a * y) * (a * y) + a) * (a + 1) + a * y)(x),
    ),
    "value_second_backward": lambda x, y: (3 * (x * y) ** 2 + 1, 2 * (x * y) * x, y + 3, x),
}


@pytest.mark.parametrize("name", TREES)
def test_the_gradients_of_values_have_two_more_witnesses(name: str) -> None:
    for case in exam.bench(UNIT).cases(EXERCISES[name]):
        for output, found in enumerate(TREES[name](**case.inputs)):
            agrees(found, case, output)


def test_slopes_of_a_braid_of_values_agree_with_differences() -> None:
    def braid(a: Any) -> Any:
        u = a * a.sin() - 2.0 / (a**2 + 1.0)
        return (u * a).tanh() + u.exp() * (a - 3.0)

    for x in (-1.3, -0.2, 0.4, 1.7):
        a = reverse_mode.Value(x)
        braid(a).backward()
        slope_agrees(lambda t, x=x: float(braid(reverse_mode.Value(x + t)).data), float(a.grad), 10.0)  # type: ignore[misc]


def test_jacobians_and_hessian_products_agree_with_the_engine() -> None:
    for case in exam.bench(UNIT).cases(EXERCISES["jacobian_by_rows"]):
        W, x = case.inputs["W"], case.inputs["x"]
        agrees(jacobian(lambda z, W=W: np.tanh(W @ z))(x), case, 0)
    for case in exam.bench(UNIT).cases(EXERCISES["hvp"]):
        x, v, A = (case.inputs[k] for k in "xvA")
        agrees(hvp(lambda z, A=A: z @ A @ z + np.sum(np.sin(z)), x, v), case, 0)


def test_fused_batch_norm_agrees_with_the_engine_and_with_its_steps() -> None:
    for case in ordinary(EXERCISES["fused_batchnorm"]):
        dhpreact, x, gain = case.inputs.values()
        found = vjp(lambda z, gain=gain: batch_normalised(z, gain), x)[1](dhpreact)
        agrees(found[0] if isinstance(found, tuple) else found, case, 0)
        agrees(reverse_mode.batchnorm_steps(dhpreact, x, gain)[-1], case, 0)
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


# ------------------------------------------------------------------------------- what is promised
def drawn_in_turn(table: tuple[Any, ...], exercise: str) -> set[Any]:
    """The lines of a table that the cases of an exercise take."""
    cases = exam.bench(UNIT).cases(EXERCISES[exercise])
    return {operands.turn(_Of(case.recipe), table) for case in cases}


class _Of:
    def __init__(self, recipe: Any) -> None:
        self.recipe = recipe


@pytest.mark.parametrize(
    ("table", "exercise"),
    [
        (operands.PAIRS, "add_vjp"),
        (operands.PAIRS, "divide_vjp"),
        (operands.PAIRS, "where_vjp"),
        (broadcast.STRETCHED, "unbroadcast"),
        (shapes.REDUCTIONS, "sum_vjp"),
        (shapes.REDUCTIONS, "mean_vjp"),
        (shapes.PERMUTATIONS, "transpose_vjp"),
        (products.FACTORS, "matmul_vjp"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_kind_of_shape_is_drawn(table: tuple[Any, ...], exercise: str) -> None:
    assert drawn_in_turn(table, exercise) == set(table)


def test_rows_are_taken_twice_and_never() -> None:
    counts = [
        np.bincount(c.inputs["index"], minlength=len(c.inputs["x"]))
        for c in exam.bench(UNIT).cases(EXERCISES["take_vjp"])
    ]
    assert sum(bool((c > 1).any()) for c in counts) > 20
    assert sum(bool((c == 0).any()) for c in counts) > 20


def test_only_the_first_cases_of_a_product_are_square() -> None:
    shapes_of = [c.inputs["a"].shape + c.inputs["b"].shape for c in exam.bench(UNIT).cases(EXERCISES["matmul_vjp"])]
    assert sum(len(set(s)) == 3 for s in shapes_of) > 10
    assert len(set(shapes_of[0])) == 1


def test_a_recursive_backward_is_lost_at_ten_thousand_operations_and_only_there() -> None:
    def order(node: Any, seen: set[int], found: list[Any]) -> None:
        if id(node) not in seen:
            seen.add(id(node))
            for parent, _ in node.edges:
                order(parent, seen, found)
            found.append(node)

    class Recursive(reverse_mode.Value):
        def backward(self) -> None:
            found: list[Any] = []
            order(self, set(), found)
            for node in found:
                node.grad = 0.0
            self.grad = 1.0
            for node in reversed(found):
                for parent, slope in node.edges:
                    parent.grad += slope * node.grad

    functions = {**exam.models(UNIT), "Value": Recursive}
    for exercise in EXERCISES.values():
        if exercise.form == "object":
            lost = exercise.short == "value_deep_chain"
            assert (points(exam.verdicts(functions, exercise)) == 0) is lost
    said = [e.message for _, e in exam.explained(functions, EXERCISES["value_deep_chain"])]
    assert any("RecursionError" in message for message in said)
    assert sharing.DEEP == 10_000


def test_the_output_has_a_gradient_too() -> None:
    class Forgetful(reverse_mode.Value):
        def backward(self) -> None:
            super().backward()
            self.grad = 0.0

    exercise = EXERCISES["value_second_backward"]
    assert points(exam.verdicts({**exam.models(UNIT), "Value": Forgetful}, exercise)) < exercise.points


# ---------------------------------------------------------------------- right and wrong in other words
def test_the_class_of_micrograd_with_gradients_set_to_zero_passes() -> None:
    class Value:
        def __init__(self, data: Any, children: tuple[Any, ...] = ()) -> None:
            self.data, self.grad, self._prev = data, 0, children
            self._backward: Callable[[], None] = lambda: None

        def _of(self, data: Any, *parents: tuple[Any, Callable[[], Any]]) -> Any:
            out = Value(data, tuple(p for p, _ in parents))

            def backward() -> None:
                for parent, slope in parents:
                    parent.grad += slope() * out.grad

            out._backward = backward
            return out

        def __add__(self, other: Any) -> Any:
            other = other if isinstance(other, Value) else Value(other)
            return self._of(self.data + other.data, (self, lambda: 1), (other, lambda: 1))

        def __mul__(self, other: Any) -> Any:
            other = other if isinstance(other, Value) else Value(other)
            return self._of(self.data * other.data, (self, lambda: other.data), (other, lambda: self.data))

        def __pow__(self, n: Any) -> Any:
            return self._of(self.data**n, (self, lambda: n * self.data ** (n - 1)))

        def exp(self) -> Any:
            return self._of(np.exp(self.data), (self, lambda: np.exp(self.data)))

        def log(self) -> Any:
            return self._of(np.log(self.data), (self, lambda: 1 / self.data))

        def sin(self) -> Any:
            return self._of(np.sin(self.data), (self, lambda: np.cos(self.data)))

        def tanh(self) -> Any:
            t = (np.exp(2 * self.data) - 1) / (np.exp(2 * self.data) + 1)
            return self._of(t, (self, lambda: 1 - t**2))

        def relu(self) -> Any:
            return self._of(0 if self.data < 0 else self.data, (self, lambda: self.data > 0))

        def backward(self) -> None:
            order, done, stack = [], set(), [self]
            while stack:
                node = stack[-1]
                waiting = [p for p in node._prev if p not in done]
                if waiting:
                    stack.extend(waiting)
                else:
                    stack.pop()
                    if node not in done:
                        done.add(node)
                        order.append(node)
            for node in order:
                node.grad = 0
            self.grad = 1
            for node in reversed(order):
                node._backward()

        def __neg__(self) -> Any:
            return self * -1

        def __radd__(self, other: Any) -> Any:
            return self + other

        def __sub__(self, other: Any) -> Any:
            return self + (-other)

        def __rsub__(self, other: Any) -> Any:
            return other + (-self)

        def __rmul__(self, other: Any) -> Any:
            return self * other

        def __truediv__(self, other: Any) -> Any:
            return self * other**-1

        def __rtruediv__(self, other: Any) -> Any:
            return other * self**-1

    for exercise in EXERCISES.values():
        if exercise.form == "object":
            assert points(exam.verdicts({**exam.models(UNIT), "Value": Value}, exercise)) == exercise.points


def einsum_matmul(g: Any, a: Any, b: Any) -> Any:
    return [np.einsum("nm,km->nk", g, b), np.einsum("nk,nm->km", a, g)]


def looped_take(g: Any, x: Any, index: Any) -> Any:
    dx = [[0.0] * x.shape[1] for _ in range(len(x))]
    for k, i in enumerate(index):
        for d in range(x.shape[1]):
            dx[i][d] += g[k, d]
    return dx


def looped_unbroadcast(g: Any, shape: Any) -> Any:
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1:
            g = g.sum(axis=axis, keepdims=True)
    return g


def sum_by_ones(g: Any, x: Any, axis: Any, keepdims: Any) -> Any:
    if axis is not None and not keepdims:
        for one in sorted(a % x.ndim for a in (axis if isinstance(axis, tuple) else (axis,))):
            g = np.expand_dims(g, one)
    return np.ones_like(x) * g


def complex_hvp(gradient: Any, x: Any, v: Any) -> Any:
    return np.imag(gradient(x + 1e-20j * v)) / 1e-20


def fused_by_sums(dhpreact: Any, x: Any, gain: Any) -> Any:
    n, deviation = len(x), np.sqrt(x.var(axis=0) + 1e-5)
    hat = (x - x.mean(axis=0)) / deviation
    return gain / deviation / n * (n * dhpreact - dhpreact.sum(0) - hat * (dhpreact * hat).sum(0))


def hull_tanh(g: Any, x: Any) -> Any:
    return g / np.cosh(np.clip(x, -350, 350)) ** 2


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("matmul_vjp", einsum_matmul),
        ("take_vjp", looped_take),
        ("unbroadcast", looped_unbroadcast),
        ("sum_vjp", sum_by_ones),
        ("hvp", complex_hvp),
        ("fused_batchnorm", fused_by_sums),
        ("tanh_vjp", hull_tanh),
        ("fused_sigmoid_formula", lambda: "-y + s"),
        ("transpose_vjp", lambda g, x, axes: g.transpose([list(axes).index(i) for i in range(len(axes))])),
        ("power_vjp", lambda g, x, n: g * n * np.exp((n - 1) * np.log(x))),
        ("question_cheaper_mode", lambda: {"d": "3", "a": "2", "c": "4", "b": "1"}),
    ],
)
def test_right_answers_in_other_words_pass(name: str, answer: Callable[..., Any]) -> None:
    exercise = EXERCISES[name]
    assert points(exam.verdicts({**exam.models(UNIT), exercise.function: answer}, exercise)) == exercise.points


LIARS: dict[str, Callable[..., Any]] = {
    "nothing": lambda *_: None,
    "zero": lambda *_: 0.0,
    "one": lambda *_: 1.0,
    "its first input": lambda *args: args[0] if args else None,
    "its last input": lambda *args: args[-1] if args else None,
}


@pytest.mark.parametrize("liar", LIARS)
@pytest.mark.parametrize("name", [e.short for e in EXERCISES.values() if e.inputs])
def test_the_cheapest_liars_earn_nothing(name: str, liar: str) -> None:
    exercise, lie = EXERCISES[name], LIARS[liar]
    many = len(exercise.outputs) > 1

    def answer(*args: Any) -> Any:
        return (lie(*args),) * len(exercise.outputs) if many else lie(*args)

    assert points(exam.verdicts({**exam.models(UNIT), exercise.function: answer}, exercise)) == 0


@pytest.mark.parametrize("name", [e.short for e in EXERCISES.values() if e.form == "function" and e.inputs])
def test_zeros_in_the_right_shapes_earn_nothing(name: str) -> None:
    exercise = EXERCISES[name]
    right = exam.models(UNIT)[exercise.function]

    def answer(*args: Any) -> Any:
        returned = right(*args)
        return (
            tuple(0.0 * np.asarray(r) for r in returned) if isinstance(returned, tuple) else 0.0 * np.asarray(returned)
        )

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert points(exam.verdicts({**exam.models(UNIT), name: answer}, exercise)) == 0


@pytest.mark.parametrize("says", [True, False, None, "yes"])
def test_a_checker_that_looks_at_nothing_earns_nothing(says: Any) -> None:
    exercise = EXERCISES["adjoint_checker"]
    assert points(exam.verdicts({**exam.models(UNIT), "adjoint_checker": lambda vjp: says}, exercise)) == 0


# ------------------------------------------------------------------------------------- curriculum
COVERS = {
    "Value with backward()": "value_gradients",
    "iterative topological order, deep chains": "value_deep_chain",
    "gradients that accumulate": "value_fan_out",
    "a second backward() that is right": "value_second_backward",
    "VJP of add": "add_vjp",
    "VJP of multiply": "multiply_vjp",
    "VJP of divide": "divide_vjp",
    "VJP of power": "power_vjp",
    "VJP of exp": "exp_vjp",
    "VJP of log": "log_vjp",
    "VJP of sin": "sin_vjp",
    "VJP of tanh": "tanh_vjp",
    "VJP of maximum": "maximum_vjp",
    "VJP of sum over axes": "sum_vjp",
    "VJP of mean over axes": "mean_vjp",
    "broadcast (unbroadcast)": "unbroadcast",
    "VJP of reshape": "reshape_vjp",
    "VJP of transpose": "transpose_vjp",
    "VJP of matmul; chain rule for matrices": "matmul_vjp",
    "VJP of indexing": "take_vjp",
    "VJP of where": "where_vjp",
    "VJP of logsumexp": "logsumexp_vjp",
    "x'Ax: both gradients": "quadratic_form_gradients",
    "the adjoint identity": "adjoint_checker",
    "why (x1+x2)(x3+x4) needs 4 additions, and 2": "question_additions",
    "Jacobian by rows": "jacobian_by_rows",
    "Hessian-vector product": "hvp",
    "worked_adjoint(x, y)": "worked_adjoint",
    "intermediate gradients by hand: cross-entropy": "cross_entropy_steps",
    "intermediate gradients by hand: output layer": "head_steps",
    "intermediate gradients by hand: batch norm": "batchnorm_steps",
    "intermediate gradients by hand: embeddings": "embedding_steps",
    "fused cross-entropy": "fused_cross_entropy",
    "fused batch norm": "fused_batchnorm",
    "a planted fault": "transition_vjp",
    "a test to write": "adjoint_checker",
    "a prediction": "prediction_second_backward",
}
MISTAKES = {
    "a sum's VJP returns ones": ("sum_vjp", "sum_gives_ones"),
    "broadcast averaged": ("unbroadcast", "averages_the_copies"),
    "broadcast averaged, 7 for 42": ("prediction_broadcast", "answers_7"),
    "broadcast not reduced": ("add_vjp", "add_not_reduced"),
    "exp's VJP uses x for exp x": ("exp_vjp", "exp_by_its_input"),
    "keepdims lost and hidden by broadcasting": ("sum_vjp", "sum_loses_the_axis"),
    "keepdims lost, planted": ("transition_vjp", "loses_an_axis"),
    "matmul's transposes": ("matmul_vjp", "matmul_without_transposes"),
    "matmul's order": ("matmul_vjp", "matmul_in_the_other_order"),
    "8 for 4": ("value_fan_out", "hands_on_at_each_visit"),
    "the leaf gets 0": ("value_fan_out", "goes_from_the_leaves"),
    "12 for 4": ("value_second_backward", "clears_nothing"),
    "first path only": ("value_fan_out", "keeps_the_first_use"),
    "= for +=": ("value_fan_out", "keeps_the_last_use"),
    "the sine of degrees": ("worked_adjoint", "takes_degrees"),
    "repeated indices overwrite": ("take_vjp", "take_overwrites"),
}


def test_every_line_of_the_curriculum_has_its_exercise() -> None:
    assert set(COVERS.values()) <= set(EXERCISES)
    forms = {EXERCISES[name].form for name in COVERS.values()}
    assert forms >= {"object", "planted fault", "test to write", "prediction", "question", "higher order"}
    assert sum(len(EXERCISES[name].outputs) for name in STEPS) >= 24  # two dozen intermediate gradients


@pytest.mark.parametrize("line", MISTAKES)
def test_every_mistake_of_the_curriculum_is_declared(line: str) -> None:
    exercise, mistake = MISTAKES[line]
    assert mistake in [m.name for m in EXERCISES[exercise].mistakes]


@pytest.mark.parametrize("backward", ["hands_on_at_each_visit", "goes_from_the_leaves", "clears_nothing"])
def test_the_numbers_that_a_mistake_is_known_by(backward: str) -> None:
    wrong = next(m for e in EXERCISES.values() for m in e.mistakes if m.name == backward)
    a = wrong.answer(1.0)
    b = a + a
    c = b + b
    c.backward()
    first = a.grad
    c.backward()
    assert {"hands_on_at_each_visit": first, "goes_from_the_leaves": first, "clears_nothing": a.grad}[backward] == {
        "hands_on_at_each_visit": 8.0,
        "goes_from_the_leaves": 0.0,
        "clears_nothing": 12.0,
    }[backward]
