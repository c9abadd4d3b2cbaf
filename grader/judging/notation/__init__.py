"""Graphs as data and formulas as text, which students write and which is no Python: read and evaluated on the trusted side."""

from grader.judging.notation.faults import first_wrong, heirs_of
from grader.judging.notation.formulas import Formula, read_formula
from grader.judging.notation.graphs import OPERATIONS, Graph, Step, read_graph
from grader.judging.notation.outputs import read_formula_value, read_graph_values, wide
from grader.judging.notation.shape import (
    FormTest,
    at_most_operations,
    factored,
    no_function,
    only_names,
)

__all__ = [
    "OPERATIONS",
    "FormTest",
    "Formula",
    "Graph",
    "Step",
    "at_most_operations",
    "factored",
    "first_wrong",
    "heirs_of",
    "no_function",
    "only_names",
    "read_formula",
    "read_formula_value",
    "read_graph",
    "read_graph_values",
    "wide",
]
