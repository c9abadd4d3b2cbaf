"""The ground on which a bank is tried: its exercises, benches at several seeds, and answers of our own put to the judge."""

from __future__ import annotations

import ast
import json
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from grader.bank import stub_source
from grader.diagnosis import Explanation, explain
from grader.judging import (
    Bench,
    Case,
    Exercise,
    Judge,
    Mistake,
    PublicUnit,
    Unit,
    Verdict,
    packed_unit,
    planted_source,
    restored_unit,
)
from grader.student import LocalAnswers, untouched
from grader.validation.mutation import bodies

__all__ = ["SEEDS", "Begin", "Ground", "begun"]

SEEDS = (0, 1, 7)
"""Seeds of the drawn cases: that of ``gradmark grade``, and two others for the model answers and what only drawn cases catch."""
FEW = 3
"""The cases on which a mutant is tried first."""
Functions = Mapping[str, Any]
Begin = Callable[[str], bool]
"""Told the name of a wrong answer before it is tried; false if it is known not to end."""


def begun(_: str) -> bool:
    """Let every answer be tried, and tell nobody."""
    return True


class Ground:
    """Exercises of one unit, with all that is needed to have answers to them judged; each part is made when it is first needed.

    Args:
        exercises: all exercises of the unit.
        seeds: of the benches; the first is the one at which answers are explained.
        public: what students are given of the unit; without it what is derived from the exercises.
        stubs: the text of the unit's stub; without it that of the catalogue's unit of this name.

    """

    def __init__(
        self,
        exercises: Sequence[Exercise],
        seeds: Sequence[int] = SEEDS,
        public: PublicUnit | None = None,
        stubs: str | None = None,
    ) -> None:
        self.exercises = tuple(exercises)
        self.unit = self.exercises[0].unit
        self.benches = {seed: Bench(exercises, seed) for seed in seeds}
        self.bench = self.benches[seeds[0]]
        self.battery = Bench(exercises, drawn=0)
        """The cases that every seed has: what is caught on them needs no drawn case."""
        self.few = _Few(exercises, self.battery)
        """The cheapest of these, on which most mutants are caught: what is wrong on some cases is wrong on all."""
        self._public, self._stubs = public, stubs

    @cached_property
    def models(self) -> Mapping[str, Callable[..., Any]]:
        """Return the model answers by their short names."""
        return {exercise.function: exercise.answer() for exercise in self.exercises}

    @cached_property
    def stubs(self) -> Functions:
        """Return the functions of the unit's stub by name: its text is derived from the model answers, and executed."""
        scope: dict[str, Any] = {"__name__": f"stubs_of_{self.unit}"}
        exec(compile(self._text, f"<stubs of {self.unit}>", "exec"), scope)  # noqa: S102 - derived from our own answers
        return scope

    @cached_property
    def _text(self) -> str:
        return stub_source(self.unit) if self._stubs is None else self._stubs

    @cached_property
    def given(self) -> Mapping[str, str]:
        """Return what stands in the stub, by name: functions and methods that are as in the model answers are not the student's."""
        return bodies(ast.parse(self._text))

    @cached_property
    def public(self) -> PublicUnit:
        """Return what a student has of the unit."""
        if self._public is not None:
            return self._public
        derived = packed_unit(Unit(self.unit, 0, self.unit, self.exercises), self.battery)
        return restored_unit(json.loads(json.dumps(derived)))

    def with_(self, exercise: Exercise, answer: Any, **others: Any) -> Functions:
        """Return the model answers with another answer to one exercise, and perhaps to others."""
        return {**self.models, exercise.function: answer, **others}

    def mistaken(self, exercise: Exercise, mistake: Mistake) -> Functions:
        """Return the model answers with a declared mistake; a planted fault as if somebody had written it."""
        answer = mistake.answer
        return self.with_(exercise, answer if mistake.name != exercise.planted else _written(answer))

    def benches_of(self, exercise: Exercise) -> Mapping[int, Bench]:
        """Return the benches by seed: the first one alone where nothing is drawn, since all are the same."""
        return self.benches if exercise.inputs else dict(list(self.benches.items())[:1])

    def dependents(self, exercise: Exercise) -> tuple[Exercise, ...]:
        """Return the other exercises that ask for the same function or class: of a forward pass its backward pass."""
        return tuple(e for e in self.exercises if e is not exercise and exercise.function in (e.pair, e.function))

    def verdicts(
        self, functions: Functions, exercise: Exercise, bench: Bench | None = None, source: str | None = None
    ) -> tuple[Verdict, ...]:
        """Judge one exercise of these functions, without warnings: right code may warn on its way to the right value.

        ``source`` is the text in which they are to be read, if it is not that of their modules.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Judge(_answers(functions, exercise, source), bench or self.bench).verdicts(exercise)

    def explained(
        self, functions: Functions, exercise: Exercise, bench: Bench | None = None
    ) -> list[tuple[Verdict, Explanation]]:
        """Judge one exercise of these functions; return each verdict with its explanation."""
        bench = bench or self.bench
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answers = _answers(functions, exercise)
            judged = Judge(answers, bench).verdicts(exercise)
            return list(zip(judged, explain(exercise, judged, answers, bench), strict=True))

    def told(
        self, functions: Functions, exercise: Exercise, bench: Bench | None = None
    ) -> tuple[list[Verdict], set[str]]:
        """Judge one exercise of these functions; return the verdicts and the codes of all diagnoses."""
        explained = self.explained(functions, exercise, bench)
        return [v for v, _ in explained], {e.diagnosis.mistake for _, e in explained if e.diagnosis is not None}


class _Few(Bench):
    """A bench with the smallest cases of another one, and one point of slopes."""

    def __init__(self, exercises: Sequence[Exercise], whole: Bench) -> None:
        super().__init__(exercises, drawn=0)
        self._whole = whole
        self._chosen: dict[str, tuple[Case, ...]] = {}

    def cases(self, exercise: Exercise) -> tuple[Case, ...]:
        """Return the smallest cases of the other bench, in order of size."""
        if exercise.name not in self._chosen:
            in_order = sorted(self._whole.cases(exercise), key=lambda case: _size(tuple(case.inputs.values())))
            self._chosen[exercise.name] = tuple(in_order[:FEW])
        return self._chosen[exercise.name]

    def examples(self, exercise: Exercise) -> tuple[Case, ...]:
        """Return the smallest worked example."""
        return self.cases(exercise)[:1]

    def slopes(self, exercise: Exercise) -> list[Mapping[str, Any]]:
        """Return one ordinary input."""
        return super().slopes(exercise)[:1]


def _size(value: Any) -> int:
    """Return the number of entries in a value of a case."""
    if isinstance(value, dict):
        value = tuple(value.values())
    return sum(map(_size, value)) if isinstance(value, (list, tuple)) else int(np.size(value))


def _answers(functions: Functions, exercise: Exercise, source: str | None = None) -> LocalAnswers:
    """Return the answers of functions, a planted fault that nobody touched among them."""
    return LocalAnswers(
        functions, source=source, untouched=untouched({exercise.function: planted_source(exercise)}, functions)
    )


def _written(answer: Callable[..., Any]) -> Callable[..., Any]:
    def written(*args: Any) -> Any:
        return answer(*args)

    return written
