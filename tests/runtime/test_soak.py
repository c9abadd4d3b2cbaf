"""The long run of ``benchmarks/soak.py``, short: what it measures in a thousand submissions must hold in sixty."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).parents[2]
SUBMISSIONS, EVERY = 60, 10


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    """One run: the class of twelve five times over, five of them ending their process in four ways."""
    told = ["--submissions", str(SUBMISSIONS), "--crash-every", str(EVERY)]
    run = subprocess.run(
        [sys.executable, "benchmarks/soak.py", *told], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert run.stdout, run.stderr
    return {**json.loads(run.stdout.splitlines()[-1])["figures"], "said": run.stdout}


def test_a_crash_is_called_one_and_changes_nobody_elses_result(figures: dict[str, Any]) -> None:
    assert figures["crashed"] == 5
    assert (figures["crashes_missed"], figures["results_changed"]) == (0, 0), figures["said"]


def test_nothing_is_left_behind(figures: dict[str, Any]) -> None:
    assert (figures["left_processes"], figures["left_files"], figures["left_mounts"]) == (0, 0, 0), figures["said"]


def test_the_driver_stays_as_it_was(figures: dict[str, Any]) -> None:
    assert figures["driver_rss_mib_late"] - figures["driver_rss_mib_early"] < 8
    assert figures["kept_rss_mib_late"] - figures["kept_rss_mib_early"] < 8
    for name in ("descriptors", "threads", "kept_processes"):
        assert figures[f"{name}_late"] <= figures[f"{name}_early"]
