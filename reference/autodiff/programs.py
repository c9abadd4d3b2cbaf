"""Straight-line programs: a function written down as a list of assignments, read as text, and run again without Python's detours.

A program is written by running the function once on an example. Shapes are the example's, values are not: comparisons are lines of
the program too, so the same program is right for every input of these shapes. The program of ``value_and_grad(f)`` holds the
adjoint program (Griewank & Walther 2008, ch. 6) behind the straight-line program of ``f``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

import numpy as np

from reference.autodiff.core import Level, Primitive, Staged, Traced, concrete
from reference.autodiff.trees import flatten, leaves, map_leaves

__all__ = ["Program", "compiled", "program"]

INFIX = {
    "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "power": "**", "matmul": "@", "equal": "==", "not_equal": "!=",
    "greater": ">", "greater_equal": ">=", "less": "<", "less_equal": "<=",
}  # fmt: skip

FORMS = {
    # The shortest way through numpy: its functions of these names only find the way here.
    "sum": "np.add.reduce({0}, axis={axis}, keepdims={keepdims})",
    "max": "np.maximum.reduce({0}, axis={axis}, keepdims={keepdims})",
    "min": "np.minimum.reduce({0}, axis={axis}, keepdims={keepdims})",
    "reshape": "{0}.reshape({shape})",
    "transpose": "{0}.transpose({axes})",
}
BROADCASTING = ("add", "subtract", "multiply", "divide")


@dataclass(frozen=True)
class Line:
    """One assignment: arguments are numbers of earlier lines, or constants."""

    primitive: Primitive
    args: tuple[Any, ...]
    params: dict[str, Any]


@dataclass(frozen=True)
class Ref:
    """The number of a line, where another one uses it."""

    number: int


@dataclass
class Program:
    """What a function does to inputs of given shapes: lines s1, s2, ... of which the first ``inputs`` are given.

    ``str(program)`` is the program as text; ``program.source()`` the same as a Python function on numpy arrays.
    """

    inputs: int = 0
    lines: list[Line] = field(default_factory=list)
    outputs: list[Any] = field(default_factory=list)

    def needed(self) -> list[int]:
        """The lines that the outputs rest on, in order."""
        wanted = {r.number for r in self.outputs if isinstance(r, Ref)}
        for number in range(len(self.lines) - 1, -1, -1):
            if number + self.inputs in wanted:
                wanted |= {a.number for a in self.lines[number].args if isinstance(a, Ref)}
        return [n for n in range(len(self.lines)) if n + self.inputs in wanted]

    def __str__(self) -> str:
        names = {n: f"s{n + 1}" for n in range(self.inputs)}
        text = []
        for number in self.needed():
            names[number + self.inputs] = f"s{len(names) + 1}"
            text.append(f"{names[number + self.inputs]} = {_expression(self.lines[number], names, {})}")
        ends = [names[r.number] if isinstance(r, Ref) else _constant(r, {}) for r in self.outputs]
        return "\n".join([*text, f"return {', '.join(ends)}"])

    def source(self) -> tuple[str, dict[str, Any]]:
        """Python source of ``run(s1, s2, ...)``, and the namespace of constants and functions that it uses."""
        space: dict[str, Any] = {"np": np}
        names = {n: f"s{n + 1}" for n in range(self.inputs)}
        needed = self.needed()
        last = {r.number: n for n in needed for r in self.lines[n].args if isinstance(r, Ref)}
        kept = {r.number for r in self.outputs if isinstance(r, Ref)}
        text = [f"def run({', '.join(names.values())}):"]
        for number in needed:
            line = self.lines[number]
            names[number + self.inputs] = f"s{len(names) + 1}"
            text.append(f"    {names[number + self.inputs]} = {_expression(line, names, space)}")
            # What no later line uses is let go, so that memory is held no longer than by hand.
            used = {r.number for r in line.args if isinstance(r, Ref)}
            over = sorted(n for n in used - kept if last[n] == number and n >= self.inputs)
            if over:
                text.append(f"    del {', '.join(names[n] for n in over)}")
        ends = [names[r.number] if isinstance(r, Ref) else _constant(r, space) for r in self.outputs]
        return "\n".join([*text, f"    return [{', '.join(ends)}]"]) + "\n", space

    def compile(self) -> Callable[..., list[Any]]:
        """The program as a function of its inputs, a list of outputs."""
        text, space = self.source()
        exec(compile(text, "<straight-line program>", "exec"), space)  # noqa: S102 - our own text, made from our own table
        return space["run"]  # type: ignore[no-any-return]


def _expression(line: Line, names: dict[int, str], space: dict[str, Any]) -> str:
    args = [names[a.number] if isinstance(a, Ref) else _constant(a, space) for a in line.args]
    name = line.primitive.name
    if name in INFIX and len(args) == 2:
        return f" {INFIX[name]} ".join(args)
    if name == "negative":
        return f"-{args[0]}"
    if name == "getitem":
        return f"{args[0]}[{_constant(line.params['index'], space)}]"
    if name == "einsum":
        return f"np.einsum({', '.join([repr(line.params['subscripts']), *args])})"
    if name in FORMS and space:
        return FORMS[name].format(*args, **{key: _constant(value, space) for key, value in line.params.items()})
    if name == "concatenate":
        return f"np.concatenate(({', '.join(args)},), axis={line.params['axis']})"
    params = [f"{key}={_constant(value, space)}" for key, value in line.params.items()]
    home = "np" if getattr(np, name, None) is not None else "np.linalg" if hasattr(np.linalg, name) else None
    if home is None:
        space[name] = line.primitive.value
    return f"{f'{home}.{name}' if home else name}({', '.join([*args, *params])})"


def _constant(x: Any, space: dict[str, Any]) -> str:
    """A number as it is written; anything larger by a name of its own."""
    if isinstance(x, (np.ndarray, np.generic)) and x.ndim == 0:
        x = x.item()
    if isinstance(x, (int, float, str, bool)) or x is None:
        return repr(x)
    if isinstance(x, tuple) and all(isinstance(v, int) for v in x):
        return repr(x)
    name = f"c{sum(key[0] == 'c' and key[1:].isdigit() for key in space) + 1}"
    space[name] = x
    return name if space.get("np") is not None else f"<{type(x).__name__}>"


# ----------------------------------------------------------------------------------------- writing
class _Writer:
    """Writes the lines of one program: what stands there already is not written twice, and what changes nothing not at all."""

    def __init__(self, level: Level) -> None:
        self.level, self.program = level, Program()
        self.known: dict[Any, Staged] = {}
        self.sources: dict[int, Staged] = {}

    def given(self, x: Any) -> Staged:
        value = np.asarray(x, dtype=np.float64) if not isinstance(x, np.ndarray) else x
        self.program.inputs += 1
        return Staged(value, self.level, self.program.inputs - 1)

    def record(self, primitive: Primitive, args: tuple[Any, ...], params: dict[str, Any], out: Any) -> Staged:
        same = _unchanged(primitive, args, out)
        if same is not None:
            return same
        args = self.narrowed(primitive, args, out)
        refs = tuple(Ref(a.index) if isinstance(a, Staged) else a for a in args)
        key = (
            primitive.name,
            tuple(r if isinstance(r, Ref) else _key(r) for r in refs),
            repr(sorted(params.items(), key=str)),
        )
        if key not in self.known:
            self.program.lines.append(Line(primitive, refs, params))
            self.known[key] = Staged(out, self.level, self.program.inputs + len(self.program.lines) - 1)
            if primitive.name == "broadcast_to" and isinstance(args[0], Staged):
                self.sources[self.known[key].index] = args[0]
        return self.known[key]

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


def _key(constant: Any) -> Any:
    if isinstance(constant, (np.ndarray, np.generic)):
        return (constant.shape, constant.dtype.str, constant.tobytes())
    return repr(constant)


def _unchanged(primitive: Primitive, args: tuple[Any, ...], out: Any) -> Staged | None:
    """The argument that an operation hands back as it is: times 1, plus 0, reshaped to its own shape."""
    first = args[0]
    if (
        primitive.name in ("reshape", "broadcast_to")
        and isinstance(first, Staged)
        and np.shape(first.value) == np.shape(out)
    ):
        return first
    neutral = {"multiply": 1.0, "add": 0.0, "subtract": 0.0, "divide": 1.0}.get(primitive.name)
    if neutral is not None:
        for x, other in (args, args[::-1]) if primitive.name in ("multiply", "add") else (args,):
            plain = not isinstance(other, Traced) and np.all(np.equal(other, neutral))
            if isinstance(x, Staged) and plain and np.shape(x.value) == np.shape(out):
                return x
    return None


def program(f: Callable[..., Any], *example: Any) -> Program:
    """The straight-line program of ``f`` for inputs of the shapes of ``example`` (trees of floats and arrays).

    Raises:
        TypeError: ``f`` branches on a value, or uses what has no rule.

    """
    return _written(f, example)[0]


def _written(f: Callable[..., Any], example: tuple[Any, ...]) -> tuple[Program, Callable[[Any], Any]]:
    with Level() as level:
        writer = _Writer(level)
        level.record = writer.record
        out = f(*map_leaves(writer.given, example))
        ends, rebuild = flatten(out)
        writer.program.outputs = [Ref(y.index) if isinstance(y, Staged) else concrete(y) for y in ends]
    return writer.program, rebuild


def compiled(f: Callable[..., Any]) -> Callable[..., Any]:
    """``f``, written down at its first call for each set of shapes, and from then on run as generated numpy source."""
    ready: dict[Any, tuple[Callable[..., list[Any]], Callable[[Any], Any]]] = {}

    @wraps(f)
    def run(*args: Any) -> Any:
        given = list(leaves(args))
        key = tuple(np.shape(x) for x in given)
        if key not in ready:
            written, rebuild = _written(f, args)
            ready[key] = (written.compile(), rebuild)
        function, rebuild = ready[key]
        return rebuild(function(*given))

    return run
