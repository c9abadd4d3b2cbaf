"""The numbers of this unit: floats in a case's style, positive ones, ones that are not 0, and edges among them."""

from __future__ import annotations

from typing import Any

from grader.judging import Input, drawn, scalar, styled

__all__ = ["EARLY", "LAST_EXAMPLE", "edged", "nonzero", "number", "positive", "tangent"]

LAST_EXAMPLE = 20
"""The seeds of the battery and of the worked examples end here; those of the drawn cases go on to 199."""
EARLY = (3, 9)
"""The seeds of two cases of the battery that hold edges alone, the first and the second: what is wrong there only is told early.

Those after them stand in the battery's ties.
"""


def _number(m: Any) -> float:
    return float(styled(m.recipe.style, m.rng, (1,))[0])


def _nonzero(m: Any) -> float:
    """Draw a number away from 0: of the style's size where it has one, with either sign."""
    x = _number(m)
    return x if abs(x) > 1e-4 else 1.5


def edged(ordinary: Input, *edges: float) -> Input:
    """Specify what ``ordinary`` does, and in some cases, none of them a worked example, one of the edges."""

    def make(m: Any) -> float:
        x, edge, often = float(ordinary.draw(m)), float(m.rng.choice(edges)), m.rng.random() < 0.3
        if m.recipe.seed in EARLY:
            return edges[EARLY.index(m.recipe.seed) % len(edges)]
        if m.recipe.style == "ties" and m.recipe.seed < len(edges) - len(EARLY):
            return edges[len(EARLY) + int(m.recipe.seed)]
        return edge if often and m.recipe.seed > LAST_EXAMPLE else x

    return drawn(make)


def number() -> Input:
    """Specify a float in the recipe's style."""
    return drawn(_number)


def nonzero() -> Input:
    """Specify a float in the recipe's style that is not 0."""
    return drawn(_nonzero)


def positive() -> Input:
    """Specify a float from 0.2 to 4, in some cases 1, a very small or a very large one."""
    return edged(scalar(0.2, 4.0), 1.0, 1e-6, 1e6)


def tangent() -> Input:
    """Specify a tangent with either sign, in some drawn cases 0 or 1."""
    return edged(drawn(lambda m: round(float(m.rng.choice((-1.0, 1.0)) * m.rng.uniform(1.1, 3.0)), 3)), 1.0, 0.0)
