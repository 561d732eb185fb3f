"""In which role somebody wrote about a case."""

from collections.abc import Iterable

from mailintake.model.case import Case
from mailintake.model.message import InboundMessage

_FINANCE = "finance"  # role of a participant who has sent nothing but slips


def from_finance(cases: Iterable[Case], message: InboundMessage | None) -> bool:
    """Did a mail that brings slips alone come from somebody who has sent nothing else? Its answer speaks of the slips,
    and of nothing that concerns the applicants."""
    sender = message.sender.addr if message is not None and message.sender else ""
    return any(p.addr == sender and p.role == _FINANCE for case in cases for p in case.participants)


def is_for_payer(cases: Iterable[Case], message: InboundMessage | None, to: Iterable[str]) -> bool:
    """Does a letter about such a mail go to whoever paid? One that goes to nobody but those who may hear about the case
    does not."""
    known = tuple(cases)
    contacts = {p.addr for case in known for p in case.participants if p.role != _FINANCE}
    return from_finance(known, message) and not set(to) <= contacts


def from_elsewhere(cases: Iterable[Case], message: InboundMessage | None) -> bool:
    """Did somebody send the mail who may not speak for these cases, one of which took a paper from it all the same?"""
    mail = message.sha256 if message is not None else ""
    return any(d.message == mail and d.is_unconfirmed for case in cases for d in case.documents)
