"""Small classes for tests of batches: of a private bank with one unit of two exercises. For every tier."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import banks

from grader.batch import Asked, FolderSink, Work, begin_shard, find_work, run
from grader.course import Course
from grader.gradebook import Gradebook
from grader.grades import Attempt
from grader.grading import Done, Settings, Task
from grader.result import GradedBy, ItemResult, NotebookResult, Result, SubmissionInfo
from grader.runtime import Isolation

__all__ = ["FORWARD", "Fake", "aside_from_times", "course_of", "result_of", "shard_of", "work_of", "written"]

FORWARD, BACKWARD = "quiz.cube_forward", "quiz.cube_backward"
RIGHT = banks.ANSWERS
SQUARES = RIGHT.replace("out = x**3", "out = x**2")
DROPS = RIGHT.replace("return 3 * cache**2 * dout", "return 3 * cache**2")
WAYS = (
    RIGHT,
    SQUARES,
    DROPS,
    RIGHT.replace("x**3", "x * x * x"),
    RIGHT.replace("import numpy as np", "import numpy as np\n1 / 0"),
    RIGHT.replace("    return 3 * cache**2 * dout", "    raise NotImplementedError"),
    RIGHT.replace("def cube_backward", "def my_backward"),
    "this is no Python",
    RIGHT.replace("3 * cache**2", "3.0 * cache * cache"),
)
"""Modules as students write them, right, wrong and broken."""


def written(folder: Path, count: int = len(WAYS), before: str = "") -> Path:
    """Write a class: a folder with ``exercises/quiz.py`` for each student, ``before`` at the beginning of each."""
    for number in range(count):
        path = folder / f"student{number:02d}" / "exercises" / "quiz.py"
        path.parent.mkdir(parents=True)
        path.write_text(f"# by number {number}\n{before}{WAYS[number % len(WAYS)]}", encoding="utf-8")
    return folder


def course_of(folder: Path) -> Course:
    """Return a course with the bank of one small unit, written into a folder."""
    return Course(bank=(banks.written(folder / "bank"),))


def work_of(folder: Path, course: Course, **more: Any) -> Work:
    """Return what is to be graded in the folder of a class."""
    return find_work(Asked(paths=[folder], course=course, assignment="quiz", **more))


def result_of(task: Task, names: Sequence[str], status: str = "ok") -> Result:
    """Return a result as a grader might give it; ``status`` is ok, lost (the grader failed) or unread (nothing was graded)."""
    of = task.hand_in
    items = [ItemResult(exercise=name, status="passed", score=3.0, max_score=3.0) for name in names]
    return Result(
        assignment="quiz",
        submission=SubmissionInfo(id=of.id, source=of.source, sha256=of.sha256),
        graded_by=GradedBy(version="1", bank="b", seed=0, isolation="none"),
        notebook=NotebookResult(status="unreadable" if status == "unread" else "ok"),
        score=3.0 * len(items),
        max_score=3.0 * len(items),
        graded=status == "ok",
        needs_person=status == "lost",
        items=items,
    )


class Fake:
    """A grader that needs no kernel: it notes whom it grades, and may be stopped.

    Args:
        course: with the bank.
        environment: told as its own.
        statuses: by student, of those that do not end well; see :func:`result_of`.
        stop: after so many hand-ins Ctrl-C is pressed.

    """

    def __init__(
        self,
        course: Course,
        environment: Mapping[str, Any] | None = None,
        statuses: Mapping[str, str] | None = None,
        stop: int | None = None,
    ) -> None:
        self.settings = Settings(Isolation("none", ()), banks=course.bank)
        self._environment = environment or {"numpy": "2"}
        self.statuses, self.stop = statuses or {}, stop
        self.graded: list[str] = []
        self.tasks: list[Task] = []

    def environment(self) -> Mapping[str, Any]:
        return self._environment

    def stream(
        self, units: Sequence[str | None], task_at: Callable[[int], Task | None]
    ) -> Generator[tuple[int, Done | None]]:
        for index in range(len(units)):
            if self.stop is not None and len(self.graded) >= self.stop:
                raise KeyboardInterrupt
            task = task_at(index)
            if task is None:
                yield index, None
                continue
            self.graded.append(task.hand_in.id)
            self.tasks.append(task)
            asked = task.wanted.get("quiz")
            names = [name for name in (FORWARD, BACKWARD) if asked is None or name in asked]
            yield index, Done((result_of(task, names, self.statuses.get(task.hand_in.id, "ok")),), fresh=len(names))


def shard_of(room: Path, out: Path) -> None:
    """Write the only shard of a class of two, graded without kernels; the class goes into a folder of its own."""
    course = course_of(room / "course")
    work = work_of(written(room / "class", 2), course)
    grader = Fake(course)
    sink = FolderSink(out)
    begin_shard(out, work, (1, 1), grader.environment(), frozenset())
    run(work.pieces, grader, sink)


def aside_from_times(attempts: Sequence[Attempt]) -> dict[tuple[str, str, str, str], Attempt]:
    """Return attempts by their keys, without the seconds that they took."""
    return {
        attempt.key: replace(
            attempt,
            results=tuple(replace(r, notebook=replace(r.notebook, seconds=0.0)) for r in attempt.results),
        )
        for attempt in attempts
    }


def in_book(path: Path) -> dict[tuple[str, str, str, str], Attempt]:
    """Return the attempts of a gradebook, without times."""
    with Gradebook.open(path) as book:
        return aside_from_times(book.attempts())
