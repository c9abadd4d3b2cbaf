"""Functions that travel with public data: ours by their names, those of a bank as their source."""

from __future__ import annotations
import __future__

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from grader.judging.declare import (
    MET,
    Finding,
    Malformed,
    Reading,
    Steps,
    adapter_source,
    linear_in_upstream,
    outputs_of,
    read_outputs,
    read_steps,
    rows_sum_to_one,
    shift_invariant,
    unmet,
)
from grader.judging.notation import read_formula_value, read_graph_values
from grader.judging.public.packing import StaysError

__all__ = ["Sources", "function_of", "named"]

OURS: Mapping[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        *(read_outputs, read_steps, read_graph_values, read_formula_value),
        *(linear_in_upstream, shift_invariant, rows_sum_to_one),
    )
}
OFFERED: Mapping[str, Any] = {
    "np": np,
    "Malformed": Malformed,
    "Finding": Finding,
    "MET": MET,
    "unmet": unmet,
    "outputs_of": outputs_of,
    "Steps": Steps,
}
"""What a source that travels may use beside Python."""


class Sources:
    """The texts that the exercises of one unit carry, each once."""

    def __init__(self, texts: Sequence[str] = ()) -> None:
        self.texts = list(texts)

    def number(self, text: str) -> int:
        """Return the number of a text, which is added if it is new."""
        if text not in self.texts:
            self.texts.append(text)
        return self.texts.index(text)


def named(function: Callable[..., Any], helpers: Sequence[Callable[..., Any]], sources: Sources) -> str | list[Any]:
    """Return a function as data: the name of one of ours, or the number of its source and its name there.

    Raises:
        StaysError: it is no plain function, of which a source could travel.

    """
    if OURS.get(function.__name__) is function:
        return function.__name__
    if not _is_plain(function) or function.__name__ == "<lambda>":
        what = getattr(function, "__qualname__", type(function).__name__)
        raise StaysError(
            f"{what} is no plain function: its source cannot travel with the public data; write it with def"
        )
    return [sources.number(adapter_source(function, *helpers)), function.__name__]


def function_of(packed: str | list[Any], sources: Sources) -> Callable[..., Any]:
    """Return the function that :func:`named` made data of."""
    if isinstance(packed, str):
        return OURS[packed]
    number, name = packed
    function: Callable[..., Any] = _defined(sources.texts[number])[name]
    return function


@lru_cache(maxsize=256)
def _defined(source: str) -> Mapping[str, Any]:
    scope: dict[str, Any] = dict(OFFERED)
    code = compile(source, "<public data>", "exec", __future__.annotations.compiler_flag, dont_inherit=True)
    exec(code, scope)  # noqa: S102 - the bank's own source, not a student's
    return scope


def sources_of(reading: Reading) -> tuple[Callable[..., Any], ...]:
    """Return the functions whose source a reading needs beside its own: its helpers, and those that it is given."""
    return (*reading.helpers, *(given for given in reading.given.values() if callable(given) and _is_plain(given)))


def _is_plain(thing: Any) -> bool:
    return hasattr(thing, "__code__")
