"""Functions of numbers, written as graphs."""

from __future__ import annotations

from typing import Any

from grader.bank.forms import graph
from grader.judging import Input, Personal, drawn, scalar

NUMBER = scalar(-3, 3)
POSITIVE = scalar(0.2, 4)
REGIMES = ("randn", "odd")

# ------------------------------------------------------------------------------------ (a + b)(b + 1)
product_graph = graph(
    "graphs.product_graph",
    {"a": NUMBER, "b": NUMBER},
    points=1,
    regimes=REGIMES,
    personal=Personal(
        {"operation": ("add", "subtract"), "shared": ("a", "b"), "number": range(2, 1000)},
        says={
            "(a + b)(b + 1)": "(a {sign} b)({shared} + {number})",
            "Operations that suffice: add, multiply. Source: Olah": "Operations that suffice: {operations}. After Olah",
            "The second factor is b + a, so that the first one is squared: it is 1 that is added to b.": "The second factor"
            " is b + a: it is {number} that is added to {shared}.",
            "The last step is b + 1": "The last step is {shared} + {number}",
            "The 1 is added to the first sum: it belongs to b.": "The {number} is added to the first sum or difference.",
            "The second factor is a + 1: it is b": "The second factor is {other} + {number}: it is {shared}",
            "The 1 is lost: the second factor is b alone.": "The {number} is lost: the second factor is {shared} alone.",
            "only b is multiplied by b + 1.": "only b is multiplied by {shared} + {number}.",
        },
        notebook={
            "returns a graph of $f = (a + b)(b + 1)$: the one above\n> or another. At $a = 2$, $b = 1$ it gives 6.": "returns"
            " a graph of $f = (a {sign} b)({shared} + {number})$, in the manner\n> of the one above. At $a = 2$, $b = 1$ it gives"
            " {example}."
        },
        words=lambda operation, shared, number: {
            "sign": "+" if operation == "add" else "−",
            "other": "b" if shared == "a" else "a",
            "operations": "add, multiply" if operation == "add" else "add, subtract, multiply",
            "example": str((3 if operation == "add" else 1) * ((2 if shared == "a" else 1) + number)),
        },
    ),
)


@product_graph.mistake("The last step adds the two factors, where they are multiplied.")
def adds_the_factors(*, operation="add", shared="b", number=1):
    return [("s", operation, "a", "b"), ("t", "add", shared, number), ("f", "add", "s", "t")]


@product_graph.mistake("The second factor is b + a, so that the first one is squared: it is 1 that is added to b.")
def adds_a_for_the_one(*, operation="add"):
    return [("s", operation, "a", "b"), ("t", "add", "b", "a"), ("f", "multiply", "s", "t")]


@product_graph.mistake("The last step is b + 1, where the last one is to be f.")
def ends_with_a_factor(*, shared="b", number=1):
    return [("f", "add", shared, number)]


@product_graph.mistake("The 1 is added to the first sum: it belongs to b.")
def adds_one_to_the_sum(*, operation="add", number=1):
    return [("s", operation, "a", "b"), ("t", "add", "s", number), ("f", "multiply", "s", "t")]


@product_graph.mistake("The second factor is a + 1: it is b that goes into both factors.")
def takes_a_for_b(*, operation="add", shared="b", number=1):
    return [
        ("s", operation, "a", "b"),
        ("t", "add", "a" if shared == "b" else "b", number),
        ("f", "multiply", "s", "t"),
    ]


@product_graph.mistake("The 1 is lost: the second factor is b alone.")
def loses_the_one(*, operation="add", shared="b"):
    return [("s", operation, "a", "b"), ("f", "multiply", "s", shared)]


@product_graph.mistake("The parentheses of the first factor are lost: only b is multiplied by b + 1.")
def loses_the_parentheses(*, operation="add", shared="b", number=1):
    return [("t", "add", shared, number), ("p", "multiply", "b", "t"), ("f", operation, "a", "p")]


# --------------------------------------------------------------------------------------- x³ − log x
cubic_log_graph = graph("graphs.cubic_log_graph", {"x": POSITIVE}, points=1, regimes=REGIMES)


@cubic_log_graph.mistake(
    "The difference is the wrong way round: the first argument of subtract is what is subtracted from."
)
def subtracts_the_cube():
    return [("p", "power", "x", 3), ("q", "log", "x"), ("f", "subtract", "q", "p")]


@cubic_log_graph.mistake("x is tripled, where its third power is asked.")
def triples():
    return [("p", "multiply", 3, "x"), ("q", "log", "x"), ("f", "subtract", "p", "q")]


@cubic_log_graph.mistake("This is 3 to the power x: the base and the exponent are exchanged.")
def exchanges_base_and_exponent():
    return [("p", "power", 3, "x"), ("q", "log", "x"), ("f", "subtract", "p", "q")]


@cubic_log_graph.mistake("This is x³ − log(x³): the argument of the logarithm is x alone.")
def takes_the_logarithm_of_the_cube():
    return [("p", "power", "x", 3), ("q", "log", "p"), ("f", "subtract", "p", "q")]


@cubic_log_graph.mistake("The logarithm is that to the base 10: the natural one is asked.")
def takes_the_decimal_logarithm():
    return [
        ("p", "power", "x", 3),
        ("q", "log", "x"),
        ("r", "divide", "q", 2.302585092994046),
        ("f", "subtract", "p", "r"),
    ]


@cubic_log_graph.mistake("The logarithm is added.")
def adds_the_logarithm():
    return [("p", "power", "x", 3), ("q", "log", "x"), ("f", "add", "p", "q")]


# ------------------------------------------------------------------- log(x + y) + x(x + y) + y², named
STEPS = tuple(f"s{k}" for k in range(1, 7))


def term(negative: int) -> Input:
    """Specify a term of a sum x + y > 0: of three recipes one has a negative x, and one a negative y."""

    def make(making: Any) -> float:
        turn = making.recipe.seed % 3
        low, high = (0.2, 4.0) if not turn else (-1.5, -0.2) if turn == negative else (1.8, 4.0)
        return round(float(making.rng.uniform(low, high)), 3)

    return drawn(make)


stepwise_graph = graph(
    "graphs.stepwise_graph", {"x": term(1), "y": term(2)}, STEPS, points=3, named=True, regimes=REGIMES
)


def six_steps(*changed):
    """Return the graph of six steps, some of them ``changed``."""
    steps = [
        ("s1", "add", "x", "y"),
        ("s2", "log", "s1"),
        ("s3", "multiply", "x", "s1"),
        ("s4", "square", "y"),
        ("s5", "add", "s2", "s3"),
        ("s6", "add", "s5", "s4"),
    ]
    new = {step[0]: step for step in changed}
    return [new.get(step[0], step) for step in steps]


@stepwise_graph.mistake("s3 multiplies x by y: its second factor is the whole sum.")
def multiplies_x_by_y():
    return six_steps(("s3", "multiply", "x", "y"))


@stepwise_graph.mistake("s3 squares the sum: its first factor is x.")
def squares_the_sum():
    return six_steps(("s3", "square", "s1"))


@stepwise_graph.mistake("s4 doubles y, where it squares it.")
def doubles_y():
    return six_steps(("s4", "add", "y", "y"))


@stepwise_graph.mistake("The logarithm is taken of x alone.")
def takes_the_logarithm_of_x():
    return six_steps(("s2", "log", "x"))


@stepwise_graph.mistake("The last step takes s2 a second time, and s3 has no path to the output.")
def loses_s3():
    return six_steps(("s6", "add", "s2", "s4"))


# ------------------------------------------------------------------------------------------ sharing
shared_graph = graph(
    "graphs.shared_graph",
    {"x": scalar(-2, 2), "y": scalar(-2, 2)},
    points=2,
    at_most=6,
    regimes=REGIMES,
)


@shared_graph.mistake("The logarithm's argument lacks the 1: log(exp(s)) would be s again.")
def forgets_the_one_in_the_logarithm():
    return [
        ("s", "add", "x", "y"),
        ("e", "exp", "s"),
        ("p", "multiply", "s", "e"),
        ("r", "log", "e"),
        ("f", "add", "p", "r"),
    ]


@shared_graph.mistake("The exponential is of x alone: what is shared is the whole sum.")
def takes_the_exponential_of_x():
    return [
        ("s", "add", "x", "y"),
        ("e", "exp", "x"),
        ("p", "multiply", "s", "e"),
        ("q", "add", 1, "e"),
        ("r", "log", "q"),
        ("f", "add", "p", "r"),
    ]


@shared_graph.mistake("The sum and its exponential are added, where the formula multiplies them.")
def adds_sum_and_exponential():
    return [
        ("s", "add", "x", "y"),
        ("e", "exp", "s"),
        ("p", "add", "s", "e"),
        ("q", "add", 1, "e"),
        ("r", "log", "q"),
        ("f", "add", "p", "r"),
    ]


@shared_graph.mistake("The exponential goes into the product a second time, in the place of the sum.")
def multiplies_the_exponentials():
    return [
        ("s", "add", "x", "y"),
        ("e", "exp", "s"),
        ("p", "multiply", "e", "e"),
        ("q", "add", 1, "e"),
        ("r", "log", "q"),
        ("f", "add", "p", "r"),
    ]


# ------------------------------------------------------------------------- a graph made for its input
def exponent(making: Any) -> int:
    """Draw a whole number from −10 to 10 other than 0; by the seed, so that small ones and both ends come early."""
    recipe = making.recipe
    first = 3 if recipe.style == "odd" else 0  # the seeds of a regime begin with 0
    return (1, 2, 3, -1, 5, -2, -10, -3, 4, 10, -4, 6, -6, 7, 8, 9, -5, -7, -8, -9)[(first + recipe.seed) % 20]


power_graph = graph(
    "graphs.power_graph",
    {"n": drawn(exponent), "x": drawn(lambda m: round(float(m.rng.uniform(0.5, 2) * m.rng.choice((-1, 1))), 3))},
    points=3,
    arguments=("n",),
    operations=("multiply", "divide"),
    regimes=REGIMES,
)


def powers(factors):
    """Return steps that multiply 1 by x so many times, and at least once."""
    steps = [("p1", "multiply", 1, "x")]
    return [*steps, *((f"p{k}", "multiply", f"p{k - 1}", "x") for k in range(2, factors + 1))]


@power_graph.mistake("There is one factor x too many.")
def multiplies_once_too_often(n):
    steps = powers(abs(n) + 1)
    return steps if n > 0 else [*steps, ("f", "divide", 1, steps[-1][0])]


@power_graph.mistake("For a negative n the graph has to divide in the end: this is the power of |n|.")
def ignores_the_sign(n):
    return powers(abs(n))


@power_graph.mistake("For a negative n the loop does not run, and x itself comes out.")
def stops_at_x_for_negative_n(n):
    return powers(n)


@power_graph.mistake("Each step squares the one before it: the exponent doubles, where it grows by 1.")
def squares_at_each_step(n):
    squares = [(f"p{k}", "multiply", f"p{k - 1}", f"p{k - 1}") for k in range(2, abs(n) + 1)]
    steps = [("p1", "multiply", 1, "x"), *squares]
    return steps if n > 0 else [*steps, ("f", "divide", 1, steps[-1][0])]


@power_graph.mistake("For a negative n the graph is 1/x, whatever n is: 1 is to be divided by the power of −n.")
def divides_by_x_alone(n):
    return powers(n) if n > 0 else [*powers(1), ("f", "divide", 1, "p1")]


@power_graph.mistake("The graph is the same for every n: it is built for the n that is passed in.")
def is_always_the_cube(n):
    return powers(3)
