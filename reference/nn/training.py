"""The training loop: a loss compiled with its gradient, an optimizer, batches; the parameters and a history come back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from reference.autodiff import compiled, value_and_grad
from reference.nn.initialisers import Array
from reference.nn.optim import Optimizer, clip_by_global_norm
from reference.optimizers import minibatches

__all__ = ["History", "epochs", "fit"]


class History(NamedTuple):
    """The loss of the batch before each step, and the norm of its gradient before clipping: both (steps,)."""

    loss: Array
    norm: Array


def fit(
    loss: Callable[..., Any],
    params: Any,
    batches: Iterable[tuple[Any, ...]],
    optimizer: Optimizer,
    *,
    clip: float = np.inf,
) -> tuple[Any, History]:
    """Minimise ``loss(params, *batch)``, one step a batch, with gradients clipped to a global norm of ``clip``.

    Loss and gradient are compiled once for each shape of batch and taken at ``optimizer.point``, so for Nesterov's momentum
    at the look-ahead point.

    Raises:
        FloatingPointError: the loss is no longer finite.
        TypeError: the loss cannot be compiled: it branches on a value, or uses a function without a derivative rule.

    """
    both = compiled(value_and_grad(loss))
    state = optimizer.init(params)
    history = []
    for batch in batches:
        value, grads = both(optimizer.point(params, state), *batch)
        if not np.isfinite(value):
            raise FloatingPointError(f"the loss is {value} after {state.t} steps: lower the learning rate, or clip")
        grads, norm = clip_by_global_norm(grads, clip)
        params, state = optimizer.step(params, grads, state)
        history.append((value, norm))
    record = np.reshape(history, (-1, 2))
    return params, History(record[:, 0], record[:, 1])


def epochs(X: Any, y: Any, size: int, rng: np.random.Generator, count: int) -> Iterator[tuple[Any, Any]]:
    """Yield mini-batches (Xb, yb) of ``count`` epochs, each in an order of its own: ``optimizers.minibatches`` again and again."""
    for _ in range(count):
        yield from minibatches(X, y, size, rng)
