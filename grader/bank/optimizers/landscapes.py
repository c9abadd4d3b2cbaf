"""Landscapes: two bowls, the scales that make a bowl round, its largest stable step, and steps that use its curvature."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain
from grader.judging import Exercise, array, contract, drawn, example, gradient, scalar, value

POINT = {"w": array("2")}
BOWL = ("f", "dw", "hessian")


def bowl(name: str) -> Exercise:
    """Declare a function of two variables that returns ``f, gradient, hessian``: a number, (2,) and (2, 2)."""
    checks = (contract(), example(), value(1, "f"), value(1, "dw"), value(1, "hessian"), gradient(1))
    return Exercise(name, POINT, BOWL, checks)


# ----------------------------------------------------------------------------------------- bowls
elongated_bowl = bowl("optimizers.elongated_bowl")
H = np.diag([8.0, 2.0 / 15.0])


def elongated(w):
    """Return f = 4x² + (y + 3)²/15 with its derivatives."""
    x, y = w
    return 4 * x**2 + (y + 3) ** 2 / 15, np.array([8 * x, 2 * (y + 3) / 15]), H


@elongated_bowl.mistake("The 3 is lost: the bowl's bottom is at y = −3.")
def centres_at_the_origin(w):
    x, y = w
    return 4 * x**2 + y**2 / 15, np.array([8 * x, 2 * y / 15]), H


@elongated_bowl.mistake("The gradient lacks the 2 of the squares.")
def loses_the_twos(w):
    f, g, _ = elongated(w)
    return f, g / 2, H


@elongated_bowl.mistake("The Hessian holds the coefficients: the second derivative of 4x² is 8.")
def puts_coefficients_in_the_hessian(w):
    f, g, _ = elongated(w)
    return f, g, H / 2


rotated_bowl = bowl("optimizers.rotated_bowl")
ROTATED_H = np.array([[4 + 1 / 15, -4 + 1 / 15], [-4 + 1 / 15, 4 + 1 / 15]])
SHIFT = 3 * np.sqrt(2)


def rotated(w):
    """Return f = 2(x − y)² + (x + y + 3√2)²/30 with its derivatives."""
    a, b = w[0] - w[1], w[0] + w[1] + SHIFT
    return 2 * a**2 + b**2 / 30, np.array([4 * a + b / 15, -4 * a + b / 15]), ROTATED_H


@rotated_bowl.mistake("The Hessian is diagonal. After the rotation x and y pull at each other: what is ∂²f/∂x∂y?")
def forgets_the_mixed_derivative(w):
    f, g, _ = rotated(w)
    return f, g, np.diag(np.diag(ROTATED_H))


@rotated_bowl.mistake("The sign of the inner derivative is lost: x − y falls when y grows.")
def forgets_the_inner_sign(w):
    f, g, _ = rotated(w)
    a = w[0] - w[1]
    return f, g + np.array([0.0, 8 * a]), ROTATED_H


@rotated_bowl.mistake("The shift 3√2 is lost.")
def rotates_about_the_origin(w):
    a, b = w[0] - w[1], w[0] + w[1]
    return 2 * a**2 + b**2 / 30, np.array([4 * a + b / 15, -4 * a + b / 15]), ROTATED_H


@rotated_bowl.mistake("This belongs to the bowl before it was rotated.")
def does_not_rotate(w):
    return elongated(w)


# ------------------------------------------------------------------------------------- curvature
def positive_diagonal(m):
    """Draw a diagonal Hessian (D, D) with positive entries over four decades."""
    return np.diag(10.0 ** m.rng.uniform(-2, 2, m.size("D")))


def positive_definite(m):
    """Draw a symmetric Hessian (D, D) with positive eigenvalues over three decades."""
    d = m.size("D")
    Q, _ = np.linalg.qr(m.rng.standard_normal((d, d)))
    A = (Q * 10.0 ** m.rng.uniform(-1, 2, d)) @ Q.T
    return (A + A.T) / 2


rounding_scales = plain(
    "optimizers.rounding_scales", {"hessian": drawn(positive_diagonal)}, ("scales",), regimes=("randn", "odd")
)


@rounding_scales.mistake("The root is missing: curvature goes with the square of a scale.")
def forgets_the_root(hessian):
    return np.diag(hessian) / 2


@rounding_scales.mistake(
    "The half is missing: in the new coordinates the Hessian is the identity, where 2·identity is asked."
)
def makes_it_one(hessian):
    return np.sqrt(np.diag(hessian))


@rounding_scales.mistake("The scales are inverted: x' = s·x must stretch the steep direction.")
def inverts_the_scales(hessian):
    return 1 / np.sqrt(np.diag(hessian) / 2)


largest_stable_step = plain(
    "optimizers.largest_stable_step", {"hessian": drawn(positive_definite)}, ("step",), regimes=("randn", "odd")
)


@largest_stable_step.mistake(
    "1/λ reaches the bottom along the steepest direction in one step. Up to twice that still comes closer there every time."
)
def stops_at_one(hessian):
    return 1 / np.linalg.eigvalsh(hessian)[-1]


@largest_stable_step.mistake("The flattest direction decides here. Which one diverges first?")
def trusts_the_flattest(hessian):
    return 2 / np.linalg.eigvalsh(hessian)[0]


@largest_stable_step.mistake(
    "The diagonal is taken for the eigenvalues: that is right in general only without mixed derivatives."
)
def reads_the_diagonal(hessian):
    return 2 / np.diag(hessian).max()


@largest_stable_step.mistake(
    "The trace is the sum of all eigenvalues: the bound it gives is safe, and smaller than it must be."
)
def divides_by_the_trace(hessian):
    return 2 / np.trace(hessian)


@largest_stable_step.mistake(
    "The Frobenius norm is larger than the largest eigenvalue: that bound is smaller than it must be."
)
def divides_by_the_frobenius_norm(hessian):
    return 2 / np.sqrt((hessian * hessian).sum())


@largest_stable_step.mistake("That is the answer for one particular bowl: the Hessian is an argument.")
def is_hard_coded(hessian):
    return np.array(0.25)


# ------------------------------------------------------------------------------------------ steps
def indefinite(m):
    """Draw a symmetric Hessian (D, D) away from singular; every third one is that of a saddle."""
    H = positive_definite(m)
    if m.recipe.seed % 3 == 2 and len(H) > 1:
        values, vectors = np.linalg.eigh(H)
        values[0] *= -1
        H = (vectors * values) @ vectors.T
        H = (H + H.T) / 2
    return H


NEWTON = {"w": array("D"), "grad": array("D"), "hessian": drawn(indefinite)}


newton_step = plain("optimizers.newton_step", NEWTON, ("next_w",), 3)


@newton_step.mistake("The step goes the other way: w less the solution of the linear system.")
def newton_climbs(w, grad, hessian):
    return w + np.linalg.solve(hessian, grad)


@newton_step.mistake("The gradient is multiplied by the Hessian, where the system H·step = gradient is to be solved.")
def multiplies_by_the_hessian(w, grad, hessian):
    return w - hessian @ grad


@newton_step.mistake("Only the diagonal of the Hessian is used: the directions are not independent.")
def divides_by_the_diagonal(w, grad, hessian):
    return w - grad / np.diag(hessian)


@newton_step.mistake("The eigenvalues were made positive. That is wise at a saddle, and not Newton's method.")
def avoids_the_saddle(w, grad, hessian):
    values, vectors = np.linalg.eigh(hessian)
    return w - vectors @ ((vectors.T @ grad) / np.abs(values))


@newton_step.mistake("The Hessian is not used: this is gradient descent with rate 1.")
def forgets_the_hessian(w, grad, hessian):
    return w - grad


preconditioned_step = plain(
    "optimizers.preconditioned_step",
    {"w": array("D"), "dw": array("D"), "A": drawn(lambda m: m.rng.standard_normal((m.size("D"), m.size("D")))),
     "learning_rate": scalar(0.01, 0.5)},
    ("next_w",),
)  # fmt: skip


@preconditioned_step.mistake("AᵀA is used, where AAᵀ is asked: they differ in general.")
def swaps_the_factors(w, dw, A, learning_rate):
    return w - learning_rate * (A.T @ (A @ dw))


@preconditioned_step.mistake(
    "A alone is applied, where A and its transpose are asked: the gradient changes its coordinates too."
)
def preconditions_once(w, dw, A, learning_rate):
    return w - learning_rate * (A @ dw)


@preconditioned_step.mistake("There is no preconditioning: this is plain gradient descent.")
def does_not_precondition(w, dw, A, learning_rate):
    return w - learning_rate * dw


@preconditioned_step.mistake("The step goes uphill.")
def preconditions_uphill(w, dw, A, learning_rate):
    return w + learning_rate * (A @ (A.T @ dw))
