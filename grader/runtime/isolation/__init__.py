"""Isolation: the levels that this machine has, what a submission may see of it, and the checkup of ``gradmark doctor``."""

from grader.runtime.isolation.doctor import Checkup, Finding, examine
from grader.runtime.isolation.level import (
    LEVELS,
    Isolation,
    LevelTrial,
    levels,
    mechanisms,
    record_level,
    resolve,
)
from grader.runtime.isolation.whitelist import distributions, shows, visible

__all__ = [
    "LEVELS",
    "Checkup",
    "Finding",
    "Isolation",
    "LevelTrial",
    "distributions",
    "examine",
    "levels",
    "mechanisms",
    "record_level",
    "resolve",
    "shows",
    "visible",
]
