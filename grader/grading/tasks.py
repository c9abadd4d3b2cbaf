"""One hand-in of a class, from where it lies to its results: read, graded and told in the process of a driver.

A task is light: the bytes are read by whoever grades them, so that the first process holds neither files nor results of a class.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from grader.bank import catalogue, stub_source
from grader.grading.conditions import environment, fingerprint
from grader.grading.kept import entries_of, known_from
from grader.grading.many import stubs_of
from grader.grading.one import Graded, grade, lost
from grader.grading.settings import Settings
from grader.items import shown_text
from grader.result import Result
from grader.submission import HandIn, Submission, submissions_of

__all__ = ["Done", "Task", "Wanted", "as_of", "graded", "lost_task"]

Wanted = Mapping[str, frozenset[str] | None]
"""By unit the full names of the exercises that are wanted, None for all of them; empty for whatever is found."""


@dataclass(frozen=True)
class Task:
    """One hand-in to be graded.

    Args:
        hand_in: with its student.
        wanted: the units to look for, and which of their exercises.
        known: the items and runs that were kept, by full names as :func:`grader.grading.keys_of` has them.
        any_unit: look for whatever unit there is, and take from ``wanted`` only which of its exercises.

    """

    hand_in: HandIn
    wanted: Wanted = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict, repr=False)
    any_unit: bool = False

    @property
    def units(self) -> Sequence[str | None]:
        """Return the units to look for; None for whatever is there."""
        return (None,) if self.any_unit or not self.wanted else tuple(self.wanted)


@dataclass(frozen=True)
class Done:
    """A task that is done.

    Args:
        results: one for each unit.
        entries: what is to be kept, by key.
        executed: the executed notebooks, as texts, by unit.
        fingerprint: of the environment in which it was graded.
        fresh: the number of exercises that were graded now.
        there: the functions that were found of the units that are wanted, written or not, ``layers.relu_forward``.

    """

    results: tuple[Result, ...]
    entries: Mapping[str, str] = field(default_factory=dict, repr=False)
    executed: Mapping[str, str] = field(default_factory=dict, repr=False)
    fingerprint: str = ""
    fresh: int = 0
    there: frozenset[str] = frozenset()


def graded(task: Task, settings: Settings) -> Done:
    """Read and grade one hand-in. Never raises for anything that is in it."""
    told = fingerprint(environment(settings))
    units = {u.name: frozenset(e.function for e in u.exercises) for u in catalogue(settings.banks).units.values()}
    stubs = {name: stub_source(name, settings.banks) for name in units}
    known, personal = known_from(task.known), stubs_of(settings.variants, settings.banks)
    made: list[tuple[Submission, Graded]] = []
    for wanted in task.units:
        for submission in submissions_of(task.hand_in, wanted, units, stubs, personal):
            unit = submission.assignment or ""
            # What is known is of the bytes that were looked at, which may have changed since.
            same = known.get(unit) if submission.sha256 == task.hand_in.sha256 else None
            made.append((submission, grade(submission, settings, task.wanted.get(unit), same)))
    entries: dict[str, str] = {}
    for submission, of_it in made:
        if submission.sha256 is not None:
            entries |= entries_of(of_it, submission.sha256, told, submission.student if settings.variants else "")
    return Done(
        tuple(of_it.result for _, of_it in made),
        entries,
        {of_it.result.assignment or "": of_it.executed for _, of_it in made if of_it.executed is not None},
        told,
        sum(len(of_it.fresh) for _, of_it in made),
        frozenset(name for submission, _ in made for name in submission.functions_there()),
    )


def as_of(result: Result, hand_in: HandIn) -> Result:
    """Return a result as that of another hand-in of the same bytes."""
    return replace(
        result,
        submission=replace(result.submission, id=shown_text(hand_in.id), source=shown_text(hand_in.source)),
    )


def lost_task(task: Task, settings: Settings) -> Done:
    """Make what stands for a task on which the grader's own process died: a result for each unit, which needs a person."""
    of = task.hand_in
    submissions = [Submission(of.id, of.source, of.sha256, unit) for unit in task.units]
    return Done(tuple(lost(s, settings, task.wanted.get(s.assignment or "")).result for s in submissions))
