"""Right answers to the unit on layers, written the many ways in which students write them.

Every entry holds in all regimes: randn, odd shapes, logits of a thousand, inputs of a thousandth, a
mean of a hundred, kinks and ties. Some emit numpy's overflow warnings on the way to the right value.
"""

from __future__ import annotations

from functools import partial

from .entry import right

__all__ = ["RIGHT_LAYERS"]

_right = partial(right, "layers")

_AFFINE = [
    _right(
        "affine_forward affine_backward",
        "reshape and @",
        """
        def affine_forward(x, w, b):
            out = x.reshape(x.shape[0], -1) @ w + b
            return out, (x, w, b)

        def affine_backward(dout, cache):
            x, w, b = cache
            dx = (dout @ w.T).reshape(x.shape)
            dw = x.reshape(x.shape[0], -1).T @ dout
            return dx, dw, dout.sum(axis=0)
    """,
    ),
    _right(
        "affine_forward affine_backward",
        "einsum, cache as a dict",
        """
        def affine_forward(x, w, b):
            flat = np.reshape(x, (len(x), w.shape[0]))
            return np.einsum("nd,dm->nm", flat, w) + b[None, :], {"flat": flat, "w": w, "shape": x.shape}

        def affine_backward(dout, cache):
            dx = np.einsum("nm,dm->nd", dout, cache["w"]).reshape(cache["shape"])
            dw = np.einsum("nd,nm->dm", cache["flat"], dout)
            db = np.einsum("nm->m", dout)
            return dx, dw, db
    """,
    ),
    _right(
        "affine_forward affine_backward",
        "explicit loops over every index",
        """
        def affine_forward(x, w, b):
            N = x.shape[0]
            D, M = w.shape
            rows = x.reshape(N, D)
            out = np.zeros((N, M))
            for n in range(N):
                for m in range(M):
                    total = b[m]
                    for d in range(D):
                        total = total + rows[n, d] * w[d, m]
                    out[n, m] = total
            return out, (x, w, b)

        def affine_backward(dout, cache):
            x, w, b = cache
            N = x.shape[0]
            D, M = w.shape
            rows = x.reshape(N, D)
            dx, dw, db = np.zeros((N, D)), np.zeros((D, M)), np.zeros(M)
            for n in range(N):
                for m in range(M):
                    db[m] += dout[n, m]
                    for d in range(D):
                        dx[n, d] += dout[n, m] * w[d, m]
                        dw[d, m] += dout[n, m] * rows[n, d]
            return dx.reshape(x.shape), dw, db
    """,
    ),
    _right(
        "affine_forward affine_backward",
        "sum of outer products, closure as cache",
        """
        def affine_forward(x, w, b):
            rows = [np.ravel(row) for row in x]
            out = np.stack([row @ w + b for row in rows])

            def pull(dout):
                dx = np.stack([w @ g for g in dout]).reshape(x.shape)
                dw = sum(np.outer(row, g) for row, g in zip(rows, dout))
                return dx, dw, sum(dout)

            return out, pull

        def affine_backward(dout, cache):
            return cache(dout)
    """,
    ),
    _right(
        "affine_forward affine_backward",
        "bias as an extra row, tensordot",
        """
        def affine_forward(x, w, b):
            ones = np.ones((x.shape[0], 1))
            xb = np.hstack([x.reshape(x.shape[0], -1), ones])
            wb = np.vstack([w, b])
            return np.tensordot(xb, wb, axes=1), [xb, wb, x.shape]

        def affine_backward(dout, cache):
            xb, wb, shape = cache
            dxb = np.tensordot(dout, wb, axes=(1, 1))
            dwb = np.tensordot(xb, dout, axes=(0, 0))
            return dxb[:, :-1].reshape(shape), dwb[:-1], dwb[-1]
    """,
    ),
    _right(
        "affine_backward affine_forward",
        "object as cache, np.dot, ones times dout",
        """
        class Affine:
            def __init__(self, x, w, b):
                self.shape = x.shape
                self.x = x.reshape(x.shape[0], int(np.prod(x.shape[1:])))
                self.w = w
                self.b = b

            def value(self):
                return np.dot(self.x, self.w) + self.b

            def slopes(self, g):
                return np.dot(g, self.w.T).reshape(*self.shape), np.dot(self.x.T, g), np.dot(np.ones(len(g)), g)

        def affine_forward(x, w, b):
            layer = Affine(x, w, b)
            return layer.value(), layer

        def affine_backward(dout, cache):
            return cache.slopes(dout)
    """,
    ),
    _right(
        "linear_forward linear_backward",
        "matmul",
        """
        def linear_forward(x, w):
            return np.matmul(x, w), (x, w)

        def linear_backward(dout, cache):
            x, w = cache
            return np.matmul(dout, w.T), np.matmul(x.T, dout)
    """,
    ),
    _right(
        "linear_forward linear_backward",
        "broadcast product and sum",
        """
        def linear_forward(x, w):
            return (x[:, :, None] * w[None]).sum(axis=1), {"x": x, "w": w}

        def linear_backward(dout, cache):
            dx = (dout[:, None, :] * cache["w"][None]).sum(axis=2)
            dw = (dout[:, None, :] * cache["x"][:, :, None]).sum(axis=0)
            return dx, dw
    """,
    ),
    _right(
        "linear_forward linear_backward",
        "transposed twice: (w.T x.T).T",
        """
        def linear_forward(x, w):
            return (w.T @ x.T).T, (x.copy(), w.copy())

        def linear_backward(dout, cache):
            x, w = cache
            return (w @ dout.T).T, (dout.T @ x).T
    """,
    ),
    _right(
        "linear_jacobian",
        "the transpose",
        """
        def linear_jacobian(w):
            return w.T.copy()
    """,
    ),
    _right(
        "linear_jacobian",
        "one output at a time",
        """
        def linear_jacobian(w):
            D, M = w.shape
            J = np.empty((M, D))
            for i in range(M):
                for j in range(D):
                    J[i, j] = w[j, i]
            return J
    """,
    ),
    _right(
        "linear_jacobian",
        "images of the basis vectors as columns",
        """
        def linear_jacobian(w):
            return np.column_stack([e @ w for e in np.eye(w.shape[0])])
    """,
    ),
]

_PIECEWISE_LINEAR = [
    _right(
        "relu_forward relu_backward",
        "np.maximum and a strict mask",
        """
        def relu_forward(x):
            return np.maximum(0, x), x

        def relu_backward(dout, cache):
            return dout * (cache > 0)
    """,
    ),
    _right(
        "relu_forward relu_backward",
        "x*(x>0) and >= at the kink",
        """
        def relu_forward(x):
            return x * (x > 0), x

        def relu_backward(dout, cache):
            return np.where(cache >= 0, dout, 0.0)
    """,
    ),
    _right(
        "relu_forward relu_backward",
        "one half at the kink, by the sign",
        """
        def relu_forward(x):
            return (x + np.abs(x)) / 2, np.sign(x)

        def relu_backward(dout, cache):
            return dout * 0.5 * (1 + cache)
    """,
    ),
    _right(
        "relu_forward relu_backward",
        "boolean indexing on copies",
        """
        def relu_forward(x):
            out = x.copy()
            off = x < 0
            out[off] = 0
            return out, off

        def relu_backward(dout, cache):
            dx = np.array(dout)
            dx[cache] = 0
            return dx
    """,
    ),
    _right(
        "relu_forward relu_backward",
        "np.clip, mask from the output",
        """
        def relu_forward(x):
            out = np.clip(x, 0, None)
            return out, out

        def relu_backward(dout, cache):
            return dout * (cache != 0)
    """,
    ),
    _right(
        "relu_forward relu_backward",
        "np.piecewise and np.heaviside",
        """
        def relu_forward(x):
            return np.piecewise(x, [x > 0], [lambda v: v, 0.0]), x

        def relu_backward(dout, cache):
            return dout * np.heaviside(cache, 0.3)
    """,
    ),
    _right(
        "relu_forward relu_backward",
        "element by element",
        """
        def relu_forward(x):
            out = np.empty_like(x)
            for i in np.ndindex(x.shape):
                out[i] = max(0.0, float(x[i]))
            return out, x

        def relu_backward(dout, cache):
            dx = np.zeros(dout.shape)
            for i, v in np.ndenumerate(cache):
                if v > 0:
                    dx[i] = dout[i]
            return dx
    """,
    ),
    _right(
        "relu_forward relu_backward",
        "np.vectorize and a lambda as cache",
        """
        def relu_forward(x):
            f = np.vectorize(lambda v: v if v > 0 else 0.0, otypes=[float])
            return f(x), lambda g: g * np.ceil(np.clip(np.sign(x), 0, 1))

        def relu_backward(dout, cache):
            return cache(dout)
    """,
    ),
    _right(
        "relu_jacobian",
        "np.diag of the mask",
        """
        def relu_jacobian(x):
            return np.diag((x > 0).astype(float))
    """,
    ),
    _right(
        "relu_jacobian",
        "identity with columns scaled, one at the kink",
        """
        def relu_jacobian(x):
            return np.eye(len(x)) * np.where(x < 0, 0.0, 1.0)
    """,
    ),
    _right(
        "relu_jacobian",
        "filled on the diagonal in a loop",
        """
        def relu_jacobian(x):
            J = np.zeros((x.size, x.size))
            for i in range(x.size):
                if x[i] > 0:
                    J[i, i] = 1
            return J
    """,
    ),
    _right(
        "leaky_relu_forward leaky_relu_backward",
        "np.where",
        """
        def leaky_relu_forward(x, alpha=0.01):
            return np.where(x > 0, x, alpha * x), (x, alpha)

        def leaky_relu_backward(dout, cache):
            x, alpha = cache
            return np.where(x > 0, dout, alpha * dout)
    """,
    ),
    _right(
        "leaky_relu_forward leaky_relu_backward",
        "positive part plus alpha times negative part",
        """
        def leaky_relu_forward(x, alpha=0.01):
            return np.maximum(x, 0) + alpha * np.minimum(x, 0), (x < 0, alpha)

        def leaky_relu_backward(dout, cache):
            negative, alpha = cache
            return dout * (1.0 * ~negative + alpha * negative)
    """,
    ),
    _right(
        "leaky_relu_forward leaky_relu_backward",
        "slope array as cache, mean slope at the kink",
        """
        def leaky_relu_forward(x, alpha=0.01):
            slope = np.select([x > 0, x < 0], [1.0, alpha], default=(1 + alpha) / 2)
            return x * slope, slope

        def leaky_relu_backward(dout, cache):
            return cache * dout
    """,
    ),
    _right(
        "leaky_relu_forward leaky_relu_backward",
        "masked in-place scaling of copies",
        """
        def leaky_relu_forward(x, alpha=0.01):
            out = x.copy()
            out[x <= 0] *= alpha
            return out, dict(where=x <= 0, by=alpha)

        def leaky_relu_backward(dout, cache):
            dx = dout.copy()
            dx[cache["where"]] *= cache["by"]
            return dx
    """,
    ),
]

_SMOOTH = [
    _right(
        "sigmoid_forward sigmoid_backward",
        "textbook quotient (warns at -1000, value 0)",
        """
        def sigmoid_forward(x):
            s = 1 / (1 + np.exp(-x))
            return s, s

        def sigmoid_backward(dout, cache):
            return dout * cache * (1 - cache)
    """,
    ),
    _right(
        "sigmoid_forward sigmoid_backward",
        "split by sign with masks",
        """
        def sigmoid_forward(x):
            out = np.empty_like(x)
            pos = x >= 0
            out[pos] = 1 / (1 + np.exp(-x[pos]))
            z = np.exp(x[~pos])
            out[~pos] = z / (1 + z)
            return out, (out,)

        def sigmoid_backward(dout, cache):
            (s,) = cache
            return s * (1.0 - s) * dout
    """,
    ),
    _right(
        "sigmoid_forward sigmoid_backward",
        "exp(-logaddexp(0, -x)), s - s*s",
        """
        def sigmoid_forward(x):
            s = np.exp(-np.logaddexp(0, -x))
            return s, {"s": s}

        def sigmoid_backward(dout, cache):
            s = cache["s"]
            return dout * (s - s * s)
    """,
    ),
    _right(
        "sigmoid_forward sigmoid_backward",
        "np.where on exp(-|x|), slope from the same exponential",
        """
        def sigmoid_forward(x):
            e = np.exp(-np.abs(x))
            return np.where(x >= 0, 1.0, e) / (1 + e), e

        def sigmoid_backward(dout, cache):
            return dout * cache / (1 + cache) ** 2
    """,
    ),
    _right(
        "sigmoid_backward sigmoid_forward",
        "slope as sigmoid(x) sigmoid(-x), math.exp in a loop",
        """
        import math

        def _one(v):
            if v < 0:
                e = math.exp(v)
                return e / (1 + e)
            return 1 / (1 + math.exp(-v))

        def sigmoid_forward(x):
            return np.array([_one(v) for v in x.ravel()]).reshape(x.shape), x

        def sigmoid_backward(dout, cache):
            slope = [_one(v) * _one(-v) for v in cache.ravel()]
            return dout * np.reshape(slope, cache.shape)
    """,
    ),
    _right(
        "tanh_forward tanh_backward",
        "np.tanh, 1 - t**2",
        """
        def tanh_forward(x):
            t = np.tanh(x)
            return t, t

        def tanh_backward(dout, cache):
            return dout * (1 - cache**2)
    """,
    ),
    _right(
        "tanh_forward tanh_backward",
        "factored slope (1 - t)(1 + t)",
        """
        def tanh_forward(x):
            return np.tanh(x), x

        def tanh_backward(dout, cache):
            t = np.tanh(cache)
            return (1 - t) * dout * (1 + t)
    """,
    ),
    _right(
        "tanh_forward tanh_backward",
        "expm1 of -2|x|",
        """
        def tanh_forward(x):
            e = np.expm1(-2 * np.abs(x))
            return np.copysign(-e / (2 + e), x), e

        def tanh_backward(dout, cache):
            # 4 q / (1 + q)**2 with q = exp(-2|x|)
            q = cache + 1
            return 4 * q / (1 + q) ** 2 * dout
    """,
    ),
    _right(
        "tanh_forward tanh_backward",
        "math.tanh in a comprehension, dout - dout t t",
        """
        import math

        def tanh_forward(x):
            out = np.array([math.tanh(v) for v in x.flat]).reshape(x.shape)
            return out, lambda: out

        def tanh_backward(dout, cache):
            t = cache()
            return dout - dout * t * t
    """,
    ),
    _right(
        "softplus_forward softplus_backward",
        "np.logaddexp",
        """
        def softplus_forward(x):
            return np.logaddexp(0, x), x

        def softplus_backward(dout, cache):
            return dout / (1 + np.exp(-cache))
    """,
    ),
    _right(
        "softplus_forward softplus_backward",
        "max(x, 0) + log1p(exp(-|x|))",
        """
        def softplus_forward(x):
            e = np.exp(-np.abs(x))
            return np.maximum(x, 0) + np.log1p(e), (x, e)

        def softplus_backward(dout, cache):
            x, e = cache
            return dout * np.where(x > 0, 1, e) / (1 + e)
    """,
    ),
    _right(
        "softplus_forward softplus_backward",
        "np.where with both branches computed",
        """
        def softplus_forward(x):
            with np.errstate(over="ignore"):
                return np.where(x > 0, x + np.log1p(np.exp(-x)), np.log1p(np.exp(x))), x

        def softplus_backward(dout, cache):
            with np.errstate(over="ignore", invalid="ignore"):
                up, down = 1 / (1 + np.exp(-cache)), np.exp(cache) / (1 + np.exp(cache))
            return dout * np.where(cache > 0, up, down)
    """,
    ),
    _right(
        "softplus_forward softplus_backward",
        "the identity beyond 40, where the rest is below rounding",
        """
        def softplus_forward(x):
            small = np.minimum(x, 40.0)
            return np.where(x > 40, x, np.log1p(np.exp(small))), x

        def softplus_backward(dout, cache):
            return dout * np.exp(cache - np.logaddexp(0, cache))
    """,
    ),
]

_SOFTMAX = [
    _right(
        "logsumexp_forward logsumexp_backward",
        "shift by the maximum",
        """
        def logsumexp_forward(x):
            m = x.max(axis=1)
            out = m + np.log(np.exp(x - m[:, None]).sum(axis=1))
            return out, (x, out)

        def logsumexp_backward(dout, cache):
            x, out = cache
            return dout[:, None] * np.exp(x - out[:, None])
    """,
    ),
    _right(
        "logsumexp_forward logsumexp_backward",
        "np.logaddexp.reduce",
        """
        def logsumexp_forward(x):
            return np.logaddexp.reduce(x, axis=-1), x

        def logsumexp_backward(dout, cache):
            e = np.exp(cache - cache.max(axis=-1, keepdims=True))
            p = e / e.sum(axis=-1, keepdims=True)
            return p * dout.reshape(-1, 1)
    """,
    ),
    _right(
        "logsumexp_forward logsumexp_backward",
        "row by row with math.fsum",
        """
        import math

        def logsumexp_forward(x):
            out, weights = [], []
            for row in x.tolist():
                top = max(row)
                terms = [math.exp(v - top) for v in row]
                total = math.fsum(terms)
                out.append(top + math.log(total))
                weights.append([v / total for v in terms])
            return np.array(out), np.array(weights)

        def logsumexp_backward(dout, cache):
            return (cache.T * dout).T
    """,
    ),
    _right(
        "logsumexp_forward logsumexp_backward",
        "recursion by halves",
        """
        def _lse(x):
            if x.shape[-1] == 1:
                return x[..., 0]
            h = x.shape[-1] // 2
            a, b = _lse(x[..., :h]), _lse(x[..., h:])
            return np.maximum(a, b) + np.log1p(np.exp(-np.abs(a - b)))

        def logsumexp_forward(x):
            out = _lse(x)
            return out, np.exp(x - np.expand_dims(out, -1))

        def logsumexp_backward(dout, cache):
            return np.einsum("n,nd->nd", dout, cache)
    """,
    ),
    _right(
        "logsumexp_forward logsumexp_backward",
        "functools.reduce over columns, one-hot Jacobian rows",
        """
        from functools import reduce

        def logsumexp_forward(x):
            return reduce(np.logaddexp, x.T), {"x": x}

        def logsumexp_backward(dout, cache):
            x = cache["x"]
            # one over the sum of exp(x_j - x_i): the overflow to inf is a weight of zero
            with np.errstate(over="ignore"):
                p = 1 / np.exp(x[:, None, :] - x[:, :, None]).sum(axis=2)
            return dout[:, np.newaxis] * p
    """,
    ),
    _right(
        "softmax_forward softmax_backward",
        "shift, s*(dout - sum)",
        """
        def softmax_forward(x):
            e = np.exp(x - np.max(x, axis=-1, keepdims=True))
            s = e / np.sum(e, axis=-1, keepdims=True)
            return s, s

        def softmax_backward(dout, cache):
            return cache * (dout - (dout * cache).sum(axis=-1, keepdims=True))
    """,
    ),
    _right(
        "softmax_forward softmax_backward",
        "a Jacobian diag(s) - s s^T for each row",
        """
        def softmax_forward(x):
            flat = x.reshape(-1, x.shape[-1])
            rows = []
            for row in flat:
                e = np.exp(row - row.max())
                rows.append(e / e.sum())
            s = np.array(rows).reshape(x.shape)
            return s, s

        def softmax_backward(dout, cache):
            s = cache.reshape(-1, cache.shape[-1])
            g = dout.reshape(s.shape)
            dx = np.zeros(s.shape)
            for i in range(len(s)):
                J = np.diag(s[i]) - np.outer(s[i], s[i])
                dx[i] = J @ g[i]
            return dx.reshape(dout.shape)
    """,
    ),
    _right(
        "softmax_forward softmax_backward",
        "through log-softmax by np.logaddexp",
        """
        def softmax_forward(x):
            logs = x - np.logaddexp.reduce(x, axis=-1, keepdims=True)
            return np.exp(logs), logs

        def softmax_backward(dout, cache):
            s = np.exp(cache)
            ds = dout * s
            return ds - s * ds.sum(axis=-1)[..., None]
    """,
    ),
    _right(
        "softmax_forward softmax_backward",
        "batched Jacobians with einsum",
        """
        def softmax_forward(x):
            x = x - np.amax(x, -1)[..., np.newaxis]
            s = np.exp(x)
            s = s / np.einsum("...d->...", s)[..., np.newaxis]
            return s, {"out": s}

        def softmax_backward(dout, cache):
            s = cache["out"]
            J = np.eye(s.shape[-1]) * s[..., None] - s[..., :, None] * s[..., None, :]
            return np.einsum("...ij,...j->...i", J, dout)
    """,
    ),
    _right(
        "softmax_forward softmax_backward",
        "as a quotient: numerator and normaliser differentiated apart",
        """
        def softmax_forward(x):
            e = np.exp(x - x.max(-1, keepdims=True))
            z = e.sum(-1, keepdims=True)
            return e / z, (e, z)

        def softmax_backward(dout, cache):
            e, z = cache
            de = dout / z
            dz = -(dout * e).sum(-1, keepdims=True) / z**2
            return (de + dz) * e
    """,
    ),
]

_LOSSES = [
    _right(
        "squared_error_loss",
        "half the sum of squares",
        """
        def squared_error_loss(x, y):
            d = x - y
            return 0.5 * np.sum(d**2), d
    """,
    ),
    _right(
        "squared_error_loss",
        "np.vdot of the residual",
        """
        def squared_error_loss(x, y):
            residual = np.subtract(x, y)
            return np.vdot(residual, residual) / 2, residual.copy()
    """,
    ),
    _right(
        "squared_error_loss",
        "accumulated with math.fsum, a Python float",
        """
        import math

        def squared_error_loss(x, y):
            r = x - y
            return 0.5 * math.fsum(v * v for v in r.ravel()), r
    """,
    ),
    _right(
        "mse_loss",
        "np.mean and 2 d / size",
        """
        def mse_loss(x, y):
            d = x - y
            return np.mean(d**2), 2 * d / d.size
    """,
    ),
    _right(
        "mse_loss",
        "norm squared over the number of elements",
        """
        def mse_loss(x, y):
            n = np.prod(x.shape)
            return np.linalg.norm(x - y) ** 2 / n, (x - y) * (2.0 / n)
    """,
    ),
    _right(
        "mse_loss",
        "written on the negated residual, with loops",
        """
        def mse_loss(x, y):
            total, dx = 0.0, np.zeros_like(x)
            for i in np.ndindex(*x.shape):
                e = y[i] - x[i]
                total += e * e
                dx[i] = -2 * e / x.size
            return total / x.size, dx
    """,
    ),
    _right(
        "bce_with_logits_loss",
        "max(u, 0) - u y + log1p(exp(-|u|))",
        """
        def bce_with_logits_loss(x, y):
            loss = np.mean(np.maximum(x, 0) - x * y + np.log1p(np.exp(-np.abs(x))))
            return loss, (1 / (1 + np.exp(-x)) - y) / len(x)
    """,
    ),
    _right(
        "bce_with_logits_loss",
        "y softplus(-u) + (1-y) softplus(u)",
        """
        def bce_with_logits_loss(x, y):
            n = x.shape[0]
            terms = y * np.logaddexp(0, -x) + (1 - y) * np.logaddexp(0, x)
            p = np.exp(-np.logaddexp(0, -x))
            return terms.sum() / n, (p - y) / n
    """,
    ),
    _right(
        "bce_with_logits_loss",
        "an example at a time, with a branch for the sign",
        """
        import math

        def bce_with_logits_loss(x, y):
            total, dx = 0.0, np.zeros(len(x))
            for i, (u, t) in enumerate(zip(x, y)):
                e = math.exp(-abs(u))
                p = 1 / (1 + e) if u >= 0 else e / (1 + e)
                total += math.log1p(e) + (u * (1 - t) if u >= 0 else -u * t)
                dx[i] = p - t
            return total / len(x), dx / len(x)
    """,
    ),
    _right(
        "bce_with_logits_loss",
        "gradient split as -y s(-u) + (1-y) s(u)",
        """
        def bce_with_logits_loss(x, y):
            def s(u):
                e = np.exp(-np.abs(u))
                return np.where(u < 0, e, 1.0) / (1 + e)

            loss = np.average(np.where(y > 0.5, np.logaddexp(-x, 0), np.logaddexp(x, 0)))
            return loss, ((1 - y) * s(x) - y * s(-x)) / x.size
    """,
    ),
    _right(
        "softmax_loss",
        "fancy indexing on shifted log probabilities",
        """
        def softmax_loss(x, y):
            shifted = x - np.max(x, axis=1, keepdims=True)
            Z = np.sum(np.exp(shifted), axis=1, keepdims=True)
            log_probs = shifted - np.log(Z)
            N = x.shape[0]
            loss = -np.sum(log_probs[np.arange(N), y]) / N
            dx = np.exp(log_probs)
            dx[np.arange(N), y] -= 1
            dx /= N
            return loss, dx
    """,
    ),
    _right(
        "softmax_loss",
        "one-hot matrix",
        """
        def softmax_loss(x, y):
            N, C = x.shape
            Y = np.eye(C)[y]
            lse = np.logaddexp.reduce(x, axis=1)
            loss = np.mean(lse - (x * Y).sum(axis=1))
            return loss, (np.exp(x - lse[:, None]) - Y) / N
    """,
    ),
    _right(
        "softmax_loss",
        "row by row, plain Python",
        """
        import math

        def softmax_loss(x, y):
            N, C = x.shape
            loss, dx = 0.0, np.zeros((N, C))
            for n in range(N):
                top = max(x[n])
                e = [math.exp(v - top) for v in x[n]]
                Z = sum(e)
                loss += math.log(Z) - (x[n, y[n]] - top)
                for c in range(C):
                    dx[n, c] = (e[c] / Z - (1 if c == y[n] else 0)) / N
            return loss / N, dx
    """,
    ),
    _right(
        "softmax_loss",
        "np.take_along_axis, labels by comparison",
        """
        def softmax_loss(x, y):
            labels = np.asarray(y).astype(np.int64)[:, None]
            z = x - x.max(axis=1)[:, None]
            lse = np.log(np.exp(z).sum(axis=1))
            loss = (lse - np.take_along_axis(z, labels, axis=1)[:, 0]).mean()
            dx = np.exp(z - lse[:, None]) - (labels == np.arange(x.shape[1]))
            return loss, dx / x.shape[0]
    """,
    ),
    _right(
        "softmax_loss",
        "composed of log-softmax and its backward",
        """
        def _log_softmax(x):
            m = x.max(axis=1, keepdims=True)
            return x - m - np.log(np.exp(x - m).sum(axis=1, keepdims=True))

        def softmax_loss(x, y):
            N = len(x)
            lp = _log_softmax(x)
            upstream = np.zeros(x.shape)
            upstream[range(N), y] = -1.0 / N
            loss = float((lp * upstream).sum())
            dx = upstream - np.exp(lp) * upstream.sum(axis=1, keepdims=True)
            return loss, dx
    """,
    ),
    _right(
        "svm_loss",
        "margins with the correct class set to zero",
        """
        def svm_loss(x, y):
            N = x.shape[0]
            rows = np.arange(N)
            margins = np.maximum(0, x - x[rows, y][:, None] + 1.0)
            margins[rows, y] = 0
            loss = np.sum(margins) / N
            dx = (margins > 0).astype(float)
            dx[rows, y] -= np.sum(margins > 0, axis=1)
            return loss, dx / N
    """,
    ),
    _right(
        "svm_loss",
        "two loops",
        """
        def svm_loss(x, y):
            N, C = x.shape
            loss = 0.0
            dx = np.zeros_like(x)
            for i in range(N):
                correct = x[i, y[i]]
                for j in range(C):
                    if j == y[i]:
                        continue
                    margin = x[i, j] - correct + 1
                    if margin > 0:
                        loss += margin
                        dx[i, j] += 1
                        dx[i, y[i]] -= 1
            return loss / N, dx / N
    """,
    ),
    _right(
        "svm_loss",
        "one-hot algebra, >= at the hinge",
        """
        def svm_loss(x, y):
            N, C = x.shape
            Y = (np.asarray(y)[:, None] == np.arange(C)[None, :]).astype(float)
            other = 1 - Y
            raw = x - (x * Y).sum(1, keepdims=True) + 1
            active = other * (raw >= 0)
            loss = (active * raw).sum() / N
            dx = (active - Y * active.sum(1, keepdims=True)) / N
            return loss, dx
    """,
    ),
    _right(
        "svm_loss",
        "correct class removed by np.delete, half at the hinge",
        """
        def svm_loss(x, y):
            N, C = x.shape
            loss, dx = 0.0, []
            for row, k in zip(x, y):
                k = int(k)
                m = np.delete(row, k) - row[k] + 1
                loss = loss + m[m > 0].sum()
                g = np.heaviside(m, 0.5)
                dx.append(np.insert(g, k, -g.sum()))
            return loss / N, np.array(dx) / N
    """,
    ),
    _right(
        "svm_loss",
        "counts the correct class and takes its margin of one off again",
        """
        def svm_loss(x, y):
            N = x.shape[0]
            correct = np.take_along_axis(x, np.asarray(y, dtype=np.intp)[:, None], 1)
            hinge = (x - correct + 1).clip(min=0)
            hinge[np.arange(N), y] -= 1.0
            on = (hinge > 0) * 1.0
            on[np.arange(N), y] = -on.sum(axis=1)
            return hinge.sum() / N, on / N
    """,
    ),
]

RIGHT_LAYERS = [*_AFFINE, *_PIECEWISE_LINEAR, *_SMOOTH, *_SOFTMAX, *_LOSSES]
