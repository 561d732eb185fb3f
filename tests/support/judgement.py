"""Papers in order, people, cases and understood mails, built directly for the tests of the stages that decide."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from mailintake.config import load
from mailintake.model.case import Applicant, Case, Participant, State
from mailintake.model.document import Document
from mailintake.model.facts import Field, FileFacts, ImageFacts, PdfFacts, PdfShape, Reading, TextFacts, TextLine
from mailintake.model.message import Address, InboundMessage
from mailintake.model.procedure import ProcedureKey, Requirement, Scope
from mailintake.model.question import QuestionKind
from mailintake.model.rules import MessageClass, RuleSet
from mailintake.model.situation import KnownMail, Situation
from mailintake.model.understanding import (
    Candidates,
    Classification,
    Intent,
    Link,
    LinkedBy,
    People,
    Screening,
    Understanding,
)
from mailintake.model.zone import SHANGHAI

MONDAY = datetime(2026, 11, 9, 9, 30, tzinfo=SHANGHAI)
SENDER = Address("贺女士", "office@qingchuan.example")
COMPANY = "沈阳晴川机械有限公司"
RULES = load(None).rules
HE = Applicant("a1", "贺知秋", "HE ZHIQIU", "EA1234561")
JI = Applicant("a2", "季云舟", "JI YUNZHOU", "EA1234562")
NING = Applicant("a3", "宁采薇", "NING CAIWEI", "EA1234563")
_FORM = ("name_zh", "surname_pinyin", "given_name_pinyin", "sex", "birth_date", "birth_place", "passport_no")
_FORM_2 = ("passport_issue_date", "expiry_date", "employer", "employer_en", "job_title", "job_title_en", "mobile")
_PHOTO = ImageFacts(
    600,
    800,
    "jpeg",
    "RGB",
    colourfulness=40.0,
    background_lightness=245.0,
    sharpness=300.0,
    perceptual_hash="f" * 16,
    colour_grid="f5f5f5" * 12 + "1e2840" * 4,
)
_INK = ImageFacts(
    300,
    150,
    "jpeg",
    "RGB",
    ink_box=(10, 10, 290, 140),
    ink_share=0.08,
    stroke_variation=0.4,
    background_lightness=250.0,
)
_PAGE = ImageFacts(1754, 2480, "jpeg", "RGB", colourfulness=30.0, background_lightness=240.0)


def said(name: str, value: str, *, sure: bool = True) -> Field:
    """One reading."""
    return Field(name, value, value, "layer", sure)


def readings(kind: str, person: Applicant | None, people: int = 1) -> tuple[Field, ...]:
    """What a paper of that kind says when it is in order."""
    name = person or HE
    fees = {fee.slip_kind: fee for fee in RULES.fees.values()}
    if kind in fees:
        fee = fees[kind]
        return said("payee_account", fee.account), said("amount_cny", str(fee.amount_cny * people))
    table: Mapping[str, tuple[tuple[str, str], ...]] = {
        "passport": (
            ("passport_no", name.passport_no),
            ("expiry_date", "2034-05-01"),
            ("nationality", "CHN"),
            ("name_pinyin", name.name_pinyin),
        ),
        "form": tuple((f, _form_value(f, name)) for f in (*_FORM, *_FORM_2)),
        "certificate": (("issue_date", "2026-10-20"), ("has_record", "no"), ("name_zh", name.name)),
        "insurance": (("insured_months", "12"), ("name_zh", name.name), ("employer", COMPANY)),
        "profile": (
            ("headcount", "120"),
            ("employer", COMPANY),
            ("topics", "nature scale scope trade headcount turnover assets tax"),
        ),
    }
    subject = RULES.kinds[kind].subject
    return tuple(said(key, value) for key, value in table.get(subject, ()))


def _form_value(field: str, person: Applicant) -> str:
    known = {
        "name_zh": person.name,
        "passport_no": person.passport_no,
        "expiry_date": "2034-05-01",
        "employer": COMPANY,
    }
    return known.get(field, "X")


def facts(kind: str, sha256: str) -> FileFacts:
    """Measurements of a file that passes every check of its kind."""
    subject = RULES.kinds[kind].subject
    text = TextFacts((TextLine(RULES.kinds[kind].title),))
    if subject == "photo":
        return FileFacts(sha256, 9, "jpeg", image=replace(_PHOTO, perceptual_hash=sha256[:16].ljust(16, "0")))
    if subject == "signature":
        return FileFacts(sha256, 9, "jpeg", image=_INK)
    if subject == "form":
        return FileFacts(sha256, 9, "pdf", pdf=PdfFacts(1, PdfShape.ACROFORM, page_size=(595.0, 842.0)), text=text)
    if subject in ("passport", "card"):
        return FileFacts(sha256, 9, "jpeg", image=_PAGE, text=text)
    return FileFacts(sha256, 9, "pdf", pdf=PdfFacts(1, PdfShape.TEXT, page_size=(595.0, 842.0)), text=text)


def paper(
    kind: str, person: Applicant | None = None, *, mail: str = "m1", at: datetime = MONDAY, people: int = 1
) -> Document:
    """A document in order. Two papers of one kind and person in one mail need `renamed`."""
    owner = person if RULES.kinds[kind].scope is Scope.APPLICANT else None
    name = f"{kind}-{owner.key if owner else 'all'}-{mail}"
    sha256 = f"{abs(hash_of(name)):064x}"
    return Document(
        path=f"{name}.bin",
        name=f"{name}.bin",
        sha256=sha256,
        message=mail,
        received_at=at,
        kind=kind,
        applicant=owner.key if owner else None,
        facts=facts(kind, sha256),
        reading=Reading(kind, readings(kind, owner, people)),
    )


def hash_of(text: str) -> int:
    """The same number for the same text in every run."""
    return int.from_bytes(text.encode()[-24:] * 2, "big") * 2654435761 % 2**250


def with_reading(document: Document, name: str, value: str, *, sure: bool = True) -> Document:
    """The document saying something else."""
    kept = tuple(f for f in document.reading.fields if f.name != name)
    return replace(document, reading=replace(document.reading, fields=(*kept, said(name, value, sure=sure))))


def of_size(document: Document, width: int, height: int) -> Document:
    """The picture with other pixels."""
    assert document.facts is not None
    assert document.facts.image is not None
    image = replace(document.facts.image, width=width, height=height)
    return replace(document, facts=replace(document.facts, image=image))


def wrong(document: Document) -> Document:
    """The document with the fault that an applicant is told of: the wrong format, or an unreadable file."""
    assert document.facts is not None
    return replace(document, problem="attachment.unreadable")


def full_papers(people: Iterable[Applicant], requirements: Iterable[Requirement], **more: Any) -> tuple[Document, ...]:
    """Every file of a list, for everybody; facts are said by the people themselves."""
    everybody = tuple(people)
    made = []
    for requirement in requirements:
        kind = RULES.kinds[requirement.kind]
        if not kind.fact:
            owners: tuple[Applicant | None, ...] = everybody if kind.scope is Scope.APPLICANT else (None,)
            made += [paper(kind.key, o, people=len(everybody), **more) for o in owners]
    return tuple(made)


def case_of(
    procedure: ProcedureKey,
    variant: str = "",
    *,
    people: tuple[Applicant, ...] = (HE,),
    documents: tuple[Document, ...] = (),
    fields: tuple[Field, ...] = (),
    state: State = State.RECEIVED,
    number: str = "LN-2026-000001-1",
) -> Case:
    """A case of that procedure, opened on Monday."""
    return Case(
        number=number,
        procedure=procedure,
        variant=RULES.procedure(procedure).variant(variant).id,
        state=state,
        company=COMPANY,
        opened_at=MONDAY,
        first_received_at=MONDAY,
        last_received_at=MONDAY,
        rule_version=RULES.version,
        applicants=people,
        participants=(Participant(SENDER.addr, SENDER.name),),
        documents=documents,
        fields=fields,
        messages=("m1",),
    )


def mail(sha256: str = "m1", **fields: Any) -> InboundMessage:
    """One ordinary mail."""
    row: dict[str, object] = {"size": 1000, "subject": "材料", "sender": SENDER, "new_text": "请查收。"}
    return InboundMessage(sha256=sha256, **(row | fields))  # type: ignore[arg-type]


def intent(procedure: ProcedureKey, variant: str = "", *, people: tuple[str, ...] = (), sure: bool = True) -> Intent:
    """What a mail asks for."""
    return Intent(procedure, variant, 8.0, sure, people)


def understood(
    message: InboundMessage,
    *intents: Intent,
    kind: MessageClass = MessageClass.APPLICATION,
    people: People | None = None,
    link: Link | None = None,
    sure: bool = True,
    conflict: str = "",
    parked: bool = False,
    questions: tuple[QuestionKind, ...] = (),
) -> Understanding:
    """One mail, understood."""
    return Understanding(
        message=message.sha256,
        screening=Screening(kind if parked else None, parked),
        link=link or Link(LinkedBy.NEW),
        classification=Classification(kind, intents, sure, conflict=conflict, questions=questions),
        people=people or People((), ()),
    )


def verified(case: Case) -> Link:
    """The link of a participant of that case."""
    return Link(LinkedBy.TOKEN, case, verified=True)


def nobody_known() -> Candidates:
    """An empty database."""
    return Candidates()


def situation(
    message: InboundMessage, what: Understanding, known: Candidates | None = None, now: datetime = MONDAY
) -> Situation:
    """The mail as understood, to be decided on at that moment; nothing is known where nothing is said."""
    return Situation(KnownMail(message, what.people, known or Candidates(), RULES), what, now)


def numbers() -> Iterator[str]:
    """Case numbers in order."""
    return (f"LN-2026-{n:06}-0" for n in range(1, 1000))


def rules_with(**changes: Any) -> RuleSet:
    """The shipped rules with something else in them."""
    return replace(RULES, **changes)
