"""Short texts of what a call raised and printed. Loaded by path as ``_gradmark_raised``; standard library only."""

from __future__ import annotations

import io
import linecache
import os
import traceback
from collections.abc import Collection

__all__ = ["Sink", "texts"]

MOST_TEXT = 2000
"""Messages, tracebacks and printed output of a call are cut at this many characters."""
MOST_NAME = 200
FRAMES = 4
"""The innermost calls that a traceback shows."""


class Sink(io.TextIOBase):
    """Takes what a call prints and keeps its beginning, ``MOST_TEXT`` characters."""

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._room = MOST_TEXT

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str) -> int:
        """Keep as much of a text as there is room for; return its length."""
        if self._room > 0:
            self._kept.append(text[: self._room])
            self._room -= len(text)
        return len(text)

    def text(self) -> str:
        """Return the text that was kept."""
        return "".join(self._kept)


def texts(error: BaseException, printed: str, root: str, ours: Collection[str]) -> tuple[str, str, str, str]:
    """Describe an exception of a student's: the name of its type, its message, its traceback, and what the call had printed.

    Args:
        error: the exception, whose own methods may do anything.
        printed: what the call printed before.
        root: the folder of the submission, which is left out of the names of files.
        ours: the names of the grader's own files, whose frames are left out.

    """
    try:
        message = str(error)[:MOST_TEXT]
    except BaseException:
        message = "(its message cannot be printed)"
    try:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename not in ours]
        shown = "".join(traceback.format_list([_renamed(f, root) for f in frames[-FRAMES:]]))[-MOST_TEXT:]
    except BaseException:
        shown = ""
    try:
        name = str(type(error).__name__)[:MOST_NAME]
    except BaseException:  # of a metaclass that says something else
        name = "Exception"
    return name, message, shown, printed


def _renamed(frame: traceback.FrameSummary, root: str) -> traceback.FrameSummary:
    """Return a frame under the name of its file that the student knows, without the folder in which the grader put it."""
    name = frame.filename
    if "ipykernel" in name:
        name = "notebook"
    elif name.startswith(root):
        name = name[len(root) :].lstrip("/")
    else:
        name = os.path.basename(name)  # noqa: PTH119 - a string that may be no path at all
    line = frame.line if frame.line is not None else linecache.getline(frame.filename, frame.lineno or 0)
    return traceback.FrameSummary(name, frame.lineno, frame.name, lookup_line=False, line=line)
