"""The model answers: gradients against slopes, optimizers against steps worked out by hand, manners of both.

No numpy warning may appear: those for overflow, division and invalid values are errors here, at extreme logits too.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from reference import layers, optimizers

RNG = np.random.default_rng(20240229)
X = RNG.standard_normal((5, 3))
ARRAYS = {
    "x": X + 0.1 * np.sign(X),  # further from every kink than a difference reaches
    "w": RNG.standard_normal((3, 4)),
    "b": RNG.standard_normal(4),
    "target": RNG.standard_normal((5, 3)),
    "logits": RNG.standard_normal(5),
    "binary": np.array([0.0, 1.0, 1.0, 0.0, 1.0]),
    "labels": np.array([2, 0, 1, 1, 0]),
}
EXTREME = np.array(
    [[1500.0, -1500.0, 0.0], [-1500.0, 1499.0, 1500.0], [-1500.0, -1500.0, -1500.0], [1e-9, -1e-9, 40.0]]
)


@pytest.fixture(autouse=True)
def strict() -> Iterator[None]:
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        yield


def relative_error(a: Any, b: Any) -> float:
    scale = max(1e-300, float(np.max(np.abs(b))))
    return float(np.max(np.abs(np.asarray(a) - np.asarray(b)))) / scale


def slope(f: Callable[[Any], Any], x: Any) -> Any:
    """The gradient of a number by Richardson-extrapolated central differences."""
    gradient, h = np.zeros_like(x), 1e-3 * min(1.0, np.abs(x).max())
    for index in np.ndindex(x.shape):

        def central(step: float, index: tuple[int, ...] = index) -> Any:
            up, down = x.copy(), x.copy()
            up[index] += step
            down[index] -= step
            return (f(up) - f(down)) / (up[index] - down[index])

        gradient[index] = (4 * central(h / 2) - central(h)) / 3
    return gradient


def complex_slope(f: Callable[[Any], Any], x: Any) -> Any:
    """The gradient of a number by the complex step, exact to rounding where f is analytic in numpy."""
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        z = x.astype(complex)
        z[index] += 1e-30j
        gradient[index] = f(z).imag / 1e-30
    return gradient


# -------------------------------------------------------------------------------- backward passes
PAIRS = {
    "affine": ("x4", "w", "b"),
    "linear": ("x", "w"),
    "relu": ("x",),
    "leaky_relu": ("x",),
    "sigmoid": ("x",),
    "tanh": ("x",),
    "softplus": ("x",),
    "logsumexp": ("x",),
    "softmax": ("x",),
}


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("scale", [1e-3, 1.0, 30.0])
def test_backward_is_the_slope_of_forward(name: str, scale: float):
    forward, backward = getattr(layers, f"{name}_forward"), getattr(layers, f"{name}_backward")
    arrays = ARRAYS | {"x": ARRAYS["x"] * scale, "x4": ARRAYS["x"].reshape(5, 1, 3, 1) * scale}
    arguments = [arrays[a] for a in PAIRS[name]]
    out, cache = forward(*arguments)
    dout = np.random.default_rng(1).standard_normal(out.shape)
    gradients = backward(dout, cache)
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    assert len(gradients) == len(arguments)
    for i, (argument, gradient) in enumerate(zip(arguments, gradients, strict=True)):

        def loss(v: Any, i: int = i) -> Any:
            return np.sum(dout * forward(*arguments[:i], v, *arguments[i + 1 :])[0])

        assert gradient.shape == argument.shape
        assert gradient.dtype == np.float64
        assert relative_error(gradient, slope(loss, argument)) < 1e-8


@pytest.mark.parametrize(("name", "analytic"), [("tanh", np.tanh), ("sigmoid", lambda z: 1 / (1 + np.exp(-z)))])
def test_backward_is_the_complex_slope(name: str, analytic: Callable[[Any], Any]):
    x = ARRAYS["x"]
    out, cache = getattr(layers, f"{name}_forward")(x)
    assert relative_error(out, analytic(x)) < 1e-15
    expected = complex_slope(lambda z: np.sum(ARRAYS["target"] * analytic(z)), x)
    assert relative_error(getattr(layers, f"{name}_backward")(ARRAYS["target"], cache), expected) < 1e-14


def test_softmax_and_logsumexp_are_the_complex_slopes():
    x, dout = ARRAYS["x"], ARRAYS["target"]
    _, cache = layers.softmax_forward(x)
    expected = complex_slope(lambda z: np.sum(dout * np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)), x)
    assert relative_error(layers.softmax_backward(dout, cache), expected) < 1e-14
    _, pair = layers.logsumexp_forward(x)
    expected = complex_slope(lambda z: np.sum(dout[:, 0] * np.log(np.exp(z).sum(axis=1))), x)
    assert relative_error(layers.logsumexp_backward(dout[:, 0], pair), expected) < 1e-14


def test_the_instruments_reject_a_wrong_gradient():
    x = ARRAYS["x"]
    s, _ = layers.sigmoid_forward(x)
    wrong = s * (1 + s)
    assert relative_error(wrong, slope(lambda v: layers.sigmoid_forward(v)[0].sum(), x)) > 0.1
    assert relative_error(wrong, complex_slope(lambda z: np.sum(1 / (1 + np.exp(-z))), x)) > 0.1


def test_leaky_relu_uses_alpha_both_ways():
    x = np.array([[-2.0, 3.0]])
    out, cache = layers.leaky_relu_forward(x, 0.25)
    np.testing.assert_array_equal(out, [[-0.5, 3.0]])
    np.testing.assert_array_equal(layers.leaky_relu_backward(np.array([[8.0, 8.0]]), cache), [[2.0, 8.0]])


def test_jacobians_agree_with_the_backward_passes():
    x, w, dout = ARRAYS["x"], ARRAYS["w"], RNG.standard_normal(4)
    J = layers.linear_jacobian(w)
    assert J.shape == (4, 3)
    np.testing.assert_allclose(J @ x[0], layers.linear_forward(x[:1], w)[0][0], rtol=1e-14)
    np.testing.assert_allclose(dout @ J, layers.linear_backward(dout[None], (x[:1], w))[0][0], rtol=1e-14)
    np.testing.assert_array_equal(layers.relu_jacobian(np.array([-1.0, 2.0, 3.0])), np.diag([0.0, 1.0, 1.0]))


# ---------------------------------------------------------------------------------------- extremes
def test_activations_at_extreme_inputs():
    x = EXTREME
    np.testing.assert_array_equal(layers.sigmoid_forward(x)[0][:3], np.where(x > 0, 1.0, np.where(x < 0, 0.0, 0.5))[:3])
    np.testing.assert_array_equal(layers.tanh_forward(x)[0][:3], np.sign(x)[:3])
    np.testing.assert_array_equal(layers.softplus_forward(x)[0][:3], np.where(x == 0, np.log(2), np.maximum(x, 0))[:3])
    assert layers.softplus_forward(np.array([-40.0]))[0] == pytest.approx(np.exp(-40.0), rel=1e-14, abs=0)
    assert layers.sigmoid_forward(np.array([-700.0]))[0] == pytest.approx(np.exp(-700.0), rel=1e-13, abs=0)
    np.testing.assert_array_equal(layers.softplus_backward(np.ones((1, 3)), x[:1]), [[1.0, 0.0, 0.5]])


def test_softmax_family_at_extreme_logits():
    s, cache = layers.softmax_forward(EXTREME)
    np.testing.assert_array_equal(s[0], [1, 0, 0])
    np.testing.assert_allclose(s[1], [0, 1 / (1 + np.e), np.e / (1 + np.e)], rtol=1e-15)
    np.testing.assert_allclose(s.sum(axis=1), 1, rtol=1e-15)
    np.testing.assert_array_equal(s[2], np.full(3, 1 / 3))
    assert np.isfinite(layers.softmax_backward(np.ones_like(s), cache)).all()
    out, pair = layers.logsumexp_forward(EXTREME)
    np.testing.assert_allclose(out[:3], [1500, 1500 + np.log1p(np.exp(-1.0)), -1500 + np.log(3)], rtol=1e-15)
    np.testing.assert_allclose(layers.logsumexp_backward(np.ones(4), pair), s, rtol=1e-12, atol=0)


def test_losses_at_extreme_logits():
    loss, dx = layers.bce_with_logits_loss(np.array([1500.0, -1500.0, 1500.0, -1500.0]), np.array([1.0, 0.0, 0.0, 1.0]))
    assert loss == 750
    np.testing.assert_array_equal(dx, np.array([0.0, 0.0, 1.0, -1.0]) / 4)
    assert layers.bce_with_logits_loss(np.array([40.0]), np.array([1.0]))[0] == pytest.approx(
        np.exp(-40.0), rel=1e-14, abs=0
    )
    loss, dx = layers.softmax_loss(EXTREME[:2], np.array([1, 0], dtype=np.uint8))
    assert loss == pytest.approx((3000 + 3000 + np.log1p(np.exp(-1.0))) / 2, rel=1e-15)
    np.testing.assert_allclose(dx * 2, [[1, -1, 0], [-1, 1 / (1 + np.e), np.e / (1 + np.e)]], rtol=1e-12)
    loss, dx = layers.svm_loss(EXTREME[:1], np.array([1], dtype=np.int8))
    assert loss == 3001 + 1501
    np.testing.assert_array_equal(dx, [[1, -2, 1]])


# ------------------------------------------------------------------------------------------ losses
LOSSES = {
    "squared_error_loss": ("x", "target"),
    "mse_loss": ("x", "target"),
    "bce_with_logits_loss": ("logits", "binary"),
    "softmax_loss": ("x", "labels"),
    "svm_loss": ("x", "labels"),
}


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("scale", [1e-3, 1.0, 30.0])
def test_dx_is_the_slope_of_the_loss(name: str, scale: float):
    f = getattr(layers, name)
    x, y = (ARRAYS[a] for a in LOSSES[name])
    value, dx = f(x * scale, y)
    assert np.shape(value) == ()
    assert dx.shape == x.shape
    assert relative_error(dx, slope(lambda v: f(v, y)[0], x * scale)) < 1e-8


def test_losses_by_hand():
    x, y = np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([[0.0, 2.0], [1.0, 2.0]])
    assert layers.squared_error_loss(x, y)[0] == 7
    assert layers.mse_loss(x, y)[0] == 3.5
    assert layers.svm_loss(x, np.array([0, 1]))[0] == 1
    assert layers.softmax_loss(np.zeros((2, 4)), np.array([0, 3]))[0] == pytest.approx(np.log(4), rel=1e-15)
    assert layers.bce_with_logits_loss(np.zeros(3), np.array([0.0, 1.0, 1.0]))[0] == pytest.approx(np.log(2), rel=1e-15)


# -------------------------------------------------------------------------------------- optimizers
W, G = np.array([1.0, -2.0]), np.array([0.5, -4.0])
RULES = ("sgd", "sgd_momentum", "adagrad", "rmsprop", "adam", "adamw")


def first(rule: str, config: dict[str, Any] | None = None) -> Any:
    return getattr(optimizers, rule)(W, G, config)


def close(a: Any, b: Any) -> None:
    np.testing.assert_allclose(a, b, rtol=1e-14)


def test_first_steps_by_hand():
    close(first("sgd")[0], [0.995, -1.96])
    close(first("sgd_momentum")[0], [0.995, -1.96])
    close(first("adagrad")[0], [1 - 0.01 * 0.5 / (0.5 + 1e-8), -2 + 0.01 * 4 / (4 + 1e-8)])
    close(first("rmsprop")[0], [1 - 0.01 * 0.5 / (0.05 + 1e-8), -2 + 0.01 * 4 / (0.4 + 1e-8)])
    close(first("adam")[0], [1 - 0.001 * 0.5 / (0.5 + 1e-8), -2 + 0.001 * 4 / (4 + 1e-8)])
    close(first("adamw")[0], first("adam")[0] - 0.001 * 0.01 * W)


def test_second_steps_by_hand():
    w, config = first("sgd_momentum")
    close(config["velocity"], [-0.005, 0.04])
    close(optimizers.sgd_momentum(w, G, config)[0], w + 0.9 * np.array([-0.005, 0.04]) - 0.01 * G)
    w, config = first("adagrad")
    close(optimizers.adagrad(w, 2 * G, config)[0], w - 0.01 * 2 * G / (np.sqrt(5) * np.abs(G) + 1e-8))
    w, config = first("rmsprop")
    close(optimizers.rmsprop(w, 2 * G, config)[0], w - 0.02 * G / (np.sqrt(0.01 * 0.99 + 0.04) * np.abs(G) + 1e-8))
    w, config = first("adam")
    assert config["t"] == 1
    m, v = (0.09 + 0.2) / (1 - 0.81) * G, (0.999e-3 + 4e-3) / (1 - 0.999**2) * G**2
    close(optimizers.adam(w, 2 * G, config)[0], w - 0.001 * m / (np.sqrt(v) + 1e-8))


def test_hyperparameters_are_used():
    close(first("sgd", {"learning_rate": 1.0})[0], W - G)
    close(first("sgd_momentum", {"learning_rate": 1.0, "momentum": 0.5, "velocity": np.ones(2)})[0], W + 0.5 - G)
    close(first("adagrad", {"epsilon": 1.0})[0], W - 0.01 * G / (np.abs(G) + 1))
    close(first("rmsprop", {"decay_rate": 0.75, "epsilon": 0.0})[0], W - 0.02 * np.sign(G))
    close(first("adam", {"beta1": 0.5, "m": G, "t": 1})[0], W - 1e-3 * (4 / 3) * G / (np.sqrt(G**2 / 1.999) + 1e-8))
    close(first("adamw", {"weight_decay": 1.0, "epsilon": 0.0})[0], W - 1e-3 * (np.sign(G) + W))


def test_nesterov_looks_ahead():
    asked: list[Any] = []

    def grad(v: Any) -> Any:
        asked.append(v.copy())
        return 2 * v

    config = {"learning_rate": 0.1, "momentum": 0.5, "velocity": np.array([2.0, 0.0])}
    w, config = optimizers.nesterov(W, grad, config)
    close(asked, [[2.0, -2.0]])
    close(config["velocity"], [0.6, 0.4])
    close(w, [1.6, -1.6])


@pytest.mark.parametrize("rule", RULES)
def test_none_empty_and_zero_gradients(rule: str):
    assert first(rule, None)[0].tolist() == first(rule, {})[0].tolist()
    decay = 1 - 1e-5 if rule == "adamw" else 1
    close(getattr(optimizers, rule)(W, np.zeros(2))[0], W * decay)


def test_newton_goes_to_the_stationary_point_whatever_it_is():
    H = np.array([[2.0, 0.5], [0.5, -3.0]])
    centre = np.array([0.25, 4.0])
    close(optimizers.newton_step(W, H @ (W - centre), H), centre)


def test_bowls_and_their_curvature():
    assert optimizers.elongated_bowl(np.array([0.0, -3.0]))[0] == 0
    f, gradient, hessian = optimizers.elongated_bowl(np.array([1.0, 2.0]))
    assert f == pytest.approx(4 + 25 / 15, rel=1e-15)
    close(gradient, [8, 2 / 3])
    close(hessian, np.diag([8, 2 / 15]))
    close(optimizers.rounding_scales(hessian), [2, 1 / np.sqrt(15)])
    assert optimizers.largest_stable_step(hessian) == pytest.approx(0.25, rel=1e-15)
    turn = np.array([[1, -1], [1, 1]]) / np.sqrt(2)
    f, gradient, hessian = optimizers.rotated_bowl(W)
    f0, gradient0, hessian0 = optimizers.elongated_bowl(turn @ W)
    close([f, *gradient], [f0, *(turn.T @ gradient0)])
    close(hessian, turn.T @ hessian0 @ turn)
    assert optimizers.largest_stable_step(hessian) == pytest.approx(0.25, rel=1e-14)
    for bowl in (optimizers.elongated_bowl, optimizers.rotated_bowl):
        assert relative_error(bowl(W)[1], slope(lambda w, bowl=bowl: bowl(w)[0], W)) < 1e-10
        assert relative_error(bowl(W)[2][0], slope(lambda w, bowl=bowl: bowl(w)[1][0], W)) < 1e-10


def test_preconditioning_rounds_the_bowl():
    _, gradient, hessian = optimizers.elongated_bowl(W)
    A = np.diag(1 / optimizers.rounding_scales(hessian))
    close(optimizers.preconditioned_step(W, gradient, A, 0.5), [0, -3])
    A = np.array([[1.0, 2.0], [0.0, 3.0]])
    close(optimizers.preconditioned_step(W, G, A, 0.1), W - 0.1 * np.array([[5.0, 6.0], [6.0, 9.0]]) @ G)


def test_minibatch_gradient_is_unbiased():
    grads = RNG.standard_normal((6, 2))
    for reduction, full in (("mean", grads.mean(axis=0)), ("sum", grads.sum(axis=0))):
        every = [optimizers.minibatch_gradient(grads, np.array([i, j]), reduction) for i in range(6) for j in range(6)]
        close(np.mean(every, axis=0), full)
    with pytest.raises(KeyError):
        optimizers.minibatch_gradient(grads, np.array([0]), "average")  # type: ignore[arg-type]


def test_minibatches_visit_every_example_once_in_an_order_from_rng():
    X, y = np.arange(22.0).reshape(11, 2), np.arange(11)
    batches = list(optimizers.minibatches(X, y, 4, np.random.default_rng(0)))
    assert [len(b) for _, b in batches] == [4, 4, 3]
    order = np.concatenate([b for _, b in batches])
    assert sorted(order) == list(range(11))
    assert list(order) != list(range(11))
    np.testing.assert_array_equal(np.concatenate([b for b, _ in batches]), X[order])
    again = np.concatenate([b for _, b in optimizers.minibatches(X, y, 4, np.random.default_rng(0))])
    other = np.concatenate([b for _, b in optimizers.minibatches(X, y, 4, np.random.default_rng(1))])
    assert list(again) == list(order) != list(other)


def test_schedules_at_their_ends():
    assert [optimizers.constant(t, 0.3) for t in (0, 9)] == [0.3, 0.3]
    assert [optimizers.step_decay(t, 1.0, 0.5, 3) for t in range(7)] == [1, 1, 1, 0.5, 0.5, 0.5, 0.25]
    assert [optimizers.inverse_time(t, 1.0) for t in (1, 2, 4)] == [1, 0.5, 0.25]
    np.testing.assert_allclose([optimizers.cosine(t, 3.0, 8, 1.0) for t in (0, 4, 8, 99)], [3, 2, 1, 1], rtol=1e-15)
    assert optimizers.cosine(8, 3.0, 8) == 0
    assert [optimizers.warmup(t, 2.0, 4) for t in (0, 1, 4, 5)] == [0, 0.5, 2, 2]


# --------------------------------------------------------------------------------------- questions
def test_questions():
    assert layers.question_jacobian_size() == 4_096_000_000
    assert layers.question_saturation() == ["a", "d"]
    s = layers.sigmoid_forward(ARRAYS["x"])[0]
    close(layers.question_sigmoid_slope(s), layers.sigmoid_backward(np.ones_like(s), s))
    assert optimizers.question_stable_step() == optimizers.largest_stable_step(np.diag([8, 2 / 15]))
    step = optimizers.adam(np.zeros(1), np.array([1000.0]))[0][0]
    assert optimizers.question_adam_first_step() == pytest.approx(step, rel=1e-10)
    landed = optimizers.newton_step(np.ones(2), np.array([2.0, -2.0]), np.diag([2.0, -2.0]))
    assert landed.tolist() == [0, 0], "the saddle, choice (c)"


@pytest.mark.parametrize("module", [layers, optimizers])
def test_every_letter_is_a_choice(module: Any):
    questions = [f for name, f in vars(module).items() if name.startswith("question_")]
    assert len(questions) >= 4
    for question in questions:
        answer = None if inspect.signature(question).parameters else question()
        if isinstance(answer, list) or (isinstance(answer, str) and len(answer) == 1):  # a longer text is a formula
            assert all(f"({letter})" in question.__doc__ for letter in answer)


# ----------------------------------------------------------------------------------------- manners
def calls() -> Iterator[tuple[Callable[..., Any], tuple[Any, ...]]]:
    """Every function of both units with arguments."""
    x, w, b, y = ARRAYS["x"], ARRAYS["w"], ARRAYS["b"], ARRAYS["target"]
    for name in PAIRS:
        arguments = {"affine": (x, w, b), "linear": (x, w)}.get(name, (x,))
        forward = getattr(layers, f"{name}_forward")
        yield forward, arguments
        out, cache = forward(*arguments)
        yield getattr(layers, f"{name}_backward"), (np.ones_like(out), cache)
    yield from ((getattr(layers, name), tuple(ARRAYS[a] for a in names)) for name, names in LOSSES.items())
    yield layers.linear_jacobian, (w,)
    yield layers.relu_jacobian, (b,)
    yield layers.question_sigmoid_slope, (x,)
    for rule in RULES:
        _, config = first(rule)
        yield getattr(optimizers, rule), (W, G, {})
        yield getattr(optimizers, rule), (W, G, config)
    yield optimizers.nesterov, (W, np.negative, {"velocity": G})
    yield optimizers.newton_step, (W, G, np.eye(2))
    yield optimizers.preconditioned_step, (W, G, np.eye(2), 0.1)
    yield from ((f, (W,)) for f in (optimizers.elongated_bowl, optimizers.rotated_bowl))
    yield from ((f, (np.eye(2),)) for f in (optimizers.rounding_scales, optimizers.largest_stable_step))
    yield optimizers.minibatch_gradient, (x, np.array([0, 0, 2]), "sum")
    yield lambda *a: list(optimizers.minibatches(*a, np.random.default_rng(0))), (x, y, 2)


def flat(tree: Any) -> list[Any]:
    """All arrays of a nested value."""
    if isinstance(tree, dict):
        tree = tuple(tree.values())
    return [a for t in tree for a in flat(t)] if isinstance(tree, (tuple, list)) else [tree]


@pytest.mark.parametrize(("function", "arguments"), list(calls()), ids=lambda v: getattr(v, "__name__", ""))
def test_no_argument_is_changed_and_none_comes_back_to_be_changed(function: Callable[..., Any], arguments: Any):
    before = copy.deepcopy(arguments)
    answer = function(*arguments)
    for a, b in zip(flat(arguments), flat(before), strict=True):
        np.testing.assert_array_equal(a, b)
        assert type(a) is type(b)
    first_output = answer[0] if isinstance(answer, tuple) else answer
    if isinstance(first_output, np.ndarray):
        assert not any(np.shares_memory(first_output, a) for a in flat(arguments) if isinstance(a, np.ndarray))
    again = function(*copy.deepcopy(before))
    for a, b in zip(flat(answer), flat(again), strict=True):
        np.testing.assert_array_equal(a, b)


def test_integers_promote():
    x = np.array([[1, -2, 3]])
    np.testing.assert_array_equal(layers.softmax_forward(x)[0], layers.softmax_forward(x * 1.0)[0])
    np.testing.assert_array_equal(
        layers.softmax_loss(x, np.array([2]))[1], layers.softmax_loss(x * 1.0, np.array([2]))[1]
    )
    np.testing.assert_array_equal(optimizers.adam(x, x)[0], optimizers.adam(x * 1.0, x * 1.0)[0])
