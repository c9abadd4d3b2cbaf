"""Options and values that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

import grader

__all__ = ["CHECKOUT", "COURSE", "JOBS", "LEVELS", "PATH", "is_checkout", "is_own"]

CHECKOUT = Path(grader.__file__).parent.parent
PATH = click.Path(path_type=Path)
LEVELS = ("auto", "full", "landlock", "process", "none")
COURSE = click.option(
    "--course", "course_file", type=PATH, metavar="FILE", help="The course file; gradmark.toml here, without it."
)
JOBS = click.option(
    "--jobs", type=click.IntRange(1), metavar="N", help="Submissions at a time; without it as many as pay."
)


def is_checkout(folder: Path) -> bool:
    """Return True if a folder is a checkout of the project, whose files may be written, and not where packages are installed."""
    return (folder / "reference").is_dir() and (folder / "tests" / "bank").is_dir()


def is_own(folder: Path) -> bool:
    """Return True if a folder is the one in which the model answers of this Gradmark are, or one inside of its packages."""
    here, home = folder.resolve(), CHECKOUT.resolve()
    return here == home or any(here.is_relative_to(home / room) for room in ("grader", "reference", "exercises"))
