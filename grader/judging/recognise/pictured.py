"""A graph that was handed in, at the inputs of a case: what its steps compute, and the first that is wrong."""

from __future__ import annotations

from dataclasses import replace

from grader.judging.asking import Answers, Failure, ask
from grader.judging.cases import Bench, Case, carry_out
from grader.judging.declare import GraphPicture, Malformed

__all__ = ["picture_of"]


def picture_of(case: Case, answers: Answers, bench: Bench) -> GraphPicture | None:
    """Return the picture of what a function returns at a case; None if the exercise asks for no graph, or none came.

    Where there is no model answer, the right values of the outputs alone tell which node is wrong.
    """
    exercise = case.exercise
    if exercise.picture is None or case.expected is None:
        return None
    plan = replace(case.plan(documented=False), read=lambda value: (value,))
    (came,) = ask(answers, [plan])
    if isinstance(came, Failure):
        return None
    (ours,), (model,) = came, carry_out(exercise, plan) if bench.knows_answers else (None,)
    right = {name: expected.value for name, expected in zip(exercise.outputs, case.expected, strict=True)}
    try:
        return exercise.picture(ours, model, case.inputs, right)
    except Malformed:  # it is another graph than the one that was judged
        return None
