"""Two limits to gradients: clipped by their norm, and truncated after some steps."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain
from grader.bank.mlp.units import as_one, listed
from grader.bank.recurrent.horizon import states_of
from grader.bank.recurrent.rnn import step_back
from grader.bank.recurrent.rnn_sequences import LAYER
from grader.bank.recurrent.units import ended, placed
from grader.judging import Chain, Invariant, Plan, drawn, read_as, styled, upstream

# ------------------------------------------------------------------------------------- clipping
SHAPES = (("D",), ("D", "M"), ("2", "D", "M"), ("M",))


def gradients(m):
    """Draw 2 to 4 arrays, in every seventh case of zeros; their norm is noted for the bound."""
    count = 2 + m.recipe.seed % 3
    arrays = [styled(m.recipe.style, m.rng, m.shape(dims)) for dims in SHAPES[-count:]]
    if m.recipe.digits is not None:
        arrays = [np.round(a, 3) for a in arrays]
    if m.recipe.seed % 7 == 6:
        arrays = [0 * a for a in arrays]
    m.dims["norm"] = float(np.sqrt(sum((a**2).sum() for a in arrays)))
    return arrays


def bound(m):
    """Draw max_norm on both sides of the norm, a whole one in some cases."""
    share = (0.25, 0.9, 1.1, 4.0)[m.recipe.seed % 4]
    found = float(f"{share * (m.dims['norm'] or 1.0):.3g}")
    return round(found) if found > 3 and m.recipe.seed % 3 == 0 else found


def of_lists(asked, inputs):
    """Plan a function that returns a list of arrays; the output is all entries of them, array after array."""
    shapes = [a.shape for a in inputs["gradients"]]
    reading = read_as(read_clipped, as_one, listed, shapes=shapes, function=asked.own)
    return Plan(Chain((asked.call(*inputs.values()),)), reading)


def read_clipped(*values, shapes, function):
    """Read a list of arrays as all of their entries."""
    return (as_one(values[-1], shapes, function, "what it returns"),)


def above_the_bound(inputs, outputs):
    """Return by how much the norm of all entries exceeds max_norm."""
    return np.maximum(np.sqrt((outputs["all_entries"] ** 2).sum(keepdims=True)) - inputs["max_norm"], 0)


def off_the_direction(inputs, outputs):
    """Return what the entries have beside their direction before: scaled to its length they are what they were."""
    before = np.concatenate([a.ravel() for a in inputs["gradients"]])
    after = outputs["all_entries"]
    return after * np.sqrt((before**2).sum()) - before * np.sqrt((after**2).sum())


clip_by_norm = plain(
    "recurrent.clip_by_norm",
    {"gradients": drawn(gradients), "max_norm": drawn(bound)},
    ("all_entries",),
    drive=of_lists,
    invariants=(
        Invariant("within_the_bound", "The norm of all entries is at most max_norm; yours is larger.", above_the_bound),
        Invariant("same_direction", "All entries keep their direction; yours do not.", off_the_direction),
    ),
)


def norm(arrays):
    return np.sqrt(sum((a**2).sum() for a in arrays))


@clip_by_norm.mistake("Each array is clipped by its own norm: all of them together have one, and one factor.")
def clips_each_array(gradients, max_norm):
    return [a * min(1.0, max_norm / max(norm([a]), 1e-300)) for a in gradients]


@clip_by_norm.mistake("Each entry is clipped by itself, and the direction changes: all entries have one common factor.")
def clips_each_entry(gradients, max_norm):
    return [np.clip(a, -max_norm, max_norm) for a in gradients]


@clip_by_norm.mistake(
    "Gradients that are short enough are scaled too, up to the bound: they are to be left as they are."
)
def scales_up_as_well(gradients, max_norm):
    size = norm(gradients)
    return [a * (max_norm / size) if size else a for a in gradients]


@clip_by_norm.mistake("It is clipped by the square of the norm: the root is missing.")
def forgets_the_root(gradients, max_norm):
    size = norm(gradients) ** 2
    return [a * min(1.0, max_norm / size) if size else a for a in gradients]


@clip_by_norm.mistake("It is clipped by the largest entry, which is another norm.")
def takes_the_largest_entry(gradients, max_norm):
    size = max(np.abs(a).max() for a in gradients)
    return [a * min(1.0, max_norm / size) if size else a for a in gradients]


@clip_by_norm.mistake("Long gradients get the length 1, whatever the bound is.")
def makes_unit_length(gradients, max_norm):
    size = norm(gradients)
    return [a / size if size > max_norm else a for a in gradients]


@clip_by_norm.mistake(
    "The norms of the arrays are added up: the norm of all entries is the root of the sum of all squares."
)
def adds_up_the_norms(gradients, max_norm):
    size = sum(norm([a]) for a in gradients)
    return [a * (max_norm / size) if size > max_norm else a for a in gradients]


@clip_by_norm.mistake("It is clipped by the sum of magnitudes, which is another norm.")
def sums_the_magnitudes(gradients, max_norm):
    size = sum(np.abs(a).sum() for a in gradients)
    return [a * (max_norm / size) if size > max_norm else a for a in gradients]


@clip_by_norm.mistake("Gradients that are too long are thrown away: they are to be shortened.")
def throws_long_ones_away(gradients, max_norm):
    return [a * (norm(gradients) <= max_norm) for a in gradients]


# ------------------------------------------------------------------------------------- truncated
def window(m):
    """Return the length of a window: among the worked examples are some that divide T, and some that do not."""
    return 1 + (m.recipe.seed + 25) % (m.size("T") + 2)


truncated_gradients = plain(
    "recurrent.truncated_gradients",
    {
        **LAYER,
        "dh": upstream("N", "T", "H"),
        "k": drawn(window),
    },
    ("dx", "dh0", "dWx", "dWh", "db"),
    points=5,
    slack=ended,
    places=placed("dx", "dh0", "dWx", "dWh", "db"),
)


def cut(x, h0, Wx, Wh, b, dh, at, resets=lambda t: False, first=lambda da, Wh: da @ Wh.T, start=0.0):
    """Return gradients that do not pass from step t to t − 1 where ``at(t)``; ``resets(t)``: t starts from ``start``."""
    T = x.shape[1]
    before, h = [h0], []
    for t in range(T):
        if t and resets(t):
            before[t] = np.zeros_like(h0) + start
        h.append(np.tanh(x[:, t] @ Wx + before[t] @ Wh + b))
        before.append(h[t])
    dx, carried, of_weights = np.zeros_like(x), 0 * h0, (0 * Wx, 0 * Wh, 0 * b)
    for t in reversed(range(T)):
        da = (dh[:, t] + carried) * (1 - h[t] ** 2)
        dx[:, t], carried, *new = step_back(da, x[:, t], before[t], Wx, Wh)
        last = first(da, Wh)
        if at(t):
            carried = 0 * carried
        of_weights = tuple(a + c for a, c in zip(of_weights, new, strict=True))
    return dx, last, *of_weights


@truncated_gradients.mistake("Nothing is cut: these are the gradients of the whole sequence.")
def cuts_nothing(x, h0, Wx, Wh, b, dh, k):
    return cut(x, h0, Wx, Wh, b, dh, lambda t: False)


@truncated_gradients.mistake(
    "The state is set to 0 at each window's start. Truncation is a matter of the way back alone: values go on as they are."
)
def empties_the_state(x, h0, Wx, Wh, b, dh, k):
    return cut(x, h0, Wx, Wh, b, dh, lambda t: t % k == 0, resets=lambda t: t % k == 0)


@truncated_gradients.mistake(
    "Windows are counted from the end: they begin at the steps 0, k, 2k, and the last one may be shorter."
)
def counts_windows_from_the_end(x, h0, Wx, Wh, b, dh, k):
    return cut(x, h0, Wx, Wh, b, dh, lambda t: (x.shape[1] - t) % k == 0)


@truncated_gradients.mistake("The first cut comes one step too late: the window before it has k + 1 steps.")
def makes_windows_one_longer(x, h0, Wx, Wh, b, dh, k):
    return cut(x, h0, Wx, Wh, b, dh, lambda t: t % (k + 1) == 0)


@truncated_gradients.mistake(
    "Only dh0 is wrong: it is 0, and the first window sends back to the state from which it started."
)
def sends_nothing_to_h0(x, h0, Wx, Wh, b, dh, k):
    return cut(x, h0, Wx, Wh, b, dh, lambda t: t % k == 0, first=lambda da, Wh: 0 * da @ Wh.T)


@truncated_gradients.mistake("Only the first k steps have gradients: every window has its own.")
def stops_after_one_window(x, h0, Wx, Wh, b, dh, k):
    heard = dh * (np.arange(x.shape[1]) < k)[:, None]
    return cut(x, h0, Wx, Wh, b, heard, lambda t: t % k == 0)


@truncated_gradients.mistake("Every window starts from h0: it starts from the state in which the one before it ended.")
def starts_each_window_from_h0(x, h0, Wx, Wh, b, dh, k):
    return cut(x, h0, Wx, Wh, b, dh, lambda t: t % k == 0, resets=lambda t: t % k == 0, start=h0)


def first_states(x, h0, Wx, Wh, b, dh, k):
    """Return what each window sends back to the state from which it started."""
    found, T = [], x.shape[1]
    before = [h0, *states_of(x, h0, Wx, Wh, b)]
    for start in range(0, T, k):
        here = slice(start, start + k)
        found.append(cut(x[:, here], before[start], Wx, Wh, b, dh[:, here], lambda t: False)[1])
    return found


@truncated_gradients.mistake("dh0 comes from the last window: h0 is the state from which the first one started.")
def takes_dh0_of_the_last_window(x, h0, Wx, Wh, b, dh, k):
    dx, _, *of_weights = cut(x, h0, Wx, Wh, b, dh, lambda t: t % k == 0)
    return dx, first_states(x, h0, Wx, Wh, b, dh, k)[-1], *of_weights


@truncated_gradients.mistake("In dh0 the windows add up: h0 is the state from which the first one alone started.")
def adds_up_the_windows_in_dh0(x, h0, Wx, Wh, b, dh, k):
    dx, _, *of_weights = cut(x, h0, Wx, Wh, b, dh, lambda t: t % k == 0)
    return dx, sum(first_states(x, h0, Wx, Wh, b, dh, k)), *of_weights


@truncated_gradients.mistake(
    "The gradients of the weights are those of the last window: all windows use the same weights."
)
def keeps_the_last_window(x, h0, Wx, Wh, b, dh, k):
    dx, dh0, *_ = cut(x, h0, Wx, Wh, b, dh, lambda t: t % k == 0)
    last = (np.arange(x.shape[1]) >= (x.shape[1] - 1) // k * k)[:, None]
    return dx, dh0, *cut(x, h0, Wx, Wh, b, dh * last, lambda t: t % k == 0)[2:]


@truncated_gradients.mistake(
    "The steps behind the last whole window have no gradients: the last window may be shorter."
)
def leaves_out_what_is_over(x, h0, Wx, Wh, b, dh, k):
    T = x.shape[1]
    whole = (np.arange(T) < T // min(k, T) * min(k, T))[:, None]
    return cut(x, h0, Wx, Wh, b, dh * whole, lambda t: t % k == 0)


@truncated_gradients.mistake("Each loss goes back k steps of its own: windows stand side by side, and none overlap.")
def slides_along(x, h0, Wx, Wh, b, dh, k):
    total, steps = None, np.arange(x.shape[1])
    for s in steps:
        found = cut(x, h0, Wx, Wh, b, dh * (steps == s)[:, None], lambda t, s=s: t == s - k + 1)
        dh0 = found[1] if s < k else 0 * found[1]
        found = (found[0], dh0, *found[2:])
        total = found if total is None else tuple(a + c for a, c in zip(total, found, strict=True))
    return total
