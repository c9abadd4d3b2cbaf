"""Attacks that reach out: network, sockets, signals, rights, other people's files, and what is left running or lying about.

Only canaries are ever addressed: loopback ports, sockets, a process and folders that the tests made for it.
"""

# Hostile code takes the shortest way.
# ruff: noqa: PTH101, PTH104, PTH108, PTH123, SIM115, PLW1510
from __future__ import annotations

from attacks.declare import EVERYWHERE, SANDBOXED, attack, handed_in

FULL = ("full",)


# ----------------------------------------------------------------------------------------- network
@attack("escape", "connects over TCP", stopped_at=SANDBOXED)
def connects_by_tcp(aim):
    import socket

    socket.create_connection(("127.0.0.1", aim.tcp), timeout=1).close()


@attack("escape", "sends a datagram", stopped_at=SANDBOXED)
def sends_a_datagram(aim):
    import socket

    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", aim.udp))


@attack("escape", "connects to a unix socket by its path", stopped_at=SANDBOXED)
def connects_by_path(aim):
    import socket

    socket.socket(socket.AF_UNIX).connect(aim.unix)


@attack("escape", "connects to a unix socket without a path", stopped_at=SANDBOXED)
def connects_by_name(aim):
    import socket

    socket.socket(socket.AF_UNIX).connect("\0" + aim.abstract)


@attack("escape", "offers a service of its own", stopped_at=SANDBOXED, together=True)
def offers_a_service(aim):
    import socket

    service = socket.create_server(("127.0.0.1", 0))
    return f"reached: listening on {service.getsockname()[0]}"


@attack("escape", "asks the system about its network devices", stopped_at=SANDBOXED, together=True)
def asks_for_devices(aim):
    import socket

    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).bind((0, 0))
    return "reached: a netlink socket"


# ----------------------------------------------------------------------------------- other processes
@attack("escape", "ends another process", stopped_at=SANDBOXED)
def ends_a_process(aim):
    import os

    os.kill(aim.victim, 9)


@attack("escape", "freezes another process", stopped_at=SANDBOXED)
def freezes_a_process(aim):
    import os

    os.kill(aim.victim, 19)


@attack("escape", "signals another process's thread", stopped_at=SANDBOXED)
def signals_a_thread(aim):
    import ctypes
    import platform

    tkill, tgkill = {"x86_64": (200, 234), "aarch64": (130, 131)}[platform.machine()]
    libc = ctypes.CDLL(None)
    libc.syscall(tkill, aim.victim, 10)
    libc.syscall(tgkill, aim.victim, aim.victim, 10)


@attack("escape", "signals another process by its descriptor", stopped_at=SANDBOXED)
def signals_by_descriptor(aim):
    import os
    import signal

    signal.pidfd_send_signal(os.pidfd_open(aim.victim), 10)


@attack("escape", "queues a signal with a value for another process", stopped_at=SANDBOXED)
def queues_a_signal(aim):
    import ctypes

    libc = ctypes.CDLL(None)
    libc.sigqueue.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_void_p]
    libc.sigqueue(aim.victim, 10, None)


@attack("escape", "has the system signal another process for it, when input arrives", stopped_at=SANDBOXED)
def signals_by_ownership(aim):
    import fcntl
    import os
    import socket
    import time

    here, there = socket.socketpair()
    fcntl.fcntl(here, fcntl.F_SETOWN, aim.victim)
    fcntl.fcntl(here, fcntl.F_SETFL, fcntl.fcntl(here, fcntl.F_GETFL) | os.O_ASYNC)
    there.send(b"x")
    time.sleep(0.05)


@attack("escape", "slows another process down", stopped_at=SANDBOXED)
def slows_a_process(aim):
    import os

    os.setpriority(os.PRIO_PROCESS, aim.victim, 15)


@attack("escape", "moves another process to one processor", stopped_at=SANDBOXED)
def moves_a_process(aim):
    import os

    os.sched_setaffinity(aim.victim, {min(os.sched_getaffinity(0))})


@attack("escape", "lowers another process's limits", stopped_at=SANDBOXED)
def limits_a_process(aim):
    import resource

    resource.prlimit(aim.victim, resource.RLIMIT_NOFILE, (64, 64))


@attack("escape", "ends the kernel of the submission that is graded next to it", stopped_at=SANDBOXED, neighbour=True)
def ends_its_neighbour(aim):
    import os

    for pid in aim.kernels:
        os.kill(pid, 9)


# ------------------------------------------------------------------------------------------ rights
@attack("escape", "starts a program", stopped_at=SANDBOXED, together=True)
def starts_a_program(aim):
    import subprocess

    return subprocess.run(["/bin/sh", "-c", "echo reached: a shell"], capture_output=True, text=True).stdout


@attack("escape", "would get rights from a setuid program", stopped_at=SANDBOXED, together=True)
def may_gain_rights(aim):
    import ctypes

    return "held: no_new_privs" if ctypes.CDLL(None).prctl(39, 0, 0, 0, 0) == 1 else "reached: setuid programs count"


@attack("escape", "opens a user namespace of its own, and mounts in it", stopped_at=SANDBOXED)
def opens_a_namespace(aim):
    import ctypes
    import os

    libc = ctypes.CDLL(None, use_errno=True)
    child = os.fork()  # a process with threads may not: its child may
    if child == 0:
        done = libc.unshare(0x10020000) == 0 and libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0
        os._exit(0 if done else 1)
    return "reached: mounted" if os.waitpid(child, 0)[1] == 0 else "held: no namespace"


@attack("escape", "makes the node of a device", stopped_at=SANDBOXED, without_root=EVERYWHERE, together=True)
def makes_a_device(aim):
    import os
    import stat

    os.mknod("node", stat.S_IFCHR | 0o600, os.makedev(1, 3))
    os.unlink("node")
    return "reached: a device"


@attack("escape", "becomes another user", stopped_at=SANDBOXED, without_root=EVERYWHERE)
def becomes_another_user(aim):
    import os

    os.setgroups([])
    os.setresuid(-1, 12345, -1)
    os.setresuid(-1, 0, -1)
    return "reached: two users in turn"


@attack("escape", "uses system calls that no notebook needs", stopped_at=SANDBOXED, together=True)
def calls_the_unusual(aim):
    import ctypes
    import errno
    import platform

    rare = {
        "x86_64": {
            "memfd_create": 319,
            "name_to_handle_at": 303,
            "keyctl": 250,
            "userfaultfd": 323,
            "bpf": 321,
            "io_uring_setup": 425,
        },
        "aarch64": {
            "memfd_create": 279,
            "name_to_handle_at": 264,
            "keyctl": 219,
            "userfaultfd": 282,
            "bpf": 280,
            "io_uring_setup": 425,
        },
    }[platform.machine()]
    libc = ctypes.CDLL(None, use_errno=True)
    allowed = []
    for name, number in rare.items():
        libc.syscall(number, None, None, None, None, None)
        if ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS, errno.EACCES):
            allowed.append(name)
    return f"reached: {allowed}" if allowed else "held: all denied"


# -------------------------------------------------------------------------------- other people's files
@attack("escape", "writes into a folder of the grader's that is open to all", stopped_at=SANDBOXED)
def writes_outside(aim):
    open(aim.open + "/planted.py", "w").write("planted")


@attack("escape", "overwrites a neighbour's submission", stopped_at=SANDBOXED)
def overwrites_a_neighbour(aim):
    open(aim.desk + "/bob.ipynb", "w").write("nothing was handed in")


@attack("escape", "empties the gradebook without opening it", stopped_at=SANDBOXED)
def empties_the_gradebook(aim):
    import os

    os.truncate(aim.desk + "/gradebook.sqlite", 0)


@attack("escape", "removes a neighbour's submission", stopped_at=SANDBOXED)
def removes_a_neighbour(aim):
    import os

    os.unlink(aim.desk + "/bob.ipynb")


@attack("escape", "puts its own work in the place of a neighbour's", stopped_at=SANDBOXED)
def replaces_a_neighbour(aim):
    import os

    open("mine", "w").write("mine")
    os.rename("mine", aim.desk + "/bob.ipynb")


@attack("escape", "closes a neighbour's file to its owner", stopped_at=SANDBOXED)
def closes_a_file(aim):
    import os

    os.chmod(aim.desk + "/bob.ipynb", 0)


@attack("escape", "dates a neighbour's submission after the deadline", stopped_at=SANDBOXED)
def dates_a_file(aim):
    import os

    os.utime(aim.desk + "/bob.ipynb", (2_000_000_000, 2_000_000_000))


@attack("escape", "plants a setuid program where others would run it", stopped_at=SANDBOXED)
def plants_a_setuid_program(aim):
    import os

    os.close(os.open(aim.open + "/tool", os.O_CREAT | os.O_WRONLY, 0o777))
    os.chmod(aim.open + "/tool", 0o4755)


@attack("escape", "binds a socket in a folder of the grader's", stopped_at=SANDBOXED)
def binds_a_socket(aim):
    import socket

    socket.socket(socket.AF_UNIX).bind(aim.open + "/service")


SWAPPED = """
import os
work = os.getcwd()
try:
    os.chdir("/")
    os.rename(work, work + "-moved")
    os.symlink(AIM.open + "/precious", work)
except OSError as error:
    print(error)
"""
handed_in("swaps_its_folder", "escape", "puts a link to the grader's files in the place of its folder, to be cleaned up",
          SWAPPED, fools="cleaning")  # fmt: skip

handed_in("plants_links", "escape", "fills its folder with links to the grader's files, to be cleaned up", """
import os
for i in range(50):
    os.symlink(AIM.open + "/precious", f"link-{i}")
""", fools="cleaning")  # fmt: skip


# ---------------------------------------------------------------------------------- what is left behind
@attack("escape", "leaves a daemon with an empty environment running", fools="leaving")
def leaves_a_daemon(aim):
    import os
    import sys

    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execve(sys.executable, [sys.executable, "-I", "-S", "-c", "import time; time.sleep(20)"], {})
        os._exit(0)


@attack("escape", "leaves a child that ignores every signal it can", fools="leaving")
def leaves_a_stubborn_child(aim):
    import os
    import signal
    import time

    if os.fork() == 0:
        os.setsid()
        for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_IGN)
        os.execve("/bin/sleep", ["sleep", "20"], {})
    time.sleep(0.02)


handed_in("leaves_a_deep_folder", "escape", "leaves folders too deep and too closed to be removed the usual way", """
import os
try:
    for _ in range(400):
        os.mkdir("d" * 200)
        os.chdir("d" * 200)
    os.chmod(".", 0)
except OSError as error:
    print(error)
""", fools="afterwards")  # fmt: skip
