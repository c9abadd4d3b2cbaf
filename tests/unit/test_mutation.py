"""Changes of model answers: which are made, how they are named, and which no case could tell, so that they are not made."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.validation.further import further_slips
from grader.validation.known import Known
from grader.validation.mutation import changed_answers


def test_the_kinds_of_changes() -> None:
    def answer(x: Any, axis: int = 0) -> Any:
        total = np.zeros(3)
        for i in range(len(x)):
            total[i] += x[i, 1:].sum(axis=axis)
        if not total.any() and axis > 1:
            total = np.subtract(total, 1)
        return np.where(x > 0, total, -total).T, {"a": True}["a"]

    kinds = {changed.kind for changed in changed_answers(answer)}
    assert kinds >= {
        "changed_constant", "constant changed", "flipped_sign", "statement removed", "call dropped", "arguments swapped",
        "missing_transpose", "index shifted", "bound dropped", "keyword dropped", "condition negated", "one time fewer",
        "assigned, not added up", "and for or", "condition dropped", "outputs swapped", "reversed_comparison", "wrong_axis",
    }  # fmt: skip
    names = [changed.name for changed in changed_answers(answer)]
    assert len(names) == len(set(names))
    assert "without: total = np.subtract(total, 1)" in names


def test_formulas_and_graphs_are_changed_within() -> None:
    def formula() -> str:
        return "2*x*cos(x^2)"

    def graph() -> list[tuple[Any, ...]]:
        return [("a", "subtract", "x", "y")]

    assert "return '2 * cos(x ^ 2)'" in [changed.name for changed in changed_answers(formula)]
    names = [changed.name for changed in changed_answers(graph)]
    assert "return [('a', 'add', 'x', 'y')]" in names
    assert "return [('a', 'subtract', 'y', 'x')]" in names


def test_no_change_is_a_text_that_is_the_same() -> None:
    import ast

    (node,) = (ast.parse("np.maximum(a, b)", mode="eval").body,)
    assert "arguments swapped" not in [kind for kind, _ in further_slips(node, ())]


M, N = np.ones((4, 3)), np.array([0.5, 2.0, -1.0])
KNOWN = Known(
    {"m": 2, "n": 1, "k": 1, "y": 1, "s": 1},
    [{"m": M, "n": N, "k": np.ones(4), "y": np.array([0.0, 1.0, 1.0, 0.0]), "s": np.array([1.0, -1.0, 1.0])}],
)


def reduces(m: Any) -> Any:
    return m.sum(axis=-1)


def keeps(m: Any) -> Any:
    return m - m.mean(axis=0, keepdims=True)


def sums(m: Any) -> Any:
    return np.sum(np.abs(m))


def turns(n: Any) -> Any:
    return n @ n + (n + 1)


def counts(m: Any, k: Any) -> Any:
    return np.exp(m) / len(k)


def sizes(m: Any, n: Any) -> Any:
    return m.shape[1] * np.zeros_like(n)


def is_even(n: Any, s: Any) -> Any:
    return np.abs(s - n) + np.exp(s - n)


def marks(y: Any, n: Any) -> Any:
    return (y * 3, n * 3, 1 / n)


def masks(n: Any) -> Any:
    return np.where(n > 0, 1.0, 0.0)


def folds(m: Any) -> Any:
    return m.reshape(3, -1)


def steps() -> Any:
    return [("a", "add", "x", "y"), ("b", "subtract", "x", "y")]


def signs(n: Any, s: Any) -> Any:
    return n * s


@pytest.mark.parametrize(
    ("answer", "same", "another"),
    [
        (reduces, "return m.sum(axis=1)", "return m.sum(axis=0)"),
        (keeps, "return m - m.mean(axis=0)", "return m - m.mean(keepdims=True)"),
        (sums, "return np.sum(np.abs(m.T))", "return np.sum(m)"),
        (turns, "return n.T @ n + (n + 1)", "return n * n + (n + 1)"),
        (counts, "return np.exp(m) / len(m)", "return np.exp(m.T) / len(k)"),
        (sizes, "return m.shape[-1] * np.zeros_like(n)", "return m.shape[1] * np.zeros_like(m)"),
        (is_even, "return np.abs(n - s) + np.exp(s - n)", "return np.abs(s - n) + np.exp(n - s)"),
        (marks, "return (y * (y * 3), n * 3, 1 / n)", "return (y * 3, n * (n * 3), 1 / n)"),
        (marks, "return (y * 3, n * 3, 1 / (1 * n))", "return (y * 3, n * 3, 1 / n / n)"),
        (masks, "return n > 0", "return np.where(n >= 0, 1.0, 0.0)"),
        (masks, "return np.where(1.0, n > 0, 0.0)", "return np.where(n > 0, 0.0, 1.0)"),
        (folds, "return m.reshape(3, -2)", "return m.reshape(4, -1)"),
        (
            steps,
            "return [('a', 'add', 'y', 'x'), ('b', 'subtract', 'x', 'y')]",
            "return [('a', 'add', 'x', 'y'), ('b', 'subtract', 'y', 'x')]",
        ),
        (signs, "return n / s", "return n"),
    ],
)
def test_changes_that_no_case_can_tell_are_not_made(answer: Any, same: str, another: str) -> None:
    made = [changed.name for changed in changed_answers(answer, KNOWN)]
    assert same not in made
    assert another in made


@pytest.mark.parametrize(
    ("answer", "unknown"),
    [
        (reduces, "return m.sum(axis=1)"),
        (sums, "return np.sum(np.abs(m.T))"),
        (counts, "return np.exp(m) / len(m)"),
        (signs, "return n / s"),
    ],
)
def test_they_are_made_where_the_arguments_are_not_known(answer: Any, unknown: str) -> None:
    assert unknown in [changed.name for changed in changed_answers(answer)]
