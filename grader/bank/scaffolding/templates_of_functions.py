"""The templates of functions and classes: small ones that are right, with marks where the author fills in."""

from __future__ import annotations

from collections.abc import Mapping

from grader.bank.scaffolding.template import CALLABLE, Form

__all__ = ["FUNCTIONS"]

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


@$stem_forward.mistake("FILL IN: what is wrong and which idea is missing, never the answer.")
def doubles(x):
    return 2 * x, x
"""


FUNCTIONS: Mapping[str, Form] = {
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
    return 2 * cache * dout  # FILL IN
''',
        '\nX = {"x": array("N", "D")}'
        + DECLARED_FORWARD
        + """

$stem_backward = backward_pass("$unit.$stem_backward", X, ("N", "D"))


@$stem_backward.mistake("FILL IN: what is wrong and which idea is missing, never the answer.")
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


@$name.mistake("FILL IN: what is wrong and which idea is missing, never the answer.")
def averages_the_loss_only(x, y):
    return np.sum((x - y) ** 2) / (2 * len(x)), x - y
""",
    ),
    "plain": Form(
        "plain",
        ("array",),
        '''
def $name(x: $Array) -> $Array:
    """FILL IN: what is asked: the square of x, elementwise.

    x (N, D); returns (N, D).
    """
    return x**2  # FILL IN
''',
        """
$name = plain("$unit.$name", {"x": array("N", "D")}, ("out",))


@$name.mistake("FILL IN: what is wrong and which idea is missing, never the answer.")
def doubles(x):
    return 2 * x
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
    return x @ np.ones(x.shape[1])  # FILL IN
''',
        """
$name = vectorise("$unit.$name", {"x": array("N", "D")}, ("out",))


@$name.mistake("FILL IN: what is wrong and which idea is missing, never the answer.")
def sums_columns(x):
    return x.sum(axis=0)
""",
    ),
    "higher-order": Form(
        "higher_order",
        ("array",),
        '''
def $name(
    f: Callable[[$Array], $Array], x: $Array
) -> $Array:
    """FILL IN: what is asked: f applied twice, f(f(x)).

    f takes and returns (N, D), x (N, D); returns (N, D).
    """
    return f(f(x))  # FILL IN
''',
        """

def of_sine($name, x):
    return $name(np.sin, x)


$name = higher_order("$unit.$name", {"x": array("N", "D")}, ("out",), of_sine)


@$name.mistake("FILL IN: what is wrong and which idea is missing, never the answer.")
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


@$name.mistake("FILL IN: what is wrong and which idea is missing, never the answer.", from_model=True)
def forgets_the_total($Class):
    class Wrong($Class):  # type: ignore[misc, valid-type]
        def add(self, x):
            self.total = x

    return Wrong
""",
    ),
    "planted-fault": Form(
        "planted_fault",
        ("array",),
        '''
def $name(x: $Array) -> $Array:
    """FILL IN: what is asked, with a fault in it: x, divided by the number of rows.

    x (N, D); returns (N, D).
    """
    return x / x.shape[0]  # FILL IN
''',
        """
$name = planted_fault(
    "$unit.$name",
    {"x": array("N", "D")},
    ("out",),
    planted="divides_by_columns",
)


@$name.mistake("FILL IN: what is wrong and which idea is missing, never the answer.")
def divides_by_columns(x):
    return x / x.shape[1]
""",
    ),
}
