"""A kit walked by machine: all Python that is in it, wherever it stands, and what each function of it does, whatever it is called.

Shared by the tests of ``gradmark release``. A *body* is what a function does: its statements as a syntax tree, in which its own
name, the names of its arguments and variables, annotations, decorators and its docstring count for nothing.
"""

from __future__ import annotations

import ast
import base64
import io
import json
import re
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from grader.bank import UNITS
from grader.release import Kit, make_kit, single_file

__all__ = [
    "REFUSED",
    "ROOMS_OF_TEACHERS",
    "bare",
    "bodies",
    "found",
    "is_trivial",
    "parsed",
    "pythons",
    "single",
    "singles",
    "source_at",
    "strings_in",
    "unpacked",
    "whole",
]

REFUSED = {
    *("threading", "_thread", "multiprocessing", "subprocess", "ctypes", "socket", "asyncio", "signal", "tempfile", "selectors"),
    *("concurrent", "ssl", "http", "urllib", "pickle", "shutil", "fcntl", "resource", "mmap", "pty", "webbrowser"),
}  # fmt: skip
"""What a browser's kernel has not, or a checker has no business with."""
ROOMS_OF_TEACHERS = ("bank", "grading", "runtime", "validation", "cli", "course", "submission", "export", "release")
SHELL = re.compile(r"^(\s*)[%!?].*$", re.MULTILINE)
FENCED = re.compile(r"```(?:python|py)?\n(.*?)```", re.DOTALL)
PACKED = re.compile(r'packed = """\n(.*?)"""', re.DOTALL)
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


# ------------------------------------------------------------------------------------------ what is in a kit
def unpacked(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of a kit, those too that are packed into its notebooks or zip archives."""
    all_files: dict[str, bytes] = {}
    for path, data in files.items():
        all_files[path] = data
        inner = []
        if path.endswith(".zip"):
            inner.append(data)
        if path.endswith(".ipynb"):
            cells = json.loads(data)["cells"]
            inner += [base64.b64decode(text) for cell in cells for text in PACKED.findall("".join(cell["source"]))]
        for archive in inner:
            with zipfile.ZipFile(io.BytesIO(archive)) as members:
                more = {name: members.read(name) for name in members.namelist()}
            all_files |= {f"{path}!{name}": text for name, text in unpacked(more).items()}
    return all_files


def pythons(files: Mapping[str, bytes]) -> Iterator[tuple[str, ast.Module]]:
    """Yield all that reads as Python in the files of a kit, with the place where it stands: modules, cells, fenced blocks of prose,
    and every string in data, in modules and in cells."""
    for path, data in unpacked(files).items():
        if path.endswith(".zip"):
            continue
        text = data.decode("utf-8")
        for place, source in _texts(path, text):
            yield from ((f"{path}{place}{inside}", tree) for inside, tree in _trees(source))


@cache
def _trees(source: str) -> tuple[tuple[str, ast.Module], ...]:
    """Return what a source reads as, and the strings in it; most of a kit stands in each notebook of a single file again."""
    tree = _read(source)
    return () if tree is None else (("", tree), *((", in a string", inner) for inner in _in_strings(tree)))


def _texts(path: str, text: str) -> Iterator[tuple[str, str]]:
    if path.endswith(".py"):
        yield "", text
    elif path.endswith(".ipynb"):
        for number, cell in enumerate(json.loads(text)["cells"], 1):
            source = "".join(cell["source"])
            if cell["cell_type"] == "code":
                yield f", cell {number}", SHELL.sub(r"\1pass", source)
            else:
                yield from ((f", cell {number}", block) for block in FENCED.findall(source))
            yield from ((f", an output of cell {number}", s) for s in strings_in(cell.get("outputs", [])))
    elif path.endswith(".json"):
        yield from ((", a string", s) for s in strings_in(json.loads(text)))
    else:
        yield from ((", a block", block) for block in FENCED.findall(text))


def strings_in(data: Any) -> Iterator[str]:
    """Yield every string of a JSON document, keys too."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        yield from (s for item in data.items() for part in item for s in strings_in(part))
    elif isinstance(data, list):
        yield from (s for part in data for s in strings_in(part))


def _in_strings(tree: ast.Module) -> Iterator[ast.Module]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and ("def " in node.value or "lambda" in node.value)
        ):
            inner = _read(node.value)
            if inner is not None:
                yield inner


def _read(source: str) -> ast.Module | None:
    try:
        return ast.parse(textwrap.dedent(source))
    except (SyntaxError, ValueError):
        return None


# --------------------------------------------------------------------------------------- what a function does
def found(files: Mapping[str, bytes]) -> Iterator[tuple[str, str, str]]:
    """Yield of every function in a kit that is not trivial the place, its name and its body."""
    for place, tree in pythons(files):
        yield from ((place, name, body) for name, body in _bodies(tree))


@cache
def _bodies(tree: ast.Module) -> tuple[tuple[str, str], ...]:
    return tuple(bodies(tree))


def bodies(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the name and the body of each function, method and lambda in a tree that is not trivial."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) and not is_trivial(node):
            yield getattr(node, "name", "lambda"), _body(node)


def _statements(node: Function) -> list[ast.stmt]:
    if isinstance(node, ast.Lambda):
        return [ast.Return(node.body)]
    return node.body[1:] if ast.get_docstring(node) is not None else node.body


def is_trivial(node: Function) -> bool:
    """Return True if a function is too short to be an answer: one statement at most, with one operator or call in it at most."""
    statements = _statements(node)
    if not statements or (len(statements) == 1 and isinstance(statements[0], (ast.Raise, ast.Pass))):
        return True
    if len(statements) > 1:
        return False
    operations = (
        ast.Call,
        ast.BinOp,
        ast.UnaryOp,
        ast.BoolOp,
        ast.Compare,
        ast.comprehension,
        ast.JoinedStr,
        ast.Lambda,
    )
    return sum(isinstance(n, operations) for n in ast.walk(statements[0])) <= 1


def _body(node: Function) -> str:
    """Return what a function does as text: its own names are numbered in the order in which they come up."""
    arguments = [a.arg for a in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]]
    arguments += [a.arg for a in (node.args.vararg, node.args.kwarg) if a is not None]
    numbers = {name: f"_{i}" for i, name in enumerate(arguments)}
    inside = [n for s in _statements(node) for n in ast.walk(s)]
    bound = {n.id for n in inside if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    bound |= {n.arg for n in inside if isinstance(n, ast.arg)}

    def renamed(name: str) -> str:
        if name in bound or name in numbers:
            return numbers.setdefault(name, f"_{len(numbers)}")
        return name

    class Normal(ast.NodeTransformer):
        def visit_Name(self, name: ast.Name) -> ast.Name:
            return ast.Name(renamed(name.id), ast.Load())

        def visit_arg(self, arg: ast.arg) -> ast.arg:
            return ast.arg(renamed(arg.arg), None)

        def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
            if node.value is None:
                return ast.Pass()
            return self.visit(ast.Assign([node.target], node.value))

        def visit_FunctionDef(self, inner: ast.FunctionDef) -> ast.AST:
            inner.decorator_list, inner.returns = [], None
            return self.generic_visit(inner)

    return "\n".join(ast.dump(Normal().visit(s)) for s in deepcopy(_statements(node)))


# ------------------------------------------------------------------------------------ a machine with numpy alone
def bare(folder: Path, code: str, *, data: str = "") -> subprocess.CompletedProcess[str]:
    """Run code where the import path holds a kit, the standard library and numpy, and nothing else.

    Args:
        folder: the kit, which is the working folder too.
        code: what is run.
        data: what is on its standard input.

    """
    libraries = folder.parent / f"{folder.name}_libraries"
    if not libraries.exists():
        libraries.mkdir()
        home = Path(np.__file__).parent
        for found in (home, home.parent / "numpy.libs"):
            if found.exists():
                (libraries / found.name).symlink_to(found)
    start = f"import sys\nsys.path[:0] = [{str(folder)!r}, {str(libraries)!r}]\nsys.dont_write_bytecode = True\n"
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", start + code], cwd=folder, capture_output=True, text=True, input=data, check=False
    )  # fmt: skip


@cache
def whole() -> Kit:
    """Return the kit of all units."""
    return make_kit()


@cache
def single(unit: str) -> bytes:
    """Return the notebook of a unit as a single file."""
    return single_file(unit).encode()


def singles() -> Mapping[str, bytes]:
    """Return the notebooks of all units, each as a single file."""
    return {f"{unit}.ipynb": single(unit) for unit in UNITS}


@cache
def parsed(file: str) -> ast.Module:
    return ast.parse(Path(file).read_text(encoding="utf-8"))


def source_at(where: str) -> ast.AST | None:
    """Return the function that is declared at a place, file and line."""
    file, _, line = where.rpartition(":")
    for node in ast.walk(parsed(file)):
        first = min([n.lineno for n in getattr(node, "decorator_list", ())] or [getattr(node, "lineno", 0)])
        if isinstance(node, ast.FunctionDef) and first <= int(line) <= node.lineno:
            return node
    return None
