"""Unit 04, reverse mode: an engine on single numbers, vector–Jacobian products of arrays, and a net taken apart.

``g`` is the upstream gradient ∂L/∂out, in the shape of ``out``. ``*_vjp(g, ...)`` takes it first and then the arguments
of the operation, and returns ∂L/∂(argument) for each array of floats among them, in their order and shapes. Arrays are
float64, and no argument is changed in place. A view of g, a read-only array, or a number for shape () is as good as a new
array. Values are right to rounding, however you get there; numpy's warnings are no fault.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.reverse_mode_arrays import (  # noqa: F401 - the unit's answers too
    add_vjp,
    divide_vjp,
    exp_vjp,
    log_vjp,
    logsumexp_vjp,
    matmul_vjp,
    maximum_vjp,
    mean_vjp,
    multiply_vjp,
    power_vjp,
    reshape_vjp,
    sin_vjp,
    sum_vjp,
    take_vjp,
    tanh_vjp,
    transpose_vjp,
    unbroadcast,
    where_vjp,
)
from reference.reverse_mode_network import (  # noqa: F401 - the unit's answers too
    batchnorm_steps,
    cross_entropy_steps,
    embedding_steps,
    fused_batchnorm,
    fused_cross_entropy,
    fused_sigmoid_formula,
    head_steps,
    transition_vjp,
)
from reference.reverse_mode_questions import (  # noqa: F401 - the unit's answers too
    prediction_broadcast,
    prediction_second_backward,
    question_additions,
    question_cheaper_mode,
    question_checkpoints,
    question_hessian_product,
    question_mean_of_squares,
    question_needs_input,
)
from reference.reverse_mode_tools import (  # noqa: F401 - the unit's answers too
    adjoint_checker,
    hvp,
    jacobian_by_rows,
    quadratic_form_gradients,
)

Array = NDArray[np.float64]
Integers = NDArray[np.integer[Any]]
Truths = NDArray[np.bool_]
Sizes = tuple[int, ...]
Axis = int | tuple[int, ...] | None
VJP = Callable[[Array, Array], Array]
Checked = Callable[[Array, Array, Array], tuple[Array, Array]]


def worked_adjoint(x: float, y: float) -> tuple[float, float, float]:
    """Value and both derivatives of f(x, y) = (x·y + sin x + 4)(3y² + 6), by the adjoints of its ten steps.

    The steps: s1 = x, s2 = y, s3 = s1·s2, s4 = sin s1, s5 = s3 + s4, s6 = s5 + 4, s7 = s2², s8 = 3·s7, s9 = s8 + 6,
    s10 = s6·s9. Begin with the adjoint ∂f/∂s10 = 1 and go back step by step. x, y numbers, the sine of radians.
    Returns (f, ∂f/∂x, ∂f/∂y), three numbers; at (2, 8) they are 4140.0408905115, 1501.6029263637, 1399.6462764876.
    Source: the worked example of Bücker et al. 2006.
    """
    s1, s2 = x, y
    s6, s9 = s1 * s2 + np.sin(s1) + 4, 3 * s2**2 + 6
    s6_bar, s9_bar = s9, s6  # a product hands each factor the other one
    s3_bar = s4_bar = s6_bar  # sums hand on what they get
    s7_bar = 3 * s9_bar
    s1_bar = s3_bar * s2 + s4_bar * np.cos(s1)
    s2_bar = s3_bar * s1 + s7_bar * 2 * s2
    return s6 * s9, s1_bar, s2_bar


class Value:
    """A number that remembers where it came from: a node of a computation graph.

    ``Value(data)`` holds the number in ``.data``, and 0.0 in ``.grad``. To be written: ``+ - * /`` of two Values or of a
    Value and a number on either side, ``-a``, ``a ** n`` for a number n, and the methods exp, log, sin, tanh, relu, each
    of which returns a new Value; and ``out.backward()``, which sets ``.grad`` of ``out`` and of every Value on which it
    rests to the derivative of ``out`` for it. It replaces what stood there before, and other Values keep their ``.grad``.

    Numbers are ints and floats, and ``.data`` and ``.grad`` may be of any kind of number. No ``.data`` is changed from outside,
    and what is asked for has a finite value and slope: no log of 0, no power of 0 with an exponent below 1 (so no 0 ** 0), no
    fractional power of a negative number. No number is so large that e^2x is not finite.
    ``edges``, pairs (parent, local gradient), are one record of where a Value came from; another one is as good.
    Source: Griewank & Walther 2008, ch. 3; micrograd (Karpathy) has the same methods.
    """

    def __init__(self, data: Any, edges: tuple[tuple[Value, Any], ...] = ()) -> None:
        self.data = data
        self.grad: Any = 0.0
        self.edges = edges

    def __repr__(self) -> str:
        return f"Value({self.data}, grad={self.grad})"

    def _lift(self, other: Any) -> Value:
        """Return a Value as it is, and a number as a Value without parents."""
        return other if isinstance(other, Value) else type(self)(other)

    def __add__(self, other: Any) -> Value:
        ### BEGIN SOLUTION
        other = self._lift(other)
        return type(self)(self.data + other.data, ((self, 1.0), (other, 1.0)))
        ### END SOLUTION

    def __radd__(self, other: Any) -> Value:
        return self + self._lift(other)

    def __sub__(self, other: Any) -> Value:
        ### BEGIN SOLUTION
        other = self._lift(other)
        return type(self)(self.data - other.data, ((self, 1.0), (other, -1.0)))
        ### END SOLUTION

    def __rsub__(self, other: Any) -> Value:
        ### BEGIN SOLUTION
        return self._lift(other) - self
        ### END SOLUTION

    def __mul__(self, other: Any) -> Value:
        ### BEGIN SOLUTION
        other = self._lift(other)
        return type(self)(self.data * other.data, ((self, other.data), (other, self.data)))
        ### END SOLUTION

    def __rmul__(self, other: Any) -> Value:
        return self * self._lift(other)

    def __truediv__(self, other: Any) -> Value:
        ### BEGIN SOLUTION
        other = self._lift(other)
        out = self.data / other.data
        return type(self)(out, ((self, 1.0 / other.data), (other, -out / other.data)))
        ### END SOLUTION

    def __rtruediv__(self, other: Any) -> Value:
        ### BEGIN SOLUTION
        return self._lift(other) / self
        ### END SOLUTION

    def __neg__(self) -> Value:
        ### BEGIN SOLUTION
        return type(self)(-self.data, ((self, -1.0),))
        ### END SOLUTION

    def __pow__(self, n: Any) -> Value:
        ### BEGIN SOLUTION
        return type(self)(self.data**n, ((self, n * self.data ** (n - 1)),))
        ### END SOLUTION

    def exp(self) -> Value:
        """Compute eˣ."""
        ### BEGIN SOLUTION
        out = np.exp(self.data)
        return type(self)(out, ((self, out),))
        ### END SOLUTION

    def log(self) -> Value:
        """Compute the natural logarithm."""
        ### BEGIN SOLUTION
        return type(self)(np.log(self.data), ((self, 1.0 / self.data),))
        ### END SOLUTION

    def sin(self) -> Value:
        """Compute the sine, of radians."""
        ### BEGIN SOLUTION
        return type(self)(np.sin(self.data), ((self, np.cos(self.data)),))
        ### END SOLUTION

    def tanh(self) -> Value:
        """Compute the hyperbolic tangent."""
        ### BEGIN SOLUTION
        out = np.tanh(self.data)
        return type(self)(out, ((self, 1.0 - out**2),))
        ### END SOLUTION

    def relu(self) -> Value:
        """Compute max(0, x); the slope is 1 where x > 0, else 0."""
        ### BEGIN SOLUTION
        return type(self)(np.maximum(self.data, 0.0), ((self, 1.0 if self.data > 0 else 0.0),))
        ### END SOLUTION

    def backward(self) -> None:
        """Set ``.grad`` of every Value on which this one rests, itself included, to ∂(this)/∂(that one).

        Whatever ``.grad`` held before is replaced, in the leaves and in between: a second call gives the same numbers as the
        first, and a call on another output the derivatives of that output alone. A Value on which this one does not
        rest keeps its ``.grad``. A Value that is used several times adds up what comes back from all its uses, and hands on
        the whole sum. Chains of 10,000 operations work, in a few seconds: a recursion along the graph ends before that, unless
        it is given the room.
        """
        ### BEGIN SOLUTION
        order: list[Value] = []  # each Value behind its parents
        seen: set[int] = set()
        stack = [(self, False)]
        while stack:
            node, parents_done = stack.pop()
            if parents_done:
                order.append(node)
            elif id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                stack.extend((parent, False) for parent, _ in node.edges)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in node.edges:
                parent.grad = parent.grad + slope * node.grad
        ### END SOLUTION
