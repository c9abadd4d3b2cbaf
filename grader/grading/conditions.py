"""The environment of a grading: what an item depends on beside the submission and the exercise, and its fingerprint."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

import grader
from grader.grading.settings import Settings, graded_by

__all__ = ["differences", "environment", "fingerprint"]

LIBRARIES = ("hypothesis", "ipykernel", "nbclient", "nbformat", "numpy")
"""Those that take part in running a submission, judging it and saying why."""


def environment(settings: Settings) -> dict[str, Any]:
    """Describe the environment of this process, as plain data: versions, digests of sources, isolation, limits, seed."""
    by = graded_by(settings)
    return {
        "gradmark": by.version,
        "bank": by.bank,
        "grader": _sources(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "machine": f"{platform.system()} {platform.machine()}",
        "libraries": {name: _version(name) for name in LIBRARIES},
        "packages": _packages(settings.packages),
        "isolation": by.isolation,
        "mechanisms": by.mechanisms,
        "seed": by.seed,
        "drawn": settings.drawn,
        "diagnosed": settings.diagnosed,
        **({"variants": hashlib.sha256(settings.variants.encode()).hexdigest()} if settings.variants else {}),
        "limits": {name: float(limit) for name, limit in asdict(settings.limits).items()},  # 5 and 5.0 are one limit
    }


def fingerprint(of: Mapping[str, Any]) -> str:
    """Return the sha256 of an environment."""
    return hashlib.sha256(json.dumps(of, sort_keys=True).encode()).hexdigest()


def differences(ours: Mapping[str, Any], theirs: Mapping[str, Any], name: str = "") -> list[str]:
    """Name what differs between two environments, each with both values, digests cut short."""
    found = []
    for key in sorted({*ours, *theirs}):
        one, other, full = ours.get(key), theirs.get(key), f"{name}{key}"
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            found += differences(one, other, f"{full}.")
        elif one != other:
            found.append(f"{full} {_short(one)} and {_short(other)}")
    return found


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= 40 else f"{text[:12]}…"


@lru_cache(maxsize=1)
def _sources() -> str:
    """Return the sha256 over our own sources: a changed sentence of the diagnosis is another item, with the same mark."""
    rooms = ("diagnosis", "grading", "judging", "runtime", "submission")
    home, digest = Path(grader.__file__).parent, hashlib.sha256()
    paths = [path for room in rooms for path in (home / room).rglob("*.py")]
    for path in sorted([*paths, home / "items.py", home / "result.py"]):
        digest.update(path.relative_to(home).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=16)
def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "absent"


@lru_cache(maxsize=4)
def _packages(names: tuple[str, ...]) -> dict[str, str]:
    """Return the versions of what submissions may import besides the usual, by the name of the import."""
    of_imports = metadata.packages_distributions() if names else {}
    return {name: ", ".join(map(_version, sorted(set(of_imports.get(name, [name]))))) for name in names}
