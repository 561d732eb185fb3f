"""One mail and its fate: retried, put aside, released; never in the way of the next one."""

import errno
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from tests.support.readers import PassingOn
from tests.support.worker import Office, application, mail, office

from mailintake.errors import ReaderFailed, StoreBusy
from mailintake.model.letter import OutboxState
from mailintake.model.understanding import Disposition
from mailintake.readers.pool import ReaderPool
from mailintake.readers.port import MessageReading
from mailintake.worker.intake import process as process_module
from mailintake.worker.intake.fetching import HEAD_BYTES

TOMORROW = timedelta(days=1)


class Poisoned(PassingOn):
    """Readers that fail on mails with that word in them."""

    def __init__(self, real: ReaderPool, fault: Exception, word: bytes = b"poison") -> None:
        super().__init__(real)
        self.fault, self.word = fault, word

    def message(self, raw: Path, out: Path) -> MessageReading:
        if self.word in raw.read_bytes():
            raise self.fault
        return self.real.message(raw, out)

    def close(self) -> None:
        """Shared."""


def statuses(at: Office) -> list[str]:
    return [row.status for row in reversed(at.shells.store.messages())]


def test_an_application_becomes_a_case_with_one_letter(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers) as at:
        at.deliver(application())
        report = at.run()
        (case,) = at.shells.store.cases()
        (letter,) = at.letters()
        assert report.fates == {Disposition.CASE_OPENED: 1}
        assert case.number in str(letter["Subject"])
        assert case.letters[0].message_id == letter["Message-ID"]
        assert at.shells.store.verify() == ()


def test_an_application_costs_a_bounded_number_of_statements_whatever_is_sent_with_it(
    tmp_path: Path, readers: ReaderPool
) -> None:
    """Measured: 180, of which a pass costs about 50; 208 when every row that is sealed was read back by itself."""
    counted: list[str] = []
    with office(tmp_path, readers=readers) as at:
        at.run()
        at.deliver(application())
        event.listen(at.shells.store._engine, "before_cursor_execute", lambda *said: counted.append(said[2]))  # type: ignore[attr-defined]
        at.run()
        assert len(at.letters()) == 1
    assert len(counted) < 200


def test_poison_is_tried_three_times_put_aside_and_does_not_block_the_next(tmp_path: Path, readers: ReaderPool) -> None:
    poisoned = Poisoned(readers, ReaderFailed("the reader ended"))
    with office(tmp_path, readers=poisoned) as at:
        at.deliver(mail(id="poison"))
        at.deliver(mail(id="fine"))
        report = at.run()
        assert report.fates == {Disposition.ANSWERED: 1}
        assert statuses(at) == ["received", "done"]
        assert at.run(timedelta(minutes=1)).processed == 0
        assert at.run(timedelta(minutes=5)).processed == 1
        assert at.run(timedelta(minutes=5)).processed == 0
        assert at.run(timedelta(minutes=5)).fates == {Disposition.QUARANTINED: 1}
        assert len(at.notices("message.quarantined")) == 1
        assert at.run(TOMORROW).processed == 0


def test_a_released_mail_is_processed_as_if_it_were_new(tmp_path: Path, readers: ReaderPool) -> None:
    poisoned = Poisoned(readers, TypeError("a fault of ours"))
    with office(tmp_path, readers=poisoned) as at:
        at.deliver(mail(id="poison"))
        for _ in range(3):
            at.run(timedelta(hours=1))
        assert statuses(at) == ["quarantined"]
        poisoned.word = b"nothing of the kind"
        with at.shells.store.begin() as unit:
            unit.release_message(at.shells.store.messages()[0].id, at.clock.now)
        assert at.run().fates == {Disposition.ANSWERED: 1}


@pytest.mark.parametrize("fault", [StoreBusy("locked"), OSError(errno.ENOSPC, "full")])
def test_what_is_not_the_mails_fault_never_puts_it_aside(tmp_path: Path, readers: ReaderPool, fault: Exception) -> None:
    with office(tmp_path, readers=Poisoned(readers, fault)) as at:
        at.deliver(mail(id="poison"))
        for _ in range(3):
            at.run(TOMORROW)
        assert statuses(at) == ["received"]


def test_a_mail_over_which_the_program_itself_ended_three_times_is_put_aside(
    tmp_path: Path, readers: ReaderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(process_module, "open_mail", die)
    with office(tmp_path) as at:
        at.deliver(mail())
    for _ in range(3):
        with office(tmp_path, readers=readers) as at, pytest.raises(KeyboardInterrupt):
            at.run()
    with office(tmp_path, readers=readers) as at:
        assert at.run().fates == {Disposition.QUARANTINED: 1}


def test_a_fault_in_the_decision_leaves_nothing_half_done(
    tmp_path: Path, readers: ReaderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("a fault of ours")

    with office(tmp_path, readers=readers) as at:
        monkeypatch.setattr(process_module, "_save", broken)
        at.deliver(application())
        at.run()
        assert (at.shells.store.cases(), at.outbox(), statuses(at)) == ((), (), ["received"])
        monkeypatch.undo()
        at.run(timedelta(hours=1))
        assert len(at.shells.store.cases()) == len(at.letters()) == 1
        assert at.shells.store.cases()[0].number.startswith("LN-2026-000001")


def test_a_mail_that_is_too_large_is_for_staff(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers) as at:
        at.worker.watches = (replace(at.watch, max_bytes=HEAD_BYTES),)
        at.deliver(mail(id="large") + b"x" * 2 * HEAD_BYTES)
        assert at.run().fates == {Disposition.FOR_STAFF: 1}
        (row,) = at.shells.store.messages()
        assert (row.status, row.reason, row.sender) == ("done", "too_large", "suhe@qingchuan.example")
        assert "suhe@qingchuan.example" in at.notices("message.too_large")[0]
        assert at.outbox() == ()
        assert at.shells.store.verify() == ()


def test_the_same_bytes_twice_are_one_mail_with_one_answer(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers) as at:
        raw = application()
        at.deliver(raw)
        at.deliver(raw)
        report = at.run()
        assert (report.polled.fetched, report.polled.known) == (1, 1)
        assert len(at.shells.store.cases()) == len(at.letters()) == 1


BOUNCE = """\
From: Mail Delivery System <MAILER-DAEMON@qingchuan.example>
To: lnwfapec@163.com
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Date: Mon, 02 Nov 2026 10:00:00 +0800
Message-ID: <bounce1@qingchuan.example>
Return-Path: <>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

I could not deliver your message.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.qingchuan.example

Final-Recipient: rfc822; suhe@qingchuan.example
Action: failed
Status: 5.1.1

--b
Content-Type: message/rfc822

From: lnwfapec@163.com
To: suhe@qingchuan.example
Subject: x
Message-ID: {0}

x
--b--
"""


def test_a_bounce_is_tied_to_its_case_and_holds_back_further_letters(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers) as at:
        at.deliver(application(without=["photo"]))
        at.run()
        (case,) = at.shells.store.cases()
        at.deliver(BOUNCE.format(case.letters[0].message_id).encode())
        assert at.run(timedelta(minutes=5)).fates == {Disposition.PARKED: 1}
        (notice,) = [r.notice for r in at.shells.store.notices() if r.notice.code == "letter.bounced"]
        assert notice.case == case.number
        at.run(timedelta(days=9))  # a reminder is due
        assert [e.letter.value for e in at.outbox(OutboxState.WAITING)] == ["reminder"]
        assert len(at.letters()) == 1
