"""One notebook with stubs and checker inside: for Colab, Kaggle, or an editor, where there is no folder to unpack."""

from __future__ import annotations

import ast
import base64
import hashlib
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.bank import Whose, catalogue, personal_stub
from grader.judging import Unit
from grader.release.kit import Kit, checker_files, notebook_of, of_student, opens, sheet, written_out
from grader.release.written import zipped

__all__ = ["code_cell", "single_file", "text_cell"]

SETUP = '''\
# The checker of this notebook, packed: run this cell first, each time that the kernel is new.
import sys

sys.path.insert(0, "{folder}")
try:
    import grader.student.notebook
except ImportError:  # the first time: it is unpacked into a folder beside the notebook
    import base64, importlib, io, zipfile

    packed = """
{packed}
"""
    zipfile.ZipFile(io.BytesIO(base64.b64decode(packed))).extractall("{folder}")
    importlib.invalidate_caches()
'''
Cell = dict[str, Any]


def single_file(name: str, *, banks: tuple[Path, ...] = (), student: str = "", variants: str = "") -> str:
    """Return the notebook of a unit as one file, which runs on a bare Python with numpy; errors as :func:`make_kit`."""
    unit = catalogue(banks).unit(name)
    whose = Whose(student, variants if student else "")
    notebook = of_student(sheet(notebook_of(unit, banks)), unit, whose)
    first, written = _stubs(personal_stub(name, whose, banks))
    cells: list[Cell] = []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code":
            cells.append(cell)
            continue
        if opens(cell) and first:
            kept = [line for line in source.split("\n") if not line.startswith(f"from exercises.{name} ")]
            cells += [
                _hidden(_setup(unit, whose)),
                {**cell, "source": _lines("\n".join(kept).rstrip())},
                code_cell(first),
            ]
            first = ""
            continue
        wanted = [stub for stub in written if stub in _names(source)]
        cells += [code_cell(written.pop(stub)) for stub in wanted]
        cells.append(cell)
    cells += map(code_cell, written.values())
    notebook["cells"] = cells
    return written_out(notebook, student)


def _setup(unit: Unit, whose: Whose) -> str:
    files = {path: text.encode() for path, text in sorted(checker_files([unit], whose).items())}
    packed = zipped(Kit(files))
    folder = f"gradmark_{hashlib.sha256(packed).hexdigest()[:10]}"
    return SETUP.format(folder=folder, packed=textwrap.fill(base64.b64encode(packed).decode(), 100))


def _stubs(source: str) -> tuple[str, dict[str, str]]:
    """Return what a module of stubs begins with (imports, constants, given helpers), and each function that is to be written."""
    lines, tree = source.splitlines(), ast.parse(source)
    first: list[str] = []
    written: dict[str, str] = {}
    for node in tree.body:
        start = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        text = "\n".join(lines[start - 1 : node.end_lineno])
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node is tree.body[0]:
            continue  # the module's docstring: the notebook says it
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and (
            "NotImplementedError" in text or not node.name.startswith("_")
        ):
            written[node.name] = text  # also a fault to be mended, or a function that is given
        elif not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            first.append(text)
    return "from __future__ import annotations\n\n" + "\n".join(first), written


def _names(source: str) -> set[str]:
    """Return the names that a cell uses, those in its strings too: ``check("layers.relu_forward")``."""
    found: set[str] = set()
    for node in _nodes(source):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value.rpartition(".")[2])
    return found


def _nodes(source: str) -> Iterator[ast.AST]:
    try:
        yield from ast.walk(ast.parse(source))
    except SyntaxError:  # a magic
        return


def _lines(source: str) -> list[str]:
    return source.splitlines(keepends=True)


def code_cell(source: str) -> Cell:
    """Return a cell of code; its id follows from its text."""
    digest = hashlib.sha256(source.encode()).hexdigest()[:12]
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": digest,
        "metadata": {},
        "outputs": [],
        "source": _lines(source),
    }


def text_cell(source: str) -> Cell:
    """Return a cell of Markdown; likewise."""
    digest = hashlib.sha256(source.encode()).hexdigest()[:12]
    return {"cell_type": "markdown", "id": digest, "metadata": {}, "source": _lines(source)}


def _hidden(source: str) -> Cell:
    return {**code_cell(source), "metadata": {"jupyter": {"source_hidden": True}, "cellView": "form"}}
