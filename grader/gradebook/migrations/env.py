"""Alembic's way in: it runs the migrations on the connection that the gradebook hands over, inside of its transaction.

This folder is no package: Alembic reads its files by their path, and nobody imports them.
"""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"], version_table=context.config.attributes["version_table"]
)
with context.begin_transaction():
    context.run_migrations()
