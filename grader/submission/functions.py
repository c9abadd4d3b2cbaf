"""The text of each function that a submission hands in, with the functions of its own that it calls. Nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from grader.submission.attempts import python_cells
from grader.submission.parsing import parsed
from grader.submission.reading import Unreadable, bounded_source, read_text
from grader.submission.submitted import Submission

__all__ = ["functions_of"]

Written = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
MOST_HELPERS = 20


def functions_of(submission: Submission, unit: str, names: Iterable[str]) -> dict[str, str]:
    """Return by name the text of functions and classes that were written, the helpers that they call before them.

    Of several definitions the last counts, the notebook's before those of the module where the submission is judged by it. What
    is only a stub, cannot be parsed or is no function is left out.
    """
    try:
        module = _written(_module(submission, unit))
        cells = python_cells(submission.notebook) if submission.notebook is not None else []
        notebook = _written(text for text, _ in cells)
    except Unreadable:
        return {}
    found = {}
    for name in names:
        if submission.attempts.get(name) != "attempted":
            continue
        for texts, nodes in (module, notebook) if submission.where.get(name) == "module" else (notebook, module):
            if name in texts:
                found[name] = _with_helpers(name, texts, nodes)
                break
    return found


def _module(submission: Submission, unit: str) -> list[str]:
    data = submission.files.get(f"exercises/{unit}.py") if submission.has_module else None
    if data is None:
        return []
    bounded_source("its module holds", [data])
    return [read_text(data)]


def _written(sources: Iterable[str]) -> tuple[dict[str, str], dict[str, Written]]:
    """Return what some sources define at their top level, as text and as trees."""
    texts: dict[str, str] = {}
    nodes: dict[str, Written] = {}
    for source in sources:
        tree = parsed(source)
        lines = source.splitlines()
        for node in tree.body if tree is not None else ():
            if isinstance(node, Written):
                texts[node.name] = "\n".join(lines[node.lineno - 1 : node.end_lineno])
                nodes[node.name] = node
    return texts, nodes


def _with_helpers(name: str, texts: Mapping[str, str], nodes: Mapping[str, Written]) -> str:
    needed, waiting = [name], [name]
    while waiting and len(needed) < MOST_HELPERS:
        used = {node.id for node in ast.walk(nodes[waiting.pop()]) if isinstance(node, ast.Name)}
        new = [other for other in texts if other in used and other not in needed]
        needed += new
        waiting += new
    return "\n\n".join(texts[other] for other in reversed(needed))
