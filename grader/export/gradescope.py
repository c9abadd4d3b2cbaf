"""Grades as Gradescope reads them: the ``results.json`` of its autograders, and a check of one by the rules that it has published.

One test an exercise, and a further one for those of its checks that students do not see. ``score`` is the number that counts: it
stands over the sum of the tests, since a late policy or a person may have changed it. Nothing is written for a grade without one.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from grader.export.parts import Part, Seen, parts_of
from grader.grades import Grade
from grader.report import clean, inline, notebook_sentence

__all__ = ["gradescope_faults", "gradescope_results"]

TEXT = 2000
"""The most characters that are told of a test."""
VISIBILITIES = ("hidden", "after_due_date", "after_published", "visible")
FORMATS = ("text", "html", "simple_format", "md", "ansi")
_TOP = {
    "score": (int, float), "execution_time": (int, float), "output": (str,), "output_format": FORMATS,
    "test_output_format": FORMATS, "test_name_format": FORMATS, "visibility": VISIBILITIES, "stdout_visibility": VISIBILITIES,
    "extra_data": (dict,), "tests": (list,), "leaderboard": (list,),
}  # fmt: skip
_TEST = {
    "score": (int, float), "max_score": (int, float), "status": ("passed", "failed"), "name": (str,),
    "name_format": FORMATS, "number": (str,), "output": (str,), "output_format": FORMATS, "tags": (list,),
    "visibility": VISIBILITIES, "extra_data": (dict,),
}  # fmt: skip
_SUFFIX = {"visible": "", "after_published": " (more checks)", "hidden": " (hidden checks)"}


def gradescope_results(grade: Grade, seen: Seen, later: Seen) -> str:
    """Return the text of ``results.json`` for a grade.

    Args:
        grade: with its attempt.
        seen: from a result to what its author may see of it now.
        later: what they may see once results are released.

    Raises:
        ValueError: the grade has no number that stands: it is excused, nothing was handed in, or the grader itself failed. To
            Gradescope that must be a run without results, which it shows as a failure of the autograder, never as a zero.

    """
    if grade.state in ("excused", "missing", "needs_person") or grade.points is None:
        raise ValueError(f"no number stands for a grade that is {grade.state}")
    results = grade.attempt.results if grade.attempt else ()
    tests = [_test(part, number) for number, part in enumerate(parts_of(grade, seen, later, TEXT), 1)]
    document = {
        "score": _rounded(grade.points),
        "execution_time": round(sum(result.notebook.seconds for result in results), 2),
        "output": _output(grade),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "stdout_visibility": "hidden",
        "extra_data": {
            "gradmark": [
                {
                    "unit": result.assignment,
                    "version": result.graded_by.version,
                    "bank": result.graded_by.bank,
                    "isolation": result.graded_by.isolation,
                }
                for result in results
            ]
        },
        "tests": tests,
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _test(part: Part, number: int) -> dict[str, Any]:
    return {
        "name": inline(part.exercise, 120) + _SUFFIX[part.visibility],
        "number": str(number),
        "score": _rounded(part.points),
        "max_score": _rounded(part.max_points),
        "status": "passed" if part.passed else "failed",
        "output": part.text,
        "visibility": part.visibility,
    }


def _output(grade: Grade) -> str:
    """Return what is told of the submission as a whole."""
    lines = [notebook_sentence(result.notebook) for result in grade.attempt.results] if grade.attempt else []
    if grade.state == "not_gradable":
        lines.append("Nothing of it could be graded. Hand it in again as a notebook that opens, or ask your course.")
    return clean("\n".join(dict.fromkeys([*lines, *grade.sentences, *grade.comments])), limit=TEXT)


def _rounded(points: float) -> float:
    if not math.isfinite(points):
        raise ValueError(f"{points} is no number of points")
    return round(points, 6) + 0.0


# ------------------------------------------------------------------------------------------ a check
def gradescope_faults(text: str) -> list[str]:
    """Return what Gradescope would not take of the text of a ``results.json``; nothing if it takes it."""
    try:
        found = json.loads(text, parse_constant=_no_constant)
    except ValueError as error:
        return [f"it is no JSON: {error}"]
    if not isinstance(found, dict):
        return ["it is no JSON object"]
    faults = list(_misfits(found, _TOP, ""))
    tests = found.get("tests", [])
    if isinstance(tests, list):
        for index, test in enumerate(tests):
            faults += (
                _misfits(test, _TEST, f"tests[{index}].")
                if isinstance(test, dict)
                else [f"tests[{index}] is no object"]
            )
    has_scores = isinstance(tests, list) and bool(tests) and all(isinstance(t, dict) and "score" in t for t in tests)
    if "score" not in found and not has_scores:
        faults.append("there is no score, neither at the top nor in each test")
    return faults


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON's")


def _misfits(found: dict[str, Any], known: dict[str, tuple[Any, ...]], where: str) -> Iterator[str]:
    for name, value in found.items():
        allowed = known.get(name)
        if allowed is None:
            yield f"{where}{name} is unknown"
        elif isinstance(allowed[0], str):
            if value not in allowed:
                yield f"{where}{name} is {value!r}: one of {', '.join(allowed)}"
        elif isinstance(value, bool) or not isinstance(value, allowed):
            yield f"{where}{name} is {value!r}"
