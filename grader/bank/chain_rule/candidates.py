"""The gradients that a checker is tried on: each candidate returns f, what claims to be its gradient, and the point."""

from __future__ import annotations

import numpy as np


# ----------------------------------------------------------------------------------------------- right
def ordinary():
    """A gradient of ordinary size."""
    w = np.array([1.0, -2.0, 0.5, 3.0])
    return lambda v: np.sum(w * np.sin(v)), lambda v: w * np.cos(v), np.array([0.3, -1.1, 2.0, 0.7])


def of_one_number():
    """The gradient of a function of one number."""
    return lambda v: np.exp(2 * v[0]), lambda v: 2 * np.exp(2 * v), np.array([0.4])


def with_large_slopes():
    """A gradient with entries near 1e8."""
    return lambda v: 1e8 * np.sum(np.exp(v)), lambda v: 1e8 * np.exp(v), np.array([0.8, -1.3, 0.6])


def with_small_slopes():
    """A gradient with entries near 1e-8."""
    return lambda v: 1e-8 * np.sum(np.exp(v)), lambda v: 1e-8 * np.exp(v), np.array([0.8, -1.3, 0.6])


def far_out():
    """A gradient at a point with entries near 1e6."""
    return lambda v: np.sum(v**2), lambda v: 2 * v, np.array([1.1e6, -0.7e6, 0.3e6])


def far_out_beside_near():
    """A gradient at a point with entries near 1e4 and near 1."""
    return (
        lambda v: 1e-5 * v[0] ** 2 + np.sin(v[1]),
        lambda v: np.array([2e-5 * v[0], np.cos(v[1])]),
        np.array([1e4, 0.6]),
    )


def at_zero():
    """A gradient at the point 0."""
    return lambda v: np.sum(np.sin(3 * v)), lambda v: 3 * np.cos(3 * v), np.zeros(3)


def at_a_minimum():
    """A gradient that is 0 altogether."""
    return lambda v: np.sum(v**2), lambda v: 2 * v, np.zeros(4)


def with_an_entry_of_zero():
    """A gradient with one entry that is 0 beside others that are not."""
    return (
        lambda v: np.exp(v[0]) + np.cos(v[1]),
        lambda v: np.array([np.exp(v[0]), -np.sin(v[1])]),
        np.array([0.5, np.pi]),
    )


def of_entries_that_meet():
    """A gradient each entry of which moves with all twenty entries of x."""
    return lambda v: np.exp(np.sum(v)), lambda v: np.exp(np.sum(v)) * np.ones(20), np.linspace(-0.9, 1.0, 20)


def of_a_hundred_entries():
    """A gradient with a hundred entries."""
    return lambda v: np.sum(np.sin(v)), np.cos, np.linspace(-0.6, 0.6, 100)


def beside_large_values():
    """A gradient of a function whose values are large beside its slopes."""
    return lambda v: 1900 + np.sum(np.sin(v)), np.cos, np.array([0.3, 0.6, 0.2])


# ----------------------------------------------------------------------------------------------- wrong
def one_sided():
    def f(v):
        return np.sum(np.sin(v))

    return f, lambda v: np.array([(f(v + 1e-4 * e) - f(v)) / 1e-4 for e in np.eye(len(v))]), np.array([1.0, 1.3, 0.7])


def off_by_a_factor():
    return lambda v: np.sum(v**2), lambda v: v, np.array([0.7, -1.2, 0.4])


def off_by_a_thousandth():
    return lambda v: np.sum(np.exp(v)), lambda v: 1.001 * np.exp(v), np.array([0.7, -0.2, 0.4])


def right_at_zero_only():
    return lambda v: np.sum(np.sin(v) + v**2), lambda v: np.ones(len(v)), np.array([0.9, -0.8, 0.5])


def loses_the_sign_in_a_region():
    return lambda v: np.sum(v**2), lambda v: 2 * np.abs(v), np.array([0.9, 0.4, 1.7, -0.6])


def wrong_in_the_last_entry():
    def last(v):
        g = np.cos(v)
        g[-1] = 0.0
        return g

    return lambda v: np.sum(np.sin(v)), last, np.array([0.3, 0.6, 0.2])


def wrong_in_the_first_entry():
    def first(v):
        g = np.cos(v)
        g[0] = -g[0]
        return g

    return lambda v: np.sum(np.sin(v)), first, np.array([0.3, 0.6, 0.2])


def forgets_the_inner_derivative():
    return lambda v: np.sum(np.sin(3 * v)), lambda v: np.cos(3 * v), np.array([0.2, 1.1])


def errors_that_cancel():
    return lambda v: np.sum(v**2), lambda v: 2 * v + np.array([0.1, -0.1, 0.0]), np.array([0.5, 0.5, 1.0])


def entries_in_another_order():
    return lambda v: np.sum(v**2), lambda v: 2 * v[::-1], np.array([0.5, 1.0, 2.0])


def wrong_with_small_slopes():
    return lambda v: 1e-8 * np.sum(v**3), lambda v: 1e-8 * v**2, np.array([0.8, 0.5])


def barely_wrong_with_small_slopes():
    return lambda v: 1e-8 * np.sum(v**3), lambda v: 3.001e-8 * v**2, np.array([0.8, 0.5])


def wrong_with_large_slopes():
    return lambda v: 1e8 * np.sum(v**3), lambda v: 3.001e8 * v**2, np.array([0.8, 0.5])


def wrong_far_out():
    return lambda v: np.sum(v**2), lambda v: 2.0001 * v, np.array([1.1e6, -0.7e6])


def wrong_where_it_is_zero():
    return (
        lambda v: np.exp(v[0]) + np.cos(v[1]),
        lambda v: np.array([np.exp(v[0]), 0.2]),
        np.array([0.5, np.pi]),
    )


def one_wrong_of_a_hundred():
    def gradient(v):
        g = np.cos(v)
        g[61] -= 4e-5 * np.max(g)
        return g

    return lambda v: np.sum(np.sin(v)), gradient, np.linspace(-0.6, 0.6, 100)


def wrong_at_a_minimum():
    return lambda v: np.sum(v**2), lambda v: 2 * v + np.array([0.0, 0.3, 0.0]), np.zeros(3)


def one_entry_is_not_a_number():
    return lambda v: np.sum(np.sin(v)), lambda v: np.array([np.nan, *np.cos(v)[1:]]), np.array([0.3, 0.6, 0.2])


def all_zero():
    return lambda v: np.sum(np.sin(v)), lambda v: np.zeros(len(v)), np.array([0.3, 0.6])


def not_a_number():
    return lambda v: np.sum(np.sin(v)), lambda v: np.full(len(v), np.nan), np.array([0.3, 0.6])
