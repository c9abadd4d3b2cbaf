"""Packages without their face: modules of them are imported, and not all that their ``__init__`` asks for besides.

Loaded by the fork server as ``_gradmark_faceless``, and imported by the grader: both pay for every module that they import.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from types import ModuleType
from typing import Any

__all__ = ["Faceless"]


class Faceless(ModuleType):
    """A package of which modules are imported without its face, ``__init__``; whoever asks for more of it gets all of it."""

    def __init__(self, name: str, later: tuple[str, ...] = (), **given: str) -> None:
        """``given`` are names that it hands on, and the modules that define them; ``later`` modules that are loaded when used."""
        super().__init__(name)
        self.__spec__ = importlib.util.find_spec(name)
        assert self.__spec__ is not None
        self.__path__ = self.__spec__.submodule_search_locations or []
        sys.modules[name] = self
        self._later = [_later(f"{name}.{part}") for part in later]
        vars(self).update(zip(later, self._later, strict=True))
        for known, part in given.items():
            setattr(self, known, getattr(importlib.import_module(f"{name}.{part}"), known))

    def __getattr__(self, wanted: str) -> Any:
        if wanted.startswith("__"):
            raise AttributeError(wanted)
        if importlib.util.find_spec(f"{self.__name__}.{wanted}") is not None:
            return importlib.import_module(f"{self.__name__}.{wanted}")
        for module in self._later:
            vars(module)  # loads it, before the face asks for it in the midst of others
        self.leave()
        return getattr(importlib.import_module(self.__name__), wanted)

    def leave(self) -> None:
        """The next who imports the package gets all of it."""
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]


def _later(name: str) -> ModuleType:
    """A module that is loaded when the first of its names is asked for, and not when it is imported."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.loader is not None
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
