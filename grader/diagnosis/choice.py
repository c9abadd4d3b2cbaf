"""The choice of what to tell of a rejected answer: one fact of those that hold of it, the most telling first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from grader.diagnosis.sentences import sentence
from grader.judging import (
    Answers,
    Bench,
    Case,
    Exercise,
    Recognised,
    Rejected,
    Seen,
    Trial,
    Unanswered,
    breaks_invariant,
    claimed,
    confirmed,
    declared_mistake,
    depends_wrongly,
    further_trials,
    made_of_one_part,
    misplaced,
    moved_along,
    mutant_of,
    on_a_grid,
    right_but_transformed,
    right_for_other_inputs,
    seen_of,
    state_mishandled,
    swapped,
    upstream_misused,
    wrong_along,
    wrong_entries,
    wrong_from_step,
    wrong_shape,
    wrong_where,
)
from grader.result import Diagnosis

__all__ = ["diagnosed", "failing_where"]

TOLD_BESIDE = ("over_reduced",)
"""Claims that say more than a declared mistake's own text, as factors do: by exactly which constant an answer is off."""
OF_MANY = ("zero", "constant_factor", "only_single_row", "offset")
"""Claims that hold of a few worked examples by chance."""
LESS = ("only_single_row",)
"""Claims on evidence that say less than where along a named axis an answer is wrong, or which invariant it breaks."""
FIRST = ("overflow", "undefined_at_ties", "only_at_ties")
"""Claims on evidence that say more than in which range of an input the entries are wrong."""


def diagnosed(exercise: Exercise, fact: Rejected, answers: Answers, bench: Bench) -> Diagnosis | None:
    """Choose what to tell of a rejected output: a declared mistake before a claim, what is exact before what is evidence.

    That two outputs stand in each other's place comes before a mistake that gives one of them alone.
    """
    name = exercise.outputs[fact.output]
    exchanged = _exchanged(exercise, fact)
    mistake = declared_mistake(exercise, fact.output, fact.trials, bench, whole=exchanged is not None)
    if exchanged is not None and mistake is None:
        return _of(exchanged, name)
    told = _recognised(exercise, fact, answers, bench, declared=mistake is not None)
    if mistake is None:
        return None if told is None else _of(told, name)
    if told is not None and (told.family == "factor" or told.code in TOLD_BESIDE):
        return Diagnosis(mistake=mistake.name, text=f"{mistake.text} ({sentence(told, name)})", certainty="exact")
    return Diagnosis(mistake=mistake.name, text=mistake.text, certainty="exact")


def _exchanged(exercise: Exercise, fact: Rejected) -> Recognised | None:
    """Return that two outputs stand in each other's place."""
    found = swapped(exercise.outputs, fact.output, fact.trials)
    for other, name in enumerate(exercise.outputs):
        if found is not None and name == found.values["other"]:
            back = swapped(exercise.outputs, other, fact.trials)
            return found if back is not None and back.values["other"] == exercise.outputs[fact.output] else None
    return None


def failing_where(exercise: Exercise, fact: Unanswered, answers: Answers, bench: Bench) -> Diagnosis | None:
    """Say under which condition a function fails, where it answers in other cases."""
    if not bench.knows_answers or all(trial.failure is not None for trial in fact.trials):
        return None
    found = wrong_where(0, (*fact.trials, *further_trials(exercise, answers, bench, fact.documented)))
    return None if found is None else _of(found, exercise.function)


def _of(told: Recognised, name: str) -> Diagnosis:
    return Diagnosis(mistake=told.code, text=sentence(told, name), certainty=told.certainty)


def _recognised(
    exercise: Exercise, fact: Rejected, answers: Answers, bench: Bench, *, declared: bool
) -> Recognised | None:
    """Return the fact to tell of a rejected output; beside a declared mistake none after the factors is looked for."""
    if exercise.derived:
        return None
    found, seen = None, list(seen_of(fact.output, fact.trials))
    if seen:
        found = swapped(exercise.outputs, fact.output, fact.trials)
        found = found or claimed(seen, up_to="factor" if declared else None)
    if declared:
        return found
    if found is not None and not _borne(found, bench):
        found = None
    if found is not None and found.certainty == "exact" and _holds(found, exercise, fact, answers, bench):
        return found
    if seen:
        for exact in _exact_facts(exercise, fact, seen, answers, bench, found):
            if _borne(exact, bench):
                return exact
    facts = _evidence(exercise, fact, seen, answers, bench, found)
    return next((f for f in facts if _borne(f, bench) and _holds(f, exercise, fact, answers, bench)), None)


def _borne(found: Recognised, bench: Bench) -> bool:
    """Return True if a fact may rest on the cases that there are: a few worked examples bear out less than a battery."""
    if bench.knows_answers:
        return True
    return found.code not in OF_MANY and found.family != "answer" and not found.code.startswith("where_")


def _holds(found: Recognised, exercise: Exercise, fact: Rejected, answers: Answers, bench: Bench) -> bool:
    """Return True if a fact holds on fresh inputs too, where it is about a range of them."""
    return confirmed(found, exercise, fact.output, answers, bench, fact.documented)


def _exact_facts(
    exercise: Exercise, fact: Rejected, seen: Sequence[Seen], answers: Answers, bench: Bench, claim: Recognised | None
) -> Iterator[Recognised]:
    """Yield the facts that give each answer exactly, those that cost least first.

    Before what only a mutant explains stands what nothing contradicts of named places, and behind it an invariant that is broken,
    where no ``claim`` holds that says more.
    """
    if (found := moved_along(exercise, fact.output, seen, answers, bench, fact.documented)) is not None:
        yield found
    if not exercise.arranged and (found := right_but_transformed(seen)) is not None:
        yield found
    if set(exercise.upstream) <= set(exercise.inputs):
        misused = upstream_misused(exercise, fact.output, seen, answers, lambda case: _cache(fact, case))
        if misused is not None:
            yield misused
    if bench.knows_answers:
        if (found := state_mishandled(exercise, fact.output, seen, bench)) is not None:
            yield found
        if (found := right_for_other_inputs(exercise, fact.output, seen, bench)) is not None:
            yield found
    said_less = claim is None or claim.code in LESS
    for recognise in (wrong_along, made_of_one_part) if said_less else ():
        if (found := recognise(exercise, fact.output, seen, answers, bench, fact.documented)) is not None:
            yield found
    slip = mutant_of(exercise, fact.output, seen, bench) if bench.knows_answers else None
    if slip is not None or said_less:
        broken = breaks_invariant(exercise, fact.output, fact.trials, answers, bench, fact.documented)
        if slip is not None and broken is not None:
            slip = replace(slip, values={**slip.values, **broken.values})
        yield from (found for found in (slip, broken) if found is not None)


def _evidence(
    exercise: Exercise, fact: Rejected, seen: Sequence[Seen], answers: Answers, bench: Bench, claim: Recognised | None
) -> Iterator[Recognised]:
    """Yield what nothing contradicts: in which range, place or case an answer is wrong, and on what it depends."""
    if claim is not None and claim.code in FIRST:
        yield claim
    grid = tuple(on_a_grid(exercise, fact.output, seen, answers, bench, fact.documented))
    if any(_observed(exercise, fact.output, fact.trials, grid)):  # and only then is it worth more questions
        trials = (*fact.trials, *further_trials(exercise, answers, bench, fact.documented))
        entries, *others = _observed(exercise, fact.output, trials, grid)
        yield from (found for found in (entries, claim, *others) if found is not None)
    elif claim is not None:
        yield claim
    if bench.knows_answers:
        found = depends_wrongly(exercise, fact.output, seen, answers, bench, lambda case: _cache(fact, case))
        if found is not None:
            yield found
    if (found := wrong_from_step(seen)) is not None:
        yield found


def _observed(
    exercise: Exercise, output: int, trials: Sequence[Trial], grid: Sequence[Seen]
) -> Iterator[Recognised | None]:
    """Yield where an output is wrong: for which numbers, in which place, by its shape, in which cases."""
    seen = list(seen_of(output, trials))
    yield wrong_entries([*seen, *grid])
    if not exercise.arranged:
        yield misplaced(seen)
        yield wrong_shape(seen)
    yield wrong_where(output, trials)


def _cache(fact: Rejected, case: Case) -> object:
    return case.documented if fact.documented else None
