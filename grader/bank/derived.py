"""Files that are derived from the model answers and the bank, and committed: stubs, public data, drawn cases, pages of mistakes."""

from __future__ import annotations

from pathlib import Path

from grader.bank import corpus, mistake_pages, public, stub_files

__all__ = ["stale_files", "write_files"]


def write_files(checkout: Path) -> list[Path]:
    """Bring all derived files of a checkout up to date; return those that changed."""
    return [*stub_files.write(checkout), *public.write(), *corpus.write(), *mistake_pages.write(checkout)]


def stale_files(checkout: Path) -> list[Path]:
    """Return the derived files of a checkout that are missing or not up to date."""
    return [*stub_files.stale(checkout), *public.stale(), *corpus.stale(), *mistake_pages.stale(checkout)]
