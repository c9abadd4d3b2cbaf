"""The house rules: who may import whom, and what each room shows of itself. The imports are read, not run."""

from __future__ import annotations

import ast
import importlib
import io
import pkgutil
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
ROOMS = ("reference", "exercises", "grader")


def modules(folder: str) -> Iterator[tuple[str, Path]]:
    """Every module below a folder of the checkout, but for what runs in the student's process."""
    for path in sorted((CHECKOUT / folder).rglob("*.py")):
        if "inside" not in path.parts or path.name in ("wire.py", "faceless.py"):
            name = ".".join(path.relative_to(CHECKOUT).with_suffix("").parts)
            yield name.removesuffix(".__init__"), path


def imported(path: Path, *, at_start: bool = False) -> set[str]:
    """The modules that a file imports; ``at_start`` only those that importing it imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        if at_start and isinstance(node, (ast.FunctionDef, ast.Lambda)):
            return
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            return
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(tree)
    return found


def roots(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names) - {"__future__"}


@pytest.mark.parametrize("room", ["reference", "exercises"])
def test_the_students_rooms_import_numpy_and_nothing_else(room: str) -> None:
    for name, path in modules(room):
        assert roots(imported(path)) <= {"numpy", room}, name


def test_the_trusted_side_never_imports_exercises() -> None:
    for name, path in modules("grader"):
        assert "exercises" not in roots(imported(path)), name


ONLY = {
    # What may be imported in one room of the grader only.
    "nbclient": ("grader.runtime",),
    "jupyter_client": ("grader.runtime",),
    "zmq": ("grader.runtime",),
    "nbformat": ("grader.submission", "grader.runtime"),
    "rich": ("grader.report", "grader.cli", "grader.cli.terminal"),
    "click": ("grader.cli", "grader.cli.terminal"),
    "jinja2": ("grader.report",),
    "junitparser": ("grader.report",),
    "pydantic": ("grader.result", "grader.course"),
}


@pytest.mark.parametrize("library", ONLY)
def test_a_library_is_imported_in_its_room_only(library: str) -> None:
    for name, path in modules("grader"):
        if library in roots(imported(path)):
            assert name.startswith(ONLY[library]), f"{name} imports {library}"


def test_judging_and_report_know_neither_kernels_nor_files() -> None:
    outside = (
        "grader.runtime",
        "grader.submission",
        "grader.grading.many",
        "grader.grading.one",
        "grader.cli",
        "grader.bank",
    )
    doing = {"pathlib", "os", "subprocess", "socket", "shutil", "tempfile", "sqlite3"}
    for room in ("grader/judging", "grader/report"):
        for name, path in modules(room):
            names = imported(path)
            assert not any(n.startswith(outside) for n in names), name
            assert not {n.partition(".")[0] for n in names} & doing, name


def test_imports_run_one_way() -> None:
    """No circle among the modules of the grader, imports inside functions included."""
    known = dict(modules("grader"))
    graph = {name: {n for n in imported(path) if n in known and n != name} for name, path in known.items()}
    # A package's own __init__ names its parts: that is no arrow of theirs back to it.
    graph = {name: {n for n in to if not name.startswith(n + ".")} for name, to in graph.items()}
    done: set[str] = set()

    def walk(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " -> ".join([*above[above.index(name) :], name])
        if name not in done:
            for other in sorted(graph[name]):
                walk(other, (*above, name))
            done.add(name)

    for name in graph:
        walk(name, ())


def test_public_names_are_declared_sorted_and_there() -> None:
    for info in pkgutil.walk_packages([str(CHECKOUT / "grader")], "grader."):
        if ".inside" in info.name:
            continue
        module = importlib.import_module(info.name)
        declared = getattr(module, "__all__", None)
        if declared is not None:
            assert all(hasattr(module, name) for name in declared), info.name
            assert sorted(declared, key=lambda n: (not n.isupper(), not n[:1].isupper(), n)) == list(declared), (
                info.name
            )


def test_no_file_outgrows_its_idea() -> None:
    """At 400 lines a file holds two ideas; the students' model answers may be as long."""
    long = [
        (name, n) for room in ROOMS for name, path in modules(room) if (n := len(path.read_text().splitlines())) > 400
    ]
    assert [entry for entry in long if not entry[0].startswith("exercises")] == []


def code_lines(path: Path) -> int:
    """Lines that hold code: neither blank nor comment nor docstring."""
    text = path.read_text(encoding="utf-8")
    said = {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for line in range(node.lineno, node.end_lineno + 1)
    }
    silent = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    tokens = [t for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.type not in silent]
    return len({line for t in tokens for line in range(t.start[0], t.end[0] + 1)} - said)


def test_the_truth_stays_small() -> None:
    """Who has finished the course can read all of it: some 3,000 lines of code, docstrings apart."""
    assert sum(code_lines(path) for _, path in modules("reference")) <= 3000


def test_the_command_line_starts_without_the_heavy_libraries() -> None:
    heavy = ("numpy", "pydantic", "hypothesis", "nbformat", "nbclient", "jinja2", "zmq")
    code = f"import sys, grader.cli; print([m for m in {heavy!r} if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_checks_work_where_the_model_answers_are_not_installed() -> None:
    """The public part of the bank on a student's machine: numpy and the standard library."""
    code = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in ('reference', 'hypothesis', 'pydantic', 'nbformat', 'click', 'rich', 'jinja2'):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
import numpy as np
from grader.student import check
def relu_forward(x): return np.maximum(x, 0), x
def relu_backward(dout, cache): return 2 * dout * (cache > 0)
check("layers.relu_forward", "layers.relu_backward", "layers.softmax_forward")
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "✓ layers.relu_forward: passed" in run.stdout
    assert "✗ layers.relu_backward" in run.stdout
    assert "· layers.softmax_forward: not attempted" in run.stdout
