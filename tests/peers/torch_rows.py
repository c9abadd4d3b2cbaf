"""What the engine and PyTorch both have: the two functions, the shapes of their arguments, and where these must lie."""

from __future__ import annotations

from collections.abc import Callable
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

torch = pytest.importorskip(
    "torch", reason="PyTorch is no dependency: pip install 'gradmark[peers]' to compare with it"
)
F = torch.nn.functional
Function = Callable[..., Any]


def thousands(x: np.ndarray) -> np.ndarray:
    return 1000.0 * np.sign(x) + x


def square(x: Any) -> Any:
    """Well away from singular."""
    return x + 3.0 * (torch.eye(x.shape[-1], dtype=x.dtype) if isinstance(x, torch.Tensor) else np.eye(x.shape[-1]))


def definite(x: Any) -> Any:
    return x @ x.T + square(0.0 * x)


def some_zeros(x: np.ndarray) -> np.ndarray:
    """One zero in the first row, two in the second."""
    x = x.copy()
    x[0, 1] = x[1, 0] = x[1, 2] = 0.0
    return x


SINGLES = [(3, 4), (), (0, 2), (1, 1)]
PAIRS = [
    ((3, 4), (3, 4)),
    ((3, 4), (4,)),
    ((3, 1), (1, 4)),
    ((), (2, 3)),
    ((), ()),
    ((0, 3), (3,)),
    ((1, 1), (2, 1, 1)),
]
UNARY: list[tuple[str, Function, Function, Function | None]] = [
    ("negative", np.negative, torch.neg, None),
    ("positive", np.positive, torch.positive, None),
    ("exp", np.exp, torch.exp, None),
    ("exp2", np.exp2, torch.exp2, None),
    ("expm1", np.expm1, torch.expm1, None),
    ("log", np.log, torch.log, positive),
    ("log1p", np.log1p, torch.log1p, positive),
    ("log2", np.log2, torch.log2, positive),
    ("log10", np.log10, torch.log10, positive),
    ("sqrt", np.sqrt, torch.sqrt, positive),
    ("cbrt", np.cbrt, lambda x: x ** (1 / 3), positive),
    ("root", lambda x: PRIMITIVES["root"](x), torch.sqrt, positive),
    ("shares", lambda x: PRIMITIVES["shares"](x, 2.0 * x, axis=-1), lambda x: torch.exp(-x), None),
    ("square", np.square, torch.square, None),
    ("reciprocal", np.reciprocal, torch.reciprocal, positive),
    ("sin", np.sin, torch.sin, None),
    ("cos", np.cos, torch.cos, None),
    ("tan", np.tan, torch.tan, inside),
    ("arcsin", np.arcsin, torch.arcsin, inside),
    ("arccos", np.arccos, torch.arccos, inside),
    ("arctan", np.arctan, torch.arctan, None),
    ("sinh", np.sinh, torch.sinh, None),
    ("cosh", np.cosh, torch.cosh, None),
    ("tanh", np.tanh, torch.tanh, None),
    ("arcsinh", np.arcsinh, torch.arcsinh, None),
    ("arccosh", np.arccosh, torch.arccosh, beyond),
    ("arctanh", np.arctanh, torch.arctanh, inside),
    ("absolute", np.absolute, torch.abs, None),
    ("fabs", np.fabs, torch.abs, None),
    ("sign", np.sign, torch.sign, None),
    ("logistic", logistic, torch.sigmoid, None),
    ("logistic.far", logistic, torch.sigmoid, thousands),
    ("softplus", softplus, lambda x: F.softplus(x, threshold=1e9), None),
    ("softplus.far", softplus, F.softplus, thousands),
    ("astype", lambda x: x.astype(np.float64) * x, lambda x: x.to(torch.float64) * x, None),
    ("nan_to_num", np.nan_to_num, torch.nan_to_num, None),
]
BINARY: list[tuple[str, Function, Function, Function | None]] = [
    ("add", np.add, torch.add, None),
    ("subtract", np.subtract, torch.subtract, None),
    ("multiply", np.multiply, torch.multiply, None),
    ("divide", np.divide, torch.divide, positive),
    ("power", np.power, torch.pow, positive),
    ("float_power", np.float_power, torch.float_power, positive),
    ("maximum", np.maximum, torch.maximum, None),
    ("minimum", np.minimum, torch.minimum, None),
    ("logaddexp", np.logaddexp, torch.logaddexp, None),
    ("logaddexp.far", np.logaddexp, torch.logaddexp, thousands),
    ("times", lambda a, b: PRIMITIVES["times"](a, b), torch.multiply, None),
    ("gap", lambda a, b: PRIMITIVES["gap"](a, b), torch.subtract, None),
    ("hypot", np.hypot, torch.hypot, positive),
    ("arctan2", np.arctan2, torch.arctan2, positive),
    ("remainder", lambda a, b: np.remainder(a + 1.0, b), lambda a, b: torch.remainder(a + 1.0, b), near_two),
    ("where", lambda a, b: np.where(a > b, a, b * b), lambda a, b: torch.where(a > b, a, b * b), None),
]
Row = tuple[str, Function, Function, tuple[tuple[int, ...], ...], Function | None]
WORDS = np.array([2, 0, 2, 1])
SAME = torch.from_numpy(WORDS)
TAKEN = np.array([[0, 2, 0, 1], [1, 1, 1, 1]])


def primitive(name: str, *args: Any, **params: Any) -> Any:
    return PRIMITIVES[name](*args, **params)


def unfolded(x: Any, size: tuple[int, int], stride: tuple[int, int]) -> Any:
    """PyTorch's windows in our order: (N, C, rows, columns, height, width)."""
    return x.unfold(2, size[0], stride[0]).unfold(3, size[1], stride[1])


def folded(g: Any, shape: tuple[int, int], stride: tuple[int, int]) -> Any:
    n, c, rows, columns, height, width = g.shape
    patches = g.permute(0, 1, 4, 5, 2, 3).reshape(n, c * height * width, rows * columns)
    return F.fold(patches, shape, (height, width), stride=stride)


def into(shape: tuple[int, ...], index: Any) -> Function:
    """Zeros with a tensor added at an index."""
    return lambda g: torch.zeros(shape, dtype=g.dtype).index_put((index,), g, accumulate=True)


ARRAYS: list[Row] = [
    ("reshape", lambda x: np.reshape(x, (4, -1)), lambda x: x.reshape(4, -1), ((2, 3, 4),), None),
    ("transpose", lambda x: np.transpose(x, (2, 0, 1)), lambda x: x.permute(2, 0, 1), ((2, 3, 4),), None),
    ("transpose.moved", lambda x: np.moveaxis(x, 0, -1), lambda x: x.movedim(0, -1), ((2, 3, 4),), None),
    ("broadcast_to", lambda x: np.broadcast_to(x, (5, 2, 3)), lambda x: x.expand(5, 2, 3), ((2, 1),), None),
    ("flip", lambda x: np.flip(x, (0, 2)), lambda x: x.flip(0, 2), ((2, 3, 4),), None),
    ("pad", lambda x: np.pad(x, ((0, 1), (2, 0))), lambda x: F.pad(x, (2, 0, 0, 1)), ((3, 4),), None),
    ("pad.value", lambda x: np.pad(x, 1, constant_values=2.0), lambda x: F.pad(x, (1,) * 4, value=2.0), ((3, 4),), None),
    ("pad.reflect", lambda x: np.pad(x, ((0, 0), (2, 1)), "reflect"), lambda x: F.pad(x, (2, 1), "reflect"), ((3, 4),), None),
    ("concatenate", lambda x, y: np.concatenate([x, y, x], 1), lambda x, y: torch.cat([x, y, x], 1), ((2, 3), (2, 1)), None),
    ("stack", lambda x, y: np.stack([x, y], -1), lambda x, y: torch.stack([x, y], -1), ((2, 3), (2, 3)), None),
    ("vstack", lambda x, y: np.vstack([x, y]), lambda x, y: torch.vstack([x, y]), ((2, 3), (3,)), None),
    ("split", lambda x: np.split(x, 2, -1)[1], lambda x: x.tensor_split(2, -1)[1], ((2, 4),), None),
    ("getitem.slices", lambda x: x[1:, None, ::2], lambda x: x[1:, None, ::2], ((3, 4),), None),
    ("getitem", lambda x: x[WORDS], lambda x: x[SAME], ((3, 4),), None),
    ("getitem.mask", lambda x: x[WORDS > 0], lambda x: x[SAME > 0], ((4, 3),), None),
    ("gather", lambda W: primitive("gather", W, WORDS, form=Slot(0)), lambda W: F.embedding(SAME, W), ((3, 4),), None),
    ("scatter_add", lambda g: primitive("scatter_add", g, index=WORDS, shape=(3, 2)), into((3, 2), SAME), ((4, 2),), None),
    ("scatter_at", lambda g: primitive("scatter_at", g, WORDS, form=Slot(0), shape=(3,)), into((3,), SAME), ((4,),), None),
    ("take_along_axis", lambda x: np.take_along_axis(x, TAKEN, 1), lambda x: x.gather(1, torch.from_numpy(TAKEN)), ((2, 3),), None),
    ("take", lambda x: np.take(x, WORDS), lambda x: x.take(SAME), ((2, 3),), None),
    ("sort", lambda x: np.sort(x, axis=0), lambda x: x.sort(0).values, ((4, 3),), apart),
    ("repeat", lambda x: np.repeat(x, 3, axis=0), lambda x: x.repeat_interleave(3, 0), ((2, 3),), None),
    ("tile", lambda x: np.tile(x, (2, 3)), lambda x: x.tile(2, 3), ((2, 3),), None),
    ("roll", lambda x: np.roll(x, (1, -2), (0, 1)), lambda x: x.roll((1, -2), (0, 1)), ((3, 4),), None),
    ("diagonal", lambda x: np.diagonal(x, 1, 0, 2), lambda x: x.diagonal(1, 0, 2), ((3, 2, 4),), None),
    ("diag", np.diag, torch.diag, ((3,),), None),
    ("tril", lambda x: np.tril(x, -1), lambda x: x.tril(-1), ((2, 3, 3),), None),
    ("triu", np.triu, torch.triu, ((3, 4),), None),
    ("diff", np.diff, torch.diff, ((3, 4),), None),
    ("clip", lambda x: np.clip(x, -0.5, 0.7), lambda x: x.clamp(-0.5, 0.7), ((3, 4),), None),
]  # fmt: skip
REDUCTIONS: list[Row] = [
    ("sum", lambda x: np.sum(x, axis=(0, 2)), lambda x: x.sum((0, 2)), ((2, 3, 4),), None),
    ("sum.empty", lambda x: np.sum(x, axis=0), lambda x: x.sum(0), ((0, 3),), None),
    ("mean", lambda x: np.mean(x, axis=1, keepdims=True), lambda x: x.mean(1, keepdim=True), ((2, 3, 4),), None),
    ("var", lambda x: np.var(x, axis=0, ddof=1), lambda x: x.var(0), ((4, 3),), None),
    ("std", np.std, lambda x: x.std(correction=0), ((4, 3),), None),
    ("max", lambda x: np.max(x, axis=(0, 2)), lambda x: x.amax((0, 2)), ((2, 3, 4),), apart),
    ("min", lambda x: np.min(x, axis=-1, keepdims=True), lambda x: x.amin(-1, keepdim=True), ((2, 3, 4),), apart),
    ("prod", lambda x: np.prod(x, axis=1), lambda x: x.prod(1), ((3, 5),), None),
    ("prod.zeros", lambda x: np.prod(x, axis=1), lambda x: x.prod(1), ((3, 5),), some_zeros),
    ("cumsum", lambda x: np.cumsum(x, axis=1), lambda x: x.cumsum(1), ((3, 5),), None),
    ("logsumexp", logsumexp, lambda x: x.logsumexp(-1), ((3, 4),), None),
    ("logsumexp.far", logsumexp, lambda x: x.logsumexp(-1), ((3, 4),), thousands),
    ("softmax", lambda x: softmax(x, 0), lambda x: x.softmax(0), ((3, 4),), None),
    ("softmax.far", softmax, lambda x: x.softmax(-1), ((3, 4),), thousands),
    ("norm", np.linalg.norm, torch.linalg.norm, ((3, 4),), None),
    ("norm.1", lambda x: np.linalg.norm(x, 1, axis=1), lambda x: torch.linalg.vector_norm(x, 1, 1), ((3, 4),), None),
    ("norm.3", lambda x: np.linalg.norm(x, 3, axis=1), lambda x: torch.linalg.vector_norm(x, 3, 1), ((3, 4),), None),
    (
        "norm.inf",
        lambda x: np.linalg.norm(x, np.inf),
        lambda x: torch.linalg.matrix_norm(x, torch.inf),
        ((3, 4),),
        None,
    ),
    ("norm.-1", lambda x: np.linalg.norm(x, -1), lambda x: torch.linalg.matrix_norm(x, -1), ((3, 4),), None),
]


def both_einsum(subscripts: str) -> tuple[Function, Function]:
    return lambda *xs: np.einsum(subscripts, *xs), lambda *xs: torch.einsum(subscripts, *xs)


def convolved(a: Any, v: Any) -> Any:
    return F.conv1d(a[None, None], v.flip(0)[None, None], padding=len(v) - 1)[0, 0]


OVER = ((0, 2), (1, 0))
PRODUCTS: list[Row] = [
    *[
        (f"matmul.{i}", np.matmul, torch.matmul, shapes, None)
        for i, shapes in enumerate([((2, 3), (3, 4)), ((3,), (3, 4)), ((2, 3), (3,)), ((3,), (3,)), ((5, 1, 2, 3), (4, 3, 2))])
    ],
    ("matmul", np.matmul, torch.matmul, ((0, 3), (3, 4)), None),
    ("dot", np.dot, torch.dot, ((3,), (3,)), None),
    ("inner", np.inner, torch.inner, ((2, 3), (4, 3)), None),
    ("outer", np.outer, torch.outer, ((2,), (4,)), None),
    ("kron", np.kron, torch.kron, ((2, 3), (3, 2)), None),
    ("cross", np.cross, torch.linalg.cross, ((2, 3), (2, 3)), None),
    ("tensordot", lambda x, y: np.tensordot(x, y, OVER), lambda x, y: torch.tensordot(x, y, OVER), ((2, 3, 4), (4, 2, 5)), None),
    ("einsum", *both_einsum("bij,jk->bik"), ((4, 2, 3), (3, 5)), None),
    ("einsum.trace", *both_einsum("ii"), ((3, 3),), None),
    ("einsum.diagonal", *both_einsum("iij,j->i"), ((3, 3, 4), (4,)), None),
    ("einsum.ellipsis", *both_einsum("...ij,...jk->...ik"), ((5, 2, 3), (5, 3, 2)), None),
    ("trace", np.trace, torch.trace, ((3, 4),), None),
    *[
        (f"solve{i}", lambda a, b: np.linalg.solve(square(a), b), lambda a, b: torch.linalg.solve(square(a), b), shapes, None)
        for i, shapes in (("", ((2, 3, 3), (2, 3, 4))), (".vector", ((3, 3), (3,))))
    ],
    ("cholesky", lambda a: np.linalg.cholesky(definite(a)), lambda a: torch.linalg.cholesky(definite(a)), ((3, 3),), None),
    ("convolve", np.convolve, convolved, ((5,), (3,)), None),
    ("eigh", lambda a: np.linalg.eigvalsh(a + a.T), lambda a: torch.linalg.eigvalsh(a + a.T), ((3, 3),), None),
    ("svd", lambda a: np.linalg.svd(square(a), compute_uv=False), lambda a: torch.linalg.svdvals(square(a)), ((3, 3),), None),
    ("inv", lambda a: np.linalg.inv(square(a)), lambda a: torch.linalg.inv(square(a)), ((2, 3, 3),), None),
    ("det", lambda a: np.linalg.det(square(a)), lambda a: torch.linalg.det(square(a)), ((2, 3, 3),), None),
    ("logdet", lambda a: np.linalg.slogdet(square(a))[1], lambda a: torch.linalg.slogdet(square(a))[1], ((2, 3, 3),), None),
]  # fmt: skip
IMAGES: list[Row] = [
    ("windows", lambda x: windows(x, (2, 3), (1, 2)), lambda x: unfolded(x, (2, 3), (1, 2)), ((2, 3, 5, 7),), None),
    ("overlap_add", lambda g: overlap_add(g, (5, 7), (1, 2)), lambda g: folded(g, (5, 7), (1, 2)), ((2, 3, 4, 3, 2, 3),), None),
    *[
        (
            f"conv2d.{stride}.{pad}",
            lambda x, w, b, s=stride, p=pad: conv2d(x, w, b, stride=s, pad=p),
            lambda x, w, b, s=stride, p=pad: F.conv2d(x, w, b, stride=s, padding=p),
            ((2, 3, 8, 7), (4, 3, 3, 2), (4,)),
            None,
        )
        for stride, pad in ((1, 0), (1, 1), (2, 0), (2, 2), (3, 1), ((2, 1), (0, 2)))
    ],
    ("conv2d.1x1", conv2d, F.conv2d, ((1, 1, 1, 1), (1, 1, 1, 1)), None),
    *[
        (
            f"{name}.{size}.{stride}",
            lambda x, f=ours, size=size, stride=stride: f(x, size, stride),
            lambda x, f=theirs, size=size, stride=stride: f(x, size, stride),
            ((2, 3, 8, 7),),
            apart,
        )
        for name, ours, theirs in (("max_pool2d", max_pool2d, F.max_pool2d), ("avg_pool2d", avg_pool2d, F.avg_pool2d))
        for size, stride in ((2, 2), (3, 1), (3, 2), ((2, 3), (3, 1)))
    ],
]  # fmt: skip
ROWS: list[Row] = [
    *[(f"{n}.{i}", a, b, (shape,), w) for n, a, b, w in UNARY for i, shape in enumerate(SINGLES)],
    *[(f"{n}.{i}", a, b, shapes, w) for n, a, b, w in BINARY for i, shapes in enumerate(PAIRS)],
    *ARRAYS,
    *REDUCTIONS,
    *PRODUCTS,
    *IMAGES,
]
