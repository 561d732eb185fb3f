"""A notice that a letter came back is tied to that letter and its case, in whatever form it comes."""

import time
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from tests.support.netease_faults import answered_by
from tests.support.patience import CPU_SECONDS
from tests.support.worker import Office, application, mail, office

from mailintake.model.case import Case
from mailintake.model.letter import OutboxState
from mailintake.model.message import InboundMessage
from mailintake.model.understanding import Disposition
from mailintake.readers.mail.bounce import failed_recipients
from mailintake.readers.pool import ReaderPool

MINUTES = timedelta(minutes=5)
TO = "suhe@qingchuan.example"
POSTFIX = """\
This is the mail system at host mx.qingchuan.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.

<{to}>: host mx.qingchuan.example[192.0.2.1] said: 550 5.1.1 User unknown
"""
QMAIL = """\
Hi. This is the qmail-send program at qingchuan.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{to}>:
192.0.2.1 does not like recipient.
"""
NETEASE = """\
抱歉，您的邮件被退回来了……

原邮件信息：
主　题：{subject}
收件人：{to}
退信原因：对方邮箱不存在
"""
QQ = "很抱歉您发送的邮件被退回，以下是该邮件的相关信息：\n被退回邮件 主 题：{subject}\n无法发送到 {to}\n"
EXCHANGE = "邮件传递失败。无法将邮件传递给以下收件人或组：\n{to}\n找不到您输入的电子邮件地址。\n"
FORMS = {"postfix": POSTFIX, "qmail": QMAIL, "netease": NETEASE, "qq": QQ, "exchange": EXCHANGE}
SUBJECTS = {"netease": "系统退信/The email is returned", "qq": "系统退信", "exchange": "未送达：您的邮件"}


def notice(form: str, subject: str, to: str = TO) -> bytes:
    """Free text without our Message-ID, without a report in it."""
    made = EmailMessage(policy=SMTP)
    made["From"] = "postmaster@mx.example" if form in SUBJECTS else "MAILER-DAEMON@mx.example"
    made["To"] = "lnwfapec@163.com"
    made["Subject"] = SUBJECTS.get(form, "failure notice")
    made["Date"] = "Mon, 02 Nov 2026 10:00:00 +0800"
    made["Message-ID"] = f"<{form}@mx.example>"
    made.set_content(FORMS[form].format(to=to, subject=subject))
    return made.as_bytes()


def short_of_a_photo(at: Office, **spec: Any) -> Case:
    """A case that awaits a photo, and has been told so."""
    known = {case.number for case in at.shells.store.cases()}
    at.deliver(application(without=["photo"], **spec))
    at.run()
    (case,) = [case for case in at.shells.store.cases() if case.number not in known]
    return case


def bounced(at: Office) -> list[tuple[str, str]]:
    rows = [row.notice for row in at.shells.store.notices() if row.notice.code == "letter.bounced"]
    return [(row.case, row.text) for row in rows]


@pytest.mark.parametrize("form", FORMS)
def test_a_notice_is_tied_to_letter_and_case_and_holds_the_next_letter(
    tmp_path: Path, readers: ReaderPool, form: str
) -> None:
    with office(tmp_path, readers=readers) as at:
        case = short_of_a_photo(at)
        (letter,) = at.letters()
        at.deliver(notice(form, str(letter["Subject"])))
        assert at.run(MINUTES).fates == {Disposition.PARKED: 1}
        assert bounced(at) == [(case.number, TO)]
        (event,) = [e for e in at.shells.store.events(case.number) if e.what == "letter.bounced"]
        assert dict(event.data)["letter"] == letter["Message-ID"]
        at.run(timedelta(days=9))  # a reminder is due
        assert [e.letter.value for e in at.outbox(OutboxState.WAITING)] == ["reminder"]
        assert len(at.letters()) == 1


def test_the_stand_ins_own_notice_is_tied_too(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers) as at:
        case = short_of_a_photo(at, **{"from": "苏禾 <bounce@fault.example>"})
        back = answered_by("bounce@fault.example", at.mailer.taken[0][0])
        assert back is not None
        at.deliver(back)
        at.run(MINUTES)
        assert bounced(at) == [(case.number, "bounce@fault.example")]


def test_the_number_in_the_quoted_subject_decides_between_two_letters_to_one_address(
    tmp_path: Path, readers: ReaderPool
) -> None:
    with office(tmp_path, readers=readers) as at:
        first = short_of_a_photo(at)
        short_of_a_photo(at, id="m2", of=["b"], subject="新办APEC商务旅行卡 霍云舟", text="霍云舟首次申请办理。")
        at.deliver(notice("netease", str(at.letters()[0]["Subject"])))
        at.run(MINUTES)
        assert bounced(at) == [(first.number, TO)]


def test_an_address_that_bounced_is_held_for_other_cases_too(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers) as at:
        short_of_a_photo(at)
        at.deliver(notice("postfix", ""))
        at.run(MINUTES)
        at.deliver(application(id="m9", of=["b"], subject="新办APEC商务旅行卡", without=["photo"]))
        at.run(MINUTES)
        assert [e.letter.value for e in at.outbox(OutboxState.WAITING)] != []
        assert len(at.letters()) == 1


def test_once_a_clerk_has_approved_a_letter_to_that_address_the_next_goes_out_by_itself(
    tmp_path: Path, readers: ReaderPool
) -> None:
    with office(tmp_path, readers=readers) as at:
        short_of_a_photo(at)
        at.deliver(notice("postfix", ""))
        at.run(MINUTES)
        at.run(timedelta(days=9))  # a reminder is due
        (held,) = at.outbox(OutboxState.WAITING)
        with at.shells.store.begin() as unit:
            assert unit.move(held.id, OutboxState.WAITING, OutboxState.READY, at.clock.now)
        at.run(MINUTES)
        assert bounced(at) == []
        at.deliver(application(id="m9", of=["b"], subject="新办APEC商务旅行卡", without=["photo"]))
        at.run(MINUTES)
        assert len(at.letters()) == 3


def test_a_notice_about_a_stranger_or_about_ourselves_touches_no_case(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers) as at:
        short_of_a_photo(at)
        at.deliver(notice("netease", "特惠", "nobody@evil.example"))
        at.deliver(notice("qq", "特惠", "lnwfapec@163.com"))
        assert at.run(MINUTES).fates == {Disposition.PARKED: 2}
        assert bounced(at) == []


def test_a_delay_is_no_failure(tmp_path: Path, readers: ReaderPool) -> None:
    report = f"""\
From: MAILER-DAEMON@mx.example
To: lnwfapec@163.com
Subject: Delivery delayed
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

Your message could not be delivered for 4 hours to {TO}. It will be retried.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {TO}
Action: delayed
Status: 4.4.1

--b--
"""
    with office(tmp_path, readers=readers) as at:
        short_of_a_photo(at)
        at.deliver(report.encode())
        assert at.run(MINUTES).fates == {Disposition.PARKED: 1}
        assert bounced(at) == []


def test_a_report_that_breaks_the_library_is_read_all_the_same(tmp_path: Path, readers: ReaderPool) -> None:
    hostile = b"From: MAILER-DAEMON@mx.example\r\nSubject: failure notice\r\nContent-Type: multipart/report; "
    hostile += (
        b"boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822;\xff;\0\r\n"
    )
    with office(tmp_path, readers=readers) as at:
        at.deliver(hostile + b"Action: failed\r\n" * 2000)
        at.deliver(mail())
        assert at.run().fates[Disposition.PARKED] == 1
        assert len(at.letters()) == 1


HEAD = b"From: MAILER-DAEMON@mx.example\r\nSubject: failure notice\r\n"
REPORT = b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
COSTLY = {
    "brackets": b"<" * 2**18,
    "addresses": b"<a@b> " * 40_000,
    "blanks": b" " * 2**18,
    "empty lines": b"\n" * 2**18,
    "lines": b"<a@b.example>\n" * 20_000,
    "words": b"Failed addresses follow:\n" * 10_000 + b"<" + b"x" * 2**18,
}


@pytest.mark.parametrize("start", [b"\r\n", REPORT], ids=["text", "report"])
@pytest.mark.parametrize("shape", COSTLY)
def test_a_report_made_to_cost_much_costs_little(tmp_path: Path, shape: str, start: bytes) -> None:
    (tmp_path / "raw").write_bytes(HEAD + start + COSTLY[shape])
    begun = time.process_time()
    failed_recipients(tmp_path / "raw", InboundMessage("0" * 64, 1, "", None, return_path=""))
    assert time.process_time() - begun < CPU_SECONDS
