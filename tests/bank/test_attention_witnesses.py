"""Unit `attention`: each gradient has two witnesses, complex steps and central differences of formulas that were written apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from test_attention import CACHE, DOUT, MASK, K, Q, V, drawn

from reference import attention


def complex_step(f: Callable[[Any], Any], at: Any) -> Any:
    slope = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        step = np.zeros(at.shape, dtype=complex)
        step[index] = 1e-30j
        slope[index] = f(at + step).imag / 1e-30
    return slope


def differences(f: Callable[[Any], Any], at: Any, h: float = 1e-5) -> Any:
    slope = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        step = np.zeros_like(at)
        step[index] = h
        slope[index] = (f(at + step).real - f(at - step).real) / (2 * h)
    return slope


def assert_agree(claimed: Any, f: Callable[..., Any], arguments: list[Any]) -> None:
    """Hold gradients against complex steps and central differences of one formula that was written apart."""
    for place, gradient in enumerate(claimed):

        def of_one(x: Any, place: int = place) -> Any:
            return f(*arguments[:place], x, *arguments[place + 1 :])

        np.testing.assert_allclose(gradient, complex_step(of_one, arguments[place]), rtol=1e-10, atol=1e-13)
        np.testing.assert_allclose(gradient, differences(of_one, arguments[place]), rtol=1e-5, atol=1e-8)


def weighed(Q: Any, K: Any, V: Any, mask: Any) -> Any:
    """Attention of one sequence in the plainest words: no maximum is taken out."""
    E = mask * np.exp(np.einsum("id,jd->ij", Q, K) / np.sqrt(Q.shape[1]))
    return np.stack([row @ V / row.sum() if on.any() else 0 * V[0] for row, on in zip(E, mask, strict=True)])


def test_attention_has_two_witnesses() -> None:
    def loss(Q: Any, K: Any, V: Any) -> Any:
        return sum((DOUT[n] * weighed(Q[n], K[n], V[n], MASK[n])).sum() for n in range(2))

    assert_agree(attention.attention_backward(DOUT, CACHE), loss, [Q, K, V])


def many_heads(x: Any, Wq: Any, Wk: Any, Wv: Any, Wo: Any, heads: int, mask: Any) -> Any:
    k, v = Wq.shape[1] // heads, Wv.shape[1] // heads
    parts = [
        weighed(
            x @ Wq[:, h * k : h * k + k], x @ Wk[:, h * k : h * k + k], x @ Wv[:, h * v : h * v + v], mask
        )  # one sequence
        for h in range(heads)
    ]
    return np.concatenate(parts, axis=1) @ Wo


def test_multi_head_attention_has_two_witnesses() -> None:
    arguments = drawn((2, 3, 4), (4, 6), (4, 6), (4, 10), (10, 4), seed=2)
    dout, mask = (
        drawn((2, 3, 4), seed=3)[0],
        np.array([[[1, 0, 1], [0, 0, 0], [1, 1, 1]], [[1, 0, 0], [0, 1, 1], [0, 1, 0]]]) > 0,
    )

    def loss(x: Any, *weights: Any) -> Any:
        return sum((dout[n] * many_heads(x[n], *weights, 2, mask[n])).sum() for n in range(2))

    cache = attention.multi_head_forward(*arguments, 2, mask)[1]
    assert_agree(attention.multi_head_backward(dout, cache), loss, arguments)


def test_the_block_has_two_witnesses() -> None:
    arguments = drawn((2, 3, 4), (4, 6), (4, 6), (4, 2), (2, 4), (4, 5), (5, 4), seed=4)
    dout, causal = drawn((2, 3, 4), seed=5)[0], np.tril(np.ones((3, 3))) > 0

    def norm(x: Any) -> Any:
        return x / ((x**2).sum(axis=1, keepdims=True) / x.shape[1] + 1e-5) ** 0.5

    def block(x: Any, Wq: Any, Wk: Any, Wv: Any, Wo: Any, W1: Any, W2: Any) -> Any:
        h = x + many_heads(norm(x), Wq, Wk, Wv, Wo, 2, causal)
        z = norm(h) @ W1
        return h + (z * (z.real > 0)) @ W2

    def loss(x: Any, *weights: Any) -> Any:
        return sum((dout[n] * block(x[n], *weights)).sum() for n in range(2))

    out, cache = attention.transformer_block_forward(*arguments, 2)
    np.testing.assert_allclose(out[1], block(arguments[0][1], *arguments[1:]), rtol=1e-12)
    assert_agree(attention.transformer_block_backward(dout, cache), loss, arguments)


def test_norm_embedding_and_sampling_have_two_witnesses() -> None:
    x, dout = drawn((2, 3, 4), (2, 3, 4), seed=6)
    norm = attention.rms_norm_backward(dout, attention.rms_norm_forward(x)[1])
    assert_agree(
        [norm], lambda x: (dout * x / np.sqrt(np.einsum("ntd,ntd->nt", x, x) / 4 + 1e-5)[..., None]).sum(), [x]
    )
    tokens, W = np.array([[1, 4, 1], [0, 1, 4]]), drawn((5, 4), seed=7)[0]
    dW = attention.word_embedding_backward(dout, attention.word_embedding_forward(tokens, W)[1])
    assert_agree([dW], lambda W: sum((dout[n, t] * W[tokens[n, t]]).sum() for n in range(2) for t in range(3)), [W])
    v, U, negatives = *drawn((4,), (6, 4), seed=8), np.array([0, 3, 3, 5])
    _, *gradients = attention.negative_sampling_loss(v, U, 2, negatives)

    def loss(v: Any, U: Any) -> Any:
        return np.log(1 + np.exp(-U[2] @ v)) + sum(np.log(1 + np.exp(U[k] @ v)) for k in negatives)

    assert_agree(gradients, loss, [v, U])
