"""The kernel that the fork server makes once and each child brings to life: an ipykernel with the grader's two channels alone.

Loaded by ``fork_server`` as ``_gradmark_kernel``, after numpy and ipykernel. A cell sees and prints the same as on a stock kernel:
tests/runtime/test_compatibility.py compares. There is no control channel, no heartbeat and no debugger, for nobody would connect.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Callable
from logging import CRITICAL
from typing import TYPE_CHECKING, Any

import zmq
from ipykernel.iostream import IOPubThread, OutStream
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.shellchannel import ShellChannelThread
from IPython.core.application import BaseIPythonApplication
from jupyter_client.session import Session
from traitlets.config import Config
from zmq.eventloop.zmqstream import ZMQStream

if TYPE_CHECKING:
    from grader.runtime.inside.agreed import ENTER, IN_TURN
else:
    from _gradmark_agreed import ENTER, IN_TURN

__all__ = ["make_application", "refuse_programs"]

WARMING = (
    "import numpy as np\ndef f(x):\n    return np.tanh(x)\nf(np.ones((2, 2)) @ np.ones((2, 2)))",
    "for i in range(2):\n    print(i)\ni",
    "%pwd",
    "1 / 0",
)
"""Cells that are run in the server, so that what IPython makes at its first cell is made once."""


class Stream(OutStream):
    """A stream whose flush costs nothing when nothing waits: every cell flushes both, in a thread for which it waits.

    ``written`` is set when anything is written to any of them.
    """

    written = False

    def _schedule_flush(self) -> None:
        """Note that something was written: each write asks for this, and ``write`` itself is where output is counted."""
        Stream.written = True
        super()._schedule_flush()

    def flush(self) -> None:
        """Send what waits, if anything does."""
        if self._flush_pending or self._subprocess_flush_pending:
            super().flush()


class Kernel(IPythonKernel):
    """ipykernel's own, made without sockets; it says when a cell is done, and not that it began: nobody waits for that."""

    async def do_execute(self, code: str, silent: bool, *args: Any, **more: Any) -> Any:
        if code == ENTER:  # it does not return before the end, and needs nothing of what a cell needs
            sys.modules["_gradmark_agent"].serve()
            return {"status": "ok", "execution_count": self.execution_count, "payload": [], "user_expressions": {}}
        if code.startswith(IN_TURN):
            return await self._in_turn(json.loads(code.removeprefix(IN_TURN)), silent, *args, **more)
        return await super().do_execute(code, silent, *args, **more)

    async def _in_turn(self, cells: list[str], silent: bool, *args: Any, **more: Any) -> Any:
        """Run cells as far as the first that fails or prints, so that all that is heard of them is of the last that was run."""
        done, Stream.written = 0, False
        while True:
            reply = await super().do_execute(cells[done], silent, *args, **more)
            done += 1
            if done == len(cells) or Stream.written or reply["status"] != "ok":
                return {**reply, "done": done}

    def _publish_status(self, status: str, channel: str, parent: Any = None) -> None:
        if status == "idle":
            super()._publish_status(status, channel, parent)

    def _publish_execute_input(self, *_: Any) -> None:
        pass


class Application(IPKernelApp):
    """ipykernel's own application on sockets that the grader bound."""

    def connect(self, bound: dict[str, int], key: str, *, inline: bool) -> None:
        """Do in a child the second half of ``initialize``: open the channels, and send there what cells print.

        Args:
            bound: descriptors of listening sockets, by channel, ``shell`` and ``iopub``.
            key: signs the messages.
            inline: matplotlib was imported, and shows its figures in the notebook.

        """
        kernel = self.kernel
        self.session.key, self.session.pid = key.encode(), os.getpid()
        context = self.context = zmq.Context()
        shell = _bound(context, zmq.ROUTER, bound["shell"], "shell")
        self.iopub_thread = IOPubThread(  # a pipe would bind a TCP port
            _bound(context, zmq.XPUB, bound["iopub"], "iopub"), pipe=False, session=self.session
        )
        self.iopub_thread.start()
        self.iopub_socket = kernel.iopub_socket = self.iopub_thread.background_socket
        kernel.iopub_thread = self.iopub_thread
        self.init_io()
        kernel._stdout, kernel._stderr = sys.stdout, sys.stderr
        self.init_signal()
        # A top-level await hangs without the thread between the socket and the cells.
        thread = self.shell_channel_thread = ShellChannelThread(context, daemon=True)
        thread.shell_stream = kernel.shell_stream = ZMQStream(shell, thread.io_loop)
        kernel.shell_channel_thread = thread
        thread.start()
        for publisher in (kernel.shell.displayhook, kernel.shell.display_pub):
            publisher.session, publisher.pub_socket = self.session, self.iopub_socket
        self.displayhook.get_execution_count = lambda: kernel.execution_count
        if inline:
            self.init_gui_pylab()
        sys.stdout.flush()
        sys.stderr.flush()


def _bound(context: zmq.Context[Any], kind: int, fd: int, name: str) -> Any:
    """Make a socket on a descriptor that listens already."""
    socket = context.socket(kind)
    socket.linger = 1000
    socket.setsockopt(zmq.USE_FD, fd)
    socket.bind(f"ipc:///gradmark-{name}")
    return socket


def make_application() -> Application:
    """Make an ipykernel ready as far as it can be without sockets and threads; ``connect`` does the rest in a child."""
    config = Config()
    config.HistoryManager.enabled = False
    config.IPCompleter.use_jedi = False
    config.InteractiveShell.colors = "nocolor"
    config.IPKernelApp.capture_fd_output = False
    config.IPKernelApp.ignore_cwd = True
    config.IPKernelApp.log_level = 50
    config.IPKernelApp.outstream_class = "_gradmark_kernel.Stream"
    config.Kernel._execute_sleep = 0.0  # half a millisecond a cell otherwise
    app = Application.instance(config=config)
    BaseIPythonApplication.initialize(app, [])
    app.init_pdb()
    app.configure_tornado_logger()
    app.log.setLevel(CRITICAL)  # the level above is that of its handler: each line would be made, and then dropped
    app.kernel = Kernel.instance(parent=app, session=app.session, log=app.log, profile_dir=app.profile_dir, user_ns={})
    app.init_shell()
    shell: Any = app.shell
    shell.transform_cell, shell.should_run_async = Once(shell.transform_cell), Once(shell.should_run_async)
    warm(shell)
    return app


class Once:
    """A function of a cell that is asked for twice on end: by ipykernel, to see if the cell awaits, and by IPython to run it."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._last: tuple[Any, Any] | None = None

    def __call__(self, *args: Any, **more: Any) -> Any:
        """Return what the function returns; of two calls that are the same the second gets what the first got."""
        asked, last = (args, more), self._last
        if last is not None and last[0] == asked:
            self._last = None  # a third call may come after a cell that changed how cells are read
            return last[1]
        found = self._function(*args, **more)
        self._last = asked, found
        return found


def refuse_programs(shell: Any) -> None:
    """Have ``!``, ``%%bash`` and their like say that no program can be started, instead of that the shell was not found."""

    def refused(*_: Any, **__: Any) -> Any:
        __tracebackhide__ = True
        raise PermissionError("programs cannot be started where submissions are graded")

    shell.system = shell.system_piped = shell.system_raw = shell.getoutput = refused
    scripts = shell.magics_manager.registry["ScriptMagics"]
    shell.magics_manager.magics["cell"].update(dict.fromkeys(["script", *scripts.script_magics], refused))


def warm(shell: Any) -> None:
    """Run the warming cells, heard by nobody, and forget them."""
    streams = sys.stdout, sys.stderr, sys.displayhook
    shell.displayhook.session = shell.display_pub.session = Session()
    shell.displayhook.pub_socket = shell.display_pub.pub_socket = None
    shell._showtraceback = lambda *_: None
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for cell in WARMING:
            shell.run_cell(cell, store_history=True, silent=True)
    shell.display_formatter.format([1.0])
    del shell._showtraceback
    sys.stdout, sys.stderr, sys.displayhook = streams
    shell.reset(new_session=True)
    shell.execution_count = 1
