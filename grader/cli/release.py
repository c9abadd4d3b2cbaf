"""The command that makes what students get: ``gradmark release``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.authors import examine
from grader.cli.everybody import release_all
from grader.cli.options import COURSE, PATH
from grader.cli.papers import PaperOptions, release_papers
from grader.cli.terminal import echo
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course import Course

__all__ = ["release"]

LONGEST = 200
"""The most characters of a student's id."""


@click.command()
@click.argument("assignments", nargs=-1, metavar="[ASSIGNMENT]...")
@click.option(
    "--out", type=PATH, metavar="DIR|ZIP", help="Where it is written; by default a folder kit/ here, with --all kits/."
)
@click.option("--single-file", is_flag=True, help="One notebook with stubs and checker inside, for Colab or Kaggle.")
@click.option("--student", default="", metavar="ID", help="Whose kit it is: written into the notebooks.")
@click.option(
    "--all", "everybody", is_flag=True, help="Each student of the roster gets their kit, in a folder of their own."
)
@click.option("--exam", is_flag=True, help="Make the papers of an exam: a notebook of exercises drawn from units.")
@click.option(
    "--points", type=float, metavar="N", help="With --exam: the points of a paper, met exactly; 40 without it."
)
@click.option("--seed", type=int, metavar="N", help="With --exam: another seed gives another exam; 0 without it.")
@click.option(
    "--forms",
    metavar="LIST",
    help="With --exam: of these forms alone, some with a share: question=8,prediction,graph=20%.",
)
@click.option("--title", default="", metavar="TEXT", help="With --exam: what stands above the paper.")
@COURSE
def release(
    assignments: tuple[str, ...],
    out: Path | None,
    single_file: bool,
    student: str,
    everybody: bool,
    exam: bool,
    points: float | None,
    seed: int | None,
    forms: str | None,
    title: str,
    course_file: Path | None,
) -> int:
    """Make the kit that students get: notebooks, stubs, README, CI workflow and checker.

    It holds no model answer, no hidden check and no mistake, and its checks need numpy alone. Of each ASSIGNMENT that is named,
    or of all; those of the course's private banks too. With --single-file, OUT is a folder, or with one assignment an .ipynb.

    With --exam, each ASSIGNMENT is a unit to draw from, `layers` or with a share `layers=8`, or an exam of the course file; where
    that has a roster, everybody gets a paper of their own. The lines of the course file by which papers are graded are printed.
    """
    from grader.bank import catalogue, units_of
    from grader.course import read_course
    from grader.release import make_kit, write_folder, write_zip

    course = read_course(course_file)
    banks = course.bank
    _plain(student)
    if exam:
        if single_file:
            raise UsageError("--exam writes single notebooks as it is: leave --single-file out")
        if everybody:
            raise UsageError("--exam makes a paper for each student of the roster as it is: leave --all out")
        options = PaperOptions(points=points, seed=seed, forms=forms, title=title, student=student, out=out)
        return release_papers(assignments, options, course)
    _has_student(student, course, everybody=everybody)
    given = {"--points": points, "--seed": seed, "--forms": forms, "--title": title or None}
    if alone := [name for name, value in given.items() if value is not None]:
        raise UsageError(f"{', '.join(alone)} goes with --exam")
    if banks:
        own = (name for bank in banks for name in units_of(bank))
        examine((name for name in own if not assignments or name in assignments), banks)
    if everybody:
        return release_all(assignments, out or Path("kits"), course, single=single_file)
    if single_file:
        return _single_files(assignments or tuple(catalogue(banks).units), out, course, student)
    target = out or Path("kit")
    if _ending(target) == ".ipynb":
        raise UsageError(f"{target} is a notebook: one comes with --single-file")
    kit = make_kit(assignments, banks=banks, student=student, variants=course.variant_salt)
    try:
        if _ending(target) == ".zip":
            _is_free(target)
            write_zip(kit, target)
        else:
            write_folder(kit, target)
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror or error}") from None
    size = target.stat().st_size if _ending(target) == ".zip" else kit.size
    echo(f"written: {target} ({len(kit.files)} files, {size / 1e6:.2f} MB)")
    return 0


def _single_files(units: tuple[str, ...], out: Path | None, course: Course, student: str) -> int:
    from grader.release import single_file
    from grader.writing import write_whole

    if out is not None and _ending(out) == ".zip":
        raise UsageError(f"{out} is no folder and no notebook: --single-file writes a notebook for each assignment")
    units = tuple(dict.fromkeys(units))
    to_file = out is not None and _ending(out) == ".ipynb"
    if to_file and len(units) > 1:
        raise UsageError(f"{out} is one notebook, and there are {len(units)} assignments: name a folder with --out")
    paths = {unit: out if to_file and out is not None else (out or Path()) / f"{unit}.ipynb" for unit in units}
    for path in paths.values():
        _is_free(path)
    texts = {
        unit: single_file(unit, banks=course.bank, student=student, variants=course.variant_salt) for unit in units
    }  # all of them, or none is written
    for unit, path in paths.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, texts[unit])
        except OSError as error:
            raise UsageError(f"{path} cannot be written: {error.strerror or error}") from None
        echo(f"written: {path} ({path.stat().st_size / 1e6:.2f} MB)")
    return 0


def _ending(path: Path) -> str:
    """Return how a path ends, in small letters: KIT.ZIP is a zip archive too."""
    return path.suffix.lower()


def _is_free(path: Path) -> None:
    if path.exists():
        raise UsageError(f"{path} is there already, and may hold somebody's work: name another place with --out")


def _has_student(student: str, course: Course, *, everybody: bool) -> None:
    """Refuse to make what nobody could be graded by: where variants are personal, a kit is somebody's of the roster."""
    if everybody and student:
        raise UsageError("--all is for everybody, and --student for one: leave one of them out")
    if course.variants and not student and not everybody:
        raise UsageError(
            "this course has personal variants: name whose kit it is, with --student ID, or make everybody's with --all;"
            " or set variants = false"
        )
    if student and course.variants and len(course.roster) and course.roster.get(student) is None:
        raise UsageError(
            f"--student: {student!r} is not in the roster, by whose ids variants are drawn: name an id that is"
        )


def _plain(student: str) -> None:
    """Refuse an id that is no id: it is kept as it is, and shown in lists."""
    if student and (not student.strip() or not student.isprintable() or len(student) > LONGEST):
        raise UsageError(f"--student takes an id, at most {LONGEST} characters that can be printed")
