"""The check ``example``: the worked examples that students are given come out right."""

from __future__ import annotations

from collections.abc import Mapping

from grader.judging.checks.facts import Rejected, Unanswered, Untried, status_of
from grader.judging.checks.hearing import Hearing
from grader.judging.checks.value import is_variant
from grader.judging.declare import Check, Verdict

__all__ = ["check_example"]


def check_example(hearing: Hearing, check: Check, found: Mapping[str, Verdict]) -> Verdict:
    """Hold every output of the worked examples against the right ones."""
    if not hearing.examples:
        return Verdict(check, "skipped", fact=Untried("no_example"))
    for trial in hearing.examples:
        if trial.failure is not None:
            return Verdict(check, status_of(trial.failure), fact=Unanswered(trial.case, trial.failure))
        for output, match in enumerate(trial.matches):
            variants = hearing.exercise.variants
            if not match.ok and not any(is_variant(hearing, v, output, hearing.trials) for v in variants):
                if hearing.inconstant and match.problem in ("value", "nonfinite"):
                    return Verdict(check, "wrong", fact=hearing.inconstant)
                # Three examples alone would bear out too much: what is said of them holds of all cases.
                trials = (*hearing.examples, *hearing.trials) if hearing.bench.knows_answers else hearing.examples
                fact = Rejected(output, trial, trials, hearing.documented, fresh=False)
                return Verdict(check, "wrong", fact=fact)
    return Verdict(check, "passed")
