"""The forms that most exercises of a course take, so that a declaration says only what is its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from grader.judging.declare.drives import backward, direct, forward
from grader.judging.declare.exercise import Check, Exercise, contract, example, gradient, law, value
from grader.judging.declare.inputs import Input, upstream
from grader.judging.declare.laws import linear_in_upstream

__all__ = ["backward_pass", "forward_pass", "loss", "plain", "question"]


def forward_pass(
    name: str, inputs: Mapping[str, Input], points: float = 2, laws: tuple[Check, ...] = (), **more: Any
) -> Exercise:
    """``out, cache = f(*inputs)``: all points for the value of ``out``."""
    checks = (contract(), example(), value(points), *laws)
    return Exercise(name, inputs, ("out",), checks, drive=forward, **more)


def backward_pass(
    name: str,
    inputs: Mapping[str, Input],
    out: tuple[str, ...],
    points: float = 4,
    outputs: tuple[str, ...] = ("dx",),
    **more: Any,
) -> Exercise:
    """``f(dout, cache)`` for a forward pass of the same stem: of each gradient half the points by value, half by slope.

    ``out`` names the dimensions of the forward pass's output, so those of ``dout``.
    """
    each = points / 2 / len(outputs)
    values = [value(each)] if len(outputs) == 1 else [value(each, output) for output in outputs]
    slopes = [gradient(each)] if len(outputs) == 1 else [gradient(each, output) for output in outputs]
    linear = law("linear", "the backward pass is linear in dout", linear_in_upstream)
    checks = (contract(), example(), *values, *slopes, linear)
    pair = name.partition(".")[2].replace("_backward", "_forward")
    return Exercise(name, {**inputs, "dout": upstream(*out)}, outputs, checks, drive=backward, pair=pair, **more)


def loss(
    name: str, inputs: Mapping[str, Input], points: float = 4, laws: tuple[Check, ...] = (), **more: Any
) -> Exercise:
    """``loss, dx = f(x, y)``: a quarter for the loss, a quarter for its gradient, half for that being its slope."""
    checks = (contract(), example(), value(points / 4, "loss"), value(points / 4, "dx"), gradient(points / 2), *laws)
    return Exercise(name, inputs, ("loss", "dx"), checks, **more)


def plain(
    name: str,
    inputs: Mapping[str, Input],
    outputs: tuple[str, ...],
    points: float = 2,
    laws: tuple[Check, ...] = (),
    **more: Any,
) -> Exercise:
    """A function of its arguments; the points are shared equally by its outputs."""
    values = [value(points)] if len(outputs) == 1 else [value(points / len(outputs), output) for output in outputs]
    return Exercise(name, inputs, outputs, (contract(), example(), *values, *laws), **{"drive": direct, **more})


def question(name: str, wrong: Mapping[Any, str], points: float = 1, tolerance: float | None = None) -> Exercise:
    """A question of the notebook: a function without arguments that returns a letter, letters or a number.

    ``wrong`` maps answers that are not right to what to say to whoever gives them: letters as one string (``"ad"`` for
    several), or numbers.
    """
    exercise = Exercise(name, {}, ("answer",), (value(points),), tolerance=tolerance)
    for answer, text in wrong.items():
        exercise.mistake(text)(_answering(answer, several=name in SEVERAL))
    return exercise


SEVERAL = ("layers.question_saturation",)
"""Questions whose answer is a list of letters."""


def _answering(answer: Any, several: bool) -> Callable[[], Any]:
    def answers() -> Any:
        return list(answer) if several else answer

    answers.__name__ = f"answers_{answer}"
    return answers
