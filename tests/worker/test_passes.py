"""One pass: each step stands for itself, back-off after faults, and what is due happens once."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.support.netease import Fault, Switches, netease
from tests.support.worker import MONDAY, Office, application, letter_text, mail, office

from mailintake.config.settings import BackupSettings, PollSettings, SendingLimits
from mailintake.errors import MailboxLoginRefused, MailboxUnavailable, StoreBusy, StoreUnusable
from mailintake.mailbox.folder import FolderMailbox
from mailintake.mailbox.imap import ImapMailbox
from mailintake.model.case import DeadlineKind, State
from mailintake.model.letter import LetterKind, LetterPolicy, Mode, OutboxState
from mailintake.model.understanding import Disposition
from mailintake.model.zone import SHANGHAI
from mailintake.readers.pool import ReaderPool
from mailintake.worker import passes
from mailintake.worker.intake.polling import poll
from mailintake.worker.schedule import Task, between

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Failing(FolderMailbox):
    """A mailbox that cannot be opened."""

    fault: Exception | None = MailboxUnavailable("no answer in time")
    tries = 0

    def open(self) -> None:
        self.tries += 1
        if self.fault:
            raise self.fault


def boxes(folder: Path) -> tuple[dict[str, Any], Failing]:
    for name in ("bad", "good"):
        (folder / name).mkdir(exist_ok=True)
    bad = Failing("bad", folder / "bad")
    return {"bad": bad, "good": FolderMailbox("good", folder / "good")}, bad


def test_one_mailboxs_fault_does_not_stop_another(tmp_path: Path, readers: ReaderPool) -> None:
    both, _ = boxes(tmp_path)
    with office(tmp_path, readers=readers, mailboxes=both) as at:
        (tmp_path / "good" / "1.eml").write_bytes(mail())
        report = at.run()
        assert report.fates == {Disposition.ANSWERED: 1}
        assert report.faults == ["bad: no answer in time"]
        assert len(at.letters()) == 1


def test_tries_are_spread_from_half_a_minute_to_a_quarter_of_an_hour(tmp_path: Path) -> None:
    both, bad = boxes(tmp_path)
    with office(tmp_path, mailboxes=both) as at:
        gaps: list[float] = []
        last = at.clock.now
        at.run()
        while len(gaps) < 7:
            before = bad.tries
            at.run(30 * SECOND)
            if bad.tries > before:
                gaps.append((at.clock.now - last).total_seconds())
                last = at.clock.now
        assert gaps == [30, 60, 120, 240, 480, 900, 900]


def test_the_servers_own_wait_is_kept(tmp_path: Path) -> None:
    both, bad = boxes(tmp_path)
    bad.fault = MailboxUnavailable("[THROTTLED]", retry_after_seconds=300)
    with office(tmp_path, mailboxes=both) as at:
        at.run()
        at.run(290 * SECOND)
        assert bad.tries == 1
        at.run(20 * SECOND)
        assert bad.tries == 2


def test_a_clock_that_was_set_back_does_not_make_the_waiting_longer(tmp_path: Path) -> None:
    both, bad = boxes(tmp_path)
    with office(tmp_path, mailboxes=both) as at:
        at.run()
        at.run(-DAY)
        assert bad.tries == 2


def test_staff_hear_of_a_fault_after_an_hour_once_and_it_goes_away_by_itself(tmp_path: Path) -> None:
    both, bad = boxes(tmp_path)
    with office(tmp_path, mailboxes=both) as at:
        at.run()
        at.run(30 * MINUTE)
        assert at.notices("mailbox.fault") == []
        for number in range(5):
            bad.fault = MailboxUnavailable(f"fault {number}")
            at.run(20 * MINUTE)
        assert len(at.notices("mailbox.fault")) == 1
        bad.fault = None
        at.run(20 * MINUTE)
        assert at.notices("mailbox.fault") == []
        assert at.shells.store.mailbox("bad").fault == ""


@pytest.mark.parametrize("switches", [Switches(lock_out_after=100), Switches(id_needed=99)], ids=["login", "unsafe"])
def test_after_three_refusals_nobody_logs_in_until_a_restart(tmp_path: Path, switches: Switches) -> None:
    password = "wrong" if switches.lock_out_after else "ABCDEFGHIJKLMNOP"
    with netease(switches) as server:
        for restart in (1, 2):
            box = ImapMailbox("box", server.host, server.imap_port, server.user, password, tls=False)
            with office(tmp_path, mailboxes={"box": box}) as at:
                for _ in range(30):
                    at.run(HOUR)
                assert server.state.commands().count("LOGIN") == 3 * restart
                assert len(at.notices("mailbox.fault")) == 1


def test_the_proof_is_made_once_a_day_at_its_hour(tmp_path: Path) -> None:
    def proven(at: Office) -> datetime | None:
        return at.shells.store.mailbox("main").reconciled_at

    with office(tmp_path) as at:
        at.run()
        assert proven(at) == MONDAY
        at.run(12 * HOUR)
        assert proven(at) == MONDAY
        at.clock.now = datetime(2026, 11, 3, 3, 31, tzinfo=SHANGHAI)
        at.run()
        assert proven(at) == at.clock.now
        at.run(3 * DAY)
        assert proven(at) == at.clock.now


@pytest.mark.parametrize("step", ["digest_due", "send_due", "remind"])
@pytest.mark.parametrize("fault", [StoreBusy("locked"), OSError(24, "too many files"), RuntimeError("a bug")])
def test_a_fault_in_one_step_leaves_the_others_to_work(
    tmp_path: Path, readers: ReaderPool, monkeypatch: pytest.MonkeyPatch, step: str, fault: Exception
) -> None:
    def broken(*_: object) -> None:
        raise fault

    with office(tmp_path, readers=readers) as at:
        monkeypatch.setattr(passes, step, broken)
        at.deliver(mail())
        report = at.run()
        assert report.fates == {Disposition.ANSWERED: 1}
        assert len(report.faults) == 1
        assert len(at.letters()) == (step != "send_due")
        monkeypatch.undo()
        at.run()
        assert len(at.letters()) == 1


def test_a_database_that_cannot_be_used_ends_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise StoreUnusable("disk image is malformed")

    with office(tmp_path) as at:
        monkeypatch.setattr(passes, "poll", broken)
        with pytest.raises(StoreUnusable):
            at.run()


def test_what_a_killed_program_left_in_the_spool_goes(tmp_path: Path) -> None:
    with office(tmp_path) as at:
        (at.shells.spool / "tmpabc").mkdir()
        (at.shells.spool / "tmpabc" / "raw").write_bytes(b"half a ma")
        (at.shells.spool / "file").touch()
        at.run()
        assert list(at.shells.spool.iterdir()) == []


def test_reminders_come_once_and_a_lapse_is_for_staff(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers) as at:
        at.deliver(application(without=["photo"]))
        at.run()
        for _ in range(16 * 4):
            at.run(6 * HOUR)
        (case,) = at.shells.store.cases()
        assert case.state is State.CORRECTION_OVERDUE
        assert [e.letter.value for e in at.outbox()] == ["tolerated", "reminder", "reminder", "reminder"]
        assert at.notices("correction.overdue") == ["2026-11-16"]


def test_who_wrote_in_english_is_reminded_in_english_and_by_the_name_that_signed(
    tmp_path: Path, readers: ReaderPool
) -> None:
    seen = LetterPolicy(default_mode=Mode.AUTO, quiet_seconds=0, modes={LetterKind.OVERDUE: Mode.APPROVE})
    english = "Dear colleagues, this is the first application of an APEC Business Travel Card for He Zhiqiu (贺知秋)."
    with office(tmp_path, readers=readers, policy=seen) as at:
        at.deliver(application(without=["photo"], subject="New APEC card", text=f"{english}\nBest regards\n苏禾"))
        at.run()
        for _ in range(16):
            at.run(DAY)
        texts = [letter_text(made) for made in at.letters()]
        assert len(texts) == 4
        for text in texts[1:]:
            assert text.startswith("Dear 苏禾,")
            assert "1 item is" in text
        (overdue,) = at.outbox(OutboxState.WAITING)
        assert overdue.letter is LetterKind.OVERDUE
        assert overdue.subject.endswith("New card, 1 overdue")


def test_a_provisional_last_day_moves_with_the_next_pass_after_the_calendar_became_known(
    tmp_path: Path, readers: ReaderPool
) -> None:
    late_december = datetime(2026, 12, 24, 9, 30, tzinfo=SHANGHAI)

    def period(at: Office) -> tuple[date, bool]:
        (case,) = at.shells.store.cases()
        return next((d.due, d.provisional) for d in case.deadlines if d.kind is DeadlineKind.CORRECTION)

    with office(tmp_path, readers=readers, now=late_december) as at:
        at.deliver(application(without=["photo"], at="2026-12-24 09:20"))
        at.run()
        assert period(at) == (date(2027, 1, 8), True)
        notice = frozenset({date(2027, 1, 1), date(2027, 1, 4)})
        known = replace(at.shells.rules.calendar, days_off=notice, known_until=date(2027, 12, 31))
        rules = replace(at.shells.rules, calendar=known)
        at.worker.shells = replace(at.shells, configuration=replace(at.shells.configuration, rules=rules))
        at.run(HOUR)
        assert period(at) == (date(2027, 1, 11), False)
        assert len(at.outbox()) == 1


def test_a_reminder_that_cannot_be_written_keeps_back_no_other(tmp_path: Path, readers: ReaderPool) -> None:
    from mailintake.letters.render import Renderer

    broken = tmp_path / "templates" / "letters" / "reminder"
    broken.mkdir(parents=True)
    (broken / "body.txt").write_text("{{ nothing.of.the.kind }}")
    with office(tmp_path / "office", readers=readers) as at:
        at.deliver(application(without=["photo"]))
        at.run()
        whole = at.shells.renderer
        at.worker.shells = replace(at.shells, rendering=cache(lambda: Renderer(tmp_path / "templates", *whole.folders)))
        for _ in range(3):
            report = at.run(9 * DAY if at.clock.now == MONDAY else HOUR)
        assert report.faults == []
        assert len(at.notices("letter.failed")) == 1
        at.worker.shells = at.shells
        at.run(HOUR)
        assert [e.letter.value for e in at.outbox()] == ["tolerated", "reminder"]


def test_a_dry_run_sends_nothing(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers) as at:
        at.worker.shells = replace(at.shells, dry_run=True)
        at.deliver(mail())
        at.run()
        assert (len(at.outbox()), at.mailer.taken) == (1, [])


def test_progress_hears_of_every_mail(tmp_path: Path, readers: ReaderPool) -> None:
    heard: list[int] = []
    with office(tmp_path, readers=readers) as at:
        at.worker.progress = lambda _done, count: heard.append(count)
        for name in "abc":
            at.deliver(mail(id=name))
        at.run()
        assert heard == [1, 2, 3]


def test_a_whole_day_against_the_stand_in_with_broken_connections(tmp_path: Path, readers: ReaderPool) -> None:
    with netease() as server:
        box = ImapMailbox("box", server.host, server.imap_port, server.user, server.password, tls=False, read_timeout=2)
        policy = LetterPolicy(default_mode=Mode.AUTO, quiet_seconds=60)
        with office(tmp_path, readers=readers, mailboxes={"box": box}, policy=policy) as at:
            kinds = ("bye", "drop", "raw", "literal")
            for number in range(8):
                server.store.add(mail(id=f"m{number}", **{"from": f"a{number}@b{number}.example"}))
                text = "* OK\r\n" if kinds[number % 4] == "raw" else ""
                server.switches.faults.append(Fault("FETCH", kinds[number % 4], text=text, size=30))
                at.run(30 * MINUTE)
            for _ in range(4):
                at.run(30 * MINUTE)
            assert len(at.letters()) == 8
            told = at.shells.store.mailbox("box").reconciled_at
            assert told is not None
            assert at.shells.store.verify() == ()
        box.close()


def test_a_refused_login_is_tried_again_until_the_mailbox_gives_it_up(tmp_path: Path) -> None:
    both, bad = boxes(tmp_path)
    refused, given_up = MailboxLoginRefused("no"), MailboxLoginRefused("no", final=True)
    with office(tmp_path, mailboxes=both) as at:
        for fault in (refused, refused, None, refused, None):
            bad.fault = fault
            at.run(HOUR)
        last = at.shells.store.mailbox("bad").polled_at
        assert last == at.clock.now
        for fault in (given_up, None):
            bad.fault = fault
            at.run(HOUR)
        assert at.shells.store.mailbox("bad").polled_at == last


def test_a_backup_is_made_every_night_and_the_oldest_go(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    with office(tmp_path, backup=BackupSettings(folder, keep=2)) as at:
        for later in (timedelta(0), HOUR, DAY, 12 * HOUR, DAY):  # at 09:30, three nights follow
            at.run(later)
        made = sorted(place.name for place in folder.iterdir())
        assert made == ["mailintake-20261103-103000", "mailintake-20261104-223000"]
        assert at.worker.perform(Task.BACKUP).backup is False
        at.clock.now += DAY
        assert at.worker.perform(Task.BACKUP).backup is True
        assert (folder / "mailintake-20261105-223000" / "mailintake.db").is_file()


def test_a_backup_that_cannot_be_written_stops_no_mail_and_is_tried_again(
    tmp_path: Path, readers: ReaderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "full").touch()
    with office(tmp_path, readers=readers, backup=BackupSettings(tmp_path / "full" / "backups")) as at:
        at.deliver(mail())
        report = at.run()
        assert (report.backup, len(report.faults), len(at.letters())) == (False, 1, 1)
        assert at.worker.still_due(Task.BACKUP)


def test_each_task_does_its_own_part_only(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers, backup=BackupSettings(tmp_path / "backups")) as at:
        at.deliver(mail())
        assert [at.worker.perform(task).digest for task in (Task.RECONCILE, Task.BACKUP, Task.DIGEST)] == [0, 0, 1]
        assert at.shells.store.mailbox("main").polled_at is None
        assert at.letters() == []
        assert at.shells.store.mailbox("main").reconciled_at == MONDAY
        at.worker.perform(Task.PASS)
        assert len(at.letters()) == 1
        assert [task for task in Task if at.worker.still_due(task)] == [Task.PASS]


def test_a_queue_longer_than_the_interval_does_not_keep_letters_back(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers) as at:
        for number in range(3):
            at.deliver(mail(id=f"q{number}", **{"from": f"某人 <u{number}@firm{number}.example>"}))

        def slow(_done: object, _count: int) -> None:
            at.clock.now += timedelta(seconds=45)

        at.worker.progress = slow
        assert at.worker.perform(Task.PASS).processed == 2  # 45 seconds each, a pass begins every 60
        assert len(at.letters()) == 2
        at.deliver(mail(id="q3", **{"from": "某人 <u3@firm3.example>"}))
        at.deliver(mail(id="q4", **{"from": "某人 <u4@firm4.example>"}))
        assert at.run().processed == 3  # `run --once` leaves nothing
        assert len(at.letters()) == 5


def test_between_passes_a_worker_does_what_others_left(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers) as at:
        at.worker.perform(Task.PASS)
        at.deliver(mail())
        assert not at.worker.still_due(Task.QUEUE)  # it is no look into the mailbox
        poll(at.shells, at.shells.mailboxes["main"], at.watch)  # as another worker would
        assert at.worker.still_due(Task.QUEUE)
        assert at.worker.perform(Task.QUEUE).processed == 1
        assert len(at.letters()) == 1
        assert not at.worker.still_due(Task.QUEUE)


def test_between_passes_there_is_a_look_at_the_outbox_and_at_the_queue_where_they_can_hold_something(
    tmp_path: Path,
) -> None:
    gap = SendingLimits(gap_seconds=20)
    for seconds, outbox in ((10, {}), (60, {Task.SEND: 20})):
        with office(tmp_path, poll=PollSettings(interval_seconds=seconds), sending=gap) as at:
            shared = at.shells.store.workers() is not None
            assert between(at.shells) == outbox | ({Task.QUEUE: 2} if shared else {})


def test_a_mailbox_whose_reader_died_is_looked_at_while_a_queue_is_worked_off(
    tmp_path: Path, readers: ReaderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with office(tmp_path, readers=readers) as at:
        free = [False]
        monkeypatch.setattr(at.shells.store, "take_turn", lambda task: free[0] or not task.startswith("mailbox:"))
        for number in range(3):
            at.deliver(mail(id=f"q{number}", **{"from": f"某人 <u{number}@firm{number}.example>"}))
        poll(at.shells, at.shells.mailboxes["main"], at.watch)  # the other one did, and dies with the first mail done
        at.deliver(mail(id="late", **{"from": "某人 <late@firm9.example>"}))

        def dies(_done: object, _count: int) -> None:
            free[0] = True

        at.worker.progress = dies
        report = at.run()
        assert (report.processed, report.polled.fetched) == (4, 1)
