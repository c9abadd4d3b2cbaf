"""The text in which a submission's functions stand, for checks that read it: nothing is run."""

from __future__ import annotations

from grader.submission.attempts import python_cells
from grader.submission.parsing import parsed
from grader.submission.reading import Unreadable, read_text
from grader.submission.submitted import Submission

__all__ = ["text_of"]


def text_of(submission: Submission, unit: str) -> str | None:
    """Return all Python of a submission that may hold its functions, the notebook's last, since its definitions count first.

    Magics are gone; what does not parse is left out. None if there is nothing.
    """
    own = f"exercises/{unit}.py"
    others = (n for n in submission.files if n.endswith(".py") and n != submission.notebook_path)
    names = sorted(n for n in others if not n.startswith("exercises/"))
    texts = [text for name in (*names, own) if (text := _module(submission.files.get(name))) is not None]
    if submission.notebook is not None:
        texts += [text for text, _ in python_cells(submission.notebook)]
    return "\n".join(texts) or None


def _module(data: bytes | None) -> str | None:
    try:
        text = None if data is None else read_text(data)
    except Unreadable:
        return None
    return None if text is None or parsed(text) is None else text
