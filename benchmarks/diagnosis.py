"""Measure the explanations of wrong answers: how many are named, how many of these truly, and how long one takes.

Three kinds of wrong answers to each unit: every declared mistake of the bank, mutants of the model answers (a sample), and the
fresh gallery (of later units, their own gallery), written from the public contract alone, of which each entry lists the facts that
are true of it. Named truly is

- a declared mistake that is called by its name,
- a mutant whose kind of slip is told, or of which the same is said on other cases, drawn with another seed: what was a
  coincidence is said once,
- an entry of the gallery of which nothing is said that its list has not.

The rest is named falsely, or not at all (``abstained``). ``right_diagnosed`` counts right answers of which a fault was told.
Prints a table, and as its last line ``{"benchmark": "diagnosis", "figures": {...}}``: shares of those rejected, ms of CPU each.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "bank"))

from gallery import FRESH, RIGHT, RIGHT_OF_UNITS, WITH_TRUTH, WRONG_OF_UNITS, Entry

from grader.bank import catalogue
from grader.diagnosis import explain
from grader.judging import Bench, Exercise, Judge, Unit, points
from grader.judging.recognise import mutants
from grader.student import LocalAnswers

KINDS = ("declared", "mutants", "fresh")
OTHER_SEED = 12345
BARS = {"fresh_named_truly": 0.85, "fresh_named_falsely": 0, "ms_each": 20.0}
Functions = Mapping[str, Callable[..., Any]]


@dataclass
class Tally:
    """The wrong answers of one kind in one unit: how many were rejected, and what became of each."""

    rejected: int = 0
    truly: int = 0
    falsely: int = 0
    seconds: float = 0.0
    false: list[str] = field(default_factory=list)

    def count(self, what: str, told: set[str], true: Callable[[set[str]], bool], seconds: float) -> None:
        """Count one answer; of a false name keep what it was."""
        self.rejected += 1
        self.seconds += seconds
        if told and true(told):
            self.truly += 1
        elif told:
            self.falsely += 1
            self.false.append(f"{what}: {', '.join(sorted(told))}")


def told_of(
    functions: Functions, exercise: Exercise, bench: Bench, source: str | None = None
) -> tuple[bool, set[str], float]:
    """Judge and explain an answer; return if it was rejected, the codes of what was told, and the seconds of telling it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answers = LocalAnswers(functions, source=source)
        verdicts = Judge(answers, bench).verdicts(exercise)
        started = time.process_time()
        told = explain(exercise, verdicts, answers, bench)
        seconds = time.process_time() - started
    codes = {words.diagnosis.mistake for words in told if words.diagnosis is not None}
    return points(verdicts) < exercise.points, codes, seconds


def measure(unit: Unit, share: int, quiet: bool) -> dict[str, Tally]:
    """Have every wrong answer to a unit explained."""
    bench, other = Bench(unit.exercises), Bench(unit.exercises, seed=OTHER_SEED)
    right = {exercise.function: exercise.answer() for exercise in unit.exercises}
    tallies = {kind: Tally() for kind in KINDS}
    for exercise in unit.exercises:
        for mistake in exercise.mistakes:
            rejected, told, seconds = told_of({**right, exercise.function: mistake.answer}, exercise, bench)
            if rejected:
                tallies["declared"].count(
                    f"{exercise.name} {mistake.name}", told, lambda codes, name=mistake.name: name in codes, seconds
                )
        for number, kind, mutant in _sample(exercise, share):
            functions = {**right, exercise.function: mutant}
            rejected, told, seconds = told_of(functions, exercise, bench)
            if rejected:
                again = told_of(functions, exercise, other)[1]
                tallies["mutants"].count(
                    f"{exercise.name} mutant {number}",
                    told,
                    lambda codes, true={kind, *again}: bool(codes & true),
                    seconds,
                )
    for entry in WRONG_OF_UNITS[unit.name] if unit.name in WITH_TRUTH else FRESH:
        (name,) = entry.exercises
        if name.partition(".")[0] == unit.name:
            exercise = catalogue().exercise(name)
            rejected, told, seconds = told_of(entry.namespace(), exercise, bench, entry.source)
            if rejected:
                tallies["fresh"].count(entry.ident, told, lambda codes, true=entry.true: codes <= true, seconds)
    if not quiet:
        for kind, tally in tallies.items():
            for line in tally.false:
                print(f"falsely, {kind}: {line}")
    return tallies


def _sample(exercise: Exercise, share: int) -> Iterator[tuple[int, str, Callable[..., Any]]]:
    """Yield some mutants of an exercise's model answer, the same in each run."""
    if not exercise.inputs:
        return
    known = list(enumerate(mutants(exercise.answer())))
    for number, mutant in sorted(random.Random(exercise.name).sample(known, min(share, len(known)))):  # noqa: S311 - a sample
        yield number, mutant.kind, mutant.answer


def right_diagnosed(unit: Unit) -> int:
    """Count the right answers of the gallery of which a fault is told."""
    bench = Bench(unit.exercises)
    entries: list[Entry] = [*RIGHT, *RIGHT_OF_UNITS.get(unit.name, ())]
    pairs = [(entry, name) for entry in entries for name in entry.exercises if name.startswith(f"{unit.name}.")]
    return sum(told_of(e.namespace(), catalogue().exercise(name), bench, e.source)[1] != set() for e, name in pairs)


def main() -> None:
    """Measure each unit, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutants", type=int, default=12, help="how many of each model answer")
    parser.add_argument("--quiet", action="store_true", help="do not list what was named falsely")
    told = parser.parse_args()
    figures: dict[str, float] = {}
    print(f"{'':22}{'rejected':>9}{'truly':>8}{'falsely':>9}{'abstained':>11}{'ms each':>9}")
    for unit in catalogue().units.values():
        tallies = measure(unit, told.mutants, told.quiet)
        for kind, t in tallies.items():
            shares = [part / max(1, t.rejected) for part in (t.truly, t.rejected - t.truly - t.falsely)]
            ms = 1000 * t.seconds / max(1, t.rejected)
            print(f"{unit.name + ' ' + kind:22}{t.rejected:9}{shares[0]:8.3f}{t.falsely:9}{shares[1]:11.3f}{ms:9.1f}")
            figures[f"{unit.name}_{kind}_named_truly"] = round(shares[0], 3)
            figures[f"{unit.name}_{kind}_named_falsely"] = t.falsely
            figures[f"{unit.name}_{kind}_abstained"] = round(shares[1], 3)
        total = sum(t.rejected for t in tallies.values())
        figures[f"{unit.name}_ms_each"] = round(1000 * sum(t.seconds for t in tallies.values()) / max(1, total), 1)
        figures[f"{unit.name}_right_diagnosed"] = right_diagnosed(unit)
    for unit in catalogue().units:
        print(
            f"{unit}: {figures[f'{unit}_right_diagnosed']} right answers were told a fault; {figures[f'{unit}_ms_each']} ms each"
        )
    asked = f"{BARS['fresh_named_truly']:.0%} named truly, none falsely; at most {BARS['ms_each']:g} ms each"
    print(f"asked of the fresh gallery: {asked}")
    print(json.dumps({"benchmark": "diagnosis", "figures": figures}))


if __name__ == "__main__":
    main()
