"""Formulas typed as text: a grammar of our own, never ``eval``; compared as functions, by what they are at drawn inputs.

::

    sum     := term (("+" | "-") term)*
    term    := signed (("*" | "/") signed)*
    signed  := ("-" | "+") signed | power
    power   := atom "'"* (("^" | "**") signed)?        and "^T" for a transpose, where it is declared
    atom    := number | name | function "(" sum ("," sum)* ")" | "(" sum ")"

A text that cannot be read raises ``Unread``, with a caret under the place: it costs no attempt.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from grader.judging.declare import Malformed, Unread
from grader.judging.notation.operations import perform

__all__ = ["FUNCTIONS", "Formula", "read_formula"]

LONGEST = 500
DEEPEST = 40
"""The most parentheses, functions, signs and powers within each other."""
FUNCTIONS: Mapping[str, str] = {
    "exp": "exp",
    "log": "log",
    "ln": "log",
    "sqrt": "sqrt",
    "sin": "sin",
    "cos": "cos",
    "tan": "tan",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
    "sigma": "sigmoid",
    "relu": "relu",
    "abs": "absolute",
    "max": "maximum",
    "min": "minimum",
    "sum": "sum",
    "mean": "mean",
}
"""By the name in a formula the operation."""
TWO = ("maximum", "minimum")
CONSTANTS = {"pi": np.pi, "e": np.e}
TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|([^\W\d]\w*)|(\*\*|[-+*/^(),']))")
SAME = str.maketrans({"−": "-", "·": "*", "×": "*", "σ": "sigma", "[": "(", "]": ")", "’": "'"})
"""Signs that people type or paste for others."""


@dataclass(frozen=True)
class Formula:
    """A formula's tree: ``operation`` is that of a node, or ``number`` or ``name`` with its ``value``."""

    operation: str
    args: tuple[Formula, ...] = ()
    value: Any = field(default=None)

    def at(self, inputs: Mapping[str, Any], *, matrices: bool = False) -> Any:
        """Evaluate the formula.

        Args:
            inputs: by name.
            matrices: ``*`` between two arrays is the matrix product.

        Raises:
            Malformed: shapes do not fit.

        """
        try:
            with np.errstate(all="ignore"):
                return self._at(inputs, matrices)
        except ValueError as error:
            raise Malformed(f"the formula cannot be evaluated: {error}") from None

    def _at(self, inputs: Mapping[str, Any], matrices: bool) -> Any:
        if self.operation == "number":
            return self.value
        if self.operation == "name":
            return CONSTANTS[self.value] if self.value not in inputs else inputs[self.value]
        args = [part._at(inputs, matrices) for part in self.args]
        if self.operation == "tan":
            return np.sin(args[0]) / np.cos(args[0])
        if matrices and self.operation == "multiply" and all(np.ndim(a) for a in args):
            return perform("matmul", args)
        return perform(self.operation, args)

    def nodes(self) -> Iterator[Formula]:
        """Yield this node and all below it."""
        yield self
        for part in self.args:
            yield from part.nodes()


def read_formula(text: Any, function: str, names: Sequence[str], *, matrices: bool = False) -> Formula:
    """Read a formula.

    Args:
        text: what the student's function returned.
        function: its name, for messages.
        names: the names that may occur.
        matrices: ``'`` and ``^T`` are read as a transpose.

    Raises:
        Malformed: it is no text.
        Unread: it cannot be read; the message shows where.

    """
    if not isinstance(text, str):
        raise Malformed(
            f'{function} must return a formula as text, such as "2*x + 1"; it returned a {type(text).__name__}'
        )
    if len(text) > LONGEST:
        raise Unread(f"the formula has {len(text)} characters; at most {LONGEST} are read")
    return _read(text.translate(SAME), tuple(names), matrices)


@lru_cache(maxsize=64)  # one text is read at each of its cases
def _read(text: str, names: tuple[str, ...], matrices: bool) -> Formula:
    return _Reader(text, names, matrices).whole()


class _Reader:
    """Reads one text from left to right, one method a rule of the grammar."""

    def __init__(self, text: str, names: Sequence[str], matrices: bool) -> None:
        self.text, self.names, self.matrices = text, names, matrices
        self.tokens = list(self._split())
        self.at, self.depth = 0, 0

    def whole(self) -> Formula:
        found = self._sum()
        if self._next() != "":
            self._refuse(f"here {_shown(self._next())} is not expected: is an operator missing?")
        return found

    def _split(self) -> Iterator[tuple[str, int]]:
        place = 0
        while place < len(self.text.rstrip()):
            match = TOKEN.match(self.text, place)
            if match is None:
                start = place + len(self.text[place:]) - len(self.text[place:].lstrip())
                raise Unread(self._caret(f"{_shown(self.text[start])} has no meaning in a formula", start))
            yield match.group().strip(), match.end() - len(match.group().strip())
            place = match.end()
        yield "", len(self.text.rstrip())

    # ------------------------------------------------------------------------------------- grammar
    def _sum(self) -> Formula:
        found = self._term()
        while self._next() in ("+", "-"):
            operation = "add" if self._take() == "+" else "subtract"
            found = Formula(operation, (found, self._term()))
        return found

    def _term(self) -> Formula:
        found = self._signed()
        while self._next() in ("*", "/"):
            operation = "multiply" if self._take() == "*" else "divide"
            found = Formula(operation, (found, self._signed()))
        return found

    def _signed(self) -> Formula:
        self._deeper()
        if self._next() in ("+", "-"):
            sign = self._take()
            inner = self._signed()
            found = inner if sign == "+" else Formula("negative", (inner,))
        else:
            found = self._power()
        self.depth -= 1
        return found

    def _power(self) -> Formula:
        found = self._atom()
        while self._next() == "'" and self.matrices:
            self._take()
            found = Formula("transpose", (found,))
        if self._next() in ("^", "**"):
            self._take()
            if self.matrices and self._next() == "T" and "T" not in self.names:
                self._take()
                found = Formula("transpose", (found,))
                return self._powered(found)
            found = Formula("power", (found, self._signed()))
        return found

    def _powered(self, found: Formula) -> Formula:
        if self._next() in ("^", "**"):
            self._take()
            return Formula("power", (found, self._signed()))
        return found

    def _atom(self) -> Formula:
        token = self._next()
        if token[:1].isdigit() or token[:1] == ".":
            return Formula("number", value=float(self._take()))
        if token[:1].isalpha() or token[:1] == "_":
            return self._named(token)
        if token == "(":  # noqa: S105 - of a formula
            return self._inner()[0]
        self._refuse(
            "the formula ends too early"
            if token == ""
            else f"a number, a name or ( is expected, here is {_shown(token)}"
        )
        raise AssertionError

    def _named(self, token: str) -> Formula:
        if token in self.names:
            self._take()
            return Formula("name", value=token)
        if token in FUNCTIONS:
            place = self.at
            self._take()
            if self._next() != "(":
                self._refuse(f"{token} is a function: write {token}(...)")
            args = self._inner()
            wanted = 2 if FUNCTIONS[token] in TWO else 1
            if len(args) != wanted:
                self.at = place
                self._refuse(f"{token} takes {wanted} argument{'s' * (wanted != 1)}, here are {len(args)}")
            return Formula(FUNCTIONS[token], tuple(args))
        if token in CONSTANTS:
            self._take()
            return Formula("name", value=token)
        near = difflib.get_close_matches(token, [*self.names, *FUNCTIONS], 1)
        hint = f"did you mean {near[0]}?" if near else f"the names here are {', '.join(self.names) or 'none'}"
        self._refuse(f"{_shown(token)} is not known: {hint}")
        raise AssertionError

    def _inner(self) -> list[Formula]:
        """Read ``( sum, sum ... )``."""
        opened = self.at
        self._take()
        self._deeper()
        found = [self._sum()]
        while self._next() == ",":
            self._take()
            found.append(self._sum())
        if self._next() != ")":
            if self._next() == "":
                self.at = opened
                self._refuse("this parenthesis is not closed")
            self._refuse(f"here {_shown(self._next())} is not expected: is an operator or ) missing?")
        self._take()
        self.depth -= 1
        return found

    # --------------------------------------------------------------------------------------- tokens
    def _next(self) -> str:
        return self.tokens[self.at][0]

    def _take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1][0]

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            self._refuse("the formula is nested too deeply")

    def _refuse(self, why: str) -> None:
        raise Unread(self._caret(why, self.tokens[min(self.at, len(self.tokens) - 1)][1]))

    def _caret(self, why: str, place: int) -> str:
        return f"the formula cannot be read: {why}\n  {self.text}\n  {' ' * place}^"


def _shown(token: str) -> str:
    return repr(token) if token else "the end"
