"""Options and values that several commands share."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import grader

if TYPE_CHECKING:
    from grader.course import Course
    from grader.grading import Options

__all__ = [
    "BY",
    "CELL_SECONDS",
    "CHECKOUT",
    "COURSE",
    "EXECUTOR",
    "GRADEBOOK",
    "ISOLATION",
    "JOBS",
    "LEVELS",
    "PATH",
    "SEED",
    "gradebook_place",
    "is_checkout",
    "is_own",
    "login_name",
    "options_of",
]


def options_of(course: Course, **more: Any) -> Options:
    """Return the options of a run of the grader in a course: what its file says of grading, and ``more``, which comes first."""
    from grader.grading import Options

    said = {
        "packages": course.kernel.packages,
        "drawn": course.drawn,
        "banks": course.bank,
        "variants": course.variant_salt,
        "roster": course.variant_roster,
    }
    return Options(**{**said, **more})


def login_name() -> str:
    """Return the name of the person at this machine, as far as it is known."""
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):  # a container without names of users
        return "somebody"


CHECKOUT = Path(grader.__file__).parent.parent
PATH = click.Path(path_type=Path)
LEVELS = ("auto", "full", "landlock", "process", "none")
COURSE = click.option(
    "--course", "course_file", type=PATH, metavar="FILE", help="The course file; gradmark.toml here, without it."
)
GRADEBOOK = click.option(
    "--gradebook",
    envvar="GRADMARK_GRADEBOOK",
    show_envvar=True,
    metavar="URL",
    help="The gradebook: a file, or postgresql://USER@HOST/DATABASE; without it gradebook.db beside the course file.",
)
BY = click.option(
    "--by",
    envvar="GRADMARK_BY",
    show_envvar=True,
    metavar="NAME",
    default=login_name,
    help="Who does it, for the trail; without it the name that you are logged in by.",
)
JOBS = click.option(
    "--jobs", type=click.IntRange(1), metavar="N", help="Submissions at a time; without it as many as pay."
)
SEED = click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    default=0,
    show_default=True,
    metavar="N",
    help="Same submission, same seed: same result.",
)
ISOLATION = click.option(
    "--isolation", type=click.Choice(LEVELS), default="auto", show_default=True, help="Grade with this, or not at all."
)
CELL_SECONDS = click.option(
    "--cell-seconds", type=click.FloatRange(1), metavar="S", help="Time limit of a notebook's cell; 40 if none is set."
)
EXECUTOR = click.option(
    "--executor",
    default="local",
    show_default=True,
    metavar="WHERE",
    help="Grade in processes of this machine (local) or of a Dask cluster (dask://HOST:PORT).",
)


def gradebook_place(named: str | None, course_file: Path | None) -> str:
    """Return where the gradebook is: as named, else beside the course file that is named, else in the current folder.

    Without ``--course`` the course file is the one in the current folder, if there is one.
    """
    return named or os.fspath((course_file.parent if course_file else Path()) / "gradebook.db")


def is_checkout(folder: Path) -> bool:
    """Return True if a folder is a checkout of the project, whose files may be written, and not where packages are installed."""
    return (folder / "reference").is_dir() and (folder / "tests" / "bank").is_dir()


def is_own(folder: Path) -> bool:
    """Return True if a folder is the one in which the model answers of this Gradmark are, or one inside of its packages."""
    here, home = folder.resolve(), CHECKOUT.resolve()
    return here == home or any(here.is_relative_to(home / room) for room in ("grader", "reference", "exercises"))
