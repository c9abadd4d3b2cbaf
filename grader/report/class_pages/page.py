"""The class page: one file without network that shows how a class did, what it got wrong, and each student's row.

Students' rows are kept short, since there may be a thousand; names, which stand in many places, are cut off after some in each.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from markupsafe import Markup

from grader.grades import Grade, GradeState
from grader.report import svg
from grader.report.class_pages.answers import AnswerGroup, alike
from grader.report.class_pages.histogram import histogram
from grader.report.class_pages.numbers import ClassNumbers, class_numbers
from grader.report.html import Ids, environment
from grader.report.text import inline

__all__ = ["STATES", "class_page", "lateness"]

STATES: dict[GradeState, str] = {
    "graded": "graded",
    "missing": "nothing handed in",
    "excused": "excused",
    "needs_person": "needs a person",
    "not_gradable": "could not be graded",
}
NAMES, GROUPS, EXAMPLES, MISTAKES, FIRST = 30, 8, 4, 60, 12
"""The most names in a list, groups of answers of an exercise, counterexamples among them, mistakes, and mistakes unfolded."""
SCRIPT = "class.js"


@dataclass(frozen=True)
class Row:
    """One student's row; texts are clean."""

    name: str
    link: str
    section: str
    state: GradeState
    points: float | None
    late: str
    passed: int
    of: int
    other_paper: bool = False


def class_page(grades: Sequence[Grade], title: str = "", links: Mapping[str, str] | None = None, note: str = "") -> str:
    """Render the grades of one assignment as one self-contained page.

    Args:
        grades: one a student, in the order of their rows.
        title: of the assignment; by default its name.
        links: by student's id the address of their own page, relative to this one; who is not in it is not linked.
        note: a sentence below the title, such as that names are hidden.

    """
    numbers = class_numbers(grades)
    groups = alike(grades)
    links = links or {}
    rows = [_row(grade, links.get(grade.person.id, "")) for grade in grades]
    ids = Ids()
    return (
        environment()
        .get_template("class.html.j2")
        .render(
            title=f"{inline(title or _assignment(grades), 80)} · the class",
            note=inline(note),
            heading=inline(title or _assignment(grades), 80),
            numbers=numbers,
            histogram=_histogram(numbers, ids),
            states=STATES,
            rows=rows,
            sections=sorted({row.section for row in rows if row.section}),
            any_late=any(row.late for row in rows),
            mistakes=numbers.mistakes[:MISTAKES],
            more_mistakes=len(numbers.mistakes) - MISTAKES,
            groups={name: _shown(of_one) for name, of_one in groups.items()},
            many=NAMES,
            first=FIRST,
            script=_script(),
            policy=script_policy(),
            light=svg.LIGHT,
            dark=svg.DARK,
            ids=ids,
        )
    )


def _assignment(grades: Sequence[Grade]) -> str:
    return grades[0].assignment if grades else "no assignment"


def _row(grade: Grade, link: str) -> Row:
    return Row(
        name=inline(grade.person.shown, 60),
        link=quote(link),
        section=inline(grade.person.section, 30),
        state=grade.state,
        points=grade.points,
        late=lateness(grade.late_seconds) if grade.late_seconds > 0 else "",
        passed=sum(e.status == "passed" for e in grade.exercises),
        of=len(grade.exercises),
        other_paper=grade.attempt is not None and bool(grade.attempt.paper),
    )


def lateness(seconds: float) -> str:
    """Return how late something is in one unit: ``2 d``, ``5 h``, ``12 min``; begun ones count."""
    for size, unit in ((86400, "d"), (3600, "h")):
        if seconds >= size:
            return f"{-(-seconds // size):.0f} {unit}"
    return f"{max(1, -(-seconds // 60)):.0f} min"


def _histogram(numbers: ClassNumbers, ids: Ids) -> Markup | None:
    if not numbers.points or numbers.median is None:
        return None
    drawn = histogram(numbers.bins, numbers.max_points, numbers.median, ident=ids.next())
    return Markup(drawn)  # noqa: S704 - numbers alone


@dataclass(frozen=True)
class Shown:
    """The groups of one exercise that are shown, those of them with their example, and how much is left out."""

    groups: Sequence[AnswerGroup]
    with_example: int
    more: int
    of_students: int


def _shown(groups: Sequence[AnswerGroup]) -> Shown:
    rest = groups[GROUPS:]
    return Shown(groups[:GROUPS], EXAMPLES, len(rest), sum(len(group.who) for group in rest))


@lru_cache(maxsize=1)
def _script() -> Markup:
    loader = environment().loader
    assert loader is not None
    return Markup(loader.get_source(environment(), SCRIPT)[0])  # noqa: S704 - our own file


@lru_cache(maxsize=1)
def script_policy() -> str:
    """Return the part of the page's policy that lets this one script run, and no other that a text might smuggle in."""
    digest = hashlib.sha256(str(_script()).encode()).digest()
    return f"; script-src 'sha256-{base64.b64encode(digest).decode()}'"
