"""The exercises of a course on a terminal and as JSON: for ``gradmark list`` and ``gradmark show``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.judging import Exercise, Unit
from grader.report.text import points

__all__ = ["exercise_page", "units_json", "units_page"]

PromptOf = Callable[[Exercise], tuple[str, str]]
"""A function from an exercise to its signature and its prompt."""


def units_page(found: Iterable[Unit], prompt_of: PromptOf) -> RenderableType:
    """Render a table for each unit: exercises, points, forms, and the first line of each prompt."""
    return Group(*(_unit(unit, prompt_of) for unit in found))


def _unit(unit: Unit, prompt_of: PromptOf) -> RenderableType:
    table = Table(
        title=f"\n{unit.name}: {unit.title} ({len(unit.exercises)} exercises, {points(unit.points)} points)",
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
    )
    table.add_column("exercise", no_wrap=True, header_style="dim")
    table.add_column("points", justify="right", no_wrap=True, header_style="dim")
    table.add_column("form", no_wrap=True, header_style="dim")
    table.add_column("what is asked", header_style="dim")
    for e in unit.exercises:
        asked = Text(prompt_of(e)[1].partition("\n")[0], no_wrap=True, overflow="ellipsis")
        table.add_row(Text(e.short), Text(points(e.points)), Text(e.form), asked)
    return table


def exercise_page(found: Exercise, prompt_of: PromptOf) -> RenderableType:
    """Render one exercise: signature, points, the whole prompt, and its checks."""
    signature, prompt = prompt_of(found)
    checks = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    checks.add_column("check", no_wrap=True, header_style="dim")
    checks.add_column("points", justify="right", header_style="dim")
    checks.add_column("seen by", no_wrap=True, header_style="dim")
    checks.add_column("what must hold", header_style="dim")
    for check in found.checks:
        seen = "students" if check.visibility == "public" else "the grader"
        checks.add_row(Text(check.name), Text(points(check.points)), Text(seen), Text(check.describe))
    head = Text(found.name, style="bold").append(f"  {points(found.points)} points, {found.form}", style="not bold")
    return Group(head, Text(""), Text(signature), Padding(Text(prompt), (0, 0, 1, 4)), checks)


def units_json(found: Iterable[Unit], prompt_of: PromptOf) -> str:
    """Return the JSON text ``{"schema": "gradmark/list/1", "units": [...]}``, with every exercise and its checks."""
    shown = [
        {
            "name": u.name,
            "number": u.number,
            "title": u.title,
            "points": u.points,
            "exercises": [_exercise(e, prompt_of) for e in u.exercises],
        }
        for u in found
    ]
    return json.dumps({"schema": "gradmark/list/1", "units": shown}, indent=1, ensure_ascii=False)


def _exercise(e: Exercise, prompt_of: PromptOf) -> dict[str, Any]:
    checks = [
        {"name": c.name, "kind": c.kind, "points": c.points, "visibility": c.visibility, "describe": c.describe}
        for c in e.checks
    ]
    return {"name": e.name, "form": e.form, "signature": prompt_of(e)[0], "points": e.points, "checks": checks}
