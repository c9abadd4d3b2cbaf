"""Shared by the exercises of this unit: states and weights of ordinary size, gates, and how large gradients may be."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.judging import Axes, Blocks, array, drawn

__all__ = [
    "LSTM",
    "STEPS",
    "X",
    "blocks",
    "ended",
    "logistic",
    "placed",
    "short",
    "started",
    "states",
    "weights",
]

X = array("N", "D")
STEPS = array("N", "T", "D")


def short(m: Any, x: Any) -> Any:
    """Return numbers that a person can type in, where the recipe asks for such."""
    if m.recipe.digits is None:
        return x
    return np.array([float(f"{entry:.{m.recipe.digits}g}") for entry in x.ravel()]).reshape(x.shape)


def _ordinary(m: Any, shape: tuple[int, ...], scale: float) -> Any:
    """Draw entries of ordinary size in any regime, so that units do not all saturate: what is wide are the inputs."""
    if m.recipe.style in ("ties", "integers"):
        return m.rng.integers(-2, 3, shape) / 2
    if m.recipe.style == "small":
        scale *= 0.1
    return short(m, scale * m.rng.standard_normal(shape))


def weights(rows: str, columns: str, count: int = 1) -> Any:
    """Specify a matrix (rows, count · columns) that leaves the size of what it is applied to as it is."""
    return drawn(lambda m: _ordinary(m, (m.size(rows), count * m.size(columns)), m.size(rows) ** -0.5))


def states(*dims: str, count: int = 1, scale: float = 0.7) -> Any:
    """Specify an array of ordinary size, its last axis ``count`` blocks of the last dimension: a state, or a bias."""
    return drawn(lambda m: _ordinary(m, (*(m.size(d) for d in dims[:-1]), count * m.size(dims[-1])), scale))


# -------------------------------------------------------------------------------------- places
LSTM = Blocks("gate", ("input", "forget", "output", "candidate"))


def placed(*outputs: str, last: str | Blocks = "unit") -> dict[str, Axes]:
    """Name the axes of outputs by what they are gradients of; ``last`` is what the columns of weights are made of."""
    before = "unit before" if last == "unit" else "unit"
    axes: dict[str, Axes] = {
        "next_h": ("example", "unit"),
        "next_c": ("example", "unit"),
        "h": ("example", "step", "unit"),
        "dprev_h": ("example", "unit"),
        "dprev_c": ("example", "unit"),
        "dh0": ("example", "unit"),
        "dWx": ("feature", last),
        "dWh": (before, last),
        "dp": (Blocks("gate", LSTM.names[:3]), "unit"),
        "db": (last,),
    }
    in_steps = "dh0" in outputs
    return {name: axes[name] for name in outputs if name in axes} | (
        {"dx": ("example", "step", "feature") if in_steps else ("example", "feature")} if "dx" in outputs else {}
    )


# --------------------------------------------------------------------------------------- gates
def logistic(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1 + e)


def blocks(a, count):
    """Return equal blocks of columns."""
    return np.split(a, count, axis=-1)


# -------------------------------------------------------------------------------------- slack
def started(inputs):
    """Return the size of states where no gate saturates: formulas of σ part in its tails."""
    return max(1.0, *(float(np.abs(inputs[name]).max()) for name in ("prev_h", "prev_c", "h0") if name in inputs))


def ended(inputs):
    """Return the size of gradients where no unit saturates: 1 − h² and 1/cosh², σ(1 − σ) and σ(z)σ(−z) part in the tails."""
    above = sum(float(np.abs(inputs[name]).sum()) for name in ("dh", "dnext_h", "dnext_c") if name in inputs)
    return above * max(1.0, *(float(np.abs(inputs[name]).max()) for name in ("x", "Wx", "Wh")))
