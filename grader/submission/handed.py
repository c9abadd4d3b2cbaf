"""The way from a hand-in of a download to submissions: its files are read, and looked through as those of a path are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from grader.submission.collecting import Finder
from grader.submission.downloads import HandIn
from grader.submission.files import digest
from grader.submission.reading import Unreadable
from grader.submission.scripts import kind_of_script
from grader.submission.submitted import StubsOf, Submission, Units

__all__ = ["submissions_of"]


def submissions_of(
    hand_in: HandIn,
    assignment: str | None,
    units: Units,
    stubs: Mapping[str, str],
    personal: StubsOf | None = None,
) -> list[Submission]:
    """Collect the submissions of a hand-in: one for each assignment found in it, or one with the problem that forbids grading.

    It never raises. The files are read here, and nothing keeps them but what is returned.

    Args:
        hand_in: of :func:`grader.submission.find`; its student's id becomes that of the submission.
        assignment: the unit to look for; None finds units by names and contents.
        units: by unit the short names of its exercises.
        stubs: by unit the text of its untouched stub module.
        personal: from a student's id to the stubs that are theirs alone, by unit, in the place of ``stubs``.

    """
    finder = _OfHandIn(hand_in, assignment, units, stubs, personal)
    return finder.submissions()


class _OfHandIn(Finder):
    """The search for submissions in one hand-in."""

    def __init__(
        self,
        hand_in: HandIn,
        assignment: str | None,
        units: Units,
        stubs: Mapping[str, str],
        personal: StubsOf | None = None,
    ) -> None:
        super().__init__(assignment, units, stubs, hand_in.id, personal)
        self.hand_in = hand_in

    def find(self) -> list[Submission]:
        """Find the submissions, with the exceptions of reading."""
        files = self.hand_in.contents()
        self.notes = self.hand_in.remarks()
        self.sha256 = digest(files)
        if len(files) == 1:
            ((name, data),) = files.items()
            ending, named = PurePosixPath(name).suffix.lower(), self.unit_of(name, None)
            # A file that is named after another unit is none of this one: of a class not everybody hands in all.
            notebook = ending == ".ipynb" or kind_of_script(name, data) is not None
            if notebook and (named is None or self.assignment in (None, named)):
                return [self.of_notebook(name, data)]
            if ending == ".py" and named is None and "/" not in name:
                return [self.of_module(name, data)]
        if not files:
            raise Unreadable("it holds no files")
        return self.in_files(files, self.sha256)

    def unreadable(self, problem: str, unit: str | None = None) -> Submission:
        """Make a submission of which nothing can be graded, for the reason ``problem``."""
        self.sha256 = self.sha256 or self.hand_in.sha256
        return super().unreadable(problem, unit)

    def ident(self, unit: str | None) -> str:  # noqa: ARG002 - a student is the same in all units
        """Return the student's id."""
        return self.hand_in.id

    def source(self, notebook: str | None = None) -> str:  # noqa: ARG002 - what is handed in says where it comes from
        """Return where the hand-in came from."""
        return self.hand_in.source

    def named_unit(self) -> str | None:
        """Return the unit that the hand-in's only file names; None if there is none or are several."""
        names = [file.name for file in self.hand_in.files]
        return self.unit_of(names[0], None) if len(names) == 1 else None
