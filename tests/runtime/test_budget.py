"""What one submission may use in all, whatever number of kernels it takes; and that timers cannot be talked to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from attacks.stage import available
from live import X, ask, session_of
from samples import RELU

from grader.judging import Lost, Returned
from grader.runtime import Limits, Session
from grader.runtime.kernels.fork_source import ForkedKernelSource
from grader.runtime.kernels.processes import cpu_seconds_of
from grader.runtime.kernels.waiting_source import WaitingKernelSource
from grader.runtime.life.budget import Budget

BEST = available()[0]
Opener = Callable[..., Session]


@pytest.fixture(params=["forked", "pooled"])
def opened(request: pytest.FixtureRequest, hand_in) -> Iterator[Opener]:
    """A live session of these cells within these limits, on a forked kernel and on a pooled one."""
    with ExitStack() as stack:

        def make(limits: Limits, *cells: str) -> Session:
            pooled = request.param == "pooled"
            source = WaitingKernelSource(limits, "process") if pooled else ForkedKernelSource(limits, BEST)
            stack.callback(source.close)
            return stack.enter_context(session_of(hand_in(*cells), limits, source=source))

        yield make


@dataclass
class Worker:
    """A kernel as a budget sees it."""

    used: float

    def cpu_seconds(self) -> float:
        return self.used


def test_a_budget_is_spent_by_one_kernel_after_the_other() -> None:
    budget = Budget(Limits(submission_cpu_seconds=10, cell_cpu_seconds=8, call_cpu_seconds=2))
    first, second = Worker(3.0), Worker(0.0)
    budget.charge(first)  # type: ignore[arg-type]
    assert budget.cpu_seconds() == 7
    assert budget.notebook_limits().submission_cpu_seconds == 7
    first.used = 4.0
    budget.settle(4.5)
    assert budget.cpu_seconds() == 5.5, "what a kernel used is counted once"
    budget.charge(second)  # type: ignore[arg-type]
    second.used = 5.0
    assert budget.call_limits()[1] == 0.5
    assert budget.over() is None
    second.used = 5.5
    assert budget.over() == "the processor time for the whole submission (10 s) is used up"
    assert min(budget.call_limits()) > 0, "a timer of no seconds would never go off"


def test_a_budget_ends_by_the_clock_too() -> None:
    assert Budget(Limits(submission_seconds=1e-9)).over() == "the time for the whole submission (1e-09 s) has passed"


def test_processor_time_is_that_of_all_threads_and_of_nobody_who_is_gone() -> None:
    import os
    import threading

    before = time.process_time()
    burning = threading.Thread(target=lambda: sum(i * i for i in range(1_000_000)))
    burning.start()
    burning.join()
    assert cpu_seconds_of(os.getpid()) == pytest.approx(time.process_time(), abs=0.05)
    assert time.process_time() > before
    assert cpu_seconds_of(2**22 + 1) == 0.0


# ----------------------------------------------------------------------------------------- real kernels
BURN = """
import os, time
def relu_forward(x):
    began = time.process_time()
    while time.process_time() < began + 0.2: pass
    os._exit(1)
"""


def test_processes_that_end_themselves_use_up_what_their_successors_have(hand_in) -> None:
    limits = Limits(call_cpu_seconds=0.4, submission_cpu_seconds=1.2)
    source = ForkedKernelSource(limits, BEST)
    try:
        with session_of(hand_in(BURN), limits, BEST, source=source) as live:
            replies = [ask(live, "relu_forward", X) for _ in range(8)]
    finally:
        source.close()
    assert isinstance(replies[0], Lost)
    assert replies[0].status == "crashed"
    assert replies[-1] == Lost("timed_out", "the processor time for the whole submission (1.2 s) is used up")


def test_an_endless_thread_uses_it_up_between_the_calls(opened: Opener) -> None:
    thread = "import threading\ndef spin():\n    while True: pass\nthreading.Thread(target=spin, daemon=True).start()"
    live = opened(Limits(submission_cpu_seconds=2.0), RELU, thread)
    while isinstance(reply := ask(live, "relu_forward", X), Returned):
        pass
    assert reply == Lost("timed_out", "the processor time for the whole submission (2 s) is used up")


def test_cells_that_are_each_within_their_limit_use_it_up(opened: Opener) -> None:
    burn = "import time\nbegan = time.process_time()\nwhile time.process_time() < began + 0.8: pass"
    live = opened(Limits(submission_cpu_seconds=2.5), RELU, burn, burn, burn, burn)
    assert live.notebook.status == "timed_out"
    assert live.notebook.error == "the processor time for the whole submission (2.5 s) is used up"
    assert ask(live, "relu_forward", X) == Lost("timed_out", live.notebook.error)


def test_a_cell_that_computes_and_one_that_waits_are_told_apart(opened: Opener) -> None:
    limits = Limits(cell_seconds=1.5, cell_cpu_seconds=0.4)
    computes = opened(limits, RELU, "while True: pass")
    assert computes.notebook.error == "it used more than 0.4 s of processor time"
    assert isinstance(ask(computes, "relu_forward", X), Returned)
    waits = opened(limits, RELU, "import time\ntime.sleep(60)")
    assert waits.notebook.error == "it did not end within 1.5 s"


CALLS = """
import sys, time
def relu_forward(x):
    while True: pass
def tanh_forward(x):
    time.sleep(60)
def relu_backward(dout, cache):
    raise sys.modules["_gradmark_alarm"].OutOfTime()
"""


def test_a_time_out_that_a_student_raises_is_not_told_as_the_one_before_it(opened: Opener) -> None:
    live = opened(Limits(call_seconds=1.0, call_cpu_seconds=0.2), CALLS)
    assert ask(live, "relu_forward", X) == Lost("timed_out", "it used more than 0.2 s of processor time")
    assert ask(live, "relu_backward", X, X) == Lost("timed_out", "it did not return within 1 s")
    assert ask(live, "tanh_forward", X) == Lost("timed_out", "it did not return within 0.1 s"), "a tenth after two"


def test_whoever_runs_out_of_time_is_waited_for_less_and_less(opened: Opener) -> None:
    """A submission whose calls all ran into their limits took 304 s."""
    live = opened(Limits(call_seconds=2.0, call_cpu_seconds=0.4), CALLS)
    said = [ask(live, "relu_forward", X) for _ in range(3)]
    assert said == [
        Lost("timed_out", f"it used more than {seconds} s of processor time") for seconds in ("0.4", "0.1", "0.04")
    ]
