"""The template of a submission: whether a module still has all that its stub gave, and a notebook no outputs. Nothing is run.

A stub's own parts are its imports and constants, and of each function the name, the arguments, the docstring, and the lines before
and after the place that says ``raise NotImplementedError``. What is written there, and what is added beside it, is the student's.
"""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.submission.located import cells_of
from grader.submission.parsing import fault_of, parsed
from grader.submission.reading import bounded_source, read_text
from grader.submission.untouched import Definition

__all__ = ["Departure", "departures", "outputs_left", "stripped"]


@dataclass(frozen=True, order=True)
class Departure:
    """One place in which a file departs from its template: the line, from 1, and what is to be done, in a sentence."""

    line: int
    message: str


def departures(stub: str, module: bytes) -> list[Departure]:
    """Return where a module has lost parts of its stub, in the order of its lines.

    Args:
        stub: the text of the pristine stub.
        module: the bytes of the module.

    Raises:
        Unreadable: the module is no text, or too large.

    """
    bounded_source("it holds", [module])
    text = read_text(module)
    tree = parsed(text)
    if tree is None:
        line, reason = fault_of(text)
        return [Departure(line, f"it is no Python: {reason}")]
    return sorted(_Comparison(stub.split("\n")).bodies(ast.parse(stub).body, tree.body, "", 1))


class _Comparison:
    """The comparison of a module with its stub, whose lines are quoted."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines

    def bodies(self, ours: Sequence[ast.stmt], theirs: Sequence[ast.stmt], of: str, line: int) -> Iterator[Departure]:
        """Compare the statements of a module or a class with those of its stub; ``line`` is where what is missing is told."""
        named = {node.name: node for node in theirs if isinstance(node, Definition)}
        others = {ast.dump(node) for node in theirs if not isinstance(node, Definition)}
        for node in ours:
            if isinstance(node, Definition):
                name = f"{of}{node.name}"
                found = named.get(node.name)
                if found is None:
                    kind = "class" if isinstance(node, ast.ClassDef) else "function"
                    yield Departure(
                        line, f"the {kind} {name} of the template is gone: put it back, as it was handed out"
                    )
                elif type(found) is not type(node):
                    yield Departure(found.lineno, f"{name} is of another kind than in the template")
                else:
                    yield from self._definition(node, found, name)
            elif not _is_text(node) and ast.dump(node) not in others:
                yield Departure(line, f"a line of the template is gone or changed: {self._line(node)}")

    def _definition(self, ours: Definition, theirs: Definition, name: str) -> Iterator[Departure]:
        if _head(ours) != _head(theirs):
            yield Departure(theirs.lineno, f"the first line of {name} is changed: it was {_first_line(ours)}")
        if _doc(ours) != _doc(theirs):
            yield Departure(
                theirs.lineno, f"the docstring of {name} is changed: it says what is asked, leave it as it is"
            )
        if isinstance(ours, ast.ClassDef):
            yield from self.bodies(ours.body, theirs.body, f"{name}.", theirs.lineno)
            return
        own, written = _without_text(ours.body), _without_text(theirs.body)
        place = next((i for i, node in enumerate(own) if _is_place(node)), None)
        if place is None:
            return  # a function with a planted fault: all of it is the student's to change
        before, after = own[:place], own[place + 1 :]
        for node in _lost(before, written[: len(before)]):
            yield Departure(theirs.lineno, f"before your part of {name} stood: {self._line(node)}")
        for node in _lost(after[::-1], written[::-1][: len(after)])[::-1]:
            yield Departure(theirs.end_lineno or theirs.lineno, f"{name} ended with: {self._line(node)}")

    def _line(self, node: ast.stmt) -> str:
        return self._lines[node.lineno - 1].strip()[:100]


def _lost(ours: Sequence[ast.stmt], theirs: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Return those statements of the template that do not stand at the same place in what was written."""
    same = [ast.dump(node) for node in theirs]
    return [node for index, node in enumerate(ours) if same[index : index + 1] != [ast.dump(node)]]


def _head(node: Definition) -> str:
    """Return what a definition says of itself before its body, annotations left out."""
    if isinstance(node, ast.ClassDef):
        return ast.dump(ast.ClassDef(node.name, node.bases, node.keywords, [], node.decorator_list))
    arguments = node.args
    named = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    counts = len(arguments.posonlyargs), len(arguments.args)
    rest = [a.arg if a else None for a in (arguments.vararg, arguments.kwarg)]
    values = [ast.dump(v) if v else None for v in (*arguments.defaults, *arguments.kw_defaults)]
    return repr((node.name, named, counts, rest, values, [ast.dump(d) for d in node.decorator_list]))


def _first_line(node: Definition) -> str:
    if isinstance(node, ast.ClassDef):
        return f"class {node.name}"
    return f"def {node.name}({ast.unparse(node.args)})"[:160]


def _doc(node: Definition) -> list[str]:
    """Return the words of a docstring: how it is laid out is free."""
    return inspect.cleandoc(ast.get_docstring(node) or "").split()


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _without_text(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    return [node for node in body if not _is_text(node)]


def _is_place(node: ast.stmt) -> bool:
    """Return whether a statement marks the student's part."""
    raised = node.exc if isinstance(node, ast.Raise) else None
    raised = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


# --------------------------------------------------------------------------------------- notebooks
def outputs_left(notebook: bytes) -> list[Departure]:
    """Return which code cells of a notebook hold outputs or a count of executions, by the lines of its JSON.

    Raises:
        Unreadable: the bytes are no text.
        ValueError: they are no JSON of a notebook.

    """
    text = read_text(notebook)
    lines = [cell.line for cell in cells_of(text) if cell.kind == "code"]
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    found = []
    for number, (line, cell) in enumerate(zip(lines, cells, strict=True), 1):
        if cell.get("outputs") or cell.get("execution_count") is not None:
            what = "outputs" if cell.get("outputs") else "a count of executions"
            found.append(Departure(line, f"code cell {number} holds {what}: `gradmark hook --strip` takes them out"))
    return found


def stripped(notebook: bytes) -> bytes:
    """Return a notebook without outputs and counts, laid out as Jupyter writes it; all else stays.

    Raises as :func:`outputs_left`.
    """
    read = json.loads(read_text(notebook))
    for cell in read["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return (json.dumps(read, ensure_ascii=False, indent=1) + "\n").encode()
