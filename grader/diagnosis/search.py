"""The search for the simplest input that shows a fault.

A few inputs of the simplest kind are tried first, and nearly always one of them shows it; else Hypothesis looks for one and shrinks
it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from grader.judging import Recipe, leaving_nothing, recipes, seeded_settings

__all__ = ["LADDER", "simplest"]

Fails = Callable[[Sequence[Recipe]], Iterable[bool]]
LADDER = 4
"""Inputs of each regime, all dimensions 2, that are tried before Hypothesis is asked: it would shrink to them, mostly."""


def simplest(fails: Fails, styles: Sequence[str], *, seed: int, examples: int = 25, budget: int = 120) -> Recipe | None:
    """Return the simplest recipe at which ``fails`` is true, or None when none was found.

    Args:
        fails: tells of some recipes at which the student's answer is wrong, each when it is asked for; asked of at most
            ``budget`` recipes, never twice of one.
        styles: the regimes to draw from, simplest first.
        seed: same seed, same counterexample.
        examples: how many inputs are drawn before giving up.
        budget: how many calls in all, shrinking included: a count and not a time, so that the outcome is always the same.

    """
    seen: dict[Recipe, bool] = {}
    ladder = [Recipe(style, (2,) * 5, number) for style in styles for number in range(LADDER)]
    for group in (ladder[:1], ladder[1:]):  # the first alone: it shows nearly every fault
        for recipe, failed in zip(group, fails(group), strict=True):
            seen[recipe] = failed
            if failed:
                return recipe
    return _searched(fails, styles, seen, seed=seed, examples=examples, budget=budget)


def _searched(
    fails: Fails,
    styles: Sequence[str],
    seen: dict[Recipe, bool],
    *,
    seed: int,
    examples: int,
    budget: int,
) -> Recipe | None:
    """Let Hypothesis search, where the ladder ``seen`` showed nothing."""
    from hypothesis import Phase, given
    from hypothesis import seed as seeded
    from hypothesis.errors import Flaky

    best: list[Recipe] = []

    class Found(Exception):  # noqa: N818 - a signal to Hypothesis, nothing is broken
        pass

    @seeded(seed)
    @seeded_settings(max_examples=examples, phases=(Phase.generate, Phase.shrink), report_multiple_bugs=False)
    @given(recipes(styles))
    def look(recipe: Recipe) -> None:
        if recipe not in seen:
            seen[recipe] = len(seen) < budget and next(iter(fails([recipe])))
        if seen[recipe]:
            best.append(recipe)
            raise Found

    try:
        with leaving_nothing():
            look()
    except (Found, Flaky):
        # Hypothesis ends on its minimal example, so the last failure it saw is the simplest.
        return best[-1]
    return None
