"""The hearing of one exercise: all that its checks rest on, asked for once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile
from typing import Any

import numpy as np

from grader.judging.asking import (
    Answers,
    Failure,
    Outcome,
    Reply,
    Returned,
    Trial,
    outcome_of,
    same_answer,
    tried_in_turn,
)
from grader.judging.cases import Bench, Case
from grader.judging.checks.facts import After, Inconstant
from grader.judging.checks.own_forward import OwnForward
from grader.judging.checks.slope import Agreement
from grader.judging.declare import Chain, Earlier, Exercise, Finding, Plan

__all__ = ["Hearing", "hear"]

AGAIN = 3
"""So many cases are asked again: the first, and one at a kink where the answer is a choice of its own, if there is one."""
KEPT = 1 << 10
"""So many of the plans that ask again are kept: they are the same for a whole class."""


@dataclass(frozen=True)
class Again:
    """A question that was answered ``before``, put again ``after`` something else."""

    plan: Plan
    before: Trial
    after: After


@dataclass
class Hearing:
    """All that was asked about one exercise and came back.

    Args:
        exercise: what was asked.
        answers: for further questions to the student's functions.
        bench: the cases and what is right.
        trials: the cases that were put.
        documented: the trials were run with the cache that the stub documents.
        own: what is known of the student's own forward pass, or loss (looked into only if an output is wrong).
        inconstant: set if the same question got another answer.
        examples: the worked examples that were put.
        mutates: an argument was changed in place.
        slopes: agreement of each gradient with the slope of the student's own function, once it was examined.
        fitting: the gradients that fit the student's own forward pass, or loss, once it was examined.

    """

    exercise: Exercise
    answers: Answers
    bench: Bench
    trials: tuple[Trial, ...]
    documented: bool
    own: OwnForward | None
    inconstant: Inconstant | None
    examples: tuple[Trial, ...]
    mutates: bool
    slopes: Mapping[str, Agreement] | None = None
    fitting: frozenset[str] | None = None

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
    own: OwnForward | None = None,
) -> Hearing:
    """Ask what remains to be known after the cases: the first ones again, watching the arguments, and the worked examples."""
    long = any(call.seconds for trial in trials[:1] for call in trial.case.plan(documented).chain.calls)
    twice = [] if long else _to_ask_again(exercise, trials)  # a run of seconds is asked once
    first = list(takewhile(lambda trial: trial.failure is None, twice))
    examples = bench.examples(exercise) if any(check.kind == "example" for check in exercise.checks) else ()
    again = [Again(_watched(trial.case, documented), trial, "again") for trial in first]
    if len(first) == len(twice) > 1 and exercise.pair is not None and not documented:
        again.append(Again(_with_another_call_between(first[0].case, first[1].case), first[0], "cache"))
        again.append(Again(_after_another_upstream(first[0].case), first[0], "upstream"))
    known = {trial.case: trial for trial in trials}
    new = [case for case in examples if case not in known]
    planned = [case.plan(documented).chain for case in new]
    replies = answers.put([*(asked.plan.chain for asked in again), *planned])
    inconstant, mutates = _compared(again, replies)
    tried = (*(known[case] for case in examples if case in known), *tried_in_turn(new, documented, replies))
    return Hearing(exercise, answers, bench, tuple(trials), documented, own, inconstant, tried, mutates)


def _to_ask_again(exercise: Exercise, trials: Sequence[Trial]) -> list[Trial]:
    """Return the trials whose questions are put a second time."""
    twice = list(trials[:AGAIN])
    if not exercise.kinks:
        return twice
    chosen = next((trial for trial in trials[AGAIN:] if trial.failure is None and _is_choice(trial)), None)
    return [*twice[:-1], chosen] if chosen is not None else twice


def _is_choice(trial: Trial) -> bool:
    return any("subgradient" in match.notes for match in trial.matches)


def _compared(again: Sequence[Again], replies: Iterator[tuple[Reply, ...]]) -> tuple[Inconstant | None, bool]:
    """Take the replies: an answer must depend on its arguments alone. Tell too if one of these is changed in place."""
    inconstant, mutates = None, False
    for asked, of_a_plan in zip(again, replies, strict=False):
        if inconstant is not None:
            continue  # the first difference is enough, and the replies behind these are for others
        outcome = outcome_of(asked.plan, of_a_plan)
        changed = any(isinstance(reply, Returned) and bool(reply.mutated) for reply in of_a_plan)
        same = not isinstance(outcome, Failure) and (
            all(map(same_answer, asked.before.outputs, outcome)) or _both_right(asked.before, outcome)
        )
        of_its_own = asked.after == "upstream" and changed  # a cache that is changed in place is another matter
        if not same and not of_its_own and not _misses_a_goal(asked.before):
            inconstant = Inconstant(asked.before.case, asked.after)
        else:
            mutates = mutates or changed
    return inconstant, mutates


def _both_right(before: Trial, outcome: Outcome) -> bool:
    """Return True if two answers are right, though not the same: sums over a set come in another order at each run.

    A choice at a kink is no matter of rounding: it must be the same each time.
    """
    if before.case.expected is None or isinstance(outcome, Failure):
        return False
    both = before, Trial(before.case, outcome)
    return all(match.ok for trial in both for match in trial.matches) and not any(map(_is_choice, both))


def _misses_a_goal(before: Trial) -> bool:
    """Return True if an answer that is held against a law broke it already: what is drawn wrongly is found wrong in many ways."""
    return any(isinstance(output, Finding) and not output.met for output in before.outputs)


@lru_cache(maxsize=KEPT)
def _watched(case: Case, documented: bool) -> Plan:
    """Have the calls of the exercise's own function report which arguments they change."""
    plan = case.plan(documented)
    calls = (replace(call, watch=call.function == case.exercise.target) for call in plan.chain.calls)
    return replace(plan, chain=Chain(tuple(calls)))


@lru_cache(maxsize=KEPT)
def _with_another_call_between(case: Case, other: Case) -> Plan:
    """Plan a backward pass after the forward pass of another case: only the cache may connect it with its own."""
    plan, between = case.plan(documented=False), other.plan(documented=False)
    forward, *rest = plan.chain.calls
    moved = [replace(call, args=tuple(map(_one_later, call.args))) for call in rest]
    chain = Chain((forward, between.chain.calls[0], *moved))
    return Plan(chain, lambda *values: plan.read(values[0], *values[2:]))


@lru_cache(maxsize=KEPT)
def _after_another_upstream(case: Case) -> Plan:
    """Plan a backward pass after one with another upstream gradient and the same cache."""
    plan = case.plan(documented=False)
    first, own = plan.chain.calls
    other = tuple(-2.0 * arg if isinstance(arg, np.ndarray) else arg for arg in own.args)
    chain = Chain((first, replace(own, args=other, watch=True), own))
    return Plan(chain, lambda *values: plan.read(values[0], values[2]))


def _one_later(argument: Any) -> Any:
    """Make room for a second call in a chain: what was returned by call i > 0 is then returned by call i + 1."""
    moves = isinstance(argument, Earlier) and argument.call > 0
    return replace(argument, call=argument.call + 1) if moves else argument
