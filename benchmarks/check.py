"""Measure a student's check: the time from running the cell ``check("layers.relu_backward")`` to its card.

A kit of each unit is written into a folder and opened in a live ipykernel: the first cell of its notebook runs, and then the
module in ``exercises/`` is saved and an exercise checked, again and again: declared mistakes first, then the model answer, of a
sample of the exercises that have public checks (``--exercises``, ``--mistakes``). So the module has changed before each check and
is loaded anew, and no answer is judged twice. Measured from sending the cell to the arrival of what it shows, seconds of wall
time; what a front end takes to draw it is not in it. A card that says something else than the answer deserves ends the benchmark:
then nothing was measured. Of a fresh kernel the first check reads the unit's data; it is told apart.

The peers get two exercises, ``relu_backward`` and ``affine_backward``, each wrong and right, with the worked examples of our
public checks as tests: otter ``grader.check("relu_backward")`` in a live kernel, nbgrader ``nbgrader validate FILE``, which starts
a kernel of its own. They compare by ``np.allclose``; ours also looks at slopes, arguments and structure, and explains. They are
found beside this Python, in ``--peers-python`` (may be given several times), or on the PATH; one that is not there is null.

Figures, in seconds: ``right_s`` and ``wrong_s``, of which 95 % of our checks take no more, ``..._median_s`` and ``..._most_s``;
``first_s`` and ``first_cell_s``, the most that the first check and the first cell took in the kernels of the units;
``same_right_s`` and ``same_wrong_s``, our medians on the peers' two exercises; ``otter_s`` and ``nbgrader_s``, their medians of
right and wrong ones together.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from check_live.ours import Check, Start, measure, plan, same
from check_live.peers import nbgrader_seconds, otter_seconds
from notebooks_class.turns import Bars, found, missed

from grader.bank import catalogue

BARS: Bars = {"right_s": ("at most", 0.3), "wrong_s": ("at most", 1.5)}
KINDS = ("right", "wrong")
SLOWEST = 5
Figures = dict[str, float | None]
Peers = dict[str, dict[str, list[float]] | None]


def nearly_all(seconds: Sequence[float]) -> float:
    """The smallest of the values that 95 % of them do not pass (the nearest rank)."""
    return sorted(seconds)[math.ceil(0.95 * len(seconds)) - 1]


def summary(starts: Sequence[Start], checks: Sequence[Check], ours: Sequence[Check], peers: Peers) -> Figures:
    """The figures, in seconds.

    Args:
        starts: of each kernel.
        checks: of all units.
        ours: of the exercises that the peers get.
        peers: seconds by kind of answer; None for one that is not installed.

    """
    figures: Figures = {}
    for kind in KINDS:
        seconds = [check.seconds for check in checks if check.kind == kind]
        figures[f"{kind}_s"] = round(nearly_all(seconds), 3)
        figures[f"{kind}_median_s"] = round(statistics.median(seconds), 3)
        figures[f"{kind}_most_s"] = round(max(seconds), 3)
        figures[f"same_{kind}_s"] = round(statistics.median(c.seconds for c in ours if c.kind == kind), 3)
    figures["first_s"] = round(max(start.check_s for start in starts), 3)
    figures["first_cell_s"] = round(max(start.cell_s for start in starts), 3)
    for name, by_kind in peers.items():
        figures[f"{name}_s"] = None if by_kind is None else round(statistics.median(chain(*by_kind.values())), 3)
    return figures


def row(name: str, kind: str, seconds: Sequence[float] | None) -> None:
    """Print how long a kind of answers took."""
    if seconds is None:
        told = "not installed"
    else:
        told = f"{len(seconds):8}{statistics.median(seconds):10.3f}{nearly_all(seconds):10.3f}{max(seconds):10.3f}"
    print(f"{name:24}{kind:8}{told}", flush=True)


def main() -> None:
    """Measure each unit, then the peers, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--exercises", type=int, default=6, help="how many of each unit; 0: all that have public checks"
    )
    parser.add_argument("--mistakes", type=int, default=2, help="how many of each exercise")
    parser.add_argument("--units", default=",".join(catalogue().units), help="these alone; all by default")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--rounds", type=int, default=3, help="of the exercises that the peers get")
    parser.add_argument("--peers-python", type=Path, action="append", default=[], metavar="PATH")
    told = parser.parse_args()
    units = told.units.split(",")
    if not {*units} <= {*catalogue().units}:
        parser.error(f"the units are {', '.join(catalogue().units)}")
    starts: list[Start] = []
    checks: list[Check] = []
    print(f"{'seconds to the card':24}{'':8}{'checks':>8}{'median':>10}{'95 %':>10}{'most':>10}")
    for unit in units:
        start, of_unit = measure(unit, plan(unit, told.exercises, told.mistakes, told.seed))
        starts.append(start)
        checks += of_unit
        for kind in KINDS:
            row(unit, kind, [check.seconds for check in of_unit if check.kind == kind])
    _, ours = measure("layers", same(told.rounds))
    pythons = [Path(sys.executable), *(path.absolute() for path in told.peers_python)]
    peers: Peers = {}
    for name, seconds_of in (("otter", otter_seconds), ("nbgrader", nbgrader_seconds)):
        python = found(name, pythons)
        peers[name] = seconds_of(python, told.rounds) if python is not None else None
    for kind in KINDS:
        row("all", kind, [check.seconds for check in checks if check.kind == kind])
        row("the peers' two, ours", kind, [check.seconds for check in ours if check.kind == kind])
        for name, by_kind in peers.items():
            row(f"the peers' two, {name}", kind, None if by_kind is None else by_kind[kind])
    for start, unit in zip(starts, units, strict=True):
        print(f"{unit}: the notebook's first cell took {start.cell_s:.3f} s, the first check {start.check_s:.3f} s")
    for check in sorted(checks, key=lambda check: -check.seconds)[:SLOWEST]:
        print(f"slow: {check.exercise}, {check.kind}, {check.what}: {check.seconds:.3f} s")
    figures = summary(starts, checks, ours, peers)
    of = {"units": units, "checks": len(checks), "rounds": told.rounds, "missed": missed(figures, BARS)}
    print(json.dumps({"benchmark": "check", "figures": {**figures, **of}}))


if __name__ == "__main__":
    main()
