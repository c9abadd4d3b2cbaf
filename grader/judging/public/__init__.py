"""Public data of exercises, which students are given: derived from the bank as plain JSON, and read where there is no bank.

It holds declarations, worked examples with their right answers, and of each mistake the text and prints of what it answers.
"""

from grader.judging.public.bench import PublicBench
from grader.judging.public.packed import planted_source
from grader.judging.public.restored import Public
from grader.judging.public.unit import PublicUnit, packed_again, packed_unit, restored_unit

__all__ = ["Public", "PublicBench", "PublicUnit", "packed_again", "packed_unit", "planted_source", "restored_unit"]
