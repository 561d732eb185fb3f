"""The program as a service on a machine that fails it: a full disk for the log, a broken database, a bad edit."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from tests.support.netease import netease
from tests.support.office import Office, make_office

_PATIENCE = 90.0
pytestmark = pytest.mark.timeout(400)  # every test starts the program several times


@contextmanager
def serving(office: Office) -> Iterator[subprocess.Popen[bytes]]:
    """`mailintake run` until SIGTERM."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("MAILINTAKE_")}
    env |= {"MAILINTAKE_CONFIG": str(office.config), "PYTHONUTF8": "1"}
    started = subprocess.Popen([sys.executable, "-m", "mailintake", "run"], env=env, stderr=subprocess.PIPE)
    try:
        yield started
    finally:
        started.send_signal(signal.SIGTERM)
        started.communicate(timeout=_PATIENCE)


def done_within_patience(office: Office, count: int) -> bool:
    """Wait until so many mails have their fate."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        with suppress(sqlite3.OperationalError), closing(_opened(office)) as database:  # not there, or being made
            if database.execute("SELECT count(*) FROM messages WHERE status = 'done'").fetchone()[0] >= count:
                return True
        time.sleep(0.3)
    return False


def _opened(office: Office) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{office.data}/mailintake.db?mode=ro", uri=True, timeout=5)


def setting(office: Office, text: str) -> None:
    with (office.config / "mailintake.yaml").open("a", encoding="utf-8") as file:
        file.write(text)


def test_f62_a_bad_edit_leaves_the_running_service_with_its_old_rules_and_is_told_by_line(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    settings = office.config / "mailintake.yaml"
    often = settings.read_text("utf-8").replace("first_start: all", "first_start: all, interval_seconds: 5")
    settings.write_text(often, "utf-8")
    with serving(office):
        assert done_within_patience(office, 2)
        setting(office, "smpt: {}\n")
        (office.config / "classification.yaml").write_text("rules: [", "utf-8")
        thanks = (office.mails / "thanks.eml").read_bytes()
        (office.mails / "third.eml").write_bytes(thanks.replace(b"thanks", b"third"))
        assert done_within_patience(office, 3)
    again = office.run("run", "--once")
    assert again.code == 0  # with the rules in force
    refused = office.run("check")
    assert refused.code == 3
    lines = (office.config / "mailintake.yaml").read_text("utf-8").count("\n")
    assert f"mailintake.yaml:{lines}:1" in refused.out + refused.err


def test_f26_a_log_that_cannot_be_written_does_not_stop_the_work(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    setting(office, "log: {file: /dev/full, level: debug}\n")
    ran = office.run("run", "--once")
    assert ran.code == 0, ran.err
    assert done_within_patience(office, 2)


def test_f28_with_a_broken_database_no_mailbox_is_asked_and_the_way_back_is_told(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    with netease() as server:
        code = tmp_path / "code"
        code.write_text(server.password)
        code.chmod(0o600)
        settings = (office.config / "mailintake.yaml").read_text("utf-8")
        box = f"{{name: main, host: {server.host}, port: {server.imap_port}, tls: none, user: {server.user}, "
        box += f"password_file: {code}}}"
        old = "{name: main, kind: folder, path: ../mails, folders: [INBOX]}"
        assert old in settings
        (office.config / "mailintake.yaml").write_text(settings.replace(old, box), "utf-8")
        assert office.run("run", "--once").code == 0
        asked = server.state.connections
        assert asked
        for path in office.data.glob("mailintake.db*"):
            path.unlink()
        (office.data / "mailintake.db").write_bytes(b"this was a database once" * 200)
        ran = office.run("run", "--once")
        assert ran.code == 5
        assert "mailintake" in ran.err
        assert server.state.connections == asked


def test_f29_a_killed_service_leaves_no_lock_behind(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    with serving(office) as first:
        assert done_within_patience(office, 2)
        assert office.run("run", "--once").code == 6
        first.kill()
        first.wait(_PATIENCE)
        assert office.run("run", "--once").code == 0
