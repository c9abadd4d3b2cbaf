"""Each limit in the words in which a submission's result tells of it: what was met, by whom, and that the rest was graded."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest
from live import X, ask, session_of
from sampled import ends
from samples import LIMITS, RELU

from grader.errors import IsolationError, SubmissionError
from grader.grading.one import Settings, grade
from grader.judging import Lost, Raised, Refused, Returned
from grader.runtime import Limits, Session, resolve
from grader.runtime.isolation import level as isolation
from grader.runtime.kernels.fork_source import ForkedKernelSource
from grader.runtime.life import session
from grader.submission import Submission

MIB = 1 << 20
HandIn = Callable[..., Submission]
FUNCTION = "import time, numpy as np\ndef relu_forward(x):\n    "
ENDS = ends(isolation.LEVELS)
WALLED = ("full", "landlock")
LIMITED = ("full", "landlock", "process")

IN_A_CELL = [
    # The limit, a cell that goes beyond it, how the notebook fares, what its result says, and at which levels.
    ({"cell_seconds": 0.5}, "import time\ntime.sleep(30)", "timed_out", "it did not end within 0.5 s", ENDS),
    ({"cell_cpu_seconds": 0.4}, "while True: pass", "timed_out", "it used more than 0.4 s of processor time", ENDS),
    ({"output_bytes": 100_000}, "print('x' * 200_000)", "crashed", "it printed more than is allowed", ENDS),
    ({"output_messages": 100}, "for i in range(900): display(i)", "crashed", "more pieces than are allowed", ENDS),
    ({"memory_bytes": 256 * MIB}, "import numpy as np\nnp.ones(1 << 27)", "failed", "MemoryError", LIMITED),
    ({"memory_bytes": 256 * MIB}, "x = 'x' * (1 << 30)", "failed", "MemoryError", LIMITED),
    ({"file_bytes": MIB}, "open('big', 'wb').write(bytes(3 << 20))", "failed", "File too large", LIMITED),
    ({"disk_bytes": 2 * MIB}, "for i in range(9): open(f'f{i}', 'wb').write(bytes(1 << 20))", "failed", "No space left", ("full",)),
    ({"inodes": 64}, "for i in range(99): open(f'f{i}', 'w').close()", "failed", "No space left", ("full",)),
    ({"open_files": 64}, "kept = [open('f', 'w') for _ in range(99)]", "failed", "Too many open files", LIMITED),
    (
        {"processes": 24},
        "import threading, time\nfor _ in range(1000): threading.Thread(target=time.sleep, args=(9,), daemon=True).start()",
        "failed", "can't start new thread", ("full",),
    ),
]  # fmt: skip
CASES = [
    pytest.param(limit, cell, status, says, level, id=f"{next(iter(limit))}-{level}-{i}")
    for i, (limit, cell, status, says, levels) in enumerate(IN_A_CELL)
    for level in levels
]


def had(level: str) -> str:
    try:
        return isolation.resolve(level).level
    except IsolationError as error:
        pytest.skip(str(error))


@pytest.fixture
def opened(hand_in: HandIn) -> Iterator[Callable[..., Session]]:
    """A live session with these limits, of a server that ends with the test."""
    sources: list[ForkedKernelSource] = []
    live: list[Session] = []

    def make(*cells: str, level: str = "auto", **limits: float) -> Session:
        level = had(level)
        sources.append(ForkedKernelSource(replace(LIMITS, **limits), level))  # type: ignore[arg-type]
        sources[-1].begin()  # the server's start is not the submission's time
        live.append(session_of(hand_in(*cells), sources[-1]._limits, level, source=sources[-1]).__enter__())
        return live[-1]

    yield make
    for each in live:
        each.__exit__(None, None, None)
    for source in sources:
        source.close()


@pytest.mark.parametrize(("limit", "cell", "status", "says", "level"), CASES)
def test_a_cell_beyond_a_limit_is_named_and_the_rest_is_graded(
    opened: Callable[..., Session], limit: dict[str, float], cell: str, status: str, says: str, level: str
) -> None:
    live = opened(RELU, cell, "later = 1", level=level, **limit)
    assert (live.notebook.status, live.notebook.cell) == (status, 2)
    assert says in (live.notebook.error or "")
    assert isinstance(ask(live, "relu_forward", X), Returned)


@pytest.mark.parametrize("level", isolation.LEVELS)
def test_within_the_same_limits_nothing_is_said(opened: Callable[..., Session], level: str) -> None:
    tight = {name: value for limit, *_ in IN_A_CELL for name, value in limit.items() if not name.endswith("seconds")}
    live = opened(
        RELU, "print('x' * 1000)\nopen('small', 'w').write('text')", "kept = np.ones(1 << 20)", level=level, **tight
    )
    assert (live.notebook.status, live.notebook.error) == ("ok", None)


IN_A_CALL = [
    ({"call_seconds": 0.3}, "time.sleep(30)", Lost, "it did not return within 0.3 s"),
    ({"call_cpu_seconds": 0.2, "call_seconds": 9.0}, "while True: pass", Lost, "0.2 s of processor time"),
    ({"memory_bytes": 256 * MIB}, "return np.ones(1 << 27)", Raised, "MemoryError"),
    ({"frame_bytes": MIB}, "return np.zeros(1 << 18)", Refused, "too large"),
    ({"open_files": 64}, "return [open('f', 'w') for _ in range(99)]", Raised, "Too many open files"),
]


@pytest.mark.parametrize(("limit", "body", "kind", "says"), IN_A_CALL)
def test_a_call_beyond_a_limit_is_named_and_the_next_one_works(
    opened: Callable[..., Session], limit: dict[str, float], body: str, kind: type, says: str
) -> None:
    live = opened(FUNCTION + body, "def relu_backward(x):\n    return x", level=had("auto"), **limit)
    if live.isolation.level == "none":
        pytest.skip("most limits need a sandbox")
    reply = ask(live, "relu_forward", X)
    assert isinstance(reply, kind), reply
    said = f"{reply.type}: {reply.message}" if isinstance(reply, Raised) else reply.reason  # type: ignore[attr-defined]
    assert says in said
    assert isinstance(ask(live, "relu_backward", X), Returned)


def test_the_time_of_all_cells_is_limited(opened: Callable[..., Session]) -> None:
    slow = "import time\ntime.sleep(1)"
    live = opened(RELU, slow, slow, slow, notebook_seconds=2.9)  # most of a second to spare, for a machine under load
    assert (live.notebook.status, live.notebook.cell) == ("timed_out", 4)
    assert "whole notebook" in (live.notebook.error or ""), "the cell itself was well within its own limit"


def test_the_time_of_all_calls_is_limited(opened: Callable[..., Session]) -> None:
    live = opened(FUNCTION + "time.sleep(0.2)", submission_seconds=1.5)
    replies = [ask(live, "relu_forward", X) for _ in range(12)]
    assert isinstance(replies[0], Returned)
    assert isinstance(replies[-1], Lost)
    assert replies[-1].reason == "the time for the whole submission (1.5 s) has passed"


def test_processes_that_are_lost_are_counted(opened: Callable[..., Session]) -> None:
    live = opened("import os\ndef relu_forward(x):\n    os._exit(0)", restarts=2)
    replies = [ask(live, "relu_forward", X) for _ in range(4)]
    assert all(isinstance(reply, Lost) and "status 0" in reply.reason for reply in replies[:3])
    assert isinstance(replies[3], Lost)
    assert replies[3].reason == "its process was lost 2 times, and not started again"


def test_what_a_limit_says_reaches_the_result_of_the_submission(
    hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = replace(LIMITS, call_seconds=0.3)
    source = ForkedKernelSource(limits, had("auto"))
    monkeypatch.setattr(session, "source_of", lambda *_: source)
    cells = (
        FUNCTION + "time.sleep(30)",
        "print('x' * 300_000)",
        "def relu_backward(dout, cache):\n    return dout * (cache > 0)",
    )
    try:
        result = grade(hand_in(*cells), Settings(resolve("auto"), limits=limits)).result
    finally:
        source.close()
    assert (result.notebook.status, result.notebook.cell) == ("crashed", 2)
    assert result.notebook.error == "it printed more than is allowed"
    slow = next(item for item in result.items if item.exercise == "layers.relu_forward")
    assert slow.status == "timed_out"
    assert "did not return within 0.3 s" in slow.message
    assert (result.graded, result.needs_person) == (True, False)


def test_no_limit_is_without_a_default_or_a_case() -> None:
    tried = {name for limit, *_ in (*IN_A_CELL, *IN_A_CALL) for name in limit}
    elsewhere = {"notebook_seconds", "submission_seconds", "submission_cpu_seconds", "startup_seconds", "restarts"}
    assert tried | elsewhere == {field.name for field in fields(Limits)}
    assert all(getattr(Limits(), field.name) > 0 for field in fields(Limits))


def test_too_many_files_are_refused_before_anything_runs(hand_in: HandIn) -> None:
    source = ForkedKernelSource(replace(LIMITS, inodes=64), had("full"))
    try:
        with pytest.raises(SubmissionError, match=r"40 files in 1 folders .* need more room"):
            asyncio.run(source.start({f"f{i}": b"" for i in range(40)}, "", 0))
    finally:
        source.close()


def places() -> list[Path]:
    """Where a file could lie that this user may write: every name below the folders for such things."""
    rooms = [Path(tempfile.gettempdir()), Path("/dev/shm"), Path("/var/tmp"), Path(f"/run/user/{os.getuid()}")]
    return [Path(base, name) for room in rooms if room.is_dir() for base, _, names in os.walk(room) for name in names]


@pytest.mark.parametrize("level", isolation.LEVELS)
def test_at_full_a_submissions_files_are_nowhere_on_the_disk(hand_in: HandIn, level: str) -> None:
    source = ForkedKernelSource(LIMITS, had(level))
    name = f"unheard_of_{os.getpid()}.py"
    cells = f"from pathlib import Path\nassert Path('{name}').exists()\nPath('made_{name}').write_text('made')"
    submission = hand_in(RELU, cells, files={name: "x = 1"})
    try:
        with session_of(submission, LIMITS, level, source=source) as live:
            assert live.notebook.status == "ok"
            found = sorted(path.name for path in places() if name in path.name)
    finally:
        source.close()
    assert found == ([] if level == "full" else [f"made_{name}", name]), "the lower levels show that it would be found"
