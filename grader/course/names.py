"""Names of people, made comparable: order, case, accents, hyphens and ways to write an umlaut do not tell two names apart."""

from __future__ import annotations

import difflib
import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["joined_keys", "near_name", "word_keys", "words_of"]

LETTERS = {
    "ß": "ss",
    "ø": "o",
    "æ": "ae",
    "œ": "oe",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ı": "i",
    "ħ": "h",
    "ŋ": "n",
}
"""Letters that are no letter with a mark, as they are written without them."""
GERMAN = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"}
MOST_WORDS = 5
"""Of so many words all orders are tried; of more, those in which some words from the front are at the end."""
ALIKE = 0.85
LONGEST = 200


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name in small letters, accents left: ``("o", "brien", "zoë")``."""
    return tuple(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", name[:LONGEST]).casefold()))


@lru_cache(maxsize=20_000)
def word_keys(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return what a name is known by whatever the order of its words: as it is written, and with accents taken off in some ways."""
    words = words_of(name)
    if not words:
        return frozenset(), frozenset()
    return frozenset({_key(words)}), frozenset(_key(folded) for folded in _folded(words))


@lru_cache(maxsize=20_000)
def joined_keys(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return what a name can read as in one word, ``lovelaceada``: as it is written, and with accents taken off."""
    words = words_of(name)
    if not words:
        return frozenset(), frozenset()
    return frozenset(_orders(words)), frozenset(order for folded in _folded(words) for order in _orders(folded))


def near_name(said: str, name: str) -> str | None:
    """Return how two names are alike that are not the same, None if they are not.

    Args:
        said: a name, or a name in one word, as a download has it.
        name: that of a person.

    """
    ours, theirs = _shape(said), _shape(name)
    if not ours.words or not theirs.words:
        return None
    if len(ours.words) == 1 and len(theirs.words) > 1:
        return _near_word(ours, theirs)
    shared = set(ours.words) & set(theirs.words)
    if shared:
        left, others = [w for w in ours.words if w not in shared], [w for w in theirs.words if w not in shared]
        if _initials(left, others):
            return "with initials" if left and others else "with fewer words"
    return "spelled alike" if _alike(ours, theirs) and _ratio(ours.sorted, theirs.sorted) else None


@dataclass(frozen=True)
class _Shape:
    """A name without accents: its words, in order and in a row, and which letters there are, a bit each."""

    words: tuple[str, ...]
    sorted: str
    letters: int


@lru_cache(maxsize=20_000)
def _shape(name: str) -> _Shape:
    words = next(_folded(words_of(name)), ())
    letters = 0
    for letter in "".join(words):
        letters |= 1 << (ord(letter) % 64)
    return _Shape(words, " ".join(sorted(words)), letters)


def _alike(ours: _Shape, theirs: _Shape) -> bool:
    """Return False if two names cannot be spelled alike, for their lengths or for the letters that one has alone."""
    a, b = len(ours.sorted), len(theirs.sorted)
    return abs(a - b) <= max(2, min(a, b) // 4) and (ours.letters ^ theirs.letters).bit_count() <= (1 - ALIKE) * (a + b)


def _near_word(ours: _Shape, theirs: _Shape) -> str | None:
    (word,), words = ours.words, theirs.words
    if len(word) < 3:
        return None
    size = len("".join(words))
    if word[0] not in {w[0] for w in words} and word not in words and not _alike(ours, theirs):
        return None
    orders = list(_orders(words))
    if any((order.startswith(word) and 2 * len(word) > size) or word.startswith(order) for order in orders):
        return "with fewer words"
    for first, rest in itertools.permutations(words, 2):
        if word in (first[0] + rest, rest + first[0]):
            return "with initials"
    if word in words:
        return "one word of it"
    return "spelled alike" if _alike(ours, theirs) and any(_ratio(word, order) for order in orders) else None


def _initials(ours: list[str], theirs: list[str]) -> bool:
    """Return True if each word of the shorter list is the first letter of one of the other, or has it for its first letter."""
    few, many = sorted((ours, theirs), key=len)
    waiting = list(many)
    for word in few:
        match = next((w for w in waiting if (len(word) == 1 or len(w) == 1) and w[0] == word[0]), None)
        if match is None:
            return False
        waiting.remove(match)
    return True


def _ratio(a: str, b: str) -> bool:
    """Return True if two texts share most of their letters, in their order."""
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _key(words: tuple[str, ...]) -> str:
    return " ".join(sorted(words))


def _folded(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield words without accents: first with marks taken off, then with umlauts written out."""
    for table in ({}, GERMAN):
        yield tuple(_without_marks("".join(table.get(letter, letter) for letter in word)) for word in words)


def _without_marks(word: str) -> str:
    bare = "".join(LETTERS.get(letter, letter) for letter in word)
    return "".join(c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c)).casefold()


def _orders(words: tuple[str, ...]) -> Iterator[str]:
    if len(words) <= MOST_WORDS:
        yield from ("".join(order) for order in itertools.permutations(words))
    else:
        yield from ("".join(words[at:] + words[:at]) for at in range(len(words)))
