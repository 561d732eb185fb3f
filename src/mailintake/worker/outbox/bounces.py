"""Bounces tied to the letters they are about: by our Message-ID, else by the address that was not reached."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from mailintake.letters.compose import is_own_message_id
from mailintake.model.letter import INTERNAL, LetterKind, OutboxEntry, OutboxState
from mailintake.model.message import InboundMessage
from mailintake.model.rules import MessageClass
from mailintake.model.understanding import Candidates, Decision, NoticeRow, Sent, Understanding
from mailintake.store.port import LetterWhere, Unit
from mailintake.worker.shells import Shells, log_event

_ID = re.compile(r"<[^<>\s]{1,200}>")
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,255}")
_TEXT = 20_000  # characters of a notice; what it is about stands at its beginning
_AT_ONCE = 500  # addresses in one question to the store
_TO_APPLICANTS = tuple(kind for kind in LetterKind if kind not in INTERNAL)
_LATEST = timedelta(days=14)  # servers give up after five days


def with_bounced_letters(
    shells: Shells, message: InboundMessage, understood: Understanding, candidates: Candidates
) -> Candidates:
    """The candidates of a bounce with every letter of ours that it names; those of any other mail as they are.

    Only for a bounce: elsewhere a Message-ID in a text is a stranger's claim. A bounce can be forged as well; all that
    follows from one is that a clerk looks at the next letter before it goes out.
    """
    if understood.classification.message_class is not MessageClass.BOUNCE:
        return candidates
    named = dict.fromkeys(i for text in _texts(message) for i in _ID.findall(text) if is_own_message_id(i))
    known = {sent.message_id for sent in candidates.by_token}
    sent = shells.store.sent(i for i in named if i not in known)
    if not sent and not known:
        sent = tuple(_by_address(shells, message, {case.number for case in candidates.by_number}))
    return replace(candidates, by_token=(*candidates.by_token, *sent))


def log_bounces(unit: Unit, decision: Decision, candidates: Candidates, now: datetime) -> None:
    """Each letter that came back, by its Message-ID, in the log of its case."""
    for notice in decision.notices:
        if notice.code == "letter.bounced":
            for sent in candidates.by_token:
                if sent.case == notice.case:
                    told = {"case": sent.case, "message": notice.message}
                    log_event(unit, now, "letter.bounced", **told, letter=sent.message_id)


def open_bounces(shells: Shells, cases: Iterable[str], to: Iterable[str]) -> tuple[NoticeRow, ...]:
    """Open lines for staff about letters that came back, of one of those cases or from one of those addresses."""
    return shells.store.notices_of_letters("letter.bounced", cases, to)


def close_bounces(shells: Shells, unit: Unit, entry: OutboxEntry, now: datetime) -> None:
    """A letter that was written after the bounce and went out all the same was approved by a person, who looked."""
    for row in open_bounces(shells, (entry.case,), entry.to):
        if row.at < entry.queued_at:
            unit.close_notice(row.id, now, "approved")


def _by_address(shells: Shells, message: InboundMessage, numbers: set[str]) -> Iterator[Sent]:
    """The newest letter to each address that the notice tells, of those whose case number it quotes if it quotes one.
    NetEase and QQ quote subject and recipient of a letter, and neither its headers nor its Message-ID."""
    told = {address.strip(".").lower() for text in _texts(message) for address in _ADDRESS.findall(text[:_TEXT])}
    structured = bool(message.failed_recipients) or message.content_type == "multipart/report"  # it may tell of a delay
    unreached = ({*message.failed_recipients} if structured else told) - shells.own_addresses
    since = shells.clock() - _LATEST
    newest: dict[str, OutboxEntry] = {}
    for entry in _sent_to(shells, sorted(unreached), numbers, since):
        newest |= {to: entry for to in (a.lower() for a in entry.to) if to in unreached}
    for entry in {entry.id: entry for entry in newest.values()}.values():
        yield Sent(entry.message_id, entry.case, entry.to, entry.sha256)


def _sent_to(shells: Shells, addresses: list[str], numbers: set[str], since: datetime) -> tuple[OutboxEntry, ...]:
    """Letters that went to one of those addresses, the oldest first; about one of those cases where there are any."""
    where: LetterWhere = {"kinds": _TO_APPLICANTS, "sent_since": since}
    if numbers:
        where["cases"] = numbers
    found: dict[int, OutboxEntry] = {}
    for start in range(0, len(addresses), _AT_ONCE):
        where["reaching"] = addresses[start : start + _AT_ONCE]
        found |= {entry.id: entry for entry in shells.store.outbox((OutboxState.SENT,), **where)}
    return tuple(found[number] for number in sorted(found))


def _texts(message: InboundMessage) -> Iterator[str]:
    yield message.new_text
    yield message.quoted_text
    for forwarded in message.forwarded:
        yield forwarded.message_id
        yield forwarded.new_text
