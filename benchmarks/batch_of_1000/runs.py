"""A class on the disk, ``gradmark batch`` on it, and what is in the gradebook afterwards."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from class_of_300 import CHECKOUT
from class_of_300.students import KERNEL, Submission, a_class, notebook_of
from nbformat.v4 import new_code_cell, new_notebook, writes
from notebooks_class.forms import environment
from notebooks_class.meter import Cost, measured

from grader.errors import UsageError
from grader.gradebook import Gradebook

__all__ = ["Batch", "kills", "lay_out", "mixed"]

HANG = "import numpy as np\n\nwhile True:\n    pass"
ONE_IN = 100
"""Of so many submissions one never ends."""


def mixed(size: int, seed: int, units: Sequence[str]) -> list[Submission]:
    """The mix of ``class.py``, of which one in a hundred hangs (one at least)."""
    students = a_class(size, seed, units)
    for index in range(ONE_IN // 2 if size > ONE_IN else size // 2, size, ONE_IN):
        student = students[index]
        text = str(writes(new_notebook(cells=[new_code_cell(f"{HANG}  # {index}", id="hangs")], metadata=KERNEL)))
        students[index] = Submission(student.name, student.unit, "broken", "hangs", text.encode())
    return students


def lay_out(folder: Path, students: Sequence[Submission]) -> None:
    """Write a folder for each student."""
    for student in students:
        path = folder / student.name / notebook_of(student.unit)
        path.parent.mkdir(parents=True)
        path.write_bytes(student.notebook)


@dataclass(frozen=True)
class Batch:
    """The command on a class.

    Args:
        folder: where gradebooks go.
        classroom: the folder of the class.
        isolation: the level.
        cell_seconds: the limit of a cell.

    """

    folder: Path
    classroom: Path
    isolation: str
    cell_seconds: int

    def command(self, gradebook: str, jobs: int) -> list[str]:
        """The command's arguments."""
        python = [sys.executable, "-c", "from grader.cli import command; command()", "batch", str(self.classroom)]
        told = ["--isolation", self.isolation, "--cell-seconds", str(self.cell_seconds), "--jobs", str(jobs)]
        return [*python, "--gradebook", gradebook, *told]

    def env(self) -> dict[str, str]:
        """Its environment: nothing of the user's own."""
        return {**environment(Path(sys.executable), self.folder), "PYTHONPATH": str(CHECKOUT)}

    def measured(self, gradebook: str, jobs: int) -> Cost:
        """Run it to its end, and say what it cost.

        Raises:
            RuntimeError: it failed.

        """
        cost = measured([self.command(gradebook, jobs)], self.folder, self.env())
        if not set(cost.statuses) <= {0, 3} or cost.left_over:
            raise RuntimeError(f"batch ended with {cost.statuses}, {cost.left_over} processes left over\n{cost.output}")
        return cost

    def started(self, gradebook: str, jobs: int) -> subprocess.Popen[bytes]:
        """Start it, in a process group of its own."""
        quiet = subprocess.DEVNULL
        command = self.command(gradebook, jobs)
        return subprocess.Popen(  # noqa: S603 - our own command
            command, cwd=self.folder, env=self.env(), stdout=quiet, stderr=quiet, start_new_session=True
        )

    def scores(self, gradebook: str) -> dict[str, float]:
        """The scores in a gradebook by student and assignment.

        Raises:
            RuntimeError: an attempt is there twice.

        """
        with Gradebook.open(self.folder / gradebook) as book:
            attempts = book.attempts()
        found = {f"{a.student} {a.assignment}": sum(result.score for result in a.results) for a in attempts}
        if len(found) != len(attempts):
            raise RuntimeError(f"{len(attempts)} attempts of {len(found)} students and assignments")
        return found

    def there(self, gradebook: str) -> set[tuple[str, str, str, str]]:
        """The keys of the attempts that are in a gradebook now; none while it is being made."""
        if not (self.folder / gradebook).exists():
            return set()
        try:
            with Gradebook.open(self.folder / gradebook) as book:
                return {*book.graded_as()}
        except UsageError:
            return set()


def kills(batch: Batch, due: dict[str, float], times: int, jobs: int, seed: int) -> tuple[int, int]:
    """Kill a batch at random moments and let it end; return how many attempts were lost, and how often it was killed at work.

    Lost is what was there before a kill and is not afterwards, what is missing at the end, and what has another score then.
    """
    draw, lost, killed, gradebook = random.Random(seed), 0, 0, "killed.db"  # noqa: S311 - not a secret
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        alone = Batch(Path(folder), batch.classroom, batch.isolation, batch.cell_seconds)
        for _ in range(times):
            before = alone.there(gradebook)
            process = alone.started(gradebook, jobs)
            until = time.monotonic() + 120
            # Killed while it works: some time after the first new attempt is there, or while it starts.
            while draw.random() > 0.1 and process.poll() is None and time.monotonic() < until:
                if len(alone.there(gradebook)) > len(before):
                    break
                time.sleep(0.05)
            time.sleep(draw.uniform(0.0, 1.5))
            seen = alone.there(gradebook)
            killed += process.poll() is None
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            lost += len(seen - alone.there(gradebook))
        alone.measured(gradebook, jobs)
        found = alone.scores(gradebook)
        lost += sum(found.get(name) != score for name, score in due.items())
        with Gradebook.open(alone.folder / gradebook) as book:
            lost += len(book.check())
    return lost, killed
