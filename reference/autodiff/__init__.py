"""The engine that supplies derivatives of any function written with numpy: small, exact, and meant to be read.

Begin with ``scalar``, backpropagation on one page. Then ``core`` (primitives, their registry, levels, the two ways to run),
``rules``, what numpy's functions do; and what is made of them: ``transforms``; ``programs``, a function written down and
differentiated by the line; ``drawing``. Apart stand ``dual`` and ``formulas``: dual numbers, and derivatives of formulas.
"""

from reference.autodiff import formulas
from reference.autodiff.checkpoints import checkpoint
from reference.autodiff.checks import check_grads, new_primitive
from reference.autodiff.core import PRIMITIVES, concrete
from reference.autodiff.drawing import Fault, Graph, GraphNode, graph
from reference.autodiff.dual import DualNumber, derivative
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
from reference.autodiff.scalar import Value
from reference.autodiff.transforms import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from reference.autodiff.trees import flatten, leaves, map_leaves

__all__ = [
    "PRIMITIVES",
    "DualNumber",
    "Fault",
    "Graph",
    "GraphNode",
    "Program",
    "Value",
    "adjoint_program",
    "avg_pool2d",
    "check_grads",
    "checkpoint",
    "compiled",
    "concrete",
    "conv2d",
    "derivative",
    "flatten",
    "formulas",
    "grad",
    "graph",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "leaves",
    "log_softmax",
    "logistic",
    "logsumexp",
    "map_leaves",
    "max_pool2d",
    "new_primitive",
    "overlap_add",
    "program",
    "relu",
    "sigmoid",
    "softmax",
    "softplus",
    "stop_gradient",
    "tangent_program",
    "value_and_grad",
    "vjp",
    "windows",
]
