"""The text in which a submission's functions stand, for checks that read it: nothing is run."""

from __future__ import annotations

import ast

from grader.submission.attempts import code_cells, parsed
from grader.submission.collecting import Submission
from grader.submission.reading import Unreadable, read_text

__all__ = ["text_of"]


def text_of(submission: Submission, unit: str) -> str | None:
    """Return all Python of a submission that may hold its functions, the notebook's last, since its definitions count first.

    Magics and comments are gone; what does not parse is left out. None if there is nothing, or it is nested too deeply to write.
    """
    own = f"exercises/{unit}.py"
    names = sorted(n for n in submission.files if n.endswith(".py") and not n.startswith("exercises/"))
    trees = [tree for name in (*names, own) if (tree := _module(submission.files.get(name))) is not None]
    if submission.notebook is not None:
        trees += code_cells(submission.notebook)
    try:
        return "\n".join(ast.unparse(tree) for tree in trees) or None
    except RecursionError:
        return None


def _module(data: bytes | None) -> ast.Module | None:
    try:
        return None if data is None else parsed(read_text(data))
    except Unreadable:
        return None
