"""Computation graphs with values and gradients on their nodes, drawn as SVG and DOT, and compared with a model's."""

from reference.autodiff.drawing.graphs import Graph, graph
from reference.autodiff.drawing.nodes import Fault, GraphNode

__all__ = ["Fault", "Graph", "GraphNode", "graph"]
