"""Unit 12, the questions at the end of the notebook, with their answers. They are part of ``attention``, and of its stub."""

from __future__ import annotations


def question_scale() -> str:
    """Choose why the scores of attention are divided by √d_k. Return one letter.

    (a) So that the weights of a query add up to 1.
    (b) So that the exponential cannot overflow, however long the vectors of queries and keys are.
    (c) So that scores keep their size as d_k grows: large ones make one weight nearly 1, and hardly a gradient returns.
    (d) So that the product Q Kᵀ costs no more for long vectors than for short ones.
    """
    return "c"


def question_order() -> list[str]:
    """Choose all that is true of self-attention without positions (the x that goes in knows nothing of them).

    (a) Without a mask, if two tokens swap their places, their outputs swap places too, and all others stay as they are.
    (b) Without a mask, two equal tokens at different places get equal outputs.
    (c) Without a mask, the output of a token depends on how many places lie between it and the others.
    (d) With a causal mask, two equal tokens at different places may get different outputs.
    (e) With several heads, the heads tell the places apart, since each has its own Wq and Wk.
    Return the list of their letters in alphabetical order, such as ["b", "c"].
    """
    return ["a", "b", "d"]


def question_parameters() -> int:
    """Count the parameters of multi-head attention.

    D = 512 features, 8 heads with d_k = d_v = 64, the matrices Wq, Wk, Wv and Wo, and no biases. Return the number.
    """
    return 4 * 512 * 512


def question_cache_size() -> int:
    """Count the numbers that a key–value cache holds.

    A model of 12 layers, each with 12 heads of d_k = d_v = 64, has read one sequence of 1000 tokens. Return the number.
    """
    return 2 * 12 * 12 * 64 * 1000


def question_symptoms() -> dict[str, str]:
    """Match each fault in attention with the way in which it shows, whatever the numbers. Return pairs of letter and number.

    (a) √d_k is forgotten in the backward pass.
    (b) Of the softmax's Jacobian only the diagonal is kept.
    (c) The mask sets weights to 0 after the softmax.
    (d) Heads are split by a reshape to (N, H, T, d) alone.
    (1) Rows of the weights add up to less than 1.
    (2) dV is right, and dQ and dK are a constant factor too large.
    (3) The first head works with the first tokens alone.
    (4) dV is right, and the rows of dS do not add up to 0.
    Return a dict such as {"a": "1", "b": "2", "c": "3", "d": "4"}.
    """
    return {"a": "2", "b": "4", "c": "1", "d": "3"}


def question_embedding() -> str:
    """Choose what ``dW[x] += dout`` does in numpy, where x holds the token 7 three times. Return one letter.

    (a) It adds all three gradients to row 7 of dW.
    (b) It adds one of the three gradients to row 7 of dW, and the others are lost.
    (c) It adds the mean of the three gradients to row 7 of dW.
    (d) It raises an error, since an index may not be repeated.
    """
    return "b"


def question_sampling_slope() -> str:
    """Write the derivative of −log σ(u) with respect to u as text: a formula in s = σ(u) alone, such as "2*s + 3" (not it)."""
    return "s - 1"
