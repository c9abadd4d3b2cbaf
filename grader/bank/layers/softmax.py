"""Log-sum-exp and softmax over the last axis, at logits of a thousand too."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import backward_pass, forward_pass
from grader.judging import Invariant, array, law, rows_sum_to_one, shift_invariant

X = {"x": array("N", "D")}


def softmax(x, axis=-1):
    """Return the softmax along an axis, shifted by the maximum so that exp does not overflow."""
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def logsumexp(x, axis=-1):
    """Return the log-sum-exp along an axis, kept with length 1; shifted by the maximum so that exp does not overflow."""
    top = x.max(axis=axis, keepdims=True)
    return top + np.log(np.exp(x - top).sum(axis=axis, keepdims=True))


# ------------------------------------------------------------------------------------- logsumexp
def shifts_along(run, inputs):
    """Yield the pair of the law that adding 3 to all logits adds 3 to their log-sum-exp."""
    here, moved = run()["out"], run(x=inputs["x"] + 3.0)["out"]
    yield moved, here + 3.0


logsumexp_forward = forward_pass(
    "layers.logsumexp_forward", X, laws=(law("shift", "adding c to every logit adds c to the result", shifts_along),)
)


@logsumexp_forward.accepts_guard
def guards_the_logarithm(x, eps):
    top = x.max(axis=-1, keepdims=True)
    return (top + np.log(np.exp(x - top).sum(axis=-1, keepdims=True) + eps))[..., 0], x


@logsumexp_forward.mistake(
    "exp overflows at logits of 1,000: the sum is inf. What can be taken out of every logit first?"
)
def overflows(x):
    return np.log(np.exp(x).sum(axis=-1)), x


@logsumexp_forward.mistake(
    "The largest logit was taken out before the exponential, and not put back after the logarithm."
)
def does_not_put_the_maximum_back(x):
    return (logsumexp(x) - x.max(axis=-1, keepdims=True))[..., 0], x


@logsumexp_forward.mistake("The sum runs over all examples together: each row has its own.")
def sums_over_the_batch_too(x):
    top = x.max()
    return np.full(x.shape[:1], top + np.log(np.exp(x - top).sum())), x


@logsumexp_forward.mistake("The exponentials are averaged, where their sum is asked.")
def averages_exponentials(x):
    return logsumexp(x)[..., 0] - np.log(x.shape[-1]), x


@logsumexp_forward.mistake(
    "This is the maximum, of which log-sum-exp is the smooth version: two equal logits give log 2 more."
)
def is_the_maximum(x):
    return x.max(axis=-1), x


@logsumexp_forward.mistake("The sum runs down the columns: the last axis holds the logits of one example.")
def sums_over_examples(x):
    return logsumexp(x, axis=0)[0], x


@logsumexp_forward.mistake("The whole batch is summed to one number: each row has its own.")
def gives_one_number(x):
    return logsumexp(x, axis=None).ravel()[0], x


logsumexp_backward = backward_pass("layers.logsumexp_backward", X, ("N",))


@logsumexp_backward.mistake("The weights of a row do not add up to 1: something is missing below the fraction line.")
def does_not_normalise(dout, cache):
    x = cache[0] if isinstance(cache, tuple) else cache
    return dout[:, None] * np.exp(x - x.max(axis=-1, keepdims=True))


@logsumexp_backward.mistake("All goes to the largest logit: that is the gradient of max. How do the others share?")
def routes_to_the_maximum(dout, cache):
    x = cache[0] if isinstance(cache, tuple) else cache
    return dout[:, None] * (x == x.max(axis=-1, keepdims=True))


@logsumexp_backward.mistake(
    "This is the local gradient alone. The chain rule multiplies it with what comes from above."
)
def logsumexp_without_upstream(dout, cache):
    x = cache[0] if isinstance(cache, tuple) else cache
    return softmax(x)


@logsumexp_backward.mistake("The normalisation runs over the whole batch: each row has its own.")
def normalises_over_the_batch(dout, cache):
    x = cache[0] if isinstance(cache, tuple) else cache
    return dout[:, None] * softmax(x, axis=None)


# --------------------------------------------------------------------------------------- softmax
softmax_forward = forward_pass(
    "layers.softmax_forward",
    X,
    laws=(
        law("simplex", "every row adds up to 1", rows_sum_to_one),
        law("shift", "adding c to every logit changes nothing", shift_invariant),
    ),
)


@softmax_forward.accepts_guard
def guards_the_sum(x, eps):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / (e.sum(axis=-1, keepdims=True) + eps), None


@softmax_forward.mistake(
    "exp overflows at logits of 1,000, and inf / inf is not a number. What may be taken out of a row first?"
)
def softmax_overflows(x):
    e = np.exp(x)
    return e / e.sum(axis=-1, keepdims=True), None


@softmax_forward.mistake("The columns add up to 1: which axis holds the classes?")
def normalises_columns(x):
    return softmax(x, axis=0), None


@softmax_forward.mistake("The whole batch adds up to 1: each row is a distribution of its own.")
def normalises_everything(x):
    return softmax(x, axis=None), None


@softmax_forward.mistake("These are logarithms of the probabilities.")
def stays_in_logarithms(x):
    return x - logsumexp(x), None


@softmax_forward.mistake("The rows are not divided by their sums.")
def never_divides(x):
    return np.exp(x - x.max(axis=-1, keepdims=True)), None


@softmax_forward.mistake(
    "One maximum is taken from the whole batch: a row far below it underflows to 0/0. Each row has its own.",
)
def shifts_by_one_maximum(x):
    e = np.exp(x - x.max())
    return e / e.sum(axis=-1, keepdims=True), None


@softmax_forward.mistake(
    "These are sigmoids: each entry alone. In a softmax the entries of a row share one unit of probability."
)
def takes_sigmoids(x):
    return np.exp(-np.logaddexp(0, -x)), None


def row_sums(inputs, outputs):
    """Return what each row of dx adds up to."""
    return outputs["dx"].sum(axis=-1)


softmax_backward = backward_pass(
    "layers.softmax_backward",
    X,
    ("N", "D"),
    places={"dx": ("example", "class")},
    invariants=(
        Invariant(
            "rows_sum_to_zero",
            "A constant added to a row of logits changes nothing, so each row of dx adds up to 0; not all of yours do.",
            row_sums,
        ),
    ),
)


@softmax_backward.mistake(
    "That is the diagonal of the Jacobian. A logit moves the other probabilities too, through their sum."
)
def keeps_the_diagonal_only(dout, cache):
    return dout * cache * (1 - cache)


@softmax_backward.mistake("The first term alone: raising a logit also takes from all probabilities of its row.")
def forgets_the_coupling(dout, cache):
    return dout * cache


@softmax_backward.mistake("The coupling is added, where it takes away.")
def adds_the_coupling(dout, cache):
    return cache * (dout + (dout * cache).sum(axis=-1, keepdims=True))


@softmax_backward.mistake("The coupling runs over the batch: it stays within a row.")
def couples_the_batch(dout, cache):
    return cache * (dout - (dout * cache).sum(axis=0, keepdims=True))


@softmax_backward.mistake(
    "The mean over the classes is taken, where their sum, weighted by the probabilities, is asked."
)
def averages_the_coupling(dout, cache):
    return cache * (dout - (dout * cache).mean(axis=-1, keepdims=True))


@softmax_backward.mistake("The coupling is the plain sum of dout: it is weighted by the probabilities.")
def sums_dout_unweighted(dout, cache):
    return cache * (dout - dout.sum(axis=-1, keepdims=True))


@softmax_backward.mistake("The coupling is taken away as it is: it is multiplied by the entry's own probability too.")
def forgets_the_probability_of_the_coupling(dout, cache):
    return dout * cache - (dout * cache).sum(axis=-1, keepdims=True)
