"""A function with a planted fault: the gradients of a net with weight decay."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import planted_fault
from grader.bank.mlp.units import with_ones
from grader.judging import array, drawn, styled


def wide(rows, columns):
    """Specify weights with their bias as a last column more."""
    return drawn(lambda m: styled(m.recipe.style, m.rng, (m.size(rows), m.size(columns) + 1)))


def decay(m):
    """Draw lam, in every fifth case 0."""
    return 0.0 if m.recipe.seed % 5 == 3 else round(float(m.rng.uniform(0.1, 2.0)), 3)


def saturated(inputs):
    """Return the size of dW1 where no unit saturates: 1 − h² and 1/cosh² part in the tails."""
    x, y, W1, W2 = (inputs[name] for name in ("x", "y", "W1", "W2"))
    error = np.abs(with_ones(np.tanh(with_ones(x) @ W1.T)) @ W2.T - y).max()
    return float(2 * error * np.abs(W2).sum(axis=0).max() * max(1.0, np.abs(x).sum(axis=0).max() / len(x)))


mended_gradients = planted_fault(
    "mlp.mended_gradients",
    {"x": array("N", "D"), "y": array("N", "C"), "W1": wide("M", "D"), "W2": wide("C", "M"), "lam": drawn(decay)},
    ("dW1", "dW2"),
    planted="takes_the_slope_of_the_slope",
    points=3,
    slack=saturated,
)


@mended_gradients.mistake("The slope of tanh is taken at the activation, where it belongs to the pre-activation.")
def takes_the_slope_of_the_slope(x, y, W1, W2, lam):
    ones = np.ones((len(x), 1))
    x1 = np.concatenate([x, ones], axis=1)
    h = np.tanh(x1 @ W1.T)
    h1 = np.concatenate([h, ones], axis=1)
    error = 2 * (h1 @ W2.T - y) / len(x)
    below = error @ W2[:, :-1] * (1 - np.tanh(h) ** 2)
    dW1 = below.T @ x1
    dW2 = error.T @ h1
    dW1[:, :-1] += lam * W1[:, :-1]
    dW2[:, :-1] += lam * W2[:, :-1]
    return dW1, dW2


def of_the_error(x, y, W1, W2, factor=2.0, keep_slope=True):
    """Return the gradients of the squared error alone, ``factor`` being what the square brings down."""
    x1 = with_ones(x)
    h = np.tanh(x1 @ W1.T)
    e = factor * (with_ones(h) @ W2.T - y) / len(x)
    below = e @ W2[:, :-1]
    return (below * (1 - h**2) if keep_slope else below).T @ x1, e.T @ with_ones(h)


def decayed(gradients, weights, lam):
    """Add the decay of all but the biases."""
    return tuple(
        d + lam * np.hstack([w[:, :-1], np.zeros((len(w), 1))]) for d, w in zip(gradients, weights, strict=True)
    )


@mended_gradients.mistake("The biases are decayed too: here their column alone is wrong.")
def decays_the_biases(x, y, W1, W2, lam):
    dW1, dW2 = of_the_error(x, y, W1, W2)
    return dW1 + lam * W1, dW2 + lam * W2


@mended_gradients.mistake("2/N is lost: the squared error has the gradient of half its sum here.")
def loses_two_over_n(x, y, W1, W2, lam):
    return decayed(of_the_error(x, y, W1, W2, factor=1.0 * len(x)), (W1, W2), lam)


@mended_gradients.mistake("The 2 that the square brings down is lost.")
def loses_the_two(x, y, W1, W2, lam):
    return decayed(of_the_error(x, y, W1, W2, factor=1.0), (W1, W2), lam)


@mended_gradients.mistake("The decay is twice as strong as the half in J makes it.")
def decays_twice(x, y, W1, W2, lam):
    return decayed(of_the_error(x, y, W1, W2), (W1, W2), 2 * lam)


@mended_gradients.mistake("The squared error is divided by N·C: the mean is over the examples alone.")
def averages_over_outputs(x, y, W1, W2, lam):
    return decayed(of_the_error(x, y, W1, W2, factor=2.0 / y.shape[1]), (W1, W2), lam)


@mended_gradients.mistake("The slope is h(1 − h), which is that of logistic units: these are tanh.")
def takes_the_logistic_slope(x, y, W1, W2, lam):
    x1 = with_ones(x)
    h = np.tanh(x1 @ W1.T)
    e = 2 * (with_ones(h) @ W2.T - y) / len(x)
    return decayed(((e @ W2[:, :-1] * h * (1 - h)).T @ x1, e.T @ with_ones(h)), (W1, W2), lam)


@mended_gradients.mistake(
    "On its way down the error goes by the columns 1 to M of W2: the bias is the last column, not the first."
)
def cuts_the_first_column(x, y, W1, W2, lam):
    x1 = with_ones(x)
    h = np.tanh(x1 @ W1.T)
    e = 2 * (with_ones(h) @ W2.T - y) / len(x)
    return decayed(((e @ W2[:, 1:] * (1 - h**2)).T @ x1, e.T @ with_ones(h)), (W1, W2), lam)


@mended_gradients.mistake("Nothing decays here: that is the gradient of the squared error alone.")
def forgets_the_decay(x, y, W1, W2, lam):
    return of_the_error(x, y, W1, W2)


@mended_gradients.mistake("The slope of the hidden units is missing from dW1.")
def leaves_out_the_slope(x, y, W1, W2, lam):
    return decayed(of_the_error(x, y, W1, W2, keep_slope=False), (W1, W2), lam)
