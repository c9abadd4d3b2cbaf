"""Measure a whole class: 1,440 notebooks with all exercises of a unit, six in ten right, three with wrong answers, one broken.

There are as many notebooks of each of the twelve units, 120: a unit's cases are made once and a mistake is explained once, so
that a class with few of each costs more a notebook. ``--units layers,optimizers`` makes a class of these alone. Gradmark grades
them all by ``gradmark grade --json``, with two submissions at a time and again with one. nbclient runs the same notebooks and
does nothing else; nbgrader grades them with a test cell for each exercise, in layers and optimizers, the units for which there
are such cells. Those two need seconds for a notebook: they get a sample, every ninth of the right and of the wrong ones in each
unit (an odd number, so that it has those that are all from the gallery and the others) and one of each way to be broken, and
what a kind costs is scaled by its share of the class. Gradmark grades the sample too, which tells where its time goes.

CPU is that of the whole tree of processes. A figure is the median over rounds that take turns, a ratio the ratio of medians; one
round takes minutes and is the default. Wall times and ``speedup_2_cores`` mean something on a machine with two idle cores only.
Nothing is counted that is not grading: every right submission must have full score and no wrong one.

Figures: ``cpu_ms_each`` and ``wall_s`` of Gradmark on all notebooks, two at a time, start included; ``cpu_over_nbclient``, of the
CPU of a submission; ``cpu_over_nbgrader``, the same in the units with test cells, both by the sample; ``driver_mib``, the peak
resident size of the one driver with one submission at a time; ``speedup_2_cores``, wall time with one at a time over that with two;
``cpu_over_nbclient_<unit>``, by the sample; for each tool CPU milliseconds of a submission by kind and unit, and of the start by
unit, which is Gradmark's imports and the cases that it makes once for a unit.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from class_of_300.pieces import UNITS
from class_of_300.questions import TESTED
from class_of_300.strata import Costs, Room, lay_out, strata
from class_of_300.students import Submission, a_class, sampled, strata_of
from class_of_300.tools import Gradmark, Nbclient, Nbgrader, Tool
from notebooks_class.forms import best_level
from notebooks_class.meter import Cost
from notebooks_class.turns import Bars, found, missed, once, prove_the_meter, table

BARS: Bars = {"cpu_over_nbclient": ("at most", 0.6)}
NAMES = ("nbclient", "gradmark", "nbgrader")
Figure = float | str | list[str] | None
Figures = dict[str, Figure]


def contenders(told: argparse.Namespace) -> dict[str, Tool]:
    """The tools that are asked for and installed, by name."""
    own, seconds = Path(sys.executable), told.cell_seconds
    peer = found("nbgrader", [own, *(path.absolute() for path in told.peers_python)])
    tools: list[Tool] = [Nbclient(own, seconds), Gradmark(own, seconds, told.isolation)]
    if peer is not None:
        tools.append(Nbgrader(peer, seconds))
    return {tool.name: tool for tool in tools if tool.name in told.only}


def given(name: str, students: Sequence[Submission]) -> list[Submission]:
    """The students whose notebooks a tool gets: nbgrader's test cells are of two units."""
    return [student for student in students if name != "nbgrader" or student.unit in TESTED]


def whole(tool: Gradmark, room: Room) -> Cost:
    """Have the whole class graded.

    Raises:
        RuntimeError: what was measured is not grading.

    """

    def look(folder: Path, cost: Cost) -> None:
        tool.check(folder, cost, room.students)

    cost = once(tool.commands, tool.python, room.folder, statuses=tool.statuses, look=look)
    print(f"gradmark --jobs {tool.jobs}: {cost.cpu_ms / 1e3:.1f} s CPU, {cost.wall_ms / 1e3:.1f} s wall", flush=True)
    return cost


def median(values: Sequence[float | None], digits: int = 1) -> float | None:
    """The median, None if there is nothing or something is missing."""
    known = [value for value in values if value is not None]
    return round(statistics.median(known), digits) if known and len(known) == len(values) else None


def summary(
    one: Sequence[Cost], two: Sequence[Cost], by_kind: Mapping[str, Sequence[Costs]], students: Sequence[Submission]
) -> Figures:
    """The figures of all rounds."""
    each = median([cost.cpu_ms / len(students) for cost in two])
    figures: Figures = {
        "cpu_ms_each": each,
        "wall_s": median([cost.wall_ms / 1e3 for cost in two]),
        "driver_mib": median([cost.first_mib for cost in one]),
    }
    walls = median([cost.wall_ms for cost in one]), median([cost.wall_ms for cost in two])
    figures["speedup_2_cores"] = round(walls[0] / walls[1], 2) if walls[0] and walls[1] else None
    for name in NAMES:
        theirs = of_a_class(name, by_kind, given(name, students))
        if name != "gradmark":
            figures[f"{name}_cpu_ms_each"] = theirs
        for kind, unit in strata_of(given(name, students)):
            costs = by_kind.get(name, ())
            figures[f"{name}_{kind}_{unit}_ms"] = median([found.each.get(f"{kind}_{unit}") for found in costs])
        for unit in units_of(given(name, students)):
            figures[f"{name}_start_{unit}_ms"] = median([costs.starts.get(unit) for costs in by_kind.get(name, ())])
    figures["cpu_over_nbclient"] = ratio(each, figures["nbclient_cpu_ms_each"])
    tested = given("nbgrader", students)
    figures["cpu_over_nbgrader"] = ratio(of_a_class("gradmark", by_kind, tested), figures["nbgrader_cpu_ms_each"])
    for unit in units_of(students):
        alone = [student for student in students if student.unit == unit]
        ours, theirs = (of_a_class(name, by_kind, alone) for name in ("gradmark", "nbclient"))
        figures[f"cpu_over_nbclient_{unit}"] = ratio(ours, theirs)
    return figures


def units_of(students: Sequence[Submission]) -> list[str]:
    """The units of which there are students."""
    return [*dict.fromkeys(unit for _, unit in strata_of(students))]


def of_a_class(name: str, by_kind: Mapping[str, Sequence[Costs]], students: Sequence[Submission]) -> float | None:
    """CPU milliseconds of a submission in a class of these, by the sample."""
    return median([costs.of_a_class(students) for costs in by_kind.get(name, ())]) if students else None


def ratio(ours: Figure, theirs: Figure) -> float | None:
    """The ratio of two figures, None if either is missing."""
    return round(ours / theirs, 3) if isinstance(ours, float) and isinstance(theirs, float) and theirs else None


def show(figures: Figures, students: Sequence[Submission]) -> None:
    """Print what a kind costs, as a table."""
    named = {f"{kind} {unit}": f"{kind}_{unit}_ms" for kind, unit in strata_of(students)}
    named |= {f"start of the command, {unit}": f"start_{unit}_ms" for unit in units_of(students)}
    rows = {row: [figures.get(f"{name}_{figure}") for name in NAMES] for row, figure in named.items()}
    rows["a submission of the class"] = [figures[f"{of}cpu_ms_each"] for of in ("nbclient_", "", "nbgrader_")]
    table("CPU, ms", {name: tuple(row) for name, row in rows.items()}, NAMES)  # type: ignore[arg-type]
    if figures["nbgrader_cpu_ms_each"] is not None:
        print(f"nbgrader has test cells for {' and '.join(TESTED)} only: what is told of it is of these")


def main() -> None:
    """Lay the class out, measure in turns, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--students", type=int, default=1440, help="10 a unit at least; a multiple of that has exact shares"
    )
    parser.add_argument("--units", default=",".join(UNITS), help="a class of these alone; all by default")
    parser.add_argument("--seed", type=int, default=0, help="of the class")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--sample", type=int, default=9, metavar="N", help="every N-th right and wrong one is sampled")
    parser.add_argument("--cell-seconds", type=int, default=2, help="the limit of a cell, for every tool")
    parser.add_argument("--peers-python", type=Path, action="append", default=[], metavar="PATH")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES, metavar="TOOL", help=", ".join(NAMES))
    parser.add_argument("--isolation", default=best_level())
    told = parser.parse_args()
    units = told.units.split(",")
    if not {*units} <= {*UNITS}:
        parser.error(f"the units are {', '.join(UNITS)}")
    if told.students < 10 * len(units):
        parser.error(f"a class of {10 * len(units)} at least has all kinds in it")
    prove_the_meter()
    students = a_class(told.students, told.seed, units)
    sample = sampled(students, told.sample)
    tools = {name: tool for name, tool in contenders(told).items() if given(name, students)}
    print(f"{len(students)} submissions, {len(sample)} of them in the sample; {', '.join(tools)}")
    one, two = (Gradmark(Path(sys.executable), told.cell_seconds, told.isolation, jobs) for jobs in (1, 2))
    by_one: list[Cost] = []
    by_two: list[Cost] = []
    by_kind: dict[str, list[Costs]] = {name: [] for name in tools}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        rooms = {
            name: lay_out(tool, Path(folder) / name, *(given(name, of) for of in (students, sample)))
            for name, tool in tools.items()
        }
        everybody = Room(Path(folder) / "everybody", tuple(students))
        everybody.folder.mkdir()
        one.lay_out(everybody.folder, students)
        for turn in range(told.rounds):
            for name in [*tools][turn % len(tools) :] + [*tools][: turn % len(tools)]:
                by_kind[name].append(strata(tools[name], rooms[name]))
                each = by_kind[name][-1].of_a_class(given(name, students))
                print(f"{name}: {each:.1f} ms CPU a submission, by the sample", flush=True)
                if name == "gradmark":
                    by_two.append(whole(two, everybody))
                    by_one.append(whole(one, everybody))
    figures = summary(by_one, by_two, by_kind, students)
    show(figures, students)
    told_of: Figures = {
        "isolation": told.isolation, "units": units, "students": len(students), "sample": len(sample), "rounds": told.rounds,
        "cell_seconds": told.cell_seconds, "missed": missed(figures, BARS),
    }  # fmt: skip
    print(json.dumps({"benchmark": "class", "figures": {**figures, **told_of}}))


if __name__ == "__main__":
    main()
