"""Training: a run with fixed data and seed, measured on the trusted side by what it returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from grader.judging import (
    MET,
    Asked,
    Chain,
    Exercise,
    Finding,
    Malformed,
    Plan,
    adapter_source,
    contract,
    example,
    read_as,
    unmet,
    value,
)

__all__ = ["training"]

PATIENCE = 3.0
"""A run is ended after so many times the seconds that it may take: one that ends before that is told how long it took."""
TIMED = """\
def timed(run, *args):
    import time

    begun = time.process_time()
    returned = adapter(run, *args)
    return returned, time.process_time() - begun


"""
DIRECT = """\
def adapter(run, *args):
    return run(*args)
"""


def training(
    name: str,
    arguments: Callable[[], tuple[Any, ...]],
    measure: Callable[..., Mapping[str, float]],
    *,
    at_most: Mapping[str, float] | None = None,
    at_least: Mapping[str, float] | None = None,
    points: float = 4,
    seconds: float = 10.0,
    adapter: Callable[..., Any] | None = None,
    helpers: Sequence[Callable[..., Any]] = (),
) -> Exercise:
    """Declare a run: each goal of ``at_most`` and ``at_least`` is an output, and so is its ``time``, which is worth nothing alone.

    Args:
        name: unit and function.
        arguments: makes what the function is called with: data and seeds, the same at each call.
        measure: ``measure(returned, *arguments)``: the goals' figures, from the parameters that the run returned. It is run on the
            trusted side on what a student returned: whatever it raises says that this has not the form that was asked for.
        at_most: by figure the largest value that passes.
        at_least: by figure the smallest.
        points: shared equally by the goals.
        seconds: of the processor that the run may take: several times what the model answer takes.
        adapter: calls the function beside the student's code, where it takes other things than arrays and numbers.
        helpers: plain functions that ``measure`` calls.

    ``measure`` and its helpers are what students are given to measure their run with: nothing of them may be an answer.

    """
    upper, lower = dict(at_most or {}), dict(at_least or {})
    goals = (*upper, *lower)
    inner = DIRECT if adapter is None else adapter_source(adapter, name="adapter")

    def drive(asked: Asked, _: Mapping[str, Any]) -> Plan:
        given = arguments()
        call = asked.call(*given, adapter=TIMED + inner, seconds=PATIENCE * seconds)
        reading = read_as(
            read_run,
            measured,
            reached,
            told,
            in_time,
            *helpers,
            function=asked.own,
            measure=measure,
            arguments=given,
            goals=list(goals),
            upper=upper,
            lower=lower,
            seconds=seconds,
        )
        return Plan(Chain((call,)), reading)

    checks = (contract(), example(), *(value(points / len(goals), goal) for goal in goals), value(0, "time"))
    return Exercise(name, {}, (*goals, "time"), checks, drive=drive, derived=True, form="training")


def read_run(
    value: Any,
    function: str,
    measure: Callable[..., Mapping[str, float]],
    arguments: Sequence[Any],
    goals: Sequence[str],
    upper: Mapping[str, float],
    lower: Mapping[str, float],
    seconds: float,
) -> list[Finding]:
    """Read a run as what is found of each goal, and of the time that it took.

    Raises:
        Malformed: what it returned has not the form that was asked for.

    """
    if not isinstance(value, tuple) or len(value) != 2 or not isinstance(value[1], float):
        raise Malformed(f"{function} came back in no form that can be read")
    returned, took = value
    figures = measured(measure, returned, arguments, function)
    found = [reached(goal, figures[goal], upper.get(goal), lower.get(goal)) for goal in goals]
    return [*found, in_time(took, seconds)]


def measured(measure: Callable[..., Mapping[str, float]], returned: Any, given: Any, function: str) -> dict[str, float]:
    """Measure a run.

    Raises:
        Malformed: what it returned has not the form that was asked for.

    """
    try:
        with np.errstate(all="ignore"):
            return {name: float(figure) for name, figure in measure(returned, *given).items()}
    except Malformed:
        raise
    except Exception as error:  # the parameters are a student's: of any type and shape
        raise Malformed(f"what {function} returned cannot be used as its docstring says: {error}") from None


def reached(goal: str, figure: float, most: float | None, least: float | None) -> Finding:
    if most is not None and not figure <= most:
        return unmet(f"the {goal} of what it returned is {told(figure)}, it must be at most {most:g}")
    if least is not None and not figure >= least:
        return unmet(f"the {goal} of what it returned is {told(figure)}, it must be at least {least:g}")
    return MET


def told(figure: float) -> str:
    """Return a figure for people; a plain formula may overflow where the goal is missed by far."""
    return "too large to be told" if figure == float("inf") else f"{figure:.4g}"


def in_time(took: float, seconds: float) -> Finding:
    if took <= seconds:
        return MET
    return unmet(f"it took {took:.1f} s of processor time, {took / seconds:.1f} times what it may take ({seconds:g} s)")
