"""What students can check themselves: every declared mistake is caught and hinted at, or declared hidden, with the reason."""

from __future__ import annotations

import pytest
from exam import ground

from grader.bank import catalogue
from grader.bank.public import _alike, derive, path_of
from grader.judging import Exercise
from grader.student import public_unit
from grader.validation import shown_publicly

ALIKE = {
    "convolution.max_pool_forward_naive/pools_what_a_slice_has_left": "pools_what_is_left",
}
"""Mistakes that public checks reject and cannot tell from another one, declared before them, that answers alike at all examples."""


def is_hidden(exercise: Exercise) -> bool:
    """Return True if nothing of an exercise is checked before grading: of a question, or a test to write."""
    return all(check.visibility != "public" for check in exercise.checks)


@pytest.mark.parametrize("unit", catalogue().units)
def test_every_declared_mistake_is_caught_and_hinted_at_or_listed_as_hidden(unit: str) -> None:
    """Two examples of one style shared a key: answers were compared with those of another, and 15 of 117 were explained."""
    caught, named, wrong = 0, 0, []
    for exercise in catalogue().unit(unit).exercises:
        for mistake in exercise.mistakes:
            code = exercise.code_of(mistake)
            shown, hinted = shown_publicly(exercise, mistake, ground(unit))
            if mistake.hidden or is_hidden(exercise):
                wrong += [f"{code} is caught: take `hidden` off its declaration"] * shown
                continue
            wrong += [f"{code} is not caught: let an example show it, or say why not with `hidden`"] * (not shown)
            caught += shown
            named += mistake.name in hinted
            if hinted != {ALIKE.get(code, mistake.name)}:
                wrong.append(f"{code} is hinted at as {', '.join(sorted(hinted)) or 'nothing'}")
    assert wrong == []
    assert named >= 0.95 * caught > 80


def test_what_the_public_checks_do_not_show_is_little() -> None:
    """Hidden are the wrong answers to questions, and few others: each with its reason."""
    mistakes = [(e, m) for unit in catalogue().units.values() for e in unit.exercises for m in e.mistakes]
    assert sum(bool(m.hidden) for e, m in mistakes if not is_hidden(e)) <= 10
    assert all(len(m.hidden) > 10 for _, m in mistakes if m.hidden)
    others = {
        e.short for e, _ in mistakes if is_hidden(e) and e.form not in ("question", "prediction", "test to write")
    }
    assert others == {"question_sigmoid_slope"}  # a question that is answered for each x


@pytest.mark.parametrize("unit", catalogue().units)
def test_every_regime_that_is_promised_has_an_example(unit: str) -> None:
    """check said that a naive sigmoid is right: no example was large."""
    for exercise in catalogue().unit(unit).exercises:
        examples = public_unit(unit).examples(exercise.name)
        assert bool(examples) == any(check.kind == "example" for check in exercise.checks), exercise.name
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
