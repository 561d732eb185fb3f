"""Number of people × amount, paid per group."""

from decimal import Decimal, InvalidOperation

from mailintake.checks._registry import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model._value import config_value
from mailintake.model.assessment import NotChecked
from mailintake.model.document import Document


@config_value
class Params:
    """Key of config/fees.yaml."""

    fee: str = ""


@check
def slip_amount(subject: Subject, params: Params) -> Result:
    """All slips of this kind together come to people × amount (guide 1.1(1)⑧⑨: 按团组缴费)."""
    fee = subject.fees.get(params.fee)
    if fee is None:
        return NotChecked("nothing_to_compare")
    if subject.field("amount_cny") is None:
        return subject.unread()
    people = max(1, subject.people_count)
    required = fee.amount_cny * people
    total = _total(subject)
    if total == required:
        return OK
    if total is None:
        return NotChecked("unsure")
    measured = {"amount_cny": _number(total)}
    return subject.found("amount", measured, {"amount_cny": required, "people": people, "each": fee.amount_cny})


def _total(subject: Subject) -> Decimal | None:
    """The sum over the slips of this kind, the same file counted once; None when one of them is not read surely."""
    same = [d for d in subject.others if d.kind == subject.document.kind]
    slips = {d.sha256: d for d in (subject.document, *same)}
    amounts = [_amount(d) for d in slips.values()]
    known = [a for a in amounts if a is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None


def _amount(document: Document) -> Decimal | None:
    read = next((f for f in document.reading.fields if f.name == "amount_cny" and f.sure), None)
    try:
        return Decimal(read.value.replace(",", "")) if read else None
    except InvalidOperation:
        return None


def _number(amount: Decimal) -> int | float:
    return int(amount) if amount == amount.to_integral_value() else float(amount)
