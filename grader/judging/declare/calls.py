"""The calls that a drive asks for, and chains of them, in which a later call uses the value of an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Call", "Chain", "Earlier"]


@dataclass(frozen=True)
class Earlier:
    """An argument that an earlier call of the same chain returned: a cache, an optimizer's state, the next point.

    Args:
        call: the number of that call in the chain, from 0.
        position: the value's place in the tuple that the call returns.
        names: what the values of that tuple are called; a call that returns another number of values ends the chain.

    """

    call: int
    position: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Call:
    """One call of a student's function.

    Args:
        function: the exercise's full name, ``layers.relu_backward``.
        args: arrays, numbers, strings, ``None``, lists, tuples and dicts of them; :class:`Earlier` at the top level.
        keep: positions of a returned tuple that stay on the student's side; ``None`` crosses in their place. If the call
            returns no tuple or list that long, the whole value crosses.
        adapter: the source of one function, called as ``adapter(function, *args)`` beside the student's code.
        watch: report which arguments were changed in place.
        seconds: what the call may take, by the clock and of the processor, where that is more than the usual limits.

    """

    function: str
    args: tuple[Any, ...] = ()
    keep: tuple[int, ...] = ()
    adapter: str | None = None
    watch: bool = False
    seconds: float | None = None


@dataclass(frozen=True, eq=False)
class Chain:
    """Calls that go over in one exchange and are performed one after the other, as far as the first that brings no value.

    Compared by identity: the runtime keeps the encoded form of chains that are put to every submission.
    """

    calls: tuple[Call, ...]
