"""The comparisons of a Dual, and its size: they look at the value alone."""

# The class that a mistake spoils is an argument, which mypy does not take for a base class.
# mypy: disable-error-code="assignment, misc, valid-type"

from __future__ import annotations

import numpy as np

from grader.bank.forms import of_class, prediction
from grader.bank.forward_mode.numbers import LAST_EXAMPLE, tangent
from grader.judging import drawn

prediction_maximum = prediction(
    "forward_mode.prediction_maximum",
    {
        5.0: "max chooses by the values, 2 and 3, and then hands on the whole Dual that it chose.",
        3.0: "That is the value of the maximum. What was asked is its tangent.",
        4.0: "A maximum does not take the sign of a tangent away.",
        1.0: "max chooses one of the two; it does not add them.",
        2.0: "That is the value of the smaller one.",
    },
)


def comparisons(Dual, x, dx, y, dy):
    """Adapt a Dual: comparisons as 0 and 1, with a Dual and with numbers on either side, and what is made of them."""
    a, b, twin, near = Dual(x, dx), Dual(y, dy), Dual(x, -dx), Dual(x + 1e-12, dx)

    def told(*answers):
        return np.array([1.0 if answer else 0.0 for answer in answers])

    def row(out):
        return np.stack([getattr(out, "value", out), getattr(out, "tangent", 0.0)])

    def hinge(t):
        return t * t if t > 1.0 else 2.0 * t if t >= 0 else 0.0 * t

    def parts(t):
        return (t.value, t.tangent) if isinstance(t, type(a)) else (t, 0.0)

    absolute = row(abs(a))  # first, so that what it changes shows below
    zero, two, far, deep = Dual(0.0, dx), Dual(2.0, dx), Dual(Dual(x, dx), dy), Dual(Dual(y, dy), dx)
    of_near = a < near, a <= near, a > near, a >= near, a == near, a != near
    of_deep = far < deep, far <= deep, far > deep, far >= deep, far == deep, far != deep, far < y, y <= far, far == x
    between = told(a < b, a <= b, a > b, a >= b, a == b, a != b, *of_near, *of_deep)
    of_twins = told(a < twin, a <= twin, a > twin, a >= twin, a == twin, a != twin)
    of_two = two == 2, two >= 2, two >= 3, two > 2, two > 1, two < 3
    of_zero = zero == 0, zero > 0, zero >= 0, zero < -0.0, a < np.inf, a <= -np.inf
    of_numbers = a < y, a <= y, a > y, a >= y, a == x, a != x, y < a, y <= a, y > a, y >= a, x == a, x != a
    numbers = told(*of_numbers, *of_two, *of_zero)
    chosen = np.stack([row(max(a, b)), row(min(a, b)), row(max(a, 0.0)), row(min(0.0, a)), row(hinge(a))])
    return between, of_twins, numbers, chosen, np.stack([*absolute, *parts(abs(far).value), *parts(abs(far).tangent)])


def nonzero_in_two(m):
    """Draw a number from 0.1 to 2 or from −2 to −0.1."""
    return round(float(m.rng.choice((-1.0, 1.0)) * m.rng.uniform(0.1, 2.0)), 3)


def tied(m):
    """Draw y: in every third case the value that x has, 1.5, and in some others 0."""
    y = round(float(m.rng.uniform(-2.0, 2.0)), 3)
    y = 0.0 if m.recipe.seed % 4 == 0 and m.recipe.seed > LAST_EXAMPLE else y
    return y if m.recipe.seed % 3 else 1.5


dual_comparisons = of_class(
    "forward_mode.dual_comparisons",
    "Dual",
    {
        "x": drawn(lambda m: nonzero_in_two(m) if m.recipe.seed % 3 else 1.5),
        "dx": tangent(),
        "y": drawn(tied),
        "dy": tangent(),
    },
    ("between_duals", "same_value", "with_numbers", "chosen", "absolute"),
    comparisons,
    points=2,
)


@dual_comparisons.mistake(
    "The comparison looks at the pair (value, tangent): a branch must go the way it goes without tangents.",
    from_model=True,
)
def compares_pairs(Dual):
    class Wrong(Dual):
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

        __hash__ = None

    return Wrong


@dual_comparisons.mistake("The tangents are compared, where the values decide.", from_model=True)
def compares_tangents(Dual):
    class Wrong(Dual):
        def __lt__(self, other):
            a, b = self.paired(other)
            return a.tangent < b.tangent

        def __le__(self, other):
            a, b = self.paired(other)
            return a.tangent <= b.tangent

        def __gt__(self, other):
            a, b = self.paired(other)
            return a.tangent > b.tangent

        def __ge__(self, other):
            a, b = self.paired(other)
            return a.tangent >= b.tangent

    return Wrong


@dual_comparisons.mistake(
    "Two Duals of one value are told apart by ==: equality asks for the tangent too.", from_model=True
)
def equality_asks_for_the_tangent(Dual):
    class Wrong(Dual):
        def __eq__(self, other):
            a, b = self.paired(other)
            return a.value == b.value and a.tangent == b.tangent

        __hash__ = None

    return Wrong


@dual_comparisons.mistake("abs makes the tangent positive: left of 0, |x| falls when x rises.", from_model=True)
def makes_the_tangent_positive(Dual):
    class Wrong(Dual):
        def __abs__(self):
            return Wrong(abs(self.value), abs(self.tangent))

    return Wrong


@dual_comparisons.mistake("abs turns the value and leaves the tangent as it was.", from_model=True)
def keeps_the_tangent_in_abs(Dual):
    class Wrong(Dual):
        def __abs__(self):
            return Wrong(abs(self.value), self.tangent)

    return Wrong


@dual_comparisons.mistake("< and ≤ are the same here, or > and ≥: for two equal values they differ.", from_model=True)
def forgets_that_equals_differ(Dual):
    class Wrong(Dual):
        def __lt__(self, other):
            return super().__le__(other)

        def __gt__(self, other):
            return super().__ge__(other)

    return Wrong
