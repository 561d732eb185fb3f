"""An account that a mail says money goes to, and that is none of the office's: staff's alarm, never echoed
(guide 1.1(1)\u2467\u2468 names the only two accounts)."""

import re
from collections.abc import Iterator

from mailintake.model.rules import RuleSet
from mailintake.stages.words.concepts import hits_of
from mailintake.stages.words.fold import fold
from mailintake.stages.words.speech import any_of

_SENTENCE = re.compile(r"[;!?\u3002\n]")
_NUMBER = re.compile(r"(?<![a-z0-9])\d(?:[ -]?\d){9,24}(?![a-z0-9])")
_MOBILE = re.compile(r"(?:86)?1[3-9]\d{9}|0\d{9,11}")
_SHOWN = 120
_ITEM = "account"  # of the rows in config/words/exclusions.yaml


def foreign_account(text: str, rules: RuleSet) -> str:
    """The sentence that speaks of paying into an account of somebody else, or says that ours has changed; "" without
    one."""
    return next(
        (sentence.strip(" ,:")[:_SHOWN] for sentence in _SENTENCE.split(fold(text)) if _says(sentence, rules)), ""
    )


def _says(sentence: str, rules: RuleSet) -> bool:
    words = rules.vocabulary.words
    if any_of(words("account_not_patterns")).search(sentence):
        return False
    if any_of(words("account_changed_patterns")).search(sentence) or hits_of(_ITEM, sentence, (), rules.vocabulary):
        return True
    return bool(any_of(words("account_pay_patterns")).search(sentence)) and any(_foreign(sentence, rules))


def _foreign(sentence: str, rules: RuleSet) -> Iterator[bool]:
    ours = {fee.account for fee in rules.fees.values()}
    for found in _NUMBER.finditer(sentence):
        digits = re.sub(r"\D", "", found.group())
        yield digits not in ours and not _MOBILE.fullmatch(digits)
