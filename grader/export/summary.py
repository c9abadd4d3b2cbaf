"""The summary of a step of GitHub Actions, as Markdown: a table of points, and a diagnosis for each exercise.

Over 1 MiB a step's summary is lost whole: what does not fit is left out, and that is said. Text of a student becomes
character references, in which no reader of Markdown or HTML sees a sign of its own.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.export.annotations import Where
from grader.places import Place, Places
from grader.report import (
    SIGNS,
    WORDS,
    clean,
    counted,
    faults,
    inline,
    note_sentence,
    notebook_sentence,
    percent,
    points,
    remark,
)
from grader.result import Counterexample, ItemResult, Result

__all__ = ["MOST_BYTES", "escaped", "step_summary"]

MOST_BYTES = 900_000
"""The most bytes that a step's summary may have in all; GitHub takes 1 MiB."""
_NOTE = "\n*{} left out here: a summary has room for {:,} bytes.*\n"
_RESERVED = 200
_SIGNS = re.compile(r"[\\`*_{}\[\]<>()#+\-.!|&~$:@^\"']")


def escaped(text: str) -> str:
    """Return a text of one line so that Markdown and HTML show it as it is, and that it calls nobody and links nowhere."""
    shown = _SIGNS.sub(lambda m: f"&#{ord(m[0])};", text)
    # Names of people and numbers of issues are looked for once the references are read.
    return shown.replace("&#64;", "&#64;&#8203;").replace("&#35;", "&#35;&#8203;")


def step_summary(
    results: Sequence[Result], where: Where, left_out: Sequence[Result] = (), room: int = MOST_BYTES
) -> str:
    """Return the summary of results; empty where there is no room for its beginning.

    Args:
        results: as their author may see them.
        where: the places of their work.
        left_out: further results, of units that nobody touched.
        room: the most bytes that it may have.

    """
    room -= _RESERVED
    text, used, cut = [], 0, 0
    for block in _blocks(results, where, left_out):
        size = len(block.encode())
        if cut or used + size > room:
            cut += 1
            continue
        text.append(block)
        used += size
    if not text:
        return ""
    return "".join(text) + (_NOTE.format(counted(cut, "part"), room + _RESERVED) if cut else "")


def _blocks(results: Sequence[Result], where: Where, left_out: Sequence[Result]) -> Iterator[str]:
    """Yield the parts of a summary, the most important first; none is cut in itself, and each is small."""
    yield _head(results, left_out)
    several = len({r.submission.id for r in results}) > 1
    for result in results:
        yield _title(result, several)
        yield from _rows(result.items)
        yield _below(result)
    for result in results:
        places = where.get((result.submission.id, result.assignment), Places())
        for item in result.items:
            if item.status not in ("passed", "not_attempted", "skipped"):
                yield _diagnosis(item, places, result if several else None)


def _head(results: Sequence[Result], left_out: Sequence[Result]) -> str:
    score, most = sum(r.score for r in results), sum(r.max_score for r in results)
    lines = [f"## Gradmark: {points(score)} of {points(most)} points ({percent(score, most)})", ""]
    if any(r.needs_person for r in results):
        lines += ["**The grader itself failed on a part of this: the score is not final, a person must look.**", ""]
    if left_out:
        names = ", ".join(escaped(inline(r.assignment or "?", 40)) for r in left_out[:40])
        lines += [f"Not begun, and left out: {names}.", ""]
    return "\n".join(lines)


def _title(result: Result, several: bool) -> str:
    name = escaped(inline(result.assignment or "no assignment", 40))
    who = f"{escaped(inline(result.submission.id, 80))}: " if several else ""
    score = f"{points(result.score)} of {points(result.max_score)} points" if result.graded else "not graded"
    head = f"\n### {who}{name}, {score}\n\n{escaped(notebook_sentence(result.notebook))}\n"
    return head + ("\n| | exercise | points | |\n|---|---|---:|---|\n" if result.items else "")


def _rows(items: Sequence[ItemResult]) -> Iterator[str]:
    for item in items:
        earned = "?" if item.status == "grader_error" else points(item.score)
        said = item.message if item.status not in ("passed", "not_attempted", "skipped") else ""
        cells = (
            SIGNS[item.status],
            escaped(inline(item.exercise, 80)),
            f"{earned} / {points(item.max_score)}",
            WORDS[item.status] + (f": {escaped(inline(said, 160))}" if said else ""),
        )
        yield f"| {' | '.join(cells)} |\n"


def _below(result: Result) -> str:
    said = [f"\nNote: {escaped(remark(note))}\n" for note in result.notes[:40]]
    hidden = result.max_score - sum(item.max_score for item in result.items)
    if hidden > 1e-6 and (result.graded or result.needs_person):
        of = points(result.max_score)
        said.append(f"\n{points(hidden)} of these {of} points are from checks that are not shown.\n")
    return "".join(said)


def _diagnosis(item: ItemResult, places: Places, result: Result | None) -> str:
    who = f"{escaped(inline(result.submission.id, 80))}: " if result else ""
    name = f"{who}{escaped(inline(item.exercise, 80))}"
    parts = [f"\n<details><summary>{SIGNS[item.status]} <b>{name}</b> {WORDS[item.status]}</summary>\n"]
    place = places.exercises.get(item.exercise.rpartition(".")[2])
    parts += [f"\n{_at(place)}\n"] if place else []
    for finding in faults(item):
        parts += [f"\n**{escaped(finding.diagnosis.text)}**\n"] if finding.diagnosis else []
        parts += [f"\n{escaped(line)}\n" for line in (finding.message, *finding.also) if line]
        shown = [finding.detail, _example(finding.counterexample)]
        parts += [f"\n<pre>{html.escape(text)}</pre>\n" for text in shown if text]
        lost = f" (−{points(finding.lost)})" if finding.lost else ""
        parts.append(f"\nfails {escaped(', '.join(finding.checks))}{lost}\n")
    notes = dict.fromkeys(note for check in item.checks for note in check.notes)
    parts += [f"\n{escaped(note_sentence(note))}\n" for note in notes]
    return "".join([*parts, "\n</details>\n"])


def _at(place: Place) -> str:
    line = f", line {place.line}" if place.line else ""
    cell = f" (code cell {place.cell})" if place.cell else ""
    return f"In {escaped(inline(place.file, 200))}{line}{cell}."


def _example(example: Counterexample | None) -> str:
    if example is None or not example.expected:
        return ""
    rows = [_value(name, value) for name, value in example.inputs.items()]
    rows += [_value(f"expected {name}", value) for name, value in example.expected.items()]
    rows += [_value(f"got {name}", value) for name, value in _named(example.got, example.expected)]
    return clean("\n".join(rows), limit=3000)


def _named(got: Mapping[str, Any], expected: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, got[name]) for name in expected if name in got)


def _value(name: str, value: Any) -> str:
    return f"{inline(name, 40)} = {inline(json.dumps(value, ensure_ascii=False, default=str), 400)}"
