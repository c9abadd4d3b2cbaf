"""Annotations: what a code host shows beside the lines of a student's own files. Results and places in, texts out.

The commands are those of GitHub Actions, ``::error file=,line=,endLine=,title=::message``: ``%``, CR and LF are escaped, in
properties ``:`` and ``,`` too. A step shows ten errors and ten warnings; the rest is counted in one notice. GitLab reads the
same as a Code Quality report.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from grader.places import Place, Places
from grader.report import WORDS, clean, counted, faults, inline, notebook_sentence, percent, points
from grader.result import ItemResult, Result
from grader.statuses import ItemStatus

__all__ = ["MOST", "Annotation", "annotated", "code_quality", "workflow_commands"]

Level = Literal["error", "warning", "notice"]
MOST = 10
"""The most errors, and the most warnings, that GitHub shows of a step."""
_ERRORS: tuple[ItemStatus, ...] = ("wrong", "raised", "timed_out", "crashed", "grader_error")
_WARNINGS: tuple[ItemStatus, ...] = ("partial", "missing")
_LONGEST = 1200
_NAMED = 12
Where = Mapping[tuple[str, str | None], Places]
"""The places of submissions, by the id and the assignment of their results."""


@dataclass(frozen=True, kw_only=True)
class Annotation:
    """One annotation; all text is clean, and escaped for no format. ``worth`` are the points that it is about, which rank it."""

    level: Level
    title: str
    message: str
    place: Place | None = None
    worth: float = 0.0


def annotated(results: Sequence[Result], where: Where, left_out: Sequence[Result] = ()) -> list[Annotation]:
    """Return what is to be said of results, the most valuable first within each level; not cut to any number.

    Args:
        results: as their author may see them.
        where: the places of their work.
        left_out: further results, of units that nobody touched: named in one notice.

    """
    said = [a for result in results for a in _of_result(result, where.get(_key(result), Places()))]
    if left_out:
        names = _listed(result.assignment or "?" for result in left_out)
        said.append(
            Annotation(level="notice", title="Not begun", message=f"Left out, since nothing is attempted: {names}")
        )
    order = ("error", "warning", "notice")
    return sorted(said, key=lambda a: (order.index(a.level), -a.worth))


def _key(result: Result) -> tuple[str, str | None]:
    return result.submission.id, result.assignment


def _of_result(result: Result, places: Places) -> Iterable[Annotation]:
    who = inline(result.assignment or result.submission.id, 60)
    if not result.graded and not result.needs_person:
        yield Annotation(
            level="error",
            title=f"{who}: not graded",
            message=notebook_sentence(result.notebook),
            place=_cell(places, result.notebook.cell),
            worth=result.max_score,
        )
        return
    if result.needs_person and not any(item.status == "grader_error" for item in result.items):
        yield Annotation(level="error", title=f"{who}: needs a person", message=notebook_sentence(result.notebook))
    if result.notebook.status in ("failed", "timed_out", "crashed") and result.notebook.cell is not None:
        place = _cell(places, result.notebook.cell)
        said = notebook_sentence(result.notebook)
        yield Annotation(level="warning", title=f"{who}: the notebook", message=said, place=place)
    waiting = [item for item in result.items if item.status == "not_attempted"]
    for item in result.items:
        if item.status in (*_ERRORS, *_WARNINGS):
            yield _of_item(item, places)
    if waiting:
        worth = points(sum(item.max_score for item in waiting))
        names = _listed(item.exercise.rpartition(".")[2] for item in waiting)
        yield Annotation(
            level="notice",
            title=f"{who}: {counted(len(waiting), 'exercise')} not attempted",
            message=f"{worth} more points are to be had: {names}",
        )
    yield Annotation(level="notice", title=f"{who}: {_score(result)}", message=_told(result))


def _score(result: Result) -> str:
    return f"{points(result.score)} of {points(result.max_score)} points"


def _told(result: Result) -> str:
    passed = sum(item.status == "passed" for item in result.items)
    share = percent(result.score, result.max_score)
    person = " The grader itself failed on a part: the score is not final." if result.needs_person else ""
    return f"{share}; {passed} of {counted(len(result.items), 'exercise')} passed.{person}"


def _of_item(item: ItemResult, places: Places) -> Annotation:
    short = item.exercise.rpartition(".")[2]
    broken = item.status == "grader_error"
    return Annotation(
        level="error" if item.status in _ERRORS else "warning",
        title=f"{inline(item.exercise, 80)}: {WORDS[item.status]} ({points(item.score)} of {points(item.max_score)} points)",
        message=message_of(item),
        place=None if broken else places.exercises.get(short) or places.exercises.get("") or places.whole,
        worth=item.max_score if broken else item.max_score - item.score,
    )


def message_of(item: ItemResult) -> str:
    """Return the first fault of an exercise in words: the diagnosis, what was seen, and how many faults more there are."""
    told = faults(item)
    lines: list[str] = []
    for finding in told[:1]:
        lines += [finding.diagnosis.text] if finding.diagnosis else []
        lines += [finding.message] if finding.message else []
    lines = lines or [inline(item.message) or WORDS[item.status]]
    if len(told) > 1:
        lines.append(f"{counted(len(told) - 1, 'fault')} more: see the summary.")
    return clean("\n".join(lines), limit=_LONGEST)


def _cell(places: Places, cell: int | None) -> Place | None:
    return places.cells[cell - 1] if cell is not None and 0 < cell <= len(places.cells) else places.whole


def _listed(names: Iterable[str]) -> str:
    known = [inline(name, 60) for name in names]
    return ", ".join(known[:_NAMED]) + (f" and {len(known) - _NAMED} more" if len(known) > _NAMED else "")


# ----------------------------------------------------------------------------------------- formats
def workflow_commands(said: Sequence[Annotation], most: int = MOST) -> list[str]:
    """Return annotations as workflow commands of GitHub Actions, one a line, at most ``most`` of each level.

    What is beyond is counted in one notice, which takes the last place of the notices.
    """
    kept: list[Annotation] = []
    beyond: list[str] = []
    for level in ("error", "warning", "notice"):
        of_level = [a for a in said if a.level == level]
        room = most if level != "notice" else most - 1
        kept += of_level[:room]
        if len(of_level) > room:
            beyond.append(counted(len(of_level) - room, level))
    if beyond:
        message = f"{' and '.join(beyond)} more than are shown here: the summary has them all"
        kept.append(Annotation(level="notice", title="More", message=message))
    return [_command(annotation) for annotation in kept]


def _command(annotation: Annotation) -> str:
    place = annotation.place
    properties: dict[str, object] = {}
    if place is not None:
        properties["file"] = place.file
        properties |= {"line": place.line} if place.line else {}
        properties |= {"endLine": place.end_line} if place.line and place.end_line else {}
    properties["title"] = annotation.title
    named = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{annotation.level} {named}::{_data(_in_cell(annotation))}"


def _in_cell(annotation: Annotation) -> str:
    cell = annotation.place.cell if annotation.place else None
    return annotation.message + (f"\n(code cell {cell} of the notebook)" if cell else "")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def code_quality(said: Sequence[Annotation]) -> str:
    """Return annotations as a Code Quality report of GitLab, in JSON: those that have a file, notices left out."""
    severity = {"error": "major", "warning": "minor"}
    found = []
    for a in said:
        if a.place is None or a.level not in severity:
            continue
        name = a.title.partition(":")[0]
        lines = {"begin": a.place.line or 1, "end": a.place.end_line or a.place.line or 1}
        found.append(
            {
                "description": f"{a.title}: {inline(_in_cell(a), 600)}",
                "check_name": name,
                # Of one exercise of one file it stays the same, however its lines move.
                "fingerprint": sha256(f"{a.place.file}\0{name}".encode("utf-8", "surrogateescape")).hexdigest(),
                "severity": severity[a.level],
                "location": {"path": inline(a.place.file, 400), "lines": lines},
            }
        )
    return json.dumps(found, ensure_ascii=False, indent=2)
