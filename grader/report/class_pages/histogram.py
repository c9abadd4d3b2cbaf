"""The distribution of a class's points as SVG: one bar a tenth of the full points, with the median marked."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from grader.report.text import points as told

__all__ = ["histogram", "in_words"]

WIDTH, HEIGHT, LEFT, TOP, FLOOR = 340, 150, 6, 18, 124
STEP = (WIDTH - 2 * LEFT) / 10


def histogram(bins: Sequence[int], most: float, median: float, *, ident: str) -> str:
    """Draw the number of students in each tenth of the full points.

    Args:
        bins: ten counts, from the lowest points to the full ones.
        most: the full points.
        median: of all points.
        ident: prefix of its ids, unique in the page.

    """
    tallest = max(*bins, 1)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="histogram" role="img" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'aria-labelledby="{ident}-t {ident}-d"><title id="{ident}-t">Distribution of points</title>'
        f'<desc id="{ident}-d">{escape(in_words(bins, most), quote=False)}</desc>'
    )
    parts = [head]
    for number, count in enumerate(bins):
        height = round((FLOOR - TOP) * count / tallest, 1)
        x = LEFT + number * STEP
        if count:
            parts.append(
                f'<rect x="{x + 1.5:g}" y="{FLOOR - height:g}" width="{STEP - 3:g}" height="{height:g}" rx="1.5"/>'
                f'<text x="{x + STEP / 2:g}" y="{FLOOR - height - 4:g}" text-anchor="middle">{count}</text>'
            )
    parts.append(f'<path d="M{LEFT} {FLOOR}h{WIDTH - 2 * LEFT}" class="axis"/>')
    for share in (0, 0.25, 0.5, 0.75, 1):
        anchor = "start" if share == 0 else "end" if share == 1 else "middle"
        x = LEFT + share * 10 * STEP
        parts.append(
            f'<text x="{x:g}" y="{FLOOR + 14}" text-anchor="{anchor}" class="tick">{told(share * most)}</text>'
        )
    if most > 0:
        x = LEFT + min(1.0, max(0.0, median / most)) * 10 * STEP
        parts.append(f'<path d="M{x:g} {FLOOR}l-4 7h8z" class="median"/>')
    return "".join([*parts, "</svg>"])


def in_words(bins: Sequence[int], most: float) -> str:
    """Return the distribution in a sentence: each tenth that somebody is in."""
    width = most / len(bins)
    said = [f"{told(i * width)} to {told((i + 1) * width)} points: {count}" for i, count in enumerate(bins) if count]
    return "Students by points. " + "; ".join(said) + "." if said else "Nobody has points yet."
