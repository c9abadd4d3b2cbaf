"""The command that writes the pages of a class, ``gradmark report``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.graded import Asked, ReadClass, of_class, read_class
from grader.cli.options import PATH
from grader.cli.reports import PAGES
from grader.cli.terminal import echo, say
from grader.errors import UsageError
from grader.writing import write_whole

if TYPE_CHECKING:
    from grader.grades import Grade

__all__ = ["report"]

PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")


@click.command()
@of_class
@click.option("--out", type=PATH, required=True, metavar="DIR", help="The folder to write into.")
@click.option("--blind", is_flag=True, help="Hide all names; students get no pages.")
def report(asked: Asked, out: Path, blind: bool) -> int:
    """Write the class page of each assignment, a page for each student, and the class's numbers as CSV.

    For each assignment there is a folder in DIR: class.html and three CSV files for the assistants, and students/ with
    the pages that students may have, which show what the course file lets them see today. The class page links to them.
    """
    from grader.course import refuse_unknown

    if out.exists() and not out.is_dir():
        raise UsageError(f"cannot write to {out}: it is not a folder")
    with read_class(asked) as found:
        if not found.assignments:
            raise UsageError("there is no assignment in the course file or the gradebook: nothing to report")
        if found.course.shown.by_name:
            refuse_unknown(found.course.shown, [e.name for u in found.catalogue.units.values() for e in u.exercises])
        elif found.course.path is None and not blind:
            say("there is no course file: the students' pages show everything")
        for name in found.assignments:
            grades = found.graded(name)
            try:
                _write(found, name, grades, out / _stem(name), blind)
            except OSError as error:
                raise UsageError(f"cannot write to {out / _stem(name)}: {error.strerror or error}") from None
    return 0


def _write(found: ReadClass, name: str, grades: Sequence[Grade], folder: Path, blind: bool) -> None:
    from grader.blind import blinded
    from grader.report import class_page, class_sheets, counted, student_class_page

    course, now = found.course, datetime.now(UTC)
    title = course.assignments[name].title or name
    note = ""
    if blind:
        if not course.salt:
            raise UsageError("--blind needs a salt in the course file: without one the names could be worked out")
        if (folder / PAGES).exists():
            raise UsageError(f"{folder / PAGES} holds pages with names: write what is blind into another folder")
        grades, note = blinded(grades, course.salt), "Names are hidden."
    pages = folder / PAGES
    links = {grade.person.id: f"{PAGES}/{_stem(grade.person.id)}.html" for grade in grades}
    (folder if blind else pages).mkdir(parents=True, exist_ok=True)
    if not blind:
        for grade in grades:
            text = student_class_page(grade, course.shown, now, title)
            write_whole(pages / f"{_stem(grade.person.id)}.html", text)
    for file, text in class_sheets(grades).items():
        write_whole(folder / file, text)
    write_whole(folder / "class.html", class_page(grades, title, {} if blind else links, note))
    told = f" and {counted(len(grades), 'student page')}" if not blind else ", names hidden"
    echo(f"{name}: {folder / 'class.html'}, the CSV files{told}")


def _stem(ident: str) -> str:
    """Return a file's name for an id: itself if it is plain, else with digits that no other id has."""
    if PLAIN.fullmatch(ident):
        return ident
    kept = re.sub(r"[^A-Za-z0-9_-]+", "-", ident)[:60].strip("-") or "student"
    return f"{kept}-{sha256(ident.encode('utf-8', 'replace')).hexdigest()[:10]}"
