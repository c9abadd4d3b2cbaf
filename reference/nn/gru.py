"""The gated recurrent unit (Cho et al. 2014): an LSTM's memory without a cell of its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.autodiff import logistic
from reference.nn.initialisers import Array, Initialiser, gates, xavier
from reference.nn.rnn import unroll

__all__ = ["apply", "init", "step"]


def init(rng: np.random.Generator, D: int, H: int, initialiser: Initialiser = xavier) -> dict[str, Array]:
    """Draw weights Wx (D, 3H), Wh (H, 3H) and bias b (3H,) of 0, in the order reset r, update z, candidate n."""
    return {"Wx": gates(initialiser, rng, D, H, 3), "Wh": gates(initialiser, rng, H, H, 3), "b": np.zeros(3 * H)}


def step(params: Any, x: Any, h: Any) -> Any:
    """Compute the next state h' = z·h + (1 − z)·n with n = tanh(x Wxn + (r·h) Whn + bn), for x (N, D) and h (N, H).

    The reset gate acts before the product, as in the paper (cuDNN's variant: after). Source: Cho et al. 2014, eq. 5 to 8.
    """
    H = h.shape[1]
    a, Wh = x @ params["Wx"] + params["b"], params["Wh"]
    both = logistic(a[:, : 2 * H] + h @ Wh[:, : 2 * H])
    r, z = both[:, :H], both[:, H:]
    n = np.tanh(a[:, 2 * H :] + (r * h) @ Wh[:, 2 * H :])
    return z * h + (1 - z) * n


def apply(params: Any, x: Any, h0: Any) -> Any:
    """Compute all hidden states (N, T, H) for sequences x (N, T, D) from h0 (N, H)."""
    return np.stack(unroll(lambda x_t, h: step(params, x_t, h), x, h0), axis=1)
