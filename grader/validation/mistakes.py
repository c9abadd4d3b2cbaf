"""Declared mistakes put to the judge: each must lose points and be told by its name, and show publicly or be declared hidden."""

from __future__ import annotations

from dataclasses import dataclass, field

from grader.judging import Exercise, Mistake, Verdict, points
from grader.validated import Hole
from grader.validation.ground import Begin, Ground, begun

__all__ = ["Seen", "mistakes_of", "shown_publicly"]


@dataclass
class Seen:
    """The fate of the declared mistakes of an exercise."""

    named: int = 0
    hinted: int = 0
    hidden: int = 0
    holes: list[Hole] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    verdicts: list[list[Verdict]] = field(default_factory=list)


def mistakes_of(exercise: Exercise, ground: Ground, begin: Begin = begun) -> Seen:
    """Put every declared mistake of an exercise to the judge, and to the public checks; ``begin`` is told of each."""
    seen = Seen()
    for mistake in exercise.mistakes:
        begin(f"mistake {mistake.name}")
        _graded(exercise, mistake, ground, seen)
        _public(exercise, mistake, ground, seen)
    return seen


def _graded(exercise: Exercise, mistake: Mistake, ground: Ground, seen: Seen) -> None:
    verdicts, told = ground.told(ground.mistaken(exercise, mistake), exercise)
    seen.verdicts.append(verdicts)
    at = f"mistake {mistake.name}: "
    if points(verdicts) >= exercise.points:
        todo = "let a case tell it from the model answer, or take it out"
        seen.holes.append(Hole("mistake", exercise.name, f"{at}it has full marks", todo))
    elif mistake.name not in told:
        as_what = f"told as {', '.join(sorted(told))}" if told else "not told"
        todo = "let the cases tell it from what comes before it, or take it out"
        seen.holes.append(Hole("mistake", exercise.name, f"{at}it loses points and is {as_what}", todo))
    else:
        seen.named += 1


def _public(exercise: Exercise, mistake: Mistake, ground: Ground, seen: Seen) -> None:
    shown, told = shown_publicly(exercise, mistake, ground)
    public = any(check.kind != "value" for check in exercise.checks)
    if mistake.hidden or not public:
        seen.hidden += 1
        if shown:
            what = f"mistake {mistake.name} is declared hidden, and a public check rejects it"
            seen.holes.append(Hole("hint", exercise.name, what, "take `hidden` off its declaration"))
        return
    declared = {other.name for other in exercise.mistakes}
    if not shown:
        what = f"mistake {mistake.name}: no public check rejects it"
        todo = 'let a worked example show it, or declare why not: mistake(..., hidden="...")'
        seen.holes.append(Hole("hint", exercise.name, what, todo))
    elif not told & declared:
        what = f"mistake {mistake.name}: the public checks reject it, and the hint names {', '.join(sorted(told)) or 'nothing'}"
        seen.holes.append(Hole("hint", exercise.name, what, "let the worked examples tell it from what is named"))
    else:
        seen.hinted += 1
        if mistake.name not in told:
            other = ", ".join(sorted(told & declared))
            seen.remarks.append(
                f"mistake {mistake.name} is hinted at as {other}: the worked examples do not tell them apart"
            )


def shown_publicly(exercise: Exercise, mistake: Mistake, ground: Ground) -> tuple[bool, set[str]]:
    """Put a mistake to the checks of a student's machine; return if one of them rejects it, and the codes of the hints."""
    functions = ground.mistaken(exercise, mistake)
    given = ground.public
    verdicts, told = ground.told(functions, given.exercises[exercise.name].exercise, given.bench)
    return any(verdict.status not in ("passed", "skipped") for verdict in verdicts), told
