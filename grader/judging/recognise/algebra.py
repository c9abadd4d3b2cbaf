"""Claims that need no declaration: shapes, constant factors, a missing or extra factor, overflow, ties, lost digits.

Each claim looks at all cases and either explains the answer on every one of them or says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from grader.judging.declare.exercise import Diagnosis
from grader.judging.recognise.evidence import WITNESSES, Seen, close, explains

__all__ = ["claimed"]

Array = NDArray[np.float64]


def claimed(name: str, seen: Sequence[Seen]) -> Diagnosis | None:
    """The first claim that holds of an output ``name``, the most telling tried first."""
    return next((found for claim in _CLAIMS if (found := claim(name, seen)) is not None), None)


def _shape(name: str, seen: Sequence[Seen]) -> Diagnosis | None:
    off = [s for s in seen if s.got.shape != s.right.shape]
    if not off:
        return None
    if explains(off, lambda s: s.right.T) and all(s.right.ndim == 2 for s in off):
        return Diagnosis(
            "transposed", f"{name} is the transpose of what it must be: follow which index is the example's"
        )
    for axis, what in ((0, "the examples of the batch"), (-1, "the last axis")):
        unreduced = [s for s in off if s.got.ndim == s.right.ndim + 1]
        if len(unreduced) == len(off) and all(close(s.got.sum(axis=axis), s.right, s.slack) for s in off):
            return Diagnosis(
                "not_reduced",
                f"{name} still has an axis too many: it is one value for each of {what}, where their total is asked",
            )
    for axis in (0, -1):
        if all(s.right.ndim and close(s.got, s.right.sum(axis=axis)) for s in off):
            return Diagnosis(
                "over_reduced", f"{name} was summed over an axis that must stay: one entry for each is asked"
            )
    if all(s.got.size == s.right.size and close(s.got.reshape(s.right.shape), s.right, s.slack) for s in off):
        return Diagnosis(
            "reshaped", f"{name} has the right numbers in another shape: {off[0].got.shape} for {off[0].right.shape}"
        )
    return None


def _overflow(name: str, seen: Sequence[Seen]) -> Diagnosis | None:
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


def _factors(s: Seen) -> Iterator[tuple[str, str, float]]:
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


def _factor(name: str, seen: Sequence[Seen]) -> Diagnosis | None:
    same_shape = [s for s in seen if s.got.shape == s.right.shape]
    if len(same_shape) < len(seen):
        return None
    if all((s.got == 0).all() for s in seen) and any((s.right != 0).any() for s in seen):
        return Diagnosis("zero", f"{name} is 0 everywhere, whatever the input")
    for key, words, _ in _factors(seen[0]):

        def scaled(s: Seen, key: str = key) -> Array | None:
            factor = next((f for other, _, f in _factors(s) if other == key), None)
            return None if factor is None else factor * s.right

        if explains(seen, scaled):
            return Diagnosis(key, f"{name} is exactly the right answer {words}, on every case")
    constant = _constant(seen)
    if constant is not None:
        return Diagnosis("constant_factor", f"{name} is exactly {constant:.10g} times the right answer, on every case")
    return None


def _constant(seen: Sequence[Seen]) -> float | None:
    ratios = []
    for s in seen:
        size = float(np.sum(s.right * s.right))
        if size > 0 and np.isfinite(size) and np.isfinite(s.got).all():
            ratios.append(float(np.sum(s.got * s.right)) / size)
    if len(ratios) < WITNESSES:
        return None
    c = float(np.median(ratios))
    return c if c != 0 and explains(seen, lambda s: c * s.right) else None


def _named_factors(s: Seen) -> Iterator[tuple[str, str, Array]]:
    """Arrays that may have been forgotten, or multiplied in once too often."""
    for key, x in s.case.inputs.items():
        if isinstance(x, np.ndarray) and x.dtype == np.float64 and x.shape == s.right.shape:
            yield key, "the upstream gradient dout" if key == "dout" else f"the input {key}", x
            yield f"sign_{key}", f"the sign of {key}", np.sign(x)
            yield f"step_{key}", f"the mask {key} > 0", np.asarray(x > 0, dtype=np.float64)


def _term(name: str, seen: Sequence[Seen]) -> Diagnosis | None:
    if any(s.got.shape != s.right.shape for s in seen):
        return None
    for key, words, _ in _named_factors(seen[0]):

        def factor(s: Seen, key: str = key) -> Array | None:
            return next((f for other, _, f in _named_factors(s) if other == key), None)

        def missing(s: Seen, factor: Callable[[Seen], Array | None] = factor) -> Array | None:
            f = factor(s)
            return None if f is None or (f == 0).any() else s.right / f

        def extra(s: Seen, factor: Callable[[Seen], Array | None] = factor) -> Array | None:
            f = factor(s)
            return None if f is None else s.right * f

        if not key.startswith(("sign_", "step_")) and explains(seen, missing):
            kind = "missing_upstream" if key == "dout" else f"missing_factor_{key}"
            return Diagnosis(
                kind, f"{name} lacks a factor: times {words}, entry by entry, it would be right on every case"
            )
        if explains(seen, extra):
            return Diagnosis(
                f"extra_factor_{key}", f"{name} is the right answer once more times {words}, entry by entry"
            )
    return None


def _ties(name: str, seen: Sequence[Seen]) -> Diagnosis | None:
    wrong = [s for s in seen if not s.ok]
    others = [s for s in seen if s.ok and s.case.regime not in ("ties", "integers")]
    tied = all(s.case.regime in ("ties", "integers") or s.case.recipe.edits for s in wrong)
    if wrong and tied and len(others) >= WITNESSES:
        return Diagnosis(
            "only_at_ties", f"{name} is wrong only where entries tie, or lie exactly on a kink", "evidence"
        )
    return None


def _regime(name: str, seen: Sequence[Seen]) -> Diagnosis | None:
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


def _digits(name: str, seen: Sequence[Seen]) -> Diagnosis | None:
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


_CLAIMS: tuple[Callable[[str, Sequence[Seen]], Diagnosis | None], ...] = (
    _shape,
    _overflow,
    _factor,
    _term,
    _ties,
    _digits,
    _regime,
)
