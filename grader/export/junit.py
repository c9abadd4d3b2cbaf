"""Results as JUnit XML, for the CI of a submitted repository: one suite a submission, one case a check.

``wrong``, ``raised``, ``timed_out``, ``crashed`` and ``missing`` are failures; ``grader_error`` is an error, so that nobody
reads a fault of the grader as the student's; ``not_attempted`` and ``skipped`` are skipped, so that work half done is not red all
over: the limit of ``--fail-under`` decides on it. The notebook as a whole is the first case of its suite.
"""

from __future__ import annotations

from collections.abc import Sequence

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from grader.report import WORDS, clean, inline, note_sentence, notebook_sentence
from grader.result import CheckResult, Result

__all__ = ["junit_xml", "take_name"]


def junit_xml(results: Sequence[Result]) -> str:
    """Return the XML document of results, with unique names of suites, and of cases with their class names.

    A class name is the submission's and the exercise's, ``ada.layers.relu_forward``.
    """
    document = JUnitXml("gradmark")
    taken: set[str] = set()
    for result in results:
        assignment = inline(result.assignment or "", 40)
        name = take_name(f"{inline(result.submission.id, 100)} {assignment}".strip(), taken)
        who = " ".join(name.replace(f" {assignment}", "", 1).split()) if assignment else name
        suite = TestSuite(name)
        suite.add_testcase(_notebook(result, f"{who}.{assignment or 'unknown'}"))
        for item in result.items:
            cases: set[str] = set()
            for check in item.checks:
                suite.add_testcase(_case(f"{who}.{inline(item.exercise, 80)}", check, cases))
        document.add_testsuite(suite)
    document.update_statistics()
    document._elem.attrib.pop("skipped", None)  # the schema gives it to suites alone
    return str(document.tostring().decode("utf-8"))


def take_name(name: str, taken: set[str]) -> str:
    """Return the name, numbered if it is taken already, and add it to ``taken``."""
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name} ({number})"
    taken.add(found)
    return found


def _notebook(result: Result, suite: str) -> TestCase:
    case = TestCase("notebook", suite, result.notebook.seconds)
    said = notebook_sentence(result.notebook)
    if result.needs_person and not result.graded:
        case.result = [Error(said, "grader_error")]
    elif not result.graded or result.notebook.status not in ("ok", "absent"):
        case.result = [Failure(said, result.notebook.status)]
    elif result.notebook.status == "absent":
        case.result = [Skipped(said, "absent")]
    return case


def _case(owner: str, check: CheckResult, taken: set[str]) -> TestCase:
    case = TestCase(take_name(inline(check.name, 80), taken), owner)
    if check.status == "passed":
        if check.notes:
            case.system_out = "\n".join(map(note_sentence, check.notes))
        return case
    kind = {"grader_error": Error, "not_attempted": Skipped, "skipped": Skipped}.get(check.status, Failure)
    outcome = kind(inline(check.message) or WORDS[check.status], check.status)
    diagnosis = clean(check.diagnosis.text) if check.diagnosis else ""
    outcome.text = "\n\n".join(part for part in (diagnosis, clean(check.message)) if part)
    case.result = [outcome]
    return case
