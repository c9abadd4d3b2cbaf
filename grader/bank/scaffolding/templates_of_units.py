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
TEST = '''"""Unit `$unit`: what is to be taught has its exercise. The exam of every unit is in ``test_units.py``."""

from __future__ import annotations

import pytest

from grader.bank import catalogue

COVERS = {"FILL IN: what is to be taught": "$unit.$name"}


@pytest.mark.parametrize("line", COVERS)
def test_what_is_to_be_taught_has_its_exercise(line: str) -> None:
    assert catalogue().exercise(COVERS[line]).points > 0
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
