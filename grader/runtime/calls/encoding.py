"""Chains of calls as bytes for the agent (``inside/performer.py``), kept for chains that are put to every submission."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from grader.judging import Call, Chain, Earlier
from grader.runtime.inside import encode, joined

__all__ = ["Unsendable", "encoded_chains"]

Where = Callable[[str], str]
"""From a function's full name to the place where the agent looks for it: ``notebook``, ``module``, or ``auto`` for either."""

_KEPT: WeakKeyDictionary[Chain, dict[tuple[str, ...], bytes]] = WeakKeyDictionary()
"""Encoded chains, by the places of their functions: most chains are put to every submission, and forgotten with the bank."""


class Unsendable(Exception):  # noqa: N818 - it describes the argument
    """An argument of the grader's own cannot be sent: the fault is not the student's."""


def encoded_chains(chains: Sequence[Chain], where: Where, cap: int) -> bytes:
    """Encode chains, at most ``cap`` bytes each.

    Raises:
        Unsendable: an argument may not cross, or a chain is too large; the message names the function.

    """
    return joined([_encoded(chain, where, cap) for chain in chains])


def _encoded(chain: Chain, where: Where, cap: int) -> bytes:
    places = tuple(where(call.function) for call in chain.calls)
    forms = _KEPT.setdefault(chain, {})
    if places not in forms:
        forms[places] = joined([_call(call, place, cap) for call, place in zip(chain.calls, places, strict=True)])
    return forms[places]


def _call(call: Call, place: str, cap: int) -> bytes:
    """Encode one call. A tuple and no dict: every name on the wire costs its time twice, and there are hundreds of calls."""
    unit, name = call.function.split(".", 1)
    args = tuple(None if isinstance(arg, Earlier) else arg for arg in call.args)
    kwargs = {name: value for name, value in call.kwargs.items() if not isinstance(value, Earlier)}
    request = (unit, name, place, args, kwargs, _taken(call), call.keep, call.adapter, call.watch)
    try:
        return encode(request, cap)
    except Exception as error:
        raise Unsendable(f"the call of {call.function} could not be put: {error}") from error


def _taken(call: Call) -> tuple[tuple[int | str, int, int, int], ...]:
    """Return the arguments that earlier calls return, as ``Taken`` of the performer has them."""
    arguments: list[tuple[int | str, Any]] = [*enumerate(call.args), *call.kwargs.items()]
    return tuple(
        (argument, earlier.call, earlier.position, len(earlier.names))
        for argument, earlier in arguments
        if isinstance(earlier, Earlier)
    )
