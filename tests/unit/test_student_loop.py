"""The student's loop where something goes wrong: code that leaves, values that bite, names that slip, files that are damaged."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.judging import Call, Chain, Raised, Refused, Reply, Returned
from grader.student import LocalAnswers, terminal
from grader.student import commands as student

RIGHT = "import numpy as np\ndef relu_forward(x):\n    return np.maximum(x, 0), x\n"
WRONG = RIGHT + "def relu_backward(dout, cache):\n    return dout * (dout > 0)\n"
MENDED = RIGHT + "def relu_backward(dout, cache):\n    return dout * (cache > 0)\n"


class Kit:
    """A folder with ``exercises/layers.py`` that is worked in."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.module = folder, folder / "exercises" / "layers.py"
        self.module.parent.mkdir(parents=True)
        (folder / "notebooks").mkdir()

    def write(self, text: str) -> None:
        self.module.write_text(text, encoding="utf-8")

    def run(self, cell: str, scope: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run a cell of a notebook."""
        scope = {} if scope is None else scope
        scope |= {name: getattr(student, name) for name in ("check", "hint", "status", "ready")} | {"np": np}
        exec(compile(textwrap.dedent(cell), "<cell>", "exec"), scope)
        return scope


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kit]:
    made = Kit(tmp_path / "kit")
    monkeypatch.chdir(made.folder)
    monkeypatch.setattr(student, "HERE", student._Here())
    yield made
    for name in [name for name in sys.modules if name.startswith("exercises")]:
        del sys.modules[name]


def flat(text: str) -> str:
    return " ".join(text.split())


# -------------------------------------------------------------------------- what a function does to its caller
def answer(function: Any, *args: Any, watch: bool = False) -> Reply:
    call = Call("layers.relu_backward", args, watch=watch)
    ((reply,),) = LocalAnswers({"relu_backward": function}).put([Chain((call,))])
    return reply


class Leaves(BaseException):
    pass


class MuteError(Exception):
    def __str__(self) -> str:
        raise RuntimeError


class NumbError(Exception):
    def __str__(self) -> str:
        return 3  # type: ignore[return-value]  # noqa: PLE0307 - that is what is tried


@pytest.mark.parametrize(
    ("error", "name", "said"),
    [
        (SystemExit(0), "SystemExit", "0"),
        (Leaves("far"), "Leaves", "far"),
        (GeneratorExit(), "GeneratorExit", ""),
        (MuteError(), "MuteError", "(its message cannot be printed)"),
        (NumbError(), "NumbError", "(its message cannot be printed)"),
        (ValueError("x" * 10**6), "ValueError", "x" * 2000),
    ],
    ids=lambda value: type(value).__name__,
)
def test_whatever_a_function_raises_is_an_answer(error: BaseException, name: str, said: str) -> None:
    def function() -> None:
        raise error

    reply = answer(function)
    assert isinstance(reply, Raised)
    assert (reply.type, reply.message) == (name, said)
    assert "in function\n" in reply.traceback


def boom(*_: Any) -> Any:
    raise RuntimeError


def of(base: type, value: Any) -> Any:
    """Return a value of a subclass whose every method raises."""
    names = (
        "__len__",
        "__iter__",
        "__eq__",
        "__float__",
        "__int__",
        "__str__",
        "keys",
        "items",
        "__array__",
        "__getitem__",
    )
    made = type("Biting", (base,), {**{n: boom for n in names if hasattr(base, n)}, "__hash__": None})
    return value.view(made) if base is np.ndarray else made(value)


@pytest.mark.parametrize(
    ("base", "value"),
    [(tuple, (1, 2)), (list, [1, 2]), (dict, {"a": 1}), (float, 1.5), (int, 3), (str, "s"), (np.ndarray, np.ones(2))],
)
def test_a_value_of_a_subclass_comes_as_its_data_whatever_its_methods_do(base: type, value: Any) -> None:
    reply = answer(lambda: (of(base, value), None))
    assert isinstance(reply, Returned)
    came = reply.value[0]
    assert type(came) is base
    assert np.array_equal(came, value)
    reply = answer(lambda: of(base, value))
    assert isinstance(reply, Returned)
    assert type(reply.value) is base


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (lambda: np.broadcast_to(np.zeros(1), (10**6, 10**6)), "an array of 8000000000000 bytes, which is too large"),
        (lambda: [np.zeros(2**20)] * 9, "an array of 8388608 bytes, which is too large"),
        (lambda: [0.0] * 100_001, "a value of too many parts"),
        (lambda: 10**1000, "an integer of more than 570 digits"),
        (lambda: (((((((((((((1,),),),),),),),),),),),),), "nested too deeply"),
    ],
)
def test_what_is_too_large_at_grading_is_too_large_here_before_it_is_copied(value: Any, said: str) -> None:
    reply = answer(value)
    assert isinstance(reply, Refused)
    assert said in reply.reason
    assert reply.reason.endswith("which cannot be graded")


def test_an_argument_that_cannot_be_compared_any_more_was_changed() -> None:
    def function(config: dict[str, Any]) -> float:
        config["lr"] = of(float, 1.0)
        return 1.0

    reply = answer(function, {"lr": 1.0}, watch=True)
    assert isinstance(reply, Returned)
    assert reply.mutated == (0,)


def test_a_function_that_exits_has_failed_in_the_terminal_too(kit: Kit, capsys: pytest.CaptureFixture[str]) -> None:
    kit.write(RIGHT + "def relu_backward(dout, cache):\n    raise SystemExit(0)\n")
    assert terminal.main([str(kit.folder), "relu_forward", "relu_backward"]) == 1
    shown = capsys.readouterr().out
    assert "relu_backward raised SystemExit: 0" in shown
    assert "1 passed, 1 to look at" in shown
