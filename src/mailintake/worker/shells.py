"""Everything with effects that a pass needs, handed in from outside."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mailintake.config import Configuration
from mailintake.letters.render import Renderer
from mailintake.mailbox.port import Mailbox
from mailintake.mailer.port import Mailer
from mailintake.model.case import Event
from mailintake.model.rules import RuleSet
from mailintake.readers.port import Readers
from mailintake.store.port import Store, Unit

MACHINE = "machine"


@dataclass(frozen=True)
class Shells:
    """`clock` gives aware datetimes; `spool` is a folder on the same file system as the originals."""

    store: Store
    readers: Readers
    mailboxes: Mapping[str, Mailbox]
    mailer: Mailer
    renderer: Renderer
    configuration: Configuration
    clock: Callable[[], datetime]
    spool: Path
    dry_run: bool = False

    @property
    def rules(self) -> RuleSet:
        """The rules in force."""
        return self.configuration.rules


def log_event(
    unit: Unit, at: datetime, what: str, *, case: str = "", message: str = "", actor: str = MACHINE, **data: str
) -> None:
    """Append to the event log; `data` must hold no personal data."""
    unit.log(Event(at, actor, what, case, message, tuple(sorted(data.items()))))
