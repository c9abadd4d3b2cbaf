"""The teaching versions: local derivatives, right backward, forward and against the engine and differences."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from reference.autodiff import grad
from reference.autodiff.operators import COMPARISONS, OPERATIONS
from reference.autodiff.scalar import DualNumber, Value, derivative

Function = Callable[..., Any]

# Where each operation is tried: inside its domain, and not at a kink.
POINTS: dict[str, list[tuple[float, ...]]] = {
    "add": [(0.7, -1.3)],
    "subtract": [(0.7, -1.3)],
    "multiply": [(0.7, -1.3), (0.0, 2.0)],
    "divide": [(0.7, -1.3), (-2.0, 0.5)],
    "power": [(0.7, -1.3), (2.0, 3.0), (1.5, 0.0)],
    "negative": [(0.7,)],
    "exp": [(0.7,), (-3.0,)],
    "log": [(0.7,), (40.0,)],
    "sqrt": [(0.7,), (40.0,)],
    "sin": [(0.7,), (4.0,)],
    "cos": [(0.7,), (4.0,)],
    "tanh": [(0.7,), (-2.0,)],
    "absolute": [(0.7,), (-2.0,)],
    "sign": [(0.7,), (-2.0,)],
    "maximum": [(0.7, -1.3), (-1.3, 0.7)],
    "minimum": [(0.7, -1.3), (-1.3, 0.7)],
}
CASES = [(name, x) for name, points in POINTS.items() for x in points]


def backward(f: Function, *x: float) -> list[float]:
    inputs = [Value(v) for v in x]
    f(*inputs).backward()
    return [v.grad for v in inputs]


def forward(f: Function, *x: float) -> list[float]:
    return [derivative(lambda v, i=i: f(*x[:i], v, *x[i + 1 :]), x[i]) for i in range(len(x))]


def engine(f: Function, *x: float) -> list[float]:
    return [float(grad(f, i)(*x)) for i in range(len(x))]


def differences(f: Function, *x: float) -> list[float]:
    """Central differences with one step of Richardson's extrapolation."""

    def central(i: int, h: float) -> float:
        up, down = (f(*x[:i], np.float64(x[i] + s), *x[i + 1 :]) for s in (h, -h))
        return float((up - down) / (2 * h))

    return [(4 * central(i, 5e-4) - central(i, 1e-3)) / 3 for i in range(len(x))]


def test_every_operation_of_the_table_is_tried() -> None:
    assert set(POINTS) == set(OPERATIONS)


@pytest.mark.parametrize(("name", "x"), CASES)
def test_backward_forward_engine_and_differences_agree(name: str, x: tuple[float, ...]) -> None:
    f = getattr(np, name)
    expected = engine(f, *x)
    assert backward(f, *x) == pytest.approx(expected, rel=1e-14, abs=1e-15)
    assert forward(f, *x) == pytest.approx(expected, rel=1e-14, abs=1e-15)
    assert differences(f, *x) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_a_wrong_local_derivative_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cosine with the sign forgotten."""
    monkeypatch.setitem(OPERATIONS, "cos", (np.cos, lambda y, x: np.sin(x)))
    monkeypatch.setattr(Value, "cos", lambda x: Value(np.cos(x.data), (x, np.sin(x.data))))
    assert backward(np.cos, 0.7) != pytest.approx(engine(np.cos, 0.7))
    assert forward(np.cos, 0.7) != pytest.approx(engine(np.cos, 0.7))


def worked(x: Any, y: Any) -> Any:
    """The example of Bücker et al. 2006."""
    return (x * y + np.sin(x) + 4) * (3 * y**2 + 6)


@pytest.mark.parametrize("method", [backward, forward])
def test_the_worked_example_to_its_printed_digits(method: Function) -> None:
    assert [f"{g:.10f}" for g in method(worked, 2.0, 8.0)] == ["1501.6029263637", "1399.6462764876"]


@pytest.mark.parametrize(
    "f",
    [
        lambda x: 2 - x, lambda x: 2 / x, lambda x: 2**x, lambda x: x**-3, lambda x: x**0.5, lambda x: +x + 3, lambda x: abs(-x),
        lambda x: np.float64(2) * x - np.float64(1), lambda x: x**x, lambda x: np.where(x > 1, x * x, x),
        lambda x: x * x if x > 1 else x, lambda x: max(x, 2 * x), lambda x: sum([x, x * x]),
        lambda x: np.exp(-x) / (1 + np.exp(-x)) ** 2,
    ],
)  # fmt: skip
def test_what_python_writes_with_numbers_is_differentiated(f: Function) -> None:
    for x in (0.8, 1.7):
        expected = pytest.approx(engine(f, x), rel=1e-13)
        assert backward(f, x) == expected
        assert forward(f, x) == expected


# ----------------------------------------------------------------------------------------- backward
def test_the_gradients_of_all_paths_add_up() -> None:
    """y = x/z with z = x² is 1/x; the path through z forgotten, the slope would be 1/z = 1/x²."""
    x = Value(3.0)
    z = x**2
    (x / z).backward()
    assert x.grad == pytest.approx(-1 / 9)
    assert x.grad != pytest.approx(1 / 9)
    assert z.grad == pytest.approx(-3 / 81)


def test_a_second_backward_gives_the_same_gradients() -> None:
    """Doubled ones (no node is reset), and worse ones (only the leaves are), are both refused."""
    x = Value(3.0)
    y = x * x
    z = y * y
    z.backward()
    z.backward()
    assert (x.grad, y.grad, z.grad) == (108.0, 18.0, 1.0)
    assert x.grad not in (216.0, 324.0)


def test_each_output_has_gradients_of_its_own() -> None:
    x = Value(2.0)
    a, b = x * 3, x * x
    a.backward()
    assert x.grad == 3.0
    b.backward()
    assert x.grad == 4.0
    (a + b).backward()
    assert x.grad == 7.0


def test_a_node_knows_its_parents_and_local_gradients() -> None:
    x, y = Value(2.0), Value(5.0)
    node = x * y
    assert node.edges == ((x, 5.0), (y, 2.0))
    assert (x * x).edges == ((x, 2.0), (x, 2.0))
    assert x.edges == ()
    assert repr(node) == "Value(10, grad=0)"
    assert type(node.data) is type(node.edges[0][1]) is float


@pytest.mark.slow
def test_a_chain_of_a_hundred_thousand_nodes() -> None:
    x = Value(1.0)
    y = x
    for _ in range(100_000):
        y = y + x
    y.backward()
    assert x.grad == 100_001.0


def test_paths_are_counted_without_walking_them() -> None:
    x = Value(1.0)
    y = x
    for _ in range(60):
        y = y + y
    y.backward()
    assert x.grad == 2.0**60


def test_a_relu_and_a_tie_share_equally_as_in_the_engine() -> None:
    assert [backward(lambda x: x.relu(), x)[0] for x in (-1.0, 0.0, 2.0)] == [0.0, 0.5, 1.0]
    assert backward(np.maximum, 2.0, 2.0) == engine(np.maximum, 2.0, 2.0) == [0.5, 0.5]


def test_powers_at_zero() -> None:
    """A polynomial with its constant term as x**0: 0·0⁻¹ would be nan."""

    def polynomial(x: Any) -> Any:
        return 5 * x**0 + 7 * x**1 + x**2

    assert backward(polynomial, 0.0) == forward(polynomial, 0.0) == [7.0]
    assert backward(np.power, 0.0, 2.0) == [0.0, 0.0]


# ------------------------------------------------------------------------------------------ forward
def test_a_dual_number_is_its_value_and_its_derivative() -> None:
    y = DualNumber(3.0, 4.0) ** 2
    assert (y.real, y.dual, repr(y)) == (9.0, 24.0, "9.0 + 24.0·ε")
    assert derivative(lambda x: 5.0, 2.0) == 0.0


def test_derivatives_of_derivatives() -> None:
    assert derivative(lambda x: derivative(lambda z: z**4, x), 2.0) == 48.0
    assert derivative(lambda x: derivative(lambda z: derivative(np.sin, z), x), 0.5) == pytest.approx(-math.cos(0.5))


def test_the_epsilons_of_nested_derivatives_are_not_confused() -> None:
    """d/dx (x · d/dy (x + y)) is 1; with one ε for both it would be 2 (Siskind & Pearlmutter 2005)."""
    assert derivative(lambda x: x * derivative(lambda y: x + y, 1.0), 1.0) == 1.0


def test_dual_numbers_of_values_give_second_derivatives() -> None:
    x = Value(0.7)
    slope = derivative(lambda v: np.sin(v) * v, x)
    slope.backward()
    assert slope.data == pytest.approx(math.cos(0.7) * 0.7 + math.sin(0.7))
    assert x.grad == pytest.approx(2 * math.cos(0.7) - 0.7 * math.sin(0.7))
    assert (DualNumber(x, 1.0) * x).dual.data == (x * DualNumber(x, 1.0)).dual.data == 0.7


# ---------------------------------------------------------------------------------- numpy and errors
@pytest.mark.parametrize("kind", [Value, DualNumber])
def test_comparisons_are_those_of_numbers(kind: Callable[[float], Any]) -> None:
    two, three = kind(2.0), kind(3.0)
    assert [two < three, two <= 2, two == 2.0, two != three] == [True] * 4
    assert [two > 3.0, two >= three] == [False] * 2
    assert all(getattr(np, name)(two, 3.0) is COMPARISONS[name](2.0, 3.0) for name in COMPARISONS)
    assert not kind(0.0)
    assert two
    assert two != None  # noqa: E711 - that it can be asked is the point
    assert len({two, kind(2.0)}) == 2


def test_arrays_of_values() -> None:
    w = np.array([[Value(0.1), Value(-0.2)], [Value(0.3), Value(0.4)]])
    x = np.array([1.0, 2.0])
    loss = np.sum(np.tanh(w @ x) * np.array([1.0, 3.0]))
    loss.backward()
    expected = grad(lambda v: np.sum(np.tanh(v @ x) * np.array([1.0, 3.0])))(np.array([[0.1, -0.2], [0.3, 0.4]]))
    assert np.array([[v.grad for v in row] for row in w]) == pytest.approx(expected)
    assert [v.data for v in np.array([1.0, 2.0]) * Value(3.0)] == [3.0, 6.0]


@pytest.mark.parametrize("kind", [Value, DualNumber])
def test_errors_say_what_to_do(kind: Callable[[float], Any]) -> None:
    x = kind(2.0)
    with pytest.raises(TypeError, match=r"drop the derivative of a \w+: use np\.sin"):
        math.sin(x)
    with pytest.raises(TypeError, match=r"np\.arctan is not in the table of scalars, which has add, subtract"):
        np.arctan(x)
    with pytest.raises(TypeError, match=r"np\.sum is for arrays"):
        np.sum(x)
    with pytest.raises(TypeError):
        x + "1"


def test_an_operation_more_in_the_table_is_known_to_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OPERATIONS, "arctan", (np.arctan, lambda y, x: 1 / (1 + x * x)))
    monkeypatch.setattr(Value, "arctan", lambda x: Value(np.arctan(x.data), (x, 1 / (1 + x.data**2))), raising=False)
    assert backward(np.arctan, 2.0) == forward(np.arctan, 2.0) == [0.2]


def test_infinities_come_as_in_numpy() -> None:
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        assert (1 / Value(0.0)).data == math.inf
    assert backward(lambda x: x**-3, -2.0) == pytest.approx([-3 / 16])
