"""The rules of products and of linear algebra: matmul, dot, tensordot, einsum, outer, norm, solve, inv, det.

Source: Giles 2008, *Collected matrix derivative results for forward and reverse mode algorithmic differentiation*.
"""

from __future__ import annotations

import string
from typing import Any

import numpy as np

from reference.autodiff.core import FUNCTIONS, UFUNCS, Primitive, bind, concrete
from reference.autodiff.elementwise import declared, unbroadcast

__all__: list[str] = []


def _t(x: Any) -> Any:
    """The transpose of each matrix in a stack."""
    return np.swapaxes(x, -1, -2)


MATMUL: Primitive = declared(
    Primitive(
        "matmul",
        np.matmul,
        (lambda t, _, a, b: np.matmul(t, b), lambda t, _, a, b: np.matmul(a, t)),
        (
            lambda g, _, a, b: unbroadcast(np.matmul(g, _t(b)), a),
            lambda g, _, a, b: unbroadcast(np.matmul(_t(a), g), b),
        ),
    )
)


def _matmul(a: Any, b: Any) -> Any:
    """``a @ b``; a vector stands for a matrix of one row on the left and of one column on the right."""
    left, right = np.ndim(concrete(a)) == 1, np.ndim(concrete(b)) == 1
    if np.ndim(concrete(a)) == 0 or np.ndim(concrete(b)) == 0:
        raise ValueError("matmul of a scalar: use * instead")
    out = bind(MATMUL, np.expand_dims(a, 0) if left else a, np.expand_dims(b, -1) if right else b)
    index = (..., *([0] if left else [slice(None)]), *([0] if right else [slice(None)]))
    return out[index] if left or right else out


def _dot(a: Any, b: Any) -> Any:
    if np.ndim(concrete(a)) == 0 or np.ndim(concrete(b)) == 0:
        return a * b
    if np.ndim(concrete(b)) <= 2:
        return _matmul(a, b)
    return np.tensordot(a, b, ((-1,), (-2,)))


def _tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    """Brought to one matrix product: contracted axes last on the left and first on the right."""
    ndim_a, ndim_b = np.ndim(concrete(a)), np.ndim(concrete(b))
    if isinstance(axes, int):
        axes = (tuple(range(ndim_a - axes, ndim_a)), tuple(range(axes)))
    one = [s if isinstance(s, (tuple, list)) else (s,) for s in axes]
    over_a, over_b = (tuple(x % n for x in s) for s, n in zip(one, (ndim_a, ndim_b), strict=True))
    free_a = tuple(i for i in range(ndim_a) if i not in over_a)
    free_b = tuple(i for i in range(ndim_b) if i not in over_b)
    shape_a, shape_b = np.shape(concrete(a)), np.shape(concrete(b))
    size = int(np.prod([shape_a[i] for i in over_a], dtype=int))
    left = np.reshape(np.transpose(a, free_a + over_a), (-1, size))
    right = np.reshape(np.transpose(b, over_b + free_b), (size, -1))
    return np.reshape(_matmul(left, right), tuple(shape_a[i] for i in free_a) + tuple(shape_b[i] for i in free_b))


# ------------------------------------------------------------------------------------------ einsum
def _einsum_vjp(g: Any, _: Any, *operands: Any, i: int, subscripts: str) -> Any:
    """The adjoint is an einsum of the cotangent with the other operands; an index that it lost is summed out: broadcast back."""
    inputs, output = subscripts.split("->")
    names = inputs.split(",")
    others = [operands[j] for j in range(len(operands)) if j != i]
    given = [names[j] for j in range(len(names)) if j != i]
    known = set(output).union(*given) if given else set(output)
    kept = "".join(c for c in names[i] if c in known)
    part = np.einsum(f"{','.join([output, *given])}->{kept}", g, *others)
    shape = np.shape(concrete(operands[i]))
    padded = tuple(shape[k] if c in known else 1 for k, c in enumerate(names[i]))
    return np.broadcast_to(np.reshape(part, padded), shape)


EINSUM: Primitive = declared(
    Primitive(
        "einsum",
        lambda *operands, subscripts: np.einsum(subscripts, *operands),
        lambda t, _, *operands, i, subscripts: np.einsum(
            subscripts, *(t if j == i else x for j, x in enumerate(operands))
        ),
        _einsum_vjp,
    )
)


def _einsum(subscripts: Any, *operands: Any, **_: Any) -> Any:
    """Explicit or implicit subscripts, with an ellipsis or without; no index twice in one operand."""
    if not isinstance(subscripts, str):
        raise TypeError("einsum takes its subscripts as a string here: 'ij,jk->ik'")
    text = _spelled(subscripts.replace(" ", ""), [np.ndim(concrete(x)) for x in operands])
    for name in text.split("->")[0].split(","):
        if len(set(name)) < len(name):
            raise TypeError(
                f"einsum with an index twice in one operand ({name!r}) has no rule here: index a diagonal first"
            )
    return bind(EINSUM, *operands, subscripts=text)


def _spelled(subscripts: str, ndims: list[int]) -> str:
    """Subscripts with the output written out and every ellipsis replaced by letters."""
    inputs, arrow, output = subscripts.partition("->")
    names = inputs.split(",")
    free = [c for c in string.ascii_letters if c not in subscripts]
    widest = max(
        (n - len(name.replace("...", "")) for name, n in zip(names, ndims, strict=True) if "..." in name), default=0
    )
    letters = "".join(free[:widest])
    spelled = []
    for name, n in zip(names, ndims, strict=True):
        width = n - len(name.replace("...", ""))
        spelled.append(name.replace("...", letters[len(letters) - width :] if width else ""))
    if arrow:
        return f"{','.join(spelled)}->{output.replace('...', letters)}"
    flat = "".join(spelled)
    once = "".join(sorted(c for c in set(flat) if flat.count(c) == 1 and c not in letters))
    return f"{','.join(spelled)}->{letters}{once}"


# ----------------------------------------------------------------------------------- linear systems
def _column(b: Any, a: Any) -> bool:
    """Whether a right-hand side is one vector: it is turned into a column and back."""
    return np.ndim(concrete(b)) == np.ndim(concrete(a)) - 1 == 1


SOLVE: Primitive = declared(
    Primitive(
        "solve",
        np.linalg.solve,
        (
            lambda t, x, a, b: -np.linalg.solve(a, np.matmul(t, x)),
            lambda t, x, a, b: np.linalg.solve(a, t),
        ),
        (
            lambda g, x, a, b: unbroadcast(-np.matmul(np.linalg.solve(_t(a), g), _t(x)), a),
            lambda g, x, a, b: unbroadcast(np.linalg.solve(_t(a), g), b),
        ),
    )
)
INV: Primitive = declared(
    Primitive(
        "inv",
        np.linalg.inv,
        (lambda t, y, _: -np.matmul(np.matmul(y, t), y),),
        (lambda g, y, _: -np.matmul(np.matmul(_t(y), g), _t(y)),),
    )
)
DET: Primitive = declared(
    Primitive(
        "det",
        np.linalg.det,
        (lambda t, y, a: y * np.sum(_t(np.linalg.inv(a)) * t, axis=(-2, -1)),),
        (lambda g, y, a: np.expand_dims(g * y, (-2, -1)) * _t(np.linalg.inv(a)),),
    )
)


def _solve(a: Any, b: Any) -> Any:
    return bind(SOLVE, a, np.expand_dims(b, -1))[..., 0] if _column(b, a) else bind(SOLVE, a, b)


def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A002 - numpy's name
    """The 2-norm of a vector, or the Frobenius norm; at 0 it has no derivative, and numpy's warning says so."""
    if ord is not None and not (ord == 2 and (np.ndim(concrete(x)) == 1 or isinstance(axis, int))):
        raise TypeError(f"norm of order {ord!r} has no rule here: compose it from abs, max and sum")
    return np.sqrt(np.sum(x * x, axis=axis, keepdims=keepdims))


UFUNCS[np.matmul] = _matmul
FUNCTIONS.update(
    {
        np.dot: _dot,
        np.tensordot: _tensordot,
        np.einsum: _einsum,
        np.outer: lambda a, b: np.reshape(a, (-1, 1)) * np.reshape(b, (1, -1)),
        np.linalg.norm: _norm,
        np.linalg.solve: _solve,
        np.linalg.inv: lambda a: bind(INV, a),
        np.linalg.det: lambda a: bind(DET, a),
        np.trace: lambda a: np.einsum("ij,ij->", a, np.eye(*np.shape(concrete(a)))),
    }
)
