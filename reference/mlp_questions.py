"""Unit 07, predictions and questions of the notebook, with their answers. They are part of ``mlp``, and of its stub."""

from __future__ import annotations


def predict_zero_net_loss() -> float:
    """Predict the cost J of the two-layer classifier of ``cost`` with W and V all zero.

    There are C = 4 classes, N = 50 examples, and M = 10 hidden units; X and Y are what they are. Return the number; three
    digits of it will do, rounded or cut off.
    """
    return 1.3862943611198906


def predict_equal_columns() -> int:
    """Predict what training makes of hidden units that start equal.

    The classifier of ``cost`` with M = 16 hidden units starts from W and V all zero, and takes 500 steps of gradient descent
    on data of C = 3 classes, some with more examples than others. V is not zero any more: how many different columns has it?
    Return the number.
    """
    return 1


def predict_without_nonlinearity() -> float:
    """Predict what is left of a net whose nonlinearity is taken out.

    The four points (0, 0), (0, 1), (1, 0), (1, 1) with the classes 0, 1, 1, 0 (exclusive or). A net with biases and 100
    hidden units whose activation is φ(z) = z is trained for as long as you like; it says class 1 where its output is
    positive. Which share of the four points can it get right at most? Return the number.
    """
    return 0.75


def question_parameters(*, inputs: int = 4, hidden: int = 16, outputs: int = 3) -> int:
    """Count the parameters of an ``mlp_forward`` net from 4 inputs through 16 hidden units to 3 outputs.

    All entries of W_1 and W_2 count, the biases too. Return the number.
    """
    return hidden * (inputs + 1) + outputs * (hidden + 1)


def question_tanh_symmetries() -> int:
    """Count the weight settings of u = tanh(X V) W that compute one function.

    The net has M = 3 hidden units, no two of them alike and none without effect. In how many ways can its hidden units be
    reordered and their signs be flipped, with their weights, without a change of u? Count the setting itself too. Return the
    number.
    """
    return 48


def question_zero_start() -> str:
    """Choose why the classifier of ``cost`` cannot be trained well from W and V all zero, on classes of unequal size.

    Return one letter.

    (a) All gradients are 0 there, so no weight ever moves.
    (b) The hidden units are alike and get the same gradient, so they stay alike: M of them are worth one.
    (c) The logistic units are saturated at 0, and their slopes vanish.
    (d) The softmax divides by 0 where all logits are 0.
    """
    return "b"


def question_he_variance() -> str:
    """Choose where the 2 in He's variance 2 / fan_in comes from. Return one letter.

    (a) It makes up for the bias, which adds as much variance again.
    (b) It is the number of passes, forward and backward, between which the variance is shared.
    (c) A ReLU passes only half of what a symmetric input carries in squares; the 2 makes up for it at each layer.
    (d) It keeps the outputs of the ReLU inside [−2, 2], where it does not saturate.
    """
    return "c"


def question_same_function() -> list[str]:
    """Choose all changes that leave the function u = tanh(X V) W as it is, whatever the weights.

    (a) Swap two columns of V and the same two rows of W.
    (b) Change the sign of one column of V and of the same row of W.
    (c) Double one column of V and halve the same row of W.
    (d) Swap two columns of V, and leave W.
    (e) Change the sign of all of V and of all of W.
    Return the list of their letters in alphabetical order, such as ["c", "d"].
    """
    return ["a", "b", "e"]


def question_universal() -> str:
    """Choose what the universal approximation theorem says of nets with one hidden layer of sigmoids and biases. Return one letter.

    (a) Gradient descent finds weights for every continuous function, if the hidden layer is wide enough.
    (b) For every continuous function on a closed interval, and every ε > 0, some wide enough net is within ε of it there.
    (c) A net that fits the training data well comes close to the function between and beyond them too.
    (d) A net with more units than examples is within rounding of every function on all of ℝ.
    """
    return "b"


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
    return {"a": "2", "b": "4", "c": "1", "d": "3"}
