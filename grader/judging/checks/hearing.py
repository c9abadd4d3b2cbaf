"""The hearing of one exercise: all that its checks rest on, asked for once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from grader.judging.asking import (
    Answers,
    Failure,
    Reply,
    Returned,
    Trial,
    outcome_of,
    outcomes,
    same_answer,
    tried_in_turn,
)
from grader.judging.cases import Bench, Case
from grader.judging.checks.facts import Inconstant
from grader.judging.checks.slope import Agreement
from grader.judging.declare import Chain, Earlier, Exercise, Plan

__all__ = ["Hearing", "hear"]

AGAIN = 3
"""The first so many cases are asked again."""


@dataclass
class Hearing:
    """All that was asked about one exercise and came back.

    Args:
        exercise: what was asked.
        answers: for further questions to the student's functions.
        bench: the cases and what is right.
        trials: the cases that were put.
        documented: the trials were run with the cache that the stub documents.
        forward_is_right: the paired forward pass agrees with the model answer (asked for only if an output is wrong).
        inconstant: set if the same question got another answer.
        examples: the worked examples that were put.
        mutates: an argument was changed in place.
        slopes: agreement of each gradient with the slope of the student's own function, once it was examined.

    """

    exercise: Exercise
    answers: Answers
    bench: Bench
    trials: tuple[Trial, ...]
    documented: bool
    forward_is_right: bool
    inconstant: Inconstant | None
    examples: tuple[Trial, ...]
    mutates: bool
    slopes: Mapping[str, Agreement] | None = None

    def cache_of(self, case: Case) -> Any:
        """Return the cache to be used at a case: the documented one where the trials used it, else None."""
        return case.documented if self.documented else None

    @property
    def broken(self) -> Trial | None:
        """Return the first trial if it failed: then nothing can be said of the function's values."""
        first = self.trials[0] if self.trials else None
        return first if first is not None and first.failure is not None else None


def hear(
    exercise: Exercise,
    answers: Answers,
    bench: Bench,
    trials: Sequence[Trial],
    documented: bool,
    forward_is_right: bool,
) -> Hearing:
    """Ask what remains to be known after the cases: the first ones again, watching the arguments, and the worked examples."""
    first = list(takewhile(lambda trial: trial.failure is None, trials[:AGAIN]))
    examples = bench.examples(exercise) if any(check.kind == "example" for check in exercise.checks) else ()
    again = [trial.case.plan(documented) for trial in first]
    if again:
        again[0] = _watched(again[0], exercise.name)
    if len(first) == len(trials[:AGAIN]) > 1 and exercise.pair is not None and not documented:
        again.append(_with_another_call_between(first[0].case, first[1].case))
    planned = [case.plan(documented) for case in examples]
    replies = answers.put([plan.chain for plan in (*again, *planned)])
    inconstant, mutates = _compared(first, again, replies)
    tried = tuple(tried_in_turn(examples, outcomes(planned, replies)))
    return Hearing(exercise, answers, bench, tuple(trials), documented, forward_is_right, inconstant, tried, mutates)


def _compared(
    first: Sequence[Trial], plans: Sequence[Plan], replies: Iterator[tuple[Reply, ...]]
) -> tuple[Inconstant | None, bool]:
    """Take the replies to the plans: an answer must depend on its arguments alone. Tell too if one of these is changed in place."""
    inconstant, mutates = None, False
    for number, (plan, of_a_plan) in enumerate(zip(plans, replies, strict=False)):
        if inconstant is not None:
            continue  # the first difference is enough, and the replies behind these are for others
        again = number < len(first)
        before = first[number] if again else first[0]
        outcome = outcome_of(plan, of_a_plan)
        if isinstance(outcome, Failure) or not all(map(same_answer, before.outputs, outcome)):
            inconstant = Inconstant(before.case, "again" if again else "cache")
        else:
            mutates = mutates or any(isinstance(reply, Returned) and bool(reply.mutated) for reply in of_a_plan)
    return inconstant, mutates


def _watched(plan: Plan, function: str) -> Plan:
    """Have the calls of the exercise's own function report which arguments they change."""
    calls = (replace(call, watch=call.function == function) for call in plan.chain.calls)
    return replace(plan, chain=Chain(tuple(calls)))


def _with_another_call_between(case: Case, other: Case) -> Plan:
    """Plan a backward pass after the forward pass of another case: only the cache may connect it with its own."""
    plan, between = case.plan(documented=False), other.plan(documented=False)
    forward, *rest = plan.chain.calls
    moved = [replace(call, args=tuple(map(_one_later, call.args))) for call in rest]
    chain = Chain((forward, between.chain.calls[0], *moved))
    return Plan(chain, lambda *values: plan.read(values[0], *values[2:]))


def _one_later(argument: Any) -> Any:
    """Make room for a second call in a chain: what was returned by call i > 0 is then returned by call i + 1."""
    moves = isinstance(argument, Earlier) and argument.call > 0
    return replace(argument, call=argument.call + 1) if moves else argument
