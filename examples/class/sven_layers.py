import numpy as np


# ---- Affine and linear layers


def affine_backward(dout, cache):
    x, w, b = cache
    flat = x.reshape(len(x), -1)
    return (dout @ w.T).reshape(x.shape), flat.T @ dout, dout.sum(axis=0)


def linear_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout


# ---- ReLU


def relu_backward(dout, cache):
    return dout * (cache > 0)


def leaky_relu_backward(dout, cache):
    x, alpha = cache
    return dout * np.where(x > 0, 1.0, alpha)


# ---- Smooth activations


def sigmoid_backward(dout, cache):
    return dout * cache * (1 - cache)


def tanh_backward(dout, cache):
    return dout * (1 - cache**2)


def softplus_backward(dout, cache):
    s = np.exp(-np.logaddexp(0, -cache))
    return dout * s * (1 - s)


# ---- Softmax


def logsumexp_backward(dout, cache):
    x, out = cache
    return dout[:, None] * np.exp(x - out[:, None])


def softmax_backward(dout, cache):
    return cache * (dout - (dout * cache).sum(axis=-1, keepdims=True))
