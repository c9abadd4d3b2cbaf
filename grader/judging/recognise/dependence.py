"""Further questions, each with one input changed: what an answer depends on, and must not, or does not, and must."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.asking import Answers, Failure, ask
from grader.judging.cases import Bench, Case
from grader.judging.declare import Exercise
from grader.judging.recognise.evidence import WITNESSES, Seen, close, floats
from grader.judging.recognise.recognised import Recognised

__all__ = ["depends_wrongly"]

Array = NDArray[np.float64]
CASES = 4
MOVED = 1e-2
"""An entry that differs by this share of the largest has moved: more than a finite difference trembles."""


ENDS: dict[str, tuple[int, Any]] = {
    "last_row": (0, -1),
    "first_row": (0, 0),
    "last": (-1, (..., -1)),
    "first": (-1, (..., 0)),
}
"""Ends at which an input is changed: the axis and the place, by kind."""


@dataclass(frozen=True)
class Probe:
    """A case with one input changed: all of it, one row, or one entry; what is right there, and what was said before."""

    kind: str
    input: str
    seen: Seen
    inputs: Mapping[str, Any]
    right: Array


def depends_wrongly(
    exercise: Exercise,
    output: int,
    seen: Sequence[Seen],
    answers: Answers,
    bench: Bench,
    cache_of: Callable[[Case], Any],
) -> Recognised | None:
    """Recognise an output that ignores an input, or in which one example, or entry, has an effect on another one's.

    The cases are asked again as they are, twice in a row before anything is changed and once after it: the same answers must come.

    Args:
        exercise: what was asked.
        output: the number of the output.
        seen: its answers beside the right ones.
        answers: asked at the changed inputs.
        bench: has the right answers there.
        cache_of: the cache to be used at a case, or None for that of the student's forward pass.

    """
    fit = [s for s in seen if s.got.shape == s.right.shape and np.isfinite(s.got).all() and not s.case.may_be_at_kinks]
    cases = [s for s in fit if s.case.regime == "randn"][:CASES]
    if len(cases) < WITNESSES or any(cache_of(s.case) is not None for s in cases):
        return None
    probes = [probe for s in cases for probe in _probes(exercise, output, s, bench)]
    twice, once = [s for s in cases for _ in range(2)], cases
    asked = [s.case.inputs for s in twice] + [probe.inputs for probe in probes] + [s.case.inputs for s in once]
    outcomes = ask(answers, [exercise.plan(inputs) for inputs in asked])
    came = [None if isinstance(o, Failure) else floats(o[output]) for o in outcomes]
    first, last = len(twice), len(twice) + len(probes)
    again = zip([*twice, *once], [*came[:first], *came[last:]], strict=False)
    if any(_differs(s, got) for s, got in again):
        return Recognised("keeps_state", "repeated")
    answered = [
        (probe, got)
        for probe, got in zip(probes, came[first:last], strict=False)
        if got is not None and got.shape == probe.right.shape and np.isfinite(got).all()
    ]
    return _mixes(answered) or _ignores(answered)


def _differs(s: Seen, got: Array | None) -> bool:
    """Return True if another answer came to the same inputs: then a change of it is no sign of what it depends on."""
    return got is not None and (got.shape != s.got.shape or not close(s.got, got))


def _probes(exercise: Exercise, output: int, s: Seen, bench: Bench) -> Iterator[Probe]:
    for name, x in s.case.inputs.items():
        for number, (kind, changed) in enumerate(_changes(x)):
            inputs = {**s.case.inputs, name: changed}
            outputs = bench.elsewhere(exercise, ("probe", number, name), inputs, s.case)
            if outputs is not None:
                yield Probe(kind, name, s, inputs, np.asarray(outputs[output], dtype=np.float64))


def _changes(x: Any) -> Iterator[tuple[str, Any]]:
    """Yield changes of an input by kind: ``all`` changes it throughout, the others at one end."""
    if isinstance(x, np.ndarray) and x.dtype == np.float64 and x.size:
        yield "all", _other_numbers(x, 0.75)
        yield "all", _other_numbers(x, 1.5)
        yield "all", _other_numbers(x, 13.0)
        if not _is_symmetric(x) and np.ptp(x) > 0:
            yield "all", x.min() + x.max() - x  # labels stay labels: of 0 and 1, or −1 and 1, the others
        if (x < 0).any() and not _is_symmetric(x):
            yield "all", -np.abs(x)
        for kind, (axis, place) in ENDS.items():
            if x.ndim > axis + 1 and x.shape[axis] > 1:
                yield kind, _moved(x, place)
    elif type(x) is float:
        for factor in (0.75, 0.5, 7.0, 0.01):
            yield "all", factor * x


def _moved(x: Array, place: Any) -> Array:
    changed = x.copy()
    changed[place] = 3.0 * changed[place] + 1.0
    return changed


def _other_numbers(x: Array, scale: float) -> Array:
    """Return other numbers of the same kind: positive ones stay positive, and a symmetric matrix symmetric and definite."""
    if _is_symmetric(x):
        return scale * x[::-1, ::-1]
    turned = scale * x.ravel()[::-1].reshape(x.shape)
    return -turned if (x < 0).any() else turned


def _is_symmetric(x: Array) -> bool:
    return x.ndim == 2 and x.shape[0] == x.shape[1] > 1 and np.array_equal(x, x.T)


def _mixes(answered: Sequence[tuple[Probe, Array]]) -> Recognised | None:
    """Recognise that the student's answer changes where the right one stays as it is, in enough probes of one kind."""
    for kind, name in dict.fromkeys((probe.kind, probe.input) for probe, _ in answered if probe.kind != "all"):
        mine = [(probe, got) for probe, got in answered if (probe.kind, probe.input) == (kind, name)]
        showing = 0
        for probe, got in mine:
            if probe.right.shape != probe.seen.right.shape:
                break
            still = (probe.right == probe.seen.right) & _outside(probe)
            size = np.abs(probe.seen.got).max(initial=0.0)
            moved = still & (np.abs(got - probe.seen.got) > MOVED * size)
            showing += bool(moved.any())
        if showing >= WITNESSES:
            end, _, rows = kind.partition("_")
            return Recognised(
                "mixes_rows" if rows else "mixes_entries", "dependence", values={"input": name, "end": end}
            )
    return None


def _outside(probe: Probe) -> NDArray[np.bool_]:
    """Mark the places of an output outside of the row, or the entries, that a probe changed; none if it has no such places."""
    axis, place = ENDS[probe.kind]
    changed = probe.inputs[probe.input]
    if not probe.right.ndim or probe.right.shape[axis] != changed.shape[axis]:
        return np.zeros(probe.right.shape, dtype=bool)
    outside = np.ones(probe.right.shape, dtype=bool)
    outside[place] = False
    return outside


def _ignores(answered: Sequence[tuple[Probe, Array]]) -> Recognised | None:
    """Recognise that the right answer changes with an input, and the student's does not, not even in its last digit."""
    for name in dict.fromkeys(probe.input for probe, _ in answered if probe.kind == "all"):
        mine = [(probe, got) for probe, got in answered if (probe.kind, probe.input) == ("all", name)]
        same = [
            got.any() and np.array_equal(got, probe.seen.got) and not close(probe.right, probe.seen.right)
            for probe, got in mine
        ]
        if all(same) and len(same) >= 3 * WITNESSES:
            return Recognised("ignores_input", "dependence", values={"input": name})
    return None
