"""The bank: units, their exercises with checks and mistakes, and the files derived from them for students."""

from grader.bank.derived import stale_files, write_files
from grader.bank.prompts import prompt_of
from grader.bank.refusals import refusals, unfinished
from grader.bank.stub_files import stub_source
from grader.bank.units import UNITS, Catalogue, catalogue
from grader.bank.worked import worked_examples

__all__ = [
    "UNITS",
    "Catalogue",
    "catalogue",
    "prompt_of",
    "refusals",
    "stale_files",
    "stub_source",
    "unfinished",
    "worked_examples",
    "write_files",
]
