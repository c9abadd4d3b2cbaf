"""A viva sheet for people: text for a terminal, and a page that prints on one sheet. Student text is bounded and escaped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grader.report import svg
from grader.report.class_pages import block
from grader.report.html import Ids, environment
from grader.report.text import clean, inline, points
from grader.viva import Question, Sheet

__all__ = ["viva_page", "viva_text"]

_WIDE, _LINES = 100, 12


@dataclass(frozen=True)
class Shown:
    """One question as it is shown: texts are clean."""

    exercise: str
    asks: str
    expect: str
    inputs: str
    values: str
    lines: str


def viva_page(sheet: Sheet) -> str:
    """Render a sheet as one self-contained page for print."""
    return (
        environment()
        .get_template("viva.html.j2")
        .render(
            title=f"Viva · {inline(sheet.student, 60)}",
            name=inline(sheet.student, 60),
            assignment=inline(sheet.assignment, 60),
            sheet=sheet,
            questions=[_shown(question) for question in sheet.questions],
            light=svg.LIGHT,
            dark=svg.DARK,
            ids=Ids(),
        )
    )


def viva_text(sheet: Sheet) -> str:
    """Return a sheet as text for a terminal."""
    return "\n".join(_text(sheet))


def _text(sheet: Sheet) -> Iterator[str]:
    score = f"{points(sheet.score)} of {points(sheet.max_score)} points"
    yield f"Viva: {inline(sheet.student, 60)}, {inline(sheet.assignment, 60)}, {score}"
    if not sheet.questions:
        yield "There is nothing to ask: no function of theirs was judged."
    for number, question in enumerate(map(_shown, sheet.questions), 1):
        yield ""
        yield f"{number}. {question.exercise}"
        yield f"   {question.asks}"
        for part in (question.lines, question.inputs):
            yield from (f"     {line}" for line in part.splitlines())
        yield f"   Expect: {question.expect}"
        yield from (f"     {line}" for line in question.values.splitlines())


def _shown(question: Question) -> Shown:
    return Shown(
        exercise=inline(question.exercise, 120),
        asks=inline(question.asks, 500),
        expect=inline(question.expect, 500),
        inputs=_blocks(question.inputs),
        values=_blocks(question.values),
        lines=clean("\n".join(f"{number:>3}  {text[:_WIDE]}" for number, text in question.lines)),
    )


def _blocks(values: Mapping[str, Any]) -> str:
    lines = [line[:_WIDE] for name, value in values.items() for line in block(str(name), value)]
    return clean("\n".join(lines[: 2 * _LINES] + (["…"] if len(lines) > 2 * _LINES else [])))
