"""Verdicts: the outcome of each check, with the fact that it rests on. Words are made of the fact in ``grader.diagnosis``."""

from __future__ import annotations

from dataclasses import dataclass

from grader.judging.declare.check import Check
from grader.statuses import VerdictStatus

__all__ = ["Fact", "Verdict"]


class Fact:
    """Base of all that a check may find: plain data, from which a sentence can be made. Its kinds are in ``judging.checks``."""


@dataclass(frozen=True)
class Verdict:
    """The outcome of one check: ``notes`` are the policies that applied; ``fact`` says what was found, if that needs saying."""

    check: Check
    status: VerdictStatus
    notes: tuple[str, ...] = ()
    fact: Fact | None = None
