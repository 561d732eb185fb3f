"""Number of people × amount, paid per group."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import combinations

from mailintake.checks.frame import check
from mailintake.checks.slip_fields import AMOUNT, amount_for
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.document import Document
from mailintake.model.facts import Field, Reading
from mailintake.model.procedure import Severity
from mailintake.model.rules import Fee
from mailintake.model.value import config_value

_SEEN = "ocr"  # Field.source
_SERIAL = "transaction_no"
_TELLING = ("transaction_date", "payer_account", "payer", _SERIAL)


FACTS = ("amount_cny",)


@config_value
class Params:
    """Key of config/fees.yaml."""

    fee: str = ""


@check
def slip_amount(subject: Subject, params: Params) -> Result:
    """All slips of this kind together come to people × amount (guide 1.1(1)⑧⑨: 按团组缴费).

    The people are those of the case, or as many as its mails announce. Before the last part of an application came,
    another sum is not judged.
    Two files of one sum that no payer, no date and no number of the bank tells apart may show one transfer: they are
    counted as one only, and so is a file of the same name and sum that a later mail brings again.
    On a page with both slips the amount counts that stands with the account of the fee. A sum that OCR read never
    tells an applicant that it is wrong, and what is paid too much asks nothing of him: staff look at the slip.
    """
    fee = subject.fees.get(params.fee)
    if fee is None:
        return NotChecked("nothing_to_compare")
    if subject.field(AMOUNT) is None:
        return subject.unread()
    people = max(1, subject.people_count)
    required = fee.amount_cny * people
    enough = {required, fee.amount_cny * (subject.announced or people)}
    slips = _slips(subject)
    read = [amount_for(fee, document.reading) for document in slips]
    if any(_maybe_one(one, other, fee) for one, other in combinations(slips, 2)):
        single = _amount(read[0])
        return OK if single in enough and _all_alike(slips, fee) else NotChecked("unsure")
    total = _total(read)
    if total in enough or _total([amount_for(fee, document.reading) for document in _sent_once(slips)]) in enough:
        return OK
    if total is None or subject.awaits_parts:
        return NotChecked("unsure")
    sure_and_short = total < required and not any(f and f.source == _SEEN for f in read)
    severity = Severity.CORRECT if sure_and_short else Severity.FLAG
    measured = {"amount_cny": _number(total)}
    expected = {"amount_cny": required, "people": people, "each": fee.amount_cny}
    return subject.found("amount", measured, expected, severity)


def _slips(subject: Subject) -> tuple[Document, ...]:
    """The slips of this kind, the same file and the same number of the bank once."""
    same = [d for d in subject.others if d.kind == subject.document.kind]
    files = {d.sha256: d for d in (subject.document, *same)}.values()
    return tuple({_number_of(document) or document.sha256: document for document in files}.values())


def _number_of(document: Document) -> str:
    return next((f.value for f in document.reading.fields if f.name == _SERIAL and f.sure), "")


def _sent_once(slips: tuple[Document, ...]) -> tuple[Document, ...]:
    """Without files that a later mail brought once more under their name: "to be on the safe side, all of it again"."""
    first: dict[tuple[str, str], str] = {}
    for document in sorted(slips, key=_received):
        sum_ = document.reading.get(AMOUNT) or ""
        first.setdefault((document.name, sum_), document.message)
    return tuple(d for d in slips if first[d.name, d.reading.get(AMOUNT) or ""] == d.message)


def _received(document: Document) -> datetime:
    return document.received_at


def _maybe_one(one: Document, other: Document, fee: Fee) -> bool:
    """Could two files show one transfer, as a photo and as the bank's PDF? One sum, and nothing tells them apart."""
    amounts = [_amount(amount_for(fee, document.reading)) for document in (one, other)]
    if None in amounts or amounts[0] != amounts[1]:
        return False
    return not any(_apart(one.reading, other.reading, name) for name in _TELLING)


def _apart(one: Reading, other: Reading, name: str) -> bool:
    mine, theirs = ({f.value for f in reading.fields if f.name == name and f.sure} for reading in (one, other))
    return bool(mine and theirs and not mine & theirs)


def _all_alike(slips: tuple[Document, ...], fee: Fee) -> bool:
    return all(_maybe_one(slips[0], other, fee) for other in slips[1:])


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
