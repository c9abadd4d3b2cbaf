"""The work of one student as bytes, and its address: what is sent to another machine, and what results are kept under."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from grader.submission.collecting import Submission, Units, collect_file, collect_files
from grader.submission.files import MOST_BYTES, digest, from_folder
from grader.submission.reading import Unreadable

__all__ = ["Work", "work_at", "work_of"]

SINGLE = (".ipynb", ".py", ".zip")
"""The endings of files that are submissions by themselves."""


@dataclass(frozen=True)
class Work:
    """The files of one student.

    Args:
        files: the bytes by relative name; of a single file its own name.
        single: True for a file, False for a folder, also one with a single file in it.
        problem: the reason for which it could not be read; else empty.

    """

    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    single: bool = False
    problem: str = ""

    @property
    def sha256(self) -> str | None:
        """Return what :attr:`Submission.sha256` will be; None where nothing could be read."""
        if self.problem:
            return None
        if self.single:
            return hashlib.sha256(next(iter(self.files.values()))).hexdigest()
        return digest(self.files)

    @property
    def kind(self) -> str:
        """Return the ending of a single file's name, which says how its bytes are read; nothing for a folder."""
        return PurePosixPath(next(iter(self.files))).suffix.lower() if self.single else ""

    def submissions(
        self, name: str, assignment: str | None, units: Units, stubs: Mapping[str, str]
    ) -> list[Submission]:
        """Find the submissions in it, as :func:`collect` does on the disk; ``name`` stands for the path."""
        if self.problem:
            return [Submission(name, name, None, assignment, problem=self.problem)]
        if self.single:
            ((file, data),) = self.files.items()
            return collect_file(file, data, assignment, units, stubs)
        return collect_files(name, self.files, assignment, units, stubs)


def work_at(path: Path) -> Work:
    """Read the work at a path; why it cannot be read is in what is returned."""
    try:
        if path.is_dir():
            return Work(from_folder(path))
        if path.stat().st_size > MOST_BYTES:
            return Work(problem=f"it is larger than {MOST_BYTES >> 20} MiB")
        return Work({path.name: path.read_bytes()}, single=True)
    except Unreadable as error:
        return Work(problem=str(error))
    except OSError as error:
        return Work(problem=f"it cannot be read: {error.strerror or error}")


def work_of(files: Mapping[str, bytes]) -> Work:
    """Return the work that files are: a single notebook, module or archive is taken by itself."""
    name = next(iter(files)) if len(files) == 1 else "/"
    return Work(files, single="/" not in name and PurePosixPath(name).suffix.lower() in SINGLE)
