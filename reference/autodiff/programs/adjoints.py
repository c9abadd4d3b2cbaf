"""Programs differentiated as programs: the tangent program (forward mode) and the adjoint program (reverse mode), line by line.

Each line of a straight-line program has a line of its derivative, written by the rule of its primitive. Forward, the tangent
``s3_dot`` stands beside ``s3``. In reverse, the adjoint ``s3_bar`` is complete when all lines that use ``s3`` were passed: it is
the sum of the parts that they send back.

Source: Griewank & Walther 2008, tables 3.1 and 3.5 (tangent and adjoint of an evaluation procedure).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from typing import Any

import numpy as np

from reference.autodiff.core import Primitive, bind, shape_of
from reference.autodiff.programs.lines import Line, Ref
from reference.autodiff.programs.straightline import Program
from reference.autodiff.programs.writing import Staged, Writer, program
from reference.autodiff.trees import leaves

__all__ = ["adjoint_program", "tangent_program"]

COPY = Primitive("copy", np.copy)


class _Again:
    """A program written down once more with its values by name, so that derivatives can be written beside its lines."""

    def __init__(self, f: Callable[..., Any], example: tuple[Any, ...]) -> None:
        self.original = program(f, *example)
        if len(self.original.outputs) != 1 or not isinstance(self.original.outputs[0], Ref):
            raise TypeError("a tangent or an adjoint program is that of one output that depends on the inputs")
        self.end = self.original.outputs[0].number
        self.writer = Writer()
        self.names = self.writer.program.names
        self.values: dict[int, Staged] = {}
        self.numbers: dict[int, str] = {}

    def given(self, name: str, value: Any) -> Staged:
        x = self.writer.given(value)
        self.names[x.index] = name
        return x

    def inputs(self, example: tuple[Any, ...]) -> None:
        for i, x in enumerate(leaves(example)):
            self.numbers[i] = f"s{i + 1}"
            self.values[i] = self.given(self.numbers[i], x)

    def lines(self) -> Iterator[tuple[int, Line]]:
        """Write the lines that are needed, one by one; yield each with its number."""
        for n in self.original.needed():
            number, line = n + self.original.inputs, self.original.lines[n]
            self.numbers[number] = f"s{len(self.numbers) + 1}"
            self.values[number] = self.named(
                bind(line.primitive, *self.args(line), **line.params), self.numbers[number]
            )
            yield number, line

    def args(self, line: Line) -> tuple[Any, ...]:
        return tuple(self.values[a.number] if isinstance(a, Ref) else a for a in line.args)

    def named(self, value: Any, name: str) -> Staged:
        """Give a value a line with a name; one that has a name already is copied, as after an addition."""
        if not isinstance(value, Staged):
            staged = self.writer.line(COPY, (value,), {}, value)
        elif value.index in self.names:
            staged = self.writer.line(COPY, (Ref(value.index),), {}, value.value)
        else:
            staged = value
        self.names[staged.index] = name
        return staged

    def ended(self, *outputs: Staged) -> Program:
        self.writer.program.outputs = [Ref(y.index) for y in outputs]
        return self.writer.program


def tangent_program(f: Callable[..., Any], *example: Any) -> Program:
    """Write the program of ``f`` and of its tangent for inputs of the shapes of ``example``: inputs s1, ..., s1_dot, ...

    Its outputs are the value of ``f`` and its derivative in the direction of the tangents.

    Raises:
        TypeError: ``f`` has several outputs, or :func:`program` refuses it.

    """
    again = _Again(f, example)
    again.inputs(example)
    dots = {i: again.given(f"{again.numbers[i]}_dot", np.ones(shape_of(x))) for i, x in again.values.items()}
    for number, line in again.lines():
        args, y = again.args(line), again.values[number]
        parts = [
            line.primitive.jvp(i, dots[a.number], y, *args, **line.params)
            for i, a in enumerate(line.args)
            if isinstance(a, Ref) and a.number in dots and line.primitive.jvp
        ]
        if parts:
            dots[number] = again.named(reduce(np.add, parts), f"{again.numbers[number]}_dot")
    return again.ended(again.values[again.end], dots[again.end])


def adjoint_program(f: Callable[..., Any], *example: Any) -> Program:
    """Write the program of ``f`` and, behind it, of its adjoint: inputs s1, ..., and the bar of the output.

    Its outputs are the value of ``f`` and the adjoints of its inputs: for a bar of 1 the gradient.

    Raises:
        TypeError: ``f`` has several outputs, or :func:`program` refuses it.

    """
    again = _Again(f, example)
    again.inputs(example)
    bar = again.given("", np.ones(np.shape(again.original.compile()(*leaves(example))[0])))
    lines = list(again.lines())
    again.names[bar.index] = f"{again.numbers[again.end]}_bar"
    parts: dict[int, list[Any]] = {i: [] for i in again.values}
    bars = {again.end: bar}
    for number, line in reversed(lines):
        if number not in bars:
            if not parts[number]:
                continue
            bars[number] = again.named(reduce(np.add, parts[number]), f"{again.numbers[number]}_bar")
        args, y, rule = again.args(line), again.values[number], line.primitive.vjp
        for i, a in enumerate(line.args):
            if isinstance(a, Ref) and rule:
                parts[a.number].append(rule(i, bars[number], y, *args, **line.params))
    for i in range(again.original.inputs):
        if i not in bars:
            sent = reduce(np.add, parts[i]) if parts[i] else np.zeros(shape_of(again.values[i]))
            bars[i] = again.named(sent, f"{again.numbers[i]}_bar")
    return again.ended(again.values[again.end], *(bars[i] for i in range(again.original.inputs)))
