"""The command for requests of students to look at an exercise again: ``gradmark dispute``, an inbox."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from grader.cli.graded import Asked, ReadClass, of_class, read_class
from grader.cli.options import BY, PATH
from grader.cli.previews import BLIND, plain_table, scrubbed, shown_as, written_to
from grader.cli.terminal import echo, show_on_terminal
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.grades import ExerciseGrade, Request

__all__ = ["dispute"]

SHOWN = 10
"""The digits of an id that lists show; the beginning of an id is enough to name it."""
STATES = ("open", "accepted", "declined", "all")


@click.group()
def dispute() -> None:
    """Take requests of students to look at an exercise again, and answer them.

    A request is a small file, JSON or TOML, which a student writes from what their card says: docs/how-to/regrade.md shows one.
    """


@dispute.command(name="new")
@click.argument("exercise")
@click.option("--text", required=True, metavar="TEXT", help="What you hold to be wrong with the verdict.")
@click.option(
    "--counterexample",
    type=PATH,
    metavar="FILE",
    help="JSON with inputs, expected (what you hold to be right) and got (what your function returned).",
)
@click.option("--assignment", default="", metavar="NAME", help="The assignment.")
@click.option("--out", type=PATH, default=Path("request.json"), show_default=True, metavar="FILE", help="The request.")
def new_request(exercise: str, text: str, counterexample: Path | None, assignment: str, out: Path) -> int:
    """Write a request about an EXERCISE, to be handed to whoever grades; nothing is sent."""
    from grader.marking import written_request

    example: Mapping[str, Any] = {}
    if counterexample is not None:
        try:
            example = json.loads(counterexample.read_text(encoding="utf-8"))
        except OSError as error:
            raise UsageError(f"{counterexample} cannot be read: {error.strerror or error}") from None
        except (ValueError, RecursionError):
            raise UsageError(f"{counterexample} is no JSON") from None
    if out.exists():
        raise UsageError(f"{out} is there already: name another file with --out")
    return written_to(out, written_request(exercise, text, example, assignment), "hand it to whoever grades")


@dispute.command(name="add")
@click.argument("files", nargs=-1, required=True, type=PATH, metavar="FILE...")
@click.option("--student", metavar="WHO", help="Whom it is from; without it, whom the file names.")
@BY
@of_class
def add_request(files: tuple[Path, ...], student: str | None, by: str, asked: Asked) -> int:
    """Put requests into the inbox. A student has at most one open request for each exercise."""
    refused: list[str] = []
    with read_class(asked) as found:
        for path in files:
            try:
                request, own_word = _request(found, path, student)
                _add(found, request, by)
            except UsageError as error:
                refused.append(str(error))
                continue
            note = " (by the file's own word)" if own_word else ""
            echo(f"{request.id[:SHOWN]}: {request.student}{note}, {request.exercise}")
    if refused:
        more = f" (and {len(refused) - 1} more refused)" if len(refused) > 1 else ""
        raise UsageError(f"{refused[0]}{more}")
    return 0


def _request(found: ReadClass, path: Path, student: str | None) -> tuple[Request, bool]:
    """Read a request, of a student of the class and an exercise of an assignment; say if the file alone names the student."""
    from datetime import UTC, datetime

    from grader.marking import read_request, request_of

    file = read_request(path)
    if student is None and not file.student:
        raise UsageError(f"{path} does not say whom it is from: name the student with --student")
    try:
        person = found.person(student if student is not None else file.student)
        if student is not None and file.student and found.person(file.student).id != person.id:
            raise UsageError(f"it says that it is from {file.student!r}, and not from {person.id}")
        assignment, exercise = found.exercise(file.exercise, file.assignment or None)
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None
    made = request_of(file, student=person.id, assignment=assignment, exercise=exercise, at=datetime.now(UTC))
    return made, student is None


def _add(found: ReadClass, request: Request, by: str) -> None:
    for known in found.gradebook.requests():
        if known.id == request.id:
            raise UsageError(f"the same request is there already, {known.state}: {known.id[:SHOWN]}")
        whose = (known.student, known.assignment, known.exercise)
        if known.state == "open" and whose == (request.student, request.assignment, request.exercise):
            raise UsageError(
                f"{known.student} has an open request for {known.exercise} already, {known.id[:SHOWN]}: answer that one first"
            )
    found.gradebook.add_request(request, by=by)


@dispute.command(name="list")
@click.option("--state", type=click.Choice(STATES), default="open", show_default=True, help="Those in this state.")
@BLIND
@of_class
def list_requests(state: str, blind: bool, asked: Asked) -> int:
    """List the requests, in the order in which they came."""
    with read_class(asked) as found:
        people = shown_as(found, blind=blind)
        requests = [
            r for r in found.gradebook.requests(None if state == "all" else state) if r.assignment in found.assignments
        ]
        rows = [
            (
                r.id[:SHOWN],
                people[r.student].shown if r.student in people else "?",
                r.exercise,
                r.state,
                scrubbed(found, r.student, r.text, blind=blind),
            )
            for r in requests
        ]
    if not rows:
        echo("no request" if state == "all" else f"no request is {state}")
    else:
        show_on_terminal(plain_table(("id", "student", "exercise", "state", "text"), rows))
    return 0


@dispute.command(name="show")
@click.argument("ident", metavar="ID")
@BLIND
@of_class
def show_request(ident: str, blind: bool, asked: Asked) -> int:
    """Show a request: its text, what the grade says, and its numbers beside what the model answer gives for the same inputs."""
    from grader.marking import model_answer
    from grader.report import clean, inline

    with read_class(asked) as found:
        request = _named(found, ident)
        people = shown_as(found, blind=blind)
        who = people[request.student].shown if request.student in people else "?"
        when = f", {request.at:%Y-%m-%d %H:%M}" if request.at else ""
        echo(
            f"{request.id[:SHOWN]} · {inline(who, 60)} · {request.exercise} ({request.assignment}) · {request.state}{when}"
        )
        echo(_graded_as(found, request, blind=blind))
        echo(f"\n{clean(scrubbed(found, request.student, request.text, blind=blind))}\n")
        if request.answer:
            echo(f"answer: {clean(scrubbed(found, request.student, request.answer, blind=blind))}\n")
        if request.counterexample.get("inputs"):
            answer = model_answer(found.catalogue.exercise(request.exercise), request.counterexample)
            _beside(request.counterexample, answer.outputs, lambda t: scrubbed(found, request.student, t, blind=blind))
            echo(inline(answer.problem, 400) if answer.problem else "\n".join(inline(s, 300) for s in answer.sentences))
        else:
            echo("it has no inputs, so the model answer has nothing to say")
    return 0


def _graded_as(found: ReadClass, request: Request, *, blind: bool) -> str:
    """Return a line on how the exercise stands now; in blind mode its message names nobody."""
    from grader.report import WORDS, inline

    grades = found.graded(request.assignment) if request.assignment in found.plans else []
    own = [g for g in grades if g.person.id == request.student]
    exercise: ExerciseGrade | None = next((e for g in own for e in g.exercises if e.exercise == request.exercise), None)
    if exercise is None:
        return "the exercise is in no grade of theirs"
    status = WORDS[exercise.status] if exercise.status else "not handed in"
    message = scrubbed(found, request.student, exercise.message, blind=blind)
    says = f": {inline(message, 200)}" if message else ""
    return f"graded {exercise.points:g} of {exercise.max_points:g}, {status}{says}"


def _beside(counterexample: Mapping[str, Any], right: Mapping[str, Any], told: Callable[[str], str]) -> None:
    """Print the inputs, and of each output what the student expects and got and what the model answer is, each as ``told``."""
    for name, value in (counterexample.get("inputs") or {}).items():
        echo(f"input {name}:\n{told(_numbers(value))}")
    expected, got = counterexample.get("expected") or {}, counterexample.get("got") or {}
    for name in dict.fromkeys((*expected, *got, *right)):
        for of, values in (("the student expects", expected), ("the student got", got), ("the model answer", right)):
            if name in values:
                echo(f"{name}, {of}:\n{told(_numbers(values[name]))}")


def _numbers(value: Any) -> str:
    """Return a value as text, indented: numbers as an array, six digits each, large arrays in part; anything else as JSON."""
    import textwrap

    import numpy as np

    from grader.report import clean

    try:
        if not _is_of_numbers(value):
            raise TypeError
        array = np.array(value, dtype=np.float64)  # texts for numbers too, "NaN"
    except (TypeError, ValueError):
        told = clean(json.dumps(value, default=str), limit=1000, lines=12)
    else:
        told = np.array2string(array, precision=6, threshold=60, max_line_width=74, suppress_small=False)
    return textwrap.indent(told, "    ")


def _is_of_numbers(value: Any) -> bool:
    """Return True if nothing is in it that numpy would make a number of and is none: null, a truth value, a text with digits."""
    if isinstance(value, list):
        return all(map(_is_of_numbers, value))
    return value in ("NaN", "Infinity", "-Infinity") if isinstance(value, str) else type(value) in (int, float)


@dispute.command(name="answer")
@click.argument("ident", metavar="ID")
@click.option("--accept", "state", flag_value="accepted", help="The student is right.")
@click.option("--decline", "state", flag_value="declined", help="The verdict stands.")
@click.option("--say", required=True, metavar="TEXT", help="What the student is told.")
@BY
@of_class
def answer_request(ident: str, state: Literal["accepted", "declined"] | None, say: str, by: str, asked: Asked) -> int:
    """Answer a request. The points stay as they are: to change them use "gradmark mark", or a regrade."""
    from grader.report import inline

    if state is None:
        raise UsageError("say which: --accept or --decline")
    if not say.strip():
        raise UsageError("--say is empty: the student is told nothing")
    with read_class(asked) as found:
        request = _named(found, ident)
        if request.state != "open":
            raise UsageError(
                f"{request.id[:SHOWN]} is answered already, {request.state}: {inline(request.answer, 100)}"
            )
        found.gradebook.answer_request(request.id, state, say.strip(), by=by)
    echo(f"{request.id[:SHOWN]} is {state}")
    if state == "accepted":
        echo(
            f"the points are as they were: `gradmark mark {request.student} {request.exercise} --points P` gives others"
        )
    return 0


def _named(found: ReadClass, ident: str) -> Request:
    """Return the request whose id begins so.

    Raises:
        UsageError: there is none, or more than one.

    """
    meant = [r for r in found.gradebook.requests() if ident and r.id.startswith(ident.lower())]
    if len(meant) != 1:
        raise UsageError(
            f"{len(meant)} requests have an id that begins with {ident!r}: name more of it"
            if meant
            else f"there is no request {ident!r}; see `gradmark dispute list --state all`"
        )
    return meant[0]
