"""The functions of a Dual, which numpy's of the same name call."""

# The class that a mistake spoils is an argument, which mypy does not take for a base class.
# mypy: disable-error-code="assignment, misc, valid-type"

from __future__ import annotations

import numpy as np

from grader.bank.forms import of_class
from grader.bank.forward_mode.inner import inner_numbers
from grader.bank.forward_mode.numbers import edged, positive, tangent
from grader.judging import scalar


# ------------------------------------------------------------------------------------- functions
def functions(Dual, x, dx, u, du):
    """Adapt a Dual: its six functions, and numpy's on an array of Duals and on Duals that hold Duals."""
    a, b = Dual(x, dx), Dual(u, du)
    Number, flat = inner_numbers(type(a))

    def row(out):
        return np.stack([out.value, out.tangent])

    own = [row(out) for out in (a.exp(), b.log(), a.sin(), a.cos(), a.tanh(), b.sqrt())]
    cells = np.empty(2, dtype=object)
    cells[0], cells[1] = b, Dual(1.5, du)
    by_numpy = [row(cell) for f in (np.exp, np.log, np.sin, np.cos, np.tanh, np.sqrt) for cell in f(cells)]
    by_numpy += [row(np.exp(a)), row(np.cos(a))]
    far, near = Dual(Number(x, dx), Number(du, 1.0)), Dual(Number(u, du), Number(dx, 1.0))
    nested = [np.exp(far), np.log(near), np.sin(far), np.cos(far), np.tanh(far), np.sqrt(near)]
    return (*own, np.stack(by_numpy), flat(*nested))


dual_functions = of_class(
    "forward_mode.dual_functions",
    "Dual",
    {"x": edged(scalar(-3, 3), 400.0, -400.0, 0.0), "dx": tangent(), "u": positive(), "du": tangent()},
    ("exp", "log", "sin", "cos", "tanh", "sqrt", "by_numpy", "of_duals_of_duals"),
    functions,
    helpers=(inner_numbers,),
    points=4,
)


@dual_functions.mistake(
    "The tangent of the sine is made with the sine again: sin' is another function.", from_model=True
)
def sine_is_its_own_derivative(Dual):
    class Wrong(Dual):
        def sin(self):
            return Wrong(np.sin(self.value), np.sin(self.value) * self.tangent)

    return Wrong


@dual_functions.mistake("The sign in cos': just right of 0 the cosine falls.", from_model=True)
def cosine_rises(Dual):
    class Wrong(Dual):
        def cos(self):
            return Wrong(np.cos(self.value), np.sin(self.value) * self.tangent)

    return Wrong


@dual_functions.mistake(
    "The slope of exp is taken to be x or 1: it is the value that was just computed.", from_model=True
)
def exponential_without_itself(Dual):
    class Wrong(Dual):
        def exp(self):
            return Wrong(np.exp(self.value), self.tangent)

    return Wrong


@dual_functions.mistake(
    "The tangent of the logarithm is divided by the logarithm, where the argument belongs.", from_model=True
)
def divides_by_the_logarithm(Dual):
    class Wrong(Dual):
        def log(self):
            return Wrong(np.log(self.value), self.tangent / np.log(self.value))

    return Wrong


@dual_functions.mistake("In tanh' = 1 − tanh² the square is missing.", from_model=True)
def tanh_without_the_square(Dual):
    class Wrong(Dual):
        def tanh(self):
            return Wrong(np.tanh(self.value), (1 - np.tanh(self.value)) * self.tangent)

    return Wrong


@dual_functions.mistake("The slope of the square root is 1/√x here, twice what it is.", from_model=True)
def root_without_the_half(Dual):
    class Wrong(Dual):
        def sqrt(self):
            return Wrong(np.sqrt(self.value), self.tangent / np.sqrt(self.value))

    return Wrong


@dual_functions.mistake(
    "The function was applied to the tangent too: a tangent is multiplied by the slope at the value.", from_model=True
)
def applies_the_function_to_the_tangent(Dual):
    class Wrong(Dual):
        def exp(self):
            return Wrong(np.exp(self.value), np.exp(self.tangent))

        def sin(self):
            return Wrong(np.sin(self.value), np.sin(self.tangent))

        def cos(self):
            return Wrong(np.cos(self.value), np.cos(self.tangent))

        def tanh(self):
            return Wrong(np.tanh(self.value), np.tanh(self.tangent))

    return Wrong


@dual_functions.mistake("The tangents that came in are not used: the slope has to multiply them.", from_model=True)
def forgets_the_inner_tangent(Dual):
    class Wrong(Dual):
        def exp(self):
            return Wrong(np.exp(self.value), np.exp(self.value))

        def log(self):
            return Wrong(np.log(self.value), 1 / self.value)

        def sin(self):
            return Wrong(np.sin(self.value), np.cos(self.value))

        def cos(self):
            return Wrong(np.cos(self.value), -np.sin(self.value))

        def tanh(self):
            return Wrong(np.tanh(self.value), 1 - np.tanh(self.value) ** 2)

        def sqrt(self):
            return Wrong(np.sqrt(self.value), 0.5 / np.sqrt(self.value))

    return Wrong
