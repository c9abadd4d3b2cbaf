"""The kit that students get: what is in it, what is not, and that it runs where numpy is and nothing else."""

from __future__ import annotations

import ast
import base64
import builtins
import importlib
import inspect
import io
import json
import os
import re
import sys
import textwrap
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import kits
import numpy as np
import pytest
from sampled import one_in

import grader
from grader.bank import UNITS, catalogue, stub_source
from grader.judging import Exercise, Judge, Mistake
from grader.release import Kit, closure, make_kit, single_file, write_zip
from grader.release.written import zipped
from grader.student import LocalAnswers, public_unit

CHECKOUT = Path(grader.__file__).parents[1]
COINCIDE = {("reference/autodiff/rules/linalg.py: lambda", "grader/judging/notation/operations.py: _outer")}
"""An outer product is one, whoever computes it: an operation of the language of graphs, and a rule of the engine."""


# --------------------------------------------------------------------------------- what no kit may hold
def all_mistakes() -> Iterator[tuple[Exercise, Mistake]]:
    for unit in catalogue().units.values():
        yield from ((exercise, mistake) for exercise in unit.exercises for mistake in exercise.mistakes)


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
        declared = kits.source_at(mistake.where) if exercise.planted != mistake.name else None
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
    assert sum(1 for _ in kits.found(kits.whole().files)) > 800
    assert leaks(kits.whole().files) == []
    assert leaks({"kit.zip": zipped(kits.whole(), "kit/")}) == []
    assert leaks(kits.singles()) == []


@pytest.mark.slow
def test_what_coincides_still_does() -> None:
    places = {f"{place}: {name}" for place, name, body in kits.found(kits.whole().files) if body in secrets()}
    assert all(any(place.endswith(where) for place in places) for _, where in COINCIDE)


LARGE = 16
"""The nodes of a syntax tree from which on an expression is somebody's thought."""


def expressions(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the larger expressions of a tree, each in a form in which variables count by their order alone, and as it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and sum(1 for _ in ast.walk(node)) >= LARGE:
            order: dict[str, str] = {}
            copy = deepcopy(node)
            for name in (n for n in ast.walk(copy) if isinstance(n, ast.Name) and n.id not in ("np", *dir(builtins))):
                name.id = order.setdefault(name.id, f"v{len(order)}")
            yield ast.dump(copy), ast.unparse(node)


@pytest.mark.slow
def test_no_notebook_reckons_what_an_answer_reckons() -> None:
    """An experiment of ``linear_models`` drew a softmax that does not overflow, which is what three exercises are about."""
    answers = {
        form: f"{unit}.{name}: {text}"
        for unit in UNITS
        for node in ast.parse((CHECKOUT / f"reference/{unit}.py").read_text(encoding="utf-8")).body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not (name := node.name).startswith("_")
        for form, text in expressions(node)
    }
    assert len(answers) > 200
    notebooks = {path: data for path, data in kits.whole().files.items() if path.startswith("notebooks/")}
    found = {
        (answers[form], place.partition(",")[0])
        for place, tree in kits.pythons(notebooks)
        for form, _ in expressions(tree)
        if form in answers
    }
    step = "linear_models.gradient_step: (w - learning_rate * dw, b - learning_rate * db)"
    assert found == {(step, "notebooks/07_mlp.ipynb")}  # a step is one, also two units later


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
    inner = zipped(Kit({"grader/deep.py": source.encode()}))
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
        {"x.zip": zipped(Kit({"a.py": RENAMED.encode()}))},
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
    assert answered(kits.whole().files) == []


COMMON = {
    ("reverse_mode.log_vjp", "grader.judging.notation.operations: divide"),
    ("layers.linear_jacobian", "grader.judging.notation.operations: transpose"),
    ("layers.linear_jacobian", "grader.judging.notation.operations: transposed"),
}
"""Answers of one operation, which a quotient and a transpose are."""


def functions_of_a_kit(unit: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield what the adapters of a unit define, and what modules that reckon define, in tables too."""
    for number, text in enumerate(json.loads(kits.whole().files[f"grader/student/units/{unit}.json"])["sources"]):
        scope: dict[str, Any] = {"np": np, "Malformed": ValueError, "MET": None, "unmet": None, "outputs_of": None}
        exec(compile(f"from __future__ import annotations\n{text}", "<carried>", "exec"), scope)
        several = {n.name for n in ast.parse(text).body if isinstance(n, ast.FunctionDef) and returns_several(n)}
        for name, f in scope.items():
            if inspect.isfunction(f):
                yield f"{number}: {name}", f
                yield from ((f"{number}: {name}[{i}]", f_i) for i, f_i in parts(f) if name in several)
    for module in closure("grader.student.notebook"):
        if module.startswith(("grader.judging.notation.", "grader.judging.numerics.", "grader.judging.recognise.")):
            for name, thing in vars(importlib.import_module(module)).items():
                rows = thing.items() if isinstance(thing, dict) else [(name, thing)]
                for key, row in rows:
                    function = row[-1] if isinstance(row, tuple) and row else row
                    if inspect.isfunction(function) and function.__module__ == module:
                        yield f"{module}: {key}", function


def returns_several(function: ast.FunctionDef) -> bool:
    """Return True if a function returns a tuple or a dict, of which one part may be an answer."""
    return any(isinstance(n, ast.Return) and isinstance(n.value, (ast.Tuple, ast.Dict)) for n in ast.walk(function))


def parts(function: Callable[..., Any]) -> Iterator[tuple[int, Callable[..., Any]]]:
    """Yield the values that a function returns by their place, each as a function of the same arguments."""

    def one(place: int) -> Callable[..., Any]:
        def part(*arguments: Any) -> Any:
            returned = function(*arguments)
            return (list(returned.values()) if isinstance(returned, dict) else returned)[place]

        part.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]
        return part

    yield from ((place, one(place)) for place in range(3))


def takes(function: Callable[..., Any], count: int) -> bool:
    given = [p for p in inspect.signature(function).parameters.values() if p.kind <= p.POSITIONAL_OR_KEYWORD]
    return sum(p.default is p.empty for p in given) <= count <= len(given)


@pytest.mark.slow
@pytest.mark.parametrize("unit", one_in(3, UNITS))
def test_no_function_of_a_kit_is_an_answer(unit: str) -> None:
    """Each is handed in for each exercise that takes as many arguments, and each of several values that it returns: the worked
    examples tell. What measured a training run returned a net's outputs and, beside them, what ``mlp.cost`` asks for."""
    functions, found, tried = list(functions_of_a_kit(unit)), set(), 0
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
    text = "\n".join(data.decode() for data in kits.unpacked({**kits.whole().files}).values())
    spaced = " ".join(
        [
            text,
            *(
                s
                for p, d in kits.whole().files.items()
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
            if exercise.form == "test to write":
                continue  # of which not even the names are: below
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
def test_the_faults_that_a_test_to_write_must_catch_are_not_named() -> None:
    """Their names stood among the checks, ``wrong_in_the_last_entry`` and its like: a list of what to try."""
    exercises = [e for unit in catalogue().units.values() for e in unit.exercises if e.form == "test to write"]
    assert len(exercises) >= len(UNITS)
    for exercise in exercises:
        path = f"grader/student/units/{exercise.unit}.json"
        (data,) = [e for e in json.loads(kits.whole().files[path])["exercises"] if e["name"] == exercise.name]
        assert [name for name in exercise.outputs if name in json.dumps(data)] == []
        given = public_unit(exercise.unit).exercises[exercise.name].exercise
        assert [(c.kind, c.visibility, c.points) for c in given.checks] == [
            (c.kind, c.visibility, c.points) for c in exercise.checks
        ]


@pytest.mark.slow
def test_no_module_of_the_teachers_side_is_there_or_asked_for() -> None:
    names = [path.removesuffix(".py").replace("/", ".") for path in kits.whole().files if path.endswith(".py")]
    assert [
        n
        for n in names
        if n.split(".")[0] == "reference" or (n.split(".")[1:2] and n.split(".")[1] in kits.ROOMS_OF_TEACHERS)
    ] == []
    assert "grader.judging.cases.drawn" not in names  # the recipes of hidden cases
    places: dict[str, set[str]] = {}
    for place, tree in kits.pythons(kits.whole().files):
        for node in ast.walk(tree):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for module in modules:
                places.setdefault(module, set()).add(place)
    theirs = [
        m
        for m in places
        if m.split(".")[0] == "reference" or re.match(rf"grader\.({'|'.join(kits.ROOMS_OF_TEACHERS)})\b", m)
    ]
    assert {m: places[m] for m in theirs} == {}
    checker = {m.split(".")[0]: p for m, where in places.items() for p in where if p.startswith("grader/")}
    assert kits.REFUSED & checker.keys() == set()


@pytest.mark.slow
def test_no_path_of_the_machine_is_there() -> None:
    for path, data in kits.unpacked({**kits.whole().files, **kits.singles()}).items():
        if not path.endswith(".zip"):
            for place in (str(CHECKOUT), str(Path.home()), sys.prefix, f"{os.sep}tmp{os.sep}", f"{os.sep}home{os.sep}"):
                if len(place) > 2:
                    assert place.encode() not in data, (path, place)


@pytest.mark.slow
def test_a_kit_of_all_units_is_small_and_the_same_each_time(tmp_path: Path) -> None:
    write_zip(kits.whole(), tmp_path / "kit.zip")
    assert (tmp_path / "kit.zip").stat().st_size < 1_500_000
    assert zipped(make_kit(), "kit/") == (tmp_path / "kit.zip").read_bytes()
    assert single_file("layers").encode() == kits.single("layers")
    assert all(len(data) < 1_000_000 for data in kits.singles().values())
    with zipfile.ZipFile(io.BytesIO((tmp_path / "kit.zip").read_bytes())) as archive:
        assert {n.split("/")[0] for n in archive.namelist()} == {"kit"}
        assert archive.testzip() is None
