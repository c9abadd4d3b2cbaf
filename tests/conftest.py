"""Prints, at the end of a run, which share of the gallery's wrong answers was explained."""

from __future__ import annotations

from collections import Counter

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count what tests recorded as ``explained``, in whichever process they ran."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, ())]
    recorded = Counter(value for report in reports for name, value in report.user_properties if name == "explained")
    total = sum(recorded.values())
    if total:
        share = 100 * recorded["named"] / total
        terminalreporter.write_line(f"diagnosed: {recorded['named']} of {total} wrong answers ({share:.0f} %)")
