"""The command line: the group of all commands, and the edge at which errors become exit codes.

``gradmark --help`` must answer at once: a command imports heavy modules when it runs.
"""

from __future__ import annotations

import os
import sys
import traceback
from typing import NoReturn

import click

import grader
from grader.cli.authors import new, stubs, validate
from grader.cli.batch import batch, merge
from grader.cli.collect import collect
from grader.cli.comments import comments
from grader.cli.convert import convert
from grader.cli.course import course
from grader.cli.demo import demo
from grader.cli.diff import diff
from grader.cli.dispute import dispute
from grader.cli.export import export
from grader.cli.gradebook import gradebook
from grader.cli.grades import grades
from grader.cli.grading import grade, pages
from grader.cli.hook import hook
from grader.cli.machine import doctor
from grader.cli.marks import mark
from grader.cli.regrade import regrade
from grader.cli.release import release
from grader.cli.report_class import report
from grader.cli.rubric import rubric
from grader.cli.similarity import similar
from grader.cli.students import check, list_, show
from grader.cli.terminal import INTERRUPTED, ReaderLeftError, drop_unprinted, echo, say
from grader.cli.viva import viva
from grader.errors import GradmarkError, UsageError

__all__ = ["cli", "command"]

READER_LEFT = 141
"""The exit code of a program that a closed pipe ended, as a shell reports it (128 + SIGPIPE)."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(grader.__version__, prog_name="gradmark")
def cli() -> None:
    """Grade backprop coursework: true verdicts, a diagnosis, an oracle out of reach.

    \b
    Students:    gradmark check
    Assistants:  gradmark grade SUBMISSION... --html report.html
    CI:          gradmark grade . --junit report.xml --fail-under 60
    Teachers:    gradmark release ASSIGNMENT --out kit.zip
    Authors:     gradmark new UNIT.NAME --form backward --in DIR

    \b
    Exit codes:
      0  graded
      1  below --fail-under, or a check failed
      2  wrong usage, or a report that could not be written
      3  a submission could not be graded at all
      4  the grader itself failed
    """  # noqa: D301 - \b is click's mark for lines to be kept as they are


@click.command(name="help")
@click.argument("command", default="")
@click.pass_context
def help_(context: click.Context, command: str) -> int:
    """Print this text, or the help of a COMMAND."""
    parent = context.find_root()
    wanted = cli.get_command(parent, command) if command else cli
    if wanted is None:
        raise UsageError(f"there is no command {command!r}; there are {', '.join(sorted(cli.commands))}")
    echo(wanted.get_help(click.Context(wanted, info_name=command, parent=parent) if command else parent))
    return 0


for _command in (
    batch,
    check,
    collect,
    comments,
    convert,
    course,
    demo,
    diff,
    dispute,
    doctor,
    export,
    grade,
    gradebook,
    grades,
    help_,
    hook,
    list_,
    mark,
    merge,
    new,
    pages,
    regrade,
    release,
    report,
    rubric,
    show,
    similar,
    stubs,
    validate,
    viva,
):
    cli.add_command(_command)


def command() -> NoReturn:
    """Run the command line and exit; an error prints one line on stderr and gives its own exit code."""
    # Nobody else has a say in a result, and looking for plugins takes time; threads for arrays this small only wait, and burn.
    for name, value in {
        "PYDANTIC_DISABLE_PLUGINS": "__all__",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }.items():
        os.environ.setdefault(name, value)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that knows no ✓ shows a ? instead, rather than a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        code = error.exit_code
    except click.ClickException as error:
        where = f" (see {error.ctx.command_path} --help)" if isinstance(error, click.UsageError) and error.ctx else ""
        say(f"{error.format_message()}{where}")
        code = 2
    except GradmarkError as error:
        say(str(error))
        code = error.exit_code
    except (KeyboardInterrupt, click.exceptions.Abort):
        code = INTERRUPTED
    except ReaderLeftError:
        code = READER_LEFT
    except Exception as error:  # a fault of ours: never to be mistaken for a verdict, whose exit codes are 0, 1 and 3
        from grader.report import without_commands

        click.echo(without_commands(traceback.format_exc()), err=True)
        say(f"the grader itself failed: {type(error).__name__}: {error}")
        code = 4
    drop_unprinted()
    sys.exit(code if isinstance(code, int) else 0)
