"""The layout of what was handed in: the root of a submission among its files, and a folder that holds several students' work.

Names go in, and names come out; no file is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from grader.submission.reading import Unreadable

__all__ = ["folders_of", "listed", "one_student", "passed_over", "root_of", "rooted", "roots_of"]

MOST_NAMED = 8


def root_of(names: Iterable[str], unit: str) -> str:
    """Return the folder that holds the ``exercises/<unit>.py`` of a submission, at whatever depth; "" for the top.

    Raises:
        Unreadable: several folders, none of them above the others, hold one.

    """
    tops = _topmost(roots_of(names, unit))
    one_student([tops])
    return tops[0] if tops else ""


def roots_of(names: Iterable[str], unit: str) -> list[str]:
    """Return the folders that hold an ``exercises/<unit>.py``."""
    return [_above(PurePosixPath(name).parent) for name in names if _is_module(name, unit)]


def rooted(files: Mapping[str, bytes], root: str, notebooks: Iterable[str]) -> dict[str, bytes]:
    """Return files by their names from a root on; where a notebook lies elsewhere, all files, and ``exercises/`` at the top too."""
    if not root:
        return dict(files)
    inside = {name.removeprefix(f"{root}/"): data for name, data in files.items() if name.startswith(f"{root}/")}
    if all(name.startswith(f"{root}/") for name in notebooks):
        return inside
    exercises = {name: data for name, data in inside.items() if name.startswith("exercises/")}
    return {**exercises, **files} if "exercises" not in files else dict(files)


def one_student(work: Iterable[Iterable[str]]) -> None:
    """Refuse folders that stand side by side and each hold work of one kind for one assignment.

    Args:
        work: by kind (the modules of a unit, its notebooks) the folders that hold some.

    Raises:
        Unreadable: of one kind there are several; the message counts and names all that hold any work.

    """
    kinds = [list(folders) for folders in work]
    if any(len(_topmost(folders)) > 1 for folders in kinds):
        tops = _topmost(folder for folders in kinds for folder in folders)
        raise Unreadable(
            f"this is a class of {len(tops)}: {listed(tops)} each hold work. Grade all with `gradmark batch` or with --as auto,"
            " or give each as a path of its own"
        )


def folders_of(notebooks: Iterable[str]) -> list[str]:
    """Return the folders that notebooks stand in; a folder ``notebooks`` belongs to the one above it."""
    found = (PurePosixPath(name).parent for name in notebooks)
    return [_text(folder.parent if folder.name == "notebooks" else folder) for folder in found]


def passed_over(names: Iterable[str], unit: str) -> list[str]:
    """Return the modules ``exercises/<unit>.py`` among names that do not stand at the top."""
    return sorted(name for name in names if _is_module(name, unit) and name.count("/") > 1)


def listed(names: Iterable[str]) -> str:
    """Return names in a row, of many the first and how many there are besides."""
    known = list(names)
    more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    return ", ".join(known[:MOST_NAMED]) + more


def _is_module(name: str, unit: str) -> bool:
    return f"/{name}".endswith(f"/exercises/{unit}.py")


def _above(folder: PurePosixPath) -> str:
    return _text(folder.parent)


def _text(folder: PurePosixPath) -> str:
    return "" if folder == PurePosixPath(".") else folder.as_posix()


def _topmost(folders: Iterable[str]) -> list[str]:
    """Return the folders that stand in none of the others, sorted."""
    known = set(folders)
    return sorted(f for f in known if not any(other in known for other in _parents(f)))


def _parents(folder: str) -> set[str]:
    return {_text(parent) for parent in PurePosixPath(folder).parents} if folder else set()
