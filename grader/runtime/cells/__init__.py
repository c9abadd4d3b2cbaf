"""The cells of a notebook: executed in a kernel, within limits, their outputs kept."""

from grader.runtime.cells.run import CellsRun, executable_copy, run_cells

__all__ = ["CellsRun", "executable_copy", "run_cells"]
