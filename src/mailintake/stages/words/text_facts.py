"""Facts that stand in a mail's own text: passport and card numbers, dates, the reason, and where each stands."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache

from mailintake.model.facts import Field
from mailintake.model.rules import RuleSet, Vocabulary
from mailintake.model.value import value
from mailintake.stages.words.fold import simplify
from mailintake.stages.words.matching import fold

_MAX_TEXT = 20_000
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s*[\u5e74./\-]\s*(\d{1,2})\s*[\u6708./\-]\s*(\d{1,2})(?!\d)\s*[\u65e5\u53f7]?"
    r"|(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)"
    r"|(?<!\d)(\d{1,2})(?:ST|ND|RD|TH)?\s+(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*\.?,?\s+((?:19|20)\d\d)"
    r"|(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*\.?\s+(\d{1,2})(?:ST|ND|RD|TH)?,?\s+((?:19|20)\d\d)"
)
_STOP = re.compile(r"[\u3002;!?\n]")
_NEAR, _BEHIND, _SUBJECT_REACH = 12, 8, 80


@value
class TextFact:
    """One fact at its place."""

    name: str  # docs/fields.md
    value: str
    text: str
    start: int
    end: int

    def field(self, source: str = "mail") -> Field:
        """The fact as a field of a person or of the mail."""
        return Field(self.name, self.value, self.text, source)


def facts_in(text: str, rules: RuleSet, names: Iterable[str] = ()) -> tuple[TextFact, ...]:
    """Every fact of a text, in order of place. Numbers are upper case without blanks, dates ISO 8601. A name of `names`
    is no cue: the passport behind 高原 is not the former (原) one."""
    shown = simplify(text)[:_MAX_TEXT]
    plain = shown.upper() if len(shown.upper()) == len(shown) else shown
    words = rules.vocabulary
    masked = plain
    for name in names:
        masked = masked.replace(name.upper(), "|" * len(name))
    cards = tuple(_cards(masked, words))
    passports = tuple(_passports(masked, words, cards))
    dates = tuple(_dates(masked, words, (*cards, *passports)))
    found = [*cards, *passports, *dates, *_reasons(plain, shown, words), *_registered(plain, shown, words)]
    return tuple(sorted(found, key=_place))


def _place(fact: TextFact) -> int:
    return fact.start


def _cards(text: str, words: Vocabulary) -> Iterator[TextFact]:
    pattern = _number_pattern(words.words("card_patterns"), words.words("card_labels"), words.words("label_fillers"))
    for found in pattern.finditer(text):
        number = re.sub(r"[\s\-]", "", found.group(1) or found.group(2))
        yield TextFact("card_no", number, found.group(), found.start(), found.end())


@lru_cache(maxsize=8)
def _number_pattern(patterns: tuple[str, ...], labels: tuple[str, ...], fillers: tuple[str, ...]) -> re.Pattern[str]:
    known = "|".join(pattern.replace("[0-9]", r"\s?[0-9]", 1) for pattern in patterns)
    label = "|".join(re.escape(word.upper()) for word in sorted(labels, key=len, reverse=True))
    return re.compile(
        rf"(?<![A-Z0-9])({known})(?![A-Z0-9])|(?:{label}){_gap(fillers)}([A-Z]{{0,4}}\s?[0-9]{{6,12}})(?![0-9A-Z])"
    )


def _gap(fillers: tuple[str, ...]) -> str:
    """What may stand between a label and its number."""
    return rf"[\s:.({''.join(map(re.escape, fillers))}]{{0,6}}"


def _passports(text: str, words: Vocabulary, cards: Iterable[TextFact]) -> Iterator[TextFact]:
    """Numbers with their role: a cue in front makes one the old one; in "A became B" A is old and B is new."""
    taken = [(fact.start, fact.end) for fact in cards]
    pattern = _passport_pattern(
        words.words("passport_patterns"), words.words("passport_labels"), words.words("label_fillers")
    )
    found: list[TextFact] = []
    for match in pattern.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        start, end = match.span(1 if match.group(1) else 2)
        last = found[-1] if found else None
        close = last is not None and start - last.end <= 2 * _NEAR
        between = text[last.end : start] if last is not None and close else text[max(0, start - _NEAR) : start]
        turned = close and any(word.upper() in between for word in words.words("change_words"))
        if last is not None and turned:
            found[-1] = replace(last, name="old_passport_no")
        old = not turned and _is_old(between, words)
        number = re.sub(r"\s", "", text[start:end])
        found.append(TextFact("old_passport_no" if old else "passport_no", number, match.group(), start, end))
    yield from found


@lru_cache(maxsize=8)
def _passport_pattern(patterns: tuple[str, ...], labels: tuple[str, ...], fillers: tuple[str, ...]) -> re.Pattern[str]:
    known = "|".join(re.sub(r"\[0-9\]", r"\\s?[0-9]", pattern, count=1) for pattern in patterns)
    label = "|".join(re.escape(word.upper()) for word in sorted(labels, key=len, reverse=True))
    return re.compile(
        rf"(?<![A-Z0-9])({known})(?![A-Z0-9])|(?:{label}){_gap(fillers)}([A-Z]{{1,2}}\s?[0-9]{{7,8}})(?![0-9A-Z])"
    )


def _is_old(front: str, words: Vocabulary) -> bool:
    """Does the last cue in front of a number, with nothing but labels between, speak of the old passport?"""
    labels = [word.upper() for word in (*words.words("passport_labels"), *words.words("label_fillers"))]
    filler = "(?:" + "|".join(map(re.escape, labels)) + r"|[\s:.(\"'#])*\Z"
    cues = [(word.upper(), True) for word in words.words("old_words")]
    cues += [(word.upper(), False) for word in words.words("new_words")]
    hits = [(m.start(), len(cue), old) for cue, old in cues for m in re.finditer(re.escape(cue) + filler, front[-40:])]
    return max(hits)[2] if hits else False


def _dates(text: str, words: Vocabulary, numbers: Iterable[TextFact]) -> Iterator[TextFact]:
    for found in _DATE.finditer(text):
        day = iso_date(found)
        if day is None:
            continue
        name = _date_role(text, found.start(), found.end(), words, tuple(numbers))
        if name:
            yield TextFact(name, day, found.group().strip(), found.start(), found.start() + len(found.group().rstrip()))


def iso_date(found: re.Match[str]) -> str | None:
    """The matched date in ISO 8601; None when there is no such day."""
    g = found.groups()
    if g[0]:
        parts = (g[0], g[1], g[2])
    elif g[3]:
        parts = (g[3], g[4], g[5])
    elif g[6]:
        parts = (g[8], str(_MONTHS.index(g[7]) + 1), g[6])
    else:
        parts = (g[11], str(_MONTHS.index(g[9]) + 1), g[10])
    try:
        return date(*(int(part) for part in parts)).isoformat()
    except ValueError:
        return None


def _date_role(text: str, start: int, end: int, words: Vocabulary, numbers: tuple[TextFact, ...]) -> str:
    front = _STOP.split(text[max(0, start - 2 * _NEAR) : start])[-1]
    behind = _STOP.split(text[end : end + _BEHIND], maxsplit=1)[0]
    if _ends_with(front, words.words("birth_words")) or _starts_with(behind, words.words("birth_words")):
        return "birth_date"
    if _ends_with(front, words.words("issue_words")) or _starts_with(behind, words.words("issue_words")):
        return "passport_issue_date"
    if not (_ends_with(front, words.words("expiry_words")) or _contains(behind, words.words("expiry_words"))):
        return ""
    return _expires(text, start, words, numbers)


def _expires(text: str, start: int, words: Vocabulary, numbers: tuple[TextFact, ...]) -> str:
    """Card or passport: whichever was spoken of last before the date; an old passport's date is of no interest."""
    front = re.split(r"[!?\n]", text[max(0, start - _SUBJECT_REACH) : start])[-1]
    base = start - len(front)
    card = max([front.rfind(word.upper()) for word in words.words("card_words")], default=-1)
    passport = max([front.rfind(word.upper()) for word in words.words("passport_words")], default=-1)
    for fact in numbers:
        if base <= fact.start < start:
            place = fact.start - base
            card, passport = (max(card, place), passport) if fact.name == "card_no" else (card, max(passport, place))
    if card < 0 and passport < 0:
        return ""
    if card > passport:
        return "card_expiry"
    old = [fact for fact in numbers if base <= fact.start < start and fact.name == "old_passport_no"]
    return "" if old and old[-1].start - base == passport else "expiry_date"


def _ends_with(front: str, cues: Iterable[str]) -> bool:
    bare = front.rstrip(" :(-,")
    return any(bare.endswith(cue.upper()) or front.endswith(cue.upper()) for cue in cues)


def _starts_with(behind: str, cues: Iterable[str]) -> bool:
    return any(behind.lstrip(" )").startswith(cue.upper()) for cue in cues)


def _contains(behind: str, cues: Iterable[str]) -> bool:
    near = re.split(r"[,\u3001]", behind)[0]
    return any(cue.upper() in near for cue in cues)


def _reasons(text: str, shown: str, words: Vocabulary) -> Iterator[TextFact]:
    """The first reason that the text gives."""
    refused = tuple(word.upper() for word in words.words("reason_not"))
    for pattern in words.words("reason_patterns"):
        for found in re.finditer(pattern, text):
            reason = found.group(1).strip(" ,:")
            as_written = shown[slice(*found.span(1))].strip(" ,:")
            if not any(word in reason[:12] for word in refused):
                yield TextFact("reason", as_written, as_written, *found.span(1))
                return


def _registered(text: str, shown: str, words: Vocabulary) -> Iterator[TextFact]:
    """The sentence that says the company is on file; a denial or a question is none."""
    refused = tuple(word.upper() for word in words.words("registered_not"))
    place = 0
    for sentence in _STOP.split(text):
        start = text.find(sentence, place)
        place = start + len(sentence)
        if any(w in sentence for w in words.words("registered_words")) and not any(w in sentence for w in refused):
            as_written = shown[start:place].strip(" ()")
            yield TextFact("registered_company", as_written, as_written, start, place)
            return


def group_size(text: str, rules: RuleSet) -> int:
    """The n of 等n人/共n人; 0 when the text does not say."""
    words = rules.vocabulary
    folded = fold(text)
    for pattern in words.words("group_size_patterns"):
        if found := re.search(pattern, folded):
            return numeral(found.group(1), words)
    return 0


def numeral(text: str, words: Vocabulary) -> int:
    """The value of a number up to 99 in digits or in characters; 0 where it is none."""
    if text.isdigit():
        return int(text)
    ones = {word: n for n, word in enumerate(words.words("numerals"), start=1)}
    ones |= dict.fromkeys(words.words("numeral_two"), 2)
    ten = words.words("numerals")[-1]
    head, found, tail = text.partition(ten)
    if not found:
        return ones.get(text, 0)
    return ones.get(head, 1) * 10 + ones.get(tail, 0)
