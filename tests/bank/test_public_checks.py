"""What students can check themselves: every declared mistake is caught and hinted at, or declared hidden, with the reason."""

from __future__ import annotations

import pytest
from exam import ground, mistakes

from grader.bank import catalogue, worked_examples
from grader.bank.worked import _alike, derive, path_of
from grader.judging import Exercise, Mistake
from grader.validation import shown_publicly

ALIKE = {"layers.softmax_loss takes_the_logarithm_of_zero": "loss_overflows"}
"""Mistakes that public checks reject and cannot tell from another one: both are inf at the large example."""


@mistakes("layers", "optimizers")
def test_every_declared_mistake_is_caught_and_hinted_at(exercise: Exercise, mistake: Mistake) -> None:
    """Two examples of one style shared a key: answers were compared with those of another, and 15 of 117 were explained."""
    shown, hinted = shown_publicly(exercise, mistake, ground(exercise.unit))
    if mistake.hidden or all(check.kind == "value" for check in exercise.checks):  # nothing of a question is public
        assert not shown, "it is caught: take `hidden` off its declaration"
    else:
        assert shown
        assert hinted == {ALIKE.get(f"{exercise.name} {mistake.name}", mistake.name)}


@pytest.mark.parametrize("unit", ["layers", "optimizers"])
def test_every_regime_that_is_promised_has_an_example(unit: str) -> None:
    """check said that a naive sigmoid is right: no example was large."""
    for exercise in catalogue().unit(unit).exercises:
        examples = worked_examples(catalogue().unit(unit))[exercise.name]
        if examples and not all(isinstance(x, (int, float)) for x in examples[0].inputs.values()):
            promised = set(exercise.regimes) - ({"ties"} if exercise.kinks else set())
            assert promised <= {case.regime for case in examples}, exercise.name
            assert len({case.recipe for case in examples}) == len(examples)


def test_examples_that_differ_in_last_digits_are_not_stale_and_others_are() -> None:
    unit = catalogue().unit("layers")
    kept = path_of("layers").read_text(encoding="utf-8")
    assert _alike(kept, derive(unit))
    assert _alike('{"a":[1.0,2e-17]}', '{"a":[1.0000000000000002,3e-17]}')
    assert not _alike('{"a":[1.0,2.0]}', '{"a":[1.0,2.00000001]}')
    assert not _alike('{"a":[1.0]}', '{"a":[1.0,2.0]}')
    assert not _alike("{", "{}")
