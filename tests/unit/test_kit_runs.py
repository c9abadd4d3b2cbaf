"""A kit, and a notebook with all of it inside, where numpy is and nothing else: they run, and open and start nothing."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import kits
import pytest
from answers import model_answers
from sampled import one_in

import grader
from grader.bank import UNITS, catalogue, stub_source

CHECKOUT = Path(grader.__file__).parents[1]


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
    theirs = [f"grader.{room}" for room in kits.ROOMS_OF_TEACHERS]
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


@pytest.mark.parametrize(
    ("before", "says"),
    [
        ("", r"ImportError: \S+ has no numpy: run the Python of \.venv as README\.md says, or install it with .*"),
        ("sys.version_info = (3, 9, 18); ", r"ImportError: the checker needs Python 3\.11 or newer, and \S+ is \d.*"),
    ],
    ids=["no numpy", "an old Python"],
)
@pytest.mark.parametrize("module", ["grader.student.notebook", "grader.student.__main__"])
def test_what_a_machine_lacks_is_said_in_a_line(module: str, before: str, says: str) -> None:
    """``No module named 'numpy'`` says not what to do; Python 3.9 showed a syntax error in the checker's own code."""
    code = f"import sys; {before}sys.path.insert(0, {str(CHECKOUT)!r}); sys.dont_write_bytecode = True; import {module}"
    ran = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert re.fullmatch(says, ran.stderr.splitlines()[-1]), ran.stderr


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
    assert "1 of 36 exercises passed the public checks" in said
    assert "The mask comes from dout." in said
    assert outside == []
    assert opened > 50  # or nothing was watched
    assert set(written) <= {".gradmark/hints.json", ".gradmark/hints.json.part"}
    assert [o for o in others if o[0] != "os.mkdir" or not o[1].endswith(".gradmark")] == []
    assert {n.partition(".")[0] for n in loaded} & kits.REFUSED == set()


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
            tree = kits.source_at(mistake.where)
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
    assert len(asked) >= 5
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
        ran = kits.bare(here, SINGLE, data=json.dumps([cells_of(kits.single("layers")), answers]))
        assert ran.returncode == 0, ran.stderr
        _, given, answered_, broken = ran.stdout.rsplit("@", 3)
        assert [b for b in json.loads(broken) if not NEEDS_MORE.search(b[2])] == []
        assert given.count("not attempted") == 2
        assert "✓ layers.relu_forward: passed\n  public checks 2 of 2 passed; 1 more runs at grading" in answered_
        assert "The mask comes from dout." in answered_
        (folder,) = here.iterdir()
        assert folder.name.startswith("gradmark_")


@pytest.mark.slow
@pytest.mark.parametrize("unit", one_in(3, UNITS))
def test_a_single_file_runs_and_knows_all_its_exercises(unit: str, tmp_path: Path) -> None:
    code = SINGLE.partition('print("@ as given")')[0] + "run('all', 'check()')\nprint('@' + json.dumps(broken))"
    here = tmp_path / "here"
    here.mkdir()
    ran = kits.bare(here, code, data=json.dumps([cells_of(kits.single(unit)), ""]))
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
        stub, text = (
            ast.parse(stub_source(unit)),
            "\n\n".join(map(strip_magics, cells_of(kits.single(unit)))),
        )
        defined = {n.name: ast.dump(n) for n in ast.parse(text).body if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
        for node in stub.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                assert defined.get(node.name) == ast.dump(node), f"{unit}.{node.name}"


def strip_magics(source: str) -> str:
    return kits.SHELL.sub(r"\1pass", source).replace("from __future__ import annotations", "")
