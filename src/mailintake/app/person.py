"""Everything that is held about one person, for whoever asks to see it (个人信息保护法 第四十五条).

Who is meant is said by the whole name or the whole number of a passport or card, or by an address: a beginning would
show one person what is held about another. Two people of one name are both shown; the numbers tell them apart.
"""

from collections.abc import Iterator
from datetime import datetime

from mailintake.model.case import Applicant, Case, Event, State
from mailintake.model.document import Document
from mailintake.model.letter import OutboxEntry
from mailintake.model.procedure import ProcedureKey
from mailintake.model.value import value
from mailintake.store.port import MessageRow, Store
from mailintake.store.types import key_of

ASKED = "person.asked"  # the event of a request; it names cases, never the person
_LOOKS = ("case.viewed", "case.exported", "document.viewed", "document.downloaded", "mail.viewed", "mail.downloaded")
_PART = 200  # mails that are searched at once


@value
class HeldCase:
    """A case the person applies in, or speaks for; `documents` are their own and those that are nobody's."""

    number: str
    procedure: ProcedureKey
    state: State
    opened_at: datetime
    company: str
    people: tuple[Applicant, ...]  # as the case knows the person; empty: only an address of theirs stands there
    documents: tuple[Document, ...]


@value
class Held:
    """All of it, each list oldest first. Mails that belong to no case are those whose words hold what was asked."""

    cases: tuple[HeldCase, ...]
    mails: tuple[MessageRow, ...]
    letters: tuple[OutboxEntry, ...]
    looks: tuple[Event, ...]


def held_about(store: Store, asked: str) -> Held:
    """What there is about that person, in every case, closed ones too; nothing is cut."""
    key = key_of(asked)
    found = tuple(store.cases(open_only=False, search=asked)) if key else ()
    named = tuple((case, held) for case in found if (held := _held(case, key)) is not None)
    numbers = [case.number for case, _ in named]
    mails = {row.sha256: row for row in _naming(store, asked)}
    mails |= store.messages_of(sha256 for case, _ in named for sha256 in case.messages)
    letters = {entry.id: entry for entry in (store.outbox(cases=numbers) if numbers else ())}
    letters |= {e.id: e for sha256 in mails for e in store.outbox(in_answer_to=sha256)}
    return Held(
        tuple(held for _, held in named),
        tuple(sorted(mails.values(), key=lambda row: (row.received_at, row.id))),
        tuple(letters[number] for number in sorted(letters)),
        tuple(event for event in store.events_about(numbers, mails) if event.what in _LOOKS),
    )


def _held(case: Case, key: str) -> HeldCase | None:
    people = tuple(person for person in case.applicants if key in _called(person))
    speaks = any(key in (key_of(one.addr), key_of(one.name)) for one in case.participants)
    if not people and not speaks:
        return None
    keys = {person.key for person in people}
    alone = len(case.applicants) == len(people)
    documents = tuple(d for d in case.documents if alone or d.applicant is None or d.applicant in keys)
    return HeldCase(
        case.number, case.procedure, case.state, case.opened_at, case.company, people, documents if people else ()
    )


def _called(person: Applicant) -> set[str]:
    """The whole name, in either order, and the whole numbers, as they are compared."""
    turned = " ".join(reversed(person.name_pinyin.replace(",", " ").split()))
    said = (person.name, person.name_pinyin, turned, person.passport_no, person.old_passport_no, person.card_no)
    return {key_of(text) for text in said if text}


def _naming(store: Store, asked: str) -> Iterator[MessageRow]:
    """Every mail whose words hold all of what was asked."""
    before: int | None = None
    while rows := store.find_mails(asked, _PART, before=before):
        yield from rows
        before = rows[-1].id
