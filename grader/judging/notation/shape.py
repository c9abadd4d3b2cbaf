"""Tests of a formula's form: which functions and names it uses, whether it is factored, how long it is."""

from __future__ import annotations

from collections.abc import Callable

from grader.judging.notation.formulas import Formula

__all__ = ["FormTest", "at_most_operations", "factored", "no_function", "only_names"]

FormTest = Callable[[Formula], str]
"""From a formula to a sentence on what its form lacks; empty if it is as asked."""


def no_function(*names: str) -> FormTest:
    """Ask that none of these functions occurs (``"sigmoid"``)."""

    def test(formula: Formula) -> str:
        used = next((node.operation for node in formula.nodes() if node.operation in names), None)
        return "" if used is None else f"the formula is to be written without {used}"

    return test


def only_names(*names: str) -> FormTest:
    """Ask that no other names occur."""

    def test(formula: Formula) -> str:
        other = next((n.value for n in formula.nodes() if n.operation == "name" and n.value not in names), None)
        return "" if other is None else f"the formula is to be written in {', '.join(names)} alone, it has {other}"

    return test


def factored() -> FormTest:
    """Ask for a product of at least two factors that are no numbers."""

    def test(formula: Formula) -> str:
        factors = [part for part in _factors(formula) if part.operation != "number"]
        powers = any(part.operation == "power" for part in factors)
        return "" if len(factors) > 1 or powers else "the formula is to be factored: a product, not a sum"

    return test


def _factors(formula: Formula) -> list[Formula]:
    if formula.operation == "negative":
        return _factors(formula.args[0])
    if formula.operation in ("multiply", "divide"):
        return [*_factors(formula.args[0]), *_factors(formula.args[1])]
    return [formula]


def at_most_operations(count: int) -> FormTest:
    """Ask for a formula of no more than so many operations and functions."""

    def test(formula: Formula) -> str:
        has = sum(node.operation not in ("number", "name", "negative") for node in formula.nodes())
        return "" if has <= count else f"the formula has {has} operations, it can be written with {count}"

    return test
