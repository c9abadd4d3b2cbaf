"""Optimizers over trees are the update rules leaf by leaf; clipping, schedules, and training that arrives."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from reference import optimizers as rules
from reference.autodiff import leaves, map_leaves, value_and_grad
from reference.nn import attention, embedding, losses, lstm, mlp, optim, transformer
from reference.nn.iris import iris_plane
from reference.nn.training import epochs, fit

SETTINGS: dict[str, dict[str, float]] = {
    "sgd": {},
    "sgd_momentum": {"momentum": 0.5},
    "nesterov": {"momentum": 0.5},
    "adagrad": {"epsilon": 1e-4},
    "rmsprop": {"decay_rate": 0.8, "epsilon": 1e-4},
    "adam": {"beta1": 0.8, "beta2": 0.9, "epsilon": 1e-4},
    "adamw": {"beta1": 0.8, "beta2": 0.9, "epsilon": 1e-4, "weight_decay": 0.1},
}
each_optimizer = pytest.mark.parametrize("name", SETTINGS)


def tree(seed: int) -> Any:
    r = np.random.default_rng(seed)
    return {
        "layers": [{"W": r.normal(size=(2, 3)), "b": r.normal(size=3)}, {"W": r.normal(size=(3, 1))}],
        "gain": r.normal(size=()),
    }


def curved(w: Any) -> Any:
    """A gradient that depends on the point, with an exact zero and a tiny entry in each leaf that has room."""
    g = np.sin(3 * w) + w
    if np.size(g) > 2:
        g.flat[0], g.flat[1] = 0.0, 1e-7
    return g


def trajectory(optimizer: optim.Optimizer, steps: int = 8) -> list[Any]:
    params, path = tree(0), []
    state = optimizer.init(params)
    for _ in range(steps):
        params, state = optimizer.step(params, map_leaves(curved, optimizer.point(params, state)), state)
        path.append(params)
    assert state.t == steps
    return path


def leafwise(name: str, configs: Callable[[int], dict[str, Any]], steps: int = 8) -> list[list[Any]]:
    """The same by the unit's rule on each array alone."""
    paths = []
    for w in leaves(tree(0)):
        path, config = [], None
        for t in range(steps):
            given = {**(config or {}), **configs(t)}
            w, config = getattr(rules, name)(w, curved if name == "nesterov" else curved(w), given)  # noqa: PLW2901
            path.append(w)
        paths.append(path)
    return [list(step) for step in zip(*paths, strict=True)]


def same(path: list[Any], expected: list[list[Any]]) -> bool:
    return all(
        np.array_equal(a, b) for p, e in zip(path, expected, strict=True) for a, b in zip(leaves(p), e, strict=True)
    )


@each_optimizer
def test_over_a_tree_it_is_the_rule_leaf_by_leaf(name: str) -> None:
    """To the last bit, with the defaults and with settings of one's own; either is seen not to be the other."""
    make = getattr(optim, name)
    default, own = trajectory(make()), trajectory(make(0.3, **SETTINGS[name]))
    assert same(default, leafwise(name, lambda t: {}))
    assert same(own, leafwise(name, lambda t: {"learning_rate": 0.3, **SETTINGS[name]}))
    assert not same(default, leafwise(name, lambda t: SETTINGS[name] | {"learning_rate": 0.3}))
    assert set(inspect.signature(make).parameters) == {"learning_rate", *SETTINGS[name]}


def test_nesterovs_gradient_at_the_point_itself_is_another_method() -> None:
    ahead = trajectory(optim.nesterov(0.1))
    here = trajectory(optim.nesterov(0.1)._replace(point=lambda params, state: params))
    assert same(ahead[:1], [list(leaves(here[0]))])  # no velocity yet
    assert not same(ahead, [list(leaves(params)) for params in here])


@each_optimizer
def test_a_schedule_is_asked_for_each_step_from_0(name: str) -> None:
    def schedule(t: int) -> float:
        return float(rules.cosine(t, 0.2, 6))

    path = trajectory(getattr(optim, name)(schedule))
    assert same(path, leafwise(name, lambda t: {"learning_rate": schedule(t)}))
    assert not same(path, leafwise(name, lambda t: {"learning_rate": schedule(t + 1)}))


def test_a_schedule_that_counts_from_1_is_shifted() -> None:
    path = trajectory(optim.sgd(lambda t: rules.inverse_time(t + 1, 0.5)))
    assert same(path, leafwise("sgd", lambda t: {"learning_rate": 0.5 / (t + 1)}))


@each_optimizer
def test_a_step_changes_nothing_that_it_was_given(name: str) -> None:
    """Stepping twice from one state gives one answer: params, gradients and state are values."""
    optimizer, params, grads = getattr(optim, name)(), tree(0), tree(1)
    _, state = optimizer.step(params, grads, optimizer.init(params))
    first, _ = optimizer.step(params, grads, state)
    again, _ = optimizer.step(params, grads, state)
    assert same([first, params, grads], [list(leaves(again)), list(leaves(tree(0))), list(leaves(tree(1)))])


def test_gradients_of_another_structure_order_or_shape_are_refused() -> None:
    """Two biases of one shape in the other order would be moved by each other's gradients."""
    params = {"W": np.ones((2, 3)), "b": np.ones(3), "c": np.ones(3)}
    W, b, c = params.values()
    optimizer = optim.adam()
    wrong = ({"W": b, "b": b, "c": c}, {"W": W, "b": b}, {"W": W, "c": c, "b": b}, [W, b, c])
    for grads in wrong:
        with pytest.raises(
            ValueError, match=r"structure, order and shapes of the parameters, {'W': \(2, 3\), .*; these: "
        ):
            optimizer.step(params, grads, optimizer.init(params))


# ------------------------------------------------------------------------------------------ clipping
def test_clipping_keeps_the_direction_and_bounds_the_norm_of_all_leaves_together() -> None:
    grads = tree(1)
    flat = np.concatenate([np.ravel(g) for g in leaves(grads)])
    clipped, norm = optim.clip_by_global_norm(grads, 0.5)
    assert norm == pytest.approx(np.linalg.norm(flat), rel=1e-14)
    assert optim.global_norm(clipped) == pytest.approx(0.5, rel=1e-14)
    np.testing.assert_allclose(np.concatenate([np.ravel(g) for g in leaves(clipped)]), flat * 0.5 / norm, rtol=1e-14)
    # Each leaf clipped on its own is another thing: the global norm stays larger.
    alone = map_leaves(lambda g: optim.clip_by_global_norm(g, 0.5)[0], grads)
    assert optim.global_norm(alone) > 0.6


def test_a_gradient_within_the_limit_is_left_alone() -> None:
    grads = tree(1)
    clipped, norm = optim.clip_by_global_norm(grads, 1e3)
    assert same([clipped], [list(leaves(grads))])
    nothing, norm = optim.clip_by_global_norm({"W": np.zeros(3)}, 1.0)
    assert norm == 0
    assert not nothing["W"].any()


# ------------------------------------------------------------------------------------------ training
RATES = {
    "sgd": 0.1,
    "sgd_momentum": 0.02,
    "nesterov": 0.02,
    "adagrad": 0.1,
    "rmsprop": 0.01,
    "adam": 0.02,
    "adamw": 0.02,
}


@pytest.mark.slow
@each_optimizer
def test_sixteen_units_learn_the_irises(name: str) -> None:
    """D = 3, M = 16, C = 3 as in the course: at least 142 of 150 flowers right after 300 epochs, from about a third."""
    X, y = iris_plane()
    r = np.random.default_rng(0)
    start = mlp.init(r, (3, 16, 3), bias=False)
    params, history = fit(
        partial(mlp.cost, hidden="tanh"), start, epochs(X, y, 50, r, 300), getattr(optim, name)(RATES[name])
    )
    right = [int(np.sum(mlp.predict(p, X, "tanh").argmax(axis=1) == y)) for p in (start, params)]
    assert right[0] < 100
    assert right[1] >= 142
    assert len(history.loss) == 900
    assert history.loss[-30:].mean() < 0.25 < history.loss[0]


@pytest.mark.parametrize("optimizer", [optim.adam(0.1), optim.nesterov(0.1)], ids=["adam", "nesterov"])
def test_fit_is_the_loop_one_would_write_by_hand(optimizer: optim.Optimizer) -> None:
    X, y = iris_plane()
    start, batches = mlp.init(np.random.default_rng(0), (3, 4, 3)), list(epochs(X, y, 64, np.random.default_rng(1), 2))
    assert [len(b[0]) for b in batches] == [64, 64, 22, 64, 64, 22]
    assert sorted(np.concatenate([b[1] for b in batches[:3]])) == sorted(y)
    trained, history = fit(mlp.cost, start, batches, optimizer, clip=0.5)
    params, norms = start, []
    state = optimizer.init(params)
    for k, batch in enumerate(batches):
        value, grads = value_and_grad(mlp.cost)(optimizer.point(params, state), *batch)
        grads, norm = optim.clip_by_global_norm(grads, 0.5)
        norms.append(norm)
        assert history.loss[k] == pytest.approx(value, rel=1e-12)
        params, state = optimizer.step(params, grads, state)
    np.testing.assert_allclose(history.norm, norms, rtol=1e-10)
    assert max(norms) > 0.5 > min(norms)  # some were clipped, some not
    for got, want in zip(leaves(trained), leaves(params), strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-9)


def test_no_batches_leave_the_parameters_and_an_empty_history() -> None:
    start = tree(0)
    params, history = fit(mlp.cost, start, [], optim.sgd())
    assert params is start
    assert history.loss.shape == history.norm.shape == (0,)


def test_divergence_is_told_with_what_to_do() -> None:
    with (
        pytest.raises(FloatingPointError, match=r"the loss is inf after .* lower the learning rate, or clip"),
        np.errstate(over="ignore"),
    ):
        fit(lambda w: np.sum(w**4), np.ones(2), [()] * 50, optim.sgd(1.0))
    fit(lambda w: np.sum(w**4), np.ones(2), [()] * 50, optim.sgd(1.0), clip=0.1)


@pytest.mark.slow
def test_an_lstm_learns_to_remember_its_first_input() -> None:
    """Twenty steps later the sign of the first input is asked for, which the inputs between say nothing about."""
    r = np.random.default_rng(0)
    x = r.normal(size=(64, 20, 1))
    y = (x[:, 0, 0] > 0).astype(float)
    params = {"lstm": lstm.init(r, 1, 8), "out": mlp.init(r, (8, 1))}

    def loss(params: Any, x: Any, y: Any) -> Any:
        h = lstm.apply(params["lstm"], x, np.zeros((64, 8)))
        return mlp.cost(params["out"], h[:, -1], y, output="binary")

    _, history = fit(loss, params, [(x, y)] * 250, optim.adam(0.03), clip=1.0)
    assert history.loss[0] == pytest.approx(np.log(2), rel=0.2)
    assert history.loss[-1] < 0.1


@pytest.mark.slow
def test_a_causal_transformer_learns_to_say_the_word_before_last() -> None:
    """Attention must look back: a model of the present word alone cannot do better than chance, log 5."""
    r = np.random.default_rng(0)
    words = r.integers(0, 5, size=(64, 8))
    asked, mask = np.roll(words, 2, axis=1), np.ones((64, 8)) * (np.arange(8) >= 2)
    params = {
        "words": embedding.init(r, 5, 16), "places": embedding.init(r, 8, 16),
        "block": transformer.init(r, 16, 2, 32), "out": mlp.init(r, (16, 5)),
    }  # fmt: skip

    def loss(params: Any, words: Any, asked: Any) -> Any:
        x = embedding.apply(params["words"], words) + params["places"]
        x = transformer.apply(params["block"], x, attention.causal_mask(8))
        return losses.sequence_cross_entropy(mlp.apply(params["out"], x), asked, mask) / 6

    _, history = fit(loss, params, [(words, asked)] * 200, optim.adam(0.01), clip=1.0)
    assert history.loss[0] > 1.2
    assert history.loss[-1] < 0.3
