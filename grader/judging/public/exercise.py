"""An exercise as public data, and public data as an exercise that is judged where neither bank nor model answers are."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from grader.errors import BankError
from grader.judging.cases import Bench, Case
from grader.judging.declare import (
    Asked,
    Call,
    Chain,
    Check,
    Exercise,
    Finding,
    Input,
    Plan,
    Reading,
    Recipe,
    constant,
    drive_kind,
)
from grader.judging.numerics import Block, Print, print_of
from grader.judging.public.carried import Sources, function_of, named, sources_of
from grader.judging.public.packing import CACHE, StaysError, pack, pack_expected, unpack, unpack_expected

__all__ = ["Public", "packed", "planted_source", "restored"]

Data = dict[str, Any]


# ------------------------------------------------------------------------------------ to public data
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
    plans: list[Data] = []  # the same for most examples
    shown_examples = [_example(exercise, case, sources, plans) for case in examples]
    return {
        "name": exercise.name,
        "form": exercise.form,
        "asks": exercise.asks,
        "pair": exercise.pair,
        "inputs": list(exercise.inputs),
        "outputs": list(exercise.outputs),
        "called": drive_kind(exercise.drive),
        "kinks": exercise.kinks,
        "tails": exercise.tails,
        "derived": exercise.derived,
        "arranged": exercise.arranged,
        "planted": None if exercise.planted is None else [exercise.planted, planted_source(exercise)],
        "checks": [_check(check, sources) for check in exercise.checks],
        "plans": plans,
        "examples": shown_examples,
        "mistakes": [[m.name, m.text, _prints(exercise, m.name, m.answer, examples, bench)] for m in shown],
        "variants": [[v.note, v.name, _prints(exercise, v.name, v.answer, examples, bench)] for v in exercise.variants]
        if examples
        else [],
    }


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
    reading, known = plan.read, {**known, **_arguments(plan.chain.calls)}
    given = {name: pack(value, known) for name, value in reading.given.items()}
    return {"calls": calls, "read": [named(reading.function, sources_of(reading), sources), given]}


def _arguments(calls: Sequence[Call]) -> dict[str, Any]:
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


# ---------------------------------------------------------------------------------- from public data
@dataclass(frozen=True)
class Public:
    """An exercise as students have it: its worked examples, and by mistake or variant what it gives at each of them."""

    exercise: Exercise
    cases: tuple[Case, ...]
    prints: Mapping[str, Sequence[Any]]
    planted: str | None


def restored(data: Data, sources: Sources) -> Public:
    """Return an exercise that is judged by its public data.

    Raises:
        KeyError, TypeError, ValueError, IndexError: this is no public data.

    """
    examples = data["examples"]
    inputs: dict[str, Input] = {name: constant(None) for name in data["inputs"]}
    planted, body = data["planted"] or (None, None)
    exercise = Exercise(
        data["name"],
        inputs,
        tuple(data["outputs"]),
        tuple(_restored_check(check, sources) for check in data["checks"]),
        drive=_Templates(data["called"], examples, data["plans"], sources),
        pair=data["pair"],
        kinks=data["kinks"],
        tails=data["tails"],
        derived=data["derived"],
        arranged=data["arranged"],
        form=data["form"],
        asks=data["asks"],
        planted=planted,
        where="public data",
    )
    for name, text, _ in data["mistakes"]:
        exercise.mistake(text)(_absent(name))
    for note, name, _ in data["variants"]:
        exercise.accepts(note)(_absent(name))
    prints = {name: [_restored_prints(p) for p in rows] for _, name, rows in data["variants"]}
    prints |= {name: [_restored_prints(p) for p in rows] for name, _, rows in data["mistakes"]}
    cases = tuple(_restored_case(exercise, number, example) for number, example in enumerate(examples))
    return Public(exercise, cases, prints, body)


def _restored_check(packed_check: Sequence[Any], sources: Sources) -> Check:
    *declared, output, law = packed_check
    name, kind, points, visibility, describe = declared
    return Check(name, kind, points, visibility, describe, output, None if law is None else function_of(law, sources))


def _restored_case(exercise: Exercise, number: int, data: Data) -> Case:
    inputs = {name: unpack(value, {}) for name, value in data["inputs"].items()}
    expected = tuple(unpack_expected(e) for e in data["expected"])
    recipe = Recipe(data["style"], (), number)  # no two examples have one recipe: answers are remembered by it
    documented = unpack(data["documented"], inputs) if "documented" in data else None
    kinks = [Block(np.array(entries, dtype=np.intp), unpack(corners, {})) for entries, corners in data.get("kinks", ())]
    return Case(exercise, recipe, inputs, expected, documented, kinks)


def _restored_prints(row: Sequence[Any] | None) -> tuple[Any, ...] | None:
    if row is None:
        return None
    return tuple(_restored_print(printed) for printed in row)


def _restored_print(printed: Any) -> Any:
    if printed is None:
        return None
    if isinstance(printed, dict):
        return unpack(printed["value"], {})
    if isinstance(printed, list):
        number, shape, holes = printed
        return Print(number, None if shape is None else tuple(shape), holes)
    return Print(printed)


def _absent(name: str) -> Callable[..., NoReturn]:
    def answer(*_: Any) -> NoReturn:
        raise BankError(f"{name} is known by its prints alone")

    answer.__name__ = name
    return answer


class _Templates:
    """The drive of public data: the calls of the example whose inputs are nearest, with these inputs in their place."""

    def __init__(self, kind: str, examples: Sequence[Data], plans: Sequence[Data], sources: Sources) -> None:
        self.kind = kind
        self._examples, self._plans, self._sources = examples, plans, sources
        self._inputs: list[Mapping[str, Any]] | None = None

    def __call__(self, asked: Asked, inputs: Mapping[str, Any]) -> Plan:
        if self._inputs is None:
            self._inputs = [
                {name: unpack(value, {}) for name, value in example["inputs"].items()} for example in self._examples
            ]
        alike = (number for number, others in enumerate(self._inputs) if _alike(inputs, others))
        example = self._examples[next(alike, 0)]
        if asked.cache is None:
            return self._plan(asked, self._plans[example["plan"]], inputs)
        return self._plan(asked, self._plans[example["from_cache"]], {**inputs, CACHE: asked.cache})

    def _plan(self, asked: Asked, template: Data, known: Mapping[str, Any]) -> Plan:
        def argument(packed_argument: Any) -> Any:
            return unpack(packed_argument, known)

        calls = tuple(
            Call(
                f"{asked.unit}.{function}",
                tuple(map(argument, args)),
                keep=tuple(keep),
                adapter=None if adapter is None else self._sources.texts[adapter],
                seconds=seconds,
            )
            for function, args, keep, adapter, seconds in template["calls"]
        )
        read, given = template["read"]
        known = {**known, **_arguments(calls)}
        function = function_of(read, self._sources)
        helpers = getattr(function, "__globals__", {})
        return Plan(Chain(calls), Reading(function, {k: unpack(v, known, helpers.get) for k, v in given.items()}))


def _alike(inputs: Mapping[str, Any], others: Mapping[str, Any]) -> bool:
    """Return True if inputs have the forms of an example's: its arrays' shapes, and its other values."""
    return inputs.keys() == others.keys() and all(_same_form(value, others[name]) for name, value in inputs.items())


def _same_form(value: Any, other: Any) -> bool:
    if isinstance(value, np.ndarray) or isinstance(other, np.ndarray):
        return np.shape(value) == np.shape(other) and getattr(value, "dtype", None) == getattr(other, "dtype", None)
    if isinstance(value, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(value) == len(other) and all(map(_same_form, value, other))
    return isinstance(value, float) == isinstance(other, float) and (isinstance(value, float) or value == other)
