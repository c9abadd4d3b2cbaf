"""Personal variants of an exercise: what of it is drawn for each student, and a function of ours with what was drawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import FunctionType
from typing import Any

__all__ = ["Personal", "bound", "filled"]

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Personal:
    """The personal part of an exercise. The declaration itself, with the defaults, is what all have who have no variant.

    Args:
        parameters: by name what its values are drawn from, without the default. The model answer and the mistakes that depend on
            one take it as a keyword-only parameter, whose default is the default variant's.
        says: by fragment of what the default variant says of itself (stub and texts of mistakes) what stands there in a variant,
            with ``{name}`` for values and words.
        notebook: likewise for the unit's notebook; each fragment is there once or more.
        words: from the values, as keywords, to further words by name.
        planted: the declared mistakes of which one is drawn to stand in the stub, the default's not among them.
        wrong: of a question by the name of a mistake what is answered in a variant, a function of the values as keywords; mistakes
            that are not named are left out there, since their answers are those of the default.
        without: mistakes that are the default's alone, by name.

    """

    parameters: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    says: Mapping[str, str] = field(default_factory=dict)
    notebook: Mapping[str, str] = field(default_factory=dict)
    words: Callable[..., Mapping[str, str]] | None = None
    planted: tuple[str, ...] = ()
    wrong: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    without: tuple[str, ...] = ()

    def drawn(self, next_number: Callable[[], float]) -> dict[str, Any]:
        """Draw the values of one student, ``planted`` among them if there is a choice.

        Args:
            next_number: gives the next of a row of numbers from 0 to 1; nothing else of a generator is the same in all versions.

        """
        found = {name: values[int(next_number() * len(values))] for name, values in self.parameters.items()}
        if self.planted:
            found["planted"] = self.planted[int(next_number() * len(self.planted))]
        return found

    def told(self, values: Values) -> dict[str, str]:
        """Return the words that stand in texts for these values, by name."""
        own = {name: value for name, value in values.items() if name in self.parameters}
        words = {name: f"{value:g}" if isinstance(value, float) else str(value) for name, value in own.items()}
        return words | dict(self.words(**own) if self.words is not None else {})

    def said(self, text: str, values: Values) -> str:
        """Return a text of the default variant (stub, mistake) as it is in a variant."""
        return filled(text, self.says, self.told(values))

    def in_notebook(self, text: str, values: Values) -> str:
        """Return a text of the unit's notebook as it is in a variant."""
        return filled(text, self.notebook, self.told(values))


def filled(text: str, says: Mapping[str, str], words: Mapping[str, str]) -> str:
    """Return a text with fragments replaced, the longest first, each once: what was put in is not looked through again."""
    if not says:
        return text
    pattern = "|".join(re.escape(fragment) for fragment in sorted(says, key=len, reverse=True))
    return re.sub(pattern, lambda found: says[found[0]].format_map(words), text)


def bound(function: Callable[..., Any], values: Values) -> Callable[..., Any]:
    """Return a function of ours that takes these values for its keyword-only parameters of their names; the same one each time."""
    defaults = getattr(function, "__kwdefaults__", None) or {}
    own = tuple(sorted((name, values[name]) for name in defaults if name in values))
    return _bound(function, own) if own and isinstance(function, FunctionType) else function


@lru_cache(maxsize=8192)
def _bound(function: FunctionType, own: tuple[tuple[str, Any], ...]) -> FunctionType:
    code, scope = function.__code__, function.__globals__
    made = FunctionType(code, scope, function.__name__, function.__defaults__, function.__closure__)
    made.__kwdefaults__ = {**(function.__kwdefaults__ or {}), **dict(own)}
    made.__doc__, made.__module__, made.__qualname__ = function.__doc__, function.__module__, function.__qualname__
    made.__annotations__ = function.__annotations__
    return made
