"""A recognised answer: the fact that a wrong answer is a declared mistake, satisfies a claim, or is a mutant of the right one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Certainty", "Family", "Prediction", "Recognised"]

Prediction = Callable[[Mapping[str, Any], NDArray[np.float64]], "NDArray[np.float64] | None"]
"""From inputs by name and the right output there to what the student's function returns; None where the fact does not say."""

Family = Literal[
    "declared", "outputs", "form", "regime", "zero", "factor", "term", "digits", "upstream", "mutant",
    "inputs", "answer", "place", "where", "dependence", "repeated", "state",
    "along", "moved", "invariant",
]  # fmt: skip
Certainty = Literal["exact", "evidence"]


@dataclass(frozen=True)
class Recognised:
    """A fact about one output of a wrong answer.

    Args:
        code: names the fact, whatever the variant or the seed: ``over_N``, ``masks_by_upstream``.
        family: the kind of fact.
        certainty: ``exact`` reproduces each answer to 1e-9; ``evidence`` does not contradict any.
        values: the numbers and names that a sentence on it needs.
        predict: what the output is at any input, for a fact that says so.

    """

    code: str
    family: Family
    certainty: Certainty = "exact"
    values: Mapping[str, Any] = field(default_factory=dict)
    predict: Prediction | None = field(default=None, repr=False, compare=False)
