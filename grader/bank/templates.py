"""What ``gradmark new`` writes for each form of exercise: a small example that is right, with the places marked that its author fills in.

``$unit`` and ``$name`` are those of the exercise, ``$stem`` is the name without ``_backward`` or ``_forward``, ``$Class`` the name as
that of a class, ``$Array`` the type of an array.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Template

__all__ = ["FORMS", "Form", "filled"]


@dataclass(frozen=True)
class Form:
    """The texts for one form.

    Args:
        helper: the helper of ``grader.bank.forms``.
        words: further names that the declaration takes from ``grader.judging``.
        answer: the model answer, to stand in ``reference/<unit>.py``.
        declaration: the declaration with one mistake.
        names: of the exercises that are declared, as templates.
        typing: an import that the model answer needs beside numpy's.

    """

    helper: str
    words: tuple[str, ...]
    answer: str
    declaration: str
    names: tuple[str, ...] = ("$name",)
    typing: str = ""


CALLABLE = "from collections.abc import Callable"
ANY = "from typing import Any"
FORWARD = '''
def $stem_forward(x: $Array) -> tuple[$Array, $Array]:
    """FILL IN: what the layer computes: out = x², elementwise.

    x (N, D); out (N, D), cache = x.
    """
    ### BEGIN SOLUTION
    out = x**2  # FILL IN
    ### END SOLUTION
    cache = x
    return out, cache
'''
DECLARED_FORWARD = """
$stem_forward = forward_pass("$unit.$stem_forward", X)


@$stem_forward.mistake("FILL IN: where it is wrong, what shows it, and which idea is missing; never the answer.")
def doubles(x):
    return 2 * x, x
"""

FORMS: Mapping[str, Form] = {
    "forward": Form(
        "forward_pass", ("array",), FORWARD, '\nX = {"x": array("N", "D")}' + DECLARED_FORWARD, ("$stem_forward",)
    ),
    "backward": Form(
        "backward_pass, forward_pass",
        ("array",),
        FORWARD
        + '''

def $stem_backward(dout: $Array, cache: $Array) -> $Array:
    """FILL IN: the gradient of the layer out = x²: dx = ∂L/∂x.

    dout (N, D), cache = x; dx (N, D).
    """
    ### BEGIN SOLUTION
    dx = 2 * cache * dout  # FILL IN
    ### END SOLUTION
    return dx
''',
        '\nX = {"x": array("N", "D")}'
        + DECLARED_FORWARD
        + """

$stem_backward = backward_pass("$unit.$stem_backward", X, ("N", "D"))


@$stem_backward.mistake("FILL IN: where it is wrong, what shows it, and which idea is missing; never the answer.")
def drops_upstream(dout, cache):
    return 2 * cache
""",
        ("$stem_forward", "$stem_backward"),
    ),
    "loss": Form(
        "loss",
        ("array",),
        '''
def $name(x: $Array, y: $Array) -> tuple[float, $Array]:
    """FILL IN: the loss: half the squared distance of x and y, averaged over the batch, and its gradient dx.

    x (N, D), y (N, D); loss a number, dx (N, D).
    """
    ### BEGIN SOLUTION
    loss = np.sum((x - y) ** 2) / (2 * len(x))  # FILL IN
    dx = (x - y) / len(x)
    ### END SOLUTION
    return loss, dx
''',
        """
$name = loss("$unit.$name", {"x": array("N", "D"), "y": array("N", "D")})


@$name.mistake("FILL IN: where it is wrong, what shows it, and which idea is missing; never the answer.")
def averages_the_loss_only(x, y):
    return np.sum((x - y) ** 2) / (2 * len(x)), x - y
""",
    ),
    "plain": Form(
        "plain",
        ("array",),
        '''
def $name(x: $Array) -> $Array:
    """FILL IN: what is asked: twice x.

    x (N, D); returns (N, D).
    """
    ### BEGIN SOLUTION
    out = 2 * x  # FILL IN
    ### END SOLUTION
    return out
''',
        """
$name = plain("$unit.$name", {"x": array("N", "D")}, ("out",))


@$name.mistake("FILL IN: where it is wrong, what shows it, and which idea is missing; never the answer.")
def squares(x):
    return x**2
""",
    ),
    "vectorise": Form(
        "vectorise",
        ("array",),
        '''
def $name(x: $Array) -> $Array:
    """FILL IN: what is asked, without a loop: the sum of each row.

    x (N, D); returns (N,).
    """
    ### BEGIN SOLUTION
    out = x.sum(axis=1)  # FILL IN
    ### END SOLUTION
    return out  # type: ignore[no-any-return]
''',
        """
$name = vectorise("$unit.$name", {"x": array("N", "D")}, ("out",))


@$name.mistake("FILL IN: where it is wrong, what shows it, and which idea is missing; never the answer.")
def sums_columns(x):
    return x.sum(axis=0)
""",
    ),
    "higher-order": Form(
        "higher_order",
        ("array",),
        '''
def $name(f: Callable[[$Array], $Array], x: $Array) -> $Array:
    """FILL IN: what is asked: f applied twice, f(f(x)).

    f takes and returns (N, D), x (N, D); returns (N, D).
    """
    ### BEGIN SOLUTION
    out = f(f(x))  # FILL IN
    ### END SOLUTION
    return out
''',
        """

def of_sine($name, x):
    return $name(np.sin, x)


$name = higher_order("$unit.$name", {"x": array("N", "D")}, ("out",), of_sine)


@$name.mistake("FILL IN: where it is wrong, what shows it, and which idea is missing; never the answer.")
def applies_once(f, x):
    return f(x)
""",
        typing=CALLABLE,
    ),
    "class": Form(
        "of_class",
        ("array",),
        '''
class $Class:
    """FILL IN: what an object of this class holds and does: the sum of all that was added."""

    def __init__(self) -> None:
        self.total: $Array | float = 0.0

    def add(self, x: $Array) -> None:
        """FILL IN: add x (D,) to the total."""
        ### BEGIN SOLUTION
        self.total = self.total + x  # FILL IN
        ### END SOLUTION
''',
        """

def of_rows($Class, x):
    made = $Class()
    for row in x:
        made.add(row)
    return made.total


$name = of_class("$unit.$name", "$Class", {"x": array("N", "D")}, ("total",), of_rows)


@$name.mistake(
    "FILL IN: where it is wrong, what shows it, and which idea is missing; never the answer.", from_model=True
)
def forgets_the_total($Class):
    class Wrong($Class):
        def add(self, x):
            self.total = x

    return Wrong
""",
    ),
    "graph": Form(
        "graph",
        ("scalar",),
        '''
def $name() -> list[tuple[str, ...]]:
    """FILL IN: what is asked: the graph of x·x + x, as a list of steps (name, operation, arguments).

    Its input is x; the last step is its output.
    """
    ### BEGIN SOLUTION
    steps = [("square", "multiply", "x", "x"), ("out", "add", "square", "x")]  # FILL IN
    ### END SOLUTION
    return steps
''',
        """
$name = graph("$unit.$name", {"x": scalar(-2, 2)})


@$name.mistake("FILL IN: where it is wrong, what shows it, and which idea is missing; never the answer.")
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
    ### BEGIN SOLUTION
    formula = "2 * x * cos(x^2)"  # FILL IN
    ### END SOLUTION
    return formula
''',
        """
$name = formula("$unit.$name", {"x": scalar(-2, 2)})


@$name.mistake("FILL IN: where it is wrong, what shows it, and which idea is missing; never the answer.")
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


@$name.mistake("FILL IN: where it is wrong, what shows it, and which idea is missing; never the answer.")
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
    ### BEGIN SOLUTION
    right = f(3.0) == 9.0 and f(-2.0) == 4.0  # FILL IN
    ### END SOLUTION
    return right
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


@$name.mistake("FILL IN: what it misses, and which idea is missing; never the answer.")
def tries_one_point(f):
    return f(3.0) == 9.0
""",
        typing=CALLABLE,
    ),
    "planted-fault": Form(
        "planted_fault",
        ("array",),
        '''
def $name(x: $Array) -> $Array:
    """FILL IN: what is asked, with a fault in it: the mean of each column.

    x (N, D); returns (D,).
    """
    ### BEGIN SOLUTION
    out = x.sum(axis=0) / x.shape[0]  # FILL IN
    ### END SOLUTION
    return out  # type: ignore[no-any-return]
''',
        """
$name = planted_fault("$unit.$name", {"x": array("N", "D")}, ("out",), planted="divides_by_columns")


@$name.mistake("FILL IN: where it is wrong, what shows it, and which idea is missing; never the answer.")
def divides_by_columns(x):
    out = x.sum(axis=0) / x.shape[1]
    return out
""",
    ),
    **{
        form: Form(
            form,
            (),
            '''
def $name() -> str:
    """FILL IN: what is asked: which of these is true?

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


def filled(text: str, unit: str, name: str) -> str:
    """Fill the names of an exercise into a template."""
    stem = name.removesuffix("_backward").removesuffix("_forward")
    text = text.replace("$stem_", "${stem}_")
    names = {
        "unit": unit, "name": name, "stem": stem, "Class": "".join(part.capitalize() for part in name.split("_")),
        "Array": "NDArray[np.float64]",
    }  # fmt: skip
    return Template(text).substitute(names)
