"""The errors of the databases, as one line that says what is the matter and what to do."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError

__all__ = ["told"]

KEPT = "nothing of this write was kept, and all that was reported before is there"
SAID = {
    # A part of what the database's library says, in small letters: what it means, and what to do.
    "file is not a database": "is no gradebook: name another file",
    "disk image is malformed": "is damaged: take its last backup (gradmark gradebook restore)",
    "disk is full": f"cannot be written, the disk is full: {KEPT}; make room and run it again",
    "disk i/o error": f"cannot be read or written, the disk reports an error or is full: {KEPT}",
    "no space left": f"cannot be written, the disk is full: {KEPT}; make room and run it again",
    "readonly database": "may only be read: it, or its folder, is write-protected",
    "read-only transaction": "may only be read: the server allows no writing",
    "unable to open database file": "cannot be opened: there is no such folder, it is one itself, or you may not write there",
    "lock timeout": "is held by another program for more than a minute: end that one, and run this again",
    "database is locked": "is held by another program for more than a minute: end that one, and run this again",
    "password authentication failed": "does not let you in: the user or the password is wrong",
    "no password supplied": "wants a password: put it into ~/.pgpass, or into PGPASSWORD",
    "permission denied": "does not let you do that: the database's owner has to grant it",
    "role": "has no such user",
    "relation": "has tables missing: take its last backup (gradmark gradebook restore)",
    "does not exist": "is not there: make the database with createdb, and then gradmark gradebook init",
    "connection refused": "cannot be reached: is the server running, and are host and port right?",
    "no such file or directory": "cannot be reached: is the server running, and are host and port right?",
    "could not translate host name": "cannot be reached: there is no host of that name",
    "failed to resolve host": "cannot be reached: there is no host of that name",
    "timeout expired": "cannot be reached in time: is the server running, and are host and port right?",
    "server closed the connection": f"lost its server in the middle: {KEPT}; run it again",
    "terminating connection": f"lost its server in the middle: {KEPT}; run it again",
    "no such table": "has tables missing: take its last backup (gradmark gradebook restore)",
}
DRIVER = "needs a library that is not installed: pip install 'gradmark[postgresql]'"


def told(error: Exception, name: str) -> str:
    """Return the line on an error of the gradebook ``name``."""
    if isinstance(error, ImportError):
        return f"the gradebook {name} {DRIVER}"
    said = " ".join(str(error.orig if isinstance(error, DBAPIError) else error).split())
    lower = said.lower()
    for part, meaning in SAID.items():
        if part in lower and (part not in ("role", "relation") or "does not exist" in lower):
            return f"the gradebook {name} {meaning}"
    return f"the gradebook {name} cannot be used: {said}"
