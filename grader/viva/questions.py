"""A question of a viva, and a sheet of them: plain data, put into words in full and escaped for no format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = ["Question", "Sheet"]

Why = Literal["wrong", "policy", "right"]
"""A wrong answer; one that passes by a policy, which deserves a word; a right one, beside an answer that is not."""


@dataclass(frozen=True)
class Question:
    """One question.

    Args:
        exercise: full name.
        why: what it starts from.
        asks: the question to the student.
        expect: what a student who wrote and understood the code says, for the assistant.
        inputs: arrays and numbers to put on the table, by name, as nested lists.
        values: by a label such as ``db, right`` what comes out there.
        lines: lines of the student's own function, with their numbers from 1.

    """

    exercise: str
    why: Why
    asks: str
    expect: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Sheet:
    """The questions for one student, the most telling first."""

    student: str
    assignment: str
    score: float
    max_score: float
    questions: tuple[Question, ...]
