"""The showing of what was found: a card in a notebook, text in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import islice
from typing import Any

from grader.report import Card, Picture, card, how_called, overview, picture_of
from grader.student.checks import Checked

__all__ = ["cards", "show", "show_text"]


def cards(found: Sequence[Checked], *, with_overview: bool = False, only_overview: bool = False) -> list[Card]:
    """Return what is shown of some exercises: a card each, or (with an overview) a table and cards of those at fault."""
    if not (with_overview or only_overview):
        return [_card(one) for one in found]
    table = overview(_title(found), [(one.item, one.later) for one in found])
    at_fault = [one for one in found if one.item.status not in ("passed", "missing", "not_attempted", "skipped")]
    return [table] if only_overview else [table, *map(_card, at_fault)]


def _title(found: Sequence[Checked]) -> str:
    return ", ".join(dict.fromkeys(one.exercise.unit for one in found))


def _card(found: Checked) -> Card:
    called = how_called(found.exercise)
    return card(found.item, later=found.later, called=called, pictures=_pictures(found), note=found.note)


def _pictures(found: Checked) -> list[Picture]:
    """Return what can be drawn of the values that the card shows: the first counterexample of which there is a picture."""
    examples = [check.counterexample for check in found.item.checks if check.counterexample is not None]
    return list(islice(filter(None, map(picture_of, examples)), 1))


def show(found: Sequence[Checked], *, overview: bool = False, only_overview: bool = False) -> None:
    """Show cards: as such where a notebook can, else as text."""
    for one in cards(found, with_overview=overview, only_overview=only_overview):
        if _shell() is None:
            print(one.text)  # noqa: T201
        else:
            from IPython.display import display  # in a notebook, and nowhere else

            display(one)  # type: ignore[no-untyped-call]


def show_text(text: str) -> None:
    """Print a text."""
    print(text)  # noqa: T201


def _shell() -> Any:
    """Return the shell of a notebook's kernel; None elsewhere, in IPython's own terminal too."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return shell if hasattr(shell, "kernel") else None
