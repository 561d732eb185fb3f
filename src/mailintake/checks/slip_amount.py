"""Number of people × amount, paid per group."""

from decimal import Decimal, InvalidOperation

from mailintake.checks._registry import check
from mailintake.checks._slips import AMOUNT, amount_for
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model._value import config_value
from mailintake.model.assessment import NotChecked
from mailintake.model.document import Document
from mailintake.model.facts import Field
from mailintake.model.procedure import Severity

_SEEN = "ocr"  # Field.source


@config_value
class Params:
    """Key of config/fees.yaml."""

    fee: str = ""


@check
def slip_amount(subject: Subject, params: Params) -> Result:
    """All slips of this kind together come to people × amount (guide 1.1(1)⑧⑨: 按团组缴费).

    On a page with both slips the amount counts that stands with the account of the fee. A sum that OCR read never
    tells an applicant that it is wrong: staff look at the slip.
    """
    fee = subject.fees.get(params.fee)
    if fee is None:
        return NotChecked("nothing_to_compare")
    if subject.field(AMOUNT) is None:
        return subject.unread()
    people = max(1, subject.people_count)
    required = fee.amount_cny * people
    read = [amount_for(fee, document.reading) for document in _slips(subject)]
    total = _total(read)
    if total == required:
        return OK
    if total is None:
        return NotChecked("unsure")
    severity = Severity.FLAG if any(f and f.source == _SEEN for f in read) else Severity.CORRECT
    measured = {"amount_cny": _number(total)}
    expected = {"amount_cny": required, "people": people, "each": fee.amount_cny}
    return subject.found("amount", measured, expected, severity)


def _slips(subject: Subject) -> tuple[Document, ...]:
    """The slips of this kind, the same file once."""
    same = [d for d in subject.others if d.kind == subject.document.kind]
    return tuple({d.sha256: d for d in (subject.document, *same)}.values())


def _total(read: list[Field | None]) -> Decimal | None:
    """The sum over all slips; None when one of them is not read surely."""
    amounts = [_amount(field) for field in read]
    known = [a for a in amounts if a is not None]
    return sum(known, Decimal(0)) if len(known) == len(amounts) else None


def _amount(read: Field | None) -> Decimal | None:
    try:
        return Decimal(read.value.replace(",", "")) if read and read.sure else None
    except InvalidOperation:
        return None


def _number(amount: Decimal) -> int | float:
    return int(amount) if amount == amount.to_integral_value() else float(amount)
