"""The filter of system calls, run instruction by instruction as the kernel would, for both machines on any machine.

The table here is written from the manual pages, not from the filter: which call, with which arguments, gets which answer.
"""

from __future__ import annotations

import errno
import importlib.util
import os
import re
import struct
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.runtime.isolation import level as isolation

INSIDE = Path(isolation.__file__).parents[1] / "inside" / "walls"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")


def loaded(name: str) -> Any:
    """A file of the sandbox under the name that its siblings know it by."""
    full = f"_gradmark_{name}"
    if full not in sys.modules:
        spec = importlib.util.spec_from_file_location(full, INSIDE / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules[full] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[full]


syscalls, _, seccomp = (loaded(name) for name in ("syscalls", "linux", "seccomp"))
MACHINES = ("x86_64", "aarch64")
ALLOW, KILL = 0x7FFF0000, 0x80000000
PID = 4242


def run(program: bytes, arch: int, number: int, *arguments: int) -> int:
    """What a classic BPF program answers to a system call (the subset of it that seccomp(2) admits)."""
    padded = [argument % 2**64 for argument in (*arguments, *[0] * 6)][:6]
    data = struct.pack("<IIQ6Q", number, arch, 0, *padded)
    code = list(struct.iter_unpack("<HBBI", program))
    at, word = 0, 0
    while True:
        operation, then, otherwise, operand = code[at]
        at += 1
        if operation == 0x20:
            (word,) = struct.unpack_from("<I", data, operand)
        elif operation == 0x54:
            word &= operand
        elif operation == 0x06:
            return int(operand)
        else:
            holds = {0x15: word == operand, 0x25: word > operand, 0x35: word >= operand, 0x45: bool(word & operand)}
            at += then if holds[operation] else otherwise


def answer(call: str, *arguments: int, machine: str = "x86_64", among_others: bool = False, landlock: int = 7) -> str:
    """The filter's answer in words."""
    program = seccomp.Program(machine, among_others=among_others, landlock=landlock).for_process(PID)
    verdict = run(program, syscalls.MACHINES[machine], syscalls.NUMBERS[call][machine], *arguments)
    return said(verdict)


def said(verdict: int) -> str:
    if verdict in (ALLOW, KILL):
        return {ALLOW: "allowed", KILL: "killed"}[verdict]
    assert verdict & 0xFFFF0000 == 0x00050000
    return errno.errorcode.get(verdict & 0xFFFF, "done")


THREAD = 0x3D0F00
"""CLONE_VM | FS | FILES | SIGHAND | THREAD | SYSVSEM | SETTLS | PARENT_SETTID | CHILD_CLEARTID: what glibc starts a thread with."""
CASES = [
    # call, arguments, answer at full, answer among others
    ("clone", (THREAD,), "allowed", "allowed"),
    ("clone", (17,), "EPERM", "EPERM"),  # fork
    ("clone", (0x4111,), "EPERM", "EPERM"),  # posix_spawn's CLONE_VM | CLONE_VFORK | SIGCHLD
    *(
        ("clone", (THREAD | new,), "EPERM", "EPERM")
        for new in (1 << 17, 1 << 25, 1 << 26, 1 << 27, 1 << 28, 1 << 29, 1 << 30)
    ),
    ("clone", (THREAD | 1 << 32,), "allowed", "allowed"),  # the kernel looks at the low half only
    ("clone3", (0x7F0000000000, 88), "ENOSYS", "ENOSYS"),
    ("execve", (), "EPERM", "EPERM"),
    ("socket", (1, 1, 0), "EPERM", "EPERM"),
    ("socketpair", (1, 1, 0), "allowed", "allowed"),
    ("socketpair", (1, 1 | 0o2000000 | 0o4000, 0), "allowed", "allowed"),  # SOCK_CLOEXEC | SOCK_NONBLOCK
    ("socketpair", (1, 5, 0), "allowed", "allowed"),
    ("socketpair", (1, 2, 0), "EPERM", "EPERM"),
    ("socketpair", (1, 3, 0), "EPERM", "EPERM"),  # AF_UNIX takes SOCK_RAW for SOCK_DGRAM
    ("socketpair", (2, 1, 0), "EPERM", "EPERM"),
    ("prlimit64", (0, 7, 0, 0x7F0000000000), "allowed", "allowed"),
    ("prlimit64", (0, 7, 0x7F0000000000, 0), "EPERM", "EPERM"),  # the low half of that pointer is 0
    ("prlimit64", (0, 7, 0x1000, 0), "EPERM", "EPERM"),
    ("ioctl", (0, 0x5412), "ENOTTY", "ENOTTY"),  # TIOCSTI
    ("ioctl", (0, 0x541C), "ENOTTY", "ENOTTY"),  # TIOCLINUX
    ("ioctl", (0, 1 << 32 | 0x5412), "ENOTTY", "ENOTTY"),
    ("ioctl", (0, 0x5401), "ENOTTY", "ENOTTY"),  # isatty
    *(("ioctl", (0, kind), "allowed", "allowed") for kind in (0x541B, 0x5421, 0x5450, 0x5451)),
    ("prctl", (15, 0), "allowed", "allowed"),  # PR_SET_NAME
    ("prctl", (1, 0), "EPERM", "EPERM"),  # PR_SET_PDEATHSIG
    ("prctl", (1 << 32 | 1, 0), "EPERM", "EPERM"),
    ("kill", (PID, 9), "allowed", "allowed"),
    ("kill", (PID + 1, 9), "allowed", "EPERM"),
    *(("kill", (group, 9), "allowed", "EPERM") for group in (0, -1, -PID, 1)),
    ("tgkill", (PID, 7, 9), "allowed", "allowed"),
    ("tgkill", (PID + 1, 7, 9), "allowed", "EPERM"),
    ("fcntl", (3, 8, 1), "allowed", "EPERM"),  # F_SETOWN
    ("fcntl", (3, 15, 1), "allowed", "EPERM"),  # F_SETOWN_EX
    ("fcntl", (3, 4, 1), "allowed", "allowed"),
    ("fchmodat", (), "allowed", "EPERM"),
    ("fchmodat2", (), "allowed", "EPERM"),
    ("utimensat", (), "allowed", "EPERM"),
    ("sched_setscheduler", (), "allowed", "done"),
    ("truncate", (), "allowed", "allowed"),
    ("openat2", (), "allowed", "allowed"),
]


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(("call", "arguments", "full", "others"), CASES)
def test_an_answer_depends_on_the_arguments(
    machine: str, call: str, arguments: tuple[int, ...], full: str, others: str
) -> None:
    assert answer(call, *arguments, machine=machine) == full
    assert answer(call, *arguments, machine=machine, among_others=True) == others


@pytest.mark.parametrize("machine", MACHINES)
def test_every_call_that_is_named_as_denied_is_denied(machine: str) -> None:
    denied = " ".join(seccomp.DENIED.values()).split()
    assert {"ptrace", "bpf", "keyctl", "mount", "unshare", "memfd_create", "io_uring_setup", "userfaultfd"} <= {*denied}
    for call in denied:
        if syscalls.NUMBERS[call][machine] is not None:
            assert answer(call, machine=machine) == "EPERM", call
    for call in " ".join(seccomp.DENIED_AMONG_OTHERS.values()).split():
        if syscalls.NUMBERS[call][machine] is not None:
            assert answer(call, machine=machine, among_others=True) == "EPERM", call
            assert answer(call, machine=machine) == "allowed", call


EVERYDAY = {
    "x86_64": {"read": 0, "write": 1, "mmap": 9, "brk": 12, "poll": 7, "recvmsg": 47, "accept4": 288, "futex": 202,
               "epoll_wait": 232, "getrandom": 318, "exit_group": 231, "mprotect": 10, "openat": 257, "eventfd2": 290},
    "aarch64": {"read": 63, "write": 64, "mmap": 222, "brk": 214, "ppoll": 73, "recvmsg": 212, "accept4": 242, "futex": 98,
                "epoll_pwait": 22, "getrandom": 278, "exit_group": 94, "mprotect": 226, "openat": 56, "eventfd2": 19},
}  # fmt: skip
"""What an interpreter lives on, by number: a number of one machine in the other's table would deny some of these."""


@pytest.mark.parametrize("among_others", [False, True])
@pytest.mark.parametrize("machine", MACHINES)
def test_what_an_interpreter_lives_on_is_allowed(machine: str, among_others: bool) -> None:
    program = seccomp.Program(machine, among_others=among_others, landlock=7).for_process(PID)
    for call, number in EVERYDAY[machine].items():
        assert said(run(program, syscalls.MACHINES[machine], number)) == "allowed", call


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_of_other_architectures_and_of_the_future(machine: str) -> None:
    program = seccomp.Program(machine, among_others=False, landlock=7).for_process(PID)
    arch = syscalls.MACHINES[machine]
    other = next(a for name, a in syscalls.MACHINES.items() if name != machine)
    for foreign in (other, 0x40000003, 0x40000028):  # the other machine; i386; arm
        assert said(run(program, foreign, 0)) == "killed"
    assert said(run(program, arch, 469)) == "ENOSYS"  # file_setattr, which is younger than the table
    if machine == "x86_64":
        assert said(run(program, arch, 0x40000000 + 59)) == "killed"  # x32's


O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_TRUNC = 0, 1, 2, 0o100, 0o1000


@pytest.mark.parametrize("machine", MACHINES)
def test_an_old_landlock_is_helped_out(machine: str) -> None:
    """Before version 3 Landlock did not see files being emptied: a file open for reading could be."""

    def old(call: str, *arguments: int) -> str:
        return answer(call, *arguments, machine=machine, among_others=True, landlock=2)

    assert old("truncate") == "EPERM"
    assert old("openat2") == "ENOSYS"
    assert old("openat", 0, 0, O_RDONLY | O_TRUNC) == "EPERM"
    assert old("openat", 0, 0, 3 | O_TRUNC) == "EPERM"
    assert old("openat", 0, 0, O_WRONLY | O_TRUNC | O_CREAT) == "allowed"
    assert old("openat", 0, 0, O_RDWR | O_TRUNC) == "allowed"
    assert old("openat", 0, 0, O_RDONLY) == "allowed"
    assert answer("openat", 0, 0, O_RDONLY | O_TRUNC, machine=machine, among_others=True, landlock=3) == "allowed"


@pytest.mark.parametrize("machine", MACHINES)
def test_the_kernel_takes_programs_of_this_shape(machine: str) -> None:
    program = seccomp.Program(machine, among_others=True, landlock=1).for_process(PID)
    code = list(struct.iter_unpack("<HBBI", program))
    assert len(code) <= 4096
    assert code[-1] == (0x06, 0, 0, ALLOW)
    for at, (operation, then, otherwise, operand) in enumerate(code):
        if operation == 0x20:
            assert operand % 4 == 0
            assert operand < 64
        if operation & 7 == 5:
            assert at + 1 + max(then, otherwise) < len(code)


HEADERS = {
    "x86_64": (Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), r"#define __NR_(\w+)\s+(\d+)"),
    "aarch64": (Path("/usr/include/asm-generic/unistd.h"), r"#define __NR(?:3264)?_(\w+)\s+(\d+)"),
}


@pytest.mark.parametrize("machine", MACHINES)
def test_the_numbers_are_the_kernels(machine: str) -> None:
    header, line = HEADERS[machine]
    if not header.exists():
        pytest.skip("the kernel's headers are not installed")
    theirs = dict(re.findall(line, header.read_text()))
    newest = max(map(int, theirs.values()))
    for call, numbers in syscalls.NUMBERS.items():
        if call in theirs:
            assert numbers[machine] == int(theirs[call]), call
        else:
            assert numbers[machine] is None or numbers[machine] > newest, call
    assert syscalls.machine() == os.uname().machine
