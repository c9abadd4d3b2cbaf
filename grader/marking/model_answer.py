"""The model answer at the inputs of a student's counterexample, beside what the student expected and got.

Only our own function is run, and on numbers alone; nothing of a student's file is evaluated.
It runs in a process of its own with a limit on time and memory, since numbers that nobody foresaw may ask for much.
"""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from grader.judging import Case, Exercise, Recipe, run_locally
from grader.marking.inputs import UnfitError, inputs_of, numbers

__all__ = ["ModelAnswer", "model_answer"]

SECONDS = 20
MEMORY = 4 << 30
MOST_ENTRIES = 2000
CLOSE = 1e-4
"""The relative difference that is still the same number: a card shows six digits."""


@dataclass(frozen=True, kw_only=True)
class ModelAnswer:
    """The right outputs by name, and who is right.

    Args:
        outputs: of the model answer; empty if there are none.
        problem: the reason for which there are none, in a sentence; else empty.
        sentences: how what the student expected and got compares, one a sentence.

    """

    outputs: Mapping[str, Any]
    problem: str = ""
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Right:
    """The outputs of the model answer, those of accepted variants by their notes, and on how many kinks the inputs lie."""

    outputs: Mapping[str, Any]
    accepted: Mapping[str, Mapping[str, Any]]
    kinks: int


def model_answer(exercise: Exercise, counterexample: Mapping[str, Any], seconds: int = SECONDS) -> ModelAnswer:
    """Compute the model answer for a counterexample, and compare.

    Args:
        exercise: of the catalogue.
        counterexample: ``inputs``, ``expected`` and ``got``, as :func:`read_request` returns them.
        seconds: of the processor, that the model answer may take.

    """
    given = counterexample.get("inputs") or {}
    if not given:
        return ModelAnswer(outputs={}, problem="the request has no inputs: there is nothing to compute")
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(
        target=_work, args=(theirs, exercise, given, seconds), daemon=True
    )
    process.start()
    theirs.close()
    try:
        found = ours.recv() if ours.poll(3 * seconds) else "the model answer did not come to an end"
    except (EOFError, OSError):
        found = "the model answer took too much time or memory at these inputs"
    finally:
        ours.close()
        process.kill()
        process.join()
    if isinstance(found, str):
        return ModelAnswer(outputs={}, problem=found)
    return ModelAnswer(outputs=found.outputs, sentences=(*_compared(found, counterexample), *_kink(found)))


def _work(theirs: Connection, exercise: Exercise, given: Mapping[str, Any], seconds: int) -> None:
    """Compute in this process; send the outputs and those of accepted variants, or the reason for which there are none."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    theirs.send(_computed(exercise, given))


def _computed(exercise: Exercise, given: Mapping[str, Any]) -> str | _Right:
    try:
        inputs = inputs_of(exercise, given)
        outputs = _named(exercise, run_locally(exercise, inputs))
    except UnfitError as error:
        return str(error)
    except Exception as error:  # whatever our function says to numbers that it is not made for
        return f"the model answer does not take these inputs ({type(error).__name__}: {str(error)[:200]})"
    accepted = {}
    for variant in exercise.variants:
        try:
            accepted[variant.note] = _named(exercise, run_locally(exercise, inputs, variant.answer))
        except Exception:  # noqa: S112 - a variant that does not take these inputs says nothing of them
            continue
    return _Right(outputs, accepted, _kinks(exercise, inputs))


def _kinks(exercise: Exercise, inputs: Mapping[str, Any]) -> int:
    """Return on how many kinks the inputs lie; 0 where the exercise has none, or where that cannot be told."""
    if not exercise.kinks:
        return 0
    try:
        return len(Case(exercise, Recipe("ties", (1,), 0), inputs, None).kinks)
    except Exception:  # an explanation that cannot be had costs no number
        return 0


def _named(exercise: Exercise, values: Sequence[Any]) -> dict[str, Any]:
    return {name: _told(value) for name, value in zip(exercise.outputs, values, strict=True)}


def _told(value: Any) -> Any:
    if isinstance(value, (np.ndarray, np.generic)):
        if value.size > MOST_ENTRIES:
            return f"an array of shape {value.shape}"
        return (np.asarray(value) + 0.0 if value.dtype.kind == "f" else value).tolist()  # nobody wants to read -0
    if isinstance(value, (list, tuple)):
        return [_told(entry) for entry in value[:MOST_ENTRIES]]
    if isinstance(value, Mapping):
        return {str(key): _told(entry) for key, entry in value.items()}
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)[:200]


# --------------------------------------------------------------------------------------- comparison
def _kink(found: _Right) -> list[str]:
    if not found.kinks:
        return []
    where = "a kink" if found.kinks == 1 else f"{found.kinks} kinks"
    return [f"the inputs lie on {where}: there, any value between the derivatives of both sides is accepted"]


def _compared(found: _Right, counterexample: Mapping[str, Any]) -> list[str]:
    """Say of each output that the student named how it compares with the model answer, and with what is accepted beside it."""
    right, accepted = found.outputs, found.accepted
    sentences: list[str] = []
    for part, who in (("expected", "what the student expects"), ("got", "what the student's function returned")):
        for name, value in (counterexample.get(part) or {}).items():
            if name not in right:
                sentences.append(f"{name} ({who}): the exercise has no such output; there are {', '.join(right)}")
                continue
            variant = next((note for note, outputs in accepted.items() if same(value, outputs.get(name))), None)
            if same(value, right[name]):
                sentences.append(f"{name}: {who} agrees with the model answer")
            elif variant is not None:
                sentences.append(f"{name}: {who} is not the model answer, and is accepted all the same ({variant})")
            else:
                sentences.append(f"{name}: {who} differs from the model answer{_where(value, right[name])}")
    return sentences


def same(value: Any, right: Any) -> bool:
    """Return True if two values are the same to the digits that a card shows."""
    if isinstance(value, str) and isinstance(right, str):
        return value == right
    try:
        a, b = np.array(numbers(value), dtype=float), np.array(numbers(right), dtype=float)
    except (TypeError, ValueError):
        return bool(value == right)
    if a.shape != b.shape:
        return False
    scale = float(np.abs(b[np.isfinite(b)]).max(initial=0.0))
    return bool(np.isclose(a, b, rtol=CLOSE, atol=1e-6 * scale, equal_nan=True).all())


def _where(value: Any, right: Any) -> str:
    """Return the end of a sentence: the shapes, or the entry that is furthest off."""
    try:
        a, b = np.array(numbers(value), dtype=float), np.array(numbers(right), dtype=float)
    except (TypeError, ValueError):
        return ""
    if a.shape != b.shape:
        return f": its shape is {a.shape}, that of the model answer {b.shape}"
    with np.errstate(all="ignore"):
        off = np.nan_to_num(np.abs(a - b), nan=np.inf)
    at = tuple(int(i) for i in np.unravel_index(int(np.argmax(off)), off.shape)) if off.size else ()
    return f": at {list(at)} it is {a[at]:g}, right is {b[at]:g}" if off.size else ""
