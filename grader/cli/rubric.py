"""The command for what is decided once and holds for many: ``gradmark rubric``."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.graded import WHY, Asked, Instead, ReadClass, of_class, read_class
from grader.cli.options import BY, PATH
from grader.cli.previews import APPLY, BLIND, known_exercises, moved_by, plain_table, shown_as, tell_moved, written_to
from grader.cli.terminal import echo, show_on_terminal
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.grades import Mark, RubricItem

__all__ = ["rubric"]


@click.group()
def rubric() -> None:
    """Keep rubric items: points and a text, applied to whoever they fit; an edit changes what is marked already."""


@rubric.command(name="list")
@click.argument("exercise", required=False)
@of_class
def list_rubric(exercise: str | None, asked: Asked) -> int:
    """List the items, of one EXERCISE or of all, with how many they are applied to."""
    with read_class(asked) as found:
        wanted = found.exercise(exercise)[1] if exercise else None
        items = [item for item in found.gradebook.rubric(wanted) if item.active]
        applied = [ident for mark in found.gradebook.marks() for ident in mark.rubric]
    if not items:
        echo("there is no rubric item yet; `gradmark rubric add` makes one")
        return 0
    rows = [(i.id, i.exercise, f"{i.points:+g}", str(applied.count(i.id)), i.text) for i in items]
    show_on_terminal(plain_table(("id", "exercise", "points", "applied", "text"), rows))
    return 0


@rubric.command(name="add")
@click.argument("ident", metavar="ID")
@click.argument("exercise")
@click.option("--points", type=float, required=True, metavar="P", help="Added to the exercise; less than 0 takes away.")
@click.option("--text", required=True, metavar="TEXT", help="The text, for the student.")
@WHY
@BY
@of_class
def add_rubric(ident: str, exercise: str, points: float, text: str, why: str, by: str, asked: Asked) -> int:
    """Add an item with the name ID to an EXERCISE; it is applied to nobody yet."""
    from grader.marking import rubric_of
    from grader.report import counted

    with read_class(asked) as found:
        full = found.exercise(exercise)[1]
        item = rubric_of({"id": ident, "exercise": full, "points": points, "text": text})
        if any(known.id == ident and known.active for known in found.gradebook.rubric()):
            raise UsageError(f"there is a rubric item {ident!r} already; `gradmark rubric edit` changes it")
        still = {mark.student for mark in found.gradebook.marks() if ident in mark.rubric}
        if still:  # it would apply to them at once, unseen
            raise UsageError(
                f"there was a rubric item {ident!r}, and {counted(len(still), 'student')} had it when it was taken back: "
                "choose another ID, or bring it back with `gradmark rubric import`, which shows what that changes"
            )
        found.gradebook.set_rubric([item], by=by, why=why)
    echo(f"added: {ident}, {item.points:+g} at {full}; `gradmark rubric apply {ident} STUDENT...` applies it")
    return 0


@rubric.command(name="edit")
@click.argument("ident", metavar="ID")
@click.option("--points", type=float, metavar="P", help="Other points.")
@click.option("--text", metavar="TEXT", help="Another text.")
@APPLY
@BLIND
@WHY
@BY
@of_class
def edit_rubric(
    ident: str, points: float | None, text: str | None, apply_: bool, blind: bool, why: str, by: str, asked: Asked
) -> int:
    """Change an item, for all to whom it is applied; without --apply, what that comes to is shown."""
    from grader.marking import rubric_of

    if points is None and text is None:
        raise UsageError("say what to change: --points, --text, or both")
    with read_class(asked) as found:
        old = _item(found, ident)
        changes = {"points": old.points if points is None else points, "text": old.text if text is None else text}
        return _edited(found, [rubric_of({**vars(old), **changes})], why, by=by, apply_=apply_, blind=blind)


@rubric.command(name="remove")
@click.argument("ident", metavar="ID")
@APPLY
@BLIND
@WHY
@BY
@of_class
def remove_rubric(ident: str, apply_: bool, blind: bool, why: str, by: str, asked: Asked) -> int:
    """Take an item back, from all to whom it is applied; without --apply, what that comes to is shown."""
    with read_class(asked) as found:
        item = replace(_item(found, ident), active=False)
        return _edited(found, [item], why, by=by, apply_=apply_, blind=blind)


@rubric.command(name="apply")
@click.argument("ident", metavar="ID")
@click.argument("students", nargs=-1, metavar="STUDENT...")
@click.option("--mistake", metavar="CODE", help="Everybody with this diagnosis: its code, or its end.")
@click.option("--take-off", is_flag=True, help="Take it off instead.")
@APPLY
@BLIND
@WHY
@BY
@of_class
def apply_rubric(
    ident: str,
    students: tuple[str, ...],
    mistake: str | None,
    take_off: bool,
    apply_: bool,
    blind: bool,
    why: str,
    by: str,
    asked: Asked,
) -> int:
    """Apply an item to students, or to everybody with a mistake; without --apply, what that comes to is shown."""
    if not students and mistake is None:
        raise UsageError("name a STUDENT, several, or a --mistake")
    with read_class(asked) as found:
        item = _item(found, ident)
        assignment, exercise = found.exercise(item.exercise)
        whose = {found.person(named).id for named in students}
        if mistake is not None:
            whose |= _with_mistake(found, assignment, exercise, mistake)
        marks = [m for student in sorted(whose) if (m := _applied(found, student, assignment, item, take_off=take_off))]
        people = shown_as(found, blind=blind)
        tell_moved(moved_by(found, Instead(marks=marks), found.plans), people)
        if not apply_:
            echo(
                f"{len(marks)} of {len(whose)} students would get another mark; nothing is written yet: --apply does it"
            )
            return 0
        written = found.gradebook.mark(
            marks, by=by, why=why or f"rubric item {ident}{' taken off' if take_off else ''}"
        )
    echo(f"marks written: {written}")
    return 0


def _with_mistake(found: ReadClass, assignment: str, exercise: str, mistake: str) -> set[str]:
    """Return who has a diagnosis at an exercise, given by its code or the end of it.

    Raises:
        UsageError: nobody has.

    """
    has: dict[str, set[str]] = {}
    for grade in found.graded(assignment):
        for own in (e for e in grade.exercises if e.exercise == exercise):
            for code in own.mistakes:
                has.setdefault(code, set()).add(grade.person.id)
    meant = {code for code in has if code == mistake or code.rpartition("/")[2] == mistake}
    if not meant:
        near = difflib.get_close_matches(mistake, list(has), 3) or sorted(has)[:5]
        raise UsageError(f"nobody has the mistake {mistake!r} at {exercise}; there are {', '.join(near) or 'none'}")
    return set().union(*(has[code] for code in meant))


def _applied(found: ReadClass, student: str, assignment: str, item: RubricItem, *, take_off: bool) -> Mark | None:
    """Return the mark with the item on it, or off it; None if it is so already."""
    from grader.grades import Mark

    there = (m for m in found.gradebook.marks(assignment, student) if m.exercise == item.exercise)
    mark = next(there, Mark(student=student, assignment=assignment, exercise=item.exercise))
    if (item.id in mark.rubric) is not take_off:
        return None
    others = tuple(ident for ident in mark.rubric if ident != item.id)
    return replace(mark, rubric=others if take_off else (*others, item.id))


@rubric.command(name="export")
@click.argument("path", type=PATH, metavar="FILE")
@of_class
def export_rubric(path: Path, asked: Asked) -> int:
    """Write the items to a FILE, .toml or .csv, for another year."""
    from grader.marking import written_rubric

    with read_class(asked) as found:
        items = [item for item in found.gradebook.rubric() if item.active]
    return written_to(path, written_rubric(items, path), f"items: {len(items)}")


@rubric.command(name="import")
@click.argument("path", type=PATH, metavar="FILE")
@APPLY
@BLIND
@WHY
@BY
@of_class
def import_rubric(path: Path, apply_: bool, blind: bool, why: str, by: str, asked: Asked) -> int:
    """Take items from a FILE, .toml or .csv; those of an id that is there take its place, shown first without --apply."""
    from grader.marking import read_rubric

    with read_class(asked) as found:
        items = read_rubric(path)
        known_exercises(found, path, (item.exercise for item in items))
        return _edited(found, items, why or f"from {path.name}", by=by, apply_=apply_, blind=blind)


def _item(found: ReadClass, ident: str) -> RubricItem:
    items = {item.id: item for item in found.gradebook.rubric() if item.active}
    if ident not in items:
        near = difflib.get_close_matches(ident, list(items), 3) or list(items)[:5]
        raise UsageError(f"there is no rubric item {ident!r}; there are {', '.join(near) or 'none'}")
    return items[ident]


def _edited(found: ReadClass, items: Sequence[RubricItem], why: str, *, by: str, apply_: bool, blind: bool) -> int:
    """Show what items come to in the place of those of their ids, and write them if that is asked."""
    tell_moved(moved_by(found, Instead(rubric=items), found.plans), shown_as(found, blind=blind))
    if not apply_:
        echo("nothing is written yet: --apply does it")
        return 0
    echo(f"rubric items written: {found.gradebook.set_rubric(items, by=by, why=why)}")
    return 0
