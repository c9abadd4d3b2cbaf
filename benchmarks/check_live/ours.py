"""A kit in a live kernel: the cell ``check("unit.exercise")``, again and again, as a student works.

Between two checks the module in ``exercises/`` is written anew, wrong answers to an exercise first and then a right one.
"""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from notebooks_class.forms import environment

from check_live.answers import right_module, wrong_module
from check_live.kernels import Kernel
from check_live.peers import ANSWERS
from grader.bank import catalogue
from grader.release import make_kit, write_folder

__all__ = ["Check", "Start", "Step", "measure", "plan", "same"]

Kind = Literal["wrong", "right"]
UNWRITTEN = re.compile(r"NameError|ImportError|ModuleNotFoundError")
"""A mistake that lacks something here: its card is cheap."""
SIGNS = {"right": "✓", "wrong": "✗◐"}


@dataclass(frozen=True)
class Step:
    """The next thing a student does: a module saved, and an exercise checked."""

    exercise: str
    kind: Kind
    what: str
    module: str


@dataclass(frozen=True)
class Check:
    """A check that ran: seconds to its card, and until the cell was over."""

    exercise: str
    kind: Kind
    what: str
    seconds: float
    over_s: float


@dataclass(frozen=True)
class Start:
    """Of a fresh kernel: seconds of the notebook's first cell, and to the card of the first check."""

    cell_s: float
    check_s: float


def plan(unit: str, exercises: int, mistakes: int, seed: int = 0) -> list[Step]:
    """What a student does in a unit: of a sample of the exercises with public checks some declared mistakes, then the right answer.

    Args:
        unit: the unit's name.
        exercises: how many of them; 0: all.
        mistakes: how many of each; fewer where fewer can be written as a student would.
        seed: of the sample.

    """
    drawn = random.Random(f"{seed} {unit}")  # noqa: S311 - a sample
    public = [e for e in catalogue().unit(unit).exercises if any(c.visibility == "public" for c in e.checks)]
    chosen = sorted(drawn.sample(range(len(public)), min(exercises or len(public), len(public))))
    steps = []
    for exercise in (public[number] for number in chosen):
        known = [m for m in exercise.mistakes if not m.hidden and m.name != exercise.planted]
        written = ((m.name, wrong_module(exercise, m)) for m in drawn.sample(known, len(known)))
        wrong = [(name, text) for name, text in written if text is not None][:mistakes]
        steps += [Step(exercise.name, "wrong", name, text) for name, text in wrong]
        steps.append(Step(exercise.name, "right", "the model answer", right_module(unit)))
    return steps


def same(rounds: int) -> list[Step]:
    """The steps of the two exercises that the peers get too, each answered wrong and then right, so many times."""
    steps = []
    for answer in ANSWERS:
        exercise = catalogue().exercise(answer.exercise)
        wrong = wrong_module(exercise, next(m for m in exercise.mistakes if m.name == answer.mistake))
        assert wrong is not None
        steps.append(Step(exercise.name, "wrong", answer.mistake, wrong))
        steps.append(Step(exercise.name, "right", "the model answer", right_module("layers")))
    return steps * rounds


def measure(unit: str, steps: list[Step]) -> tuple[Start, list[Check]]:
    """Take the steps in a fresh kernel, in a fresh kit of the unit; the first check is in the start and nowhere else.

    Raises:
        RuntimeError: a cell raised, or a card says something else than what was written: then nothing was measured.

    """
    with tempfile.TemporaryDirectory(prefix="bench-") as room:
        kit = Path(room) / "kit"
        write_folder(make_kit([unit]), kit)
        python = Path(sys.executable)
        with Kernel(python, kit / "notebooks", environment(python, Path(room))) as kernel:
            start = kernel.run(_first_cell(kit))
            here = Path(kernel.run("import grader\nprint(grader.__file__)").text.strip())
            if here.resolve() != (kit / "grader" / "__init__.py").resolve():
                raise RuntimeError(f"it is not the kit that checks, but {here}")
            checks = [*_taken(kernel, kit / "exercises" / f"{unit}.py", steps)]
    return Start(start.over_s, checks[0].seconds), checks[1:]


def _taken(kernel: Kernel, module: Path, steps: list[Step]) -> Iterator[Check]:
    for number, step in enumerate(steps):
        module.write_text(f"{step.module}\n# saved {number}\n", encoding="utf-8")
        ran = kernel.run(f'check("{step.exercise}")')
        as_due = any(ran.text.startswith(f"{sign} {step.exercise}:") for sign in SIGNS[step.kind])
        if ran.shown_s is None or not as_due or UNWRITTEN.search(ran.text):
            raise RuntimeError(f"{step.exercise}, {step.what}: not {step.kind}, its card says\n{ran.text}")
        yield Check(step.exercise, step.kind, step.what, ran.shown_s, ran.over_s)


def _first_cell(kit: Path) -> str:
    """The first code cell of the kit's one notebook."""
    (path,) = (kit / "notebooks").glob("*.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "".join(next(cell["source"] for cell in cells if cell["cell_type"] == "code"))
