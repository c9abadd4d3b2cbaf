"""The hand-ins at some paths: the layout is recognised, and they are listed. Nothing is read but names, and what tells of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.errors import UsageError
from grader.submission.downloads import canvas, collected, gradescope, moodle, nbgrader, plain, repositories
from grader.submission.downloads.hand_in import HandIn, Hint, is_work
from grader.submission.downloads.layout import Laid, counted
from grader.submission.downloads.places import Archive, Member
from grader.submission.downloads.tree import Tree, from_path, inside
from grader.submission.reading import Unreadable

__all__ = ["LAYOUTS", "Found", "find", "told_class"]

Recognise = Callable[..., Laid | None]
PLATFORMS: dict[str, Recognise] = {
    # In this order: the more a layout says of itself, the earlier it is asked.
    "collected": collected.recognise,
    "gradescope": gradescope.recognise,
    "moodle": moodle.recognise,
    "canvas": canvas.recognise,
    "nbgrader": nbgrader.recognise,
    "repositories": repositories.recognise,
}
LAYOUTS = (*PLATFORMS, "folders", "files", "student")
"""The names that ``--layout`` takes; ``student`` takes each path as what one student handed in."""
MOST_NESTED = 50
"""The most archives in an archive that are looked into for a class."""


@dataclass(frozen=True)
class Found:
    """The hand-ins of some paths.

    Args:
        layout: what they are, in a line: ``Canvas download: 31 files of 28 students, 3 late``.
        name: the layout's name; of several, with commas between.
        hand_ins: in the order of their names, path by path.
        left: what was passed over, with a reason where there is one.

    """

    layout: str
    name: str = ""
    hand_ins: list[HandIn] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def find(paths: Sequence[Path], layout: str | None = None, units: Collection[str] = ()) -> Found:
    """Find the hand-ins at paths: downloads of platforms, folders and files of students, and zip archives of these.

    One path may be a class or one student's. Of several paths each is one student's, unless every one of them is a download that a
    platform laid out: else a student could hand in what looks like somebody else's.

    Args:
        paths: folders, zip archives, notebooks or modules.
        layout: the name of a layout that is known, one of ``LAYOUTS``; None or ``auto`` to recognise it.
        units: the names of units, which are no students'.

    Raises:
        UsageError: there is nothing at a path, no such layout, or nothing of the layout at a path.

    """
    if layout not in (None, "auto", *LAYOUTS):
        raise UsageError(f"there is no layout {layout!r}; there are {', '.join(LAYOUTS)}")
    for path in paths:
        if not path.exists():
            raise UsageError(f"there is nothing at {path}")
    wanted = None if layout == "auto" else layout
    return _joined(list(_all_laid(paths, wanted, units)))


def told_class(path: Path) -> str | None:
    """Return what a path is, if it is the download of a platform with several students' work: ``a Canvas download of ...``."""
    try:
        laid = _platform(from_path(path))
    except Unreadable:
        return None
    if laid is None or laid.students < 2:
        return None
    return f"{'an' if laid.title[0] in 'aeiou' else 'a'} {laid.title} of {counted(laid.students, 'student')}"


def _all_laid(paths: Sequence[Path], wanted: str | None, units: Collection[str]) -> Iterable[Laid]:
    listed = {path: _listed(path) for path in paths}
    words: tuple[str, ...] = ()
    if wanted is None and len(paths) > 1:
        trees = {path: tree for path, tree in listed.items() if isinstance(tree, Tree)}
        classes = {path: laid for path, tree in trees.items() if (laid := _platform(tree)) is not None}
        if len(classes) == len(listed):
            yield from (laid.of(str(path)) for path, laid in classes.items())
            return
        wanted = "student"
        alike = [path.name for path, laid in classes.items() if laid.students > 1]
        words = (
            (f"{', '.join(alike[:3])} look{'s' * (len(alike) == 1)} like a class: give it alone, if it is one",)
            if alike
            else ()
        )
    if wanted == "student":
        yield replace(_each_a_student(listed, units), words=words)
        return
    for path, tree in listed.items():
        if isinstance(tree, HandIn):
            yield Laid("files", "one file", (tree,), (), "file", 1)
        elif tree is None:
            yield Laid("files", "one file", (plain.file_at(path, units),), (), "file", 1)
        elif wanted in (None, "folders", "files"):
            known = (_platform(tree) or _nested(tree, units)) if wanted is None else None
            yield known or plain.recognise(tree, units).of(str(path))
        else:
            laid = PLATFORMS[str(wanted)](tree, forced=True)
            if laid is None:
                raise UsageError(
                    f"{path} holds nothing that is named as a {wanted} download names it; leave out --layout"
                )
            yield laid


def _listed(path: Path) -> Tree | HandIn | None:
    """List a folder or archive; a hand-in with its problem if that fails, None for a file of another kind."""
    try:
        if not path.is_dir() and not path.is_file():
            raise Unreadable("it is neither a file nor a folder")
        return from_path(path) if path.is_dir() or path.suffix.lower() == ".zip" else None
    except (Unreadable, OSError) as error:
        return replace(_broken(path), problem=str(error))


def _broken(path: Path) -> HandIn:
    return HandIn(hint=Hint(text=path.stem if path.is_file() else path.name), source=path.name, layout="student")


def _platform(tree: Tree) -> Laid | None:
    return next((laid for recognise in PLATFORMS.values() if (laid := recognise(tree)) is not None), None)


def _nested(tree: Tree, units: Collection[str]) -> Laid | None:
    """Read archives in a folder or archive as downloads, if there is nothing else and each of them is one."""
    tree = tree.unwrapped()
    folders, loose = tree.tops()
    packed = [file for file in loose if is_work(file.name)]
    if not packed or len(packed) > MOST_NESTED or any(below.files for below in folders.values()):
        return None
    if not all(file.name.lower().endswith(".zip") and not file.refused for file in packed):
        return None
    laid = []
    for file in packed:
        at = file.place
        if isinstance(at, Member) and at.archive.member is not None:
            return None  # in an archive in an archive: one level is enough
        try:
            inner = inside(
                Archive(at.archive.path, at.index) if isinstance(at, Member) else Archive(at.path), file.name
            )
        except (Unreadable, OSError):
            return None
        known = _platform(inner)
        if known is None and len(packed) == 1 and not plain.is_own(inner.unwrapped(), units):
            known = plain.recognise(inner, units)
        if known is None:
            return None
        laid.append(known.of(f"{at}"))
    return _merged(laid)


def _merged(laid: list[Laid]) -> Laid:
    """Join what several archives of one kind hold."""
    first = laid[0]
    if len(laid) == 1:
        return first
    return Laid(
        ",".join(dict.fromkeys(one.layout for one in laid)),
        " and ".join(dict.fromkeys(one.title for one in laid)) + f" in {len(laid)} archives",
        tuple(hand_in for one in laid for hand_in in one.hand_ins),
        tuple(name for one in laid for name in one.left),
        first.unit,
        sum(one.count for one in laid),
    )


def _each_a_student(listed: dict[Path, Tree | HandIn | None], units: Collection[str]) -> Laid:
    hand_ins: list[HandIn] = []
    left: list[str] = []
    files: dict[str, list[HandIn]] = {}
    for path, tree in listed.items():
        if isinstance(tree, HandIn):
            hand_ins.append(tree)
        elif tree is None and not is_work(path.name) and len(listed) > 1 and path.suffix.lower() in BESIDE:
            left.append(path.name)
        elif tree is None or path.is_file():
            found = plain.file_at(path, units)
            files.setdefault(found.hint.text, []).append(found)
        else:
            hand_ins.append(plain.whole(tree))
            left += tree.left
    for own in files.values():
        names = {file.name for hand_in in own for file in hand_in.files}
        if len(names) < len(own):  # two files of one name are two hand-ins
            hand_ins += own
        else:
            more = f" and {len(own) - 1} more" if len(own) > 1 else ""
            every = tuple(file for hand_in in own for file in hand_in.files)
            hand_ins.append(replace(own[0], files=every, source=own[0].source + more))
    return Laid(
        "student", "one student's work at each path", tuple(hand_ins), tuple(left), "path", len(listed) - len(left)
    )


BESIDE = {"", ".toml", ".md", ".rst", ".csv", ".json", ".yml", ".yaml", ".log", ".html"}


def _joined(laid: list[Laid]) -> Found:
    return Found(
        "; ".join(one.told() for one in laid) or "nothing",
        ",".join(dict.fromkeys(one.layout for one in laid)),
        [hand_in for one in laid for hand_in in one.hand_ins],
        [name for one in laid for name in one.left],
    )
