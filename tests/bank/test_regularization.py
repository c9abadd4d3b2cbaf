"""Unit `regularization`: the curriculum, the mistakes of its table, and witnesses for each gradient.

The exam of every unit is in ``test_units.py``.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import exam
import numpy as np
import pytest

import reference.autodiff as ad
from grader.bank import catalogue
from grader.judging import points
from reference import regularization as model

UNIT = "regularization"
COVERS = {
    "L2": "l2_regularization",
    "inverted dropout, keep probability: forward": "dropout_forward",
    "inverted dropout: backward": "dropout_backward",
    "dropout keeps the mean, not the spread": "dropout_moments",
    "batch norm, train and test": "batchnorm_forward",
    "running averages over several calls": "batchnorm_over_batches",
    "batch norm, backward": "batchnorm_backward",
    "batch norm's dx in one line": "batchnorm_backward_alt",
    "batch norm's backward in test mode": "frozen_batchnorm_backward",
    "batch norm in use": "fold_batchnorm",
    "layer norm": "layernorm_backward",
    "group norm": "spatial_groupnorm_backward",
    "a planted fault": "rmsnorm_backward",
    "a test to write": "is_standardise_backward",
    "a prediction: a batch of one": "predict_batch_of_one",
    "a prediction: a batch that was scaled": "predict_scaled_batch",
    "a prediction: a running average": "predict_running_mean",
    "a formula": "question_dropout_variance",
    "a choice": "question_upstream_of_ones",
    "several": "question_mode_matters",
    "a matching": "question_norm_axes",
    "a number": "question_l2_shrinks",
}
"""Each line of the curriculum, and what grades judgement, with the exercise that asks for it."""
DECLARED = {
    "no path through the variance": ("batchnorm_backward", "forgets_the_variance"),
    "no path through the mean": ("batchnorm_backward", "forgets_the_mean"),
    "ddof mixed, backward": ("batchnorm_backward", "mixes_ddof"),
    "ddof mixed, forward": ("batchnorm_forward", "mixes_two_variances"),
    "dout of ones gives dx = 0, so zeros pass": ("is_standardise_backward", "tries_a_dout_of_ones"),
    "no 1/p: the mean times p": ("dropout_forward", "forgets_to_divide"),
    "scaled again at test": ("dropout_forward", "scales_again_at_test"),
    "running averages not written back": ("batchnorm_forward", "does_not_write_back"),
    "momentum the wrong way round": ("batchnorm_forward", "turns_the_momentum_round"),
    "dropout's mask in test mode": ("dropout_forward", "drops_at_test"),
    "p as the probability of dropping": ("dropout_forward", "drops_with_probability_p"),
}
"""The mistakes that the table asks for, each with an exercise and its declared mistake."""


@pytest.mark.parametrize("line", COVERS)
def test_each_line_of_the_curriculum_has_its_exercise(line: str) -> None:
    assert catalogue().exercise(f"{UNIT}.{COVERS[line]}").points > 0


def test_what_covers_nothing_is_the_forward_half_of_a_layer_or_a_question() -> None:
    asked = {e.short for e in catalogue().unit(UNIT).exercises}
    rest = {name for name in asked - set(COVERS.values()) if not name.endswith("_forward") and "question_" not in name}
    assert rest == set()


@pytest.mark.parametrize("mistake", DECLARED)
def test_each_mistake_of_the_table_is_declared(mistake: str) -> None:
    exercise, name = DECLARED[mistake]
    assert name in [m.name for m in catalogue().exercise(f"{UNIT}.{exercise}").mistakes]


def earned(functions: dict[str, Any], name: str) -> tuple[float, float]:
    """The points that functions earn in an exercise, the others being the model's, and what it is worth.

    What is asked of a source is left out of both: these functions have none.
    """
    exercise = catalogue().exercise(f"{UNIT}.{name}")
    of_source = sum(check.points for check in exercise.checks if check.kind == "source")
    return points(exam.verdicts({**exam.models(UNIT), **functions}, exercise)), exercise.points - of_source


# ----------------------------------------------------------------------- right in any reasonable style
def in_place(x: Any, gamma: Any, beta: Any, bn_param: Any) -> Any:
    """Batch norm with averages that are changed in place, and a cache that is a dict."""
    eps, momentum, D = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9), x.shape[1]
    mean = bn_param.setdefault("running_mean", np.zeros(D))
    var = bn_param.setdefault("running_var", np.zeros(D))
    if bn_param["mode"] == "train":
        mu, v = np.sum(x, axis=0) / len(x), np.var(x, axis=0)
        mean *= momentum
        mean += (1 - momentum) * mu
        var[:] = momentum * var + (1 - momentum) * v
    else:
        mu, v = mean, var
    xmu, ivar = x - mu, (v + eps) ** -0.5
    return gamma * xmu * ivar + beta, {"xmu": xmu, "ivar": ivar, "gamma": gamma}


def step_by_step(dout: Any, cache: Any) -> Any:
    """Batch norm's backward in the many steps of a well-known blog, from a cache that is a dict."""
    xmu, ivar, gamma = cache["xmu"], cache["ivar"], cache["gamma"]
    N = len(dout)
    dxhat = dout * gamma
    divar = np.sum(dxhat * xmu, axis=0)
    dsqrtvar = -divar * ivar**2
    dvar = 0.5 * ivar * dsqrtvar
    dxmu = dxhat * ivar + 2 * xmu * np.ones_like(dout) * dvar / N
    return dxmu - np.ones_like(dout) * dxmu.sum(axis=0) / N, np.sum(dout * xmu * ivar, axis=0), np.sum(dout, axis=0)


def rows_by_transposing(x: Any, gamma: Any, beta: Any, ln_param: Any) -> Any:
    """Layer norm by transposing a batch norm."""
    eps, xt = ln_param.get("eps", 1e-5), x.T
    hat = (xt - xt.mean(axis=0)) / np.sqrt(xt.var(axis=0) + eps)
    return (gamma[:, None] * hat + beta[:, None]).T, (hat, 1 / np.sqrt(xt.var(axis=0) + eps), gamma)


def rows_back(dout: Any, cache: Any) -> Any:
    """Layer norm's backward, transposed, in one line with sums."""
    hat, inverse, gamma = cache
    g, D = (dout * gamma).T, dout.shape[1]
    dx = inverse / D * (D * g - g.sum(axis=0) - hat * (g * hat).sum(axis=0))
    return dx.T, (dout.T * hat).sum(axis=1), dout.sum(axis=0)


def groups_by_loops(x: Any, gamma: Any, beta: Any, G: Any, gn_param: Any) -> Any:
    """Group norm by loops over examples and groups."""
    size, out = x.shape[1] // G, np.empty_like(x)
    for n in range(len(x)):
        for g in range(G):
            part = x[n, g * size : (g + 1) * size]
            out[n, g * size : (g + 1) * size] = (part - part.mean()) / np.sqrt(part.var() + gn_param.get("eps", 1e-5))
    return gamma * out + beta, (x, out, gamma, G, gn_param)


def groups_back(dout: Any, cache: Any) -> Any:
    """Group norm's backward by loops, from x."""
    x, hat, gamma, G, gn_param = cache
    size, dx, d = x.shape[1] // G, np.empty_like(x), dout * gamma
    for n in range(len(x)):
        for g in range(G):
            s = slice(g * size, (g + 1) * size)
            std, m = np.sqrt(x[n, s].var() + gn_param.get("eps", 1e-5)), d[n, s]
            dx[n, s] = (m - m.mean() - hat[n, s] * (m * hat[n, s]).mean()) / std
    return dx, np.einsum("nchw,nchw->c", dout, hat)[None, :, None, None], dout.sum((0, 2, 3))[None, :, None, None]


STYLES: dict[str, dict[str, Callable[..., Any]]] = {
    "averages in place": {"batchnorm_forward": in_place, "batchnorm_backward": step_by_step},
    "the same, for one line": {"batchnorm_forward": in_place, "batchnorm_backward_alt": step_by_step},
    "layer norm transposed": {"layernorm_forward": rows_by_transposing, "layernorm_backward": rows_back},
    "group norm by loops": {"spatial_groupnorm_forward": groups_by_loops, "spatial_groupnorm_backward": groups_back},
    "a penalty by loops": {
        "l2_regularization": lambda weights, biases, reg: (
            sum(float(reg * w * w) for W in weights for w in W.flat),
            [2 * reg * W for W in weights] + [0.0 * b for b in biases],
        )
    },
    "moments by expectations": {
        "dropout_moments": lambda x, w, p: (
            (x * w).sum(axis=1),
            ((x * w / p) ** 2 * p - (x * w) ** 2).sum(axis=1),
        )
    },
    "a formula, expanded": {"question_dropout_variance": lambda: "x^2/p - x^2"},
}


@pytest.mark.parametrize("style", STYLES)
def test_a_right_answer_in_another_style_passes(style: str) -> None:
    for name in STYLES[style]:
        got, worth = earned(dict(STYLES[style]), name)
        assert got == worth, name
    if "batchnorm_forward" in STYLES[style]:
        got, worth = earned(dict(STYLES[style]), "batchnorm_over_batches")
        assert got == worth


# -------------------------------------------------------------------------------------- caches and witnesses
BACKWARD_NAMES = ("batchnorm_backward", "batchnorm_backward_alt", "layernorm_backward", "spatial_groupnorm_backward")


def same(a: Any, b: Any) -> bool:
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return bool(np.array_equal(a, b)) if isinstance(a, np.ndarray) else bool(a == b)


@pytest.mark.parametrize("name", [*BACKWARD_NAMES, "dropout_backward"])
def test_every_cache_of_a_case_comes_from_a_real_forward_pass(name: str) -> None:
    exercise = catalogue().exercise(f"{UNIT}.{name}")
    forward = getattr(model, exercise.pair or "")
    for case in exam.bench(UNIT).cases(exercise):
        given = copy.deepcopy({k: v for k, v in case.inputs.items() if k != "dout"})
        assert same(forward(*given.values())[1], case.documented)


@pytest.mark.parametrize("name", [*BACKWARD_NAMES, "dropout_backward"])
def test_a_backward_pass_alone_is_judged_on_the_documented_cache(name: str) -> None:
    exercise = catalogue().exercise(f"{UNIT}.{name}")
    functions = {**exam.stubs(UNIT), name: getattr(model, name)}
    assert points(exam.verdicts(functions, exercise)) == exercise.points


def by_steps(f: Callable[..., Any], at: list[Any], dout: Any) -> list[Any]:
    """The gradients of sum(dout · f), by complex steps: exact to rounding, whatever the model answers say."""
    found = []
    for i, x in enumerate(at):
        slope = np.zeros(x.shape)
        for index in np.ndindex(x.shape):
            moved = [a.astype(complex) for a in at]
            moved[i][index] += 1e-30j
            slope[index] = np.imag(np.sum(dout * f(*moved))) / 1e-30
        found.append(slope)
    return found


def standardised(x: Any, axis: Any, eps: float) -> Any:
    centred = x - x.mean(axis=axis, keepdims=True)
    return centred / np.sqrt((centred * centred).mean(axis=axis, keepdims=True) + eps)


def norms() -> dict[str, tuple[Callable[..., Any], list[Any], Any, Any]]:
    """By backward pass an independent forward pass, its inputs, dout, and the gradients of the model answer."""
    rng = np.random.default_rng(5)
    x, dout, rows = 2 * rng.standard_normal((5, 3)) + 1, rng.standard_normal((5, 3)), [*rng.standard_normal((2, 3))]
    images, dimages = rng.standard_normal((2, 6, 2, 3)), rng.standard_normal((2, 6, 2, 3))
    channels = [*rng.standard_normal((2, 1, 6, 1, 1))]

    def batch(x: Any, gamma: Any, beta: Any) -> Any:
        return gamma * standardised(x, 0, 0.01) + beta

    def row(x: Any, gamma: Any, beta: Any) -> Any:
        return gamma * standardised(x, 1, 0.01) + beta

    def group(x: Any, gamma: Any, beta: Any) -> Any:
        return gamma * standardised(x.reshape(2, 3, 12), 2, 0.01).reshape(2, 6, 2, 3) + beta

    cache = model.batchnorm_forward(x, *rows, {"mode": "train", "eps": 0.01})[1]
    of_rows = model.layernorm_forward(x, *rows, {"eps": 0.01})[1]
    of_groups = model.spatial_groupnorm_forward(images, channels[0], channels[1], 3, {"eps": 0.01})[1]
    return {
        "batchnorm_backward": (batch, [x, *rows], dout, model.batchnorm_backward(dout, cache)),
        "batchnorm_backward_alt": (batch, [x, *rows], dout, model.batchnorm_backward_alt(dout, cache)),
        "layernorm_backward": (row, [x, *rows], dout, model.layernorm_backward(dout, of_rows)),
        "spatial_groupnorm_backward": (
            group,
            [images, *channels],
            dimages,
            model.spatial_groupnorm_backward(dimages, of_groups),
        ),
    }


@pytest.mark.parametrize("name", BACKWARD_NAMES)
def test_the_gradients_of_a_norm_have_two_witnesses(name: str) -> None:
    forward, at, dout, claimed = norms()[name]
    for got, by_step, by_engine in zip(
        claimed, by_steps(forward, at, dout), ad.vjp(forward, *at)[1](dout), strict=True
    ):
        np.testing.assert_allclose(got, by_step, rtol=1e-10, atol=1e-13)
        np.testing.assert_allclose(got, by_engine, rtol=1e-10, atol=1e-13)


def test_the_gradients_of_the_frozen_norm_and_of_the_rms_norm_have_a_witness() -> None:
    rng = np.random.default_rng(6)
    x, dout, gamma, mean = (rng.standard_normal(s) for s in ((4, 3), (4, 3), (3,), (3,)))
    var = rng.uniform(0.5, 2, 3)
    frozen = model.frozen_batchnorm_backward(dout, x, gamma, mean, var, 0.1)
    witness = by_steps(lambda x, g, b: g * (x - mean) / np.sqrt(var + 0.1) + b, [x, gamma, np.zeros(3)], dout)
    rms = model.rmsnorm_backward(dout, x, gamma, 0.1)
    other = by_steps(lambda x, g: g * x / np.sqrt((x * x).mean(axis=1, keepdims=True) + 0.1), [x, gamma], dout)
    for got, right in zip((*frozen, *rms), (*witness, *other), strict=True):
        np.testing.assert_allclose(got, right, rtol=1e-10, atol=1e-13)


# ---------------------------------------------------------------------------------------- what is said is true
def test_the_sums_by_which_a_missing_path_is_known_are_0() -> None:
    rng = np.random.default_rng(7)
    x, dout, gamma = rng.standard_normal((6, 3)), rng.standard_normal((6, 3)), np.array([1.0, 2.0, -1.0])
    cache = model.batchnorm_forward(x, gamma, gamma, {"mode": "train", "eps": 0.0})[1]
    for backward in (model.batchnorm_backward, model.batchnorm_backward_alt):
        dx = backward(dout, cache)[0]
        np.testing.assert_allclose([dx.sum(axis=0), (dx * cache[0]).sum(axis=0)], 0, atol=1e-12)
        np.testing.assert_allclose(backward(np.ones_like(dout), cache)[0], 0, atol=1e-12)
    cache = model.layernorm_forward(x, gamma, gamma, {"eps": 0.0})[1]
    dx = model.layernorm_backward(dout, cache)[0]
    np.testing.assert_allclose([dx.sum(axis=1), (dx * cache[0]).sum(axis=1)], 0, atol=1e-12)


def test_a_folded_layer_does_what_the_two_did() -> None:
    rng = np.random.default_rng(8)
    x, w = rng.standard_normal((5, 4)), rng.standard_normal((4, 3))
    b, gamma, beta, mean = rng.standard_normal((4, 3))
    var = rng.uniform(0.5, 2, 3)
    param = {"mode": "test", "running_mean": mean, "running_var": var}
    folded_w, folded_b = model.fold_batchnorm(w, b, gamma, beta, mean, var)
    np.testing.assert_allclose(x @ folded_w + folded_b, model.batchnorm_forward(x @ w + b, gamma, beta, param)[0])


def test_dropout_has_the_moments_that_are_asked_for() -> None:
    x, w, p = np.array([[1.0, -2.0, 0.5]]), np.array([2.0, 1.0, -1.0]), 0.3
    masks = (np.array(np.meshgrid(*[[0, 1]] * 3)).reshape(3, -1)).T
    chance = np.prod(np.where(masks, p, 1 - p), axis=1)
    h = (masks / p * x) @ w
    mean, variance = model.dropout_moments(x, w, p)
    np.testing.assert_allclose(mean[0], chance @ h)
    np.testing.assert_allclose(variance[0], chance @ h**2 - (chance @ h) ** 2)


def test_the_predictions_and_the_numbers_of_the_questions_come_true() -> None:
    one = np.full((1, 7), 42.0)
    out = model.batchnorm_forward(one, np.full(7, 3.0), np.full(7, 0.5), {"mode": "train"})[0]
    assert out[0, 0] == model.predict_batch_of_one()
    x = 1000 * np.random.default_rng(9).standard_normal((5, 1))
    outs = [model.batchnorm_forward(b, np.ones(1), np.zeros(1), {"mode": "train"})[0] for b in (x, 3 * x + 5)]
    np.testing.assert_allclose(*outs, rtol=1e-9)
    assert model.predict_scaled_batch() == 0.7  # as it was
    param: dict[str, Any] = {"mode": "train"}
    for spread in (1.0, 2.0, 3.0):
        model.batchnorm_forward(np.array([[10 - spread], [10 + spread]]), np.ones(1), np.zeros(1), param)
    np.testing.assert_allclose(param["running_mean"], model.predict_running_mean())
    weight = np.array([[2.0]])
    step = 0.5 * model.l2_regularization([weight], [np.zeros(1)], 0.1)[1][0]
    np.testing.assert_allclose(weight - step, model.question_l2_shrinks())

    def gradient(w: Any) -> Any:
        rows, above = np.random.default_rng(10).standard_normal((2, 6, 3))
        _, cache = model.batchnorm_forward(rows @ w, np.ones(3), np.zeros(3), {"mode": "train", "eps": 1e-20})
        return rows.T @ model.batchnorm_backward(above, cache)[0]

    w = np.random.default_rng(11).standard_normal((3, 3))
    np.testing.assert_allclose(gradient(10 * w), model.question_scaled_weights() * gradient(w), rtol=1e-9)


def test_the_counts_of_the_matching_are_those_of_means() -> None:
    x, sizes = np.zeros((10, 6, 4, 5)), {"1": 6, "2": 10, "3": 20, "4": 60}
    means = {
        "a": x.mean(axis=(0, 2, 3)).size,
        "b": x.mean(axis=(1, 2, 3)).size,
        "c": x.reshape(10, 2, -1).mean(axis=2).size,
        "d": x.mean(axis=(2, 3)).size,
    }
    assert means == {letter: sizes[digit] for letter, digit in model.question_norm_axes().items()}


LIARS: dict[str, Callable[..., Any]] = {
    "None": lambda *args: None,
    "zeros": lambda *args: np.zeros_like(args[0]) if args and hasattr(args[0], "shape") else 0.0,
    "its input": lambda *args: args[0] if args else 0.0,
    "its input and a cache": lambda *args: (args[0], None) if args else "",
    "a constant": lambda *args: 1.0,
}


@pytest.mark.parametrize("liar", LIARS)
def test_a_cheap_answer_earns_nothing(liar: str) -> None:
    for exercise, judged in exam.with_a_liar(UNIT, LIARS[liar]):
        assert points(judged) == 0, exercise.name
