"""Unit `reverse_mode`: promises, other right answers, the curriculum. The exam of every unit is in ``test_units.py``."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import exam
import numpy as np
import pytest

from grader.bank import catalogue
from grader.bank.reverse_mode import broadcast, operands, products, shapes, sharing
from grader.judging import points
from reference import reverse_mode

UNIT = "reverse_mode"
EXERCISES = {exercise.short: exercise for exercise in catalogue().unit(UNIT).exercises}


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


def drawn_in_all(exercise: str, name: str) -> list[Any]:
    return [case.inputs[name] for case in exam.bench(UNIT).cases(EXERCISES[exercise])]


@pytest.mark.parametrize("exercise", ["value_operators", "value_gradients", "value_fan_out", "value_second_backward"])
def test_values_are_zeros_ints_and_floats_of_both_signs(exercise: str) -> None:
    xs, ys = drawn_in_all(exercise, "x"), drawn_in_all(exercise, "y")
    assert {(type(x), float(np.sign(x))) for x in xs} == {(kind, sign) for kind in (int, float) for sign in (-1, 0, 1)}
    assert {(type(y), float(np.sign(y))) for y in ys} == {(kind, sign) for kind in (int, float) for sign in (-1, 1)}


def test_whole_exponents_have_a_slope_wherever_they_are_drawn() -> None:
    cases = [case.inputs for case in exam.bench(UNIT).cases(EXERCISES["value_gradients"])]
    assert {1, 2} <= {c["n"] for c in cases if c["x"] == 0} <= {1, 2, 3}
    assert {c["n"] for c in cases} == {-2, -1, 0, 1, 2, 3}


def test_edges_of_arrays_are_drawn() -> None:
    assert any((x < 1e-25).any() for x in drawn_in_all("log_vjp", "x"))
    conditions = drawn_in_all("where_vjp", "condition")
    assert any(c.all() and c.size > 1 for c in conditions)
    assert any(not c.any() and c.size > 1 for c in conditions)
    assert {0, 1} <= set(drawn_in_all("power_vjp", "n"))
    assert any(len(index) == 1 for index in drawn_in_all("take_vjp", "index"))
    assert sum(not v.any() for v in drawn_in_all("hvp", "v")) in range(1, 10)
    assert {y.dtype for y in drawn_in_all("fused_cross_entropy", "y")} == {np.dtype(np.int64)}


def test_some_products_are_square_and_the_first_worked_example_is() -> None:
    bench, exercise = exam.bench(UNIT), EXERCISES["matmul_vjp"]
    shapes_of = [c.inputs["a"].shape + c.inputs["b"].shape for c in bench.cases(exercise)]
    assert sum(len(set(s)) == 3 for s in shapes_of) > 10
    assert sum(len(set(s)) == 1 and s[0] > 1 for s in shapes_of) > 3
    first = bench.examples(exercise)[0].inputs
    assert len({*first["a"].shape, *first["b"].shape}) == 1


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
def test_the_cheapest_liars_earn_nothing(liar: str) -> None:
    for exercise in (e for e in EXERCISES.values() if e.inputs):
        count = len(exercise.outputs)

        def answer(*args: Any, count: int = count) -> Any:
            return (LIARS[liar](*args),) * count if count > 1 else LIARS[liar](*args)

        assert points(exam.verdicts({**exam.models(UNIT), exercise.function: answer}, exercise)) == 0, exercise.name


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
