"""The command that grades again what a gradebook has: ``gradmark regrade``."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.graded import WHY, Asked, Instead, ReadClass, of_class, read_class
from grader.cli.options import BY, EXECUTOR, ISOLATION, JOBS, PATH, options_of
from grader.cli.previews import BLIND, moved_by, plain_table, scrubbed, shown_as, tell_moved
from grader.cli.terminal import echo, say, show_on_terminal
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.batch import AgainSink, Summary
    from grader.grades import Attempt
    from grader.marking import Regraded, Rule

__all__ = ["regrade"]

MODES = ("replace", "never-lower", "only")
MOST_ROWS = 60
MOST_NAMED = 5


@click.command()
@click.argument("paths", nargs=-1, type=PATH, metavar="PATH...")
@click.option(
    "--student", "students", multiple=True, metavar="WHO", help="This student alone; several times for several."
)
@click.option("--exercise", "exercises", multiple=True, metavar="NAME", help="This exercise alone; likewise.")
@click.option("--preview", is_flag=True, help="Show who changes, by how much and why; so without --apply.")
@click.option(
    "--apply",
    "mode",
    metavar="MODE",
    help="Do it: replace takes the new results; never-lower keeps the better of both, exercise by exercise; "
    "only, with --student (or only:ADA,BEN), replaces those students' alone.",
)
@click.option("--undo", is_flag=True, help="Take the last regrade back.")
@ISOLATION
@EXECUTOR
@JOBS
@BLIND
@WHY
@BY
@of_class
def regrade(
    paths: tuple[Path, ...],
    students: tuple[str, ...],
    exercises: tuple[str, ...],
    preview: bool,
    mode: str | None,
    undo: bool,
    isolation: str,
    executor: str,
    jobs: int | None,
    blind: bool,
    why: str,
    by: str,
    asked: Asked,
) -> int:
    """Grade again what is in the gradebook, with the bank of now.

    PATHs are the downloads that were graded; hand-ins are known by their bytes, others are passed over. Marks, comments and rubric
    items stay whatever the grader says now. What a preview graded is kept: --apply grades nothing twice.
    """
    if undo:
        if paths or mode or preview or students or exercises or asked.assignment:
            raise UsageError(
                "--undo takes the last regrade back, all of it: leave the paths and the other flags out; "
                "`gradmark gradebook trail` lists all lines, and `gradmark gradebook undo LINE` takes one back"
            )
        return _undo(asked, why, by)
    if preview and mode:
        raise UsageError("--preview shows and --apply does: name one of them")
    if not paths:
        raise UsageError("name the downloads that were graded, or --undo")
    mode, only = _mode(mode, students)
    with read_class(asked) as found:
        whose = {found.person(named).id for named in only}
        meant = frozenset(found.exercise(named)[1] for named in exercises)
        attempts = [a for name in found.assignments for a in found.attempts(name) if not whose or a.student in whose]
        if not attempts:
            raise UsageError("the gradebook has no attempt of these students at these assignments: grade them first")
        sink = _graded_again(
            found, attempts, paths, meant, executor=executor, isolation=isolation, jobs=jobs, blind=blind
        )
        from grader.marking import regraded
        from grader.report import counted

        rule: Rule = "never-lower" if mode == "never-lower" else "replace"
        pairs = regraded(attempts, sink.results, rule, meant)
        _tell(found, pairs, attempts, blind=blind)
        changed = [pair for pair in pairs if pair.changes]
        if mode is None:
            echo("nothing is written yet: --apply does it" if changed else "nothing to apply")
            return 0
        written = found.gradebook.replace([pair.after for pair in changed], by=by, why=why or f"regrade, {mode}")
        sink.settle()
    if not written:
        echo("all is as it was: nothing to write")
        return 0
    echo(f"{counted(written, 'attempt')} with new results; `gradmark regrade --undo` takes them back")
    return 0


def _mode(mode: str | None, students: Sequence[str]) -> tuple[str | None, tuple[str, ...]]:
    """Return how to apply, None for a preview, and the students who are meant, none for all."""
    if mode is None:
        return None, tuple(students)
    name, _, listed = mode.partition(":")
    named = (*students, *(part.strip() for part in listed.split(",") if part.strip()))
    if name not in MODES or (listed and name != "only"):
        raise UsageError(f"--apply {mode} is not known: there are replace, never-lower, and only with students")
    if name == "only" and not named:
        raise UsageError("--apply only needs students: --student ADA --student BEN, or --apply only:ADA,BEN")
    return name, named


def _undo(asked: Asked, why: str, by: str) -> int:
    from grader.report import inline

    with read_class(asked) as found:
        lines = [line for line in found.gradebook.trail() if line.action == "replace" and line.undone_by is None]
        if not lines:
            raise UsageError("there is no regrade to take back")
        found.gradebook.undo(lines[-1].number, by=by, why=why)
    last = lines[-1]
    echo(
        f"taken back: line {last.number}, {inline(last.what, 200)} (by {inline(last.by, 40)}, {inline(last.why, 100)})"
    )
    return 0


# ------------------------------------------------------------------------------------------ grading
def _graded_again(
    found: ReadClass,
    attempts: Sequence[Attempt],
    paths: Sequence[Path],
    exercises: Collection[str],
    *,
    executor: str,
    isolation: str,
    jobs: int | None,
    blind: bool,
) -> AgainSink:
    """Grade the hand-ins at these paths whose bytes are those of an attempt."""
    from grader.batch import AgainSink, grader_at, pieces_again, run
    from grader.grading import out_of_reach
    from grader.report import counted
    from grader.submission import find

    course = found.course
    out_of_reach(paths, course.bank, course.kernel.packages)
    there = find(paths, None, sorted({*found.catalogue.units, *course.assignments}))
    say(there.layout)
    known = {attempt.sha256 for name in course.assignments for attempt in found.attempts(name)}
    strangers = [hand_in.hint.text for hand_in in there.hand_ins if hand_in.sha256 not in known]
    if strangers:
        more = f" and {len(strangers) - MOST_NAMED} more" if len(strangers) > MOST_NAMED else ""
        named = "" if blind else f": {', '.join(strangers[:MOST_NAMED])}{more}"
        say(f"passed over, since the gradebook has not graded them, {counted(len(strangers), 'hand-in')}{named}")
    by_seed = pieces_again(attempts, there.hand_ins, found.plans, found.catalogue, exercises)
    if not by_seed:
        raise UsageError("nothing of what is there was graded into this gradebook: name the downloads that were")
    sink = AgainSink(found.gradebook, personal=course.variants)
    for seed, pieces in by_seed.items():
        options = options_of(course, seed=seed, limits=course.bounds())
        with grader_at(executor, options.settings, isolation, jobs, say) as grader, _progress(len(pieces)) as told:
            run(pieces, grader, sink, None, told)
    return sink


@contextmanager
def _progress(total: int) -> Iterator[Callable[[Summary], None]]:
    """Yield what a run tells of itself to: a bar on a terminal, else nobody."""
    if total < 2 or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("grading again"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("grading again", total=total)

        yield lambda summary: bar.update(task, completed=summary.done)


# ------------------------------------------------------------------------------------------ preview
def _tell(found: ReadClass, pairs: Sequence[Regraded], attempts: Sequence[Attempt], *, blind: bool) -> None:
    """Print what changes and why, what that does to grades, what stays, and what was not graded again."""
    from grader.report import counted

    people = shown_as(found, blind=blind)

    def hidden(pair: Regraded, why: str) -> str:
        return scrubbed(found, pair.before.student, why, blind=blind)

    rows = [
        (
            people[p.before.student].shown if p.before.student in people else "?",
            c.exercise or "(all)",
            c.kind,
            hidden(p, c.why),
        )
        for p in pairs
        for c in p.changes
    ]
    if rows:
        show_on_terminal(plain_table(("student", "exercise", "what", "from what to what"), rows[:MOST_ROWS]))
    if len(rows) > MOST_ROWS:
        echo(f"... and {len(rows) - MOST_ROWS} more")
    count = Counter(c.kind for p in pairs for c in p.changes)
    told = ", ".join(f"{number} {kind.replace('_', ' ')}" for kind, number in count.items())
    echo(f"{counted(len(pairs), 'attempt')} graded again: {told or 'all as before'}")
    moves = moved_by(found, Instead(attempts=[pair.after for pair in pairs if pair.changes]), found.plans)
    if moves:
        echo("grades, after marks by hand and the late policy:")
        tell_moved(moves, people, exercises=False)
    elif rows:
        scores = any(c.gained for p in pairs for c in p.changes)
        echo(f"no grade changes{': not all attempts count, and what is marked by hand stays' if scores else ''}")
    _tell_what_stays(found, pairs, attempts)


def _tell_what_stays(found: ReadClass, pairs: Sequence[Regraded], attempts: Sequence[Attempt]) -> None:
    from grader.report import counted

    whose = {pair.before.student for pair in pairs}
    marks = [m for name in found.assignments for m in found.marks(name) if m.student in whose]
    comments = sum(len(mark.comments) for mark in marks)
    if marks:
        echo(f"{counted(len(marks), 'mark')} by hand with {counted(comments, 'comment')}: they stay")
    failed = [(pair.before.student, name) for pair in pairs for name in pair.failed]
    spared = sum(len(pair.spared) for pair in pairs)
    if spared:
        echo(f"{counted(spared, 'exercise')} graded lower now: what was there stays")
    if failed:
        echo(
            f"the grader itself failed at {counted(len(failed), 'exercise')} this time: the earlier results stay there"
        )
    left = len(attempts) - len(pairs)
    if left:
        echo(f"{counted(left, 'attempt')} not among these paths: as before")
