"""Unit 09, how far gradients reach: truncation, their norms over the steps, a leak, a test to write. Part of ``recurrent``."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Five = tuple[Array, Array, Array, Array, Array]
Backward = Callable[[Array, Array, Array, Array], tuple[Array, Array, Array]]


def truncated_gradients(x: Array, h0: Array, Wx: Array, Wh: Array, b: Array, dh: Array, k: int) -> Five:
    """Truncated backpropagation through time: (dx, dh0, dWx, dWh, db) of a recurrent layer, cut every k steps.

    The steps fall into windows of k from the start, [0, k), [k, 2k), ...; the last one may be shorter. The layer runs over all T
    steps as ``rnn_forward`` does: a window starts from the state in which the one before it ended. On the way back nothing passes
    from the first step of a window to the step before it: that state counts as a constant. dh0 is what the first window sends
    back. x (N, T, D), h0 (N, H), Wx (D, H), Wh (H, H), b (H,), dh (N, T, H) from outside the layer, k ≥ 1 an int, which may
    exceed T; dx (N, T, D), dh0 (N, H), dWx (D, H), dWh (H, H), db (H,). Source: Williams & Peng 1990; Goodfellow et al. 2016,
    §10.2.2.
    """
    ### BEGIN SOLUTION
    h = _states(x, h0, Wx, Wh, b)
    carried = np.zeros_like(h0)
    inputs: list[Array] = []
    weights: list[tuple[Array, Array, Array]] = []
    for t in reversed(range(x.shape[1])):
        if (t + 1) % k == 0:  # the step after this one began a window
            carried = np.zeros_like(h0)
        da = (dh[:, t] + carried) * (1 - h[t + 1] ** 2)
        inputs.append(da @ Wx.T)
        weights.append((x[:, t].T @ da, h[t].T @ da, da.sum(axis=0)))
        carried = da @ Wh.T
    dx, dh0 = np.stack(inputs[::-1], axis=1), carried
    dWx, dWh, db = (sum(steps, np.zeros(())) for steps in zip(*weights, strict=True))
    ### END SOLUTION
    return dx, dh0, dWx, dWh, db


def rnn_gradient_norms(x: Array, h0: Array, Wx: Array, Wh: Array, b: Array) -> Array:
    """Norms of the gradient in a recurrent layer, by step: norms[t] = ‖∂L/∂h[:, t]‖, L being the sum of the last state's entries.

    L = Σ h[:, T − 1], so norms[T − 1] is that of an array of ones; ∂L/∂h[:, t] counts all paths from step t to the end. The norm
    is the root of the sum of all squares, over examples and units. x (N, T, D), h0 (N, H), Wx (D, H), Wh (H, H), b (H,), the
    layer is that of ``rnn_forward``; norms (T,), first step first. Source: Pascanu et al. 2013, §2.
    """
    ### BEGIN SOLUTION
    dh, norms = np.ones_like(h0), []
    for state in reversed(_states(x, h0, Wx, Wh, b)[1:]):
        norms.append(np.sqrt(np.sum(dh**2)))
        dh = (dh * (1 - state**2)) @ Wh.T
    return np.stack(norms[::-1])
    ### END SOLUTION


def lstm_gradient_norms(x: Array, h0: Array, Wx: Array, Wh: Array, b: Array) -> Array:
    """Norms of the gradient in an LSTM's cells, by step: norms[t] = ‖∂L/∂c[:, t]‖, L being the sum of the last h.

    L = Σ h[:, T − 1]; ∂L/∂c[:, t] counts all paths from the cell state of step t to the end, those through h[:, t] and the gates
    of the steps after it too. The norm is the root of the sum of all squares, over examples and units. x (N, T, D), h0 (N, H), Wx
    (D, 4H), Wh (H, 4H), b (4H,), the layer is that of ``lstm_forward``, with a first cell state of zeros; norms (T,), first step
    first. Source: Hochreiter & Schmidhuber 1997, §3; Pascanu et al. 2013, §2.
    """
    ### BEGIN SOLUTION
    h, c, steps = h0, np.zeros_like(h0), []
    for t in range(x.shape[1]):
        a_i, a_f, a_o, a_g = np.hsplit(x[:, t] @ Wx + h @ Wh + b, 4)
        i, f, o = (np.exp(np.minimum(a, 0)) / (1 + np.exp(-np.abs(a))) for a in (a_i, a_f, a_o))
        g, before = np.tanh(a_g), c
        c = f * c + i * g
        h = o * np.tanh(c)
        steps.append((i, f, o, g, before, np.tanh(c)))
    dh, dc = np.ones_like(h), np.zeros_like(h)
    norms = []
    for i, f, o, g, before, squashed in reversed(steps):
        dc = dc + dh * o * (1 - squashed**2)
        norms.append(np.sqrt(np.sum(dc**2)))
        da = [dc * g * i * (1 - i), dc * before * f * (1 - f), dh * squashed * o * (1 - o), dc * i * (1 - g**2)]
        dh, dc = np.hstack(da) @ Wh.T, dc * f
    return np.stack(norms[::-1])
    ### END SOLUTION


def leaky_gradients(
    x: Array, h0: Array, Wx: Array, Wh: Array, alpha: float, dh: Array
) -> tuple[Array, Array, Array, Array]:
    """Mend a function: it is to return the gradients (dx, dh0, dWx, dWh) of a layer that leaks, and has one fault. Find it.

    The layer keeps a share of its state: h[:, t] = (1 − alpha) h[:, t − 1] + alpha tanh(x[:, t] Wx + h[:, t − 1] Wh), where h0
    stands before h[:, 0]. dh (N, T, H) are the gradients that reach h from outside the layer, one for each step. x (N, T, D), h0
    (N, H), Wx (D, H), Wh (H, H), alpha a number in (0, 1); each gradient in the shape of its argument. What the body computes is
    right but for one fault. Compare it with numerical slopes of Σ dh ∘ h. Any other code with the right values is right too.
    Source: Jaeger et al. 2007, for the layer.
    """
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
        carried = (1 - alpha) * total + da @ Wh.T
    dWx, dWh = (sum(parts, np.zeros(())) for parts in zip(*steps, strict=True))
    return np.stack(inputs[::-1], axis=1), carried, dWx, dWh


def is_recurrent_backward(backward: Backward) -> bool:
    """Write a test: tell whether a function is the backward pass of the recurrence h[:, t] = x[:, t] + h[:, t − 1] A.

    The recurrence is linear: h[:, 0] = x[:, 0] + h0 A, with x (N, T, H), h0 (N, H) and A (H, H). ``backward(dh, x, h0, A)``
    returns
    (dx, dh0, dA) for dh (N, T, H), the gradients that reach h from outside: a candidate, right or wrong, that you get to call
    as often as you like, on float64 arrays of your choice, also of one step or one example. Return True if it is right on all
    inputs of such shapes, and False if it is wrong on some: off by a thousandth or more of some entry for standard normal arrays
    of some size, or in another shape. A right one is right to rounding. A candidate that raises an error is wrong. It is put to
    some sixteen candidates, one after the other, within two seconds in all.
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(0)
    for N, T, H in ((2, 4, 3), (3, 5, 2), (1, 3, 4), (4, 1, 3)):
        x, h0, A = rng.standard_normal((N, T, H)), rng.standard_normal((N, H)), rng.standard_normal((H, H))
        dh = rng.standard_normal((N, T, H))
        try:
            found = backward(dh.copy(), x.copy(), h0.copy(), A.copy())
        except Exception:  # whatever it raises, it is wrong
            return False
        slopes = [_slopes(dh, (x, h0, A), place) for place in range(3)]
        if len(found) != 3:
            return False
        for claimed, slope in zip(found, slopes, strict=True):
            if np.shape(claimed) != slope.shape or not np.allclose(claimed, slope, rtol=1e-5, atol=1e-7):
                return False
    return True
    ### END SOLUTION


### BEGIN SOLUTION
def _states(x: Array, h0: Array, Wx: Array, Wh: Array, b: Array) -> list[Array]:
    """Return the hidden states of a recurrent layer: h0, and one a step."""
    states = [h0]
    for t in range(x.shape[1]):
        states.append(np.tanh(x[:, t] @ Wx + states[t] @ Wh + b))
    return states


def _weighed(dh: Array, x: Array, h: Array, A: Array) -> float:
    """Return Σ dh ∘ h of the linear recurrence that begins with a state h."""
    total = 0.0
    for t in range(x.shape[1]):
        h = x[:, t] + h @ A
        total += float(np.sum(dh[:, t] * h))
    return total


def _slopes(dh: Array, given: tuple[Array, Array, Array], place: int, step: float = 1e-5) -> Array:
    """Return the central differences of Σ dh ∘ h in each entry of one of (x, h0, A)."""
    found = np.zeros_like(given[place])
    for index in np.ndindex(found.shape):
        ahead, behind = (tuple(a.copy() for a in given) for _ in range(2))
        ahead[place][index] += step
        behind[place][index] -= step
        found[index] = (_weighed(dh, *ahead) - _weighed(dh, *behind)) / (2 * step)
    return found


### END SOLUTION
