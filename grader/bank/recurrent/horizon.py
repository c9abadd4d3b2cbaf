"""The reach of gradients: truncated on purpose, and their norms step by step."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain
from grader.bank.recurrent.lstm import stepped
from grader.bank.recurrent.rnn import step_back
from grader.bank.recurrent.rnn_sequences import LAYER
from grader.bank.recurrent.units import ended, placed, short, states
from grader.judging import Invariant, drawn, upstream

# ------------------------------------------------------------------------------------- truncated
truncated_gradients = plain(
    "recurrent.truncated_gradients",
    {
        **LAYER,
        "dh": upstream("N", "T", "H"),
        "k": drawn(lambda m: 1 + (m.recipe.seed + m.size("T")) % (m.size("T") + 2)),
    },
    ("dx", "dh0", "dWx", "dWh", "db"),
    points=5,
    slack=ended,
    places=placed("dx", "dh0", "dWx", "dWh", "db"),
)


def cut(x, h0, Wx, Wh, b, dh, at, resets=lambda t: False, first=lambda da, Wh: da @ Wh.T, start=0.0):
    """Return gradients that do not pass from step t to t − 1 where ``at(t)``; ``resets(t)``: t starts from ``start``."""
    T = x.shape[1]
    before, h = [h0], []
    for t in range(T):
        if t and resets(t):
            before[t] = np.zeros_like(h0) + start
        h.append(np.tanh(x[:, t] @ Wx + before[t] @ Wh + b))
        before.append(h[t])
    dx, carried, of_weights = np.zeros_like(x), 0 * h0, (0 * Wx, 0 * Wh, 0 * b)
    for t in reversed(range(T)):
        da = (dh[:, t] + carried) * (1 - h[t] ** 2)
        dx[:, t], carried, *new = step_back(da, x[:, t], before[t], Wx, Wh)
        last = first(da, Wh)
        if at(t):
            carried = 0 * carried
        of_weights = tuple(a + c for a, c in zip(of_weights, new, strict=True))
    return dx, last, *of_weights


@truncated_gradients.mistake("Nothing is cut: these are the gradients of the whole sequence.")
def cuts_nothing(x, h0, Wx, Wh, b, dh, k):
    return cut(x, h0, Wx, Wh, b, dh, lambda t: False)


@truncated_gradients.mistake(
    "The state is set to 0 at each window's start. Truncation is a matter of the way back alone: values go on as they are."
)
def empties_the_state(x, h0, Wx, Wh, b, dh, k):
    return cut(x, h0, Wx, Wh, b, dh, lambda t: t % k == 0, resets=lambda t: t % k == 0)


@truncated_gradients.mistake(
    "Windows are counted from the end: they begin at the steps 0, k, 2k, and the last one may be shorter."
)
def counts_windows_from_the_end(x, h0, Wx, Wh, b, dh, k):
    return cut(x, h0, Wx, Wh, b, dh, lambda t: (x.shape[1] - t) % k == 0)


@truncated_gradients.mistake("The cut is one step off: windows have k + 1 steps here.")
def makes_windows_one_longer(x, h0, Wx, Wh, b, dh, k):
    return cut(x, h0, Wx, Wh, b, dh, lambda t: t % (k + 1) == 0)


@truncated_gradients.mistake(
    "Only dh0 is wrong: it is 0, and the first window sends back to the state from which it started."
)
def sends_nothing_to_h0(x, h0, Wx, Wh, b, dh, k):
    return cut(x, h0, Wx, Wh, b, dh, lambda t: t % k == 0, first=lambda da, Wh: 0 * da @ Wh.T)


@truncated_gradients.mistake("Only the first k steps have gradients: every window has its own.")
def stops_after_one_window(x, h0, Wx, Wh, b, dh, k):
    heard = dh * (np.arange(x.shape[1]) < k)[:, None]
    return cut(x, h0, Wx, Wh, b, heard, lambda t: t % k == 0)


@truncated_gradients.mistake("Every window starts from h0: it starts from the state in which the one before it ended.")
def starts_each_window_from_h0(x, h0, Wx, Wh, b, dh, k):
    return cut(x, h0, Wx, Wh, b, dh, lambda t: t % k == 0, resets=lambda t: t % k == 0, start=h0)


def first_states(x, h0, Wx, Wh, b, dh, k):
    """Return what each window sends back to the state from which it started."""
    found, T = [], x.shape[1]
    before = [h0, *states_of(x, h0, Wx, Wh, b)]
    for start in range(0, T, k):
        here = slice(start, start + k)
        found.append(cut(x[:, here], before[start], Wx, Wh, b, dh[:, here], lambda t: False)[1])
    return found


@truncated_gradients.mistake("dh0 comes from the last window: h0 is the state from which the first one started.")
def takes_dh0_of_the_last_window(x, h0, Wx, Wh, b, dh, k):
    dx, _, *of_weights = cut(x, h0, Wx, Wh, b, dh, lambda t: t % k == 0)
    return dx, first_states(x, h0, Wx, Wh, b, dh, k)[-1], *of_weights


@truncated_gradients.mistake("In dh0 the windows add up: h0 is the state from which the first one alone started.")
def adds_up_the_windows_in_dh0(x, h0, Wx, Wh, b, dh, k):
    dx, _, *of_weights = cut(x, h0, Wx, Wh, b, dh, lambda t: t % k == 0)
    return dx, sum(first_states(x, h0, Wx, Wh, b, dh, k)), *of_weights


@truncated_gradients.mistake(
    "The gradients of the weights are those of the last window: all windows use the same weights."
)
def keeps_the_last_window(x, h0, Wx, Wh, b, dh, k):
    dx, dh0, *_ = cut(x, h0, Wx, Wh, b, dh, lambda t: t % k == 0)
    last = (np.arange(x.shape[1]) >= (x.shape[1] - 1) // k * k)[:, None]
    return dx, dh0, *cut(x, h0, Wx, Wh, b, dh * last, lambda t: t % k == 0)[2:]


@truncated_gradients.mistake(
    "The steps behind the last whole window have no gradients: the last window may be shorter."
)
def leaves_out_what_is_over(x, h0, Wx, Wh, b, dh, k):
    T = x.shape[1]
    whole = (np.arange(T) < T // min(k, T) * min(k, T))[:, None]
    return cut(x, h0, Wx, Wh, b, dh * whole, lambda t: t % k == 0)


@truncated_gradients.mistake("Each loss goes back k steps of its own: windows stand side by side, and none overlap.")
def slides_along(x, h0, Wx, Wh, b, dh, k):
    total, steps = None, np.arange(x.shape[1])
    for s in steps:
        found = cut(x, h0, Wx, Wh, b, dh * (steps == s)[:, None], lambda t, s=s: t == s - k + 1)
        dh0 = found[1] if s < k else 0 * found[1]
        found = (found[0], dh0, *found[2:])
        total = found if total is None else tuple(a + c for a, c in zip(total, found, strict=True))
    return total


# ----------------------------------------------------------------------------------------- norms
LONG = 100


def length(m):
    """Return the number of steps: in some cases a hundred, never in those that people look at."""
    return LONG if m.recipe.seed % 4 == 1 and m.recipe.digits is None else 1 + m.size("T")


def inputs_(m):
    return short(m, m.rng.standard_normal((m.size("N"), length(m), m.size("D"))))


def recurrence(m):
    """Draw Wh; over many steps one of entries of one sign, under which rounding grows no faster than gradients do."""
    H = m.size("H")
    Wh = m.rng.standard_normal((H, H)) / np.sqrt(H)
    return np.abs(Wh) if length(m) == LONG else short(m, Wh)


def small_recurrence(m):
    H = m.size("H")
    scale = 0.1 if length(m) == LONG else 1 / np.sqrt(H)
    return short(m, scale * m.rng.standard_normal((H, 4 * H)))


def narrow(rows, count):
    return drawn(lambda m: short(m, 0.4 * m.rng.standard_normal((m.size(rows), count * m.size("H")))))


REGIMES = ("randn", "odd")
TALL = {"x": drawn(inputs_), "h0": states("N", "H")}


def last_norm(inputs, outputs):
    """Return what the last norm is above that of an array of ones."""
    return outputs["norms"][-1:] - np.sqrt(inputs["h0"].size)


rnn_gradient_norms = plain(
    "recurrent.rnn_gradient_norms",
    {**TALL, "Wx": narrow("D", 1), "Wh": drawn(recurrence), "b": states("H")},
    ("norms",),
    regimes=REGIMES,
    places={"norms": ("step",)},
    invariants=(Invariant("last_is_of_ones", "The last norm is that of ones, √(N·H); yours is not.", last_norm),),
)


def states_of(x, h0, Wx, Wh, b):
    h = [h0]
    for t in range(x.shape[1]):
        h.append(np.tanh(x[:, t] @ Wx + h[t] @ Wh + b))
    return h[1:]


def norm(a):
    return np.sqrt((a**2).sum())


def norms_of(h, back, at_each=0.0, size=norm):
    """Return the norms of a sweep; ``back`` leads from the gradient by state t to that by state t − 1."""
    dh = np.ones_like(h[-1])
    norms = [size(dh)]
    for t in reversed(range(1, len(h))):
        dh = back(dh, h, t) + at_each
        norms.append(size(dh))
    return np.array(norms[::-1])


@rnn_gradient_norms.mistake("The slopes of tanh are missing: these are the norms in a layer without a nonlinearity.")
def forgets_the_slopes(x, h0, Wx, Wh, b):
    return norms_of(states_of(x, h0, Wx, Wh, b), lambda dh, h, t: dh @ Wh.T)


@rnn_gradient_norms.mistake(
    "The slope is that of the step before: from h[:, t] to h[:, t − 1] leads the tanh that made h[:, t]."
)
def takes_the_slope_a_step_early(x, h0, Wx, Wh, b):
    return norms_of(states_of(x, h0, Wx, Wh, b), lambda dh, h, t: (dh * (1 - h[t - 1] ** 2)) @ Wh.T)


@rnn_gradient_norms.mistake("Wh is gone through from the wrong side on the way back.")
def forgets_the_transpose(x, h0, Wx, Wh, b):
    return norms_of(states_of(x, h0, Wx, Wh, b), lambda dh, h, t: (dh * (1 - h[t] ** 2)) @ Wh)


@rnn_gradient_norms.mistake("The last step stands first.")
def turns_the_steps_around(x, h0, Wx, Wh, b):
    return norms_of(states_of(x, h0, Wx, Wh, b), lambda dh, h, t: (dh * (1 - h[t] ** 2)) @ Wh.T)[::-1]


@rnn_gradient_norms.mistake("Every state has a share in the loss here: L is the sum of the last state's entries alone.")
def counts_every_state(x, h0, Wx, Wh, b):
    return norms_of(states_of(x, h0, Wx, Wh, b), lambda dh, h, t: (dh * (1 - h[t] ** 2)) @ Wh.T, at_each=1.0)


@rnn_gradient_norms.mistake("The roots are missing: these are the squares of the norms.")
def forgets_the_root(x, h0, Wx, Wh, b):
    return norms_of(states_of(x, h0, Wx, Wh, b), lambda dh, h, t: (dh * (1 - h[t] ** 2)) @ Wh.T) ** 2


@rnn_gradient_norms.mistake("The squares are averaged under the root: a norm is the root of their sum.")
def averages_the_squares(x, h0, Wx, Wh, b):
    h = states_of(x, h0, Wx, Wh, b)
    return norms_of(h, lambda dh, h, t: (dh * (1 - h[t] ** 2)) @ Wh.T) / np.sqrt(h[0].size)


@rnn_gradient_norms.mistake(
    "The norm is the largest singular value: what is asked is the root of the sum of all squares."
)
def takes_the_largest_singular_value(x, h0, Wx, Wh, b):
    h = states_of(x, h0, Wx, Wh, b)
    return norms_of(h, lambda dh, h, t: (dh * (1 - h[t] ** 2)) @ Wh.T, size=lambda dh: np.linalg.norm(dh, 2))


lstm_gradient_norms = plain(
    "recurrent.lstm_gradient_norms",
    {**TALL, "Wx": narrow("D", 4), "Wh": drawn(small_recurrence), "b": states("H", count=4)},
    ("norms",),
    regimes=REGIMES,
    places={"norms": ("step",)},
)


def cell_norms(x, h0, Wx, Wh, b, hidden=1.0, root=np.sqrt, slope=lambda s: 1 - s**2, gates=(1, 1, 1, 1), of=None):
    """Return the norms by the cells; the way through the hidden states, or through some gates, can be left out.

    ``of`` makes another gradient of that by h, that by c from the steps after, and that by c.
    """
    h, c, steps = h0, 0 * h0, []
    for t in range(x.shape[1]):
        h, c, cache = stepped(x[:, t], h, c, Wx, Wh, b)
        steps.append(cache)
    dh, dc, found = np.ones_like(h), 0 * h, []
    for _, _, before, _, _, i, f, o, g, after in reversed(steps):
        shown = np.tanh(after)
        later, dc = dc, dc + dh * o * slope(shown)
        found.append(root(((dc if of is None else of(dh, later, dc)) ** 2).sum()))
        da = [dc * g * i * (1 - i), dc * before * f * (1 - f), dh * shown * o * (1 - o), dc * i * (1 - g**2)]
        dh = hidden * np.concatenate([d * on for d, on in zip(da, gates, strict=True)], axis=1) @ Wh.T
        dc = dc * f
    return np.array(found[::-1])


@lstm_gradient_norms.mistake(
    "Only the way along the cells is counted: a cell also shows in h, and h moves the gates of the next step."
)
def follows_the_cells_alone(x, h0, Wx, Wh, b):
    return cell_norms(x, h0, Wx, Wh, b, hidden=0.0)


@lstm_gradient_norms.mistake("The way from h[:, t] to c[:, t] leads through a tanh, and its slope is missing.")
def forgets_the_slope_of_the_shown_cell(x, h0, Wx, Wh, b):
    return cell_norms(x, h0, Wx, Wh, b, slope=np.ones_like)


@lstm_gradient_norms.mistake("The roots are missing: these are the squares of the norms.")
def forgets_the_root_of_cells(x, h0, Wx, Wh, b):
    return cell_norms(x, h0, Wx, Wh, b, root=lambda square: square)


@lstm_gradient_norms.mistake("The last step stands first.")
def turns_the_steps_of_cells_around(x, h0, Wx, Wh, b):
    return cell_norms(x, h0, Wx, Wh, b)[::-1]


@lstm_gradient_norms.mistake(
    "The way through the forget gates is left out: what they let through depends on the hidden state before."
)
def leaves_out_the_forget_gates(x, h0, Wx, Wh, b):
    return cell_norms(x, h0, Wx, Wh, b, gates=(1, 0, 1, 1))


@lstm_gradient_norms.mistake("These are the norms of the gradient by the hidden states: that by the cells is asked.")
def takes_the_hidden_states(x, h0, Wx, Wh, b):
    return cell_norms(x, h0, Wx, Wh, b, of=lambda dh, later, dc: dh)


@lstm_gradient_norms.mistake("What reaches a cell through the h of its own step is missing from its norm.")
def takes_the_norm_too_soon(x, h0, Wx, Wh, b):
    return cell_norms(x, h0, Wx, Wh, b, of=lambda dh, later, dc: later)


@lstm_gradient_norms.mistake("The squares are averaged under the root: a norm is the root of their sum.")
def averages_the_squares_of_cells(x, h0, Wx, Wh, b):
    return cell_norms(x, h0, Wx, Wh, b, root=lambda square: np.sqrt(square / h0.size))
