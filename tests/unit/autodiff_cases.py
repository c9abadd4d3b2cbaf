"""What the engine is proved on: each function with the shapes of its arguments, at sizes that are given, drawn, one, and zero."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Callable, Iterable, Iterator
from math import prod
from typing import Any

import numpy as np
import pytest
from points import apart, beyond, inside, near_two, positive

from reference.autodiff import (
    PRIMITIVES,
    avg_pool2d,
    conv2d,
    logistic,
    logsumexp,
    max_pool2d,
    overlap_add,
    softmax,
    softplus,
    windows,
)
from reference.autodiff.rules import Slot

Function = Callable[..., Any]
Shapes = tuple[tuple[int, ...], ...]
Case = tuple[str, Function, Shapes, Function | None]
"""Name, function, shapes of its arguments, and a map to where they must lie."""


def of_each(
    cases: Iterable[Case], *, slow: Iterable[Case] = ()
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a check of a case one test a function of numpy's: thousands of tests of a millisecond cost more than their checks."""
    groups: dict[tuple[str, bool], list[Case]] = {}
    for is_slow, each in ((False, cases), (True, slow)):
        for case in each:
            groups.setdefault((case[0].partition(".")[0], is_slow), []).append(case)

    def decorated(check: Callable[..., None]) -> Callable[..., None]:
        def test(group: list[Case]) -> None:
            for case in group:
                try:
                    check(*case)
                except Exception as error:
                    error.add_note(f"the case is {case[0]}")
                    raise

        test.__doc__ = check.__doc__
        named = [
            pytest.param(group, id=name, marks=[pytest.mark.slow] * is_slow)
            for (name, is_slow), group in groups.items()
        ]
        return pytest.mark.parametrize("group", named)(test)

    return decorated


def worked(x: Any, y: Any) -> Any:
    """The example of Bücker et al. 2006."""
    return (x * y + np.sin(x) + 4) * (3 * y**2 + 6)


def square(x: np.ndarray) -> np.ndarray:
    return x + 3 * np.eye(x.shape[-1])


def in_place(x: Any) -> Any:
    """Names that are bound anew, as they are in a loop."""
    total, h = 0.0, x * 1.0
    h += 1.0
    h *= x
    h -= 2.0 * x
    h /= 3.0
    h **= 2
    for row in x:
        total += np.sum(row**3)
    return h + total


def definite(x: Any) -> Any:
    return x @ np.swapaxes(x, -1, -2) + np.diag(np.arange(1.0, x.shape[-2] + 1))


def spectrum(x: Any) -> Any:
    w, v = np.linalg.eigh(definite(x))
    return np.concatenate([np.ravel(w), np.ravel(v)])


def singular(x: Any) -> Any:
    u, s, vt = np.linalg.svd(x + 3.0 * np.eye(*x.shape[-2:]) * np.arange(1, x.shape[-1] + 1), full_matrices=False)
    return np.concatenate([np.ravel(u), np.ravel(s), np.ravel(vt)])


def signed_logdet(a: Any) -> Any:
    sign, logdet = np.linalg.slogdet(a)
    return sign * logdet


def primitive(name: str, *args: Any, **params: Any) -> Any:
    return PRIMITIVES[name](*args, **params)


# -------------------------------------------------------------------------------------- elementwise
UNARY: list[tuple[tuple[Any, ...], Function | None]] = [
    ((np.negative, np.positive, np.exp, np.exp2, np.expm1, np.square, np.sin, np.cos, np.arctan, np.sinh, np.cosh, np.tanh), None),
    ((np.arcsinh, np.absolute, np.fabs, np.sign), None),
    ((np.log, np.log1p, np.log2, np.log10, np.sqrt, np.cbrt, np.reciprocal), positive),
    ((np.tan, np.arcsin, np.arccos, np.arctanh), inside),
    ((np.arccosh,), beyond),
]  # fmt: skip
BINARY: list[tuple[tuple[Any, ...], Function | None]] = [
    ((np.add, np.subtract, np.multiply, np.logaddexp, np.maximum, np.minimum), None),
    ((np.divide, np.power, np.float_power, np.arctan2, np.hypot), positive),
]
A, ROW, COL = (2, 3), (3,), (2, 1)
SINGLES: list[Shapes] = [(A,), ((),), ((0,),), ((1, 1),)]
PAIRS: list[Shapes] = [(A, A), (A, ROW), (A, COL), (A, ()), (COL, ROW), ((), ()), ((1, 3), (2, 1)), ((0, 3), (3,))]


def remainder(a: Any, b: Any) -> Any:
    """Between its jumps."""
    return np.remainder(a + 1.0, b)


def elementwise(singles: list[Shapes], pairs: list[Shapes]) -> Iterator[Case]:
    for table, shapes in ((UNARY, singles), (BINARY, pairs)):
        for ufuncs, where in table:
            for ufunc, (i, each) in itertools.product(ufuncs, enumerate(shapes)):
                yield f"{ufunc.__name__}.{i}", ufunc, each, where
    for i, each in enumerate(pairs):
        yield f"remainder.{i}", remainder, each, near_two
        yield f"where.{i}", lambda x, y: np.where(x > y, x * y, np.exp(x)), each, None


def broadcastable(rng: np.random.Generator) -> Shapes:
    """Two shapes of up to four axes that numpy brings together, axes of length 0 and 1 among them."""
    full = tuple(int(n) for n in rng.choice([0, 1, 2, 3, 4], size=rng.integers(0, 5), p=[0.06, 0.2, 0.3, 0.24, 0.2]))
    one, other = (tuple(1 if rng.random() < 0.3 else n for n in full) for _ in range(2))
    first, second = one[rng.integers(0, len(one) + 1) :], other
    return (first, second) if rng.random() < 0.5 else (second, first)


# --------------------------------------------------------------------------------------- reductions
REDUCED: list[tuple[str, Function, Function | None, bool]] = [
    # Name, function, where, and whether an empty array has a value.
    ("sum", np.sum, None, True),
    ("mean", np.mean, None, False),
    ("var", np.var, None, False),
    ("std", np.std, None, False),
    ("max", np.max, apart, False),
    ("min", np.min, apart, False),
    ("amax", np.amax, apart, False),
    ("amin", np.amin, apart, False),
    ("ptp", np.ptp, apart, False),
    ("prod", np.prod, None, True),
    ("add_reduce", np.add.reduce, None, True),
    ("multiply_reduce", np.multiply.reduce, None, True),
    ("maximum_reduce", np.maximum.reduce, apart, False),
    ("minimum_reduce", np.minimum.reduce, apart, False),
    ("logaddexp_reduce", np.logaddexp.reduce, None, False),
]


def reductions(n: int, m: int, k: int) -> Iterator[Case]:
    for name, f, where, empty in REDUCED:
        for axis, keep in itertools.product((None, 0, -1, (0, 2)), (False, True)):
            spread = name == "std" and 1 in (prod((n, m, k)), n if axis == 0 else k if axis == -1 else n * k)
            if (empty or n * m * k) and not spread and not (name == "logaddexp_reduce" and isinstance(axis, tuple)):
                yield (
                    f"{name}.{axis}{keep}",
                    lambda x, f=f, axis=axis, keep=keep: f(x, axis=axis, keepdims=keep),
                    ((n, m, k),),
                    where,
                )
    for ufunc in (np.add, np.multiply, np.maximum, np.minimum) if n * m else (np.add, np.multiply):
        yield f"{ufunc.__name__}_reduce.first", lambda x, u=ufunc: u.reduce(x), ((n, m),), apart
    if n * m * k:
        yield "var.ddof", lambda x: np.var(x, axis=1, ddof=0.5), ((n, m),), None
        yield "logsumexp.last", logsumexp, ((n, m),), None
        yield "logsumexp.kept", lambda x: logsumexp(x, axis=0, keepdims=True), ((n, m),), None
        yield "logsumexp.softmax", softmax, ((n, m),), None
    if n * m * k:
        for axis, keep in ((None, True), (1, False), ((0, 2), False)):
            yield f"median.{axis}", lambda x, a=axis, k=keep: np.median(x, axis=a, keepdims=k), ((n, m, k),), apart
        yield (
            "nanmean.a",
            lambda x: np.nanmean(np.where(np.arange(2) == 1, np.nan, x[:, :1]), axis=1),
            ((n, m),),
            None,
        )
        yield "average.weights", lambda x, w: np.average(x, axis=1, weights=w), ((n, m, k), (m,)), positive
        yield "average.all", lambda x, w: np.average(x, weights=w, keepdims=True), ((n, m), (n, m)), positive
        yield "average.plain", lambda x: np.average(x, axis=0), ((n, m),), None
        for mode in ("full", "same", "valid"):
            yield f"convolve.{mode}", lambda x, v, mode=mode: np.convolve(x, v, mode), ((n,), (m,)), None
    for f in (np.fmax, np.fmin):
        yield f"{f.__name__}.a", lambda x, y, f=f: f(np.where(np.arange(m) == 1, np.nan, x), y), ((n, m), (m,)), None
    yield "times.a", lambda x, y: primitive("times", x, y), ((n, m), (m,)), None
    yield "times.stretched", lambda x, y: primitive("times", x, y), ((n, 1), (n, m)), None
    yield "gap.a", lambda x, y: primitive("gap", x, y), ((n, 1), (m,)), None
    yield "root.a", lambda x: primitive("root", x), ((n, m),), positive
    yield "logaddexp.softplus", lambda x: softplus(x) * logistic(x), ((n, m),), None
    yield "cumsum.none", np.cumsum, ((n, m),), None
    yield "cumsum.axis", lambda x: np.cumsum(x, axis=1), ((n, m),), None
    yield "prod.zeros", lambda x: np.prod(x * (np.arange(m) != m - 1), axis=1), ((n, m),), None


# ---------------------------------------------------------------------------------------- structure
def structure(n: int, m: int, k: int) -> Iterator[Case]:
    one: list[tuple[str, Function]] = [
        ("reshape.a", lambda x: np.reshape(x, (n, k * m))),
        ("reshape.ravel", np.ravel),
        ("reshape.expand", lambda x: np.squeeze(np.expand_dims(x, (1, 3)), 1)),
        ("reshape.least", lambda x: np.atleast_3d(np.atleast_2d(np.atleast_1d(x)))),
        ("transpose.T", lambda x: x.T),
        ("transpose.axes", lambda x: np.transpose(x, (1, -1, 0))),
        ("transpose.moved", lambda x: np.moveaxis(np.swapaxes(x, 0, -1), (0, 1), (1, 2))),
        ("transpose.rolled", lambda x: np.matrix_transpose(np.rollaxis(x, 2))),
        ("broadcast_to.a", lambda x: np.broadcast_to(x, (4, n, m, k))),
        ("getitem.slice", lambda x: x[1:, ::2, ::-1]),
        ("getitem.newaxis", lambda x: x[:, None, ..., :0]),
        ("getitem.mask", lambda x: x[np.arange(n) % 2 == 0]),
        ("flip.axis", lambda x: np.flip(x, 0)),
        ("flip.both", lambda x: np.fliplr(np.flipud(np.flip(x)))),
        ("copy.a", lambda x: np.copy(x) * np.full_like(x, 2.0) + np.zeros_like(x) * np.ones_like(x)),
        ("empty_like.a", lambda x: x * np.empty_like(x).size),
        ("repeat.a", lambda x: np.repeat(x, 2, axis=1)),
        ("repeat.counts", lambda x: np.repeat(x, np.arange(n), axis=0)),
        ("tile.a", lambda x: np.tile(x, (2, 1, 2))),
        ("roll.a", lambda x: np.roll(x, (1, -1), axis=(0, 2))),
        ("rot90.a", np.rot90),
        ("diagonal.a", lambda x: np.diagonal(x, 1, 0, 2)),
        ("trace.a", lambda x: np.trace(x, offset=-1, axis1=1, axis2=2)),
        ("tril.a", lambda x: np.tril(x, 1)),
        ("triu.a", lambda x: np.triu(x)),
        ("split.a", lambda x: np.concatenate(np.split(x, [1, 3], axis=-1)[::2], axis=2)),
        ("split.array", lambda x: np.array_split(x, 2, axis=1)[0]),
        ("pad.a", lambda x: np.pad(x, ((1, 2), (0, 1), (0, 0)))),
        ("pad.constant", lambda x: np.pad(x, 1, constant_values=3.0)),
        ("diff.a", lambda x: np.diff(x, axis=1)),
        ("diff.twice", lambda x: np.diff(x, 2)),
        ("nan_to_num.a", lambda x: np.nan_to_num(x)),
        ("clip.a", lambda x: np.clip(x, -0.5, 0.7)),
        ("cumprod.axis", lambda x: np.cumprod(x, axis=1)),
        ("cumprod.none", lambda x: np.cumprod(x)),
        ("nansum.a", lambda x: np.nansum(np.where(np.arange(k) % 2, x, np.nan), axis=-1, keepdims=True)),
        ("sliding_window_view.a", lambda x: np.lib.stride_tricks.sliding_window_view(x, 1, axis=2)),
        ("dstack.a", lambda x: np.dstack([x, x, x[..., :1]])),
        ("hsplit.a", lambda x: np.hsplit(x, [1])[1]),
        ("vsplit.a", lambda x: np.vsplit(x, [1])[0]),
        ("dsplit.a", lambda x: np.dsplit(x, [1])[1]),
        ("block.a", lambda x: np.block([[x, x], [2.0 * x, np.ones((n, m, k))]])),
        ("add.in_place", in_place),
        ("shares.a", lambda x: primitive("shares", x, logsumexp(x, keepdims=True), axis=-1)),
        ("shares.moved", lambda x: primitive("shares", x, x[..., :1] * 2.0, axis=-1) if k else x),
        ("astype.method", lambda x: x.astype(float) * 2.0),
        ("astype.function", lambda x: np.astype(x, np.float64) * x.astype(np.longdouble).astype(float)),
        ("clip.min", lambda x: np.clip(x, min=0.1)),
    ]
    yield from ((name, f, ((n, m, k),), None) for name, f in one)
    yield "diag.vector", lambda x: np.diag(x, -1), ((n,),), None
    yield "diag.matrix", lambda x: np.diag(x), ((n, m),), None
    yield "diagflat.a", np.diagflat, ((n, m),), None
    yield "sort.last", np.sort, ((n, m),), apart
    yield "sort.all", lambda x: np.sort(x, axis=None), ((n, m),), apart
    yield "take_along_axis.a", lambda x: np.take_along_axis(x, np.argsort(x, axis=0), 0), ((n, m),), apart
    yield "concatenate.a", lambda x, y: np.concatenate([x, y, x], axis=1), ((n, m), (n, k)), None
    yield "concatenate.none", lambda x, y: np.append(np.concatenate([x, y], axis=None), y), ((n, m), (k,)), None
    yield "stack.a", lambda x, y: np.stack([x, y], axis=-1), ((n, m), (n, m)), None
    yield "vstack.a", lambda x, y: np.vstack([x, y]), ((n, m), (m,)), None
    yield "hstack.a", lambda x, y: np.hstack([x, y]), ((n,), (m,)), None
    yield "column_stack.a", lambda x, y: np.column_stack([x, y]), ((n, m), (n,)), None
    yield "where.a", lambda x, y: np.where(np.arange(m) % 2 == 0, x, y), ((n, m), (m,)), None
    yield "where.traced", lambda x: np.where(x > 0, x * x, np.exp(x)), ((n, m),), None
    if n * m * k:
        last, words = m - 1, np.array([m - 1, 0, m - 1])
        for mode in ("edge", "symmetric", "reflect", "wrap"):
            yield f"pad.{mode}", lambda x, mode=mode: np.pad(x, ((0, 0), (1, 0)), mode=mode), ((n, m),), None
        yield "getitem.integer", lambda x: x[last], ((m, n),), None
        yield "getitem.array", lambda x: x[words], ((m, n),), None
        yield "getitem.pairs", lambda x: x[np.zeros(3, dtype=int), words], ((n, m),), None
        yield "delete.a", lambda x: np.delete(x, 0, axis=1), ((n, m),), None
        yield "take.axis", lambda x: np.take(x, words, axis=1), ((n, m),), None
        yield "take.flat", lambda x: np.take(x, [0, n * m - 1, 0]), ((n, m),), None
        form = (slice(None), Slot(0))
        yield "gather.a", lambda x: primitive("gather", x, words, form=form), ((n, m),), None
        yield "scatter_at.a", lambda g: primitive("scatter_at", g, words, form=form, shape=(n, m)), ((n, 3),), None
        yield "scatter_add.array", lambda g: primitive("scatter_add", g, index=words, shape=(m, n)), ((3, n),), None
    yield (
        "scatter_add.slice",
        lambda g: primitive("scatter_add", g, index=np.s_[1:, 0], shape=(n + 1, 2)),
        ((n,),),
        None,
    )


# ----------------------------------------------------------------------------------------- products
def products(n: int, m: int, k: int) -> Iterator[Case]:
    for i, shapes in enumerate(
        [((n, m), (m, k)), ((m,), (m, k)), ((n, m), (m,)), ((m,), (m,)), ((k, n, m), (m, n)), ((5, 1, n, m), (k, m, 2))]
    ):
        yield f"matmul.{i}", np.matmul, shapes, None
    two: list[tuple[str, Function, Shapes]] = [
        ("dot.a", np.dot, ((n, m), (m, k))),
        ("dot.deep", np.dot, ((n, m), (k, m, 2))),
        ("dot.scalar", np.dot, ((), (n, m))),
        ("vdot.a", np.vdot, ((n, m), (m, n))),
        ("vecdot.a", lambda x, y: np.vecdot(x, y), ((n, m), (m,))),
        ("inner.a", np.inner, ((n, m), (k, m))),
        ("inner.scalar", np.inner, ((n, m), ())),
        ("outer.a", np.outer, ((n, m), (k,))),
        ("kron.a", np.kron, ((n, m), (m, k))),
        ("kron.vector", np.kron, ((n, m), (k,))),
        ("cross.a", np.cross, ((n, 3), (3,))),
        ("tensordot.2", lambda x, y: np.tensordot(x, y, 2), ((n, m, k), (m, k, 2))),
        ("tensordot.axes", lambda x, y: np.tensordot(x, y, ((0, 2), (1, 0))), ((n, m, k), (k, n, 2))),
        ("tensordot.one", lambda x, y: np.tensordot(x, y, (-1, 0)), ((n, m), (m, k))),
        ("einsum.ij,jk", lambda x, y: np.einsum("ij,jk->ik", x, y), ((n, m), (m, k))),
        ("einsum.implicit", lambda x, y: np.einsum("ij,jk", x, y), ((n, m), (m, k))),
        ("einsum.lost", lambda x, y: np.einsum("ij,kl->il", x, y), ((n, m), (m, k))),
        ("einsum.stretched", lambda x, y: np.einsum("ij,ij->i", x, y), ((n, 1), (n, m))),
        ("einsum.one", lambda x: np.einsum("ijk->ki", x), ((n, m, k),)),
        ("einsum.three", lambda x, y, z: np.einsum("i,ij,j->", x, y, z), ((n,), (n, m), (m,))),
        ("einsum.ellipsis", lambda x, y: np.einsum("...ij,...jk->...ik", x, y), ((k, n, m), (k, m, n))),
        ("einsum.diagonal", lambda x: np.einsum("ii->i", x), ((n, n),)),
        ("einsum.trace", lambda x: np.einsum("ii", x), ((n, n),)),
        ("einsum.partial", lambda x: np.einsum("iji->j", x), ((n, m, n),)),
        ("einsum.thrice", lambda x, y: np.einsum("iiij,j->i", x, y), ((n, n, n, m), (m,))),
        ("einsum.lists", lambda x, y: np.einsum(x, [0, 1], y, [1, 2], [2, 0]), ((n, m), (m, k))),
        ("einsum.lists_implicit", lambda x, y: np.einsum(x, [..., 0, 1], y, [..., 1, 2]), ((k, n, m), (m, k))),
        ("cholesky.a", lambda x: np.linalg.cholesky(definite(x)), ((n, m),)),
        ("cholesky.upper", lambda x: np.linalg.cholesky(definite(x), upper=True), ((k, n, m),)),
        ("eigh.a", spectrum, ((n, m),)),
        ("eigh.stack", lambda x: np.linalg.eigvalsh(definite(x)), ((k, n, m),)),
        ("multi_dot.a", lambda x, y, z: np.linalg.multi_dot([x, y, z]), ((n, m), (m, k), (k, 2))),
        ("solve.vector", lambda a, b: np.linalg.solve(square(a), b), ((m, m), (m,))),
        ("solve.matrix", lambda a, b: np.linalg.solve(square(a), b), ((m, m), (m, k))),
        ("solve.stacks", lambda a, b: np.linalg.solve(square(a), b), ((n, m, m), (m, k))),
        ("solve.one", lambda a, b: np.linalg.solve(square(a), b), ((n, m, m), (m,))),
        ("inv.a", lambda a: np.linalg.inv(square(a)), ((n, m, m),)),
        ("det.a", lambda a: np.linalg.det(square(a)), ((n, m, m),)),
        ("logdet.a", lambda a: signed_logdet(square(a) * np.where(np.arange(m) == 0, -1.0, 1.0)), ((m, m),)),
        ("logdet.stack", lambda a: np.linalg.slogdet(square(a)).logabsdet, ((n, m, m),)),
    ]  # fmt: skip
    yield from ((name, f, shapes, None) for name, f, shapes in two)
    if n * m * k:
        for order in (None, 1, 2, 3, np.inf, -np.inf):
            norm = lambda x, order=order: np.linalg.norm(x, order, axis=1)  # noqa: E731 - one line of a table
            yield f"norm.vectors.{order}", norm, ((n, m, k),), apart
        for order in ("fro", 1, -1, np.inf, -np.inf):
            norm = lambda x, order=order: np.linalg.norm(x, order, keepdims=True)  # noqa: E731
            yield f"norm.matrix.{order}", norm, ((n, m),), apart
        for one, other in ((n, m), (m, n), (m, m)):
            yield f"svd.{one}{other}", singular, ((one, other),), None
        yield (
            "svd.values",
            lambda x: np.linalg.svd(square(x), compute_uv=False) + np.linalg.svdvals(x + 1.0),
            ((k, m, m),),
            None,
        )
        yield "norm.all", np.linalg.norm, ((n, m, k),), None
        yield "norm.stack", lambda x: np.linalg.norm(x, 1, axis=(0, 2)), ((n, m, k),), apart


# --------------------------------------------------------------------------------------- convolution
def images(n: int, m: int, k: int) -> Iterator[Case]:
    """n images of m channels, k filters."""
    yield "windows.a", lambda x: windows(x, (2, 3), (1, 2)), ((n, m, 4, 6),), None
    yield "overlap_add.a", lambda g: overlap_add(g, (4, 6), (1, 2)), ((n, m, 3, 2, 2, 3),), None
    for stride, pad in ((1, 0), (2, 1), ((1, 2), (0, 2))):
        f = lambda x, w, b, s=stride, p=pad: conv2d(x, w, b, stride=s, pad=p)  # noqa: E731 - one line of a table
        yield f"conv2d.{stride}{pad}", f, ((n, m, 5, 4), (k, m, 3, 2), (k,)), None
    yield "conv2d.unbiased", conv2d, ((n, m, 3, 3), (k, m, 1, 3)), None
    yield "avg_pool2d.a", lambda x: avg_pool2d(x, 2, 1), ((n, m, 4, 3),), None
    yield "max_pool2d.overlapping", lambda x: max_pool2d(x, 3, 2), ((n, m, 5, 7),), apart
    yield "max_pool2d.apart", lambda x: max_pool2d(x, (2, 3)), ((n, m, 5, 6),), apart


def of_sizes(n: int, m: int, k: int) -> Iterator[Case]:
    for part in (reductions, structure, products, images):
        yield from part(n, m, k)


CASES = [*elementwise(SINGLES, PAIRS), *of_sizes(2, 3, 4)]
RNG = np.random.default_rng(0)
SIZES = [(1, 1, 1), (1, 4, 2), (0, 3, 2), (2, 0, 3), *[tuple(RNG.integers(1, 5, size=3).tolist()) for _ in range(1)]]
MORE: list[Case] = [
    *[
        (f"{name}@{seed}", *rest)
        for seed in range(2)
        for name, *rest in elementwise([broadcastable(RNG)[:1]], [broadcastable(RNG)])
    ],
    *[(f"{name}@{'x'.join(map(str, size))}", *rest) for size in SIZES for name, *rest in of_sizes(*size)],
]  # type: ignore[list-item]


def drawn(name: str, shapes: Shapes, where: Function | None) -> tuple[list[Any], list[Any], np.random.Generator]:
    """A point, a direction and a generator for one case, always the same."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    points = [(where or (lambda x: x))(rng.standard_normal(shape)) for shape in shapes]
    return points, [rng.standard_normal(shape) for shape in shapes], rng


def close(a: Any, b: Any, digits: float = 1e-9) -> bool:
    """Whether two arrays agree in shape, and in value relative to their largest entry, or to 1."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    size = max(1.0, np.abs(a).max(initial=0.0), np.abs(b).max(initial=0.0))
    return a.shape == b.shape and bool(np.all(np.abs(a - b) <= digits * size))
