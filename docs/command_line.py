"""Writes docs/reference/command-line.md, every command with its arguments and options: ``python docs/command_line.py``.

What stands there is what ``gradmark COMMAND --help`` prints, in a form to be read and linked.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click

from grader.cli import cli

PAGE = Path(__file__).parent / "reference" / "command-line.md"
HEAD = """# The command line

Every command of `gradmark`, as `gradmark COMMAND --help` prints it. This page is written by `python docs/command_line.py`;
what it says stands in `grader/cli/`.

Exit codes: 0 graded, and at or above `--fail-under`; 1 below `--fail-under`, or a check failed; 2 wrong usage or
configuration; 3 a submission could not be graded at all; 4 the grader itself failed; 130 stopped by Ctrl-C. Where a command
means something else by one of them, its text says so.
"""


def commands(
    group: click.Group, above: tuple[str, ...] = ("gradmark",)
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command below a group with the words that call it; a group's own commands come after it."""
    for name, command in sorted(group.commands.items()):
        words = (*above, name)
        yield words, command
        if isinstance(command, click.Group):
            yield from commands(command, words)


def section(words: tuple[str, ...], command: click.Command) -> str:
    """Return the section of a command: how it is called, its text, its options."""
    context = click.Context(command, info_name=" ".join(words))
    usage = " ".join([*words, *command.collect_usage_pieces(context)])
    parts = [f"{'#' * min(len(words), 3)} `{' '.join(words)}`", f"```\n{usage}\n```", *paragraphs(command.help or "")]
    rows = [row for parameter in command.get_params(context) if (row := line(parameter, context))]
    if rows:
        parts.append("\n".join(["| option | |", "|---|---|", *rows]))
    return "\n\n".join(parts) + "\n"


def paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of a help text: lines that click keeps as they are stand in a block."""
    for paragraph in re.split(r"\n\s*\n", inspect.cleandoc(text)):
        if paragraph.startswith("\b"):
            yield "```\n" + paragraph.removeprefix("\b").strip("\n") + "\n```"
        else:
            yield re.sub(r"\s*\n\s*", " ", paragraph).replace("<", r"\<")


def line(parameter: click.Parameter, context: click.Context) -> str | None:
    """Return the row of an option; None for an argument, which the usage shows, and for ``--help``."""
    if not isinstance(parameter, click.Option) or "--help" in parameter.opts:
        return None
    record = parameter.get_help_record(context)
    if record is None:
        return None
    called, says = (text.replace("|", r"\|").replace("\n", " ") for text in record)
    return f"| `{called}` | {says.replace('<', chr(92) + '<')} |"


def page() -> str:
    """Return the page."""
    return "\n".join([HEAD, *(section(words, command) for words, command in commands(cli))])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
