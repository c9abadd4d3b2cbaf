"""The counterexample that a student is shown: the simplest input that shows the fault.

A few inputs of the simplest kind are tried first, and nearly always one of them shows it; else Hypothesis looks for one and shrinks
it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from grader.judging.declare.inputs import Recipe

__all__ = ["LADDER", "simplest"]

LADDER = 4
"""How many inputs of each regime are tried, all dimensions 2, before Hypothesis is asked: what it would shrink to, mostly."""


def simplest(
    fails: Callable[[Recipe], bool], styles: Sequence[str], *, seed: int, examples: int = 25, budget: int = 120
) -> Recipe | None:
    """The simplest recipe at which ``fails`` is true, or None when none was found.

    Args:
        fails: whether the student's answer is wrong at a recipe; called at most ``budget`` times, never twice for one recipe.
        styles: the regimes to draw from, simplest first.
        seed: same seed, same counterexample.
        examples: how many inputs are drawn before giving up.
        budget: how many calls in all, shrinking included: a count and not a time, so that the outcome is always the same.

    """
    seen: dict[Recipe, bool] = {}
    for recipe in (Recipe(style, (2,) * 5, number) for style in styles for number in range(LADDER)):
        seen[recipe] = fails(recipe)
        if seen[recipe]:
            return recipe
    return _searched(fails, styles, seen, seed=seed, examples=examples, budget=budget)


def _searched(
    fails: Callable[[Recipe], bool],
    styles: Sequence[str],
    seen: dict[Recipe, bool],
    *,
    seed: int,
    examples: int,
    budget: int,
) -> Recipe | None:
    """What Hypothesis finds, if the ladder ``seen`` showed nothing."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded
    from hypothesis.errors import Flaky

    from grader.judging.cases.case import recipes

    best: list[Recipe] = []

    class Found(Exception):  # noqa: N818 - a signal to Hypothesis, nothing is broken
        pass

    @seeded(seed)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(recipes(styles))
    def look(recipe: Recipe) -> None:
        if recipe not in seen:
            seen[recipe] = len(seen) < budget and fails(recipe)
        if seen[recipe]:
            best.append(recipe)
            raise Found

    try:
        look()
    except (Found, Flaky):
        # Hypothesis ends on its minimal example, so the last failure it saw is the simplest.
        return best[-1]
    return None
