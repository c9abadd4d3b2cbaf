"""The command that brings a course here: ``gradmark convert``."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import PATH
from grader.cli.terminal import echo, say

__all__ = ["convert"]


@click.command()
@click.argument("file", type=PATH, metavar="FILE.ipynb")
@click.option(
    "--into", type=PATH, required=True, metavar="FOLDER", help="The private bank's folder; it must not be there yet."
)
@click.option("--unit", metavar="NAME", help="The unit's name; by default it is made of the file's.")
def convert(file: Path, into: Path, unit: str | None) -> int:
    """Begin a private bank from a notebook of nbgrader or otter.

    FILE is the source version, with solutions and hidden tests. Its functions become model answers, its points and tests exercises
    as far as they can; CONVERSION.md in FOLDER lists what was carried over and what was not, and why. No code of it is run.
    """
    from grader.conversion import convert as converted
    from grader.report import inline

    made = converted(file, into, unit)
    for path in made.files:
        echo(f"written: {path}")
    for line in made.said:
        echo(inline(line))
    say(f"read {into / 'CONVERSION.md'}, then run `gradmark stubs --course {into / 'course.toml'}`")
    return 0
