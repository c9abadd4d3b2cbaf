"""Common parts of benchmarks over whole commands: finding peers, proving the meter, one measurement, tables and bars."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Literal

from notebooks_class.forms import environment
from notebooks_class.meter import Cost, burners, measured

__all__ = ["Bars", "found", "missed", "once", "prove_the_meter", "table"]

Bars = Mapping[str, tuple[Literal["at least", "at most"], float]]
"""By figure, which side of a number it ought to be on."""


def found(program: str, pythons: Sequence[Path]) -> Path | None:
    """The Python beside which a program is installed: of the given ones, then wherever the PATH leads."""
    for python in pythons:
        if (python.parent / program).exists():
            return python
    there = shutil.which(program)
    return Path(there).parent / "python" if there else None


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


def once(
    commands: Callable[[Path], Sequence[Sequence[str]]],
    python: Path,
    template: Path,
    *,
    memory: bool = False,
    statuses: Collection[int] = (0,),
    look: Callable[[Path, Cost], None] = lambda _folder, _cost: None,
) -> Cost:
    """Measure commands on a fresh copy of a folder.

    Args:
        commands: what to run, given the copy.
        python: the Python beside which the programs are installed.
        template: the folder; it stays as it is.
        memory: whether to look at the memory of all processes.
        statuses: how the commands may end.
        look: what is done with the copy afterwards, not measured.

    Raises:
        RuntimeError: a command failed, or a process was left over; and whatever ``look`` raises.

    """
    with tempfile.TemporaryDirectory(prefix="bench-") as room:
        folder = Path(room) / "course"
        shutil.copytree(template, folder)
        told = commands(folder)
        cost = measured(told, folder, environment(python, folder), memory=memory)
        if not set(cost.statuses) <= set(statuses) or cost.left_over:
            raise RuntimeError(
                f"{Path(told[0][0]).name}: exit status {cost.statuses}, {cost.left_over} processes left over\n{cost.output}"
            )
        look(folder, cost)
    return cost


def table(title: str, rows: dict[str, tuple[float | None, ...]], heads: Sequence[str]) -> None:
    """Print one."""
    print(f"\n{title:30s}" + "".join(f"{head:>16s}" for head in heads))
    for name, row in rows.items():
        print(f"{name:30s}" + "".join(f"{'not installed' if v is None else f'{v:.1f}':>16s}" for v in row))


def missed(figures: Mapping[str, object], bars: Bars) -> list[str]:
    """Print each bar with what became of it; return those that were missed."""
    found = []
    print()
    for key, (way, bar) in bars.items():
        value = figures[key]
        kept = (value <= bar) == (way == "at most") if isinstance(value, int | float) else None
        print(
            f"{key} {value}: {way} {bar:g} is asked, {'not measured' if kept is None else 'kept' if kept else 'MISSED'}"
        )
        found += [key] if kept is False else []
    return found
