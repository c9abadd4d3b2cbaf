"""The showing of what was found: a card in a notebook, text in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from operator import is_
from typing import Any

import numpy as np

from grader.report import Card, HowCalled, Picture, card, how_called, overview, picture_of
from grader.student.checks import Checked
from grader.student.public import public_unit

__all__ = ["cards", "shell", "show", "show_overview", "show_text"]


def cards(found: Sequence[Checked]) -> list[Card]:
    """Return a card for each exercise."""
    return [_card(one) for one in found]


def _card(found: Checked) -> Card:
    called = _called(found)
    return card(found.item, later=found.later, called=called, pictures=_pictures(found), note=found.note)


def _called(found: Checked) -> HowCalled | None:
    """Return how the function is called in a notebook; None if more than its inputs is needed."""
    exercise = found.exercise
    examples = public_unit(exercise.unit).bench.examples(exercise)
    called = how_called(exercise)
    if not examples:
        return called
    inputs, calls = examples[0].inputs, examples[0].plan(documented=False).chain.calls
    if called is None and len(calls) == 1 and calls[0].adapter is None:
        args = calls[0].args
        if 0 < len(args) == len(inputs) and all(map(is_, args, inputs.values())):
            called = HowCalled("direct", exercise.function)
    if called is None:
        return None

    def are(kind: type) -> tuple[str, ...]:
        return tuple(name for name in inputs if any(isinstance(case.inputs.get(name), kind) for case in examples))

    return replace(called, arrays=are(np.ndarray), tuples=are(tuple), texts=are(str))


def _pictures(found: Checked) -> list[Picture]:
    """Return what can be drawn of the values that the card shows: the first picture, and the first of those that are folded."""
    examples = [check.counterexample for check in found.item.checks if check.counterexample is not None]
    drawn = {picture.folded: picture for picture in reversed(list(filter(None, map(picture_of, examples))))}
    return [drawn[folded] for folded in sorted(drawn)]


def show(found: Sequence[Checked]) -> None:
    """Show a card for each exercise."""
    for one in cards(found):
        _display(one)


def show_overview(found: Sequence[Checked]) -> None:
    """Show a table with a row for each exercise."""
    title = ", ".join(dict.fromkeys(one.exercise.unit for one in found))
    _display(overview(title, [(one.item, one.later) for one in found]))


def show_text(text: str) -> None:
    """Print a text."""
    print(text)  # noqa: T201


def shell() -> Any:
    """Return IPython's shell, if this is one; else None."""
    return getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()


def _display(one: Card) -> None:
    """Show a card as such in a notebook, and as text elsewhere, in IPython's own terminal too."""
    if not hasattr(shell(), "kernel"):
        print(one.text)  # noqa: T201
        return
    from IPython.display import display  # in a notebook, and nowhere else

    display(one)  # type: ignore[no-untyped-call]
