"""Right and wrong answers to unit ``mlp``, written from the public contract alone.

An answer that differs from a right one in some functions holds these alone.
"""

from __future__ import annotations

from functools import partial

from .entry import changed, right, wrong

__all__ = ["RIGHT_MLP", "WRONG_MLP"]

_changed, _right, _wrong = (partial(make, "mlp") for make in (changed, right, wrong))

RIGHT_MLP = [
    _right(
        "cost gradients",
        "vectorised, max subtracted, sigmoid split by sign",
        """
            def _sigmoid(z):
                out = np.empty_like(z)
                pos = z >= 0
                out[pos] = 1 / (1 + np.exp(-z[pos]))
                e = np.exp(z[~pos])
                out[~pos] = e / (1 + e)
                return out


            def cost(X, Y, W, V):
                u = _sigmoid(X @ V) @ W
                m = u.max(axis=1, keepdims=True)
                lse = m[:, 0] + np.log(np.exp(u - m).sum(axis=1))
                return np.mean(lse - (Y * u).sum(axis=1))


            def gradients(X, Y, W, V):
                h = _sigmoid(X @ V)
                u = h @ W
                p = np.exp(u - u.max(axis=1, keepdims=True))
                p /= p.sum(axis=1, keepdims=True)
                du = (p - Y) / len(X)
                dW = h.T @ du
                dz = (du @ W.T) * h * (1 - h)
                return dW, X.T @ dz
        """,
    ),
    _right(
        "cost gradients",
        "loops over everything, math module",
        """
            import math


            def _s(t):
                if t > 0:
                    return 1.0 / (1.0 + math.exp(-t))
                e = math.exp(t)
                return e / (1.0 + e)


            def _one(x, W, V):
                D, M = V.shape
                C = W.shape[1]
                h = [_s(sum(x[d] * V[d, m] for d in range(D))) for m in range(M)]
                u = [sum(h[m] * W[m, c] for m in range(M)) for c in range(C)]
                return h, u


            def cost(X, Y, W, V):
                total = 0.0
                for x, y in zip(X, Y):
                    _, u = _one(x, W, V)
                    top = max(u)
                    total += top + math.log(sum(math.exp(t - top) for t in u))
                    for c, t in enumerate(u):
                        total -= y[c] * t
                return total / len(X)


            def gradients(X, Y, W, V):
                dW, dV = np.zeros_like(W), np.zeros_like(V)
                N = len(X)
                for x, y in zip(X, Y):
                    h, u = _one(x, W, V)
                    top = max(u)
                    e = [math.exp(t - top) for t in u]
                    s = sum(e)
                    err = [e[c] / s - y[c] for c in range(len(u))]
                    for m in range(len(h)):
                        down = 0.0
                        for c in range(len(u)):
                            dW[m, c] += h[m] * err[c] / N
                            down += W[m, c] * err[c]
                        down = down * h[m] * (1 - h[m])
                        for d in range(len(x)):
                            dV[d, m] += x[d] * down / N
                return dW, dV
        """,
    ),
    _right(
        "cost gradients",
        "einsum, logaddexp.reduce, logistic as exp(-logaddexp(0, -z))",
        """
            def _net(X, W, V):
                z = np.einsum("nd,dm->nm", X, V)
                h = np.exp(-np.logaddexp(0, -z))
                k = np.exp(-np.logaddexp(0, z))  # 1 - h without cancellation
                return h, k, np.einsum("nm,mc->nc", h, W)


            def cost(X, Y, W, V):
                u = _net(X, W, V)[2]
                return float(np.logaddexp.reduce(u, axis=1).mean() - np.einsum("nc,nc->", Y, u) / X.shape[0])


            def gradients(X, Y, W, V):
                h, k, u = _net(X, W, V)
                error = np.exp(u - np.logaddexp.reduce(u, axis=1, keepdims=True)) - Y
                dW = np.einsum("nm,nc->mc", h, error) / X.shape[0]
                dV = np.einsum("nd,nc,mc,nm,nm->dm", X, error, W, h, k) / X.shape[0]
                return dW, dV
        """,
    ),
    _right(
        "cost",
        "minus the log of the softmax of the right class, picked by argmax",
        """
            def cost(X, Y, W, V):
                z = X @ V
                h = np.where(z > 0, 1 / (1 + np.exp(-np.abs(z))), np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))))
                u = h @ W
                right = u[np.arange(len(u)), Y.argmax(axis=1)]
                gap = u - right[:, None]
                top = gap.max(axis=1)
                return (top + np.log(np.exp(gap - top[:, None]).sum(axis=1))).sum() / len(X)
        """,
    ),
    _right(
        "gradients",
        "one example after the other with outer products, mean taken last",
        """
            def gradients(X, Y, W, V):
                dWs, dVs = [], []
                for x, y in zip(X, Y):
                    z = x @ V
                    e = np.exp(-np.abs(z))
                    h = np.where(z >= 0, 1.0, e) / (1 + e)
                    u = h @ W
                    p = np.exp(u - u.max())
                    p = p / p.sum()
                    dWs.append(np.outer(h, p - y))
                    dVs.append(np.outer(x, W @ (p - y) * e / (1 + e) ** 2))
                return np.mean(dWs, axis=0), np.mean(dVs, axis=0)
        """,
    ),
    _right(
        "gradients",
        "softmax written as 1 / sum of exp of differences, full Jacobian",
        """
            def gradients(X, Y, W, V):
                N, D = X.shape
                M, C = W.shape
                z = X @ V
                e = np.exp(-np.abs(z))
                h = np.where(z >= 0, 1 / (1 + e), e / (1 + e))
                u = h @ W
                logp = u - u.max(1, keepdims=True)
                logp = logp - np.log(np.exp(logp).sum(1, keepdims=True))
                p = np.exp(logp)
                # du[n,c]/dV[d,m] = X[n,d] h'(z[n,m]) W[m,c]
                J = X[:, :, None, None] * (e / (1 + e) ** 2)[:, None, :, None] * W[None, None]
                dV = np.tensordot(J, np.eye(C), axes=(3, 0))
                dV = sum(dV[n] @ (p[n] - Y[n]) for n in range(N)) / N
                dW = sum(np.multiply.outer(h[n], p[n] - Y[n]) for n in range(N)) / N
                return dW, dV
        """,
    ),
    _right(
        "gradients_checker",
        "random inputs against an own gradient, large logits and copies too",
        """
            def _own(X, Y, W, V):
                z = X @ V
                e = np.exp(-np.abs(z))
                h = np.where(z >= 0, 1 / (1 + e), e / (1 + e))
                u = h @ W
                p = np.exp(u - u.max(1, keepdims=True))
                p /= p.sum(1, keepdims=True)
                du = (p - Y) / X.shape[0]
                return h.T @ du, X.T @ (du @ W.T * h * (1 - h))


            def gradients_checker(candidate):
                rng = np.random.default_rng(3)
                for N, D, M, C, size in [(7, 4, 5, 3, 1), (1, 3, 2, 4, 1), (6, 1, 1, 2, 2), (4, 5, 3, 6, 3), (5, 2, 6, 3, 0.1), (9, 3, 4, 2, 30), (3, 4, 2, 3, 1000)]:
                    X, W, V = rng.standard_normal((N, D)), size * rng.standard_normal((M, C)), size * rng.standard_normal((D, M))
                    Y = np.eye(C)[rng.integers(0, C, N)]
                    try:
                        with np.errstate(all="ignore"):
                            got = candidate(X.copy(), Y.copy(), W.copy(), V.copy())
                        got = [np.asarray(g, dtype=float) for g in got]
                    except Exception:
                        return False
                    want = _own(X, Y, W, V)
                    if len(got) != 2:
                        return False
                    for g, w in zip(got, want):
                        if g.shape != w.shape or not np.all(np.abs(g - w) <= 1e-6 * (1e-2 + np.abs(w).max())):
                            return False
                return True
        """,
    ),
    _right(
        "gradients_checker",
        "central differences of the cost, entry by entry",
        """
            def _J(X, Y, W, V):
                u = np.exp(-np.logaddexp(0, -(X @ V))) @ W
                return np.mean(np.logaddexp.reduce(u, axis=1) - (Y * u).sum(axis=1))


            def gradients_checker(candidate):
                rng = np.random.default_rng(11)
                for N, D, M, C, size in ((8, 3, 4, 5, 1.0), (1, 4, 3, 2, 1.5), (5, 2, 5, 3, 0.3), (3, 2, 3, 4, 4.0), (6, 3, 7, 4, 3000.0)):
                    X = rng.normal(size=(N, D))
                    Y = np.zeros((N, C))
                    Y[np.arange(N), rng.integers(C, size=N)] = 1
                    W, V = size * rng.normal(size=(M, C)), size * rng.normal(size=(D, M))
                    try:
                        with np.errstate(all="ignore"):
                            dW, dV = candidate(X.copy(), Y.copy(), W.copy(), V.copy())
                    except Exception:
                        return False
                    if np.shape(dW) != W.shape or np.shape(dV) != V.shape:
                        return False
                    for claimed, P in ((dW, W), (dV, V)):
                        slopes = np.zeros(P.shape)
                        for i in np.ndindex(*P.shape):
                            old = P[i]
                            P[i] = old + 1e-5
                            up = _J(X, Y, W, V)
                            P[i] = old - 1e-5
                            down = _J(X, Y, W, V)
                            P[i] = old
                            slopes[i] = (up - down) / 2e-5
                        bound = 1e-7 * max(1.0, size) + 1e-5 * np.abs(slopes)
                        if not np.all(np.abs(np.asarray(claimed) - slopes) <= bound):
                            return False
                return True
        """,
    ),
    _right(
        "network_loss",
        "one branch for each word, mask for the ReLU",
        """
            def network_loss(X, Y, W, V, output, hidden):
                N = X.shape[0]
                z = X @ V
                if hidden == "logistic":
                    e = np.exp(-np.abs(z))
                    h = np.where(z >= 0, 1 / (1 + e), e / (1 + e))
                    slope = e / (1 + e) ** 2
                elif hidden == "tanh":
                    h = np.tanh(z)
                    slope = 1 - h**2
                else:
                    h = np.where(z > 0, z, 0.0)
                    slope = (z > 0).astype(float)
                u = h @ W
                if output == "regression":
                    J = 0.5 * np.sum((u - Y) ** 2) / N
                    d = u - Y
                elif output == "binary":
                    e = np.exp(-np.abs(u))
                    J = np.sum(np.maximum(u, 0) + np.log1p(e) - Y * u) / N
                    d = np.where(u >= 0, 1 / (1 + e), e / (1 + e)) - Y
                else:
                    m = u.max(axis=1, keepdims=True)
                    e = np.exp(u - m)
                    s = e.sum(axis=1, keepdims=True)
                    J = np.sum(m + np.log(s)) / N - np.sum(Y * u) / N
                    d = e / s - Y
                d = d / N
                return J, h.T @ d, X.T @ ((d @ W.T) * slope)
        """,
    ),
    _right(
        "network_loss",
        "tables of functions, logaddexp, slopes from h alone",
        """
            HIDDEN = {
                "logistic": (lambda z: np.exp(-np.logaddexp(0, -z)), lambda h: h * (1 - h)),
                "tanh": (np.tanh, lambda h: (1 - h) * (1 + h)),
                "relu": (lambda z: z * (z > 0), lambda h: np.sign(h)),
            }
            OUTPUT = {
                "regression": (lambda u, y: ((u - y) ** 2).sum(1) / 2, lambda u: u),
                "binary": (lambda u, y: (np.logaddexp(0, u) - y * u).sum(1), lambda u: np.exp(-np.logaddexp(0, -u))),
                "multiclass": (lambda u, y: np.logaddexp.reduce(u, axis=1) - (y * u).sum(1), lambda u: np.exp(u - np.logaddexp.reduce(u, axis=1)[:, None])),
            }


            def network_loss(X, Y, W, V, output, hidden):
                act, slope = HIDDEN[hidden]
                loss, predict = OUTPUT[output]
                h = act(X.dot(V))
                u = h.dot(W)
                delta = predict(u) - Y
                dW = h.T.dot(delta) / len(X)
                dV = X.T.dot(delta.dot(W.T) * slope(h)) / len(X)
                return loss(u, Y).mean(), dW, dV
        """,
    ),
    _right(
        "network_loss",
        "loop over the examples, binary and multiclass by hand",
        """
            import math


            def _logistic(t):
                return 1 / (1 + math.exp(-t)) if t >= 0 else math.exp(t) / (1 + math.exp(t))


            def network_loss(X, Y, W, V, output, hidden):
                J, dW, dV = 0.0, np.zeros(W.shape), np.zeros(V.shape)
                for n in range(len(X)):
                    z = [float(v) for v in X[n] @ V]
                    if hidden == "logistic":
                        h = [_logistic(t) for t in z]
                        g = [a * _logistic(-t) for a, t in zip(h, z)]
                    elif hidden == "tanh":
                        h = [math.tanh(t) for t in z]
                        g = [1 - a * a for a in h]
                    elif hidden == "relu":
                        h = [max(0.0, t) for t in z]
                        g = [1.0 if t > 0 else 0.0 for t in z]
                    u = [float(t) for t in np.array(h) @ W]
                    y = Y[n]
                    if output == "regression":
                        J += sum((a - b) ** 2 for a, b in zip(u, y)) / 2
                        e = [a - b for a, b in zip(u, y)]
                    elif output == "binary":
                        for a, b in zip(u, y):
                            J += (a if a > 0 else 0.0) + math.log1p(math.exp(-abs(a))) - b * a
                        e = [_logistic(a) - b for a, b in zip(u, y)]
                    elif output == "multiclass":
                        m = max(u)
                        s = sum(math.exp(a - m) for a in u)
                        J += m + math.log(s) - sum(a * b for a, b in zip(u, y))
                        e = [math.exp(a - m) / s - b for a, b in zip(u, y)]
                    dW += np.outer(h, e)
                    dV += np.outer(X[n], (W @ np.array(e)) * np.array(g))
                return J / len(X), dW / len(X), dV / len(X)
        """,
    ),
    _right(
        "tanh_slope",
        "as in every book",
        """
            def tanh_slope():
                return "1 - h^2"
        """,
    ),
    _right(
        "tanh_slope",
        "factored",
        """
            def tanh_slope():
                return "(1 - h) * (1 + h)"
        """,
    ),
    _right(
        "tanh_slope",
        "with a useless quotient",
        """
            def tanh_slope():
                return "(2 - 2*h*h)/2"
        """,
    ),
    _right(
        "mended_gradients",
        "h instead of tanh(h)",
        """
            def mended_gradients(x, y, W1, W2, lam):
                ones = np.ones((len(x), 1))
                x1 = np.concatenate([x, ones], axis=1)
                h = np.tanh(x1 @ W1.T)
                h1 = np.concatenate([h, ones], axis=1)
                error = 2 * (h1 @ W2.T - y) / len(x)
                below = error @ W2[:, :-1] * (1 - h ** 2)
                dW1 = below.T @ x1
                dW2 = error.T @ h1
                dW1[:, :-1] += lam * W1[:, :-1]
                dW2[:, :-1] += lam * W2[:, :-1]
                return dW1, dW2
        """,
    ),
    _right(
        "mended_gradients",
        "keeps the pre-activation and takes tanh of that",
        """
            def mended_gradients(x, y, W1, W2, lam):
                ones = np.ones((len(x), 1))
                x1 = np.concatenate([x, ones], axis=1)
                z = x1 @ W1.T
                h1 = np.concatenate([np.tanh(z), ones], axis=1)
                error = 2 * (h1 @ W2.T - y) / len(x)
                below = error @ W2[:, :-1] * (1 - np.tanh(z) ** 2)
                dW1 = below.T @ x1
                dW2 = error.T @ h1
                dW1[:, :-1] += lam * W1[:, :-1]
                dW2[:, :-1] += lam * W2[:, :-1]
                return dW1, dW2
        """,
    ),
    _right(
        "mended_gradients",
        "rewritten with loops and a mask for the decay",
        """
            def mended_gradients(x, y, W1, W2, lam):
                N = len(x)
                dW1, dW2 = np.zeros_like(W1), np.zeros_like(W2)
                for n in range(N):
                    a = np.append(x[n], 1.0)
                    h = np.tanh(W1.dot(a))
                    b = np.append(h, 1.0)
                    e = 2.0 / N * (W2.dot(b) - y[n])
                    dW2 += np.outer(e, b)
                    back = W2.T.dot(e)
                    dW1 += np.outer(back[:-1] * (1 - h) * (1 + h), a)
                keep1, keep2 = np.ones_like(W1), np.ones_like(W2)
                keep1[:, -1] = 0
                keep2[:, -1] = 0
                return dW1 + lam * keep1 * W1, dW2 + lam * keep2 * W2
        """,
    ),
    _right(
        "overfit_ten",
        "random hidden layer, upper weights by least squares on the logits",
        """
            def overfit_ten(X, Y, seed):
                rng = np.random.default_rng(seed)
                V = 10 * rng.standard_normal((3, 200))
                h = 0.5 * (1 + np.tanh(X @ V / 2))
                W = np.linalg.lstsq(h, 12 * Y, rcond=None)[0]
                return W, V
        """,
    ),
    _right(
        "overfit_ten",
        "Adam on both layers, wide",
        """
            def overfit_ten(X, Y, seed):
                rng = np.random.default_rng(seed)
                P = [rng.standard_normal((200, 3)) * 0.1, rng.standard_normal((3, 200)) * 5]
                m = [np.zeros_like(p) for p in P]
                v = [np.zeros_like(p) for p in P]
                for t in range(1, 3001):
                    W, V = P
                    h = 0.5 * (1 + np.tanh(X @ V / 2))
                    u = h @ W
                    p = np.exp(u - u.max(1, keepdims=True))
                    p /= p.sum(1, keepdims=True)
                    d = (p - Y) / len(X)
                    grads = [h.T @ d, X.T @ (d @ W.T * h * (1 - h))]
                    for i in range(2):
                        m[i] = 0.9 * m[i] + 0.1 * grads[i]
                        v[i] = 0.999 * v[i] + 0.001 * grads[i] ** 2
                        P[i] = P[i] - 0.05 * (m[i] / (1 - 0.9**t)) / (np.sqrt(v[i] / (1 - 0.999**t)) + 1e-8)
                return P[0], P[1]
        """,
    ),
    _right(
        "train_iris",
        "Adam, full batch",
        """
            def train_iris(X, Y, seed):
                rng = np.random.default_rng(seed)
                W, V = rng.standard_normal((16, 3)) * 0.5, rng.standard_normal((3, 16))
                mW = vW = np.zeros_like(W)
                mV = vV = np.zeros_like(V)
                for t in range(1, 3001):
                    h = 0.5 * (1 + np.tanh(X @ V / 2))
                    u = h @ W
                    p = np.exp(u - u.max(1, keepdims=True))
                    p /= p.sum(1, keepdims=True)
                    d = (p - Y) / len(X)
                    gW, gV = h.T @ d, X.T @ (d @ W.T * h * (1 - h))
                    mW, vW = 0.9 * mW + 0.1 * gW, 0.999 * vW + 0.001 * gW**2
                    mV, vV = 0.9 * mV + 0.1 * gV, 0.999 * vV + 0.001 * gV**2
                    a, b = 1 - 0.9**t, 1 - 0.999**t
                    W = W - 0.03 * (mW / a) / (np.sqrt(vW / b) + 1e-8)
                    V = V - 0.03 * (mV / a) / (np.sqrt(vV / b) + 1e-8)
                return W, V
        """,
    ),
    _right(
        "train_iris",
        "plain gradient descent with momentum",
        """
            def train_iris(X, Y, seed):
                rng = np.random.default_rng(seed)
                V = rng.standard_normal((3, 16))
                W = rng.standard_normal((16, 3))
                sV, sW = 0 * V, 0 * W
                for step in range(8000):
                    h = 0.5 + 0.5 * np.tanh(0.5 * (X @ V))
                    u = h @ W
                    e = np.exp(u - u.max(axis=1)[:, None])
                    err = (e / e.sum(axis=1)[:, None] - Y) / 150
                    dW = h.T @ err
                    dV = X.T @ ((err @ W.T) * h * (1 - h))
                    sV = 0.9 * sV - 0.1 * dV
                    sW = 0.9 * sW - 0.1 * dW
                    V, W = V + sV, W + sW
                return W, V
        """,
    ),
    _right(
        "train_iris",
        "only the upper layer is trained, by damped Newton steps on random units",
        """
            def train_iris(X, Y, seed):
                rng = np.random.default_rng(seed)
                V = np.empty((3, 16))
                direction = rng.standard_normal((2, 16)) * 2
                centre = X[rng.integers(0, len(X), 16), :2]
                V[:2] = direction
                V[2] = -(direction * centre.T).sum(0)
                h = 0.5 * (1 + np.tanh(X @ V / 2))
                N, M = h.shape
                W = np.zeros((M, 3))
                for _ in range(40):
                    u = h @ W
                    p = np.exp(u - u.max(1, keepdims=True))
                    p /= p.sum(1, keepdims=True)
                    g = (h.T @ (p - Y) / N + 1e-6 * W).ravel()
                    H = np.zeros((M, 3, M, 3))
                    for a in range(3):
                        for b in range(3):
                            H[:, a, :, b] = h.T @ ((p[:, a] * ((a == b) - p[:, b]))[:, None] * h) / N
                    H = H.reshape(3 * M, 3 * M) + 1e-6 * np.eye(3 * M)
                    step = np.linalg.solve(H, g).reshape(M, 3)
                    def value(w):
                        s = h @ w
                        top = s.max(1)
                        return np.mean(top + np.log(np.exp(s - top[:, None]).sum(1)) - (Y * s).sum(1)) + 5e-7 * (w**2).sum()
                    t, now = 1.0, value(W)
                    while value(W - t * step) > now and t > 1e-6:
                        t /= 2
                    W = W - t * step
                return W, V
        """,
    ),
    _right(
        "soft_step bump",
        "two maxima",
        """
            def soft_step(z):
                return np.maximum(0, z + 0.5) - np.maximum(0, z - 0.5)


            def bump(x, left, right, width):
                return soft_step((x - left) / width) - soft_step((x - right) / width)
        """,
    ),
    _right(
        "soft_step bump",
        "clip, and four ReLUs scaled afterwards",
        """
            def soft_step(z):
                return np.clip(np.asarray(z) + 0.5, 0.0, 1.0)


            def bump(x, left, right, width):
                g = lambda t: np.where(t > 0, t, 0.0)
                total = g(x - left + width / 2) - g(x - left - width / 2) - g(x - right + width / 2) + g(x - right - width / 2)
                return total / width
        """,
    ),
    _right(
        "soft_step bump",
        "piecewise where, interpolated flanks",
        """
            def soft_step(z):
                return np.where(z <= -0.5, 0.0, np.where(z >= 0.5, 1.0, z + 0.5))


            def bump(x, left, right, width):
                up = np.interp(x, [left - width / 2, left + width / 2], [0.0, 1.0])
                down = np.interp(x, [right - width / 2, right + width / 2], [0.0, 1.0])
                return up - down
        """,
    ),
    _right(
        "soft_step",
        "entry by entry over the flat array",
        """
            def soft_step(z):
                z = np.asarray(z, dtype=float)
                out = np.zeros(z.size)
                for i, t in enumerate(z.ravel()):
                    if t > -0.5:
                        out[i] = t + 0.5
                    if t > 0.5:
                        out[i] = 1.0
                return out.reshape(z.shape)
        """,
    ),
    _right(
        "approximate",
        "broken line with 63 even kinks, changes of slope",
        """
            def approximate(x, y):
                knots = np.linspace(-3, 3, 64)
                values = np.sin(3 * knots) * np.exp(-knots**2 / 4)
                slopes = np.diff(values) / np.diff(knots)
                w = np.concatenate([[slopes[0]], np.diff(slopes)])
                return np.ones(63), -knots[:-1], w, values[0]
        """,
    ),
    _right(
        "approximate",
        "every tenth sample, units that look left",
        """
            def approximate(x, y):
                knots, values = x[::10], y[::10]
                slope = [(values[i + 1] - values[i]) / (knots[i + 1] - knots[i]) for i in range(60)]
                b, w = [], []
                after = 0.0
                for i in range(59, -1, -1):  # from the right end, relu(knot - t) bends the line towards the left
                    b.append(knots[i + 1])
                    w.append(-slope[i] + after)
                    after = slope[i]
                return -np.ones(60), np.array(b), np.array(w), float(values[60])
        """,
    ),
    _right(
        "approximate",
        "least squares for the weights, kinks at even places, units scaled",
        """
            def approximate(x, y):
                kinks = np.linspace(-3, 3, 56)[:-1]
                v = np.full(55, 2.0)
                b = -2.0 * kinks
                A = np.column_stack([np.maximum(0, np.outer(x, v) + b), np.ones(len(x))])
                weights = np.linalg.lstsq(A, y, rcond=None)[0]
                return v, b, weights[:-1], weights[-1]
        """,
    ),
    _right(
        "approximate",
        "kinks crowded where the curve bends",
        """
            def approximate(x, y):
                f = lambda t: np.sin(3 * t) * np.exp(-t**2 / 4)
                t = np.linspace(-3, 3, 6001)
                bend = np.abs(np.gradient(np.gradient(f(t), t), t)) ** 0.5 + 0.05
                mass = np.concatenate([[0], np.cumsum((bend[1:] + bend[:-1]) / 2)])
                knots = np.interp(np.linspace(0, mass[-1], 51), mass, t)
                knots[0], knots[-1] = -3, 3
                slope = np.diff(f(knots)) / np.diff(knots)
                w = np.r_[slope[0], slope[1:] - slope[:-1]]
                return np.ones(50), -knots[:50], w, f(-3.0)
        """,
    ),
    _right(
        "mlp_forward mlp_backward",
        "lists built step by step, slope from the stored h",
        """
            def _phi(z, activation):
                if activation == "logistic":
                    e = np.exp(-np.abs(z))
                    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))
                if activation == "tanh":
                    return np.tanh(z)
                return np.maximum(0, z)


            def mlp_forward(x, weights, activation):
                inputs = []
                h = x
                for l, W in enumerate(weights):
                    a = np.hstack([h, np.ones((h.shape[0], 1))])
                    inputs.append(a)
                    h = a @ W.T
                    if l < len(weights) - 1:
                        h = _phi(h, activation)
                return h, (inputs, weights, activation)


            def mlp_backward(dout, cache):
                inputs, weights, activation = cache
                dweights = [None] * len(weights)
                d = dout
                for l in reversed(range(len(weights))):
                    dweights[l] = d.T @ inputs[l]
                    d = d @ weights[l][:, :-1]
                    if l > 0:
                        h = inputs[l][:, :-1]
                        if activation == "logistic":
                            d = d * h * (1 - h)
                        elif activation == "tanh":
                            d = d * (1 - h**2)
                        else:
                            d = d * (h > 0)
                return d, dweights
        """,
    ),
    _right(
        "mlp_forward mlp_backward",
        "recursion over the layers",
        """
            def _act(z, name):
                return {"logistic": lambda t: np.exp(-np.logaddexp(0, -t)), "tanh": np.tanh, "relu": lambda t: (t + np.abs(t)) / 2}[name](z)


            def mlp_forward(x, weights, activation):
                first = np.c_[x, np.ones(len(x))]
                z = first @ weights[0].T
                if len(weights) == 1:
                    return z, ([first], weights, activation)
                out, (rest, _, _) = mlp_forward(_act(z, activation), weights[1:], activation)
                return out, ([first] + rest, weights, activation)


            def mlp_backward(dout, cache):
                inputs, weights, activation = cache
                if len(weights) == 1:
                    d, later = dout, []
                else:
                    dh, later = mlp_backward(dout, (inputs[1:], weights[1:], activation))
                    h = inputs[1][:, : weights[0].shape[0]]
                    slope = {"logistic": h - h * h, "tanh": 1 - h * h, "relu": np.where(h > 0, 1.0, 0.0)}[activation]
                    d = dh * slope
                return d @ weights[0][:, :-1], [d.T @ inputs[0]] + later
        """,
    ),
    _right(
        "mlp_forward mlp_backward",
        "einsum, biases added apart, the back pass recomputes z",
        """
            def _h(z, kind):
                if kind == "relu":
                    return np.where(z > 0, z, 0)
                if kind == "tanh":
                    return np.tanh(z)
                big = np.exp(np.minimum(z, 0))
                return big / (1 + np.exp(-np.abs(z)))


            def mlp_forward(x, weights, activation):
                inputs = []
                h = x
                for W in weights[:-1]:
                    inputs.append(np.concatenate((h, np.ones((len(h), 1))), axis=1))
                    h = _h(np.einsum("nd,md->nm", h, W[:, :-1]) + W[:, -1], activation)
                inputs.append(np.concatenate((h, np.ones((len(h), 1))), axis=1))
                out = h @ weights[-1][:, :-1].T + weights[-1][:, -1]
                return out, (inputs, weights, activation)


            def mlp_backward(dout, cache):
                inputs, weights, activation = cache
                grads = []
                delta = np.array(dout)
                for k in range(len(weights) - 1, -1, -1):
                    dW = np.einsum("nm,nd->md", delta, inputs[k][:, :-1])
                    db = delta.sum(axis=0)
                    grads.insert(0, np.column_stack([dW, db]))
                    delta = np.einsum("nm,md->nd", delta, weights[k][:, :-1])
                    if k:
                        z = inputs[k - 1] @ weights[k - 1].T
                        if activation == "relu":
                            delta[z <= 0] = 0
                        elif activation == "tanh":
                            delta = delta * (1 - np.tanh(z) ** 2)
                        else:
                            e = np.exp(-np.abs(z))
                            delta = delta * e / (1 + e) ** 2
                return delta, grads
        """,
    ),
    _right(
        "mlp_forward mlp_backward",
        "example by example",
        """
            def _unit(t, activation):
                if activation == "tanh":
                    return np.tanh(t)
                if activation == "relu":
                    return max(t, 0.0)
                return 1 / (1 + np.exp(-t)) if t >= 0 else np.exp(t) / (1 + np.exp(t))


            def mlp_forward(x, weights, activation):
                N, L = len(x), len(weights)
                inputs = [np.ones((N, W.shape[1])) for W in weights]
                out = np.zeros((N, weights[-1].shape[0]))
                for n in range(N):
                    h = x[n]
                    for l in range(L):
                        inputs[l][n, :-1] = h
                        z = weights[l] @ inputs[l][n]
                        h = z if l == L - 1 else np.array([_unit(t, activation) for t in z])
                    out[n] = h
                return out, (inputs, weights, activation)


            def mlp_backward(dout, cache):
                inputs, weights, activation = cache
                dweights = [np.zeros_like(W) for W in weights]
                dx = []
                for n in range(len(dout)):
                    d = dout[n].copy()
                    for l in range(len(weights) - 1, -1, -1):
                        a = inputs[l][n]
                        dweights[l] += np.outer(d, a)
                        d = (weights[l].T @ d)[:-1]
                        if l > 0:
                            h = a[:-1]
                            if activation == "tanh":
                                d *= 1 - h * h
                            elif activation == "relu":
                                d *= h > 0
                            else:
                                d *= h * (1 - h)
                    dx.append(d)
                return np.array(dx), dweights
        """,
    ),
    _right(
        "flatten unflatten",
        "concatenate and split",
        """
            def flatten(arrays):
                return np.concatenate([a.ravel() for a in arrays])


            def unflatten(theta, shapes):
                sizes = [int(np.prod(s)) for s in shapes]
                parts = np.split(theta, np.cumsum(sizes)[:-1])
                return [p.reshape(s) for p, s in zip(parts, shapes)]
        """,
    ),
    _right(
        "flatten unflatten",
        "entry by entry with ndindex",
        """
            def flatten(arrays):
                entries = []
                for a in arrays:
                    for i in np.ndindex(a.shape):
                        entries.append(a[i])
                return np.array(entries)


            def unflatten(theta, shapes):
                it = iter(theta)
                out = []
                for shape in shapes:
                    a = np.empty(shape)
                    for i in np.ndindex(*shape):
                        a[i] = next(it)
                    out.append(a)
                return out
        """,
    ),
    _right(
        "flatten unflatten",
        "preallocated vector and a running offset",
        """
            def flatten(arrays):
                theta = np.empty(sum(a.size for a in arrays))
                start = 0
                for a in arrays:
                    theta[start : start + a.size] = a.reshape(-1)
                    start += a.size
                return theta


            def unflatten(theta, shapes):
                arrays, start = [], 0
                for shape in shapes:
                    size = 1
                    for length in shape:
                        size *= length
                    arrays.append(np.array(theta[start : start + size]).reshape(shape))
                    start = start + size
                return arrays
        """,
    ),
    _right(
        "xavier_weights he_weights",
        "generator's uniform and normal",
        """
            def xavier_weights(fan_in, fan_out, rng):
                a = np.sqrt(6 / (fan_in + fan_out))
                return rng.uniform(-a, a, size=(fan_in, fan_out))


            def he_weights(fan_in, fan_out, rng):
                return rng.normal(0, np.sqrt(2 / fan_in), size=(fan_in, fan_out))
        """,
    ),
    _right(
        "xavier_weights he_weights",
        "rescaled standard draws",
        """
            def xavier_weights(fan_in, fan_out, rng):
                return (2 * rng.random((fan_in, fan_out)) - 1) * 6**0.5 / (fan_in + fan_out) ** 0.5


            def he_weights(fan_in, fan_out, rng):
                return rng.standard_normal((fan_in, fan_out)) * (2 / fan_in) ** 0.5
        """,
    ),
    _right(
        "xavier_weights he_weights",
        "entry by entry; normal numbers by Box and Muller",
        """
            def xavier_weights(fan_in, fan_out, rng):
                a = (6 / (fan_in + fan_out)) ** 0.5
                return np.array([[rng.uniform(-a, a) for _ in range(fan_out)] for _ in range(fan_in)])


            def he_weights(fan_in, fan_out, rng):
                u = 1 - rng.random((fan_in, fan_out))
                angle = 2 * np.pi * rng.random((fan_in, fan_out))
                return np.sqrt(-2 * np.log(u)) * np.cos(angle) * np.sqrt(2 / fan_in)
        """,
    ),
    _right(
        "he_weights",
        "drawn transposed, then turned",
        """
            def he_weights(fan_in, fan_out, rng):
                std = np.sqrt(2.0 / fan_in)
                return (std * rng.standard_normal(size=(fan_out, fan_in))).T.copy()
        """,
    ),
    _right(
        "layer_scales",
        "own forward pass",
        """
            def layer_scales(x, weights, activation):
                h, scales = x, []
                for l, W in enumerate(weights, 1):
                    z = h @ W[:, :-1].T + W[:, -1]
                    if l == len(weights):
                        h = z
                    elif activation == "relu":
                        h = np.maximum(z, 0)
                    elif activation == "tanh":
                        h = np.tanh(z)
                    else:
                        e = np.exp(-np.abs(z))
                        h = np.where(z >= 0, 1.0, e) / (1 + e)
                    scales.append(np.sqrt(np.mean(h**2)))
                return np.array(scales)
        """,
    ),
    _right(
        "layer_scales",
        "Frobenius norms of what mlp_forward cached",
        """
            def mlp_forward(x, weights, activation):
                phi = {"logistic": lambda z: np.exp(-np.logaddexp(0, -z)), "tanh": np.tanh, "relu": lambda z: np.maximum(0, z)}[activation]
                inputs = [np.hstack([x, np.ones((len(x), 1))])]
                for W in weights[:-1]:
                    inputs.append(np.hstack([phi(inputs[-1] @ W.T), np.ones((len(x), 1))]))
                return inputs[-1] @ weights[-1].T, (inputs, weights, activation)


            def layer_scales(x, weights, activation):
                out, (inputs, _, _) = mlp_forward(x, weights, activation)
                outputs = [a[:, :-1] for a in inputs[1:]] + [out]
                return np.array([np.linalg.norm(h) / h.size**0.5 for h in outputs])
        """,
    ),
    _right(
        "permute_hidden flip_hidden scale_hidden",
        "fancy indexing, signs as a vector",
        """
            def permute_hidden(W, V, order):
                return W[order], V[:, order]


            def flip_hidden(W, V, units):
                sign = np.ones(W.shape[0])
                sign[units] = -1
                return sign[:, None] * W, V * sign


            def scale_hidden(W, V, factors):
                return W / factors[:, None], V * factors
        """,
    ),
    _right(
        "permute_hidden flip_hidden scale_hidden",
        "multiplied by matrices",
        """
            def permute_hidden(W, V, order):
                P = np.zeros((len(order), len(order)))
                P[order, np.arange(len(order))] = 1.0
                return P.T @ W, V @ P


            def flip_hidden(W, V, units):
                S = np.eye(len(W))
                for j in units:
                    S[j, j] = -1
                return S @ W, V @ S


            def scale_hidden(W, V, factors):
                return np.diag(1 / factors) @ W, V @ np.diag(factors)
        """,
    ),
    _right(
        "permute_hidden flip_hidden scale_hidden",
        "copies and loops over the units",
        """
            def permute_hidden(W, V, order):
                W2, V2 = np.empty_like(W), np.empty_like(V)
                for j in range(len(order)):
                    W2[j, :] = W[order[j], :]
                    V2[:, j] = V[:, order[j]]
                return W2, V2


            def flip_hidden(W, V, units):
                W2, V2 = W.copy(), V.copy()
                for j in units:
                    W2[j] = -W2[j]
                    V2[:, j] = -V2[:, j]
                return W2, V2


            def scale_hidden(W, V, factors):
                W2, V2 = W.copy(), V.copy()
                for j, k in enumerate(factors):
                    W2[j] /= k
                    V2[:, j] *= k
                return W2, V2
        """,
    ),
    _right(
        "linear_map",
        "weight and bias carried apart",
        """
            def linear_map(weights):
                A, b = weights[0][:, :-1], weights[0][:, -1]
                for W in weights[1:]:
                    A = W[:, :-1] @ A
                    b = W[:, :-1] @ b + W[:, -1]
                return np.column_stack([A, b])
        """,
    ),
    _right(
        "linear_map",
        "each matrix with a last row (0, ..., 0, 1)",
        """
            def linear_map(weights):
                A = np.eye(weights[0].shape[1])
                for W in weights:
                    last = np.zeros((1, W.shape[1]))
                    last[0, -1] = 1
                    A = np.vstack([W, last]) @ A
                return A[:-1]
        """,
    ),
    _right(
        "linear_map",
        "from the top downwards, by recursion",
        """
            def linear_map(weights):
                if len(weights) == 1:
                    return weights[0].copy()
                top, below = weights[-1], weights[-2]
                joined = top[:, :-1] @ below
                joined[:, -1] += top[:, -1]
                return linear_map(weights[:-2] + [joined])
        """,
    ),
    _right(
        "predict_zero_net_loss",
        "to three digits",
        """
            def predict_zero_net_loss():
                return 1.39
        """,
    ),
    _right(
        "predict_zero_net_loss predict_without_nonlinearity predict_equal_columns",
        "computed numbers (predict_zero_net_loss)",
        """
            def predict_zero_net_loss():
                return -np.log(1 / 4)


            def predict_without_nonlinearity():
                return 3 / 4


            def predict_equal_columns():
                return 1
        """,
    ),
    _right(
        "question_parameters question_tanh_symmetries",
        "computed numbers (question_parameters)",
        """
            import math


            def question_parameters():
                return (4 + 1) * 16 + (16 + 1) * 3


            def question_tanh_symmetries():
                return math.factorial(3) * 2**3
        """,
    ),
    _right(
        "soft_step bump",
        "clip, and np.interp over sorted corners",
        """
            def soft_step(z):
                return np.clip(z + 0.5, 0.0, 1.0)


            def bump(x, left, right, width):
                half = width / 2
                corners = np.array(sorted([left - half, left + half, right - half, right + half]))
                heights = soft_step((corners - left) / width) - soft_step((corners - right) / width)
                return np.interp(x.ravel(), corners, heights).reshape(x.shape)
        """,
    ),
    _right(
        "soft_step bump",
        "half the difference of two sizes, and 1",
        """
            def soft_step(z):
                return 0.5 * (np.abs(z + 0.5) - np.abs(z - 0.5) + 1)


            def bump(x, left, right, width):
                s = lambda e: 0.5 * (np.abs((x - e) / width + 0.5) - np.abs((x - e) / width - 0.5) + 1)
                return s(left) - s(right)
        """,
    ),
    _right(
        "xavier_weights he_weights",
        "from generators that this one spawns",
        """
            def xavier_weights(n, m, rng):
                a = np.sqrt(6 / (n + m))
                return (2 * rng.spawn(1)[0].random((n, m)) - 1) * a


            def he_weights(n, m, rng):
                return rng.spawn(1)[0].standard_normal((n, m)) * (2 / n) ** 0.5
        """,
    ),
]

WRONG_MLP = [
    _wrong(
        "cost",
        "sum for mean",
        "The cost is summed over the examples, not averaged: N times too large.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def cost(X, Y, W, V):
                u = sigmoid(X @ V) @ W
                m = u.max(axis=1, keepdims=True)
                return np.sum(m[:, 0] + np.log(np.exp(u - m).sum(axis=1)) - (Y * u).sum(axis=1))
        """,
    ),
    _wrong(
        "cost",
        "mean over examples and classes",
        "np.mean of the (N, C) array divides by N·C, so the cost is C times too small.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def cost(X, Y, W, V):
                p = softmax(sigmoid(X @ V) @ W)
                u = sigmoid(X @ V) @ W
                logp = u - u.max(1, keepdims=True)
                logp = logp - np.log(np.exp(logp).sum(1, keepdims=True))
                return -np.mean(Y * logp)
        """,
    ),
    _wrong(
        "cost",
        "naive log of a sum of exp",
        "np.exp(u) overflows for logits of 1000 and the cost is inf.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def cost(X, Y, W, V):
                u = sigmoid(X @ V) @ W
                return np.mean(np.log(np.exp(u).sum(axis=1)) - (Y * u).sum(axis=1))
        """,
    ),
    _wrong(
        "cost",
        "log of the softmax",
        "The softmax of a far-off class is 0, its log is -inf, and 0 · -inf is nan, for large logits.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def cost(X, Y, W, V):
                p = softmax(sigmoid(X @ V) @ W)
                return -np.mean(np.sum(Y * np.log(p), axis=1))
        """,
    ),
    _wrong(
        "cost",
        "clipped log",
        "Probabilities are kept above 1e-12, so the cost of a badly wrong example is capped at 27.6.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def cost(X, Y, W, V):
                p = np.clip(softmax(sigmoid(X @ V) @ W), 1e-12, 1.0)
                return float(-np.sum(Y * np.log(p)) / X.shape[0])
        """,
    ),
    _wrong(
        "cost",
        "no hidden nonlinearity",
        "The logistic function of the hidden units is left out.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def cost(X, Y, W, V):
                u = X @ V @ W
                m = u.max(axis=1)
                return np.mean(m + np.log(np.exp(u - m[:, None]).sum(axis=1)) - (Y * u).sum(axis=1))
        """,
    ),
    _wrong(
        "gradients",
        "1/N twice below",
        "The mean is taken again in dV, which is N times too small; dW is right.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def gradients(X, Y, W, V):
                h = sigmoid(X @ V)
                du = (softmax(h @ W) - Y) / len(X)
                dW = h.T @ du
                dV = X.T @ (du @ W.T * h * (1 - h)) / len(X)
                return dW, dV
        """,
    ),
    _wrong(
        "gradients",
        "sums",
        "Neither gradient is divided by N, though J is a mean.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def gradients(X, Y, W, V):
                h = sigmoid(X @ V)
                du = softmax(h @ W) - Y
                return h.T @ du, X.T @ (du @ W.T * h * (1 - h))
        """,
    ),
    _wrong(
        "gradients",
        "1/N above only",
        "dW is averaged and dV is not.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def gradients(X, Y, W, V):
                h = sigmoid(X @ V)
                du = softmax(h @ W) - Y
                dW = h.T @ du / len(X)
                dV = X.T @ (du @ W.T * h * (1 - h))
                return dW, dV
        """,
    ),
    _wrong(
        "gradients",
        "in the order of the layers",
        "Returns (dV, dW), where (dW, dV) is asked.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def gradients(X, Y, W, V):
                h = sigmoid(X @ V)
                du = (softmax(h @ W) - Y) / len(X)
                dW = h.T @ du
                dV = X.T @ (du @ W.T * h * (1 - h))
                return dV, dW
        """,
    ),
    _wrong(
        "gradients",
        "slope at the activation (gradients)",
        "The slope is taken at h where it belongs at z: sigmoid(h)(1 − sigmoid(h)).",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def gradients(X, Y, W, V):
                dsig = lambda t: sigmoid(t) * (1 - sigmoid(t))
                h = sigmoid(X @ V)
                du = (softmax(h @ W) - Y) / len(X)
                return h.T @ du, X.T @ (du @ W.T * dsig(h))
        """,
    ),
    _wrong(
        "gradients",
        "no slope",
        "The slope of the logistic units is left out of dV.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def gradients(X, Y, W, V):
                h = sigmoid(X @ V)
                du = (softmax(h @ W) - Y) / len(X)
                return h.T @ du, X.T @ (du @ W.T)
        """,
    ),
    _wrong(
        "gradients_checker",
        "always True",
        "A constant answer: accepts every wrong candidate.",
        """
            def gradients_checker(candidate):
                return True
        """,
    ),
    _wrong(
        "gradients_checker",
        "always False",
        "A constant answer: refuses every right candidate.",
        """
            def gradients_checker(candidate):
                return False
        """,
    ),
    _wrong(
        "gradients_checker",
        "shapes only",
        "Looks only at the shapes and whether the numbers are finite; wrong values pass.",
        """
            def gradients_checker(candidate):
                rng = np.random.default_rng(0)
                X, W, V = rng.standard_normal((6, 4)), rng.standard_normal((5, 3)), rng.standard_normal((4, 5))
                Y = np.eye(3)[rng.integers(0, 3, 6)]
                dW, dV = candidate(X, Y, W, V)
                return np.shape(dW) == W.shape and np.shape(dV) == V.shape and bool(np.isfinite(dW).all() and np.isfinite(dV).all())
        """,
    ),
    _wrong(
        "gradients_checker",
        "one example",
        "N = 1 only, so a missing or doubled 1/N is not seen.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def gradients(X, Y, W, V):
                h = sigmoid(X @ V)
                du = (softmax(h @ W) - Y) / len(X)
                return h.T @ du, X.T @ (du @ W.T * h * (1 - h))


            def gradients_checker(candidate):
                rng = np.random.default_rng(0)
                X, W, V = rng.standard_normal((1, 4)), rng.standard_normal((5, 3)), rng.standard_normal((4, 5))
                Y = np.array([[0.0, 1.0, 0.0]])
                got, want = candidate(X, Y, W, V), gradients(X, Y, W, V)
                return all(np.shape(g) == w.shape and np.allclose(g, w, rtol=1e-6, atol=1e-9) for g, w in zip(got, want))
        """,
    ),
    _wrong(
        "gradients_checker",
        "all-zero weights",
        "Called at W = V = 0 only: dV is 0 whatever the slope and h is ½, so most faults below do not show.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def gradients(X, Y, W, V):
                h = sigmoid(X @ V)
                du = (softmax(h @ W) - Y) / len(X)
                return h.T @ du, X.T @ (du @ W.T * h * (1 - h))


            def gradients_checker(candidate):
                rng = np.random.default_rng(0)
                X, W, V = rng.standard_normal((7, 4)), np.zeros((5, 3)), np.zeros((4, 5))
                Y = np.eye(3)[rng.integers(0, 3, 7)]
                got, want = candidate(X, Y, W, V), gradients(X, Y, W, V)
                return all(np.shape(g) == w.shape and np.allclose(g, w, rtol=1e-6, atol=1e-9) for g, w in zip(got, want))
        """,
    ),
    _wrong(
        "gradients_checker",
        "arrays of ones",
        "X, W, V all ones: transposes, swapped units and labels that are forgotten do not show.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def gradients(X, Y, W, V):
                h = sigmoid(X @ V)
                du = (softmax(h @ W) - Y) / len(X)
                return h.T @ du, X.T @ (du @ W.T * h * (1 - h))


            def gradients_checker(candidate):
                X, W, V = np.ones((6, 4)), np.ones((5, 3)), np.ones((4, 5))
                Y = np.eye(3)[[0, 1, 2, 0, 1, 2]]
                got, want = candidate(X, Y, W, V), gradients(X, Y, W, V)
                return all(np.shape(g) == w.shape and np.allclose(g, w, rtol=1e-6, atol=1e-9) for g, w in zip(got, want))
        """,
    ),
    _wrong(
        "network_loss",
        "no half in the regression",
        "The squared error is not halved, though its gradient is that of the halved one.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def network_loss(X, Y, W, V, output, hidden):
                N, z = len(X), X @ V
                h = {"logistic": sigmoid, "tanh": np.tanh, "relu": lambda t: np.maximum(0, t)}[hidden](z)
                slope = {"logistic": h * (1 - h), "tanh": 1 - h**2, "relu": (h > 0) * 1.0}[hidden]
                u = h @ W
                if output == "regression":
                    J, d = np.sum((u - Y) ** 2) / N, u - Y
                elif output == "binary":
                    J, d = np.sum(np.logaddexp(0, u) - Y * u) / N, sigmoid(u) - Y
                else:
                    J, d = np.mean(np.logaddexp.reduce(u, axis=1) - (Y * u).sum(1)), softmax(u) - Y
                d = d / N
                return J, h.T @ d, X.T @ (d @ W.T * slope)
        """,
    ),
    _wrong(
        "network_loss",
        "averages over the outputs too",
        "Regression and binary losses are means over N and C; the contract sums over C.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def network_loss(X, Y, W, V, output, hidden):
                N, z = len(X), X @ V
                h = {"logistic": sigmoid, "tanh": np.tanh, "relu": lambda t: np.maximum(0, t)}[hidden](z)
                slope = {"logistic": h * (1 - h), "tanh": 1 - h**2, "relu": (h > 0) * 1.0}[hidden]
                u = h @ W
                if output == "regression":
                    J, d = np.mean((u - Y) ** 2) / 2, (u - Y) / u.size
                elif output == "binary":
                    J, d = np.mean(np.logaddexp(0, u) - Y * u), (sigmoid(u) - Y) / u.size
                else:
                    J, d = np.mean(np.logaddexp.reduce(u, axis=1) - (Y * u).sum(1)), (softmax(u) - Y) / N
                return J, h.T @ d, X.T @ (d @ W.T * slope)
        """,
    ),
    _wrong(
        "network_loss",
        "naive log(1 + e^u)",
        "np.log(1 + np.exp(u)) is inf for u of 1000 in the binary loss.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def network_loss(X, Y, W, V, output, hidden):
                N, z = len(X), X @ V
                h = {"logistic": sigmoid, "tanh": np.tanh, "relu": lambda t: np.maximum(0, t)}[hidden](z)
                slope = {"logistic": h * (1 - h), "tanh": 1 - h**2, "relu": (h > 0) * 1.0}[hidden]
                u = h @ W
                if output == "regression":
                    J, d = np.sum((u - Y) ** 2) / N / 2, u - Y
                elif output == "binary":
                    J, d = np.sum(np.log(1 + np.exp(u)) - Y * u) / N, sigmoid(u) - Y
                else:
                    J, d = np.mean(np.logaddexp.reduce(u, axis=1) - (Y * u).sum(1)), softmax(u) - Y
                d = d / N
                return J, h.T @ d, X.T @ (d @ W.T * slope)
        """,
    ),
    _wrong(
        "network_loss",
        "one slope for all",
        "The slope h(1 − h) of the logistic units is used for tanh and ReLU units as well.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def network_loss(X, Y, W, V, output, hidden):
                N, z = len(X), X @ V
                h = {"logistic": sigmoid, "tanh": np.tanh, "relu": lambda t: np.maximum(0, t)}[hidden](z)
                u = h @ W
                if output == "regression":
                    J, d = np.sum((u - Y) ** 2) / N / 2, u - Y
                elif output == "binary":
                    J, d = np.sum(np.logaddexp(0, u) - Y * u) / N, sigmoid(u) - Y
                else:
                    J, d = np.mean(np.logaddexp.reduce(u, axis=1) - (Y * u).sum(1)), softmax(u) - Y
                d = d / N
                return J, h.T @ d, X.T @ (d @ W.T * h * (1 - h))
        """,
    ),
    _wrong(
        "network_loss",
        "mask from the error",
        "The ReLU's mask is taken from the error that comes down, not from the hidden units.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def network_loss(X, Y, W, V, output, hidden):
                N, z = len(X), X @ V
                h = {"logistic": sigmoid, "tanh": np.tanh, "relu": lambda t: np.maximum(0, t)}[hidden](z)
                u = h @ W
                if output == "regression":
                    J, d = np.sum((u - Y) ** 2) / N / 2, u - Y
                elif output == "binary":
                    J, d = np.sum(np.logaddexp(0, u) - Y * u) / N, sigmoid(u) - Y
                else:
                    J, d = np.mean(np.logaddexp.reduce(u, axis=1) - (Y * u).sum(1)), softmax(u) - Y
                d = d / N
                dh = d @ W.T
                dz = {"logistic": dh * h * (1 - h), "tanh": dh * (1 - h**2), "relu": dh * (dh > 0)}[hidden]
                return J, h.T @ d, X.T @ dz
        """,
    ),
    _wrong(
        "network_loss",
        "softmax for the binary outputs",
        "Binary outputs are passed through a softmax over the row, which couples questions that are independent.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def network_loss(X, Y, W, V, output, hidden):
                N, z = len(X), X @ V
                h = {"logistic": sigmoid, "tanh": np.tanh, "relu": lambda t: np.maximum(0, t)}[hidden](z)
                slope = {"logistic": h * (1 - h), "tanh": 1 - h**2, "relu": (h > 0) * 1.0}[hidden]
                u = h @ W
                if output == "regression":
                    J, d = np.sum((u - Y) ** 2) / N / 2, u - Y
                else:
                    J, d = np.mean(np.logaddexp.reduce(u, axis=1) - (Y * u).sum(1)), softmax(u) - Y
                d = d / N
                return J, h.T @ d, X.T @ (d @ W.T * slope)
        """,
    ),
    _wrong(
        "tanh_slope",
        "logistic slope (tanh_slope)",
        "That is the slope of the logistic function.",
        """
            def tanh_slope():
                return "h * (1 - h)"
        """,
    ),
    _wrong(
        "tanh_slope",
        "no square (tanh_slope)",
        "The square of h is missing.",
        """
            def tanh_slope():
                return "1 - h"
        """,
    ),
    _wrong(
        "tanh_slope",
        "plus",
        "The sign is wrong: 1 + h² is the slope of the tangent, not of the hyperbolic one.",
        """
            def tanh_slope():
                return "1 + h^2"
        """,
    ),
    _wrong(
        "tanh_slope",
        "slope of artanh",
        "That is dz/dh, the reciprocal.",
        """
            def tanh_slope():
                return "1 / (1 - h^2)"
        """,
    ),
    _wrong(
        "tanh_slope",
        "squared difference",
        "(1 − h)² is not 1 − h².",
        """
            def tanh_slope():
                return "(1 - h)^2"
        """,
    ),
    _wrong(
        "tanh_slope",
        "constant",
        "Right at h = 0 only.",
        """
            def tanh_slope():
                return "1"
        """,
    ),
    _wrong(
        "mended_gradients",
        "no square (mended_gradients)",
        "tanh(h)² is replaced by h, but its square is lost: 1 − h.",
        """
            def mended_gradients(x, y, W1, W2, lam):
                ones = np.ones((len(x), 1))
                x1 = np.concatenate([x, ones], axis=1)
                h = np.tanh(x1 @ W1.T)
                h1 = np.concatenate([h, ones], axis=1)

                error = 2 * (h1 @ W2.T - y) / len(x)
                below = error @ W2[:, :-1] * (1 - h)

                dW1 = below.T @ x1
                dW2 = error.T @ h1
                dW1[:, :-1] += lam * W1[:, :-1]
                dW2[:, :-1] += lam * W2[:, :-1]
                return dW1, dW2
        """,
    ),
    _wrong(
        "mended_gradients",
        "logistic slope (mended_gradients)",
        "The slope of a logistic unit in place of that of tanh.",
        """
            def mended_gradients(x, y, W1, W2, lam):
                ones = np.ones((len(x), 1))
                x1 = np.concatenate([x, ones], axis=1)
                h = np.tanh(x1 @ W1.T)
                h1 = np.concatenate([h, ones], axis=1)

                error = 2 * (h1 @ W2.T - y) / len(x)
                below = error @ W2[:, :-1] * h * (1 - h)

                dW1 = below.T @ x1
                dW2 = error.T @ h1
                dW1[:, :-1] += lam * W1[:, :-1]
                dW2[:, :-1] += lam * W2[:, :-1]
                return dW1, dW2
        """,
    ),
    _wrong(
        "mended_gradients",
        "factor 2 taken away",
        "The 2 of the square, which was right, is mended away; the slope is left wrong.",
        """
            def mended_gradients(x, y, W1, W2, lam):
                ones = np.ones((len(x), 1))
                x1 = np.concatenate([x, ones], axis=1)
                h = np.tanh(x1 @ W1.T)
                h1 = np.concatenate([h, ones], axis=1)

                error = (h1 @ W2.T - y) / len(x)
                below = error @ W2[:, :-1] * (1 - np.tanh(h) ** 2)

                dW1 = below.T @ x1
                dW2 = error.T @ h1
                dW1[:, :-1] += lam * W1[:, :-1]
                dW2[:, :-1] += lam * W2[:, :-1]
                return dW1, dW2
        """,
    ),
    _wrong(
        "mended_gradients",
        "slope mended, biases decayed",
        "The slope is right now, but the decay was extended to the bias columns.",
        """
            def mended_gradients(x, y, W1, W2, lam):
                ones = np.ones((len(x), 1))
                x1 = np.concatenate([x, ones], axis=1)
                h = np.tanh(x1 @ W1.T)
                h1 = np.concatenate([h, ones], axis=1)

                error = 2 * (h1 @ W2.T - y) / len(x)
                below = error @ W2[:, :-1] * (1 - h ** 2)
                dW1 = below.T @ x1 + lam * W1
                dW2 = error.T @ h1 + lam * W2
                return dW1, dW2
        """,
    ),
    _wrong(
        "mended_gradients",
        "slope mended, decay doubled",
        "The slope is right now, but lam/2 was taken for lam: the decay is twice what it should be.",
        """
            def mended_gradients(x, y, W1, W2, lam):
                ones = np.ones((len(x), 1))
                x1 = np.concatenate([x, ones], axis=1)
                h = np.tanh(x1 @ W1.T)
                h1 = np.concatenate([h, ones], axis=1)

                error = 2 * (h1 @ W2.T - y) / len(x)
                below = error @ W2[:, :-1] * (1 - h ** 2)
                dW1 = below.T @ x1
                dW2 = error.T @ h1
                dW1[:, :-1] += 2 * lam * W1[:, :-1]
                dW2[:, :-1] += 2 * lam * W2[:, :-1]
                return dW1, dW2
        """,
    ),
    _wrong(
        "mended_gradients",
        "slope mended, mean over outputs",
        "The slope is right now, but the error is divided by N·C.",
        """
            def mended_gradients(x, y, W1, W2, lam):
                ones = np.ones((len(x), 1))
                x1 = np.concatenate([x, ones], axis=1)
                h = np.tanh(x1 @ W1.T)
                h1 = np.concatenate([h, ones], axis=1)

                error = 2 * (h1 @ W2.T - y) / y.size
                below = error @ W2[:, :-1] * (1 - h ** 2)

                dW1 = below.T @ x1
                dW2 = error.T @ h1
                dW1[:, :-1] += lam * W1[:, :-1]
                dW2[:, :-1] += lam * W2[:, :-1]
                return dW1, dW2
        """,
    ),
    _wrong(
        "overfit_ten",
        "three hidden units",
        "With three small hidden units and a few hundred steps ten senseless labels cannot be learnt.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def gradients(X, Y, W, V):
                h = sigmoid(X @ V)
                du = (softmax(h @ W) - Y) / len(X)
                return h.T @ du, X.T @ (du @ W.T * h * (1 - h))


            def overfit_ten(X, Y, seed):
                rng = np.random.default_rng(seed)
                W, V = rng.standard_normal((3, 3)), rng.standard_normal((3, 3))
                for _ in range(500):
                    dW, dV = gradients(X, Y, W, V)
                    W, V = W - 0.1 * dW, V - 0.1 * dV
                return W, V
        """,
    ),
    _wrong(
        "overfit_ten",
        "all-zero start (overfit_ten)",
        "From zero all hidden units stay equal, so the net is worth one unit and cannot fit the labels.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def gradients(X, Y, W, V):
                h = sigmoid(X @ V)
                du = (softmax(h @ W) - Y) / len(X)
                return h.T @ du, X.T @ (du @ W.T * h * (1 - h))


            def overfit_ten(X, Y, seed):
                W, V = np.zeros((100, 3)), np.zeros((3, 100))
                for _ in range(5000):
                    dW, dV = gradients(X, Y, W, V)
                    W, V = W - 0.3 * dW, V - 0.3 * dV
                return W, V
        """,
    ),
    _wrong(
        "overfit_ten",
        "a hundred steps",
        "The method is right, but a hundred small steps leave the cost near log 3.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def gradients(X, Y, W, V):
                h = sigmoid(X @ V)
                du = (softmax(h @ W) - Y) / len(X)
                return h.T @ du, X.T @ (du @ W.T * h * (1 - h))


            def overfit_ten(X, Y, seed):
                rng = np.random.default_rng(seed)
                W, V = 0.1 * rng.standard_normal((50, 3)), rng.standard_normal((3, 50))
                for _ in range(100):
                    dW, dV = gradients(X, Y, W, V)
                    W, V = W - 0.01 * dW, V - 0.01 * dV
                return W, V
        """,
    ),
    _wrong(
        "overfit_ten",
        "ascent",
        "The step goes up the gradient: the cost grows.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def gradients(X, Y, W, V):
                h = sigmoid(X @ V)
                du = (softmax(h @ W) - Y) / len(X)
                return h.T @ du, X.T @ (du @ W.T * h * (1 - h))


            def overfit_ten(X, Y, seed):
                rng = np.random.default_rng(seed)
                W, V = rng.standard_normal((100, 3)), 3 * rng.standard_normal((3, 100))
                for _ in range(2000):
                    dW, dV = gradients(X, Y, W, V)
                    W, V = W + 0.1 * dW, V + 0.1 * dV
                return W, V
        """,
    ),
    _wrong(
        "overfit_ten",
        "weight decay",
        "A strong decay of the weights keeps the cost far above 0.01.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def gradients(X, Y, W, V):
                h = sigmoid(X @ V)
                du = (softmax(h @ W) - Y) / len(X)
                return h.T @ du, X.T @ (du @ W.T * h * (1 - h))


            def overfit_ten(X, Y, seed):
                rng = np.random.default_rng(seed)
                W, V = rng.standard_normal((100, 3)), 3 * rng.standard_normal((3, 100))
                for _ in range(3000):
                    dW, dV = gradients(X, Y, W, V)
                    W, V = W - 0.1 * (dW + 0.05 * W), V - 0.1 * (dV + 0.05 * V)
                return W, V
        """,
    ),
    _wrong(
        "overfit_ten",
        "a thousand hidden units",
        "Fits, but with M = 1000, where M is at most 200.",
        """
            def overfit_ten(X, Y, seed):
                rng = np.random.default_rng(seed)
                V = 10 * rng.standard_normal((3, 1000))
                h = 0.5 * (1 + np.tanh(X @ V / 2))
                return np.linalg.lstsq(h, 12 * Y, rcond=None)[0], V
        """,
    ),
    _wrong(
        "train_iris",
        "one hundred steps",
        "Far too few steps at a small rate: the cost is near log 3.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def gradients(X, Y, W, V):
                h = sigmoid(X @ V)
                du = (softmax(h @ W) - Y) / len(X)
                return h.T @ du, X.T @ (du @ W.T * h * (1 - h))


            def train_iris(X, Y, seed):
                rng = np.random.default_rng(seed)
                W, V = 0.1 * rng.standard_normal((16, 3)), 0.1 * rng.standard_normal((3, 16))
                for _ in range(100):
                    dW, dV = gradients(X, Y, W, V)
                    W, V = W - 0.1 * dW, V - 0.1 * dV
                return W, V
        """,
    ),
    _wrong(
        "train_iris",
        "all-zero start (train_iris)",
        "On classes of equal size all gradients are 0 at zero weights: the net stays at log 3.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def gradients(X, Y, W, V):
                h = sigmoid(X @ V)
                du = (softmax(h @ W) - Y) / len(X)
                return h.T @ du, X.T @ (du @ W.T * h * (1 - h))


            def train_iris(X, Y, seed):
                W, V = np.zeros((16, 3)), np.zeros((3, 16))
                for _ in range(3000):
                    dW, dV = gradients(X, Y, W, V)
                    W, V = W - 0.3 * dW, V - 0.3 * dV
                return W, V
        """,
    ),
    _wrong(
        "train_iris",
        "a thousand steps, as in the notebook's figure",
        "The cost is about 0.2 after a thousand steps at a rate of 0.1, above the 0.1 that is asked.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def gradients(X, Y, W, V):
                h = sigmoid(X @ V)
                du = (softmax(h @ W) - Y) / len(X)
                return h.T @ du, X.T @ (du @ W.T * h * (1 - h))


            def train_iris(X, Y, seed):
                rng = np.random.default_rng(seed)
                V, W = rng.standard_normal((3, 16)), rng.standard_normal((16, 3))
                for _ in range(1000):
                    dW, dV = gradients(X, Y, W, V)
                    V, W = V - 0.1 * dV, W - 0.1 * dW
                return W, V
        """,
    ),
    _wrong(
        "train_iris",
        "gradients of a net without the 1/N, rate 1",
        "Steps a hundred times too large: the net jumps about and the weights saturate all units.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def train_iris(X, Y, seed):
                rng = np.random.default_rng(seed)
                V, W = rng.standard_normal((3, 16)), rng.standard_normal((16, 3))
                for _ in range(2000):
                    h = sigmoid(X @ V)
                    du = softmax(h @ W) - Y
                    V, W = V - X.T @ (du @ W.T * h * (1 - h)), W - h.T @ du
                return W, V
        """,
    ),
    _wrong(
        "train_iris",
        "decayed",
        "A weight decay of 0.01 keeps the cost above 0.1.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def gradients(X, Y, W, V):
                h = sigmoid(X @ V)
                du = (softmax(h @ W) - Y) / len(X)
                return h.T @ du, X.T @ (du @ W.T * h * (1 - h))


            def train_iris(X, Y, seed):
                rng = np.random.default_rng(seed)
                V, W = rng.standard_normal((3, 16)), rng.standard_normal((16, 3))
                for _ in range(5000):
                    dW, dV = gradients(X, Y, W, V)
                    V, W = V - 0.3 * (dV + 0.01 * V), W - 0.3 * (dW + 0.01 * W)
                return W, V
        """,
    ),
    _wrong(
        "train_iris",
        "rows in order, one at a time",
        "A few epochs of single examples in the order of the file, at a large rate: the last species is the only one remembered.",
        """
            def sigmoid(z):
                e = np.exp(-np.abs(z))
                return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


            def softmax(u):
                p = np.exp(u - u.max(axis=1, keepdims=True))
                return p / p.sum(axis=1, keepdims=True)


            def gradients(X, Y, W, V):
                h = sigmoid(X @ V)
                du = (softmax(h @ W) - Y) / len(X)
                return h.T @ du, X.T @ (du @ W.T * h * (1 - h))


            def train_iris(X, Y, seed):
                rng = np.random.default_rng(seed)
                V, W = rng.standard_normal((3, 16)), rng.standard_normal((16, 3))
                for epoch in range(5):
                    for n in range(150):
                        dW, dV = gradients(X[n : n + 1], Y[n : n + 1], W, V)
                        V, W = V - 0.3 * dV, W - 0.3 * dW
                return W, V
        """,
    ),
    _wrong(
        "soft_step",
        "a whole unit apart on each side",
        "g(z + 1) − g(z − 1) rises from −1 to 1 and ends at 2.",
        """
            def soft_step(z):
                return np.maximum(0, z + 1) - np.maximum(0, z - 1)
        """,
    ),
    _wrong(
        "soft_step",
        "from 0 to 1",
        "g(z) − g(z − 1): the flank is half a unit too far right.",
        """
            def soft_step(z):
                return np.maximum(0, z) - np.maximum(0, z - 1)
        """,
    ),
    _wrong(
        "soft_step",
        "hard step",
        "A jump at 0 without the straight flank.",
        """
            def soft_step(z):
                return np.where(z >= 0, 1.0, 0.0)
        """,
    ),
    _wrong(
        "soft_step",
        "logistic",
        "A logistic curve of the same slope at 0, not a broken line.",
        """
            def soft_step(z):
                return 0.5 * (1 + np.tanh(2 * np.asarray(z)))
        """,
    ),
    _wrong(
        "soft_step",
        "python's max",
        "max(0, z + 0.5) of an array of more than one entry raises: right for single numbers only.",
        """
            def soft_step(z):
                g = lambda t: max(0, t)
                return g(z + 0.5) - g(z - 0.5)
        """,
    ),
    _wrong(
        "soft_step",
        "vectors only",
        "The loop runs over the first axis only and flattens nothing: a matrix fails.",
        """
            def soft_step(z):
                out = np.zeros(len(z))
                for i in range(len(z)):
                    out[i] = min(1.0, max(0.0, float(z[i]) + 0.5))
                return out
        """,
    ),
    _changed(
        "bump",
        "times the width",
        "Multiplies by the width where it should divide.",
        RIGHT_MLP[22],
        """
            def bump(x, left, right, width):
                return soft_step((x - left) * width) - soft_step((x - right) * width)
        """,
    ),
    _wrong(
        "bump",
        "flanks outside the middle",
        "The flanks begin at left and right in place of having their middles there.",
        """
            def bump(x, left, right, width):
                g = lambda t: np.maximum(0, t)
                return (g(x - left) - g(x - left - width) - g(x - right) + g(x - right - width)) / width
        """,
    ),
    _wrong(
        "bump",
        "np.interp through four corners",
        "Wrong where the flanks overlap (width > right − left): the corners are no longer in order.",
        """
            def bump(x, left, right, width):
                a = width / 2
                return np.interp(x, [left - a, left + a, right - a, right + a], [0.0, 1.0, 1.0, 0.0])
        """,
    ),
    _wrong(
        "bump",
        "the smaller of the two flanks",
        "min(up, down) is the difference of the steps only if the flanks do not overlap.",
        """
            def bump(x, left, right, width):
                up = np.clip((x - left) / width + 0.5, 0, 1)
                down = np.clip((right - x) / width + 0.5, 0, 1)
                return np.minimum(up, down)
        """,
    ),
    _wrong(
        "bump",
        "product of two steps",
        "s(x − left)·(1 − s(x − right)) is the difference only if the flanks do not overlap.",
        """
            def bump(x, left, right, width):
                s = lambda t: np.clip(t + 0.5, 0, 1)
                return s((x - left) / width) * (1 - s((x - right) / width))
        """,
    ),
    _wrong(
        "bump",
        "width ignored",
        "Right for width = 1 only.",
        """
            def bump(x, left, right, width):
                s = lambda t: np.maximum(0, t + 0.5) - np.maximum(0, t - 0.5)
                return s(x - left) - s(x - right)
        """,
    ),
    _wrong(
        "approximate",
        "twenty-four kinks",
        "A broken line of 24 pieces is off by about 0.07.",
        """
            def approximate(x, y):
                knots = np.linspace(-3, 3, 25)
                values = np.interp(knots, x, y)
                slopes = np.diff(values) / np.diff(knots)
                w = np.concatenate([slopes[:1], np.diff(slopes)])
                return np.ones(24), -knots[:-1], w, values[0]
        """,
    ),
    _wrong(
        "approximate",
        "slopes for changes of slope",
        "Each weight is the slope of its piece where it should be the change of slope.",
        """
            def approximate(x, y):
                knots = np.linspace(-3, 3, 61)
                values = np.interp(knots, x, y)
                slopes = np.diff(values) / np.diff(knots)
                return np.ones(60), -knots[:-1], slopes, values[0]
        """,
    ),
    _wrong(
        "approximate",
        "no constant",
        "c = 0, though f(−3) is −0.043: the whole curve is too high.",
        """
            def approximate(x, y):
                knots = np.linspace(-3, 3, 61)
                values = np.interp(knots, x, y)
                slopes = np.diff(values) / np.diff(knots)
                w = np.concatenate([slopes[:1], np.diff(slopes)])
                return np.ones(60), -knots[:-1], w, 0.0
        """,
    ),
    _wrong(
        "approximate",
        "a kink at each sample",
        "Interpolates all samples with 600 ReLUs, where at most 64 are allowed.",
        """
            def approximate(x, y):
                slopes = np.diff(y) / np.diff(x)
                w = np.concatenate([slopes[:1], np.diff(slopes)])
                return np.ones(600), -x[:-1], w, y[0]
        """,
    ),
    _wrong(
        "approximate",
        "sign of b",
        "The biases are +knots: the kinks are mirrored.",
        """
            def approximate(x, y):
                knots = np.linspace(-3, 3, 61)
                values = np.interp(knots, x, y)
                slopes = np.diff(values) / np.diff(knots)
                w = np.concatenate([slopes[:1], np.diff(slopes)])
                return np.ones(60), knots[:-1], w, values[0]
        """,
    ),
    _wrong(
        "approximate",
        "sixteen bumps of four ReLUs",
        "Soft bumps as high as the function in their middles: 16 of them are stairs that are off by far more than 0.02.",
        """
            def approximate(x, y):
                edges = np.linspace(-3, 3, 17)
                width = 0.3 * (edges[1] - edges[0])
                v, b, w = [], [], []
                for left, right in zip(edges[:-1], edges[1:]):
                    m = (left + right) / 2
                    height = np.sin(3 * m) * np.exp(-m * m / 4)
                    for edge, sign in ((left, 1), (right, -1)):
                        for half in (0.5, -0.5):
                            v.append(1 / width)
                            b.append(-edge / width + half)
                            w.append(height * sign * (1 if half > 0 else -1))
                return np.array(v), np.array(b), np.array(w), 0.0
        """,
    ),
    _wrong(
        "mlp_forward",
        "activation on the last layer too",
        "The last layer has no activation.",
        """
            def phi(z, activation):
                if activation == "logistic":
                    e = np.exp(-np.abs(z))
                    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))
                if activation == "tanh":
                    return np.tanh(z)
                return np.maximum(0, z)



            def mlp_forward(x, weights, activation):
                inputs, h = [], x
                for W in weights:
                    inputs.append(np.hstack([h, np.ones((len(h), 1))]))
                    h = phi(inputs[-1] @ W.T, activation)
                return h, (inputs, weights, activation)
        """,
    ),
    _wrong(
        "mlp_forward",
        "1 in front",
        "The 1 is put before h, so the first column of W_l meets it, not the last.",
        """
            def phi(z, activation):
                if activation == "logistic":
                    e = np.exp(-np.abs(z))
                    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))
                if activation == "tanh":
                    return np.tanh(z)
                return np.maximum(0, z)



            def mlp_forward(x, weights, activation):
                inputs, h = [], x
                for l, W in enumerate(weights):
                    inputs.append(np.hstack([np.ones((len(h), 1)), h]))
                    h = inputs[-1] @ W.T
                    if l < len(weights) - 1:
                        h = phi(h, activation)
                return h, (inputs, weights, activation)
        """,
    ),
    _wrong(
        "mlp_forward",
        "two layers only (mlp_forward)",
        "Applies the first and the last weight only: right for L ≤ 2, and fails or is wrong beyond.",
        """
            def phi(z, activation):
                if activation == "logistic":
                    e = np.exp(-np.abs(z))
                    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))
                if activation == "tanh":
                    return np.tanh(z)
                return np.maximum(0, z)



            def mlp_forward(x, weights, activation):
                a = np.hstack([x, np.ones((len(x), 1))])
                if len(weights) == 1:
                    return a @ weights[0].T, ([a], weights, activation)
                h = phi(a @ weights[0].T, activation)
                a2 = np.hstack([h, np.ones((len(x), 1))])
                return a2 @ weights[1].T, ([a, a2], weights, activation)
        """,
    ),
    _wrong(
        "mlp_forward",
        "no biases above",
        "Only the first layer gets its 1; upper layers drop their bias column.",
        """
            def phi(z, activation):
                if activation == "logistic":
                    e = np.exp(-np.abs(z))
                    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))
                if activation == "tanh":
                    return np.tanh(z)
                return np.maximum(0, z)



            def mlp_forward(x, weights, activation):
                inputs, h = [], x
                for l, W in enumerate(weights):
                    last = np.ones((len(h), 1)) if l == 0 else np.zeros((len(h), 1))
                    inputs.append(np.hstack([h, last]))
                    h = inputs[-1] @ W.T
                    if l < len(weights) - 1:
                        h = phi(h, activation)
                return h, (inputs, weights, activation)
        """,
    ),
    _wrong(
        "mlp_forward",
        "activation before the product",
        "φ is applied to the input of every layer, the net's input x included.",
        """
            def phi(z, activation):
                if activation == "logistic":
                    e = np.exp(-np.abs(z))
                    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))
                if activation == "tanh":
                    return np.tanh(z)
                return np.maximum(0, z)



            def mlp_forward(x, weights, activation):
                inputs, h = [], x
                for W in weights:
                    inputs.append(np.hstack([phi(h, activation), np.ones((len(h), 1))]))
                    h = inputs[-1] @ W.T
                return h, (inputs, weights, activation)
        """,
    ),
    _wrong(
        "mlp_forward",
        "e^z over 1 + e^z (mlp_forward)",
        "The logistic function is nan for z of 1000.",
        """
            def mlp_forward(x, weights, activation):
                f = {"logistic": lambda z: np.exp(z) / (1 + np.exp(z)), "tanh": np.tanh, "relu": lambda z: np.maximum(0, z)}[activation]
                inputs, h = [], x
                for l, W in enumerate(weights):
                    inputs.append(np.hstack([h, np.ones((len(h), 1))]))
                    h = inputs[-1] @ W.T
                    if l < len(weights) - 1:
                        h = f(h)
                return h, (inputs, weights, activation)
        """,
    ),
    _wrong(
        "mlp_backward",
        "slope of the layer below",
        "The slope is taken from the layer's own input: at each step one layer too low, and x is treated as an activation.",
        """
            def phi(z, activation):
                if activation == "logistic":
                    e = np.exp(-np.abs(z))
                    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))
                if activation == "tanh":
                    return np.tanh(z)
                return np.maximum(0, z)


            def mlp_forward(x, weights, activation):
                inputs = []
                h = x
                for l, W in enumerate(weights):
                    inputs.append(np.hstack([h, np.ones((len(h), 1))]))
                    h = inputs[-1] @ W.T
                    if l < len(weights) - 1:
                        h = phi(h, activation)
                return h, (inputs, weights, activation)


            def slope(h, activation):
                if activation == "logistic":
                    return h * (1 - h)
                if activation == "tanh":
                    return 1 - h**2
                return (h > 0) * 1.0


            def mlp_backward(dout, cache):
                inputs, weights, activation = cache
                grads, d = [], dout
                for l in range(len(weights) - 1, -1, -1):
                    grads.insert(0, d.T @ inputs[l])
                    d = d @ weights[l][:, :-1] * slope(inputs[l][:, :-1], activation)
                return d, grads
        """,
    ),
    _wrong(
        "mlp_backward",
        "bias column not cut off",
        "The error goes down through the bias column too: dx and the errors have one column too many.",
        """
            def phi(z, activation):
                if activation == "logistic":
                    e = np.exp(-np.abs(z))
                    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))
                if activation == "tanh":
                    return np.tanh(z)
                return np.maximum(0, z)


            def mlp_forward(x, weights, activation):
                inputs = []
                h = x
                for l, W in enumerate(weights):
                    inputs.append(np.hstack([h, np.ones((len(h), 1))]))
                    h = inputs[-1] @ W.T
                    if l < len(weights) - 1:
                        h = phi(h, activation)
                return h, (inputs, weights, activation)


            def slope(h, activation):
                if activation == "logistic":
                    return h * (1 - h)
                if activation == "tanh":
                    return 1 - h**2
                return (h > 0) * 1.0


            def mlp_backward(dout, cache):
                inputs, weights, activation = cache
                grads, d = [None] * len(weights), dout
                for l in range(len(weights) - 1, -1, -1):
                    grads[l] = d.T @ inputs[l]
                    d = d @ weights[l]
                    if l:
                        d = (d * slope(inputs[l], activation))[:, :-1]
                return d, grads
        """,
    ),
    _wrong(
        "mlp_backward",
        "first column cut off",
        "The first column of W_l is dropped in place of the last, which is the bias.",
        """
            def phi(z, activation):
                if activation == "logistic":
                    e = np.exp(-np.abs(z))
                    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))
                if activation == "tanh":
                    return np.tanh(z)
                return np.maximum(0, z)


            def mlp_forward(x, weights, activation):
                inputs = []
                h = x
                for l, W in enumerate(weights):
                    inputs.append(np.hstack([h, np.ones((len(h), 1))]))
                    h = inputs[-1] @ W.T
                    if l < len(weights) - 1:
                        h = phi(h, activation)
                return h, (inputs, weights, activation)


            def slope(h, activation):
                if activation == "logistic":
                    return h * (1 - h)
                if activation == "tanh":
                    return 1 - h**2
                return (h > 0) * 1.0


            def mlp_backward(dout, cache):
                inputs, weights, activation = cache
                grads, d = [None] * len(weights), dout
                for l in range(len(weights) - 1, -1, -1):
                    grads[l] = d.T @ inputs[l]
                    d = d @ weights[l][:, 1:]
                    if l:
                        d = d * slope(inputs[l][:, :-1], activation)
                return d, grads
        """,
    ),
    _wrong(
        "mlp_backward",
        "averaged",
        "Every gradient of a weight is divided by N, though the mean is in dout already.",
        """
            def phi(z, activation):
                if activation == "logistic":
                    e = np.exp(-np.abs(z))
                    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))
                if activation == "tanh":
                    return np.tanh(z)
                return np.maximum(0, z)


            def mlp_forward(x, weights, activation):
                inputs = []
                h = x
                for l, W in enumerate(weights):
                    inputs.append(np.hstack([h, np.ones((len(h), 1))]))
                    h = inputs[-1] @ W.T
                    if l < len(weights) - 1:
                        h = phi(h, activation)
                return h, (inputs, weights, activation)


            def slope(h, activation):
                if activation == "logistic":
                    return h * (1 - h)
                if activation == "tanh":
                    return 1 - h**2
                return (h > 0) * 1.0


            def mlp_backward(dout, cache):
                inputs, weights, activation = cache
                grads, d = [None] * len(weights), dout
                for l in range(len(weights) - 1, -1, -1):
                    grads[l] = d.T @ inputs[l] / len(dout)
                    d = d @ weights[l][:, :-1]
                    if l:
                        d = d * slope(inputs[l][:, :-1], activation)
                return d, grads
        """,
    ),
    _wrong(
        "mlp_backward",
        "bias gradient averaged",
        "The last column of each gradient is a mean over the examples, not a sum.",
        """
            def phi(z, activation):
                if activation == "logistic":
                    e = np.exp(-np.abs(z))
                    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))
                if activation == "tanh":
                    return np.tanh(z)
                return np.maximum(0, z)


            def mlp_forward(x, weights, activation):
                inputs = []
                h = x
                for l, W in enumerate(weights):
                    inputs.append(np.hstack([h, np.ones((len(h), 1))]))
                    h = inputs[-1] @ W.T
                    if l < len(weights) - 1:
                        h = phi(h, activation)
                return h, (inputs, weights, activation)


            def slope(h, activation):
                if activation == "logistic":
                    return h * (1 - h)
                if activation == "tanh":
                    return 1 - h**2
                return (h > 0) * 1.0


            def mlp_backward(dout, cache):
                inputs, weights, activation = cache
                grads, d = [None] * len(weights), dout
                for l in range(len(weights) - 1, -1, -1):
                    grads[l] = np.column_stack([d.T @ inputs[l][:, :-1], d.mean(axis=0)])
                    d = d @ weights[l][:, :-1]
                    if l:
                        d = d * slope(inputs[l][:, :-1], activation)
                return d, grads
        """,
    ),
    _wrong(
        "mlp_backward",
        "from the last to the first",
        "The list is left in the order of the walk, last layer first.",
        """
            def phi(z, activation):
                if activation == "logistic":
                    e = np.exp(-np.abs(z))
                    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))
                if activation == "tanh":
                    return np.tanh(z)
                return np.maximum(0, z)


            def mlp_forward(x, weights, activation):
                inputs = []
                h = x
                for l, W in enumerate(weights):
                    inputs.append(np.hstack([h, np.ones((len(h), 1))]))
                    h = inputs[-1] @ W.T
                    if l < len(weights) - 1:
                        h = phi(h, activation)
                return h, (inputs, weights, activation)


            def slope(h, activation):
                if activation == "logistic":
                    return h * (1 - h)
                if activation == "tanh":
                    return 1 - h**2
                return (h > 0) * 1.0


            def mlp_backward(dout, cache):
                inputs, weights, activation = cache
                grads, d = [], dout
                for l in range(len(weights) - 1, -1, -1):
                    grads.append(d.T @ inputs[l])
                    d = d @ weights[l][:, :-1]
                    if l:
                        d = d * slope(inputs[l][:, :-1], activation)
                return d, grads
        """,
    ),
    _wrong(
        "flatten",
        "column-major (flatten)",
        "ravel('F') puts the first index fastest.",
        """
            def flatten(arrays):
                return np.concatenate([a.ravel("F") for a in arrays])
        """,
    ),
    _wrong(
        "flatten",
        "np.array of the list",
        "np.array(arrays).ravel() works only if all arrays have one shape.",
        """
            def flatten(arrays):
                return np.array(arrays).ravel()
        """,
    ),
    _wrong(
        "flatten",
        "last array first",
        "The arrays are taken from the last to the first.",
        """
            def flatten(arrays):
                theta = np.array([])
                for a in arrays:
                    theta = np.concatenate([a.ravel(), theta])
                return theta
        """,
    ),
    _wrong(
        "flatten",
        "column vector",
        "Returns (P, 1) in place of (P,).",
        """
            def flatten(arrays):
                return np.concatenate([a.reshape(-1, 1) for a in arrays])
        """,
    ),
    _wrong(
        "flatten",
        "two loops",
        "Rows are joined one after the other, which leaves an array of 3 dimensions with its last two unflattened, or fails.",
        """
            def flatten(arrays):
                out = []
                for a in arrays:
                    for row in a:
                        if np.ndim(row) == 0:
                            out.append(row)
                        else:
                            out.extend(row)
                return np.array(out)
        """,
    ),
    _wrong(
        "flatten",
        "first array only",
        "Returns in the loop: only the first array is there.",
        """
            def flatten(arrays):
                for a in arrays:
                    return a.flatten()
        """,
    ),
    _wrong(
        "unflatten",
        "column-major (unflatten)",
        "Fills the first index fastest.",
        """
            def unflatten(theta, shapes):
                out, start = [], 0
                for s in shapes:
                    n = int(np.prod(s))
                    out.append(theta[start : start + n].reshape(s, order="F"))
                    start += n
                return out
        """,
    ),
    _wrong(
        "unflatten",
        "offset never moves",
        "Every array is read from the beginning of theta.",
        """
            def unflatten(theta, shapes):
                return [theta[: int(np.prod(s))].reshape(s) for s in shapes]
        """,
    ),
    _wrong(
        "unflatten",
        "size from two lengths",
        "The size is s[0]·s[1]: vectors fail and arrays of 3 dimensions too.",
        """
            def unflatten(theta, shapes):
                out, start = [], 0
                for s in shapes:
                    n = s[0] * s[1]
                    out.append(theta[start : start + n].reshape(s))
                    start += n
                return out
        """,
    ),
    _wrong(
        "unflatten",
        "np.split without cumsum",
        "The sizes are used as places to cut: right for one or two arrays at most.",
        """
            def unflatten(theta, shapes):
                sizes = [int(np.prod(s)) for s in shapes]
                return [p.reshape(s) for p, s in zip(np.split(theta, sizes[:-1]), shapes)]
        """,
    ),
    _wrong(
        "unflatten",
        "an entry lost at each cut",
        "The next array begins one entry too late.",
        """
            def unflatten(theta, shapes):
                out, start = [], 0
                for s in shapes:
                    n = int(np.prod(s))
                    out.append(np.resize(theta[start : start + n], s))
                    start += n + 1
                return out
        """,
    ),
    _wrong(
        "unflatten",
        "integers",
        "The arrays are made as integers, so fractions are cut off.",
        """
            def unflatten(theta, shapes):
                out, start = [], 0
                for s in shapes:
                    n = int(np.prod(s))
                    a = np.zeros(s, dtype=int)
                    a.flat = theta[start : start + n]
                    out.append(a)
                    start += n
                return out
        """,
    ),
    _wrong(
        "xavier_weights",
        "normal",
        "Normal numbers of the right variance where uniform ones on [−a, a] are asked.",
        """
            def xavier_weights(fan_in, fan_out, rng):
                return rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out))
        """,
    ),
    _wrong(
        "xavier_weights",
        "from 0 to a",
        "Uniform on [0, a]: the mean is not 0.",
        """
            def xavier_weights(fan_in, fan_out, rng):
                return rng.uniform(0, np.sqrt(6 / (fan_in + fan_out)), (fan_in, fan_out))
        """,
    ),
    _wrong(
        "xavier_weights",
        "a from the variance",
        "a = √(2/(fan_in + fan_out)): the standard deviation is taken for the bound, √3 times too small.",
        """
            def xavier_weights(fan_in, fan_out, rng):
                a = np.sqrt(2 / (fan_in + fan_out))
                return rng.uniform(-a, a, (fan_in, fan_out))
        """,
    ),
    _wrong(
        "xavier_weights",
        "root of the 6 only",
        "a = √6/(fan_in + fan_out): the root covers the numerator only.",
        """
            def xavier_weights(fan_in, fan_out, rng):
                a = np.sqrt(6) / (fan_in + fan_out)
                return rng.uniform(-a, a, (fan_in, fan_out))
        """,
    ),
    _wrong(
        "xavier_weights",
        "fan_in alone",
        "a = √(3/fan_in): fan_out is left out, which is right only where both are equal.",
        """
            def xavier_weights(fan_in, fan_out, rng):
                a = np.sqrt(3 / fan_in)
                return rng.uniform(-a, a, (fan_in, fan_out))
        """,
    ),
    _wrong(
        "xavier_weights",
        "own generator",
        "rng is ignored: every call returns the same numbers, from seed 0.",
        """
            def xavier_weights(fan_in, fan_out, rng):
                a = np.sqrt(6 / (fan_in + fan_out))
                return np.random.default_rng(0).uniform(-a, a, (fan_in, fan_out))
        """,
    ),
    _wrong(
        "he_weights",
        "variance for standard deviation",
        "2/fan_in is passed as the standard deviation: the root is missing.",
        """
            def he_weights(fan_in, fan_out, rng):
                return rng.normal(0, 2 / fan_in, (fan_in, fan_out))
        """,
    ),
    _wrong(
        "he_weights",
        "fan_out",
        "The variance is 2/fan_out.",
        """
            def he_weights(fan_in, fan_out, rng):
                return rng.standard_normal((fan_in, fan_out)) * np.sqrt(2 / fan_out)
        """,
    ),
    _wrong(
        "he_weights",
        "LeCun",
        "The variance is 1/fan_in: the 2 is missing.",
        """
            def he_weights(fan_in, fan_out, rng):
                return rng.standard_normal((fan_in, fan_out)) / np.sqrt(fan_in)
        """,
    ),
    _wrong(
        "he_weights",
        "uniform",
        "Uniform numbers of the right variance where normal ones are asked.",
        """
            def he_weights(fan_in, fan_out, rng):
                a = np.sqrt(6 / fan_in)
                return rng.uniform(-a, a, (fan_in, fan_out))
        """,
    ),
    _wrong(
        "he_weights",
        "seeded anew",
        "Makes a generator with a fixed seed: rng is not used.",
        """
            def he_weights(fan_in, fan_out, rng):
                rng = np.random.default_rng(42)
                return rng.standard_normal((fan_in, fan_out)) * np.sqrt(2 / fan_in)
        """,
    ),
    _wrong(
        "he_weights",
        "truncated at two standard deviations",
        "Numbers beyond two standard deviations are clipped, so the distribution is not normal and its variance too small.",
        """
            def he_weights(fan_in, fan_out, rng):
                return np.clip(rng.standard_normal((fan_in, fan_out)), -2, 2) * np.sqrt(2 / fan_in)
        """,
    ),
    _wrong(
        "he_weights",
        "made to fit",
        "Mean and spread of the drawn matrix are forced to 0 and √(2/fan_in): entries are not independent, and one entry gives nan.",
        """
            def he_weights(fan_in, fan_out, rng):
                w = rng.standard_normal((fan_in, fan_out))
                return (w - w.mean()) / w.std() * np.sqrt(2 / fan_in)
        """,
    ),
    _wrong(
        "layer_scales",
        "standard deviation",
        "The mean is taken away: std is not the root mean square.",
        """
            def phi(z, activation):
                if activation == "logistic":
                    e = np.exp(-np.abs(z))
                    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))
                if activation == "tanh":
                    return np.tanh(z)
                return np.maximum(0, z)


            def mlp_forward(x, weights, activation):
                inputs = []
                h = x
                for l, W in enumerate(weights):
                    inputs.append(np.hstack([h, np.ones((len(h), 1))]))
                    h = inputs[-1] @ W.T
                    if l < len(weights) - 1:
                        h = phi(h, activation)
                return h, (inputs, weights, activation)


            def slope(h, activation):
                if activation == "logistic":
                    return h * (1 - h)
                if activation == "tanh":
                    return 1 - h**2
                return (h > 0) * 1.0


            def layer_scales(x, weights, activation):
                out, (inputs, _, _) = mlp_forward(x, weights, activation)
                return np.array([a[:, :-1].std() for a in inputs[1:]] + [out.std()])
        """,
    ),
    _wrong(
        "layer_scales",
        "with the appended 1",
        "The column of ones is counted as a unit.",
        """
            def phi(z, activation):
                if activation == "logistic":
                    e = np.exp(-np.abs(z))
                    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))
                if activation == "tanh":
                    return np.tanh(z)
                return np.maximum(0, z)


            def mlp_forward(x, weights, activation):
                inputs = []
                h = x
                for l, W in enumerate(weights):
                    inputs.append(np.hstack([h, np.ones((len(h), 1))]))
                    h = inputs[-1] @ W.T
                    if l < len(weights) - 1:
                        h = phi(h, activation)
                return h, (inputs, weights, activation)


            def slope(h, activation):
                if activation == "logistic":
                    return h * (1 - h)
                if activation == "tanh":
                    return 1 - h**2
                return (h > 0) * 1.0


            def layer_scales(x, weights, activation):
                out, (inputs, _, _) = mlp_forward(x, weights, activation)
                return np.array([np.sqrt((a**2).mean()) for a in inputs[1:]] + [np.sqrt((out**2).mean())])
        """,
    ),
    _wrong(
        "layer_scales",
        "inputs of the layers",
        "Measures what each layer gets, h_0 to h_{L−1}, not what it hands on.",
        """
            def phi(z, activation):
                if activation == "logistic":
                    e = np.exp(-np.abs(z))
                    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))
                if activation == "tanh":
                    return np.tanh(z)
                return np.maximum(0, z)


            def mlp_forward(x, weights, activation):
                inputs = []
                h = x
                for l, W in enumerate(weights):
                    inputs.append(np.hstack([h, np.ones((len(h), 1))]))
                    h = inputs[-1] @ W.T
                    if l < len(weights) - 1:
                        h = phi(h, activation)
                return h, (inputs, weights, activation)


            def slope(h, activation):
                if activation == "logistic":
                    return h * (1 - h)
                if activation == "tanh":
                    return 1 - h**2
                return (h > 0) * 1.0


            def layer_scales(x, weights, activation):
                _, (inputs, _, _) = mlp_forward(x, weights, activation)
                return np.array([np.sqrt((a[:, :-1] ** 2).mean()) for a in inputs])
        """,
    ),
    _wrong(
        "layer_scales",
        "pre-activations",
        "Measures z_l in place of φ(z_l).",
        """
            def phi(z, activation):
                if activation == "logistic":
                    e = np.exp(-np.abs(z))
                    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))
                if activation == "tanh":
                    return np.tanh(z)
                return np.maximum(0, z)


            def mlp_forward(x, weights, activation):
                inputs = []
                h = x
                for l, W in enumerate(weights):
                    inputs.append(np.hstack([h, np.ones((len(h), 1))]))
                    h = inputs[-1] @ W.T
                    if l < len(weights) - 1:
                        h = phi(h, activation)
                return h, (inputs, weights, activation)


            def slope(h, activation):
                if activation == "logistic":
                    return h * (1 - h)
                if activation == "tanh":
                    return 1 - h**2
                return (h > 0) * 1.0


            def layer_scales(x, weights, activation):
                _, (inputs, _, _) = mlp_forward(x, weights, activation)
                return np.array([np.sqrt(np.mean((a @ W.T) ** 2)) for a, W in zip(inputs, weights)])
        """,
    ),
    _wrong(
        "layer_scales",
        "no root",
        "The mean of the squares without the root.",
        """
            def phi(z, activation):
                if activation == "logistic":
                    e = np.exp(-np.abs(z))
                    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))
                if activation == "tanh":
                    return np.tanh(z)
                return np.maximum(0, z)


            def mlp_forward(x, weights, activation):
                inputs = []
                h = x
                for l, W in enumerate(weights):
                    inputs.append(np.hstack([h, np.ones((len(h), 1))]))
                    h = inputs[-1] @ W.T
                    if l < len(weights) - 1:
                        h = phi(h, activation)
                return h, (inputs, weights, activation)


            def slope(h, activation):
                if activation == "logistic":
                    return h * (1 - h)
                if activation == "tanh":
                    return 1 - h**2
                return (h > 0) * 1.0


            def layer_scales(x, weights, activation):
                out, (inputs, _, _) = mlp_forward(x, weights, activation)
                return np.array([np.mean(h**2) for h in [a[:, :-1] for a in inputs[1:]] + [out]])
        """,
    ),
    _wrong(
        "layer_scales",
        "activation on the output",
        "The last layer's output is passed through φ as well.",
        """
            def phi(z, activation):
                if activation == "logistic":
                    e = np.exp(-np.abs(z))
                    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))
                if activation == "tanh":
                    return np.tanh(z)
                return np.maximum(0, z)


            def mlp_forward(x, weights, activation):
                inputs = []
                h = x
                for l, W in enumerate(weights):
                    inputs.append(np.hstack([h, np.ones((len(h), 1))]))
                    h = inputs[-1] @ W.T
                    if l < len(weights) - 1:
                        h = phi(h, activation)
                return h, (inputs, weights, activation)


            def slope(h, activation):
                if activation == "logistic":
                    return h * (1 - h)
                if activation == "tanh":
                    return 1 - h**2
                return (h > 0) * 1.0


            def layer_scales(x, weights, activation):
                h, scales = x, []
                for W in weights:
                    h = phi(np.hstack([h, np.ones((len(h), 1))]) @ W.T, activation)
                    scales.append(np.sqrt(np.mean(h**2)))
                return np.array(scales)
        """,
    ),
    _wrong(
        "permute_hidden",
        "the inverse order",
        "argsort(order) is used: right only for orders that are their own inverse.",
        """
            def permute_hidden(W, V, order):
                inverse = np.argsort(order)
                return W[inverse], V[:, inverse]
        """,
    ),
    _wrong(
        "permute_hidden",
        "assigned to the new places",
        "New unit order[j] becomes old unit j, the inverse of what is asked.",
        """
            def permute_hidden(W, V, order):
                W2, V2 = np.zeros_like(W), np.zeros_like(V)
                W2[order] = W
                V2[:, order] = V
                return W2, V2
        """,
    ),
    _wrong(
        "permute_hidden",
        "W only",
        "V keeps its columns: the function changes.",
        """
            def permute_hidden(W, V, order):
                return W[order], V.copy()
        """,
    ),
    _wrong(
        "permute_hidden",
        "V's rows",
        "V's rows are reordered in place of its columns; fails or is wrong unless D = M, and u changes.",
        """
            def permute_hidden(W, V, order):
                return W[order], V[order]
        """,
    ),
    _wrong(
        "permute_hidden",
        "swapped in the return",
        "Returns (V, W).",
        """
            def permute_hidden(W, V, order):
                return V[:, order], W[order]
        """,
    ),
    _wrong(
        "permute_hidden",
        "rolled",
        "Only a cyclic shift by order[0]: right for shifts only.",
        """
            def permute_hidden(W, V, order):
                k = -int(order[0])
                return np.roll(W, k, axis=0), np.roll(V, k, axis=1)
        """,
    ),
    _wrong(
        "flip_hidden",
        "V only (flip_hidden)",
        "The rows of W keep their signs: u changes.",
        """
            def flip_hidden(W, V, units):
                V = V.copy()
                V[:, units] *= -1
                return W.copy(), V
        """,
    ),
    _wrong(
        "flip_hidden",
        "everything",
        "All units are flipped; u is the same, but not only the given units' columns change sign.",
        """
            def flip_hidden(W, V, units):
                return -W, -V
        """,
    ),
    _wrong(
        "flip_hidden",
        "first K units",
        "Flips units 0 to K − 1, not those that are named.",
        """
            def flip_hidden(W, V, units):
                s = np.ones(len(W))
                s[: len(units)] = -1
                return W * s[:, None], V * s
        """,
    ),
    _wrong(
        "flip_hidden",
        "columns of W",
        "W's columns change sign in place of its rows.",
        """
            def flip_hidden(W, V, units):
                W, V = W.copy(), V.copy()
                W[:, [k % W.shape[1] for k in units]] *= -1
                V[:, units] *= -1
                return W, V
        """,
    ),
    _wrong(
        "flip_hidden",
        "first unit only",
        "Only units[0] is flipped.",
        """
            def flip_hidden(W, V, units):
                W, V = W.copy(), V.copy()
                W[units[0]] = -W[units[0]]
                V[:, units[0]] = -V[:, units[0]]
                return W, V
        """,
    ),
    _wrong(
        "flip_hidden",
        "does nothing",
        "Returns copies: u is the same, but no column of V changes sign.",
        """
            def flip_hidden(W, V, units):
                return W.copy(), V.copy()
        """,
    ),
    _wrong(
        "scale_hidden",
        "the other way round",
        "V is divided and W multiplied: u is the same, but unit j gives 1/factors[j] times what it gave.",
        """
            def scale_hidden(W, V, factors):
                return W * factors[:, None], V / factors
        """,
    ),
    _wrong(
        "scale_hidden",
        "both multiplied",
        "W is multiplied too, so u changes.",
        """
            def scale_hidden(W, V, factors):
                return W * factors[:, None], V * factors
        """,
    ),
    _wrong(
        "scale_hidden",
        "V only (scale_hidden)",
        "W keeps its rows: u changes.",
        """
            def scale_hidden(W, V, factors):
                return W.copy(), V * factors
        """,
    ),
    _wrong(
        "scale_hidden",
        "roots",
        "The units are scaled by the roots of the factors.",
        """
            def scale_hidden(W, V, factors):
                r = np.sqrt(factors)
                return W / r[:, None], V * r
        """,
    ),
    _wrong(
        "scale_hidden",
        "rows of W broadcast as columns",
        "W / factors divides W's columns: fails unless C = M (or M = 1), and is wrong then.",
        """
            def scale_hidden(W, V, factors):
                return W / factors, V * factors
        """,
    ),
    _wrong(
        "linear_map",
        "biases added up",
        "The lower biases are added without passing through the upper weights.",
        """
            def linear_map(weights):
                A, b = weights[0][:, :-1], weights[0][:, -1].sum()
                for W in weights[1:]:
                    A = W[:, :-1] @ A
                    b = b + W[:, -1].sum()
                return np.column_stack([A, np.full(len(A), b)])
        """,
    ),
    _wrong(
        "linear_map",
        "last bias only",
        "The bias is that of the last layer.",
        """
            def linear_map(weights):
                A = weights[0][:, :-1]
                for W in weights[1:]:
                    A = W[:, :-1] @ A
                return np.column_stack([A, weights[-1][:, -1]])
        """,
    ),
    _wrong(
        "linear_map",
        "no biases of upper layers",
        "The first layer's bias column is carried up, but the upper layers' own biases are dropped.",
        """
            def linear_map(weights):
                A = weights[0]
                for W in weights[1:]:
                    A = W[:, :-1] @ A
                return A
        """,
    ),
    _wrong(
        "linear_map",
        "wrong order of the product",
        "The matrices are multiplied from the first to the last on the right: wrong unless they commute, and fails for other shapes.",
        """
            def linear_map(weights):
                A, b = weights[0][:, :-1], weights[0][:, -1]
                for W in weights[1:]:
                    A = A @ W[:, :-1]
                    b = W[:, :-1] @ b + W[:, -1]
                return np.column_stack([A, b])
        """,
    ),
    _wrong(
        "linear_map",
        "two layers only (linear_map)",
        "Only the first and the last weight are multiplied: fails or is wrong for L ≥ 3.",
        """
            def linear_map(weights):
                if len(weights) == 1:
                    return weights[0]
                A = weights[-1][:, :-1] @ weights[0]
                A[:, -1] += weights[-1][:, -1]
                return A
        """,
    ),
    _wrong(
        "linear_map",
        "transposed (linear_map)",
        "A is returned as (D_0 + 1, D_L).",
        """
            def linear_map(weights):
                A, b = weights[0][:, :-1], weights[0][:, -1]
                for W in weights[1:]:
                    A, b = W[:, :-1] @ A, W[:, :-1] @ b + W[:, -1]
                return np.vstack([A.T, b])
        """,
    ),
    _wrong(
        "predict_zero_net_loss",
        "log of the hidden units",
        "log 10 counts hidden units; the softmax is over 4 classes.",
        """
            def predict_zero_net_loss():
                return float(np.log(10))
        """,
    ),
    _wrong(
        "predict_zero_net_loss",
        "zero",
        "All logits are 0, but the loss is log 4.",
        """
            def predict_zero_net_loss():
                return 0.0
        """,
    ),
    _wrong(
        "predict_zero_net_loss",
        "binary logarithm",
        "log₂ 4 = 2, where the natural logarithm is meant.",
        """
            def predict_zero_net_loss():
                return 2.0
        """,
    ),
    _wrong(
        "predict_zero_net_loss",
        "sum over the examples",
        "50·log 4: J is a mean.",
        """
            def predict_zero_net_loss():
                return 50 * float(np.log(4))
        """,
    ),
    _wrong(
        "predict_equal_columns",
        "all different",
        "The sixteen units stay equal: one column.",
        """
            def predict_equal_columns():
                return 16
        """,
    ),
    _wrong(
        "predict_equal_columns",
        "one for each class",
        "Units get the same gradient, whatever the classes: one column, not three.",
        """
            def predict_equal_columns():
                return 3
        """,
    ),
    _wrong(
        "predict_without_nonlinearity",
        "half",
        "Three of four points can be got right by a line.",
        """
            def predict_without_nonlinearity():
                return 0.5
        """,
    ),
    _wrong(
        "predict_without_nonlinearity",
        "all",
        "A linear net cannot do exclusive or, whatever its hidden units.",
        """
            def predict_without_nonlinearity():
                return 1.0
        """,
    ),
    _wrong(
        "mlp_backward",
        "gradients in a dict by the identity of the weight",
        "Where one array stands twice in weights (a layer that is used twice), its two gradients are added up, and returned at both places.",
        """
            def mlp_backward(dout, cache):
                inputs, weights, activation = cache
                found, d = {}, dout
                for l in reversed(range(len(weights))):
                    W = weights[l]
                    found[id(W)] = found.get(id(W), 0) + d.T @ inputs[l]
                    d = d @ W[:, :-1]
                    if l:
                        h = inputs[l][:, :-1]
                        d = d * {"logistic": h * (1 - h), "tanh": 1 - h**2, "relu": (h > 0) * 1.0}[activation]
                return d, [found[id(W)] for W in weights]
        """,
    ),
    _wrong(
        "flatten",
        "memory order",
        "ravel('K') takes the entries in the order of the memory: wrong for a transposed view, right for all freshly made arrays.",
        """
            def flatten(arrays):
                return np.concatenate([a.ravel("K") for a in arrays])
        """,
    ),
    _wrong(
        "unflatten",
        "a dict with the shapes as keys",
        "Equal shapes share a key: all arrays of a shape that occurs twice hold the last one's entries.",
        """
            def unflatten(theta, shapes):
                parts, start = {}, 0
                for shape in shapes:
                    size = int(np.prod(shape))
                    parts[shape] = theta[start : start + size].reshape(shape)
                    start += size
                return [parts[shape] for shape in shapes]
        """,
    ),
    _wrong(
        "he_weights",
        "drawn from a copy of the generator",
        "The distribution is right in a single call, but rng itself never moves on: a second call gives the very same weights.",
        """
            import copy


            def he_weights(fan_in, fan_out, rng):
                return copy.deepcopy(rng).standard_normal((fan_in, fan_out)) * np.sqrt(2 / fan_in)
        """,
    ),
    _wrong(
        "scale_hidden",
        "no division by less than 1e-6",
        "W is divided by max(factor, 1e-6): wrong for smaller factors, where u is not left as it is.",
        """
            def scale_hidden(W, V, factors):
                return W / np.maximum(factors, 1e-6)[:, None], V * factors
        """,
    ),
    _wrong(
        "xavier_weights",
        "drawn from a copy of the generator",
        "rng itself never moves on: two layers of one size get the same weights.",
        """
            import copy


            def xavier_weights(n, m, rng):
                a = np.sqrt(6 / (n + m))
                return copy.deepcopy(rng).uniform(-a, a, (n, m))
        """,
    ),
    _wrong(
        "unflatten",
        "the place of an array looked up by its shape",
        "list.index finds the first of equal shapes: a second array of that shape gets the first one's entries.",
        """
            def unflatten(theta, shapes):
                starts = np.cumsum([0] + [int(np.prod(s)) for s in shapes])
                first = [starts[shapes.index(s)] for s in shapes]
                return [theta[i : i + int(np.prod(s))].reshape(s) for i, s in zip(first, shapes)]
        """,
    ),
    _wrong(
        "unflatten",
        "axes of length 1 squeezed away",
        "A shape such as (1, 3) comes back as (3,).",
        """
            def unflatten(theta, shapes):
                arrays, start = [], 0
                for shape in shapes:
                    size = int(np.prod(shape))
                    arrays.append(theta[start : start + size].reshape(shape).squeeze())
                    start += size
                return arrays
        """,
    ),
    _wrong(
        "flatten",
        "np.nditer over each array",
        "It visits the entries as they lie in memory: wrong for a transpose.",
        """
            def flatten(arrays):
                return np.array([float(t) for a in arrays for t in np.nditer(a)])
        """,
    ),
    _wrong(
        "layer_scales",
        "the last layer told by its numbers",
        "A lower layer with the same numbers as the last one gets no activation.",
        """
            def layer_scales(x, weights, activation):
                phi = {"logistic": lambda z: 0.5 * (1 + np.tanh(z / 2)), "tanh": np.tanh, "relu": lambda z: np.maximum(0, z)}[activation]
                h, scales = x, []
                for W in weights:
                    h = h @ W[:, :-1].T + W[:, -1]
                    h = h if np.array_equal(W, weights[-1]) else phi(h)
                    scales.append(np.sqrt(np.mean(h**2)))
                return np.array(scales)
        """,
    ),
    _wrong(
        "mended_gradients",
        "lam or 1.0",
        "lam = 0 counts as none given, and decays as lam = 1 does.",
        """
            def mended_gradients(x, y, W1, W2, lam):
                lam = lam or 1.0
                ones = np.ones((len(x), 1))
                x1 = np.concatenate([x, ones], axis=1)
                h = np.tanh(x1 @ W1.T)
                h1 = np.concatenate([h, ones], axis=1)
                error = 2 * (h1 @ W2.T - y) / len(x)
                below = error @ W2[:, :-1] * (1 - h**2)
                dW1 = below.T @ x1
                dW2 = error.T @ h1
                dW1[:, :-1] += lam * W1[:, :-1]
                dW2[:, :-1] += lam * W2[:, :-1]
                return dW1, dW2
        """,
    ),
    _wrong(
        "soft_step",
        "np.nditer over the entries",
        "It visits the entries as they lie in memory, and puts them back in row-major order: wrong for a transpose.",
        """
            def soft_step(z):
                return np.array([min(max(float(t) + 0.5, 0.0), 1.0) for t in np.nditer(z)]).reshape(z.shape)
        """,
    ),
]
