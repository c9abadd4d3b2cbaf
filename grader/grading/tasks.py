"""One hand-in of a class, from where it lies to its results: collected, graded and told in the process of a driver.

A task is light: the bytes are read by whoever grades them, so that the first process holds neither files nor results of a class.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from grader.bank import catalogue, stub_source
from grader.grading.environment import environment, fingerprint
from grader.grading.kept import Content, entries_of, known_from
from grader.grading.one import Graded, grade, lost
from grader.grading.settings import Settings
from grader.result import Result
from grader.submission import Submission, Work, work_at

__all__ = ["Done", "HandedIn", "Task", "graded", "loaded", "lost_task"]

Wanted = Mapping[str, frozenset[str] | None]
"""By unit the full names of the exercises that are wanted, None for all of them; empty for whatever is found."""


class HandedIn(Protocol):
    """A reader of what was handed in, called when its turn has come; it is sent to drivers, so it can be pickled."""

    def read(self) -> Work:
        """Return the work; whatever this raises is the submission's problem."""


@dataclass(frozen=True)
class Task:
    """One hand-in to be graded.

    Args:
        student: the id under which the results stand.
        source: where it came from, for people.
        work: where it lies, the bytes themselves, or what reads them.
        wanted: the units to look for, and which of their exercises.
        content: what was handed in, by its bytes; None if it could not be read.
        known: the kept items and runs, by full names as :func:`grader.grading.keys_of` has them.

    """

    student: str
    source: str
    work: Path | Work | HandedIn = field(repr=False)
    wanted: Wanted = field(default_factory=dict)
    content: Content | None = None
    known: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Done:
    """A task that is done.

    Args:
        results: one for each unit.
        entries: what is to be kept, by key.
        executed: the executed notebooks, as texts, by unit.
        fingerprint: of the environment in which it was graded.
        fresh: the number of exercises that were graded now.

    """

    results: tuple[Result, ...]
    entries: Mapping[str, str] = field(default_factory=dict, repr=False)
    executed: Mapping[str, str] = field(default_factory=dict, repr=False)
    fingerprint: str = ""
    fresh: int = 0


def graded(task: Task, settings: Settings) -> Done:
    """Collect and grade one hand-in. Never raises for anything that is in it."""
    print_of = fingerprint(environment(settings))
    known = known_from(task.known)
    made: list[tuple[Submission, Graded]] = []
    for submission in _collected(task, settings):
        unit = submission.assignment or ""
        # What is known is of the bytes that were looked at, which may have changed since.
        same = task.content is not None and submission.sha256 == task.content.sha256
        made.append((submission, grade(submission, settings, task.wanted.get(unit), known.get(unit) if same else None)))
    entries: dict[str, str] = {}
    for submission, of_it in made:
        if submission.sha256 is not None and task.content is not None:
            entries |= entries_of(of_it, Content(submission.sha256, task.content.kind), print_of)
    return Done(
        tuple(of_it.result for _, of_it in made),
        entries,
        {of_it.result.assignment or "": of_it.executed for _, of_it in made if of_it.executed is not None},
        print_of,
        sum(len(of_it.fresh) for _, of_it in made),
    )


def lost_task(task: Task, settings: Settings) -> Done:
    """Make what stands for a task on which the grader's own process died: a result for each unit, which needs a person."""
    sha256 = task.content.sha256 if task.content else None
    submissions = [Submission(task.student, task.source, sha256, unit) for unit in task.wanted or (None,)]
    return Done(tuple(lost(s, settings, task.wanted.get(s.assignment or "")).result for s in submissions))


def _collected(task: Task, settings: Settings) -> list[Submission]:
    """Find the submissions of a task, under the student's id and the source that people know."""
    units = {u.name: frozenset(e.function for e in u.exercises) for u in catalogue(settings.banks).units.values()}
    stubs = {name: stub_source(name, settings.banks) for name in units}
    work = loaded(task.work)
    found = [
        submission
        for unit in task.wanted or (None,)
        for submission in work.submissions(task.source, unit, units, stubs)
    ]
    return [replace(s, id=task.student, source=_source(task, work, s)) for s in found]


def loaded(work: Path | Work | HandedIn) -> Work:
    """Read what was handed in. Never raises: why it cannot be read is in what is returned."""
    if isinstance(work, Work):
        return work
    if isinstance(work, Path):
        return work_at(work)
    try:
        return work.read()
    except Exception as error:  # whatever reading stumbles over is this submission's, and costs no other
        return Work(problem=f"it cannot be read: {error}"[:300])


def _source(task: Task, work: Work, submission: Submission) -> str:
    """Return the source of a task, with the notebook's path where it is a folder of several files."""
    inside = submission.notebook_path
    return task.source if inside is None or work.single else f"{task.source}/{inside}"
