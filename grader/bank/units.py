"""The catalogue: every unit with its exercises, by name; those of a course's private banks among them.

Nothing is found by scanning: a unit is asked because it stands in :data:`UNITS`, or in that of a private bank.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from grader.bank.loading import load_unit
from grader.bank.private import added
from grader.errors import UsageError
from grader.judging import Exercise, Unit

__all__ = ["UNITS", "Catalogue", "catalogue"]

UNITS = (
    "chain_rule",
    "graphs",
    "forward_mode",
    "reverse_mode",
    "linear_models",
    "layers",
    "mlp",
    "optimizers",
    "recurrent",
    "regularization",
    "convolution",
    "attention",
)
"""The units of the course in the order of their numbers; each is a module or package here."""


@dataclass(frozen=True)
class Catalogue:
    """All units by name."""

    units: dict[str, Unit]

    def exercise(self, name: str) -> Exercise:
        """Return the exercise of this full name.

        Raises:
            UsageError: there is no such exercise; the message names the closest.

        """
        known = {exercise.name: exercise for unit in self.units.values() for exercise in unit.exercises}
        if name in known:
            return known[name]
        raise UsageError(f"there is no exercise {name!r}{_closest(name, known)}; see `gradmark list`")

    def named(self, name: str) -> tuple[Exercise, ...]:
        """Return the exercises that a name may mean: its own, or all of a function's or a pair's name without the unit.

        Raises:
            UsageError: there is none; the message names the closest.

        """
        exercises = [exercise for unit in self.units.values() for exercise in unit.exercises]
        for means in (
            lambda e: e.name == name,
            lambda e: e.function == name,
            lambda e: e.function.startswith(f"{name}_") or e.name.startswith(f"{name}_"),
        ):
            if found := tuple(filter(means, exercises)):
                return found
        return (self.exercise(name),)

    def within(self, names: Iterable[str]) -> list[tuple[Unit, tuple[Exercise, ...]]]:
        """Return the units that names mean, each with those of its exercises that are meant: all of them without a name.

        Args:
            names: of units, exercises, functions or pairs, as :meth:`named`.

        Raises:
            UsageError: a name means nothing; the message names the closest.

        """
        meant: set[str] = set()
        everything = True
        for name in names:
            everything = False
            found = self.units[name].exercises if name in self.units else self.named(name)
            meant.update(exercise.name for exercise in found)
        units = [
            (unit, tuple(e for e in unit.exercises if everything or e.name in meant)) for unit in self.units.values()
        ]
        return [(unit, exercises) for unit, exercises in units if exercises]

    def unit(self, name: str) -> Unit:
        """Return the unit of this name.

        Raises:
            UsageError: there is no such unit; the message names the closest.

        """
        if name in self.units:
            return self.units[name]
        raise UsageError(
            f"there is no assignment {name!r}{_closest(name, self.units)}; there are {', '.join(self.units)}"
        )


def _closest(name: str, known: Iterable[str]) -> str:
    short = {k.rpartition(".")[2]: k for k in known}
    found = difflib.get_close_matches(name, list(known), 1) or difflib.get_close_matches(name, list(short), 1)
    return f", did you mean {short.get(found[0], found[0])!r}?" if found else ""


@lru_cache(maxsize=4)
def catalogue(banks: tuple[Path, ...] = ()) -> Catalogue:
    """Return the catalogue of this version with the units of private banks, cached; units are imported at the first call.

    Args:
        banks: the folders of a course's private banks (``Course.bank``).

    Raises:
        BankError: an exercise of ours is declared wrongly.
        UsageError: a private bank is not there, does not load, or declares what another one declares.

    """
    return Catalogue(added({name: load_unit("grader.bank", name) for name in UNITS}, banks))
