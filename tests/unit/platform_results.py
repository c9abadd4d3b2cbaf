"""Readers of what is said of single results, written from published rules, and strict: each raises :class:`platforms.Refused`.

- Gradescope: its page *Autograder specifications*.
- classroom50: the published ``result-v1.schema.json``, and ``validate_result`` of its runner.
- JUnit: what CI systems agree on.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import Any

from platforms import Refused

__all__ = ["Shown", "classroom50", "gradescope", "junit"]


# --------------------------------------------------------------------------------------- Gradescope
_VISIBLE = {"hidden", "after_due_date", "after_published", "visible"}
_FORMATS = {"text", "html", "simple_format", "md", "ansi"}


@dataclass(frozen=True)
class Shown:
    """What Gradescope makes of a ``results.json``: the score, and the tests that a student sees before grades are published."""

    score: float
    tests: dict[str, tuple[float, float, str, str]]
    student_sees: str


def gradescope(text: str) -> Shown:
    """Read a ``results.json`` by the page *Autograder specifications*; what the page does not name is refused."""
    found = _json(text)
    top = {"score", "execution_time", "output", "output_format", "test_output_format", "test_name_format", "visibility",
           "stdout_visibility", "extra_data", "tests", "leaderboard"}  # fmt: skip
    of_a_test = {"score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags", "visibility",
                 "extra_data"}  # fmt: skip
    if not isinstance(found, dict) or found.keys() - top:
        raise Refused("an unknown entry at the top")
    tests = found.get("tests", [])
    for test in tests:
        if test.keys() - of_a_test:
            raise Refused(f"an unknown entry of a test: {test.keys() - of_a_test}")
    for part in (found, *tests):
        if part.get("visibility", "visible") not in _VISIBLE or part.get("stdout_visibility", "hidden") not in _VISIBLE:
            raise Refused("visibility")
        formats = {value for name, value in part.items() if name.endswith("_format")}
        if formats - _FORMATS or part.get("status", "passed") not in ("passed", "failed"):
            raise Refused("format or status")
        for name in ("score", "max_score", "execution_time"):
            if name in part and (isinstance(part[name], bool) or not isinstance(part[name], (int, float))):
                raise Refused(f"{name} is no number")
        if not isinstance(part.get("output", ""), str) or not isinstance(part.get("number", ""), str):
            raise Refused("no text")
    if "score" not in found and not (tests and all("score" in test for test in tests)):
        raise Refused("no score")
    score = found.get("score", sum(test.get("score", 0) for test in tests))
    seen = [test for test in tests if test.get("visibility", found.get("visibility", "visible")) == "visible"]
    told = [found.get("output", ""), *(f"{t.get('name')} {t.get('output')} {t.get('score')}" for t in seen)]
    by_name = {t["name"]: (t["score"], t["max_score"], t["status"], t.get("visibility", "visible")) for t in tests}
    return Shown(score, by_name, "\n".join(told))


def _json(text: str) -> Any:
    def no(name: str) -> float:
        raise Refused(name)

    try:
        return json.loads(text, parse_constant=no)
    except ValueError as error:
        raise Refused(str(error)) from None


# -------------------------------------------------------------------------------------- classroom50
def classroom50(text: str, *, classroom: str, assignment: str, owner: str) -> dict[str, Any]:
    """Read a result as the runner and the collector do, which name what they want; the published schema says the rest."""
    data = _json(text)
    required = {"schema", "classroom", "assignment", "assignment_type", "owner", "submission", "commit", "release", "review",
                "datetime", "score", "max-score", "tests"}  # fmt: skip
    if not isinstance(data, dict) or required - data.keys() or data.keys() - required - {"graded_at", "submitted_by"}:
        raise Refused("missing or further entries at the top")
    if data["schema"] != "classroom50/result/v1" or data["assignment_type"] not in ("individual", "group"):
        raise Refused("schema or kind")
    if (data["classroom"], data["assignment"], data["owner"].lower()) != (classroom, assignment, owner.lower()):
        raise Refused("another's result")
    if not all(isinstance(data[name], str) and data[name] for name in ("commit", "release", "review", "submission")):
        raise Refused("an empty text")
    if not data["submission"].startswith("submit/"):
        raise Refused("submission")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ", data["datetime"]):
        raise Refused("datetime")
    for part in (data, *data["tests"]):
        score, most = part["score"], part["max-score"]
        if isinstance(score, bool) or not isinstance(score, int) or not isinstance(most, int) or not 0 <= score <= most:
            raise Refused(f"score {score} of {most}")
    for test in data["tests"]:
        if not isinstance(test["test-name"], str) or not test["test-name"] or not isinstance(test["passed"], bool):
            raise Refused("a test")
    return data


# -------------------------------------------------------------------------------------------- JUnit
def junit(text: str, most_bytes: int = 30_000_000) -> dict[str, dict[str, str]]:
    """Read JUnit XML as CI systems do; the outcome of each case by suite and name. Names twice and wrong sums are refused."""
    if len(text.encode()) > most_bytes:
        raise Refused("too large")
    try:
        root = ET.fromstring(text)
    except ET.ParseError as error:
        raise Refused(str(error)) from None
    suites: dict[str, dict[str, str]] = {}
    for suite in root.iter("testsuite"):
        cases = {}
        for case in suite.iter("testcase"):
            outcome = next((child.tag for child in case if child.tag in ("failure", "error", "skipped")), "passed")
            if case.attrib["name"] in cases or not case.attrib.get("classname"):
                raise Refused(f"a case twice, or of no class: {case.attrib['name']}")
            cases[case.attrib["name"]] = outcome
        sums = {"tests": len(cases), **{f"{kind}s": list(cases.values()).count(kind) for kind in ("failure", "error")}}
        if any(int(suite.attrib[name]) != count for name, count in sums.items()) or suite.attrib["name"] in suites:
            raise Refused(f"sums, or a suite twice: {suite.attrib['name']}")
        suites[suite.attrib["name"]] = cases
    return suites
