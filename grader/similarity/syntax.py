"""Normalised syntax: a function's text as a row of tokens that renaming, other constants, comments and layout leave as they are."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

__all__ = ["Token", "tokens"]

MOST_TEXT, MOST_TOKENS = 100_000, 5_000
"""The most characters that are parsed, and the most tokens of one text: what is behind is not compared."""
IGNORED = ("annotation", "returns", "decorator_list", "type_comment", "type_params", "ctx")
"""The fields of a node that say nothing of what is computed."""


class Token(NamedTuple):
    """The kind of one node of the syntax tree, and the line, from 1, on which it begins."""

    kind: str
    line: int


@lru_cache(maxsize=1 << 14)  # a class hands in the same text many times: stubs, worked examples
def tokens(text: str) -> tuple[Token, ...]:
    """Return the tokens of a text in the order of its syntax tree; none of one that cannot be parsed.

    Names of variables and arguments count as one, so do constants of one type; names of attributes, of keywords and of functions
    that are called stay, since they say what is done.
    """
    if len(text) > MOST_TEXT:
        return ()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape in a student's string is their business
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    return tuple(_walked(tree))


def _walked(tree: ast.Module) -> Iterator[Token]:
    """Yield the tokens by a stack of our own: hostile text may be nested deeper than Python's."""
    waiting: list[tuple[ast.AST, int]] = [(node, 1) for node in reversed(tree.body)]
    seen = 0
    while waiting and seen < MOST_TOKENS:
        node, above = waiting.pop()
        line = getattr(node, "lineno", above)
        if _is_docstring(node):
            continue
        seen += 1
        yield Token(_kind(node), line)
        waiting += [(child, line) for child in reversed(list(_children(node)))]


def _children(node: ast.AST) -> Iterator[ast.AST]:
    for name, value in ast.iter_fields(node):
        if name in IGNORED:
            continue
        for part in value if isinstance(value, list) else (value,):
            if isinstance(part, ast.AST) and not isinstance(part, ast.expr_context):
                yield part


def _kind(node: ast.AST) -> str:
    match node:
        case ast.Attribute():
            return f".{node.attr[:40]}"
        case ast.Call(func=ast.Name(id=name)):
            return f"{name[:40]}()"
        case ast.keyword():
            return f"{(node.arg or '**')[:40]}="
        case ast.Constant():
            return type(node.value).__name__
        case ast.Name() | ast.arg():
            return "name"
    return type(node).__name__


def _is_docstring(node: ast.AST) -> bool:
    """Return True for a string that stands for itself: a docstring, or a comment in its form."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
