"""The base: documents, the trail, and of what is so at present the attempts, the marks, the rubric and the comments."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
GROWING = ("documents", "trail")


def upgrade() -> None:
    """Make the tables of version 1."""
    op.create_table(
        "documents",
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "trail",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("takes_back", sa.Integer, sa.ForeignKey("trail.number")),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )
    op.create_table(
        "attempts",
        sa.Column("assignment", sa.Text, primary_key=True),
        sa.Column("student", sa.Text, primary_key=True),
        sa.Column("submitted", sa.Text, primary_key=True),
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("late_mark", sa.Boolean, nullable=False),
        sa.Column("documents", sa.Text, nullable=False),
        sa.Column("graded_as", sa.Text, nullable=False),
        sa.Column("born", sa.Integer, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("line", sa.Integer, sa.ForeignKey("trail.number"), nullable=False),
    )
    op.create_table(
        "marks",
        sa.Column("assignment", sa.Text, primary_key=True),
        sa.Column("student", sa.Text, primary_key=True),
        sa.Column("exercise", sa.Text, primary_key=True),
        sa.Column("points", sa.Double),
        sa.Column("rubric", sa.Text, nullable=False),
        sa.Column("comments", sa.Text, nullable=False),
        sa.Column("honour", sa.Boolean, nullable=False),
        sa.Column("excused", sa.Boolean, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("line", sa.Integer, sa.ForeignKey("trail.number"), nullable=False),
    )
    op.create_table(
        "rubric",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("exercise", sa.Text, nullable=False),
        sa.Column("points", sa.Double, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("line", sa.Integer, sa.ForeignKey("trail.number"), nullable=False),
    )
    op.create_table(
        "comments",
        sa.Column("exercise", sa.Text, primary_key=True),
        sa.Column("mistake", sa.Text, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("points", sa.Double, nullable=False),
        sa.Column("line", sa.Integer, sa.ForeignKey("trail.number"), nullable=False),
    )
    op.create_table(
        "touched",
        sa.Column("fact", sa.Text, primary_key=True),
        sa.Column("line", sa.Integer, sa.ForeignKey("trail.number"), primary_key=True),
    )
    _only_grow()


def _only_grow() -> None:
    """Let the database itself refuse to change or to delete a document or a line of the trail."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION gradebook_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'documents and trail only grow'; END $$"
        )
        for table in GROWING:
            op.execute(
                f"CREATE TRIGGER {table}_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION gradebook_only_grows()"
            )
        return
    for table in GROWING:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'documents and trail only grow'); END"
            )
