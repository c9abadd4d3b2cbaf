"""Cells that a stock kernel and a forked one must answer alike, by what they try, and the few that they may not."""

from __future__ import annotations

__all__ = ["CELLS", "DIFFERENT", "FILES"]

FILES = {
    "shapes.py": "class Square:\n    side = 2\n    def area(self):\n        return self.side ** 2\n",
    "data.csv": "x,y\n1,2\n",
}
"""What lies beside the notebook."""

CELLS: dict[str, str] = {
    # ---------------------------------------------------------------------------- results and displays
    "a result": "6 * 7",
    "no result for None": "None",
    "a semicolon": "6 * 7;",
    "the last three results": "(_, __, ___)",
    "In and Out": "(In[1], Out[1], sorted(Out), _1, _i1, _ih is In)",
    "only the last expression": "1\n2\n3",
    "a long list is wrapped": "list(range(40))",
    "a deep dictionary": "{'a': {'b': [{'c': (1, 2)}] * 3}, 'k': {3, 1, 2}}",
    "displays": "display(1, 'two', [3])\ndisplay({'text/plain': 'raw', 'text/html': '<b>raw</b>'}, raw=True)",
    "display with metadata": "from IPython.display import HTML, Markdown, Math\n"
    "display(HTML('<p>x</p>', metadata={'k': 1}), Markdown('*m*'), Math('x^2'))",
    "an updated display": "shown = display('before', display_id='d1')\nshown.update('after')",
    "updated in a later cell": "shown.update('later still')\nfrom IPython.display import update_display\n"
    "display('x', display_id='d2')\nupdate_display('y', display_id='d2')",
    "clear_output": "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('stays')",
    "clear_output, waiting": "print('gone')\nclear_output(wait=True)\nprint('new')",
    "_repr_html_": "class H:\n    def _repr_html_(self): return '<i>h</i>'\n    def __repr__(self): return 'H'\nH()",
    "_repr_png_": "class P:\n    def _repr_png_(self): return b'\\x89PNG\\r\\n\\x1a\\n' + bytes(8)\n"
    "    def __repr__(self): return 'P'\nP()",
    "_repr_mimebundle_": "class M:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n"
    "        return {'text/plain': 'M', 'application/json': {'a': 1}}, {'application/json': {'expanded': True}}\nM()",
    "_repr_latex_ and _repr_markdown_": "class L:\n    def _repr_latex_(self): return '$x$'\n"
    "    def _repr_markdown_(self): return '**x**'\n    def __repr__(self): return 'L'\nL()",
    "a representation that fails": "class B:\n    def __repr__(self): raise ValueError('no repr')\nB()",
    "a table": "class Frame:\n    def __init__(self, **c): self.c = c\n    def __repr__(self): return ' '.join(self.c)\n"
    "    def _repr_html_(self): return '<table>' + ''.join(f'<th>{k}</th>' for k in self.c) + '</table>'\n"
    "    def _ipython_key_completions_(self): return list(self.c)\nFrame(x=[1], y=[2])",
    "a progress bar": "from IPython.display import ProgressBar\nfor _i in ProgressBar(3):\n    pass",
    "svg, json, javascript": "from IPython.display import SVG, JSON, Javascript\n"
    "display(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'), JSON({'a': [1]}), Javascript('1'))",
    # --------------------------------------------------------------------------------------- streams
    "both streams in turn": "import sys\nfor i in range(3):\n    print('out', i, flush=True)\n"
    "    print('err', i, file=sys.stderr, flush=True)",
    "a carriage return": "print('10%\\r20%\\r30%')",
    "print without an end": "print('a', end='')\nprint('b', sep='', end='!')",
    "unicode and escapes": "print('∇θ \\x1b[31mred\\x1b[0m ✓ \\U0001f600')",
    "sys.stdout.write": "sys.stdout.write('written\\n')",
    "redirected": "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as caught:\n    print('x')\n"
    "caught.getvalue()",
    "standard streams are no terminals": "sys.stdout.isatty(), sys.stderr.isatty(), sys.stdout.encoding",
    "a warning": "import warnings\nwarnings.warn('careful', stacklevel=1)",
    "warnings once": "for _ in range(2):\n    warnings.warn('again', UserWarning, stacklevel=1)",
    "numpy warns": "import numpy as np\nnp.array([1.0, 0.0]) / 0",
    "logging": "import logging\nlogging.warning('logged')\nlogging.info('not shown')",
    "a logger of one's own": "log = logging.getLogger('mine')\nlog.setLevel('DEBUG')\n"
    "log.addHandler(logging.StreamHandler(sys.stdout))\nlog.propagate = False\nlog.debug('to stdout')",
    "threads print": "import threading\nt = threading.Thread(target=print, args=('from a thread',))\nt.start(); t.join()",
    "a pool of threads": "from concurrent.futures import ThreadPoolExecutor\n"
    "with ThreadPoolExecutor(3) as pool:\n    found = list(pool.map(abs, [-1, -2]))\nfound",
    "an error in a thread": "t = threading.Thread(target=lambda: 1 / 0, name='worker')\nt.start(); t.join()",
    # ---------------------------------------------------------------------------------------- errors
    "an error": "1 / 0",
    "an error in a function": "def inner(x):\n    return [][x]\ndef outer():\n    return inner(3)\nouter()",
    "a chained error": "try:\n    {}['k']\nexcept KeyError as error:\n    raise ValueError('bad') from error",
    "an error while handling": "try:\n    1 / 0\nexcept ZeroDivisionError:\n    undefined",
    "an error in numpy": "np.ones((2, 3)) @ np.ones((2, 3))",
    "an error in the standard library": "import json\njson.loads('{')",
    "an assertion": "assert 1 == 2, 'they differ'",
    "an exception group": "raise ExceptionGroup('several', [ValueError('a'), TypeError('b')])",
    "an exception with notes": "e = RuntimeError('noted')\ne.add_note('look here')\nraise e",
    "a class of one's own": "class Odd(Exception):\n    def __str__(self): return 'odd one'\nraise Odd",
    "a syntax error": "x = (1,\ny = 2",
    "an indentation error": "def f():\nreturn 1",
    "an unfinished string": "'abc",
    "a recursion": "def deep(n):\n    return deep(n + 1)\n"
    "try:\n    deep(0)\nexcept RecursionError as e:\n    print(type(e).__name__)",
    "KeyboardInterrupt by hand": "raise KeyboardInterrupt",
    "sys.exit": "sys.exit(3)",
    "raise SystemExit": "raise SystemExit('bye')",
    "after all that": "'still here'",
    # --------------------------------------------------------------------------------------- asynchrony
    "top-level await": "import asyncio\nawait asyncio.sleep(0, 'awaited')",
    "async for": "async def count(n):\n    for i in range(n):\n        await asyncio.sleep(0)\n        yield i\n"
    "async for i in count(3):\n    print(i)",
    "async comprehension": "[i async for i in count(3)]",
    "async with": "class Room:\n    async def __aenter__(self): print('in'); return self\n"
    "    async def __aexit__(self, *_): print('out')\nasync with Room():\n    print('there')",
    "gather": "await asyncio.gather(*(asyncio.sleep(0.01 * (3 - i), i) for i in range(3)))",
    "a task": "task = asyncio.create_task(asyncio.sleep(0, 'done'))\nawait task",
    "an error in a coroutine": "async def fails():\n    raise ValueError('in a coroutine')\nawait fails()",
    "a running loop": "asyncio.get_running_loop().is_running()",
    "asyncio.run is refused": "never = asyncio.sleep(0)\ntry:\n    asyncio.run(never)\nfinally:\n    never.close()",
    # ------------------------------------------------------------------------------------------- magics
    "%%time": "%%time\nsum(range(10))",
    "%time": "%time y = 3\ny",
    "%timeit": "%timeit -n 2 -r 2 pass",
    "%%timeit": "%%timeit -n 1 -r 2 z = 1\nz + 1",
    "%%capture": "%%capture held\nprint('held back')\ndisplay('and this')",
    "what was captured": "(held.stdout, len(held.outputs))",
    "%who": "only_me = 1\n%who int",
    "%whos": "%whos int",
    "%precision": "%precision 3\n3.14159",
    "%precision, undone": "%precision %r\n3.14159",
    "%env": "%env GREETING=hello\nimport os\nos.environ['GREETING']",
    "%%writefile and %load": "%%writefile kept.py\nkept = 5\n",
    "%run": "%run kept.py\nkept",
    "%pycat-like reading": "print(open('kept.py').read())",
    "%xmode": "%xmode Minimal\n1 / 0",
    "%xmode, undone": "%xmode Context\n1 / 0",
    "%%html": "%%html\n<p>html</p>",
    "%%latex": "%%latex\n$x$",
    "%%python is not asked for": "%lsmagic\nNone",
    "an unknown magic": "%nothing_like_it",
    "an unknown cell magic": "%%nothing_like_it\n1",
    "%prun": "%%prun -q -s calls\nsum(range(10))",
    "%reset_selective": "gone_soon = 1\n%reset_selective -f gone_soon\n'gone_soon' in globals()",
    "%autoreload": "%load_ext autoreload\n%autoreload 2",
    "%config": "%config InteractiveShell.ast_node_interactivity = 'all'",
    "every expression": "1\n2",
    "%config, undone": "%config InteractiveShell.ast_node_interactivity = 'last_expr'",
    "%pdb": "%pdb off",
    "a magic of one's own": "from IPython.core.magic import register_line_magic\n@register_line_magic\n"
    "def shout(line): return line.upper()\n%shout quiet",
    "help with ?": "def documented(x: int) -> int:\n    'Twice x.'\n    return 2 * x\ndocumented?",
    "what ? would show": "print(get_ipython().object_inspect_mime('documented')['text/plain'])",
    "help()": "help(documented)",
    "exit and quit": "(repr(type(exit)), repr(type(quit)), callable(help), type(copyright).__name__)",
    "history is off or empty": "%history -n 1-2",
    # ---------------------------------------------------------------------------------------- the language
    "input": "input('name? ')",
    "getpass": "import getpass\ngetpass.getpass()",
    "a user": "bool(getpass.getuser())",
    "generators": "g = (i * i for i in range(3))\n(next(g), list(g))",
    "a generator is shown": "(i for i in ())",
    "dataclasses": "from dataclasses import dataclass\n@dataclass\nclass Point:\n    x: int\n    y: float = 0.5\nPoint(1)",
    "an enum": "from enum import Enum\nclass Color(Enum):\n    RED = 1\nColor.RED, Color",
    "annotations": "n: int = 3\ndef typed(a: 'int | None' = None) -> list[int]: ...\n__annotations__, typed.__annotations__",
    "pickling": "import pickle\npickle.loads(pickle.dumps(Point(2, 3.0))) == Point(2, 3.0), Point.__module__",
    "a match": "match (1, 2):\n    case (a, b):\n        print(a + b)",
    "the source of a function": "import inspect\ninspect.getsource(documented)",
    "__name__ and __file__": "(__name__, '__file__' in globals(), __builtins__ is not None)",
    "what the namespace holds": "sorted(k for k in globals() if k.startswith('__'))",
    "the end of a module's name": "__import__('__main__').Point is Point",
    "hash of a string": "hash('a') == hash('a')",
    "random without a seed": "import random\nlen({random.random() for _ in range(9)} | {np.random.rand() for _ in range(9)})",
    "seeded": "random.seed(1); np.random.seed(1)\nrandom.random(), np.random.rand(), np.random.default_rng(1).normal()",
    "numpy prints": "print(np.arange(12).reshape(3, 4) / 7)\nnp.float64(1.5), np.zeros((2, 0)), np.array(['a'])",
    "numpy, set up": "with np.printoptions(precision=2, suppress=True):\n    print(np.array([1.23456, 1e-9]))",
    "a big array": "np.arange(2000)",
    "linear algebra": "np.linalg.eigvalsh(np.eye(3)), np.fft.fft([1, 0]).real",
    "time goes on": "import time\nt0 = time.perf_counter(); time.sleep(0.01)\ntime.perf_counter() > t0",
    "sys.argv and flags": "len(sys.argv) > 0, sys.flags.optimize, sys.flags.utf8_mode in (0, 1), sys.version_info[:2]",
    "recursion limit": "sys.getrecursionlimit()",
    "a signal handler": "import signal\nsignal.signal(signal.SIGUSR1, signal.SIG_IGN) is not None",
    "locale and zone": "'é'.upper(), '%.2f' % 1.005, time.strftime('%Y', time.gmtime(0))",
    "gc and weakref": "import gc, weakref\nclass W: pass\nw = W(); r = weakref.ref(w); del w; gc.collect()\nr() is None",
    "ctypes": "import ctypes\nctypes.c_int(5).value",
    "sqlite in memory": "import sqlite3\nsqlite3.connect(':memory:').execute('select 1 + 1').fetchone()",
    # -------------------------------------------------------------------------------------------- files
    "the working directory": "sorted(f for f in os.listdir('.') if f.endswith(('.py', '.csv')))",
    "a file beside the notebook": "open('data.csv').read()",
    "a module beside the notebook": "import shapes\nshapes.Square().area()",
    "writing and reading": "with open('out.txt', 'w') as f:\n    f.write('text')\nopen('out.txt').read()",
    "np.save": "np.save('a.npy', np.eye(2)); np.load('a.npy')",
    "a file that is not there": "open('missing.txt')",
    "tempfile": "import tempfile\nwith tempfile.NamedTemporaryFile('w+') as f:\n    f.write('t'); f.seek(0); text = f.read()\ntext",
    "a temporary folder": "with tempfile.TemporaryDirectory() as d:\n    print(os.path.isdir(d))\nos.path.exists(d)",
    "the home folder": "from pathlib import Path\nPath.home().is_dir() and os.access(Path.home(), os.W_OK)",
    "a missing module": "import nothing_like_it",
    "os.environ": "'PATH' in os.environ, os.environ.get('NOT_SET')",
    # ---------------------------------------------------------------------------------------- pictures
    "a plot": "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 3, 2]);",
    "a figure as a result": "fig, ax = plt.subplots(figsize=(2, 1))\nax.bar([1, 2], [3, 4])\nfig",
    "plt.show": "plt.imshow(np.eye(3))\nplt.show()\nprint('after it')",
    "no picture when closed": "plt.plot([1])\nplt.close()",
    "retina": "%config InlineBackend.figure_format = 'retina'\nplt.figure(figsize=(1, 1)); plt.plot([0, 1]);",
    "the backend": "import matplotlib\nmatplotlib.get_backend()",
    # ------------------------------------------------------------------------------ what is refused here
    "a shell command": "!echo started",
    "a shell command's output": "lines = !echo started",
    "%%bash": "%%bash\necho started",
    "subprocess": "import subprocess\nsubprocess.run(['echo', 'started'], capture_output=True, text=True).stdout",
    "os.system": "os.system('true')",
    "os.fork": "child = os.fork()\nif not child: os._exit(0)\nos.waitpid(child, 0)[1]",
    "multiprocessing": "import multiprocessing\np = multiprocessing.get_context('fork').Process(target=int)\n"
    "p.start(); p.join()\np.exitcode",
    "a socket": "import socket\nbool(socket.socket())",
    "the home's name": "Path.home() == Path(os.environ['HOME']) and Path.home().name",
    "the name of the working directory": "Path.cwd().name",
    "the user's name": "getpass.getuser()",
    "the grader": "import grader.grading.one",
}

DIFFERENT: dict[str, tuple[str, str]] = {
    # By the name of a cell: what the forked kernel shows, and why that is meant.
    "a shell command": ("no command can be run here; the cell goes on", "no program is started"),
    "a shell command's output": ("no command can be run here; the cell goes on", "no program is started"),
    "%%bash": ("programs cannot be started where submissions are graded", "no program is started"),
    "subprocess": ("PermissionError", "no process is started"),
    "os.system": ("", "no process is started"),
    "os.fork": ("PermissionError", "no process is started"),
    "multiprocessing": ("PermissionError", "no process is started"),
    "a socket": ("PermissionError", "no network"),
    "the home's name": ("'home'", "a home that goes with the submission"),
    "the name of the working directory": ("'copy'", "a private copy of what was handed in"),
    "the user's name": ("'student'", "the grader's own user is nobody's business"),
    "the grader": ("the grader is not available where submissions are graded", "the grader is out of reach"),
}
