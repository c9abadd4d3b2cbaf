"""The rooms of a new exercise, all at once: model answer, declaration, test, and a section of the notebook."""

from __future__ import annotations

import ast
import keyword
import re
from dataclasses import dataclass, field
from pathlib import Path

from grader.bank.scaffolding.edits import imports_added, item_added, listed_in_notebook, section_added
from grader.bank.scaffolding.template import filled
from grader.bank.scaffolding.templates import FORMS
from grader.bank.scaffolding.templates_of_units import NOTEBOOK, PRIVATE_TEST, REFERENCE, TEST, UNIT
from grader.errors import UsageError
from grader.writing import write_whole

__all__ = ["FORMS", "scaffold"]

NAME = re.compile(r"([a-z][a-z_]*)\.([a-z][a-z0-9_]*)")


@dataclass
class Rooms:
    """The rooms of a bank, and the new texts of its files, which are written all or none.

    Args:
        root: the checkout, or the folder of a private bank.
        private: it is a private bank.

    """

    root: Path
    private: bool
    texts: dict[Path, str] = field(default_factory=dict)

    @property
    def bank(self) -> Path:
        """Return the folder of the declarations."""
        return self.root / "bank" if self.private else self.root / "grader" / "bank"

    @property
    def units(self) -> Path:
        """Return the file with the list of units."""
        return self.bank / ("__init__.py" if self.private else "units.py")

    def tests(self, unit: str) -> Path:
        """Return the file of a unit's tests."""
        return (
            self.root / "tests" / f"test_{unit}.py"
            if self.private
            else self.root / "tests" / "bank" / f"test_{unit}.py"
        )

    def read(self, path: Path) -> str:
        """Return the text of a file as it will be; an empty text if it is not there."""
        return self.texts[path] if path in self.texts else path.read_text(encoding="utf-8") if path.is_file() else ""

    def write(self) -> list[Path]:
        """Write all files, or leave all as they were; return their paths.

        Raises:
            UsageError: one cannot be written.

        """
        before: dict[Path, bytes | None] = {}
        try:
            for path, text in self.texts.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                data = path.read_bytes() if path.is_file() else None
                write_whole(path, text)
                before[path] = data
        except OSError as error:
            for path, data in before.items():
                if data is None:
                    path.unlink(missing_ok=True)
                else:
                    path.write_bytes(data)
            reason = f"cannot write {error.filename or self.root}: {error.strerror or error}"
            raise UsageError(f"{reason}; nothing was written") from None
        return list(self.texts)


def scaffold(root: Path, full_name: str, form: str, *, private: bool) -> list[Path]:
    """Write all rooms of a new exercise, with marks where its author has to fill in.

    Args:
        root: the checkout, or the folder of a private bank, which is made if it is not there.
        full_name: unit and exercise; the unit is made if it is new.
        form: one of :data:`FORMS`.
        private: ``root`` is a private bank.

    Returns:
        The files that were written.

    Raises:
        UsageError: a name is taken or is none, or a file is not as expected; nothing was written.

    """
    found = NAME.fullmatch(full_name)
    if found is None or any(map(keyword.iskeyword, found.groups())):
        raise UsageError(
            f"{full_name!r} is no name of an exercise; write UNIT.NAME in small letters, as in layers.relu_backward"
        )
    unit, name = found.groups()
    rooms = Rooms(root, private)
    _check_free(rooms, unit, name, form)
    number = _number(rooms, unit)
    _answer(rooms, unit, name, form)
    _declaration(rooms, unit, name, form, number)
    _notebook(rooms, unit, name, form, number)
    if not rooms.tests(unit).is_file():
        rooms.texts[rooms.tests(unit)] = filled(PRIVATE_TEST if private else TEST, unit, name)
    return rooms.write()


def _check_free(rooms: Rooms, unit: str, name: str, form: str) -> None:
    """Refuse names that are taken, by a model answer or a declaration."""
    answers = rooms.root / "reference" / f"{unit}.py"
    tree = _tree(rooms.read(answers), answers)
    defined = {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    defined |= {
        alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    new = _tree(filled(FORMS[form].answer, unit, name), answers).body
    taken = sorted(defined & {node.name for node in new if isinstance(node, (ast.FunctionDef, ast.ClassDef))})
    if taken:
        raise UsageError(f"{answers} has {', '.join(taken)} already; take another name: nothing was written")
    if (rooms.bank / f"{unit}.py").is_file():
        raise UsageError(
            f"{rooms.bank / unit}.py holds its unit in one module, and a new exercise gets one of its own; make it a package"
            f" ({unit}/__init__.py with the UNIT, and the rest beside it): nothing was written"
        )
    declared = [f"{unit}.{filled(exercise, unit, name)}" for exercise in FORMS[form].names]
    for path in sorted((rooms.bank / unit).glob("*.py")):
        known = [exercise for exercise in declared if f'"{exercise}"' in path.read_text(encoding="utf-8")]
        if known:
            raise UsageError(f"{path} declares {known[0]} already; take another name: nothing was written")
    if (rooms.bank / unit / f"{name}.py").is_file():
        raise UsageError(f"{rooms.bank / unit / name}.py is there already; take another name: nothing was written")


def _tree(text: str, path: Path) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise UsageError(f"{path}:{error.lineno}: this does not parse: {error.msg}; nothing was written") from None


def _number(rooms: Rooms, unit: str) -> int:
    """Return the number of a unit: of its notebook, or the next that is free."""
    numbers = {path.stem[3:]: int(path.stem[:2]) for path in (rooms.root / "notebooks").glob("[0-9][0-9]_*.md")}
    return numbers.get(unit, max(numbers.values(), default=0) + 1)


def _answer(rooms: Rooms, unit: str, name: str, form: str) -> None:
    """Add the model answer to ``reference/<unit>.py``."""
    path = rooms.root / "reference" / f"{unit}.py"
    text = rooms.read(path) or filled(REFERENCE, unit, name)
    body = filled(FORMS[form].answer, unit, name)
    wanted = [*([FORMS[form].typing] if FORMS[form].typing else []), *([NUMPY] if "np." in body else [])]
    wanted += [TYPING] if "NDArray" in body else []
    rooms.texts[path] = imports_added(text, wanted).rstrip("\n") + "\n\n" + body


def _declaration(rooms: Rooms, unit: str, name: str, form: str, number: int) -> None:
    """Add a module with the declaration to the unit's package, and the module to its UNIT; a new unit to UNITS."""
    texts, folder = rooms.texts, rooms.bank / unit
    body = filled(FORMS[form].declaration, unit, name)
    lines = [f'"""FILL IN: what is asked with {name}."""', "", "from __future__ import annotations", ""]
    lines += [NUMPY, ""] if "np." in body else []
    lines += [f"from grader.bank.forms import {FORMS[form].helper}"]
    lines += [f"from grader.judging import {', '.join(FORMS[form].words)}"] if FORMS[form].words else []
    texts[folder / f"{name}.py"] = "\n".join(lines) + "\n" + body
    face = folder / "__init__.py"
    package = "." if rooms.private else f"grader.bank.{unit}"
    if face.is_file():
        texts[face] = item_added(rooms.read(face), face, package, name)
        return
    imports = [f"from {package} import {name}", "from grader.judging import Unit"]
    imports = [imports[1], "", imports[0]] if rooms.private else imports  # as they are sorted
    title = _title(unit)
    texts[face] = UNIT.format(unit=unit, title=title, number=number, imports="\n".join(imports), name=name)
    listed = rooms.read(rooms.units) or 'UNITS = ()\n"""The units of this bank; each is a module or package here."""\n'
    texts[rooms.units] = item_added(listed, rooms.units, "UNITS", unit)


def _notebook(rooms: Rooms, unit: str, name: str, form: str, number: int) -> None:
    """Add a section to the text source of the unit's notebook, before its questions or its end."""
    path = rooms.root / "notebooks" / f"{number:02d}_{unit}.md"
    text = rooms.read(path) or NOTEBOOK.format(unit=unit, title=_title(unit), number=number)
    names = [filled(exercise, unit, name) for exercise in FORMS[form].names]
    asked = form in ("question", "prediction")
    section = section_of(unit, names, asked=asked)
    text = section_added(
        text, section, before=("## Handing in",) if form == "question" else ("## Questions", "## Handing in")
    )
    written = [filled("$Class", unit, name)] if form == "class" else names
    rooms.texts[path] = listed_in_notebook(text, unit, written)


def section_of(unit: str, names: list[str], *, asked: bool) -> str:
    """Return the section of a notebook on some exercises, with a cell for each that checks it, or prints what is asked."""
    cells = [f"print(getdoc({name}))" if asked else f'check("{unit}.{name}")' for name in names]
    blocks = [f"```{{code-cell}} ipython3\n{cell}\n```\n" for cell in cells]
    return (
        f"## FILL IN: {names[-1]}\n\nFILL IN: the idea in a few sentences, and a small example by hand.\n\n"
        + "\n".join(blocks)
    )


def _title(unit: str) -> str:
    return unit.replace("_", " ").capitalize()


NUMPY = "import numpy as np"
TYPING = "from numpy.typing import NDArray"
