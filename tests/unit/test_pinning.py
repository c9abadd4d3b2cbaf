"""A thread that grades stays on one processor, and only that thread, and only meanwhile."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator

import pytest

from grader.runtime.kernels import pinning

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="affinity is Linux's")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = os.sched_getaffinity(0)
    yield
    os.sched_setaffinity(0, before)


def test_it_stays_where_it_is_and_roams_again() -> None:
    before = os.sched_getaffinity(0)
    here = pinning.pin()
    assert here in before
    assert os.sched_getaffinity(0) == {here}
    assert pinning.pin() == here, "there is nowhere else to be"
    pinning.unpin()
    assert os.sched_getaffinity(0) == pinning.ALL


def test_other_threads_go_where_they_like() -> None:
    told, ready, done = [], threading.Event(), threading.Event()

    def other() -> None:
        ready.set()
        done.wait()
        told.append(os.sched_getaffinity(0))

    before = os.sched_getaffinity(0)
    thread = threading.Thread(target=other)
    thread.start()
    ready.wait()
    pinning.pin()
    done.set()
    thread.join()
    assert told == [before]


def test_where_it_is_forbidden_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setaffinity", denied)
    assert pinning.pin() is None
    pinning.unpin()
