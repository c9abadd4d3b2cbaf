"""Right and wrong answers to unit ``forward_mode``, written from the public contract alone.

An answer that differs from a right one in some functions holds these alone.
"""

from __future__ import annotations

from functools import partial

from .entry import changed, right, wrong

__all__ = ["RIGHT_FORWARD_MODE", "WRONG_FORWARD_MODE"]

_changed, _right, _wrong = (partial(make, "forward_mode") for make in (changed, right, wrong))

RIGHT_FORWARD_MODE = [
    _right(
        "dual_sums dual_products dual_quotients dual_powers dual_functions dual_comparisons",
        "paired everywhere, textbook rules",
        """
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return Dual(-self.value, -self.tangent, self.level)

                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent - b.tangent, a.level)

                def __rsub__(self, other):
                    return -self + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent - q * b.tangent) / b.value, a.level)

                def __rtruediv__(self, other):
                    a, b = self.paired(other)
                    return b / a

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        p = a.value**b.value
                        return Dual(p, p * (b.tangent * np.log(a.value) + b.value * a.tangent / a.value), a.level)
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)

                def __rpow__(self, other):
                    p = other**self.value
                    return Dual(p, p * np.log(other) * self.tangent, self.level)

                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    return Dual(np.log(self.value), self.tangent / self.value, self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)

                def sqrt(self):
                    r = np.sqrt(self.value)
                    return Dual(r, self.tangent / (2 * r), self.level)

                def __lt__(self, other):
                    a, b = self.paired(other)
                    return a.value < b.value

                def __le__(self, other):
                    a, b = self.paired(other)
                    return a.value <= b.value

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return a.value > b.value

                def __ge__(self, other):
                    a, b = self.paired(other)
                    return a.value >= b.value

                def __eq__(self, other):
                    a, b = self.paired(other)
                    return a.value == b.value

                __hash__ = None

                def __abs__(self):
                    return -self if self.value < 0 else Dual(self.value, self.tangent, self.level)
        """,
    ),
    _right(
        "dual_sums dual_products dual_quotients dual_powers dual_functions dual_comparisons",
        "one helper for a function and its slope, own lifting, minus and division by composition",
        '''
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value, self.tangent, self.level = value, tangent, level

                def __repr__(self):
                    return "Dual(%s, %s)" % (self.value, self.tangent)

                def paired(self, other):
                    mine, theirs = self.level, getattr(other, "level", -1)
                    if theirs > mine:
                        return Dual(self, 0.0, theirs), other
                    if theirs < mine:
                        return self, Dual(other, 0.0, mine)
                    return self, other

                def _through(self, value, slope):
                    """A function of self alone, with this value and this slope."""
                    return Dual(value, slope * self.tangent, self.level)

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                __radd__ = __add__

                def __neg__(self):
                    return self._through(-self.value, -1.0)

                def __sub__(self, other):
                    return self + (-other)

                def __rsub__(self, other):
                    return (-self) + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, b.value * a.tangent + a.value * b.tangent, a.level)

                __rmul__ = __mul__

                def _reciprocal(self):
                    r = 1.0 / self.value
                    return self._through(r, -r * r)

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    return a * b._reciprocal()

                def __rtruediv__(self, other):
                    return self._reciprocal() * other

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        return (self.log() * other).exp()
                    if other == 0:
                        return self._through(1.0, 0.0)
                    return self._through(self.value**other, other * self.value ** (other - 1))

                def __rpow__(self, other):
                    return (self * np.log(other)).exp()

                def exp(self):
                    e = np.exp(self.value)
                    return self._through(e, e)

                def log(self):
                    return self._through(np.log(self.value), 1.0 / self.value)

                def sin(self):
                    return self._through(np.sin(self.value), np.cos(self.value))

                def cos(self):
                    return self._through(np.cos(self.value), -np.sin(self.value))

                def tanh(self):
                    t = np.tanh(self.value)
                    return self._through(t, (1.0 - t) * (1.0 + t))

                def sqrt(self):
                    return self**0.5

                def __lt__(self, other):
                    a, b = self.paired(other)
                    return bool(a.value < b.value)

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return bool(b.value < a.value)

                def __le__(self, other):
                    return self < other or self == other

                def __ge__(self, other):
                    return self > other or self == other

                def __eq__(self, other):
                    a, b = self.paired(other)
                    return bool(a.value == b.value)

                __hash__ = None

                def __abs__(self):
                    return self * (1.0 if self.value > 0 else -1.0)
        ''',
    ),
    _right(
        "dual_sums dual_products dual_quotients dual_powers dual_functions dual_comparisons",
        "rules in tables, methods made in a loop",
        """
            import operator

            BINARY = {
                "add": lambda a, da, b, db: (a + b, da + db),
                "sub": lambda a, da, b, db: (a - b, da - db),
                "mul": lambda a, da, b, db: (a * b, da * b + a * db),
                "truediv": lambda a, da, b, db: (a / b, (da * b - a * db) / (b * b)),
            }
            UNARY = {
                "exp": lambda v: (np.exp(v), np.exp(v)),
                "log": lambda v: (np.log(v), 1 / v),
                "sin": lambda v: (np.sin(v), np.cos(v)),
                "cos": lambda v: (np.cos(v), 0.0 - np.sin(v)),
                "tanh": lambda v: (np.tanh(v), 1 - np.tanh(v) ** 2),
                "sqrt": lambda v: (np.sqrt(v), 0.5 / np.sqrt(v)),
                "__neg__": lambda v: (-v, -1.0),
                "__abs__": lambda v: (abs(v), 1.0 if v > 0 else -1.0),
            }


            class Dual:
                __hash__ = None

                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def __eq__(self, other):
                    one, two = self.paired(other)
                    return one.value == two.value

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    both = []
                    for x in (self, other):
                        both.append(x if isinstance(x, Dual) and x.level == level else Dual(x, 0.0, level))
                    return both[0], both[1]

                def __pow__(self, p):
                    if not isinstance(p, Dual):
                        return Dual(self.value**p, p * self.value ** (p - 1) * self.tangent if p != 0 else 0.0, self.level)
                    a, b = self.paired(p)
                    by_base = b.value * a.value ** (b.value - 1) * a.tangent
                    by_exponent = a.value**b.value * np.log(a.value) * b.tangent
                    return Dual(a.value**b.value, by_base + by_exponent, a.level)

                def __rpow__(self, base):
                    return Dual(base, 0.0, self.level) ** self


            def _binary(rule):
                def method(self, other):
                    one, two = self.paired(other)
                    value, tangent = rule(one.value, one.tangent, two.value, two.tangent)
                    return Dual(value, tangent, one.level)

                def reflected(self, other):
                    one, two = self.paired(other)
                    value, tangent = rule(two.value, two.tangent, one.value, one.tangent)
                    return Dual(value, tangent, one.level)

                return method, reflected


            def _unary(rule):
                def method(self):
                    value, slope = rule(self.value)
                    return Dual(value, slope * self.tangent, self.level)
                return method


            def _comparison(compare):
                def method(self, other):
                    one, two = self.paired(other)
                    return compare(one.value, two.value)
                return method


            for _name, _rule in BINARY.items():
                _forth, _back = _binary(_rule)
                setattr(Dual, f"__{_name}__", _forth)
                setattr(Dual, f"__r{_name}__", _back)
            for _name, _rule in UNARY.items():
                setattr(Dual, _name, _unary(_rule))
            for _name in ("lt", "le", "gt", "ge"):
                setattr(Dual, f"__{_name}__", _comparison(getattr(operator, _name)))
        """,
    ),
    _right(
        "dual_sums dual_products dual_quotients",
        "quotient solved from a = q b, clumsy intermediate names",
        """
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    left, right = self.paired(other)
                    new_value = left.value + right.value
                    new_tangent = left.tangent + right.tangent
                    answer = Dual(new_value, new_tangent, left.level)
                    return answer

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return self * (-1)

                def __sub__(self, other):
                    minus_other = other * (-1)
                    return self + minus_other

                def __rsub__(self, other):
                    return (self - other) * (-1)

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    # a' = q' b + q b'
                    q_dot = a.tangent / b.value - q * b.tangent / b.value
                    return Dual(q, q_dot, b.level)

                def __rtruediv__(self, other):
                    q = other / self.value
                    return Dual(q, -q * self.tangent / self.value, self.level)

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        p = a.value**b.value
                        return Dual(p, p * (b.tangent * np.log(a.value) + b.value * a.tangent / a.value), a.level)
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)

                def __rpow__(self, other):
                    p = other**self.value
                    return Dual(p, p * np.log(other) * self.tangent, self.level)

                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    return Dual(np.log(self.value), self.tangent / self.value, self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)

                def sqrt(self):
                    r = np.sqrt(self.value)
                    return Dual(r, self.tangent / (2 * r), self.level)

                def __lt__(self, other):
                    a, b = self.paired(other)
                    return a.value < b.value

                def __le__(self, other):
                    a, b = self.paired(other)
                    return a.value <= b.value

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return a.value > b.value

                def __ge__(self, other):
                    a, b = self.paired(other)
                    return a.value >= b.value

                def __eq__(self, other):
                    a, b = self.paired(other)
                    return a.value == b.value

                __hash__ = None

                def __abs__(self):
                    return -self if self.value < 0 else Dual(self.value, self.tangent, self.level)
        """,
    ),
    _right(
        "dual_powers",
        "cases apart, the whole power by logarithms where both move",
        """
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return Dual(-self.value, -self.tangent, self.level)

                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent - b.tangent, a.level)

                def __rsub__(self, other):
                    return -self + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent - q * b.tangent) / b.value, a.level)

                def __rtruediv__(self, other):
                    a, b = self.paired(other)
                    return b / a

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        return (other * self.log()).exp()
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    if other == 1:
                        return Dual(self.value, self.tangent, self.level)
                    if other == 2:
                        return self * self
                    if other < 0:
                        return 1.0 / self ** (-other)
                    return Dual(self.value**other, self.tangent * other * self.value ** (other - 1), self.level)

                def __rpow__(self, other):
                    return (float(np.log(other)) * self).exp()

                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    return Dual(np.log(self.value), self.tangent / self.value, self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)

                def sqrt(self):
                    r = np.sqrt(self.value)
                    return Dual(r, self.tangent / (2 * r), self.level)

                def __lt__(self, other):
                    a, b = self.paired(other)
                    return a.value < b.value

                def __le__(self, other):
                    a, b = self.paired(other)
                    return a.value <= b.value

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return a.value > b.value

                def __ge__(self, other):
                    a, b = self.paired(other)
                    return a.value >= b.value

                def __eq__(self, other):
                    a, b = self.paired(other)
                    return a.value == b.value

                __hash__ = None

                def __abs__(self):
                    return -self if self.value < 0 else Dual(self.value, self.tangent, self.level)
        """,
    ),
    _right(
        "dual_powers",
        "whole exponents by multiplying, the rest by the rule",
        """
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return Dual(-self.value, -self.tangent, self.level)

                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent - b.tangent, a.level)

                def __rsub__(self, other):
                    return -self + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent - q * b.tangent) / b.value, a.level)

                def __rtruediv__(self, other):
                    a, b = self.paired(other)
                    return b / a

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        return (a.log() * b).exp()
                    if other == int(other) and abs(other) <= 64:
                        result = Dual(1.0, 0.0, self.level)
                        for _ in range(int(abs(other))):
                            result = result * self
                        return result if other >= 0 else 1.0 / result
                    slope = other * self.value ** (other - 1)
                    return Dual(self.value**other, slope * self.tangent, self.level)

                def __rpow__(self, other):
                    p = other**self.value
                    return Dual(p, p * np.log(other) * self.tangent, self.level)

                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    return Dual(np.log(self.value), self.tangent / self.value, self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)

                def sqrt(self):
                    r = np.sqrt(self.value)
                    return Dual(r, self.tangent / (2 * r), self.level)

                def __lt__(self, other):
                    a, b = self.paired(other)
                    return a.value < b.value

                def __le__(self, other):
                    a, b = self.paired(other)
                    return a.value <= b.value

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return a.value > b.value

                def __ge__(self, other):
                    a, b = self.paired(other)
                    return a.value >= b.value

                def __eq__(self, other):
                    a, b = self.paired(other)
                    return a.value == b.value

                __hash__ = None

                def __abs__(self):
                    return -self if self.value < 0 else Dual(self.value, self.tangent, self.level)
        """,
    ),
    _right(
        "dual_functions",
        "tanh by exponentials, log and sqrt by inverting, sine shifted for cosine",
        """
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return Dual(-self.value, -self.tangent, self.level)

                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent - b.tangent, a.level)

                def __rsub__(self, other):
                    return -self + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent - q * b.tangent) / b.value, a.level)

                def __rtruediv__(self, other):
                    a, b = self.paired(other)
                    return b / a

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        p = a.value**b.value
                        return Dual(p, p * (b.tangent * np.log(a.value) + b.value * a.tangent / a.value), a.level)
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)

                def __rpow__(self, other):
                    p = other**self.value
                    return Dual(p, p * np.log(other) * self.tangent, self.level)

                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    y = np.log(self.value)
                    return Dual(y, self.tangent * np.exp(-y), self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    value = np.tanh(self.value)
                    e = np.exp(-2 * abs(self.value))
                    return Dual(value, 4 * e / ((1 + e) * (1 + e)) * self.tangent, self.level)

                def sqrt(self):
                    y = np.sqrt(self.value)
                    return Dual(y, y * self.tangent / (2 * self.value), self.level)

                def __lt__(self, other):
                    a, b = self.paired(other)
                    return a.value < b.value

                def __le__(self, other):
                    a, b = self.paired(other)
                    return a.value <= b.value

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return a.value > b.value

                def __ge__(self, other):
                    a, b = self.paired(other)
                    return a.value >= b.value

                def __eq__(self, other):
                    a, b = self.paired(other)
                    return a.value == b.value

                __hash__ = None

                def __abs__(self):
                    return -self if self.value < 0 else Dual(self.value, self.tangent, self.level)
        """,
    ),
    _right(
        "dual_comparisons",
        "all from one three-way comparison",
        """
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return Dual(-self.value, -self.tangent, self.level)

                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent - b.tangent, a.level)

                def __rsub__(self, other):
                    return -self + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent - q * b.tangent) / b.value, a.level)

                def __rtruediv__(self, other):
                    a, b = self.paired(other)
                    return b / a

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        p = a.value**b.value
                        return Dual(p, p * (b.tangent * np.log(a.value) + b.value * a.tangent / a.value), a.level)
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)

                def __rpow__(self, other):
                    p = other**self.value
                    return Dual(p, p * np.log(other) * self.tangent, self.level)

                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    return Dual(np.log(self.value), self.tangent / self.value, self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)

                def sqrt(self):
                    r = np.sqrt(self.value)
                    return Dual(r, self.tangent / (2 * r), self.level)

                def _sign(self, other):
                    a, b = self.paired(other)
                    if a.value < b.value:
                        return -1
                    return 1 if a.value > b.value else 0

                def __lt__(self, other):
                    return self._sign(other) < 0

                def __le__(self, other):
                    return self._sign(other) <= 0

                def __gt__(self, other):
                    return self._sign(other) > 0

                def __ge__(self, other):
                    return self._sign(other) >= 0

                def __eq__(self, other):
                    return self._sign(other) == 0

                __hash__ = None

                def __abs__(self):
                    if self.value > 0:
                        return Dual(self.value, self.tangent, self.level)
                    else:
                        return Dual(-self.value, -self.tangent, self.level)
        """,
    ),
    _right(
        "dual_comparisons",
        "strips to the plain number first",
        """
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return Dual(-self.value, -self.tangent, self.level)

                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent - b.tangent, a.level)

                def __rsub__(self, other):
                    return -self + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent - q * b.tangent) / b.value, a.level)

                def __rtruediv__(self, other):
                    a, b = self.paired(other)
                    return b / a

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        p = a.value**b.value
                        return Dual(p, p * (b.tangent * np.log(a.value) + b.value * a.tangent / a.value), a.level)
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)

                def __rpow__(self, other):
                    p = other**self.value
                    return Dual(p, p * np.log(other) * self.tangent, self.level)

                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    return Dual(np.log(self.value), self.tangent / self.value, self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)

                def sqrt(self):
                    r = np.sqrt(self.value)
                    return Dual(r, self.tangent / (2 * r), self.level)

                @staticmethod
                def _plain(x):
                    while isinstance(x, Dual):
                        x = x.value
                    return x

                def __lt__(self, other):
                    return bool(self._plain(self) < self._plain(other))

                def __le__(self, other):
                    return bool(self._plain(self) <= self._plain(other))

                def __gt__(self, other):
                    return bool(self._plain(self) > self._plain(other))

                def __ge__(self, other):
                    return bool(self._plain(self) >= self._plain(other))

                def __eq__(self, other):
                    return bool(self._plain(self) == self._plain(other))

                __hash__ = None

                def __abs__(self):
                    return -self if self.value < 0 else Dual(self.value, self.tangent, self.level)
        """,
    ),
    _right(
        "jvp gradient_by_sweeps jacobian_by_columns",
        "comprehensions, gradient and Jacobian through jvp",
        """
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return Dual(-self.value, -self.tangent, self.level)

                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent - b.tangent, a.level)

                def __rsub__(self, other):
                    return -self + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent - q * b.tangent) / b.value, a.level)

                def __rtruediv__(self, other):
                    a, b = self.paired(other)
                    return b / a

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        p = a.value**b.value
                        return Dual(p, p * (b.tangent * np.log(a.value) + b.value * a.tangent / a.value), a.level)
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)

                def __rpow__(self, other):
                    p = other**self.value
                    return Dual(p, p * np.log(other) * self.tangent, self.level)

                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    return Dual(np.log(self.value), self.tangent / self.value, self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)

                def sqrt(self):
                    r = np.sqrt(self.value)
                    return Dual(r, self.tangent / (2 * r), self.level)

                def __lt__(self, other):
                    a, b = self.paired(other)
                    return a.value < b.value

                def __le__(self, other):
                    a, b = self.paired(other)
                    return a.value <= b.value

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return a.value > b.value

                def __ge__(self, other):
                    a, b = self.paired(other)
                    return a.value >= b.value

                def __eq__(self, other):
                    a, b = self.paired(other)
                    return a.value == b.value

                __hash__ = None

                def __abs__(self):
                    return -self if self.value < 0 else Dual(self.value, self.tangent, self.level)

            def jvp(f, x, v):
                y = f([Dual(a, b) for a, b in zip(x, v)])
                if isinstance(y, (list, tuple)):
                    value = np.array([e.value if isinstance(e, Dual) else e for e in y], dtype=float)
                    tangent = np.array([e.tangent if isinstance(e, Dual) else 0.0 for e in y], dtype=float)
                    return value, tangent
                return (y.value, y.tangent) if isinstance(y, Dual) else (y, 0.0)


            def gradient_by_sweeps(f, x):
                return np.array([jvp(f, x, e)[1] for e in np.eye(len(x))])


            def jacobian_by_columns(f, x):
                columns = [np.atleast_1d(jvp(f, x, e)[1]) for e in np.eye(len(x))]
                return np.stack(columns, axis=1)
        """,
    ),
    _right(
        "jvp",
        "split helper, loops",
        """
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return Dual(-self.value, -self.tangent, self.level)

                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent - b.tangent, a.level)

                def __rsub__(self, other):
                    return -self + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent - q * b.tangent) / b.value, a.level)

                def __rtruediv__(self, other):
                    a, b = self.paired(other)
                    return b / a

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        p = a.value**b.value
                        return Dual(p, p * (b.tangent * np.log(a.value) + b.value * a.tangent / a.value), a.level)
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)

                def __rpow__(self, other):
                    p = other**self.value
                    return Dual(p, p * np.log(other) * self.tangent, self.level)

                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    return Dual(np.log(self.value), self.tangent / self.value, self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)

                def sqrt(self):
                    r = np.sqrt(self.value)
                    return Dual(r, self.tangent / (2 * r), self.level)

                def __lt__(self, other):
                    a, b = self.paired(other)
                    return a.value < b.value

                def __le__(self, other):
                    a, b = self.paired(other)
                    return a.value <= b.value

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return a.value > b.value

                def __ge__(self, other):
                    a, b = self.paired(other)
                    return a.value >= b.value

                def __eq__(self, other):
                    a, b = self.paired(other)
                    return a.value == b.value

                __hash__ = None

                def __abs__(self):
                    return -self if self.value < 0 else Dual(self.value, self.tangent, self.level)


            def split(y):
                try:
                    return y.value, y.tangent
                except AttributeError:
                    return y, 0.0


            def jvp(f, x, v):
                inputs = []
                for i in range(len(x)):
                    inputs.append(Dual(x[i], v[i]))
                output = f(inputs)
                if not isinstance(output, list):
                    return split(output)
                n = len(output)
                value, tangent = np.zeros(n), np.zeros(n)
                for i in range(n):
                    value[i], tangent[i] = split(output[i])
                return value, tangent
        """,
    ),
    _right(
        "jvp",
        "every output made a Dual by adding a zero Dual",
        """
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return Dual(-self.value, -self.tangent, self.level)

                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent - b.tangent, a.level)

                def __rsub__(self, other):
                    return -self + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent - q * b.tangent) / b.value, a.level)

                def __rtruediv__(self, other):
                    a, b = self.paired(other)
                    return b / a

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        p = a.value**b.value
                        return Dual(p, p * (b.tangent * np.log(a.value) + b.value * a.tangent / a.value), a.level)
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)

                def __rpow__(self, other):
                    p = other**self.value
                    return Dual(p, p * np.log(other) * self.tangent, self.level)

                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    return Dual(np.log(self.value), self.tangent / self.value, self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)

                def sqrt(self):
                    r = np.sqrt(self.value)
                    return Dual(r, self.tangent / (2 * r), self.level)

                def __lt__(self, other):
                    a, b = self.paired(other)
                    return a.value < b.value

                def __le__(self, other):
                    a, b = self.paired(other)
                    return a.value <= b.value

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return a.value > b.value

                def __ge__(self, other):
                    a, b = self.paired(other)
                    return a.value >= b.value

                def __eq__(self, other):
                    a, b = self.paired(other)
                    return a.value == b.value

                __hash__ = None

                def __abs__(self):
                    return -self if self.value < 0 else Dual(self.value, self.tangent, self.level)


            def jvp(f, x, v):
                y = f(list(map(Dual, x, v)))
                zero = Dual(0.0, 0.0)
                if not isinstance(y, (list, tuple, np.ndarray)):
                    return (zero + y).value, (zero + y).tangent
                pairs = np.array([[(zero + e).value, (zero + e).tangent] for e in y], dtype=float)
                return pairs[:, 0], pairs[:, 1]
        """,
    ),
    _right(
        "gradient_by_sweeps",
        "one direction list, moved along",
        """
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return Dual(-self.value, -self.tangent, self.level)

                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent - b.tangent, a.level)

                def __rsub__(self, other):
                    return -self + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent - q * b.tangent) / b.value, a.level)

                def __rtruediv__(self, other):
                    a, b = self.paired(other)
                    return b / a

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        p = a.value**b.value
                        return Dual(p, p * (b.tangent * np.log(a.value) + b.value * a.tangent / a.value), a.level)
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)

                def __rpow__(self, other):
                    p = other**self.value
                    return Dual(p, p * np.log(other) * self.tangent, self.level)

                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    return Dual(np.log(self.value), self.tangent / self.value, self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)

                def sqrt(self):
                    r = np.sqrt(self.value)
                    return Dual(r, self.tangent / (2 * r), self.level)

                def __lt__(self, other):
                    a, b = self.paired(other)
                    return a.value < b.value

                def __le__(self, other):
                    a, b = self.paired(other)
                    return a.value <= b.value

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return a.value > b.value

                def __ge__(self, other):
                    a, b = self.paired(other)
                    return a.value >= b.value

                def __eq__(self, other):
                    a, b = self.paired(other)
                    return a.value == b.value

                __hash__ = None

                def __abs__(self):
                    return -self if self.value < 0 else Dual(self.value, self.tangent, self.level)


            def gradient_by_sweeps(f, x):
                m = len(x)
                gradient = np.empty(m)
                direction = [0.0] * m
                for j in range(m):
                    direction[j] = 1.0
                    y = f([Dual(a, b) for a, b in zip(x, direction)])
                    gradient[j] = y.tangent
                    direction[j] = 0.0
                return gradient
        """,
    ),
    _right(
        "jacobian_by_columns",
        "columns gathered as rows, then transposed",
        """
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return Dual(-self.value, -self.tangent, self.level)

                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent - b.tangent, a.level)

                def __rsub__(self, other):
                    return -self + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent - q * b.tangent) / b.value, a.level)

                def __rtruediv__(self, other):
                    a, b = self.paired(other)
                    return b / a

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        p = a.value**b.value
                        return Dual(p, p * (b.tangent * np.log(a.value) + b.value * a.tangent / a.value), a.level)
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)

                def __rpow__(self, other):
                    p = other**self.value
                    return Dual(p, p * np.log(other) * self.tangent, self.level)

                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    return Dual(np.log(self.value), self.tangent / self.value, self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)

                def sqrt(self):
                    r = np.sqrt(self.value)
                    return Dual(r, self.tangent / (2 * r), self.level)

                def __lt__(self, other):
                    a, b = self.paired(other)
                    return a.value < b.value

                def __le__(self, other):
                    a, b = self.paired(other)
                    return a.value <= b.value

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return a.value > b.value

                def __ge__(self, other):
                    a, b = self.paired(other)
                    return a.value >= b.value

                def __eq__(self, other):
                    a, b = self.paired(other)
                    return a.value == b.value

                __hash__ = None

                def __abs__(self):
                    return -self if self.value < 0 else Dual(self.value, self.tangent, self.level)


            def jacobian_by_columns(f, x):
                rows = []
                for j in range(len(x)):
                    inputs = [Dual(xi, 1.0 if i == j else 0.0) for i, xi in enumerate(x)]
                    outputs = f(inputs)
                    if not isinstance(outputs, list):
                        outputs = [outputs]
                    rows.append([getattr(y, "tangent", 0.0) for y in outputs])
                return np.array(rows, dtype=float).T
        """,
    ),
    _right(
        "jacobian_by_columns",
        "allocated after the first sweep, filled entry by entry",
        """
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return Dual(-self.value, -self.tangent, self.level)

                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent - b.tangent, a.level)

                def __rsub__(self, other):
                    return -self + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent - q * b.tangent) / b.value, a.level)

                def __rtruediv__(self, other):
                    a, b = self.paired(other)
                    return b / a

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        p = a.value**b.value
                        return Dual(p, p * (b.tangent * np.log(a.value) + b.value * a.tangent / a.value), a.level)
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)

                def __rpow__(self, other):
                    p = other**self.value
                    return Dual(p, p * np.log(other) * self.tangent, self.level)

                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    return Dual(np.log(self.value), self.tangent / self.value, self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)

                def sqrt(self):
                    r = np.sqrt(self.value)
                    return Dual(r, self.tangent / (2 * r), self.level)

                def __lt__(self, other):
                    a, b = self.paired(other)
                    return a.value < b.value

                def __le__(self, other):
                    a, b = self.paired(other)
                    return a.value <= b.value

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return a.value > b.value

                def __ge__(self, other):
                    a, b = self.paired(other)
                    return a.value >= b.value

                def __eq__(self, other):
                    a, b = self.paired(other)
                    return a.value == b.value

                __hash__ = None

                def __abs__(self):
                    return -self if self.value < 0 else Dual(self.value, self.tangent, self.level)


            def jacobian_by_columns(f, x):
                J = None
                m = len(x)
                for j in range(m):
                    inputs = [Dual(x[i], 0.0) for i in range(m)]
                    inputs[j] = Dual(x[j], 1.0)
                    y = f(inputs)
                    y = list(y) if isinstance(y, (list, tuple)) else [y]
                    if J is None:
                        J = np.zeros((len(y), m))
                    for i, out in enumerate(y):
                        if isinstance(out, Dual):
                            J[i, j] = out.tangent
                return J
        """,
    ),
    _right(
        "babylonian_root",
        "loop on a Dual",
        """
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return Dual(-self.value, -self.tangent, self.level)

                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent - b.tangent, a.level)

                def __rsub__(self, other):
                    return -self + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent - q * b.tangent) / b.value, a.level)

                def __rtruediv__(self, other):
                    a, b = self.paired(other)
                    return b / a

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        p = a.value**b.value
                        return Dual(p, p * (b.tangent * np.log(a.value) + b.value * a.tangent / a.value), a.level)
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)

                def __rpow__(self, other):
                    p = other**self.value
                    return Dual(p, p * np.log(other) * self.tangent, self.level)

                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    return Dual(np.log(self.value), self.tangent / self.value, self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)

                def sqrt(self):
                    r = np.sqrt(self.value)
                    return Dual(r, self.tangent / (2 * r), self.level)

                def __lt__(self, other):
                    a, b = self.paired(other)
                    return a.value < b.value

                def __le__(self, other):
                    a, b = self.paired(other)
                    return a.value <= b.value

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return a.value > b.value

                def __ge__(self, other):
                    a, b = self.paired(other)
                    return a.value >= b.value

                def __eq__(self, other):
                    a, b = self.paired(other)
                    return a.value == b.value

                __hash__ = None

                def __abs__(self):
                    return -self if self.value < 0 else Dual(self.value, self.tangent, self.level)


            def babylonian_root(a, steps):
                a = Dual(a, 1.0)
                x = Dual(1.0)
                for _ in range(steps):
                    x = (x + a / x) / 2
                return x.value, x.tangent
        """,
    ),
    _right(
        "babylonian_root",
        "tangent by hand, no class",
        """
            def babylonian_root(a, steps):
                x, dx = 1.0, 0.0
                for _ in range(steps):
                    q = a / x
                    dq = (1.0 - q * dx) / x
                    x, dx = (x + q) / 2, (dx + dq) / 2
                return (x, dx)
        """,
    ),
    _right(
        "babylonian_root",
        "while loop, constant start as a plain number",
        """
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return Dual(-self.value, -self.tangent, self.level)

                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent - b.tangent, a.level)

                def __rsub__(self, other):
                    return -self + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent - q * b.tangent) / b.value, a.level)

                def __rtruediv__(self, other):
                    a, b = self.paired(other)
                    return b / a

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        p = a.value**b.value
                        return Dual(p, p * (b.tangent * np.log(a.value) + b.value * a.tangent / a.value), a.level)
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)

                def __rpow__(self, other):
                    p = other**self.value
                    return Dual(p, p * np.log(other) * self.tangent, self.level)

                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    return Dual(np.log(self.value), self.tangent / self.value, self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)

                def sqrt(self):
                    r = np.sqrt(self.value)
                    return Dual(r, self.tangent / (2 * r), self.level)

                def __lt__(self, other):
                    a, b = self.paired(other)
                    return a.value < b.value

                def __le__(self, other):
                    a, b = self.paired(other)
                    return a.value <= b.value

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return a.value > b.value

                def __ge__(self, other):
                    a, b = self.paired(other)
                    return a.value >= b.value

                def __eq__(self, other):
                    a, b = self.paired(other)
                    return a.value == b.value

                __hash__ = None

                def __abs__(self):
                    return -self if self.value < 0 else Dual(self.value, self.tangent, self.level)


            def babylonian_root(a, steps):
                root, seed = 1.0, Dual(float(a), 1.0)
                while steps > 0:
                    root = 0.5 * root + 0.5 * (seed / root)
                    steps -= 1
                if isinstance(root, Dual):
                    return root.value, root.tangent
                return root, 0.0
        """,
    ),
    _right(
        "derivative second_derivative",
        "a global counter of levels, the second derivative nested",
        """
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return Dual(-self.value, -self.tangent, self.level)

                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent - b.tangent, a.level)

                def __rsub__(self, other):
                    return -self + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent - q * b.tangent) / b.value, a.level)

                def __rtruediv__(self, other):
                    a, b = self.paired(other)
                    return b / a

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        p = a.value**b.value
                        return Dual(p, p * (b.tangent * np.log(a.value) + b.value * a.tangent / a.value), a.level)
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)

                def __rpow__(self, other):
                    p = other**self.value
                    return Dual(p, p * np.log(other) * self.tangent, self.level)

                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    return Dual(np.log(self.value), self.tangent / self.value, self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)

                def sqrt(self):
                    r = np.sqrt(self.value)
                    return Dual(r, self.tangent / (2 * r), self.level)

                def __lt__(self, other):
                    a, b = self.paired(other)
                    return a.value < b.value

                def __le__(self, other):
                    a, b = self.paired(other)
                    return a.value <= b.value

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return a.value > b.value

                def __ge__(self, other):
                    a, b = self.paired(other)
                    return a.value >= b.value

                def __eq__(self, other):
                    a, b = self.paired(other)
                    return a.value == b.value

                __hash__ = None

                def __abs__(self):
                    return -self if self.value < 0 else Dual(self.value, self.tangent, self.level)

            LEVELS = [0]

            def derivative(f, x):
                LEVELS[0] += 1
                level = LEVELS[0]
                y = f(Dual(x, 1.0, level))
                if isinstance(y, Dual) and y.level == level:
                    return y.tangent
                return 0.0


            def second_derivative(f, x):
                return derivative(lambda y: derivative(f, y), x)
        """,
    ),
    _right(
        "derivative",
        "itertools.count, result taken apart by try",
        """
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return Dual(-self.value, -self.tangent, self.level)

                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent - b.tangent, a.level)

                def __rsub__(self, other):
                    return -self + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent - q * b.tangent) / b.value, a.level)

                def __rtruediv__(self, other):
                    a, b = self.paired(other)
                    return b / a

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        p = a.value**b.value
                        return Dual(p, p * (b.tangent * np.log(a.value) + b.value * a.tangent / a.value), a.level)
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)

                def __rpow__(self, other):
                    p = other**self.value
                    return Dual(p, p * np.log(other) * self.tangent, self.level)

                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    return Dual(np.log(self.value), self.tangent / self.value, self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)

                def sqrt(self):
                    r = np.sqrt(self.value)
                    return Dual(r, self.tangent / (2 * r), self.level)

                def __lt__(self, other):
                    a, b = self.paired(other)
                    return a.value < b.value

                def __le__(self, other):
                    a, b = self.paired(other)
                    return a.value <= b.value

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return a.value > b.value

                def __ge__(self, other):
                    a, b = self.paired(other)
                    return a.value >= b.value

                def __eq__(self, other):
                    a, b = self.paired(other)
                    return a.value == b.value

                __hash__ = None

                def __abs__(self):
                    return -self if self.value < 0 else Dual(self.value, self.tangent, self.level)

            import itertools

            _fresh = itertools.count(1)

            def derivative(f, x):
                mine = next(_fresh)
                y = f(Dual(x, 1.0, mine))
                try:
                    belongs = y.level == mine
                except AttributeError:
                    belongs = False
                return y.tangent if belongs else 0.0
        """,
    ),
    _right(
        "derivative",
        "level by depth of the calls under way, given back at the end",
        """
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return Dual(-self.value, -self.tangent, self.level)

                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent - b.tangent, a.level)

                def __rsub__(self, other):
                    return -self + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent - q * b.tangent) / b.value, a.level)

                def __rtruediv__(self, other):
                    a, b = self.paired(other)
                    return b / a

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        p = a.value**b.value
                        return Dual(p, p * (b.tangent * np.log(a.value) + b.value * a.tangent / a.value), a.level)
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)

                def __rpow__(self, other):
                    p = other**self.value
                    return Dual(p, p * np.log(other) * self.tangent, self.level)

                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    return Dual(np.log(self.value), self.tangent / self.value, self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)

                def sqrt(self):
                    r = np.sqrt(self.value)
                    return Dual(r, self.tangent / (2 * r), self.level)

                def __lt__(self, other):
                    a, b = self.paired(other)
                    return a.value < b.value

                def __le__(self, other):
                    a, b = self.paired(other)
                    return a.value <= b.value

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return a.value > b.value

                def __ge__(self, other):
                    a, b = self.paired(other)
                    return a.value >= b.value

                def __eq__(self, other):
                    a, b = self.paired(other)
                    return a.value == b.value

                __hash__ = None

                def __abs__(self):
                    return -self if self.value < 0 else Dual(self.value, self.tangent, self.level)


            _depth = 0

            def derivative(f, x):
                global _depth
                _depth += 1
                level = _depth
                try:
                    y = f(Dual(x, 1.0, level))
                finally:
                    _depth -= 1
                # adding a zero of my level lifts what is constant for me
                return (y + Dual(0.0, 0.0, level)).tangent
        """,
    ),
    _right(
        "second_derivative",
        "dual of dual on one level",
        """
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return Dual(-self.value, -self.tangent, self.level)

                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent - b.tangent, a.level)

                def __rsub__(self, other):
                    return -self + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent - q * b.tangent) / b.value, a.level)

                def __rtruediv__(self, other):
                    a, b = self.paired(other)
                    return b / a

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        p = a.value**b.value
                        return Dual(p, p * (b.tangent * np.log(a.value) + b.value * a.tangent / a.value), a.level)
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)

                def __rpow__(self, other):
                    p = other**self.value
                    return Dual(p, p * np.log(other) * self.tangent, self.level)

                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    return Dual(np.log(self.value), self.tangent / self.value, self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)

                def sqrt(self):
                    r = np.sqrt(self.value)
                    return Dual(r, self.tangent / (2 * r), self.level)

                def __lt__(self, other):
                    a, b = self.paired(other)
                    return a.value < b.value

                def __le__(self, other):
                    a, b = self.paired(other)
                    return a.value <= b.value

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return a.value > b.value

                def __ge__(self, other):
                    a, b = self.paired(other)
                    return a.value >= b.value

                def __eq__(self, other):
                    a, b = self.paired(other)
                    return a.value == b.value

                __hash__ = None

                def __abs__(self):
                    return -self if self.value < 0 else Dual(self.value, self.tangent, self.level)


            def second_derivative(f, x):
                y = f(Dual(Dual(x, 1.0), Dual(1.0, 0.0)))
                inner = y.tangent
                return inner.tangent if isinstance(inner, Dual) else 0.0
        """,
    ),
    _right(
        "second_derivative",
        "dual of dual on two levels",
        """
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return Dual(-self.value, -self.tangent, self.level)

                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent - b.tangent, a.level)

                def __rsub__(self, other):
                    return -self + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent - q * b.tangent) / b.value, a.level)

                def __rtruediv__(self, other):
                    a, b = self.paired(other)
                    return b / a

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        p = a.value**b.value
                        return Dual(p, p * (b.tangent * np.log(a.value) + b.value * a.tangent / a.value), a.level)
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)

                def __rpow__(self, other):
                    p = other**self.value
                    return Dual(p, p * np.log(other) * self.tangent, self.level)

                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    return Dual(np.log(self.value), self.tangent / self.value, self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)

                def sqrt(self):
                    r = np.sqrt(self.value)
                    return Dual(r, self.tangent / (2 * r), self.level)

                def __lt__(self, other):
                    a, b = self.paired(other)
                    return a.value < b.value

                def __le__(self, other):
                    a, b = self.paired(other)
                    return a.value <= b.value

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return a.value > b.value

                def __ge__(self, other):
                    a, b = self.paired(other)
                    return a.value >= b.value

                def __eq__(self, other):
                    a, b = self.paired(other)
                    return a.value == b.value

                __hash__ = None

                def __abs__(self):
                    return -self if self.value < 0 else Dual(self.value, self.tangent, self.level)


            def second_derivative(f, x):
                inner = Dual(x, 1.0, 1)
                outer = Dual(inner, 1.0, 2)
                y = f(outer)
                first = y.tangent if isinstance(y, Dual) and y.level == 2 else 0.0
                return first.tangent if isinstance(first, Dual) and first.level == 1 else 0.0
        """,
    ),
    _right(
        "second_derivative",
        "f twice differentiable along x + e1 + 2 e2, divided by two",
        """
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return Dual(-self.value, -self.tangent, self.level)

                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent - b.tangent, a.level)

                def __rsub__(self, other):
                    return -self + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent - q * b.tangent) / b.value, a.level)

                def __rtruediv__(self, other):
                    a, b = self.paired(other)
                    return b / a

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        p = a.value**b.value
                        return Dual(p, p * (b.tangent * np.log(a.value) + b.value * a.tangent / a.value), a.level)
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)

                def __rpow__(self, other):
                    p = other**self.value
                    return Dual(p, p * np.log(other) * self.tangent, self.level)

                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    return Dual(np.log(self.value), self.tangent / self.value, self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)

                def sqrt(self):
                    r = np.sqrt(self.value)
                    return Dual(r, self.tangent / (2 * r), self.level)

                def __lt__(self, other):
                    a, b = self.paired(other)
                    return a.value < b.value

                def __le__(self, other):
                    a, b = self.paired(other)
                    return a.value <= b.value

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return a.value > b.value

                def __ge__(self, other):
                    a, b = self.paired(other)
                    return a.value >= b.value

                def __eq__(self, other):
                    a, b = self.paired(other)
                    return a.value == b.value

                __hash__ = None

                def __abs__(self):
                    return -self if self.value < 0 else Dual(self.value, self.tangent, self.level)


            def second_derivative(f, x):
                y = f(Dual(Dual(x, 2.0), 1.0))
                mixed = y.tangent  # f'(x) + 2 f''(x) e
                return getattr(mixed, "tangent", 0.0) / 2.0
        """,
    ),
    _right(
        "worked_tangent",
        "line by line",
        """
            def worked_tangent(x, y, dx, dy):
                s1, t1 = x, dx
                s2, t2 = y, dy
                s3, t3 = s1 * s2, t1 * s2 + s1 * t2
                s4, t4 = np.sin(s1), np.cos(s1) * t1
                s5, t5 = s3 + s4, t3 + t4
                s6, t6 = s5 + 4, t5
                s7, t7 = s2**2, 2 * s2 * t2
                s8, t8 = 3 * s7, 3 * t7
                s9, t9 = s8 + 6, t8
                s10, t10 = s6 * s9, t6 * s9 + s6 * t9
                return s10, t10
        """,
    ),
    _right(
        "worked_tangent",
        "gradient times direction",
        """
            import math

            def worked_tangent(x, y, dx, dy):
                first = x * y + math.sin(x) + 4
                second = 3 * y * y + 6
                gradient = np.array([(y + math.cos(x)) * second, x * second + first * 6 * y])
                return first * second, float(gradient @ np.array([dx, dy]))
        """,
    ),
    _right(
        "worked_tangent",
        "run on Duals",
        """
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return Dual(-self.value, -self.tangent, self.level)

                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent - b.tangent, a.level)

                def __rsub__(self, other):
                    return -self + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent - q * b.tangent) / b.value, a.level)

                def __rtruediv__(self, other):
                    a, b = self.paired(other)
                    return b / a

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        p = a.value**b.value
                        return Dual(p, p * (b.tangent * np.log(a.value) + b.value * a.tangent / a.value), a.level)
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)

                def __rpow__(self, other):
                    p = other**self.value
                    return Dual(p, p * np.log(other) * self.tangent, self.level)

                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    return Dual(np.log(self.value), self.tangent / self.value, self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)

                def sqrt(self):
                    r = np.sqrt(self.value)
                    return Dual(r, self.tangent / (2 * r), self.level)

                def __lt__(self, other):
                    a, b = self.paired(other)
                    return a.value < b.value

                def __le__(self, other):
                    a, b = self.paired(other)
                    return a.value <= b.value

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return a.value > b.value

                def __ge__(self, other):
                    a, b = self.paired(other)
                    return a.value >= b.value

                def __eq__(self, other):
                    a, b = self.paired(other)
                    return a.value == b.value

                __hash__ = None

                def __abs__(self):
                    return -self if self.value < 0 else Dual(self.value, self.tangent, self.level)


            def worked_tangent(x, y, dx, dy):
                x, y = Dual(x, dx), Dual(y, dy)
                f = (x * y + np.sin(x) + 4) * (3 * y**2 + 6)
                return f.value, f.tangent
        """,
    ),
    _right(
        "worked_tangent",
        "expanded polynomial",
        """
            def worked_tangent(x, y, dx, dy):
                s, c = np.sin(x), np.cos(x)
                f = 3 * x * y**3 + 3 * y**2 * s + 12 * y**2 + 6 * x * y + 6 * s + 24
                along_x = (3 * y**3 + 3 * y**2 * c + 6 * y + 6 * c) * dx
                along_y = (9 * x * y**2 + 6 * y * s + 24 * y + 6 * x) * dy
                return (f, along_x + along_y)
        """,
    ),
    _right(
        "tangent_of_tanh",
        "one minus the square",
        """
            def tangent_of_tanh():
                return "(1 - tanh(x*y)^2) * (y*dx + x*dy)"
        """,
    ),
    _right(
        "tangent_of_tanh",
        "two terms, exponentials",
        """
            def tangent_of_tanh():
                slope = "4/(exp(x*y) + exp(-x*y))**2"
                return slope + "*y*dx + " + slope + "*x*dy"
        """,
    ),
    _right(
        "tangent_of_tanh",
        "difference of two products",
        """
            def tangent_of_tanh():
                return "dx*y + dy*x - tanh(y*x)*tanh(y*x)*(dy*x + dx*y)"
        """,
    ),
    _right(
        "mended_horner",
        "lines exchanged",
        """
            def mended_horner(coefficients, x, dx):
                p = dp = 0.0
                for c in coefficients:
                    dp = dp * x + p * dx
                    p = p * x + c
                return p, dp
        """,
    ),
    _right(
        "mended_horner",
        "both at once",
        """
            def mended_horner(coefficients, x, dx):
                p = dp = 0.0
                for c in coefficients:
                    p, dp = p * x + c, dp * x + p * dx
                return p, dp
        """,
    ),
    _right(
        "mended_horner",
        "derivative without dx, scaled at the end",
        """
            def mended_horner(coefficients, x, dx):
                p = slope = 0.0
                for c in coefficients:
                    old = p
                    p = old * x + c
                    slope = slope * x + old
                return p, slope * dx
        """,
    ),
    _right(
        "mended_horner",
        "powers summed from the lowest",
        """
            def mended_horner(coefficients, x, dx):
                p, dp, power, lower = 0.0, 0.0, 1.0, 0.0
                for k, c in enumerate(reversed(list(coefficients))):
                    p += c * power
                    dp += c * k * lower * dx
                    lower, power = power, power * x
                return p, dp
        """,
    ),
    _right(
        "mended_horner",
        "on Duals",
        """
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return Dual(-self.value, -self.tangent, self.level)

                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent - b.tangent, a.level)

                def __rsub__(self, other):
                    return -self + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent - q * b.tangent) / b.value, a.level)

                def __rtruediv__(self, other):
                    a, b = self.paired(other)
                    return b / a

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        p = a.value**b.value
                        return Dual(p, p * (b.tangent * np.log(a.value) + b.value * a.tangent / a.value), a.level)
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)

                def __rpow__(self, other):
                    p = other**self.value
                    return Dual(p, p * np.log(other) * self.tangent, self.level)

                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    return Dual(np.log(self.value), self.tangent / self.value, self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)

                def sqrt(self):
                    r = np.sqrt(self.value)
                    return Dual(r, self.tangent / (2 * r), self.level)

                def __lt__(self, other):
                    a, b = self.paired(other)
                    return a.value < b.value

                def __le__(self, other):
                    a, b = self.paired(other)
                    return a.value <= b.value

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return a.value > b.value

                def __ge__(self, other):
                    a, b = self.paired(other)
                    return a.value >= b.value

                def __eq__(self, other):
                    a, b = self.paired(other)
                    return a.value == b.value

                __hash__ = None

                def __abs__(self):
                    return -self if self.value < 0 else Dual(self.value, self.tangent, self.level)


            def mended_horner(coefficients, x, dx):
                p, z = Dual(0.0), Dual(x, dx)
                for c in coefficients:
                    p = p * z + float(c)
                return p.value, p.tangent
        """,
    ),
    _right(
        "jvp_checker",
        "Jacobians worked out by hand, several points and directions",
        """
            def jvp_checker(jvp):
                def f(x):
                    a, b, c = x
                    return [a * b * c, np.sin(a) + b * b / c]

                def jacobian(a, b, c):
                    return np.array([[b * c, a * c, a * b], [np.cos(a), 2 * b / c, -b * b / c**2]])

                def g(x):
                    a, b = x
                    return [np.exp(a * b / 4), a**3 - b, np.tanh(a) * b, a / b]

                def jacobian_g(a, b):
                    e, t = np.exp(a * b / 4), np.tanh(a)
                    return np.array([[b * e / 4, a * e / 4], [3 * a * a, -1.0], [(1 - t * t) * b, t], [1 / b, -a / b**2]])

                def k(x):
                    return [x[0] ** 2 * np.cos(x[1]) + x[0] * x[2]]

                def jacobian_k(a, b, c):
                    return np.array([[2 * a * np.cos(b) + c, -a * a * np.sin(b), a]])

                def s(x):
                    return [x[0] ** 3 + 2 * x[0], np.sin(x[0])]

                def jacobian_s(a):
                    return np.array([[3 * a * a + 2], [np.cos(a)]])

                def q(x):
                    a, b = x
                    return [a * a * b, np.cos(a) - 3 * b]

                def jacobian_q(a, b):
                    return np.array([[2 * a * b, a * a], [-np.sin(a), -3.0]])

                tasks = [
                    (q, jacobian_q, [0.9, 1.6], [1.4, -0.5]),
                    (q, jacobian_q, [-1.7, 0.6], [0.3, 2.8]),
                    (f, jacobian, [1.3, -0.7, 2.1], [0.4, 2.5, -1.7]),
                    (f, jacobian, [0.6, 1.9, 0.8], [-3.1, 0.3, 0.9]),
                    (g, jacobian_g, [1.1, 0.9], [0.25, -0.6]),
                    (g, jacobian_g, [-0.8, 1.7], [1.5, 2.2]),
                    (k, jacobian_k, [1.2, 0.5, -2.0], [2.0, -3.0, 5.0]),
                    (s, jacobian_s, [0.7], [-2.5]),
                    (s, jacobian_s, [1.4], [0.3]),
                ]
                for function, slopes, x, v in tasks:
                    try:
                        value, tangent = jvp(function, list(x), list(v))
                        value, tangent = np.array(value, dtype=float), np.array(tangent, dtype=float)
                    except Exception:
                        return False
                    wanted_value, wanted = np.array(function(list(x)), dtype=float), slopes(*x) @ np.array(v)
                    if value.shape != wanted.shape or tangent.shape != wanted.shape:
                        return False
                    if not np.allclose(value, wanted_value, rtol=1e-6, atol=1e-7):
                        return False
                    if not np.allclose(tangent, wanted, rtol=1e-6, atol=1e-7):
                        return False
                return True
        """,
    ),
    _right(
        "jvp_checker",
        "against central differences at random points",
        """
            def jvp_checker(jvp):
                rng = np.random.default_rng(7)
                functions = [
                    (3, lambda x: [x[0] * x[1] + x[2] ** 2, np.exp(x[0] / 2) * np.sin(x[1] * x[2])]),
                    (2, lambda x: [x[0] ** 3 / x[1], np.tanh(x[0] * x[1]), np.cos(x[0]) + x[1], x[1] ** 2 - x[0]]),
                    (4, lambda x: [x[0] * x[1] * x[2] * x[3] + x[3] ** 3]),
                    (1, lambda x: [x[0] * np.exp(-x[0]), 1 / x[0]]),
                    (2, lambda x: [x[0] ** 2 * x[1], x[0] * x[1] ** 2]),
                ]
                for m, f in functions:
                    for size in (0.3, 1.0, 3.0):
                        x = rng.uniform(0.5, 1.5, m) * rng.choice([-1.0, 1.0], m)
                        v = size * rng.uniform(0.5, 1.5, m) * rng.choice([-1.0, 1.0], m)
                        value, tangent = jvp(f, x, v)
                        h = 1e-5 / size
                        plus, minus = np.array(f(list(x + h * v))), np.array(f(list(x - h * v)))
                        slope = (plus - minus) / (2 * h)
                        here = np.array(f(list(x)))
                        scale = 1.0 + np.max(np.abs(slope))
                        if np.shape(value) != here.shape or np.shape(tangent) != slope.shape:
                            return False
                        if not np.max(np.abs(np.asarray(tangent, dtype=float) - slope)) < 1e-5 * scale:
                            return False
                        if not np.max(np.abs(np.asarray(value, dtype=float) - here)) < 1e-5 * (1.0 + np.max(np.abs(here))):
                            return False
                return True
        """,
    ),
    _right(
        "jvp_checker",
        "against the complex step, verdicts collected",
        """
            def jvp_checker(jvp):
                def mixed(x):
                    s = 0.0
                    for i in range(len(x)):
                        s = s + (i + 1) * x[i] * x[i - 1]
                    return [s + x[0] ** 3, np.sin(s / 4) + x[-1], np.exp(x[0] * x[-1] / 5) / (2 + x[0] ** 2)]

                verdicts = []
                for x, v in (
                    ([0.9, -1.4, 0.6, 1.1], [1.2, 0.7, -0.4, 2.3]),
                    ([-1.2, 0.5, 1.7], [0.3, -0.8, 0.2]),
                    ([1.5, 0.8], [-4.0, 3.0]),
                    ([0.7], [2.5]),
                    ([0.4, 1.3, 0.9, -0.6, 1.8], [0.5, -1.5, 2.0, 0.8, -0.9]),
                ):
                    found = jvp(mixed, np.array(x), np.array(v))
                    steps = mixed([complex(a, 1e-20 * b) for a, b in zip(x, v)])
                    wanted = [z.imag / 1e-20 for z in steps]
                    values = [z.real for z in steps]
                    close = all(
                        abs(float(p) - q) <= 1e-5 * max(1.0, abs(q))
                        for row, right in zip(found, (values, wanted))
                        for p, q in zip(np.ravel(row), right)
                    )
                    verdicts.append(close and len(np.ravel(found[0])) == 3 and len(np.ravel(found[1])) == 3)
                return all(verdicts)
        """,
    ),
    _right(
        "prediction_maximum",
        "negative as an integer",
        """
            def prediction_maximum():
                return -4
        """,
    ),
    _right(
        "question_product_by_hand",
        "computed (question_product_by_hand)",
        """
            def question_product_by_hand():
                return 3 * -1 + 2 * 4
        """,
    ),
    _right(
        "question_hours",
        "computed (question_hours)",
        """
            def question_hours():
                return 3.6e6 * 10e-3 / 3600
        """,
    ),
    _right(
        "prediction_confusion",
        "a float computed",
        """
            def prediction_confusion():
                inner = 1.0 + 1.0
                return 1.0 * inner
        """,
    ),
]

WRONG_FORWARD_MODE = [
    _changed(
        "dual_sums",
        "numbers added to the tangent too",
        "A number is a constant with tangent 0; here it moves the tangent.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __add__(self, other):
                    if isinstance(other, Dual):
                        return Dual(self.value + other.value, self.tangent + other.tangent, self.level)
                    return Dual(self.value + other, self.tangent + other, self.level)
        """,
    ),
    _changed(
        "dual_sums",
        "no numbers on the left",
        "__radd__ is missing, so that 3 + Dual raises TypeError.",
        RIGHT_FORWARD_MODE[0],
        """

        """,
        without="Dual.__radd__",
    ),
    _changed(
        "dual_sums",
        "no numbers at all",
        "It reads other.value of plain numbers, which have none.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __add__(self, other):
                    return Dual(self.value + other.value, self.tangent + other.tangent, self.level)

                def __sub__(self, other):
                    return Dual(self.value - other.value, self.tangent - other.tangent, self.level)

                def __rsub__(self, other):
                    return Dual(other, 0.0, self.level) - self
        """,
    ),
    _changed(
        "dual_sums",
        "tangents added in a difference",
        "The tangents of a difference are subtracted.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent + b.tangent, a.level)
        """,
    ),
    _changed(
        "dual_sums",
        "number minus Dual as Dual minus number",
        "other - self has the opposite sign of self - other.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __rsub__(self, other):
                    return self - other
        """,
    ),
    _changed(
        "dual_sums",
        "number minus Dual keeps its tangent",
        "The tangent of 10 - x is -x', and the minus is missing.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __rsub__(self, other):
                    return Dual(other - self.value, self.tangent, self.level)
        """,
    ),
    _changed(
        "dual_products",
        "product of the tangents",
        "The product rule is a'b + ab', not a'b'.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.tangent, a.level)
        """,
    ),
    _changed(
        "dual_products",
        "first term only",
        "The term a b' is missing.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value, a.level)
        """,
    ),
    _changed(
        "dual_products",
        "terms subtracted",
        "The two terms of the product rule add up.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value - a.value * b.tangent, a.level)
        """,
    ),
    _changed(
        "dual_products",
        "each with its own tangent",
        "a a' + b b' has the tangents at the wrong factors.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.value * a.tangent + b.value * b.tangent, a.level)
        """,
    ),
    _changed(
        "dual_products",
        "number scales the value only",
        "c times a Dual must scale its tangent by c as well.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __mul__(self, other):
                    if not isinstance(other, Dual):
                        return Dual(self.value * other, self.tangent, self.level)
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)
        """,
    ),
    _changed(
        "dual_products",
        "no numbers on the left of a product",
        "__rmul__ is missing, so that 3 * Dual raises TypeError.",
        RIGHT_FORWARD_MODE[0],
        """

        """,
        without="Dual.__rmul__",
    ),
    _changed(
        "dual_quotients",
        "plus sign",
        "The quotient rule subtracts: (a' - q b')/b.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent + q * b.tangent) / b.value, a.level)
        """,
    ),
    _changed(
        "dual_quotients",
        "numerator the wrong way round",
        "It is a'b - ab', and here it is ab' - a'b.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __truediv__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value / b.value, (a.value * b.tangent - a.tangent * b.value) / b.value**2, a.level)
        """,
    ),
    _changed(
        "dual_quotients",
        "denominator not squared in the rule",
        "a'b - ab' must be divided by b squared.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __truediv__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value / b.value, (a.tangent * b.value - a.value * b.tangent) / b.value, a.level)
        """,
    ),
    _changed(
        "dual_quotients",
        "quotient of the tangents",
        "The tangent of a quotient is not a'/b', and with a number below it divides by 0.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __truediv__(self, other):
                    if not isinstance(other, Dual):
                        return Dual(self.value / other, self.tangent / other, self.level)
                    a, b = self.paired(other)
                    return Dual(a.value / b.value, a.tangent / b.tangent if b.tangent != 0 else a.tangent / b.value, a.level)
        """,
    ),
    _changed(
        "dual_quotients",
        "number over Dual turned over",
        "other / self is computed as self / other.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __rtruediv__(self, other):
                    return self / other
        """,
    ),
    _changed(
        "dual_quotients",
        "number over Dual without its minus",
        "The tangent of c/b is -c b'/b^2.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __rtruediv__(self, other):
                    return Dual(other / self.value, other * self.tangent / self.value**2, self.level)
        """,
    ),
    _changed(
        "dual_powers",
        "repeated multiplication",
        "range(p) does nothing for negative exponents and fails for fractional ones.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __pow__(self, other):
                    if isinstance(other, Dual):
                        return (self.log() * other).exp()
                    if other != int(other):
                        other = round(other)
                    result = Dual(1.0, 0.0, self.level)
                    for _ in range(int(other)):
                        result = result * self
                    return result
        """,
    ),
    _changed(
        "dual_powers",
        "no care at the power zero",
        "For p = 0 at the value 0 it computes 0 * 0**-1, which raises ZeroDivisionError (NaN with numpy's floats).",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __pow__(self, other):
                    if isinstance(other, Dual):
                        return (self.log() * other).exp()
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)
        """,
    ),
    _changed(
        "dual_powers",
        "all through the logarithm",
        "exp(p log x) is NaN for negative values and for the value 0.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __pow__(self, other):
                    with np.errstate(all="ignore"):
                        return (self.log() * other).exp()
        """,
    ),
    _changed(
        "dual_powers",
        "logarithm of the size",
        "exp(p log|x|) loses the sign of odd powers of negative values.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __pow__(self, other):
                    if isinstance(other, Dual):
                        return (self.log() * other).exp()
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    if self.value == 0:
                        return Dual(0.0, self.tangent if other == 1 else 0.0, self.level)
                    return (abs(self).log() * other).exp()
        """,
    ),
    _changed(
        "dual_powers",
        "exponent not lowered in the tangent",
        "The tangent is p x^(p-1) x', not p x^p x'.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __pow__(self, other):
                    if isinstance(other, Dual):
                        return (self.log() * other).exp()
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value**other * self.tangent, self.level)
        """,
    ),
    _changed(
        "dual_powers",
        "factor p forgotten",
        "The tangent is p x^(p-1) x', and the factor p is missing.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __pow__(self, other):
                    if isinstance(other, Dual):
                        return (self.log() * other).exp()
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, self.value ** (other - 1) * self.tangent, self.level)
        """,
    ),
    _changed(
        "dual_functions",
        "sine's slope is the sine",
        "The slope of sin is cos.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def sin(self):
                    return Dual(np.sin(self.value), np.sin(self.value) * self.tangent, self.level)
        """,
    ),
    _changed(
        "dual_functions",
        "cosine's slope without its minus",
        "The slope of cos is -sin.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def cos(self):
                    return Dual(np.cos(self.value), np.sin(self.value) * self.tangent, self.level)
        """,
    ),
    _changed(
        "dual_functions",
        "tangents forgotten, slopes instead",
        "The slopes are not multiplied by the tangent: right for tangent 1 only.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e, self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value), self.level)
        """,
    ),
    _changed(
        "dual_functions",
        "tanh's slope not squared",
        "The slope of tanh is 1 - tanh^2.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t) * self.tangent, self.level)
        """,
    ),
    _changed(
        "dual_functions",
        "tanh's slope like the sigmoid's",
        "t(1 - t) is the sigmoid's slope.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, t * (1 - t) * self.tangent, self.level)
        """,
    ),
    _changed(
        "dual_functions",
        "tanh's slope at the argument",
        "1 - x^2 takes x for tanh x.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def tanh(self):
                    return Dual(np.tanh(self.value), (1 - self.value * self.value) * self.tangent, self.level)
        """,
    ),
    _wrong(
        "dual_functions",
        "math in the place of numpy",
        "math.sin and math.exp take no Dual, and a value may be a Dual in its turn.",
        """
            import math

            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return Dual(-self.value, -self.tangent, self.level)

                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent - b.tangent, a.level)

                def __rsub__(self, other):
                    return -self + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent - q * b.tangent) / b.value, a.level)

                def __rtruediv__(self, other):
                    a, b = self.paired(other)
                    return b / a

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        p = a.value**b.value
                        return Dual(p, p * (b.tangent * np.log(a.value) + b.value * a.tangent / a.value), a.level)
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)

                def __rpow__(self, other):
                    p = other**self.value
                    return Dual(p, p * np.log(other) * self.tangent, self.level)

                def exp(self):
                    e = math.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    return Dual(np.log(self.value), self.tangent / self.value, self.level)

                def sin(self):
                    return Dual(math.sin(self.value), math.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)

                def sqrt(self):
                    r = np.sqrt(self.value)
                    return Dual(r, self.tangent / (2 * r), self.level)

                def __lt__(self, other):
                    a, b = self.paired(other)
                    return a.value < b.value

                def __le__(self, other):
                    a, b = self.paired(other)
                    return a.value <= b.value

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return a.value > b.value

                def __ge__(self, other):
                    a, b = self.paired(other)
                    return a.value >= b.value

                def __eq__(self, other):
                    a, b = self.paired(other)
                    return a.value == b.value

                __hash__ = None

                def __abs__(self):
                    return -self if self.value < 0 else Dual(self.value, self.tangent, self.level)
        """,
    ),
    _wrong(
        "dual_functions",
        "numpy's functions shut out",
        "__array_ufunc__ = None makes np.sin(Dual) raise TypeError, which has to call the method.",
        """
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return Dual(-self.value, -self.tangent, self.level)

                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent - b.tangent, a.level)

                def __rsub__(self, other):
                    return -self + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent - q * b.tangent) / b.value, a.level)

                def __rtruediv__(self, other):
                    a, b = self.paired(other)
                    return b / a

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        p = a.value**b.value
                        return Dual(p, p * (b.tangent * np.log(a.value) + b.value * a.tangent / a.value), a.level)
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)

                def __rpow__(self, other):
                    p = other**self.value
                    return Dual(p, p * np.log(other) * self.tangent, self.level)

                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    return Dual(np.log(self.value), self.tangent / self.value, self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)

                def sqrt(self):
                    r = np.sqrt(self.value)
                    return Dual(r, self.tangent / (2 * r), self.level)

                def __lt__(self, other):
                    a, b = self.paired(other)
                    return a.value < b.value

                def __le__(self, other):
                    a, b = self.paired(other)
                    return a.value <= b.value

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return a.value > b.value

                def __ge__(self, other):
                    a, b = self.paired(other)
                    return a.value >= b.value

                def __eq__(self, other):
                    a, b = self.paired(other)
                    return a.value == b.value

                __hash__ = None

                def __abs__(self):
                    return -self if self.value < 0 else Dual(self.value, self.tangent, self.level)

                __array_ufunc__ = None
        """,
    ),
    _changed(
        "dual_comparisons",
        "tangents break ties",
        "Pairs (value, tangent) are compared, so that tangents count where the values are equal.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __lt__(self, other):
                    a, b = self.paired(other)
                    return (a.value, a.tangent) < (b.value, b.tangent)

                def __le__(self, other):
                    a, b = self.paired(other)
                    return (a.value, a.tangent) <= (b.value, b.tangent)

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return (a.value, a.tangent) > (b.value, b.tangent)

                def __ge__(self, other):
                    a, b = self.paired(other)
                    return (a.value, a.tangent) >= (b.value, b.tangent)

                def __eq__(self, other):
                    a, b = self.paired(other)
                    return (a.value, a.tangent) == (b.value, b.tangent)
        """,
    ),
    _changed(
        "dual_comparisons",
        "equal only with equal tangents",
        "Equality is by values alone; here the tangents must agree too.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __eq__(self, other):
                    a, b = self.paired(other)
                    return a.value == b.value and a.tangent == b.tangent
        """,
    ),
    _changed(
        "dual_comparisons",
        "compared by tangents",
        "It compares the tangents and not the values.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __lt__(self, other):
                    a, b = self.paired(other)
                    return a.tangent < b.tangent

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return a.tangent > b.tangent

                def __abs__(self):
                    s = -1.0 if self.value < 0 else 1.0
                    return Dual(s * self.value, s * self.tangent, self.level)
        """,
    ),
    _wrong(
        "dual_comparisons",
        "equality by identity",
        "__eq__ is missing, so that two Duals of the same value, or a Dual and a number, are never equal.",
        """
            class Dual:
                def __init__(self, value, tangent=0.0, level=0):
                    self.value = value
                    self.tangent = tangent
                    self.level = level

                def __repr__(self):
                    return f"Dual({self.value}, {self.tangent})"

                def paired(self, other):
                    level = max(self.level, other.level) if isinstance(other, Dual) else self.level
                    first, second = (
                        x if isinstance(x, Dual) and x.level == level else type(self)(x, 0.0, level) for x in (self, other)
                    )
                    return first, second

                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value + b.value, a.tangent + b.tangent, a.level)

                def __radd__(self, other):
                    return self + other

                def __neg__(self):
                    return Dual(-self.value, -self.tangent, self.level)

                def __sub__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value - b.value, a.tangent - b.tangent, a.level)

                def __rsub__(self, other):
                    return -self + other

                def __mul__(self, other):
                    a, b = self.paired(other)
                    return Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent, a.level)

                def __rmul__(self, other):
                    return self * other

                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, (a.tangent - q * b.tangent) / b.value, a.level)

                def __rtruediv__(self, other):
                    a, b = self.paired(other)
                    return b / a

                def __pow__(self, other):
                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        p = a.value**b.value
                        return Dual(p, p * (b.tangent * np.log(a.value) + b.value * a.tangent / a.value), a.level)
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)

                def __rpow__(self, other):
                    p = other**self.value
                    return Dual(p, p * np.log(other) * self.tangent, self.level)

                def exp(self):
                    e = np.exp(self.value)
                    return Dual(e, e * self.tangent, self.level)

                def log(self):
                    return Dual(np.log(self.value), self.tangent / self.value, self.level)

                def sin(self):
                    return Dual(np.sin(self.value), np.cos(self.value) * self.tangent, self.level)

                def cos(self):
                    return Dual(np.cos(self.value), -np.sin(self.value) * self.tangent, self.level)

                def tanh(self):
                    t = np.tanh(self.value)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)

                def sqrt(self):
                    r = np.sqrt(self.value)
                    return Dual(r, self.tangent / (2 * r), self.level)

                def __lt__(self, other):
                    a, b = self.paired(other)
                    return a.value < b.value

                def __le__(self, other):
                    a, b = self.paired(other)
                    return a.value <= b.value

                def __gt__(self, other):
                    a, b = self.paired(other)
                    return a.value > b.value

                def __ge__(self, other):
                    a, b = self.paired(other)
                    return a.value >= b.value

                def __abs__(self):
                    return -self if self.value < 0 else Dual(self.value, self.tangent, self.level)
        """,
    ),
    _changed(
        "dual_comparisons",
        "no numbers in comparisons",
        "other.value is read of plain numbers, which have none.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __lt__(self, other):
                    return self.value < other.value

                def __le__(self, other):
                    return self.value <= other.value

                def __gt__(self, other):
                    return self.value > other.value

                def __ge__(self, other):
                    return self.value >= other.value

                def __eq__(self, other):
                    return self.value == other.value

                def __abs__(self):
                    s = -1.0 if self.value < 0 else 1.0
                    return Dual(s * self.value, s * self.tangent, self.level)
        """,
    ),
    _changed(
        "dual_comparisons",
        "at most is less than",
        "__le__ is False for equal values.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __le__(self, other):
                    a, b = self.paired(other)
                    return a.value < b.value
        """,
    ),
    _changed(
        "dual_comparisons",
        "equal when near",
        "Values that differ by less than 1e-3 are called equal.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __eq__(self, other):
                    a, b = self.paired(other)
                    return bool(abs(a.value - b.value) < 1e-3)
        """,
    ),
    _changed(
        "jvp",
        "direction of ones",
        "v is not used: the tangents start from 1, which gives the sum of J's columns.",
        RIGHT_FORWARD_MODE[0],
        """
            def jvp(f, x, v):
                y = f([Dual(a, b) for a, b in ((a, 1.0) for a in x)])
                if isinstance(y, (list, tuple)):
                    value = np.array([e.value if isinstance(e, Dual) else e for e in y], dtype=float)
                    tangent = np.array([e.tangent if isinstance(e, Dual) else 0.0 for e in y], dtype=float)
                    return value, tangent
                return (y.value, y.tangent) if isinstance(y, Dual) else (y, 0.0)
        """,
    ),
    _changed(
        "jvp",
        "first unit vector",
        "The direction is e_1 whatever v is.",
        RIGHT_FORWARD_MODE[0],
        """
            def jvp(f, x, v):
                y = f([Dual(a, b) for a, b in ((a, 1.0 if i == 0 else 0.0) for i, a in enumerate(x))])
                if isinstance(y, (list, tuple)):
                    value = np.array([e.value if isinstance(e, Dual) else e for e in y], dtype=float)
                    tangent = np.array([e.tangent if isinstance(e, Dual) else 0.0 for e in y], dtype=float)
                    return value, tangent
                return (y.value, y.tangent) if isinstance(y, Dual) else (y, 0.0)
        """,
    ),
    _changed(
        "jvp",
        "direction made a unit vector",
        "v is divided by its length, but J v is linear in v.",
        RIGHT_FORWARD_MODE[0],
        """
            def jvp(f, x, v):
                v = np.asarray(v, dtype=float) / np.linalg.norm(v)
                y = f([Dual(a, b) for a, b in zip(x, v)])
                if isinstance(y, (list, tuple)):
                    value = np.array([e.value if isinstance(e, Dual) else e for e in y], dtype=float)
                    tangent = np.array([e.tangent if isinstance(e, Dual) else 0.0 for e in y], dtype=float)
                    return value, tangent
                return (y.value, y.tangent) if isinstance(y, Dual) else (y, 0.0)
        """,
    ),
    _changed(
        "jvp",
        "direction without signs",
        "|v| stands for v.",
        RIGHT_FORWARD_MODE[0],
        """
            def jvp(f, x, v):
                y = f([Dual(a, b) for a, b in zip(x, np.abs(v))])
                if isinstance(y, (list, tuple)):
                    value = np.array([e.value if isinstance(e, Dual) else e for e in y], dtype=float)
                    tangent = np.array([e.tangent if isinstance(e, Dual) else 0.0 for e in y], dtype=float)
                    return value, tangent
                return (y.value, y.tangent) if isinstance(y, Dual) else (y, 0.0)
        """,
    ),
    _changed(
        "jvp",
        "plain outputs unforeseen",
        "Outputs that are plain numbers have no .tangent, and it raises AttributeError.",
        RIGHT_FORWARD_MODE[0],
        """
            def jvp(f, x, v):
                y = f([Dual(a, b) for a, b in zip(x, v)])
                if isinstance(y, (list, tuple)):
                    value = np.array([e.value for e in y], dtype=float)
                    tangent = np.array([e.tangent for e in y], dtype=float)
                    return value, tangent
                return (y.value, y.tangent)
        """,
    ),
    _changed(
        "jvp",
        "plain outputs left out",
        "Outputs that are plain numbers are dropped, so that the arrays are too short.",
        RIGHT_FORWARD_MODE[0],
        """
            def jvp(f, x, v):
                y = f([Dual(a, b) for a, b in zip(x, v)])
                if isinstance(y, (list, tuple)):
                    value = np.array([e.value for e in y if isinstance(e, Dual)], dtype=float)
                    tangent = np.array([e.tangent for e in y if isinstance(e, Dual)], dtype=float)
                    return value, tangent
                return (y.value, y.tangent) if isinstance(y, Dual) else (y, 0.0)
        """,
    ),
    _changed(
        "jvp",
        "a list of one as a number",
        "For a list of one output it returns two numbers instead of two arrays (1,).",
        RIGHT_FORWARD_MODE[0],
        """
            def jvp(f, x, v):
                y = f([Dual(a, b) for a, b in zip(x, v)])
                if not isinstance(y, list):
                    y = [y]
                value = np.array([getattr(e, "value", e) for e in y], dtype=float)
                tangent = np.array([getattr(e, "tangent", 0.0) for e in y], dtype=float)
                if len(y) == 1:
                    return value[0], tangent[0]
                return value, tangent
        """,
    ),
    _changed(
        "gradient_by_sweeps",
        "one sweep in the direction of ones",
        "It returns the sum of the entries for each entry.",
        RIGHT_FORWARD_MODE[9],
        """
            def gradient_by_sweeps(f, x):
                return np.full(len(x), jvp(f, x, np.ones(len(x)))[1])
        """,
        without="jacobian_by_columns",
    ),
    _changed(
        "gradient_by_sweeps",
        "direction not taken back",
        "The 1 of earlier sweeps stays in v, so that the entries are sums of the gradient's first entries.",
        RIGHT_FORWARD_MODE[9],
        """
            def gradient_by_sweeps(f, x):
                v, g = np.zeros(len(x)), np.zeros(len(x))
                for j in range(len(x)):
                    v[j] = 1.0
                    g[j] = jvp(f, x, v)[1]
                return g
        """,
        without="jacobian_by_columns",
    ),
    _changed(
        "gradient_by_sweeps",
        "values for tangents",
        "It collects f's value and not its tangent.",
        RIGHT_FORWARD_MODE[9],
        """
            def gradient_by_sweeps(f, x):
                return np.array([jvp(f, x, e)[0] for e in np.eye(len(x))])
        """,
        without="jacobian_by_columns",
    ),
    _wrong(
        "gradient_by_sweeps",
        "one-sided differences (gradient)",
        "Difference quotients with h = 1e-5 are off in the sixth digit.",
        """
            def gradient_by_sweeps(f, x):
                x, h = np.asarray(x, dtype=float), 1e-5
                g = np.zeros(len(x))
                for j in range(len(x)):
                    e = np.zeros(len(x))
                    e[j] = h
                    g[j] = (f(list(x + e)) - f(list(x))) / h
                return g
        """,
    ),
    _changed(
        "gradient_by_sweeps",
        "one input as a number",
        "For m = 1 it returns a number of shape () for an array (1,).",
        RIGHT_FORWARD_MODE[9],
        """
            def gradient_by_sweeps(f, x):
                return np.squeeze(np.array([jvp(f, x, e)[1] for e in np.eye(len(x))]))
        """,
        without="jacobian_by_columns",
    ),
    _changed(
        "gradient_by_sweeps",
        "last entry never swept",
        "The loop stops at m - 1, so that the last entry stays 0.",
        RIGHT_FORWARD_MODE[9],
        """
            def gradient_by_sweeps(f, x):
                g = np.zeros(len(x))
                for j in range(len(x) - 1):
                    g[j] = jvp(f, x, np.eye(len(x))[j])[1]
                return g
        """,
        without="jacobian_by_columns",
    ),
    _changed(
        "gradient_by_sweeps",
        "arrays only",
        "x.size and x.copy are those of arrays, and x may be a list.",
        RIGHT_FORWARD_MODE[9],
        """
            def gradient_by_sweeps(f, x):
                g = np.zeros(x.size)
                for j in range(x.size):
                    e = np.zeros(x.size)
                    e[j] = 1.0
                    g[j] = jvp(f, x.copy(), e)[1]
                return g
        """,
        without="jacobian_by_columns",
    ),
    _changed(
        "jacobian_by_columns",
        "transposed (Jacobian)",
        "The sweeps are stored as rows: the result is (m, n), the transpose.",
        RIGHT_FORWARD_MODE[9],
        """
            def jacobian_by_columns(f, x):
                return np.array([np.atleast_1d(jvp(f, x, e)[1]) for e in np.eye(len(x))])
        """,
        without="gradient_by_sweeps",
    ),
    _changed(
        "jacobian_by_columns",
        "transposed unless square shows it",
        "For n = m the transpose is returned.",
        RIGHT_FORWARD_MODE[9],
        """
            def jacobian_by_columns(f, x):
                rows = np.array([np.atleast_1d(jvp(f, x, e)[1]) for e in np.eye(len(x))])
                n = np.atleast_1d(jvp(f, x, x)[0]).size
                return rows.reshape(len(x), n) if n == len(x) else rows.T
        """,
        without="gradient_by_sweeps",
    ),
    _changed(
        "jacobian_by_columns",
        "reshaped for transposed",
        "reshape(n, m) of the (m, n) columns puts the numbers into the wrong places.",
        RIGHT_FORWARD_MODE[9],
        """
            def jacobian_by_columns(f, x):
                rows = np.array([np.atleast_1d(jvp(f, x, e)[1]) for e in np.eye(len(x))])
                return rows.reshape(rows.shape[1], rows.shape[0])
        """,
        without="gradient_by_sweeps",
    ),
    _changed(
        "jacobian_by_columns",
        "square only",
        "The array is allocated (m, m), which fails or pads with zeros for other n.",
        RIGHT_FORWARD_MODE[9],
        """
            def jacobian_by_columns(f, x):
                m = len(x)
                J = np.zeros((m, m))
                for j in range(m):
                    column = np.atleast_1d(jvp(f, x, np.eye(m)[j])[1])
                    J[: len(column), j] = column[:m]
                return J
        """,
        without="gradient_by_sweeps",
    ),
    _changed(
        "jacobian_by_columns",
        "one output without its axis",
        "For one Dual it returns (m,) instead of (1, m).",
        RIGHT_FORWARD_MODE[9],
        """
            def jacobian_by_columns(f, x):
                return np.array([jvp(f, x, e)[1] for e in np.eye(len(x))]).T
        """,
        without="gradient_by_sweeps",
    ),
    _changed(
        "jacobian_by_columns",
        "one output unforeseen",
        "len() of one Dual raises TypeError.",
        RIGHT_FORWARD_MODE[0],
        """
            def jacobian_by_columns(f, x):
                columns = []
                for e in np.eye(len(x)):
                    y = f([Dual(a, b) for a, b in zip(x, e)])
                    columns.append([y[i].tangent if isinstance(y[i], Dual) else 0.0 for i in range(len(y))])
                return np.array(columns).T
        """,
    ),
    _wrong(
        "babylonian_root",
        "derivative of the exact root",
        "1/(2 sqrt a) is the exact root's slope, not that of what the loop computed.",
        """
            def babylonian_root(a, steps):
                x = 1.0
                for _ in range(steps):
                    x = (x + a / x) / 2
                return x, 0.5 / np.sqrt(a)
        """,
    ),
    _wrong(
        "babylonian_root",
        "derivative of a root at the value",
        "1/(2x) is right in the limit only; after 0 steps it must be 0.",
        """
            def babylonian_root(a, steps):
                x = 1.0
                for _ in range(steps):
                    x = (x + a / x) / 2
                return x, 1 / (2 * x)
        """,
    ),
    _changed(
        "babylonian_root",
        "one step too few (root)",
        "range(1, steps) does steps - 1 steps.",
        RIGHT_FORWARD_MODE[0],
        """
            def babylonian_root(a, steps):
                a, x = Dual(a, 1.0), Dual(1.0)
                for _ in range(1, steps):
                    x = (x + a / x) / 2
                return x.value, x.tangent
        """,
    ),
    _changed(
        "babylonian_root",
        "one step too many",
        "range(steps + 1) does one step more than asked.",
        RIGHT_FORWARD_MODE[0],
        """
            def babylonian_root(a, steps):
                a, x = Dual(a, 1.0), Dual(1.0)
                for _ in range(steps + 1):
                    x = (x + a / x) / 2
                return x.value, x.tangent
        """,
    ),
    _changed(
        "babylonian_root",
        "started from a",
        "The loop must start from x = 1, and starts from a.",
        RIGHT_FORWARD_MODE[0],
        """
            def babylonian_root(a, steps):
                a = Dual(a, 1.0)
                x = a
                for _ in range(steps):
                    x = (x + a / x) / 2
                return x.value, x.tangent
        """,
    ),
    _changed(
        "babylonian_root",
        "start moves",
        "x = 1 is a constant, and here it has the tangent 1.",
        RIGHT_FORWARD_MODE[0],
        """
            def babylonian_root(a, steps):
                a, x = Dual(a, 1.0), Dual(1.0, 1.0)
                for _ in range(steps):
                    x = (x + a / x) / 2
                return x.value, x.tangent
        """,
    ),
    _changed(
        "derivative",
        "one level for all",
        "All derivatives share one epsilon (level 0): perturbation confusion, 2 for 1.",
        RIGHT_FORWARD_MODE[0],
        """
            def derivative(f, x):
                y = f(Dual(x, 1.0))
                return y.tangent if isinstance(y, Dual) else 0.0
        """,
    ),
    _changed(
        "derivative",
        "level one for all",
        "Nested derivatives share level 1, and so their epsilons.",
        RIGHT_FORWARD_MODE[0],
        """
            def derivative(f, x):
                y = f(Dual(x, 1.0, 1))
                return y.tangent if isinstance(y, Dual) and y.level == 1 else 0.0
        """,
    ),
    _changed(
        "derivative",
        "level from x alone",
        "An inner derivative at a plain number gets the same level as the outer one, whose x its f may use.",
        RIGHT_FORWARD_MODE[0],
        """
            def derivative(f, x):
                level = x.level + 1 if isinstance(x, Dual) else 1
                y = f(Dual(x, 1.0, level))
                return y.tangent if isinstance(y, Dual) and y.level == level else 0.0
        """,
    ),
    _changed(
        "derivative",
        "level of the result not asked",
        "If f returns a Dual of a derivative further out, its tangent is returned, where the derivative is 0.",
        RIGHT_FORWARD_MODE[18],
        """
            def derivative(f, x):
                LEVELS[0] += 1
                y = f(Dual(x, 1.0, LEVELS[0]))
                return y.tangent if isinstance(y, Dual) else 0.0
        """,
        without="second_derivative",
    ),
    _changed(
        "derivative",
        "plain result unforeseen",
        "f may return a plain number, which has no .tangent.",
        RIGHT_FORWARD_MODE[18],
        """
            def derivative(f, x):
                LEVELS[0] += 1
                level = LEVELS[0]
                y = f(Dual(x, 1.0, level))
                return y.tangent if y.level == level else 0.0
        """,
        without="second_derivative",
    ),
    _changed(
        "derivative",
        "outer duals stripped from the result",
        "The result is made a plain number, so that outer derivatives of it are 0.",
        RIGHT_FORWARD_MODE[18],
        """
            def derivative(f, x):
                LEVELS[0] += 1
                level = LEVELS[0]
                y = f(Dual(x, 1.0, level))
                if isinstance(y, Dual) and y.level == level:
                    t = y.tangent
                    while isinstance(t, Dual):
                        t = t.value
                    return t
                return 0.0
        """,
        without="second_derivative",
    ),
    _wrong(
        "second_derivative",
        "difference quotient of second order",
        "(f(x+h) - 2 f(x) + f(x-h))/h^2 is right to a few digits only.",
        """
            def second_derivative(f, x):
                h = 1e-4
                return (f(x + h) - 2 * f(x) + f(x - h)) / h**2
        """,
    ),
    _changed(
        "second_derivative",
        "difference of exact first derivatives",
        "The outer derivative is a one-sided difference with h = 1e-6, so not exact to rounding.",
        RIGHT_FORWARD_MODE[0],
        """
            def second_derivative(f, x):
                h = 1e-6
                return (f(Dual(x + h, 1.0)).tangent - f(Dual(x, 1.0)).tangent) / h
        """,
    ),
    _changed(
        "second_derivative",
        "first derivative",
        "It returns the value of the tangent, which is the first derivative.",
        RIGHT_FORWARD_MODE[0],
        """
            def second_derivative(f, x):
                y = f(Dual(Dual(x, 1.0), Dual(1.0, 0.0)))
                return y.tangent.value if isinstance(y.tangent, Dual) else y.tangent
        """,
    ),
    _changed(
        "second_derivative",
        "inner tangent not set",
        "The inner Dual has tangent 0, so that nothing moves on the inner level: always 0.",
        RIGHT_FORWARD_MODE[0],
        """
            def second_derivative(f, x):
                y = f(Dual(Dual(x, 0.0), Dual(1.0, 0.0)))
                return y.tangent.tangent if isinstance(y.tangent, Dual) else 0.0
        """,
    ),
    _changed(
        "second_derivative",
        "outer tangent moves too",
        "The outer tangent is 1 + e instead of 1, which adds the first derivative.",
        RIGHT_FORWARD_MODE[0],
        """
            def second_derivative(f, x):
                y = f(Dual(Dual(x, 1.0), Dual(1.0, 1.0)))
                return y.tangent.tangent if isinstance(y.tangent, Dual) else 0.0
        """,
    ),
    _changed(
        "second_derivative",
        "Taylor coefficient",
        "f''/2, the Taylor coefficient, is returned for f''.",
        RIGHT_FORWARD_MODE[0],
        """
            def second_derivative(f, x):
                y = f(Dual(Dual(x, 1.0), Dual(1.0, 0.0)))
                return y.tangent.tangent / 2 if isinstance(y.tangent, Dual) else 0.0
        """,
    ),
    _wrong(
        "worked_tangent",
        "sine of degrees (tangent)",
        "x is in radians.",
        """
            def worked_tangent(x, y, dx, dy):
                s1, t1 = x, dx
                s2, t2 = y, dy
                s3, t3 = s1 * s2, t1 * s2 + s1 * t2
                s4, t4 = np.sin(np.deg2rad(s1)), np.cos(np.deg2rad(s1)) * t1
                s5, t5 = s3 + s4, t3 + t4
                s6, t6 = s5 + 4, t5
                s7, t7 = s2**2, 2 * s2 * t2
                s8, t8 = 3 * s7, 3 * t7
                s9, t9 = s8 + 6, t8
                s10, t10 = s6 * s9, t6 * s9 + s6 * t9
                return s10, t10
        """,
    ),
    _wrong(
        "worked_tangent",
        "sine's tangent is the sine",
        "The tangent of sin s1 is cos s1 t1.",
        """
            def worked_tangent(x, y, dx, dy):
                s1, t1 = x, dx
                s2, t2 = y, dy
                s3, t3 = s1 * s2, t1 * s2 + s1 * t2
                s4, t4 = np.sin(s1), np.sin(s1) * t1
                s5, t5 = s3 + s4, t3 + t4
                s6, t6 = s5 + 4, t5
                s7, t7 = s2**2, 2 * s2 * t2
                s8, t8 = 3 * s7, 3 * t7
                s9, t9 = s8 + 6, t8
                s10, t10 = s6 * s9, t6 * s9 + s6 * t9
                return s10, t10
        """,
    ),
    _wrong(
        "worked_tangent",
        "sine's tangent without dx",
        "cos s1 is not multiplied by t1, which shows for dx other than 1.",
        """
            def worked_tangent(x, y, dx, dy):
                s1, t1 = x, dx
                s2, t2 = y, dy
                s3, t3 = s1 * s2, t1 * s2 + s1 * t2
                s4, t4 = np.sin(s1), np.cos(s1)
                s5, t5 = s3 + s4, t3 + t4
                s6, t6 = s5 + 4, t5
                s7, t7 = s2**2, 2 * s2 * t2
                s8, t8 = 3 * s7, 3 * t7
                s9, t9 = s8 + 6, t8
                s10, t10 = s6 * s9, t6 * s9 + s6 * t9
                return s10, t10
        """,
    ),
    _wrong(
        "worked_tangent",
        "product of tangents in s3",
        "The tangent of s1 s2 is t1 s2 + s1 t2.",
        """
            def worked_tangent(x, y, dx, dy):
                s1, t1 = x, dx
                s2, t2 = y, dy
                s3, t3 = s1 * s2, t1 * t2
                s4, t4 = np.sin(s1), np.cos(s1) * t1
                s5, t5 = s3 + s4, t3 + t4
                s6, t6 = s5 + 4, t5
                s7, t7 = s2**2, 2 * s2 * t2
                s8, t8 = 3 * s7, 3 * t7
                s9, t9 = s8 + 6, t8
                s10, t10 = s6 * s9, t6 * s9 + s6 * t9
                return s10, t10
        """,
    ),
    _wrong(
        "worked_tangent",
        "last product half",
        "s6 t9 is missing: right where dy = 0 only.",
        """
            def worked_tangent(x, y, dx, dy):
                s1, t1 = x, dx
                s2, t2 = y, dy
                s3, t3 = s1 * s2, t1 * s2 + s1 * t2
                s4, t4 = np.sin(s1), np.cos(s1) * t1
                s5, t5 = s3 + s4, t3 + t4
                s6, t6 = s5 + 4, t5
                s7, t7 = s2**2, 2 * s2 * t2
                s8, t8 = 3 * s7, 3 * t7
                s9, t9 = s8 + 6, t8
                s10, t10 = s6 * s9, t6 * s9
                return s10, t10
        """,
    ),
    _wrong(
        "worked_tangent",
        "constants move",
        "The constant 4 has tangent 0, not 4.",
        """
            def worked_tangent(x, y, dx, dy):
                s1, t1 = x, dx
                s2, t2 = y, dy
                s3, t3 = s1 * s2, t1 * s2 + s1 * t2
                s4, t4 = np.sin(s1), np.cos(s1) * t1
                s5, t5 = s3 + s4, t3 + t4
                s6, t6 = s5 + 4, t5 + 4
                s7, t7 = s2**2, 2 * s2 * t2
                s8, t8 = 3 * s7, 3 * t7
                s9, t9 = s8 + 6, t8
                s10, t10 = s6 * s9, t6 * s9 + s6 * t9
                return s10, t10
        """,
    ),
    _wrong(
        "tangent_of_tanh",
        "inner tangent forgotten",
        "The tangent of x*y, y dx + x dy, is missing.",
        """
            def tangent_of_tanh():
                return "1 - tanh(x*y)^2"
        """,
    ),
    _wrong(
        "tangent_of_tanh",
        "tanh not squared (formula)",
        "The slope of tanh is 1 - tanh^2.",
        """
            def tangent_of_tanh():
                return "(1 - tanh(x*y))*(y*dx + x*dy)"
        """,
    ),
    _wrong(
        "tangent_of_tanh",
        "partners exchanged",
        "x dx + y dy is wrong: dx goes with y and dy with x.",
        """
            def tangent_of_tanh():
                return "(1 - tanh(x*y)^2)*(x*dx + y*dy)"
        """,
    ),
    _wrong(
        "tangent_of_tanh",
        "along x only",
        "The term of dy is missing.",
        """
            def tangent_of_tanh():
                return "(1 - tanh(x*y)^2)*y*dx"
        """,
    ),
    _wrong(
        "tangent_of_tanh",
        "product of the tangents (formula)",
        "dx*dy is not the tangent of x*y.",
        """
            def tangent_of_tanh():
                return "(1 - tanh(x*y)^2)*dx*dy"
        """,
    ),
    _wrong(
        "tangent_of_tanh",
        "sign of the slope",
        "The slope is 1 - tanh^2, not 1 + tanh^2.",
        """
            def tangent_of_tanh():
                return "(1 + tanh(x*y)^2)*(y*dx + x*dy)"
        """,
    ),
    _wrong(
        "mended_horner",
        "new p less its coefficient, not undone by x",
        "p - c is p_old * x, a factor x too much.",
        """
            def mended_horner(coefficients, x, dx):
                p = dp = 0.0
                for c in coefficients:
                    p = p * x + c
                    dp = dp * x + (p - c) * dx
                return p, dp
        """,
    ),
    _wrong(
        "mended_horner",
        "dx dropped",
        "The order is mended, but dx is lost.",
        """
            def mended_horner(coefficients, x, dx):
                p = dp = 0.0
                for c in coefficients:
                    dp = dp * x + p
                    p = p * x + c
                return p, dp
        """,
    ),
    _wrong(
        "mended_horner",
        "dx in both terms",
        "The order is mended, but dp is multiplied by dx in each step.",
        """
            def mended_horner(coefficients, x, dx):
                p = dp = 0.0
                for c in coefficients:
                    dp = (dp * x + p) * dx
                    p = p * x + c
                return p, dp
        """,
    ),
    _wrong(
        "mended_horner",
        "dp times dx",
        "dp x became dp dx: the two factors x and dx were exchanged.",
        """
            def mended_horner(coefficients, x, dx):
                p = dp = 0.0
                for c in coefficients:
                    dp = dp * dx + p * x
                    p = p * x + c
                return p, dp
        """,
    ),
    _wrong(
        "mended_horner",
        "dp without x",
        "The term dp * x has lost its x.",
        """
            def mended_horner(coefficients, x, dx):
                p = dp = 0.0
                for c in coefficients:
                    dp = dp + p * dx
                    p = p * x + c
                return p, dp
        """,
    ),
    _wrong(
        "mended_horner",
        "first coefficient skipped for dp",
        "The constant case is mended by hand, and the order is not: right for D = 1 only.",
        """
            def mended_horner(coefficients, x, dx):
                p = dp = 0.0
                for c in coefficients:
                    p = p * x + c
                    dp = dp * x + p * dx
                return (p, dp) if len(coefficients) > 1 else (p, 0.0)
        """,
    ),
    _wrong(
        "jvp_checker",
        "accepts all candidates",
        "It never turns a candidate down.",
        """
            def jvp_checker(jvp):
                return True
        """,
    ),
    _wrong(
        "jvp_checker",
        "turns all candidates down",
        "It never accepts one.",
        """
            def jvp_checker(jvp):
                return False
        """,
    ),
    _wrong(
        "jvp_checker",
        "direction of ones alone",
        "v of ones cannot tell J v from the sum of the columns.",
        """
            def jvp_checker(jvp):
                def f(x):
                    return [x[0] * x[1] + x[2] ** 2, np.sin(x[0]) + x[1] * x[2]]
                x, v = [1.2, 0.7, -1.5], [1.0, 1.0, 1.0]
                value, tangent = jvp(f, x, v)
                wanted = np.array([[x[1], x[0], 2 * x[2]], [np.cos(x[0]), x[2], x[1]]]) @ np.array(v)
                here = np.array(f(x))
                return bool(np.allclose(value, here, rtol=1e-5) and np.allclose(tangent, wanted, rtol=1e-5))
        """,
    ),
    _wrong(
        "jvp_checker",
        "a unit vector alone",
        "v = e_1 cannot tell J v from J's first column.",
        """
            def jvp_checker(jvp):
                def f(x):
                    return [x[0] * x[1] + x[2] ** 2, np.sin(x[0]) + x[1] * x[2]]
                x, v = [1.2, 0.7, -1.5], [1.0, 0.0, 0.0]
                value, tangent = jvp(f, x, v)
                wanted = np.array([[x[1], x[0], 2 * x[2]], [np.cos(x[0]), x[2], x[1]]]) @ np.array(v)
                here = np.array(f(x))
                return bool(np.allclose(value, here, rtol=1e-5) and np.allclose(tangent, wanted, rtol=1e-5))
        """,
    ),
    _wrong(
        "jvp_checker",
        "values not looked at",
        "A candidate with a wrong value f(x) passes.",
        """
            def jvp_checker(jvp):
                def f(x):
                    return [x[0] * x[1] + x[2] ** 2, np.sin(x[0]) + x[1] * x[2]]
                x, v = [1.2, 0.7, -1.5], [0.4, -1.3, 2.2]
                value, tangent = jvp(f, x, v)
                wanted = np.array([[x[1], x[0], 2 * x[2]], [np.cos(x[0]), x[2], x[1]]]) @ np.array(v)
                here = np.array(f(x))
                return bool(np.allclose(tangent, wanted, rtol=1e-5))
        """,
    ),
    _wrong(
        "jvp_checker",
        "tangents not looked at",
        "A candidate with any tangent passes.",
        """
            def jvp_checker(jvp):
                def f(x):
                    return [x[0] * x[1] + x[2] ** 2, np.sin(x[0]) + x[1] * x[2]]
                x, v = [1.2, 0.7, -1.5], [0.4, -1.3, 2.2]
                value, tangent = jvp(f, x, v)
                wanted = np.array([[x[1], x[0], 2 * x[2]], [np.cos(x[0]), x[2], x[1]]]) @ np.array(v)
                here = np.array(f(x))
                return bool(np.allclose(value, here, rtol=1e-5))
        """,
    ),
    _wrong(
        "jvp_checker",
        "twelve digits asked",
        "A right candidate has eight right digits at least, and here twelve are asked.",
        """
            def jvp_checker(jvp):
                def f(x):
                    return [x[0] * x[1] + x[2] ** 2, np.sin(x[0]) + x[1] * x[2]]
                x, v = [1.2, 0.7, -1.5], [0.4, -1.3, 2.2]
                value, tangent = jvp(f, x, v)
                wanted = np.array([[x[1], x[0], 2 * x[2]], [np.cos(x[0]), x[2], x[1]]]) @ np.array(v)
                here = np.array(f(x))
                return bool(np.allclose(value, here, rtol=1e-12, atol=0) and np.allclose(tangent, wanted, rtol=1e-12, atol=0))
        """,
    ),
    _wrong(
        "jvp_checker",
        "compared in length",
        "Only the norm of the tangent is compared, so that signs and order do not count.",
        """
            def jvp_checker(jvp):
                def f(x):
                    return [x[0] * x[1] + x[2] ** 2, np.sin(x[0]) + x[1] * x[2]]
                x, v = [1.2, 0.7, -1.5], [0.4, -1.3, 2.2]
                value, tangent = jvp(f, x, v)
                wanted = np.array([[x[1], x[0], 2 * x[2]], [np.cos(x[0]), x[2], x[1]]]) @ np.array(v)
                here = np.array(f(x))
                return bool(np.allclose(value, here, rtol=1e-5) and np.isclose(np.linalg.norm(tangent), np.linalg.norm(wanted), rtol=1e-5))
        """,
    ),
    _changed(
        "dual_quotients",
        "by logarithmic derivative",
        "q(a'/a - b'/b) divides by a: with a numerator of value 0 (a Dual, or the number 0 on the left) it raises or gives nan.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __truediv__(self, other):
                    a, b = self.paired(other)
                    q = a.value / b.value
                    return Dual(q, q * (a.tangent / a.value - b.tangent / b.value), a.level)
        """,
    ),
    _changed(
        "dual_quotients",
        "0 / x is the plain number 0",
        "0 / Dual returns the float 0.0, without value and tangent, where every operation returns a Dual; other numbers on the left are right.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __rtruediv__(self, other):
                    if other == 0:
                        return 0.0
                    a, b = self.paired(other)
                    return b / a
        """,
    ),
    _changed(
        "dual_powers",
        "exponent 0 known as an int only",
        "0.0 as an exponent is not caught: at the value 0 the tangent is 0.0 * 0.0**-1, which raises ZeroDivisionError (nan for numpy floats); the int 0 is right.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __pow__(self, other):
                    if isinstance(other, Dual):
                        return (other * self.log()).exp()
                    if isinstance(other, int) and other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)
        """,
    ),
    _changed(
        "dual_powers",
        "exponent Dual of value 0 taken for the constant 0",
        "x ** Dual(0, t) gives the tangent 0 in place of t·log x: wrong only where the exponent is a Dual whose value is 0 and whose tangent is not.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __pow__(self, other):
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    if isinstance(other, Dual):
                        return (other * self.log()).exp()
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)
        """,
    ),
    _changed(
        "dual_functions",
        "tanh by exp(2x)",
        "(e - 1)/(e + 1) with e = exp(2x) is inf/inf = nan for values above about 355; all smaller ones are right.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def tanh(self):
                    e = np.exp(2 * self.value)
                    t = (e - 1) / (e + 1)
                    return Dual(t, (1 - t * t) * self.tangent, self.level)
        """,
    ),
    _wrong(
        "babylonian_root",
        "stops when the value has converged",
        "The loop ends once x² = a but for rounding, before the derivative has followed: at a = 1 with steps ≥ 1 the derivative is 0 where it should be 1/2; elsewhere it may lose its last few digits (parts in 1e-12 to 1e-9).",
        """
            def babylonian_root(a, steps):
                x, dx = 1.0, 0.0
                for _ in range(steps):
                    if abs(x * x - a) < 1e-12 * a:
                        break
                    x, dx = (x + a / x) / 2, (dx + (x - a * dx) / x**2) / 2
                return x, dx
        """,
    ),
    _wrong(
        "babylonian_root",
        "formula of the root from ten steps on",
        "From 10 steps on the derivative is 1/(2x), that of the exact root: wrong for a that has not converged by then, such as 1e8 or 1e-8 at 10 to 14 steps.",
        """
            def babylonian_root(a, steps):
                x, dx = 1.0, 0.0
                for _ in range(steps):
                    x, dx = (x + a / x) / 2, (dx + (x - a * dx) / x**2) / 2
                return (x, dx) if steps < 10 else (x, 1 / (2 * x))
        """,
    ),
    _changed(
        "jvp",
        "first output decides for all",
        "Whether there are tangents is read off the first output: if f returns a list whose first entry is a plain number, all tangents are 0, the values still right.",
        RIGHT_FORWARD_MODE[0],
        """
            def jvp(f, x, v):
                out = f([Dual(a, b) for a, b in zip(x, v)])
                if isinstance(out, Dual):
                    return out.value, out.tangent
                if not isinstance(out[0], Dual):
                    return np.array([getattr(y, "value", y) for y in out], dtype=float), np.zeros(len(out))
                out = [y if isinstance(y, Dual) else Dual(y) for y in out]
                return np.array([y.value for y in out]), np.array([y.tangent for y in out])
        """,
    ),
    _changed(
        "gradient_by_sweeps",
        "same Duals in all sweeps, tangents read at the end",
        "The inputs are used again with other tangents: where f returns one of its own inputs (x[0], or max of inputs), its tangent has been set back to 0 when it is read.",
        RIGHT_FORWARD_MODE[0],
        """
            def gradient_by_sweeps(f, x):
                duals = [Dual(a, 0.0) for a in x]
                outs = []
                for d in duals:
                    d.tangent = 1.0
                    outs.append(f(duals))
                    d.tangent = 0.0
                return np.array([y.tangent for y in outs])
        """,
    ),
    _changed(
        "second_derivative",
        "complex step of the dual's tangent",
        "f is run on a Dual with a complex value: right to rounding for smooth operations, but where f compares its argument it raises TypeError, and abs(x) gives the modulus.",
        RIGHT_FORWARD_MODE[0],
        """
            def second_derivative(f, x):
                return float(np.imag(f(Dual(complex(x, 1e-30), 1.0)).tangent) / 1e-30)
        """,
    ),
    _changed(
        "dual_sums",
        "no value in a value",
        "The value is made a float, which a value that is a Dual in its turn is not.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __add__(self, other):
                    a, b = self.paired(other)
                    return Dual(float(a.value + b.value), a.tangent + b.tangent, a.level)
        """,
    ),
    _changed(
        "dual_products",
        "product kept in the first operand",
        "a is changed by a * b, so that a second product is another one.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __mul__(self, other):
                    a, b = self.paired(other)
                    a.value, a.tangent = a.value * b.value, a.tangent * b.value + a.value * b.tangent
                    return Dual(a.value, a.tangent, a.level)
        """,
    ),
    _changed(
        "dual_powers",
        "logarithm of the module math",
        "math.log takes no Dual: wrong where the value of the base is one.",
        RIGHT_FORWARD_MODE[0],
        """
            class Dual:
                def __pow__(self, other):
                    import math

                    if isinstance(other, Dual):
                        a, b = self.paired(other)
                        p = a.value**b.value
                        return Dual(p, p * (b.tangent * math.log(a.value) + b.value * a.tangent / a.value), a.level)
                    if other == 0:
                        return Dual(1.0, 0.0, self.level)
                    return Dual(self.value**other, other * self.value ** (other - 1) * self.tangent, self.level)
        """,
    ),
    _changed(
        "jacobian_by_columns",
        "constants alone are no list of Duals",
        "Where no output is a Dual the Jacobian has no rows; it has a row of zeros for each.",
        RIGHT_FORWARD_MODE[0],
        """
            def jacobian_by_columns(f, x):
                columns = []
                for e in np.eye(len(x)):
                    out = f([Dual(a, b) for a, b in zip(x, e)])
                    out = out if isinstance(out, list) else [out]
                    if not any(isinstance(y, Dual) for y in out):
                        return np.zeros((0, len(x)))
                    columns.append([getattr(y, "tangent", 0.0) for y in out])
                return np.array(columns).T
        """,
    ),
    _changed(
        "derivative",
        "an argument handed back has no derivative",
        "What comes out is taken for a constant if it is the very Dual that went in; the derivative of x is 1.",
        RIGHT_FORWARD_MODE[18],
        """
            def derivative(f, x):
                LEVELS[0] += 1
                level = LEVELS[0]
                seed = Dual(x, 1.0, level)
                y = f(seed)
                return y.tangent if isinstance(y, Dual) and y is not seed and y.level == level else 0.0
        """,
        without="second_derivative",
    ),
]
