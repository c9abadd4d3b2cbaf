"""Unit layers, all right: written out with loops over examples and entries, as on paper."""

import numpy as np


# %% Affine and linear layers
def affine_forward(x, w, b):
    N, M = x.shape[0], w.shape[1]
    out = np.zeros((N, M))
    for n in range(N):
        row = x[n].ravel()
        for m in range(M):
            out[n, m] = b[m]
            for d in range(len(row)):
                out[n, m] += row[d] * w[d, m]
    return out, (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    rows = x.reshape(x.shape[0], -1)
    drows, dw, db = np.zeros(rows.shape), np.zeros(w.shape), np.zeros(b.shape)
    for n in range(dout.shape[0]):
        for m in range(dout.shape[1]):
            db[m] += dout[n, m]
            for d in range(w.shape[0]):
                drows[n, d] += dout[n, m] * w[d, m]
                dw[d, m] += dout[n, m] * rows[n, d]
    return drows.reshape(x.shape), dw, db


def linear_forward(x, w):
    out, _ = affine_forward(x, w, np.zeros(w.shape[1]))
    return out, (x, w)


def linear_backward(dout, cache):
    x, w = cache
    dx, dw, _ = affine_backward(dout, (x, w, np.zeros(w.shape[1])))
    return dx, dw


def linear_jacobian(w):
    D, M = w.shape
    J = np.zeros((M, D))
    for i in range(M):
        for j in range(D):
            J[i, j] = w[j, i]
    return J


# %% ReLU
def relu_forward(x):
    out = x.copy()
    for i in np.ndindex(x.shape):
        if x[i] < 0:
            out[i] = 0.0
    return out, x


def relu_backward(dout, cache):
    dx = np.zeros(dout.shape)
    for i in np.ndindex(dout.shape):
        if cache[i] >= 0:
            dx[i] = dout[i]
    return dx


def relu_jacobian(x):
    J = np.zeros((len(x), len(x)))
    for i in range(len(x)):
        if x[i] > 0:
            J[i, i] = 1.0
    return J


def leaky_relu_forward(x, alpha=0.01):
    out = x.copy()
    for i in np.ndindex(x.shape):
        if x[i] < 0:
            out[i] = alpha * x[i]
    return out, (x, alpha)


def leaky_relu_backward(dout, cache):
    x, alpha = cache
    dx = dout.copy()
    for i in np.ndindex(x.shape):
        if x[i] < 0:
            dx[i] = alpha * dout[i]
    return dx


# %% Smooth activations
def sigmoid(v):
    if v >= 0:
        return 1 / (1 + np.exp(-v))
    return np.exp(v) / (1 + np.exp(v))


def sigmoid_forward(x):
    s = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        s[i] = sigmoid(x[i])
    return s, s


def sigmoid_backward(dout, cache):
    dx = np.zeros(dout.shape)
    for i in np.ndindex(dout.shape):
        dx[i] = dout[i] * cache[i] * (1 - cache[i])
    return dx


def tanh_forward(x):
    t = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        t[i] = np.tanh(x[i])
    return t, t


def tanh_backward(dout, cache):
    dx = np.zeros(dout.shape)
    for i in np.ndindex(dout.shape):
        dx[i] = dout[i] * (1 - cache[i] * cache[i])
    return dx


def softplus_forward(x):
    out = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        if x[i] > 0:
            out[i] = x[i] + np.log1p(np.exp(-x[i]))
        else:
            out[i] = np.log1p(np.exp(x[i]))
    return out, x


def softplus_backward(dout, cache):
    dx = np.zeros(dout.shape)
    for i in np.ndindex(dout.shape):
        dx[i] = dout[i] * sigmoid(cache[i])
    return dx


# %% Softmax
def logsumexp_forward(x):
    out = np.zeros(len(x))
    for n in range(len(x)):
        top = max(x[n])
        total = 0.0
        for v in x[n]:
            total += np.exp(v - top)
        out[n] = top + np.log(total)
    return out, (x, out)


def logsumexp_backward(dout, cache):
    x, out = cache
    dx = np.zeros(x.shape)
    for n in range(x.shape[0]):
        for d in range(x.shape[1]):
            dx[n, d] = dout[n] * np.exp(x[n, d] - out[n])
    return dx


def softmax_forward(x):
    s = np.zeros(x.shape)
    for n in range(len(x)):
        e = np.exp(x[n] - max(x[n]))
        s[n] = e / sum(e)
    return s, s


def softmax_backward(dout, cache):
    # the whole Jacobian of one row at a time: ds_k/dx_d = s_k (1[k = d] - s_d)
    dx = np.zeros(dout.shape)
    for n in range(len(dout)):
        s = cache[n]
        J = np.diag(s) - np.outer(s, s)
        dx[n] = J.T @ dout[n]
    return dx


# %% Losses
def squared_error_loss(x, y):
    loss, dx = 0.0, np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        loss += (x[i] - y[i]) ** 2 / 2
        dx[i] = x[i] - y[i]
    return loss, dx


def mse_loss(x, y):
    loss, dx = squared_error_loss(x, y)
    return 2 * loss / x.size, 2 * dx / x.size


def bce_with_logits_loss(x, y):
    N = len(x)
    loss, dx = 0.0, np.zeros(N)
    for n in range(N):
        u = x[n] if y[n] == 1 else -x[n]
        loss += softplus_forward(np.array([-u]))[0][0] / N
        dx[n] = (sigmoid(x[n]) - y[n]) / N
    return loss, dx


def softmax_loss(x, y):
    N = len(x)
    out, _ = logsumexp_forward(x)
    loss, dx = 0.0, np.zeros(x.shape)
    for n in range(N):
        loss += (out[n] - x[n, y[n]]) / N
        for c in range(x.shape[1]):
            dx[n, c] = np.exp(x[n, c] - out[n]) / N
        dx[n, y[n]] -= 1 / N
    return loss, dx


def svm_loss(x, y):
    N = len(x)
    loss, dx = 0.0, np.zeros(x.shape)
    for n in range(N):
        for c in range(x.shape[1]):
            margin = x[n, c] - x[n, y[n]] + 1
            if c != y[n] and margin > 0:
                loss += margin / N
                dx[n, c] += 1 / N
                dx[n, y[n]] -= 1 / N
    return loss, dx

# %% Is it right?
def huber_loss(x, y):
    loss, dx = 0.0, np.zeros(x.shape)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            r = x[i, j] - y[i, j]
            if abs(r) <= 1:
                loss += 0.5 * r * r
                dx[i, j] = r
            else:
                loss += abs(r) - 0.5
                dx[i, j] = 1.0 if r > 0 else -1.0
    return loss / x.size, dx / x.size


def is_linear_backward(backward):
    rng = np.random.default_rng(1)
    for trial in range(5):
        n, d, m = int(rng.integers(1, 4)), int(rng.integers(2, 5)), int(rng.integers(2, 5))
        if trial == 0:
            n, d, m = 3, 4, 4
        x, w, dout = rng.normal(size=(n, d)), rng.normal(size=(d, m)), 4 * rng.normal(size=(n, m))
        dx, dw = backward(dout, x, w)
        right_dx, right_dw = np.zeros((n, d)), np.zeros((d, m))
        for i in range(n):
            for j in range(d):
                for k in range(m):
                    right_dx[i, j] += dout[i, k] * w[j, k]
                    right_dw[j, k] += x[i, j] * dout[i, k]
        if np.shape(dx) != (n, d) or np.shape(dw) != (d, m):
            return False
        if np.abs(dx - right_dx).max() > 1e-8 or np.abs(dw - right_dw).max() > 1e-8:
            return False
    return True
