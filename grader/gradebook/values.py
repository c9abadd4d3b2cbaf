"""Facts as they are written: attempts, marks, rubric items, comments and requests as mappings of plain values, and back.

Their names are the columns of the tables in :mod:`grader.gradebook.tables`. A name by which something is found (a student, an
assignment, an exercise, an id) must be text that every database can hold, and is refused otherwise; in a text that people read,
such as a comment, a character that none can hold gives way to U+FFFD.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from grader.errors import UsageError
from grader.grades import Attempt, Comment, Mark, Request, RubricItem
from grader.result import CheckResult, ItemResult, Result, as_json, read

__all__ = [
    "attempt_of",
    "comment_of",
    "document_of",
    "from_attempt",
    "from_comment",
    "from_mark",
    "from_request",
    "from_rubric_item",
    "mark_of",
    "now",
    "readable",
    "request_of",
    "rubric_item_of",
    "same_grading",
]

HALVES = re.compile("[\ud800-\udfff]")
UNWRITABLE = re.compile("[\0\ud800-\udfff]")
"""NUL and halves of characters: PostgreSQL keeps no NUL in a text, and neither database a half."""

Value = dict[str, Any]
Scored = TypeVar("Scored", Result, ItemResult, CheckResult)


# -------------------------------------------------------------------------------------- to values
def from_attempt(attempt: Attempt, documents: Sequence[str], graded_as: str) -> Value:
    """Return the value of an attempt whose results are the documents of these hashes."""
    return {
        "assignment": _name(attempt.assignment, "an assignment"),
        "student": _name(attempt.student, "a student"),
        "submitted": _time(attempt.submitted, f"the attempt of {attempt.student!r}"),
        "sha256": _name(attempt.sha256, "an attempt"),
        "source": readable(attempt.source),
        "late_mark": attempt.late_mark,
        "documents": list(documents),
        "graded_as": readable(graded_as),
    }


def from_mark(mark: Mark, *, by: str, at: str, why: str) -> Value:
    """Return the value of a mark that is given now."""
    return {
        "assignment": _name(mark.assignment, "an assignment"),
        "student": _name(mark.student, "a student"),
        "exercise": _name(mark.exercise, "an exercise"),
        "points": None if mark.points is None else _points(mark.points),
        "rubric": [_name(item, "a rubric item") for item in mark.rubric],
        "comments": [readable(text) for text in mark.comments],
        "honour": mark.honour,
        "excused": mark.excused,
        "by": readable(mark.by or by),
        "at": at,
        "why": readable(mark.why or why),
    }


def from_rubric_item(item: RubricItem) -> Value:
    """Return the value of a rubric item."""
    return {
        "id": _name(item.id, "a rubric item"),
        "exercise": _name(item.exercise, "an exercise"),
        "points": _points(item.points),
        "text": readable(item.text),
        "active": item.active,
    }


def from_comment(comment: Comment) -> Value:
    """Return the value of a comment."""
    return {
        "exercise": _name(comment.exercise, "an exercise"),
        "mistake": _name(comment.mistake, "a mistake"),
        "text": readable(comment.text),
        "points": _points(comment.points),
    }


def from_request(request: Request, at: str) -> Value:
    """Return the value of a request that came now, if it does not say when."""
    return {
        "id": _name(request.id, "a request"),
        "student": _name(request.student, "a student"),
        "assignment": _name(request.assignment, "an assignment"),
        "exercise": _name(request.exercise, "an exercise"),
        "text": readable(request.text),
        # NaN is written as results write it: a number that is not equal to itself could never be checked.
        "counterexample": json.loads(json.dumps(dict(request.counterexample)), parse_constant=str),
        "state": request.state,
        "answer": readable(request.answer),
        "at": _time(request.at, "the request") or at,
    }


def document_of(result: Result) -> tuple[str, str]:
    """Return the JSON text of a result and its sha256, which is the document's address.

    The text is the same for a result that comes from the judge and for one that was written as JSON and read again on its way.
    """
    result = _with_floats(result)
    try:
        text = as_json(result)
    except TypeError:  # it holds halves of characters, which no JSON text may
        text = as_json(read(json.dumps(_cleaned(asdict(result)))))
    return hashlib.sha256(text.encode()).hexdigest(), text


def _with_floats(result: Result) -> Result:
    """Return a result whose scores are floats, as a reader makes them; the judge gives whole ones as it finds them in the bank."""
    items = [
        replace(_scored(item), checks=[check if _is_scored(check) else _scored(check) for check in item.checks])
        for item in result.items
    ]
    return replace(_scored(result), items=items)


def _is_scored(record: CheckResult) -> bool:
    return type(record.score) is float and type(record.max_score) is float


def _scored(record: Scored) -> Scored:
    return replace(record, score=float(record.score), max_score=float(record.max_score))


def now() -> str:
    """Return the time of now as it is written: in UTC."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


# ------------------------------------------------------------------------------------ from values
def attempt_of(value: Mapping[str, Any], results: Sequence[Result]) -> Attempt:
    """Return the attempt of a value, with the results of its documents."""
    return Attempt(
        student=value["student"],
        assignment=value["assignment"],
        sha256=value["sha256"],
        submitted=_when(value["submitted"]),
        results=tuple(results),
        source=value["source"],
        late_mark=value["late_mark"],
    )


def mark_of(value: Mapping[str, Any]) -> Mark:
    """Return the mark of a value."""
    return Mark(
        student=value["student"],
        assignment=value["assignment"],
        exercise=value["exercise"],
        points=value["points"],
        rubric=tuple(value["rubric"]),
        comments=tuple(value["comments"]),
        honour=value["honour"],
        excused=value["excused"],
        by=value["by"],
        at=_when(value["at"]),
        why=value["why"],
    )


def rubric_item_of(value: Mapping[str, Any]) -> RubricItem:
    """Return the rubric item of a value."""
    return RubricItem(
        id=value["id"],
        exercise=value["exercise"],
        points=value["points"],
        text=value["text"],
        active=value["active"],
    )


def comment_of(value: Mapping[str, Any]) -> Comment:
    """Return the comment of a value."""
    return Comment(exercise=value["exercise"], mistake=value["mistake"], text=value["text"], points=value["points"])


def request_of(value: Mapping[str, Any]) -> Request:
    """Return the request of a value."""
    return Request(
        id=value["id"],
        student=value["student"],
        assignment=value["assignment"],
        exercise=value["exercise"],
        text=value["text"],
        counterexample=value["counterexample"],
        state=value["state"],
        answer=value["answer"],
        at=_when(value["at"]),
    )


def same_grading(one: Sequence[str], other: Sequence[str]) -> bool:
    """Return True if result documents say the same, but for the seconds that it took and the submission's path."""
    return [_timeless(text) for text in one] == [_timeless(text) for text in other]


def _timeless(text: str) -> Any:
    import orjson

    found = orjson.loads(text)
    found["notebook"]["seconds"] = found["submission"]["source"] = None
    return found


# --------------------------------------------------------------------------------- what is allowed
def readable(text: str) -> str:
    """Return a text with U+FFFD for what no database can hold."""
    return UNWRITABLE.sub("\ufffd", text)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return HALVES.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {HALVES.sub("\ufffd", str(name)): _cleaned(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_cleaned(part) for part in value]
    return value


def _name(text: str, of: str) -> str:
    if UNWRITABLE.search(text):
        raise UsageError(
            f"the name of {of}, {text!r}, holds a character that no gradebook can keep (NUL, or half a character): rename it"
        )
    return text


def _points(points: float) -> float:
    if not math.isfinite(points):
        raise UsageError(f"points are a finite number, and not {points}")
    return float(points)


def _time(at: datetime | None, of: str) -> str:
    if at is None:
        return ""
    if at.tzinfo is None:
        raise UsageError(f"the time {at.isoformat()} of {of} has no zone: give it one")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _when(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
