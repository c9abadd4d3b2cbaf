"""Recipes as Hypothesis drew them for the default seed. Derived by `gradmark stubs`: not to be changed by hand."""

from __future__ import annotations

from grader.judging.declare import Recipe

__all__ = ["RECIPES"]

RECIPES: dict[tuple[int, int], tuple[Recipe, ...]] = {
    (0, 30): (
        Recipe("integers", (2, 2, 2, 2, 2), 0, ()),
        Recipe("ties", (5, 1, 3, 4, 1), 156, ((1, 14, -1000.0), (1, 18, 1000.0))),
        Recipe("randn", (6, 6, 5, 6, 3), 145, ()),
        Recipe("offset", (1, 2, 1, 4, 6), 193, ((3, 6, -1000.0), (0, 17, 1.0))),
        Recipe("offset", (5, 2, 1, 6, 3), 65, ()),
        Recipe("randn", (4, 3, 6, 5, 1), 16, ((2, 22, 0.0), (2, 13, -1000.0))),
        Recipe("small", (6, 4, 4, 1, 4), 76, ((1, 4, 0.0), (2, 11, 0.0))),
        Recipe("offset", (6, 6, 6, 6, 6), 108, ((2, 6, -1000.0),)),
        Recipe("ties", (4, 6, 4, 1, 4), 199, ()),
        Recipe("offset", (2, 4, 1, 4, 6), 48, ()),
        Recipe("integers", (3, 5, 3, 5, 2), 29, ()),
        Recipe("integers", (4, 6, 4, 5, 2), 126, ((2, 9, 1.0),)),
        Recipe("integers", (2, 6, 3, 2, 3), 160, ()),
        Recipe("integers", (1, 2, 3, 3, 4), 70, ((2, 0, 0.0),)),
        Recipe("randn", (1, 5, 6, 6, 3), 134, ()),
        Recipe("integers", (5, 6, 1, 3, 4), 88, ((1, 9, 1e-08), (1, 8, -1000.0))),
        Recipe("randn", (4, 2, 5, 1, 2), 56, ((3, 8, 1.0), (3, 15, 1000.0))),
        Recipe("offset", (1, 1, 4, 2, 3), 66, ((2, 9, -1000.0), (1, 9, 1000.0))),
        Recipe("large", (4, 2, 1, 3, 2), 105, ((2, 18, -1000.0), (1, 11, -1000.0))),
        Recipe("ties", (5, 3, 6, 4, 2), 145, ()),
        Recipe("large", (5, 3, 3, 5, 2), 164, ((0, 2, 1000.0),)),
        Recipe("randn", (6, 2, 6, 1, 2), 54, ((3, 20, 0.0), (2, 8, -1000.0))),
        Recipe("randn", (2, 2, 5, 4, 6), 187, ()),
        Recipe("integers", (5, 5, 4, 5, 6), 128, ((2, 4, 1e-08), (0, 8, 1000.0))),
        Recipe("offset", (1, 4, 2, 2, 6), 57, ((2, 7, 1e-08), (0, 4, 1e-08))),
        Recipe("integers", (1, 3, 1, 2, 6), 94, ()),
        Recipe("ties", (1, 1, 5, 1, 3), 146, ()),
        Recipe("ties", (4, 1, 6, 4, 2), 16, ()),
        Recipe("integers", (2, 1, 4, 1, 1), 116, ()),
        Recipe("large", (1, 6, 3, 5, 1), 71, ((3, 16, -1000.0), (2, 2, 1.0))),
    ),
}
