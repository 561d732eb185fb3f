"""What an act is done to, and what may matter for it: fetched before it is judged.

How targets are written: a case by its number; a letter by its outbox number; a mail by its number, the beginning of
its sha256 or its Message-ID; a line of the digest as #17; a document as NUMBER/PATH or NUMBER/SHA256, or by its sha256
alone where only one case holds it.
"""

import re
from dataclasses import replace
from typing import assert_never

from mailintake.model.act import (
    Act,
    LinkTo,
    Merge,
    NewAtWindow,
    NotSpam,
    OpenCase,
    Refused,
    Relate,
    Signed,
    Target,
    Unlink,
    refused,
)
from mailintake.model.case import Case, State
from mailintake.model.document import Document
from mailintake.model.letter import OutboxEntry
from mailintake.model.message import InboundMessage
from mailintake.model.situation import KnownMail, Situation
from mailintake.model.understanding import Candidates, Disposition, Screening
from mailintake.model.value import value
from mailintake.stages.acts.documents import document_of
from mailintake.stages.acts.mails import StoredMail
from mailintake.stages.lookup import lookup
from mailintake.stages.understand import understand
from mailintake.store.port import MessageRow
from mailintake.worker.intake.reading import Opened, open_mail, understand_files
from mailintake.worker.offices import for_case, for_entry, for_mail
from mailintake.worker.shells import Shells

_LINE = re.compile(r"#([0-9]{1,9})")
_SEARCHED = 24  # characters of a sha256 by which cases are found (store.terms)
_HASH = re.compile(r"[0-9a-f]{8,64}")


@value
class Subject:
    """One of the things that acts are done to, with its case where it has one."""

    shells: Shells  # with the rules that hold for it
    case: Case | None = None
    entry: OutboxEntry | None = None
    document: Document | None = None
    mail: StoredMail | None = None
    message: InboundMessage | None = None  # the mail itself, or the case's last one
    others: tuple[Case, ...] = ()  # cases that the act names, and those of the mail
    opened: Opened | None = None
    row: MessageRow | None = None


def opened_before(shells: Shells, signed: Signed) -> Opened | None:
    """A mail that the act looks into, read outside of any transaction: reading is dear, and writes what it measured."""
    if not isinstance(signed.act, LinkTo | OpenCase | NotSpam):
        return None
    row = shells.store.message(signed.target)
    if row is None or row.status != "done" or row.disposition is Disposition.ERASED:
        return None
    message, facts = open_mail(shells, row.sha256)
    return understand_files(for_mail(shells, row, message), message, facts, row.received_at)


def subject_of(shells: Shells, signed: Signed, opened: Opened | None) -> Subject | Refused:
    """What is meant by the target, or why nothing is."""
    match signed.act.target:
        case Target.CASE:
            return _case(shells, signed.target, signed.act)
        case Target.DOCUMENT:
            return _document(shells, signed)
        case Target.LETTER:
            return _letter(shells, signed.target)
        case Target.MAIL:
            return _mail(shells, signed, opened)
        case _:
            assert_never(signed.act.target)


def _case(shells: Shells, number: str, act: Act) -> Subject | Refused:
    case = shells.store.case(number.strip().upper())
    if case is None:
        return refused("case.unknown", number=number)
    if case.state is State.ERASED:
        return refused("case.erased", number=case.number)
    mine = for_case(shells, case)
    named = act.other if isinstance(act, Merge | Relate) else ""
    other = shells.store.case(named.strip().upper()) if named else None
    return Subject(mine, case, message=_last_mail(mine, case), others=() if other is None else (other,))


def _last_mail(shells: Shells, case: Case) -> InboundMessage | None:
    return shells.store.reading(case.messages[-1]) if case.messages else None


def _document(shells: Shells, signed: Signed) -> Subject | Refused:
    if isinstance(signed.act, NewAtWindow):
        return Subject(shells)
    number, _, called = signed.target.partition("/")
    if not called and _HASH.fullmatch(number.lower()):
        return _by_bytes(shells, number.lower())
    found = _case(shells, number, signed.act)
    if isinstance(found, Refused) or found.case is None or not called:
        return found
    document = document_of(found.case, called)
    return refused("document.unknown", number=number) if document is None else replace(found, document=document)


def _by_bytes(shells: Shells, prefix: str) -> Subject | Refused:
    holding = shells.store.cases(open_only=False, search=prefix[:_SEARCHED])
    found = [(case, d) for case in holding if (d := document_of(case, prefix)) is not None]
    if len(found) != 1:
        return refused("document.unknown", number=prefix[:12])
    case, document = found[0]
    mine = for_case(shells, case)
    return Subject(mine, case, document=document, message=_last_mail(mine, case))


def _letter(shells: Shells, target: str) -> Subject | Refused:
    """An outbox number; for a letter that is to be written, a case or the mail that it answers."""
    number = target.strip()
    if number.isascii() and number.isdigit():
        entry = shells.store.outbox_entry(int(number))
        if entry is None:
            return refused("letter.unknown", id=number)
        if not entry.sha256:
            return refused("letter.erased", id=number)
        case = shells.store.case(entry.case) if entry.case else None
        return Subject(for_entry(shells, entry), case, entry)
    case = shells.store.case(number.upper())
    if case is not None and case.state is State.ERASED:
        return refused("case.erased", number=case.number)
    if case is not None:
        mine = for_case(shells, case)
        return Subject(mine, case, message=_last_mail(mine, case))
    row = shells.store.message(number)
    message = shells.store.reading(row.sha256) if row is not None else None
    if row is None or message is None:
        return refused("letter.unknown", id=number)
    held = next((c for n in row.cases if (c := shells.store.case(n)) is not None), None)
    mail = StoredMail(row.sha256, row.disposition, row.cases)
    return Subject(for_mail(shells, row, message), held, mail=mail, message=message, row=row)


def _mail(shells: Shells, signed: Signed, opened: Opened | None) -> Subject | Refused:
    line = _LINE.fullmatch(signed.target.strip())
    if line is not None:
        rows = {row.id: row for row in shells.store.notices()}
        wanted = int(line.group(1))
        if wanted not in rows:
            return refused("line.unknown", line=signed.target)
        case = shells.store.case(rows[wanted].notice.case) if rows[wanted].notice.case else None
        return Subject(shells, case, mail=StoredMail("", None, line=wanted))
    row = shells.store.message(signed.target)
    if row is None:
        return refused("mail.unknown", mail=signed.target)
    if row.disposition is Disposition.ERASED:
        return refused("mail.erased", mail=signed.target)
    return _stored(shells, row, signed.act, opened)


def _stored(shells: Shells, row: MessageRow, act: Act, opened: Opened | None) -> Subject:
    named = act.case if isinstance(act, LinkTo | Unlink) else ""
    numbers = dict.fromkeys((*((named.strip().upper(),) if named else ()), *row.cases))
    others = tuple(c for n in numbers if (c := shells.store.case(n)) is not None and c.state is not State.ERASED)
    message = shells.store.reading(row.sha256)
    mine = shells if message is None else for_mail(shells, row, message)
    situation = None if opened is None else _situation(mine, row, opened, parked=not isinstance(act, NotSpam))
    mail = StoredMail(row.sha256, row.disposition, row.cases, situation=situation)
    return Subject(
        mine, others[0] if others else None, mail=mail, message=message, others=others, opened=opened, row=row
    )


def _situation(shells: Shells, row: MessageRow, opened: Opened, *, parked: bool) -> Situation:
    """The mail understood by the rules of today, with what the database knows today."""
    candidates = candidates_of(shells, opened)
    screened = None if parked else Screening(None, parked=False)
    mail = KnownMail(opened.message, opened.people, candidates, shells.rules)
    return Situation(mail, understand(mail, screened), row.received_at)


def candidates_of(shells: Shells, opened: Opened) -> Candidates:
    """What the database knows that could matter for that mail."""
    keys = lookup(opened.message, opened.people, shells.rules)
    return shells.store.candidates(keys.tokens, keys.numbers, keys.sender, keys.company_domain, keys.identifiers)
