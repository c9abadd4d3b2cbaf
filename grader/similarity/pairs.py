"""The comparison of a class: an inverted index from grams to whoever has them, and pairs that share what few have."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from grader.result import Result
from grader.similarity.behaviour import FEW, SameAnswers, same_answers
from grader.similarity.syntax import Token, tokens
from grader.similarity.winnow import GRAM, grams, winnowed

__all__ = ["COMMON", "Alike", "Handed", "Part", "Similar", "compare"]

COMMON = 20
"""What so many students share is how the exercise is written."""
LEAST = 4.0
"""The least weight of a pair that is told: about one stretch that only these two of many students have."""
SHORT = 45
"""The tokens below which a function is short: some five lines, which two people write alike. One alone is no evidence."""
MOST_PAIRS = 200


@dataclass(frozen=True)
class Handed:
    """The work of one student: by exercise the text of its function, and the results, if there are any."""

    id: str
    name: str
    texts: Mapping[str, str]
    results: tuple[Result, ...] = ()
    submitted: str = ""


@dataclass(frozen=True)
class Part:
    """One exercise of a pair: the lines, from 1, that match on each side, and the share of its tokens that do.

    ``tokens`` are those of the shorter text.
    """

    exercise: str
    lines: tuple[frozenset[int], frozenset[int]]
    shares: tuple[float, float]
    weight: float
    tokens: int = SHORT


@dataclass(frozen=True)
class Alike:
    """Two students, by their places, whose texts share stretches that few have.

    ``weight`` adds up, over these stretches, log2(1 + students / students who have it). ``answers`` are the exercises to which both
    gave the same wrong answer that nothing explains.
    """

    who: tuple[int, int]
    weight: float
    parts: tuple[Part, ...]
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Similar:
    """The findings among students: answers first, then pairs, those with the same answers before others."""

    students: int
    compared: int
    answers: tuple[SameAnswers, ...]
    pairs: tuple[Alike, ...]
    more: int = 0
    """how many further pairs, of less weight, are not told"""


@dataclass
class _Read:
    """The texts of one exercise: by student the tokens and the chosen grams, and by gram whoever has it."""

    rows: dict[int, tuple[Token, ...]] = field(default_factory=dict)
    chosen: dict[int, dict[int, list[int]]] = field(default_factory=dict)
    index: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))


def compare(
    handed: Sequence[Handed],
    known: Mapping[str, Iterable[str]],
    *,
    few: int = FEW,
    common: int = COMMON,
    left_out: Collection[str] = (),
) -> Similar:
    """Compare what students handed in.

    Args:
        handed: one a student.
        known: by exercise the texts that everybody has or comes to: stub, model answers. What they hold is no evidence.
        few: the most students who share a wrong answer that is told.
        common: what so many students share is taken out.
        left_out: exercises of which neither answers nor text are compared.

    """
    same = same_answers([one.results for one in handed], few, left_out)
    answers: dict[tuple[int, int], list[str]] = defaultdict(list)
    for found in same:
        for pair in combinations(found.who, 2):
            answers[pair].append(found.exercise)
    parts: dict[tuple[int, int], list[Part]] = defaultdict(list)
    counted: dict[tuple[int, int], set[int]] = defaultdict(set)
    names = dict.fromkeys(name for one in handed for name in one.texts if name not in left_out)
    for name in names:
        read = _read(handed, name)
        for pair, part in _parts(name, read, _grams_of(known.get(name, ())), common, counted):
            parts[pair].append(part)
    told = [
        Alike(
            pair,
            round(sum(p.weight for p in parts[pair]), 3),
            tuple(sorted(parts[pair], key=lambda p: -p.weight)),
            tuple(answers[pair]),
        )
        for pair in sorted({*parts, *answers})
    ]
    told = [one for one in told if (one.weight >= LEAST and _is_told(one.parts)) or one.answers]
    told.sort(key=lambda one: (-len(one.answers), -one.weight, one.who))
    compared = sum(bool(one.texts) for one in handed)
    return Similar(len(handed), compared, tuple(same), tuple(told[:MOST_PAIRS]), max(0, len(told) - MOST_PAIRS))


def _is_told(parts: Sequence[Part]) -> bool:
    """Return True if the parts of a pair are more than one short function, which agrees by necessity."""
    return len(parts) > 1 or any(part.tokens >= SHORT for part in parts)


def _grams_of(texts: Iterable[str]) -> frozenset[int]:
    return frozenset(number for text in texts for number in grams(tokens(text)))


def _read(handed: Sequence[Handed], name: str) -> _Read:
    read = _Read()
    for place, one in enumerate(handed):
        if name in one.texts:
            read.rows[place] = tokens(one.texts[name])
            read.chosen[place] = winnowed(grams(read.rows[place]))
            for number in read.chosen[place]:
                read.index[number].append(place)
    return read


def _parts(
    name: str,
    read: _Read,
    known: frozenset[int],
    common: int,
    counted: dict[tuple[int, int], set[int]],
) -> Iterable[tuple[tuple[int, int], Part]]:
    """Yield what each pair shares in one exercise; a helper of several exercises adds to a pair's weight once (``counted``)."""
    students = len(read.rows)
    shared: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, who in read.index.items():
        if 2 <= len(who) < common and number not in known:
            for pair in combinations(who, 2):
                shared[pair].append(number)
    for pair, numbers in shared.items():
        weight = sum(
            math.log2(1 + students / len(read.index[number])) for number in numbers if number not in counted[pair]
        )
        counted[pair].update(numbers)
        one, other = (_matching(read, place, numbers) for place in pair)
        length = min(len(read.rows[place]) for place in pair)
        yield pair, Part(name, (one[0], other[0]), (one[1], other[1]), weight, length)


def _matching(read: _Read, place: int, numbers: Sequence[int]) -> tuple[frozenset[int], float]:
    """Return the lines on which shared grams stand, and the share of all tokens that they cover."""
    row, chosen = read.rows[place], read.chosen[place]
    covered = {i for number in numbers for start in chosen[number] for i in range(start, min(start + GRAM, len(row)))}
    return frozenset(row[i].line for i in covered), len(covered) / max(1, len(row))
