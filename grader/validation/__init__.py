"""Validation: the grader graded. Each exercise of the bank is tried with answers whose marks are known beforehand."""

from grader.validation.examine import examine
from grader.validation.ground import SEEDS, Ground
from grader.validation.mistakes import shown_publicly
from grader.validation.processes import validate
from grader.validation.promises import PROMISES, Promise

__all__ = ["PROMISES", "SEEDS", "Ground", "Promise", "examine", "shown_publicly", "validate"]
