"""The sources that a process shares: the latest few, and what is let go is closed."""

from __future__ import annotations

import subprocess
import sys

import pytest
from fake_kernel import FakeSource

from grader.runtime import Limits
from grader.runtime.kernels.registry import Registry


class Counted(FakeSource):
    """A source that knows how often it was closed."""

    closed = 0

    def close(self) -> None:
        self.closed += 1


def test_the_same_settings_give_the_same_source() -> None:
    registry = Registry()
    first = registry.get("a", lambda: Counted({}))
    assert registry.get("a", lambda: Counted({})) is first
    assert registry.get("b", lambda: Counted({})) is not first


def test_the_one_that_was_not_asked_for_longest_is_let_go_and_closed() -> None:
    registry, sources = Registry(most=2), [Counted({}) for _ in range(4)]
    for name, number in (("a", 0), ("b", 1), ("a", 0), ("c", 2)):
        assert registry.get(name, lambda number=number: sources[number]) is sources[number]  # type: ignore[misc]
    assert [source.closed for source in sources] == [0, 1, 0, 0]
    registry.close()
    assert [source.closed for source in sources] == [1, 1, 1, 0]
    assert registry.get("a", lambda: sources[3]) is sources[3], "it is made anew"


SIX = """
import psutil
from dataclasses import replace
from grader.runtime import Limits, begin
for number in range(6):
    begin(Limits(restarts=number), "none")
print(len([p for p in psutil.Process().children() if p.status() != psutil.STATUS_ZOMBIE]))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="servers fork")
def test_six_settings_do_not_leave_six_servers() -> None:
    assert Limits(restarts=0) != Limits(restarts=1)
    ran = subprocess.run([sys.executable, "-c", SIX], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "4"
