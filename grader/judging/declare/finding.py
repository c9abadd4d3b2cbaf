"""Findings: outputs that the trusted side makes of an answer where no array is compared, met or not met."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["MET", "Finding", "unmet"]


@dataclass(frozen=True)
class Finding:
    """The finding on one output of an answer: ``sentence`` says what is not met, and is empty where all is."""

    sentence: str = ""

    @property
    def met(self) -> bool:
        """Return True if what was asked for is met."""
        return not self.sentence


MET = Finding()
"""The finding on every right answer: what was asked for is met."""


def unmet(sentence: str) -> Finding:
    """Return the finding that something is not met, in one sentence that a student reads."""
    return Finding(sentence)
