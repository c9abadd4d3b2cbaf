"""Recipes that Hypothesis draws: once for a seed, the same for every exercise and every submission."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from grader.judging.cases.battery import BATTERY
from grader.judging.declare import EDITS, Recipe

if TYPE_CHECKING:
    from hypothesis import settings
    from hypothesis.strategies import SearchStrategy

__all__ = ["corpus", "draw", "leaving_nothing", "recipes", "seeded_settings"]


@contextmanager
def leaving_nothing() -> Iterator[None]:
    """Keep Hypothesis from writing ``.hypothesis/`` into the current folder: it gets a place where no folder can be made."""
    from hypothesis.configuration import set_hypothesis_home_dir

    set_hypothesis_home_dir(f"{__file__}/nowhere")
    try:
        yield
    finally:
        set_hypothesis_home_dir(None)


def recipes(styles: Sequence[str]) -> SearchStrategy[Recipe]:
    """Build the strategy by which Hypothesis draws recipes and shrinks them: towards small arrays of small integers, unedited.

    Everything is sampled from a list.
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
    """Return the recipes of a seed, at most ``count``: those kept in ``drawn.py``, else freshly drawn ones."""
    if count == 0:
        return ()
    from grader.judging.cases.drawn import RECIPES  # which students are not given

    return RECIPES.get((seed, count)) or draw(seed, count)


def seeded_settings(**more: Any) -> settings:
    """Return settings of a run of Hypothesis that depends on its seed and nothing else, and ends by its number of examples."""
    from hypothesis import HealthCheck, settings

    from grader.judging.cases.seeded import BACKEND

    return settings(database=None, deadline=None, suppress_health_check=list(HealthCheck), backend=BACKEND, **more)


def draw(seed: int, count: int) -> tuple[Recipe, ...]:
    """Draw recipes by Hypothesis from a seed, ``count`` at most, none twice."""
    if count == 0:
        return ()
    from hypothesis import Phase, given
    from hypothesis import seed as seeded

    drawn: list[Recipe] = []

    @seeded(seed)
    @seeded_settings(max_examples=count, phases=(Phase.generate,))
    @given(recipes(("integers", *(s for s in BATTERY if s != "odd"))))
    def collect(recipe: Recipe) -> None:
        drawn.append(recipe)

    with leaving_nothing():
        collect()
    return tuple(dict.fromkeys(drawn))
