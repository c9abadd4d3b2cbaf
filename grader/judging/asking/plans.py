"""Asking: plans carried out by a student's functions, and the outputs read from the replies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.judging.asking.answers import Answers, Illegible, Lost, Raised, Refused, Reply, Returned
from grader.judging.declare import Earlier, Exercise, Malformed, Plan, Unread, outputs_of

__all__ = ["Failure", "Outcome", "ask", "ask_at", "outcome_of"]


@dataclass(frozen=True)
class Failure:
    """No outputs: the reply in their place, or a sentence on the form that a value has not; ``call`` is its place in the chain."""

    reply: Raised | Refused | Lost | Illegible | str
    call: int = 0


Outcome = tuple[Any, ...] | Failure
"""The outputs of an exercise in the order of its declaration, or a failure."""


def ask(answers: Answers, plans: Sequence[Plan]) -> Iterator[Outcome]:
    """Carry out plans in their order, many in one exchange; each outcome is made when it is asked for."""
    replies = answers.put([plan.chain for plan in plans])
    return (outcome_of(plan, of_a_plan) for plan, of_a_plan in zip(plans, replies, strict=False))


def ask_at(exercise: Exercise, answers: Answers, inputs: Mapping[str, Any], cache: Any = None) -> Outcome:
    """Ask for the outputs at one input; ``cache`` is used in place of that of the forward pass, if it is not None."""
    (outcome,) = ask(answers, [exercise.plan(inputs, cache)])
    return outcome


def outcome_of(plan: Plan, replies: Sequence[Reply]) -> Outcome:
    """Read the outputs of a plan from the replies to its calls."""
    values: list[Any] = []
    for number, reply in enumerate(replies):
        if not isinstance(reply, Returned):
            return Failure(reply, number)
        values.append(reply.value)
    try:
        if len(values) < len(plan.chain.calls):
            _refuse_earlier(plan, values)
        return tuple(plan.read(*values))
    except Unread as text:
        return Failure(Illegible(str(text)), len(values) - 1)
    except Malformed as wrong:
        return Failure(str(wrong), len(values) - 1)


def _refuse_earlier(plan: Plan, values: Sequence[Any]) -> None:
    """Say of a chain that ended after some values which of them has not the form that the next call wants.

    Raises:
        Malformed: always.

    """
    calls = plan.chain.calls
    for argument in calls[len(values)].args:
        if isinstance(argument, Earlier):
            function = calls[argument.call].function.rpartition(".")[2]
            outputs_of(values[argument.call], len(argument.names), function, argument.names)
    raise Malformed(f"{calls[len(values)].function} could not be called with what was returned before")
