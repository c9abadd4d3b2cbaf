"""CONVERSION.md: what was carried over, what was not and why, and what is to be done next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from grader.conversion.model import Left
from grader.conversion.texts import Asked, shape_of

__all__ = ["Story", "as_markdown", "in_short"]

MOST_LEFT = 400
MOST_LINES = 60
MOST_NAMED = 12


@dataclass
class Story:
    """The findings that the report tells."""

    unit: str
    source: str
    tool: str
    exercises: list[Asked] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    manual: list[tuple[int, str, float]] = field(default_factory=list)
    unpaid: list[tuple[int, str, float]] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def unsaid(self) -> list[Asked]:
        """Return the exercises of which somebody must say what their inputs are drawn from."""
        return [e for e in self.exercises if e.declared.unknown]


def in_short(story: Story) -> list[str]:
    """Return a few lines for the terminal."""
    ready = len(story.exercises) - len(story.unsaid)
    points = sum(e.points for e in story.exercises)
    exercises = _count(len(story.exercises), "exercise")
    lines = [f"{story.tool}: {exercises} with {points:g} points, {ready} with inputs that were inferred"]
    if story.unsaid:
        names = ", ".join(e.function.name for e in story.unsaid[:MOST_NAMED])
        more = f" and {len(story.unsaid) - MOST_NAMED} more" if len(story.unsaid) > MOST_NAMED else ""
        lines.append(f"to be said, from what inputs are drawn: {names}{more}")
    for what, cells in (
        ("marked by a person, and not carried over", story.manual),
        ("tests whose points went to no exercise", story.unpaid),
    ):
        if cells:
            lines.append(f"{what}: {_count(len(cells), 'cell')}, {sum(points for _, _, points in cells):g} points")
    if story.left:
        lines.append(f"not carried over: {_count(len(story.left), 'thing')}, each with its reason in CONVERSION.md")
    return lines


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


READ = """\
A notebook for {tool}, as the unit {unit} of a private bank. Its code was read and not run. Loading the bank runs the model
answers in the grader's own process, as with every bank: read `reference/` before you do."""
EXERCISES = """\
Inputs were inferred from the calls in tests: look whether the functions are asked for all of that. Values that were asserted
are tests of the model answers (`tests/`), and their arguments are among the cases."""
BY_HAND = """\
These cells stay in the notebook. Their points are given by hand, with a rubric (`gradmark rubric`, `gradmark mark`), or they
become questions (`gradmark new UNIT.NAME --form question`)."""
UNPAID = "The tests of these cells call no function that became an exercise."
UNSAID = """\
Say in `bank/`, where `FILL IN` stands, from what the inputs are drawn. Until then `gradmark stubs` and `gradmark validate`
   name these exercises, and an answer to them is not judged: the result says that it needs a person."""
CELLS = ("cell", "name", "points")


def as_markdown(story: Story) -> str:
    """Return the whole report."""
    parts = [
        f"# Conversion of {code(story.source)}",
        READ.format(tool=story.tool, unit=code(story.unit)),
        _next(story),
        _exercises(story),
    ]
    for head, said, cells in (
        ("## Marked by a person", BY_HAND, story.manual),
        ("## Points that went to no exercise", UNPAID, story.unpaid),
    ):
        if cells:
            rows = [f"| {cell} | {code(name)} | {points:g} |" for cell, name, points in cells]
            parts.append(_table(head, said, CELLS, rows))
    notes = [*story.notes]
    if story.bare:
        names = ", ".join(map(code, story.bare))
        notes.append(f"These had no docstring and got the prose above them; say there what is asked: {names}.")
    if notes:
        parts.append("## To be looked at\n\n" + "\n".join(f"- {note}" for note in notes))
    parts.append(_left(story.left))
    return "\n\n".join(parts) + "\n"


def _next(story: Story) -> str:
    steps = [
        "Read `reference/` and `bank/`.",
        *([UNSAID] if story.unsaid else []),
        "`gradmark stubs --course course.toml` examines every declaration and derives the stubs.",
        "`gradmark validate --course course.toml` grades the grader: it shows where a wrong answer would pass.",
        "Declare the mistakes that your students make: each is then told by its sentence.",
    ]
    return "## Next\n\n" + "\n".join(f"{i}. {step}" for i, step in enumerate(steps, 1))


def _exercises(story: Story) -> str:
    if not story.exercises:
        return "## Exercises\n\nNone: no test calls a function of a solution."
    rows = []
    for e in story.exercises:
        inputs = "; ".join(f"{name}: {text}" for name, text in e.declared.inputs.items())
        unsaid = ", ".join(map(code, e.declared.unknown))
        drawn = f"**to be said**: {unsaid}" if unsaid else code(_short(inputs))
        rows.append(f"| {code(shape_of(e.function))} | {e.points:g} | {drawn} | {len(e.asserted)} |")
    columns = ("function", "points", "inputs are drawn from", "values")
    return _table("## Exercises", EXERCISES, columns, rows)


def _short(text: str) -> str:
    return text if len(text) <= 160 else text[:157] + "..."


def _table(head: str, said: str, columns: Sequence[str], rows: Sequence[str]) -> str:
    return "\n".join([head, "", said, "", f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}", *rows])


def _left(left: Sequence[Left]) -> str:
    if not left:
        return "## Not carried over\n\nNothing."
    parts = ["## Not carried over"]
    for one in left[:MOST_LEFT]:
        text = f"Cell {one.cell}: {plain(one.reason)}."
        if one.text.strip():
            lines = one.text.strip("\n").split("\n")
            lines = lines[:MOST_LINES] + (
                [f"# ... and {len(lines) - MOST_LINES} lines more"] if len(lines) > MOST_LINES else []
            )
            body = "\n".join("".join(c for c in line if c.isprintable() or c == "\t")[:500] for line in lines)
            fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`{3,}", body)), 3)
            text += f"\n\n{fence}python\n{body}\n{fence}"
        parts.append(text)
    if len(left) > MOST_LEFT:
        parts.append(f"And {len(left) - MOST_LEFT} more.")
    return "\n\n".join(parts)


def code(text: str) -> str:
    """Return a text of somebody else's as code in a line of Markdown."""
    kept = "".join(c if c.isprintable() else " " for c in text)[:200].replace("`", "'").replace("|", "\\|").strip()
    return f"`{kept}`" if kept else "–"


def plain(text: str) -> str:
    """Return a text of ours that quotes names of somebody else's, so that it lays out nothing."""
    return re.sub(r"([\\`*_<>\[\]#|])", r"\\\1", "".join(c if c.isprintable() else " " for c in text))
