"""The command that looks for similar work, ``gradmark similar``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import COURSE, PATH
from grader.cli.terminal import echo, say
from grader.errors import UsageError
from grader.writing import write_whole, write_whole_bytes

if TYPE_CHECKING:
    from grader.bank import Catalogue
    from grader.result import Result
    from grader.similarity import Handed
    from grader.submission import Submission

__all__ = ["results_in", "similar", "submissions_at"]


@click.command()
@click.argument("paths", nargs=-1, required=True, type=PATH, metavar="PATH...")
@click.option("--assignment", metavar="NAME", help="The unit to compare; without it, all that is found.")
@click.option("--results", type=PATH, metavar="DIR", help="The results that grade --out kept: compare answers too.")
@click.option("--html", type=PATH, metavar="FILE", help="Write one page with both sides of each pair.")
@click.option("--dolos", type=PATH, metavar="FILE.zip", help="Write a zip that Dolos reads.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document, and nothing else, on stdout.")
@click.option(
    "--common", type=click.IntRange(2), default=20, show_default=True, metavar="N", help="Take out what N share."
)
@COURSE
def similar(
    paths: tuple[Path, ...],
    assignment: str | None,
    results: Path | None,
    html: Path | None,
    dolos: Path | None,
    as_json: bool,
    common: int,
    course_file: Path | None,
) -> int:
    """Show whose work is alike beyond what the exercises make alike: evidence to read, never a verdict.

    PATHs are those that "grade" takes, one a student. With the results of these submissions, identical wrong answers that no known
    mistake explains come first; then functions that share stretches of syntax which few have. Nothing is run.
    """
    from grader.bank import catalogue, common_texts
    from grader.course import read_course
    from grader.report import counted, similar_json, similar_lines, similar_page
    from grader.similarity import compare, dolos_zip

    for target in (html, dolos):
        if target is not None and (target.is_dir() or not target.absolute().parent.is_dir()):
            raise UsageError(f"cannot write {target}: it is a folder, or in one that is not there")
    course = read_course(course_file, paths)
    known = catalogue(course.bank)
    handed = _handed(paths, assignment, known, course.bank, results_in(results) if results is not None else {})
    exercises = {e.name: e for unit in known.units.values() for e in unit.exercises}
    named = {name for one in handed for name in one.texts}
    found = compare(
        handed,
        {name: common_texts(exercises[name], course.bank) for name in named},
        common=common,
        left_out={name for name, exercise in exercises.items() if exercise.form in ("question", "prediction")},
    )
    without = sum(not one.results for one in handed)
    note = f"The answers of {counted(without, 'student')} were not compared: there is no result of them. Name it with --results."
    title = assignment or ", ".join(sorted({name.partition(".")[0] for name in named})) or "nothing to compare"
    if html is not None:
        _write(html, lambda: write_whole(html, similar_page(found, handed, title, [note] if without else [])))
    if dolos is not None:
        _write(dolos, lambda: write_whole_bytes(dolos, dolos_zip(handed, title)))
    if as_json:
        echo(similar_json(found, handed))
        return 0
    if without:
        say(note)
    for line in similar_lines(found, handed):
        echo(line)
    return 0


def _write(target: Path, write: Callable[[], None]) -> None:
    try:
        write()
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror or error}") from None


def results_in(folder: Path) -> dict[tuple[str, str], Result]:
    """Return the results that ``grade --out`` kept in a folder, by the sha256 of what was handed in and the unit.

    Raises:
        UsageError: there is none.

    """
    from grader.result import read

    found: dict[tuple[str, str], Result] = {}
    for path in sorted(folder.glob("*.json")):
        with suppress(OSError, ValueError):  # what is no result is another program's
            result = read(path.read_bytes())
            if result.submission.sha256 and result.assignment:
                found[result.submission.sha256, result.assignment] = result
    if not found:
        raise UsageError(f"there are no results in {folder}: name the folder of grade --out")
    return found


def submissions_at(paths: Sequence[Path], assignment: str | None, banks: tuple[Path, ...]) -> list[list[Submission]]:
    """Return what was handed in at each path, read and not run: one submission a unit that was found there."""
    from grader.bank import catalogue, stub_source
    from grader.submission import collect

    known = catalogue(banks)
    if assignment is not None:
        known.unit(assignment)
    units = {u.name: frozenset(e.function for e in u.exercises) for u in known.units.values()}
    stubs = {name: stub_source(name, banks) for name in units}
    return [[s for s in collect(path, assignment, units, stubs) if s.assignment] for path in paths]


def _handed(
    paths: Sequence[Path],
    assignment: str | None,
    known: Catalogue,
    banks: tuple[Path, ...],
    results: Mapping[tuple[str, str], Result],
) -> list[Handed]:
    from grader.grading import handed_in
    from grader.similarity import Handed
    from grader.submission import functions_of

    if not any(path.exists() for path in paths):
        raise UsageError(f"there is nothing at {', '.join(map(str, paths))}")
    taken, beside = handed_in(paths)
    if beside:
        say(f"no submissions, passed over: {', '.join(path.name for path in beside)}")
    handed = []
    for path, of_one in zip(taken, submissions_at(taken, assignment, banks), strict=True):
        texts: dict[str, str] = {}
        for submission in of_one:
            unit = submission.assignment or ""
            written = functions_of(submission, unit, sorted({e.function for e in known.unit(unit).exercises}))
            texts |= {f"{unit}.{name}": text for name, text in written.items()}
            if submission.problem is not None:
                say(f"{path.name} was not read: {submission.problem}")
        ident = of_one[0].id if of_one else path.name
        own = (results.get((s.sha256 or "", s.assignment or "")) for s in of_one)
        handed.append(Handed(ident, ident, texts, tuple(result for result in own if result is not None)))
    return handed
