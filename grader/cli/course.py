"""The commands for a course file: ``gradmark course check`` and ``gradmark course schema``."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import PATH
from grader.cli.terminal import echo, say
from grader.errors import UsageError

__all__ = ["course"]


@click.group()
def course() -> None:
    """Check a course file, or print its schema for editors."""


@course.command()
@click.argument("file", type=PATH, required=False)
def check(file: Path | None) -> int:
    """Print in sentences what a course FILE means: gradmark.toml here, without one.

    Of each assignment: what is asked, until when, what late work comes to in numbers, who has more time, and what students see.
    What does not fit is refused with its line, exercises that are not in the bank too. What is worth a look is named on stderr.
    """
    from grader.bank import catalogue
    from grader.course import FILE, read_course, read_plans, refuse_unknown, told, warnings

    if file is None and not Path(FILE).is_file():
        raise UsageError(f"there is no {FILE} here; name the course file: gradmark course check FILE")
    found = read_course(file)
    bank = catalogue(found.bank)
    plans = read_plans(found, bank)
    refuse_unknown(found.shown, [exercise.name for unit in bank.units.values() for exercise in unit.exercises])
    echo("\n".join(_line(line) for line in told(found, plans)))
    for warning in warnings(found, plans):
        say(warning)
    return 0


@course.command()
def schema() -> int:
    """Print the JSON Schema of the course file, for editors that check and complete it while it is written."""
    import json

    from grader.course import course_schema

    echo(json.dumps(course_schema(), indent=1, ensure_ascii=False))
    return 0


def _line(line: str) -> str:
    """Return a line with its indentation, and with nothing in it that a terminal would obey."""
    from grader.report import inline

    text = line.lstrip(" ")
    return " " * (len(line) - len(text)) + inline(text, 1000)
