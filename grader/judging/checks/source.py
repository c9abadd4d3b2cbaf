"""The check ``source``: a function, and those of the submission that it calls, hold no loop. Read as text, nothing is run."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping
from functools import lru_cache

from grader.judging.checks.facts import Loops, Untried
from grader.judging.checks.hearing import Hearing
from grader.judging.declare import Check, Verdict

__all__ = ["check_source", "first_loop", "is_defined"]

LOOPS: Mapping[type[ast.AST], str] = {
    ast.For: "a for loop",
    ast.AsyncFor: "a for loop",
    ast.While: "a while loop",
    ast.ListComp: "a list comprehension",
    ast.SetComp: "a set comprehension",
    ast.DictComp: "a dict comprehension",
    ast.GeneratorExp: "a generator expression",
}
OF_NUMPY = (
    "vectorize",
    "frompyfunc",
    "apply_along_axis",
    "apply_over_axes",
    "fromiter",
    "nditer",
    "ndenumerate",
    "ndindex",
)
HIDING = ("exec", "eval", "compile", "globals", "locals", "vars", "getattr", "__import__", "import_module")
OF_PYTHON = ("map", "filter", "reduce", "accumulate", "starmap", *HIDING)
"""Functions that loop for their caller, or hide what is run. (``np.add.reduce`` is another thing.)"""


def check_source(hearing: Hearing, check: Check, found: Mapping[str, Verdict]) -> Verdict:
    """Look for a loop; where the values are wrong nothing is said of it."""
    source, function = hearing.answers.source(hearing.exercise.target), hearing.exercise.function
    try:
        if source is None or not is_defined(source, function):
            return Verdict(check, "skipped", fact=Untried("no_source"))
        loop = first_loop(source, function)
    except RecursionError:  # an expression that is nested too deeply to be written down
        return Verdict(check, "skipped", fact=Untried("no_source"))
    return Verdict(check, "passed") if loop is None else Verdict(check, "wrong", fact=Loops(*loop))


def is_defined(source: str, function: str) -> bool:
    """Return True if the source defines this name."""
    return function in _defined(source)


def first_loop(source: str, function: str) -> tuple[str, str, int] | None:
    """Find a loop in a function or in one that it calls.

    Args:
        source: the text in which they stand; of two definitions of one name the last counts.
        function: the name of the function.

    Returns:
        What was found (``"a for loop"``), in which function, and the line of it counted from that function's ``def``, which is 1;
        None if there is none.

    """
    defined = _defined(source)
    waiting, seen = [function], {function}
    callers: dict[str, set[str]] = {}
    while waiting:
        name = waiting.pop(0)
        node = defined.get(name)
        if node is None:
            continue
        for part, what in _looping(node):
            return what, name, getattr(part, "lineno", 1) - getattr(node, "lineno", 1) + 1
        callers[name] = _called(node) & defined.keys()
        for other in sorted(callers[name] - seen):
            seen.add(other)
            waiting.append(other)
    turning = next((name for name in callers if _reaches(callers, name, name)), None)
    return None if turning is None else ("a call of itself", turning, 1)


@lru_cache(maxsize=1)  # every check of a submission reads the same text
def _defined(source: str) -> Mapping[str, ast.AST]:
    """Return by name what a text defines: functions, methods, and the values that are given a name; the last of each."""
    found: dict[str, ast.AST] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape in a student's string is their business
        waiting: list[ast.AST] = [*reversed(ast.parse(source).body)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found[node.name] = node
            continue  # what it defines inside is its own
        if isinstance(node, ast.Assign):
            found.update({t.id: node.value for t in node.targets if isinstance(t, ast.Name)})
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and isinstance(node.target, ast.Name) and node.value:
            found[node.target.id] = node.value
        elif not isinstance(node, ast.expr):
            waiting += reversed(list(ast.iter_child_nodes(node)))
    return found


def _looping(function: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Yield what loops in a function, with a name for it; a loop that only raises or asserts about arguments counts too."""
    own = _assigned(function)
    for node in ast.walk(function):
        if type(node) in LOOPS:
            yield node, LOOPS[type(node)]
        elif isinstance(node, (ast.Name, ast.Attribute)) and not (isinstance(node, ast.Name) and node.id in own):
            name = node.id if isinstance(node, ast.Name) else node.attr
            module = ast.unparse(node.value) if isinstance(node, ast.Attribute) else ""
            hidden = name in OF_NUMPY or (
                name in OF_PYTHON and module in ("", "functools", "itertools", "builtins", "importlib")
            )
            if hidden and isinstance(node.ctx, ast.Load):
                yield node, name


def _assigned(function: ast.AST) -> set[str]:
    """Return the variables of a function: names that its own body, not that of a class or function in it, gives a value."""
    found: set[str] = set()
    elsewhere: set[str] = set()
    waiting: list[ast.AST] = list(getattr(function, "body", ())) if isinstance(function, ast.FunctionDef) else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            elsewhere.update(node.names)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            waiting += ast.iter_child_nodes(node)
    return found - elsewhere


def _called(function: ast.AST) -> set[str]:
    """Return the names from outside that a function uses: what it calls, or hands on to be called."""
    names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    own = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    own |= {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    parts = [node for node in ast.walk(function) if isinstance(node, ast.Attribute)]
    of_others = {node.attr for node in parts if ast.unparse(node.value).partition(".")[0] not in ("np", "numpy")}
    return ({node.id for node in names} - own) | of_others


def _reaches(callers: Mapping[str, set[str]], start: str, end: str) -> bool:
    waiting, seen = list(callers[start]), set()
    while waiting:
        name = waiting.pop()
        if name == end:
            return True
        if name not in seen:
            seen.add(name)
            waiting += callers.get(name, ())
    return False
