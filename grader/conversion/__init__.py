"""From a course's own notebook, written for nbgrader or otter, to the skeleton of a private bank. None of it is run."""

from grader.conversion.converting import Converted, convert

__all__ = ["Converted", "convert"]
