"""A case: one input with its right answers, made once and put to every submission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from grader.errors import BankError
from grader.judging.cases.expected import copied, expected_of, run_locally
from grader.judging.declare import Exercise, Finding, Plan, Recipe, passed
from grader.judging.numerics import Block, Expected, blocks

__all__ = ["Case", "make_case"]


@dataclass(frozen=True, eq=False)
class Case:
    """One input with its right answers. ``expected`` is None where the model answer is not installed.

    ``documented`` is the cache that the stub documents, for a backward pass. ``known_kinks`` stands for :attr:`kinks` where there
    is no model answer to find them by.
    """

    exercise: Exercise = field(repr=False)
    recipe: Recipe
    inputs: Mapping[str, Any] = field(repr=False)
    expected: tuple[Expected, ...] | None = field(repr=False)
    documented: Any = field(default=None, repr=False)
    known_kinks: list[Block] | None = field(default=None, repr=False)

    @property
    def regime(self) -> str:
        """Return the style of the case's recipe."""
        return self.recipe.style

    @property
    def may_be_at_kinks(self) -> bool:
        """Return True unless the inputs are drawn from a continuum, and so never on a kink."""
        return self.regime in ("ties", "integers") or bool(self.recipe.edits)

    def plan(self, documented: bool) -> Plan:
        """Return the plan that obtains the outputs, with the documented cache or with that of the student's forward pass."""
        return self._plan_with_documented_cache if documented else self._plan

    @cached_property
    def _plan(self) -> Plan:
        return self.exercise.plan(self.inputs)

    @cached_property
    def _plan_with_documented_cache(self) -> Plan:
        return self.exercise.plan(self.inputs, self.documented)

    @cached_property
    def kinks(self) -> list[Block]:
        """Find the blocks of output entries (all outputs flattened into one) that jump near the input; none if it is smooth."""
        if self.known_kinks is not None:
            return self.known_kinks
        below = self.exercise.given_below(self.inputs)
        wrt = tuple(k for k, v in below.items() if isinstance(v, np.ndarray) and v.dtype == float)

        def gradient(inputs: Mapping[str, Any]) -> np.ndarray[Any, Any]:
            return np.concatenate([np.ravel(v) for v in run_locally(self.exercise, inputs)])

        return blocks(gradient, self.inputs, wrt)


def make_case(exercise: Exercise, recipe: Recipe, inputs: Mapping[str, Any]) -> Case | None:
    """Make the case of the inputs that a recipe gave; return None if the right answer there is not finite or does not exist.

    Raises:
        BankError: the model answer does not meet what is asked.

    """
    try:
        expected = expected_of(exercise, inputs)
    except (np.linalg.LinAlgError, BankError):
        return None
    for unmet in (e.value for e in expected if isinstance(e.value, Finding) and not e.value.met):
        raise BankError(f"{exercise.name}: the model answer does not meet what is asked: {unmet.sentence}")
    if not all(np.isfinite(e.value).all() for e in expected if isinstance(e.value, np.ndarray)):
        return None
    documented = None
    if exercise.pair is not None:
        forward = exercise.model(exercise.pair)
        with np.errstate(all="ignore"):
            documented = forward(*(copied(v) for v in passed(exercise.given_below(inputs).values())))[-1]
    return Case(exercise, recipe, inputs, expected, documented)
