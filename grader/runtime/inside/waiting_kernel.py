"""A plain kernel that is started ahead of its submission and waits for it. Run as a script, never imported.

``python -P -s -S waiting_kernel.py``, with one line of JSON on standard input: limits and folders, the ``port`` on 127.0.0.1 where
the grader listens, and the ``token`` that says there whose child this is. They come by the pipe since arguments and environments
can be read by others. The pipe stays open: when it ends, the grader is gone, and this process and its folder go too. Without
``site``, no ``.pth`` file puts an editable install of the grader on the student's path. Nothing here needs ``fork``, Unix sockets
or inherited descriptors.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

INSIDE = Path(__file__).parent
OPTIONS = ("--HistoryManager.enabled=False", "--InteractiveShell.colors=nocolor", "--IPKernelApp.ignore_cwd=True")
PORTS = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")
KEYS = ("curve_publickey", "curve_secretkey")


def die_with_the_grader(folder: str) -> None:
    """Have this process end, and its folder removed, when nobody holds the other end of standard input any more."""
    lifeline = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)

    def wait() -> None:
        try:
            os.read(lifeline, 1)
        finally:
            until = time.monotonic() + 2
            while Path(folder).exists() and time.monotonic() < until:  # the kernel may be making files in it meanwhile
                shutil.rmtree(folder, ignore_errors=True)
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def load(file: str) -> Any:
    """Load one of our files under a name that no submission shadows."""
    name = f"_gradmark_{file.rpartition('/')[2]}"
    spec = importlib.util.spec_from_file_location(name, INSIDE / f"{file}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def limit(settings: dict[str, Any]) -> None:
    """Put up the walls of the level ``process``."""
    import resource

    load("walls/syscalls")
    load("walls/linux").die_with_parent(signal.SIGKILL)
    if os.getppid() != settings["parent"]:
        os._exit(1)  # the driver died before this process could ask to die with it
    used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, used + settings["memory_bytes"]),
        (resource.RLIMIT_FSIZE, settings["file_bytes"]),
        (resource.RLIMIT_CPU, settings["cpu_seconds"]),
    ):
        resource.setrlimit(what, (most, most))


def received(channel: socket.socket, wire: Any, cap: int) -> Any:
    """Read one value from the grader.

    Raises:
        ConnectionError: it hung up.

    """

    def read(count: int) -> bytes:
        data = b""
        while len(data) < count:
            piece = channel.recv(count - len(data))
            if not piece:
                raise ConnectionError
            data += piece
        return data

    _, _, length = wire.read_header(read(wire.HEADER.size), cap)
    return wire.decode(read(length))


def encrypt(app: Any) -> None:
    """Give the kernel's own sockets keys: on loopback everyone on this machine could listen to what a cell prints."""
    import zmq

    if zmq.has("curve"):
        app.curve_publickey, app.curve_secretkey = zmq.curve_keypair()


def main() -> None:
    """Bring the kernel up, say where it is, wait for the submission, and serve."""
    settings = json.loads(sys.stdin.buffer.readline())
    die_with_the_grader(settings["base"])
    sys.path += settings["packages"]
    # The kernel is complete before a submission's folders come first on the path.
    import numpy.random  # noqa: F401 - what numpy loads lazily
    from ipykernel.kernelapp import IPKernelApp

    for name in ("agreed", "alarm", "raised"):
        load(name)
    wire, preparation = load("wire"), load("preparation")
    load("performer")
    agent = load("agent")
    preparation.remember_standins()
    channel = socket.create_connection(("127.0.0.1", settings["port"]))
    channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    channel.sendall(settings.pop("token").encode("ascii"))
    agent.install(channel.fileno(), settings["root"], settings["frame_bytes"])
    preparation.cap_output(settings["output_bytes"])
    if settings["level"] == "process":
        limit(settings)
    app = IPKernelApp.instance(ip="127.0.0.1", transport="tcp", connection_file=settings["connection"])
    encrypt(app)
    app.initialize([*OPTIONS])
    preparation.keep_streams(app.shell)
    preparation.answer_commands(app.shell)
    preparation.say_half_characters(app.session)
    app.cleanup_connection_file()  # the grader is told by the channel, nobody else need know
    where = {name: getattr(app, name) for name in PORTS}
    for name, secret in {"key": app.session.key, **{name: getattr(app, name) for name in KEYS}}.items():
        where[name] = None if secret is None else secret.decode("ascii")
    channel.sendall(wire.frame(wire.Kind.RESULT, 0, wire.encode(where, settings["frame_bytes"])))
    told = received(channel, wire, settings["frame_bytes"])
    os.chdir(told["folder"])
    preparation.seed(told["seed"])
    preparation.guard_imports()
    sys.path[:0] = told["paths"]
    app.start()


if __name__ == "__main__":
    try:
        main()
    except ConnectionError:
        time.sleep(60)  # the grader is gone, or will kill this process: the one that tidies up must not be cut short
