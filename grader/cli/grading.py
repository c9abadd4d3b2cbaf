"""The commands that grade, ``gradmark grade`` and ``gradmark demo``, and ``gradmark pages``, which shows again what they found."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.ci import CI, commands_stopped, host_of, seen_from_root, tell
from grader.cli.collect import LAYOUT, find_and_match
from grader.cli.exam_graded import asked_of, exam_named, papers_at, totals
from grader.cli.options import CELL_SECONDS, COURSE, ISOLATION, JOBS, PATH, SEED, options_of
from grader.cli.outcome import counting, exit_code, left_out_line
from grader.cli.reports import PAGES, Pages, check_targets, write_reports
from grader.cli.terminal import INTERRUPTED, echo, echo_json, say, show_on_terminal
from grader.errors import GradmarkError, UsageError

if TYPE_CHECKING:
    from grader.course import Course
    from grader.grading import Options
    from grader.result import Result
    from grader.shown import Rules
    from grader.submission import HandIn

__all__ = ["grade", "pages"]


@click.command()
@click.argument("paths", nargs=-1, required=True, type=PATH, metavar="PATH...")
@click.option("--assignment", metavar="NAME", help="The assignment; without it, names and contents tell.")
@click.option(
    "--as",
    "layout",
    type=LAYOUT,
    metavar="LAYOUT",
    help="Grade everybody in a download: its layout, or auto; see `gradmark collect`.",
)
@click.option(
    "--student",
    default="",
    metavar="ID",
    help="Whose PATH is, where variants are personal, or it is an exam's paper; without it names tell.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document, and nothing else, on stdout.")
@click.option("--out", type=PATH, metavar="DIR", help="Keep results, executed notebooks and students' pages here.")
@click.option("--html", type=PATH, metavar="FILE", help="Write one page with everything of all of them.")
@click.option("--junit", type=PATH, metavar="FILE", help="Write JUnit XML for a CI.")
@click.option("--code-quality", type=PATH, metavar="FILE", help="Write a Code Quality report for GitLab.")
@CI
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar="PCT",
    help="Exit with 1 if a score is below this percentage.",
)
@SEED
@ISOLATION
@JOBS
@COURSE
@CELL_SECONDS
@click.option("-q", "--quiet", is_flag=True, help="Print no table and show no progress.")
def grade(
    paths: tuple[Path, ...],
    assignment: str | None,
    layout: str | None,
    student: str,
    as_json: bool,
    out: Path | None,
    html: Path | None,
    junit: Path | None,
    code_quality: Path | None,
    ci: str,
    fail_under: float | None,
    seed: int,
    isolation: str,
    jobs: int | None,
    course_file: Path | None,
    cell_seconds: float | None,
    quiet: bool,
) -> int:
    """Grade submissions: notebooks, modules, folders, repositories or zip archives.

    Each PATH gives at least one result, also if it cannot be read. A PATH that does not exist is a result
    of its own ("unreadable", exit code 3) beside others that do; if none exists, that is wrong usage (exit
    code 2). Among several, a README, a .toml, .md or .csv file and the like are passed over, and named.
    With --as, PATH is the download of a class (Canvas, Moodle, ...), and everybody in it is graded. Of an exam of the course
    file each paper is graded by what was drawn for its student: the one whose it is by the roster, or by --student.

    The worst outcome gives the exit code: 4 before 3 before 1 before 0. Without --assignment, units of which
    nothing is attempted do not count beside others that are. If you stop it, the results so far are printed
    and written, and the exit code is 130.

    In a CI, reports show what [shown] of the course file lets students see; only a file that --course names counts there.
    """
    from grader.course import FILE, read_course
    from grader.grading import places_of
    from grader.result import document
    from grader.shown import may_see

    if not any(path.exists() for path in paths):
        raise UsageError(f"there is nothing at {', '.join(map(str, paths))}")
    if student and (layout is not None or len(paths) > 1):
        raise UsageError("--student says whose one PATH is: name one, and no --as")
    host = host_of(ci, os.environ)
    check_targets(html, junit, out, code_quality)
    # In a CI the folder of the start is the student's as well, whichever part of it is graded.
    course = read_course(course_file, paths if host == "none" else (*paths, Path()))
    if host != "none" and course_file is None and Path(FILE).is_file():
        say(f"{FILE} has no effect in a CI: name it with --course if it is the course's")
    exam = exam_named(course, assignment)
    submissions: Sequence[Path | HandIn]
    if exam is not None:
        submissions = papers_at(paths, exam, course, layout, student, quiet=quiet)
    else:
        submissions = _submissions(paths, course, layout, quiet=quiet)
    limits = course.bounds(cell_seconds=cell_seconds)
    options = options_of(
        course,
        assignment=assignment,
        seed=seed,
        isolation=isolation,
        jobs=jobs,
        limits=limits,
        artifacts=out,
        student=student,
    )
    options = asked_of(submissions, exam, course, options)
    rules, now = _shown(course), datetime.now(UTC)
    for_students = Pages(out, rules)
    with commands_stopped(host, aside=as_json):
        results, stopped = _grade(submissions, options, quiet, for_students.write)
        # A CI's log is read by students; whoever grades a class sees all.
        told = results if host == "none" else [may_see(result, rules, now) for result in results]
        counted, left_out = counting(told) if assignment is None and exam is None else (told, [])
        where = seen_from_root(host, places_of(submissions, options)) if host == "github" or code_quality else {}
        try:
            if as_json:
                echo_json(document(told))
            elif told and not quiet:
                from grader.report import details, inline, table

                show_on_terminal(details(told[0]) if len(told) == 1 else table(told))
                for line in totals(told, exam):
                    echo(inline(line, 200))
        finally:  # a reader of our output who leaves takes nothing from the reports
            failed = write_reports(told, html, junit, code_quality, where)
            unwritten = for_students.close()
        if left_out and not quiet and (fail_under is not None or host != "none"):
            say(left_out_line(left_out))
    code = stopped or failed or unwritten or exit_code(counted, fail_under)
    return tell(host, counted, left_out, where, code, aside=as_json)


def _submissions(
    paths: tuple[Path, ...], course: Course, layout: str | None, *, quiet: bool
) -> Sequence[Path | HandIn]:
    from grader.grading import handed_in

    if layout is not None:
        return _of_download(paths, course, layout, quiet=quiet)
    submissions, beside = handed_in(paths)
    if beside and not quiet:
        say(f"no submissions, passed over: {', '.join(path.name for path in beside)}")
    return submissions


def _of_download(paths: tuple[Path, ...], course: Course, layout: str, *, quiet: bool) -> list[HandIn]:
    """Return all hand-ins of a download, each under its student's id; one that is nobody's under what the download says."""
    found, matched = find_and_match(paths, course, layout, None, accept=False)
    if not quiet:
        say(found.layout)
        if matched.unmatched:
            say(f"{len(matched.unmatched)} are nobody's of the roster: `gradmark collect` shows them")
    hand_ins = [hand_in for own in matched.of.values() for hand_in in own] + matched.unmatched
    if not hand_ins:
        raise UsageError(f"nobody handed in anything at {', '.join(map(str, paths))}")
    return hand_ins


def _shown(course: Course) -> Rules:
    """Return how much students may see, once each rule is known to be for something that exists."""
    from grader.bank import catalogue
    from grader.course import refuse_unknown

    if course.shown.by_name:
        units = catalogue(course.bank).units.values()
        refuse_unknown(course.shown, [exercise.name for unit in units for exercise in unit.exercises])
    return course.shown


def _grade(
    paths: Sequence[Path | HandIn],
    options: Options,
    quiet: bool = False,
    as_it_comes: Callable[[Result], None] | None = None,
) -> tuple[list[Result], int]:
    """Grade the submissions; return the results and 0, or the results so far and the exit code of the interruption."""
    from grader.grading import grade_paths

    done: list[Result] = []
    try:
        with _progress(len(paths), shown=not quiet) as advance:

            def on_result(result: Result) -> None:
                done.append(result)
                if as_it_comes is not None:
                    as_it_comes(result)
                advance()

            return grade_paths(paths, options, on_result), 0
    except KeyboardInterrupt:
        say(f"stopped: {len(done)} of {len(paths)} graded")
        return done, INTERRUPTED
    except GradmarkError as error:
        if not done:
            raise
        say(f"{error} (stopped: {len(done)} of {len(paths)} graded)")
        return done, error.exit_code


@contextmanager
def _progress(total: int, *, shown: bool) -> Iterator[Callable[[], None]]:
    """Show a progress bar if stderr is a terminal; yield the function that advances it by one submission."""
    if not shown or total < 2 or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("grading", total=total)
        yield lambda: bar.advance(task)


@click.command()
@click.argument("folder", type=PATH, metavar="DIR")
@COURSE
def pages(folder: Path, course_file: Path | None) -> int:
    """Write students' pages again, from the results that "grade --out DIR" kept.

    Nothing is graded. What a page shows follows the course file and the clock of today: this is how results are released.
    Without a course file nothing is written, since everything would be shown.
    """
    from grader.course import FILE, read_course
    from grader.result import read

    if course_file is None and not Path(FILE).is_file():
        raise UsageError(
            f"there is no {FILE} here: name the course file with --course, else pages would show everything"
        )
    kept = sorted(folder.glob("*.json"))
    if not kept:
        raise UsageError(f"there are no results in {folder}: name the folder of grade --out")
    check_targets(None, None, folder)
    for_students = Pages(folder, _shown(read_course(course_file)))
    unread = 0
    for path in kept:
        try:
            result = read(path.read_bytes())
        except OSError as error:
            say(f"{path} cannot be read: {error.strerror or error}")
            unread += 1
        except ValueError:
            say(f"{path} is no result, passed over")
            unread += 1
        else:
            for_students.write(result, path.stem)  # what a file says of itself names no other
    failed = for_students.close()
    echo(f"{for_students.written} of {len(kept)} pages written to {folder / PAGES}")
    return failed or (UsageError.exit_code if unread else 0)
