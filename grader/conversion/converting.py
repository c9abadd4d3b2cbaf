"""The conversion: a course's notebook is read, and the skeleton of a private bank is written into a new folder."""

from __future__ import annotations

import ast
import keyword
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from grader.bank import UNITS, derive
from grader.conversion.asserts import Seen, Told, read_test, remember
from grader.conversion.functions import Function, Gathered, gather, parsed
from grader.conversion.inputs import declared
from grader.conversion.model import CourseNotebook, Left
from grader.conversion.nbgrader import is_nbgrader, read_nbgrader
from grader.conversion.notebooks import as_jupyter, as_myst, student_cells
from grader.conversion.otter import is_otter, read_otter
from grader.conversion.passes import is_backward, is_forward, with_backward
from grader.conversion.plain_numbers import of_plain_numbers
from grader.conversion.texts import Asked, bank_text, face_text, reference_text, test_text, unit_text
from grader.conversion.told import Story, as_markdown, in_short
from grader.errors import BankError, UsageError
from grader.submission import Unreadable, bounded_source, read_notebook
from grader.writing import write_whole

__all__ = ["Converted", "convert"]

MOST_BYTES = 64 << 20
UNIT = re.compile(r"[a-z][a-z_]{0,60}")
RELATIVE = 1e-9
HELPERS = {"check", "hint", "ready", "status", "getdoc", "np"}
"""Names that `from grader.student.notebook import *` brings."""


@dataclass(frozen=True)
class Converted:
    """The files that were written, by their paths, and a few lines on what was carried over and what was not."""

    files: tuple[Path, ...]
    said: tuple[str, ...]
    unit: str


def convert(file: Path, into: Path, unit: str | None = None) -> Converted:
    """Convert a notebook of nbgrader or otter into the skeleton of a private bank. Its code is read, and never run.

    Args:
        file: the source version of the notebook, with its solutions.
        into: a folder that is not there yet.
        unit: the name of the unit; without one it is made of the file's name.

    Raises:
        UsageError: the file cannot be read as such a notebook, or the folder is there or cannot be written.

    """
    name = _unit(file, unit)
    if into.exists() or into.is_symlink():
        raise UsageError(f"{into} is there already: name a folder that is not, it is made; nothing was written")
    notebook = _read(file)
    texts, story = _texts(name, file.name, notebook)
    return Converted(tuple(_write(into, texts)), tuple(in_short(story)), name)


def _unit(file: Path, unit: str | None) -> str:
    if unit is not None:
        if UNIT.fullmatch(unit) is None:
            raise UsageError(f"--unit {unit!r} is no name of a unit: small letters and _, as in recurrent_networks")
        if keyword.iskeyword(unit):
            raise UsageError(f"--unit {unit} is a word of Python's own, and no module can have it: choose another name")
        if unit in UNITS:
            raise UsageError(
                f"--unit {unit} is a unit of Gradmark's own, which the new one would be laid over: choose another name"
            )
        return unit
    stem = re.sub(r"[^a-z]+", "_", file.stem.lower()).strip("_")[:40].strip("_") or "course"
    return f"our_{stem}" if stem in UNITS or keyword.iskeyword(stem) else stem


def _read(file: Path) -> CourseNotebook:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise UsageError(f"{file}: it is larger than {MOST_BYTES >> 20} MiB")
        notebook = read_notebook(file.read_bytes(), whole=True)
        bounded_source("its code cells hold", (cell.source for cell in notebook.cells if cell.cell_type == "code"))
    except OSError as error:
        raise UsageError(f"{file}: it cannot be read: {error.strerror or error}") from None
    except Unreadable as error:
        raise UsageError(f"{file}: {error}") from None
    if is_otter(notebook.cells):
        return read_otter(notebook.cells)
    if is_nbgrader(notebook.cells):
        return read_nbgrader(notebook.cells)
    raise UsageError(
        f"{file}: it is neither for nbgrader (no cell says so in its metadata) nor for otter (no raw cell # BEGIN QUESTION);"
        " give the source version, with the solutions"
    )


def _texts(unit: str, source: str, notebook: CourseNotebook) -> tuple[dict[str, str], Story]:
    """Return the texts of the bank's files by their relative names, and what is told of them."""
    gathered = gather(notebook.cells)
    story = Story(unit, source, notebook.tool, left=[*notebook.left, *gathered.left])
    story.manual = [(c.number, c.name, c.points) for c in notebook.cells if c.role == "manual"]
    checks = _exercises(notebook, gathered, story)
    title = unit.replace("_", " ").capitalize()
    reference, story.bare = reference_text(title, gathered)
    cells = student_cells(unit, notebook.cells, checks, frozenset(f.name for f in gathered.functions))
    texts = {
        "course.toml": 'bank = ["."]\n',
        "bank/__init__.py": face_text(unit),
        f"bank/{unit}/__init__.py": unit_text(unit, title),
        f"bank/{unit}/converted.py": bank_text(unit, story.exercises),
        f"reference/{unit}.py": reference,
        f"notebooks/01_{unit}.md": as_myst(cells),
        f"notebooks/01_{unit}.ipynb": as_jupyter(cells),
        f"tests/test_{unit}.py": test_text(unit, story.exercises),
    }
    try:
        texts[f"exercises/{unit}.py"] = derive(reference, unit)
    except BankError as error:
        story.notes.append(f"No stub could be derived: {error}.")
    story.left.sort(key=lambda left: left.cell)
    texts["CONVERSION.md"] = as_markdown(story)
    return texts, story


def _exercises(notebook: CourseNotebook, gathered: Gathered, story: Story) -> dict[int, list[str]]:
    """Read all tests, make the exercises of the story, and return by cell the functions that its test is of."""
    functions = {f.name: f for f in gathered.functions}
    names: dict[str, Any] = {}
    told: dict[int, Told] = {}
    points: dict[str, float] = defaultdict(float)
    tested: set[str] = set()
    checks: dict[int, list[str]] = {}
    known = frozenset(functions)
    for cell in notebook.cells:
        if cell.kind != "code" or cell.role in ("gone", "manual"):
            continue
        tree = parsed(cell.source)
        if cell.role != "test":
            remember(tree.body if tree is not None else (), names, known)
            continue
        if tree is None:
            story.left.append(Left(cell.number, "this test cannot be parsed", cell.source))
            story.unpaid += [(cell.number, cell.name, cell.points)] if cell.points else []
            continue
        body: list[ast.stmt] = []
        for node in tree.body:  # otter's other form: a function of the names that it tests
            body += node.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test") else [node]
        one = told[cell.number] = read_test(body, names, known, cell.number, cell.hidden, cell.output)
        story.left += [Left(cell.number, reason, text) for reason, text in one.left]
        shares = _shares(one, functions)
        if cell.points and not shares:
            story.unpaid.append((cell.number, cell.name, cell.points))
        for of, share in shares.items():
            points[of] += cell.points * share
        if len(shares) > 1:
            story.notes.append(
                f"Cell {cell.number} tests {', '.join(f'`{n}`' for n in shares)}: its points were shared by asserts."
            )
        tested |= {*shares}
        checks[cell.number] = [*shares]
    plain = of_plain_numbers(gathered)
    for name, function in functions.items():
        if name in tested:
            story.exercises += _asked(
                function, list(told.values()), round(points[name], 6), functions, story, plain=name in plain
            )
        else:
            story.notes.append(f"`{name}` is asked for, and no test calls it: it is in `reference/`, and no exercise.")
    for name in sorted(set(functions) & HELPERS):
        said = "has the name of a helper of the notebook, which it hides there: rename it, or check it by another name."
        story.notes.append(f"`{name}` {said}")
    declared_names = {e.function.name for e in story.exercises}
    return {number: [n for n in of if n in declared_names] for number, of in checks.items() if set(of) & declared_names}


def _shares(told: Told, functions: Mapping[str, Function]) -> dict[str, float]:
    """Return the functions that a test is of, with their shares of its points: by what it asserts of each.

    Where nothing that it asserts could be read, it is of the function that it calls and that was defined last.
    """
    counts = Counter(a.call.function for a in told.asserted)
    if counts:
        return {name: counts[name] / counts.total() for name in functions if name in counts}
    called = [name for name in functions if name in set(told.functions)]
    return {called[-1]: 1.0} if called else {}


def _asked(
    function: Function,
    told: Sequence[Told],
    points: float,
    functions: Mapping[str, Function],
    story: Story,
    *,
    plain: bool,
) -> list[Asked]:
    """Return the exercise of a function, or nothing, and its reason goes to the story."""

    def calls(name: str) -> list[Seen]:
        return [s for t in told for s in t.seen if s.call.function == name]

    asserted = tuple(a for t in told for a in t.asserted if a.call.function == function.name)
    reason = ""
    if not function.returns:
        reason = "it returns nothing, or now one thing and now several"
    elif any(isinstance(a.value, (str, bool, dict, type(None))) for a in asserted):
        reason = "it returns no number: ask it as a question, or have an adapter return arrays"
    made = declared(function, calls(function.name), asserted)
    reason = reason or made.reason
    if reason:
        story.left.append(Left(function.cell, f"{function.name} ({points:g} points): {reason}", function.text))
        return []
    relative = RELATIVE if plain else None
    if relative is not None:
        said = f"computes with plain numbers: its answers are compared with a relative error of {RELATIVE:g}."
        story.notes.append(f"`{function.name}` {said}")
    asked = Asked(function, made, points, asserted, relative, "forward_pass" if is_forward(function) else "plain")
    if is_backward(function, functions):
        pair = function.name.replace("_backward", "_forward")
        known = next((e for e in story.exercises if e.function.name == pair), None)
        asked = with_backward(asked, known, calls(function.name), calls(pair))
    return [asked]


def _write(into: Path, texts: dict[str, str]) -> list[Path]:
    """Write all files into a new folder, or none.

    Raises:
        UsageError: the folder is there, or cannot be written.

    """
    written: list[Path] = []
    folders: list[Path] = []
    try:
        into.mkdir()
        folders.append(into)
        for name, text in texts.items():
            path = into / PurePosixPath(name)
            for folder in reversed(path.relative_to(into).parents[:-1]):
                if not (into / folder).is_dir():
                    (into / folder).mkdir()
                    folders.append(into / folder)
            write_whole(path, text)
            written.append(path)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        for folder in reversed(folders):
            with suppress(OSError):
                folder.rmdir()
        raise UsageError(
            f"cannot write {error.filename or into}: {error.strerror or error}; nothing was written"
        ) from None
    return written
