"""The autograder of Gradescope on this machine: what goes into its zip, and a run of one as Gradescope would run it."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from grader.cli.delivery import deliver
from grader.cli.graded import Asked
from grader.cli.options import CHECKOUT, is_checkout
from grader.cli.terminal import echo, say
from grader.errors import GraderError, SubmissionError, UsageError

if TYPE_CHECKING:
    from packaging.requirements import Requirement

__all__ = ["bundle", "requirements", "simulate"]

ROOMS = ("grader", "reference", "exercises")
"""What of Gradmark grades; the folders are beside one another in a checkout and where packages are installed."""
PERSONAL = ("roster", "extensions", "extension", "exception", "salt")
"""Settings of a course file that are of people, or secret: a bundle grades one submission after the other and knows nobody."""
SECONDS = 600
"""The time that Gradescope gives an autograder, unless another is chosen there."""
LINUX = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "python_version": "3.11", "extra": ""}


def bundle(asked: Asked, isolation: str) -> tuple[bytes, str]:
    """Return the zip of an assignment's autograder, and a few words on it.

    Raises:
        UsageError: no assignment is named, or there is none of this name.

    """
    from grader.bank import catalogue
    from grader.course import read_course, read_plan
    from grader.export import gradescope_bundle

    course = read_course(asked.course_file)
    name = asked.assignment or (next(iter(course.assignments)) if len(course.assignments) == 1 else None)
    if name is None:
        raise UsageError("which assignment is the autograder for? name it with --assignment")
    if course.variants:
        raise UsageError(
            "a bundle grades without knowing whose variant it has, and this course has personal ones: grade the class with gradmark"
            " batch, and export that"
        )
    plan = read_plan(course, name, catalogue(course.bank))
    if plan.exam is not None and not plan.exam.settings.same:
        raise UsageError(
            f"{name} is an exam with a paper for each student, whom an autograder does not know: grade it with gradmark batch"
        )
    sources = {path: data for room in ROOMS for path, data in _files(CHECKOUT / room, room)}
    settings = _course(course.path, course.bank) if course.path is not None else None
    data = gradescope_bundle(sources, requirements(), name, course=settings, isolation=isolation)
    return data, f"the autograder of {name}, {plan.points:g} points, {len(data) / 2**20:.1f} MiB"


def _files(folder: Path, named: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files below a folder, by paths that begin with its new name; what Python and editors leave there is passed over."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in inside.parts):
            yield f"{named}/{inside.as_posix()}", path.read_bytes()


def _course(path: Path, banks: Iterable[Path]) -> dict[str, bytes]:
    """Return a course file without what is of people or secret, and its private banks beside it."""
    settings = {
        name: value for name, value in tomllib.loads(path.read_text("utf-8-sig")).items() if name not in PERSONAL
    }
    files: dict[str, bytes] = {}
    named = []
    for number, folder in enumerate(banks):
        named.append(f"banks/{number}/{folder.name}")
        files |= dict(_files(folder, named[-1]))
    if named:
        settings["bank"] = named
    lines = (f"{json.dumps(name)} = {_toml(value)}\n" for name, value in settings.items())
    return {"gradmark.toml": "".join(lines).encode("utf-8"), **files}


def _toml(value: Any) -> str:
    """Return a value of TOML as it is written in one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{json.dumps(name)} = {_toml(part)}' for name, part in value.items())}}}"
    return value.isoformat() if hasattr(value, "isoformat") else repr(value)


# ------------------------------------------------------------------------------------- what it needs
def requirements() -> list[str]:
    """Return what Gradmark needs, and what that needs, by name and number: as this checkout has them fixed, or as installed."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    fixed: Mapping[str, str] = {}
    if is_checkout(CHECKOUT):
        lines = (CHECKOUT / "constraints.txt").read_text("utf-8").splitlines()
        fixed = {canonicalize_name(n): v for n, _, v in (line.partition("==") for line in lines) if v}
        wanted = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    else:
        wanted = importlib.metadata.requires("gradmark") or []
    found: dict[str, str] = {}
    left = [requirement for requirement in map(Requirement, wanted) if _applies(requirement)]
    while left:
        one = left.pop()
        name = canonicalize_name(one.name)
        if name in found:
            continue
        try:
            found[name] = fixed.get(name) or importlib.metadata.version(name)
            left += [r for r in map(Requirement, importlib.metadata.requires(name) or []) if _applies(r)]
        except importlib.metadata.PackageNotFoundError:
            found[name] = fixed.get(name, "")
    return sorted(f"{name}=={version}" if version else name for name, version in found.items())


def _applies(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(LINUX)


# ------------------------------------------------------------------------------------------- a trial
def simulate(archive: Path, submission: Path, out: Path | None) -> int:
    """Run a bundle on a submission in a temporary folder laid out as Gradescope's, and check what it wrote.

    Nothing is installed: in the place of ``setup.sh`` the Python of this command is used. Return 0 if Gradescope would take the
    results, 1 if it would not.

    Raises:
        UsageError: the bundle or the submission cannot be read.
        GraderError: the autograder wrote no results.

    """
    from grader.export import BUNDLE_PYTHON, BUNDLE_ROOT, gradescope_faults

    if not submission.exists():
        raise UsageError(f"there is no submission {submission}")
    with tempfile.TemporaryDirectory(prefix="gradmark-autograder-") as made:
        root = Path(made).resolve()
        _unpacked(archive, root / "source")
        shutil.copy(root / "source" / "run_autograder", root / "run_autograder")
        (root / "run_autograder").chmod(0o755)
        (root / "results").mkdir()
        _copied(submission, root / "submission")
        environment = {**os.environ, BUNDLE_ROOT: str(root), BUNDLE_PYTHON: sys.executable}
        try:
            ran = subprocess.run(  # noqa: S603 - what is run is the bundle that was asked for
                [root / "run_autograder"], cwd=root, env=environment, capture_output=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise SubmissionError(
                f"the autograder took more than {SECONDS} s, the time that Gradescope gives one"
            ) from None
        printed = (ran.stdout + ran.stderr).decode("utf-8", "replace")
        results = root / "results" / "results.json"
        if not results.is_file():
            last = printed.strip().splitlines()[-1:] or ["nothing"]
            raise GraderError(
                f"no results.json: run_autograder ended with {ran.returncode}, and printed last: {last[0]}"
            )
        text = results.read_text("utf-8")
    faults = gradescope_faults(text)
    if out is not None:
        deliver(out, text.encode("utf-8"), "results.json")
    for fault in faults:
        say(f"Gradescope would not take it: {fault}")
    if not faults:
        echo(_told(json.loads(text)))
    return 1 if faults else 0


def _told(found: dict[str, Any]) -> str:
    tests = found.get("tests", [])
    lines = [f"score {found.get('score', '-')}, {len(tests)} tests; Gradescope would take it"]
    for visibility in ("visible", "after_due_date", "after_published", "hidden"):
        of = [test for test in tests if test.get("visibility", "visible") == visibility]
        if of:
            passed = sum(test.get("status") == "passed" for test in of)
            lines.append(
                f"  {visibility}: {len(of)} tests, {passed} passed, {sum(t.get('max_score', 0) for t in of):g} points"
            )
    return "\n".join(lines)


def _unpacked(archive: Path, folder: Path) -> None:
    names = _extracted(archive, folder)
    lacking = {"setup.sh", "run_autograder"} - set(names)
    if lacking:
        raise UsageError(f"{archive} is no autograder: {' and '.join(sorted(lacking))} must be at its root")


def _extracted(archive: Path, folder: Path) -> list[str]:
    """Extract a zip, and return the names of what is in it."""
    try:
        with zipfile.ZipFile(archive) as opened:
            names = opened.namelist()
            climbing = [name for name in names if name.startswith("/") or ".." in PurePosixPath(name).parts]
            if climbing:
                raise UsageError(f"{archive} has a file that leads out of it: {climbing[0]}")
            opened.extractall(folder)
            return names
    except (OSError, zipfile.BadZipFile, RuntimeError) as error:
        raise UsageError(f"{archive} cannot be read: {error}") from None


def _copied(submission: Path, folder: Path) -> None:
    """Lay a submission out as Gradescope does: files in a folder, a zip unpacked by itself."""
    if submission.is_dir():
        shutil.copytree(submission, folder, symlinks=True)
        return
    folder.mkdir()
    if zipfile.is_zipfile(submission):
        _extracted(submission, folder)
    else:
        shutil.copy(submission, folder / submission.name)
