"""Factorizations of matrices: Cholesky, eigenvalues of symmetric matrices, singular values.

A primitive has one output, so the factors of one factorization lie side by side in one array, and are taken out of it by slices.
Where two eigenvalues or singular values are equal, or a singular value is 0, vectors have no derivative: it is inf or nan.

Source: Giles 2008, §3.1 and §3.2; Murray 2016, *Differentiation of the Cholesky decomposition*, eq. 8 and 10; Townsend 2016,
*Differentiating the singular value decomposition*.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.autodiff.core import bind, declare, implements, shape_of
from reference.autodiff.rules.tools import only

__all__: list[str] = []


def _t(x: Any) -> Any:
    return np.swapaxes(x, -1, -2)


def _symmetric(x: Any) -> Any:
    return (x + _t(x)) / 2


# ---------------------------------------------------------------------------------------- Cholesky
def _half(x: Any) -> Any:
    """Take the lower triangle, of the diagonal the half."""
    return np.tril(x) - np.eye(shape_of(x)[-1]) * x / 2


def _cholesky_jvp(i: int, t: Any, L: Any, a: Any) -> Any:
    left = np.linalg.solve(L, _symmetric(t))
    return np.matmul(L, _half(_t(np.linalg.solve(L, _t(left)))))


def _cholesky_vjp(i: int, g: Any, L: Any, a: Any) -> Any:
    middle = _half(np.matmul(_t(L), g))
    return _symmetric(_t(np.linalg.solve(_t(L), _t(np.linalg.solve(_t(L), middle)))))


CHOLESKY = declare("cholesky", np.linalg.cholesky, _cholesky_jvp, _cholesky_vjp)


@implements(np.linalg.cholesky)
def _cholesky(a: Any, /, *, upper: bool = False) -> Any:
    """Factor a symmetric matrix; it is taken as symmetric by its derivatives too."""
    L = bind(CHOLESKY, a)
    return _t(L) if upper else L


# ------------------------------------------------------------------------ eigenvalues of symmetric ones
def _eigh_packed(a: Any, uplo: Any) -> Any:
    w, v = np.linalg.eigh(a, uplo)
    return np.concatenate([w[..., None], v], axis=-1)


def _gaps(w: Any) -> Any:
    """Return 1 / (w_j - w_i), with 0 on the diagonal."""
    eye = np.eye(shape_of(w)[-1])
    return (1 - eye) / (w[..., None, :] - w[..., :, None] + eye)


def _eigh_jvp(i: int, t: Any, y: Any, a: Any, uplo: str) -> Any:
    w, v = y[..., 0], y[..., 1:]
    turned = np.matmul(_t(v), np.matmul(_symmetric(t), v))
    dw = np.sum(turned * np.eye(shape_of(w)[-1]), axis=-1)
    return np.concatenate([np.expand_dims(dw, -1), np.matmul(v, _gaps(w) * turned)], axis=-1)


def _eigh_vjp(i: int, g: Any, y: Any, a: Any, uplo: str) -> Any:
    w, v = y[..., 0], y[..., 1:]
    middle = np.expand_dims(g[..., 0], -1) * np.eye(shape_of(w)[-1]) + _gaps(w) * np.matmul(_t(v), g[..., 1:])
    return _symmetric(np.matmul(v, np.matmul(middle, _t(v))))


EIGH = declare("eigh", _eigh_packed, _eigh_jvp, _eigh_vjp)
_Eigh = type(np.linalg.eigh(np.eye(1)))


@implements(np.linalg.eigh)
def _eigh(a: Any, UPLO: str = "L") -> Any:
    """Compute eigenvalues and eigenvectors of a symmetric matrix; it is taken as symmetric by its derivatives too."""
    y = bind(EIGH, a, uplo=UPLO)
    return _Eigh(y[..., 0], y[..., 1:])


implements(np.linalg.eigvalsh)(lambda a, UPLO="L": _eigh(a, UPLO)[0])


# ---------------------------------------------------------------------------------- singular values
def _svd_packed(a: Any) -> Any:
    """Put U (m, k), the singular values, and V (n, k) below each other, in shape (..., m + 1 + n, k)."""
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    return np.concatenate([u, s[..., None, :], np.swapaxes(vt, -1, -2)], axis=-2)


def _factors(y: Any, a: Any) -> tuple[Any, Any, Any]:
    m = shape_of(a)[-2]
    return y[..., :m, :], y[..., m, :], y[..., m + 1 :, :]


def _beside(u: Any, x: Any) -> Any:
    """Take out of ``x`` what lies in the columns of ``u``."""
    return x - np.matmul(u, np.matmul(_t(u), x))


def _svd_jvp(i: int, t: Any, y: Any, a: Any) -> Any:
    u, s, v = _factors(y, a)
    row, gaps = np.expand_dims(s, -2), _gaps(s * s)
    turned = np.matmul(_t(u), np.matmul(t, v))
    ds = np.expand_dims(np.sum(turned * np.eye(shape_of(s)[-1]), axis=-1), -2)
    du = np.matmul(u, gaps * (turned * row + _t(turned * row))) + _beside(u, np.matmul(t, v)) / row
    column = _t(row)
    dv = np.matmul(v, gaps * (column * turned + _t(column * turned))) + _beside(v, np.matmul(_t(t), u)) / row
    return np.concatenate([du, ds, dv], axis=-2)


def _svd_vjp(i: int, g: Any, y: Any, a: Any) -> Any:
    u, s, v = _factors(y, a)
    gu, gs, gv = _factors(g, a)
    row, gaps = np.expand_dims(s, -2), _gaps(s * s)
    one, other = np.matmul(_t(u), gu), np.matmul(_t(v), gv)
    middle = np.expand_dims(gs, -1) * np.eye(shape_of(s)[-1])
    middle = middle + gaps * (one - _t(one)) * row + _t(row) * (gaps * (other - _t(other)))
    within = np.matmul(u, np.matmul(middle, _t(v)))
    return within + np.matmul(_beside(u, gu) / row, _t(v)) + np.matmul(u, _t(_beside(v, gv) / row))


SVD = declare("svd", _svd_packed, _svd_jvp, _svd_vjp)
_Svd = type(np.linalg.svd(np.eye(1)))


@implements(np.linalg.svd)
def _svd(a: Any, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False) -> Any:
    """Compute the thin decomposition, or that of a square matrix.

    Raises:
        TypeError: all columns of a matrix that is not square are asked for, of which some have no derivative.

    """
    only("svd", {"hermitian": hermitian or None})
    if full_matrices and compute_uv and shape_of(a)[-1] != shape_of(a)[-2]:
        raise TypeError("the columns that complete U or V have no derivative: np.linalg.svd(..., full_matrices=False)")
    u, s, v = _factors(bind(SVD, a), a)
    return _Svd(u, s, _t(v)) if compute_uv else s


implements(np.linalg.svdvals)(lambda a: _svd(a, compute_uv=False))
