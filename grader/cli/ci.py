"""The part of a run that speaks to a CI: annotations, a summary, outputs. The writing; the texts are those of ``grader.export``.

A CI's log is read by students, so what is told is what the course file lets them see.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from grader.cli.terminal import say
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.places import Place, Places
    from grader.result import Result

__all__ = ["CI", "Host", "commands_stopped", "host_of", "seen_from_root", "tell"]

Host = Literal["none", "github", "gitlab"]
CI = click.option(
    "--ci",
    type=click.Choice(("auto", "none", "github", "gitlab")),
    default="auto",
    show_default=True,
    help="Speak to this CI: annotations, a summary, outputs; show what students may see.",
)


def host_of(asked: str, environment: Mapping[str, str]) -> Host:
    """Return the CI that was asked for, of ``auto`` the one that the environment names."""
    if asked == "auto":
        asked = "github" if environment.get("GITHUB_ACTIONS") == "true" else "none"
        asked = "gitlab" if environment.get("GITLAB_CI") else asked
    return "github" if asked == "github" else "gitlab" if asked == "gitlab" else "none"


@contextmanager
def commands_stopped(host: Host, *, aside: bool) -> Iterator[None]:
    """Have GitHub take no line for a command while student text may be printed, until a token comes that nobody can guess.

    Args:
        host: the CI; nothing is printed for another than GitHub.
        aside: print on stderr, which is read for commands too, since stdout is for one document alone.

    """
    if host != "github":
        yield
        return
    token = secrets.token_hex(20)
    _print([f"::stop-commands::{token}"], aside=aside)
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        _print([f"::{token}::"], aside=aside)


def _print(lines: Sequence[str], *, aside: bool) -> None:
    click.echo("\n".join(lines), err=aside)


def tell(
    host: Host,
    results: Sequence[Result],
    left_out: Sequence[Result],
    where: Mapping[tuple[str, str | None], Places],
    code: int,
    *,
    aside: bool,
) -> int:
    """Tell a CI what came of it; return the exit code.

    To GitHub go annotations, and the summary and the outputs in the files that it names; to GitLab a line with the share of the
    points, which its setting ``coverage`` reads.

    Args:
        host: the CI.
        results: those that count, as students may see them.
        left_out: those of untouched units, likewise.
        where: the places of all, seen from the root of their repository.
        code: the exit code so far, which is an output.
        aside: see :func:`commands_stopped`.

    """
    from grader.export import MOST_BYTES, annotated, outputs, score_line, step_summary, workflow_commands

    if host == "gitlab":
        _print([score_line(results)], aside=aside)
    if host != "github":
        return code
    _print(workflow_commands(annotated(results, where, left_out)), aside=aside)
    written = True
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        room = MOST_BYTES - _size(Path(summary))
        text = step_summary(results, where, left_out, room)
        if not text:
            say("the summary of this step is full: nothing was added to it")
        written &= _append(Path(summary), text)
    into = os.environ.get("GITHUB_OUTPUT")
    if into:
        written &= _append(Path(into), outputs(results, code, f"gradmark_{secrets.token_hex(20)}"))
    return code if written else code or UsageError.exit_code


def seen_from_root(
    host: Host, where: Mapping[tuple[str, str | None], Places]
) -> Mapping[tuple[str, str | None], Places]:
    """Name all files as the CI names them; files elsewhere, and all of them under no CI, stay as they are.

    That is from the root of the project that GitLab checked out; for GitHub from the root of their repository, which lies at or
    below the workspace.
    """
    if host == "none":
        return where
    top = Path(os.environ.get("GITHUB_WORKSPACE" if host == "github" else "CI_PROJECT_DIR") or ".").resolve()

    def named(place: Place) -> Place:
        path = Path(place.file).resolve()
        above = [folder for folder in path.parents if folder.is_relative_to(top)]
        root = next((folder for folder in above if host == "github" and (folder / ".git").exists()), top)
        return replace(place, file=path.relative_to(root).as_posix()) if above else place

    return {
        key: replace(
            places,
            exercises={name: named(place) for name, place in places.exercises.items()},
            cells=tuple(map(named, places.cells)),
            whole=places.whole and named(places.whole),
        )
        for key, places in where.items()
    }


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _append(path: Path, text: str) -> bool:
    """Append a text to a file that the CI named; False, and a line on stderr, if that fails."""
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        say(f"cannot write {path}: {error.strerror or error}")
        return False
    return True
