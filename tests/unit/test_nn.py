"""Models on the engine: their gradients are slopes, their values those of plain loops, and what theory says of them holds."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from grader.judging.numerics.slopes import richardson
from reference import layers
from reference.autodiff import compiled, flatten, grad, leaves, map_leaves, value_and_grad
from reference.nn import attention, embedding, gru, initialisers, layer_norm, losses, lstm, mlp, rnn, transformer
from reference.nn.iris import iris, iris_plane
from reference.nn.optim import sgd
from reference.nn.training import fit

N, T, D, H, C = 2, 4, 3, 5, 3
LABELS = np.array([2, 0])
WORDS = np.array([[1, 4, 1, 0], [2, 2, 2, 6]])
MASK = np.array([[1, 1, 1, 0], [1, 0, 1, 1]])
Loss = Callable[[Any, Any], Any]


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def shaken(params: Any, seed: int = 1) -> Any:
    """Away from zero biases and unit gains, where some mistakes do not show."""
    r = rng(seed)
    return map_leaves(lambda w: w + 0.3 * r.normal(size=np.shape(w)), params)


def projected(apply: Callable[..., Any]) -> Loss:
    """A scalar that depends on every output of a model differently."""

    def loss(params: Any, x: Any) -> Any:
        y = apply(params, x)
        return np.sum(y * np.cos(np.arange(math.prod(y.shape))).reshape(y.shape))

    return loss


def model(params: Any, apply: Callable[..., Any], shape: tuple[int, ...]) -> tuple[Any, Any, Loss]:
    return shaken(params), rng(2).normal(size=shape), projected(apply)


def perceptron(hidden: str, output: str, y: Any) -> tuple[Any, Any, Loss]:
    sizes = (D, H, 4, 1 if output == "binary" else C)
    x = rng(2).normal(size=(N, D))
    return shaken(mlp.init(rng(), sizes)), x, lambda params, x: mlp.cost(params, x, y, hidden, output)


def language_model(params: Any, hidden: Any) -> Any:
    """Masked loss of words from hidden states."""
    return losses.sequence_cross_entropy(mlp.apply(params, hidden), WORDS, MASK)


h0, SEQUENCE, CAUSAL = rng(3).normal(size=(N, H)), (N, T, D), attention.causal_mask(T)
MODELS: dict[str, tuple[Any, Any, Loss]] = {
    "mlp.relu": perceptron("relu", "multiclass", LABELS),
    "mlp.tanh": perceptron("tanh", "regression", rng(4).normal(size=(N, C))),
    "mlp.logistic": perceptron("logistic", "binary", np.array([1.0, 0.0])),
    "mlp.linear": perceptron("linear", "multiclass", LABELS),
    "mlp.no_bias": model(mlp.init(rng(), (D, H, C), bias=False), mlp.apply, (N, D)),
    "rnn": model(rnn.init(rng(), D, H), lambda p, x: rnn.apply(p, x, h0), SEQUENCE),
    "rnn.h0": model(h0, lambda h, x: rnn.apply(rnn.init(rng(), D, H), x, h), SEQUENCE),
    "lstm": model(lstm.init(rng(), D, H), lambda p, x: lstm.apply(p, x, h0), SEQUENCE),
    "lstm.peepholes": model(lstm.init(rng(), D, H, peepholes=True), lambda p, x: lstm.apply(p, x, h0), SEQUENCE),
    "gru": model(gru.init(rng(), D, H), lambda p, x: gru.apply(p, x, h0), SEQUENCE),
    "sequence_loss": (mlp.init(rng(), (D, 7)), rng(2).normal(size=SEQUENCE), language_model),
    "attention": model(attention.init(rng(), 6, 2), lambda p, x: attention.apply(p, x, CAUSAL), (N, T, 6)),
    "attention.unmasked": model(attention.init(rng(), 6, 3), attention.apply, (N, T, 6)),
    "layer_norm": model(layer_norm.init(D), layer_norm.apply, SEQUENCE),
    "embedding": model(embedding.init(rng(), 7, D), lambda W, x: embedding.apply(W, WORDS) * x, SEQUENCE),
    "transformer.pre": model(transformer.init(rng(), 6, 2, 8), lambda p, x: transformer.apply(p, x, CAUSAL), (N, T, 6)),
    "transformer.post": model(
        transformer.init(rng(), 6, 2, 8),
        lambda p, x: transformer.apply(p, x, CAUSAL, norm="post", hidden="tanh"),
        (N, T, 6),
    ),
}
each_model = pytest.mark.parametrize("name", MODELS)


# ---------------------------------------------------------------------------------------- gradients
@each_model
def test_the_gradient_of_every_leaf_is_the_slope_of_the_loss(name: str) -> None:
    """Richardson's differences along one random direction in each leaf, inputs included; one part in 1,000 too much is seen."""
    params, x, loss = MODELS[name]
    values, rebuild = flatten((params, x))
    slopes = list(leaves((grad(loss)(params, x), grad(loss, 1)(params, x))))
    for k, value in enumerate(values):
        v = rng(k).normal(size=np.shape(value))

        def phi(h: float, k: int = k, v: Any = v) -> float:
            return float(loss(*rebuild([w + h * v if i == k else w for i, w in enumerate(values)])))

        slope, directional = richardson(phi), np.sum(slopes[k] * v)
        assert abs(slope.value - directional) <= 1e-7 * max(1, abs(slope.value)), (k, np.shape(value))
        if abs(directional) > 1e-2:
            assert abs(slope.value - 1.001 * directional) > 1e-7 * max(1, abs(slope.value))


@each_model
def test_compiled_is_traced_at_other_values_than_the_programs_example(name: str) -> None:
    params, x, loss = MODELS[name]
    run = compiled(value_and_grad(loss))
    run(params, x)
    value, slopes = run(shaken(params, 5), 2 * x)
    expected, truth = value_and_grad(loss)(shaken(params, 5), 2 * x)
    assert value == pytest.approx(expected, rel=1e-13)
    for got, want in zip(leaves(slopes), leaves(truth), strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-10, atol=1e-13)


def test_a_compiled_program_takes_its_labels_and_words_anew() -> None:
    """Labels that are frozen into the program at its first call are caught."""
    run = compiled(losses.softmax_cross_entropy)
    u = rng().normal(size=(2, 3))
    assert run(u, LABELS) == pytest.approx(layers.softmax_loss(u, LABELS)[0])
    assert run(u, LABELS[::-1]) == pytest.approx(layers.softmax_loss(u, LABELS[::-1])[0])
    W = rng().normal(size=(7, D))
    run = compiled(embedding.apply)
    run(W, WORDS)
    np.testing.assert_array_equal(run(W, WORDS[::-1]), W[WORDS[::-1]])


# ------------------------------------------------------------------- against layers, against loops
def test_the_mlp_is_the_layers_written_by_hand() -> None:
    first, second = params = shaken(mlp.init(rng(), (D, H, C)))
    x = rng(2).normal(size=(N, D))
    z, affine1 = layers.affine_forward(x, first["W"], first["b"])
    a, relu = layers.relu_forward(z)
    u, affine2 = layers.affine_forward(a, second["W"], second["b"])
    loss, du = layers.softmax_loss(u, LABELS)
    da, dW2, db2 = layers.affine_backward(du, affine2)
    _, dW1, db1 = layers.affine_backward(layers.relu_backward(da, relu), affine1)
    value, slopes = value_and_grad(mlp.cost)(params, x, LABELS)
    assert value == pytest.approx(loss, rel=1e-14)
    for got, want in zip(leaves(slopes), (dW1, db1, dW2, db2), strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("scale", [1.0, 1500.0, 0.0])
def test_losses_are_those_of_the_layers(scale: float) -> None:
    """Logits of 0 too, where a sigmoid by |x| would have no slope, and of thousands, where a naive exp overflows."""
    u, y = scale * rng().normal(size=(8, C)), rng(1).normal(size=(8, C))
    classes, binary = rng(2).integers(0, C, 8), rng(2).integers(0, 2, 8).astype(float)
    for ours, theirs, args in (
        (losses.softmax_cross_entropy, layers.softmax_loss, (u, classes)),
        (losses.binary_cross_entropy, layers.bce_with_logits_loss, (u[:, 0], binary)),
        (losses.squared_error, layers.squared_error_loss, (u, y)),
    ):
        value, slope = value_and_grad(ours)(*args)
        loss, dx = theirs(*args)
        assert value == pytest.approx(loss, rel=1e-13)
        np.testing.assert_allclose(slope, dx, rtol=1e-11, atol=1e-14)


def test_predictions_are_probabilities_that_fit_the_loss() -> None:
    params, x, _ = MODELS["mlp.relu"]
    p = mlp.predict(params, x)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-14)
    assert mlp.cost(params, x, LABELS) == pytest.approx(-np.log(p[[0, 1], LABELS]).mean())
    params, x, loss = MODELS["mlp.logistic"]
    p = mlp.predict(params, x, "logistic", "binary")
    assert loss(params, x) == pytest.approx(-(np.log(p[0]) + np.log(1 - p[1])) / 2)


def sigma(a: float) -> float:
    return 1 / (1 + math.exp(-a))


def by_unit(params: Any, x: Any, h: Any, c: Any, order: str = "ifog") -> tuple[Any, Any]:
    """The LSTM's step, number by number."""
    next_h, next_c = np.zeros_like(h), np.zeros_like(c)
    for n in range(len(x)):
        for j in range(H):
            a = {}
            for k, gate in enumerate(order):
                column = k * H + j
                a[gate] = params["b"][column]
                a[gate] += sum(x[n, d] * params["Wx"][d, column] for d in range(D))
                a[gate] += sum(h[n, m] * params["Wh"][m, column] for m in range(H))
            if "Wc" in params:
                for k, gate in enumerate("ifo"):
                    a[gate] += c[n, j] * params["Wc"][k, j]
            next_c[n, j] = sigma(a["f"]) * c[n, j] + sigma(a["i"]) * math.tanh(a["g"])
            next_h[n, j] = sigma(a["o"]) * math.tanh(next_c[n, j])
    return next_h, next_c


def test_an_rnn_is_its_equation_unit_by_unit() -> None:
    p, h = shaken(rnn.init(rng(), D, H)), h0
    x = rng(2).normal(size=SEQUENCE)
    for t, out in enumerate(np.swapaxes(rnn.apply(p, x, h0), 0, 1)):
        before = h
        h = np.array(
            [[math.tanh(row @ p["Wx"][:, j] + s @ p["Wh"][:, j] + p["b"][j]) for j in range(H)]
             for row, s in zip(x[:, t], before, strict=True)]
        )  # fmt: skip
        np.testing.assert_allclose(out, h, rtol=1e-12)
        transposed = np.tanh(x[:, t] @ p["Wx"] + before @ p["Wh"].T + p["b"])
        assert not np.allclose(out, transposed, rtol=1e-3)


@pytest.mark.parametrize("peepholes", [False, True])
def test_an_lstm_is_its_equations_unit_by_unit(peepholes: bool) -> None:
    params = shaken(lstm.init(rng(), D, H, peepholes=peepholes))
    x, h, c = rng(2).normal(size=(N, T, D)), h0, np.zeros((N, H))
    for t, out in enumerate(np.swapaxes(lstm.apply(params, x, h0), 0, 1)):
        other_order = by_unit(params, x[:, t], h, c, "ifgo")
        h, c = by_unit(params, x[:, t], h, c)
        np.testing.assert_allclose(out, h, rtol=1e-12)
        assert not np.allclose(out, other_order[0], rtol=1e-3)


def test_a_gru_is_its_equations_unit_by_unit() -> None:
    p = shaken(gru.init(rng(), D, H))
    x, h = rng(2).normal(size=(N, D)), h0

    def a(n: int, j: int, k: int, state: Any) -> float:
        column = k * H + j
        return float(p["b"][column] + x[n] @ p["Wx"][:, column] + state @ p["Wh"][:, column])

    for n in range(N):
        r = np.array([sigma(a(n, j, 0, h[n])) for j in range(H)])
        for j in range(H):
            z, candidate = sigma(a(n, j, 1, h[n])), math.tanh(a(n, j, 2, r * h[n]))
            assert gru.step(p, x, h)[n, j] == pytest.approx(z * h[n, j] + (1 - z) * candidate, rel=1e-12)
            swapped = (1 - z) * h[n, j] + z * candidate
            assert gru.step(p, x, h)[n, j] != pytest.approx(swapped, rel=1e-6)


def test_a_sequence_loss_sums_over_time_what_the_mask_keeps_and_averages_over_sequences() -> None:
    u = rng().normal(size=(N, T, 7))
    parts = np.array([[layers.softmax_loss(u[n, t][None], WORDS[n, t][None])[0] for t in range(T)] for n in range(N)])
    value = losses.sequence_cross_entropy(u, WORDS, MASK)
    assert value == pytest.approx((parts * MASK).sum() / N, rel=1e-13)
    assert value != pytest.approx((parts * MASK).sum() / MASK.sum(), rel=1e-2)
    assert not grad(losses.sequence_cross_entropy)(u, WORDS, MASK)[MASK == 0].any()


def test_an_embedding_looks_up_rows_and_repeated_words_add_up() -> None:
    W, dout = rng().normal(size=(7, D)), rng(1).normal(size=(N, T, D))
    np.testing.assert_array_equal(embedding.apply(W, WORDS), W[WORDS])
    summed, overwritten = np.zeros_like(W), np.zeros_like(W)
    np.add.at(summed, WORDS, dout)
    overwritten[WORDS] = dout
    got = grad(lambda W: np.sum(embedding.apply(W, WORDS) * dout))(W)
    np.testing.assert_allclose(got, summed, rtol=1e-12, atol=1e-15)
    assert not np.allclose(got, overwritten)


# ------------------------------------------------------------------------------ attention, its mask
def test_multi_head_attention_is_its_heads_one_by_one_side_by_side() -> None:
    p, x = shaken(attention.init(rng(), 6, 2)), rng(2).normal(size=(T, 6))
    outputs = []
    for Wq, Wk, Wv in zip(p["Wq"], p["Wk"], p["Wv"], strict=True):
        head = np.zeros((T, 3))
        for t in range(T):
            weights = np.exp([x[t] @ Wq @ (x[s] @ Wk) / math.sqrt(3) for s in range(t + 1)])
            head[t] = sum(w * (x[s] @ Wv) for s, w in enumerate(weights / weights.sum()))
        outputs.append(head)
    expected = np.concatenate(outputs, axis=1) @ np.concatenate(p["Wo"])
    got = attention.apply(p, x[None], CAUSAL)[0]
    np.testing.assert_allclose(got, expected, rtol=1e-12)
    # One head of all features has another scale and another softmax.
    merged = {key: np.concatenate(W, axis=int(key != "Wo"))[None] for key, W in p.items()}
    assert not np.allclose(attention.apply(merged, x[None], CAUSAL)[0], expected, rtol=1e-3)


def leak(apply: Callable[..., Any], mask: Any) -> float:
    """By how much outputs up to t change when x changes after t, at the worst t."""
    x, changed = rng(2).normal(size=(N, T, 6)), 0.0
    for t in range(T - 1):
        other = x.copy()
        other[:, t + 1 :] += rng(t).normal(size=(N, T - t - 1, 6))  # no constant: a norm would take that out again
        changed = max(changed, float(np.abs(apply(x, mask) - apply(other, mask))[:, : t + 1].max()))
    return changed


@pytest.mark.parametrize("norm", ["pre", "post"])
def test_the_causal_mask_hides_the_future_and_a_wrong_mask_is_caught(norm: str) -> None:
    apply = partial(transformer.apply, shaken(transformer.init(rng(), 6, 2, 8)), norm=norm)
    assert leak(apply, CAUSAL) == 0
    for wrong in (None, CAUSAL.T, np.tri(T, k=1, dtype=bool)):
        assert leak(apply, wrong) > 1e-3
    # The present is seen: with nothing but the past the last output would not depend on the last input.
    x = rng(2).normal(size=(1, T, 6))
    assert (
        np.abs(grad(lambda x: np.sum(attention.apply(attention.init(rng(), 6, 2), x, CAUSAL)[:, 0]))(x)[0, 0]).max() > 0
    )


def test_scores_of_thousands_do_not_overflow() -> None:
    q = 1500 * np.eye(3)
    np.testing.assert_allclose(attention.attend(q, q, np.eye(3), attention.causal_mask(3)), np.eye(3))


def test_layer_norm_gives_mean_0_and_variance_1_and_forgets_offset_and_scale() -> None:
    x, p = rng(2).normal(size=SEQUENCE), layer_norm.init(D)
    y = layer_norm.apply(p, x, eps=0.0)
    np.testing.assert_allclose(y.mean(axis=-1), 0, atol=1e-14)
    np.testing.assert_allclose(y.var(axis=-1), 1, rtol=1e-12)
    np.testing.assert_allclose(layer_norm.apply(p, 3 * x + 7, eps=0.0), y, rtol=1e-9)
    assert not np.allclose(y.var(axis=-1, ddof=1), 1)
    # Where eps matters: rows whose variance is as small.
    p, x = shaken(p), 3e-3 * x
    expected = [[p["gamma"] * (r - r.mean()) / np.sqrt(r.var() + 1e-5) + p["beta"] for r in rows] for rows in x]
    np.testing.assert_allclose(layer_norm.apply(p, x), expected, rtol=1e-11)


def test_a_block_that_adds_nothing_leaves_x_before_a_norm_and_normalises_it_after() -> None:
    p, x = transformer.init(rng(), 6, 2, 8, initialisers.zeros), rng(2).normal(size=(N, T, 6))
    np.testing.assert_array_equal(transformer.apply(p, x), x)
    post = transformer.apply(p, x, norm="post")
    np.testing.assert_allclose(post, layer_norm.apply(p["norm1"], x), rtol=1e-4)
    assert not np.allclose(post, x)


def test_a_block_is_attention_then_an_mlp_each_with_a_norm_of_its_own() -> None:
    p, x = shaken(transformer.init(rng(), 6, 2, 8)), rng(2).normal(size=(N, T, 6))
    first, second = (partial(layer_norm.apply, p[name]) for name in ("norm1", "norm2"))
    between = x + attention.apply(p["attention"], first(x), CAUSAL)
    pre = between + mlp.apply(p["mlp"], second(between))
    np.testing.assert_allclose(transformer.apply(p, x, CAUSAL), pre, rtol=1e-12)
    between = first(x + attention.apply(p["attention"], x, CAUSAL))
    post = second(between + mlp.apply(p["mlp"], between))
    np.testing.assert_allclose(transformer.apply(p, x, CAUSAL, norm="post"), post, rtol=1e-12)
    assert not np.allclose(pre, post, rtol=1e-2)


# ------------------------------------------------------------------------- what theory says of them
def test_hidden_units_may_be_reordered_mirrored_and_rescaled() -> None:
    """Permutation for any unit, sign for an odd one, a positive scale for a ReLU; what does not hold is seen not to."""
    V, W = shaken(mlp.init(rng(), (D, H, C)))
    x, order, scale = rng(2).normal(size=(N, D)), rng().permutation(H), np.array([1.0, 2.0, 0.5, 3.0, 0.1])

    def same(hidden: str, below: Any, above: Any) -> bool:
        net = [{"W": V["W"] @ below, "b": V["b"] @ below}, {"W": above @ W["W"], "b": W["b"]}]
        return np.allclose(mlp.apply(net, x, hidden), mlp.apply([V, W], x, hidden), rtol=1e-12)

    P = np.eye(H)[order]
    assert all(same(hidden, P.T, P) for hidden in mlp.HIDDEN)
    assert not same("tanh", P, P)  # the weights above must be reordered to match
    mirror = np.diag([1.0, -1, -1, 1, -1])
    assert [name for name in mlp.HIDDEN if same(name, mirror, mirror)] == ["linear", "tanh"]
    assert [name for name in mlp.HIDDEN if same(name, np.diag(scale), np.diag(1 / scale))] == ["linear", "relu"]


def test_a_deep_linear_net_is_one_linear_map() -> None:
    params = shaken(mlp.init(rng(), (D, H, 4, H, C)))
    x = rng(2).normal(size=(N, D))
    W, b = np.eye(D), np.zeros(D)
    for layer in params:
        W, b = W @ layer["W"], b @ layer["W"] + layer["b"]
    np.testing.assert_allclose(mlp.apply(params, x, "linear"), x @ W + b, rtol=1e-12)
    assert not np.allclose(mlp.apply(params, x, "tanh"), x @ W + b, rtol=1e-2)


def test_from_zero_all_hidden_units_learn_the_same_and_random_ones_differ() -> None:
    X, y = (a[:120] for a in iris_plane())  # classes of unequal size: else nothing at all is learned from zero
    spread = {}
    for initialiser in (initialisers.zeros, initialisers.xavier):
        loss = partial(mlp.cost, hidden="logistic")
        start = mlp.init(rng(), (3, 16, 3), initialiser, bias=False)
        (V, _), history = fit(loss, start, [(X, y)] * 200, sgd(0.5))
        assert history.loss[-1] < history.loss[0]  # something was learned
        assert np.abs(V["W"]).max() > 0.1
        spread[initialiser] = np.ptp(V["W"], axis=1).max()
    assert spread[initialisers.zeros] < 1e-12
    assert spread[initialisers.xavier] > 0.1


def test_he_keeps_the_signal_through_twenty_relu_layers_and_xavier_halves_it_at_each() -> None:
    x = rng(2).normal(size=(50, 200))

    def power(initialiser: initialisers.Initialiser) -> float:
        u = mlp.apply(mlp.init(rng(), (200,) * 21, initialiser), x)
        return float(np.mean(u**2))

    assert 1 / 3 < power(initialisers.he) / 2 < 3  # the last layer is followed by no ReLU: twice the input's
    assert power(initialisers.xavier) < 1e-5
    W = initialisers.xavier(rng(), 300, 100)
    assert W.var() == pytest.approx(2 / 400, rel=0.02)
    assert np.abs(W).max() <= math.sqrt(6 / 400)


def pulled_back(apply: Callable[..., Any], params: Any, steps: int = 100) -> float:
    """‖∂(v·h_T)/∂h_0‖ over 100 steps without input, for a unit vector v."""
    v = np.ones(20) / math.sqrt(20)
    return float(
        np.linalg.norm(grad(lambda h: apply(params, np.zeros((1, steps, 1)), h)[0, -1] @ v)(np.zeros((1, 20))))
    )


def test_gradients_vanish_or_explode_by_the_spectral_radius_and_through_an_open_forget_gate_they_last() -> None:
    """At h = 0 tanh has slope 1: over T steps an RNN's gradient is multiplied by (Whᵀ)^T (Pascanu et al. 2013, §2)."""
    params = rnn.init(rng(), 1, 20)
    Q = np.linalg.qr(rng().normal(size=(20, 20)))[0]  # all eigenvalues of modulus 1
    for radius in (0.9, 1.0, 1.1):
        norm = pulled_back(rnn.apply, {**params, "Wh": radius * Q})
        assert norm == pytest.approx(radius**100, rel=1e-9)

    def remembered(bias: float) -> float:
        """‖∂(v·c_T)/∂c_0‖: the cell's own path."""
        p, v = lstm.init(rng(), 1, 20, forget_bias=bias), np.ones(20) / math.sqrt(20)

        def last(c: Any) -> Any:
            h = np.zeros((1, 20))
            for _ in range(100):
                h, c = lstm.step(p, np.zeros((1, 1)), h, c)
            return c[0] @ v

        return float(np.linalg.norm(grad(last)(np.zeros((1, 20)))))

    assert remembered(5.0) > 0.1
    assert pulled_back(rnn.apply, {**params, "Wh": 0.9 * Q}) < 1e-4
    assert remembered(0.0) < 1e-4  # half open at each step: 2^−100 by the cell alone


# --------------------------------------------------------------------------------------------- iris
def test_the_irises_are_fishers() -> None:
    X, y, names = iris()
    assert (X.shape, X.dtype, y.shape, y.dtype.kind, names) == (
        (150, 4), np.float64, (150,), "i", ("setosa", "versicolor", "virginica"),
    )  # fmt: skip
    assert np.bincount(y).tolist() == [50, 50, 50]
    means = [[5.006, 3.428, 1.462, 0.246], [5.936, 2.770, 4.260, 1.326], [6.588, 2.974, 5.552, 2.026]]
    np.testing.assert_allclose([X[y == k].mean(axis=0) for k in range(3)], means, atol=1e-12)
    np.testing.assert_array_equal(X[[34, 37]], [[4.9, 3.1, 1.5, 0.2], [4.9, 3.6, 1.4, 0.1]])
    uci = X.copy()
    uci[[34, 37]] = [4.9, 3.1, 1.5, 0.1]
    assert not np.allclose(uci[:50].mean(axis=0), means[0], atol=1e-4)


def test_the_plane_has_two_features_and_a_column_of_ones() -> None:
    X, y = iris_plane((0, 1))
    full, labels, _ = iris()
    np.testing.assert_array_equal(X, np.column_stack([full[:, :2], np.ones(150)]))
    np.testing.assert_array_equal(y, labels)
    np.testing.assert_array_equal(iris_plane()[0][:, :2], full[:, 2:])


# ------------------------------------------------------------------------------------------- misuse
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mlp.apply(mlp.init(rng(), (2, 2, 2)), np.ones((1, 2)), "gelu"), "'gelu' is no hidden unit here: choose"),
        (lambda: mlp.predict([], np.ones(1), output="ranks"), "'ranks' is no output here: choose from regression"),
        (lambda: mlp.predict(mlp.init(rng(), (2, 3)), np.ones((1, 2)), output="binary"), "size not equal to one"),
        (lambda: attention.init(rng(), 6, 4), "4 heads cannot share 6 features"),
        (lambda: transformer.apply({}, np.ones(1), norm="none"), "norm is \"pre\" or \"post\", not 'none'"),
        (lambda: losses.softmax_cross_entropy(np.ones((2, 3)), np.array([1, 3])), "labels are 0 to 2, .* from 1 to 3"),
        (lambda: losses.softmax_cross_entropy(np.ones((2, 3)), np.array([-1, 0])), "labels are 0 to 2"),
        (lambda: embedding.apply(np.ones((2, 3)), np.array([0.0])), "labels are integers, these are float64"),
        (lambda: losses.squared_error(np.ones((2, 1)), np.ones(2)), r"one shape: these have \(2, 1\) and \(2,\)"),
        (lambda: losses.binary_cross_entropy(np.ones((2, 1)), np.ones(2)), r"these have \(2, 1\) and \(2,\)"),
    ],
)  # fmt: skip
def test_misuse_is_told_what_was_asked(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_shapes_are_those_of_the_contract() -> None:
    def shapes(params: Any) -> Any:
        return map_leaves(np.shape, params)

    assert shapes(rnn.init(rng(), D, H)) == {"Wx": (D, H), "Wh": (H, H), "b": (H,)}
    assert shapes(lstm.init(rng(), D, H)) == {"Wx": (D, 4 * H), "Wh": (H, 4 * H), "b": (4 * H,)}
    assert lstm.init(rng(), D, 2)["b"].tolist() == [0, 0, 1, 1, 0, 0, 0, 0]
    assert shapes(gru.init(rng(), D, H)) == {"Wx": (D, 3 * H), "Wh": (H, 3 * H), "b": (3 * H,)}
    sizes = (D, 16, 8, C)
    assert shapes(mlp.init(rng(), sizes)) == [{"W": pair, "b": pair[1:]} for pair in pairwise(sizes)]
    assert rnn.apply(rnn.init(rng(), D, H), np.ones(SEQUENCE), h0).shape == (N, T, H)
