"""Isolation."""

from grader.runtime.isolation.level import LEVELS, Trial, levels, mechanisms, proved, resolve

__all__ = ["LEVELS", "Trial", "levels", "mechanisms", "proved", "resolve"]
