"""The kit that students get: what is in it, what is not, and that it runs where numpy is and nothing else."""

from __future__ import annotations

import ast
import base64
import importlib
import inspect
import io
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
import tomllib
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import banks
import kits
import numpy as np
import pytest
from answers import model_answers
from nbformat.v4 import new_code_cell, new_notebook, writes

import grader
from grader.bank import UNITS, catalogue, stub_source
from grader.cli import command
from grader.judging import Exercise, Judge, Mistake
from grader.release import Kit, closure, make_kit, single_file, write_folder, write_zip
from grader.release.written import zipped
from grader.student import LocalAnswers, public_unit

CHECKOUT = Path(grader.__file__).parents[1]
REFUSED = {
    *("threading", "_thread", "multiprocessing", "subprocess", "ctypes", "socket", "asyncio", "signal", "tempfile", "selectors"),
    *("concurrent", "ssl", "http", "urllib", "pickle", "shutil", "fcntl", "resource", "mmap", "pty", "webbrowser"),
}  # fmt: skip
"""What a browser's kernel has not, or a checker has no business with."""
ROOMS_OF_TEACHERS = ("bank", "grading", "runtime", "validation", "cli", "course", "submission", "export", "release")
COINCIDE = {("reference/autodiff/rules/linalg.py: lambda", "grader/judging/notation/operations.py: _outer")}
"""An outer product is one, whoever computes it: an operation of the language of graphs, and a rule of the engine."""


@cache
def whole() -> Kit:
    """Return the kit of all units."""
    return make_kit()


@cache
def singles() -> Mapping[str, bytes]:
    """Return the notebooks of all units, each as a single file."""
    return {f"{unit}.ipynb": single_file(unit).encode() for unit in UNITS}


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a kit of all units, which no test changes."""
    folder = tmp_path_factory.mktemp("release") / "kit"
    write_folder(whole(), folder)
    return folder


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., tuple[int, str, str]]:
    monkeypatch.chdir(tmp_path)

    def run_(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["gradmark", *arguments])
        with pytest.raises(SystemExit) as stopped:
            command()
        said = capsys.readouterr()
        assert isinstance(stopped.value.code, int)
        return stopped.value.code, said.out, said.err

    return run_


# --------------------------------------------------------------------------------- what no kit may hold
def all_mistakes() -> Iterator[tuple[Exercise, Mistake]]:
    for unit in catalogue().units.values():
        yield from ((exercise, mistake) for exercise in unit.exercises for mistake in exercise.mistakes)


def source_at(where: str) -> ast.AST | None:
    """Return the function that is declared at a place, file and line."""
    file, _, line = where.rpartition(":")
    for node in ast.walk(parsed(file)):
        first = min([n.lineno for n in getattr(node, "decorator_list", ())] or [getattr(node, "lineno", 0)])
        if isinstance(node, ast.FunctionDef) and first <= int(line) <= node.lineno:
            return node
    return None


@cache
def parsed(file: str) -> ast.Module:
    return ast.parse(Path(file).read_text(encoding="utf-8"))


def given(file: Path) -> set[str]:
    """Return the names of what students are given of a module of model answers: private functions, and of a class in which some
    methods are to be written those that are not."""
    text = file.read_text(encoding="utf-8")

    def is_asked(node: ast.AST) -> bool:
        return "BEGIN SOLUTION" in (ast.get_source_segment(text, node) or "")

    found = {n.name for n in ast.parse(text).body if isinstance(n, ast.FunctionDef) and n.name.startswith("_")}
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef) and is_asked(node):
            found |= {f"{node.name}.{m.name}" for m in node.body if isinstance(m, ast.FunctionDef) and not is_asked(m)}
    return found


def named(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield the names and bodies of functions; of methods with that of their class."""
    for node in tree.body:
        prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        for name, body in kits.bodies(node):
            yield f"{prefix}{name}", body


@cache
def secrets() -> Mapping[str, str]:
    """Return by its body what stands for what no kit may hold: model answers, all that is behind them, mistakes and candidates."""
    found: dict[str, str] = {}
    for file in sorted((CHECKOUT / "reference").rglob("*.py")):
        ours = f"reference/{file.relative_to(CHECKOUT / 'reference').as_posix()}"
        free = given(file) if file.parent.name == "reference" else set()
        for name, body in named(ast.parse(file.read_text(encoding="utf-8"))):
            if name not in free:
                found.setdefault(body, f"{ours}: {name}")
    for exercise, mistake in all_mistakes():
        declared = source_at(mistake.where) if exercise.planted != mistake.name else None
        for _, body in kits.bodies(declared) if declared is not None else ():
            found.setdefault(body, f"a mistake: {exercise.code_of(mistake)}")
    for exercise in (e for unit in catalogue().units.values() for e in unit.exercises if e.form == "test to write"):
        for tree in candidates_of(exercise):
            for name, body in kits.bodies(tree):
                found.setdefault(body, f"a candidate of {exercise.name}: {name}")
    return found


def candidates_of(exercise: Exercise) -> Iterator[ast.AST]:
    """Yield the right and wrong candidates of a test to write, as its adapter carries them."""
    plan = exercise.plan({})
    for call in plan.chain.calls:
        yield from (n for n in ast.parse(call.adapter or "").body if getattr(n, "name", "").startswith("candidate_"))


def leaks(files: Mapping[str, bytes]) -> list[str]:
    """Return what a kit holds of what no kit may hold."""
    hits = {(secrets()[body], f"{place}: {name}") for place, name, body in kits.found(files) if body in secrets()}
    return [f"{where} is {what}" for what, where in sorted(hits) if not is_known(what, where)]


def is_known(what: str, where: str) -> bool:
    return any(what == known and where.endswith(place) for known, place in COINCIDE)


@pytest.mark.slow
def test_no_kit_holds_an_answer_a_mistake_or_a_candidate_whatever_it_is_called() -> None:
    assert len(secrets()) > 1000  # or nothing was compared
    assert sum(1 for _ in kits.found(whole().files)) > 800
    assert leaks(whole().files) == []
    assert leaks({"kit.zip": zipped(whole(), "kit/")}) == []
    assert leaks(singles()) == []


@pytest.mark.slow
def test_what_coincides_still_does() -> None:
    places = {f"{place}: {name}" for place, name, body in kits.found(whole().files) if body in secrets()}
    assert all(any(place.endswith(where) for place in places) for _, where in COINCIDE)


RENAMED = '''
def harmless(  upstream:"Array",memo)  ->  "Array" :
    """Something else altogether."""
    memory=memo  # as it was
    return (   upstream*memory *
               (1-memory))
'''
"""The model answer of ``layers.sigmoid_backward``, as somebody would hide it."""


def in_a_notebook(source: str, kind: str = "code") -> bytes:
    return json.dumps({"cells": [{"cell_type": kind, "source": source, "outputs": []}]}).encode()


def packed(source: str) -> bytes:
    inner = zipped(Kit("inner", {"grader/deep.py": source.encode()}))
    return in_a_notebook(f'packed = """\n{base64.b64encode(inner).decode()}\n"""')


@pytest.mark.parametrize(
    "files",
    [
        {"grader/report/text.py": RENAMED.encode()},
        {"grader/report/text.py": ("class Text:\n" + textwrap.indent(RENAMED, "    ")).encode()},
        {"grader/report/text.py": ("def outer():\n" + textwrap.indent(RENAMED, "    ")).encode()},
        {"exercises/layers.py": f"SPARE = {RENAMED!r}\n".encode()},
        {"notebooks/06_layers.ipynb": in_a_notebook(f"%matplotlib inline\n{RENAMED}")},
        {"notebooks/06_layers.ipynb": in_a_notebook(f"So:\n```python\n{RENAMED}```\n", "markdown")},
        {"grader/student/units/layers.json": json.dumps({"sources": [["x", {"y": RENAMED}]]}).encode()},
        {"README.md": f"```python\n{RENAMED}```\n".encode()},
        {"layers.ipynb": packed(RENAMED)},
        {"x.zip": zipped(Kit("x", {"a.py": RENAMED.encode()}))},
    ],
    ids=["module", "method", "inner", "string", "cell", "prose", "data", "readme", "packed", "zip"],
)
def test_the_walker_finds_an_answer_that_was_planted(files: Mapping[str, bytes]) -> None:
    """A walk that finds nothing proves nothing unless it finds what is there: renamed, laid out anew, wherever it stands."""
    (line,) = leaks(files)
    assert "reference/layers.py: sigmoid_backward" in line


def test_the_walker_finds_a_mistake_and_a_candidate_and_no_more() -> None:
    mistake = next(m for e, m in all_mistakes() if e.code_of(m) == "layers.relu_backward/masks_by_upstream")
    text = inspect.getsource(mistake.answer)
    text = text[text.index("def ") :].replace("masks_by_upstream", "f").replace("dout", "g")
    assert leaks({"a.py": text.encode()}) == ["a.py: f is a mistake: layers.relu_backward/masks_by_upstream"]
    assert len(leaks({"a.py": b"lost = lambda a, b: a * (a > 0)"})) == 1
    exercise = catalogue().exercise("chain_rule.gradient_checker")
    candidate = next(tree for tree in candidates_of(exercise) if not kits.is_trivial(tree))
    (found,) = {line.partition(": ")[0] for line in leaks({"b.json": json.dumps([ast.unparse(candidate)]).encode()})}
    assert found.startswith("b.json")
    assert leaks({"a.py": text.replace("(g > 0)", "(g > 1)").encode()}) == []


def carried(files: Mapping[str, bytes]) -> Iterator[tuple[str, ast.Module]]:
    """Yield the sources that public data carry (adapters, readings, laws), with their units."""
    for path, data in kits.unpacked(files).items():
        if "/units/" in path:
            yield from ((Path(path).stem, ast.parse(text)) for text in json.loads(data)["sources"])


@cache
def asked_of(unit: str) -> frozenset[str]:
    """Return the names of what students are to write in a unit: functions, and the methods of classes."""
    functions = {exercise.function for exercise in catalogue().unit(unit).exercises}
    classes = [n for n in ast.walk(ast.parse(stub_source(unit))) if isinstance(n, ast.ClassDef) and n.name in functions]
    methods = (m for c in classes for m in c.body if isinstance(m, ast.FunctionDef))
    return frozenset({*functions, *(m.name for m in methods if "NotImplementedError" in ast.unparse(m))})


def answered(files: Mapping[str, bytes]) -> list[str]:
    """Return what the adapters of public data define of what students are to write, by whatever rule."""
    return sorted(
        {
            f"{unit}: {node.name}"
            for unit, tree in carried(files)
            for node in ast.walk(tree)
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name in asked_of(unit)
        }
    )


def test_no_adapter_answers_an_exercise_in_other_words() -> None:
    """Those of four exercises carried a class of right Duals, all operators and functions."""
    assert answered(whole().files) == []


COMMON = {
    ("reverse_mode.log_vjp", "grader.judging.notation.operations: divide"),
    ("layers.linear_jacobian", "grader.judging.notation.operations: transpose"),
    ("layers.linear_jacobian", "grader.judging.notation.operations: transposed"),
}
"""Answers of one operation, which a quotient and a transpose are."""


def functions_of_a_kit() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield what adapters define, and what modules that reckon define, in tables too."""
    for unit in UNITS:
        for number, text in enumerate(json.loads(whole().files[f"grader/student/units/{unit}.json"])["sources"]):
            scope: dict[str, Any] = {"np": np, "Malformed": ValueError, "MET": None, "unmet": None, "outputs_of": None}
            exec(compile(f"from __future__ import annotations\n{text}", "<carried>", "exec"), scope)
            yield from ((f"{unit} {number}: {name}", f) for name, f in scope.items() if inspect.isfunction(f))
    for module in closure("grader.student.notebook"):
        if module.startswith(("grader.judging.notation.", "grader.judging.numerics.", "grader.judging.recognise.")):
            for name, thing in vars(importlib.import_module(module)).items():
                rows = thing.items() if isinstance(thing, dict) else [(name, thing)]
                for key, row in rows:
                    function = row[-1] if isinstance(row, tuple) and row else row
                    if inspect.isfunction(function) and function.__module__ == module:
                        yield f"{module}: {key}", function


def takes(function: Callable[..., Any], count: int) -> bool:
    given = [p for p in inspect.signature(function).parameters.values() if p.kind <= p.POSITIONAL_OR_KEYWORD]
    return sum(p.default is p.empty for p in given) <= count <= len(given)


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
def test_no_function_of_a_kit_is_an_answer(unit: str) -> None:
    """Each is handed in for each exercise that takes as many arguments: the worked examples tell."""
    functions, found, tried = list(functions_of_a_kit()), set(), 0
    given = public_unit(unit)
    for exercise in given.unit.exercises:
        if exercise.form == "object" or not any(check.kind == "example" for check in exercise.checks):
            continue
        count = len(inspect.signature(catalogue().exercise(exercise.name).answer()).parameters)
        for name, function in functions:
            if takes(function, count):
                tried += 1
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    judged = Judge(LocalAnswers({exercise.function: function}), given.bench).verdicts(exercise)
                if all(v.status == "passed" for v in judged if v.check.kind == "example"):
                    found.add((exercise.name, name))
    assert tried > 100
    assert found == {pair for pair in COMMON if pair[0].startswith(f"{unit}.")}


# ------------------------------------------------------------------------------------------ words and names
@pytest.mark.slow
def test_no_hidden_mistake_and_no_wrong_choice_is_told() -> None:
    """What a mistake of a question says leaves the answer over; a hidden one would tell what only grading sees."""
    text = "\n".join(data.decode() for data in kits.unpacked({**whole().files}).values())
    spaced = " ".join(
        [
            text,
            *(
                s
                for p, d in whole().files.items()
                if p.endswith((".json", ".ipynb"))
                for s in kits.strings_in(json.loads(d))
            ),
        ]
    )
    told, untold = [], []
    for exercise, mistake in all_mistakes():
        secret = mistake.hidden or all(check.visibility != "public" for check in exercise.checks)
        (untold if secret else told).append(mistake.text)
    assert len(told) > 900
    assert len(untold) > 200
    assert [text for text in told if text not in spaced] == []  # so the search finds what is there
    assert [text for text in untold if text in spaced and text not in told] == []


def test_what_is_public_of_a_check_is_its_name_and_of_a_question_nothing_else(kit: Path) -> None:
    for path in (kit / "grader/student/units").glob("*.json"):
        for data in json.loads(path.read_text(encoding="utf-8"))["exercises"]:
            exercise = catalogue().exercise(data["name"])
            assert [row[:4] for row in data["checks"]] == [
                [c.name, c.kind, c.points, c.visibility] for c in exercise.checks
            ]
            assert [row[6] for row in data["checks"] if row[3] == "hidden"] == [None] * sum(
                c.visibility == "hidden" for c in exercise.checks
            )
            if not any(check.visibility == "public" for check in exercise.checks):
                assert data["examples"] == data["mistakes"] == data["variants"] == data["plans"] == []
                assert data["inputs"] == list(exercise.inputs)


@pytest.mark.slow
def test_no_module_of_the_teachers_side_is_there_or_asked_for() -> None:
    names = [path.removesuffix(".py").replace("/", ".") for path in whole().files if path.endswith(".py")]
    assert [
        n
        for n in names
        if n.split(".")[0] == "reference" or (n.split(".")[1:2] and n.split(".")[1] in ROOMS_OF_TEACHERS)
    ] == []
    assert "grader.judging.cases.drawn" not in names  # the recipes of hidden cases
    places: dict[str, set[str]] = {}
    for place, tree in kits.pythons(whole().files):
        for node in ast.walk(tree):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for module in modules:
                places.setdefault(module, set()).add(place)
    theirs = [
        m
        for m in places
        if m.split(".")[0] == "reference" or re.match(rf"grader\.({'|'.join(ROOMS_OF_TEACHERS)})\b", m)
    ]
    assert {m: places[m] for m in theirs} == {}
    checker = {m.split(".")[0]: p for m, where in places.items() for p in where if p.startswith("grader/")}
    assert REFUSED & checker.keys() == set()


@pytest.mark.slow
def test_no_path_of_the_machine_is_there() -> None:
    for path, data in kits.unpacked({**whole().files, **singles()}).items():
        if not path.endswith(".zip"):
            for place in (str(CHECKOUT), str(Path.home()), sys.prefix, f"{os.sep}tmp{os.sep}", f"{os.sep}home{os.sep}"):
                if len(place) > 2:
                    assert place.encode() not in data, (path, place)


@pytest.mark.slow
def test_a_kit_of_all_units_is_small_and_the_same_each_time(tmp_path: Path) -> None:
    write_zip(whole(), tmp_path / "kit.zip")
    assert (tmp_path / "kit.zip").stat().st_size < 1_000_000
    assert zipped(make_kit(), "kit/") == (tmp_path / "kit.zip").read_bytes()
    assert single_file("layers").encode() == singles()["layers.ipynb"]
    assert all(len(data) < 1_000_000 for data in singles().values())
    with zipfile.ZipFile(io.BytesIO((tmp_path / "kit.zip").read_bytes())) as archive:
        assert {n.split("/")[0] for n in archive.namelist()} == {"kit"}
        assert archive.testzip() is None


# ----------------------------------------------------------------------- on a machine with numpy and nothing else
IMPORTS = """
import importlib, json, pathlib, sys
names = [".".join(p.with_suffix("").parts) for p in sorted(pathlib.Path("grader").rglob("*.py"))]
names = [n.removesuffix(".__init__") for n in names]
for name in names:
    importlib.import_module(name)
gone = []
for name in json.loads(sys.stdin.read()):
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        gone.append(name)
homes = {str(getattr(m, "__file__", None) or "") for m in list(sys.modules.values())}
print(json.dumps([len(names), gone, sorted({n.partition(".")[0] for n in sys.modules})]))
"""


@pytest.mark.slow
def test_every_module_of_a_kit_can_be_imported_and_nothing_of_the_teachers_side(kit: Path) -> None:
    theirs = [f"grader.{room}" for room in ROOMS_OF_TEACHERS]
    theirs += [
        "reference",
        *(f"reference.{unit}" for unit in UNITS),
        "reference.autodiff",
        "reference.nn",
        "IPython",
        "pydantic",
    ]
    ran = kits.bare(kit, IMPORTS, data=json.dumps(theirs))
    assert ran.returncode == 0, ran.stderr
    count, gone, loaded = json.loads(ran.stdout)
    assert count > 90
    assert gone == theirs
    others = set(loaded) - sys.stdlib_module_names - {"__main__", "grader", "numpy"}
    assert [name for name in others if "cython" not in name] == []  # which numpy brings


AUDITED = """
import json, os, pathlib, sys
import numpy, numpy.random, numpy.linalg
here = os.path.realpath(".")
homes = [sys.base_prefix, os.path.dirname(numpy.__file__), os.path.dirname(os.__file__)]
allowed = [here, *map(os.path.realpath, homes)]
SYSTEM = (
    "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "socket.", "ctypes.", "_thread.start", "os.remove",
    "os.rename", "os.mkdir", "shutil.", "tempfile.", "urllib.", "winreg.",
)
opened, written, others = [], [], []

def watch(event, args):
    if event == "open":
        path, mode, flags = args
        if isinstance(path, int):
            return
        path = os.path.realpath(os.fsdecode(path))
        writes = (flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC) or any(c in (mode or "") for c in "wax+")
        (written if writes else opened).append(path)
    elif event.startswith(SYSTEM):
        others.append([event, str(args[0]) if args else ""])

sys.addaudithook(watch)
before = set(sys.modules)
exec(sys.stdin.read())
outside = [p for p in opened if not any(p == a or p.startswith(a + os.sep) for a in allowed)]
written = [os.path.relpath(p, here) for p in written]
print("@" + json.dumps([outside, written, others, len(opened), sorted(set(sys.modules) - before)]))
"""
SESSION = """
from grader.student.notebook import *
from exercises.layers import *
def relu_forward(x):
    return np.maximum(x, 0), x
def relu_backward(dout, cache):
    return dout * (dout > 0)
check()
status()
hint(relu_backward)
hint("affine_forward")
ready(affine_forward)
import grader.student.terminal as t
for unit in UNITS:
    t.main([".", *unit])
"""


@pytest.mark.slow
def test_the_checker_opens_nothing_outside_its_folder_and_starts_nothing(kit: Path) -> None:
    names = [[e.name for e in unit.exercises[:6]] for unit in catalogue().units.values()]
    ran = kits.bare(kit, AUDITED, data=SESSION.replace("UNITS", repr(names)))
    assert ran.returncode == 0, ran.stderr
    said, _, told = ran.stdout.rpartition("@")
    outside, written, others, opened, loaded = json.loads(told)
    assert "1 of 33 exercises passed the public checks" in said
    assert "The mask comes from dout." in said
    assert outside == []
    assert opened > 50  # or nothing was watched
    assert set(written) <= {".gradmark/hints.json", ".gradmark/hints.json.part"}
    assert [o for o in others if o[0] != "os.mkdir" or not o[1].endswith(".gradmark")] == []
    assert {n.partition(".")[0] for n in loaded} & REFUSED == set()


def test_the_watch_sees_what_it_is_there_for(kit: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_text("x")
    code = f"open({str(elsewhere)!r}).close(); open({str(elsewhere)!r}, 'w').close(); import subprocess; subprocess.run(['true'])"
    outside, written, others, _, loaded = json.loads(kits.bare(kit, AUDITED, data=code).stdout.rpartition("@")[2])
    assert outside == [str(elsewhere)]
    assert written[0].endswith("elsewhere.txt")
    assert any(event == "subprocess.Popen" for event, _ in others)
    assert "subprocess" in loaded


MISTAKES = """
import json, sys
from grader.student import checked, public_unit
from grader.student.work import Work
from grader.student.public import exercise_named
unit, models, mistakes = json.loads(sys.stdin.read())
def functions_of(text):
    import linecache, types
    name = f"<written {len(linecache.cache)}>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    scope = types.ModuleType("written").__dict__
    exec(compile(text, name, "exec"), scope)
    return scope
right = functions_of(models)
out = []
for exercise in public_unit(unit).unit.exercises:
    found = checked(exercise, Work(right))
    out.append([exercise.name, "", found.item.status, [c.status for c in found.item.checks], []])
for name, code, function, text in mistakes:
    exercise = exercise_named(name)
    wrong = functions_of(models + "\\n\\n" + text)
    wrong[exercise.function] = wrong[function]
    found = checked(exercise, Work(wrong))
    out.append([name, code, found.item.status, [], [e.diagnosis.mistake for e in found.explanations if e.diagnosis]])
print(json.dumps(out))
"""


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
def test_right_answers_pass_in_a_kit_and_wrong_ones_are_told(unit: str, kit: Path) -> None:
    """In a process that has kit and numpy. Mistakes that need more of the bank are tried in tests/bank/test_public_checks.py."""
    mistakes = []
    for exercise in catalogue().unit(unit).exercises:
        plain = [m for m in exercise.mistakes if not m.from_model and m.name != exercise.planted and not m.hidden]
        for mistake in plain:
            tree = source_at(mistake.where)
            text = ast.unparse(tree) if isinstance(tree, ast.FunctionDef) else ""
            text = re.sub(r"^@.*\n", "", text, flags=re.MULTILINE)
            names = {n.id for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name)}
            if (
                text
                and exercise.asks is None
                and not names & set(vars(sys.modules[mistake.answer.__module__])) - {"np"}
            ):
                mistakes.append([exercise.name, exercise.code_of(mistake), mistake.name, text])
    ran = kits.bare(kit, MISTAKES, data=json.dumps([unit, model_answers(unit), mistakes]))
    assert ran.returncode == 0, ran.stderr
    right = [row for row in json.loads(ran.stdout) if not row[1]]
    wrong = [row for row in json.loads(ran.stdout) if row[1]]
    public = {e.name for e in catalogue().unit(unit).exercises if any(c.visibility == "public" for c in e.checks)}
    assert [row for row in right if row[0] in public and (row[2] != "passed" or set(row[3]) != {"passed"})] == []
    assert {row[2] for row in right if row[0] not in public} <= {"skipped"}
    asked = [row for row in wrong if row[0] in public]
    assert len(asked) >= 10
    assert [row for row in asked if row[2] in ("passed", "skipped", "not_attempted", "grader_error")] == []
    told = [row for row in asked if row[1].partition("/")[2] in row[4]]
    assert len(told) >= 0.95 * len(asked) - 1


# ------------------------------------------------------------------------------------------------ single files
SINGLE = """
import codeop, json, linecache, sys
cells, answers = json.loads(sys.stdin.read())
scope, broken = {"__name__": "__main__"}, []
compiled = codeop.Compile()  # it keeps to __future__ from cell to cell, as IPython does

def run(number, source):
    name = f"<cell {number}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compiled(source, name, "exec"), scope)

for number, source in enumerate(cells):
    try:
        run(number, source)
    except Exception as error:
        broken.append([number, type(error).__name__, str(error)])
print("@ as given")
run("as given", "check('relu_forward', 'relu_backward')")
run("answers", answers)
print("@ answered")
run("answered", "check('relu_forward', 'relu_backward'); check(relu_forward); hint('relu_backward')")
print("@" + json.dumps(broken))
"""


NEEDS_MORE = re.compile(r"No module named '(matplotlib|IPython)'")
"""What cells that draw need, and Jupyter has."""


def cells_of(notebook: str | bytes) -> list[str]:
    return ["".join(c["source"]) for c in json.loads(notebook)["cells"] if c["cell_type"] == "code"]


@pytest.mark.slow
def test_a_single_file_runs_where_numpy_is_and_nothing_else(tmp_path: Path) -> None:
    """Its cells in order, in one namespace, in an empty folder, as Colab would; those that draw may fail."""
    right, wrong = (
        "def relu_forward(x):\n    return np.maximum(x, 0), x\n",
        "def relu_backward(dout, cache):\n    return dout * (dout > 0)\n",
    )
    answers = f"{right}\n{wrong}"
    here = tmp_path / "here"
    here.mkdir()
    for _ in range(2):  # the second time it is unpacked already
        ran = kits.bare(here, SINGLE, data=json.dumps([cells_of(singles()["layers.ipynb"]), answers]))
        assert ran.returncode == 0, ran.stderr
        _, given, answered_, broken = ran.stdout.rsplit("@", 3)
        assert [b for b in json.loads(broken) if not NEEDS_MORE.search(b[2])] == []
        assert given.count("not attempted") == 2
        assert "✓ layers.relu_forward: passed\n  public checks 2 of 2 passed; 1 more runs at grading" in answered_
        assert "The mask comes from dout." in answered_
        (folder,) = here.iterdir()
        assert folder.name.startswith("gradmark_")


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
def test_every_single_file_runs_and_knows_all_its_exercises(unit: str, tmp_path: Path) -> None:
    code = SINGLE.partition('print("@ as given")')[0] + "run('all', 'check()')\nprint('@' + json.dumps(broken))"
    here = tmp_path / "here"
    here.mkdir()
    ran = kits.bare(here, code, data=json.dumps([cells_of(singles()[f"{unit}.ipynb"]), ""]))
    assert ran.returncode == 0, ran.stderr
    said, _, broken = ran.stdout.rpartition("@")
    assert [b for b in json.loads(broken) if not NEEDS_MORE.search(b[2])] == []
    names = [exercise.name for exercise in catalogue().unit(unit).exercises]
    overview = said[said.rindex(f"\n{unit}: ") :]
    assert [name for name in names if name not in overview] == []
    assert "missing" not in overview  # each stub stands in the notebook
    assert "✗" not in overview


@pytest.mark.slow
def test_what_a_single_file_defines_is_the_stub(tmp_path: Path) -> None:
    for unit in UNITS:
        stub, text = ast.parse(stub_source(unit)), "\n\n".join(map(strip_magics, cells_of(singles()[f"{unit}.ipynb"])))
        defined = {n.name: ast.dump(n) for n in ast.parse(text).body if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
        for node in stub.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                assert defined.get(node.name) == ast.dump(node), f"{unit}.{node.name}"


def strip_magics(source: str) -> str:
    return kits.SHELL.sub(r"\1pass", source).replace("from __future__ import annotations", "")


# ------------------------------------------------------------------------------------------------ the command
@pytest.mark.slow
def test_a_kit_is_written_as_a_folder_a_zip_or_a_notebook(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    code, out, err = run("release", "layers", "--out", "kit")
    assert (code, err) == (0, "")
    assert re.fullmatch(r"written: kit \(\d+ files, \d\.\d\d MB\)\n", out)
    assert sorted(p.name for p in (tmp_path / "kit").iterdir()) == [
        *(".github", ".gitignore", "README.md", "exercises", "grader", "gradmark.json", "notebooks", "requirements.txt"),
    ]  # fmt: skip
    assert [p.name for p in (tmp_path / "kit/grader/student/units").iterdir()] == ["layers.json"]
    assert run("release", "layers", "--out", "kit.zip")[0] == 0
    with zipfile.ZipFile(tmp_path / "kit.zip") as archive:
        inside = {n.removeprefix("kit/"): archive.read(n) for n in archive.namelist()}
    assert inside == {
        p.relative_to(tmp_path / "kit").as_posix(): p.read_bytes() for p in (tmp_path / "kit").rglob("*") if p.is_file()
    }
    assert run("release", "layers", "--single-file", "--out", "one.ipynb")[0] == 0
    assert run("release", "layers", "mlp", "--single-file", "--out", "two")[0] == 0
    assert sorted(p.name for p in (tmp_path / "two").iterdir()) == ["layers.ipynb", "mlp.ipynb"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["layers", "--out", "full"],
            r"full is there already, and may hold somebody's work: name another place with --out",
        ),
        (["layers", "--out", "file"], r"file is there already, .*name another place with --out"),
        (["layers", "--out", "full/work.zip"], r"full/work.zip is there already, .*name another place with --out"),
        (["layers", "--single-file", "--out", "full/work.ipynb"], r"full/work.ipynb is there already, .*"),
        (["layers", "--out", "file/kit"], r"file/kit cannot be written: .+"),
        (["layers", "--out", "file/kit.zip"], r"file/kit.zip cannot be written: .+"),
        (["layers", "--single-file", "--out", "file/x.ipynb"], r"file/x.ipynb cannot be written: .+"),
        (["layer"], r"there is no assignment 'layer', did you mean 'layers'\?; there are .*"),
        (["layer", "--single-file"], r"there is no assignment 'layer', did you mean 'layers'\?; there are .*"),
        (
            ["layers", "mlp", "--single-file", "--out", "x.ipynb"],
            r"x.ipynb is one notebook, and there are 2 assignments: .*",
        ),
        (["layers", "--single-file", "--out", "x.zip"], r"x.zip is no folder and no notebook: .*"),
        (["layers", "--out", "x.ipynb"], r"x.ipynb is a notebook: one comes with --single-file"),
        (["layers", "--student", " "], r"--student takes an id, .*"),
        (["layers", "--student", "a\nb"], r"--student takes an id, .*"),
        (["layers", "--student", "a\x1b[31m"], r"--student takes an id, .*"),
        (["layers", "--student", "x" * 201], r"--student takes an id, .*"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_2(
    arguments: list[str], says: str, run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "file").write_text("work")
    (tmp_path / "full/work.zip").write_text("work")
    (tmp_path / "full/work.ipynb").write_text("work")
    before = sorted(tmp_path.rglob("*"))
    code, out, err = run("release", *arguments)
    assert (code, out) == (2, ""), err
    assert re.fullmatch(f"gradmark: {says}\n", err)
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "full/work.zip").read_text() == (tmp_path / "full/work.ipynb").read_text() == "work"


@pytest.mark.slow
@pytest.mark.parametrize(
    "student", ["ada", "a\"b'c", "</script><img src=x onerror=alert(1)>", "{folder}", "ÅÄ 日本", "../../x"]
)
def test_whose_kit_it_is_stands_in_the_notebooks_and_does_nothing(student: str) -> None:
    plain, theirs = make_kit(["layers"]), make_kit(["layers"], student=student)
    assert plain.files.keys() == theirs.files.keys()
    changed = {path for path in plain.files if plain.files[path] != theirs.files[path]}
    assert changed == {"notebooks/06_layers.ipynb", "gradmark.json"}
    before, after = (json.loads(kit.files["notebooks/06_layers.ipynb"]) for kit in (plain, theirs))
    assert after["metadata"].pop("gradmark") == {"student": student}
    assert after == before
    assert json.loads(theirs.files["gradmark.json"])["student"] == student
    single = json.loads(single_file("layers", student=student))
    assert single["metadata"].pop("gradmark") == {"student": student}
    assert single == json.loads(singles()["layers.ipynb"])


# -------------------------------------------------------------------------------------------- private banks
CELLS = ("from grader.student.notebook import *\n\nfrom exercises.quiz import *", 'check("quiz.cube_forward")')


@pytest.fixture
def quiz(tmp_path: Path) -> Path:
    folder = banks.written(tmp_path / "quiz")
    (folder / "notebooks").mkdir()
    (folder / "notebooks" / "20_quiz.ipynb").write_text(writes(new_notebook(cells=list(map(new_code_cell, CELLS)))))
    (tmp_path / "course.toml").write_text('bank = ["quiz"]')
    return folder


@pytest.mark.slow
def test_a_private_bank_has_a_kit_too(quiz: Path, run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    code, _, err = run("release", "quiz", "--course", "course.toml", "--out", "kit")
    assert (code, err) == (0, "")
    kit = tmp_path / "kit"
    stub = (kit / "exercises/quiz.py").read_text()
    assert len(re.findall(r"^    raise NotImplementedError", stub, re.MULTILINE)) == 2
    assert "x**3" not in stub
    assert [p.name for p in (kit / "notebooks").iterdir()] == ["20_quiz.ipynb"]
    data = json.loads((kit / "grader/student/units/quiz.json").read_text())
    assert [e["name"] for e in data["exercises"]] == ["quiz.cube_forward", "quiz.cube_backward"]
    files = {p.relative_to(kit).as_posix(): p.read_bytes() for p in kit.rglob("*") if p.is_file()}
    theirs = ast.parse((quiz / "reference/quiz.py").read_text()), ast.parse((quiz / "bank/quiz.py").read_text())
    private = {body for tree in theirs for _, body in kits.bodies(tree)}
    assert len(private) == 3  # the mistake is too short to count
    assert [place for place, _, body in kits.found(files) if body in private] == []
    assert not any(str(tmp_path).encode() in data for data in files.values())
    (kit / "exercises/quiz.py").write_text("def cube_forward(x):\n    return x**2, x\n")
    ran = kits.bare(kit, "from grader.student.terminal import main\nsys.exit(main(['.']))")
    assert ran.returncode == 1, ran.stderr
    assert "That is the square." in ran.stdout
    assert run("release", "quiz", "--single-file", "--course", "course.toml", "--out", "one.ipynb")[0] == 0
    assert run("release", "--course", "course.toml", "--out", "all.zip")[0] == 0
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert {"all/exercises/quiz.py", "all/exercises/layers.py"} <= set(archive.namelist())


def test_a_private_bank_without_a_notebook_says_so(quiz: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    (quiz / "notebooks" / "20_quiz.ipynb").unlink()
    code, _, err = run("release", "quiz", "--course", "course.toml")
    assert code == 2
    assert err == "gradmark: there is no notebook of quiz: it is called NN_quiz.ipynb, in notebooks/\n"


READ = """
import numpy as np

from grader.bank.forms import plain
from grader.judging import Chain, Plan, Unit, array


def drive(asked, inputs):
    return Plan(Chain((asked.call(inputs["x"]),)), {read})


cube = plain("quiz.cube", {{"x": array("N", "D")}}, ("out",), drive=drive)
{law}
UNIT = Unit("quiz", 20, "A quiz", (cube,))
"""


@pytest.mark.parametrize(
    ("declared", "line", "says"),
    [
        (
            "lambda out: (out,)",
            12,
            r"its drive reads outputs by a function of its own.*: make the plan's `read` with read_as\(",
        ),
        ("read_as(lambda out: (out,))", 12, r"is no plain function.*write it with def"),
    ],
)
def test_a_drive_whose_reading_cannot_travel_is_refused_by_file_and_line(
    declared: str, line: int, says: str, quiz: Path, run: Callable[..., tuple[int, str, str]]
) -> None:
    answers = (
        '"""Q."""\n\n\ndef cube(x):\n    """The cube.\n\n    x (N, D); returns (N, D).\n    """\n    return x**3\n'
    )
    (quiz / "reference" / "quiz.py").write_text(answers)
    text = READ.format(read=declared, law="").replace("Unit, array", "Unit, array, read_as")
    (quiz / "bank" / "quiz.py").write_text(text)
    code, out, err = run("release", "quiz", "--course", "course.toml")
    assert (code, out) == (2, ""), err
    assert re.fullmatch(rf"gradmark: quiz/bank/quiz\.py:{line}: quiz\.cube: .*{says}.*\n", err), err


# --------------------------------------------------------------------------------------- where it is installed
@pytest.mark.slow
def test_an_installed_package_releases_and_validates_and_writes_nothing_of_its_own(tmp_path: Path) -> None:
    """``gradmark stubs`` wrote pages of the docs into site-packages. The layout is that of the wheel, by pyproject.toml."""
    wheel = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"][
        "targets"
    ]["wheel"]
    assert wheel["sources"] == {"notebooks": "grader/release/notebooks"}
    assert wheel["exclude"] == ["/notebooks/*.md", "/notebooks/*.py"]
    installed = tmp_path / "packages"
    for room in wheel["only-include"]:
        ignored = shutil.ignore_patterns("__pycache__", *(["*.md", "*.py"] if room == "notebooks" else []))
        shutil.copytree(CHECKOUT / room, installed / wheel["sources"].get(room, room), ignore=ignored)
    here = tmp_path / "here"
    here.mkdir()
    before = {p: p.stat().st_mtime_ns for p in installed.rglob("*")}

    def gradmark(*arguments: str) -> subprocess.CompletedProcess[str]:
        asked = [sys.executable, "-B", "-c", "from grader.cli import command; command()", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(installed)}
        return subprocess.run(asked, cwd=here, env=environment, capture_output=True, text=True, check=False)

    for arguments in (["stubs"], ["stubs", "--check"], ["new", "layers.more", "--form", "plain"]):
        ran = gradmark(*arguments)
        assert (ran.returncode, ran.stdout) == (2, ""), ran.stdout
        assert re.fullmatch(r"gradmark: this Gradmark is installed, .*\n", ran.stderr)
    ran = gradmark("release", "--out", "kit")
    assert ran.returncode == 0, ran.stderr
    assert {
        p.relative_to(here / "kit").as_posix(): p.read_bytes() for p in (here / "kit").rglob("*") if p.is_file()
    } == whole().files
    assert gradmark("release", "layers", "--single-file", "--out", "one.ipynb").returncode == 0
    assert (here / "one.ipynb").read_bytes() == singles()["layers.ipynb"]
    ran = gradmark("validate", "layers.relu_forward", "--seeds", "0", "--jobs", "1")
    assert (ran.returncode, "no holes" in ran.stdout) == (0, True), ran.stderr
    ran = gradmark("check", "kit", "layers.relu_forward")
    assert (ran.returncode, "not written yet (1): relu_forward" in ran.stdout) == (0, True), ran.stderr
    assert {p: p.stat().st_mtime_ns for p in installed.rglob("*")} == before
    assert sorted(p.name for p in here.iterdir()) == ["kit", "one.ipynb"]
