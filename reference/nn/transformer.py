"""A transformer block: attention between positions, then an MLP at each, both beside a path that skips them."""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.nn import attention, layer_norm, mlp
from reference.nn.initialisers import Initialiser, xavier

__all__ = ["apply", "init"]


def init(rng: np.random.Generator, D: int, heads: int, M: int, initialiser: Initialiser = xavier) -> dict[str, Any]:
    """Draw parameters of one block of width D with an MLP of M hidden units. Source: Vaswani et al. 2017, §3.3."""
    return {
        "attention": attention.init(rng, D, heads, initialiser),
        "norm1": layer_norm.init(D),
        "mlp": mlp.init(rng, (D, M, D), initialiser),
        "norm2": layer_norm.init(D),
    }


def apply(params: Any, x: Any, mask: Any = None, *, norm: str = "pre", hidden: str = "relu") -> Any:
    """Apply one block to x (N, T, D); returns (N, T, D).

    ``norm="post"``, x ← norm(x + f(x)), is the original (Vaswani et al. 2017, §3.1); ``norm="pre"``, x ← x + f(norm(x)), leaves the
    path clear from end to end and trains without warm-up (Xiong et al. 2020).
    """
    if norm not in ("pre", "post"):
        raise ValueError(f'norm is "pre" or "post", not {norm!r}')

    def mixed(x: Any) -> Any:
        return attention.apply(params["attention"], x, mask)

    def thought(x: Any) -> Any:
        return mlp.apply(params["mlp"], x, hidden)

    for f, scale in ((mixed, params["norm1"]), (thought, params["norm2"])):
        x = x + f(layer_norm.apply(scale, x)) if norm == "pre" else layer_norm.apply(scale, x + f(x))
    return x
