"""The demo's mailbox: there for a while, then gone, and with a clear word when it cannot start."""

import os
from pathlib import Path

import pytest

from mailintake.errors import MailboxUnavailable
from mailintake.mailbox import demo_server
from mailintake.mailbox.imap import ImapMailbox


def test_mails_delivered_into_the_demo_mailbox_are_read_by_the_real_client(tmp_path: Path) -> None:
    with demo_server.demo_mailbox(tmp_path) as told:
        demo_server.deliver(told, [b"Subject: 1\r\n\r\nbody\r\n", b"Subject: 2\r\n\r\nbody\r\n"])
        box = ImapMailbox("demo", *told, tls=False)
        assert len(box.list_all("INBOX")) == 2
        assert {"Sent", "Drafts", "Junk"} <= set(box.folders())
        box.close()
    with pytest.raises(MailboxUnavailable):
        ImapMailbox("demo", *told, tls=False, connect_timeout=1).open()
    assert os.listdir(tmp_path) == ["demo-mailbox.log"]


def test_a_server_that_does_not_start_is_told_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_server, "_START", "raise SystemExit('no module named pymap')")
    with pytest.raises(MailboxUnavailable, match="no module named pymap") as told, demo_server.demo_mailbox(tmp_path):
        pass
    assert "mailintake[demo]" in told.value.fix
