"""What a derivative or a compiled function returns is the caller's alone: writing into it changes no later call, nothing else."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from reference.autodiff import (
    PRIMITIVES,
    adjoint_program,
    compiled,
    grad,
    hessian,
    jacobian,
    jvp,
    leaves,
    stop_gradient,
    value_and_grad,
    vjp,
)

HELD = np.arange(3.0)
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    # Each returns, or sends back, an array that something else holds too.
    "constant slope": lambda x: np.sum(x),
    "constant times": lambda x: np.sum(x * HELD),
    "both halves": lambda x: np.sum(x[:1] + x[1:2]),
    "itself": lambda x: x,
    "a view": lambda x: x[::-1],
    "reshaped": lambda x: np.reshape(x, (3, 1)),
    "stretched": lambda x: np.broadcast_to(x, (2, 3)),
    "held": lambda x: HELD,
    "held and dependent": lambda x: (x * 2.0, HELD, HELD[:2]),
    "twice": lambda x: (x, x, {"a": x[:]}),
    "stopped": lambda x: stop_gradient(x) + 0.0,
    "a value of the tape": lambda x: np.exp(x),
}


def scalar(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda x: sum(np.sum(y) * 1.0 for y in leaves(f(x))) + 0.0 * np.sum(x)


def pulled(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda x: vjp(f, x)[1](f(x))


TRANSFORMS: dict[str, Callable[..., Any]] = {
    "vjp": pulled,
    "jvp": lambda f: lambda x: jvp(f, (x,), (x,)),
    "value_and_grad": lambda f: value_and_grad(scalar(f)),
    "hessian": lambda f: hessian(scalar(f)),
    "compiled": compiled,
    "compiled vjp": lambda f: compiled(pulled(f)),
    "compiled jvp": lambda f: compiled(lambda x: jvp(f, (x,), (x,))),
    "compiled value_and_grad": lambda f: compiled(value_and_grad(scalar(f))),
}


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_is_returned_may_be_written_into(name: str, transform: str) -> None:
    x, held = np.array([0.5, -1.0, 2.0]), HELD.copy()
    given, run = x.copy(), TRANSFORMS[transform](FUNCTIONS[name])
    first = [np.copy(y) for y in leaves(run(x))]
    again = [y for y in leaves(run(x)) if isinstance(y, np.ndarray)]
    assert not any(np.shares_memory(a, b) for a, b in itertools.combinations([*again, x, HELD], 2))
    for y in again:
        y[...] = 7.0
    assert np.array_equal(x, given)
    assert np.array_equal(held, HELD)
    assert all(np.array_equal(a, b) for a, b in zip(first, leaves(run(x)), strict=True))


def test_a_step_may_scale_its_gradient() -> None:
    step = compiled(grad(lambda w: np.sum(3.0 * w)))
    for _ in range(3):
        g = step(np.ones(2))
        assert g.tolist() == [3.0, 3.0]
        g *= 0.1


def test_one_array_is_not_the_gradient_of_two() -> None:
    one, other = grad(lambda p: np.sum(p[0] + p[1]))([np.ones(2), np.ones(2)])
    one *= 0.0
    assert other.tolist() == [1.0, 1.0]


def test_a_cotangent_and_a_tangent_stay_the_callers() -> None:
    x, u = np.ones(2), np.ones(2)
    (back,) = vjp(lambda x: x + 1.0, x)[1](u)
    _, along = jvp(lambda x: x + 1.0, (x,), (u,))
    assert not np.shares_memory(back, u)
    assert not np.shares_memory(along, u)


def test_a_value_that_is_written_into_does_not_change_the_pull() -> None:
    y, pull = vjp(np.exp, np.zeros(2))
    y *= 5.0
    assert pull(np.ones(2))[0].tolist() == [1.0, 1.0]


def test_a_program_returns_arrays_of_its_own() -> None:
    run = adjoint_program(lambda x, y: x + y, HELD, HELD).compile()
    bar = np.ones(3)
    value, one, other = run(HELD, HELD, bar)
    assert not any(np.shares_memory(a, b) for a, b in itertools.combinations([value, one, other, bar, HELD], 2))


def test_jacobians_of_two_arguments_are_two_arrays() -> None:
    one, other = jacobian(lambda a, b: PRIMITIVES["add"](a, b), (0, 1))(HELD, HELD)
    assert not np.shares_memory(one, other)
