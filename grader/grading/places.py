"""The places of the work of submissions, for annotations in a CI: read again from the files, since a result has no lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.grading.many import Options, collected
from grader.places import Places
from grader.submission import places

__all__ = ["places_of"]


def places_of(paths: Sequence[Path], options: Options) -> dict[tuple[str, str | None], Places]:
    """Return the places of all submissions at paths, by the id and the assignment of their results; arguments as for grading."""
    return {(s.id, s.assignment): places(path, s) for path, s in collected(paths, options)}
