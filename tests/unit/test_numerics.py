"""Slopes and kinks: the instruments, each with the reading that a wrong one would give."""

from __future__ import annotations

import math

import numpy as np
import pytest

from grader.judging.numerics.kinks import blocks, in_hull
from grader.judging.numerics.slopes import central, complex_step, kinked, richardson


@pytest.mark.parametrize(("f", "slope"), [(math.exp, 1.0), (math.sin, 1.0), (lambda t: (1 + t) ** 5, 5.0)])
def test_richardson_is_right_to_eleven_digits_and_knows_how_well(f, slope) -> None:
    found = richardson(f)
    assert abs(found.value - slope) < 1e-11
    assert abs(found.value - slope) <= found.error < 1e-4


def test_richardson_of_a_constant_is_zero_and_of_a_wrong_slope_is_not() -> None:
    assert richardson(lambda _: 7.0).value == 0.0
    assert abs(richardson(math.exp).value - 1.000001) > 1e-7


def test_central_difference_falls_with_the_square_of_the_step() -> None:
    coarse, fine = (abs(central(math.exp, h) - 1) for h in (1e-2, 1e-3))
    assert 90 < coarse / fine < 110


def test_complex_step_is_right_to_rounding() -> None:
    assert complex_step(lambda t: np.exp(t) * np.sin(1 + t)) == pytest.approx(math.sin(1) + math.cos(1), rel=1e-15)


def test_a_kink_within_a_step_is_seen_and_curvature_is_not() -> None:
    assert kinked(lambda t: abs(t - 1e-4))
    assert kinked(lambda t: max(t, 0.0))
    assert not kinked(lambda t: math.exp(5 * t))
    assert not kinked(lambda t: 3 * t)


def test_the_hull_of_a_tie_is_the_simplex_and_not_the_box() -> None:
    corners = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert in_hull(np.array([0.5, 0.5]), corners)
    assert in_hull(np.array([1.0, 0.0]), corners)
    assert not in_hull(np.array([1.0, 1.0]), corners)  # a full gradient to each of two tied maxima
    assert not in_hull(np.array([0.0, 0.0]), corners)


def relu_gradient(inputs):
    return (inputs["dout"] * (inputs["x"] > 0)).ravel()


def test_a_relu_has_a_block_for_each_zero() -> None:
    inputs = {"x": np.array([[0.0, 1.0], [-2.0, 0.0]]), "dout": np.array([[3.0, 1.0], [1.0, -5.0]])}
    found = blocks(relu_gradient, inputs, ("x",))
    assert sorted(block.entries.tolist() for block in found) == [[0], [3]]
    assert sorted(sorted(block.corners.ravel().tolist()) for block in found) == [[-5.0, 0.0], [0.0, 3.0]]


def test_a_smooth_input_has_no_block() -> None:
    assert blocks(relu_gradient, {"x": np.array([1.0, -2.0]), "dout": np.ones(2)}, ("x",)) == []


def test_many_ties_in_one_block_still_hold_their_corners() -> None:
    def max_gradient(inputs):
        x = inputs["x"]
        return (np.arange(x.size) == np.argmax(x)).astype(float)

    (block,) = blocks(max_gradient, {"x": np.zeros(12)}, ("x",))
    for i in range(12):
        assert in_hull(np.eye(12)[i], block.corners)
    assert not in_hull(np.ones(12), block.corners)
