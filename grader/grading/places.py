"""The places of the work of submissions, for annotations in a CI: read again from the files, since a result has no lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.grading.many import Options, collected
from grader.places import Places
from grader.submission import HandIn, places

__all__ = ["places_of"]


def places_of(paths: Sequence[Path | HandIn], options: Options) -> dict[tuple[str, str | None], Places]:
    """Return the places of all submissions at paths, by the id and the assignment of their results; arguments as for grading.

    A hand-in of a class's download has none: its files are not where the CI could show them.
    """
    return {(s.id, s.assignment): places(at, s) for at, s in collected(paths, options) if isinstance(at, Path)}
