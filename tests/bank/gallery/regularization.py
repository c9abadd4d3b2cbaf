"""Right and wrong answers to unit ``regularization``, written from the public contract alone.

A backward pass that stands alone takes the cache that its docstring names.
"""

from __future__ import annotations

from functools import partial

from .entry import changed, noted, right, wrong

__all__ = ["NOTED_REGULARIZATION", "RIGHT_REGULARIZATION", "WRONG_REGULARIZATION"]

_changed, _noted, _right, _wrong = (partial(make, "regularization") for make in (changed, noted, right, wrong))

_BN = """
            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum, train = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9), bn_param["mode"] == "train"
                now = {"running_mean": x.mean(axis=0), "running_var": x.var(axis=0)} if train else bn_param
                mu, var = now["running_mean"], now["running_var"]
                if train:
                    for key, value in now.items():
                        bn_param[key] = momentum * bn_param.get(key, 0 * value) + (1 - momentum) * value
                std = np.sqrt(var + eps)
                return gamma * (x - mu) / std + beta, ((x - mu) / std, gamma, std)


"""
_LN = """
            def layernorm_forward(x, gamma, beta, ln_param):
                std = np.sqrt(x.var(axis=1, keepdims=True) + ln_param.get("eps", 1e-5))
                xhat = (x - x.mean(axis=1, keepdims=True)) / std
                return gamma * xhat + beta, (xhat, gamma, std)


"""

_L2 = _right(
    "l2_regularization",
    "sums of squares by a generator, gradients by two comprehensions",
    """
        def l2_regularization(weights, biases, reg):
            loss = reg * sum((w**2).sum() for w in weights)
            return loss, [2 * reg * w for w in weights] + [np.zeros_like(b) for b in biases]
    """,
)

_DROPOUT = _right(
    "dropout_forward dropout_backward",
    "as CS231n has it: the global generator seeded, the mask divided by p",
    """
        def dropout_forward(x, dropout_param):
            p, mode = dropout_param["p"], dropout_param["mode"]
            if "seed" in dropout_param:
                np.random.seed(dropout_param["seed"])
            mask = None
            if mode == "train":
                mask = (np.random.rand(*x.shape) < p) / p
                out = x * mask
            elif mode == "test":
                out = x
            return out, (dropout_param, mask)


        def dropout_backward(dout, cache):
            dropout_param, mask = cache
            if dropout_param["mode"] == "train":
                return dout * mask
            return dout
    """,
)

_BATCHNORM = _right(
    "batchnorm_forward batchnorm_over_batches batchnorm_backward batchnorm_backward_alt",
    "step by step through the graph, a long cache",
    """
        def batchnorm_forward(x, gamma, beta, bn_param):
            eps = bn_param.get("eps", 1e-5)
            momentum = bn_param.get("momentum", 0.9)
            N, D = x.shape
            running_mean = bn_param.get("running_mean", np.zeros(D))
            running_var = bn_param.get("running_var", np.zeros(D))
            if bn_param["mode"] == "train":
                mu = x.sum(axis=0) / N
                xmu = x - mu
                var = (xmu**2).sum(axis=0) / N
                std = np.sqrt(var + eps)
                ivar = 1.0 / std
                xhat = xmu * ivar
                out = gamma * xhat + beta
                bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mu
                bn_param["running_var"] = momentum * running_var + (1 - momentum) * var
                return out, (xhat, gamma, xmu, ivar, std, var, eps)
            std = np.sqrt(running_var + eps)
            xhat = (x - running_mean) / std
            return gamma * xhat + beta, (xhat, gamma, x - running_mean, 1 / std, std, running_var, eps)


        def batchnorm_backward(dout, cache):
            xhat, gamma, xmu, ivar, std, var, eps = cache
            N, D = dout.shape
            dbeta = dout.sum(axis=0)
            dgamma = (dout * xhat).sum(axis=0)
            dxhat = dout * gamma
            divar = (dxhat * xmu).sum(axis=0)
            dxmu1 = dxhat * ivar
            dstd = -divar / std**2
            dvar = 0.5 * dstd / np.sqrt(var + eps)
            dsq = np.ones((N, D)) * dvar / N
            dxmu2 = 2 * xmu * dsq
            dx1 = dxmu1 + dxmu2
            dmu = -dx1.sum(axis=0)
            dx2 = np.ones((N, D)) * dmu / N
            return dx1 + dx2, dgamma, dbeta


        def batchnorm_backward_alt(dout, cache):
            xhat, gamma, _, ivar, *_ = cache
            dx = gamma * ivar * (dout - dout.mean(axis=0) - xhat * (dout * xhat).mean(axis=0))
            return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
    """,
)

_LAYERNORM = _right(
    "layernorm_forward layernorm_backward",
    "means over the last axis with keepdims",
    """
        def layernorm_forward(x, gamma, beta, ln_param):
            eps = ln_param.get("eps", 1e-5)
            mu = x.mean(axis=1, keepdims=True)
            std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
            xhat = (x - mu) / std
            return gamma * xhat + beta, (xhat, gamma, std)


        def layernorm_backward(dout, cache):
            xhat, gamma, std = cache
            g = dout * gamma
            dx = (g - g.mean(axis=1, keepdims=True) - xhat * (g * xhat).mean(axis=1, keepdims=True)) / std
            return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
    """,
)

_GROUPNORM = _right(
    "spatial_groupnorm_forward spatial_groupnorm_backward",
    "one reshape to (N, G, the rest)",
    """
        def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
            eps = gn_param.get("eps", 1e-5)
            N = x.shape[0]
            xg = x.reshape(N, G, -1)
            std = np.sqrt(xg.var(axis=2, keepdims=True) + eps)
            xhat = ((xg - xg.mean(axis=2, keepdims=True)) / std).reshape(x.shape)
            return gamma * xhat + beta, (xhat, gamma, std, G)


        def spatial_groupnorm_backward(dout, cache):
            xhat, gamma, std, G = cache
            N = dout.shape[0]
            dgamma = (dout * xhat).sum(axis=(0, 2, 3), keepdims=True)
            dbeta = dout.sum(axis=(0, 2, 3), keepdims=True)
            g = (dout * gamma).reshape(N, G, -1)
            h = xhat.reshape(N, G, -1)
            dx = (g - g.mean(axis=2, keepdims=True) - h * (g * h).mean(axis=2, keepdims=True)) / std
            return dx.reshape(dout.shape), dgamma, dbeta
    """,
)

RIGHT_REGULARIZATION = [
    _L2,
    _right(
        "l2_regularization",
        "every entry in a loop, the loss a Python float",
        """
            def l2_regularization(weights, biases, reg):
                loss = 0.0
                grads = []
                for w in weights:
                    g = np.zeros(w.shape)
                    for i in range(w.shape[0]):
                        for j in range(w.shape[1]):
                            loss += reg * float(w[i, j]) ** 2
                            g[i, j] = 2.0 * reg * w[i, j]
                    grads.append(g)
                for b in biases:
                    grads.append(np.zeros(len(b)))
                return loss, grads
        """,
    ),
    _right(
        "l2_regularization",
        "inner products of the flattened weights, w + w for 2 w, biases times zero",
        """
            from itertools import chain


            def l2_regularization(weights, biases, reg):
                loss = np.dot(*[np.concatenate([w.ravel() for w in weights])] * 2) * reg
                return loss, list(chain((reg * (w + w) for w in weights), (b * 0 for b in biases)))
        """,
    ),
    _right(
        "l2_regularization",
        "Frobenius norm squared, a list that is filled in place",
        """
            def l2_regularization(weights, biases, reg):
                gradients = [None] * (len(weights) + len(biases))
                loss = np.float64(0)
                for k, w in enumerate(weights):
                    loss += np.linalg.norm(w, "fro") ** 2
                    gradients[k] = w.copy()
                    gradients[k] *= 2 * reg
                for k, b in enumerate(biases):
                    gradients[len(weights) + k] = np.zeros(b.shape, dtype=b.dtype)
                return reg * loss, gradients
        """,
    ),
    _DROPOUT,
    _right(
        "dropout_forward dropout_backward",
        "Python's random module, one entry after the other",
        """
            import random


            def dropout_forward(x, dropout_param):
                if dropout_param["mode"] != "train":
                    return x.copy(), (dropout_param, None)
                toss = random.Random(dropout_param["seed"]) if "seed" in dropout_param else random
                p = dropout_param["p"]
                mask = np.zeros(x.shape)
                for place in np.ndindex(*x.shape):
                    if toss.random() < p:
                        mask[place] = 1 / p
                return x * mask, (dropout_param, mask)


            def dropout_backward(dout, cache):
                _, mask = cache
                if mask is None:
                    return dout
                dx = np.zeros_like(dout)
                for place in np.ndindex(*dout.shape):
                    dx[place] = dout[place] * mask[place]
                return dx
        """,
    ),
    _right(
        "dropout_forward dropout_backward",
        "the new generator, where() with the odds turned round",
        """
            def dropout_forward(x, dropout_param):
                def draw():
                    rng = np.random.default_rng(dropout_param.get("seed"))
                    return np.where(rng.random(x.shape) >= 1 - dropout_param["p"], 1 / dropout_param["p"], 0.0)

                mask = draw() if dropout_param["mode"] == "train" else None
                return (x if mask is None else mask * x), (dropout_param, mask)


            def dropout_backward(dout, cache):
                return dout if cache[1] is None else np.einsum("...,...->...", cache[1], dout)
        """,
    ),
    _right(
        "dropout_forward dropout_backward",
        "binomial draws on a private RandomState, the mask flat and then shaped",
        """
            def _mask(shape, p, seed):
                state = np.random.RandomState() if seed is None else np.random.RandomState(seed)
                size = int(np.prod(shape))
                return (state.binomial(1, p, size=size).astype(float) / p).reshape(shape)


            def dropout_forward(x, dropout_param):
                mask = None
                out = np.array(x)
                if dropout_param["mode"] == "train":
                    mask = _mask(x.shape, dropout_param["p"], dropout_param.get("seed"))
                    out *= mask
                return out, (dropout_param, mask)


            def dropout_backward(dout, cache):
                param, mask = cache
                dx = dout.copy()
                if param["mode"] == "train":
                    dx *= mask
                return dx
        """,
    ),
    _right(
        "dropout_backward",
        "only the entries that were kept are written, each divided by p",
        """
            def dropout_backward(dout, cache):
                param, mask = cache
                if param["mode"] == "test":
                    return dout
                dx = np.zeros(dout.shape)
                kept = mask != 0
                dx[kept] = dout[kept] / param["p"]
                return dx
        """,
    ),
    _right(
        "dropout_moments",
        "two matrix-vector products",
        """
            def dropout_moments(x, w, p):
                return x @ w, (x**2) @ (w**2) * ((1 - p) / p)
        """,
    ),
    _right(
        "dropout_moments",
        "both cases of each entry written out, in loops",
        """
            def dropout_moments(x, w, p):
                N, D = x.shape
                mean, variance = np.zeros(N), np.zeros(N)
                for n in range(N):
                    for d in range(D):
                        term = w[d] * x[n, d]
                        on, off = term / p, 0.0
                        m = p * on + (1 - p) * off
                        mean[n] += m
                        variance[n] += p * (on - m) ** 2 + (1 - p) * (off - m) ** 2
                return mean, variance
        """,
    ),
    _right(
        "dropout_moments",
        "einsum, the second moment of the mask less one",
        """
            def dropout_moments(x, w, p):
                h = np.einsum("nd,d->nd", x, w)
                return np.einsum("nd->n", h), np.einsum("nd,nd->n", h, h) * (1 / p - 1)
        """,
    ),
    _BATCHNORM,
    _right(
        "batchnorm_forward batchnorm_over_batches batchnorm_backward batchnorm_backward_alt",
        "a closure for a cache",
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, m = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                train = bn_param.get("mode") == "train"
                if train:
                    mu, v = np.mean(x, 0), np.var(x, 0)
                    old_mu, old_v = (bn_param.get(k, 0.0) for k in ("running_mean", "running_var"))
                    bn_param.update(running_mean=m * old_mu + (1 - m) * mu, running_var=m * old_v + (1 - m) * v)
                else:
                    mu, v = bn_param["running_mean"], bn_param["running_var"]
                s = (v + eps) ** 0.5
                hat = (x - mu) / s

                def back(dout):
                    db = dout.sum(0)
                    dg = np.einsum("nd,nd->d", dout, hat)
                    return gamma / s * (dout - (db + hat * dg) / len(dout)), dg, db

                return hat * gamma + beta, back


            def batchnorm_backward(dout, cache):
                return cache(dout)


            batchnorm_backward_alt = batchnorm_backward
        """,
    ),
    _right(
        "batchnorm_forward batchnorm_over_batches batchnorm_backward",
        "feature by feature, with the Jacobian of each column",
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                N, D = x.shape
                eps = bn_param["eps"] if "eps" in bn_param else 1e-5
                momentum = bn_param["momentum"] if "momentum" in bn_param else 0.9
                out, columns = np.empty_like(x), []
                if bn_param["mode"] == "train":
                    means, variances = [], []
                    for d in range(D):
                        mu = sum(x[n, d] for n in range(N)) / N
                        var = sum((x[n, d] - mu) ** 2 for n in range(N)) / N
                        means.append(mu)
                        variances.append(var)
                    means, variances = np.array(means), np.array(variances)
                    for key, new in (("running_mean", means), ("running_var", variances)):
                        old = bn_param[key] if key in bn_param else np.zeros(D)
                        bn_param[key] = old + (1 - momentum) * (new - old)
                else:
                    means, variances = bn_param["running_mean"], bn_param["running_var"]
                for d in range(D):
                    s = np.sqrt(variances[d] + eps)
                    h = (x[:, d] - means[d]) / s
                    columns.append({"h": h, "s": s, "g": gamma[d]})
                    out[:, d] = gamma[d] * h + beta[d]
                return out, columns


            def batchnorm_backward(dout, cache):
                N, D = dout.shape
                dx, dgamma, dbeta = np.zeros((N, D)), np.zeros(D), np.zeros(D)
                for d, c in enumerate(cache):
                    J = c["g"] / c["s"] * (np.eye(N) - np.full((N, N), 1 / N) - np.outer(c["h"], c["h"]) / N)
                    dx[:, d] = J.T @ dout[:, d]
                    dgamma[d] = dout[:, d] @ c["h"]
                    dbeta[d] = dout[:, d].sum()
                return dx, dgamma, dbeta
        """,
    ),
    _right(
        "batchnorm_backward",
        "the paper's formulae in terms of x − μ, without the term that is zero",
        _BN
        + """
            def batchnorm_backward(dout, cache):
                x_hat, gamma, std = cache
                N = len(dout)
                centred = x_hat * std
                dx_hat = dout * gamma
                dvar = np.sum(dx_hat * centred, axis=0) * -0.5 * std**-3.0
                dmu = np.sum(-dx_hat / std, axis=0)
                dx = dx_hat / std + dvar * 2 * centred / N + dmu / N
                return dx, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)
        """,
    ),
    _right(
        "batchnorm_backward",
        "one entry of dx after the other",
        _BN
        + """
            def batchnorm_backward(dout, cache):
                x_hat, gamma, std = cache
                N, D = dout.shape
                dx = np.zeros((N, D))
                dgamma = [0.0] * D
                dbeta = [0.0] * D
                for d in range(D):
                    for n in range(N):
                        dgamma[d] += dout[n, d] * x_hat[n, d]
                        dbeta[d] += dout[n, d]
                    for n in range(N):
                        dx[n, d] = gamma[d] / (N * std[d]) * (N * dout[n, d] - dbeta[d] - x_hat[n, d] * dgamma[d])
                return dx, np.array(dgamma), np.array(dbeta)
        """,
    ),
    _right(
        "batchnorm_backward_alt",
        "one line with N outside the bracket",
        _BN
        + """
            def batchnorm_backward_alt(dout, cache):
                (h, gamma, s), N = cache, dout.shape[0]
                dgamma, dbeta = (h * dout).sum(0), dout.sum(0)
                return (gamma / s / N) * (N * dout - h * dgamma - dbeta), dgamma, dbeta
        """,
    ),
    _right(
        "batchnorm_backward_alt",
        "einsum over the projections of all columns at once",
        _BN
        + """
            def batchnorm_backward_alt(dout, cache):
                h, gamma, s = cache
                N = h.shape[0]
                keep = np.eye(N)[:, :, None] - 1 / N - np.einsum("id,jd->ijd", h, h) / N
                return np.einsum("ijd,jd,d->id", keep, dout, gamma / s), np.einsum("nd,nd->d", dout, h), np.ones(N) @ dout
        """,
    ),
    _right(
        "batchnorm_backward_alt",
        "works on a copy in place",
        _BN
        + """
            def batchnorm_backward_alt(dout, cache):
                x_hat, gamma, std = cache
                dx = dout - dout.mean(axis=0, keepdims=True)
                dx -= x_hat * np.mean(dout * x_hat, axis=0, keepdims=True)
                dx *= gamma
                dx /= std
                return dx, np.diag(dout.T @ x_hat).copy(), np.add.reduce(dout, 0)
        """,
    ),
    _right(
        "rmsnorm_backward",
        "the mean taken of g instead of dout",
        """
            def rmsnorm_backward(dout, x, gamma, eps=1e-5):
                r = np.sqrt((x**2).mean(axis=1, keepdims=True) + eps)
                x_hat = x / r
                g = dout * gamma
                dx = (g - x_hat * (g * x_hat).mean(axis=1, keepdims=True)) / r
                dgamma = (dout * x_hat).sum(axis=0)
                return dx, dgamma
        """,
    ),
    _right(
        "rmsnorm_backward",
        "row by row with the Jacobian in terms of x",
        """
            def rmsnorm_backward(dout, x, gamma, eps=1e-5):
                N, D = x.shape
                dx, dgamma = np.zeros((N, D)), np.zeros(D)
                for n in range(N):
                    m = x[n] @ x[n] / D + eps
                    J = np.eye(D) * m**-0.5 - np.outer(x[n], x[n]) / D * m**-1.5
                    dx[n] = (dout[n] * gamma) @ J
                    dgamma += dout[n] * x[n] / np.sqrt(m)
                return dx, dgamma
        """,
    ),
    _right(
        "is_standardise_backward",
        "own analytic gradient, several shapes and scales",
        """
            def _own(dout, x):
                s = np.sqrt(x.var(axis=0) + 1e-5)
                h = (x - x.mean(axis=0)) / s
                return (dout - dout.mean(axis=0) - h * (dout * h).mean(axis=0)) / s


            def is_standardise_backward(backward):
                rng = np.random.default_rng(7)
                for N, D in [(5, 3), (3, 5), (4, 4), (2, 1), (7, 1), (1, 3), (12, 2)]:
                    for scale in (1.0, 3e-3, 20.0):
                        for _ in range(3):
                            x = scale * rng.normal(size=(N, D)) + scale * rng.normal(size=D)
                            dout = rng.normal(size=(N, D)) + 0.3
                            try:
                                got = np.asarray(backward(dout.copy(), x.copy()))
                            except Exception:
                                return False
                            want = _own(dout, x)
                            if got.shape != want.shape or not np.all(np.isfinite(got)):
                                return False
                            if not np.allclose(got, want, rtol=1e-6, atol=1e-8 / scale):
                                return False
                return True
        """,
    ),
    _right(
        "is_standardise_backward",
        "complex steps through a forward pass of its own",
        """
            def _forward(x):
                c = x - x.sum(axis=0) / x.shape[0]
                return c / np.sqrt((c * c).sum(axis=0) / x.shape[0] + 1e-5)


            def _slope(dout, x):
                dx = np.zeros(x.shape)
                for i in np.ndindex(*x.shape):
                    z = x.astype(complex)
                    z[i] += 1e-30j
                    dx[i] = (dout * _forward(z)).sum().imag / 1e-30
                return dx


            def _agrees(backward, dout, x):
                try:
                    got = backward(dout, x)
                    return got.shape == x.shape and float(np.abs(got - _slope(dout, x)).max()) <= 1e-6 * (1 + np.abs(dout).max()) / (
                        np.sqrt(x.var(axis=0) + 1e-5).min()
                    )
                except Exception:
                    return False


            def is_standardise_backward(backward):
                rng = np.random.RandomState(3)
                shapes = [(4, 3), (3, 4), (6, 2), (2, 6), (5, 1)] * 2
                spreads = [1.0] * 5 + [0.002] * 5
                return all(_agrees(backward, rng.randn(*s), k * rng.randn(*s) + k) for s, k in zip(shapes, spreads))
        """,
    ),
    _right(
        "is_standardise_backward",
        "central differences of a scalar loss along random directions and along each axis",
        """
            def is_standardise_backward(backward):
                rng = np.random.default_rng(11)

                def loss(dout, x):
                    return np.sum(dout * (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-5))

                for spread in (1.0, 0.01):
                    for N, D in ((6, 4), (3, 7), (9, 2)):
                        x = spread * (rng.standard_normal((N, D)) + np.arange(D))
                        dout = rng.uniform(-2, 3, (N, D))
                        try:
                            dx = backward(dout, x)
                        except Exception:
                            return False
                        if np.shape(dx) != (N, D):
                            return False
                        h = 1e-5 * spread
                        for n in range(N):
                            for d in range(D):
                                e = np.zeros((N, D))
                                e[n, d] = h
                                slope = (loss(dout, x + e) - loss(dout, x - e)) / (2 * h)
                                if not abs(slope - dx[n, d]) < 1e-5 * max(1.0, abs(slope)) / min(1.0, spread):
                                    return False
                return True
        """,
    ),
    _right(
        "frozen_batchnorm_backward fold_batchnorm",
        "a scale a feature and nothing else",
        """
            def frozen_batchnorm_backward(dout, x, gamma, running_mean, running_var, eps=1e-5):
                s = np.sqrt(running_var + eps)
                return dout * gamma / s, (dout * (x - running_mean) / s).sum(axis=0), dout.sum(axis=0)


            def fold_batchnorm(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
                k = gamma / np.sqrt(running_var + eps)
                return w * k, k * (b - running_mean) + beta
        """,
    ),
    _right(
        "frozen_batchnorm_backward",
        "matrix products with diagonal matrices",
        """
            def frozen_batchnorm_backward(dout, x, gamma, running_mean, running_var, eps=1e-5):
                S = np.diag((running_var + eps) ** -0.5)
                h = (x - running_mean) @ S
                return dout @ np.diag(gamma) @ S, np.einsum("ij,ij->j", dout, h), dout.T @ np.ones(len(x))
        """,
    ),
    _right(
        "frozen_batchnorm_backward",
        "loops, sums kept in Python floats",
        """
            import math


            def frozen_batchnorm_backward(dout, x, gamma, running_mean, running_var, eps=1e-5):
                N, D = x.shape
                dx = np.empty((N, D))
                dgamma, dbeta = np.empty(D), np.empty(D)
                for d in range(D):
                    s = math.sqrt(running_var[d] + eps)
                    dgamma[d] = math.fsum(float(dout[n, d]) * (float(x[n, d]) - float(running_mean[d])) for n in range(N)) / s
                    dbeta[d] = math.fsum(map(float, dout[:, d]))
                    for n in range(N):
                        dx[n, d] = dout[n, d] * (gamma[d] / s)
                return dx, dgamma, dbeta
        """,
    ),
    _right(
        "fold_batchnorm",
        "read off from what the two layers make of the unit vectors and of 1",
        """
            def fold_batchnorm(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
                def both(x, one):
                    return gamma * (x @ w + one * (b - running_mean)) / np.sqrt(running_var + eps) + one * beta

                inputs = w.shape[0]
                return both(np.eye(inputs), 0.0), both(np.zeros(inputs), 1.0)
        """,
    ),
    _right(
        "fold_batchnorm",
        "one column after the other",
        """
            def fold_batchnorm(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
                w, b = w.copy(), b.copy()
                for m in range(w.shape[1]):
                    s = float(np.sqrt(running_var[m] + eps))
                    w[:, m] *= gamma[m] / s
                    b[m] = beta[m] - gamma[m] * (running_mean[m] - b[m]) / s
                return w, b
        """,
    ),
    _LAYERNORM,
    _right(
        "layernorm_forward layernorm_backward",
        "transposed, so that it is the batch norm again",
        """
            def layernorm_forward(x, gamma, beta, ln_param):
                xt = x.T
                mu, var = xt.mean(axis=0), xt.var(axis=0)
                std = np.sqrt(var + ln_param.get("eps", 1e-5))
                hat = (xt - mu) / std
                return hat.T * gamma + beta, [hat, std, gamma]


            def layernorm_backward(dout, cache):
                hat, std, gamma = cache
                D, N = hat.shape
                g = (dout * gamma).T
                dx = (D * g - g.sum(axis=0) - hat * (g * hat).sum(axis=0)) / (D * std)
                return dx.T, (dout.T * hat).sum(axis=1), dout.sum(axis=0)
        """,
    ),
    _right(
        "layernorm_forward layernorm_backward",
        "row by row, the backward pass starts again from x",
        """
            def _row(x, eps):
                mu = float(sum(x)) / len(x)
                v = float(sum((t - mu) ** 2 for t in x)) / len(x)
                return (x - mu) / (v + eps) ** 0.5, (v + eps) ** 0.5


            def layernorm_forward(x, gamma, beta, ln_param):
                eps = ln_param["eps"] if "eps" in ln_param else 1e-5
                out = np.stack([gamma * _row(r, eps)[0] + beta for r in x])
                return out, (x.copy(), gamma.copy(), eps)


            def layernorm_backward(dout, cache):
                x, gamma, eps = cache
                dgamma, dbeta, rows = np.zeros(len(gamma)), np.zeros(len(gamma)), []
                for r, d in zip(x, dout):
                    h, s = _row(r, eps)
                    dgamma += d * h
                    dbeta += d
                    J = (np.eye(len(h)) - 1 / len(h) - np.outer(h, h) / len(h)) / s
                    rows.append(J @ (d * gamma))
                return np.array(rows), dgamma, dbeta
        """,
    ),
    _right(
        "layernorm_backward",
        "einsum, the documented cache, step by step",
        _LN
        + """
            def layernorm_backward(dout, cache):
                h, gamma, s = cache
                D = h.shape[-1]
                dh = np.einsum("nd,d->nd", dout, gamma)
                ds = -np.einsum("nd,nd->n", dh, h)[:, None] / s
                dv = ds / (2 * s)
                dc = dh / s + 2 * dv * (h * s) / D
                dx = dc - np.einsum("nd->n", dc)[:, None] / D
                return dx, np.einsum("nd,nd->d", h, dout), np.einsum("nd->d", dout)
        """,
    ),
    _GROUPNORM,
    _right(
        "spatial_groupnorm_forward spatial_groupnorm_backward",
        "slices of channels in two loops",
        """
            def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
                eps = gn_param.get("eps", 1e-5)
                N, C, H, W = x.shape
                size = C // G
                hat, stds = np.zeros(x.shape), {}
                for n in range(N):
                    for g in range(G):
                        part = x[n, g * size : (g + 1) * size]
                        stds[n, g] = np.sqrt(np.mean((part - part.mean()) ** 2) + eps)
                        hat[n, g * size : (g + 1) * size] = (part - part.mean()) / stds[n, g]
                return gamma * hat + beta, (hat, gamma, stds, size)


            def spatial_groupnorm_backward(dout, cache):
                hat, gamma, stds, size = cache
                dx = np.zeros(dout.shape)
                dhat = dout * gamma
                for (n, g), s in stds.items():
                    k = slice(g * size, (g + 1) * size)
                    dh, h = dhat[n, k], hat[n, k]
                    dx[n, k] = (dh - dh.sum() / dh.size - h * (dh * h).sum() / dh.size) / s
                dgamma, dbeta = np.zeros(gamma.shape), np.zeros(gamma.shape)
                for c in range(dout.shape[1]):
                    dgamma[0, c, 0, 0] = np.vdot(dout[:, c], hat[:, c])
                    dbeta[0, c, 0, 0] = dout[:, c].sum()
                return dx, dgamma, dbeta
        """,
    ),
    _right(
        "spatial_groupnorm_forward spatial_groupnorm_backward",
        "five axes and means over three of them",
        """
            def _split(a, G):
                N, C, H, W = a.shape
                return a.reshape(N, G, C // G, H, W)


            def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
                y = _split(x, G)
                axes = (2, 3, 4)
                y = y - y.mean(axis=axes, keepdims=True)
                s = np.sqrt(np.square(y).mean(axis=axes, keepdims=True) + gn_param.get("eps", 1e-5))
                y = (y / s).reshape(x.shape)
                return y * gamma + beta, {"y": y, "s": s, "gamma": gamma, "G": G}


            def spatial_groupnorm_backward(dout, cache):
                y, s, G = cache["y"], cache["s"], cache["G"]
                axes = (2, 3, 4)
                d, h = _split(dout * cache["gamma"], G), _split(y, G)
                dx = (d - d.mean(axis=axes, keepdims=True) - h * (d * h).mean(axis=axes, keepdims=True)) / s
                dgamma = np.einsum("nchw,nchw->c", dout, y).reshape(1, -1, 1, 1)
                return dx.reshape(y.shape), dgamma, np.einsum("nchw->c", dout)[None, :, None, None]
        """,
    ),
    _right(
        "spatial_groupnorm_forward spatial_groupnorm_backward",
        "rows of one matrix, split and put together again",
        """
            def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
                parts, cache = [], []
                for part in np.split(x, G, axis=1):
                    flat = part.reshape(len(x), -1)
                    mu, var = flat.mean(1), flat.var(1)
                    s = np.sqrt(var + gn_param.get("eps", 1e-5))
                    h = ((flat.T - mu) / s).T
                    cache.append((h, s))
                    parts.append(h.reshape(part.shape))
                hat = np.concatenate(parts, axis=1)
                return gamma * hat + beta, (hat, gamma, cache)


            def spatial_groupnorm_backward(dout, cache):
                hat, gamma, rows = cache
                dxs = []
                for d, (h, s) in zip(np.split(dout * gamma, len(rows), axis=1), rows):
                    shape, d = d.shape, d.reshape(len(h), -1)
                    m = h.shape[1]
                    dx = (m * d - d.sum(1)[:, None] - h * np.sum(d * h, 1)[:, None]) / (m * s[:, None])
                    dxs.append(dx.reshape(shape))
                total = dict(axis=(0, 2, 3), keepdims=True)
                return np.concatenate(dxs, 1), np.sum(dout * hat, **total), np.sum(dout, **total)
        """,
    ),
    _right(
        "l2_regularization dropout_moments batchnorm_forward batchnorm_over_batches batchnorm_backward batchnorm_backward_alt "
        "rmsnorm_backward layernorm_forward layernorm_backward spatial_groupnorm_forward spatial_groupnorm_backward",
        "one core for all norms, which takes the axes",
        """
            def _norm(x, axes, eps):
                mu, v = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)
                return (x - mu) / np.sqrt(v + eps), mu, v


            def _denorm(dh, h, s, axes):
                return (dh - dh.mean(axis=axes, keepdims=True) - h * (dh * h).mean(axis=axes, keepdims=True)) / s


            def l2_regularization(weights, biases, reg):
                return np.multiply(reg, sum(map(lambda w: np.einsum("ij,ij", w, w), weights))), [
                    *map(lambda w: w * (reg / 0.5), weights),
                    *map(np.zeros_like, biases),
                ]


            def dropout_moments(x, w, p):
                scaled = x * w
                return scaled.sum(axis=-1), np.square(scaled).sum(axis=-1) / p * (1 - p)


            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                if bn_param["mode"] == "test":
                    s = np.sqrt(bn_param["running_var"] + eps)
                    h = (x - bn_param["running_mean"]) / s
                else:
                    h, mu, v = _norm(x, 0, eps)
                    s = np.sqrt(v[0] + eps)
                    for key, now in {"running_mean": mu[0], "running_var": v[0]}.items():
                        bn_param[key] = momentum * bn_param.get(key, np.zeros_like(now)) + (1 - momentum) * now
                return gamma * h + beta, (h, gamma, s)


            def batchnorm_backward(dout, cache):
                h, gamma, s = cache
                return _denorm(dout * gamma, h, s, 0), (dout * h).sum(0), dout.sum(0)


            def batchnorm_backward_alt(dout, cache):
                return batchnorm_backward(dout, cache)


            def rmsnorm_backward(dout, x, gamma, eps=1e-5):
                r = (np.mean(x * x, -1)[..., None] + eps) ** 0.5
                g = dout * gamma
                return g / r - x * np.mean(g * x, -1)[..., None] / r**3, np.sum(dout * x / r, 0)


            def layernorm_forward(x, gamma, beta, ln_param):
                eps = ln_param.get("eps", 1e-5)
                h, _, v = _norm(x, 1, eps)
                return gamma * h + beta, (h, gamma, np.sqrt(v + eps))


            def layernorm_backward(dout, cache):
                h, gamma, s = cache
                return _denorm(dout * gamma, h, s, 1), (dout * h).sum(0), dout.sum(0)


            def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
                eps = gn_param.get("eps", 1e-5)
                h, _, v = _norm(x.reshape(len(x) * G, -1), 1, eps)
                h = h.reshape(x.shape)
                return gamma * h + beta, (h, gamma, np.sqrt(v + eps).reshape(len(x), G, 1), G)


            def spatial_groupnorm_backward(dout, cache):
                h, gamma, s, G = cache
                dx = _denorm((dout * gamma).reshape(len(dout), G, -1), h.reshape(len(dout), G, -1), s, 2)
                return dx.reshape(dout.shape), (dout * h).sum((0, 2, 3), keepdims=True), dout.sum((0, 2, 3), keepdims=True)
        """,
    ),
    _right(
        "question_dropout_variance",
        "as the factor of the unit's noise",
        """
            def question_dropout_variance():
                return "x^2 * (1 - p) / p"
        """,
    ),
    _right(
        "question_dropout_variance",
        "second moment less the square of the mean",
        """
            def question_dropout_variance():
                return "(x / p)**2 * p - x**2"
        """,
    ),
]

NOTED_REGULARIZATION = [
    _noted(
        "l2_regularization",
        "weights overwritten",
        "mutation",
        "the weights themselves are multiplied by 2 reg and handed back",
        """
            def l2_regularization(weights, biases, reg):
                loss = reg * sum(np.sum(w * w) for w in weights)
                for w in weights:
                    w *= 2 * reg
                return loss, list(weights) + [np.zeros_like(b) for b in biases]
        """,
    ),
    _noted(
        "dropout_forward",
        "x overwritten",
        "mutation",
        "x *= mask changes the caller's array",
        """
            def dropout_forward(x, dropout_param):
                p, mode = dropout_param["p"], dropout_param["mode"]
                rng = np.random.default_rng(dropout_param.get("seed"))
                mask = None
                if mode == "train":
                    mask = (rng.random(x.shape) < p) / p
                    x *= mask
                return x, (dropout_param, mask)
        """,
    ),
    _noted(
        "dropout_backward",
        "dout overwritten",
        "mutation",
        "dout *= mask changes the caller's array",
        """
            def dropout_backward(dout, cache):
                param, mask = cache
                if param["mode"] == "train":
                    dout *= mask
                return dout
        """,
    ),
    _noted(
        "batchnorm_forward",
        "x centred in place",
        "mutation",
        "x -= mean changes the caller's batch",
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                D = x.shape[1]
                rm, rv = bn_param.get("running_mean", np.zeros(D)), bn_param.get("running_var", np.zeros(D))
                if bn_param["mode"] == "train":
                    mu, var = x.mean(axis=0), x.var(axis=0)
                    bn_param["running_mean"] = momentum * rm + (1 - momentum) * mu
                    bn_param["running_var"] = momentum * rv + (1 - momentum) * var
                else:
                    mu, var = rm, rv
                std = np.sqrt(var + eps)
                x -= mu
                return gamma * x / std + beta, (x / std, gamma, std)
        """,
    ),
    _noted(
        "fold_batchnorm",
        "folded in place",
        "mutation",
        "the caller's w and b are overwritten",
        """
            def fold_batchnorm(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
                k = gamma / np.sqrt(running_var + eps)
                w *= k
                b -= running_mean
                b *= k
                b += beta
                return w, b
        """,
    ),
    _noted(
        "layernorm_forward",
        "default written into ln_param",
        "mutation",
        "setdefault puts eps into the caller's dict",
        """
            def layernorm_forward(x, gamma, beta, ln_param):
                eps = ln_param.setdefault("eps", 1e-5)
                std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
                xhat = (x - x.mean(axis=1, keepdims=True)) / std
                return gamma * xhat + beta, (xhat, gamma, std)
        """,
    ),
]

WRONG_REGULARIZATION = [
    # L2
    _wrong(
        "l2_regularization",
        "halved",
        "½ reg Σ W² and reg W: the convention of other courses, half of what is asked",
        """
            def l2_regularization(weights, biases, reg):
                loss = 0.5 * reg * sum(np.sum(w * w) for w in weights)
                return loss, [reg * w for w in weights] + [np.zeros_like(b) for b in biases]
        """,
    ),
    _wrong(
        "l2_regularization",
        "gradient without its 2",
        "the loss is right and the gradient is reg W, half of the slope of that loss",
        """
            def l2_regularization(weights, biases, reg):
                loss = reg * sum(np.sum(w * w) for w in weights)
                return loss, [reg * w for w in weights] + [np.zeros_like(b) for b in biases]
        """,
    ),
    _wrong(
        "l2_regularization",
        "biases regularised too",
        "the biases pay as the weights do, in the loss and in the gradients",
        """
            def l2_regularization(weights, biases, reg):
                everything = weights + biases
                loss = reg * sum(np.sum(p**2) for p in everything)
                return loss, [2 * reg * p for p in everything]
        """,
    ),
    _wrong(
        "l2_regularization",
        "biases in the gradient only",
        "the loss leaves the biases out, their gradients are 2 reg b",
        """
            def l2_regularization(weights, biases, reg):
                loss = sum(reg * np.sum(w**2) for w in weights)
                return loss, [2 * reg * p for p in list(weights) + list(biases)]
        """,
    ),
    _wrong(
        "l2_regularization",
        "weight and bias in turn",
        "the gradients come layer by layer, dW then db, where all weights come first",
        """
            def l2_regularization(weights, biases, reg):
                loss, grads = 0.0, []
                for w, b in zip(weights, biases):
                    loss += reg * np.sum(w**2)
                    grads.append(2 * reg * w)
                    grads.append(np.zeros_like(b))
                return loss, grads
        """,
    ),
    _wrong(
        "l2_regularization",
        "the norm without its square",
        "the loss sums the Frobenius norms, not their squares",
        """
            def l2_regularization(weights, biases, reg):
                loss = reg * sum(np.linalg.norm(w) for w in weights)
                return loss, [2 * reg * w for w in weights] + [np.zeros_like(b) for b in biases]
        """,
    ),
    _wrong(
        "l2_regularization",
        "mean for sum",
        "the squares are averaged over the entries of each weight, and the gradient too",
        """
            def l2_regularization(weights, biases, reg):
                loss = reg * sum((w**2).mean() for w in weights)
                return loss, [2 * reg * w / w.size for w in weights] + [np.zeros_like(b) for b in biases]
        """,
    ),
    _wrong(
        "l2_regularization",
        "L1",
        "absolute values and signs: the lasso's price",
        """
            def l2_regularization(weights, biases, reg):
                loss = reg * sum(np.abs(w).sum() for w in weights)
                return loss, [reg * np.sign(w) for w in weights] + [np.zeros_like(b) for b in biases]
        """,
    ),
    _wrong(
        "l2_regularization",
        "assignment for accumulation",
        "loss = for loss +=: only the last layer's weight counts in the loss",
        """
            def l2_regularization(weights, biases, reg):
                loss = 0
                gradients = []
                for w in weights:
                    loss = reg * np.sum(w * w)
                    gradients.append(2 * reg * w)
                for b in biases:
                    gradients.append(np.zeros_like(b))
                return loss, gradients
        """,
    ),
    # Dropout, forward
    _wrong(
        "dropout_forward",
        "vanilla dropout",
        "no 1/p in training: the mean of out is p times x",
        """
            def dropout_forward(x, dropout_param):
                p, mode = dropout_param["p"], dropout_param["mode"]
                if "seed" in dropout_param:
                    np.random.seed(dropout_param["seed"])
                mask, out = None, x
                if mode == "train":
                    mask = (np.random.rand(*x.shape) < p).astype(float)
                    out = x * mask
                return out, (dropout_param, mask)
        """,
    ),
    _wrong(
        "dropout_forward",
        "vanilla dropout, scaled at test",
        "the original paper's dropout: no 1/p in training, times p in test mode",
        """
            def dropout_forward(x, dropout_param):
                p, mode = dropout_param["p"], dropout_param["mode"]
                rng = np.random.default_rng(dropout_param.get("seed"))
                if mode == "train":
                    mask = (rng.random(x.shape) < p) * 1.0
                    return x * mask, (dropout_param, mask)
                return x * p, (dropout_param, None)
        """,
    ),
    _wrong(
        "dropout_forward",
        "inverted, and scaled again at test",
        "training is right, test mode multiplies by p what was made up for already",
        """
            def dropout_forward(x, dropout_param):
                p, mode = dropout_param["p"], dropout_param["mode"]
                rng = np.random.default_rng(dropout_param.get("seed"))
                mask = None
                if mode == "train":
                    mask = (rng.random(x.shape) < p) / p
                    out = x * mask
                else:
                    out = x * p
                return out, (dropout_param, mask)
        """,
    ),
    _wrong(
        "dropout_forward",
        "p read as the probability of dropping",
        "keeps with probability 1 − p and divides by 1 − p: PyTorch's p",
        """
            def dropout_forward(x, dropout_param):
                p, mode = dropout_param["p"], dropout_param["mode"]
                if "seed" in dropout_param:
                    np.random.seed(dropout_param["seed"])
                mask, out = None, x
                if mode == "train":
                    mask = (np.random.rand(*x.shape) >= p) / (1 - p)
                    out = x * mask
                return out, (dropout_param, mask)
        """,
    ),
    _wrong(
        "dropout_forward",
        "comparison the wrong way",
        "keeps with probability 1 − p, but divides by p",
        """
            def dropout_forward(x, dropout_param):
                p, mode = dropout_param["p"], dropout_param["mode"]
                if "seed" in dropout_param:
                    np.random.seed(dropout_param["seed"])
                mask, out = None, x
                if mode == "train":
                    mask = (np.random.rand(*x.shape) > p) / p
                    out = x * mask
                return out, (dropout_param, mask)
        """,
    ),
    _wrong(
        "dropout_forward",
        "normal draws for uniform ones",
        "randn for rand: an entry is kept with probability Φ(p)",
        """
            def dropout_forward(x, dropout_param):
                p, mode = dropout_param["p"], dropout_param["mode"]
                if "seed" in dropout_param:
                    np.random.seed(dropout_param["seed"])
                mask, out = None, x
                if mode == "train":
                    mask = (np.random.randn(*x.shape) < p) / p
                    out = x * mask
                return out, (dropout_param, mask)
        """,
    ),
    _wrong(
        "dropout_forward",
        "one row of mask for the batch",
        "the mask is drawn for one example and used for all: entries of a column fall together",
        """
            def dropout_forward(x, dropout_param):
                p, mode = dropout_param["p"], dropout_param["mode"]
                rng = np.random.default_rng(dropout_param.get("seed"))
                mask, out = None, x
                if mode == "train":
                    mask = np.broadcast_to((rng.random(x.shape[1:]) < p) / p, x.shape).copy()
                    out = x * mask
                return out, (dropout_param, mask)
        """,
    ),
    _wrong(
        "dropout_forward",
        "whole examples dropped",
        "one draw an example: a row is kept or dropped as a whole",
        """
            def dropout_forward(x, dropout_param):
                p, mode = dropout_param["p"], dropout_param["mode"]
                rng = np.random.default_rng(dropout_param.get("seed"))
                mask, out = None, x
                if mode == "train":
                    keep = rng.random(x.shape[0]) < p
                    mask = np.ones(x.shape)
                    mask[~keep] = 0
                    mask /= p
                    out = x * mask
                return out, (dropout_param, mask)
        """,
    ),
    _wrong(
        "dropout_forward",
        "a fixed count kept",
        "a permutation keeps just round(p · size) entries: they are not drawn each for itself",
        """
            def dropout_forward(x, dropout_param):
                p, mode = dropout_param["p"], dropout_param["mode"]
                rng = np.random.default_rng(dropout_param.get("seed"))
                mask, out = None, x
                if mode == "train":
                    flat = np.zeros(x.size)
                    flat[rng.permutation(x.size)[: int(round(p * x.size))]] = 1 / p
                    mask = flat.reshape(x.shape)
                    out = x * mask
                return out, (dropout_param, mask)
        """,
    ),
    _wrong(
        "dropout_forward",
        "always seeded",
        "without a seed the generator is started at 0 each time: the same mask at each call",
        """
            def dropout_forward(x, dropout_param):
                p, mode = dropout_param["p"], dropout_param["mode"]
                np.random.seed(dropout_param.get("seed", 0))
                mask, out = None, x
                if mode == "train":
                    mask = (np.random.rand(*x.shape) < p) / p
                    out = x * mask
                return out, (dropout_param, mask)
        """,
    ),
    _wrong(
        "dropout_forward",
        "seed 0 taken for none",
        "`if dropout_param.get('seed')` passes over the seed 0: its mask is another at each call",
        """
            def dropout_forward(x, dropout_param):
                p, mode = dropout_param["p"], dropout_param["mode"]
                rng = np.random.default_rng()
                if dropout_param.get("seed"):
                    rng = np.random.default_rng(dropout_param["seed"])
                mask, out = None, x
                if mode == "train":
                    mask = (rng.random(x.shape) < p) / p
                    out = x * mask
                return out, (dropout_param, mask)
        """,
    ),
    _wrong(
        "dropout_forward",
        "seed never looked at",
        "the mask is fresh at each call, with a seed too",
        """
            def dropout_forward(x, dropout_param):
                mask, out = None, x
                if dropout_param["mode"] == "train":
                    mask = (np.random.rand(*x.shape) < dropout_param["p"]) / dropout_param["p"]
                    out = x * mask
                return out, (dropout_param, mask)
        """,
    ),
    _wrong(
        "dropout_forward",
        "drops in test mode too",
        "the mode is never looked at",
        """
            def dropout_forward(x, dropout_param):
                p = dropout_param["p"]
                rng = np.random.default_rng(dropout_param.get("seed"))
                mask = (rng.random(x.shape) < p) / p
                return x * mask, (dropout_param, mask)
        """,
    ),
    _wrong(
        "dropout_forward",
        "for matrices only",
        "takes x.shape[1]: an x with one axis raises, and one with three gets a mask of another shape",
        """
            def dropout_forward(x, dropout_param):
                p, mode = dropout_param["p"], dropout_param["mode"]
                if "seed" in dropout_param:
                    np.random.seed(dropout_param["seed"])
                mask, out = None, x
                if mode == "train":
                    mask = (np.random.rand(x.shape[0], x.shape[1]) < p) / p
                    out = x * mask
                return out, (dropout_param, mask)
        """,
    ),
    _wrong(
        "dropout_forward",
        "the mask kept between calls",
        "a mask is drawn once for a shape and used for ever after",
        """
            _masks = {}


            def dropout_forward(x, dropout_param):
                p, mode = dropout_param["p"], dropout_param["mode"]
                mask, out = None, x
                if mode == "train":
                    key = (x.shape, p, dropout_param.get("seed"))
                    if key not in _masks:
                        _masks[key] = (np.random.default_rng(dropout_param.get("seed")).random(x.shape) < p) / p
                    mask = _masks[key]
                    out = x * mask
                return out, (dropout_param, mask)
        """,
    ),
    _wrong(
        "dropout_forward",
        "x times p, nothing dropped",
        "the mean of vanilla dropout is taken for dropout: no entry is dropped",
        """
            def dropout_forward(x, dropout_param):
                mask, out = None, x
                if dropout_param["mode"] == "train":
                    mask = np.full(x.shape, dropout_param["p"])
                    out = x * mask
                return out, (dropout_param, mask)
        """,
    ),
    _wrong(
        "dropout_forward",
        "draws for what is not 0",
        "draws as many numbers as x has entries beside 0: with one seed another x gets another mask",
        """
            def dropout_forward(x, dropout_param):
                p, mode = dropout_param["p"], dropout_param["mode"]
                rng = np.random.default_rng(dropout_param.get("seed"))
                mask, out = None, x
                if mode == "train":
                    mask = np.zeros(x.shape)
                    there = x != 0
                    mask[there] = (rng.random(there.sum()) < p) / p
                    out = x * mask
                return out, (dropout_param, mask)
        """,
    ),
    # Dropout, backward
    _wrong(
        "dropout_backward",
        "divided by p again",
        "the mask holds 1/p already: dx is 1/p times too large",
        """
            def dropout_backward(dout, cache):
                param, mask = cache
                if param["mode"] == "train":
                    return dout * mask / param["p"]
                return dout
        """,
    ),
    _wrong(
        "dropout_backward",
        "without 1/p",
        "only asks where the mask is positive",
        """
            def dropout_backward(dout, cache):
                param, mask = cache
                if param["mode"] == "train":
                    return dout * (mask > 0)
                return dout
        """,
    ),
    _wrong(
        "dropout_backward",
        "the mask ignored",
        "dropped entries get a gradient",
        """
            def dropout_backward(dout, cache):
                param, mask = cache
                return dout / param["p"] if param["mode"] == "train" else dout
        """,
    ),
    _wrong(
        "dropout_backward",
        "no test mode",
        "multiplies by the mask in every mode: in test mode it is None",
        """
            def dropout_backward(dout, cache):
                _, mask = cache
                return dout * mask
        """,
    ),
    _wrong(
        "dropout_backward",
        "zeros in test mode",
        "no mask is taken for everything dropped",
        """
            def dropout_backward(dout, cache):
                _, mask = cache
                if mask is None:
                    return np.zeros_like(dout)
                return dout * mask
        """,
    ),
    _wrong(
        "dropout_backward",
        "test mode scaled by p",
        "dx in test mode is p · dout",
        """
            def dropout_backward(dout, cache):
                param, mask = cache
                if param["mode"] == "train":
                    dx = dout * mask
                else:
                    dx = dout * param["p"]
                return dx
        """,
    ),
    _wrong(
        "dropout_backward",
        "a new mask",
        "draws again instead of using the mask of the forward pass",
        """
            def dropout_backward(dout, cache):
                param, mask = cache
                if param["mode"] == "test":
                    return dout
                p = param["p"]
                return dout * (np.random.rand(*dout.shape) < p) / p
        """,
    ),
    _wrong(
        "dropout_backward",
        "the derivative of the kept sum",
        "returns the mask and leaves the upstream gradient out",
        """
            def dropout_backward(dout, cache):
                param, mask = cache
                return mask if param["mode"] == "train" else np.ones_like(dout)
        """,
    ),
    _wrong(
        "dropout_backward",
        "boolean mask of its own forward",
        "the forward pass divides by p and keeps a boolean mask; the backward pass multiplies by that alone",
        """
            def dropout_backward(dout, cache):
                param, mask = cache
                return dout * mask if param["mode"] == "train" else dout
        """,
        partner="""
            def dropout_forward(x, dropout_param):
                p, mode = dropout_param["p"], dropout_param["mode"]
                if "seed" in dropout_param:
                    np.random.seed(dropout_param["seed"])
                mask, out = None, x
                if mode == "train":
                    mask = np.random.rand(*x.shape) < p
                    out = x * mask / p
                return out, (dropout_param, mask)
        """,
    ),
    _wrong(
        "dropout_backward",
        "a mask from the forward's output",
        "takes what is 0 in out for dropped: an x of 0 that was kept gets no gradient",
        """
            def dropout_backward(dout, cache):
                param, mask = cache
                return dout if mask is None else dout * mask
        """,
        partner="""
            def dropout_forward(x, dropout_param):
                p, mode = dropout_param["p"], dropout_param["mode"]
                rng = np.random.default_rng(dropout_param.get("seed"))
                mask, out = None, x
                if mode == "train":
                    out = np.where(rng.random(x.shape) < p, x / p, 0.0)
                    mask = (out != 0) / p
                return out, (dropout_param, mask)
        """,
    ),
    # Moments
    _wrong(
        "dropout_moments",
        "mean times p",
        "the mean of vanilla dropout: p Σ w x",
        """
            def dropout_moments(x, w, p):
                return p * (x @ w), (1 - p) / p * (x**2 @ w**2)
        """,
    ),
    _wrong(
        "dropout_moments",
        "variance of vanilla dropout",
        "p (1 − p) Σ (w x)²: the 1/p² is missing",
        """
            def dropout_moments(x, w, p):
                return x @ w, p * (1 - p) * (x**2 @ w**2)
        """,
    ),
    _wrong(
        "dropout_moments",
        "the square of the sum",
        "(1 − p)/p (Σ w x)², as if all entries were kept or dropped together",
        """
            def dropout_moments(x, w, p):
                h = x @ w
                return h, h**2 * (1 - p) / p
        """,
    ),
    _wrong(
        "dropout_moments",
        "second moment for the variance",
        "Σ (w x)²/p: the square of the mean is not taken off",
        """
            def dropout_moments(x, w, p):
                return x @ w, (x**2 @ w**2) / p
        """,
    ),
    _wrong(
        "dropout_moments",
        "p for 1 − p",
        "p/(1 − p): the probability of dropping was read",
        """
            def dropout_moments(x, w, p):
                return x @ w, (x**2 @ w**2) * (p / (1 - p) if p < 1 else 0.0)
        """,
    ),
    _wrong(
        "dropout_moments",
        "weights not squared",
        "Σ w x² (1 − p)/p",
        """
            def dropout_moments(x, w, p):
                return x @ w, (x**2 @ w) * (1 - p) / p
        """,
    ),
    _wrong(
        "dropout_moments",
        "standard deviation for variance",
        "the root of the variance is returned",
        """
            def dropout_moments(x, w, p):
                return x @ w, np.sqrt((1 - p) / p * (x**2 @ w**2))
        """,
    ),
    _wrong(
        "dropout_moments",
        "averages of drawn masks",
        "mean and variance over 4000 masks: two digits",
        """
            def dropout_moments(x, w, p):
                rng = np.random.default_rng(0)
                h = np.array([(x * (rng.random(x.shape) < p) / p) @ w for _ in range(4000)])
                return h.mean(axis=0), h.var(axis=0)
        """,
    ),
    # Batch norm, forward
    _changed(
        "batchnorm_forward",
        "unbiased variance",
        "ddof=1 in the normalisation and in the running variance",
        _BATCHNORM,
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                D = x.shape[1]
                rm, rv = bn_param.get("running_mean", np.zeros(D)), bn_param.get("running_var", np.zeros(D))
                if bn_param["mode"] == "train":
                    mu, var = x.mean(axis=0), x.var(axis=0, ddof=1)
                    bn_param["running_mean"] = momentum * rm + (1 - momentum) * mu
                    bn_param["running_var"] = momentum * rv + (1 - momentum) * var
                else:
                    mu, var = rm, rv
                std = np.sqrt(var + eps)
                return gamma * (x - mu) / std + beta, ((x - mu) / std, gamma, std)
        """,
        without="batchnorm_backward batchnorm_backward_alt",
    ),
    _wrong(
        "batchnorm_forward",
        "PyTorch's running variance",
        "the batch is normalised with the biased variance, the running one takes N/(N − 1) times it",
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                D = x.shape[1]
                rm, rv = bn_param.get("running_mean", np.zeros(D)), bn_param.get("running_var", np.zeros(D))
                if bn_param["mode"] == "train":
                    mu, var = x.mean(axis=0), x.var(axis=0)
                    bn_param["running_mean"] = momentum * rm + (1 - momentum) * mu
                    bn_param["running_var"] = momentum * rv + (1 - momentum) * x.var(axis=0, ddof=1)
                else:
                    mu, var = rm, rv
                std = np.sqrt(var + eps)
                return gamma * (x - mu) / std + beta, ((x - mu) / std, gamma, std)
        """,
    ),
    _wrong(
        "batchnorm_forward",
        "running averages not written back",
        "they are computed into local names and lost",
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                D = x.shape[1]
                running_mean = bn_param.get("running_mean", np.zeros(D))
                running_var = bn_param.get("running_var", np.zeros(D))
                if bn_param["mode"] == "train":
                    mu, var = x.mean(axis=0), x.var(axis=0)
                    running_mean = momentum * running_mean + (1 - momentum) * mu
                    running_var = momentum * running_var + (1 - momentum) * var
                else:
                    mu, var = running_mean, running_var
                std = np.sqrt(var + eps)
                xhat = (x - mu) / std
                return gamma * xhat + beta, (xhat, gamma, std)
        """,
    ),
    _wrong(
        "batchnorm_forward",
        "momentum on the new value",
        "(1 − momentum) · old + momentum · batch: PyTorch's momentum",
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                D = x.shape[1]
                rm, rv = bn_param.get("running_mean", np.zeros(D)), bn_param.get("running_var", np.zeros(D))
                if bn_param["mode"] == "train":
                    mu, var = x.mean(axis=0), x.var(axis=0)
                    bn_param["running_mean"] = (1 - momentum) * rm + momentum * mu
                    bn_param["running_var"] = (1 - momentum) * rv + momentum * var
                else:
                    mu, var = rm, rv
                std = np.sqrt(var + eps)
                return gamma * (x - mu) / std + beta, ((x - mu) / std, gamma, std)
        """,
    ),
    _wrong(
        "batchnorm_forward",
        "running variance starts at one",
        "where there is no old running variance, ones are taken for zeros",
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                D = x.shape[1]
                rm, rv = bn_param.get("running_mean", np.zeros(D)), bn_param.get("running_var", np.ones(D))
                if bn_param["mode"] == "train":
                    mu, var = x.mean(axis=0), x.var(axis=0)
                    bn_param["running_mean"] = momentum * rm + (1 - momentum) * mu
                    bn_param["running_var"] = momentum * rv + (1 - momentum) * var
                else:
                    mu, var = rm, rv
                std = np.sqrt(var + eps)
                return gamma * (x - mu) / std + beta, ((x - mu) / std, gamma, std)
        """,
    ),
    _wrong(
        "batchnorm_forward",
        "running averages start with the first batch",
        "where there are no old ones, those of the batch are taken whole",
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                if bn_param["mode"] == "train":
                    mu, var = x.mean(axis=0), x.var(axis=0)
                    bn_param["running_mean"] = momentum * bn_param.get("running_mean", mu) + (1 - momentum) * mu
                    bn_param["running_var"] = momentum * bn_param.get("running_var", var) + (1 - momentum) * var
                else:
                    mu, var = bn_param["running_mean"], bn_param["running_var"]
                std = np.sqrt(var + eps)
                return gamma * (x - mu) / std + beta, ((x - mu) / std, gamma, std)
        """,
    ),
    _wrong(
        "batchnorm_forward",
        "running standard deviation",
        "the root of the variance is averaged into running_var",
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                D = x.shape[1]
                rm, rv = bn_param.get("running_mean", np.zeros(D)), bn_param.get("running_var", np.zeros(D))
                if bn_param["mode"] == "train":
                    mu, var = x.mean(axis=0), x.var(axis=0)
                    bn_param["running_mean"] = momentum * rm + (1 - momentum) * mu
                    bn_param["running_var"] = momentum * rv + (1 - momentum) * np.sqrt(var + eps)
                else:
                    mu, var = rm, rv
                std = np.sqrt(var + eps)
                return gamma * (x - mu) / std + beta, ((x - mu) / std, gamma, std)
        """,
    ),
    _wrong(
        "batchnorm_forward",
        "batch statistics at test",
        "test mode normalises with mean and variance of the batch",
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                D = x.shape[1]
                mu, var = x.mean(axis=0), x.var(axis=0)
                if bn_param["mode"] == "train":
                    for key, value in (("running_mean", mu), ("running_var", var)):
                        bn_param[key] = momentum * bn_param.get(key, np.zeros(D)) + (1 - momentum) * value
                std = np.sqrt(var + eps)
                return gamma * (x - mu) / std + beta, ((x - mu) / std, gamma, std)
        """,
    ),
    _wrong(
        "batchnorm_forward",
        "running averages used in training",
        "training updates the running averages and normalises with them",
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                D = x.shape[1]
                if bn_param["mode"] == "train":
                    for key, value in (("running_mean", x.mean(axis=0)), ("running_var", x.var(axis=0))):
                        bn_param[key] = momentum * bn_param.get(key, np.zeros(D)) + (1 - momentum) * value
                mu, var = bn_param["running_mean"], bn_param["running_var"]
                std = np.sqrt(var + eps)
                return gamma * (x - mu) / std + beta, ((x - mu) / std, gamma, std)
        """,
    ),
    _wrong(
        "batchnorm_forward",
        "test mode moves the averages",
        "the averages are updated in both modes",
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                D = x.shape[1]
                rm, rv = bn_param.get("running_mean", np.zeros(D)), bn_param.get("running_var", np.zeros(D))
                mu, var = (x.mean(axis=0), x.var(axis=0)) if bn_param["mode"] == "train" else (rm, rv)
                bn_param["running_mean"] = momentum * rm + (1 - momentum) * x.mean(axis=0)
                bn_param["running_var"] = momentum * rv + (1 - momentum) * x.var(axis=0)
                std = np.sqrt(var + eps)
                return gamma * (x - mu) / std + beta, ((x - mu) / std, gamma, std)
        """,
    ),
    _wrong(
        "batchnorm_forward",
        "eps outside the root",
        "divides by √v + eps",
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                D = x.shape[1]
                rm, rv = bn_param.get("running_mean", np.zeros(D)), bn_param.get("running_var", np.zeros(D))
                if bn_param["mode"] == "train":
                    mu, var = x.mean(axis=0), x.var(axis=0)
                    bn_param["running_mean"] = momentum * rm + (1 - momentum) * mu
                    bn_param["running_var"] = momentum * rv + (1 - momentum) * var
                else:
                    mu, var = rm, rv
                std = np.sqrt(var) + eps
                return gamma * (x - mu) / std + beta, ((x - mu) / std, gamma, std)
        """,
    ),
    _wrong(
        "batchnorm_forward",
        "eps and momentum fixed",
        "1e-5 and 0.9 whatever bn_param says",
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                D = x.shape[1]
                rm, rv = bn_param.get("running_mean", np.zeros(D)), bn_param.get("running_var", np.zeros(D))
                if bn_param["mode"] == "train":
                    mu, var = x.mean(axis=0), x.var(axis=0)
                    bn_param["running_mean"] = 0.9 * rm + 0.1 * mu
                    bn_param["running_var"] = 0.9 * rv + 0.1 * var
                else:
                    mu, var = rm, rv
                std = np.sqrt(var + 1e-5)
                return gamma * (x - mu) / std + beta, ((x - mu) / std, gamma, std)
        """,
    ),
    _wrong(
        "batchnorm_forward",
        "divided by the variance",
        "the root is forgotten: x̂ = (x − μ)/(v + eps)",
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                D = x.shape[1]
                rm, rv = bn_param.get("running_mean", np.zeros(D)), bn_param.get("running_var", np.zeros(D))
                if bn_param["mode"] == "train":
                    mu, var = x.mean(axis=0), x.var(axis=0)
                    bn_param["running_mean"] = momentum * rm + (1 - momentum) * mu
                    bn_param["running_var"] = momentum * rv + (1 - momentum) * var
                else:
                    mu, var = rm, rv
                xhat = (x - mu) / (var + eps)
                return gamma * xhat + beta, (xhat, gamma, var + eps)
        """,
    ),
    _wrong(
        "batchnorm_forward",
        "one mean for the whole batch",
        "x.mean() and x.var() without an axis: one number for all features",
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                D = x.shape[1]
                rm, rv = bn_param.get("running_mean", np.zeros(D)), bn_param.get("running_var", np.zeros(D))
                if bn_param["mode"] == "train":
                    mu, var = x.mean(), x.var()
                    bn_param["running_mean"] = momentum * rm + (1 - momentum) * mu
                    bn_param["running_var"] = momentum * rv + (1 - momentum) * var
                else:
                    mu, var = rm, rv
                std = np.sqrt(var + eps)
                return gamma * (x - mu) / std + beta, ((x - mu) / std, gamma, std)
        """,
    ),
    _wrong(
        "batchnorm_forward",
        "test mode without scale and shift",
        "gamma and beta are used in training only",
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                D = x.shape[1]
                rm, rv = bn_param.get("running_mean", np.zeros(D)), bn_param.get("running_var", np.zeros(D))
                if bn_param["mode"] == "train":
                    mu, var = x.mean(axis=0), x.var(axis=0)
                    bn_param["running_mean"] = momentum * rm + (1 - momentum) * mu
                    bn_param["running_var"] = momentum * rv + (1 - momentum) * var
                    xhat = (x - mu) / np.sqrt(var + eps)
                    return gamma * xhat + beta, (xhat, gamma, np.sqrt(var + eps))
                xhat = (x - rm) / np.sqrt(rv + eps)
                return xhat, (xhat, gamma, np.sqrt(rv + eps))
        """,
    ),
    _wrong(
        "batchnorm_forward",
        "averages in a global",
        "the running averages live in the module as well: a second net starts from the first one's",
        """
            _running = {}


            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                D = x.shape[1]
                rm = bn_param.get("running_mean", _running.get(("mean", D), np.zeros(D)))
                rv = bn_param.get("running_var", _running.get(("var", D), np.zeros(D)))
                if bn_param["mode"] == "train":
                    mu, var = x.mean(axis=0), x.var(axis=0)
                    bn_param["running_mean"] = _running["mean", D] = momentum * rm + (1 - momentum) * mu
                    bn_param["running_var"] = _running["var", D] = momentum * rv + (1 - momentum) * var
                else:
                    mu, var = rm, rv
                std = np.sqrt(var + eps)
                return gamma * (x - mu) / std + beta, ((x - mu) / std, gamma, std)
        """,
        policy="state",
    ),
    _wrong(
        "batchnorm_forward",
        "each row normalised",
        "axis=1: the layer norm of each example",
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                D = x.shape[1]
                if bn_param["mode"] == "train":
                    mu, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
                    for key, value in (("running_mean", x.mean(axis=0)), ("running_var", x.var(axis=0))):
                        bn_param[key] = momentum * bn_param.get(key, np.zeros(D)) + (1 - momentum) * value
                else:
                    mu, var = bn_param["running_mean"], bn_param["running_var"]
                std = np.sqrt(var + eps)
                return gamma * (x - mu) / std + beta, ((x - mu) / std, gamma, std)
        """,
    ),
    # Batch norm, over several batches
    _wrong(
        "batchnorm_over_batches",
        "a mean of all batches so far",
        "counts the calls in bn_param and averages them evenly: the momentum is not used",
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                D = x.shape[1]
                if bn_param["mode"] == "train":
                    mu, var = x.mean(axis=0), x.var(axis=0)
                    n = bn_param["calls"] = bn_param.get("calls", 0) + 1
                    for key, value in (("running_mean", mu), ("running_var", var)):
                        old = bn_param.get(key, np.zeros(D))
                        bn_param[key] = old + (value - old) / n
                else:
                    mu, var = bn_param["running_mean"], bn_param["running_var"]
                std = np.sqrt(var + eps)
                return gamma * (x - mu) / std + beta, ((x - mu) / std, gamma, std)
        """,
    ),
    _wrong(
        "batchnorm_over_batches",
        "a fresh start at each call",
        "zeros are put in for the old averages at every call",
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                D = x.shape[1]
                if bn_param["mode"] == "train":
                    mu, var = x.mean(axis=0), x.var(axis=0)
                    running_mean, running_var = np.zeros(D), np.zeros(D)
                    bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mu
                    bn_param["running_var"] = momentum * running_var + (1 - momentum) * var
                else:
                    mu, var = bn_param["running_mean"], bn_param["running_var"]
                std = np.sqrt(var + eps)
                return gamma * (x - mu) / std + beta, ((x - mu) / std, gamma, std)
        """,
    ),
    _wrong(
        "batchnorm_over_batches",
        "bias-corrected like Adam",
        "divides the averages by 1 − momentum to the number of calls in test mode",
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                D = x.shape[1]
                if bn_param["mode"] == "train":
                    mu, var = x.mean(axis=0), x.var(axis=0)
                    bn_param["t"] = bn_param.get("t", 0) + 1
                    for key, value in (("running_mean", mu), ("running_var", var)):
                        bn_param[key] = momentum * bn_param.get(key, np.zeros(D)) + (1 - momentum) * value
                else:
                    correct = 1 - momentum ** bn_param.get("t", 1000)
                    mu, var = bn_param["running_mean"] / correct, bn_param["running_var"] / correct
                std = np.sqrt(var + eps)
                return gamma * (x - mu) / std + beta, ((x - mu) / std, gamma, std)
        """,
    ),
    _wrong(
        "batchnorm_over_batches",
        "means averaged, variance of the last batch",
        "running_var is replaced by the variance of the batch, running_mean is averaged",
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                D = x.shape[1]
                if bn_param["mode"] == "train":
                    mu, var = x.mean(axis=0), x.var(axis=0)
                    bn_param["running_mean"] = momentum * bn_param.get("running_mean", np.zeros(D)) + (1 - momentum) * mu
                    bn_param["running_var"] = var
                else:
                    mu, var = bn_param["running_mean"], bn_param["running_var"]
                std = np.sqrt(var + eps)
                return gamma * (x - mu) / std + beta, ((x - mu) / std, gamma, std)
        """,
    ),
    _wrong(
        "batchnorm_over_batches",
        "averages not faded",
        "old + (1 − momentum) · batch: the old average keeps its whole weight",
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                D = x.shape[1]
                if bn_param["mode"] == "train":
                    mu, var = x.mean(axis=0), x.var(axis=0)
                    for key, value in (("running_mean", mu), ("running_var", var)):
                        bn_param[key] = bn_param.get(key, np.zeros(D)) + (1 - momentum) * value
                else:
                    mu, var = bn_param["running_mean"], bn_param["running_var"]
                std = np.sqrt(var + eps)
                return gamma * (x - mu) / std + beta, ((x - mu) / std, gamma, std)
        """,
    ),
    _wrong(
        "batchnorm_over_batches",
        "the first call forgotten",
        "the averages are set up at the first call and updated from the second on",
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                D = x.shape[1]
                if bn_param["mode"] == "train":
                    mu, var = x.mean(axis=0), x.var(axis=0)
                    if "running_mean" not in bn_param:
                        bn_param["running_mean"], bn_param["running_var"] = np.zeros(D), np.zeros(D)
                    else:
                        bn_param["running_mean"] = momentum * bn_param["running_mean"] + (1 - momentum) * mu
                        bn_param["running_var"] = momentum * bn_param["running_var"] + (1 - momentum) * var
                else:
                    mu, var = bn_param["running_mean"], bn_param["running_var"]
                std = np.sqrt(var + eps)
                return gamma * (x - mu) / std + beta, ((x - mu) / std, gamma, std)
        """,
    ),
    # Batch norm, backward
    _wrong(
        "batchnorm_backward",
        "mean and variance held fast",
        "dx = γ dout/s: the backward pass of test mode",
        """
            def batchnorm_backward(dout, cache):
                xhat, gamma, std = cache
                return dout * gamma / std, (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "batchnorm_backward",
        "no path through the variance",
        "only the mean's path is taken",
        """
            def batchnorm_backward(dout, cache):
                xhat, gamma, std = cache
                dxhat = dout * gamma
                dx = (dxhat - dxhat.mean(axis=0)) / std
                return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "batchnorm_backward",
        "no path through the mean",
        "only the variance's path is taken",
        """
            def batchnorm_backward(dout, cache):
                xhat, gamma, std = cache
                N = dout.shape[0]
                dxhat = dout * gamma
                dvar = -0.5 * (dxhat * xhat).sum(axis=0) / std**2
                dx = dxhat / std + dvar * 2 * xhat * std / N
                return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "batchnorm_backward",
        "the variance's path with its sign turned",
        "dvar without its minus",
        """
            def batchnorm_backward(dout, cache):
                xhat, gamma, std = cache
                N = dout.shape[0]
                dxhat = dout * gamma
                dvar = 0.5 * (dxhat * xhat).sum(axis=0) / std**2
                dmu = -(dxhat / std).sum(axis=0)
                dx = dxhat / std + dvar * 2 * xhat * std / N + dmu / N
                return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "batchnorm_backward",
        "half the variance's path",
        "the 2 of the square is lost",
        """
            def batchnorm_backward(dout, cache):
                xhat, gamma, std = cache
                N = dout.shape[0]
                dxhat = dout * gamma
                dvar = -0.5 * (dxhat * xhat * std).sum(axis=0) * std**-3
                dmu = -(dxhat / std).sum(axis=0)
                dx = dxhat / std + dvar * xhat * std / N + dmu / N
                return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "batchnorm_backward",
        "gamma forgotten in dx",
        "dx as if gamma were 1",
        """
            def batchnorm_backward(dout, cache):
                xhat, gamma, std = cache
                dx = (dout - dout.mean(axis=0) - xhat * (dout * xhat).mean(axis=0)) / std
                return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "batchnorm_backward",
        "gamma in dgamma",
        "dgamma = Σ γ dout x̂",
        """
            def batchnorm_backward(dout, cache):
                xhat, gamma, std = cache
                dxhat = dout * gamma
                dx = (dxhat - dxhat.mean(axis=0) - xhat * (dxhat * xhat).mean(axis=0)) / std
                return dx, (dxhat * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _changed(
        "batchnorm_backward",
        "dgamma with x",
        "dgamma = Σ dout x, the input before it was normalised",
        _BATCHNORM,
        """
            def batchnorm_forward(x, gamma, beta, bn_param):
                eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
                D = x.shape[1]
                rm, rv = bn_param.get("running_mean", np.zeros(D)), bn_param.get("running_var", np.zeros(D))
                if bn_param["mode"] == "train":
                    mu, var = x.mean(axis=0), x.var(axis=0)
                    bn_param["running_mean"] = momentum * rm + (1 - momentum) * mu
                    bn_param["running_var"] = momentum * rv + (1 - momentum) * var
                else:
                    mu, var = rm, rv
                std = np.sqrt(var + eps)
                return gamma * (x - mu) / std + beta, (x, mu, gamma, std)


            def batchnorm_backward(dout, cache):
                x, mu, gamma, std = cache
                xhat = (x - mu) / std
                dx = gamma * (dout - dout.mean(axis=0) - xhat * (dout * xhat).mean(axis=0)) / std
                return dx, (dout * x).sum(axis=0), dout.sum(axis=0)
        """,
        without="batchnorm_backward_alt",
    ),
    _wrong(
        "batchnorm_backward",
        "dgamma with x − μ",
        "dgamma = Σ dout (x − μ), not divided by the standard deviation",
        """
            def batchnorm_backward(dout, cache):
                xhat, gamma, std = cache
                dx = gamma * (dout - dout.mean(axis=0) - xhat * (dout * xhat).mean(axis=0)) / std
                return dx, (dout * xhat * std).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "batchnorm_backward",
        "dgamma and dbeta averaged",
        "means over the batch where sums belong",
        """
            def batchnorm_backward(dout, cache):
                xhat, gamma, std = cache
                dx = gamma * (dout - dout.mean(axis=0) - xhat * (dout * xhat).mean(axis=0)) / std
                return dx, (dout * xhat).mean(axis=0), dout.mean(axis=0)
        """,
    ),
    _wrong(
        "batchnorm_backward",
        "dbeta of ones",
        "dbeta = N, without the upstream gradient",
        """
            def batchnorm_backward(dout, cache):
                xhat, gamma, std = cache
                dx = gamma * (dout - dout.mean(axis=0) - xhat * (dout * xhat).mean(axis=0)) / std
                return dx, (dout * xhat).sum(axis=0), np.ones_like(dout).sum(axis=0)
        """,
    ),
    _wrong(
        "batchnorm_backward",
        "zeros for dx",
        "a check with dout of ones said 0",
        """
            def batchnorm_backward(dout, cache):
                xhat, gamma, std = cache
                return np.zeros_like(dout), (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "batchnorm_backward",
        "N − 1 in the variance's path",
        "the slope of the unbiased variance behind a forward pass with the biased one",
        """
            def batchnorm_backward(dout, cache):
                xhat, gamma, std = cache
                N = dout.shape[0]
                dxhat = dout * gamma
                dvar = -0.5 * (dxhat * xhat).sum(axis=0) / std**2
                dmu = -(dxhat / std).sum(axis=0)
                dx = dxhat / std + dvar * 2 * xhat * std / max(N - 1, 1) + dmu / N
                return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "batchnorm_backward",
        "divided by the variance",
        "dx is divided by std squared",
        """
            def batchnorm_backward(dout, cache):
                xhat, gamma, std = cache
                dx = gamma * (dout - dout.mean(axis=0) - xhat * (dout * xhat).mean(axis=0)) / std**2
                return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "batchnorm_backward",
        "multiplied by the standard deviation",
        "dx times std: 1/std was cached in another version",
        """
            def batchnorm_backward(dout, cache):
                xhat, gamma, std = cache
                dx = gamma * (dout - dout.mean(axis=0) - xhat * (dout * xhat).mean(axis=0)) * std
                return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "batchnorm_backward",
        "sums for means",
        "dx = (dx̂ − Σ dx̂ − x̂ Σ dx̂ x̂)/s: the 1/N is lost",
        """
            def batchnorm_backward(dout, cache):
                xhat, gamma, std = cache
                dxhat = dout * gamma
                dx = (dxhat - dxhat.sum(axis=0) - xhat * (dxhat * xhat).sum(axis=0)) / std
                return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "batchnorm_backward",
        "D for N",
        "divides by the number of features: right for square batches",
        """
            def batchnorm_backward(dout, cache):
                xhat, gamma, std = cache
                N = dout.shape[1]
                dxhat = dout * gamma
                dx = (dxhat - dxhat.sum(axis=0) / N - xhat * (dxhat * xhat).sum(axis=0) / N) / std
                return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "batchnorm_backward",
        "dbeta before dgamma",
        "the order of the two is swapped",
        """
            def batchnorm_backward(dout, cache):
                xhat, gamma, std = cache
                dx = gamma * (dout - dout.mean(axis=0) - xhat * (dout * xhat).mean(axis=0)) / std
                return dx, dout.sum(axis=0), (dout * xhat).sum(axis=0)
        """,
    ),
    _wrong(
        "batchnorm_backward",
        "differences with a wide step",
        "one-sided differences with h = 1e-4 of its own forward pass: four digits",
        """
            def batchnorm_backward(dout, cache):
                xhat, gamma, std = cache
                x = xhat * std
                eps = std**2 - x.var(axis=0)

                def f(z):
                    return np.sum(dout * gamma * (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + eps))

                dx, h = np.zeros_like(x), 1e-4
                for i in np.ndindex(*x.shape):
                    z = x.copy()
                    z[i] += h
                    dx[i] = (f(z) - f(x)) / h
                return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "batchnorm_backward",
        "clipped",
        "dx is clipped to ±1 against explosions",
        """
            def batchnorm_backward(dout, cache):
                xhat, gamma, std = cache
                dx = gamma * (dout - dout.mean(axis=0) - xhat * (dout * xhat).mean(axis=0)) / std
                return np.clip(dx, -1, 1), (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "batchnorm_backward",
        "dout multiplied in place",
        "dout *= gamma: the caller's array is changed, and dbeta comes after it",
        """
            def batchnorm_backward(dout, cache):
                xhat, gamma, std = cache
                dgamma = (dout * xhat).sum(axis=0)
                dout *= gamma
                dbeta = dout.sum(axis=0)
                dx = (dout - dout.mean(axis=0) - xhat * (dout * xhat).mean(axis=0)) / std
                return dx, dgamma, dbeta
        """,
    ),
    # Batch norm, one line
    _wrong(
        "batchnorm_backward_alt",
        "the mean of dout forgotten",
        "dx = γ (dout − x̂ mean(dout x̂))/s",
        """
            def batchnorm_backward_alt(dout, cache):
                xhat, gamma, std = cache
                dx = gamma / std * (dout - xhat * (dout * xhat).mean(axis=0))
                return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "batchnorm_backward_alt",
        "the mean of dout x̂ forgotten",
        "dx = γ (dout − mean(dout))/s",
        """
            def batchnorm_backward_alt(dout, cache):
                xhat, gamma, std = cache
                dx = gamma / std * (dout - dout.mean(axis=0))
                return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "batchnorm_backward_alt",
        "product of means",
        "mean(dout) mean(x̂) for mean(dout x̂)",
        """
            def batchnorm_backward_alt(dout, cache):
                xhat, gamma, std = cache
                dx = gamma / std * (dout - dout.mean(axis=0) - xhat * dout.mean(axis=0) * xhat.mean(axis=0))
                return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "batchnorm_backward_alt",
        "one N too few",
        "N dout − Σ dout − x̂ Σ dout x̂, not divided by N",
        """
            def batchnorm_backward_alt(dout, cache):
                xhat, gamma, std = cache
                N = len(dout)
                dgamma, dbeta = (dout * xhat).sum(axis=0), dout.sum(axis=0)
                return gamma / std * (N * dout - dbeta - xhat * dgamma), dgamma, dbeta
        """,
    ),
    _wrong(
        "batchnorm_backward_alt",
        "means without an axis",
        "both means run over the whole array",
        """
            def batchnorm_backward_alt(dout, cache):
                xhat, gamma, std = cache
                dx = gamma / std * (dout - np.mean(dout) - xhat * np.mean(dout * xhat))
                return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "batchnorm_backward_alt",
        "plus for minus",
        "the last term is added",
        """
            def batchnorm_backward_alt(dout, cache):
                xhat, gamma, std = cache
                dx = gamma / std * (dout - dout.mean(axis=0) + xhat * (dout * xhat).mean(axis=0))
                return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "batchnorm_backward_alt",
        "gamma under the line",
        "divides by γ s",
        """
            def batchnorm_backward_alt(dout, cache):
                xhat, gamma, std = cache
                dx = (dout - dout.mean(axis=0) - xhat * (dout * xhat).mean(axis=0)) / (gamma * std)
                return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "batchnorm_backward_alt",
        "N − 1 in both means",
        "sums divided by N − 1",
        """
            def batchnorm_backward_alt(dout, cache):
                xhat, gamma, std = cache
                m = max(len(dout) - 1, 1)
                dgamma, dbeta = (dout * xhat).sum(axis=0), dout.sum(axis=0)
                return gamma / std * (dout - dbeta / m - xhat * dgamma / m), dgamma, dbeta
        """,
    ),
    _wrong(
        "batchnorm_backward_alt",
        "single precision",
        "computed in float32 and widened: seven digits",
        """
            def batchnorm_backward_alt(dout, cache):
                xhat, gamma, std = (a.astype(np.float32) for a in cache)
                dout = dout.astype(np.float32)
                dx = gamma / std * (dout - dout.mean(axis=0) - xhat * (dout * xhat).mean(axis=0))
                return tuple(a.astype(float) for a in (dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)))
        """,
    ),
    _wrong(
        "batchnorm_backward_alt",
        "a loop over the features",
        "the values are right, column by column in a loop, where nothing may be looped over",
        """
            def batchnorm_backward_alt(dout, cache):
                xhat, gamma, std = cache
                N, D = dout.shape
                dx, dgamma, dbeta = np.zeros((N, D)), np.zeros(D), np.zeros(D)
                for d in range(D):
                    dgamma[d] = dout[:, d] @ xhat[:, d]
                    dbeta[d] = dout[:, d].sum()
                    dx[:, d] = gamma[d] / std[d] * (dout[:, d] - dbeta[d] / N - xhat[:, d] * dgamma[d] / N)
                return dx, dgamma, dbeta
        """,
    ),
    # RMS norm
    _wrong(
        "rmsnorm_backward",
        "handed back as it was given",
        "the planted fault is still there: the mean of dout x̂ without gamma",
        """
            def rmsnorm_backward(dout, x, gamma, eps=1e-5):
                r = np.sqrt((x**2).mean(axis=1, keepdims=True) + eps)
                x_hat = x / r
                g = dout * gamma
                dx = (g - x_hat * (dout * x_hat).mean(axis=1, keepdims=True)) / r
                dgamma = (dout * x_hat).sum(axis=0)
                return dx, dgamma
        """,
    ),
    _wrong(
        "rmsnorm_backward",
        "gamma outside the bracket",
        "γ (dout − x̂ mean(dout x̂))/r: mended at the wrong place",
        """
            def rmsnorm_backward(dout, x, gamma, eps=1e-5):
                r = np.sqrt((x**2).mean(axis=1, keepdims=True) + eps)
                x_hat = x / r
                dx = gamma * (dout - x_hat * (dout * x_hat).mean(axis=1, keepdims=True)) / r
                return dx, (dout * x_hat).sum(axis=0)
        """,
    ),
    _wrong(
        "rmsnorm_backward",
        "the mean of g taken off as well",
        "layer norm's backward pass, where rms norm has no mean",
        """
            def rmsnorm_backward(dout, x, gamma, eps=1e-5):
                r = np.sqrt((x**2).mean(axis=1, keepdims=True) + eps)
                x_hat = x / r
                g = dout * gamma
                dx = (g - g.mean(axis=1, keepdims=True) - x_hat * (g * x_hat).mean(axis=1, keepdims=True)) / r
                return dx, (dout * x_hat).sum(axis=0)
        """,
    ),
    _wrong(
        "rmsnorm_backward",
        "a sum for the mean",
        "the fault is mended and the mean became a sum",
        """
            def rmsnorm_backward(dout, x, gamma, eps=1e-5):
                r = np.sqrt((x**2).mean(axis=1, keepdims=True) + eps)
                x_hat = x / r
                g = dout * gamma
                dx = (g - x_hat * (g * x_hat).sum(axis=1, keepdims=True)) / r
                return dx, (dout * x_hat).sum(axis=0)
        """,
    ),
    _wrong(
        "rmsnorm_backward",
        "dgamma with g",
        "the fault is mended in dx, and dgamma was changed along with it",
        """
            def rmsnorm_backward(dout, x, gamma, eps=1e-5):
                r = np.sqrt((x**2).mean(axis=1, keepdims=True) + eps)
                x_hat = x / r
                g = dout * gamma
                dx = (g - x_hat * (g * x_hat).mean(axis=1, keepdims=True)) / r
                return dx, (g * x_hat).sum(axis=0)
        """,
    ),
    _wrong(
        "rmsnorm_backward",
        "r held fast",
        "dx = g/r, without the path through r",
        """
            def rmsnorm_backward(dout, x, gamma, eps=1e-5):
                r = np.sqrt((x**2).mean(axis=1, keepdims=True) + eps)
                return dout * gamma / r, (dout * x / r).sum(axis=0)
        """,
    ),
    # The test to write
    _wrong(
        "is_standardise_backward",
        "a gradient of ones",
        "dout = 1 everywhere, where dx is 0 and almost everything passes",
        """
            def is_standardise_backward(backward):
                x = np.random.default_rng(0).normal(size=(6, 4))
                try:
                    return bool(np.allclose(backward(np.ones_like(x), x), 0, atol=1e-8))
                except Exception:
                    return False
        """,
    ),
    _wrong(
        "is_standardise_backward",
        "columns sum to 0",
        "asks only that the columns of dx sum to 0, which a backward pass without the variance's path does too",
        """
            def is_standardise_backward(backward):
                rng = np.random.default_rng(0)
                x, dout = rng.normal(size=(6, 4)), rng.normal(size=(6, 4))
                try:
                    return bool(np.allclose(backward(dout, x).sum(axis=0), 0, atol=1e-8))
                except Exception:
                    return False
        """,
    ),
    _wrong(
        "is_standardise_backward",
        "square inputs",
        "tries N = D only",
        """
            def is_standardise_backward(backward):
                rng = np.random.default_rng(0)
                x, dout = rng.normal(size=(5, 5)), rng.normal(size=(5, 5))
                s = np.sqrt(x.var(axis=0) + 1e-5)
                h = (x - x.mean(axis=0)) / s
                want = (dout - dout.mean(axis=0) - h * (dout * h).mean(axis=0)) / s
                try:
                    return bool(np.allclose(backward(dout, x), want))
                except Exception:
                    return False
        """,
    ),
    _wrong(
        "is_standardise_backward",
        "generous",
        "a tolerance of 10 %",
        """
            def is_standardise_backward(backward):
                rng = np.random.default_rng(0)
                x, dout = rng.normal(size=(40, 3)), rng.normal(size=(40, 3))
                s = np.sqrt(x.var(axis=0) + 1e-5)
                h = (x - x.mean(axis=0)) / s
                want = (dout - dout.mean(axis=0) - h * (dout * h).mean(axis=0)) / s
                try:
                    got = backward(dout, x)
                    return bool(got.shape == want.shape and np.abs(got - want).max() < 0.1 * np.abs(want).max())
                except Exception:
                    return False
        """,
    ),
    _wrong(
        "is_standardise_backward",
        "exact to the last digit",
        "compares with ==: right candidates that sum in another order fail",
        """
            def is_standardise_backward(backward):
                rng = np.random.default_rng(0)
                x, dout = rng.normal(size=(6, 4)), rng.normal(size=(6, 4))
                s = np.sqrt(x.var(axis=0) + 1e-5)
                h = (x - x.mean(axis=0)) / s
                want = (dout - dout.mean(axis=0) - h * (dout * h).mean(axis=0)) / s
                try:
                    return bool(np.array_equal(backward(dout, x), want))
                except Exception:
                    return False
        """,
    ),
    _wrong(
        "is_standardise_backward",
        "says yes",
        "True for every candidate",
        """
            def is_standardise_backward(backward):
                return True
        """,
    ),
    _wrong(
        "is_standardise_backward",
        "a wrong truth of its own",
        "compares with a gradient that lacks the variance's path: right candidates fail",
        """
            def is_standardise_backward(backward):
                rng = np.random.default_rng(0)
                x, dout = rng.normal(size=(6, 4)), rng.normal(size=(6, 4))
                s = np.sqrt(x.var(axis=0) + 1e-5)
                want = (dout - dout.mean(axis=0)) / s
                try:
                    return bool(np.allclose(backward(dout, x), want))
                except Exception:
                    return False
        """,
    ),
    _wrong(
        "is_standardise_backward",
        "only the shape",
        "asks for the shape and for finite numbers",
        """
            def is_standardise_backward(backward):
                rng = np.random.default_rng(0)
                for shape in ((5, 3), (3, 5)):
                    try:
                        dx = backward(rng.normal(size=shape), rng.normal(size=shape))
                    except Exception:
                        return False
                    if np.shape(dx) != shape or not np.isfinite(dx).all():
                        return False
                return True
        """,
    ),
    _wrong(
        "is_standardise_backward",
        "errors passed over",
        "an input on which the candidate raises is left out: one that raises on all of them is accepted",
        """
            def is_standardise_backward(backward):
                rng = np.random.default_rng(0)
                for N, D in ((5, 3), (3, 5), (7, 2)):
                    for scale in (1.0, 0.003):
                        x, dout = scale * rng.normal(size=(N, D)), rng.normal(size=(N, D))
                        s = np.sqrt(x.var(axis=0) + 1e-5)
                        h = (x - x.mean(axis=0)) / s
                        want = (dout - dout.mean(axis=0) - h * (dout * h).mean(axis=0)) / s
                        try:
                            got = backward(dout, x)
                        except Exception:
                            continue
                        if got.shape != want.shape or not np.allclose(got, want):
                            return False
                return True
        """,
    ),
    # Frozen
    _wrong(
        "frozen_batchnorm_backward",
        "training's formula",
        "takes off the two means, as if the batch moved the statistics",
        """
            def frozen_batchnorm_backward(dout, x, gamma, running_mean, running_var, eps=1e-5):
                s = np.sqrt(running_var + eps)
                h = (x - running_mean) / s
                dx = gamma / s * (dout - dout.mean(axis=0) - h * (dout * h).mean(axis=0))
                return dx, (dout * h).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "frozen_batchnorm_backward",
        "dgamma with the batch's x̂",
        "x̂ is made of mean and variance of the batch",
        """
            def frozen_batchnorm_backward(dout, x, gamma, running_mean, running_var, eps=1e-5):
                h = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)
                return dout * gamma / np.sqrt(running_var + eps), (dout * h).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "frozen_batchnorm_backward",
        "everything from the batch",
        "x̂ and the scale are the batch's: the running averages are not looked at",
        """
            def frozen_batchnorm_backward(dout, x, gamma, running_mean, running_var, eps=1e-5):
                s = np.sqrt(x.var(axis=0) + eps)
                h = (x - x.mean(axis=0)) / s
                return dout * gamma / s, (dout * h).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "frozen_batchnorm_backward",
        "variance for its root",
        "dx is divided by the running variance",
        """
            def frozen_batchnorm_backward(dout, x, gamma, running_mean, running_var, eps=1e-5):
                s = np.sqrt(running_var + eps)
                return dout * gamma / (running_var + eps), (dout * (x - running_mean) / s).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "frozen_batchnorm_backward",
        "eps forgotten",
        "divides by √running_var: off where the variance is small",
        """
            def frozen_batchnorm_backward(dout, x, gamma, running_mean, running_var, eps=1e-5):
                s = np.sqrt(running_var)
                return dout * gamma / s, (dout * (x - running_mean) / s).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "frozen_batchnorm_backward",
        "dgamma with x",
        "dgamma = Σ dout x/s: the running mean is not taken off",
        """
            def frozen_batchnorm_backward(dout, x, gamma, running_mean, running_var, eps=1e-5):
                s = np.sqrt(running_var + eps)
                return dout * gamma / s, (dout * x / s).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "frozen_batchnorm_backward",
        "dbeta with gamma",
        "dbeta = Σ γ dout",
        """
            def frozen_batchnorm_backward(dout, x, gamma, running_mean, running_var, eps=1e-5):
                s = np.sqrt(running_var + eps)
                g = dout * gamma
                return g / s, (dout * (x - running_mean) / s).sum(axis=0), g.sum(axis=0)
        """,
    ),
    # Fold
    _wrong(
        "fold_batchnorm",
        "bias left as it was",
        "the bias is not scaled: b − mean + beta",
        """
            def fold_batchnorm(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
                k = gamma / np.sqrt(running_var + eps)
                return w * k, b - running_mean * k + beta
        """,
    ),
    _wrong(
        "fold_batchnorm",
        "old bias forgotten",
        "β − γ mean/s: as if the affine layer had no bias",
        """
            def fold_batchnorm(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
                k = gamma / np.sqrt(running_var + eps)
                return w * k, beta - running_mean * k
        """,
    ),
    _wrong(
        "fold_batchnorm",
        "beta scaled too",
        "γ (b − mean + β)/s",
        """
            def fold_batchnorm(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
                k = gamma / np.sqrt(running_var + eps)
                return w * k, k * (b - running_mean + beta)
        """,
    ),
    _wrong(
        "fold_batchnorm",
        "rows scaled",
        "the scale goes along the inputs: only square weights have a shape for it",
        """
            def fold_batchnorm(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
                k = gamma / np.sqrt(running_var + eps)
                return w * k[:, None], k * (b - running_mean) + beta
        """,
    ),
    _wrong(
        "fold_batchnorm",
        "mean added",
        "γ (b + mean)/s + β",
        """
            def fold_batchnorm(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
                k = gamma / np.sqrt(running_var + eps)
                return w * k, k * (b + running_mean) + beta
        """,
    ),
    _wrong(
        "fold_batchnorm",
        "the mean in the weights",
        "subtracts the running mean from w as well",
        """
            def fold_batchnorm(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
                s = np.sqrt(running_var + eps)
                return gamma * (w - running_mean) / s, gamma * (b - running_mean) / s + beta
        """,
    ),
    _wrong(
        "fold_batchnorm",
        "eps outside the root",
        "γ/(√v + eps)",
        """
            def fold_batchnorm(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
                k = gamma / (np.sqrt(running_var) + eps)
                return w * k, k * (b - running_mean) + beta
        """,
    ),
    # Layer norm, forward
    _wrong(
        "layernorm_forward",
        "batch norm's axis",
        "axis=0: statistics of the features over the batch",
        """
            def layernorm_forward(x, gamma, beta, ln_param):
                eps = ln_param.get("eps", 1e-5)
                std = np.sqrt(x.var(axis=0) + eps)
                xhat = (x - x.mean(axis=0)) / std
                return gamma * xhat + beta, (xhat, gamma, std)
        """,
    ),
    _wrong(
        "layernorm_forward",
        "unbiased variance",
        "ddof=1, as torch.std has it",
        """
            def layernorm_forward(x, gamma, beta, ln_param):
                eps = ln_param.get("eps", 1e-5)
                std = np.sqrt(x.var(axis=1, ddof=1, keepdims=True) + eps)
                xhat = (x - x.mean(axis=1, keepdims=True)) / std
                return gamma * xhat + beta, (xhat, gamma, std)
        """,
    ),
    _wrong(
        "layernorm_forward",
        "eps beside the standard deviation",
        "divides by std + eps",
        """
            def layernorm_forward(x, gamma, beta, ln_param):
                eps = ln_param.get("eps", 1e-5)
                std = x.std(axis=1, keepdims=True) + eps
                xhat = (x - x.mean(axis=1, keepdims=True)) / std
                return gamma * xhat + beta, (xhat, gamma, std)
        """,
    ),
    _wrong(
        "layernorm_forward",
        "keepdims lost",
        "(N, D) − (N,): raises, or takes rows for columns where the batch is square",
        """
            def layernorm_forward(x, gamma, beta, ln_param):
                eps = ln_param.get("eps", 1e-5)
                std = np.sqrt(x.var(axis=1) + eps)
                xhat = (x - x.mean(axis=1)) / std
                return gamma * xhat + beta, (xhat, gamma, std)
        """,
    ),
    _wrong(
        "layernorm_forward",
        "mean not taken off",
        "x/√(v + eps): scaled, but not centred",
        """
            def layernorm_forward(x, gamma, beta, ln_param):
                eps = ln_param.get("eps", 1e-5)
                std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
                xhat = x / std
                return gamma * xhat + beta, (xhat, gamma, std)
        """,
    ),
    _wrong(
        "layernorm_forward",
        "eps fixed",
        "1e-5 whatever ln_param says",
        """
            def layernorm_forward(x, gamma, beta, ln_param):
                std = np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
                xhat = (x - x.mean(axis=1, keepdims=True)) / std
                return gamma * xhat + beta, (xhat, gamma, std)
        """,
    ),
    _wrong(
        "layernorm_forward",
        "shift before the scale",
        "γ (x̂ + β)",
        """
            def layernorm_forward(x, gamma, beta, ln_param):
                eps = ln_param.get("eps", 1e-5)
                std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
                xhat = (x - x.mean(axis=1, keepdims=True)) / std
                return gamma * (xhat + beta), (xhat, gamma, std)
        """,
    ),
    # Layer norm, backward
    _wrong(
        "layernorm_backward",
        "gamma after the means",
        "γ (dout − mean(dout) − x̂ mean(dout x̂))/s: in a row the features have their own γ, which does not come out of the mean",
        """
            def layernorm_backward(dout, cache):
                xhat, gamma, std = cache
                m = dict(axis=1, keepdims=True)
                dx = gamma * (dout - dout.mean(**m) - xhat * (dout * xhat).mean(**m)) / std
                return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "layernorm_backward",
        "batch norm's backward",
        "the means run over the batch",
        """
            def layernorm_backward(dout, cache):
                xhat, gamma, std = cache
                g = dout * gamma
                dx = (g - g.mean(axis=0) - xhat * (g * xhat).mean(axis=0)) / std
                return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "layernorm_backward",
        "N for D",
        "sums over the features divided by the number of examples",
        """
            def layernorm_backward(dout, cache):
                xhat, gamma, std = cache
                N = dout.shape[0]
                g = dout * gamma
                s = dict(axis=1, keepdims=True)
                dx = (N * g - g.sum(**s) - xhat * (g * xhat).sum(**s)) / (N * std)
                return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "layernorm_backward",
        "no path through the variance",
        "only the mean's path",
        """
            def layernorm_backward(dout, cache):
                xhat, gamma, std = cache
                g = dout * gamma
                return (g - g.mean(axis=1, keepdims=True)) / std, (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "layernorm_backward",
        "no path through the mean",
        "only the variance's path",
        """
            def layernorm_backward(dout, cache):
                xhat, gamma, std = cache
                g = dout * gamma
                dx = (g - xhat * (g * xhat).mean(axis=1, keepdims=True)) / std
                return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "layernorm_backward",
        "statistics held fast",
        "dx = γ dout/s",
        """
            def layernorm_backward(dout, cache):
                xhat, gamma, std = cache
                return dout * gamma / std, (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "layernorm_backward",
        "dgamma and dbeta along the features",
        "axis=1 here too: one number an example",
        """
            def layernorm_backward(dout, cache):
                xhat, gamma, std = cache
                g = dout * gamma
                m = dict(axis=1, keepdims=True)
                dx = (g - g.mean(**m) - xhat * (g * xhat).mean(**m)) / std
                return dx, (dout * xhat).sum(axis=1), dout.sum(axis=1)
        """,
    ),
    _wrong(
        "layernorm_backward",
        "dgamma averaged",
        "the mean over the batch for dgamma, the sum for dbeta",
        """
            def layernorm_backward(dout, cache):
                xhat, gamma, std = cache
                g = dout * gamma
                m = dict(axis=1, keepdims=True)
                dx = (g - g.mean(**m) - xhat * (g * xhat).mean(**m)) / std
                return dx, (dout * xhat).mean(axis=0), dout.sum(axis=0)
        """,
    ),
    _wrong(
        "layernorm_backward",
        "the last call's statistics",
        "the forward pass leaves what is needed in a global; a call in between replaces it",
        """
            _last = {}


            def layernorm_forward(x, gamma, beta, ln_param):
                std = np.sqrt(x.var(axis=1, keepdims=True) + ln_param.get("eps", 1e-5))
                xhat = (x - x.mean(axis=1, keepdims=True)) / std
                _last.update(xhat=xhat, gamma=gamma, std=std)
                return gamma * xhat + beta, (xhat, gamma, std)


            def layernorm_backward(dout, cache):
                xhat, gamma, std = _last["xhat"], _last["gamma"], _last["std"]
                g = dout * gamma
                m = dict(axis=1, keepdims=True)
                dx = (g - g.mean(**m) - xhat * (g * xhat).mean(**m)) / std
                return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)
        """,
        policy="state",
    ),
    # Group norm, forward
    _wrong(
        "spatial_groupnorm_forward",
        "channels dealt out",
        "group g gets the channels g, g + G, g + 2 G ...: not neighbours",
        """
            def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
                eps = gn_param.get("eps", 1e-5)
                N, C, H, W = x.shape
                xg = x.reshape(N, C // G, G, H, W)
                m = dict(axis=(1, 3, 4), keepdims=True)
                std = np.sqrt(xg.var(**m) + eps)
                xhat = ((xg - xg.mean(**m)) / std).reshape(x.shape)
                return gamma * xhat + beta, (xhat, gamma, std.reshape(N, G, 1), G)
        """,
    ),
    _wrong(
        "spatial_groupnorm_forward",
        "C/G groups of G channels",
        "G is taken for the size of a group",
        """
            def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
                eps = gn_param.get("eps", 1e-5)
                N, C, H, W = x.shape
                xg = x.reshape(N, C // G, G * H * W)
                std = np.sqrt(xg.var(axis=2, keepdims=True) + eps)
                xhat = ((xg - xg.mean(axis=2, keepdims=True)) / std).reshape(x.shape)
                return gamma * xhat + beta, (xhat, gamma, std, G)
        """,
    ),
    _wrong(
        "spatial_groupnorm_forward",
        "layer norm",
        "G is not looked at: one group of all channels",
        """
            def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
                eps = gn_param.get("eps", 1e-5)
                m = dict(axis=(1, 2, 3), keepdims=True)
                std = np.sqrt(x.var(**m) + eps)
                xhat = (x - x.mean(**m)) / std
                return gamma * xhat + beta, (xhat, gamma, np.repeat(std.reshape(-1, 1, 1), G, axis=1), G)
        """,
    ),
    _wrong(
        "spatial_groupnorm_forward",
        "over the batch",
        "the groups' statistics run over the examples too",
        """
            def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
                eps = gn_param.get("eps", 1e-5)
                N, C, H, W = x.shape
                xg = x.reshape(N, G, -1)
                m = dict(axis=(0, 2), keepdims=True)
                std = np.sqrt(xg.var(**m) + eps)
                xhat = ((xg - xg.mean(**m)) / std).reshape(x.shape)
                return gamma * xhat + beta, (xhat, gamma, np.repeat(std, N, axis=0), G)
        """,
    ),
    _wrong(
        "spatial_groupnorm_forward",
        "each pixel for itself",
        "statistics over the channels of a group alone, not over rows and columns",
        """
            def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
                eps = gn_param.get("eps", 1e-5)
                N, C, H, W = x.shape
                xg = x.reshape(N, G, C // G, H, W)
                std = np.sqrt(xg.var(axis=2, keepdims=True) + eps)
                xhat = ((xg - xg.mean(axis=2, keepdims=True)) / std).reshape(x.shape)
                return gamma * xhat + beta, (xhat, gamma, std, G)
        """,
    ),
    _wrong(
        "spatial_groupnorm_forward",
        "unbiased variance",
        "ddof=1 within a group",
        """
            def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
                eps = gn_param.get("eps", 1e-5)
                xg = x.reshape(x.shape[0], G, -1)
                std = np.sqrt(xg.var(axis=2, keepdims=True, ddof=1) + eps)
                xhat = ((xg - xg.mean(axis=2, keepdims=True)) / std).reshape(x.shape)
                return gamma * xhat + beta, (xhat, gamma, std, G)
        """,
    ),
    _wrong(
        "spatial_groupnorm_forward",
        "the spread of a group's centred sum of squares",
        "divides by the channels of a group and forgets the pixels in the count",
        """
            def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
                eps = gn_param.get("eps", 1e-5)
                N, C, H, W = x.shape
                xg = x.reshape(N, G, -1)
                c = xg - xg.mean(axis=2, keepdims=True)
                std = np.sqrt((c**2).sum(axis=2, keepdims=True) / (C // G) + eps)
                xhat = (c / std).reshape(x.shape)
                return gamma * xhat + beta, (xhat, gamma, std, G)
        """,
    ),
    # Group norm, backward
    _wrong(
        "spatial_groupnorm_backward",
        "gamma after the means",
        "γ is taken out of means over channels that each have their own",
        """
            def spatial_groupnorm_backward(dout, cache):
                xhat, gamma, std, G = cache
                N = dout.shape[0]
                d, h = dout.reshape(N, G, -1), xhat.reshape(N, G, -1)
                m = dict(axis=2, keepdims=True)
                dx = gamma * ((d - d.mean(**m) - h * (d * h).mean(**m)) / std).reshape(dout.shape)
                t = dict(axis=(0, 2, 3), keepdims=True)
                return dx, (dout * xhat.reshape(dout.shape)).sum(**t), dout.sum(**t)
        """,
    ),
    _wrong(
        "spatial_groupnorm_backward",
        "count of the whole example",
        "sums over a group divided by C H W instead of C H W/G",
        """
            def spatial_groupnorm_backward(dout, cache):
                xhat, gamma, std, G = cache
                N, C, H, W = dout.shape
                d, h = (dout * gamma).reshape(N, G, -1), xhat.reshape(N, G, -1)
                m = dict(axis=2, keepdims=True)
                size = C * H * W
                dx = (d - d.sum(**m) / size - h * (d * h).sum(**m) / size) / std
                t = dict(axis=(0, 2, 3), keepdims=True)
                return dx.reshape(dout.shape), (dout * xhat.reshape(dout.shape)).sum(**t), dout.sum(**t)
        """,
    ),
    _wrong(
        "spatial_groupnorm_backward",
        "no path through the variance",
        "only the mean's path",
        """
            def spatial_groupnorm_backward(dout, cache):
                xhat, gamma, std, G = cache
                d = (dout * gamma).reshape(dout.shape[0], G, -1)
                dx = ((d - d.mean(axis=2, keepdims=True)) / std).reshape(dout.shape)
                t = dict(axis=(0, 2, 3), keepdims=True)
                return dx, (dout * xhat.reshape(dout.shape)).sum(**t), dout.sum(**t)
        """,
    ),
    _wrong(
        "spatial_groupnorm_backward",
        "no path through the mean",
        "only the variance's path",
        """
            def spatial_groupnorm_backward(dout, cache):
                xhat, gamma, std, G = cache
                N = dout.shape[0]
                d, h = (dout * gamma).reshape(N, G, -1), xhat.reshape(N, G, -1)
                dx = ((d - h * (d * h).mean(axis=2, keepdims=True)) / std).reshape(dout.shape)
                t = dict(axis=(0, 2, 3), keepdims=True)
                return dx, (dout * xhat.reshape(dout.shape)).sum(**t), dout.sum(**t)
        """,
    ),
    _wrong(
        "spatial_groupnorm_backward",
        "parameters' gradients not summed over the batch",
        "dgamma and dbeta of shape (N, C, 1, 1)",
        """
            def spatial_groupnorm_backward(dout, cache):
                xhat, gamma, std, G = cache
                N = dout.shape[0]
                d, h = (dout * gamma).reshape(N, G, -1), xhat.reshape(N, G, -1)
                m = dict(axis=2, keepdims=True)
                dx = ((d - d.mean(**m) - h * (d * h).mean(**m)) / std).reshape(dout.shape)
                t = dict(axis=(2, 3), keepdims=True)
                return dx, (dout * xhat.reshape(dout.shape)).sum(**t), dout.sum(**t)
        """,
    ),
    _wrong(
        "spatial_groupnorm_backward",
        "parameters' gradients as averages",
        "means over examples and pixels where sums belong",
        """
            def spatial_groupnorm_backward(dout, cache):
                xhat, gamma, std, G = cache
                N = dout.shape[0]
                d, h = (dout * gamma).reshape(N, G, -1), xhat.reshape(N, G, -1)
                m = dict(axis=2, keepdims=True)
                dx = ((d - d.mean(**m) - h * (d * h).mean(**m)) / std).reshape(dout.shape)
                t = dict(axis=(0, 2, 3), keepdims=True)
                return dx, (dout * xhat.reshape(dout.shape)).mean(**t), dout.mean(**t)
        """,
    ),
    _wrong(
        "spatial_groupnorm_backward",
        "channels dealt out",
        "the means run over the channels g, g + G, ... of the reshaped gradient",
        """
            def spatial_groupnorm_backward(dout, cache):
                xhat, gamma, std, G = cache
                N, C, H, W = dout.shape
                shape = (N, C // G, G, H, W)
                xhat = xhat.reshape(dout.shape)
                d, h = (dout * gamma).reshape(shape), xhat.reshape(shape)
                m = dict(axis=(1, 3, 4), keepdims=True)
                dx = ((d - d.mean(**m) - h * (d * h).mean(**m)) / std.reshape(N, 1, G, 1, 1)).reshape(dout.shape)
                t = dict(axis=(0, 2, 3), keepdims=True)
                return dx, (dout * xhat).sum(**t), dout.sum(**t)
        """,
    ),
    _wrong(
        "spatial_groupnorm_backward",
        "one dgamma a group",
        "the sum over a group's channels, repeated for each of them",
        """
            def spatial_groupnorm_backward(dout, cache):
                xhat, gamma, std, G = cache
                N, C = dout.shape[:2]
                d, h = (dout * gamma).reshape(N, G, -1), xhat.reshape(N, G, -1)
                m = dict(axis=2, keepdims=True)
                dx = ((d - d.mean(**m) - h * (d * h).mean(**m)) / std).reshape(dout.shape)
                raw = dout.reshape(N, G, -1)
                dgamma = np.repeat((raw * h).sum(axis=(0, 2)), C // G).reshape(1, C, 1, 1)
                dbeta = np.repeat(raw.sum(axis=(0, 2)), C // G).reshape(1, C, 1, 1)
                return dx, dgamma, dbeta
        """,
    ),
    # The formula
    _wrong(
        "question_dropout_variance",
        "standard deviation",
        "the root is left in",
        """
            def question_dropout_variance():
                return "x * ((1 - p) / p)^0.5"
        """,
    ),
    _wrong(
        "question_dropout_variance",
        "without the scale",
        "variance of the older dropout, x² p (1 − p)",
        """
            def question_dropout_variance():
                return "x^2 * p * (1 - p)"
        """,
    ),
    _wrong(
        "question_dropout_variance",
        "second moment",
        "the square of the mean is not taken off",
        """
            def question_dropout_variance():
                return "x^2 / p"
        """,
    ),
    _wrong(
        "question_dropout_variance",
        "odds turned round",
        "p/(1 − p)",
        """
            def question_dropout_variance():
                return "x^2 * p / (1 - p)"
        """,
    ),
    _wrong(
        "question_dropout_variance",
        "of a coin",
        "p (1 − p), the variance of the mask before it is scaled",
        """
            def question_dropout_variance():
                return "p * (1 - p)"
        """,
    ),
]
