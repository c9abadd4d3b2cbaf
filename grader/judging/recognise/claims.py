"""Claims that need no declaration: shapes, constant factors, a missing or extra factor, overflow, ties, lost digits.

Each claim looks at all cases and either explains the answers of every one of them or is silent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from statistics import median

import numpy as np
from numpy.typing import NDArray

from grader.judging.asking import Trial
from grader.judging.recognise.evidence import WITNESSES, Seen, close, explains, seen_of
from grader.judging.recognise.recognised import Family, Recognised

__all__ = ["claimed", "swapped"]

Array = NDArray[np.float64]


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
    if not off:
        return None
    if explains(off, lambda s: s.right.T) and all(s.right.ndim == 2 for s in off):
        return Recognised("transposed", "form")
    for axis, over in ((0, "examples"), (-1, "last")):
        unreduced = [s for s in off if s.got.ndim == s.right.ndim + 1]
        if len(unreduced) == len(off) and all(close(s.got.sum(axis=axis), s.right, s.slack) for s in off):
            return Recognised("not_reduced", "form", values={"over": over})
    for axis in (0, -1):
        if all(s.right.ndim and close(s.got, s.right.sum(axis=axis)) for s in off):
            return Recognised("over_reduced", "form")
    if all(s.got.size == s.right.size and close(s.got.reshape(s.right.shape), s.right, s.slack) for s in off):
        return Recognised("reshaped", "form", values={"got": off[0].got.shape, "right": off[0].right.shape})
    return None


def _overflow(seen: Sequence[Seen]) -> Recognised | None:
    if any(s.got.shape != s.right.shape for s in seen):
        return None
    broken = [s for s in seen if not np.isfinite(s.got).all()]
    if not broken or any(not s.ok for s in seen if np.isfinite(s.got).all()):
        return None
    regimes = {s.case.regime for s in broken}
    if regimes <= {"ties", "integers"}:
        return Recognised("undefined_at_ties", "regime", "evidence")
    return Recognised("overflow", "regime", "evidence")


def _factors(s: Seen) -> Iterator[tuple[str, float]]:
    """Yield named constants by which a gradient may be off, from this case's sizes."""
    yield "sign", -1.0
    yield "factor_2", 2.0
    yield "factor_half", 0.5
    sizes = {}
    first = next((v for v in s.case.inputs.values() if isinstance(v, np.ndarray) and v.ndim), None)
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


def _factor(seen: Sequence[Seen]) -> Recognised | None:
    same_shape = [s for s in seen if s.got.shape == s.right.shape]
    if len(same_shape) < len(seen):
        return None
    if all((s.got == 0).all() for s in seen) and any((s.right != 0).any() for s in seen):
        return Recognised("zero", "zero")
    for key, _ in _factors(seen[0]):

        def scaled(s: Seen, key: str = key) -> Array | None:
            factor = next((f for other, f in _factors(s) if other == key), None)
            return None if factor is None else factor * s.right

        if explains(seen, scaled):
            return Recognised(key, "factor")
    constant = _constant(seen)
    if constant is not None:
        return Recognised("constant_factor", "factor", values={"constant": constant})
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
    return c if c != 0 and explains(seen, lambda s: c * s.right) else None


def _named_factors(s: Seen) -> Iterator[tuple[str, Array]]:
    """Yield arrays that may have been forgotten, or multiplied in once too often."""
    for key, x in s.case.inputs.items():
        if isinstance(x, np.ndarray) and x.dtype == np.float64 and x.shape == s.right.shape:
            yield key, x
            yield f"sign_{key}", np.sign(x)
            yield f"step_{key}", np.asarray(x > 0, dtype=np.float64)


def _term(seen: Sequence[Seen]) -> Recognised | None:
    if any(s.got.shape != s.right.shape for s in seen):
        return None
    for key, _ in _named_factors(seen[0]):

        def factor(s: Seen, key: str = key) -> Array | None:
            return next((f for other, f in _named_factors(s) if other == key), None)

        def missing(s: Seen, factor: Callable[[Seen], Array | None] = factor) -> Array | None:
            f = factor(s)
            return None if f is None or (f == 0).any() else s.right / f

        def extra(s: Seen, factor: Callable[[Seen], Array | None] = factor) -> Array | None:
            f = factor(s)
            return None if f is None else s.right * f

        if not key.startswith(("sign_", "step_")) and explains(seen, missing):
            code = "missing_upstream" if key == "dout" else f"missing_factor_{key}"
            return Recognised(code, "term", values={"how": "missing", "factor": key})
        if explains(seen, extra):
            return Recognised(f"extra_factor_{key}", "term", values={"how": "extra", "factor": key})
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
    if single_row and all(s.ok == (s in single_row) for s in seen):
        return Recognised("only_single_row", "regime", "evidence")
    if wrong == {"large"}:
        return Recognised("large_only", "regime", "evidence")
    return None


def _digits(seen: Sequence[Seen]) -> Recognised | None:
    """Right to some digits only: single precision, a finite difference, an epsilon that is not in the formula."""
    ordinary = [s for s in seen if s.case.regime == "randn" and s.got.shape == s.right.shape]
    if len(ordinary) < WITNESSES or not all(np.isfinite(s.got).all() for s in ordinary):
        return None
    sizes = [(np.abs(s.got - s.right).max(initial=0.0), np.abs(s.right).max(initial=0.0)) for s in ordinary]
    off = max((o / size for o, size in sizes if size > 0), default=1.0)
    if not 0 < off < 1e-4:
        return None
    if all(np.array_equal(s.got, s.got.astype(np.float32).astype(np.float64)) for s in seen):
        return Recognised("dtype", "digits")
    return Recognised("numeric", "digits", "evidence", {"digits": max(1, int(-np.log10(off)))})


CLAIMS: tuple[tuple[Family, Callable[[Sequence[Seen]], Recognised | None]], ...] = (
    ("form", _shape),
    ("regime", _overflow),
    ("factor", _factor),
    ("term", _term),
    ("regime", _ties),
    ("digits", _digits),
    ("regime", _regime),
)
