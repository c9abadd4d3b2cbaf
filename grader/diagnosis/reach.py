"""The reach of a fault: which outputs are right in every case, which methods the others use, at which step a path parts.

It is counted from the trials, never from marks: a wrong output may still earn points, and a right one may have cost some.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.diagnosis.steps import parting_words
from grader.judging import (
    Bench,
    Blame,
    Exercise,
    Finding,
    Parting,
    Rejected,
    Trial,
    Verdict,
    WrongForm,
    blamed,
    is_stepwise,
    parting,
    seen_of,
)

__all__ = ["Reach", "reach_of"]

FEWEST = 3
"""Of fewer cases it is not said that an output is right in all of them."""
NAMED = 4
"""More outputs than this are counted, and not named."""


@dataclass(frozen=True)
class Reach:
    """The reach of the fault of one output.

    Args:
        right: the outputs that are right in every case that was tried.
        wrong: the others.
        parting: of an output that is a path the step at which it parts from the right one, over all cases that are wrong.
        blame: the methods of a class that all wrong outputs use, if these tell where to look.

    """

    right: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    parting: Parting | None = None
    blame: Blame | None = None

    def data(self) -> Mapping[str, Any]:
        """Return what there is to show, as plain data."""
        outputs = {"right": list(self.right), "wrong": list(self.wrong)} if self.right else {}
        methods = {"methods": list(self.blame.methods)} if self.blame is not None else {}
        if self.parting is None:
            return {**outputs, **methods}
        path = {"step": self.parting.step, "steps": self.parting.steps, "in_every_case": self.parting.always}
        return {**outputs, **methods, **path}

    def words(self, output: str, here: Parting | None, *, outputs: bool = True) -> str:
        """Say it beside a message on one output; empty if there is nothing to say, or it is said beside another output.

        Args:
            output: the name of the output.
            here: where its path parts in the case that the message is about.
            outputs: say which outputs are right.

        """
        said = []
        if self.parting is not None and self.parting.always:
            said.append(f"{parting_words(self.parting)}, in each case tried that is wrong")
        elif here is not None:
            said.append(f"here the path parts from the right one at step {here.step}")
        if self.right and self.wrong[:1] == (output,) and outputs:
            said.append(_outputs(self.right, self.wrong))
            if self.blame is not None:
                said.append(_methods(self.blame))
        return "".join(f"; {words}" for words in said)


def reach_of(exercise: Exercise, verdicts: Sequence[Verdict], output: int, bench: Bench) -> Reach:
    """Return the reach of the fault of an output, by all trials of all checks.

    Args:
        exercise: what was asked.
        verdicts: of all its checks.
        output: one that was rejected.
        bench: has the model class, of an exercise that asks for one.

    """
    facts = [verdict.fact for verdict in verdicts if isinstance(verdict.fact, Rejected)]
    trials = list(dict.fromkeys(trial for fact in facts for trial in fact.trials))
    mine = _parting(trials, output)
    if len(exercise.outputs) == 1 or len(trials) < FEWEST or any(map(_says_nothing, trials)):
        return Reach(parting=mine)
    rejected = {exercise.outputs[fact.output] for fact in facts}
    rejected |= {verdict.fact.output for verdict in verdicts if isinstance(verdict.fact, WrongForm)}
    off = {name for number, name in enumerate(exercise.outputs) if not all(t.matches[number].ok for t in trials)}
    passed = {
        verdict.check.output for verdict in verdicts if verdict.check.kind == "value" and verdict.status == "passed"
    }
    right = tuple(name for name in exercise.outputs if name not in off | rejected)
    wrong = tuple(
        name for name in exercise.outputs if name in rejected | (off - passed)
    )  # an accepted variant is not wrong
    return Reach(right, wrong, mine, blamed(exercise, wrong, right, bench)) if right else Reach(parting=mine)


def _parting(trials: Sequence[Trial], output: int) -> Parting | None:
    wrong = [trial for trial in trials if trial.failure is None and not trial.matches[output].ok]
    return parting(list(seen_of(output, wrong))) if wrong and is_stepwise(wrong[0].case) else None


def _says_nothing(trial: Trial) -> bool:
    """Return True if a trial says nothing of some outputs: it failed, or they are goals that are met, or not, all in one."""
    return trial.failure is not None or any(isinstance(e.value, Finding) for e in trial.case.expected or ())


def _outputs(right: Sequence[str], wrong: Sequence[str]) -> str:
    """Word which outputs are right: by name where they are few."""
    if len(right) > NAMED:
        others = f"the {len(right)} other outputs are"
    else:
        others = f"{_listed(right)} {'is' if len(right) == 1 else 'are'}"
    only = f", only {_listed(wrong)} {'is' if len(wrong) == 1 else 'are'} wrong" if len(wrong) <= NAMED else ""
    return f"{others} right in every case tried{only}"


def _methods(blame: Blame) -> str:
    """Word which methods all wrong outputs use."""
    if blame.alone:
        return f"every output that is wrong uses {_listed(blame.methods)}, and none that is right does"
    return f"{_listed(blame.methods)} is the one method that every output that is wrong uses"


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
