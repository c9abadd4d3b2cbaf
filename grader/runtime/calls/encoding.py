"""Chains of calls as bytes for the agent (``inside/performer.py``), kept for those that are put to every submission."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from grader.judging import Call, Chain, Earlier
from grader.runtime.inside import encode, joined

__all__ = ["Request", "Unsendable", "request_of"]

Places = Mapping[str, str]
"""By a function's full name the place where the agent looks for it: ``notebook``, ``module``, or ``auto``, either, by default."""

KEPT = 128
"""So many requests are kept: two for each exercise of a unit are put to every submission."""


class Unsendable(Exception):  # noqa: N818 - it describes the argument
    """An argument of the grader's own cannot be sent: the fault is not the student's."""


@dataclass(frozen=True)
class Request:
    """Chains that are put at once, as bytes.

    ``forms`` is a tuple of forms, each sent once: all of a chain's calls but their arguments. ``chains`` is a tuple of chains, each
    the number of its form, and a tuple of arguments for each call. ``functions`` are those that are called, by their full names,
    each once; ``watched`` tells for each call, in order, if changed arguments are to be reported; ``seconds`` is the most that a
    call may take where that is more than the usual limits, else 0.
    """

    forms: bytes
    chains: bytes
    functions: tuple[str, ...]
    watched: tuple[bool, ...]
    seconds: float


def request_of(chains: Sequence[Chain], places: Places, cap: int) -> Request:
    """Encode chains.

    Raises:
        Unsendable: an argument may not cross, or takes more than ``cap`` bytes; the message names the function.

    """
    together = tuple(chains)
    return _request(together, tuple([places.get(function, "auto") for function in _functions(together)]), cap)


@lru_cache(maxsize=KEPT)
def _functions(chains: tuple[Chain, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(call.function for chain in chains for call in chain.calls))


@lru_cache(maxsize=KEPT)
def _request(chains: tuple[Chain, ...], places: tuple[str, ...], cap: int) -> Request:
    functions = _functions(chains)
    place = dict(zip(functions, places, strict=True))
    forms: dict[bytes, bytes] = {}
    parts = []
    for chain in chains:
        form = encode(tuple(_head(call, place[call.function]) for call in chain.calls), cap)
        number = forms.setdefault(form, encode(len(forms), cap))
        parts.append(joined([number, *(_arguments(call, cap) for call in chain.calls)]))
    calls = [call for chain in chains for call in chain.calls]
    longest = max((call.seconds or 0.0 for call in calls), default=0.0)
    return Request(joined([*forms]), joined(parts), functions, tuple(call.watch for call in calls), longest)


def _head(call: Call, place: str) -> tuple[Any, ...]:
    """Return all of a call but its arguments, as ``Head`` of the performer has it."""
    unit, name = call.function.split(".", 1)
    taken = tuple(
        (number, earlier.call, earlier.position, len(earlier.names))
        for number, earlier in enumerate(call.args)
        if isinstance(earlier, Earlier)
    )
    return unit, name, place, taken, call.keep, call.adapter, call.watch


def _arguments(call: Call, cap: int) -> bytes:
    try:
        return encode(tuple(None if isinstance(arg, Earlier) else arg for arg in call.args), cap)
    except Exception as error:
        raise Unsendable(f"the call of {call.function} could not be put: {error}") from error
