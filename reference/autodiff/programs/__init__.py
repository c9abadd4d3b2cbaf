"""Straight-line programs: a function written down, read as text, run as numpy source, and differentiated line by line."""

from reference.autodiff.programs.adjoints import adjoint_program, tangent_program
from reference.autodiff.programs.lines import CALL, Line, Names, Ref, expression
from reference.autodiff.programs.straight_line import Program
from reference.autodiff.programs.writer import compiled, program

__all__ = [
    "CALL",
    "Line",
    "Names",
    "Program",
    "Ref",
    "adjoint_program",
    "compiled",
    "expression",
    "program",
    "tangent_program",
]
