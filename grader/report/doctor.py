"""The checkup of a machine on a terminal, for ``gradmark doctor``; readable without colour."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from grader.runtime import Checkup, Finding

__all__ = ["checkup"]

SIGNS = {"yes": ("✓", "green"), "no": ("✗", "red"), "absent": ("·", "dim")}
PROMISES = {
    "full": "Code that attacks is kept in.",
    "landlock": "Code that attacks is kept in, but for what only namespaces hide: names of files, total disk.",
    "process": "Grade students who make mistakes here, not students who attack.",
    "none": "Grade only what you would run yourself.",
}


def checkup(found: Checkup) -> RenderableType:
    """Render a checkup: the level of isolation, then the findings by room, each with its advice below it."""
    head = Text(f"Isolation here: {found.level}", style="bold")
    head.append(f"  (what --isolation auto takes)\n{PROMISES[found.level]}", style="not bold")
    rooms = [
        ("levels", found.levels),
        ("mechanisms", found.mechanisms),
        ("libraries", found.libraries),
        ("extras", found.extras),
        ("machine", found.machine),
    ]
    return Group(head, *(_room(name, findings) for name, findings in rooms if findings))


def _room(name: str, findings: Sequence[Finding]) -> RenderableType:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0), title=f"\n{name}")
    table.title_justify, table.title_style = "left", "dim"
    table.add_column(no_wrap=True, width=1)
    table.add_column(no_wrap=True, min_width=14)
    table.add_column(overflow="fold")
    for finding in findings:
        sign, style = SIGNS[finding.status]
        table.add_row(Text(sign, style=style), Text(finding.name), _finding(finding))
    return table


def _finding(finding: Finding) -> Text:
    about = finding.about and f"({finding.about})" if finding.found else finding.about
    text = Text(finding.found)
    if about:
        text.append(f"{'  ' if finding.found else ''}{about}", style="dim")
    if finding.advice:
        text.append(f"\n→ {finding.advice}")
    return text
