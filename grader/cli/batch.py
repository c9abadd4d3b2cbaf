"""The commands that grade a class: ``gradmark batch``, and ``gradmark merge`` for what its shards wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.batch_said import Said, exit_code, tell_merged
from grader.cli.collect import matching_options
from grader.cli.options import (
    BY,
    CELL_SECONDS,
    COURSE,
    EXECUTOR,
    GRADEBOOK,
    ISOLATION,
    JOBS,
    PATH,
    SEED,
    gradebook_place,
    options_of,
)
from grader.cli.terminal import INTERRUPTED, say
from grader.errors import GradmarkError, SubmissionError, UsageError

if TYPE_CHECKING:
    from grader.batch import Choice, Grader, Piece, Sink, Summary
    from grader.course import Course

__all__ = ["batch", "merge"]


class _Shard(click.ParamType[tuple[int, int]]):
    """``I/N``: the I-th of N shards, from 1."""

    name = "shard"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Read it."""
        if isinstance(value, tuple):
            return value
        first, slash, last = str(value).partition("/")
        if not (slash and first.isascii() and last.isascii() and first.isdigit() and last.isdigit()):
            self.fail(f"{value!r} is not of the form I/N, such as 2/8", param, ctx)
        shard, of = int(first), int(last)
        if not 1 <= shard <= of:
            self.fail(f"there is no shard {shard} of {of}: they go from 1/{of} to {of}/{of}", param, ctx)
        return shard, of


@click.command()
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH...]")
@click.option("--assignment", metavar="NAME", help="The assignment; needed where units do not tell it.")
@COURSE
@GRADEBOOK
@JOBS
@EXECUTOR
@click.option("--shard", type=_Shard(), metavar="I/N", help="Grade every N-th student alone, from the I-th on.")
@click.option("--out", type=PATH, metavar="DIR", help="Write documents here for gradmark merge, and no gradebook.")
@click.option(
    "--student", "students", multiple=True, metavar="ID", help="This student alone; several times for several."
)
@click.option("--exercise", "exercises", multiple=True, metavar="NAME", help="This exercise alone; likewise.")
@click.option("--failed-only", is_flag=True, help="What was graded and did not end well alone.")
@click.option("--force", is_flag=True, help="Grade again what was graded before.")
@matching_options
@click.option("--artifacts", type=PATH, metavar="DIR", help="Keep the executed notebooks here.")
@SEED
@ISOLATION
@CELL_SECONDS
@BY
@click.option("-q", "--quiet", is_flag=True, help="Show no progress and no summary, only what needs somebody.")
def batch(
    paths: tuple[Path, ...],
    assignment: str | None,
    course_file: Path | None,
    gradebook: str | None,
    jobs: int | None,
    executor: str,
    shard: tuple[int, int] | None,
    out: Path | None,
    students: tuple[str, ...],
    exercises: tuple[str, ...],
    failed_only: bool,
    force: bool,
    layout: str,
    matches: Path | None,
    accept: bool,
    artifacts: Path | None,
    seed: int,
    isolation: str,
    cell_seconds: float | None,
    by: str,
    quiet: bool,
) -> int:
    """Grade a class into the gradebook.

    PATH is a download of a platform, or a folder with a folder or file for each student; without it, this folder.
    What was graded before, with the same bank and settings, is not graded again: a second run grades what is new, and a
    run that was stopped or killed goes on where it was.

    Exit codes: 0, all were graded; 3, something could not be graded at all, or is nobody's; 4, something needs a person
    since the grader failed. Whatever the code, the results are in the gradebook. A shard (--out) ends with 0 once
    all of its documents are written: gradmark merge tells the rest. Ctrl-C: 130; what was reported is kept.
    """
    from grader.batch import (
        Asked,
        BookSink,
        Choice,
        FolderSink,
        WithNotebooks,
        asking_for,
        begin_shard,
        find_work,
        grader_at,
        part_of,
    )
    from grader.course import read_course, read_matches
    from grader.gradebook import Gradebook

    if shard is not None and out is None and gradebook is None:
        raise UsageError("a shard needs --out DIR, for gradmark merge, or a --gradebook that all shards can write to")
    where = paths or (Path(),)
    course = read_course(course_file, where)
    limits = course.bounds(cell_seconds=cell_seconds)
    options = options_of(course, seed=seed, limits=limits, artifacts=artifacts)
    work = find_work(
        Asked(
            paths=where,
            course=course,
            assignment=assignment,
            layout=layout,
            matches=read_matches(matches, course.roster) if matches is not None else {},
            accept=accept,
            students=frozenset(students),
        )
    )
    choice = Choice(exercises=_exercises(exercises, course), failed_only=failed_only, force=force)
    said = Said(work, quiet=quiet)
    if choice.exercises:
        work = replace(work, pieces=asking_for(work.pieces, choice.exercises))
    pieces = part_of(work, shard or (1, 1))
    with ExitStack() as stack:
        grader = stack.enter_context(grader_at(executor, options.settings, isolation, jobs, say))
        if out is not None:
            sink: Sink = FolderSink(out)
        else:
            book = Gradebook.open(gradebook_place(gradebook, course_file), create=True, told=say)
            sink = BookSink(stack.enter_context(book), by)
        if artifacts is not None:
            sink = WithNotebooks(sink, artifacts)
        if out is not None:
            begin_shard(out, work, shard or (1, 1), grader.environment(), choice.exercises)
        with said.progress() as told:
            stopped = _run(pieces, grader, sink, choice, told)
    said.close()
    if stopped:
        return stopped
    return 0 if out is not None else exit_code(said.states, work.unmatched)


def _run(pieces: Sequence[Piece], grader: Grader, sink: Sink, choice: Choice, told: Callable[[Summary], None]) -> int:
    """Grade; return 0, or the exit code of what stopped it."""
    from grader.batch import run

    try:
        run(pieces, grader, sink, choice, told)
    except KeyboardInterrupt:
        say("stopped: what was reported is kept, and the next run goes on from there")
        return INTERRUPTED
    except GradmarkError as error:
        say(f"{error} (stopped: what was reported is kept, and the next run goes on from there)")
        return error.exit_code
    return 0


def _exercises(names: Sequence[str], course: Course) -> frozenset[str]:
    """Return the full names of exercises, which may be given without their units."""
    from grader.bank import catalogue

    if not names:
        return frozenset()
    found = catalogue(course.bank).within(names)
    return frozenset(exercise.name for _, exercises in found for exercise in exercises)


@click.command()
@click.argument("folders", nargs=-1, required=True, type=PATH, metavar="FOLDER...")
@COURSE
@GRADEBOOK
@BY
@click.option("-q", "--quiet", is_flag=True, help="Print no summary, only what needs somebody.")
def merge(folders: tuple[Path, ...], course_file: Path | None, gradebook: str | None, by: str, quiet: bool) -> int:
    """Merge what shards wrote (batch --shard I/N --out FOLDER) into the gradebook.

    All shards have to be of one run: the same hand-ins, bank, options and versions. Shards that are missing are named; what is
    there is merged all the same, and merging again writes nothing twice.

    Exit codes: 0, the whole class is there and was graded; 3, shards or documents are missing, or something could not be
    graded or is nobody's; 4, something needs a person.
    """
    from grader.batch import merge as merged_into
    from grader.batch import read_shards
    from grader.gradebook import Gradebook

    shards = read_shards(folders)
    with Gradebook.open(gradebook_place(gradebook, course_file), create=True, told=say) as book:
        merged = merged_into(shards, book, by)
    tell_merged(merged, shards, quiet=quiet)
    states = Counter(state for _, _, state in merged.states)
    missing = bool(shards.missing or merged.absent)
    return max(exit_code(states, shards.unmatched), SubmissionError.exit_code if missing else 0)
