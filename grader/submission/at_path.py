"""The way from a path to submissions: a notebook, a module, an archive, or a folder."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from grader.submission.collecting import Finder, bare
from grader.submission.downloads import told_class
from grader.submission.files import MOST_BYTES, from_archive, from_folder
from grader.submission.reading import Unreadable
from grader.submission.submitted import StubsOf, Submission, Units

__all__ = ["collect"]


def collect(
    path: Path,
    assignment: str | None,
    units: Units,
    stubs: Mapping[str, str],
    student: str = "",
    personal: StubsOf | None = None,
) -> list[Submission]:
    """Collect the submissions at a path: one for each assignment found there, or one with the problem that forbids grading.

    Args:
        path: an ``.ipynb``, a ``.py`` (a module, or a notebook as a script), a ``.zip``, or a folder.
        assignment: the assignment to look for; None finds assignments by names and contents.
        units: by unit the short names of its exercises.
        stubs: by unit the text of its untouched stub module, which stands in where a submission has no module of its own.
        student: whose it is; empty where its own name tells.
        personal: from a student's id to the stubs that are theirs alone, by unit, in the place of ``stubs``.

    """
    return _OfPath(path, assignment, units, stubs, student, personal).submissions()


class _OfPath(Finder):
    """The search for submissions at one path."""

    def __init__(
        self,
        path: Path,
        assignment: str | None,
        units: Units,
        stubs: Mapping[str, str],
        student: str = "",
        personal: StubsOf | None = None,
    ) -> None:
        super().__init__(assignment, units, stubs, student, personal)
        self.path = path

    def find(self) -> list[Submission]:
        """Find the submissions, with the exceptions of reading."""
        if not self.path.exists():
            raise Unreadable("there is nothing at this path")
        if self.path.is_dir():
            self._one_student()
            return self.in_files(from_folder(self.path))
        if not self.path.is_file():
            raise Unreadable("it is neither a file nor a folder")
        ending = self.path.suffix.lower()
        if ending == ".zip":
            self._one_student()
        if self.path.stat().st_size > MOST_BYTES:
            raise Unreadable(f"it is larger than {MOST_BYTES >> 20} MiB")
        data = self.path.read_bytes()
        self.sha256 = hashlib.sha256(data).hexdigest()
        match ending:
            case ".ipynb":
                return [self.of_notebook(self.path.name, data)]
            case ".py":
                return [self.of_module(self.path.name, data)]
            case ".zip":
                return self.in_files(from_archive(data), self.sha256)
        raise Unreadable("it is none of .ipynb, .py, .zip, or a folder")

    def _one_student(self) -> None:
        """Refuse the download of a whole class, with what grades it."""
        told = told_class(self.path)
        if told is not None:
            at = self.path.name or "DIR"
            raise Unreadable(f"this is {told}: use `gradmark batch {at}`, or `gradmark collect {at} --into CLASS`")

    def source(self, notebook: str | None = None) -> str:
        """Return the path as given; of an absolute one the last two parts, so that no result shows the place of a class."""
        path = self.path.as_posix() if not self.path.is_absolute() else "/".join(self.path.parts[-2:]).lstrip("/")
        return f"{path}/{notebook}" if notebook and self.path.is_dir() else path

    def ident(self, unit: str | None) -> str:
        """Return the submission's name: the file's own, but ``ada`` for ``ada/06_layers.ipynb``, which names the assignment."""
        path = self.path.absolute()
        if self.path.is_dir() or bare(path.name) != unit or path.parent.name in ("notebooks", "exercises", ""):
            return path.stem if self.path.is_file() else path.name
        return path.parent.name

    def named_unit(self) -> str | None:
        """Return the unit in the path's own name."""
        return self.unit_of(self.path.name, None)
