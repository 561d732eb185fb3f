"""Views full of hostile words, with everything there and with nothing there, for checking templates."""

from dataclasses import replace
from datetime import UTC, date, datetime

from mailintake.model.assessment import Finding
from mailintake.model.case import DeadlineKind
from mailintake.model.digest import CaseLine, DayCount, Digest, Health, NoticeLine, Numbers, SentLine
from mailintake.model.letter import (
    CaseView,
    EarlyView,
    FeeLine,
    GuideView,
    Item,
    LetterKind,
    LetterView,
    MatterView,
    Paper,
    Received,
    Served,
    SheetView,
)
from mailintake.model.procedure import ProcedureKey, Severity
from mailintake.model.question import Language, QuestionKind
from mailintake.model.rules import CityOffice, Fee, Office
from mailintake.model.series import Part

HOSTILE = "<script>alert(1)</script>{{ 7*7 }}\"'&"
_DAY = date(2026, 12, 7)
_AT = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
_CITY = CityOffice("C", "City office", "Street 1", "0000-1", company_may_come_to_province=True)
OFFICE = Office(
    name="Office",
    intake_address="intake@example.com",
    finance_address="finance@example.com",
    finance_phone="0000-2",
    advice_phone="0000-3",
    complaint_phone="0000-4",
    hall_name="Hall",
    hall_address="Street 2",
    website="https://example.com/",
    template_path="forms",
    cities=(_CITY,),
)
_FEE = Fee("mfa", "Fee", 720, "Payee", "0123456789", "Bank", "remittance_mfa", ("intake", "finance"))


def views(kind: LetterKind) -> tuple[LetterView, ...]:
    """A letter with everything in it, in both languages, and one with nothing that may be absent."""
    full = _full(kind)
    return full, replace(full, language=Language.EN, follow_up=False), LetterView(kind, "", "", _DAY, OFFICE)


def _came() -> Received:
    return Received("photo", HOSTILE, (HOSTILE,), (HOSTILE, "b"), checked=True)


def _unsure() -> Received:
    flags = (Finding(code, severity=Severity.FLAG) for code in ("insurance.employer", "no.such_code"))
    seen = tuple(Item("", "", flag.code, finding=flag) for flag in flags)
    return Received("", "", (), (), checked=False, seen=seen)


def _fees() -> tuple[FeeLine, ...]:
    return (FeeLine(_FEE, 2, 1440, slip_seen=True, due=True, paid_cny=1400), FeeLine(_FEE, 0, 0, False, due=True))


def _matter() -> MatterView:
    first, second = sample_item("photo.size"), sample_item("photo.format")
    item = replace(first, people=(HOSTILE, ""), more=first.came)
    case = CaseView(
        number="LN-2026-000001",
        procedure="new",
        procedure_title=HOSTILE,
        variant="first_time",
        variant_title=HOSTILE,
        people=(HOSTILE, "b", "c", "d"),
        company=HOSTILE,
        received_at=_AT,
        time_limit_days=10,
        correction_days=10,
        tolerance=True,
        due=_DAY,
        due_provisional=True,
        due_since=_DAY,
        first_notice=_DAY,
        holders=True,
        state="accepted",
    )
    matter = MatterView(
        case, (item, second), (_came(),) * 4, (_unsure(), _came()), _fees(), (Paper("x", HOSTILE, True),), True, HOSTILE
    )
    return replace(matter, early=(EarlyView(HOSTILE, _DAY, _DAY, 6), EarlyView("", _DAY, _DAY, 7)))


def _full(kind: LetterKind) -> LetterView:
    came, unsure, matter = _came(), _unsure(), _matter()
    return LetterView(
        kind=kind,
        to_name=HOSTILE,
        subject_hint=HOSTILE,
        today=_DAY,
        office=OFFICE,
        matters=(matter, matter),
        arrived=(came, unsure),
        follow_up=True,
        files=2,
        city=_CITY,
        unreadable=(sample_item("archive.encrypted"),),
        cloud_files=(HOSTILE, ""),
        sheets=tuple(_sheet(key) for key in ProcedureKey),
        guide=_guide(),
        part=Part(2, 3),
        fees=_fees(),
        days_left=2,
        answer_by=_DAY,
        result_text=HOSTILE,
        rule_version="0123456789abcdef",
        test_run=True,
    )


def _guide() -> GuideView:
    """Every question there is, about a procedure that costs money."""
    served = Served(ProcedureKey.NEW.value, HOSTILE, "1", 10, (_FEE,), 10)
    size = {"pixel_size": {"width": 600, "height": 800}}
    return GuideView(
        asked=tuple(kind.value for kind in QuestionKind),
        named=(served,),
        procedures=(served, Served(ProcedureKey.CANCEL.value, HOSTILE, "5", 3, ())),
        fees=(_FEE, _FEE),
        checks={"photo": size, "signature": size},
        accepted={"photo": ("jpeg",)},
        renew_months=6,
        more=(_sheet(ProcedureKey.CANCEL),),
        tolerable=(HOSTILE,),
    )


def _sheet(key: ProcedureKey) -> SheetView:
    fees = (_FEE,) if key is ProcedureKey.NEW else ()
    standards: tuple[dict[str, object], ...] = ({"formats": ("jpeg",), "width": 600, "height": 800}, {})
    return SheetView(
        procedure=key.value,
        title=HOSTILE,
        variant="x",
        variant_title=HOSTILE,
        email_items=(HOSTILE, "b"),
        paper_items=(Paper("x", HOSTILE),),
        requirements=("photo", "x"),
        time_limit_days=10,
        fees=fees,
        tolerance_days=10,
        standards=standards,
    )


def sample_item(code: str) -> Item:
    """An item with that code whose finding says only hostile things."""
    keys = ("format", "expiry_date", "issue_date", "card_expiry", "months", "months_left", "amount_cny", "headcount")
    measured: dict[str, object] = dict.fromkeys(keys, HOSTILE)
    measured |= {"width": 1, "height": 2, "width_share": 0.5, "height_share": 0.25, "fields": (HOSTILE, "birth_date")}
    required = {"formats": ("jpeg", HOSTILE), "width": 600, "height": 800, "months": 12, "earliest": HOSTILE}
    return Item("photo", HOSTILE, code, (HOSTILE,), HOSTILE, False, Finding(code, measured, required), required)


def bare_item(code: str) -> Item:
    """An item with that code of which nothing more is known."""
    return Item("", "", code)


def digests() -> tuple[Digest, ...]:
    """A morning with everything in it, and one with nothing."""
    line = CaseLine(
        "LN-2026-000001", "new", HOSTILE, (HOSTILE, "b"), "complete", "complete",
        _DAY, DeadlineKind.TIME_LIMIT, -2, True,
        ("photo.size", HOSTILE, "a.b", "c.d"), ((HOSTILE, HOSTILE),),
    )  # fmt: skip
    undated = CaseLine("LN-2026-000002", HOSTILE, "", (), HOSTILE, "")
    notice = NoticeLine(HOSTILE, HOSTILE, "LN-2026-000001", "", HOSTILE, HOSTILE, _AT, HOSTILE)
    full = Digest(
        1, _DAY, _AT, _AT,
        due_today=(line,), overdue=(line,), complete=(line, undated), needs_person=(notice,),
        sent=(SentLine(HOSTILE, 1, 2),), waiting=(line,),
        numbers=Numbers((DayCount(_DAY, 3),), ((HOSTILE, 1),), ((HOSTILE, 1),), (1, 2), ((HOSTILE, 3),)),
        health=Health(_AT, 3, 2, 1, 1, ((HOSTILE, HOSTILE),), _DAY, True, HOSTILE),
    )  # fmt: skip
    return full, Digest(1, _DAY, _AT, _AT)
