"""Measure ``gradmark batch`` on 1,000 submissions: the class of ``class.py``, of which one in a hundred never ends.

Every run is the command, on folders of students, into a gradebook of its own. ``--submissions 60`` makes it small. Wall times, and
with them ``per_second_2_cores``, ``speedup_2_cores`` and ``cached_speedup``, mean something on a machine with two idle cores only.
Nothing is counted that is not grading: right submissions must have full score, wrong ones less, and each exactly one attempt.

Figures: ``per_second_2_cores``, submissions a second with two drivers, start included; ``cpu_ms_each``; ``speedup_2_cores``, wall
time with one driver over that with two; ``driver_mib_100`` and ``driver_mib_1000``, peak resident sizes of the first process, which
hands out the work and keeps the results, for a tenth of the class and for the class; ``cached_speedup``, wall time of the first run
over that of one where nothing changed (the median of three); ``lost_after_kill``, attempts that are lost by SIGKILLs at random
moments of a batch of a tenth of the class; ``nbgrader_over_gradmark``, CPU of a submission in nbgrader over that in
Gradmark on the same sample of the units for which there are test cells.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from batch_of_1000.runs import Batch, kills, lay_out, mixed
from class_of_300.pieces import UNITS
from class_of_300.questions import TESTED
from class_of_300.students import Submission
from class_of_300.tools import Nbgrader
from notebooks_class.forms import best_level
from notebooks_class.meter import Cost
from notebooks_class.turns import Bars, found, missed, once, prove_the_meter

BARS: Bars = {
    "speedup_2_cores": ("at least", 1.8),
    "cached_speedup": ("at least", 50),
    "lost_after_kill": ("at most", 0),
}
PARTS = ("speedup", "memory", "cached", "kills", "nbgrader")
SAMPLE = 12


def checked(batch: Batch, gradebook: str, students: Sequence[Submission]) -> dict[str, float]:
    """The scores in a gradebook.

    Raises:
        RuntimeError: a right submission does not have full score, a wrong one has, or one has no attempt.

    """
    from grader.bank import catalogue

    scores = batch.scores(gradebook)
    for student in students:
        score = scores.get(f"{student.name} {student.unit}")
        full = catalogue().unit(student.unit).points
        if score is None or ((student.kind == "right") != (score == full) and student.kind != "broken"):
            raise RuntimeError(
                f"{student.name} ({student.shows}) has {score} of {full}: what is measured is not grading"
            )
    return scores


def told(name: str, cost: Cost) -> Cost:
    """Print what a run cost."""
    print(f"{name}: {cost.wall_ms / 1e3:.1f} s wall, {cost.cpu_ms / 1e3:.1f} s CPU, {cost.first_mib} MiB", flush=True)
    return cost


def beside_nbgrader(
    room: Path, students: Sequence[Submission], peer: Path | None, isolation: str, seconds: int
) -> float | None:
    """The ratio of CPU a submission on a sample; None where nbgrader is not installed."""
    sample = [s for s in students if s.unit in TESTED and s.shows != "hangs"][:SAMPLE]
    if peer is None or not sample:
        return None
    theirs = Nbgrader(peer, seconds)
    (room / "nbgrader").mkdir()
    theirs.lay_out(room / "nbgrader", sample)
    spent = once(theirs.commands, theirs.python, room / "nbgrader", statuses=theirs.statuses).cpu_ms
    lay_out(room / "sample", sample)
    ours = told("the sample", Batch(room, room / "sample", isolation, seconds).measured("sample.db", 1)).cpu_ms
    return round(spent / ours, 2)


def main() -> None:
    """Lay the class out, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=1000, help="of the class; at least 20")
    parser.add_argument("--units", default=",".join(UNITS), help="a class of these alone; all by default")
    parser.add_argument("--seed", type=int, default=0, help="of the class")
    parser.add_argument("--kills", type=int, default=10, metavar="N")
    parser.add_argument("--cell-seconds", type=int, default=2, help="the limit of a cell")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--peers-python", type=Path, action="append", default=[], metavar="PATH")
    parser.add_argument("--isolation", default=best_level())
    options = parser.parse_args()
    units, size = options.units.split(","), options.submissions
    if not {*units} <= {*UNITS} or size < 20:
        parser.error(f"a class has 20 submissions at least, of {', '.join(UNITS)}")
    prove_the_meter()
    students = mixed(size, options.seed, units)
    few = students[: max(10, size // 10)]
    figures: dict[str, object] = {
        "per_second_2_cores": None, "cpu_ms_each": None, "speedup_2_cores": None, "driver_mib_100": None, "driver_mib_1000": None,
        "cached_speedup": None, "lost_after_kill": None, "killed_at_work": None, "nbgrader_over_gradmark": None,
    }  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        room = Path(folder)
        for name, of_it in (("class", students), ("few", few)):
            lay_out(room / name, of_it)
        whole, part = (Batch(room, room / name, options.isolation, options.cell_seconds) for name in ("class", "few"))
        two = told(f"{size} submissions, two drivers", whole.measured("two.db", 2))
        checked(whole, "two.db", students)
        figures["per_second_2_cores"] = round(1e3 * size / two.wall_ms, 2)
        figures["cpu_ms_each"] = round(two.cpu_ms / size, 1)
        figures["driver_mib_1000"] = two.first_mib and round(two.first_mib, 1)
        if "cached" in options.only:
            again = [told("nothing changed", whole.measured("two.db", 2)).wall_ms for _ in range(3)]
            figures["cached_speedup"] = round(two.wall_ms / statistics.median(again), 1)
        if "memory" in options.only or "kills" in options.only:
            some = told(f"{len(few)} submissions, two drivers", part.measured("few.db", 2))
            figures["driver_mib_100"] = some.first_mib and round(some.first_mib, 1)
            if "kills" in options.only:
                due = checked(part, "few.db", few)
                lost, killed = kills(part, due, options.kills, 2, options.seed)
                figures["lost_after_kill"], figures["killed_at_work"] = lost, killed
                print(f"{killed} of {options.kills} kills while it was at work: {lost} lost", flush=True)
        if "speedup" in options.only:
            one = told(f"{size} submissions, one driver", whole.measured("one.db", 1))
            figures["speedup_2_cores"] = round(one.wall_ms / two.wall_ms, 2)
            if checked(whole, "one.db", students) != checked(whole, "two.db", students):
                raise RuntimeError("one driver and two give different scores")
        if "nbgrader" in options.only:
            peer = found("nbgrader", [Path(sys.executable), *(path.absolute() for path in options.peers_python)])
            ratio = beside_nbgrader(room, students, peer, options.isolation, options.cell_seconds)
            figures["nbgrader_over_gradmark"] = ratio
    more = {
        "isolation": options.isolation, "units": units, "submissions": size, "cell_seconds": options.cell_seconds,
        "missed": missed(figures, BARS),
    }  # fmt: skip
    print(json.dumps({"benchmark": "batch", "figures": {**figures, **more}}))


if __name__ == "__main__":
    main()
