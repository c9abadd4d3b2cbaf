"""Unit optimizers, all right: the state of a run is an object that rides along in the config."""

from functools import partial

import numpy as np


# %% Gradient descent and momentum
class Settings(dict):
    """A config whose missing entries are the defaults."""

    def __init__(self, config, **defaults):
        super().__init__(defaults)
        self.update(config or {})

    def __getattr__(self, name):
        return self[name]


def sgd(w, dw, config=None):
    c = Settings(config, learning_rate=1e-2)
    return np.subtract(w, c.learning_rate * dw), c


def rolling(w, grad, config, where):
    """Momentum, with the gradient taken at ``where(w, drift)``."""
    c = Settings(config, learning_rate=1e-2, momentum=0.9, velocity=0.0 * w)
    drift = c.momentum * c.velocity
    c["velocity"] = drift - c.learning_rate * grad(where(w, drift))
    return w + c.velocity, c


def sgd_momentum(w, dw, config=None):
    return rolling(w, lambda _: dw, config, lambda w, drift: w)


def nesterov(w, grad, config=None):
    return rolling(w, grad, config, lambda w, drift: w + drift)


# %% A step length for each weight
class Average:
    """A running average of what it is shown, which knows how far it is from its start at 0."""

    def __init__(self, beta, value=0.0, seen=0):
        self.beta, self.value, self.seen = beta, value, seen

    def shown(self, x):
        return Average(self.beta, self.beta * self.value + (1 - self.beta) * x, self.seen + 1)

    def corrected(self):
        return self.value / (1 - self.beta**self.seen)


def adagrad(w, dw, config=None):
    c = Settings(config, learning_rate=1e-2, epsilon=1e-8, cache=np.zeros(w.shape))
    c["cache"] = c.cache + np.square(dw)
    return w - c.learning_rate * dw / (c.cache**0.5 + c.epsilon), c


def rmsprop(w, dw, config=None):
    c = Settings(config, learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8)
    c["squares"] = c.get("squares", Average(c.decay_rate)).shown(np.square(dw))
    return w - c.learning_rate * dw / (np.sqrt(c.squares.value) + c.epsilon), c


def adam(w, dw, config=None, decay=0.0):
    c = Settings(config, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8)
    c["first"] = c.get("first", Average(c.beta1)).shown(dw)
    c["second"] = c.get("second", Average(c.beta2)).shown(np.square(dw))
    step = c.first.corrected() / (np.sqrt(c.second.corrected()) + c.epsilon)
    return w - c.learning_rate * (step + decay * w), c


def adamw(w, dw, config=None):
    c = Settings(config, weight_decay=1e-2)
    return adam(w, dw, c, decay=c.weight_decay)


# %% Curvature
def newton_step(w, grad, hessian):
    return w + np.linalg.solve(hessian, -grad)


def preconditioned_step(w, dw, A, learning_rate):
    return w - learning_rate * np.einsum("ij,kj,k->i", A, A, dw)


def quadratic(w, bottom, hessian):
    """½ (w − bottom)ᵀ H (w − bottom) with its gradient and Hessian."""
    gradient = hessian @ (w - bottom)
    return 0.5 * (w - bottom) @ gradient, gradient, hessian


elongated_bowl = partial(quadratic, bottom=np.array([0.0, -3.0]), hessian=np.diag([8.0, 2 / 15]))


def rotated_bowl(w):
    s = np.array([w[0] - w[1], w[0] + w[1] + 3 * 2**0.5])
    R = np.array([[1.0, -1.0], [1.0, 1.0]])
    curvature = np.diag([4.0, 1 / 15])
    return 0.5 * s @ curvature @ s, R.T @ curvature @ s, R.T @ curvature @ R


def rounding_scales(hessian):
    return (0.5 * np.einsum("ii->i", hessian)) ** 0.5


def largest_stable_step(hessian):
    return 2 / np.linalg.norm(hessian, ord=2)


# %% Mini-batches
def minibatch_gradient(grads, batch, reduction="mean"):
    average = np.add.reduce(np.take(grads, batch, axis=0)) / len(batch)
    return {"mean": average, "sum": len(grads) * average}[reduction]


def minibatches(X, y, size, rng):
    order = np.argsort(rng.random(len(X)))
    cuts = range(size, len(X), size)
    yield from ((X[batch], y[batch]) for batch in np.split(order, cuts))


# %% Learning-rate schedules
def constant(t, base):
    return base


def step_decay(t, base, drop, every):
    return base * drop ** np.floor(t / every)


def inverse_time(t, base):
    return base / t


def cosine(t, base, total, floor=0):
    phase = np.pi * np.clip(t / total, 0, 1)
    return floor + (base - floor) * (1 + np.cos(phase)) / 2


def warmup(t, base, steps):
    return base * np.clip(t / steps, 0, 1)

# % Other coordinates, and is it right?
def gradient_in_new_coordinates(grad, A):
    return grad @ A


def steps_per_epoch(examples, size):
    return int(np.ceil(examples / size))


def heavy_ball(w, dw, previous, learning_rate, momentum):
    return w - learning_rate * dw + momentum * (w - previous)


def is_free_of_coordinates(step):
    rng = np.random.default_rng(7)
    for signs in ([1, 1, 1], [1, -1, 1], [-1, -1, -1]):
        A, B = rng.normal(size=(3, 3)) + 2 * np.eye(3), np.linalg.qr(rng.normal(size=(3, 3)))[0]
        H = B @ np.diag(np.array(signs) * [0.3, 2.0, 5.0]) @ B.T
        w, g = rng.normal(size=3), rng.normal(size=3)
        here, there = step(w, g, H), A @ step(np.linalg.solve(A, w), A.T @ g, A.T @ H @ A)
        if not np.allclose(here, there, rtol=1e-6, atol=1e-7):
            return False
    return True
