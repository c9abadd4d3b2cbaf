"""The recurrent network of Elman 1990, and the unrolling of any recurrent step over a sequence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reference.nn.initialisers import Array, Initialiser, xavier

__all__ = ["apply", "init", "step", "unroll"]


def init(rng: np.random.Generator, D: int, H: int, initialiser: Initialiser = xavier) -> dict[str, Array]:
    """Draw weights Wx (D, H), Wh (H, H) and bias b (H,) of 0."""
    return {"Wx": initialiser(rng, D, H), "Wh": initialiser(rng, H, H), "b": np.zeros(H)}


def step(params: Any, x: Any, h: Any) -> Any:
    """Compute the next state h' = tanh(x Wx + h Wh + b) for x (N, D) and h (N, H).

    Source: Goodfellow et al. 2016, eq. 10.8 and 10.9.
    """
    return np.tanh(x @ params["Wx"] + h @ params["Wh"] + params["b"])


def apply(params: Any, x: Any, h0: Any) -> Any:
    """Compute all hidden states (N, T, H) for sequences x (N, T, D) from h0 (N, H)."""
    return np.stack(unroll(lambda x_t, h: step(params, x_t, h), x, h0), axis=1)


def unroll(step: Callable[[Any, Any], Any], x: Any, state: Any) -> list[Any]:
    """List the T states after each step of sequences x (N, T, D): ``state = step(x[:, t], state)``."""
    states = []
    for t in range(x.shape[1]):
        state = step(x[:, t], state)
        states.append(state)
    return states
