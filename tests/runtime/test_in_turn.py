"""Cells of definitions that follow each other go to the kernel in one request: it is not to be seen in anything but the time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from jupyter_client.asynchronous.client import AsyncKernelClient
from live import X, ask
from nbformat import NotebookNode
from samples import LIMITS, RELU

from grader.judging import Returned
from grader.runtime import Session
from grader.runtime.cells.quiet import is_quiet
from grader.runtime.inside import ENTER
from grader.runtime.kernels.forked import ForkedKernel

Opener = Callable[..., Session]
DEFINES = "def f{}(x):\n    return x"
WARNS = "def warns(x):\n    return x is 1"
"""A definition that is warned of while it is compiled."""
FAILS = "def fails(x=nowhere):\n    return x"
HANGS = "class Hangs:\n    while True:\n        pass"
DIES = "class Dies:\n    import os\n    os._exit(3)"
QUIET = {
    "a definition": RELU.strip(),
    "several, with a comment and a number": "# steps\nRATE = 1e-3  # a step\n\ndef f(x):\n    return x\n\nclass A(B):\n    x = 1",
    "a header on several lines": "def f(\n    x,\n    y=2,\n) -> float:\n    return x",
    "imports": "from __future__ import annotations\nimport numpy as np\nfrom numpy.typing import NDArray, ArrayLike",
}
NOT_QUIET = {
    "a call": "def f(x):\n    return x\n\nf(1)",
    "a value that is shown": "x = 1\nx",
    "a product": "x = f(1)",
    "a loop": "for i in range(3):\n    x = 1",
    "a magic": "%matplotlib inline",
    "a cell's magic": "%%time\ndef f(x):\n    return x",
    "a module of their own": "import helpers",
    "a help page": "import numpy?",
    "an indented cell": "    print(1)\n    x = 1",
    "nothing": "",
    "a docstring that ends at the margin": 'def f(x):\n    """\nprint\n"""',
    "two statements": "import numpy; f()",
}


def executed(live: Session) -> list[NotebookNode]:
    assert live.notebook.executed is not None
    return [cell for cell in live.notebook.executed.cells if cell.cell_type == "code"]


def texts(cell: NotebookNode) -> str:
    return "".join(str(output.get("text") or output.get("evalue")) for output in cell.outputs)


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources that are sent to kernels for execution, without the last, which enters the agent."""
    sent: list[str] = []
    execute = AsyncKernelClient.execute

    def noted(self: Any, code: str, *args: Any, **more: Any) -> Any:
        if code != ENTER:
            sent.append(code)
        return execute(self, code, *args, **more)

    monkeypatch.setattr(AsyncKernelClient, "execute", noted)
    return sent


@pytest.mark.parametrize("name", QUIET)
def test_what_only_defines_is_quiet(name: str) -> None:
    assert is_quiet(QUIET[name])


@pytest.mark.parametrize("name", NOT_QUIET)
def test_what_may_print_or_take_time_is_not_quiet(name: str) -> None:
    assert not is_quiet(NOT_QUIET[name])


def test_definitions_that_follow_each_other_are_one_request(session: Opener, requests: list[str]) -> None:
    live = session(RELU, *[DEFINES.format(i) for i in range(8)], "print(f7(3))", DEFINES.format(8), "f8(2)")
    assert len(requests) == 4, "nine definitions, a print, a definition and a call"
    assert [cell.execution_count for cell in executed(live)] == list(range(1, 13))
    assert texts(executed(live)[9]) == "3\n"
    assert isinstance(ask(live, "relu_forward", X), Returned)


def test_what_is_heard_stands_at_its_own_cell(session: Opener, requests: list[str]) -> None:
    live = session(
        DEFINES.format(1), WARNS, DEFINES.format(2), FAILS, FAILS, DEFINES.format(3), "f1(1) + f2(2) + f3(3)"
    )
    cells = executed(live)
    assert ["SyntaxWarning" in texts(cell) for cell in cells] == [False, True, *[False] * 5]
    assert ["nowhere" in texts(cell) for cell in cells] == [False, False, False, True, True, False, False]
    assert (live.notebook.status, live.notebook.cell) == ("failed", 4)
    assert live.notebook.later == ((5, "NameError: name 'nowhere' is not defined"),)
    assert cells[6].outputs[0]["data"]["text/plain"] == "6"
    assert [cell.execution_count for cell in cells] == list(range(1, 8))
    assert len(requests) == 5, "as far as what warns; as far as each that fails; a definition; a call"


def test_it_is_the_same_as_one_by_one(session: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = [RELU, WARNS, FAILS, DEFINES.format(1), "In[-3:], f1(2)", "import nothing", *QUIET.values(), "_i, _oh"]
    shown = []
    for several in (True, False):
        monkeypatch.setattr(ForkedKernel, "takes_several", several)
        live = session(*cells)
        shown.append(([(c.execution_count, c.outputs) for c in executed(live)], live.notebook.later))
    assert str(shown[0]) == str(shown[1])


@pytest.mark.parametrize(("source", "status"), [(HANGS, "timed_out"), (DIES, "crashed")])
def test_the_cell_that_loses_the_process_is_named_and_no_other(session: Opener, source: str, status: str) -> None:
    live = session(DEFINES.format(1), RELU, source, DEFINES.format(2), limits=LIMITS)
    assert is_quiet(source), "else it would have had a request of its own"
    assert (live.notebook.status, live.notebook.cell) == (status, 3)
    assert isinstance(ask(live, "relu_forward", X), Returned)
    assert live._life.restarts == 0, "what is begun again to find it is not counted as a loss"


def test_a_kernel_that_says_that_it_ran_more_than_it_was_given_gains_nothing(session: Opener) -> None:
    lies = """
k = get_ipython().kernel
own = type(k)._in_turn
async def lie(*args, **more):
    return {**await own(k, *args, **more), "done": 99}
k._in_turn = lie
"""
    live = session(lies, RELU, DEFINES.format(1))
    assert live.notebook.status == "ok", "then they are sent one by one"
    assert isinstance(ask(live, "relu_forward", X), Returned)
