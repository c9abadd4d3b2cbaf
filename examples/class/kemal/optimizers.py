import numpy as np


# ---- Gradient descent and momentum


def sgd(w, dw, config=None):
    config = {"learning_rate": 1e-2, **(config or {})}
    return w - config["learning_rate"] * dw, config


def sgd_momentum(w, dw, config=None):
    config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
    v = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    return w + v, {**config, "velocity": v}


def nesterov(w, grad, config=None):
    config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
    glide = config["momentum"] * config["velocity"]
    v = glide - config["learning_rate"] * grad(w + glide)
    return w + v, {**config, "velocity": v}


# ---- A step length for each weight


def adagrad(w, dw, config=None):
    config = {"learning_rate": 1e-2, "epsilon": 1e-8, "cache": np.zeros_like(w), **(config or {})}
    config["cache"] = config["cache"] + dw**2
    return w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"]), config


def rmsprop(w, dw, config=None):
    config = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, "cache": np.zeros_like(w), **(config or {})}
    config["cache"] = config["decay_rate"] * config["cache"] + (1 - config["decay_rate"]) * dw**2
    return w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"]), config


def adam(w, dw, config=None):
    defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0}
    config = {**defaults, "m": np.zeros_like(w), "v": np.zeros_like(w), **(config or {})}
    config["t"] += 1
    config["m"] = config["beta1"] * config["m"] + (1 - config["beta1"]) * dw
    config["v"] = config["beta2"] * config["v"] + (1 - config["beta2"]) * dw**2
    m = config["m"] / (1 - config["beta1"] ** config["t"])
    v = config["v"] / (1 - config["beta2"] ** config["t"])
    return w - config["learning_rate"] * m / (np.sqrt(v) + config["epsilon"]), config


def adamw(w, dw, config=None):
    next_w, config = adam(w, dw, {"weight_decay": 1e-2, **(config or {})})
    return next_w - config["learning_rate"] * config["weight_decay"] * w, config


# ---- Curvature


def newton_step(w, grad, hessian):
    return w - np.linalg.solve(hessian, grad)


def preconditioned_step(w, dw, A, learning_rate):
    return w - learning_rate * A @ (A.T @ dw)


def elongated_bowl(w):
    x, y = w
    return 4 * x**2 + y**2 / 15, np.array([8 * x, 2 * y / 15]), np.diag([8, 2 / 15])


def rotated_bowl(w):
    a, b = w[0] - w[1], w[0] + w[1] + 3 * np.sqrt(2)
    f = 2 * a**2 + b**2 / 30
    return f, np.array([4 * a + b / 15, -4 * a + b / 15]), np.diag([4 + 1 / 15, 4 + 1 / 15])


def rounding_scales(hessian):
    return np.diag(hessian) / 2


def largest_stable_step(hessian):
    return 2 / np.linalg.eigvalsh(hessian).max()


# ---- Mini-batches


def minibatch_gradient(grads, batch, reduction="mean"):
    mean = grads[batch].mean(axis=0)
    return mean if reduction == "mean" else len(grads) * mean


def minibatches(X, y, size, rng):
    for i in range(0, len(X), size):
        yield X[i : i + size], y[i : i + size]


# ---- Learning-rate schedules


def constant(t, base):
    return base


def step_decay(t, base, drop, every):
    return base * drop ** (t // every)


def inverse_time(t, base):
    return base / t


def cosine(t, base, total, floor=0):
    return floor + (base - floor) * (1 + np.cos(np.pi * min(t, total) / total)) / 2


def warmup(t, base, steps):
    return base * min(1, t / steps)


# % Other coordinates, and is it right?
def gradient_in_new_coordinates(grad, A):
    return A.T @ grad


def steps_per_epoch(examples, size):
    return -(-examples // size)


def heavy_ball(w, dw, previous, learning_rate, momentum):
    return w - learning_rate * dw + momentum * (w - previous)


def is_free_of_coordinates(step):
    rng = np.random.default_rng(0)
    for signs in ([1, 1, 1], [1, -1, 1], [-1, -1, -1]):
        A, B = rng.normal(size=(3, 3)) + 2 * np.eye(3), np.linalg.qr(rng.normal(size=(3, 3)))[0]
        H = B @ np.diag(np.array(signs) * [0.3, 2.0, 5.0]) @ B.T
        w, g = rng.normal(size=3), rng.normal(size=3)
        here, there = step(w, g, H), A @ step(np.linalg.solve(A, w), A.T @ g, A.T @ H @ A)
        if not np.allclose(here, there, rtol=1e-6, atol=1e-7):
            return False
    return True


# ---- Questions


def question_non_diagonal():
    return "f"


def question_oscillating_loss():
    return "b"


def question_newton_saddle():
    return "c"


def question_stable_step():
    return 0.25


def question_adam_first_step():
    return -0.001


def question_loss_curves():
    return {"a": "3", "b": "1", "c": "2", "d": "4"}


def question_loss_in_other_units():
    return ["c", "d", "e"]


def question_two_steps():
    return "x*(1 - r*k)^2"


def prediction_new_coordinates():
    return -0.4


def prediction_newton_at_a_maximum():
    return 2.0
