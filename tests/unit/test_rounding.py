"""The rounding bound: it covers what right answers differ by, and does not cover what wrong ones do."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from grader.errors import BankError
from grader.judging.numerics.rounding import Shadow, bound_of, shadowed

EPS = np.finfo(np.float64).eps

FORMULAS: dict[str, Callable[..., object]] = {
    "affine": lambda x, w: x @ w + 1.0,
    "softmax": lambda x, _: (
        np.exp(x - x.max(axis=1, keepdims=True)) / np.exp(x - x.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True)
    ),
    "variance": lambda x, _: ((x - x.mean(axis=0)) ** 2).mean(axis=0),
    "norm": lambda x, _: np.sqrt((x * x).sum(axis=1)),
    "logs": lambda x, _: np.log1p(np.abs(x)) - np.tanh(x) / (1 + x * x),
    "einsum": lambda x, w: np.einsum("ij,jk->ik", x, w),
    "where": lambda x, _: np.where(x > 0, x, 0.1 * x) + np.maximum(x, 0.5),
    "windows": lambda x, w: (
        np.pad(np.zeros_like(x, shape=(4, 3)) + x, ((1, 1), (0, 2)))[1:, ::2].sum(axis=0)
        + sliding_window_view(x, (2, 3), axis=(0, 1)).max(axis=(2, 3)).sum()
        + np.sum(w)
    ),
    "masked softmax": lambda x, _: (
        np.exp(np.where(x > 0, x, -np.inf) - 1.0) / (1 + np.exp(np.where(x > 0, x, -np.inf) - 1.0))
    ),
    "stacked": lambda x, _: np.concatenate([x, -x]).reshape(-1).T,
    "blocks of columns": lambda x, _: np.hstack(np.hsplit(x * x, 3)[::-1]),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_the_bound_covers_the_difference_to_extended_precision(name: str) -> None:
    f = FORMULAS[name]
    for seed in range(20):
        rng = np.random.default_rng(seed)
        x, w = 10.0 ** rng.uniform(-3, 2) * rng.standard_normal((4, 3)), rng.standard_normal((3, 5))
        exact = np.asarray(f(x.astype(np.longdouble), w.astype(np.longdouble)))
        shadow = f(Shadow(x), Shadow(w))
        assert isinstance(shadow, Shadow)
        off = np.abs(shadow.value - exact)
        assert (off <= 4 * EPS * bound_of(shadow)).all()


@pytest.mark.parametrize("name", FORMULAS)
def test_the_bound_is_no_licence(name: str) -> None:
    """A relative error of 1e-8 is outside a thousand times the bound, somewhere."""
    rng = np.random.default_rng(0)
    shadow = FORMULAS[name](Shadow(rng.standard_normal((4, 3))), Shadow(rng.standard_normal((3, 5))))
    assert isinstance(shadow, Shadow)
    assert (1e-8 * np.abs(shadow.value) > 1000 * EPS * bound_of(shadow)).any()


def test_cancellation_widens_the_bound() -> None:
    near = Shadow(1.0 + 1e-12) - Shadow(1.0)
    assert near.error > 1e11 * np.abs(near.value)


def test_integers_strings_and_none_stay_plain() -> None:
    tree = shadowed({"w": np.ones(2), "t": 3, "mode": "mean", "config": None, "y": np.array([1, 2])})
    assert isinstance(tree["w"], Shadow)
    assert (tree["t"], tree["mode"], tree["config"]) == (3, "mean", None)
    assert isinstance(tree["y"], np.ndarray)


def test_in_place_writes_carry_their_bounds() -> None:
    x = Shadow(np.zeros(3))
    x[1] = Shadow(2.0, 5.0)
    x += 1.0
    np.add.at(x, np.array([0, 0]), Shadow(np.array([1.0, 1.0])))
    assert x.value.tolist() == [3.0, 3.0, 1.0]
    assert x.error[1] == 5.0 + 3.0 + 3.0
    assert x.error[0] > 2.0


def test_a_plain_number_among_shadows_has_no_negative_bound() -> None:
    assert np.stack([Shadow(2.0), -3.0, -4]).error.tolist() == [2.0, 3.0, 4.0]


def test_what_has_no_rule_says_so() -> None:
    with pytest.raises(TypeError, match="no rounding rule"):
        np.arctan2(Shadow(1.0), Shadow(2.0))
    with pytest.raises(TypeError, match=r"np\.asarray"):
        np.asarray(Shadow(1.0), dtype=float)


def test_an_unbounded_bound_is_refused() -> None:
    with pytest.raises(BankError, match="not finite"):
        bound_of(Shadow(1.0, np.inf))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20), st.randoms())
def test_sums_in_any_order_are_within_the_bound(terms: list[float], random: object) -> None:
    shuffled = list(terms)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    total = Shadow(np.array(terms)).sum()
    assert abs(sum(shuffled) - float(total.value)) <= 1000 * EPS * float(bound_of(total)) + 1e-300
