"""Predictions: what attention makes of equal keys and of a single one, and how large scores are."""

from __future__ import annotations

from grader.bank.forms import prediction

prediction_equal_keys = prediction(
    "attention.prediction_equal_keys",
    {
        9.0: "That is the sum of the values. What do the weights of a query add up to?",
        6.0: "That is the largest value. Which key has the largest score, where all keys are equal?",
        2.0: "That is the middle one of the values. Attention takes a weighted mean.",
        1.0: "Weights that are equal do not add up to 1 if each is 1/9, nor is the first key preferred.",
        0.0: "The scores may be anything, the weights are not 0: they add up to 1.",
    },
    tolerance=1e-9,
)
prediction_one_key = prediction(
    "attention.prediction_one_key",
    {
        15.0: "That is what comes back without a softmax. What is the weight of a single key, and how does it move with its score?",
        30.0: "Neither the softmax nor √d_k is in it. What is the weight of a single key, whatever its score?",
        5.0: "That is the upstream gradient itself. How does the output move with the query here?",
        3.0: "That is the output of the forward pass: the value.",
        2.0: "That is an entry of the key. It comes in multiplied by the gradient of the score: what is that here?",
    },
    tolerance=1e-9,
)
prediction_score_size = prediction(
    "attention.prediction_score_size",
    {
        64.0: "That is the variance: 64 independent products of variance 1 add up. The standard deviation is its root.",
        1.0: "That is the standard deviation of one product, or of the scores after they are divided.",
        0.125: "That is the factor 1/√64, by which the scores are multiplied afterwards.",
        4096.0: "Standard deviations of independent numbers do not multiply: variances add up.",
        0.0: "That is the mean.",
    },
    tolerance=1e-9,
)
