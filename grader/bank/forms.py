"""The common forms of exercises, so that a declaration in the bank says its own part only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypedDict, Unpack

from grader.judging import (
    Check,
    Drive,
    Exercise,
    Input,
    backward,
    contract,
    direct,
    example,
    forward,
    gradient,
    law,
    linear_in_upstream,
    upstream,
    value,
)

__all__ = ["backward_pass", "forward_pass", "loss", "plain", "question"]


class Options(TypedDict, total=False):
    """The options of an :class:`grader.judging.Exercise` that a form leaves open."""

    kinks: bool
    regimes: tuple[str, ...]
    tails: float
    slack: Callable[[Mapping[str, Any]], Any]


def forward_pass(
    name: str, inputs: Mapping[str, Input], points: float = 2, laws: tuple[Check, ...] = (), **more: Unpack[Options]
) -> Exercise:
    """Declare ``out, cache = f(*inputs)``: all points for the value of ``out``."""
    checks = (contract(), example(), value(points), *laws)
    return Exercise(name, inputs, ("out",), checks, drive=forward, **more)


def backward_pass(
    name: str,
    inputs: Mapping[str, Input],
    out: tuple[str, ...],
    points: float = 4,
    outputs: tuple[str, ...] = ("dx",),
    **more: Unpack[Options],
) -> Exercise:
    """Declare ``f(dout, cache)``, the backward pass of the same stem: of each gradient half the points by value, half by slope.

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
    name: str, inputs: Mapping[str, Input], points: float = 4, laws: tuple[Check, ...] = (), **more: Unpack[Options]
) -> Exercise:
    """Declare ``loss, dx = f(x, y)``: a quarter for the loss, a quarter for its gradient, half for that being its slope."""
    checks = (contract(), example(), value(points / 4, "loss"), value(points / 4, "dx"), gradient(points / 2), *laws)
    return Exercise(name, inputs, ("loss", "dx"), checks, **more)


def plain(
    name: str,
    inputs: Mapping[str, Input],
    outputs: tuple[str, ...],
    points: float = 2,
    laws: tuple[Check, ...] = (),
    drive: Drive = direct,
    **more: Unpack[Options],
) -> Exercise:
    """Declare a function of its arguments; the points are shared equally by its outputs."""
    values = [value(points)] if len(outputs) == 1 else [value(points / len(outputs), output) for output in outputs]
    return Exercise(name, inputs, outputs, (contract(), example(), *values, *laws), drive=drive, **more)


def question(
    name: str, wrong: Mapping[Any, str], points: float = 1, *, several: bool = False, tolerance: float | None = None
) -> Exercise:
    """Declare a question of the notebook: a function without arguments that returns a letter, letters or a number.

    Args:
        name: unit and function.
        wrong: by answer (a letter, letters as one string, or a number) the text for a student who gives it.
        points: for the right answer.
        several: the answer is a list of letters.
        tolerance: the relative error of a number that is accepted.

    """
    exercise = Exercise(name, {}, ("answer",), (value(points),), tolerance=tolerance)
    for answer, text in wrong.items():
        exercise.mistake(text)(_answering(answer, several))
    return exercise


def _answering(answer: Any, several: bool) -> Callable[[], Any]:
    def answers() -> Any:
        return list(answer) if several else answer

    answers.__name__ = f"answers_{answer}"
    return answers
