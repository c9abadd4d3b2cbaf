"""One step of an LSTM, forward and backward."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import backward_pass, formula, forward_pass
from grader.bank.recurrent.units import LSTM, X, blocks, ended, logistic, placed, started, states, weights
from grader.judging import drawn

STEP = {
    "x": X,
    "prev_h": states("N", "H"),
    "prev_c": states("N", "H", scale=1.2),
    "Wx": weights("D", "H", 4),
    "Wh": weights("H", "H", 4),
    "b": states("H", count=4),
}
ABOVE = {"dnext_h": ("N", "H"), "dnext_c": ("N", "H")}

# --------------------------------------------------------------------------------------- formula
cell_gradient = formula(
    "recurrent.cell_gradient",
    {
        name: drawn(lambda m: np.array(m.rng.uniform(-2, 2)))
        if name[0] == "d"
        else drawn(lambda m: np.array(m.rng.uniform(0.1, 0.9)))
        for name in ("dh", "dc", "f", "o", "s")
    },
    points=1,
)


@cell_gradient.mistake("The way through next_h is missing: next_h is made of next_c.")
def leaves_out_the_hidden_way():
    return "dc*f"


@cell_gradient.mistake("The slope of the tanh between next_c and next_h is missing.")
def leaves_out_the_slope():
    return "(dc + dh*o)*f"


@cell_gradient.mistake("That is ∂L/∂next_c. One more step leads to prev_c.")
def stops_at_the_next_cell():
    return "dc + dh*o*(1 - s^2)"


@cell_gradient.mistake("The slope is s(1 − s), that of the logistic function, and s is a tanh.")
def takes_the_logistic_slope():
    return "(dc + dh*o*s*(1 - s))*f"


@cell_gradient.mistake("The slope is 1 − s, without the square.")
def forgets_the_square():
    return "(dc + dh*o*(1 - s))*f"


# --------------------------------------------------------------------------------------- forward
lstm_step_forward = forward_pass(
    "recurrent.lstm_step_forward", STEP, outputs=("next_h", "next_c"), slack=started, places=placed("next_h", "next_c")
)


def gates(a):
    """Return i, f, o, g of the four blocks of a pre-activation."""
    i, f, o, g = blocks(a, 4)
    return logistic(i), logistic(f), logistic(o), np.tanh(g)


def stepped(x, prev_h, prev_c, Wx, Wh, b, of=gates, cell=None, shown=np.tanh):
    """Return a step with its cache; the gates, the next cell and what is shown of it can be spoilt."""
    i, f, o, g = of(x @ Wx + prev_h @ Wh + b)
    next_c = f * prev_c + i * g if cell is None else cell(i, f, o, g)
    return o * shown(next_c), next_c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c)


def candidate_third(a):
    """Return i, f, o, g where the blocks are read as i, f, g, o."""
    i, f, g, o = blocks(a, 4)
    return logistic(i), logistic(f), logistic(o), np.tanh(g)


def input_second(a):
    """Return i, f, o, g where the blocks are read as f, i, o, g."""
    f, i, o, g = blocks(a, 4)
    return logistic(i), logistic(f), logistic(o), np.tanh(g)


@lstm_step_forward.mistake(
    "The blocks are read in the order i, f, g, o, which other libraries have. Here it is i, f, o, g."
)
def reads_the_candidate_third(x, prev_h, prev_c, Wx, Wh, b):
    return stepped(x, prev_h, prev_c, Wx, Wh, b, candidate_third)


@lstm_step_forward.mistake("Input and forget gate have changed places: the first block decides what is written.")
def swaps_input_and_forget(x, prev_h, prev_c, Wx, Wh, b):
    return stepped(x, prev_h, prev_c, Wx, Wh, b, input_second)


@lstm_step_forward.mistake("next_c is right; the cell is shown without tanh in next_h.")
def shows_the_bare_cell(x, prev_h, prev_c, Wx, Wh, b):
    return stepped(x, prev_h, prev_c, Wx, Wh, b, shown=lambda c: c)


@lstm_step_forward.mistake("next_c is right; next_h shows the previous cell.")
def shows_the_previous_cell(x, prev_h, prev_c, Wx, Wh, b):
    return stepped(x, prev_h, prev_c, Wx, Wh, b, shown=lambda _: np.tanh(prev_c))


@lstm_step_forward.mistake("Nothing is forgotten: the whole old cell stays, and f has no effect.")
def forgets_the_forget_gate(x, prev_h, prev_c, Wx, Wh, b):
    return stepped(x, prev_h, prev_c, Wx, Wh, b, cell=lambda i, f, o, g: prev_c + i * g)


@lstm_step_forward.mistake("What stays is 1 − i: input and forget gate are two decisions, each with its own weights.")
def couples_the_gates(x, prev_h, prev_c, Wx, Wh, b):
    return stepped(x, prev_h, prev_c, Wx, Wh, b, cell=lambda i, f, o, g: (1 - i) * prev_c + i * g)


@lstm_step_forward.mistake(
    "What is written is 1 − f: input and forget gate are two decisions, each with its own weights."
)
def writes_what_is_forgotten(x, prev_h, prev_c, Wx, Wh, b):
    return stepped(x, prev_h, prev_c, Wx, Wh, b, cell=lambda i, f, o, g: f * prev_c + (1 - f) * g)


@lstm_step_forward.mistake(
    "1 is added before the forget gate's σ: a bias that starts at 1 is a matter of b's first values."
)
def adds_one_to_the_forget_gate(x, prev_h, prev_c, Wx, Wh, b):
    return stepped(x, prev_h, prev_c, Wx, Wh, b + np.repeat([0.0, 1.0, 0.0, 0.0], len(Wh)))


@lstm_step_forward.mistake("The candidate is between 0 and 1: it is no gate, and may be of either sign.")
def makes_the_candidate_a_gate(x, prev_h, prev_c, Wx, Wh, b):
    return stepped(x, prev_h, prev_c, Wx, Wh, b, lambda a: [logistic(part) for part in blocks(a, 4)])


# -------------------------------------------------------------------------------------- backward
lstm_step_backward = backward_pass(
    "recurrent.lstm_step_backward",
    STEP,
    ABOVE,
    points=6,
    outputs=("dx", "dprev_h", "dprev_c", "dWx", "dWh", "db"),
    slack=lambda inputs: ended(inputs) * started(inputs),
    places=placed("dx", "dprev_h", "dprev_c", "dWx", "dWh", "db", last=LSTM),
)


def slope(s):
    """Return the slope of the logistic function in terms of its value."""
    return s * (1 - s)


def tanh_slope(s):
    return 1 - s**2


def one(s):
    return np.ones_like(s)


def before_gates(dnext_h, dc, cache, slopes=(slope, slope, slope, tanh_slope)):
    """Return the gradients of the four pre-activations from that of the cell."""
    *_, i, f, o, g, next_c = cache
    above = (dc * g, dc * cache[2], dnext_h * np.tanh(next_c), dc * i)
    return [d * of(s) for d, of, s in zip(above, slopes, (i, f, o, g), strict=True)]


def cell(dnext_h, dnext_c, cache):
    """Return the gradient of the next cell, along both of its ways."""
    return dnext_c + dnext_h * cache[7] * (1 - np.tanh(cache[9]) ** 2)


def gathered(da, dprev_c, cache):
    """Return all gradients from those of the pre-activations."""
    x, prev_h, _, Wx, Wh = cache[:5]
    da = np.concatenate(da, axis=1)
    return da @ Wx.T, da @ Wh.T, dprev_c, x.T @ da, prev_h.T @ da, da.sum(axis=0)


def with_slopes(dnext_h, dnext_c, cache, *slopes):
    dc = cell(dnext_h, dnext_c, cache)
    return gathered(before_gates(dnext_h, dc, cache, slopes), dc * cache[6], cache)


@lstm_step_backward.mistake(
    "dprev_c goes by dnext_c alone. next_h is made of next_c: what arrives at the one passes on to the other."
)
def leaves_dnext_h_out_of_dprev_c(dnext_h, dnext_c, cache):
    dc = cell(dnext_h, dnext_c, cache)
    return gathered(before_gates(dnext_h, dc, cache), dnext_c * cache[6], cache)


@lstm_step_backward.mistake(
    "The cell gets nothing from dnext_h: db is exact in the output gate's columns alone. next_h is made of next_c."
)
def leaves_dnext_h_out_of_the_cell(dnext_h, dnext_c, cache):
    return gathered(before_gates(dnext_h, dnext_c, cache), dnext_c * cache[6], cache)


@lstm_step_backward.mistake(
    "dnext_c does not enter: the next cell goes on into the steps to come, and its gradient comes back."
)
def forgets_dnext_c(dnext_h, dnext_c, cache):
    dc = cell(dnext_h, 0 * dnext_c, cache)
    return gathered(before_gates(dnext_h, dc, cache), dc * cache[6], cache)


@lstm_step_backward.mistake("The way from next_h to next_c leads through a tanh, and its slope is missing.")
def forgets_the_slope_of_the_shown_cell(dnext_h, dnext_c, cache):
    dc = dnext_c + dnext_h * cache[7]
    return gathered(before_gates(dnext_h, dc, cache), dc * cache[6], cache)


@lstm_step_backward.mistake(
    "In dWx, dWh and db only the input gate's columns are wrong: the slope of its σ is missing."
)
def forgets_the_input_slope(dnext_h, dnext_c, cache):
    return with_slopes(dnext_h, dnext_c, cache, one, slope, slope, tanh_slope)


@lstm_step_backward.mistake(
    "In dWx, dWh and db only the forget gate's columns are wrong: the slope of its σ is missing."
)
def forgets_the_forget_slope(dnext_h, dnext_c, cache):
    return with_slopes(dnext_h, dnext_c, cache, slope, one, slope, tanh_slope)


@lstm_step_backward.mistake(
    "In dWx, dWh and db only the output gate's columns are wrong: the slope of its σ is missing."
)
def forgets_the_output_slope(dnext_h, dnext_c, cache):
    return with_slopes(dnext_h, dnext_c, cache, slope, slope, one, tanh_slope)


@lstm_step_backward.mistake(
    "In dWx, dWh and db only the candidate's columns are wrong: the slope of its tanh is missing."
)
def forgets_the_candidate_slope(dnext_h, dnext_c, cache):
    return with_slopes(dnext_h, dnext_c, cache, slope, slope, slope, one)


@lstm_step_backward.mistake(
    "In dWx, dWh and db only the candidate's columns are wrong: it is a tanh, and has the slope of a σ."
)
def takes_the_candidate_for_a_gate(dnext_h, dnext_c, cache):
    return with_slopes(dnext_h, dnext_c, cache, slope, slope, slope, slope)


@lstm_step_backward.mistake("The columns come in the order i, f, g, o. In the weights it is i, f, o, g.")
def orders_the_candidate_third(dnext_h, dnext_c, cache):
    dc = cell(dnext_h, dnext_c, cache)
    i, f, o, g = before_gates(dnext_h, dc, cache)
    return gathered([i, f, g, o], dc * cache[6], cache)


@lstm_step_backward.mistake(
    "Only dprev_c is wrong: the old cell reached the new one through the forget gate, not through the input gate."
)
def sends_the_cell_through_the_input_gate(dnext_h, dnext_c, cache):
    dc = cell(dnext_h, dnext_c, cache)
    return gathered(before_gates(dnext_h, dc, cache), dc * cache[5], cache)


@lstm_step_backward.mistake("Gradients of weights are divided by N. If a mean belongs anywhere, it came from above.")
def averages_over_examples(dnext_h, dnext_c, cache):
    dc = cell(dnext_h, dnext_c, cache)
    *first, dWx, dWh, db = gathered(before_gates(dnext_h, dc, cache), dc * cache[6], cache)
    return *first, *(d / len(dnext_h) for d in (dWx, dWh, db))
