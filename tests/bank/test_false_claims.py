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


NORMS = models("regularization")


def _told(name: str, answer: Answer) -> set[str]:
    """What is told of an answer that stands alone, without what else there is to write in its unit."""
    told = explained({name: answer}, catalogue().exercise(f"regularization.{name}"))
    assert not all(verdict.status == "passed" for verdict, _ in told)
    return {words.diagnosis.mistake for _, words in told if words.diagnosis is not None}


def _in_another_order(dout: Any, cache: Any) -> Any:
    dx, dgamma, dbeta = NORMS["batchnorm_backward"](dout, cache)
    return dx, dbeta, dgamma


def _one_for_both(dout: Any, cache: Any) -> Any:
    dx, _, dbeta = NORMS["batchnorm_backward"](dout, cache)
    return dx, dbeta, dbeta


def test_two_outputs_in_each_others_place_are_no_mistake_in_one_of_them() -> None:
    assert _told("batchnorm_backward", _in_another_order) == {"swapped_outputs"}
    assert _told("batchnorm_backward", _one_for_both) == {"forgets_x_hat_in_dgamma"}


def _batchnorm(x: Any, gamma: Any, beta: Any, bn_param: Any, first: float, later: float, ddof: int) -> Any:
    """Batch norm whose running variance starts at ``first``, is moved on by ``later``, and whose variance has a ``ddof``."""
    old = bn_param.get("running_var")
    if bn_param["mode"] == "test":
        return NORMS["batchnorm_forward"](x, gamma, beta, bn_param)
    NORMS["batchnorm_forward"](x, gamma, beta, bn_param)
    var = x.var(axis=0, ddof=ddof)
    momentum = bn_param.get("momentum", 0.9)
    bn_param["running_var"] = momentum * (first if old is None else old + later) + (1 - momentum) * var
    hat = (x - x.mean(axis=0)) / np.sqrt(var + bn_param.get("eps", 1e-5))
    return gamma * hat + beta, None


def test_a_mistake_that_explains_all_outputs_comes_before_one_that_explains_this_one_alone() -> None:
    told = _told("batchnorm_forward", lambda *given: _batchnorm(*given, first=0.0, later=0.0, ddof=1))
    assert told == {"divides_by_one_less"}


def test_a_setting_that_is_missing_is_told_where_it_tells_the_cases_apart() -> None:
    """Rejects the claim for an answer that is wrong beside old averages as well."""
    assert _told("batchnorm_forward", lambda *given: _batchnorm(*given, first=1.0, later=0.0, ddof=0)) == {
        "where_lacks"
    }
    both = _told("batchnorm_forward", lambda *given: _batchnorm(*given, first=1.0, later=1.0, ddof=0))
    assert not {code for code in both if code.startswith("where_")} - {"where_says"}


def test_a_backward_pass_that_fails_without_a_forward_pass_is_explained() -> None:
    assert _told("dropout_backward", lambda dout, cache: dout * cache[1]) == {"where_says"}


def test_what_is_drawn_wrongly_keeps_no_state() -> None:
    def for_whole_rows(x: Any, dropout_param: Any) -> Any:
        if dropout_param["mode"] == "test":
            return x, None
        rng = np.random.default_rng(dropout_param.get("seed"))
        kept = rng.random((len(x), *(1,) * (x.ndim - 1))) < dropout_param["p"]
        return x * kept / dropout_param["p"], None

    assert _told("dropout_forward", for_whole_rows) == {"drops_whole_examples"}
