"""Facts in running text: persons, passport and card numbers, validity, reason, the sentence about being on file."""

import re

from mailintake.stages.interpret.dates import Dates
from mailintake.stages.interpret.fields import PASSPORT_NO, Collected, card_no
from mailintake.stages.interpret.words import Words, squash
from mailintake.stages.words.names import Role, find_names

_NEAR = 12
_BESIDE = 40
_RIGHT_BEHIND = 14
_TO = re.compile(r"\s*(?:[-\u2013\u2014~\uff5e\u81f3\u5230]|to)+\s*", re.I)
_SENTENCE = re.compile(r"[。;；!！?？\n]")
_CLAUSE_END = re.compile(r"[(,，。;；!！?？\n]")
_REASON_LONGEST = 60


def add_facts(flow: str, words: Words, found: Collected) -> None:
    """Everything a letter, a report or a mail may state in its own words."""
    sure = found.source != "ocr"
    for name in names(flow, words):
        found.add("name_zh", name, sure=sure)
    _passports(flow, words, found)
    _cards(flow, words, found)
    found.add("reason", reason(flow, words), sure=sure)
    for sentence in _SENTENCE.split(flow):
        if words.shared("registered_words").search(sentence) and not words.shared("registered_not").search(sentence):
            found.add("registered_company", " ".join(sentence.split()))
            break


def names(flow: str, words: Words) -> tuple[str, ...]:
    """Persons the text is about, each once: named as such, or with a passport number behind the name in the same line.
    Those who only sign or are to be called are left out."""
    found = []
    for mention in find_names(flow, words.names):
        beside = flow[mention.end : mention.end + _BESIDE].split("\n", maxsplit=1)[0]
        if mention.role >= Role.SPOKEN or PASSPORT_NO.search(beside.upper()):
            found.append(mention.name)
    return tuple(dict.fromkeys(found))


def _passports(flow: str, words: Words, found: Collected) -> None:
    """The word nearest before a number tells an old passport from a new one."""
    sure = found.source != "ocr"
    for number in PASSPORT_NO.finditer(flow.upper()):
        before = re.split(r"[,，。;；、(\n]", flow[max(0, number.start() - _NEAR) : number.start()])[-1]
        old, new = (_last(words, name, before) for name in ("letter_old_passport", "letter_new_passport"))
        found.add("old_passport_no" if old > new else "passport_no", number[0], before + number[0], sure=sure)


def _last(words: Words, name: str, text: str) -> int:
    """Where the last word of that list stands, -1 without one."""
    return max((m.start() for m in words.pattern(name).finditer(text)), default=-1)


def _cards(flow: str, words: Words, found: Collected) -> None:
    dates, sure = Dates(words), found.source != "ocr"
    link = rf"\s*(?:\([^()]{{0,8}}\))?\s*(?::|{words.pattern('letter_is').pattern})?\s*"
    after_label = re.compile(rf"{link}([A-Za-z0-9][A-Za-z0-9 \-]{{4,20}}[A-Za-z0-9])")
    for label in words.pattern("letter_card_no").finditer(flow):
        number = after_label.match(flow[label.end() :])
        if number is None:
            continue
        found.add("card_no", card_no(number[1]), label[0] + number[0], sure=sure)
        after = flow[label.end() + number.end() :][:60]
        until = words.pattern("letter_card_expiry").search(after)
        if until:
            found.add("card_expiry", _last_day(after[until.end() :], dates), after, sure=sure)
    if not found.has("card_expiry"):
        _card_expiry(flow, words, dates, found)


def _card_expiry(flow: str, words: Words, dates: Dates, found: Collected) -> None:
    """A validity that belongs to the card by its words: 卡有效期至…; one beside a passport number is the passport's."""
    for label in words.pattern("letter_card_expiry").finditer(flow):
        before = re.split(r"[。;；\n]", flow[max(0, label.start() - 24) : label.start()])[-1]
        of_card = words.has("letter_card_words", before + label[0]) or squash(label[0]) in _card_labels(words)
        if of_card and not PASSPORT_NO.search(before.upper()):
            until = _last_day(flow[label.end() : label.end() + _BESIDE], dates)
            found.add("card_expiry", until, label[0], sure=found.source != "ocr")


def _last_day(text: str, dates: Dates) -> str:
    """The day that stands near; of "from then to then" the second."""
    days = dates.find(text)
    if not days or days[0].start > _RIGHT_BEHIND:
        return ""
    to = len(days) > 1 and _TO.fullmatch(text[days[0].end : days[1].start])
    return days[1 if to else 0].iso


def _card_labels(words: Words) -> frozenset[str]:
    """Labels that name the card themselves: those that begin like the labels of its number."""
    first = words.words("letter_card_no")[-1][:1]
    return frozenset(squash(word) for word in words.words("letter_card_expiry") if word.startswith(first))


def reason(flow: str, words: Words) -> str:
    """The clause behind 因, 由于, 为参加 …, up to its end; 因公 and 因私 are no reasons."""
    for cue in words.pattern("letter_reason_cues").finditer(flow):
        text = flow[cue.start() :]
        if squash(text[:4]).startswith(words.words("letter_reason_not")):
            continue
        clause = _CLAUSE_END.split(flow[cue.end() :], maxsplit=1)[0].strip(" :")
        if 2 <= len(clause) <= _REASON_LONGEST:
            return clause
    plain = words.pattern("letter_reason_words").search(flow)
    return plain[0] if plain else ""
