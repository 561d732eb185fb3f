"""Handing letters over: every answer of the other side, crashes in between, limits, pauses and copies."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.support.worker import Office, ScriptedMailer, application, letter_text, mail, office

from mailintake.config.settings import SendingLimits
from mailintake.errors import (
    MailerPaused,
    MailerRefused,
    MailerUnavailable,
)
from mailintake.mailer.port import Accepted
from mailintake.model.case import DeadlineKind, State
from mailintake.model.letter import LetterPolicy, Mode, OutboxState
from mailintake.readers.pool import ReaderPool
from mailintake.worker.outbox.pausing import resume
from mailintake.worker.outbox.sending import send_due
from mailintake.worker.schedule import Task

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
APPROVE = LetterPolicy(default_mode=Mode.APPROVE)


def states(at: Office) -> list[str]:
    return [entry.state.value for entry in at.outbox()]


def approve(at: Office) -> None:
    for entry in at.outbox(OutboxState.WAITING):
        with at.shells.store.begin() as unit:
            assert unit.move(entry.id, OutboxState.WAITING, OutboxState.READY, at.clock.now)


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
        assert "11月18日" in letter_text(letter)


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


def test_the_next_letter_goes_out_when_its_pause_is_over_without_another_look_at_the_mailbox(
    tmp_path: Path, readers: ReaderPool
) -> None:
    with office(tmp_path, readers=readers, sending=SendingLimits(per_hour=40, gap_seconds=20, per_day=80)) as at:
        enquiries(at, 2)
        assert at.run().sent.sent == 1
        assert not at.worker.still_due(Task.SEND)
        at.clock.now += timedelta(seconds=20)
        assert at.worker.still_due(Task.SEND)
        report = at.worker.perform(Task.SEND)
        assert (report.sent.sent, report.looked) == (1, None)
        assert not at.worker.still_due(Task.SEND)


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


def test_a_clerk_who_says_no_in_time_is_heard(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers) as at:
        at.worker.shells = at.shells
        enquiries(at, 2)
        held: list[int] = []

        def hold_second(raw: bytes, sender: str, to: Any) -> Accepted:
            second = at.outbox()[1]
            with at.shells.store.begin() as unit:
                assert unit.move(second.id, OutboxState.READY, OutboxState.WAITING, at.clock.now)
            held.append(second.id)
            return Accepted("250 ok")

        at.mailer.send = hold_second
        at.run()
        assert states(at) == ["sent", "waiting"]
        assert len(held) == 1


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
        unit.pause_sending(at.clock.now, at.clock.now + 9 * DAY + HOUR, "quota")


def test_bytes_that_are_gone_fail_one_letter_and_not_the_next(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers, policy=APPROVE) as at:
        enquiries(at, 2)
        at.run()
        at.shells.store.files.path(at.outbox()[0].sha256).unlink()
        approve(at)
        at.run()
        assert states(at) == ["failed", "sent"]


def test_a_letter_whose_bytes_were_changed_is_sent_to_nobody(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers, policy=APPROVE) as at:
        enquiries(at, 2)
        at.run()
        first, second = at.outbox(OutboxState.WAITING)
        file = at.shells.store.files.path(second.sha256)
        file.write_bytes(file.read_bytes().replace(b"To: ", b"To: x", 1))
        approve(at)
        at.run()
        assert [raw for raw, _, _ in at.mailer.taken] == [at.shells.store.files.path(first.sha256).read_bytes()]
        assert at.notices("letter.failed") == ["its bytes were changed"]
        assert f"file {second.sha256} does not hold the bytes of its name" in at.shells.store.verify()


def test_sending_stops_when_asked(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers, policy=APPROVE) as at:
        enquiries(at, 2)
        at.run()
        approve(at)
        assert send_due(at.shells, None, lambda: True).waiting == 2
        assert at.mailer.taken == []
