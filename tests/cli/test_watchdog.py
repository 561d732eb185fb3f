"""The watchdog of systemd hears of the service only while its mailbox answers."""

import os
import shutil
import signal
import threading

import pytest
from tests.cli.conftest import Command
from tests.support.office import Office

from mailintake.app import systemd


@pytest.mark.parametrize("answers", [True, False])
def test_the_watchdog_is_fed_only_by_a_good_look_at_the_mailbox(
    answers: bool, command: Command, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(systemd, "notify", told.append)
    if not answers:
        shutil.rmtree(office.mails)
    threading.Timer(2, os.kill, (os.getpid(), signal.SIGTERM)).start()
    ran = command("run")
    assert ran.code == 0, ran.err
    assert (systemd.ALIVE in told) == answers
    assert told[0] == systemd.READY
    assert told[-1] == systemd.STOPPING
