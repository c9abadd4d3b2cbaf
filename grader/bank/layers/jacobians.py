"""The full Jacobian of a ReLU: diagonal, of zeros and ones, and never built in practice."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain
from grader.judging import array

relu_jacobian = plain("layers.relu_jacobian", {"x": array("D")}, ("jacobian",), kinks=True)


@relu_jacobian.mistake("The diagonal holds the outputs. A Jacobian holds slopes.")
def puts_outputs_on_the_diagonal(x):
    return np.diag(np.maximum(x, 0))


@relu_jacobian.mistake("Each output depends on one input only: what is ∂out_i/∂x_j for i ≠ j?")
def fills_rows(x):
    return np.tile((x > 0) * 1.0, (x.size, 1))


@relu_jacobian.mistake("The slope does not depend on x here. Where x is negative, the output does not move.")
def is_identity(x):
    return np.eye(x.size)


@relu_jacobian.mistake("A Jacobian of D outputs by D inputs is a (D, D) matrix: this is its diagonal only.")
def gives_the_diagonal(x):
    return (x > 0) * 1.0
