"""Computation graphs of functions at a point, with values and gradients on their nodes, drawn as SVG and DOT.

``graph`` runs the straight-line program of a function, and its adjoint program (``adjoints``), and keeps the value of each line. A
graph may also be built by hand. Nodes and their comparison are in ``nodes``, boxes and their looks in ``picture``.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from reference.autodiff.drawing.nodes import Fault, GraphNode, counterparts, first_fault, number, steps, summary
from reference.autodiff.drawing.picture import FAULT, GRADIENT, HEADING, VALUE, Box, Row, dot, svg
from reference.autodiff.programs import CALL, Line, Names, Program, Ref, adjoint_program, expression, program
from reference.autodiff.trees import leaves

__all__ = ["Graph", "graph"]

LARGEST = 200
"""The largest number of nodes in a picture: nobody can read more."""
TYPESET = {
    r"np\.(linalg\.)?": "", r" \*\* 2$": "²", r" \*\* 3$": "³", r" \*\* ": " ^ ", r" \* ": " × ", r"-(?!>)": "−", "^maximum": "max",
    "^minimum": "min", "<ndarray>": "array", r"^(\w+)\((\w+)\)$": r"\1 \2", r"^transpose\((\w+), axes=\(1, 0\)\)$": r"\1ᵀ",
}  # fmt: skip
"""Replacements in the text of a line: a pattern of Python, and the notation of the course."""


@dataclass(frozen=True, eq=False)
class Graph:
    """A computation graph: nodes in an order in which each comes after its operands.

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
            if node.name in known or not known.issuperset(node.inputs):
                what = f"{node.name!r}, which is made of {', '.join(node.inputs) or 'none'}, does not"
                raise ValueError(f"each node has a name of its own and comes behind those that it is made of: {what}")
            known.add(node.name)
        object.__setattr__(self, "outputs", tuple(self.outputs) or tuple(node.name for node in self.nodes[-1:]))
        if not self.outputs or not known.issuperset(self.outputs):
            raise ValueError(f"outputs are names of nodes, such as {self.nodes[-1:]}: not all of {self.outputs} are")

    @property
    def _named(self) -> dict[str, GraphNode]:
        return {node.name: node for node in self.nodes}

    def __getitem__(self, name: str) -> GraphNode:
        """Look up a node by its name, or an input by its name in the function."""
        called = {node.text: node for node in self.nodes if not node.operation} | self._named
        if name not in called:
            raise KeyError(f"no node is called {name!r}: print the graph to see its nodes")
        return called[name]

    def __str__(self) -> str:
        """Write a table of the nodes."""
        rows = [("node", "value", "gradient")]
        rows += [(node.heading, summary(node.value), summary(node.gradient)) for node in self.nodes]
        wide = [max(len(row[i]) for row in rows) for i in (0, 1)]
        return "\n".join(f"{a:{wide[0]}}  {b:{wide[1]}}  {c}".rstrip() for a, b, c in rows)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Supply a notebook with picture and table; a graph too large for these is only named."""
        if len(self.nodes) > LARGEST:
            return {"text/plain": f"<{self.title}, {len(self.nodes)} nodes: print it with str()>"}
        return {"image/svg+xml": self.svg(), "text/plain": str(self)}

    def svg(self, expected: Any = None) -> str:
        """Draw the graph as a self-contained SVG; with ``expected`` the first node at fault is outlined: see ``first_fault``.

        Raises:
            ValueError: the graph has more than 200 nodes.

        """
        if len(self.nodes) > LARGEST:
            why = f"a graph of {len(self.nodes)} nodes, of which at most {LARGEST} can be read"
            raise ValueError(f"{why}: draw a part of the function, or take str(graph) or graph.dot()")
        boxes, edges = self._boxes(expected)
        caption = [Row("value")]
        if any(node.gradient is not None for node in self.nodes):
            caption.append(Row(f"∂ gradient of {self.outputs[0]}", GRADIENT))
        caption += [Row(f"first at fault: {box.rows[0].text}", FAULT) for box in boxes if box.kind == "fault"]
        return svg(boxes, edges, self.title, caption)

    def dot(self, expected: Any = None) -> str:
        """Write the graph, of any size, in the language of Graphviz, with the same labels."""
        return dot(*self._boxes(expected), self.title)

    def first_fault(self, expected: Any) -> Fault | None:
        """Find the first node whose value differs from the expected one beyond rounding, or else the last whose gradient does.

        Later nodes may be wrong for its sake only. ``expected`` is one of:

        - a mapping from names of nodes to values;
        - a graph, or the right function, which is traced at the same inputs. Graphs of one function are not unique: if it is not
          the same step by step, inputs and outputs are compared, and operands of nodes that are compared, as long as both nodes
          do the same operation and one operand alone differs.

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
            raise ValueError(f"{len(model.outputs)} outputs are expected, this graph has {len(self.outputs)}")
        found, alike = counterparts(self._named, model._named, list(zip(self.outputs, model.outputs, strict=True)))
        return first_fault(self._named, found, alike=alike)

    def _boxes(self, expected: Any) -> tuple[list[Box], list[tuple[int, int]]]:
        fault = None if expected is None else self.first_fault(expected)
        boxes = []
        for node in self.nodes:
            rows = [Row(node.heading, HEADING)]
            for mark, colour, x in (("", VALUE, node.value), ("∂ ", GRADIENT, node.gradient)):
                if x is not None:
                    rows.append(Row(mark + summary(x, shape=not mark), colour, _cells(x)))
            kind = "input" if not node.operation else "output" if node.name in self.outputs else ""
            if fault and fault.node is node:
                rows.append(Row(str(fault), FAULT))
                kind = "fault"
            hint = f"{node.heading}\nvalue {node.value}\ngradient {node.gradient}"
            boxes.append(Box(node.name, tuple(rows), hint, kind))
        return boxes, [(u, v) for v, (_, sources) in enumerate(steps(self._named)) for u in sources]


def _cells(x: Any) -> Any:
    """Shrink an array to a matrix of at most 8 by 8 cells, each the mean of a block; None for a number."""
    if np.ndim(x) == 0 or not np.size(x):
        return None
    cells = np.asarray(x, dtype=float).reshape(-1, np.shape(x)[-1])
    bands = np.array_split(cells, min(8, len(cells)))
    return np.array([[block.mean() for block in np.array_split(band, min(8, band.shape[1]), 1)] for band in bands])


# ----------------------------------------------------------------------------------------- tracing
@np.errstate(all="ignore")  # an infinity is to be seen where it arises
def graph(f: Callable[..., Any], *example: Any, gradients: bool = True) -> Graph:
    """Trace the graph of ``f`` at an example (trees of floats and arrays); nodes bear the names of ``program(f, *example)``.

    Gradients are those of the output, if it is one number; they are None if it is not, or with ``gradients=False``.

    Raises:
        TypeError: ``f`` branches on a value, or uses a function without a rule.
        ValueError: the value of ``f`` does not depend on its arguments.

    """
    written = program(f, *example)
    ends = list(dict.fromkeys(y.number for y in written.outputs if isinstance(y, Ref)))
    if not ends:
        raise ValueError("a graph was asked of a function whose result does not depend on its arguments: there is none")
    lines = {n + written.inputs: written.lines[n] for n in written.needed()}
    names = {n: f"s{i}" for i, n in enumerate([*range(written.inputs), *lines], 1)}
    given = [np.copy(x) if isinstance(x, np.ndarray) else float(x) for x in leaves(example)]
    values, bars = _run(replace(written, names=names), given), {}
    if gradients and len(written.outputs) == 1 and np.shape(values[names[ends[0]]]) == ():
        bars = _run(adjoint_program(f, *example), [*given, 1.0])
    smooth = {name: x for name, x in values.items() if bars and x.dtype.kind == "f"}
    slopes = {name: bars.get(f"{name}_bar", np.zeros_like(x)[()]) for name, x in smooth.items()}
    nodes = [GraphNode(names[i], text=path) for i, path in enumerate(_paths(_arguments(f, example)))]
    known = {n: (name, CALL) for n, name in names.items()}
    for n, line in lines.items():
        operands = tuple(names[x.number] if isinstance(x, Ref) else x for x in line.args)
        nodes.append(GraphNode(names[n], line.primitive.name, operands, _text(line, known)))
    nodes = [replace(node, value=values[node.name], gradient=slopes.get(node.name)) for node in nodes]
    title = f"{Graph.title} of {getattr(f, '__name__', 'a function').strip('<>')}"
    return Graph(tuple(nodes), tuple(names[n] for n in ends), title, example)


def _run(written: Program, given: list[Any]) -> dict[str, Any]:
    """Run a program; return the value of each line that has a name."""
    run = replace(written, outputs=[Ref(n) for n in written.names]).compile()
    return dict(zip(written.names.values(), run(*given), strict=True))


def _text(line: Line, names: Names) -> str:
    """Write a line in the notation of the course: ``s5 + 4``, ``sin s1``, ``s2²``, ``sum(s3, axis=1)``."""
    text = expression(line, names, {})[0]
    for pattern, written in TYPESET.items():
        text = re.sub(pattern, written, text)
    return re.sub(r"\d+\.\d{4,}", lambda digits: number(digits[0]), text)


def _arguments(f: Callable[..., Any], example: tuple[Any, ...]) -> dict[str, Any]:
    """Pair the arguments with their names in the signature of ``f``."""
    try:
        return inspect.signature(f).bind(*example).arguments
    except (TypeError, ValueError):  # compiled code need not have a signature
        return {"x": example}


def _paths(tree: Any, name: str = "") -> list[str]:
    """List the paths of the leaves of a tree: ``x``, ``params.W1``, ``w[0]``."""
    if isinstance(tree, (tuple, list)):
        tree = tree._asdict() if hasattr(tree, "_asdict") else dict(enumerate(tree))
    if not isinstance(tree, dict):
        return [name]
    parts = [(f".{key}" if str(key).isidentifier() else f"[{key!r}]", value) for key, value in tree.items()]
    return [path for part, value in parts for path in _paths(value, (name + part).lstrip("."))]
