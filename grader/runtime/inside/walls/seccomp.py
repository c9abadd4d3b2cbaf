"""The filter of system calls: the calls that are denied, and the program that the kernel runs before each call.

A filter is a classic BPF program (seccomp(2); McCanne & Jacobson 1993) over the call's number, its architecture and its
arguments. It allows what a Python process computes with and denies ways out: of the process (fork, exec, sockets, signals to
others), of the limits (memory that is not counted, files that are not), and into the kernel's seldom used corners.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.runtime.inside.walls import linux, syscalls
else:
    import _gradmark_linux as linux
    import _gradmark_syscalls as syscalls

__all__ = ["Program", "install"]

DENIED = {
    "to the network and to other processes": "socket connect bind listen",
    "to programs, and to processes that no limit counts": "fork vfork execve execveat unshare setns personality setrlimit",
    "into other processes": """ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp pidfd_open
        pidfd_getfd pidfd_send_signal tkill rt_sigqueueinfo rt_tgsigqueueinfo setpgid setsid""",
    "to other files": """mount umount2 pivot_root chroot move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr statmount
        listmount quotactl quotactl_fd swapon swapoff acct mknod mknodat name_to_handle_at open_by_handle_at fanotify_init
        fanotify_mark lookup_dcookie nfsservctl uselib ustat sysfs""",
    "to memory that does not count as the process's own": """memfd_create memfd_secret shmget shmat shmctl shmdt msgget msgsnd
        msgrcv msgctl semget semop semctl semtimedop mq_open mq_unlink migrate_pages move_pages mbind set_mempolicy
        set_mempolicy_home_node remap_file_pages""",
    "into the kernel": """bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register keyctl add_key request_key
        seccomp lsm_set_self_attr landlock_create_ruleset landlock_add_rule landlock_restrict_self init_module finit_module
        delete_module kexec_load kexec_file_load iopl ioperm modify_ldt""",
    "to the machine's settings": """reboot syslog vhangup sethostname setdomainname settimeofday clock_settime adjtimex
        clock_adjtime""",
}
"""Ways that are closed at every level that has this filter, whatever the arguments: the calls answer EPERM."""

DENIED_AMONG_OTHERS = {
    "to files of the same user": """chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes utimensat futimesat
        setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr""",
    "to processes of the same user": "setpriority ioprio_set",
}
"""Closed too where these are in sight (level ``landlock``): Landlock has no say in them."""

PRETENDED = "sched_setaffinity sched_setattr sched_setscheduler sched_setparam"
"""Answered with success and not done, at the same level: they could slow other processes, and libzmq aborts on an error."""

ALLOW, ERRNO, KILL = 0x7FFF0000, 0x00050000, 0x80000000
NUMBER, ARCH = 0, 4
"""Offsets of the number and the architecture in ``struct seccomp_data``; argument i is at 16 + 8 i, its low half first."""
LD, AND, JEQ, JGT, JGE, JSET, RET = 0x20, 0x54, 0x15, 0x25, 0x35, 0x45, 0x06
X32 = 0x40000000
CLONE_THREAD = 0x10000
NEW_NAMESPACE = (
    linux.NEWCGROUP | linux.NEWIPC | linux.NEWNET | linux.NEWNS | linux.NEWPID | linux.NEWUSER | linux.NEWUTS
)
FIONREAD, FIONBIO, FIONCLEX, FIOCLEX = 0x541B, 0x5421, 0x5450, 0x5451
O_ACCMODE, O_TRUNC = 0o3, 0o1000
AF_UNIX, SOCK_STREAM, SOCK_SEQPACKET, SOCK_TYPE = 1, 1, 5, 0xF

Instruction = tuple[int, int, int, int]
"""Operation, how many instructions to skip if a comparison holds, how many if it does not, operand (``struct sock_filter``)."""


def load(offset: int) -> Instruction:
    """Fetch a word of ``struct seccomp_data``."""
    return (LD, 0, 0, offset)


def argument(i: int, *, high: bool = False) -> Instruction:
    """Fetch half of an argument. The low half is enough where the kernel itself looks at no more."""
    return load(16 + 8 * i + 4 * high)


def answer(verdict: int) -> Instruction:
    """End with a verdict."""
    return (RET, 0, 0, verdict)


def if_equal(value: int, then: int, otherwise: int = 0) -> Instruction:
    """Compare what was fetched, and skip that many instructions."""
    return (JEQ, then, otherwise, value)


PERMITTED, REFUSED = answer(ALLOW), answer(ERRNO | errno.EPERM)
UNKNOWN, DONE, NO_TERMINAL = answer(ERRNO | errno.ENOSYS), answer(ERRNO), answer(ERRNO | errno.ENOTTY)

THREADS_ONLY = [argument(0), (JSET, 0, 1, NEW_NAMESPACE), REFUSED, (JSET, 1, 0, CLONE_THREAD), REFUSED, PERMITTED]
"""clone: threads of this process, in its namespaces."""

LOOK_AT_LIMITS = [argument(2), if_equal(0, 0, 3), argument(2, high=True), if_equal(0, 0, 1), PERMITTED, REFUSED]
"""prlimit64: limits may be read, not set."""

PAIRS = [
    argument(0), if_equal(AF_UNIX, 1), REFUSED,
    argument(1), (AND, 0, 0, SOCK_TYPE), if_equal(SOCK_STREAM, 2), if_equal(SOCK_SEQPACKET, 1), REFUSED, PERMITTED,
]  # fmt: skip
"""socketpair: as event loops need it. One of datagrams could send to any socket that has a name."""

PLAIN_IOCTLS = [
    argument(1), *[if_equal(kind, 4 - i) for i, kind in enumerate((FIONREAD, FIONBIO, FIONCLEX, FIOCLEX))],
    NO_TERMINAL, PERMITTED,
]  # fmt: skip
"""ioctl: those of any descriptor. There is no terminal here, so that the others get the answer of a file."""

STAY_MORTAL = [argument(0), if_equal(linux.PR_SET_PDEATHSIG, 0, 1), REFUSED, PERMITTED]
"""prctl: all but outliving the fork server."""


F_SETOWN, F_SETOWN_EX = 8, 15
OWN_DESCRIPTORS = [argument(1), if_equal(F_SETOWN, 1), if_equal(F_SETOWN_EX, 0, 1), REFUSED, PERMITTED]
"""fcntl: all but naming the process that gets a descriptor's signals."""


class Program:
    """The filter for one machine, assembled once; ``for_process`` adds what only a process knows of itself.

    Args:
        machine: ``x86_64`` or ``aarch64``.
        among_others: the process shares process numbers and files with others of its user.
        landlock: the kernel's version of Landlock. Those before 3 do not see files being emptied.

    Raises:
        KeyError: a machine whose system calls are not known here.

    """

    def __init__(self, machine: str, *, among_others: bool, landlock: int) -> None:
        self._machine, self._among_others = machine, among_others
        head = [load(ARCH), if_equal(syscalls.MACHINES[machine], 1), answer(KILL), load(NUMBER)]
        if machine == "x86_64":
            head += [(JGE, 0, 1, X32), answer(KILL)]
        head += [(JGT, 0, 1, syscalls.NEWEST), UNKNOWN]
        body = self._all([*DENIED.values()], [REFUSED])
        body += self._for(
            "clone3", [UNKNOWN]
        )  # its flags are out of sight; who is told that it does not exist uses clone
        body += self._for("clone", THREADS_ONLY) + self._for("prlimit64", LOOK_AT_LIMITS)
        body += self._for("socketpair", PAIRS) + self._for("ioctl", PLAIN_IOCTLS) + self._for("prctl", STAY_MORTAL)
        if among_others:
            body += self._all([*DENIED_AMONG_OTHERS.values()], [REFUSED]) + self._all([PRETENDED], [DONE])
            body += self._for("fcntl", OWN_DESCRIPTORS)
        if among_others and landlock < 3:
            body += self._for("truncate", [REFUSED]) + self._for("openat2", [UNKNOWN])
            body += self._for("open", self._emptying(1)) + self._for("openat", self._emptying(2))
        self._head, self._body = _assembled(head), _assembled([*body, PERMITTED])

    def for_process(self, pid: int) -> bytes:
        """Return the program for one process, as ``struct sock_filter[]``; among others it may send signals to itself only."""
        if not self._among_others:
            return self._head + self._body
        itself = [argument(0), if_equal(pid, 1), REFUSED, PERMITTED]
        return self._head + _assembled(self._for("kill", itself) + self._for("tgkill", itself)) + self._body

    def _for(self, name: str, then: list[Instruction]) -> list[Instruction]:
        """Run ``then``, which ends with an answer in any case, for one system call."""
        number = syscalls.number(name, self._machine)
        return [] if number is None else [if_equal(number, 0, len(then)), *then]

    def _all(self, names: list[str], then: list[Instruction]) -> list[Instruction]:
        return [instruction for name in " ".join(names).split() for instruction in self._for(name, then)]

    @staticmethod
    def _emptying(flags: int) -> list[Instruction]:
        """Deny O_TRUNC without the right to write: the kernel empties the file, and an old Landlock sees somebody reading."""
        mode = [argument(flags), (AND, 0, 0, O_TRUNC | O_ACCMODE)]
        return [*mode, if_equal(O_TRUNC, 1), if_equal(O_TRUNC | O_ACCMODE, 0, 1), REFUSED, PERMITTED]


def _assembled(program: list[Instruction]) -> bytes:
    return b"".join(struct.pack("<HBBI", *instruction) for instruction in program)


def install(program: bytes) -> None:
    """Filter the system calls of this thread, and of those it starts, from now on.

    Raises:
        OSError: the kernel has no seccomp filters.

    """
    linux.no_new_privileges()
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("<HxxxxxxQ", len(program) // 8, ctypes.addressof(code))
    linux.syscall("seccomp", 1, 0, header)
