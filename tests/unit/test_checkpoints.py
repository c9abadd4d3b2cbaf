"""Checkpoints change what is remembered, never what comes out; and a branch at a tie is refused."""

from __future__ import annotations

import threading
import tracemalloc
from typing import Any

import numpy as np
import pytest

from reference.autodiff import checkpoint, compiled, grad, hessian, hvp, jacobian, jvp, leaves, value_and_grad


def block(p: Any, x: Any) -> Any:
    for _ in range(4):
        x = np.tanh(x @ p["W"] + p["b"])
    return x


def objective(piece: Any, x: Any) -> Any:
    return lambda p: np.sum(piece(p, piece(p, x)) ** 2)


RNG = np.random.default_rng(0)
P = {"W": RNG.standard_normal((4, 4)), "b": RNG.standard_normal(4)}
V = {"W": RNG.standard_normal((4, 4)), "b": RNG.standard_normal(4)}
X = RNG.standard_normal((3, 4))


@pytest.mark.parametrize(
    "derivative",
    [
        lambda f: grad(f)(P),
        lambda f: hvp(f, P, V),
        lambda f: jvp(f, (P,), (V,))[1],
        lambda f: compiled(value_and_grad(f))(P)[1],
        lambda f: grad(lambda p: np.sum(grad(f)(p)["W"] ** 2))(P),
    ],
    ids=["reverse", "forward over reverse", "forward", "compiled", "reverse over reverse"],
)
def test_every_derivative_is_that_of_the_function(derivative: Any) -> None:
    plain, kept = derivative(objective(block, X)), derivative(objective(checkpoint(block), X))
    for one, other in zip(leaves(kept), leaves(plain), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-12)


def test_second_derivatives_of_one_argument() -> None:
    def f(x: Any) -> Any:
        return np.sum(np.exp(np.sin(x) * x) ** 2)

    x = np.array([1.0, 2.0])
    np.testing.assert_allclose(hessian(checkpoint(f))(x), hessian(f)(x), rtol=1e-12)
    np.testing.assert_allclose(jacobian(grad(checkpoint(f)), mode="reverse")(x), hessian(f)(x), rtol=1e-12)


def test_memory_grows_with_the_pieces_not_with_the_steps() -> None:
    x = np.ones(10_000)

    def steps(x: Any) -> Any:
        for _ in range(30):
            x = np.tanh(x)
        return x

    def peak(piece: Any) -> float:
        def whole(x: Any) -> Any:
            for _ in range(30):
                x = piece(x)
            return np.sum(x)

        tracemalloc.start()
        try:
            grad(whole)(x)
            return tracemalloc.get_traced_memory()[1] / x.nbytes
        finally:
            tracemalloc.stop()

    assert peak(steps) > 900  # the control: every one of 900 values is kept
    assert peak(checkpoint(steps)) < 90


def test_integers_and_plain_arguments_pass_through() -> None:
    def f(x: Any, labels: Any, scale: float) -> Any:
        return np.sum(x[np.arange(2), labels]) * scale

    x, labels = np.arange(6.0).reshape(2, 3), np.array([2, 0])
    assert checkpoint(f)(x, labels, 2.0) == 10.0
    np.testing.assert_array_equal(grad(checkpoint(f))(x, labels, 2.0), [[0, 0, 2], [2, 0, 0]])


def test_what_it_cannot_do_it_says() -> None:
    x = np.ones(2)
    with pytest.raises(TypeError, match="gets all that it is differentiated by as arguments"):
        grad(lambda z: checkpoint(lambda a: np.sum(a * z))(x * z))(x)
    with pytest.raises(TypeError, match="returns one array"):
        grad(lambda z: checkpoint(lambda a: (a, a))(z)[0])(1.0)


# ------------------------------------------------------------------------------------------- branches
def relu(x: Any) -> Any:
    return x if x > 0 else 0.0 * x


@pytest.mark.parametrize("derivative", [grad, lambda f: lambda x: jvp(f, (x,), (1.0,))[1]], ids=["reverse", "forward"])
@pytest.mark.parametrize(
    "branch",
    [
        relu,
        lambda x: 1.0 * x if x != 0 else x,
        lambda x: x if not x <= 0 else -x,
        lambda x: max(x, 0.0 * x),
        lambda x: x**2 if x else x,
        lambda x: x if (x > 0) & (x < 1) else -x,
        lambda x: 1.0 * x if np.reshape(x, (1,)) > 0 else x,
    ],
    ids=["greater", "unequal", "not less", "builtin max", "truth", "and", "one entry"],
)
def test_a_branch_at_a_tie_is_refused(derivative: Any, branch: Any) -> None:
    with pytest.raises(TypeError, match="a branch on values that tie"):
        derivative(branch)(0.0)
    derivative(branch)(0.25)
    branch(0.0)


def test_masks_at_a_tie_are_masks() -> None:
    """Only branches are refused: a comparison that multiplies or selects is a value like any other."""
    assert grad(lambda x: (x > 0) * x)(0.0) == 0.0
    assert grad(lambda x: (x >= 0) * x)(0.0) == 1.0
    assert grad(lambda x: np.where(x >= 0, 2.0 * x, x))(0.0) == 2.0
    assert grad(lambda x: np.sum(np.where(~(x > 0), 2.0 * x, x)))(np.zeros(1)).tolist() == [2.0]


def test_loops_and_branches_away_from_ties_differentiate_unchanged() -> None:
    def halved(x: Any) -> Any:
        while x > 1:
            x = x / 2
        return relu(x)

    assert grad(halved)(6.0) == 0.125


def test_two_threads_differentiate_at_the_same_time() -> None:
    """A level that one thread opened must not be mistaken for an inner level of another's."""
    wrong: list[float] = []
    start = threading.Barrier(4)

    def work(k: float) -> None:
        start.wait()
        for _ in range(200):
            second = grad(grad(lambda x: np.sin(x) * x**3))(k)
            if abs(second - (6 * k * np.sin(k) + 6 * k**2 * np.cos(k) - k**3 * np.sin(k))) > 1e-12 * 200:
                wrong.append(second)

    threads = [threading.Thread(target=work, args=(0.5 + i,)) for i in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert wrong == []
