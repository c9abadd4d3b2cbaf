"""Prints, at the end of a run, which share of the gallery's wrong answers was explained."""

from __future__ import annotations

from collections import Counter

import pytest

EXPLAINED: Counter[str] = Counter()


@pytest.fixture
def explained() -> Counter[str]:
    """Counts wrong answers that were ``named`` and those that were ``not``."""
    return EXPLAINED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    total = sum(EXPLAINED.values())
    if total:
        share = 100 * EXPLAINED["named"] / total
        terminalreporter.write_line(f"diagnosed: {EXPLAINED['named']} of {total} wrong answers ({share:.0f} %)")
