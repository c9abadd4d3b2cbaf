"""Which isolation is to be had, what may be read, and what ``gradmark doctor`` says of it, on machines that this one is not."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rich.console import Console

from grader.cli import cli
from grader.errors import IsolationError, KernelError, UsageError
from grader.report.doctor import checkup
from grader.runtime.isolation import LevelTrial, doctor
from grader.runtime.isolation import level as isolation
from grader.runtime.isolation import whitelist as packages

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")
FULL = ("userns", "seccomp", *isolation.ALWAYS)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A machine on which some levels fail, each for its reason."""

    def make(**reasons: str) -> None:
        def levels(*, every: bool = False) -> dict[str, LevelTrial]:
            found = {}
            for level in isolation.LEVELS:
                found[level] = (
                    LevelTrial(reason=reasons[level]) if level in reasons else LevelTrial((level, *isolation.ALWAYS))
                )
                if level not in reasons and not every:
                    break
            return found | {"none": LevelTrial(isolation.ALWAYS)}

        monkeypatch.setattr(isolation, "levels", levels)

    monkeypatch.setattr(isolation, "RECORDED", {})
    return make


# ---------------------------------------------------------------------------------------- resolve
def test_auto_takes_the_best_there_is(machine: Any) -> None:
    for reasons, best in (
        ({}, "full"),
        ({"full": "no"}, "landlock"),
        ({"full": "no", "landlock": "no"}, "process"),
        ({"full": "no", "landlock": "no", "process": "no"}, "none"),
    ):
        machine(**reasons)
        assert isolation.resolve("auto").level == best


def test_a_level_is_refused_rather_than_replaced(machine: Any) -> None:
    machine(full="unshare: Operation not permitted")
    with pytest.raises(
        IsolationError, match=r"unshare: Operation not permitted.*'landlock'.*gradmark doctor"
    ) as refused:
        isolation.resolve("full")
    assert refused.value.exit_code == 2
    assert isolation.resolve("landlock").level == "landlock"


def test_less_than_the_best_may_be_asked_for(machine: Any) -> None:
    machine(landlock="this kernel has none")
    assert isolation.resolve("process") == isolation.Isolation("process", ("process", *isolation.ALWAYS))
    assert isolation.resolve("none") == isolation.Isolation("none", isolation.ALWAYS)
    with pytest.raises(IsolationError, match="this kernel has none"):
        isolation.resolve("landlock")


def test_what_a_server_proved_is_not_tried_again(machine: Any) -> None:
    machine(full="a trial that would fail")
    isolation.record_level("process", ["session"])
    assert isolation.resolve("auto").level == "landlock", "less than the best is not the best"
    isolation.record_level("full", ["userns"])
    assert (
        isolation.resolve("full")
        == isolation.resolve("auto")
        == isolation.Isolation("full", ("userns", *isolation.ALWAYS))
    )
    assert isolation.resolve("process") == isolation.Isolation("process", ("session", *isolation.ALWAYS))
    with pytest.raises(IsolationError, match="no isolation level"):
        isolation.resolve("better")


def test_an_unknown_level_is_no_level() -> None:
    with pytest.raises(IsolationError, match="auto, full, landlock, process, none"):
        isolation.resolve("sandbox")


def test_without_linux_there_is_a_process_of_its_own_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    levels = isolation.levels.__wrapped__()
    assert {level: bool(trial.reason) for level, trial in levels.items()} == {
        "full": True, "landlock": True, "process": True, "none": False,
    }  # fmt: skip
    assert "needs Linux; this is darwin" in levels["full"].reason
    assert isolation.mechanisms.__wrapped__() == {}


def test_a_probe_that_breaks_is_the_graders_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "probe.py"
    broken.write_text("raise SystemExit('no ctypes here')")
    monkeypatch.setattr(isolation, "PROBE", broken)
    with pytest.raises(KernelError, match="no ctypes here"):
        isolation.levels.__wrapped__()


@LINUX
def test_the_levels_of_this_machine_were_tried() -> None:
    found = isolation.levels(every=True)
    assert list(found) == list(isolation.LEVELS)
    for level, trial in found.items():
        assert bool(trial.found) != bool(trial.reason), level
    assert isolation.levels(every=True) is found, "once for each process"


# ------------------------------------------------------------------------------ closed machines
CLOSED = """
import json, os, sys
from grader.runtime.isolation import level as isolation
try:
    full = isolation.resolve("full").level
except isolation.IsolationError as error:
    full = str(error)
auto = isolation.resolve("auto")
print(json.dumps({"auto": [auto.level, auto.mechanisms], "full": full}))
from grader.cli import command
sys.argv = ["gradmark", "doctor", "--json"]
command()
"""
WITHOUT_USERS = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'
FILTERED = r"""
import importlib.util, os, struct, sys
for name in ("syscalls", "linux", "seccomp"):
    spec = importlib.util.spec_from_file_location("_gradmark_" + name, os.path.join(sys.argv[1], name + ".py"))
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
syscalls = sys.modules["_gradmark_syscalls"]
denied = [syscalls.number(name, syscalls.machine()) for name in ("unshare", "landlock_create_ruleset")]
code = [(0x20, 0, 0, 0), *[i for n in denied for i in ((0x15, 0, 1, n), (6, 0, 0, 0x50001))], (6, 0, 0, 0x7FFF0000)]
module.install(b"".join(struct.pack("<HBBI", *i) for i in code))
os.execv(sys.argv[2], sys.argv[2:])
"""
"""What a container's engine does that knows neither namespaces nor Landlock."""


def on_a_closed_machine(*before: str) -> tuple[dict[str, Any], dict[str, Any], int]:
    """What is to be had there, and what the doctor says."""
    ran = subprocess.run([*before, sys.executable, "-c", CLOSED], capture_output=True, text=True, check=False)
    first, _, rest = ran.stdout.partition("\n")
    assert first, ran.stderr
    return json.loads(first), json.loads(rest), ran.returncode


def advice(said: dict[str, Any], name: str) -> str:
    return str(next(m["advice"] for m in said["mechanisms"] if m["name"] == name))


@pytest.mark.slow
@LINUX
def test_where_user_namespaces_are_closed_there_is_landlock_and_the_switch_is_named() -> None:
    before = ("unshare", "--user", "--map-root-user", "sh", "-c", WITHOUT_USERS, "sh")
    if subprocess.run([*before, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no user namespace can be had in which to close them")
    if isolation.mechanisms()["landlock"].reason:
        pytest.skip("this kernel has no Landlock to fall back on")
    got, said, code = on_a_closed_machine(*before)
    assert got["auto"][0] == "landlock"
    assert "userns" not in got["auto"][1]
    assert "is not to be had here" in got["full"]
    assert (said["level"], said["good"], code) == ("landlock", True, 0)
    assert advice(said, "userns") == "sudo sysctl user.max_user_namespaces=15000"
    assert advice(said, "netns") == "as userns"
    assert advice(said, "seccomp") == ""


@pytest.mark.slow
@LINUX
def test_where_everything_is_closed_the_doctor_says_so_with_its_exit_code() -> None:
    inside = str(isolation.PROBE.parent)
    got, said, code = on_a_closed_machine(sys.executable, "-c", FILTERED, inside)
    assert got["auto"] == ["process", ["session", "rlimits", "pdeathsig", *isolation.ALWAYS]]
    assert (said["level"], said["good"], code) == ("process", False, 1)
    assert "lsm" in advice(said, "landlock")
    assert advice(said, "userns")


# ---------------------------------------------------------------------------------------- doctor
def test_the_doctor_reads_well_at_80_columns() -> None:
    finding = doctor.Finding("userns", "no", "privileges", "unshare: Operation not permitted", "sudo sysctl x=1")
    found = doctor.Checkup(
        "process", (finding,), (), (doctor.Finding("torch", "absent", "peers", "not installed"),), (), ()
    )
    console = Console(width=80, record=True, markup=False, highlight=False, file=io.StringIO())
    console.print(checkup(found))
    text = console.export_text()
    assert text.startswith("Isolation here: process  (what --isolation auto takes)")
    assert "not students who attack" in text
    assert "✗  userns" in text
    assert "→ sudo sysctl x=1" in text
    assert "·  torch" in text
    assert "[" not in text


@LINUX
def test_the_doctor_looks_at_everything() -> None:
    ran = CliRunner().invoke(cli, ["doctor", "--json"], standalone_mode=False)
    said = json.loads(ran.stdout)
    assert ran.return_value == (0 if said["good"] else 1)
    assert {level["name"] for level in said["levels"]} == set(isolation.LEVELS)
    assert {m["name"] for m in said["mechanisms"]} == set(doctor.MECHANISMS)
    assert {"python", "numpy", "ipykernel"} <= {f["name"] for f in said["libraries"]}
    assert {"cores", "temporary"} <= {f["name"] for f in said["machine"]}
    for room in ("levels", "mechanisms", "libraries", "machine"):
        for finding in said[room]:
            assert finding["status"] == "yes" or finding["advice"], "what is wrong comes with what to do"


def test_a_temporary_folder_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> Any:
        raise OSError("No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    (found,) = [f for f in doctor._machine() if f.name == "temporary"]
    assert (found.status, found.found) == ("no", "No space left on device")
    assert "TMPDIR" in found.advice


# -------------------------------------------------------------------------------------- packages
@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A site-packages of its own, first on the path."""
    root = tmp_path / "site-packages"
    root.mkdir()
    monkeypatch.syspath_prepend(str(root))

    def install(name: str, *files: str, requires: tuple[str, ...] = ()) -> None:
        info = root / f"{name.replace('-', '_')}-1.0.dist-info"
        info.mkdir()
        for file in files:
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            (root / file).write_text("")
        needs = "".join(f"Requires-Dist: {line}\n" for line in requires)
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{needs}\nRequires-Dist: not-this\n"
        )
        (info / "RECORD").write_text(
            "".join(f"{file},,\n" for file in (*files, f"{info.name}/METADATA", "../../bin/tool"))
        )
        for cached in (packages._index, packages.visible):
            cached.cache_clear()

    yield root, install
    monkeypatch.undo()
    for cached in (packages._index, packages.visible):
        cached.cache_clear()


def test_what_is_offered_is_what_is_needed_and_nothing_else(site: Any) -> None:
    root, install = site
    install("course-tools", "course/__init__.py", "course/data.csv", "single.py", "__pycache__/single.pyc", "c_tools.libs/libx.so",
            requires=("helper>=1", "elsewhere; sys_platform == 'win32'", "extra-thing; extra == 'all'"))  # fmt: skip
    install("helper", "spaces/helper/__init__.py")
    install("elsewhere", "elsewhere/__init__.py")
    install("extra-thing", "extra_thing.py")
    install("stranger", "spaces/stranger/__init__.py", "stranger.pth", "stranger.py", "__pycache__/stranger.pyc")
    shown = {
        str(Path(p).relative_to(root))
        for p in packages.visible(("course-tools",))["readonly"]
        if Path(p).is_relative_to(root)
    }
    assert shown == {
        "course", "single.py", "__pycache__/single.pyc", "c_tools.libs", "course_tools-1.0.dist-info", "spaces/helper",
        "helper-1.0.dist-info",
    }  # fmt: skip
    assert str(root) in packages.visible(("course-tools",))["packages"]
    assert str(root) in packages.visible(("course-tools",))["hidden"]
    assert not any(Path(p).is_relative_to(root) for p in packages.visible()["readonly"])


def test_a_package_may_be_named_as_it_is_imported(site: Any) -> None:
    root, install = site
    install("scikit-something", "sksomething/__init__.py")
    assert str(root / "sksomething") in packages.visible(("sksomething",))["readonly"]


def test_a_comma_in_a_recorded_name_does_not_cut_it(site: Any) -> None:
    root, install = site
    install("odd", "odd,too.py")
    record = root / "odd-1.0.dist-info" / "RECORD"
    record.write_text(record.read_text().replace("odd,too.py", '"odd,too.py"'))
    assert str(root / "odd,too.py") in packages.visible(("odd",))["readonly"]


@pytest.mark.parametrize("name", ["gradmark", "grader", "reference", "Gradmark"])
def test_the_grader_is_never_offered(name: str) -> None:
    with pytest.raises(UsageError, match="must not see"):
        packages.visible((name,))


def test_a_package_that_requires_the_grader_does_not_bring_it_along(site: Any) -> None:
    root, install = site
    install("gradmark", "grader/__init__.py", "reference/__init__.py")
    install("plugin", "plugin.py", requires=("gradmark",))
    readonly = packages.visible(("plugin",))["readonly"]
    assert str(root / "plugin.py") in readonly
    assert not any("grader" in p or "reference" in p for p in readonly)


def test_a_package_that_is_not_there_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="'no-such-package' is not installed where the grader runs"):
        packages.visible(("no-such-package",))


def test_neither_frameworks_nor_the_grader_are_in_sight_by_default() -> None:
    found = packages.distributions()
    assert {"numpy", "ipykernel", "ipython", "pyzmq"} <= set(found)
    assert not {"gradmark", "torch", "jax", "autograd", "scipy", "hypothesis", "pytest", "nbclient"} & set(found)
    ours = Path(isolation.__file__).parents[2]
    seen = packages.visible()
    for path in seen["readonly"]:
        assert not (ours / "grader").is_relative_to(path) or str(ours / "grader") in seen["hidden"]
