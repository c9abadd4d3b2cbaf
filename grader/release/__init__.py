"""The kit that students are given: notebooks, stubs, and the checker by its import closure. No answer, mistake or hidden check."""

from grader.release.closure import closure
from grader.release.kit import Kit, make_kit
from grader.release.papers import paper
from grader.release.single import single_file
from grader.release.written import write_folder, write_zip, zipped

__all__ = ["Kit", "closure", "make_kit", "paper", "single_file", "write_folder", "write_zip", "zipped"]
