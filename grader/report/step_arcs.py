"""The graph that was handed in, drawn with its values: its steps one below the other, an arc from each value to what uses it.

The steps of a graph are in an order in which each comes after what it uses, so that no layout has to be found, and a graph of any
shape is as narrow as a phone. Needs no engine: a student's machine has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from grader.report.plot import COLOURS, PANELS, TEXTS, sheet
from grader.report.steps import Step, Steps, steps_of
from grader.report.told import Picture

__all__ = ["step_arcs"]

STATES = {"wrong": "✗ first wrong", "inherited": "inherited", "too": "✗ wrong too", "using": "uses a wrong one"}
"""What stands in the box of a step."""
LARGEST, LONG_ONE = 60, 24
"""The most values that are drawn, inputs among them: nobody reads more; and of how many a picture is so long that it is folded."""
WIDTH, ROW, TOP = 420, 38, 12
GUTTER, NEAREST, FURTHEST = 96, 14, 84
"""The room of the arcs, and how far the shortest and the longest of them reach into it; in pixels, as all of these."""
BOX = 30
LONG, LONG_SMALL = 42, 50
"""The most characters of a line, of large ones and of small ones."""
WRONG = COLOURS[1]
LINE = "#767676"
"""Has a contrast above 4 on either panel."""


def step_arcs(graph: Mapping[str, Any]) -> Picture | None:
    """Draw the graph of a counterexample: wrong steps are framed, those that inherit the first one's fault have a dashed frame.

    Args:
        graph: as a result holds it (``grader.result.Counterexample``); names and values are cleaned here.

    Returns:
        The picture; None if there is no graph, it has another form, or more than 60 values.

    """
    found = steps_of(graph)
    if found is None or len(found.inputs) + len(found.steps) > LARGEST:
        return None
    rows = [*found.inputs, *found.steps]
    place = {step.name: number for number, step in enumerate(rows)}
    if len(place) < len(rows):  # two names that are one when they are cleaned
        return None
    arcs = [
        (place[used], place[step.name]) for step in found.steps for used in dict.fromkeys(step.uses) if used in place
    ]
    alt = _in_words(found)
    parts = [_arc(start, end, rows[start]) for start, end in arcs]
    parts += [_box(number, row, found) for number, row in enumerate(rows)]
    height = 2 * TOP + ROW * len(rows)
    title = "Your graph with its values; an arc goes from each value to what uses it"
    return Picture(sheet(title, alt, parts, width=WIDTH, height=height), alt, title, folded=len(rows) > LONG_ONE)


def _middle(number: int) -> float:
    return TOP + ROW * (number + 0.5)


def _arc(start: int, end: int, source: Step) -> str:
    """Draw an arc through the gutter, into the box of the step that uses the value; one that carries a fault is dashed."""
    y, to = _middle(start) + 4, _middle(end) - 4
    reach = min(FURTHEST, NEAREST + 9 * (abs(end - start) - 1))
    left = GUTTER - reach * 4 / 3  # a cubic curve reaches three quarters of the way to its handles
    look = (
        f'stroke="{WRONG}" stroke-width="2" stroke-dasharray="6 3"'
        if source.state
        else f'stroke="{LINE}" stroke-width="1.4"'
    )
    curve = f'<path d="M{GUTTER} {y:g}C{left:g} {y:g} {left:g} {to:g} {GUTTER - 6} {to:g}" fill="none" {look}/>'
    return curve + f'<path d="M{GUTTER - 1} {to:g}l-8 -4v8z" fill="{WRONG if source.state else LINE}"/>'


def _box(number: int, step: Step, found: Steps) -> str:
    y = _middle(number)
    frame, width, dash = (WRONG, 1.4, ' stroke-dasharray="6 3"') if step.state else (LINE, 1, "")
    if step.state in ("wrong", "too"):
        width, dash = 3 if step.state == "wrong" else 2, ""
    fill = f'class="gm-panel" fill="{PANELS[0]}"'
    box = (
        f'<rect {fill} x="{GUTTER}" y="{y - BOX / 2 - 1:g}" width="{WIDTH - GUTTER - 10}" height="{BOX + 2}" rx="4" '
        f'stroke="{frame}" stroke-width="{width}"{dash}/>'
    )
    said = STATES.get(step.state, "input" if not step.written else "")
    said = "✗ wrong" if step.state == "wrong" and found.last else said
    name = f"{step.name} = {step.written}" if step.written else step.name
    value = f"{step.value}, must be {found.expected}" if step.state == "wrong" and found.expected else step.value
    bold = ' font-weight="600"'
    return "".join(
        [
            box,
            _words(GUTTER + 8, y - 3, _cut(name, LONG - len(said)), bold),
            _words(WIDTH - 18, y - 3, said, ' text-anchor="end"' + (bold if step.state == "wrong" else "")),
            _words(GUTTER + 8, y + 11, _cut(value, LONG_SMALL), ' font-size="11"'),
        ]
    )


def _words(x: float, y: float, text: str, look: str) -> str:
    if not text:
        return ""
    return f'<text class="gm-text" x="{x:g}" y="{y:g}" fill="{TEXTS[0]}"{look}>{escape(text, quote=False)}</text>'


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _in_words(found: Steps) -> str:
    """Say what the drawing shows: each step with what it uses, and where the first fault is."""
    steps = [f"{step.name} = {step.written}{_state(step, found)}" for step in found.steps]
    return f"Your graph, step by step: {'; '.join(steps)}."


def _state(step: Step, found: Steps) -> str:
    if step.state == "wrong":
        said = f", {'wrong' if found.last else 'the first wrong step'}: {step.value}"
        return said + (f", it must be {found.expected}" if found.expected else "")
    return {"inherited": ", inherited", "too": ", wrong too", "using": ", which uses a wrong one"}.get(step.state, "")
