"""Which account and which amount of a slip belong to a fee: one page may show both transfers."""

from mailintake.model.facts import Field, Reading
from mailintake.model.rules import Fee

ACCOUNT, AMOUNT = "payee_account", "amount_cny"


def account_for(fee: Fee, reading: Reading) -> Field | None:
    """The account of the fee where it stands on the slip; else the first one, a sure one before an unsure one."""
    accounts = [f for f in reading.fields if f.name == ACCOUNT and f.value]
    ours = [f for f in accounts if digits(f.value) == fee.account]
    return next(iter(ours or sorted(accounts, key=lambda f: not f.sure)), None)


def amount_for(fee: Fee, reading: Reading) -> Field | None:
    """The amount that follows the account of the fee, up to the next account. On a slip with one account or none, any
    amount; a sure one before an unsure one. None where it cannot be told which of several amounts it is."""
    accounts = [f for f in reading.fields if f.name == ACCOUNT]
    amounts = [f for f in reading.fields if f.name == AMOUNT and f.value]
    if len(accounts) > 1 and any(digits(f.value) == fee.account for f in accounts):
        amounts = _behind(fee, reading)
    return next(iter(sorted(amounts, key=lambda f: not f.sure)), None)


def _behind(fee: Fee, reading: Reading) -> list[Field]:
    found: list[Field] = []
    here = False
    for field in reading.fields:
        if field.name == ACCOUNT:
            here = digits(field.value) == fee.account
        elif field.name == AMOUNT and field.value and here:
            found.append(field)
    return found


def digits(text: str) -> str:
    """Digits only: slips part account numbers by blanks."""
    return "".join(filter(str.isdigit, text))
