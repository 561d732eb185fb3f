"""The service started twice on one database: both run, one reads the mailbox, and the other takes over at once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from tests.support.databases import database_at
from tests.support.office import Office, make_office
from tests.support.worker import mail

from mailintake.store.open import SqlStore, open_store

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("postgres"), pytest.mark.timeout(300)]
PATIENCE = 90


@contextmanager
def service(office: Office, url: str) -> Iterator["subprocess.Popen[bytes]"]:
    env = {key: told for key, told in os.environ.items() if not key.startswith("MAILINTAKE_")}
    env |= {"MAILINTAKE_CONFIG": str(office.config), "MAILINTAKE_DATABASE": url, "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "mailintake", "run"]
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=30)


def ended(process: "subprocess.Popen[bytes]") -> bytes:
    """What it said, after it was asked to stop and did."""
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    return said


def done_by(store: SqlStore, count: int, *workers: "subprocess.Popen[bytes]") -> None:
    """Wait until that many mails have their fate, while all of them run."""
    deadline = time.monotonic() + PATIENCE
    while len(store.messages("done")) < count:
        assert all(worker.poll() is None for worker in workers)
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_two_services_share_a_database_and_one_takes_over_from_the_other(tmp_path: Path) -> None:
    office, url = make_office(tmp_path), database_at(tmp_path)
    settings = office.config / "mailintake.yaml"
    told = settings.read_text("utf-8").replace("first_start: all", "first_start: all, interval_seconds: 5")
    settings.write_text(told, "utf-8")
    with closing(open_store(url, office.data / "originals")) as store:
        with service(office, url) as first, service(office, url) as second:
            done_by(store, 2, first, second)
            ended(first)
            (office.mails / "late.eml").write_bytes(mail(id="late"))
            done_by(store, 3, second)
            ended(second)
        assert len(store.cases()) == 1
        assert len(store.outbox()) == 2
        assert store.verify() == ()
    assert list((office.data / "spool").iterdir()) == []
