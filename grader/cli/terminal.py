"""Printing to stdout and stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from grader.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["INTERRUPTED", "ReaderLeftError", "echo", "say", "show_on_terminal"]

INTERRUPTED = 130
"""The exit code of a command that Ctrl-C stopped."""


class ReaderLeftError(Exception):
    """The reader of our output (``head``, a pager) closed it: no fault, and no verdict either.

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
    """Print one line on stderr; names in it may be anybody's."""
    from grader.report import inline

    click.echo(f"gradmark: {inline(message, 1000)}", err=True)
