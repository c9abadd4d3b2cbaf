"""The report on a terminal: a table of many results, the details of one. Readable without colour and at 80 columns.

Text of a student becomes :class:`rich.text.Text`, never a string: rich reads strings as markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.report.arrays import Dense, dense, formatter, grid, lines, plain
from grader.report.findings import Finding, findings, notes_of
from grader.report.follow_through import Kept, kept, notes_left
from grader.report.text import inline, percent, points
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
from grader.statuses import ItemStatus

__all__ = ["details", "table"]

_STYLES: dict[ItemStatus, str] = {
    "passed": "green",
    "partial": "yellow",
    "wrong": "red",
    "raised": "red",
    "timed_out": "magenta",
    "crashed": "magenta",
    "missing": "cyan",
    "not_attempted": "dim",
    "skipped": "dim",
    "grader_error": "bold magenta",
}


def table(results: Sequence[Result]) -> RenderableType:
    """Render a table with one row a result: submission, assignment, score, notebook, and its faults in a line."""
    shown = Table(expand=True, header_style="bold", border_style="dim", show_edge=False, pad_edge=False)
    shown.add_column("submission", overflow="fold", min_width=8, ratio=2)
    shown.add_column("assignment", overflow="ellipsis", no_wrap=True, min_width=6)
    shown.add_column("score", justify="right", no_wrap=True)
    shown.add_column("notebook", overflow="fold", min_width=8, max_width=12)
    shown.add_column("what is wrong", ratio=6)
    for result in results:
        calm = result.notebook.status in ("ok", "absent")
        shown.add_row(
            Text(inline(result.submission.id, 60)),
            Text(inline(result.assignment or "?", 30)),
            Text(_score(result), style=_score_style(result)),
            Text(notebook_word(result.notebook), style="" if calm else "magenta"),
            Text(inline(headline(result), 110)),
        )
    return shown


def _score(result: Result) -> str:
    if not result.graded:
        return "?"
    return f"{points(result.score)}/{points(result.max_score)}{'?' if result.needs_person else ''}"


def _score_style(result: Result) -> str:
    if not result.graded or result.needs_person:
        return "bold magenta"
    if result.score >= result.max_score:
        return "green"
    return "yellow" if 2 * result.score >= result.max_score else "red"


def details(result: Result) -> RenderableType:
    """Render one submission: score and notebook, then each fault once, with the smallest input that shows it."""
    parts: list[RenderableType] = [_head(result)]
    if not result.graded and not result.needs_person:
        return Group(*parts)
    kept_of = kept(result.items)
    parts += _told((item for item in result.items if item.status not in ("passed", *UNANSWERED)), kept_of)
    parts += _rest(result.items, kept_of)
    return Group(*parts)


def _head(result: Result) -> RenderableType:
    who = Text(f"{inline(result.submission.id, 60)} · {inline(result.assignment or 'no assignment', 30)}", style="bold")
    if result.graded:
        share = percent(result.score, result.max_score)
        score = f"{points(result.score)} of {points(result.max_score)} points ({share})"
    else:
        score = "not graded"
    lines_ = [who, Text(score, style=_score_style(result)), Text(notebook_sentence(result.notebook))]
    if result.needs_person:
        lines_.append(Text("The grader itself failed on part of this: the score is not final, a person must look."))
    lines_ += [Text(f"Note: {remark(note)}") for note in result.notes]
    if result.paper:
        lines_.append(Text(for_graders(result.paper), style="bold"))
    by = result.graded_by
    lines_.append(Text(f"seed {by.seed} · isolation {by.isolation}", style="dim"))
    return Group(*lines_)


def _told(items: Iterable[ItemResult], kept_of: Kept | None = None) -> list[RenderableType]:
    """Render the faults of exercises; with points, lost and kept, if it is told what was kept."""
    with_points = kept_of is not None
    parts: list[RenderableType] = []
    for item in items:
        head = Text(f"\n{SIGNS[item.status]} {inline(item.exercise, 80)}", style=f"bold {_STYLES[item.status]}")
        earned = "?" if item.status == "grader_error" else points(item.score)
        score = f"  {earned}/{points(item.max_score)}" if with_points else ""
        parts.append(head.append(f"{score}  {WORDS[item.status]}", style=f"not bold {_STYLES[item.status]}"))
        if item.fits:
            parts.append(Padding(Text(for_graders(item.fits), style="bold"), (0, 0, 0, 4)))
        for finding in findings(item):
            parts += _finding(finding, with_points)
        parts += [Padding(Text(sentence), (0, 0, 0, 4)) for sentence in (kept_of or {}).get(item.exercise, ())]
        parts += [Padding(Text(note_sentence(note), style="dim"), (0, 0, 0, 4)) for note in _notes(item, kept_of)]
    return parts


def _notes(item: ItemResult, kept_of: Kept | None) -> list[str]:
    return notes_of(item) if kept_of is None else notes_left(item)


def _finding(finding: Finding, with_points: bool) -> list[RenderableType]:
    said: list[RenderableType] = []
    if finding.diagnosis is not None:
        said.append(Text(f"→ {finding.diagnosis.text}", style="bold"))
    if finding.message:
        said.append(Text(finding.message))
    if finding.detail:
        said.append(Padding(Text(finding.detail, style="dim"), (0, 0, 0, 2)))
    said += [Text(sentence) for sentence in finding.also]
    if finding.counterexample is not None and finding.counterexample.expected:
        said += _example(finding.counterexample)
    lost = f" (−{points(finding.lost)})" if with_points and finding.lost else ""
    said.append(Text(f"fails {', '.join(finding.checks)}{lost}", style="dim"))
    return [Padding(part, (0, 0, 0, 4)) for part in said]


def _example(example: Counterexample) -> list[RenderableType]:
    """Render the inputs, and below them each output expected beside got, as small matrices; as many side by side as fit."""
    inputs = [_block(inline(name, 20), value, _array(value)) for name, value in example.inputs.items()]
    outputs = []
    for name, value in example.expected.items():
        pair = [_array(value), _array(example.got.get(name))]
        worst = example.worst.get("index") if example.worst.get("output") == name else None
        shown = formatter(*(a for a in pair if a is not None))
        for role, v, array in (("expected", value, pair[0]), ("got", example.got.get(name), pair[1])):
            outputs.append(_block(f"{role} {inline(name, 20)}", v, array, shown, worst))
    return [Padding(Columns(blocks, padding=(0, 4)), (0, 0, 0, 2)) for blocks in (inputs, outputs) if blocks]


def _array(value: object) -> Dense | None:
    found = dense(value)
    return found if found is not None and found.shape else None


def _block(
    title: str,
    value: object,
    array: Dense | None,
    shown: Mapping[float, str] | None = None,
    worst: Sequence[int] | None = None,
) -> Text:
    text = Text(no_wrap=True, overflow="ellipsis")
    if array is None:
        return text.append(f"{title} = ", style="dim").append(plain(value, 60))
    window = grid(array, shown or formatter(array), worst)
    text.append(f"{title} {array.shape}\n", style="dim").append("\n".join(lines(window)))
    if window.note:
        text.append(f"\n{window.note}", style="dim")
    return text


def _having(items: Iterable[ItemResult], status: ItemStatus) -> list[ItemResult]:
    return [item for item in items if item.status == status]


def _rest(items: Sequence[ItemResult], kept_of: Kept | None = None) -> list[RenderableType]:
    """Render the notes on exercises that passed, a line for all of these, and one for each status of work not begun."""
    parts: list[RenderableType] = []
    passed = _having(items, "passed")
    for item in passed:
        said = [*(kept_of or {}).get(item.exercise, ()), *map(note_sentence, _notes(item, kept_of))]
        for sentence in said:
            line = Text(f"\n{SIGNS['passed']} {inline(item.exercise, 80)}  ", style="green")
            parts.append(line.append(sentence, style="not bold default"))
    for status in ("passed", *UNANSWERED):
        group = _having(items, status)
        if not group:
            continue
        names = ", ".join(inline(item.exercise.rpartition(".")[2], 60) for item in group)
        worth = f", {_worth(group)}" if kept_of is not None else ""
        head = Text(f"\n{SIGNS[status]} {len(group)} {WORDS[status]}{worth}: ", style=_STYLES[status])
        parts.append(head.append(names, style="default"))
        for why, short in unanswered(group).items() if status != "passed" else ():
            parts.append(Padding(Text(f"{', '.join(short)}: {why}"), (0, 0, 0, 4)))
    return parts


def _worth(items: Sequence[ItemResult]) -> str:
    """Return ``12 points``: the points earned, or those to earn where none was earned."""
    earned = sum(item.score for item in items)
    total = earned or sum(item.max_score for item in items)
    return f"{points(total)} {'point' if total == 1 else 'points'}"
