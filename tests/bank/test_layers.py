"""Unit `layers`: the curriculum, line by line. The exam of every unit is in ``test_units.py``."""

from __future__ import annotations

import pytest

from grader.bank import catalogue

UNIT = "layers"
COVERS = {
    "affine, forward and backward": "affine_backward",
    "a linear layer without bias": "linear_backward",
    "ReLU": "relu_backward",
    "leaky ReLU": "leaky_relu_backward",
    "sigmoid": "sigmoid_backward",
    "tanh": "tanh_backward",
    "softplus": "softplus_backward",
    "the full Jacobian of a linear layer": "linear_jacobian",
    "the full Jacobian of ReLU": "relu_jacobian",
    "why one never builds them": "question_jacobian_size",
    "logsumexp that survives logits of 1000": "logsumexp_forward",
    "and its backward": "logsumexp_backward",
    "softmax that survives logits of 1000": "softmax_forward",
    "softmax's backward": "softmax_backward",
    "squared error, ½Σ": "squared_error_loss",
    "squared error, mean": "mse_loss",
    "binary cross-entropy from logits": "bce_with_logits_loss",
    "softmax cross-entropy": "softmax_loss",
    "the hinge loss": "svm_loss",
    "which is NOT true of neural networks": "question_not_true",
    "a planted fault": "huber_loss",
    "a test to write": "is_linear_backward",
    "a prediction": "prediction_copies",
}
"""Each line of the curriculum, and what grades judgement, with the exercise that asks for it."""


@pytest.mark.parametrize("line", COVERS)
def test_each_line_of_the_curriculum_has_its_exercise(line: str) -> None:
    assert catalogue().exercise(f"{UNIT}.{COVERS[line]}").points > 0


def test_what_covers_nothing_is_the_forward_half_of_a_layer_or_a_question() -> None:
    asked = {e.short for e in catalogue().unit(UNIT).exercises}
    rest = {name for name in asked - set(COVERS.values()) if not name.endswith("_forward") and "question_" not in name}
    assert rest == set()
