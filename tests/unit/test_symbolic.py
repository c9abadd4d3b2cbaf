"""Formulas: printed as a person writes them, differentiated by the table, simplified without a change of value; and their swell."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_scalar import CASES, engine

from grader.errors import BankError
from grader.judging.numerics.rounding import bound_of, shadowed, value_of
from reference.autodiff.formulas import (
    Expression,
    constant,
    diff,
    evaluate,
    formula,
    nodes,
    shared,
    simplify,
    size,
    swell,
    symbols,
)
from reference.autodiff.operators import OPERATIONS
from reference.autodiff.scalar import Value

x, y, w = symbols("x y w")
Function = Callable[..., Any]


def worked(x: Any, y: Any) -> Any:
    """The example of Bücker et al. 2006."""
    return (x * y + np.sin(x) + 4) * (3 * y**2 + 6)


def logistic_map(w: Any) -> Any:
    """That of Baydin et al. 2018."""
    return 4 * w * (1 - w)


# ----------------------------------------------------------------------------------------- printing
def test_the_worked_example_prints_as_it_is_taught() -> None:
    assert formula(worked) == "(x·y + sin(x) + 4)·(3·y² + 6)"
    assert formula(worked, "a", "b") == "(a·b + sin(a) + 4)·(3·b² + 6)"
    assert formula(lambda x: 2) == "2"


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (-(x**2), "-x²"), ((-x) ** 2, "(-x)²"), (x**-1, "x⁻¹"), (x**0.5, "x^0.5"), (x ** (y + 1), "x^(y + 1)"), (2**x, "2^x"),
        ((-2) ** x, "(-2)^x"), (x**-y, "x^(-y)"), ((x**2) ** 3, "(x²)³"), (x ** (y**w), "x^(y^w)"),
        (x ** Fraction(1, 3), "x^(1/3)"),
        (x - (y - w), "x - (y - w)"), (x - y - w, "x - y - w"), (x + (y - w), "x + y - w"), (-(x + y), "-(x + y)"),
        (-x * y, "-x·y"),
        (x * -y, "x·(-y)"), (x + -2, "x + (-2)"), (x + -2 * y, "x + (-2·y)"), (np.negative(-x), "-(-x)"), (x / (y * w), "x/(y·w)"),
        (x / y / w, "x/y/w"), (x * (y / w), "x·y/w"), (x / (y / w), "x/(y/w)"), ((x + y) / 2, "(x + y)/2"),
        (np.sin(x) ** 2, "sin(x)²"),
        (np.maximum(x, 0), "max(x, 0)"), (abs(x - y), "abs(x - y)"), (np.where(x > 0, x**2, -x), "where(x > 0, x², -x)"),
        (np.where(x <= 0, 1, 0.5), "where(x ≤ 0, 1, 0.5)"), (np.float64(2) * x, "2·x"), (constant(-3) * x, "-3·x"),
    ],
    ids=str,
)  # fmt: skip
def test_formulas_have_no_more_brackets_than_needed(expression: Expression, text: str) -> None:
    assert str(expression) == text


def read(text: str, **values: Any) -> Any:
    """A formula read as Python: what a person would understand."""
    text = re.sub(
        "[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda m: f"**({m[0].translate(str.maketrans('⁻⁰¹²³⁴⁵⁶⁷⁸⁹', '-0123456789'))})", text
    )
    text = re.sub(r"(?<![\w.])(\d[\d.]*(?:e[+-]\d+)?)", r"np.float64(\1)", text)
    text = text.replace("·", "*").replace("^", "**").replace("≤", "<=").replace("≥", ">=")
    names = {"max": np.maximum, "min": np.minimum, "abs": np.absolute, "where": np.where, "np": np}
    names |= {name: getattr(np, name) for name in OPERATIONS}
    return eval(text, names, {key: np.float64(value) for key, value in values.items()})


# ---------------------------------------------------------------------- expressions drawn at random
NUMBERS = st.sampled_from([0, 1, 2, 3, -1, -2, 4, 0.5, -1.5, Fraction(1, 3), 10])
EXPONENTS = st.sampled_from([-2, -1, 0, 1, 2, 3, 0.5, 1.5, -0.5])
SMOOTH = ["exp", "log", "sqrt", "sin", "cos", "tanh", "absolute", "negative"]


def grown(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    pairs = st.tuples(parts, parts)
    signs = st.sampled_from([operator.add, operator.sub, operator.mul, operator.truediv, np.maximum, np.minimum])
    return st.one_of(
        st.builds(lambda f, ab: f(*ab), signs, pairs),
        st.builds(lambda f, ab: f(*ab), signs, pairs),
        st.builds(lambda name, a: getattr(np, name)(a), st.sampled_from(SMOOTH), parts),
        st.builds(operator.pow, parts, EXPONENTS),
        st.builds(lambda n, ab: n * ab[0] - n * ab[1], NUMBERS, pairs),
        st.builds(lambda ab, c: ab[0] * c + ab[1] * c, pairs, parts),
        st.builds(lambda a, b: np.sin(a) ** 2 * b + b * np.cos(a) ** 2, parts, parts),
        st.builds(lambda ab, cd: np.where(ab[0] > ab[1], *cd), pairs, pairs),
        st.builds(lambda a, b: a ** (b * a), parts, parts),
    )


EXPRESSIONS = st.recursive(st.sampled_from([x, y, w]) | st.builds(constant, NUMBERS), grown, max_leaves=12)
VALUES = st.fixed_dictionaries(dict.fromkeys("xyw", st.floats(-4, 4).map(lambda v: round(v, 2))))
MANY = settings(max_examples=200, deadline=None, derandomize=True, database=None)


def defined(expression: Expression, values: dict[str, float]) -> bool:
    """Whether every subexpression has a value of moderate size, and no choice is a matter of rounding."""
    for node in nodes(expression):
        value = evaluate(node, **values)
        if not abs(value) < 1e6:
            return False
        if node.name in ("sign", "greater", "maximum", "minimum"):
            a, b = (*node.args, constant(0))[:2]
            if abs(evaluate(a - b, **values)) < 1e-6:
                return False
    return True


def bounded(expression: Expression, values: dict[str, float]) -> tuple[float, float]:
    """The value with its rounding bound, to which each constant and each symbol contributes as known to half a unit."""
    found: dict[Expression, Any] = {}
    with np.errstate(all="ignore"):
        for node in nodes(expression):
            if node.args:
                operation = OPERATIONS[node.name][0] if node.name in OPERATIONS else getattr(np, node.name)
                found[node] = operation(*(found[a] for a in node.args))
            else:
                found[node] = shadowed(float(values[node.value] if node.name == "symbol" else node.value))
    result = found[expression]
    try:
        return float(value_of(result)), float(bound_of(result))
    except BankError:  # as of 0**0
        return float(value_of(result)), 1e6 * abs(float(value_of(result)))


def agree(a: Expression, b: Expression, values: dict[str, float]) -> bool:
    """Equal values to rounding: to the bounds that a running error analysis gives for both."""
    (first, e), (second, f) = bounded(a, values), bounded(b, values)
    return abs(first - second) <= 1000 * np.finfo(float).eps * (e + f)


@pytest.mark.slow
@MANY
@given(EXPRESSIONS, VALUES)
def test_what_is_printed_is_what_is_meant(expression: Expression, values: dict[str, float]) -> None:
    assume(defined(expression, values))
    with np.errstate(all="ignore"):
        assert read(str(expression), **values) == pytest.approx(evaluate(expression, **values), rel=1e-6, abs=1e-6)


@pytest.mark.slow
@MANY
@given(EXPRESSIONS, VALUES)
def test_simplification_keeps_the_value_where_there_is_one(expression: Expression, values: dict[str, float]) -> None:
    assume(defined(expression, values))
    assert agree(expression, simplify(expression), values)


@pytest.mark.slow
@MANY
@given(EXPRESSIONS, st.sampled_from([x, y]), VALUES)
def test_it_keeps_that_of_derivatives_too(expression: Expression, z: Expression, values: dict[str, float]) -> None:
    slope = diff(expression, z)
    assume(defined(slope, values))
    assert agree(slope, simplify(slope), values)


@pytest.mark.slow
@MANY
@given(EXPRESSIONS)
def test_simplification_never_grows_a_tree_and_finds_nothing_more_the_second_time(expression: Expression) -> None:
    for tree in (expression, diff(expression, x)):
        once = simplify(tree)
        assert once.size <= tree.size
        assert simplify(once) is once


def polynomials(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(lambda f, a, b: f(a, b), st.sampled_from([operator.add, operator.sub, operator.mul]), parts, parts)


POLYNOMIALS = st.recursive(
    st.sampled_from([x, y, w, np.sin(x), np.exp(x - y), constant(2), constant(-1)]), polynomials, max_leaves=6
)


@pytest.mark.slow
@MANY
@given(POLYNOMIALS, POLYNOMIALS, POLYNOMIALS)
def test_the_order_of_writing_does_not_matter(a: Expression, b: Expression, c: Expression) -> None:
    for one, other in (
        ((a + b) + c, c + (b + a)),
        ((a * b) * c, c * (b * a)),
        (a - b, -b + a),
        (np.maximum(a, b), np.maximum(b, a)),
    ):
        assert simplify(one - other) is constant(0)
        first, second = simplify(one), simplify(other)
        assert first is second or first is one or second is other, (
            "where the normal form is longer, what was written stays"
        )


# ----------------------------------------------------------------------------------- simplification
@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (x + 0, "x"), (1 * x, "x"), (0 * x, "0"), (x - 0, "x"), (0 - x, "-x"), (x / 1, "x"), (x**1, "x"), (x**0, "1"), (1**x, "1"),
        (-(0 - x), "x"), (x + x, "2·x"), (2 * x + 3 * x, "5·x"), (x - x, "0"), (x * x, "x²"), (x**2 * x**-3, "1/x"), (x / x, "1"),
        ((x**2) ** 3, "x⁶"), (np.sqrt(x) ** 2, "x"), (np.sqrt(x) * np.sqrt(x), "x"), (x / np.sqrt(x), "sqrt(x)"),
        (np.sqrt(x * y) * np.sqrt(y * x), "x·y"), (np.sqrt(x + 1) ** 2 + 1, "x + 2"), (np.sin(-x), "-sin(x)"),
        (y - np.tanh(-(x**2)), "y + tanh(x²)"), (np.sin(x) ** 2 - np.cos(x) ** 2, "sin(x)² - cos(x)²"),
        (x / 2 + x / 3, "5/6·x"), (2 * (x + 1) + 3, "2·x + 5"), (4 * (1 - x) - 4 * x, "4 - 8·x"), (2 * (x + 1), "2·(x + 1)"),
        (-(x - y), "y - x"), (-x - 2 * y, "-2·y - x"), ((x + y) / 2, "(x + y)/2"), ((2 * x + 2 * y) * w, "2·w·(x + y)"),
        (w * (x - y) + w * (y - x), "0"), ((x + 1) ** 2 / (1 + x), "x + 1"), (x * y + w * x, "x·(w + y)"),
        (1 / x + y / x, "(y + 1)/x"), (y * x * 3, "3·x·y"), (4 + np.sin(x) + y * x, "x·y + sin(x) + 4"), (3 / (x * 2), "3/(2·x)"),
        (np.maximum(x, x), "x"), (np.maximum(2, x), "max(x, 2)"), (np.where(x > 0, y, y), "y"),
        (np.where(constant(1) > 0, x, y), "x"),
        (np.sqrt(constant(4)) + np.exp(constant(0)), "3"), (np.sin(constant(1)) * x, "0.8414709848078965·x"),
        (x + 0.5 + 0.25, "x + 0.75"),
        (constant(2) ** 0.5 * x, "1.4142135623730951·x"), (constant(1) / 3 + x, "x + 1/3"),
    ],
    ids=str,
)  # fmt: skip
def test_rules(expression: Expression, text: str) -> None:
    assert str(simplify(expression)) == text


@pytest.mark.parametrize(
    "expression",
    [
        constant(0) / 0, constant(1) / 0, x / 0, 0 * (x / 0),
        np.sin(x / 0) - np.sin(x / 0), x * 0 / 0, (x * 0) / (y * 0), np.sin(y / (0 * x)) * 0, (x - x) / (x - x), x / (y - y),
        1 / constant(0) - 1 / constant(0), np.log(constant(0)) * 0, 0 * np.sqrt(constant(-1)), constant(0) ** -1 * x,
        constant(-8) ** Fraction(1, 3) * constant(-8) ** Fraction(2, 3), 0 * np.exp(constant(1000)), constant(math.inf) * 0,
        constant(math.nan) * 0 + x, constant(math.inf) - constant(math.inf), x ** constant(math.nan), x**math.inf / x**math.inf,
    ],
    ids=str,
)  # fmt: skip
def test_what_has_no_value_anywhere_gets_none(expression: Expression) -> None:
    """0·(1/0) as 0, 0/0 as 1: what rules that look at one side only would make of them."""
    assert not math.isfinite(evaluate(simplify(expression), x=2.0, y=3.0))


def test_what_would_change_the_value_is_left_alone() -> None:
    """√x² as x, (x²)^y as x^(2y), log(xy) as a sum, sin² − cos² as 1, and constants beyond what floats hold."""
    assert evaluate(simplify(np.sqrt(x**2)), x=-3.0) == 3.0
    for expression in ((x**2) ** y, (x**2) ** 1.5, np.log(x * y), np.sqrt(x * y), np.sin(x) ** 2 - np.cos(y) ** 2):
        assert simplify(expression) is expression
    tiny = x * 1e-200 * 1e-200
    assert evaluate(simplify(tiny), x=1e200) == pytest.approx(1e-200)
    assert evaluate(simplify(x * x * 1e300 * 1e300), x=1e-200) == evaluate(x * x * 1e300 * 1e300, x=1e-200)
    huge = (x * Fraction(9, 2)) * 1e308
    assert evaluate(simplify(huge), x=1e-10) == evaluate(huge, x=1e-10)


def test_what_holds_an_undefined_constant_is_left_alone() -> None:
    expression = np.where(x > 0, y + y, constant(1) / 0)
    assert simplify(expression) is expression


# ------------------------------------------------------------------------------------ differentiating
@pytest.mark.parametrize(("name", "at"), CASES)
def test_the_derivative_of_every_operation_is_that_of_the_engine(name: str, at: tuple[float, ...]) -> None:
    f = getattr(np, name)
    arguments = (x, y)[: len(at)]
    values = dict(zip("xy", at, strict=False))
    slopes = [diff(f(*arguments), z) for z in arguments]
    expected = pytest.approx(engine(f, *at), rel=1e-14, abs=1e-15)
    assert [evaluate(slope, **values) for slope in slopes] == expected
    assert [evaluate(simplify(slope), **values) for slope in slopes] == expected


@pytest.mark.slow
@settings(MANY, max_examples=150)
@given(EXPRESSIONS, VALUES)
def test_derivatives_of_drawn_expressions_are_those_of_reverse_mode(
    expression: Expression, values: dict[str, float]
) -> None:
    slope = diff(expression, x)
    assume(defined(expression, values) and defined(slope, values))
    inputs = {key: Value(value) for key, value in values.items()}
    with np.errstate(all="ignore"):
        out = evaluate(expression, **inputs)
        if isinstance(out, Value):
            out.backward()
    assume(math.isfinite(inputs["x"].grad))
    assert evaluate(slope, **values) == pytest.approx(inputs["x"].grad, rel=1e-6, abs=1e-6)


def test_the_worked_example_to_its_printed_digits() -> None:
    f = worked(x, y)
    slopes = [diff(f, x), diff(f, y)]
    for forms in (slopes, [simplify(s) for s in slopes]):
        assert [f"{evaluate(s, x=2, y=8):.10f}" for s in forms] == ["1501.6029263637", "1399.6462764876"]
    assert str(slopes[0]) == "(3·y² + 6)·(y·1 + cos(x)·1)"
    assert str(simplify(slopes[0])) == "(3·y² + 6)·(y + cos(x))"
    assert str(simplify(slopes[1])) == "x·(3·y² + 6) + 6·y·(x·y + sin(x) + 4)"


def test_derivatives_as_they_are_taught() -> None:
    assert str(simplify(diff(x / x**2, x))) == "-1/x²"
    assert str(simplify(diff(np.tanh(x), x))) == "1 - tanh(x)²"
    assert str(simplify(diff(np.sqrt(x), x))) == "1/(2·sqrt(x))"
    assert str(simplify(diff(x**3 - np.log(x), x))) == "3·x² - 1/x"
    assert str(simplify(diff(2**x, x))) == "0.6931471805599453·2^x"
    assert diff(y**2, x) is constant(0)


def test_a_function_by_pieces_is_differentiated_piece_by_piece() -> None:
    """Right inside of the pieces; where they meet the formula knows nothing: x written with a hole at 0 loses its slope there."""
    relu = np.where(x > 0, x, 0)
    assert str(simplify(diff(relu, x))) == "where(x > 0, 1, 0)"
    assert evaluate(diff(np.maximum(x, 0), x), x=np.array([-1.0, 0.0, 2.0])).tolist() == [0.0, 0.5, 1.0]
    holed = np.where(np.equal(x, 0), 0, x)
    assert evaluate(diff(holed, x), x=np.array([-1.0, 0.0, 2.0])).tolist() == [1.0, 0.0, 1.0]
    assert diff(np.where(x > 0, 1, 2), x) is constant(0)


# --------------------------------------------------------------------------------------------- trees
def test_equal_expressions_are_one_object() -> None:
    assert x * y + 1 is x * y + 1
    assert symbols("x")[0] is x
    assert constant(2.0) is constant(2) is constant(np.float64(2)) is constant(Fraction(4, 2))
    assert x + y is not y + x


def test_sizes_of_trees_and_graphs() -> None:
    e = x
    for _ in range(60):
        e = e * e
    assert (size(e), shared(e)) == (2**61 - 1, 61)
    assert repr(e) == f"<expression of {2**61 - 1} nodes, 61 of them distinct: print it with str()>"
    assert evaluate(e, x=1.0) == 1.0
    assert evaluate(diff(e, x), x=1.0) == 2.0**60
    assert size(simplify(e)) == 3


@pytest.mark.slow
def test_deep_expressions() -> None:
    chain = x
    for i in range(10_000):
        chain = chain + x * i
    assert size(chain) == 1 + 10_000 * 4
    assert str(chain).endswith("+ x·9998 + x·9999")
    assert evaluate(chain, x=2.0) == 2 * (1 + sum(range(10_000)))
    assert evaluate(diff(chain, x), x=2.0) == 1 + sum(range(10_000))
    assert str(simplify(chain)) == f"{1 + sum(range(10_000))}·x"
    nested, horner = x, x
    for i in range(2_000):
        nested = np.sin(nested)
        horner = horner * x + i
    assert str(simplify(nested)) == "sin(" * 2_000 + "x" + ")" * 2_000
    assert evaluate(simplify(horner), x=0.5) == pytest.approx(evaluate(horner, x=0.5))
    del chain, nested, horner


def test_values_may_be_arrays_fractions_or_scalars_of_other_kinds() -> None:
    e = worked(x, y)
    grid = np.array([0.0, 1.0, 2.0])
    assert evaluate(e, x=grid[:, None], y=grid) == pytest.approx(worked(grid[:, None], grid))
    assert evaluate(e, x=2, y=8, unused=1.0) == worked(2.0, 8.0)
    assert isinstance(evaluate(e, x=2, y=8), float)
    assert np.isnan(evaluate(np.log(x) / x, x=-1.0))
    v = Value(2.0)
    evaluate(e, x=v, y=8.0).backward()
    assert f"{v.grad:.10f}" == "1501.6029263637"


# --------------------------------------------------------------------------------------------- swell
@pytest.mark.slow
def test_formulas_swell_and_programs_do_not() -> None:
    rows = swell(logistic_map, 10)
    assert [r.n for r in rows] == list(range(1, 11))
    lines = {b.program - a.program for a, b in pairwise(rows)}
    assert len(lines) == 1, "the program grows by the same number of lines each time"
    assert max(lines) < 12
    for a, b in pairwise(rows[2:]):
        assert b.formula >= 2 * a.formula
        assert b.derivative > 2 * a.derivative
        assert 2 * a.simplified <= b.simplified < b.derivative
        assert b.graph - a.graph < 12
    last = rows[-1]
    assert last.derivative > 500 * last.program
    first = logistic_map(w)
    assert (rows[0].formula, rows[0].derivative, rows[0].simplified) == (
        size(first),
        size(diff(first, w)),
        size(4 - 8 * w),
    )


def test_a_function_without_products_does_not_swell() -> None:
    """A straight line, iterated: each time the derivative gets one factor more, and all of them fold into one number."""
    rows = swell(lambda w: 0.1 * w + 1, 6)
    assert {b.derivative - a.derivative for a, b in pairwise(rows)} == {2}
    assert {r.simplified for r in rows} == {1}


# -------------------------------------------------------------------------------------------- errors
@pytest.mark.parametrize(
    "f", [lambda x: x if x > 0 else -x, lambda x: max(x, 0), lambda x: 1.0 if x == 0 else np.sin(x) / x]
)
def test_a_branch_on_a_symbol_tells_of_where(f: Function) -> None:
    with pytest.raises(TypeError, match=r"cannot decide x [<=>] 0") as caught:
        formula(f)
    assert "np.where(condition, a, b)" in str(caught.value)


def test_errors_say_what_came_and_what_to_do() -> None:
    with pytest.raises(TypeError, match=r"with respect to a symbol.*this is x²"):
        diff(x**3, x**2)
    with pytest.raises(ValueError, match=r"y has no value: evaluate\(expression, y=\.\.\.\)"):
        evaluate(x + y, x=1.0)
    for wrong in ("1x", "x+y", "lambda"):
        with pytest.raises(ValueError, match="cannot be the name of a symbol"):
            symbols(wrong)
    with pytest.raises(ValueError, match=r'symbols\("x y"\)'):
        symbols(" ")
    with pytest.raises(TypeError, match="this function returns tuple"):
        formula(lambda x: (x, x))
    with pytest.raises(TypeError, match=r"use np\.sin"):
        math.sin(x)
    with pytest.raises(TypeError, match=r"np\.arctan is not in the table"):
        np.arctan(x)
    with pytest.raises(TypeError):
        x + Value(1.0)
