"""The fork server under faults: whatever dies is started again or ends with the rest, and nobody's marks depend on it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attacks.canaries import below
from attacks.stage import available
from samples import LIMITS, RELU

from grader.errors import KernelError, SubmissionError
from grader.grade import Settings, grade
from grader.judging.answers import Call, Returned
from grader.result import as_json
from grader.runtime import forkserver, processor, server, session
from grader.runtime.forkserver import ForkedKernel, ForkedKernels
from grader.runtime.lifetime import LOSSES
from grader.runtime.limits import Limits
from grader.runtime.session import Session

X = np.array([[1.0, -2.0], [0.0, 3.0]])
LEVELS = available()
BEST = LEVELS[0]


class Source(ForkedKernels):
    """Forked kernels whose server is killed after each of the first ``deaths`` starts, ``after`` seconds later."""

    def __init__(self, level: str, limits: Limits = LIMITS, deaths: int = 0, after: float = 0.3) -> None:
        super().__init__(limits, level)
        self.level, self.deaths, self.after, self.started = level, deaths, after, 0
        self.kernel: ForkedKernel | None = None

    async def start(self, *args: Any) -> ForkedKernel:
        self.kernel = await super().start(*args)
        self.started += 1
        if self.started <= self.deaths:
            self.kill_soon()
        return self.kernel

    def kill_soon(self) -> None:
        threading.Timer(self.after, os.kill, (self.server, signal.SIGKILL)).start()

    @property
    def process(self) -> int:
        """The process that the driver started: at ``full`` the server's waiter, else the server."""
        assert self._server is not None
        return self._server._process.pid

    @property
    def server(self) -> int:
        return _children(self.process)[0] if self.level == "full" else self.process


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


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


@pytest.fixture
def source() -> Iterator[Callable[..., Source]]:
    made: list[Source] = []

    def make(*args: Any, **more: Any) -> Source:
        made.append(Source(*args, **more))
        return made[-1]

    yield make
    for each in made:
        each.close()


def ask(live: Session, function: str, *args: object, **more: Any) -> Any:
    return live.call(Call(f"layers.{function}", args, **more))


# ------------------------------------------------------------------------------------ the server dies
def test_what_the_server_left_out_of_a_package_is_there_for_whoever_asks(source, hand_in) -> None:
    cells = (
        "import jupyter_client, ssl, ipykernel.connect\njupyter_client.__version__, jupyter_client.BlockingKernelClient.__name__",
        "ipykernel.connect.jupyter_client.find_connection_file.__name__",
        "from jupyter_client import KernelManager\nKernelManager is jupyter_client.KernelManager, ssl.SSLContext.__name__",
    )
    with Session(hand_in(*cells), LIMITS, "none", source=source("none")) as live:
        assert (live.notebook.status, live.notebook.error) == ("ok", None)
    text = live.notebook.executed_text() or ""
    for shown in ("BlockingKernelClient", "find_connection_file", "(True, 'SSLContext')"):
        assert shown in text


def test_what_no_kernel_needs_is_not_imported_for_it(source, hand_in) -> None:
    look = "import sys\ndef relu_forward(x):\n    return [n for n in ('jupyter_client.manager', 'ssl') if n in sys.modules], None"
    with Session(hand_in("1 + 1", look), LIMITS, "full", source=source("full")) as live:
        assert ask(live, "relu_forward", X, keep=(1,)).value[0] == []


def test_a_kernels_server_compiles_nothing(source, tmp_path, monkeypatch) -> None:
    seen = tmp_path / "seen"
    monkeypatch.setattr(server, "RUN", f"import sys\nsys.addaudithook(lambda e, a, o=open({str(seen)!r}, 'w'): "
                        f"e == 'compile' and a[0] is not None and print(a[1], file=o, flush=True))\n{server.RUN}")  # fmt: skip
    for _ in range(2):  # the first may have to write its bytecode
        source("none").begin()
    compiled = [line for line in seen.read_text().splitlines() if line.endswith(".py")]
    assert len(compiled) > 0
    assert all("ipykernel_" in line for line in compiled)  # the warming cells


def test_a_kernel_shares_the_drivers_processor_as_long_as_it_lives(source, hand_in) -> None:
    kernels = source("none")
    where = "import os\ndef relu_forward(x):\n    return sorted(os.sched_getaffinity(0)), None"
    with Session(hand_in(where), LIMITS, "none", source=kernels) as live:
        reply = ask(live, "relu_forward", X, keep=(1,))
        assert isinstance(reply, Returned)
        assert reply.value[0] == sorted(os.sched_getaffinity(0))
        assert len(reply.value[0]) == 1
    assert os.sched_getaffinity(0) == processor.ALL


@pytest.mark.parametrize("level", LEVELS)
def test_killed_while_nobody_needs_it_it_is_started_again(source, hand_in, level: str) -> None:
    kernels = source(level)
    submission = hand_in(RELU)
    seen = set()
    for _ in range(3):
        with Session(submission, LIMITS, level, source=kernels) as live:
            assert live.notebook.status == "ok"
            assert ask(live, "relu_forward", X).value[0].tolist() == [[1.0, 0.0], [0.0, 3.0]]
        seen.add(kernels.process)
        if len(seen) == 1:
            os.kill(kernels.server, signal.SIGKILL)
    assert len(seen) == 2, "one was killed; the other served the two submissions that followed"


@pytest.mark.parametrize("level", LEVELS)
def test_killed_while_a_cell_runs_the_notebook_is_run_again(source, hand_in, level: str) -> None:
    kernels = source(level, deaths=1)
    submission = hand_in(RELU, "import time\ntime.sleep(1.0)", "print('the end')")
    with Session(submission, LIMITS, level, source=kernels) as live:
        assert (live.notebook.status, live.notebook.cell, live.notebook.error) == ("ok", None, None)
        assert "the end" in (live.notebook.executed_text() or "")
        assert ask(live, "relu_backward", X, X).value.tolist() == [[1.0, 0.0], [0.0, 3.0]]
    assert kernels.started == 2


@pytest.mark.parametrize("level", LEVELS)
def test_killed_while_a_call_runs_the_call_is_made_again(source, hand_in, level: str) -> None:
    limits = Limits(restarts=1, call_seconds=3)
    kernels = source(level, limits)
    slow = "import time\ndef relu_forward(x):\n    time.sleep(0.6)\n    return x * 2\ndef relu_backward(d, x):\n    return d"
    with Session(hand_in(slow), limits, level, source=kernels) as live:
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
    with Session(hand_in(RELU), LIMITS, "full", source=kernels) as live:
        server = kernels.server
        os.kill(kernels.process, signal.SIGKILL)
        assert _soon(lambda: not _alive(server))
        assert isinstance(ask(live, "relu_forward", X), Returned)


def test_what_a_student_kept_in_a_server_that_died_is_never_called_their_crash(source, hand_in) -> None:
    kernels = source(BEST)
    with Session(hand_in(RELU), LIMITS, BEST, source=kernels) as live:
        kept = ask(live, "relu_forward", X, keep=(1,)).value[1]
        family = below(kernels.process)
        os.kill(kernels.server, signal.SIGKILL)
        assert _soon(lambda: not any(map(_alive, family)))
        with pytest.raises(KernelError, match="the grader's fault"):
            ask(live, "relu_backward", X, kept)
        again = ask(live, "relu_forward", X, keep=(1,)).value[1]
        assert isinstance(ask(live, "relu_backward", X, again), Returned)


@pytest.mark.parametrize(
    ("cells", "after"),
    [((RELU, "import time\ntime.sleep(2)"), 0.2), (("import time\ndef relu_forward(x):\n    time.sleep(2)",), 0.6)],
    ids=["while a cell runs", "while a call runs"],
)
def test_killed_again_and_again_it_is_marked_for_a_person(source, hand_in, monkeypatch, cells, after) -> None:
    kernels = source(BEST, Limits(call_seconds=3), deaths=1000, after=after)
    monkeypatch.setattr(session, "source_of", lambda *_: kernels)
    result = grade(hand_in(*cells), Settings(limits=Limits(call_seconds=3), drawn=1)).result
    assert result.needs_person
    assert kernels.started == LOSSES + 1, "bounded"
    tried = [item for item in result.items if item.status not in ("missing", "not_attempted")]
    assert tried
    assert {item.status for item in tried} == {"grader_error"}, "and so no zero of the student's"
    assert f"was lost {LOSSES + 1} times" in as_json(result)


def test_a_server_that_stops_answering_is_replaced(source, hand_in) -> None:
    kernels = source(BEST)
    server = kernels._running()
    fork, stopped = server.fork, kernels.server
    server.fork = lambda request, fds, _: fork(request, fds, 0.3)
    os.kill(stopped, signal.SIGSTOP)
    with Session(hand_in(RELU), LIMITS, BEST, source=kernels) as live:
        assert isinstance(ask(live, "relu_forward", X), Returned)
    assert _soon(lambda: not _alive(stopped))


# ------------------------------------------------------------------------------------ the driver dies
DRIVER = """
import sys, time
sys.path[:0] = {paths!r}
from pathlib import Path
from samples import LIMITS, collected
from grader.runtime.session import Session
with Session(collected(Path({submission!r}))[0], LIMITS, {level!r}) as live:
    print("up", flush=True)
    time.sleep(60)
"""
SWEEP = """
from samples import LIMITS
from grader.runtime.forkserver import ForkedKernels
ForkedKernels(LIMITS, "none")
"""


@pytest.mark.parametrize("level", LEVELS)
def test_killed_the_driver_takes_all_with_it(hand_in, tmp_path: Path, level: str) -> None:
    hand_in(RELU)
    room = tmp_path / "room"
    room.mkdir()
    if os.getuid() == 0:
        tmp_path.chmod(0o755)
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
    ForkedKernels(LIMITS, "none")
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
@pytest.mark.parametrize("level", LEVELS)
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
    with Session(hand_in(RELU, cell), LIMITS, level, source=kernels) as live:
        assert (live.notebook.status, live.notebook.cell) == ("crashed", 2)
        assert says in (live.notebook.error or "")
        assert isinstance(ask(live, "relu_forward", X), Returned)


# ----------------------------------------------------------------------------------- what children inherit
STATE = (
    "import random, uuid, os, numpy as np\n"
    "def relu_forward(x):\n"
    "    return [random.random(), float(np.random.rand()), float(hash('gradmark') % 1000)]\n"
    "def relu_backward(x, y):\n"
    "    return [str(uuid.uuid4()), os.urandom(8).hex(), float(np.random.default_rng().random())]\n"
)


def test_random_numbers_follow_the_seed_and_nothing_else(source, hand_in) -> None:
    kernels, submission = source(BEST), hand_in(STATE)

    def drawn(seed: int, function: str = "relu_forward") -> list[float]:
        with Session(submission, LIMITS, BEST, seed=seed, source=kernels) as live:
            return ask(live, function, *([X] if function == "relu_forward" else [X, X])).value

    zero, one = drawn(0), drawn(1)
    assert drawn(0) == zero
    assert (zero[0], zero[1]) == (0.8444218515250481, 0.5488135039273248), "what a student gets after the two seeds"
    assert one[0] != zero[0]
    assert one[1] != zero[1]
    assert one[2] == zero[2], "the hash of a string, on which the order of sets rests, is the same in every run"
    first, second = drawn(0, "relu_backward"), drawn(0, "relu_backward")
    assert all(a != b for a, b in zip(first, second, strict=True)), "what comes from the system is never inherited"


def test_nothing_of_one_submission_reaches_the_next(source, hand_in) -> None:
    kernels = source(BEST)
    first = "import sys, numpy as np\nsys.left = np.left = 1\nnp.random.rand()\nopen('left', 'w').write('x')"
    second = "import os\nassert not hasattr(sys, 'left') and not hasattr(np, 'left') and 'left' not in os.listdir('.')"
    second = "import sys, numpy as np\n" + second
    for cell in (first, second):
        with Session(hand_in(cell), LIMITS, BEST, source=kernels) as live:
            assert live.notebook.status == "ok", live.notebook.error


def test_file_names_are_checked_once_more_where_they_are_used(source, tmp_path: Path) -> None:
    kernels = source("process")
    aim = tmp_path / "climbed"
    for name in (str(aim), f"../../../../../../../..{aim}", f"a/../../../../../../../../..{aim}"):
        with pytest.raises(KernelError, match="no kernel could be started"):
            asyncio.run(kernels.start({name: b"x"}, "", 0))
        assert not aim.exists()


def test_what_does_not_fit_is_refused_before_it_is_tried(source) -> None:
    if "full" not in LEVELS:
        pytest.skip("no namespaces here")
    kernels = source("full", Limits(disk_bytes=1 << 20, inodes=40))
    for files in ({"big": bytes(1 << 20)}, {f"{i}": b"" for i in range(40)}, {"/".join("d" * 40) + "/f": b""}):
        with pytest.raises(SubmissionError, match="need more room"):
            asyncio.run(kernels.start(files, "", 0))
    assert kernels.started == 0


def test_a_package_that_starts_threads_is_not_forked(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "busy.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()"
    )
    seen = server.visible(())
    monkeypatch.setattr(server, "visible", lambda _: {**seen, "packages": [*seen["packages"], str(tmp_path)]})
    with pytest.raises(KernelError, match=r"did not start.*one thread, after loading busy"):
        server.ForkServer(LIMITS, "none", ("busy",))


def test_no_secret_of_the_drivers_is_in_the_server(source, monkeypatch) -> None:
    monkeypatch.setenv("COURSE_TOKEN", "a secret of the driver's")
    kernels = source("process")
    kernels._running()
    assert b"secret" not in Path(f"/proc/{kernels.server}/environ").read_bytes()
    mapped = Path(f"/proc/{kernels.server}/maps").read_text()
    assert "numpy" in mapped
    descriptors = [str(fd.readlink()) for fd in Path(f"/proc/{kernels.server}/fd").iterdir()]
    assert len([d for d in descriptors if d.startswith("socket:")]) == 1, descriptors


# -------------------------------------------------------------------------------------- the long run
def test_fifty_sessions_leave_no_descriptor_child_or_thread_behind(source, hand_in) -> None:
    kernels, submission = source(BEST), hand_in(RELU)

    def held() -> tuple[int, int, int, int]:
        with Session(submission, LIMITS, BEST, source=kernels) as live:
            assert isinstance(ask(live, "relu_forward", X), Returned)
        ours, its = (len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in ("self", kernels.server))
        return ours, its, len(_children(kernels.server)), threading.active_count()

    held()
    before = held()
    for _ in range(50):
        after = held()
    assert after == before
    assert before[2] == 0


def test_kernels_side_by_side_do_not_see_each_other(source) -> None:
    """Two at once, as two sessions of one driver have them."""
    kernels = source(BEST)

    async def both() -> list[str]:
        first = await kernels.start({"a": b"1"}, "", 0)
        second = await kernels.start({"b": b"2"}, "", 1)
        try:
            return [await _printed(k, "import os; print(sorted(os.listdir('.')))") for k in (first, second)]
        finally:
            await first.end()
            await second.end()

    assert asyncio.run(both()) == ["['a']\n", "['b']\n"]


async def _printed(kernel: ForkedKernel, cell: str) -> str:
    kernel.client.execute(cell, allow_stdin=False)
    while True:
        message = await kernel.client.get_iopub_msg(timeout=10)
        if message["msg_type"] == "stream":
            return str(message["content"]["text"])
