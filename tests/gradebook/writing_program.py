"""A program that writes one attempt after another, and says after each that it is written: for tests that run several, or kill it.

It says when it is ready, and begins when it is given a line.

Usage: writing_program.py PLACE STUDENT FIRST LAST
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from book_samples import an_attempt

from grader.errors import UsageError
from grader.gradebook import Gradebook
from grader.grades import Mark


def main(place: str, student: str, first: str, last: str) -> None:
    print("ready", flush=True)  # noqa: T201 - likewise
    sys.stdin.readline()
    with Gradebook.open(place, create=True) as book:
        for number in range(int(first), int(last)):
            book.record([an_attempt(student, number), an_attempt("shared", number)], by=student)
            mark = Mark(student=student, assignment="layers", exercise="layers.relu_forward", points=number)
            book.mark([mark], by=student, why="")
            book.keep({f"key{number}": "{}"})
            print(number, flush=True)  # noqa: T201 - that is what it is for


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except UsageError as error:
        sys.exit(str(error))
