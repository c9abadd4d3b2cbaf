"""Wrong answers to the unit on optimizers: rules with a term lost, a clock that stands still, state that leaks.

Most show from an empty config within a few steps; some need hyperparameters, gradients near 1e-7,
exact zeros, or a second trajectory in the same process.
"""

from __future__ import annotations

from functools import partial
from textwrap import dedent, indent

from .entry import Entry, Policy, wrong

__all__ = ["WRONG_OPTIMIZERS"]

_wrong = partial(wrong, "optimizers")

_DEFAULTS = {
    "sgd": "learning_rate=1e-2",
    "sgd_momentum": "learning_rate=1e-2, momentum=0.9",
    "nesterov": "learning_rate=1e-2, momentum=0.9",
    "adagrad": "learning_rate=1e-2, epsilon=1e-8",
    "rmsprop": "learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8",
    "adam": "learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8",
    "adamw": "learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=1e-2",
}

# What an Adam step begins with when everything up to there is right.
_MOMENTS = """
    b1, b2, lr, eps = c["beta1"], c["beta2"], c["learning_rate"], c["epsilon"]
    t = c["t"] = c.get("t", 0) + 1
    m = c["m"] = b1 * c.get("m", 0) + (1 - b1) * dw
    v = c["v"] = b2 * c.get("v", 0) + (1 - b2) * dw**2
"""


def _rule(name: str, style: str, why: str, body: str, *, policy: Policy = "") -> Entry:
    """A wrong optimizer with that body, after ``c`` was filled with the right defaults in a copy."""
    second = "grad" if name == "nesterov" else "dw"
    source = f"def {name}(w, {second}, config=None):\n    c = {{**dict({_DEFAULTS[name]}), **(config or {{}})}}\n"
    return _wrong(name, style, why, source + indent(dedent(body).strip(), "    "), policy=policy)


def _adam(style: str, why: str, body: str, *, name: str = "adam", policy: Policy = "") -> Entry:
    """A wrong Adam or AdamW that ends with ``body``, after right first and second moments."""
    return _rule(name, style, why, dedent(_MOMENTS) + dedent(body), policy=policy)


def _function(signature: str, style: str, why: str, body: str, *, policy: Policy = "") -> Entry:
    """A wrong function of that signature and body."""
    source = f"def {signature}:\n" + indent(dedent(body).strip(), "    ")
    return _wrong(signature.partition("(")[0], style, why, source, policy=policy)


_FIRST_ORDER = [
    _rule("sgd", "uphill", "plus for minus", 'return w + c["learning_rate"] * dw, c'),
    _rule("sgd", "no learning rate", "the gradient itself is the step", "return w - dw, c"),
    _rule("sgd", "learning rate hard-coded", "config is ignored", "return w - 1e-2 * dw, c"),
    _rule("sgd", "sign of the gradient", "signSGD", 'return w - c["learning_rate"] * np.sign(dw), c'),
    _rule(
        "sgd",
        "normalised gradient",
        "divided by its norm",
        'return w - c["learning_rate"] * dw / (np.linalg.norm(dw) + 1e-12), c',
    ),
    _rule("sgd", "stays", "w comes back unchanged", "return w.copy(), c"),
    _rule(
        "sgd",
        "rate decays",
        "a schedule that nobody asked for",
        """
        c["learning_rate"] *= 0.95
        return w - c["learning_rate"] * dw, c
    """,
    ),
    _rule(
        "sgd",
        "float32",
        "half of the digits are lost",
        'return (w - c["learning_rate"] * dw).astype(np.float32), c',
        policy="dtype",
    ),
    _rule(
        "sgd",
        "hyperparameters forgotten",
        "the second step falls back to the defaults",
        'return w - c["learning_rate"] * dw, {}',
    ),
    _rule(
        "sgd_momentum",
        "sign of the velocity",
        "adds a velocity that points uphill",
        """
        c["velocity"] = c["momentum"] * c.get("velocity", 0) + c["learning_rate"] * dw
        return w + c["velocity"], c
    """,
    ),
    _rule(
        "sgd_momentum",
        "momentum subtracted",
        "brakes instead of carrying on",
        """
        c["velocity"] = -c["momentum"] * c.get("velocity", 0) - c["learning_rate"] * dw
        return w + c["velocity"], c
    """,
    ),
    _rule(
        "sgd_momentum",
        "velocity not kept",
        "plain gradient descent",
        """
        v = c["momentum"] * c.get("velocity", 0) - c["learning_rate"] * dw
        return w + v, c
    """,
    ),
    _rule(
        "sgd_momentum",
        "averaged gradient",
        "(1 - mu) before the gradient",
        """
        c["velocity"] = c["momentum"] * c.get("velocity", 0) - (1 - c["momentum"]) * c["learning_rate"] * dw
        return w + c["velocity"], c
    """,
    ),
    _rule(
        "sgd_momentum",
        "moves by the old velocity",
        "one step late",
        """
        old = c.get("velocity", np.zeros_like(w))
        c["velocity"] = c["momentum"] * old - c["learning_rate"] * dw
        return w + old, c
    """,
    ),
    _rule(
        "sgd_momentum",
        "Nesterov's form",
        "looks ahead with the new velocity",
        """
        old = c.get("velocity", np.zeros_like(w))
        c["velocity"] = c["momentum"] * old - c["learning_rate"] * dw
        return w - c["momentum"] * old + (1 + c["momentum"]) * c["velocity"], c
    """,
    ),
    _rule(
        "sgd_momentum",
        "momentum hard-coded",
        "0.9 whatever config says",
        """
        c["velocity"] = 0.9 * c.get("velocity", 0) - c["learning_rate"] * dw
        return w + c["velocity"], c
    """,
    ),
    _wrong(
        "sgd_momentum",
        "velocity in a global",
        "a second trajectory inherits the velocity of the first",
        """
        _velocity = {}

        def sgd_momentum(w, dw, config=None):
            c = {"learning_rate": 1e-2, "momentum": 0.9, **(config or {})}
            v = c["momentum"] * _velocity.get(w.shape, 0) - c["learning_rate"] * dw
            _velocity[w.shape] = v
            return w + v, c
    """,
        policy="state",
    ),
    _wrong(
        "sgd_momentum",
        "mutable default argument",
        "calls without config share one velocity",
        """
        def sgd_momentum(w, dw, config={}):
            if config is None:
                config = {}
            config.setdefault("learning_rate", 1e-2)
            config.setdefault("momentum", 0.9)
            config["velocity"] = config["momentum"] * config.get("velocity", 0) - config["learning_rate"] * dw
            return w + config["velocity"], config
    """,
        policy="state",
    ),
    _rule(
        "nesterov",
        "gradient at w",
        "plain momentum",
        """
        c["velocity"] = c["momentum"] * c.get("velocity", 0) - c["learning_rate"] * grad(w)
        return w + c["velocity"], c
    """,
    ),
    _rule(
        "nesterov",
        "looks back",
        "gradient at w - mu v",
        """
        v = c.get("velocity", np.zeros_like(w))
        c["velocity"] = c["momentum"] * v - c["learning_rate"] * grad(w - c["momentum"] * v)
        return w + c["velocity"], c
    """,
    ),
    _rule(
        "nesterov",
        "looks a whole velocity ahead",
        "gradient at w + v",
        """
        v = c.get("velocity", np.zeros_like(w))
        c["velocity"] = c["momentum"] * v - c["learning_rate"] * grad(w + v)
        return w + c["velocity"], c
    """,
    ),
    _rule(
        "nesterov",
        "no momentum in the step",
        "only the gradient from the look-ahead point",
        """
        v = c.get("velocity", np.zeros_like(w))
        c["velocity"] = -c["learning_rate"] * grad(w + c["momentum"] * v)
        return w + c["velocity"], c
    """,
    ),
    _rule(
        "nesterov",
        "starts from the look-ahead point",
        "mu v is counted twice",
        """
        ahead = w + c["momentum"] * c.get("velocity", np.zeros_like(w))
        c["velocity"] = c["momentum"] * c.get("velocity", 0) - c["learning_rate"] * grad(ahead)
        return ahead + c["velocity"], c
    """,
    ),
    _function(
        "preconditioned_step(w, dw, A, learning_rate)",
        "A^T A",
        "the factors exchanged",
        "return w - learning_rate * (A.T @ A @ dw)",
    ),
    _function(
        "preconditioned_step(w, dw, A, learning_rate)",
        "A once",
        "A instead of A A^T",
        "return w - learning_rate * (A @ dw)",
    ),
    _function(
        "preconditioned_step(w, dw, A, learning_rate)",
        "A A",
        "no transpose: right for symmetric A only",
        "return w - learning_rate * (A @ A @ dw)",
    ),
    _function(
        "preconditioned_step(w, dw, A, learning_rate)",
        "diagonal",
        "only the diagonal of A A^T",
        "return w - learning_rate * np.diag(A @ A.T) * dw",
    ),
    _function(
        "preconditioned_step(w, dw, A, learning_rate)",
        "uphill",
        "plus for minus",
        "return w + learning_rate * (A @ (A.T @ dw))",
    ),
    _function(
        "newton_step(w, grad, hessian)",
        "inverse of the diagonal",
        "curvature across coordinates is lost",
        "return w - grad / np.diag(hessian)",
    ),
    _function(
        "newton_step(w, grad, hessian)", "not inverted", "the Hessian times the gradient", "return w - hessian @ grad"
    ),
    _function("newton_step(w, grad, hessian)", "uphill", "plus for minus", "return w + np.linalg.solve(hessian, grad)"),
    _function("newton_step(w, grad, hessian)", "gradient step", "the Hessian is ignored", "return w - grad"),
    _function(
        "newton_step(w, grad, hessian)",
        "entries inverted",
        "1 / H entry by entry",
        "with np.errstate(divide='ignore', invalid='ignore'):\n    return w - (1 / hessian) @ grad",
    ),
    _function(
        "newton_step(w, grad, hessian)",
        "descends at saddles",
        "absolute curvature: saddle-free Newton",
        "lam, Q = np.linalg.eigh(hessian)\nreturn w - Q @ ((Q.T @ grad) / np.abs(lam))",
    ),
    _function(
        "newton_step(w, grad, hessian)",
        "damped",
        "H + 1e-3 I for H",
        "return w - np.linalg.solve(hessian + 1e-3 * np.eye(len(w)), grad)",
    ),
]

_ADAPTIVE = [
    _rule(
        "adagrad",
        "does not accumulate",
        "only the last square",
        """
        c["cache"] = dw**2
        return w - c["learning_rate"] * dw / (np.sqrt(c["cache"]) + c["epsilon"]), c
    """,
    ),
    _rule(
        "adagrad",
        "no root",
        "divided by the sum of squares",
        """
        c["cache"] = c.get("cache", 0) + dw**2
        return w - c["learning_rate"] * dw / (c["cache"] + c["epsilon"]), c
    """,
    ),
    _rule(
        "adagrad",
        "epsilon inside the root",
        "shows for tiny gradients",
        """
        c["cache"] = c.get("cache", 0) + dw**2
        return w - c["learning_rate"] * dw / np.sqrt(c["cache"] + c["epsilon"]), c
    """,
    ),
    _rule(
        "adagrad",
        "no epsilon",
        "0 / 0 while a gradient has been zero",
        """
        c["cache"] = c.get("cache", 0) + dw**2
        with np.errstate(invalid="ignore"):
            return w - c["learning_rate"] * dw / np.sqrt(c["cache"]), c
    """,
    ),
    _rule(
        "adagrad",
        "accumulates absolute values",
        "sum of |g|, not the root of the sum of squares",
        """
        c["cache"] = c.get("cache", 0) + np.abs(dw)
        return w - c["learning_rate"] * dw / (c["cache"] + c["epsilon"]), c
    """,
    ),
    _rule(
        "adagrad",
        "accumulates after the step",
        "the first step divides by epsilon alone",
        """
        old = c.get("cache", np.zeros_like(w))
        c["cache"] = old + dw**2
        return w - c["learning_rate"] * dw / (np.sqrt(old) + c["epsilon"]), c
    """,
    ),
    _rule(
        "adagrad",
        "one rate for all",
        "the squares are summed over the coordinates",
        """
        c["cache"] = c.get("cache", 0) + (dw**2).sum()
        return w - c["learning_rate"] * dw / (np.sqrt(c["cache"]) + c["epsilon"]), c
    """,
    ),
    _rule(
        "rmsprop",
        "no root",
        "divided by the mean square",
        """
        c["cache"] = c["decay_rate"] * c.get("cache", 0) + (1 - c["decay_rate"]) * dw**2
        return w - c["learning_rate"] * dw / (c["cache"] + c["epsilon"]), c
    """,
    ),
    _rule(
        "rmsprop",
        "epsilon inside the root",
        "shows for tiny gradients",
        """
        c["cache"] = c["decay_rate"] * c.get("cache", 0) + (1 - c["decay_rate"]) * dw**2
        return w - c["learning_rate"] * dw / np.sqrt(c["cache"] + c["epsilon"]), c
    """,
    ),
    _rule(
        "rmsprop",
        "weights exchanged",
        "decay_rate weighs the new square",
        """
        c["cache"] = (1 - c["decay_rate"]) * c.get("cache", 0) + c["decay_rate"] * dw**2
        return w - c["learning_rate"] * dw / (np.sqrt(c["cache"]) + c["epsilon"]), c
    """,
    ),
    _rule(
        "rmsprop",
        "new square not weighted",
        "1 - decay_rate is missing",
        """
        c["cache"] = c["decay_rate"] * c.get("cache", 0) + dw**2
        return w - c["learning_rate"] * dw / (np.sqrt(c["cache"]) + c["epsilon"]), c
    """,
    ),
    _rule(
        "rmsprop",
        "average of the gradient",
        "not squared",
        """
        c["cache"] = c["decay_rate"] * c.get("cache", 0) + (1 - c["decay_rate"]) * dw
        return w - c["learning_rate"] * dw / (np.abs(c["cache"]) + c["epsilon"]), c
    """,
    ),
    _rule(
        "rmsprop",
        "bias-corrected",
        "Adam's correction, which RMSProp has not",
        """
        c["t"] = c.get("t", 0) + 1
        c["cache"] = c["decay_rate"] * c.get("cache", 0) + (1 - c["decay_rate"]) * dw**2
        return w - c["learning_rate"] * dw / (np.sqrt(c["cache"] / (1 - c["decay_rate"]**c["t"])) + c["epsilon"]), c
    """,
    ),
    _rule(
        "rmsprop",
        "cache not kept",
        "starts afresh at each step",
        """
        cache = c["decay_rate"] * c.get("cache", 0) + (1 - c["decay_rate"]) * dw**2
        return w - c["learning_rate"] * dw / (np.sqrt(cache) + c["epsilon"]), c
    """,
    ),
    _rule(
        "rmsprop",
        "starts from ones",
        "the cache of an empty config is zero",
        """
        c["cache"] = c["decay_rate"] * c.get("cache", np.ones_like(w)) + (1 - c["decay_rate"]) * dw**2
        return w - c["learning_rate"] * dw / (np.sqrt(c["cache"]) + c["epsilon"]), c
    """,
    ),
    _adam("no bias correction", "the first steps are far too short", "return w - lr * m / (np.sqrt(v) + eps), c"),
    _adam("only m corrected", "v is biased towards zero", "return w - lr * (m / (1 - b1**t)) / (np.sqrt(v) + eps), c"),
    _adam("only v corrected", "m is biased towards zero", "return w - lr * m / (np.sqrt(v / (1 - b2**t)) + eps), c"),
    _adam(
        "betas exchanged in the correction",
        "b2 for m and b1 for v",
        "return w - lr * (m / (1 - b2**t)) / (np.sqrt(v / (1 - b1**t)) + eps), c",
    ),
    _adam(
        "t never grows",
        "the correction of the first step for ever",
        """
        c["t"] = 0
        return w - lr * (m / (1 - b1)) / (np.sqrt(v / (1 - b2)) + eps), c
    """,
    ),
    _adam(
        "correction without powers",
        "t multiplies: 1 - b t",
        "return w - lr * (m / (1 - b1 * t)) / (np.sqrt(np.abs(v / (1 - b2 * t))) + eps), c",
    ),
    _adam(
        "t counted from zero",
        "0 / 0 at the first step",
        """
        with np.errstate(invalid="ignore", divide="ignore"):
            return w - lr * (m / (1 - b1 ** (t - 1))) / (np.sqrt(v / (1 - b2 ** (t - 1))) + eps), c
    """,
    ),
    _adam(
        "t one too far",
        "counted up twice before use",
        "return w - lr * (m / (1 - b1 ** (t + 1))) / (np.sqrt(v / (1 - b2 ** (t + 1))) + eps), c",
    ),
    _adam(
        "epsilon inside the root",
        "shows for tiny gradients",
        "return w - lr * (m / (1 - b1**t)) / np.sqrt(v / (1 - b2**t) + eps), c",
    ),
    _adam("no root", "divided by the second moment", "return w - lr * (m / (1 - b1**t)) / (v / (1 - b2**t) + eps), c"),
    _adam(
        "gradient for the first moment",
        "RMSProp with a correction",
        "return w - lr * dw / (np.sqrt(v / (1 - b2**t)) + eps), c",
    ),
    _adam(
        "corrected moments stored",
        "the correction is applied again at each step",
        """
        c["m"], c["v"] = m / (1 - b1**t), v / (1 - b2**t)
        return w - lr * c["m"] / (np.sqrt(c["v"]) + eps), c
    """,
    ),
    _adam(
        "running maximum of v",
        "AMSGrad",
        """
        c["top"] = np.maximum(c.get("top", 0), v / (1 - b2**t))
        return w - lr * (m / (1 - b1**t)) / (np.sqrt(c["top"]) + eps), c
    """,
    ),
    _adam("uphill", "plus for minus", "return w + lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps), c"),
    _adam(
        "a factor of 1 + 1e-6",
        "the step is off in the sixth digit",
        "return w - (1 + 1e-6) * lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps), c",
    ),
    _adam(
        "float32 moments",
        "half of the digits are lost",
        """
        c["m"], c["v"] = m.astype(np.float32), v.astype(np.float32)
        return w - lr * (c["m"] / (1 - b1**t)) / (np.sqrt(c["v"] / (1 - b2**t)) + eps), c
    """,
        policy="dtype",
    ),
    _rule(
        "adam",
        "m with the weights of v",
        "beta2 in the first moment",
        """
        b1, b2 = c["beta1"], c["beta2"]
        t = c["t"] = c.get("t", 0) + 1
        m = c["m"] = b2 * c.get("m", 0) + (1 - b2) * dw
        v = c["v"] = b2 * c.get("v", 0) + (1 - b2) * dw**2
        return w - c["learning_rate"] * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + c["epsilon"]), c
    """,
    ),
    _rule(
        "adam",
        "betas hard-coded",
        "config is ignored",
        """
        t = c["t"] = c.get("t", 0) + 1
        m = c["m"] = 0.9 * c.get("m", 0) + 0.1 * dw
        v = c["v"] = 0.999 * c.get("v", 0) + 0.001 * dw**2
        return w - c["learning_rate"] * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + c["epsilon"]), c
    """,
    ),
    _wrong(
        "adam",
        "clock in a global",
        "a second trajectory does not begin at t = 1",
        """
        _clock = [0]

        def adam(w, dw, config=None):
            c = {**dict(learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8), **(config or {})}
            _clock[0] += 1
            t, b1, b2 = _clock[0], c["beta1"], c["beta2"]
            c["m"] = b1 * c.get("m", 0) + (1 - b1) * dw
            c["v"] = b2 * c.get("v", 0) + (1 - b2) * dw**2
            return w - c["learning_rate"] * (c["m"] / (1 - b1**t)) / (np.sqrt(c["v"] / (1 - b2**t)) + c["epsilon"]), c
    """,
        policy="state",
    ),
    _rule(
        "adam",
        "default learning rate of SGD",
        "1e-2 from an empty config",
        """
        if "learning_rate" not in (config or {}):
            c["learning_rate"] = 1e-2
        b1, b2 = c["beta1"], c["beta2"]
        t = c["t"] = c.get("t", 0) + 1
        m = c["m"] = b1 * c.get("m", 0) + (1 - b1) * dw
        v = c["v"] = b2 * c.get("v", 0) + (1 - b2) * dw**2
        return w - c["learning_rate"] * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + c["epsilon"]), c
    """,
    ),
    _adam(
        "decay of the new weights",
        "shrinks after the step",
        """
        nxt = w - lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps)
        return nxt - lr * c["weight_decay"] * nxt, c
    """,
        name="adamw",
    ),
    _adam(
        "no decay",
        "plain Adam",
        "return w - lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps), c",
        name="adamw",
    ),
    _adam(
        "decay without the learning rate",
        "shrinks by weight_decay itself",
        """
        return w - lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps) - c["weight_decay"] * w, c
    """,
        name="adamw",
    ),
    _adam(
        "decay inside the quotient",
        "the decay is scaled by the second moment",
        """
        return w - lr * (m / (1 - b1**t) + c["weight_decay"] * w) / (np.sqrt(v / (1 - b2**t)) + eps), c
    """,
        name="adamw",
    ),
    _adam(
        "grows",
        "sign of the decay",
        """
        return w - lr * ((m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps) - c["weight_decay"] * w), c
    """,
        name="adamw",
    ),
    _adam(
        "decay of the signs",
        "an L1 penalty",
        """
        step = (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps)
        return w - lr * (step + c["weight_decay"] * np.sign(w)), c
    """,
        name="adamw",
    ),
    _rule(
        "adamw",
        "coupled",
        "L2: the decay goes through the moments",
        """
        dw = dw + c["weight_decay"] * w
        b1, b2 = c["beta1"], c["beta2"]
        t = c["t"] = c.get("t", 0) + 1
        m = c["m"] = b1 * c.get("m", 0) + (1 - b1) * dw
        v = c["v"] = b2 * c.get("v", 0) + (1 - b2) * dw**2
        return w - c["learning_rate"] * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + c["epsilon"]), c
    """,
    ),
]

_ELONGATED = "elongated_bowl(w)"
_ROTATED = "rotated_bowl(w)"
_ROTATED_PARTS = """
    x, y = w
    a, b = x - y, x + y + 3 * 2**0.5
    f, g = 2 * a**2 + b**2 / 30, np.array([4 * a + b / 15, b / 15 - 4 * a])
    H = np.array([[4 + 1 / 15, 1 / 15 - 4], [1 / 15 - 4, 4 + 1 / 15]])
"""

_BOWLS = [
    _function(
        _ELONGATED,
        "sign of the shift",
        "the minimum is at y = -3",
        """
        x, y = w
        return 4 * x**2 + (y - 3) ** 2 / 15, np.array([8 * x, 2 * (y - 3) / 15]), np.diag([8, 2 / 15])
    """,
    ),
    _function(
        _ELONGATED,
        "2 missing in the gradient",
        "derivative of (y + 3)**2",
        """
        x, y = w
        return 4 * x**2 + (y + 3) ** 2 / 15, np.array([8 * x, (y + 3) / 15]), np.diag([8, 2 / 15])
    """,
    ),
    _function(
        _ELONGATED,
        "Hessian with the coefficients",
        "half of the second derivatives",
        """
        x, y = w
        return 4 * x**2 + (y + 3) ** 2 / 15, np.array([8 * x, 2 * (y + 3) / 15]), np.diag([4, 1 / 15])
    """,
    ),
    _function(
        _ELONGATED,
        "Hessian as a vector",
        "the diagonal, not the matrix",
        """
        x, y = w
        return 4 * x**2 + (y + 3) ** 2 / 15, np.array([8 * x, 2 * (y + 3) / 15]), np.array([8, 2 / 15])
    """,
    ),
    _function(
        _ELONGATED,
        "integer division",
        "(y + 3)**2 // 15",
        """
        x, y = w
        return 4 * x**2 + (y + 3) ** 2 // 15, np.array([8 * x, 2 * (y + 3) / 15]), np.diag([8, 2 / 15])
    """,
    ),
    _function(
        _ROTATED,
        "diagonal Hessian",
        "the mixed derivative is missing",
        dedent(_ROTATED_PARTS) + "return f, g, np.diag(np.diag(H))",
    ),
    _function(
        _ROTATED,
        "gradient of x twice",
        "the sign of x - y differs in the second entry",
        dedent(_ROTATED_PARTS) + "return f, np.array([g[0], g[0]]), H",
    ),
    _function(
        _ROTATED,
        "sqrt(2) rounded",
        "1.414 for the root of two",
        """
        x, y = w
        a, b = x - y, x + y + 3 * 1.414
        H = np.array([[4 + 1 / 15, 1 / 15 - 4], [1 / 15 - 4, 4 + 1 / 15]])
        return 2 * a**2 + b**2 / 30, np.array([4 * a + b / 15, b / 15 - 4 * a]), H
    """,
    ),
    _function(
        _ROTATED,
        "not rotated",
        "the elongated bowl",
        """
        x, y = w
        return 4 * x**2 + (y + 3) ** 2 / 15, np.array([8 * x, 2 * (y + 3) / 15]), np.diag([8, 2 / 15])
    """,
    ),
    _function(
        "rounding_scales(hessian)",
        "without the half",
        "the new Hessian is I, not 2 I",
        "return np.sqrt(np.diag(hessian))",
    ),
    _function("rounding_scales(hessian)", "reciprocal", "x / s for s x", "return np.sqrt(2 / np.diag(hessian))"),
    _function("rounding_scales(hessian)", "no root", "half of the diagonal", "return np.diag(hessian) / 2"),
    _function(
        "rounding_scales(hessian)",
        "sorted",
        "eigenvalues lose their coordinates",
        "return np.sqrt(np.linalg.eigvalsh(hessian) / 2)",
    ),
    _function(
        "rounding_scales(hessian)",
        "one scale for all",
        "the mean of the diagonal",
        "d = np.diag(hessian)\nreturn np.full(d.shape, np.sqrt(d.mean() / 2))",
    ),
    _function(
        "largest_stable_step(hessian)",
        "1 / lambda_max",
        "the fastest step, not the last stable one",
        "return 1 / np.linalg.eigvalsh(hessian).max()",
    ),
    _function(
        "largest_stable_step(hessian)",
        "smallest eigenvalue",
        "stable in the flattest direction only",
        "return 2 / np.linalg.eigvalsh(hessian).min()",
    ),
    _function(
        "largest_stable_step(hessian)",
        "greatest diagonal entry",
        "right for diagonal Hessians only",
        "return 2 / np.diag(hessian).max()",
    ),
    _function("largest_stable_step(hessian)", "trace", "the sum of the eigenvalues", "return 2 / np.trace(hessian)"),
    _function(
        "largest_stable_step(hessian)",
        "Frobenius norm",
        "an upper bound of lambda_max",
        "return 2 / np.linalg.norm(hessian)",
    ),
    _function("largest_stable_step(hessian)", "0.25", "hard-coded for the elongated bowl", "return 0.25"),
]

_GRADIENT = 'minibatch_gradient(grads, batch, reduction="mean")'
_BATCHES = "minibatches(X, y, size, rng)"

_STOCHASTIC = [
    _function(
        _GRADIENT,
        "sum not scaled",
        "N/B is missing: biased towards zero",
        """
        g = grads[batch]
        return g.sum(axis=0) if reduction == "sum" else g.mean(axis=0)
    """,
    ),
    _function(
        _GRADIENT,
        "mean over N",
        "divided by the size of the data set",
        """
        g = grads[batch].sum(axis=0)
        return g * len(grads) / len(batch) if reduction == "sum" else g / len(grads)
    """,
    ),
    _function(_GRADIENT, "mean for both", "reduction is ignored", "return grads[batch].mean(axis=0)"),
    _function(
        _GRADIENT,
        "full batch",
        "batch is ignored",
        'return grads.sum(axis=0) if reduction == "sum" else grads.mean(axis=0)',
    ),
    _function(
        _GRADIENT,
        "first examples",
        "len(batch) rows, not those of the batch",
        """
        g = grads[:len(batch)].mean(axis=0)
        return len(grads) * g if reduction == "sum" else g
    """,
    ),
    _function(
        _GRADIENT,
        "scale upside down",
        "B/N for N/B",
        """
        g = grads[batch]
        return g.sum(axis=0) * len(batch) / len(grads) if reduction == "sum" else g.mean(axis=0)
    """,
    ),
    _function(
        _GRADIENT,
        "mean over everything",
        "one number for all parameters",
        """
        g = grads[batch].mean()
        return np.full(grads.shape[1], len(grads) * g if reduction == "sum" else g)
    """,
    ),
    _function(
        _BATCHES,
        "last partial batch dropped",
        "some examples are never visited",
        """
        order = rng.permutation(len(X))
        for k in range(len(X) // size):
            rows = order[k * size:(k + 1) * size]
            yield X[rows], y[rows]
    """,
    ),
    _function(
        _BATCHES,
        "with replacement",
        "some examples twice, some never",
        """
        for start in range(0, len(X), size):
            rows = rng.integers(0, len(X), min(size, len(X) - start))
            yield X[rows], y[rows]
    """,
    ),
    _function(
        _BATCHES,
        "X and y shuffled apart",
        "labels no longer belong to their examples",
        """
        a, b = rng.permutation(len(X)), rng.permutation(len(X))
        for i in range(0, len(X), size):
            yield X[a[i:i + size]], y[b[i:i + size]]
    """,
    ),
    _function(
        _BATCHES,
        "only X shuffled",
        "labels no longer belong to their examples",
        """
        order = rng.permutation(len(X))
        for i in range(0, len(X), size):
            yield X[order[i:i + size]], y[i:i + size]
    """,
    ),
    _function(
        _BATCHES,
        "not shuffled",
        "the order does not come from rng",
        """
        for i in range(0, len(X), size):
            yield X[i:i + size], y[i:i + size]
    """,
    ),
    _function(
        _BATCHES,
        "a generator of its own",
        "the same order in each epoch, whatever rng says",
        """
        order = np.random.default_rng(0).permutation(len(X))
        for i in range(0, len(X), size):
            yield X[order[i:i + size]], y[order[i:i + size]]
    """,
    ),
    _function(
        _BATCHES,
        "numpy's global generator",
        "not reproducible from rng",
        """
        order = np.random.permutation(len(X))
        for i in range(0, len(X), size):
            yield X[order[i:i + size]], y[order[i:i + size]]
    """,
    ),
    _function(
        _BATCHES,
        "batches shuffled, not examples",
        "the same examples always meet",
        """
        starts = np.arange(0, len(X), size)
        rng.shuffle(starts)
        for i in starts:
            yield X[i:i + size], y[i:i + size]
    """,
    ),
    _function(
        _BATCHES,
        "last batch filled up",
        "the first examples come twice",
        """
        order = rng.permutation(len(X))
        for i in range(0, len(X), size):
            rows = np.take(order, range(i, i + size), mode="wrap")
            yield X[rows], y[rows]
    """,
    ),
    _function(
        _BATCHES,
        "one batch",
        "the first batch only",
        """
        order = rng.permutation(len(X))
        yield X[order[:size]], y[order[:size]]
    """,
    ),
    _function(
        _BATCHES,
        "overlapping",
        "steps by one example",
        """
        order = rng.permutation(len(X))
        for i in range(len(X) - size + 1):
            yield X[order[i:i + size]], y[order[i:i + size]]
    """,
    ),
    _function(
        _BATCHES,
        "size counts batches",
        "size many batches instead of batches of that size",
        """
        order = rng.permutation(len(X))
        for rows in np.array_split(order, size):
            yield X[rows], y[rows]
    """,
    ),
]

_STEP = "step_decay(t, base, drop, every)"
_COSINE = "cosine(t, base, total, floor=0)"

_SCHEDULES = [
    _function("constant(t, base)", "0.01", "base is ignored", "return 0.01"),
    _function("constant(t, base)", "decays", "base / (1 + t)", "return base / (1 + t)"),
    _function(_STEP, "one step early", "t counted from one", "return base * drop ** ((t + 1) // every)"),
    _function(_STEP, "one step late", "drops after t = every", "return base * drop ** (max(t - 1, 0) // every)"),
    _function(_STEP, "smooth", "the floor is missing", "return base * drop ** (t / every)"),
    _function(_STEP, "drops once", "later drops are missing", "return base * drop if t >= every else base"),
    _function(_STEP, "subtracts", "base - drop for each step", "return base - drop * (t // every)"),
    _function(_STEP, "divided by drop", "grows", "return base / drop ** (t // every)"),
    _function(_STEP, "rounded", "round for floor", "return base * drop ** round(t / every)"),
    _function("inverse_time(t, base)", "t counted from zero", "base / (t + 1)", "return base / (t + 1)"),
    _function("inverse_time(t, base)", "root", "base / sqrt(t)", "return base / np.sqrt(t)"),
    _function("inverse_time(t, base)", "squared", "base / t**2", "return base / t**2"),
    _function(
        _COSINE,
        "rises again",
        "not held at the floor beyond total",
        "return floor + (base - floor) * (1 + np.cos(np.pi * t / total)) / 2",
    ),
    _function(
        _COSINE, "floor ignored", "ends at zero", "return base * (1 + np.cos(np.pi * min(t, total) / total)) / 2"
    ),
    _function(
        _COSINE,
        "floor added",
        "starts at base + floor",
        "return floor + base * (1 + np.cos(np.pi * min(t, total) / total)) / 2",
    ),
    _function(
        _COSINE,
        "whole period",
        "2 pi for pi",
        "return floor + (base - floor) * (1 + np.cos(2 * np.pi * min(t, total) / total)) / 2",
    ),
    _function(
        _COSINE,
        "quarter period",
        "cos(pi t / 2T) without the square",
        "return floor + (base - floor) * np.cos(np.pi * min(t, total) / (2 * total))",
    ),
    _function(
        _COSINE,
        "zero beyond total",
        "the floor is not held",
        "return floor + (base - floor) * (1 + np.cos(np.pi * t / total)) / 2 if t <= total else 0.0",
    ),
    _function(
        _COSINE,
        "degrees",
        "180 for pi",
        "return floor + (base - floor) * (1 + np.cos(180 * min(t, total) / total)) / 2",
    ),
    _function("warmup(t, base, steps)", "no end", "grows beyond base", "return base * t / steps"),
    _function(
        "warmup(t, base, steps)", "one step early", "t counted from one", "return base * min(1, (t + 1) / steps)"
    ),
    _function("warmup(t, base, steps)", "maximum", "max for min", "return base * max(1, t / steps)"),
    _function("warmup(t, base, steps)", "quadratic", "the square of the ramp", "return base * min(1, t / steps) ** 2"),
    _function("warmup(t, base, steps)", "integer division", "zero until the end", "return base * min(1, t // steps)"),
]

WRONG_OPTIMIZERS = [*_FIRST_ORDER, *_ADAPTIVE, *_BOWLS, *_STOCHASTIC, *_SCHEDULES]
