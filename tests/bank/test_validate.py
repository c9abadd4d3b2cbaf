"""A sample of the bank passes validation, one exercise of each form. The whole is `make validate`."""

from __future__ import annotations

import pytest

from grader.bank import catalogue
from grader.validation import validate

SAMPLE = (
    "optimizers.sgd", "layers.linear_forward", "layers.softplus_backward", "layers.squared_error_loss", "layers.is_linear_backward",
    "layers.question_jacobian_size", "optimizers.prediction_new_coordinates", "optimizers.heavy_ball", "graphs.shared_graph",
    "chain_rule.slope_of_huber", "chain_rule.compose_derivative", "reverse_mode.value_functions", "mlp.approximate",
    "linear_models.svm_loss_vectorized",
)  # fmt: skip


def test_the_sample_has_every_form() -> None:
    everything = [exercise for unit in catalogue().units.values() for exercise in unit.exercises]
    forms = [exercise.form for exercise in everything if exercise.name in SAMPLE]
    assert sorted(forms) == sorted({exercise.form for exercise in everything})


@pytest.mark.slow
def test_the_sample_has_no_hole() -> None:
    found = validate(catalogue().within(SAMPLE), jobs=1)
    assert [f"{hole.exercise} {hole.kind}: {hole.what}" for v in found for hole in v.holes] == []
    assert sum(v.mutants for v in found) > 0
