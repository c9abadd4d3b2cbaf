"""The form of all step rules: they are judged as trajectories of six steps, from an empty config or a given one."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.judging import OMITTED, Exercise, Input, contract, drawn, example, styled, trajectory, value

__all__ = ["config", "filled", "step_rule"]

STEPS = 6
EPS = (1e-9, 1e-6)
"""The range from which a config's epsilon is drawn."""


def shape_of(m: Any) -> tuple[int, ...]:
    """Return the shape of the parameters: (D,), or (D, E) for odd seeds, since a step works on any shape."""
    return (m.size("D"), m.size("E")) if m.recipe.seed % 2 else (m.size("D"),)


def parameters(m: Any) -> Any:
    """Draw the start of the trajectory."""
    return styled(m.recipe.style, m.rng, shape_of(m))


def gradients(m: Any) -> Any:
    """Draw six gradients: one near 1e-7, one exactly 0, and in every third case an entry that is 0 in all six."""
    g = m.rng.standard_normal((STEPS, *shape_of(m)))
    if m.recipe.style == "large":
        g *= 300.0
    elif m.recipe.style == "small":
        g *= 1e-3
    g[2] *= 1e-7
    g[4] = 0.0
    if m.recipe.seed % 3 == 0 and g[0].size > 1:
        g.reshape(STEPS, -1)[:, 0] = 0.0
    return g


def config(**ranges: tuple[float, float]) -> Input:
    """Specify a config: omitted, None, {}, a learning rate alone, or all hyperparameters, each drawn from its range."""

    def make(m: Any) -> dict[str, float] | str | None:
        drawn_values = {key: float(f"{m.rng.uniform(*bounds):.4g}") for key, bounds in ranges.items()}
        if m.recipe.style == "large" and "learning_rate" in drawn_values:
            drawn_values["learning_rate"] /= 100
        choice = (m.recipe.seed + m.recipe.seed // 4) % 4
        if choice == 0:
            return {"odd": {}, "large": None, "offset": None}.get(m.recipe.style, OMITTED)
        if choice == 1:
            return drawn_values
        if choice == 2:
            return {"learning_rate": drawn_values["learning_rate"]}
        return {}

    return drawn(make)


def step_rule(name: str, points: float = 3, **ranges: tuple[float, float]) -> Exercise:
    """Declare ``next_w, config = f(w, dw, config)``, with the ranges of the hyperparameters that a config may hold."""
    inputs = {"w": drawn(parameters), "dw": drawn(gradients), "config": config(**ranges)}
    return Exercise(name, inputs, ("w",), (contract(), example(), value(points)), drive=trajectory)


def filled(config: dict[str, Any] | None, **defaults: Any) -> dict[str, Any]:
    """Return a copy of a config with defaults filled in, from which the mistakes of this unit start."""
    return {**defaults, **(config or {})}


def zeros(w: Any) -> Any:
    """Return the state before the first step: zeros in the shape of w."""
    return np.zeros_like(w)
