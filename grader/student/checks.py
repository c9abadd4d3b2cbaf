"""For students, in their own notebook or terminal: public checks on their own work, in their own process.

Works where only the public part of the bank is installed: the worked examples stand in for the model answers,
and a gradient is held against the slope of the student's own forward pass. Needs numpy and the standard library.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import sys
import textwrap
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.bank import catalogue, worked
from grader.errors import SubmissionError, UsageError
from grader.judging.cases.bench import PublicBench
from grader.judging.checks.judge import Judge
from grader.judging.declare.exercise import Exercise, Unit, Verdict
from grader.student.answers import LocalAnswers

if TYPE_CHECKING:
    from grader.result import ItemResult

__all__ = ["check", "check_path", "hint", "ready", "status"]

MARKS = {"passed": "✓", "not_attempted": "·", "missing": "·", "skipped": "–"}


def check(*names: str) -> None:
    """Run the public checks of some exercises and print what they say.

    Args:
        names: full names, ``"layers.relu_backward"``. The function is taken from the notebook (or module) that calls,
            else from ``exercises``.

    Raises:
        UsageError: there is no such exercise; the message names the closest.

    """
    for name in names:
        exercise = catalogue().exercise(name)
        print(_report(exercise, _verdicts(exercise, _functions(exercise.unit, _caller()))))  # noqa: T201


def hint(name: str) -> None:
    """Say what explains a wrong answer, as far as the worked examples show it.

    Raises:
        UsageError: there is no such exercise; the message names the closest.

    """
    exercise = catalogue().exercise(name)
    verdicts = _verdicts(exercise, _functions(exercise.unit, _caller()))
    texts = dict.fromkeys(v.diagnosis.text for v in verdicts if v.diagnosis is not None)
    wrong = [v for v in verdicts if v.status not in ("passed", "skipped")]
    if texts:
        lines = list(texts)
    elif not wrong:
        lines = ["the public checks pass: there is nothing to hint at"]
    elif wrong[0].status in ("not_attempted", "missing"):
        lines = ["it is not written yet; its docstring says what is asked"]
    else:
        lines = ["nothing known explains this answer: compare the entry above with one worked out by hand"]
    print("\n".join(f"{exercise.name}: {line}" for line in lines))  # noqa: T201


def status(unit: str) -> None:
    """Print a line for each exercise of a unit.

    Raises:
        UsageError: there is no such unit.

    """
    functions = _functions(unit, _caller())
    for exercise in catalogue().unit(unit).exercises:
        verdicts = _verdicts(exercise, functions)
        state = _state(verdicts)
        print(f"{MARKS.get(state, '✗')} {exercise.name:34s} {state.replace('_', ' ')}")  # noqa: T201


def ready(*functions: Callable[..., Any]) -> bool:
    """Whether all these functions are written, so that an experiment can use them; says which it waits for."""
    waiting = [f.__name__ for f in functions if _is_stub(f)]
    if waiting:
        print(f"This experiment waits for {', '.join(waiting)}.")  # noqa: T201
    return not waiting


def _is_stub(function: Callable[..., Any]) -> bool:
    try:
        (node,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    except (OSError, TypeError, SyntaxError, ValueError):
        return False
    raises = [n for n in ast.walk(node) if isinstance(n, ast.Raise)]
    return any("NotImplementedError" in ast.dump(r) for r in raises)


def _caller() -> Mapping[str, Any]:
    """The globals of whoever called the public function."""
    return sys._getframe(2).f_globals


def _functions(unit: str, scope: Mapping[str, Any]) -> dict[str, Any]:
    """The unit's functions: those of the caller first, then those of its ``exercises``."""
    names = [exercise.function for exercise in catalogue().unit(unit).exercises]
    try:
        module = vars(importlib.import_module(f"exercises.{unit}"))
    except ImportError:
        module = {}
    return {name: scope.get(name, module.get(name)) for name in names}


@lru_cache(maxsize=8)
def _bench(unit: str) -> PublicBench:
    declared = catalogue().unit(unit)
    return PublicBench(declared.exercises, worked.load(declared))


def _verdicts(exercise: Exercise, functions: Mapping[str, Any]) -> tuple[Verdict, ...]:
    """The verdicts of the public checks."""
    verdicts = Judge(LocalAnswers(functions), _bench(exercise.unit)).verdicts(exercise)
    return tuple(v for v in verdicts if v.check.visibility == "public")


def _state(verdicts: Sequence[Verdict]) -> str:
    if not verdicts:
        return "handed in as it is"
    statuses = [v.status for v in verdicts if v.status != "passed"]
    return str(statuses[0]) if statuses else "passed"


def _report(exercise: Exercise, verdicts: Sequence[Verdict]) -> str:
    state = _state(verdicts)
    if state in ("passed", "not_attempted", "missing") or not verdicts:
        return f"{MARKS.get(state, '·')} {exercise.name}: {state.replace('_', ' ')}"
    lines = [f"✗ {exercise.name}"]
    for v in verdicts:
        said = v.message.partition("\n")[0] if v.status != "passed" else "passed"
        lines.append(f"  {MARKS.get(v.status, '✗')} {v.check.name:10s} {said or v.status.replace('_', ' ')}")
    if any(v.diagnosis for v in verdicts):
        lines.append(f'  hint("{exercise.name}") says more')
    return "\n".join(lines)


# ------------------------------------------------------------------------------------ gradmark check
def check_path(path: Path) -> list[ItemResult]:
    """The public checks on the work at a path, run in this process: it is the student's own machine.

    Args:
        path: a module of exercises, a notebook (its definitions are read, nothing else of it is run), or a folder
            with ``exercises/``.

    Raises:
        UsageError: the path does not exist.
        SubmissionError: nothing at the path can be checked, or it cannot be read.

    """
    from grader.grading.one import item_of

    if not path.exists():
        raise UsageError(f"there is nothing at {path}")
    items = []
    for unit, functions in _work(path):
        for exercise in unit.exercises:
            verdicts = _verdicts(exercise, functions)
            if verdicts:
                items.append(item_of(exercise, verdicts))
    if not items:
        raise SubmissionError(
            f"{path} holds no exercises: name a notebook, an exercises/<unit>.py, or a folder with exercises/"
        )
    return items


def _work(path: Path) -> list[tuple[Unit, dict[str, Any]]]:
    if path.is_dir():
        return [found for unit in catalogue().units.values() if (found := _in_folder(path, unit)) is not None]
    functions = _notebook(path) if path.suffix == ".ipynb" else _module(path)
    units = catalogue().units.values()
    counted = [(sum(callable(functions.get(e.function)) for e in u.exercises), u) for u in units]
    most = max(counted, key=lambda pair: pair[0])
    return [(most[1], functions)] if most[0] else []


def _in_folder(folder: Path, unit: Unit) -> tuple[Unit, dict[str, Any]] | None:
    """A unit's functions in a folder: of its module, and over them those that its notebook defines."""
    functions: dict[str, Any] = {}
    modules = [folder / room / f"{unit.name}.py" for room in ("exercises", ".")]
    notebooks = [p for room in ("notebooks", ".") for p in sorted((folder / room).glob(f"*{unit.name}*.ipynb"))]
    for path in [m for m in modules if m.exists()][:1]:
        functions |= _module(path)
    for path in notebooks[:1]:
        functions |= {k: v for k, v in _notebook(path).items() if not (callable(v) and _is_stub(v))}
    return (unit, functions) if functions else None


def _module(path: Path) -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location(f"_checked_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise SubmissionError(f"{path} is neither a notebook nor a Python module")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # the student's own module may fail in any way
        raise SubmissionError(f"{path} cannot be imported: {type(error).__name__}: {error}") from None
    return vars(module)


def _notebook(path: Path) -> dict[str, Any]:
    """The names that a notebook's imports, functions, classes and plain assignments define."""
    from grader.submission import code_cells, read_notebook

    scope: dict[str, Any] = {"__name__": "__notebook__"}
    sys.path[:0] = [str(path.parent), str(path.parent.parent)]
    try:
        for tree in code_cells(read_notebook(path.read_bytes())):
            for node in tree.body:
                _define(node, scope, path)
    finally:
        del sys.path[:2]
    return scope


def _define(node: ast.stmt, scope: dict[str, Any], path: Path) -> None:
    if not isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign)):
        return
    if isinstance(node, ast.Assign) and any(isinstance(n, ast.Call) for n in ast.walk(node.value)):
        return
    try:
        exec(compile(ast.Module([node], []), str(path), "exec"), scope)  # noqa: S102 - the student's own code on their own machine
    except Exception:  # a definition that fails leaves its name missing, which is what the checks then say
        return
