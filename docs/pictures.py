"""Draws the pictures of docs/explanation: ``python docs/pictures.py``. Graphs are drawn by the engine."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from reference.autodiff import Graph, graph, logsumexp

IMAGES = Path(__file__).parent / "images"


def f(x: Any, y: Any) -> Any:
    """The worked example of Bücker et al. 2006."""
    return (x * y + np.sin(x) + 4) * (3 * y**2 + 6)


def in_degrees(x: Any, y: Any) -> Any:
    """The same by a pocket calculator that was left in degrees."""
    return (x * y + np.sin(x * np.pi / 180) + 4) * (3 * y**2 + 6)


def network(W: Any, b: Any, V: Any, X: Any, Y: Any) -> Any:
    """Two layers and the softmax loss, on one-hot labels Y."""
    u = np.maximum(X @ W + b, 0) @ V
    return np.mean(logsumexp(u) - np.sum(u * Y, axis=1))


# ------------------------------------------------------------------------ the way of a submission
class Step(NamedTuple):
    """A step of grading, the rooms it is in, and what it has done in the student's process; ``part`` is a key of ``PARTS``."""

    title: str
    rooms: str
    part: str = ""
    there: str = ""
    there_rooms: str = ""


CALLED = "inside/agent.py · performer.py"
WAY = (
    Step("gradmark grade PATH …", "cli"),
    Step("Collect: find, read, look through", "submission"),
    Step(
        "Session: a process for it",
        "runtime/life · kernels",
        "",
        "Kernel is forked, walls up",
        "inside/fork_server.py · walls",
    ),
    Step("Run the cells of the notebook", "runtime/cells", "", "Cells run", "inside/kernel.py · preparation.py"),
    Step("Cases, with right answers and bounds", "judging/cases · numerics", "marks"),
    Step("Chains of calls", "judging/asking · runtime/calls", "marks", "Functions are called", CALLED),
    Step("Trials: each output compared", "judging/asking · numerics", "marks"),
    Step("Checks: verdicts, each with its fact", "judging/checks", "marks"),
    Step("Recognise: what is the wrong answer?", "judging/recognise", "words"),
    Step("Explain: the fact to tell, the input to show", "diagnosis", "words", "Called on simpler inputs", CALLED),
    Step("Items and result", "items.py · result.py"),
    Step("Reports and exports", "report · export"),
)
PARTS = {"marks": ("#eef7ee", "#7aa67e"), "words": ("#fdf4e7", "#d9a35b")}
FONT = "ui-sans-serif, system-ui, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
INK, SOFT, LINES = "#1f2937", "#4b5563", "#8592a3"
HIGH, GAP, LEFT, WIDE, RIGHT, SIDE, TOP = 46, 18, 146, 356, 594, 280, 62


def way() -> str:
    """How a submission is graded: the grader's steps from above, and beside them what happens in the student's process."""
    tops = [TOP + number * (HIGH + GAP) for number in range(len(WAY))]
    height, width = tops[-1] + HIGH + 20, RIGHT + SIDE + 36
    beside = [top for step, top in zip(WAY, tops, strict=True) if step.there]
    size = f'width="{width}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width} {height}" role="img" font-family="{FONT}">',
        "<title>How a submission is graded</title>",
        f'<rect {size} rx="8" fill="#ffffff"/>',
        _panel(RIGHT - 18, beside[0] - 14, SIDE + 36, beside[-1] + HIGH + 14, "#f5f3f8", "#9a86b8", dashed=True),
        _words(LEFT + WIDE / 2, 24, "grader", bold=True),
        _words(LEFT + WIDE / 2, 42, "has the right answers", SOFT, 12.5),
        _words(RIGHT + SIDE / 2, beside[0] - 42, "the student's process", bold=True),
        _words(RIGHT + SIDE / 2, beside[0] - 24, "has their code, and no right answer", SOFT, 12.5),
    ]
    for part, (fill, edge) in PARTS.items():
        mine = [top for step, top in zip(WAY, tops, strict=True) if step.part == part]
        middle = (mine[0] + mine[-1] + HIGH) / 2
        parts.append(_panel(14, mine[0] - 7, LEFT + WIDE - 4, mine[-1] + HIGH + 7, fill, edge))
        parts.append(_words(80, middle - 4, "for each exercise:", SOFT, 12))
        parts.append(_words(80, middle + 16, part, bold=True))
    for step, top, after in zip(WAY, tops, [*tops[1:], None], strict=True):
        parts.append(_step(LEFT, WIDE, top, step.title, step.rooms))
        if after is not None:
            parts.append(_arrow(LEFT + WIDE / 2, top + HIGH, LEFT + WIDE / 2, after))
        if step.there:
            parts.append(_step(RIGHT, SIDE, top, step.there, step.there_rooms))
            parts.append(_arrow(LEFT + WIDE, top + HIGH / 2 - 7, RIGHT, top + HIGH / 2 - 7))
            parts.append(_arrow(RIGHT, top + HIGH / 2 + 7, LEFT + WIDE, top + HIGH / 2 + 7))
    return "\n".join([*parts, "</svg>"])


def _panel(x: float, y: float, wide: float, low: float, fill: str, edge: str, *, dashed: bool = False) -> str:
    look = f'fill="{fill}" stroke="{edge}" stroke-width="1.2"' + ' stroke-dasharray="6 4"' * dashed
    return f'<rect x="{x:g}" y="{y:g}" width="{wide:g}" height="{low - y:g}" rx="8" {look}/>'


def _words(x: float, y: float, text: str, colour: str = INK, size: float = 14, *, bold: bool = False) -> str:
    look = f'fill="{colour}" font-size="{size:g}"' + ' font-weight="600"' * bold
    return f'<text x="{x:g}" y="{y:g}" text-anchor="middle" {look}>{html.escape(text)}</text>'


def _step(x: float, wide: float, y: float, title: str, rooms: str) -> str:
    middle = x + wide / 2
    box = _panel(x, y, wide, y + HIGH, "#ffffff", "#7d9cc0")
    return box + _words(middle, y + 20, title, bold=True) + _words(middle, y + 37, rooms, SOFT, 12)


def _arrow(x: float, y: float, to_x: float, to_y: float) -> str:
    """An arrow that is level or upright."""
    size = 7
    if y == to_y:
        ahead = 1 if to_x > x else -1
        head, end = f"l{-ahead * size} -3.5v7z", f"H{to_x - ahead * size:g}"
    else:
        head, end = f"l-3.5 -{size}h7z", f"V{to_y - size:g}"
    line = f'<path d="M{x:g} {y:g}{end}" fill="none" stroke="{LINES}" stroke-width="1.4"/>'
    return line + f'<path d="M{to_x:g} {to_y:g}{head}" fill="{LINES}"/>'


def pictures() -> dict[str, str]:
    """Every picture by the name of its file."""
    rng = np.random.default_rng(0)
    shapes = ((3, 4), (4,), (4, 2), (5, 3))
    layers: Graph = graph(network, *map(rng.standard_normal, shapes), np.eye(2)[[0, 1, 1, 0, 1]])
    return {
        "graph-worked-example.svg": graph(f, 2.0, 8.0).svg(),
        "graph-fault.svg": graph(in_degrees, 2.0, 8.0).svg(f),
        "graph-network.svg": layers.svg(),
        "way-of-a-submission.svg": way(),
    }


if __name__ == "__main__":
    for name, text in pictures().items():
        (IMAGES / name).write_text(text, encoding="utf-8")
