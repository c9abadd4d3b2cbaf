"""A real browser for the tests of this folder: Chromium of the machine, which Playwright drives and does not download.

Where there is none, the tests are skipped and say so; where ``GRADMARK_WEB=required``, as ``.ci/run`` sets it, that is a failure.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "there is no Chromium on this machine: on Debian `apt-get install chromium`"


def missing(why: str) -> None:
    """Skip a test that needs what is not here; fail where it has to be here."""
    if os.environ.get("GRADMARK_WEB") == "required":
        pytest.fail(f"GRADMARK_WEB=required, and {why}")
    pytest.skip(why)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Start the browser, once in each worker."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        missing(MISSING)
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path)
        yield started
        started.close()
