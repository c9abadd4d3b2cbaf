"""The result of one submission: the versioned schema that other programs rely upon.

Everything here is plain data. ``float`` fields of counterexamples may be NaN or infinite: they
are written as the strings ``"NaN"``, ``"Infinity"`` and ``"-Infinity"``, so that the JSON stays JSON.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, TypeVar

from grader.statuses import TOLD_FIRST, CheckKind, ItemStatus, NotebookStatus, VerdictStatus

__all__ = [
    "FITS_NOBODY",
    "CheckResult",
    "Counterexample",
    "Diagnosis",
    "GradedBy",
    "ItemResult",
    "NotebookResult",
    "Result",
    "Results",
    "SubmissionInfo",
    "as_json",
    "compact",
    "document",
    "fault_line",
    "read",
    "read_as",
    "schema",
]


FITS_NOBODY = "fits the exercise as it is declared, which is nobody's variant"
"""Said by :attr:`ItemResult.fits` of an answer to what stands in the bank: it names nobody."""

T = TypeVar("T")


class _Record:
    """The base of all records, with pydantic's settings for reading a result and writing its schema; grading does neither."""

    __pydantic_config__ = {"extra": "forbid", "use_attribute_docstrings": True}  # noqa: RUF012 - as pydantic wants it


@dataclass(frozen=True, kw_only=True)
class SubmissionInfo(_Record):
    """The submission. ``source`` is its path as given (the end of an absolute one), with the notebook's path in a folder."""

    id: str
    source: str
    sha256: str | None
    """of the submission's bytes; null if they could not be read"""


@dataclass(frozen=True, kw_only=True)
class GradedBy(_Record):
    """The conditions of grading: the same submission, ``bank`` and ``seed`` give the same bytes, but for ``seconds``."""

    version: str
    bank: str
    """sha256 of the sources of the bank, the judge and the model answers"""
    seed: int
    isolation: Literal["full", "landlock", "process", "none"]
    mechanisms: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class NotebookResult(_Record):
    """The notebook as a whole; ``cell`` is the first code cell (from 1) that did not end well."""

    status: NotebookStatus
    cell: int | None = None
    error: str | None = None
    seconds: float = 0.0
    """wall seconds of execution; the only field that varies between runs"""


@dataclass(frozen=True, kw_only=True)
class Counterexample(_Record):
    """The smallest input found that shows the fault: arrays as nested lists, rounded for display."""

    inputs: dict[str, Any] = field(default_factory=dict)
    expected: dict[str, Any] = field(default_factory=dict)
    got: dict[str, Any] = field(default_factory=dict)
    worst: dict[str, Any] = field(default_factory=dict)
    """output, index, expected and got of the entry that is furthest off"""
    graph: dict[str, Any] = field(default_factory=dict)
    """of an answer that is a graph: ``inputs`` by name, ``steps`` (name, operation, arguments, value), ``wrong``, the name of the
    first step that is wrong, as far as is known, the value ``expected`` of it, ``inherited``, the names of steps that are wrong for
    its sake alone, and ``still_wrong``, those of steps that are wrong even with its value put right"""
    step_sizes: dict[str, Any] = field(default_factory=dict)
    """of a gradient that is not the slope of the student's own function, at its worst entry: the step sizes ``h``, and at each of
    them the error of a central difference against the gradient that came (``got``) and against the slope (``expected``)"""
    reach: dict[str, Any] = field(default_factory=dict)
    """how far the fault reaches, over all cases that were tried: of several outputs those that are ``right`` in each of them and
    those that are ``wrong``; of a path of ``steps`` the first ``step`` at which any case parts from the right one, from 1, and if
    that is so ``in_every_case`` that is wrong"""


@dataclass(frozen=True, kw_only=True)
class Diagnosis(_Record):
    """The mistake that explains the rejected answers. ``exact``: it reproduces every one of them to 1e-9."""

    mistake: str
    text: str
    certainty: Literal["exact", "evidence"]


@dataclass(frozen=True, kw_only=True)
class CheckResult(_Record):
    """One verdict. ``notes`` are the policies that applied (``mutation``, ``subgradient``, ``follow_through`` ...)."""

    name: str
    kind: CheckKind
    visibility: Literal["public", "hidden"]
    status: VerdictStatus
    score: float
    max_score: float
    message: str = ""
    notes: list[str] = field(default_factory=list)
    counterexample: Counterexample | None = None
    diagnosis: Diagnosis | None = None


@dataclass(frozen=True, kw_only=True)
class ItemResult(_Record):
    """One exercise. ``message`` is one line on its faults, for tables."""

    exercise: str
    status: ItemStatus
    score: float
    max_score: float
    message: str = ""
    checks: list[CheckResult] = field(default_factory=list)
    pair: str | None = None
    """of a backward pass: the exercise that asks for its forward pass, as ``exercise`` names it"""
    fingerprint: str | None = None
    """the same for two submissions whose functions returned the same in all cases, the last digits aside; null where nothing came
    back, or not the same at each run"""
    fits: str = ""
    """of a wrong answer to a personal variant: whose variant it is right for. For the person who grades alone"""


@dataclass(frozen=True, kw_only=True)
class Result(_Record):
    """One submission, graded or not; a failure is in the ``status`` of ``notebook`` and ``items``."""

    schema: Literal["gradmark/result/1"] = "gradmark/result/1"
    assignment: str | None
    submission: SubmissionInfo
    graded_by: GradedBy
    notebook: NotebookResult
    score: float
    max_score: float
    graded: bool
    """false if nothing could be judged (exit code 3)"""
    needs_person: bool = False
    """the grader itself failed somewhere: do not read the score as final"""
    notes: list[str] = field(default_factory=list)
    paper: str = ""
    """of an exam: whose paper was handed in, where it is not the student's own. For the person who grades alone"""
    items: list[ItemResult] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Results(_Record):
    """The one document of ``gradmark grade --json``."""

    schema: Literal["gradmark/results/1"] = "gradmark/results/1"
    results: list[Result]


def fault_line(checks: Sequence[CheckResult]) -> str:
    """Return one line on the faults among an exercise's checks: the first diagnosis, else the first message, else nothing."""
    failed = sorted((c for c in checks if c.status != "passed"), key=lambda c: TOLD_FIRST.index(c.kind))
    diagnosed = next((c.diagnosis.text for c in failed if c.diagnosis), None)
    return diagnosed or next((c.message.partition("\n")[0] for c in failed if c.message), "")


def document(results: Iterable[Result]) -> str:
    """Return the JSON document of results, for every path that was given."""
    return as_json(Results(results=list(results)))


def as_json(record: Result | Results) -> str:
    """Return a record as JSON text, indented by two blanks."""
    import orjson

    return orjson.dumps(_plain(record), option=orjson.OPT_INDENT_2).decode()


def compact(record: Any) -> str:
    """Return a record, or one that holds records, as JSON text on one line."""
    import orjson

    return orjson.dumps(_plain(record)).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else json.dumps(value)
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if isinstance(value, frozenset):
        return sorted(map(_plain, value))
    return {name: _plain(part) for name, part in (value if isinstance(value, Mapping) else vars(value)).items()}


# ----------------------------------------------------------------------------------------- reading
def read(text: str | bytes) -> Result:
    """Read a result that :func:`as_json` wrote.

    Raises:
        ValueError: the text is no result; the message names each part that does not fit.

    """
    return _adapter(Result).validate_json(text)  # type: ignore[no-any-return]  # the adapter is made for a type that mypy does not see


def read_as(kind: type[T], text: str | bytes) -> T:
    """Read a record of a kind that :func:`compact` wrote.

    Raises:
        ValueError: the text is none; the message names each part that does not fit.

    """
    return _adapter(kind).validate_json(text)  # type: ignore[no-any-return, arg-type]  # likewise


def schema(of: Any) -> dict[str, Any]:
    """Return the JSON Schema of a :class:`Result`, or of :class:`Results`, as :func:`as_json` writes them."""
    return _adapter(of).json_schema(mode="serialization")  # type: ignore[no-any-return]  # likewise


@cache
def _adapter(of: Any) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(of)
