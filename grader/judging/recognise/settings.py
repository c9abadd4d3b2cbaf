"""Changes of inputs; here those of settings: of an optimizer's config, and of a dict of parameters that an input is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Any

import numpy as np

from grader.judging.declare import Exercise, trajectory
from grader.judging.recognise.evidence import Seen

__all__ = ["FLOATS", "Change", "Inputs", "of_config", "of_params"]

Inputs = Mapping[str, Any]
FLOATS: dict[str, Callable[[float], float]] = {
    "doubled": lambda k: 2.0 * k,
    "halved": lambda k: 0.5 * k,
    "squared": lambda k: k * k,
    "root": lambda k: float(np.sqrt(k)) if k >= 0 else k,
    "one_minus": lambda k: 1.0 - k,
    "inverse": lambda k: 1.0 / k if k else 0.0,
    "negated": lambda k: -k,
    "whole": lambda k: float(int(k)),
    "rounded": lambda k: float(round(k)),
    "rounded_1": lambda k: round(k, 1),
    "rounded_2": lambda k: round(k, 2),
}
SETTINGS = (0.0, 1.0, 0.5, 0.1, 0.01, 0.001, 0.9, 0.95, 0.99, 0.999, 1e-8)
"""Numbers that people write into a function, or take for its default."""
COUNTED = (0, 1, 2)
ONE_OFF: dict[str, Callable[[int], int]] = {"one_more": lambda n: n + 1, "one_less": lambda n: n - 1}
PORTIONS = (0.0, 1.0, 0.5, 0.9, 0.1)
"""Numbers that stand in for whole numbers, and for others, in a dict of parameters."""


@dataclass(frozen=True)
class Change:
    """A change of inputs: its code, what a sentence on it needs, and the changed inputs; None leaves a case as it is."""

    code: str
    values: Mapping[str, Any]
    of: Callable[[Inputs], Inputs | None]


def of_config(exercise: Exercise, seen: Sequence[Seen]) -> Iterator[Change]:
    """Yield changes of an optimizer's settings: of what is given, and of what stands in where nothing is given."""
    defaults = _defaults(exercise, seen)
    given = [s.case.inputs["config"] for s in seen if isinstance(s.case.inputs.get("config"), dict)]
    keys = sorted({key for config in given for key, value in config.items() if type(value) is float})
    for a, b in combinations(keys, 2):
        yield Change("settings_exchanged", {"input": a, "other": b}, _in_config(_swap(a, b, defaults)))
    for key in keys:
        for fixed in SETTINGS:
            yield Change("setting_default", {"input": key, "fixed": fixed}, _in_config(_default(key, fixed)))
            yield Change("setting_fixed", {"input": key, "fixed": fixed}, _in_config(_set(key, fixed)))
        for code in ("doubled", "halved", "squared", "root", "one_minus"):
            yield Change(f"setting_{code}", {"input": key}, _in_config(_changed(key, FLOATS[code], defaults)))


Config = Mapping[str, Any]


def _in_config(change: Callable[[Config], Config]) -> Callable[[Inputs], Inputs | None]:
    def of(inputs: Inputs) -> Inputs | None:
        config = inputs.get("config")
        return {**inputs, "config": change(config if isinstance(config, dict) else {})}

    return of


def _defaults(exercise: Exercise, seen: Sequence[Seen]) -> Config:
    """Return the settings that the model answer fills in where none are given: it hands them back after a step."""
    if exercise.drive is not trajectory:
        return {}
    inputs = seen[0].case.inputs
    _, config = exercise.answer()(inputs["w"].copy(), inputs["dw"][0].copy())
    return {key: value for key, value in config.items() if type(value) is float}


def _swap(a: str, b: str, defaults: Config) -> Callable[[Config], Config]:
    def swapped(c: Config) -> Config:
        full = {**defaults, **c}
        return {**c, a: full[b], b: full[a]} if a in full and b in full else c

    return swapped


def _default(key: str, value: float) -> Callable[[Config], Config]:
    return lambda c: {key: value, **c}


def _set(key: str, value: float) -> Callable[[Config], Config]:
    return lambda c: {**c, key: value}


def _changed(key: str, change: Callable[[Any], Any], defaults: Config) -> Callable[[Config], Config]:
    def changed(c: Config) -> Config:
        full = {**defaults, **c}
        return {**c, key: change(full[key])} if key in full else c

    return changed


# ------------------------------------------------------------------------------------ dicts of parameters
def of_params(seen: Sequence[Seen]) -> Iterator[Change]:
    """Yield changes of the parameters in an input that is a dict of them: two exchanged, one fixed, one in another's place."""
    for name in seen[0].case.inputs:
        given = [s.case.inputs.get(name) for s in seen]
        if name == "config" or not any(isinstance(params, dict) for params in given):
            continue
        known = {key: value for params in given if isinstance(params, dict) for key, value in params.items()}
        numbers = [key for key, value in known.items() if type(value) in (int, float)]
        for a, b in combinations(numbers, 2):
            if type(known[a]) is type(known[b]):
                yield Change("params_exchanged", {"of": name, "input": a, "other": b}, _in(name, _exchanged(a, b)))
        whole = [key for key in numbers if type(known[key]) is int]
        for a, b in permutations(whole, 2):
            yield Change("param_for", {"of": name, "input": a, "other": b}, _in(name, _copied(a, b)))
        for key in whole:
            for code, count in ONE_OFF.items():
                yield Change(f"param_{code}", {"of": name, "input": key}, _in(name, _changed(key, count, {})))
        for key in numbers:
            for fixed in COUNTED if type(known[key]) is int else PORTIONS:
                yield Change("param_fixed", {"of": name, "input": key, "fixed": fixed}, _in(name, _put(key, fixed)))
            for code in ("doubled", "halved", "one_minus") if type(known[key]) is float else ():
                yield Change(f"param_{code}", {"of": name, "input": key}, _in(name, _changed(key, FLOATS[code], {})))


def _in(name: str, change: Callable[[Config], Config | None]) -> Callable[[Inputs], Inputs | None]:
    def of(inputs: Inputs) -> Inputs | None:
        params = inputs[name]
        changed = change(params) if isinstance(params, dict) else None
        return None if changed is None else {**inputs, name: changed}

    return of


def _exchanged(a: str, b: str) -> Callable[[Config], Config | None]:
    return lambda params: {**params, a: params[b], b: params[a]} if a in params and b in params else None


def _copied(a: str, b: str) -> Callable[[Config], Config | None]:
    return lambda params: {**params, a: params[b]} if a in params and b in params else None


def _put(key: str, value: float) -> Callable[[Config], Config | None]:
    return lambda params: {**params, key: value} if key in params else None
