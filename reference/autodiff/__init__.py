"""The engine that supplies derivatives of any function written with numpy: small, exact, and meant to be read.

Read ``core`` first (primitives, levels, the two ways to run), then the rules (``elementwise``, ``rules``, ``linalg``), then what
is made of them: ``transforms``; ``programs`` and ``adjoints``, a function written down and differentiated by the line; ``drawing``.
Apart from all that stand ``scalar``, two engines in one sitting, and ``symbolic``, derivatives of formulas.
"""

from reference.autodiff import linalg as _linalg  # its rules enter the table
from reference.autodiff.adjoints import adjoint_program, tangent_program
from reference.autodiff.checkpoints import checkpoint
from reference.autodiff.convolution import avg_pool2d, conv2d, max_pool2d, overlap_add, windows
from reference.autodiff.drawing import Graph, graph
from reference.autodiff.elementwise import PRIMITIVES
from reference.autodiff.functions import logistic, logsumexp, softmax, softplus
from reference.autodiff.nodes import Fault, GraphNode
from reference.autodiff.programs import Program, compiled, program
from reference.autodiff.transforms import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp

__all__ = [
    "PRIMITIVES",
    "Fault",
    "Graph",
    "GraphNode",
    "Program",
    "adjoint_program",
    "avg_pool2d",
    "checkpoint",
    "compiled",
    "conv2d",
    "grad",
    "graph",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "logistic",
    "logsumexp",
    "max_pool2d",
    "overlap_add",
    "program",
    "softmax",
    "softplus",
    "tangent_program",
    "value_and_grad",
    "vjp",
    "windows",
]

del _linalg
