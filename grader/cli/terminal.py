"""What leaves the command line: lines on stdout and stderr, and reports in files, each whole or not there at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from grader.result import Result

__all__ = ["ReaderLeftError", "check_targets", "echo", "say", "show_on_terminal", "write_reports", "write_whole"]


class ReaderLeftError(Exception):
    """Whoever read our output (``head``, a pager) closed it: no fault, and no verdict either.

    click and rich both turn a closed pipe into exit code 1, which would read as "below --fail-under".
    """


def echo(text: str) -> None:
    """Print a text on stdout, to its end: a reader who left is noticed here."""
    with _printing():
        click.echo(text)
        sys.stdout.flush()


def show_on_terminal(shown: RenderableType) -> None:
    """Print what rich can render on stdout, without reading markup or emoji in it."""
    from rich.console import Console

    class Terminal(Console):
        def on_broken_pipe(self) -> None:
            raise ReaderLeftError

    with _printing():
        Terminal(highlight=False, markup=False, emoji=False).print(shown)
        sys.stdout.flush()


@contextmanager
def _printing() -> Iterator[None]:
    if sys.stdout is None:
        raise UsageError("cannot print on stdout: it is closed")
    try:
        yield
    except BrokenPipeError:
        raise ReaderLeftError from None
    except OSError as error:
        raise UsageError(f"cannot print on stdout: {error.strerror or error}") from None


def say(message: str) -> None:
    """One line on stderr; names in it may be anybody's."""
    from grader.report.text import inline

    click.echo(f"gradmark: {inline(message, 1000)}", err=True)


def check_targets(html: Path | None, junit: Path | None, out: Path | None) -> None:
    """Say before grading that a report cannot be written, not after."""
    for target in (html, junit):
        if target is None:
            continue
        if target.is_dir():
            raise UsageError(f"cannot write {target}: it is a folder")
        if not target.parent.is_dir():
            raise UsageError(f"cannot write {target}: there is no folder {target.parent}")
        if not os.access(target if target.exists() else target.parent, os.W_OK):
            raise UsageError(f"cannot write {target}: permission denied")
    if html is not None and junit is not None and html.resolve() == junit.resolve():
        raise UsageError(f"--html and --junit name the same file, {html}")
    if out is not None:
        if out.exists() and not out.is_dir():
            raise UsageError(f"cannot write to {out}: it is not a folder")
        there = next(folder for folder in (out.absolute(), *out.absolute().parents) if folder.exists())
        if not there.is_dir() or not os.access(there, os.W_OK):
            raise UsageError(f"cannot write to {out}: {there} cannot be written to")


def write_reports(results: Sequence[Result], html: Path | None, junit: Path | None) -> int:
    """Write what was asked for, each whatever became of the other; the exit code if one could not be written."""
    written = []
    if html is not None:
        from grader.report.html import page

        written.append(_written(html, page(results)))
    if junit is not None:
        from grader.export.junit import junit as xml

        written.append(_written(junit, xml(results)))
    return 0 if all(written) else UsageError.exit_code


def _written(path: Path, text: str) -> bool:
    try:
        write_whole(path, text)
    except OSError as error:
        say(f"cannot write {path}: {error.strerror or error}")
        return False
    return True


def write_whole(path: Path, text: str) -> None:
    """Write a file, complete or not at all; a device or pipe is written to as it is.

    Raises:
        OSError: it cannot be written; what stood there before still does.

    """
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8")
        return
    target = path.resolve()
    partial = target.with_name(target.name + ".part")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(target)
    except OSError:
        with suppress(OSError):  # what is said of the first error is what matters
            partial.unlink(missing_ok=True)
        raise
