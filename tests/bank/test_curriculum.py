"""The course as a whole: every line of the curriculum is asked for, in every form; units 06 and 08 line by line.

The lines of the other units stand in ``test_<unit>.py``, each with the exercise that asks for it.
"""

from __future__ import annotations

from collections import Counter
from typing import get_args

import pytest

from grader.bank import catalogue
from grader.judging import Form

COVERS = {
    # 06, layers
    "affine, forward and backward": "layers.affine_backward",
    "a linear layer without bias": "layers.linear_backward",
    "ReLU": "layers.relu_backward",
    "leaky ReLU": "layers.leaky_relu_backward",
    "sigmoid": "layers.sigmoid_backward",
    "tanh": "layers.tanh_backward",
    "softplus": "layers.softplus_backward",
    "the full Jacobian of a linear layer": "layers.linear_jacobian",
    "the full Jacobian of ReLU": "layers.relu_jacobian",
    "why one never builds them": "layers.question_jacobian_size",
    "logsumexp that survives logits of 1000": "layers.logsumexp_forward",
    "and its backward": "layers.logsumexp_backward",
    "softmax that survives logits of 1000": "layers.softmax_forward",
    "softmax's backward": "layers.softmax_backward",
    "squared error, ½Σ": "layers.squared_error_loss",
    "squared error, mean": "layers.mse_loss",
    "binary cross-entropy from logits": "layers.bce_with_logits_loss",
    "softmax cross-entropy": "layers.softmax_loss",
    "the hinge loss": "layers.svm_loss",
    "which is NOT true of neural networks": "layers.question_not_true",
    "06: a planted fault": "layers.huber_loss",
    "06: a test to write": "layers.is_linear_backward",
    "06: a prediction": "layers.prediction_copies",
    # 08, optimizers
    "gradient descent": "optimizers.sgd",
    "momentum": "optimizers.sgd_momentum",
    "Nesterov, the gradient at the look-ahead point": "optimizers.nesterov",
    "AdaGrad": "optimizers.adagrad",
    "RMSProp": "optimizers.rmsprop",
    "Adam with both bias corrections": "optimizers.adam",
    "AdamW": "optimizers.adamw",
    "Newton's method with a linear solve": "optimizers.newton_step",
    "what it does at a saddle": "optimizers.question_newton_saddle",
    "a preconditioned step": "optimizers.preconditioned_step",
    "the long bowl and its Hessian": "optimizers.elongated_bowl",
    "coordinates that make it round": "optimizers.rounding_scales",
    "the rotated bowl": "optimizers.rotated_bowl",
    "the largest stable step": "optimizers.largest_stable_step",
    "an estimator that is unbiased": "optimizers.minibatch_gradient",
    "batches that visit every example once an epoch": "optimizers.minibatches",
    "schedule: constant": "optimizers.constant",
    "schedule: piecewise constant": "optimizers.step_decay",
    "schedule: inverse time": "optimizers.inverse_time",
    "schedule: cosine": "optimizers.cosine",
    "schedule: warm-up": "optimizers.warmup",
    "reading a loss curve": "optimizers.question_oscillating_loss",
    "what a plateau, an oscillation, a slow fall ask for": "optimizers.question_loss_curves",
    "a preconditioner that is not diagonal": "optimizers.question_non_diagonal",
    "the gradient in new coordinates": "optimizers.gradient_in_new_coordinates",
    "Newton's step is the same in any coordinates, gradient descent's is not: a test": "optimizers.is_free_of_coordinates",
    "and a prediction": "optimizers.prediction_new_coordinates",
    "how many steps an epoch has": "optimizers.steps_per_epoch",
    "08: a planted fault": "optimizers.heavy_ball",
}
DECLARED = {
    "A for Aᵀ": ("optimizers.gradient_in_new_coordinates", "multiplies_by_A"),
    "the inverse on the wrong side": ("optimizers.gradient_in_new_coordinates", "divides_by_A"),
    "N·∇Lᵢ where the mean was asked, and the reverse": ("optimizers.minibatch_gradient", "divides_by_all_examples"),
    "the schedule counted from 0 where it counts from 1": ("optimizers.inverse_time", "adds_one_to_t"),
}
UNITS = catalogue().units.values()


@pytest.mark.parametrize("line", COVERS)
def test_each_line_of_layers_and_optimizers_has_its_exercise(line: str) -> None:
    assert catalogue().exercise(COVERS[line]).points > 0


def test_no_exercise_of_layers_and_optimizers_covers_nothing_but_forward_halves_and_questions() -> None:
    asked = {e.name for u in ("layers", "optimizers") for e in catalogue().unit(u).exercises}
    rest = {name for name in asked - set(COVERS.values()) if not name.endswith("_forward") and "question_" not in name}
    assert rest == set()


@pytest.mark.parametrize("mistake", DECLARED)
def test_each_mistake_of_the_table_is_declared(mistake: str) -> None:
    exercise, name = DECLARED[mistake]
    assert name in [m.name for m in catalogue().exercise(exercise).mistakes]


def test_a_course_has_at_least_ninety_exercises_and_three_of_every_form() -> None:
    forms = Counter(e.form for unit in UNITS for e in unit.exercises)
    assert forms.total() >= 90
    assert {form: forms[form] for form in get_args(Form) if forms[form] < 3} == {}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_every_unit_grades_judgement_too(unit: object) -> None:
    """Code is cheap to come by: a fault to find, a test to write and a prediction stand in each."""
    forms = {e.form for e in unit.exercises}  # type: ignore[attr-defined]
    assert {"planted fault", "test to write", "prediction"} <= forms


def test_the_worked_example_is_asked_forward_and_in_reverse() -> None:
    for name in ("chain_rule.worked_program", "forward_mode.worked_tangent", "reverse_mode.worked_adjoint"):
        assert any("degrees" in m.name or "degrees" in m.text for m in catalogue().exercise(name).mistakes), name
