"""Inverted dropout, judged by its laws, whatever generator draws the masks."""

from __future__ import annotations

import numpy as np

from grader.bank.regularization.masks import (
    far_from,
    kept_entries,
    many_masks,
    misplaced,
    read_gradient_of_mask,
    read_masks,
    these_are_drawn,
    these_are_drawn_apart,
    these_are_kept,
    these_are_the_share,
    these_do_nothing_at_test,
)
from grader.judging import Chain, Earlier, Exercise, Plan, contract, drawn, example, read_as, value

KEEP = (0.8, 0.3, 0.6, 0.9, 0.4)
"""Probabilities of keeping, all far enough from ½ that p and 1 − p are told apart."""
SHAPES = ((20, 24), (480,), (8, 6, 10), (4, 3, 8, 5))
"""Shapes of 480 entries, of any number of dimensions."""


def entries(m):
    """Draw entries that are not 0, short to write down."""
    shape = SHAPES[m.recipe.seed % len(SHAPES)]
    return m.rng.integers(1, 9, shape) * m.rng.choice((-0.5, 0.5), shape)


# --------------------------------------------------------------------------------------- forward
def called_often(asked, inputs):
    """Plan many calls of dropout's forward pass on one x, with and without a seed, in training and in test mode."""
    helpers = (
        far_from,
        these_are_kept,
        these_are_drawn_apart,
        these_are_the_share,
        these_are_drawn,
        these_do_nothing_at_test,
    )
    reading = read_as(read_masks, *helpers, function=asked.own, x=inputs["x"], p=inputs["p"])
    return Plan(Chain((asked.call(inputs["x"], inputs["p"], adapter=many_masks),)), reading)


dropout_forward = Exercise(
    "regularization.dropout_forward",
    {"x": drawn(entries), "p": drawn(lambda m: KEEP[m.recipe.seed % len(KEEP)])},
    ("entries", "share", "masks", "test"),
    (contract(), example(), value(1, "entries"), value(0.5, "share"), value(1, "masks"), value(0.5, "test")),
    drive=called_often,
    derived=True,
    regimes=("randn",),
    form="forward pass",
)


def over(p):
    return 1 / p


def itself(p):
    return p


def unscaled(p):
    return 1.0


def as_it_is(x, p):
    return x


def masked(x, dropout_param, draw, scale, test=as_it_is):
    """Return dropout's output and cache: the share ``draw(p)`` is kept, times ``scale(p)``; ``test`` is done in test mode."""
    p = dropout_param["p"]
    if dropout_param["mode"] == "test":
        return test(x, p), (dropout_param, None)
    mask = (np.random.default_rng(dropout_param.get("seed")).random(x.shape) < draw(p)) * scale(p)
    return x * mask, (dropout_param, mask)


@dropout_forward.mistake("p was read as the probability of dropping an entry: here it is that of keeping one.")
def drops_with_probability_p(x, dropout_param):
    return masked(x, dropout_param, lambda p: 1 - p, lambda p: 1 / (1 - p) if p < 1 else 0.0)


@dropout_forward.mistake(
    "A share p of the entries is dropped, and what is left is divided by p: the two do not fit each other."
)
def drops_a_share_p(x, dropout_param):
    return masked(x, dropout_param, lambda p: 1 - p, over)


@dropout_forward.mistake("The mean of what is put out is p times x: what is kept is not divided by p.")
def forgets_to_divide(x, dropout_param):
    return masked(x, dropout_param, itself, unscaled)


@dropout_forward.mistake(
    "This is the older kind of dropout, scaled by p in test mode: the inverted kind is scaled in training."
)
def scales_at_test_instead(x, dropout_param):
    return masked(x, dropout_param, itself, unscaled, lambda x, p: x * p)


@dropout_forward.mistake(
    "It is scaled in training and again in test mode: the output at test is too small by the factor p."
)
def scales_again_at_test(x, dropout_param):
    return masked(x, dropout_param, itself, over, lambda x, p: x * p)


@dropout_forward.mistake("Entries are dropped in test mode too: at test all units take part.")
def drops_at_test(x, dropout_param):
    return masked(x, dropout_param | {"mode": "train"}, itself, over)


@dropout_forward.mistake("What is kept is multiplied by p, where the mean of the output is to be x.")
def multiplies_by_p(x, dropout_param):
    return masked(x, dropout_param, itself, itself)


@dropout_forward.mistake(
    "One mask is drawn for a whole row, or for all rows: every entry is dropped or kept for itself."
)
def draws_for_whole_rows(x, dropout_param):
    p = dropout_param["p"]
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    shape = (*x.shape[:-1], 1) if x.ndim > 1 else (x.size // 20,)
    mask = (np.random.default_rng(dropout_param.get("seed")).random(shape) < p) / p
    mask = np.repeat(mask, x.shape[-1] // mask.shape[-1], axis=-1)
    return x * mask, (dropout_param, mask)


@dropout_forward.mistake("Nothing is dropped in training: every entry is multiplied by p.")
def scales_by_p_alone(x, dropout_param):
    return (x * dropout_param["p"] if dropout_param["mode"] == "train" else x), (dropout_param, None)


@dropout_forward.mistake(
    "The numbers are drawn from a normal distribution: of these another share than p lies below p."
)
def draws_normal_numbers(x, dropout_param):
    p = dropout_param["p"]
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    mask = (np.random.default_rng(dropout_param.get("seed")).standard_normal(x.shape) < p) / p
    return x * mask, (dropout_param, mask)


@dropout_forward.mistake("One number is drawn for each example, which is dropped or kept as a whole.")
def drops_whole_examples(x, dropout_param):
    p = dropout_param["p"]
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    kept = np.random.default_rng(dropout_param.get("seed")).random((len(x), *(1,) * (x.ndim - 1))) < p
    mask = np.broadcast_to(kept / p, x.shape)
    return x * mask, (dropout_param, mask)


@dropout_forward.mistake(
    "The numbers are drawn for some entries of x only: with a seed the mask depends on the seed and the shape alone."
)
def draws_by_the_entries_of_x(x, dropout_param):
    p, mask = dropout_param["p"], np.zeros(x.shape)
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    rng = np.random.default_rng(dropout_param.get("seed"))
    mask[x != 0] = (rng.random(np.count_nonzero(x)) < p) / p
    return x * mask, (dropout_param, mask)


@dropout_forward.mistake(
    "All calls without a seed get the same mask, so the same units are dropped at every step of training."
)
def always_starts_from_one_seed(x, dropout_param):
    return masked(x, {"seed": 0, **dropout_param}, itself, over)


@dropout_forward.mistake("The seed is not used: the same seed gives another mask the second time.")
def ignores_the_seed(x, dropout_param):
    return masked(x, {k: v for k, v in dropout_param.items() if k != "seed"}, itself, over)


@dropout_forward.mistake("Exactly the same number of entries is kept at each call: each entry is drawn for itself.")
def keeps_a_fixed_number(x, dropout_param):
    p = dropout_param["p"]
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    order = np.random.default_rng(dropout_param.get("seed")).permutation(x.size)
    mask = (order < round(p * x.size)).reshape(x.shape) / p
    return x * mask, (dropout_param, mask)


# -------------------------------------------------------------------------------------- backward
def with_holes(m):
    """Draw entries of which every second is 0: whether such a one was kept is not to be seen in the output."""
    shape = ((12, 20), (240,), (4, 6, 10), (2, 3, 8, 5))[(m.recipe.seed + m.recipe.seed // 6) % 4]
    x = m.rng.integers(1, 9, shape) * m.rng.choice((-0.5, 0.5), shape)
    x.flat[m.rng.permutation(x.size)[: x.size // 2]] = 0.0
    m.dims["shape"] = shape
    return x


def param_of_a_pass(m):
    """Draw a ``dropout_param``. It has a seed: the mask of a documented cache is the same for all."""
    param = {"p": KEEP[m.recipe.seed % len(KEEP)], "mode": "test" if m.recipe.seed % 6 == 1 else "train"}
    return param | {"seed": m.recipe.seed}


def from_above(m):
    """Draw an upstream gradient without zeros, short to write down."""
    return m.rng.integers(1, 9, m.dims["shape"]) * m.rng.choice((-0.25, 0.25), m.dims["shape"])


def by_its_mask(asked, inputs):
    """Plan a forward and a backward pass; the gradient is held against the mask that the forward pass's output shows.

    In every second case the forward pass is called without the seed: then a mask cannot be drawn a second time.
    """
    x, param, dout = inputs["x"], inputs["dropout_param"], inputs["dout"]
    told = {"function": asked.own, "x": x, "p": param["p"], "mode": param["mode"], "dout": dout}
    if asked.cache is not None:
        reading = read_as(read_gradient_of_mask, far_from, kept_entries, misplaced, mask=asked.cache[1], **told)
        return Plan(Chain((asked.call(dout, asked.cache),)), reading)
    if param["seed"] % 2:
        param = {key: value for key, value in param.items() if key != "seed"}
    calls = (asked.forward(x, param, keep=(1,)), asked.call(dout, Earlier(0, 1, ("out", "cache"))))
    return Plan(Chain(calls), read_as(read_gradient_of_mask, far_from, kept_entries, misplaced, mask=None, **told))


dropout_backward = Exercise(
    "regularization.dropout_backward",
    {"x": drawn(with_holes), "dropout_param": drawn(param_of_a_pass), "dout": drawn(from_above)},
    ("gradient",),
    (contract(), example(), value(3)),
    drive=by_its_mask,
    pair="dropout_forward",
    derived=True,
    regimes=("randn",),
    form="backward pass",
)


def through(cache, dout, factor):
    """Return ``dout`` in test mode, else what ``factor(mask, p)`` makes of it."""
    param, mask = cache
    return dout if param["mode"] == "test" else dout * factor(mask, param["p"])


@dropout_backward.mistake("No mask is applied: what was dropped has no effect on the loss, and so no gradient.")
def hands_on_everything(dout, cache):
    return dout


@dropout_backward.mistake("What was kept was also scaled in the forward pass: that factor is missing here.")
def forgets_the_scale(dout, cache):
    return through(cache, dout, lambda mask, _: mask > 0)


@dropout_backward.mistake("It is divided by p twice: the mask of the forward pass holds that factor already.")
def scales_twice(dout, cache):
    return through(cache, dout, lambda mask, p: mask / p)


@dropout_backward.mistake("Another mask is applied: the gradient belongs to the entries that this forward pass kept.")
def draws_a_new_mask(dout, cache):
    return through(cache, dout, lambda mask, p: (np.random.default_rng().random(mask.shape) < p) / p)


@dropout_backward.mistake("No entry is dropped, and all are scaled: what was dropped has no effect on the loss.")
def scales_everything(dout, cache):
    return through(cache, dout, lambda mask, p: np.full(mask.shape, 1 / p))


@dropout_backward.mistake("The gradient goes to the entries that were dropped, and not to those that were kept.")
def turns_the_mask_round(dout, cache):
    return through(cache, dout, lambda mask, p: (mask == 0) / p)


@dropout_backward.mistake("In test mode dout is scaled by p: out is x there, and its slope 1.")
def scales_the_gradient_at_test(dout, cache):
    param, _ = cache
    return dout * param["p"] if param["mode"] == "test" else through(cache, dout, lambda mask, _: mask)


@dropout_backward.mistake("In test mode dx is 0, as if everything was dropped: out is x there.")
def gives_zeros_at_test(dout, cache):
    param, _ = cache
    return np.zeros_like(dout) if param["mode"] == "test" else through(cache, dout, lambda mask, _: mask)


@dropout_backward.mistake("dx is the mask: by the chain rule it multiplies what comes from above.")
def gives_the_mask(dout, cache):
    return np.ones_like(dout) if cache[1] is None else cache[1]


@dropout_backward.mistake("The mask comes from dout: which entries were kept was settled in the forward pass.")
def masks_by_the_upstream(dout, cache):
    return through(cache, dout, lambda _, p: (dout > 0) / p)
