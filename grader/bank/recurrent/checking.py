"""A test to write: a checker of backward passes through time, of a recurrence that is linear."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.bank.forms import checker


# ------------------------------------------------------------------------------------ candidates
def put(is_recurrent_backward, candidate):
    return is_recurrent_backward(candidate)


def sweeps_back(dh, x, h0, A):
    """One that sweeps back from the last step."""
    h = [h0]
    for t in range(x.shape[1]):
        h.append(x[:, t] + h[t] @ A)
    dx, dA, carried = np.zeros_like(x), np.zeros_like(A), np.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        dx[:, t] = dh[:, t] + carried
        dA += h[t].T @ dx[:, t]
        carried = dx[:, t] @ A.T
    return dx, carried, dA


def takes_powers(dh, x, h0, A):
    """One that sums over all pairs of steps, with powers of A."""
    T = x.shape[1]
    powers = [np.linalg.matrix_power(A, k) for k in range(T + 1)]
    dx = np.stack([sum(dh[:, s] @ powers[s - t].T for s in range(t, T)) for t in range(T)], axis=1)
    h = [h0 @ powers[t] + sum(x[:, s] @ powers[t - 1 - s] for s in range(t)) for t in range(T)]
    return [dx, dx[:, 0] @ A.T, sum(h[t].T @ dx[:, t] for t in range(T))]


def goes_by_examples(dh, x, h0, A):
    """One that goes through the examples one by one, by lists."""
    dx, dh0, dA = [], [], 0 * A
    for given, above, first in zip(x, dh, h0, strict=True):
        states = [first]
        for row in given:
            states.append(row + states[-1] @ A)
        total: Any = 0 * first
        rows: list[Any] = []
        for row, before in zip(above[::-1], states[-2::-1], strict=True):
            total = row + total
            rows.insert(0, total)
            dA = dA + np.outer(before, total)
            total = A @ total
        dx.append(rows)
        dh0.append(total)
    return np.array(dx), np.array(dh0), dA


def drops_the_carried(dh, x, h0, A):
    h = [h0]
    for t in range(x.shape[1]):
        h.append(x[:, t] + h[t] @ A)
    return dh.copy(), dh[:, 0] @ A.T, sum(h[t].T @ dh[:, t] for t in range(x.shape[1]))


def carries_one_step(dh, x, h0, A):
    h, T = [h0], x.shape[1]
    for t in range(T):
        h.append(x[:, t] + h[t] @ A)
    dx = dh.copy()
    dx[:, :-1] += dh[:, 1:] @ A.T
    return dx, dx[:, 0] @ A.T, sum(h[t].T @ dx[:, t] for t in range(T))


def overwrites_dA(dh, x, h0, A):  # noqa: N802 - the array's name
    h = [h0]
    for t in range(x.shape[1]):
        h.append(x[:, t] + h[t] @ A)
    dx, carried = np.zeros_like(x), np.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        dx[:, t] = dh[:, t] + carried
        dA = h[t].T @ dx[:, t]
        carried = dx[:, t] @ A.T
    return dx, carried, dA


def takes_the_state_after(dh, x, h0, A):
    h = [h0]
    for t in range(x.shape[1]):
        h.append(x[:, t] + h[t] @ A)
    dx, dA, carried = np.zeros_like(x), np.zeros_like(A), np.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        dx[:, t] = dh[:, t] + carried
        dA += h[t + 1].T @ dx[:, t]
        carried = dx[:, t] @ A.T
    return dx, carried, dA


def forgets_the_transpose(dh, x, h0, A):
    h = [h0]
    for t in range(x.shape[1]):
        h.append(x[:, t] + h[t] @ A)
    dx, dA, carried = np.zeros_like(x), np.zeros_like(A), np.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        dx[:, t] = dh[:, t] + carried
        dA += h[t].T @ dx[:, t]
        carried = dx[:, t] @ A
    return dx, carried, dA


def starts_from_zeros(dh, x, h0, A):
    h = [0 * h0]
    for t in range(x.shape[1]):
        h.append(x[:, t] + h[t] @ A)
    dx, dA, carried = np.zeros_like(x), np.zeros_like(A), np.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        dx[:, t] = dh[:, t] + carried
        dA += h[t].T @ dx[:, t]
        carried = dx[:, t] @ A.T
    return dx, carried, dA


def hears_the_last_step_alone(dh, x, h0, A):
    h = [h0]
    for t in range(x.shape[1]):
        h.append(x[:, t] + h[t] @ A)
    dx, dA, carried = np.zeros_like(x), np.zeros_like(A), dh[:, -1]
    for t in reversed(range(x.shape[1])):
        dx[:, t] = carried
        dA += h[t].T @ dx[:, t]
        carried = dx[:, t] @ A.T
    return dx, carried, dA


def averages_over_examples(dh, x, h0, A):
    h = [h0]
    for t in range(x.shape[1]):
        h.append(x[:, t] + h[t] @ A)
    dx, dA, carried = np.zeros_like(x), np.zeros_like(A), np.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        dx[:, t] = dh[:, t] + carried
        dA += h[t].T @ dx[:, t] / len(x)
        carried = dx[:, t] @ A.T
    return dx, carried, dA


def stops_before_h0(dh, x, h0, A):
    h = [h0]
    for t in range(x.shape[1]):
        h.append(x[:, t] + h[t] @ A)
    dx, dA, carried = np.zeros_like(x), np.zeros_like(A), np.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        dx[:, t] = dh[:, t] + carried
        dA += h[t].T @ dx[:, t]
        carried = dx[:, t] @ A.T
    return dx, dx[:, 0].copy(), dA


def takes_ones_for_dh(dh, x, h0, A):
    h = [h0]
    for t in range(x.shape[1]):
        h.append(x[:, t] + h[t] @ A)
    dx, dA, carried = np.zeros_like(x), np.zeros_like(A), np.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        dx[:, t] = 1 + carried
        dA += h[t].T @ dx[:, t]
        carried = dx[:, t] @ A.T
    return dx, carried, dA


def decays_the_weights(dh, x, h0, A):
    h = [h0]
    for t in range(x.shape[1]):
        h.append(x[:, t] + h[t] @ A)
    dx, dA, carried = np.zeros_like(x), 0.01 * A, np.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        dx[:, t] = dh[:, t] + carried
        dA += h[t].T @ dx[:, t]
        carried = dx[:, t] @ A.T
    return dx, carried, dA


def puts_an_axis_before_dh0(dh, x, h0, A):
    h = [h0]
    for t in range(x.shape[1]):
        h.append(x[:, t] + h[t] @ A)
    dx, dA, carried = np.zeros_like(x), np.zeros_like(A), np.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        dx[:, t] = dh[:, t] + carried
        dA += h[t].T @ dx[:, t]
        carried = dx[:, t] @ A.T
    return dx, carried[None], dA


def asks_for_the_state_behind_the_last(dh, x, h0, A):
    h, T = [h0], x.shape[1]
    for t in range(T):
        h.append(x[:, t] + h[t] @ A)
    dx, dA, carried = np.zeros_like(x), np.zeros_like(A), np.zeros_like(h0)
    for t in reversed(range(T)):
        dx[:, t] = dh[:, t] + carried
        dA += h[t + 2].T @ dx[:, t]
        carried = dx[:, t] @ A.T
    return dx, carried, dA


is_recurrent_backward = checker(
    "recurrent.is_recurrent_backward",
    put,
    [sweeps_back, takes_powers, goes_by_examples],
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


@is_recurrent_backward.mistake("What it misses is what a sequence of one step does not show.")
def tries_one_step(backward):
    rng = np.random.default_rng(1)
    for n, hidden in ((3, 2), (2, 4)):
        x, h0 = rng.standard_normal((n, 1, hidden)), rng.standard_normal((n, hidden))
        A, dh = rng.standard_normal((hidden, hidden)), rng.standard_normal((n, 1, hidden))
        dx, dh0, dA = backward(dh, x, h0, A)
        if np.shape(dA) != A.shape or not np.allclose(dx, dh) or not np.allclose(dh0, dh[:, 0] @ A.T):
            return False
        if not np.allclose(dA, h0.T @ dh[:, 0]):
            return False
    return True


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
