"""One step of a GRU, forward and backward."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import backward_pass, forward_pass
from grader.bank.recurrent.units import X, blocks, ended, logistic, placed, started, states, weights
from grader.judging import Blocks

STEP = {
    "x": X,
    "prev_h": states("N", "H"),
    "Wx": weights("D", "H", 3),
    "Wh": weights("H", "H", 3),
    "b": states("H", count=3),
}

GRU = Blocks("gate", ("reset", "update", "candidate"))

# --------------------------------------------------------------------------------------- forward
gru_step_forward = forward_pass(
    "recurrent.gru_step_forward", STEP, outputs=("next_h",), slack=started, places=placed("next_h")
)


def stepped(x, prev_h, Wx, Wh, b, order=(0, 1, 2), reset=None, squash=np.tanh, mix=None):
    """Return a step with its cache; the order of the blocks, the reset, the candidate and the mix can be spoilt."""
    ax, wh, bias = blocks(x @ Wx, 3), blocks(Wh, 3), blocks(b, 3)
    r, z = (logistic(ax[k] + prev_h @ wh[k] + bias[k]) for k in order[:2])
    k = order[2]
    recurrent = (r * prev_h) @ wh[k] if reset is None else reset(r, prev_h, wh[k], bias[k])
    g = squash(ax[k] + recurrent + bias[k])
    next_h = z * prev_h + (1 - z) * g if mix is None else mix(z, prev_h, g)
    return next_h, (x, prev_h, Wx, Wh, r, z, g)


@gru_step_forward.mistake(
    "The reset is applied behind the product with Wh_g, as some libraries do. Here it comes before it."
)
def resets_behind_the_product(x, prev_h, Wx, Wh, b):
    return stepped(x, prev_h, Wx, Wh, b, reset=lambda r, h, w, _: r * (h @ w))


@gru_step_forward.mistake("z and 1 − z have changed places: z is the share of the old state that is kept.")
def keeps_one_minus_z(x, prev_h, Wx, Wh, b):
    return stepped(x, prev_h, Wx, Wh, b, mix=lambda z, h, g: (1 - z) * h + z * g)


@gru_step_forward.mistake("Nothing is reset: the candidate sees the whole old state.")
def forgets_the_reset(x, prev_h, Wx, Wh, b):
    return stepped(x, prev_h, Wx, Wh, b, reset=lambda r, h, w, _: h @ w)


@gru_step_forward.mistake("The first block is taken for the update gate: the order is r, z, g.")
def reads_the_update_gate_first(x, prev_h, Wx, Wh, b):
    return stepped(x, prev_h, Wx, Wh, b, order=(1, 0, 2))


@gru_step_forward.mistake("The candidate is between 0 and 1: it is no gate, and may be of either sign.")
def makes_the_candidate_a_gate(x, prev_h, Wx, Wh, b):
    return stepped(x, prev_h, Wx, Wh, b, squash=logistic)


@gru_step_forward.mistake("The candidate's bias is missing.")
def forgets_the_bias_of_the_candidate(x, prev_h, Wx, Wh, b):
    return stepped(x, prev_h, Wx, Wh, b, reset=lambda r, h, w, bias: (r * h) @ w - bias)


@gru_step_forward.mistake("What is kept is z of the state after the reset: the reset is for the candidate alone.")
def keeps_what_was_reset(x, prev_h, Wx, Wh, b):
    _, (*_, r, z, g) = stepped(x, prev_h, Wx, Wh, b)
    return z * r * prev_h + (1 - z) * g, (x, prev_h, Wx, Wh, r, z, g)


# -------------------------------------------------------------------------------------- backward
gru_step_backward = backward_pass(
    "recurrent.gru_step_backward",
    STEP,
    {"dnext_h": ("N", "H")},
    points=5,
    outputs=("dx", "dprev_h", "dWx", "dWh", "db"),
    slack=lambda inputs: ended(inputs) * started(inputs),
    places=placed("dx", "dprev_h", "dWx", "dWh", "db", last=GRU),
)


def slope(s):
    return s * (1 - s)


def sent_back(dnext_h, cache, of_r=slope, of_z=slope, sign=1, ways=(1, 1, 1), seen=None, behind=False):
    """Return the gradients of a step.

    The slopes of the gates, the sign of dz, the three ``ways`` back to the old state (kept, reset, gates) and what Wh_g was
    multiplied by can be spoilt; ``behind``: as if the reset came behind the product.
    """
    x, prev_h, Wx, Wh, r, z, g = cache
    wh = blocks(Wh, 3)
    da_g = dnext_h * (1 - z) * (1 - g**2)
    da_z = sign * dnext_h * (prev_h - g) * of_z(z)
    above = da_g * r if behind else da_g
    dreset = above @ wh[2].T
    da_r = (da_g * (prev_h @ wh[2]) if behind else dreset * prev_h) * of_r(r)
    da = np.concatenate([da_r, da_z, da_g], axis=1)
    through = dreset if behind else dreset * r
    dprev_h = ways[0] * dnext_h * z + ways[1] * through + ways[2] * (da_r @ wh[0].T + da_z @ wh[1].T)
    last = (prev_h if behind else r * prev_h) if seen is None else seen(r, prev_h)
    dWh = np.concatenate([prev_h.T @ da_r, prev_h.T @ da_z, last.T @ above], axis=1)
    return da @ Wx.T, dprev_h, x.T @ da, dWh, da.sum(axis=0)


@gru_step_backward.mistake(
    "These are the gradients of a GRU whose reset comes behind the product with Wh_g. Here it comes before it."
)
def resets_behind_the_product_in_reverse(dnext_h, cache):
    return sent_back(dnext_h, cache, behind=True)


@gru_step_backward.mistake("Only dprev_h is wrong: the share of the old state that is kept sends nothing back.")
def forgets_what_is_kept(dnext_h, cache):
    return sent_back(dnext_h, cache, ways=(0, 1, 1))


@gru_step_backward.mistake("Only dprev_h is wrong: the old state made the gates too, and they send nothing back.")
def forgets_the_way_through_the_gates(dnext_h, cache):
    return sent_back(dnext_h, cache, ways=(1, 1, 0))


@gru_step_backward.mistake("Only dprev_h is wrong: the candidate sends nothing back to the old state that it saw.")
def forgets_the_way_through_the_candidate(dnext_h, cache):
    return sent_back(dnext_h, cache, ways=(1, 0, 1))


@gru_step_backward.mistake(
    "Only the candidate's columns of dWh are wrong: Wh_g was multiplied by the state after the reset."
)
def forgets_the_reset_in_dWh(dnext_h, cache):  # noqa: N802 - the array's name
    return sent_back(dnext_h, cache, seen=lambda r, h: h)


@gru_step_backward.mistake("In dWx, dWh and db only the reset gate's columns are wrong: the slope of its σ is missing.")
def forgets_the_reset_slope(dnext_h, cache):
    return sent_back(dnext_h, cache, of_r=np.ones_like)


@gru_step_backward.mistake(
    "In dWx, dWh and db only the update gate's columns are wrong: the slope of its σ is missing."
)
def forgets_the_update_slope(dnext_h, cache):
    return sent_back(dnext_h, cache, of_z=np.ones_like)


@gru_step_backward.mistake(
    "In dWx, dWh and db only the update gate's columns are wrong: they point the other way. What does a larger z take from g?"
)
def turns_the_update_gate(dnext_h, cache):
    return sent_back(dnext_h, cache, sign=-1)
