"""The heat map of an answer's errors as SVG, drawn without a plot library, which would cost a page 60 KB and more.

The drawing takes its colours from custom properties of the page (``--heat-0`` to ``--heat-5``), so that it follows light and dark;
without them it falls back to the light scale.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

__all__ = ["DARK", "LIGHT", "heatmap", "step_of"]

LIGHT = ("#efece6", "#fee391", "#fec44f", "#ec7014", "#b53f04", "#662506")
DARK = ("#33312e", "#5e2a0d", "#8f3a08", "#cf5a0a", "#fb9a29", "#fee391")
"""The colours from no error to the largest, after ColorBrewer's YlOrBr (Brewer 2003): lightness alone tells the steps apart, for
every kind of colour vision and on a grey printer. In the dark scale a larger error is brighter."""
CELL = 18
"""The side of a square, in pixels."""
SPAN = 1e3
"""The ratio of largest to smallest error above which steps are logarithmic, so that a large error hides no small one."""


def heatmap(
    rows: Sequence[Sequence[float]], title: str, description: str, *, ident: str, worst: tuple[int, int] | None = None
) -> str:
    """Draw errors as an SVG, one square an entry.

    Args:
        rows: |got − expected| as rows of one length; entries that are not finite are crossed out.
        title: the name of the drawing; escaped here.
        description: the drawing in words, for readers who do not see it; escaped here.
        ident: prefix of its ids, unique in the page; letters, digits and dashes.
        worst: row and column of the entry to frame.

    """
    height, width = CELL * len(rows), CELL * len(rows[0])
    finite = [v for row in rows for v in row if math.isfinite(v) and v > 0]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="heat" role="img" width="{width + 2}" height="{height + 2}" '
        f'viewBox="-1 -1 {width + 2} {height + 2}" aria-labelledby="{ident}-t {ident}-d">'
        f'<title id="{ident}-t">{escape(title, quote=False)}</title><desc id="{ident}-d">{escape(description, quote=False)}</desc>'
    )
    parts = [head]
    low, high = (min(finite), max(finite)) if finite else (0.0, 0.0)
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            parts.append(_cell(i, j, step_of(value, low, high)))
    if worst is not None:
        i, j = worst
        parts.append(
            f'<rect x="{j * CELL}" y="{i * CELL}" width="{CELL}" height="{CELL}" '
            'fill="none" stroke="currentColor" stroke-width="2"/>'
        )
    return "".join([*parts, "</svg>"])


def _cell(i: int, j: int, step: int | None) -> str:
    x, y = j * CELL + 1, i * CELL + 1
    size = CELL - 2
    fill = len(LIGHT) - 1 if step is None else step
    square = f'<rect x="{x}" y="{y}" width="{size}" height="{size}" fill="var(--heat-{fill},{LIGHT[fill]})"/>'
    if step is not None:
        return square
    cross = f"M{x + 3} {y + 3}l{size - 6} {size - 6}m0 {6 - size}l{6 - size} {size - 6}"
    return f'{square}<path d="{cross}" stroke="var(--heat-0,{LIGHT[0]})" stroke-width="2"/>'


def step_of(value: float, low: float, high: float) -> int | None:
    """Return the step of an error: 0 for none, 1 to 5 up to the largest, None for one that is not finite.

    Args:
        value: |got − expected| of an entry.
        low: the smallest finite error of the array that is not 0.
        high: the largest finite one.

    """
    if not math.isfinite(value):
        return None
    if value == 0:
        return 0
    most = len(LIGHT) - 1
    wide = high > SPAN * low
    share = 1 + math.log10(value / high) / math.log10(high / low) if wide else value / high
    return max(1, min(most, math.ceil(share * most)))
