"""Measure the gradebook with a class: writing, reading, undoing and checking results, in SQLite and in PostgreSQL.

The sample class in ``examples/`` is graded once; its results of one unit are handed to as many students as are asked for, each
with an id, a submission and seconds of its own. Then, in each database: all attempts are recorded in one write, read back,
recorded again after a run that gave the same (nothing is written), regraded in one write, and that is undone; a hundred are
recorded one by one, and a hundred marks made; the whole is checked, made anew from its trail, and copied into a backup. Every
reading is compared with what was written: a gradebook that loses something ends the benchmark.

PostgreSQL is started in a folder of its own, as the tests do; where it is not installed its figures are null. It is started without
``fsync``, as in the tests: its figures are those of the program and the messages, not of the disk. SQLite's are with ``fsync``.

Figures, for each database, in seconds of wall time: ``record_s``, ``read_s``, ``record_again_s``, ``replace_s``, ``undo_s``,
``check_s``, ``rebuild_s``, ``backup_s``; in milliseconds of one write: ``record_one_ms``, ``mark_ms``. ``kib_a_result`` is what a
result takes in the backup, with its attempt and its lines of the trail, ``kib_a_document`` its JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "tests" / "gradebook")]

from postgresql_server import programs, started

from grader.gradebook import Gradebook
from grader.grades import Attempt, Mark
from grader.grading import Options, grade_paths
from grader.result import Result, as_json, read

ONE_BY_ONE = 100
START = datetime(2026, 3, 2, tzinfo=UTC)
Figures = dict[str, float | None]
NAMES = (
    "record_s", "read_s", "record_again_s", "replace_s", "undo_s", "record_one_ms", "mark_ms", "check_s", "rebuild_s", "backup_s",
    "kib_a_result",
)  # fmt: skip


def a_class(students: int, unit: str) -> list[Attempt]:
    """Return an attempt of each student: the results of the sample class, in turn."""
    paths = sorted(path for path in (CHECKOUT / "examples" / "class").iterdir() if path.suffix != ".toml")
    found = [read(as_json(r)) for r in grade_paths(paths, Options()) if r.assignment == unit]
    return [attempt(found[number % len(found)], number) for number in range(students)]


def attempt(result: Result, number: int) -> Attempt:
    """Return a result as that of one student."""
    ident = f"student{number:05d}"
    own = replace(result, submission=replace(result.submission, id=ident, source=f"{ident}/06_layers.ipynb"))
    return Attempt(
        student=ident,
        assignment=str(result.assignment),
        sha256=f"{number:064x}",
        submitted=START + timedelta(seconds=number),
        results=(took(own, number / 1000),),
    )


def took(result: Result, seconds: float) -> Result:
    """Return a result of a run that took so long."""
    return replace(result, notebook=replace(result.notebook, seconds=seconds))


def again(attempts: Sequence[Attempt], change: Callable[[Result], Result]) -> list[Attempt]:
    """Return attempts with their results changed."""
    return [replace(one, results=tuple(map(change, one.results))) for one in attempts]


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that something takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def same(book: Gradebook, attempts: Sequence[Attempt]) -> None:
    """Compare what is read with what was written.

    Raises:
        RuntimeError: they differ.

    """
    if [one.key for one in book.attempts()] != [one.key for one in attempts] or [
        as_json(r) for one in book.attempts() for r in one.results
    ] != [as_json(r) for one in attempts for r in one.results]:
        raise RuntimeError("the gradebook does not give what was written")


def measure(place: str, attempts: Sequence[Attempt], folder: Path) -> Figures:
    """Return the figures of one gradebook."""
    figures: Figures = {}
    with Gradebook.open(place, create=True) as book:
        figures["record_s"] = timed(lambda: book.record(attempts, by="bench"))
        figures["read_s"] = timed(book.attempts)
        same(book, attempts)
        slower = again(attempts, lambda result: took(result, 99.0))
        figures["record_again_s"] = timed(lambda: book.record(slower, by="bench"))
        better = again(attempts, lambda result: replace(result, score=result.score + 1))
        figures["replace_s"] = timed(lambda: book.replace(better, by="bench", why="a wrong check"))
        same(book, better)
        figures["undo_s"] = timed(lambda: book.undo(2, by="bench"))
        same(book, attempts)
        figures["backup_s"] = timed(lambda: book.backup(folder / "kept.db"))
        # Two documents of each attempt: before and after the regrade.
        figures["kib_a_result"] = (folder / "kept.db").stat().st_size / 2048 / len(attempts)
        late = [replace(one, submitted=START + timedelta(days=9)) for one in attempts[:ONE_BY_ONE]]
        figures["record_one_ms"] = timed(lambda: [book.record([one], by="bench") for one in late]) / len(late) * 1e3
        marks = [Mark(student=one.student, assignment=one.assignment, points=1.0) for one in late]
        figures["mark_ms"] = timed(lambda: [book.mark([mark], by="bench", why="") for mark in marks]) / len(marks) * 1e3
        same(book, [*attempts, *late])
        figures["rebuild_s"] = timed(book.rebuild)
        faults: list[str] = []
        figures["check_s"] = timed(lambda: faults.extend(book.check()))
        if faults:
            raise RuntimeError(faults[0])
    return figures


def main() -> None:
    """Measure both, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--unit", default="layers")
    told = parser.parse_args()
    attempts = a_class(told.students, told.unit)
    by_database: dict[str, Figures] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        places = {"sqlite": str(folder / "gradebook.db")}
        if programs() is not None:
            places["postgresql"] = stack.enter_context(started()).new()
        for name, place in places.items():
            (folder / name).mkdir()
            by_database[name] = measure(place, attempts, folder / name)
    print(f"{len(attempts)} attempts{'':12}" + "".join(f"{name:>16}" for name in ("sqlite", "postgresql")))
    figures: Figures = {}
    for key in NAMES:
        values = [by_database.get(name, {}).get(key) for name in ("sqlite", "postgresql")]
        print(f"{key:28}" + "".join(f"{'not installed' if v is None else f'{v:.3f}':>16}" for v in values))
        for name, value in zip(("sqlite", "postgresql"), values, strict=True):
            figures[f"{name}_{key}"] = None if value is None else round(value, 3)
    texts = [as_json(result).encode() for one in attempts for result in one.results]
    figures["kib_a_document"] = round(sum(map(len, texts)) / len(texts) / 1024, 1)
    print(json.dumps({"benchmark": "gradebook", "figures": {**figures, "attempts": len(attempts)}}))


if __name__ == "__main__":
    main()
