"""The writing of report files and of students' pages: each whole or not at all, and independently of the others."""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.terminal import say
from grader.errors import GraderError, UsageError
from grader.writing import write_whole

if TYPE_CHECKING:
    from grader.places import Places
    from grader.result import Result
    from grader.shown import Rules

__all__ = ["PAGES", "Pages", "check_targets", "write_reports"]

PAGES = "students"
"""The folder, in that of ``--out``, that holds students' pages and nothing that is not for them."""


def check_targets(html: Path | None, junit: Path | None, out: Path | None, code_quality: Path | None = None) -> None:
    """Check before grading, not after, that the reports can be written.

    Raises:
        UsageError: a target cannot be written, or two reports have the same target.

    """
    flags = {"--html": html, "--junit": junit, "--code-quality": code_quality}
    reports = {flag: target for flag, target in flags.items() if target is not None}
    for target in reports.values():
        if target.is_dir():
            raise UsageError(f"cannot write {target}: it is a folder")
        if target.exists() and not os.access(target, os.W_OK):
            raise UsageError(f"cannot write {target}: permission denied")
        _check_folder(target.parent, str(target))
    for one, other in itertools.combinations(reports, 2):
        if reports[one].resolve() == reports[other].resolve():
            raise UsageError(f"{one} and {other} name the same file, {reports[one]}")
    if out is not None:
        if out.exists() and not out.is_dir():
            raise UsageError(f"cannot write to {out}: it is not a folder")
        _check_folder(out, f"to {out}")
        if (out / PAGES).exists():
            if not (out / PAGES).is_dir():
                raise UsageError(f"cannot write to {out / PAGES}: it is not a folder")
            _check_folder(out / PAGES, f"to {out / PAGES}")


def _check_folder(folder: Path, what: str) -> None:
    """Check that a folder is there, or can be made."""
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if not there.is_dir():
        raise UsageError(f"cannot write {what}: {there} is not a folder")
    if not os.access(there, os.W_OK):
        raise UsageError(f"cannot write {what}: {there} cannot be written to")


class Pages:
    """The pages of students, each written as soon as its result is there.

    Args:
        folder: that of ``--out``; None writes nothing.
        rules: how much students may see.

    """

    def __init__(self, folder: Path | None, rules: Rules) -> None:
        self._folder, self._rules, self._now = folder and folder / PAGES, rules, datetime.now(UTC)
        self.written = self.failed = 0
        self._first, self._code = "", 0

    def write(self, result: Result, stem: str | None = None) -> None:
        """Write the page of a result; one that cannot be written is counted, and costs no other anything.

        Args:
            result: the whole result.
            stem: the name of its file, without the ending; by default the one that grading gives it.

        """
        if self._folder is None:
            return
        from grader.grading import file_stem
        from grader.report import student_page
        from grader.shown import may_see

        path = self._folder / f"{file_stem(result) if stem is None else stem}.html"
        try:
            text = student_page(may_see(result, self._rules, self._now))
            self._folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, text)
        except OSError as error:
            self._fail(f"cannot write {path}: {error.strerror or error}", UsageError.exit_code)
        except Exception as error:  # a fault of ours: the results of the class are worth more than a page
            self._fail(f"the grader itself failed at {path}: {type(error).__name__}: {error}", GraderError.exit_code)
        else:
            self.written += 1

    def _fail(self, says: str, code: int) -> None:
        self._first, self._code = self._first or says, max(self._code, code)
        self.failed += 1

    def close(self) -> int:
        """Say on stderr what could not be written; return 0, or the exit code of a failure."""
        if not self.failed:
            return 0
        more = self.failed - 1
        say(self._first + (f" (and {more} more {'page' if more == 1 else 'pages'})" if more else ""))
        return self._code


def write_reports(
    results: Sequence[Result],
    html: Path | None,
    junit: Path | None,
    code_quality: Path | None = None,
    where: Mapping[tuple[str, str | None], Places] | None = None,
) -> int:
    """Write the reports that were asked for; return 0, or the exit code of a failed one. A failure is printed on stderr.

    ``where`` has the places of the submissions' work, for a report of code quality.
    """
    written = []
    if html is not None:
        from grader.report import page

        written.append(_write(html, page(results)))
    if junit is not None:
        from grader.export import junit_xml

        written.append(_write(junit, junit_xml(results)))
    if code_quality is not None:
        from grader.export import annotated
        from grader.export import code_quality as quality

        written.append(_write(code_quality, quality(annotated(results, where or {}))))
    return 0 if all(written) else UsageError.exit_code


def _write(path: Path, text: str) -> bool:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
    except OSError as error:
        say(f"cannot write {path}: {error.strerror or error}")
        return False
    return True
