"""The texts of a new unit's files: model answers, package, notebook, tests; its first exercise is added to them."""

from __future__ import annotations

__all__ = ["NOTEBOOK", "PRIVATE_TEST", "REFERENCE", "TEST", "UNIT"]

REFERENCE = '''"""FILL IN: what the unit $unit is about, in the words that its students read.

FILL IN: what holds for all its functions: which axis is the batch, which types come in.
"""

from __future__ import annotations
'''
UNIT = '''"""Unit {number:02d}, {unit}."""

from __future__ import annotations

{imports}

__all__ = ["UNIT"]

UNIT = Unit.of_modules("{unit}", {number}, "{title}", ({name},))
'''
NOTEBOOK = """\
---
jupytext:
  formats: ipynb,md:myst
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# {number:02d} {title}

FILL IN: what you will be able to do at the end.

**How to work.** Write your functions in `exercises/{unit}.py`, save the file, and run the check below the
exercise again: the notebook notices the change.

```{{code-cell}} ipython3
from grader.student.notebook import *
from exercises.{unit} import *
```

## Handing in

Hand in this notebook together with `exercises/{unit}.py`.
"""
TEST = '''"""Unit `$unit`: answers pass, stubs are not attempted, mistakes are caught and named."""

from __future__ import annotations

import exam

from grader.bank import catalogue
from grader.judging import Exercise, Mistake

UNIT = "$unit"


@exam.exercises(UNIT)
def test_the_model_answer_passes(exercise: Exercise) -> None:
    exam.assert_model_passes(exercise)


@exam.exercises(UNIT)
def test_the_stub_is_not_attempted(exercise: Exercise) -> None:
    exam.assert_stub_is_not_attempted(exercise)


@exam.mistakes(UNIT)
def test_a_mistake_is_caught_and_named(exercise: Exercise, mistake: Mistake) -> None:
    exam.assert_mistake_is_named(exercise, mistake)


def test_every_exercise_declares_three_mistakes() -> None:
    few = [e.name for e in catalogue().unit(UNIT).exercises if len({m.name for m in e.mistakes}) < 3]
    assert few == []
'''
PRIVATE_TEST = '''"""Unit `$unit`: its declarations can be right, and nothing is left to be filled in."""

from __future__ import annotations

from pathlib import Path

from grader.bank import catalogue, refusals, unfinished

UNIT = catalogue((Path(__file__).parents[1],)).unit("$unit")


def test_its_declarations_can_be_right() -> None:
    assert refusals(UNIT) == []


def test_nothing_is_left_to_be_filled_in() -> None:
    assert unfinished(UNIT) == []
'''
