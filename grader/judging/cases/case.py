"""The cases of an exercise: the battery, and what Hypothesis draws, each with its expected value.

Cases are made once for a seed and replayed to every submission: a property test at the price of a table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.errors import BankError
from grader.judging.asking.answers import Call
from grader.judging.cases.drawn import RECIPES
from grader.judging.declare.drives import Steps, outputs_of
from grader.judging.declare.exercise import Exercise, model
from grader.judging.declare.inputs import EDITS, Recipe, realise
from grader.judging.numerics import kinks
from grader.judging.numerics.compare import Expected
from grader.judging.numerics.rounding import Shadow, bound_of, shadowed, value_of

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["BATTERY", "Case", "LocalAsk", "corpus", "draw", "expected_of", "make_case", "recipes", "run_locally"]

SIZES: Mapping[str, tuple[tuple[int, ...], ...]] = {
    # In the order in which an exercise names its dimensions; all distinct, so that a transpose shows.
    "randn": ((4, 6, 3, 5, 2), (5, 4, 7, 3, 2), (3, 2, 5, 4, 6)),
    "odd": ((1, 4, 3, 2, 5), (1, 2, 6, 3, 4), (7, 6, 2, 4, 3)),
    "large": ((4, 5, 3, 2, 6), (3, 6, 2, 5, 4), (1, 4, 3, 5, 2)),
    "small": ((4, 3, 5, 2, 6), (5, 6, 3, 4, 2), (2, 4, 3, 6, 5)),
    "offset": ((4, 3, 5, 2, 6), (3, 6, 4, 5, 2), (2, 4, 3, 6, 5)),
    "ties": ((2, 3, 4, 5, 6), (3, 2, 4, 5, 6), (1, 4, 2, 3, 5)),
}
BATTERY = {
    regime: tuple(Recipe(regime, sizes, seed) for seed, sizes in enumerate(rows)) for regime, rows in SIZES.items()
}


class LocalAsk:
    """Asks plain Python functions: the model answers, a declared mistake, a second right answer."""

    def __init__(self, exercise: Exercise, functions: Mapping[str, Callable[..., Any]] | None = None) -> None:
        self.own, self.pair, self.outputs = exercise.function, exercise.pair, exercise.outputs
        self._unit, self._functions = exercise.unit, dict(functions or {})

    def __call__(
        self,
        function: str,
        *args: Any,
        keep: tuple[int, ...] = (),  # noqa: ARG002 - here everything stays on one side
        adapter: Callable[..., Any] | None = None,
        after: Sequence[Any] | None = None,
    ) -> Any:
        """Call a function of the unit on copies of the arguments."""
        if after is not None:
            assert self.pair is not None
            args = (*args, outputs_of(self(self.pair, *after), 2, self.pair, ("out", "cache"))[1])
        f = self._functions.get(function) or model(f"{self._unit}.{function}")
        args = tuple(copied(a) for a in args)
        return f(*args) if adapter is None else adapter(f, *args)


def copied(tree: Any) -> Any:
    """Arrays copied, containers rebuilt; anything else (a cache's objects) as it is."""
    if isinstance(tree, (np.ndarray, Shadow)):
        return tree.copy()
    if isinstance(tree, dict):
        return {k: copied(v) for k, v in tree.items()}
    return type(tree)(copied(v) for v in tree) if type(tree) in (list, tuple) else tree


def run_locally(
    exercise: Exercise, inputs: Mapping[str, Any], answer: Callable[..., Any] | None = None, documented: Any = None
) -> tuple[Any, ...]:
    """The outputs of the model answer, or of ``answer`` in its place, as arrays (steps stacked).

    With ``documented``, that is the cache of the paired forward pass, which is then not run.
    """
    functions = {} if answer is None else {exercise.function: answer}
    if documented is not None and exercise.pair is not None:
        functions[exercise.pair] = lambda *_: (None, documented)
    ask = LocalAsk(exercise, functions)
    with np.errstate(all="ignore"):
        outputs = exercise.drive(ask, inputs)
        return tuple(np.stack(out) if isinstance(out, Steps) else out for out in outputs)


def expected_of(exercise: Exercise, inputs: Mapping[str, Any]) -> tuple[Expected, ...]:
    """What is right at these inputs, with rounding bounds."""
    values = run_locally(exercise, inputs)
    if not any(isinstance(v, (np.ndarray, np.generic)) or type(v) is float for v in values):
        return tuple(Expected(v) for v in values)
    if exercise.tolerance is not None:
        return tuple(Expected(float(v) if isinstance(v, np.generic) else v) for v in values)
    bounds = [bound_of(s) for s in run_locally(exercise, shadowed(dict(inputs)))]
    slack = 0.0 if exercise.slack is None else exercise.slack(inputs)
    return tuple(
        Expected(np.asarray(value_of(v), dtype=np.float64), np.broadcast_to(b + slack, np.shape(v)).copy())
        for v, b in zip(values, bounds, strict=True)
    )


@dataclass(frozen=True)
class Case:
    """One input with its right answers. ``expected`` is None where the model answer is not installed."""

    exercise: Exercise = field(repr=False)
    recipe: Recipe
    inputs: Mapping[str, Any] = field(repr=False)
    expected: tuple[Expected, ...] | None = field(repr=False)
    documented: Any = field(default=None, repr=False)
    """The cache that the stub documents, for a backward pass."""
    asked: dict[bool, Call] = field(default_factory=dict, compare=False, repr=False)
    """The one call that it takes, without and with that cache: the same for every submission."""

    @property
    def regime(self) -> str:
        """The style of its recipe."""
        return self.recipe.style

    @cached_property
    def kinks(self) -> list[kinks.Block]:
        """Where the outputs, flattened one after the other, jump nearby: empty where the input is smooth."""
        wrt = tuple(k for k, v in self.inputs.items() if k != "dout" and isinstance(v, np.ndarray) and v.dtype == float)

        def gradient(inputs: Mapping[str, Any]) -> np.ndarray[Any, Any]:
            return np.concatenate([np.ravel(v) for v in run_locally(self.exercise, inputs)])

        return kinks.blocks(gradient, self.inputs, wrt)


def make_case(exercise: Exercise, recipe: Recipe) -> Case | None:
    """The case of a recipe; None where the right answer itself is not finite or does not exist there."""
    inputs = realise(exercise.inputs, recipe)
    try:
        expected = expected_of(exercise, inputs)
    except (np.linalg.LinAlgError, BankError):
        return None
    if not all(np.isfinite(e.value).all() for e in expected if isinstance(e.value, np.ndarray)):
        return None
    documented = None
    if exercise.pair is not None:
        forward = model(f"{exercise.unit}.{exercise.pair}")
        with np.errstate(all="ignore"):
            documented = forward(*(copied(v) for k, v in inputs.items() if k != "dout"))[1]
    return Case(exercise, recipe, inputs, expected, documented)


def recipes(styles: Sequence[str]) -> SearchStrategy[Recipe]:
    """Recipes as Hypothesis draws and shrinks them: towards small arrays of small integers, unedited.

    Everything is sampled from a list: Hypothesis mixes constants of imported modules into wider strategies,
    and cases must depend on the seed alone.
    """
    from hypothesis import strategies as st

    sizes = st.tuples(*[st.sampled_from((2, 3, 1, 4, 5, 6))] * 5)
    edit = st.tuples(st.sampled_from(range(4)), st.sampled_from(range(24)), st.sampled_from(EDITS))
    return st.builds(
        Recipe,
        style=st.sampled_from(tuple(styles)),
        sizes=sizes,
        seed=st.sampled_from(range(200)),
        edits=st.lists(edit, max_size=2).map(tuple),
    )


@lru_cache(maxsize=8)
def corpus(seed: int, count: int) -> tuple[Recipe, ...]:
    """Recipes drawn once for a seed, the same for every exercise and every submission."""
    return RECIPES.get((seed, count)) or draw(seed, count)


def draw(seed: int, count: int) -> tuple[Recipe, ...]:
    """Recipes as Hypothesis draws them from a seed, ``count`` at most, none twice."""
    if count == 0:
        return ()
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded

    drawn: list[Recipe] = []

    @seeded(seed)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(recipes(("integers", *(s for s in BATTERY if s != "odd"))))
    def collect(recipe: Recipe) -> None:
        drawn.append(recipe)

    collect()
    return tuple(dict.fromkeys(drawn))
