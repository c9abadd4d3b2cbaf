"""The commands for students: ``gradmark check``, ``list`` and ``show``."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.kits import has_variants
from grader.cli.options import COURSE
from grader.cli.terminal import echo, show_on_terminal
from grader.errors import UsageError

__all__ = ["check", "list_", "show"]


@click.command()
@click.argument("arguments", nargs=-1, metavar="[PATH] [EXERCISE]...")
def check(arguments: tuple[str, ...]) -> int:
    """Check your own work at PATH, in this process: the public checks, no points.

    They are those of the notebook, in the same words: of each EXERCISE that is named, or of all. PATH is a folder with exercises/,
    a module, or a notebook, of which definitions are read and nothing else is run. Exit code 1 if a check failed; what is not
    written yet has not failed.
    """
    from grader.student import Interrupted, check_path, exit_code, path_and_names, plainly, report

    try:
        with plainly():
            path, names = path_and_names(arguments)
            if has_variants(path):
                raise UsageError(
                    f"{path} is a kit with variants of its own: check it from there, with python -m grader.student"
                )
            found = check_path(path, names)
            text = report(found)
    except Interrupted as stopped:
        echo(str(stopped))
        raise
    echo(text)
    return exit_code(found)


@click.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@COURSE
def list_(as_json: bool, course_file: Path | None) -> int:
    """List all assignments with their exercises and points, those of the course's private banks too."""
    from grader.bank import catalogue, prompt_of
    from grader.course import read_course
    from grader.report import units_json, units_page

    found = catalogue(read_course(course_file).bank).units.values()
    if as_json:
        echo(units_json(found, prompt_of))
    else:
        show_on_terminal(units_page(found, prompt_of))
    return 0


@click.command()
@click.argument("name")
@click.option("--student", default="", metavar="ID", help="As it is for this student, where variants are personal.")
@COURSE
def show(name: str, student: str, course_file: Path | None) -> int:
    """Show what is asked, the checks and the points of one exercise, of a pair, or of an assignment.

    NAME is an exercise (layers.relu_backward, or relu_backward), what a pair has in common (relu), or an assignment (layers).
    """
    from grader.bank import Whose, catalogue, prompt_of, unit_for
    from grader.course import read_course
    from grader.report import exercise_page, units_page

    course = read_course(course_file)
    found = catalogue(course.bank)
    if student and not course.variants:
        raise UsageError(
            "--student: there are no personal variants here: they begin with variants = true in a course file"
        )
    if name in found.units:
        show_on_terminal(units_page([found.unit(name)], prompt_of))
        return 0
    for named in found.named(name):
        unit = unit_for(named.unit, Whose(student, course.variant_salt if student else ""), course.bank)
        exercise = next(exercise for exercise in unit.exercises if exercise.name == named.name)
        show_on_terminal(exercise_page(exercise, prompt_of))
    return 0
