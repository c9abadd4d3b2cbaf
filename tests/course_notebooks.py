"""Notebooks of a course for nbgrader and otter, made by the published rules of their source versions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["NBGRADER", "OTTER", "cell", "marks", "raw", "saved"]


def cell(kind: str, source: str, metadata: dict[str, Any] | None = None, out: str | None = None) -> dict[str, Any]:
    """A cell; ``out``: what it returned when it was saved."""
    made: dict[str, Any] = {"cell_type": kind, "metadata": metadata or {}, "source": source.splitlines(keepends=True)}
    if kind == "code":
        data = {"output_type": "execute_result", "data": {"text/plain": [out]}, "metadata": {}, "execution_count": 1}
        made |= {"execution_count": None, "outputs": [data] if out is not None else []}
    return made


def raw(source: str) -> dict[str, Any]:
    """A raw cell, which says to otter what follows."""
    return cell("raw", source)


def marks(name: str, version: int = 3, **more: Any) -> dict[str, Any]:
    """The metadata of a cell for nbgrader, of a schema version."""
    found: dict[str, Any] = {
        "grade_id": name,
        "grade": False,
        "solution": False,
        "locked": False,
        "schema_version": version,
    }
    return {"nbgrader": {**found, **({"task": False} if version == 3 else {}), **more}}


def saved(path: Path, cells: list[dict[str, Any]], **more: Any) -> Path:
    """Write a notebook."""
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells, **more}))
    return path


def _solution(name: str, source: str, version: int = 3) -> dict[str, Any]:
    return cell("code", source, marks(name, version, solution=True))


def _test(name: str, source: str, points: float, version: int = 3) -> dict[str, Any]:
    return cell("code", source, marks(name, version, grade=True, locked=True, points=points))


NBGRADER = [
    cell("markdown", "# Homework\n\nThe prose stays."),
    cell(
        "code",
        "import math\n\nimport numpy as np\n\nRATE = 0.5\n\n\ndef given(x):\n    return x + RATE",
        marks("setup", locked=True),
    ),
    _solution(
        "relu",
        'def relu(x):\n    """Rectifier. x (N, D); returns (N, D)."""\n'
        "    ### BEGIN SOLUTION\n    return np.maximum(x, 0)\n    ### END SOLUTION",
        1,
    ),
    _test(
        "relu_test",
        "x = np.array([[1.0, -2.0, 3.0], [0.5, -0.5, 0.0]])\nassert np.allclose(relu(x), [[1, 0, 3], [0.5, 0, 0]])\n"
        "### BEGIN HIDDEN TESTS\nassert relu(np.array([[-7.0, 7.0]])).sum() == 7\n"
        "assert np.array_equal(relu(np.array([[-7.0, 7.0]])), np.array([[0.0, 7.0]]))\n### END HIDDEN TESTS",
        3,
        1,
    ),
    cell("markdown", "## Logistic\n\nOf one **number**."),
    _solution("logistic", "def logistic(z):\n    return given(1 / (1 + math.exp(-z))) - RATE", 2),
    _test(
        "logistic_test",
        "assert abs(logistic(0.0) - 0.5) < 1e-6\nassert math.isclose(logistic(2.0), 0.8807970779778823)",
        2,
        2,
    ),
    _solution(
        "affine_forward",
        'def affine_forward(x, w, b):\n    """Affine layer. x (N, D), w (D, M), b (M,); out (N, M), cache = (x, w, b)."""\n'
        "    ### BEGIN SOLUTION\n    out = x @ w + b\n    ### END SOLUTION\n    cache = (x, w, b)\n    return out, cache",
    ),
    _test(
        "affine_forward_test",
        "out, _ = affine_forward(np.ones((2, 3)), np.ones((3, 4)), np.zeros(4))\n"
        "assert np.allclose(out, 3 * np.ones((2, 4)))",
        2,
    ),
    _solution(
        "affine_backward",
        'def affine_backward(dout, cache):\n    """Its backward pass. dout (N, M); returns dx, dw, db."""\n'
        "    x, w, b = cache\n"
        "    ### BEGIN SOLUTION\n    dx, dw, db = dout @ w.T, x.T @ dout, dout.sum(axis=0)\n    ### END SOLUTION\n"
        "    return dx, dw, db",
    ),
    _test(
        "affine_backward_test",
        "x, w, b = np.random.randn(10, 6), np.random.randn(6, 5), np.random.randn(5)\ndout = np.random.randn(10, 5)\n"
        "out, cache = affine_forward(x, w, b)\ndx, dw, db = affine_backward(dout, cache)\nassert dx.shape == x.shape",
        4,
    ),
    _solution(
        "mystery",
        'def mystery(data):\n    """Something of a table."""\n'
        '    ### BEGIN SOLUTION\n    return data["x"] * 2\n    ### END SOLUTION',
    ),
    _test("../../etc/`passwd`|\n# x", "for row in load():\n    assert mystery(row) == 3", 5),
    _solution("variable", "### BEGIN SOLUTION\nanswer = 42\n### END SOLUTION"),
    _test("variable_test", "assert answer == 42", 1),
    cell("markdown", "My reason.", marks("why", grade=True, solution=True, points=6)),
    cell(
        "markdown",
        "Do it.\n### BEGIN MARK SCHEME\nsecret scheme\n### END MARK SCHEME",
        marks("task", task=True, points=2),
    ),
]
OTTER = [
    raw("# ASSIGNMENT CONFIG\ninit_cell: false\ngenerate: true"),
    cell("code", "import numpy as np"),
    raw("# BEGIN QUESTION\nname: q1\npoints: 2"),
    cell("markdown", "**Question 1.** Write `square`."),
    raw("# BEGIN SOLUTION"),
    cell("code", "def square(x):\n    y = x * x # SOLUTION\n    return y\n\nnine = square(3) # SOLUTION"),
    raw("# END SOLUTION"),
    raw("# BEGIN TESTS"),
    cell("code", "square(3.0)", out="9.0"),
    cell("code", "# HIDDEN\nsquare(2.5) == 6.25", out="True"),
    cell(
        "code",
        '""" # BEGIN TEST CONFIG\npoints: 1\nhidden: true\n""" # END TEST CONFIG\nnp.isclose(square(0.5), 0.25)',
        out="True",
    ),
    raw("# END TESTS"),
    raw("# END QUESTION"),
    raw("# BEGIN QUESTION\nname: q2\npoints:\n  - 1\n  - 2"),
    raw("# BEGIN PROMPT"),
    cell("markdown", "A hint."),
    raw("# END PROMPT"),
    raw("# BEGIN SOLUTION"),
    cell(
        "code",
        'def softmax(x):\n    """Softmax of each row. x (N, D); returns (N, D)."""\n    # BEGIN SOLUTION\n'
        "    e = np.exp(x - x.max(axis=1, keepdims=True))\n    return e / e.sum(axis=1, keepdims=True)\n    # END SOLUTION\n"
        '    """ # BEGIN PROMPT\n    e = ...\n    """ # END PROMPT',
    ),
    raw("# END SOLUTION"),
    raw("# BEGIN TESTS"),
    cell("code", "def test_rows(softmax):\n    assert np.allclose(softmax(np.zeros((2, 4))), 0.25 * np.ones((2, 4)))"),
    cell("code", "for i in range(3):\n    assert softmax(np.ones((2, 2)))[0, 0] == 0.5"),
    raw("# END TESTS"),
    raw("# END QUESTION"),
    raw("# BEGIN QUESTION\nname: q3\nmanual: true\npoints: 4"),
    raw("# BEGIN SOLUTION"),
    cell("markdown", "Because of that."),
    raw("# END SOLUTION"),
    raw("# END QUESTION"),
]
