"""The arithmetic of judging: comparison within rounding, rounding bounds, kinks and numerical slopes."""

from grader.judging.numerics.comparison import Expected, Match, compare
from grader.judging.numerics.kinks import Block, blocks, in_hull
from grader.judging.numerics.prints import Print, print_of
from grader.judging.numerics.reading import read_array
from grader.judging.numerics.rounding import Shadow, bound_of, shadowed, value_of
from grader.judging.numerics.slopes import Slope, kink_stencil, kinked_by, slope_of, stencil

__all__ = [
    "Block",
    "Expected",
    "Match",
    "Print",
    "Shadow",
    "Slope",
    "blocks",
    "bound_of",
    "compare",
    "in_hull",
    "kink_stencil",
    "kinked_by",
    "print_of",
    "read_array",
    "shadowed",
    "slope_of",
    "stencil",
    "value_of",
]
