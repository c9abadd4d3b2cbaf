"""The parsing of submitted Python, which may be hostile; nothing is run."""

from __future__ import annotations

import ast
import warnings

__all__ = ["fault_of", "parsed"]


def parsed(source: str | bytes) -> ast.Module | None:
    """Parse a source; return its syntax tree, or None if it cannot be parsed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape in a student's string is their business
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def fault_of(text: str) -> tuple[int, str]:
    """Return of a text that is no Python the line at fault, and the reason."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        return error.lineno or 1, error.msg
    except (ValueError, RecursionError, MemoryError) as error:
        return 1, str(error) or type(error).__name__
    return 1, "it cannot be parsed"
