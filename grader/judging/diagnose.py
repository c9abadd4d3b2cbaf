"""Why an answer is wrong: a claim is made only if it reproduces what the student's code returned on every case.

Declared mistakes come first, since their text was written by someone who teaches; then algebra that needs no
declaration: shapes, constant factors matched to the sizes of the batch, a missing or extra factor, the upstream
gradient ignored, overflow in one regime, ties. Where nothing explains the answer to 1e-9, nothing is claimed.
The text names the place, the symptom and the concept, never the fix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.bench import Bench
from grader.judging.cases import Case, run_locally
from grader.judging.compare import as_array, tolerance
from grader.judging.drives import Steps
from grader.judging.mutants import Mutant, mutants
from grader.judging.spec import Diagnosis, Exercise
from grader.judging.trials import Failure, RemoteAsk, Trial, judged, run

__all__ = ["diagnose"]

Array = NDArray[np.float64]
EXACT = 1e-9
WITNESSES = 3
"""A claim must be borne out by at least this many cases, and by the right answer on fewer."""


@dataclass(frozen=True)
class _Seen:
    """One case: what came, what is right, how far the two may be apart by rounding."""

    case: Case
    got: Array
    right: Array
    slack: Array
    ok: bool


def diagnose(
    exercise: Exercise, k: int, trials: Sequence[Trial], bench: Bench, asker: Callable[[Case], RemoteAsk]
) -> Diagnosis | None:
    """The best explanation of one rejected output, or None.

    Args:
        exercise: what was asked.
        k: which of its outputs was rejected.
        trials: all that came back.
        bench: for what the declared mistakes answer.
        asker: to put one more question to the student's function at a case.

    """
    seen = list(_seen(exercise, k, trials))
    name = exercise.outputs[k]
    declared = _declared(exercise, k, trials, bench)
    if not seen:
        return declared
    algebra = _swapped(exercise, k, trials) or next(
        (d for claim in _CLAIMS if (d := claim(name, seen)) is not None), None
    )
    if declared is None and algebra is None and "dout" in exercise.inputs:
        algebra = _upstream(exercise, k, name, seen, asker)
    if declared is None and bench.knows_answers and (algebra is None or algebra.certainty == "evidence"):
        algebra = _mutant(exercise, k, name, seen) or algebra
    if declared is not None and algebra is not None and algebra.certainty == "exact":
        return Diagnosis(declared.mistake, f"{declared.text} ({algebra.text})")
    return declared or algebra


def _seen(exercise: Exercise, k: int, trials: Sequence[Trial]) -> Iterator[_Seen]:
    for trial in trials:
        if trial.failure is not None or trial.case.expected is None:
            continue
        expected = trial.case.expected[k]
        got = _floats(trial.outputs[k])
        if got is None or not isinstance(expected.value, np.ndarray):
            continue
        yield _Seen(trial.case, got, expected.value, tolerance(expected), judged(exercise, trial, k).ok)


def _floats(x: Any) -> Array | None:
    """What came back as a float array, whatever its shape."""
    if isinstance(x, Steps):
        rows = [_floats(step) for step in x]
        if any(row is None or row.shape != (rows[0].shape if rows[0] is not None else ()) for row in rows):
            return None
        return np.stack([row for row in rows if row is not None])
    if isinstance(x, np.ndarray):
        return x.astype(np.float64) if x.dtype.kind in "fiub" else None
    if isinstance(x, (int, float, list, tuple)):
        read = as_array(x, np.empty(()))
        return np.asarray(read.array, dtype=np.float64) if read.array is not None else None
    return None


def _close(a: Array, b: Array, slack: Any = 0.0) -> bool:
    if a.shape != b.shape:
        return False
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    finite = np.isfinite(a) & np.isfinite(b)
    size = max(np.abs(a[finite]).max(initial=0.0), np.abs(b[finite]).max(initial=0.0))
    with np.errstate(invalid="ignore"):
        return bool(np.all(same | (np.abs(a - b) <= EXACT * size + slack)))


def _explains(seen: Sequence[_Seen], claim: Callable[[_Seen], Array | None]) -> bool:
    """Whether a claim gives what came back on every case where it applies, against the model answer somewhere."""
    told_apart = witnesses = 0
    for s in seen:
        with np.errstate(all="ignore"):
            claimed = claim(s)
        if claimed is None:
            continue
        slack = s.slack if s.slack.shape == claimed.shape else 0.0
        if not _close(s.got, claimed, slack):
            return False
        witnesses += 1
        told_apart += not _close(s.right, claimed, slack)
    return witnesses >= WITNESSES and told_apart >= 1


# ------------------------------------------------------------------------------------ declared mistakes
def _declared(exercise: Exercise, k: int, trials: Sequence[Trial], bench: Bench) -> Diagnosis | None:
    for mistake in exercise.mistakes:
        if _makes(exercise, k, trials, bench, mistake.name):
            return Diagnosis(mistake.name, mistake.text)
    return None


def _makes(exercise: Exercise, k: int, trials: Sequence[Trial], bench: Bench, mistake: str) -> bool:
    told_apart = witnesses = 0
    for trial in trials:
        outputs = bench.mistaken(exercise, mistake, trial.case)
        if trial.failure is not None or outputs is None:
            if (trial.failure is None) != (outputs is not None):
                return False
            continue
        assert trial.case.expected is not None
        if len(outputs) != len(exercise.outputs):
            continue
        expected, got, wrong = trial.case.expected[k], trial.outputs[k], outputs[k]
        if not isinstance(expected.value, np.ndarray):
            if not _plainly_equal(got, wrong):
                return False
            witnesses, told_apart = WITNESSES, 1
            continue
        came, mistaken = _floats(got), _floats(wrong)
        if came is None or mistaken is None:
            return False
        slack = tolerance(expected) if came.shape == expected.value.shape == mistaken.shape else 0.0
        if not _close(came, mistaken, slack):
            return False
        witnesses += 1
        told_apart += not _close(np.asarray(expected.value), mistaken, slack)
    return witnesses >= min(WITNESSES, len(trials)) and told_apart >= 1


def _plainly_equal(got: Any, wrong: Any) -> bool:
    from grader.judging.compare import Expected, match

    return match(got, Expected(wrong), relative=EXACT).ok


# -------------------------------------------------------------------------------------------- algebra
def _swapped(exercise: Exercise, k: int, trials: Sequence[Trial]) -> Diagnosis | None:
    """Whether one output is another of the same exercise."""
    for other in range(len(exercise.outputs)):
        theirs = list(_seen(exercise, other, trials)) if other != k else []
        mine = list(_seen(exercise, k, trials))
        if len(theirs) == len(mine) >= WITNESSES and all(
            _close(m.got, t.right, t.slack if t.slack.shape == m.got.shape else 0.0)
            for m, t in zip(mine, theirs, strict=True)
        ):
            a, b = exercise.outputs[k], exercise.outputs[other]
            return Diagnosis("swapped_outputs", f"in the place of {a} stands {b}: in which order are they asked for?")
    return None


def _shape(name: str, seen: Sequence[_Seen]) -> Diagnosis | None:
    off = [s for s in seen if s.got.shape != s.right.shape]
    if not off:
        return None
    if _explains(off, lambda s: s.right.T) and all(s.right.ndim == 2 for s in off):
        return Diagnosis(
            "transposed", f"{name} is the transpose of what it must be: follow which index is the example's"
        )
    for axis, what in ((0, "the examples of the batch"), (-1, "the last axis")):
        unreduced = [s for s in off if s.got.ndim == s.right.ndim + 1]
        if len(unreduced) == len(off) and all(_close(s.got.sum(axis=axis), s.right, s.slack) for s in off):
            return Diagnosis(
                "not_reduced",
                f"{name} still has an axis too many: it is one value for each of {what}, where their total is asked",
            )
    for axis in (0, -1):
        if all(s.right.ndim and _close(s.got, s.right.sum(axis=axis)) for s in off):
            return Diagnosis(
                "over_reduced", f"{name} was summed over an axis that must stay: one entry for each is asked"
            )
    if all(s.got.size == s.right.size and _close(s.got.reshape(s.right.shape), s.right, s.slack) for s in off):
        return Diagnosis(
            "reshaped", f"{name} has the right numbers in another shape: {off[0].got.shape} for {off[0].right.shape}"
        )
    return None


def _overflow(name: str, seen: Sequence[_Seen]) -> Diagnosis | None:
    if any(s.got.shape != s.right.shape for s in seen):
        return None
    broken = [s for s in seen if not np.isfinite(s.got).all()]
    if not broken or any(not s.ok for s in seen if np.isfinite(s.got).all()):
        return None
    regimes = {s.case.regime for s in broken}
    if regimes <= {"ties", "integers"}:
        return Diagnosis(
            "undefined_at_ties", f"{name} is not finite where entries are 0 or tie: what is 0/0 there?", "evidence"
        )
    return Diagnosis(
        "overflow",
        f"{name} is right for ordinary inputs and not finite for large ones: an exponential overflows, or underflows to 0 "
        "under a logarithm or a division. Which equal expression never leaves the range of floats?",
        "evidence",
    )


def _factors(s: _Seen) -> Iterator[tuple[str, str, float]]:
    """Named constants by which a gradient is off, from this case's sizes."""
    yield "sign", "with the opposite sign", -1.0
    yield "factor_2", "times 2", 2.0
    yield "factor_half", "divided by 2", 0.5
    sizes = {}
    first = next((v for v in s.case.inputs.values() if isinstance(v, np.ndarray) and v.ndim), None)
    if first is not None:
        sizes["N"] = first.shape[0]
        if first.ndim > 1:
            sizes["D"] = first.shape[-1]
            sizes["ND"] = first.size
    words = {"N": "N, the size of the batch", "D": "D, the number of features", "ND": "the number of all entries"}
    for key, size in sizes.items():
        yield f"times_{key}", f"times {words[key]}", float(size)
        yield f"over_{key}", f"divided by {words[key]}", 1.0 / size
        yield f"times_2_over_{key}", f"times 2 and divided by {words[key]}", 2.0 / size
        yield f"half_{key}", f"times half of {words[key]}", size / 2.0


def _factor(name: str, seen: Sequence[_Seen]) -> Diagnosis | None:
    same_shape = [s for s in seen if s.got.shape == s.right.shape]
    if len(same_shape) < len(seen):
        return None
    if all((s.got == 0).all() for s in seen) and any((s.right != 0).any() for s in seen):
        return Diagnosis("zero", f"{name} is 0 everywhere, whatever the input")
    for key, words, _ in _factors(seen[0]):

        def scaled(s: _Seen, key: str = key) -> Array | None:
            factor = next((f for other, _, f in _factors(s) if other == key), None)
            return None if factor is None else factor * s.right

        if _explains(seen, scaled):
            return Diagnosis(key, f"{name} is exactly the right answer {words}, on every case")
    constant = _constant(seen)
    if constant is not None:
        return Diagnosis("constant_factor", f"{name} is exactly {constant:.10g} times the right answer, on every case")
    return None


def _constant(seen: Sequence[_Seen]) -> float | None:
    ratios = []
    for s in seen:
        size = float(np.sum(s.right * s.right))
        if size > 0 and np.isfinite(size) and np.isfinite(s.got).all():
            ratios.append(float(np.sum(s.got * s.right)) / size)
    if len(ratios) < WITNESSES:
        return None
    c = float(np.median(ratios))
    return c if c != 0 and _explains(seen, lambda s: c * s.right) else None


def _named_factors(s: _Seen) -> Iterator[tuple[str, str, Array]]:
    """Arrays that may have been forgotten, or multiplied in once too often."""
    for key, x in s.case.inputs.items():
        if isinstance(x, np.ndarray) and x.dtype == np.float64 and x.shape == s.right.shape:
            yield key, "the upstream gradient dout" if key == "dout" else f"the input {key}", x
            yield f"sign_{key}", f"the sign of {key}", np.sign(x)
            yield f"step_{key}", f"the mask {key} > 0", np.asarray(x > 0, dtype=np.float64)


def _term(name: str, seen: Sequence[_Seen]) -> Diagnosis | None:
    if any(s.got.shape != s.right.shape for s in seen):
        return None
    for key, words, _ in _named_factors(seen[0]):

        def factor(s: _Seen, key: str = key) -> Array | None:
            return next((f for other, _, f in _named_factors(s) if other == key), None)

        def missing(s: _Seen, factor: Callable[[_Seen], Array | None] = factor) -> Array | None:
            f = factor(s)
            return None if f is None or (f == 0).any() else s.right / f

        def extra(s: _Seen, factor: Callable[[_Seen], Array | None] = factor) -> Array | None:
            f = factor(s)
            return None if f is None else s.right * f

        if not key.startswith(("sign_", "step_")) and _explains(seen, missing):
            kind = "missing_upstream" if key == "dout" else f"missing_factor_{key}"
            return Diagnosis(
                kind, f"{name} lacks a factor: times {words}, entry by entry, it would be right on every case"
            )
        if _explains(seen, extra):
            return Diagnosis(
                f"extra_factor_{key}", f"{name} is the right answer once more times {words}, entry by entry"
            )
    return None


def _ties(name: str, seen: Sequence[_Seen]) -> Diagnosis | None:
    wrong = [s for s in seen if not s.ok]
    others = [s for s in seen if s.ok and s.case.regime not in ("ties", "integers")]
    tied = all(s.case.regime in ("ties", "integers") or s.case.recipe.edits for s in wrong)
    if wrong and tied and len(others) >= WITNESSES:
        return Diagnosis(
            "only_at_ties", f"{name} is wrong only where entries tie, or lie exactly on a kink", "evidence"
        )
    return None


def _regime(name: str, seen: Sequence[_Seen]) -> Diagnosis | None:
    """Right in all regimes but one."""
    wrong = {s.case.regime for s in seen if not s.ok}
    single_row = [s for s in seen if s.right.ndim and s.right.shape[0] == 1]
    if any(s.got.shape != s.right.shape for s in seen):
        return None
    if single_row and all(s.ok == (s in single_row) for s in seen):
        return Diagnosis("only_single_row", f"{name} is right for a batch of one example and for no other", "evidence")
    if wrong == {"large"}:
        return Diagnosis(
            "large_only",
            f"{name} is right for ordinary inputs and loses its digits, or is clipped, for large ones",
            "evidence",
        )
    return None


def _digits(name: str, seen: Sequence[_Seen]) -> Diagnosis | None:
    """Right to some digits only: single precision, a finite difference, an epsilon that is not in the formula."""
    ordinary = [s for s in seen if s.case.regime == "randn" and s.got.shape == s.right.shape]
    if len(ordinary) < WITNESSES or not all(np.isfinite(s.got).all() for s in ordinary):
        return None
    sizes = [(np.abs(s.got - s.right).max(initial=0.0), np.abs(s.right).max(initial=0.0)) for s in ordinary]
    off = max((o / size for o, size in sizes if size > 0), default=1.0)
    if not 0 < off < 1e-4:
        return None
    if all(np.array_equal(s.got, s.got.astype(np.float32).astype(np.float64)) for s in seen):
        return Diagnosis("dtype", f"{name} went through single precision (float32) on its way: it holds only 7 digits")
    return Diagnosis(
        "numeric",
        f"{name} is right to about {max(1, int(-np.log10(off)))} digits, not to rounding: a finite difference, an epsilon "
        "that is not in the formula, or rounded numbers?",
        "evidence",
    )


_CLAIMS: tuple[Callable[[str, Sequence[_Seen]], Diagnosis | None], ...] = (
    _shape,
    _overflow,
    _factor,
    _term,
    _ties,
    _digits,
    _regime,
)


# ------------------------------------------------------------------------- slips that nobody declared
def _mutant(exercise: Exercise, k: int, name: str, seen: Sequence[_Seen]) -> Diagnosis | None:
    """The first mutant of the model answer that gives what came back on every case."""
    wrong = [s for s in seen if not s.ok]
    if len(seen) < WITNESSES or not wrong:
        return None
    for mutant in mutants(exercise.name):

        def answered(s: _Seen, mutant: Mutant = mutant) -> Array | None:
            try:
                outputs = run_locally(exercise, s.case.inputs, mutant.answer)
                return np.asarray(outputs[k], dtype=np.float64) if len(outputs) == len(exercise.outputs) else None
            except Exception:  # a mutant may fail in any way
                return None

        first = answered(wrong[0])
        if first is None or not _close(
            wrong[0].got, first, wrong[0].slack if first.shape == wrong[0].slack.shape else 0.0
        ):
            continue
        if all(answered(s) is not None for s in seen) and _explains(seen, answered):
            return Diagnosis(mutant.kind, f"{name} is what the right formula gives when {mutant.text}")
    return None


# ------------------------------------------------------------------------------- one more question
def _upstream(
    exercise: Exercise, k: int, name: str, seen: Sequence[_Seen], asker: Callable[[Case], RemoteAsk]
) -> Diagnosis | None:
    """Whether the upstream gradient is ignored, or enters other than linearly."""
    ignored = nonlinear = asked = 0
    for s in seen[:4]:
        changed: Mapping[str, Any] = {**s.case.inputs, "dout": 2.0 * s.case.inputs["dout"]}
        outputs = run(exercise, asker(s.case), changed)
        doubled = None if isinstance(outputs, Failure) else _floats(outputs[k])
        if doubled is None or not (s.got != 0).any():
            continue
        asked += 1
        ignored += _close(doubled, s.got)
        nonlinear += not _close(doubled, 2.0 * s.got)
    if asked and ignored == asked:
        return Diagnosis(
            "ignores_upstream", f"{name} does not depend on dout at all: where does the chain rule come in?"
        )
    if asked and nonlinear == asked:
        return Diagnosis(
            "nonlinear_upstream", f"{name} does not double when dout doubles: a backward pass is linear in dout"
        )
    return None
