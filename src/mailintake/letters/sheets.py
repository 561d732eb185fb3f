"""The guide's sheets, for enquiries and for the question whether it is the card or the passport that changes."""

from mailintake.letters.matters import standard
from mailintake.model.assessment import CheckedDocument
from mailintake.model.case import Case
from mailintake.model.document import Outcome
from mailintake.model.letter import FeeLine, Item, LetterKind, Paper, SheetView
from mailintake.model.message import InboundMessage
from mailintake.model.procedure import Procedure, ProcedureKey, Severity, Variant
from mailintake.model.question import QuestionKind
from mailintake.model.rules import Fee, RuleSet
from mailintake.model.understanding import LetterOrder

_EITHER = {  # letters that ask which of two procedures is meant
    LetterKind.CARD_OR_PASSPORT: ((ProcedureKey.PASSPORT_CHANGE, ""), (ProcedureKey.REPLACE, "new_passport")),
    LetterKind.NEW_OR_RENEW: ((ProcedureKey.NEW, ""), (ProcedureKey.RENEW, "")),
}
_AMOUNT = "slip.amount"
_SENT_TO_FINANCE = "sent_to_finance"  # case field: the sha256 of a mail that went to the finance mailbox too


def sheets(order: LetterOrder, rules: RuleSet) -> tuple[SheetView, ...]:
    """What the order's letter explains: one procedure at most, with the variants that were asked about; both where the
    letter asks which of two it is. Empty for letters about a case."""
    if order.letter in _EITHER:
        chosen = [(rules.procedure(key), variant) for key, variant in _EITHER[order.letter]]
        return tuple(sheet(p, p.variant(variant), rules) for p, variant in chosen)
    if order.letter is not LetterKind.PROCEDURE_SHEET or not order.procedures or not _wanted(order):
        return ()
    procedure = rules.procedure(order.procedures[0])
    return (sheet(procedure, procedure.variant(order.variant or None), rules),)


def _wanted(order: LetterOrder) -> bool:
    """Is the list of papers asked for? It is also what somebody gets who names a procedure and asks nothing else."""
    return QuestionKind.PAPERS in order.questions or not order.questions


def sheet(procedure: Procedure, variant: Variant, rules: RuleSet) -> SheetView:
    """One procedure in one variant. Facts and files alike stand among `email_items`."""
    return SheetView(
        procedure=procedure.key.value,
        title=procedure.title,
        variant=variant.id,
        variant_title="" if len(procedure.variants) == 1 or variant.title in procedure.title else variant.title,
        email_items=tuple(rules.kinds[r.kind].title for r in variant.email),
        paper_items=papers(variant, rules),
        requirements=tuple(r.kind for r in variant.email),
        time_limit_days=procedure.time_limit_days,
        fees=fees_of(procedure, rules),
        tolerance_days=procedure.correction_days if procedure.tolerance else None,
        standards=tuple(standard(rules.kinds.get(r.kind), rules, 1) for r in variant.email),
        clause=variant.clause or procedure.clause,
    )


def papers(variant: Variant, rules: RuleSet, seen: tuple[str, ...] = ()) -> tuple[Paper, ...]:
    """What the variant asks for at the window; `seen` are the kinds of which a scan came."""
    known = {r.kind: r.note for r in variant.paper if r.kind in rules.kinds}
    return tuple(Paper(kind, rules.kinds[kind].title, kind in seen, note) for kind, note in known.items())


def fees_of(procedure: Procedure, rules: RuleSet) -> tuple[Fee, ...]:
    """The transfers a procedure asks for; empty for the three that are free."""
    return tuple(rules.fees[key] for key in procedure.fees)


def fee_lines(
    case: Case, todo: tuple[Item, ...], message: InboundMessage | None, rules: RuleSet
) -> tuple[FeeLine, ...]:
    """Both transfers for the people of a case. Zero people: nobody could be counted yet."""
    finance = rules.office.finance_address.lower()
    copied = {field.value for field in case.fields if field.name == _SENT_TO_FINANCE}
    if message is not None and any(a.addr == finance for a in (*message.to, *message.cc)):
        copied.add(message.sha256)
    open_kinds = {item.kind for item in todo}
    people = len(case.applicants)
    found = []
    for fee in fees_of(rules.procedure(case.procedure), rules):
        slips = _slips(fee, case)
        checked = bool(slips) and all(outcome is Outcome.OK for outcome in slips)
        due = fee.slip_kind in open_kinds
        wanted = bool({"finance", rules.office.finance_address} & set(fee.slip_to))
        total = fee.amount_cny * people
        found.append(
            FeeLine(
                fee,
                people,
                total,
                slip_seen=bool(slips),
                slip_to_finance=_sent_with(fee, case, copied),
                slip_checked=checked,
                due=due,
                paid_cny=_paid(fee, todo),
                seen_cny=_seen(fee, case),
                finance_wants=wanted,
            )
        )
    return tuple(found)


def _sent_with(fee: Fee, case: Case, mails: set[str]) -> bool:
    """Did the slip of that fee come with one of these mails? Where none came, with any mail of the case."""
    brought = {slip.document.message for slip in _came(fee, case)}
    return bool(mails & brought) if brought else bool(mails)


def _paid(fee: Fee, todo: tuple[Item, ...]) -> int | None:
    """The sum of a slip that is read and wrong."""
    wrong = (item.finding for item in todo if item.kind == fee.slip_kind and item.code == _AMOUNT and item.finding)
    read = next((finding.measured.get("amount_cny") for finding in wrong), None)
    return read if isinstance(read, int) else None


def _seen(fee: Fee, case: Case) -> int | None:
    """The wrong sum that a slip seems to show, where staff have to look at it first: figures and words of a picture
    agree, which is enough to be told of but not to be asked for money."""
    flagged = (
        finding.measured.get("amount_cny")
        for slip in _came(fee, case)
        for finding in slip.findings
        if finding.code == _AMOUNT and finding.severity is Severity.FLAG
    )
    read = next(flagged, None)
    return read if isinstance(read, int) else None


def _slips(fee: Fee, case: Case) -> tuple[Outcome, ...]:
    """Outcomes of the slips that came for that fee and are not known to be wrong."""
    return tuple(slip.outcome for slip in _came(fee, case) if slip.outcome is not Outcome.NOT_OK)


def _came(fee: Fee, case: Case) -> tuple[CheckedDocument, ...]:
    """The slips of that fee that count."""
    documents = case.assessment.documents if case.assessment else ()
    return tuple(d for d in documents if d.document.kind == fee.slip_kind and not d.superseded)
