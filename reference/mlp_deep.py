"""Unit 07, nets of any number of layers: passes, parameters as one vector, a start, symmetries. They are part of ``mlp``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Cache = tuple[list[Array], list[Array], str]


# ------------------------------------------------------------------------------------------------- any number of layers
def mlp_forward(x: Array, weights: list[Array], activation: str) -> tuple[Array, Cache]:
    """Multilayer perceptron with biases inside the weights: out = W_L [h_{L−1}; 1], h_l = φ(W_l [h_{l−1}; 1]), h_0 = x.

    [h; 1] is a row h with a 1 appended (x₀ = 1), so the last column of each W_l is the bias. φ is ``activation``:
    "logistic" (1 / (1 + e^−z)), "tanh" or "relu" (max(0, z)), elementwise; the last layer has none.
    x (N, D_0); ``weights`` the list of W_1, ..., W_L, L ≥ 1, W_l (D_l, D_{l−1} + 1); out (N, D_L).
    cache = (inputs, weights, activation), inputs being the list of [h_{l−1}; 1] (N, D_{l−1} + 1), for l = 1, ..., L.
    Only out is judged: if you write ``mlp_backward`` too, your cache may hold other things, for it alone.
    No overflow at ±1500 in x and the weights. Source: Goodfellow et al. 2016, algorithm 6.3.
    """
    inputs = []
    ### BEGIN SOLUTION
    out = x
    for layer, W in enumerate(weights):
        inputs.append(_with_ones(_activated(out, activation) if layer else out))
        out = inputs[-1] @ W.T
    ### END SOLUTION
    cache = (inputs, weights, activation)
    return out, cache


def mlp_backward(dout: Array, cache: Cache) -> tuple[Array, list[Array]]:
    """Gradients of ``mlp_forward``: (dx, dweights), dx = ∂L/∂x, dweights the list of ∂L/∂W_l for l = 1, ..., L.

    dout = ∂L/∂out (N, D_L), cache = (inputs, weights, activation) as ``mlp_forward`` describes it; dx (N, D_0), each
    ∂L/∂W_l in the shape of W_l, its last column the gradient of the bias. Nothing is averaged here: that is in dout.
    One array may be in ``weights`` twice: each of its places has a gradient of its own.
    The slope of "relu" is 1 for z > 0, else 0 (z = 0 is not tried); h (1 − h) and 1 − h² may be 0 where h rounds to 1.
    Source: Goodfellow et al. 2016, algorithm 6.4.
    """
    ### BEGIN SOLUTION
    inputs, weights, activation = cache
    dweights = []
    for layer in reversed(range(len(weights))):
        dweights.append(dout.T @ inputs[layer])
        dout = dout @ weights[layer][:, :-1]
        if layer:
            dout = dout * _slope(inputs[layer][:, :-1], activation)
    return dout, dweights[::-1]
    ### END SOLUTION


def flatten(arrays: list[Array]) -> Array:
    """Put all entries of a list of arrays into one vector, array after array, each in row-major order (the last index fastest).

    ``arrays`` holds one or more arrays of 1 to 3 dimensions, transposes among them; theta (P,), P the number of all their entries.
    """
    return np.concatenate([array.reshape(-1) for array in arrays])


def unflatten(theta: Array, shapes: list[tuple[int, ...]]) -> list[Array]:
    """Undo ``flatten``: the list of arrays of these shapes whose entries, array after array in row-major order, are theta.

    theta (P,); ``shapes`` a list of one or more tuples of 1 to 3 lengths, which hold P entries in all. The list has as many
    arrays as there are shapes.
    """
    ### BEGIN SOLUTION
    arrays, start = [], 0
    for shape in shapes:
        end = start + int(np.prod(shape))
        arrays.append(theta[start:end].reshape(shape))
        start = end
    return arrays
    ### END SOLUTION


# ------------------------------------------------------------------------------------------------------------ the start
def xavier_weights(fan_in: int, fan_out: int, rng: np.random.Generator) -> Array:
    """Draw weights for tanh units: uniform on [−a, a] with a = √(6 / (fan_in + fan_out)), so of variance 2 / (fan_in + fan_out).

    Returns W (fan_in, fan_out), every entry drawn for itself from ``rng``, a ``np.random.Generator``, and from nothing else; in
    which way and order is yours to choose: their distribution is judged, and not the numbers. Source: Glorot & Bengio 2010, eq. 16.
    """
    limit = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, (fan_in, fan_out))


def he_weights(fan_in: int, fan_out: int, rng: np.random.Generator) -> Array:
    """Draw weights for ReLU units: normal with mean 0 and variance 2 / fan_in.

    Returns W (fan_in, fan_out), every entry drawn for itself from ``rng``, a ``np.random.Generator``, and from nothing else; in
    which way and order is yours to choose: their distribution is judged, and not the numbers. Source: He et al. 2015, eq. 10.
    """
    return rng.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))


def layer_scales(x: Array, weights: list[Array], activation: str) -> Array:
    """Measure what a net's layers hand on: the root mean square of each layer's output, over all examples and units.

    Arguments as of ``mlp_forward``. Returns (L,): for l < L the root of the mean of the squares of h_l (N, D_l), without
    the 1 that is appended to it, and last that of out (N, D_L).
    """
    ### BEGIN SOLUTION
    scales, out = [], x
    for layer, W in enumerate(weights):
        out = _with_ones(out) @ W.T
        if layer < len(weights) - 1:
            out = _activated(out, activation)
        scales.append(np.sqrt(np.mean(out**2)))
    return np.stack(scales)
    ### END SOLUTION


# ---------------------------------------------------------------------------------------------- one function, many nets
def permute_hidden(W: Array, V: Array, order: NDArray[np.integer]) -> tuple[Array, Array]:
    """Reorder the hidden units of u = h(X V) W, and leave u as it is: unit j of the new net is unit order[j] of the old one.

    W (M, C), V (D, M), ``order`` (M,) integers, each of 0, ..., M − 1 once; returns the new (W, V), in the shapes of the old.
    If order begins with 2, the first unit of the new net is what unit 2 was, its weights from below and to above.
    """
    return W[order], V[:, order]


def flip_hidden(W: Array, V: Array, units: NDArray[np.integer]) -> tuple[Array, Array]:
    """Flip the sign of some hidden units of u = tanh(X V) W, and leave u as it is: their columns of V change sign.

    W (M, C), V (D, M), ``units`` (K,) integers, the numbers of the units, K ≥ 1, none twice; returns the new (W, V), in the
    shapes of the old. Source: Bishop 2006, §5.1.1.
    """
    ### BEGIN SOLUTION
    sign = np.ones(len(W))
    sign[units] = -1
    return sign[:, None] * W, V * sign
    ### END SOLUTION


def scale_hidden(W: Array, V: Array, factors: Array) -> tuple[Array, Array]:
    """Scale the hidden units of u = max(0, X V) W, and leave u as it is: unit j gives factors[j] times what it gave.

    W (M, C), V (D, M), ``factors`` (M,) from 1e-12 to 1e12; returns the new (W, V), in the shapes of the old.
    """
    return W / factors[:, None], V * factors


def linear_map(weights: list[Array]) -> Array:
    """Find the one matrix A that a deep net without a nonlinearity is: out = A [x; 1] for every x.

    The net is that of ``mlp_forward`` with φ(z) = z: ``weights`` the list of W_1, ..., W_L, L ≥ 1, W_l (D_l, D_{l−1} + 1),
    the last column of each the bias. Returns A (D_L, D_0 + 1), its last column the bias.
    """
    ### BEGIN SOLUTION
    A = weights[0].copy()
    for W in weights[1:]:
        A = W[:, :-1] @ A
        A[:, -1] += W[:, -1]
    return A
    ### END SOLUTION


### BEGIN SOLUTION
def _activated(z: Array, name: str) -> Array:
    """Return φ(z), without overflow."""
    if name == "tanh":
        return np.tanh(z)
    if name == "relu":
        return np.maximum(z, 0)
    e: Array = np.exp(-np.abs(z))  # at most 1
    top: Array = np.where(z >= 0, 1.0, e)
    return top / (1 + e)


def _slope(h: Array, name: str) -> Array:
    """Return φ'(z) in terms of h = φ(z)."""
    if name == "tanh":
        return 1 - h**2
    if name == "relu":
        return np.where(h > 0, 1.0, 0.0)
    return h * (1 - h)


def _with_ones(h: Array) -> Array:
    return np.concatenate([h, np.ones((len(h), 1))], axis=1)


### END SOLUTION
