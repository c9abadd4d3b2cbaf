"""Graphs and formulas: data and text that a student's function returns, evaluated on the trusted side at the drawn inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from grader.bank.forms.options import Options, shared
from grader.bank.forms.pictures import pictured
from grader.judging import (
    Asked,
    Chain,
    Check,
    Drive,
    Exercise,
    Form,
    FormTest,
    GraphPicture,
    Input,
    PictureOf,
    Plan,
    contract,
    example,
    read_as,
    read_formula_value,
    read_graph,
    read_graph_values,
    wide,
)

__all__ = ["formula", "graph"]

SHORT = 12
"""The operations that may be used are named where they are fewer than this."""


def graph(
    name: str,
    inputs: Mapping[str, Input],
    outputs: tuple[str, ...] = ("out",),
    points: float = 2,
    arguments: Sequence[str] = (),
    *,
    named: bool = False,
    at_most: int | None = None,
    operations: Sequence[str] | None = None,
    **more: Unpack[Options],
) -> Exercise:
    """Declare a graph: a function that returns a list of steps ``(name, operation, *arguments)``.

    Any valid order and any graph that computes the same passes.

    Args:
        name: unit and exercise.
        inputs: of the graph, by name.
        outputs: what is compared: if ``named`` the nodes of these names, else the last step.
        points: shared equally by the outputs.
        arguments: those of the inputs that are passed to the function, which returns the graph for them.
        named: the outputs are nodes that must be there.
        at_most: the largest number of steps.
        operations: the operations that may be used; all by default.
        more: see :class:`Options`.

    """
    if len(outputs) > 1 and not named:
        raise ValueError(f"{name}: several outputs of a graph are nodes by name: named=True")

    def leaves_of(given: Mapping[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in given.items() if k not in arguments}

    def drive(asked: Asked, given: Mapping[str, Any]) -> Plan:
        reading = read_as(
            read_graph_values,
            function=asked.own,
            leaves=leaves_of(given),
            nodes=list(outputs) if named else None,
            at_most=at_most,
            operations=operations,
        )
        return Plan(Chain((asked.call(*(given[argument] for argument in arguments)),)), reading)

    def picture(ours: Any, model: Any, given: Mapping[str, Any], right: Mapping[str, Any]) -> GraphPicture:
        graphs = read_graph(ours, name), read_graph(model, name)
        return pictured(*graphs, {k: wide(v) for k, v in leaves_of(given).items()}, right if named else None)

    return _evaluated(name, inputs, outputs, points, drive, "graph", picture, **more)


def formula(
    name: str,
    inputs: Mapping[str, Input],
    points: float = 2,
    form: Sequence[FormTest] = (),
    *,
    matrices: bool = False,
    **more: Unpack[Options],
) -> Exercise:
    """Declare a formula: a function without arguments that returns it as text in the names of the inputs.

    It is compared as a function, at the drawn inputs; it is read by a grammar of ours and never evaluated as Python.

    Args:
        name: unit and exercise.
        inputs: the names that may occur.
        points: for the value.
        form: tests of the form, asked where the value is right.
        matrices: ``'`` and ``^T`` are transposes, ``*`` between two arrays is the matrix product.
        more: see :class:`Options`.

    """

    def drive(asked: Asked, given: Mapping[str, Any]) -> Plan:
        reading = read_as(
            read_formula_value, function=asked.own, leaves=dict(given), form=tuple(form), matrices=matrices
        )
        return Plan(Chain((asked.call(),)), reading)

    return _evaluated(name, inputs, ("formula",), points, drive, "formula", **more)


def _evaluated(
    name: str,
    inputs: Mapping[str, Input],
    outputs: tuple[str, ...],
    points: float,
    drive: Drive,
    form: Form,
    picture: PictureOf | None = None,
    **more: Unpack[Options],
) -> Exercise:
    checks: tuple[Check, ...] = (contract(), example(), *shared(points, outputs))
    return Exercise(name, inputs, outputs, checks, drive=drive, derived=True, form=form, picture=picture, **more)
