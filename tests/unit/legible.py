"""The contrast of two colours, for what is to be read by everybody."""

from __future__ import annotations

__all__ = ["RGB", "contrast", "luminance", "rgb"]

RGB = tuple[float, float, float]
"""Red, green and blue, from 0 to 255."""


def rgb(colour: str) -> RGB:
    """Read a colour as CSS writes it: ``#ffcc00``."""
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))  # type: ignore[return-value]  # three of them


def contrast(a: RGB | str, b: RGB | str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21 (WCAG 2.2)."""
    low, high = sorted(luminance(colour) for colour in (a, b))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: RGB | str) -> float:
    """Return the relative luminance, from 0 to 1 (WCAG 2.2)."""
    parts = rgb(colour) if isinstance(colour, str) else colour
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in parts)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
