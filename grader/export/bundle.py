"""The zip that Gradescope makes an autograder of: it brings Gradmark's own source, the course's settings, and two scripts.

Gradescope unpacks it at ``/autograder/source``, runs ``setup.sh`` once, to install what the source needs, and for each submission
``run_autograder``, which grades ``/autograder/submission`` and writes ``/autograder/results/results.json``. Where that root is, and
which Python is used, can be said by environment variables, so that a bundle can be tried on any machine.
"""

from __future__ import annotations

import io
import shlex
import zipfile
from collections.abc import Mapping, Sequence

__all__ = ["BUNDLE_PYTHON", "BUNDLE_ROOT", "gradescope_bundle"]

BUNDLE_ROOT = "GRADMARK_AUTOGRADER"
"""The environment variable with the folder that is ``/autograder`` on Gradescope."""
BUNDLE_PYTHON = "GRADMARK_PYTHON"
"""The environment variable with the Python to grade with, in the place of the one that ``setup.sh`` installs."""
COURSE = "course/gradmark.toml"
EPOCH = (2020, 1, 1, 0, 0, 0)
"""The time of all files, so that the same sources give the same bytes."""

SETUP = """\
#!/usr/bin/env bash
# Run once by Gradescope: installs what Gradmark needs, by name and number, for a Python of 3.11 or newer.
set -euo pipefail
root="${GRADMARK_AUTOGRADER:-/autograder}"

find_python() {
    for candidate in python3.14 python3.13 python3.12 python3.11 python3; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
            echo "$candidate"
            return
        fi
    done
}

python="$(find_python)"
if [ -z "$python" ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update
    # Ubuntu 24.04 and later have a newer one as python3; 22.04 has 3.11 beside its own.
    if python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
        apt-get install -y --no-install-recommends python3-venv
    else
        apt-get install -y --no-install-recommends python3.11 python3.11-venv
    fi
    python="$(find_python)"
fi
if [ -z "$python" ]; then
    echo "no Python of 3.11 or newer: choose a newer base image in Gradescope" >&2
    exit 1
fi
"$python" -m venv "$root/venv"
"$root/venv/bin/python" -m pip install --no-input --disable-pip-version-check -r "$root/source/requirements.txt"
# What this machine can keep student code away from is in the build log.
PYTHONPATH="$root/source/gradmark" "$root/venv/bin/python" -P -c 'from grader.cli import command; command()' doctor || true
"""

RUN = """\
#!/usr/bin/env bash
# Run by Gradescope for each submission. A run without results.json is shown as a failure of the autograder, never as a zero.
set -uo pipefail
root="${{GRADMARK_AUTOGRADER:-/autograder}}"
python="${{GRADMARK_PYTHON:-$root/venv/bin/python}}"
# Never from the submission's folder: what is there must not be on the import path of the grader.
cd "$root/source" || exit 4
mkdir -p "$root/results"
export PYTHONPATH="$root/source/gradmark" PYTHONDONTWRITEBYTECODE=1
exec "$python" -P -c 'from grader.cli import command; command()' export gradescope \\
    --grade "$root/submission" --out "$root/results/results.json" --assignment {assignment}{course}{isolation}
"""


def gradescope_bundle(
    sources: Mapping[str, bytes],
    requirements: Sequence[str],
    assignment: str,
    *,
    course: Mapping[str, bytes] | None = None,
    isolation: str = "auto",
) -> bytes:
    """Return the zip.

    Args:
        sources: of Gradmark: files by their paths, with ``/``, from the folder that holds ``grader`` and ``reference``.
        requirements: what it needs, by name and number.
        assignment: its name in the course file; without one, the unit's.
        course: ``gradmark.toml`` and the files of private banks, by their paths; None without a course file.
        isolation: the level to grade with.

    """
    files: dict[str, tuple[bytes, int]] = {
        "setup.sh": (SETUP.encode(), 0o755),
        "run_autograder": (_run(assignment, course is not None, isolation).encode(), 0o755),
        "requirements.txt": (("\n".join(requirements) + "\n").encode(), 0o644),
        **{f"gradmark/{path}": (data, 0o644) for path, data in sources.items()},
        **{f"course/{path}": (data, 0o644) for path, data in (course or {}).items()},
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, (data, mode) in sorted(files.items()):
            info = zipfile.ZipInfo(path, EPOCH)
            info.compress_type, info.create_system, info.external_attr = (
                zipfile.ZIP_DEFLATED,
                3,
                (0o100000 | mode) << 16,
            )
            archive.writestr(info, data)
    return made.getvalue()


def _run(assignment: str, with_course: bool, isolation: str) -> str:
    return RUN.format(
        assignment=shlex.quote(assignment),
        course=f' \\\n    --course "$root/source/{COURSE}"' if with_course else "",
        isolation="" if isolation == "auto" else f" --isolation {shlex.quote(isolation)}",
    )
