"""The pool that an exam is drawn from: exercises in groups, since some are asked together or not at all.

A backward pass takes what its forward pass keeps, and several exercises may ask for one class or function: these are one group.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from grader.errors import BankError
from grader.judging import Exercise, Unit

__all__ = ["FORMS", "LEFT_OUT", "Group", "form_of", "groups_of"]

FORMS = (
    "function", "object", "higher order", "graph", "formula", "vectorise", "training", "planted fault", "test to write",
    "prediction", "question",
)  # fmt: skip
"""The forms by which an instructor asks. A function may be a forward pass, a backward pass or a loss too."""
FUNCTIONS = ("forward pass", "backward pass", "loss")
LEFT_OUT = ("training",)
"""Drawn where they are asked for by name only: a training run builds on functions that a paper may not have."""
Kind = tuple[str, tuple[tuple[str, Fraction], ...]]


@dataclass(frozen=True)
class Group:
    """Exercises that are asked together.

    Args:
        names: in the order of the unit.
        functions: the names that the student defines for them.
        unit: theirs.
        form: theirs; where they differ, that of the most points.
        parts: the exact form and the points of each.

    """

    names: tuple[str, ...]
    functions: frozenset[str]
    unit: str
    form: str
    parts: tuple[tuple[str, Fraction], ...]

    @property
    def points(self) -> Fraction:
        """Return the points of all of them."""
        return sum((points for _, points in self.parts), Fraction())

    @property
    def targets(self) -> list[str]:
        """Return the full names of the functions."""
        return [f"{self.unit}.{name}" for name in sorted(self.functions)]

    @property
    def kind(self) -> Kind:
        """Return what makes another group as good in an exam: the same unit, the same forms, the same points of each."""
        return self.unit, self.parts


def form_of(exercise: Exercise) -> str:
    """Return the form of an exercise as an instructor asks for it."""
    return "function" if exercise.form in FUNCTIONS else exercise.form


def groups_of(units: Mapping[str, Unit], names: Iterable[str], forms: Iterable[str]) -> list[Group]:
    """Return the groups of some units that are of some forms, in the order of units and exercises.

    A group without points is left out, and so is one that builds on a class which others ask for: a function that is called with
    the student's own ``Dual`` cannot be asked without it.
    """
    wanted = set(forms)
    found = [group for name in names for group in _groups(units[name])]
    return [group for group in found if group.form in wanted and group.points > 0]


def _groups(unit: Unit) -> list[Group]:
    together: dict[str, list[Exercise]] = {}
    of_function: dict[str, str] = {}
    for exercise in unit.exercises:
        own, pair = exercise.function, exercise.pair
        head = of_function.get(own) or (of_function.get(pair) if pair else None) or own
        for function in (own, *([pair] if pair else [])):
            old = of_function.setdefault(function, head)
            if old != head:  # two groups turn out to be one
                together[head] = [*together.pop(old, []), *together.get(head, [])]
                of_function.update({name: head for name, known in of_function.items() if known == old})
        together.setdefault(head, []).append(exercise)
    order = {exercise.name: place for place, exercise in enumerate(unit.exercises)}
    classes = {exercise.function for exercise in unit.exercises if exercise.form == "object"}
    groups = []
    for members in together.values():
        members.sort(key=lambda exercise: order[exercise.name])
        functions = frozenset(exercise.function for exercise in members)
        pairs = {exercise.pair for exercise in members if exercise.pair}
        if pairs <= functions and not any(_mentions(exercise) & (classes - functions) for exercise in members):
            groups.append(_group(unit.name, members, functions))
    return sorted(groups, key=lambda group: order[group.names[0]])


def _group(unit: str, members: list[Exercise], functions: frozenset[str]) -> Group:
    parts = tuple((exercise.form, Fraction(exercise.points).limit_denominator(1000)) for exercise in members)
    of_form: dict[str, Fraction] = {}
    for exercise, (_, points) in zip(members, parts, strict=True):
        of_form[form_of(exercise)] = of_form.get(form_of(exercise), Fraction()) + points
    form = max(of_form, key=lambda name: of_form[name])
    return Group(tuple(exercise.name for exercise in members), functions, unit, form, parts)


def _mentions(exercise: Exercise) -> set[str]:
    """Return the words in the annotations of what is to be written, and in its prompt if it takes functions, which it then calls.

    None where the model answer is not installed.
    """
    if exercise.form in ("prediction", "question"):
        return set()
    try:
        answer = exercise.answer()
    except BankError:
        return set()
    notes = [note if isinstance(note, str) else repr(note) for note in getattr(answer, "__annotations__", {}).values()]
    if exercise.form == "higher order":
        notes.append(answer.__doc__ or "")
    return {word for text in notes for word in re.findall(r"\w+", text)}
