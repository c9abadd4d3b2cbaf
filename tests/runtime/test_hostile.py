"""A live session under odd answers, lost processes and leftovers; attacks from end to end are in ``attacks/``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from live import X, ask
from samples import RELU

from grader.judging import Raised, Refused, Returned
from grader.runtime import Session

Opener = Callable[..., Session]


# ----------------------------------------------------------------------------------- the channel
def test_patched_generators_and_metaclasses_do_not_stop_the_agent(session: Opener) -> None:
    odd = """
import random, numpy as np
random.seed = np.random.seed = None
class Nameless(type):
    @property
    def __name__(self): raise KeyError
class Mute(Exception, metaclass=Nameless):
    def __str__(self): raise RuntimeError
def relu_forward(x): raise Mute
def relu_backward(dout, cache): return dout
"""
    live = session(odd)
    live.new_exercise()
    reply = ask(live, "relu_forward", X)
    assert isinstance(reply, Raised)
    assert reply.message == "(its message cannot be printed)"
    assert isinstance(ask(live, "relu_backward", X, X), Returned)


@pytest.mark.parametrize(
    ("value", "comes_back"),
    [
        ("type('L', (list,), {'__iter__': lambda self: iter(int, 1)})([1, 2])", [1, 2]),
        ("type('I', (int,), {'__int__': lambda self: 7, '__index__': lambda self: 7})(3)", 3),
        ("type('S', (str,), {'__str__': lambda self: self})('s')", "s"),
        ("type('D', (dict,), {'keys': lambda self: ['x'], '__getitem__': lambda self, key: 7})(a=1)", {"a": 1}),
        ("type('F', (), {'__class__': int})()", None),
    ],
)
def test_a_subclass_comes_back_as_its_data_whatever_its_methods_say(
    session: Opener, value: str, comes_back: object
) -> None:
    reply = ask(session(f"def relu_forward(x):\n    return {value}"), "relu_forward", X)
    if comes_back is None:
        assert isinstance(reply, Refused)
    else:
        assert isinstance(reply, Returned)
        assert reply.value == comes_back


# ------------------------------------------------------------------------------------- the cells
def test_modules_named_like_the_kernels_own_do_not_keep_it_from_starting(session: Opener) -> None:
    names = ("random", "comm", "debugpy", "queue", "secrets", "stack_data", "psutil", "decimal", "statistics", "pdb")
    live = session(RELU, files={f"{name}.py": "raise SystemExit('in its place')" for name in names})
    assert live.notebook.status == "ok"
    assert isinstance(ask(live, "relu_forward", X), Returned)


def test_a_file_where_our_folder_belongs_does_not_keep_the_kernel_from_starting(session: Opener) -> None:
    live = session(RELU, files={"exercises": "a file"})
    assert isinstance(ask(live, "relu_forward", X), Returned)


# ------------------------------------------------------------------------------ what is left behind
def test_no_descriptor_is_left_open(session: Opener) -> None:
    def one() -> int:
        live = session(RELU)
        ask(live, "relu_forward", X)
        live.__exit__(None, None, None)
        return len(list(Path("/proc/self/fd").iterdir()))

    assert one() == one() == one()
