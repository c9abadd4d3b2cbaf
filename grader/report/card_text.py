"""A card as plain text, for a terminal and for what reads text/plain: at most twelve lines, complete enough to act on."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from grader.report.arrays import lines
from grader.report.panels import Panel, panels
from grader.report.steps import first_wrong
from grader.report.text import inline
from grader.report.told import Row, Told

__all__ = ["card", "overview"]

LINES, COLUMNS = 12, 96
_INDENT = "  "


def card(told: Told) -> str:
    """Write a card down as at most 12 lines of at most 96 columns."""
    rows = [_cut(f"{told.sign} {told.name}: {told.verdict}"), _cut(_INDENT + told.count)]
    rows += _wrapped(told.main, 3) + _wrapped(told.more, 2) + _wrapped(told.exact, 1)
    if told.own is not None:
        code = [row for row in told.own.code.split("\n") if row.strip()][:1]
        rows += [_cut(f"{_INDENT}{told.own.place}:"), *(_cut(f"{_INDENT}  {row.strip()}") for row in code)]
    if told.example is not None and (step := first_wrong(told.example.graph)):
        rows += _wrapped(step, 1)
    rest = [row for said in (*(line for _, line, _ in told.others), *told.notes) for row in _wrapped(said, 2)]
    pair = _pair(told, LINES - len(rows))
    return "\n".join([*rows, *pair, *rest][:LINES])


def overview(title: str, said: str, rows: Sequence[Row]) -> str:
    """Write several exercises down, a line for each."""
    width = min(40, max((len(row.name) for row in rows), default=0))
    verdicts = max((len(row.verdict) for row in rows), default=0)
    shown = [f"{row.sign} {row.name.ljust(width)}  {row.verdict.ljust(verdicts)}  {row.said}" for row in rows]
    return "\n".join([_cut(f"{title}: {said}"), *(_cut(row.rstrip()) for row in shown)])


def _cut(row: str) -> str:
    return row if len(row) <= COLUMNS else row[: COLUMNS - 1].rstrip() + "…"


def _wrapped(text: str, most: int) -> list[str]:
    """Return a sentence as at most so many indented lines, with … at the end where it is longer."""
    if not text:
        return []
    return textwrap.wrap(
        text, COLUMNS, initial_indent=_INDENT, subsequent_indent=_INDENT, max_lines=most, placeholder=" …"
    )


def _pair(told: Told, room: int) -> list[str]:
    """Return expected beside got in so many lines, if they fit."""
    outputs = panels(told.example)["outputs"] if told.example is not None else []
    if len(outputs) < 2:
        return []
    expected, got = (_block(panel) for panel in outputs[:2])
    if not expected or not got:
        return []
    width = max(map(len, expected)) + 3
    height = max(len(expected), len(got))
    padded = [(*block, *[""] * (height - len(block))) for block in (expected, got)]
    joined = [f"{_INDENT}{left.ljust(width)}{right}".rstrip() for left, right in zip(*padded, strict=True)]
    return joined if len(joined) <= room and max(map(len, joined)) <= COLUMNS else []


def _block(panel: Panel) -> list[str]:
    """Return a heading and the rows of a value; nothing of a number, which the message holds."""
    if panel.grid is None:
        return []
    shape = "×".join(map(str, panel.grid.shape))
    return [inline(f"{panel.role} {panel.name}, {shape}", 60), *lines(panel.grid)]
