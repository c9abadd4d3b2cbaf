"""Unit 09, predictions, a formula and questions of the notebook, with their answers. They are part of ``recurrent``."""

from __future__ import annotations


def predict_carried_gradient() -> float:
    """Predict how much of a gradient comes back through four steps.

    A recurrent layer with one unit, Wh = 0.5, b = 0, and inputs and first state of 0, so that all its states
    are 0. The loss is the state after the fourth step. What is ∂L/∂h0? Return the number.
    """
    return 0.0625


def predict_first_loss() -> float:
    """Predict the loss of a sequence model that knows nothing.

    ``temporal_softmax_loss`` on scores that are all 0: N = 5 sequences of T = 10 steps, all of which count,
    and V = 8 tokens. Return the number; three digits of it will do, rounded or cut off.
    """
    return 20.79441541679836


def predict_gate_memory() -> float:
    """Predict what a cell keeps of its gradient over 100 steps.

    An LSTM whose forget gates are all 0.99 and whose Wh is 0, so that nothing passes but along the cell. By
    which factor is ∂L/∂c at the first of 101 steps smaller than at the last, where L depends on the last cell
    state alone? Return ∂L/∂c_first over ∂L/∂c_last; three digits of it will do, rounded or cut off.
    """
    return 0.3660323412732292


def cell_gradient() -> str:
    """Write ∂L/∂prev_c of one LSTM step for one unit, as a formula in dh, dc, f, o and s.

    dh and dc are what comes from above, ∂L/∂next_h and ∂L/∂next_c, f and o are the forget and the output gate,
    s = tanh(next_c). Return text such as "dh*(1 + f)": numbers, these names, + - * / ^ (or **) and
    parentheses, no operator left out. Any formula that has the right values is right. Source: Greff et al.
    2017, appendix A.
    """
    return "(dc + dh*o*(1 - s^2))*f"


def question_lstm_parameters() -> int:
    """Count the parameters of an LSTM layer without peepholes: D = 10 inputs, H = 20 hidden units. Return the number."""
    return 4 * 20 * (10 + 20 + 1)


def question_gates() -> dict[str, str]:
    """Match each part of an LSTM with what it decides. Return a dict from letters to numbers, such as {"a": "2", ...}.

    (a) the input gate i    (b) the forget gate f    (c) the output gate o    (d) the candidate g

    (1) the share of the cell state that is shown outside    (2) what could be written into the cell, of either sign
    (3) the share of that which is written    (4) the share of the old cell state that stays
    """
    return {"a": "3", "b": "4", "c": "1", "d": "2"}


def question_dropped_carry() -> str:
    """Choose the symptom. A backward pass of ``rnn_forward`` forgets to add what comes back from the step after. Return one letter.

    (a) dx is right at the first step, and wrong at all others.
    (b) dx is right at the last step, and wrong at the steps before it.
    (c) dx is right everywhere, and dWx, dWh and db are wrong.
    (d) All gradients are too small by the factor T.
    """
    return "b"


def question_exact_parts() -> list[str]:
    """Choose all gradients that are right, where a backward pass through time overwrites what it should add up.

    It runs through T = 5 steps, and has dWx = ..., dWh = ... and db = ... inside its loop, where += belongs.

    (a) dx    (b) dh0    (c) dWx    (d) dWh    (e) db
    Return the list of their letters in alphabetical order, such as ["c", "d"].
    """
    return ["a", "b"]


def question_truncation() -> str:
    """Choose what backpropagation that is truncated to windows of k = 20 steps changes. Return one letter.

    (a) The state is set to 0 at the start of each window, so that nothing older than 20 steps can be used.
    (b) Values are as before; but no weight is moved because of what it did to a loss in a later window.
    (c) Gradients are exact, and come with less memory.
    (d) Only the loss of the last window counts.
    """
    return "b"


def question_clipping() -> list[str]:
    """Choose all that is true of clipping by the common norm. Return the list of letters in alphabetical order, such as ["c", "d"].

    (a) The direction of the step stays as it is.
    (b) It makes up for gradients that vanish.
    (c) A single batch with an enormous gradient moves the weights no further than the bound allows.
    (d) Clipping each entry to [−c, c] does the same.
    """
    return ["a", "c"]


def question_masked_loss() -> float:
    """Tell how a masked loss depends on padding.

    A batch has N = 2 sequences; the first has 3 steps that count, the second 5. At each of them the negative
    log-likelihood is 2. Both are padded to T = 10. What does ``temporal_softmax_loss`` return? Return the number.
    """
    return 8.0
