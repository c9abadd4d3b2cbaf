"""Computation graphs with values and gradients on their nodes, compared with expected ones, and drawn as SVG and DOT."""

from reference.autodiff.drawing.graphs import Graph, graph
from reference.autodiff.drawing.nodes import Fault, GraphNode

__all__ = ["Fault", "Graph", "GraphNode", "graph"]
