"""The conditions under which an answer is wrong: cases, or entries of an input. They hold in every case that was tried.

A condition is told only if the answer was wrong, or failed, wherever it holds (but for a few whole numbers, which may hide a
fault), and right wherever it does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from grader.judging.asking import Trial
from grader.judging.recognise.evidence import EXACT, WITNESSES, Seen
from grader.judging.recognise.recognised import Recognised

__all__ = ["wrong_entries", "wrong_where"]

Array = NDArray[np.float64]
Inputs = Mapping[str, Any]
SETTINGS, SETTINGS_A_SIDE = 5, 3
FEWEST, DIFFERENT, RIGHT = 5, 4, 12
"""Wrong entries that a range of an input takes to be told, so many of them at different numbers, and right ones."""


class Condition(NamedTuple):
    """A condition on the inputs of a case: its code, and what a sentence on it needs."""

    code: str
    values: tuple[tuple[str, Any], ...] = ()


class Measure(NamedTuple):
    """A number that a case has: a length, a count, a rate."""

    code: str
    values: tuple[tuple[str, Any], ...]
    least: float = -np.inf
    """Up to here nothing can be wrong: sums of one number, gradients of 0."""


def wrong_where(output: int, trials: Sequence[Trial]) -> Recognised | None:
    """Recognise the condition under which an output is wrong, or the function fails: the first that tells all cases apart."""
    wrong = [trial.failure is not None or not trial.matches[output].ok for trial in trials]
    if sum(wrong) < WITNESSES or len(wrong) - sum(wrong) < WITNESSES:
        return None
    failed = all(trial.failure is not None for trial, off in zip(trials, wrong, strict=True) if off)
    effect = {"effect": "fails" if failed else "wrong"}
    return _condition(trials, wrong, effect) or _border(trials, wrong, effect)


def _condition(trials: Sequence[Trial], wrong: Sequence[bool], effect: Mapping[str, Any]) -> Recognised | None:
    """Return the first condition that holds of the wrong cases and of no other, but for a few that whole numbers hide."""
    of_cases = [dict.fromkeys(_conditions(_flat(trial.case.inputs))) for trial in trials]
    settings = dict.fromkeys(condition for of_case in of_cases for condition in of_case if condition.code == "holds")
    for of_case in of_cases:
        of_case.update(dict.fromkeys(Condition("lacks", c.values) for c in settings if c not in of_case))
    known = dict.fromkeys(condition for of_case in of_cases for condition in of_case)
    for condition in known:
        if condition.code in ("above", "not_below") and Condition("equal", condition.values) not in known:
            continue  # at the border itself nothing was tried
        holds = [condition in of_case for of_case in of_cases]
        hidden = [t.case.may_be_at_kinks for t, h, off in zip(trials, holds, wrong, strict=True) if h and not off]
        if any(off and not h for h, off in zip(holds, wrong, strict=True)) or not all(hidden):
            continue
        if len(hidden) <= sum(wrong) // 4 and len(wrong) - sum(holds) >= WITNESSES:
            values = {**dict(condition.values), **effect, "hidden": bool(hidden)}
            return Recognised(f"where_{condition.code}", "where", "evidence", values)
    return None


def _border(trials: Sequence[Trial], wrong: Sequence[bool], effect: Mapping[str, Any]) -> Recognised | None:
    """Return the first number of a case that is beyond a border in all wrong cases, and in no other."""
    measures = [dict(_measures(_flat(trial.case.inputs))) for trial in trials]
    for measure in dict.fromkeys(m for of_case in measures for m in of_case):
        if all(measure in of_case for of_case in measures):
            of_wrong = [of_case[measure] for of_case, off in zip(measures, wrong, strict=True) if off]
            of_right = [of_case[measure] for of_case, off in zip(measures, wrong, strict=True) if not off]
            for end, inner, outer in (
                ("from", max(of_right), min(of_wrong)),
                ("to", min(of_right), max(of_wrong)),
            ):
                beyond = outer > inner > measure.least if end == "from" else outer < inner
                if beyond and _near(outer, inner) and not _confounded(trials, wrong):
                    low, high = (outer, inner) if end == "from" else (inner, outer)
                    values = {**dict(measure.values), **effect, "from": low, "to": high}
                    return Recognised(f"where_{measure.code}_{end}", "where", "evidence", values)
    return None


def _confounded(trials: Sequence[Trial], wrong: Sequence[bool]) -> bool:
    """Return True if one side of a border was tried in few settings of lengths and whole numbers, of many that there are.

    Then any of these numbers may part the cases, and not only the one at whose border they happen to lie apart.
    """
    settings = [_setting(_flat(trial.case.inputs)) for trial in trials]
    sides = [{s for s, off in zip(settings, wrong, strict=True) if off is side} for side in (True, False)]
    return len(set(settings)) >= SETTINGS and min(map(len, sides)) < SETTINGS_A_SIDE


def _setting(inputs: Inputs) -> tuple[int, ...]:
    """Return the last lengths of a case's arrays, and its whole numbers."""
    lengths = (x.shape[-1] for x in inputs.values() if isinstance(x, np.ndarray) and x.ndim)
    return (*lengths, *(x for x in inputs.values() if type(x) is int))


def _near(a: float, b: float) -> bool:
    """Return True if a border between two numbers says something: they are close, or whole numbers that follow each other."""
    return abs(a - b) <= max(0.5 * max(abs(a), abs(b)), float(type(a) is int))


def _flat(inputs: Inputs) -> Inputs:
    """Return the inputs of a case, and beside them the numbers of a dict of parameters; an optimizer's config is no such dict."""
    params = [value for name, value in inputs.items() if isinstance(value, dict) and name != "config"]
    return {**{key: value for dictionary in params for key, value in dictionary.items()}, **inputs}


def _conditions(inputs: Inputs) -> Iterator[Condition]:
    """Yield the conditions that hold of a case."""
    for name, x in inputs.items():
        if isinstance(x, np.ndarray) and x.ndim:
            yield from _of_shape(name, x)
            if x.dtype == np.float64 and x.size:
                yield from _of_numbers(x, (("input", name),))
            if x.dtype.kind in "iu":
                yield from _of_labels(x, inputs, (("input", name),))
        if type(x) is int:
            yield from _of_count(name, x, inputs)
        if name == "config":
            yield from _of_config(x)
        elif type(x) is dict:
            yield from _of_settings(name, x)


def _of_shape(name: str, x: NDArray[Any]) -> Iterator[Condition]:
    of = (("input", name),)
    if x.shape[0] == 1:
        yield Condition("one_row", of)
    if x.ndim != 2:
        yield Condition("axes_not_two", of)
    if x.ndim > 2:
        yield Condition("many_axes", of)
    if x.ndim > 1:
        yield Condition("axes_above_one", of)
        yield Condition("square" if x.shape[0] == x.shape[1] else "not_square", of)
    yield Condition("axes", (*of, ("number", x.ndim)))


def _of_numbers(x: Array, of: tuple[tuple[str, Any], ...]) -> Iterator[Condition]:
    if (x < 0).any():
        yield Condition("negative", of)
    if (x == 0).any():
        yield Condition("zero_entry", of)
    if (np.abs(x) < 1).any():
        yield Condition("below_one", of)
    if x.ndim == 2 and x.shape[0] == x.shape[1] and np.isfinite(x).all() and np.array_equal(x, x.T):
        yield Condition("definite" if (np.linalg.eigvalsh(x) > 0).all() else "indefinite", of)


def _of_labels(y: NDArray[Any], inputs: Inputs, of: tuple[tuple[str, Any], ...]) -> Iterator[Condition]:
    if y.dtype.kind == "u":
        yield Condition("unsigned", of)
    classes = next((x.shape[-1] for x in inputs.values() if isinstance(x, np.ndarray) and x.ndim == 2), None)
    if classes is not None and y.size and int(y.max()) < classes - 1:
        yield Condition("last_class_missing", of)
    if np.unique(y).size < y.size:
        yield Condition("equal_labels", of)


def _of_count(name: str, n: int, inputs: Inputs) -> Iterator[Condition]:
    of = (("input", name),)
    if n == 0:
        yield Condition("is_zero", of)
    for other, m in inputs.items():
        if type(m) is int and other != name:
            pair = (*of, ("other", other))
            if n > m:
                yield Condition("above", pair)
            if n >= m:
                yield Condition("not_below", pair)
            if n == m:
                yield Condition("equal", pair)
            if m and n % m == 0:
                yield Condition("multiple", pair)


def _of_settings(name: str, settings: Mapping[str, Any]) -> Iterator[Condition]:
    """Yield which word a setting is, and which settings there are."""
    for key, x in settings.items():
        of = (("input", name), ("key", key))
        if type(x) is str:
            yield Condition("says", (*of, ("word", x)))
        yield Condition("holds", of)


def _of_config(config: Any) -> Iterator[Condition]:
    if not isinstance(config, dict):
        yield Condition("no_config")
        if config is None:
            yield Condition("config_none")
        else:
            yield Condition("config_omitted")
    elif not config:
        yield Condition("config_empty")
    else:
        yield Condition("config_given")


def _measures(inputs: Inputs) -> Iterator[tuple[Measure, float]]:
    """Yield the numbers that a case has, each with its name."""
    for name, x in inputs.items():
        of = (("input", name),)
        if isinstance(x, np.ndarray) and x.ndim:
            yield Measure("length", of, 1.0), x.shape[0]
            yield Measure("last_length", of, 1.0), x.shape[-1]
            if x.dtype == np.float64 and x.size:
                yield Measure("largest_size", of, 0.0), float(np.abs(x).max())
        elif type(x) in (int, float):
            yield Measure("number", of), x


# ------------------------------------------------------------------------------------ entry by entry
def wrong_entries(seen: Sequence[Seen]) -> Recognised | None:
    """Recognise the range of an input in which the entries of an output are wrong, each that was tried, and all others right."""
    if not seen or any(s.got.shape != s.right.shape for s in seen):
        return None
    for name, x in seen[0].case.inputs.items():
        if not isinstance(x, np.ndarray) or x.dtype != np.float64:
            continue
        arrays = [s.case.inputs[name] for s in seen]
        if any(a.shape != s.right.shape for a, s in zip(arrays, seen, strict=True)):
            continue
        at = np.concatenate([a.ravel() for a in arrays])
        off = np.concatenate([_off(s).ravel() for s in seen])
        found = _range(at, off)
        if found is not None:
            code, values = found
            return Recognised(f"entries_{code}", "where", "evidence", {"input": name, **values})
    return None


def _off(s: Seen) -> NDArray[np.bool_]:
    """Return the mask of an answer's wrong entries; none where another answer is as right, at a kink."""
    if s.ok and s.case.exercise.kinks and s.case.may_be_at_kinks:
        return np.zeros(s.right.shape, dtype=bool)
    with np.errstate(invalid="ignore"):
        return ~(np.abs(s.got - s.right) <= s.slack + EXACT * np.abs(s.right))


def _range(at: Array, off: NDArray[np.bool_]) -> tuple[str, dict[str, float]] | None:
    """Return the kind of range in which the wrong entries lie, and its ends, if no right entry lies in it."""
    wrong, right = at[off], at[~off]
    if wrong.size < FEWEST or np.unique(wrong).size < DIFFERENT or right.size < RIGHT:
        return None
    low, high = float(wrong.min()), float(wrong.max())
    between = right[(right >= low) & (right <= high)]
    if not between.size:
        above, below = right[right > high], right[right < low]
        if not above.size:
            return "above", {"from": low, "to": float(below.max())}
        if not below.size:
            return "below", {"from": high, "to": float(above.min())}
        return "between", {"from": low, "to": high}
    inner_low, inner_high = float(between.min()), float(between.max())
    inside = wrong[(wrong >= inner_low) & (wrong <= inner_high)]
    if inside.size or inner_low >= 0 or inner_high <= 0:
        return None
    if right[(right < low) | (right > high)].size:
        return None  # right again farther out: told by no sentence of ours
    return "outside", {"from": inner_low, "to": inner_high}
