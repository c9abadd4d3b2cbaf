"""The commands for authors of a course: ``gradmark stubs`` and ``gradmark validate``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from grader.cli.options import CHECKOUT
from grader.cli.terminal import echo, say, show_on_terminal
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.validated import Validated

__all__ = ["stubs", "validate"]


def _seeds(_: click.Context, option: click.Parameter, value: str) -> tuple[int, ...]:
    """Read whole numbers with commas between them, each once."""
    parts = [part.strip() for part in value.split(",")]
    if not all(part.isdecimal() for part in parts):
        raise click.BadParameter(f"{value!r} is no list of whole numbers, as 0,1,7 is", param=option)
    return tuple(dict.fromkeys(map(int, parts)))


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


@click.command()
@click.argument("names", nargs=-1, metavar="[EXERCISE]...")
@click.option(
    "--seeds", callback=_seeds, default="0,1,7", show_default=True, metavar="N,N,...", help="Of the drawn cases."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option(
    "--jobs", type=click.IntRange(1), metavar="N", help="Exercises at a time; without it as many as processors."
)
def validate(names: tuple[str, ...], seeds: tuple[int, ...], as_json: bool, jobs: int | None) -> int:
    """Grade the grader: find where the bank accepts what is wrong or rejects what is right.

    EXERCISE is an exercise, what a pair has in common (relu), or a unit; without one, all units. Model answers must have full marks
    and stubs none; declared mistakes must be told by their names, the mutants of each model answer be caught or be listed as
    equivalent, cheap liars earn nothing, and what a docstring promises be drawn. Exit code 1 if there is a hole.
    """
    from grader.bank import catalogue
    from grader.report import validated_json, validated_page
    from grader.validation import validate as validated

    wanted = catalogue().within(names)
    found = validated(wanted, seeds, jobs, _progress(sum(len(exercises) for _, exercises in wanted)))
    if as_json:
        echo(validated_json(found, seeds))
    else:
        show_on_terminal(validated_page(found))
    return int(any(v.holes for v in found))


def _progress(count: int) -> Callable[[Validated], None]:
    """Return a function that says on stderr how many exercises are done, and what was found in the latest."""
    numbers = iter(range(1, count + 1))

    def done(found: Validated) -> None:
        holes = f", {len(found.holes)} to mend" if found.holes else ""
        click.echo(f"{next(numbers)}/{count} {found.exercise}: {found.seconds:.1f} s{holes}", err=True)

    return done
