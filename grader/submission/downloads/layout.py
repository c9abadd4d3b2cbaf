"""A layout that was recognised in a tree: its hand-ins, and one line that tells it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from grader.submission.downloads.hand_in import HandIn

__all__ = ["Laid", "counted"]


@dataclass(frozen=True)
class Laid:
    """A tree as one layout reads it.

    Args:
        layout: its name, as ``--layout`` takes it.
        title: its name for people: ``Canvas download``.
        hand_ins: all of them.
        left: what is passed over, with the reason.
        unit: how a single thing of it is called: ``file``, ``folder``, ``repository``.
        count: how many of these there are.
        words: more to say in the line.

    """

    layout: str
    title: str
    hand_ins: tuple[HandIn, ...] = ()
    left: tuple[str, ...] = ()
    unit: str = "file"
    count: int = 0
    words: tuple[str, ...] = ()

    @property
    def students(self) -> int:
        """Return how many students it is of, as far as the download tells them apart."""
        return len({hint.text for hand_in in self.hand_ins for hint in hand_in.hints})

    def of(self, download: str) -> Laid:
        """Return it with the place of the download in each hand-in."""
        return replace(self, hand_ins=tuple(replace(hand_in, download=download) for hand_in in self.hand_ins))

    def told(self) -> str:
        """Return the line: ``Canvas download: 31 files of 28 students, 3 late``."""
        late = sum(hand_in.late_mark for hand_in in self.hand_ins)
        words = [f"{counted(self.count, self.unit)} of {counted(self.students, 'student')}"]
        words += [f"{late} late"] if late else []
        return f"{self.title}: {', '.join([*words, *self.words])}"


def counted(number: int, what: str) -> str:
    """Return a number with its noun: ``1 file``, ``2 files``, ``3 repositories``."""
    if number == 1:
        return f"1 {what}"
    return f"{number} {what[:-1]}ies" if what.endswith("y") else f"{number} {what}s"
