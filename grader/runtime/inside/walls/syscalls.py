"""The system calls that the sandbox makes or denies, by name, with their numbers on the two machines it knows.

Stands at the bottom of the sandbox (``linux``, ``seccomp``). The numbers are the kernel's ABI: they never change once given.
"""

from __future__ import annotations

import os

__all__ = ["MACHINES", "NEWEST", "machine", "number"]

MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""Names of the architectures, and the numbers by which the kernel tells them to a filter (``AUDIT_ARCH_*`` of linux/audit.h)."""

NEWEST = 462
"""The highest number that was looked at (mseal, Linux 6.10). From 424 on every architecture counts alike."""

# One call: its name, its number on x86_64, its number on aarch64; "-" where there is none.
TABLE = """
socket 41 198 · socketpair 53 199 · bind 49 200 · listen 50 201 · connect 42 203
ptrace 101 117 · process_vm_readv 310 270 · process_vm_writev 311 271 · kcmp 312 272 · process_madvise 440 440
process_mrelease 448 448 · pidfd_open 434 434 · pidfd_getfd 438 438 · pidfd_send_signal 424 424
kill 62 129 · tkill 200 130 · tgkill 234 131 · rt_sigqueueinfo 129 138 · rt_tgsigqueueinfo 297 240
setpgid 109 154 · setsid 112 157 · setpriority 141 140 · ioprio_set 251 30 · sched_setaffinity 203 122
sched_setattr 314 274 · sched_setscheduler 144 119 · sched_setparam 142 118
fork 57 - · vfork 58 - · clone 56 220 · clone3 435 435 · execve 59 221 · execveat 322 281
unshare 272 97 · setns 308 268 · personality 135 92 · prctl 157 167 · setrlimit 160 164 · prlimit64 302 261
capset 126 91 · mount 165 40 · umount2 166 39 · pivot_root 155 41 · chroot 161 51
move_mount 429 429 · open_tree 428 428 · fsopen 430 430 · fsconfig 431 431 · fsmount 432 432 · fspick 433 433
mount_setattr 442 442 · statmount 457 457 · listmount 458 458
quotactl 179 60 · quotactl_fd 443 443 · swapon 167 224 · swapoff 168 225 · acct 163 89 · mknod 133 - · mknodat 259 33
name_to_handle_at 303 264 · open_by_handle_at 304 265 · fanotify_init 300 262 · fanotify_mark 301 263
lookup_dcookie 212 18 · nfsservctl 180 42 · uselib 134 - · ustat 136 - · sysfs 139 -
bpf 321 280 · perf_event_open 298 241 · userfaultfd 323 282
io_uring_setup 425 425 · io_uring_enter 426 426 · io_uring_register 427 427
keyctl 250 219 · add_key 248 217 · request_key 249 218 · seccomp 317 277 · lsm_set_self_attr 460 460
landlock_create_ruleset 444 444 · landlock_add_rule 445 445 · landlock_restrict_self 446 446
init_module 175 105 · finit_module 313 273 · delete_module 176 106 · kexec_load 246 104 · kexec_file_load 320 294
reboot 169 142 · syslog 103 116 · iopl 172 - · ioperm 173 - · modify_ldt 154 - · vhangup 153 58
sethostname 170 161 · setdomainname 171 162 · settimeofday 164 170 · clock_settime 227 112
adjtimex 159 171 · clock_adjtime 305 266
memfd_create 319 279 · memfd_secret 447 447 · shmget 29 194 · shmat 30 196 · shmctl 31 195 · shmdt 67 197
msgget 68 186 · msgsnd 69 189 · msgrcv 70 188 · msgctl 71 187
semget 64 190 · semop 65 193 · semctl 66 191 · semtimedop 220 192 · mq_open 240 180 · mq_unlink 241 181
migrate_pages 256 238 · move_pages 279 239 · mbind 237 235 · set_mempolicy 238 237 · set_mempolicy_home_node 450 450
remap_file_pages 216 234
chmod 90 - · fchmod 91 52 · fchmodat 268 53 · fchmodat2 452 452
chown 92 - · fchown 93 55 · lchown 94 - · fchownat 260 54
setxattr 188 5 · lsetxattr 189 6 · fsetxattr 190 7 · removexattr 197 14 · lremovexattr 198 15 · fremovexattr 199 16
utime 132 - · utimes 235 - · utimensat 280 88 · futimesat 261 -
truncate 76 45 · open 2 - · openat 257 56 · openat2 437 437 · ioctl 16 29 · fcntl 72 25
"""
NUMBERS = {
    name: dict(zip(MACHINES, (None if n == "-" else int(n) for n in numbers), strict=True))
    for name, *numbers in (entry.split() for line in TABLE.strip().splitlines() for entry in line.split("·"))
}


def machine() -> str:
    """Return the architecture of this process, as ``uname -m`` has it."""
    return os.uname().machine


def number(name: str, on: str) -> int | None:
    """Return the number of a system call on a machine; None if it has none there.

    Raises:
        KeyError: a call or a machine that is not in the table.

    """
    return NUMBERS[name][on]
