"""A planted fault, in a recurrent layer that leaks."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import planted_fault
from grader.bank.recurrent.rnn_sequences import LAYER
from grader.bank.recurrent.units import ended, placed
from grader.judging import scalar, upstream

leaky_gradients = planted_fault(
    "recurrent.leaky_gradients",
    {name: LAYER[name] for name in ("x", "h0", "Wx", "Wh")}
    | {"alpha": scalar(0.1, 0.9), "dh": upstream("N", "T", "H")},
    ("dx", "dh0", "dWx", "dWh"),
    planted="carries_one_step_only",
    points=3,
    slack=ended,
    places=placed("dx", "dh0", "dWx", "dWh"),
)


@leaky_gradients.mistake(
    "dx is right at the last two steps only: of what comes back to a step, a part is not handed on to the step before."
)
def carries_one_step_only(x, h0, Wx, Wh, alpha, dh):
    states, squashed = [h0], []
    for t in range(x.shape[1]):
        squashed.append(np.tanh(x[:, t] @ Wx + states[t] @ Wh))
        states.append((1 - alpha) * states[t] + alpha * squashed[t])
    inputs, steps, carried = [], [], np.zeros_like(h0)
    for t in reversed(range(len(squashed))):
        total = dh[:, t] + carried
        da = alpha * total * (1 - squashed[t] ** 2)
        inputs.append(da @ Wx.T)
        steps.append((x[:, t].T @ da, states[t].T @ da))
        carried = (1 - alpha) * dh[:, t] + da @ Wh.T
    dWx, dWh = (sum(parts, np.zeros(())) for parts in zip(*steps, strict=True))
    return np.stack(inputs[::-1], axis=1), carried, dWx, dWh


def swept(x, h0, Wx, Wh, alpha, dh, leak=lambda alpha: 1 - alpha, through=1.0, share=lambda alpha: alpha, slope=None):
    """Return the gradients; the leak, the way through the weights, the share of what is new and the slope can be spoilt."""
    states, squashed = [h0], []
    for t in range(x.shape[1]):
        squashed.append(np.tanh(x[:, t] @ Wx + states[t] @ Wh))
        states.append((1 - alpha) * states[t] + alpha * squashed[t])
    dx, dWx, dWh, carried = np.zeros_like(x), 0 * Wx, 0 * Wh, 0 * h0
    for t in reversed(range(x.shape[1])):
        total = dh[:, t] + carried
        local = 1 - squashed[t] ** 2 if slope is None else slope(states[t + 1])
        da = share(alpha) * total * local
        dx[:, t] = da @ Wx.T
        dWx, dWh = dWx + x[:, t].T @ da, dWh + states[t].T @ da
        carried = leak(alpha) * total + through * da @ Wh.T
    return dx, carried, dWx, dWh


@leaky_gradients.mistake("The leak sends nothing back: dx is right at the last step only.")
def forgets_the_leak(x, h0, Wx, Wh, alpha, dh):
    return swept(x, h0, Wx, Wh, alpha, dh, leak=lambda alpha: 0.0)


@leaky_gradients.mistake("Only the leak sends something back: the state before also went through Wh.")
def forgets_the_way_through_the_weights(x, h0, Wx, Wh, alpha, dh):
    return swept(x, h0, Wx, Wh, alpha, dh, through=0.0)


@leaky_gradients.mistake("The leak sends back alpha of what came, and it keeps 1 − alpha of the state.")
def leaks_the_other_share(x, h0, Wx, Wh, alpha, dh):
    return swept(x, h0, Wx, Wh, alpha, dh, leak=lambda alpha: alpha)


@leaky_gradients.mistake(
    "alpha is missing on the way to what tanh was applied to: only that share of it is in the state."
)
def forgets_the_share(x, h0, Wx, Wh, alpha, dh):
    return swept(x, h0, Wx, Wh, alpha, dh, share=lambda alpha: 1.0)


@leaky_gradients.mistake(
    "The slope is 1 − h²: h is not the value of tanh here, but a mixture of that and the old state."
)
def takes_the_slope_at_the_mixture(x, h0, Wx, Wh, alpha, dh):
    return swept(x, h0, Wx, Wh, alpha, dh, slope=lambda h: 1 - h**2)
