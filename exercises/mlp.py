"""Unit 07, multilayer perceptrons: two layers, any number of layers, their start, their symmetries, their training.

Arrays are float64 and rows are examples. A two-layer net has no bias vectors here: where a bias is
wanted, X has a column of ones. It is u = h(X V) W with X (N, D), V (D, M), W (M, C): V is the lower layer, W the upper
one, h the hidden units, elementwise, and u (N, C) the outputs before the output function (the logits of a classifier).
The net with any number of layers has its biases inside the weights, as a last column. No argument is changed in place; what
comes back may be a view of one. A list is as good as a tuple or an array that is asked for, and a tuple as a list. What is off by
rounding alone is right, however it is computed; a warning of numpy's on the way to the right number does no harm.

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
Number = np.floating[Any]
Gradients = Callable[[Array, Array, Array, Array], tuple[Array, Array]]
Cache = tuple[list[Array], list[Array], str]

# The petals of 150 irises: length, width in millimetres, 50 flowers of each of setosa, versicolor, virginica in turn.
# Source: Fisher 1936, "The use of multiple measurements in taxonomic problems", table I; measured by Anderson.
PETALS = """
14,2 14,2 13,2 15,2 14,2 17,4 14,3 15,2 14,2 15,1 15,2 16,2 14,1 11,1 12,2 15,4 13,4 14,3 17,3 15,3 17,2 15,4
10,2 17,5 19,2 16,2 16,4 15,2 14,2 16,2 16,2 15,4 15,1 14,2 15,2 12,2 13,2 14,1 13,2 15,2 13,3 13,3 13,2 16,6
19,4 14,3 16,2 14,2 15,2 14,2
47,14 45,15 49,15 40,13 46,15 45,13 47,16 33,10 46,13 39,14 35,10 42,15 40,10 47,14 36,13 44,14 45,15 41,10
45,15 39,11 48,18 40,13 49,15 47,12 43,13 44,14 48,14 50,17 45,15 35,10 38,11 37,10 39,12 51,16 45,15 45,16
47,15 44,13 41,13 40,13 44,12 46,14 40,12 33,10 42,13 42,12 42,13 43,13 30,11 41,13
60,25 51,19 59,21 56,18 58,22 66,21 45,17 63,18 58,18 61,25 51,20 53,19 55,21 50,20 51,24 53,23 55,18 67,22
69,23 50,15 57,23 49,20 67,20 49,18 57,21 60,18 48,18 49,18 56,21 58,16 61,19 64,20 56,22 51,15 56,14 61,23
56,24 55,18 48,18 54,21 56,24 51,23 51,19 59,23 57,25 52,23 50,19 52,20 54,23 51,18
"""
IRIS_X = np.array([[*map(int, flower.split(",")), 10] for flower in PETALS.split()]) / 10
"""Petal length and width in cm, and a column of ones, (150, 3)."""
IRIS_Y = np.repeat(np.eye(3), 50, axis=0)
"""The species as one-hot rows, (150, 3)."""


# ---------------------------------------------------------------------------------------------- two layers, one of each
def cost(X: Array, Y: Array, W: Array, V: Array) -> Number:
    """Cost of the two-layer classifier with logistic hidden units and softmax output, the mean over the N examples.

    J = 1/N Σ_n ( log Σ_c e^u[n, c] − Σ_c Y[n, c] u[n, c] ),  u = σ(X V) W,  σ(z) = 1 / (1 + e^−z) elementwise.
    X (N, D), Y (N, C) one-hot rows, W (M, C), V (D, M); J is a number. No overflow at ±1500 in X, W and V.
    Source: Goodfellow et al. 2016, §6.2.2.3, for the loss.
    """
    raise NotImplementedError("mlp.cost: not written yet")


def gradients(X: Array, Y: Array, W: Array, V: Array) -> tuple[Array, Array]:
    """Gradients of ``cost``: (dW, dV) = (∂J/∂W, ∂J/∂V), in this order, J being the mean over the N examples.

    X (N, D), Y (N, C) one-hot rows, W (M, C), V (D, M); dW in the shape of W, dV in that of V. No overflow at ±1500
    in X, W and V; h (1 − h) may be 0 where h rounds to 1. Source: Bishop 2006, §5.3.
    """
    raise NotImplementedError("mlp.gradients: not written yet")


# ------------------------------------------------------------------------- three outputs times three hidden activations
def network_loss(X: Array, Y: Array, W: Array, V: Array, output: str, hidden: str) -> tuple[Number, Array, Array]:
    """Cost of the two-layer net u = h(X V) W and its gradients, (J, dW, dV), for any pair of output and hidden units.

    J is the mean over the N examples of a sum over the C outputs; ``output`` says which:
    "regression"  Σ_c ½ (u_c − y_c)², y of any real numbers;
    "binary"      Σ_c ( log(1 + e^u_c) − y_c u_c ), y of 0.0 and 1.0: each output is a question of its own;
    "multiclass"  log Σ_c e^u_c − Σ_c y_c u_c, y one-hot.
    ``hidden`` is "logistic" (1 / (1 + e^−z)), "tanh", or "relu" (max(0, z); z is 0 for rows of zeros alone, where no slope counts).
    X (N, D), Y (N, C), W (M, C), V (D, M); J a number, dW = ∂J/∂W, dV = ∂J/∂V. No overflow at ±1500 in X, W and V; h (1 − h)
    and 1 − h² may be 0 where h rounds to 1.
    Source: Bishop 2006, §5.2 for the matching pairs of output and error, §5.3 for the gradients.
    """
    raise NotImplementedError("mlp.network_loss: not written yet")


def tanh_slope() -> str:
    """Write the derivative of h = tanh(z) as a formula in h alone, without z and without any function.

    Return text such as "2*h + 1": numbers, the name h, + - * / ^ (or **) and parentheses, no operator left out. Any formula
    that has the right values is right. Source: Bishop 2006, eq. 5.60.
    """
    raise NotImplementedError("mlp.tanh_slope: not written yet")


def mended_gradients(x: Array, y: Array, W1: Array, W2: Array, lam: float) -> tuple[Array, Array]:
    """Mend a function: it is to return the gradients (dW1, dW2) of J below, and has one fault in it. Find it.

    J = 1/N Σ_n ‖ŷ_n − y_n‖² + lam/2 (ΣW1[:, :-1]² + ΣW2[:, :-1]²): the biases are not decayed.
    ŷ_n = W2 [h_n; 1],  h_n = tanh(W1 [x_n; 1]),  [a; 1] being a with a 1 appended: the last column of a weight is the bias.
    x (N, D), y (N, C), W1 (M, D + 1), W2 (C, M + 1), lam ≥ 0 a number; dW1 and dW2 in the shapes of W1 and W2.
    What the body computes is right but for one fault. Compare it with numerical slopes of J. Any other code with the right
    values is right too.
    """
    ones = np.ones((len(x), 1))
    x1 = np.concatenate([x, ones], axis=1)
    h = np.tanh(x1 @ W1.T)
    h1 = np.concatenate([h, ones], axis=1)
    error = 2 * (h1 @ W2.T - y) / len(x)
    below = error @ W2[:, :-1] * (1 - np.tanh(h) ** 2)
    dW1 = below.T @ x1
    dW2 = error.T @ h1
    dW1[:, :-1] += lam * W1[:, :-1]
    dW2[:, :-1] += lam * W2[:, :-1]
    return dW1, dW2


def gradients_checker(candidate: Gradients) -> bool:
    """Tell whether ``candidate`` computes what ``gradients`` is asked to: True if it does, False if not.

    ``candidate(X, Y, W, V)`` takes float64 arrays as ``gradients`` does and returns (dW, dV), two arrays. You choose at
    which arrays you call it, and how you know what is right there: a numerical slope of the cost is enough. It must
    accept every right candidate, however it is written, and refuse every wrong one. A right one is right to rounding; a wrong
    one may be right for some arrays, and for others of ordinary size (standard normal X, W and V, say) is off by a thousandth
    or more of some entries, or returns another shape. None raises an error or changes its arguments; overflow is not asked
    about. An error that your checker raises counts as False. It is put to a dozen candidates, one after the other, within
    two seconds in all.
    """
    raise NotImplementedError("mlp.gradients_checker: not written yet")


# ------------------------------------------------------------------------------------------------------------- training
def overfit_ten(X: Array, Y: Array, seed: int) -> tuple[Array, Array]:
    """Learn ten rows by heart: return (W, V) with which ``cost`` is at most 0.01 on these rows.

    X (10, 3): two columns of standard normal numbers, no two rows alike, and a column of ones; Y (10, 3) one-hot, labels
    without any sense in them. V (3, M), W (M, 3), M is yours to choose, from 1 to 200. What you draw, draw from
    ``np.random.default_rng(seed)``; how you find W and V is yours to choose too. The run has about ten seconds.
    """
    raise NotImplementedError("mlp.overfit_ten: not written yet")


def train_iris(X: Array, Y: Array, seed: int) -> tuple[Array, Array]:
    """Train the two-layer classifier on Iris: return (W, V) with an accuracy of 0.95 or more and a ``cost`` of at most 0.1.

    X (150, 3) is IRIS_X: petal length and width in cm, and a column of ones for the bias; Y (150, 3) is IRIS_Y, one-hot.
    M = 16 hidden units: V (3, 16), W (16, 3). Both figures are taken on these 150 rows, the accuracy as the share of rows
    in which the largest logit is that of the right class. What you draw, draw from ``np.random.default_rng(seed)``;
    how you find W and V is yours to choose. The run has about ten seconds. The data: Fisher 1936, table I (the petals of all
    150 flowers, PETALS above).
    """
    raise NotImplementedError("mlp.train_iris: not written yet")


def soft_step(z: Array) -> Array:
    """Make a step from two ReLUs g(t) = max(0, t): g(z + ½) − g(z − ½), elementwise.

    z, and what comes back, of any one shape of 1 to 4 axes: 0 up to z = −½, then a straight line up to 1 at z = ½, then 1.
    |z| goes up to 1500. z may be a transpose.
    """
    raise NotImplementedError("mlp.soft_step: not written yet")


def bump(x: Array, left: float, right: float, width: float) -> Array:
    """Make a bump from four ReLUs: a soft step up around ``left``, and one down around ``right``.

    bump(x) = s((x − left) / width) − s((x − right) / width), elementwise, with s the ``soft_step``: each flank is a straight
    line, ``width`` wide, with its middle at ``left`` or ``right``. Between them the bump is 1 high, or lower where the flanks
    overlap. x, and what comes back, of any one shape of 1 to 4 axes; numbers left < right and width > 0, which may be larger than
    right − left. x may be a transpose.
    """
    raise NotImplementedError("mlp.bump: not written yet")


def approximate(x: Array, y: Array) -> tuple[Array, Array, Array, Any]:
    """Approximate a function by one hidden layer of ReLUs: return (v, b, w, c) of the net below.

    net(t) = c + Σ_m w[m] · max(0, v[m]·t + b[m]): v, b, w are (M,), c a number, M at most 64.
    The function is f(t) = sin(3t) e^(−t²/4) on [−3, 3]; x (601,) are points from −3 to 3, evenly spaced, and y (601,) is f at
    them. On all of [−3, 3], between the points too, |net(t) − f(t)| must be at most 0.02. Nothing need be trained: the
    weights can be written down, and how you find them is yours to choose. The run has about ten seconds.
    """
    raise NotImplementedError("mlp.approximate: not written yet")


def mlp_forward(x: Array, weights: list[Array], activation: str) -> tuple[Array, Cache]:
    """Multilayer perceptron with biases inside the weights: out = W_L [h_{L−1}; 1], h_l = φ(W_l [h_{l−1}; 1]), h_0 = x.

    [h; 1] is a row h with a 1 appended (x₀ = 1), so the last column of each W_l is the bias. φ is ``activation``:
    "logistic" (1 / (1 + e^−z)), "tanh" or "relu" (max(0, z)), elementwise; the last layer has none.
    x (N, D_0); ``weights`` the list of W_1, ..., W_L, L ≥ 1, W_l (D_l, D_{l−1} + 1); out (N, D_L).
    cache = (inputs, weights, activation), inputs being the list of [h_{l−1}; 1] (N, D_{l−1} + 1), for l = 1, ..., L.
    Only out is judged: if you write ``mlp_backward`` too, your cache may hold other things, for it alone.
    No overflow at ±1500 in x and the weights. Source: Goodfellow et al. 2016, algorithm 6.3.
    """
    inputs = []
    raise NotImplementedError("mlp.mlp_forward: not written yet")
    cache = (inputs, weights, activation)
    return out, cache


def mlp_backward(dout: Array, cache: Cache) -> tuple[Array, list[Array]]:
    """Gradients of ``mlp_forward``: (dx, dweights), dx = ∂L/∂x, dweights the list of ∂L/∂W_l for l = 1, ..., L.

    dout = ∂L/∂out (N, D_L), cache = (inputs, weights, activation) as ``mlp_forward`` describes it; dx (N, D_0), each
    ∂L/∂W_l in the shape of W_l, its last column the gradient of the bias. Nothing is averaged here: that is in dout.
    One array may be in ``weights`` twice: each of its places has a gradient of its own.
    The slope of "relu" is 1 for z > 0, else 0 (z = 0 is not tried); h (1 − h) and 1 − h² may be 0 where h rounds to 1.
    Source: Goodfellow et al. 2016, algorithm 6.4.
    """
    raise NotImplementedError("mlp.mlp_backward: not written yet")


def flatten(arrays: list[Array]) -> Array:
    """Put all entries of a list of arrays into one vector, array after array, each in row-major order (the last index fastest).

    ``arrays`` holds one or more arrays of 1 to 3 dimensions, transposes among them; theta (P,), P the number of all their entries.
    """
    raise NotImplementedError("mlp.flatten: not written yet")


def unflatten(theta: Array, shapes: list[tuple[int, ...]]) -> list[Array]:
    """Undo ``flatten``: the list of arrays of these shapes whose entries, array after array in row-major order, are theta.

    theta (P,); ``shapes`` a list of one or more tuples of 1 to 3 lengths, which hold P entries in all. The list has as many
    arrays as there are shapes.
    """
    raise NotImplementedError("mlp.unflatten: not written yet")


# ------------------------------------------------------------------------------------------------------------ the start
def xavier_weights(fan_in: int, fan_out: int, rng: np.random.Generator) -> Array:
    """Draw weights for tanh units: uniform on [−a, a] with a = √(6 / (fan_in + fan_out)), so of variance 2 / (fan_in + fan_out).

    Returns W (fan_in, fan_out), every entry drawn for itself from ``rng``, a ``np.random.Generator``, and from nothing else; in
    which way and order is yours to choose: their distribution is judged, and not the numbers. Source: Glorot & Bengio 2010, eq. 16.
    """
    raise NotImplementedError("mlp.xavier_weights: not written yet")


def he_weights(fan_in: int, fan_out: int, rng: np.random.Generator) -> Array:
    """Draw weights for ReLU units: normal with mean 0 and variance 2 / fan_in.

    Returns W (fan_in, fan_out), every entry drawn for itself from ``rng``, a ``np.random.Generator``, and from nothing else; in
    which way and order is yours to choose: their distribution is judged, and not the numbers. Source: He et al. 2015, eq. 10.
    """
    raise NotImplementedError("mlp.he_weights: not written yet")


def layer_scales(x: Array, weights: list[Array], activation: str) -> Array:
    """Measure what a net's layers hand on: the root mean square of each layer's output, over all examples and units.

    Arguments as of ``mlp_forward``. Returns (L,): for l < L the root of the mean of the squares of h_l (N, D_l), without
    the 1 that is appended to it, and last that of out (N, D_L).
    """
    raise NotImplementedError("mlp.layer_scales: not written yet")


# ---------------------------------------------------------------------------------------------- one function, many nets
def permute_hidden(W: Array, V: Array, order: NDArray[np.integer]) -> tuple[Array, Array]:
    """Reorder the hidden units of u = h(X V) W, and leave u as it is: unit j of the new net is unit order[j] of the old one.

    W (M, C), V (D, M), ``order`` (M,) integers, each of 0, ..., M − 1 once; returns the new (W, V), in the shapes of the old.
    If order begins with 2, the first unit of the new net is what unit 2 was, its weights from below and to above.
    """
    raise NotImplementedError("mlp.permute_hidden: not written yet")


def flip_hidden(W: Array, V: Array, units: NDArray[np.integer]) -> tuple[Array, Array]:
    """Flip the sign of some hidden units of u = tanh(X V) W, and leave u as it is: their columns of V change sign.

    W (M, C), V (D, M), ``units`` (K,) integers, the numbers of the units, K ≥ 1, none twice; returns the new (W, V), in the
    shapes of the old. Source: Bishop 2006, §5.1.1.
    """
    raise NotImplementedError("mlp.flip_hidden: not written yet")


def scale_hidden(W: Array, V: Array, factors: Array) -> tuple[Array, Array]:
    """Scale the hidden units of u = max(0, X V) W, and leave u as it is: unit j gives factors[j] times what it gave.

    W (M, C), V (D, M), ``factors`` (M,) from 1e-12 to 1e12; returns the new (W, V), in the shapes of the old.
    """
    raise NotImplementedError("mlp.scale_hidden: not written yet")


def linear_map(weights: list[Array]) -> Array:
    """Find the one matrix A that a deep net without a nonlinearity is: out = A [x; 1] for every x.

    The net is that of ``mlp_forward`` with φ(z) = z: ``weights`` the list of W_1, ..., W_L, L ≥ 1, W_l (D_l, D_{l−1} + 1),
    the last column of each the bias. Returns A (D_L, D_0 + 1), its last column the bias.
    """
    raise NotImplementedError("mlp.linear_map: not written yet")


def predict_zero_net_loss() -> float:
    """Predict the cost J of the two-layer classifier of ``cost`` with W and V all zero.

    There are C = 4 classes, N = 50 examples, and M = 10 hidden units; X and Y are what they are. Return the number; three
    digits of it will do, rounded or cut off.
    """
    raise NotImplementedError("mlp.predict_zero_net_loss: not written yet")


def predict_equal_columns() -> int:
    """Predict what training makes of hidden units that start equal.

    The classifier of ``cost`` with M = 16 hidden units starts from W and V all zero, and takes 500 steps of gradient descent
    on data of C = 3 classes, some with more examples than others. V is not zero any more: how many different columns has it?
    Return the number.
    """
    raise NotImplementedError("mlp.predict_equal_columns: not written yet")


def predict_without_nonlinearity() -> float:
    """Predict what is left of a net whose nonlinearity is taken out.

    The four points (0, 0), (0, 1), (1, 0), (1, 1) with the classes 0, 1, 1, 0 (exclusive or). A net with biases and 100
    hidden units whose activation is φ(z) = z is trained for as long as you like; it says class 1 where its output is
    positive. Which share of the four points can it get right at most? Return the number.
    """
    raise NotImplementedError("mlp.predict_without_nonlinearity: not written yet")


def question_parameters() -> int:
    """Count the parameters of an ``mlp_forward`` net from 4 inputs through 16 hidden units to 3 outputs.

    All entries of W_1 and W_2 count, the biases too. Return the number.
    """
    raise NotImplementedError("mlp.question_parameters: not written yet")


def question_tanh_symmetries() -> int:
    """Count the weight settings of u = tanh(X V) W that compute one function.

    The net has M = 3 hidden units, no two of them alike and none without effect. In how many ways can its hidden units be
    reordered and their signs be flipped, with their weights, without a change of u? Count the setting itself too. Return the
    number.
    """
    raise NotImplementedError("mlp.question_tanh_symmetries: not written yet")


def question_zero_start() -> str:
    """Choose why the classifier of ``cost`` cannot be trained well from W and V all zero, on classes of unequal size.

    Return one letter.

    (a) All gradients are 0 there, so no weight ever moves.
    (b) The hidden units are alike and get the same gradient, so they stay alike: M of them are worth one.
    (c) The logistic units are saturated at 0, and their slopes vanish.
    (d) The softmax divides by 0 where all logits are 0.
    """
    raise NotImplementedError("mlp.question_zero_start: not written yet")


def question_he_variance() -> str:
    """Choose where the 2 in He's variance 2 / fan_in comes from. Return one letter.

    (a) It makes up for the bias, which adds as much variance again.
    (b) It is the number of passes, forward and backward, between which the variance is shared.
    (c) A ReLU passes only half of what a symmetric input carries in squares; the 2 makes up for it at each layer.
    (d) It keeps the outputs of the ReLU inside [−2, 2], where it does not saturate.
    """
    raise NotImplementedError("mlp.question_he_variance: not written yet")


def question_same_function() -> list[str]:
    """Choose all changes that leave the function u = tanh(X V) W as it is, whatever the weights.

    (a) Swap two columns of V and the same two rows of W.
    (b) Change the sign of one column of V and of the same row of W.
    (c) Double one column of V and halve the same row of W.
    (d) Swap two columns of V, and leave W.
    (e) Change the sign of all of V and of all of W.
    Return the list of their letters in alphabetical order, such as ["c", "d"].
    """
    raise NotImplementedError("mlp.question_same_function: not written yet")


def question_universal() -> str:
    """Choose what the universal approximation theorem says of nets with one hidden layer of sigmoids and biases. Return one letter.

    (a) Gradient descent finds weights for every continuous function, if the hidden layer is wide enough.
    (b) For every continuous function on a closed interval, and every ε > 0, some wide enough net is within ε of it there.
    (c) A net that fits the training data well comes close to the function between and beyond them too.
    (d) A net with more units than examples is within rounding of every function on all of ℝ.
    """
    raise NotImplementedError("mlp.question_universal: not written yet")


def question_symptoms() -> dict[str, str]:
    """Match what is seen of a net of two layers with the mistake.

    (a) The gradient of the upper layer is exact, and that of the lower one too small by the factor N, the number of examples.
    (b) After a long training all columns of V are still equal to one another.
    (c) The gradient is off in the bias column alone, and by a multiple of the bias.
    (d) The training loss of a net with 100 hidden units ends where that of a linear model does.
    (1) The biases are decayed, while the cost decays the other weights only.   (2) 1/N is applied at each layer.
    (3) There is no nonlinearity between the layers.   (4) All weights start at 0.
    Return a dict from each letter to a digit, such as {"a": "1", "b": "2", "c": "3", "d": "4"}; each digit is used once.
    """
    raise NotImplementedError("mlp.question_symptoms: not written yet")
