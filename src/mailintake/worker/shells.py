"""Everything with effects that a pass needs, handed in from outside."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mailintake.config import Configuration
from mailintake.mailbox.port import Mailbox
from mailintake.mailer.port import Mailer
from mailintake.model.case import Event
from mailintake.model.identity import own_addresses
from mailintake.model.message import Address
from mailintake.model.rules import RuleSet
from mailintake.readers.port import Readers
from mailintake.store.port import Store, Unit
from mailintake.worker.story import tell_event

if TYPE_CHECKING:
    from mailintake.letters.render import Renderer

MACHINE = "machine"


@dataclass(frozen=True)
class Shells:
    """`clock` gives aware datetimes; `spool` is a folder on the same file system as the originals. `mailbox` says whose
    rules are in force (worker.offices); empty: the general ones. `rendering` gives the same renderer each time; most
    passes write nothing, and never load what it needs."""

    store: Store
    readers: Readers
    mailboxes: Mapping[str, Mailbox]
    mailer: Mailer
    rendering: "Callable[[], Renderer]"
    configuration: Configuration
    clock: Callable[[], datetime]
    spool: Path
    dry_run: bool = False
    mailbox: str = ""

    @property
    def renderer(self) -> "Renderer":
        """What writes letters, pages and lists."""
        return self.rendering()

    @property
    def rules(self) -> RuleSet:
        """The rules in force."""
        return self.configuration.rules_of(self.mailbox)

    @property
    def sender(self) -> Address:
        """Who our letters come from; some providers refuse any address but the login's own."""
        smtp, office = self.configuration.settings.smtp, self.rules.office
        return Address(smtp.from_name or office.name, smtp.from_address or office.intake_address)

    @property
    def own_addresses(self) -> frozenset[str]:
        """Ours, in lower case: never written to."""
        return own_addresses(self.rules)


def never() -> bool:
    """Nobody asks to stop."""
    return False


def log_event(
    unit: Unit, at: datetime, what: str, *, case: str = "", message: str = "", actor: str = MACHINE, **data: str
) -> int:
    """Append to the event log; gives the number of the event. `data` must hold no personal data."""
    event = Event(at, actor, what, case, message, tuple(sorted(data.items())))
    tell_event(event)
    return unit.log(event)
