"""Unit 04, reverse mode: an engine on numbers, VJPs of arrays, what is made of them, and a net taken apart."""

from __future__ import annotations

from grader.bank.reverse_mode import (
    broadcast,
    elementwise,
    fault,
    fused,
    network,
    products,
    questions,
    scalar,
    shapes,
    sharing,
    tools,
    trees,
    worked,
)
from grader.judging import Unit

__all__ = ["UNIT"]

UNIT = Unit.of_modules(
    "reverse_mode",
    4,
    "Reverse mode",
    (worked, scalar, trees, sharing, elementwise, broadcast, shapes, products, tools, network, fused, fault, questions),
)
