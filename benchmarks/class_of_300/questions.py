"""Test cells for nbgrader: for each exercise an expression over a student's functions, and the value that the model answer gives.

A cell evaluates the expressions and compares numbers by ``np.allclose``, as instructors' test cells do; the expected values stand
in the cell as numbers. That catches most wrong answers and by no means all: it is what such a cell costs that is measured.
"""

from __future__ import annotations

from importlib import import_module
from textwrap import indent
from typing import Any

import numpy as np

from class_of_300.pieces import asked
from grader.bank import catalogue

__all__ = ["TESTED", "cells"]

TESTED = ("layers", "optimizers")
"""The units that have test cells."""

GIVEN = {
    "layers": """\
rng = np.random.default_rng(3)
x, y, dout, dh = rng.standard_normal((5, 4)), rng.standard_normal((5, 4)), rng.standard_normal((5, 4)), rng.standard_normal((5, 3))
w, b, up, labels, bits = rng.standard_normal((4, 3)), rng.standard_normal(3), rng.standard_normal(5), rng.integers(0, 4, 5), y > 0
""",
    "optimizers": """\
rng = np.random.default_rng(3)
w, dw, dw2, A, X = (rng.standard_normal(shape) for shape in ((2, 3), (2, 3), (2, 3), (3, 3), (7, 2)))
p, g, H = rng.standard_normal(3), rng.standard_normal(3), A @ A.T + np.eye(3)

def steps(rule):
    at, config = w, None
    for slope in (dw, dw2, dw, -dw2):
        at, config = rule(at, slope, config)
    return at
""",
}
PAIRS = {
    "relu": "x",
    "leaky_relu": "x, 0.2",
    "sigmoid": "x",
    "tanh": "x",
    "softplus": "x",
    "softmax": "x",
    "logsumexp": "x",
}
ASKED: dict[str, tuple[str, ...]] = {
    "affine_forward": ("affine_forward(x, w, b)[0]",),
    "affine_backward": ("[*affine_backward(dh, affine_forward(x, w, b)[1])][i]",),
    "linear_forward": ("linear_forward(x, w)[0]",),
    "linear_backward": ("[*linear_backward(dh, linear_forward(x, w)[1])][i]",),
    "linear_jacobian": ("linear_jacobian(w)",),
    "relu_jacobian": ("relu_jacobian(x[0])",),
    **{f"{layer}_forward": (f"{layer}_forward({told})[0]",) for layer, told in PAIRS.items()},
    **{
        f"{layer}_backward": (
            f"{layer}_backward({'up' if layer == 'logsumexp' else 'dout'}, {layer}_forward({told})[1])",
        )
        for layer, told in PAIRS.items()
    },
    **{f"{loss}_loss": (f"{loss}_loss(x, y)[0]", f"{loss}_loss(x, y)[1]") for loss in ("squared_error", "mse")},
    "bce_with_logits_loss": (
        "bce_with_logits_loss(up, bits[:, 0] * 1.0)[0]",
        "bce_with_logits_loss(up, bits[:, 0] * 1.0)[1]",
    ),
    **{f"{loss}_loss": (f"{loss}_loss(x, labels)[0]", f"{loss}_loss(x, labels)[1]") for loss in ("softmax", "svm")},
    "huber_loss": ("huber_loss(x, y)[0]", "huber_loss(x, y)[1]"),
    "is_linear_backward": (
        "is_linear_backward(lambda d, x, w: (d @ w.T, x.T @ d))",
        "is_linear_backward(lambda d, x, w: (d @ w.T, d.T @ x))",
        "is_linear_backward(lambda d, x, w: (d @ w.T, x.T @ np.sign(d)))",
    ),
    "question_sigmoid_slope": ("question_sigmoid_slope(up)",),
    **{rule: (f"steps({rule})",) for rule in ("sgd", "sgd_momentum", "adagrad", "rmsprop", "adam", "adamw")},
    "nesterov": ("nesterov(p, lambda v: H @ v, None)[0]",),
    "newton_step": ("newton_step(p, g, H)",),
    "preconditioned_step": ("preconditioned_step(p, g, A, 0.1)",),
    **{bowl: tuple(f"{bowl}(p[:2])[{i}]" for i in range(3)) for bowl in ("elongated_bowl", "rotated_bowl")},
    "gradient_in_new_coordinates": ("gradient_in_new_coordinates(g, A)",),
    "steps_per_epoch": ("steps_per_epoch(10, 3)", "steps_per_epoch(9, 3)", "steps_per_epoch(2, 5)"),
    "heavy_ball": ("heavy_ball(p, g, A[0], 0.1, 0.9)",),
    "is_free_of_coordinates": (
        "is_free_of_coordinates(lambda w, g, H: w - np.linalg.solve(H, g))",
        "is_free_of_coordinates(lambda w, g, H: w - 0.1 * g)",
    ),
    "rounding_scales": ("rounding_scales(np.diag(np.diag(H)))",),
    "largest_stable_step": ("largest_stable_step(H)",),
    "minibatch_gradient": tuple(f"minibatch_gradient(X, np.array([0, 2, 2]), {way!r})" for way in ("mean", "sum")),
    "minibatches": (
        "[len(rows) for rows, _ in minibatches(X, X, 3, np.random.default_rng(0))]",
        "np.sort(np.concatenate([rows for rows, _ in minibatches(X, X, 3, np.random.default_rng(0))]), axis=0)",
    ),
    "constant": ("constant(3, 0.1)",),
    "step_decay": ("step_decay(7, 0.1, 0.5, 3)",),
    "inverse_time": ("inverse_time(4, 0.1)",),
    "cosine": ("cosine(3, 0.1, 10, 0.01)", "cosine(12, 0.1, 10)"),
    "warmup": ("warmup(2, 0.1, 5)", "warmup(9, 0.1, 5)"),
}
PARTS = {"affine_backward": 3, "linear_backward": 2}
"""Number of gradients in a tuple: ``[i]`` stands for each of them."""


def _cell(unit: str, exercise: str) -> str:
    """The code of an exercise's test cell.

    Raises:
        KeyError: nothing is asked of that exercise.

    """
    names: dict[str, Any] = {**vars(import_module(f"reference.{unit}")), "np": np}
    exec(GIVEN[unit], names)  # noqa: S102 - our own words
    lines = []
    for told in _expressions(exercise):
        due = eval(told, names)  # noqa: S307 - our own words
        if isinstance(due, str | dict) or (isinstance(due, list) and isinstance(due[0], str)):
            lines.append(f"assert {told} == {due!r}")
        else:
            lines.append(f"assert np.allclose({told}, {np.asarray(due).tolist()!r})")
    body = "\n".join(["import numpy as np", GIVEN[unit], *lines])
    return f"def check():\n{indent(body, '    ')}\n\ncheck()"


def cells(unit: str) -> dict[str, str]:
    """The test cells of a unit by exercise; a formula that is typed as text has none, since it may be written in many ways."""
    formulas = {exercise.function for exercise in catalogue().unit(unit).exercises if exercise.form == "formula"}
    return {exercise: _cell(unit, exercise) for exercise in asked(unit) if exercise not in formulas}


def _expressions(exercise: str) -> list[str]:
    asked = ASKED.get(exercise) or (f"{exercise}()",)
    if exercise in PARTS:
        return [text.replace("[i]", f"[{i}]") for text in asked for i in range(PARTS[exercise])]
    return list(asked)
