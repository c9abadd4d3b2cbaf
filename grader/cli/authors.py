"""The commands for authors of a course: ``gradmark stubs``."""

from __future__ import annotations

import click

from grader.cli.options import CHECKOUT
from grader.cli.terminal import echo, say
from grader.errors import UsageError

__all__ = ["stubs"]


@click.command()
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit with 1 if something is stale.")
def stubs(only_check: bool) -> int:
    """Derive exercises/, the worked examples and the drawn cases from the model answers and the bank."""
    from grader.bank import stale_files, write_files

    if not (CHECKOUT / "reference").is_dir() or not (CHECKOUT / "exercises").is_dir():
        raise UsageError("stubs are derived in a checkout of the course, where reference/ and exercises/ are")
    files = stale_files(CHECKOUT) if only_check else write_files(CHECKOUT)
    for path in files:
        echo(f"{'stale' if only_check else 'written'}: {path.relative_to(CHECKOUT)}")
    if only_check and files:
        say("run `gradmark stubs`")
    return int(only_check and bool(files))
