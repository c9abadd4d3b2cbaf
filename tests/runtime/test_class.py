"""The sample class, graded as `make demo` does it: every student gets what ought to become of their work."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from marks import UNEXPLAINED, broken, marks
from sampled import one_in

from grader.grading import Options, grade_paths, one
from grader.result import Result, as_json, schema
from grader.runtime import Limits

CHECKOUT = Path(__file__).parents[2]
CLASS = CHECKOUT / "examples" / "class"
EXPECTED = tomllib.loads((CLASS / "EXPECTED.toml").read_text(encoding="utf-8"))["submission"]


@pytest.fixture(scope="module")
def graded() -> dict[tuple[str, str | None], Result]:
    """The whole class, two at a time."""
    paths = [CLASS / entry["path"] for entry in EXPECTED]
    results = grade_paths(paths, Options(jobs=2, limits=Limits(cell_seconds=5)))
    assert len(results) == len(paths)
    return {(entry["path"], entry.get("assignment")): r for entry, r in zip(EXPECTED, results, strict=True)}


def test_the_committed_class_is_what_its_script_makes() -> None:
    made = subprocess.run(
        [sys.executable, "examples/make_class.py", "--check"], check=False, cwd=CHECKOUT, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stdout + made.stderr


@pytest.mark.parametrize("entry", EXPECTED, ids=lambda entry: entry["path"])
def test_a_student_gets_what_is_due(entry: dict[str, Any], graded: dict[tuple[str, str | None], Result]) -> None:
    result = graded[entry["path"], entry.get("assignment")]
    assert (result.assignment, result.notebook.status) == (entry.get("assignment"), entry["notebook"])
    assert result.notebook.cell == entry.get("cell", result.notebook.cell)
    assert not result.needs_person
    named = entry.get("items", {})
    for item in result.items:
        due = named.get(item.exercise.rpartition(".")[2], {})
        status = due.get("status", entry.get("otherwise"))
        assert item.status == status, f"{item.exercise}: {item.message}"
        if "mistake" in due:
            assert due["mistake"] in [c.diagnosis.mistake for c in item.checks if c.diagnosis]
        if "note" in due:
            assert due["note"] in [note for c in item.checks for note in c.notes]


@pytest.mark.parametrize("way", ["off", "broken"])
def test_no_mark_of_the_class_depends_on_an_explanation(
    way: str, graded: dict[tuple[str, str | None], Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With diagnosis switched off, and with one that raises in every call: then each item says that there is no explanation.

    An eighth of the class the one way, an eighth the other.
    """
    monkeypatch.setattr(one, "explain", broken)
    monkeypatch.setattr(one, "explain_untried", broken)
    one._untouched.cache_clear()  # what earlier submissions were told
    off = way == "off"
    options = Options(jobs=2 if off else 1, limits=Limits(cell_seconds=2), diagnosed=not off)
    some = one_in(8, zip(EXPECTED, graded.values(), strict=True), start=0 if off else 4)
    results = grade_paths([CLASS / entry["path"] for entry, _ in some], options)
    for result, (_, explained) in zip(results, some, strict=True):
        assert marks(result.items) == marks(explained.items), result.submission.id
        assert (result.score, result.graded, result.needs_person) == (
            explained.score,
            explained.graded,
            explained.needs_person,
        )
        if result.notebook.status != "unreadable":
            said = {item.message for item in result.items if item.status != "passed"}
            assert said <= ({""} if off else {UNEXPLAINED})


def test_the_class_shows_every_kind_of_outcome(graded: dict[tuple[str, str | None], Result]) -> None:
    items = {item.status for r in graded.values() for item in r.items}
    due = {"passed", "partial", "wrong", "raised", "timed_out", "crashed", "missing", "not_attempted"}
    assert items >= due
    notebooks = {r.notebook.status for r in graded.values()}
    assert notebooks == {"ok", "failed", "timed_out", "crashed", "unreadable", "absent"}


def test_every_result_is_valid_by_its_published_schema(graded: dict[tuple[str, str | None], Result]) -> None:
    """Rejects a field that the schema does not know, and one that a result has not."""
    valid = jsonschema.Draft202012Validator(schema(Result)).is_valid
    for result in graded.values():
        written = json.loads(as_json(result))
        assert valid(written), result.submission.id
        assert not valid({name: value for name, value in written.items() if name != "score"})
        assert not valid({**written, "points": 1.0})
