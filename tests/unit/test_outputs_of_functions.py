"""A derivative is that of real numbers, of values in their function: anything else is an error that says what came, and no zero."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from reference.autodiff import compiled, grad, hessian, hvp, jacobian, jvp, program, value_and_grad, vjp

X = np.array([0.5, -1.0])
DERIVATIVES: dict[str, Callable[[Any], Any]] = {
    "grad": lambda f: grad(f)(X),
    "value_and_grad": lambda f: value_and_grad(f)(X),
    "hessian": lambda f: hessian(f)(X),
    "hvp": lambda f: hvp(f, X, X),
    "vjp": lambda f: vjp(f, X),
    "jvp": lambda f: jvp(f, (X,), (X,)),
    "jacobian": lambda f: jacobian(f)(X),
    "compiled grad": lambda f: compiled(grad(f))(X),
    "nested": lambda f: grad(lambda x: jvp(f, (x,), (X,))[1])(X),
}
UNREAL: list[tuple[Callable[[Any], Any], str]] = [
    (lambda x: None, r"None \(is a return missing\?\)"),
    (lambda x: "loss", "a string, 'loss'"),
    (lambda x: bool(np.all(np.isfinite(X))), "a truth value, True"),
    (lambda x: np.bool_(True), "a truth value, np.True_"),
    (lambda x: 3, "a count, 3"),
    (lambda x: np.uint8(3), "a count, np.uint8"),
    (lambda x: 3.0 + 1j, r"a complex number, \(3\+1j\)"),
    (lambda x: {X.size}, r"a set, \{2\}"),
    (lambda x: np.array(["a", "b"]), "an array of <U1"),
    (lambda x: np.sum(x > 0), "a count"),
    (lambda x: np.argmax(x), "a count"),
    (lambda x: np.any(x > 0), "a truth value"),
]


@pytest.mark.parametrize("name", DERIVATIVES)
@pytest.mark.parametrize(("f", "says"), UNREAL)
def test_what_is_no_real_number_is_named_and_has_no_derivative(name: str, f: Callable[[Any], Any], says: str) -> None:
    with pytest.raises(TypeError, match=f"only a real number has a derivative, the function returned {says}"):
        DERIVATIVES[name](f)


def test_one_output_of_several_that_is_unreal_is_named() -> None:
    with pytest.raises(TypeError, match="returned None"):
        vjp(lambda x: {"loss": np.sum(x), "seen": None}, X)
    with pytest.raises(TypeError, match="returned a count"):
        jvp(lambda x: (np.sum(x), np.argmax(x)), (X,), (X,))


def test_floats_of_any_size_that_do_not_depend_have_the_derivative_zero() -> None:
    for constant in (3.0, np.float32(3.0), np.float64(3.0), np.array(3.0)):
        assert grad(lambda x, c=constant: c)(X).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("cotangent", [1.0, np.ones(3), np.ones((1, 2)), np.ones((2, 1))])
def test_a_cotangent_of_another_shape_is_refused(cotangent: Any) -> None:
    """A number would be broadcast, and give the derivative of the sum."""
    pull = vjp(lambda x: x * x, X)[1]
    with pytest.raises(ValueError, match=r"a cotangent has the shape of its output: \(2,\), this one has"):
        pull(cotangent)
    with pytest.raises(ValueError, match="a cotangent has the shape of its output"):
        vjp(lambda x: np.ones(2), X)[1](cotangent)
    assert pull(X)[0].tolist() == [0.5, 2.0]


@pytest.mark.parametrize("strange", [None, "1", 1j, True, np.ones(()) > 0])
def test_a_cotangent_and_a_tangent_are_real(strange: Any) -> None:
    with pytest.raises(TypeError, match="a cotangent is made of real numbers"):
        vjp(np.sum, X)[1](strange)
    with pytest.raises(TypeError, match="a tangent is made of real numbers"):
        jvp(np.sin, (1.0,), (strange,))


# ------------------------------------------------------------------------------------------- escapes
LEAKS: dict[str, Callable[[Any], Any]] = {
    "reverse": lambda keep: grad(lambda x: np.sum(keep(x)))(X),
    "forward": lambda keep: jvp(lambda x: np.sum(keep(x)), (X,), (X,)),
    "written": lambda keep: program(lambda x: np.sum(keep(x)), X),
    "compiled": lambda keep: compiled(lambda x: np.sum(keep(x)))(X),
    "inner": lambda keep: grad(lambda z: z * grad(lambda x: np.sum(keep(x)))(X)[0])(1.0),
}
USES: dict[str, Callable[[Any], Any]] = {
    "arithmetic": lambda x: x + 1.0,
    "numpy": np.exp,
    "comparison": lambda x: x > 0,
    "floor": np.floor,
    "as an array": np.asarray,
    "as a number": float,
    "as an argument": lambda x: grad(np.sum)(x),
    "as a tangent": lambda x: jvp(np.sin, (X,), (x,)),
    "as a cotangent": lambda x: vjp(np.sin, X)[1](x),
    "returned": lambda x: vjp(lambda _: x, X),
    "in another function": lambda x: grad(lambda y: np.sum(x * y))(X),
    "in another program": lambda x: compiled(lambda y: np.sum(x * y))(X),
    "compared in another": lambda x: jvp(lambda y: np.where(x > 0, y, -y), (X,), (X,)),
}


@pytest.mark.parametrize("leak", LEAKS)
@pytest.mark.parametrize("use", USES)
def test_a_value_that_escaped_from_its_function_is_refused(leak: str, use: str) -> None:
    kept: list[Any] = []
    LEAKS[leak](lambda x: (kept.append(np.sin(x)), x)[1])
    with pytest.raises(TypeError, match="this traced value escaped from its function"):
        USES[use](kept[0])


def test_a_value_escapes_by_an_exception_too() -> None:
    kept: list[Any] = []

    def fails(x: Any) -> Any:
        kept.append(x)
        raise KeyError

    with pytest.raises(KeyError):
        grad(fails)(X)
    with pytest.raises(TypeError, match="escaped"):
        kept[0] * 2.0


def test_an_outer_value_may_be_used_inside_and_pulled_within() -> None:
    def f(x: Any) -> Any:
        y, pull = vjp(lambda z: x * z, 3.0)
        return pull(1.0)[0] * y

    assert grad(f)(2.0) == 12.0
