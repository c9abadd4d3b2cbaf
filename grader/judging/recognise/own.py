"""The prediction of a student's wrong function at any input, where it is known: a backward pass may then be judged by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.asking import Trial
from grader.judging.cases import Bench, run_locally
from grader.judging.declare import Exercise, Mistake
from grader.judging.recognise.claims import claimed
from grader.judging.recognise.declared import declared_mistake
from grader.judging.recognise.evidence import seen_of
from grader.judging.recognise.mutants import mutant_of
from grader.judging.recognise.recognised import Prediction

__all__ = ["prediction_of"]

Array = NDArray[np.float64]


def prediction_of(exercise: Exercise, output: int, trials: Sequence[Trial], bench: Bench) -> Prediction | None:
    """Return what one wrong output is at any input, if a declared mistake, a claim or a mutant explains it on every case.

    A declared mistake that carries nothing, since the backward pass that belongs to it is trivial, explains nothing here.
    """
    mistake = declared_mistake(exercise, output, trials, bench)
    if mistake is not None:
        return _of_mistake(exercise, output, mistake) if mistake.carries else None
    seen = list(seen_of(output, trials))
    found = claimed(seen) if seen else None
    if found is None or found.certainty != "exact":
        found = mutant_of(exercise, output, seen, bench)
    return None if found is None else found.predict


def _of_mistake(exercise: Exercise, output: int, mistake: Mistake) -> Prediction:
    def predict(inputs: Mapping[str, Any], _: Array) -> Array | None:
        try:
            return np.asarray(run_locally(exercise, inputs, mistake.answer)[output], dtype=np.float64)
        except Exception:  # a mistake may raise at an unforeseen shape
            return None

    return predict
