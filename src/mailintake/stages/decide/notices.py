"""What a mail gives staff to do."""

from collections.abc import Iterable, Iterator

from mailintake.model.assessment import Flag
from mailintake.model.case import Case
from mailintake.model.identity import Trust, trust
from mailintake.model.message import InboundMessage, Note, wire_form
from mailintake.model.understanding import StaffNotice, Understanding

CONFLICT = "procedure.conflict"
FORGED = "sender.forged"


def mail_notices(message: InboundMessage, understood: Understanding, cases: Iterable[Case]) -> tuple[StaffNotice, ...]:
    """Notices about the mail itself, tied to its first case."""
    number = next((case.number for case in cases), "")
    return tuple(
        StaffNotice(code, text, case=number, message=message.sha256) for code, text in _said(message, understood)
    )


def _said(message: InboundMessage, understood: Understanding) -> Iterator[tuple[str, str]]:
    loose = [d.path for d in understood.people.documents if d.kind is None and not d.problem]
    if loose:
        yield "attachment.unassigned", ", ".join(loose)
    broken = [f"{a.path} ({a.problem})" for a in message.documents if a.problem]
    if broken:
        yield "attachment.problem", ", ".join(broken)
    if Note.NOT_SCANNED in message.notes:
        yield "attachment.not_scanned", ", ".join(a.path for a in message.documents)
    if message.cloud_links:
        yield "cloud_link.not_attached", ", ".join(link.name or link.host for link in message.cloud_links)
    if understood.classification.conflict:
        yield CONFLICT, understood.classification.conflict
    if message.sender is None or not wire_form(message.sender.addr):
        yield "sender.unreachable", message.sender.addr if message.sender else ""
    seen = trust(message.authentication)
    if seen.answer is Trust.FORGED:
        yield FORGED, seen.why


def flag_notices(before: Case | None, case: Case) -> tuple[StaffNotice, ...]:
    """Flags that are new with this mail; those known before were shown already."""
    known = set(_flags(before)) if before is not None else set()
    return tuple(StaffNotice(f.code, f.evidence, case=case.number) for f in _flags(case) if f not in known)


def _flags(case: Case) -> tuple[Flag, ...]:
    return (*(case.assessment.flags if case.assessment else ()), *case.flags)


def unverified(message: InboundMessage, understood: Understanding) -> StaffNotice:
    """Somebody who may not speak for a case wrote about it; the guesses help staff to decide."""
    sender = message.sender.addr if message.sender else ""
    guesses = ", ".join(f"{g.case} ({g.why})" for g in understood.link.guesses)
    named = understood.link.case.number if understood.link.case else ""
    return StaffNotice("sender.unverified", f"{sender}: {guesses or named}", case=named, message=message.sha256)
