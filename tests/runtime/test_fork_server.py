"""The fork server under faults: whatever dies is started again or ends with the rest, and nobody's marks depend on it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from attacks.canaries import below
from forked import BEST, ENDS, LEVELS, children
from live import X, ask, session_of
from samples import LIMITS, RELU

from grader.errors import KernelError
from grader.grading.one import Settings, grade
from grader.judging import Call, Chain, Earlier, Returned
from grader.result import as_json
from grader.runtime import Limits, resolve
from grader.runtime.kernels import fork_client as server
from grader.runtime.kernels import fork_source as forkserver
from grader.runtime.kernels.fork_source import ForkedKernelSource
from grader.runtime.life import session
from grader.runtime.life.lifetime import MOST_LOSSES


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _soon(true: Callable[[], bool], seconds: float = 1.0) -> bool:
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


# ------------------------------------------------------------------------------------ the server dies
@pytest.mark.parametrize("level", LEVELS)
def test_killed_while_nobody_needs_it_it_is_started_again(source, hand_in, level: str) -> None:
    kernels = source(level)
    submission = hand_in(RELU)
    seen = set()
    for _ in range(3):
        with session_of(submission, LIMITS, level, source=kernels) as live:
            assert live.notebook.status == "ok"
            assert ask(live, "relu_forward", X).value[0].tolist() == [[1.0, 0.0], [0.0, 3.0]]
        seen.add(kernels.process)
        if len(seen) == 1:
            os.kill(kernels.server, signal.SIGKILL)
    assert len(seen) == 2, "one was killed; the other served the two submissions that followed"


@pytest.mark.parametrize("level", ENDS)
def test_killed_while_a_cell_runs_the_notebook_is_run_again(source, hand_in, level: str) -> None:
    kernels = source(level, deaths=1)
    submission = hand_in(RELU, "import time\ntime.sleep(1.0)", "print('the end')")
    with session_of(submission, LIMITS, level, source=kernels) as live:
        assert (live.notebook.status, live.notebook.cell, live.notebook.error) == ("ok", None, None)
        assert "the end" in (live.notebook.executed_text() or "")
        assert ask(live, "relu_backward", X, X).value.tolist() == [[1.0, 0.0], [0.0, 3.0]]
    assert kernels.started == 2


@pytest.mark.parametrize("level", ENDS)
def test_killed_while_a_call_runs_the_call_is_made_again(source, hand_in, level: str) -> None:
    limits = Limits(restarts=1, call_seconds=3)
    kernels = source(level, limits)
    slow = "import time\ndef relu_forward(x):\n    time.sleep(0.6)\n    return x * 2\ndef relu_backward(d, x):\n    return d"
    with session_of(hand_in(slow), limits, level, source=kernels) as live:
        for _ in range(2):  # more often than a submission may lose its own process
            kernels.kill_soon()
            reply = ask(live, "relu_forward", X)
            assert isinstance(reply, Returned), reply
            assert reply.value.tolist() == (2 * X).tolist()
        assert isinstance(ask(live, "relu_backward", X, X), Returned)
    assert kernels.started == 3


def test_the_waiter_killed_is_the_server_killed(source, hand_in) -> None:
    if "full" not in LEVELS:
        pytest.skip("no namespaces here")
    kernels = source("full")
    with session_of(hand_in(RELU), LIMITS, "full", source=kernels) as live:
        server = kernels.server
        os.kill(kernels.process, signal.SIGKILL)
        assert _soon(lambda: not _alive(server))
        assert isinstance(ask(live, "relu_forward", X), Returned)


def test_killed_in_the_midst_of_a_chain_the_whole_chain_is_performed_again(source, hand_in) -> None:
    limits = Limits(call_seconds=3)
    kernels = source(BEST, limits)
    slow = RELU.replace("return dout", "import time; time.sleep(0.6)\n    return dout")
    cache = Earlier(0, 1, ("out", "cache"))
    chain = Chain((Call("layers.relu_forward", (X,), keep=(1,)), Call("layers.relu_backward", (X, cache))))
    with session_of(hand_in(slow), limits, BEST, source=kernels) as live:
        kernels.kill_soon()
        ((forward, backward),) = live.put([chain])
        assert isinstance(forward, Returned)
        assert isinstance(backward, Returned)
        assert backward.value.tolist() == (X * (X > 0)).tolist()
    assert kernels.started == 2


@pytest.mark.parametrize(
    ("cells", "after"),
    [((RELU, "import time\ntime.sleep(2)"), 0.2), (("import time\ndef relu_forward(x):\n    time.sleep(2)",), 0.6)],
    ids=["while a cell runs", "while a call runs"],
)
def test_killed_again_and_again_it_is_marked_for_a_person(source, hand_in, monkeypatch, cells, after) -> None:
    kernels = source(BEST, Limits(call_seconds=3), deaths=1000, after=after)
    monkeypatch.setattr(session, "source_of", lambda *_: kernels)
    result = grade(hand_in(*cells), Settings(resolve("auto"), limits=Limits(call_seconds=3), drawn=1)).result
    assert result.needs_person
    assert kernels.started == MOST_LOSSES + 1, "bounded"
    tried = [item for item in result.items if item.status not in ("missing", "not_attempted")]
    assert tried
    assert {item.status for item in tried} == {"grader_error"}, "and so no zero of the student's"
    assert f"was lost {MOST_LOSSES + 1} times" in as_json(result)


def test_a_server_that_stops_answering_is_replaced(source, hand_in) -> None:
    kernels = source(BEST)
    server = kernels._running()
    fork, stopped = server.fork, kernels.server
    server.fork = lambda request, fds, _: fork(request, fds, 0.3)
    os.kill(stopped, signal.SIGSTOP)
    with session_of(hand_in(RELU), LIMITS, BEST, source=kernels) as live:
        assert isinstance(ask(live, "relu_forward", X), Returned)
    assert _soon(lambda: not _alive(stopped))


# ------------------------------------------------------------------------------------ the driver dies
DRIVER = """
import sys, time
sys.path[:0] = {paths!r}
from pathlib import Path
from samples import LIMITS, collected
from live import session_of
with session_of(collected(Path({submission!r}))[0], LIMITS, {level!r}) as live:
    print("up", flush=True)
    time.sleep(60)
"""
SWEEP = """
from samples import LIMITS
from grader.runtime.kernels.fork_source import ForkedKernelSource
ForkedKernelSource(LIMITS, "none")
"""


@pytest.mark.parametrize("level", ENDS)
def test_killed_the_driver_takes_all_with_it(hand_in, tmp_path: Path, room: Path, level: str) -> None:
    hand_in(RELU)
    told = {"paths": [str(Path(__file__).parent)], "submission": str(tmp_path / "06_layers.ipynb"), "level": level}
    environment = {**os.environ, "TMPDIR": str(room)}
    with subprocess.Popen(
        [sys.executable, "-c", DRIVER.format(**told)], env=environment, stdout=subprocess.PIPE
    ) as driver:
        assert driver.stdout is not None
        assert driver.stdout.readline() == b"up\n"
        family = below(driver.pid)
        assert len(family) >= (3 if level == "full" else 2), "a server, with its waiter if it has one, and a kernel"
        driver.kill()
        assert _soon(lambda: not any(map(_alive, family))), [pid for pid in family if _alive(pid)]
    # What no process could remove any more is removed by the next driver.
    left = [entry.name for entry in room.iterdir()]
    assert bool(left) == (level != "full"), left
    subprocess.run(
        [sys.executable, "-c", SWEEP],
        env={**environment, "PYTHONPATH": str(Path(__file__).parent)}, check=True,
    )  # fmt: skip
    assert list(room.iterdir()) == []


def test_the_folders_of_living_drivers_and_of_other_machines_are_not_swept(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(forkserver.tempfile, "tempdir", str(tmp_path))
    own = f"{server.PREFIX}{os.getpid()}-abc"
    other = "gradmark-1-4000000-abc"  # of another pid namespace, such as a container's that shares the folder
    dead = f"{server.PREFIX}4000000-abc"
    for name in (own, other, dead, "gradmark-theirs", f"{server.PREFIX}notes-abc"):
        (tmp_path / name).mkdir()
    ForkedKernelSource(LIMITS, "none")
    assert not (tmp_path / dead).exists()
    assert len(list(tmp_path.iterdir())) == 4


def test_closing_ends_the_server_and_its_kernels(source) -> None:
    kernels = source("process")

    async def start() -> None:
        await kernels.start({}, "", 0)

    asyncio.run(start())
    server = kernels.server
    family = {server, *below(server)}
    assert len(family) == 2
    kernels.close()
    assert _soon(lambda: not any(map(_alive, family)))
    assert kernels.kernel is not None
    asyncio.run(kernels.kernel.end())


# ------------------------------------------------------------------------------- how a kernel's end is told
@pytest.mark.parametrize("level", ENDS)
@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("import os\nos._exit(7)", "ended itself with status 7"),
        ("import ctypes\nctypes.string_at(0)", "SIGSEGV (a segmentation fault)"),
        ("import os\nos.abort()", "SIGABRT"),
    ],
)
def test_a_kernel_that_dies_says_how(source, hand_in, cell: str, says: str, level: str) -> None:
    if "abort" in cell and level == "full":
        says = "SIGSEGV"  # process 1 of a namespace is out of its own signals' reach; abort(3) ends it by other means
    kernels = source(level)
    with session_of(hand_in(RELU, cell), LIMITS, level, source=kernels) as live:
        assert (live.notebook.status, live.notebook.cell) == ("crashed", 2)
        assert says in (live.notebook.error or "")
        assert isinstance(ask(live, "relu_forward", X), Returned)


# -------------------------------------------------------------------------------------- the long run
def test_fifty_sessions_leave_no_descriptor_child_or_thread_behind(source, hand_in) -> None:
    kernels, submission = source(BEST), hand_in(RELU)

    def held() -> tuple[int, int, int, int]:
        with session_of(submission, LIMITS, BEST, source=kernels) as live:
            assert isinstance(ask(live, "relu_forward", X), Returned)
        ours, its = (len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in ("self", kernels.server))
        return ours, its, len(children(kernels.server)), threading.active_count()

    held()
    before = held()
    for _ in range(50):
        after = held()
    assert after == before
    assert before[2] == 0


@pytest.mark.parametrize("level", LEVELS)
def test_a_folder_for_temporary_files_of_too_long_a_name_is_named(source, tmp_path: Path, monkeypatch, level) -> None:
    deep = tmp_path / ("d" * 60)
    deep.mkdir()
    monkeypatch.setattr(forkserver.tempfile, "tempdir", str(deep))
    with pytest.raises(KernelError, match=f"{deep.name}, has too long a name.*set TMPDIR"):
        asyncio.run(source(level).start({}, ".", 0))
