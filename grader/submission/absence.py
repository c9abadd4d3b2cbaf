"""The reasons for which a function is not there, or counts as not written: seen in the cells of the notebook, nothing is run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from nbformat import NotebookNode

from grader.submission.attempts import code_cells, definitions
from grader.submission.untouched import Definition, is_unattempted

__all__ = ["reasons"]

DEFINES = re.compile(r"^[ \t]*(?:def|class)[ \t]+(\w+)", re.MULTILINE)


def reasons(notebook: NotebookNode, names: Iterable[str], failed: Mapping[int, str]) -> dict[str, str]:
    """Return, for those names where the cells show it, the reason for which there is no written function of that name.

    Args:
        notebook: the notebook as it was handed in.
        names: functions that are missing, or stubs.
        failed: by code cell, from 1, the error with which it failed.

    """
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    found = {}
    for name in names:
        defining = [n for n, cell in enumerate(cells, 1) if name in DEFINES.findall(cell.source)]
        reason = _reason(name, defining, cells, failed) if defining else None
        if reason is not None:
            found[name] = reason
    return found


def _reason(name: str, defining: list[int], cells: list[NotebookNode], failed: Mapping[int, str]) -> str | None:
    last = defining[-1]
    if last in failed:
        return f"cell {last} defines {name} and failed: {failed[last]}"
    for number in range(last, len(cells) + 1):
        kept = definitions(code_cells(NotebookNode(cells=[cells[number - 1]])), "").get(name)
        if kept is not None and not isinstance(kept, Definition):
            return f"cell {last} defines {name}, and cell {number} gives the name to something else"
    written = [n for n in defining[:-1] if _written(name, cells[n - 1])]
    if written and not _written(name, cells[last - 1]):
        return f"cell {written[-1]} defines {name}, and the stub in cell {last} takes its place"
    return None


def _written(name: str, cell: NotebookNode) -> bool:
    kept = definitions(code_cells(NotebookNode(cells=[cell])), "").get(name)
    return isinstance(kept, Definition) and not is_unattempted(kept)
