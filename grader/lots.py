"""A student's lot: random numbers that follow from the course's salt, the student's id and a purpose, and from nothing else.

Personal variants and papers of an exam are drawn from it. Whoever knows the id alone cannot work out the draw: the salt is secret.
"""

from __future__ import annotations

import hmac
import random

__all__ = ["lot"]


def lot(student: str, salt: str, purpose: str) -> random.Random:
    """Return the generator of one student for one purpose, at its beginning: the same numbers on every machine.

    Args:
        student: the id in the course; empty is the lot that all without an id have in common.
        salt: the course's, secret; empty where there is no course.
        purpose: what is drawn, such as the name of an exercise: two purposes have nothing to do with each other.

    """
    message = f"{len(student)}:{student}{purpose}"  # the length keeps ("ab", "c") and ("a", "bc") apart
    return random.Random(hmac.digest(salt.encode(), message.encode(), "sha256"))  # noqa: S311 - the digest is the secret part
