"""What a submission costs: the same notebooks graded by Gradmark, nbgrader and otter-grader, or only run, by nbclient and by exec.

Twelve students hand in ``relu_backward`` and ``affine_backward`` (10 points; six right, six not). Each tool is started as its
user starts it, the start of the command included, on a class in the form that it asks for; the whole tree of its processes is
measured, in rounds that take turns, one BLAS thread each, and again with 24 students: what a further submission costs. Memory is
looked at in a round of its own, which also holds every score against what the student deserves.

Peers are found beside this Python, in ``--peers-python`` (may be given several times), or on the PATH; one that is not there is
null. Give nbgrader and otter-grader environments of their own: together, what nbgrader brings makes otter start several times
slower. Prints tables, and as its last line ``{"benchmark": "notebooks", "figures": {...}}``: milliseconds and MiB.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from notebooks_class.forms import Floor, Gradmark, Nbclient, Nbgrader, Otter, Tool, best_level, environment
from notebooks_class.meter import Cost, burners, measured
from notebooks_class.students import POINTS, Student, a_class

SIZE = 12
BARS = {
    "gradmark_cpu_ms": ("at most", 120.0),
    "nbgrader_over_gradmark": ("at least", 6.0),
    "otter_over_gradmark": ("at least", 10.0),
    "nbclient_over_gradmark": ("at least", 3.0),
}
NAMES = ("floor", "nbclient", "gradmark", "nbgrader", "otter")
Figures = dict[str, float | str | None]


def found(program: str, pythons: Sequence[Path]) -> Path | None:
    """The Python beside which a program is installed: of the given ones, then wherever the PATH leads."""
    for python in pythons:
        if (python.parent / program).exists():
            return python
    there = shutil.which(program)
    return Path(there).parent / "python" if there else None


def contenders(pythons: Sequence[Path], level: str) -> dict[str, Tool | None]:
    """Every tool by name, None where it is not installed."""
    own = Path(sys.executable)
    nbgrader, otter = found("nbgrader", [own, *pythons]), found("otter", [own, *pythons])
    if nbgrader is not None and nbgrader == otter:
        print("note: nbgrader and otter share an environment: otter would start faster in one of its own")
    return {
        "floor": Floor(own),
        "nbclient": Nbclient(own),
        "gradmark": Gradmark(own, level),
        "nbgrader": Nbgrader(nbgrader) if nbgrader else None,
        "otter": Otter(otter) if otter else None,
    }


def prove_the_meter() -> None:
    """Burn a second where a careless account would miss it.

    Raises:
        RuntimeError: the meter misses it.

    """
    for where, program in burners(1.0).items():
        cost = measured([program], Path.cwd(), {**os.environ})
        print(f"the meter: 1 s burned {where} is counted as {cost.cpu_ms / 1e3:.3f} s by {cost.account}", end="")
        print(f", {cost.reaped_ms / 1e3:.3f} s by getrusage")
        if not 990 < cost.cpu_ms < 1300:
            raise RuntimeError(f"the meter counts {cost.cpu_ms:.0f} ms of the 1000 that were burned {where}")


def run(tool: Tool, template: Path, *, memory: bool = False, students: Sequence[Student] = ()) -> Cost:
    """One measurement on a fresh copy of the class; with ``students``, their scores are held against what they deserve.

    Raises:
        RuntimeError: a command failed, a process was left over, or a score is not what it should be.

    """
    with tempfile.TemporaryDirectory(prefix="bench-") as room:
        folder = Path(room) / "course"
        shutil.copytree(template, folder)
        cost = measured(tool.commands(folder), folder, environment(tool.python, folder), memory=memory)
        if any(cost.statuses) or cost.left_over:
            raise RuntimeError(
                f"{tool.name}: exit status {cost.statuses}, {cost.left_over} processes left over\n{cost.output}"
            )
        scores = tool.scores(folder, cost) if students else None
    for student in students if scores is not None else ():
        assert scores is not None
        due = float(sum(POINTS.values()))
        got = scores.get(student.name)
        if got is None or (got == due) != student.right or got > due:
            raise RuntimeError(f"{tool.name} gave {student.name} {got} of {due:g}: what it measures is not grading")
    return cost


def table(title: str, rows: dict[str, tuple[float | None, ...]], heads: Sequence[str]) -> None:
    """Print one."""
    print(f"\n{title:30s}" + "".join(f"{head:>16s}" for head in heads))
    for name, row in rows.items():
        print(f"{name:30s}" + "".join(f"{'not installed' if v is None else f'{v:.1f}':>16s}" for v in row))


def summary(costs: dict[str, dict[int, list[Cost]]], peaks: dict[str, float | None], small: int) -> Figures:
    """Medians a submission, and ratios of CPU within a round."""
    figures: Figures = {}
    for name in NAMES:
        taken = costs.get(name)
        for key in ("cpu_ms", "wall_ms"):
            of = None if taken is None else {n: [getattr(c, key) for c in cs] for n, cs in taken.items()}
            figures[f"{name}_{key}"] = None if of is None else round(statistics.median(of[small]) / small, 1)
            figures[f"{name}_further_{key}"] = (
                None
                if of is None
                else round((statistics.median(of[2 * small]) - statistics.median(of[small])) / small, 1)
            )
        figures[f"{name}_peak_mib"] = peaks.get(name)
    ours = costs.get("gradmark")
    for name in NAMES:
        theirs = costs.get(name)
        if name != "gradmark":
            ratios = ours and theirs and [t.cpu_ms / o.cpu_ms for t, o in zip(theirs[small], ours[small], strict=True)]
            figures[f"{name}_over_gradmark"] = round(statistics.median(ratios), 2) if ratios else None
    return figures


def show(figures: Figures) -> list[str]:
    """Print the figures as tables and the bars with what became of them; those that were missed."""
    keys = ("cpu_ms", "wall_ms", "further_cpu_ms", "further_wall_ms", "peak_mib")
    rows = {name: tuple(figures[f"{name}_{key}"] for key in keys) for name in NAMES}
    table("a submission, ms", rows, ("CPU", "wall", "further CPU", "further wall", "peak MiB (all)"))  # type: ignore[arg-type]
    missed = []
    print()
    for key, (way, bar) in BARS.items():
        value = figures[key]
        kept = None if value is None else (float(value) <= bar) == (way == "at most")
        print(
            f"{key} {value}: {way} {bar:g} is asked, {'not measured' if kept is None else 'kept' if kept else 'MISSED'}"
        )
        missed += [key] if kept is False else []
    return missed


def main() -> None:
    """Lay the class out for each tool, measure in turns, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--students", type=int, default=SIZE, help="the class; twice as many tell what a further one costs"
    )
    parser.add_argument("--peers-python", type=Path, action="append", default=[], metavar="PATH")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES, metavar="TOOL", help=", ".join(NAMES))
    parser.add_argument("--isolation", default=best_level())
    told = parser.parse_args()
    prove_the_meter()
    pythons = [path.absolute() for path in told.peers_python]
    tools = {n: t for n, t in contenders(pythons, told.isolation).items() if t is not None and n in told.only}
    costs: dict[str, dict[int, list[Cost]]] = {name: {told.students: [], 2 * told.students: []} for name in tools}
    peaks: dict[str, float | None] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as room:
        for name, tool in tools.items():
            print(f"{name}: {tool.asked}")
            for size in costs[name]:
                (folder := Path(room) / f"{name}-{size}").mkdir()
                tool.lay_out(folder, a_class(size))
            small = run(tool, Path(room) / f"{name}-{told.students}", memory=True, students=a_class(told.students))
            peaks[name] = None if small.peak_mib is None else round(small.peak_mib, 1)
        for turn in range(told.rounds):
            order = [*tools][turn % len(tools) :] + [*tools][: turn % len(tools)]
            for size in (told.students, 2 * told.students):
                for name in order:
                    costs[name][size].append(run(tools[name], Path(room) / f"{name}-{size}"))
    figures = summary(costs, peaks, told.students)
    missed = show(figures)
    told_of = {"isolation": told.isolation, "students": told.students, "rounds": told.rounds, "missed": missed}
    print(json.dumps({"benchmark": "notebooks", "figures": {**figures, **told_of}}))


if __name__ == "__main__":
    main()
