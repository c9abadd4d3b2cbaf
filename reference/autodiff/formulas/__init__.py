"""Functions and their derivatives as formulas: built, differentiated, evaluated, simplified, and seen to swell."""

from reference.autodiff.formulas.expressions import Expression, diff, evaluate, formula, symbols
from reference.autodiff.formulas.simplification import Swell, shared, simplify, size, swell

__all__ = [
    "Expression",
    "Swell",
    "diff",
    "evaluate",
    "formula",
    "shared",
    "simplify",
    "size",
    "swell",
    "symbols",
]
