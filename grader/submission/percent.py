"""Scripts whose cells begin with ``# %%``, and those in Jupytext's light format: from text to cells.

What counts as a cell follows Jupytext's published rules. Its reader is not used here: it keeps no lines, by which a fault is
found in the file, and is half a second of import in each process that grades (docs/decisions/0058).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from grader.submission.written_cells import WrittenCell, WrittenCells

__all__ = ["read_percent"]

CellKind = Literal["code", "markdown", "raw"]
MARKER = re.compile(r"#[ \t]?%%%*(?:\s(?P<rest>.*))?")
KIND = re.compile(r"\[(markdown|md|raw)\]")
RULE = re.compile(r"#[ \t]?---\s*")
FORMAT = re.compile(r"#\s*format_name:\s*(\w+)\s*")
MAGIC = re.compile(r"#[ \t]?(?P<magic>%%?[a-zA-Z][\w.]*(?:\s.*)?|![\w./ ~$-].*)")
"""A magic or a command, as Jupytext comments it out so that the file is Python."""
QUOTES = ('"""', "'''")
NUMBERED = list[tuple[int, str]]


def read_percent(text: str) -> WrittenCells:
    """Read the cells of a script; in the light format where its head names that."""
    lines = list(enumerate(text.split("\n"), 1))
    head, body = _without_head(lines)
    light = any(found and found[1] == "light" for _, line in head if (found := FORMAT.fullmatch(line)))
    cells = [cell for cell in (_light(body) if light else _percent(body)) if cell.source.strip()]
    count = sum(cell.kind == "code" for cell in cells)
    return WrittenCells(tuple(cells), tuple(range(1, count + 1)))


def _without_head(lines: NUMBERED) -> tuple[NUMBERED, NUMBERED]:
    """Take the YAML that Jupytext writes, in comments between two rules, off the top."""
    start = next(
        (i for i, (_, line) in enumerate(lines) if line.strip() and not line.startswith("#!") and "coding" not in line),
        0,
    )
    if start == len(lines) or not RULE.fullmatch(lines[start][1]):
        return [], lines
    for i in range(start + 1, len(lines)):
        if RULE.fullmatch(lines[i][1]):
            return lines[start : i + 1], lines[i + 1 :]
        if not lines[i][1].startswith("#"):
            break
    return [], lines


def _percent(lines: NUMBERED) -> Iterator[WrittenCell]:
    kind: CellKind = "code"
    part: NUMBERED = []
    for (number, line), quoted in zip(lines, _quoted(lines), strict=True):
        marker = None if quoted else MARKER.fullmatch(line)
        if marker is None:
            part.append((number, line))
            continue
        yield _cell(kind, part)
        named = KIND.search(marker["rest"] or "")
        kind, part = ("code" if named is None else "raw" if named[1] == "raw" else "markdown"), []
    yield _cell(kind, part)


def _quoted(lines: NUMBERED) -> Iterator[bool]:
    """Yield of each line whether it begins within a text in triple quotes; what is in a comment or a short text opens none."""
    inside = ""
    for _, line in lines:
        yield bool(inside)
        at = 0
        while at < len(line):
            if inside:
                end = line.find(inside, at)
                if end < 0:
                    break
                if line[end - 1 : end] == "\\" and end > at:
                    at = end + 1
                    continue
                at, inside = end + 3, ""
                continue
            sign = line[at]
            if sign == "#":
                break
            if line[at : at + 3] in QUOTES:
                inside, at = line[at : at + 3], at + 3
            elif sign in "\"'":
                at = _behind_short(line, at)
            else:
                at += 1


def _behind_short(line: str, at: int) -> int:
    """Return the place behind a text in single quotes, which ends with its line at the latest."""
    quote, at = line[at], at + 1
    while at < len(line) and line[at] != quote:
        at += 2 if line[at] == "\\" else 1
    return at + 1


def _cell(kind: CellKind, part: NUMBERED) -> WrittenCell:
    """Make a cell of its lines, without the empty ones around it."""
    while part and not part[0][1].strip():
        part = part[1:]
    while part and not part[-1][1].strip():
        part = part[:-1]
    numbers = tuple(number for number, _ in part)
    texts = [line for _, line in part]
    if kind == "code":
        return WrittenCell(kind, "\n".join(map(_with_magic, texts)), numbers)
    return WrittenCell(kind, "\n".join(_uncommented(texts)), numbers)


def _with_magic(line: str) -> str:
    found = MAGIC.fullmatch(line)
    return line if found is None else found["magic"]


def _uncommented(texts: list[str]) -> Iterable[str]:
    """Return prose without its comment signs, or without the quotes around it: Jupytext reads both."""
    whole = "\n".join(texts).strip()
    for quote in QUOTES:
        for prefix in ("", "r", "R"):
            if whole.startswith(prefix + quote) and whole.endswith(quote) and len(whole) >= len(prefix) + 6:
                return whole[len(prefix) + 3 : -3].strip("\n").split("\n")
    return [line[2:] if line.startswith("# ") else line[1:] if line.startswith("#") else line for line in texts]


# ----------------------------------------------------------------------------------- the light format
def _light(lines: NUMBERED) -> Iterator[WrittenCell]:
    """Yield the cells of the light format: between ``# +`` and ``# -``, else a paragraph each; comments alone are prose."""
    part: NUMBERED = []
    explicit = False
    for (number, line), quoted in zip(lines, _quoted(lines), strict=True):
        begins = not quoted and re.fullmatch(r"# \+(?:\s.*)?", line) is not None
        ends = not quoted and explicit and line.rstrip() == "# -"
        new = (
            not explicit
            and not quoted
            and part
            and not part[-1][1].strip()
            and line.strip()
            and line[0] not in " \t)]}"
        )
        if begins or ends or new:
            yield _light_cell(part, explicit=explicit)
            part, explicit = [], begins
        if not begins and not ends:
            part.append((number, line))
    yield _light_cell(part, explicit=explicit)


def _light_cell(part: NUMBERED, *, explicit: bool) -> WrittenCell:
    prose = not explicit and all(line.startswith("#") or not line.strip() for _, line in part)
    return _cell("markdown" if prose and not any(MAGIC.fullmatch(line) for _, line in part) else "code", part)
