"""Unit `mlp`: the curriculum, and three witnesses for each gradient. The exam of every unit is in ``test_units.py``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import exam
import numpy as np
import pytest

import reference.autodiff as ad
from grader.bank import catalogue
from grader.judging import points
from reference import mlp
from reference.nn.iris import iris_plane

UNIT = "mlp"
COVERS = {
    "two-layer net: the cost": "mlp.cost",
    "two-layer net: both gradients": "mlp.gradients",
    "regression, binary and multiclass outputs": "mlp.network_loss",
    "logistic, tanh and ReLU hidden units": "mlp.network_loss",
    "error from above times input from below": "mlp.network_loss",
    "three outputs × three hidden activations from one table": "mlp.network_loss",
    "Iris with D=3, M=16, C=3: training to a stated accuracy": "mlp.train_iris",
    "L layers, biases as an extra column: forward": "mlp.mlp_forward",
    "L layers, biases as an extra column: backward": "mlp.mlp_backward",
    "flatten": "mlp.flatten",
    "unflatten": "mlp.unflatten",
    "Xavier": "mlp.xavier_weights",
    "He": "mlp.he_weights",
    "why all-zero fails": "mlp.question_zero_start",
    "symmetry: permutation": "mlp.permute_hidden",
    "symmetry: sign": "mlp.flip_hidden",
    "symmetry: scale": "mlp.scale_hidden",
    "a deep linear net is one linear map, find it": "mlp.linear_map",
    "steps from two ReLUs": "mlp.soft_step",
    "bumps": "mlp.bump",
    "a one-hidden-layer net that approximates a function to a stated error": "mlp.approximate",
    "overfit ten rows": "mlp.overfit_ten",
    "statistics at initialisation by layer": "mlp.layer_scales",
    "take the nonlinearity out and predict": "mlp.predict_without_nonlinearity",
    "a planted fault": "mlp.mended_gradients",
    "a test to write": "mlp.gradients_checker",
    "a prediction: the loss of the all-zero net": "mlp.predict_zero_net_loss",
    "which is NOT true: universal approximation": "mlp.question_universal",
    "a formula: the hidden slope in terms of the activation": "mlp.tanh_slope",
}
"""The lines of the curriculum, in short, and the exercise that asks each."""
MISTAKES = {
    "1/m twice: dW1 = right/m and dW2 exact": ("mlp.gradients", "averages_the_lower_layer_twice"),
    "2/N lost": ("mlp.mended_gradients", "loses_two_over_n"),
    "derivative taken at the activation": ("mlp.mended_gradients", "takes_the_slope_of_the_slope"),
    "bias column regularised": ("mlp.mended_gradients", "decays_the_biases"),
    "all-zero start": ("mlp.train_iris", "starts_from_all_zero"),
}
"""The mistakes that the curriculum names for this unit, and where each is declared."""


def test_every_line_of_the_curriculum_is_asked() -> None:
    asked = {exercise.name for exercise in catalogue().unit(UNIT).exercises}
    assert set(COVERS.values()) <= asked


@pytest.mark.parametrize(("name", "mistake"), MISTAKES.values(), ids=MISTAKES)
def test_every_mistake_of_the_curriculum_is_declared(name: str, mistake: str) -> None:
    assert mistake in [m.name for m in catalogue().exercise(name).mistakes]


LIARS: dict[str, Callable[..., Any]] = {
    "None": lambda *args: None,
    "zeros": lambda *args: np.zeros_like(args[0]) if args and hasattr(args[0], "shape") else 0.0,
    "its input": lambda *args: args[0] if args else 0.0,
    "a constant": lambda *args: 1.0,
    "two zeros": lambda *args: (
        (np.zeros(np.shape(args[-2])), np.zeros(np.shape(args[-1]))) if len(args) > 1 else (0, 0)
    ),
}


@pytest.mark.parametrize("liar", LIARS)
def test_a_cheap_answer_earns_nothing(liar: str) -> None:
    for exercise, judged in exam.with_a_liar(UNIT, LIARS[liar]):
        answered = exercise.name == "mlp.predict_equal_columns" and liar == "a constant"  # it is the answer
        assert points(judged) == 0 or answered, exercise.name


@pytest.mark.parametrize("units", [1, 600])
def test_a_net_that_is_flat_or_has_a_unit_for_each_point_earns_nothing(units: int) -> None:
    exercise = catalogue().exercise("mlp.approximate")

    def net_of(x: Any, y: Any) -> Any:
        if units == 1:
            return np.zeros(1), np.zeros(1), np.zeros(1), 0.0
        slopes = np.diff(y) / np.diff(x)
        return np.ones(units), -x[:-1], np.diff(slopes, prepend=0.0), y[0]

    assert points(exam.verdicts({**exam.models(UNIT), "approximate": net_of}, exercise)) == 0


# ----------------------------------------------------------------------- right in any reasonable style
def loops(X: Any, Y: Any, W: Any, V: Any) -> Any:
    """The gradients, one example and one unit at a time; lists come back."""
    (N, D), (M, C) = X.shape, W.shape
    dW, dV = [[0.0] * C for _ in range(M)], [[0.0] * M for _ in range(D)]
    for n in range(N):
        h = [0.5 * (1 + np.tanh(0.5 * sum(X[n, d] * V[d, m] for d in range(D)))) for m in range(M)]
        u = [sum(h[m] * W[m, c] for m in range(M)) for c in range(C)]
        p = [1 / sum(np.exp(np.minimum(other - u[c], 709.0)) for other in u) for c in range(C)]
        for m in range(M):
            below = sum((p[c] - Y[n, c]) * W[m, c] for c in range(C)) * h[m] * (1 - h[m])
            for c in range(C):
                dW[m][c] += h[m] * (p[c] - Y[n, c]) / N
            for d in range(D):
                dV[d][m] += X[n, d] * below / N
    return [dW, dV]


def by_einsum(X: Any, Y: Any, W: Any, V: Any) -> Any:
    """The gradients by einsum, the slope of the logistic function by its exponential."""
    z = np.einsum("nd,dm->nm", X, V)
    tail = np.exp(-np.abs(z))
    h = np.where(z > 0, 1 / (1 + tail), tail / (1 + tail))
    u = np.einsum("nm,mc->nc", h, W)
    p = np.exp(u - u.max(axis=1, keepdims=True))
    e = p / p.sum(axis=1, keepdims=True) - Y
    below = np.einsum("nc,mc->nm", e, W) * tail / (1 + tail) ** 2
    return np.einsum("nm,nc->mc", h, e) / len(X), np.einsum("nd,nm->dm", X, below) / len(X)


def backward_on_pre_activations(dout: Any, cache: Any) -> Any:
    """The backward pass from the pre-activations, with a tuple for the list."""
    inputs, weights, activation = cache
    slopes = {
        "logistic": lambda z: np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))) ** 2,
        "tanh": lambda z: 4 * np.exp(-2 * np.abs(z)) / (1 + np.exp(-2 * np.abs(z))) ** 2,
        "relu": lambda z: np.where(z > 0, 1.0, 0.0),
    }
    gradients: tuple[Any, ...] = ()
    for layer in range(len(weights) - 1, -1, -1):
        gradients = (np.einsum("no,ni->oi", dout, inputs[layer]), *gradients)
        dout = np.delete(dout @ weights[layer], -1, axis=1)
        if layer:
            dout = dout * slopes[activation](inputs[layer - 1] @ weights[layer - 1].T)
    return [dout, gradients]


def linear_map_by_columns(weights: Any) -> Any:
    """The map from what it does to the unit vectors and to 0."""
    D = weights[0].shape[1] - 1
    points_ = np.vstack([np.eye(D), np.zeros((1, D))])
    for W in weights:
        points_ = np.hstack([points_, np.ones((len(points_), 1))]) @ W.T
    return np.column_stack([(points_[:-1] - points_[-1]).T, points_[-1]])


def _log_softmax(u: Any) -> Any:
    return u - np.logaddexp.reduce(u, axis=1, keepdims=True)


def table_by_logaddexp(X: Any, Y: Any, W: Any, V: Any, output: str, hidden: str) -> Any:
    """The table from pre-activations, with logaddexp for every logarithm."""
    z = X @ V
    h, slope = {
        "logistic": (np.exp(-np.logaddexp(0, -z)), np.exp(-np.logaddexp(0, -z) - np.logaddexp(0, z))),
        "tanh": (np.tanh(z), 1 / np.cosh(np.clip(z, -300, 300)) ** 2),
        "relu": (z * (z > 0), (z > 0) * 1.0),
    }[hidden]
    u = h @ W
    losses, prediction = {
        "regression": lambda: ((u - Y) ** 2 / 2, u),
        "binary": lambda: (np.logaddexp(0, u) - Y * u, np.exp(-np.logaddexp(0, -u))),
        "multiclass": lambda: (-Y * _log_softmax(u), np.exp(_log_softmax(u))),
    }[output]()
    above = prediction - Y
    below = np.einsum("nc,mc,nm->nm", above, W, slope)
    N = len(X)
    return losses.sum() / N, np.einsum("nm,nc->mc", h, above) / N, np.einsum("nd,nm->dm", X, below) / N


def _outputs(x: Any, weights: Any, activation: str) -> Any:
    phi = {"logistic": lambda z: np.exp(-np.logaddexp(0, -z)), "tanh": np.tanh, "relu": lambda z: z.clip(0)}[activation]
    for i, W in enumerate(weights, 1):
        x = x @ W[:, :-1].T + W[:, -1]
        if i < len(weights):
            x = phi(x)
        yield x


def forward_with_biases_apart(x: Any, weights: Any, activation: str) -> Any:
    """The forward pass without the ones, which come into the cache afterwards."""
    *hidden, out = _outputs(x, weights, activation)
    return out, ([np.insert(h, h.shape[1], 1.0, axis=1) for h in (x, *hidden)], weights, activation)


def mended_by_cosh(x: Any, y: Any, W1: Any, W2: Any, lam: float) -> Any:
    """The gradients with weights and biases apart, and the slope of tanh as 1/cosh²."""
    z = x @ W1[:, :-1].T + W1[:, -1]
    e = (np.tanh(z) @ W2[:, :-1].T + W2[:, -1] - y) / (0.5 * len(x))
    below = e @ W2[:, :-1] / np.cosh(np.clip(z, -300, 300)) ** 2
    dW1 = np.column_stack([below.T @ x + lam * W1[:, :-1], below.sum(axis=0)])
    dW2 = np.column_stack([e.T @ np.tanh(z) + lam * W2[:, :-1], e.sum(axis=0)])
    return dW1, dW2


STYLES: dict[str, tuple[str, Callable[..., Any]]] = {
    "gradients by loops": ("mlp.gradients", loops),
    "gradients by einsum": ("mlp.gradients", by_einsum),
    "backward from pre-activations": ("mlp.mlp_backward", backward_on_pre_activations),
    "a table by logaddexp": ("mlp.network_loss", table_by_logaddexp),
    "a cost by logaddexp": (
        "mlp.cost",
        lambda X, Y, W, V: -np.mean(_log_softmax(0.5 * (1 + np.tanh(X @ V / 2)) @ W)[Y > 0]),
    ),
    "forward with the bias apart": ("mlp.mlp_forward", forward_with_biases_apart),
    "scales by norms": (
        "mlp.layer_scales",
        lambda x, weights, activation: [np.linalg.norm(h) / np.sqrt(h.size) for h in _outputs(x, weights, activation)],
    ),
    "mended with 1/cosh²": ("mlp.mended_gradients", mended_by_cosh),
    "a bump by clip": (
        "mlp.bump",
        lambda x, left, right, width: (
            np.clip((x - left) / width + 0.5, 0, 1) - np.clip((x - right) / width + 0.5, 0, 1)
        ),
    ),
    "a permutation by loops": (
        "mlp.permute_hidden",
        lambda W, V, order: [[W[j].tolist() for j in order], np.stack([V[:, j] for j in order], axis=1)],
    ),
    "a linear map by columns": ("mlp.linear_map", linear_map_by_columns),
    "a step by clip": ("mlp.soft_step", lambda z: np.clip(z + 0.5, 0, 1)),
    "Xavier by scaling": ("mlp.xavier_weights", lambda n, m, rng: (2 * rng.random((n, m)) - 1) * (6 / (n + m)) ** 0.5),
    "He by normal": ("mlp.he_weights", lambda n, m, rng: rng.normal(0, (2 / n) ** 0.5, size=(n, m))),
    "flatten by a loop": ("mlp.flatten", lambda arrays: [float(e) for a in arrays for e in a.flat]),
    "unflatten by lists": (
        "mlp.unflatten",
        lambda theta, shapes: tuple(
            a.reshape(s)
            for a, s in zip(np.split(theta, np.cumsum([np.prod(s) for s in shapes])[:-1]), shapes, strict=True)
        ),
    ),
    "a factored slope": ("mlp.tanh_slope", lambda: "(1 - h)*(1 + h)"),
}


@pytest.mark.parametrize("style", STYLES)
def test_a_right_answer_in_another_style_passes(style: str) -> None:
    name, answer = STYLES[style]
    exercise = catalogue().exercise(name)
    judged = exam.verdicts({**exam.models(UNIT), exercise.function: answer}, exercise)
    lost = [(v.check.name, v.status, v.fact) for v in judged if v.status != "passed"]
    assert {note for v in judged for note in v.notes} <= {"list_for_array", "precision"}
    assert lost == []


# ---------------------------------------------------------------------------------- three witnesses
def numerical(f: Callable[[Any], Any], at: Any, h: float = 1e-5) -> Any:
    slope = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        step = np.zeros_like(at)
        step[index] = h
        slope[index] = (f(at + step) - f(at - step)) / (2 * h)
    return slope


def assert_agree(claimed: Any, f: Callable[[Any], Any], at: Any) -> None:
    """Hold a gradient against the engine's derivative and against central differences of one independent formula."""
    np.testing.assert_allclose(claimed, ad.grad(f)(at), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(claimed, numerical(f, at), rtol=1e-6, atol=1e-8)


def independent(X: Any, Y: Any, W: Any, V: Any, output: str, hidden: str) -> Any:
    """The cost in the words of the engine."""
    z = X @ V
    h = {"logistic": ad.logistic, "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0.0)}[hidden](z)
    u = h @ W
    if output == "regression":
        return np.sum((u - Y) ** 2) / (2 * len(X))
    if output == "binary":
        return np.sum(np.log(1 + np.exp(u)) - Y * u) / len(X)
    return (np.sum(np.log(np.sum(np.exp(u), axis=1))) - np.sum(Y * u)) / len(X)


def net(output: str, seed: int = 0) -> tuple[Any, Any, Any, Any]:
    rng = np.random.default_rng(seed)
    N, D, M, C = 5, 4, 3, 2
    Y = {
        "regression": rng.standard_normal((N, C)),
        "binary": rng.integers(0, 2, (N, C)) * 1.0,
        "multiclass": np.eye(C)[rng.integers(0, C, N)],
    }[output]
    return rng.standard_normal((N, D)), Y, rng.standard_normal((M, C)), rng.standard_normal((D, M))


@pytest.mark.parametrize("hidden", ["logistic", "tanh", "relu"])
@pytest.mark.parametrize("output", ["regression", "binary", "multiclass"])
def test_each_cell_of_the_table_has_three_witnesses(output: str, hidden: str) -> None:
    X, Y, W, V = net(output)
    J, dW, dV = mlp.network_loss(X, Y, W, V, output, hidden)
    np.testing.assert_allclose(J, independent(X, Y, W, V, output, hidden), rtol=1e-12)
    assert_agree(dW, lambda w: independent(X, Y, w, V, output, hidden), W)
    assert_agree(dV, lambda v: independent(X, Y, W, v, output, hidden), V)


def test_the_two_layer_gradients_have_three_witnesses() -> None:
    X, Y, W, V = net("multiclass", 1)
    dW, dV = mlp.gradients(X, Y, W, V)
    np.testing.assert_allclose(mlp.cost(X, Y, W, V), independent(X, Y, W, V, "multiclass", "logistic"), rtol=1e-12)
    assert_agree(dW, lambda w: independent(X, Y, w, V, "multiclass", "logistic"), W)
    assert_agree(dV, lambda v: independent(X, Y, W, v, "multiclass", "logistic"), V)


def test_the_mended_gradients_have_three_witnesses() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.standard_normal((5, 3)), rng.standard_normal((5, 2))
    W1, W2 = rng.standard_normal((4, 4)), rng.standard_normal((2, 5))

    def cost_of(W1: Any, W2: Any) -> Any:
        h = np.tanh(x @ W1[:, :-1].T + W1[:, -1])
        error = h @ W2[:, :-1].T + W2[:, -1] - y
        return np.sum(error**2) / len(x) + 0.35 * (np.sum(W1[:, :-1] ** 2) + np.sum(W2[:, :-1] ** 2))

    dW1, dW2 = mlp.mended_gradients(x, y, W1, W2, 0.7)
    assert_agree(dW1, lambda w: cost_of(w, W2), W1)
    assert_agree(dW2, lambda w: cost_of(W1, w), W2)


@pytest.mark.parametrize("activation", ["logistic", "tanh", "relu"])
def test_the_deep_backward_pass_has_three_witnesses(activation: str) -> None:
    rng = np.random.default_rng(3)
    x, dout = rng.standard_normal((5, 4)), rng.standard_normal((5, 2))
    weights = [rng.standard_normal((3, 5)), rng.standard_normal((6, 4)), rng.standard_normal((2, 7))]
    phi = {"logistic": ad.logistic, "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0.0)}[activation]

    def loss_of(x: Any, *weights: Any) -> Any:
        for W in weights[:-1]:
            x = phi(x @ W[:, :-1].T + W[:, -1])
        return np.sum(dout * (x @ weights[-1][:, :-1].T + weights[-1][:, -1]))

    dx, dweights = mlp.mlp_backward(dout, mlp.mlp_forward(x, weights, activation)[1])
    assert_agree(dx, lambda x: loss_of(x, *weights), x)
    for i, W in enumerate(weights):
        assert_agree(dweights[i], lambda w, i=i: loss_of(x, *weights[:i], w, *weights[i + 1 :]), W)


# ------------------------------------------------------------------------------------ what is said is true
def test_the_flowers_are_those_of_the_course() -> None:
    X, y = iris_plane()
    assert np.array_equal(mlp.IRIS_X, X)
    assert np.array_equal(mlp.IRIS_Y, np.eye(3)[y])


@pytest.mark.parametrize(
    ("change", "hidden", "how"),
    [
        (mlp.permute_hidden, "tanh", [2, 0, 1]),
        (mlp.flip_hidden, "tanh", [2, 0]),
        (mlp.scale_hidden, "relu", [0.5, 3.0, 2.0]),
    ],
)
def test_the_symmetries_leave_the_function_as_it_is(change: Any, hidden: str, how: Any) -> None:
    X, Y, W, V = net("regression")
    new_W, new_V = change(W, V, np.array(how))
    assert not np.allclose(new_V, V)
    before, after = (mlp.network_loss(X, Y, *pair, "regression", hidden)[0] for pair in ((W, V), (new_W, new_V)))
    np.testing.assert_allclose(before, after, rtol=1e-12)


def test_the_linear_map_is_the_net_without_its_nonlinearity() -> None:
    rng = np.random.default_rng(4)
    x = np.abs(rng.standard_normal((5, 3)))
    weights = [np.abs(rng.standard_normal(s)) for s in ((4, 4), (2, 5), (3, 3))]  # ReLUs that are on do nothing
    A = mlp.linear_map(weights)
    np.testing.assert_allclose(
        np.hstack([x, np.ones((5, 1))]) @ A.T, mlp.mlp_forward(x, weights, "relu")[0], rtol=1e-12
    )


def test_the_predictions_come_true() -> None:
    X, _, _, _ = net("multiclass")
    Y = np.eye(4)[[0, 1, 2, 3, 1]]
    zeros = np.zeros((10, 4)), np.zeros((4, 10))
    np.testing.assert_allclose(mlp.cost(X, Y, *zeros), mlp.predict_zero_net_loss(), rtol=1e-12)
    W, V = np.zeros((16, 3)), np.zeros((3, 16))
    for _ in range(500):
        dW, dV = mlp.gradients(mlp.IRIS_X[:120], mlp.IRIS_Y[:120], W, V)  # 50, 50 and 20 of them
        W, V = W - 0.3 * dW, V - 0.3 * dV
    assert np.abs(V).max() > 0.1
    assert len({tuple(np.round(column, 9)) for column in V.T}) == mlp.predict_equal_columns()


def test_the_numbers_of_the_questions_are_counted() -> None:
    weights = [np.zeros((16, 5)), np.zeros((3, 17))]
    assert len(mlp.flatten(weights)) == mlp.question_parameters()
    points_ = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]])
    labels = np.array([0, 1, 1, 0])
    lines = np.random.default_rng(5).standard_normal((20_000, 3))
    said = points_ @ lines[:, :2].T + lines[:, 2] > 0
    assert (said == (labels == 1)[:, None]).mean(axis=0).max() == mlp.predict_without_nonlinearity()


def test_flatten_and_unflatten_undo_each_other() -> None:
    arrays = [np.arange(6.0).reshape(2, 3), np.arange(4.0), np.arange(8.0).reshape(2, 2, 2)]
    back = mlp.unflatten(mlp.flatten(arrays), [a.shape for a in arrays])
    assert all(np.array_equal(a, b) for a, b in zip(arrays, back, strict=True))


def test_the_initialisers_pass_for_any_seed() -> None:
    """What chance does to the moments of a right answer stays within the bounds that the bank sets."""
    from grader.bank.mlp import start

    for seed in range(200):
        rng = np.random.default_rng(seed)
        for draw, law, kurtosis in (
            (mlp.xavier_weights, lambda n, m: 2 / (n + m), 1.8),
            (mlp.he_weights, lambda n, m: 2 / n, 3.0),
        ):
            W = draw(80, 60, rng)
            assert start.spread_of(W, law(80, 60)).met
            assert start.shape_of(W, kurtosis, "").met
