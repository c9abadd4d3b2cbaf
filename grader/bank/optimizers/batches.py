"""Stochastic gradients: an estimator without bias, and batches that visit every example once an epoch."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain
from grader.judging import Chain, Exercise, Malformed, Plan, array, contract, drawn, example, optional, read_as, value

# ------------------------------------------------------------------------------------- estimator
minibatch_gradient = plain(
    "optimizers.minibatch_gradient",
    {
        "grads": array("N", "D"),
        "batch": drawn(lambda m: m.rng.integers(0, m.size("N"), int(m.rng.integers(1, m.size("N") + 2)))),
        "reduction": optional(drawn(lambda m: ("mean", "sum")[m.recipe.seed % 2])),
    },
    ("gradient",),
)


@minibatch_gradient.mistake(
    "The batch stands for N/B times as many examples of the sum: without that the estimate is too small."
)
def forgets_to_scale_up(grads, batch, reduction="mean"):
    return grads[batch].mean(axis=0) if reduction == "mean" else grads[batch].sum(axis=0)


@minibatch_gradient.mistake("The mean is over N, where only the batch was summed.")
def divides_by_all_examples(grads, batch, reduction="mean"):
    total = grads[batch].sum(axis=0)
    return total / len(grads) if reduction == "mean" else total * len(grads) / len(batch)


@minibatch_gradient.mistake("All examples are used: the batch is ignored.")
def uses_everything(grads, batch, reduction="mean"):
    return grads.mean(axis=0) if reduction == "mean" else grads.sum(axis=0)


@minibatch_gradient.mistake("The reduction is ignored: the mean comes back in both cases.")
def always_averages(grads, batch, reduction="mean"):
    return grads[batch].mean(axis=0)


@minibatch_gradient.mistake(
    "The reduction is ignored: the estimate of the sum comes back in both cases, N times that of the mean."
)
def always_estimates_the_sum(grads, batch, reduction="mean"):
    return len(grads) * grads[batch].mean(axis=0)


@minibatch_gradient.mistake("An example that was drawn twice is counted once.")
def drops_repetitions(grads, batch, reduction="mean"):
    seen = np.unique(batch)
    mean = grads[seen].mean(axis=0)
    return mean if reduction == "mean" else mean * len(grads)


@minibatch_gradient.mistake("The first examples are used, as many as the batch has: the batch says which.")
def takes_the_first_examples(grads, batch, reduction="mean"):
    mean = grads[: len(batch)].mean(axis=0)
    return mean if reduction == "mean" else mean * len(grads)


@minibatch_gradient.mistake("The scale is upside down: B/N, where a few examples stand for many.")
def scales_down(grads, batch, reduction="mean"):
    total = grads[batch].sum(axis=0)
    return total / len(batch) if reduction == "mean" else total * len(batch) / len(grads)


# --------------------------------------------------------------------------------------- batches
def listed(minibatches, X, y, size, seed):
    """Adapt ``minibatches``: return one epoch from this seed as a list, of 60 batches if the generator never ends."""
    import itertools

    rng = np.random.default_rng(seed)
    return [[a.copy(), b.copy()] for a, b in itertools.islice(minibatches(X, y, size, rng), 60)]


def epochs(asked, inputs):
    """Plan three epochs, two from the same seed; the outputs are the examples, the sizes, and 1.0 if rng decides the order."""
    X, y, size = inputs["X"], inputs["y"], inputs["size"]
    calls = [asked.call(X, y, size, seed, adapter=listed) for seed in (1, 1, 2)]
    return Plan(Chain(tuple(calls)), read_as(read_epochs, visited, X=X, y=y))


def read_epochs(first, again, other, X, y):
    """Read two epochs from one seed and one from another: the examples, the sizes, and 1.0 if rng decides the order."""
    order = visited(first, X)[1]
    same, differs = visited(again, X)[1] == order, visited(other, X)[1] != order
    by_rng = 1.0 if same and differs and order != list(y) else 0.0
    examples, _ = visited(first, X)
    return examples, np.array([float(len(b)) for _, b in first]), np.array(by_rng)


def visited(batches, X):
    """Return the examples in the order of their labels, and the labels in the order in which they came.

    Raises:
        Malformed: the batches are not pairs of equally many rows of X and entries of y.

    """
    form = "minibatches must yield pairs (Xb, yb) of equally many rows of X and entries of y"
    if not isinstance(batches, list) or not batches:
        raise Malformed("minibatches yielded nothing")
    for batch in batches:
        ok = len(batch) == 2 and all(hasattr(part, "shape") for part in batch)
        if not ok or batch[0].shape[1:] != X.shape[1:] or batch[1].ndim != 1 or len(batch[0]) != len(batch[1]):
            raise Malformed(form)
    rows, labels = np.concatenate([b[0] for b in batches]), np.concatenate([b[1] for b in batches])
    if labels.dtype.kind not in "iuf":
        raise Malformed(form)
    by_label = rows[np.argsort(labels, kind="stable")]
    return by_label, [float(label) for label in labels]


minibatches = Exercise(
    "optimizers.minibatches",
    {
        "X": drawn(lambda m: m.rng.standard_normal((8 + m.recipe.seed % 5, *((2,), (), (3, 2))[m.recipe.seed % 3]))),
        "y": drawn(lambda m: np.arange(8 + m.recipe.seed % 5)),
        "size": drawn(lambda m: 2 + m.recipe.seed % 4),
    },
    ("examples", "sizes", "drawn_by_rng"),
    (contract(), example(), value(1, "examples"), value(1, "sizes"), value(1, "drawn_by_rng")),
    drive=epochs,
    derived=True,
    regimes=("randn", "odd"),
)


@minibatches.mistake("The last, smaller batch is left out: its examples are never seen in this epoch.")
def drops_the_rest(X, y, size, rng):
    order = rng.permutation(len(X))
    for i in range(0, len(X) - size + 1, size):
        yield X[order[i : i + size]], y[order[i : i + size]]


@minibatches.mistake(
    "Rows and labels are not put in one order that is drawn anew, in every epoch, from the rng that is passed in."
)
def does_not_shuffle(X, y, size, rng):
    for i in range(0, len(X), size):
        yield X[i : i + size], y[i : i + size]


@minibatches.mistake("X and y are shuffled apart: the examples lose their labels.")
def shuffles_apart(X, y, size, rng):
    a, b = rng.permutation(len(X)), rng.permutation(len(X))
    for i in range(0, len(X), size):
        yield X[a[i : i + size]], y[b[i : i + size]]


@minibatches.mistake("Examples are drawn with replacement: some come twice and others never.")
def draws_with_replacement(X, y, size, rng):
    for i in range(0, len(X), size):
        batch = rng.integers(0, len(X), min(size, len(X) - i))
        yield X[batch], y[batch]
