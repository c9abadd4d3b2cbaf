"""Private banks for tests, written into a folder of their own. For every tier."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

__all__ = ["ANSWERS", "DECLARATIONS", "written"]

ANSWERS = '''
"""Unit 20, a quiz."""

import numpy as np


def cube_forward(x):
    """The cube of x.

    x (N, D); out (N, D), cache = x.
    """
    ### BEGIN SOLUTION
    out = x**3
    ### END SOLUTION
    cache = x
    return out, cache


def cube_backward(dout, cache):
    """Gradient of the cube: dx = ∂L/∂x.

    dout (N, D), cache = x; dx (N, D).
    """
    ### BEGIN SOLUTION
    return 3 * cache**2 * dout
    ### END SOLUTION
'''
DECLARATIONS = """
import numpy as np

from grader.bank.forms import backward_pass, forward_pass, plain
from grader.judging import Unit, array

X = {"x": array("N", "D")}
cube_forward = forward_pass("quiz.cube_forward", X)


@cube_forward.mistake("That is the square.")
def squares(x):
    return x**2, x


cube_backward = backward_pass("quiz.cube_backward", X, ("N", "D"))


@cube_backward.mistake("The upstream gradient is not there.")
def drops_upstream(dout, cache):
    return 3 * cache**2


UNIT = Unit("quiz", 20, "A quiz", (cube_forward, cube_backward))
"""


def written(
    folder: Path, answers: str = ANSWERS, declarations: str = DECLARATIONS, unit: str = "quiz", **more: str
) -> Path:
    """Write a bank of one unit; ``more`` are further modules of ``bank/``, by name. Return its folder."""
    files = {
        "bank/__init__.py": f'UNITS = ("{unit}",)\n',
        f"bank/{unit}.py": declarations,
        f"reference/{unit}.py": answers,
        **{f"bank/{name}.py": text for name, text in more.items()},
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return folder.resolve()
