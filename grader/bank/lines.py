"""Lines of source text by the nodes of its syntax tree."""

from __future__ import annotations

import ast

__all__ = ["last_line"]


def last_line(node: ast.stmt) -> int:
    """Return the last line of a statement that was parsed."""
    assert node.end_lineno is not None, "ast.parse sets it"
    return node.end_lineno
