"""The pages of the docs on declared mistakes, one a unit: the code of each, what a student reads, and if public checks show it.

Texts only: neither a model answer nor the code of a mistake is in them. Of questions and predictions the wrong choices stay out
too, for what they leave over is the answer.
"""

from __future__ import annotations

import re
from pathlib import Path

from grader.bank.units import UNITS, catalogue
from grader.judging import Exercise, Mistake, Unit

__all__ = ["anchor_of", "page", "stale", "write"]

FOLDER = Path("docs", "reference", "mistakes")
CHOICES = ("question", "prediction")
"""The forms whose mistakes are wrong choices."""
SPECIAL = re.compile(r"([\\`*_\[\]<>|$~])")
"""What Markdown takes for markup."""


def anchor_of(exercise: Exercise, mistake: Mistake) -> str:
    """Return the anchor of a mistake in the page of its unit: its code without the unit; of a wrong choice, its exercise."""
    return exercise.short if exercise.form in CHOICES else exercise.code_of(mistake).partition(".")[2]


def page(unit: Unit) -> str:
    """Return the text of a unit's page, in Markdown: exercises in the order of the unit, mistakes in that of their names."""
    head = (
        f"# Mistakes: {unit.title}\n\n"
        f"Derived from `grader/bank/{unit.name}` by `gradmark stubs`: not to be changed by hand. "
        "[How codes are read](README.md), and what is told of any exercise.\n"
    )
    return "\n".join([head, *(_section(exercise) for exercise in unit.exercises if exercise.mistakes)])


def _section(exercise: Exercise) -> str:
    head = f'## <a id="{exercise.short}"></a>`{exercise.short}`\n\n'
    if exercise.form in CHOICES:
        return (
            f"{head}A {exercise.form}. Wrong answers to it that have a text of their own: {len(exercise.mistakes)}. "
            "They are not listed, since what they leave over is the answer.\n"
        )
    rows = "".join(_row(exercise, mistake) for mistake in sorted(exercise.mistakes, key=lambda mistake: mistake.name))
    return f"{head}| code | told | public checks |\n|---|---|---|\n{rows}"


def _row(exercise: Exercise, mistake: Mistake) -> str:
    code = f'<a id="{anchor_of(exercise, mistake)}"></a>`{exercise.code_of(mistake)}`'
    return f"| {code} | {_escaped(mistake.text)} | {_escaped(_shown(exercise, mistake))} |\n"


def _shown(exercise: Exercise, mistake: Mistake) -> str:
    """Say if a public check rejects a mistake, and why not; ``gradmark validate`` holds that it is so."""
    if all(check.visibility == "hidden" for check in exercise.checks):
        return "there are none for this exercise"
    return f"do not show it: {mistake.hidden}" if mistake.hidden else "show it"


def _escaped(text: str) -> str:
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))


def write(checkout: Path) -> list[Path]:
    """Write the pages of a checkout that are not up to date; return them."""
    changed = stale(checkout)
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(catalogue().unit(path.stem)), encoding="utf-8")
    return changed


def stale(checkout: Path) -> list[Path]:
    """Return the pages of a checkout that are missing or not up to date."""
    paths = [checkout / FOLDER / f"{name}.md" for name in UNITS]
    return [p for p in paths if not p.exists() or p.read_text(encoding="utf-8") != page(catalogue().unit(p.stem))]
