"""From an order to what its template may see: pure, masked, and nothing of anybody else's."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from mailintake.letters.items import person_blocks
from mailintake.letters.masking import addressable, clean, clean_lines, mask_text
from mailintake.letters.sheets import city_office, fee_lines, sheets, titles_of
from mailintake.letters.unopened import each_once, unreadable_files
from mailintake.model.case import Case, DeadlineKind
from mailintake.model.letter import CaseView, FeeLine, LetterKind, LetterView, PersonBlock, SheetView
from mailintake.model.message import InboundMessage
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import LetterOrder
from mailintake.model.zone import SHANGHAI

_NO_CASE = frozenset({LetterKind.RECEIVED, LetterKind.PROCEDURE_SHEET})  # also for senders nobody verified
_NO_LIST = _NO_CASE | {LetterKind.TO_STAFF, LetterKind.CARD_OR_PASSPORT, LetterKind.RESULT, LetterKind.ANSWER}


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
    blocks = _merged(tuple(block for one in listed for block in person_blocks(one, rules)))
    told = order.letter not in _NO_CASE
    unreadable = unreadable_files(about, message, whole_case=any(b.todo for b in blocks)) if told else ()
    blocks, unreadable = each_once(order, blocks, unreadable)
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
        todo_count=sum(len(b.todo) for b in blocks),
        received_count=_received_count(order, blocks, message),
        fees=_fees(explained, listed, message, rules),
        paper=_paper(listed, rules),
        paper_seen=_paper_seen(listed, rules),
        city=city_office(case, message, rules.office),
        unreadable=unreadable,
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


def _merged(blocks: tuple[PersonBlock, ...]) -> tuple[PersonBlock, ...]:
    """Cases of one mail share papers: what an earlier block says of the same person, a later one does not repeat."""
    asked: set[tuple[str, str, str]] = set()
    shown: set[tuple[str, str]] = set()
    kept: list[PersonBlock] = []
    for block in blocks:
        if not any(earlier.case == block.case for earlier in kept):  # a new case begins
            asked |= {(i.kind, i.code, i.person) for b in kept for i in b.todo}
            shown |= {(r.kind, r.file) for b in kept for r in b.received}
        todo = tuple(i for i in block.todo if (i.kind, i.code, i.person) not in asked)
        received = tuple(r for r in block.received if (r.kind, r.file) not in shown)
        if todo or received:
            kept.append(replace(block, todo=todo, received=received))
    return tuple(kept)
