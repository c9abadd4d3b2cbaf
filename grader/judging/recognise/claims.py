"""Claims that need no declaration: shapes, constant factors, a missing or extra factor, overflow, ties, lost digits.

Each claim looks at all cases and either explains the answers of every one of them or is silent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.asking import Trial
from grader.judging.declare import Recipe
from grader.judging.recognise.evidence import WITNESSES, Seen, close, explains, predicts, seen_of
from grader.judging.recognise.recognised import Family, Prediction, Recognised
from grader.judging.recognise.sizes import off_by_size

__all__ = ["claimed", "swapped"]

Array = NDArray[np.float64]
NEARLY_ONE = 1e-3
"""A factor that is closer to 1 is none that anyone has written down: something else is off."""
ORDINARY, LARGE = 50.0, 300.0
"""Inputs below the one overflow nothing; naive exponentials need the other."""
FEWEST, MOST, WORST = 1e-13, 1e-4, 1e-2
"""Errors of lost digits: between the first two on every ordinary case, and nowhere above the third."""


def claimed(seen: Sequence[Seen], *, up_to: Family | None = None) -> Recognised | None:
    """Return the first claim that holds of one output, the most telling tried first.

    Args:
        seen: the answers beside the right ones.
        up_to: the family after which no further claim is tried.

    """
    for family, claim in CLAIMS:
        found = claim(seen)
        if found is not None:
            return found
        if family == up_to:
            return None
    return None


def swapped(outputs: Sequence[str], output: int, trials: Sequence[Trial]) -> Recognised | None:
    """Recognise an output that is another one of the same exercise."""
    mine = list(seen_of(output, trials))
    for other, name in enumerate(outputs):
        theirs = list(seen_of(other, trials)) if other != output else []
        if len(theirs) == len(mine) >= WITNESSES and all(
            close(m.got, t.right, t.slack if t.slack.shape == m.got.shape else 0.0)
            for m, t in zip(mine, theirs, strict=True)
        ):
            return Recognised("swapped_outputs", "outputs", values={"other": name})
    return None


def _shape(seen: Sequence[Seen]) -> Recognised | None:
    off = [s for s in seen if s.got.shape != s.right.shape]
    if all(s.ok for s in off):
        return None  # there are none, or in each the other shape is accepted: what is wrong is something else
    if explains(off, lambda s: s.right.T) and all(s.right.ndim == 2 for s in off):
        return Recognised("transposed", "form")
    shown = next((s for s in off if not s.ok), off[0])  # one in an accepted other shape shows nothing
    apart = {"got": shown.got.shape, "right": shown.right.shape}
    longer = all(s.got.ndim == s.right.ndim + 1 for s in off)
    shorter = all(s.got.ndim + 1 == s.right.ndim for s in off)
    if (longer or shorter) and all(_same_numbers(s) and _long(s.got) == _long(s.right) for s in off):
        return Recognised("extra_axis" if longer else "lost_axis", "form", values=apart)
    if longer and all(s.right.ndim == 1 and close(np.diagonal(s.got), s.right, s.slack) for s in off):
        return Recognised("whole_matrix", "form")
    if shorter and all(s.got.ndim == 1 and close(s.got, np.diagonal(s.right)) for s in off):
        return Recognised("diagonal_alone", "form")
    for code, total in (("not_summed", np.sum), ("not_averaged", np.mean)):
        if all(s.right.ndim == 0 and s.got.size and close(np.asarray(total(s.got)), s.right, s.slack) for s in off):
            return Recognised(code, "form")
    for axis, over in ((0, "examples"), (-1, "last")):
        unreduced = [s for s in off if s.got.ndim == s.right.ndim + 1]
        if len(unreduced) == len(off) and all(close(s.got.sum(axis=axis), s.right, s.slack) for s in off):
            return Recognised("not_reduced", "form", values={"over": over})
    for axis in (0, -1):
        if all(s.right.ndim and close(s.got, s.right.sum(axis=axis)) for s in off):
            return Recognised("over_reduced", "form")
    return Recognised("reshaped", "form", values=apart) if all(_same_numbers(s) for s in off) else None


def _long(x: Array) -> tuple[int, ...]:
    """Return the lengths of an array's axes, those of length 1 left out."""
    return tuple(length for length in x.shape if length != 1)


def _same_numbers(s: Seen) -> bool:
    return s.got.size == s.right.size and close(s.got.reshape(s.right.shape), s.right, s.slack)


def _overflow(seen: Sequence[Seen]) -> Recognised | None:
    if any(s.got.shape != s.right.shape for s in seen):
        return None
    broken = [s for s in seen if not np.isfinite(s.got).all()]
    if not broken or any(not s.ok for s in seen if np.isfinite(s.got).all()):
        return None
    if all(s.case.may_be_at_kinks and _largest(s) < ORDINARY for s in broken):
        return Recognised("undefined_at_ties", "regime", "evidence")
    if len(broken) >= WITNESSES and all(_largest(s) >= LARGE for s in broken):
        return Recognised("overflow", "regime", "evidence")
    return None


def _largest(s: Seen) -> float:
    """Return the largest entry of a case's inputs."""
    arrays = [x for x in s.case.inputs.values() if isinstance(x, np.ndarray) and x.dtype == np.float64]
    return max((float(np.abs(x).max(initial=0.0)) for x in arrays), default=0.0)


def _factors(inputs: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Yield named constants by which a gradient may be off, from a case's sizes."""
    yield "sign", -1.0
    yield "factor_2", 2.0
    yield "factor_half", 0.5
    sizes = {}
    first = next((v for v in inputs.values() if isinstance(v, np.ndarray) and v.ndim), None)
    if first is not None:
        sizes["N"] = first.shape[0]
        if first.ndim > 1:
            sizes["D"] = first.shape[-1]
            sizes["ND"] = first.size
    for key, size in sizes.items():
        yield f"times_{key}", float(size)
        yield f"over_{key}", 1.0 / size
        yield f"times_2_over_{key}", 2.0 / size
        yield f"half_{key}", size / 2.0
        yield f"times_root_{key}", float(np.sqrt(size))
        yield f"over_root_{key}", 1.0 / float(np.sqrt(size)) if size else 1.0


def _first(inputs: Mapping[str, Any]) -> str:
    """Return the name of the input whose lengths the factors are made of."""
    return next((name for name, v in inputs.items() if isinstance(v, np.ndarray) and v.ndim), "the input")


def _scaled(key: str) -> Prediction:
    """Return the prediction that an output is off by the factor of this name."""

    def predict(inputs: Mapping[str, Any], right: Array) -> Array | None:
        factor = dict(_factors(inputs)).get(key)
        return None if factor is None else factor * right

    return predict


def _factor(seen: Sequence[Seen]) -> Recognised | None:
    same_shape = [s for s in seen if s.got.shape == s.right.shape]
    if len(same_shape) < len(seen):
        return None
    if all((s.got == 0).all() for s in seen) and any((s.right != 0).any() for s in seen):
        return Recognised("zero", "zero")
    for key, _ in _factors(seen[0].case.inputs):
        if predicts(seen, _scaled(key)):
            return Recognised(key, "factor", values={"of": _first(seen[0].case.inputs)}, predict=_scaled(key))
    if (found := off_by_size(seen)) is not None:
        return found
    constant = _constant(seen)
    if constant is not None:
        by = {"constant": constant}
        return Recognised("constant_factor", "factor", values=by, predict=lambda _, right: constant * right)
    return None


def _constant(seen: Sequence[Seen]) -> float | None:
    ratios = []
    for s in seen:
        size = float(np.sum(s.right * s.right))
        if size > 0 and np.isfinite(size) and np.isfinite(s.got).all():
            ratios.append(float(np.sum(s.got * s.right)) / size)
    if len(ratios) < WITNESSES:
        return None
    c = median(ratios)
    return c if c != 0 and abs(c - 1) > NEARLY_ONE and explains(seen, lambda s: c * s.right) else None


def _named_factors(inputs: Mapping[str, Any], shape: tuple[int, ...]) -> Iterator[tuple[str, Array]]:
    """Yield arrays that may have been forgotten, or multiplied in once too often."""
    for key, x in inputs.items():
        if isinstance(x, np.ndarray) and x.dtype == np.float64 and x.shape == shape:
            yield key, x
            yield f"sign_{key}", np.sign(x)
            yield f"step_{key}", np.asarray(x > 0, dtype=np.float64)


def _without(key: str) -> Prediction:
    """Return the prediction that the factor of this name is missing."""

    def predict(inputs: Mapping[str, Any], right: Array) -> Array | None:
        factor = dict(_named_factors(inputs, right.shape)).get(key)
        return None if factor is None or (factor == 0).any() else right / factor

    return predict


def _with(key: str) -> Prediction:
    """Return the prediction that the factor of this name is multiplied in once too often."""

    def predict(inputs: Mapping[str, Any], right: Array) -> Array | None:
        factor = dict(_named_factors(inputs, right.shape)).get(key)
        return None if factor is None else right * factor

    return predict


def _term(seen: Sequence[Seen]) -> Recognised | None:
    if any(s.got.shape != s.right.shape for s in seen):
        return None
    for key, _ in _named_factors(seen[0].case.inputs, seen[0].right.shape):
        if not key.startswith(("sign_", "step_")) and predicts(seen, _without(key)):
            code = "missing_upstream" if key == "dout" else f"missing_factor_{key}"
            return Recognised(code, "term", values={"how": "missing", "factor": key}, predict=_without(key))
        if predicts(seen, _with(key)):
            values = {"how": "extra", "factor": key}
            return Recognised(f"extra_factor_{key}", "term", values=values, predict=_with(key))
    return None


def _ties(seen: Sequence[Seen]) -> Recognised | None:
    wrong = [s for s in seen if not s.ok]
    others = [s for s in seen if s.ok and s.case.regime not in ("ties", "integers")]
    tied = all(s.case.regime in ("ties", "integers") or s.case.recipe.edits for s in wrong)
    if wrong and tied and len(others) >= WITNESSES:
        return Recognised("only_at_ties", "regime", "evidence")
    return None


def _regime(seen: Sequence[Seen]) -> Recognised | None:
    """Right in all regimes but one."""
    wrong = {s.case.regime for s in seen if not s.ok}
    single_row = [s for s in seen if s.right.ndim and s.right.shape[0] == 1]
    if any(s.got.shape != s.right.shape for s in seen):
        return None
    elsewhere = [s for s in seen if s not in single_row]
    # A mask that happens to be empty leaves nothing to be wrong.
    telling = [s for s in elsewhere if not s.case.may_be_at_kinks and (s.right.any() or not s.case.exercise.kinks)]
    if single_row and all(s.ok for s in single_row) and not any(s.ok for s in telling):
        return Recognised("only_single_row", "regime", "evidence")
    if wrong == {"large"}:
        finite = all(np.isfinite(s.got).all() for s in seen if not s.ok)
        return Recognised("large_only" if finite else "not_finite_for_large", "regime", "evidence")
    return None


def _digits(seen: Sequence[Seen]) -> Recognised | None:
    """Right to some digits only: single precision, a finite difference, an epsilon that is not in the formula."""
    if any(s.got.shape != s.right.shape or not np.isfinite(s.got).all() for s in seen):
        return None
    if _lose_digits(seen, {}) and all(np.array_equal(s.got, s.got.astype(np.float32).astype(np.float64)) for s in seen):
        return Recognised("dtype", "digits")
    starts = {
        s.case.recipe: np.asarray(w) for s in seen if isinstance(w := s.case.inputs.get("w"), (np.ndarray, float))
    }
    if any("config" in s.case.inputs for s in seen):
        return None  # of a rule with a state another rule may differ by as little
    worst = _lose_digits(seen, starts)
    return Recognised("numeric", "digits", "evidence", {"digits": max(1, int(-np.log10(worst)))}) if worst else None


def _lose_digits(seen: Sequence[Seen], starts: Mapping[Recipe, Array]) -> float | None:
    """Return the largest error on ordinary cases, if each of them has one, and none of any case is too large."""
    off = [(s, _relative_error(s, starts.get(s.case.recipe))) for s in seen]
    ordinary = [error for s, error in off if s.case.regime == "randn" and s.right.any()]
    if len(ordinary) < WITNESSES or not all(FEWEST < error < MOST for error in ordinary):
        return None
    return None if any(error > WORST and not s.ok for s, error in off) else max(ordinary)


def _relative_error(s: Seen, start: Array | None) -> float:
    """Return the largest error of an answer, beside its largest entry, or the size by which its rounding is measured.

    Of points on a way from ``start`` on, what counts is how far they lie from there.
    """
    if start is None or s.right.shape[s.right.ndim - start.ndim :] != start.shape:
        start = np.zeros(())
    size = float(np.abs(s.right - start).max(initial=0.0))
    if s.case.exercise.slack is not None:
        size = max(size, float(np.max(s.case.exercise.slack(s.case.inputs), initial=0.0)))
    error = float(np.abs(s.got - s.right).max(initial=0.0))
    return error / size if size > 0 else (0.0 if error == 0 else float("inf"))


CLAIMS: tuple[tuple[Family, Callable[[Sequence[Seen]], Recognised | None]], ...] = (
    ("form", _shape),
    ("regime", _overflow),
    ("factor", _factor),
    ("term", _term),
    ("regime", _ties),
    ("digits", _digits),
    ("regime", _regime),
)
