"""A card as HTML for a notebook: its parts in their order, what most students do not need folded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from grader.report.card_parts import (
    SOFT,
    TEXT,
    WRAP,
    badge,
    code,
    css,
    folded,
    judged,
    paragraph,
    picture,
    row,
    section,
    table,
    th,
    titles,
)
from grader.report.card_values import graph_steps, values
from grader.report.findings import Finding
from grader.report.told import Picture, Row, Told

__all__ = ["card", "overview"]

_UNBROKEN = 22
"""The most characters of a name that a phone has room for."""


def card(told: Told) -> str:
    """Write a card down as one HTML section."""
    parts = [
        _head(told),
        paragraph(told.count, SOFT),
        _say(told.main, told.status),
        paragraph(told.more),
        paragraph(told.exact),
        paragraph(f"It stopped at {told.own.place}:") + code(told.own.code) if told.own is not None else "",
        values(told.example) if told.example is not None else "",
        *map(_picture, told.pictures),
        graph_steps(told.example) if told.example is not None else "",
        *map(_other, told.others),
        folded("Reproduce it in Python", code(told.repro)) if told.repro else "",
        _details(told),
        *(paragraph(note, SOFT) for note in told.notes),
    ]
    return section(f"{told.name}: {told.verdict}", told.status, parts)


def overview(title: str, said: str, rows: Sequence[Row]) -> str:
    """Write several exercises down as a table."""
    caption = f"<strong>{escape(title)}</strong>: {escape(said)}"
    head = titles(("Exercise", "Verdict, and what is wrong"))
    return section(f"{title}: {said}", "skipped", [table(caption, head, (_overview_row(told, title) for told in rows))])


def _head(told: Told) -> str:
    unit, dot, name = told.name.rpartition(".")
    # A line may end behind the unit: else a long name would go to a line of its own, away from its sign.
    where = f'<span style="{SOFT}">{escape(unit + dot)}</span><wbr>' if unit else ""
    said = f"{where}<strong>{escape(name)}</strong>: <strong>{escape(told.verdict)}</strong>"
    style = css("margin:0;font-size:1.12em", WRAP)
    return f'<p style="{style}">{badge(told.sign, told.status)} {said}</p>'


def _say(text: str, status: str) -> str:
    """Draw the one line that says what is wrong; of an exercise that has no fault, as an ordinary line."""
    if not judged(status):
        return paragraph(text)
    ground = "padding:.4em .75em;background:rgba(86,180,233,.15);border-radius:.3em"
    return paragraph(text, "margin:.55em 0", ground, "font-weight:600")


def _picture(drawn: Picture) -> str:
    return folded(drawn.caption, picture(replace(drawn, caption=""))) if drawn.folded else picture(drawn)


def _other(other: tuple[Finding, str, str]) -> str:
    """Draw a further fault: its line, and behind it what it rests on."""
    finding, main, more = other
    inside = paragraph(more) + code(finding.detail)
    if finding.counterexample is not None:
        inside += values(finding.counterexample) + graph_steps(finding.counterexample)
    return folded(f"Also: {main}", inside) if inside else paragraph(f"Also: {main}")


def _details(told: Told) -> str:
    """Draw what is folded: further sentences, the whole traceback, and the checks in plain words."""
    if not told.checks:
        return ""
    said = "".join(map(paragraph, told.also))
    # Where one line of the student's own is shown above, the whole way to it is for those who look for it.
    shown = told.own is not None and told.own.code.strip() == told.detail.strip()
    trace = "" if shown else code(told.detail)
    rows = (row(th(words, "row", TEXT) + _verdict(sign, verdict)) for words, sign, verdict in told.checks)
    return folded(
        "The public checks, one by one", said + trace + table("", titles(("What is checked", "Verdict")), rows)
    )


def _verdict(sign: str, verdict: str) -> str:
    return (
        f'<td style="{TEXT};white-space:nowrap"><span aria-hidden="true">{escape(sign)}</span> {escape(verdict)}</td>'
    )


def _overview_row(told: Row, title: str) -> str:
    unit, dot, name = told.name.rpartition(".")
    said = escape(told.said) if told.said else f'<span style="{SOFT}">{escape(told.count)}</span>'
    verdict = f"{badge(told.sign, told.status)} <strong>{escape(told.verdict)}</strong>"
    above = "" if unit in ("", title) else f'<span style="{SOFT}">{escape(unit + dot)}</span><br>'
    style = css(TEXT, "overflow-wrap:break-word", "white-space:nowrap" if len(name) <= _UNBROKEN else "")
    return row(
        f'<th scope="row" style="{style}">{above}<strong>{_breaking(name)}</strong></th><td style="{TEXT}">{verdict}<br>{said}</td>'
    )


def _breaking(name: str) -> str:
    """Return a name that a narrow page may break behind its underscores, and nowhere else."""
    return escape(name).replace("_", "_<wbr>") if len(name) > _UNBROKEN else escape(name)
