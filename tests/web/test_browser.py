"""Where there is no browser, a test is skipped with the reason; where it is required, it fails."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pages import MISSING, NAMES, missing

RUN = (Path(__file__).parents[2] / ".ci" / "run").read_text(encoding="utf-8")


def test_without_a_browser_the_reason_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRADMARK_WEB", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install chromium"):
        missing(MISSING)


def test_where_it_is_required_nothing_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADMARK_WEB", "required")
    with pytest.raises(pytest.fail.Exception, match="there is no Chromium"):
        missing(MISSING)


def test_ci_brings_it_and_requires_it_or_says_that_it_cannot() -> None:
    assert f"command -v {NAMES[0]} >/dev/null || echo {NAMES[0]}" in RUN
    given = RUN[RUN.index("missing=$(needed)") :]
    assert re.search(
        r"^if \[\[ \$missing != \*chromium\* .*\]\]; then\n\texport GRADMARK_WEB=required\nfi$", given, re.MULTILINE
    )
    assert 'echo "tests will be skipped: this machine has no $(tr' in given
