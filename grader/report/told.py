"""The content of a card, settled before it is written down as HTML or as text. All text is clean, and escaped for no format."""

from __future__ import annotations

from dataclasses import dataclass

from grader.report.findings import Finding
from grader.result import Counterexample
from grader.statuses import ItemStatus

__all__ = ["OwnLine", "Picture", "Row", "Told"]


@dataclass(frozen=True)
class Picture:
    """A drawing for a card.

    Args:
        svg: a whole SVG document of ours (``grader.report.svg``, ``grader.report.pictures``), which is shown as an image.
        alt: what it shows, in a sentence for readers who do not see it.
        caption: what stands above it.
        folded: it shows more of a fault that is told already, to those who ask.

    """

    svg: str
    alt: str
    caption: str = ""
    folded: bool = False


@dataclass(frozen=True)
class OwnLine:
    """The line of the student's code at which it raised: its place in words, and the code with the markers below it."""

    place: str
    code: str


@dataclass(frozen=True)
class Told:
    """The card of one exercise: the fields are told in this order, and each may be empty.

    ``main`` is the one line that says what is wrong, ``more`` the numbers behind it; ``others`` are further faults, each with its
    two lines; ``checks`` are the checks in plain words, with sign and verdict.
    """

    name: str
    sign: str
    verdict: str
    status: ItemStatus
    count: str
    main: str
    more: str
    exact: str
    own: OwnLine | None
    example: Counterexample | None
    pictures: tuple[Picture, ...]
    repro: str
    also: tuple[str, ...]
    detail: str
    others: tuple[tuple[Finding, str, str], ...]
    checks: tuple[tuple[str, str, str], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """An exercise in a table of several; ``said`` is the one line on what is wrong with it."""

    sign: str
    name: str
    verdict: str
    status: ItemStatus
    said: str
    count: str
