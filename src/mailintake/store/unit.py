"""One transaction: the parts of unit_*.py together."""

from mailintake.store.unit_acts import ActWrites
from mailintake.store.unit_cases import CaseWrites
from mailintake.store.unit_desk import DeskWrites
from mailintake.store.unit_erasure import ErasureWrites
from mailintake.store.unit_letters import LetterWrites
from mailintake.store.unit_log import LogWrites
from mailintake.store.unit_mailboxes import MailboxWrites
from mailintake.store.unit_messages import MessageWrites


class SqlUnit(MessageWrites, CaseWrites, ErasureWrites, LetterWrites, MailboxWrites, ActWrites, DeskWrites, LogWrites):
    """Implements store.port.Unit on one connection that is inside a transaction."""
