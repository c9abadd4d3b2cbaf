"""Boxes that are joined by arrows, as a picture (SVG) and as text for other tools (DOT).

The SVG stands by itself in a page: no script, no style sheet, no identifiers that two pictures of a page would share, and a
ground of its own, so that it reads the same in light and dark.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from reference.autodiff.drawing.layout import Edge, Point, layered

__all__ = ["FAULT", "GRADIENT", "HEADING", "VALUE", "Box", "Row", "dot", "svg"]

HEADING, VALUE, GRADIENT, FAULT = "#4b5563", "#1f2937", "#b45309", "#c81e1e"
FILL = {"": "#ffffff", "input": "#eef4fb", "output": "#eef7ee", "fault": "#ffffff"}
EDGE = {"": "#9aa5b4", "input": "#7d9cc0", "output": "#7aa67e", "fault": FAULT}
NEGATIVE, POSITIVE = (37, 99, 168), (217, 115, 13)
FONT = "ui-sans-serif, system-ui, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
MARGIN, PADDING, LINE, CELL, LONGEST = 16, 9, 17, 6, 44
NARROW = set(" .,:;()[]|'·/fijlrtI")


class Row(NamedTuple):
    """One line of text in a box; ``cells``, of shape (m, n), shows beside it as a heat map: blue below zero, orange above."""

    text: str
    colour: str = VALUE
    cells: Any = None

    @property
    def size(self) -> Point:
        """Width and height in pixels, in the widest of the common fonts a little more than in the others."""
        m, n = (0, -1) if self.cells is None else self.cells.shape
        wide = (4.8 if c in NARROW else 12.8 if c in "mwMW@%…" or ord(c) > 0x2E7F else 8.3 for c in _short(self.text))
        return (n + 1) * CELL + sum(wide), max(LINE, m * CELL + 5)


class Box(NamedTuple):
    """A box: rows, of which the first is in bold type; a hint, shown under the pointer; and its kind, a key of ``FILL``."""

    name: str
    rows: tuple[Row, ...]
    hint: str = ""
    kind: str = ""

    @property
    def size(self) -> Point:
        """Width and height in pixels."""
        widths = [1.1 * self.rows[0].size[0], *(row.size[0] for row in self.rows)]
        return max(max(widths) + 2 * PADDING, 46), sum(row.size[1] for row in self.rows) + 13


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _escaped(text: str) -> str:
    """Escape text for XML; characters that XML does not allow are replaced."""
    return html.escape(re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text))


# -------------------------------------------------------------------------------------------- SVG
def svg(boxes: Sequence[Box], edges: Sequence[Edge], title: str, caption: Sequence[Row]) -> str:
    """Draw a self-contained SVG; edges go from lower to higher numbers of boxes; ``caption`` is a line under the picture."""
    plan = layered([box.size for box in boxes], edges)
    width = max(plan.width, sum(row.size[0] + 14 for row in caption)) + 2 * MARGIN
    height = plan.height + 2 * MARGIN + LINE + 8
    size = f'width="{width:.0f}" height="{height:.0f}"'
    # The space behind each text lifts the line again after a subscript.
    legend = "".join(f'<tspan dx="10" fill="{row.colour}">{_lowered(row.text + chr(160))}</tspan>' for row in caption)
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width:.0f} {height:.0f}" role="img" \
font-family="{FONT}" font-size="13">
<title>{_escaped(title)}</title><desc>{_escaped(", ".join(row.text for row in caption))}</desc>
<rect {size} rx="8" fill="#ffffff"/>
<g transform="translate({(width - plan.width) / 2:.1f} {MARGIN})">
<path d="{" ".join(map(_curve, plan.routes))}" fill="none" stroke="#8592a3" stroke-width="1.3"/>
<path d="{" ".join(f"M{x - 0.5:.1f} {y:.1f}l-8 -3.6v7.2z" for *_, (x, y) in plan.routes)}" fill="#8592a3"/>
{"".join(map(_drawn, boxes, plan.centres))}</g>
<text x="{MARGIN - 10}" y="{height - MARGIN + 2:.1f}">{legend}</text>
</svg>"""


def _curve(route: Sequence[Point]) -> str:
    """Draw a path that is level in each layer and bends in the gaps between them."""
    path = f"M{route[0][0]:.1f} {route[0][1]:.1f}"
    for (x, y), (to, level) in zip(route[1::2], route[2::2], strict=False):
        middle = (x + to) / 2
        path += f"H{x:.1f}C{middle:.1f} {y:.1f} {middle:.1f} {level:.1f} {to:.1f} {level:.1f}"
    return f"{path}H{route[-1][0] - 5:.1f}"


def _drawn(box: Box, centre: Point) -> str:
    width, height = box.size
    top = centre[1] - height / 2
    outline = 2.6 if box.kind == "fault" else 1.2
    look = f'rx="6" fill="{FILL[box.kind]}" stroke="{EDGE[box.kind]}" stroke-width="{outline}"'
    place = f'x="{centre[0] - width / 2:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"'
    parts = [f"<g><title>{_escaped(box.hint)}</title><rect {place} {look}/>"]
    left = centre[0] - max((row.size[0] for row in box.rows if row.cells is not None), default=0) / 2
    y = top + 5
    for row in box.rows:
        # Lines of text are centred; heat maps, which are of one size in a box, stand in one column.
        x, anchor = centre[0], "middle"
        if row.cells is not None:
            m, n = row.cells.shape
            parts.append(_map(row.cells, left, y + (row.size[1] - m * CELL) / 2))
            x, anchor = left + (n + 1) * CELL, "start"
        bold = ' font-weight="600"' if row is box.rows[0] else ""
        look = f'fill="{row.colour}" text-anchor="{anchor}"{bold}'
        parts.append(f'<text x="{x:.1f}" y="{y + row.size[1] / 2 + 4.5:.1f}" {look}>{_lowered(row.text)}</text>')
        y += row.size[1]
    return "".join([*parts, "</g>\n"])


def _lowered(text: str) -> str:
    """Write text for SVG, in which s12 reads as s with a subscript, and is still found and copied as s12."""
    low = r'\1<tspan dy="3" font-size="9.5">\2</tspan><tspan dy="-3">\3</tspan>'
    return re.sub(r"(?<![\w&#])([a-zA-Z])(\d+)(?![a-zA-Z_\d])(&#?\w+;|.)?", low, _escaped(_short(text)))


def _map(cells: Any, x: float, y: float) -> str:
    """Draw a heat map: zero is white, the largest entry of full colour, entries that are not finite are red."""
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
def dot(boxes: Sequence[Box], edges: Sequence[Edge], title: str) -> str:
    """Write the same boxes in the language of Graphviz."""
    lines = [f'digraph {_quoted(title)} {{\n  rankdir=LR;\n  node [shape=box, style="rounded,filled"];']
    for box in boxes:
        label = _quoted("\n".join(row.text for row in box.rows))
        look = f'fillcolor="{FILL[box.kind]}", color="{EDGE[box.kind]}"{", penwidth=2" * (box.kind == "fault")}'
        lines.append(f"  {_quoted(box.name)} [label={label}, {look}];")
    lines += [f"  {_quoted(boxes[u].name)} -> {_quoted(boxes[v].name)};" for u, v in edges]
    return "\n".join([*lines, "}\n"])


def _quoted(text: str) -> str:
    """Quote a string for DOT: a quote, a backslash and a new line as in JSON; an ampersand would start an entity."""
    return json.dumps(html.escape(text, quote=False), ensure_ascii=False)
