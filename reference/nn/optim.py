"""Optimizers over whole trees of parameters: the update rules of the unit ``optimizers``, leaf by leaf, and clipping.

Make one, ``optimizer = adam(1e-3)``, start it, ``state = optimizer.init(params)``, and at each step
``params, state = optimizer.step(params, grads, state)`` with gradients taken at ``optimizer.point(params, state)``.

A learning rate is a number, or a schedule: a function of t, the number of steps taken before this one. One that counts
from 1 is given as ``lambda t: inverse_time(t + 1, 0.5)``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from reference import optimizers as rules
from reference.autodiff import flatten, leaves, map_leaves

__all__ = [
    "Optimizer", "State", "adagrad", "adam", "adamw", "clip_by_global_norm", "global_norm", "nesterov", "rmsprop",
    "sgd", "sgd_momentum",
]  # fmt: skip

Rate = float | Callable[[int], Any]


class State(NamedTuple):
    """The memory of an optimizer: the number of steps taken, and each leaf's config as its rule returned it."""

    t: int
    configs: tuple[rules.Config, ...]


class Optimizer(NamedTuple):
    """Three pure functions; ``point`` returns the place to take the gradient at: ``params``, but for Nesterov's momentum."""

    init: Callable[[Any], State]
    step: Callable[[Any, Any, State], tuple[Any, State]]
    point: Callable[[Any, State], Any]


def _here(params: Any, _: State) -> Any:
    return params


def _by_leaf(
    rule: Callable[..., Any], learning_rate: Rate, point: Callable[[Any, State], Any] = _here, **settings: float
) -> Optimizer:
    """Make the optimizer that applies an update rule to each leaf, with a config of its own."""

    def init(params: Any) -> State:
        return State(0, tuple({} for _ in leaves(params)))

    def step(params: Any, grads: Any, state: State) -> tuple[Any, State]:
        # As text, in which the order of a dict's keys shows: leaves go by it.
        have, given = (str(map_leaves(np.shape, tree)) for tree in (params, grads))
        if have != given:
            raise ValueError(
                f"gradients have the structure, order and shapes of the parameters, {have}; these: {given}"
            )
        weights, rebuild = flatten(params)
        rate = learning_rate(state.t) if callable(learning_rate) else learning_rate
        moved = [
            rule(w, g, {**config, **settings, "learning_rate": rate})
            for w, g, config in zip(weights, leaves(grads), state.configs, strict=True)
        ]
        return rebuild(w for w, _ in moved), State(state.t + 1, tuple(config for _, config in moved))

    return Optimizer(init, step, point)


def sgd(learning_rate: Rate = 1e-2) -> Optimizer:
    """Make gradient descent: ``optimizers.sgd`` on each leaf."""
    return _by_leaf(rules.sgd, learning_rate)


def sgd_momentum(learning_rate: Rate = 1e-2, *, momentum: float = 0.9) -> Optimizer:
    """Make Polyak's momentum: ``optimizers.sgd_momentum`` on each leaf."""
    return _by_leaf(rules.sgd_momentum, learning_rate, momentum=momentum)


def nesterov(learning_rate: Rate = 1e-2, *, momentum: float = 0.9) -> Optimizer:
    """Make Nesterov's momentum: ``optimizers.nesterov`` on each leaf, for gradients taken at ``point``, w + μ·v."""

    def ahead(params: Any, state: State) -> Any:
        weights, rebuild = flatten(params)
        return rebuild(
            w + momentum * config.get("velocity", 0.0) for w, config in zip(weights, state.configs, strict=True)
        )

    return _by_leaf(
        lambda w, g, config: rules.nesterov(w, lambda _: g, config), learning_rate, ahead, momentum=momentum
    )


def adagrad(learning_rate: Rate = 1e-2, *, epsilon: float = 1e-8) -> Optimizer:
    """Make AdaGrad: ``optimizers.adagrad`` on each leaf."""
    return _by_leaf(rules.adagrad, learning_rate, epsilon=epsilon)


def rmsprop(learning_rate: Rate = 1e-2, *, decay_rate: float = 0.99, epsilon: float = 1e-8) -> Optimizer:
    """Make RMSProp: ``optimizers.rmsprop`` on each leaf."""
    return _by_leaf(rules.rmsprop, learning_rate, decay_rate=decay_rate, epsilon=epsilon)


def adam(learning_rate: Rate = 1e-3, *, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8) -> Optimizer:
    """Make Adam: ``optimizers.adam`` on each leaf."""
    return _by_leaf(rules.adam, learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon)


def adamw(
    learning_rate: Rate = 1e-3,
    *,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    weight_decay: float = 1e-2,
) -> Optimizer:
    """Make AdamW: ``optimizers.adamw`` on each leaf, biases included."""
    return _by_leaf(rules.adamw, learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon, weight_decay=weight_decay)


def global_norm(tree: Any) -> Any:
    """Compute the Euclidean norm of all leaves as one vector."""
    return np.sqrt(sum(np.sum(np.square(x)) for x in leaves(tree)))


def clip_by_global_norm(grads: Any, limit: float) -> tuple[Any, Any]:
    """Scale gradients down to norm ``limit`` if theirs is larger; return them with their former norm. The direction stays.

    Source: Pascanu, Mikolov & Bengio 2013, Alg. 1, over all parameters at once.
    """
    norm = global_norm(grads)
    return (map_leaves(lambda g: g * (limit / norm), grads) if norm > limit else grads), norm
