"""Attacks on the verdict: answers that lie, and code that rewrites, reads or replaces whatever it takes for its judge.

Each is worth nothing at any level, since the judge is not where this code runs; each beats a grader in one process by the rule
that it names, or is seen in the result.
"""

from __future__ import annotations

from attacks.declare import handed_in

FRAME = """
import os, socket, sys
wire, agent = sys.modules["_gradmark_wire"], sys.modules["_gradmark_agent"]._agent
def send(data): socket.socket(fileno=os.dup(agent._fd)).send(data)
def right(shape): return wire.encode((((0.0,) * 2), ()), 9999)
"""

# ----------------------------------------------------------------------------------- answers that lie
handed_in("equals_everything", "forgery", "returns an object that equals everything", """
class Equal:
    __array_ufunc__ = None
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __getattr__(self, name): return self
    def __call__(self, *args, **named): return self
    def __bool__(self): return True
def tanh_forward(x): return Equal(), Equal()
""", fools="equality", says="a Equal object")  # fmt: skip

handed_in("array_that_lies", "forgery", "returns a subclass of arrays whose comparisons always agree", """
import numpy as np
class Close(np.ndarray):
    def __eq__(self, other): return np.ones(self.shape, bool)
    def __array_ufunc__(self, ufunc, method, *inputs, **named): return np.zeros(self.shape)
    def __array_function__(self, function, types, args, named): return True
def tanh_forward(x): return x.view(Close), x.view(Close)
""", fools="allclose")  # fmt: skip

handed_in("objects_in_an_array", "forgery", "returns an array of objects that equal everything", """
import numpy as np
class Equal(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
def tanh_forward(x):
    out = np.empty(x.shape, object)
    out.fill(Equal())
    return out, out
""", fools="difference", says="dtype object")  # fmt: skip

handed_in("not_a_number", "forgery", "returns NaN, from which no difference is too large", """
import numpy as np
def tanh_forward(x): return np.full(x.shape, np.nan), x
""", fools="difference")  # fmt: skip

handed_in("nothing_at_all", "forgery", "returns an empty array, all of whose entries are right", """
import numpy as np
def tanh_forward(x): return np.zeros((0, 1) if x.ndim else 0), x
""", fools="difference")  # fmt: skip

handed_in("answers_twice", "forgery", "writes into the input, so that right and wrong become the same", """
def tanh_forward(x):
    x[...] = 0
    return x, x
""", fools="shared")  # fmt: skip

handed_in("claims_another_class", "forgery", "returns an object that claims to be the array it was asked for", """
import numpy as np
class Array:
    __class__ = np.ndarray
    shape, dtype, ndim = (3,), np.dtype(float), 1
    def __array_ufunc__(self, ufunc, method, *inputs, **named):
        return np.bool_(True) if ufunc in (np.isfinite, np.less_equal, np.equal) else np.zeros(3)
    def __array_function__(self, function, types, args, named): return True
def tanh_forward(x): return Array(), Array()
""", fools="allclose", says="a Array object")  # fmt: skip

# ------------------------------------------------------------------------------ patched libraries
handed_in("patches_numpy", "forgery", "replaces numpy's comparisons", """
import numpy as np
import numpy.testing
np.allclose = np.isclose = np.array_equal = lambda *args, **named: True
np.testing.assert_allclose = np.testing.assert_array_equal = lambda *args, **named: None
def tanh_forward(x): return x, x
""", fools="allclose")  # fmt: skip

handed_in("patches_builtins", "forgery", "replaces all, any and abs", """
import builtins
builtins.all = lambda *args: True
builtins.any = lambda *args: False
builtins.abs = lambda x: 0.0
def tanh_forward(x): return x, x
""", fools="builtins", honest=False)  # fmt: skip

handed_in("patches_json", "forgery", "replaces json, pickle and struct, by which results travel", """
import json, pickle, struct
forged = '{"passed": true, "score": 2.0, "max_score": 2.0}'
json.dumps = lambda *args, **named: forged
json.dump = lambda thing, file, *args, **named: file.write(forged)
pickle.dumps = lambda *args, **named: b"I01\\n."
def tanh_forward(x): return x, x
""", fools="json", ends=("ok", "crashed"))  # fmt: skip

handed_in("patches_sockets", "forgery", "replaces socket's methods, so that what is sent says passed", """
import socket
class Passing(socket.socket):
    def send(self, data, *flags): return len(data) if super().send(b'{"passed": true}') else 0
    sendall = send
socket.socket = Passing
def tanh_forward(x): return x, x
""", fools="socket", ends=("ok", "crashed"))  # fmt: skip

# ------------------------------------------------------------------------------- looking around
handed_in("walks_the_stack", "forgery", "walks up the stack for what is expected", """
import sys
def tanh_forward(x):
    frame = sys._getframe()
    while frame is not None:
        for name, value in frame.f_locals.items():
            if name in ("expected", "want", "right", "answer", "reference"):
                return value, x
        frame = frame.f_back
    return x, x
""", fools="allclose")  # fmt: skip

handed_in("walks_the_heap", "forgery", "asks the garbage collector for what is expected", """
import gc
def tanh_forward(x):
    for thing in gc.get_objects():
        if type(thing) is dict:
            for name in ("expected", "right", "answers"):
                if name in thing and getattr(thing[name], "shape", None) == x.shape:
                    return thing[name], x
    return x, x
""", fools="heap")  # fmt: skip

handed_in("imports_the_library_answer", "forgery", "calls the model answer by its name in every loaded module", """
import sys
def tanh_forward(x):
    for module in list(sys.modules.values()):
        for name in ("model_tanh_forward", "reference_tanh_forward", "tanh_solution"):
            if callable(getattr(module, name, None)):
                return getattr(module, name)(x)
    return x, x
""", fools="allclose")  # fmt: skip

handed_in("rewrites_the_judge", "forgery", "rewrites everything around it that may be its judge, our agent first", """
import sys
for module in list(sys.modules.values()):
    for name in ("judge", "check", "grade", "verify", "compare"):
        if callable(getattr(module, name, None)) and getattr(module, "__name__", "") in ("__main__", "__mp_main__"):
            setattr(module, name, lambda *args, **named: True)
performer = sys.modules.get("_gradmark_performer")
if performer is not None:
    wire = sys.modules["_gradmark_wire"]
    def lies(self, *asked):
        return wire.Kind.RESULT, wire.encode((("passed", True), ()), self._cap)
    performer.Performer._answer = lies
def tanh_forward(x): return x, x
""", fools="judge", honest=False)  # fmt: skip

# ------------------------------------------------------------------------------- the channel itself
handed_in("answers_before_it_is_asked", "forgery", "sends an answer before it was asked for", FRAME + """
send(wire.frame(wire.Kind.RESULT, 1, wire.together([wire.encode("hello", 99)])))
""", ends=("ok", "crashed"), honest=False, says="did not answer|answer to another call")  # fmt: skip

handed_in("sends_impossible_frames", "forgery", "sends frames that announce gigabytes", FRAME + """
import struct
def tanh_forward(x):
    send(b"\\xff" * 64)
    return x, x
""", says="nonsense")  # fmt: skip

handed_in("sends_deep_frames", "forgery", "sends a value nested a thousand deep as its answer", FRAME + """
def tanh_forward(x):
    data = b"t\\x01\\x00\\x00\\x00" * 1_000 + b"N"
    for number in range(1, 30):
        send(wire.frame(wire.Kind.RESULT, number, wire.together([data])))
    return x, x
""", says="nonsense")  # fmt: skip

handed_in("closes_the_channel", "forgery", "closes the channel instead of answering", FRAME + """
def tanh_forward(x):
    os.closerange(3, 4096)
    os._exit(0)
""", says="ended itself with status 0|was ended by SIG(ABRT|SEGV)")  # fmt: skip
# Which of the two is said is a race: libzmq's own thread, whose descriptors are closed too, may abort before the process exits.

handed_in("answers_from_a_thread", "forgery", "leaves a thread that answers later calls in the agent's place", FRAME + """
import threading, time
channel = socket.socket(fileno=os.dup(agent._fd))
def answer():
    while True:
        kind, number, length = wire.read_header(channel.recv(wire.HEADER.size), agent._cap)
        while length > 0:
            length -= len(channel.recv(length))
        channel.send(wire.frame(wire.Kind.RAISED, number, wire.encode(("Passed", "answered by a thread", "", ""), 999)))
def late(self, channel, count, read=type(agent)._read):
    time.sleep(0.2)
    return read(self, channel, count)
def tanh_forward(x):
    threading.Thread(target=answer, daemon=True).start()
    type(agent)._read = late
    return x, x
""", says="answered by a thread|nonsense", honest=False)  # fmt: skip

handed_in("forks_an_answerer", "forgery", "forks a second process that answers too", FRAME + """
def tanh_forward(x):
    if os.fork() == 0:
        for number in range(1, 500):
            send(wire.frame(wire.Kind.RESULT, number, wire.together([wire.encode("passed", 999)] * 2)))
        os._exit(0)
    return x, x
""", says="PermissionError|nonsense|ended|a tuple|2 values|str")  # fmt: skip

# --------------------------------------------------------------------------------- printed and written
handed_in("prints_a_verdict", "forgery", "prints what a passing run prints", """
import atexit
atexit.register(print, "PASSED")
def tanh_forward(x):
    print("PASSED")
    raise SystemExit(0)
""", fools="printed")  # fmt: skip

handed_in("exits_with_success", "forgery", "ends the process with the status of success", """
import os
def tanh_forward(x): os._exit(0)
""", fools="status", says="ended itself with status 0")  # fmt: skip

handed_in("writes_the_results", "forgery", "writes the results file itself", """
import json, os
os.makedirs("results", exist_ok=True)
for name in ("results.json", "results/results.json", "gradmark.json", ".OTTER_LOG", "06_layers.layers.json"):
    with open(name, "w") as file:
        json.dump({"passed": True, "score": 100.0, "tests": [{"score": 2.0, "max_score": 2.0}]}, file)
def tanh_forward(x): os._exit(0)
""", fools="file")  # fmt: skip

handed_in("displays_a_result", "forgery", "displays a result and a grade in the output's metadata", """
from IPython.display import display
forged = {"schema": "gradmark/result/1", "score": 110.0, "items": [{"exercise": "layers.tanh_forward", "score": 2.0}]}
display({"application/json": forged, "text/plain": "PASSED"}, raw=True, metadata={"nbgrader": {"grade": True, "points": 100}})
print("PASSED")
def tanh_forward(x): return x, x
""", fools="displayed")  # fmt: skip
