"""A computation graph that was handed in, as it is shown: its steps with their values, and the first that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["GraphPicture", "PictureOf", "PicturedStep"]


@dataclass(frozen=True, eq=False)
class PicturedStep:
    """A step of a graph: the node that it defines, its operation, its arguments (names or numbers) and its value."""

    name: str
    operation: str
    arguments: tuple[Any, ...]
    value: Any


@dataclass(frozen=True, eq=False)
class GraphPicture:
    """A graph at one input, each step behind those that it uses.

    Args:
        inputs: values by name.
        steps: with their values at these inputs.
        wrong: the name of the first step whose value is wrong, as far as that can be told: later ones may be wrong for its sake.
        expected: what its value must be.
        inherited: the names of later steps that are wrong for its sake alone: with its value put right they are right.
        still_wrong: the names of outputs that are wrong even with its value put right.

    """

    inputs: Mapping[str, Any]
    steps: tuple[PicturedStep, ...]
    wrong: str = ""
    expected: Any = None
    inherited: tuple[str, ...] = ()
    still_wrong: tuple[str, ...] = ()


PictureOf = Callable[[Any, Any, Mapping[str, Any], Mapping[str, Any]], GraphPicture]
"""From the graph that was handed in, the model answer's (None where there is none), the inputs of the case and the right outputs
by name to the picture."""
