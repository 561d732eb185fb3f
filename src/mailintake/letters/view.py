"""From an order to what its template may see: pure, masked, and nothing of anybody else's."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from mailintake.letters.answers import guide_view
from mailintake.letters.early import early_cards
from mailintake.letters.masking import addressable, clean, clean_lines, mask_text
from mailintake.letters.matters import called, matter_lines
from mailintake.letters.sheets import fee_lines, papers, sheets
from mailintake.letters.unopened import each_once, unreadable_files
from mailintake.letters.weighing import weighed
from mailintake.model.case import OFFICE_STEPS, Case, Deadline, DeadlineKind, SentLetter, State
from mailintake.model.document import Document
from mailintake.model.letter import (
    Addressee,
    CaseView,
    FeeLine,
    Item,
    LetterKind,
    LetterView,
    MatterView,
    Paper,
    Received,
    SheetView,
)
from mailintake.model.message import InboundMessage
from mailintake.model.procedure import ProcedureKey, Scope
from mailintake.model.rules import CityOffice, RuleSet
from mailintake.model.senders import from_elsewhere, from_finance, is_for_payer
from mailintake.model.traits import slips
from mailintake.model.understanding import LetterOrder
from mailintake.model.zone import SHANGHAI

_NO_CASE = frozenset({LetterKind.RECEIVED, LetterKind.PROCEDURE_SHEET})  # also for senders nobody verified
_NO_LIST = _NO_CASE | {
    LetterKind.TO_STAFF,
    LetterKind.CARD_OR_PASSPORT,
    LetterKind.NEW_OR_RENEW,
    LetterKind.RESULT,
    LetterKind.ANSWER,
    LetterKind.COMPLAINT,
}
_ASKED_FIRST = (LetterKind.CORRECTION, LetterKind.TOLERATED, LetterKind.PAYMENT_REMINDER, LetterKind.UNREADABLE)
_OF_SLIPS = (LetterKind.ACKNOWLEDGEMENT, LetterKind.PAYMENT_REMINDER)
_ORDINARY = 2  # with more variants the usual one is named, too
_BEFORE_ACCEPTANCE = (State.RECEIVED, State.NEEDS_TRIAGE, State.COMPLETE)
_CITY_OFFICE = "city_office"  # role of a participant
_MONEY = ("slip.not_due", "account.foreign")
_WRITTEN = (".doc", ".docx", ".wps", ".odt", ".rtf", ".txt", ".xls", ".xlsx", ".et")
_HOLD_A_CARD = (ProcedureKey.REPLACE, ProcedureKey.CANCEL)


def letter_view(  # noqa: PLR0913 -- everything that decides what may be said, and nothing else
    order: LetterOrder,
    cases: Mapping[str, Case],
    message: InboundMessage | None,
    rules: RuleSet,
    today: date,
    *,
    addressee: Addressee | None = None,
    answer_by: date | None = None,
    test_run: bool = False,
) -> LetterView:
    """The view for one ordered letter. `today` is the day its dates count from; `answer_by` when a person answers.
    Letters of the kinds that anybody may get (received, procedure_sheet) see no case, whatever the order names."""
    reader = addressee or Addressee()
    case = next(iter(about := _about(order, cases)), None)
    told = order.letter not in _NO_CASE
    matters, unreadable = _matters(order, about, message, rules, today)
    return LetterView(
        kind=order.letter,
        to_name=addressable(reader.name),
        subject_hint=mask_text(message.subject) if message and not from_elsewhere(about, message) else "",
        today=today,
        office=rules.office,
        language=reader.language,
        matters=matters,
        follow_up=(follow_up := _answered_before(case, message)),
        arrived=_arrived(about, message, rules) if follow_up and told else (),
        nothing_attached=message is not None and not message.documents and not message.cloud_links,
        files=_attached(message),
        city=_city(case, reader, rules),
        also=tuple(c for c in rules.office.cities if c.city in reader.also and c.city != reader.city),
        from_city_office=reader.city_office or _for_office(about, message),
        unreadable=unreadable,
        cloud_files=tuple(mask_text(link.name) for link in message.cloud_links) if message and told else (),
        sheets=(explained := sheets(order, rules)),
        fees=_per_person(explained, rules),
        topics=order.topics,
        guide=guide_view(order, rules),
        slips_only=order.letter in _OF_SLIPS and is_for_payer(about, message, order.to),
        from_elsewhere=from_elsewhere(about, message),
        paid_by_another=from_finance(about, message) and not is_for_payer(about, message, order.to),
        part=order.part,
        left=tuple(clean(name) for name in order.left) if told else (),
        alike=tuple(clean(name) for name in order.alike) if told else (),
        days_left=order.days_left,
        answer_by=answer_by,
        result_text=clean_lines(order.text),
        rule_version=case.rule_version if case else rules.version,
        test_run=test_run,
    )


def _about(order: LetterOrder, cases: Mapping[str, Case]) -> tuple[Case, ...]:
    """The cases that the letter may see, the one it is filed under first."""
    case = None if order.letter in _NO_CASE else cases.get(order.case)
    return () if case is None else (case, *(cases[n] for n in order.related if n in cases and n != order.case))


def _matters(
    order: LetterOrder, about: tuple[Case, ...], message: InboundMessage | None, rules: RuleSet, today: date
) -> tuple[tuple[MatterView, ...], tuple[Item, ...]]:
    """Each matter, and the files that could not be opened; nothing is said in both."""
    matters = tuple(weighed(_matter(one, order, message, rules, today), one, rules) for one in about)
    matters = _once(matters, rules)
    if order.letter in _OF_SLIPS and is_for_payer(about, message, order.to):
        return tuple(_of_slips(matter, slips(rules)) for matter in matters), ()
    lacking = any(matter.todo for matter in matters)
    unreadable = unreadable_files(about, message, whole_case=lacking) if order.letter not in _NO_CASE else ()
    return each_once(order.letter, matters, unreadable)


def _of_slips(matter: MatterView, slips: frozenset[str]) -> MatterView:
    """The matter as whoever paid for it sees it."""
    return MatterView(
        matter.case,
        tuple(item for item in matter.todo if item.kind in slips),
        tuple(one for one in matter.received if one.kind in slips),
        tuple(one for one in matter.by_staff if one.kind in slips),
        matter.fees,
    )


def _matter(case: Case, order: LetterOrder, message: InboundMessage | None, rules: RuleSet, today: date) -> MatterView:
    about = _case_view(case, rules, today)
    if order.letter is LetterKind.PROGRESS:
        return _on_record(case, about, rules)
    if order.letter in _NO_LIST:
        early = early_cards(case) if order.letter is LetterKind.TO_STAFF else ()
        return MatterView(
            about,
            fees=fee_lines(case, (), message, rules) if early else (),
            paper=_by_another_list(order, case, rules),
            early=early,
            money=_money(case),
        )
    lines = matter_lines(case, rules)
    if lines.todo and not any(item.tolerable for item in lines.todo):
        about = replace(about, tolerance=False)  # the ten days of the guide belong to what may come later
    procedure = rules.procedure(case.procedure)
    variant = procedure.variant(case.variant)
    seen = _scanned(case)
    companion = rules.procedure(variant.companion).title if variant.companion is not None else ""
    return MatterView(
        about,
        lines.todo,
        lines.received,
        lines.by_staff,
        fee_lines(case, lines.todo, message, rules),
        papers(variant, rules, seen),
        case.procedure is ProcedureKey.RENEW,
        companion,
        money=_money(case),
    )


def _by_another_list(order: LetterOrder, case: Case, rules: RuleSet) -> tuple[Paper, ...]:
    """What a person's answer need not be awaited for: papers of a variant whose every case a person looks at, because
    its list is another than the sender may think (guide 2.1\u2460)."""
    variant = rules.procedure(case.procedure).variant(case.variant)
    told = order.letter is LetterKind.TO_STAFF and bool(variant.notice) and case.sure
    return papers(variant, rules, _scanned(case)) if told else ()


def _money(case: Case) -> tuple[str, ...]:
    """Codes of what staff have to see of the money and the letter says neutrally."""
    return tuple(code for code in _MONEY if any(flag.code == code for flag in case.every_flag))


def _scanned(case: Case) -> tuple[str, ...]:
    """Kinds of papers of which a scan came. A file of a word processor is no scan of a stamped paper."""
    if case.assessment is None:
        return ()
    current = [c.document for c in case.assessment.documents if not c.superseded]
    pictured = {d.kind for d in current if not d.name.lower().endswith(_WRITTEN) and not _made_by_a_program(d)}
    known = {d.kind for d in current}
    return tuple(kind for kind in case.assessment.paper_seen if kind in pictured or kind not in known)


def _made_by_a_program(document: Document) -> bool:
    """A PDF whose text lies in the file was exported from a computer: no seal and no signature was scanned."""
    text = document.facts.text if document.facts else None
    return document.name.lower().endswith(".pdf") and text is not None and text.source == "layer"


def _on_record(case: Case, about: CaseView, rules: RuleSet) -> MatterView:
    """How a matter stands: what was told to be missing, with the last day that runs. A letter about it starts no
    period, and what a person still looks at is not told. Whether papers of the window came is not known before a
    person accepts the case: so long the letter must not say that nothing is left to do."""
    told = case.state in (*OFFICE_STEPS, State.AWAITING_CORRECTION, State.CORRECTION_OVERDUE)
    todo = matter_lines(case, rules).todo if told else ()
    dated = about if about.due_since else replace(about, due=None, due_provisional=False)
    variant = rules.procedure(case.procedure).variant(case.variant)
    window = papers(variant, rules, _scanned(case)) if case.state in _BEFORE_ACCEPTANCE else ()
    return MatterView(dated, todo, fees=fee_lines(case, todo, None, rules), paper=window)


def _case_view(case: Case, rules: RuleSet, today: date) -> CaseView:
    procedure = rules.procedure(case.procedure)
    variant = procedure.variant(case.variant)
    running = next((d for d in case.deadlines if d.kind is DeadlineKind.CORRECTION and not d.met), None)
    due, provisional = _due(running, procedure.reply_days, rules, today)
    return CaseView(
        number=case.number,
        procedure=case.procedure.value,
        procedure_title=procedure.title,
        variant=variant.id,
        variant_title="" if variant.default and len(procedure.variants) <= _ORDINARY else variant.title,
        people=tuple(called(a, case.applicants) for a in case.applicants if a.name or a.name_pinyin),
        company=clean(case.company),
        received_at=case.last_received_at.astimezone(SHANGHAI),
        time_limit_days=procedure.time_limit_days,
        correction_days=procedure.reply_days,
        tolerance=procedure.tolerance,
        due=due,
        due_provisional=provisional,
        due_since=running.since if running else None,
        first_notice=min((at for letter in case.letters if (at := _asked_on(letter))), default=None),
        extended=running is not None and running.extended_from is not None,
        again=running is None and any(d.kind is DeadlineKind.CORRECTION and d.due < today for d in case.deadlines),
        holders=case.procedure in _HOLD_A_CARD,
        state=case.state.value,
        staff_first=bool(variant.notice),
    )


def _asked_on(letter: SentLetter) -> date | None:
    """The day a letter went out that asked for something."""
    asks = letter.letter in _ASKED_FIRST and letter.sent_at is not None
    return letter.sent_at.astimezone(SHANGHAI).date() if asks and letter.sent_at else None


def _due(running: Deadline | None, days: int | None, rules: RuleSet, today: date) -> tuple[date | None, bool]:
    """The period that runs already, or the one this letter starts (day zero is the day it is sent)."""
    if running is not None:
        return running.due, running.provisional
    return (None, False) if days is None else rules.calendar.after(today, days)


def _answered_before(case: Case | None, message: InboundMessage | None) -> bool:
    """Is this a later mail about a case whose sender has a letter of ours in hand? A word that a part of the
    application arrived is no answer yet."""
    if case is None or message is None:
        return False
    answered = any(letter.sent_at and letter.letter != LetterKind.RECEIVED for letter in case.letters)
    return message.sha256 in case.messages[1:] and answered


def _arrived(about: tuple[Case, ...], message: InboundMessage | None, rules: RuleSet) -> tuple[Received, ...]:
    """Every file of that mail that found its place in one of the cases, faulty ones included: it did come."""
    found: dict[str, list[str]] = {}
    for case in about:
        for checked in case.assessment.documents if case.assessment else ():
            if message is not None and checked.document.message == message.sha256:
                found.setdefault(checked.document.kind or "", []).append(mask_text(checked.document.name))
    titles = {kind: rules.kinds[kind].title if kind in rules.kinds else "" for kind in found}
    return tuple(Received(k, titles[k], (), tuple(dict.fromkeys(names)), checked=False) for k, names in found.items())


def _attached(message: InboundMessage | None) -> int:
    """Files as the sender attached them: an archive is one, whatever it holds."""
    paths = [attachment.path.split("/") for attachment in message.documents] if message else []
    outer = [path[0] for path in paths if len(path) == 1]
    return len(outer) + len({path[0] for path in paths if len(path) > 1} - set(outer))


def _for_office(about: tuple[Case, ...], message: InboundMessage | None) -> bool:
    """Is a city office answered that forwarded the matter?"""
    sender = message.sender.addr if message and message.sender else ""
    return any(p.addr == sender and p.role == _CITY_OFFICE for case in about for p in case.participants)


def _city(case: Case | None, addressee: Addressee, rules: RuleSet) -> CityOffice | None:
    """Where papers go: the city of the case, else the one the mail speaks of."""
    city = (case.city if case is not None else "") or addressee.city
    return next((c for c in rules.office.cities if c.city == city), None)


def _per_person(explained: tuple[SheetView, ...], rules: RuleSet) -> tuple[FeeLine, ...]:
    """Without a case, the amounts per person of the procedures explained."""
    fees = dict.fromkeys(fee.key for sheet in explained for fee in sheet.fees)
    return tuple(FeeLine(rules.fees[key], 0, 0, slip_seen=False) for key in fees)


def _once(matters: tuple[MatterView, ...], rules: RuleSet) -> tuple[MatterView, ...]:
    """Matters of one mail share papers: what an earlier block says of the company or the same people, a later one does
    not repeat. Sums are each matter's own."""
    of_fees = slips(rules)
    asked: set[tuple[str, str, tuple[str, ...]]] = set()
    shown: set[tuple[str, tuple[str, ...]]] = set()
    kept = []
    for matter in matters:
        keys = [(item, (item.kind, item.code, _whose(item, matter, rules))) for item in matter.todo]
        todo = tuple(item for item, key in keys if key not in asked or item.kind in of_fees)
        received = tuple(r for r in matter.received if not shown >= _shown(r, matter, rules))
        by_staff = tuple(r for r in matter.by_staff if not shown >= _shown(r, matter, rules))
        kept.append(replace(matter, todo=todo, received=received, by_staff=by_staff))
        asked |= {key for _, key in keys}
        shown |= {one for r in (*matter.received, *matter.by_staff) for one in _shown(r, matter, rules)}
    return _along(tuple(kept))


def _along(matters: tuple[MatterView, ...]) -> tuple[MatterView, ...]:
    """A companion (注销 of the old card) that asks for nothing is a sentence of its main matter; one that asks has a
    block of its own."""
    for main in matters:
        for other in matters:
            if other is main or other.case.procedure_title != main.companion_title:
                continue
            rest = tuple(m for m in matters if m is not other)
            silent = not other.todo
            joined = replace(
                main,
                companion_number=other.case.number if silent else "",
                companion_title=main.companion_title if silent else "",
            )
            return tuple(joined if m is main else m for m in (rest if silent else matters))
    return matters


def _shown(came: Received, matter: MatterView, rules: RuleSet) -> set[tuple[str, tuple[str, ...]]]:
    """Its files, each with whose it is: two people's papers may be called alike."""
    kind = rules.kinds.get(came.kind)
    personal = kind is not None and kind.scope is Scope.APPLICANT
    whose = (came.people or matter.case.people) if personal else ()
    return {(file, whose) for file in came.files}


def _whose(item: Item, matter: MatterView, rules: RuleSet) -> tuple[str, ...]:
    """The people an item is about; nobody in particular where the paper is the company's or the group's."""
    kind = rules.kinds.get(item.kind)
    personal = kind is None or kind.scope is Scope.APPLICANT
    return (item.people or matter.case.people) if personal else ()
