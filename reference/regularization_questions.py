"""Unit 10, the questions at the end of the notebook, with their answers. They are part of ``regularization``, and of its stub."""

from __future__ import annotations


def question_dropout_variance() -> str:
    """Variance of what inverted dropout makes of one number x, as a formula.

    The number is kept as x/p with probability p, and is 0 otherwise. Return the variance over both cases as
    text, in the names x and p alone, without a function, such as "x^2 + p" (which is not it).
    """
    return "x^2 * (1 - p) / p"


def question_upstream_of_ones() -> str:
    """Choose why a check of ``batchnorm_backward`` with dout = 1 everywhere says nothing of dx. Return one letter.

    (a) A gradient of ones overflows when it is divided by the standard deviation.
    (b) The sum of a column of x̂ is 0 whatever x is, so dx must be 0: a function that returns zeros passes.
    (c) With ones for dout, dx is x̂ itself, which the check has computed already.
    (d) Nothing is wrong with it: every dout is as good as another.
    """
    return "b"


def question_bias_before_norm() -> str:
    """Choose what becomes of the bias b of an affine layer that is followed by batch norm in training. Return one letter.

    (a) It adds to beta: the two learn the same thing at twice the speed.
    (b) It changes the variance of the batch, and so the scale of the output.
    (c) The mean of the batch takes it out again: the output does not depend on it, and its gradient is 0.
    (d) It is needed: without it the mean of the output could not be moved.
    """
    return "c"


def question_batch_of_one() -> list[str]:
    """Choose all normalisations that do with one example in training just what they do with it in a batch of many.

    (a) batch norm   (b) layer norm   (c) group norm   (d) instance norm: group norm with one channel a group
    Return the list of their letters in alphabetical order, such as ["a", "b"].
    """
    return ["b", "c", "d"]


def question_mode_matters() -> list[str]:
    """Choose all that compute something else in test mode than in training, for one and the same x.

    (a) dropout with p = 0.5   (b) batch norm   (c) layer norm   (d) group norm   (e) ReLU
    Return the list of their letters in alphabetical order, such as ["c", "d"].
    """
    return ["a", "b"]


def question_norm_axes() -> dict[str, str]:
    """Match each normalisation of images x (N, C, H, W) with how many pairs of a mean and a variance it computes.

    N = 10 examples, C = 6 channels, G = 2 groups.

    (a) batch norm, over all but the channels   (b) layer norm, over all of an example
    (c) group norm with G groups   (d) instance norm, over each channel of each example
    (1) 6   (2) 10   (3) 20   (4) 60
    Return a dict from each letter to a digit, such as {"a": "4", "b": "3", "c": "2", "d": "1"}; each digit is
    used once.
    """
    return {"a": "1", "b": "2", "c": "3", "d": "4"}


def question_l2_shrinks() -> float:
    """Compute what L2 regularisation does to a weight that nothing else acts on. Return the number.

    The loss is reg · Σ W², as in ``l2_regularization``, with reg = 0.1, and one step of gradient descent is
    taken with the learning rate 0.5. The weight was 2. What is it after the step?
    """
    return 1.8


def question_scaled_weights() -> float:
    """Compute how the gradient of a weight before a batch norm depends on the weight's scale. Return the number.

    out = batchnorm(x w) in training, with eps so small that it does not count. All of w is multiplied by 10:
    out, and the loss, stay as they were. By which factor is the gradient ∂L/∂w multiplied?
    """
    return 0.1
