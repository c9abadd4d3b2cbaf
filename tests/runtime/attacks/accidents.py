"""Honest accidents: what students do without meaning to. Each costs its own exercise at most, and the result says what happened."""

from __future__ import annotations

from attacks.declare import handed_in


def accident(name: str, title: str, cell: str, **more: object) -> None:
    """An accident; unless something else is said, ordinary code in the same process no longer works after it."""
    handed_in(name, "accidents", title, cell, **{"fools": "afterwards", **more})


def in_a_call(name: str, title: str, says: str, *body: str) -> None:
    """An accident in a function, which shows in the result."""
    handed_in(name, "accidents", title, "\n    ".join(("def tanh_forward(x):", *body)), says=says)


CRASHED = {"ends": ("crashed",)}

accident(
    "segfault_in_a_cell", "a cell crashes the process", "import ctypes\nctypes.string_at(0)", **CRASHED, says="SIGSEGV"
)
accident("aborts_in_a_cell", "a cell aborts the process", "import os\nos.abort()", **CRASHED, says="SIG(ABRT|SEGV)")
accident("exits_in_a_cell", "a cell ends the process", "import os\nos._exit(3)", **CRASHED, says="status 3")
accident("recurses_in_a_cell", "a cell recurses without end, the limit lifted", """
import sys
sys.setrecursionlimit(10**9)
class Node:
    def __getattr__(self, name): return getattr(self, name + "x")
    def __repr__(self): return repr(self)
repr(Node())
""", ends=("crashed", "failed"))  # fmt: skip
accident("raises_in_a_cell", "a cell raises an error", "1 / 0", ends=("failed",), says="ZeroDivisionError")
accident("sys_exit_in_a_cell", "a cell calls sys.exit", "import sys\nsys.exit('done')", ends=("ok", "failed"))
accident("interrupts_itself", "a cell raises KeyboardInterrupt", "raise KeyboardInterrupt", ends=("ok", "failed"))
accident("closes_stdout", "a cell closes standard output", "import sys\nsys.stdout.close()")
accident("loses_stdout", "a cell sets standard output and error to None", "import sys\nsys.stdout = sys.stderr = None")
accident("closes_descriptors", "a cell closes descriptors 0 to 2", "import os\nos.closerange(0, 3)")
accident("changes_folder", "a cell changes the working folder", "import os\nos.chdir('/')")
accident("removes_its_folder", "a cell removes its working folder", """
import os, shutil
work = os.getcwd()
shutil.rmtree(work, ignore_errors=True)
""")  # fmt: skip
accident("patches_print", "a cell puts a function of its own in the place of print", """
import builtins
def print(*words): raise RuntimeError("no paper")
builtins.print = print
""")  # fmt: skip
accident("shadows_builtins", "a cell deletes and shadows builtins", """
import builtins
del builtins.len
str = list = None
""", ends=("ok", "failed", "crashed", "timed_out"), hasty=True)  # fmt: skip
accident("warnings_are_errors", "a cell turns warnings into errors", "import warnings\nwarnings.simplefilter('error')")
accident(
    "numpy_raises",
    "a cell has numpy raise at every rounding matter",
    "import numpy as np\nnp.seterr(all='raise')",
    honest=False,
)
accident("clears_the_path", "a cell empties the import path and the table of modules", """
import sys
sys.path.clear(); sys.meta_path.clear(); sys.modules.clear()
""", ends=("ok", "failed", "crashed", "timed_out"), hasty=True)  # fmt: skip
accident("resets_the_alarm", "a cell sets an alarm of its own", """
import signal, time
signal.signal(signal.SIGALRM, signal.SIG_DFL)
signal.setitimer(signal.ITIMER_REAL, 0.3)
time.sleep(0.5)
""", ends=("ok", "crashed"))  # fmt: skip
accident("asks_for_input", "a cell waits for input", "name = input('your name? ')", ends=("failed",), says="input")
handed_in("starts_a_thread_that_dies", "accidents", "a cell leaves a thread that fails and one that never ends", """
import threading, time
threading.Thread(target=lambda: 1 / 0).start()
threading.Thread(target=time.sleep, args=(3600,)).start()
print(threading.active_count(), "threads")
""", says="[0-9]+ threads")  # fmt: skip

in_a_call("segfault_in_a_call", "a function crashes the process", "SIGSEGV", "import ctypes", "ctypes.string_at(0)")
in_a_call("exits_in_a_call", "a function calls sys.exit", "SystemExit", "import sys", "sys.exit(0)")
in_a_call(
    "interrupted_in_a_call", "a function raises KeyboardInterrupt", "KeyboardInterrupt", "raise KeyboardInterrupt"
)
in_a_call("recurses_in_a_call", "a function recurses without end", "RecursionError", "return tanh_forward(x)")
in_a_call("forgets_to_return", "a function returns nothing", "one value|None", "out = x")
in_a_call(
    "runs_out_of_memory",
    "a function asks for 100 GB",
    "MemoryError",
    "import numpy as np",
    "return np.ones((10**10, 10)), x",
)
