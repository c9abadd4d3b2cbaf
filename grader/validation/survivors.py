"""Mutants of the model answer put to the judge: each must lose points, at every seed, or be listed as equivalent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from grader.judging import Bench, Exercise, Verdict, points
from grader.validated import Hole
from grader.validation.ground import Begin, Ground, begun
from grader.validation.known import known_of
from grader.validation.limit import TooLongError, within
from grader.validation.mutation import Changed, changed_answers
from grader.validation.promises import documented_flat

__all__ = ["Tried", "mutants_of"]

FREE = ("training", "test to write")
"""Forms that are judged by what they attain: whatever attains it is right, and no change of the model answer is made."""


@dataclass
class Tried:
    """The fate of the mutants of an exercise."""

    made: int = 0
    caught: int = 0
    equivalent: int = 0
    holes: list[Hole] = field(default_factory=list)
    verdicts: list[tuple[Verdict, ...]] = field(default_factory=list)


def mutants_of(
    exercise: Exercise,
    ground: Ground,
    listed: Mapping[str, str],
    seconds: float,
    begin: Begin = begun,
) -> Tried:
    """Put the mutants of an exercise to the judge.

    Args:
        exercise: whose model answer is changed.
        ground: its unit.
        listed: those that are listed as equivalent, with the reason.
        seconds: of the processor; a mutant that takes longer at one bench is caught.
        begin: told the name of each mutant before it is tried; false if it is known not to end.

    """
    tried = Tried()
    produced: set[str] = set()
    for mutant in _changes(exercise, ground):
        tried.made += 1
        produced.add(mutant.name)
        is_caught = not begin(mutant.name) or _is_caught(exercise, mutant, ground, seconds, tried)
        tried.caught += is_caught
        if is_caught and mutant.name in listed:
            what = f"listed as equivalent, and caught: {mutant.name}"
            tried.holes.append(Hole("equivalent", exercise.name, what, "take it off the list"))
        elif mutant.name in listed:
            tried.equivalent += 1
        elif not is_caught:
            what = f"full marks for {mutant.kind.replace('_', ' ')}: {mutant.name}"
            todo = "add a case that tells it, or list it as equivalent"
            tried.holes.append(Hole("mutant", exercise.name, what, todo))
    for name in listed:
        if name not in produced and (tried.made or exercise.form in FREE):
            what = f"listed as equivalent, and no longer produced: {name}"
            tried.holes.append(
                Hole("equivalent", exercise.name, what, "take it off the list, or write the line as it is now")
            )
    return tried


def _changes(exercise: Exercise, ground: Ground) -> Iterator[Changed]:
    """Yield the mutants to be tried; none where an earlier exercise asks for the same class: they were tried with that one."""
    first = next(e for e in ground.exercises if e.function == exercise.function)
    if exercise is first and exercise.form not in FREE:
        model = ground.models[exercise.function]
        cases = [case for bench in ground.benches.values() for case in bench.cases(exercise)]
        known = known_of(exercise, model, (*cases, *ground.public.examples(exercise.name)))
        flat = dict.fromkeys(documented_flat(exercise, ground), 1)
        yield from changed_answers(model, replace(known, ranks={**known.ranks, **flat}), ground.given)


def _is_caught(exercise: Exercise, mutant: Changed, ground: Ground, seconds: float, tried: Tried) -> bool:
    """Return True if a mutant loses points in its exercise, or in one that is asked through it, whatever the seed.

    It is tried on the cheapest cases first, and done with where it loses points.
    """
    functions = ground.with_(exercise, mutant.answer)
    asked = (exercise, *ground.dependents(exercise))

    def loses(e: Exercise, bench: Bench) -> bool:
        with within(seconds):
            verdicts = ground.verdicts(functions, e, bench)
        if e is exercise:
            tried.verdicts.append(verdicts)
        return points(verdicts) < e.points

    try:
        if any(loses(e, bench) for e in asked for bench in (ground.few, ground.battery)):
            return True
        return all(any(loses(e, bench) for e in asked) for bench in ground.benches_of(exercise).values())
    except TooLongError:
        return True
