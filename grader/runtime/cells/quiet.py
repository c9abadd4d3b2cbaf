"""Cells that are all definitions: they print nothing and are done at once, so that many go to the kernel in one request."""

from __future__ import annotations

import re

__all__ = ["is_quiet"]

LINE = re.compile(
    r"""
    \#.*
    | (async\ )?def\ .*
    | class\ \w+.*
    | [)\]}].*                                  # the end of a header on several lines
    | \w+\ =\ [-+\w.]+\s*(\#.*)?               # a number, or a name
    | import\ (numpy|math)(\ as\ \w+)?\s*
    | from\ (__future__|collections|dataclasses|functools|itertools|math|numpy|typing)[\w.]*\ import\ [\w, ]+
    """,
    re.VERBOSE,
)
"""A line without indentation in a cell of definitions."""


def is_quiet(source: str) -> bool:
    """Return True if a cell seems to define, to import and to name numbers, and no more.

    It goes by the lines without indentation, and may be wrong: a default value can print, the body of a class can compute. Nothing
    rests on it but how many requests a notebook takes.
    """
    lines = [line for line in source.splitlines() if line.strip()]
    if not lines or lines[0][0].isspace():
        return False  # IPython takes the indentation of a whole cell away
    return all(LINE.fullmatch(line) for line in lines if not line[0].isspace())
