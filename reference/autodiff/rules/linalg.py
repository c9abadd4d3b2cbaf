"""The rules of products and of linear algebra: matmul, dot, tensordot, einsum, outer, kron, norm, solve, inv, det, slogdet.

Source: Giles 2008, *Collected matrix derivative results for forward and reverse mode algorithmic differentiation*.
"""

from __future__ import annotations

import string
from functools import reduce
from math import prod
from typing import Any

import numpy as np

from reference.autodiff.core import bind, declare, dtype_of, implements, shape_of, undifferentiated
from reference.autodiff.rules.elementwise import ROOT
from reference.autodiff.rules.tools import only, unbroadcast

__all__: list[str] = []


def _t(x: Any) -> Any:
    """Transpose each matrix in a stack."""
    return np.swapaxes(x, -1, -2)


MATMUL = declare(
    "matmul",
    np.matmul,
    lambda i, t, y, a, b: np.matmul(t, b) if i == 0 else np.matmul(a, t),
    lambda i, g, y, a, b: unbroadcast(np.matmul(g, _t(b)), a) if i == 0 else unbroadcast(np.matmul(_t(a), g), b),
)


@implements(np.matmul)
def _matmul(a: Any, b: Any) -> Any:
    """Multiply matrices; a vector stands for one row on the left, for one column on the right."""
    left, right = len(shape_of(a)) == 1, len(shape_of(b)) == 1
    if len(shape_of(a)) == 0 or len(shape_of(b)) == 0:
        raise ValueError("matmul of a scalar: use * instead")
    out = bind(MATMUL, np.expand_dims(a, 0) if left else a, np.expand_dims(b, -1) if right else b)
    index = (..., *([0] if left else [slice(None)]), *([0] if right else [slice(None)]))
    return out[index] if left or right else out


@implements(np.dot)
def _dot(a: Any, b: Any) -> Any:
    if () in (shape_of(a), shape_of(b)):
        return a * b
    return _matmul(a, b) if len(shape_of(b)) <= 2 else np.tensordot(a, b, ((-1,), (-2,)))


@implements(np.tensordot)
def _tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    """Contract by one matrix product, contracted axes last on the left and first on the right."""
    ndim_a, ndim_b = len(shape_of(a)), len(shape_of(b))
    if isinstance(axes, int):
        axes = (tuple(range(ndim_a - axes, ndim_a)), tuple(range(axes)))
    one = [s if isinstance(s, (tuple, list)) else (s,) for s in axes]
    over_a, over_b = (tuple(x % n for x in s) for s, n in zip(one, (ndim_a, ndim_b), strict=True))
    free_a = tuple(i for i in range(ndim_a) if i not in over_a)
    free_b = tuple(i for i in range(ndim_b) if i not in over_b)
    rows, size = tuple(shape_of(a)[i] for i in free_a), prod(shape_of(a)[i] for i in over_a)
    columns = tuple(shape_of(b)[i] for i in free_b)
    left = np.reshape(np.transpose(a, free_a + over_a), (prod(rows), size))
    right = np.reshape(np.transpose(b, over_b + free_b), (size, prod(columns)))
    return np.reshape(_matmul(left, right), rows + columns)


@implements(np.inner)
def _inner(a: Any, b: Any) -> Any:
    return a * b if () in (shape_of(a), shape_of(b)) else np.tensordot(a, b, ((-1,), (-1,)))


@implements(np.kron)
def _kron(a: Any, b: Any) -> Any:
    """Multiply every entry of ``a`` with all of ``b``: the axes of both take turns, and each two become one."""
    ndim = max(len(shape_of(a)), len(shape_of(b)))
    one, other = ((1,) * (ndim - len(shape_of(x))) + shape_of(x) for x in (a, b))
    turns = np.reshape(a, [k for n in one for k in (n, 1)]) * np.reshape(b, [k for n in other for k in (1, n)])
    return np.reshape(turns, tuple(n * m for n, m in zip(one, other, strict=True)))


@implements(np.cross)
def _cross(a: Any, b: Any) -> Any:
    """Compute the vector products of rows of three."""
    if shape_of(a)[-1:] != (3,) or shape_of(b)[-1:] != (3,):
        raise TypeError(
            f"np.cross takes rows of three here, these are of shapes {shape_of(a)} and {shape_of(b)}: np.pad with 0"
        )
    after, before = [1, 2, 0], [2, 0, 1]
    return a[..., after] * b[..., before] - a[..., before] * b[..., after]


# ------------------------------------------------------------------------------------------ einsum
def _einsum_jvp(i: int, t: Any, y: Any, *operands: Any, subscripts: str) -> Any:
    return np.einsum(subscripts, *(t if j == i else x for j, x in enumerate(operands)))


def _einsum_vjp(i: int, g: Any, y: Any, *operands: Any, subscripts: str) -> Any:
    """Contract the cotangent with the other operands; an index that they lack was summed out, and is broadcast back."""
    inputs, output = subscripts.split("->")
    names = inputs.split(",")
    others = [operands[j] for j in range(len(operands)) if j != i]
    given = [names[j] for j in range(len(names)) if j != i]
    known = set(output).union(*given) if given else set(output)
    kept = "".join(c for c in names[i] if c in known)
    part = np.einsum(f"{','.join([output, *given])}->{kept}", g, *others)
    sizes = iter(shape_of(part))
    padded = np.reshape(part, tuple(next(sizes) if c in known else 1 for c in names[i]))
    return np.broadcast_to(unbroadcast(padded, operands[i]), shape_of(operands[i]))


EINSUM = declare("einsum", lambda *operands, subscripts: np.einsum(subscripts, *operands), _einsum_jvp, _einsum_vjp)


@implements(np.einsum)
def _einsum(subscripts: Any, *operands: Any, optimize: Any = None, **options: Any) -> Any:
    """Contract by explicit or implicit subscripts, with an ellipsis or without."""
    only("einsum", options)
    if not isinstance(subscripts, str):
        subscripts, operands = _lettered(subscripts, *operands)
    inputs, output = _spelled(subscripts.replace(" ", ""), [len(shape_of(x)) for x in operands]).split("->")
    names, parts = zip(*map(_diagonal, inputs.split(","), operands), strict=True)
    return bind(EINSUM, *parts, subscripts=f"{','.join(names)}->{output}")


def _lettered(*parts: Any) -> tuple[str, tuple[Any, ...]]:
    """Turn operands with lists of numbers, einsum's other form, into subscripts and operands."""
    operands, lists = parts[: len(parts) // 2 * 2 : 2], parts[1::2]
    letters = dict(enumerate(string.ascii_letters))
    names = ["".join("..." if k is Ellipsis else letters[k] for k in each) for each in lists]
    if len(parts) % 2:
        output = "".join("..." if k is Ellipsis else letters[k] for k in parts[-1])
        return f"{','.join(names)}->{output}", operands
    return ",".join(names), operands


def _diagonal(name: str, x: Any) -> tuple[str, Any]:
    """Take the diagonal for each index that stands twice in ``name``; it comes last."""
    for c in name:
        while name.count(c) > 1:
            first = name.index(c)
            x = np.diagonal(x, axis1=first, axis2=name.index(c, first + 1))
            name = name.replace(c, "", 2) + c
    return name, x


def _spelled(subscripts: str, ndims: list[int]) -> str:
    """Write out the output of subscripts, and replace every ellipsis by letters."""
    inputs, arrow, output = subscripts.partition("->")
    names = inputs.split(",")
    widths = [n - len(name.replace("...", "")) for name, n in zip(names, ndims, strict=True)]
    letters = "".join(c for c in string.ascii_letters if c not in subscripts)[: max(0, *widths)]
    spelled = [name.replace("...", letters[len(letters) - n :]) for name, n in zip(names, widths, strict=True)]
    if not arrow:
        flat = "".join(names).replace("...", "")
        output = "..." + "".join(sorted(c for c in flat if flat.count(c) == 1))
    return f"{','.join(spelled)}->{output.replace('...', letters)}"


# ----------------------------------------------------------------------------------- linear systems
def _solve_vjp(i: int, g: Any, y: Any, a: Any, b: Any) -> Any:
    sent = np.linalg.solve(_t(a), g)
    return unbroadcast(-np.matmul(sent, _t(y)), a) if i == 0 else unbroadcast(sent, b)


SOLVE = declare(
    "solve",
    np.linalg.solve,
    lambda i, t, y, a, b: -np.linalg.solve(a, np.matmul(t, y)) if i == 0 else np.linalg.solve(a, t),
    _solve_vjp,
)
INV = declare(
    "inv",
    np.linalg.inv,
    lambda i, t, y, a: -np.matmul(np.matmul(y, t), y),
    lambda i, g, y, a: -np.matmul(np.matmul(_t(y), g), _t(y)),
)
DET = declare(
    "det",
    np.linalg.det,
    lambda i, t, y, a: y * np.sum(_t(np.linalg.inv(a)) * t, axis=(-2, -1)),
    lambda i, g, y, a: np.expand_dims(g * y, (-2, -1)) * _t(np.linalg.inv(a)),
)
LOGDET = declare(
    "logdet",
    lambda a: np.linalg.slogdet(a)[1],
    lambda i, t, y, a: np.sum(_t(np.linalg.inv(a)) * t, axis=(-2, -1)),
    lambda i, g, y, a: np.expand_dims(g, (-2, -1)) * _t(np.linalg.inv(a)),
)
SIGN = declare("sign_of_det", lambda a: np.linalg.slogdet(a)[0])
_SignAndLogdet = type(np.linalg.slogdet(np.eye(1)))


@implements(np.linalg.slogdet)
def _slogdet(a: Any) -> Any:
    """Compute sign and log |det a|: the sign has no derivative, the logarithm that of Giles 2008, §2.2.4."""
    return _SignAndLogdet(bind(SIGN, undifferentiated(a)), bind(LOGDET, a))


@implements(np.linalg.solve)
def _solve(a: Any, b: Any) -> Any:
    """Solve a x = b; a right-hand side that is one vector is turned into a column and back."""
    return bind(SOLVE, a, np.expand_dims(b, -1))[..., 0] if len(shape_of(b)) == 1 else bind(SOLVE, a, b)


@implements(np.linalg.norm)
def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A002 - numpy's name
    """Compute vector norms of any order but 0, and matrix norms that are sums; at 0 the 2-norm has the subgradient 0."""
    axes = tuple(range(len(shape_of(x)))) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    x = x if dtype_of(x).kind == "f" else x.astype(np.float64)  # squares of small integers would wrap
    matrix, entry = len(axes) == 2, np.abs(x)
    if ord is None or (ord == "fro" and matrix) or (ord == 2 and len(axes) == 1):
        return bind(ROOT, np.sum(x * x, axis=axes, keepdims=keepdims))
    if matrix and ord in (1, -1, np.inf, -np.inf):
        over, among = axes if abs(ord) == 1 else axes[::-1]
        sums = np.sum(entry, axis=over, keepdims=True)
        out = (np.max if ord > 0 else np.min)(sums, axis=among, keepdims=True)
        return out if keepdims else np.squeeze(out, axes)
    if isinstance(ord, (int, float)) and ord and len(axes) == 1:
        if np.isinf(ord):
            return (np.max if ord > 0 else np.min)(entry, axis=axes, keepdims=keepdims)
        # A program leaves out powers of 1.
        return np.sum(entry**ord, axis=axes, keepdims=keepdims) ** (1 / ord)
    raise TypeError(
        f"norm of order {ord!r} over {len(axes)} axes has no rule here: take 'fro', 1 or inf of matrices and any order but 0 of "
        "vectors, or compose it from abs, max and sum"
    )


implements(np.vecdot)(lambda a, b: np.sum(a * b, axis=-1))
implements(np.vdot)(lambda a, b: _dot(np.ravel(a), np.ravel(b)))
implements(np.outer)(lambda a, b: np.reshape(a, (-1, 1)) * np.reshape(b, (1, -1)))
implements(np.trace)(lambda a, offset=0, axis1=0, axis2=1: np.sum(np.diagonal(a, offset, axis1, axis2), axis=-1))
implements(np.linalg.multi_dot)(lambda arrays: reduce(_dot, arrays))
implements(np.linalg.inv)(INV)
implements(np.linalg.det)(DET)
