"""The Duals within Duals: a class whose operators and functions are right, so that no other exercise counts where they are used."""

# The class that is built on is an argument, which mypy does not take for a base class.
# mypy: disable-error-code="assignment, misc, valid-type"

from __future__ import annotations

import numpy as np

__all__ = ["right_duals"]


def right_duals(own_class):
    """Return a class of right Duals, and a function that puts the four numbers of each of some Duals of Duals in a row."""

    def parts(t):
        return (t.value, t.tangent) if isinstance(t, own_class) else (t, 0.0)

    class Number(own_class):
        def __add__(self, other):
            b, db = parts(other)
            return Number(self.value + b, self.tangent + db)

        def __neg__(self):
            return Number(-self.value, -self.tangent)

        def __sub__(self, other):
            return self + -other

        def __rsub__(self, other):
            return -self + other

        def __mul__(self, other):
            b, db = parts(other)
            return Number(self.value * b, self.tangent * b + self.value * db)

        def __truediv__(self, other):
            b, db = parts(other)
            quotient = self.value / b
            return Number(quotient, (self.tangent - quotient * db) / b)

        def __rtruediv__(self, other):
            return Number(other, 0.0) / self

        def __pow__(self, other):
            b, db = parts(other)
            power = self.value**b
            by_exponent = power * np.log(self.value) * db if isinstance(other, own_class) else 0.0
            return Number(power, b * self.value ** (b - 1) * self.tangent + by_exponent)

        def __rpow__(self, other):
            power = other**self.value
            return Number(power, power * np.log(other) * self.tangent)

        def exp(self):
            return Number(np.exp(self.value), np.exp(self.value) * self.tangent)

        def log(self):
            return Number(np.log(self.value), self.tangent / self.value)

        def sin(self):
            return Number(np.sin(self.value), np.cos(self.value) * self.tangent)

        def cos(self):
            return Number(np.cos(self.value), -np.sin(self.value) * self.tangent)

        def tanh(self):
            t = np.tanh(self.value)
            return Number(t, (1.0 - t * t) * self.tangent)

        def sqrt(self):
            root = np.sqrt(self.value)
            return Number(root, 0.5 / root * self.tangent)

        def __lt__(self, other):
            return self.value < parts(other)[0]

        def __le__(self, other):
            return self.value <= parts(other)[0]

        def __gt__(self, other):
            return self.value > parts(other)[0]

        def __ge__(self, other):
            return self.value >= parts(other)[0]

        def __eq__(self, other):
            return self.value == parts(other)[0]

        __radd__, __rmul__ = __add__, __mul__
        __hash__ = None

    def flat(*outs):
        return np.stack([entry for out in outs for entry in (*parts(out.value), *parts(out.tangent))])

    return Number, flat
