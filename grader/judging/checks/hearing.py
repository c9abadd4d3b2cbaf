"""The hearing of one exercise whose cases have been put: from what came back to a verdict for each check.

Each output against the model answer; the backward pass against the slope of the student's own forward pass; the laws; the
contract. What is rejected is searched for its simplest counterexample and diagnosed.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile
from typing import Any

import numpy as np

from grader.diagnosis.diagnose import diagnose
from grader.diagnosis.search import simplest
from grader.judging.asking.answers import Answers
from grader.judging.asking.trials import Driven, Failure, RemoteAsk, Trial, judged, replay, run, same_answer
from grader.judging.cases.bench import Bench
from grader.judging.cases.case import Case
from grader.judging.checks import slope as gradients
from grader.judging.checks.wording import at_case, counterexample, failed, told
from grader.judging.declare import laws
from grader.judging.declare.drives import outputs_of
from grader.judging.declare.exercise import Check, Diagnosis, Exercise, Verdict
from grader.judging.declare.inputs import Recipe
from grader.judging.numerics.compare import Match, match

__all__ = ["Hearing"]

SIMPLEST_FIRST = ("integers", "randn", "small", "offset", "large", "ties")


class Hearing:
    """One exercise whose cases have been put.

    Args:
        exercise: what was asked.
        answers: for further questions to the student's functions.
        bench: the cases and what is right.
        trials: what came back.
        documented: the trials were run with the cache that the stub documents.
        forward_is_right: whether the paired forward pass agrees with the model answer; asked only when it matters.

    """

    def __init__(
        self,
        exercise: Exercise,
        answers: Answers,
        bench: Bench,
        trials: list[Trial],
        documented: bool,
        forward_is_right: Callable[[], bool],
    ) -> None:
        self.exercise, self.answers, self.bench = exercise, answers, bench
        self.trials, self.documented, self.forward_is_right = trials, documented, forward_is_right
        self.changed = self._changes_its_mind()
        self.slopes: dict[str, gradients.Finding] | None = None

    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts in the order of the declaration; values first, since others rest on them."""
        found: dict[str, Verdict] = {}
        for check in self.exercise.checks:
            if check.kind == "value" and self.bench.knows_answers:
                found[check.name] = self._value(check)
        for check in self.exercise.checks:
            match check.kind:
                case "example":
                    found[check.name] = self._example(check)
                case "gradient":
                    found[check.name] = self._gradient(check, found)
                case "law":
                    found[check.name] = self._law(check, found)
                case "contract":
                    found[check.name] = self._contract(check)
                case _:
                    continue
        found = {name: self._followed(verdict, found) for name, verdict in found.items()}
        return tuple(found[check.name] for check in self.exercise.checks if check.name in found)

    def ask(self, watch: bool = False, case: Case | None = None) -> RemoteAsk:
        """Asks the student, with the documented cache where the trials used it."""
        documented = case.documented if self.documented and case is not None else None
        return RemoteAsk(self.exercise, self.answers, documented, watch)

    # -------------------------------------------------------------------------------------- value
    def _value(self, check: Check) -> Verdict:
        outputs = [check.output] if check.output else list(self.exercise.outputs)
        notes: list[str] = []
        for name in outputs:
            verdict = self._output(check, self.exercise.outputs.index(name))
            notes += [note for note in verdict.notes if note not in notes]
            if verdict.status != "passed":
                return verdict
        if self.changed:
            return Verdict(check, "wrong", self.changed, diagnosis=Diagnosis("keeps_state", self.changed))
        return Verdict(check, "passed", notes=tuple(notes))

    def _output(self, check: Check, k: int) -> Verdict:
        notes: list[str] = []
        wrong: list[tuple[Trial, Match]] = []
        for trial in self.trials:
            if trial.failure is not None:
                if not wrong:
                    return failed(check, self.exercise, trial)
                continue
            found = judged(self.exercise, trial, k)
            notes += [note for note in found.notes if note not in notes]
            if not found.ok:
                wrong.append((trial, found))
        if not wrong:
            return Verdict(check, "passed", notes=tuple(notes))
        for variant in self.exercise.variants:
            if self._explained(variant.answer.__name__, k):
                return Verdict(check, "passed", notes=(*notes, variant.note))
        return self._rejected(check, k, wrong)

    def _explained(self, variant: str, k: int) -> bool:
        """Whether a variant that is accepted gives what came back, on every case."""
        for trial in self.trials:
            outputs = self.bench.mistaken(self.exercise, variant, trial.case)
            if trial.failure is not None or outputs is None or trial.case.expected is None:
                return False
            expected = trial.case.expected[k]
            accepted = type(expected)(np.asarray(outputs[k], dtype=np.float64), expected.bound)
            if not match(trial.outputs[k], accepted).ok:
                return False
        return True

    def _rejected(self, check: Check, k: int, wrong: list[tuple[Trial, Match]]) -> Verdict:
        diagnosis = diagnose(self.exercise, k, self.trials, self.bench, lambda c: self.ask(case=c))
        shown, found = self._simplest(k) or wrong[0]
        message = told(self.exercise, shown.case, k, found)
        return Verdict(check, "wrong", message, (), counterexample(self.exercise, shown, k, found), diagnosis)

    def _simplest(self, k: int) -> tuple[Trial, Match] | None:
        """A live search for the smallest input that shows the fault of one output."""
        if not self.exercise.inputs or not self.bench.knows_answers:
            return None
        shown: dict[Recipe, tuple[Trial, Match]] = {}

        def fails(recipe: Recipe) -> bool:
            case = self.bench.make(self.exercise, recipe)
            if case is None:
                return False
            outputs = run(self.exercise, self.ask(case=case), case.inputs)
            if isinstance(outputs, Failure):
                return False
            trial = Trial(case, outputs)
            found = judged(self.exercise, trial, k)
            shown[recipe] = (trial, found)
            return not found.ok

        failing = [t.case.recipe.style for t in self.trials if t.failure is None and not judged(self.exercise, t, k).ok]
        styles = [s for s in SIMPLEST_FIRST if s in {*failing, "integers"}]
        recipe = simplest(fails, styles, seed=self.bench.seed)
        return shown[recipe] if recipe is not None else None

    # ------------------------------------------------------------------------- gradient, law, example
    def _gradient(self, check: Check, found: dict[str, Verdict]) -> Verdict:
        gradients_asked = (check.output,) if check.output else gradients.slopes_of(self.exercise)
        values = [v for v in found.values() if v.check.kind == "value"]
        about = [v for v in values if v.check.output is None or v.check.output in gradients_asked]
        if about and all(v.status == "passed" for v in about):
            return Verdict(check, "passed")
        broken = next((t for t in self.trials if t.failure is not None), None)
        if broken is not None and broken is self.trials[0]:
            return failed(check, self.exercise, broken)
        if self.documented:
            if about:
                return Verdict(check, "wrong", f"it is not the slope of {self.exercise.pair}")
            return Verdict(check, "skipped", f"write {self.exercise.pair} first: this check takes its slope")
        slopes = self._slopes()
        worst = min(
            (slopes[name] for name in gradients_asked),
            key=lambda f: (f.failure is None, f.agrees is not False, bool(f.agrees)),
        )
        if worst.failure is not None:
            return failed(check, self.exercise, Trial(self.trials[0].case, failure=worst.failure))
        if worst.agrees is None:
            return Verdict(check, "skipped", worst.message)
        if worst.agrees and not worst.depends:
            what = self.exercise.pair or self.exercise.outputs[0]
            return Verdict(
                check,
                "wrong",
                f"{what} does not change with its input, or hands it back: there is no slope to agree with",
            )
        return Verdict(check, "passed" if worst.agrees else "wrong", worst.message, counterexample=worst.counterexample)

    def _slopes(self) -> dict[str, gradients.Finding]:
        """What was found of each gradient against the student's own function; asked once."""
        if self.slopes is None:
            self.slopes = gradients.examine(self.exercise, self.ask(), self.bench.slopes(self.exercise))
        return self.slopes

    def _followed(self, verdict: Verdict, found: dict[str, Verdict]) -> Verdict:
        """Follow-through: right for the student's own, wrong forward pass is right."""
        names = (verdict.check.output,) if verdict.check.output else self.exercise.outputs
        if (
            verdict.status != "wrong"
            or verdict.check.kind not in ("value", "example")
            or self.slopes is None
            or self.changed
        ):
            return verdict
        if not all(name in self.slopes and self.slopes[name].agrees and self.slopes[name].depends for name in names):
            return verdict
        if self.exercise.pair is not None:
            forward_wrong = not self.forward_is_right()
        else:
            primal = self.exercise.outputs[0]
            forward_wrong = any(v.check.output == primal and v.status == "wrong" for v in found.values())
        return Verdict(verdict.check, "passed", notes=("follow_through",)) if forward_wrong else verdict

    def _law(self, check: Check, found: dict[str, Verdict]) -> Verdict:
        assert check.law is not None
        values = [v.status for v in found.values() if v.check.kind == "value"]
        if values and all(status == "passed" for status in values):
            return Verdict(check, "passed")  # what agrees with the model answer obeys its laws
        broken = next((t for t in self.trials if t.failure is not None), None)
        if broken is not None and broken is self.trials[0]:
            return failed(check, self.exercise, broken)
        chosen = [t.case for t in self.trials if t.case.regime in ("randn", "odd", "integers")][:4]
        for case in chosen:
            outcome = laws.holds(check.law, self.exercise, self.ask(case=case), case)
            if isinstance(outcome, Failure):
                return failed(check, self.exercise, Trial(case, failure=outcome))
            if not outcome:
                return Verdict(check, "wrong", f"it does not hold that {check.describe} ({at_case(case)})")
        return Verdict(check, "passed")

    def _example(self, check: Check) -> Verdict:
        cases = self.bench.examples(self.exercise)
        if not cases:
            return Verdict(check, "skipped", "there is no worked example of it here")
        trials = replay(self.exercise, self.answers, cases, self.documented)
        for trial in trials:
            if trial.failure is not None:
                return failed(check, self.exercise, trial)
            for k in range(len(self.exercise.outputs)):
                found = judged(self.exercise, trial, k)
                if not found.ok and not any(self._explained(v.answer.__name__, k) for v in self.exercise.variants):
                    shown = counterexample(self.exercise, trial, k, found)
                    why = diagnose(self.exercise, k, trials, self.bench, lambda c: self.ask(case=c))
                    return Verdict(check, "wrong", told(self.exercise, trial.case, k, found), (), shown, why)
        return Verdict(check, "passed")

    # -------------------------------------------------------------------------------------- contract
    def _contract(self, check: Check) -> Verdict:
        if not self.trials:
            return Verdict(check, "skipped", "there is no case to try it on")
        for trial in self.trials:
            if trial.failure is not None:
                return failed(check, self.exercise, trial)
            for k, name in enumerate(self.exercise.outputs):
                found = judged(self.exercise, trial, k)
                if found.problem in ("type", "dtype", "shape"):
                    return Verdict(check, "wrong", f"{name}: {found.message} ({at_case(trial.case)})")
        if self.changed:
            return Verdict(check, "wrong", self.changed)
        if self.exercise.inputs and self.trials:
            ask = self.ask(watch=True, case=self.trials[0].case)
            run(self.exercise, ask, self.trials[0].case.inputs)
            if ask.mutated:
                return Verdict(check, "passed", notes=("mutation",))
        return Verdict(check, "passed")

    def _changes_its_mind(self) -> str:
        """Ask the first cases again: an answer must depend on its arguments alone."""
        first = list(takewhile(lambda trial: trial.failure is None, self.trials[:3]))
        again = replay(self.exercise, self.answers, [trial.case for trial in first], self.documented)
        for trial, other in zip(first, again, strict=False):
            if other.failure is not None or not all(map(same_answer, trial.outputs, other.outputs)):
                return (
                    f"the same arguments gave another answer later ({at_case(trial.case)}): "
                    "something is kept between calls, or drawn at random"
                )
        return "" if len(first) < len(self.trials[:3]) else self._forgets_its_cache()

    def _forgets_its_cache(self) -> str:
        """Run another forward pass between a forward pass and its backward pass: only the cache may connect them."""
        exercise = self.exercise
        if exercise.pair is None or self.documented or len(self.trials) < 2:
            return ""
        first, second = self.trials[0], self.trials[1]
        between = [v for k, v in second.case.inputs.items() if k != "dout"]

        def drive(ask: Any, inputs: Any) -> tuple[Any, ...]:
            assert exercise.pair is not None
            _, cache = outputs_of(ask(exercise.pair, *(v for k, v in inputs.items() if k != "dout"), keep=(1,)), 2, "")
            ask(exercise.pair, *between, keep=(1,))
            return tuple(outputs_of(ask(exercise.function, inputs["dout"], cache), len(exercise.outputs), ""))

        again = run(Driven(drive), self.ask(), first.case.inputs)
        if isinstance(again, Failure) or not all(map(same_answer, first.outputs, again)):
            return f"after another call of {exercise.pair} the same cache gave another answer: what it needs must be in the cache"
        return ""
