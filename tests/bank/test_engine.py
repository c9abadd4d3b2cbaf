"""The engine and the model answers are two truths that were written apart: where both can be asked, they agree to rounding."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.bank import catalogue
from grader.judging import Bench, Case, Exercise, copied, model
from grader.judging.cases import with_defaults
from grader.judging.declare import OMITTED
from grader.judging.numerics.comparison import tolerance
from reference.autodiff import logsumexp, vjp

EXERCISES = [e for unit in catalogue().units.values() for e in unit.exercises]
BY_STEPS = {"attention.attention_backward"}
"""Where one weight of a softmax is all but 1 the engine loses the others' digits; its witnesses have complex steps."""
BACKWARD = [e for e in EXERCISES if e.pair is not None and not e.derived and e.name not in BY_STEPS]
LOSSES = [e for e in EXERCISES if e.outputs == ("loss", "dx")]


def hinge(x: Any, y: Any) -> Any:
    rows = np.arange(len(y))
    margins = np.maximum(x - np.expand_dims(x[rows, y], 1) + 1.0, 0.0)
    return (np.sum(margins) - len(y)) / len(y), None


WRITTEN_ANEW = {
    # These model answers write into arrays, as students do; the engine gets the formula.
    "layers.softmax_loss": lambda x, y: (np.mean(logsumexp(x) - x[np.arange(len(y)), y]), None),
    "layers.svm_loss": hinge,
    "recurrent.temporal_softmax_loss": lambda x, y, mask: (
        np.sum(mask * (logsumexp(x) - x[np.arange(len(y))[:, None], np.arange(y.shape[1]), y])) / len(y),
        None,
    ),
}


def pulled(exercise: Exercise, case: Case) -> tuple[Any, ...]:
    """The gradients by the engine, of the model's own forward pass or loss."""
    forward = WRITTEN_ANEW.get(exercise.name) or model(f"{exercise.unit}.{exercise.pair or exercise.function}")
    given = exercise.given_below(with_defaults(exercise, case.inputs))
    given = {name: value for name, value in given.items() if not (isinstance(value, str) and value == OMITTED)}
    floats = [name for name, value in given.items() if isinstance(value, np.ndarray) and value.dtype == float]
    if exercise.pair is None:
        floats = floats[:1]  # a loss has a gradient for its first argument only

    lists = [
        name for name, value in given.items() if isinstance(value, list)
    ]  # of arrays: their gradients are one vector

    def f(*values: Any) -> Any:
        rest = iter(values)
        at = {name: next(rest) for name in floats} | {name: [next(rest) for _ in given[name]] for name in lists}
        outs = forward(**{**copied(given), **at})  # a forward pass may write into a dict
        return sum(np.sum(case.inputs.get(name, 1.0) * outs[place]) for place, name in enumerate(exercise.upstream))

    arrays = [given[name] for name in floats] + [array for name in lists for array in given[name]]
    back = iter(vjp(f, *arrays)[1](1.0))
    alone = [next(back) for _ in floats]
    return (*alone, *(np.concatenate([np.ravel(next(back)) for _ in given[name]]) for name in lists))


@pytest.mark.parametrize("exercise", [*BACKWARD, *LOSSES], ids=lambda e: e.name)
def test_the_engine_finds_the_gradients_of_the_model_answers(exercise: Exercise) -> None:
    bench = Bench(catalogue().unit(exercise.unit).exercises, drawn=20)
    compared = 0
    for case in bench.cases(exercise):
        # At kinks, and at 0 where |x| has one, both may take another subgradient.
        if case.regime in ("ties", "integers") or case.recipe.edits:
            continue
        assert case.expected is not None
        expected = case.expected[-1:] if exercise.pair is None else case.expected
        for found, right in zip(pulled(exercise, case), expected, strict=True):
            assert np.all(np.abs(found - right.value) <= tolerance(right)), case.recipe
            compared += 1
    assert compared >= 10


def test_there_is_something_to_compare() -> None:
    assert len(BACKWARD) >= 9
    assert len(LOSSES) >= 4


def test_a_wrong_gradient_would_be_seen() -> None:
    """The comparison can fail: against the gradient divided by N it does."""
    exercise = next(e for e in BACKWARD if e.name == "layers.affine_backward")
    case = Bench([exercise], drawn=0).cases(exercise)[0]
    assert case.expected is not None
    wrong = pulled(exercise, case)[2] / len(case.inputs["x"])
    assert not np.all(np.abs(wrong - case.expected[2].value) <= tolerance(case.expected[2]))
