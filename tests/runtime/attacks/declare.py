"""An attack, declared once: whose code it is, what must be kept from it, and the levels of isolation that keep it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

from grader.runtime.isolation import LEVELS

FAMILIES = ("forgery", "theft", "escape", "exhaustion", "accidents")
EVERYWHERE = tuple(LEVELS)
SANDBOXED = ("full", "landlock")

CALLED = """
try:
    LOOT = str({name}(AIM))
except BaseException as error:
    LOOT = f"held: {{error!r}}"
LOOT = LOOT[:100_000].encode("utf-8", "replace").decode()
print(LOOT)
def tanh_forward(x):
    raise RuntimeError(LOOT[:1500])
"""
"""What follows a hostile function: it is called, and what it found leaves by print and by an answer, the two ways there are."""


@dataclass(frozen=True)
class Attack:
    """One hostile submission: an honest ReLU, then ``cells``; its own exercise is ``layers.tanh_forward``.

    ``stopped_at``: the levels at which it reaches nothing; at the others it must reach something, or it proves nothing.
    ``fools``: the rule of the grader in one process that it beats; ``says``: what its result, or its output, must say. One that
    is stopped at every level has at least one of the two, as proof that it is real. ``ends``: how its notebook may end where it
    is stopped. ``honest``: the ReLU beside it keeps its points. ``without_root``: the levels that stop it where the grader is not
    root. ``varies``: the levels of which the machine decides whether they do. ``together``: it does nothing but read, so that
    several may share a kernel. ``hasty``: it runs into a time limit, which is short then. ``earlier``: cells of another
    student's submission, graded just before. ``neighbour``: another submission is live meanwhile. ``pack`` makes the file
    handed in, instead of a folder.
    """

    name: str
    family: str
    title: str
    cells: tuple[str, ...]
    stopped_at: tuple[str, ...] = EVERYWHERE
    fools: str | None = None
    says: str | None = None
    ends: tuple[str, ...] = ("ok", "failed")
    honest: bool = True
    without_root: tuple[str, ...] = ()
    varies: tuple[str, ...] = ()
    together: bool = False
    hasty: bool = False
    neighbour: bool = False
    earlier: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    pack: Callable[[Path, SimpleNamespace], Path] | None = None


ATTACKS: dict[str, Attack] = {}


def _add(attack: Attack) -> None:
    assert attack.family in FAMILIES, attack.family
    assert attack.name not in ATTACKS, attack.name
    ATTACKS[attack.name] = attack


def attack(family: str, title: str, **more: object) -> Callable[[Callable[[SimpleNamespace], object]], None]:
    """Declare the decorated function hostile: its source is a cell; what it returns is brought out.

    It gets the attacker's map of the house (``Canaries.aim``), and claims what cannot be seen from outside by returning a text
    that begins with ``reached:``.
    """

    def declare(function: Callable[[SimpleNamespace], object]) -> None:
        name = function.__name__
        (node,) = ast.parse(inspect.getsource(function)).body
        hostile = "\n".join(inspect.getsource(function).splitlines()[node.lineno - 1 :])
        _add(Attack(name, family, title, (hostile + CALLED.format(name=name),), **more))  # type: ignore[arg-type]

    return declare


def handed_in(name: str, family: str, title: str, *cells: str, **more: object) -> None:
    """Declare cells, or files, as they are."""
    _add(Attack(name, family, title, cells, **more))  # type: ignore[arg-type]
