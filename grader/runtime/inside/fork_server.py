"""The fork server: imports once all that a kernel needs, and forks a real ipykernel for each submission. Run as a script.

``python -P -s -S fork_server.py SETTINGS`` with SETTINGS a JSON object; requests come over the socket that it names, see
``grader.runtime.kernels.fork_client``. It holds no answer and no secret, for every child inherits its memory: a fresh process with
a scrubbed environment, which imports nothing of the grader.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import json
import os
import random
import select
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Iterable
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

INSIDE = Path(__file__).parent
REQUEST = 1 << 16
PR_SET_CHILD_SUBREAPER = 36
AGENT, SHELL, IOPUB, FILES = range(4)
"""The descriptors that come with a request."""
NOT_STARTED = 70
"""The exit status of a child that did not get as far as its first cell."""
LAZY = (
    "numpy.random", "numpy.linalg", "tornado.platform.asyncio", "faulthandler",
    "IPython.core.completer", "IPython.core.logger", "IPython.core.ultratb",
)  # fmt: skip
"""Modules that libraries import when they need them: imported here once, instead of in every child."""
OURS = ("agreed", "wire", "alarm", "raised", "performer", "agent", "preparation", "kernel")
"""Our own files that a kernel loads, each after those that it imports."""
WITHOUT_PROCESSES = ("full", "landlock")
"""The levels at which no program can be started."""


class Sources:
    """Our own files, read before the walls go up, and loaded under names that no submission shadows."""

    def __init__(self) -> None:
        loaders = {name: SourceFileLoader(f"_gradmark_{name}", str(INSIDE / f"{name}.py")) for name in OURS}
        self.codes = {name: (loader.path, loader.get_code(loader.name)) for name, loader in loaders.items()}

    def load(self, name: str) -> Any:
        """Load a file as the module ``_gradmark_<name>``."""
        path, code = self.codes[name]
        assert code is not None
        module = sys.modules[f"_gradmark_{name}"] = ModuleType(f"_gradmark_{name}")
        module.__file__ = path
        exec(code, module.__dict__)  # noqa: S102 - our own file
        return module


def add_builtins_of_site() -> None:
    """Add ``exit``, ``quit``, ``help`` and ``copyright`` to the language, as site does, without the .pth files that it reads."""
    import site

    site.setquit()
    site.setcopyright()
    site.sethelper()


def load_sandbox() -> Any:
    """Load the module of the sandbox, which loads its siblings by path."""
    spec = importlib.util.spec_from_file_location("_gradmark_sandbox", INSIDE / "walls" / "sandbox.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# ------------------------------------------------------------------------------------- the server
class Server:
    """Answers requests until whoever started it is gone."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.tried: set[str] = set()
        self.control = socket.socket(fileno=settings["fd"])
        sources = Sources()
        sources.load("agreed")
        self.preparation = sources.load("preparation")
        self.preparation.remember_standins()
        self.box = load_sandbox().Sandbox(settings["sandbox"])
        self.box.enclose()
        sys.path += settings["packages"]
        for name in ("numpy", "ipykernel.kernelapp", *LAZY):
            importlib.import_module(name)
        for name in ("wire", "alarm", "raised", "performer"):
            sources.load(name)
        self.agent = sources.load("agent")
        add_builtins_of_site()
        kernel = sources.load("kernel")
        self.app = kernel.make_application()
        self.preparation.say_half_characters(self.app.session)
        if self.box.level in WITHOUT_PROCESSES:
            kernel.refuse_programs(self.app.shell)
        self.preparation.cap_output(settings["output_bytes"])
        self.preparation.guard_imports()
        self.preload(settings["preload"])
        require_one_thread(settings["preload"])
        self.box.prepare()
        self.box.prove()
        linux = sys.modules["_gradmark_linux"]
        linux.prctl(PR_SET_CHILD_SUBREAPER, 1)
        sys.argv = [""]

    def preload(self, names: Iterable[str]) -> None:
        """Import packages on behalf of all children to come."""
        fresh = [name for name in names if name not in self.tried]
        self.tried.update(fresh)
        for name in fresh:
            with contextlib.suppress(Exception):  # the child will say what is wrong with it, if it wants it
                importlib.import_module(name)
        if fresh:
            require_one_thread(fresh)

    def serve(self) -> None:
        """Fork kernels as they are asked for, and tell how they ended, until the grader is gone."""
        self.say({"ready": list(self.box.mechanisms)})
        children: dict[int, int] = {}
        events = select.poll()
        events.register(self.control, select.POLLIN)
        while True:
            for fd, _ in events.poll():
                if fd in children:
                    events.unregister(fd)
                    os.close(fd)
                    self.tell_end(children.pop(fd))
                    self.sweep(spared=children.values())
                    continue
                data, fds, _, _ = socket.recv_fds(self.control, REQUEST, 4)
                if not data:  # whoever started this is gone: so are its children, and theirs
                    self.sweep(spared=())
                    os._exit(0)
                request = json.loads(data)
                self.preload(request["preload"])
                child = self.fork(request, fds)
                pidfd = os.pidfd_open(child)
                socket.send_fds(self.control, [json.dumps({"pid": child}).encode()], [pidfd])
                children[pidfd] = child
                events.register(pidfd, select.POLLIN)

    def tell_end(self, child: int) -> None:
        """Tell the grader how a child ended, and what it used."""
        _, status, used = os.wait4(child, 0)
        self.say({"ended": child, "status": status, "cpu": used.ru_utime + used.ru_stime, "peak_kib": used.ru_maxrss})

    def sweep(self, spared: Iterable[int]) -> None:
        """End what kernels left running: orphans come to this process. In a pid namespace they ended with their kernel."""
        if self.box.level == "full":
            return
        listed = Path(f"/proc/self/task/{os.getpid()}/children")
        with contextlib.suppress(OSError):
            while left := [pid for pid in map(int, listed.read_text().split()) if pid not in spared]:
                for pid in left:
                    os.kill(pid, signal.SIGKILL)
                for pid in left:
                    os.waitpid(pid, 0)

    def say(self, message: dict[str, Any]) -> None:
        """Send the grader a message."""
        try:
            self.control.send(json.dumps(message).encode())
        except OSError:
            os._exit(0)  # the grader is gone, and with it whoever this process could answer to

    def fork(self, request: dict[str, Any], fds: list[int]) -> int:
        """Fork a child that becomes a kernel; return its number."""
        child: int = self.box.fork()
        if child:
            for fd in fds:
                os.close(fd)
            return child
        try:
            self.become_kernel(request, fds)
        except BaseException:
            traceback.print_exc(file=sys.__stderr__)
            os._exit(NOT_STARTED)
        os._exit(0)  # a forked child never returns into the server's code

    # ------------------------------------------------------------------------------------- a child
    def become_kernel(self, request: dict[str, Any], fds: list[int]) -> None:
        """In a child: leave the server's surroundings, unpack the submission, lock this process in, and run the cells."""
        self.control.close()
        if request["processor"] is not None:
            os.sched_setaffinity(0, {request["processor"]})
        scratch = self.box.scratch or request["scratch"]
        self.box.enter(scratch)
        if self.box.level == "none":  # no wall, and still no orphan; the others have seen to it
            sys.modules["_gradmark_linux"].die_with_parent(signal.SIGKILL)
        root, home = Path(scratch) / "copy", Path(scratch) / "home"
        home.mkdir()
        unpack(fds[FILES], root)
        where = root / request["folder"]
        where.mkdir(parents=True, exist_ok=True)
        os.chdir(where)
        os.environ["USER"] = os.environ["LOGNAME"] = "student"
        for name in ("HOME", "TMPDIR", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "MPLCONFIGDIR"):
            os.environ[name] = str(home)
        self.box.lock(scratch, [fds[AGENT], fds[SHELL], fds[IOPUB]])
        self.agent.install(fds[AGENT], str(root), self.settings["frame_bytes"])
        self.app.connect({"shell": fds[SHELL], "iopub": fds[IOPUB]}, request["key"], inline="matplotlib" in sys.modules)
        self.preparation.keep_streams(self.app.shell)
        self.preparation.answer_commands(self.app.shell)
        self.preparation.seed(request["seed"])
        sys.path[:0] = list(dict.fromkeys([str(root), str(where)]))
        self.app.start()


def unpack(fd: int, root: Path) -> None:
    """Write the submission's files, which come from one descriptor: a line of JSON with names and sizes, then their bytes.

    The names were checked where they were read; they are checked here again, since this is where they are used.
    """
    root.mkdir()
    with open(fd, "rb") as packed:
        packed.seek(0)
        for name, size in json.loads(packed.readline()):
            path = root / name
            if Path(name).is_absolute() or ".." in Path(name).parts:
                raise ValueError(f"a file called {name!r}")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(packed.read(size))


def require_one_thread(names: Iterable[str]) -> None:
    """Refuse to fork after these modules were imported if there is more than one thread now.

    Raises:
        RuntimeError: there is.

    """
    if threading.active_count() > 1 or _threads() > 1:
        raise RuntimeError(f"a fork needs one thread, after loading {', '.join(names) or 'the kernel'} there are more")


def _threads() -> int:
    """Return the number of this process's threads, of those that C code started too."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("Threads:"):
                return int(line.split()[1])
    return threading.active_count()


if __name__ == "__main__":
    random.seed(0)  # reseeded in each child
    Server(json.loads(sys.argv[1])).serve()
