"""All that must be right: the model answer, its stub, the caches of its cases, and its gradients by a witness of their own."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from grader.judging import Exercise, copied, examine, gradients_of, item_status, points
from grader.student import LocalAnswers
from grader.validated import Hole
from grader.validation.ground import Ground

__all__ = ["holes_in_what_is_right"]

WITNESSES = 3
"""A gradient agrees with the numerical slope at this many smooth points at least."""


def holes_in_what_is_right(exercise: Exercise, ground: Ground) -> Iterator[Hole]:
    """Yield the holes around the model answer of an exercise."""
    yield from _model(exercise, ground)
    yield from _stub(exercise, ground)
    yield from _caches(exercise, ground)
    yield from _slopes(exercise, ground)


def _model(exercise: Exercise, ground: Ground) -> Iterator[Hole]:
    for seed, bench in ground.benches_of(exercise).items():
        verdicts = ground.verdicts(ground.models, exercise, bench)
        scored = points(verdicts)
        if scored < exercise.points or exercise.points <= 0:
            failed = ", ".join(v.check.name for v in verdicts if v.status != "passed") or "no check fails"
            what = f"with seed {seed} the model answer has {scored:g} of {exercise.points:g} points ({failed})"
            yield Hole("model", exercise.name, what, "mend the model answer or its check")
            return
        notes = sorted({note for verdict in verdicts for note in verdict.notes})
        bad = [v.check.name for v in verdicts if v.status not in ("passed", "skipped")]
        if notes or bad:
            what = f"with seed {seed} the model answer passes with " + ", ".join(notes or [f"{n} failed" for n in bad])
            yield Hole("model", exercise.name, what, "write the model answer so that nothing need be said of it")
            return


def _stub(exercise: Exercise, ground: Ground) -> Iterator[Hole]:
    verdicts = ground.verdicts(ground.stubs, exercise)
    status = item_status(verdicts)
    if exercise.planted is not None:  # a body of its own, which a submission is compared with by its source
        if status == "passed":
            yield Hole("stub", exercise.name, "the stub has full marks", "plant a fault that a case can see")
    elif status != "not_attempted":
        yield Hole(
            "stub", exercise.name, f"the stub reads as {status}", "let it raise NotImplementedError when it is called"
        )


def _caches(exercise: Exercise, ground: Ground) -> Iterator[Hole]:
    if exercise.pair is None:
        if "cache" in exercise.inputs:
            yield Hole(
                "cache",
                exercise.name,
                "its cache is drawn, and comes from no forward pass",
                "declare it as a backward pass with its pair",
            )
        return
    forward = ground.models[exercise.pair]
    for case in (*ground.bench.cases(exercise), *ground.public.examples(exercise.name)):
        given = [copied(v) for v in exercise.given_below(case.inputs).values() if not _omitted(v)]
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            cache = forward(*given)[-1]
        if not _same(case.documented, cache):
            what = f"the cache of a case ({case.regime}) is not that of {exercise.pair} at its inputs"
            yield Hole("cache", exercise.name, what, "run `gradmark stubs`; keep no cache by hand")
            return


def _omitted(value: Any) -> bool:
    return isinstance(value, str) and value == "omitted"


def _same(a: Any, b: Any) -> bool:
    """Return True if two caches are the same but for last digits."""
    if isinstance(a, (tuple, list)) and isinstance(b, (tuple, list)):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)
    if isinstance(a, (np.ndarray, float)) or isinstance(b, (np.ndarray, float)):
        return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=1e-12, atol=0.0, equal_nan=True))
    return bool(a == b)


def _slopes(exercise: Exercise, ground: Ground) -> Iterator[Hole]:
    names = gradients_of(exercise)
    if not names or (exercise.pair is None and len(exercise.outputs) == len(names)):
        return  # nothing but gradients comes back: there is no function to take slopes of
    agreed = dict.fromkeys(names, 0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for point in ground.bench.slopes(exercise):
            for name, agreement in examine(exercise, LocalAnswers(ground.models), [point]).items():
                if agreement.agrees is False or agreement.failure is not None:
                    what = f"{name} of the model answer is not the slope of {exercise.pair or exercise.outputs[0]}"
                    yield Hole("slope", exercise.name, what, "one of the two is wrong: derive it again")
                    return
                agreed[name] += bool(agreement.agrees)
    for name, count in agreed.items():
        if count < WITNESSES:
            what = f"{name} could be held against the slope of the model answer at {count} points, not {WITNESSES}"
            yield Hole("slope", exercise.name, what, "declare inputs at which the function is smooth and not flat")
