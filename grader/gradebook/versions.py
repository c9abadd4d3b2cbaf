"""The versions of the tables: a new gradebook is made, one of an older version migrated, one of a newer version refused."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Connection

from grader.errors import UsageError
from grader.gradebook.present import make_anew
from grader.gradebook.store import Store
from grader.gradebook.tables import VERSION_TABLE, VERSIONS

__all__ = ["open_store", "upgrade"]

MIGRATIONS = Path(__file__).parent / "migrations"


def open_store(place: str | os.PathLike[str], *, create: bool = False) -> tuple[Store, str]:
    """Open a gradebook's database in the latest version; return it with a line on what was migrated, if anything was.

    Args:
        place: a path or URL.
        create: make the gradebook where there is none.

    Raises:
        UsageError: there is no gradebook, it is of a newer version, or it cannot be used.

    """
    store = Store(place, create=create)
    try:
        return store, _bring_up_to_date(store, create=create)
    except BaseException:
        store.close()
        raise


def _bring_up_to_date(store: Store, *, create: bool) -> str:
    with store.reading() as connection:
        found = _version(store, connection, create=create)
    if found == VERSIONS[-1]:
        return ""
    store.write_ahead()
    with store.writing() as connection:
        found = _version(store, connection, create=create)  # another program may have been first
        if found == VERSIONS[-1]:
            return ""
        saved = _backed_up(store, found) if found else ""
        upgrade(connection, VERSIONS[-1])
        if found:
            make_anew(connection)
    return f"the gradebook {store.name} was migrated from version {found} to {VERSIONS[-1]}{saved}" if found else ""


def upgrade(connection: Connection, version: str) -> None:
    """Run the migrations up to a version, within the transaction of the connection."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection, "version_table": VERSION_TABLE})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, version)


def _version(store: Store, connection: Connection, *, create: bool) -> str:
    found = store.version(connection)
    if not found and not create:
        raise UsageError(f"{store.name} holds no gradebook yet: make it with gradmark gradebook init")
    if found and found not in VERSIONS:
        raise UsageError(
            f"the gradebook {store.name} is of version {found}, and this Gradmark knows {VERSIONS[-1]} at most: "
            "it was written by a newer one; install that"
        )
    return found


def _backed_up(store: Store, version: str) -> str:
    """Copy a file beside itself before it is migrated; a server's migration is one transaction, and needs no copy."""
    if store.file is None:
        return ""
    path = store.file.with_name(f"{store.file.name}.version-{version}")
    if not path.exists():  # else it was made when an earlier attempt to migrate began
        store.copy_to(path)
    return f"; as it was it is kept in {path}"
