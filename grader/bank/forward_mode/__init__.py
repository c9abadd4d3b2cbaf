"""Unit 03, forward mode: tangents by hand and by dual numbers, sweeps, and nested derivatives."""

from __future__ import annotations

from grader.bank.forward_mode import (
    arithmetic,
    checking,
    columns,
    comparisons,
    functions,
    loops,
    nested,
    powers,
    programs,
    questions,
    quotients,
    sweeps,
)
from grader.judging import Unit

__all__ = ["UNIT"]

UNIT = Unit.of_modules(
    "forward_mode",
    3,
    "Forward mode",
    (
        programs,
        arithmetic,
        quotients,
        powers,
        functions,
        comparisons,
        loops,
        sweeps,
        checking,
        columns,
        nested,
        questions,
    ),
)
