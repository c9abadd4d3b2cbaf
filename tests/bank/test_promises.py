"""What a docstring promises is tried: any one shape, any integer dtype, an upstream gradient of any size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from exam import bench, models, verdicts

from grader.bank import catalogue
from grader.judging import Exercise, points_of

LAYERS = {exercise.function: exercise for exercise in catalogue().unit("layers").exercises}
ELEMENTWISE = ("relu", "leaky_relu", "sigmoid", "tanh", "softplus")


def fails(exercise: Exercise, **functions: Callable[..., Any]) -> bool:
    """True if every check that is worth points is lost, the rest of the functions being the model answers."""
    found = verdicts({**models(exercise.unit), **functions}, exercise)
    return sum(points_of(verdict, found) for verdict in found) == 0


@pytest.mark.parametrize("name", [name for name, exercise in LAYERS.items() if exercise.pair is not None])
def test_an_upstream_gradient_that_is_cut_at_4_is_found(name: str) -> None:
    right = models("layers")[name]
    assert fails(LAYERS[name], **{name: lambda dout, cache: right(np.clip(dout, -4, 4), cache)})


@pytest.mark.parametrize("name", [f"{stem}_{half}" for stem in ELEMENTWISE for half in ("forward", "backward")])
def test_a_double_loop_over_a_matrix_is_found_where_any_shape_is_promised(name: str) -> None:
    right = models("layers")[name]

    def loops(*args: Any) -> Any:
        rows, columns = args[0].shape
        assert rows, columns
        return right(*args)

    assert fails(LAYERS[name], **{name: loops})


@pytest.mark.parametrize("name", ["squared_error_loss", "mse_loss"])
def test_a_loss_of_matrices_alone_is_found_where_any_shape_is_promised(name: str) -> None:
    right = models("layers")[name]
    assert fails(LAYERS[name], **{name: lambda x, y: right(x, y) if x.ndim == 2 else (np.nan, np.full_like(x, np.nan))})


@pytest.mark.parametrize("name", ["softmax_loss", "svm_loss"])
@pytest.mark.parametrize("kind", ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"])
def test_labels_come_in_every_integer_dtype(name: str, kind: str) -> None:
    right = models("layers")[name]

    def picky(x: Any, y: Any) -> Any:
        if y.dtype == np.dtype(kind):
            raise TypeError(kind)
        return right(x, y)

    assert fails(LAYERS[name], **{name: picky})


@pytest.mark.parametrize("name", [name for name, exercise in LAYERS.items() if exercise.pair is not None])
def test_no_upstream_gradient_is_all_ones_and_some_are_large_and_small(name: str) -> None:
    exercise = LAYERS[name]
    sizes = [np.abs(case.inputs["dout"]).max() for case in bench("layers").cases(exercise)]
    assert not any((case.inputs["dout"] == 1).all() for case in bench("layers").cases(exercise))
    assert max(sizes) > 50
    assert min(sizes) < 0.1
