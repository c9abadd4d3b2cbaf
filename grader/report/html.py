"""The HTML report: one self-contained page, no script, nothing loaded, readable in light, dark and print.

Of a submission the faults come first, each once, with its diagnosis and the smallest input that shows it; all exercises that
passed share one line. Before several submissions stand a table of them and the statistics of the class.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grader.report import svg
from grader.report.arrays import as_python
from grader.report.findings import findings
from grader.report.follow_through import kept, notes_left
from grader.report.panels import errors, panels
from grader.report.pictures import img, picture_of
from grader.report.statistics import class_statistics
from grader.report.text import clean, counted, inline, percent, points
from grader.report.told import Picture
from grader.report.wording import (
    SIGNS,
    UNANSWERED,
    WORDS,
    for_graders,
    headline,
    note_sentence,
    notebook_sentence,
    notebook_word,
    remark,
    unanswered,
)
from grader.result import Counterexample, ItemResult, Result
from grader.shown import unseen_points

__all__ = ["Ids", "environment", "page", "student_page"]

_TONES: dict[str, str] = {
    "passed": "good",
    "ok": "good",
    "partial": "part",
    "wrong": "bad",
    "raised": "bad",
    "failed": "bad",
    "missing": "soft",
    "absent": "soft",
    "not_attempted": "soft",
    "skipped": "soft",
}
"""The CSS class of each status; the other statuses (time-outs, crashes, faults of the grader) have the class ``odd``."""
_HEAT_FROM, _HEAT_TO = 4, 400
"""The fewest and the most entries of a heat map: fewer are read as quickly as numbers, more would make the drawing large."""

_TALL = 8
"""From how many lines on a block of text may scroll, so that it must be reached by keyboard."""


def page(results: Sequence[Result], title: str = "Gradmark report") -> str:
    """Render results as one HTML page: a table and the class's statistics if there are several, then each submission."""
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            title=title,
            results=results,
            classes=class_statistics(results) if len(results) > 1 else [],
            light=svg.LIGHT,
            dark=svg.DARK,
            ids=Ids(),
        )
    )


def student_page(seen: Result) -> str:
    """Render a result as its author's own page: it and nothing else.

    Args:
        seen: what they may see of it (:func:`grader.shown.may_see`); all of it is shown.

    """
    return (
        environment()
        .get_template("student.html.j2")
        .render(
            title=f"{inline(seen.submission.id, 60)} · {inline(seen.assignment or 'no assignment', 40)}",
            seen=seen,
            unseen=unseen_points(seen),
            light=svg.LIGHT,
            dark=svg.DARK,
            ids=Ids(),
        )
    )


class Ids:
    """The ids for elements of one page, each given once."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def next(self) -> str:
        """Return an id that this page does not have yet."""
        return f"h{next(self._numbers)}"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the templates of all pages, with what they may call."""
    made = Environment(
        loader=PackageLoader("grader.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        SIGNS=SIGNS,
        WORDS=WORDS,
        as_python=as_python,
        counted=counted,
        findings=findings,
        folded=_folded,
        groups=_groups,
        headline=headline,
        heat=_heat,
        img=_img,
        kept=kept,
        notebook_sentence=notebook_sentence,
        notebook_word=notebook_word,
        notes_left=notes_left,
        panels=panels,
        percent=percent,
        picture_of=picture_of,
        unanswered=unanswered,
        tone=lambda status: _TONES.get(status, "odd"),
    )
    made.filters.update(
        clean=clean,
        inline=inline,
        note=note_sentence,
        remark=remark,
        for_graders=for_graders,
        points=points,
        tall=lambda text: text.count("\n") >= _TALL or len(text) > _TALL * 60,
        short=lambda name: inline(name.rpartition(".")[2], 80),
    )
    return made


def _groups(items: Sequence[ItemResult]) -> dict[str, list[ItemResult]]:
    """Group exercises, in the order of the course: ``faulty``, ``passed``, and one group a status of work not begun."""
    return {
        "faulty": [i for i in items if i.status not in ("passed", *UNANSWERED)],
        "passed": [i for i in items if i.status == "passed"],
        **{status: [i for i in items if i.status == status] for status in UNANSWERED},
    }


def _heat(example: Counterexample, ident: str) -> Markup | None:
    """Draw |got − expected| of the output that is furthest off; None if shapes differ, none is off, or the size is unfit."""
    off = errors(example)
    if off is None or not _HEAT_FROM <= sum(map(len, off.rows)) <= _HEAT_TO:
        return None
    title = f"How far {off.name} is off, entry by entry"
    drawn = svg.heatmap(off.rows, title, off.caption, ident=ident, worst=off.worst)
    return Markup(drawn)  # noqa: S704 - numbers, and two texts that the drawing escapes


def _folded(item: ItemResult) -> list[Picture]:
    """Return the first folded picture of an exercise's checks, unless it is drawn with a fault that is told.

    A gradient that is no slope is mostly told beside wrong values, which have the example.
    """
    told = [finding.counterexample for finding in findings(item)]
    examples = [check.counterexample for check in item.checks if check.counterexample is not None]
    drawn = [(example, picture) for example in examples if (picture := picture_of(example)) and picture.folded]
    return [picture for example, picture in drawn[:1] if example not in told]


def _img(drawn: Picture) -> Markup:
    return Markup(img(drawn))  # noqa: S704 - it escapes its text
