"""The command line: thin commands over the rest. What is heavy is imported by the command that needs it.

``gradmark --help`` must answer at once, so this module imports click and nothing of ours but the errors.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

import grader
from grader.cli.terminal import ReaderLeftError, check_targets, echo, say, show_on_terminal, write_reports
from grader.errors import GradmarkError, UsageError
from grader.runtime.light import import_lightly

if TYPE_CHECKING:
    from grader.grading.many import Options
    from grader.result import Result

__all__ = ["command", "main"]

CHECKOUT = Path(grader.__file__).parent.parent
PATH = click.Path(path_type=Path)
LEVELS = ("auto", "full", "landlock", "process", "none")
INTERRUPTED = 130
SELDOM, OFTEN = (200_000, 10, 10), (5_000, 10, 10)
"""When Python looks for garbage: hardly while a command starts, for what is imported stays; then among what came after it."""
JOBS = click.option(
    "--jobs", type=click.IntRange(1), metavar="N", help="Submissions at a time; without it as many as pay."
)
READER_LEFT = 141
"""What a shell says of a program that a closed pipe ended."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(grader.__version__, prog_name="gradmark")
def cli() -> None:
    """Grade backprop coursework: true verdicts, a diagnosis, an oracle out of reach.

    \b
    Students:    gradmark check
    Assistants:  gradmark grade SUBMISSION... --html report.html
    CI:          gradmark grade . --junit report.xml --fail-under 60

    \b
    Exit codes: 0 graded; 1 below --fail-under, or a check failed; 2 wrong usage, or a report that
    could not be written; 3 a submission could not be graded at all; 4 the grader itself failed.
    """  # noqa: D301 - \b is click's mark for lines to be kept as they are


# ------------------------------------------------------------------------------------------- grade
@cli.command()
@click.argument("paths", nargs=-1, required=True, type=PATH, metavar="PATH...")
@click.option("--assignment", metavar="NAME", help="The assignment; without it, names and contents tell.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document, and nothing else, on stdout.")
@click.option("--out", type=PATH, metavar="DIR", help="Keep each result and each executed notebook here, as they come.")
@click.option("--html", type=PATH, metavar="FILE", help="Write a page that students can read.")
@click.option("--junit", type=PATH, metavar="FILE", help="Write JUnit XML for a CI.")
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar="PCT",
    help="Exit with 1 if a score is below this percentage.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    default=0,
    show_default=True,
    metavar="N",
    help="Same submission, same seed: same result.",
)
@click.option(
    "--isolation", type=click.Choice(LEVELS), default="auto", show_default=True, help="Grade with this, or not at all."
)
@JOBS
@click.option(
    "--course", "course_file", type=PATH, metavar="FILE", help="The course file; gradmark.toml here, without it."
)
@click.option(
    "--cell-seconds", type=click.FloatRange(1), metavar="S", help="Time limit of a notebook's cell; 40 if none is set."
)
@click.option("-q", "--quiet", is_flag=True, help="Print no table and show no progress.")
def grade(
    paths: tuple[Path, ...],
    assignment: str | None,
    as_json: bool,
    out: Path | None,
    html: Path | None,
    junit: Path | None,
    fail_under: float | None,
    seed: int,
    isolation: str,
    jobs: int | None,
    course_file: Path | None,
    cell_seconds: float | None,
    quiet: bool,
) -> int:
    """Grade submissions: notebooks, modules, folders, repositories or zip archives.

    Each PATH gives at least one result, also if it cannot be read. A PATH that does not exist is a result
    of its own ("unreadable", exit code 3) beside others that do; if none exists, that is wrong usage (exit
    code 2).

    The worst outcome gives the exit code: 4 before 3 before 1 before 0. If you stop it, the results so
    far are printed and written, and the exit code is 130.
    """
    import_lightly()
    from grader.course import course
    from grader.grading.many import Options

    if not any(path.exists() for path in paths):
        raise UsageError(f"there is nothing at {', '.join(map(str, paths))}")
    check_targets(html, junit, out)
    told = course(course_file, paths)
    limits = told.bounds(cell_seconds=cell_seconds)
    options = Options(assignment, seed, isolation, jobs, limits, out, packages=told.kernel.packages)
    results, stopped = _graded(paths, options, quiet)
    try:
        if as_json:
            from grader.result import document

            echo(document(results))
        elif results and not quiet:
            from grader.report.terminal import details, table

            show_on_terminal(details(results[0]) if len(results) == 1 else table(results))
    finally:  # a reader of our output who leaves takes nothing from the reports
        failed = write_reports(results, html, junit)
    return stopped or failed or _exit_code(results, fail_under)


def _graded(paths: Sequence[Path], options: Options, quiet: bool = False) -> tuple[list[Result], int]:
    """The results, and 0; or those that were there before it had to stop, and the exit code which that stands for."""
    from grader.grading.many import grade_paths

    done: list[Result] = []
    try:
        with _progress(len(paths), shown=not quiet) as advance:

            def on_result(result: Result) -> None:
                if not done:
                    gc.freeze()
                    gc.set_threshold(*OFTEN)
                done.append(result)
                advance()

            return grade_paths(paths, options, on_result), 0
    except KeyboardInterrupt:
        say(f"stopped: {len(done)} of {len(paths)} graded")
        return done, INTERRUPTED
    except GradmarkError as error:
        if not done:
            raise
        say(f"{error} (stopped: {len(done)} of {len(paths)} graded)")
        return done, error.exit_code


@contextmanager
def _progress(total: int, *, shown: bool) -> Iterator[Callable[[], None]]:
    """A progress bar on a terminal, nothing in a pipe."""
    if not shown or total < 2 or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("grading", total=total)
        yield lambda: bar.advance(task)


def _exit_code(results: Sequence[Result], fail_under: float | None) -> int:
    if any(r.needs_person for r in results):
        return 4
    if not all(r.graded for r in results):
        return 3
    # Seven of ten is not below 70 per cent, whatever floats make of it.
    if fail_under is not None and any(100 * r.score < fail_under * r.max_score - 1e-9 for r in results):
        return 1
    return 0


# ----------------------------------------------------------------------------------- for students
@cli.command()
@click.argument("path", default=".", type=PATH)
def check(path: Path) -> int:
    """Check your own work at PATH, in this process: the public checks, no points.

    PATH is a folder with exercises/, a module, or a notebook, of which definitions are read and nothing else is run. Exit code
    1 if a check failed; what is not written yet has not failed.
    """
    from grader.report.terminal import checked
    from grader.student import check_path

    items = check_path(path)
    show_on_terminal(checked(items))
    statuses = {item.status for item in items}
    return 4 if "grader_error" in statuses else int(not statuses <= {"passed", "not_attempted", "missing", "skipped"})


@cli.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def list_(as_json: bool) -> int:
    """List all assignments with their exercises and points."""
    from grader.bank import catalogue
    from grader.report.catalogue import units, units_json

    found = catalogue().units.values()
    if as_json:
        echo(units_json(found))
    else:
        show_on_terminal(units(found))
    return 0


@cli.command()
@click.argument("exercise")
def show(exercise: str) -> int:
    """Show one EXERCISE: what is asked, its checks and its points."""
    from grader.bank import catalogue
    from grader.report.catalogue import exercise as shown

    show_on_terminal(shown(catalogue().exercise(exercise)))
    return 0


# -------------------------------------------------------------------------------- for the course
@cli.command()
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit with 1 if something is stale.")
def stubs(only_check: bool) -> int:
    """Derive exercises/, the worked examples and the drawn cases from the model answers and the bank."""
    from grader.bank import corpus, worked
    from grader.bank import stubs as derived

    if not (CHECKOUT / "reference").is_dir() or not (CHECKOUT / "exercises").is_dir():
        raise UsageError("stubs are derived in a checkout of the course, where reference/ and exercises/ are")
    if only_check:
        files = [*derived.stale(CHECKOUT), *worked.stale(), *corpus.stale()]
    else:
        files = [*derived.write(CHECKOUT), *worked.write(), *corpus.write()]
    for path in files:
        echo(f"{'stale' if only_check else 'written'}: {path.relative_to(CHECKOUT)}")
    if only_check and files:
        say("run `gradmark stubs`")
    return int(only_check and bool(files))


@cli.command()
@JOBS
def demo(jobs: int | None) -> int:
    """Grade the sample class in examples/, print its table and write its report to out/demo.html."""
    import_lightly()
    from grader.grading.many import Options
    from grader.report.terminal import table
    from grader.runtime.limits import Limits

    room = next((r for r in (CHECKOUT / "examples" / "class", Path("examples/class")) if r.is_dir()), None)
    if room is None:
        raise UsageError("there is no examples/class here: run the demo in a checkout of the project")
    report = Path("out") / "demo.html"
    try:
        report.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write {report}: {error.strerror or error}") from None
    check_targets(report, None, None)
    paths = sorted(p for p in room.iterdir() if p.name != "EXPECTED.toml" and not p.name.startswith("."))
    results, stopped = _graded(paths, Options(jobs=jobs, limits=Limits(cell_seconds=5)))
    show_on_terminal(table(results))
    failed = write_reports(results, report, None)
    if not failed:
        echo(f"\n{len(results)} submissions; the report that their authors would read: {report}")
    return stopped or failed


# ------------------------------------------------------------------------------- for the machine
@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def doctor(as_json: bool) -> int:
    """Show what isolation this machine has, tried out one by one, which libraries and extras, and what to do.

    Exit code 1 if there is nothing better than the level `process`, which does not keep hostile code in.
    """
    from grader.runtime.isolation.doctor import examine

    found = examine()
    if as_json:
        import json

        echo(json.dumps(found.as_json(), indent=1, ensure_ascii=False))
    else:
        from grader.report.doctor import checkup

        show_on_terminal(checkup(found))
    return 0 if found.good else 1


# ----------------------------------------------------------------------------------------- the edge
def main() -> NoReturn:
    """The entry point: what goes wrong ends in one line on stderr, with the exit code that it stands for."""
    gc.set_threshold(*SELDOM)
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
        # The interpreter must not try to flush the rest when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = READER_LEFT
    except Exception as error:  # a fault of ours: never to be mistaken for a verdict, whose exit codes are 0, 1 and 3
        traceback.print_exc()
        say(f"the grader itself failed: {type(error).__name__}: {error}")
        code = 4
    sys.exit(code if isinstance(code, int) else 0)


def command() -> NoReturn:
    """The process of the command: :func:`main`, and an end that leaves to the system what the interpreter would take down."""
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    atexit._run_exitfuncs()  # ends the fork server
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except (OSError, ValueError):
            code = code or 2
    os._exit(code)
