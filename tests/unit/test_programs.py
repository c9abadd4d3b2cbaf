"""Straight-line programs: what is written down is the function, for every value of the same shapes."""

from __future__ import annotations

import time
from collections.abc import Callable
from textwrap import dedent
from typing import Any

import numpy as np
import pytest
from autodiff_cases import of_each, worked
from test_autodiff import CASES, close, drawn

from reference.autodiff import (
    Primitive,
    Program,
    compiled,
    grad,
    hvp,
    jvp,
    leaves,
    logsumexp,
    program,
    value_and_grad,
    vjp,
)

# All but the one whose mask is a constant of the function itself.
CHOSEN = [case for case in CASES if case[0] != "where.a"]


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


@of_each(CHOSEN)
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
        return np.sin(x) * np.sin(x) - 0.0

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


# ------------------------------------------------------------------- compiled as traced, to the type
def kinds(x: Any) -> list[Any]:
    return [(np.asarray(y).dtype, np.asarray(y).tolist()) for y in leaves(x)]


def test_truth_values_are_counted_as_numbers() -> None:
    """Without the multiplications by 1.0, two truth values add up to one."""
    f = lambda x: np.sum((x > 0) * 1.0 + (x > 1) * 1.0)  # noqa: E731 - as it is written in a notebook
    assert compiled(f)(np.array([-1.0, 0.5, 2.0])) == 3.0


MASK, BYTES = np.array([True, False, True]), np.array([200, 100, 7], dtype=np.uint8)
SHORT = np.array([0.5, -1.0, 2.0], dtype=np.float32)
TYPED: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
    "bytes times 1.0": (lambda k: k * 1.0 + k * 1.0, (BYTES,)),
    "bytes times a larger 1": (lambda k: (k * np.int64(1)) * 2, (BYTES,)),
    "bytes and a larger 0": (lambda k: (k + np.zeros(3, dtype=int)) * 2, (BYTES,)),
    "bytes to the power 1.0": (lambda k: k**1.0 * 2, (BYTES,)),
    "bytes over 1": (lambda k: (k / 1) * 2, (BYTES,)),
    "product of bytes": (lambda k: np.prod(k), (BYTES,)),
    "product of truth values": (lambda m: np.prod(m) + np.prod(m), (MASK,)),
    "length of bytes": (lambda k: np.linalg.norm(k), (BYTES,)),
    "padded bytes": (lambda k: np.pad(k, 1, constant_values=200) * 2, (BYTES,)),
    "triangle of truth values": (lambda m: np.triu(np.broadcast_to(m, (3, 3))), (MASK,)),
    "stretched truth values": (lambda m: np.broadcast_to(m, (2, 3)) + np.broadcast_to(m, (2, 3)), (MASK,)),
    "numbers of nan": (lambda k: np.nan_to_num(k), (BYTES,)),
    "short and a strong number": (lambda x: x * np.float64(2.0), (SHORT,)),
    "short and a weak number": (lambda x: x * 2.0, (SHORT,)),
    "short and an array of no axes": (lambda x: x * np.array(2.0), (SHORT,)),
    "a short number": (lambda x: x * 2.0 + x, (np.float32(0.1),)),
    "short stretched": (lambda x: np.broadcast_to(x, (2, 3)) * 2, (SHORT,)),
    "a whole number": (lambda k: k * 2, (3,)),
    "a truth value": (lambda m: m + m, (np.True_,)),
    "a sign of zero": (lambda x: np.signbit(x + 0.0), (np.array([-0.0, 0.0]),)),
    "gradient of short": (value_and_grad(lambda x: np.sum(np.tanh(x) * np.arange(3.0))), (SHORT,)),
    "tangent of short": (lambda x: jvp(lambda x: np.concatenate([x, x]) * x[0], (x,), (x,)), (SHORT,)),
    "pulled back to short": (lambda x: vjp(lambda x: x * np.ones(3), x)[1](np.ones(3)), (SHORT,)),
    "gradients of both": (grad(lambda p: np.sum(p[0] * p[1])), ((SHORT, np.ones(3)),)),
    "cast": (
        lambda x: (x.astype(int), x.astype(bool), (x > 0).astype(float), x.astype(np.float32), x.astype("u1")),
        (MASK * 2.5,),
    ),
    "masks": (lambda x, m: ((x > 0) & m, (x > 0) | m, (x > 0) ^ m, ~m, m & True, m * m), (SHORT, MASK)),
    "close": (lambda x, y: (np.allclose(x, y), np.isclose(x, y), np.array_equal(x, y)), (SHORT, SHORT)),
    "a chosen index": (lambda x, i: x[i], (SHORT, 1)),
}


@pytest.mark.parametrize("name", TYPED)
def test_a_program_has_the_values_and_types_of_its_function(name: str) -> None:
    f, args = TYPED[name]
    run = compiled(f)
    assert kinds(run(*args)) == kinds(f(*args)) == kinds(run(*args))


def test_derivatives_are_of_the_type_of_what_they_belong_to() -> None:
    value, g = value_and_grad(lambda x: np.sum(x * np.arange(3.0)))(SHORT)
    assert (value.dtype, g.dtype) == (np.float64, np.float32)
    assert [y.dtype for y in jvp(lambda x: x * 2.0, (SHORT,), (np.ones(3),))] == [np.float32, np.float32]


def test_another_type_is_another_program() -> None:
    run = compiled(lambda x: x / 2 if x.dtype.kind == "f" else x // 2)
    assert run(np.array([3.0])).tolist() == [1.5]
    assert run(np.array([3])).tolist() == [1]
    assert run(3) == 1
    assert run(3.0) == 1.5


def test_two_primitives_of_one_name_are_two() -> None:
    one, other = (
        Primitive("shifted", lambda x, k=k: x + k, lambda i, t, y, x: t, lambda i, g, y, x: g) for k in (1.0, 10.0)
    )
    assert compiled(lambda x: (one(x), other(x)))(1.0) == (2.0, 11.0)
    sums = Primitive("add", lambda a, b: 100.0 + a, lambda i, t, y, a, b: t, lambda i, g, y, a, b: g)
    assert compiled(lambda x: (sums(x, 1.0), x + 1.0))(1.0) == (101.0, 2.0)
    reserved = Primitive("s1", lambda x: x + 5.0)
    assert compiled(lambda x: reserved(x) * x)(1.0) == 6.0


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (None, "NoneType None"),
        ("3", "str '3'"),
        ({1, 2}, "set"),
        (True, "bool True"),
        (np.array(["a"]), "an array of <U1"),
        (np.array([None]), "an array of object"),
    ],
)
def test_what_is_no_number_is_no_input(given: Any, says: str) -> None:
    """None became nan, the string '3' the number 3; and True + True, which is 2, was 2.0."""
    with pytest.raises(TypeError, match=f"inputs of a program are numbers and arrays of numbers, this one is {says}"):
        compiled(lambda x, y: x * 2.0)(1.0, given)
    with pytest.raises(TypeError, match=f"this one is {says}"):
        program(lambda x: x * 1.0, 1.0).compile()(given)


def test_arguments_are_checked_as_by_the_traced_derivative() -> None:
    for given in (3, np.arange(3), np.True_, np.ones(2) > 0):
        with pytest.raises(TypeError, match=r"derivatives are with respect to floats, this argument is"):
            compiled(grad(lambda x: np.sum(x * 2.0)))(given)


def test_where_a_mask_is_true_may_not_be_asked() -> None:
    """The places of the example stood in the program."""
    f = lambda x: np.sum(x[np.where(x > 0)])  # noqa: E731
    assert f(SHORT) == 2.5
    assert grad(f)(SHORT).tolist() == [1.0, 0.0, 1.0]
    with pytest.raises(TypeError, match="how many entries are true depends on their values"):
        compiled(f)(SHORT)


def test_a_compiled_function_is_differentiated_and_nested_as_itself() -> None:
    run = compiled(lambda x: np.sum(x**3))
    x = np.array([1.0, 2.0])
    assert grad(run)(x).tolist() == compiled(grad(run))(x).tolist() == [3.0, 12.0]
    inner = lambda z: compiled(lambda x: x * z)(2.0)  # noqa: E731
    with pytest.raises(TypeError, match="gets all that it is differentiated by as arguments"):
        grad(inner)(3.0)


def chain(n: int) -> Callable[[Any], Any]:
    def f(x: Any) -> Any:
        for _ in range(n):
            x = np.sin(x) * 0.5 + x
        return np.sum(x)

    return f


@pytest.mark.slow
def test_a_long_program_warns_that_it_must_pay() -> None:
    """And no program as long as ours are does, nor a second time."""
    run, x = compiled(grad(chain(1000))), np.ones(2)
    with pytest.warns(
        UserWarning, match=r"5000 lines and grows: .* pays only if it is called more often; operations on whole"
    ) as found:
        first = run(x)
    assert len(found) == 1
    assert run(x).tolist() == first.tolist()
    assert compiled(grad(chain(100)))(x).tolist() == grad(chain(100))(x).tolist()


@pytest.mark.slow
def test_writing_takes_time_in_proportion_to_the_lines() -> None:
    """Constants were counted anew for each: eight times the lines took fifty times as long."""

    def spent(n: int) -> float:
        held = [np.full(2, float(k)) for k in range(n)]
        f = lambda x: sum(x * c for c in held)  # noqa: E731
        written = program(f, np.ones(2))
        started = time.process_time()
        written.source()
        return time.process_time() - started

    assert min(spent(2000) for _ in range(3)) < 24 * min(spent(250) for _ in range(3))
