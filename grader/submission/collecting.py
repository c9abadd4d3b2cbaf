"""The way from a path to submissions: its kind, the assignments, their notebooks and the attempted exercises."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath

from nbformat import NotebookNode

from grader.submission.attempts import look, parsed, uses
from grader.submission.downloads import told_class
from grader.submission.files import MOST_BYTES, digest, from_archive, from_folder
from grader.submission.layout import folders_of, listed, one_student, passed_over, root_of, rooted, roots_of
from grader.submission.reading import MOST_SOURCE, Unreadable, bounded_source, read_notebook, read_text
from grader.submission.submitted import StubsOf, Submission, Units

__all__ = ["Finder", "collect"]

PLAIN = "exercises/__init__.py"


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
        path: an ``.ipynb``, a ``.py``, a ``.zip``, or a folder.
        assignment: the assignment to look for; None finds assignments by names and contents.
        units: by unit the short names of its exercises.
        stubs: by unit the text of its untouched stub module, which stands in where a submission has no module of its own.
        student: whose it is; empty where its own name tells.
        personal: from a student's id to the stubs that are theirs alone, by unit, in the place of ``stubs``.

    """
    return _OfPath(path, assignment, units, stubs, student, personal).submissions()


class Finder:
    """The search for submissions in files, wherever they come from; arguments as for :func:`collect`."""

    def __init__(
        self,
        assignment: str | None,
        units: Units,
        stubs: Mapping[str, str],
        student: str = "",
        personal: StubsOf | None = None,
    ) -> None:
        self.assignment, self.units, self.stubs = assignment, units, stubs
        self.student, self.personal = student, personal
        self.sha256: str | None = None
        self.notes: tuple[str, ...] = ()
        self._uses: dict[str, dict[str, int]] = {}
        self._looked_at = 0

    def submissions(self) -> list[Submission]:
        """Find the submissions, or make one with the problem; it never raises."""
        try:
            return self.find()
        except Unreadable as error:
            return [self.unreadable(str(error))]
        except OSError as error:
            return [self.unreadable(f"it cannot be read: {error.strerror or error}")]
        except Exception as error:  # whatever reading stumbles over is this submission's, and costs no other
            return [self.unreadable(f"it cannot be read ({type(error).__name__}: {error})"[:300])]

    def find(self) -> list[Submission]:
        """Find the submissions, with the exceptions of reading."""
        raise NotImplementedError

    def source(self, notebook: str | None = None) -> str:
        """Return where it came from, for people; of a notebook that was found in it, where that is."""
        raise NotImplementedError

    def ident(self, unit: str | None) -> str:
        """Return the submission's name."""
        raise NotImplementedError

    def named_unit(self) -> str | None:
        """Return the unit that what was handed in is named after, None if there is none."""
        raise NotImplementedError

    def whose(self, unit: str | None) -> str:
        """Return the id of the student by whose variant it is graded: the one that was named, else the submission's name."""
        return self.student or self.ident(unit)

    # ---------------------------------------------------------------------------------- single files
    def of_notebook(self, name: str, data: bytes) -> Submission:
        """Make the submission of a notebook that was handed in alone."""
        notebook = read_notebook(data)
        unit = self.assignment or self.unit_of(name, notebook)
        if unit is None:
            raise Unreadable(f"it defines and imports no exercise of {_either(self.units)}: name its assignment")
        name = _safe_name(PurePosixPath(name).name)
        return self._submission(unit, {name: data}, name, notebook)

    def of_module(self, name: str, data: bytes) -> Submission:
        """Make the submission of a module that was handed in alone."""
        unit = self.assignment or self.unit_of(name, None) or self._defined_in(data)
        if unit is None:
            raise Unreadable(f"it defines no exercise of {_either(self.units)}: name its assignment")
        return self._submission(unit, {f"exercises/{unit}.py": data}, None, None)

    # ------------------------------------------------------------------------------ folder or archive
    def in_files(self, files: dict[str, bytes], sha256: str | None = None) -> list[Submission]:
        """Make the submissions of the files of a folder or archive."""
        self.sha256 = sha256 or digest(files)
        notebooks = sorted(n for n in files if n.endswith(".ipynb"))
        # Whichever is asked for: a class is no submission of anything.
        of_units = [folders_of(n for n in notebooks if self.unit_of(n, None) == unit) for unit in self.units]
        one_student([*(roots_of(files, unit) for unit in self.units), *of_units])
        files = self._with_loose_modules(files)
        wanted = [self.assignment] if self.assignment else list(self.units)
        found, problems = [], []
        for unit in wanted:
            try:
                root = root_of(files, unit)
                own = rooted(files, root, (n for n in notebooks if self.unit_of(n, None) in (unit, None)))
                chosen = self._choose(own, unit)
            except Unreadable as error:
                problems.append(self.unreadable(str(error), unit))
                continue
            if chosen is not None or f"exercises/{unit}.py" in own:
                name, notebook = chosen or (None, None)
                above = f"{root}/" if root and name and name not in files else ""
                notes = self._passed_over(own, unit, name)
                found.append(self._submission(unit, own, name, notebook, above, notes))
        # A problem with one assignment's notebook does not hide the others.
        if found or problems:
            return sorted((*found, *problems), key=lambda s: wanted.index(str(s.assignment)))
        archives = sorted(n for n in files if n.endswith(".zip"))
        inside = f"; unpack what it holds, or give it as a path of its own: {listed(archives)}" if archives else ""
        raise Unreadable(f"it holds no notebook and no exercises/ of {_either(wanted)}{inside}")

    def _passed_over(self, files: Mapping[str, bytes], unit: str, chosen: str | None) -> tuple[str, ...]:
        """Name the notebooks and modules that could be meant for an assignment too, and are not graded."""
        others = [n for n in files if n.endswith(".ipynb") and n != chosen and self.unit_of(n, None) in (unit, None)]
        left = [*sorted(others), *passed_over(files, unit)]
        return (f"not graded, since another file was taken: {listed(left)}",) if left else ()

    def _with_loose_modules(self, files: dict[str, bytes]) -> dict[str, bytes]:
        """Add a module that lies at the top, ``optimizers.py``, under ``exercises/`` too, if none is there."""
        loose = [n for n in files if n.endswith(".py") and "/" not in n]
        for unit in self.units:
            meant = [n for n in loose if self.unit_of(n, None) == unit]
            meant = [n for n in meant if n == f"{unit}.py"] or sorted(meant)
            if not meant or "exercises" in files or root_of(files, unit) or f"exercises/{unit}.py" in files:
                continue
            if len(meant) > 1:
                raise Unreadable(
                    f"which of these is the module of {unit}? {listed(meant)}: give it as a path of its own"
                )
            files = {**files, f"exercises/{unit}.py": files[meant[0]]}
        return files

    def _choose(self, files: Mapping[str, bytes], unit: str) -> tuple[str, NotebookNode] | None:
        """Choose the notebook with an assignment's name, else the only one that uses its exercises; None if there is none.

        Raises:
            Unreadable: several notebooks come into question, or one that must be the assignment's cannot be read.

        """
        names = sorted(n for n in files if n.endswith(".ipynb"))
        exact = [n for n in names if _bare(n) == unit] or [n for n in names if self.unit_of(n, None) == unit]
        if len(exact) == 1:
            return exact[0], read_notebook(files[exact[0]])
        candidates = exact or [n for n in names if self.unit_of(n, None) is None]
        using: list[str] = []
        broken: dict[str, str] = {}
        for name in candidates:
            try:
                if self._used_by(name, files[name])[unit]:
                    using.append(name)
            except Unreadable as error:
                broken[name] = str(error)
            if self._looked_at > MOST_SOURCE:
                raise Unreadable(
                    f"its {len(names)} notebooks hold more than {MOST_SOURCE >> 10} KiB of Python, and no more is looked through:"
                    f" name the right one {unit}.ipynb"
                )
        if len(using) == 1:
            return using[0], read_notebook(files[using[0]])
        if len(using) > 1:
            one_student([folders_of(using)])
            raise Unreadable(f"which of these is the notebook of {unit}? {', '.join(using)}")
        if broken and self.assignment and f"exercises/{unit}.py" not in files:
            raise Unreadable("; ".join(f"{name}: {reason}" for name, reason in broken.items()))
        return None

    def _used_by(self, name: str, data: bytes) -> dict[str, int]:
        """Count, by unit, the exercises that one of several notebooks uses; each notebook is looked through once."""
        if name not in self._uses:
            notebook = read_notebook(data)
            self._looked_at += sum(len(cell.source) for cell in notebook.cells if cell.cell_type == "code")
            self._uses[name] = uses(notebook, self.units)
        return self._uses[name]

    # -------------------------------------------------------------------------------------- results
    def _submission(
        self,
        unit: str,
        files: Mapping[str, bytes],
        notebook_path: str | None,
        notebook: NotebookNode | None,
        above: str = "",
        notes: tuple[str, ...] = (),
    ) -> Submission:
        module = f"exercises/{unit}.py"
        student = self.whose(unit)
        own = {**self.stubs, **(self.personal(student) if self.personal is not None else {})}
        looked = look(notebook, files.get(module), unit, self.units[unit], own[unit])
        stubs = {f"exercises/{name}.py": _encoded(text) for name, text in own.items()}
        return Submission(
            id=self.ident(unit),
            source=self.source(above + notebook_path if notebook_path else None),
            sha256=self.sha256,
            assignment=unit,
            files={**_fillers({PLAIN: b"", **stubs}, files), **files},
            notebook_path=notebook_path,
            notebook=notebook,
            attempts=looked.attempts,
            where=looked.where,
            has_module=module in files,
            notes=(*looked.notes, *notes, *self.notes),
            incomplete=looked.incomplete,
            student=student,
        )

    def unreadable(self, problem: str, unit: str | None = None) -> Submission:
        """Make a submission of which nothing can be graded, for the reason ``problem``."""
        unit = unit or self.assignment or self.named_unit()
        return Submission(self.ident(unit), self.source(), self.sha256, unit, problem=problem, notes=self.notes)

    def unit_of(self, name: str, notebook: NotebookNode | None) -> str | None:
        """Return the assignment that a name contains, else the one of whose exercises the notebook uses the most."""
        words = "_" + re.sub(r"[^a-z]+", "_", PurePosixPath(name).stem.lower()) + "_"
        named = [unit for unit in self.units if f"_{unit}_" in words]
        if len(named) == 1:
            return named[0]
        if notebook is None:
            return None
        counted = uses(notebook, self.units)
        best = max(counted, key=lambda unit: counted[unit])
        return best if counted[best] else None

    def _defined_in(self, data: bytes) -> str | None:
        bounded_source("its module holds", [data])
        tree = parsed(read_text(data))
        cell = NotebookNode(cells=[NotebookNode(cell_type="code", source=read_text(data))]) if tree else None
        return self.unit_of("", cell)


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
        if self.path.is_dir() or _bare(path.name) != unit or path.parent.name in ("notebooks", "exercises", ""):
            return path.stem if self.path.is_file() else path.name
        return path.parent.name

    def named_unit(self) -> str | None:
        """Return the unit in the path's own name."""
        return self.unit_of(self.path.name, None)


def _fillers(ours: Mapping[str, bytes], theirs: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the stub files, of ``ours``, that can be added without colliding with a path of the submission."""
    folders = {parent.as_posix() for name in theirs for parent in PurePosixPath(name).parents}
    return {name: data for name, data in ours.items() if name not in folders and "exercises" not in theirs}


def _bare(name: str) -> str:
    """Return a file's name without folder, number and suffix: ``layers`` for ``notebooks/06_layers.ipynb``."""
    return re.sub(r"^\d+[_-]?", "", PurePosixPath(name).stem.lower())


def _safe_name(name: str) -> str:
    return re.sub(r"[^\w.() -]", "_", name)


def _either(names: Iterable[str]) -> str:
    return " or ".join(names)


@lru_cache(maxsize=32)
def _encoded(text: str) -> bytes:
    """Encode the text of a stub; cached, since a whole class shares its bytes."""
    return text.encode()
