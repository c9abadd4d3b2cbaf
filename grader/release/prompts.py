"""Prompts as Markdown: docstrings are read as they stand, and a notebook would join their lines and lose their stars."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["as_markdown", "mentioned"]

CODE = re.compile(r"``(.+?)``|`([^`]+)`")
BOLD = re.compile(r"\*\*(?=\S)([^*]+?[.!?])\*\*")
SPECIAL = re.compile(r"([\\*_\[\]<>#$|~`])")
LINE = re.compile(r"\s*(?:\([a-z0-9]\)|[-*] |\d+\. )")
"""A line that is to begin a line: one of several choices, or of a list."""
BESIDE = re.compile(r"(?<=\S) {3,}(?=\([a-z0-9]\) )")
"""What stands between choices in one line. Markdown would leave one space of it, in which nobody sees where a choice ends."""


def as_markdown(prompt: str) -> str:
    """Return a text as Markdown that shows it: code in double backticks, choices a line each, and nothing else is read as a sign.

    A sentence in two stars is bold, as where a fault is to be found. What is indented stays as it is.
    """
    blocks = re.split(r"\n\s*\n", prompt.strip("\n"))
    return "\n\n".join(_block(block) for block in blocks)


def _block(block: str) -> str:
    if all(line.startswith("    ") for line in block.splitlines()):
        return block
    lines = BESIDE.sub("\n", block).splitlines()
    said = ""
    for number, line in enumerate(lines):
        if number:
            after_choice = LINE.match(lines[number - 1]) and line[:1].isupper()
            said += "  \n" if LINE.match(line) or line.startswith("  ") or after_choice else "\n"
        said += re.sub(r"^(\d+)([.)])", r"\1\\\2", _shown(line.strip()))
    return said


def _shown(line: str) -> str:
    parts, at = [], 0
    for found in CODE.finditer(line):
        parts += [_plain(line[at : found.start()]), f"`{found[1] or found[2]}`"]
        at = found.end()
    shown = "".join([*parts, _plain(line[at:])])
    return f"\\{shown}" if shown.startswith(("- ", "+ ")) else shown


def _plain(text: str) -> str:
    """Return text in which no sign means anything, but for the stars around a sentence."""
    parts, at = [], 0
    for found in BOLD.finditer(text):
        parts += [_escaped(text[at : found.start()]), "**", _escaped(found[1]), "**"]
        at = found.end()
    return "".join([*parts, _escaped(text[at:])])


def _escaped(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text)


def mentioned(prompt: str, names: Iterable[str]) -> set[str]:
    """Return those of some names that a prompt speaks of: as code, or as a word that is no other's (``add_vjp``, ``Dual``)."""
    known = set(names)
    code = {word for one, other in CODE.findall(prompt) for word in re.findall(r"^(\w+)(?=\(|$)", one or other)}
    words = {word for word in re.findall(r"\w+", prompt) if "_" in word.strip("_") or word[:1].isupper()}
    return known & (code | words)
