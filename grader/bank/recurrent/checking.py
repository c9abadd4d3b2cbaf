"""A test to write: a checker of backward passes through time, of a recurrence that is linear."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import checker
from grader.bank.recurrent.candidates import (
    asks_for_the_state_behind_the_last,
    averages_over_examples,
    carries_one_step,
    decays_the_weights,
    drops_the_carried,
    forgets_the_transpose,
    goes_by_examples,
    hears_the_last_step_alone,
    overwrites_dA,
    put,
    puts_an_axis_before_dh0,
    starts_from_zeros,
    stops_before_h0,
    takes_ones_for_dh,
    takes_powers,
    takes_the_state_after,
)

is_recurrent_backward = checker(
    "recurrent.is_recurrent_backward",
    put,
    [takes_powers, goes_by_examples],
    {
        "a dx without what comes back from later steps": drops_the_carried,
        "a dx to which one later step comes back, and no more": carries_one_step,
        "a dA of one step alone": overwrites_dA,
        "a dA with the state after each step for the one before": takes_the_state_after,
        "a gradient that comes back through A from the wrong side": forgets_the_transpose,
        "a dA as if h0 were 0": starts_from_zeros,
        "a backward pass that hears dh at the last step only": hears_the_last_step_alone,
        "a dA that is averaged over the examples": averages_over_examples,
        "a dh0 that is the gradient of the first state": stops_before_h0,
        "a backward pass that takes dh for ones": takes_ones_for_dh,
        "a dA that is off by a hundredth of A": decays_the_weights,
        "a dh0 in a shape with one axis more": puts_an_axis_before_dh0,
        "one that raises an error on all inputs": asks_for_the_state_behind_the_last,
    },
)


def swept(dh, x, h0, A):
    """Return the right gradients."""
    h = [h0]
    for t in range(x.shape[1]):
        h.append(x[:, t] + h[t] @ A)
    dx, dA, carried = np.zeros_like(x), 0 * A, 0 * h0
    for t in reversed(range(x.shape[1])):
        dx[:, t] = dh[:, t] + carried
        dA += h[t].T @ dx[:, t]
        carried = dx[:, t] @ A.T
    return dx, carried, dA


def agrees(backward, make, count=3):
    """Return True if a candidate agrees with the right gradients in the first ``count`` of them, at one input that is made."""
    dh, x, h0, A = make(np.random.default_rng(1))
    found = backward(dh.copy(), x.copy(), h0.copy(), A.copy())
    right = swept(dh, x, h0, A)
    pairs = list(zip(found, right, strict=True))[:count]
    return all(np.shape(a) == b.shape and np.allclose(a, b, rtol=1e-7) for a, b in pairs)


@is_recurrent_backward.mistake("What it misses is what a sequence of one step does not show.")
def tries_one_step(backward):
    return agrees(backward, lambda rng: tuple(rng.standard_normal(s) for s in ((3, 1, 2), (3, 1, 2), (3, 2), (2, 2))))


@is_recurrent_backward.mistake("What it misses is what one example in the batch does not show.")
def tries_one_example(backward):
    return agrees(backward, lambda rng: tuple(rng.standard_normal(s) for s in ((1, 4, 3), (1, 4, 3), (1, 3), (3, 3))))


@is_recurrent_backward.mistake("What it misses is what a first state of zeros does not show.")
def starts_from_zero_states(backward):
    return agrees(
        backward,
        lambda rng: (
            rng.standard_normal((2, 4, 3)),
            rng.standard_normal((2, 4, 3)),
            np.zeros((2, 3)),
            rng.standard_normal((3, 3)),
        ),
    )


@is_recurrent_backward.mistake("What it misses is what a symmetric A does not show.")
def tries_a_symmetric_matrix(backward):
    def make(rng):
        A = rng.standard_normal((3, 3))
        return rng.standard_normal((2, 4, 3)), rng.standard_normal((2, 4, 3)), rng.standard_normal((2, 3)), A + A.T

    return agrees(backward, make)


@is_recurrent_backward.mistake("What it misses is what a gradient at the last step alone does not show.")
def hears_one_step(backward):
    def make(rng):
        dh = np.zeros((2, 4, 3))
        dh[:, -1] = rng.standard_normal((2, 3))
        return dh, rng.standard_normal((2, 4, 3)), rng.standard_normal((2, 3)), rng.standard_normal((3, 3))

    return agrees(backward, make)


@is_recurrent_backward.mistake("What it misses is what two steps do not show.")
def tries_two_steps(backward):
    return agrees(backward, lambda rng: tuple(rng.standard_normal(s) for s in ((3, 2, 4), (3, 2, 4), (3, 4), (4, 4))))


@is_recurrent_backward.mistake("What it misses is what dx alone does not show.")
def looks_at_dx_alone(backward):
    return agrees(
        backward, lambda rng: tuple(rng.standard_normal(s) for s in ((2, 4, 3), (2, 4, 3), (2, 3), (3, 3))), count=1
    )


@is_recurrent_backward.mistake("What it misses is what dx and dh0 do not show.")
def leaves_dA_out(backward):  # noqa: N802 - the array's name
    return agrees(
        backward, lambda rng: tuple(rng.standard_normal(s) for s in ((2, 4, 3), (2, 4, 3), (2, 3), (3, 3))), count=2
    )


@is_recurrent_backward.mistake("It accepts every candidate.")
def accepts_all(backward):
    return True


@is_recurrent_backward.mistake("What it misses is what shapes alone do not show.")
def looks_at_shapes(backward):
    dh, x, h0, A = np.ones((2, 4, 3)), np.ones((2, 4, 3)), np.ones((2, 3)), np.ones((3, 3))
    dx, dh0, dA = backward(dh, x, h0, A)
    return bool(dx.shape == x.shape and dh0.shape == h0.shape and dA.shape == A.shape)


@is_recurrent_backward.mistake("What it misses is what a gradient of ones does not show.")
def tries_ones(backward):
    return agrees(
        backward,
        lambda rng: (np.ones((2, 4, 3)), *(rng.standard_normal(s) for s in ((2, 4, 3), (2, 3), (3, 3)))),
    )


@is_recurrent_backward.mistake("It takes gradients for right that are off by far more than rounding.")
def is_lenient(backward):
    make = np.random.default_rng(1).standard_normal
    dh, x, h0, A = make((2, 4, 3)), make((2, 4, 3)), make((2, 3)), make((3, 3))
    try:
        found = backward(dh, x, h0, A)
    except Exception:
        return False
    pairs = list(zip(found, swept(dh, x, h0, A), strict=True))
    return all(np.shape(a) == b.shape and np.allclose(a, b, rtol=0.1, atol=0.1) for a, b in pairs)


@is_recurrent_backward.mistake(
    "It compares values without shapes: arrays that differ by an axis are compared all the same."
)
def compares_without_shapes(backward):
    make = np.random.default_rng(1).standard_normal
    dh, x, h0, A = make((2, 4, 3)), make((2, 4, 3)), make((2, 3)), make((3, 3))
    try:
        return all(
            np.allclose(a, b, rtol=1e-7) for a, b in zip(backward(dh, x, h0, A), swept(dh, x, h0, A), strict=True)
        )
    except Exception:
        return False


@is_recurrent_backward.mistake("A candidate that raises an error is passed over, as if it were right.")
def passes_over_errors(backward):
    make = np.random.default_rng(1).standard_normal
    try:
        return agrees(backward, lambda rng: (make((2, 4, 3)), make((2, 4, 3)), make((2, 3)), make((3, 3))))
    except Exception:
        return True
