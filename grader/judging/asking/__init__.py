"""Asking a student's functions: the protocol of answers, plans carried out, and trials."""

from grader.judging.asking.answers import Answers, Attempt, Illegible, Lost, Raised, Refused, Reply, Returned
from grader.judging.asking.plans import Failure, Outcome, ask, ask_at, outcome_of
from grader.judging.asking.trials import Trial, replay, same_answer, tried_in_turn

__all__ = [
    "Answers",
    "Attempt",
    "Failure",
    "Illegible",
    "Lost",
    "Outcome",
    "Raised",
    "Refused",
    "Reply",
    "Returned",
    "Trial",
    "ask",
    "ask_at",
    "outcome_of",
    "replay",
    "same_answer",
    "tried_in_turn",
]
