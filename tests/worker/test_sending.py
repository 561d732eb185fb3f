"""Handing letters over: every answer of the other side, crashes in between, limits, pauses and copies."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.support.netease import Fault, Netease, Switches, netease
from tests.support.netease_store import SENT
from tests.support.worker import MONDAY, Office, ScriptedMailer, application, intake_box, mail, office

from mailintake.config.settings import SendingLimits, SentCopy
from mailintake.errors import (
    MailboxUnavailable,
    MailerInDoubt,
    MailerPaused,
    MailerRefused,
    MailerUnavailable,
)
from mailintake.mailbox.folder import FolderMailbox
from mailintake.mailer.port import Accepted
from mailintake.mailer.smtp import SmtpMailer
from mailintake.model.case import DeadlineKind, State
from mailintake.model.letter import LetterPolicy, Mode, OutboxState
from mailintake.readers.pool import ReaderPool
from mailintake.worker.pausing import resume
from mailintake.worker.sending import send_due

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
APPROVE = LetterPolicy(default_mode=Mode.APPROVE)


def states(at: Office) -> list[str]:
    return [entry.state.value for entry in at.outbox()]


def approve(at: Office) -> None:
    for entry in at.outbox(OutboxState.WAITING):
        with at.shells.store.begin() as unit:
            unit.set_outbox(entry.id, OutboxState.READY, at.clock.now)


def enquiries(at: Office, count: int) -> None:
    for number in range(count):
        at.deliver(mail(id=f"e{number}", **{"from": f"a{number}@b{number}.example"}))


def test_the_correction_period_starts_when_the_letter_is_sent(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers, policy=APPROVE) as at:
        at.deliver(application(without=["photo"]))
        at.run()
        (case,) = at.shells.store.cases()
        assert DeadlineKind.CORRECTION not in {d.kind for d in case.deadlines}
        approve(at)
        at.run(2 * DAY)
        (case,) = at.shells.store.cases()
        (correction,) = [d for d in case.deadlines if d.kind is DeadlineKind.CORRECTION]
        assert correction.since is not None
        assert correction.since.isoformat() == "2026-11-04"
        assert case.letters[0].sent_at == at.clock.now


def test_a_letter_approved_days_later_has_the_dates_of_its_day_and_its_old_message_id(
    tmp_path: Path, readers: ReaderPool
) -> None:
    with office(tmp_path, readers=readers, policy=APPROVE) as at:
        at.deliver(application(without=["photo"]))
        at.run()
        (before,) = at.outbox()
        approve(at)
        at.run(2 * DAY)
        (letter,) = at.letters()
        assert letter["Message-ID"] == before.message_id
        assert "11月18日" in letter.get_body(("plain",)).get_content()


def test_a_temporary_refusal_is_tried_after_5_10_20_minutes(tmp_path: Path, readers: ReaderPool) -> None:
    mailer = ScriptedMailer([MailerUnavailable("450 later")] * 3)
    with office(tmp_path, readers=readers, mailer=mailer) as at:
        at.deliver(mail())
        at.run()
        waits = []
        while not mailer.taken:
            (entry,) = at.outbox(OutboxState.READY)
            assert entry.next_try_at is not None
            waits.append(entry.next_try_at - at.clock.now)
            assert at.run(waits[-1] - MINUTE).sent.sent == 0
            at.run(MINUTE)
        assert waits == [5 * MINUTE, 10 * MINUTE, 20 * MINUTE]


def test_the_servers_own_wait_is_kept(tmp_path: Path, readers: ReaderPool) -> None:
    mailer = ScriptedMailer([MailerUnavailable("HL:REP", retry_after_seconds=3600)])
    with office(tmp_path, readers=readers, mailer=mailer) as at:
        at.deliver(mail())
        at.run()
        at.run(50 * MINUTE)
        assert at.letters() == []
        at.run(11 * MINUTE)
        assert len(at.letters()) == 1


def test_after_48_hours_of_trying_staff_are_told(tmp_path: Path, readers: ReaderPool) -> None:
    mailer = ScriptedMailer([MailerUnavailable("450 later")] * 100)
    with office(tmp_path, readers=readers, policy=APPROVE, mailer=mailer) as at:
        at.deliver(application())
        at.run()
        approve(at)
        at.run(3 * DAY)
        assert states(at) == ["ready"]
        for _ in range(13):
            at.run(4 * HOUR)
        assert states(at) == ["failed"]
        assert len(at.notices("letter.failed")) == 1


def test_a_refused_letter_fails_at_once_and_the_next_one_goes_out(tmp_path: Path, readers: ReaderPool) -> None:
    mailer = ScriptedMailer([MailerRefused("550 no such user")])
    with office(tmp_path, readers=readers, mailer=mailer) as at:
        enquiries(at, 2)
        report = at.run()
        assert (report.sent.sent, report.sent.failed) == (1, 1)
        assert states(at) == ["failed", "sent"]
        assert at.notices("letter.failed") == ["550 no such user"]


def test_a_quota_pauses_everything_and_goes_on_by_itself(tmp_path: Path, readers: ReaderPool) -> None:
    mailer = ScriptedMailer([MailerPaused("451 MI:SFQ", resume_after_seconds=900)])
    with office(tmp_path, readers=readers, mailer=mailer) as at:
        enquiries(at, 3)
        assert at.run().sent.waiting == 3
        assert at.run(10 * MINUTE).sent.sent == 0
        assert at.notices("sending.paused") == ["451 MI:SFQ"]
        assert at.run(6 * MINUTE).sent.sent == 3
        assert at.notices("sending.paused") == []


def test_wrong_credentials_stop_sending_until_somebody_acts(tmp_path: Path, readers: ReaderPool) -> None:
    mailer = ScriptedMailer([MailerPaused("535 authentication failed")])
    with office(tmp_path, readers=readers, mailer=mailer) as at:
        at.deliver(mail())
        at.run()
        at.run(30 * DAY)
        assert mailer.taken == []
        assert resume(at.shells, "staff:li")
        assert not resume(at.shells, "staff:li")
        at.run()
        assert len(at.letters()) == 1


def test_a_restart_tries_once_after_a_stop(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers, mailer=ScriptedMailer([MailerPaused("535 wrong")])) as at:
        at.deliver(mail())
        at.run()
    with office(tmp_path, readers=readers) as at:
        at.run()
        assert len(at.letters()) == 1


def test_one_stop_is_one_line_for_staff(tmp_path: Path, readers: ReaderPool) -> None:
    mailer = ScriptedMailer([MailerPaused(f"451 MI:SFQ {n}", resume_after_seconds=60) for n in range(5)])
    with office(tmp_path, readers=readers, mailer=mailer) as at:
        at.deliver(mail())
        for _ in range(5):
            at.run(HOUR)
        assert len(at.notices("sending.paused")) == 1


def test_the_gap_and_the_limits_of_the_provider_are_kept(tmp_path: Path, readers: ReaderPool) -> None:
    limits = SendingLimits(per_hour=2, gap_seconds=20, per_day=3)
    with office(tmp_path, readers=readers, sending=limits) as at:
        enquiries(at, 5)
        sent = [at.run().sent.sent] + [at.run(MINUTE).sent.sent for _ in range(60)]
        assert sent[:3] == [1, 1, 0]
        assert sum(sent) == 3
        at.run(DAY)
        assert len(at.letters()) == 4


def test_partly_refused_is_sent_and_told(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers) as at:
        at.deliver(mail())
        at.mailer.outcomes = [Accepted("250 ok", (("finance@office.example", "550 unknown"),))]
        at.run()
        assert states(at) == ["sent"]
        assert at.notices("letter.partly_refused") == ["finance@office.example: 550 unknown"]


def test_a_letter_that_only_its_copy_address_got_has_failed(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers) as at:
        at.deliver(mail())
        at.mailer.outcomes = [Accepted("250 ok", (("SUHE@qingchuan.example", "550 unknown"),))]
        at.run()
        assert states(at) == ["failed"]


def test_in_doubt_is_sent_once_more_with_the_same_message_id_and_never_again(
    tmp_path: Path, readers: ReaderPool
) -> None:
    mailer = ScriptedMailer([MailerUnavailable("450"), MailerInDoubt("gone"), MailerInDoubt("gone again")])
    with office(tmp_path, readers=readers, mailer=mailer) as at:
        at.deliver(mail())
        at.run()
        at.run(5 * MINUTE)
        assert states(at) == ["in_doubt"]
        at.run(MINUTE)
        assert states(at) == ["in_doubt"]
        at.run(10 * MINUTE)
        assert states(at) == ["in_doubt"]
        at.run(11 * MINUTE)
        assert states(at) == ["failed"]
        assert len(at.notices("letter.failed")) == 1
        assert mailer.outcomes == []


class Deaf(FolderMailbox):
    """A mailbox that cannot be asked about Sent."""

    def has_message_id(self, folder_flag: str, message_id: str) -> bool:
        raise MailboxUnavailable("no answer in time")


def test_in_doubt_waits_for_a_mailbox_that_cannot_be_asked(tmp_path: Path, readers: ReaderPool) -> None:
    mailer = ScriptedMailer([MailerInDoubt("gone")])
    box: dict[str, Any] = {"main": Deaf("main", tmp_path / "inbox")}
    with office(tmp_path, readers=readers, mailer=mailer, mailboxes=box) as at:
        at.deliver(mail())
        at.run()
        for _ in range(5):
            at.run(HOUR)
        assert (states(at), mailer.taken) == (["in_doubt"], [])
        at.run(3 * DAY)
        assert states(at) == ["failed"]


def test_a_letter_found_half_sent_at_the_start_is_looked_for_before_it_is_sent_again(
    tmp_path: Path, readers: ReaderPool
) -> None:
    with office(tmp_path, readers=readers, policy=APPROVE) as at:
        at.deliver(mail())
        at.run()
        (entry,) = at.outbox()
        raw = at.shells.store.files.path(entry.sha256).read_bytes()
        with at.shells.store.begin() as unit:
            unit.set_outbox(entry.id, OutboxState.SENDING, at.clock.now, count_attempt=True)
        at.run()
        assert states(at) == ["in_doubt"]
        at.deliver(raw, "Sent")
        at.run(11 * MINUTE)
        assert (states(at), at.mailer.taken) == (["sent"], [])


def smtp(server: Netease) -> SmtpMailer:
    return SmtpMailer(server.host, server.smtp_port, server.user, server.password, tls="none", timeout=5, final_wait=1)


def test_taken_and_then_silent_is_settled_by_the_providers_own_copy(tmp_path: Path, readers: ReaderPool) -> None:
    from mailintake.config.settings import SmtpSettings
    from mailintake.mailbox.imap import ImapMailbox

    with netease(Switches(sent_appears=0.0, faults=[Fault("dot", "drop")])) as server:
        box = ImapMailbox("box", server.host, server.imap_port, server.user, server.password, tls=False)
        sender = SmtpSettings(from_address=server.user)
        boxes: dict[str, Any] = {"box": box}
        with office(tmp_path, readers=readers, mailer=smtp(server), mailboxes=boxes, smtp=sender) as at:
            server.store.add(mail())
            at.run()
            assert states(at) == ["in_doubt"]
            at.run(11 * MINUTE)
            assert states(at) == ["sent"]
            assert len(server.state.sent) == 1
        box.close()


@pytest.mark.parametrize(
    ("setting", "appears", "copies"),
    [(SentCopy.NEVER, False, 0), (SentCopy.APPEND, False, 1), (SentCopy.AUTO, False, 1), (SentCopy.AUTO, True, 1)],
)
def test_the_sent_folder_holds_a_letter_as_the_office_wants_it(
    tmp_path: Path, readers: ReaderPool, setting: SentCopy, appears: bool, copies: int
) -> None:
    with office(tmp_path, readers=readers, sent_copy=setting) as at:
        at.deliver(mail())
        at.run()
        if appears:
            at.deliver(at.mailer.taken[0][0], "Sent")
        for _ in range(3):
            at.run(3 * MINUTE)
        assert len(list((tmp_path / "inbox" / "Sent").glob("*.eml"))) == copies


def test_drafts_and_copies_go_to_the_mailbox_our_letters_come_from(tmp_path: Path, readers: ReaderPool) -> None:
    boxes: dict[str, Any] = {n: FolderMailbox(n, tmp_path / n) for n in ("annex", "intake")}
    for name in boxes:
        (tmp_path / name).mkdir()
    settings = (intake_box("annex", "annex@office.example"), intake_box("intake", "lnwfapec@163.com"))
    policy = LetterPolicy(default_mode=Mode.DRAFT, quiet_seconds=0)
    with office(tmp_path, readers=readers, mailboxes=boxes, policy=policy, mailboxes_settings=settings) as at:
        (tmp_path / "annex" / "1.eml").write_bytes(mail())
        at.run()
        assert len(list((tmp_path / "intake" / "Drafts").glob("*.eml"))) == 1


def test_a_draft_is_put_there_once_even_when_the_program_ended_in_between(tmp_path: Path, readers: ReaderPool) -> None:
    policy = LetterPolicy(default_mode=Mode.DRAFT, quiet_seconds=0)
    with office(tmp_path, readers=readers, policy=policy) as at:
        at.deliver(mail())
        at.run()
        (entry,) = at.outbox()
        with at.shells.store.begin() as unit:
            unit.set_outbox(entry.id, OutboxState.READY, at.clock.now)
        at.run()
        assert len(list((tmp_path / "inbox" / "Drafts").glob("*.eml"))) == 1


def test_a_clerk_who_says_no_in_time_is_heard(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers) as at:
        at.worker.shells = at.shells
        enquiries(at, 2)
        rejected: list[int] = []

        def reject_second(raw: bytes, sender: str, to: Any) -> Accepted:
            second = at.outbox()[1]
            with at.shells.store.begin() as unit:
                unit.set_outbox(second.id, OutboxState.REJECTED, at.clock.now)
            rejected.append(second.id)
            return Accepted("250 ok")

        at.mailer.send = reject_second
        at.run()
        assert states(at) == ["sent", "rejected"]
        assert len(rejected) == 1


def test_a_reminder_is_not_sent_when_nothing_is_awaited_any_more(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers) as at:
        at.deliver(application(without=["photo"]))
        at.run()
        hold(at)
        at.run(9 * DAY)
        approve_kind = [e for e in at.outbox(OutboxState.READY) if e.letter.value == "reminder"]
        assert len(approve_kind) == 1
        (case,) = at.shells.store.cases()

        with at.shells.store.begin() as unit:
            unit.save_case(replace(case, state=State.COMPLETE))
        at.mailer.outcomes.clear()
        at.run(6 * HOUR)
        assert [e.state.value for e in at.outbox() if e.letter.value == "reminder"] == ["superseded"]
        assert len(at.letters()) == 1


def hold(at: Office) -> None:
    """The provider has no ear for a while, before the first try of a reminder."""
    with at.shells.store.begin() as unit:
        unit.set_value("sending:paused_until", (at.clock.now + 9 * DAY + HOUR).isoformat())


def test_bytes_that_are_gone_fail_one_letter_and_not_the_next(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers, policy=APPROVE) as at:
        enquiries(at, 2)
        at.run()
        at.shells.store.files.path(at.outbox()[0].sha256).unlink()
        approve(at)
        at.run()
        assert states(at) == ["failed", "sent"]


def test_sending_stops_when_asked(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers, policy=APPROVE) as at:
        enquiries(at, 2)
        at.run()
        approve(at)
        assert send_due(at.shells, None, lambda: True).waiting == 2
        assert at.mailer.taken == []


def test_the_stand_ins_sent_folder_gets_no_second_copy(tmp_path: Path, readers: ReaderPool) -> None:
    from mailintake.config.settings import SmtpSettings
    from mailintake.mailbox.imap import ImapMailbox

    with netease(Switches(sent_appears=0.0)) as server:
        boxes: dict[str, Any] = {
            "box": ImapMailbox("box", server.host, server.imap_port, server.user, server.password, tls=False)
        }
        kept = {"sent_copy": SentCopy.AUTO, "smtp": SmtpSettings(from_address=server.user)}
        with office(tmp_path, readers=readers, mailer=smtp(server), mailboxes=boxes, now=MONDAY, **kept) as at:
            server.store.add(mail())
            at.run()
            at.run(5 * MINUTE)
            assert len(server.store.mails(SENT)) == 1
        boxes["box"].close()
