"""Alembic's entry: runs on the connection that schema.py hands over, inside its transaction."""

from alembic import context

from mailintake.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
