"""Fresh wrong answers to the unit optimizers, written from the public contract by one who had not seen the judge.

What is told of them is measured (``benchmarks/diagnosis.py``) and held against what is true of each (``truth.py``).
"""

from __future__ import annotations

from functools import partial

from .entry import Entry, wrong

__all__ = ["FRESH_OPTIMIZERS"]

_fresh = partial(wrong, "optimizers")

FRESH_OPTIMIZERS: list[Entry] = [
    _fresh(
        "sgd",
        "ascent (fresh)",
        "The gradient is added instead of subtracted (gradient ascent).",
        """
        def sgd(w, dw, config=None):
            config = {"learning_rate": 1e-2, **(config or {})}
            next_w = w + config["learning_rate"] * dw
            return next_w, config
        """,
    ),
    _fresh(
        "sgd",
        "rate hard-coded (fresh)",
        "The learning rate 0.01 is hard-coded; a learning_rate in the config is ignored.",
        """
        def sgd(w, dw, config=None):
            config = {"learning_rate": 1e-2, **(config or {})}
            lr = 0.01
            next_w = w - lr * dw
            return next_w, config
        """,
    ),
    _fresh(
        "sgd",
        "default of Adam (fresh)",
        "The default learning rate is 1e-3 instead of 1e-2; a given rate is used rightly.",
        """
        def sgd(w, dw, config=None):
            if config is None:
                config = {}
            config = dict(config)
            lr = config.setdefault("learning_rate", 1e-3)
            return w - lr * dw, config
        """,
    ),
    _fresh(
        "sgd",
        "rate decays by itself (fresh)",
        (
            "The learning rate in the returned config is multiplied by 0.95 at every step, so only the first step "
            "is right."
        ),
        """
        def sgd(w, dw, config=None):
            config = {"learning_rate": 1e-2, **(config or {})}
            next_w = w - config["learning_rate"] * dw
            config["learning_rate"] *= 0.95
            return next_w, config
        """,
    ),
    _fresh(
        "sgd",
        "normalised gradient (fresh)",
        "The gradient is divided by its norm, so every step has the length of the learning rate.",
        """
        def sgd(w, dw, config=None):
            config = {"learning_rate": 1e-2, **(config or {})}
            g = dw / (np.linalg.norm(dw) + 1e-12)
            next_w = w - config["learning_rate"] * g
            return next_w, config
        """,
    ),
    _fresh(
        "sgd",
        "config not handed back (fresh)",
        (
            "An empty dict is returned for the config, so from the second step on the default learning rate is "
            "used instead of the given one."
        ),
        """
        def sgd(w, dw, config=None):
            lr = (config or {}).get("learning_rate", 1e-2)
            return w - lr * dw, {}
        """,
    ),
    _fresh(
        "sgd",
        "clipped gradient (fresh)",
        "The gradient is clipped to [−1, 1] elementwise, so larger entries are stepped too little.",
        """
        def sgd(w, dw, config=None):
            config = {"learning_rate": 1e-2, **(config or {})}
            g = np.clip(dw, -1.0, 1.0)
            next_w = w - config["learning_rate"] * g
            return next_w, config
        """,
    ),
    _fresh(
        "sgd",
        "config required (fresh)",
        (
            "The config is indexed without a default: None or an empty config raises; a config with a "
            "learning_rate is right."
        ),
        """
        def sgd(w, dw, config=None):
            lr = config["learning_rate"]
            next_w = w - lr * dw
            return next_w, config
        """,
    ),
    _fresh(
        "sgd_momentum",
        "velocity not kept (fresh)",
        (
            "The new velocity is not written into the config, so each step starts from the old (zero) velocity: "
            "plain gradient descent."
        ),
        """
        def sgd_momentum(w, dw, config=None):
            config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
            v = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
            next_w = w + v
            return next_w, config
        """,
    ),
    _fresh(
        "sgd_momentum",
        "sign mixed (fresh)",
        "The velocity is μ·v + γ·dw and is added to w, so the step goes up the gradient.",
        """
        def sgd_momentum(w, dw, config=None):
            config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
            v = config["momentum"] * config["velocity"] + config["learning_rate"] * dw
            config["velocity"] = v
            return w + v, config
        """,
    ),
    _fresh(
        "sgd_momentum",
        "moving average (fresh)",
        (
            "The gradient enters the velocity with the factor (1 − μ), as in a moving average, so the steps are "
            "too small by that factor."
        ),
        """
        def sgd_momentum(w, dw, config=None):
            config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
            mu, lr = config["momentum"], config["learning_rate"]
            config["velocity"] = mu * config["velocity"] - (1 - mu) * lr * dw
            next_w = w + config["velocity"]
            return next_w, config
        """,
    ),
    _fresh(
        "sgd_momentum",
        "Nesterov's step (fresh)",
        "The step is μ·v_new − γ·dw (Nesterov's form) instead of v_new.",
        """
        def sgd_momentum(w, dw, config=None):
            config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
            mu, lr = config["momentum"], config["learning_rate"]
            v = mu * config["velocity"] - lr * dw
            config["velocity"] = v
            next_w = w + mu * v - lr * dw
            return next_w, config
        """,
    ),
    _fresh(
        "sgd_momentum",
        "old velocity steps (fresh)",
        (
            "w is moved by the old velocity, before it is updated, so the weights lag one step behind and the "
            "first step from an empty config is 0."
        ),
        """
        def sgd_momentum(w, dw, config=None):
            config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
            v = config["velocity"]
            next_w = w + v
            config["velocity"] = config["momentum"] * v - config["learning_rate"] * dw
            return next_w, config
        """,
    ),
    _fresh(
        "sgd_momentum",
        "rate on everything (fresh)",
        "The learning rate multiplies the new velocity again, so γ enters twice.",
        """
        def sgd_momentum(w, dw, config=None):
            config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
            lr = config["learning_rate"]
            config["velocity"] = config["momentum"] * config["velocity"] - lr * dw
            next_w = w + lr * config["velocity"]
            return next_w, config
        """,
    ),
    _fresh(
        "sgd_momentum",
        "misspelled key (fresh)",
        "The momentum is read from the key 'mu', so the given momentum is ignored and 0.9 always used.",
        """
        def sgd_momentum(w, dw, config=None):
            config = dict(config or {})
            lr = config.get("learning_rate", 1e-2)
            mu = config.get("mu", 0.9)
            v = mu * config.get("velocity", 0) - lr * dw
            config["velocity"] = v
            return w + v, config
        """,
    ),
    _fresh(
        "sgd_momentum",
        "velocity in a global (fresh)",
        (
            "The velocity is kept in a module global by shape instead of in the config, so a new run from an "
            "empty config starts with the velocity of the run before."
        ),
        """
        VELOCITY = {}


        def sgd_momentum(w, dw, config=None):
            config = {"learning_rate": 1e-2, "momentum": 0.9, **(config or {})}
            v = VELOCITY.get(w.shape, np.zeros_like(w))
            v = config["momentum"] * v - config["learning_rate"] * dw
            VELOCITY[w.shape] = v
            return w + v, config
        """,
    ),
    _fresh(
        "sgd_momentum",
        "only the momentum step after the first (fresh)",
        "If the velocity is not zero the gradient is left out of it: v ← μ·v after the first step.",
        """
        def sgd_momentum(w, dw, config=None):
            config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
            if np.any(config["velocity"]):
                v = config["momentum"] * config["velocity"]
            else:
                v = -config["learning_rate"] * dw
            config["velocity"] = v
            return w + v, config
        """,
    ),
    _fresh(
        "nesterov",
        "no look-ahead (fresh)",
        "The gradient is taken at w instead of at w + μ·v: plain momentum.",
        """
        def nesterov(w, grad, config=None):
            config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
            v = config["momentum"] * config["velocity"] - config["learning_rate"] * grad(w)
            config["velocity"] = v
            next_w = w + v
            return next_w, config
        """,
    ),
    _fresh(
        "nesterov",
        "looks back (fresh)",
        "The gradient is taken at w − μ·v instead of at w + μ·v.",
        """
        def nesterov(w, grad, config=None):
            config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
            mu, v = config["momentum"], config["velocity"]
            ahead = w - mu * v
            v = mu * v - config["learning_rate"] * grad(ahead)
            config["velocity"] = v
            return w + v, config
        """,
    ),
    _fresh(
        "nesterov",
        "look-ahead by the full velocity (fresh)",
        "The look-ahead point is w + v: the factor μ is missing there.",
        """
        def nesterov(w, grad, config=None):
            config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
            v = config["velocity"]
            g = grad(w + v)
            v = config["momentum"] * v - config["learning_rate"] * g
            config["velocity"] = v
            return w + v, config
        """,
    ),
    _fresh(
        "nesterov",
        "starts from the look-ahead (fresh)",
        "The new velocity is added to the look-ahead point instead of to w, so μ·v is counted twice.",
        """
        def nesterov(w, grad, config=None):
            config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
            drift = config["momentum"] * config["velocity"]
            ahead = w + drift
            config["velocity"] = drift - config["learning_rate"] * grad(ahead)
            next_w = ahead + config["velocity"]
            return next_w, config
        """,
    ),
    _fresh(
        "nesterov",
        "gradient of the velocity (fresh)",
        "The gradient is taken at μ·v: the point w is missing in the look-ahead.",
        """
        def nesterov(w, grad, config=None):
            config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
            drift = config["momentum"] * config["velocity"]
            config["velocity"] = drift - config["learning_rate"] * grad(drift)
            return w + config["velocity"], config
        """,
    ),
    _fresh(
        "nesterov",
        "velocity forgotten (fresh)",
        ("The velocity is not written back to the config, so every step starts with velocity 0: gradient descent."),
        """
        def nesterov(w, grad, config=None):
            config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
            mu, lr, v = config["momentum"], config["learning_rate"], config["velocity"]
            v = mu * v - lr * grad(w + mu * v)
            return w + v, config
        """,
    ),
    _fresh(
        "nesterov",
        "step without momentum (fresh)",
        (
            "w is moved by −γ·grad only (the velocity is updated, but not added), so the momentum enters only by "
            "the look-ahead point."
        ),
        """
        def nesterov(w, grad, config=None):
            config = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
            mu, lr, v = config["momentum"], config["learning_rate"], config["velocity"]
            g = grad(w + mu * v)
            config["velocity"] = mu * v - lr * g
            next_w = w - lr * g
            return next_w, config
        """,
    ),
    _fresh(
        "nesterov",
        "momentum one half by default (fresh)",
        "The default momentum is 0.5 instead of 0.9; a given one is used rightly.",
        """
        def nesterov(w, grad, config=None):
            config = {"learning_rate": 1e-2, "momentum": 0.5, "velocity": np.zeros_like(w), **(config or {})}
            drift = config["momentum"] * config["velocity"]
            config["velocity"] = drift - config["learning_rate"] * grad(w + drift)
            return w + config["velocity"], config
        """,
    ),
    _fresh(
        "adagrad",
        "epsilon under the root (fresh)",
        "ε is added under the square root, √(c + ε), which matters for small gradients.",
        """
        def adagrad(w, dw, config=None):
            config = {"learning_rate": 1e-2, "epsilon": 1e-8, "cache": np.zeros_like(w), **(config or {})}
            config["cache"] = config["cache"] + dw**2
            next_w = w - config["learning_rate"] * dw / np.sqrt(config["cache"] + config["epsilon"])
            return next_w, config
        """,
    ),
    _fresh(
        "adagrad",
        "nothing accumulated (fresh)",
        "The cache is overwritten by dw² instead of accumulated, so every step is about γ·sign(dw).",
        """
        def adagrad(w, dw, config=None):
            config = {"learning_rate": 1e-2, "epsilon": 1e-8, "cache": np.zeros_like(w), **(config or {})}
            config["cache"] = dw * dw
            next_w = w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"])
            return next_w, config
        """,
    ),
    _fresh(
        "adagrad",
        "sums of absolute values (fresh)",
        "|dw| is accumulated instead of dw², and the root of that sum is taken.",
        """
        def adagrad(w, dw, config=None):
            config = {"learning_rate": 1e-2, "epsilon": 1e-8, "cache": np.zeros_like(w), **(config or {})}
            cache = config["cache"] + np.abs(dw)
            config["cache"] = cache
            return w - config["learning_rate"] * dw / (np.sqrt(cache) + config["epsilon"]), config
        """,
    ),
    _fresh(
        "adagrad",
        "root forgotten (fresh)",
        "The square root is missing: dw is divided by c + ε.",
        """
        def adagrad(w, dw, config=None):
            config = {"learning_rate": 1e-2, "epsilon": 1e-8, "cache": np.zeros_like(w), **(config or {})}
            lr, eps = config["learning_rate"], config["epsilon"]
            config["cache"] = config["cache"] + np.square(dw)
            next_w = w - lr * dw / (config["cache"] + eps)
            return next_w, config
        """,
    ),
    _fresh(
        "adagrad",
        "one scale for all weights (fresh)",
        "The squares are summed over all entries (the squared norm), so that all weights share one step size.",
        """
        def adagrad(w, dw, config=None):
            config = {"learning_rate": 1e-2, "epsilon": 1e-8, "cache": 0.0, **(config or {})}
            config["cache"] = config["cache"] + np.sum(dw**2)
            rate = config["learning_rate"] / (np.sqrt(config["cache"]) + config["epsilon"])
            return w - rate * dw, config
        """,
    ),
    _fresh(
        "adagrad",
        "leaky cache (fresh)",
        "The cache decays by 0.99 at each step (as a half-hearted RMSProp), so older squares count less.",
        """
        def adagrad(w, dw, config=None):
            config = {"learning_rate": 1e-2, "epsilon": 1e-8, "cache": np.zeros_like(w), **(config or {})}
            config["cache"] = 0.99 * config["cache"] + dw**2
            next_w = w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"])
            return next_w, config
        """,
    ),
    _fresh(
        "adagrad",
        "old cache divides (fresh)",
        (
            "The step is divided by the root of the cache before dw² is added, so the first step from an empty "
            "cache is divided by ε alone and is huge."
        ),
        """
        def adagrad(w, dw, config=None):
            config = {"learning_rate": 1e-2, "epsilon": 1e-8, "cache": np.zeros_like(w), **(config or {})}
            next_w = w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"])
            config["cache"] = config["cache"] + dw**2
            return next_w, config
        """,
    ),
    _fresh(
        "adagrad",
        "epsilon fixed (fresh)",
        "ε is hard-coded as 1e-8, so another epsilon in the config is ignored.",
        """
        def adagrad(w, dw, config=None):
            config = {"learning_rate": 1e-2, "epsilon": 1e-8, "cache": np.zeros_like(w), **(config or {})}
            c = config["cache"] + dw * dw
            config["cache"] = c
            next_w = w - config["learning_rate"] * dw / (c**0.5 + 1e-8)
            return next_w, config
        """,
    ),
    _fresh(
        "rmsprop",
        "rho exchanged (fresh)",
        "ρ and 1 − ρ are exchanged: the old cache gets 1 − ρ and the new square gets ρ.",
        """
        def rmsprop(w, dw, config=None):
            config = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, "cache": np.zeros_like(w), **(config or {})}
            rho = config["decay_rate"]
            config["cache"] = (1 - rho) * config["cache"] + rho * dw**2
            next_w = w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"])
            return next_w, config
        """,
    ),
    _fresh(
        "rmsprop",
        "decay 0.9 by default (fresh)",
        "The default decay rate is 0.9 instead of 0.99; a given one is used rightly.",
        """
        def rmsprop(w, dw, config=None):
            config = {"learning_rate": 1e-2, "decay_rate": 0.9, "epsilon": 1e-8, "cache": np.zeros_like(w), **(config or {})}
            r = config["decay_rate"]
            config["cache"] = r * config["cache"] + (1 - r) * dw**2
            next_w = w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"])
            return next_w, config
        """,
    ),
    _fresh(
        "rmsprop",
        "new square at full weight (fresh)",
        "The factor 1 − ρ of the new square is missing: c ← ρ·c + dw².",
        """
        def rmsprop(w, dw, config=None):
            config = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, "cache": np.zeros_like(w), **(config or {})}
            config["cache"] = config["decay_rate"] * config["cache"] + dw**2
            next_w = w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"])
            return next_w, config
        """,
    ),
    _fresh(
        "rmsprop",
        "bias corrected (fresh)",
        "The cache is divided by 1 − ρᵗ (Adam's bias correction) before the root, which RMSProp does not do.",
        """
        def rmsprop(w, dw, config=None):
            config = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, "cache": np.zeros_like(w), **(config or {})}
            rho = config["decay_rate"]
            config["t"] = config.get("t", 0) + 1
            config["cache"] = rho * config["cache"] + (1 - rho) * dw**2
            corrected = config["cache"] / (1 - rho ** config["t"])
            next_w = w - config["learning_rate"] * dw / (np.sqrt(corrected) + config["epsilon"])
            return next_w, config
        """,
    ),
    _fresh(
        "rmsprop",
        "epsilon under the root (fresh)",
        "ε is added under the square root, √(c + ε), which matters for small gradients.",
        """
        def rmsprop(w, dw, config=None):
            config = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, "cache": np.zeros_like(w), **(config or {})}
            d, lr, eps = config["decay_rate"], config["learning_rate"], config["epsilon"]
            config["cache"] = d * config["cache"] + (1 - d) * np.square(dw)
            scale = lr / np.sqrt(config["cache"] + eps)
            return w - scale * dw, config
        """,
    ),
    _fresh(
        "rmsprop",
        "AdaGrad's sum (fresh)",
        "The squares are summed without decay (AdaGrad); decay_rate is ignored.",
        """
        def rmsprop(w, dw, config=None):
            config = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, "cache": np.zeros_like(w), **(config or {})}
            config["cache"] = config["cache"] + dw**2
            next_w = w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"])
            return next_w, config
        """,
    ),
    _fresh(
        "rmsprop",
        "average of the gradient (fresh)",
        ("The moving average is taken of dw, not of dw², and its absolute value is used for the root mean square."),
        """
        def rmsprop(w, dw, config=None):
            config = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, "cache": np.zeros_like(w), **(config or {})}
            rho = config["decay_rate"]
            config["cache"] = rho * config["cache"] + (1 - rho) * dw
            rms = np.abs(config["cache"])
            next_w = w - config["learning_rate"] * dw / (rms + config["epsilon"])
            return next_w, config
        """,
    ),
    _fresh(
        "rmsprop",
        "root stored (fresh)",
        "The root of the cache is stored in the config, so the next step mixes a root with squares.",
        """
        def rmsprop(w, dw, config=None):
            config = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, "cache": np.zeros_like(w), **(config or {})}
            rho = config["decay_rate"]
            config["cache"] = np.sqrt(rho * config["cache"] + (1 - rho) * dw**2)
            next_w = w - config["learning_rate"] * dw / (config["cache"] + config["epsilon"])
            return next_w, config
        """,
    ),
    _fresh(
        "adam",
        "no bias correction (fresh)",
        "The bias corrections are left out: m and v are used as they are.",
        """
        def adam(w, dw, config=None):
            defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
            config = {**defaults, "t": 0, "m": np.zeros_like(w), "v": np.zeros_like(w), **(config or {})}
            b1, b2 = config["beta1"], config["beta2"]
            config["t"] += 1
            config["m"] = b1 * config["m"] + (1 - b1) * dw
            config["v"] = b2 * config["v"] + (1 - b2) * dw**2
            next_w = w - config["learning_rate"] * config["m"] / (np.sqrt(config["v"]) + config["epsilon"])
            return next_w, config
        """,
    ),
    _fresh(
        "adam",
        "counts after use (fresh)",
        ("t is counted up after it is used, so the first step divides by 1 − β⁰ = 0 and gives nan, which stays."),
        """
        def adam(w, dw, config=None):
            defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
            config = {**defaults, "t": 0, "m": np.zeros_like(w), "v": np.zeros_like(w), **(config or {})}
            b1, b2, t = config["beta1"], config["beta2"], config["t"]
            m = b1 * config["m"] + (1 - b1) * dw
            v = b2 * config["v"] + (1 - b2) * dw**2
            m_hat = m / (1 - np.power(b1, t))
            v_hat = v / (1 - np.power(b2, t))
            next_w = w - config["learning_rate"] * m_hat / (np.sqrt(v_hat) + config["epsilon"])
            config.update(m=m, v=v, t=t + 1)
            return next_w, config
        """,
    ),
    _fresh(
        "adam",
        "t stays at one (fresh)",
        "t is never written back, so every step uses the bias correction of t = 1.",
        """
        def adam(w, dw, config=None):
            defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
            config = {**defaults, "t": 0, "m": np.zeros_like(w), "v": np.zeros_like(w), **(config or {})}
            b1, b2 = config["beta1"], config["beta2"]
            t = config["t"] + 1
            config["m"] = b1 * config["m"] + (1 - b1) * dw
            config["v"] = b2 * config["v"] + (1 - b2) * dw**2
            mh = config["m"] / (1 - b1**t)
            vh = config["v"] / (1 - b2**t)
            return w - config["learning_rate"] * mh / (np.sqrt(vh) + config["epsilon"]), config
        """,
    ),
    _fresh(
        "adam",
        "corrected moments stored (fresh)",
        (
            "The bias-corrected moments m̂ and v̂ are stored in place of m and v, so the correction is applied "
            "again and again."
        ),
        """
        def adam(w, dw, config=None):
            defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
            config = {**defaults, "t": 0, "m": np.zeros_like(w), "v": np.zeros_like(w), **(config or {})}
            b1, b2 = config["beta1"], config["beta2"]
            config["t"] = config["t"] + 1
            t = config["t"]
            config["m"] = (b1 * config["m"] + (1 - b1) * dw) / (1 - b1**t)
            config["v"] = (b2 * config["v"] + (1 - b2) * dw**2) / (1 - b2**t)
            next_w = w - config["learning_rate"] * config["m"] / (np.sqrt(config["v"]) + config["epsilon"])
            return next_w, config
        """,
    ),
    _fresh(
        "adam",
        "only the second moment corrected (fresh)",
        (
            "Only v is corrected for its start at 0; m is used without its correction, so the first step is too "
            "small by the factor 1 − β₁."
        ),
        """
        def adam(w, dw, config=None):
            defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
            config = {**defaults, "t": 0, "m": np.zeros_like(w), "v": np.zeros_like(w), **(config or {})}
            b1, b2, lr, eps = (config[k] for k in ("beta1", "beta2", "learning_rate", "epsilon"))
            t = config["t"] + 1
            m = b1 * config["m"] + (1 - b1) * dw
            v = b2 * config["v"] + (1 - b2) * dw * dw
            v_hat = v / (1 - b2**t)
            next_w = w - lr * m / (np.sqrt(v_hat) + eps)
            return next_w, {**config, "t": t, "m": m, "v": v}
        """,
    ),
    _fresh(
        "adam",
        "correction of m with beta2 (fresh)",
        "m is corrected by 1 − β₂ᵗ instead of 1 − β₁ᵗ, so the first steps are far too large.",
        """
        def adam(w, dw, config=None):
            defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
            config = {**defaults, "t": 0, "m": np.zeros_like(w), "v": np.zeros_like(w), **(config or {})}
            b1, b2 = config["beta1"], config["beta2"]
            t = config["t"] + 1
            m = b1 * config["m"] + (1 - b1) * dw
            v = b2 * config["v"] + (1 - b2) * dw**2
            correction = 1 - b2**t
            m_hat, v_hat = m / correction, v / correction
            next_w = w - config["learning_rate"] * m_hat / (np.sqrt(v_hat) + config["epsilon"])
            config.update(t=t, m=m, v=v)
            return next_w, config
        """,
    ),
    _fresh(
        "adam",
        "product for power (fresh)",
        (
            "β·t is used for βᵗ in both bias corrections (with an absolute value for that of v), which is right "
            "at t = 1 only."
        ),
        """
        def adam(w, dw, config=None):
            defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
            config = {**defaults, "t": 0, "m": np.zeros_like(w), "v": np.zeros_like(w), **(config or {})}
            b1, b2 = config["beta1"], config["beta2"]
            t = config["t"] + 1
            m = b1 * config["m"] + (1 - b1) * dw
            v = b2 * config["v"] + (1 - b2) * dw**2
            m_hat = m / (1 - b1 * t)
            v_hat = v / np.abs(1 - b2 * t)
            next_w = w - config["learning_rate"] * m_hat / (np.sqrt(v_hat) + config["epsilon"])
            config.update(t=t, m=m, v=v)
            return next_w, config
        """,
    ),
    _fresh(
        "adam",
        "default rate of sgd (fresh)",
        "The default learning rate is 1e-2 instead of 1e-3; a given one is used rightly.",
        """
        def adam(w, dw, config=None):
            config = dict(config or {})
            config.setdefault("learning_rate", 1e-2)
            for key, value in (("beta1", 0.9), ("beta2", 0.999), ("epsilon", 1e-8), ("t", 0), ("m", 0.0), ("v", 0.0)):
                config.setdefault(key, value)
            b1, b2 = config["beta1"], config["beta2"]
            config["t"] += 1
            config["m"] = b1 * config["m"] + (1 - b1) * dw
            config["v"] = b2 * config["v"] + (1 - b2) * dw**2
            mh = config["m"] / (1 - b1 ** config["t"])
            vh = config["v"] / (1 - b2 ** config["t"])
            return w - config["learning_rate"] * mh / (np.sqrt(vh) + config["epsilon"]), config
        """,
    ),
    _fresh(
        "adam",
        "AMSGrad (fresh)",
        (
            "The largest v̂ so far is used in the denominator (AMSGrad), so after large gradients the steps stay "
            "too small."
        ),
        """
        def adam(w, dw, config=None):
            defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
            config = {**defaults, "t": 0, "m": np.zeros_like(w), "v": np.zeros_like(w), **(config or {})}
            b1, b2 = config["beta1"], config["beta2"]
            t = config["t"] + 1
            m = b1 * config["m"] + (1 - b1) * dw
            v = b2 * config["v"] + (1 - b2) * dw**2
            v_hat = np.maximum(config.get("v_max", 0), v / (1 - b2**t))
            next_w = w - config["learning_rate"] * (m / (1 - b1**t)) / (np.sqrt(v_hat) + config["epsilon"])
            config.update(t=t, m=m, v=v, v_max=v_hat)
            return next_w, config
        """,
    ),
    _fresh(
        "adam",
        "root before correction (fresh)",
        "The correction of v is applied after the root: √v / (1 − β₂ᵗ) instead of √(v / (1 − β₂ᵗ)).",
        """
        def adam(w, dw, config=None):
            defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
            config = {**defaults, "t": 0, "m": np.zeros_like(w), "v": np.zeros_like(w), **(config or {})}
            b1, b2 = config["beta1"], config["beta2"]
            t = config["t"] + 1
            m = b1 * config["m"] + (1 - b1) * dw
            v = b2 * config["v"] + (1 - b2) * dw**2
            denom = np.sqrt(v) / (1 - b2**t) + config["epsilon"]
            next_w = w - config["learning_rate"] * m / (1 - b1**t) / denom
            config.update(t=t, m=m, v=v)
            return next_w, config
        """,
    ),
    _fresh(
        "adam",
        "gradient in the numerator (fresh)",
        "The gradient dw is put into the numerator for the first moment m̂: RMSProp with bias correction.",
        """
        def adam(w, dw, config=None):
            defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
            config = {**defaults, "t": 0, "m": np.zeros_like(w), "v": np.zeros_like(w), **(config or {})}
            b1, b2 = config["beta1"], config["beta2"]
            t = config["t"] + 1
            m = b1 * config["m"] + (1 - b1) * dw
            v = b2 * config["v"] + (1 - b2) * dw**2
            v_hat = v / (1 - b2**t)
            next_w = w - config["learning_rate"] * dw / (np.sqrt(v_hat) + config["epsilon"])
            config.update(t=t, m=m, v=v)
            return next_w, config
        """,
    ),
    _fresh(
        "adam",
        "epsilon under the root (fresh)",
        "ε is added under the root, √(v̂ + ε), which matters for small gradients or a large ε.",
        """
        def adam(w, dw, config=None):
            defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
            config = {**defaults, "t": 0, "m": np.zeros_like(w), "v": np.zeros_like(w), **(config or {})}
            b1, b2 = config["beta1"], config["beta2"]
            t = config["t"] + 1
            m = b1 * config["m"] + (1 - b1) * dw
            v = b2 * config["v"] + (1 - b2) * dw**2
            m_hat, v_hat = m / (1 - b1**t), v / (1 - b2**t)
            next_w = w - config["learning_rate"] * m_hat / np.sqrt(v_hat + config["epsilon"])
            config.update(t=t, m=m, v=v)
            return next_w, config
        """,
    ),
    _fresh(
        "adam",
        "step counter in a global (fresh)",
        (
            "t is counted in a module global instead of in the config, so a second run from an empty config "
            "starts with a t that is too large."
        ),
        """
        T = 0


        def adam(w, dw, config=None):
            global T
            T += 1
            config = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "m": 0, "v": 0, **(config or {})}
            b1, b2 = config["beta1"], config["beta2"]
            config["m"] = b1 * config["m"] + (1 - b1) * dw
            config["v"] = b2 * config["v"] + (1 - b2) * dw**2
            step = config["m"] / (1 - b1**T) / (np.sqrt(config["v"] / (1 - b2**T)) + config["epsilon"])
            return w - config["learning_rate"] * step, config
        """,
    ),
    _fresh(
        "adamw",
        "L2 in the gradient (fresh)",
        (
            "λ·w is added to the gradient and passes through the moments (Adam with an L2 penalty) instead of "
            "decaying w directly."
        ),
        """
        def adam(w, dw, config=None):
            config = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0, "m": 0.0, "v": 0.0, **(config or {})}
            b1, b2, t = config["beta1"], config["beta2"], config["t"] + 1
            m = b1 * config["m"] + (1 - b1) * dw
            v = b2 * config["v"] + (1 - b2) * dw**2
            step = m / (1 - b1**t) / (np.sqrt(v / (1 - b2**t)) + config["epsilon"])
            config.update(t=t, m=m, v=v)
            return w - config["learning_rate"] * step, config


        def adamw(w, dw, config=None):
            config = {"weight_decay": 1e-2, **(config or {})}
            dw = dw + config["weight_decay"] * w
            return adam(w, dw, config)
        """,
    ),
    _fresh(
        "adamw",
        "decay without the rate (fresh)",
        "The decay λ·w is not multiplied by the learning rate.",
        """
        def adam(w, dw, config=None):
            config = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0, "m": 0.0, "v": 0.0, **(config or {})}
            b1, b2, t = config["beta1"], config["beta2"], config["t"] + 1
            m = b1 * config["m"] + (1 - b1) * dw
            v = b2 * config["v"] + (1 - b2) * dw**2
            step = m / (1 - b1**t) / (np.sqrt(v / (1 - b2**t)) + config["epsilon"])
            config.update(t=t, m=m, v=v)
            return w - config["learning_rate"] * step, config


        def adamw(w, dw, config=None):
            config = {"weight_decay": 1e-2, **(config or {})}
            next_w, config = adam(w, dw, config)
            next_w = next_w - config["weight_decay"] * w
            return next_w, config
        """,
    ),
    _fresh(
        "adamw",
        "new weights decay (fresh)",
        "The weights after the Adam step decay, w_new·(1 − γλ), instead of the old ones.",
        """
        def adam(w, dw, config=None):
            config = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0, "m": 0.0, "v": 0.0, **(config or {})}
            b1, b2, t = config["beta1"], config["beta2"], config["t"] + 1
            m = b1 * config["m"] + (1 - b1) * dw
            v = b2 * config["v"] + (1 - b2) * dw**2
            step = m / (1 - b1**t) / (np.sqrt(v / (1 - b2**t)) + config["epsilon"])
            config.update(t=t, m=m, v=v)
            return w - config["learning_rate"] * step, config


        def adamw(w, dw, config=None):
            config = {"weight_decay": 1e-2, **(config or {})}
            next_w, config = adam(w, dw, config)
            next_w = next_w * (1 - config["learning_rate"] * config["weight_decay"])
            return next_w, config
        """,
    ),
    _fresh(
        "adamw",
        "weights grow (fresh)",
        "The decay has the wrong sign: γ·λ·w is added, so the weights grow.",
        """
        def adam(w, dw, config=None):
            config = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0, "m": 0.0, "v": 0.0, **(config or {})}
            b1, b2, t = config["beta1"], config["beta2"], config["t"] + 1
            m = b1 * config["m"] + (1 - b1) * dw
            v = b2 * config["v"] + (1 - b2) * dw**2
            step = m / (1 - b1**t) / (np.sqrt(v / (1 - b2**t)) + config["epsilon"])
            config.update(t=t, m=m, v=v)
            return w - config["learning_rate"] * step, config


        def adamw(w, dw, config=None):
            config = {"weight_decay": 1e-2, **(config or {})}
            stepped, config = adam(w, dw, config)
            return stepped + config["learning_rate"] * config["weight_decay"] * w, config
        """,
    ),
    _fresh(
        "adamw",
        "no decay by default (fresh)",
        "The default of weight_decay is 0 instead of 1e-2; a given one is used rightly.",
        """
        def adam(w, dw, config=None):
            config = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0, "m": 0.0, "v": 0.0, **(config or {})}
            b1, b2, t = config["beta1"], config["beta2"], config["t"] + 1
            m = b1 * config["m"] + (1 - b1) * dw
            v = b2 * config["v"] + (1 - b2) * dw**2
            step = m / (1 - b1**t) / (np.sqrt(v / (1 - b2**t)) + config["epsilon"])
            config.update(t=t, m=m, v=v)
            return w - config["learning_rate"] * step, config


        def adamw(w, dw, config=None):
            config = dict(config) if config else {}
            lam = config.get("weight_decay", 0.0)
            next_w, config = adam(w, dw, config)
            next_w = next_w - config["learning_rate"] * lam * w
            return next_w, config
        """,
    ),
    _fresh(
        "adamw",
        "decay popped from the config (fresh)",
        (
            "weight_decay is popped from the config and not handed back, so from the second step on the default "
            "1e-2 is used instead of the given one."
        ),
        """
        def adam(w, dw, config=None):
            config = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0, "m": 0.0, "v": 0.0, **(config or {})}
            b1, b2, t = config["beta1"], config["beta2"], config["t"] + 1
            m = b1 * config["m"] + (1 - b1) * dw
            v = b2 * config["v"] + (1 - b2) * dw**2
            step = m / (1 - b1**t) / (np.sqrt(v / (1 - b2**t)) + config["epsilon"])
            config.update(t=t, m=m, v=v)
            return w - config["learning_rate"] * step, config


        def adamw(w, dw, config=None):
            config = dict(config or {})
            wd = config.pop("weight_decay", 1e-2)
            next_w, config = adam(w, dw, config)
            next_w -= config["learning_rate"] * wd * w
            return next_w, config
        """,
    ),
    _fresh(
        "adamw",
        "decay inside the denominator (fresh)",
        "The decay is added to m̂ and divided by √v̂ + ε like the gradient.",
        """
        def adamw(w, dw, config=None):
            config = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 1e-2,
                      "t": 0, "m": np.zeros_like(w), "v": np.zeros_like(w), **(config or {})}
            b1, b2 = config["beta1"], config["beta2"]
            config["t"] += 1
            config["m"] = b1 * config["m"] + (1 - b1) * dw
            config["v"] = b2 * config["v"] + (1 - b2) * dw**2
            m_hat = config["m"] / (1 - b1 ** config["t"])
            v_hat = config["v"] / (1 - b2 ** config["t"])
            next_w = w - config["learning_rate"] * (m_hat + config["weight_decay"] * w) / (np.sqrt(v_hat) + config["epsilon"])
            return next_w, config
        """,
    ),
    _fresh(
        "adamw",
        "shrinks to the sign (fresh)",
        "The decay is λ·sign(w) (an L1 penalty) instead of λ·w.",
        """
        def adam(w, dw, config=None):
            config = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0, "m": 0.0, "v": 0.0, **(config or {})}
            b1, b2, t = config["beta1"], config["beta2"], config["t"] + 1
            m = b1 * config["m"] + (1 - b1) * dw
            v = b2 * config["v"] + (1 - b2) * dw**2
            step = m / (1 - b1**t) / (np.sqrt(v / (1 - b2**t)) + config["epsilon"])
            config.update(t=t, m=m, v=v)
            return w - config["learning_rate"] * step, config


        def adamw(w, dw, config=None):
            config = {"weight_decay": 1e-2, **(config or {})}
            next_w, config = adam(w, dw, config)
            shrink = config["learning_rate"] * config["weight_decay"]
            return next_w - shrink * np.sign(w), config
        """,
    ),
    _fresh(
        "newton_step",
        "uphill (fresh)",
        "The Newton step is added instead of subtracted.",
        """
        def newton_step(w, grad, hessian):
            step = np.linalg.solve(hessian, grad)
            return w + step
        """,
    ),
    _fresh(
        "newton_step",
        "multiplied by the Hessian (fresh)",
        "The gradient is multiplied by H instead of by its inverse.",
        """
        def newton_step(w, grad, hessian):
            return w - hessian @ grad
        """,
    ),
    _fresh(
        "newton_step",
        "diagonal Hessian (fresh)",
        "Only the diagonal of H is used: each entry of the gradient is divided by H_ii.",
        """
        def newton_step(w, grad, hessian):
            curvature = np.diag(hessian)
            return w - grad / curvature
        """,
    ),
    _fresh(
        "newton_step",
        "elementwise inverse (fresh)",
        "The inverse is multiplied elementwise to grad (inv(H) * grad), so a (D, D) matrix comes out.",
        """
        def newton_step(w, grad, hessian):
            H_inv = np.linalg.inv(hessian)
            return w - H_inv * grad
        """,
    ),
    _fresh(
        "newton_step",
        "Cholesky (fresh)",
        (
            "H is factored by Cholesky, which raises if it is not positive definite (as at a saddle); positive "
            "definite H are right."
        ),
        """
        def newton_step(w, grad, hessian):
            L = np.linalg.cholesky(hessian)
            z = np.linalg.solve(L, grad)
            step = np.linalg.solve(L.T, z)
            return w - step
        """,
    ),
    _fresh(
        "newton_step",
        "saddle-free (fresh)",
        (
            "The absolute values of the eigenvalues are used (saddle-free Newton), so directions of negative "
            "curvature are stepped the other way; positive definite H are right."
        ),
        """
        def newton_step(w, grad, hessian):
            lam, Q = np.linalg.eigh(hessian)
            step = Q @ ((Q.T @ grad) / np.abs(lam))
            return w - step
        """,
    ),
    _fresh(
        "newton_step",
        "damped (fresh)",
        "0.001·I is added to H (Levenberg–Marquardt damping) before solving.",
        """
        def newton_step(w, grad, hessian):
            H = hessian + 1e-3 * np.eye(len(w))
            return w - np.linalg.solve(H, grad)
        """,
    ),
    _fresh(
        "newton_step",
        "solved for w (fresh)",
        "w and grad are exchanged: grad − H⁻¹·w is returned instead of w − H⁻¹·grad.",
        """
        def newton_step(w, grad, hessian):
            return grad - np.linalg.solve(hessian, w)
        """,
    ),
    _fresh(
        "preconditioned_step",
        "transpose first (fresh)",
        "Aᵀ A is used instead of A Aᵀ.",
        """
        def preconditioned_step(w, dw, A, learning_rate):
            P = A.T @ A
            return w - learning_rate * P @ dw
        """,
    ),
    _fresh(
        "preconditioned_step",
        "A once (fresh)",
        "dw is multiplied by A alone; Aᵀ is missing.",
        """
        def preconditioned_step(w, dw, A, learning_rate):
            return w - learning_rate * A.dot(dw)
        """,
    ),
    _fresh(
        "preconditioned_step",
        "A squared (fresh)",
        "A A is used: the transpose of the second factor is missing.",
        """
        def preconditioned_step(w, dw, A, learning_rate):
            direction = A @ (A @ dw)
            return w - learning_rate * direction
        """,
    ),
    _fresh(
        "preconditioned_step",
        "gradient in u only (fresh)",
        "The gradient in u, Aᵀ dw, is stepped and not mapped back to w by A.",
        """
        def preconditioned_step(w, dw, A, learning_rate):
            du = A.T @ dw
            step = learning_rate * du
            return w - step
        """,
    ),
    _fresh(
        "preconditioned_step",
        "inverse preconditioner (fresh)",
        "(A Aᵀ)⁻¹ is used instead of A Aᵀ.",
        """
        def preconditioned_step(w, dw, A, learning_rate):
            step = np.linalg.solve(A @ A.T, dw)
            return w - learning_rate * step
        """,
    ),
    _fresh(
        "preconditioned_step",
        "elementwise product (fresh)",
        "A * Aᵀ is the elementwise product, not the matrix product.",
        """
        def preconditioned_step(w, dw, A, learning_rate):
            M = A * A.T
            return w - learning_rate * np.dot(M, dw)
        """,
    ),
    _fresh(
        "preconditioned_step",
        "stays in u (fresh)",
        "The point is moved to u = A⁻¹w, stepped there, and returned without being mapped back to w.",
        """
        def preconditioned_step(w, dw, A, learning_rate):
            u = np.linalg.solve(A, w)
            u = u - learning_rate * A.T @ dw
            return u
        """,
    ),
    _fresh(
        "elongated_bowl",
        "two missing in y (fresh)",
        ("The gradient in y is (y + 3)/15: the factor 2 is missing; f, the other entry and the Hessian are right."),
        """
        def elongated_bowl(w):
            x, y = w
            f = 4 * x**2 + (y + 3) ** 2 / 15
            gradient = np.array([8 * x, (y + 3) / 15])
            hessian = np.array([[8, 0], [0, 2 / 15]])
            return f, gradient, hessian
        """,
    ),
    _fresh(
        "elongated_bowl",
        "shifted the wrong way (fresh)",
        "(y − 3) is used for (y + 3) in f and in the gradient; the Hessian is right.",
        """
        def elongated_bowl(w):
            x, y = w[0], w[1]
            d = y - 3
            return 4 * x * x + d * d / 15, np.array([8 * x, 2 * d / 15]), np.diag([8, 2 / 15])
        """,
    ),
    _fresh(
        "elongated_bowl",
        "coefficients as Hessian (fresh)",
        (
            "The Hessian holds the coefficients 4 and 1/15 of the squares, half of the second derivatives; f and "
            "the gradient are right."
        ),
        """
        def elongated_bowl(w):
            c = np.array([4, 1 / 15])
            d = w + np.array([0, 3])
            f = np.sum(c * d**2)
            gradient = 2 * c * d
            hessian = np.diag(c)
            return f, gradient, hessian
        """,
    ),
    _fresh(
        "elongated_bowl",
        "Hessian as a vector (fresh)",
        "The Hessian is returned as the vector of its diagonal, (2,), instead of (2, 2).",
        """
        def elongated_bowl(w):
            x, y = w
            f = 4 * x**2 + (y + 3) ** 2 / 15
            gradient = np.array([8 * x, 2 * (y + 3) / 15])
            return f, gradient, np.array([8.0, 2 / 15])
        """,
    ),
    _fresh(
        "elongated_bowl",
        "floor division (fresh)",
        "The Hessian entry for y is computed by floor division, 2 // 15 = 0; f and the gradient are right.",
        """
        def elongated_bowl(w):
            x, y = w
            f = 4 * x**2 + (y + 3) ** 2 / 15
            gradient = np.array([8 * x, 2 * (y + 3) / 15])
            hessian = np.array([[8, 0], [0, 2 // 15]])
            return f, gradient, hessian
        """,
    ),
    _fresh(
        "elongated_bowl",
        "forward differences (fresh)",
        (
            "The gradient is a forward difference with step 1e-3, which is off by 4e-3 in x; f and the Hessian "
            "are right."
        ),
        """
        def elongated_bowl(w):
            def func(p):
                return 4 * p[0] ** 2 + (p[1] + 3) ** 2 / 15

            h = 1e-3
            gradient = np.array([(func(w + h * e) - func(w)) / h for e in np.eye(2)])
            return func(w), gradient, np.diag([8, 2 / 15])
        """,
    ),
    _fresh(
        "elongated_bowl",
        "divided outside (fresh)",
        "The division by 15 is applied to the whole sum, (4x² + (y + 3)²)/15, and carried to the derivatives.",
        """
        def elongated_bowl(w):
            x, y = w
            f = (4 * x**2 + (y + 3) ** 2) / 15
            gradient = np.array([8 * x, 2 * (y + 3)]) / 15
            hessian = np.diag([8.0, 2.0]) / 15
            return f, gradient, hessian
        """,
    ),
    _fresh(
        "rotated_bowl",
        "root under the three (fresh)",
        "√(3·2) = √6 is used for 3√2, in f and in the gradient; the Hessian is right.",
        """
        def rotated_bowl(w):
            x, y = w
            a, b = x - y, x + y + np.sqrt(3 * 2)
            f = 2 * a**2 + b**2 / 30
            gradient = np.array([4 * a + b / 15, -4 * a + b / 15])
            hessian = np.array([[61, -59], [-59, 61]]) / 15
            return f, gradient, hessian
        """,
    ),
    _fresh(
        "rotated_bowl",
        "same sign in both entries (fresh)",
        (
            "The second entry of the gradient has +4(x − y) instead of −4(x − y): the inner derivative −1 is "
            "forgotten; f and the Hessian are right."
        ),
        """
        def rotated_bowl(w):
            x, y = w
            a, b = x - y, x + y + 3 * np.sqrt(2)
            f = 2 * a**2 + b**2 / 30
            gx = 4 * a + b / 15
            gy = 4 * a + b / 15
            hessian = np.array([[61 / 15, -59 / 15], [-59 / 15, 61 / 15]])
            return f, np.array([gx, gy]), hessian
        """,
    ),
    _fresh(
        "rotated_bowl",
        "diagonal Hessian (fresh)",
        "The mixed second derivatives are left at 0; f and the gradient are right.",
        """
        def rotated_bowl(w):
            x, y = w
            a, b = x - y, x + y + 3 * np.sqrt(2)
            f = 2 * a**2 + b**2 / 30
            gradient = np.array([4 * a + b / 15, -4 * a + b / 15])
            hessian = np.diag([4 + 1 / 15, 4 + 1 / 15])
            return f, gradient, hessian
        """,
    ),
    _fresh(
        "rotated_bowl",
        "Hessian of the bowl before turning (fresh)",
        ("The Hessian diag(8, 2/15) of the elongated bowl is returned, not turned; f and the gradient are right."),
        """
        def rotated_bowl(w):
            a = w[0] - w[1]
            b = w[0] + w[1] + 3 * 2**0.5
            f = 2 * a * a + b * b / 30
            gradient = np.array([4, -4]) * a + np.array([1, 1]) * b / 15
            return f, gradient, np.diag([8, 2 / 15])
        """,
    ),
    _fresh(
        "rotated_bowl",
        "divided by 15 (fresh)",
        "The second term of f is divided by 15 instead of 30, and gradient and Hessian fit that f.",
        """
        def rotated_bowl(w):
            x, y = w
            a, b = x - y, x + y + 3 * np.sqrt(2)
            f = 2 * a**2 + b**2 / 15
            gradient = np.array([4 * a + 2 * b / 15, -4 * a + 2 * b / 15])
            p = 2 / 15
            hessian = np.array([[4 + p, -4 + p], [-4 + p, 4 + p]])
            return f, gradient, hessian
        """,
    ),
    _fresh(
        "rotated_bowl",
        "mixed derivative positive (fresh)",
        ("The off-diagonal entries of the Hessian are +4 + 1/15 instead of −4 + 1/15; f and the gradient are right."),
        """
        def rotated_bowl(w):
            x, y = w
            a, b = x - y, x + y + 3 * np.sqrt(2)
            hessian = np.full((2, 2), 4 + 1 / 15)
            return 2 * a**2 + b**2 / 30, np.array([4 * a + b / 15, b / 15 - 4 * a]), hessian
        """,
    ),
    _fresh(
        "rotated_bowl",
        "offset lost (fresh)",
        "The offset 3√2 is dropped from f and from the gradient; the Hessian is right.",
        """
        def rotated_bowl(w):
            H = np.array([[61.0, -59.0], [-59.0, 61.0]]) / 15
            f = 0.5 * w @ H @ w
            gradient = H @ w
            return f, gradient, H
        """,
    ),
    _fresh(
        "rounding_scales",
        "half missing (fresh)",
        "√H_ii is returned: the division by 2 is missing.",
        """
        def rounding_scales(hessian):
            return np.sqrt(np.diagonal(hessian))
        """,
    ),
    _fresh(
        "rounding_scales",
        "inverse scales (fresh)",
        "The reciprocals √(2/H_ii) are returned.",
        """
        def rounding_scales(hessian):
            return np.sqrt(2 / np.diag(hessian))
        """,
    ),
    _fresh(
        "rounding_scales",
        "root missing (fresh)",
        "H_ii/2 is returned without the square root.",
        """
        def rounding_scales(hessian):
            return np.diag(hessian) / 2
        """,
    ),
    _fresh(
        "rounding_scales",
        "sorted eigenvalues (fresh)",
        (
            "The scales are computed from the sorted eigenvalues, so they are in ascending order instead of in "
            "the order of the axes."
        ),
        """
        def rounding_scales(hessian):
            lam, _ = np.linalg.eigh(hessian)
            return np.sqrt(lam / 2)
        """,
    ),
    _fresh(
        "rounding_scales",
        "whole matrix (fresh)",
        "The root of the whole matrix H/2 is returned, (D, D), instead of its diagonal (D,).",
        """
        def rounding_scales(hessian):
            s = np.sqrt(hessian / 2)
            return s
        """,
    ),
    _fresh(
        "rounding_scales",
        "numbers of the elongated bowl (fresh)",
        "The scales 2 and 1/√15 of the elongated bowl are hard-coded.",
        """
        def rounding_scales(hessian):
            return np.array([2, 1 / np.sqrt(15)])
        """,
    ),
    _fresh(
        "largest_stable_step",
        "one over (fresh)",
        "1/λmax is returned instead of 2/λmax.",
        """
        def largest_stable_step(hessian):
            return 1 / np.max(np.linalg.eigvalsh(hessian))
        """,
    ),
    _fresh(
        "largest_stable_step",
        "smallest eigenvalue (fresh)",
        "2/λmin is returned: the smallest eigenvalue is taken for the largest.",
        """
        def largest_stable_step(hessian):
            lam = np.linalg.eigvalsh(hessian)
            return 2 / lam[0]
        """,
    ),
    _fresh(
        "largest_stable_step",
        "trace (fresh)",
        "The trace (the sum of the eigenvalues) is used for λmax.",
        """
        def largest_stable_step(hessian):
            return 2 / np.trace(hessian)
        """,
    ),
    _fresh(
        "largest_stable_step",
        "largest diagonal entry (fresh)",
        "The largest diagonal entry of H is used for λmax.",
        """
        def largest_stable_step(hessian):
            return 2 / np.diag(hessian).max()
        """,
    ),
    _fresh(
        "largest_stable_step",
        "one power iteration (fresh)",
        (
            "λmax is estimated by a single power iteration from a vector of ones, an estimate that is too small "
            "in general."
        ),
        """
        def largest_stable_step(hessian):
            v = np.ones(len(hessian))
            v = hessian @ v
            v /= np.linalg.norm(v)
            lam = v @ hessian @ v
            return 2 / lam
        """,
    ),
    _fresh(
        "largest_stable_step",
        "optimal rate (fresh)",
        "2/(λmin + λmax), the rate of fastest convergence, is returned instead of the largest stable one.",
        """
        def largest_stable_step(hessian):
            eigenvalues = np.linalg.eigvalsh(hessian)
            return 2 / (eigenvalues.min() + eigenvalues.max())
        """,
    ),
    _fresh(
        "largest_stable_step",
        "row sums (fresh)",
        "The largest absolute row sum of H is used for λmax, only an upper bound of it.",
        """
        def largest_stable_step(hessian):
            bound = np.linalg.norm(hessian, np.inf)
            return 2 / bound
        """,
    ),
    _fresh(
        "minibatch_gradient",
        "reduction ignored (fresh)",
        "The mean over the batch is returned for reduction='sum' too: the factor N is missing there.",
        """
        def minibatch_gradient(grads, batch, reduction="mean"):
            return grads[batch].mean(axis=0)
        """,
    ),
    _fresh(
        "minibatch_gradient",
        "sum not scaled (fresh)",
        "For reduction='sum' the plain sum over the batch is returned, without the factor N/B.",
        """
        def minibatch_gradient(grads, batch, reduction="mean"):
            rows = grads[batch]
            if reduction == "mean":
                return rows.mean(axis=0)
            return rows.sum(axis=0)
        """,
    ),
    _fresh(
        "minibatch_gradient",
        "duplicates dropped (fresh)",
        "np.unique drops the indices that come twice, so a repeated example counts once.",
        """
        def minibatch_gradient(grads, batch, reduction="mean"):
            idx = np.unique(batch)
            g = np.mean(grads[idx], axis=0)
            if reduction == "sum":
                g = g * grads.shape[0]
            return g
        """,
    ),
    _fresh(
        "minibatch_gradient",
        "ratio upside down (fresh)",
        "For reduction='sum' the sum is scaled by B/N instead of N/B.",
        """
        def minibatch_gradient(grads, batch, reduction="mean"):
            N, B = len(grads), len(batch)
            total = np.zeros(grads.shape[1])
            for i in batch:
                total += grads[i]
            return total / B if reduction == "mean" else B / N * total
        """,
    ),
    _fresh(
        "minibatch_gradient",
        "divided by N (fresh)",
        "For the mean the sum over the batch is divided by N instead of by B; the sum is right.",
        """
        def minibatch_gradient(grads, batch, reduction="mean"):
            N = grads.shape[0]
            B = batch.shape[0]
            s = grads[batch].sum(axis=0)
            if reduction == "mean":
                return s / N
            return s * N / B
        """,
    ),
    _fresh(
        "minibatch_gradient",
        "full batch (fresh)",
        "The batch is ignored: the exact full gradient over all N examples is returned.",
        """
        def minibatch_gradient(grads, batch, reduction="mean"):
            return getattr(np, reduction)(grads, axis=0)
        """,
    ),
    _fresh(
        "minibatch_gradient",
        "mask of rows (fresh)",
        (
            "A boolean mask is built from the indices, so a repeated index selects its row only once, while the "
            "division is still by B (the length of the batch)."
        ),
        """
        def minibatch_gradient(grads, batch, reduction="mean"):
            mask = np.zeros(len(grads), dtype=bool)
            mask[batch] = True
            g = grads[mask].sum(axis=0) / len(batch)
            return g if reduction == "mean" else g * len(grads)
        """,
    ),
    _fresh(
        "minibatch_gradient",
        "sum by default (fresh)",
        "The default of reduction is 'sum' instead of 'mean'; a given reduction is used rightly.",
        """
        def minibatch_gradient(grads, batch, reduction="sum"):
            scale = len(grads) if reduction == "sum" else 1
            return scale * np.mean(grads[batch], axis=0)
        """,
    ),
    _fresh(
        "minibatches",
        "not shuffled (fresh)",
        "The examples come in their given order; rng is not used.",
        """
        def minibatches(X, y, size, rng):
            for i in range(0, len(X), size):
                yield X[i : i + size], y[i : i + size]
        """,
    ),
    _fresh(
        "minibatches",
        "remainder dropped (fresh)",
        "The last, smaller batch is dropped if size does not divide N, so some examples never come.",
        """
        def minibatches(X, y, size, rng):
            N = X.shape[0]
            perm = rng.permutation(N)
            for k in range(N // size):
                idx = perm[k * size : (k + 1) * size]
                yield X[idx], y[idx]
        """,
    ),
    _fresh(
        "minibatches",
        "shuffled apart (fresh)",
        "X and y are shuffled by two different permutations, so their pairs are lost.",
        """
        def minibatches(X, y, size, rng):
            Xs = rng.permutation(X)
            ys = rng.permutation(y)
            for i in range(0, len(X), size):
                yield Xs[i : i + size], ys[i : i + size]
        """,
    ),
    _fresh(
        "minibatches",
        "with replacement (fresh)",
        "Each batch is drawn anew with rng.integers, so examples may come twice or not at all.",
        """
        def minibatches(X, y, size, rng):
            N = len(X)
            left = N
            while left > 0:
                idx = rng.integers(0, N, min(size, left))
                yield X[idx], y[idx]
                left -= size
        """,
    ),
    _fresh(
        "minibatches",
        "own seed (fresh)",
        (
            "A generator with the fixed seed 0 is made inside, so the order is the same in each epoch; the given "
            "rng is ignored."
        ),
        """
        def minibatches(X, y, size, rng):
            order = np.random.default_rng(0).permutation(len(X))
            for start in range(0, len(X), size):
                b = order[start : start + size]
                yield X[b], y[b]
        """,
    ),
    _fresh(
        "minibatches",
        "last batch wrapped (fresh)",
        "The last batch is filled up to size with examples from the start of the order, so these come twice.",
        """
        def minibatches(X, y, size, rng):
            N = len(X)
            order = rng.permutation(N)
            for start in range(0, N, size):
                idx = order[np.arange(start, start + size) % N]
                yield X[idx], y[idx]
        """,
    ),
    _fresh(
        "minibatches",
        "empty batch at the end (fresh)",
        "The number of batches is N // size + 1 always, so an empty batch comes at the end if size divides N.",
        """
        def minibatches(X, y, size, rng):
            order = rng.permutation(len(X))
            X, y = X[order], y[order]
            for k in range(len(X) // size + 1):
                yield X[k * size : (k + 1) * size], y[k * size : (k + 1) * size]
        """,
    ),
    _fresh(
        "minibatches",
        "size as a number of batches (fresh)",
        "The examples are split into `size` batches instead of into batches of `size` examples.",
        """
        def minibatches(X, y, size, rng):
            order = rng.permutation(len(X))
            for idx in np.array_split(order, size):
                yield X[idx], y[idx]
        """,
    ),
    _fresh(
        "minibatches",
        "only X shuffled (fresh)",
        "Only X is put into the new order; y is cut in the old one, so the pairs are lost.",
        """
        def minibatches(X, y, size, rng):
            order = np.arange(len(X))
            rng.shuffle(order)
            for start in range(0, len(X), size):
                stop = min(start + size, len(X))
                yield X[order[start:stop]], y[start:stop]
        """,
    ),
    _fresh(
        "constant",
        "drop after a hundred (fresh)",
        "The rate is divided by 10 from t = 100 on.",
        """
        def constant(t, base):
            if t < 100:
                return base
            return base / 10
        """,
    ),
    _fresh(
        "constant",
        "whole number (fresh)",
        "The base is turned into an integer, so rates below 1 give 0.",
        """
        def constant(t, base):
            return int(base)
        """,
    ),
    _fresh(
        "constant",
        "divided by the step (fresh)",
        "base/(t + 1) is returned, which is right at t = 0 only.",
        """
        def constant(t, base):
            return base / (t + 1)
        """,
    ),
    _fresh(
        "constant",
        "default of the unit (fresh)",
        "The rate 0.01 is returned whatever base is.",
        """
        def constant(t, base):
            learning_rate = 1e-2
            return learning_rate
        """,
    ),
    _fresh(
        "step_decay",
        "smooth (fresh)",
        "The exponent is t / every without rounding down, so the rate falls at every step.",
        """
        def step_decay(t, base, drop, every):
            return base * drop ** (t / every)
        """,
    ),
    _fresh(
        "step_decay",
        "remainder (fresh)",
        "The exponent is t % every (the remainder) instead of t // every.",
        """
        def step_decay(t, base, drop, every):
            return base * drop ** (t % every)
        """,
    ),
    _fresh(
        "step_decay",
        "one step early (fresh)",
        "t is counted from 1: the rate falls first at t = every − 1.",
        """
        def step_decay(t, base, drop, every):
            k = (t + 1) // every
            return base * drop**k
        """,
    ),
    _fresh(
        "step_decay",
        "falls once (fresh)",
        "The rate falls only once, at t = every, and stays at base·drop after that.",
        """
        def step_decay(t, base, drop, every):
            if t < every:
                return base
            return base * drop
        """,
    ),
    _fresh(
        "step_decay",
        "multiplied drops (fresh)",
        "drop is multiplied by the number of falls instead of raised to it, so the rate is 0 at the start.",
        """
        def step_decay(t, base, drop, every):
            return base * drop * (t // every)
        """,
    ),
    _fresh(
        "step_decay",
        "late by one (fresh)",
        "The loop counts t > k·every instead of t ≥ k·every, so each fall comes one step late.",
        """
        def step_decay(t, base, drop, every):
            lr = base
            k = 1
            while t > k * every:
                lr *= drop
                k += 1
            return lr
        """,
    ),
    _fresh(
        "inverse_time",
        "counted from zero (fresh)",
        "base/(t + 1) is returned, as if t were counted from 0.",
        """
        def inverse_time(t, base):
            return base / (t + 1)
        """,
    ),
    _fresh(
        "inverse_time",
        "square root (fresh)",
        "base/√t is returned, whose squares do add up to infinity.",
        """
        def inverse_time(t, base):
            return base / np.sqrt(t)
        """,
    ),
    _fresh(
        "inverse_time",
        "floor division (fresh)",
        "base // t is rounded down to a whole number.",
        """
        def inverse_time(t, base):
            return base // t
        """,
    ),
    _fresh(
        "inverse_time",
        "squared time (fresh)",
        "base/t² is returned, whose sum is finite.",
        """
        def inverse_time(t, base):
            return base * t**-2.0
        """,
    ),
    _fresh(
        "inverse_time",
        "accumulated (fresh)",
        "The rate is divided by k for each k up to t in a loop, giving base/t!.",
        """
        def inverse_time(t, base):
            lr = base
            for k in range(1, t + 1):
                lr = lr / k
            return lr
        """,
    ),
    _fresh(
        "cosine",
        "rises again (fresh)",
        "t is not limited to total, so the rate rises again after the end.",
        """
        def cosine(t, base, total, floor=0):
            return floor + (base - floor) * (1 + np.cos(np.pi * t / total)) / 2
        """,
    ),
    _fresh(
        "cosine",
        "floor added on top (fresh)",
        "The swing is base instead of base − floor, so the rate starts at base + floor.",
        """
        def cosine(t, base, total, floor=0):
            frac = min(t, total) / total
            return floor + base * (1 + np.cos(np.pi * frac)) / 2
        """,
    ),
    _fresh(
        "cosine",
        "floor as a clip (fresh)",
        "The floor only cuts the curve to 0 from below (max), it does not lift it.",
        """
        def cosine(t, base, total, floor=0):
            lr = 0.5 * base * (1 + np.cos(np.pi * min(t, total) / total))
            return max(lr, floor)
        """,
    ),
    _fresh(
        "cosine",
        "half missing (fresh)",
        "The division by 2 is missing, so the swing is twice too large: 2·base − floor at t = 0.",
        """
        def cosine(t, base, total, floor=0):
            t = min(t, total)
            return floor + (base - floor) * (1 + np.cos(np.pi * t / total))
        """,
    ),
    _fresh(
        "cosine",
        "quarter wave (fresh)",
        "A quarter wave cos(π t/(2·total)) is used instead of the half wave (1 + cos)/2.",
        """
        def cosine(t, base, total, floor=0):
            phase = np.pi / 2 * min(t, total) / total
            return floor + (base - floor) * np.cos(phase)
        """,
    ),
    _fresh(
        "cosine",
        "ends a step early (fresh)",
        "The phase is t/(total − 1), so floor is reached at t = total − 1.",
        """
        def cosine(t, base, total, floor=0):
            progress = min(t / (total - 1), 1.0)
            return floor + 0.5 * (base - floor) * (1 + np.cos(np.pi * progress))
        """,
    ),
    _fresh(
        "cosine",
        "zero after the end (fresh)",
        "After the end 0 is returned instead of floor.",
        """
        def cosine(t, base, total, floor=0):
            if t > total:
                return 0.0
            return floor + (base - floor) * (1 + np.cos(np.pi * t / total)) / 2
        """,
    ),
    _fresh(
        "warmup",
        "never stops (fresh)",
        "The rate keeps growing after t = steps: the min with 1 is missing.",
        """
        def warmup(t, base, steps):
            return base * t / steps
        """,
    ),
    _fresh(
        "warmup",
        "starts at one (fresh)",
        "t + 1 is used for t, so the rate is base/steps at t = 0 and base one step too early.",
        """
        def warmup(t, base, steps):
            return base * min(1.0, (t + 1) / steps)
        """,
    ),
    _fresh(
        "warmup",
        "floor division (fresh)",
        "t // steps is 0 for all t below steps, so the rate jumps from 0 to base.",
        """
        def warmup(t, base, steps):
            return base * min(1, t // steps)
        """,
    ),
    _fresh(
        "warmup",
        "max for min (fresh)",
        "max is used for min: base up to t = steps, and growing beyond.",
        """
        def warmup(t, base, steps):
            factor = max(1, t / steps)
            return base * factor
        """,
    ),
    _fresh(
        "warmup",
        "decays after (fresh)",
        "After the warm-up the rate falls as steps/t instead of staying at base.",
        """
        def warmup(t, base, steps):
            if t <= steps:
                return base * t / steps
            return base * steps / t
        """,
    ),
    _fresh(
        "warmup",
        "quadratic (fresh)",
        "The ramp is quadratic, (t/steps)², instead of linear.",
        """
        def warmup(t, base, steps):
            return base * min(1, t / steps) ** 2
        """,
    ),
    _fresh(
        "question_non_diagonal",
        "letter a (fresh)",
        "The wrong letter (a), gradient descent, is chosen; right is (f), Newton's method.",
        """
        def question_non_diagonal():
            return "a"
        """,
    ),
    _fresh(
        "question_non_diagonal",
        "letter b (fresh)",
        "The wrong letter (b), momentum, is chosen; right is (f), Newton's method.",
        """
        def question_non_diagonal():
            return "b"
        """,
    ),
    _fresh(
        "question_non_diagonal",
        "letter c (fresh)",
        "The wrong letter (c), Nesterov's momentum, is chosen; right is (f), Newton's method.",
        """
        def question_non_diagonal():
            return "c"
        """,
    ),
    _fresh(
        "question_non_diagonal",
        "letter d (fresh)",
        "The wrong letter (d), AdaGrad, is chosen; right is (f), Newton's method.",
        """
        def question_non_diagonal():
            return "d"
        """,
    ),
    _fresh(
        "question_non_diagonal",
        "letter e (fresh)",
        "The wrong letter (e), Adam, is chosen; right is (f), Newton's method.",
        """
        def question_non_diagonal():
            return "e"
        """,
    ),
    _fresh(
        "question_oscillating_loss",
        "letter a (fresh)",
        "The wrong letter (a), a rate that is too small, is chosen; right is (b).",
        """
        def question_oscillating_loss():
            return "a"
        """,
    ),
    _fresh(
        "question_oscillating_loss",
        "letter c (fresh)",
        "The wrong letter (c), rounding at a minimum, is chosen; right is (b).",
        """
        def question_oscillating_loss():
            return "c"
        """,
    ),
    _fresh(
        "question_oscillating_loss",
        "letter d (fresh)",
        ("The wrong letter (d), batches that are too small, though the full batch is used, is chosen; right is (b)."),
        """
        def question_oscillating_loss():
            return "d"
        """,
    ),
    _fresh(
        "question_oscillating_loss",
        "two letters (fresh)",
        "Two letters, b and d, are returned where one is asked.",
        """
        def question_oscillating_loss():
            return "bd"
        """,
    ),
    _fresh(
        "question_newton_saddle",
        "letter a (fresh)",
        ("The wrong letter (a) is chosen, that the Hessian is singular, which diag(2, −2) is not; right is (c)."),
        """
        def question_newton_saddle():
            return "a"
        """,
    ),
    _fresh(
        "question_newton_saddle",
        "letter b (fresh)",
        ("The wrong letter (b) is chosen, that f is lowered along y, which gradient descent would do; right is (c)."),
        """
        def question_newton_saddle():
            return "b"
        """,
    ),
    _fresh(
        "question_newton_saddle",
        "letter d (fresh)",
        "The wrong letter (d) is chosen, that the gradient is 0, which it is not at (1, 1); right is (c).",
        """
        def question_newton_saddle():
            return "d"
        """,
    ),
    _fresh(
        "question_newton_saddle",
        "point for letter (fresh)",
        "The landing point (0, 0) is returned as a list instead of the letter c.",
        """
        def question_newton_saddle():
            return [0.0, 0.0]
        """,
    ),
    _fresh(
        "question_stable_step",
        "one over lambda (fresh)",
        "1/8 is returned: 1/λmax instead of 2/λmax.",
        """
        def question_stable_step():
            return 1 / 8
        """,
    ),
    _fresh(
        "question_stable_step",
        "smallest curvature (fresh)",
        "15 is returned, which is 2/λmin.",
        """
        def question_stable_step():
            return 2 / (2 / 15)
        """,
    ),
    _fresh(
        "question_stable_step",
        "coefficient for curvature (fresh)",
        "2/4 is returned: the coefficient 4 is taken for the second derivative 8.",
        """
        def question_stable_step():
            return 2 / 4
        """,
    ),
    _fresh(
        "question_stable_step",
        "optimal rate (fresh)",
        "2/(8 + 2/15), the rate of fastest convergence, is returned instead of the largest stable one.",
        """
        def question_stable_step():
            return 2 / (8 + 2 / 15)
        """,
    ),
    _fresh(
        "question_stable_step",
        "integer division (fresh)",
        "2 // 8 = 0 is returned: the division is rounded down.",
        """
        def question_stable_step():
            return 2 // 8
        """,
    ),
    _fresh(
        "question_adam_first_step",
        "uphill (fresh)",
        "+0.001 is returned: the sign is wrong.",
        """
        def question_adam_first_step():
            return 1e-3
        """,
    ),
    _fresh(
        "question_adam_first_step",
        "gradient descent (fresh)",
        "−1 is returned: the rate times the gradient, as in plain gradient descent.",
        """
        def question_adam_first_step():
            return -1e-3 * 1000
        """,
    ),
    _fresh(
        "question_adam_first_step",
        "no bias correction (fresh)",
        "−0.00316 is returned, the step without the bias corrections.",
        """
        def question_adam_first_step():
            m = (1 - 0.9) * 1000
            v = (1 - 0.999) * 1000**2
            return -1e-3 * m / v**0.5
        """,
    ),
    _fresh(
        "question_adam_first_step",
        "rate of sgd (fresh)",
        "−0.01 is returned: the default learning rate of the other optimizers, not Adam's.",
        """
        def question_adam_first_step():
            return -1e-2
        """,
    ),
    _fresh(
        "question_adam_first_step",
        "position for change (fresh)",
        "999.999 is returned: the change is subtracted from the gradient instead of being given alone.",
        """
        def question_adam_first_step():
            return 1000 - 1e-3
        """,
    ),
    _fresh(
        "elongated_bowl",
        "integer gradient (fresh)",
        ("The gradient is stored with an integer dtype, so its entries are truncated; f and the Hessian are right."),
        """
        def elongated_bowl(w):
            x, y = w
            gradient = np.zeros(2, dtype=int)
            gradient[0] = 8 * x
            gradient[1] = 2 * (y + 3) / 15
            hessian = np.zeros((2, 2))
            hessian[0, 0], hessian[1, 1] = 8, 2 / 15
            return 4 * x**2 + (y + 3) ** 2 / 15, gradient, hessian
        """,
    ),
    _fresh(
        "rmsprop",
        "old cache divides (fresh)",
        (
            "The step is divided by the root of the cache before it is updated, so the first step from an empty "
            "cache is divided by ε alone and is huge."
        ),
        """
        def rmsprop(w, dw, config=None):
            config = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, "cache": np.zeros_like(w), **(config or {})}
            lr, rho, eps, cache = (config[k] for k in ("learning_rate", "decay_rate", "epsilon", "cache"))
            next_w = w - lr * dw / (np.sqrt(cache) + eps)
            config["cache"] = rho * cache + (1 - rho) * dw**2
            return next_w, config
        """,
    ),
]
