"""The model answers of a unit as one text, as a student would have written them into one module. For every tier."""

from __future__ import annotations

from pathlib import Path

from grader.bank import stubs

__all__ = ["model_answers", "read"]

REFERENCE = Path(__file__).parents[1] / "reference"


def read(module: str) -> str:
    return (REFERENCE / f"{module}.py").read_text(encoding="utf-8")


def model_answers(unit: str) -> str:
    return stubs.assembled(read(unit), unit, read)
