"""Names of people, made comparable: order, case, accents, hyphens and ways to write an umlaut do not tell two names apart."""

from __future__ import annotations

import difflib
import itertools
import re
import unicodedata
from collections.abc import Iterator
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
    ours, theirs = _plain(said), _plain(name)
    if not ours or not theirs:
        return None
    if len(ours) == 1 and len(theirs) > 1:
        return _near_word(ours[0], theirs)
    shared = set(ours) & set(theirs)
    left, others = [w for w in ours if w not in shared], [w for w in theirs if w not in shared]
    if shared and len(left) + len(others) < len(ours) + len(theirs) and _initials(left, others):
        return "with initials" if left and others else "with fewer words"
    if _ratio(" ".join(sorted(ours)), " ".join(sorted(theirs))) >= ALIKE:
        return "spelled alike"
    return None


def _near_word(word: str, theirs: tuple[str, ...]) -> str | None:
    if len(word) < 3:
        return None
    for order in _orders(theirs):
        if (order.startswith(word) and len(word) > len(order) / 2) or word.startswith(order):
            return "with fewer words"
    for first, rest in itertools.permutations(theirs, 2):
        if word in (first[0] + rest, rest + first[0]):
            return "with initials"
    if word in theirs:
        return "one word of it"
    return "spelled alike" if any(_ratio(word, order) >= ALIKE for order in _orders(theirs)) else None


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


def _ratio(a: str, b: str) -> float:
    if abs(len(a) - len(b)) > max(2, min(len(a), len(b)) // 4):
        return 0.0
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE else 0.0


def _key(words: tuple[str, ...]) -> str:
    return " ".join(sorted(words))


@lru_cache(maxsize=20_000)
def _plain(name: str) -> tuple[str, ...]:
    return next(_folded(words_of(name)), ())


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
