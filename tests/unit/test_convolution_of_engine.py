"""Convolution and pooling by the engine: equal to the loops of the definition, whatever stride, padding and overlap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from autodiff_cases import apart, close

from reference.autodiff import (
    avg_pool2d,
    compiled,
    conv2d,
    grad,
    hvp,
    max_pool2d,
    overlap_add,
    program,
    value_and_grad,
    vjp,
    windows,
)

RNG = np.random.default_rng(11)
X, W, B = RNG.standard_normal((2, 3, 7, 6)), RNG.standard_normal((4, 3, 3, 2)), RNG.standard_normal(4)
SETTINGS = pytest.mark.parametrize(("stride", "pad"), [(1, 0), (1, 1), (2, 0), (3, 2), ((2, 1), (0, 3))], ids=str)


def pair(n: Any) -> tuple[int, int]:
    return n if isinstance(n, tuple) else (n, n)


def by_loops(x: Any, w: Any, b: Any, dout: Any, stride: Any, pad: Any) -> tuple[Any, ...]:
    """The definition, pixel by pixel, and the cotangents of x, w and b for one of the output."""
    (down, right), (top, left) = pair(stride), pair(pad)
    padded = np.pad(x, ((0, 0), (0, 0), (top, top), (left, left)))
    out, dpadded, dw = np.zeros(dout.shape), np.zeros(padded.shape), np.zeros(w.shape)
    for n, f, i, j in np.ndindex(*dout.shape):
        at = np.s_[n, :, i * down : i * down + w.shape[2], j * right : j * right + w.shape[3]]
        out[n, f, i, j] = np.sum(padded[at] * w[f]) + b[f]
        dpadded[at] += dout[n, f, i, j] * w[f]
        dw[f] += dout[n, f, i, j] * padded[at]
    inner = dpadded[:, :, top : top + x.shape[2], left : left + x.shape[3]]
    return out, inner, dw, dout.sum(axis=(0, 2, 3))


@SETTINGS
def test_convolution_is_the_loops_of_its_definition(stride: Any, pad: Any) -> None:
    out, pull = vjp(lambda x, w, b: conv2d(x, w, b, stride=stride, pad=pad), X, W, B)
    dout = RNG.standard_normal(out.shape)
    expected = by_loops(X, W, B, dout, stride, pad)
    for one, other in zip((out, *pull(dout)), expected, strict=True):
        assert close(one, other, 1e-13)
    if stride != 1:  # the wrong answer that forgets the stride in dw
        at_one = windows(np.pad(X, [(0, 0), (0, 0), *((p, p) for p in pair(pad))]), W.shape[2:])
        rows, columns = out.shape[2:]
        wrong = np.einsum("nfij,ncijkl->fckl", dout, at_one[:, :, :rows, :columns])
        assert not close(wrong, pull(dout)[1], 1e-3)


@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d])
@pytest.mark.parametrize(("size", "stride"), [(2, None), (3, 1), (3, 2), ((2, 4), (1, 3))], ids=str)
def test_pooling_is_the_loops_of_its_definition(pool: Callable[..., Any], size: Any, stride: Any) -> None:
    x = apart(X)
    out, pull = vjp(lambda x: pool(x, size, stride), x)
    dout = RNG.standard_normal(out.shape)
    (height, width), (down, right) = pair(size), pair(size if stride is None else stride)
    dx, overwritten = np.zeros(x.shape), np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*out.shape):
        at = np.s_[n, c, i * down : i * down + height, j * right : j * right + width]
        value = np.max(x[at]) if pool is max_pool2d else np.mean(x[at])
        share = x[at] == value if pool is max_pool2d else np.full((height, width), 1 / (height * width))
        assert abs(out[n, c, i, j] - value) < 1e-13 * abs(value)
        dx[at] += share * dout[n, c, i, j]
        overwritten[at] = np.where(share, share * dout[n, c, i, j], overwritten[at])  # the wrong answer: = for +=
    assert close(pull(dout)[0], dx, 1e-13)
    if stride is not None:
        assert not close(overwritten, dx, 1e-3)


def test_what_ties_in_a_window_shares() -> None:
    assert grad(lambda x: np.sum(max_pool2d(x, 2)))(np.ones((1, 1, 2, 2))).tolist() == [[[[0.25, 0.25], [0.25, 0.25]]]]


def test_windows_and_overlap_add_are_adjoint_and_add_where_they_overlap() -> None:
    x = RNG.standard_normal((2, 3, 7, 6))
    seen = windows(x, (3, 2), (2, 1))
    g = RNG.standard_normal(seen.shape)
    assert seen.shape == (2, 3, 3, 5, 3, 2)
    assert abs(np.sum(g * seen) - np.sum(overlap_add(g, (7, 6), (2, 1)) * x)) < 1e-11
    assert overlap_add(np.ones((1, 3, 1, 2)), (1, 4)).tolist() == [[1.0, 2.0, 2.0, 1.0]]


def network(p: Any, x: Any, y: Any) -> Any:
    hidden = max_pool2d(np.maximum(conv2d(x, p["w"], p["b"], stride=1, pad=1), 0.0), 3, 2)
    return np.mean((np.reshape(hidden, (len(x), -1)) @ p["v"] - y) ** 2)


def test_a_small_network_compiles_trains_and_has_second_derivatives() -> None:
    p = {"w": 0.3 * RNG.standard_normal((4, 3, 3, 3)), "b": np.zeros(4), "v": 0.1 * RNG.standard_normal((24, 2))}
    x, y = RNG.standard_normal((8, 3, 7, 6)), RNG.standard_normal((8, 2))
    step = compiled(value_and_grad(network))
    first, slope = step(p, x, y)
    value, expected = value_and_grad(network)(p, x, y)
    assert close(first, value, 1e-13)
    assert all(close(slope[key], expected[key], 1e-12) for key in p)
    v = {key: RNG.standard_normal(a.shape) for key, a in p.items()}
    curved = hvp(lambda p: network(p, x, y), p, v)
    h = 1e-5
    ends = [grad(network)({key: p[key] + s * h * v[key] for key in p}, x, y) for s in (1, -1)]
    assert all(close(curved[key], (ends[0][key] - ends[1][key]) / (2 * h), 1e-6) for key in p)
    for _ in range(60):
        value, slope = step(p, x, y)
        p = {key: a - 0.005 * slope[key] for key, a in p.items()}
    assert value < 0.5 * first


def test_its_program_reads_as_what_it_does() -> None:
    text = str(program(value_and_grad(lambda w, x: np.sum(conv2d(x, w, pad=1) ** 2)), W, X))
    assert "windows(s3, size=(3, 2), stride=(1, 1))" in text
    text = str(program(grad(lambda x: np.sum(avg_pool2d(x, 3, 1) ** 2)), X))
    assert "overlap_add(" in text


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: conv2d(X[0], W), r"images \(N, C, H, W\).*shapes \(3, 7, 6\)"),
        (lambda: conv2d(X[:, :2], W), r"shapes \(2, 2, 7, 6\), \(4, 3, 3, 2\)"),
        (lambda: conv2d(X, W, B[:3]), r"biases \(F,\).*and \(3,\)"),
        (lambda: conv2d(X, W, B, stride=0), "a stride is an integer of at least 1.*this is 0"),
        (lambda: conv2d(X, W, B, pad=-1), "padding is an integer of at least 0.*this is -1"),
        (lambda: conv2d(X, W, B, stride=(1, 2, 3)), r"or two for rows and columns, this is \(1, 2, 3\)"),
        (lambda: max_pool2d(X, 8), r"a window of 8×8 does not fit into images of shape \(2, 3, 7, 6\): pad"),
        (lambda: avg_pool2d(X, 1.5), "the size of a window is an integer"),
    ],
)
def test_what_does_not_fit_says_so(call: Callable[[], Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        call()
