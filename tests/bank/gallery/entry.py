"""What an entry of the gallery is: one implementation as a student might hand it in, and its true label.

Sources are strings because they travel: into a notebook's cell, a submission's module or a plain
namespace. Each is complete, with ``import numpy as np`` first and nothing beyond the standard library.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from textwrap import dedent
from typing import Any, Literal

from .truth import TRUE

__all__ = ["Entry", "Policy", "changed", "noted", "right", "wrong"]

Policy = Literal[
    "", "dtype", "epsilon_hat", "guard_epsilon", "list", "mutation", "numeric", "precision", "shape", "state"
]


@dataclass(frozen=True)
class Entry:
    """One implementation.

    ``exercise`` is what is claimed about: a right entry's names are all right; a wrong entry's one
    name is the function that must be rejected. ``style`` tells how it is written and ``why`` what is
    wrong with it. ``policy`` names the course's rule where one decides; ``state`` marks an answer
    that is wrong only when calls interleave or repeat.
    """

    exercise: str | tuple[str, ...]
    style: str
    source: str
    wrong: bool = False
    why: str = ""
    policy: Policy = ""

    @property
    def exercises(self) -> tuple[str, ...]:
        """``exercise`` as a tuple."""
        return (self.exercise,) if isinstance(self.exercise, str) else self.exercise

    @property
    def true(self) -> frozenset[str]:
        """The codes of the facts that are true of a wrong entry: whatever else is told of it is false."""
        return frozenset(TRUE.get(self.ident, "").split())

    @property
    def ident(self) -> str:
        """A name that no other entry has, for parametrised tests."""
        return f"{'+'.join(self.exercises)}: {self.style}"

    def namespace(self) -> dict[str, Any]:
        """What the source defines, executed afresh: no state is shared with earlier calls."""
        names: dict[str, Any] = {"__name__": "student"}
        exec(compile(self.source, f"<{self.ident}>", "exec"), names)
        return names


def _source(*parts: str) -> str:
    return "\n\n".join(["import numpy as np", *(dedent(part).strip() for part in parts if part)]) + "\n"


def _names(unit: str, names: str) -> str | tuple[str, ...]:
    full = tuple(f"{unit}.{name}" for name in names.split())
    return full[0] if len(full) == 1 else full


def right(unit: str, names: str, style: str, source: str) -> Entry:
    """An entry that is right without reservation; ``names`` are separated by blanks."""
    return Entry(_names(unit, names), style, _source(source))


def noted(unit: str, names: str, style: str, policy: Policy, why: str, source: str) -> Entry:
    """An entry that is right in substance; the verdict carries the note ``policy``."""
    return Entry(_names(unit, names), style, _source(source), why=why, policy=policy)


def wrong(unit: str, name: str, style: str, why: str, source: str, *, partner: str = "", policy: Policy = "") -> Entry:
    """An entry whose function ``name`` is wrong; ``partner`` is the source of the right other half of the pair."""
    return Entry(f"{unit}.{name}", style, _source(partner, source), wrong=True, why=why, policy=policy)


def changed(unit: str, name: str, style: str, why: str, base: Entry, source: str, *, without: str = "") -> Entry:
    """A wrong entry that is a right one with some functions, or methods, put in the place of its own, and some left out.

    ``source`` holds the functions, methods in a class of the name; ``without`` are names such as ``Dual.__radd__``.
    """
    tree, new = ast.parse(base.source), ast.parse(dedent(source))
    gone = without.split()
    _put(tree.body, new.body)
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            node.body = [n for n in node.body if f"{node.name}.{getattr(n, 'name', '')}" not in gone] or [ast.Pass()]
    tree.body = [n for n in tree.body if getattr(n, "name", "") not in gone]
    return Entry(f"{unit}.{name}", style, ast.unparse(ast.fix_missing_locations(tree)) + "\n", wrong=True, why=why)


def _put(body: list[ast.stmt], new: list[ast.stmt]) -> None:
    """Put functions in the place of those of their names, and behind the others where there is none."""
    places = {node.name: i for i, node in enumerate(body) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    for node in new:
        assert isinstance(node, (ast.FunctionDef, ast.ClassDef))
        there = body[places[node.name]] if node.name in places else None
        if isinstance(node, ast.ClassDef) and isinstance(there, ast.ClassDef):
            _put(there.body, node.body)
        elif there is not None:
            body[places[node.name]] = node
        else:
            body.append(node)
