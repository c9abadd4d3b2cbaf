"""An exercise as public data: its declaration, its worked examples, and prints of what its mistakes answer to them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from grader.errors import BankError
from grader.judging.cases import Bench, Case
from grader.judging.declare import (
    Blocks,
    Call,
    Check,
    Exercise,
    Finding,
    Plan,
    Reading,
    drive_kind,
    value,
)
from grader.judging.numerics import print_of
from grader.judging.public.carried import Sources, named, sources_of
from grader.judging.public.packing import CACHE, StaysError, pack, pack_expected

__all__ = ["Data", "arguments_of", "packed", "planted_source"]

Data = dict[str, Any]
"""The public data of an exercise, or a part of them: what JSON holds."""


def packed(exercise: Exercise, bench: Bench, sources: Sources) -> Data:
    """Return the public data of an exercise: its declaration, and its worked examples with what its mistakes answer to them.

    Without an example check there is nothing to be seen by students but the declaration.

    Raises:
        BankError: something of it cannot travel, such as the way in which outputs are read (see ``grader.judging.Reading``).

    """
    try:
        return _packed(exercise, _examples(exercise, bench), bench, sources)
    except StaysError as error:
        raise BankError(f"{exercise.where}: {exercise.name}: {error}") from None


def _packed(exercise: Exercise, examples: Sequence[Case], bench: Bench, sources: Sources) -> Data:
    shown = [m for m in exercise.mistakes if not m.hidden] if examples else []
    outputs, checks = _unnamed(exercise)
    plans: list[Data] = []  # the same for most examples
    shown_examples = [_example(exercise, case, sources, plans) for case in examples]
    return {
        "name": exercise.name,
        "form": exercise.form,
        "asks": exercise.asks,
        "pair": exercise.pair,
        **({} if exercise.upstream == ("dout",) else {"upstream": list(exercise.upstream)}),
        "inputs": list(exercise.inputs),
        "outputs": list(outputs),
        "called": drive_kind(exercise.drive),
        "kinks": exercise.kinks,
        "tails": exercise.tails,
        "derived": exercise.derived,
        "arranged": exercise.arranged,
        "planted": None if exercise.planted is None else [exercise.planted, planted_source(exercise)],
        "checks": [_check(check, sources) for check in checks],
        **_for_diagnosis(exercise, sources),
        "plans": plans,
        "examples": shown_examples,
        "mistakes": [[m.name, m.text, _prints(exercise, m.name, m.answer, examples, bench)] for m in shown],
        "variants": [[v.note, v.name, _prints(exercise, v.name, v.answer, examples, bench)] for v in exercise.variants]
        if examples
        else [],
    }


def _unnamed(exercise: Exercise) -> tuple[Sequence[str], Sequence[Check]]:
    """Return outputs and checks as students may read of them: a test to write calls them after the faults that it wants."""
    if exercise.form != "test to write":
        return exercise.outputs, exercise.checks
    numbered = {name: f"fault_{number}" for number, name in enumerate(exercise.outputs, 1)}
    checks = [value(check.points, numbered[check.output or ""]) for check in exercise.checks]
    return tuple(numbered.values()), checks


def _for_diagnosis(exercise: Exercise, sources: Sources) -> Data:
    """Return the places and invariants of an exercise as data, if it declares any."""
    places = {
        output: [[axis.name, list(axis.names)] if isinstance(axis, Blocks) else axis for axis in axes]
        for output, axes in exercise.places.items()
    }
    invariants = [[i.name, i.text, named(i.residual, i.helpers, sources)] for i in exercise.invariants]
    return {**({"places": places} if places else {}), **({"invariants": invariants} if invariants else {})}


def planted_source(exercise: Exercise) -> str | None:
    """Return the source of the mistake that stands in an exercise's stub, to be mended; None if there is none."""
    found = next((inspect.getsource(m.answer) for m in exercise.mistakes if m.name == exercise.planted), None)
    return None if found is None else found[found.index("def ") :]  # and not what declares it


def _examples(exercise: Exercise, bench: Bench) -> tuple[Case, ...]:
    """Return the worked examples, the smallest first: the first that is answered wrongly is what a student is shown."""
    if not any(check.kind == "example" for check in exercise.checks):
        return ()
    return tuple(sorted(bench.examples(exercise), key=lambda case: _entries(list(case.inputs.values()))))


def _entries(value: Any) -> int:
    if isinstance(value, Mapping):
        value = list(value.values())
    return sum(map(_entries, value)) if isinstance(value, (list, tuple)) else int(np.size(value))


def _check(check: Check, sources: Sources) -> list[Any]:
    law = None if check.law is None else named(check.law, (), sources)
    return [check.name, check.kind, check.points, check.visibility, check.describe, check.output, law]


def _example(exercise: Exercise, case: Case, sources: Sources, plans: list[Data]) -> Data:
    assert case.expected is not None
    known = dict(case.inputs)
    found: Data = {
        "style": case.regime,
        "inputs": {name: pack(value, {}) for name, value in known.items()},
        "expected": [pack_expected(e) for e in case.expected],
        "plan": _numbered(_plan(case.plan(documented=False), known, sources), plans),
    }
    if case.documented is not None:
        found["documented"] = pack(case.documented, known)
        with_cache = {**known, CACHE: case.documented}
        found["from_cache"] = _numbered(_plan(case.plan(documented=True), with_cache, sources), plans)
    if exercise.kinks and case.may_be_at_kinks:
        found["kinks"] = [[block.entries.tolist(), pack(block.corners, {})] for block in case.kinks]
    return found


def _numbered(plan: Data, plans: list[Data]) -> int:
    if plan not in plans:
        plans.append(plan)
    return plans.index(plan)


def _plan(plan: Plan, known: Mapping[str, Any], sources: Sources) -> Data:
    if not isinstance(plan.read, Reading):
        raise StaysError(
            "its drive reads outputs by a function of its own, which cannot travel with the public data: make the plan's `read` "
            "with read_as(function, *helpers, **given)"
        )
    calls = [
        [
            call.function.rpartition(".")[2],
            [pack(argument, known) for argument in call.args],
            list(call.keep),
            None if call.adapter is None else sources.number(call.adapter),
            call.seconds,
        ]
        for call in plan.chain.calls
    ]
    reading, known = plan.read, {**known, **arguments_of(plan.chain.calls)}
    given = {name: pack(value, known) for name, value in reading.given.items()}
    return {"calls": calls, "read": [named(reading.function, sources_of(reading), sources), given]}


def arguments_of(calls: Sequence[Call]) -> dict[str, Any]:
    """Return the arguments of calls by a name for each: a reading may be given one of them again."""
    return {f"argument {i} {j}": arg for i, call in enumerate(calls) for j, arg in enumerate(call.args)}


def _prints(
    exercise: Exercise, key: str, answer: Callable[..., Any], examples: Sequence[Case], bench: Bench
) -> list[Any]:
    """Return for each example what a wrong answer gives: of each output a print; None where it breaks."""
    return [_printed(bench.wrong_answer(exercise, key, answer, case), case) for case in examples]


def _printed(outputs: tuple[Any, ...] | None, case: Case) -> list[Any] | None:
    assert case.expected is not None
    if outputs is None:
        return None
    right = [expected.value for expected in case.expected]
    if len(outputs) != len(right):
        return []
    return [_print(out, value) for out, value in zip(outputs, right, strict=True)]


def _print(out: Any, right: Any) -> Any:
    if isinstance(right, Finding) or not isinstance(right, np.ndarray):
        return {"value": pack(out, {})}
    try:
        answer = np.asarray(out, dtype=np.float64)
    except (TypeError, ValueError):
        return None
    found = print_of(answer, right)
    if found.shape is None and not found.holes:
        return found.number
    return [found.number, None if found.shape is None else list(found.shape), found.holes]
