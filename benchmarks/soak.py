"""A long run: a driver that grades a thousand submissions stays as it was, and one that crashes harms no other.

One driver process grades them one after the other; every fiftieth ends its own process, in a cell or in a call, in one of several
ways. Every other result must be what the same work got in the first round of the class, word for word. When the driver has ended,
nothing may be left: no process, no file of the grader's, no mount. Prints what it found, and as its last line
``{"benchmark": "soak", "figures": {...}}``; exit code 1 if a result changed, a crash was not called one, or something was left.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell, new_notebook, writes
from notebooks_class.forms import best_level, environment
from notebooks_class.meter import measured
from notebooks_class.students import KINDS, Student, a_class

NOTEBOOK = "06_layers.ipynb"
MARK = "gradmark-soak-litter"
LITTER = f"""\
import contextlib, os, pathlib, tempfile, time
tempfile.mkdtemp()
for room in (".", "/tmp", "/dev/shm"):
    with contextlib.suppress(OSError):
        pathlib.Path(room, "{MARK}").write_text("left by a submission")
with contextlib.suppress(OSError):
    if not os.fork():
        with contextlib.suppress(OSError):
            os.setsid()
        time.sleep(600)
"""
"""Litter that a submission may leave behind: files where it can write them, and a process in a session of its own."""
FAULTS = {
    "a cell exits": LITTER + "os._exit(1)",
    "a cell aborts": LITTER + "os.abort()",
    "a cell reads address 0": "import ctypes\nctypes.string_at(0)",
    "a call exits": "",
}
CALL = "import os\nos._exit(1)"


def hand_in(folder: Path, submissions: int, every: int) -> Iterator[tuple[Path, str | None]]:
    """Write the submissions; each with its fault, None for those that have none."""
    crashed, model = 0, a_class(1)[0]
    for number, student in enumerate(a_class(submissions)):
        fault, handed_in = None, student
        if number >= len(KINDS) and number % every == every - 1:
            fault = list(FAULTS)[crashed % len(FAULTS)]
            crashed += 1
            handed_in = replace(model, name=student.name, relu=CALL if fault == "a call exits" else model.relu)
        path = folder / f"{number:05d}" / NOTEBOOK
        path.parent.mkdir(parents=True)
        path.write_text(_notebook(handed_in, FAULTS.get(fault or "", "")), encoding="utf-8")
        yield path, fault


def _notebook(student: Student, fault: str) -> str:
    cells = [source for name, source in student.cells.items() if name != "look"] + [fault] * bool(fault)
    return str(writes(new_notebook(cells=[new_code_cell(source, id=f"c{i}") for i, source in enumerate(cells)])))


def drive(folder: Path, submissions: int, every: int, level: str) -> dict[str, Any]:
    """Grade all of them in this process, and look at it on the way."""
    from grader.bank import catalogue, stub_source
    from grader.grading import Settings, grade
    from grader.result import Result
    from grader.runtime import resolve
    from grader.submission import collect

    def essence(result: Result) -> dict[str, Any]:
        told = asdict(replace(result, notebook=replace(result.notebook, seconds=0.0)))
        return {name: value for name, value in told.items() if name != "submission"}

    units = {u.name: frozenset(e.function for e in u.exercises) for u in catalogue().units.values()}
    stubs = {name: stub_source(name) for name in units}
    settings = Settings(resolve(level))
    first: list[dict[str, Any]] = []
    looks: dict[int, dict[str, float]] = {}
    changed: list[str] = []
    uncaught: list[str] = []
    crashed, started = 0, time.perf_counter()
    for number, (path, fault) in enumerate(hand_in(folder, submissions, every)):
        (submission,) = collect(path, "layers", units, stubs)
        result = grade(submission, settings).result
        if fault is None:
            found = essence(result)
            if number < len(KINDS):
                first.append(found)
            elif found != first[number % len(KINDS)]:
                changed.append(path.parent.name)
        else:
            crashed += 1
            named = {result.notebook.status, *(item.status for item in result.items)}
            due = 6.0 if fault == "a call exits" else 10.0  # whatever the fault does not touch keeps its points
            if "crashed" not in named or result.needs_person or result.score != due:
                uncaught.append(f"{path.parent.name}: {fault}: {result.notebook.status}, {result.score:g} points")
        if number + 1 in (max(submissions // 10, len(KINDS)), submissions):
            looks[number + 1] = _look()
    return {
        "looks": looks, "changed": changed, "uncaught": uncaught, "crashed": crashed, "seconds": time.perf_counter() - started,
    }  # fmt: skip


def _look() -> dict[str, float]:
    """Measure the driver, and the processes that it keeps between two submissions."""
    import psutil

    me = psutil.Process()
    kept = me.children(recursive=True)
    return {
        "driver_rss_mib": me.memory_info().rss / 2**20,
        "kept_rss_mib": sum(p.memory_info().rss for p in kept) / 2**20,
        "kept_processes": len(kept),
        "descriptors": me.num_fds(),
        "threads": me.num_threads(),
    }


def _mounts() -> set[str]:
    """Read the table of mounts."""
    table = Path("/proc/self/mounts")
    return set(table.read_text().splitlines()) if table.exists() else set()


def _litter(rooms: Sequence[Path], level: str) -> list[str]:
    """Remove files that submissions left in places not theirs; return them. Levels without walls promise nothing about those."""
    found = [room / MARK for room in rooms if (room / MARK).exists()]
    for path in found:
        path.unlink()
    return [str(path) for path in found] if level in ("full", "landlock") else []


def main() -> int:
    """Start the driver, wait for it, look for what is left."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=1000)
    parser.add_argument("--crash-every", type=int, default=50, metavar="N")
    parser.add_argument("--isolation", default=None)
    parser.add_argument(
        "--drive", type=Path, default=None, metavar="DIR", help="be the driver: grade, print what was seen"
    )
    told = parser.parse_args()
    level = told.isolation or best_level()
    if told.drive is not None:
        print(json.dumps(drive(told.drive, told.submissions, told.crash_every, level)))
        return 0
    with tempfile.TemporaryDirectory(prefix="soak-") as room:
        home, scratch = Path(room) / "class", Path(room) / "tmp"
        home.mkdir()
        scratch.mkdir()
        command = [sys.executable, __file__, "--drive", str(home), "--isolation", level]
        command += ["--submissions", str(told.submissions), "--crash-every", str(told.crash_every)]
        rooms = (Path("/tmp"), Path("/dev/shm"))  # noqa: S108 - looked at, not written to
        _litter(rooms, level)
        before = _mounts()
        env = {**environment(Path(sys.executable), Path(room)), "TMPDIR": str(scratch)}
        cost = measured([command], Path(room), env)
        mounts = _mounts() - before
        files = sorted(p.name for p in scratch.iterdir())
        files += _litter(rooms, level)
    if cost.statuses != (0,):
        raise RuntimeError(
            f"the driver ended with status {cost.statuses[0]}; run it with --drive DIR to see why\n{cost.output}"
        )
    seen = json.loads(cost.output)
    early, late = seen["looks"].values()
    figures: dict[str, Any] = {
        "isolation": level,
        "submissions": told.submissions,
        "early": int(next(iter(seen["looks"]))),
    }
    for name in early:
        figures |= {f"{name}_early": round(early[name], 1), f"{name}_late": round(late[name], 1)}
    figures |= {
        "crashed": seen["crashed"], "crashes_missed": len(seen["uncaught"]), "results_changed": len(seen["changed"]),
        "left_processes": cost.left_over, "left_files": len(files), "left_mounts": len(mounts),
        "seconds": round(seen["seconds"], 1), "cpu_ms": round(cost.cpu_ms / told.submissions, 1),
    }  # fmt: skip
    for name, value in figures.items():
        print(f"{name:24s} {value}")
    for fault in [*seen["uncaught"], *(f"{n}: its result changed" for n in seen["changed"]), *files, *mounts]:
        print(f"FAULT {fault}")
    print(json.dumps({"benchmark": "soak", "figures": figures}))
    kept = ("crashes_missed", "results_changed", "left_processes", "left_files", "left_mounts")
    return int(any(figures[name] for name in kept))


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main())
