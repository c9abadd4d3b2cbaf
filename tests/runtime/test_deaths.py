"""What dies in the middle of a class: the batch, a driver, a server. No orphan, no torn result, no lost one, no other score."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import writes
from processes import Process, descendants, gone_within, living, zombies
from sampled import ends, one_in
from samples import LIMITS, RELU, notebook

from grader.errors import IsolationError
from grader.grading.one import Settings, grade
from grader.result import Result, read
from grader.runtime.calls.channel import Channel
from grader.runtime.isolation import level as isolation
from grader.runtime.kernels.fork_client import ForkClient
from grader.runtime.kernels.fork_source import TRIES, ForkedKernelSource
from grader.runtime.life import session
from grader.submission import Submission

CHECKOUT = Path(__file__).parents[2]
COMMAND = "from grader.cli import command; command()"
NEXT_START = """
from grader.runtime.kernels.fork_source import ForkedKernelSource
from grader.runtime import Limits, resolve
ForkedKernelSource(Limits(), "none")
"""
SLOW = "import time\ntime.sleep(1.5)"
HandIn = Callable[..., Submission]
KILLED = [*itertools.product(("all of it", "the command"), ends(isolation.LEVELS))]
"""What is killed, at which level."""


def had(level: str) -> str:
    try:
        return isolation.resolve(level).level
    except IsolationError as error:
        pytest.skip(str(error))


def a_class(folder: Path, quick: int, slow: int) -> list[str]:
    """So many notebooks that end at once, and after them some that take their time."""
    paths = []
    for i in range(quick + slow):
        (folder / f"s{i}").mkdir(parents=True)
        path = folder / f"s{i}" / "06_layers.ipynb"
        path.write_text(writes(notebook(RELU, *([SLOW] if i >= quick else []))))
        paths.append(str(path))
    return paths


def started(paths: list[str], room: Path, out: Path, level: str) -> subprocess.Popen[bytes]:
    """A batch with two drivers, in a process group of its own, which puts its folders into ``room``."""
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, "grade", *paths, "--out", str(out), "--jobs", "2", "--isolation", level, "-q"],
        env={**os.environ, "TMPDIR": str(room), "PYTHONPATH": str(CHECKOUT)}, cwd=room, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def written(out: Path) -> list[Path]:
    return sorted(out.glob("*.json"))


def once(true: Callable[[], object], batch: subprocess.Popen[bytes]) -> None:
    """Wait until it is true, as long as the batch runs."""
    until = time.monotonic() + 30
    while not true():
        assert batch.poll() is None, "it ended before"
        assert time.monotonic() < until, "it did not come to that"
        time.sleep(0.01)


@pytest.mark.parametrize(("who", "level"), one_in(3, KILLED))
def test_a_batch_that_is_killed_leaves_whole_results_and_nothing_else(
    tmp_path: Path, room: Path, level: str, who: str
) -> None:
    out = tmp_path / "out"
    with started(a_class(tmp_path, 3, 4), room, out, had(level)) as batch:
        once(lambda: len(written(out)) >= 3, batch)
        time.sleep(0.3)  # the slow ones run: their kernels are up
        if level == "full":  # what a kernel comes up with is gone by then, however slow the machine is
            # Both kernels are there first: one that has not begun has no folder either.
            once(lambda: len(descendants(batch.pid)) >= 6 and not list(room.glob("gradmark-*")), batch)
        family = descendants(batch.pid)
        assert len(family) >= 6, "two drivers, two servers, two kernels"
        if who == "all of it":
            os.killpg(batch.pid, signal.SIGKILL)
        else:
            batch.kill()
    try:
        assert gone_within(2, family), [Path(f"/proc/{pid}/cmdline").read_text() for pid, _ in living(family)]
    finally:
        for pid, _ in living(family):
            os.kill(pid, signal.SIGKILL)
    kept = written(out)
    assert len(kept) >= 3
    assert all(read(path.read_text()).score > 0 for path in kept)
    files = [path for path in out.rglob("*") if path.is_file()]
    assert [path.name for path in files if path.suffix not in (".json", ".ipynb", ".html")] == []
    pages = [path.read_text() for path in files if path.suffix == ".html"]
    assert len(pages) >= 2  # that of the latest result may be to come
    assert all(page.rstrip().endswith("</html>") for page in pages)
    left = [path.name for path in room.glob("gradmark-*")]
    assert left == [] or level != "full"
    subprocess.run(
        [sys.executable, "-c", NEXT_START], check=True, cwd=room,
        env={**os.environ, "TMPDIR": str(room), "PYTHONPATH": str(CHECKOUT)},
    )  # fmt: skip
    assert list(room.glob("gradmark-*")) == []


def test_a_driver_that_is_killed_costs_no_result(tmp_path: Path, room: Path) -> None:
    out = tmp_path / "out"
    with started(a_class(tmp_path, 2, 4), room, out, had("auto")) as batch:
        once(lambda: len(written(out)) >= 1, batch)
        family = descendants(batch.pid)
        drivers = [pid for pid, _ in family if "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text()]
        doomed: list[Process] = [(drivers[0], _start_of(family, drivers[0])), *descendants(drivers[0])]
        os.kill(drivers[0], signal.SIGKILL)
        assert gone_within(2, doomed)
        assert batch.wait(60) in (0, 1)
    results = [read(path.read_text()) for path in written(out)]
    assert len(results) == 6
    assert {(r.graded, r.needs_person, r.score) for r in results} == {(True, False, results[0].score)}
    assert results[0].score > 0
    assert list(room.glob("gradmark-*")) == []


def _start_of(family: list[Process], pid: int) -> str:
    return next(start for number, start in family if number == pid)


# --------------------------------------------------------------------------------- the server dies
def graded(submission: Submission, source: ForkedKernelSource, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.setattr(session, "source_of", lambda *_: source)
    return grade(submission, Settings(isolation.resolve(source._level), limits=LIMITS)).result


def kill(server: ForkClient) -> None:
    """End a server, and wait until its kernels are gone too: one of them might come up meanwhile."""
    os.kill(server._process.pid, signal.SIGKILL)
    until = time.monotonic() + 5
    while server.alive and time.monotonic() < until:
        time.sleep(0.005)


@pytest.mark.parametrize("nth", [1, 5, 12])
def test_the_result_is_that_of_a_run_in_which_no_server_died(
    hand_in: HandIn, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    source = ForkedKernelSource(LIMITS, had("auto"))
    submission = hand_in(RELU.replace("cache > 0", "cache >= 0.5"), "print(np.random.rand())")
    calm = graded(submission, source, monkeypatch)
    original, calls = Channel.put, []

    def call(*args: Any) -> Any:
        calls.append(1)
        if len(calls) == nth:
            assert source._server is not None
            kill(source._server)
        return original(*args)

    monkeypatch.setattr(Channel, "put", call)
    try:
        shaken = graded(submission, source, monkeypatch)
    finally:
        source.close()
    assert len(calls) > nth
    assert (shaken.score, shaken.needs_person) == (calm.score, False)
    assert [(i.exercise, i.status, i.message) for i in shaken.items] == [
        (i.exercise, i.status, i.message) for i in calm.items
    ]
    assert calm.score > 0


@pytest.mark.parametrize("when", ["as soon as it is up", "after its first fork"])
def test_a_server_that_never_gives_a_kernel_is_given_up_after_some_tries(
    hand_in: HandIn, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    before = set(zombies())  # orphans that other tests left to this process
    source, servers = ForkedKernelSource(LIMITS, had("auto")), []
    start, fork = ForkClient.__init__, ForkClient.fork

    def came_up(server: ForkClient, *args: Any) -> None:
        start(server, *args)
        servers.append(server)
        if when == "as soon as it is up":
            kill(server)

    def forked(server: ForkClient, *args: Any) -> tuple[int, int]:
        found = fork(server, *args)
        kill(server)
        return found

    monkeypatch.setattr(ForkClient, "__init__", came_up)
    monkeypatch.setattr(ForkClient, "fork", forked)
    try:
        result = graded(hand_in(RELU), source, monkeypatch)
    finally:
        source.close()
    assert len(servers) == TRIES
    assert (result.graded, result.needs_person) == (False, True)
    assert {item.status for item in result.items} == {"grader_error"}, "a zero would be the student's"
    assert "no kernel could be started" in (result.notebook.error or "")
    assert set(zombies()) <= before
