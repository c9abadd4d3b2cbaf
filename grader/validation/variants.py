"""Personal variants: what is true of the exercise as it is declared has to be true of what students get in its place."""

from __future__ import annotations

from collections.abc import Iterator

from grader.bank import Whose, prompt_of
from grader.judging import Exercise, VariantBench
from grader.validated import Hole
from grader.validation.ground import Ground

__all__ = ["holes_in_variants"]

STUDENTS = tuple(Whose(f"student {number}", "validation") for number in range(2))
"""Those whose variants are looked at; each is another draw."""


def holes_in_variants(exercise: Exercise, ground: Ground) -> Iterator[Hole]:
    """Yield the holes around the variants of an exercise: of some students, since there may be millions."""
    personal = exercise.personal
    if personal is None:
        return
    names = {mistake.name for mistake in exercise.mistakes}
    for name in (*personal.planted, *personal.wrong, *personal.without):
        if name not in names:
            yield _hole(
                exercise, f"it speaks of {name}, which is none of the declared mistakes", "declare it, or mend the name"
            )
            return
    said = [prompt_of(exercise)[1], *(mistake.text for mistake in exercise.mistakes)]
    for fragment in personal.says:
        if not any(fragment in text for text in said):
            yield _hole(exercise, f"neither prompt nor mistakes say {fragment!r}", "say it there, or leave it out")
    if personal.parameters:
        for whose in STUDENTS:
            yield from _of_variant(exercise, whose, ground)


def _of_variant(exercise: Exercise, whose: Whose, ground: Ground) -> Iterator[Hole]:
    variant = exercise.with_values(whose.values_of(exercise))
    bench = VariantBench(ground.bench, [variant])
    told = ", ".join(f"{name} = {value}" for name, value in variant.values.items())
    try:
        prompt = prompt_of(variant)[1]
    except KeyError as error:
        yield _hole(
            exercise, f"says has the word {error}, which is no parameter and none of its words", "add it to words"
        )
        return
    if prompt == prompt_of(exercise)[1]:
        yield _hole(exercise, f"the prompt is the same for {told}", "say there what is personal")
    for answer, right in ((variant.answer(), True), (exercise.answer(), False)):
        passed = all(v.status == "passed" for v in ground.verdicts(ground.with_(exercise, answer), variant, bench))
        if passed != right:
            what = "the model answer does not pass" if right else "the answer as it is declared passes too"
            yield _hole(
                exercise, f"with {told} {what}", "let model answer and parameters decide together what is right"
            )
    for mistake in variant.mistakes:
        verdicts = ground.explained(ground.with_(exercise, mistake.answer), variant, bench)
        if all(verdict.status == "passed" for verdict, _ in verdicts):
            yield _hole(
                exercise,
                f"with {told} the mistake {mistake.name} is right",
                "give it the parameters, or name it in without",
            )
            continue
        named = {e.diagnosis.mistake for _, e in verdicts if e.diagnosis is not None}
        codes = {variant.code_of(other) for other in variant.mistakes}
        if wrongly := (named & codes) - {variant.code_of(mistake)}:
            what = f"with {told} the mistake {mistake.name} is named {', '.join(sorted(wrongly))}"
            yield _hole(exercise, what, "draw from values that tell them apart")


def _hole(exercise: Exercise, what: str, todo: str) -> Hole:
    return Hole("variant", exercise.name, what, todo)
