"""Sums and products read in their normal forms, {term: coefficient} and {base: exponent}, and written back in a fixed order.

However they were bracketed, equal sums and products are read alike and so written alike. Coefficients are integers and fractions,
exact up to 2⁵³, or floats. Arithmetic without a finite result raises ArithmeticError: ``simplification`` then leaves things alone.
"""

from __future__ import annotations

import math
from collections import defaultdict
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import chain
from operator import mul
from typing import Any

import numpy as np

from reference.autodiff.expressions import ONE, ZERO, Expression, constant
from reference.autodiff.scalar import COMPARISONS, OPERATIONS, topological

__all__ = [
    "PRODUCTS", "SUMS", "Factors", "Terms", "base_of", "collect", "factors_of", "folded", "number_of", "plus", "power", "product",
    "rank", "sum_of", "terms_of", "times",
]  # fmt: skip

Number = int | float | Fraction
Terms = dict[Expression, Number]
"""A sum; the number in it is the coefficient of 1."""
Factors = dict[Expression, Expression]
"""A product but for its coefficient."""

SUMS, PRODUCTS = ("add", "subtract", "negative"), ("multiply", "divide")
LONG, DEEP = 60, 60
"""What has more nodes is not put in alphabetical order, what is deeper is not turned round."""
REMEMBERED = 4096
"""How many sums and products are not read twice."""


def number_of(node: Expression) -> Any:
    """The value of a finite constant, else None."""
    return node.value if node.name == "constant" and not node.unsettled else None


def folded(node: Expression) -> Expression:
    """The value of an operation on constants if it has one."""
    numbers = [number_of(a) for a in node.args]
    if None in numbers:
        return node
    try:
        return constant(_checked(_computed(node.name, numbers)))
    except ArithmeticError:
        return node


def _computed(name: str, numbers: list[Number]) -> Any:
    """An operation on numbers, exact on integers and fractions where that is possible."""
    first, *others = numbers
    if name in COMPARISONS:
        return COMPARISONS[name](*numbers)
    if name == "where":
        return others[0] if first else others[1]
    if name == "multiply":
        return times(first, others[0])
    if name == "divide":
        return times(first, _raised(others[0], -1))
    if name == "power" and isinstance(others[0], int):
        return _raised(first, others[0])
    with np.errstate(all="ignore"):
        exact = name in SUMS
        return OPERATIONS[name][0](*(np.array(x, dtype=object) if exact else np.float64(x) for x in numbers))


def _checked(x: Any) -> Number:
    """A number in the form that constants have; OverflowError if it is not finite."""
    value: Number = constant(x).value
    if not math.isfinite(value):
        raise OverflowError
    return value


def times(a: Number, b: Number) -> Number:
    """A product of coefficients; OverflowError if it vanishes without a factor that does."""
    found = _checked(a * b)
    if found == 0 and a != 0 and b != 0:
        raise OverflowError
    return found


def _raised(a: Number, n: int) -> Number:
    """A coefficient to an integer power; ZeroDivisionError and OverflowError as for floats, also if it vanishes."""
    exact = not isinstance(a, float) and abs(n) <= 64
    found = _checked(Fraction(a) ** n if exact else float(a) ** n)
    if found == 0 and a != 0:
        raise OverflowError
    return found


# ----------------------------------------------------------------------------------------- products
@lru_cache(REMEMBERED)
def factors_of(node: Expression) -> tuple[Number, Factors]:
    """A product as its coefficient and {base: exponent}; anything else is one factor, a number the coefficient.

    The product of the factors alone is read with the coefficient 1.
    """
    # How often each node is a factor, and how often a divisor: apart, so that 0/0 is seen before it cancels.
    counts: dict[Expression, tuple[int, int]] = defaultdict(lambda: (0, 0), {node: (1, 0)})
    coefficient: Number = 1
    factors: Factors = {}

    def count(arg: Expression, above: int, below: int) -> None:
        counts[arg] = (counts[arg][0] + above, counts[arg][1] + below)

    for here in reversed(topological(node, _multiplied)):
        above, below = counts[here]
        n = above - below
        if here.name in PRODUCTS:
            count(here.args[0], above, below)
            count(here.args[1], *((above, below) if here.name == "multiply" else (below, above)))
        elif here.name == "negative":
            coefficient = coefficient if n % 2 == 0 else -coefficient
            count(here.args[0], above, below)
        elif _multiplied(here):
            e = here.args[1].value
            count(here.args[0], *((e * above, e * below) if e >= 0 else (-e * below, -e * above)))
        elif (number := number_of(here)) is not None:
            if number == 0 and below:
                raise ZeroDivisionError
            coefficient = times(coefficient, _raised(number, n))
        else:
            base, e = base_of(here)
            if e is ONE and _turnable(base) and _negative(base):
                base = _turned(base)
                coefficient = coefficient if n % 2 == 0 else -coefficient
            e = plus(factors.get(base, ZERO), constant(n) if e is ONE else product(*factors_of(n * e)))
            factors[base] = e
    return coefficient, {base: e for base, e in factors.items() if e is not ZERO}


def _multiplied(node: Expression) -> tuple[Expression, ...]:
    """What a node is a product of: for an integer power, the base."""
    if node.name == "power" and isinstance(number_of(node.args[1]), int):
        return node.args[:1]
    return node.args if node.name in (*PRODUCTS, "negative") else ()


def _turnable(base: Expression) -> bool:
    return base.name in SUMS and base.depth <= DEEP


def _turned(total: Expression) -> Expression:
    """A sum with the opposite sign."""
    return sum_of({term: -c for term, c in terms_of(total).items()})


def _negative(total: Expression) -> bool:
    """Whether a sum as a factor is better turned round, so that x - y and y - x are one base: 1 - x and x - y are right."""
    terms = terms_of(total)
    return terms[ONE if ONE in terms else min(terms, key=_place)] < 0


def base_of(node: Expression) -> tuple[Expression, Expression]:
    """Anything as a power."""
    if node.name == "sqrt":
        return node.args[0], constant(Fraction(1, 2))
    return (node.args[0], node.args[1]) if node.name == "power" else (node, ONE)


def plus(a: Expression, b: Expression) -> Expression:
    """The sum of two exponents."""
    return sum_of(terms_of(a + b))


def product(coefficient: Number, factors: Factors) -> Expression:
    """Write a product: number, symbols, functions, sums, over what has a negative exponent."""
    if coefficient == 0 or not factors:
        return constant(coefficient)
    if coefficient < 0:
        # Rather x·(y - x) than -x·(x - y).
        for base in filter(_turnable, sorted(factors, key=rank)):
            n, turned = number_of(factors[base]), _turned(base)
            if isinstance(n, int) and n % 2 == 1 and turned.size <= base.size and turned not in factors:
                coefficient, factors = -coefficient, {turned if b is base else b: e for b, e in factors.items()}
                break
    above, below = [], []
    for base in sorted(factors, key=rank):
        n = number_of(factors[base])
        if n is not None and n < 0:
            below.append(power(base, constant(-n)))
        else:
            above.append(power(base, factors[base]))
    over: Number = 1
    if isinstance(coefficient, Fraction) and (below or coefficient.numerator == 1):
        coefficient, over = coefficient.numerator, coefficient.denominator
    if abs(coefficient) != 1 or not above:
        above.insert(0, constant(coefficient))
        coefficient = 1
    below = [constant(over), *below] if over != 1 else below
    top = reduce(mul, above) if coefficient > 0 else -reduce(mul, above)
    return top / reduce(mul, below) if below else top


def power(base: Expression, e: Expression) -> Expression:
    """Write a power, as a person would."""
    if e is ONE:
        return base
    return Expression("sqrt", (base,)) if number_of(e) == 0.5 else Expression("power", (base, e))


def rank(base: Expression) -> Any:
    """The order of factors: symbols, functions, sums; each in the order of the alphabet, long ones by their length."""
    kind = 0 if base.name == "symbol" else 2 if base.name in SUMS else 1
    return kind, *_alphabetical(base)


def _alphabetical(node: Expression) -> tuple[int, Any]:
    return (0, str(node)) if node.size <= LONG else (node.size, str(node.code))


# --------------------------------------------------------------------------------------------- sums
@lru_cache(REMEMBERED)
def terms_of(node: Expression) -> Terms:
    """A sum as {term: coefficient}; the number in it is the coefficient of 1."""
    weights: dict[Expression, int] = defaultdict(int, {node: 1})
    terms: Terms = {}
    for here in reversed(topological(node, lambda inner: inner.args if inner.name in SUMS else ())):
        n = weights[here]
        if here.name in SUMS:
            weights[here.args[0]] += -n if here.name == "negative" else n
            for second in here.args[1:]:
                weights[second] += n if here.name == "add" else -n
        else:
            coefficient, factors = factors_of(here)
            term = product(1, factors)
            collect(terms, here if coefficient == 1 and here.size < term.size else term, times(n, coefficient))
    return terms


def collect(terms: Terms, term: Expression, coefficient: Number) -> None:
    """Add a term to a sum."""
    terms[term] = _checked(terms.get(term, 0) + coefficient)


def sum_of(terms: Terms) -> Expression:
    """Write a sum: high degrees first, the number last, but something in front that needs no minus sign."""
    order = sorted((term for term, c in terms.items() if c != 0), key=_place)
    # In front, -1, -2·x and x·(y - z) are no longer than with the opposite sign, but -x is.
    light = (t for t in order if _multiple(terms[t], t).size <= _multiple(-terms[t], t).size)
    first = next(chain((t for t in order if terms[t] > 0), light), None)
    order.sort(key=lambda term: term is not first)
    total: Expression | None = None
    for term in order:
        c = terms[term]
        piece = _multiple(c if total is None or c > 0 else -c, term)
        total = piece if total is None else total + piece if c > 0 else total - piece
    return ZERO if total is None else total


def _multiple(c: Number, term: Expression) -> Expression:
    """Write a term with its coefficient; the term as it stands where its normal form is longer."""
    k, factors = factors_of(term)
    as_it_is = term if c == 1 else -term if c == -1 else c * term
    return min(product(times(c, k), factors), as_it_is, key=lambda written: written.size)


def _place(term: Expression) -> Any:
    """The order of terms."""
    degree = 0
    for base, e in factors_of(term)[1].items():
        degree += e.value if base.name == "symbol" and isinstance(number_of(e), int) else 0
    return term is ONE, -degree, *_alphabetical(term)
