"""The worked examples that students are given: derived from the bank, committed beside it, read without ``reference``.

On a student's machine, where there is no model answer, an example check compares answers with these.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from grader.bank.units import UNITS, catalogue
from grader.errors import BankError
from grader.judging import Bench, Case, Exercise, Expected, Finding, Recipe, Unit

__all__ = ["derive", "stale", "worked_examples", "write"]

FOLDER = Path(__file__).parent / "worked_examples"
LAST_DIGITS = 1e-12
"""The part of the largest entry by which two examples may differ and be the same."""


def path_of(unit: str) -> Path:
    """Return the file in which the examples of a unit are kept."""
    return FOLDER / f"{unit}.json"


def derive(unit: Unit) -> str:
    """Derive the text of a unit's file of examples."""
    bench = Bench(unit.exercises)
    examples = {
        exercise.name: [_packed(case) for case in bench.examples(exercise)]
        for exercise in unit.exercises
        if any(check.kind == "example" for check in exercise.checks)
    }
    return json.dumps(examples, indent=None, separators=(",", ":")).replace(f'"{unit.name}.', f'\n"{unit.name}.') + "\n"


def write() -> list[Path]:
    """Write the files of all units that are not up to date; return their paths."""
    changed = stale()
    FOLDER.mkdir(exist_ok=True)
    for path in changed:
        path.write_text(derive(catalogue().unit(path.stem)), encoding="utf-8")
    return changed


def stale() -> list[Path]:
    """Return the paths of the units' files that are missing or not up to date."""
    paths = [path_of(name) for name in UNITS]
    return [
        p
        for p in paths
        if not p.exists() or not _alike(p.read_text(encoding="utf-8"), derive(catalogue().unit(p.stem)))
    ]


def _alike(kept: str, derived: str) -> bool:
    """Return True if two files hold the same examples, but for last digits: processors differ there, and no check compares them."""
    try:
        return _same(json.loads(kept), json.loads(derived))
    except ValueError:
        return False


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        numbers = [isinstance(x, float) for x in (*a, *b)]
        if not (numbers and all(numbers)):
            return all(map(_same, a, b))
        size = float(np.abs([*a, *b]).max())
        return bool(np.allclose(a, b, rtol=LAST_DIGITS, atol=LAST_DIGITS * size))
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=LAST_DIGITS)
    return bool(a == b)


def worked_examples(unit: Unit) -> dict[str, tuple[Case, ...]]:
    """Read the worked examples of a unit as cases.

    Raises:
        BankError: the file is missing or damaged.

    """
    path = path_of(unit.name)
    try:
        packed = json.loads(path.read_text(encoding="utf-8"))
        return {
            e.name: tuple(_unpacked(e, number, case) for number, case in enumerate(packed.get(e.name, ())))
            for e in unit.exercises
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BankError(f"{path.name}: the worked examples cannot be read ({error}): run `gradmark stubs`") from None


def _packed(case: Case) -> dict[str, Any]:
    assert case.expected is not None
    return {
        "style": case.recipe.style,
        "inputs": _flat(dict(case.inputs)),
        "expected": [{"value": _flat(e.value), "bound": _flat(e.bound)} for e in case.expected],
        "documented": _flat(case.documented),
    }


def _unpacked(exercise: Exercise, number: int, packed: Mapping[str, Any]) -> Case:
    expected = tuple(Expected(_restored(e["value"]), _restored(e["bound"])) for e in packed["expected"])
    recipe = Recipe(packed["style"], (), number)  # no two examples have one recipe: answers are remembered by it
    return Case(exercise, recipe, _restored(packed["inputs"]), expected, _restored(packed["documented"]))


def _flat(x: Any) -> Any:
    """Turn nested values with arrays and tuples in them into plain JSON."""
    if isinstance(x, Finding):
        return {"finding": x.sentence}
    if isinstance(x, np.ndarray):
        return {"array": x.ravel().tolist(), "shape": list(x.shape), "dtype": str(x.dtype)}
    if isinstance(x, np.generic):
        return x.item()
    if isinstance(x, tuple):
        return {"tuple": [_flat(v) for v in x]}
    if isinstance(x, list):
        return [_flat(v) for v in x]
    if isinstance(x, dict):
        return {"dict": {k: _flat(v) for k, v in x.items()}}
    return x


def _restored(x: Any) -> Any:
    """Undo :func:`_flat`."""
    if isinstance(x, list):
        return [_restored(v) for v in x]
    if not isinstance(x, dict):
        return x
    if "finding" in x:
        return Finding(x["finding"])
    if "array" in x:
        return np.array(x["array"], dtype=x["dtype"]).reshape(x["shape"])
    if "tuple" in x:
        return tuple(_restored(v) for v in x["tuple"])
    return {k: _restored(v) for k, v in x["dict"].items()}
