"""Tangent and adjoint programs: as they are taught, and right for every function that the engine knows."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent
from typing import Any

import numpy as np
import pytest
from autodiff_cases import of_each, worked
from test_autodiff import CASES, close, drawn

from reference.autodiff import PRIMITIVES, adjoint_program, jvp, tangent_program, vjp


def test_the_tangent_program_stands_beside_its_lines() -> None:
    lines = """\
        s3 = s1 * s2
        s3_dot = s1_dot * s2 + s2_dot * s1
        s4 = np.sin(s1)
        s4_dot = s1_dot * np.cos(s1)
        s5 = s3 + s4
        s5_dot = s3_dot + s4_dot
        s6 = s5 + 4
        s6_dot = s5_dot
        s7 = s2 ** 2
        s7_dot = s2_dot * 2 * s2
        s8 = 3 * s7
        s8_dot = s7_dot * 3
        s9 = s8 + 6
        s9_dot = s8_dot
        s10 = s6 * s9
        s10_dot = s6_dot * s9 + s9_dot * s6
        return s10, s10_dot"""
    written = tangent_program(worked, 2.0, 8.0)
    assert str(written) == dedent(lines)
    run = written.compile()
    assert [f"{run(2.0, 8.0, *v)[1]:.10f}" for v in ((1.0, 0.0), (0.0, 1.0))] == ["1501.6029263637", "1399.6462764876"]


def test_the_adjoint_program_goes_back_and_adds_up_what_comes_in() -> None:
    lines = """\
        s10 = s6 * s9
        s6_bar = s10_bar * s9
        s9_bar = s10_bar * s6
        s8_bar = s9_bar
        s7_bar = s8_bar * 3
        s5_bar = s6_bar
        s4_bar = s5_bar
        s3_bar = s5_bar
        s1_bar = s4_bar * np.cos(s1) + s3_bar * s2
        s2_bar = s7_bar * 2 * s2 + s3_bar * s1
        return s10, s1_bar, s2_bar"""
    written = adjoint_program(worked, 2.0, 8.0)
    assert str(written).endswith(dedent(lines))
    value, *gradient = written.compile()(2.0, 8.0, 1.0)
    assert f"{value:.10f}" == "4140.0408905115"
    assert [f"{g:.10f}" for g in gradient] == ["1501.6029263637", "1399.6462764876"]


@of_each(CASES)
def test_both_agree_with_the_sweeps(name: str, f: Callable[..., Any], shapes: Any, where: Any) -> None:
    points, directions, _ = drawn(name, shapes, where)
    value, tangent = jvp(f, tuple(points), tuple(directions))
    run = tangent_program(f, *points).compile()(*points, *directions)
    assert close(run[0], value, 1e-13)
    assert close(run[1], tangent, 1e-12)
    bar = np.random.default_rng(1).standard_normal(np.shape(value))
    written = adjoint_program(f, *points).compile()(*points, bar)
    for one, other in zip(written[1:], vjp(f, *points)[1](bar), strict=True):
        assert close(one, other, 1e-12)


def test_minus_signs_and_brackets_survive_being_written_in_one_line() -> None:
    """What stands inside another expression binds as it did on a line of its own."""

    def f(x: Any, y: Any) -> Any:
        return -(((x - (y - 2.0)) / (x / (y * x))) ** 2.0) * (-1.5) ** 2.0 - (x - y) @ (x + y)

    def run(text: str, **given: Any) -> Any:
        *lines, last = text.splitlines()
        space = {"np": np, "scatter_add": PRIMITIVES["scatter_add"].forward, **given}
        exec("\n".join(lines), space)
        return [space[name] for name in last.removeprefix("return ").split(", ")]

    rng = np.random.default_rng(3)
    x, y, bar = rng.uniform(1, 2, 3), rng.uniform(3, 4, 3), rng.standard_normal(3)
    written = adjoint_program(f, x, y)
    read = run(str(written), s1=x, s2=y, s17_bar=bar)
    for one, other in zip(read, written.compile()(x, y, bar), strict=True):
        assert close(one, other, 1e-12)


def test_an_input_that_nothing_uses_has_a_zero_adjoint() -> None:
    assert adjoint_program(lambda x, y: x * 2.0, 3.0, 1.0).compile()(3.0, 1.0, 1.0)[1:] == [2.0, 0.0]
    assert adjoint_program(lambda x: x, 3.0).compile()(3.0, 5.0) == [3.0, 5.0]


def test_several_outputs_are_refused() -> None:
    with pytest.raises(TypeError, match="one output"):
        adjoint_program(lambda x: (x, 2 * x), 1.0)
    with pytest.raises(TypeError, match="depends on the inputs"):
        tangent_program(lambda x: 2.0, 1.0)
