"""Files for everybody of the roster, each in a folder of their own: kits for ``release --all``, and the papers of an exam."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.terminal import echo
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.course import Course

__all__ = ["folders_of", "release_all", "table", "write_all"]

LIST = "kits.csv"
PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,79}")
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?|.*\.", re.IGNORECASE)
"""Names that Windows keeps for devices, and those whose last dot it drops."""
Made = Mapping[str, Callable[[], bytes]]
"""The files of what is released, each made when it is its turn: the kits of a class are more than a machine has to hold at once."""


class _Late(Mapping[str, bytes]):
    def __init__(self, made: Made) -> None:
        self.made = dict(sorted(made.items()))

    def __getitem__(self, path: str) -> bytes:
        return self.made[path]()

    def __iter__(self) -> Iterator[str]:
        return iter(self.made)

    def __len__(self) -> int:
        return len(self.made)


def release_all(units: Sequence[str], out: Path, course: Course, *, single: bool) -> int:
    """Write the kit of everybody in the roster, and a list of whose is in which folder.

    Args:
        units: of which the kits are; without any, all that there are.
        out: a folder or a zip archive, new.
        course: its roster, its private banks, and its salt if it has personal variants.
        single: notebooks that hold their checker, in the place of ``kit.zip``.

    Raises:
        UsageError: there is no roster, a unit has no kit, or ``out`` cannot be written.

    """
    from grader.bank import catalogue
    from grader.release import make_kit, single_file, zipped

    people = [person.id for person in course.roster.people]
    if not people:
        raise UsageError(
            "--all makes a kit for each student of the roster, and there is none: `roster` in the course file"
        )
    if out.suffix.lower() == ".ipynb":
        raise UsageError(
            f"{out} is one notebook, and there are {len(people)} students: name a folder or a .zip with --out"
        )
    banks, salt = course.bank, course.variant_salt
    known = catalogue(banks)
    names = tuple(known.unit(name).name for name in dict.fromkeys(units)) or tuple(known.units)
    folders = folders_of(people, (LIST,))

    def kit(student: str) -> bytes:
        return zipped(make_kit(names, banks=banks, student=student, variants=salt), "kit/")

    def notebook(student: str, unit: str) -> bytes:
        return single_file(unit, banks=banks, student=student, variants=salt).encode()

    files: dict[str, Callable[[], bytes]] = {LIST: lambda: table(("student", "folder"), folders.items()).encode()}
    for student, folder in folders.items():
        if single:
            files |= {f"{folder}/{unit}.ipynb": partial(notebook, student, unit) for unit in names}
        else:
            files[f"{folder}/kit.zip"] = partial(kit, student)
    write_all(files, out)
    what = ", ".join(f"{name}.ipynb" for name in names) if single else "kit.zip"
    echo(f"written: {out} ({len(people)} kits, each {what} in a folder of its student; {LIST} has whose is where)")
    return 0


def write_all(files: Made, out: Path) -> None:
    """Write files into a new folder or zip archive, whole or not at all.

    Raises:
        UsageError: something is there already, or it cannot be written.

    """
    from grader.release import Kit, write_folder, write_zip

    kit = Kit(_Late(files))
    try:
        if out.suffix.lower() == ".zip":
            if out.exists():
                raise UsageError(f"{out} is there already: name another place with --out")
            write_zip(kit, out)
        else:
            write_folder(kit, out)
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror or error}") from None


def folders_of(students: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """Return a folder for each id: the id, where that can be a name everywhere, and no other differs from it by capitals alone."""
    found: dict[str, str] = {}
    names = {name.casefold() for name in taken}
    for student in students:
        plain = PLAIN.fullmatch(student) and not RESERVED.fullmatch(student) and student.casefold() not in names
        safe = re.sub(r"[^A-Za-z0-9_-]", "_", student)[:60].strip("_-") or "student"
        folder = student if plain else f"{safe}-{sha256(student.encode()).hexdigest()[:8]}"
        names.add(folder.casefold())
        found[student] = folder
    return found


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return the text of a list as CSV; an id is no formula to a spreadsheet that opens it."""
    from grader.report import neutral

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return text.getvalue()
