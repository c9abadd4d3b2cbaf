"""A small net taken apart: the gradients of all its intermediate values, and the fused forms."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain
from grader.judging import Exercise, array, contract, drawn, example, upstream, value

SCALED = ("randn", "odd", "small", "offset", "ties")
CLASSES = {
    "logits": array("N", "C"),
    "y": drawn(lambda m: m.rng.integers(0, m.size("C"), m.size("N"))),
}


def probabilities(logits, axis=1):
    """Return the softmax of logits."""
    e = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def chosen(logits, y):
    """Return the labels one-hot."""
    return 1.0 * (np.arange(logits.shape[1]) == y[:, None])


# ------------------------------------------------------------------------- cross-entropy by steps
OF_CROSS_ENTROPY = (
    "dlogprobs",
    "dprobs",
    "dcounts_sum_inv",
    "dcounts_sum",
    "dcounts",
    "dnorm_logits",
    "dlogit_maxes",
    "dlogits",
)
cross_entropy_steps = Exercise(
    "reverse_mode.cross_entropy_steps",
    CLASSES,
    OF_CROSS_ENTROPY,
    # dlogit_maxes is 0 but for rounding, so that zeros pass: it is worth nothing.
    (contract(), example(), *(value(0.0 if name == "dlogit_maxes" else 0.5, name) for name in OF_CROSS_ENTROPY)),
    regimes=SCALED,
)


def entropy_backward(logits, y, *, count=None, through_log=None, summed=True, sign=-1, two_paths=True, own_exp=True):
    """Go back through the cross-entropy as the model answer does, with one slip."""
    norm_logits = logits - logits.max(axis=1, keepdims=True)
    counts = np.exp(norm_logits)
    inverse = 1 / counts.sum(axis=1, keepdims=True)
    probs = counts * inverse
    dlogprobs = -chosen(logits, y) / (len(y) if count is None else count)
    dprobs = dlogprobs / probs if through_log is None else through_log(dlogprobs, probs)
    dinverse = dprobs * counts
    dinverse = dinverse.sum(axis=1, keepdims=True) if summed else dinverse
    dsum = sign * dinverse * inverse**2
    dcounts = dprobs * inverse + (dsum if two_paths else 0)
    dnorm_logits = dcounts * (counts if own_exp else norm_logits)
    dmaxes = -dnorm_logits.sum(axis=1, keepdims=True)
    first = np.arange(logits.shape[1]) == logits.argmax(axis=1)[:, None]
    return dlogprobs, dprobs, dinverse, dsum, dcounts, dnorm_logits, dmaxes, dnorm_logits + dmaxes * first


@cross_entropy_steps.mistake("The loss is a mean over the examples: the factor 1/N is missing.")
def entropy_not_averaged(logits, y):
    return entropy_backward(logits, y, count=1)


@cross_entropy_steps.mistake("The slope of the logarithm is one over its input: here it is multiplied by it.")
def entropy_multiplies_by_probs(logits, y):
    return entropy_backward(logits, y, through_log=lambda g, p: g * p)


@cross_entropy_steps.mistake(
    "counts_sum_inv was broadcast over the classes, so its gradient is a sum over them: it is not summed."
)
def entropy_not_summed(logits, y):
    return entropy_backward(logits, y, summed=False)


@cross_entropy_steps.mistake(
    "dlogprobs is filled in the columns of all labels, in every row: each row has its own label."
)
def entropy_fills_columns(logits, y):
    dlogprobs = np.zeros_like(logits)
    dlogprobs[:, y] = -1 / len(y)
    return entropy_from(logits, dlogprobs)


@cross_entropy_steps.mistake("A sign: as counts_sum grows, its inverse falls.")
def entropy_loses_the_sign(logits, y):
    return entropy_backward(logits, y, sign=1)


@cross_entropy_steps.mistake(
    "counts reaches the loss by two paths, directly and through counts_sum: one of them is missing."
)
def entropy_takes_one_path(logits, y):
    return entropy_backward(logits, y, two_paths=False)


@cross_entropy_steps.mistake(
    "Through the exponential the gradient is multiplied by the input: the slope of e^x is another number."
)
def entropy_exp_by_its_input(logits, y):
    return entropy_backward(logits, y, own_exp=False)


def entropy_from(logits, dlogprobs):
    """Go back through the cross-entropy without a slip, from this gradient."""
    norm_logits = logits - logits.max(axis=1, keepdims=True)
    counts = np.exp(norm_logits)
    inverse = 1 / counts.sum(axis=1, keepdims=True)
    dprobs = dlogprobs / (counts * inverse)
    dinverse = (dprobs * counts).sum(axis=1, keepdims=True)
    dsum = -dinverse * inverse**2
    dcounts = dprobs * inverse + dsum
    dnorm_logits = dcounts * counts
    dmaxes = -dnorm_logits.sum(axis=1, keepdims=True)
    first = np.arange(logits.shape[1]) == logits.argmax(axis=1)[:, None]
    return dlogprobs, dprobs, dinverse, dsum, dcounts, dnorm_logits, dmaxes, dnorm_logits + dmaxes * first


# ------------------------------------------------------------------------------- the output layer
head_steps = plain(
    "reverse_mode.head_steps",
    {"dlogits": upstream("N", "C"), "hpreact": array("N", "H"), "W2": array("H", "C")},
    ("dh", "dW2", "db2", "dhpreact"),
    points=2,
    regimes=("randn", "odd", "small", "ties"),
)


def head(dlogits, hpreact, W2):
    """Return the four right gradients."""
    h = np.tanh(hpreact)
    dh = dlogits @ W2.T
    return dh, h.T @ dlogits, dlogits.sum(axis=0), dh * (1 - h**2)


@head_steps.mistake("The slope of tanh is taken at its output, as if tanh had been applied twice.")
def head_slope_at_the_output(dlogits, hpreact, W2):
    dh, dW2, db2, _ = head(dlogits, hpreact, W2)
    return dh, dW2, db2, dh * (1 - np.tanh(np.tanh(hpreact)) ** 2)


@head_steps.mistake("The gradient passes through tanh unchanged: its slope is missing.")
def head_without_slope(dlogits, hpreact, W2):
    dh, dW2, db2, _ = head(dlogits, hpreact, W2)
    return dh, dW2, db2, dh


@head_steps.mistake("dW2 is built with hpreact: what W2 was multiplied by in the forward pass is h.")
def head_weights_by_the_preactivation(dlogits, hpreact, W2):
    dh, _, db2, dhpreact = head(dlogits, hpreact, W2)
    return dh, hpreact.T @ dlogits, db2, dhpreact


@head_steps.mistake("db2 is averaged over the rows: b2 was added to each of them, and their paths add up.")
def head_bias_averaged(dlogits, hpreact, W2):
    dh, dW2, _, dhpreact = head(dlogits, hpreact, W2)
    return dh, dW2, dlogits.mean(axis=0), dhpreact


@head_steps.mistake("db2 is not summed over the rows: it has the shape of dlogits.")
def head_bias_not_summed(dlogits, hpreact, W2):
    dh, dW2, _, dhpreact = head(dlogits, hpreact, W2)
    return dh, dW2, dlogits.copy(), dhpreact


# ------------------------------------------------------------------- batch normalisation by steps
NORMALISED = {"dhpreact": upstream("N", "H"), "hprebn": array("N", "H"), "gain": array("H")}
batchnorm_steps = plain(
    "reverse_mode.batchnorm_steps",
    NORMALISED,
    (
        "dgain",
        "dbias",
        "dbnraw",
        "dbnvar_inv",
        "dbnvar",
        "dbndiff2",
        "dbndiff",
        "dbnmean",
        "dhprebn",
    ),
    points=4.5,
    regimes=SCALED,
)


def norm_backward(dhpreact, hprebn, gain, *, over=None, power=-1.5, two=2, variance=True, mean=True, summed=True):
    """Go back through batch normalisation as the model answer does, with one slip."""
    n = len(hprebn)
    bndiff = hprebn - hprebn.mean(axis=0, keepdims=True)
    bnvar = (bndiff**2).mean(axis=0, keepdims=True) + 1e-5
    inverse = bnvar**-0.5
    bnraw = bndiff * inverse
    dbnraw = dhpreact * gain
    dgain, dbias = dhpreact * bnraw, dhpreact
    if summed:
        dgain, dbias = dgain.sum(axis=0), dbias.sum(axis=0)
    dinverse = (dbnraw * bndiff).sum(axis=0, keepdims=True)
    dbnvar = dinverse * -0.5 * bnvar**power
    dbndiff2 = dbnvar / (n if over is None else over) * np.ones(hprebn.shape)
    dbndiff = dbnraw * inverse + (dbndiff2 * two * bndiff if variance else 0)
    dbnmean = -dbndiff.sum(axis=0, keepdims=True)
    dhprebn = dbndiff + (dbnmean / n if mean else 0)
    return dgain, dbias, dbnraw, dinverse, dbnvar, dbndiff2, dbndiff, dbnmean, dhprebn


@batchnorm_steps.mistake("bndiff reaches the loss through the variance too: that path is missing.")
def norm_without_the_variance(dhpreact, hprebn, gain):
    return norm_backward(dhpreact, hprebn, gain, variance=False)


@batchnorm_steps.mistake("hprebn reaches the loss through the batch's mean too: that path is missing.")
def norm_without_the_mean(dhpreact, hprebn, gain):
    return norm_backward(dhpreact, hprebn, gain, mean=False)


@batchnorm_steps.mistake("dbndiff2 is not divided by N: bnvar is a mean over the batch.")
def norm_variance_as_a_sum(dhpreact, hprebn, gain):
    return norm_backward(dhpreact, hprebn, gain, over=1)


@batchnorm_steps.mistake("The 2 of the square is missing on the way from bndiff2 to bndiff.")
def norm_without_the_two(dhpreact, hprebn, gain):
    return norm_backward(dhpreact, hprebn, gain, two=1)


@batchnorm_steps.mistake("The exponent was not lowered by 1 on the way from bnvar_inv to bnvar.")
def norm_exponent_not_lowered(dhpreact, hprebn, gain):
    return norm_backward(dhpreact, hprebn, gain, power=-0.5)


@batchnorm_steps.mistake("The gradient is not summed over the batch, over which gain and bias were broadcast.")
def norm_gain_not_summed(dhpreact, hprebn, gain):
    return norm_backward(dhpreact, hprebn, gain, summed=False)


# -------------------------------------------------------------------------------- the input layer
embedding_steps = plain(
    "reverse_mode.embedding_steps",
    {
        "dhprebn": upstream("N", "H"),
        "X": drawn(lambda m: m.rng.integers(0, m.size("V"), (m.size("N"), m.size("T")))),
        "C": array("V", "E"),
        "W1": drawn(lambda m: m.rng.standard_normal((m.size("T") * m.size("E"), m.size("H")))),
    },
    ("dembcat", "dW1", "db1", "demb", "dC"),
    points=2.5,
    regimes=SCALED,
)


def inputs_backward(dhprebn, X, C, W1):
    """Return the five right gradients."""
    emb = C[X]
    dembcat = dhprebn @ W1.T
    demb = dembcat.reshape(emb.shape)
    dC = np.zeros(C.shape)
    np.add.at(dC, X, demb)
    return dembcat, emb.reshape(len(X), -1).T @ dhprebn, dhprebn.sum(axis=0), demb, dC


@embedding_steps.mistake("A letter that occurs several times keeps the gradient of one occurrence: they add up.")
def embedding_overwrites(dhprebn, X, C, W1):
    *before, demb, dC = inputs_backward(dhprebn, X, C, W1)
    dC = np.zeros(C.shape)
    dC[X] = demb
    return *before, demb, dC


@embedding_steps.mistake("Where a letter stands twice in one row of X, one of the two gradients is lost: they add up.")
def embedding_loses_repeats_in_a_row(dhprebn, X, C, W1):
    *before, demb, dC = inputs_backward(dhprebn, X, C, W1)
    dC = np.zeros(C.shape)
    for letters, gradients in zip(X, demb, strict=True):
        dC[letters] += gradients
    return *before, demb, dC


@embedding_steps.mistake("The gradients of a letter's occurrences are averaged, where they add up.")
def embedding_averages(dhprebn, X, C, W1):
    *before, dC = inputs_backward(dhprebn, X, C, W1)
    return *before, dC / np.maximum(np.bincount(X.ravel(), minlength=len(C)), 1)[:, None]


@embedding_steps.mistake("db1 is averaged over the rows: b1 was added to each of them, and their paths add up.")
def embedding_bias_averaged(dhprebn, X, C, W1):
    dembcat, dW1, _, demb, dC = inputs_backward(dhprebn, X, C, W1)
    return dembcat, dW1, dhprebn.mean(axis=0), demb, dC


@embedding_steps.mistake("demb has the right shape and its entries in another order: numpy counts the last axis first.")
def embedding_by_columns(dhprebn, X, C, W1):
    dembcat, dW1, db1, demb, dC = inputs_backward(dhprebn, X, C, W1)
    demb, dC = dembcat.reshape(demb.shape, order="F"), np.zeros(C.shape)
    np.add.at(dC, X, demb)
    return dembcat, dW1, db1, demb, dC


@embedding_steps.mistake("dW1 is averaged over the rows, whose paths add up.")
def embedding_weights_averaged(dhprebn, X, C, W1):
    dembcat, dW1, db1, demb, dC = inputs_backward(dhprebn, X, C, W1)
    return dembcat, dW1 / len(X), db1, demb, dC
