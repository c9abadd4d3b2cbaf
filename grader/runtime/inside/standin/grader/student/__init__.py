"""The helpers of the notebooks, while a submission is graded: the checks themselves come after the run, from outside."""

import ast
import inspect
import textwrap

__all__ = ["check", "hint", "ready", "status"]


def check(*exercises):
    """Check nothing; say when these exercises are graded."""
    names = [one if isinstance(one, str) else getattr(one, "__name__", "this") for one in exercises]
    print(f"{', '.join(names) or 'all exercises'}: graded after the run")


def hint(exercise):
    """Give no hint while grading."""


def status(*units):
    """Show nothing while grading."""


def ready(*functions):
    """Return True if none of these functions is a stub."""
    return not any(_is_stub(f) for f in functions)


def _is_stub(function):
    if isinstance(function, type):  # Python looks for a class in the file of its module, and a notebook has none
        return any(_is_stub(method) for method in vars(function).values() if inspect.isfunction(method))
    try:
        (node,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    except (OSError, TypeError, SyntaxError, ValueError):
        return False
    return any("NotImplementedError" in ast.dump(n) for n in ast.walk(node) if isinstance(n, ast.Raise))
