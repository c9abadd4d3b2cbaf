"""The bank passes validation, unit by unit: `gradmark validate` finds nothing to mend."""

from __future__ import annotations

from typing import Any

import pytest

from grader.bank import UNITS, catalogue
from grader.validation import validate

NOT_YET = ("chain_rule", "graphs", "forward_mode", "reverse_mode", "linear_models", "mlp")
"""Units that may have holes still: each is taken off this list when it is mended."""


def unit_or_not_yet(name: str) -> Any:
    marks = [pytest.mark.xfail(reason="it has holes to mend", strict=False)] if name in NOT_YET else []
    return pytest.param(name, marks=marks)


@pytest.mark.slow
@pytest.mark.parametrize("name", [unit_or_not_yet(name) for name in UNITS])
def test_a_unit_has_no_hole(name: str) -> None:
    unit = catalogue().unit(name)
    found = validate([(unit, unit.exercises)], jobs=1)
    assert [f"{hole.exercise} {hole.kind}: {hole.what}" for v in found for hole in v.holes] == []
    assert sum(v.mutants for v in found) > 0
