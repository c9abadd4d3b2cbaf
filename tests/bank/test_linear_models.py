"""Unit `linear_models`: the curriculum, and three witnesses for each gradient. The exam of every unit is in ``test_units.py``."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import exam
import numpy as np
import pytest

from grader.bank import catalogue
from grader.bank.linear_models import checking, clouds
from grader.judging import Case, model
from grader.judging.numerics import slope_of, stencil
from grader.judging.numerics.comparison import tolerance
from reference import linear_models
from reference.autodiff import grad, hessian, logsumexp, softplus

UNIT = "linear_models"


# ---------------------------------------------------------------------------- what the curriculum asks
COVERS = {
    "linear regression: loss and gradient with loops": "linear_loss_loop",
    "linear regression, vectorised, may not loop": "linear_loss",
    "logistic regression: loss and gradient with loops": "logistic_loss_loop",
    "logistic regression, vectorised, the average over m": "logistic_loss",
    "a gradient-descent step": "gradient_step",
    "labels in {0, 1}": "logistic_loss",
    "labels in {-1, 1}, ½‖w‖² − λ log p": "logistic_loss_signed",
    "hinge loss": "hinge_loss",
    "softmax regression with loops": "softmax_loss_naive",
    "softmax regression, vectorised": "softmax_loss_vectorized",
    "multiclass hinge with loops": "svm_loss_naive",
    "multiclass hinge, vectorised": "svm_loss_vectorized",
    "loss at W = 0: log C": "prediction_softmax_at_zero",
    "loss at W = 0: C − 1": "prediction_hinge_at_zero",
    "Newton's method for logistic regression": "newton_logistic_step",
    "which of dw, db change if N doubles": "prediction_doubled_data",
    "a planted fault": "mended_ridge_loss",
    "a test to write": "logistic_checker",
    "a training run": "train_logistic",
    "a second training run": "train_softmax",
    "a formula": "mse_gradient",
    "predicted labels": "predict",
}
MISTAKES = {
    "* for @": ("linear_loss", "multiplies_entry_by_entry"),
    "v·vᵀ for vᵀv": ("logistic_loss_signed", "sums_the_outer_product"),
    "(N,1) − (N,) makes N × N": ("mended_ridge_loss", "compares_all_with_all"),
    "λ‖w‖² counted double": ("logistic_loss_signed", "counts_the_penalty_double"),
    "reg·ΣW² counted double": ("softmax_loss_vectorized", "counts_the_penalty_twice"),
    "an extra σ'": ("logistic_loss", "multiplies_by_the_slope_of_the_sigmoid"),
    "log(1 − σ(40)) is inf": ("logistic_loss", "takes_the_logarithm_of_zero"),
    "the margin counts j = y": ("svm_loss_vectorized", "counts_the_right_class"),
    "labels 0/1 read as ±1": ("logistic_loss", "reads_the_labels_as_signs"),
    "labels ±1 read as 0/1": ("logistic_loss_signed", "reads_the_sign_as_zero_or_one"),
}


@pytest.mark.parametrize("line", COVERS)
def test_a_line_of_the_curriculum_is_asked(line: str) -> None:
    assert catalogue().exercise(f"{UNIT}.{COVERS[line]}").points > 0


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_of_the_curriculum_is_declared(mistake: str) -> None:
    exercise, name = MISTAKES[mistake]
    assert name in [m.name for m in catalogue().exercise(f"{UNIT}.{exercise}").mistakes]


def test_the_forms_that_grade_judgement_are_there() -> None:
    forms = [e.form for e in catalogue().unit(UNIT).exercises]
    assert forms.count("vectorise") == 4
    assert forms.count("training") == 2
    assert {"planted fault", "test to write", "prediction", "formula", "question"} <= set(forms)


# -------------------------------------------------------------------- the witnesses of a model gradient
def picked(s: Any, y: Any) -> Any:
    return s[np.arange(len(y)), y]


def linear(i: Mapping[str, Any]) -> Any:
    e = i["X"] @ i["w"] - (i["y"] - i["b"])
    return np.sum(e * e) / len(i["y"])


def logistic(i: Mapping[str, Any]) -> Any:
    signs = 2.0 * i["y"] - 1.0
    return np.mean(softplus(-(signs * (i["X"] @ i["w"]) + signs * i["b"])))


def signed(i: Mapping[str, Any]) -> Any:
    return np.sum(i["w"] ** 2) / 2 + i["lam"] * softplus(-i["y"] * np.sum(i["w"] * i["x"]))


def hinge(i: Mapping[str, Any]) -> Any:
    return np.mean(np.maximum(1.0 - i["y"] * (i["X"] @ i["w"] + i["b"]), 0.0))


def ridge(i: Mapping[str, Any]) -> Any:
    e = np.reshape(i["X"] @ i["w"], (-1,)) - i["y"]
    return np.mean(e * e) + i["lam"] * np.sum(i["w"] * i["w"])


def softmax(i: Mapping[str, Any]) -> Any:
    s = i["X"] @ i["W"]
    return np.mean(logsumexp(s) - picked(s, i["y"])) + i["reg"] * np.sum(i["W"] * i["W"])


def svm(i: Mapping[str, Any]) -> Any:
    s = i["X"] @ i["W"]
    margins = np.maximum(s - np.expand_dims(picked(s, i["y"]), 1) + 1.0, 0.0)
    return (np.sum(margins) - len(i["y"])) / len(i["y"]) + i["reg"] * np.sum(i["W"] * i["W"])


FORMULAS: dict[str, tuple[Callable[[Mapping[str, Any]], Any], tuple[str, ...]]] = {
    "linear_loss_loop": (linear, ("w", "b")),
    "linear_loss": (linear, ("w", "b")),
    "mended_ridge_loss": (ridge, ("w",)),
    "logistic_loss_loop": (logistic, ("w", "b")),
    "logistic_loss": (logistic, ("w", "b")),
    "logistic_loss_signed": (signed, ("w",)),
    "hinge_loss": (hinge, ("w", "b")),
    "softmax_loss_naive": (softmax, ("W",)),
    "softmax_loss_vectorized": (softmax, ("W",)),
    "svm_loss_naive": (svm, ("W",)),
    "svm_loss_vectorized": (svm, ("W",)),
}
"""By exercise a formula of the loss, written anew for the engine, and the parameters that it has gradients for."""
with_gradients = pytest.mark.parametrize("name", FORMULAS)


def smooth_cases(name: str) -> Sequence[Case]:
    exercise = catalogue().exercise(f"{UNIT}.{name}")
    return [case for case in exam.bench(UNIT).cases(exercise) if not case.may_be_at_kinks]


@with_gradients
def test_the_engine_finds_the_loss_and_its_gradients(name: str) -> None:
    formula, wrt = FORMULAS[name]
    compared = 0
    for case in smooth_cases(name):
        assert case.expected is not None
        found = [
            formula(case.inputs),
            *(grad(lambda v, p=p, i=case.inputs: formula({**i, p: v}))(case.inputs[p]) for p in wrt),
        ]
        for value, right in zip(found, case.expected, strict=True):
            assert np.all(np.abs(value - right.value) <= tolerance(right, max(1.0, case.exercise.tails))), case.recipe
            compared += 1
    assert compared >= 10 * (1 + len(wrt))


@with_gradients
def test_numerical_slopes_agree_with_the_gradients(name: str) -> None:
    _, wrt = FORMULAS[name]
    answer, compared = model(f"{UNIT}.{name}"), 0
    for number, case in enumerate(smooth_cases(name)):
        beside_kinks = case.exercise.kinks and case.regime == "small"
        if case.regime not in ("randn", "odd", "small") or beside_kinks:
            continue
        rng = np.random.default_rng(number)
        for place, parameter in enumerate(wrt, start=1):
            direction = rng.standard_normal(np.shape(case.inputs[parameter]))
            values = [
                float(answer(**{**case.inputs, parameter: case.inputs[parameter] + step * direction})[0])
                for step in stencil()
            ]
            assert case.expected is not None
            right = case.expected[place].value
            off = abs(slope_of(values).value - np.sum(right * direction))
            assert off <= 1e-6 * max(1.0, np.sum(np.abs(right * direction))), case.recipe
            compared += 1
    assert compared >= 8 * len(wrt)


def test_newtons_step_has_the_engines_gradient_and_hessian() -> None:
    exercise, compared = catalogue().exercise(f"{UNIT}.newton_logistic_step"), 0
    for case in exam.bench(UNIT).cases(exercise):
        if case.regime not in ("randn", "small", "integers", "ties"):
            continue
        w, X, y, r = (case.inputs[name] for name in ("w", "X", "y", "ridge"))

        def loss(w: Any, X: Any = X, y: Any = y, r: Any = r) -> Any:
            return np.mean(softplus(X @ w) - y * (X @ w)) + 0.5 * r * np.sum(w * w)

        assert case.expected is not None
        found = w - np.linalg.solve(hessian(loss)(w), grad(loss)(w))
        assert np.allclose(found, case.expected[0].value, rtol=1e-9, atol=1e-9), case.recipe
        compared += 1
    assert compared >= 30


def test_newtons_steps_end_where_the_gradient_is_0() -> None:
    X, y = clouds.two_clouds()
    w = np.zeros(2)
    for _ in range(8):
        w = linear_models.newton_logistic_step(w, X, y, 0.01)
    assert np.abs(linear_models.logistic_loss(w, 0.0, X, y)[1] + 0.01 * w).max() < 1e-15


@pytest.mark.parametrize(
    ("loop", "whole"),
    [
        ("linear_loss_loop", "linear_loss"),
        ("logistic_loss_loop", "logistic_loss"),
        ("softmax_loss_naive", "softmax_loss_vectorized"),
        ("svm_loss_naive", "svm_loss_vectorized"),
    ],
)
def test_loops_and_arrays_agree_to_the_digits_that_matter(loop: str, whole: str) -> None:
    one, other = model(f"{UNIT}.{loop}"), model(f"{UNIT}.{whole}")
    exercise = catalogue().exercise(f"{UNIT}.{whole}")
    for case in exam.bench(UNIT).cases(exercise):
        assert case.expected is not None
        for a, b, right in zip(one(**case.inputs), other(**case.inputs), case.expected, strict=True):
            assert np.all(np.abs(a - b) <= tolerance(right) / 50), case.recipe


def test_losses_before_the_first_step() -> None:
    rng = np.random.default_rng(0)
    X, y, W = rng.standard_normal((50, 4)), rng.integers(0, 10, 50), np.zeros((4, 10))
    assert linear_models.softmax_loss_vectorized(W, X, y, 0.5)[0] == pytest.approx(
        linear_models.prediction_softmax_at_zero()
    )
    assert linear_models.svm_loss_vectorized(W, X, y, 0.5)[0] == pytest.approx(linear_models.prediction_hinge_at_zero())


def test_doubled_data_change_sums_and_no_means() -> None:
    X, y = clouds.two_clouds()
    once = linear_models.logistic_loss(np.ones(2), 0.5, X, y)
    twice = linear_models.logistic_loss(np.ones(2), 0.5, np.vstack([X, X]), np.append(y, y))
    for a, b in zip(once, twice, strict=True):
        assert np.allclose(a, b, rtol=1e-12)


# ------------------------------------------------------------------------------- inputs and promises
@pytest.mark.parametrize("name", [n for n in FORMULAS if n != "logistic_loss_signed"])
def test_a_single_example_and_unlike_dimensions_are_drawn(name: str) -> None:
    exercise = catalogue().exercise(f"{UNIT}.{name}")
    shapes = [np.shape(case.inputs["X"]) for case in exam.bench(UNIT).cases(exercise)]
    assert sum(N == 1 for N, _ in shapes) >= 5
    assert sum(1 < N != D > 1 for N, D in shapes) >= 10


@pytest.mark.parametrize("name", [n for n in FORMULAS if n != "logistic_loss_signed"])
def test_equal_examples_are_drawn(name: str) -> None:
    cases = exam.bench(UNIT).cases(catalogue().exercise(f"{UNIT}.{name}"))
    examples = [[(*row, label) for row, label in zip(c.inputs["X"], c.inputs["y"], strict=True)] for c in cases]
    assert any(len(set(rows)) < len(rows) for rows in examples)


def test_margins_beside_the_kink_are_drawn_to_both_sides() -> None:
    hinge, svm = (catalogue().exercise(f"{UNIT}.{name}") for name in ("hinge_loss", "svm_loss_naive"))
    missing = [1 - i["y"] * (i["X"] @ i["w"] + i["b"]) for i in (c.inputs for c in exam.bench(UNIT).cases(hinge))]
    for i in (c.inputs for c in exam.bench(UNIT).cases(svm)):
        s = i["X"] @ i["W"]
        missing.append((s - picked(s, i["y"])[:, None] + 1).ravel())
    for some in (missing[: len(missing) // 2], missing[len(missing) // 2 :]):
        near = np.concatenate([m[(np.abs(m) > 1e-9) & (np.abs(m) < 5e-6)] for m in some])
        assert {*np.sign(near)} == {-1.0, 1.0}


@pytest.mark.parametrize("name", ["mended_ridge_loss", "softmax_loss_naive", "svm_loss_vectorized"])
def test_a_penalty_of_0_is_drawn(name: str) -> None:
    cases = exam.bench(UNIT).cases(catalogue().exercise(f"{UNIT}.{name}"))
    assert any(case.inputs.get("lam", case.inputs.get("reg")) == 0 for case in cases)


@pytest.mark.parametrize("name", ["logistic_loss", "logistic_loss_loop", "newton_logistic_step"])
def test_scores_in_the_thousands_and_both_kinds_of_labels_are_drawn(name: str) -> None:
    cases = exam.bench(UNIT).cases(catalogue().exercise(f"{UNIT}.{name}"))
    largest = [np.abs(case.inputs["X"] @ case.inputs["w"]).max() for case in cases]
    assert sum(z > 1000 for z in largest) >= 8
    assert {case.inputs["y"].dtype for case in cases} == {np.dtype(np.int64), np.dtype(np.float64)}


@pytest.mark.parametrize("name", ["hinge_loss", "svm_loss_naive", "svm_loss_vectorized"])
@pytest.mark.parametrize("share", [1.0, 0.5])
def test_kinks_are_met_and_another_subgradient_passes(name: str, share: float) -> None:
    def slope(missing: Any) -> Any:
        return (missing > 0) + share * (missing == 0)

    def hinge_answer(w: Any, b: Any, X: Any, y: Any) -> Any:
        missing = 1 - y * (X @ w + b)
        pull = -y * slope(missing)
        return np.maximum(missing, 0).mean(), X.T @ pull / len(y), pull.mean()

    def svm_answer(W: Any, X: Any, y: Any, reg: Any) -> Any:
        rows, s = np.arange(len(y)), X @ W
        missing = s - s[rows, y][:, None] + 1
        missing[rows, y] = -1
        push = slope(missing)
        push[rows, y] -= push.sum(axis=1)
        return np.maximum(missing, 0).sum() / len(y) + reg * (W**2).sum(), X.T @ push / len(y) + 2 * reg * W

    exercise = catalogue().exercise(f"{UNIT}.{name}")
    judged = exam.verdicts({**exam.models(UNIT), name: hinge_answer if name == "hinge_loss" else svm_answer}, exercise)
    assert {verdict.status for verdict in judged} <= {
        "passed",
        "skipped",
    }  # the source is that of this test: it is not read
    assert "subgradient" in {note for verdict in judged for note in verdict.notes}


# ------------------------------------------------------------------------------------- runs and tests
@pytest.mark.parametrize("name", ["two_clouds", "three_clouds"])
def test_the_data_of_a_run_are_those_of_the_stub(name: str) -> None:
    ours, in_stub = getattr(clouds, name)(), exam.stubs(UNIT)[name]()
    for a, b in zip(ours, in_stub, strict=True):
        assert a.dtype == b.dtype
        assert np.array_equal(a, b)


@pytest.mark.parametrize("name", ["train_logistic", "train_softmax"])
def test_a_run_takes_a_small_part_of_what_it_may(name: str) -> None:
    data = clouds.two_clouds() if name == "train_logistic" else clouds.three_clouds()
    begun = time.process_time()
    model(f"{UNIT}.{name}")(*data)
    assert time.process_time() - begun < 1.0


def test_candidates_are_right_or_wrong_as_they_are_declared() -> None:
    rng = np.random.default_rng(1)
    w, X, lam = rng.standard_normal(4), rng.standard_normal((6, 4)), 0.3
    X[:3] = -X[3:]  # both labels
    y = np.where(X @ w > 0, 0.0, 1.0)  # wrong about all, and sure of it where the factor is large

    def loss(w: Any) -> Any:
        return np.mean(softplus(X @ w) - y * (X @ w)) + 0.5 * lam * np.sum(w * w)

    wrong = catalogue().exercise(f"{UNIT}.logistic_checker").outputs
    for factor in (1.0, 300.0):
        right = loss(factor * w), grad(loss)(factor * w)
        for candidate in checking.RIGHT:
            assert all(
                np.allclose(a, b, rtol=1e-9) for a, b in zip(candidate(factor * w, X, y, lam), right, strict=True)
            )
        if factor == 1.0:
            passing = {
                name
                for name in wrong
                if all(
                    np.allclose(a, b, rtol=1e-9)
                    for a, b in zip(getattr(checking, name)(w, X, y, lam), right, strict=True)
                )
            }
            assert passing == {"overflowing", "with_log_odds", "dividing_by_the_probabilities"}
        else:
            assert not np.isfinite(checking.overflowing(factor * w, X, y, lam)[0])
            assert np.isnan(checking.with_log_odds(factor * w, X, y, lam)[0])
            assert np.isnan(checking.dividing_by_the_probabilities(factor * w, X, y, lam)[1]).all()


def test_what_the_notebook_works_out_by_hand() -> None:
    of = linear_models
    X, y = np.array([[1.0], [3.0]]), np.array([2.0, 9.0])
    assert np.hstack(of.linear_loss(np.array([2.0]), 1.0, X, y)).tolist() == [2.5, -5.0, -1.0]
    assert np.hstack(of.gradient_step(np.array([2.0]), 1.0, np.array([-5.0]), -1.0, 0.1)).tolist() == [2.5, 1.1]
    X, y = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([1.0, 0.0])
    assert np.hstack(of.logistic_loss(np.zeros(2), 0.0, X, y)).tolist() == [np.log(2), 0.5, -0.75, 0.0]
    L, dw = of.logistic_loss_signed(np.array([1.0, -1.0]), np.array([2.0, 2.0]), -1, 4.0)
    assert pytest.approx(1 + 4 * np.log(2)) == L
    assert dw.tolist() == [5.0, 3.0]
    ones = np.array([1.0, 1.0, 1.0, 0.0])
    assert of.newton_logistic_step(np.zeros(1), np.full((4, 1), 2.0), ones, 0.25) == pytest.approx([0.4])
    J, _, db = of.hinge_loss(np.ones(1), 0.0, np.array([[0.25], [0.5]]), np.array([1, -1]))
    assert (J, db) == (1.125, 0.0)
    loss, dW = of.softmax_loss_naive(np.array([[0.0, np.log(3)]]), np.ones((1, 1)), np.array([0]), 0.0)
    assert np.hstack([loss, dW[0]]) == pytest.approx([np.log(4), -0.75, 0.75])
    loss, dW = of.svm_loss_naive(np.array([[3.0, 2.5, -1.0]]), np.ones((1, 1)), np.array([0]), 0.0)
    assert np.hstack([loss, dW[0]]).tolist() == [0.5, -1.0, 1.0, 0.0]
