"""The log at `info`: a day's story by a line for each mail, each letter, and what an operator waits for."""

import logging
from pathlib import Path

import pytest
from tests.support.worker import application, mail, office

from mailintake.errors import MailboxUnavailable, MailerRefused
from mailintake.readers.pool import ReaderPool


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "mailintake")
    return caplog


def test_the_log_has_a_line_for_each_mail_and_each_letter_and_nothing_of_applicants(
    tmp_path: Path, readers: ReaderPool, told: pytest.LogCaptureFixture
) -> None:
    with office(tmp_path, readers=readers) as at:
        at.deliver(application(without=["signature a"]))
        at.run()
        (sent,) = at.shells.store.outbox()
        (row,) = at.shells.store.messages()
    lines = [record.getMessage() for record in told.records if record.name == "mailintake.story"]
    (of_mail,) = [line for line in lines if line.startswith("mail ")]
    (of_letter,) = [line for line in lines if line.startswith("letter ")]
    for words in (f"trace={row.sha256[:12]}", "fate=case_opened", f"cases={sent.case}", "letters=", "INBOX/"):
        assert words in of_mail
    for words in (f"trace={row.sha256[:12]}", f"id={sent.id}", "state=sent", "answer=250"):
        assert words in of_letter
    assert not any("@" in line or "贺知秋" in line or "EA1234561" in line for line in lines)


def test_what_a_mail_server_says_of_an_address_is_not_logged(
    tmp_path: Path, readers: ReaderPool, told: pytest.LogCaptureFixture
) -> None:
    with office(tmp_path, readers=readers) as at:
        at.mailer.outcomes = [MailerRefused("550 User not found: nobody@nowhere.example")]
        at.deliver(mail())
        at.run()
    (line,) = [r.getMessage() for r in told.records if r.getMessage().startswith("letter ")]
    assert "state=failed answer=550 User not found: <address>" in line


def test_a_mailbox_that_is_lost_and_found_is_a_line_each(
    tmp_path: Path, readers: ReaderPool, told: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with office(tmp_path, readers=readers) as at:
        box = at.shells.mailboxes["main"]
        with monkeypatch.context() as broken:
            broken.setattr(box, "folders", lambda: (_ for _ in ()).throw(MailboxUnavailable("away")))
            broken.setattr(box, "select", lambda _: (_ for _ in ()).throw(MailboxUnavailable("away")))
            at.run()
        at.clock.now = at.clock.now.replace(hour=12)
        at.run()
    lines = [record.getMessage() for record in told.records if record.name == "mailintake.story"]
    assert [line for line in lines if line.startswith("mailbox.") and "first_look" not in line] == [
        "mailbox.fault mailbox=main",
        "mailbox.well mailbox=main",
    ]
