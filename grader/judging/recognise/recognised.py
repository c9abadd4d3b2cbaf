"""A recognised answer: the fact that a wrong answer is a declared mistake, satisfies a claim, or is a mutant of the right one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = ["Certainty", "Family", "Recognised"]

Family = Literal["declared", "outputs", "form", "regime", "zero", "factor", "term", "digits", "upstream", "mutant"]
Certainty = Literal["exact", "evidence"]


@dataclass(frozen=True)
class Recognised:
    """A fact about one output of a wrong answer.

    Args:
        code: names the fact, whatever the variant or the seed: ``over_N``, ``masks_by_upstream``.
        family: the kind of fact.
        certainty: ``exact`` reproduces each answer to 1e-9; ``evidence`` does not contradict any.
        values: the numbers and names that a sentence on it needs.

    """

    code: str
    family: Family
    certainty: Certainty = "exact"
    values: Mapping[str, Any] = field(default_factory=dict)
