"""Exercises validated side by side, each in a process of its own: a mutant that never ends costs that process and no other."""

from __future__ import annotations

import multiprocessing
import os
import resource
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from pathlib import Path

from grader.bank import equivalents, stub_source
from grader.judging import Exercise, Unit
from grader.student import public_unit
from grader.validated import Validated
from grader.validation.examine import examine, unfinished
from grader.validation.ground import SEEDS, Ground

__all__ = ["validate"]

SILENCE = 300.0
"""Seconds after which a process that said nothing is ended: a mutant may be deep in a library, where no alarm is heard."""
MEMORY = 4 << 30
"""Bytes that a process may take."""


@dataclass
class _Task:
    """One exercise: its ground, the changes that are listed as equivalent, and the mutants that are known not to end."""

    exercise: Exercise
    ground: Ground
    listed: Mapping[str, str]
    endless: set[str] = field(default_factory=set)


@dataclass
class _Running:
    """A process at work on a task: the wrong answer it has begun, and when it last said something."""

    task: _Task
    process: ForkProcess
    begun: str = ""
    heard: float = field(default_factory=time.monotonic)


def validate(
    units: Sequence[tuple[Unit, Sequence[Exercise]]],
    seeds: Sequence[int] = SEEDS,
    jobs: int | None = None,
    done: Callable[[Validated], None] = lambda _: None,
    silence: float = SILENCE,
    banks: tuple[Path, ...] = (),
) -> list[Validated]:
    """Validate exercises; return the findings in their order.

    Args:
        units: each with those of its exercises that are wanted.
        seeds: of the drawn cases; the first is the one at which answers are explained.
        jobs: processes at a time; as many as there are processors, without it.
        done: told the findings on each exercise when they are there.
        silence: seconds after which a process that said nothing is ended.
        banks: the folders of private banks of the units; their examples are those of the bench, since none were shipped.

    Raises:
        BankError: a unit's worked examples or its list of equivalents cannot be read.

    """
    tasks = [task for unit, wanted in units for task in _tasks(unit, wanted, seeds, banks)]
    found: dict[str, Validated] = {}
    for findings in _side_by_side(tasks, jobs or os.cpu_count() or 1, silence):
        found[findings.exercise] = findings
        done(findings)
    return [found[task.exercise.name] for task in tasks]


def _tasks(unit: Unit, wanted: Sequence[Exercise], seeds: Sequence[int], banks: tuple[Path, ...]) -> list[_Task]:
    public = None if banks else public_unit(unit.name)
    ground = Ground(unit.exercises, seeds, public, stub_source(unit.name, banks) if banks else None)
    listed = equivalents(unit.name, banks)
    for bench in ground.benches.values():
        bench.cases(unit.exercises[0])  # has the cases of this seed drawn once, and not in each process
    return [_Task(exercise, ground, listed.get(exercise.function, {})) for exercise in wanted]


def _side_by_side(tasks: Sequence[_Task], jobs: int, silence: float) -> Iterator[Validated]:
    """Yield the findings in the order in which they come."""
    waiting, running = deque(tasks), dict[Connection, _Running]()
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                ours, at_work = _begun(waiting.popleft())
                running[ours] = at_work
            heard = connection.wait(list(running), timeout=1.0)
            for ours in [c for c in running if c in heard or time.monotonic() - running[c].heard > silence]:
                at_work = running[ours]
                findings = _said(ours, at_work) if ours in heard else _ended(at_work)
                if findings is None:
                    continue
                del running[ours]
                ours.close()
                at_work.process.kill()
                at_work.process.join()
                if isinstance(findings, Validated):
                    yield findings
                else:
                    waiting.appendleft(findings)
    finally:
        for at_work in running.values():
            at_work.process.kill()


def _begun(task: _Task) -> tuple[Connection, _Running]:
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=_work, args=(theirs, task), daemon=True)
    process.start()
    theirs.close()
    return ours, _Running(task, process)


def _work(theirs: Connection, task: _Task) -> None:
    """Validate one exercise in this process; say which wrong answer is begun, and at last what was found."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def begin(answer: str) -> bool:
        theirs.send(answer)
        return answer not in task.endless

    theirs.send(examine(task.exercise, task.ground, task.listed, begin))


def _said(ours: Connection, at_work: _Running) -> Validated | _Task | None:
    """Take what a process said: its findings; None for an answer that it begins; its task, to be begun again, if it is gone."""
    try:
        said = ours.recv()
    except (EOFError, OSError):
        return _ended(at_work)
    at_work.heard = time.monotonic()
    if isinstance(said, Validated):
        return said
    at_work.begun = str(said)
    return None


def _ended(at_work: _Running) -> Validated | _Task:
    """Begin again without the mutant that ended a process; without one there is nothing more to be tried."""
    task, mutant = at_work.task, at_work.begun
    if not mutant or mutant in task.endless:
        return unfinished(
            task.exercise, "its validation did not come to an end: an answer ran for too long, or ended the process"
        )
    task.endless.add(mutant)
    return task
