"""The guide's sheets, for enquiries and for the question whether it is the card or the passport that changes."""

from mailintake.letters.items import standard
from mailintake.model.case import Case
from mailintake.model.document import Outcome
from mailintake.model.letter import FeeLine, LetterKind, SheetView
from mailintake.model.message import InboundMessage
from mailintake.model.procedure import Procedure, ProcedureKey, Requirement, Variant
from mailintake.model.rules import CityOffice, Fee, Office, RuleSet
from mailintake.model.understanding import LetterOrder

_ALL_VARIANTS_UP_TO = 2  # with more procedures asked for, one sheet each is enough
_PASSPORT_OR_CARD = ((ProcedureKey.PASSPORT_CHANGE, ""), (ProcedureKey.REPLACE, "new_passport"))


def sheets(order: LetterOrder, rules: RuleSet) -> tuple[SheetView, ...]:
    """What the order's letter explains; empty for letters about a case."""
    if order.letter is LetterKind.CARD_OR_PASSPORT:
        chosen = [(rules.procedure(key), variant) for key, variant in _PASSPORT_OR_CARD]
        return tuple(sheet(p, p.variant(variant), rules) for p, variant in chosen)
    if order.letter is not LetterKind.PROCEDURE_SHEET:
        return ()
    keys = order.procedures or tuple(p.key for p in rules.procedures)
    return tuple(s for key in keys for s in _of_procedure(rules.procedure(key), len(keys), rules))


def _of_procedure(procedure: Procedure, asked: int, rules: RuleSet) -> tuple[SheetView, ...]:
    variants = procedure.variants if asked <= _ALL_VARIANTS_UP_TO else (procedure.variant(None),)
    return tuple(sheet(procedure, v, rules) for v in variants)


def sheet(procedure: Procedure, variant: Variant, rules: RuleSet) -> SheetView:
    """One procedure in one variant. Facts and files alike stand among `email_items`."""
    return SheetView(
        procedure=procedure.key.value,
        title=procedure.title,
        variant_title=variant.title if len(procedure.variants) > 1 else "",
        email_items=_titles(variant.email, rules),
        paper_items=_titles(variant.paper, rules),
        requirements=tuple(r.kind for r in variant.email),
        time_limit_days=procedure.time_limit_days,
        fees=fees_of(procedure, rules),
        tolerance_days=procedure.correction_days if procedure.tolerance else None,
        standards=tuple(standard(rules.kinds.get(r.kind), rules, 1) for r in variant.email),
    )


def _titles(requirements: tuple[Requirement, ...], rules: RuleSet) -> tuple[str, ...]:
    """Names of the papers, each with what the rules note about its form: the original, with a seal."""
    known = [(rules.kinds[r.kind].title, r.note) for r in requirements if r.kind in rules.kinds]
    return tuple(f"{title}（{note}）" if note else title for title, note in known)


def titles_of(kinds: tuple[str, ...], rules: RuleSet) -> tuple[str, ...]:
    """The names people read, for the keys the rules use; unknown keys are left out."""
    return tuple(rules.kinds[kind].title for kind in kinds if kind in rules.kinds)


def fees_of(procedure: Procedure, rules: RuleSet) -> tuple[Fee, ...]:
    """The transfers a procedure asks for; empty for the three that are free."""
    return tuple(rules.fees[key] for key in procedure.fees)


def fee_lines(cases: tuple[Case, ...], message: InboundMessage | None, rules: RuleSet) -> tuple[FeeLine, ...]:
    """Both transfers for everybody the letter speaks of. Zero people: nobody could be counted yet."""
    paying = [case for case in cases if rules.procedure(case.procedure).fees]
    fees = {fee.key: fee for case in paying for fee in fees_of(rules.procedure(case.procedure), rules)}
    people = sum(len(case.applicants) for case in paying)
    finance = rules.office.finance_address.lower()
    copied = message is not None and any(a.addr == finance for a in (*message.to, *message.cc))
    return tuple(_fee_line(fee, people, _slips(fee, paying), copied=copied) for fee in fees.values())


def _fee_line(fee: Fee, people: int, slips: tuple[Outcome, ...], *, copied: bool) -> FeeLine:
    checked = bool(slips) and all(outcome is Outcome.OK for outcome in slips)
    return FeeLine(fee, people, fee.amount_cny * people, bool(slips), copied, checked)


def _slips(fee: Fee, cases: list[Case]) -> tuple[Outcome, ...]:
    """Outcomes of the slips that came for that fee and are not known to be wrong."""
    documents = [d for case in cases if case.assessment for d in case.assessment.documents]
    ours = [d for d in documents if d.document.kind == fee.slip_kind and not d.superseded]
    return tuple(d.outcome for d in ours if d.outcome is not Outcome.NOT_OK)


def city_office(case: Case | None, message: InboundMessage | None, office: Office) -> CityOffice | None:
    """Where the company goes first: the city of the case, else the only city the mail names; None lists them all."""
    if case is not None and case.city:
        return next((c for c in office.cities if c.city == case.city), None)
    if case is not None or message is None:
        return None
    text = f"{message.subject}\n{message.new_text}\n{message.signature_text}"
    named = [c for c in office.cities if any(word in text for word in (c.words or (c.city,)))]
    return named[0] if len(named) == 1 else None
