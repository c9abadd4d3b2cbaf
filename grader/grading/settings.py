"""The settings of a run of the grader, and what a result tells of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import grader
from grader.judging import Bench
from grader.result import GradedBy
from grader.runtime import Isolation, Limits

__all__ = ["Settings", "bank_digest", "graded_by"]


@dataclass(frozen=True)
class Settings:
    """The settings of one run of the grader: passed down, never looked up.

    Args:
        isolation: the level that was found to be there, with its mechanisms.
        seed: of drawn cases, and of random numbers in the kernel.
        limits: what a submission may use up.
        drawn: how many cases Hypothesis draws beyond the battery.
        packages: what submissions may import besides the usual.
        executed: write the executed notebook too.
        diagnosed: explain what was rejected; the marks are the same without.
        banks: the folders of the course's private banks.
        variants: the salt that personal variants are drawn with; empty where all have the same exercises.
        roster: the ids of those who take part, where variants are personal: whose variant an answer may fit.

    """

    isolation: Isolation
    seed: int = 0
    limits: Limits = field(default_factory=Limits)
    drawn: int = Bench.DRAWN
    packages: tuple[str, ...] = ()
    executed: bool = True
    diagnosed: bool = True
    banks: tuple[Path, ...] = ()
    variants: str = field(default="", repr=False)
    roster: tuple[str, ...] = field(default=(), repr=False)


@lru_cache(maxsize=4)
def bank_digest(banks: tuple[Path, ...] = ()) -> str:
    """Return the sha256 over the sources that decide a verdict: bank, judge and model answers, those of private banks too."""
    digest = hashlib.sha256()
    for root, folder in _deciding(banks):
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _deciding(banks: tuple[Path, ...]) -> Iterator[tuple[Path, Path]]:
    """Yield the folders of those sources, each behind the one from which its files are named."""
    ours = Path(grader.__file__).parent
    yield from ((ours.parent, folder) for folder in (ours / "bank", ours / "judging", ours.parent / "reference"))
    yield from ((bank, bank / room) for bank in banks for room in ("bank", "reference"))


def graded_by(settings: Settings) -> GradedBy:
    """Describe how results of these settings are obtained, as each of them says."""
    return GradedBy(
        version=grader.__version__,
        bank=bank_digest(settings.banks),
        seed=settings.seed,
        isolation=settings.isolation.level,
        mechanisms=list(settings.isolation.mechanisms),
    )
