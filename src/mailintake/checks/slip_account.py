"""The money went to the account of the guide."""

from mailintake.checks.frame import check
from mailintake.checks.slip_fields import account_for, digits
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.procedure import Severity
from mailintake.model.value import config_value

_MISREAD = 2  # digits; more are not a slip of the reading


FACTS = ("payee_account",)


@config_value
class Params:
    """Key of config/fees.yaml."""

    fee: str = ""


@check
def slip_account(subject: Subject, params: Params) -> Result:
    """The payee's account on the slip is the one of the guide (1.1(1)⑧⑨), digit by digit.

    A page with both slips has both accounts: that of the fee must be among them. An account that OCR read and that is
    quite another one never passes, but is no alarm either: staff look.
    """
    fee = subject.fees.get(params.fee)
    if fee is None:
        return NotChecked("nothing_to_compare")
    read = account_for(fee, subject.reading)
    if read is None:
        return subject.unread()
    account = digits(read.value)
    if account == fee.account:
        return OK
    required = {"payee": fee.payee, "account": fee.account}
    if read.sure:
        return subject.found("account", {"account": account, "payee": subject.reading.get("payee")}, required)
    if _near(account, fee.account):
        return NotChecked("unsure")
    return subject.found("account", {"account": account, "sure": False}, required, Severity.FLAG)


def _near(one: str, other: str) -> bool:
    """Could the one be a misreading of the other?"""
    different = sum(a != b for a, b in zip(one, other, strict=False))
    return abs(len(one) - len(other)) <= _MISREAD and different <= _MISREAD
