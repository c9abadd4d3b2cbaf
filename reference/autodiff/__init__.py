"""The engine that supplies derivatives of any function written with numpy: small, exact, and meant to be read.

Beginners read ``scalar`` first, a whole engine on single numbers. Then ``core``: primitives, levels, the two ways to run; a few of
the ``rules``; and ``transforms``, which are made of them. ``programs`` holds functions written down, compiled, and differentiated
line by line; ``drawing`` their graphs, ``formulas`` derivatives as formulas.
"""

from reference.autodiff.checkpoints import checkpoint
from reference.autodiff.checks import check_grads
from reference.autodiff.core import PRIMITIVES, Primitive, concrete, declare, implements
from reference.autodiff.drawing import Fault, Graph, GraphNode, graph
from reference.autodiff.functions import (
    log_softmax,
    logistic,
    logsumexp,
    relu,
    sigmoid,
    softmax,
    softplus,
    stop_gradient,
)
from reference.autodiff.programs import Program, adjoint_program, compiled, program, tangent_program
from reference.autodiff.rules import avg_pool2d, conv2d, max_pool2d, overlap_add, windows
from reference.autodiff.transforms import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from reference.autodiff.trees import flatten, leaves, map_leaves

__all__ = [
    "PRIMITIVES", "Fault", "Graph", "GraphNode", "Primitive", "Program", "adjoint_program", "avg_pool2d", "check_grads",
    "checkpoint", "compiled", "concrete", "conv2d", "declare", "flatten", "grad", "graph", "hessian", "hvp", "implements",
    "jacobian", "jvp", "leaves", "log_softmax", "logistic", "logsumexp", "map_leaves", "max_pool2d", "overlap_add", "program",
    "relu", "sigmoid", "softmax", "softplus", "stop_gradient", "tangent_program", "value_and_grad", "vjp", "windows",
]  # fmt: skip
