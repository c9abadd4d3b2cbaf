"""Everything that a notebook of the course needs, by one line: ``from grader.student.notebook import *``.

The line puts the folder that holds ``exercises/`` on the import path, and has a notebook follow the edits of these modules. That is
not left to IPython's autoreload, which meets a syntax error with two tracebacks of its own.
"""

from __future__ import annotations

import sys
from inspect import getdoc
from typing import Any

import numpy as np

from grader.student.commands import HERE, check, hint, ready, status
from grader.student.public import unit_names
from grader.student.shown import shell
from grader.student.work import module_at

__all__ = ["BLUE", "GREEN", "ORANGE", "PURPLE", "check", "getdoc", "hint", "np", "ready", "status"]

BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
"""Colours for figures, told apart by colour-blind readers too."""


def _find_exercises() -> None:
    """Put the folder that holds ``exercises/``, if there is one, first on the import path."""
    if HERE.root is not None and str(HERE.root) not in sys.path:
        sys.path.insert(0, str(HERE.root))


def _follow_edits() -> None:
    """Have a notebook take its functions from the module as it stands on disk, before each cell; elsewhere do nothing."""
    here = shell()
    if here is not None and _follow not in here.events.callbacks["pre_run_cell"]:
        here.events.register("pre_run_cell", _follow)


def _follow(*_: Any) -> None:
    follow(shell().user_ns)


def follow(scope: dict[str, Any]) -> None:
    """Bring what a notebook's names hold of ``exercises`` up to date, where the file has changed and can be imported.

    A module that cannot be is left as it was: ``check`` says why. What the notebook defines itself stays its own.
    """
    for unit in unit_names():
        imported = sys.modules.get(f"exercises.{unit}")
        path = None if HERE.root is None else HERE.root / "exercises" / f"{unit}.py"
        if imported is None or path is None or not path.exists():
            continue
        names, known = module_at(path).names, vars(imported)
        if not names or all(known.get(name) is thing for name, thing in names.items() if not name.startswith("__")):
            continue
        taken = [name for name, thing in scope.items() if name in names and known.get(name) is thing]
        scope.update({name: names[name] for name in taken})
        known.update({name: thing for name, thing in names.items() if not name.startswith("__")})


_find_exercises()
_follow_edits()
