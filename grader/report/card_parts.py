"""The HTML elements of which cards are made, each with its style: paragraphs, code, tables, images, parts that unfold.

Notebooks differ in theme and in what they strip: of a notebook that is not trusted JupyterLab keeps few attributes beside ``style``
and ``scope``. So every style stands with its element. Text has the colour of the page (``inherit``) and backgrounds are
translucent, which reads on light and dark alike; borders are of middle tones with a contrast above 3 on white, on #111 (JupyterLab)
and on #383838 (Colab). Whatever a colour says, a sign or a word says too. There is no script, style sheet, link or heading.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape

from grader.report.text import inline
from grader.report.told import Picture

__all__ = [
    "CELL",
    "GREY",
    "MONO",
    "ROW",
    "SHADES",
    "SMALL",
    "SOFT",
    "TEXT",
    "WIDE",
    "WRAP",
    "badge",
    "code",
    "css",
    "folded",
    "judged",
    "paragraph",
    "picture",
    "row",
    "section",
    "table",
    "th",
    "titles",
]

BLUE, ORANGE, GREY = "#2a88ca", "#d55e00", "#8a8a8a"
"""Middle tones for borders, after Okabe and Ito (2008): blue for right, vermilion for wrong, told apart by all colour vision."""
ON_BLUE, ON_ORANGE, ON_GREY = "#0072b2", "#b54a00", "#5f5f5f"
"""Darker ones, on which white reads with a contrast above 4.5."""
_SOFT_ONES = (GREY, ON_GREY)
TONES = {
    "passed": (BLUE, ON_BLUE),
    "missing": _SOFT_ONES,
    "not_attempted": _SOFT_ONES,
    "skipped": _SOFT_ONES,
    "grader_error": _SOFT_ONES,
}
"""The border and the ground of the sign of each status; the other statuses are faults."""
SHADES = ("", *(f"background:rgba(213,94,0,{alpha})" for alpha in (0.1, 0.18, 0.27, 0.36, 0.46)))
"""The backgrounds of cells by their step of error; text reads on the darkest with a contrast above 4.5, on light and dark."""

SOFT, SMALL = "opacity:.8", "font-size:.94em"
MONO = "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.92em"
ROW = "background:transparent"
CELL = "padding:.1em .5em;text-align:right;white-space:nowrap;border:0;font-weight:400;color:inherit"
WRAP = "overflow-wrap:anywhere"
TEXT = f"padding:.25em .9em .25em 0;text-align:left;vertical-align:top;border:0;font-weight:400;color:inherit;{WRAP}"
"""The style of a table's cell with words in it."""
WIDE = 300
"""The width in pixels from which a table may have to scroll on a phone; such a one can be reached by the keyboard."""


def css(*declarations: str) -> str:
    """Join declarations to the value of a ``style``; empty ones are left out."""
    return ";".join(filter(None, declarations))


def judged(status: str) -> bool:
    """Return whether an exercise of this status has a fault to tell."""
    return status not in TONES


def section(label: str, status: str, parts: Iterable[str]) -> str:
    """Return a card: its parts behind a border in the colour of its status."""
    border, _ = TONES.get(status, (ORANGE, ON_ORANGE))
    place = "padding:.15em 0 .15em .9em;margin:.3em 0 .8em;max-width:60em"
    style = css(f"border-left:4px solid {border}", place, "line-height:1.5;color:inherit")
    return f'<section role="group" aria-label="{escape(label)}" style="{style}">{"".join(parts)}</section>'


def badge(sign: str, status: str) -> str:
    """Return a sign on its ground; for readers of the screen the word beside it says the same."""
    _, ground = TONES.get(status, (ORANGE, ON_ORANGE))
    place = "display:inline-block;min-width:1.35em;text-align:center;border-radius:.3em"
    style = css(place, f"background:{ground};color:#fff;font-weight:700")
    return f'<span aria-hidden="true" style="{style}">{escape(sign)}</span>'


def paragraph(text: str, *declarations: str) -> str:
    """Return a paragraph; nothing of an empty text."""
    return f'<p style="{css("margin:.3em 0", WRAP, *declarations)}">{escape(text)}</p>' if text else ""


def code(text: str) -> str:
    """Return lines of code, which wrap where the page is narrow; nothing of an empty text."""
    ground = "padding:.45em .75em;background:rgba(128,128,128,.14);border-radius:.3em"
    style = css("margin:.3em 0;white-space:pre-wrap;color:inherit", WRAP, ground, MONO)
    return f'<pre style="{style}">{escape(text)}</pre>' if text else ""


def picture(drawn: Picture) -> str:
    """Return a drawing as an image: front ends strip a drawing that stands in the page itself."""
    encoded = base64.b64encode(drawn.svg.encode()).decode()
    caption = f'<figcaption style="{SOFT}">{escape(inline(drawn.caption))}</figcaption>' if drawn.caption else ""
    source = f"data:image/svg+xml;base64,{encoded}"
    image = f'<img alt="{escape(inline(drawn.alt))}" src="{source}" style="max-width:100%;height:auto">'
    return f'<figure style="margin:.6em 0">{caption}{image}</figure>'


def folded(summary: str, inside: str) -> str:
    """Return a part that unfolds: ``summary`` is text, ``inside`` is HTML."""
    style = css("cursor:pointer;padding:.15em 0", WRAP)
    return f'<details style="margin:.2em 0"><summary style="{style}">{escape(summary)}</summary>{inside}</details>'


# ------------------------------------------------------------------------------------------------ tables
def table(caption: str, head: str, rows: Iterable[str], *declarations: str, label: str = "") -> str:
    """Return a table.

    Args:
        caption: HTML; without one the table has none.
        head: the cells of its first row, as HTML.
        rows: the others, whole.
        declarations: style of all its cells.
        label: puts the table into a box of this name, reached by the keyboard, in which it scrolls where the page is narrower.

    """
    style = "border-collapse:collapse;margin:0;width:auto;table-layout:auto;font-size:1em;color:inherit;border:0"
    above = "caption-side:top;text-align:left;padding:0 0 .15em;color:inherit;font-size:1em"
    said = f'<caption style="{above}">{caption}</caption>' if caption else ""
    type_ = css(*declarations)
    body = f'<thead style="{type_}">{row(head)}</thead><tbody style="{type_}">{"".join(rows)}</tbody>'
    reached = f' tabindex="0" role="group" aria-label="{escape(label)}"' if label else ""
    return f'<div style="max-width:100%;overflow-x:auto"{reached}><table style="{style}">{said}{body}</table></div>'


def row(cells: str) -> str:
    """Return a row of a table; JupyterLab would paint every second one."""
    return f'<tr style="{ROW}">{cells}</tr>'


def th(text: str, scope: str, *declarations: str) -> str:
    """Return the heading of a column (``col``) or of a row (``row``)."""
    return f'<th scope="{scope}" style="{css(*declarations)}">{escape(text)}</th>'


def titles(names: Sequence[str], *, scrolls: bool = False) -> str:
    """Return the headings of the columns of a table of words; one without a name is an empty cell.

    In a table that ``scrolls`` where there is no room no heading is broken within a word.
    """
    whole = "white-space:nowrap" if scrolls else ""
    return "".join(th(name, "col", TEXT, SOFT, whole) if name else f'<td style="{TEXT}"></td>' for name in names)
