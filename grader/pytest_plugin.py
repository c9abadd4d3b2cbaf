"""The plugin of pytest: ``pytest --gradmark PATH`` grades, and shows each check as one test.

Without the flag nothing of this file is used, and nothing else of Gradmark is imported. With it pytest collects nothing but checks:
the submission is graded by a process of its own, in an isolated interpreter, and read from its JSON. Of the submission's folder
neither a ``conftest.py`` nor a test is imported, and one whose settings pytest has read is refused. A fault of the grader is an
error, never a failure.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import grader

__all__: list[str] = []

BY_ITSELF = """import sys
home = sys.argv.pop(1)
home in sys.path or sys.path.insert(0, home)
from grader.cli import command
command()
"""
GRADED = pytest.StashKey[str]()
FAULTS = ("wrong", "raised", "timed_out", "crashed", "missing")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the flags."""
    group = parser.getgroup("gradmark", "grading of backprop coursework")
    group.addoption(
        "--gradmark", action="append", metavar="PATH", help="Grade this, one test a check, and collect nothing else."
    )
    group.addoption(
        "--gradmark-assignment", metavar="NAME", help="The assignment; without it, names and contents tell."
    )
    group.addoption("--gradmark-course", metavar="FILE", help="The course file; without it there is none.")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """Keep pytest from importing the conftest files of a submission, and refuse settings that come from it."""
    known = early_config.known_args_namespace
    if known.gradmark:
        known.noconftest = True
        settings = early_config.inipath
        inside = [
            path for path in known.gradmark if settings and settings.resolve().is_relative_to(Path(path).resolve())
        ]
        if inside and early_config.inicfg:
            raise pytest.UsageError(
                f"--gradmark: pytest has read its settings from {settings}, which is part of what is to be graded:"
                " start it in another folder, or with -c /dev/null"
            )
    return (yield)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Hand the results on to a worker of pytest-xdist, so that nothing is graded twice."""
    if node.config.getoption("gradmark"):
        node.workerinput["gradmark"] = _graded(node.config)


def pytest_collection(session: pytest.Session) -> bool | None:
    """Collect checks in the place of tests."""
    if not session.config.getoption("gradmark"):
        return None
    config = session.config
    session.items = list(session.genitems(_All.from_parent(session, name="gradmark", nodeid="gradmark")))
    config.hook.pytest_collection_modifyitems(session=session, config=config, items=session.items)
    config.hook.pytest_collection_finish(session=session)
    session.testscollected = len(session.items)
    return True


def _graded(config: pytest.Config) -> str:
    """Return the JSON document of the results; grading is done once, whoever asks.

    Raises:
        _GraderFailedError: there is none.

    """
    handed_on = getattr(config, "workerinput", {}).get("gradmark")
    if handed_on is not None:
        return str(handed_on)
    if GRADED not in config.stash:
        command = [sys.executable, "-I", "-c", BY_ITSELF, str(Path(grader.__file__).parent.parent), "grade"]
        command += [str(Path(path).absolute()) for path in config.getoption("gradmark")]
        for flag, value in (("--assignment", "assignment"), ("--course", "course")):
            given = config.getoption(f"gradmark_{value}")
            if given:
                command += [flag, str(Path(given).absolute()) if value == "course" else given]
        with tempfile.TemporaryDirectory(prefix="gradmark-") as elsewhere:
            # Where no file lies that could be taken for the grader's own.
            ran = subprocess.run(  # noqa: S603 - our own interpreter
                [*command, "--json", "--ci", _host(), "-q"], capture_output=True, cwd=elsewhere, check=False
            )
        said = ran.stderr.decode(errors="replace").strip().splitlines()
        config.stash[GRADED] = ran.stdout.decode() or json.dumps(
            {"failed": said[-1] if said else f"exit code {ran.returncode}"}
        )
    return config.stash[GRADED]


def _host() -> str:
    """Return what --ci is given: in a CI, whose log students read, a host that is told nothing but what they may see."""
    # The files of a step are the outer command's: GitLab's way writes none.
    in_one = os.environ.get("GITHUB_ACTIONS") == "true" or os.environ.get("GITLAB_CI")
    return "gitlab" if in_one else "none"


class _GraderFailedError(Exception):
    """No result, through no fault of the submission."""


class _RejectedError(Exception):
    """A check that a submission did not pass."""


class _Said(pytest.Collector):
    """A collector whose errors are one text."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:  # noqa: ARG002 - pytest's own
        return str(excinfo.value)


class _All(_Said):
    """Everything that was graded."""

    def collect(self) -> Iterator[pytest.Collector]:
        read = json.loads(_graded(self.config))
        if "failed" in read:
            raise _GraderFailedError(_clean(read["failed"]))
        results = read["results"]
        several = len({r["submission"]["id"] for r in results}) > 1
        for result in results:
            name = "/".join(
                [*([_name(result["submission"]["id"])] if several else []), result["assignment"] or "unknown"]
            )
            yield _One.from_parent(self, name=name, nodeid=f"gradmark/{name}", result=result)


class _One(_Said):
    """One submission, for one assignment."""

    def __init__(self, *, result: dict[str, Any], **named: Any) -> None:
        super().__init__(**named)
        self.result = result

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        said = self.result["notebook"]["error"] or ""
        yield _Check.from_parent(self, name="notebook", outcome=_of_notebook(self.result), said=said)
        for item in self.result["items"]:
            short = item["exercise"].rpartition(".")[2]
            yield _Exercise.from_parent(self, name=short, checks=item["checks"])


class _Exercise(_Said):
    """One exercise."""

    def __init__(self, *, checks: Sequence[dict[str, Any]], **named: Any) -> None:
        super().__init__(**named)
        self.checks = checks

    def collect(self) -> Iterator[pytest.Item]:
        for check in self.checks:
            diagnosis = check["diagnosis"]["text"] if check["diagnosis"] else ""
            said = "\n".join(part for part in (diagnosis, check["message"]) if part)
            yield _Check.from_parent(self, name=check["name"], outcome=check["status"], said=said)


class _Check(pytest.Item):
    """One check: a test that says how it ended."""

    def __init__(self, *, outcome: str, said: str, **named: Any) -> None:
        super().__init__(**named)
        self.outcome, self.said = outcome, said

    def setup(self) -> None:
        # In the set-up, so that pytest counts an error and no failure.
        if self.outcome == "grader_error":
            raise _GraderFailedError(f"the grader itself failed; a person must look: {_clean(self.said)}")

    def runtest(self) -> None:
        if self.outcome in FAULTS:
            raise _RejectedError(_clean(self.said) or self.outcome)
        if self.outcome != "passed":
            pytest.skip(_clean(self.said).partition("\n")[0] or self.outcome.replace("_", " "))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        ours = isinstance(excinfo.value, _RejectedError | _GraderFailedError)
        return str(excinfo.value) if ours else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, self.nodeid


def _of_notebook(result: dict[str, Any]) -> str:
    """Return the outcome of a notebook as a whole, as that of a check."""
    status = result["notebook"]["status"]
    if result["needs_person"] and not result["graded"]:
        return "grader_error"
    if result["graded"] and status in ("ok", "absent"):
        return "passed" if status == "ok" else "skipped"
    return "crashed"


def _clean(text: str) -> str:
    from grader.report import clean, without_commands

    return without_commands(clean(text))


def _name(text: str) -> str:
    from grader.report import inline

    return inline(text, 100).replace("::", ": :")
