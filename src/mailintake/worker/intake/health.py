"""How the mailboxes do: back-off after faults, no storm of logins, and one line for staff when it lasts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mailintake.errors import MailboxLoginRefused, MailboxUnavailable
from mailintake.model.understanding import StaffNotice
from mailintake.worker.shells import Shells, log_event

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
_FAULT = "mailbox.fault"
_WORTH_A_NOTICE = timedelta(hours=1)


@dataclass
class MailboxHealth:
    """One mailbox, since this program started. `jitter` gives 0 to 1 and spreads the tries of many installations."""

    shells: Shells
    name: str
    jitter: Callable[[], float]
    _over: bool = field(default=False, init=False)  # the login is not tried again (mailbox.connection counts)
    _failures: int = field(default=0, init=False)
    _not_before: datetime | None = field(default=None, init=False)
    _waited_from: datetime | None = field(default=None, init=False)

    def may_try(self) -> bool:
        """Is it worth a try now? Not once the mailbox has given its login up, until a restart. A clock that was set
        back ends the waiting."""
        if self._over:
            return False
        now = self.shells.clock()
        waits = self._not_before is not None and now < self._not_before
        return not waits or (self._waited_from is not None and now < self._waited_from)

    def well(self) -> None:
        """It answered: what was said about its fault is over."""
        self._failures, self._not_before = 0, None
        if self.shells.store.mailbox(self.name).fault:
            now = self.shells.clock()
            with self.shells.store.begin() as unit:
                unit.note_mailbox(self.name, fault="", failing_since=None)
                unit.close_notices(_FAULT, self.name, now, "over")
                log_event(unit, now, "mailbox.well", mailbox=self.name)

    def failed(self, fault: MailboxUnavailable | MailboxLoginRefused) -> None:
        """Wait 30 s, 1, 2 … 15 minutes, or as long as the server asked for. Staff hear of it after an hour, of a
        refused login at once: only a person can mend that."""
        now = self.shells.clock()
        login = isinstance(fault, MailboxLoginRefused)
        self._over = isinstance(fault, MailboxLoginRefused) and fault.final
        wait = min(FIRST_WAIT * 2 ** min(self._failures, 10), LONGEST_WAIT)
        asked = timedelta(seconds=fault.retry_after_seconds) if isinstance(fault, MailboxUnavailable) else timedelta(0)
        self._failures += 1
        self._waited_from, self._not_before = now, now + max(wait * (0.75 + 0.25 * self.jitter()), asked)
        self._record(str(fault), now, urgent=login)

    def _record(self, fault: str, now: datetime, *, urgent: bool) -> None:
        since = self.shells.store.mailbox(self.name).failing_since
        lasts = since is not None and now - since >= _WORTH_A_NOTICE
        with self.shells.store.begin() as unit:
            if since is None:
                log_event(unit, now, _FAULT, mailbox=self.name)
            unit.note_mailbox(self.name, fault=fault, failing_since=since or now)
            if urgent or lasts:
                unit.add_notice_once(StaffNotice(_FAULT, f"{self.name}: {fault}"), now, self.name)
