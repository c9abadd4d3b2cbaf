"""The command for marks by hand: ``gradmark mark``."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.graded import WHY, Asked, Instead, ReadClass, of_class, read_class
from grader.cli.options import BY, PATH
from grader.cli.previews import BLIND, moved_by, shown_as, tell_moved
from grader.cli.terminal import echo
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.grades import Grade, Mark
    from grader.marking import Wanted
    from grader.people import Person

__all__ = ["mark"]


@click.command()
@click.argument("student", required=False)
@click.argument("exercise", required=False)
@click.option(
    "--points", type=float, metavar="P", help="Points in the place of the automatic ones, on the course's scale."
)
@click.option("--automatic", is_flag=True, help="The automatic points again; comments and the rest stay.")
@click.option(
    "--comment", multiple=True, metavar="TEXT", help="A comment for the student, beside those that are there."
)
@click.option("--rubric", multiple=True, metavar="ID", help="Apply an item of the rubric; -ID takes it off.")
@click.option(
    "--honour/--no-honour",
    default=None,
    help="Pay a backward pass that fits the student's own forward pass, or no longer.",
)
@click.option(
    "--honour-all", metavar="EXERCISE", help="Honour it for all who have that note: who and how much; see --apply."
)
@click.option(
    "--excuse/--no-excuse",
    default=None,
    help="Excuse the student from the assignment: no number, no zero; or no longer.",
)
@click.option("--clear", is_flag=True, help="Take all of the mark back.")
@click.option("--csv", "csv_file", type=PATH, metavar="FILE", help="Write all marks as a spreadsheet.")
@click.option("--export", is_flag=True, help="Goes with --csv, which it makes plain.")
@click.option(
    "--from", "from_file", type=PATH, metavar="FILE", help="Take the marks that were changed in a spreadsheet."
)
@click.option("--preview", is_flag=True, help="With --from and --honour-all: show what would change (so without it).")
@click.option("--apply", "apply_", is_flag=True, help="With --from and --honour-all: do it.")
@BLIND
@WHY
@BY
@of_class
def mark(
    student: str | None,
    exercise: str | None,
    points: float | None,
    automatic: bool,
    comment: tuple[str, ...],
    rubric: tuple[str, ...],
    honour: bool | None,
    honour_all: str | None,
    excuse: bool | None,
    clear: bool,
    csv_file: Path | None,
    export: bool,
    from_file: Path | None,
    preview: bool,
    apply_: bool,
    blind: bool,
    why: str,
    by: str,
    asked: Asked,
) -> int:
    """Mark an EXERCISE of a STUDENT by hand; without EXERCISE, the assignment as a whole.

    The student is named by id, login or address. What the grader found is not touched: a mark lies above it, and no regrade takes
    it away. For many at a time: --csv writes a spreadsheet, --from takes what was changed in it, all of it or nothing.
    """
    ways = [student is not None, honour_all is not None, csv_file is not None, from_file is not None]
    if sum(ways) != 1:
        raise UsageError("name a STUDENT, or one of --honour-all, --csv and --from")
    if export and csv_file is None:
        raise UsageError("--export goes with --csv FILE: name the file to write")
    if preview and apply_:
        raise UsageError("--preview shows and --apply does: name one of them")
    from grader.marking import Wanted

    wanted = Wanted(points=points, automatic=automatic, comments=comment, rubric=rubric, honour=honour, excused=excuse)
    if student is None and (clear or wanted != Wanted()):
        raise UsageError(
            "--points, --comment and the like are for one student: name the STUDENT, and leave the file out"
        )
    if student is not None and (preview or apply_):
        raise UsageError("--preview and --apply go with --from and --honour-all: one mark is written at once")
    if student is not None and wanted == Wanted() and not clear:
        raise UsageError("say what to decide: --points, --comment, --rubric, --honour, --excuse or --clear")
    if clear and wanted != Wanted():
        raise UsageError("--clear takes all back: leave the others out, or run it first")
    with read_class(asked) as found:
        if csv_file is not None:
            return _export(found, csv_file, blind=blind)
        if from_file is not None:
            marks = _from_file(found, from_file)
            return _several(found, marks, why or f"from {from_file.name}", by=by, apply_=apply_, blind=blind)
        if honour_all is not None:
            marks = _all_honoured(found, honour_all)
            if not marks:
                echo("nobody has something to honour there")
                return 0
            return _several(found, marks, why or "honoured for all", by=by, apply_=apply_, blind=blind)
        return _one(found, student or "", exercise, None if clear else wanted, why, by)


# ---------------------------------------------------------------------------------------- one mark
def _one(found: ReadClass, student: str, named: str | None, wanted: Wanted | None, why: str, by: str) -> int:
    from grader.marking import cleared, exercise_line

    person = found.person(student)
    assignment, exercise = found.exercise(named) if named is not None else (_only(found), "")
    before = _grade_of(found, assignment, person)
    if exercise and not any(one.exercise == exercise for one in before.exercises):
        raise UsageError(
            f"{exercise} is not on the paper of {person.id}: `gradmark grades --student {person.id}` shows what is"
        )
    present = _present(found, person.id, assignment, exercise)
    new = cleared(present) if wanted is None else _marked(found, present, before, wanted)
    written = found.gradebook.mark([new], by=by, why=why)
    after = _grade_of(found, assignment, person)
    if not written:
        echo("nothing changed: it is marked so already")
        return 0
    pairs = [(a, b) for a, b in zip(before.exercises, after.exercises, strict=True) if b.exercise == exercise]
    for a, b in pairs:
        echo(
            exercise_line(a, b) if abs(a.points - b.points) > 1e-9 else f"{b.exercise} {b.points:g} of {b.max_points:g}"
        )
    echo(f"{_shown(person, student)}, {assignment}: {_told(before)} → {_told(after)} of {after.max_points:g}")
    return 0


def _shown(person: Person, named: str) -> str:
    """Return how to call a person: by the pseudonym if that is how they were named."""
    from grader.report import inline

    return inline(named if named.startswith("student-") and named != person.id else person.shown, 60)


def _told(grade: Grade) -> str:
    return "EX" if grade.state == "excused" else "–" if grade.points is None else f"{round(grade.points, 3):g}"


def _only(found: ReadClass) -> str:
    if len(found.assignments) != 1:
        raise UsageError(
            "name the EXERCISE, or the assignment with --assignment: there are " + ", ".join(found.assignments)
        )
    return found.assignments[0]


def _grade_of(found: ReadClass, assignment: str, person: Person) -> Grade:
    return next(grade for grade in found.graded(assignment) if grade.person.id == person.id)


def _present(found: ReadClass, student: str, assignment: str, exercise: str) -> Mark:
    from grader.grades import Mark

    there = (m for m in found.marks(assignment) if (m.student, m.exercise) == (student, exercise))
    return next(there, Mark(student=student, assignment=assignment, exercise=exercise))


def _marked(found: ReadClass, present: Mark, grade: Grade, wanted: Wanted) -> Mark:
    from grader.marking import honourable, mark_of

    plan = found.plans[present.assignment]
    most = next((e.points for e in plan.exercises if e.name == present.exercise), grade.max_points)
    return mark_of(
        present,
        wanted,
        most=math.inf if plan.assignment.over else most,
        rubric={item.id: item for item in found.gradebook.rubric()},
        may_honour=honourable(grade.attempt, present.exercise),
    )


# ------------------------------------------------------------------------------------ many at a time
def _several(found: ReadClass, marks: Sequence[Mark], why: str, *, by: str, apply_: bool, blind: bool) -> int:
    """Show what marks would come to, and write them if that is asked."""
    people = shown_as(found, blind=blind)
    if not marks:
        echo("nothing was changed in it")
        return 0
    tell_moved(moved_by(found, Instead(marks=marks), found.plans), people)
    if not apply_:
        echo(f"{len(marks)} mark{'' if len(marks) == 1 else 's'} to write; nothing is written yet: --apply does it")
        return 0
    written = found.gradebook.mark(marks, by=by, why=why)
    echo(f"{written} mark{'' if written == 1 else 's'} written; `gradmark gradebook undo` takes them back")
    return 0


def _all_honoured(found: ReadClass, named: str) -> list[Mark]:
    """Return the marks that honour an exercise for all whose attempt that counts has something to honour there."""
    from grader.marking import honourable

    assignment, exercise = found.exercise(named)
    marks = []
    for grade in found.graded(assignment):
        if honourable(grade.attempt, exercise):
            present = _present(found, grade.person.id, assignment, exercise)
            if not present.honour:
                marks.append(replace(present, honour=True))
    return marks


def _export(found: ReadClass, path: Path, *, blind: bool) -> int:
    from grader.marking import written_marks
    from grader.writing import write_whole

    people = shown_as(found, blind=blind)
    grades = [_as(g, people) for name in found.assignments for g in found.graded(name)]
    grades.sort(key=lambda g: g.person.id) if blind else None
    marks = [
        replace(m, student=people[m.student].id if m.student in people else m.student)
        for name in found.assignments
        for m in found.marks(name)
    ]
    try:
        write_whole(path, written_marks(grades, marks))
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from None
    echo(f"written: {path}; change points, comment, rubric, honour or excused, then `gradmark mark --from {path}`")
    return 0


def _as(grade: Grade, people: Mapping[str, Person]) -> Grade:
    return replace(grade, person=people[grade.person.id])


def _from_file(found: ReadClass, path: Path) -> list[Mark]:
    """Return the marks that were changed in a spreadsheet, which may have been written in blind mode."""
    from grader.marking import changed_marks

    names = {person.id: person.id for person in found.people}
    if found.course.salt:
        names |= {other.id: ident for ident, other in shown_as(found, blind=True).items() if other.id not in names}
    over = {name for name, plan in found.plans.items() if plan.assignment.over}
    return changed_marks(
        path,
        [grade for name in found.assignments for grade in found.graded(name)],
        [m for name in found.assignments for m in found.marks(name)],
        {item.id: item for item in found.gradebook.rubric()},
        names=names,
        over=over,
    )
