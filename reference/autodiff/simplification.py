"""Shorter expressions of the same value: constants folded, like terms and powers collected, terms in one order.

A sum is read as {term: coefficient}, a product as {base: exponent}, however they were bracketed, and written back in an order of
their own, so that what differs in order and brackets prints alike. Of what the rules propose and what stood there the shortest is
kept, so that no tree grows; where that is what stood there, it keeps its own order.

What is promised: wherever every subexpression of the original has a finite value, the simplified expression has the same value, to
rounding. The converse does not hold: x/x becomes 1, x - x and 0·log(x) become 0, sqrt(x)² becomes x, so that the simplified one
may have a value where the original has none. An undefined constant such as 0/0, log(0) or 1/(x - x) stays, with all around it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from reference.autodiff.expressions import ONE, ZERO, Expression, constant, nodes
from reference.autodiff.normal_forms import (
    PRODUCTS,
    SUMS,
    Factors,
    Terms,
    base_of,
    collect,
    factors_of,
    folded,
    number_of,
    plus,
    power,
    product,
    rank,
    sum_of,
    terms_of,
    times,
)

__all__ = ["simplify"]

TWO = constant(2)
PASSES = 10
"""Most expressions are done after two, the second of which finds nothing."""


def simplify(expression: Expression) -> Expression:
    """A shorter expression of the same value, or the expression itself; see the module for what is promised."""
    for _ in range(PASSES):
        before, expression = expression, _pass(expression)
        if expression is before:
            break
    return expression


def _pass(expression: Expression) -> Expression:
    """Simplify every subexpression once, from the leaves up; a sum within a sum and a product within a product as part of it."""
    order = nodes(expression)
    whole = {expression} | {a for node in order for a in node.args if not _continues(node, a)}
    parts: dict[Expression, Expression] = {}
    done: dict[Expression, Expression] = {}
    for node in order:
        args = tuple((parts if _continues(node, a) else done)[a] for a in node.args)
        parts[node] = folded(Expression(node.name, args)) if args else node
        if node in whole:
            done[node] = _shortest(parts[node])
    return done[expression]


def _continues(node: Expression, arg: Expression) -> bool:
    return any(node.name in family and arg.name in family for family in (SUMS, PRODUCTS))


def _shortest(node: Expression) -> Expression:
    """The shortest of what the node's rules propose, the first of several; what has no value is left alone."""
    if node.unsettled or node.name not in RULES:
        return node
    try:
        return min([*RULES[node.name](node), node], key=lambda proposed: proposed.size)
    except ZeroDivisionError:  # as of x/(0·y)
        undefined: Expression = ZERO / ZERO
        return undefined
    except ArithmeticError:  # a constant too large or too small for a float
        return node


# -------------------------------------------------------------------------------------------- rules
def _opened(terms: Terms) -> Terms:
    """With the brackets of c·(a + b) opened."""
    opened: Terms = {}
    for term, c in terms.items():
        for inner, k in terms_of(term).items() if term.name in SUMS else [(term, 1)]:
            collect(opened, inner, times(c, k))
    return opened


def _united(terms: Terms) -> Terms:
    """With sin²u + cos²u as 1, whatever stands before both."""
    united = dict(terms)
    for term in terms:
        factors = factors_of(term)[1]
        for base, e in factors.items():
            if base.name == "sin" and e is TWO:
                rest = {other: e for other, e in factors.items() if other is not base}
                cos = Expression("cos", base.args)
                partner = product(1, {**rest, cos: plus(rest.get(cos, ZERO), TWO)})
                if term in united and united.get(partner) == united[term]:
                    del united[partner]
                    collect(united, product(1, rest), united.pop(term))
    return united


def _factored(terms: Terms) -> Iterator[Expression]:
    """With what all terms have in common before a bracket."""
    pairs = [(c, factors_of(term)[1]) for term, c in terms.items() if c != 0]
    if len(pairs) < 2:
        return
    integers = [c for c, _ in pairs if isinstance(c, int)]
    content = math.gcd(*integers) if len(integers) == len(pairs) else 1
    common: Factors = {}
    for base in pairs[0][1]:
        exponents = [e for _, factors in pairs if base in factors and (e := number_of(factors[base])) is not None]
        if len(exponents) == len(pairs) and len({e > 0 for e in exponents}) == 1:
            common[base] = constant(min(exponents, key=lambda e: abs(e)))
    if not common and content == 1:
        return
    inner: Terms = {}
    for c, factors in pairs:
        rest = {base: plus(e, constant(-common[base].value)) if base in common else e for base, e in factors.items()}
        rest = {base: e for base, e in rest.items() if e is not ZERO}
        collect(inner, product(1, rest), c // content if content != 1 else c)
    yield product(*factors_of(product(content, common) * _shortest(folded(sum_of(inner)))))


EVEN, ODD, POSITIVE = ("cos", "absolute"), ("sin", "tanh", "sign"), ("absolute", "exp", "sqrt")
"""Functions with f(-x) = f(x), with f(-x) = -f(x), and with values that are never negative."""


def _of_sum(node: Expression) -> Iterator[Expression]:
    terms = _united(terms_of(node))
    for form in (terms, _united(_opened(terms))):
        yield sum_of(form)
        yield from _factored(form)


def _of_product(node: Expression) -> Iterator[Expression]:
    yield product(*factors_of(node))


def _of_power(node: Expression) -> Iterator[Expression]:
    base, outer = base_of(node)[0], number_of(base_of(node)[1])
    inner = number_of(base_of(base)[1]) if base.name in ("power", "sqrt") else None
    if base is ONE:
        yield ONE
    if inner is not None and outer is not None and not isinstance(outer, int):
        # The root of an even power is one of |x|; of any other power it exists for x >= 0 only.
        root = base_of(base)[0]
        even = isinstance(inner, int) and inner % 2 == 0
        yield power(_shortest(abs(root)) if even else root, constant(times(inner, outer)))
    yield product(*factors_of(node))


def _of_function(node: Expression) -> Iterator[Expression]:
    name, (x,) = node.name, node.args
    if {name, x.name} == {"exp", "log"}:
        yield x.args[0]
    if name == "absolute" and (x.name in POSITIVE or (x.name == "power" and number_of(x.args[1]) in range(-64, 65, 2))):
        yield x
    if name in (*EVEN, *ODD) and x.name in (*PRODUCTS, "negative"):
        coefficient, factors = factors_of(x)
        if coefficient < 0:
            turned = Expression(name, (product(-coefficient, factors),))
            yield turned if name in EVEN else -turned


def _of_extreme(node: Expression) -> Iterator[Expression]:
    a, b = sorted(node.args, key=lambda x: (x.name == "constant", rank(x)))
    yield a if a is b else Expression(node.name, (a, b))


def _of_choice(node: Expression) -> Iterator[Expression]:
    condition, a, b = node.args
    if a is b or number_of(condition) is not None:
        yield a if a is b or number_of(condition) else b


RULES: dict[str, Callable[[Expression], Iterator[Expression]]] = {
    **dict.fromkeys(SUMS, _of_sum),
    **dict.fromkeys(PRODUCTS, _of_product),
    **dict.fromkeys(("power", "sqrt"), _of_power),
    **dict.fromkeys(("exp", "log", *EVEN, *ODD), _of_function),
    **dict.fromkeys(("maximum", "minimum"), _of_extreme),
    "where": _of_choice,
}
