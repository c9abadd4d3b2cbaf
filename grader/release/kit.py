"""The contents of a kit: the files by their paths, made of what is installed and of a course's private banks."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import grader
from grader.bank import Whose, catalogue, personal_public_data, personal_stub, personal_text
from grader.errors import UsageError
from grader.judging import Unit
from grader.release.closure import PACKAGE, closure
from grader.release.texts import GITIGNORE, REQUIREMENTS, WORKFLOW, readme

__all__ = [
    "FIRST_LINE",
    "OPENING",
    "Kit",
    "checker_files",
    "make_kit",
    "notebook_of",
    "of_student",
    "opens",
    "sheet",
    "written_out",
]

ENTRIES = ("grader.student.notebook", "grader.student.__main__")
"""What a student imports or runs; all else of the checker follows from it."""
OPENING = "from grader.student.notebook import *"
"""The line with which a notebook takes the checker."""
OF_NOTEBOOKS = ("jupytext", "language_info")
OF_CELLS = ("jupyter", "tags")
"""The metadata that stay; what else editors note down are paths, times and settings of the machine."""
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
SOLUTION = "### BEGIN SOLUTION"
FIRST_LINE = 'import sys; sys.path[:0] = [".", ".."]  # where this kit is, from here\n'


@dataclass(frozen=True)
class Kit:
    """A kit: its files, bytes by path, with slashes."""

    files: Mapping[str, bytes]

    @property
    def size(self) -> int:
        """Return the number of its bytes, unpacked."""
        return sum(map(len, self.files.values()))


def make_kit(units: Sequence[str] = (), *, banks: tuple[Path, ...] = (), student: str = "", variants: str = "") -> Kit:
    """Make the kit of some units.

    Args:
        units: their names; without any, all that there are, those of private banks too.
        banks: the folders of a course's private banks.
        student: whose kit it is; it is written into the notebooks.
        variants: the salt that the student's personal variants are drawn with; empty where all have the same.

    Raises:
        UsageError: there is no such unit, or it has no notebook that can be given away (:func:`sheet`).
        BankError: a stub or the public data of a unit cannot be derived.

    """
    known = catalogue(banks)
    found = [known.unit(name) for name in dict.fromkeys(units)] if units else list(known.units.values())
    files: dict[str, str] = {}
    whose = Whose(student, variants if student else "")
    for unit in found:
        path = notebook_of(unit, banks)
        files[f"notebooks/{path.name}"] = opened(of_student(sheet(path), unit, whose), student)
        files[f"exercises/{unit.name}.py"] = personal_stub(unit.name, whose, banks)
    example = next((exercise.name for unit in found for exercise in unit.exercises), "")
    if not example:
        raise UsageError(f"{', '.join(unit.name for unit in found)} has no exercise yet: there is nothing to hand out")
    about = {"schema": "gradmark/kit/1", "units": [unit.name for unit in found], "version": grader.__version__}
    files |= {
        "README.md": readme([(unit.name, unit.title, notebook_of(unit, banks).name) for unit in found], example),
        "requirements.txt": REQUIREMENTS,
        ".gitignore": GITIGNORE,
        ".github/workflows/check.yml": WORKFLOW,
        "exercises/__init__.py": '"""Your functions: a module for each unit."""\n',
        "gradmark.json": json.dumps({**about, **_about(whose)}, indent=1) + "\n",
        **checker_files(found, whose),
    }
    return Kit({path: text.encode("utf-8") for path, text in sorted(files.items())})


def _about(whose: Whose) -> dict[str, Any]:
    """Return what a kit says of its student: the id, and that its exercises are variants of their own."""
    return {**({"student": whose.student} if whose.student else {}), **({"variants": True} if whose.salt else {})}


def checker_files(units: Sequence[Unit], whose: Whose) -> dict[str, str]:
    """Return the files of the checker, with the public data of some units, those of a student's variants."""
    return _modules() | {f"grader/student/units/{unit.name}.json": personal_public_data(unit, whose) for unit in units}


@cache
def _modules() -> dict[str, str]:
    """Return the modules of the checker by their paths in a kit: the same in each, and read once for the kits of a class."""
    modules = closure(*ENTRIES).values()
    return {f"grader/{path.relative_to(PACKAGE).as_posix()}": path.read_text(encoding="utf-8") for path in modules}


def notebook_of(unit: Unit, banks: tuple[Path, ...]) -> Path:
    """Return the notebook of a unit, in a private bank, in the checkout, or in what is installed.

    Raises:
        UsageError: there is none.

    """
    rooms = [bank / "notebooks" for bank in reversed(banks)]
    rooms += [PACKAGE.parent / "notebooks", PACKAGE / "release" / "notebooks"]

    def first(ending: str) -> Path | None:
        named = re.compile(rf"(\d\d_)?{re.escape(unit.name)}\.{ending}")
        found = (p for room in rooms if room.is_dir() for p in sorted(room.iterdir()) if named.fullmatch(p.name))
        return next(found, None)

    path = first("ipynb")
    if path is None:
        source = first("md")
        todo = f"; make it of its text, jupytext --to ipynb {source}" if source is not None else ""
        raise UsageError(f"there is no notebook of {unit.name}: it is called NN_{unit.name}.ipynb, in notebooks/{todo}")
    return path


def sheet(path: Path) -> dict[str, Any]:
    """Read a notebook as students get it: without outputs, counts, and metadata of the machine on which it was written.

    Raises:
        UsageError: it is no notebook, it does not take the checker, or it holds a solution.

    """
    try:
        notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        cells = [(number, cell, "".join(cell["source"])) for number, cell in enumerate(notebook["cells"], 1)]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path.name} cannot be read as a notebook: {error}") from None
    if solved := [number for number, _, source in cells if SOLUTION in source]:
        raise UsageError(f"{path.name}, cell {solved[0]}, holds a solution ({SOLUTION}), which students would get")
    if not any(opens(cell) for _, cell, _ in cells):
        raise UsageError(f"{path.name} has no cell with `{OPENING}`: without this line it has no checks")
    for _, cell, _ in cells:
        cell["metadata"] = _kept(cell, OF_CELLS)
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    notebook["metadata"] = dict(sorted({**_kept(notebook, OF_NOTEBOOKS), "kernelspec": KERNEL}.items()))
    return notebook


def of_student(notebook: dict[str, Any], unit: Unit, whose: Whose) -> dict[str, Any]:
    """Return a notebook that quotes a student's own values."""
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        own = personal_text(source, unit, whose)
        if own != source:
            cell["source"] = own.splitlines(keepends=True)
    return notebook


def _kept(part: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: value for name, value in part.get("metadata", {}).items() if name in names}


def opens(cell: Mapping[str, Any]) -> bool:
    """Return True if a cell takes the checker."""
    return cell["cell_type"] == "code" and any(
        line.startswith(OPENING) for line in "".join(cell["source"]).splitlines()
    )


def opened(notebook: dict[str, Any], student: str = "") -> str:
    """Return a notebook as it stands in a kit: it finds the kit before it takes the checker; the student is in its metadata."""
    for cell in filter(opens, notebook["cells"]):
        lines = "".join(cell["source"]).splitlines(keepends=True)
        place = next(number for number, line in enumerate(lines) if line.startswith(OPENING))
        cell["source"] = [*lines[:place], FIRST_LINE, *lines[place:]]
    return written_out(notebook, student)


def written_out(notebook: dict[str, Any], student: str, **more: Any) -> str:
    """Return the text of a notebook, with the id of its student, if there is one, and whatever ``more`` in its metadata."""
    about = {**({"student": student} if student else {}), **more}
    if about:
        notebook["metadata"]["gradmark"] = about
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
