"""Candidates for a test to write: backward passes of a linear recurrence, three that are right, and wrong ones."""

from __future__ import annotations

from typing import Any

import numpy as np


def put(is_recurrent_backward, candidate):
    return is_recurrent_backward(candidate)


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
