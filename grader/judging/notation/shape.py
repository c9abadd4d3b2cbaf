"""Tests of a formula's form: which functions and names it uses, whether it is factored, how long it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from grader.judging.notation.formulas import Formula

__all__ = ["FormTest", "at_most_operations", "factored", "no_function", "only_names"]


@dataclass(frozen=True)
class FormTest:
    """A test of a formula's form, as data: its kind and what it is told beside the formula."""

    kind: str
    arguments: tuple[str | int, ...] = ()

    def __call__(self, formula: Formula) -> str:
        """Return a sentence on what the form of a formula lacks; empty if it is as asked."""
        return KINDS[self.kind](formula, *self.arguments)


def no_function(*names: str) -> FormTest:
    """Ask that none of these functions occurs (``"sigmoid"``)."""
    return FormTest("no_function", names)


def only_names(*names: str) -> FormTest:
    """Ask that no other names occur."""
    return FormTest("only_names", names)


def factored() -> FormTest:
    """Ask for a product of at least two factors that are no numbers."""
    return FormTest("factored")


def at_most_operations(count: int) -> FormTest:
    """Ask for a formula of no more than so many operations and functions."""
    return FormTest("at_most_operations", (count,))


def _no_function(formula: Formula, *names: str) -> str:
    used = next((node.operation for node in formula.nodes() if node.operation in names), None)
    return "" if used is None else f"the formula is to be written without {used}"


def _only_names(formula: Formula, *names: str) -> str:
    other = next((n.value for n in formula.nodes() if n.operation == "name" and n.value not in names), None)
    return "" if other is None else f"the formula is to be written in {', '.join(names)} alone, it has {other}"


def _factored(formula: Formula) -> str:
    factors = [part for part in _factors(formula) if part.operation != "number"]
    powers = any(part.operation == "power" for part in factors)
    return "" if len(factors) > 1 or powers else "the formula is to be factored: a product, not a sum"


def _factors(formula: Formula) -> list[Formula]:
    if formula.operation == "negative":
        return _factors(formula.args[0])
    if formula.operation in ("multiply", "divide"):
        return [*_factors(formula.args[0]), *_factors(formula.args[1])]
    return [formula]


def _at_most_operations(formula: Formula, count: int) -> str:
    has = sum(node.operation not in ("number", "name", "negative") for node in formula.nodes())
    return "" if has <= count else f"the formula has {has} operations, it can be written with {count}"


KINDS: Mapping[str, Callable[..., str]] = {
    "no_function": _no_function,
    "only_names": _only_names,
    "factored": _factored,
    "at_most_operations": _at_most_operations,
}
