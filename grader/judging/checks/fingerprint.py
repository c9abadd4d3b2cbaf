"""The fingerprint of a student's answers: a short digest by which two students whose functions answer alike are found.

It is made of answers that were asked for anyway. Right outputs count as right, whatever their last digits; of wrong ones the
entries count to six digits of the largest, so that rounding separates nobody. It decides no mark, and no answer can be read off it.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.asking import Failure, Lost, Raised, Trial
from grader.judging.declare import Finding

__all__ = ["fingerprint"]

STEPS = 731058.578630005
"""The steps from 0 to an array's largest entry. Odd on purpose: round numbers lie on no border between two steps."""
RIGHT, OUTPUT, CASE = b"=", b"|", b"\n"
DEEPEST = 6


def fingerprint(trials: Sequence[Trial]) -> str | None:
    """Return the fingerprint of what came back in these cases, 32 hexadecimal digits.

    None where nothing came back in any case; and where a time limit or the end of the process cut the answers short, since
    another run would cut them elsewhere.
    """
    if all(trial.failure is not None for trial in trials):
        return None
    if any(trial.failure is not None and isinstance(trial.failure.reply, Lost) for trial in trials):
        return None
    digest = hashlib.blake2b(digest_size=16)
    for trial in trials:
        digest.update(_of_trial(trial) + CASE)
    return digest.hexdigest()


def _of_trial(trial: Trial) -> bytes:
    if trial.failure is not None:
        return _of_failure(trial.failure)
    if all(match.ok for match in trial.matches):
        return RIGHT
    assert trial.case.expected is not None
    parts = []
    for match, got, expected in zip(trial.matches, trial.outputs, trial.case.expected, strict=False):
        if match.ok:
            parts.append(RIGHT)
        elif match.got is not None and isinstance(expected.value, np.ndarray):
            parts.append(_of_array(match.got, _largest(expected.value)))
        else:
            parts.append(_of_value(got))
    return OUTPUT.join(parts)


def _of_failure(failure: Failure) -> bytes:
    """Return what is stable of a failure: the type of an exception, whose message may name an address."""
    reply = failure.reply
    return f"!{type(reply).__name__} {reply.type if isinstance(reply, Raised) else ''}".encode("utf-8", "replace")


def _of_array(array: NDArray[np.float64], scale: float) -> bytes:
    """Return an array's shape and its entries in steps of its largest, or of the right answer's if that is larger."""
    finite = np.isfinite(array)
    whole = bool(finite.all())
    size = max(scale, _largest(array) if whole else _largest(array[finite]))
    steps = np.zeros(array.shape, dtype=np.int32)
    if size > 0:
        known = array if whole else np.where(finite, array, 0.0)
        steps = np.rint(known / size * STEPS).astype(np.int32)
    if not whole:
        steps[~finite] = 1 << 30
        steps[array == math.inf] = (1 << 30) + 1
        steps[array == -math.inf] = (1 << 30) + 2
    return f"{array.shape} {_magnitude(size)} ".encode() + steps.tobytes()


def _magnitude(size: float) -> int | None:
    return round(math.log(size) * STEPS) if size > 0 else None


def _largest(array: NDArray[Any]) -> float:
    return float(np.abs(array).max(initial=0.0)) if array.dtype.kind in "fiub" else 0.0


def _of_value(value: Any, depth: int = 0) -> bytes:
    """Return a value that is compared as no array, written down for the digest: numbers to six digits."""
    if isinstance(value, Finding):
        return value.sentence.encode("utf-8", "replace")
    if isinstance(value, np.ndarray):
        return _of_array(value.astype(np.float64), 0.0) if value.dtype.kind in "fiub" else repr(value.shape).encode()
    if isinstance(value, (bool, int)):
        return str(value).encode()
    if isinstance(value, float):
        return _of_array(np.array(value), 0.0)
    if isinstance(value, str):
        return " ".join(value.casefold().split()).encode("utf-8", "replace")
    if depth < DEEPEST and isinstance(value, Mapping):
        pairs = sorted((_of_value(str(k)), _of_value(v, depth + 1)) for k, v in value.items())
        return b"{" + b",".join(k + b":" + v for k, v in pairs) + b"}"
    if depth < DEEPEST and isinstance(value, (list, tuple)):
        return b"[" + b",".join(_of_value(v, depth + 1) for v in value) + b"]"
    return type(value).__name__.encode()
