"""Unit `optimizers`: the curriculum and the mistakes of its table. The exam of every unit is in ``test_units.py``."""

from __future__ import annotations

import pytest

from grader.bank import catalogue

UNIT = "optimizers"
COVERS = {
    "gradient descent": "sgd",
    "momentum": "sgd_momentum",
    "Nesterov, the gradient at the look-ahead point": "nesterov",
    "AdaGrad": "adagrad",
    "RMSProp": "rmsprop",
    "Adam with both bias corrections": "adam",
    "AdamW": "adamw",
    "Newton's method with a linear solve": "newton_step",
    "what it does at a saddle": "question_newton_saddle",
    "a preconditioned step": "preconditioned_step",
    "the long bowl and its Hessian": "elongated_bowl",
    "coordinates that make it round": "rounding_scales",
    "the rotated bowl": "rotated_bowl",
    "the largest stable step": "largest_stable_step",
    "an estimator that is unbiased": "minibatch_gradient",
    "batches that visit every example once an epoch": "minibatches",
    "schedule: constant": "constant",
    "schedule: piecewise constant": "step_decay",
    "schedule: inverse time": "inverse_time",
    "schedule: cosine": "cosine",
    "schedule: warm-up": "warmup",
    "reading a loss curve": "question_oscillating_loss",
    "what a plateau, an oscillation, a slow fall ask for": "question_loss_curves",
    "a preconditioner that is not diagonal": "question_non_diagonal",
    "the gradient in new coordinates": "gradient_in_new_coordinates",
    "Newton's step is the same in any coordinates, gradient descent's is not: a test": "is_free_of_coordinates",
    "and a prediction": "prediction_new_coordinates",
    "what Newton's method does at a maximum": "prediction_newton_at_a_maximum",
    "how many steps an epoch has": "steps_per_epoch",
    "a planted fault": "heavy_ball",
}
"""Each line of the curriculum, and what grades judgement, with the exercise that asks for it."""
DECLARED = {
    "A for Aᵀ": ("gradient_in_new_coordinates", "multiplies_by_A"),
    "the inverse on the wrong side": ("gradient_in_new_coordinates", "divides_by_A"),
    "N·∇Lᵢ where the mean was asked": ("minibatch_gradient", "always_estimates_the_sum"),
    "and the reverse": ("minibatch_gradient", "always_averages"),
    "the schedule counted from 0 where it counts from 1": ("inverse_time", "adds_one_to_t"),
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
