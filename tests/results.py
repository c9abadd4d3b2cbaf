"""Results of submissions, made by hand: what several tests of reports and of a CI read."""

from __future__ import annotations

from typing import Any

from grader.result import GradedBy, ItemResult, NotebookResult, Result, SubmissionInfo

__all__ = ["BY", "a_result"]

BY = GradedBy(version="0.1.0", bank="ab" * 32, seed=0, isolation="process")


def a_result(*items: ItemResult, ident: str = "ada", **more: Any) -> Result:
    """Return the result of these items, of layers, all graded."""
    fields: dict[str, Any] = {
        "assignment": "layers",
        "submission": SubmissionInfo(id=ident, source=ident, sha256="cd" * 32),
        "graded_by": BY,
        "notebook": NotebookResult(status="ok"),
        "score": sum(i.score for i in items),
        "max_score": sum(i.max_score for i in items),
        "graded": True,
        "items": list(items),
        **more,
    }
    return Result(**fields)
