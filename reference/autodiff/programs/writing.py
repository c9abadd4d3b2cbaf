"""Functions written down as straight-line programs: run once on an example, and from then on without Python's detours.

Shapes are the example's, values are not: comparisons are lines of the program too, so the same program is right for every input of
these shapes. The program of ``value_and_grad(f)`` holds the adjoint program (Griewank & Walther 2008, ch. 6) behind the
straight-line program of ``f``.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from functools import wraps
from itertools import count
from typing import Any

import numpy as np

from reference.autodiff.core import Level, Primitive, Traced, concrete, dtype_of, shape_of
from reference.autodiff.programs.lines import Line, Ref, as_input
from reference.autodiff.programs.straightline import Program
from reference.autodiff.trees import flatten, map_leaves

__all__ = ["Staged", "Writer", "compiled", "program"]

NEUTRAL = {"multiply": 1.0, "add": -0.0, "subtract": 0.0, "divide": 1.0, "power": 1.0, "times": 1.0}
"""Numbers that leave the other operand as it is, if its type stays too (True * 1.0 is a float), and the sign of a zero."""
LONG, PAYS = 5000, 10
"""The lines from which on a program is called long, and how many calls of the traced derivative cost as much as compiling it."""
BROADCASTING = ("add", "subtract", "multiply", "divide", "times")


class Staged(Traced):
    """A value of a program that is being written down: ``index`` is its line, ``value`` its value on the example."""

    __slots__ = ("index",)

    def __init__(self, value: Any, level: Level, index: int) -> None:
        super().__init__(value, level)
        self.index = index

    def __bool__(self) -> bool:
        raise TypeError(
            "a branch on a value cannot be compiled, since the program is written for all values: use np.where"
        )


class Writer:
    """A program under construction: no line is written twice, and none that leaves its argument unchanged."""

    def __init__(self) -> None:
        self.level, self.program = Level(), Program()
        self.level.record = self.record
        self.known: dict[Any, Staged] = {}
        self.sources: dict[int, Staged] = {}

    def given(self, x: Any) -> Staged:
        """Add an input; ``x`` is an example of it."""
        value = as_input(x)
        self.program.inputs += 1
        return Staged(value, self.level, self.program.inputs - 1)

    def record(self, primitive: Primitive, args: tuple[Any, ...], params: dict[str, Any], out: Any) -> Staged:
        """Write the line of an operation whose value on the example is ``out``, unless it stands there already.

        Raises:
            TypeError: an argument is under differentiation outside the program.

        """
        for a in args:
            if isinstance(a, Traced) and not isinstance(a, Staged):
                raise TypeError("a compiled function gets all that it is differentiated by as arguments")
        same = _unchanged(primitive, args, out)
        if same is not None:
            return same
        if self.sources and primitive.name in BROADCASTING:
            args = self.narrowed(args, out)
        refs = tuple(Ref(a.index) if isinstance(a, Staged) else a for a in args)
        key = (id(primitive), _key(refs), _key(tuple(sorted(params.items()))) if params else ())
        if key not in self.known:
            self.known[key] = self.line(primitive, refs, params, out)
            if primitive.name == "broadcast_to" and isinstance(args[0], Staged):
                self.sources[self.known[key].index] = args[0]
        return self.known[key]

    def line(self, primitive: Primitive, refs: tuple[Any, ...], params: dict[str, Any], out: Any) -> Staged:
        """Write a line, even if it stands there already."""
        self.program.lines.append(Line(primitive, refs, params))
        if len(self.program.lines) == LONG:
            warnings.warn(
                f"this program has {LONG} lines and grows: written and compiled it takes as long as some {PAYS} calls without, and "
                "pays only if it is called more often; operations on whole arrays in place of loops make it short",
                stacklevel=2,
            )
        return Staged(out, self.level, self.program.inputs + len(self.program.lines) - 1)

    def narrowed(self, args: tuple[Any, ...], out: Any) -> tuple[Any, ...]:
        """Undo the broadcasting of an operand if the other one has the full shape: numpy broadcasts by itself."""
        found = list(args)
        for i in (0, 1):
            other = found[1 - i]
            if isinstance(found[i], Staged) and shape_of(other) == np.shape(out):
                found[i] = self.sources.get(found[i].index, found[i])
        return tuple(found)


def _key(x: Any) -> Any:
    """Make a hashable key of a constant, of an array from all of its entries."""
    if isinstance(x, Ref):
        return x
    if isinstance(x, (np.ndarray, np.generic)):
        return (x.shape, x.dtype.str, x.tobytes())
    if isinstance(x, (tuple, list)):
        return (type(x), *map(_key, x))
    return repr(x)


def _unchanged(primitive: Primitive, args: tuple[Any, ...], out: Any) -> Staged | None:
    """Find the argument that an operation returns as it is: times 1, plus 0, reshaped to its own shape; None if there is none."""
    same = args[:1] if primitive.name in ("reshape", "broadcast_to") else ()
    if primitive.name in NEUTRAL:
        pairs = (args, args[::-1]) if primitive.name in ("multiply", "times", "add") else (args,)
        plain = [(x, other) for x, other in pairs if not isinstance(other, Traced)]
        neutral = NEUTRAL[primitive.name]
        plain = [(x, other) for x, other in plain if type(other) is not float or other == neutral]
        same = tuple(
            x
            for x, other in plain
            if np.all(np.equal(other, neutral)) and (neutral or np.all(np.signbit(other) == np.signbit(neutral)))
        )
    if not same:
        return None
    like = (np.shape(out), dtype_of(out))
    return next((x for x in same if isinstance(x, Staged) and (np.shape(x.value), dtype_of(x)) == like), None)


def program(f: Callable[..., Any], *example: Any) -> Program:
    """Write the straight-line program of ``f`` for inputs of the shapes of ``example`` (trees of floats and arrays).

    Raises:
        TypeError: ``f`` branches on a value, or uses a function without a rule.

    """
    return _written(f, example)[0]


def _written(f: Callable[..., Any], example: tuple[Any, ...]) -> tuple[Program, Callable[[Any], Any]]:
    writer = Writer()
    with writer.level:
        out = f(*map_leaves(writer.given, example))
    ends, rebuild = flatten(out)
    writer.program.outputs = [Ref(y.index) if isinstance(y, Staged) else concrete(y) for y in ends]
    return writer.program, _rebuilding(out) or rebuild


def compiled(f: Callable[..., Any]) -> Callable[..., Any]:
    """Compile ``f``: at its first call for each set of shapes and types it is written down, and from then on run as numpy source.

    Arguments are trees of arrays and numbers, real or complex; Python's numbers count as numpy's float64 and int64. Within
    another derivative or program ``f`` runs itself. What ``f`` draws at random or reads elsewhere stays as it was when written.

    Writing and compiling takes as long as some 10 calls without, about 65 µs a line; a program of 5,000 lines warns of it.

    Raises:
        TypeError: (when called) an argument is of another kind, or :func:`program` refuses ``f``.

    """
    ready: dict[Any, tuple[Callable[..., list[Any]], Callable[[Any], Any]]] = {}

    @wraps(f)
    def run(*args: Any) -> Any:
        given: list[Any] = []
        parts: list[Any] = []
        _take(args, given, parts)
        key = tuple(parts)
        if key not in ready:
            if any(isinstance(x, Traced) for x in given):
                return f(*args)
            written, rebuild = _written(f, args)
            ready[key] = (written.function(), rebuild)
        function, rebuild = ready[key]
        return rebuild(function(*given))

    return run


def _take(parts: Iterable[Any], given: list[Any], key: list[Any]) -> None:
    """Append the leaves of trees to ``given`` as numpy values, and to ``key`` their structure, shapes and types."""
    for tree in parts:
        if isinstance(tree, np.ndarray):
            given.append(tree)
            key += tree.shape, tree.dtype
        elif isinstance(tree, dict):
            key += dict, tuple(tree)
            _take(tree.values(), given, key)
        elif isinstance(tree, (tuple, list)):
            key += type(tree), len(tree)
            _take(tree, given, key)
        elif isinstance(tree, Traced):
            given.append(tree)
            key.append(Traced)
        else:
            given.append(as_input(tree))
            key.append(given[-1].dtype)


def _rebuilding(tree: Any) -> Callable[[list[Any]], Any] | None:
    """Make a function that puts a list of leaves into the place of those of ``tree``, in one expression; None for unusual trees."""
    numbers = count()

    def text(part: Any) -> str:
        if isinstance(part, (dict, tuple, list)) and type(part) not in (dict, tuple, list):
            raise TypeError
        if isinstance(part, dict):
            if not all(type(key) in (str, int) for key in part):
                raise TypeError
            return f"{{{', '.join(f'{key!r}: {text(value)}' for key, value in part.items())}}}"
        if isinstance(part, tuple):
            return f"({''.join(f'{text(one)}, ' for one in part)})"
        return f"[{', '.join(map(text, part))}]" if isinstance(part, list) else f"found[{next(numbers)}]"

    try:
        return eval(f"lambda found: {text(tree)}")  # type: ignore[no-any-return]  # noqa: S307 - brackets and numbers
    except TypeError:
        return None
