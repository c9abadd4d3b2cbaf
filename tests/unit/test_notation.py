"""Graphs as data and formulas as text: what is read, what is refused and how, and what they compute."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.judging import (
    Malformed,
    Unread,
    at_most_operations,
    factored,
    no_function,
    only_names,
    read_formula,
    read_graph,
)

X = {"x": np.array([0.5, 2.0]), "y": 3.0, "A": np.array([[1.0, 2.0], [3.0, 4.0]])}


def value(text: str, **options: bool) -> Any:
    return read_formula(text, "f", list(X), **options).at(X, **options)


# ------------------------------------------------------------------------------------------ formulas
@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("2*x + 1", 2 * X["x"] + 1),
        ("-x^2", -(X["x"] ** 2)),
        ("2^3^2", 512.0),
        ("x**-2", X["x"] ** -2.0),
        ("1 - 2 - 3", -4.0),
        ("8/4/2", 1.0),
        ("exp(-x)*(y + 1.5e0)", np.exp(-X["x"]) * 4.5),
        ("max(x, 1)", np.maximum(X["x"], 1)),
        ("σ(x)·(1 − σ(x))", np.exp(-X["x"]) / (1 + np.exp(-X["x"])) ** 2),
        ("sin(pi/2) + ln(e)", 2.0),
        ("sum(x)*[y]", 7.5),
        ("1/0", np.inf),
        ("-(1/0)*x", np.array([-np.inf, -np.inf])),
        ("0/0", np.nan),
        ("0**-1", np.inf),
        ("9**9**9", np.inf),
    ],
)
def test_a_formula_is_computed_as_it_is_read(text: str, right: Any) -> None:
    np.testing.assert_allclose(value(text), right, rtol=1e-14)


@pytest.mark.parametrize("text", ["A'*x + A*x", "A^T*x + A*x", "(x'*A)' + A * x"])
def test_products_and_transposes_are_those_of_matrices_where_that_is_declared(text: str) -> None:
    np.testing.assert_allclose(value(text, matrices=True), X["A"].T @ X["x"] + X["A"] @ X["x"])


@pytest.mark.parametrize(
    ("text", "why", "place"),
    [
        ("sin(x", "this parenthesis is not closed", 3),
        ("sinn(x)", "did you mean sin?", 0),
        ("2 x", "is an operator missing?", 2),
        ("x +", "ends too early", 3),
        ("", "ends too early", 0),
        ("max(x)", "max takes 2 arguments, here are 1", 0),
        ("x $ 2", "'$' has no meaning", 2),
        ("sin", "write sin(...)", 3),
        ("__import__('os')", "'__import__' is not known", 0),
        ("x.real", "'.' has no meaning", 1),
        ("(" * 60 + "x" + ")" * 60, "nested too deeply", 20),
        ("-" * 400 + "x", "nested too deeply", 40),
        ("x" + "^x" * 200, "nested too deeply", 80),
        ("A'", "is not expected", 1),
    ],
)
def test_a_formula_that_cannot_be_read_shows_where(text: str, why: str, place: int) -> None:
    with pytest.raises(Unread, match="cannot be read") as refused:
        value(text)
    said, shown, caret = str(refused.value).split("\n")
    assert why in said
    assert shown.strip() == text.strip()
    assert abs(caret.index("^") - 2 - place) <= (1 if place < 20 else 3)


def test_what_is_no_text_is_a_wrong_answer_and_a_long_text_is_not_read() -> None:
    with pytest.raises(Malformed, match="as text") as refused:
        read_formula(3.0, "f", ["x"])
    assert not isinstance(refused.value, Unread)
    with pytest.raises(Unread, match="at most 500"):
        read_formula("x+" * 400 + "x", "f", ["x"])


@pytest.mark.parametrize(
    ("test", "fits", "does_not"),
    [
        (no_function("sigmoid"), "s*(1-s)", "sigmoid(x)*(1-s)"),
        (only_names("s"), "s - s^2", "s - x"),
        (factored(), "(s+1)*(s-1)", "s^2 - 1"),
        (factored(), "-(s+1)^2", "3*(s+1)"),
        (at_most_operations(2), "s*(1-s)", "s - s*s + 0"),
    ],
)
def test_the_form_of_a_formula_can_be_asked_for(test: Any, fits: str, does_not: str) -> None:
    names = ["s", "x"]
    assert test(read_formula(fits, "f", names)) == ""
    assert test(read_formula(does_not, "f", names)) != ""


# -------------------------------------------------------------------------------------------- graphs
SHARED = [("a", "multiply", "x", "y"), ("b", "sin", "a"), ("c", "add", "b", "a"), ("d", "sum", "c")]


def test_any_order_of_the_steps_is_as_good_as_another() -> None:
    forward, backward = read_graph(SHARED, "g"), read_graph(SHARED[::-1], "g")
    assert forward.values(X)["d"] == backward.values(X)["d"]
    assert [s.name for s in backward.in_order(frozenset(X))] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        (None, "it returned None"),
        ([], "it returned a list of 0"),
        ([("a", "add", "x")], "add takes 2 arguments, it has 1"),
        ([("a", "ad", "x", "y")], "did you mean add?"),
        ([("a", "add", "x", "z")], "'z', which is neither an input nor a step"),
        ([("a", "add", "x", "y"), ("a", "exp", "x")], "two steps define a"),
        ([("x", "exp", "y")], "has the name of an input"),
        ([("a", "exp", "b"), ("b", "exp", "a")], "there is a circle"),
        (["add"], "step 1 is a str"),
        ([("a", "exp", [1.0])], "an argument is a list of 1"),
        ([("a", "exp", 10**400)], "an argument is a int"),
        ([("a", "matmul", "A", "x"), ("b", "matmul", "a", "A"), ("c", "matmul", "A", "y")], "does not fit the shapes"),
        ([(f"s{i}", "exp", "x") for i in range(501)], "at most 500"),
    ],
)
def test_a_graph_that_is_none_says_which_step(steps: Any, why: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_graph(steps, "g").values(X)
    assert why in str(refused.value)


def test_a_graph_cannot_grow_without_bound() -> None:
    column = [("r0", "outer", "x", "x")] + [(f"r{i}", "outer", f"r{i - 1}", f"r{i - 1}") for i in range(1, 12)]
    with pytest.raises(Malformed, match="does not fit"):
        read_graph(column, "g").values(X)
