"""A database comes to the schema of the program, or is left alone."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from mailintake.errors import StoreUnusable
from mailintake.store import revision, schema
from mailintake.store.open import open_store


def test_head_is_the_last_migration_and_their_line_is_straight() -> None:
    scripts = ScriptDirectory(str(Path(schema.__file__).parent / "migrations"))
    assert scripts.get_heads() == [revision.HEAD]
    for script in scripts.walk_revisions():
        assert Path(script.path).name.startswith(f"v{script.revision}_")


def test_an_empty_database_is_left_alone_when_migrating_is_off(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="schema none") as refused:
        open_store(f"sqlite:///{tmp_path}/x.db", tmp_path / "originals", migrate=False)
    assert "upgrades its database" in refused.value.fix
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)


def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path}/x.db"

    def stop(*_: object, **__: object) -> None:
        raise ArithmeticError

    with monkeypatch.context() as broken:
        broken.setattr("alembic.operations.base.Operations.create_index", stop, raising=True)
        broken.setattr("alembic.runtime.migration.HeadMaintainer.update_to_step", stop, raising=True)
        with pytest.raises(ArithmeticError):
            open_store(url, tmp_path / "originals")
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    open_store(url, tmp_path / "originals").close()
