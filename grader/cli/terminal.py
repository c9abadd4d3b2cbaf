"""The printing of all commands to stdout and stderr."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from grader.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = [
    "INTERRUPTED",
    "ReaderLeftError",
    "drop_unprinted",
    "echo",
    "echo_json",
    "say",
    "show_on_terminal",
]

INTERRUPTED = 130
"""The exit code of a command that Ctrl-C stopped."""
_IN_JSON = re.compile(r"##(?=\w*\[)")


class ReaderLeftError(Exception):
    """The reader of stdout (``head``, a pager) closed the pipe: neither a fault nor a verdict.

    click and rich both turn a closed pipe into exit code 1, which would read as "below --fail-under".
    """


def echo(text: str) -> None:
    """Print a text on stdout and flush it.

    Raises:
        ReaderLeftError: the reader has closed the pipe.
        UsageError: stdout is closed or cannot be written to.

    """
    from grader.report import without_commands

    with _printing():
        click.echo(without_commands(text))
        sys.stdout.flush()


def show_on_terminal(shown: RenderableType) -> None:
    """Print a rich renderable on stdout, its markup and emoji codes left as text. Raises as :func:`echo`."""
    from rich.console import Console

    from grader.report import without_commands

    class Terminal(Console):
        def on_broken_pipe(self) -> None:
            raise ReaderLeftError

    with _printing():
        console = Terminal(highlight=False, markup=False, emoji=False)
        with console.capture() as captured:  # whole, since a line may begin anywhere in a text that is wrapped
            console.print(shown)
        sys.stdout.write(without_commands(captured.get()))
        sys.stdout.flush()


def echo_json(text: str) -> None:
    """Print a JSON document on stdout; what a CI would take for a command is written another way that reads the same.

    Raises as :func:`echo`.
    """
    echo(_IN_JSON.sub(r"#\\u0023", text))


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


def drop_unprinted() -> None:
    """Drop output that cannot be printed, so that the interpreter does not try to print it again when it ends."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(message: str) -> None:
    """Print one line on stderr, cleaned: a message may hold hostile file names."""
    from grader.report import inline, without_commands

    click.echo(without_commands(f"gradmark: {inline(message, 1000)}"), err=True)
