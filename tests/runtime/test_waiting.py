"""Kernels that wait: for platforms without fork, asked for explicitly here. What they do is what every other kernel does."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from live import X, ask, session_of
from samples import LIMITS, RELU

from grader.errors import KernelError, UsageError
from grader.judging import Lost, Raised, Returned
from grader.runtime import Limits
from grader.runtime.kernels import sources
from grader.runtime.kernels import waiting as pools
from grader.runtime.kernels.waiting_source import WaitingKernelSource
from grader.submission import Submission

HandIn = Callable[..., Submission]


@pytest.fixture
def pool() -> Iterator[WaitingKernelSource]:
    made = WaitingKernelSource(LIMITS, "process")
    yield made
    made.close()


def spare(pool: WaitingKernelSource) -> pools.WaitingProcess:
    """The one kernel that waits."""
    (waiting,) = pool._waiting
    return waiting


# ------------------------------------------------------------------------------------- as any other
def test_a_notebook_runs_and_its_functions_answer(pool: WaitingKernelSource, hand_in: HandIn) -> None:
    with session_of(hand_in(RELU, "print('hello')"), source=pool) as live:
        assert live.notebook.status == "ok"
        assert "hello" in (live.notebook.executed_text() or "")
        reply = ask(live, "relu_backward", X, X)
        assert isinstance(reply, Returned)
        assert reply.value.tolist() == [[1.0, 0.0], [0.0, 3.0]]


def test_a_package_that_is_not_installed_is_said_where_kernels_come_from_a_pool(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sources.sys, "platform", "darwin")
    with pytest.raises(UsageError, match="'no-such-package' is not installed"):
        sources.source_of(Limits(), "process", ("no-such-package",))
    assert isinstance(sources.source_of(Limits(), "process", ("matplotlib",)), WaitingKernelSource)


def test_a_kernel_starts_in_its_submissions_folder_with_its_modules_and_seeds(
    pool: WaitingKernelSource, hand_in: HandIn
) -> None:
    look = "import os, random, numpy as np\nfrom exercises.layers import relu_forward\nassert open('data.txt').read() == '7'"
    draws = (
        "drawn = random.random() + np.random.rand() + hash('a') % 7\ndef relu_backward(dout, cache):\n    return drawn"
    )
    files = {"notebooks/data.txt": "7", "exercises/__init__.py": "", "exercises/layers.py": RELU}
    submission = hand_in(look, draws, name="notebooks/06_layers.ipynb", files={**files, "notebooks/x": ""})
    drawn = []
    for _ in range(2):
        with session_of(submission, source=pool) as live:
            assert (live.notebook.status, live.notebook.error) == ("ok", None)
            reply = ask(live, "relu_backward", X, X)
            assert isinstance(reply, Returned)
            drawn.append(reply.value)
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize(
    ("cell", "status", "reason"),
    [
        ("import os\nos._exit(3)", "crashed", "status 3"),
        ("import ctypes\nctypes.string_at(0)", "crashed", "SIGSEGV"),
        ("while True: print('x' * 10_000)", "crashed", "printed more"),
        ("while True: pass", "timed_out", "did not end"),
        ("1/0", "failed", "division by zero"),
        ("raise ValueError('a\\ud800b')", "failed", "a?b"),
    ],
)
def test_a_cell_at_fault_costs_itself_only(hand_in: HandIn, cell: str, status: str, reason: str) -> None:
    limits = Limits(cell_seconds=2, output_bytes=200_000)
    with session_of(hand_in(cell, RELU), limits, source=WaitingKernelSource(limits, "process", ready=0)) as live:
        assert live.notebook.status == status
        assert reason in (live.notebook.error or "")
        assert isinstance(ask(live, "relu_forward", X), Returned)


@pytest.mark.parametrize("body", ["os._exit(0)", "os.kill(os.getpid(), 9)"])
def test_a_call_that_ends_the_process_is_answered_by_the_next_kernel(
    pool: WaitingKernelSource, hand_in: HandIn, body: str
) -> None:
    cell = f"import os\ndef relu_forward(x):\n    {body}\ndef relu_backward(dout, cache):\n    return dout"
    with session_of(hand_in(cell), source=pool) as live:
        first = ask(live, "relu_forward", X)
        assert isinstance(first, Lost)
        assert first.status == "crashed"
        assert isinstance(ask(live, "relu_backward", X, X), Returned)


def test_an_endless_call_is_ended(pool: WaitingKernelSource, hand_in: HandIn) -> None:
    cell = "def relu_forward(x):\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass"
    with session_of(hand_in(cell), source=pool) as live:
        reply = ask(live, "relu_forward", X)
        assert isinstance(reply, Lost)
        assert reply.status == "timed_out"


# ------------------------------------------------------------------------------------ what is ahead
def test_the_next_kernel_waits_while_one_is_used_and_each_is_used_once(
    pool: WaitingKernelSource, hand_in: HandIn
) -> None:
    submission = hand_in(
        "import os\ndef relu_forward(x):\n    return float(os.getpid())", RELU.replace("_forward", "_f")
    )
    used = []
    for _ in range(3):
        pool.begin()
        waiting = spare(pool).process.pid
        with session_of(submission, source=pool) as live:
            reply = ask(live, "relu_forward", X)
            assert isinstance(reply, Returned)
            assert reply.value == waiting, "the one that waited was not taken"
            assert spare(pool).process.poll() is None
            assert spare(pool).process.pid != waiting
            used.append(waiting)
        assert not psutil.pid_exists(waiting)
    assert len(set(used)) == 3


def test_one_that_died_or_hangs_while_it_waited_is_replaced(pool: WaitingKernelSource, hand_in: HandIn) -> None:
    pool.begin()
    first = spare(pool).process
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    with session_of(hand_in(RELU), source=pool) as live:
        assert isinstance(ask(live, "relu_forward", X), Returned)
    second = spare(pool)
    os.kill(second.process.pid, signal.SIGSTOP)
    second.limits = Limits(startup_seconds=1)
    with session_of(hand_in(RELU), source=pool) as live:
        assert isinstance(ask(live, "relu_forward", X), Returned)
    assert not psutil.pid_exists(second.process.pid)


@pytest.mark.parametrize(
    ("code", "says"), [("raise SystemExit(3)", "status 3"), ("import time; time.sleep(60)", "TimeoutError")]
)
def test_no_kernel_at_all_is_the_graders_fault_and_says_so(
    hand_in: HandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, says: str
) -> None:
    (tmp_path / "broken.py").write_text(code)
    monkeypatch.setattr(pools, "WAITING_KERNEL", tmp_path / "broken.py")
    source = WaitingKernelSource(Limits(startup_seconds=0.5), "process", ready=0)
    with pytest.raises(KernelError, match=says):
        session_of(hand_in(RELU), source=source).__enter__()


def test_how_a_kernel_ended_is_said_also_if_it_was_gone_before_it_was_told_anything(
    hand_in: HandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken.py").write_text("raise SystemExit(3)")
    monkeypatch.setattr(pools, "WAITING_KERNEL", tmp_path / "broken.py")
    started = subprocess.Popen

    def ended(*args: Any, **named: Any) -> Any:
        process = started(*args, **named)
        process.wait()
        return process

    monkeypatch.setattr(pools.subprocess, "Popen", ended)
    source = WaitingKernelSource(Limits(startup_seconds=0.5), "process", ready=1)
    source.begin()  # what cannot wait is nobody's loss yet
    with pytest.raises(KernelError, match=r"RuntimeError: .*status 3"):
        session_of(hand_in(RELU), source=source).__enter__()


# --------------------------------------------------------------------------------------- the secrets
def test_the_token_is_in_no_argument_environment_or_file(pool: WaitingKernelSource) -> None:
    pool.begin()
    waiting = spare(pool)
    proc = Path(f"/proc/{waiting.process.pid}")
    deadline, read = time.monotonic() + 20, False
    while len(psutil.Process(waiting.process.pid).net_connections("tcp")) < 5:  # its sockets are bound: it is up
        assert time.monotonic() < deadline
        text = b"".join((proc / name).read_bytes() for name in ("cmdline", "environ"))
        read = read or str(waiting.base).encode() in text  # empty while the program is being exchanged
        assert waiting._token.encode() not in text
        for path in waiting.base.rglob("*"):
            with contextlib.suppress(OSError):  # a folder, or gone meanwhile
                assert waiting._token.encode() not in path.read_bytes()
        time.sleep(0.02)
    assert read, "the environment could not be read: this would prove nothing"


def test_whoever_knows_no_token_is_turned_away(pool: WaitingKernelSource, hand_in: HandIn) -> None:
    pool.begin()
    waiting = spare(pool)
    port, seen = waiting._door.getsockname()[1], []
    with contextlib.ExitStack() as intruders:
        for said in (b"", b"0" * 64, waiting._token.encode()[:-1] + b"x", b"\xff" * 500):
            intruder = intruders.enter_context(socket.create_connection((pools.LOOPBACK, port)))
            intruder.sendall(said)
            seen.append(intruder)
        with session_of(hand_in(RELU), source=pool) as live:
            assert isinstance(ask(live, "relu_forward", X), Returned)
            assert isinstance(live._life._kernel, pools.WaitingKernel)
            assert live._life._kernel._process is waiting, "an intruder was taken for it"
            for intruder in seen:
                intruder.settimeout(2)
                with contextlib.suppress(ConnectionResetError):
                    assert intruder.recv(1) == b""
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection((pools.LOOPBACK, port))


def test_what_a_cell_prints_cannot_be_overheard(pool: WaitingKernelSource, hand_in: HandIn) -> None:
    """A plain subscriber on the kernel's iopub port, as any process of the machine could be, hears nothing."""
    import zmq

    if not zmq.has("curve"):
        pytest.skip("this ZeroMQ cannot encrypt")

    async def overheard() -> tuple[bool, bool]:
        kernel = await pool.start({}, "", 0)
        context = zmq.asyncio.Context()
        listener = context.socket(zmq.SUB)
        try:
            listener.subscribe(b"")
            listener.connect(f"tcp://{pools.LOOPBACK}:{kernel.client.iopub_port}")
            await asyncio.sleep(0.3)
            kernel.client.execute("print('secret')")
            until, ours = time.monotonic() + 5, False
            while not ours and time.monotonic() < until:
                message = await kernel.client.get_iopub_msg(timeout=5)
                ours = message["content"].get("text") == "secret\n"
            return ours, bool(await listener.poll(300))
        finally:
            context.destroy(linger=0)
            await kernel.end()

    assert asyncio.run(overheard()) == (True, False)


# -------------------------------------------------------------------------------- portable, and gone
def test_nothing_is_used_that_other_platforms_lack(
    pool: WaitingKernelSource, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With fork, descriptors of processes and passed descriptors taken away it works; no Unix socket of the kernel has a name."""
    real = subprocess.Popen.__init__

    def careful(self: object, *args: object, **more: object) -> None:
        assert not more.get("pass_fds")
        assert more.get("preexec_fn") is None
        real(self, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(subprocess.Popen, "__init__", careful)
    for name in ("fork", "forkpty", "pidfd_open", "posix_spawn"):
        monkeypatch.delattr(os, name)
    with session_of(hand_in(RELU), source=pool) as live:
        kernel = live._life._kernel
        assert isinstance(kernel, pools.WaitingKernel)
        assert isinstance(ask(live, "relu_forward", X), Returned)
        assert (kernel.client.transport, kernel.client.ip) == ("tcp", "127.0.0.1")
        assert kernel.agent.family == socket.AF_INET
        process = psutil.Process(kernel._process.process.pid)
        assert [c.laddr for c in process.net_connections("unix") if c.laddr] == []
        assert {c.laddr.ip for c in process.net_connections("tcp")} == {"127.0.0.1"}


DRIVER = """
import os, sys, time, tempfile
tempfile.tempdir = sys.argv[1]
from grader.runtime import Limits
from grader.runtime.kernels.sources import SOURCES
from grader.runtime.kernels.waiting_source import WaitingKernelSource
pool = SOURCES.get("two kernels", lambda: WaitingKernelSource(Limits(), "none", ready=2))
pool.begin()
print(*(w.process.pid for w in pool._waiting), flush=True)
time.sleep(1)  # far enough to be kernels
{end}
"""


def lives(pid: int) -> bool:
    """An orphan that ended may wait for whoever adopted it to look."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize("end", ["time.sleep(60)", "os._exit(0)", "raise SystemExit", "1 / 0"])
def test_a_pool_ends_with_its_driver_however_that_ends(tmp_path: Path, end: str) -> None:
    """Killed, gone without its exit handlers as the workers of a process pool go, ended in order, or by an exception."""
    with subprocess.Popen(
        [sys.executable, "-c", DRIVER.format(end=end), str(tmp_path)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        kernels = [int(pid) for pid in process.stdout.readline().split()]
        time.sleep(1.5)
        process.kill()
    until = time.monotonic() + 10
    while any(map(lives, kernels)) and time.monotonic() < until:
        time.sleep(0.05)
    assert len(kernels) == 2
    assert not any(map(lives, kernels))
    assert list(tmp_path.glob("gradmark-*")) == []


def test_what_a_submission_left_running_goes_with_its_kernel(pool: WaitingKernelSource, hand_in: HandIn) -> None:
    cell = "import subprocess\np = [subprocess.Popen(['sleep', '60'], start_new_session=s) for s in (False, True)]\n"
    cell += "def relu_forward(x):\n    return [float(q.pid) for q in p]"
    with session_of(hand_in(cell), source=pool) as live:
        reply = ask(live, "relu_forward", X)
        assert isinstance(reply, Returned)
        pids = [int(pid) for pid in reply.value]
        assert all(map(psutil.pid_exists, pids))
    until = time.monotonic() + 5
    while any(map(alive, pids)) and time.monotonic() < until:
        time.sleep(0.02)
    assert not any(map(alive, pids))


def alive(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    return False


def test_an_exception_of_a_call_names_the_students_file_only(pool: WaitingKernelSource, hand_in: HandIn) -> None:
    with session_of(hand_in("def relu_forward(x):\n    raise ValueError('no')"), source=pool) as live:
        reply = ask(live, "relu_forward", X)
        assert isinstance(reply, Raised)
        assert (reply.type, reply.message) == ("ValueError", "no")
        assert "gradmark" not in reply.traceback
