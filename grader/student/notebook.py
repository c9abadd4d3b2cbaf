"""Everything that a notebook of the course needs, by one line: ``from grader.student.notebook import *``.

The line puts the folder that holds ``exercises/`` on the import path, and has Jupyter load modules anew when their files change.
"""

from __future__ import annotations

import sys
from inspect import getdoc
from types import FunctionType
from typing import Any

import numpy as np

from grader.student.commands import HERE, ROOM, check, hint, ready, status

__all__ = ["BLUE", "GREEN", "ORANGE", "PURPLE", "check", "getdoc", "hint", "np", "ready", "status"]

BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
"""Colours for figures, told apart by colour-blind readers too."""


def _find_exercises() -> None:
    """Put the folder that holds ``exercises/``, if there is one, first on the import path."""
    if HERE.root is not None and str(HERE.root) not in sys.path:
        sys.path.insert(0, str(HERE.root))


def _follow_edits() -> None:
    """Have Jupyter load a module anew when its file has changed, and the notebook use what is new; elsewhere do nothing."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is not None:
        shell.run_line_magic("load_ext", "autoreload")
        shell.run_line_magic("autoreload", "2")
        shell.events.register("pre_run_cell", lambda *_: renew(shell.user_ns))  # after autoreload, which came first


def renew(scope: dict[str, Any]) -> None:
    """Bind the functions and classes that a scope imported from modules of ``exercises/`` to what these modules hold by now.

    IPython 9 loads what has changed in a module alone where it can; once it has loaded one whole, it no longer finds the copies
    that a notebook imported before, and an edit would not reach them until a restart.
    """
    for name, thing in list(scope.items()):
        home = str(getattr(thing, "__module__", None))
        module = sys.modules.get(home) if home.startswith(ROOM) else None
        if isinstance(thing, (FunctionType, type)) and module is not None:
            names = vars(module)
            new = names.get(thing.__name__, thing)
            own = isinstance(thing, type) or thing.__globals__ is names  # and none that the notebook made of one
            if own and isinstance(new, (FunctionType, type)):
                scope[name] = new


_find_exercises()
_follow_edits()
