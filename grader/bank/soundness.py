"""Faults in the declarations of a unit that only its model answers, when they run, bring out.

What can be told without them is refused when a unit is loaded (:mod:`grader.bank.loading`).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from grader.bank.gradients import disagreement
from grader.bank.loading import shown
from grader.bank.placing import misplaced_names
from grader.errors import BankError
from grader.judging import (
    BATTERY,
    Bench,
    Exercise,
    Mistake,
    Unit,
    carry_out,
    compare,
    expected_of,
    is_unsaid,
    realise,
    run_locally,
)

__all__ = ["MARK", "refusals", "unfinished"]

MARK = "FILL IN"
"""The mark of what ``gradmark new`` leaves to its author."""


def refusals(unit: Unit) -> list[str]:
    """Examine all declarations of a unit, a second or less; what is marked as unfinished is left to :func:`unfinished`.

    Returns:
        Texts ``file:line: what is wrong; what to do``, in the order of the exercises.

    """
    bench = Bench(unit.exercises, drawn=0)
    with np.errstate(all="ignore"):
        return [shown(text) for exercise in unit.exercises for text in _of_exercise(exercise, bench)]


def unfinished(unit: Unit) -> list[str]:
    """Return texts ``file:line: ...`` for all that still carries the mark of ``gradmark new``: answers, mistakes, notebook."""
    return [
        f"{shown(str(file))}:{number}: still to be filled in: {line.strip()}"
        for file in _files(unit)
        for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1)
        if MARK in line
    ]


def _files(unit: Unit) -> list[Path]:
    """Return the files of a unit: its declarations, its model answers, and the text of its notebook."""
    found: dict[Path, None] = {}
    for exercise in unit.exercises:
        found[Path(exercise.where.rpartition(":")[0])] = None
        try:
            answers = Path(inspect.getfile(exercise.answer()))
        except (BankError, TypeError):
            continue
        found[answers] = None
        found |= dict.fromkeys(sorted(answers.parents[1].glob(f"notebooks/*_{unit.name}.md")))
    return [file for file in found if file.is_file()]


def _is_unfinished(exercise: Exercise, answer: Callable[..., Any]) -> bool:
    """Return True if a model answer or a mistake still carries the mark."""
    if any(map(is_unsaid, exercise.inputs.values())):
        return True
    texts = [mistake.text for mistake in exercise.mistakes]
    try:
        texts.append(inspect.getsource(answer))
    except (OSError, TypeError):
        texts.append(answer.__doc__ or "")
    return any(MARK in text for text in texts)


# ------------------------------------------------------------------------------ one exercise
def _of_exercise(exercise: Exercise, bench: Bench) -> Iterator[str]:
    at = f"{exercise.where}: {exercise.name}"
    try:
        answer = exercise.answer()
        if exercise.pair is not None:
            exercise.model(exercise.pair)
    except BankError as error:
        yield f"{exercise.where}: {error}; write it, or mend the name"
        return
    if _is_unfinished(exercise, answer):
        return
    if exercise.planted is not None and exercise.planted not in [mistake.name for mistake in exercise.mistakes]:
        yield f"{at}: it plants {exercise.planted}, which is none of its declared mistakes; declare it"
    if said := _does_not_fit(exercise, bench):
        yield f"{at}: {said}"
        return
    try:
        bench.cases(exercise)
    except BankError as error:
        what_to_do = "name the regimes in which it is, or draw other inputs" if exercise.inputs else "mend either"
        yield f"{exercise.where}: {error}; {what_to_do}"
        return
    except Exception as error:  # the bank's own model answer may raise anything at inputs that it is not for
        yield f"{at}: its model answer fails at some inputs that are drawn ({_raised(error)}); draw others, or mend it"
        return
    if any(check.kind == "gradient" for check in exercise.checks) and (said := disagreement(exercise, bench)):
        yield f"{at}: {said} of {exercise.pair or exercise.outputs[0]}; mend the model answer of either"
    for said in misplaced_names(exercise, bench):
        yield f"{at}: {said}"
    for mistake in exercise.mistakes:
        if said := _of_mistake(exercise, mistake, answer, bench):
            yield f"{mistake.where}: {exercise.name}: the mistake {mistake.name} {said}"


def _does_not_fit(exercise: Exercise, bench: Bench) -> str:
    """Say why a model answer does not run at the first inputs of a regime, or leaves no case of it; else return an empty text."""
    for regime in exercise.regimes if exercise.inputs else ():
        if regime not in BATTERY:
            return f"there is no regime {regime!r}; there are {', '.join(BATTERY)}"
        try:
            inputs = realise(exercise.inputs, BATTERY[regime][0])
        except Exception as error:  # the bank's own drawing functions may raise anything
            return f"its inputs cannot be drawn in the regime {regime} ({_raised(error)}); mend what is drawn"
        shapes = ", ".join(
            f"{name} {np.shape(value)}" for name, value in inputs.items() if isinstance(value, np.ndarray)
        )
        try:
            if exercise.pair is not None and (said := _pair_does_not_fit(exercise, inputs)):
                return said
            run_locally(exercise, inputs)
            lost = all(bench.make(exercise, recipe) is None for recipe in BATTERY[regime])
        except np.linalg.LinAlgError:
            continue  # a case without an answer is left out
        except Exception as error:
            return f"its model answer fails at {shapes or 'its inputs'} ({_raised(error)}); make the dimensions fit, or mend it"
        if lost:
            return f"no case of the regime {regime} is left ({_lost(exercise, inputs)}); mend that, or leave it out of regimes"
    return ""


def _lost(exercise: Exercise, inputs: dict[str, Any]) -> str:
    """Return the reason for which there is no case at these inputs."""
    try:
        expected_of(exercise, inputs)
    except BankError as error:
        return str(error)
    return "the model answer is not finite"


def _pair_does_not_fit(exercise: Exercise, inputs: dict[str, Any]) -> str:
    """Say that an upstream gradient has not the shape of its output of the forward pass; else return an empty text."""
    outs = carry_out(exercise, exercise.forward_plan(inputs))
    for above, out in zip(exercise.upstream, outs, strict=True):
        given, name = np.shape(inputs[above]), above.removeprefix("d")
        if given != np.shape(out):
            what = f"{exercise.pair} returns {name} {np.shape(out)}"
            return f"{above} is {given}, and {what}; name the dimensions of {name} that it has"
    return ""


def _of_mistake(exercise: Exercise, mistake: Mistake, answer: Callable[..., Any], bench: Bench) -> str:
    """Say what is wrong with a declared mistake: another signature, or that it is right; else return an empty text."""
    if not mistake.from_model and inspect.isfunction(answer) and not _alike(mistake.answer, answer):
        taken, due = (str(inspect.Signature(list(_parameters(f)))) for f in (mistake.answer, answer))
        return f"takes {taken}, and the model answer {due}; give it the same arguments"
    # Most are told apart by the first case; of the few that the battery does not tell, the drawn cases are made.
    if _is_right(exercise, mistake, bench) and _is_right(exercise, mistake, Bench([exercise])):
        return "is right: it agrees with the model answer on every case; make it wrong, or draw inputs that tell them apart"
    return ""


def _is_right(exercise: Exercise, mistake: Mistake, bench: Bench) -> bool:
    for case in bench.cases(exercise):
        outputs = bench.wrong_answer(exercise, mistake.name, mistake.answer, case)
        if outputs is None or case.expected is None or len(outputs) != len(case.expected):
            return False
        pairs = zip(outputs, case.expected, strict=True)
        if not all(compare(got, right, tails=exercise.tails, relative=exercise.tolerance).ok for got, right in pairs):
            return False
    return True


def _alike(mistake: Callable[..., Any], answer: Callable[..., Any]) -> bool:
    """Return True if two functions take the same arguments; one that a mistake does not use may be called ``_``."""
    ours, theirs = _parameters(mistake), _parameters(answer)
    return len(ours) == len(theirs) and all(
        (a.kind, a.default is a.empty) == (b.kind, b.default is b.empty)
        and (a.name == b.name or a.name.startswith("_"))
        for a, b in zip(ours, theirs, strict=True)
    )


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """Return the parameters of a function that students have too, without their annotations: others are by keyword only."""
    given = inspect.signature(function).parameters.values()
    return [p.replace(annotation=p.empty) for p in given if p.kind is not p.KEYWORD_ONLY]


def _raised(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
