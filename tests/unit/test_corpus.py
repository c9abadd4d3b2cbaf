"""The drawn cases that are kept are those that would be drawn."""

from __future__ import annotations

import subprocess
import sys

import pytest

from grader.bank import corpus as kept
from grader.judging.cases import corpus, draw
from grader.judging.cases.drawn import RECIPES


def test_what_is_kept_is_what_hypothesis_draws() -> None:
    assert kept.stale() == [], "run `gradmark stubs`"
    assert list(RECIPES) == [kept.SEED_AND_COUNT]
    assert corpus(*kept.SEED_AND_COUNT) == draw(*kept.SEED_AND_COUNT)


def test_another_seed_is_drawn_anew() -> None:
    assert corpus(1, 30) == draw(1, 30)
    assert set(corpus(1, 30)) != set(corpus(0, 30))
    assert len(corpus(0, 20)) == 20
    assert corpus(3, 0) == ()


def test_the_default_cases_need_no_hypothesis() -> None:
    code = "import sys; from grader.judging.cases import corpus; corpus(0, 30); print('hypothesis' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"


DRAWN_IN = """
import {modules}
from grader.diagnosis.search import simplest
from grader.judging import draw

def fails(recipes):
    return [recipe.style == "randn" and recipe.sizes[0] >= 4 and recipe.seed % 3 == 1 for recipe in recipes]

print(draw(5, 50), [simplest(fails, ("integers", "randn"), seed=seed) for seed in range(5)])
"""


@pytest.mark.slow
def test_what_is_drawn_depends_on_the_seed_and_not_on_the_modules_that_are_there() -> None:
    """Hypothesis would mix in constants of their sources."""
    few, many = (
        subprocess.run([sys.executable, "-c", DRAWN_IN.format(modules=m)], capture_output=True, text=True, check=True)
        for m in ("sys", "grader.grading, grader.bank.units, reference.nn, reference.layers")
    )
    assert few.stdout == many.stdout
    assert "Recipe(style='randn', sizes=(4, 2, 2, 2, 2), seed=1, edits=(), digits=None)" in few.stdout
