"""One pass: look, understand, remind, send, report. What is due is read from the database, never from a timer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from mailintake.errors import MailboxLoginRefused, MailboxUnavailable
from mailintake.mailbox.port import Mailbox
from mailintake.model.understanding import Disposition, StaffNotice
from mailintake.stages.remind import due
from mailintake.store.port import MessageRow
from mailintake.worker.morning import digest_due, queue_digest
from mailintake.worker.outgoing import Occasion, queue_orders, with_letter
from mailintake.worker.polling import Polled, Watch, poll, reconcile
from mailintake.worker.process import Processed, fate, process
from mailintake.worker.sending import SentCount, send_due
from mailintake.worker.shells import Shells, log_event

Progress = Callable[[Processed, int], None]


@dataclass
class Report:
    """What one pass did; the line that `run --once` prints."""

    polled: Polled = field(default_factory=Polled)
    fates: dict[Disposition, int] = field(default_factory=dict)
    processed: int = 0
    reminders: int = 0
    sent: SentCount = field(default_factory=SentCount)
    digest: bool = False
    faults: list[str] = field(default_factory=list)


class Worker:
    """Performs passes over the shells it is given."""

    def __init__(self, shells: Shells, watches: tuple[Watch, ...], progress: Progress | None = None) -> None:
        self.shells, self.watches, self.progress = shells, watches, progress
        self.stopping = False

    def run_once(self) -> Report:
        """Look into every mailbox, work off the queue, send what is due. One mailbox's fault does not stop another."""
        report = Report()
        for watch in self.watches:
            self._look(self.shells.mailboxes[watch.mailbox], watch, report)
        self.work_off(report)
        self.remind(report)
        if digest_due(self.shells):
            queue_digest(self.shells)
            report.digest = True
        if not self.shells.dry_run:
            report.sent = send_due(self.shells, next(iter(self.shells.mailboxes.values()), None))
        return report

    def _look(self, mailbox: Mailbox, watch: Watch, report: Report) -> None:
        try:
            report.polled = report.polled.plus(poll(self.shells, mailbox, watch))
            self._reconcile_daily(mailbox, watch)
            self._fault(mailbox.name, "")
        except MailboxLoginRefused as refused:
            report.faults.append(str(refused))
            self._fault(mailbox.name, str(refused))
        except MailboxUnavailable as absent:
            report.faults.append(str(absent))
            self._fault(mailbox.name, str(absent))
            mailbox.close()

    def _reconcile_daily(self, mailbox: Mailbox, watch: Watch) -> None:
        done = self.shells.store.value(f"reconciled:{mailbox.name}")
        if done is None or datetime.fromisoformat(done.split()[0]).date() != self.shells.clock().date():
            reconcile(self.shells, mailbox, watch)

    def _fault(self, name: str, fault: str) -> None:
        if (self.shells.store.value(f"fault:{name}") or "") == fault:
            return
        now = self.shells.clock()
        with self.shells.store.begin() as unit:
            unit.set_value(f"fault:{name}", fault)
            if fault:
                unit.add_notice(StaffNotice("mailbox.fault", f"{name}: {fault}"), now)
                log_event(unit, now, "mailbox.fault", mailbox=name)

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
        """Reminders and lapses that are due now; each is committed with its letter."""
        now = self.shells.clock()
        cases = self.shells.store.cases(open_only=True, limit=100_000)
        for decision in due(cases, self.shells.rules, self.shells.configuration.letters, now):
            with self.shells.store.begin() as unit:
                known = {case.number: case for case in decision.cases}
                occasion = Occasion(None, now, sequence=now.toordinal())
                queued = queue_orders(self.shells, unit, decision.letters, known, occasion)
                for case in decision.cases:
                    told = case
                    for order, letter, _ in queued:
                        told = with_letter(told, letter, now) if order.case == case.number else told
                    unit.save_case(told)
                    log_event(unit, now, "case.reminded", case=case.number, state=case.state.value)
                for notice in decision.notices:
                    unit.add_notice(notice, now)
            report.reminders += 1
