"""The declaration of a unit: a chapter of the course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType

from grader.errors import BankError
from grader.judging.declare.exercise import Exercise

__all__ = ["Unit"]


@dataclass(frozen=True)
class Unit:
    """A chapter of the course: its exercises in the order in which they are taught."""

    name: str
    number: int
    title: str
    exercises: tuple[Exercise, ...]

    def __post_init__(self) -> None:
        known: dict[str, Exercise] = {}
        for exercise in self.exercises:
            if exercise.unit != self.name:
                raise BankError(f"{exercise.where}: {exercise.name} is declared in unit {self.name}")
            first = known.setdefault(exercise.name, exercise)
            if first is not exercise:
                raise BankError(f"{exercise.where}: {exercise.name} is declared twice: first at {first.where}")

    @classmethod
    def of_modules(cls, name: str, number: int, title: str, modules: Sequence[ModuleType]) -> Unit:
        """Make a unit of all exercises that some modules declare, in the order of the modules and of their declarations."""
        declared = [thing for module in modules for thing in vars(module).values() if isinstance(thing, Exercise)]
        return cls(name, number, title, tuple(declared))

    @property
    def points(self) -> float:
        """Return the points that the unit is worth as an assignment."""
        return round(sum(exercise.points for exercise in self.exercises), 9)
