"""The way from files to submissions: the assignments, their notebooks and the attempted exercises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import PurePosixPath

from nbformat import NotebookNode

from grader.submission.attempts import look, uses
from grader.submission.files import digest
from grader.submission.layout import folders_of, listed, one_student, passed_over, root_of, rooted, roots_of
from grader.submission.parsing import parsed
from grader.submission.reading import MOST_SOURCE, Unreadable, bounded_source, read_text, weight
from grader.submission.scripts import kind_of_script, paired, read_work, scripts_in
from grader.submission.submitted import StubsOf, Submission, Units

__all__ = ["Finder", "bare"]

PLAIN = "exercises/__init__.py"


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
        notebook = read_work(name, data)
        unit = self.assignment or self.unit_of(name, notebook)
        if unit is None:
            raise Unreadable(f"it defines and imports no exercise of {_either(self.units)}: name its assignment")
        name = _safe_name(PurePosixPath(name).name)
        return self._submission(unit, {name: data}, name, notebook)

    def of_module(self, name: str, data: bytes) -> Submission:
        """Make the submission of a module that was handed in alone, or of a notebook that is a script."""
        if kind_of_script(name, data) is not None:
            return self.of_notebook(name, data)
        unit = self.assignment or self.unit_of(name, None) or self._defined_in(data)
        if unit is None:
            raise Unreadable(f"it defines no exercise of {_either(self.units)}: name its assignment")
        return self._submission(unit, {f"exercises/{unit}.py": data}, None, None)

    # ------------------------------------------------------------------------------ folder or archive
    def in_files(self, files: dict[str, bytes], sha256: str | None = None) -> list[Submission]:
        """Make the submissions of the files of a folder or archive."""
        self.sha256 = sha256 or digest(files)
        notebooks = self._notebooks(files)
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

    def _notebooks(self, files: Mapping[str, bytes]) -> list[str]:
        """Return the names of notebooks.

        A script with marks of cells is one where no notebook of Jupyter's comes into question; else it is a module, as before.
        """
        found = sorted(n for n in files if n.endswith(".ipynb"))
        units = {self.unit_of(n, None) for n in found}
        scripts = ((n, kind, self.unit_of(n, None)) for n, kind in scripts_in(files).items() if not paired(n, files))
        own = [n for n, kind, unit in scripts if kind == "marimo" or not units & {unit, None}]
        return sorted([*found, *own])

    def _passed_over(self, files: Mapping[str, bytes], unit: str, chosen: str | None) -> tuple[str, ...]:
        """Name the notebooks and modules that could be meant for an assignment too, and are not graded."""
        others = [n for n in self._notebooks(files) if n != chosen and self.unit_of(n, None) in (unit, None)]
        left = [*sorted(others), *passed_over(files, unit)]
        return (f"not graded, since another file was taken: {listed(left)}",) if left else ()

    def _with_loose_modules(self, files: dict[str, bytes]) -> dict[str, bytes]:
        """Add a module that lies at the top, ``optimizers.py``, under ``exercises/`` too, if none is there."""
        notebooks = self._notebooks(files)
        loose = [n for n in files if n.endswith(".py") and "/" not in n and n not in notebooks]
        loose = [n for n in loose if not (paired(n, files) and kind_of_script(n, files[n]))]
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
        names = self._notebooks(files)
        exact = [n for n in names if bare(n) == unit] or [n for n in names if self.unit_of(n, None) == unit]
        if len(exact) == 1:
            return exact[0], read_work(exact[0], files[exact[0]])
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
            return using[0], read_work(using[0], files[using[0]])
        if len(using) > 1:
            one_student([folders_of(using)])
            raise Unreadable(f"which of these is the notebook of {unit}? {', '.join(using)}")
        if broken and self.assignment and f"exercises/{unit}.py" not in files:
            raise Unreadable("; ".join(f"{name}: {reason}" for name, reason in broken.items()))
        return None

    def _used_by(self, name: str, data: bytes) -> dict[str, int]:
        """Count, by unit, the exercises that one of several notebooks uses; each notebook is looked through once."""
        if name not in self._uses:
            notebook = read_work(name, data)
            self._looked_at += sum(weight(cell.source) for cell in notebook.cells if cell.cell_type == "code")
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
            notes=(*_remarks(notebook), *looked.notes, *notes, *self.notes),
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


def _fillers(ours: Mapping[str, bytes], theirs: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the stub files, of ``ours``, that can be added without colliding with a path of the submission."""
    folders = {parent.as_posix() for name in theirs for parent in PurePosixPath(name).parents}
    return {name: data for name, data in ours.items() if name not in folders and "exercises" not in theirs}


def _remarks(notebook: NotebookNode | None) -> tuple[str, ...]:
    """Return what the reading of a script remarked."""
    return () if notebook is None else tuple(notebook.get("remarks", ()))


def bare(name: str) -> str:
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
