"""The files of the sample class: a student's work as a notebook, a module, a repository or an archive.

Everything is bytes that depend on the roster, the bases and the stubs in ``exercises/`` alone: cell ids are numbered, archives
are stored uncompressed with one fixed date.
"""

from __future__ import annotations

import ast
import io
import json
import zipfile
from collections.abc import Iterator
from textwrap import dedent
from typing import Any

from roster.student import EXERCISES, Student, Work, asked, chunks, stub, written

__all__ = ["entry", "files"]

NOTEBOOKS = {"layers": "06_layers.ipynb", "optimizers": "08_optimizers.ipynb"}
TITLES = {"layers": "06 Local gradients", "optimizers": "08 Optimizers"}
DATE = (2025, 10, 1, 12, 0, 0)

EXPERIMENTS = {
    "layers": {
        "ReLU": """\
x = np.array([[-1.0, 2.0, -3.0, 4.0]])
out, cache = relu_forward(x)
print(out, relu_backward(np.ones_like(x), cache))"""
    },
    "optimizers": {
        "Curvature": """\
w, config = np.array([2.0, 2.0]), {"learning_rate": 0.1}
for step in range(50):
    value, gradient, _ = elongated_bowl(w)
    w, config = sgd_momentum(w, gradient, config)
print(f"after 50 steps: f = {value:.4f} at {w}")"""
    },
}
"""The code cells beside functions, by unit and by the section that they follow, of students who declare none."""

Cell = tuple[str, str]
"""A cell of a notebook: ``code`` or ``markdown``, and its text."""


def entry(student: Student) -> str:
    """Return the name of a submission in the folder of the class."""
    match student.form:
        case "module":
            return f"{student.name}_{student.unit}.py"
        case "zip" | "zip without a top folder":
            return f"{student.name}.zip"
        case _:
            return student.name


def files(student: Student) -> dict[str, bytes]:
    """Make the files of a submission: path in the folder of the class to content."""
    work = written(student)
    match student.form:
        case "notebook":
            return {f"{student.name}/{NOTEBOOKS[student.unit]}": _notebook(student, _sheet(student, work))}
        case "module":
            return {entry(student): _module(student, work)}
        case "module in a folder":
            return {f"{student.name}/{student.unit}.py": _module(student, work)}
        case "repository":
            return {f"{student.name}/{path}": content for path, content in _repository(student, work).items()}
        case "zip" | "zip without a top folder":
            top = "" if student.form == "zip without a top folder" else f"backprop-{student.name}/"
            packed = _zip({top + path: content for path, content in _repository(student, work).items()})
            return {entry(student): _kept(student, packed)}


def _kept(student: Student, content: bytes) -> bytes:
    return content[: int(len(content) * student.kept)]


# --------------------------------------------------------------------------------------------- sources
def _edited(student: Student, code: str) -> str:
    for old, new in student.edits:
        code = code.replace(old, new)
    return code


def _module(student: Student, work: Work) -> bytes:
    parts = [work.imports]
    for section in work.sections:
        parts += [f"# ---- {section.title}", *section.functions.values()]
    return _edited(student, "\n\n\n".join(parts) + "\n").encode(student.encoding)


def _filled_stub(student: Student, work: Work) -> str:
    """Return the stub module with the student's functions in the place of their stubs; the other stubs stay."""
    own = {name: source for section in work.sections for name, source in section.functions.items()}
    imports = [line for line in work.imports.split("\n") if line != "import numpy as np"]
    header, functions = _stub_parts(student)
    header = header.replace("import numpy as np", "\n".join([*imports, "import numpy as np"]))
    helpers = [source for name, source in own.items() if name not in functions]
    filled = [_documented(own[name], source) if name in own else source for name, source in functions.items()]
    return _edited(student, "\n\n\n".join([header, *helpers, *filled]) + "\n")


def _stub_parts(student: Student) -> tuple[str, dict[str, str]]:
    """Return the text before the functions of a stub module, and its functions by name."""
    text = stub(student.unit)
    functions = {name: source for name, source in chunks(text) if name in asked(student.unit)}
    return text[: text.index(next(iter(functions.values())))].strip("\n"), functions


def _documented(source: str, given: str) -> str:
    """Return a student's function with the docstring of its stub, which most students leave standing."""
    theirs, asks = ast.parse(source).body[-1], ast.parse(given).body[-1]
    if not isinstance(theirs, ast.FunctionDef) or not isinstance(asks, ast.FunctionDef) or ast.get_docstring(theirs):
        return source
    docstring = asks.body[0]
    inserted = given.split("\n")[docstring.lineno - 1 : docstring.end_lineno]
    lines = source.split("\n")
    return "\n".join([*lines[: theirs.lineno], *inserted, *lines[theirs.lineno :]])


# ------------------------------------------------------------------------------------------- notebooks
def _sheet(student: Student, work: Work) -> Iterator[Cell]:
    """Yield the cells of a notebook that holds all functions itself."""
    yield "markdown", f"# {TITLES[student.unit]}\n\n{student.name.capitalize()}"
    experiments = EXPERIMENTS[student.unit] if student.experiments is None else student.experiments
    if student.stubs:
        yield from _stub_cells(student, work)
        return
    yield "code", _edited(student, work.imports)
    for section in work.sections:
        yield "markdown", f"## {section.title}"
        yield "code", _edited(student, "\n\n\n".join(section.functions.values()))
        if section.title in experiments:
            yield "code", dedent(experiments[section.title]).strip("\n")


def _stub_cells(student: Student, work: Work) -> Iterator[Cell]:
    """Yield the cells of a notebook with the stubs inside, one a cell; the student's functions replace their stubs."""
    own = {name: source for section in work.sections for name, source in section.functions.items()}
    header, functions = _stub_parts(student)
    yield "code", header[header.index("from __future__") :]
    for name, source in functions.items():
        yield "code", _documented(own[name], source) if name in own else source


def _repository(student: Student, work: Work) -> dict[str, bytes]:
    """Make the students' kit, filled in: functions in ``exercises/``, and a notebook that uses them."""
    cells: list[Cell] = [
        ("markdown", f"# {TITLES[student.unit]}\n\n{student.name.capitalize()}"),
        ("code", f"import numpy as np\n\nfrom exercises.{student.unit} import *"),
    ]
    experiments = EXPERIMENTS[student.unit] if student.experiments is None else student.experiments
    for title, source in experiments.items():
        cells += [("markdown", f"## {title}"), ("code", dedent(source).strip("\n"))]
    return {
        f"notebooks/{NOTEBOOKS[student.unit]}": _notebook(student, iter(cells)),
        "exercises/__init__.py": (EXERCISES / "__init__.py").read_bytes(),
        f"exercises/{student.unit}.py": _filled_stub(student, work).encode(),
    }


def _notebook(student: Student, cells: Iterator[Cell]) -> bytes:
    made = [_cell(student, number, *cell) for number, cell in enumerate(cells)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    if student.nbformat == 3:
        metadata: dict[str, Any] = {"name": student.name}
        document = {
            "metadata": metadata,
            "nbformat": 3,
            "nbformat_minor": 0,
            "worksheets": [{"cells": made, "metadata": {}}],
        }
    else:
        document = {"cells": made, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    return _kept(student, text.encode(student.encoding))


def _cell(student: Student, number: int, kind: str, text: str) -> dict[str, Any]:
    source = text.splitlines(keepends=True)
    if student.nbformat == 3:
        old = {"cell_type": kind, "metadata": {}}
        if kind == "code":
            return {
                **old,
                "collapsed": False,
                "input": source,
                "language": "python",
                "outputs": [],
                "prompt_number": number,
            }
        return {**old, "source": source}
    cell: dict[str, Any] = {"cell_type": kind, "id": f"{student.name}-{number:02d}", "metadata": {}, "source": source}
    return cell if kind == "markdown" else {**cell, "execution_count": None, "outputs": []}


def _zip(content: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path, data in content.items():
            info = zipfile.ZipInfo(path, DATE)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, data)
    return buffer.getvalue()
