"""A transformer block, forward and backward."""

from __future__ import annotations

import numpy as np

from grader.bank.attention.multi_head import PLACES as HEAD_PLACES
from grader.bank.attention.multi_head import gone_back, passed, summed
from grader.bank.attention.norm import normed, root
from grader.bank.attention.words import causal, continuous, of_heads, projection
from grader.bank.forms import backward_pass, forward_pass
from grader.judging import Invariant, drawn

BLOCK = {
    "x": continuous("N", "T", "D"),
    "Wq": projection(("D",), ("H", "d_k")),
    "Wk": projection(("D",), ("H", "d_k")),
    "Wv": projection(("D",), ("H", "d_v")),
    "Wo": projection(("H", "d_v"), ("D",)),
    "W1": projection(("D",), ("F",)),
    "W2": projection(("F",), ("D",)),
    "heads": drawn(lambda m: of_heads(m, "H")),
}
transformer_block_forward = forward_pass(
    "attention.transformer_block_forward",
    BLOCK,
    points=4,
    places={"out": ("sequence", "token", "feature")},
)


def norm(x):
    return normed(x, root(x))


def plain(x):
    """Leave x as it is; the cache is that of a norm whose root is 1."""
    return x, (x, np.ones((*x.shape[:2], 1)))


def rectified(z):
    return np.maximum(0, z)


def ran(x, weights, heads, skips=(1, 1), norms=(norm, norm), activation=rectified, mask=causal):
    """Return out and cache of a block; ``skips`` are the factors of the two skips."""
    Wq, Wk, Wv, Wo, W1, W2 = weights
    n, norm_x = norms[0](x)
    mixed, attention = passed(n, Wq, Wk, Wv, Wo, heads, mask(*x.shape[:2]) if mask else None)
    h = skips[0] * x + mixed
    b, norm_h = norms[1](h)
    a = activation(b @ W1)
    return skips[1] * h + a @ W2, (norm_x, attention, norm_h, b, a, W1, W2)


def of_sum(skip, n, norm_x, weights, heads, second=lambda h, b: h):
    """Return out and cache of a block whose first skip carries ``skip``, and whose second carries ``second(h, b)``."""
    Wq, Wk, Wv, Wo, W1, W2 = weights
    mixed, attention = passed(n, Wq, Wk, Wv, Wo, heads, causal(*n.shape[:2]))
    h = skip + mixed
    b, norm_h = norm(h)
    a = rectified(b @ W1)
    return second(h, b) + a @ W2, (norm_x, attention, norm_h, b, a, W1, W2)


@transformer_block_forward.mistake("The first skip is missing: what attention returns is added to x.")
def loses_the_first_skip(x, Wq, Wk, Wv, Wo, W1, W2, heads):
    return ran(x, (Wq, Wk, Wv, Wo, W1, W2), heads, skips=(0, 1))


@transformer_block_forward.mistake("The second skip is missing: what the two layers return is added to h.")
def loses_the_second_skip(x, Wq, Wk, Wv, Wo, W1, W2, heads):
    return ran(x, (Wq, Wk, Wv, Wo, W1, W2), heads, skips=(1, 0))


@transformer_block_forward.mistake("All tokens are seen: the block has a causal mask.")
def sees_the_future(x, Wq, Wk, Wv, Wo, W1, W2, heads):
    return ran(x, (Wq, Wk, Wv, Wo, W1, W2), heads, mask=None)


@transformer_block_forward.mistake("Attention gets x as it is: it is normed in front of attention.")
def forgets_the_norm_of_x(x, Wq, Wk, Wv, Wo, W1, W2, heads):
    return ran(x, (Wq, Wk, Wv, Wo, W1, W2), heads, norms=(plain, norm))


@transformer_block_forward.mistake("The two layers get h as it is: it is normed in front of them.")
def forgets_the_norm_of_h(x, Wq, Wk, Wv, Wo, W1, W2, heads):
    return ran(x, (Wq, Wk, Wv, Wo, W1, W2), heads, norms=(norm, plain))


@transformer_block_forward.mistake("There is no nonlinearity between W1 and W2: together they are one matrix.")
def forgets_the_nonlinearity(x, Wq, Wk, Wv, Wo, W1, W2, heads):
    return ran(x, (Wq, Wk, Wv, Wo, W1, W2), heads, activation=lambda z: z)


@transformer_block_forward.mistake(
    "The norms stand behind the sums (post-norm): here they stand in front of attention and of the two layers."
)
def norms_behind_the_sums(x, Wq, Wk, Wv, Wo, W1, W2, heads):
    mixed, attention = passed(x, Wq, Wk, Wv, Wo, heads, causal(*x.shape[:2]))
    h, norm_x = norm(x + mixed)
    a = rectified(h @ W1)
    out, norm_h = norm(h + a @ W2)
    return out, (norm_x, attention, norm_h, h, a, W1, W2)


@transformer_block_forward.mistake("The skips carry the normed values: what is added to is x and h as they are.")
def skips_from_behind_the_norm(x, Wq, Wk, Wv, Wo, W1, W2, heads):
    n, norm_x = norm(x)
    mixed, attention = passed(n, Wq, Wk, Wv, Wo, heads, causal(*x.shape[:2]))
    b, norm_h = norm(n + mixed)
    a = rectified(b @ W1)
    return b + a @ W2, (norm_x, attention, norm_h, b, a, W1, W2)


@transformer_block_forward.mistake(
    "The first skip carries the normed x: what attention returns is added to x as it is."
)
def skips_from_the_normed_x(x, Wq, Wk, Wv, Wo, W1, W2, heads):
    n, norm_x = norm(x)
    return of_sum(n, n, norm_x, (Wq, Wk, Wv, Wo, W1, W2), heads)


@transformer_block_forward.mistake(
    "The second skip carries the normed h: what the two layers return is added to h as it is."
)
def skips_from_the_normed_h(x, Wq, Wk, Wv, Wo, W1, W2, heads):
    n, norm_x = norm(x)
    return of_sum(x, n, norm_x, (Wq, Wk, Wv, Wo, W1, W2), heads, lambda h, b: b)


@transformer_block_forward.mistake("The second skip starts from x, in front of attention: it starts from h.")
def skips_past_both(x, Wq, Wk, Wv, Wo, W1, W2, heads):
    n, norm_x = norm(x)
    return of_sum(x, n, norm_x, (Wq, Wk, Wv, Wo, W1, W2), heads, lambda h, b: x)


@transformer_block_forward.mistake(
    "A token sees itself and those after it: the causal mask lets through what came before."
)
def sees_the_future_alone(x, Wq, Wk, Wv, Wo, W1, W2, heads):
    return ran(x, (Wq, Wk, Wv, Wo, W1, W2), heads, mask=lambda N, T: np.swapaxes(causal(N, T), 1, 2))


@transformer_block_forward.mistake(
    "What the two layers return is cut at 0 once more: the ReLU stands between W1 and W2 alone."
)
def cuts_what_is_added(x, Wq, Wk, Wv, Wo, W1, W2, heads):
    out, cache = ran(x, (Wq, Wk, Wv, Wo, W1, W2), heads)
    below = cache[4] @ W2
    return out - np.minimum(below, 0), cache


@transformer_block_forward.mistake("The two layers start from x again: they come after attention, and start from h.")
def runs_side_by_side(x, Wq, Wk, Wv, Wo, W1, W2, heads):
    n, norm_x = norm(x)
    mixed, attention = passed(n, Wq, Wk, Wv, Wo, heads, causal(*x.shape[:2]))
    a = rectified(n @ W1)
    return x + mixed + a @ W2, (norm_x, attention, norm_x, n, a, W1, W2)


# -------------------------------------------------------------------------------------- backward
def hidden_scales(inputs, outputs):
    return (outputs["dW1"] * inputs["W1"]).sum(axis=0) - (outputs["dW2"] * inputs["W2"]).sum(axis=1)


transformer_block_backward = backward_pass(
    "attention.transformer_block_backward",
    BLOCK,
    ("N", "T", "D"),
    points=7,
    outputs=("dx", "dWq", "dWk", "dWv", "dWo", "dW1", "dW2"),
    kinks=True,
    regimes=("randn", "odd", "small"),
    places={**HEAD_PLACES, "dW1": ("input", "unit"), "dW2": ("unit", "output")},
    invariants=(
        Invariant(
            "hidden_scales",
            "A ReLU lets scales through, so dW1 times W1 and dW2 times W2 add up to one number for each hidden unit; yours differ.",
            hidden_scales,
        ),
    ),
)


def norm_backward(dout, cache):
    out, r = cache
    return (dout - out * np.mean(dout * out, axis=-1, keepdims=True)) / r


def back(dout, cache, skips=(1, 1), norms=(norm_backward, norm_backward), slope=lambda a, _: a > 0, total=summed):
    """Return the gradients of a block; ``skips`` are factors of what goes past the two halves, the upper one first."""
    norm_x, attention, norm_h, b, a, W1, W2 = cache
    dz = dout @ W2.T * slope(a, dout @ W2.T)
    dh = skips[0] * dout + norms[0](dz @ W1.T, norm_h)
    dn, *rest = gone_back(dh, attention, total=total)
    return skips[1] * dh + norms[1](dn, norm_x), *rest, total(b, dz), total(a, dout)


@transformer_block_backward.mistake("What goes past the two layers, along the skip, is missing from all below them.")
def loses_the_upper_skip(dout, cache):
    return back(dout, cache, skips=(0, 1))


@transformer_block_backward.mistake("What goes past attention, along the first skip, is missing from dx.")
def loses_the_lower_skip(dout, cache):
    return back(dout, cache, skips=(1, 0))


@transformer_block_backward.mistake(
    "dx starts from dout where it should start from dh: along the first skip comes all that has reached h."
)
def skips_the_whole_block(dout, cache):
    norm_x, attention, norm_h, _, a, W1, W2 = cache
    dh = dout + norm_backward(dout @ W2.T * (a > 0) @ W1.T, norm_h)
    return dout + norm_backward(gone_back(dh, attention)[0], norm_x), *back(dout, cache)[1:]


@transformer_block_backward.mistake(
    "Attention gets dout where it should get dh: what comes back through the two layers reaches it too."
)
def hands_dout_to_attention(dout, cache):
    norm_x, attention, norm_h, b, a, W1, W2 = cache
    dz = dout @ W2.T * (a > 0)
    dn, *rest = gone_back(dout, attention)
    dx = dout + norm_backward(dz @ W1.T, norm_h) + norm_backward(dn, norm_x)
    return dx, *rest, summed(b, dz), summed(a, dout)


@transformer_block_backward.mistake("The norm of h is passed on the way back as if it were not there.")
def passes_the_upper_norm(dout, cache):
    return back(dout, cache, norms=(lambda d, _: d, norm_backward))


@transformer_block_backward.mistake("The norm of x is passed on the way back as if it were not there.")
def passes_the_lower_norm(dout, cache):
    return back(dout, cache, norms=(norm_backward, lambda d, _: d))


@transformer_block_backward.mistake("The caches of the two norms have changed places.")
def swaps_the_norms(dout, cache):
    norm_x, attention, norm_h, *rest = cache
    return back(dout, (norm_h, attention, norm_x, *rest))


@transformer_block_backward.mistake(
    "Through the norms goes dout / r alone: each feature also moves the root of its token."
)
def holds_both_roots_fixed(dout, cache):
    return back(dout, cache, norms=(lambda d, c: d / c[1], lambda d, c: d / c[1]))


@transformer_block_backward.mistake(
    "Hidden units that were off hand gradients on: the ReLU is missing on the way back."
)
def forgets_the_slope_of_the_units(dout, cache):
    return back(dout, cache, slope=lambda *_: 1.0)


@transformer_block_backward.mistake(
    "The ReLU's mask is taken from the gradient: whether a unit was on, its activation says."
)
def masks_by_the_gradient(dout, cache):
    return back(dout, cache, slope=lambda _, d: d > 0)


@transformer_block_backward.mistake(
    "The gradients of the weights are averaged over the sequences: all paths to the loss add up."
)
def averages_the_block(dout, cache):
    return back(dout, cache, total=lambda x, g: summed(x, g) / len(x))


@transformer_block_backward.mistake("Along the first skip the gradient comes twice.")
def doubles_the_lower_skip(dout, cache):
    return back(dout, cache, skips=(1, 2))
