"""The results that are to be compared, from wherever they are kept: documents, folders of documents, attempts of a gradebook."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from grader.compared import Graded
from grader.errors import UsageError
from grader.grades import Attempt
from grader.result import Result, read

__all__ = ["graded_of", "is_gradebook", "read_graded"]

SQLITE = b"SQLite format 3\x00"
UNNAMED = "no assignment"


def is_gradebook(named: str) -> bool:
    """Return True if a name is that of a gradebook: a URL, or a file of SQLite."""
    if "://" in named:
        return True
    path = Path(named)
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(SQLITE)) == SQLITE


def read_graded(path: Path) -> list[Graded]:
    """Read a document of results, a result, or a folder of these, as ``grade --json`` and ``grade --out`` write them.

    Raises:
        UsageError: there is nothing, or something is no result; the message says which.

    """
    if path.is_dir():
        files = sorted(path.glob("*.json"))
        if not files:
            raise UsageError(f"there are no results in {path}: name the folder of grade --out")
        results = [result for file in files for result in _results(file)]
    else:
        results = _results(path)
    return [
        Graded(student=r.submission.id, part=part, result=r)
        for r, part in zip(results, _parts((r.submission.id, r.assignment or UNNAMED) for r in results), strict=True)
    ]


def _results(path: Path) -> list[Result]:
    try:
        text = path.read_bytes()
        document = json.loads(text)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        raise UsageError(f"{path} holds no results: it is no JSON") from None
    try:
        if isinstance(document, dict) and isinstance(document.get("results"), list):
            return [read(json.dumps(result)) for result in document["results"]]
        return [read(text)]
    except ValueError as error:
        raise UsageError(f"{path} holds no results: {' '.join(str(error).split())[:300]}") from None


def graded_of(attempts: Iterable[Attempt]) -> list[Graded]:
    """Return the results of attempts, each told apart by assignment, unit, and the number of the attempt."""
    results = [(a, r) for a in attempts for r in a.results]
    parts = _parts((a.student, f"{a.assignment} / {r.assignment or UNNAMED}") for a, r in results)
    return [Graded(student=a.student, part=part, result=r) for (a, r), part in zip(results, parts, strict=True)]


def _parts(whose: Iterable[tuple[str, str]]) -> list[str]:
    """Return for each (student, part) a part of which the student has no other: the second of equal ones is numbered 2."""
    seen: Counter[tuple[str, str]] = Counter()
    parts = []
    for student, part in whose:
        seen[student, part] += 1
        number = seen[student, part]
        parts.append(part if number == 1 else f"{part}, attempt {number}")
    return parts
