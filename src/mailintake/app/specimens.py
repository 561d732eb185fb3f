"""An invented case for every kind of letter, under the rules at hand, for `letter preview`."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from ruamel.yaml import YAML

from mailintake.config.resource import resource
from mailintake.model.assessment import Assessment, CheckedDocument, Finding, Missing, Verdict
from mailintake.model.case import Applicant, Case, Deadline, DeadlineKind, Participant, State
from mailintake.model.document import Document, Outcome
from mailintake.model.letter import INTERNAL, LetterKind
from mailintake.model.message import Address, Attachment, CloudLink, InboundMessage
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import RuleSet
from mailintake.model.traits import slips
from mailintake.model.understanding import LetterOrder

_NUMBER, _SENDER = "LN-2026-000001", "clerk@company.example"
_MAIL, _FILE, _SOME_ZIP = "ab" * 32, "cd" * 32, "ef" * 32
_SMALL = {"width": 413, "height": 579}
_LEFT = {LetterKind.REMINDER: 2, LetterKind.OVERDUE: 0}
_COMPLETE = frozenset({LetterKind.ACKNOWLEDGEMENT, LetterKind.RESULT, LetterKind.PROGRESS})
_ALONE = frozenset({LetterKind.PROCEDURE_SHEET, LetterKind.RECEIVED, LetterKind.COMPLAINT})


@dataclass(frozen=True)
class Specimen:
    """Everything from which one letter is written."""

    order: LetterOrder
    cases: tuple[Case, ...]
    message: InboundMessage | None
    today: date


def specimens(rules: RuleSet, today: date) -> Iterator[Specimen]:
    """One for each kind of letter that applicants get."""
    for kind in LetterKind:
        if kind not in INTERNAL:
            yield _specimen(kind, rules, today)


def _specimen(kind: LetterKind, rules: RuleSet, today: date) -> Specimen:
    alone = kind in _ALONE
    order = LetterOrder(
        kind,
        (_SENDER,),
        case="" if alone else _NUMBER,
        procedures=(ProcedureKey.NEW,) if kind is LetterKind.PROCEDURE_SHEET else (),
        days_left=_LEFT.get(kind),
        text=_invented()["preview"]["written"] if kind in (LetterKind.RESULT, LetterKind.ANSWER) else "",
    )
    answers = kind not in _LEFT and kind is not LetterKind.RESULT
    message = _message(today, unopened=kind is LetterKind.UNREADABLE) if answers else None
    return Specimen(order, () if alone else (_case(kind, rules, today),), message, today)


def _case(kind: LetterKind, rules: RuleSet, today: date) -> Case:
    invented, at = _invented(), _moment(today)
    people = tuple(
        Applicant(f"a{number}", name, latin, f"EA123456{number}")
        for number, (name, latin) in enumerate(zip(invented["names"][:2], invented["latin"], strict=False), 1)
    )
    state = State.COMPLETE if kind in _COMPLETE else State.AWAITING_CORRECTION
    due = (Deadline(DeadlineKind.CORRECTION, today + timedelta(days=2), since=today),)
    return Case(
        number=_NUMBER,
        procedure=ProcedureKey.NEW,
        variant=rules.procedure(ProcedureKey.NEW).variant(None).id,
        state=State.CORRECTION_OVERDUE if kind is LetterKind.OVERDUE else state,
        company=invented["company"],
        opened_at=at,
        first_received_at=at,
        last_received_at=at,
        rule_version=rules.version,
        applicants=people,
        participants=(Participant(_SENDER, invented["preview"]["clerk"]),),
        assessment=_assessment(kind, people, rules, at),
        deadlines=due if kind in _LEFT else (),
    )


def _assessment(kind: LetterKind, people: tuple[Applicant, ...], rules: RuleSet, at: datetime) -> Assessment:
    """All there; or the slips lack; or every second paper that may follow later; or, too, a photo of the wrong size."""
    of_fees = slips(rules)
    asked = rules.procedure(ProcedureKey.NEW).variant(None).email
    missing, documents = [], []
    lacks = kind not in _COMPLETE and kind is not LetterKind.TO_STAFF
    for position, one in enumerate(asked):
        declared = rules.kinds[one.kind]
        gone = lacks and (
            one.kind in of_fees if kind is LetterKind.PAYMENT_REMINDER else one.tolerable and position % 2
        )
        if gone:
            owner = None if one.kind in of_fees else people[0].key
            missing.append(Missing(one.kind, declared.missing, owner, tolerable=one.tolerable, clause=one.clause))
            continue
        for person in people:
            document = Document(
                f"{person.name}{declared.title}",
                f"{person.name}{declared.title}",
                _FILE,
                _MAIL,
                at,
                one.kind,
                person.key,
            )
            documents.append(CheckedDocument(document, Outcome.OK))
    if lacks and kind not in (LetterKind.PAYMENT_REMINDER, LetterKind.TOLERATED):
        documents = [_spoilt(one) if one.document.kind == "photo" else one for one in documents]
    verdict = Verdict.CORRECTABLE if lacks else Verdict.COMPLETE
    return Assessment(Verdict.FOR_STAFF if kind is LetterKind.TO_STAFF else verdict, tuple(documents), tuple(missing))


def _spoilt(one: CheckedDocument) -> CheckedDocument:
    small = Finding("photo.size", _SMALL, {"width": 600, "height": 800})
    return replace(one, outcome=Outcome.NOT_OK, findings=(small,))


def _message(today: date, *, unopened: bool) -> InboundMessage:
    words = _invented()["preview"]
    name = words["archive"]
    locked = Attachment(name, name, "2", "application/zip", 9, _SOME_ZIP, problem="archive.encrypted")
    plain = Attachment(name, name, "1", "application/zip", 1000, _SOME_ZIP)
    return InboundMessage(
        sha256=_MAIL,
        size=1000,
        subject=words["subject"],
        sender=Address(words["clerk"], _SENDER),
        date=_moment(today),
        message_id="<one@company.example>",
        new_text=words["text"],
        attachments=(locked if unopened else plain,),
        cloud_links=(CloudLink(words["link"], "82M", "", "mail.qq.com"),) if unopened else (),
    )


def _moment(today: date) -> datetime:
    return datetime(today.year, today.month, today.day, 1, tzinfo=UTC)


@cache
def _invented() -> dict[str, Any]:
    return dict(YAML(typ="safe", pure=True).load(resource("templates/messages/invented.yaml")))
