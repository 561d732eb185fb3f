"""The tasks of a day: look, understand, remind, send, prove, copy, report. What is due is read from the database, never
from a timer. What understands mail is loaded with the first mail, what writes letters with the first
letter: most passes find none."""

import gc
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, partial
from secrets import SystemRandom
from typing import TYPE_CHECKING, assert_never

from mailintake.errors import MailboxLoginRefused, MailboxUnavailable, MailintakeError, Reaction
from mailintake.mailbox.port import Mailbox
from mailintake.model.digest import Digest
from mailintake.model.understanding import Disposition
from mailintake.store.port import MessageRow
from mailintake.worker import turns
from mailintake.worker.erasing import finish_erasing
from mailintake.worker.intake.by_hand import Answers
from mailintake.worker.intake.fetching import Polled, Watch
from mailintake.worker.intake.health import MailboxHealth
from mailintake.worker.intake.polling import poll, reconcile
from mailintake.worker.intake.spool import clear_spool
from mailintake.worker.outbox.pausing import resume_after_restart
from mailintake.worker.outbox.sending import SentCount, may_send_now, send_due
from mailintake.worker.outbox.waiting import freshen_waiting
from mailintake.worker.reminding import remind
from mailintake.worker.restored import caught_up
from mailintake.worker.safekeeping import back_up
from mailintake.worker.schedule import Task, backup_due, digest_due, reconcile_due
from mailintake.worker.shells import Shells, log_event
from mailintake.worker.story import tell_mail
from mailintake.worker.turns import CLOCK, SENDING

if TYPE_CHECKING:
    from mailintake.worker.intake.process import Processed

Progress = Callable[["Processed", int], None]
_log = logging.getLogger(__name__)
_dice = SystemRandom()


def _unchanged(_shells: Shells) -> Shells | None:
    """Nobody puts other rules in force."""
    return None


@dataclass
class Report:
    """What one pass did; the line that `run --once` prints."""

    polled: Polled = field(default_factory=Polled)
    fates: dict[Disposition, int] = field(default_factory=dict)
    processed: int = 0
    reminders: int = 0
    answers: int = 0  # by a clerk's own hand, found in Sent
    sent: SentCount = field(default_factory=SentCount)
    digest: bool = False
    backup: bool = False
    looked: bool | None = None  # did a mailbox answer, or is none ours to look at? None: it was not asked
    faults: list[str] = field(default_factory=list)


@cache
def _settled() -> None:
    """Behind the first mail of a process: all that mails need is loaded now, and stays. None of it has to be looked at
    again and again for what can be freed."""
    gc.freeze()


def _tell(done: "Processed", disposition: Disposition | None) -> None:
    kind = done.decision.understanding if done.decision else None
    letters = tuple(f"{one.order.letter.value}:{one.state.value}" for one in done.letters)
    message_class = kind.classification.message_class.value if kind else ""
    tell_mail(done.row, disposition.value if disposition else "", message_class, letters)


class Worker:
    """Performs passes over the shells it is given, maybe beside other workers on the same database. Set `stopping`
    from anywhere: the step under way is finished.

    `publish` writes the digest's page and workbook; `jitter` gives 0 to 1. `renew` may be set: it is asked between two
    mails and gives the shells with other rules, where others are in force by now, else None.
    """

    def __init__(
        self,
        shells: Shells,
        watches: tuple[Watch, ...],
        progress: Progress | None = None,
        publish: Callable[[Digest], object] | None = None,
        jitter: Callable[[], float] = _dice.random,
    ) -> None:
        self.shells, self.watches, self.progress = shells, watches, progress
        self.stopping = False
        self.renew: Callable[[Shells], Shells | None] = _unchanged
        self._publish = publish
        self._answers = self._looking_for_answers()
        self._health = {w.mailbox: MailboxHealth(shells, w.mailbox, jitter) for w in watches}
        self._ours = set[str]()  # mailboxes whose turn was ours when we looked last
        self._started = False

    def _looking_for_answers(self) -> dict[str, Answers]:
        shells = self.shells
        return {w.mailbox: Answers(shells, shells.mailboxes[w.mailbox], w.folders) for w in self.watches}

    def _renew(self, _report: Report) -> None:
        """Rules that were put in force meanwhile hold from the next mail on, and for letters that are written now."""
        made = self.renew(self.shells)
        if made is not None:
            self.shells = made
            self._answers = self._looking_for_answers()
            with made.store.begin() as unit:
                log_event(unit, made.clock(), "rules.in_force", version=made.configuration.version)

    def run_once(self) -> Report:
        """Everything that is due: a pass, and the daily tasks whose hour has come. One step's fault does not stop
        another; what makes work impossible (errors.Reaction.STOP) is raised."""
        return self._perform(tuple(Task))

    def perform(self, task: Task) -> Report:
        """One task of the day; of a daily one what is due of it. Raises as above. A queue that is longer than the
        interval between two passes is left to the next one: letters go out, and mailboxes are looked at, meanwhile."""
        interval = timedelta(seconds=self.shells.configuration.settings.poll.interval_seconds)
        return self._perform((task,), self.shells.clock() + interval)

    def still_due(self, task: Task) -> bool:
        """Is a daily task of today left to do? A database that is busy may be asked again."""
        try:
            match task:
                case Task.PASS:
                    return True
                case Task.QUEUE:
                    return self.shells.store.mail_waits(self.shells.clock()) or any(map(self._left, self.watches))
                case Task.SEND:
                    return not self.shells.dry_run and may_send_now(self.shells)
                case Task.RECONCILE:
                    return any(reconcile_due(self.shells, watch.mailbox) for watch in self.watches)
                case Task.BACKUP:
                    return backup_due(self.shells)
                case Task.DIGEST:
                    return digest_due(self.shells)
                case _:
                    assert_never(task)
        except MailintakeError as fault:
            if fault.reaction is Reaction.STOP:
                raise
            return True

    def _perform(self, tasks: tuple[Task, ...], until: datetime | None = None) -> Report:
        report = Report()
        self._step(report, self._start)
        self._step(report, self._renew)
        report.looked = not self.watches if Task.PASS in tasks else None
        for watch in self.watches:
            self._step(report, partial(self._look, watch, tasks))
        timed: list[tuple[str, Callable[[Report], None]]] = []
        if not {Task.PASS, Task.QUEUE}.isdisjoint(tasks):
            self._step(report, partial(self.work_off, until=until))
        if Task.PASS in tasks:
            timed.append((CLOCK, self.remind))
            timed.append((CLOCK, self._erase))
        if Task.DIGEST in tasks:
            timed.append((CLOCK, self._digest))
        if Task.BACKUP in tasks:
            timed.append((CLOCK, self._backup))
        if not {Task.PASS, Task.QUEUE, Task.SEND, Task.DIGEST}.isdisjoint(tasks):
            timed.append((SENDING, self._send))
        for turn, step in timed:
            if not self.stopping:
                self._step(report, partial(self._in_turn, turn, step))
        if Task.PASS in tasks and not self.stopping and not report.faults:
            caught_up(self.shells)
        return report

    def _step(self, report: Report, step: Callable[[Report], None]) -> None:
        try:
            step(report)
        except MailintakeError as fault:
            if fault.reaction is Reaction.STOP:
                raise
            _log.warning("%s", fault)
            report.faults.append(str(fault))
        except Exception as bug:
            _log.exception("a step of the pass failed")
            report.faults.append(type(bug).__name__)

    def _in_turn(self, task: str, step: Callable[[Report], None], report: Report) -> None:
        if self.shells.store.take_turn(task):
            step(report)

    def retire(self) -> None:
        """Nothing follows from this worker: others may take over at once."""
        with suppress(MailintakeError):  # else they end with the connection
            self.shells.store.drop_turns()

    def _start(self, _report: Report) -> None:
        if not self._started:
            clear_spool(self.shells.spool)
            resume_after_restart(self.shells)
            self._started = True

    def _look(self, watch: Watch, tasks: tuple[Task, ...], report: Report) -> None:
        """What is new, and the whole list where that is asked for and due."""
        mailbox, health = self.shells.mailboxes[watch.mailbox], self._health[watch.mailbox]
        turn = turns.mailbox(watch.mailbox)
        proof = Task.RECONCILE in tasks and reconcile_due(self.shells, mailbox.name)
        asked = Task.PASS in tasks or (Task.QUEUE in tasks and watch.mailbox not in self._ours)
        if not (proof or asked) or not health.may_try():
            return
        self._ours.discard(watch.mailbox)
        if not self.shells.store.take_turn(turn):  # another worker looks at it
            report.looked = True
            return
        self._ours.add(watch.mailbox)
        over = self._over(turn)
        try:
            if asked:
                report.polled = report.polled.plus(poll(self.shells, mailbox, watch, over))
            if proof and not over():
                reconcile(self.shells, mailbox, watch, over)
            if asked and not over():
                report.answers += self._answers[watch.mailbox].look(over)
        except (MailboxLoginRefused, MailboxUnavailable) as fault:
            mailbox.close()
            health.failed(fault)
            report.faults.append(f"{mailbox.name}: {fault}")
        else:
            health.well()
            report.looked = True

    def _left(self, watch: Watch) -> bool:
        """Is that mailbox ours from now on, because whoever read it is gone?"""
        if watch.mailbox in self._ours or not self._health[watch.mailbox].may_try():
            return False
        return self.shells.store.take_turn(turns.mailbox(watch.mailbox))

    def _adopt(self, report: Report) -> None:
        """A mailbox whose reader died does not wait until the queue is empty."""
        for watch in self.watches:
            if self._left(watch):
                self._look(watch, (Task.QUEUE,), report)

    def work_off(self, report: Report, until: datetime | None = None) -> None:
        """Every mail that waits, oldest first; none is begun after `until`."""
        while not (self.stopping or (until and self.shells.clock() > until)) and (row := self._next()) is not None:
            from mailintake.worker.intake.process import fate

            done = self._process(row)
            report.processed += 1
            _settled()
            _tell(done, disposition := fate(done))
            if disposition is not None:
                report.fates[disposition] = report.fates.get(disposition, 0) + 1
            if self.progress:
                self.progress(done, report.processed)
            self._step(report, self._renew)
            self._step(report, self._adopt)

    def _process(self, row: MessageRow) -> "Processed":
        """What ends it with an exception, a database that is locked for too long, leaves the mail to whoever is next:
        it would else be in hand of a living worker for as long as that lives."""
        from mailintake.worker.intake.process import process

        try:
            return process(self.shells, row)
        except MailintakeError:
            with suppress(MailintakeError):
                self.shells.store.give_back(row.id)
            raise

    def _next(self) -> MessageRow | None:
        return self.shells.store.claim_next(self.shells.clock())

    def remind(self, report: Report) -> None:
        """Reminders and lapses that are due now, each committed with its letter; letters that wait for a clerk say what
        is true today."""
        report.reminders += remind(self.shells, self._over(CLOCK))
        freshen_waiting(self.shells)

    def _erase(self, _report: Report) -> None:
        """What an erasure left to do, somebody's at the desk or one that a crash cut short."""
        if not self.shells.dry_run:
            finish_erasing(self.shells)

    def _digest(self, report: Report) -> None:
        if digest_due(self.shells):
            from mailintake.worker.morning import queue_digest

            queue_digest(self.shells, self._published)
            report.digest = True

    def _backup(self, report: Report) -> None:
        if not self.shells.dry_run and backup_due(self.shells):
            report.backup = back_up(self.shells) is not None

    def _published(self, digest: Digest) -> None:
        """A page that cannot be written must not keep the mail from staff."""
        if self._publish is None:
            return
        try:
            self._publish(digest)
        except OSError as fault:
            _log.error("the digest page was not written: %s", fault.strerror)

    def _send(self, report: Report) -> None:
        if not self.shells.dry_run:
            report.sent = send_due(self.shells, self._letter_box(), self._over(SENDING))

    def _letter_box(self) -> Mailbox | None:
        """The mailbox with Sent and Drafts: the one our letters come from, else the first."""
        boxes = {box.name: box.user.lower() for box in self.shells.configuration.settings.mailboxes}
        names = sorted(self.shells.mailboxes, key=lambda name: boxes.get(name) != self.shells.sender.addr.lower())
        return self.shells.mailboxes[names[0]] if names else None

    def _over(self, task: str) -> Callable[[], bool]:
        return turns.over(self.shells.store, task, lambda: self.stopping)
