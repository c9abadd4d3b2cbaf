"""Which arguments derivatives are taken for, alike in all transformations; and the check that a wrong rule does not pass."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import reference.autodiff as ad
from reference.autodiff.core import Registry

X, Y = np.array([0.5, -1.5]), np.array([[1.0, 2.0], [0.3, -0.7], [2.0, 0.1]])


def f(x: Any, y: Any, *, k: float = 1.0) -> Any:
    return k * np.sum(np.sin(y @ x) * x[0])


@pytest.mark.parametrize("transform", [ad.grad, ad.jacobian])
def test_argnums_is_a_number_or_a_tuple(transform: Any) -> None:
    one, other = transform(f, 0)(X, Y), transform(f, 1)(X, Y)
    assert (one.shape, other.shape) == ((2,), (3, 2))
    both = transform(f, (0, 1))(X, Y)
    assert isinstance(both, tuple)
    assert np.array_equal(both[0], one)
    assert np.array_equal(both[1], other)
    assert np.array_equal(transform(f, (1, 0))(X, Y)[0], other)
    assert np.array_equal(transform(f, argnums=-1)(X, Y), other)
    assert np.array_equal(transform(f, (1,))(X, Y, k=2.0)[0], 2 * other)


def test_value_and_gradients_of_several_arguments() -> None:
    value, (dx, dy) = ad.value_and_grad(f, (0, 1))(X, Y)
    assert value == f(X, Y)
    assert np.array_equal(dx, ad.grad(f)(X, Y))
    assert np.array_equal(dy, ad.grad(f, 1)(X, Y))
    again, (cx, cy) = ad.compiled(ad.value_and_grad(f, (0, 1)))(X, Y)
    assert again == pytest.approx(value, rel=1e-15)
    assert np.allclose(cx, dx)
    assert np.allclose(cy, dy)


def test_an_argument_that_is_not_there_is_refused() -> None:
    with pytest.raises(IndexError):
        ad.grad(f, 2)(X, Y)


def test_the_blocks_of_a_hessian_are_those_of_the_whole() -> None:
    def whole(z: Any) -> Any:
        return f(z[:2], np.reshape(z[2:], (3, 2)))

    H = ad.hessian(whole)(np.concatenate([X, np.ravel(Y)]))
    (xx, xy), (yx, yy) = ad.hessian(f, (0, 1))(X, Y)
    assert (xx.shape, xy.shape, yx.shape, yy.shape) == ((2, 2), (2, 3, 2), (3, 2, 2), (3, 2, 3, 2))
    assert np.allclose(H, np.block([[xx, xy.reshape(2, 6)], [yx.reshape(6, 2), yy.reshape(6, 6)]]), atol=1e-14)
    assert np.array_equal(ad.hessian(f, 1)(X, Y), yy)


def test_jacobians_of_an_inner_argument_in_both_modes() -> None:
    def g(a: Any, x: Any) -> Any:
        return np.tanh(a @ x)

    forward, reverse = (ad.jacobian(g, 1, mode=mode)(Y, X) for mode in ("forward", "reverse"))
    assert np.allclose(forward, reverse)
    assert np.allclose(forward, (1 - np.tanh(Y @ X) ** 2)[:, None] * Y)


# ------------------------------------------------------------------------------------- check_grads
def test_right_derivatives_pass_the_check() -> None:
    ad.check_grads(f, X, Y)
    ad.check_grads(lambda p: {"a": p["w"] ** 2, "b": (np.exp(p["b"]),)}, {"w": X, "b": 0.3})
    ad.check_grads(lambda x: np.zeros(0) * x, 1.0)
    ad.check_grads(lambda x: x**3, 1e5)


def cube(forward: float, reverse: float) -> Any:
    """A cube whose slopes are off by a factor in either mode."""
    return Registry().declare(
        "cube", lambda x: x**3, lambda i, t, y, x: forward * 3 * x**2 * t, lambda i, g, y, x: reverse * 3 * x**2 * g
    )


@pytest.mark.parametrize(
    ("forward", "reverse", "says"), [(1.0001, 1.0, "forward mode"), (1.0, 1.0001, "reverse mode"), (np.nan, 1.0, "nan")]
)
def test_a_wrong_rule_fails_the_check(forward: float, reverse: float, says: str) -> None:
    with pytest.raises(AssertionError, match=says):
        ad.check_grads(cube(forward, reverse), 2.0)
    ad.check_grads(cube(1.0, 1.0), 2.0)


def test_the_check_says_which_entry_of_the_value_is_wrong() -> None:
    wrong = cube(1.0, 1.5)
    with pytest.raises(
        AssertionError, match=r"reverse mode for argument 0, entry \(0,\): the slope of output entry 2 is 4\.5"
    ):
        ad.check_grads(lambda x: (x, wrong(x[0])), np.ones(2))


def test_the_check_names_the_argument_and_the_entry() -> None:
    """Only where x is negative is the slope wrong, by a forgotten sign."""
    bent = Registry().declare(
        "bent", np.sin, lambda i, t, y, x: t * np.abs(np.cos(x)), lambda i, g, y, x: g * np.abs(np.cos(x))
    )
    x = np.array([[0.1, 0.2], [0.3, 2.0]])
    with pytest.raises(
        AssertionError, match=r"^forward mode for argument 1, entry \(1, 1\): the slope is 0\.41614.*one -0\.41614"
    ):
        ad.check_grads(lambda a, b: np.sum(a * bent(b)), 1.0, x)
    with pytest.raises(AssertionError, match=r"argument 0, leaf 1, entry \(1, 1\)"):
        ad.check_grads(lambda p: p[0] * bent(p[1]), (1.0, x))
