"""The lines of a traceback that a student wrote, told from those of what they called."""

from __future__ import annotations

import re

from grader.report.told import OwnLine

__all__ = ["is_theirs", "own_line"]

_FRAME = re.compile(r'^ *File "([^"]*)", line (\d+)(?:, in (.*))?$')
_NOT_THEIRS = ("site-packages", "dist-packages", "/lib/python", "\\lib\\", "\\Lib\\", "<__array_function__", "<frozen ")
"""In the path of a file: what a student called, not what they wrote."""
_CELL = re.compile(r"ipykernel_\d+|<ipython-input|<stdin>|<string>")


def is_theirs(path: str) -> bool:
    """Return True if a file, by its path in a traceback, may be a student's: it is none of Python's or of a library's."""
    return not any(part in path for part in _NOT_THEIRS)


def own_line(detail: str) -> OwnLine | None:
    """Return the last line of a clean traceback that the student wrote; None if the text is no traceback."""
    rows = detail.split("\n")
    frames = [(i, match) for i, match in enumerate(map(_FRAME.match, rows)) if match is not None]
    theirs = [(i, match) for i, match in frames if is_theirs(match[1])]
    if not theirs:
        return None
    start, match = theirs[-1]
    end = next((i for i, _ in frames if i > start), len(rows))
    code = "\n".join(row[4:] if row.startswith("    ") else row for row in rows[start + 1 : end])
    place = "your notebook" if _CELL.search(match[1]) else re.split(r"[\\/]", match[1])[-1]
    where = f" in {match[3]}" if match[3] and not match[3].startswith("<") else ""
    return OwnLine(f"line {match[2]} of {place},{where}" if where else f"line {match[2]} of {place}", code)
