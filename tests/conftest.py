"""Prints, at the end of a run, which share of the gallery's wrong answers was explained."""

from __future__ import annotations

import os
from collections import Counter

import pytest

for _name in ("GITHUB_ACTIONS", "GITLAB_CI"):
    os.environ.pop(_name, None)  # `gradmark grade` speaks to the CI that it finds: these tests say themselves which


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count what tests recorded as ``explained``, in whichever process they ran."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, ())]
    recorded = Counter(value for report in reports for name, value in report.user_properties if name == "explained")
    total = sum(recorded.values())
    if total:
        share = 100 * recorded["named"] / total
        terminalreporter.write_line(f"diagnosed: {recorded['named']} of {total} wrong answers ({share:.0f} %)")
