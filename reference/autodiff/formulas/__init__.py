"""Functions and their derivatives as formulas: written out, simplified, and measured as they swell."""

from reference.autodiff.formulas.expressions import Expression, constant, diff, evaluate, formula, nodes, symbols
from reference.autodiff.formulas.symbolic import Swell, shared, simplify, size, swell

__all__ = [
    "Expression", "Swell", "constant", "diff", "evaluate", "formula", "nodes", "shared", "simplify", "size", "swell", "symbols",
]  # fmt: skip
