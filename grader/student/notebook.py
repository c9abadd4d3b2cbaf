"""Everything that a notebook of the course needs, by one line: ``from grader.student.notebook import *``.

The line puts the folder that holds ``exercises/`` on the import path, and has Jupyter load modules anew when their files change.
"""

from __future__ import annotations

import sys
from inspect import getdoc

import numpy as np

from grader.student.commands import HERE, check, hint, ready, status

__all__ = ["BLUE", "GREEN", "ORANGE", "PURPLE", "check", "getdoc", "hint", "np", "ready", "status"]

BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
"""Colours for figures, told apart by colour-blind readers too."""


def _find_exercises() -> None:
    """Put the folder that holds ``exercises/``, if there is one, first on the import path."""
    if HERE.root is not None and str(HERE.root) not in sys.path:
        sys.path.insert(0, str(HERE.root))


def _follow_edits() -> None:
    """Have Jupyter load a module anew when its file has changed; elsewhere do nothing.

    The whole module, always: IPython 9 by itself often loads what has changed alone, and once it has loaded a whole module in
    between, it no longer finds the copies that a notebook imported by ``*``. An edit then does not reach them until a restart.
    """
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is not None:
        whole = sys.modules["IPython"].version_info[0] >= 9  # those before know no other way, nor the word for it
        shell.run_line_magic("load_ext", "autoreload")
        shell.run_line_magic("autoreload", "2-" if whole else "2")


_find_exercises()
_follow_edits()
