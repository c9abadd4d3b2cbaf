"""The cleaning of text before it is shown: text from a student is hostile until it has gone through :func:`clean`.

Names, messages, tracebacks and outputs may hold escape sequences that rewrite a terminal, characters that reverse what
follows, bytes that XML forbids, or a megabyte. Every report cleans such text here, then escapes it for its format.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["clean", "counted", "inline", "neutral", "percent", "points", "without_commands"]

TEXT_LIMIT = 4000
LINE_LIMIT = 60
INLINE_LIMIT = 300
STACKED_MARKS = 3
"""The most combining marks kept on one letter: natural scripts need few, and a pile of them paints over other lines."""

_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor movement
    r"|\x1b[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # OSC (titles, links), DCS, SOS, PM, APC with what they carry
    r"|\x1b[ -/]*[0-~]"  # the two-character ones
    r"|\x9b[0-?]*[ -/]*[@-~]"  # CSI as one character
)
_LINE_ENDS = re.compile(r"\r\n?|[\u0085\u2028\u2029\x0b\x0c]")
_COMMAND = re.compile(r"^([^\S\n]*:)(?=:)|(##)(?=\w*\[)", re.MULTILINE)
"""A command to a CI: ``::error`` at the beginning of a line, after trimming too; ``##[error]`` and ``##vso[`` anywhere in it."""
_FORMULA = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_AFTER_DELIMITER = re.compile(r"([;|])(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
_JOINERS = "\u200c\u200d"
"""Format characters that natural scripts and emoji need and that cannot reorder anything."""


def clean(text: str, *, limit: int = TEXT_LIMIT, lines: int = LINE_LIMIT) -> str:
    r"""Remove everything from a text that acts on a terminal, a page or a parser; escape it for no format.

    Escape sequences, control and format characters (bidirectional overrides among them), lone surrogates and
    noncharacters are removed; line ends become ``\n``, and tabs spaces up to the next multiple of four. The result has at most
    ``limit`` characters and ``lines`` lines, followed by a note in words if something was cut.
    """
    total = len(text)
    # What is cut away is never looked at: a megabyte costs what the limit costs.
    head = text[: 4 * limit]
    head = _LINE_ENDS.sub("\n", _ESCAPES.sub("", head)).expandtabs(4)
    shown = "".join(_harmless(head)).strip("\n")
    cut = total > 4 * limit or len(shown) > limit
    shown = shown[:limit].rstrip() if cut else shown
    rows = shown.split("\n")
    if len(rows) > lines:
        rows, cut = rows[:lines], True
    note = f"… [cut: {total:,} characters in all]"
    return "\n".join(rows) + (("\n" if len(rows) > 1 else " ") + note if cut else "")


def _harmless(text: str) -> list[str]:
    """Return the characters of a text that only show, and no pile of combining marks."""
    kept: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if character == "\n" or character in _JOINERS:
            kept.append(character)
        elif category in ("Cc", "Cf", "Cs") or marks > STACKED_MARKS or (ord(character) & 0xFFFE) == 0xFFFE:
            continue
        else:
            kept.append(character)
    return kept


def inline(text: str, limit: int = INLINE_LIMIT) -> str:
    """Clean a text as :func:`clean` does, and cut it to a line of ``limit`` characters: for names, cells and headings."""
    flat = " ".join(clean(text[: 4 * limit + 1], limit=4 * limit + 1, lines=4 * limit).split())
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def points(score: float) -> str:
    """Format points with at most three decimals: ``7``, ``7.5``, ``0.333``."""
    return f"{score:.3f}".rstrip("0").rstrip(".")


def without_commands(text: str) -> str:
    """Break up what a CI would take for a command: student output comes along with ours."""
    return _COMMAND.sub(r"\1\2 ", text)


def neutral(text: str) -> str:
    """Return a text that is no formula: with an apostrophe before it, if it would be one.

    So has what follows a delimiter in it: a spreadsheet that looks for semicolons finds them within the quotes of another's cells.
    """
    return _AFTER_DELIMITER.sub(r"\1'", f"'{text}" if _FORMULA.match(text) else text)


def percent(score: float, max_score: float) -> str:
    """Format a share in whole per cent, rounded down, so that 100 % means every point; a dash if ``max_score`` is 0."""
    return f"{int(100 * score / max_score + 1e-9)} %" if max_score > 0 else "–"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun: ``1 exercise``, ``2 exercises``."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
