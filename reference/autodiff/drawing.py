"""Computation graphs: of a function at a point, with values and gradients on their nodes, drawn as SVG and DOT.

``graph`` evaluates the straight-line program of a function line by line, and its adjoint in reverse (Griewank & Walther 2008,
ch. 3). A graph may as well be built by hand. Nodes, and how they are compared, are in ``nodes``; looks are made in ``picture``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from reference.autodiff.indexing import filled_in
from reference.autodiff.lines import Line, Ref
from reference.autodiff.nodes import Fault, GraphNode, constant, counterparts, first_fault, summary
from reference.autodiff.picture import FAULT, GRADIENT, Box, Row, dot, svg
from reference.autodiff.programs import program
from reference.autodiff.trees import leaves

__all__ = ["Graph", "graph"]

LARGEST = 200
"""Nodes in a picture: more of them no one can read."""


@dataclass(frozen=True, eq=False)
class Graph:
    """A computation graph: nodes in an order in which each comes after those that it is computed from.

    ``outputs``: names of nodes, by default of the last. ``example``: the arguments at which a function was traced, if one was.

    Raises:
        ValueError: two nodes share a name, or an operand or an output is no earlier node.

    """

    nodes: tuple[GraphNode, ...]
    outputs: tuple[str, ...] = ()
    title: str = "computation graph"
    example: tuple[Any, ...] | None = None

    def __post_init__(self) -> None:
        known: set[str] = set()
        for node in self.nodes:
            strange = next((name for name in node.inputs if name not in known), None)
            if strange is not None or node.name in known:
                why = (
                    "a name that is there already"
                    if strange is None
                    else f"an operand, {strange!r}, that comes later or never"
                )
                raise ValueError(
                    f"nodes have names of their own and stand behind their operands: {node.name!r} has {why}"
                )
            known.add(node.name)
        object.__setattr__(self, "outputs", tuple(self.outputs) or tuple(node.name for node in self.nodes[-1:]))
        if not known.issuperset(self.outputs):
            raise ValueError(f"outputs are names of nodes, such as {self.nodes[-1:]}: not all of {self.outputs} are")

    @cached_property
    def _named(self) -> dict[str, GraphNode]:
        return {node.name: node for node in self.nodes}

    def __getitem__(self, name: str) -> GraphNode:
        """The node of that name, or the input that the function calls so."""
        called = {node.detail: node for node in self.nodes if not node.operation} | self._named
        if name not in called:
            raise KeyError(f"no node is called {name!r}: print the graph to see its nodes")
        return called[name]

    def __str__(self) -> str:
        """A table of the nodes: the first 60, and the last."""
        shown = [*self.nodes[:60], *self.nodes[60:][-1:]]
        rows = [("node", "value", "gradient"), *((n.heading, summary(n.value), summary(n.gradient)) for n in shown)]
        wide = [max(len(row[i]) for row in rows) for i in (0, 1)]
        lines = [f"{a:{wide[0]}}  {b:{wide[1]}}  {c}".rstrip() for a, b, c in rows]
        return "\n".join(
            [*lines[:61], *([f"... {len(self.nodes) - 61} more"] if len(self.nodes) > 61 else []), *lines[61:]]
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """What a notebook shows: the picture, and the table, alone where a picture would be too large."""
        picture = {"image/svg+xml": self.svg()} if len(self.nodes) <= LARGEST else {}
        return {**picture, "text/plain": str(self)}

    def svg(self, expected: Any = None) -> str:
        """The graph as a self-contained SVG picture; with ``expected`` the first node at fault is outlined: see ``first_fault``.

        Raises:
            ValueError: the graph has more than 200 nodes.

        """
        if len(self.nodes) > LARGEST:
            raise ValueError(
                f"a picture was asked of {len(self.nodes)} nodes, of which at most {LARGEST} can be read: draw a part of the "
                "function, or fewer of its steps; str(graph) is a table, and graph.dot() text for other tools, of any size"
            )
        fault = None if expected is None else self.first_fault(expected)
        told = [f"{len(self.nodes)} nodes", *(f"{name} is {summary(self[name].value)}" for name in self.outputs)]
        caption = [Row("value")]
        if any(node.gradient is not None for node in self.nodes):
            caption.append(Row(f"∂ gradient of {self.outputs[0]}", GRADIENT))
        if fault:
            caption.append(Row("first at fault", FAULT))
            told.append(f"first at fault: {fault.node.heading}, {fault}")
        return svg(*self._boxes(fault), self.title, ", ".join(told), caption)

    def dot(self, expected: Any = None) -> str:
        """The graph in the language of Graphviz, with the same labels; of any size."""
        return dot(*self._boxes(None if expected is None else self.first_fault(expected)), self.title)

    def first_fault(self, expected: Any) -> Fault | None:
        """The first node whose value differs from what is expected beyond rounding; if none does, the last whose gradient does.

        What is computed from it may be right but for it. ``expected`` is one of:

        - a mapping from names of nodes to values;
        - a graph that is wired alike, whose nodes correspond one by one;
        - any other graph, or the right function, traced at the same inputs. Graphs of one function are not unique, so only
          counterparts are compared: inputs, nodes of the same operation on counterparts, outputs, and what an output that differs
          leads back to as long as one operand alone differs.

        Raises:
            KeyError: a mapping names no node.
            ValueError: a graph has another number of outputs.

        """
        if isinstance(expected, Mapping):
            values = {self[name].name: GraphNode(name, value=value) for name, value in expected.items()}
            return first_fault(self._named, values, alike=False)
        inputs = tuple(node.value for node in self.nodes if not node.operation)
        model = expected if isinstance(expected, Graph) else graph(expected, *(self.example or inputs))
        if len(model.outputs) != len(self.outputs):
            raise ValueError(
                f"{len(model.outputs)} outputs are expected, this graph has {len(self.outputs)}: compare like with like"
            )
        if model is expected and model._wiring() == self._wiring():
            pairs = zip(self.nodes, model.nodes, strict=True)
            return first_fault(self._named, {ours.name: other for ours, other in pairs}, alike=True)
        found, alike = counterparts(self._named, model._named, list(zip(self.outputs, model.outputs, strict=True)))
        return first_fault(self._named, found, alike=alike)

    def _wiring(self) -> list[tuple[int, ...]]:
        place = {name: i for i, name in enumerate(self._named)}
        return [tuple(place[name] for name in node.inputs) for node in self.nodes]

    def _boxes(self, fault: Fault | None) -> tuple[list[Box], list[tuple[int, int]]]:
        boxes = []
        for node in self.nodes:
            rows = [] if node.value is None else [Row(summary(node.value), cells=_cells(node.value))]
            if node.gradient is not None:
                rows.append(Row(f"∂ {summary(node.gradient, shape='')}", GRADIENT, _cells(node.gradient)))
            wrong = fault is not None and node is fault.node
            rows += [Row(str(fault), FAULT)] if wrong else []
            kind = "" if node.operation and node.name not in self.outputs else "output" if node.operation else "input"
            whole = [np.array2string(np.asarray(x), precision=10, threshold=64) for x in (node.value, node.gradient)]
            hint = f"{node.heading}\nvalue {whole[0]}\ngradient {whole[1]}"
            boxes.append(Box(node.name, node.heading, tuple(rows), hint, kind, wrong))
        return boxes, [(u, v) for v, sources in enumerate(self._wiring()) for u in sources]


def _cells(x: Any) -> Any:
    """An array as a matrix of at most 8 by 8 cells: of a larger one the means of blocks."""
    if np.ndim(x) == 0 or not np.size(x):
        return None
    cells = np.asarray(x, dtype=float).reshape(-1, np.shape(x)[-1])
    for axis in (0, 1):
        blocks = np.array_split(cells, min(8, cells.shape[axis]), axis)
        cells = np.stack([block.mean(axis) for block in blocks], axis)
    return cells


# ----------------------------------------------------------------------------------------- tracing
def graph(f: Callable[..., Any], *example: Any, gradients: bool = True) -> Graph:
    """The computation graph of ``f`` at an example (trees of floats and arrays); nodes bear the names of ``program(f, *example)``.

    Gradients are those of the output, if it is one number; they are None if it is not, or with ``gradients=False``.

    Raises:
        TypeError: ``f`` branches on a value, or uses what has no rule.
        ValueError: what ``f`` returns does not depend on its arguments.

    """
    written = program(f, *example)
    ends = list(dict.fromkeys(y.number for y in written.outputs if isinstance(y, Ref)))
    if not ends:
        raise ValueError("a graph was asked of a function whose result does not depend on its arguments: there is none")
    given = [np.array(x, dtype=x.dtype if isinstance(x, np.ndarray) else float) for x in leaves(example)]
    values: dict[int, Any] = {i: x[()] for i, x in enumerate(given)}
    lines = {n + written.inputs: written.lines[n] for n in written.needed()}
    names = {n: f"s{i}" for i, n in enumerate([*values, *lines], 1)}
    bars: dict[int, Any] = {}
    with np.errstate(all="ignore"):  # an infinity is to be seen where it arises
        for n, line in lines.items():
            values[n] = line.primitive.value(*_operands(line, values), **line.params)
        if gradients and len(written.outputs) == 1 and np.shape(values[ends[0]]) == ():
            bars = _adjoints(lines, values, ends[0])
    slopes = {
        n: bars.get(n, np.zeros(np.shape(x))[()]) for n, x in values.items() if bars and np.asarray(x).dtype.kind == "f"
    }
    nodes = [
        GraphNode(names[n], "", (), name, values[n], slopes.get(n)) for n, name in enumerate(_arguments(f, example))
    ]
    for n, line in lines.items():
        operands = _operands(line, names)
        nodes.append(
            GraphNode(names[n], line.primitive.name, operands, _detail(line, operands), values[n], slopes.get(n))
        )
    title = (
        f"computation graph of {getattr(f, '__name__', '')}"
        if getattr(f, "__name__", "").isidentifier()
        else Graph.title
    )
    return Graph(tuple(nodes), tuple(names[n] for n in ends), title, example)


def _operands(line: Line, of: Mapping[int, Any]) -> tuple[Any, ...]:
    return tuple(of[x.number] if isinstance(x, Ref) else x for x in line.args)


def _adjoints(lines: dict[int, Line], values: dict[int, Any], end: int) -> dict[int, Any]:
    """The adjoint of each line: complete when all lines that use it are passed."""
    bars: dict[int, Any] = {end: np.float64(1.0)}
    for n, line in reversed(lines.items()):
        rules, operands = line.primitive.vjps, _operands(line, values)
        for i, x in enumerate(line.args):
            if isinstance(x, Ref) and n in bars and rules:
                rule, position = (rules, {"i": i}) if callable(rules) else (rules[i], {})
                part = rule(bars[n], values[n], *operands, **position, **line.params)
                bars[x.number] = np.add(bars[x.number], part) if x.number in bars else part
    return bars


def _detail(line: Line, operands: tuple[Any, ...]) -> str:
    """The parameters of an operation, but for those that say nothing."""
    if line.primitive.name in ("getitem", "gather"):
        index = line.params["index"] if "index" in line.params else filled_in(line.params["form"], operands[1:])
        return f"[{', '.join(map(constant, index if isinstance(index, tuple) else (index,)))}]"
    told = {key: value for key, value in line.params.items() if value is not None and value is not False}
    if line.primitive.name == "transpose" and list(told["axes"]) == sorted(told["axes"], reverse=True):
        return ""
    return ", ".join(
        constant(x) if key in ("shape", "subscripts") else f"{key}={constant(x)}" for key, x in told.items()
    )


def _arguments(f: Callable[..., Any], example: tuple[Any, ...]) -> Iterator[str]:
    """What the function calls each leaf of its arguments: ``x``, ``params.W1``, ``w[0]``."""
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):  # compiled code need not have a signature
        parameters = []
    names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    rest = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), "x")
    for i, tree in enumerate(example):
        yield from _paths(names[i] if i < len(names) else f"{rest}[{i - len(names)}]", tree)


def _paths(name: str, tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _paths(f"{name}.{key}" if str(key).isidentifier() else f"{name}[{key!r}]", value)
    elif isinstance(tree, (tuple, list)):
        fields = getattr(tree, "_fields", None)
        for i, value in enumerate(tree):
            yield from _paths(f"{name}.{fields[i]}" if fields else f"{name}[{i}]", value)
    else:
        yield name
