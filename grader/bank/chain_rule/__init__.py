"""Unit 01, the chain rule: local derivatives, composition, three representations, numerical and symbolic slopes."""

from __future__ import annotations

from grader.bank.chain_rule import checking, composition, local, questions, slopes, symbolic, worked
from grader.judging import Unit

__all__ = ["UNIT"]

UNIT = Unit.of_modules(
    "chain_rule", 1, "The chain rule", (local, composition, worked, slopes, checking, symbolic, questions)
)
