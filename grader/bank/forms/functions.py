"""Functions and classes: forward and backward passes, losses, plain ones, those that take functions, methods of a class."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Unpack

from grader.bank.forms.options import Options, shared
from grader.judging import (
    Check,
    Drive,
    Exercise,
    Input,
    adapted,
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
    without_loops,
)

__all__ = [
    "backward_pass",
    "forward_pass",
    "higher_order",
    "loss",
    "of_class",
    "plain",
    "planted_fault",
    "vectorise",
]


def forward_pass(
    name: str,
    inputs: Mapping[str, Input],
    points: float = 2,
    laws: tuple[Check, ...] = (),
    outputs: tuple[str, ...] = ("out",),
    **more: Unpack[Options],
) -> Exercise:
    """Declare ``out, cache = f(*inputs)``: all points for the value of ``out``; several ``outputs`` share them equally."""
    checks = (contract(), example(), *shared(points, outputs), *laws)
    return Exercise(name, inputs, outputs, checks, drive=forward, form="forward pass", **more)


def backward_pass(
    name: str,
    inputs: Mapping[str, Input],
    out: tuple[str, ...] | Mapping[str, tuple[str, ...]],
    points: float = 4,
    outputs: tuple[str, ...] = ("dx",),
    pair: str | None = None,
    further: tuple[Check, ...] = (),
    **more: Unpack[Options],
) -> Exercise:
    """Declare ``f(dout, cache)``, the backward pass of the same stem: of each gradient half the points by value, half by slope.

    ``out`` names the dimensions of the forward pass's output, so those of ``dout``. Where the upstream gradient has another name,
    or there are several, it names the dimensions of each: ``{"dnext_h": ("N", "H")}`` is that of the output ``next_h``.
    ``pair`` is the forward pass, if it has another stem. ``further`` checks have points of their own.
    """
    each = points / 2 / len(outputs)
    slopes = [gradient(each)] if len(outputs) == 1 else [gradient(each, output) for output in outputs]
    above = dict(out) if isinstance(out, Mapping) else {"dout": out}
    linear = law("linear", f"the backward pass is linear in {' and '.join(above)}", linear_in_upstream)
    checks = (contract(), example(), *shared(points / 2, outputs), *slopes, linear, *further)
    pair = pair or name.partition(".")[2].replace("_backward", "_forward")
    given = {**inputs, **{weight: upstream(*dims) for weight, dims in above.items()}}
    of = tuple(above)
    return Exercise(name, given, outputs, checks, drive=backward, pair=pair, form="backward pass", upstream=of, **more)


def loss(
    name: str, inputs: Mapping[str, Input], points: float = 4, laws: tuple[Check, ...] = (), **more: Unpack[Options]
) -> Exercise:
    """Declare ``loss, dx = f(x, y)``: a quarter for the loss, a quarter for its gradient, half for that being its slope."""
    checks = (contract(), example(), value(points / 4, "loss"), value(points / 4, "dx"), gradient(points / 2), *laws)
    return Exercise(name, inputs, ("loss", "dx"), checks, form="loss", **more)


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
    checks = (contract(), example(), *shared(points, outputs), *laws)
    return Exercise(name, inputs, outputs, checks, drive=drive, **more)


def vectorise(
    name: str, inputs: Mapping[str, Input], outputs: tuple[str, ...], points: float = 3, **more: Unpack[Options]
) -> Exercise:
    """Declare a function that may not loop: a third of the points for its values, the rest for these without a loop."""
    checks = (contract(), example(), *shared(points / 3, outputs), without_loops(points * 2 / 3))
    return Exercise(name, inputs, outputs, checks, form="vectorise", **more)


def higher_order(
    name: str,
    inputs: Mapping[str, Input],
    outputs: tuple[str, ...],
    adapter: Callable[..., Any],
    points: float = 2,
    laws: tuple[Check, ...] = (),
    **more: Unpack[Options],
) -> Exercise:
    """Declare a function that takes functions: ``adapter(f, *inputs)`` carries them and returns the outputs.

    The adapter is one plain function whose source runs beside the student's code, with numpy as ``np``.
    """
    checks = (contract(), example(), *shared(points, outputs), *laws)
    return Exercise(name, inputs, outputs, checks, drive=adapted(adapter), arranged=True, form="higher order", **more)


def of_class(
    name: str,
    asks: str,
    inputs: Mapping[str, Input],
    outputs: tuple[str, ...],
    adapter: Callable[..., Any],
    points: float = 2,
    laws: tuple[Check, ...] = (),
    helpers: tuple[Callable[..., Any], ...] = (),
    **more: Unpack[Options],
) -> Exercise:
    """Declare what is asked of a class: ``adapter(class_, *inputs)`` makes objects of it and returns the outputs.

    Args:
        name: unit and exercise; several exercises may ask one class.
        asks: the short name of the class, whose model answer is ``reference.<unit>.<asks>``.
        inputs: from which the objects are made.
        outputs: names of what the adapter returns.
        adapter: as for :func:`higher_order`.
        points: shared equally by the outputs.
        laws: further checks.
        helpers: plain functions that the adapter calls.
        more: see :class:`Options`.

    """
    checks = (contract(), example(), *shared(points, outputs), *laws)
    drive = adapted(adapter, *helpers)
    return Exercise(name, inputs, outputs, checks, drive=drive, arranged=True, form="object", asks=asks, **more)


def planted_fault(
    name: str,
    inputs: Mapping[str, Input],
    outputs: tuple[str, ...],
    planted: str,
    points: float = 2,
    drive: Drive = direct,
    **more: Unpack[Options],
) -> Exercise:
    """Declare a function whose stub is the declared mistake ``planted``, to be found and mended; untouched is not attempted."""
    checks = (contract(), example(), *shared(points, outputs))
    return Exercise(name, inputs, outputs, checks, drive=drive, form="planted fault", planted=planted, **more)
