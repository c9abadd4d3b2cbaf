"""Unit 04, reverse mode: an engine on single numbers, vector–Jacobian products of arrays, and a net taken apart.

``g`` is the upstream gradient ∂L/∂out, in the shape of ``out``. ``*_vjp(g, ...)`` takes it first and then the arguments
of the operation, and returns ∂L/∂(argument) for each array of floats among them, in their order and shapes. Arrays are
float64, and no argument is changed in place. A view of g, a read-only array, or a number for shape () is as good as a new
array. Values are right to rounding, however you get there; numpy's warnings are no fault.

The functions below are yours to write: each docstring says what is asked. Put your code where it says
``raise NotImplementedError`` and leave the other lines as they are; ``status()`` in the notebook tells how far you are.
"""

# Derived from the model answers by `gradmark stubs`: course authors change those, not this file.
# The names that ruff misses here are for the student to define, and those that it finds unused to use.
# ruff: noqa: ARG001, ARG002, F821, F841, RUF059, RUF100

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
    raise NotImplementedError("reverse_mode.worked_adjoint: not written yet")


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
        raise NotImplementedError("reverse_mode.Value.__add__: not written yet")

    def __radd__(self, other: Any) -> Value:
        return self + self._lift(other)

    def __sub__(self, other: Any) -> Value:
        raise NotImplementedError("reverse_mode.Value.__sub__: not written yet")

    def __rsub__(self, other: Any) -> Value:
        raise NotImplementedError("reverse_mode.Value.__rsub__: not written yet")

    def __mul__(self, other: Any) -> Value:
        raise NotImplementedError("reverse_mode.Value.__mul__: not written yet")

    def __rmul__(self, other: Any) -> Value:
        return self * self._lift(other)

    def __truediv__(self, other: Any) -> Value:
        raise NotImplementedError("reverse_mode.Value.__truediv__: not written yet")

    def __rtruediv__(self, other: Any) -> Value:
        raise NotImplementedError("reverse_mode.Value.__rtruediv__: not written yet")

    def __neg__(self) -> Value:
        raise NotImplementedError("reverse_mode.Value.__neg__: not written yet")

    def __pow__(self, n: Any) -> Value:
        raise NotImplementedError("reverse_mode.Value.__pow__: not written yet")

    def exp(self) -> Value:
        """Compute eˣ."""
        raise NotImplementedError("reverse_mode.Value.exp: not written yet")

    def log(self) -> Value:
        """Compute the natural logarithm."""
        raise NotImplementedError("reverse_mode.Value.log: not written yet")

    def sin(self) -> Value:
        """Compute the sine, of radians."""
        raise NotImplementedError("reverse_mode.Value.sin: not written yet")

    def tanh(self) -> Value:
        """Compute the hyperbolic tangent."""
        raise NotImplementedError("reverse_mode.Value.tanh: not written yet")

    def relu(self) -> Value:
        """Compute max(0, x); the slope is 1 where x > 0, else 0."""
        raise NotImplementedError("reverse_mode.Value.relu: not written yet")

    def backward(self) -> None:
        """Set ``.grad`` of every Value on which this one rests, itself included, to ∂(this)/∂(that one).

        Whatever ``.grad`` held before is replaced, in the leaves and in between: a second call gives the same numbers as the
        first, and a call on another output the derivatives of that output alone. A Value on which this one does not
        rest keeps its ``.grad``. A Value that is used several times adds up what comes back from all its uses, and hands on
        the whole sum. Chains of 10,000 operations work, in a few seconds: a recursion along the graph ends before that, unless
        it is given the room.
        """
        raise NotImplementedError("reverse_mode.Value.backward: not written yet")


def exp_vjp(g: Array, x: Array) -> Array:
    """VJP of out = e^x, elementwise: dx.

    g, x, dx of any one shape; e^x is finite.
    """
    raise NotImplementedError("reverse_mode.exp_vjp: not written yet")


def log_vjp(g: Array, x: Array) -> Array:
    """VJP of the natural logarithm out = log x, elementwise: dx.

    g, x, dx of any one shape, x > 0.
    """
    raise NotImplementedError("reverse_mode.log_vjp: not written yet")


def sin_vjp(g: Array, x: Array) -> Array:
    """VJP of out = sin x, elementwise, x in radians: dx.

    g, x, dx of any one shape.
    """
    raise NotImplementedError("reverse_mode.sin_vjp: not written yet")


def tanh_vjp(g: Array, x: Array) -> Array:
    """VJP of out = tanh x, elementwise, from the input x: dx, with no overflow at ±1500.

    g, x, dx of any one shape. Right to the rounding of g: where tanh x rounds to ±1, dx may be 0.
    """
    raise NotImplementedError("reverse_mode.tanh_vjp: not written yet")


def power_vjp(g: Array, x: Array, n: float) -> Array:
    """VJP of out = x**n for a constant number n, elementwise: dx. There is no gradient for n.

    g, x, dx of any one shape, x > 0; n an int or a float, negative and fractional ones too.
    """
    raise NotImplementedError("reverse_mode.power_vjp: not written yet")


def unbroadcast(g: Array, shape: Sizes) -> Array:
    """Gradient of an array of this shape that numpy has broadcast to the shape of g: the sum over all its copies.

    shape is a tuple, shorter than g.shape or as long, () included; where it has a 1, or lacks an axis at the front, the array
    was repeated. Returns an array of exactly this shape (a number for ()). For g of shape (4, 3): shape (3,) sums over axis 0 to
    (3,), shape (4, 1) over axis 1 to (4, 1), shape () over both, shape (4, 3) over nothing.
    """
    raise NotImplementedError("reverse_mode.unbroadcast: not written yet")


def add_vjp(g: Array, a: Array, b: Array) -> tuple[Array, Array]:
    """VJP of out = a + b, where a and b may be broadcast: (da, db).

    a, b of shapes that numpy broadcasts, up to three dimensions, () included; g in the shape of a + b; da in that of a, db in
    that of b.
    """
    raise NotImplementedError("reverse_mode.add_vjp: not written yet")


def multiply_vjp(g: Array, a: Array, b: Array) -> tuple[Array, Array]:
    """VJP of the elementwise out = a * b, where a and b may be broadcast: (da, db).

    Shapes as for add_vjp.
    """
    raise NotImplementedError("reverse_mode.multiply_vjp: not written yet")


def divide_vjp(g: Array, a: Array, b: Array) -> tuple[Array, Array]:
    """VJP of the elementwise out = a / b, where a and b may be broadcast: (da, db).

    Shapes as for add_vjp; no entry of b is 0.
    """
    raise NotImplementedError("reverse_mode.divide_vjp: not written yet")


def maximum_vjp(g: Array, a: Array, b: Array) -> tuple[Array, Array]:
    """VJP of the elementwise out = max(a, b), where a and b may be broadcast: (da, db).

    Shapes as for add_vjp. The larger of the two gets the upstream gradient, by however little it is larger; where they
    are equal each gets half of it.
    """
    raise NotImplementedError("reverse_mode.maximum_vjp: not written yet")


def where_vjp(g: Array, condition: Truths, a: Array, b: Array) -> tuple[Array, Array]:
    """VJP of out = np.where(condition, a, b), where a and b may be broadcast: (da, db).

    g and condition, of True and False, in the shape of a + b; da in the shape of a, db in that of b; shapes as for add_vjp.
    """
    raise NotImplementedError("reverse_mode.where_vjp: not written yet")


def sum_vjp(g: Array, x: Array, axis: Axis, keepdims: bool) -> Array:
    """VJP of out = x.sum(axis=axis, keepdims=keepdims): dx in the shape of x.

    x of two or three dimensions; axis None, an int (which may be negative), or a tuple of ints from 0 on, in any order, not
    empty; keepdims True or False.
    g has the shape of out: without keepdims the summed axes are gone, and g is a number if all of them are.
    """
    raise NotImplementedError("reverse_mode.sum_vjp: not written yet")


def mean_vjp(g: Array, x: Array, axis: Axis, keepdims: bool) -> Array:
    """VJP of out = x.mean(axis=axis, keepdims=keepdims): dx in the shape of x.

    Arguments as for sum_vjp.
    """
    raise NotImplementedError("reverse_mode.mean_vjp: not written yet")


def reshape_vjp(g: Array, x: Array, shape: Sizes) -> Array:  # noqa: ARG001 - what the forward pass was given
    """VJP of out = x.reshape(shape), in numpy's usual order of entries: dx in the shape of x.

    x (N, D, K); shape a tuple without −1; g of this shape.
    """
    raise NotImplementedError("reverse_mode.reshape_vjp: not written yet")


def transpose_vjp(g: Array, x: Array, axes: Sizes) -> Array:  # noqa: ARG001 - as above
    """VJP of out = np.transpose(x, axes): dx in the shape of x.

    x of two to four dimensions; axes is a tuple, a permutation of 0 to x.ndim − 1, and axis i of out is axis axes[i] of x.
    """
    raise NotImplementedError("reverse_mode.transpose_vjp: not written yet")


def matmul_vjp(g: Array, a: Array, b: Array) -> tuple[Array, Array]:
    """VJP of the matrix product out = a @ b: (da, db).

    a (N, K), b (K, M), g (N, M); da (N, K), db (K, M). Source: Giles 2008, §2.2.
    """
    raise NotImplementedError("reverse_mode.matmul_vjp: not written yet")


def take_vjp(g: Array, x: Array, index: Integers) -> Array:
    """VJP of out = x[index], the rows of x with these numbers, which may repeat: dx in the shape of x.

    x (N, D), index (M,) of int64 from 0 to N − 1, g (M, D), M ≥ 1; dx (N, D).
    """
    raise NotImplementedError("reverse_mode.take_vjp: not written yet")


def logsumexp_vjp(g: Array, x: Array) -> Array:
    """VJP of out[n] = log Σ_d e^x[n, d]: dx, with no overflow at entries of ±1500.

    x (N, D), g (N,); dx (N, D). Source: Boyd & Vandenberghe 2004, §3.1.5.
    """
    raise NotImplementedError("reverse_mode.logsumexp_vjp: not written yet")


def cross_entropy_steps(logits: Array, y: Integers) -> tuple[Array, ...]:
    """Gradients of all intermediate values of the cross-entropy, written out step by step.

    Forward, with logits (N, C) and labels y (N,) of int64 from 0 to C − 1::

        logit_maxes    = logits.max(axis=1, keepdims=True)        # (N, 1)
        norm_logits    = logits - logit_maxes                     # (N, C)
        counts         = np.exp(norm_logits)                      # (N, C)
        counts_sum     = counts.sum(axis=1, keepdims=True)        # (N, 1)
        counts_sum_inv = counts_sum ** -1                         # (N, 1)
        probs          = counts * counts_sum_inv                  # (N, C)
        logprobs       = np.log(probs)                            # (N, C)
        loss           = -logprobs[np.arange(N), y].mean()

    No entry of probs rounds to 0. dlogit_maxes is 0 but for rounding, so that any share of it at ties is right.
    Returns the derivatives of loss, each with all its paths, in the shapes above: (dlogprobs, dprobs, dcounts_sum_inv,
    dcounts_sum, dcounts, dnorm_logits, dlogit_maxes, dlogits).
    Source: the exercise "becoming a backprop ninja" of Karpathy's course "Zero to Hero".
    """
    raise NotImplementedError("reverse_mode.cross_entropy_steps: not written yet")


def head_steps(dlogits: Array, hpreact: Array, W2: Array) -> tuple[Array, Array, Array, Array]:
    """Gradients of the output layer and of the tanh below it.

    Forward: h = np.tanh(hpreact) (N, H), logits = h @ W2 + b2 (N, C), with W2 (H, C), b2 (C,).
    dlogits (N, C), hpreact (N, H). Returns (dh, dW2, db2, dhpreact), each in the shape of what it belongs to.
    """
    raise NotImplementedError("reverse_mode.head_steps: not written yet")


def batchnorm_steps(dhpreact: Array, hprebn: Array, gain: Array) -> tuple[Array, ...]:
    """Gradients of all intermediate values of a batch normalisation, written out step by step.

    Forward, with hprebn (N, H), gain (H,), bias (H,); the variance divides by N::

        bnmean    = hprebn.mean(axis=0, keepdims=True)            # (1, H)
        bndiff    = hprebn - bnmean                               # (N, H)
        bndiff2   = bndiff ** 2                                   # (N, H)
        bnvar     = bndiff2.mean(axis=0, keepdims=True)           # (1, H)
        bnvar_inv = (bnvar + 1e-5) ** -0.5                        # (1, H)
        bnraw     = bndiff * bnvar_inv                            # (N, H)
        hpreact   = gain * bnraw + bias                           # (N, H)

    dhpreact (N, H) comes from above. Returns (dgain, dbias, dbnraw, dbnvar_inv, dbnvar, dbndiff2, dbndiff, dbnmean, dhprebn),
    each with all its paths and in the shape of what it belongs to.
    """
    raise NotImplementedError("reverse_mode.batchnorm_steps: not written yet")


def embedding_steps(dhprebn: Array, X: Integers, C: Array, W1: Array) -> tuple[Array, Array, Array, Array, Array]:
    """Gradients of the first linear layer and of the embeddings below it.

    Forward, with X (N, T) of int64 from 0 to V − 1, which repeat, C (V, E), W1 (T·E, H), b1 (H,)::

        emb     = C[X]                                            # (N, T, E)
        embcat  = emb.reshape(N, T * E)                           # (N, T·E)
        hprebn  = embcat @ W1 + b1                                # (N, H)

    dhprebn (N, H). Returns (dembcat, dW1, db1, demb, dC), each in the shape of what it belongs to.
    """
    raise NotImplementedError("reverse_mode.embedding_steps: not written yet")


def fused_cross_entropy(logits: Array, y: Integers) -> Array:
    """Gradient of the softmax cross-entropy in one line: dlogits of cross_entropy_steps, without its steps.

    logits (N, C), y (N,) of int64 from 0 to C − 1; dlogits (N, C), of the mean over n. No overflow at logits of ±1000.
    Several lines are as good. The steps are not: they divide by probs, which may round to 0 here.
    """
    raise NotImplementedError("reverse_mode.fused_cross_entropy: not written yet")


def fused_batchnorm(dhpreact: Array, hprebn: Array, gain: Array) -> Array:
    """Gradient of batch normalisation in one line: dhprebn of batchnorm_steps, without its steps.

    Once bnraw and bnvar_inv are there, it takes dhpreact, these two and gain, with two means over the batch. Several lines are
    as good, and so are the steps.
    dhpreact, hprebn (N, H), gain (H,); dhprebn (N, H). Source: Ioffe & Szegedy 2015, §3, put together.
    """
    bndiff = hprebn - hprebn.mean(axis=0, keepdims=True)
    bnvar_inv: Array = ((bndiff**2).mean(axis=0, keepdims=True) + 1e-5) ** -0.5
    bnraw = bndiff * bnvar_inv
    raise NotImplementedError("reverse_mode.fused_batchnorm: not written yet")


def fused_sigmoid_formula() -> str:
    """Fused form of a sigmoid under a cross-entropy, as a formula: ∂L/∂u for L = −y log s − (1 − y) log(1 − s), s = σ(u).

    Return it as text, in the names s and y alone, with two operations (+, -, *, /, ^) at most and without a function, such as
    "s * y - 1" (which is not it): all that cancels is left out. y is any number from 0 to 1.
    """
    raise NotImplementedError("reverse_mode.fused_sigmoid_formula: not written yet")


def transition_vjp(g: Array, counts: Array) -> Array:
    """VJP of out = counts / counts.sum(axis=1, keepdims=True), each row divided by its sum: dcounts.

    counts[i, j] > 0 says how often letter j followed letter i: g, counts, dcounts (V, V). What stands here has one fault, to
    be found and mended, or the whole written anew. It shows in no shape, since the matrix is square.
    """
    total = counts.sum(axis=1, keepdims=True)
    out = counts / total
    inner = (g * out).sum(axis=1)
    return (g - inner) / total


def prediction_second_backward() -> int:
    """Predict what a first backward pass leaves behind for the second.

    Let a = 1, b = a + a, c = b + b, and take a backward() that starts with c.grad = 1, goes back in the
    right order and adds up with +=, but never sets a gradient to 0. The first call leaves 4 in a.grad.
    Return the number in a.grad after a second call on c.
    """
    raise NotImplementedError("reverse_mode.prediction_second_backward: not written yet")


def prediction_broadcast() -> int:
    """Predict the gradient of a number that was added to an array.

    out = x + b, with x (2, 3) and b a number. Every entry of the upstream gradient g (2, 3) is 7. Return db.
    """
    raise NotImplementedError("reverse_mode.prediction_broadcast: not written yet")


def question_additions() -> str:
    """Choose why f = (x1 + x2)(x3 + x4) and its four derivatives cost fewer additions in reverse mode.

    Return one letter. Written down one by one, the derivatives x3 + x4, x3 + x4, x1 + x2, x1 + x2 need
    4 additions: each is worked out for its own input. Reverse mode needs 2.

    (a) It works out each sum once, in the forward pass, and hands it back to both inputs of the other sum.
    (b) It needs no derivative of a sum, since that is 1; forward mode adds it up.
    (c) It leaves out the derivatives for x2 and x4, which equal those for x1 and x3 by symmetry.
    (d) It adds in the backward pass only, and the forward pass multiplies.
    """
    raise NotImplementedError("reverse_mode.question_additions: not written yet")


def question_cheaper_mode() -> dict[str, str]:
    """Match each function with the fewest sweeps that give its full Jacobian, by the better of the two modes.

    (a) a loss of 1,000,000 weights: f from R^1000000 to R
    (b) a curve in space: f from R to R^3
    (c) f from R^40 to R^7
    (d) f from R^5 to R^20

    (1) 1 sweep of forward mode   (2) 1 sweep of reverse mode   (3) 5 of forward mode   (4) 7 of reverse mode
    Return a dict from letter to number, both as text, such as {"a": "3", "b": "1", "c": "2", "d": "4"}.
    """
    raise NotImplementedError("reverse_mode.question_cheaper_mode: not written yet")


def question_needs_input() -> list[str]:
    """Choose all operations whose backward pass needs neither their inputs nor their output, only shapes.

    (a) a + b   (b) a * b   (c) exp(x)   (d) x.sum(axis=0)   (e) x.reshape(shape)   (f) np.maximum(a, b)
    Return the list of their letters in alphabetical order, such as ["b", "c"].
    """
    raise NotImplementedError("reverse_mode.question_needs_input: not written yet")


def question_hessian_product() -> str:
    """Choose what one Hessian-vector product costs, for f from R^n to R with n = 1,000,000. Return one letter.

    (a) About n gradients, since the Hessian has n rows.
    (b) n² numbers of memory, since the Hessian has to be there before it is multiplied.
    (c) A few gradients, whatever n is: it is the derivative of the gradient in one direction.
    (d) Nothing beyond the gradient itself, since the Hessian is the gradient times its transpose.
    """
    raise NotImplementedError("reverse_mode.question_hessian_product: not written yet")


def question_mean_of_squares() -> float:
    """Compute a gradient by hand: out = (x * x).mean(), x (4, 5) with all entries 3, upstream gradient 1.

    What is the first entry of dx? Return the number.
    """
    raise NotImplementedError("reverse_mode.question_mean_of_squares: not written yet")


def question_checkpoints() -> int:
    """Compute how little a backward pass through 10,000 steps has to hold. Return the number of states.

    The forward pass keeps every k-th state only, 10,000/k of them. The backward pass computes each stretch of k steps again, from
    the kept state at its start, holds its k states until it has gone back through them, and drops them. So 10,000/k + k states
    are held at once. How many are that, with the best k?
    """
    raise NotImplementedError("reverse_mode.question_checkpoints: not written yet")


def quadratic_form_gradients(x: Array, A: Array) -> tuple[Array, Array]:
    """Both gradients of the number f = xᵀAx: (∂f/∂x, ∂f/∂A).

    x (D,), A (D, D), not symmetric as a rule and with all entries free; ∂f/∂x (D,), ∂f/∂A (D, D).
    """
    raise NotImplementedError("reverse_mode.quadratic_form_gradients: not written yet")


def adjoint_checker(vjp: Checked) -> bool:
    """Tell whether a candidate is a right VJP of out = x * b with x (N, D) and b (D,), for every N and D from 1 to 6.

    vjp(g, x, b), with g (N, D), claims to return (dx, db) in the shapes of x and b. Choose x, b and g yourself, and call it as
    often as you like. Its adjoint identity: for all tangents tx (N, D) and tb (D,), out moves by t = tx * b + x * tb, and
    Σ g·t = Σ dx·tx + Σ db·tb. A right one holds to a few roundings, in any order of summation; a wrong one is off by a part in
    a thousand at least, or in the shape of what it returns: always, or only where N > D, N = D, N < D, N = 1 or D = 1, or
    only where entries of x or of b are negative. All return two float64 arrays and raise nothing. Returns True or False;
    an error that is raised counts as False.
    """
    raise NotImplementedError("reverse_mode.adjoint_checker: not written yet")


def jacobian_by_rows(vjp: VJP, x: Array, m: int) -> Array:
    """Full Jacobian of a function from n numbers to m, by reverse mode: J[i, j] = ∂f_i/∂x_j, one sweep a row.

    vjp is a function: vjp(g, x) with g (m,) and x (n,) returns gᵀJ (n,), a new array. J (m, n).
    """
    raise NotImplementedError("reverse_mode.jacobian_by_rows: not written yet")


def hvp(gradient: Callable[[Array], Array], x: Array, v: Array) -> Array:
    """Product H v of the Hessian of f at x with a vector, by a central difference of the gradient along v.

    gradient is a function: gradient(x) returns ∇f (D,). H v = (∇f(x + h v) − ∇f(x − h v)) / 2h with h = 1e-5, and with no
    (D, D) matrix; another h from 1e-7 to 1e-4 is as good, and so is a method that comes nearer to H v. x, v, H v (D,); v may be 0.
    """
    raise NotImplementedError("reverse_mode.hvp: not written yet")
