"""The result of one submission: the schema that others rely upon, versioned.

Everything here is plain data. ``float`` fields of counterexamples may be NaN or infinite: they
are written as the strings ``"NaN"``, ``"Infinity"`` and ``"-Infinity"``, so that the JSON stays JSON.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "CheckResult",
    "Counterexample",
    "Diagnosis",
    "GradedBy",
    "ItemResult",
    "NotebookResult",
    "Result",
    "Results",
    "SubmissionInfo",
    "VerdictStatus",
    "document",
]

VerdictStatus = Literal[
    "passed",
    "wrong",
    "raised",
    "timed_out",
    "crashed",
    "missing",
    "not_attempted",
    "skipped",
    "grader_error",
]
ItemStatus = Literal[
    "passed",
    "partial",
    "wrong",
    "raised",
    "timed_out",
    "crashed",
    "missing",
    "not_attempted",
    "skipped",
    "grader_error",
]
NotebookStatus = Literal["ok", "failed", "timed_out", "crashed", "unreadable", "absent"]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, ser_json_inf_nan="strings")


class SubmissionInfo(_Record):
    """What was handed in: ``source`` is relative to the path that was given on the command line."""

    id: str
    source: str
    sha256: str | None = Field(description="of the submission's bytes; null if they could not be read")


class GradedBy(_Record):
    """How the result was obtained: same submission, same ``bank`` and ``seed``: same bytes."""

    version: str
    bank: str = Field(description="sha256 of the bank and the model answers")
    seed: int
    isolation: Literal["full", "landlock", "process", "none"]
    mechanisms: list[str] = []


class NotebookResult(_Record):
    """The notebook as a whole; ``cell`` is the first code cell (from 1) that did not end well."""

    status: NotebookStatus
    cell: int | None = None
    error: str | None = None
    seconds: float = Field(0.0, description="wall seconds of execution; the only field that varies between runs")


class Counterexample(_Record):
    """The smallest input found that shows the fault: arrays as nested lists, rounded for display."""

    inputs: dict[str, Any] = {}
    expected: dict[str, Any] = {}
    got: dict[str, Any] = {}
    worst: dict[str, Any] = Field({}, description="output, index, expected and got of the entry that is furthest off")


class Diagnosis(_Record):
    """What explains the rejected answers. ``exact``: it reproduces every one of them to 1e-9."""

    mistake: str
    text: str
    certainty: Literal["exact", "evidence"]


class CheckResult(_Record):
    """One verdict. ``notes`` are policies that applied (``mutation``, ``subgradient``, ``follow_through`` ...)."""

    name: str
    kind: Literal["contract", "example", "value", "gradient", "law"]
    visibility: Literal["public", "hidden"]
    status: VerdictStatus
    score: float
    max_score: float
    message: str = ""
    notes: list[str] = []
    counterexample: Counterexample | None = None
    diagnosis: Diagnosis | None = None


class ItemResult(_Record):
    """One exercise. ``message`` says in a line what happened, for tables."""

    exercise: str
    status: ItemStatus
    score: float
    max_score: float
    message: str = ""
    checks: list[CheckResult] = []


class Result(_Record):
    """One submission, graded or not: ``status`` of a failure is in ``notebook`` and ``items``."""

    schema_: Literal["gradmark/result/1"] = Field("gradmark/result/1", alias="schema")
    assignment: str | None
    submission: SubmissionInfo
    graded_by: GradedBy
    notebook: NotebookResult
    score: float
    max_score: float
    graded: bool = Field(description="false if nothing could be judged (exit code 3)")
    needs_person: bool = Field(False, description="the grader itself failed somewhere: do not read the score as final")
    notes: list[str] = []
    items: list[ItemResult] = []

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, ser_json_inf_nan="strings")


class Results(_Record):
    """The one document of ``gradmark grade --json``."""

    schema_: Literal["gradmark/results/1"] = Field("gradmark/results/1", alias="schema")
    results: list[Result]

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, ser_json_inf_nan="strings")


def document(results: Iterable[Result]) -> str:
    """The JSON document that accounts for every path given."""
    return Results(results=list(results)).model_dump_json(by_alias=True, indent=1)
