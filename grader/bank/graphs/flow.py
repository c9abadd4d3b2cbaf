"""The flow of bars: through single operations, and summed over paths."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.bank.forms import formula, plain
from grader.judging import (
    Asked,
    Chain,
    Exercise,
    Input,
    Malformed,
    Plan,
    contract,
    drawn,
    example,
    outputs_of,
    read_as,
    read_outputs,
    scalar,
    styled,
    upstream,
    value,
)

BARS = ("a_bar", "b_bar")
REGIMES = ("randn", "odd", "small", "offset")


def paired(making: Any) -> Any:
    """Draw an argument of a gate: in one case it is equal to the other one."""
    recipe, rng = making.recipe, making.rng
    if (recipe.style, recipe.seed) == ("odd", 2):
        rng = np.random.default_rng(recipe.seed)  # of its own, and so the same for both
    return styled(recipe.style, rng, making.shape(("...",)))


GATE = {"bar": upstream("..."), "a": drawn(paired), "b": drawn(paired)}


def of_one_array(f, bar, a):
    """Adapt a gate whose two arguments are one and the same array, as in a + a."""
    return f(bar, a, a)


def gate(asked: Asked, given: Any) -> Plan:
    """Plan ``a_bar, b_bar = f(bar, a, b)``; two equal arguments are one array."""
    bar, a, b = given.values()
    call = asked.call(bar, a, adapter=of_one_array) if (a == b).all() else asked.call(bar, a, b)
    return Plan(Chain((call,)), read_as(read_outputs, function=asked.own, names=BARS))


# ------------------------------------------------------------------------------------------ addition
add_gate = plain("graphs.add_gate", GATE, BARS, 1, drive=gate, regimes=REGIMES)


@add_gate.mistake("Each argument gets half of the bar. If a grows by 1, by how much does the sum?")
def shares_the_bar(bar, a, b):
    return bar / 2, bar / 2


@add_gate.mistake("The bar is multiplied by a value: that is the local gradient of a product, and this is a sum.")
def treats_a_sum_as_a_product(bar, a, b):
    return bar * b, bar * a


@add_gate.mistake("These are the local gradients alone, and the bar from above is missing.")
def gives_ones(bar, a, b):
    return np.ones_like(a), np.ones_like(b)


@add_gate.mistake("b_bar has the other sign: that belongs to a difference.")
def treats_a_sum_as_a_difference(bar, a, b):
    return bar.copy(), -bar


# ------------------------------------------------------------------------------------ multiplication
multiply_gate = plain("graphs.multiply_gate", GATE, BARS, 1, drive=gate, regimes=(*REGIMES, "ties"))


@multiply_gate.mistake("Each argument gets the bar times its own value. How much does a·b grow with a?")
def does_not_switch(bar, a, b):
    return bar * a, bar * b


@multiply_gate.mistake("The bar is handed on as it is: that is what an addition does.")
def treats_a_product_as_a_sum(bar, a, b):
    return bar.copy(), bar.copy()


@multiply_gate.mistake("These are the local gradients alone, and the bar from above is missing.")
def forgets_the_bar(bar, a, b):
    return b.copy(), a.copy()


@multiply_gate.mistake("The product is divided by the argument, and nothing is left of it where that is 0.")
def divides_the_product(bar, a, b):
    with np.errstate(all="ignore"):
        return bar * (a * b) / a, bar * (a * b) / b


@multiply_gate.mistake("Both arguments get the bar times the whole product: one factor is too many.")
def multiplies_by_the_product(bar, a, b):
    return bar * a * b, bar * a * b


# ------------------------------------------------------------------------------------------- maximum
def tied(beside: float) -> Input:
    """Specify an argument of the maximum: its first entry is that of the other in cases with ties, and ``beside`` it in some."""

    def make(making: Any) -> Any:
        recipe = making.recipe
        x = styled(recipe.style, making.rng, making.shape(("...",)))
        if recipe.style == "ties":
            x.flat[0] = 2.0
        elif recipe.style == "offset" and not recipe.edits:  # what is near enough for isclose is no tie
            x.flat[0] = 100.0 + beside
        return x

    return drawn(make)


def together(asked: Asked, given: Any) -> Plan:
    """Plan ``a_bar, b_bar = f(bar, a, b)``; both are one output (2, ...): at a tie what one of them gets the other lacks."""
    reading = read_as(stacked, in_shape, function=asked.own, names=BARS, shape=given["bar"].shape)
    return Plan(Chain((asked.call(*given.values()),)), reading)


def stacked(found, function, names, shape):
    """Read as one output (2, ...) two bars of one shape."""
    parts = outputs_of(found, len(names), function, names)
    return (np.stack([in_shape(part, name, shape) for part, name in zip(parts, names, strict=True)]),)


def in_shape(part, name, shape):
    """Return a bar as an array.

    Raises:
        Malformed: it is no array of numbers in this shape.

    """
    if isinstance(part, list):
        try:
            part = np.array(part)
        except ValueError:
            part = None
    if getattr(part, "shape", None) != shape or part.dtype.kind not in "fiu":
        raise Malformed(f"{name} must be an array of numbers in the shape of bar, {shape}")
    return part


max_gate = Exercise(
    "graphs.max_gate",
    {**GATE, "a": tied(0.0), "b": tied(1e-4)},
    ("bars",),
    (contract(), example(), value(1)),
    drive=together,
    kinks=True,
    derived=True,
    regimes=(*REGIMES, "ties"),
)


@max_gate.mistake("Both arguments get the bar: the smaller of the two could move a little, and the maximum would not.")
def copies_the_bar(bar, a, b):
    return bar.copy(), bar.copy()


@max_gate.mistake("The bar goes to the smaller argument: which one does the maximum move with?")
def routes_to_the_smaller(bar, a, b):
    return np.where(a < b, bar, 0.0), np.where(a < b, 0.0, bar)


@max_gate.mistake("The arguments get values of the forward pass, and the bar from above is missing.")
def hands_back_the_larger(bar, a, b):
    return np.where(a > b, a, 0.0), np.where(a > b, 0.0, b)


@max_gate.mistake("At a tie both get the whole bar: their parts are to add up to 1.")
def copies_at_a_tie(bar, a, b):
    return np.where(a >= b, bar, 0.0), np.where(b >= a, bar, 0.0)


@max_gate.mistake("At a tie nobody gets anything: the parts are to add up to 1.")
def loses_the_bar_at_a_tie(bar, a, b):
    return np.where(a > b, bar, 0.0), np.where(b > a, bar, 0.0)


@max_gate.mistake("The bar is shared in halves everywhere. Where the two differ, one of them does not count.")
def halves_everywhere(bar, a, b):
    return bar / 2, bar / 2


@max_gate.mistake("One of the two is compared with 0, as in a ReLU, where the arguments are compared with each other.")
def compares_with_zero(bar, a, b):
    return np.where(a > 0, bar, 0.0), np.where(a > 0, 0.0, bar)


# --------------------------------------------------------------------------------------------- paths
def off_zero(making: Any) -> float:
    """Draw a number away from 0, of either sign."""
    x = float(making.rng.integers(1, 5)) if making.recipe.style == "integers" else float(making.rng.uniform(0.4, 4.0))
    return round(x * float(making.rng.choice((-1.0, 1.0))), 3)


quotient_by_paths: Exercise = plain(
    "graphs.quotient_by_paths", {"x": drawn(off_zero)}, ("direct", "through", "total"), 3, regimes=("randn", "odd")
)


@quotient_by_paths.mistake("The total is that of the direct path alone: every path from x to y counts.")
def takes_the_first_path_only(x):
    return 1 / x**2, -2 / x**2, 1 / x**2


@quotient_by_paths.mistake("direct is the whole of dy/dx: on the direct path z is held fixed.")
def calls_the_total_direct(x):
    return -1 / x**2, -2 / x**2, -1 / x**2


@quotient_by_paths.mistake("The total is that of the path through z alone: x is in the numerator as well.")
def takes_the_long_path_only(x):
    return 1 / x**2, -2 / x**2, -2 / x**2


@quotient_by_paths.mistake(
    "The paths are multiplied with each other. Slopes are multiplied along a path; what of the paths?"
)
def multiplies_the_paths(x):
    return 1 / x**2, -2 / x**2, -2 / x**4


@quotient_by_paths.mistake("The path through z ends at z: its second edge, from x to z, has a slope too.")
def forgets_the_edge_to_z(x):
    return 1 / x**2, -1 / x**3, 1 / x**2 - 1 / x**3


@quotient_by_paths.mistake("The path through z comes in with the other sign: a larger z makes x/z smaller in size.")
def forgets_the_sign_of_the_quotient(x):
    return 1 / x**2, 2 / x**2, 3 / x**2


reciprocal_by_chain = formula("graphs.reciprocal_by_chain", {"x": drawn(off_zero), "z": scalar(0.3, 3)}, points=1)


@reciprocal_by_chain.mistake("The inner derivative is missing: z moves with x, and how fast?")
def forgets_the_inner_derivative():
    return "-1/z^2"


@reciprocal_by_chain.mistake("The sign is lost: 1/z falls when z grows.")
def forgets_the_sign():
    return "2*x/z^2"


@reciprocal_by_chain.mistake("The outer derivative is missing: this is dz/dx alone.")
def forgets_the_outer_derivative():
    return "2*x"


@reciprocal_by_chain.mistake(
    "z was replaced by x²: right as a number, but the formula that is asked keeps x and z apart."
)
def replaces_z():
    return "-2/x^3"


@reciprocal_by_chain.mistake("The slope of 1/z in z is not 1/z: its power goes down by one.")
def keeps_the_power():
    return "-2*x/z"
