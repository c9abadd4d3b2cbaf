"""Similar work, shown as evidence with both sides: as one page, as lines for a terminal, and as JSON. It names no culprit."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.report import svg
from grader.report.class_pages import example_text
from grader.report.html import Ids, environment
from grader.report.text import clean, counted, inline
from grader.similarity import Alike, Handed, Part, SameAnswers, Similar

__all__ = ["similar_json", "similar_lines", "similar_page"]

PAIRS, PARTS, LINES, WIDE, ANSWERS = 40, 3, 80, 160, 40
"""The most pairs on a page, exercises of a pair that are shown, lines of a side and their width, and shared answers."""
DISCLAIMER = (
    "This is evidence to read, not a verdict. Short functions agree by necessity, people learn together, and a tool cannot tell who"
    " had it from whom. Look at both sides, and talk to the students."
)


@dataclass(frozen=True)
class Line:
    """A line of a student's text, clean; ``hit`` if it is part of what both have."""

    text: str
    hit: bool


@dataclass(frozen=True)
class Side:
    """One student's text of one exercise."""

    name: str
    lines: tuple[Line, ...]
    share: float
    more: int


@dataclass(frozen=True)
class Both:
    """An exercise with both sides."""

    exercise: str
    one: Side
    other: Side


@dataclass(frozen=True)
class Pair:
    """A pair as the page shows it."""

    one: str
    other: str
    weight: float
    answers: tuple[str, ...]
    parts: tuple[Both, ...]
    more: tuple[str, ...]


def similar_page(found: Similar, handed: Sequence[Handed], title: str, notes: Sequence[str] = ()) -> str:
    """Render what was found as one self-contained page.

    Args:
        found: what :func:`grader.similarity.compare` found.
        handed: what it was given.
        title: such as the assignment.
        notes: sentences on how it was found, such as that no results were at hand.

    """
    names = _names(handed)
    return (
        environment()
        .get_template("similar.html.j2")
        .render(
            title=f"Similar work · {inline(title, 80)}",
            heading=inline(title, 80),
            disclaimer=DISCLAIMER,
            notes=[inline(note) for note in notes],
            found=found,
            answers=[_answer(same, names) for same in found.answers[:ANSWERS]],
            more_answers=len(found.answers) - ANSWERS,
            pairs=[_pair(alike, handed, names) for alike in found.pairs[:PAIRS]],
            more_pairs=len(found.pairs) - PAIRS + found.more,
            light=svg.LIGHT,
            dark=svg.DARK,
            ids=Ids(),
        )
    )


def _names(handed: Sequence[Handed]) -> list[str]:
    return [inline(one.name or one.id, 60) for one in handed]


def _answer(same: SameAnswers, names: Sequence[str]) -> dict[str, object]:
    return {
        "exercise": inline(same.exercise, 120),
        "who": [names[place] for place in same.who],
        "message": inline(same.message),
        "example": example_text(same.example) if same.example is not None else "",
    }


def _pair(alike: Alike, handed: Sequence[Handed], names: Sequence[str]) -> Pair:
    one, other = alike.who
    return Pair(
        names[one],
        names[other],
        alike.weight,
        tuple(inline(name, 120) for name in alike.answers),
        tuple(_both(part, handed[one], handed[other], names[one], names[other]) for part in alike.parts[:PARTS]),
        tuple(inline(part.exercise, 120) for part in alike.parts[PARTS:]),
    )


def _both(part: Part, one: Handed, other: Handed, name: str, other_name: str) -> Both:
    return Both(
        inline(part.exercise, 120),
        _side(one.texts[part.exercise], part.lines[0], part.shares[0], name),
        _side(other.texts[part.exercise], part.lines[1], part.shares[1], other_name),
    )


def _side(text: str, hits: frozenset[int], share: float, name: str) -> Side:
    lines = text.splitlines()
    shown = (_line(line, number in hits) for number, line in enumerate(lines[:LINES], 1))
    return Side(name, tuple(shown), share, max(0, len(lines) - LINES))


def _line(text: str, hit: bool) -> Line:
    kept = clean(text[:WIDE], limit=WIDE)
    return Line(kept, hit and bool(kept.strip()))


def similar_lines(found: Similar, handed: Sequence[Handed], most: int = 20) -> Iterator[str]:
    """Yield what was found as lines for a terminal, each clean."""
    names = _names(handed)
    for same in found.answers[:most]:
        who = ", ".join(names[place] for place in same.who)
        yield f"same wrong answer, no known mistake: {inline(same.exercise, 80)}: {who}"
    for alike in found.pairs[:most]:
        parts = ", ".join(f"{inline(p.exercise, 80)} {round(100 * max(p.shares))} %" for p in alike.parts[:PARTS])
        more = len(alike.parts) - PARTS
        answers = f"; {counted(len(alike.answers), 'same wrong answer')}" if alike.answers else ""
        rest = f" and {more} more" if more > 0 else ""
        yield f"{names[alike.who[0]]} and {names[alike.who[1]]}: {parts or 'no shared text'}{rest}{answers}"
    left = len(found.answers[most:]) + len(found.pairs[most:]) + found.more
    if left:
        yield f"and {left} more of less weight"
    if not found.answers and not found.pairs:
        yield "nothing that few share was found"
    yield DISCLAIMER


def similar_json(found: Similar, handed: Sequence[Handed]) -> str:
    """Return the JSON text ``{"schema": "gradmark/similar/1", ...}``: students by their ids, lines from 1."""
    ids = [one.id for one in handed]
    shown = {
        "schema": "gradmark/similar/1",
        "note": DISCLAIMER,
        "students": found.students,
        "compared": found.compared,
        "answers": [
            {"exercise": s.exercise, "fingerprint": s.fingerprint, "who": [ids[i] for i in s.who], "message": s.message}
            for s in found.answers
        ],
        "pairs": [
            {
                "who": [ids[i] for i in p.who],
                "weight": p.weight,
                "same_wrong_answers": list(p.answers),
                "exercises": [
                    {
                        "exercise": part.exercise,
                        "weight": round(part.weight, 3),
                        "shares": [round(share, 3) for share in part.shares],
                        "lines": [sorted(lines) for lines in part.lines],
                    }
                    for part in p.parts
                ],
            }
            for p in found.pairs
        ],
        "more": found.more,
    }
    return json.dumps(shown, indent=1, ensure_ascii=False)
