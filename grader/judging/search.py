"""The counterexample that a student is shown: Hypothesis looks for the simplest input that shows the fault."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from grader.judging.inputs import Recipe

__all__ = ["simplest"]


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
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded
    from hypothesis.errors import Flaky

    from grader.judging.cases import recipes

    seen: dict[Recipe, bool] = {}
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
