"""Remittance slips of any bank: who paid whom how much and when, and for which of the two fees."""

import re
from dataclasses import replace
from difflib import SequenceMatcher

from mailintake.model.facts import Reading
from mailintake.model.rules import Fee
from mailintake.model.value import value
from mailintake.stages.interpret.dates import Dates
from mailintake.stages.interpret.fields import SURE_SCORE, Collected
from mailintake.stages.interpret.labels import Labels, Pair
from mailintake.stages.interpret.money import figure, in_words, signed_figures
from mailintake.stages.interpret.slip_parties import PARTY_KEYS, with_party
from mailintake.stages.interpret.words import Words, squash
from mailintake.stages.words.fold import simplify
from mailintake.stages.words.page import Cell, Page

_KEYS = (*PARTY_KEYS, "amount_cny", "amount_words_cny", "transaction_date", "transaction_no", "remark")
_TITLE_ROWS = 8
_SERIAL_LEAST = 8  # characters of a number that the bank gives one transfer
_NAME_LIKENESS = 0.85
_DIGIT_RUN = re.compile(r"(?<![\d*])\d[\d ]{6,30}\d(?![\d*])")
_CENTS = re.compile(r"\d{1,3}(,\d{3})*\.\d{2}")


@value
class _Account:
    digits: str
    sure: bool
    at: Cell


@value
class _Amount:
    """`text` as it stands there; `at` is None where it was only found in the running text."""

    yuan: str
    text: str
    sure: bool
    at: Cell | None = None


def read_slip(page: Page, words: Words, fees: tuple[Fee, ...]) -> Reading | None:
    """A reading when the page shows a transfer, else None. `kind` is the slip kind of the fee it pays; empty for a
    transfer to somebody else. A page with both slips has both accounts, each followed by its amount."""
    pairs = with_party(Labels(words.labels("slip", (*_KEYS, "holder", "account", "bank"))).pairs(page), page, words)
    accounts = _payee_accounts(pairs, page, fees)
    if not _is_transfer(pairs, page, words, accounts):
        return None
    found = Collected(page.source)
    names = [p for p in pairs if p.key == "payee"]
    kinds = [fee.slip_kind for fee in fees if any(a.digits == fee.account for a in accounts)]
    kinds = kinds or ([] if accounts else [fee.slip_kind for fee in fees if any(_named(p, fee) for p in names)])
    exact = {squash(simplify(fee.payee)) for fee in fees}
    for pair in names:
        known = squash(pair.value) in exact
        found.add("payee", pair.value, pair.value, sure=known or _certain(pair, page), at=pair.cell)
    done = not words.has("slip_not_done", page.text)
    certain = done and not _repeated(accounts, page) and not words.has("slip_foreign_money", page.text)
    for account, amount in _paired(accounts, _amounts(pairs, page, words)):
        if account is not None:
            found.add("payee_account", account.digits, account.at.text, sure=account.sure, at=account.at)
        if amount is not None:
            found.add("amount_cny", amount.yuan, amount.text, sure=amount.sure and certain, at=amount.at)
    _add_rest(pairs, page, words, found)
    evidence = (*(f"slip of {kind}" for kind in kinds), *(() if done else ("transfer not completed",)))
    evidence = evidence or ("transfer to another account",)
    return Reading(kinds[0] if kinds else "", tuple(found.fields), evidence, tuple(kinds[1:]))


def _payee_accounts(pairs: tuple[Pair, ...], page: Page, fees: tuple[Fee, ...]) -> list[_Account]:
    """Accounts of the payee as exact digit runs; a configured one counts wherever it stands, but for the payer's."""
    payers = {_digits(p.value) for p in pairs if p.key == "payer_account"}
    labelled = {_digits(p.value): p for p in pairs if p.key == "payee_account"}
    ours = {fee.account for fee in fees}
    found: dict[str, _Account] = {}
    for cell in page.cells:
        for run in _DIGIT_RUN.finditer(cell.text):
            digits = run[0].replace(" ", "")
            if digits in ours and digits not in payers:
                found.setdefault(digits, _Account(digits, True, cell))
            elif digits in labelled and len(digits) >= 8:
                sure = page.source != "ocr" and not labelled[digits].glued
                found.setdefault(digits, _Account(digits, sure, cell))
    return list(found.values())


def _repeated(accounts: list[_Account], page: Page) -> bool:
    """Two transfers to one account on one page: equal amounts cannot be told from one amount printed twice."""
    runs = [run[0].replace(" ", "") for cell in page.cells for run in _DIGIT_RUN.finditer(cell.text)]
    return any(runs.count(account.digits) > 1 for account in accounts)


def _digits(text: str) -> str:
    run = _DIGIT_RUN.search(text)
    return run[0].replace(" ", "") if run else ""


def _is_transfer(pairs: tuple[Pair, ...], page: Page, words: Words, accounts: list[_Account]) -> bool:
    """Money moved: an amount or a payee, and a sign of the bank; a notice that only quotes our accounts has none."""
    keys = {p.key for p in pairs}
    titled = any(len(c.text) < 30 and words.has("title_slip", c.text) for c in page.cells if c.row < _TITLE_ROWS)
    signs = len(keys & {"payer", "payer_account", "transaction_date"}) + 2 * titled
    moved = bool(keys & {"amount_cny", "amount_words_cny"}) or bool(signed_figures(page.text))
    return (bool(accounts) or "payee" in keys) and moved and signs >= 2


def _named(pair: Pair, fee: Fee) -> bool:
    """The payee's name, one or two characters misread at most."""
    return SequenceMatcher(None, squash(pair.value), squash(fee.payee)).ratio() >= _NAME_LIKENESS


def _amounts(pairs: tuple[Pair, ...], page: Page, words: Words) -> list[_Amount]:
    """Sure where figures and words agree, or the figures are whole and clearly read."""
    written = [p for p in pairs if p.key == "amount_words_cny"]
    spelled = {w for p in written if (w := in_words(p.value, words))}
    found: list[_Amount] = []
    for pair in pairs:
        amount = figure(pair.value) if pair.key == "amount_cny" else None
        if amount and amount not in [f.yuan for f in found]:
            whole = page.source != "ocr" or (pair.score >= SURE_SCORE and _CENTS.search(pair.value) is not None)
            agrees = amount in spelled if spelled else whole and not pair.glued
            found.append(_Amount(amount, pair.value, agrees, pair.cell))
    if found:
        return found
    loose = signed_figures(page.text)
    if not loose:
        only = len(spelled) == 1 and all(_certain(p, page) for p in written)
        return [_Amount(amount, amount, only) for amount in sorted(spelled)[:1]]
    alone = len(loose) == 1 and any(_CENTS.search(c.text) and _clear(c.score, page) for c in page.cells)
    return [_Amount(amount, amount, amount in spelled or alone) for amount in loose[:1]]


def _paired(accounts: list[_Account], amounts: list[_Amount]) -> list[tuple[_Account | None, _Amount | None]]:
    """Each account with its amount; where the numbers differ, amounts are no longer sure of theirs."""
    if len(accounts) == len(amounts) or not accounts or not amounts:
        longest = max(len(accounts), len(amounts))
        padded = accounts + [None] * (longest - len(accounts)), amounts + [None] * (longest - len(amounts))
        return list(zip(*padded, strict=True))
    doubtful: list[tuple[_Account | None, _Amount | None]] = [(None, replace(amount, sure=False)) for amount in amounts]
    return [*((account, None) for account in accounts), *doubtful]


def _add_rest(pairs: tuple[Pair, ...], page: Page, words: Words, found: Collected) -> None:
    dates = Dates(words)
    for pair in pairs:
        sure = _certain(pair, page)
        if pair.key in ("payer", "payee_bank", "remark"):
            found.add(pair.key, pair.value, pair.value, sure=sure, at=pair.cell)
        elif pair.key == "transaction_no" and len(number := pair.value.replace(" ", "")) >= _SERIAL_LEAST:
            found.add(pair.key, number, pair.value, sure=sure, at=pair.cell)
        elif pair.key == "payer_account":
            found.add(pair.key, _digits(pair.value), pair.value, sure=sure, at=pair.cell)
        elif pair.key == "transaction_date" and not found.has("transaction_date"):
            found.add(pair.key, dates.first(pair.value) or "", pair.value, sure=sure, at=pair.cell)
        elif pair.key == "amount_words_cny":
            found.add(pair.key, in_words(pair.value, words) or "", pair.value, sure=sure, at=pair.cell)


def _certain(pair: Pair, page: Page) -> bool:
    return not pair.glued and _clear(pair.score, page)


def _clear(score: float, page: Page) -> bool:
    return page.source != "ocr" or score >= SURE_SCORE
