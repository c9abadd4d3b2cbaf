"""The part of this machine that a submission may read: the interpreter's libraries, and the installed packages that it may import.

A whitelist, made on the trusted side from what the installer wrote down of each distribution, and passed to the sandbox. All that
is not on it (the grader, the model answers, frameworks that would answer the exercises) is not there for student code: at the level
``full`` not even its name, at ``landlock`` not its contents.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata, util
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from grader.errors import UsageError

__all__ = ["distributions", "shows", "visible"]

ALWAYS = ("ipykernel", "numpy")
IF_INSTALLED = ("matplotlib", "matplotlib-inline")
UNUSED = ("debugpy", "jedi")
"""Requirements that ipykernel and IPython do without: nobody debugs or completes here, and every kernel would carry 8 MiB more."""
OURS = ("gradmark", "grader", "reference", "exercises")
LIBRARIES = ("/usr/lib", "/lib", "/usr/lib64", "/lib64", "/usr/lib/locale", "/nix/store", "/gnu/store")
SYSTEM = ("/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo")
FONTS = ("/etc/fonts", "/usr/share/fonts")
SITES = ("site-packages", "dist-packages")
WHOLE = (".dist-info", ".egg-info", ".libs")


@cache
def visible(names: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """List what the sandbox needs to know of this machine, for a course that offers the packages ``names`` besides numpy.

    Returns:
        ``readonly``: files and folders that may be read. ``hidden``: folders below them that may not, but for what ``readonly``
        names itself. ``packages``: the folders to put on the student's ``sys.path``.

    Raises:
        UsageError: a package that is not installed, or is the grader.

    """
    found = distributions(names)
    tops = {top: None for distribution in found.values() for top in _importable(distribution)}
    roots = {str(distribution.locate_file("")): None for distribution in found.values()}
    libraries = [folder for folder in dict.fromkeys((*_libraries(), *_interpreter())) if Path(folder).is_dir()]
    fonts = FONTS if "matplotlib" in found else ()
    system = [path for path in (*SYSTEM, *fonts) if Path(path).exists()]
    hidden = {str(site) for folder in libraries for site in _sites(folder)}
    hidden |= {*roots, *_our_folders()}
    return {
        "readonly": [*libraries, *system, *tops],
        "hidden": sorted(hidden),
        "packages": sorted(roots, key=_place_on_path),
    }


def shows(path: Path, names: tuple[str, ...] = ()) -> bool:
    """Return True if submissions with these packages may read what lies at a path: the innermost folder that is listed decides."""
    place = path.resolve()
    around = [
        (len(folder.parts), kind)
        for kind, folders in visible(names).items() if kind != "packages"
        for folder in (Path(name).resolve() for name in folders) if place.is_relative_to(folder)
    ]  # fmt: skip
    return max(around, default=(0, "hidden"))[1] == "readonly"


def distributions(names: Iterable[str] = ()) -> dict[str, metadata.Distribution]:
    """Find the installed distributions that a kernel with these packages needs, each with all that it requires; never the grader.

    Raises:
        UsageError: as :func:`visible`.

    """
    names = tuple(names)
    found: dict[str, metadata.Distribution] = {}
    left_out = {"gradmark", *UNUSED} - set(map(canonicalize_name, names))
    waiting = [*ALWAYS, *(name for name in IF_INSTALLED if _installed(name)), *map(_distribution_of, names)]
    while waiting:
        name = canonicalize_name(waiting.pop())
        distribution = None if name in (*found, *left_out) else _installed(name)
        if distribution is not None:
            found[name] = distribution
            waiting += _required(distribution)
    return dict(sorted(found.items()))


def _installed(name: str) -> metadata.Distribution | None:
    return _index().get(canonicalize_name(name))


@cache
def _index() -> dict[str, metadata.Distribution]:
    """Index the installed distributions by name, the first on the path before others. Only their folders' names are read."""
    found: dict[str, metadata.Distribution] = {}
    for folder in map(Path, filter(None, sys.path)):
        for written in (*folder.glob("*.dist-info"), *folder.glob("*.egg-info")):
            found.setdefault(canonicalize_name(written.stem.partition("-")[0]), metadata.Distribution.at(written))
    return found


def _distribution_of(name: str) -> str:
    """Return the distribution that a course means by a name, which may be that of a module."""
    if canonicalize_name(name) in OURS:
        raise UsageError(
            f"kernel.packages: {name!r} holds what submissions must not see; name what they import instead"
        )
    if _installed(name) is not None:
        return name
    providers = metadata.packages_distributions().get(name)
    if not providers:
        raise UsageError(
            f"kernel.packages: {name!r} is not installed where the grader runs ({sys.prefix}); install it there, or leave it out"
        )
    return providers[0]


def _required(distribution: metadata.Distribution) -> Iterator[str]:
    """Yield the names of what a distribution requires on this machine, without extras."""
    header = (distribution.read_text("METADATA") or distribution.read_text("PKG-INFO") or "").partition("\n\n")[0]
    for line in header.splitlines():
        if not line.startswith("Requires-Dist:") or "extra ==" in line:
            continue
        try:
            requirement = Requirement(line.partition(":")[2].strip())
        except InvalidRequirement:
            continue
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield requirement.name


# --------------------------------------------------------------------------------- their files
def _importable(distribution: metadata.Distribution) -> Iterator[str]:
    """Yield the files and folders of a distribution, each as high up as nothing of another distribution is below it."""
    root = Path(str(distribution.locate_file("")))
    recorded = _recorded(distribution)
    level = {name.partition("/")[0] for name in recorded} - {"..", ""}
    while level:
        shared = set()
        for name in sorted(level):
            path = root / name
            if path.is_dir() and not path.name.endswith(WHOLE) and not (path / "__init__.py").exists():
                shared.add(f"{name}/")  # a namespace: others may have a part in it
            elif path.exists() and path.suffix != ".pth":
                yield str(path)
        level = {
            above + name[len(above) :].partition("/")[0]
            for above in shared for name in recorded if name.startswith(above)
        }  # fmt: skip


def _recorded(distribution: metadata.Distribution) -> list[str]:
    """List the files that the installer wrote down; where it did not (a system's own packages), the modules that it named."""
    record = distribution.read_text("RECORD")
    if record:
        # A line begins with the file's name, in quotes if there is a comma in it.
        return [
            line.partition(",")[0] if line[0] != '"' else line[1:].partition('"')[0]
            for line in record.splitlines()
            if line
        ]
    named = (distribution.read_text("top_level.txt") or distribution.metadata["Name"].replace("-", "_")).split()
    root = Path(str(distribution.locate_file("")))
    return [entry.name for name in named for pattern in (name, f"{name}.*") for entry in root.glob(pattern)]


# ------------------------------------------------------------------------------ their surroundings
def _libraries() -> Iterator[str]:
    """Yield the folders of the system's shared libraries; with a folder for each architecture, only this one's."""
    architecture = sysconfig.get_config_var("MULTIARCH") or ""
    for folder in LIBRARIES:
        narrow = Path(folder, architecture)
        yield str(narrow) if folder in ("/usr/lib", "/lib") and narrow.is_dir() else folder


def _sites(folder: str) -> Iterator[Path]:
    """Yield the folders below a folder of libraries in which packages are installed."""
    for entry in os.scandir(folder):
        if entry.name.startswith("python3"):
            yield from filter(Path.is_dir, (Path(entry, site) for site in SITES))


def _interpreter() -> Iterator[str]:
    """Yield the folders of the interpreter's standard library, and of its shared libraries if these are not the system's."""
    if sys.base_prefix != "/usr":
        yield from (str(Path(sys.base_prefix, folder)) for folder in ("lib", "lib64"))
    yield from dict.fromkeys(sysconfig.get_path(kind) for kind in ("stdlib", "platstdlib"))


def _our_folders() -> list[str]:
    """List the folders of the grader, the model answers and the stubs, should they be below a folder of libraries."""
    specs = [util.find_spec(name) for name in OURS[1:]]
    return [folder for spec in specs if spec is not None for folder in spec.submodule_search_locations or ()]


def _place_on_path(root: str) -> int:
    return sys.path.index(root) if root in sys.path else len(sys.path)
