"""Claims that were false: each is made impossible for what is wrong in another way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from exam import explained, models

from grader.bank import catalogue

Answer = Callable[..., Any]
RIGHT = models("layers")


def _drops_the_last_column(dout: Any, cache: Any) -> Any:
    dx, dw, db = RIGHT["affine_backward"](dout, cache)
    dx = dx.copy()
    dx.reshape(len(dx), -1)[:, -1] = 0
    return dx, dw, db


def _sums_everything(dout: Any, cache: Any) -> Any:
    dx, dw, db = RIGHT["affine_backward"](dout, cache)
    return dx, dw, np.full_like(db, dout.sum())


def _zero_over_zero(dout: Any, cache: Any) -> Any:
    return dout * np.maximum(cache, 0) / cache


def _normalised(dout: Any, cache: Any) -> Any:
    dx = dout * (cache > 0)
    return dx / np.sqrt((dx**2).sum() + 1e-300)


def _clipped_sigmoid(x: Any) -> Any:
    return RIGHT["sigmoid_forward"](np.clip(x, -20, 20))


def _linear_above_ten(x: Any) -> Any:
    return np.where(x > 10, x, np.log1p(np.exp(np.minimum(x, 10)))), x


def _capped(x: Any, y: Any) -> Any:
    loss, dx = RIGHT["softmax_loss"](x, y)
    return min(loss, 500.0), dx


def _guarded(x: Any, y: Any) -> Any:
    p = 1 / (1 + np.exp(-x))
    return -np.mean(y * np.log(p + 1e-8) + (1 - y) * np.log(1 - p + 1e-8)), (p - y) / len(x)


FALSE: dict[str, tuple[str, Answer, set[str]]] = {
    "one example, for a lost column": ("affine_backward", _drops_the_last_column, {"only_single_row"}),
    "one example, for one sum for all": ("affine_backward", _sums_everything, {"only_single_row"}),
    "one example, for another threshold": (
        "relu_backward",
        lambda dout, cache: dout * (cache > 1),
        {"only_single_row"},
    ),
    "large inputs, for 0/0 at 0": ("relu_backward", _zero_over_zero, {"overflow"}),
    "digits, for a clip at 20": ("sigmoid_forward", _clipped_sigmoid, {"numeric"}),
    "digits, for a line above 10": ("softplus_forward", _linear_above_ten, {"numeric"}),
    "digits, for a loss with a ceiling": ("softmax_loss", _capped, {"numeric"}),
    "a factor of nearly 1, for a guard": ("bce_with_logits_loss", _guarded, {"constant_factor", "numeric"}),
    "no upstream, for a gradient of length 1": ("relu_backward", _normalised, {"ignores_upstream"}),
    "not linear, for a second value": (
        "relu_backward",
        lambda dout, cache: (dout * (cache > 0), None),
        {"nonlinear_upstream"},
    ),
    "not linear, for NaN": ("relu_backward", lambda dout, cache: dout * np.nan, {"nonlinear_upstream", "overflow"}),
}
"""By what was claimed, and of what: the exercise, an answer, and the claims that are false of it."""


@pytest.mark.parametrize("what", FALSE)
def test_a_claim_that_was_false_is_not_made(what: str) -> None:
    name, answer, false = FALSE[what]
    told = explained({**RIGHT, name: answer}, catalogue().exercise(f"layers.{name}"))
    assert not all(verdict.status == "passed" for verdict, _ in told)
    assert not false & {words.diagnosis.mistake for _, words in told if words.diagnosis is not None}


SOFTPLUS = RIGHT["softplus_forward"]
TRUE: dict[str, tuple[str, Answer, str]] = {
    "one example": ("relu_backward", lambda dout, cache: dout[:1] * (cache > 0), "only_single_row"),
    "large inputs": (
        "softplus_backward",
        lambda dout, cache: dout * np.exp(cache) / (1 + np.exp(cache)),
        "overflow",
    ),
    "no upstream": ("tanh_backward", lambda dout, cache: 2.0 - cache**2, "ignores_upstream"),
    "digits": (
        "softplus_backward",
        lambda dout, cache: dout * (SOFTPLUS(cache + 1e-6)[0] - SOFTPLUS(cache - 1e-6)[0]) / 2e-6,
        "numeric",
    ),
}
"""The same claims where they are true."""


@pytest.mark.parametrize("what", TRUE)
def test_a_claim_that_is_true_is_still_made(what: str) -> None:
    name, answer, code = TRUE[what]
    told = explained({**RIGHT, name: answer}, catalogue().exercise(f"layers.{name}"))
    assert code in {words.diagnosis.mistake for _, words in told if words.diagnosis is not None}
