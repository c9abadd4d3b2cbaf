"""Dropout, of unit `regularization`: right whatever draws its masks, and judged by their laws."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from test_regularization import earned

from grader.bank.regularization import masks
from grader.judging import unmet
from reference import regularization as model


# ----------------------------------------------------------------------- right in any reasonable style
def by_the_global_state(x: Any, dropout_param: Any) -> Any:
    """Dropout as CS231n has it, on numpy's global state."""
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    mask = None
    if dropout_param["mode"] == "train":
        mask = (np.random.rand(*x.shape) < dropout_param["p"]) / dropout_param["p"]
        x = x * mask
    return x.astype(x.dtype, copy=False), (dropout_param, mask)


def by_loops(x: Any, dropout_param: Any) -> Any:
    """Dropout entry by entry, on the standard library's generator, with the mask in the opposite order."""
    p, rng = dropout_param["p"], random.Random(dropout_param.get("seed"))
    if dropout_param["mode"] == "test":
        return x.copy(), None
    kept = np.array([rng.random() >= 1 - p for _ in range(x.size)][::-1]).reshape(x.shape)
    return np.where(kept, x / p, 0), (kept, p)


def by_binomial(x: Any, dropout_param: Any) -> Any:
    """Dropout with counts of one draw, of another bit generator."""
    p, bits = dropout_param["p"], np.random.MT19937(dropout_param.get("seed"))
    train = dropout_param["mode"] == "train"
    mask = np.random.Generator(bits).binomial(1, p, x.shape) if train else np.ones(x.shape)
    return x * mask / (p if train else 1), mask / (p if train else 1)


BACKWARDS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "the global state": (by_the_global_state, lambda dout, c: dout if c[1] is None else c[1] * dout),
    "loops": (by_loops, lambda dout, c: dout if c is None else np.where(c[0], dout / c[1], 0.0)),
    "binomial": (by_binomial, lambda dout, c: dout * c),
}


@pytest.mark.parametrize("style", BACKWARDS)
def test_dropout_is_right_whatever_draws_its_masks(style: str) -> None:
    pair = dict(zip(("dropout_forward", "dropout_backward"), BACKWARDS[style], strict=True))
    for name in pair:
        got, worth = earned(pair, name)
        assert got == worth


# ------------------------------------------------------------------------------ dropout: particular blindness
def reads_the_output(x: Any, dropout_param: Any) -> Any:
    out, _ = model.dropout_forward(x, dropout_param)
    return out, (dropout_param, out)


def test_a_backward_pass_that_reads_the_mask_off_the_output_is_confused_by_zeros() -> None:
    def confused(dout: Any, cache: Any) -> Any:
        param, out = cache
        return dout if param["mode"] == "test" else dout * (out != 0) / param["p"]

    assert earned({"dropout_forward": reads_the_output, "dropout_backward": confused}, "dropout_backward")[0] == 0


def test_a_backward_pass_that_draws_from_the_seed_again_is_wrong_without_one() -> None:
    def again(dout: Any, cache: Any) -> Any:
        return model.dropout_forward(dout, cache[0])[0]

    assert earned({"dropout_backward": again}, "dropout_backward")[0] == 0


def test_a_backward_pass_that_fits_a_forward_pass_without_the_scale_is_paid() -> None:
    """They lose the forward's points alone; with the right forward pass the same backward pass is wrong."""

    def unscaled(x: Any, dropout_param: Any) -> Any:
        out, (param, mask) = model.dropout_forward(x, dropout_param)
        return (out, (param, None)) if mask is None else (out * param["p"], (param, mask * param["p"]))

    def backward(dout: Any, cache: Any) -> Any:
        return dout if cache[1] is None else dout * (cache[1] > 0)

    pair = {"dropout_forward": unscaled, "dropout_backward": backward}
    assert earned(pair, "dropout_forward")[0] < 3
    assert earned(pair, "dropout_backward") == (3, 3)
    assert earned({"dropout_backward": backward}, "dropout_backward")[0] == 0


@pytest.mark.parametrize("scale", [1.0, 0.0, 2.0])
def test_a_pair_that_fits_and_drops_nothing_earns_nothing(scale: float) -> None:
    pair = {"dropout_forward": lambda x, _: (scale * x, None), "dropout_backward": lambda dout, _: scale * dout}
    assert [earned(pair, name)[0] for name in pair] == [0, 0]


def spoilt(spoil: Callable[..., Any]) -> Callable[..., Any]:
    """Dropout's right forward pass, but that ``spoil`` makes the mask, from x, p and a generator."""

    def forward(x: Any, dropout_param: Any) -> Any:
        if dropout_param["mode"] == "test":
            return x, (dropout_param, None)
        p = dropout_param["p"]
        mask = np.broadcast_to(spoil(x, p, np.random.default_rng(dropout_param.get("seed"))), x.shape) / p
        return x * mask, (dropout_param, mask)

    return forward


SPOILT = {
    "one mask for all rows": lambda x, p, rng: rng.random(x.shape[-1]) < p,
    "one for each row": lambda x, p, rng: rng.random((*x.shape[:-1], 1)) < p,
    "one number": lambda x, p, rng: rng.random() < p,
    "the seed's truth value": lambda x, p, rng: np.random.default_rng().random(x.shape) < p,
    "one half, whatever p is": lambda x, p, rng: rng.random(x.shape) < 0.5,
    "pairs": lambda x, p, rng: np.repeat(rng.random(x.size // 2) < p, 2).reshape(x.shape),
    "a fixed number": lambda x, p, rng: rng.permutation(x.size).reshape(x.shape) < round(p * x.size),
}


@pytest.mark.parametrize("how", SPOILT)
def test_masks_that_break_a_law_are_seen(how: str) -> None:
    got, worth = earned({"dropout_forward": spoilt(SPOILT[how])}, "dropout_forward")
    assert got < worth


@pytest.mark.slow
def test_the_laws_hold_of_right_masks_again_and_again() -> None:
    """A right answer is refused with a probability below 1e-9: here 600 times as many masks as one submission has cases."""
    rng = np.random.default_rng(0)
    for p in (0.3, 0.9, 0.6, 0.8) * 150:
        fresh = rng.random((12, 20, 24)) < p
        assert masks.these_are_drawn_apart(fresh, p).met
        assert masks.these_are_the_share(fresh, p).met
        assert masks.these_are_drawn(fresh, [fresh[0], fresh[0], fresh[1]], (fresh[0], fresh[0] | True)).met


def test_a_share_is_off_where_chance_has_it_once_in_a_million_millions() -> None:
    assert not masks.far_from(3000, 5760, 0.5)  # three standard deviations
    assert masks.far_from(3300, 5760, 0.5)  # eleven
    assert masks.far_from(0, 100, 0.3)
    assert masks.far_from(100, 100, 0.6)
    assert not masks.far_from(0, 0, 0.6)


def test_the_axis_is_named_along_which_entries_are_shared_however_uneven_others_came_out() -> None:
    """Whole rows are drawn, and by chance each beside its opposite: that is 0.82 from what is due, and the columns 0.18 alone."""
    rows = np.arange(8) % 2 == 0
    kept = np.stack([np.broadcast_to(row[:, None, None], (8, 6, 10)) for row in (rows, ~rows)])
    found = masks.these_are_drawn_apart(kept, 0.9)
    assert found == unmet("neighbours along axis 1 are not dropped or kept each for itself")
