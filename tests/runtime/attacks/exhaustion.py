"""Attacks on the machine's patience: memory, disk, processes, descriptors, output, time. Each has a bound of its own.

Limits in force are those of ``stage.LIMITS``: 512 MiB of memory, 16 MiB a file. What is claimed as reached lies far beyond.
"""

# Hostile code takes the shortest way.
# ruff: noqa: PTH123
from __future__ import annotations

from attacks.declare import SANDBOXED, attack, handed_in

FULL = ("full",)
LIMITED = ("full", "landlock", "process")


# ------------------------------------------------------------------------------------------ memory
@attack("exhaustion", "takes memory, up to 2 GiB", stopped_at=LIMITED)
def takes_memory(aim):
    taken = []
    for _ in range(32):
        taken.append(bytearray(b"x") * (64 << 20))
    return f"reached: {sum(map(len, taken)) >> 20} MiB"


@attack("exhaustion", "raises its limits as far as it may, then takes memory", stopped_at=LIMITED)
def raises_its_limits(aim):
    import resource

    for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA, resource.RLIMIT_RSS):
        try:
            resource.setrlimit(kind, (resource.getrlimit(kind)[1],) * 2)
        except (OSError, ValueError):
            continue
    taken = [bytearray(b"x") * (64 << 20) for _ in range(24)]
    return f"reached: {sum(map(len, taken)) >> 20} MiB"


@attack("exhaustion", "takes memory in 20 children, up to 1.2 GiB", stopped_at=SANDBOXED)
def takes_memory_in_children(aim):
    import os
    import signal

    children = []
    reading, writing = os.pipe()
    try:
        for _ in range(20):
            child = os.fork()
            if child == 0:
                try:
                    held = bytearray(b"x") * (60 << 20)
                    os.write(writing, b"y" if held else b"n")
                    signal.alarm(20)
                    signal.pause()
                finally:
                    os._exit(1)
            children.append(child)
        os.close(writing)
        return "reached: 1.2 GiB" if [os.read(reading, 1) for _ in children] == [b"y"] * 20 else "held: not all"
    finally:
        for child in children:
            os.kill(child, 9)
            os.waitpid(child, 0)


@attack("exhaustion", "takes memory in files that have no name, up to 1 GiB", stopped_at=SANDBOXED)
def takes_memory_in_files(aim):
    import os

    for i in range(80):
        fd = os.memfd_create(f"memory-{i}")
        os.posix_fallocate(fd, 0, 13 << 20)
    return "reached: 1040 MiB"


@attack("exhaustion", "takes memory in segments of shared memory, up to 1 GiB", stopped_at=SANDBOXED)
def takes_memory_in_segments(aim):
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    segments = []
    try:
        for _ in range(10):
            number = libc.shmget(0, 100 << 20, 0o1600)
            if number < 0:
                raise OSError(ctypes.get_errno(), "shmget")
            segments.append(number)
        return "reached: 1 GiB"
    finally:
        for number in segments:
            libc.shmctl(number, 0, None)


# -------------------------------------------------------------------------------------------- disk
@attack("exhaustion", "writes one file, up to 300 MiB", stopped_at=LIMITED)
def writes_a_large_file(aim):
    with open("large", "wb", 0) as file:
        for _ in range(300):
            if file.write(bytes(1 << 20)) < 1 << 20:
                raise OSError("a short write")
    return "reached: 300 MiB"


@attack("exhaustion", "writes many files, up to 300 MiB in all", stopped_at=FULL)
def writes_many_files(aim):
    for i in range(30):
        with open(f"part-{i}", "wb", 0) as file:
            if file.write(bytes(10 << 20)) < 10 << 20:
                raise OSError("a short write")
    return "reached: 300 MiB"


@attack("exhaustion", "makes 6,000 empty files", stopped_at=FULL)
def makes_many_files(aim):
    import os

    for i in range(6_000):
        os.close(os.open(f"empty-{i}", os.O_CREAT | os.O_WRONLY))
    return "reached: 6,000 files"


# --------------------------------------------------------------------- processes, threads, descriptors
@attack("exhaustion", "forks 200 children", stopped_at=SANDBOXED)
def forks_many(aim):
    import os
    import signal

    children = []
    try:
        for _ in range(200):
            child = os.fork()
            if child == 0:
                signal.alarm(20)
                signal.pause()
                os._exit(0)
            children.append(child)
        return "reached: 200 processes"
    finally:
        for child in children:
            os.kill(child, 9)
            os.waitpid(child, 0)


@attack("exhaustion", "starts 1,000 threads", stopped_at=FULL, varies=("landlock", "process"))
def starts_many_threads(aim):
    import ctypes
    import threading

    ctypes.CDLL(None).mallopt(
        -8, 1
    )  # one arena for all: otherwise each takes 64 MiB of addresses, and those run out first
    threading.stack_size(64 << 10)
    end, threads = threading.Event(), []
    try:
        for _ in range(1000):
            threads.append(threading.Thread(target=end.wait, daemon=True))
            threads[-1].start()
        return "reached: 1,000 threads"
    finally:
        end.set()
        threading.stack_size(0)


@attack("exhaustion", "opens 3,000 files at once", stopped_at=LIMITED)
def opens_many_files(aim):
    import os
    import resource

    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    opened = []
    try:
        for _ in range(3000):
            opened.append(os.open("/dev/null", os.O_RDONLY))
        return "reached: 3,000 files"
    finally:
        for fd in opened:
            os.close(fd)


# ------------------------------------------------------------------------------------------ output
FLOODED = {"ends": ("crashed",), "says": "printed more than is allowed"}
handed_in("prints_a_flood", "exhaustion", "prints 50 MB in small pieces", """
for _ in range(500_000): print("x" * 100)
""", **FLOODED)  # fmt: skip
handed_in("prints_one_flood", "exhaustion", "prints 10 MB at once", "print('x' * 10_000_000)", **FLOODED)
handed_in("displays_a_flood", "exhaustion", "displays 50 MB of pictures", """
from IPython.display import Image, display
for _ in range(500): display(Image(b"\\x89PNG" + bytes(75_000), format="png"))
""", **FLOODED)  # fmt: skip
handed_in("floods_past_the_count", "exhaustion", "takes our counting of output away, then prints 50 MB", """
from ipykernel.iostream import IOPubThread, OutStream
def hidden(counted):
    for name, cell in zip(counted.__code__.co_freevars, counted.__closure__):
        if name not in ("room", "sendable"): yield cell.cell_contents
for owner, name in ((OutStream, "write"), (IOPubThread, "send_multipart")):
    for inner in hidden(getattr(owner, name)) if getattr(owner, name).__closure__ else ():
        if callable(inner): setattr(owner, name, inner)
for _ in range(5_000): print("x" * 10_000)
""", **FLOODED)  # fmt: skip
handed_in("floods_the_descriptors", "exhaustion", "writes 50 MB to descriptors 1 and 2", """
import os
for _ in range(500): os.write(1, b"x" * 100_000), os.write(2, b"x" * 100_000)
""", fools="printed_much", ends=("ok", "failed", "crashed"))  # fmt: skip

handed_in("floods_by_widgets", "exhaustion", "opens widgets with 50 MB of buffers", """
import comm
for _ in range(500): comm.create_comm(target_name="jupyter.widget", buffers=[b"x" * 90_000])
""", **FLOODED)  # fmt: skip
handed_in("floods_by_replies", "exhaustion", "sends 100 MB of replies that nobody asked for", """
from ipykernel.kernelapp import IPKernelApp
kernel, socket = get_ipython().kernel, IPKernelApp.instance().shell_socket
ident = kernel._parent_ident["shell"]
for i in range(1000): kernel.session.send(socket, "kernel_info_reply", {"text": "x" * 100_000}, parent={}, ident=ident)
print("reached nobody")
""", ends=("ok", "crashed", "timed_out"), says="reached nobody|did not end within")  # fmt: skip
handed_in("sends_garbage", "exhaustion", "sends numbers, broken JSON and 50,000 nested lists in place of output", """
session, socket = get_ipython().kernel.session, get_ipython().kernel.iopub_socket
parent = get_ipython().kernel.get_parent()["header"]
for content in (b"17", b'{"name": 5}', b"[1, 2", b"[" * 50_000 + b"]" * 50_000):
    body = [session.pack(session.msg_header("stream")), session.pack(parent), b"{}", content]
    socket.send_multipart([b"stream", b"<IDS|MSG>", session.sign(body), *body])
socket.send_multipart([b"x", b"garbage"])
""", ends=("crashed",), says="could not be read")  # fmt: skip

# ------------------------------------------------------------------------- answers that are too much
handed_in("returns_terabytes", "exhaustion", "returns an array of terabytes that takes no memory of its own", """
import numpy as np
def tanh_forward(x): return np.broadcast_to(0.0, (1_000_000, 1_000_000)), x
""", says="too large")  # fmt: skip
handed_in("returns_depth", "exhaustion", "returns a list nested 100,000 deep", """
def tanh_forward(x):
    deep = []
    for _ in range(100_000): deep = [deep]
    return deep, x
""", says="cannot be graded|nested")  # fmt: skip
handed_in("raises_a_flood", "exhaustion", "raises an error whose message has 50 MB of slashes and addresses", """
def tanh_forward(x):
    raise ValueError("/gradmark-x/" * 4_000_000 + "0x" + "f" * 1_000_000)
""", says="ValueError")  # fmt: skip

# -------------------------------------------------------------------------------------------- time
SPINS = """
while True:
    try:
        while True: pass
    except BaseException: pass
"""
handed_in("spins_in_a_cell", "exhaustion", "loops for ever and swallows every exception", SPINS,
          ends=("timed_out",), says="did not end within 1 s", hasty=True)  # fmt: skip
handed_in("sleeps_in_a_cell", "exhaustion", "sleeps for an hour", "import time\ntime.sleep(3600)",
          ends=("timed_out",), says="did not end within 1 s", hasty=True)  # fmt: skip
handed_in("freezes_itself", "exhaustion", "stops its own process",
          "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\nwhile True: pass",
          ends=("timed_out",), says="did not end within 1 s", hasty=True)  # fmt: skip
handed_in("spins_in_a_call", "exhaustion", "loops for ever when it is called, and swallows every exception",
          "def tanh_forward(x):" + SPINS.replace("\n", "\n    "), says="did not return")  # fmt: skip
handed_in("deaf_in_a_call", "exhaustion", "blocks the alarm and loops for ever when it is called", """
import signal
def tanh_forward(x):
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))
    while True: pass
""", says="did not return")  # fmt: skip
handed_in("sleeps_in_a_call", "exhaustion", "sleeps when it is called", """
import time
def tanh_forward(x): time.sleep(3600)
""", says="did not return within")  # fmt: skip
handed_in("computes_in_c", "exhaustion", "computes for ever inside one C function", "def tanh_forward(x): return 9 ** 9 ** 9, x",
          says="did not return|swallowed|ended")  # fmt: skip
handed_in("matches_for_ever", "exhaustion", "matches a regular expression that takes exponential time", """
import re
def tanh_forward(x): return re.match("(a*)*b", "a" * 40), x
""", says="did not return|swallowed")  # fmt: skip
