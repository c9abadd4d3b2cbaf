"""Unit 06, the questions at the end of the notebook, with their answers. They are part of ``layers``, and of its stub."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def question_jacobian_size(*, rows: int = 64, columns: int = 1000) -> int:
    """Count the entries of a Jacobian.

    A ReLU takes a batch of shape (64, 1000) to one of the same shape. With input and output flattened to vectors, how
    many entries, zeros included, has its full Jacobian? Return the number.
    """
    return (rows * columns) ** 2


def question_relu_routes() -> str:
    """Choose what a ReLU does with the upstream gradient in its backward pass. Return one letter.

    (a) It hands on the entries of dout that are positive, and 0 elsewhere.
    (b) It multiplies dout by max(0, x), its output.
    (c) It hands on dout where its input was positive, and 0 elsewhere.
    (d) It hands on all of dout: the mask acts in the forward pass only.
    """
    return "c"


def question_not_true() -> str:
    """Choose the statement that is NOT true of neural networks. Return one letter.

    (a) Reordering the hidden units of a layer, with their weights, leaves the function of the network as it was.
    (b) A multilayer perceptron without biases can be a universal approximator.
    (c) Layers without a nonlinearity between them are one affine map, however many they are.
    (d) One hidden layer of sigmoids with biases, if wide enough, comes close to any continuous function on [0, 1].
    """
    return "b"


def question_saturation() -> list[str]:
    """Choose all activations whose slope tends to 0 both as x → −∞ and as x → +∞.

    (a) logistic sigmoid   (b) ReLU   (c) leaky ReLU   (d) tanh   (e) softplus
    Return the list of their letters in alphabetical order, such as ["b", "c"].
    """
    return ["a", "d"]


def question_sigmoid_slope(s: Array) -> Array:
    """Write the derivative σ'(x) of the sigmoid as a formula in its output s = σ(x) alone, elementwise.

    s of any shape, between 0 and 1; returns σ'(x) in the shape of s. Source: Bishop 2006, eq. 4.88.
    """
    return s * (1 - s)


def question_largest_logit() -> str:
    """Choose why a softmax takes the largest logit away from all of them before it takes exponentials. Return one letter.

    (a) Only then do the probabilities add up to 1.
    (b) No exponential is larger than 1 then, and one of them is 1: nothing overflows, and the sum is not 0.
    (c) The exponential needs positive numbers.
    (d) It evens out the probabilities, so that gradients do not vanish.
    """
    return "b"


def question_what_to_keep() -> dict[str, str]:
    """Match each layer with the least that its backward pass needs beside dout.

    (a) affine   (b) ReLU   (c) tanh   (d) a layer that adds up two inputs of one shape
    (1) nothing   (2) a truth value for each entry   (3) its output alone   (4) its input, and its weights
    Return a dict from each letter to a digit, such as {"a": "1", "b": "2", "c": "3", "d": "4"}; each digit is used once.
    """
    return {"a": "4", "b": "2", "c": "3", "d": "1"}


def question_softmax_neighbour() -> str:
    """Write ∂p_i/∂u_j of p = softmax(u) for two different entries i ≠ j as text: a formula in p and q, where p = p_i and q = p_j.

    Numbers, these two names, + - * / ^ (or **) and parentheses, such as "2*p + q" (which is not it).
    """
    return "-p * q"
