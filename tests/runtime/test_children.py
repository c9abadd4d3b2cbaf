"""What a forked kernel has from its server, and from nobody else."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from forked import BEST, LEVELS
from live import X, ask, session_of
from samples import LIMITS

from grader.errors import KernelError, SubmissionError
from grader.judging import Returned
from grader.runtime import Limits
from grader.runtime.kernels import fork_client as server
from grader.runtime.kernels import pinning
from grader.runtime.kernels.forked import ForkedKernel


def test_a_kernel_shares_the_drivers_processor_as_long_as_it_lives(source, hand_in) -> None:
    kernels = source("none")
    where = "import os\ndef relu_forward(x):\n    return sorted(os.sched_getaffinity(0)), None"
    with session_of(hand_in(where), LIMITS, "none", source=kernels) as live:
        reply = ask(live, "relu_forward", X, keep=(1,))
        assert isinstance(reply, Returned)
        assert reply.value[0] == sorted(os.sched_getaffinity(0))
        assert len(reply.value[0]) == 1
    assert os.sched_getaffinity(0) == pinning.ALL


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
        with session_of(submission, LIMITS, BEST, seed=seed, source=kernels) as live:
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
        with session_of(hand_in(cell), LIMITS, BEST, source=kernels) as live:
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
        server.ForkClient(LIMITS, "none", ("busy",))


def test_no_secret_of_the_drivers_is_in_the_server(source, monkeypatch) -> None:
    monkeypatch.setenv("COURSE_TOKEN", "a secret of the driver's")
    kernels = source("process")
    kernels._running()
    assert b"secret" not in Path(f"/proc/{kernels.server}/environ").read_bytes()
    mapped = Path(f"/proc/{kernels.server}/maps").read_text()
    assert "numpy" in mapped
    descriptors = [str(fd.readlink()) for fd in Path(f"/proc/{kernels.server}/fd").iterdir()]
    assert len([d for d in descriptors if d.startswith("socket:")]) == 1, descriptors


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
