"""The inputs of an exercise: recipes for their sizes and extremes, and specifications of arrays, labels and numbers.

The regimes of the battery and the cases that Hypothesis draws are both recipes, so :func:`realise` makes every input
of every case, and a counterexample shrinks by making its recipe simpler.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

__all__ = [
    "LEFT_OUT",
    "OMITTED",
    "Input",
    "Making",
    "Recipe",
    "among",
    "array",
    "constant",
    "drawn",
    "folded",
    "labels",
    "optional",
    "realise",
    "scalar",
    "upstream",
]

Array = NDArray[np.float64]
OMITTED = "omitted"
"""Stands for an argument that a call leaves out: its default is asked for, or a mutable one exposed."""
LEFT_OUT = 9
"""Recipes whose seed is this modulo 12 leave optional arguments out; one of the worked examples does."""
ANY = ("...",)
"""The dimensions of an array whose shape is promised to be any."""
SHAPES = (("N", "D"), ("N",), ("N", "D", "3"), ("N", "D", "2", "3"))
"""The dimensions that such an array has, by the recipe's seed."""
LABELS = tuple(np.dtype(kind) for kind in ("i8", "i4", "u8", "i1", "i2", "u4", "u1", "u2"))
"""The dtypes of class labels, by the recipe's seed: signed and unsigned."""
UPSTREAM = {1: 64.0, 2: 1 / 64}
"""Scales of the upstream gradient, by the recipe's seed modulo 7: it is not of ordinary size only."""
WIDE = 8.0
"""The scale of regime ``odd``: wide enough for what is cut or bent at 5, 10 or 20, and not for an exponential to overflow."""
EDITS = (0.0, 1.0, 1e-8, 1000.0, -1000.0)


@dataclass(frozen=True)
class Recipe:
    """The instructions for making the inputs of one case.

    ``style`` is a regime of the battery or ``integers``. ``sizes`` are the lengths that the exercise's
    dimensions take, in the order of their first use. ``edits`` overwrite entries of regime arrays: (number
    of the array, number of the entry, value), both numbers modulo the count. With ``digits`` the entries of float arrays
    have so many significant digits: a person can type them in.
    """

    style: str
    sizes: tuple[int, ...]
    seed: int
    edits: tuple[tuple[int, int, float], ...] = ()
    digits: int | None = None


@dataclass
class Making:
    """The state of making one case's inputs: its recipe, its random numbers, and the dimensions given so far."""

    recipe: Recipe
    rng: Generator
    dims: dict[str, int]

    def size(self, name: str) -> int:
        """Return the length of a dimension: a new name takes the next size of the recipe, a name of digits is a length."""
        if name.isdigit():
            return int(name)
        if name not in self.dims:
            sizes = self.recipe.sizes
            self.dims[name] = sizes[len(self.dims) % len(sizes)]
        return self.dims[name]

    def shape(self, dims: tuple[str, ...]) -> tuple[int, ...]:
        """Return the shape of these dimensions; of ``ANY`` one of 1 to 4 dimensions, the same for all inputs of a case."""
        if dims == ANY:
            dims = SHAPES[self.recipe.seed % len(SHAPES)]
        return tuple(self.size(name) for name in dims)


class Input(Protocol):
    """The specification of one input of an exercise."""

    def draw(self, making: Making) -> Any:
        """Draw the input for one case."""
        ...


@dataclass(frozen=True)
class _Drawn:
    make: Callable[[Making], Any]

    def draw(self, making: Making) -> Any:
        return self.make(making)


def drawn(make: Callable[[Making], Any]) -> Input:
    """Specify an input that ``make`` draws from ``making`` (``rng``, ``size("N")``, ``recipe.style``)."""
    return _Drawn(make)


@dataclass(frozen=True)
class _Array:
    dims: tuple[str, ...]
    positive: bool = False
    lengths: Callable[[Making], Mapping[str, int]] | None = None

    def draw(self, making: Making) -> Array:
        if self.lengths is not None:
            making.dims |= self.lengths(making)
        shape = making.shape(self.dims)
        x = styled(making.recipe.style, making.rng, shape)
        return np.abs(x) if self.positive else x


def array(*dims: str, positive: bool = False, lengths: Callable[[Making], Mapping[str, int]] | None = None) -> Input:
    """Specify a float64 array in the recipe's style (``positive``: its |x|); equal names of dimensions, equal lengths.

    ``array("...")`` is of any one shape, which the other inputs of ``...`` share. ``lengths`` gives lengths that depend on each
    other, as those of an image and of the windows in it do: of dimensions by name, for this input and all that follow.
    """
    return _Array(dims, positive, lengths)


def styled(style: str, rng: Generator, shape: tuple[int, ...]) -> Array:
    """Draw entries of one regime, in this shape.

    ``large`` spreads over 1,500 within a row, so that a naive exp overflows and underflows.

    Raises:
        ValueError: there is no such regime.

    """
    x = rng.standard_normal(shape)
    match style:
        case "randn":
            return x
        case "odd":
            return WIDE * x
        case "small":
            return 1e-3 * x
        case "offset":
            return 100.0 + x
        case "large":
            return _spread(x, rng)
        case "ties" | "integers":
            return np.asarray(rng.integers(-2, 3, shape), dtype=np.float64)
        case _:
            raise ValueError(f"no regime is called {style!r}")


def _spread(x: Array, rng: Generator) -> Array:
    x = np.asarray(300.0 * x)
    if x.ndim and x.shape[-1] > 1:
        rows = x.reshape(-1, x.shape[-1])
        for row in rows:
            low, high = rng.permutation(x.shape[-1])[:2]
            row[low], row[high] = -700.0, 800.0
    elif x.size:
        x.flat[0] = math.copysign(1000.0, x.flat[0])
    return x


@dataclass(frozen=True)
class _Upstream:
    dims: tuple[str, ...]

    def draw(self, making: Making) -> Array:
        shape = making.shape(self.dims)
        if making.recipe.style in ("ties", "integers"):
            whole = np.asarray(making.rng.integers(1, 4, shape) * making.rng.choice((-1.0, 1.0), shape))
            return 2 * whole if (whole == 1).all() else whole
        x = UPSTREAM.get(making.recipe.seed % 7, 1.0) * making.rng.standard_normal(shape)
        return 1e-3 * x if making.recipe.style == "small" else x


def upstream(*dims: str) -> Input:
    """Specify the upstream gradient: of ordinary, large and small size in turn, whatever the other inputs; never all ones."""
    return _Upstream(dims)


@dataclass(frozen=True)
class _Folded:
    rows: str
    features: str

    def draw(self, making: Making) -> Array:
        n, d = making.size(self.rows), making.size(self.features)
        x = styled(making.recipe.style, making.rng, (n, d))
        factor = next((k for k in (2, 3) if d % k == 0 and d > k), 1)
        match making.recipe.seed % 4:
            case 1 if factor > 1:
                return x.reshape(n, factor, d // factor)
            case 3 if factor > 1:
                return x.reshape(n, factor, 1, d // factor)
            case _:
                return x


def folded(rows: str, features: str) -> Input:
    """Specify (N, D), (N, k, D/k) or (N, k, 1, D/k) by the seed, for layers that flatten, if k = 2 or 3 divides D and is less."""
    return _Folded(rows, features)


def labels(rows: str, classes: str) -> Input:
    """Specify integer class labels (N,) below the number of classes, in all integer dtypes in turn."""

    def make(making: Making) -> Any:
        kind = LABELS[making.recipe.seed % len(LABELS)]
        return making.rng.integers(0, making.size(classes), making.size(rows)).astype(kind)

    return _Drawn(make)


def scalar(low: float, high: float, integer: bool = False) -> Input:
    """Specify a Python float in [low, high], rounded to three decimals, or an int in [low, high]."""

    def make(making: Making) -> Any:
        if integer:
            return int(making.rng.integers(int(low), int(high) + 1))
        return round(float(making.rng.uniform(low, high)), 3)

    return _Drawn(make)


def optional(spec: Input) -> Input:
    """Specify an argument that has a default: some cases leave it out. Only such ones may follow it."""
    return _Drawn(lambda making: OMITTED if making.recipe.seed % 12 == LEFT_OUT else spec.draw(making))


def constant(value: Any) -> Input:
    """Specify an input that always has the same value."""
    return _Drawn(lambda _: value)


@dataclass(frozen=True)
class _Among:
    spec: Input
    values: tuple[Any, ...]
    hidden: int

    def draw(self, making: Making) -> Any:
        recipe = making.recipe
        known = self.values[: len(self.values) - self.hidden] if recipe.digits is not None else self.values
        if known and recipe.seed % 3 == 1 and not recipe.edits:
            return copy.deepcopy(known[recipe.seed // 3 % len(known)])
        drawn = self.spec.draw(making)
        short = recipe.digits is not None and isinstance(self.spec, (_Array, _Folded, _Upstream))
        return _short(drawn, recipe.digits) if short and recipe.digits is not None else drawn


def among(spec: Input, *values: Any, hidden: int = 0) -> Input:
    """Specify an input that has, in every third case, one of some values, of which all inputs have as many.

    Else ``spec`` draws it. All inputs of a case take theirs from one place, so that they fit. The last ``hidden`` values are in
    no worked example.
    """
    return _Among(spec, values, hidden)


def _short(x: Array, digits: int) -> Array:
    return np.array([float(f"{entry:.{digits}g}") for entry in x.ravel()]).reshape(x.shape)


def realise(inputs: Mapping[str, Input], recipe: Recipe) -> dict[str, Any]:
    """Make the inputs of one case, by name; the same recipe gives the same inputs."""
    making = Making(recipe, np.random.default_rng((recipe.seed, sum(recipe.style.encode()))), {})
    made = {name: spec.draw(making) for name, spec in inputs.items()}
    if recipe.digits is not None:
        short = (name for name, spec in inputs.items() if isinstance(spec, (_Array, _Folded, _Upstream)))
        made |= {name: _short(made[name], recipe.digits) for name in short}
    plain = {name: spec.spec if isinstance(spec, _Among) else spec for name, spec in inputs.items()}
    editable = [made[name] for name, spec in plain.items() if isinstance(spec, (_Array, _Folded)) and made[name].size]
    for which, entry, value in recipe.edits:
        if editable:
            target = editable[which % len(editable)]
            target.flat[entry % target.size] = value
    return made
