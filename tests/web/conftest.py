"""A real browser for the tests of this folder: Chromium of the machine, which Playwright drives and does not download."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from pages import MISSING, NAMES, missing


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start the browser for the tests of one file: Playwright keeps an event loop running, beside which no kernel can be asked."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        missing(MISSING)
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path)
        yield started
        started.close()
