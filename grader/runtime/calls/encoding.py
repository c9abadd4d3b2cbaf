"""Chains of calls as bytes for the agent (``inside/performer.py``), kept for chains that are put to every submission."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from grader.judging import Call, Chain, Earlier
from grader.runtime.inside import encode, joined

__all__ = ["Unsendable", "encoded_chains"]

Places = Mapping[str, str]
"""By a function's full name the place where the agent looks for it: ``notebook``, ``module``, or ``auto``, either, by default."""

_KEPT: WeakKeyDictionary[Chain, dict[tuple[str, ...], Encoded]] = WeakKeyDictionary()
"""Encoded chains, by the places of their functions: most chains are put to every submission, and forgotten with the bank."""


class Unsendable(Exception):  # noqa: N818 - it describes the argument
    """An argument of the grader's own cannot be sent: the fault is not the student's."""


@dataclass(frozen=True)
class Encoded:
    """A chain as bytes: its ``form``, which it has in common with many, and the ``arguments`` of each of its calls."""

    form: bytes
    arguments: tuple[bytes, ...]


def encoded_chains(chains: Sequence[Chain], places: Places, cap: int) -> tuple[bytes, bytes]:
    """Encode chains; a form is sent once in an exchange.

    Returns:
        The tuple of forms, and the tuple of chains: each the number of its form, and a tuple of arguments for each call.

    Raises:
        Unsendable: an argument may not cross, or takes more than ``cap`` bytes; the message names the function.

    """
    forms: dict[bytes, bytes] = {}
    parts = []
    for chain in chains:
        encoded = _encoded(chain, places, cap)
        number = forms.get(encoded.form)
        if number is None:
            number = forms[encoded.form] = encode(len(forms), cap)
        parts.append(joined([number, *encoded.arguments]))
    return joined([*forms]), joined(parts)


def _encoded(chain: Chain, places: Places, cap: int) -> Encoded:
    here = tuple([places.get(call.function, "auto") for call in chain.calls])
    known = _KEPT.setdefault(chain, {})
    if here not in known:
        heads = tuple(_head(call, place) for call, place in zip(chain.calls, here, strict=True))
        known[here] = Encoded(encode(heads, cap), tuple(_arguments(call, cap) for call in chain.calls))
    return known[here]


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
