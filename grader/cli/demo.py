"""``gradmark demo``: a sample course, from what was handed in to marks that platforms read, by an assistant's own commands."""

from __future__ import annotations

import csv
import os
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import click

from grader.cli.options import CHECKOUT, JOBS
from grader.cli.terminal import INTERRUPTED, echo
from grader.errors import UsageError

__all__ = ["demo"]

OUT = Path("out") / "demo"
NOT_GRADABLE = 3
"""The exit code of a batch in which something could not be graded: the sample class holds such hand-ins on purpose."""


@click.command()
@JOBS
@click.pass_context
def demo(context: click.Context, jobs: int | None) -> int:
    """Grade the sample course in examples/ into a gradebook, and write all exports and class pages to out/demo.

    Every command is shown before it runs: they are those of a real class. A second demo grades nothing again.
    """
    examples = next((r / "examples" for r in (CHECKOUT, Path()) if (r / "examples" / "course").is_dir()), None)
    if examples is None:
        raise UsageError("there is no examples/course here: run the demo in a checkout of the project")
    try:
        (OUT / "exports").mkdir(parents=True, exist_ok=True)
        submitted = _hand_in(examples, OUT / "submitted")
    except OSError as error:
        raise UsageError(f"cannot write to {OUT}: {error.strerror or error}") from None
    group = context.find_root().command
    worst = 0
    for words in _commands(_shown(examples / "course"), submitted, jobs):
        echo(f"\n$ gradmark {shlex.join(words)}")
        code = group.main(list(words), prog_name="gradmark", standalone_mode=False)
        if code == INTERRUPTED:
            return INTERRUPTED
        worst = max(worst, 0 if code == NOT_GRADABLE else code or 0)
    echo("\n" + "\n".join(_places()))
    return worst


def _shown(path: Path) -> Path:
    """Return a path as people write it: from the current folder, where it is below that."""
    relative = Path(os.path.relpath(path))
    return path if relative.parts[:1] == ("..",) else relative


def _hand_in(examples: Path, folder: Path) -> Path:
    """Lay out the sample class as nbgrader's exchange does, ``STUDENT/ASSIGNMENT`` with the time, and return the folder."""
    with (examples / "course" / "handed-in.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            at, work = folder / row["student"] / row["assignment"], examples / "class" / row["path"]
            if work.is_dir():
                shutil.copytree(work, at, dirs_exist_ok=True)
            else:
                at.mkdir(parents=True, exist_ok=True)
                shutil.copy(work, at)
            (at / "timestamp.txt").write_text(row["time"] + "\n", encoding="utf-8")
    return folder


def _commands(course: Path, submitted: Path, jobs: int | None) -> Iterator[list[str]]:
    """Yield the words of each command, in the order of an assistant's week."""
    file, exports = course / "gradmark.toml", OUT / "exports"
    kept = ["--course", str(file), "--gradebook", str(OUT / "gradebook.db")]
    layers = [*kept, "--assignment", "layers"]
    yield ["course", "check", str(file)]
    for assignment in ("layers", "optimizers"):
        side_by_side = ["--jobs", str(jobs)] if jobs else []
        yield ["batch", str(submitted), "--assignment", assignment, *kept, "--cell-seconds", "5", *side_by_side]
    yield ["grades", *layers]
    yield ["export", "csv", *kept, "--out", str(exports / "grades.csv")]
    yield ["export", "canvas", *kept, "--out", str(exports / "canvas.csv")]
    yield [
        *("export", "moodle", *layers, "--worksheet", str(course / "moodle-layers.csv")),
        *("--out", str(exports / "moodle.csv"), "--feedback", str(exports / "moodle-feedback.zip")),
    ]
    yield ["export", "gradescope", *layers, "--out", str(exports / "gradescope")]
    yield ["export", "classroom50", *layers, "--classroom", "backprop", "--out", str(exports / "classroom50")]
    yield ["export", "junit", *layers, "--out", str(exports / "junit.xml")]
    yield ["report", *kept, "--out", str(OUT / "report")]


def _places() -> Iterator[str]:
    """Yield lines on where everything is."""
    yield f"the gradebook       {OUT / 'gradebook.db'}"
    for assignment in ("layers", "optimizers"):
        yield f"class page          {OUT / 'report' / assignment / 'class.html'}"
    yield f"students' pages     {OUT / 'report' / 'layers' / 'students'}"
    yield from (f"export              {path}" for path in sorted((OUT / "exports").iterdir()))
