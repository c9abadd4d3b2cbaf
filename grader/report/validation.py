"""The findings of validation, on a terminal and as JSON: for ``gradmark validate``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.report.text import points
from grader.validated import Hole, Validated

__all__ = ["validated_json", "validated_page"]


def validated_page(found: Sequence[Validated]) -> RenderableType:
    """Render a table for each unit, with its mutation score, then each hole in a line with what to do, then the remarks."""
    units = list(dict.fromkeys(v.unit for v in found))
    holes = [hole for v in found for hole in v.holes]
    shown: list[RenderableType] = [_unit(unit, [v for v in found if v.unit == unit]) for unit in units]
    for v in found:
        shown += [Text(f"· {v.exercise}: {remark}", style="dim") for remark in v.remarks]
    shown += [_hole(hole) for hole in holes]
    shown.append(
        Text(f"{len(holes)} holes" if len(holes) != 1 else "1 hole") if holes else Text("✓ no holes", style="green")
    )
    return Group(*shown)


def _unit(unit: str, found: Sequence[Validated]) -> RenderableType:
    table = Table(
        title=f"\n{unit}", title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 1, 0, 0)
    )
    table.add_column("exercise", no_wrap=True, overflow="ellipsis", header_style="dim")
    table.add_column("form", no_wrap=True, overflow="ellipsis", max_width=12, header_style="dim")
    for heading in ("pts", "chk", "named", "hinted", "mutants", "same", "holes"):
        table.add_column(heading, justify="right", no_wrap=True, header_style="dim")
    for v in found:
        table.add_row(
            Text(v.exercise.partition(".")[2]),
            Text(v.form),
            points(v.points),
            str(v.checks),
            f"{v.named}/{v.mistakes}",
            f"{v.hinted}/{v.mistakes - v.hidden}" if v.mistakes > v.hidden else "-",
            f"{v.caught}/{v.mutants}" if v.mutants else "-",
            str(v.equivalent or ""),
            Text(str(len(v.holes) or ""), style="bold red"),
        )
    return Group(table, Text(_score(found)), *_redundant(found), Text(""))


def _score(found: Sequence[Validated]) -> str:
    made, caught, same = (sum(getattr(v, name) for v in found) for name in ("mutants", "caught", "equivalent"))
    if not made:
        return "no mutants"
    after = f", {caught / (made - same):.1%} of those that are not equivalent" if same < made else ""
    return f"mutation score {caught / made:.1%}: {caught} of {made} caught{after}"


def _redundant(found: Sequence[Validated]) -> list[Text]:
    names = Counter(name for v in found for name in v.redundant)
    said = ", ".join(f"{name} ({count})" for name, count in names.most_common())
    return [Text(f"reject nothing alone, in so many exercises: {said}", style="dim")] if said else []


def _hole(hole: Hole) -> RenderableType:
    head = (
        Text("✗ ", style="red")
        .append(f"{hole.exercise} {hole.kind}: ", style="bold")
        .append(hole.what, style="not bold")
    )
    return Padding(head.append(f": {hole.todo}", style="not bold italic"), (0, 0, 0, 0))


def validated_json(found: Iterable[Validated], seeds: Sequence[int]) -> str:
    """Return the JSON text ``{"schema": "gradmark/validation/1", "seeds": [...], "exercises": [...]}``."""
    shown = {"schema": "gradmark/validation/1", "seeds": list(seeds), "exercises": [asdict(v) for v in found]}
    return json.dumps(shown, indent=1, ensure_ascii=False)
