"""Code as it is written for arrays runs on traced values: in place, formatted, in lists; and computes what numpy does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from reference.autodiff import compiled, grad, jvp, value_and_grad

X = np.array([[0.5, -1.0, 2.0], [3.0, 0.25, -0.5]])
NAN = np.array([[0.5, np.nan, 2.0], [3.0, 0.25, np.nan]])


def looped(x: Any) -> Any:
    total = 0.0
    for row in x:
        for entry in row:
            total += entry**2
    return total


def layered(x: Any) -> Any:
    h = x @ x.T
    h += np.ones(2)
    h *= h > 0
    h -= 0.5
    h /= 2.0
    h **= 3
    h @= np.eye(2)
    h %= 100.0
    return np.sum(h)


@pytest.mark.parametrize("f", [looped, layered])
def test_names_are_bound_anew_by_operators_in_place(f: Callable[[Any], Any]) -> None:
    plain = f(X)
    for value, gradient in (value_and_grad(f)(X), compiled(value_and_grad(f))(X)):
        assert np.isclose(value, plain, rtol=1e-13)
        assert np.isclose(np.sum(gradient * X), jvp(f, (X,), (X,))[1], rtol=1e-12)
    assert np.isclose(compiled(f)(X), plain)


def test_what_an_array_refuses_in_place_is_refused() -> None:
    def grown(x: Any) -> Any:
        h = x[0]
        h += x
        return np.sum(h)

    def floats_into_integers(x: Any, k: Any) -> Any:
        k += x
        return np.sum(k)

    with pytest.raises(
        ValueError, match=r"values of shape \(2, 3\) do not fit into the array of shape \(3,\) in place"
    ):
        grad(grown)(X)
    with pytest.raises(TypeError, match="values of float64 do not fit into the array of int64 in place"):
        compiled(floats_into_integers)(X, np.ones((2, 3), dtype=int))


def test_an_array_of_short_floats_stays_one() -> None:
    def f(x: Any) -> Any:
        h = x * 1
        h += np.ones(3)
        return h

    short = X[0].astype(np.float32)
    assert f(short).dtype == compiled(f)(short).dtype == jvp(f, (short,), (short,))[0].dtype == np.float32


def test_other_names_keep_the_old_value() -> None:
    """Where arrays differ: this is written in the page on values at the edge."""

    def f(x: Any) -> Any:
        h = x * 1.0
        before = h
        h += 1.0
        return np.sum(before)

    assert f(X) == np.sum(X + 1.0)
    assert value_and_grad(f)(X)[0] == np.sum(X)


@pytest.mark.parametrize(
    ("f", "says"),
    [
        (lambda x: np.add(np.zeros(3), x, out=np.zeros(3)), r"make a new one, as in h = h \+ b"),
        (lambda x: np.mean([np.sum(x), np.sum(x)]), r"np\.mean\(np\.stack\(losses\)\)"),
        (lambda x: np.array([x[0], x[1]]), r"np\.stack for several"),
    ],
)
def test_what_numpy_does_not_hand_over_says_what_to_write(f: Callable[[Any], Any], says: str) -> None:
    with pytest.raises(TypeError, match=says):
        grad(f)(X[0])


def test_the_stack_of_losses_is_their_array() -> None:
    f = lambda x: np.mean(np.stack([np.sum(x), np.sum(x**2)]))  # noqa: E731
    assert np.allclose(grad(f)(X), 0.5 + X)


def test_a_loss_is_formatted_as_its_number() -> None:
    said: list[str] = []

    def f(x: Any) -> Any:
        loss = np.sum(x**2)
        said.append(f"{loss:.3f} {loss:8.1e} {np.allclose(loss, loss)} {loss}")
        return loss

    grad(f)(X)
    assert said[0].startswith("14.562  1.5e+01 True Taped(")
    assert jvp(lambda x: f(x) * grad(f)(x)[0, 0], (X,), (X,))[0] == 14.5625
    assert all(line.startswith("14.562 ") for line in said)


VALUES: dict[str, Callable[[Any], Any]] = {
    "cumprod": lambda x: (np.cumprod(x), np.cumprod(x, axis=1), np.cumprod(np.where(x < 0, 0.0, x), axis=0)),
    "average": lambda x: (np.average(x), np.average(x, axis=1, weights=[1.0, 2.0, 3.0]), np.average(x, weights=x * x)),
    "median": lambda x: (
        np.median(x),
        np.median(x, axis=0),
        np.median(x, axis=1, keepdims=True),
        np.median(x, axis=(0, 1)),
    ),
    "nan": lambda x: (np.nansum(x), np.nansum(x, axis=0), np.nanmean(x, axis=1)),
    "split": lambda x: (*np.hsplit(x, 3), *np.vsplit(x, 2), *np.hsplit(x[0], [1])),
    "stacked": lambda x: (np.dstack([x, x]), np.dstack([x[0], x[1]])),
    "block": lambda x: (
        np.block([[x, np.ones((2, 1))], [np.zeros((1, 4))]]),
        np.block([x[0], 1.0]),
        np.block(x),
        np.block([[x[0]], [x[1]]]),
    ),
    "fmax": lambda x: (np.fmax(x, 0.3), np.fmin(x[0], x[1])),
    "convolve": lambda x: tuple(
        np.convolve(a, v, mode)
        for mode in ("full", "same", "valid")
        for a, v in ((x[0], x[1]), (x[0], x[1][:2]), (x[1][:1], x[0]), (np.ravel(x), x[0]), (x[0][:2], np.ravel(x)))
    ),
    "windows": lambda x: (
        np.lib.stride_tricks.sliding_window_view(x, (2, 2)),
        np.lib.stride_tricks.sliding_window_view(x, 2, axis=1),
    ),
    "cholesky": lambda x: np.linalg.cholesky(x @ x.T + np.eye(2)),
    "eigh": lambda x: (*np.linalg.eigh(x @ x.T), np.linalg.eigh(x @ x.T, "U").eigenvalues, np.linalg.eigvalsh(x @ x.T)),
    "svd": lambda x: (
        *np.linalg.svd(x, full_matrices=False),
        np.linalg.svd(x @ x.T).U,
        np.linalg.svd(x, compute_uv=False),
        np.linalg.svdvals(x),
    ),
    "einsum": lambda x: (
        np.einsum(x, [0, 1], x, [2, 1]),
        np.einsum(x, [0, 1], [1, 0]),
        np.einsum(x, [..., 0], x[0], [0]),
    ),
}


@pytest.mark.parametrize("x", [X, NAN], ids=["finite", "nan"])
@pytest.mark.parametrize("name", VALUES)
def test_values_are_numpys_traced_and_compiled(name: str, x: np.ndarray) -> None:
    f = VALUES[name]
    if x is NAN and name in ("cholesky", "eigh", "svd", "average"):
        return
    wrapped = lambda x: f(x) if isinstance(f(x), tuple) else (f(x),)  # noqa: E731
    with np.errstate(invalid="ignore"):
        plain = wrapped(x)
        for found in (compiled(wrapped)(x), jvp(wrapped, (x,), (np.ones_like(x),))[0]):
            assert len(found) == len(plain)
            for one, other in zip(found, plain, strict=True):
                assert np.shape(one) == np.shape(other)
                assert np.allclose(one, other, rtol=1e-12, atol=1e-12, equal_nan=True)


def test_columns_that_have_no_derivative_are_not_given() -> None:
    with pytest.raises(TypeError, match="full_matrices=False"):
        grad(lambda x: np.sum(np.linalg.svd(x).S))(X)
    with pytest.raises(ValueError, match="knows the modes"):
        grad(lambda x: np.sum(np.convolve(x, x, "half")))(X[0])
