"""Coordinates and epochs; and judgement: a prediction, a step with a planted fault, a test of steps to write, curves to read."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import checker, plain, planted_fault, prediction
from grader.judging import Personal, array, drawn, scalar


def invertible(m):
    """Draw a matrix (D, D) that can be inverted, not symmetric and not orthogonal."""
    d = m.size("D")
    return m.rng.standard_normal((d, d)) + 3 * np.eye(d)


# -------------------------------------------------------------------------------------- coordinates
gradient_in_new_coordinates = plain(
    "optimizers.gradient_in_new_coordinates", {"grad": array("D"), "A": drawn(invertible)}, ("gradient",)
)


@gradient_in_new_coordinates.mistake("A is multiplied on without its transpose. Which index of A belongs to θ′?")
def multiplies_by_A(grad, A):  # noqa: N802 - the matrix's name
    return A @ grad


@gradient_in_new_coordinates.mistake("The inverse is taken: points change by A⁻¹, gradients go the other way.")
def divides_by_A(grad, A):  # noqa: N802 - the matrix's name
    return np.linalg.solve(A, grad)


@gradient_in_new_coordinates.mistake("The inverse of the transpose is taken: that would be the gradient for θ′ = Aθ.")
def divides_by_the_transpose(grad, A):
    return np.linalg.solve(A.T, grad)


@gradient_in_new_coordinates.mistake("A is used twice, as in the step A Aᵀ∇L: here the coordinates are θ′, not θ.")
def goes_back_again(grad, A):
    return A @ (A.T @ grad)


def batches_of(m):
    """Choose (examples, size): in every third case the size divides, in every fifth it is larger."""
    seed, size = m.recipe.seed, 2 + m.recipe.sizes[0]
    if seed % 5 == 4:
        return max(1, size - 2), size
    return size * m.recipe.sizes[1] + (0 if seed % 3 == 0 else 1 + seed % (size - 1)), size


steps_per_epoch = plain(
    "optimizers.steps_per_epoch",
    {"examples": drawn(lambda m: batches_of(m)[0]), "size": drawn(lambda m: batches_of(m)[1])},
    ("steps",),
    1,
)


@steps_per_epoch.mistake("The last, smaller batch is not counted: its examples would never be seen.")
def rounds_down(examples, size):
    return examples // size


@steps_per_epoch.mistake("There is a step too many where the size divides the number of examples.")
def always_adds_one(examples, size):
    return examples // size + 1


@steps_per_epoch.mistake("That is the number of steps with batches of one.")
def counts_examples(examples, size):
    return examples


@steps_per_epoch.mistake(
    "It is rounded to the nearest: with a rest of less than half a batch some examples are never seen."
)
def rounds_to_nearest(examples, size):
    return round(examples / size)


# --------------------------------------------------------------------------------------- heavy ball
heavy_ball = planted_fault(
    "optimizers.heavy_ball",
    {
        "w": array("D"),
        "dw": array("D"),
        "previous": array("D"),
        "learning_rate": scalar(0.01, 0.5),
        "momentum": scalar(0.1, 0.95),
    },
    ("next_w",),
    planted="brakes",
    personal=Personal(planted=("damps_twice", "starts_a_step_before", "averages_in")),
)


@heavy_ball.mistake("A ball that rolled to w goes on in that direction. Where does this one go without a gradient?")
def brakes(w, dw, previous, learning_rate, momentum):
    velocity = previous - w
    return w - learning_rate * dw + momentum * velocity


@heavy_ball.mistake("The last step is damped by the learning rate too: it is scaled by momentum alone.")
def damps_twice(w, dw, previous, learning_rate, momentum):
    return w - learning_rate * (dw - momentum * (w - previous))


@heavy_ball.mistake("It starts from the previous point, and not from w.")
def starts_a_step_before(w, dw, previous, learning_rate, momentum):
    return previous - learning_rate * dw + momentum * (w - previous)


@heavy_ball.mistake("The gradient is scaled by 1 − momentum, as in a running average: that is another method.")
def averages_in(w, dw, previous, learning_rate, momentum):
    return w - (1 - momentum) * learning_rate * dw + momentum * (w - previous)


# ------------------------------------------------------------------------------------------ judgement
prediction_new_coordinates = prediction(
    "optimizers.prediction_new_coordinates",
    {
        -0.1: "Gradient descent is not the same in all coordinates. What is the gradient with respect to w′?",
        -0.2: "One factor is there: the gradient with respect to w′ is larger. And w moves by how much when w′ moves?",
        -0.05: "The gradient with respect to w′ is not smaller but larger: w moves twice as far as w′.",
        -0.025: "Both factors go the other way: w moves further than w′, and L changes faster with w′.",
    },
    tolerance=1e-9,
)

prediction_newton_at_a_maximum = prediction(
    "optimizers.prediction_newton_at_a_maximum",
    {
        4.0: "That is downhill, with the curvature's size alone. The Hessian has a sign too: what does the solve make of it?",
        5.0: "That is a step of gradient descent with rate 1: where does the curvature come in?",
        3.0: "The gradient at 3 is not 0.",
        2.5: "Half of the way: the second derivative of (x − 2)² is 2, not 4.",
        1.0: "Twice too far: the curvature has a 2 as well as the gradient.",
    },
    tolerance=1e-9,
)


def put(is_free_of_coordinates, candidate):
    return is_free_of_coordinates(candidate)


def solves(w, grad, hessian):
    """Newton's step, by a linear solve."""
    return w - np.linalg.solve(hessian, grad)


def inverts(w, grad, hessian):
    """Newton's step by the inverse matrix, damped to one half."""
    return w - 0.5 * (np.linalg.inv(hessian) @ grad)


def stays(w, grad, hessian):
    """A step that stays where it is: the same point in all coordinates."""
    return w.copy()


def descends(w, grad, hessian):
    return w - 0.1 * grad


def normalises(w, grad, hessian):
    return w - 0.1 * grad / np.sqrt(grad @ grad)


def uses_the_diagonal(w, grad, hessian):
    return w - grad / np.diag(hessian)


def adds_a_ridge(w, grad, hessian):
    return w - np.linalg.solve(hessian + 0.01 * np.eye(len(w)), grad)


def avoids_saddles(w, grad, hessian):
    values, vectors = np.linalg.eigh(hessian)
    if (values > 0).all() or (values < 0).all():
        return w - np.linalg.solve(hessian, grad)
    return w - vectors @ ((vectors.T @ grad) / np.abs(values))


def shrinks(w, grad, hessian):
    step = np.linalg.solve(hessian, grad)
    length = np.sqrt(step @ step)
    return w - step / max(1.0, length)


is_free_of_coordinates = checker(
    "optimizers.is_free_of_coordinates",
    put,
    [solves, inverts, stays],
    {
        "gradient descent": descends,
        "a step along the gradient of fixed length, which rotations do not show": normalises,
        "Newton's step with the diagonal of the Hessian, which scales of the axes do not show": uses_the_diagonal,
        "Newton's step with a small multiple of the identity added to the Hessian": adds_a_ridge,
        "a step that takes the absolute eigenvalues, which only a saddle shows": avoids_saddles,
        "Newton's step cut to a length of one": shrinks,
    },
)


@is_free_of_coordinates.mistake("What it misses is what coordinates that only stretch the axes do not show.")
def stretches_the_axes(step):
    rng = np.random.default_rng(1)
    for signs in ((1.0, 1.0, 1.0), (1.0, -1.0, 1.0)):
        A, Q = np.diag([3.0, 0.2, 5.0]), np.linalg.qr(rng.standard_normal((3, 3)))[0]
        H, w, g = (
            (Q * (np.array(signs) * np.array([0.5, 2.0, 7.0]))) @ Q.T,
            rng.standard_normal(3),
            rng.standard_normal(3),
        )
        if not np.allclose(A @ step(np.linalg.solve(A, w), A.T @ g, A.T @ H @ A), step(w, g, H)):
            return False
    return True


@is_free_of_coordinates.mistake("What it misses is what rotations alone do not show.")
def only_rotates(step):
    rng = np.random.default_rng(1)
    A, Q = (np.linalg.qr(rng.standard_normal((3, 3)))[0] for _ in range(2))
    for signs in ((1.0, 1.0, 1.0), (1.0, -1.0, 1.0)):
        H, w, g = (
            (Q * (np.array(signs) * np.array([0.5, 2.0, 7.0]))) @ Q.T,
            rng.standard_normal(3),
            rng.standard_normal(3),
        )
        if not np.allclose(A @ step(np.linalg.solve(A, w), A.T @ g, A.T @ H @ A), step(w, g, H)):
            return False
    return True


@is_free_of_coordinates.mistake("What it misses is what a minimum alone does not show.")
def looks_at_a_minimum(step):
    rng = np.random.default_rng(1)
    for _ in range(3):
        A, B = rng.standard_normal((3, 3)) + 2 * np.eye(3), rng.standard_normal((3, 3))
        H, w, g = B @ B.T + 0.1 * np.eye(3), rng.standard_normal(3), 20 * rng.standard_normal(3)
        if not np.allclose(A @ step(np.linalg.solve(A, w), A.T @ g, A.T @ H @ A), step(w, g, H), rtol=1e-6, atol=1e-8):
            return False
    return True


@is_free_of_coordinates.mistake(
    "What it misses is what a single weight does not show: its Hessian is its own diagonal."
)
def tries_one_weight(step):
    rng = np.random.default_rng(1)
    for h in (0.5, -2.0):
        A, H, w, g = np.array([[3.0]]), np.array([[h]]), rng.standard_normal(1), 20 * rng.standard_normal(1)
        if not np.allclose(A @ step(np.linalg.solve(A, w), A.T @ g, A.T @ H @ A), step(w, g, H)):
            return False
    return True


@is_free_of_coordinates.mistake("What it misses is what short steps do not show.")
def takes_short_steps(step):
    rng = np.random.default_rng(1)
    for signs in ((1.0, 1.0, 1.0), (1.0, -1.0, 1.0)):
        A, Q = rng.standard_normal((3, 3)) + 3 * np.eye(3), np.linalg.qr(rng.standard_normal((3, 3)))[0]
        H = (Q * (np.array(signs) * np.array([0.5, 2.0, 7.0]))) @ Q.T
        w, g = rng.standard_normal(3), 0.05 * rng.standard_normal(3)
        moved = step(np.linalg.solve(A, w), A.T @ g, A.T @ H @ A)
        if not np.allclose(A @ moved, step(w, g, H), rtol=1e-6, atol=1e-8):
            return False
    return True


@is_free_of_coordinates.mistake(
    "A right candidate is refused, and then nothing that is caught counts: Newton's step is not the only one that is free."
)
def wants_the_step_of_newton(step):
    rng = np.random.default_rng(1)
    H, w, g = np.diag([0.5, -2.0, 7.0]), rng.standard_normal(3), rng.standard_normal(3)
    return bool(np.allclose(step(w, g, H), w - np.linalg.solve(H, g)))


@is_free_of_coordinates.mistake("It accepts whatever it is given.")
def accepts_all(step):
    return True
