"""Whatever a student's function does to its caller: it exits, is interrupted, bites, is too large. The check holds, and says so."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from student_kit import MENDED, RIGHT, Kit, at_work, flat

import grader.diagnosis
from grader.errors import GraderError, UsageError
from grader.judging import Call, Chain, Raised, Refused, Reply, Returned
from grader.student import Interrupted, LocalAnswers, Work, checks, terminal
from grader.student.public import exercise_named


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kit]:
    yield from at_work(tmp_path, monkeypatch)


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


@pytest.mark.parametrize(
    "value", [[1.0, [2.0, 3.0]], (1.0, [1.0, 2.0]), [np.ones(2), np.ones(3)], ["a", ["b", "c"]]], ids=repr
)
@pytest.mark.parametrize("name", ["layers.huber_loss", "chain_rule.compose_derivative", "optimizers.sgd_momentum"])
def test_rows_of_several_lengths_are_a_wrong_answer(name: str, value: Any) -> None:
    exercise = exercise_named(name)
    for odd in (value, (value,) * len(exercise.outputs)):
        found = checks.checked(exercise, Work({exercise.function: lambda *_, odd=odd: odd}))
        assert found.item.status == "wrong"


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


# ------------------------------------------------------------------------------------ what ends a check early
@pytest.mark.parametrize("command", ["check", "status", "hint", "check()"])
def test_an_interrupt_says_where_the_code_was_and_shows_no_frame_of_the_checker(kit: Kit, command: str) -> None:
    kit.write(RIGHT + "def relu_backward(dout, cache):\n    np.ones(1)\n    raise KeyboardInterrupt\n")
    asked = {"check": 'check("relu_backward")', "status": 'status("layers")', "hint": 'hint("relu_backward")'}
    with pytest.raises(Interrupted) as caught:
        kit.run(asked.get(command, "relu_forward = lambda x: (x, x)\ncheck()"))
    assert isinstance(caught.value, KeyboardInterrupt), "so that a run of all cells stops"
    (shown,) = caught.value._render_traceback_()
    assert "interrupted" in shown
    assert "Nothing was judged" in shown
    assert shown.endswith("line 6 of layers.py, in relu_backward:\n    raise KeyboardInterrupt")
    assert caught.value.__suppress_context__
    kit.write(MENDED)
    kit.run('check("relu_backward")')


def test_an_interrupt_in_what_a_student_calls_is_told_at_their_own_line(kit: Kit) -> None:
    kit.write(
        RIGHT
        + "def relu_backward(dout, cache):\n    return mock.Mock(side_effect=KeyboardInterrupt)()\n"
        + "from unittest import mock\n"
    )
    with pytest.raises(Interrupted, match=r"line 5 of layers\.py, in relu_backward"):
        kit.run('check("relu_backward")')


def test_an_interrupt_in_a_terminal_has_its_own_exit_code(kit: Kit, capsys: pytest.CaptureFixture[str]) -> None:
    kit.write(RIGHT + "def relu_backward(dout, cache):\n    raise KeyboardInterrupt\n")
    assert terminal.main([str(kit.folder)]) == 130
    shown = capsys.readouterr().out
    assert "line 5 of layers.py, in relu_backward" in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize(
    "cell", ['check("relu_bakward")', 'hint("relu_bakward")', 'status("layer")', "status(3)", "check(None)", "ready(3)"]
)
def test_a_request_that_fits_nothing_is_told_in_its_message_alone(kit: Kit, cell: str) -> None:
    kit.write(RIGHT)
    with pytest.raises(UsageError) as caught:
        kit.run(cell)
    assert caught.value._render_traceback_() == [str(caught.value)]
    frames = traceback.extract_tb(caught.value.__traceback__)
    assert len([frame for frame in frames if "/grader/" in frame.filename]) <= 2, "where there is no IPython, too"


def test_a_fault_of_the_checker_is_none_of_the_students_and_costs_the_others_nothing(
    kit: Kit, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def explain(exercise: Any, *rest: Any) -> Any:
        if exercise.short == "relu_backward":
            raise ZeroDivisionError("within")
        return grader.diagnosis.explain(exercise, *rest)

    monkeypatch.setattr(checks, "explain", explain)
    kit.write(MENDED)
    assert terminal.main([str(kit.folder), "relu_forward", "relu_backward"]) == 4
    shown = flat(capsys.readouterr().out)
    assert "? layers.relu_backward: needs a person" in shown
    assert "which says nothing of your work (ZeroDivisionError: within, at student/checks.py, line " in shown
    assert "passed the public checks (1): relu_forward" in shown
    kit.run('hint("relu_backward")')
    assert "which says nothing of your work" in capsys.readouterr().out


def test_numpy_with_another_meaning_is_named_as_the_reason(
    kit: Kit, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kit.write(RIGHT + "def relu_backward(dout, cache):\n    np.isfinite = None\n    return dout * (dout > 0)\n")
    monkeypatch.setattr(np, "isfinite", np.isfinite)  # to be put back
    with contextlib.suppress(GraderError):  # the card itself may need it
        kit.run('check("relu_backward")')
        shown = flat(capsys.readouterr().out)
        assert "has assigned to np.isfinite" in shown
        assert "restart the kernel" in shown
