"""The fork server: imports once all that a kernel needs, and forks a real ipykernel for each submission. Run as a script.

``python -P -s -S forkserver.py SETTINGS`` with SETTINGS a JSON object; requests come over the socket that it names, see
``grader.runtime.kernels.forked``. It holds no answer and no secret, for every child inherits its memory: a fresh process with a
scrubbed environment, which imports nothing of the grader.
"""

from __future__ import annotations

import contextlib
import gc
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
"""What libraries import only when it is needed: once, here, instead of in every child."""
UNUSED = ("debugpy", "jedi", "ssl")
"""What ipykernel and asyncio import if it is there, in a tenth of a second, and nobody here will use."""
WITHOUT_PROCESSES = ("full", "landlock")
"""The levels at which no program can be started."""


class Sources:
    """Our own files, read before the walls go up, and loaded under names that no submission shadows."""

    def __init__(self) -> None:
        names = ("wire", "agent", "shared", "kernel", "faceless")
        self.loaders = {name: SourceFileLoader(f"_gradmark_{name}", str(INSIDE / f"{name}.py")) for name in names}
        self.codes = {name: loader.get_code(loader.name) for name, loader in self.loaders.items()}

    def load(self, name: str) -> Any:
        """The module of a file, as ``_gradmark_<name>``."""
        loader, code = self.loaders[name], self.codes[name]
        assert code is not None
        module = sys.modules[loader.name] = ModuleType(loader.name)
        module.__file__ = loader.path
        exec(code, module.__dict__)  # noqa: S102 - our own file
        return module


def builtins_of_site() -> None:
    """``exit``, ``quit``, ``help``, ``copyright``: what site adds to the language, without the .pth files that it reads."""
    import site

    site.setquit()
    site.setcopyright()
    site.sethelper()


def load_sandbox() -> Any:
    """The sandbox, which loads its siblings by path."""
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
        self.frozen = False
        self.control = socket.socket(fileno=settings["fd"])
        sources = Sources()
        self.shared = sources.load("shared")
        self.shared.remember_standins()
        self.box = load_sandbox().Sandbox(settings["sandbox"])
        sys.dont_write_bytecode = True  # what is compiled from here on is not ours
        self.box.enclose()
        sys.path += settings["packages"]
        sys.modules.update(dict.fromkeys(UNUSED))  # type: ignore[arg-type]  # None: it cannot be imported
        importlib.import_module("numpy")
        # Without clients and managers: no kernel is one.
        client = sources.load("faceless").Faceless("jupyter_client", write_connection_file="connect")
        for name in ("ipykernel.kernelapp", "ipykernel.debugger", *LAZY):
            importlib.import_module(name)
        for name in UNUSED:
            del sys.modules[name]
        sources.load("wire")
        self.agent = sources.load("agent")
        builtins_of_site()
        gc.freeze()  # nothing of it is ever let go, and the next collection need not look at it
        kernel = sources.load("kernel")
        self.app = kernel.application()
        self.shared.say_half_characters(self.app.session)
        client.leave()
        if self.box.level in WITHOUT_PROCESSES:
            kernel.refuse_programs(self.app.shell)
        self.shared.cap_output(settings["output_bytes"])
        sys.meta_path.insert(0, self.shared.Guard())
        self.preload(settings["preload"])
        self.box.prepare()
        self.box.prove()
        linux = sys.modules["_gradmark_linux"]
        linux.prctl(PR_SET_CHILD_SUBREAPER, 1)
        sys.argv = [""]

    def preload(self, names: Iterable[str]) -> None:
        """Import packages on behalf of all children to come."""
        fresh = [name for name in names if name not in self.tried]
        if self.frozen and not fresh:
            return
        self.tried.update(fresh)
        for name in fresh:
            with contextlib.suppress(Exception):  # the child will say what is wrong with it, if it wants it
                importlib.import_module(name)
        if threading.active_count() > 1 or _threads() > 1:
            raise RuntimeError(
                f"a fork needs one thread, after loading {', '.join(names) or 'the kernel'} there are more"
            )
        gc.collect()
        self.frozen = True
        gc.freeze()  # what is there will not be collected, and so not be copied by looking at it
        gc.enable()

    def serve(self) -> None:
        """Fork kernels as they are asked for, and tell how they ended."""
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
        """How a child ended, and what it took."""
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
        """One message to the grader; without it, there is nothing left to do."""
        try:
            self.control.send(json.dumps(message).encode())
        except OSError:
            os._exit(0)

    def fork(self, request: dict[str, Any], fds: list[int]) -> int:
        """A child that becomes a kernel."""
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
        os._exit(0)

    # ------------------------------------------------------------------------------------- a child
    def become_kernel(self, request: dict[str, Any], fds: list[int]) -> None:
        """Leave the server's surroundings, unpack the submission, lock oneself in, and run its cells."""
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
        self.app.begin({"shell": fds[SHELL], "iopub": fds[IOPUB]}, request["key"], inline="matplotlib" in sys.modules)
        self.shared.keep_streams(self.app.shell)
        self.shared.seed(request["seed"])
        sys.path[:0] = list(dict.fromkeys([str(root), str(where)]))
        self.app.start()


def unpack(fd: int, root: Path) -> None:
    """The submission's files, from one descriptor: a line of JSON with names and sizes, then their bytes.

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


def _threads() -> int:
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("Threads:"):
                return int(line.split()[1])
    return threading.active_count()


if __name__ == "__main__":
    gc.disable()  # all that is imported stays
    random.seed(0)  # reseeded in each child
    Server(json.loads(sys.argv[1])).serve()
