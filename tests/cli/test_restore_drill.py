"""A backup is only one when it can be restored: dry runs and drills tell the truth before anybody needs it."""

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Command
from tests.support.office import Office


@pytest.fixture
def copy(command: Command, office: Office, tmp_path: Path) -> Path:
    """A backup in a folder that the settings name."""
    text = (office.config / "mailintake.yaml").read_text("utf-8")
    (office.config / "mailintake.yaml").write_text(f"{text}backup: {{folder: {tmp_path / 'copies'}}}\n", "utf-8")
    target = tmp_path / "copies" / "mailintake-20261102-023000"
    assert command("backup", target).code == 0
    return target


def elsewhere(office: Office, tmp_path: Path) -> None:
    """The data folder is another one from now on, with nothing in it."""
    text = (office.config / "mailintake.yaml").read_text("utf-8")
    (office.config / "mailintake.yaml").write_text(text.replace("../data", str(tmp_path / "new")), "utf-8")


def spoil(copy: Path) -> None:
    name = json.loads((copy / "manifest.json").read_text())["files"][0]
    path = copy / "originals" / name[:2] / name[2:4] / name
    path.unlink()  # a hard link: its bytes are the store's, too
    path.write_bytes(b"something else")


def test_a_drill_looks_at_everything_and_touches_nothing(command: Command, copy: Path, office: Office) -> None:
    before = sorted(path for path in office.data.rglob("*") if path.is_file())
    ran = command("restore", "--newest", "--verify-only")
    assert ran.code == 0, ran.err
    assert "可以恢复：2 封邮件" in ran.out
    assert str(copy) in ran.out
    assert sorted(path for path in office.data.rglob("*") if path.is_file()) == before


def test_a_damaged_backup_is_told_by_the_drill_and_by_a_dry_run(
    command: Command, copy: Path, office: Office, tmp_path: Path
) -> None:
    spoil(copy)
    drilled = command("restore", copy, "--verify-only")
    assert (drilled.code, "damaged" in drilled.err) == (5, True)
    elsewhere(office, tmp_path)
    dry = command("restore", copy, "--dry-run")
    assert (dry.code, "damaged" in dry.err) == (5, True)
    assert not (tmp_path / "new").exists()


def test_a_row_that_points_nowhere_makes_the_drill_fail(command: Command, copy: Path) -> None:
    """The bytes are those of the manifest, but the database in it was broken before it was copied."""
    import hashlib
    import sqlite3

    with sqlite3.connect(copy / "mailintake.db") as database:
        database.execute("UPDATE events SET what = 'something.else' WHERE sequence = 1")
    database.close()
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["database"] = hashlib.sha256((copy / "mailintake.db").read_bytes()).hexdigest()
    (copy / "manifest.json").write_text(json.dumps(manifest))
    ran = command("restore", copy, "--verify-only", "--json")
    assert ran.code == 1
    assert ran.rows[0]["problems"]


def test_a_dry_run_into_a_folder_that_is_filled_is_refused_as_the_restore_would_be(
    command: Command, copy: Path, office: Office, tmp_path: Path
) -> None:
    assert command("restore", copy, "--dry-run").code == command("restore", copy).code == 2
    elsewhere(office, tmp_path)
    assert command("restore", copy, "--dry-run").code == 0
    assert not (tmp_path / "new").exists()
    assert command("restore", copy).code == 0


def test_without_a_backup_there_is_nothing_to_drill(command: Command) -> None:
    assert command("restore", "--newest", "--verify-only").code == 2
