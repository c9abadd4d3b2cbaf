"""The bank passes validation, unit by unit: `gradmark validate` finds nothing to mend."""

from __future__ import annotations

import pytest

from grader.bank import UNITS, catalogue
from grader.validation import validate


@pytest.mark.slow
@pytest.mark.parametrize("name", UNITS)
def test_a_unit_has_no_hole(name: str) -> None:
    unit = catalogue().unit(name)
    found = validate([(unit, unit.exercises)], jobs=1)
    assert [f"{hole.exercise} {hole.kind}: {hole.what}" for v in found for hole in v.holes] == []
    assert sum(v.mutants for v in found) > 0
