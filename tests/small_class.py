"""A small class for the tests of marks: a course of two exercises, three students, and a gradebook of theirs."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import grader.batch
from grader.batch import Asked, BookSink, find_work
from grader.batch import run as run_batch
from grader.course import read_course
from grader.gradebook import Gradebook
from grader.grades import Attempt
from grader.grading import Done, Options, Settings, Task, fingerprint, keys_of
from grader.result import CheckResult, Diagnosis, GradedBy, ItemResult, NotebookResult, Result, SubmissionInfo
from grader.runtime import Isolation, resolve

Run = Callable[..., tuple[int, str, str]]
Items = tuple[ItemResult, ...]
COURSE = """\
salt = "only ours"
roster = "roster.csv"

[assignment.hw1]
exercises = {"layers.relu_forward" = 4, "layers.relu_backward" = 8}
"""
ROSTER = """\
id,name,email,login
s1,Ada Lovelace,ada@uni.example,ada
s2,Ben Ng,ben@uni.example,ben
s3,Çelik Yılmaz,celik@uni.example,celik
s4,Dora Absent,dora@uni.example,dora
"""
FORWARD, BACKWARD = "layers.relu_forward", "layers.relu_backward"
MASK = "layers.relu_backward/masks_by_upstream"
BY = GradedBy(version="0", bank="ab" * 32, seed=0, isolation="process")


def a_check(
    name: str, status: Any, worth: float, *, mistake: str = "", notes: tuple[str, ...] = (), message: str = ""
) -> CheckResult:
    return CheckResult(
        name=name,
        kind="value",
        visibility="hidden",
        status=status,
        score=worth if status == "passed" else 0.0,
        max_score=worth,
        message=message,
        notes=list(notes),
        diagnosis=Diagnosis(mistake=mistake, text="The mask comes from dout.", certainty="exact") if mistake else None,
    )


def an_item(exercise: str, *checks: CheckResult) -> ItemResult:
    score, most = sum(c.score for c in checks), sum(c.max_score for c in checks)
    worst = next((c.status for c in checks if c.status != "passed"), "passed")
    status: Any = "passed" if score == most and worst == "passed" else "partial" if score else worst
    return ItemResult(exercise=exercise, status=status, score=score, max_score=most, checks=list(checks))


def a_result(student: str, *items: ItemResult, **more: Any) -> Result:
    return Result(
        assignment="layers",
        submission=SubmissionInfo(id=student, source=f"{student}.py", sha256=f"{student:0>64}"),
        graded_by=more.pop("graded_by", BY),
        notebook=more.pop("notebook", NotebookResult(status="ok")),
        score=sum(i.score for i in items),
        max_score=sum(i.max_score for i in items),
        graded=more.pop("graded", True),
        items=list(items),
        **more,
    )


def an_attempt(student: str, *items: ItemResult, **more: Any) -> Attempt:
    return Attempt(
        student=student,
        assignment="hw1",
        sha256=f"{student:0>64}",
        submitted=datetime(2026, 11, 20, 12, tzinfo=UTC),
        results=(a_result(student, *items, **more),),
        source=f"{student}.py",
    )


def right() -> tuple[ItemResult, ItemResult]:
    return an_item(FORWARD, a_check("value:out", "passed", 2)), an_item(BACKWARD, a_check("value:dx", "passed", 4))


def masked() -> tuple[ItemResult, ItemResult]:
    """Return the items of whoever masks by the upstream gradient."""
    return right()[0], an_item(BACKWARD, a_check("value:dx", "wrong", 4, mistake=MASK))


def followed() -> tuple[ItemResult, ItemResult]:
    """Return the items of a wrong forward pass, to which the backward pass seems to fit."""
    wrong = an_item(FORWARD, a_check("value:out", "wrong", 2))
    return wrong, an_item(BACKWARD, a_check("value:dx", "wrong", 4, notes=("follows_own_forward",)))


def attempts() -> list[Attempt]:
    return [an_attempt("s1", *right()), an_attempt("s2", *masked()), an_attempt("s3", *followed())]


def write_class(folder: Path) -> Path:
    """Write course file, roster and gradebook into a folder; return the gradebook's path."""
    (folder / "gradmark.toml").write_text(COURSE, encoding="utf-8")
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    path = folder / "gradebook.db"
    with Gradebook.open(path, create=True) as book:
        book.record(attempts(), by="the tests")
    return path


def with_result(attempt: Attempt, result: Result) -> Attempt:
    return replace(attempt, results=(result,))


LOWER = (an_item(FORWARD, a_check("value:out", "wrong", 2)), right()[1])
"""The items of whose forward pass is wrong."""


class FakeGrader:
    """Grades by what is written in a file: the name of what the bank of today makes of it."""

    bank: Mapping[str, Items]
    version = "one"
    graded: list[str]

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def environment(self) -> Mapping[str, Any]:
        return {"bank": self.version}

    def stream(
        self, units: Sequence[str | None], task_at: Callable[[int], Task | None]
    ) -> Generator[tuple[int, Done | None]]:
        for index in range(len(units)):
            task = task_at(index)
            yield index, None if task is None else self._done(task)

    def _done(self, task: Task) -> Done:
        (data,) = task.hand_in.contents().values()
        wanted = task.wanted["layers"]
        items = [i for i in self.bank[data.decode()] if wanted is None or i.exercise in wanted]
        told = fingerprint(self.environment())
        keys = keys_of(task.hand_in.sha256, [i.exercise for i in items], told)
        if not all(i.exercise in task.known for i in items):
            self.graded.append(task.hand_in.id)
        result = a_result(task.hand_in.id, *items)
        by = replace(result.graded_by, bank=(self.version * 64)[:64])
        entries = {keys[i.exercise]: "{}" for i in items}
        return Done((replace(result, graded_by=by),), entries, {}, told, len(items))


def write_handed_in(folder: Path, monkeypatch: pytest.MonkeyPatch, **others: Items) -> type[FakeGrader]:
    """Write a class of three that was handed in and graded; return what grades it in the place of kernels.

    ``others`` are further items, or other ones, by what is written in a file: right, masked, third.
    """

    class Grader(FakeGrader):
        bank = {"right": right(), "masked": masked(), "third": masked(), **others}  # noqa: RUF012 - a test changes it
        graded: list[str] = []  # noqa: RUF012 - likewise

    @contextmanager
    def grader_at(place: str, settings: Callable[[Isolation], Settings], *_: object) -> Iterator[FakeGrader]:
        assert place == "local"
        yield Grader(settings(resolve("none")))

    monkeypatch.setattr(grader.batch, "grader_at", grader_at)
    (folder / "gradmark.toml").write_text(COURSE, encoding="utf-8")
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    for login, text in (("ada", "right"), ("ben", "masked"), ("celik", "third")):
        (folder / "subs" / login).mkdir(parents=True)
        (folder / "subs" / login / "layers.py").write_text(text)
    batch(folder)
    Grader.graded.clear()
    return Grader


def batch(folder: Path) -> None:
    course = read_course(folder / "gradmark.toml")
    work = find_work(Asked(paths=[Path("subs")], course=course))
    with (
        Gradebook.open(folder / "gradebook.db", create=True) as book,
        grader.batch.grader_at("local", Options().settings, "none", 1, print) as of,
    ):
        run_batch(work.pieces, of, BookSink(book, "the tests"))


def corrected(bank: type[FakeGrader], **others: Items) -> None:
    """Let the bank accept what Ben wrote, and see a mistake in what Ada wrote."""
    bank.bank = {"right": LOWER, "masked": right(), "third": masked(), **others}
    bank.version = "two"
