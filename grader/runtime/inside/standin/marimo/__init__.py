"""What a marimo notebook finds under ``marimo`` while it is graded, where marimo itself is not installed.

Prose and layouts show nothing. An element of ``mo.ui`` has the value that it has before anybody touches it.
"""

from pathlib import Path

__all__ = [
    "App", "cache", "capture_stderr", "capture_stdout", "lru_cache", "md", "notebook_dir", "output", "persistent_cache",
    "running_in_notebook", "state", "status", "stop", "ui",
]  # fmt: skip
__version__ = "0"


class MarimoStopError(Exception):
    """The end of a cell by ``mo.stop``."""


class Shown:
    """Something that a notebook shows: whatever is asked of it, it is there, and does nothing."""

    def __init__(self, *args, **options):
        self.text = args[0] if args and isinstance(args[0], str) else ""
        self.value = options.get("value")

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Shown()

    def __call__(self, *args, **options):
        return Shown(*args, **options)

    def __getitem__(self, key):
        return Shown()

    def __iter__(self):
        return iter(())

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False

    def __or__(self, other):
        return self

    def __repr__(self):
        return self.text or "<shown by marimo>"

    def __format__(self, how):
        return repr(self)


class _Elements:
    """The elements of ``mo.ui``, with their values from the start."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)

        def element(*args, **options):
            shown = Shown(*args)
            shown.value = _value(name, args, options)
            return shown

        return element


def _value(kind, args, options):
    """Return the value that an element of ``mo.ui`` has before anybody touches it."""
    if kind in ("array", "batch", "dictionary"):
        inside = args[0] if args else options.get("elements", ())
        if isinstance(inside, dict):
            return {name: getattr(one, "value", None) for name, one in inside.items()}
        return [getattr(one, "value", None) for one in inside] if isinstance(inside, (list, tuple)) else None
    if options.get("value") is not None:
        value = options["value"]
        of = options.get("options", args[0] if args else None)
        return of.get(value, value) if isinstance(of, dict) and isinstance(value, str) else value
    if kind in ("slider", "number"):
        steps = options.get("steps")
        return steps[0] if steps is not None and len(steps) else options.get("start", args[0] if args else None)
    if kind == "range_slider":
        return [options.get("start", args[0] if args else 0), options.get("stop", args[1] if len(args) > 1 else 0)]
    if kind in ("checkbox", "switch", "run_button"):
        return False
    if kind == "button":
        return options.get("value")
    if kind in ("text", "text_area", "code_editor"):
        return args[0] if args and kind == "code_editor" else ""
    return [] if kind in ("multiselect", "file") else None


class _Output:
    """``mo.output``: nothing is shown."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **options: None


class _Progress(Shown):
    """A bar over things that are gone through, or a bar that is moved."""

    def __init__(self, collection=None, **options):
        super().__init__()
        self.collection = collection

    def __iter__(self):
        return iter(self.collection if self.collection is not None else ())


class _Status:
    progress_bar = _Progress
    spinner = Shown
    toast = Shown


class App:
    """A marimo app, whose cells are run by marimo alone."""

    def __init__(self, **options):
        pass

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Shown()


ui, output, status = _Elements(), _Output(), _Status()


def md(text=""):
    """Return prose, which is not laid out."""
    return Shown(text)


def stop(predicate, output=None):
    """End the cell if the predicate holds."""
    if predicate:
        raise MarimoStopError("mo.stop ended this cell, as it does before anybody has touched the notebook")


def state(value, **options):
    """Return a function that gets a value and one that sets it."""
    held = [value]

    def change(new):
        held[0] = new(held[0]) if callable(new) else new

    return (lambda: held[0]), change


def cache(function=None, *args, **options):
    """Return a function as it is; with options, what does that."""
    return function if callable(function) else lambda inner: inner


lru_cache = cache


def persistent_cache(function=None, *args, **options):
    """Return a function as it is; by a name, something to be used by ``with`` or on a function."""
    return function if callable(function) else _Kept()


class _Kept(Shown):
    def __call__(self, function):
        return function


def running_in_notebook():
    """Return False: nobody looks at the notebook."""
    return False


def notebook_dir():
    """Return the folder of the notebook."""
    return Path.cwd()


def capture_stdout():
    """Return nothing that was printed."""
    return Shown()


capture_stderr = capture_stdout


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return Shown()
