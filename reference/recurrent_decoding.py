"""Unit 09, training and use: clipping by norm, a text learnt by heart, greedy decoding. They are part of ``recurrent``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Tokens = NDArray[np.int64]
Parameters = tuple[Array, Array, Array, Array, Array]


def clip_by_norm(gradients: list[Array], max_norm: float) -> list[Array]:
    """Clip gradients by their common norm: if ‖(all of them)‖ exceeds max_norm, scale all by max_norm / norm; else leave them.

    The norm is the root of the sum of all squares, over all entries of all arrays. The direction stays; of a list whose norm is
    at most max_norm, and of zeros, the same values come back. gradients is a list of arrays of one to three dimensions, max_norm
    > 0 a number; returns a list of arrays in the same order and shapes. Source: Pascanu et al. 2013, algorithm 1.
    """
    ### BEGIN SOLUTION
    norm = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))
    factor = max_norm / np.maximum(norm, max_norm)  # 1 where the norm is within the bound
    return [gradient * factor for gradient in gradients]
    ### END SOLUTION


def greedy_decode(
    h0: Array,
    E: Array,
    Wx: Array,
    Wh: Array,
    b: Array,
    Wy: Array,
    by: Array,
    start: int,
    end: int,
    length: int,
) -> Tokens:
    """Decode greedily: at each step the token with the largest score, which is the input of the next step.

    For each of N sequences: token₀ = start; h = tanh(E[token] Wx + h Wh + b) from h0, scores = h Wy + by, and the next token is
    the argmax of the scores. After an ``end`` all further tokens of that sequence are ``end``; ``start`` itself is not returned,
    and may come again. h0 (N, H), E (V, D), one row a token, Wx (D, H), Wh (H, H), b (H,), Wy (H, V), by (V,), start, end and
    length are ints; tokens (N, length) of ints. Source: Sutskever et al. 2014, §3.2, with a beam of 1.
    """
    ### BEGIN SOLUTION
    token = np.full(len(h0), start)
    over = np.zeros(len(h0), dtype=bool)
    h, tokens = h0, []
    for _ in range(length):
        h = np.tanh(E[token] @ Wx + h @ Wh + b)
        token = np.where(over, end, np.argmax(h @ Wy + by, axis=1)).astype(int)
        over = over | (token == end)
        tokens.append(token)
    return np.stack(tokens, axis=1)
    ### END SOLUTION


def learn_text(tokens: Tokens, size: int, seed: int) -> Parameters:
    """Train a recurrent layer to say a text by heart: return (Wx, Wh, b, Wy, by) with a loss of at most 0.05 for each letter.

    tokens (L,) are the letters of TEXT as ints from 0 to size − 1. From the letter at place t the layer is to tell the one at t +
    1, for all L − 1 of them, from a state of zeros before the first: h_t = tanh(Wx[token_t] + h_{t−1} Wh + b), scores h_t Wy +
    by, and the loss is the mean of the L − 1 negative log-likelihoods, the natural logarithm. Wx (size, H), Wh (H, H), b (H,), Wy
    (H, size), by (size,); H is yours to choose, from 1 to 100. What you draw, draw from ``np.random.default_rng(seed)``; how you
    train is yours to choose too: you may use anything that you have written. The run has about ten seconds.
    """
    ### BEGIN SOLUTION
    rng, H = np.random.default_rng(seed), 48
    given, due, steps = tokens[:-1], tokens[1:], len(tokens) - 1
    shapes = ((size, H), (H, H), (H,), (H, size), (size,))
    parameters = [
        rng.standard_normal(shape) / np.sqrt(shape[0]) if len(shape) == 2 else np.zeros(shape) for shape in shapes
    ]
    means, squares = [np.zeros(s) for s in shapes], [np.zeros(s) for s in shapes]
    for epoch in range(1, 301):
        Wx, Wh, b, Wy, by = parameters
        h = np.zeros((steps + 1, H))  # the last row, -1, is the state before the first step
        for t in range(steps):
            h[t] = np.tanh(Wx[given[t]] + h[t - 1] @ Wh + b)
        scores = h[:-1] @ Wy + by
        e = np.exp(scores - scores.max(axis=1, keepdims=True))
        dscores = e / e.sum(axis=1, keepdims=True)
        dscores[np.arange(steps), due] -= 1
        dscores /= steps
        dh = dscores @ Wy.T
        da, carried = np.zeros((steps, H)), np.zeros(H)
        for t in reversed(range(steps)):
            da[t] = (dh[t] + carried) * (1 - h[t] ** 2)
            carried = Wh @ da[t]
        dWx = np.zeros_like(Wx)
        np.add.at(dWx, given, da)
        before = np.concatenate([np.zeros((1, H)), h[: steps - 1]])
        gradients = clip_by_norm([dWx, before.T @ da, da.sum(axis=0), h[:-1].T @ dscores, dscores.sum(axis=0)], 1.0)
        for k, gradient in enumerate(gradients):
            means[k] = 0.9 * means[k] + 0.1 * gradient
            squares[k] = 0.99 * squares[k] + 0.01 * gradient**2
            mean, square = means[k] / (1 - 0.9**epoch), squares[k] / (1 - 0.99**epoch)
            parameters[k] = parameters[k] - 0.01 * mean / (np.sqrt(square) + 1e-8)
    Wx, Wh, b, Wy, by = parameters
    return Wx, Wh, b, Wy, by
    ### END SOLUTION
