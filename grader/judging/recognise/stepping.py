"""Rules that are taken step by step, as an optimizer is: what is lost between two steps, miscounted, or taken before it was new.

Each fact is a rule of ours, the model answer with something done to the state that it takes or hands on. It is walked along the
path of each case, and must come by every point that the student's function came by, or nothing is recognised.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judging.cases import Bench, Case, carry_out
from grader.judging.declare import Earlier, Exercise
from grader.judging.recognise.evidence import WITNESSES, Seen, close, explains, reals
from grader.judging.recognise.recognised import Recognised
from grader.judging.recognise.rewritten import with_guard_moved, with_stale_state

__all__ = ["is_stepwise", "state_mishandled"]

Array = NDArray[np.float64]
Config = Mapping[str, Any]
Rule = Callable[..., Any]
"""A step of ours: ``w, config = rule(w, given, config)``; the config may be left out."""


@dataclass(frozen=True)
class Faulty:
    """A rule with a fault of one kind: the fact's code, what a sentence on it needs, and the rule."""

    code: str
    values: Mapping[str, Any]
    rule: Rule


def is_stepwise(case: Case) -> bool:
    """Return True if a case is a path: calls of one function, each with what the one before it returned."""
    calls = case.plan(documented=False).chain.calls
    return len(calls) > 1 and all(
        call.function == calls[0].function and any(isinstance(a, Earlier) and a.call == number for a in call.args)
        for number, call in enumerate(calls[1:])
    )


def state_mishandled(exercise: Exercise, output: int, seen: Sequence[Seen], bench: Bench) -> Recognised | None:
    """Recognise a path that is the right rule's with a fault in its state, its counter, its order, its guard or its decay.

    Args:
        exercise: a rule that is taken step by step; of a function that is called once only the guard of a root is looked at.
        output: the number of the output.
        seen: its answers beside the right ones.
        bench: keeps what the variants of the model answer say.

    """
    wrong = [s for s in seen if not s.ok]
    if len(wrong) < WITNESSES or any(s.got.shape != s.right.shape for s in seen):
        return None
    for faulty in _faulty(exercise, wrong[0].case):

        def answered(s: Seen, faulty: Faulty = faulty) -> Any:
            key = ("state", faulty.code, *faulty.values.values())
            outputs = bench.wrong_answer(exercise, key, faulty.rule, s.case)
            return None if outputs is None or len(outputs) != len(exercise.outputs) else reals(outputs[output])

        first = answered(wrong[0])
        if first is None or first.shape != wrong[0].got.shape or not close(wrong[0].got, first, wrong[0].slack):
            continue
        if all(answered(s) is not None for s in seen) and explains(seen, answered):
            return Recognised(faulty.code, "state", values=faulty.values)
    return None


def _faulty(exercise: Exercise, case: Case) -> Iterator[Faulty]:
    rule = exercise.answer()
    if exercise.arranged:
        return
    if is_stepwise(case):
        configs = _configs(exercise, rule, case)
        if configs is not None:
            yield from _losses(rule, configs)
            yield from _counts(rule, configs)
            for keys, stale in with_stale_state(rule):
                yield Faulty("stale_state", {"keys": keys}, stale)
            yield from _couplings(rule)
    for moved, guarded in with_guard_moved(rule):
        guard, _, side = moved.rpartition(" ")
        yield Faulty(f"guard_{side}_root", {"guard": guard}, guarded)


def _configs(exercise: Exercise, rule: Rule, case: Case) -> list[Config] | None:
    """Return the configs that the model answer hands on along a case; None if they are no dicts."""
    handed: list[Config] = []

    def noted(*args: Any) -> Any:
        w, config = rule(*args)
        handed.append(dict(config))
        return w, config

    try:
        carry_out(exercise, case.plan(documented=False), noted)
    except (TypeError, ValueError):  # a rule of another form hands on what is no dict
        return None
    return handed if len(handed) > 1 else None


def _altered(
    rule: Rule,
    before: Callable[[tuple[Any, ...], dict[str, Any]], tuple[Any, ...]] | None = None,
    after: Callable[[dict[str, Any], Config], dict[str, Any]] | None = None,
) -> Rule:
    """Return the rule with its arguments changed ``before`` a step, and the config that it hands on ``after`` it."""
    place = len(inspect.signature(rule).parameters) - 1

    def altered(*args: Any) -> Any:
        config = dict((args[place] if len(args) > place else None) or {})
        given = dict(config)
        arguments = args[:place] if before is None else before(args[:place], config)
        w, returned = rule(*arguments, config)
        return w, returned if after is None else after(dict(returned), given)

    return altered


def _same(a: Any, b: Any) -> bool:
    return bool(np.array_equal(a, b))


def _losses(rule: Rule, configs: Sequence[Config]) -> Iterator[Faulty]:
    """Yield the rules that hand on less than they must: no state, some of it, no config at all."""
    state = [
        key
        for key, value in configs[0].items()
        if isinstance(value, np.ndarray) or any(not _same(value, config.get(key)) for config in configs[1:])
    ]
    some = [keys for size in (1, 2) if len(state) > size for keys in combinations(state, size)]
    for keys in ([tuple(state)] if state else []) + some:
        names = " and ".join(keys) if len(keys) < 3 else f"{', '.join(keys[:-1])} and {keys[-1]}"
        yield Faulty("state_not_carried", {"keys": names}, _altered(rule, after=partial(_without, keys)))
    yield Faulty("config_not_carried", {}, _altered(rule, after=lambda *_: {}))


def _without(keys: Sequence[str], returned: dict[str, Any], _: Config) -> dict[str, Any]:
    return {key: value for key, value in returned.items() if key not in keys}


def _counts(rule: Rule, configs: Sequence[Config]) -> Iterator[Faulty]:
    """Yield the rules whose counter starts one too early or too late, or runs twice as fast."""
    for key, value in configs[0].items():
        pace = configs[1].get(key, 0) - value if type(value) is int else 0
        if pace:
            for ahead in (1, -1):
                start = value - pace + ahead * pace

                def started(args: tuple[Any, ...], config: dict[str, Any], key: str = key, start: int = start) -> Any:
                    config.setdefault(key, start)
                    return args

                code = "counter_ahead" if ahead > 0 else "counter_behind"
                yield Faulty(code, {"key": key}, _altered(rule, started))

            def faster(returned: dict[str, Any], _: Config, key: str = key, pace: int = pace) -> dict[str, Any]:
                return {**returned, key: returned[key] + pace}

            def ahead_of_itself(
                args: tuple[Any, ...],
                config: dict[str, Any],
                key: str = key,
                start: int = value - pace,
                pace: int = pace,
            ) -> Any:
                config[key] = config.get(key, start) + pace
                return args

            yield Faulty("counter_fast", {"key": key, "when": "before"}, _altered(rule, ahead_of_itself))
            yield Faulty("counter_fast", {"key": key, "when": "after"}, _altered(rule, after=faster))


def _couplings(rule: Rule) -> Iterator[Faulty]:
    """Yield the rules in which a setting times the parameters goes into the gradient, and no longer into the step, or into both."""
    for key in _couplable(rule):
        for both in (False, True):

            def coupled(args: tuple[Any, ...], config: dict[str, Any], key: str = key, both: bool = both) -> Any:
                w, gradient, *more = args
                setting = rule(*args, config)[1][key]
                config[key] = setting if both else 0.0
                return (w, gradient + setting * w, *more)

            def restored(returned: dict[str, Any], given: Config, key: str = key) -> dict[str, Any]:
                kept = {k: v for k, v in returned.items() if k != key}
                return {**kept, key: given[key]} if key in given else kept

            code = "coupled_setting_twice" if both else "coupled_setting"
            yield Faulty(code, {"key": key}, _altered(rule, coupled, restored))


@lru_cache(maxsize=256)
def _couplable(rule: Rule) -> tuple[str, ...]:
    """Return the settings without which a rule still moves along its gradient: a step of length 0 would hide what is in it."""
    found = []
    try:
        settings = {k: v for k, v in rule(np.ones(2), np.ones(2), {})[1].items() if type(v) is float}
        for key, value in settings.items():
            plain, coupled = (_two_steps(rule, {**settings, key: 0.0}, added) for added in (0.0, value))
            if np.isfinite(plain).all() and not close(plain, coupled):
                found.append(key)
    except Exception:  # a rule that takes something else than a gradient has no such settings
        return ()
    return tuple(found)


def _two_steps(rule: Rule, config: Config, added: float) -> Array:
    """Return where two steps lead along gradients to which so much of the parameters is ``added``; one may hide their length."""
    w = np.array([1.0, -2.0])
    for gradient in (np.array([0.5, 3.0]), np.array([2.0, -0.7])):
        w, config = rule(w, gradient + added * w, dict(config))
    return np.asarray(w, dtype=np.float64)
