"""The page of conventions at the edge says what the engine does: each row is run in reverse, forward and compiled."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import reference.autodiff as ad

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "values-at-the-edge.md"
ROW = re.compile(r"^\| `(.+?)` \| (.+?) \|", re.MULTILINE)
ROWS = ROW.findall(PAGE.read_text(encoding="utf-8"))


def vector(*x: float) -> np.ndarray:
    return np.array(x)


def forward(f: Callable[..., Any], *_: Any) -> Callable[..., Any]:
    """The gradient, a sweep forward for each entry."""

    def gradient(x: Any, *rest: Any) -> Any:
        return ad.jacobian(lambda x: f(x, *rest), mode="forward")(x)

    return gradient


WAYS: dict[str, dict[str, Any]] = {
    "reverse": {"grad": ad.grad, "jacobian": lambda f: ad.jacobian(f, mode="reverse"), "logsumexp": ad.logsumexp},
    "forward": {"grad": forward, "jacobian": lambda f: ad.jacobian(f, mode="forward"), "logsumexp": ad.logsumexp},
    "compiled": {
        "grad": lambda f: ad.compiled(ad.grad(f)),
        "jacobian": lambda f: ad.compiled(ad.jacobian(f)),
        "logsumexp": ad.compiled(ad.logsumexp),
    },
}


def value_of(code: str, way: str) -> Any:
    space = {**WAYS[way], "np": np, "A": vector, "inf": np.inf}
    if way != "reverse" and "grad(logsumexp)" in code:
        space["logsumexp"] = ad.logsumexp
    with np.errstate(all="ignore"):
        return eval(code, space)


def test_the_page_has_rows() -> None:
    assert len(ROWS) > 30


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("code", "says"), ROWS, ids=[code for code, _ in ROWS])
def test_the_engine_does_what_the_page_says(code: str, says: str, way: str) -> None:
    expected = np.array(eval(says, {"inf": np.inf, "nan": np.nan}), dtype=float)
    found = value_of(code, way)
    assert np.shape(found) == expected.shape
    assert np.allclose(found, expected, rtol=1e-12, equal_nan=True)


def test_second_derivatives_of_a_branch_not_taken_are_right_forward_over_reverse() -> None:
    with np.errstate(all="ignore"):
        for f in (lambda x: np.where(x > 0, np.log(x), x**2), lambda x: np.where(x > 0, x * np.log(x), x**2)):
            assert ad.hvp(f, 0.0, 1.0) == 2.0
            assert ad.hessian(f)(0.0) == 2.0


def test_an_infinite_slope_that_is_asked_for_stays_infinite() -> None:
    """Rule 3 must not hide it: any cotangent but 0 sends it back."""
    with np.errstate(all="ignore"):
        assert ad.vjp(np.log, 0.0)[1](1e-300)[0] == np.inf
        assert ad.jvp(np.log, (0.0,), (-1e-300,))[1] == -np.inf
        assert np.isnan(ad.grad(lambda x: np.log(x) * np.nan)(0.0))


def test_shares_of_infinite_entries_have_their_rows_and_their_axes() -> None:
    x = np.array([[-np.inf, -np.inf], [np.inf, 1.0], [0.0, 0.0]])
    with np.errstate(all="ignore"):
        for run in (ad.grad, lambda f: ad.compiled(ad.grad(f))):
            assert run(lambda x: np.sum(ad.logsumexp(x)))(x).tolist() == [[0.5, 0.5], [1.0, 0.0], [0.5, 0.5]]
            assert run(lambda x: np.sum(ad.logsumexp(x, axis=0)))(x.T).tolist() == [[0.5, 1.0, 0.5], [0.5, 0.0, 0.5]]
    assert ad.logsumexp(x, keepdims=True).tolist() == [[-np.inf], [np.inf], [np.log(2.0)]]
    assert ad.logsumexp(x).tolist() == [-np.inf, np.inf, np.log(2.0)]


def test_times_warns_of_nothing_that_is_not_asked_for() -> None:
    assert ad.PRIMITIVES["times"](np.array([0.0, 2.0]), np.array([np.inf, np.inf])).tolist() == [0.0, np.inf]
    assert ad.PRIMITIVES["times"](0.0, np.nan) == 0.0
    assert str(ad.adjoint_program(lambda x: np.sin(x), 1.0)).count("times") == 0
