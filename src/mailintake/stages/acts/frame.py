"""What every act is given, and what it may answer."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from datetime import datetime

from mailintake.model.act import Refused, Signed, refused
from mailintake.model.case import Case, Event
from mailintake.model.erasure import Erasable
from mailintake.model.letter import LetterPolicy, OutboxEntry, OutboxState
from mailintake.model.message import InboundMessage, wire_form
from mailintake.model.rules import MessageClass, RuleSet
from mailintake.model.staff import MAY_ACT, Colleague
from mailintake.model.understanding import Disposition, LetterOrder, StaffNotice
from mailintake.model.value import value
from mailintake.model.zone import SHANGHAI

NEEDS_REASON = frozenset({"refuse", "reject", "extend", "dismiss_flag"})
_SHOWN = 5


@value
class Around:
    """What an act may depend on besides its target. Fetched by the shell, judged here."""

    rules: RuleSet
    policy: LetterPolicy
    now: datetime
    staff: tuple[Colleague, ...] = ()
    others: Mapping[str, Case] = field(default_factory=dict)  # cases that the act names
    letters: tuple[OutboxEntry, ...] = ()  # of the case, in the order they were queued
    message: InboundMessage | None = None  # the case's last mail
    numbers: Iterator[str] = field(default_factory=lambda: iter(()))  # one is taken for every case that is opened
    erasable: Erasable | None = None  # what an erasure of the case takes with it


@value
class Move:
    """A letter of the outbox that changes its state."""

    entry: int
    before: OutboxState
    after: OutboxState
    why: str = ""


@value
class Fate:
    """What is recorded about a mail from now on."""

    message: str
    disposition: Disposition
    message_class: MessageClass | None = None  # None: as it was


@value
class Settled:
    """Lines of the digest that are seen to: those of a case or of a mail, or one by its number; by their codes where
    any are named."""

    case: str = ""
    message: str = ""
    line: int = 0
    codes: tuple[str, ...] = ()


@value
class Acted:
    """What follows from an act; performed in one transaction, or shown in a dry run."""

    cases: tuple[Case, ...] = ()  # new or changed, to be stored whole; the target's first
    opened: tuple[str, ...] = ()  # numbers among them that are new
    letters: tuple[LetterOrder, ...] = ()
    moves: tuple[Move, ...] = ()
    notices: tuple[StaffNotice, ...] = ()
    settled: tuple[Settled, ...] = ()
    fate: Fate | None = None
    text: str = ""  # what was written down: a note, a telephone call
    waits_for: str = ""  # "second_person"
    for_approval: bool = False  # the letters wait for a clerk whatever their mode
    erases: bool = False  # the cases are blank from now on, in all their versions, with all that Around.erasable names


def who_may(signed: Signed, staff: Iterable[Colleague]) -> Refused | None:
    """Is the person known, may they act, and do they say why where a reason is due?"""
    person = next((one for one in staff if one.name == signed.by), None)
    if person is None:
        return refused("by.unknown", name=signed.by)
    if person.role not in MAY_ACT:
        return refused("by.role", name=signed.by, role=person.role.value)
    if signed.act.name in NEEDS_REASON and not signed.reason.strip():
        return refused("reason.missing", act=signed.act.name)
    return None


def stale(case: Case, signed: Signed, events: Iterable[Event]) -> Refused | None:
    """Did somebody change the case since the person looked? `events` are those of the case, oldest first."""
    if signed.revision is None or signed.revision == case.revision:
        return None
    later = [e for e in events if _revision(e) > signed.revision]
    changed = "; ".join(_line(event) for event in later[-_SHOWN:])
    return refused("case.changed", number=case.number, seen=signed.revision, now=case.revision, changed=changed)


def _revision(event: Event) -> int:
    after = dict(event.data).get("after", "")
    return int(after) if after.isdecimal() else 0


def _line(event: Event) -> str:
    """When, who, what."""
    who = event.actor.partition(":")[2] or event.actor
    what = dict(event.data).get("act", event.what)
    return f"{event.at.astimezone(SHANGHAI):%m-%d %H:%M} {who} {what}"


def participants(case: Case) -> tuple[str, ...]:
    """Everybody who may hear about the case and can be reached by mail."""
    return tuple(dict.fromkeys(p.addr for p in case.participants if wire_form(p.addr)))


def taken_back(letters: Iterable[OutboxEntry], why: str) -> tuple[Move, ...]:
    """The letters that have not been tried yet, out of the way: the case they speak of is another now."""
    unsent = (OutboxState.WAITING, OutboxState.READY)
    waiting = (e for e in letters if e.state in unsent and not e.attempts)
    return tuple(Move(e.id, e.state, OutboxState.SUPERSEDED, why) for e in waiting)
