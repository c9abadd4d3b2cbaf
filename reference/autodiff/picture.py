"""Boxes that are joined by arrows, as a picture (SVG) and as text for other tools (DOT); what stands in a box is its maker's.

The SVG stands by itself in a page: no script, no style sheet, no identifiers that two pictures of a page would share, and a
ground of its own, so that it reads the same in light and dark.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reference.autodiff.layout import Point, layered

__all__ = ["FAULT", "GRADIENT", "Box", "Row", "dot", "svg"]

VALUE, GRADIENT, FAULT = "#1f2937", "#b45309", "#c81e1e"
FILL = {"input": ("#eef4fb", "#7d9cc0"), "output": ("#eef7ee", "#7aa67e"), "": ("#ffffff", "#9aa5b4")}
NEGATIVE, POSITIVE = (37, 99, 168), (217, 115, 13)
FONT = "ui-sans-serif, system-ui, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
MARGIN, PADDING, LINE, CELL, LONGEST = 16, 9, 17, 6, 44
NARROW = set(" .,:;()[]|'·/fijlrtI")


@dataclass(frozen=True)
class Row:
    """One line of text in a box; ``cells``, of shape (m, n), shows beside it as a heat map: blue below zero, orange above."""

    text: str
    colour: str = VALUE
    cells: Any = None

    @property
    def height(self) -> float:
        """In pixels."""
        return LINE if self.cells is None else max(LINE, len(self.cells) * CELL + 5)

    @property
    def width(self) -> float:
        """In pixels: no less than a common font makes of it."""
        return _width(self.text) + (0 if self.cells is None else len(self.cells[0]) * CELL + 6)


@dataclass(frozen=True)
class Box:
    """A box: its heading, rows under it, what a pointer shows that rests on it, and its kind: ``input``, ``output`` or empty."""

    name: str
    heading: str
    rows: tuple[Row, ...] = ()
    hint: str = ""
    kind: str = ""
    fault: bool = False

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in pixels."""
        width = max([_width(self.heading, 1.1), *(row.width for row in self.rows)])
        return max(width + 2 * PADDING, 46), LINE + sum(row.height for row in self.rows) + 13


def _width(text: str, bold: float = 1.0) -> float:
    """Pixels at 13 px in the widest of the common fonts, a little more than in the others."""
    widths = (4.8 if c in NARROW else 12.8 if c in "mwMW@%…" or ord(c) > 0x2E7F else 8.3 for c in _short(text))
    return bold * sum(widths)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _escaped(text: str) -> str:
    """Text as XML allows it: what no XML may hold is replaced."""
    return html.escape(re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text))


# -------------------------------------------------------------------------------------------- SVG
def svg(
    boxes: Sequence[Box], edges: Sequence[tuple[int, int]], title: str, description: str, caption: Sequence[Row]
) -> str:
    """A self-contained SVG document; edges go from lower to higher numbers of boxes; ``caption`` is a line under the picture."""
    plan = layered([box.size for box in boxes], edges)
    width = max(plan.width, sum(row.width + 14 for row in caption)) + 2 * MARGIN
    height = plan.height + 2 * MARGIN + (LINE + 8 if caption else 0)
    shift = (width - plan.width) / 2
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{FONT}" font-size="13">',
        f"<title>{_escaped(title)}</title><desc>{_escaped(description)}</desc>",
        f'<rect width="{width:.0f}" height="{height:.0f}" rx="8" fill="#ffffff"/>',
        f'<g transform="translate({shift:.1f} {MARGIN})">',
        f'<path d="{" ".join(_curve(route) for route in plan.routes)}" fill="none" stroke="#8592a3" stroke-width="1.3"/>',
        f'<path d="{" ".join(_head(route[-1]) for route in plan.routes)}" fill="#8592a3"/>',
        *(_drawn(box, centre) for box, centre in zip(boxes, plan.centres, strict=True)),
        "</g>",
    ]
    x = float(MARGIN)
    for row in caption:
        parts.append(_text(row.text, x, height - MARGIN + 2, row.colour, lowered=True))
        x += row.width + 14
    return "\n".join([*parts, "</svg>"])


def _curve(route: Sequence[Point]) -> str:
    """A path that is level in each layer and bends in the gaps between them."""
    path = f"M{route[0][0]:.1f} {route[0][1]:.1f}"
    for (x, y), (to, level) in zip(route[1::2], route[2::2], strict=False):
        middle = (x + to) / 2
        bend = f"C{middle:.1f} {y:.1f} {middle:.1f} {level:.1f} {to:.1f} {level:.1f}"
        path += f"H{x:.1f}{bend if y != level else ''}"
    return f"{path}H{route[-1][0] - 5:.1f}"


def _head(end: Point) -> str:
    return f"M{end[0] - 0.5:.1f} {end[1]:.1f}l-8 -3.6v7.2z"


def _drawn(box: Box, centre: Point) -> str:
    width, height = box.size
    x, y = centre[0] - width / 2, centre[1] - height / 2
    fill, edge = FILL[box.kind]
    stroke = f'stroke="{FAULT}" stroke-width="2.6"' if box.fault else f'stroke="{edge}" stroke-width="1.2"'
    parts = [
        f"<g><title>{_escaped(box.hint)}</title>",
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="6" fill="{fill}" {stroke}/>',
        _text(box.heading, centre[0], y + 18, "#4b5563", 'text-anchor="middle" font-weight="600"', lowered=True),
    ]
    y += LINE + 8
    for row in box.rows:
        # Lines of text are centred; heat maps, which are of one size in a box, stand in one column.
        start = centre[0] - (row.width if row.cells is None else max(r.width for r in box.rows)) / 2
        if row.cells is not None:
            parts.append(_map(row.cells, start, y + (row.height - len(row.cells) * CELL) / 2))
            start += len(row.cells[0]) * CELL + 6
        at, more = (start, "") if row.cells is not None else (centre[0], 'text-anchor="middle"')
        parts.append(_text(row.text, at, y + row.height / 2 + 4.5, row.colour, more))
        y += row.height
    return "".join([*parts, "</g>"])


def _text(text: str, x: float, y: float, colour: str, more: str = "", *, lowered: bool = False) -> str:
    shown = _escaped(_short(text))
    if lowered:
        # s12 reads as s with a subscript, and is still found and copied as s12.
        low = r'\1<tspan dy="3" font-size="9.5">\2</tspan><tspan dy="-3">\3</tspan>'
        shown = re.sub(r"(?<![\w&#])([a-zA-Z])(\d+)(?![a-zA-Z_\d])(&#?\w+;|.)?", low, shown)
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" {more}>{shown}</text>'


def _map(cells: Any, x: float, y: float) -> str:
    """A heat map: white is zero, full colour the largest entry, and red what is not finite."""
    top = np.max(np.abs(cells), initial=0.0, where=np.isfinite(cells)) or 1.0
    parts = []
    for (i, j), cell in np.ndenumerate(cells):
        tint = 255 + (np.subtract(NEGATIVE if cell < 0 else POSITIVE, 255) * min(abs(cell) / top, 1.0))
        fill = "#" + bytes(int(c) for c in tint).hex() if np.isfinite(cell) else FAULT
        parts.append(f'<path fill="{fill}" d="M{x + j * CELL:.1f} {y + i * CELL:.1f}h{CELL}v{CELL}h-{CELL}z"/>')
    m, n = cells.shape
    frame = f'<path fill="none" stroke="#c3cad4" d="M{x:.1f} {y:.1f}h{n * CELL}v{m * CELL}h-{n * CELL}z"/>'
    return f'<g shape-rendering="crispEdges">{"".join(parts)}{frame}</g>'


# -------------------------------------------------------------------------------------------- DOT
def dot(boxes: Sequence[Box], edges: Sequence[tuple[int, int]], title: str) -> str:
    """The same boxes in the language of Graphviz."""
    lines = [
        f"digraph {_quoted(title)} {{",
        "  rankdir=LR;",
        '  node [shape=box, style="rounded,filled", fillcolor=white];',
    ]
    for box in boxes:
        label = "\\n".join(_quoted(text)[1:-1] for text in (box.heading, *(row.text for row in box.rows)))
        colour = f', color="{FAULT}", penwidth=2' if box.fault else ""
        lines.append(f'  {_quoted(box.name)} [label="{label}", fillcolor="{FILL[box.kind][0]}"{colour}];')
    lines += [f"  {_quoted(boxes[u].name)} -> {_quoted(boxes[v].name)};" for u, v in edges]
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    """A string of DOT: a quote and a backslash are escaped, an ampersand would start an entity; it is one line."""
    shown = re.sub(r"[\x00-\x1f]", " ", text)
    for mark, written in (("&", "&amp;"), ("\\", "\\\\"), ('"', '\\"')):
        shown = shown.replace(mark, written)
    return f'"{shown}"'
