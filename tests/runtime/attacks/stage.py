"""Where an attack is performed: graded end to end at one level, among canaries, and what it reached written down."""

from __future__ import annotations

import os
import re
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import numpy as np
from live import ask
from samples import RELU, collected, notebook

from attacks.canaries import Canaries, adopt_orphans, below, kill
from attacks.declare import Attack
from grader.errors import IsolationError
from grader.grading.one import Graded, Settings, grade
from grader.judging import Returned
from grader.result import Result, as_json
from grader.runtime import Limits, Session, begin, resolve
from grader.runtime.isolation import level as isolation
from grader.submission import Submission

LIMITS = Limits(
    cell_seconds=6, notebook_seconds=30, call_seconds=0.4, submission_seconds=60, restarts=2,
    output_bytes=200_000, memory_bytes=512 << 20, file_bytes=16 << 20,
)  # fmt: skip
HASTY = replace(LIMITS, cell_seconds=1)
HONEST = ("layers.relu_forward", "layers.relu_backward")
HOSTILE = "layers.tanh_forward"
CLAIM = re.compile(r"^reached: .*", re.MULTILINE)


def available() -> list[str]:
    """The levels that are to be had here, best first."""

    def there(level: str) -> bool:
        try:
            isolation.resolve(level)
        except IsolationError:
            return False
        return True

    return [level for level in isolation.LEVELS if there(level)]


@dataclass(frozen=True)
class Outcome:
    """One performance: the result, and everything across the line that was reached, empty if all was kept."""

    result: Result
    text: str
    reached: frozenset[str]

    @property
    def items(self) -> Mapping[str, Any]:
        """The result's items by their exercise."""
        return {item.exercise: item for item in self.result.items}

    @property
    def said(self) -> str:
        """Everything the result says, in one text."""
        return as_json(self.result)


class Stage:
    """A folder with canaries in it; attacks are performed one after the other."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="attacks")
        self.folder = Path(self._folder.name)
        self.folder.chmod(0o755)
        self.canaries = Canaries(self.folder)
        self._warm: set[tuple[str, bool]] = set()
        adopt_orphans(adopt=True)

    def close(self) -> None:
        """Remove the canaries; the orphans of later tests are not ours."""
        adopt_orphans(adopt=False)
        self.canaries.close()
        self._folder.cleanup()

    # ---------------------------------------------------------------------------------- what is graded
    def aim(self, **more: object) -> dict[str, object]:
        """The attacker's map."""
        return {**self.canaries.aim, **more}

    def hand_in(self, attack: Attack, aim: Mapping[str, object], cells: Sequence[str] | None = None) -> Path:
        """Lay an attack out as its student would hand it in."""
        desk = self.folder / "handed-in"
        shutil.rmtree(desk, ignore_errors=True)
        folder = desk / "ada"
        folder.mkdir(parents=True)
        for name, text in attack.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        told = f"from types import SimpleNamespace\nAIM = SimpleNamespace(**{dict(aim)!r})"
        cells = attack.cells if cells is None else cells
        (folder / "06_layers.ipynb").write_text(nbformat.writes(notebook(told, RELU, *cells)))
        return attack.pack(folder, SimpleNamespace(**aim)) if attack.pack else folder

    def collect(self, path: Path) -> Submission:
        """The one submission at a path."""
        found = [s for s in collected(path) if s.assignment in ("layers", None)]
        assert len(found) == 1, found
        return found[0]

    # ------------------------------------------------------------------------------------- performing
    def perform(self, attack: Attack, level: str) -> Outcome:
        """Grade an attack, and look what it reached."""
        limits = HASTY if attack.hasty else LIMITS
        self._warm_up(level, attack.hasty)
        settings = Settings(resolve(level), limits=limits, drawn=5)
        with self._watched() as reached:
            if attack.earlier:
                aim = self.aim(message=self.canaries.message)
                grade(self.collect(self.hand_in(attack, aim, attack.earlier)), settings)
            if attack.neighbour:
                with self._neighbour(settings) as kernels, _lost_neighbour(kernels, reached):
                    graded = grade(self.collect(self.hand_in(attack, self.aim(kernels=kernels.pids))), settings)
            else:
                graded = grade(self.collect(self.hand_in(attack, self.aim())), settings)
        printed = "\n".join(printed_by(graded).values())
        reached |= self.canaries.read_in(as_json(graded.result) + printed)
        reached |= set(CLAIM.findall(printed))
        if any(i.exercise == HOSTILE and i.score > 0 for i in graded.result.items):
            reached.add("points")
        return Outcome(graded.result, printed, frozenset(reached))

    def perform_together(self, attacks: Sequence[Attack], level: str) -> dict[str, frozenset[str]]:
        """What each of several attacks that only read reaches, all in one kernel; by the output of its cell."""
        self._warm_up(level, hasty=False)
        generous = replace(LIMITS, output_bytes=10 << 20)
        path = self.hand_in(attacks[0], self.aim(), [cell for attack in attacks for cell in attack.cells])
        with self._watched():
            graded = grade(self.collect(path), Settings(resolve(level), limits=generous, drawn=5))
        printed = printed_by(graded)
        assert len(printed) == 2 + len(attacks)
        return {
            attack.name: frozenset(self.canaries.read_in(printed[i]) | set(CLAIM.findall(printed[i])))
            for i, attack in enumerate(attacks, 2)
        }

    def _warm_up(self, level: str, hasty: bool) -> None:
        """What a level keeps running from one submission to the next is none of an attack's doing."""
        limits = HASTY if hasty else LIMITS
        begin(limits, level)  # its server, which ends when other settings come after it
        if (level, hasty) not in self._warm:
            self._warm.add((level, hasty))
            plain = Attack("honest", "accidents", "", ("pass",))
            result = grade(
                self.collect(self.hand_in(plain, self.aim())), Settings(resolve(level), limits=limits, drawn=5)
            ).result
            assert [i.status for i in result.items if i.exercise in HONEST] == ["passed", "passed"], result
            self.canaries.alarms()

    @contextmanager
    def _watched(self) -> Iterator[set[str]]:
        """What is different afterwards: canaries, processes, files, mounts, modules of this process."""
        reached: set[str] = set()
        processes, files, mounts = below(os.getpid()), _names(self.canaries.temp), _mounts()
        before, tempfile.tempdir = tempfile.tempdir, str(self.canaries.temp)
        shared, top = _names(Path("/dev/shm")), _names(Path("/"))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        try:
            yield reached
        finally:
            tempfile.tempdir = before
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) >> 10
        reached |= {f"{grown} MiB of the grader's memory"} if grown > 150 else set()
        until = time.monotonic() + 1.0
        while (left := below(os.getpid()) - processes) and time.monotonic() < until:
            time.sleep(0.02)
        kill(left)
        reached |= {"left a process"} if left else set()
        reached |= {f"left {name}" for name in _names(self.canaries.temp) - files}
        new = {name for name in _names(Path("/dev/shm")) - shared if "gradmark" in name}
        reached |= {f"left /dev/shm/{name}" for name in new if not _of_another_run(name)}
        reached |= {f"left /{name}" for name in _names(Path("/")) - top}
        reached |= {"left a mount"} if _mounts() != mounts else set()
        reached |= {f"is loaded as {name}" for name in _loaded_from(self.folder)}
        reached |= self.canaries.alarms()
        for name in _names(self.canaries.temp) - files:
            shutil.rmtree(self.canaries.temp / name, ignore_errors=True)
        mark = str(self.aim()["mark"])
        for folder in ("/dev/shm", "/tmp", os.environ.get("HOME", "/tmp")):
            Path(folder, mark).unlink(missing_ok=True)

    @contextmanager
    def _neighbour(self, settings: Settings) -> Iterator[Neighbour]:
        """Another submission, live, with a secret among its files; it must still be there and right in the end."""
        secret = self.canaries.message.replace("message", "beside")
        beside = Attack("beside", "accidents", "", ("pass",), files={"mine.txt": secret})
        submission = self.collect(self.hand_in(beside, self.aim()))
        before = below(os.getpid())
        with Session(submission, settings.limits, settings.isolation) as session:
            yield Neighbour(session, sorted(below(os.getpid()) - before))


@dataclass(frozen=True)
class Neighbour:
    """A live session, and its processes as this machine counts them."""

    session: Session
    pids: list[int]

    def well(self) -> bool:
        """Whether it answers, from the process that it had."""
        x = np.array([-1.0, 2.0])
        reply = ask(self.session, "relu_forward", x)
        there = all(Path(f"/proc/{pid}").exists() for pid in self.pids)
        return there and isinstance(reply, Returned) and bool((reply.value[0] == [0.0, 2.0]).all())


@contextmanager
def _lost_neighbour(neighbour: Neighbour, reached: set[str]) -> Iterator[None]:
    yield
    if not neighbour.well():
        reached.add("its neighbour")


def printed_by(graded: Graded) -> dict[int, str]:
    """What each code cell printed, displayed or raised."""
    if graded.executed is None:
        return {}
    cells = nbformat.reads(graded.executed, as_version=4).cells
    return {i: "\n".join(_shown(output) for output in cell.outputs) for i, cell in enumerate(cells)}


def _shown(output: Any) -> str:
    return str(output.get("text") or output.get("data") or "\n".join(output.get("traceback", ())))


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def _mounts() -> str:
    return Path("/proc/self/mountinfo").read_text()


def _of_another_run(name: str) -> bool:
    """Return True if a name in shared memory is that of tests in another process, which run at the same time."""
    ours = re.fullmatch(r"gradmark-(?:attack|canary)-(\d+)", name)
    return ours is not None and int(ours[1]) != os.getpid()


def _loaded_from(folder: Path) -> list[str]:
    """The modules of this process that come from a folder of submissions."""
    return [n for n, m in list(sys.modules.items()) if str(getattr(m, "__file__", None) or "").startswith(str(folder))]
