"""The commands for authors of a course: ``gradmark new``, ``gradmark stubs`` and ``gradmark validate``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import CHECKOUT, COURSE, PATH, is_checkout, is_own
from grader.cli.terminal import echo, say, show_on_terminal
from grader.errors import BankError, UsageError

if TYPE_CHECKING:
    from grader.validated import Validated

__all__ = ["examine", "new", "stubs", "validate"]

FORMS = (
    "backward", "checker", "class", "formula", "forward", "graph", "higher-order", "loss", "plain", "planted-fault", "prediction",
    "question", "training", "vectorise",
)  # fmt: skip
"""Those of ``grader.bank.scaffolding.templates``, named here too: the help must come at once."""
MOST_NAMED = 12
INSTALLED = "this Gradmark is installed, and its own exercises change in a checkout of the project only"


@click.command()
@click.argument("name", metavar="UNIT.NAME")
@click.option("--form", type=click.Choice(FORMS), required=True, help="What kind of exercise it is.")
@click.option("--in", "bank", type=PATH, metavar="DIR", help="The folder of a private bank, made if it is not there.")
def new(name: str, form: str, bank: Path | None) -> int:
    """Begin an exercise: write its model answer, declaration, test and section of the notebook.

    What is written works and asks for something small. The places that you fill in are marked FILL IN; `gradmark stubs` names those
    that are left. A backward pass comes with its forward pass. If a name is taken, nothing is written.
    """
    from grader.bank import scaffold

    if bank is None and not is_checkout(CHECKOUT):
        raise UsageError(f"{INSTALLED}; name the folder of your own bank with --in DIR")
    if bank is not None and is_own(bank):
        raise UsageError(f"--in {bank} is where Gradmark's own bank is: name a folder of your own")
    for path in scaffold(bank or CHECKOUT, name, form, private=bank is not None):
        echo(f"written: {path if bank is not None else path.relative_to(CHECKOUT)}")
    course = f'name the bank in your course file, bank = ["{bank}"]; ' if bank is not None else ""
    say(
        f"{course}fill in what is marked FILL IN, then run `gradmark stubs{' --course FILE' if bank is not None else ''}`"
    )
    return 0


@click.command()
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit with 1 if something is stale.")
@click.option(
    "--course", "course_file", type=PATH, metavar="FILE", help="Derive the stubs of this course file's private banks."
)
def stubs(only_check: bool, course_file: Path | None) -> int:
    """Derive exercises/, worked examples, drawn cases and the pages on mistakes from the model answers and the bank.

    First all declarations are examined, which takes about a second a unit: one that cannot be right is named with its file and
    line, and nothing is written. With --course, the stubs of the course's private banks are derived, each into its own exercises/.
    """
    from grader.bank import catalogue, stale_files, stale_in, units_of, write_files, write_in
    from grader.course import read_course

    if course_file is None:
        if not is_checkout(CHECKOUT):
            raise UsageError(f"{INSTALLED}; derive those of your own bank with --course FILE")
        examine(catalogue().units)
        files = stale_files(CHECKOUT) if only_check else write_files(CHECKOUT)
        shown = [path.relative_to(CHECKOUT) for path in files]
    else:
        banks = read_course(course_file).bank
        if not banks:
            raise UsageError(f'{course_file} names no private bank; write bank = ["folder"] at its top')
        examine((name for bank in banks for name in units_of(bank)), banks)
        files = [path for bank in banks for path in (stale_in(bank) if only_check else write_in(bank))]
        shown = [path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path for path in files]
    for path in shown:
        echo(f"{'stale' if only_check else 'written'}: {path}")
    if only_check and shown:
        say("run `gradmark stubs`" if course_file is None else f"run `gradmark stubs --course {course_file}`")
    return int(only_check and bool(shown))


def examine(units: Iterable[str], banks: tuple[Path, ...] = ()) -> int:
    """Examine the declarations of units; print what is wrong and what is to be filled in, and count the latter.

    Raises:
        BankError: something is wrong in a unit of ours.
        UsageError: something is wrong in a unit of a private bank.

    """
    from grader.bank import catalogue, refusals, unfinished

    found = [catalogue(banks).unit(name) for name in dict.fromkeys(units)]
    wrong = [text for unit in found for text in refusals(unit)]
    left = [text for unit in found for text in unfinished(unit)]
    for text in [*wrong, *left[:MOST_NAMED]]:
        say(text)
    if len(left) > MOST_NAMED:
        say(f"and {len(left) - MOST_NAMED} more places are still to be filled in")
    if wrong:
        raise (UsageError if banks else BankError)(f"{len(wrong)} declared wrongly: mend that first")
    return len(left)


def _seeds(_: click.Context, option: click.Parameter, value: str) -> tuple[int, ...]:
    """Read whole numbers with commas between them, each once."""
    parts = [part.strip() for part in value.split(",")]
    if not all(part.isdecimal() for part in parts):
        raise click.BadParameter(f"{value!r} is no list of whole numbers, as 0,1,7 is", param=option)
    return tuple(dict.fromkeys(map(int, parts)))


@click.command()
@click.argument("names", nargs=-1, metavar="[EXERCISE]...")
@click.option(
    "--seeds", callback=_seeds, default="0,1,7", show_default=True, metavar="N,N,...", help="Of the drawn cases."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option(
    "--jobs", type=click.IntRange(1), metavar="N", help="Exercises at a time; without it as many as processors."
)
@COURSE
def validate(
    names: tuple[str, ...], seeds: tuple[int, ...], as_json: bool, jobs: int | None, course_file: Path | None
) -> int:
    """Grade the grader: find where the bank accepts what is wrong or rejects what is right.

    EXERCISE is an exercise, what a pair has in common (relu), or a unit; without one, all units. Model answers must have full marks
    and stubs none; declared mistakes must be told by their names, the mutants of each model answer be caught or be listed as
    equivalent, cheap liars earn nothing, and what a docstring promises be drawn. Exit code 1 if there is a hole, or a place that is
    still to be filled in. With --course, the exercises of its private banks; without a name, all of these.
    """
    from grader.bank import catalogue, units_of
    from grader.course import read_course
    from grader.report import validated_json, validated_page
    from grader.validation import validate as validated

    banks = read_course(course_file).bank
    wanted = catalogue(banks).within(names or [name for bank in banks for name in units_of(bank)])
    if not wanted:
        raise UsageError(f"{', '.join(names)} has no exercise yet: declare one, and then validate it")
    left = examine((unit.name for unit, _ in wanted), banks)
    done = _progress(sum(len(exercises) for _, exercises in wanted))
    found = validated(wanted, seeds, jobs, done, banks=banks)
    if as_json:
        echo(validated_json(found, seeds))
    else:
        show_on_terminal(validated_page(found))
    return int(bool(left) or any(v.holes for v in found))


def _progress(count: int) -> Callable[[Validated], None]:
    """Return a function that says on stderr how many exercises are done, and what was found in the latest."""
    numbers = iter(range(1, count + 1))

    def done(found: Validated) -> None:
        holes = f", {len(found.holes)} to mend" if found.holes else ""
        click.echo(f"{next(numbers)}/{count} {found.exercise}: {found.seconds:.1f} s{holes}", err=True)

    return done
