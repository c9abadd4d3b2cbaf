"""Straight-line programs of functions: written down, read, compiled to numpy source, and differentiated line by line."""

from reference.autodiff.programs.adjoints import adjoint_program, tangent_program
from reference.autodiff.programs.lines import CALL, Line, Names, Ref, expression
from reference.autodiff.programs.straightline import Program
from reference.autodiff.programs.writing import compiled, program

__all__ = [
    "CALL", "Line", "Names", "Program", "Ref", "adjoint_program", "compiled", "expression", "program", "tangent_program",
]  # fmt: skip
