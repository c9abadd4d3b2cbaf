"""The house rules: who may import whom, by which door, and what each room shows of itself. The imports are read, not run."""

from __future__ import annotations

import ast
import importlib
import io
import pkgutil
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
ROOMS = ("reference", "exercises", "grader")
INSIDE = "grader.runtime.inside"
SHARED = f"{INSIDE}.wire"
"""What runs beside student code is loaded by path; of it only the framing is imported by the trusted side too."""
LONGEST = 350

ARROWS: dict[str, set[str]] = {
    # Room by room, and the ground floor, from below: which others a room may import. Every module is in one of these.
    "errors": set(),
    "statuses": set(),
    "validated": set(),
    "places": set(),
    "writing": set(),
    "result": {"statuses"},
    "people": set(),
    "lots": set(),
    "grades": {"people", "result", "statuses"},
    "blind": {"grades", "people", "result"},
    "compared": {"result", "statuses"},
    "judging": {"errors", "statuses"},
    "bank": {"errors", "judging", "lots", "writing"},
    "exam": {"errors", "judging", "lots"},
    "diagnosis": {"judging", "result"},
    "submission": {"errors", "judging", "places", "writing"},
    "conversion": {"bank", "errors", "submission", "writing"},
    "items": {"diagnosis", "judging", "result"},
    "runtime": {"errors", "judging", "submission"},
    "grading": {
        "bank", "diagnosis", "errors", "items", "judging", "places", "result", "runtime", "statuses", "submission",
        "writing"
    },
    "shown": {"judging", "result", "statuses"},
    "course": {"errors", "exam", "grades", "judging", "people", "result", "runtime", "shown", "submission", "writing"},
    "gradebook": {"errors", "grades", "result"},
    "batch": {"bank", "course", "errors", "exam", "gradebook", "grades", "grading", "result", "runtime", "submission", "writing"},
    "similarity": {"result", "statuses"},
    "viva": {"judging", "result"},
    "report": {"grades", "judging", "people", "result", "runtime", "shown", "similarity", "statuses", "validated", "viva"},
    "marking": {"compared", "errors", "grades", "judging", "people", "result"},
    "export": {"errors", "grades", "people", "places", "report", "result", "statuses"},
    "pytest_plugin": {"report"},
    "student": {"diagnosis", "errors", "items", "judging", "report", "result"},
    "release": {"bank", "errors", "exam", "judging", "writing"},
    "validation": {"bank", "diagnosis", "errors", "judging", "student", "validated"},
    "cli": {
        "bank", "batch", "blind", "compared", "conversion", "course", "errors", "export", "gradebook", "grades", "grading",
        "judging", "marking", "people", "places", "release", "report", "result", "runtime", "shown", "similarity", "student",
        "exam", "submission", "validated", "validation", "viva", "writing"
    },
}  # fmt: skip
ONLY = {
    # What may be imported in one room of the grader only.
    "nbclient": ("grader.runtime.",),
    "jupyter_client": ("grader.runtime.",),
    "zmq": ("grader.runtime.",),
    "nbformat": ("grader.submission.", "grader.runtime."),
    "rich": ("grader.report.", "grader.cli."),
    "click": ("grader.cli.",),
    "jinja2": ("grader.report.",),
    "junitparser": ("grader.export.",),
    "pydantic": ("grader.result", "grader.course."),
    "alembic": ("grader.gradebook.",),
    "psycopg": ("grader.gradebook.",),
    "distributed": ("grader.batch.",),
    "sqlalchemy": ("grader.gradebook.",),
    "pytest": ("grader.pytest_plugin.",),
    "yaml": ("grader.submission.", "grader.conversion."),
    "starlette": ("grader.web.",),
}


@cache
def modules(folder: str) -> dict[str, Path]:
    """Every module below a folder of the checkout, by its name; a package by its own, its file being its face."""
    found = {}
    for path in sorted((CHECKOUT / folder).rglob("*.py")):
        name = ".".join(path.relative_to(CHECKOUT).with_suffix("").parts)
        if "standin" not in path.parts:
            found[name.removesuffix(".__init__")] = path
    return found


def trusted(folder: str = "grader") -> Iterator[tuple[str, Path]]:
    """The modules that the trusted side imports."""
    return ((n, p) for n, p in modules(folder).items() if not n.startswith(f"{INSIDE}.") or n == SHARED)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imported(path: Path) -> frozenset[str]:
    """The modules that a file imports, inside functions and for type checkers too; with those that it names to importlib."""
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in DYNAMIC and node.args:
            found |= named(node.args[0])
    return frozenset(found)


DYNAMIC = ("import_module", "__import__", "files", "find_spec", "run_module")


def named(argument: ast.expr) -> set[str]:
    """The module that a dynamic import names, as far as it is written down: of f"reference.{unit}" the part before the dot."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return {argument.value}
    if isinstance(argument, ast.JoinedStr) and isinstance(argument.values[0], ast.Constant):
        return {str(argument.values[0].value).rstrip(".")}
    return set()


def roots(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names) - {"__future__"}


def targets(names: set[str], known: dict[str, Path]) -> set[str]:
    """The modules among imported names: of ``from a.b import c`` both a.b and, if that is a module, a.b.c."""
    return {name for name in names if name in known}


def room_of(name: str) -> str:
    """``judging`` for grader.judging.checks.law; ``errors`` for grader.errors."""
    return name.split(".")[1]


@pytest.mark.parametrize("room", ["reference", "exercises"])
def test_the_students_rooms_import_numpy_and_nothing_else(room: str) -> None:
    for name, path in modules(room).items():
        assert roots(imported(path)) <= {"numpy", room}, name


def test_the_trusted_side_never_imports_exercises() -> None:
    """Nor by importlib; a stub's source is found, and read as text."""
    reads = {"grader.bank.prompts"}
    for name, path in trusted():
        # On a student's own machine their exercises are theirs, and imported on purpose.
        if name not in reads:
            assert "exercises" not in roots(imported(path)), name
    assert "import_module" not in (CHECKOUT / "grader/bank/prompts.py").read_text(encoding="utf-8")


def test_only_the_bank_and_the_exercise_name_model_answers() -> None:
    naming = {name for name, path in trusted() if "reference" in roots(imported(path))}
    # The engine, which computes gradients and finds faults in graphs, is in reference/ too.
    engine = {"grader.bank.gradients", "grader.bank.forms.pictures"}
    assert naming <= {"grader.judging.declare.exercise", "grader.bank.stub_files"} | engine


@pytest.mark.parametrize("library", ONLY)
def test_a_library_is_imported_in_its_room_only(library: str) -> None:
    for name, path in trusted():
        if library in roots(imported(path)):
            assert f"{name}.".startswith(ONLY[library]), f"{name} imports {library}"


def test_every_room_is_in_the_plan() -> None:
    assert {room_of(name) for name, _ in trusted() if name != "grader"} == set(ARROWS)


@pytest.mark.parametrize("room", ARROWS)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    known = dict(trusted())
    for name, path in known.items():
        if name == "grader" or room_of(name) != room:
            continue
        others = {room_of(t) for t in targets(imported(path), known) if t != "grader"} - {room}
        assert others <= ARROWS[room], f"{name} imports {sorted(others - ARROWS[room])}"


def test_the_plan_itself_has_no_circle() -> None:
    """Each room stands after all that it imports: the table reads from the ground floor up."""
    above: set[str] = set()
    for room, below in ARROWS.items():
        assert below <= above | {"bank", "submission"}, room
        above.add(room)


def behind_a_face(importer: str, target: str) -> bool:
    """Whether an import reaches into a package past its ``__init__``.

    The last package that both share is their common floor; what is imported must stand on it.
    """
    ours, theirs = importer.split("."), target.split(".")
    shared = 0
    while shared < min(len(ours), len(theirs)) and ours[shared] == theirs[shared]:
        shared += 1
    return len(theirs) > shared + 1


@pytest.mark.parametrize(
    ("importer", "target", "behind"),
    [
        ("grader.grading.one", "grader.runtime", False),
        ("grader.grading.one", "grader.runtime.life.session", True),
        ("grader.runtime.life.session", "grader.runtime.kernels", False),
        ("grader.runtime.life.session", "grader.runtime.kernels.forked", True),
        ("grader.runtime.life.session", "grader.runtime.life.budget", False),
        ("grader.runtime.life", "grader.runtime.life.budget", False),
        ("grader.runtime", "grader.runtime.life.session", True),
    ],
)
def test_what_reaches_behind_a_face(importer: str, target: str, behind: bool) -> None:
    assert behind_a_face(importer, target) is behind


@pytest.mark.parametrize("folder", ["grader", "reference"])
def test_nobody_reaches_behind_a_face(folder: str) -> None:
    known = dict(trusted(folder))
    found = [
        f"{name} imports {target}"
        for name, path in known.items()
        for target in targets(imported(path), known)
        if behind_a_face(name, target)
        and target != SHARED
        # A model answer is a library function too, and a unit's modules are written in the forms of the bank.
        and not (name.startswith("grader.bank.") and target.startswith("grader.bank."))
    ]
    assert found == []


@pytest.mark.parametrize("room", ["judging", "diagnosis"])
def test_the_middle_does_no_input_or_output(room: str) -> None:
    doing = {"pathlib", "os", "subprocess", "socket", "shutil", "tempfile", "sqlite3", "io"}
    for name, path in modules("grader").items():
        if name.startswith(f"grader.{room}"):
            assert not {n.partition(".")[0] for n in imported(path)} & doing, name


@pytest.mark.parametrize("folder", ["grader", "reference"])
def test_imports_run_one_way(folder: str) -> None:
    """No circle among the modules, imports inside functions included."""
    known = dict(trusted(folder))
    graph = {name: targets(imported(path), known) - {name} for name, path in known.items()}
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


def test_faces_and_public_names_are_declared_sorted_and_there() -> None:
    for info in pkgutil.walk_packages([str(CHECKOUT / "grader")], "grader."):
        if info.name.startswith(f"{INSIDE}."):
            continue
        module = importlib.import_module(info.name)
        declared = getattr(module, "__all__", None)
        assert declared is not None or not info.ispkg or info.name == INSIDE, f"{info.name} has no face"
        if declared is not None:
            assert all(hasattr(module, name) for name in declared), info.name
            assert sorted(declared, key=lambda n: (not n.isupper(), not n[:1].isupper(), n)) == list(declared), (
                info.name
            )


@pytest.mark.parametrize("folder", ["grader", "reference"])
def test_no_file_outgrows_its_idea(folder: str) -> None:
    """At 350 lines a file holds two ideas."""
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in modules(folder).items()}
    assert {name: n for name, n in lengths.items() if n > LONGEST} == {}


QUESTION_WORDS = ("what", "whether", "how", "where", "which", "who", "whom", "whose", "when", "why")


@pytest.mark.parametrize("folder", ["grader", "reference"])
def test_a_docstring_says_what_is_done_or_what_a_thing_is(folder: str) -> None:
    """A verb with its object, or a noun: never a question that the reader has to turn into an answer."""
    questions = []
    for name, path in modules(folder).items():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                words = (ast.get_docstring(node) or "").split()
                if words and words[0].lower().strip(",.:") in QUESTION_WORDS:
                    questions.append(f"{name}:{getattr(node, 'lineno', 1)} {' '.join(words[:6])}")
    assert questions == []


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
    """Who has finished the course can read all of it, docstrings and faces apart: the engine, and a unit's answers in an hour."""
    lines = {name: code_lines(path) for name, path in modules("reference").items() if path.name != "__init__.py"}
    engine = {name: count for name, count in lines.items() if name.split(".")[1] in ("autodiff", "nn")}
    assert sum(engine.values()) <= 3200
    assert [name for name, count in lines.items() if count > 350] == []


def test_the_command_line_starts_without_the_heavy_libraries() -> None:
    heavy = ("numpy", "sqlalchemy", "pydantic", "hypothesis", "nbformat", "nbclient", "jinja2", "zmq")
    code = f"import sys, grader.cli; print([m for m in {heavy!r} if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_no_trick_with_the_interpreter() -> None:
    """Neither modules put in others' places, nor an end past the interpreter's own, nor a collector that is moved about."""
    tricks = ("sys.modules[", "sys.modules.update", "gc.", "os._exit", "LazyLoader")
    found = [
        f"{name}: {trick}"
        for name, path in trusted()
        for trick in tricks
        if trick in path.read_text(encoding="utf-8") and (name, trick) not in ALLOWED_TRICKS
    ]
    assert found == []


ALLOWED_TRICKS = {
    # A driver whose first process is gone works for nobody: there is nothing to hand on and nobody to tell.
    ("grader.grading.drivers", "os._exit"),
    # A private bank is loaded by its path; importlib's own recipe for that enters the module, so that its parts find each other.
    ("grader.bank.private", "sys.modules["),
}


def test_every_exercise_of_the_bank_is_in_the_catalogue() -> None:
    """A unit lists its modules once, and of those every exercise is in it: what is declared elsewhere would be forgotten."""
    from grader.bank import UNITS, catalogue
    from grader.judging import Exercise

    listed = {exercise.name for unit in catalogue().units.values() for exercise in unit.exercises}
    packages = [info.name for info in pkgutil.iter_modules([str(CHECKOUT / "grader" / "bank")]) if info.ispkg]
    assert set(packages) - {"forms", "scaffolding"} <= set(UNITS)
    for unit in packages:
        if unit not in UNITS:
            continue
        folder = CHECKOUT / "grader" / "bank" / unit
        for info in pkgutil.iter_modules([str(folder)]):
            module = importlib.import_module(f"grader.bank.{unit}.{info.name}")
            assert {e.name for e in vars(module).values() if isinstance(e, Exercise)} <= listed, info.name


def test_checks_work_where_the_model_answers_are_not_installed() -> None:
    """The public part of the bank on a student's machine: numpy and the standard library."""
    code = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        absent = ('reference', 'hypothesis', 'pydantic', 'nbformat', 'click', 'rich', 'jinja2', 'orjson')
        if name.partition('.')[0] in absent:
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
