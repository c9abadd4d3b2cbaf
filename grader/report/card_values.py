"""The counterexample on a card: inputs, expected beside got, the worst entry framed, cells shaded by how far off they are.

Of an answer that is a graph also its steps, as a table, for those who do not see its picture.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

from grader.report.arrays import MARK_LEFT, MARK_RIGHT, Grid
from grader.report.card_parts import (
    CELL,
    GREY,
    MONO,
    SHADES,
    SMALL,
    SOFT,
    TEXT,
    WIDE,
    WRAP,
    css,
    folded,
    paragraph,
    row,
    table,
    th,
    titles,
)
from grader.report.panels import Errors, Panel, errors, panels
from grader.report.steps import Step, Steps, steps_of
from grader.report.svg import step_of
from grader.result import Counterexample

__all__ = ["graph_steps", "values"]

STATES = {
    "inherited": "inherited: it uses a wrong step",
    "too": "wrong too, even with the first put right",
    "using": "it uses a wrong step",
}
_CHARACTER, _AROUND = 8, 14
"""About the width of a character and of what is around an entry, in pixels: a guess at whether a table must scroll."""


def values(example: Counterexample) -> str:
    """Draw a counterexample as HTML."""
    found, off = panels(example), errors(example)
    inputs = [_panel(panel, None) for panel in found["inputs"]]
    outputs = [_panel(panel, off if panel.role == "got" else None) for panel in found["outputs"]]
    given = _beside(inputs)
    if not outputs:  # of a call that brought no value, what it was called with is the smaller part of the story
        given = folded("The inputs of that call", given) if given else ""
    return given + _beside(outputs) + _legend(off, example)


def _beside(drawn: Sequence[str]) -> str:
    style = "display:flex;flex-wrap:wrap;gap:.7em 2.2em;align-items:flex-start;margin:.6em 0"
    return f'<div style="{style}">{"".join(drawn)}</div>' if drawn else ""


def _legend(off: Errors | None, example: Counterexample) -> str:
    """Say what shades and frame mean, with the numbers: the drawing in words."""
    if off is None:
        return ""
    index = example.worst.get("index")
    framed = ""
    if off.worst is not None and isinstance(index, list):
        framed = (
            f" In the frame {MARK_LEFT} {MARK_RIGHT}: {off.name}[{', '.join(map(str, index))}], the worst for its size."
        )
    return paragraph(f"{off.caption}; the stronger the shade, the further off.{framed}", SOFT, SMALL)


def _panel(panel: Panel, off: Errors | None) -> str:
    title = f'{escape(panel.role)} <strong style="{MONO}">{escape(panel.name)}</strong>'.strip()
    if panel.grid is None:
        text = f'<div style="{css(MONO, WRAP)}">{escape(panel.text)}</div>'
        return f'<div style="max-width:100%"><div>{title}</div>{text}</div>'
    shown = panel.grid
    title += f", {' × '.join(map(str, shown.shape))}"
    title = f'<span style="white-space:nowrap">{title}</span>'
    title += f'<br><span style="{SOFT}">{escape(shown.note)}</span>' if shown.note else ""
    label = f"{panel.role} {panel.name}".strip() if _width(shown) > WIDE else ""
    return table(title, _grid_head(shown), _grid_rows(shown, off), MONO, label=label)


def _width(shown: Grid) -> int:
    widest = [max(len(texts[c]) for texts in shown.rows) for c in range(len(shown.rows[0]))]
    labels = _CHARACTER * max(map(len, shown.labels), default=2)
    return sum(_CHARACTER * characters + _AROUND for characters in widest) + labels + 2 * _AROUND


def _grid_head(shown: Grid) -> str:
    """Draw the numbers of the columns: with those of the rows they name an entry, as the message does."""
    _, left = shown.origin
    numbers = "".join(th(str(left + c), "col", CELL, SOFT) for c in range(len(shown.rows[0])))
    return (f'<td style="{CELL}"></td>' if len(shown.shape) > 1 else "") + numbers


def _grid_rows(shown: Grid, off: Errors | None) -> Iterator[str]:
    top, left = shown.origin
    finite = [v for line in off.rows for v in line if math.isfinite(v) and v > 0] if off is not None else []
    low, high = (min(finite), max(finite)) if finite else (0.0, 0.0)
    if off is not None and any(not math.isfinite(v) for line in off.rows for v in line):
        high = max(high, off.size)  # beside NaN, an error of 1e-200 has no strong shade
    for r, texts in enumerate(shown.rows):
        cells = []
        for c, text in enumerate(texts):
            step = step_of(off.rows[top + r][left + c], low, high) if off is not None else 0
            edges = [f"border-{side}:1.5px solid {GREY}" for side, at in _edges(len(texts)) if at == c]
            style = css(CELL, *edges, SHADES[-1 if step is None else step])
            cells.append(_entry(text, style, (r, c) == shown.marked))
        number = shown.labels[r] if shown.labels else str(top + r)
        yield row((th(number, "row", CELL, SOFT) if len(shown.shape) > 1 else "") + "".join(cells))


def _edges(columns: int) -> tuple[tuple[str, int], ...]:
    """Return the sides of a matrix, each with its column: they are drawn as brackets."""
    return ("left", 0), ("right", columns - 1)


def _entry(text: str, style: str, marked: bool) -> str:
    if not marked:
        return f'<td style="{style}">{escape(text)}</td>'
    framed = css(style, "border:2px solid", "padding:.1em .15em")
    return f'<td style="{framed}"><strong>{MARK_LEFT}{escape(text)}{MARK_RIGHT}</strong></td>'


# ------------------------------------------------------------------------------------------------ a graph
def graph_steps(example: Counterexample) -> str:
    """Return the steps of a graph as a table that is folded, the first wrong one framed; nothing if the answer was no graph."""
    found = steps_of(example.graph)
    if found is None:
        return ""
    label = "Your graph, step by step"
    rows = (_step(step, found) for step in found.steps)
    return folded(label, table("", titles(("Step", "Operation", "Value", ""), scrolls=True), rows, label=label))


def _step(step: Step, found: Steps) -> str:
    said, frame = "", ""
    if step.state == "wrong":
        said = f"{MARK_LEFT} {'wrong' if found.last else 'the first wrong step'}"
        said += f": it must be {found.expected}" if found.expected else ""
        frame = "border-top:2px solid;border-bottom:2px solid;font-weight:700"
    else:
        said = STATES.get(step.state, "")
    # No name is broken: where there is no room, the table scrolls.
    style = css(TEXT, MONO, "overflow-wrap:break-word", frame)
    texts = "".join(f'<td style="{style}">{escape(text)}</td>' for text in (step.written, step.value))
    words = css(TEXT, "overflow-wrap:break-word", frame)
    return row(f'{th(step.name, "row", style)}{texts}<td style="{words}">{escape(said)}</td>')
