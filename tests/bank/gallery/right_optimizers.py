"""Right answers to the unit on optimizers: the same trajectories, the state kept in many ways.

None of these changes its arguments; those that do are with the notes. The meaning of the returned
config is the student's: other key names, objects and tuples inside it are all in order, as long as
passing it back goes on with the same hyperparameters.
"""

from __future__ import annotations

from functools import partial

from .entry import right

__all__ = ["RIGHT_OPTIMIZERS"]

_right = partial(right, "optimizers")

_FIRST_ORDER = [
    _right(
        "sgd",
        "copy of config with defaults",
        """
        def sgd(w, dw, config=None):
            config = dict(config or {})
            config.setdefault("learning_rate", 1e-2)
            return w - config["learning_rate"] * dw, config
    """,
    ),
    _right(
        "sgd",
        "dict union, np.subtract",
        """
        def sgd(w, dw, config=None):
            filled = {"learning_rate": 0.01} | (config or {})
            return np.subtract(w, np.multiply(filled["learning_rate"], dw)), filled
    """,
    ),
    _right(
        "sgd",
        "element by element",
        """
        def sgd(w, dw, config=None):
            config = {} if config is None else config.copy()
            lr = config.get("learning_rate", 1e-2)
            config["learning_rate"] = lr
            out = w.copy()
            for i in np.ndindex(w.shape):
                out[i] = w[i] - lr * dw[i]
            return out, config
    """,
    ),
    _right(
        "sgd_momentum",
        "velocity is the step",
        """
        def sgd_momentum(w, dw, config=None):
            config = dict(config or {})
            config.setdefault("learning_rate", 1e-2)
            config.setdefault("momentum", 0.9)
            v = config.get("velocity", np.zeros_like(w))
            v = config["momentum"] * v - config["learning_rate"] * dw
            config["velocity"] = v
            return w + v, config
    """,
    ),
    _right(
        "sgd_momentum",
        "negative velocity under another name",
        """
        def sgd_momentum(w, dw, config=None):
            c = {"learning_rate": 1e-2, "momentum": 0.9, **(config or {})}
            c["descent"] = c["momentum"] * c.get("descent", 0.0) + c["learning_rate"] * dw
            return w - c["descent"], c
    """,
    ),
    _right(
        "sgd_momentum",
        "heavy ball: remembers the previous point",
        """
        def sgd_momentum(w, dw, config=None):
            c = {"learning_rate": 1e-2, "momentum": 0.9, **(config or {})}
            last_step = c.get("last_step")
            step = -c["learning_rate"] * dw
            if last_step is not None:
                step = step + c["momentum"] * last_step
            return w + step, {**c, "last_step": step}
    """,
    ),
    _right(
        "sgd_momentum",
        "an object holds the velocity",
        """
        class Velocity:
            def __init__(self, v):
                self.v = v

            def next(self, mu, push):
                return Velocity(mu * self.v + push)

        def sgd_momentum(w, dw, config=None):
            config = dict(config) if config else {}
            lr, mu = config.setdefault("learning_rate", 1e-2), config.setdefault("momentum", 0.9)
            state = config.get("state", Velocity(np.zeros(w.shape))).next(mu, -lr * dw)
            config["state"] = state
            return w + state.v, config
    """,
    ),
    _right(
        "nesterov",
        "gradient at the look-ahead point",
        """
        def nesterov(w, grad, config=None):
            config = dict(config or {})
            lr = config.setdefault("learning_rate", 1e-2)
            mu = config.setdefault("momentum", 0.9)
            v = config.get("velocity", np.zeros_like(w))
            v = mu * v - lr * grad(w + mu * v)
            config["velocity"] = v
            return w + v, config
    """,
    ),
    _right(
        "nesterov",
        "moves to the look-ahead point and corrects from there",
        """
        def nesterov(w, grad, config=None):
            c = {"learning_rate": 1e-2, "momentum": 0.9, **(config or {})}
            ahead = w + c["momentum"] * c["velocity"] if "velocity" in c else w.copy()
            nxt = ahead - c["learning_rate"] * grad(ahead)
            return nxt, {**c, "velocity": nxt - w}
    """,
    ),
    _right(
        "nesterov",
        "closure in config",
        """
        def nesterov(w, grad, config=None):
            c = {"learning_rate": 1e-2, "momentum": 0.9}
            c.update(config or {})
            previous = c.get("previous", lambda: np.zeros(w.shape))()
            drift = c["momentum"] * previous
            step = drift - c["learning_rate"] * np.asarray(grad(w + drift))
            c["previous"] = lambda: step
            return w + step, c
    """,
    ),
    _right(
        "preconditioned_step",
        "from right to left",
        """
        def preconditioned_step(w, dw, A, learning_rate):
            return w - learning_rate * (A @ (A.T @ dw))
    """,
    ),
    _right(
        "preconditioned_step",
        "the matrix A A^T first",
        """
        def preconditioned_step(w, dw, A, learning_rate):
            P = np.matmul(A, np.transpose(A))
            return w - learning_rate * np.dot(P, dw)
    """,
    ),
    _right(
        "preconditioned_step",
        "a gradient step in the coordinates u, w = A u",
        """
        def preconditioned_step(w, dw, A, learning_rate):
            du = dw @ A
            return w + np.einsum("ij,j->i", A, -learning_rate * du)
    """,
    ),
    _right(
        "newton_step",
        "np.linalg.solve",
        """
        def newton_step(w, grad, hessian):
            return w - np.linalg.solve(hessian, grad)
    """,
    ),
    _right(
        "newton_step",
        "the inverse",
        """
        def newton_step(w, grad, hessian):
            return w - np.linalg.inv(hessian) @ grad
    """,
    ),
    _right(
        "newton_step",
        "eigenvectors, any sign of curvature",
        """
        def newton_step(w, grad, hessian):
            curvature, Q = np.linalg.eigh(hessian)
            return w - Q @ ((Q.T @ grad) / curvature)
    """,
    ),
    _right(
        "newton_step",
        "Gauss elimination with pivoting by hand",
        """
        def newton_step(w, grad, hessian):
            n = len(grad)
            A = np.hstack([np.array(hessian, dtype=float), np.array(grad, dtype=float).reshape(n, 1)])
            for k in range(n):
                p = k + int(np.argmax(np.abs(A[k:, k])))
                A[[k, p]] = A[[p, k]]
                for i in range(k + 1, n):
                    A[i, k:] -= A[i, k] / A[k, k] * A[k, k:]
            step = np.zeros(n)
            for k in reversed(range(n)):
                step[k] = (A[k, n] - A[k, k + 1:n] @ step[k + 1:]) / A[k, k]
            return w - step
    """,
    ),
]

_ADAPTIVE = [
    _right(
        "adagrad",
        "accumulated squares",
        """
        def adagrad(w, dw, config=None):
            config = dict(config or {})
            config.setdefault("learning_rate", 1e-2)
            config.setdefault("epsilon", 1e-8)
            config["cache"] = config.get("cache", np.zeros_like(w)) + dw**2
            return w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"]), config
    """,
    ),
    _right(
        "adagrad",
        "keeps every gradient and sums their squares",
        """
        def adagrad(w, dw, config=None):
            c = {"learning_rate": 1e-2, "epsilon": 1e-8, **(config or {})}
            history = (*c.get("history", ()), dw.copy())
            total = sum(g * g for g in history)
            c["history"] = history
            return w - c["learning_rate"] / (total**0.5 + c["epsilon"]) * dw, c
    """,
    ),
    _right(
        "adagrad",
        "keeps the root, updated as a hypotenuse",
        """
        def adagrad(w, dw, config=None):
            c = {"learning_rate": 1e-2, "epsilon": 1e-8}
            if config is not None:
                c.update(config)
            root = np.hypot(c["root"], dw) if "root" in c else np.abs(dw)
            c["root"] = root
            return w - c["learning_rate"] * (dw / (root + c["epsilon"])), c
    """,
    ),
    _right(
        "rmsprop",
        "leaky average of squares",
        """
        def rmsprop(w, dw, config=None):
            config = dict(config or {})
            config.setdefault("learning_rate", 1e-2)
            config.setdefault("decay_rate", 0.99)
            config.setdefault("epsilon", 1e-8)
            cache = config.get("cache", np.zeros_like(w))
            cache = config["decay_rate"] * cache + (1 - config["decay_rate"]) * dw * dw
            config["cache"] = cache
            return w - config["learning_rate"] * dw / (np.sqrt(cache) + config["epsilon"]), config
    """,
    ),
    _right(
        "rmsprop",
        "average moved towards the new square",
        """
        def rmsprop(w, dw, config=None):
            c = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, **(config or {})}
            old = np.zeros(w.shape) if c.get("mean_square") is None else c["mean_square"]
            new = old + (1 - c["decay_rate"]) * (np.square(dw) - old)
            c["mean_square"] = new
            rate = c["learning_rate"] / (c["epsilon"] + np.power(new, 0.5))
            return w - rate * dw, c
    """,
    ),
    _right(
        "rmsprop",
        "unnormalised sum, weight applied when used",
        """
        def rmsprop(w, dw, config=None):
            c = {**{"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8}, **(config or {})}
            S = c["decay_rate"] * c.get("S", 0) + dw * dw
            c["S"] = S
            rms = np.sqrt((1 - c["decay_rate"]) * S)
            return w - c["learning_rate"] * dw / (rms + c["epsilon"]), c
    """,
    ),
    _right(
        "adam",
        "Kingma and Ba, line by line",
        """
        def adam(w, dw, config=None):
            config = dict(config or {})
            config.setdefault("learning_rate", 1e-3)
            config.setdefault("beta1", 0.9)
            config.setdefault("beta2", 0.999)
            config.setdefault("epsilon", 1e-8)
            config["t"] = config.get("t", 0) + 1
            b1, b2, t = config["beta1"], config["beta2"], config["t"]
            config["m"] = b1 * config.get("m", np.zeros_like(w)) + (1 - b1) * dw
            config["v"] = b2 * config.get("v", np.zeros_like(w)) + (1 - b2) * dw**2
            mt = config["m"] / (1 - b1**t)
            vt = config["v"] / (1 - b2**t)
            return w - config["learning_rate"] * mt / (np.sqrt(vt) + config["epsilon"]), config
    """,
    ),
    _right(
        "adam",
        "effective step size, with epsilon scaled to match",
        """
        def adam(w, dw, config=None):
            c = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0, **(config or {})}
            c["t"] += 1
            m = c["beta1"] * c.get("m", 0.0) + (1 - c["beta1"]) * dw
            v = c["beta2"] * c.get("v", 0.0) + (1 - c["beta2"]) * dw * dw
            root_correction = np.sqrt(1 - c["beta2"] ** c["t"])
            step_size = c["learning_rate"] * root_correction / (1 - c["beta1"] ** c["t"])
            c["m"], c["v"] = m, v
            return w - step_size * m / (np.sqrt(v) + c["epsilon"] * root_correction), c
    """,
    ),
    _right(
        "adam",
        "powers of the betas as running products, no t",
        """
        def adam(w, dw, config=None):
            c = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
            b1, b2 = c["beta1"], c["beta2"]
            m, v, p1, p2 = c.get("moments", (np.zeros(w.shape), np.zeros(w.shape), 1.0, 1.0))
            m, v, p1, p2 = b1 * m + (1 - b1) * dw, b2 * v + (1 - b2) * dw**2, p1 * b1, p2 * b2
            c["moments"] = (m, v, p1, p2)
            return w - c["learning_rate"] * (m / (1 - p1)) / (np.sqrt(v / (1 - p2)) + c["epsilon"]), c
    """,
    ),
    _right(
        "adam",
        "an object with the moments and the clock",
        """
        class Moments:
            def __init__(self, shape, b1, b2, m=None, v=None, t=0):
                self.b1, self.b2, self.t = b1, b2, t
                self.m = np.zeros(shape) if m is None else m
                self.v = np.zeros(shape) if v is None else v

            def after(self, g):
                m = self.m + (1 - self.b1) * (g - self.m)
                v = self.v + (1 - self.b2) * (g * g - self.v)
                return Moments(g.shape, self.b1, self.b2, m, v, self.t + 1)

            def direction(self, eps):
                unbiased = self.m / (1 - self.b1**self.t)
                return unbiased / (eps + np.sqrt(self.v / (1 - self.b2**self.t)))

        def adam(w, dw, config=None):
            config = dict(config or {})
            lr, eps = config.setdefault("learning_rate", 1e-3), config.setdefault("epsilon", 1e-8)
            b1, b2 = config.setdefault("beta1", 0.9), config.setdefault("beta2", 0.999)
            state = config["state"] if "state" in config else Moments(w.shape, b1, b2)
            config["state"] = state.after(dw)
            return w - lr * config["state"].direction(eps), config
    """,
    ),
    _right(
        "adam",
        "bias-corrected averages kept as weighted means",
        """
        def adam(w, dw, config=None):
            c = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, **(config or {})}
            b1, b2, t = c["beta1"], c["beta2"], c.get("t", 0) + 1
            a1, a2 = (1 - b1) / (1 - b1**t), (1 - b2) / (1 - b2**t)
            mhat = (1 - a1) * c.get("mhat", np.zeros_like(w)) + a1 * dw
            vhat = (1 - a2) * c.get("vhat", np.zeros_like(w)) + a2 * dw**2
            c.update(t=t, mhat=mhat, vhat=vhat)
            return w - c["learning_rate"] * mhat / (np.sqrt(vhat) + c["epsilon"]), c
    """,
    ),
    _right(
        "adam",
        "element by element with math.sqrt",
        """
        import math

        def adam(w, dw, config=None):
            c = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
            for key, value in (config or {}).items():
                c[key] = value
            t = 1 + c.get("t", 0)
            m, v = np.zeros(w.shape), np.zeros(w.shape)
            out = np.array(w, dtype=float)
            for i in np.ndindex(w.shape):
                m[i] = c["beta1"] * (c["m"][i] if "m" in c else 0) + (1 - c["beta1"]) * dw[i]
                v[i] = c["beta2"] * (c["v"][i] if "v" in c else 0) + (1 - c["beta2"]) * dw[i] ** 2
                mh, vh = m[i] / (1 - c["beta1"] ** t), v[i] / (1 - c["beta2"] ** t)
                out[i] -= c["learning_rate"] * mh / (math.sqrt(vh) + c["epsilon"])
            c["t"], c["m"], c["v"] = t, m, v
            return out, c
    """,
    ),
    _right(
        "adamw",
        "decay of the old weights beside the step",
        """
        def adamw(w, dw, config=None):
            config = dict(config or {})
            for key, value in dict(learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=1e-2).items():
                config.setdefault(key, value)
            t = config.get("t", 0) + 1
            m = config["beta1"] * config.get("m", np.zeros_like(w)) + (1 - config["beta1"]) * dw
            v = config["beta2"] * config.get("v", np.zeros_like(w)) + (1 - config["beta2"]) * dw * dw
            step = (m / (1 - config["beta1"]**t)) / (np.sqrt(v / (1 - config["beta2"]**t)) + config["epsilon"])
            config.update(t=t, m=m, v=v)
            return w - config["learning_rate"] * (step + config["weight_decay"] * w), config
    """,
    ),
    _right(
        "adamw",
        "shrinks first by 1 - lr wd, then steps",
        """
        def adamw(w, dw, config=None):
            c = dict(learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=1e-2) | (config or {})
            m, v, t = c.get("past", (0.0 * w, 0.0 * w, 0))
            m, v, t = c["beta1"] * m + (1 - c["beta1"]) * dw, c["beta2"] * v + (1 - c["beta2"]) * dw * dw, t + 1
            shrunk = w * (1 - c["learning_rate"] * c["weight_decay"])
            mh, vh = m / (1 - c["beta1"] ** t), v / (1 - c["beta2"] ** t)
            return shrunk - c["learning_rate"] * mh / (np.sqrt(vh) + c["epsilon"]), {**c, "past": (m, v, t)}
    """,
    ),
    _right(
        "adam adamw",
        "adamw calls adam and subtracts the decay",
        """
        def adam(w, dw, config=None):
            c = dict(learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, t=0)
            c.update(config or {})
            t = c["t"] = c["t"] + 1
            c["m"] = c["beta1"] * c.get("m", 0) + (1 - c["beta1"]) * dw
            c["v"] = c["beta2"] * c.get("v", 0) + (1 - c["beta2"]) * np.square(dw)
            m, v = c["m"] / (1 - c["beta1"] ** t), c["v"] / (1 - c["beta2"] ** t)
            return w - c["learning_rate"] * (m / (np.sqrt(v) + c["epsilon"])), c

        def adamw(w, dw, config=None):
            c = dict(config or {})
            decay = c.setdefault("weight_decay", 1e-2)
            nxt, c = adam(w, dw, c)
            return nxt - c["learning_rate"] * decay * w, c
    """,
    ),
]

_BOWLS = [
    _right(
        "elongated_bowl",
        "by coordinates",
        """
        def elongated_bowl(w):
            x, y = w
            f = 4 * x**2 + (y + 3) ** 2 / 15
            return f, np.array([8 * x, 2 * (y + 3) / 15]), np.array([[8.0, 0.0], [0.0, 2 / 15]])
    """,
    ),
    _right(
        "elongated_bowl",
        "as a quadratic form about its minimum",
        """
        def elongated_bowl(w):
            H = np.diag([8, 2 / 15])
            d = w - np.array([0.0, -3.0])
            return d @ H @ d / 2, H @ d, H
    """,
    ),
    _right(
        "rotated_bowl",
        "by coordinates",
        """
        def rotated_bowl(w):
            x, y = w[0], w[1]
            a, b = x - y, x + y + 3 * np.sqrt(2)
            f = 2 * a**2 + b**2 / 30
            gradient = np.array([4 * a + b / 15, -4 * a + b / 15])
            return f, gradient, np.array([[4 + 1 / 15, 1 / 15 - 4], [1 / 15 - 4, 4 + 1 / 15]])
    """,
    ),
    _right(
        "elongated_bowl rotated_bowl",
        "the elongated bowl in rotated coordinates, chain rule",
        """
        def elongated_bowl(w):
            x, y = w
            return 4 * x * x + (y + 3) * (y + 3) / 15, np.array([8 * x, (y + 3) * (2 / 15)]), np.diag([8, 2 / 15])

        def rotated_bowl(w):
            R = np.array([[1, -1], [1, 1]]) / np.sqrt(2)
            f, g, H = elongated_bowl(R @ w)
            return f, R.T @ g, R.T @ H @ R
    """,
    ),
    _right(
        "rounding_scales",
        "root of half the diagonal",
        """
        def rounding_scales(hessian):
            return np.sqrt(np.diag(hessian) / 2)
    """,
    ),
    _right(
        "rounding_scales",
        "Cholesky factor of half the Hessian",
        """
        def rounding_scales(hessian):
            return np.linalg.cholesky(np.asarray(hessian) / 2).diagonal().copy()
    """,
    ),
    _right(
        "rounding_scales",
        "entry by entry",
        """
        def rounding_scales(hessian):
            return np.array([(0.5 * hessian[i, i]) ** 0.5 for i in range(len(hessian))])
    """,
    ),
    _right(
        "largest_stable_step",
        "eigvalsh",
        """
        def largest_stable_step(hessian):
            return 2 / np.linalg.eigvalsh(hessian)[-1]
    """,
    ),
    _right(
        "largest_stable_step",
        "spectral norm",
        """
        def largest_stable_step(hessian):
            return 2.0 / np.linalg.norm(hessian, 2)
    """,
    ),
    _right(
        "largest_stable_step",
        "general eigenvalues, real part, a Python float",
        """
        def largest_stable_step(hessian):
            return float(2 / max(np.linalg.eigvals(hessian).real))
    """,
    ),
]

_STOCHASTIC = [
    _right(
        "minibatch_gradient",
        "mean and scaled sum",
        """
        def minibatch_gradient(grads, batch, reduction="mean"):
            if reduction == "mean":
                return grads[batch].mean(axis=0)
            return grads[batch].sum(axis=0) * (len(grads) / len(batch))
    """,
    ),
    _right(
        "minibatch_gradient",
        "loop over the batch",
        """
        def minibatch_gradient(grads, batch, reduction="mean"):
            N, D = grads.shape
            total = np.zeros(D)
            for i in batch:
                total += grads[i]
            average = total / len(batch)
            return N * average if reduction == "sum" else average
    """,
    ),
    _right(
        "minibatch_gradient",
        "selection matrix",
        """
        def minibatch_gradient(grads, batch, reduction="mean"):
            N = grads.shape[0]
            weights = np.bincount(np.asarray(batch), minlength=N) / np.size(batch)
            return {"mean": 1, "sum": N}[reduction] * (weights @ grads)
    """,
    ),
    _right(
        "minibatches",
        "permutation and slices",
        """
        def minibatches(X, y, size, rng):
            order = rng.permutation(len(X))
            for start in range(0, len(X), size):
                rows = order[start:start + size]
                yield X[rows], y[rows]
    """,
    ),
    _right(
        "minibatches",
        "a list, by shuffling indices in place",
        """
        def minibatches(X, y, size, rng):
            rows = np.arange(X.shape[0])
            rng.shuffle(rows)
            X, y = X[rows], y[rows]
            return [(X[i:i + size], y[i:i + size]) for i in range(0, len(rows), size)]
    """,
    ),
    _right(
        "minibatches",
        "argsort of random keys, np.array_split",
        """
        def minibatches(X, y, size, rng):
            order = np.argsort(rng.random(X.shape[0]))
            parts = np.array_split(order, range(size, len(order), size))
            yield from ((X[p], y[p]) for p in parts)
    """,
    ),
    _right(
        "minibatches",
        "choice without replacement, a class with __iter__",
        """
        class Epoch:
            def __init__(self, X, y, size, rng):
                self.X, self.y, self.size, self.rng = X, y, size, rng

            def __iter__(self):
                left = list(self.rng.choice(len(self.X), size=len(self.X), replace=False))
                while left:
                    now, left = left[:self.size], left[self.size:]
                    yield np.stack([self.X[i] for i in now]), np.stack([self.y[i] for i in now])

        def minibatches(X, y, size, rng):
            return Epoch(X, y, size, rng)
    """,
    ),
]

_SCHEDULES = [
    _right(
        "constant step_decay inverse_time",
        "formulas",
        """
        def constant(t, base):
            return base

        def step_decay(t, base, drop, every):
            return base * drop ** (t // every)

        def inverse_time(t, base):
            return base / t
    """,
    ),
    _right(
        "constant step_decay inverse_time",
        "functions of no steps, loops and reciprocals",
        """
        def constant(t, base):
            return base * 1.0

        def step_decay(t, base, drop, every):
            rate = base
            for _ in range(int(t / every)):
                rate = rate * drop
            return rate

        def inverse_time(t, base):
            return base * t**-1.0
    """,
    ),
    _right(
        "cosine warmup",
        "formulas with min",
        """
        def cosine(t, base, total, floor=0):
            return floor + (base - floor) * (1 + np.cos(np.pi * min(t, total) / total)) / 2

        def warmup(t, base, steps):
            return base * min(1, t / steps)
    """,
    ),
    _right(
        "cosine warmup",
        "branches and the half-angle form",
        """
        import math

        def cosine(t, base, total, floor=0):
            if t >= total:
                return floor
            return floor + (base - floor) * math.cos(math.pi * t / (2 * total)) ** 2

        def warmup(t, base, steps):
            if t >= steps:
                return base
            return base * t / steps
    """,
    ),
    _right(
        "cosine warmup step_decay",
        "np.where, np.clip, np.floor",
        """
        def cosine(t, base, total, floor=0):
            done = np.clip(t / total, 0, 1)
            return 0.5 * (base + floor) + 0.5 * (base - floor) * np.cos(np.pi * done)

        def warmup(t, base, steps):
            return np.where(t < steps, base * (t / steps), base)[()]

        def step_decay(t, base, drop, every):
            return np.exp(np.floor(t / every) * np.log(drop)) * base
    """,
    ),
]

RIGHT_OPTIMIZERS = [*_FIRST_ORDER, *_ADAPTIVE, *_BOWLS, *_STOCHASTIC, *_SCHEDULES]
