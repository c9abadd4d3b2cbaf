"""Formulas simplified by a normal form, and the swell of the formulas of derivatives.

A node is read as a sum {term: coefficient} of products ((base, exponent), ...), in which coefficients and exponents are numbers and
a base is a symbol, a function, or a sum that is a factor; a number is a multiple of the empty product. Reading folds constants and
collects like terms and like factors, and formulas that differ in order and brackets are read alike. Since the product rule writes
its factors twice, formulas grow even so where programs do not (Baydin et al. 2018, *Automatic differentiation in machine
learning*, §2.2).

Two promises: no formula gets longer, and wherever every subexpression of the original has a finite value, the simplified one
has the same value, to rounding. The converse does not hold: x/x becomes 1, x - x and 0·log(x) become 0, sqrt(x)² becomes x, so that
the simplified one may have a value where the original has none. An undefined constant, as 0/0 or log(0), stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from functools import partial, reduce
from operator import mul
from typing import Any, NamedTuple

import numpy as np

from reference.autodiff.formulas.expressions import Expression, Number, constant, diff, nodes, number, symbols
from reference.autodiff.programs import program
from reference.autodiff.transforms import value_and_grad

__all__ = ["Swell", "shared", "simplify", "size", "swell"]

Term = tuple[tuple[Expression, Number], ...]
Sum = dict[Term, Number]
UNIT: Term = ()
LONG = 60
"""The largest number of nodes of an expression that is put in alphabetical order."""
PASSES = 10
"""The largest number of passes; most expressions take two, the second of which finds nothing."""


def simplify(expression: Expression) -> Expression:
    """Bring an expression to its normal form, or leave it if that is longer; the module states two promises."""
    with suppress(ArithmeticError), np.errstate(all="raise"):  # 1/0, or a number too large or too small for a float
        for _ in range(PASSES):
            before, expression = expression, min(_written(_form(expression)), expression, key=size)
            if expression is before:
                break
    return expression


def _form(expression: Expression) -> Sum:
    forms: dict[Expression, Sum] = {}
    for node in nodes(expression):
        if node.args:
            rule = RULES.get(node.name, partial(_function, node.name))
            forms[node] = rule(*(forms[a] for a in node.args))
        else:
            forms[node] = _atom(node) if node.name == "symbol" else {UNIT: node.value}
    return forms[expression]


# ------------------------------------------------------------------------------ arithmetic on forms
def _atom(base: Expression, e: Number = 1) -> Sum:
    return {((base, e),): 1}


def _number(a: Sum) -> Number | None:
    return a.get(UNIT, 0) if a.keys() <= {UNIT} else None


def _scaled(c: Number, k: Number) -> Number:
    # With a float on the right it is numpy that multiplies, and raises where floats end.
    return number(c * k if isinstance(k, float) else k * c)


def _plus(a: dict[Any, Number], b: dict[Any, Number], c: Number = 1) -> dict[Any, Number]:
    """Add a + c·b, for the coefficients of a sum and for the exponents of a product."""
    total = a | {key: number(a.get(key, 0) + _scaled(c, k)) for key, k in b.items()}
    return {key: k for key, k in total.items() if k != 0}


def _term(exponents: dict[Expression, Number]) -> Term:
    return tuple(sorted(exponents.items(), key=lambda factor: _rank(factor[0])))


def _factors(a: Sum) -> tuple[dict[Expression, Number], Number]:
    """Turn a form into {base: exponent} and a coefficient; a sum gets its common factors before a bracket, if that is shorter."""
    if len(a) < 2:
        ((term, c),) = (a or {UNIT: 0}).items()
        return dict(term), c
    c = max(a.values()) if len({abs(k) for k in a.values()}) == 1 else 1
    shared: dict[Expression, Number] = {}
    for base, e in next(iter(a)):
        exponents = [dict(term).get(base, 0) for term in a]
        if all(k * e > 0 for k in exponents):
            shared[base] = min(exponents) if e > 0 else max(exponents)
    inner = {_term(_plus(dict(term), shared, -1)): number(k / c) for term, k in a.items()}
    whole, bracketed = _sum(a), dict(_term({**shared, _sum(inner): 1}))
    return (bracketed, c) if _monomial(bracketed, c).size <= whole.size else ({whole: 1}, 1)


def _times(a: Sum, b: Sum) -> Sum:
    for one, other in ((a, b), (b, a)):
        if (n := _number(one)) is not None:
            return _plus({}, other, n)
    (first, c), (second, k) = _factors(a), _factors(b)
    return {_term(_plus(first, second)): _scaled(c, k)}


def _power(a: Sum, exponent: Sum) -> Sum:
    n = _number(exponent)
    if n is None or (n % 1 != 0 and _number(a) is not None):
        return _function("power", a, exponent)
    if n % 1 != 0:  # sqrt(x·y) and sqrt(x²) are neither sqrt(x)·sqrt(y) nor x
        return _atom(_written(a), n)
    factors, c = _factors(a)
    exact = not isinstance(c, float) and -16 <= n <= 16
    return {_term(_plus({}, factors, n)): number((Fraction(c) if exact else np.float64(c)) ** n)}


def _function(name: str, *forms: Sum) -> Sum:
    """Make the form of a function: neither a sum nor a product nor a power with a number as its exponent."""
    numbers = [_number(a) for a in forms]
    if None not in numbers:
        return {UNIT: number(getattr(np, name)(*map(np.float64, numbers)))}
    args = [_written(a) for a in forms]
    if name == "power" and numbers[0] == 1:
        return {UNIT: 1}
    if name in ("sin", "tanh", "sign") and args[0].name == "negative":
        return _plus({}, _atom(Expression(name, args[0].args)), -1)
    if name == "where" and numbers[0] is not None:
        return forms[1 if numbers[0] else 2]
    if name in ("where", "maximum", "minimum") and args[-1] is args[-2]:
        return forms[-1]
    if name in ("maximum", "minimum"):
        args.sort(key=_rank)
    return _atom(Expression(name, tuple(args)))


RULES: dict[str, Callable[..., Sum]] = {
    "add": _plus,
    "subtract": lambda a, b: _plus(a, b, -1),
    "negative": lambda a: _plus({}, a, -1),
    "multiply": _times,
    "divide": lambda a, b: _times(a, _power(b, {UNIT: -1})),
    "power": _power,
    "sqrt": lambda a: _power(a, {UNIT: Fraction(1, 2)}),
}


# ------------------------------------------------------------------------------------------ writing
def _written(a: Sum) -> Expression:
    return _monomial(*_factors(a))


def _sum(a: Sum) -> Expression:
    """Write a sum: high degrees first, the number last, but a term in front that needs no minus sign."""
    order = sorted(a, key=_place)
    first = max(order, key=lambda term: (a[term] > 0, a[term] != -1 or term == UNIT))
    total = _monomial(dict(first), a[first])
    for term in order:
        if term is not first:
            c = a[term]
            total = total + _monomial(dict(term), c) if c > 0 else total - _monomial(dict(term), -c)
    return total


def _monomial(factors: dict[Expression, Number], c: Number) -> Expression:
    """Write a product: number, symbols, functions, sums, over the factors with a negative exponent."""
    above = [_raised(base, e) for base, e in factors.items() if not e < 0]  # nan, too
    below = [_raised(base, -e) for base, e in factors.items() if e < 0]
    if isinstance(c, Fraction) and (below or abs(c.numerator) == 1):
        below, c = [constant(c.denominator), *below], c.numerator
    if abs(c) != 1 or not above:
        above, c = [constant(c), *above], 1
    top = reduce(mul, above) if c > 0 else -reduce(mul, above)
    return top / reduce(mul, below) if below else top


def _raised(base: Expression, e: Number) -> Expression:
    return base if e == 1 else np.sqrt(base) if e == 0.5 else base**e


def _place(term: Term) -> Any:
    degree = sum(e for base, e in term if base.name == "symbol")
    return term == UNIT, -degree, _rank(_monomial(dict(term), 1))


def _rank(node: Expression) -> Any:
    """Rank a factor: symbols, functions, sums, numbers, each in the order of the alphabet."""
    alphabetical = (0, str(node)) if node.size <= LONG else (node.size, "")
    return node.name == "constant", node.name in ("add", "subtract"), node.size > 1, alphabetical


# ------------------------------------------------------------------------------------------- swell
def size(expression: Expression) -> int:
    """Count the nodes of the tree, the length of the formula when it is written out."""
    return expression.size


def shared(expression: Expression) -> int:
    """Count the nodes of the graph, in which equal subexpressions are one node."""
    return len(nodes(expression))


class Swell(NamedTuple):
    """The sizes of a function's n-th iterate and its derivative: nodes of formulas, lines of a program."""

    n: int
    formula: int
    derivative: int
    simplified: int
    graph: int
    program: int


def swell(f: Callable[[Any], Any], times: int, x: float = 0.3) -> list[Swell]:
    """Measure f(w), f(f(w)), ... up to ``times`` times, and their derivatives.

    ``formula``, ``derivative`` and ``simplified`` count the nodes of the trees, the length of the text; ``graph`` the
    distinct nodes of the derivative as it was written out; ``program`` the lines that compute value and derivative in reverse mode,
    of a program that is written down at ``x``.
    """
    (w,) = symbols("w")
    rows, y = [], w
    for n in range(1, times + 1):
        y = f(y)
        slope = diff(y, w)
        lines = program(value_and_grad(lambda v, n=n: reduce(lambda u, _: f(u), range(n), v)), float(x)).needed()
        rows.append(Swell(n, size(y), size(slope), size(simplify(slope)), shared(slope), len(lines)))
    return rows
