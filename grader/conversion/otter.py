"""The source version of an otter notebook, format 1 and later: raw cells that say what follows, and marks behind lines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from grader.conversion.model import BEGIN, END, Cell, CourseNotebook, Left
from grader.conversion.nbgrader import points_of
from grader.conversion.settings import settings_of

__all__ = ["is_otter", "read_otter"]

DIRECTIVE = re.compile(r"#\s*(ASSIGNMENT CONFIG|(BEGIN|END) (QUESTION|PROMPT|SOLUTION|TESTS))\s*")
LINE = re.compile(r"(?P<code>.*?)(?:#\s*SOLUTION(?P<bare> NO PROMPT)?|(?<=\s)#\s*SOLUTION.*)\s*$")
BLOCK = re.compile(r"\s*#\s*(?P<edge>BEGIN|END) SOLUTION(?P<bare> NO PROMPT)?\s*$")
PROMPT = re.compile(r'\s*(?:"""|\'\'\')\s*#\s*(?P<edge>BEGIN|END) PROMPT\s*$')
CONFIG = re.compile(
    r'\A\s*(?:"""|\'\'\')\s*#\s*BEGIN TEST CONFIG\s*\n(?P<body>.*?)\n\s*(?:"""|\'\'\')\s*#\s*END TEST CONFIG\s*\n?',
    re.DOTALL,
)
HIDDEN = re.compile(r"\A\s*#\s*(HIDDEN|PRIVATE)\s*(?:\n|\Z)", re.IGNORECASE)
PUBLIC = re.compile(r"\A\s*#\s*PUBLIC\s*(?:\n|\Z)", re.IGNORECASE)
IGNORED = re.compile(r"\A\s*#\s*(IGNORE|EXCLUDE)\b", re.IGNORECASE)


def is_otter(cells: Sequence[Any]) -> bool:
    """Return True if a raw cell is one of otter's."""
    return any(cell.cell_type == "raw" and DIRECTIVE.match(cell.source.strip()) for cell in cells)


@dataclass
class _Question:
    number: int
    name: str
    points: list[float]
    manual: bool = False
    share: bool = True


@dataclass
class _State:
    question: _Question | None = None
    inside: str = ""
    questions: list[_Question] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


def read_otter(cells: Sequence[Any]) -> CourseNotebook:
    """Read the cells of a notebook for otter."""
    state = _State()
    for number, cell in enumerate(cells, 1):
        first, _, rest = cell.source.strip().partition("\n")
        found = DIRECTIVE.fullmatch(first.strip()) if cell.cell_type == "raw" else None
        if found is None:
            state.cells.append(_cell(number, cell, state))
            continue
        state.cells.append(Cell(number, "raw", "gone", cell.source, None))
        if found[1] == "ASSIGNMENT CONFIG":
            continue
        if found[3] == "QUESTION":
            state.inside, state.question = "", _question(number, rest, state) if found[2] == "BEGIN" else None
        else:
            state.inside = found[3] if found[2] == "BEGIN" else ""
    if state.question is not None or state.inside:
        state.left.append(
            Left(len(cells), "its last question or part has no end: it was taken to end with the notebook")
        )
    return CourseNotebook("otter", _with_points(state), tuple(state.left))


def _question(number: int, text: str, state: _State) -> _Question:
    settings = settings_of(text)
    if settings is None:
        state.left.append(
            Left(number, "the settings of this question are no YAML: it has no name and no points here", text)
        )
        settings = {}
    name, manual = settings.get("name"), settings.get("manual") is True
    points = settings.get("points")
    each = points.get("each") if isinstance(points, Mapping) else None
    listed = (
        [points_of(p) for p in points] if isinstance(points, list) else [points_of(each)] if each is not None else []
    )
    question = _Question(number, str(name or ""), listed or [points_of(points, 1.0)], manual, share=not listed)
    state.questions.append(question)
    return question


def _cell(number: int, cell: Any, state: _State) -> Cell:
    question, inside = state.question, state.inside
    common: dict[str, Any] = {"number": number, "kind": cell.cell_type, "group": question.number if question else 0}
    common |= {
        "name": question.name if question else "",
        "output": cell.get("output"),
        "attachments": cell.get("attachments", {}),
    }
    if cell.cell_type == "code" and IGNORED.match(cell.source):
        return Cell(role="gone", source=cell.source, shown=None, **common)
    if inside == "TESTS" and cell.cell_type == "code" and question is not None:
        return _test(cell.source, common)
    if question is not None and question.manual and inside == "SOLUTION":
        points, question.points = question.points[:1], []
        shown = "_Type your answer here, replacing this text._" if cell.cell_type == "markdown" else _shown(cell.source)
        return Cell(
            role="manual",
            source=cell.source,
            shown=shown if cell.cell_type != "raw" else None,
            points=sum(points),
            **common,
        )
    if inside == "SOLUTION" and cell.cell_type == "code":
        return Cell(role="solution", source=_marked(cell.source), shown=None, **common)
    if inside == "SOLUTION":
        return Cell(role="gone", source=cell.source, shown=None, **common)
    if inside == "PROMPT":
        return Cell(
            role="gone" if cell.cell_type == "code" else "prose", source=cell.source, shown=cell.source, **common
        )
    if cell.cell_type == "code" and _has_marks(cell.source):
        return Cell(role="solution", source=_marked(cell.source), shown=None, **common)
    return Cell(role="given" if cell.cell_type == "code" else "prose", source=cell.source, shown=cell.source, **common)


def _test(source: str, common: Mapping[str, Any]) -> Cell:
    found = CONFIG.match(source)
    settings = (settings_of(found["body"]) or {}) if found else {}
    body = source[found.end() :] if found else source
    hidden = settings.get("hidden") is True
    if mark := HIDDEN.match(body):
        hidden, body = True, body[mark.end() :]
    elif mark := PUBLIC.match(body):
        body = body[mark.end() :]
    points = points_of(settings.get("points"), -1.0)
    lines = frozenset(range(1, body.count("\n") + 2)) if hidden else frozenset()
    return Cell(role="test", source=body, shown=None if hidden else body, hidden=lines, points=points, **common)


def _with_points(state: _State) -> tuple[Cell, ...]:
    """Give each test its points: its own, those that the question lists, or a share of what is left of the question's."""
    found: dict[int, float] = {}
    for question in state.questions:
        tests = [cell for cell in state.cells if cell.role == "test" and cell.group == question.number]
        listed = {
            t.number: question.points[min(i, len(question.points) - 1)] for i, t in enumerate(tests) if question.points
        }
        without = [t for t in tests if t.points < 0]
        own = sum(t.points for t in tests if t.points >= 0)
        share = max(0.0, sum(question.points) - own) / len(without) if without else 0.0
        for test in tests:
            found[test.number] = (
                test.points if test.points >= 0 else listed.get(test.number, 0.0) if not question.share else share
            )
    return tuple(
        replace(cell, points=found.get(cell.number, 0.0)) if cell.role == "test" else cell for cell in state.cells
    )


# --------------------------------------------------------------------------------- marks in a cell
def _has_marks(source: str) -> bool:
    return any(BLOCK.match(line) or LINE.match(line) for line in source.split("\n"))


def _marked(source: str) -> str:
    """Return a solution as Python, with the marks that stubs are derived by around its marked lines; prompts are left out."""
    made: list[str] = []
    prompt = block = False
    for line in source.split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        if edge := PROMPT.match(line):
            prompt = edge["edge"] == "BEGIN"
        elif prompt:
            continue
        elif edge := BLOCK.match(line):
            block = edge["edge"] == "BEGIN"
            made.append(indent + (BEGIN if block else END))
        elif not block and (found := LINE.match(line)):
            made += [indent + BEGIN, found["code"].rstrip(), indent + END]
        else:
            made.append(line)
    return "\n".join(_joined(made))


def _joined(lines: Sequence[str]) -> list[str]:
    """Join regions that follow each other without a line between them."""
    made: list[str] = []
    for line in lines:
        if line.strip() == BEGIN and made and made[-1].strip() == END:
            made.pop()
        else:
            made.append(line)
    return made


def _shown(source: str) -> str:
    """Return what students get of a solution, as otter writes it: an ellipsis for each marked line or block, and the prompts."""
    made: list[str] = []
    prompt = block = False
    for line in source.split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        if edge := PROMPT.match(line):
            prompt = edge["edge"] == "BEGIN"
        elif prompt:
            made.append(line)
        elif edge := BLOCK.match(line):
            made += [f"{indent}..."] if edge["edge"] == "BEGIN" and not edge["bare"] else []
            block = edge["edge"] == "BEGIN"
        elif block:
            continue
        elif found := LINE.match(line):
            before, equals, _ = found["code"].partition("=")
            made += (
                [] if found["bare"] else [f"{before}{equals} ..." if equals and "(" not in before else f"{indent}..."]
            )
        else:
            made.append(line)
    return "\n".join(made)
