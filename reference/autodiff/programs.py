"""Straight-line programs: a function written down as a list of assignments, read as text, and run again without Python's detours.

A program is written by running the function once on an example. Shapes are the example's, values are not: comparisons are lines of
the program too, so the same program is right for every input of these shapes. The program of ``value_and_grad(f)`` holds the
adjoint program (Griewank & Walther 2008, ch. 6) behind the straight-line program of ``f``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from itertools import count
from typing import Any

import numpy as np

from reference.autodiff.core import Level, Primitive, Staged, Traced, concrete
from reference.autodiff.lines import CALL, Line, Names, Ref, constant, expression
from reference.autodiff.trees import flatten, map_leaves

__all__ = ["Program", "Writer", "compiled", "program"]

NEUTRAL = {"multiply": 1.0, "add": 0.0, "subtract": 0.0, "divide": 1.0, "power": 1.0}
BROADCASTING = ("add", "subtract", "multiply", "divide")


@dataclass
class Program:
    """What a function does to inputs of given shapes: lines s1, s2, ... of which the first ``inputs`` are given.

    ``str(program)`` is the program as text; ``program.source()`` the same as a Python function on numpy arrays. Lines may bear
    other ``names``; then the text shows these, and what only leads to one of them stands in its line.
    """

    inputs: int = 0
    lines: list[Line] = field(default_factory=list)
    outputs: list[Any] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)

    def needed(self) -> list[int]:
        """The lines that the outputs rest on, in order."""
        wanted = self._wanted()
        for number in range(len(self.lines) - 1, -1, -1):
            if number + self.inputs in wanted:
                wanted |= {a.number for a in self.lines[number].args if isinstance(a, Ref)}
        return [n for n in range(len(self.lines)) if n + self.inputs in wanted]

    def _wanted(self) -> set[int]:
        return {r.number for r in self.outputs if isinstance(r, Ref)}

    def __str__(self) -> str:
        needed, names = self.needed(), self._given()
        uses = Counter(r.number for n in needed for r in self.lines[n].args if isinstance(r, Ref))
        text, helpers = [], count(1)
        for number in needed:
            key = number + self.inputs
            written = expression(self.lines[number], names, {})
            if self.names and key not in self.names and uses[key] == 1 and key not in self._wanted():
                names[key] = written
                continue
            own = self.names.get(key) or (f"t{next(helpers)}" if self.names else f"s{len(names) + 1}")
            names[key] = (own, CALL)
            text.append(f"{names[key][0]} = {written[0]}")
        return "\n".join([*text, f"return {self._ends(names, {})}"])

    def _given(self) -> Names:
        return {n: (self.names.get(n, f"s{n + 1}"), CALL) for n in range(self.inputs)}

    def _ends(self, names: Names, space: dict[str, Any]) -> str:
        return ", ".join(names[r.number][0] if isinstance(r, Ref) else constant(r, space) for r in self.outputs)

    def source(self) -> tuple[str, dict[str, Any]]:
        """Python source of ``run(s1, s2, ...)``, and the namespace of constants and functions that it uses."""
        space: dict[str, Any] = {"np": np}
        names: Names = {n: (f"s{n + 1}", CALL) for n in range(self.inputs)}
        needed, kept = self.needed(), self._wanted()
        last = {r.number: n for n in needed for r in self.lines[n].args if isinstance(r, Ref)}
        text = [f"def run({', '.join(name for name, _ in names.values())}):"]
        for number in needed:
            line = self.lines[number]
            name = f"s{len(names) + 1}"
            text.append(f"    {name} = {expression(line, names, space)[0]}")
            names[number + self.inputs] = (name, CALL)
            # What no later line uses is let go, so that memory is held no longer than by hand.
            used = {r.number for r in line.args if isinstance(r, Ref)}
            over = sorted(n for n in used - kept if last[n] == number and n >= self.inputs)
            if over:
                text.append(f"    del {', '.join(names[n][0] for n in over)}")
        return "\n".join([*text, f"    return [{self._ends(names, space)}]"]) + "\n", space

    def compile(self) -> Callable[..., list[Any]]:
        """The program as a function of its inputs, arrays or numbers; it returns a list of outputs."""
        run = self.function()
        return lambda *given: run(*[x if isinstance(x, (np.ndarray, np.generic)) else np.float64(x) for x in given])

    def function(self) -> Callable[..., list[Any]]:
        """As :meth:`compile`, for numpy's arrays and scalars only."""
        text, space = self.source()
        exec(compile(text, "<straight-line program>", "exec"), space)  # noqa: S102 - our own text, made from our own table
        return space["run"]  # type: ignore[no-any-return]


# ----------------------------------------------------------------------------------------- writing
class Writer:
    """Writes the lines of one program: what stands there already is not written twice, and what changes nothing not at all."""

    def __init__(self) -> None:
        self.level, self.program = Level(), Program()
        self.level.record = self.record
        self.known: dict[Any, Staged] = {}
        self.sources: dict[int, Staged] = {}

    def given(self, x: Any) -> Staged:
        """A further input; ``x`` is an example of it."""
        value = np.asarray(x, dtype=np.float64) if not isinstance(x, np.ndarray) else x
        self.program.inputs += 1
        return Staged(value, self.level, self.program.inputs - 1)

    def record(self, primitive: Primitive, args: tuple[Any, ...], params: dict[str, Any], out: Any) -> Staged:
        """The line of an operation whose value on the example is ``out``: a new one, unless it stands there already."""
        same = _unchanged(primitive, args, out)
        if same is not None:
            return same
        args = self.narrowed(primitive, args, out)
        refs = tuple(Ref(a.index) if isinstance(a, Staged) else a for a in args)
        key = (primitive.name, _key(refs), _key(tuple(sorted(params.items()))))
        if key not in self.known:
            self.known[key] = self.line(primitive, refs, params, out)
            if primitive.name == "broadcast_to" and isinstance(args[0], Staged):
                self.sources[self.known[key].index] = args[0]
        return self.known[key]

    def line(self, primitive: Primitive, refs: tuple[Any, ...], params: dict[str, Any], out: Any) -> Staged:
        """A new line, even if it stands there already."""
        self.program.lines.append(Line(primitive, refs, params))
        return Staged(out, self.level, self.program.inputs + len(self.program.lines) - 1)

    def narrowed(self, primitive: Primitive, args: tuple[Any, ...], out: Any) -> tuple[Any, ...]:
        """Operands before they were broadcast, where the other operand has the full shape: numpy broadcasts by itself."""
        if primitive.name not in BROADCASTING:
            return args
        found = list(args)
        for i in (0, 1):
            other = found[1 - i]
            if isinstance(found[i], Staged) and np.shape(concrete(other)) == np.shape(out):
                found[i] = self.sources.get(found[i].index, found[i])
        return tuple(found)


def _key(x: Any) -> Any:
    """What tells constants apart, arrays by all of their entries."""
    if isinstance(x, (np.ndarray, np.generic)):
        return (x.shape, x.dtype.str, x.tobytes())
    return tuple(map(_key, x)) if type(x) is tuple else x if isinstance(x, Ref) else repr(x)


def _unchanged(primitive: Primitive, args: tuple[Any, ...], out: Any) -> Staged | None:
    """The argument that an operation hands back as it is: times 1, plus 0, reshaped to its own shape."""
    same = args[:1] if primitive.name in ("reshape", "broadcast_to") else ()
    if primitive.name in NEUTRAL:
        pairs = (args, args[::-1]) if primitive.name in ("multiply", "add") else (args,)
        plain = [(x, other) for x, other in pairs if not isinstance(other, Traced)]
        same = tuple(x for x, other in plain if np.all(np.equal(other, NEUTRAL[primitive.name])))
    return next((x for x in same if isinstance(x, Staged) and np.shape(x.value) == np.shape(out)), None)


def program(f: Callable[..., Any], *example: Any) -> Program:
    """The straight-line program of ``f`` for inputs of the shapes of ``example`` (trees of floats and arrays).

    Raises:
        TypeError: ``f`` branches on a value, or uses what has no rule.

    """
    return _written(f, example)[0]


def _written(f: Callable[..., Any], example: tuple[Any, ...]) -> tuple[Program, Callable[[Any], Any]]:
    writer = Writer()
    out = f(*map_leaves(writer.given, example))
    ends, rebuild = flatten(out)
    writer.program.outputs = [Ref(y.index) if isinstance(y, Staged) else concrete(y) for y in ends]
    return writer.program, rebuild


def compiled(f: Callable[..., Any]) -> Callable[..., Any]:
    """``f``, written down at its first call for each set of shapes, and from then on run as generated numpy source."""
    ready: dict[Any, tuple[Callable[..., list[Any]], Callable[[Any], Any]]] = {}

    @wraps(f)
    def run(*args: Any) -> Any:
        given: list[Any] = []
        key = _taken(args, given)
        if key not in ready:
            written, rebuild = _written(f, args)
            ready[key] = (written.function(), rebuild)
        function, rebuild = ready[key]
        return rebuild(function(*given))

    return run


def _taken(tree: Any, given: list[Any]) -> Any:
    """Append the leaves of a tree as numpy's; returned is what tells programs apart, its structure and shapes."""
    if isinstance(tree, np.ndarray):
        given.append(tree)
        return tree.shape
    if isinstance(tree, dict):
        return dict, *[(name, _taken(part, given)) for name, part in tree.items()]
    if isinstance(tree, (tuple, list)):
        return type(tree), *[_taken(part, given) for part in tree]
    given.append(tree if isinstance(tree, np.generic) else np.float64(tree))
    return ()
