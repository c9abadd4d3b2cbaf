"""Measure a submission: the same notebooks graded by Gradmark, nbgrader and otter-grader, or only run, by nbclient and by exec.

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
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from notebooks_class.forms import Floor, Gradmark, Nbclient, Nbgrader, Otter, Tool, best_level
from notebooks_class.meter import Cost
from notebooks_class.students import POINTS, Student, a_class
from notebooks_class.turns import Bars, found, missed, once, prove_the_meter, table

SIZE = 12
BARS: Bars = {
    "nbclient_over_gradmark": ("at least", 4.0),
    "nbclient_further_over_gradmark": ("at least", 8.0),
    "nbgrader_over_gradmark": ("at least", 6.0),
    "otter_over_gradmark": ("at least", 10.0),
}
NAMES = ("floor", "nbclient", "gradmark", "nbgrader", "otter")
Figures = dict[str, float | str | None]


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


def run(tool: Tool, template: Path, *, memory: bool = False, students: Sequence[Student] = ()) -> Cost:
    """Measure a tool once; with ``students``, hold their scores against what they deserve.

    Raises:
        RuntimeError: a command failed, a process was left over, or a score is not what it should be.

    """

    def look(folder: Path, cost: Cost) -> None:
        scores = tool.scores(folder, cost) if students else None
        for student in students if scores is not None else ():
            assert scores is not None
            due = float(sum(POINTS.values()))
            got = scores.get(student.name)
            if got is None or (got == due) != student.right or got > due:
                raise RuntimeError(f"{tool.name} gave {student.name} {got} of {due:g}: what it measures is not grading")

    return once(tool.commands, tool.python, template, memory=memory, look=look)


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
            further = ours and theirs and (_further(theirs, small), _further(ours, small))
            figures[f"{name}_further_over_gradmark"] = round(further[0] / further[1], 2) if further else None
    return figures


def _further(costs: dict[int, list[Cost]], small: int) -> float:
    """CPU milliseconds of a further submission: medians, since a difference within one round is noise for the most part."""
    return (
        statistics.median(c.cpu_ms for c in costs[2 * small]) - statistics.median(c.cpu_ms for c in costs[small])
    ) / small


def show(figures: Figures) -> list[str]:
    """Print the figures as tables and the bars with what became of them; those that were missed."""
    keys = ("cpu_ms", "wall_ms", "further_cpu_ms", "further_wall_ms", "peak_mib")
    rows = {name: tuple(figures[f"{name}_{key}"] for key in keys) for name in NAMES}
    table("a submission, ms", rows, ("CPU", "wall", "further CPU", "further wall", "peak MiB (all)"))  # type: ignore[arg-type]
    return missed(figures, BARS)


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
    told_of = {"isolation": told.isolation, "students": told.students, "rounds": told.rounds, "missed": show(figures)}
    print(json.dumps({"benchmark": "notebooks", "figures": {**figures, **told_of}}))


if __name__ == "__main__":
    main()
