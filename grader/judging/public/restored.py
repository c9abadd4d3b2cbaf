"""Public data as an exercise, which is judged where neither bank nor model answers are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from grader.errors import BankError
from grader.judging.cases import Case
from grader.judging.declare import (
    Asked,
    Blocks,
    Call,
    Chain,
    Check,
    Exercise,
    GraphPicture,
    Input,
    Invariant,
    PicturedStep,
    PictureOf,
    Plan,
    Reading,
    Recipe,
    constant,
)
from grader.judging.notation import first_wrong, heirs_of, read_graph, wide
from grader.judging.numerics import Block, Print
from grader.judging.public.carried import Sources, function_of
from grader.judging.public.packed import Data, arguments_of
from grader.judging.public.packing import CACHE, unpack, unpack_expected

__all__ = ["Public", "restored"]


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
        upstream=tuple(data.get("upstream", ("dout",))),
        kinks=data["kinks"],
        tails=data["tails"],
        derived=data["derived"],
        arranged=data["arranged"],
        form=data["form"],
        picture=_picture(data["name"], data["plans"]),
        asks=data["asks"],
        places={output: tuple(map(_axis, axes)) for output, axes in data.get("places", {}).items()},
        invariants=tuple(Invariant(n, text, function_of(r, sources)) for n, text, r in data.get("invariants", ())),
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


def _axis(axis: str | Sequence[Any]) -> str | Blocks:
    return axis if isinstance(axis, str) else Blocks(axis[0], tuple(axis[1]))


def _picture(name: str, plans: Sequence[Data]) -> PictureOf | None:
    """Return how a graph is pictured by the right values of its outputs; None where no graph is asked for."""
    read, given = plans[0]["read"] if plans else ("", {})
    if read != "read_graph_values":
        return None
    names, nodes = given["leaves"]["dict"], given["nodes"]

    def picture(ours: Any, _: Any, inputs: Mapping[str, Any], right: Mapping[str, Any]) -> GraphPicture:
        graph, leaves = read_graph(ours, name), {leaf: wide(inputs[leaf]) for leaf in names}
        values = graph.values(leaves)
        known = right if nodes is not None else {graph.steps[-1].name: next(iter(right.values()))}
        wrong = first_wrong(graph, leaves, known)
        heirs, others = heirs_of(graph, leaves, wrong, known[wrong], known) if wrong else ((), ())
        steps = [
            PicturedStep(step.name, step.operation, step.arguments, np.asarray(values[step.name], dtype=np.float64))
            for step in graph.in_order(frozenset(leaves))
        ]
        given_values = {leaf: np.asarray(value, dtype=np.float64) for leaf, value in leaves.items()}
        return GraphPicture(given_values, tuple(steps), wrong, known.get(wrong), heirs, others)

    return picture


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
        known = {**known, **arguments_of(calls)}
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
    if isinstance(value, Mapping) and isinstance(other, Mapping):
        return value.keys() == other.keys() and all(_same_entry(entry, other[key]) for key, entry in value.items())
    return isinstance(value, float) == isinstance(other, float) and (isinstance(value, float) or value == other)


def _same_entry(value: Any, other: Any) -> bool:
    """Return True if two entries of a dict are arrays of one form, or equal: a plan may have been made from a number in it."""
    arrays = isinstance(value, np.ndarray) or isinstance(other, np.ndarray)
    return _same_form(value, other) if arrays else bool(value == other)
