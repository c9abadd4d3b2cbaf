"""Long short-term memory (Hochreiter & Schmidhuber 1997) with forget gates (Gers et al. 2000), and peepholes if wanted."""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.autodiff import logistic
from reference.nn.initialisers import Array, Initialiser, gates, xavier
from reference.nn.rnn import unroll

__all__ = ["apply", "init", "step"]


def init(
    rng: np.random.Generator,
    D: int,
    H: int,
    initialiser: Initialiser = xavier,
    *,
    forget_bias: float = 1.0,
    peepholes: bool = False,
) -> dict[str, Array]:
    """Draw weights Wx (D, 4H), Wh (H, 4H), bias b (4H,), gates in the order i, f, o, g; with peepholes Wc (3, H) of 0 for i, f, o.

    A forget bias of 1 holds the gate open at the start (Jozefowicz et al. 2015).
    """
    b = np.zeros(4 * H)
    b[H : 2 * H] = forget_bias
    params = {"Wx": gates(initialiser, rng, D, H, 4), "Wh": gates(initialiser, rng, H, H, 4), "b": b}
    return {**params, "Wc": np.zeros((3, H))} if peepholes else params


def step(params: Any, x: Any, h: Any, c: Any) -> tuple[Any, Any]:
    """Compute (h', c') with c' = f·c + i·g and h' = o·tanh(c'), for x (N, D), hidden and cell states h and c (N, H).

    i, f, o = σ(x Wx + h Wh + b), g its tanh. Through peepholes each gate of a unit also sees its previous cell state: + c·Wc.
    Source: Graves 2013, eq. 7 to 11, where the output gate sees c' instead.
    """
    a_i, a_f, a_o, a_g = _quarters(x @ params["Wx"] + h @ params["Wh"] + params["b"])
    if "Wc" in params:
        a_i, a_f, a_o = (a + c * w for a, w in zip((a_i, a_f, a_o), params["Wc"], strict=True))
    c = logistic(a_f) * c + logistic(a_i) * np.tanh(a_g)
    return logistic(a_o) * np.tanh(c), c


def _quarters(a: Any) -> list[Any]:
    H = a.shape[1] // 4
    return [a[:, k * H : (k + 1) * H] for k in range(4)]


def apply(params: Any, x: Any, h0: Any) -> Any:
    """Compute all hidden states (N, T, H) for sequences x (N, T, D), from h0 (N, H) and a cell state of 0."""
    start = (h0, np.zeros(h0.shape))
    return np.stack([h for h, _ in unroll(lambda x_t, state: step(params, x_t, *state), x, start)], axis=1)
