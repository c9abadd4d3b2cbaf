"""The ground on which a bank is tried: its exercises, benches at several seeds, and answers of our own put to the judge."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from grader.bank import stub_source
from grader.diagnosis import Explanation, explain
from grader.judging import Bench, Case, Exercise, Judge, PublicBench, Verdict
from grader.student import LocalAnswers

__all__ = ["SEEDS", "Ground"]

SEEDS = (0, 1, 7)
"""Seeds of the drawn cases: that of ``gradmark grade``, and two others."""
Functions = Mapping[str, Any]


class Ground:
    """Exercises of one unit, with all that is needed to have answers to them judged; each part is made when it is first needed.

    Args:
        exercises: all exercises of the unit.
        seeds: of the benches; the first is the one at which answers are explained.
        examples: the worked examples that students are given, by exercise; without it those of the bench.

    """

    def __init__(
        self,
        exercises: Sequence[Exercise],
        seeds: Sequence[int] = SEEDS,
        examples: Mapping[str, tuple[Case, ...]] | None = None,
    ) -> None:
        self.exercises = tuple(exercises)
        self.unit = self.exercises[0].unit
        self.benches = {seed: Bench(exercises, seed) for seed in seeds}
        self.bench = self.benches[seeds[0]]
        self.battery = Bench(exercises, drawn=0)
        """The cases that every seed has: what is caught on them needs no drawn case."""
        self._examples = examples

    @cached_property
    def models(self) -> Mapping[str, Callable[..., Any]]:
        """Return the model answers by their short names."""
        return {exercise.function: exercise.answer() for exercise in self.exercises}

    @cached_property
    def stubs(self) -> Functions:
        """Return the functions of the unit's stub by name: its text is derived from the model answers, and executed."""
        scope: dict[str, Any] = {"__name__": f"stubs_of_{self.unit}"}
        exec(compile(stub_source(self.unit), f"<stubs of {self.unit}>", "exec"), scope)  # noqa: S102 - derived from our own answers
        return scope

    @cached_property
    def public(self) -> PublicBench:
        """Return the bench that a student has."""
        given = self._examples
        return PublicBench(
            self.exercises, {e.name: self.bench.examples(e) for e in self.exercises} if given is None else given
        )

    def with_(self, exercise: Exercise, answer: Any, **others: Any) -> Functions:
        """Return the model answers with another answer to one exercise, and perhaps to others."""
        return {**self.models, exercise.function: answer, **others}

    def dependents(self, exercise: Exercise) -> tuple[Exercise, ...]:
        """Return the other exercises that ask for the same function or class: of a forward pass its backward pass."""
        return tuple(e for e in self.exercises if e is not exercise and exercise.function in (e.pair, e.function))

    def verdicts(self, functions: Functions, exercise: Exercise, bench: Bench | None = None) -> tuple[Verdict, ...]:
        """Judge one exercise of these functions, without warnings: right code may warn on its way to the right value."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Judge(LocalAnswers(functions), bench or self.bench).verdicts(exercise)

    def explained(
        self, functions: Functions, exercise: Exercise, bench: Bench | None = None
    ) -> list[tuple[Verdict, Explanation]]:
        """Judge one exercise of these functions; return each verdict with its explanation."""
        bench = bench or self.bench
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answers = LocalAnswers(functions)
            judged = Judge(answers, bench).verdicts(exercise)
            return list(zip(judged, explain(exercise, judged, answers, bench), strict=True))

    def told(
        self, functions: Functions, exercise: Exercise, bench: Bench | None = None
    ) -> tuple[list[Verdict], set[str]]:
        """Judge one exercise of these functions; return the verdicts and the codes of all diagnoses."""
        explained = self.explained(functions, exercise, bench)
        return [v for v, _ in explained], {e.diagnosis.mistake for _, e in explained if e.diagnosis is not None}
