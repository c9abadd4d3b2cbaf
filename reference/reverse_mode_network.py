"""Unit 04, a small net taken apart: the gradients of all its intermediate values, and their fused forms. Part of ``reverse_mode``.

Forward, with letters X (N, T) in, C (V, E), and labels y (N,): embeddings, a linear layer, batch normalisation, tanh, a linear
layer, softmax cross-entropy. The four ``*_steps`` go back through it from the loss.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Integers = NDArray[np.integer[Any]]


def cross_entropy_steps(logits: Array, y: Integers) -> tuple[Array, ...]:
    """Gradients of all intermediate values of the cross-entropy, written out step by step.

    Forward, with logits (N, C) and labels y (N,) of int64 from 0 to C − 1::

        logit_maxes    = logits.max(axis=1, keepdims=True)        # (N, 1)
        norm_logits    = logits - logit_maxes                     # (N, C)
        counts         = np.exp(norm_logits)                      # (N, C)
        counts_sum     = counts.sum(axis=1, keepdims=True)        # (N, 1)
        counts_sum_inv = counts_sum ** -1                         # (N, 1)
        probs          = counts * counts_sum_inv                  # (N, C)
        logprobs       = np.log(probs)                            # (N, C)
        loss           = -logprobs[np.arange(N), y].mean()

    No entry of probs rounds to 0. dlogit_maxes is 0 but for rounding, so that any share of it at ties is right.
    Returns the derivatives of loss, each with all its paths, in the shapes above: (dlogprobs, dprobs, dcounts_sum_inv,
    dcounts_sum, dcounts, dnorm_logits, dlogit_maxes, dlogits).
    Source: the exercise "becoming a backprop ninja" of Karpathy's course "Zero to Hero".
    """
    rows = np.arange(len(logits))
    logit_maxes = logits.max(axis=1, keepdims=True)
    norm_logits = logits - logit_maxes
    counts = np.exp(norm_logits)
    counts_sum = counts.sum(axis=1, keepdims=True)
    counts_sum_inv = 1 / counts_sum
    probs = counts * counts_sum_inv

    dlogprobs: Array = np.zeros_like(logits)
    dlogprobs[rows, y] = -1.0 / len(logits)
    dprobs = dlogprobs / probs
    dcounts_sum_inv = (dprobs * counts).sum(axis=1, keepdims=True)
    dcounts_sum = -dcounts_sum_inv * counts_sum_inv**2
    dcounts = dprobs * counts_sum_inv + dcounts_sum
    dnorm_logits = dcounts * counts
    dlogit_maxes = -dnorm_logits.sum(axis=1, keepdims=True)
    first = np.arange(logits.shape[1]) == np.argmax(logits, axis=1)[:, None]
    dlogits = dnorm_logits + dlogit_maxes * first
    return dlogprobs, dprobs, dcounts_sum_inv, dcounts_sum, dcounts, dnorm_logits, dlogit_maxes, dlogits


def head_steps(dlogits: Array, hpreact: Array, W2: Array) -> tuple[Array, Array, Array, Array]:
    """Gradients of the output layer and of the tanh below it.

    Forward: h = np.tanh(hpreact) (N, H), logits = h @ W2 + b2 (N, C), with W2 (H, C), b2 (C,).
    dlogits (N, C), hpreact (N, H). Returns (dh, dW2, db2, dhpreact), each in the shape of what it belongs to.
    """
    h = np.tanh(hpreact)
    dh = dlogits @ W2.T
    return dh, h.T @ dlogits, dlogits.sum(axis=0), dh * (1 - h**2)


def batchnorm_steps(dhpreact: Array, hprebn: Array, gain: Array) -> tuple[Array, ...]:
    """Gradients of all intermediate values of a batch normalisation, written out step by step.

    Forward, with hprebn (N, H), gain (H,), bias (H,); the variance divides by N::

        bnmean    = hprebn.mean(axis=0, keepdims=True)            # (1, H)
        bndiff    = hprebn - bnmean                               # (N, H)
        bndiff2   = bndiff ** 2                                   # (N, H)
        bnvar     = bndiff2.mean(axis=0, keepdims=True)           # (1, H)
        bnvar_inv = (bnvar + 1e-5) ** -0.5                        # (1, H)
        bnraw     = bndiff * bnvar_inv                            # (N, H)
        hpreact   = gain * bnraw + bias                           # (N, H)

    dhpreact (N, H) comes from above. Returns (dgain, dbias, dbnraw, dbnvar_inv, dbnvar, dbndiff2, dbndiff, dbnmean, dhprebn),
    each with all its paths and in the shape of what it belongs to.
    """
    n = len(hprebn)
    bndiff = hprebn - hprebn.mean(axis=0, keepdims=True)
    bnvar = (bndiff**2).mean(axis=0, keepdims=True)
    bnvar_inv = (bnvar + 1e-5) ** -0.5
    bnraw = bndiff * bnvar_inv

    dgain = (dhpreact * bnraw).sum(axis=0)
    dbias = dhpreact.sum(axis=0)
    dbnraw = dhpreact * gain
    dbnvar_inv = (dbnraw * bndiff).sum(axis=0, keepdims=True)
    dbnvar = dbnvar_inv * -0.5 * (bnvar + 1e-5) ** -1.5
    dbndiff2 = np.broadcast_to(dbnvar / n, hprebn.shape)
    dbndiff = dbnraw * bnvar_inv + dbndiff2 * 2 * bndiff
    dbnmean = -dbndiff.sum(axis=0, keepdims=True)
    dhprebn = dbndiff + dbnmean / n
    return dgain, dbias, dbnraw, dbnvar_inv, dbnvar, dbndiff2, dbndiff, dbnmean, dhprebn


def embedding_steps(dhprebn: Array, X: Integers, C: Array, W1: Array) -> tuple[Array, Array, Array, Array, Array]:
    """Gradients of the first linear layer and of the embeddings below it.

    Forward, with X (N, T) of int64 from 0 to V − 1, which repeat, C (V, E), W1 (T·E, H), b1 (H,)::

        emb     = C[X]                                            # (N, T, E)
        embcat  = emb.reshape(N, T * E)                           # (N, T·E)
        hprebn  = embcat @ W1 + b1                                # (N, H)

    dhprebn (N, H). Returns (dembcat, dW1, db1, demb, dC), each in the shape of what it belongs to.
    """
    emb = C[X]
    embcat = emb.reshape(len(X), -1)
    dembcat = dhprebn @ W1.T
    demb = dembcat.reshape(emb.shape)
    dC: Array = np.zeros_like(C)
    np.add.at(dC, X, demb)
    return dembcat, embcat.T @ dhprebn, dhprebn.sum(axis=0), demb, dC


def fused_cross_entropy(logits: Array, y: Integers) -> Array:
    """Gradient of the softmax cross-entropy in one line: dlogits of cross_entropy_steps, without its steps.

    logits (N, C), y (N,) of int64 from 0 to C − 1; dlogits (N, C), of the mean over n. No overflow at logits of ±1000.
    Several lines are as good. The steps are not: they divide by probs, which may round to 0 here.
    """
    ### BEGIN SOLUTION
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    probs = e / e.sum(axis=1, keepdims=True)
    dlogits: Array = (probs - (np.arange(logits.shape[1]) == y[:, None])) / len(y)
    return dlogits
    ### END SOLUTION


def fused_batchnorm(dhpreact: Array, hprebn: Array, gain: Array) -> Array:
    """Gradient of batch normalisation in one line: dhprebn of batchnorm_steps, without its steps.

    Once bnraw and bnvar_inv are there, it takes dhpreact, these two and gain, with two means over the batch. Several lines are
    as good, and so are the steps.
    dhpreact, hprebn (N, H), gain (H,); dhprebn (N, H). Source: Ioffe & Szegedy 2015, §3, put together.
    """
    bndiff = hprebn - hprebn.mean(axis=0, keepdims=True)
    bnvar_inv: Array = ((bndiff**2).mean(axis=0, keepdims=True) + 1e-5) ** -0.5
    bnraw = bndiff * bnvar_inv
    ### BEGIN SOLUTION
    along: Array = (dhpreact * bnraw).mean(axis=0)
    dhprebn: Array = gain * bnvar_inv * (dhpreact - dhpreact.mean(axis=0) - bnraw * along)
    return dhprebn
    ### END SOLUTION


def fused_sigmoid_formula() -> str:
    """Fused form of a sigmoid under a cross-entropy, as a formula: ∂L/∂u for L = −y log s − (1 − y) log(1 − s), s = σ(u).

    Return it as text, in the names s and y alone, with two operations (+, -, *, /, ^) at most and without a function, such as
    "s * y - 1" (which is not it): all that cancels is left out. y is any number from 0 to 1.
    """
    return "s - y"


def transition_vjp(g: Array, counts: Array) -> Array:
    """VJP of out = counts / counts.sum(axis=1, keepdims=True), each row divided by its sum: dcounts.

    counts[i, j] > 0 says how often letter j followed letter i: g, counts, dcounts (V, V). What stands here has one fault, to
    be found and mended, or the whole written anew. It shows in no shape, since the matrix is square.
    """
    total = counts.sum(axis=1, keepdims=True)
    out = counts / total
    inner = (g * out).sum(axis=1, keepdims=True)
    dcounts: Array = (g - inner) / total
    return dcounts
