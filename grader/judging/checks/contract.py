"""The check ``contract``: types, shapes and dtypes as documented, the same answer twice, and a note for changed arguments."""

from __future__ import annotations

from collections.abc import Mapping

from grader.judging.checks.facts import Unanswered, Untried, WrongForm, status_of
from grader.judging.checks.hearing import Hearing
from grader.judging.declare import Check, Verdict

__all__ = ["check_contract"]


def check_contract(hearing: Hearing, check: Check, found: Mapping[str, Verdict]) -> Verdict:
    """Look at the form of every output, whatever its value."""
    if not hearing.trials:
        return Verdict(check, "skipped", fact=Untried("no_case"))
    for trial in hearing.trials:
        if trial.failure is not None:
            return Verdict(check, status_of(trial.failure), fact=Unanswered(trial.case, trial.failure))
        for name, match in zip(hearing.exercise.outputs, trial.matches, strict=True):
            if match.problem in ("type", "dtype", "shape"):
                return Verdict(check, "wrong", fact=WrongForm(name, match.message, trial.case))
    if hearing.inconstant:
        return Verdict(check, "wrong", fact=hearing.inconstant)
    return Verdict(check, "passed", ("mutation",) if hearing.exercise.inputs and hearing.mutates else ())
