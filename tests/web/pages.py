"""Pages for the browser, what axe-core says of them, how far two pictures are apart, and what happens where there is no browser."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFilter

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "there is no Chromium on this machine: on Debian `apt-get install chromium`"
THEMES = ("light", "dark")
CSS = (Path(__file__).parent / "jupyterlab.css").read_text(encoding="utf-8")
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
MOSTLY = 0.85
"""The correlation of two pictures, much blurred, from which they are alike on the whole: that of one and itself scaled by 1.5 % is
above 0.95, that of two cards of one exercise below 0.7."""
TILE = 16
"""The side of the squares in which pictures are compared, in pixels."""


def missing(why: str) -> None:
    """Skip a test that needs what is not here; where ``GRADMARK_WEB=required``, as ``.ci/run`` sets it, fail."""
    if os.environ.get("GRADMARK_WEB") == "required":
        pytest.fail(f"GRADMARK_WEB=required, and {why}")
    pytest.skip(why)


def as_output(cards: list[str], theme: str, width: int | None = None) -> str:
    """Return a page that shows cards as JupyterLab shows outputs, each in a box of this width, or as wide as the window."""
    style = f"width: {width}px" if width else "padding-right: 20px"
    boxes = "".join(f'<div class="jp-RenderedHTMLCommon" style="{style}">{html}</div>' for html in cards)
    meta = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    head = f"<head>{meta}<title>Cards</title><style>{CSS}</style></head>"
    body = f"<body><main><h1>Cards</h1>{boxes}</main></body>"
    return f'<!doctype html><html lang="en" class="{theme}">{head}{body}</html>'


@contextmanager
def shown(browser: Any, file: Path, theme: str, width: int) -> Iterator[Any]:
    """Show a page in a window; afterwards it must have loaded nothing but itself, and its console must be empty."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme)
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    try:
        page.goto(file.as_uri())
        yield page
        assert [url for url in asked if url != file.as_uri() and not url.startswith("data:")] == []
        assert said == []
    finally:
        page.close()


def unfold(page: Any) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")


def violations(page: Any, *, contrast: bool = True) -> list[str]:
    """Return what axe-core finds, rule by rule with the first element at fault; best practices too.

    The contrast of texts takes most of the time, and does not depend on the width: it may be left out where it was looked at.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": contrast}}}
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def scrolls_sideways(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def apart(one: bytes, other: bytes) -> float:
    """Return how far two pictures are apart where they are furthest: the mean difference in a tile, of 255; 255 if sizes differ.

    Edges are smoothed first: a letter that another version of a font library draws a little bolder is no other picture.
    """
    first, second = _pixels(one), _pixels(other)
    rows, columns = (max(a, b) for a, b in zip(first.shape[:2], second.shape[:2], strict=True))
    if abs(first.shape[1] - second.shape[1]) > 2 or abs(first.shape[0] - second.shape[0]) > 4:
        return 255.0
    padded = [
        np.pad(p, ((0, rows - p.shape[0]), (0, columns - p.shape[1]), (0, 0)), mode="edge") for p in (first, second)
    ]
    off = np.abs(padded[0] - padded[1]).max(axis=2)
    off = np.pad(off, ((0, -rows % TILE), (0, -columns % TILE)))
    return float(off.reshape(off.shape[0] // TILE, TILE, -1, TILE).mean(axis=(1, 3)).max())


def mostly_alike(one: bytes, other: bytes) -> bool:
    """Return True if two pictures are of one size, but for a few lines, and alike on the whole: two browsers may draw them."""
    first, second = (_pixels(png, blur=8).mean(axis=2) for png in (one, other))
    sizes = list(zip(first.shape, second.shape, strict=True))
    if any(abs(a - b) > 0.04 * max(a, b) for a, b in sizes):
        return False
    rows, columns = (min(pair) for pair in sizes)
    return bool(np.corrcoef(first[:rows, :columns].ravel(), second[:rows, :columns].ravel())[0, 1] > MOSTLY)


def _pixels(png: bytes, blur: float = 1.5) -> Any:
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image.convert("RGB").filter(ImageFilter.GaussianBlur(blur)), dtype=np.float64)
