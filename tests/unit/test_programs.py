"""Straight-line programs: what is written down is the function, for every value of the same shapes."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent
from typing import Any

import numpy as np
import pytest
from autodiff_cases import worked
from test_autodiff import CASES, close, drawn

from reference.autodiff import Program, compiled, grad, hvp, leaves, logsumexp, program, value_and_grad

# All but the one whose mask is a constant of the function itself.
CHOSEN = [case for case in CASES if case[0] != "where.a"]
FUNCTIONS = pytest.mark.parametrize(("name", "f", "shapes", "where"), CHOSEN, ids=[c[0] for c in CHOSEN])


def test_the_worked_example_is_written_as_it_is_taught() -> None:
    lines = """\
        s3 = s1 * s2
        s4 = np.sin(s1)
        s5 = s3 + s4
        s6 = s5 + 4
        s7 = s2 ** 2
        s8 = 3 * s7
        s9 = s8 + 6
        s10 = s6 * s9
        return s10"""
    assert str(program(worked, 2.0, 8.0)) == dedent(lines)


def test_its_adjoint_program_gives_the_printed_digits() -> None:
    def both(x: Any, y: Any) -> Any:
        return grad(worked)(x, y), grad(worked, 1)(x, y)

    x, y = compiled(both)(2.0, 8.0)
    assert f"{x:.10f} {y:.10f}" == "1501.6029263637 1399.6462764876"
    assert compiled(both)(3.0, -1.0) == both(3.0, -1.0)


@FUNCTIONS
def test_a_program_is_right_at_other_values_than_its_example(
    name: str, f: Callable[..., Any], shapes: Any, where: Any
) -> None:
    """Values, gradients, and the choices of maxima and masks: nothing of the example is left in the program."""

    def scalar(*xs: Any) -> Any:
        return np.sum(f(*xs) ** 2)

    run = compiled(value_and_grad(scalar))
    here, moved, _ = drawn(name, shapes, where)
    other = [(where or (lambda x: x))(x) for x in moved]
    for points in (here, other, here):
        value, gradient = run(*points)
        expected, slope = value_and_grad(scalar)(*points)
        assert close(value, expected, 1e-13)
        assert close(gradient, slope, 1e-12)


def network(p: Any, X: Any, Y: Any) -> Any:
    hidden = np.maximum(X @ p["w"][0] + p["b"][0], 0.0)
    logits = hidden @ p["w"][1] + p["b"][1]
    logits = logits - np.max(logits, axis=1, keepdims=True)
    return np.mean(np.log(np.sum(np.exp(logits), axis=1)) - np.sum(logits * Y, axis=1))


def test_a_network_trains_on_its_compiled_gradient() -> None:
    rng = np.random.default_rng(0)
    p = {"w": [rng.standard_normal((4, 8)), rng.standard_normal((8, 3))], "b": [np.zeros(8), np.zeros(3)]}
    X, Y = rng.standard_normal((30, 4)), np.eye(3)[rng.integers(0, 3, 30)]
    step = compiled(value_and_grad(network))
    first = step(p, X, Y)[0]
    for _ in range(100):
        _, g = step(p, X, Y)
        p = {key: [a - 0.3 * d for a, d in zip(p[key], g[key], strict=True)] for key in p}
    value, g = step(p, X, Y)
    assert value < 0.6 * first
    assert all(close(a, b, 1e-12) for a, b in zip(leaves(g), leaves(grad(network)(p, X, Y)), strict=True))


def test_second_derivatives_are_written_down_too() -> None:
    x, v = np.array([0.3, -1.2]), np.array([1.0, 2.0])

    def f(x: Any) -> Any:
        return np.sum(np.tanh(x) * np.exp(-x))

    assert close(compiled(lambda x, v: hvp(f, x, v))(x, v), hvp(f, x, v), 1e-13)


def test_the_slope_of_a_power_has_a_slope_at_exponent_zero() -> None:
    """d/db of b·a^(b−1) at b = 0 is 1/a, and not a."""
    mixed = grad(lambda b: grad(lambda a: a**b)(2.0))
    assert close(mixed(0.0), 0.5, 1e-15)
    assert close(compiled(mixed)(0.0), 0.5, 1e-15)
    assert grad(lambda a: a**0.0)(0.0) == 0.0


def test_another_shape_is_another_program() -> None:
    run = compiled(lambda x: np.sum(x * x) / x.shape[0])
    assert run(np.ones(4)) == 1.0
    assert run(np.full(2, 3.0)) == 9.0


def test_another_structure_is_another_program() -> None:
    """The same leaves in another order or in other containers must not run the first one's program."""
    run = compiled(lambda p: p["a"] - 2 * p["b"] if isinstance(p, dict) else p[0] * p[1])
    one, two = np.ones(2), np.full(2, 5.0)
    assert run({"a": one, "b": two}).tolist() == [-9.0, -9.0]
    assert run({"b": one, "a": two}).tolist() == [3.0, 3.0]
    assert run([one, two]).tolist() == [5.0, 5.0]


def test_indices_may_be_inputs() -> None:
    """Labels and words change with every batch: the ones of the example must not stand in the program."""

    def nll(u: Any, y: Any) -> Any:
        return np.mean(logsumexp(u) - u[np.arange(len(y)), y]) + np.sum(np.exp(u[1:, y[0]]))

    run, twice = compiled(value_and_grad(nll)), compiled(lambda u, y: hvp(lambda v: nll(v, y), u, u))
    u = np.random.default_rng(0).standard_normal((4, 3))
    for y in (np.array([0, 1, 2, 0]), np.array([2, 2, 2, 1], dtype=np.int32)):
        value, gradient = run(u, y)
        expected, slope = value_and_grad(lambda v, y=y: nll(v, y))(u)
        assert close(value, expected, 1e-13)
        assert close(gradient, slope, 1e-13)
        assert close(twice(u, y), hvp(lambda v, y=y: nll(v, y), u, u), 1e-12)
    back = str(program(value_and_grad(lambda W, i: np.sum(W[i] ** 2)), np.eye(3), np.array([1, 1])))
    assert "s3 = s1[s2]" in back
    assert "scatter_add(s6, index=np.s_[s2], shape=(3, 3))" in back


def test_a_mask_may_not_be_an_input() -> None:
    with pytest.raises(TypeError, match=r"how much a mask selects depends on its values.*np\.where"):
        compiled(lambda x, m: np.sum(x[m]))(np.ones(3), np.ones(3) > 0)


def test_constants_are_told_apart_by_all_their_entries() -> None:
    """Two long index arrays print alike, and are not."""
    first, second = np.arange(3000) % 7, np.arange(3000) % 7
    second[1500] = 3
    run = compiled(lambda x: np.sum(x[first]) - np.sum(x[second]))
    x = np.arange(7.0)
    assert run(x) == np.sum(x[first]) - np.sum(x[second]) != 0


def test_constants_that_are_no_plain_numbers_are_written_as_such() -> None:
    assert compiled(lambda x: np.maximum(x, -np.inf) + np.minimum(x, np.inf))(2.0) == 4.0
    assert compiled(lambda x: (-2.0) ** x)(2.0) == 4.0
    with np.errstate(divide="ignore"):
        assert compiled(lambda x, y: x / y)(1.0, 0.0) == np.inf


def test_what_is_written_twice_is_computed_once_and_what_is_not_needed_never() -> None:
    def wasteful(x: Any) -> Any:
        np.cos(x)
        return np.sin(x) * np.sin(x) + 0.0

    assert str(program(wasteful, 1.0)).splitlines() == ["s2 = np.sin(s1)", "s3 = s2 * s2", "return s3"]


def test_the_source_is_plain_numpy_and_lets_go_of_what_is_done() -> None:
    text, _ = program(lambda x: np.sum(np.exp(np.sin(x))), np.ones(3)).source()
    assert text.splitlines()[:3] == ["def run(s1):", "    s2 = np.sin(s1)", "    s3 = np.exp(s2)"]
    assert "    del s2" in text


def test_a_branch_on_a_value_says_what_to_do() -> None:
    with pytest.raises(TypeError, match=r"use np\.where"):
        program(lambda x: x if x > 0 else -x, 1.0)


def test_a_program_without_a_line_returns_what_it_was_given() -> None:
    assert str(program(lambda x: x, 1.0)) == "return s1"
    assert compiled(lambda x: (x, 2.0))(3.0) == (3.0, 2.0)
    assert isinstance(program(lambda x: x, 1.0), Program)
