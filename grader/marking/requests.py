"""A student's request to look at an exercise again: a small file, JSON or TOML, which a student writes from what their card says.

::

    {"schema": "gradmark/request/1",
     "assignment": "layers",
     "exercise": "layers.relu_backward",
     "text": "At x = 0 I take the slope 1, which the notebook allows.",
     "counterexample": {"inputs": {"dout": [[1.0]], "x": [[0.0]]}, "expected": {"dx": [[1.0]]}, "got": {"dx": [[1.0]]}}}

``expected`` is what the student holds to be right, ``got`` what their function returned. A request is hostile until it is read:
bounded in bytes, depth and numbers, of known keys alone, and nothing of it is ever run.
"""

from __future__ import annotations

import hashlib
import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from grader.grades import Request

__all__ = ["SCHEMA", "RequestFile", "read_request", "request_of", "written_request"]

SCHEMA = "gradmark/request/1"
MOST_BYTES = 64 << 10
MOST_DEPTH = 6
MOST_ENTRIES = 2000
LONGEST_TEXT = 4000
LONGEST_NAME = 200
LARGEST = 2**53
KEYS = ("schema", "student", "assignment", "exercise", "text", "counterexample")
PARTS = ("inputs", "expected", "got")
MOST_VALUES = 20
"""The most inputs, or outputs, of a counterexample."""
NUMBERS = ("NaN", "Infinity", "-Infinity")
"""Texts that stand for numbers which JSON has not, as in results."""


@dataclass(frozen=True, kw_only=True)
class RequestFile:
    """A request as its file has it.

    Args:
        id: the sha256 of its content: the same request sent twice is one.
        exercise: as written; full name or short.
        text: what the student says.
        assignment: as written, or empty.
        student: whom the file says it is from, or empty; nobody has to believe it.
        counterexample: ``inputs``, ``expected`` and ``got``, each by name: numbers, short texts, and lists and objects of them.

    """

    id: str
    exercise: str
    text: str
    assignment: str = ""
    student: str = ""
    counterexample: Mapping[str, Any] = field(default_factory=dict)


def read_request(path: Path) -> RequestFile:
    """Read a request's file.

    Raises:
        UsageError: it cannot be read, or is no request; the message says where and why.

    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from None
    if len(data) > MOST_BYTES:
        raise UsageError(f"{path} is no request: it is larger than {MOST_BYTES >> 10} KiB")
    try:
        return _request(_parsed(path, data))
    except NoRequestError as error:
        raise UsageError(f"{path} is no request: {error}") from None


def request_of(file: RequestFile, *, student: str, assignment: str, exercise: str, at: datetime) -> Request:
    """Return the request of a student's file; its id is of the student too, since two may send the same words.

    Args:
        file: as it was read.
        student: the id in the roster of whoever it is from.
        assignment: its name.
        exercise: full name.
        at: when it came.

    """
    return Request(
        id=hashlib.sha256(f"{student}\0{file.id}".encode()).hexdigest(),
        student=student,
        assignment=assignment,
        exercise=exercise,
        text=file.text,
        counterexample=file.counterexample,
        at=at,
    )


def written_request(exercise: str, text: str, counterexample: Mapping[str, Any], assignment: str = "") -> str:
    """Return the document of a request, as a student writes it.

    Raises:
        UsageError: it would not be read.

    """
    read = {"schema": SCHEMA, "assignment": assignment, "exercise": exercise, "text": text}
    try:
        found = _request({**read, "counterexample": counterexample})
    except NoRequestError as error:
        raise UsageError(f"that is no request: {error}") from None
    told = {"schema": SCHEMA, **({"assignment": assignment} if assignment else {}), "exercise": exercise, "text": text}
    return json.dumps({**told, "counterexample": found.counterexample}, indent=1) + "\n"


class NoRequestError(ValueError):
    """The reason for which a file is no request."""


def _parsed(path: Path, data: bytes) -> Mapping[str, Any]:
    try:
        text = data.decode("utf-8-sig")
        read = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text, object_pairs_hook=_once)
    except NoRequestError:
        raise
    except UnicodeDecodeError:
        raise NoRequestError("it is no text in UTF-8") from None
    except RecursionError:
        raise NoRequestError("it is nested too deeply") from None
    except ValueError as error:
        kind = "TOML" if path.suffix.lower() == ".toml" else "JSON"
        raise NoRequestError(f"it is no {kind} ({str(error)[:120]})") from None
    if not isinstance(read, dict):
        raise NoRequestError("it is no object with schema, exercise and text")
    return read


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of JSON, in which no key is there twice: else two readers would read two requests."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise NoRequestError("a key is there twice")
    return found


def _request(read: Mapping[str, Any]) -> RequestFile:
    _known(read, KEYS, "it")
    if read.get("schema") != SCHEMA:
        raise NoRequestError(f"its schema is {str(read.get('schema'))[:60]!r}, and not {SCHEMA!r}")
    counterexample = read.get("counterexample", {})
    if not isinstance(counterexample, dict):
        raise NoRequestError("counterexample is no object")
    _known(counterexample, PARTS, "counterexample")
    budget = [MOST_ENTRIES]
    told = {part: _values(part, counterexample[part], budget) for part in PARTS if part in counterexample}
    if ("expected" in told or "got" in told) and not told.get("inputs"):
        raise NoRequestError("its counterexample has no inputs: without them nobody can see who is right")
    exercise, text = _text(read, "exercise", LONGEST_NAME), _text(read, "text", LONGEST_TEXT)
    assignment = _text(read, "assignment", LONGEST_NAME, needed=False)
    student = _text(read, "student", LONGEST_NAME, needed=False)
    content = json.dumps([student, assignment, exercise, text, told], sort_keys=True, ensure_ascii=True)
    return RequestFile(
        id=hashlib.sha256(content.encode()).hexdigest(),
        exercise=exercise,
        text=text,
        assignment=assignment,
        student=student,
        counterexample=told,
    )


def _known(read: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
    for key in read:
        if key not in keys:
            raise NoRequestError(f"{where} has {str(key)[:60]!r}; there are {', '.join(keys)}")


def _text(read: Mapping[str, Any], key: str, longest: int, *, needed: bool = True) -> str:
    value = read.get(key, "")
    if not isinstance(value, str):
        raise NoRequestError(f"{key} is no text")
    if needed and not value.strip():
        raise NoRequestError(f"{key} is missing")
    if len(value) > longest:
        raise NoRequestError(f"{key} has more than {longest} characters")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise NoRequestError(f"{key} holds half a character") from None
    return value.strip()


def _values(part: str, read: Any, budget: list[int]) -> dict[str, Any]:
    if not isinstance(read, dict):
        raise NoRequestError(f"counterexample.{part} is no object: each value has a name")
    if len(read) > MOST_VALUES:
        raise NoRequestError(f"counterexample.{part} has more than {MOST_VALUES} values")
    found = {}
    for name, value in read.items():
        where = f"counterexample.{part}.{str(name)[:40]}"
        if not str(name).isidentifier() or len(name) > LONGEST_NAME:
            raise NoRequestError(f"{where}: that is no name of a value")
        found[str(name)] = _value(where, value, 0, budget)
    return found


def _value(where: str, value: Any, depth: int, budget: list[int]) -> Any:
    budget[0] -= 1
    if budget[0] < 0:
        raise NoRequestError(
            f"its counterexample has more than {MOST_ENTRIES} numbers: send the smallest that shows it"
        )
    if depth > MOST_DEPTH:
        raise NoRequestError(f"{where} is nested more than {MOST_DEPTH} deep")
    if isinstance(value, list):
        return [_value(where, entry, depth + 1, budget) for entry in value]
    if isinstance(value, dict):
        if not all(len(key) <= LONGEST_NAME and key.isprintable() for key in value):
            raise NoRequestError(f"{where} has a key that is no name")
        return {key: _value(where, entry, depth + 1, budget) for key, entry in value.items()}
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise NoRequestError(f"{where} holds a whole number beyond 2**53")
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else next(n for n in NUMBERS if repr(float(n)) == repr(value))
    if isinstance(value, str) and len(value) <= LONGEST_NAME:
        return value
    raise NoRequestError(
        f"{where} holds {type(value).__name__}: numbers, lists and objects of them, and short texts can be told"
    )
