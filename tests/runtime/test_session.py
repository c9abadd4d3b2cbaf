"""Real kernels: what runs, what a fault costs, and what it does not."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable

import numpy as np
import pytest
from live import X, ask, ask_all, session_of
from samples import LIMITS, RELU

from grader.errors import IsolationError
from grader.judging import Call, Chain, Earlier, Lost, Raised, Refused, Returned
from grader.runtime import Limits, Session
from grader.runtime.isolation import level as isolation

Opener = Callable[..., Session]


# ---------------------------------------------------------------------------------------- what runs
def test_a_notebook_runs_and_its_functions_answer(session: Opener) -> None:
    live = session(RELU, "print('hello')")
    assert (live.notebook.status, live.notebook.cell) == ("ok", None)
    cache = Earlier(0, 1, ("out", "cache"))
    calls = Call("layers.relu_forward", (X,), keep=(1,)), Call("layers.relu_backward", (np.ones((2, 2)), cache))
    ((forward, backward),) = live.put([Chain(calls)])
    assert isinstance(forward, Returned)
    assert isinstance(backward, Returned)
    out, kept = forward.value
    assert out.tolist() == [[1.0, 0.0], [0.0, 3.0]]
    assert kept is None, "the cache stays where it is"
    assert backward.value.tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert "hello" in (live.notebook.executed_text() or "")


def test_a_failing_cell_does_not_end_the_notebook(session: Opener) -> None:
    live = session("1/0", "x = [", RELU)
    assert (live.notebook.status, live.notebook.cell) == ("failed", 1)
    assert live.notebook.error == "ZeroDivisionError: division by zero"
    assert isinstance(ask(live, "relu_forward", X), Returned)


def test_a_function_in_the_module_is_found_where_the_notebook_has_a_stub(session: Opener) -> None:
    stub = "def relu_forward(x):\n    raise NotImplementedError"
    live = session(stub, files={"exercises/layers.py": RELU})
    assert live.attempt("layers.relu_forward") == "attempted"
    assert isinstance(ask(live, "relu_forward", X), Returned)


def test_a_module_that_cannot_be_imported_says_so(session: Opener) -> None:
    live = session(files={"exercises/layers.py": "import nothing_like_it\n" + RELU})
    reply = ask(live, "relu_forward", X)
    assert isinstance(reply, Raised)
    assert reply.type == "ModuleNotFoundError"
    assert reply.importing == "exercises/layers.py"
    assert "import nothing_like_it" in reply.traceback
    assert "importlib" not in reply.traceback


def test_magics_matplotlib_and_top_level_await_work(session: Opener) -> None:
    live = session(
        "%time y = 1\nimport asyncio\nawait asyncio.sleep(0)", "get_ipython().run_line_magic('pwd', '')", RELU
    )
    assert live.notebook.status == "ok"


def test_metadata_of_the_submission_has_no_effect(session: Opener, hand_in) -> None:
    submission = hand_in(RELU, "1/0")
    submission.notebook.cells[0].metadata["tags"] = ["skip-execution"]
    submission.notebook.cells[1].metadata["tags"] = ["raises-exception"]
    submission.notebook.metadata["kernelspec"] = {"name": "julia", "display_name": "J"}
    with session_of(submission, LIMITS) as live:
        assert (live.notebook.status, live.notebook.cell) == ("failed", 2)
        assert isinstance(ask(live, "relu_forward", X), Returned)


def test_names_that_only_exist_at_run_time_are_found(session: Opener) -> None:
    live = session("globals()['relu_' + 'forward'] = lambda x: (abs(x), None)")
    assert live.attempt("layers.relu_forward") == "attempted"
    assert live.attempt("layers.relu_backward") == "missing"


def test_random_numbers_are_the_same_in_every_run(session: Opener) -> None:
    cell = "import numpy as np, random\ndef relu_forward(x):\n    return np.random.rand() + random.random() + hash('a') % 7"
    first, second = (ask(session(cell), "relu_forward", X) for _ in range(2))
    assert isinstance(first, Returned)
    assert isinstance(second, Returned)
    assert first.value == second.value


def test_a_call_does_not_depend_on_how_numpy_was_told_to_react_to_float_errors(session: Opener) -> None:
    """Errors that a cell's np.seterr had numpy raise inside right functions cost points."""
    cell = "import numpy as np\nnp.seterr(all='raise')\ndef relu_forward(x):\n    return np.exp(1000 * x)"
    live = session(cell)
    assert [isinstance(ask(live, "relu_forward", X), Returned) for _ in range(2)] == [True, True]


# ------------------------------------------------------------------------------------ faults in cells
def test_an_endless_cell_is_left_out_and_the_rest_is_graded(session: Opener) -> None:
    live = session(
        RELU, "while True:\n    pass", "def softmax_forward(x):\n    return x, x", limits=Limits(cell_seconds=2)
    )
    assert (live.notebook.status, live.notebook.cell) == ("timed_out", 2)
    assert isinstance(ask(live, "relu_forward", X), Returned)
    assert isinstance(ask(live, "softmax_forward", X), Returned)


@pytest.mark.parametrize(
    ("cell", "reason", "level"),
    [
        ("import os\nos._exit(3)", "status 3", "auto"),
        # Process 1 of a namespace, which a submission is at the level full, cannot kill itself.
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "SIGKILL", "process"),
        ("import ctypes\nctypes.string_at(0)", "SIGSEGV", "auto"),
    ],
)
def test_a_cell_that_ends_the_kernel_costs_itself_only(session: Opener, cell: str, reason: str, level: str) -> None:
    live = session(cell, RELU, isolation=level)
    assert (live.notebook.status, live.notebook.cell) == ("crashed", 1)
    assert reason in (live.notebook.error or "")
    assert isinstance(ask(live, "relu_forward", X), Returned)


def test_sys_exit_is_a_failing_cell(session: Opener) -> None:
    live = session("import sys\nsys.exit(1)", RELU)
    assert live.notebook.status == "failed"
    assert isinstance(ask(live, "relu_forward", X), Returned)


def test_two_cells_that_end_the_kernel_leave_nothing_to_grade(session: Opener) -> None:
    live = session("import os\nos._exit(1)", "import os\nos._exit(2)", RELU)
    assert live.notebook.status == "crashed"
    reply = ask(live, "relu_forward", X)
    assert isinstance(reply, Lost)
    assert reply.status == "crashed"


@pytest.mark.parametrize(
    "flood", ["while True: print('x' * 10_000)", "import sys\nwhile True: sys.stderr.write('y' * 10_000)"]
)
def test_a_flood_is_stopped_at_once_and_takes_no_memory_here(session: Opener, flood: str) -> None:
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    live = session(RELU, flood, limits=Limits(cell_seconds=10, output_bytes=200_000))
    assert (live.notebook.status, live.notebook.cell) == ("crashed", 2)
    assert "printed more" in (live.notebook.error or "")
    assert time.monotonic() - started < 9
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000
    assert isinstance(ask(live, "relu_forward", X), Returned)


def test_input_fails_at_once(session: Opener) -> None:
    live = session("input('name? ')", RELU)
    assert live.notebook.status == "failed"
    assert "StdinNotImplementedError" in (live.notebook.error or "")


def test_memory_is_limited(session: Opener) -> None:
    live = session("import numpy as np\nnp.ones((1 << 33,))", RELU)
    assert live.notebook.status == "failed"
    assert "Memory" in (live.notebook.error or "")


# ------------------------------------------------------------------------------------ faults in calls
@pytest.mark.parametrize(
    ("body", "kind", "says"),
    [
        ("raise ValueError('no')", "ValueError", "no"),
        ("import sys; sys.exit('bye')", "SystemExit", "bye"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", ""),
        ("return relu_forward(x)", "RecursionError", ""),
        ("import warnings; warnings.simplefilter('error'); warnings.warn('w')", "UserWarning", "w"),
    ],
)
def test_whatever_a_call_raises_is_an_answer(session: Opener, body: str, kind: str, says: str) -> None:
    live = session(f"def relu_forward(x):\n    print('seen'); {body}")
    reply = ask(live, "relu_forward", X)
    assert isinstance(reply, Raised)
    assert reply.type == kind
    assert says in reply.message
    assert "seen" in reply.output
    assert "/tmp" not in reply.traceback


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("return object()", "a object object"),
        ("return (i for i in x)", "generator"),
        ("return np.zeros(1 << 24)", "too large"),
        ("return np.array(['a'])", "dtype"),
        ("return {1: x}", "keys"),
        ("y = []; y.append(y); return y", "deep"),
    ],
)
def test_what_may_not_cross_is_refused_with_the_reason(session: Opener, body: str, says: str) -> None:
    live = session(f"import numpy as np\ndef relu_forward(x):\n    {body}", limits=Limits(frame_bytes=1 << 20))
    reply = ask(live, "relu_forward", X)
    assert isinstance(reply, Refused)
    assert says in reply.reason


def test_a_slow_call_is_interrupted_and_the_next_one_works(session: Opener) -> None:
    live = session(
        "import time\ndef relu_forward(x):\n    time.sleep(60)\n" + RELU.replace("relu_forward", "relu_other")
    )
    reply = ask(live, "relu_forward", X)
    assert isinstance(reply, Lost)
    assert reply.status == "timed_out"
    assert isinstance(ask(live, "relu_backward", X, X), Returned)


STUBBORN = """
def relu_forward(x):
    while True:
        try:
            while True: pass
        except BaseException: pass
def relu_backward(dout, cache): return dout
"""


def test_a_call_that_swallows_every_interruption_is_ended_from_outside(session: Opener) -> None:
    live = session(STUBBORN)
    started = time.monotonic()
    reply = ask(live, "relu_forward", X)
    assert isinstance(reply, Lost)
    assert reply.status == "timed_out"
    assert time.monotonic() - started < 5
    assert isinstance(ask(live, "relu_backward", X, X), Returned)


@pytest.mark.parametrize("body", ["os._exit(0)", "os.close_range = os.closerange(3, 100)", "os.abort()"])
def test_a_call_that_ends_the_process_costs_that_call_only(session: Opener, body: str) -> None:
    live = session(f"import os\ndef relu_forward(x):\n    {body}\ndef relu_backward(dout, cache):\n    return dout")
    reply = ask(live, "relu_forward", X)
    assert isinstance(reply, Lost)
    assert reply.status == "crashed"
    assert isinstance(ask(live, "relu_backward", X, X), Returned)


def test_bytes_of_a_students_own_on_the_channel_are_a_crash_and_no_answer(session: Opener) -> None:
    forge = """
import os, socket
def relu_forward(x):
    for fd in range(3, 64):
        try:
            socket.socket(fileno=os.dup(fd)).send(b"\\x09\\x00\\x00\\x00\\x02\\x01\\x00\\x00\\x00N" * 40)
        except OSError:
            pass
    return x
def relu_backward(dout, cache):
    return dout
"""
    live = session(forge)
    for _ in range(3):
        reply = ask(live, "relu_forward", X)
        assert isinstance(reply, Lost)
        assert reply.status == "crashed"
    assert isinstance(ask(live, "relu_backward", X, X), Returned)


def test_a_forked_child_never_answers(session: Opener) -> None:
    body = "import os\ndef relu_forward(x):\n    return x if os.fork() else x * 2"
    live = session(body, isolation="process")  # better levels refuse the fork
    reply = ask(live, "relu_forward", X)
    assert isinstance(reply, Returned)
    assert reply.value.tolist() == X.tolist()
    again = ask(live, "relu_forward", X)
    assert isinstance(again, Returned)
    assert again.value.tolist() == X.tolist()


def test_mutated_arguments_are_reported_and_copies_are_fresh(session: Opener) -> None:
    live = session("def relu_forward(x):\n    x[x < 0] = 0\n    return x")
    reply = ask(live, "relu_forward", X, watch=True)
    assert isinstance(reply, Returned)
    assert reply.mutated == (0,)
    assert X[0, 1] == -2.0


def test_an_adapter_runs_beside_the_function(session: Opener) -> None:
    live = session("def relu_forward(f):\n    return f(3.0)")
    reply = ask(live, "relu_forward", 2.0, adapter="def times(f, a):\n    return f(lambda x: a * x)\n")
    assert isinstance(reply, Returned)
    assert reply.value == 6.0


# ------------------------------------------------------------------------------- what is out of reach
def test_the_model_answers_and_the_grader_cannot_be_imported(session: Opener) -> None:
    live = session(
        "import reference.layers", "import grader.bank", "from grader.student import check, ready\ncheck('a')", RELU
    )
    assert (live.notebook.status, live.notebook.cell) == ("failed", 1)
    outputs = [o.ename for c in live.notebook.executed.cells for o in c.outputs if o.output_type == "error"]
    assert outputs == ["ModuleNotFoundError", "ModuleNotFoundError"]


def test_a_submissions_own_numpy_and_grader_change_nothing(session: Opener) -> None:
    files = {
        "numpy/__init__.py": "raise SystemExit('forged')",
        "grader/__init__.py": "raise SystemExit('forged')",
        "sitecustomize.py": "raise SystemExit('forged')",
        "notebooks/06_layers.ipynb": "",
    }
    files.pop("notebooks/06_layers.ipynb")
    live = session(RELU, "from grader.student import ready", files=files)
    assert live.notebook.status == "ok"
    assert isinstance(ask(live, "relu_forward", X), Returned)


PICKY = """
import os, time
seen = []
def relu_forward(x):
    seen.append(x.size)
    if x.size == 2: raise ValueError("two")
    if x.size == 3: os._exit(1)
    if x.size == 4: time.sleep(60)
    return list(seen), x
"""


def test_calls_put_at_once_are_answered_as_one_by_one(session: Opener) -> None:
    live = session(PICKY)
    calls = [Call("layers.relu_forward", (np.zeros(size),), keep=(1,)) for size in (1, 2, 3, 4, 5, 6)]
    one, two, three, four, five, six = ask_all(live, calls)
    assert isinstance(one, Returned)
    assert one.value[0] == [1], "no call was made before its turn"
    assert isinstance(two, Raised)
    assert two.message == "two"
    assert isinstance(three, Lost)
    assert three.status == "crashed"
    assert isinstance(four, Lost)
    assert four.status == "timed_out"
    assert isinstance(five, Returned)
    assert isinstance(six, Returned)
    assert six.value[0][-2:] == [5, 6]
    assert live._life.restarts == 1, "what could not be told apart at once does not count"


def test_the_environment_is_scrubbed(session: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_TOKEN", "secret")
    live = session("import os\ndef relu_forward(x):\n    return sorted(os.environ.items())")
    reply = ask(live, "relu_forward", X)
    assert isinstance(reply, Returned)
    assert "secret" not in repr(reply.value)
    assert os.environ["HOME"] not in [value for _, value in reply.value]


def test_isolation_that_is_not_there_is_refused(hand_in, monkeypatch: pytest.MonkeyPatch) -> None:
    trials = {"full": isolation.LevelTrial(reason="no user namespaces"), "landlock": isolation.LevelTrial(("seccomp",))}
    monkeypatch.setattr(isolation, "levels", lambda **_: trials)
    monkeypatch.setattr(isolation, "RECORDED", {})
    with pytest.raises(IsolationError, match=r"'full' is not to be had here \(no user namespaces\).*'landlock'"):
        session_of(hand_in(RELU), LIMITS, level="full")
