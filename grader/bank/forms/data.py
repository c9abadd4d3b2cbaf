"""Graphs and formulas: data and text that a student's function returns, evaluated on the trusted side at the drawn inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

import numpy as np

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
    Graph,
    GraphPicture,
    Input,
    Malformed,
    PictureOf,
    Plan,
    contract,
    example,
    read_formula,
    read_graph,
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
        return {k: _wide(v) for k, v in given.items() if k not in arguments}

    def drive(asked: Asked, given: Mapping[str, Any]) -> Plan:
        passed = [given[argument] for argument in arguments]
        leaves = leaves_of(given)

        def read(value: Any) -> list[Any]:
            found = read_graph(value, asked.own)
            _structure(found, at_most, operations)
            values = found.values(leaves)
            return [_narrow(values[_node(found, output, named)]) for output in outputs]

        return Plan(Chain((asked.call(*passed),)), read)

    def picture(ours: Any, model: Any, given: Mapping[str, Any], right: Mapping[str, Any]) -> GraphPicture:
        graphs = read_graph(ours, name), read_graph(model, name)
        return pictured(*graphs, leaves_of(given), right if named else None)

    return _evaluated(name, inputs, outputs, points, drive, "graph", picture, **more)


def _structure(found: Graph, at_most: int | None, operations: Sequence[str] | None) -> None:
    """Hold a graph against the rules on its structure.

    Raises:
        Malformed: it breaks one.

    """
    if at_most is not None and len(found.steps) > at_most:
        raise Malformed(f"the graph has {len(found.steps)} steps, at most {at_most} are needed")
    other = next((s for s in found.steps if operations is not None and s.operation not in operations), None)
    if other is not None:
        raise Malformed(
            f"step {other.name}: {other.operation} may not be used here, only {', '.join(operations or ())}"
        )


def _node(found: Graph, output: str, named: bool) -> str:
    if not named:
        return found.steps[-1].name
    if all(step.name != output for step in found.steps):
        raise Malformed(f"the graph has no node {output}; its nodes are {', '.join(s.name for s in found.steps[:12])}")
    return output


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
        leaves = {k: _wide(v) for k, v in given.items()}

        def read(value: Any) -> list[Any]:
            text = value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value
            found = read_formula(text, asked.own, list(inputs), matrices=matrices)
            complaint = next((said for test in form if (said := test(found))), "")
            if complaint:
                raise Malformed(complaint)
            return [_narrow(found.at(leaves, matrices=matrices))]

        return Plan(Chain((asked.call(),)), read)

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


def _wide(x: Any) -> Any:
    """Return a number or an array in extended precision: an expanded formula is as right as a factored one."""
    if isinstance(x, np.ndarray) and x.dtype == np.float64:
        return x.astype(np.longdouble)
    return np.longdouble(x) if type(x) in (int, float) else x


def _narrow(x: Any) -> Any:
    """Return a value in double precision, a shadow as it is."""
    return np.asarray(x, dtype=np.float64) if isinstance(x, (np.ndarray, np.generic, int, float)) else x
