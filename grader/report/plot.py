"""Axes, curves and marks as SVG, drawn without a plot library: the ground on which ``pictures`` draws.

A drawing stands in a page as an ``<img>`` and cannot take the page's colours. So it brings a panel of its own, light or dark as the
reader's settings say, and lines in colours that are told apart on both, each with a dash and a mark of its own besides.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Literal

from grader.report.text import inline

__all__ = ["COLOURS", "MOST_MARKS", "PANELS", "TEXTS", "Axis", "Curve", "Note", "axis", "drawn", "sheet", "short"]

WIDTH, HEIGHT = 420, 300
LEFT, RIGHT, TOP, BOTTOM = 74, 12, 30, 46
"""The margins around the frame; one more row of the legend takes ``ROW``."""
ROW, LETTER = 18, 6.4
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")
"""After Okabe and Ito (2008): each has a contrast of 3 : 1 or more on either panel."""
DASHES = ("", "7 4", "2 4", "11 4 2 4")
PANELS, TEXTS = ("#ffffff", "#161616"), ("#3d3d3d", "#d0d0d0")
"""The panel and the text on it, light and dark."""
GRIDS = ("#e2e2e2", "#333333")
STYLE = (
    f"@media (prefers-color-scheme:dark){{.gm-panel{{fill:{PANELS[1]}}}.gm-text{{fill:{TEXTS[1]}}}"
    f".gm-halo{{stroke:{PANELS[1]}}}.gm-ink{{stroke:{TEXTS[1]}}}.gm-grid{{stroke:{GRIDS[1]}}}}}"
)
FONT = "system-ui,'Segoe UI',Helvetica,Arial,sans-serif"
MOST_MARKS = 60
"""Of the points of a curve: of more, only the line is drawn."""
PADDING, NARROW = 0.07, 1e-9
TICKS, DECADES = 4, 5
FINE = 12


@dataclass(frozen=True)
class Axis:
    """The range of an axis, in the units of the data, and its label.

    ``log``: in powers of ten, the range being positive; ``whole``: only whole numbers are marked.
    """

    low: float
    high: float
    label: str
    log: bool = False
    whole: bool = False

    def share(self, value: float) -> float:
        """Return the place of a value, 0 at the axis' low end and 1 at its high one."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def ticks(self) -> list[tuple[float, str]]:
        """Return the values that are marked, a few round ones, each with its text."""
        if self.log:
            first, last = math.ceil(math.log10(self.low) - NARROW), math.floor(math.log10(self.high) + NARROW)
            stride = max(1, math.ceil((last - first + 1) / DECADES))
            return [(10.0**k, short(10.0**k)) for k in range(first, last + 1, stride)]
        raw = (self.high - self.low) / TICKS
        ten = 10.0 ** math.floor(math.log10(raw))
        step = next(m * ten for m in (1, 2, 5, 10) if m * ten >= raw * (1 - NARROW))
        step = max(step, 1.0) if self.whole else step
        values = [k * step for k in range(math.ceil(self.low / step), math.floor(self.high / step) + 1)]
        return [(v, short(v, 7)) for v in values]


@dataclass(frozen=True)
class Curve:
    """Points (x, y) in the units of the data, one after the other, and a name for the legend.

    ``marked``: a mark at each point. ``leaves``: the last point is where the curve leaves the frame, and has an arrow.
    """

    name: str
    points: Sequence[tuple[float, float]]
    marked: bool = True
    leaves: bool = False


@dataclass(frozen=True)
class Note:
    """A word beside a point, on which a sign stands."""

    point: tuple[float, float]
    text: str
    sign: Literal["start", "ring", "end"] = "ring"


def axis(values: Sequence[float], label: str, *, log: bool = False, whole: bool = False) -> Axis:
    """Return an axis that holds finite values (positive ones if ``log``), with room at both ends; without any, one from 0 to 1."""
    low, high = (min(values), max(values)) if values else (1.0, 10.0) if log else (0.0, 1.0)
    if log:
        room = (high / low) ** PADDING if high / low > 10 else math.sqrt(10)
        return Axis(low / room, high * room, label, log=True)
    size = max(abs(low), abs(high))
    room = PADDING * (high - low) if high - low > NARROW * size else 0.1 * size or 1.0
    return Axis(low - room, high + room, label, whole=whole)


def short(value: float, digits: int = 3) -> str:
    """Return a number as a reader wants it: few digits, a real minus sign, no zeros in its power of ten."""
    mantissa, _, power = f"{value:.{digits}g}".partition("e")
    number = f"{mantissa}e{int(power)}" if power else mantissa
    return "0" if float(mantissa) == 0 else number.replace("-", "−")


def drawn(title: str, description: str, x: Axis, y: Axis, curves: Sequence[Curve], notes: Sequence[Note] = ()) -> str:
    """Draw curves in a frame as an SVG.

    Args:
        title: a few words; escaped here, as all texts are.
        description: the drawing in words, for readers who do not see it.
        x: the axis to the right.
        y: the axis upwards.
        curves: at most four; the first lies below the others.
        notes: over all of them.

    Raises:
        ValueError: there are more curves than can be told apart.

    """
    if len(curves) > len(COLOURS):
        raise ValueError(f"{len(curves)} curves cannot be told apart; draw at most {len(COLOURS)}")
    place = _Frame(x, y, TOP + ROW * ((len(curves) - 1) // 2))
    parts = [
        *_grid(place),
        *(_legend(number, curve.name) for number, curve in enumerate(curves) if len(curves) > 1),
        *(_curve(number, curve, place) for number, curve in enumerate(curves)),
        *_notes(notes, place, _on_the_way(curves, place)),
    ]
    return sheet(title, description, parts)


def sheet(title: str, description: str, parts: Sequence[str], *, width: float = WIDTH, height: float = HEIGHT) -> str:
    """Return an SVG document: parts of a drawing on a panel of its own, light or dark as the reader's settings say.

    Args:
        title: a few words; escaped here, as the description is.
        description: the drawing in words, for readers who do not see it.
        parts: SVG; its elements of the classes ``gm-panel``, ``gm-text`` and ``gm-ink`` change with the panel.
        width: in pixels, as is the height.
        height: of the panel.

    """
    size = f'width="{width:g}" height="{height:g}"'
    words = f"<title>{escape(title, quote=False)}</title><desc>{escape(description, quote=False)}</desc>"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width:g} {height:g}" {size}'
    ground = f'<rect class="gm-panel" {size} rx="6" fill="{PANELS[0]}"/>'
    return "".join(
        [f'{head} font-family="{FONT}" font-size="12">{words}<style>{STYLE}</style>', ground, *parts, "</svg>"]
    )


@dataclass(frozen=True)
class _Frame:
    """The place of data on the paper."""

    x: Axis
    y: Axis
    top: float

    def __call__(self, point: tuple[float, float]) -> tuple[float, float]:
        across, up = self.x.share(point[0]), self.y.share(point[1])
        return LEFT + across * (WIDTH - LEFT - RIGHT), self.bottom - up * (self.bottom - self.top)

    @property
    def bottom(self) -> float:
        return HEIGHT - BOTTOM


def _grid(place: _Frame) -> list[str]:
    right, parts = WIDTH - RIGHT, []
    line = f'class="gm-grid" stroke="{GRIDS[0]}"'
    for value, text in place.x.ticks():
        across, _ = place((value, place.y.low))
        parts.append(f'<path d="M{across:.1f} {place.top:.1f}V{place.bottom}" {line}/>')
        inside = min(across, WIDTH - 4 - LETTER * len(text) / 2)
        parts.append(_text(inside, place.bottom + 16, text, "middle"))
    for value, text in place.y.ticks():
        _, down = place((place.x.low, value))
        parts.append(f'<path d="M{LEFT} {down:.1f}H{right}" {line}/>')
        parts.append(_text(LEFT - 6, down + 4, text, "end"))
    parts.append(_text((LEFT + right) / 2, HEIGHT - 10, place.x.label, "middle"))
    middle = (place.top + place.bottom) / 2
    parts.append(f'<g transform="translate(14 {middle:.1f}) rotate(-90)">{_text(0, 0, place.y.label, "middle")}</g>')
    return parts


def _text(x: float, y: float, text: str, anchor: str = "start", extra: str = "") -> str:
    return (
        f'<text class="gm-text{" gm-halo" if extra else ""}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" '
        f'fill="{TEXTS[0]}"{extra}>{escape(inline(text, 40), quote=False)}</text>'
    )


def _legend(number: int, name: str) -> str:
    x, y = LEFT + (number % 2) * (WIDTH - LEFT) // 2, 18 + ROW * (number // 2)
    sample = f'<path d="M{x} {y - 4}h34" {_line(number)}/>{_mark(number, x + 17, y - 4)}'
    return sample + _text(x + 42, y, inline(name, 20))


def _line(number: int) -> str:
    dash = f' stroke-dasharray="{DASHES[number]}"' if DASHES[number] else ""
    width = 3.5 if number == 0 else 2
    return f'fill="none" stroke="{COLOURS[number]}" stroke-width="{width}" stroke-linejoin="round"{dash}'


def _mark(number: int, x: float, y: float) -> str:
    """A disc, a hollow square, a triangle, a cross: each series has its own."""
    colour = COLOURS[number]
    if number == 0:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{colour}"/>'
    hollow = f'class="gm-panel" fill="{PANELS[0]}" stroke="{colour}" stroke-width="1.8"'
    if number == 1:
        return f'<rect x="{x - 3:.1f}" y="{y - 3:.1f}" width="6" height="6" {hollow}/>'
    if number == 2:
        return f'<path d="M{x:.1f} {y - 5:.1f}l5 8.5h-10z" {hollow}/>'
    return f'<path d="M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8" stroke="{colour}" stroke-width="2"/>'


def _curve(number: int, curve: Curve, place: _Frame) -> str:
    at = [place(point) for point in curve.points]
    if not at:
        return ""
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in at)
    line = f'<path d="{path}" {_line(number)}/>' if len(at) > 1 else ""
    marks = at[:-1] if curve.leaves else at
    shown = "".join(_mark(number, x, y) for x, y in marks) if curve.marked else ""
    return line + shown + (_arrow(number, at[-2], at[-1]) if curve.leaves and len(at) > 1 else "")


def _arrow(number: int, tail: tuple[float, float], head: tuple[float, float]) -> str:
    turn = math.degrees(math.atan2(head[1] - tail[1], head[0] - tail[0]))
    return (
        f'<path d="M0 0l-9 -5v10z" fill="{COLOURS[number]}" '
        f'transform="translate({head[0]:.1f} {head[1]:.1f}) rotate({turn:.0f})"/>'
    )


def _notes(notes: Sequence[Note], place: _Frame, lines: list[tuple[float, float]]) -> list[str]:
    """Draw notes, each word where it covers least of the lines and of the words before it."""
    halo = f' stroke="{PANELS[0]}" stroke-width="4" paint-order="stroke" stroke-linejoin="round"'
    parts = []
    for note in notes:
        x, y = place(note.point)
        length = LETTER * len(note.text)
        left, down = _beside(x, y, length, place.top, lines)
        parts += [_sign(note.sign, x, y), _text(left, down, note.text, extra=halo)]
        lines = [*lines, *((left + length * k / FINE, down - 4) for k in range(FINE + 1))]
    return parts


def _beside(x: float, y: float, length: float, top: float, lines: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return where a word beside a point begins: inside the frame, where it covers least of the lines."""
    places = [
        (left, down)
        for down in (y - 12, y + 21, y + 4)
        for left in (x + 13, x - 13 - length)
        if left > LEFT and left + length < WIDTH and top + 10 < down < HEIGHT - BOTTOM
    ] or [(x - length / 2, y - 14)]

    def covered(corner: tuple[float, float]) -> int:
        left, down = corner
        return sum(left - 3 < u < left + length + 3 and down - 13 < v < down + 5 for u, v in lines)

    return min(places, key=covered)


def _on_the_way(curves: Sequence[Curve], place: _Frame) -> list[tuple[float, float]]:
    """Return points along all curves, close enough to find what a word would cover."""
    found = []
    for curve in curves:
        at = [place(point) for point in curve.points]
        for (x, y), (u, v) in pairwise(at):
            found += [(x + (u - x) * k / FINE, y + (v - y) * k / FINE) for k in range(FINE + 1)]
    return found


def _sign(sign: str, x: float, y: float) -> str:
    """A ring around a point, a diamond on it, or a cross, after which nothing comes."""
    ink = f'stroke="{TEXTS[0]}" stroke-width="2"'
    match sign:
        case "ring":
            return f'<circle class="gm-ink" cx="{x:.1f}" cy="{y:.1f}" r="10" fill="none" {ink}/>'
        case "start":
            return f'<path class="gm-ink gm-panel" d="M{x:.1f} {y - 8:.1f}l8 8l-8 8l-8 -8z" fill="{PANELS[0]}" {ink}/>'
    return f'<path class="gm-ink" d="M{x - 7:.1f} {y - 7:.1f}l14 14m0 -14l-14 14" {ink}/>'
