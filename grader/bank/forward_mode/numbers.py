"""The numbers of this unit: floats in a case's style, positive ones, and ones that are not 0."""

from __future__ import annotations

from typing import Any

from grader.judging import Input, drawn, scalar, styled

__all__ = ["nonzero", "number", "positive", "tangent"]


def _number(m: Any) -> float:
    return float(styled(m.recipe.style, m.rng, (1,))[0])


def _nonzero(m: Any) -> float:
    """Draw a number away from 0: of the style's size where it has one, with either sign."""
    x = _number(m)
    return x if abs(x) > 1e-4 else 1.5


def number() -> Input:
    """Specify a float in the recipe's style."""
    return drawn(_number)


def nonzero() -> Input:
    """Specify a float in the recipe's style that is not 0."""
    return drawn(_nonzero)


def positive() -> Input:
    """Specify a float from 0.2 to 4."""
    return scalar(0.2, 4.0)


def tangent() -> Input:
    """Specify a tangent, never 0 or 1, with either sign."""
    return drawn(lambda m: round(float(m.rng.choice((-1.0, 1.0)) * m.rng.uniform(1.1, 3.0)), 3))
