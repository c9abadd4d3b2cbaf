"""The commands for authors of a course: ``gradmark new`` and ``gradmark stubs``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from grader.cli.options import CHECKOUT, PATH
from grader.cli.terminal import echo, say
from grader.errors import BankError, UsageError

__all__ = ["new", "stubs"]

FORMS = (
    "backward", "checker", "class", "formula", "forward", "graph", "higher-order", "loss", "plain", "planted-fault", "prediction",
    "question", "training", "vectorise",
)  # fmt: skip
"""Those of ``grader.bank.templates``, named here too: the help must come at once."""
MOST_NAMED = 12


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

    if bank is None and not (CHECKOUT / "tests" / "bank").is_dir():
        raise UsageError("this is no checkout of the course; name the folder of your own bank with --in DIR")
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
    """Derive exercises/, the worked examples and the drawn cases from the model answers and the bank.

    First all declarations are examined, which takes about a second a unit: one that cannot be right is named with its file and
    line, and nothing is written. With --course, the stubs of the course's private banks are derived, each into its own exercises/.
    """
    from grader.bank import catalogue, stale_files, stale_in, units_of, write_files, write_in
    from grader.course import read_course

    if course_file is None:
        if not (CHECKOUT / "reference").is_dir() or not (CHECKOUT / "exercises").is_dir():
            raise UsageError(
                "stubs are derived in a checkout of the course, or with --course FILE for its private banks"
            )
        _examine(catalogue().units)
        files = stale_files(CHECKOUT) if only_check else write_files(CHECKOUT)
        shown = [path.relative_to(CHECKOUT) for path in files]
    else:
        banks = read_course(course_file).bank
        if not banks:
            raise UsageError(f'{course_file} names no private bank; write bank = ["folder"] at its top')
        _examine((name for bank in banks for name in units_of(bank)), banks)
        shown = [path for bank in banks for path in (stale_in(bank) if only_check else write_in(bank))]
    for path in shown:
        echo(f"{'stale' if only_check else 'written'}: {path}")
    if only_check and shown:
        say("run `gradmark stubs`" if course_file is None else f"run `gradmark stubs --course {course_file}`")
    return int(only_check and bool(shown))


def _examine(units: Iterable[str], banks: tuple[Path, ...] = ()) -> None:
    """Examine the declarations of units; print what is wrong, and what is still to be filled in.

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
        raise (UsageError if banks else BankError)(f"{len(wrong)} declared wrongly: nothing was written")
