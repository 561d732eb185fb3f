"""Invented cases for letters and digests: one of each kind of letter, with the real rules."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from mailintake.config import load
from mailintake.model.assessment import Assessment, CheckedDocument, Finding, Flag, Missing, Verdict
from mailintake.model.case import Applicant, Case, Deadline, DeadlineKind, Participant, State
from mailintake.model.document import Document, Outcome
from mailintake.model.letter import LetterKind
from mailintake.model.message import Address, Attachment, CloudLink, InboundMessage
from mailintake.model.procedure import ProcedureKey, Severity
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import LetterOrder

TODAY = date(2026, 11, 23)
ARRIVED = datetime(2026, 11, 23, 1, 12, tzinfo=UTC)
NUMBER = "LN-2026-000123"
SENDER = "clerk@example.com"
HOSTILE = '<script>alert("x")</script> {{ 7*7 }} \r\nBcc: a@example.com \u202egnp.\u202c'


@cache
def rules() -> RuleSet:
    """The shipped rules under a version that does not change with every edit."""
    return replace(load(None).rules, version="r17")


def message(**changes: Any) -> InboundMessage:
    """A mail of the company's clerk."""
    plain = InboundMessage(
        sha256="ab" * 32,
        size=1000,
        subject="新办APEC卡材料",
        sender=Address("周小燕", SENDER),
        date=ARRIVED,
        message_id="<one@example.com>",
        new_text="材料见附件，请查收。\n周小燕\n电话 13900000000",
        attachments=tuple(
            Attachment(f"{name}.jpg", f"{name}.jpg", str(n), "image/jpeg", 1000, f"{n:064d}")
            for n, name in enumerate(("照片", "护照"), 1)
        ),
    )
    return replace(plain, **changes)


def document(kind: str | None, name: str, applicant: str | None = None, **changes: Any) -> Document:
    """A document of the first mail."""
    return replace(Document(name, name, "cd" * 32, "ab" * 32, ARRIVED, kind, applicant), **changes)


def checked(kind: str | None, name: str, applicant: str | None = None, *findings: Finding) -> CheckedDocument:
    """A document in order, or with those findings."""
    outcome = Outcome.NOT_OK if findings else Outcome.OK
    return CheckedDocument(document(kind, name, applicant), outcome, findings)


def case(**changes: Any) -> Case:
    """A first application of two people with everything in order and both slips, to be changed."""
    plain = Case(
        number=NUMBER,
        procedure=ProcedureKey.NEW,
        variant="first_time",
        state=State.AWAITING_CORRECTION,
        company="沈阳北辰精密机械有限公司",
        opened_at=ARRIVED,
        first_received_at=ARRIVED,
        last_received_at=ARRIVED,
        rule_version="r17",
        applicants=(
            Applicant("a1", "陆文博", "LU WENBO", "EA1234567"),
            Applicant("a2", "邢若兰", "XING RUOLAN", "E87654321"),
        ),
        participants=(Participant(SENDER, "周小燕"),),
        assessment=Assessment(Verdict.COMPLETE, in_order()),
        city="沈阳",
        flags=(Flag("prohibited.N2", "职务：记者", "a1"),),
    )
    return replace(plain, **changes)


def in_order() -> tuple[CheckedDocument, ...]:
    """Every electronic item of both people."""
    kinds = {
        "photo": "照片.jpg",
        "signature": "签名.jpg",
        "passport_page": "护照.jpg",
        "abtc_basic_data": "基本资料.pdf",
    }
    names = {"a1": "陆文博", "a2": "邢若兰"}
    own = tuple(checked(kind, name + file, key) for key, name in names.items() for kind, file in kinds.items())
    shared = {"company_profile": "企业简介.pdf", "remittance_mfa": "汇款单1.pdf", "remittance_centre": "汇款单2.pdf"}
    return own + tuple(checked(kind, file) for kind, file in shared.items())


def lacking() -> Assessment:
    """Two faults of one person, a missing signature of the other, and the slip of the centre."""
    small = Finding("photo.size", {"width": 413, "height": 579}, {"width": 600, "height": 800})
    narrow = Finding(
        "signature.not_filling", {"width_share": 0.4, "height_share": 0.31}, {"min_width": 0.75, "min_height": 0.6}
    )
    bad = {("photo", "a1"): small, ("signature", "a1"): narrow}
    documents = tuple(
        checked(c.document.kind, c.document.name, c.document.applicant, *filter(None, [bad.get(_role(c))]))
        for c in in_order()
        if _role(c) not in (("signature", "a2"), ("remittance_centre", ""))
    )
    missing = (
        Missing("signature", "signature.missing", "a2", tolerable=True),
        Missing("remittance_centre", "slip.missing_centre", None, tolerable=True),
    )
    return Assessment(Verdict.CORRECTABLE, documents, missing, paper_seen=("business_licence",))


def only(*missing: Missing) -> Assessment:
    """Everything in order but these."""
    gone = {(m.kind, m.applicant or "") for m in missing}
    return Assessment(Verdict.CORRECTABLE, tuple(c for c in in_order() if _role(c) not in gone), missing)


def _role(checked_: CheckedDocument) -> tuple[str, str]:
    return checked_.document.kind or "", checked_.document.applicant or ""


def card_lacking() -> Case:
    """A cancellation of the same mail, in which a card number lacks."""
    gone = (Missing("fact_card_no", "card.number_missing", "a1", tolerable=False),)
    return case(
        number="LN-2026-000124",
        procedure=ProcedureKey.CANCEL,
        variant="only",
        assessment=Assessment(Verdict.CORRECTABLE, (), gone),
        applicants=(Applicant("a1", "郎少卿"),),
    )


def order(kind: LetterKind, **changes: Any) -> LetterOrder:
    """An order for the case of this module."""
    return replace(LetterOrder(kind, (SENDER,), NUMBER), **changes)


SLIPS = (
    Missing("remittance_mfa", "slip.missing_mfa", None, tolerable=True),
    Missing("remittance_centre", "slip.missing_centre", None, tolerable=True),
)
_RUNNING = (Deadline(DeadlineKind.CORRECTION, date(2026, 12, 7), since=TODAY),)


def early_renewal() -> Case:
    """Two years before the card's last day."""
    early = Finding(
        "card.too_early",
        {"card_expiry": "2028-12-01", "applicant": "a1"},
        {"months": 6, "earliest": "2028-06-01"},
        Severity.WARN,
    )
    doubt = Assessment(Verdict.FOR_STAFF, case_findings=(early,), reasons=("card.too_early",))
    return case(procedure=ProcedureKey.RENEW, variant="same_company", assessment=doubt)


def situations() -> dict[str, tuple[LetterOrder, Case | None, InboundMessage | None, date]]:
    """Name of the golden → what is written about. Every kind of letter at least once."""
    k = LetterKind
    correction = case(assessment=lacking())
    waiting = replace(correction, deadlines=_RUNNING)
    locked = Attachment("材料.zip", "材料.zip", "2", "application/zip", 9, "0" * 64, problem="archive.encrypted")
    link = CloudLink("邢若兰材料.rar", "82M", "2026年12月1日", "mail.qq.com")
    renewal = case(procedure=ProcedureKey.RENEW, variant="same_company", city="", assessment=lacking())
    lost = case(
        procedure=ProcedureKey.REPLACE,
        variant="lost",
        city="大连",
        assessment=only(Missing("police_loss_report", "police.missing", "a1", tolerable=False)),
    )
    second = card_lacking()
    return {
        "acknowledgement": (order(k.ACKNOWLEDGEMENT), case(), message(), TODAY),
        "correction": (order(k.CORRECTION), correction, message(), TODAY),
        "correction-renew": (order(k.CORRECTION), renewal, message(), TODAY),
        "correction-lost-card": (order(k.CORRECTION), lost, message(), TODAY),
        "correction-two-cases": (order(k.CORRECTION, related=(second.number,)), correction, message(), TODAY),
        "tolerated": (order(k.TOLERATED), case(assessment=only(*SLIPS, lacking().missing[0])), message(), TODAY),
        "payment_reminder": (order(k.PAYMENT_REMINDER), case(assessment=only(*SLIPS)), message(), TODAY),
        "reminder": (order(k.REMINDER, days_left=2), waiting, None, date(2026, 12, 3)),
        "reminder-last-day": (order(k.REMINDER, days_left=0), waiting, None, date(2026, 12, 7)),
        "overdue": (order(k.OVERDUE), waiting, None, date(2026, 12, 8)),
        "to_staff": (order(k.TO_STAFF), case(), message(), TODAY),
        "to_staff-early": (order(k.TO_STAFF), early_renewal(), message(), TODAY),
        "unreadable": (
            order(k.UNREADABLE),
            case(assessment=only(lacking().missing[0])),
            message(attachments=(locked,), cloud_links=(link,)),
            TODAY,
        ),
        "card_or_passport": (order(k.CARD_OR_PASSPORT), case(), message(), TODAY),
        "new_or_renew": (order(k.NEW_OR_RENEW), case(), message(), TODAY),
        "procedure_sheet": (
            order(k.PROCEDURE_SHEET, case="", procedures=(ProcedureKey.NEW,)),
            None,
            message(new_text="我们是大连的企业，想问新办需要什么材料"),
            TODAY,
        ),
        "procedure_sheet-free": (
            order(k.PROCEDURE_SHEET, case="", procedures=(ProcedureKey.CANCEL,)),
            None,
            message(new_text="请问怎样注销"),
            TODAY,
        ),
        "procedure_sheet-several": (order(k.PROCEDURE_SHEET, case=""), None, message(new_text="怎么办"), TODAY),
        "received": (order(k.RECEIVED), case(), message(), TODAY),
        "progress": (order(k.PROGRESS), waiting, message(), date(2026, 11, 30)),
        "progress-complete": (order(k.PROGRESS), case(state=State.COMPLETE), message(), date(2026, 11, 30)),
        "complaint": (order(k.COMPLAINT, case=""), None, message(attachments=(), new_text="跑了三趟还没办成"), TODAY),
        "answer": (order(k.ANSWER, text="请先到大厅领取表格。"), case(), message(), TODAY),
        "result": (order(k.RESULT, text="请携带护照原件到大厅领取新卡。\n领取时交回旧卡。"), case(), None, TODAY),
    }
