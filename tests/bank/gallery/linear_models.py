"""Right and wrong answers to unit ``linear_models``, written from the public contract alone.

An answer that differs from a right one in some functions holds these alone.
"""

from __future__ import annotations

from functools import partial

from .entry import right, wrong

__all__ = ["RIGHT_LINEAR_MODELS", "WRONG_LINEAR_MODELS"]

_right, _wrong = (partial(make, "linear_models") for make in (right, wrong))

RIGHT_LINEAR_MODELS = [
    _right(
        "linear_loss_loop linear_loss",
        "sums as they stand, and X.T @ error",
        """
            def linear_loss_loop(w, b, X, y):
                N, D = X.shape
                J, db, dw = 0.0, 0.0, np.zeros(D)
                for n in range(N):
                    error = b - y[n]
                    for d in range(D):
                        error += w[d] * X[n, d]
                    J += error**2 / N
                    for d in range(D):
                        dw[d] += 2 * error * X[n, d] / N
                    db += 2 * error / N
                return J, dw, db

            def linear_loss(w, b, X, y):
                error = X @ w + b - y
                return np.mean(error**2), 2 / len(y) * X.T @ error, 2 * np.mean(error)
        """,
    ),
    _right(
        "linear_loss_loop linear_loss",
        "lists and sum; a column of ones",
        """
            def linear_loss_loop(w, b, X, y):
                errors = [sum(wd * xd for wd, xd in zip(w, x)) + b - t for x, t in zip(X, y)]
                N = len(errors)
                J = sum(e * e for e in errors) / N
                dw = [sum(2 * e * x[d] for e, x in zip(errors, X)) / N for d in range(len(w))]
                db = sum(2 * e for e in errors) / N
                return J, np.array(dw), db

            def linear_loss(w, b, X, y):
                Xb = np.column_stack([X, np.ones(X.shape[0])])
                theta = np.append(w, b)
                residual = Xb.dot(theta) - y
                gradient = 2 * Xb.T.dot(residual) / X.shape[0]
                return residual.dot(residual) / X.shape[0], gradient[:-1], gradient[-1]
        """,
    ),
    _right(
        "linear_loss",
        "einsum",
        """
            def linear_loss(w, b, X, y):
                N = X.shape[0]
                e = np.einsum("nd,d->n", X, w) + b - y
                J = np.einsum("n,n->", e, e) / N
                return float(J), np.einsum("n,nd->d", e, X) * (2 / N), float(e.sum() * 2 / N)
        """,
    ),
    _right(
        "linear_loss",
        "broadcast and averaged over rows",
        """
            def linear_loss(w, b, X, y):
                error = (X * w).sum(axis=1) + b - y
                slope = 2 * error
                return (error * error).mean(), (slope[:, None] * X).mean(axis=0), slope.mean()
        """,
    ),
    _right(
        "mse_gradient",
        "as derived",
        """
            def mse_gradient():
                return "2 / N * X^T * (X * w - y)"
        """,
    ),
    _right(
        "mse_gradient",
        "multiplied out",
        """
            def mse_gradient():
                return "(2 * X^T * X * w - 2 * X^T * y) / N"
        """,
    ),
    _right(
        "mse_gradient",
        "minus the other way round",
        """
            def mse_gradient():
                return "-(2 / N) * (X^T * (y - X * w))"
        """,
    ),
    _right(
        "mse_gradient",
        "as a sum of two",
        """
            def mse_gradient():
                return "(X^T*(X*w - y) + X^T*(X*w - y)) * (1/N)"
        """,
    ),
    _right(
        "gradient_step",
        "one line",
        """
            def gradient_step(w, b, dw, db, learning_rate):
                return w - learning_rate * dw, b - learning_rate * db
        """,
    ),
    _right(
        "gradient_step",
        "a copy and a loop",
        """
            def gradient_step(w, b, dw, db, learning_rate):
                new = w.copy()
                for d in range(len(new)):
                    new[d] -= learning_rate * dw[d]
                b -= learning_rate * db
                return new, b
        """,
    ),
    _right(
        "mended_ridge_loss",
        "y as a column",
        """
            def mended_ridge_loss(w, X, y, lam):
                N = len(X)
                error = X @ w - y[:, None]
                loss = np.mean(error**2) + lam * np.sum(w**2)
                dw = 2 / N * np.mean(X.T @ error, axis=1, keepdims=True) + 2 * lam * w
                return loss, dw
        """,
    ),
    _right(
        "mended_ridge_loss",
        "all flat, a column at the end",
        """
            def mended_ridge_loss(w, X, y, lam):
                flat = w[:, 0]
                error = X @ flat - y
                loss = error @ error / len(y) + lam * (flat @ flat)
                dw = 2 / len(y) * X.T @ error + 2 * lam * flat
                return loss, dw.reshape(-1, 1)
        """,
    ),
    _right(
        "logistic_loss_loop logistic_loss",
        "max(z, 0) + log1p(exp(-|z|))",
        """
            import math

            def logistic_loss_loop(w, b, X, y):
                N, D = X.shape
                J, db, dw = 0.0, 0.0, np.zeros(D)
                for n in range(N):
                    z = float(b)
                    for d in range(D):
                        z += float(w[d]) * float(X[n, d])
                    small = math.exp(-abs(z))
                    J += (max(z, 0.0) + math.log1p(small) - y[n] * z) / N
                    p = 1 / (1 + small) if z >= 0 else small / (1 + small)
                    for d in range(D):
                        dw[d] += (p - y[n]) * X[n, d] / N
                    db += (p - y[n]) / N
                return J, dw, db

            def logistic_loss(w, b, X, y):
                z = X @ w + b
                small = np.exp(-np.abs(z))
                p = np.where(z >= 0, 1.0, small) / (1 + small)
                J = np.mean(np.where(y == 1, np.maximum(-z, 0), np.maximum(z, 0)) + np.log1p(small))
                return J, X.T @ (p - y) / len(y), np.mean(p - y)
        """,
    ),
    _right(
        "logistic_loss_loop logistic_loss",
        "logaddexp, and the sigmoid by tanh",
        """
            def logistic_loss_loop(w, b, X, y):
                J, dw, db = 0.0, np.zeros(len(w)), 0.0
                for x, t in zip(X, y):
                    z = np.dot(w, x) + b
                    J += np.logaddexp(0, -z) if t == 1 else np.logaddexp(0, z)
                    push = (1 + np.tanh(z / 2)) / 2 - t
                    dw = dw + push * x
                    db = db + push
                return J / len(X), dw / len(X), db / len(X)

            def logistic_loss(w, b, X, y):
                z = X @ w + b
                sign = 2 * y - 1
                J = np.mean(np.logaddexp(0, -sign * z))
                push = 0.5 * (1 + np.tanh(0.5 * z)) - y
                return J, push @ X / X.shape[0], push.sum() / X.shape[0]
        """,
    ),
    _right(
        "logistic_loss",
        "exp of minus logaddexp, helper functions",
        """
            def log_sigmoid(z):
                return -np.logaddexp(0.0, -z)

            def logistic_loss(w, b, X, y):
                z = np.dot(X, w) + b
                N = z.size
                J = -(np.dot(y, log_sigmoid(z)) + np.dot(1 - y, log_sigmoid(-z))) / N
                dz = (np.exp(log_sigmoid(z)) - y) / N
                return J, np.dot(dz, X), np.sum(dz)
        """,
    ),
    _right(
        "prediction_doubled_data prediction_softmax_at_zero prediction_hinge_at_zero",
        "four digits, an int, a tuple made a list",
        """
            def prediction_doubled_data():
                return list(("d", "e"))

            def prediction_softmax_at_zero():
                return 2.303

            def prediction_hinge_at_zero():
                return 9
        """,
    ),
    _right(
        "prediction_softmax_at_zero prediction_hinge_at_zero",
        "computed",
        """
            def prediction_softmax_at_zero():
                return np.log(10) + 0.5 * np.sum(np.zeros((4, 10)) ** 2)

            def prediction_hinge_at_zero():
                return np.float64(10.0) - 1
        """,
    ),
    _right(
        "predict",
        "comparison, as integers",
        """
            def predict(w, b, X):
                return (X @ w + b >= 0).astype(int)
        """,
    ),
    _right(
        "predict",
        "loop of floats",
        """
            def predict(w, b, X):
                labels = []
                for x in X:
                    labels.append(1.0 if np.dot(x, w) + b >= 0 else 0.0)
                return np.array(labels)
        """,
    ),
    _right(
        "predict",
        "heaviside",
        """
            def predict(w, b, X):
                return np.heaviside(X.dot(w) + b, 1.0)
        """,
    ),
    _right(
        "train_logistic",
        "gradient descent from zeros",
        """
            def train_logistic(X, y):
                w, b = np.zeros(X.shape[1]), 0.0
                for _ in range(3000):
                    z = X @ w + b
                    push = 0.5 * (1 + np.tanh(z / 2)) - y
                    w = w - 0.5 * X.T @ push / len(y)
                    b = b - 0.5 * push.mean()
                return w, b
        """,
    ),
    _right(
        "train_logistic",
        "Newton with a column of ones",
        """
            def train_logistic(X, y):
                Z = np.column_stack([X, np.ones(len(X))])
                theta = np.zeros(Z.shape[1])
                for _ in range(12):
                    p = 1 / (1 + np.exp(-Z @ theta))
                    H = (Z * (p * (1 - p))[:, None]).T @ Z + 1e-9 * np.eye(Z.shape[1])
                    theta -= np.linalg.solve(H, Z.T @ (p - y))
                return theta[:2], theta[2]
        """,
    ),
    _right(
        "train_logistic",
        "single examples, a rate that falls",
        """
            import math
            import random

            def train_logistic(X, y):
                draw = random.Random(1)
                u = v = c = 0.0
                data = [(float(a), float(b), float(t)) for (a, b), t in zip(X, y)]
                for epoch in range(300):
                    draw.shuffle(data)
                    rate = 0.5 / (1 + 0.3 * epoch)
                    for first, second, t in data:
                        p = 0.5 * (1 + math.tanh((u * first + v * second + c) / 2))
                        u -= rate * (p - t) * first
                        v -= rate * (p - t) * second
                        c -= rate * (p - t)
                return np.array([u, v]), c
        """,
    ),
    _right(
        "logistic_loss_signed",
        "logaddexp",
        """
            def logistic_loss_signed(w, x, y, lam):
                m = y * np.dot(w, x)
                L = 0.5 * np.dot(w, w) + lam * np.logaddexp(0, -m)
                return L, w - lam * np.exp(-np.logaddexp(0, m)) * y * x
        """,
    ),
    _right(
        "logistic_loss_signed",
        "two branches, with loops",
        """
            import math

            def logistic_loss_signed(w, x, y, lam):
                m = float(y) * sum(float(a) * float(c) for a, c in zip(w, x))
                if m >= 0:
                    loss = math.log1p(math.exp(-m))
                    wrong = math.exp(-m) / (1 + math.exp(-m))
                else:
                    loss = -m + math.log1p(math.exp(m))
                    wrong = 1 / (1 + math.exp(m))
                L = sum(float(a) ** 2 for a in w) / 2 + lam * loss
                dw = np.zeros(len(w))
                for d in range(len(w)):
                    dw[d] = w[d] - lam * wrong * y * x[d]
                return L, dw
        """,
    ),
    _right(
        "logistic_loss_signed",
        "labels turned into 0 and 1",
        """
            def logistic_loss_signed(w, x, y, lam):
                t = (y + 1) / 2
                z = w @ x
                J = np.maximum(z, 0) - t * z + np.log1p(np.exp(-abs(z)))
                p = 0.5 + 0.5 * np.tanh(z / 2)
                return np.sum(w**2) / 2 + lam * J, w + lam * (p - t) * x
        """,
    ),
    _right(
        "newton_logistic_step",
        "gradient, Hessian, solve",
        """
            def newton_logistic_step(w, X, y, ridge):
                N, D = X.shape
                z = X @ w
                e = np.exp(-np.abs(z))
                p = np.where(z >= 0, 1.0, e) / (1 + e)
                g = X.T @ (p - y) / N + ridge * w
                H = X.T @ (X * (e / (1 + e) ** 2)[:, None]) / N + ridge * np.eye(D)
                return w - np.linalg.solve(H, g)
        """,
    ),
    _right(
        "newton_logistic_step",
        "reweighted least squares: H next_w = A w - data gradient",
        """
            def newton_logistic_step(w, X, y, ridge):
                N = len(X)
                z = X @ w
                small = np.exp(-np.abs(z))
                p = np.where(z > 0, 1, small) / (1 + small)
                weight = small / (1 + small) ** 2
                right = X.T @ (weight * z + y - p)
                left = np.einsum("n,ni,nj->ij", weight, X, X)
                left[np.diag_indices_from(left)] += N * ridge
                return np.linalg.solve(left, right)
        """,
    ),
    _right(
        "newton_logistic_step",
        "loops and elimination by hand",
        """
            import math

            def newton_logistic_step(w, X, y, ridge):
                N, D = X.shape
                g = [ridge * float(w[i]) for i in range(D)]
                H = [[ridge if i == j else 0.0 for j in range(D)] for i in range(D)]
                for n in range(N):
                    z = float(np.dot(X[n], w))
                    e = math.exp(-abs(z))
                    p = 1 / (1 + e) if z >= 0 else e / (1 + e)
                    for i in range(D):
                        g[i] += (p - y[n]) * X[n, i] / N
                        for j in range(D):
                            H[i][j] += e / (1 + e) ** 2 * X[n, i] * X[n, j] / N
                A = np.array([row + [g[i]] for i, row in enumerate(H)])
                for i in range(D):
                    k = i + int(np.argmax(np.abs(A[i:, i])))
                    A[[i, k]] = A[[k, i]]
                    for r in range(i + 1, D):
                        A[r] -= A[r, i] / A[i, i] * A[i]
                step = np.zeros(D)
                for i in reversed(range(D)):
                    step[i] = (A[i, D] - A[i, i + 1:D] @ step[i + 1:]) / A[i, i]
                return w - step
        """,
    ),
    _right(
        "logistic_checker",
        "compares with an own loss on many inputs",
        """
            def logistic_checker(function):
                def truth(w, X, y, lam):
                    z = X @ w
                    J = np.mean(np.logaddexp(0, z) - y * z) + lam / 2 * w @ w
                    p = np.exp(-np.logaddexp(0, -z))
                    return J, X.T @ (p - y) / len(y) + lam * w
                rng = np.random.default_rng(0)
                for N, D, lam, scale in ((1, 1, 0.3, 1), (5, 3, 0.7, 1), (3, 3, 2.0, 1), (8, 2, 0.0, 1), (7, 4, 0.1, 3), (40, 3, 0.5, 1), (6, 2, 0.01, 100)):
                    X, w = rng.standard_normal((N, D)), rng.standard_normal(D)
                    if scale == 100:
                        X *= 950 / np.max(np.abs(X @ w))
                    elif scale == 3:
                        X *= 10
                    for y in ((rng.random(N) < 0.5).astype(float), np.zeros(N), np.ones(N)):
                        try:
                            J, dw = function(w.copy(), X.copy(), y.copy(), lam)
                        except Exception:
                            return False
                        right_J, right_dw = truth(w, X, y, lam)
                        if np.shape(dw) != (D,) or np.ndim(J) != 0:
                            return False
                        if not np.allclose(J, right_J, rtol=1e-8, atol=1e-9):
                            return False
                        if not np.allclose(dw, right_dw, rtol=1e-8, atol=1e-8 * (1 + np.max(np.abs(X)))):
                            return False
                return True
        """,
    ),
    _right(
        "logistic_checker",
        "known values in loops, then slopes",
        """
            import math

            def logistic_checker(function):
                rng = np.random.default_rng(3)

                def value(w, X, y, lam):
                    total = 0.0
                    for n in range(len(X)):
                        z = sum(X[n, d] * w[d] for d in range(len(w)))
                        total += max(z, 0) + math.log1p(math.exp(-abs(z))) - y[n] * z
                    return total / len(X) + lam / 2 * sum(v * v for v in w)

                for N, D in ((1, 2), (2, 1), (6, 3), (9, 2)):
                    for lam in (0.0, 0.25, 3.0):
                        for size in (1.0, 5.0):
                            X, w = size * rng.standard_normal((N, D)), rng.standard_normal(D)
                            y = np.arange(N) % 2 * 1.0
                            for labels in (y, 1 - y):
                                J, dw = function(w, X, labels, lam)
                                if not abs(J - value(w, X, labels, lam)) < 1e-8 * (1 + abs(J)):
                                    return False
                                for d in range(D):
                                    e = np.zeros(D)
                                    e[d] = 1e-5
                                    slope = (value(w + e, X, labels, lam) - value(w - e, X, labels, lam)) / 2e-5
                                    if not abs(dw[d] - slope) < 1e-5 * (1 + abs(slope)):
                                        return False
                X, w = np.array([[900.0, 0.0], [-900.0, 3.0], [0.0, 1000.0], [1.0, -1000.0]]), np.array([1.0, 1.0])
                for y in (np.array([0.0, 1.0, 0.0, 1.0]), np.array([1.0, 0.0, 1.0, 0.0])):
                    J, dw = function(w, X, y, 0.5)
                    p = np.array([1.0, 0.0, 1.0, 0.0])
                    if not abs(J - value(w, X, y, 0.5)) < 1e-6:
                        return False
                    if not np.all(np.abs(dw - (X.T @ (p - y) / 4 + 0.5 * w)) < 1e-6):
                        return False
                return True
        """,
    ),
    _right(
        "hinge_loss",
        "maximum and a mask",
        """
            def hinge_loss(w, b, X, y):
                missing = 1 - y * (X @ w + b)
                on = missing > 0
                return np.maximum(0, missing).mean(), -(on * y) @ X / len(y), -np.mean(on * y)
        """,
    ),
    _right(
        "hinge_loss",
        "loop, the other slope at the kink",
        """
            def hinge_loss(w, b, X, y):
                N, D = X.shape
                J, dw, db = 0.0, np.zeros(D), 0.0
                for n in range(N):
                    margin = y[n] * (np.dot(X[n], w) + b)
                    if margin <= 1:
                        J += 1 - margin
                        dw -= y[n] * X[n]
                        db -= y[n]
                return J / N, dw / N, db / N
        """,
    ),
    _right(
        "hinge_loss",
        "half way at the kink",
        """
            def hinge_loss(w, b, X, y):
                gap = 1 - y * (X.dot(w) + b)
                slope = -y * (np.sign(gap) + 1) / 2
                N = gap.size
                return (np.abs(gap) + gap).sum() / (2 * N), np.einsum("n,nd->d", slope, X) / N, slope.sum() / N
        """,
    ),
    _right(
        "softmax_loss_naive softmax_loss_vectorized",
        "CS231n, softmax",
        """
            def softmax_loss_naive(W, X, y, reg):
                N, C = X.shape[0], W.shape[1]
                loss, dW = 0.0, np.zeros_like(W)
                for i in range(N):
                    scores = X[i] @ W
                    scores = scores - np.max(scores)
                    total = np.sum(np.exp(scores))
                    loss += np.log(total) - scores[y[i]]
                    for j in range(C):
                        dW[:, j] += (np.exp(scores[j]) / total - (j == y[i])) * X[i]
                return loss / N + reg * np.sum(W * W), dW / N + 2 * reg * W

            def softmax_loss_vectorized(W, X, y, reg):
                N = X.shape[0]
                scores = X @ W
                scores = scores - scores.max(axis=1, keepdims=True)
                logp = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
                loss = -logp[np.arange(N), y].mean() + reg * np.sum(W**2)
                p = np.exp(logp)
                p[np.arange(N), y] -= 1
                return loss, X.T @ p / N + 2 * reg * W
        """,
    ),
    _right(
        "softmax_loss_naive softmax_loss_vectorized",
        "plain Python; one-hot and logaddexp",
        """
            import math

            def softmax_loss_naive(W, X, y, reg):
                D, C = W.shape
                N = len(X)
                loss, dW = 0.0, [[2 * reg * W[d, c] for c in range(C)] for d in range(D)]
                for n in range(N):
                    s = [sum(X[n, d] * W[d, c] for d in range(D)) for c in range(C)]
                    top = max(s)
                    e = [math.exp(v - top) for v in s]
                    loss += (top + math.log(sum(e)) - s[int(y[n])]) / N
                    for c in range(C):
                        push = (e[c] / sum(e) - (1 if c == int(y[n]) else 0)) / N
                        for d in range(D):
                            dW[d][c] += push * X[n, d]
                for d in range(D):
                    for c in range(C):
                        loss += reg * W[d, c] ** 2
                return loss, np.array(dW)

            def softmax_loss_vectorized(W, X, y, reg):
                N, C = len(X), W.shape[1]
                S = X @ W
                hot = np.eye(C)[y]
                lse = np.logaddexp.reduce(S, axis=1)
                loss = (lse - (S * hot).sum(axis=1)).mean() + reg * np.linalg.norm(W) ** 2
                push = (np.exp(S - lse[:, None]) - hot) / N
                return loss, np.einsum("nd,nc->dc", X, push) + reg * (W + W)
        """,
    ),
    _right(
        "svm_loss_naive svm_loss_vectorized",
        "CS231n, hinge",
        """
            def svm_loss_naive(W, X, y, reg):
                dW = np.zeros(W.shape)
                loss = 0.0
                for i in range(X.shape[0]):
                    scores = X[i].dot(W)
                    for j in range(W.shape[1]):
                        if j == y[i]:
                            continue
                        margin = scores[j] - scores[y[i]] + 1
                        if margin > 0:
                            loss += margin
                            dW[:, j] += X[i]
                            dW[:, y[i]] -= X[i]
                return loss / X.shape[0] + reg * np.sum(W * W), dW / X.shape[0] + 2 * reg * W

            def svm_loss_vectorized(W, X, y, reg):
                N = len(X)
                rows = np.arange(N)
                scores = X @ W
                margins = np.maximum(0, scores - scores[rows, y][:, None] + 1)
                margins[rows, y] = 0
                push = (margins > 0).astype(float)
                push[rows, y] = -push.sum(axis=1)
                return margins.sum() / N + reg * np.sum(W**2), X.T @ push / N + 2 * reg * W
        """,
    ),
    _right(
        "svm_loss_naive svm_loss_vectorized",
        "counts the label and takes it off; the other slope at the kink",
        """
            def svm_loss_naive(W, X, y, reg):
                N, C = X.shape[0], W.shape[1]
                loss, dW = -1.0, 2.0 * reg * W
                for x, label in zip(X, y):
                    s = x @ W
                    for c in range(C):
                        if s[c] - s[label] + 1 >= 0:
                            loss += (s[c] - s[label] + 1) / N
                            dW[:, c] += x / N
                            dW[:, label] -= x / N
                for d in range(len(W)):
                    for c in range(C):
                        loss += reg * W[d, c] * W[d, c]
                return loss, dW

            def svm_loss_vectorized(W, X, y, reg):
                N, C = X.shape[0], W.shape[1]
                hot = np.equal(np.arange(C), np.reshape(y, (N, 1))).astype(float)
                S = X @ W
                gap = S - (S * hot).sum(axis=1, keepdims=True) + 1 - hot
                on = (gap >= 0) * (1 - hot)
                loss = (gap * on).sum() / N + reg * (W * W).sum()
                push = on - hot * on.sum(axis=1, keepdims=True)
                return loss, np.dot(X.T, push) / N + 2 * reg * W
        """,
    ),
    _right(
        "train_softmax",
        "gradient descent from zeros, softmax",
        """
            def train_softmax(X, y):
                W = np.zeros((3, 3))
                hot = np.eye(3)[y]
                for _ in range(3000):
                    s = X @ W
                    p = np.exp(s - s.max(axis=1, keepdims=True))
                    p /= p.sum(axis=1, keepdims=True)
                    W -= 0.5 * X.T @ (p - hot) / len(X)
                return W
        """,
    ),
    _right(
        "train_softmax",
        "momentum and a random start",
        """
            def train_softmax(X, y):
                rng = np.random.default_rng(8)
                W, v = 0.01 * rng.standard_normal((3, 3)), np.zeros((3, 3))
                for _ in range(1500):
                    s = X @ W
                    p = np.exp(s - np.logaddexp.reduce(s, axis=1)[:, None])
                    p[np.arange(len(y)), y] -= 1
                    v = 0.9 * v - 0.2 * X.T @ p / len(y)
                    W = W + v
                return W
        """,
    ),
    _right(
        "train_softmax",
        "Newton on all nine weights",
        """
            def train_softmax(X, y):
                N, D, C = len(X), 3, 3
                W = np.zeros((D, C))
                for _ in range(20):
                    s = X @ W
                    p = np.exp(s - s.max(axis=1, keepdims=True))
                    p /= p.sum(axis=1, keepdims=True)
                    g = X.T @ (p - np.eye(C)[y]) / N
                    H = np.einsum("nc,ni,nj,cd->icjd", p, X, X, np.eye(C)) - np.einsum("nc,nd,ni,nj->icjd", p, p, X, X)
                    H = H.reshape(D * C, D * C) / N + 1e-5 * np.eye(D * C)
                    W = W - np.linalg.solve(H, g.ravel()).reshape(D, C)
                return W
        """,
    ),
    _right(
        "question_column_less_row question_squared_norm question_logarithm_of_zero question_newton_steps question_hinge_pushes",
        "as asked",
        """
            def question_column_less_row():
                return "d"

            def question_squared_norm():
                return ["a", "c"]

            def question_logarithm_of_zero():
                return "b"

            def question_newton_steps():
                return 1

            def question_hinge_pushes():
                return ["a", "c", "e"]
        """,
    ),
]

WRONG_LINEAR_MODELS = [
    _wrong(
        "linear_loss_loop",
        "half of the square",
        "J and both gradients are halved; there is no 1/2 in J.",
        """
            def linear_loss_loop(w, b, X, y):
                N, D = X.shape
                J, db, dw = 0.0, 0.0, np.zeros(D)
                for n in range(N):
                    error = b - y[n]
                    for d in range(D):
                        error += w[d] * X[n, d]
                    J += 0.5 * error**2
                    db += error
                    for d in range(D):
                        dw[d] += error * X[n, d]
                return J / N, dw / N, db / N
        """,
    ),
    _wrong(
        "linear_loss_loop",
        "2 forgotten in the gradients",
        "The 2 of the square's derivative is missing in dw and db.",
        """
            def linear_loss_loop(w, b, X, y):
                N, D = X.shape
                J, db, dw = 0.0, 0.0, np.zeros(D)
                for n in range(N):
                    error = b - y[n]
                    for d in range(D):
                        error += w[d] * X[n, d]
                    J += error**2
                    db += error
                    for d in range(D):
                        dw[d] += error * X[n, d]
                return J / N, dw / N, db / N
        """,
    ),
    _wrong(
        "linear_loss_loop",
        "sum, not mean",
        "Nothing is divided by N.",
        """
            def linear_loss_loop(w, b, X, y):
                N, D = X.shape
                J, db, dw = 0.0, 0.0, np.zeros(D)
                for n in range(N):
                    error = b - y[n]
                    for d in range(D):
                        error += w[d] * X[n, d]
                    J += error**2
                    db += 2 * error
                    for d in range(D):
                        dw[d] += 2 * error * X[n, d]
                return J, dw, db
        """,
    ),
    _wrong(
        "linear_loss_loop",
        "dw assigned",
        "dw[d] is assigned for each example and not added up, so only the last one counts.",
        """
            def linear_loss_loop(w, b, X, y):
                N, D = X.shape
                J, db, dw = 0.0, 0.0, np.zeros(D)
                for n in range(N):
                    error = b - y[n]
                    for d in range(D):
                        error += w[d] * X[n, d]
                    J += error**2
                    db += 2 * error
                    for d in range(D):
                        dw[d] = 2 * error * X[n, d]
                return J / N, dw / N, db / N
        """,
    ),
    _wrong(
        "linear_loss_loop",
        "last example left out",
        "range(N - 1) leaves the last example out.",
        """
            def linear_loss_loop(w, b, X, y):
                N, D = X.shape
                J, db, dw = 0.0, 0.0, np.zeros(D)
                for n in range(N - 1):
                    error = b - y[n]
                    for d in range(D):
                        error += w[d] * X[n, d]
                    J += error**2
                    db += 2 * error
                    for d in range(D):
                        dw[d] += 2 * error * X[n, d]
                return J / N, dw / N, db / N
        """,
    ),
    _wrong(
        "linear_loss_loop",
        "target minus prediction",
        "The error is y - prediction, its square is the same and both gradients have the wrong sign.",
        """
            def linear_loss_loop(w, b, X, y):
                N, D = X.shape
                J, db, dw = 0.0, 0.0, np.zeros(D)
                for n in range(N):
                    error = y[n] - b
                    for d in range(D):
                        error -= w[d] * X[n, d]
                    J += error**2
                    db += 2 * error
                    for d in range(D):
                        dw[d] += 2 * error * X[n, d]
                return J / N, dw / N, db / N
        """,
    ),
    _wrong(
        "linear_loss",
        "list comprehension",
        "The predictions are made by a comprehension, where none is allowed.",
        """
            def linear_loss(w, b, X, y):
                error = np.array([x @ w for x in X]) + b - y
                return np.mean(error**2), 2 / len(y) * X.T @ error, 2 * np.mean(error)
        """,
    ),
    _wrong(
        "linear_loss",
        "calls a loop",
        "It hands its arguments to a helper that loops over the examples, where loops are not allowed in what it calls either.",
        """
            def helper(w, b, X, y):
                N, D = X.shape
                J, db, dw = 0.0, 0.0, np.zeros(D)
                for n in range(N):
                    error = b - y[n]
                    for d in range(D):
                        error += w[d] * X[n, d]
                    J += error**2
                    db += 2 * error
                    for d in range(D):
                        dw[d] += 2 * error * X[n, d]
                return J / N, dw / N, db / N

            def linear_loss(w, b, X, y):
                return helper(w, b, X, y)
        """,
    ),
    _wrong(
        "linear_loss",
        "error averaged over D",
        "The gradient is divided by the number of features, not of examples.",
        """
            def linear_loss(w, b, X, y):
                error = X @ w + b - y
                return np.mean(error**2), 2 / len(w) * X.T @ error, 2 * np.mean(error)
        """,
    ),
    _wrong(
        "linear_loss",
        "db is a vector",
        "db is 2/N times the errors, (N,), not their sum.",
        """
            def linear_loss(w, b, X, y):
                error = X @ w + b - y
                return np.mean(error**2), 2 / len(y) * X.T @ error, 2 / len(y) * error
        """,
    ),
    _wrong(
        "linear_loss",
        "bias left out of the error",
        "b is not in the prediction.",
        """
            def linear_loss(w, b, X, y):
                error = X @ w - y
                return np.mean(error**2), 2 / len(y) * X.T @ error, 2 * np.mean(error)
        """,
    ),
    _wrong(
        "mse_gradient",
        "2 forgotten",
        "The factor 2 of the square is missing.",
        """
            def mse_gradient():
                return "1 / N * X^T * (X * w - y)"
        """,
    ),
    _wrong(
        "mse_gradient",
        "sign, mse_gradient",
        "Target minus prediction: the sign is wrong.",
        """
            def mse_gradient():
                return "2 / N * X^T * (y - X * w)"
        """,
    ),
    _wrong(
        "mse_gradient",
        "not averaged",
        "1/N is missing.",
        """
            def mse_gradient():
                return "2 * X^T * (X * w - y)"
        """,
    ),
    _wrong(
        "mse_gradient",
        "transpose forgotten",
        "X stands where X^T belongs; the shapes do not fit.",
        """
            def mse_gradient():
                return "2 / N * X * (X * w - y)"
        """,
    ),
    _wrong(
        "mse_gradient",
        "the loss",
        "It is the formula of J itself, a number.",
        """
            def mse_gradient():
                return "1 / N * (X * w - y)^T * (X * w - y)"
        """,
    ),
    _wrong(
        "mse_gradient",
        "y forgotten in the inner bracket",
        "It is the gradient of |Xw|^2 / N, without the targets.",
        """
            def mse_gradient():
                return "2 / N * X^T * X * w"
        """,
    ),
    _wrong(
        "gradient_step",
        "uphill, gradient_step",
        "It adds the gradient where it should subtract it.",
        """
            def gradient_step(w, b, dw, db, learning_rate):
                return w + learning_rate * dw, b + learning_rate * db
        """,
    ),
    _wrong(
        "gradient_step",
        "bias stays",
        "b is returned as it came.",
        """
            def gradient_step(w, b, dw, db, learning_rate):
                return w - learning_rate * dw, b
        """,
    ),
    _wrong(
        "gradient_step",
        "gradient normalised",
        "The gradient is divided by its length, so the step has always the same length.",
        """
            def gradient_step(w, b, dw, db, learning_rate):
                size = np.sqrt(np.sum(dw**2) + db**2) + 1e-12
                return w - learning_rate * dw / size, b - learning_rate * db / size
        """,
    ),
    _wrong(
        "mended_ridge_loss",
        "sum for mean in dw",
        "The error is still N x N; summing over its columns changes dw alone, and to a wrong number.",
        """
            def mended_ridge_loss(w, X, y, lam):
                N = len(X)
                error = X @ w - y
                loss = np.mean(error**2) + lam * np.sum(w**2)
                dw = 2 / N * np.sum(X.T @ error, axis=1, keepdims=True) + 2 * lam * w
                return loss, dw
        """,
    ),
    _wrong(
        "mended_ridge_loss",
        "y as a row",
        "y.reshape(1, -1) broadcasts as y did: N x N still.",
        """
            def mended_ridge_loss(w, X, y, lam):
                N = len(X)
                error = X @ w - y.reshape(1, -1)
                loss = np.mean(error**2) + lam * np.sum(w**2)
                dw = 2 / N * np.mean(X.T @ error, axis=1, keepdims=True) + 2 * lam * w
                return loss, dw
        """,
    ),
    _wrong(
        "mended_ridge_loss",
        "loss mended, dw not",
        "The loss is computed from flat errors; dw still comes from the N x N table.",
        """
            def mended_ridge_loss(w, X, y, lam):
                N = len(X)
                error = X @ w - y
                loss = np.mean(((X @ w)[:, 0] - y) ** 2) + lam * np.sum(w**2)
                dw = 2 / N * np.mean(X.T @ error, axis=1, keepdims=True) + 2 * lam * w
                return loss, dw
        """,
    ),
    _wrong(
        "mended_ridge_loss",
        "dw mended, loss not",
        "dw is that of the column of errors; the loss still comes from the N x N table.",
        """
            def mended_ridge_loss(w, X, y, lam):
                N = len(X)
                error = X @ w - y
                loss = np.mean(error**2) + lam * np.sum(w**2)
                dw = 2 / N * (X.T @ (X @ w - y[:, None])) + 2 * lam * w
                return loss, dw
        """,
    ),
    _wrong(
        "mended_ridge_loss",
        "penalty halved into the bargain",
        "The table is gone, but the slope of the penalty has lost its 2.",
        """
            def mended_ridge_loss(w, X, y, lam):
                N = len(X)
                error = X @ w - y[:, None]
                loss = np.mean(error**2) + lam * np.sum(w**2)
                dw = 2 / N * np.mean(X.T @ error, axis=1, keepdims=True) + lam * w
                return loss, dw
        """,
    ),
    _wrong(
        "mended_ridge_loss",
        "all flat",
        "The values are right, but dw is (D,) and not (D, 1).",
        """
            def mended_ridge_loss(w, X, y, lam):
                w = w.ravel()
                error = X @ w - y
                return np.mean(error**2) + lam * np.sum(w**2), 2 / len(X) * X.T @ error + 2 * lam * w
        """,
    ),
    _wrong(
        "logistic_loss_loop",
        "as printed",
        "log(1 - p) with p rounded to 1 is -inf or nan where the score is in the thousands, and exp overflows.",
        """
            def logistic_loss_loop(w, b, X, y):
                N, D = X.shape
                J, db, dw = 0.0, 0.0, np.zeros(D)
                for n in range(N):
                    p = 1 / (1 + np.exp(-(np.dot(w, X[n]) + b)))
                    J -= (y[n] * np.log(p) + (1 - y[n]) * np.log(1 - p)) / N
                    dw += (p - y[n]) * X[n] / N
                    db += (p - y[n]) / N
                return J, dw, db
        """,
    ),
    _wrong(
        "logistic_loss_loop",
        "clipped logarithm",
        "p is clipped to [1e-15, 1 - 1e-15], so that a loss of 1000 comes out as 34.5.",
        """
            def logistic_loss_loop(w, b, X, y):
                N, D = X.shape
                J, db, dw = 0.0, 0.0, np.zeros(D)
                for n in range(N):
                    z = np.dot(w, X[n]) + b
                    p = 0.5 * (1 + np.tanh(z / 2))
                    q = min(max(p, 1e-15), 1 - 1e-15)
                    J -= (y[n] * np.log(q) + (1 - y[n]) * np.log(1 - q)) / N
                    dw += (p - y[n]) * X[n] / N
                    db += (p - y[n]) / N
                return J, dw, db
        """,
    ),
    _wrong(
        "logistic_loss_loop",
        "an extra slope",
        "The slope p(1 - p) of the sigmoid, which cancels, is multiplied in once more.",
        """
            import math

            def logistic_loss_loop(w, b, X, y):
                N, D = X.shape
                J, db, dw = 0.0, 0.0, np.zeros(D)
                for n in range(N):
                    z = float(np.dot(w, X[n]) + b)
                    e = math.exp(-abs(z))
                    p = 1 / (1 + e) if z >= 0 else e / (1 + e)
                    J += max(z, 0.0) + math.log1p(e) - y[n] * z
                    db += (p - y[n]) * p * (1 - p)
                    for d in range(D):
                        dw[d] += (p - y[n]) * p * (1 - p) * X[n, d]
                return J / N, dw / N, db / N
        """,
    ),
    _wrong(
        "logistic_loss_loop",
        "sign of J",
        "J is the log likelihood, without the minus in front.",
        """
            import math

            def logistic_loss_loop(w, b, X, y):
                N, D = X.shape
                J, db, dw = 0.0, 0.0, np.zeros(D)
                for n in range(N):
                    z = float(np.dot(w, X[n]) + b)
                    e = math.exp(-abs(z))
                    p = 1 / (1 + e) if z >= 0 else e / (1 + e)
                    J += max(z, 0.0) + math.log1p(e) - y[n] * z
                    db += p - y[n]
                    for d in range(D):
                        dw[d] += (p - y[n]) * X[n, d]
                return -J / N, dw / N, db / N
        """,
    ),
    _wrong(
        "logistic_loss_loop",
        "rounded labels",
        "p is rounded to the label before the target is taken off.",
        """
            import math

            def logistic_loss_loop(w, b, X, y):
                N, D = X.shape
                J, db, dw = 0.0, 0.0, np.zeros(D)
                for n in range(N):
                    z = float(np.dot(w, X[n]) + b)
                    e = math.exp(-abs(z))
                    p = 1 / (1 + e) if z >= 0 else e / (1 + e)
                    J += max(z, 0.0) + math.log1p(e) - y[n] * z
                    p = round(p)
                    db += p - y[n]
                    for d in range(D):
                        dw[d] += (p - y[n]) * X[n, d]
                return J / N, dw / N, db / N
        """,
    ),
    _wrong(
        "logistic_loss",
        "log(p + 1e-12)",
        "The small number in the logarithm bounds the loss of one example by 27.6, where it is in the thousands.",
        """
            def logistic_loss(w, b, X, y):
                z = X @ w + b
                p = 0.5 * (1 + np.tanh(z / 2))
                J = -np.mean(y * np.log(p + 1e-12) + (1 - y) * np.log(1 - p + 1e-12))
                return J, X.T @ (p - y) / len(y), np.mean(p - y)
        """,
    ),
    _wrong(
        "logistic_loss",
        "log(1 + e^z)",
        "e^z overflows for z above 709: J is infinite, or nan, where it is finite.",
        """
            def logistic_loss(w, b, X, y):
                z = X @ w + b
                p = 0.5 * (1 + np.tanh(z / 2))
                J = np.mean(np.log(1 + np.exp(z)) - y * z)
                return J, X.T @ (p - y) / len(y), np.mean(p - y)
        """,
    ),
    _wrong(
        "logistic_loss",
        "labels taken for -1 and 1",
        "The labels 0 and 1 are read as signs, so an example of label 0 has the loss log 2.",
        """
            def logistic_loss(w, b, X, y):
                z = X @ w + b
                p = 0.5 * (1 + np.tanh(z / 2))
                J = np.mean(np.logaddexp(0, -y * z))
                return J, X.T @ (p - y) / len(y), np.mean(p - y)
        """,
    ),
    _wrong(
        "logistic_loss",
        "summed over examples",
        "J, dw and db are sums, not means.",
        """
            def logistic_loss(w, b, X, y):
                z = X @ w + b
                p = 0.5 * (1 + np.tanh(z / 2))
                return np.sum(np.logaddexp(0, z) - y * z), X.T @ (p - y), np.sum(p - y)
        """,
    ),
    _wrong(
        "logistic_loss",
        "averaged twice",
        "dw is divided by N twice; with N = 1 it does not show.",
        """
            def logistic_loss(w, b, X, y):
                z = X @ w + b
                p = 0.5 * (1 + np.tanh(z / 2))
                J = np.mean(np.logaddexp(0, z) - y * z)
                return J, X.T @ (p - y) / len(y) ** 2, np.mean(p - y)
        """,
    ),
    _wrong(
        "logistic_loss",
        "loop over examples",
        "It loops, where no loops are allowed.",
        """
            import math

            def logistic_loss(w, b, X, y):
                N, D = X.shape
                J, db, dw = 0.0, 0.0, np.zeros(D)
                for n in range(N):
                    z = float(np.dot(w, X[n]) + b)
                    e = math.exp(-abs(z))
                    p = 1 / (1 + e) if z >= 0 else e / (1 + e)
                    J += max(z, 0.0) + math.log1p(e) - y[n] * z
                    db += p - y[n]
                    for d in range(D):
                        dw[d] += (p - y[n]) * X[n, d]
                return J / N, dw / N, db / N
        """,
    ),
    _wrong(
        "predict",
        "rounded probability",
        "np.round goes to the even number at one half: on the boundary the label is 0 for 1.",
        """
            def predict(w, b, X):
                return np.round(0.5 * (1 + np.tanh((X @ w + b) / 2)))
        """,
    ),
    _wrong(
        "predict",
        "greater, not at least",
        "On the boundary, w.x + b = 0, the label is 0 where 1 is asked.",
        """
            def predict(w, b, X):
                return (X @ w + b > 0).astype(float)
        """,
    ),
    _wrong(
        "predict",
        "labels -1 and 1",
        "It returns the sign, -1 for 0.",
        """
            def predict(w, b, X):
                return np.where(X @ w + b >= 0, 1, -1)
        """,
    ),
    _wrong(
        "predict",
        "probabilities",
        "It returns the probabilities, not labels.",
        """
            def predict(w, b, X):
                return 0.5 * (1 + np.tanh((X @ w + b) / 2))
        """,
    ),
    _wrong(
        "predict",
        "score against one half",
        "The score, not the probability, is compared with one half.",
        """
            def predict(w, b, X):
                return (X @ w + b >= 0.5).astype(int)
        """,
    ),
    _wrong(
        "train_logistic",
        "ten steps",
        "Ten small steps from zeros leave the loss far above 0.205.",
        """
            def train_logistic(X, y):
                w, b = np.zeros(2), 0.0
                for _ in range(10):
                    p = 0.5 * (1 + np.tanh((X @ w + b) / 2))
                    w = w - 0.1 * X.T @ (p - y) / len(y)
                    b = b - 0.1 * np.mean(p - y)
                return w, b
        """,
    ),
    _wrong(
        "train_logistic",
        "uphill, train_logistic",
        "The sign of the step is wrong: the loss grows.",
        """
            def train_logistic(X, y):
                w, b = np.zeros(2), 0.0
                for _ in range(200):
                    p = 0.5 * (1 + np.tanh((X @ w + b) / 2))
                    w = w + 0.1 * X.T @ (p - y) / len(y)
                    b = b + 0.1 * np.mean(p - y)
                return w, b
        """,
    ),
    _wrong(
        "train_logistic",
        "no bias",
        "b stays 0, and without it the loss cannot come down to 0.205.",
        """
            def train_logistic(X, y):
                w, b = np.zeros(2), 0.0
                for _ in range(3000):
                    p = 0.5 * (1 + np.tanh((X @ w + b) / 2))
                    w = w - 0.5 * X.T @ (p - y) / len(y)
                    b = 0.0
                return w, b
        """,
    ),
    _wrong(
        "train_logistic",
        "least squares",
        "It is the line of least squares through labels of -1 and 1: its accuracy may do, its logistic loss does not.",
        """
            def train_logistic(X, y):
                Z = np.column_stack([X, np.ones(len(X))])
                theta = np.linalg.lstsq(Z, 2 * y - 1, rcond=None)[0]
                return theta[:2], theta[2]
        """,
    ),
    _wrong(
        "train_logistic",
        "right line, too sure",
        "The line is the best one, but the weights are ten times too large: the accuracy is right and the loss is not.",
        """
            def train_logistic(X, y):
                w, b = np.zeros(2), 0.0
                for _ in range(3000):
                    p = 0.5 * (1 + np.tanh((X @ w + b) / 2))
                    w = w - 0.5 * X.T @ (p - y) / len(y)
                    b = b - 0.5 * np.mean(p - y)
                return 10 * w, 10 * b
        """,
    ),
    _wrong(
        "train_logistic",
        "heavy penalty",
        "A penalty of 0.5 |w|^2 keeps the weights small and the loss above 0.205.",
        """
            def train_logistic(X, y):
                w, b = np.zeros(2), 0.0
                for _ in range(3000):
                    p = 0.5 * (1 + np.tanh((X @ w + b) / 2))
                    w = w - 0.5 * X.T @ (p - y) / len(y) - 0.5 * w
                    b = b - 0.5 * np.mean(p - y)
                return w, b
        """,
    ),
    _wrong(
        "logistic_loss_signed",
        "lam on the penalty",
        "lam weighs the penalty and not the data.",
        """
            def logistic_loss_signed(w, x, y, lam):
                m = y * (w @ x)
                L = lam * 0.5 * np.sum(w**2) + np.logaddexp(0, -m)
                dw = lam * w - 0.5 * (1 - np.tanh(m / 2)) * y * x
                return L, dw
        """,
    ),
    _wrong(
        "logistic_loss_signed",
        "penalty not halved",
        "The 1/2 of the penalty is missing in L, and dw has 2w.",
        """
            def logistic_loss_signed(w, x, y, lam):
                m = y * (w @ x)
                L = np.sum(w**2) + lam * np.logaddexp(0, -m)
                dw = 2 * w - lam * 0.5 * (1 - np.tanh(m / 2)) * y * x
                return L, dw
        """,
    ),
    _wrong(
        "logistic_loss_signed",
        "slope of the margin left out",
        "dw lacks the factor y: right for y = 1 only.",
        """
            def logistic_loss_signed(w, x, y, lam):
                m = y * (w @ x)
                L = 0.5 * np.sum(w**2) + lam * np.logaddexp(0, -m)
                dw = w - lam * 0.5 * (1 - np.tanh(m / 2)) * x
                return L, dw
        """,
    ),
    _wrong(
        "logistic_loss_signed",
        "sigma of m for sigma of -m",
        "The slope is taken as -sigma(m) where it is -sigma(-m); equal at margin 0 only.",
        """
            def logistic_loss_signed(w, x, y, lam):
                m = y * (w @ x)
                L = 0.5 * np.sum(w**2) + lam * np.logaddexp(0, -m)
                dw = w - lam * 0.5 * (1 + np.tanh(m / 2)) * y * x
                return L, dw
        """,
    ),
    _wrong(
        "logistic_loss_signed",
        "table of products",
        "np.outer(w, w) is a table; its sum is the square of the sum of w, not the norm.",
        """
            def logistic_loss_signed(w, x, y, lam):
                m = y * (w @ x)
                L = 0.5 * np.sum(np.outer(w, w)) + lam * np.logaddexp(0, -m)
                dw = w - lam * 0.5 * (1 - np.tanh(m / 2)) * y * x
                return L, dw
        """,
    ),
    _wrong(
        "logistic_loss_signed",
        "overflows, logistic_loss_signed",
        "exp(-m) overflows for margins in the thousands: L is infinite and dw has nan.",
        """
            def logistic_loss_signed(w, x, y, lam):
                m = y * (w @ x)
                L = 0.5 * np.sum(w**2) + lam * np.log(1 + np.exp(-m))
                dw = w - lam * np.exp(-m) / (1 + np.exp(-m)) * y * x
                return L, dw
        """,
    ),
    _wrong(
        "newton_logistic_step",
        "ridge left out of the gradient",
        "g lacks ridge * w; it shows unless w = 0.",
        """
            def newton_logistic_step(w, X, y, ridge):
                N, D = X.shape
                p = 0.5 * (1 + np.tanh(X @ w / 2))
                g = X.T @ (p - y) / N
                H = (X.T * (p * (1 - p))) @ X / N + ridge * np.eye(D)
                return w - np.linalg.solve(H, g)
        """,
    ),
    _wrong(
        "newton_logistic_step",
        "ridge left out of the Hessian",
        "H lacks the ridge, and is singular where all p round to 0 or 1.",
        """
            def newton_logistic_step(w, X, y, ridge):
                N, D = X.shape
                p = 0.5 * (1 + np.tanh(X @ w / 2))
                g = X.T @ (p - y) / N + ridge * w
                H = (X.T * (p * (1 - p))) @ X / N
                return w - np.linalg.solve(H, g)
        """,
    ),
    _wrong(
        "newton_logistic_step",
        "uphill, newton_logistic_step",
        "It adds the step where it should subtract it.",
        """
            def newton_logistic_step(w, X, y, ridge):
                N, D = X.shape
                p = 0.5 * (1 + np.tanh(X @ w / 2))
                g = X.T @ (p - y) / N + ridge * w
                H = (X.T * (p * (1 - p))) @ X / N + ridge * np.eye(D)
                return w + np.linalg.solve(H, g)
        """,
    ),
    _wrong(
        "newton_logistic_step",
        "Hessian not averaged",
        "H is summed over the examples while g is averaged.",
        """
            def newton_logistic_step(w, X, y, ridge):
                N, D = X.shape
                p = 0.5 * (1 + np.tanh(X @ w / 2))
                g = X.T @ (p - y) / N + ridge * w
                H = (X.T * (p * (1 - p))) @ X + ridge * np.eye(D)
                return w - np.linalg.solve(H, g)
        """,
    ),
    _wrong(
        "newton_logistic_step",
        "not reweighted",
        "The examples are not weighed by p(1 - p): it is the Hessian of least squares.",
        """
            def newton_logistic_step(w, X, y, ridge):
                N, D = X.shape
                p = 0.5 * (1 + np.tanh(X @ w / 2))
                g = X.T @ (p - y) / N + ridge * w
                H = X.T @ X / N + ridge * np.eye(D)
                return w - np.linalg.solve(H, g)
        """,
    ),
    _wrong(
        "newton_logistic_step",
        "diagonal of the Hessian",
        "Only the diagonal of H is used: right for one feature.",
        """
            def newton_logistic_step(w, X, y, ridge):
                N, D = X.shape
                p = 0.5 * (1 + np.tanh(X @ w / 2))
                g = X.T @ (p - y) / N + ridge * w
                H = (X.T * (p * (1 - p))) @ X / N + ridge * np.eye(D)
                return w - g / np.diag(H)
        """,
    ),
    _wrong(
        "logistic_checker",
        "accepts all",
        "It accepts whatever it is given.",
        """
            def logistic_checker(function):
                return True
        """,
    ),
    _wrong(
        "logistic_checker",
        "refuses all",
        "It refuses whatever it is given, the right ones too.",
        """
            def logistic_checker(function):
                return False
        """,
    ),
    _wrong(
        "logistic_checker",
        "gradient check alone",
        "It asks only whether dw is the slope of J, so that a wrong J with the gradient that fits it passes.",
        """
            def logistic_checker(function):
                rng = np.random.default_rng(0)
                X, w, y = rng.standard_normal((6, 3)), rng.standard_normal(3), np.array([0., 1., 1., 0., 1., 0.])
                J, dw = function(w, X, y, 0.5)
                for d in range(3):
                    e = np.zeros(3)
                    e[d] = 1e-5
                    slope = (function(w + e, X, y, 0.5)[0] - function(w - e, X, y, 0.5)[0]) / 2e-5
                    if not abs(slope - dw[d]) < 1e-6:
                        return False
                return True
        """,
    ),
    _wrong(
        "logistic_checker",
        "w = 0 only",
        "At w = 0 there is no penalty to see, and a wrong one passes.",
        """
            def logistic_checker(function):
                rng = np.random.default_rng(0)

                def truth(w, X, y, lam):
                    z = X @ w
                    p = 0.5 * (1 + np.tanh(z / 2))
                    return np.mean(np.logaddexp(0, z) - y * z) + 0.5 * lam * w @ w, X.T @ (p - y) / len(y) + lam * w

                for N, D, lam, reach in [(6, 3, 0.5, 0), (12, 4, 0.3, 0)]:
                    X, w, y = rng.standard_normal((N, D)), np.zeros(D), (rng.random(N) < 0.5).astype(float)
                    X *= reach / max(np.max(np.abs(X @ w)), 1e-9) if reach else 1.0
                    J, dw = function(w, X, y, lam)
                    right_J, right_dw = truth(w, X, y, lam)
                    if not np.allclose(J, right_J, rtol=1e-8, atol=1e-8):
                        return False
                    if np.shape(dw) != (D,) or not np.allclose(dw, right_dw, rtol=1e-8, atol=1e-8):
                        return False
                return True
        """,
    ),
    _wrong(
        "logistic_checker",
        "lam = 0 only",
        "Without a penalty, a doubled one or one without its slope passes.",
        """
            def logistic_checker(function):
                rng = np.random.default_rng(0)

                def truth(w, X, y, lam):
                    z = X @ w
                    p = 0.5 * (1 + np.tanh(z / 2))
                    return np.mean(np.logaddexp(0, z) - y * z) + 0.5 * lam * w @ w, X.T @ (p - y) / len(y) + lam * w

                for N, D, lam, reach in [(6, 3, 0.0, 0), (1, 2, 0.0, 0), (9, 2, 0.0, 950)]:
                    X, w, y = rng.standard_normal((N, D)), rng.standard_normal(D), (rng.random(N) < 0.5).astype(float)
                    X *= reach / max(np.max(np.abs(X @ w)), 1e-9) if reach else 1.0
                    J, dw = function(w, X, y, lam)
                    right_J, right_dw = truth(w, X, y, lam)
                    if not np.allclose(J, right_J, rtol=1e-8, atol=1e-8):
                        return False
                    if np.shape(dw) != (D,) or not np.allclose(dw, right_dw, rtol=1e-8, atol=1e-8):
                        return False
                return True
        """,
    ),
    _wrong(
        "logistic_checker",
        "one example only",
        "With N = 1, a sum for the mean or a second division by N passes.",
        """
            def logistic_checker(function):
                rng = np.random.default_rng(0)

                def truth(w, X, y, lam):
                    z = X @ w
                    p = 0.5 * (1 + np.tanh(z / 2))
                    return np.mean(np.logaddexp(0, z) - y * z) + 0.5 * lam * w @ w, X.T @ (p - y) / len(y) + lam * w

                for N, D, lam, reach in [(1, 3, 0.5, 0), (1, 2, 1.5, 0), (1, 2, 0.7, 950)]:
                    X, w, y = rng.standard_normal((N, D)), rng.standard_normal(D), (rng.random(N) < 0.5).astype(float)
                    X *= reach / max(np.max(np.abs(X @ w)), 1e-9) if reach else 1.0
                    J, dw = function(w, X, y, lam)
                    right_J, right_dw = truth(w, X, y, lam)
                    if not np.allclose(J, right_J, rtol=1e-8, atol=1e-8):
                        return False
                    if np.shape(dw) != (D,) or not np.allclose(dw, right_dw, rtol=1e-8, atol=1e-8):
                        return False
                return True
        """,
    ),
    _wrong(
        "hinge_loss",
        "label left out of the slope",
        "The slopes lack the factor y: right for y = 1 only.",
        """
            def hinge_loss(w, b, X, y):
                missing = 1 - y * (X @ w + b)
                on = missing > 0
                return np.maximum(0, missing).mean(), -(on * 1.0) @ X / len(y), -np.mean(on * 1.0)
        """,
    ),
    _wrong(
        "hinge_loss",
        "sign, hinge_loss",
        "The gradients point the wrong way: the minus is missing.",
        """
            def hinge_loss(w, b, X, y):
                missing = 1 - y * (X @ w + b)
                on = missing > 0
                return np.maximum(0, missing).mean(), (on * y) @ X / len(y), np.mean(on * y)
        """,
    ),
    _wrong(
        "hinge_loss",
        "every example pushes",
        "Examples whose margin is met go into the gradients too.",
        """
            def hinge_loss(w, b, X, y):
                missing = 1 - y * (X @ w + b)
                on = np.ones(len(y))
                return np.maximum(0, missing).mean(), -(on * y) @ X / len(y), -np.mean(on * y)
        """,
    ),
    _wrong(
        "hinge_loss",
        "perceptron's margin",
        "The margin is 0 and not 1, as for a perceptron.",
        """
            def hinge_loss(w, b, X, y):
                missing = -y * (X @ w + b)
                on = missing > 0
                return np.maximum(0, missing).mean(), -(on * y) @ X / len(y), -np.mean(on * y)
        """,
    ),
    _wrong(
        "hinge_loss",
        "labels 0 and 1, hinge_loss",
        "The labels are turned by 2y - 1, as if they were 0 and 1: -1 becomes -3.",
        """
            def hinge_loss(w, b, X, y):
                y = 2 * y - 1
                missing = 1 - y * (X @ w + b)
                on = missing > 0
                return np.maximum(0, missing).mean(), -(on * y) @ X / len(y), -np.mean(on * y)
        """,
    ),
    _wrong(
        "hinge_loss",
        "mean over the violated",
        "It averages over the examples that violate the margin, not over all N.",
        """
            def hinge_loss(w, b, X, y):
                missing = 1 - y * (X @ w + b)
                on = missing > 0
                n = max(on.sum(), 1)
                return np.maximum(0, missing).sum() / n, -(on * y) @ X / n, -np.sum(on * y) / n
        """,
    ),
    _wrong(
        "softmax_loss_naive",
        "penalty halved",
        "The penalty is 0.5 reg W^2, with the slope reg W; here it is not halved.",
        """
            def softmax_loss_naive(W, X, y, reg):
                N, C = X.shape[0], W.shape[1]
                loss, dW = 0.0, np.zeros_like(W)
                for i in range(N):
                    scores = X[i] @ W
                    scores = scores - np.max(scores)
                    total = np.sum(np.exp(scores))
                    loss += np.log(total) - scores[y[i]]
                    for j in range(C):
                        dW[:, j] += (np.exp(scores[j]) / total - (j == y[i])) * X[i]
                return loss / N + 0.5 * reg * np.sum(W * W), dW / N + reg * W
        """,
    ),
    _wrong(
        "softmax_loss_naive",
        "slope of the penalty forgotten",
        "dW lacks 2 reg W.",
        """
            def softmax_loss_naive(W, X, y, reg):
                N, C = X.shape[0], W.shape[1]
                loss, dW = 0.0, np.zeros_like(W)
                for i in range(N):
                    scores = X[i] @ W
                    scores = scores - np.max(scores)
                    total = np.sum(np.exp(scores))
                    loss += np.log(total) - scores[y[i]]
                    for j in range(C):
                        dW[:, j] += (np.exp(scores[j]) / total - (j == y[i])) * X[i]
                return loss / N + reg * np.sum(W * W), dW / N
        """,
    ),
    _wrong(
        "softmax_loss_naive",
        "overflows, softmax_loss_naive",
        "The largest score is not taken out: exp(1000) is infinite.",
        """
            def softmax_loss_naive(W, X, y, reg):
                N, C = X.shape[0], W.shape[1]
                loss, dW = 0.0, np.zeros_like(W)
                for i in range(N):
                    scores = X[i] @ W
                    scores = scores * 1.0
                    total = np.sum(np.exp(scores))
                    loss += np.log(total) - scores[y[i]]
                    for j in range(C):
                        dW[:, j] += (np.exp(scores[j]) / total - (j == y[i])) * X[i]
                return loss / N + reg * np.sum(W * W), dW / N + 2 * reg * W
        """,
    ),
    _wrong(
        "softmax_loss_naive",
        "one never taken off",
        "The slope of the label's score lacks the -1.",
        """
            def softmax_loss_naive(W, X, y, reg):
                N, C = X.shape[0], W.shape[1]
                loss, dW = 0.0, np.zeros_like(W)
                for i in range(N):
                    scores = X[i] @ W
                    scores = scores - np.max(scores)
                    total = np.sum(np.exp(scores))
                    loss += np.log(total) - scores[y[i]]
                    for j in range(C):
                        dW[:, j] += (np.exp(scores[j]) / total) * X[i]
                return loss / N + reg * np.sum(W * W), dW / N + 2 * reg * W
        """,
    ),
    _wrong(
        "softmax_loss_naive",
        "penalty averaged too",
        "The penalty is divided by N with the rest.",
        """
            def softmax_loss_naive(W, X, y, reg):
                N, C = X.shape[0], W.shape[1]
                loss, dW = 0.0, np.zeros_like(W)
                for i in range(N):
                    scores = X[i] @ W
                    scores = scores - np.max(scores)
                    total = np.sum(np.exp(scores))
                    loss += np.log(total) - scores[y[i]]
                    for j in range(C):
                        dW[:, j] += (np.exp(scores[j]) / total - (j == y[i])) * X[i]
                return (loss + reg * np.sum(W * W)) / N, (dW + 2 * reg * W) / N
        """,
    ),
    _wrong(
        "softmax_loss_vectorized",
        "columns of all labels",
        "S[:, y] is N x N and not the label's entry of each row, in the loss and in the gradient.",
        """
            def softmax_loss_vectorized(W, X, y, reg):
                N = X.shape[0]
                S = X @ W
                S = S - S.max(axis=1, keepdims=True)
                logp = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
                loss = -logp[:, y].mean() + reg * np.sum(W**2)
                p = np.exp(logp)
                p[:, y] -= 1
                return loss, X.T @ p / N + 2 * reg * W
        """,
    ),
    _wrong(
        "softmax_loss_vectorized",
        "one maximum for all rows",
        "The largest score of all is taken out of every row; a row that lies 1000 below underflows to log 0.",
        """
            def softmax_loss_vectorized(W, X, y, reg):
                N = X.shape[0]
                S = X @ W
                S = S - S.max()
                logp = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
                loss = -logp[np.arange(N), y].mean() + reg * np.sum(W**2)
                p = np.exp(logp)
                p[np.arange(N), y] -= 1
                return loss, X.T @ p / N + 2 * reg * W
        """,
    ),
    _wrong(
        "softmax_loss_vectorized",
        "softmax over the batch",
        "The exponentials are summed over the examples and not over the classes.",
        """
            def softmax_loss_vectorized(W, X, y, reg):
                N = X.shape[0]
                S = X @ W
                S = S - S.max(axis=1, keepdims=True)
                logp = S - np.log(np.exp(S).sum(axis=0, keepdims=True))
                loss = -logp[np.arange(N), y].mean() + reg * np.sum(W**2)
                p = np.exp(logp)
                p[np.arange(N), y] -= 1
                return loss, X.T @ p / N + 2 * reg * W
        """,
    ),
    _wrong(
        "softmax_loss_vectorized",
        "loop over the classes",
        "The gradient is put together in a loop over the classes, where none is allowed.",
        """
            def softmax_loss_vectorized(W, X, y, reg):
                N = X.shape[0]
                S = X @ W
                S = S - S.max(axis=1, keepdims=True)
                logp = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
                loss = -logp[np.arange(N), y].mean() + reg * np.sum(W**2)
                p = np.exp(logp)
                p[np.arange(N), y] -= 1
                dW = 2 * reg * W
                for c in range(W.shape[1]):
                    dW[:, c] += X.T @ p[:, c] / N
                return loss, dW
        """,
    ),
    _wrong(
        "softmax_loss_vectorized",
        "log(p + 1e-10)",
        "The small number in the logarithm bounds the loss by 23, where scores of 1000 give 1000 and more.",
        """
            def softmax_loss_vectorized(W, X, y, reg):
                N = X.shape[0]
                S = X @ W
                S = S - S.max(axis=1, keepdims=True)
                logp = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
                loss = -np.log(np.exp(logp[np.arange(N), y]) + 1e-10).mean() + reg * np.sum(W**2)
                p = np.exp(logp)
                p[np.arange(N), y] -= 1
                return loss, X.T @ p / N + 2 * reg * W
        """,
    ),
    _wrong(
        "softmax_loss_vectorized",
        "flat index in the labels' dtype",
        "y * N wraps around for labels of 8 bits (uint8, int8) once it passes 255 or 127, and the wrong scores are picked.",
        """
            def softmax_loss_vectorized(W, X, y, reg):
                N = X.shape[0]
                S = X @ W
                S = S - S.max(axis=1, keepdims=True)
                logp = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
                loss = -logp.T.ravel()[y * N + np.arange(N)].mean() + reg * np.sum(W**2)
                p = np.exp(logp)
                p[np.arange(N), y] -= 1
                return loss, X.T @ p / N + 2 * reg * W
        """,
    ),
    _wrong(
        "svm_loss_naive",
        "the label counted",
        "The label's own margin, always 1, is counted: the loss is 1 too large (the gradient is right).",
        """
            def svm_loss_naive(W, X, y, reg):
                dW = np.zeros(W.shape)
                loss = 0.0
                for i in range(X.shape[0]):
                    scores = X[i].dot(W)
                    for j in range(W.shape[1]):
                        margin = scores[j] - scores[y[i]] + 1
                        if margin > 0:
                            loss += margin
                            dW[:, j] += X[i]
                            dW[:, y[i]] -= X[i]
                return loss / X.shape[0] + reg * np.sum(W * W), dW / X.shape[0] + 2 * reg * W
        """,
    ),
    _wrong(
        "svm_loss_naive",
        "label's column forgotten",
        "The label's score stands in every violated margin; its column of dW gets nothing.",
        """
            def svm_loss_naive(W, X, y, reg):
                dW = np.zeros(W.shape)
                loss = 0.0
                for i in range(X.shape[0]):
                    scores = X[i].dot(W)
                    for j in range(W.shape[1]):
                        if j == y[i]:
                            continue
                        margin = scores[j] - scores[y[i]] + 1
                        if margin > 0:
                            loss += margin
                            dW[:, j] += X[i]
                return loss / X.shape[0] + reg * np.sum(W * W), dW / X.shape[0] + 2 * reg * W
        """,
    ),
    _wrong(
        "svm_loss_naive",
        "label's column once a row",
        "The label's column gets -x once for a row, however many margins are violated.",
        """
            def svm_loss_naive(W, X, y, reg):
                dW = np.zeros(W.shape)
                loss = 0.0
                for i in range(X.shape[0]):
                    scores = X[i].dot(W)
                    others = np.delete(scores, y[i])
                    if np.any(others - scores[y[i]] + 1 > 0):
                        dW[:, y[i]] -= X[i]
                    for j in range(W.shape[1]):
                        if j == y[i]:
                            continue
                        margin = scores[j] - scores[y[i]] + 1
                        if margin > 0:
                            loss += margin
                            dW[:, j] += X[i]
                return loss / X.shape[0] + reg * np.sum(W * W), dW / X.shape[0] + 2 * reg * W
        """,
    ),
    _wrong(
        "svm_loss_naive",
        "dW not averaged",
        "The loss is averaged and the gradient is not.",
        """
            def svm_loss_naive(W, X, y, reg):
                dW = np.zeros(W.shape)
                loss = 0.0
                for i in range(X.shape[0]):
                    scores = X[i].dot(W)
                    for j in range(W.shape[1]):
                        if j == y[i]:
                            continue
                        margin = scores[j] - scores[y[i]] + 1
                        if margin > 0:
                            loss += margin
                            dW[:, j] += X[i]
                            dW[:, y[i]] -= X[i]
                return loss / X.shape[0] + reg * np.sum(W * W), dW + 2 * reg * W
        """,
    ),
    _wrong(
        "svm_loss_naive",
        "worst class only",
        "Only the largest violation of a row counts (Crammer and Singer), not the sum over all wrong classes.",
        """
            def svm_loss_naive(W, X, y, reg):
                loss, dW, N = 0.0, np.zeros(W.shape), len(X)
                for x, t in zip(X, y):
                    s = x @ W + 1.0
                    s[t] -= 1
                    j = int(np.argmax(s))
                    if j != t and s[j] - s[t] > 0:
                        loss += s[j] - s[t]
                        dW[:, j] += x
                        dW[:, t] -= x
                return loss / N + reg * np.sum(W**2), dW / N + 2 * reg * W
        """,
    ),
    _wrong(
        "svm_loss_vectorized",
        "margins for ones",
        "The violated margins themselves, not ones, go into the gradient, as for a squared hinge.",
        """
            def svm_loss_vectorized(W, X, y, reg):
                N = len(X)
                rows = np.arange(N)
                S = X @ W
                margins = np.maximum(0, S - S[rows, y][:, None] + 1)
                margins[rows, y] = 0
                push = margins * 1.0
                push[rows, y] = -push.sum(axis=1)
                return margins.sum() / N + reg * np.sum(W**2), X.T @ push / N + 2 * reg * W
        """,
    ),
    _wrong(
        "svm_loss_vectorized",
        "margin forgotten",
        "The +1 of the margin is missing: no push and no loss once the label has the largest score.",
        """
            def svm_loss_vectorized(W, X, y, reg):
                N = len(X)
                rows = np.arange(N)
                S = X @ W
                margins = np.maximum(0, S - S[rows, y][:, None])
                margins[rows, y] = 0
                push = (margins > 0).astype(float)
                push[rows, y] = -push.sum(axis=1)
                return margins.sum() / N + reg * np.sum(W**2), X.T @ push / N + 2 * reg * W
        """,
    ),
    _wrong(
        "svm_loss_vectorized",
        "mean over all entries",
        "The loss is averaged over N C entries, not over N examples.",
        """
            def svm_loss_vectorized(W, X, y, reg):
                N = len(X)
                rows = np.arange(N)
                S = X @ W
                margins = np.maximum(0, S - S[rows, y][:, None] + 1)
                margins[rows, y] = 0
                push = (margins > 0).astype(float)
                push[rows, y] = -push.sum(axis=1)
                return margins.mean() + reg * np.sum(W**2), X.T @ push / N + 2 * reg * W
        """,
    ),
    _wrong(
        "svm_loss_vectorized",
        "label's column is -1",
        "The label gets -1 in each row, whatever the number of violated margins.",
        """
            def svm_loss_vectorized(W, X, y, reg):
                N = len(X)
                rows = np.arange(N)
                S = X @ W
                margins = np.maximum(0, S - S[rows, y][:, None] + 1)
                margins[rows, y] = 0
                push = (margins > 0).astype(float)
                push[rows, y] = -1
                return margins.sum() / N + reg * np.sum(W**2), X.T @ push / N + 2 * reg * W
        """,
    ),
    _wrong(
        "svm_loss_vectorized",
        "comprehension for the labels' scores",
        "The labels' scores are picked by a comprehension, where none is allowed.",
        """
            def svm_loss_vectorized(W, X, y, reg):
                N = len(X)
                rows = np.arange(N)
                S = X @ W
                margins = np.maximum(0, S - np.array([[S[n, y[n]]] for n in rows]) + 1)
                margins[rows, y] = 0
                push = (margins > 0).astype(float)
                push[rows, y] = -push.sum(axis=1)
                return margins.sum() / N + reg * np.sum(W**2), X.T @ push / N + 2 * reg * W
        """,
    ),
    _wrong(
        "svm_loss_vectorized",
        "penalty's slope not doubled",
        "dW has reg W where 2 reg W belongs.",
        """
            def svm_loss_vectorized(W, X, y, reg):
                N = len(X)
                rows = np.arange(N)
                S = X @ W
                margins = np.maximum(0, S - S[rows, y][:, None] + 1)
                margins[rows, y] = 0
                push = (margins > 0).astype(float)
                push[rows, y] = -push.sum(axis=1)
                return margins.sum() / N + reg * np.sum(W**2), X.T @ push / N + reg * W
        """,
    ),
    _wrong(
        "train_softmax",
        "too small steps",
        "A thousand steps with the rate 0.001 leave the loss far above 0.1, though the classes may come out right.",
        """
            def train_softmax(X, y):
                W = np.zeros((3, 3))
                for _ in range(1000):
                    s = X @ W
                    p = np.exp(s - s.max(axis=1, keepdims=True))
                    p /= p.sum(axis=1, keepdims=True)
                    p[np.arange(len(y)), y] -= 1
                    W = W - 0.001 * X.T @ p / len(y)
                return W
        """,
    ),
    _wrong(
        "train_softmax",
        "transposed",
        "It returns the transpose of the weights, which has the same shape.",
        """
            def train_softmax(X, y):
                W = np.zeros((3, 3))
                for _ in range(3000):
                    s = X @ W
                    p = np.exp(s - s.max(axis=1, keepdims=True))
                    p /= p.sum(axis=1, keepdims=True)
                    p[np.arange(len(y)), y] -= 1
                    W = W - 0.5 * X.T @ p / len(y)
                return W.T
        """,
    ),
    _wrong(
        "train_softmax",
        "uphill, train_softmax",
        "The sign of the step is wrong.",
        """
            def train_softmax(X, y):
                W = np.zeros((3, 3))
                for _ in range(300):
                    s = X @ W
                    p = np.exp(s - s.max(axis=1, keepdims=True))
                    p /= p.sum(axis=1, keepdims=True)
                    p[np.arange(len(y)), y] -= 1
                    W = W + 0.1 * X.T @ p / len(y)
                return W
        """,
    ),
    _wrong(
        "train_softmax",
        "least squares on one-hot labels",
        "A regression on one-hot labels: the accuracy may do, the loss does not.",
        """
            def train_softmax(X, y):
                return np.linalg.lstsq(X, np.eye(3)[y], rcond=None)[0]
        """,
    ),
    _wrong(
        "train_softmax",
        "penalty 0.1",
        "A penalty of 0.1 W^2 keeps the loss above 0.1.",
        """
            def train_softmax(X, y):
                W = np.zeros((3, 3))
                for _ in range(3000):
                    s = X @ W
                    p = np.exp(s - s.max(axis=1, keepdims=True))
                    p /= p.sum(axis=1, keepdims=True)
                    p[np.arange(len(y)), y] -= 1
                    W = W - 0.5 * (X.T @ p / len(y) + 0.2 * W)
                return W
        """,
    ),
    _wrong(
        "train_softmax",
        "first 50 examples",
        "It trains on the first fifty examples, which are all of class 0.",
        """
            def train_softmax(X, y):
                X, y = X[:50], y[:50]
                W = np.zeros((3, 3))
                for _ in range(1000):
                    s = X @ W
                    p = np.exp(s - s.max(axis=1, keepdims=True))
                    p /= p.sum(axis=1, keepdims=True)
                    p[np.arange(len(y)), y] -= 1
                    W = W - 0.5 * X.T @ p / len(y)
                return W
        """,
    ),
    _wrong(
        "linear_loss_loop",
        "equal examples counted once",
        "The examples are the keys of a dict, so that a row that stands twice in (X, y) counts once, though N counts it twice: wrong only where the data hold the same row and target more than once.",
        """
            def linear_loss_loop(w, b, X, y):
                J, dw, db, N = 0.0, np.zeros(len(w)), 0.0, len(X)
                errors = {}
                for xn, yn in zip(X, y):
                    errors[(*xn, yn)] = np.dot(xn, w) + b - yn
                for key, e in errors.items():
                    J += e**2 / N
                    dw += 2 / N * e * np.array(key[:-1])
                    db += 2 / N * e
                return J, dw, db
        """,
    ),
    _wrong(
        "logistic_checker",
        "differences compared by greater, so that nan passes",
        "Every comparison with nan is False: a function that returns nan for J or dw at |z| = 1000 (naive logs or e^z/(1 + e^z)) is accepted.",
        """
            def logistic_checker(function):
                rng = np.random.default_rng(1)
                for size in (1.0, 1000.0):
                    X, y, lam = rng.normal(size=(5, 3)), np.array([1.0, 0, 1, 1, 0]), 0.7
                    w = rng.normal(size=3)
                    w = w if size == 1 else w * size / np.abs(X @ w).max()
                    z = X @ w
                    want = np.mean(np.logaddexp(0, z) - y * z) + lam / 2 * w @ w
                    slope = X.T @ (0.5 * (1 + np.tanh(z / 2)) - y) / 5 + lam * w
                    J, dw = function(w, X, y, lam)
                    if abs(J - want) > 1e-6 * (1 + abs(want)) or np.max(np.abs(dw - slope)) > 1e-6 * (1 + np.max(np.abs(slope))):
                        return False
                return True
        """,
    ),
    _wrong(
        "hinge_loss",
        "near the kink is at the kink",
        "np.isclose takes slacks up to 1e-5 for 0, and leaves these examples out: dw and db lack a whole push where 0 < 1 - y s <= 1e-5 or so; right elsewhere.",
        """
            def hinge_loss(w, b, X, y):
                m = y * (X @ w + b)
                slack = np.where(np.isclose(m, 1) | (m > 1), 0, 1 - m)
                push = -y * (slack > 0) / len(y)
                return np.mean(slack), X.T @ push, np.sum(push)
        """,
    ),
    _wrong(
        "svm_loss_vectorized",
        "margins near the kink left out",
        "np.isclose takes margins up to 1e-5 for 0: dW lacks a whole push where one is violated by less.",
        """
            def svm_loss_vectorized(W, X, y, reg):
                rows = np.arange(len(y))
                s = X @ W
                m = s - s[rows, y][:, None] + 1
                m[rows, y] = 0
                m = np.where((m > 0) & ~np.isclose(m, 0, atol=1e-5), m, 0)
                push = (m > 0) * 1.0
                push[rows, y] = -push.sum(axis=1)
                return m.sum() / len(y) + reg * np.sum(W**2), X.T @ push / len(y) + 2 * reg * W
        """,
    ),
    _wrong(
        "svm_loss_naive",
        "rows that stand twice taken once",
        "A table of rows seen before leaves out an example whose row came before, whatever its label, and N counts it.",
        """
            def svm_loss_naive(W, X, y, reg):
                seen = {}
                for x, c in zip(X, y):
                    seen[tuple(x)] = int(c)
                loss, dW = 0.0, np.zeros_like(W)
                for row, label in seen.items():
                    x = np.array(row)
                    s = x @ W
                    for c in range(W.shape[1]):
                        m = s[c] - s[label] + 1
                        if c != label and m > 0:
                            loss += m / len(y)
                            dW[:, c] += x / len(y)
                            dW[:, label] -= x / len(y)
                return loss + reg * np.sum(W**2), dW + 2 * reg * W
        """,
    ),
    _wrong(
        "mended_ridge_loss",
        "a penalty of 0 taken for none given",
        "lam = 0 is replaced by 1.",
        """
            def mended_ridge_loss(w, X, y, lam):
                lam = lam or 1.0
                error = X @ w - y[:, None]
                return np.mean(error**2) + lam * np.sum(w**2), 2 / len(y) * X.T @ error + 2 * lam * w
        """,
    ),
    _wrong(
        "gradient_step",
        "no step from a bias of 0",
        "A bias of 0 is taken for no bias, and stays 0.",
        """
            def gradient_step(w, b, dw, db, learning_rate):
                return w - learning_rate * dw, b - learning_rate * db if b else b
        """,
    ),
]
