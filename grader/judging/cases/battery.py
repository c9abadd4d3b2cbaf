"""The battery: the recipes by regime that every exercise is tried on, and those of the worked examples."""

from __future__ import annotations

from collections.abc import Mapping

from grader.judging.declare import LEFT_OUT, Recipe

__all__ = ["BATTERY", "EXAMPLES_BY_REGIME", "EXAMPLE_FAR_OUT", "EXAMPLE_OF_DEFAULTS", "EXAMPLE_RECIPES"]

SIZES: Mapping[str, tuple[tuple[int, ...], ...]] = {
    # In the order in which an exercise names its dimensions; all distinct, so that a transpose shows.
    "randn": ((4, 6, 3, 5, 2), (5, 4, 7, 3, 2), (3, 2, 5, 4, 6)),
    "odd": (
        (1, 4, 3, 2, 5),
        (1, 2, 6, 3, 4),
        (7, 6, 2, 4, 3),
        (20, 8, 2, 2, 2),  # more entries than a signed byte counts
    ),
    "large": ((4, 5, 3, 2, 6), (3, 6, 2, 5, 4), (1, 4, 3, 5, 2)),
    "small": ((4, 3, 5, 2, 6), (5, 6, 3, 4, 2), (2, 4, 3, 6, 5)),
    "offset": ((4, 3, 5, 2, 6), (3, 6, 4, 5, 2), (2, 4, 3, 6, 5)),
    "ties": ((2, 3, 4, 5, 6), (3, 2, 4, 5, 6), (1, 4, 2, 3, 5)),
}
FAR_OUT = ((0, 5, 1500.0), (0, 6, -1500.0))
"""As far out as prompts promise."""
EDITS: Mapping[tuple[str, int], tuple[tuple[int, int, float], ...]] = {
    # The first row loses its largest entry: it lies further below the others than exp reaches.
    ("large", 0): ((0, 1, 0.0), *FAR_OUT),
    ("large", 1): ((0, 0, -100.0), (0, 1, -101.0)),
}
BATTERY = {
    regime: tuple(Recipe(regime, sizes, seed, EDITS.get((regime, seed), ())) for seed, sizes in enumerate(rows))
    for regime, rows in SIZES.items()
}
BATTERY["randn"] += (Recipe("randn", (4, 3, 5, 2, 6), LEFT_OUT),)  # whatever is drawn, a default is asked for
DIGITS = 4
"""The significant digits of a worked example's arrays."""
EXAMPLE_RECIPES = (
    Recipe("integers", (2, 3, 4, 5, 6), 11, digits=DIGITS),
    Recipe("randn", (3, 4, 2, 5, 6), 12, digits=DIGITS),
    Recipe("randn", (1, 2, 3, 4, 5), 13, digits=DIGITS),
)
"""The recipes of the worked examples that students are given, whatever the exercise."""
EXAMPLES_BY_REGIME = {
    regime: Recipe(regime, (3, 4, 2, 5, 6), 14 + number, digits=DIGITS)
    for number, regime in enumerate(("odd", "large", "small", "offset", "ties"))
}
"""The recipes of further ones, of the regimes that an exercise promises."""
EXAMPLE_FAR_OUT = Recipe("large", (2, 3, 4, 5, 6), 15, FAR_OUT, DIGITS)
"""The recipe of one more, where the model answer is finite there."""
EXAMPLE_OF_DEFAULTS = Recipe("randn", (3, 4, 2, 5, 6), 12 + LEFT_OUT, digits=DIGITS)
"""The recipe of one more, where an argument may be left out."""
