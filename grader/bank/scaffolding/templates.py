"""The templates of all forms: those of data, runs, tests and questions here, those of functions beside them."""

from __future__ import annotations

from collections.abc import Mapping

from grader.bank.scaffolding.template import CALLABLE, Form
from grader.bank.scaffolding.templates_of_functions import FUNCTIONS

__all__ = ["FORMS"]

FORMS: Mapping[str, Form] = {
    **FUNCTIONS,
    "graph": Form(
        "graph",
        ("scalar",),
        '''
def $name() -> list[tuple[str, ...]]:
    """FILL IN: what is asked: the graph of x·x + x, as a list of steps (name, operation, arguments).

    Its input is x; the last step is its output.
    """
    return [("square", "multiply", "x", "x"), ("out", "add", "square", "x")]  # FILL IN
''',
        """
$name = graph("$unit.$name", {"x": scalar(-2, 2)})


@$name.mistake("FILL IN: what is wrong and which idea is missing, never the answer.")
def multiplies_twice():
    return [("square", "multiply", "x", "x"), ("out", "multiply", "square", "x")]
""",
    ),
    "formula": Form(
        "formula",
        ("scalar",),
        '''
def $name() -> str:
    """FILL IN: what is asked: the derivative of sin(x²), as a formula in x."""
    return "2 * x * cos(x^2)"  # FILL IN
''',
        """
$name = formula("$unit.$name", {"x": scalar(-2, 2)})


@$name.mistake("FILL IN: what is wrong and which idea is missing, never the answer.")
def forgets_the_inner_slope():
    return "cos(x^2)"
""",
    ),
    "training": Form(
        "training",
        (),
        '''
def $name(x: $Array, y: $Array) -> $Array:
    """FILL IN: what is asked: the weights w that make x w close to y.

    x (N, D), y (N,); returns w (D,), with which the mean squared error is at most 0.001.
    """
    ### BEGIN SOLUTION
    w = np.zeros(x.shape[1])
    for _ in range(200):  # FILL IN
        w = w - 0.1 * x.T @ (x @ w - y) / len(x)
    ### END SOLUTION
    return w
''',
        """

def data():
    x = np.random.default_rng(0).standard_normal((40, 3))
    return x, x @ np.array([1.0, -2.0, 0.5])


def measure(w, x, y):
    return {"loss": np.mean((x @ w - y) ** 2)}


$name = training("$unit.$name", data, measure, at_most={"loss": 0.001}, seconds=1.0)


@$name.mistake("FILL IN: what is wrong and which idea is missing, never the answer.")
def takes_no_step(x, y):
    return np.zeros(x.shape[1])
""",
    ),
    "checker": Form(
        "checker",
        (),
        '''
def $name(f: Callable[[float], float]) -> bool:
    """FILL IN: what is tested: return True if f is the square, and False if it is not."""
    return f(3.0) == 9.0 and f(-2.0) == 4.0  # FILL IN
''',
        """

def put($name, f):
    return $name(f)


def square(x):
    \"\"\"The square of a number.\"\"\"
    return x * x


def cube(x):
    return x**3


def absolute(x):
    return 3 * abs(x)


# FILL IN: what is said of a checker that accepts the candidate.
WRONG = {"a cube": cube, "a multiple of |x|": absolute}
$name = checker("$unit.$name", put, [square], WRONG)


@$name.mistake("FILL IN: what is missed and which idea is missing, never the answer.")
def tries_one_point(f):
    return f(3.0) == 9.0
""",
        typing=CALLABLE,
    ),
    **{
        form: Form(
            form,
            (),
            '''
def $name() -> str:
    """FILL IN: what is asked, such as which of these is true.

    (a) FILL IN   (b) FILL IN   (c) FILL IN
    """
    return "a"  # FILL IN
''',
            f"""
$name = {form}(
    "$unit.$name",
    {{
        "b": "FILL IN: which idea this choice misses; never the answer.",
        "c": "FILL IN: which idea this choice misses; never the answer.",
    }},
)
""",
        )
        for form in ("question", "prediction")
    },
}
