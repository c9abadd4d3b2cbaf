"""The engine proves itself: forward equals reverse, both equal differences, second order too; misuse says what to do."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from autodiff_cases import CASES, MORE, close, drawn, of_each

from reference.autodiff import (
    PRIMITIVES,
    core,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    logsumexp,
    program,
    softmax,
    softplus,
    value_and_grad,
    vjp,
)

Function = Callable[..., Any]
REAL = {
    # Numpy or the engine take a modulus or write into floats: the complex step does not apply.
    "absolute", "add", "arctan2", "astype", "cbrt", "cholesky", "eigh", "fabs", "fmax", "fmin", "gap", "hypot", "logaddexp",
    "logaddexp_reduce", "logdet", "norm", "overlap_add", "remainder", "scatter_add", "scatter_at", "sign", "std", "svd",
    "var", "vdot", "vecdot",
}  # fmt: skip


def richardson(f: Callable[[float], Any], h: float = 2e-3) -> Any:
    """The slope at 0 to about 1e-11: central differences, extrapolated twice."""
    first = [(np.asarray(f(h / 2**k)) - np.asarray(f(-h / 2**k))) / (2 * h / 2**k) for k in range(3)]
    second = [(4 * b - a) / 3 for a, b in itertools.pairwise(first)]
    return (16 * second[1] - second[0]) / 15


def complex_step(f: Callable[[complex], Any], h: float = 1e-30) -> Any:
    """The slope at 0 of an analytic function, to rounding: nothing is subtracted (Squire & Trapp 1998)."""
    return np.imag(f(1j * h)) / h


@of_each(CASES, slow=MORE)
def test_forward_equals_differences_and_reverse_by_the_adjoint_identity(name, f, shapes, where) -> None:
    points, directions, rng = drawn(name, shapes, where)

    def along(t: Any) -> Any:
        return f(*(x + t * v for x, v in zip(points, directions, strict=True)))

    value, tangent = jvp(f, tuple(points), tuple(directions))
    assert close(value, f(*points), 1e-13)
    real = name.partition(".")[0] in REAL
    assert close(tangent, richardson(along) if real else complex_step(along), 1e-8 if real else 1e-12)
    _, pull = vjp(f, *points)
    u = rng.standard_normal(np.shape(value))
    back = pull(u)
    assert [np.shape(g) for g in back] == list(shapes)
    left = np.sum(u * tangent)
    right = sum(np.sum(g * v) for g, v in zip(back, directions, strict=True))
    assert abs(left - right) <= 1e-12 * max(1.0, np.sum(np.abs(u * tangent)))


@of_each(CASES, slow=MORE)
def test_second_derivatives_agree_in_every_mix_of_modes(name, f, shapes, where) -> None:
    points, directions, rng = drawn(name, shapes, where)
    weights = rng.standard_normal(np.shape(f(*points)))

    def scalar(*xs: Any) -> Any:
        return np.sum(weights * f(*xs) * f(*xs))

    def gradient(*xs: Any) -> Any:
        return vjp(scalar, *xs)[1](np.ones(()))

    def along(*xs: Any) -> Any:
        return jvp(scalar, xs, tuple(directions))[1]

    forward_over_reverse = jvp(gradient, tuple(points), tuple(directions))[1]
    reverse_over_forward = vjp(along, *points)[1](np.ones(()))

    def moved(t: float) -> Any:
        return np.concatenate(
            [np.ravel(g) for g in gradient(*(x + t * v for x, v in zip(points, directions, strict=True)))]
        )

    slope = richardson(moved)
    flat = np.concatenate([np.ravel(g) for g in forward_over_reverse])
    assert close(flat, np.concatenate([np.ravel(g) for g in reverse_over_forward]), 1e-10)
    assert close(flat, slope, 1e-6)
    twice = jvp(along, tuple(points), tuple(directions))[1]
    assert close(twice, sum(np.sum(h * v) for h, v in zip(forward_over_reverse, directions, strict=True)), 1e-10)


def test_every_primitive_with_rules_is_proved() -> None:
    proved = set()
    for name, f, shapes, where in CASES:
        proved |= {line.primitive.name for line in program(f, *drawn(name, shapes, where)[0]).lines}
    assert {name for name, primitive in PRIMITIVES.items() if primitive.vjp} - proved == set()


@contextmanager
def watched(monkeypatch: pytest.MonkeyPatch, table: dict[Any, Function], called: set[Any]) -> Iterator[None]:
    """Write down which entries of a table are called from outside, not by another entry."""
    depth = 0

    def spy(key: Any, f: Function) -> Function:
        def run(*args: Any, **options: Any) -> Any:
            nonlocal depth
            if not depth:
                called.add(key)
            depth += 1
            try:
                return f(*args, **options)
            finally:
                depth -= 1

        return run

    with monkeypatch.context() as patch:
        for key, f in table.items():
            patch.setitem(table, key, spy(key, f))
        yield


STATIC = {np.ndim, np.shape, np.size}
PLAIN = {f for f in core.FUNCTIONS if getattr(PRIMITIVES.get(f.__name__), "vjp", STATIC) is None} | STATIC
OF_MASKS = {np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.invert}
OF_TWO = {np.allclose, np.array_equal, np.isclose}


def test_every_function_of_numpy_that_is_known_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    entries, called = core.FUNCTIONS, set()
    with watched(monkeypatch, entries, called):
        for name, f, shapes, where in CASES:
            vjp(f, *drawn(name, shapes, where)[0])
    assert set(entries) - called - PLAIN == set()


@pytest.mark.parametrize("f", sorted(PLAIN - OF_MASKS, key=lambda f: f.__name__), ids=lambda f: f.__name__)
def test_functions_without_a_derivative_see_values_only(f: Function) -> None:
    x, y = np.array([1.5, -2.0, 0.5]), np.array([2.0, -2.5, 0.5])
    args = (x, y)[: getattr(f, "nin", 2 if f in OF_TWO else 1)]
    seen = []
    grad(lambda x, *rest: np.sum(x) + (seen.append(f(x, *rest)) or 0.0))(*args)
    assert not isinstance(seen[0], core.Traced)
    assert np.array_equal(seen[0], f(*args))


def test_the_worked_example_to_the_printed_digits() -> None:
    """Bücker et al. 2006, as taught in CMPUT 366: f(x, y) = (x·y + sin x + 4)(3y² + 6) at (2, 8), in radians."""

    def f(x: Any, y: Any) -> Any:
        return (x * y + np.sin(x) + 4) * (3 * y**2 + 6)

    assert f"{value_and_grad(f)(2.0, 8.0)[0]:.10f}" == "4140.0408905115"
    assert f"{grad(f)(2.0, 8.0):.10f}" == "1501.6029263637"
    assert f"{grad(f, 1)(2.0, 8.0):.10f}" == "1399.6462764876"


def test_ordinary_numpy_code_with_loops_and_branches() -> None:
    def f(x: Any) -> Any:
        total = 0.0
        for i in range(len(x)):
            total = total + (x[i] ** 2 if x[i] > 0 else np.exp(x[i]))
        return total

    assert close(grad(f)(np.array([1.0, -2.0])), [2.0, np.exp(-2.0)])


def test_trees_of_parameters_keep_their_structure() -> None:
    def loss(p: Any) -> Any:
        return np.sum((p["layers"][0] @ p["layers"][1]) ** 2) + p["scale"] ** 2

    p = {"layers": [np.ones((2, 3)), np.ones((3, 1))], "scale": 3.0}
    g = grad(loss)(p)
    assert close(g["scale"], 6.0)
    assert [x.shape for x in g["layers"]] == [(2, 3), (3, 1)]


def test_log_sum_exp_and_its_kin_survive_a_thousand() -> None:
    x = np.array([[1000.0, -500.0], [-1000.0, -1000.0]])
    assert close(logsumexp(x), [1000.0, -1000.0 + np.log(2)])
    assert close(grad(lambda x: np.sum(logsumexp(x)))(x), [[1.0, 0.0], [0.5, 0.5]])
    assert close(softmax(x).sum(axis=1), [1.0, 1.0])
    assert close(grad(lambda x: np.sum(softplus(x)))(np.array([-800.0, 800.0])), [0.0, 1.0])


def test_no_perturbation_is_confused_with_another() -> None:
    assert grad(lambda x: x * grad(lambda y: x * y)(1.0))(3.0) == 6.0
    assert jvp(lambda x: x * jvp(lambda y: x * y, (1.0,), (1.0,))[1], (3.0,), (1.0,))[1] == 6.0


@pytest.mark.slow
def test_a_chain_of_a_hundred_thousand_operations_needs_no_recursion() -> None:
    def chain(x: Any) -> Any:
        for _ in range(50_000):
            x = 0.99999 * x + 0.0
        return x

    assert close(grad(chain)(1.0), 0.99999**50_000, 1e-12)


def test_memory_falls_as_the_last_sweep_proceeds() -> None:
    out, pull = vjp(lambda x: np.sum(np.sin(np.cos(x)) * x), np.ones(3))
    again = pull(np.ones(()))
    assert close(again[0], pull(np.ones(()), last=True)[0])
    with pytest.raises(ValueError, match="let go"):
        pull(np.ones(()))
    assert np.shape(out) == ()


def test_jacobian_forward_equals_reverse_and_hessian_is_symmetric() -> None:
    x = np.random.default_rng(0).standard_normal(4)
    A = np.random.default_rng(1).standard_normal((3, 4))

    def f(x: Any) -> Any:
        return np.tanh(A @ x) * x[:3]

    assert close(jacobian(f, mode="forward")(x), jacobian(f, mode="reverse")(x))

    def q(x: Any) -> Any:
        return np.sum(np.sin(f(x)))

    H = hessian(q)(x)
    assert close(H, H.T)
    assert close(hvp(q, x, np.ones(4)), H @ np.ones(4))


def test_ties_share_and_kinks_take_a_subgradient() -> None:
    assert grad(lambda x: np.max(x))(np.array([1.0, 1.0, 0.0])).tolist() == [0.5, 0.5, 0.0]
    assert grad(lambda x: np.maximum(x, 0.0))(0.0) == 0.5
    assert grad(lambda x: np.abs(x))(0.0) == 0.0


@pytest.mark.parametrize(
    ("f", "x", "says"),
    [
        (lambda x: x * x, np.ones(3), "sum it, or use jacobian"),
        (lambda x: (x, x), 1.0, "sum it, or use jacobian"),
        (lambda x: x * x, 3, "x.astype"),
        (lambda x: np.sum(np.partition(x, 1)), np.ones(3), "np.partition has no derivative rule"),
        (lambda x: np.nextafter(x, x), 1.0, "np.nextafter"),
        (lambda x: np.asarray(x), 1.0, "drop the derivative"),
        (lambda x: float(x), 1.0, "drop the derivative"),
        (lambda x: x.__setitem__(0, 1.0), np.ones(2), "cannot be written into"),
        (lambda x: np.add(x, 1.0, out=np.zeros(2)), np.ones(2), "cannot be changed in place"),
        (lambda x: np.add.at(x, 0, 1.0), np.ones(2), "cannot be changed in place"),
        (lambda x: np.linalg.norm(x, 2), np.eye(2), "norm of order 2 over 2 axes.*take 'fro'"),
        (lambda x: np.linalg.norm(x, 0), np.ones(2), "norm of order 0"),
        (lambda x: np.sum(x, where=x > 0), np.ones(2), r"np\.sum under differentiation knows no where.*np\.where"),
        (lambda x: np.max(x, initial=0.0), np.ones(2), r"np\.max .* knows no initial"),
        (lambda x: np.mean(x, out=np.zeros(())), np.ones(2), r"np\.mean .* knows no out"),
        (lambda x: np.sum(np.reshape(x, (2, 1), order="F")), np.ones(2), r"np\.reshape .* knows no order"),
        (lambda x: np.sum(np.pad(x, 1, mode="mean")), np.ones(2), "mode 'mean'.*np.concatenate"),
        (lambda x: np.sum(np.cross(x, x)), np.ones(2), "rows of three"),
    ],
)
def test_what_cannot_be_differentiated_says_what_to_do(f: Function, x: Any, says: str) -> None:
    with pytest.raises(TypeError, match=says):
        grad(f)(x)


def test_a_tangent_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="shape of its primal"):
        jvp(np.sin, (np.ones(3),), (np.ones(2),))


def test_what_does_not_depend_has_zero_derivatives() -> None:
    assert grad(lambda x: 3.0 + 0.0 * 2)(np.ones(2)).tolist() == [0.0, 0.0]
    assert jvp(lambda x: np.ones(2), (1.0,), (1.0,))[1].tolist() == [0.0, 0.0]
