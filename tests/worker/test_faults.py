"""Faults around the mailbox, and odd mails that ordinary people send: everything goes on, and nobody is told twice."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.support.hostile import with_file, with_headers
from tests.support.netease import Fault, netease
from tests.support.netease_store import JUNK, arrived
from tests.support.worker import Office, application, letter_text, mail, office, shipped

from mailintake.config import resource
from mailintake.config.settings import SentCopy
from mailintake.mailbox.imap import ImapMailbox
from mailintake.readers.pool import ReaderPool
from mailintake.worker.intake.polling import Watch

MINUTES, HOUR, MONTH = timedelta(minutes=5), timedelta(hours=1), timedelta(days=30)
SENDER = "suhe@qingchuan.example"


def box_on(server: object) -> ImapMailbox:
    host, port = server.host, server.imap_port  # type: ignore[attr-defined]
    return ImapMailbox("box", host, port, server.user, server.password, tls=False)  # type: ignore[attr-defined]


def statuses(at: Office) -> set[str]:
    return {row.status for row in at.shells.store.messages()}


def test_f13_a_mailbox_that_takes_no_copy_holds_no_letter_up(tmp_path: Path, readers: ReaderPool) -> None:
    with netease() as server:
        server.switches.faults.append(Fault("APPEND", "no", times=-1, text="[READ-ONLY] the folder cannot be changed"))
        box = box_on(server)
        with office(tmp_path, readers=readers, mailboxes={"box": box}, sent_copy=SentCopy.APPEND) as at:
            for number in range(3):
                server.store.add(mail(id=f"m{number}", **{"from": f"a@b{number}.example"}))
                assert at.run(HOUR).faults == []
            assert len(at.letters()) == 3
            assert at.notices("mailbox.fault") == []
        box.close()


def test_f14_an_application_in_the_spam_folder_becomes_a_case(tmp_path: Path, readers: ReaderPool) -> None:
    assert "folders: [INBOX, 垃圾邮件]" in resource("config/mailintake.yaml").read_text("utf-8")
    with netease() as server:
        server.store.add(arrived(application(), SENDER), JUNK)
        box = box_on(server)
        watch = Watch("box", ("INBOX", "垃圾邮件"), None, everything=True)
        with office(tmp_path, readers=readers, mailboxes={"box": box}, watch=watch) as at:
            at.run()
            assert len(at.shells.store.cases()) == len(at.letters()) == 1
        box.close()


def test_f44_other_content_under_a_known_message_id_is_another_mail(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers) as at:
        same = {"Message-ID": "<one@qingchuan.example>"}
        at.deliver(with_headers(application(without=["photo"]), same))
        at.deliver(with_headers(mail(id="m2", **{"from": "霍云舟 <huo@yunzhou.example>"}), same))
        at.run()
        assert statuses(at) == {"done"}
        assert len(at.shells.store.messages()) == 2
        assert {to for entry in at.outbox() for to in entry.to} == {SENDER, "huo@yunzhou.example"}


@pytest.mark.parametrize("later", [timedelta(0), timedelta(minutes=1), timedelta(days=1)])
def test_f44_the_same_mail_under_another_message_id_opens_no_second_case(
    tmp_path: Path, readers: ReaderPool, later: timedelta
) -> None:
    with office(tmp_path, readers=readers) as at:
        at.deliver(with_headers(application(without=["photo"]), {"Message-ID": "<one@qingchuan.example>"}))
        if later:
            at.run()
        at.deliver(with_headers(application(without=["photo"]), {"Message-ID": "<two@qingchuan.example>"}))
        at.run(later)
        (case,) = at.shells.store.cases()
        assert len(case.applicants) == 1
        assert len({document.sha256 for document in case.documents}) == len(case.documents)
        assert statuses(at) == {"done"}


def test_f45_a_mail_sent_again_a_month_later_is_the_same_case_and_asks_for_no_money_again(
    tmp_path: Path, readers: ReaderPool
) -> None:
    with office(tmp_path, readers=readers) as at:
        at.deliver(application())
        at.run()
        before = len(at.letters())
        at.deliver(with_headers(application(), {"Message-ID": "<again@qingchuan.example>"}))
        at.run(MONTH)
        assert len(at.shells.store.cases(open_only=False)) == 1
        later = "".join(letter_text(letter) for letter in at.letters()[before:])
        assert len(at.letters()) <= before + 1
        assert "汇款" not in later


@pytest.mark.parametrize(
    ("spec", "opened"),
    [
        ({"text": ""}, 1),
        ({"text": "", "subject": ""}, 1),
        ({"set": None, "of": None, "subject": "新办APEC商务旅行卡", "text": "材料随后补上。"}, None),
        ({"set": None, "of": None, "subject": "", "text": ""}, 0),
    ],
    ids=["no text", "files alone", "no files", "nothing at all"],
)
def test_f46_a_mail_that_lacks_text_or_files_has_its_fate(
    tmp_path: Path, readers: ReaderPool, spec: dict[str, object], opened: int | None
) -> None:
    with office(tmp_path, readers=readers) as at:
        wanted = {key: value for key, value in spec.items() if value is not None}
        at.deliver(mail(**wanted) if "set" in spec else application(**wanted))
        at.run()
        (row,) = at.shells.store.messages()
        assert (row.status, row.disposition is not None) == ("done", True)
        assert opened is None or len(at.shells.store.cases()) == opened


def test_f46_an_empty_file_is_named_in_the_letter_and_two_of_one_name_are_two(
    tmp_path: Path, readers: ReaderPool
) -> None:
    with office(tmp_path, readers=readers) as at:
        at.deliver(with_file("贺知秋照片.jpg", b"", declared="image/jpeg", id="m1", without=["photo"]))
        at.run()
        (letter,) = at.letters()
        assert "照片" in letter_text(letter)
        (row,) = at.shells.store.messages()
        reading = at.shells.store.reading(row.sha256)
        assert reading is not None
        assert len({a.path for a in reading.attachments}) == len(reading.attachments)


def test_the_shipped_limits_are_below_those_of_the_provider() -> None:
    sending = shipped().settings.sending
    assert sending.per_hour <= 40
    assert sending.gap_seconds >= 20
    assert sending.per_day <= 80
