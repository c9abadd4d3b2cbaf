"""Straight-line programs: a list of assignments, read as text, or run as generated numpy source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import numpy as np

from reference.autodiff.core import PRIMITIVES
from reference.autodiff.programs.lines import CALL, Line, Names, Ref, Space, as_input, constant, expression
from reference.autodiff.trees import owned

__all__ = ["Program"]

FRESH = [PRIMITIVES[name] for name in ("concatenate", "max", "min", "scatter_add", "sum", "where")]
"""What returns a new array, as ufuncs do, and never a view or its argument."""


@dataclass
class Program:
    """A function on inputs of given shapes as lines s1, s2, ..., of which the first ``inputs`` are given.

    ``str(program)`` is the program as text; ``program.source()`` the same as a Python function on numpy arrays. Lines may bear
    other ``names``; then the text shows these, and a line without a name that is used once is written into the line that uses it.
    """

    inputs: int = 0
    lines: list[Line] = field(default_factory=list)
    outputs: list[Any] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)

    def needed(self) -> list[int]:
        """List the numbers of the lines on which the outputs rest, in order."""
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

    def _fresh(self, output: Any) -> bool:
        """Test for an output in memory that is surely new, so that it needs no look at each call."""
        if not isinstance(output, Ref) or output.number < self.inputs:
            return False
        primitive = self.lines[output.number - self.inputs].primitive
        return isinstance(primitive.forward, np.ufunc) or primitive in FRESH

    def _given(self) -> Names:
        return {n: (self.names.get(n, f"s{n + 1}"), CALL) for n in range(self.inputs)}

    def _ends(self, names: Names, space: dict[str, Any]) -> str:
        return ", ".join(names[r.number][0] if isinstance(r, Ref) else constant(r, space) for r in self.outputs)

    def source(self) -> tuple[str, dict[str, Any]]:
        """Write Python source of ``run(s1, s2, ...)``; return it with the namespace of constants and functions that it uses."""
        space = Space(np=np)
        names: Names = {n: (f"s{n + 1}", CALL) for n in range(self.inputs)}
        needed, kept = self.needed(), self._wanted()
        last = {r.number: n for n in needed for r in self.lines[n].args if isinstance(r, Ref)}
        text = [f"def run({', '.join(name for name, _ in names.values())}):"]
        for number in needed:
            line = self.lines[number]
            name = f"s{len(names) + 1}"
            text.append(f"    {name} = {expression(line, names, space)[0]}")
            names[number + self.inputs] = (name, CALL)
            # Values that no later line uses are let go, so that memory is held no longer than by hand.
            used = {r.number for r in line.args if isinstance(r, Ref)}
            over = sorted(n for n in used - kept if last[n] == number and n >= self.inputs)
            if over:
                text.append(f"    del {', '.join(names[n][0] for n in over)}")
        return "\n".join([*text, f"    return [{self._ends(names, space)}]"]) + "\n", space

    def compile(self) -> Callable[..., list[Any]]:
        """Compile to a function of the inputs, arrays or numbers; it returns a list of outputs."""
        run = self.function()
        return lambda *given: run(*map(as_input, given))

    def function(self) -> Callable[..., list[Any]]:
        """Compile as :meth:`compile`, for numpy's arrays and scalars only; arrays that it returns are the caller's alone."""
        text, space = self.source()
        constants = {id(x) for x in space.values() if isinstance(x, np.ndarray)}
        exec(compile(text, "<straight-line program>", "exec"), space)  # noqa: S102 - our own text, made from our own table
        run: Callable[..., list[Any]] = space["run"]
        if len(self._wanted()) == len(self.outputs) and all(map(self._fresh, self.outputs)):
            return run
        return lambda *given: owned(run(*given), constants.union(map(id, given)))
