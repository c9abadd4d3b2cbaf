"""Marks are settled before anything is explained: without explanations, or with ones that break, they are the same to the byte."""

from __future__ import annotations

import warnings
from types import TracebackType
from typing import Any, Self

import pytest
from gallery import RIGHT, RIGHT_WITH_NOTE, WRONG, Entry
from marks import UNEXPLAINED, broken, marks
from sampled import one_in

from grader.bank import catalogue
from grader.grading import Settings, one
from grader.result import ItemResult
from grader.runtime import Isolation, NotebookRun
from grader.student import LocalAnswers
from grader.submission import Submission

SETTINGS = Settings(Isolation("none", ()))
SILENT = Settings(Isolation("none", ()), diagnosed=False)


class Here(LocalAnswers):
    """A session whose submission's functions are in this process."""

    entry: Entry

    def __init__(self, *_: Any) -> None:
        super().__init__(self.entry.namespace())
        self.notebook = NotebookRun("absent")

    def new_exercise(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        pass


def graded(entry: Entry, settings: Settings) -> list[ItemResult]:
    unit = catalogue().unit(entry.exercises[0].partition(".")[0])
    Here.entry = entry
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return one.grade(Submission("a", "a.py", None, unit.name), settings).result.items


SAMPLE = one_in(6, [*RIGHT, *RIGHT_WITH_NOTE, *WRONG])
"""Each is graded with all of its unit three times: of what holds by construction a sixth is enough to see it."""


@pytest.mark.parametrize("entry", SAMPLE, ids=lambda entry: entry.ident)
def test_no_mark_depends_on_an_explanation(entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one, "Session", Here)
    explained, silent = graded(entry, SETTINGS), graded(entry, SILENT)
    monkeypatch.setattr(one, "explain", broken)
    monkeypatch.setattr(one, "explain_untried", broken)
    one._untouched.cache_clear()  # what earlier submissions were told
    without = graded(entry, SETTINGS)
    one._untouched.cache_clear()
    assert marks(explained) == marks(silent) == marks(without)
    assert "grader_error" not in {item.status for item in without}
    for item, told in zip(without, explained, strict=True):
        if told.status != "passed":
            assert item.message == UNEXPLAINED
            assert told.message not in ("", item.message)
    assert not any(check.message or check.diagnosis for item in silent for check in item.checks)
