"""The numbers within Duals of Duals: Duals that reckon as plain numbers do, so that no other exercise counts where they are used.

They run beside the student's code and are in its kit, so no rule of a derivative is in them: what a Dual does with what it holds
shows all the same, since it must not take it for a float.
"""

# The class that is built on is an argument, which mypy does not take for a base class.
# mypy: disable-error-code="assignment, misc, valid-type"

from __future__ import annotations

import numpy as np

__all__ = ["inner_numbers"]


def inner_numbers(own_class):
    """Return a class of Duals that reckon with their values alone, and a function that puts what some Duals of them hold in a row.

    Of each part of a Dual the row has its value, and 1 if it is a Dual still; 0 and 1 may be plain numbers.
    """
    import operator

    def value_of(t):
        return t.value if isinstance(t, own_class) else t

    class Number(own_class):
        __hash__ = None

    def reckoning(function):
        return lambda *operands: Number(function(*map(value_of, operands)), 1.0)

    def turned(function):
        return lambda a, b: function(b, a)

    def comparing(function):
        return lambda a, b: function(value_of(a), value_of(b))

    for name in ("add", "sub", "mul", "truediv", "pow"):
        function = getattr(operator, name)
        setattr(Number, f"__{name}__", reckoning(function))
        setattr(Number, f"__r{name}__", reckoning(turned(function)))
    for name in ("lt", "le", "gt", "ge", "eq"):
        setattr(Number, f"__{name}__", comparing(getattr(operator, name)))
    for name in ("exp", "log", "sin", "cos", "tanh", "sqrt"):
        setattr(Number, name, reckoning(getattr(np, name)))
    Number.__neg__ = reckoning(operator.neg)

    def row(t):
        kept = isinstance(t, own_class)
        return value_of(t), 1.0 if kept or t in (0, 1) else 0.0

    def flat(*outs):
        return np.stack([entry for out in outs for entry in (*row(out.value), *row(out.tangent))])

    return Number, flat
