"""The gallery is in order: every source is complete, every exercise stands in it rightly and wrongly."""

from __future__ import annotations

import ast
import sys
from collections import Counter

from . import FRESH, RIGHT, RIGHT_WITH_NOTE, WRONG

EVERY = [*RIGHT, *RIGHT_WITH_NOTE, *WRONG, *FRESH]


def test_defines_what_it_claims_about_and_imports_only_numpy_and_the_standard_library() -> None:
    for entry in EVERY:
        names = entry.namespace()
        assert all(callable(names[name.partition(".")[2]]) for name in entry.exercises), entry.ident
        for node in ast.walk(ast.parse(entry.source)):
            if isinstance(node, ast.Import | ast.ImportFrom):
                of = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
                assert {module for module in of if module not in sys.stdlib_module_names} <= {"numpy"}, entry.ident


def test_identifiers_are_unique() -> None:
    assert [ident for ident, count in Counter(entry.ident for entry in EVERY).items() if count > 1] == []


def test_no_source_is_both_right_and_wrong() -> None:
    assert {entry.source for entry in WRONG}.isdisjoint(entry.source for entry in [*RIGHT, *RIGHT_WITH_NOTE])


def test_labels_and_policies_agree() -> None:
    assert not any(entry.wrong or entry.policy for entry in RIGHT)
    assert all(entry.policy and entry.why and not entry.wrong for entry in RIGHT_WITH_NOTE)
    assert all(entry.wrong and entry.why and len(entry.exercises) == 1 for entry in WRONG)
    assert {entry.policy for entry in WRONG} == {"", "dtype", "numeric", "state"}


def test_every_exercise_stands_in_it_rightly_in_two_styles_and_wrongly_in_two_ways() -> None:
    right = Counter(name for entry in RIGHT for name in entry.exercises)
    wrong = Counter(name for entry in WRONG for name in entry.exercises)
    assert right.keys() == wrong.keys()
    assert min(right.values()) >= 2
    assert min(wrong.values()) >= 2


def test_namespaces_share_no_state() -> None:
    (entry,) = (entry for entry in WRONG if entry.style == "clock in a global")
    assert entry.namespace()["_clock"] is not entry.namespace()["_clock"]
