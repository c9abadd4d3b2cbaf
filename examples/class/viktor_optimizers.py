import math
import numpy as np


# ---- Gradient descent and momentum


def setting(config, name, default):
    if config is not None and name in config:
        return config[name]
    return default


def sgd(w, dw, config=None):
    lr = setting(config, "learning_rate", 0.01)
    next_w = np.empty(w.shape)
    for i in np.ndindex(w.shape):
        next_w[i] = w[i] - lr * dw[i]
    return next_w, {"learning_rate": lr}


def sgd_momentum(w, dw, config=None):
    lr = setting(config, "learning_rate", 0.01)
    mu = setting(config, "momentum", 0.9)
    old = setting(config, "velocity", np.zeros(w.shape))
    v, next_w = np.empty(w.shape), np.empty(w.shape)
    for i in np.ndindex(w.shape):
        v[i] = mu * old[i] - lr * dw[i]
        next_w[i] = w[i] + v[i]
    return next_w, {"learning_rate": lr, "momentum": mu, "velocity": v}


def nesterov(w, grad, config=None):
    mu = setting(config, "momentum", 0.9)
    v = setting(config, "velocity", np.zeros(w.shape))
    # a momentum step with the gradient of another point
    return sgd_momentum(w, grad(w + mu * v), config)


# ---- A step length for each weight


def adagrad(w, dw, config=None):
    lr = setting(config, "learning_rate", 0.01)
    eps = setting(config, "epsilon", 1e-8)
    cache = setting(config, "cache", np.zeros(w.shape)).copy()
    next_w = np.empty(w.shape)
    for i in np.ndindex(w.shape):
        cache[i] += dw[i] * dw[i]
        next_w[i] = w[i] - lr * dw[i] / (math.sqrt(cache[i]) + eps)
    return next_w, {"learning_rate": lr, "epsilon": eps, "cache": cache}


def rmsprop(w, dw, config=None):
    lr = setting(config, "learning_rate", 0.01)
    rho = setting(config, "decay_rate", 0.99)
    eps = setting(config, "epsilon", 1e-8)
    cache = setting(config, "cache", np.zeros(w.shape)).copy()
    next_w = np.empty(w.shape)
    for i in np.ndindex(w.shape):
        cache[i] = rho * cache[i] + (1 - rho) * dw[i] * dw[i]
        next_w[i] = w[i] - lr * dw[i] / (math.sqrt(cache[i]) + eps)
    return next_w, {"learning_rate": lr, "decay_rate": rho, "epsilon": eps, "cache": cache}


def adam(w, dw, config=None):
    lr = setting(config, "learning_rate", 0.001)
    beta1, beta2 = setting(config, "beta1", 0.9), setting(config, "beta2", 0.999)
    eps = setting(config, "epsilon", 1e-8)
    t = setting(config, "t", 0) + 1
    m = setting(config, "m", np.zeros(w.shape)).copy()
    v = setting(config, "v", np.zeros(w.shape)).copy()
    next_w = np.empty(w.shape)
    for i in np.ndindex(w.shape):
        m[i] = beta1 * m[i] + (1 - beta1) * dw[i]
        v[i] = beta2 * v[i] + (1 - beta2) * dw[i] ** 2
        m_hat = m[i] / (1 - beta1**t)
        v_hat = v[i] / (1 - beta2**t)
        next_w[i] = w[i] - lr * m_hat / (math.sqrt(v_hat) + eps)
    state = {"learning_rate": lr, "beta1": beta1, "beta2": beta2, "epsilon": eps, "t": t, "m": m, "v": v}
    return next_w, state


def adamw(w, dw, config=None):
    decay = setting(config, "weight_decay", 0.01)
    next_w, state = adam(w, dw, config)
    state["weight_decay"] = decay
    for i in np.ndindex(w.shape):
        next_w[i] -= state["learning_rate"] * decay * w[i]
    return next_w, state


# ---- Curvature


def newton_step(w, grad, hessian):
    step = np.linalg.solve(hessian, grad.reshape(-1, 1))
    return w - step.ravel()


def preconditioned_step(w, dw, A, learning_rate):
    D = len(w)
    inner = [sum(A[k, j] * dw[k] for k in range(D)) for j in range(D)]
    return np.array([w[i] - learning_rate * sum(A[i, j] * inner[j] for j in range(D)) for i in range(D)])


def elongated_bowl(w):
    x, y = w[0], w[1]
    gradient = np.array([8 * x, (2 / 15) * (y + 3)])
    hessian = np.zeros((2, 2))
    hessian[0, 0] = 8
    hessian[1, 1] = 2 / 15
    return 4 * x * x + (y + 3) * (y + 3) / 15, gradient, hessian


def rotated_bowl(w):
    x, y = w[0], w[1]
    s = x + y + 3 * math.sqrt(2)
    gradient = np.array([4 * (x - y) + s / 15, -4 * (x - y) + s / 15])
    hessian = np.zeros((2, 2))
    for i in range(2):
        for j in range(2):
            hessian[i, j] = (4 if i == j else -4) + 1 / 15
    return 2 * (x - y) ** 2 + s**2 / 30, gradient, hessian


def rounding_scales(hessian):
    return np.array([math.sqrt(hessian[i, i] / 2) for i in range(len(hessian))])


def largest_stable_step(hessian):
    return 2 / max(np.linalg.eigh(hessian)[0])


# ---- Mini-batches


def minibatch_gradient(grads, batch, reduction="mean"):
    total = np.zeros(grads.shape[1])
    for i in batch:
        total += grads[i]
    if reduction == "sum":
        return total * len(grads) / len(batch)
    return total / len(batch)


def minibatches(X, y, size, rng):
    order = list(range(len(X)))
    rng.shuffle(order)
    while order:
        batch, order = order[:size], order[size:]
        yield X[batch], y[batch]


# ---- Learning-rate schedules


def constant(t, base):
    return base


def step_decay(t, base, drop, every):
    rate = base
    for s in range(1, t + 1):
        if s % every == 0:
            rate *= drop
    return rate


def inverse_time(t, base):
    return base / t


def cosine(t, base, total, floor=0):
    if t >= total:
        return floor
    return floor + 0.5 * (base - floor) * (1 + math.cos(math.pi * t / total))


def warmup(t, base, steps):
    if t >= steps:
        return base
    return base * t / steps


# % Other coordinates, and is it right?
def gradient_in_new_coordinates(grad, A):
    return np.array([sum(A[i, j] * grad[i] for i in range(len(grad))) for j in range(len(grad))])


def steps_per_epoch(examples, size):
    return examples // size + (1 if examples % size else 0)


def heavy_ball(w, dw, previous, learning_rate, momentum):
    return w - learning_rate * dw + momentum * (w - previous)


def is_free_of_coordinates(step):
    rng = np.random.default_rng(3)
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
