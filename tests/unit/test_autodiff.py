"""The engine proves itself: forward equals reverse, both equal differences, second order too; misuse says what to do."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from reference.autodiff import (
    PRIMITIVES,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    logistic,
    logsumexp,
    softmax,
    softplus,
    value_and_grad,
    vjp,
)
from reference.autodiff.core import bind
from reference.autodiff.indexing import Slot

Function = Callable[..., Any]
WORDS = np.array([3, 0, 3])
A, B, ROW, COL = (2, 3), (2, 3), (3,), (2, 1)


def positive(x: np.ndarray) -> np.ndarray:
    return np.abs(x) + 0.5


def inside(x: np.ndarray) -> np.ndarray:
    return np.tanh(x) * 0.9


def square(x: np.ndarray) -> np.ndarray:
    return x + 3 * np.eye(x.shape[-1])


def apart(x: np.ndarray) -> np.ndarray:
    """No two entries nearly tie."""
    return np.random.default_rng(x.size).permutation(x.size).reshape(x.shape) + 0.3 * np.tanh(x)


Shapes = tuple[tuple[int, ...], ...]
PAIRS: list[Shapes] = [(A, B), (A, ROW), (A, COL), (A, ()), (COL, ROW), ((), ()), ((1, 3), (2, 1)), ((0, 3), (3,))]
PRODUCTS: list[Shapes] = [
    ((2, 3), (3, 4)), ((3,), (3, 4)), ((2, 3), (3,)), ((3,), (3,)), ((5, 2, 3), (3, 4)), ((5, 1, 2, 3), (4, 3, 2))
]  # fmt: skip
ANYWHERE = [
    np.negative, np.positive, np.exp, np.expm1, np.square, np.sin, np.cos, np.arctan, np.sinh, np.cosh, np.tanh,
    np.absolute, np.sign,
]  # fmt: skip
POSITIVE = [np.log, np.log1p, np.log2, np.log10, np.sqrt, np.reciprocal]
INSIDE = [np.tan, np.arcsin, np.arccos]
UNARY = [(u, w) for us, w in ((ANYWHERE, None), (POSITIVE, positive), (INSIDE, inside)) for u in us]
REDUCED = [
    ("sum", np.sum, None),
    ("mean", np.mean, None),
    ("max", np.max, apart),
    ("min", np.min, apart),
    ("prod", np.prod, None),
]
BOTH = (np.add, np.subtract, np.multiply, np.logaddexp, np.maximum, np.minimum)

# Name, function, shapes of its arguments, and where they must lie; before the dot is the primitive that is proved.
CASES: list[tuple[str, Function, Shapes, Function | None]] = [
    *[(f"{u.__name__}.{i}", u, shapes, None) for u in BOTH for i, shapes in enumerate(PAIRS)],
    *[
        (f"{u.__name__}.{i}", u, shapes, positive)
        for u in (np.divide, np.power, np.arctan2)
        for i, shapes in enumerate(PAIRS[:6])
    ],
    *[(f"{u.__name__}.{i}", u, (shape,), w) for u, w in UNARY for i, shape in enumerate([A, (), (0,), (1, 1)])],
    *[
        (f"{name}.{axis}{keep}", lambda x, f=f, axis=axis, keep=keep: f(x, axis=axis, keepdims=keep), ((2, 3, 2),), w)
        for name, f, w in REDUCED
        for axis in (None, 0, -1, (0, 2))
        for keep in (False, True)
    ],
    *[(f"matmul.{i}", np.matmul, shapes, None) for i, shapes in enumerate(PRODUCTS)],
    ("reshape.a", lambda x: np.reshape(x, (3, -1)), (A,), None),
    ("reshape.ravel", np.ravel, (A,), None),
    ("reshape.expand", lambda x: np.squeeze(np.expand_dims(x, 1), 1), (A,), None),
    ("transpose.T", lambda x: x.T, ((2, 3, 4),), None),
    ("transpose.axes", lambda x: np.transpose(x, (1, 2, 0)), ((2, 3, 4),), None),
    ("transpose.moved", lambda x: np.moveaxis(np.swapaxes(x, 0, -1), 0, 1), ((2, 3, 4),), None),
    ("broadcast_to.a", lambda x: np.broadcast_to(x, (4, 2, 3)), ((2, 1),), None),
    ("getitem.slice", lambda x: x[1:, ::2], ((3, 4),), None),
    ("getitem.integer", lambda x: x[1], ((3, 4),), None),
    ("getitem.array", lambda x: x[np.array([0, 2, 0, 0])], ((3, 4),), None),
    ("getitem.pairs", lambda x: x[np.arange(3), np.array([1, 1, 0])], ((3, 4),), None),
    ("getitem.mask", lambda x: x[np.array([[True, False], [True, True]])], ((2, 2),), None),
    ("gather.pairs", lambda x: bind(PRIMITIVES["gather"], x, WORDS, form=(slice(None), Slot(0))), ((3, 4),), None),
    ("getitem.newaxis", lambda x: x[:, None, ..., -1], ((3, 4),), None),
    ("cumsum.none", np.cumsum, (A,), None),
    ("cumsum.axis", lambda x: np.cumsum(x, axis=1), (A,), None),
    ("flip.axis", lambda x: np.flip(x, 0), (A,), None),
    ("concatenate.a", lambda x, y: np.concatenate([x, y, x], axis=1), ((2, 3), (2, 1)), None),
    ("stack.a", lambda x, y: np.stack([x, y], axis=-1), (A, B), None),
    ("where.a", lambda x, y: np.where(np.array([True, False, True]), x, y), (A, ROW), None),
    ("where.traced", lambda x: np.where(x > 0, x * x, np.exp(x)), (A,), None),
    ("clip.a", lambda x: np.clip(x, -0.5, 0.7), (A,), None),
    ("dot.a", np.dot, ((2, 3), (3, 4)), None),
    ("dot.deep", np.dot, ((2, 3), (5, 3, 4)), None),
    ("tensordot.2", lambda x, y: np.tensordot(x, y, 2), ((2, 3, 4), (3, 4, 5)), None),
    ("tensordot.axes", lambda x, y: np.tensordot(x, y, ((0, 2), (1, 0))), ((2, 3, 4), (4, 2, 5)), None),
    ("einsum.ij,jk", lambda x, y: np.einsum("ij,jk->ik", x, y), ((2, 3), (3, 4)), None),
    ("einsum.implicit", lambda x, y: np.einsum("ij,jk", x, y), ((2, 3), (3, 4)), None),
    ("einsum.lost", lambda x, y: np.einsum("ij,kl->il", x, y), ((2, 3), (4, 5)), None),
    ("einsum.one", lambda x: np.einsum("ijk->ki", x), ((2, 3, 4),), None),
    ("einsum.three", lambda x, y, z: np.einsum("i,ij,j->", x, y, z), ((2,), (2, 3), (3,)), None),
    ("einsum.ellipsis", lambda x, y: np.einsum("...ij,...jk->...ik", x, y), ((5, 2, 3), (5, 3, 2)), None),
    ("logsumexp.last", logsumexp, ((3, 4),), None),
    ("logsumexp.kept", lambda x: logsumexp(x, axis=0, keepdims=True), ((3, 4),), None),
    ("logsumexp.softmax", softmax, ((3, 4),), None),
    ("logaddexp.softplus", lambda x: softplus(x) * logistic(x), (A,), None),
    ("outer.a", np.outer, ((3,), (4,)), None),
    ("norm.a", np.linalg.norm, (A,), None),
    ("norm.axis", lambda x: np.linalg.norm(x, axis=1), (A,), None),
    ("solve.vector", lambda a, b: np.linalg.solve(square(a), b), ((3, 3), (3,)), None),
    ("solve.matrix", lambda a, b: np.linalg.solve(square(a), b), ((3, 3), (3, 2)), None),
    ("inv.a", lambda a: np.linalg.inv(square(a)), ((3, 3),), None),
    ("det.a", lambda a: np.linalg.det(square(a)), ((3, 3),), None),
    ("trace.a", lambda a: np.trace(a), ((3, 3),), None),
]
FUNCTIONS = pytest.mark.parametrize(("name", "f", "shapes", "where"), CASES, ids=[c[0] for c in CASES])


def drawn(name: str, shapes: Shapes, where: Function | None) -> tuple[list[Any], list[Any], np.random.Generator]:
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    points = [(where or (lambda x: x))(rng.standard_normal(shape)) for shape in shapes]
    return points, [rng.standard_normal(shape) for shape in shapes], rng


def richardson(f: Callable[[float], Any], h: float = 2e-3) -> Any:
    """The slope at 0 to about 1e-11: central differences, extrapolated twice."""
    first = [(np.asarray(f(h / 2**k)) - np.asarray(f(-h / 2**k))) / (2 * h / 2**k) for k in range(3)]
    second = [(4 * b - a) / 3 for a, b in itertools.pairwise(first)]
    return (16 * second[1] - second[0]) / 15


def close(a: Any, b: Any, digits: float = 1e-9) -> bool:
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    size = max(1.0, np.abs(a).max(initial=0.0), np.abs(b).max(initial=0.0))
    return a.shape == b.shape and bool(np.all(np.abs(a - b) <= digits * size))


@FUNCTIONS
def test_forward_equals_differences_and_reverse_by_the_adjoint_identity(name, f, shapes, where) -> None:
    points, directions, rng = drawn(name, shapes, where)
    value, tangent = jvp(f, tuple(points), tuple(directions))
    assert close(value, f(*points), 1e-14)
    assert close(tangent, richardson(lambda t: f(*(x + t * v for x, v in zip(points, directions, strict=True)))), 1e-8)
    _, pull = vjp(f, *points)
    u = rng.standard_normal(np.shape(value))
    back = pull(u)
    assert [np.shape(g) for g in back] == list(shapes)
    left = np.sum(u * tangent)
    right = sum(np.sum(g * v) for g, v in zip(back, directions, strict=True))
    assert abs(left - right) <= 1e-12 * max(1.0, abs(left))


@FUNCTIONS
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


def test_every_primitive_of_the_table_is_proved() -> None:
    proved = {name.partition(".")[0] for name, *_ in CASES}
    # The adjoints of getitem and gather are proved by their second derivatives.
    assert set(PRIMITIVES) - proved == {"scatter_add", "scatter_at"}


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

    assert close(jacobian(f, "forward")(x), jacobian(f, "reverse")(x))

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
        (lambda x: np.sum(np.sort(x)), np.ones(3), "np.sort has no derivative rule"),
        (lambda x: np.hypot(x, x), 1.0, "np.hypot"),
        (lambda x: np.asarray(x), 1.0, "drop the derivative"),
        (lambda x: float(x), 1.0, "drop the derivative"),
        (lambda x: x.__setitem__(0, 1.0), np.ones(2), "cannot be written into"),
        (lambda x: np.add(x, 1.0, out=np.zeros(2)), np.ones(2), "cannot be changed in place"),
        (lambda x: np.einsum("ii->", x), np.eye(2), "index twice"),
        (lambda x: np.linalg.norm(x, 1), np.ones(2), "norm of order"),
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
