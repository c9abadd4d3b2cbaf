"""The kept cases that Hypothesis drew for the default seed, so that no run has to draw them again.

They are committed as ``grader/judging/cases/drawn.py``: the same cases for everybody, whatever version of Hypothesis is installed.
The cases of another seed, or another number of cases, are drawn when they are needed.
"""

from __future__ import annotations

from pathlib import Path

from grader.judging import Bench, draw

__all__ = ["SEED_AND_COUNT", "derive", "stale", "write"]

SEED_AND_COUNT = (0, Bench.DRAWN)
"""The seed and the number of the kept cases: the defaults of ``gradmark grade``."""
FILE = Path(__file__).parents[1] / "judging" / "cases" / "drawn.py"
HEAD = '''"""Recipes as Hypothesis drew them for the default seed. Derived by `gradmark stubs`: not to be changed by hand."""

from __future__ import annotations

from grader.judging.declare import Recipe

__all__ = ["RECIPES"]

RECIPES: dict[tuple[int, int], tuple[Recipe, ...]] = {
'''


def derive() -> str:
    """Derive the text of ``drawn.py``."""
    rows = "".join(
        f"        Recipe({r.style!r}, {r.sizes!r}, {r.seed!r}, {r.edits!r}),\n" for r in draw(*SEED_AND_COUNT)
    ).replace("'", '"')
    return f"{HEAD}    {SEED_AND_COUNT!r}: (\n{rows}    ),\n}}\n"


def write() -> list[Path]:
    """Write ``drawn.py`` if it is not up to date; return the paths of changed files."""
    changed = stale()
    for path in changed:
        path.write_text(derive(), encoding="utf-8")
    return changed


def stale() -> list[Path]:
    """Return the path of ``drawn.py``, in a list, if it is not up to date; else an empty list."""
    return [] if FILE.exists() and FILE.read_text(encoding="utf-8") == derive() else [FILE]
