"""The command that looks for similar work, ``gradmark similar``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.handed_in import results_in, work_at
from grader.cli.options import COURSE, GRADEBOOK, PATH, gradebook_place
from grader.cli.terminal import echo, say
from grader.errors import UsageError
from grader.writing import write_whole, write_whole_bytes

if TYPE_CHECKING:
    from grader.course import Course
    from grader.result import Result

__all__ = ["similar"]


@click.command()
@click.argument("paths", nargs=-1, required=True, type=PATH, metavar="PATH...")
@click.option("--assignment", metavar="UNIT", help="The unit to compare; without it, all that is found.")
@click.option("--results", type=PATH, metavar="DIR", help="Results that grade --out kept, in the gradebook's place.")
@click.option("--html", type=PATH, metavar="FILE", help="Write one page with both sides of each pair.")
@click.option("--dolos", type=PATH, metavar="FILE.zip", help="Write a zip that Dolos reads.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document, and nothing else, on stdout.")
@click.option(
    "--common",
    type=click.IntRange(2),
    default=20,
    show_default=True,
    metavar="N",
    help="Take out what N students share.",
)
@COURSE
@GRADEBOOK
def similar(
    paths: tuple[Path, ...],
    assignment: str | None,
    results: Path | None,
    html: Path | None,
    dolos: Path | None,
    as_json: bool,
    common: int,
    course_file: Path | None,
    gradebook: str | None,
) -> int:
    """Show whose work is alike beyond what the exercises make alike: evidence to read, never a verdict.

    PATHs are what "collect" takes: downloads of platforms, folders, archives, files. Where there are results of
    these submissions, identical wrong answers that no known mistake explains come first; then functions that share
    stretches of syntax which few have. Nothing of it is run.
    """
    from grader.bank import catalogue, common_texts
    from grader.course import read_course
    from grader.report import counted, similar_json, similar_lines, similar_page
    from grader.similarity import Handed, compare, dolos_zip

    for target in (html, dolos):
        if target is not None and (target.is_dir() or not target.absolute().parent.is_dir()):
            raise UsageError(f"cannot write {target}: it is a folder, or in one that is not there")
    course = read_course(course_file, paths)
    known = results_in(results) if results is not None else _of_gradebook(gradebook, course)
    handed = [
        Handed(one.student, one.name, one.texts, tuple(_results(one.digests, known)), one.submitted)
        for one in work_at(paths, assignment, course)
    ]
    exercises = {e.name: e for unit in catalogue(course.bank).units.values() for e in unit.exercises}
    named = {name for one in handed for name in one.texts}
    found = compare(
        handed,
        {name: common_texts(exercises[name], course.bank) for name in named},
        common=common,
        left_out={name for name, exercise in exercises.items() if exercise.form in ("question", "prediction")},
    )
    without = sum(bool(one.texts) and not one.results for one in handed)
    note = f"Of {counted(without, 'student')} there is no result, and their answers were not compared."
    title = assignment or ", ".join(sorted({name.partition(".")[0] for name in named})) or "nothing to compare"
    if html is not None:
        _write(html, lambda: write_whole(html, similar_page(found, handed, title, [note] if without else [])))
    if dolos is not None:
        _write(dolos, lambda: write_whole_bytes(dolos, dolos_zip(handed, title)))
    if without:
        say(f"{note} Grade them into a gradebook, or name the folder of grade --out with --results.")
    if as_json:
        echo(similar_json(found, handed))
    else:
        echo("\n".join(similar_lines(found, handed)))
    return 0


def _results(digests: Mapping[str, str], known: Mapping[tuple[str, str], Result]) -> list[Result]:
    return [known[sha256, unit] for unit, sha256 in digests.items() if (sha256, unit) in known]


def _of_gradebook(gradebook: str | None, course: Course) -> dict[tuple[str, str], Result]:
    """Return the results of a gradebook, by sha256 and unit; none if there is no gradebook and none was named."""
    from grader.gradebook import Gradebook

    place = gradebook_place(gradebook, course.path)
    if gradebook is None and not Path(place).is_file():
        return {}
    with Gradebook.open(place) as book:
        results = [result for attempt in book.attempts() for result in attempt.results]
    return {(r.submission.sha256, r.assignment): r for r in results if r.submission.sha256 and r.assignment}


def _write(target: Path, write: Callable[[], None]) -> None:
    try:
        write()
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror or error}") from None
