"""One pass: look, understand, remind, send, report. What is due is read from the database, never from a timer."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from secrets import SystemRandom

from mailintake.errors import MailboxLoginRefused, MailboxUnavailable, MailintakeError, Reaction
from mailintake.mailbox.port import Mailbox
from mailintake.model.digest import Digest
from mailintake.model.understanding import Disposition
from mailintake.store.port import MessageRow
from mailintake.worker import turns
from mailintake.worker.intake.by_hand import Answers
from mailintake.worker.intake.fetching import Polled, Watch
from mailintake.worker.intake.health import MailboxHealth
from mailintake.worker.intake.polling import poll, reconcile
from mailintake.worker.intake.process import Processed, fate, process
from mailintake.worker.intake.restored import caught_up
from mailintake.worker.intake.spool import clear_spool
from mailintake.worker.morning import digest_due, queue_digest
from mailintake.worker.outbox.freshening import freshen_waiting
from mailintake.worker.outbox.pausing import resume_after_restart
from mailintake.worker.outbox.sending import SentCount, send_due
from mailintake.worker.reminding import remind
from mailintake.worker.schedule import reconcile_due
from mailintake.worker.shells import Shells
from mailintake.worker.turns import CLOCK, SENDING, Turns

Progress = Callable[[Processed, int], None]
_log = logging.getLogger(__name__)
_dice = SystemRandom()


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
    faults: list[str] = field(default_factory=list)


class Worker:
    """Performs passes over the shells it is given, maybe beside other workers on the same database. Set `stopping`
    from anywhere: the step under way is finished.

    `publish` writes the digest's page and workbook; `jitter` gives 0 to 1.
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
        self._publish = publish
        self._answers = {w.mailbox: Answers(shells, shells.mailboxes[w.mailbox], w.folders) for w in watches}
        self._health = {w.mailbox: MailboxHealth(shells, w.mailbox, jitter) for w in watches}
        self._turns = Turns(shells, self._asked_to_stop)
        self._started = False

    def run_once(self) -> Report:
        """Look into every mailbox, work off the queue, send what is due. One step's fault does not stop another;
        what makes work impossible (errors.Reaction.STOP) is raised."""
        report = Report()
        self._step(report, self._start)
        for watch in self.watches:
            self._step(report, partial(self._look, watch))
        self._step(report, self.work_off)
        for task, step in ((CLOCK, self.remind), (CLOCK, self._digest), (SENDING, self._send)):
            if not self.stopping:
                self._step(report, partial(self._in_turn, task, step))
        if not self.stopping and not report.faults:
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
        if self._turns.take(task):
            step(report)

    def retire(self) -> None:
        """Nothing follows from this worker: others may take over at once."""
        self._turns.give_back()

    def _start(self, _report: Report) -> None:
        if not self._started:
            clear_spool(self.shells.spool)
            resume_after_restart(self.shells)
            self._started = True

    def _look(self, watch: Watch, report: Report) -> None:
        mailbox, health = self.shells.mailboxes[watch.mailbox], self._health[watch.mailbox]
        task = turns.mailbox(watch.mailbox)
        if not health.may_try() or not self._turns.take(task):
            return
        over = self._turns.over(task)
        try:
            report.polled = report.polled.plus(poll(self.shells, mailbox, watch, over))
            if reconcile_due(self.shells, mailbox.name) and not over():
                reconcile(self.shells, mailbox, watch, over)
            if not over():
                report.answers += self._answers[watch.mailbox].look(over)
        except (MailboxLoginRefused, MailboxUnavailable) as fault:
            mailbox.close()
            health.failed(fault)
            report.faults.append(f"{mailbox.name}: {fault}")
        else:
            health.well()

    def work_off(self, report: Report) -> None:
        """Every mail that waits, oldest first."""
        while not self.stopping and (row := self._next()) is not None:
            done = process(self.shells, row)
            report.processed += 1
            if (disposition := fate(done)) is not None:
                report.fates[disposition] = report.fates.get(disposition, 0) + 1
            if self.progress:
                self.progress(done, report.processed)

    def _next(self) -> MessageRow | None:
        return self.shells.store.claim_next(self.shells.clock())

    def remind(self, report: Report) -> None:
        """Reminders and lapses that are due now, each committed with its letter; letters that wait for a clerk say what
        is true today."""
        report.reminders += remind(self.shells, self._turns.over(CLOCK))
        freshen_waiting(self.shells)

    def _digest(self, report: Report) -> None:
        if digest_due(self.shells):
            queue_digest(self.shells, self._published)
            report.digest = True

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
            report.sent = send_due(self.shells, self._letter_box(), self._turns.over(SENDING))

    def _letter_box(self) -> Mailbox | None:
        """The mailbox with Sent and Drafts: the one our letters come from, else the first."""
        boxes = {box.name: box.user.lower() for box in self.shells.configuration.settings.mailboxes}
        names = sorted(self.shells.mailboxes, key=lambda name: boxes.get(name) != self.shells.sender.addr.lower())
        return self.shells.mailboxes[names[0]] if names else None

    def _asked_to_stop(self) -> bool:
        return self.stopping
