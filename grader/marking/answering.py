"""The model answer at the inputs of a student's counterexample, beside what the student expected and got.

Only our own function is run, and on numbers alone; nothing of a student's file is evaluated. It runs in a process of its own with a
limit on time and memory, since numbers that nobody foresaw may ask for much. What is accepted is for the judge to say: the same
comparison as in grading, once numbers that agree to the digits of a card are taken for the right ones.
"""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from grader.errors import BankError
from grader.judging import Case, Exercise, Match, Recipe, Trial, expected_of, run_locally
from grader.marking.inputs import UnfitError, inputs_of, numbers

__all__ = ["ModelAnswer", "model_answer"]

SECONDS = 20
MEMORY = 4 << 30
MOST_ENTRIES = 2000
CLOSE = 1e-4
"""The relative difference that is still the same number: a card shows six digits."""
WHO = {"expected": "what the student expects", "got": "what the student's function returned"}


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


def model_answer(exercise: Exercise, counterexample: Mapping[str, Any], seconds: int = SECONDS) -> ModelAnswer:
    """Compute the model answer for a counterexample, and compare.

    Args:
        exercise: of the catalogue.
        counterexample: ``inputs``, ``expected`` and ``got``, as :func:`read_request` returns them.
        seconds: of the processor, that the model answer may take.

    """
    if not counterexample.get("inputs"):
        return ModelAnswer(outputs={}, problem="the request has no inputs: there is nothing to compute")
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(
        target=_work, args=(theirs, exercise, counterexample, seconds), daemon=True
    )
    process.start()
    theirs.close()
    try:
        if ours.poll(3 * seconds):
            found: ModelAnswer = ours.recv()
            return found
        return ModelAnswer(outputs={}, problem="the model answer did not come to an end at these inputs")
    except (EOFError, OSError):
        return ModelAnswer(outputs={}, problem="the model answer took too much time or memory at these inputs")
    finally:
        ours.close()
        process.kill()
        process.join()


def _work(theirs: Connection, exercise: Exercise, counterexample: Mapping[str, Any], seconds: int) -> None:
    """Compute in this process, and send what came of it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    theirs.send(_computed(exercise, counterexample))


def _computed(exercise: Exercise, counterexample: Mapping[str, Any]) -> ModelAnswer:
    try:
        inputs = inputs_of(exercise, counterexample["inputs"])
        right = run_locally(exercise, inputs)
    except UnfitError as error:
        return ModelAnswer(outputs={}, problem=str(error))
    except Exception as error:  # whatever our function says to numbers that it is not made for
        said = f"{type(error).__name__}: {str(error)[:200]}"
        return ModelAnswer(outputs={}, problem=f"the model answer does not take these inputs ({said})")
    outputs = {name: _told(value) for name, value in zip(exercise.outputs, right, strict=True)}
    sentences = [
        sentence
        for part in WHO
        for sentence in _compared(exercise, inputs, right, part, counterexample.get(part) or {})
    ]
    return ModelAnswer(outputs=outputs, sentences=tuple(sentences))


def _told(value: Any) -> Any:
    """Return a value as plain data."""
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
def _compared(
    exercise: Exercise, inputs: Mapping[str, Any], right: Sequence[Any], part: str, claimed: Mapping[str, Any]
) -> list[str]:
    """Say of each output that the student names how it compares: as the model answer, accepted all the same, or different."""
    sentences = []
    for name, value in claimed.items():
        if name not in exercise.outputs:
            there = ", ".join(exercise.outputs)
            sentences.append(f"{name} ({WHO[part]}): the exercise has no such output; there are {there}")
            continue
        place = exercise.outputs.index(name)
        if _same(value, right[place]):
            sentences.append(f"{name}: {WHO[part]} agrees with the model answer")
            continue
        note = _accepted(exercise, inputs, right, place, value)
        if note is not None:
            sentences.append(f"{name}: {WHO[part]} is not the model answer, and is accepted all the same ({note})")
        else:
            sentences.append(f"{name}: {WHO[part]} differs from the model answer{_where(value, right[place])}")
    return sentences


def _accepted(
    exercise: Exercise, inputs: Mapping[str, Any], right: Sequence[Any], place: int, value: Any
) -> str | None:
    """Return the policy by which a value is accepted in the place of an output of the model answer; None if it is not."""
    for variant in exercise.variants:
        try:
            if _same(value, run_locally(exercise, inputs, variant.answer)[place]):
                return variant.note
        except Exception:  # noqa: S112 - a variant that does not take these inputs says nothing of them
            continue
    try:
        case = Case(exercise, Recipe("ties", (1,), 0), inputs, expected_of(exercise, inputs))
        outputs = tuple(_snapped(value, of) if at == place else of for at, of in enumerate(right))
        found: Match = Trial(case, outputs).matches[place]
    except (BankError, TypeError, ValueError, ArithmeticError):
        return None  # no bound, or no number: then the model answer alone is right
    return ", ".join(found.notes) or "within rounding" if found.ok else None


def _snapped(value: Any, right: Any) -> Any:
    """Return a value as an array, with the right number wherever it is that to the digits of a card."""
    a, b = np.array(numbers(value), dtype=float), np.asarray(right, dtype=float)
    return np.where(_close(a, b), b, a) if a.shape == b.shape else a


def _close(a: Any, b: Any) -> Any:
    scale = float(np.abs(b[np.isfinite(b)]).max(initial=0.0))
    return np.isclose(a, b, rtol=CLOSE, atol=1e-6 * scale, equal_nan=True)


def _same(value: Any, right: Any) -> bool:
    """Return True if two values are the same to the digits that a card shows."""
    try:
        a, b = np.array(numbers(value), dtype=float), np.array(numbers(_told(right)), dtype=float)
    except (TypeError, ValueError):
        return bool(value == _told(right))
    return a.shape == b.shape and bool(_close(a, b).all())


def _where(value: Any, right: Any) -> str:
    """Return the end of a sentence: the shapes, or the entry that is furthest off."""
    try:
        a, b = np.array(numbers(value), dtype=float), np.array(numbers(_told(right)), dtype=float)
    except (TypeError, ValueError):
        return ""
    if a.shape != b.shape:
        return f": its shape is {a.shape}, that of the model answer {b.shape}"
    if not a.size:
        return ""
    with np.errstate(all="ignore"):
        off = np.nan_to_num(np.abs(a - b), nan=np.inf)
    at = tuple(int(i) for i in np.unravel_index(int(np.argmax(off)), off.shape))
    return f": at {list(at)} it is {a[at]:g}, right is {b[at] + 0.0:g}"
