"""The maker of the sample class: every submission in ``examples/class/``, and ``EXPECTED.toml`` with their fair results.

The students are declared in ``roster/``; their files are derived, committed, and the same bytes on every machine::

    python examples/make_class.py            # write what changed, remove what no longer belongs
    python examples/make_class.py --check    # exit 1 if a file is missing, differs or does not belong
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from roster.broken import BROKEN
from roster.files import entry, files
from roster.layers import LAYERS
from roster.optimizers import OPTIMIZERS
from roster.student import Student, asked

CLASS = Path(__file__).parent / "class"
IGNORED = ("__pycache__", ".ipynb_checkpoints")
HEADER = """\
# What ought to become of each submission of the sample class, by the contract of the grader.
# Derived from examples/roster by examples/make_class.py: change it there.
#
# path       the submission, beside this file
# shows      what it is an example of
# assignment the unit that it is for; absent where nothing that can be read tells
# notebook   the status of the notebook as a whole; cell: the first code cell (from 1) that does not end well
# otherwise  the status of every exercise that is not among the items
# items      status, the diagnosed mistake where one is due, and the note of the policy under which it passed
"""


def students() -> list[Student]:
    """Return the whole class, sorted by name."""
    return sorted([*LAYERS, *OPTIMIZERS, *BROKEN], key=lambda student: student.name)


def made(class_: Iterable[Student]) -> dict[str, bytes]:
    """Make all files of the class: path to content."""
    found = {path: content for student in class_ for path, content in files(student).items()}
    return {**found, "EXPECTED.toml": expected(class_).encode()}


def expected(class_: Iterable[Student]) -> str:
    """Return the fair results of all submissions, as TOML.

    Raises:
        ValueError: a student expects a result of an exercise that does not exist.

    """
    return HEADER + "".join(f"\n{_table(student)}" for student in class_)


def _table(student: Student) -> str:
    lines = [
        "[[submission]]",
        f"path = {_text(entry(student))}",
        f"shows = {_text(student.shows)}",
        *([f"assignment = {_text(student.unit)}"] if student.told else []),
        f"notebook = {_text(student.notebook)}",
        *([f"cell = {student.cell}"] if student.cell is not None else []),
        f"otherwise = {_text(student.otherwise)}",
    ]
    if student.items or student.notes:
        lines.append("[submission.items]")
    for name in dict.fromkeys([*student.items, *student.notes]):
        if name not in asked(student.unit):
            raise ValueError(f"{student.name}: there is no exercise {name} in {student.unit}")
        status, _, mistake = student.items.get(name, student.otherwise).partition(" ")
        fields = {"status": status, "mistake": mistake, "note": student.notes.get(name, "")}
        lines.append(f"{name} = {_inline(fields)}")
    return "\n".join(lines) + "\n"


def _inline(fields: Mapping[str, str]) -> str:
    return "{ " + ", ".join(f"{key} = {_text(value)}" for key, value in fields.items() if value) + " }"


def _text(text: str) -> str:
    # For text without control characters a string of JSON is a basic string of TOML.
    return json.dumps(text, ensure_ascii=False)


def present() -> set[str]:
    """Return the paths of the files in the folder of the class, but for caches of interpreters and editors."""
    found = (path for path in CLASS.rglob("*") if path.is_file() and not set(IGNORED) & set(path.parts))
    return {path.relative_to(CLASS).as_posix() for path in found}


def main() -> None:
    """Write the class, or check it and exit with 1 if it is stale."""
    parser = argparse.ArgumentParser(description="Make the sample class.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the committed files are stale")
    arguments = parser.parse_args()
    wanted = made(students())
    changed = sorted(
        p for p, content in wanted.items() if not (CLASS / p).is_file() or (CLASS / p).read_bytes() != content
    )
    extra = sorted(present() - wanted.keys())
    if not arguments.check:
        for path in changed:
            (CLASS / path).parent.mkdir(parents=True, exist_ok=True)
            (CLASS / path).write_bytes(wanted[path])
        for path in extra:
            (CLASS / path).unlink()
            if not any((CLASS / path).parent.iterdir()):
                (CLASS / path).parent.rmdir()
    verb = ("stale", "does not belong") if arguments.check else ("written", "removed")
    for paths, what in ((changed, verb[0]), (extra, verb[1])):
        for path in paths:
            print(f"examples/class/{path}: {what}")  # noqa: T201 - what a script says
    if arguments.check and (changed or extra):
        sys.exit("run: python examples/make_class.py")


if __name__ == "__main__":
    main()
