"""Random programs with masks, integers and constants: plain numpy, traced, forward, differences and compiled side by side.

Each is drawn from its number, and runs on inputs of drawn types at two points: compiled at the first, it must be right at the
second too, to rounding, and in the type of its entries. ``GRADMARK_FUZZ`` says how many, ``GRADMARK_FUZZ_FROM`` from which on;
``make fuzz`` runs thousands.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from reference.autodiff import compiled, jvp, leaves, value_and_grad, vjp

PROGRAMS = int(os.environ.get("GRADMARK_FUZZ", "120"))
FIRST = int(os.environ.get("GRADMARK_FUZZ_FROM", "0"))
CHUNK = 20
ROUNDING = 1e-13
"""Of floats: numpy takes other ways to a power or a mean of one entry than to those of an array."""
SHAPES: list[tuple[int, ...]] = [(), (3,), (2, 1), (1, 3), (2, 3)]
CONSTANTS: list[Any] = [
    1.0, 0.0, -0.0, 1, 0, 2, -1.5, True, False, np.float64(1.0), np.float64(0.5), np.float32(1.0), np.float32(2.5), np.int64(1),
    np.uint8(1), np.uint8(3), np.bool_(True), np.ones((2, 3)), np.zeros(3, dtype=np.float32), np.ones((2, 1), dtype=int),
    np.array([True, False, True]), np.array(1.0), np.array(2, dtype=np.int8),
]  # fmt: skip
STEPS: dict[str, list[Callable[..., Any]]] = {
    # From floats a and b, a mask m, whole numbers k and i, a constant c, and an axis.
    "float": [
        lambda v: v.a + v.b,
        lambda v: v.a - v.b,
        lambda v: v.a * v.b,
        lambda v: v.a / (2.0 + v.b * v.b),
        lambda v: np.tanh(v.a),
        lambda v: np.sin(v.a),
        lambda v: np.exp(np.tanh(v.a)),
        lambda v: np.where(v.m, v.a, v.b),
        lambda v: np.where(v.m, v.c, v.a),
        lambda v: v.a * v.c,
        lambda v: v.c * v.a,
        lambda v: v.a + v.c,
        lambda v: v.c - v.a,
        lambda v: v.a * v.m,
        lambda v: v.m + v.a,
        lambda v: v.a * v.k,
        lambda v: v.k - v.a,
        lambda v: v.m * 1.0,
        lambda v: v.m.astype(float),
        lambda v: 1.0 * v.k,
        lambda v: v.a.astype(np.float32),
        lambda v: v.k.astype(np.float64) + v.a,
        lambda v: v.m.astype(np.float32) * v.b,
        lambda v: np.sum(v.a, axis=v.axis, keepdims=True),
        lambda v: np.mean(v.k, axis=v.axis, keepdims=True),
        lambda v: np.mean(v.m) + v.a,
        lambda v: np.mean(v.a, axis=v.axis, keepdims=True),
        lambda v: np.cumsum(np.broadcast_to(v.a, (2, 3)), axis=1),
        lambda v: np.broadcast_to(v.a, (2, 3)),
        lambda v: np.broadcast_to(v.a, (2, 3))[..., v.i][:, None],
        lambda v: np.sum(v.m * 1.0 + (v.a > 1) * 1.0),
        lambda v: v.a**2,
        lambda v: np.var(v.k) + v.a,
        lambda v: np.linalg.norm(np.broadcast_to(v.k, (2, 3))) * v.a,
        lambda v: v.a / 1.0,
        lambda v: v.a**1,
        lambda v: (v.a * v.c).astype(np.float64),
    ],
    "mask": [
        lambda v: v.a > v.b,
        lambda v: v.a <= v.c,
        lambda v: v.k == 1,
        lambda v: v.k != v.c,
        lambda v: v.m & (v.a > 0),
        lambda v: v.m | (v.k > 2),
        lambda v: ~v.m,
        lambda v: v.m ^ (v.b < v.a),
        lambda v: v.m * v.m,
        lambda v: v.m + (v.a > 0.3),
        lambda v: np.logical_not(v.m),
        lambda v: np.any(v.m, axis=v.axis, keepdims=True),
        lambda v: np.all(v.m, axis=v.axis, keepdims=True),
        lambda v: v.k.astype(bool),
        lambda v: np.broadcast_to(v.m, (2, 3)),
        lambda v: np.allclose(v.a, v.b) | v.m,
        lambda v: np.isclose(v.a, v.b) | v.m,
        lambda v: np.where(v.m, v.m, v.k > 0),
        lambda v: np.triu(np.broadcast_to(v.m, (2, 3))),
    ],
    "whole": [
        lambda v: v.k * 2,
        lambda v: v.k + v.k,
        lambda v: v.k * v.k,
        lambda v: v.k * 1,
        lambda v: v.k + True,
        lambda v: v.k // 2,
        lambda v: v.k % 3,
        lambda v: v.m.astype(int),
        lambda v: v.m.astype(np.uint8) * np.uint8(200),
        lambda v: v.m + 1,
        lambda v: np.sum(v.m, axis=v.axis, keepdims=True),
        lambda v: np.sum(v.k, axis=v.axis, keepdims=True),
        lambda v: np.prod(v.k, axis=v.axis, keepdims=True),
        lambda v: np.prod(v.m, axis=v.axis, keepdims=True),
        lambda v: np.cumsum(np.broadcast_to(v.m, (2, 3)), axis=1),
        lambda v: np.where(v.m, v.k, 1),
        lambda v: v.k * v.m,
        lambda v: np.floor(v.a * 3).astype(int),
        lambda v: np.maximum(v.k, 1),
        lambda v: np.clip(v.k, 0, 3),
        lambda v: v.k + np.uint8(250),
        lambda v: np.sum(v.k == v.c),
        lambda v: np.pad(np.broadcast_to(v.k, (2, 3)), 1)[1:-1, 1:-1],
        lambda v: np.argmax(v.a) + v.k,
    ],
}


class Values:
    """What a step sees."""

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)


def drawn_program(seed: int) -> Callable[..., tuple[list[Any], int]]:
    """A function of floats, whole numbers, a mask and an index; it returns all values, and how many, the first, are floats."""
    rng = np.random.default_rng(seed)
    plan = []
    for _ in range(rng.integers(3, 14)):
        kind = str(rng.choice(list(STEPS), p=[0.5, 0.25, 0.25]))
        plan.append(
            (
                kind,
                int(rng.integers(len(STEPS[kind]))),
                rng.integers(1 << 30, size=4),
                int(rng.integers(len(CONSTANTS))),
            )
        )

    def f(x: Any, y: Any, k: Any, m: Any, i: Any) -> tuple[list[Any], int]:
        known: dict[str, list[Any]] = {"float": [x, y], "whole": [k], "mask": [m]}
        for kind, step, picks, constant in plan:
            a, b = (known["float"][p % len(known["float"])] for p in picks[:2])
            whole, mask = known["whole"][picks[2] % len(known["whole"])], known["mask"][picks[3] % len(known["mask"])]
            axis = -1 if np.ndim(a) and np.ndim(whole) and np.ndim(mask) else None
            known[kind].append(
                STEPS[kind][step](Values(a=a, b=b, k=whole, m=mask, i=i, c=CONSTANTS[constant], axis=axis))
            )
        return [*known["float"], *known["whole"], *known["mask"]], len(known["float"])

    return f


def inputs_of(seed: int) -> Callable[[int], tuple[Any, ...]]:
    """Inputs of drawn types and shapes, by the number of the point."""
    rng = np.random.default_rng(10_000_000 + seed)
    shapes = [SHAPES[n] for n in rng.integers(len(SHAPES), size=4)]
    floats = rng.choice(["float64", "float64", "float32"], size=2)
    whole = rng.choice(["uint8", "int64", "int32", "int8"])

    def at(number: int) -> tuple[Any, ...]:
        rng = np.random.default_rng((seed, number))
        x, y = (np.asarray(rng.standard_normal(s)).astype(t)[()] for s, t in zip(shapes[:2], floats, strict=True))
        return (
            x,
            y,
            np.asarray(rng.integers(0, 100, size=shapes[2])).astype(whole)[()],
            rng.random(shapes[3]) > 0.5,
            int(rng.integers(3)),
        )

    return at


def same(one: Any, other: Any, digits: float = 0.0) -> None:
    """Equal in shape, in type of entries, and to so many digits."""
    one, other = np.asarray(one), np.asarray(other)
    assert (one.dtype, one.shape) == (other.dtype, other.shape)
    if not digits or one.dtype.kind != "f":
        assert np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    else:
        digits = digits if one.dtype == np.float64 else 2e-4
        scale = np.maximum(1.0, np.max(np.abs(np.nan_to_num(other)), initial=0.0))
        assert np.allclose(one / scale, other / scale, rtol=digits, atol=digits, equal_nan=True)


def check(seed: int) -> None:
    f, at = drawn_program(seed), inputs_of(seed)
    here, there = at(0), at(1)

    def every(x: Any, y: Any, k: Any, m: Any, i: Any) -> Any:
        return f(x, y, k, m, i)[0]

    def scalar(x: Any, y: Any, k: Any, m: Any, i: Any) -> Any:
        values, floats = f(x, y, k, m, i)
        return sum(np.mean(np.sin(v) * (n + 1.0)) for n, v in enumerate(values[:floats])) + 0.0 * np.sum(x)

    quick, quick_slope, slope = (
        compiled(every),
        compiled(value_and_grad(scalar, (0, 1))),
        value_and_grad(scalar, (0, 1)),
    )
    for point in (here, there):
        x, y, *rest = point
        plain = every(*point)
        for one, other in zip(quick(*point), plain, strict=True):
            same(one, other, ROUNDING)
        floats = f(*point)[1]
        value, pull = vjp(lambda x, y, rest=rest, n=floats: every(x, y, *rest)[:n], x, y)
        directions = tuple(np.cos(1.0 + np.arange(np.size(z))).reshape(np.shape(z)).astype(z.dtype)[()] for z in (x, y))
        forward, tangent = jvp(lambda x, y, rest=rest, n=floats: every(x, y, *rest)[:n], (x, y), directions)
        for one, two, other, t in zip(value, forward, plain, tangent, strict=False):
            same(one, other, ROUNDING)
            same(two, other, ROUNDING)
            assert (t.dtype, t.shape) == (other.dtype, other.shape)
        left = sum(np.sum(t.astype(float)) for t in tangent)
        right = sum(
            np.sum(g.astype(float) * d)
            for g, d in zip(pull([np.ones_like(t) for t in tangent]), directions, strict=True)
        )
        assert np.isclose(left, right, rtol=1e-2 if any(t.dtype != float for t in tangent) else 1e-8, atol=1e-2)
        (traced, gradient), (compiled_value, compiled_gradient) = slope(*point), quick_slope(*point)
        both_double = all(z.dtype == np.float64 for z in leaves([*value, x, y]))
        digits = 1e-12 if both_double else 2e-4
        same(compiled_value, traced, digits)
        same(traced, scalar(*point), digits)
        for one, other, z in zip(compiled_gradient, gradient, (x, y), strict=True):
            same(one, other, 100 * digits)
            assert one.dtype == z.dtype
        along = jvp(lambda x, y, rest=rest: scalar(x, y, *rest), (x, y), directions)[1]
        across = sum(np.sum(g.astype(float) * d) for g, d in zip(gradient, directions, strict=True))
        size = max(1.0, *(float(np.max(np.abs(g), initial=0.0)) for g in gradient))
        assert abs(along - across) <= (1e-9 if both_double else 1e-2) * size
        large = max(float(np.max(np.abs(v), initial=0.0)) for v in value)
        if both_double and size < 1e3 and large < 1e4:  # beside a large number a small step is lost to rounding
            differences(f, scalar, point, directions, along, size)


def differences(f: Any, scalar: Any, point: Any, directions: Any, along: Any, size: float) -> None:
    """Hold the slope against differences, if no mask and no whole number changes on the way."""
    x, y, *rest = point
    h = 1e-6
    ends = [(x + t * directions[0], y + t * directions[1], *rest) for t in (h, -h)]
    values, floats = f(*point)
    for end in ends:
        if not all(np.array_equal(a, b) for a, b in zip(f(*end)[0][floats:], values[floats:], strict=True)):
            return
    numerical = (scalar(*ends[0]) - scalar(*ends[1])) / (2 * h)
    curvature = abs(scalar(*ends[0]) + scalar(*ends[1]) - 2 * scalar(*point)) / h  # large where it bends fast
    assert abs(numerical - along) <= 1e-4 * size + 10 * curvature


@pytest.mark.slow
@pytest.mark.parametrize("first", range(FIRST, FIRST + PROGRAMS, CHUNK))
def test_random_programs_agree_in_all_ways_of_running_them(first: int) -> None:
    for seed in range(first, min(first + CHUNK, FIRST + PROGRAMS)):
        try:
            with np.errstate(all="ignore"):
                check(seed)
        except Exception as e:
            raise AssertionError(
                f"program number {seed}: GRADMARK_FUZZ=1 GRADMARK_FUZZ_FROM={seed} runs it alone"
            ) from e
