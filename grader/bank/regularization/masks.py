"""The laws of dropout's masks, and how a gradient is held against one: whatever generator drew it.

A share of n draws is said to be off only where Chernoff's bound gives it a probability of less than 2·exp(−30) ≈ 2e-13. Some
hundred shares are looked at in all cases together: a right answer is refused with a probability below 1e-10.
"""

from __future__ import annotations

import numpy as np

from grader.judging import MET, Malformed, unmet


def many_masks(forward, x, p):
    """Adapt dropout's forward pass: return its outputs, in rows, without its caches; None where it returned no pair."""
    train, test = {"p": p, "mode": "train"}, {"p": p, "mode": "test"}
    holes = np.where(np.arange(x.size).reshape(x.shape) % 3 == 0, 0.0, x)
    first = [forward(x.copy(), dict(train)) for _ in range(11)]
    rows = [
        first,
        [forward(x.copy(), {**train, "seed": seed}) for seed in (0, 0, 11)],
        [forward(holes, {**train, "seed": 0})],
        [forward(x.copy(), dict(test)), forward(x.copy(), {**test, "seed": 5}), forward(x.copy(), {**train, "p": 1.0})],
    ]
    first.append(forward(x, dict(train)))  # the last call, and no copy: what it does to x is seen
    return [[r[0] if isinstance(r, (tuple, list)) and len(r) == 2 else None for r in row] for row in rows]


def read_masks(rows, function, x, p):
    """Read the outputs of many forward passes as what is found of entries, share, masks and test mode.

    Raises:
        Malformed: one of them is no pair, or its output no float64 array of the shape of x.

    """
    for out in (out for row in rows for out in row):
        if out is None:
            raise Malformed(f"{function} must return 2 values (out, cache)")
        if not hasattr(out, "shape") or out.shape != x.shape or str(out.dtype) != "float64":
            raise Malformed(f"{function} must return a float64 array of the shape of x, {x.shape}, as out")
    fresh, seeded, (holes,), still = (np.stack(row) for row in rows)
    zeros = np.where(np.arange(x.size).reshape(x.shape) % 3 == 0, 0.0, x)
    masks = fresh != 0
    unlike = np.stack([*{mask.tobytes(): mask for mask in masks}.values()])
    xs = np.stack([*[x] * (len(fresh) + len(seeded)), zeros])
    entries, apart = these_are_kept(np.stack([*fresh, *seeded, holes]), xs, p), these_are_drawn_apart(unlike, p)
    return (
        entries if not entries.met else apart,  # all 0, or all kept, is no dropout
        these_are_the_share(unlike, p) if apart.met else apart,  # a mask that comes twice was drawn once
        these_are_drawn(masks, seeded != 0, (holes != 0, zeros != 0)) if apart.met else apart,
        these_do_nothing_at_test(still, fresh, x, p),
    )


def these_are_kept(outs, xs, p):
    """Tell whether every entry of some outputs is 0 or x/p."""
    kept = outs != 0
    for scale, named in ((1 / p, "x/p"), (1.0, "x"), (p, "p·x"), (1 / (1 - p), "x/(1 − p)")):
        if np.allclose(outs, np.where(kept, scale * xs, 0.0), rtol=1e-12, atol=0):
            return MET if named == "x/p" else unmet(f"an entry that is kept comes out as {named}: it must be x/p")
    return unmet("in training there are entries that are neither 0 nor x/p")


def far_from(count, of, p):
    """Tell whether a share has a probability below 2·exp(−30), by Chernoff's bound, if each is kept with probability p."""
    share = count / of if of else p
    parts = ((share, p), (1 - share, 1 - p))
    return of * sum(a * np.log(a / b) for a, b in parts if a > 0) > 30


def these_are_the_share(masks, p):
    """Tell whether a share p is kept."""
    count, of = int(masks.sum()), masks.size
    if not far_from(count, of, p):
        return MET
    normal = 1 / (1 + np.exp(-1.702 * p))  # near enough to the normal distribution's integral
    known = {1 - p: "about 1 − p: p is the probability of keeping one", normal: "about that of normal numbers below p"}
    nearest = min(known, key=lambda share: abs(share - count / of))
    named = "not p" if far_from(count, of, nearest) else known[nearest]
    return unmet(f"the share of entries that are kept is {named}")


def these_are_drawn_apart(masks, p):
    """Tell whether each entry is dropped or kept for itself: of neighbours, in pairs, not more agree than chance has it."""
    if masks.all():
        return unmet("in training no entry is dropped")
    share = float(masks.mean())
    off = {}
    for axis in range(masks.ndim - 1):
        rows = np.moveaxis(masks, axis + 1, 0)
        pairs = rows[0 : len(rows) - 1 : 2] == rows[1::2]
        count, of = int(pairs.sum()), pairs.size
        if far_from(count, of, p**2 + (1 - p) ** 2) and (
            share in (0, 1) or far_from(count, of, share**2 + (1 - share) ** 2)
        ):
            off[axis] = count == of, abs(count / of - p**2 - (1 - p) ** 2)
    if not off:
        return MET
    # Draws that are few and shared leave other axes uneven by chance: where they are shared, all agree.
    axis = max(off, key=lambda axis: off[axis])
    return unmet(f"neighbours along axis {axis} are not dropped or kept each for itself")


def these_are_drawn(fresh, seeded, holes):
    """Tell whether masks are drawn anew without a seed, are the same with one, and hold no fixed number.

    ``holes``: which entries of out are not 0 for the first seed and an x with zeros, and which of this x.
    """
    calls = len(fresh)
    if (fresh[1:] == fresh[:-1]).reshape(calls - 1, -1).all(axis=1).any():
        return unmet("two calls without a seed drop the same entries")
    if not np.array_equal(seeded[0], seeded[1]):
        return unmet("with the same seed, 0, two calls drop different entries")
    if np.array_equal(seeded[0], seeded[2]):
        return unmet("two different seeds drop the same entries")
    if not np.array_equal(holes[0], seeded[0] & holes[1]):
        return unmet("with the same seed, 0, two different x of one shape get different masks")
    fixed = len(np.unique(fresh.reshape(calls, -1).sum(axis=1))) == 1
    return (
        unmet("twelve calls keep exactly the same number of entries: each entry is drawn for itself") if fixed else MET
    )


def these_do_nothing_at_test(still, fresh, x, p):
    """Tell whether nothing is done to x in test mode, and with p = 1, by a function that does something in training."""
    *test, whole = still
    if (fresh == x).all():
        return unmet("training and test mode do the same")
    if (still[:-1] == 0).any():
        return unmet("in test mode entries are dropped")
    for out in test:
        if not np.allclose(out, x, rtol=1e-12, atol=0):
            scaled = np.allclose(out, p * x, rtol=1e-12, atol=0)
            return unmet("in test mode out is p times x" if scaled else "in test mode out is not x")
    return MET if np.allclose(whole, x, rtol=1e-12, atol=0) else unmet("with p = 1 in training out is not x")


# -------------------------------------------------------------------------------------- gradients
def kept_entries(values, x, p, mode, mask):
    """Return which entries were kept, where that shows, which show it, and their scale; or a sentence if no dropout was done.

    Raises:
        Malformed: the forward pass returned no array.

    """
    if mask is not None:
        return mask != 0, np.ones(x.shape, dtype=bool), 1 / p
    if mode == "test" and len(values) == 1:
        return np.ones(x.shape, dtype=bool), np.ones(x.shape, dtype=bool), 1.0
    out, shows = values[0][0], x != 0
    if getattr(out, "shape", None) != x.shape:
        raise Malformed(f"dropout_forward must return an array of the shape of x, {x.shape}, as out")
    kept = (out != 0) & shows
    if not kept.any() or (mode == "train" and kept[shows].all()):
        return "your dropout_forward drops all entries, or none: there is no mask to go by"
    for scale in (1 / p, 1.0, p, 1 / (1 - p)):
        if np.allclose(out[shows], np.where(kept, scale * x, 0.0)[shows], rtol=1e-12, atol=0):
            return kept, shows if mode == "train" else np.ones(x.shape, dtype=bool), scale
    return "what your dropout_forward puts out is no dropout of x: there is no mask to go by"


def read_gradient_of_mask(*values, function, x, p, mode, dout, mask):
    """Read dx as what is found of it: dout times the mask of the forward pass, also where x is 0 and the mask does not show.

    Raises:
        Malformed: dx is no float64 array of the shape of x.

    """
    dx = values[-1]
    if getattr(dx, "shape", None) != x.shape or str(dx.dtype) != "float64":
        raise Malformed(f"{function} must return a float64 array of the shape of x, {x.shape}")
    found = kept_entries(values, x, p, mode, mask)
    if isinstance(found, str):
        return (unmet(found),)
    kept, shows, scale = found
    if mode == "test":
        same = np.allclose(dx, scale * dout, rtol=1e-12, atol=0)
        if same:
            return (MET,)
        for told, came in (("0", 0.0 * dout), ("p times dout", p * scale * dout)):
            if np.allclose(dx, came, rtol=1e-12, atol=0):
                return (unmet(f"in test mode out is x, and dx is {told}"),)
        return (unmet("in test mode out is x, and dx is not dout"),)
    if wrong := misplaced(dx[shows], dout[shows], kept[shows], scale):
        return (unmet(wrong),)
    hidden = dx[~shows]
    if not np.allclose(hidden, np.where(hidden != 0, scale * dout[~shows], 0.0), rtol=1e-12, atol=0):
        return (unmet("where x is 0, dx is neither 0 nor dout times the factor of those that were kept"),)
    count = int((hidden != 0).sum())
    if hidden.size and far_from(count, hidden.size, p) and far_from(count, hidden.size, 1 - p):
        return (unmet("an entry that is 0 may be kept like any other: where x is 0, not the share p of dx is kept"),)
    return (MET,)


def misplaced(dx, dout, kept, scale):
    """Say what is wrong of the entries of dx for which it is known whether they were kept, and by which factor; else nothing."""
    right = np.where(kept, dout, 0.0)
    for factor, said in (
        (scale, ""),
        (1.0, "where x was kept, dx is dout, without the factor by which x was kept"),
        (scale * scale, "where x was kept, dx has the factor by which x was kept twice"),
    ):
        if np.allclose(dx, factor * right, rtol=1e-12, atol=0):
            return said
    if np.array_equal(dx, dout):
        return "dx is dout: no entry was dropped"
    if np.allclose(dx, scale * kept, rtol=1e-12, atol=0):
        return "dx is the mask itself, whatever dout is"
    if np.array_equal(dx != 0, ~kept):
        return "dx is 0 just where the forward pass kept x"
    if np.array_equal(dx != 0, dout > 0):
        return "dx is 0 where dout is not positive, whatever the forward pass dropped"
    if np.allclose(dx, scale * dout, rtol=1e-12, atol=0):
        return "dx is dout times the factor by which x was kept, everywhere: no entry was dropped"
    if np.allclose(dx, np.where(dx != 0, scale * dout, 0.0), rtol=1e-12, atol=0):
        return "dx is dout times the factor by which x was kept, or 0, but not by the mask of the forward pass"
    if not np.array_equal(dx != 0, kept):
        return "dx is not 0 just where the forward pass dropped x"
    return "where x was kept, dx is not dout times the factor by which it was kept"
