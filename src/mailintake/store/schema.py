"""The schema a database has, and how it comes to the one we need.

A change of tables.py needs a file in migrations/versions with the next number, and HEAD raised. A test holds tables
and migrations together on both databases.
"""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from mailintake.errors import StoreUnusable
from mailintake.store.derived import make_anew
from mailintake.store.engine import LOCK_SPACE, SCHEMA_LOCK
from mailintake.store.revision import HEAD
from mailintake.store.seals import seal_everything

_FOLDER = Path(__file__).parent / "migrations"


def ensure_schema(engine: Engine, *, migrate: bool) -> None:
    """Bring the database to HEAD. StoreUnusable when it is newer than this program, or older and `migrate` is off."""
    with engine.connect() as connection:
        found = schema_of(connection)
    if found == HEAD:
        return
    if found is not None and not _known(found):
        raise StoreUnusable(
            f"the database has schema {found}, written by a newer mailintake; this one knows {HEAD}",
            fix="install the newer version again, or restore the backup made before the upgrade",
        )
    if not migrate:
        raise StoreUnusable(
            f"the database has schema {found or 'none'}, this program needs {HEAD}",
            fix="start the program once: it upgrades its database by itself",
        )
    _upgrade(engine)


def schema_of(connection: Connection) -> str | None:
    """The revision a database says it has; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _known(revision: str) -> bool:
    from alembic.script import ScriptDirectory

    return revision in {script.revision for script in ScriptDirectory(str(_FOLDER)).walk_revisions()}


def _upgrade(engine: Engine) -> None:
    """One transaction for all steps; a second process that wants the same waits and then finds nothing to do."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    with engine.execution_options(writes=True).connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:  # rebuilding a table must not delete the rows that point to it; no effect inside a transaction
            _driver_execute(connection, "PRAGMA foreign_keys=OFF")
        with connection.begin():
            if not sqlite:
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:space, :which)"), {"space": LOCK_SPACE, "which": SCHEMA_LOCK}
                )
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            make_anew(connection)
            seal_everything(connection)
        if sqlite:
            _driver_execute(connection, "PRAGMA foreign_keys=ON")


def _driver_execute(connection: Connection, statement: str) -> None:
    """Outside SQLAlchemy's transaction, which begins with the first statement."""
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 - narrows the type only
    driver.execute(statement)
