"""What students can check themselves: every declared mistake is caught and hinted at, or listed here as hidden, with the reason."""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any

import pytest
from exam import mistakes, models

from grader.bank import catalogue, worked_examples
from grader.bank.worked import _alike, derive, path_of
from grader.diagnosis import explain
from grader.judging import Exercise, Judge, Mistake, PublicBench
from grader.student import LocalAnswers

HIDDEN = {
    "layers.softmax_forward shifts_by_one_maximum": "shows only where two rows are 700 apart, which no example is",
    "optimizers.sgd_momentum hard_codes_momentum": "no example gives a momentum of its own and runs long enough",
    "optimizers.step_decay falls_late": "shows at the very step of a fall, which no example takes",
    "optimizers.cosine drops_to_zero": "no example has a floor above 0",
}
"""Mistakes that no public check rejects; a question's answers are all hidden, since an example would give the answer away."""
ALIKE = {"layers.softmax_loss takes_the_logarithm_of_zero": "loss_overflows"}
"""Mistakes that public checks reject and cannot tell from another one: both are inf at the large example."""


@cache
def public(unit: str) -> PublicBench:
    declared = catalogue().unit(unit)
    return PublicBench(declared.exercises, worked_examples(declared))


def caught(exercise: Exercise, mistake: Mistake) -> tuple[bool, set[str]]:
    """Whether a public check rejects a mistake, and the mistakes that the hints name."""
    answers: dict[str, Any] = {**models(exercise.unit), exercise.function: mistake.answer}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        asked, bench = LocalAnswers(answers), public(exercise.unit)
        verdicts = Judge(asked, bench).verdicts(exercise)
        told = explain(exercise, verdicts, asked, bench)
    rejected = any(verdict.status not in ("passed", "skipped") for verdict in verdicts)
    return rejected, {words.diagnosis.mistake for words in told if words.diagnosis is not None}


def held(exercise: Exercise, mistake: Mistake) -> None:
    name = f"{exercise.name} {mistake.name}"
    rejected, hinted = caught(exercise, mistake)
    if exercise.function.startswith("question_") or name in HIDDEN:
        assert not rejected, "it is caught: take it off the list"
    else:
        assert rejected
        assert hinted == {ALIKE.get(name, mistake.name)}


@mistakes("layers")
def test_every_declared_mistake_in_layers_is_caught_and_hinted_at(exercise: Exercise, mistake: Mistake) -> None:
    """Two examples of one style shared a key: answers were compared with those of another, and 15 of 117 were explained."""
    held(exercise, mistake)


@mistakes("optimizers")
def test_every_declared_mistake_in_optimizers_is_caught_and_hinted_at(exercise: Exercise, mistake: Mistake) -> None:
    held(exercise, mistake)


@pytest.mark.parametrize("unit", ["layers", "optimizers"])
def test_every_regime_that_is_promised_has_an_example(unit: str) -> None:
    """check said that a naive sigmoid is right: no example was large."""
    for exercise in catalogue().unit(unit).exercises:
        examples = worked_examples(catalogue().unit(unit))[exercise.name]
        if examples:
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
