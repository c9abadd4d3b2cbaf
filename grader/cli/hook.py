"""The command of pre-commit, ``gradmark hook``: looks at files before they are committed, without running anything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.kits import has_variants
from grader.cli.options import COURSE, PATH
from grader.cli.terminal import echo
from grader.errors import UsageError
from grader.writing import write_whole_bytes

if TYPE_CHECKING:
    from grader.course import Course
    from grader.submission import Departure

__all__ = ["hook"]


@click.command()
@click.argument("files", nargs=-1, required=True, type=PATH, metavar="FILE...")
@click.option("--strip", is_flag=True, help="Take the outputs out of notebooks.")
@click.option("--student", default="", metavar="ID", help="Whose files they are, where variants are personal.")
@COURSE
def hook(files: tuple[Path, ...], strip: bool, student: str, course_file: Path | None) -> int:
    """Look whether files to be committed still fit their template; for pre-commit.

    Of a module named as a unit, exercises/layers.py, the parts that were handed out must be as they were: imports,
    first lines of functions, docstrings, and the lines before and after yours. A notebook must hold no outputs. Nothing is run, and
    other files are passed over. Each fault is a line, FILE:LINE: what to do; the exit code is then 1.

    What is personal in a kit is looked at with --student and the course file, and else left alone.
    """
    from grader.course import read_course

    course = read_course(course_file, [path.parent for path in files])
    found = looked_at = 0
    for path in files:
        if not path.exists() and not path.is_symlink():
            raise UsageError(f"{path} cannot be read: it is not there")
        look = _look_for(path, course, student, strip)
        if look is None:
            continue
        if not path.is_file():  # a folder; a pipe or a device would be read for ever
            raise UsageError(f"{path} cannot be read: it is no file")
        looked_at += 1
        for departure in _looked(path, look):
            echo(f"{_named(path)}:{departure.line}: {_cleaned(departure.message)}")
            found += 1
    if not found:
        echo(f"{looked_at} of {len(files)} files have a template, and fit it")
    return 1 if found else 0


def _look_for(path: Path, course: Course, student: str, strip: bool) -> Callable[[bytes], list[Departure]] | None:
    """Return the function that looks at a file's bytes; None for a file that has no template."""
    from grader.submission import departures, outputs_left

    if path.suffix == ".ipynb":
        return (lambda data: _strip(path, data)) if strip else outputs_left
    if path.suffix != ".py":
        return None
    from grader.bank import Whose, catalogue, common_stub, personal_stub

    if path.stem not in catalogue(course.bank).units:
        return None
    if not student and (course.variants or has_variants(path.resolve().parent.parent)):
        stub = common_stub(path.stem, course.bank)
    else:
        stub = personal_stub(path.stem, Whose(student, course.variant_salt if student else ""), course.bank)
    return lambda data: departures(stub, data)


def _looked(path: Path, look: Callable[[bytes], list[Departure]]) -> list[Departure]:
    from grader.submission import Departure, Unreadable

    try:
        return look(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from None
    except Unreadable as error:
        return [Departure(1, str(error))]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return [Departure(1, "it cannot be looked through: is it a notebook of nbformat 4, or a module?")]


def _strip(path: Path, data: bytes) -> list[Departure]:
    """Take the outputs out of a notebook; a file that pre-commit finds changed has failed, as its own hooks do."""
    from grader.submission import Departure, outputs_left, stripped

    left = outputs_left(data)
    if not left:
        return []
    try:
        write_whole_bytes(path, stripped(data))
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from None
    return [Departure(left[0].line, f"outputs of {len(left)} cells were taken out: add the file again")]


def _named(path: Path) -> str:
    return _cleaned(path.as_posix())


def _cleaned(text: str) -> str:
    from grader.report import inline

    return inline(text, 400)
