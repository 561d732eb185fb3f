"""From an order to what its template may see: pure, masked, and nothing of anybody else's."""

from collections.abc import Mapping
from datetime import date, timedelta, timezone

from mailintake.letters.items import COULD_NOT_OPEN, known_numbers, person_blocks
from mailintake.letters.masking import addressable, clean, clean_lines, mask_text, mask_value
from mailintake.letters.sheets import city_office, fee_lines, sheets, titles_of
from mailintake.model.assessment import Finding
from mailintake.model.case import Case, DeadlineKind
from mailintake.model.letter import CaseView, FeeLine, Item, LetterKind, LetterView, PersonBlock, SheetView
from mailintake.model.message import InboundMessage
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import LetterOrder

SHANGHAI = timezone(timedelta(hours=8))  # no summer time since 1991
_NO_CASE = frozenset({LetterKind.RECEIVED, LetterKind.PROCEDURE_SHEET})  # also for senders nobody verified
_NO_LIST = _NO_CASE | {LetterKind.TO_STAFF, LetterKind.CARD_OR_PASSPORT, LetterKind.RESULT}


def letter_view(  # noqa: PLR0913 -- everything that decides what may be said, and nothing else
    order: LetterOrder,
    cases: Mapping[str, Case],
    message: InboundMessage | None,
    rules: RuleSet,
    today: date,
    *,
    answer_by: date | None,
    test_run: bool = False,
) -> LetterView:
    """The view for one ordered letter. `today` is the day its dates count from; `answer_by` when a person answers.

    Letters of the kinds that anybody may get (received, procedure_sheet) see no case, whatever the order names.
    """
    case = None if order.letter in _NO_CASE else cases.get(order.case)
    about = () if case is None else (case, *(cases[n] for n in order.related if n in cases and n != order.case))
    listed = () if order.letter in _NO_LIST else about
    blocks = tuple(block for one in listed for block in person_blocks(one, rules))
    todo_count = sum(len(b.todo) for b in blocks)
    told = order.letter not in _NO_CASE
    explained = sheets(order, rules)
    return LetterView(
        kind=order.letter,
        to_name=addressable(message.sender.name) if message and message.sender else "",
        subject_hint=mask_text(message.subject) if message else "",
        today=today,
        office=rules.office,
        case=_case_view(case, rules, today) if case else None,
        related=tuple(_case_view(c, rules, today) for c in about[1:]),
        blocks=blocks,
        todo_count=todo_count,
        received_count=_received_count(order, blocks, message),
        fees=_fees(explained, listed, message, rules),
        paper=_paper(listed, rules),
        paper_seen=_paper_seen(listed, rules),
        city=city_office(case, message, rules.office),
        unreadable=_unreadable(about, message, whole_case=todo_count > 0) if told else (),
        cloud_files=tuple(mask_text(link.name) for link in message.cloud_links) if message and told else (),
        sheets=explained,
        note_old_card_usable=any(c.procedure is ProcedureKey.RENEW for c in listed),
        companion_title=_companion(listed, rules),
        days_left=order.days_left,
        answer_by=answer_by,
        result_text=clean_lines(order.text),
        rule_version=case.rule_version if case else rules.version,
        test_run=test_run,
    )


def _case_view(case: Case, rules: RuleSet, today: date) -> CaseView:
    procedure = rules.procedure(case.procedure)
    variant = procedure.variant(case.variant)
    due, provisional = _due(case, rules, today)
    return CaseView(
        number=case.number,
        procedure=case.procedure.value,
        procedure_title=procedure.title,
        variant=variant.id,
        variant_title=variant.title if len(procedure.variants) > 1 else "",
        people=tuple(clean(a.name or a.name_pinyin) for a in case.applicants if a.name or a.name_pinyin),
        company=clean(case.company),
        received_at=case.last_received_at.astimezone(SHANGHAI),
        time_limit_days=procedure.time_limit_days,
        correction_days=procedure.correction_days,
        due=due,
        due_provisional=provisional,
    )


def _due(case: Case, rules: RuleSet, today: date) -> tuple[date, bool]:
    """The correction period that runs already, or the one this letter starts (day zero is the day it is sent)."""
    running = next((d for d in case.deadlines if d.kind is DeadlineKind.CORRECTION and not d.met), None)
    if running is not None:
        return running.due, running.provisional
    return rules.calendar.after(today, rules.procedure(case.procedure).correction_days)


def _received_count(order: LetterOrder, blocks: tuple[PersonBlock, ...], message: InboundMessage | None) -> int:
    if order.letter is LetterKind.TO_STAFF and message is not None:
        return len(message.documents)
    return sum(len(b.received) for b in blocks)


def _fees(
    explained: tuple[SheetView, ...], listed: tuple[Case, ...], message: InboundMessage | None, rules: RuleSet
) -> tuple[FeeLine, ...]:
    """Sums for the people of the cases; without a case, the amounts per person of the procedures explained."""
    if explained:
        fees = dict.fromkeys(fee.key for sheet in explained for fee in sheet.fees)
        return tuple(FeeLine(rules.fees[key], 0, 0, slip_seen=False) for key in fees)
    return fee_lines(listed, message, rules)


def _paper_kinds(case: Case, rules: RuleSet) -> tuple[str, ...]:
    return tuple(r.kind for r in rules.procedure(case.procedure).variant(case.variant).paper)


def _paper(cases: tuple[Case, ...], rules: RuleSet) -> tuple[str, ...]:
    kinds = dict.fromkeys(kind for case in cases for kind in _paper_kinds(case, rules))
    return titles_of(tuple(kinds), rules)


def _paper_seen(cases: tuple[Case, ...], rules: RuleSet) -> tuple[str, ...]:
    seen = dict.fromkeys(kind for case in cases if case.assessment for kind in case.assessment.paper_seen)
    return titles_of(tuple(seen), rules)


def _companion(cases: tuple[Case, ...], rules: RuleSet) -> str:
    """Title of the procedure that must be asked for along with this one, unless the same letter speaks of it."""
    here = {case.procedure for case in cases}
    for case in cases:
        companion = rules.procedure(case.procedure).variant(case.variant).companion
        if companion is not None and companion not in here:
            return rules.procedure(companion).title
    return ""


def _unreadable(cases: tuple[Case, ...], message: InboundMessage | None, *, whole_case: bool) -> tuple[Item, ...]:
    """Every file that could not be opened, once, whether the parsed mail or the assessment says so. Files of earlier
    mails (`whole_case`) are named only while something is lacking: it may be in them."""
    found: dict[tuple[str, str], Item] = {}
    numbers = tuple(number for case in cases for number in known_numbers(case))
    earlier = (f for case in cases for f in _from_case(case, None if whole_case else message))
    for name, path, finding in (*_from_message(message), *earlier):
        if finding.code.startswith(COULD_NOT_OPEN) and not finding.code.endswith((".unassigned", ".not_attached")):
            shown = {key: mask_value(item) for key, item in finding.measured.items()}
            item = Item("", "", finding.code, "", mask_text(name, numbers), finding=Finding(finding.code, shown))
            found.setdefault((path, finding.code), item)
    return tuple(found.values())


def _from_message(message: InboundMessage | None) -> tuple[tuple[str, str, Finding], ...]:
    attachments = message.documents if message else ()
    return tuple((a.name, a.path, Finding(a.problem)) for a in attachments if a.problem)


def _from_case(case: Case, only: InboundMessage | None) -> tuple[tuple[str, str, Finding], ...]:
    wanted = [d for d in case.documents if only is None or d.message == only.sha256]
    found = [(d.name, d.path, Finding(d.problem)) for d in wanted if d.problem]
    for checked in case.assessment.documents if case.assessment else ():
        if not checked.superseded and (only is None or checked.document.message == only.sha256):
            found += [(checked.document.name, checked.document.path, f) for f in checked.findings]
    return tuple(found)
