"""The bank: units, their exercises with checks and mistakes, and the files derived from them for students."""

from grader.bank.derived import stale_files, write_files
from grader.bank.equivalent import equivalents
from grader.bank.known_texts import common_texts
from grader.bank.personal import (
    Whose,
    common_stub,
    for_student,
    personal_exercises,
    personal_public_data,
    personal_stub,
    personal_stubs,
    personal_text,
    unit_for,
)
from grader.bank.private import units_of
from grader.bank.prompts import prompt_of
from grader.bank.public import public_data
from grader.bank.scaffolding import scaffold
from grader.bank.soundness import refusals, unfinished
from grader.bank.stub_files import stale_in, stub_source, write_in
from grader.bank.stubs import derive
from grader.bank.units import UNITS, Catalogue, catalogue

__all__ = [
    "UNITS",
    "Catalogue",
    "Whose",
    "catalogue",
    "common_stub",
    "common_texts",
    "derive",
    "equivalents",
    "for_student",
    "personal_exercises",
    "personal_public_data",
    "personal_stub",
    "personal_stubs",
    "personal_text",
    "prompt_of",
    "public_data",
    "refusals",
    "scaffold",
    "stale_files",
    "stale_in",
    "stub_source",
    "unfinished",
    "unit_for",
    "units_of",
    "write_files",
    "write_in",
]
