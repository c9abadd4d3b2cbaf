"""Wrong answers to the unit on layers: the mistakes that students make, and some made to fool a grader.

The right half of a pair comes first in each source, so that only the named function is at fault.
Each is wrong by more than rounding in at least one of the regimes.
"""

from __future__ import annotations

from functools import partial
from textwrap import dedent, indent

from .entry import Entry, Policy, wrong

__all__ = ["WRONG_LAYERS"]

_wrong = partial(wrong, "layers")

_AFFINE_FORWARD = """
    def affine_forward(x, w, b):
        return x.reshape(x.shape[0], -1) @ w + b, (x, w, b)
"""
_AFFINE_BACKWARD = """
    def affine_backward(dout, cache):
        x, w, b = cache
        return (dout @ w.T).reshape(x.shape), x.reshape(x.shape[0], -1).T @ dout, dout.sum(axis=0)
"""
_LINEAR_FORWARD = """
    def linear_forward(x, w):
        return x @ w, (x, w)
"""
_LINEAR_BACKWARD = """
    def linear_backward(dout, cache):
        x, w = cache
        return dout @ w.T, x.T @ dout
"""
_RELU_FORWARD = """
    def relu_forward(x):
        return np.maximum(0, x), x
"""
_RELU_BACKWARD = """
    def relu_backward(dout, cache):
        return dout * (cache > 0)
"""
_LEAKY_FORWARD = """
    def leaky_relu_forward(x, alpha=0.01):
        return np.where(x > 0, x, alpha * x), (x, alpha)
"""
_LEAKY_BACKWARD = """
    def leaky_relu_backward(dout, cache):
        x, alpha = cache
        return dout * np.where(x > 0, 1, alpha)
"""
_SIGMOID_FORWARD = """
    def sigmoid_forward(x):
        e = np.exp(-np.abs(x))
        s = np.where(x >= 0, 1, e) / (1 + e)
        return s, s
"""
_SIGMOID_BACKWARD = """
    def sigmoid_backward(dout, cache):
        return dout * cache * (1 - cache)
"""
_TANH_FORWARD = """
    def tanh_forward(x):
        t = np.tanh(x)
        return t, t
"""
_TANH_BACKWARD = """
    def tanh_backward(dout, cache):
        return dout * (1 - cache**2)
"""
_SOFTPLUS_FORWARD = """
    def softplus_forward(x):
        return np.logaddexp(0, x), x
"""
_SOFTPLUS_BACKWARD = """
    def softplus_backward(dout, cache):
        return dout * np.exp(-np.logaddexp(0, -cache))
"""
_LOGSUMEXP_FORWARD = """
    def logsumexp_forward(x):
        m = x.max(axis=1)
        return m + np.log(np.exp(x - m[:, None]).sum(axis=1)), x
"""
_LOGSUMEXP_BACKWARD = """
    def logsumexp_backward(dout, cache):
        e = np.exp(cache - cache.max(axis=1, keepdims=True))
        return dout[:, None] * e / e.sum(axis=1, keepdims=True)
"""
_SOFTMAX_FORWARD = """
    def softmax_forward(x):
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        s = e / e.sum(axis=-1, keepdims=True)
        return s, s
"""
_SOFTMAX_BACKWARD = """
    def softmax_backward(dout, cache):
        return cache * (dout - (dout * cache).sum(axis=-1, keepdims=True))
"""


def _backward(layer: str, partner: str, style: str, why: str, body: str, *, policy: Policy = "") -> Entry:
    """A wrong ``<layer>_backward(dout, cache)`` with that body, beside the right forward."""
    source = f"def {layer}_backward(dout, cache):\n" + indent(dedent(body).strip(), "    ")
    return _wrong(f"{layer}_backward", style, why, source, partner=partner, policy=policy)


def _forward(layer: str, partner: str, style: str, why: str, body: str, *, policy: Policy = "") -> Entry:
    """A wrong ``<layer>_forward`` with that body, beside the backward that would be right."""
    arguments = {"affine": "x, w, b", "linear": "x, w", "leaky_relu": "x, alpha=0.01"}.get(layer, "x")
    source = f"def {layer}_forward({arguments}):\n" + indent(dedent(body).strip(), "    ")
    return _wrong(f"{layer}_forward", style, why, source, partner=partner, policy=policy)


def _loss(name: str, style: str, why: str, body: str, *, policy: Policy = "") -> Entry:
    """A wrong ``<name>_loss(x, y)`` with that body."""
    source = f"def {name}_loss(x, y):\n" + indent(dedent(body).strip(), "    ")
    return _wrong(f"{name}_loss", style, why, source, policy=policy)


_affine_forward = partial(_forward, "affine", _AFFINE_BACKWARD)
_affine_backward = partial(_backward, "affine", _AFFINE_FORWARD)

_AFFINE = [
    _affine_forward("no bias", "b is left out", "return x.reshape(len(x), -1) @ w, (x, w, b)"),
    _affine_forward("bias subtracted", "sign of b", "return x.reshape(len(x), -1) @ w - b, (x, w, b)"),
    _affine_forward(
        "flattened the wrong way round",
        "rows are scrambled unless N is one",
        "return x.reshape(-1, len(x)).T @ w + b, (x, w, b)",
    ),
    _affine_forward("only for 2-D x", "an image batch is not flattened", "return x @ w + b, (x, w, b)"),
    _affine_forward(
        "bias as a column",
        "b[:, None] is added down the rows, and only when N equals M",
        "return x.reshape(len(x), -1) @ w + b[:, None], (x, w, b)",
    ),
    _affine_forward(
        "computed in float32",
        "half of the digits are lost",
        """
        flat = x.reshape(len(x), -1).astype(np.float32)
        return (flat @ w.astype(np.float32) + b.astype(np.float32)).astype(np.float64), (x, w, b)
    """,
        policy="dtype",
    ),
    _affine_forward(
        "result normalised",
        "divided by the square root of D",
        """
        flat = x.reshape(len(x), -1)
        return flat @ w / np.sqrt(flat.shape[1]) + b, (x, w, b)
    """,
    ),
    _affine_backward(
        "zeros",
        "zero gradients",
        """
        x, w, b = cache
        return np.zeros_like(x), np.zeros_like(w), np.zeros_like(b)
    """,
    ),
    _affine_backward(
        "upstream of ones",
        "dout is ignored",
        """
        x, w, b = cache
        ones = np.ones_like(dout)
        return (ones @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ ones, ones.sum(0)
    """,
    ),
    _affine_backward(
        "db averaged",
        "mean for sum over the batch",
        """
        x, w, b = cache
        return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.mean(axis=0)
    """,
    ),
    _affine_backward(
        "db not reduced",
        "db has the shape of dout",
        """
        x, w, b = cache
        return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout
    """,
    ),
    _affine_backward(
        "db over the wrong axis",
        "summed over the outputs",
        """
        x, w, b = cache
        return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(axis=1)
    """,
    ),
    _affine_backward(
        "db over-reduced",
        "one sum for all outputs",
        """
        x, w, b = cache
        return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, np.full(b.shape, dout.sum())
    """,
    ),
    _affine_backward(
        "db missing",
        "None for db",
        """
        x, w, b = cache
        return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, None
    """,
    ),
    _affine_backward(
        "dw averaged",
        "divided by N though dout carries that already",
        """
        x, w, b = cache
        return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout / len(x), dout.sum(0)
    """,
    ),
    _affine_backward(
        "dw from the first example",
        "the sum over examples is missing",
        """
        x, w, b = cache
        return (dout @ w.T).reshape(x.shape), np.outer(x[0].ravel(), dout[0]), dout.sum(0)
    """,
    ),
    _affine_backward(
        "dw of opposite sign",
        "sign",
        """
        x, w, b = cache
        return (dout @ w.T).reshape(x.shape), -(x.reshape(len(x), -1).T @ dout), dout.sum(0)
    """,
    ),
    _affine_backward(
        "dw transposed",
        "shape (M, D)",
        """
        x, w, b = cache
        return (dout @ w.T).reshape(x.shape), dout.T @ x.reshape(len(x), -1), dout.sum(0)
    """,
    ),
    _affine_backward(
        "dw by reshaping instead of transposing",
        "right only for one example",
        """
        x, w, b = cache
        return (dout @ w.T).reshape(x.shape), x.reshape(-1, len(x)) @ dout, dout.sum(0)
    """,
    ),
    _affine_backward(
        "dx without the transpose",
        "runs only for square w, and is wrong there",
        """
        x, w, b = cache
        return (dout @ w).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(0)
    """,
    ),
    _affine_backward(
        "dx not reshaped",
        "dx is (N, D) for x of more dimensions",
        """
        x, w, b = cache
        return dout @ w.T, x.reshape(len(x), -1).T @ dout, dout.sum(0)
    """,
    ),
    _affine_backward(
        "dx of the first example for all",
        "right only for one example",
        """
        x, w, b = cache
        dx = np.repeat(dout[:1] @ w.T, len(x), axis=0).reshape(x.shape)
        return dx, x.reshape(len(x), -1).T @ dout, dout.sum(0)
    """,
    ),
    _affine_backward(
        "dx and dw swapped",
        "order of the returned gradients",
        """
        x, w, b = cache
        return x.reshape(len(x), -1).T @ dout, (dout @ w.T).reshape(x.shape), dout.sum(0)
    """,
    ),
    _affine_backward(
        "a factor of 1 + 1e-6",
        "dw is off in the sixth digit",
        """
        x, w, b = cache
        return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout * (1 + 1e-6), dout.sum(0)
    """,
    ),
    _affine_backward(
        "an offset of 1e-9",
        "dx is off by a constant",
        """
        x, w, b = cache
        return (dout @ w.T).reshape(x.shape) + 1e-9, x.reshape(len(x), -1).T @ dout, dout.sum(0)
    """,
    ),
    _affine_backward(
        "rounded to six decimals",
        "precision thrown away",
        """
        x, w, b = cache
        dx, dw = (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout
        return dx.round(6), dw.round(6), dout.sum(0).round(6)
    """,
    ),
    _affine_backward(
        "upstream divided by 1e9",
        "all gradients vanish below an absolute tolerance",
        """
        x, w, b = cache
        dout = dout / 1e9
        return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(0)
    """,
    ),
    _affine_backward(
        "float32 gradients",
        "half of the digits are lost",
        """
        x, w, b = cache
        g = dout.astype(np.float32)
        dw = x.reshape(len(x), -1).T.astype(np.float32) @ g
        return (g @ w.T.astype(np.float32)).reshape(x.shape), dw, g.sum(0)
    """,
        policy="dtype",
    ),
    _affine_backward(
        "finite differences for dw",
        "right to 1e-7, not to rounding",
        """
        x, w, b = cache
        dw, h = np.zeros_like(w), 1e-5
        for i in np.ndindex(w.shape):
            up, down = w.copy(), w.copy()
            up[i] += h
            down[i] -= h
            dw[i] = ((affine_forward(x, up, b)[0] - affine_forward(x, down, b)[0]) * dout).sum() / (2 * h)
        return (dout @ w.T).reshape(x.shape), dw, dout.sum(0)
    """,
        policy="numeric",
    ),
    _affine_backward("an empty dict", "nothing to compare", "return {}"),
    _wrong(
        "affine_backward",
        "right twice, then doubled",
        "depends on how often it was called",
        """
        _calls = []

        def affine_backward(dout, cache):
            x, w, b = cache
            _calls.append(1)
            k = 1 if len(_calls) <= 2 else 2
            return k * (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(0)
    """,
        partner=_AFFINE_FORWARD,
        policy="state",
    ),
    _forward("linear", _LINEAR_BACKWARD, "w transposed", "x w.T", "return x @ w.T, (x, w)"),
    _forward("linear", _LINEAR_BACKWARD, "a bias of one", "an affine map", "return x @ w + 1, (x, w)"),
    _forward(
        "linear",
        _LINEAR_BACKWARD,
        "only the first row",
        "right only for one example",
        "return np.zeros((len(x), w.shape[1])) + x[0] @ w, (x, w)",
    ),
    _backward(
        "linear",
        _LINEAR_FORWARD,
        "swapped",
        "returns (dw, dx)",
        """
        x, w = cache
        return x.T @ dout, dout @ w.T
    """,
    ),
    _backward(
        "linear",
        _LINEAR_FORWARD,
        "dw averaged",
        "divided by N",
        """
        x, w = cache
        return dout @ w.T, x.T @ dout / len(x)
    """,
    ),
    _backward(
        "linear",
        _LINEAR_FORWARD,
        "dx is w.T",
        "dout is ignored",
        """
        x, w = cache
        return np.tile(w.sum(axis=1), (len(x), 1)), x.T @ dout
    """,
    ),
    _backward(
        "linear",
        _LINEAR_FORWARD,
        "dx clipped by its norm",
        "gradient clipping unasked",
        """
        x, w = cache
        dx = dout @ w.T
        return dx / np.maximum(1, np.linalg.norm(dx)), x.T @ dout
    """,
    ),
    _wrong("linear_jacobian", "w itself", "not transposed", "def linear_jacobian(w):\n    return w.copy()"),
    _wrong(
        "linear_jacobian",
        "reshaped",
        "reshape is not transpose",
        "def linear_jacobian(w):\n    return w.reshape(w.shape[1], w.shape[0])",
    ),
    _wrong(
        "linear_jacobian", "row sums", "the Jacobian times ones", "def linear_jacobian(w):\n    return w.sum(axis=1)"
    ),
    _wrong(
        "linear_jacobian",
        "finite differences",
        "right to 1e-7, not to rounding",
        """
        def linear_jacobian(w):
            x, h = np.linspace(1.0, 2.0, w.shape[0]), 1e-6
            return np.stack([((x + h * e) @ w - (x - h * e) @ w) / (2 * h) for e in np.eye(len(x))], axis=1)
    """,
        policy="numeric",
    ),
]

_relu_forward = partial(_forward, "relu", _RELU_BACKWARD)
_relu_backward = partial(_backward, "relu", _RELU_FORWARD)
_leaky_forward = partial(_forward, "leaky_relu", _LEAKY_BACKWARD)
_leaky_backward = partial(_backward, "leaky_relu", _LEAKY_FORWARD)

_PIECEWISE_LINEAR = [
    _relu_forward("absolute value", "negative inputs come back positive", "return np.abs(x), x"),
    _relu_forward("negative part", "minimum for maximum", "return np.minimum(0, x), x"),
    _relu_forward("leaks", "a leaky unit", "return np.where(x > 0, x, 0.01 * x), x"),
    _relu_forward("capped at six", "ReLU6: wrong for large inputs only", "return np.clip(x, 0, 6), x"),
    _relu_forward("a threshold of 0.01", "wrong for small inputs only", "return x * (x > 0.01), x"),
    _relu_forward("the mask", "a step instead of a ramp", "return (x > 0).astype(float), x"),
    _relu_backward("mask from dout", "the upstream's sign decides", "return dout * (dout > 0)"),
    _relu_backward("mask alone", "dout is ignored", "return (cache > 0).astype(float)"),
    _relu_backward("dout as it is", "no mask", "return dout.copy()"),
    _relu_backward("zeros", "zero gradient", "return np.zeros_like(dout)"),
    _relu_backward("mask reversed", "passes where the unit was off", "return dout * (cache < 0)"),
    _relu_backward("times the output", "multiplied by the activation itself", "return dout * np.maximum(cache, 0)"),
    _relu_backward("averaged", "divided by the number of examples", "return dout * (cache > 0) / len(dout)"),
    _relu_backward(
        "output over input",
        "0/0 at the kink",
        "with np.errstate(invalid='ignore'):\n    return dout * np.maximum(cache, 0) / cache",
    ),
    _relu_backward(
        "two at the kink", "outside of the subdifferential [0, 1]", "return dout * np.where(cache == 0, 2.0, cache > 0)"
    ),
    _relu_backward(
        "minus one at the kink",
        "outside of the subdifferential [0, 1]",
        "return dout * np.where(cache == 0, -1.0, cache > 0)",
    ),
    _relu_backward("divided by 1e9", "vanishes below an absolute tolerance", "return dout / 1e9 * (cache > 0)"),
    _relu_backward("not a number", "NaN everywhere", "return np.full(dout.shape, np.nan)"),
    _relu_backward(
        "an array that equals everything",
        "zeros in a subclass whose comparisons are all true",
        """
        class Agreeable(np.ndarray):
            def __eq__(self, other):
                return np.ones(self.shape, dtype=bool)

            def __array_function__(self, func, types, args, kwargs):
                return True

        return np.zeros(dout.shape).view(Agreeable)
    """,
    ),
    _relu_backward(
        "only for one shape",
        "hard-coded for a batch of the example's shape",
        """
        if dout.shape == (4, 3):
            return dout * (cache > 0)
        return np.zeros_like(dout)
    """,
    ),
    _relu_backward("upstream clipped to one", "gradient clipping unasked", "return np.clip(dout, -1, 1) * (cache > 0)"),
    _relu_backward(
        "finite differences",
        "right to 1e-7, not to rounding, and a slope of half near the kink",
        """
        h = 1e-5
        return dout * (np.maximum(cache + h, 0) - np.maximum(cache - h, 0)) / (2 * h)
    """,
        policy="numeric",
    ),
    _wrong(
        "relu_backward",
        "input kept in a global",
        "the cache of the last forward serves every backward",
        """
        _last = {}

        def relu_forward(x):
            _last["x"] = x
            return np.maximum(x, 0), None

        def relu_backward(dout, cache):
            return dout * (_last["x"] > 0)
    """,
        policy="state",
    ),
    _wrong(
        "relu_jacobian",
        "a vector",
        "the diagonal, not the matrix",
        "def relu_jacobian(x):\n    return (x > 0).astype(float)",
    ),
    _wrong("relu_jacobian", "identity", "inactive units pass", "def relu_jacobian(x):\n    return np.eye(len(x))"),
    _wrong(
        "relu_jacobian",
        "diagonal of the outputs",
        "values, not slopes",
        "def relu_jacobian(x):\n    return np.diag(np.maximum(x, 0))",
    ),
    _wrong(
        "relu_jacobian",
        "outer product of the mask",
        "off-diagonal ones",
        "def relu_jacobian(x):\n    m = (x > 0) * 1.0\n    return np.outer(m, m)",
    ),
    _leaky_forward("alpha ignored", "0.01 hard-coded", "return np.where(x > 0, x, 0.01 * x), (x, alpha)"),
    _leaky_forward(
        "alpha on the absolute value",
        "negative inputs come back positive",
        "return np.where(x > 0, x, alpha * np.abs(x)), (x, alpha)",
    ),
    _leaky_forward("plain ReLU", "no leak", "return np.maximum(x, 0), (x, alpha)"),
    _leaky_forward(
        "alpha for negative inputs",
        "the slope instead of slope times input",
        "return np.where(x > 0, x, alpha), (x, alpha)",
    ),
    _leaky_backward("alpha ignored", "0.01 hard-coded", "x, alpha = cache\nreturn dout * np.where(x > 0, 1, 0.01)"),
    _leaky_backward("no leak", "ReLU's backward", "x, alpha = cache\nreturn dout * (x > 0)"),
    _leaky_backward("alpha everywhere", "active units scaled too", "x, alpha = cache\nreturn alpha * dout"),
    _leaky_backward(
        "mask from dout",
        "the upstream's sign decides",
        "x, alpha = cache\nreturn np.where(dout > 0, dout, alpha * dout)",
    ),
    _leaky_backward("alpha squared", "applied twice", "x, alpha = cache\nreturn dout * np.where(x > 0, 1, alpha**2)"),
    _leaky_backward("slope alone", "dout is ignored", "x, alpha = cache\nreturn np.where(x > 0, 1.0, alpha)"),
    _leaky_backward("sign at the leak", "minus alpha", "x, alpha = cache\nreturn dout * np.where(x > 0, 1, -alpha)"),
]

_sigmoid_forward = partial(_forward, "sigmoid", _SIGMOID_BACKWARD)
_sigmoid_backward = partial(_backward, "sigmoid", _SIGMOID_FORWARD)
_tanh_forward = partial(_forward, "tanh", _TANH_BACKWARD)
_tanh_backward = partial(_backward, "tanh", _TANH_FORWARD)
_softplus_forward = partial(_forward, "softplus", _SOFTPLUS_BACKWARD)
_softplus_backward = partial(_backward, "softplus", _SOFTPLUS_FORWARD)

_SMOOTH = [
    _sigmoid_forward(
        "exp(x) / (1 + exp(x))", "inf / inf for large inputs", "s = np.exp(x) / (1 + np.exp(x))\nreturn s, s"
    ),
    _sigmoid_forward("sign of the exponent", "1 - sigmoid", "s = 1 / (1 + np.exp(x))\nreturn s, s"),
    _sigmoid_forward(
        "input clipped to 20", "2e-9 off where it saturates", "s = 1 / (1 + np.exp(-np.clip(x, -20, 20)))\nreturn s, s"
    ),
    _sigmoid_forward(
        "output clipped",
        "never nearer to 0 or 1 than 1e-7",
        "s = np.clip(1 / (1 + np.exp(-x)), 1e-7, 1 - 1e-7)\nreturn s, s",
    ),
    _sigmoid_forward("tanh", "the wrong squashing function", "s = np.tanh(x)\nreturn s, s"),
    _sigmoid_forward(
        "float32",
        "half of the digits are lost",
        "s = 1 / (1 + np.exp(-x.astype(np.float32)))\nreturn s, s.astype(np.float64)",
        policy="dtype",
    ),
    _sigmoid_backward("s (1 + s)", "sign in the slope", "return dout * cache * (1 + cache)"),
    _sigmoid_backward("slope alone", "dout is ignored", "return cache * (1 - cache)"),
    _sigmoid_backward("times s", "half of the slope is missing", "return dout * cache"),
    _sigmoid_backward("times 1 - s", "half of the slope is missing", "return dout * (1 - cache)"),
    _sigmoid_backward(
        "sigmoid of the output",
        "the sigmoid is applied a second time",
        "s = 1 / (1 + np.exp(-cache))\nreturn dout * s * (1 - s)",
    ),
    _sigmoid_backward(
        "upstream plus slope", "a sum where the chain rule multiplies", "return dout + cache * (1 - cache)"
    ),
    _sigmoid_backward("1 - s squared", "the slope of tanh", "return dout * (1 - cache**2)"),
    _wrong(
        "sigmoid_backward",
        "x (1 - x)",
        "the formula for the output, applied to the input",
        """
        def sigmoid_forward(x):
            e = np.exp(-np.abs(x))
            return np.where(x >= 0, 1, e) / (1 + e), x

        def sigmoid_backward(dout, cache):
            return dout * cache * (1 - cache)
    """,
    ),
    _tanh_forward(
        "quotient of exponentials",
        "inf / inf for large inputs",
        "t = (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))\nreturn t, t",
    ),
    _tanh_forward(
        "2 sigmoid(x) - 1", "tanh(x/2): the 2 inside is missing", "t = 2 / (1 + np.exp(-x)) - 1\nreturn t, t"
    ),
    _tanh_forward(
        "x - x**3/3", "a series, near zero only", "t = np.where(abs(x) < 0.1, x - x**3 / 3, np.tanh(x))\nreturn t, t"
    ),
    _tanh_backward("1 - t", "the square is missing", "return dout * (1 - cache)"),
    _tanh_backward("1 + t**2", "sign", "return dout * (1 + cache**2)"),
    _tanh_backward("slope alone", "dout is ignored", "return 1 - cache**2"),
    _tanh_backward("t (1 - t)", "the slope of the sigmoid", "return dout * cache * (1 - cache)"),
    _tanh_backward("dout - t**2", "the product's bracket is missing", "return dout - cache**2"),
    _tanh_backward("tanh of the output", "tanh is applied a second time", "return dout * (1 - np.tanh(cache) ** 2)"),
    _wrong(
        "tanh_backward",
        "1 - x**2",
        "the formula for the output, applied to the input",
        """
        def tanh_forward(x):
            return np.tanh(x), x

        def tanh_backward(dout, cache):
            return dout * (1 - cache**2)
    """,
    ),
    _wrong(
        "tanh_backward",
        "1 / cosh(x)",
        "the square is missing",
        """
        def tanh_forward(x):
            return np.tanh(x), x

        def tanh_backward(dout, cache):
            return dout / np.cosh(cache)
    """,
    ),
    _softplus_forward("log(1 + exp(x))", "overflows to inf", "return np.log(1 + np.exp(x)), x"),
    _softplus_forward("log1p(exp(x))", "overflows to inf", "return np.log1p(np.exp(x)), x"),
    _softplus_forward("exponent clipped at 30", "saturates at 30", "return np.log1p(np.exp(np.minimum(x, 30))), x"),
    _softplus_forward("sign of the exponent", "softplus(-x)", "return np.logaddexp(0, -x), x"),
    _softplus_forward("plain ReLU", "not smooth", "return np.maximum(x, 0), x"),
    _softplus_forward("base two", "logaddexp2 is in powers of two", "return np.logaddexp2(0, x), x"),
    _softplus_forward(
        "-log(1 - sigmoid)",
        "log(0) where the sigmoid rounds to one",
        """
        s = 1 / (1 + np.exp(-x))
        return -np.log(1 - s), x
    """,
    ),
    _softplus_backward(
        "exp / (1 + exp)", "inf / inf for large inputs", "return dout * np.exp(cache) / (1 + np.exp(cache))"
    ),
    _softplus_backward("slope alone", "dout is ignored", "return 1 / (1 + np.exp(-cache))"),
    _softplus_backward("sigmoid(-x)", "sign of the exponent", "return dout / (1 + np.exp(cache))"),
    _softplus_backward("step", "the slope of ReLU", "return dout * (cache > 0)"),
    _softplus_backward(
        "e / (1 + e) on both sides",
        "e = exp(-|x|): the slope of negative inputs for all",
        "e = np.exp(-np.abs(cache))\nreturn dout * e / (1 + e)",
    ),
]

_logsumexp_forward = partial(_forward, "logsumexp", _LOGSUMEXP_BACKWARD)
_logsumexp_backward = partial(_backward, "logsumexp", _LOGSUMEXP_FORWARD)
_softmax_forward = partial(_forward, "softmax", _SOFTMAX_BACKWARD)
_softmax_backward = partial(_backward, "softmax", _SOFTMAX_FORWARD)

_SOFTMAX = [
    _logsumexp_forward("no shift", "overflows to inf", "return np.log(np.exp(x).sum(axis=1)), x"),
    _logsumexp_forward(
        "of the whole array", "one number for all rows", "m = x.max()\nreturn m + np.log(np.exp(x - m).sum()), x"
    ),
    _logsumexp_forward("over the examples", "axis 0", "return np.logaddexp.reduce(x, axis=0), x"),
    _logsumexp_forward(
        "shift not added back",
        "the maximum is lost",
        "return np.log(np.exp(x - x.max(axis=1, keepdims=True)).sum(axis=1)), x",
    ),
    _logsumexp_forward(
        "log of the mean",
        "off by log D",
        "m = x.max(axis=1)\nreturn m + np.log(np.exp(x - m[:, None]).mean(axis=1)), x",
    ),
    _logsumexp_forward("kept dimensions", "shape (N, 1)", "return np.logaddexp.reduce(x, axis=1, keepdims=True), x"),
    _logsumexp_forward("the maximum", "only its limit for wide spreads", "return x.max(axis=1), x"),
    _logsumexp_forward(
        "one shift for all rows",
        "rows far below the greatest entry underflow to -inf",
        "m = x.max()\nreturn m + np.log(np.exp(x - m).sum(axis=1)), x",
    ),
    _logsumexp_backward(
        "slope alone",
        "dout is ignored",
        """
        e = np.exp(cache - cache.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)
    """,
    ),
    _logsumexp_backward(
        "no shift",
        "inf / inf for large inputs",
        """
        e = np.exp(cache)
        return dout[:, None] * e / e.sum(axis=1, keepdims=True)
    """,
    ),
    _logsumexp_backward(
        "dout along the columns",
        "broadcast over the wrong axis; silent when N equals D",
        """
        e = np.exp(cache - cache.max(axis=1, keepdims=True))
        return dout * e / e.sum(axis=1, keepdims=True)
    """,
    ),
    _logsumexp_backward(
        "normalised over everything",
        "one sum for all rows",
        """
        e = np.exp(cache - cache.max(axis=1, keepdims=True))
        return dout[:, None] * e / e.sum()
    """,
    ),
    _logsumexp_backward(
        "not normalised",
        "the shifted exponentials themselves",
        "return dout[:, None] * np.exp(cache - cache.max(axis=1, keepdims=True))",
    ),
    _logsumexp_backward(
        "one-hot at the maximum",
        "the gradient of the maximum",
        "return dout[:, None] * (cache == cache.max(axis=1, keepdims=True))",
    ),
    _softmax_forward(
        "no shift", "inf / inf for large inputs", "e = np.exp(x)\ns = e / e.sum(axis=-1, keepdims=True)\nreturn s, s"
    ),
    _softmax_forward(
        "over the examples", "axis 0", "e = np.exp(x - x.max(axis=0))\ns = e / e.sum(axis=0)\nreturn s, s"
    ),
    _softmax_forward(
        "over everything", "one distribution for all rows", "e = np.exp(x - x.max())\ns = e / e.sum()\nreturn s, s"
    ),
    _softmax_forward(
        "keepdims forgotten",
        "divides columns by row sums when N equals D, raises otherwise",
        """
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        s = e / e.sum(axis=-1)
        return s, s
    """,
    ),
    _softmax_forward(
        "shifted by the minimum",
        "overflows when the spread is wide",
        """
        e = np.exp(x - x.min(axis=-1, keepdims=True))
        s = e / e.sum(axis=-1, keepdims=True)
        return s, s
    """,
    ),
    _softmax_forward(
        "shifted by the mean",
        "overflows when the spread is wide",
        """
        e = np.exp(x - x.mean(axis=-1, keepdims=True))
        s = e / e.sum(axis=-1, keepdims=True)
        return s, s
    """,
    ),
    _softmax_forward(
        "logarithm returned", "log-softmax", "s = x - np.logaddexp.reduce(x, -1, keepdims=True)\nreturn s, np.exp(s)"
    ),
    _softmax_forward(
        "one shift for all rows",
        "rows far below the greatest entry become 0 / 0",
        """
        e = np.exp(x - x.max())
        s = e / e.sum(axis=-1, keepdims=True)
        return s, s
    """,
    ),
    _softmax_forward("sigmoid", "entries do not compete", "s = 1 / (1 + np.exp(-x))\nreturn s, s"),
    _softmax_backward("diagonal only", "the coupling between entries is missing", "return dout * cache * (1 - cache)"),
    _softmax_backward(
        "sign of the coupling", "plus for minus", "return cache * (dout + (dout * cache).sum(axis=-1, keepdims=True))"
    ),
    _softmax_backward(
        "coupling over everything", "the sum runs over all rows", "return cache * (dout - (dout * cache).sum())"
    ),
    _softmax_backward("coupling over the examples", "axis 0", "return cache * (dout - (dout * cache).sum(axis=0))"),
    _softmax_backward(
        "coupling not weighted",
        "sum(dout) for sum(dout * s)",
        "return cache * (dout - dout.sum(axis=-1, keepdims=True))",
    ),
    _softmax_backward(
        "coupling averaged", "mean for sum", "return cache * (dout - (dout * cache).mean(axis=-1, keepdims=True))"
    ),
    _softmax_backward(
        "coupling without its own s",
        "s dout - sum(s dout)",
        "return cache * dout - (dout * cache).sum(axis=-1, keepdims=True)",
    ),
    _softmax_backward("no coupling", "s dout", "return cache * dout"),
    _softmax_backward(
        "Jacobian of the first row for all",
        "right only for one example",
        """
        s = cache[0]
        return dout @ (np.diag(s) - np.outer(s, s))
    """,
    ),
    _softmax_backward(
        "upstream of ones", "zero, for dout is ignored", "return cache * (1 - cache.sum(axis=-1, keepdims=True))"
    ),
    _softmax_backward(
        "s minus one-hot",
        "the gradient of the cross-entropy",
        "return cache - (dout == dout.max(axis=-1, keepdims=True))",
    ),
]

_SOFTMAX_PARTS = """
    N = len(x)
    rows = np.arange(N)
    lp = x - np.logaddexp.reduce(x, axis=1, keepdims=True)
"""
_SVM_PARTS = """
    N = len(x)
    rows = np.arange(N)
    margins = np.maximum(0, x - x[rows, y][:, None] + 1)
    margins[rows, y] = 0
    on = (margins > 0) * 1.0
"""


def _softmax_loss(style: str, why: str, body: str) -> Entry:
    """A wrong ending of ``softmax_loss``, after right log-probabilities ``lp``."""
    return _loss("softmax", style, why, dedent(_SOFTMAX_PARTS) + dedent(body))


def _svm_loss(style: str, why: str, body: str) -> Entry:
    """A wrong ending of ``svm_loss``, after right ``margins`` and their indicator ``on``."""
    return _loss("svm", style, why, dedent(_SVM_PARTS) + dedent(body))


_LOSSES = [
    _loss("squared_error", "without the half", "the loss is twice too large", "return ((x - y) ** 2).sum(), x - y"),
    _loss(
        "squared_error",
        "gradient doubled",
        "the half is in the loss only",
        "return 0.5 * ((x - y) ** 2).sum(), 2 * (x - y)",
    ),
    _loss("squared_error", "y - x", "sign of the gradient", "return 0.5 * ((x - y) ** 2).sum(), y - x"),
    _loss("squared_error", "averaged", "divided by N", "return 0.5 * ((x - y) ** 2).sum() / len(x), (x - y) / len(x)"),
    _loss("squared_error", "absolute error", "no square", "return 0.5 * np.abs(x - y).sum(), np.sign(x - y)"),
    _loss(
        "squared_error",
        "square of the sum",
        "the square of the sum of residuals",
        "return 0.5 * (x - y).sum() ** 2, x - y",
    ),
    _loss(
        "mse",
        "mean over the examples only",
        "summed over the columns",
        "return ((x - y) ** 2).sum() / len(x), 2 * (x - y) / len(x)",
    ),
    _loss(
        "mse", "gradient without the 2", "the 2 of the square is missing", "d = x - y\nreturn (d**2).mean(), d / d.size"
    ),
    _loss("mse", "gradient not averaged", "1/size is missing", "d = x - y\nreturn (d**2).mean(), 2 * d"),
    _loss("mse", "with a half", "half of the mean", "d = x - y\nreturn (d**2).mean() / 2, d / d.size"),
    _loss("mse", "root", "root mean square", "d = x - y\nreturn np.sqrt((d**2).mean()), 2 * d / d.size"),
    _loss("mse", "sign", "gradient for y", "d = x - y\nreturn (d**2).mean(), -2 * d / d.size"),
    _loss("mse", "loss a row", "a mean for each example", "d = x - y\nreturn (d**2).mean(axis=-1), 2 * d / d.size"),
    _loss(
        "bce_with_logits",
        "log of the sigmoid",
        "log(0) for large logits",
        """
        p = 1 / (1 + np.exp(-x))
        return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(), (p - y) / len(x)
    """,
    ),
    _loss(
        "bce_with_logits",
        "probabilities clipped at 1e-12",
        "the loss cannot exceed 28",
        """
        p = 1 / (1 + np.exp(-x))
        q = np.clip(p, 1e-12, 1 - 1e-12)
        return -(y * np.log(q) + (1 - y) * np.log(1 - q)).mean(), (p - y) / len(x)
    """,
    ),
    _loss(
        "bce_with_logits",
        "1e-8 inside the logarithms",
        "the loss cannot exceed 19",
        """
        p = 1 / (1 + np.exp(-x))
        return -(y * np.log(p + 1e-8) + (1 - y) * np.log(1 - p + 1e-8)).mean(), (p - y) / len(x)
    """,
    ),
    _loss(
        "bce_with_logits",
        "summed",
        "1/N is missing in both",
        """
        p = 1 / (1 + np.exp(-x))
        return (y * np.logaddexp(0, -x) + (1 - y) * np.logaddexp(0, x)).sum(), p - y
    """,
    ),
    _loss(
        "bce_with_logits",
        "gradient not averaged",
        "1/N is missing in the gradient",
        """
        p = 1 / (1 + np.exp(-x))
        return (y * np.logaddexp(0, -x) + (1 - y) * np.logaddexp(0, x)).mean(), p - y
    """,
    ),
    _loss(
        "bce_with_logits",
        "labels of minus one and one",
        "log(1 + exp(-y u)) for labels of zero and one",
        """
        return np.logaddexp(0, -y * x).mean(), -y / (1 + np.exp(y * x)) / len(x)
    """,
    ),
    _loss(
        "bce_with_logits",
        "labels exchanged",
        "y and 1 - y",
        """
        p = 1 / (1 + np.exp(-x))
        return ((1 - y) * np.logaddexp(0, -x) + y * np.logaddexp(0, x)).mean(), (p - (1 - y)) / len(x)
    """,
    ),
    _loss(
        "bce_with_logits",
        "slope of the sigmoid kept",
        "(p - y) p (1 - p): the gradient of a squared error",
        """
        p = 1 / (1 + np.exp(-x))
        loss = (y * np.logaddexp(0, -x) + (1 - y) * np.logaddexp(0, x)).mean()
        return loss, (p - y) * p * (1 - p) / len(x)
    """,
    ),
    _loss(
        "bce_with_logits",
        "only the positive examples",
        "the term of 1 - y is missing",
        """
        p = 1 / (1 + np.exp(-x))
        return (y * np.logaddexp(0, -x)).mean(), y * (p - 1) / len(x)
    """,
    ),
    _loss(
        "bce_with_logits",
        "central differences",
        "right to 1e-7, not to rounding",
        """
        def f(u):
            return (y * np.logaddexp(0, -u) + (1 - y) * np.logaddexp(0, u)) / len(x)

        return f(x).sum(), (f(x + 1e-5) - f(x - 1e-5)) / 2e-5
    """,
        policy="numeric",
    ),
    _softmax_loss(
        "summed",
        "1/N is missing in both",
        """
        dx = np.exp(lp)
        dx[rows, y] -= 1
        return -lp[rows, y].sum(), dx
    """,
    ),
    _softmax_loss(
        "gradient not averaged",
        "1/N is missing in the gradient",
        """
        dx = np.exp(lp)
        dx[rows, y] -= 1
        return -lp[rows, y].mean(), dx
    """,
    ),
    _softmax_loss(
        "averaged twice",
        "1/N**2 in the gradient",
        """
        dx = np.exp(lp) / N
        dx[rows, y] -= 1 / N
        return -lp[rows, y].mean(), dx / N
    """,
    ),
    _softmax_loss(
        "averaged over all entries",
        "1/(N C)",
        """
        dx = np.exp(lp)
        dx[rows, y] -= 1
        return -lp[rows, y].sum() / x.size, dx / x.size
    """,
    ),
    _softmax_loss(
        "one-hot off by one",
        "labels counted from one",
        """
        Y = np.eye(x.shape[1])[np.asarray(y, dtype=int) - 1]
        return -(lp * Y).sum() / N, (np.exp(lp) - Y) / N
    """,
    ),
    _softmax_loss(
        "one-hot as wide as the greatest label",
        "fails when the last class does not occur",
        """
        Y = np.eye(int(np.max(y)) + 1)[y]
        return -(lp * Y).sum() / N, (np.exp(lp) - Y) / N
    """,
    ),
    _softmax_loss(
        "one off every labelled column",
        "dx[:, y] instead of dx[rows, y]",
        """
        dx = np.exp(lp)
        dx[:, y] -= 1
        return -lp[rows, y].mean(), dx / N
    """,
    ),
    _softmax_loss("without the -1", "probabilities as the gradient", "return -lp[rows, y].mean(), np.exp(lp) / N"),
    _softmax_loss(
        "only at the label",
        "the other classes get none",
        """
        dx = np.zeros_like(x)
        dx[rows, y] = np.exp(lp[rows, y]) - 1
        return -lp[rows, y].mean(), dx / N
    """,
    ),
    _softmax_loss(
        "sign of the gradient",
        "y - p",
        """
        dx = -np.exp(lp)
        dx[rows, y] += 1
        return -lp[rows, y].mean(), dx / N
    """,
    ),
    _softmax_loss(
        "sign of the loss",
        "the log-likelihood",
        """
        dx = np.exp(lp)
        dx[rows, y] -= 1
        return lp[rows, y].mean(), dx / N
    """,
    ),
    _softmax_loss(
        "1e-8 inside the logarithm",
        "the loss cannot exceed 19",
        """
        dx = np.exp(lp)
        loss = -np.log(dx[rows, y] + 1e-8).mean()
        dx[rows, y] -= 1
        return loss, dx / N
    """,
    ),
    _softmax_loss(
        "logarithm of the probability",
        "log(0) where the probability underflows",
        """
        dx = np.exp(lp)
        loss = -np.log(dx[rows, y]).mean()
        dx[rows, y] -= 1
        return loss, dx / N
    """,
    ),
    _softmax_loss(
        "base two",
        "bits for nats",
        """
        dx = np.exp(lp)
        dx[rows, y] -= 1
        return -lp[rows, y].mean() / np.log(2), dx / N
    """,
    ),
    _loss(
        "softmax",
        "no shift",
        "inf / inf for large logits",
        """
        N = len(x)
        p = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
        loss = -np.log(p[np.arange(N), y]).mean()
        p[np.arange(N), y] -= 1
        return loss, p / N
    """,
    ),
    _loss(
        "softmax",
        "normalised over the batch",
        "one sum for all rows",
        """
        N = len(x)
        e = np.exp(x - x.max())
        p = e / e.sum()
        loss = -np.log(p[np.arange(N), y]).mean()
        p[np.arange(N), y] -= 1
        return loss, p / N
    """,
    ),
    _svm_loss("summed", "1/N is missing in both", "on[rows, y] = -on.sum(axis=1)\nreturn margins.sum(), on"),
    _svm_loss(
        "gradient not averaged",
        "1/N is missing in the gradient",
        "on[rows, y] = -on.sum(axis=1)\nreturn margins.sum() / N, on",
    ),
    _svm_loss(
        "averaged over all entries", "1/(N C)", "on[rows, y] = -on.sum(axis=1)\nreturn margins.mean(), on / x.size"
    ),
    _svm_loss("nothing at the correct class", "minus the count is missing", "return margins.sum() / N, on / N"),
    _svm_loss(
        "minus one at the correct class", "for minus the count", "on[rows, y] = -1\nreturn margins.sum() / N, on / N"
    ),
    _svm_loss(
        "plus the count", "sign at the correct class", "on[rows, y] = on.sum(axis=1)\nreturn margins.sum() / N, on / N"
    ),
    _svm_loss(
        "count of the whole batch", "sum over all rows", "on[rows, y] = -on.sum()\nreturn margins.sum() / N, on / N"
    ),
    _svm_loss(
        "squared hinge",
        "squares of the margins",
        """
        g = 2 * margins
        g[rows, y] = -g.sum(axis=1)
        return (margins**2).sum() / N, g / N
    """,
    ),
    _svm_loss(
        "worst class only",
        "the maximum over the classes for the sum",
        """
        worst = margins.argmax(axis=1)
        g = np.zeros_like(x)
        g[rows, worst] = on[rows, worst]
        g[rows, y] -= on[rows, worst]
        return margins.max(axis=1).sum() / N, g / N
    """,
    ),
    _svm_loss(
        "margins as the gradient",
        "values for indicators",
        """
        g = margins.copy()
        g[rows, y] = -margins.sum(axis=1)
        return margins.sum() / N, g / N
    """,
    ),
    _loss(
        "svm",
        "correct class counted",
        "every example adds its own margin of one",
        """
        N = len(x)
        margins = np.maximum(0, x - x[np.arange(N), y][:, None] + 1)
        on = (margins > 0) * 1.0
        on[np.arange(N), y] -= on.sum(axis=1)
        return margins.sum() / N, on / N
    """,
    ),
    _loss(
        "svm",
        "margin of zero",
        "the 1 is missing",
        """
        N = len(x)
        margins = np.maximum(0, x - x[np.arange(N), y][:, None])
        on = (margins > 0) * 1.0
        on[np.arange(N), y] -= on.sum(axis=1)
        return margins.sum() / N, on / N
    """,
    ),
    _loss(
        "svm",
        "margin reversed",
        "correct minus other",
        """
        N = len(x)
        margins = np.maximum(0, x[np.arange(N), y][:, None] - x + 1)
        margins[np.arange(N), y] = 0
        on = (margins > 0) * -1.0
        on[np.arange(N), y] -= on.sum(axis=1)
        return margins.sum() / N, on / N
    """,
    ),
]

WRONG_LAYERS = [*_AFFINE, *_PIECEWISE_LINEAR, *_SMOOTH, *_SOFTMAX, *_LOSSES]
