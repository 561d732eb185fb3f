"""Facts that stand in a mail's own text: passport and card numbers, dates, the reason, and where each stands."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache

from mailintake.model.facts import OVER, TOLD_UNTIL, Field
from mailintake.model.rules import RuleSet, Vocabulary
from mailintake.model.value import value
from mailintake.stages.words.dates import DATE, iso_date
from mailintake.stages.words.fold import simplify
from mailintake.stages.words.matching import fold
from mailintake.stages.words.speech import any_of

_ENDS = ("card_expiry", "expiry_date")
LOOSE = "loose_fact"  # case field: value = the name of the field that it may be, text = what stands there
_MAX_TEXT = 20_000
_STOP = re.compile(r"[\u3002;!?\n]")
_NEAR, _BEHIND, _SUBJECT_REACH, _LINES_UP = 12, 8, 80, 2
_STOPS = " \t\n,;:/|()-\u3001"
_ARROW = re.compile(r"[-\u2014\u2013\u2500=~]*>|[\u2190-\u21ff\u2794-\u27be\u27f5-\u27ff]")
_GROUPED = re.compile(
    r"(?<![A-Z0-9])(?:[A-Z]{1,3} ?[0-9]+(?:[ \-][0-9]{3,})*|[A-Z] [A-Z][0-9]{7})(?![A-Z0-9])"
)  # in groups as people type them: CHN 4091 8273
_BLANKS = re.compile(r"[\s\-]")
_RANGE = re.compile(r"\s*(?:[-\u2013\u2014~\uff5e\u81f3\u5230]|TO)+\s*")  # from this day to that
_CLAUSES = re.compile(r"[,;!?\n\u3002]")


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
    found = [*cards, *passports, *dates, *_ditto(masked, words, cards, dates), *_months(plain, shown, words)]
    found += [*_reasons(plain, shown, words), *_registered(plain, shown, words)]
    return tuple(sorted(found, key=_place))


def _place(fact: TextFact) -> int:
    return fact.start


def _cards(text: str, words: Vocabulary) -> Iterator[TextFact]:
    labelled = _labelled(words.words("card_labels"), words.words("label_fillers"), r"[A-Z]{0,4}\s?[0-9]{6,12}")
    yield from _numbers("card_no", text, _known(words.words("card_patterns")), labelled)


def _numbers(name: str, text: str, known: re.Pattern[str], labelled: re.Pattern[str]) -> Iterator[TextFact]:
    """Numbers of a known form, whole or in groups (CHN 4091 8273), and what stands behind a label."""
    found: dict[int, TextFact] = {}
    for match in _GROUPED.finditer(text):
        for end in _ends(match):
            number = _BLANKS.sub("", text[match.start() : end])
            if known.fullmatch(number):
                found[match.start()] = TextFact(name, number, text[match.start() : end], match.start(), end)
                break
    for match in labelled.finditer(text):
        start, end = match.span(1)
        if not any(fact.start < end and start < fact.end for fact in found.values()):
            found[start] = TextFact(name, _BLANKS.sub("", match[1]), match.group(), start, end)
    yield from sorted(found.values(), key=_place)


def _ends(match: re.Match[str]) -> Iterator[int]:
    """Where a number may end: behind its last group, or one before."""
    text, end = match.group(), match.end()
    yield end
    while (cut := max(text.rfind(" "), text.rfind("-"))) > 0:
        text = text[:cut]
        yield match.start() + cut


@lru_cache(maxsize=8)
def _known(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


@lru_cache(maxsize=8)
def _labelled(labels: tuple[str, ...], fillers: tuple[str, ...], number: str) -> re.Pattern[str]:
    """A label, what may stand between, and a number of a form that only its label makes known."""
    label = "|".join(re.escape(word.upper()) for word in sorted(labels, key=len, reverse=True))
    gap = rf"[\s:.(=\-{''.join(map(re.escape, fillers))}]{{0,6}}"
    return re.compile(rf"(?:{label}){gap}({number})(?![0-9A-Z])")


def _passports(text: str, words: Vocabulary, cards: Iterable[TextFact]) -> Iterator[TextFact]:
    """Numbers with their role: a cue in front makes one the old one; in "A became B" A is old and B is new."""
    taken = [(fact.start, fact.end) for fact in cards]
    labelled = _labelled(words.words("passport_labels"), words.words("label_fillers"), r"[A-Z]{1,2}\s?[0-9]{7,8}")
    found: list[TextFact] = []
    for fact in _numbers("passport_no", text, _known(words.words("passport_patterns")), labelled):
        if any(start < fact.end and fact.start < end for start, end in taken):
            continue
        last = found[-1] if found else None
        between = text[last.end : fact.start] if last is not None else ""
        close = last is not None and len(between) <= 2 * _NEAR and "\n" not in between
        front = between if close else text[max(0, fact.start - 2 * _NEAR) : fact.start]
        turned = close and _turned(between, words)
        cue = _cue(front, words)
        replaces = cue is _Cue.NEW and not _STOP.search(between) and last is not None and _unsaid(last, text, words)
        if last is not None and (turned or replaces):
            found[-1] = replace(last, name="old_passport_no")
        old = not turned and (cue is _Cue.OLD or _given_up(text[fact.end : fact.end + _NEAR], words))
        found.append(replace(fact, name="old_passport_no" if old else "passport_no"))
    yield from found


class _Cue(StrEnum):
    """What stands in front of a passport number."""

    OLD = "old"
    NEW = "new"
    NONE = ""


def _unsaid(fact: TextFact, text: str, words: Vocabulary) -> bool:
    return _cue(text[max(0, fact.start - 2 * _NEAR) : fact.start], words) is _Cue.NONE


def _upper(words: Vocabulary, name: str) -> frozenset[str]:
    return frozenset(word.upper() for word in words.words(name))


def _turned(between: str, words: Vocabulary) -> bool:
    """Does what stands between two numbers say that the first became the second?"""
    if _ARROW.search(between) or between.strip(_STOPS) in _upper(words, "change_bare"):
        return True
    return any(word.upper() in between for word in words.words("change_words"))


def _given_up(behind: str, words: Vocabulary) -> bool:
    return any(behind.lstrip(" )").startswith(word.upper()) for word in words.words("given_up_words"))


def _cue(front: str, words: Vocabulary) -> _Cue:
    """Does the last cue in front of a number, with nothing but labels between, speak of the old or the new passport?"""
    labels = [word.upper() for word in (*words.words("passport_labels"), *words.words("label_fillers"))]
    filler = "(?:" + "|".join(map(re.escape, labels)) + r"|[\s:.(\"'#])*\Z"
    cues = [(word.upper(), _Cue.OLD) for word in words.words("old_words")]
    cues += [(word.upper(), _Cue.NEW) for word in words.words("new_words")]
    near = front[-40:]
    hits = [(m.start(), len(cue), said) for cue, said in cues for m in re.finditer(re.escape(cue) + filler, near)]
    return max(hits)[2] if hits else _Cue.NONE


def _dates(text: str, words: Vocabulary, numbers: Iterable[TextFact]) -> Iterator[TextFact]:
    known = tuple(numbers)
    last: TextFact | None = None
    first = ""
    for found in DATE.finditer(text):
        day = iso_date(found)
        if day is None:
            continue
        name = first or _date_role(text, found.start(), found.end(), words, known)
        first = ""
        if name in _ENDS and _begins_range(text, found.end()):
            first = name
            continue
        if not name and last is not None and len(text[last.end : found.start()].strip(_STOPS)) <= 1:
            name = last.name  # the next of an enumeration
        last = None
        if name:
            end = found.start() + len(found.group().rstrip())
            last = TextFact(name, day, found.group().strip(), found.start(), end)
            yield last


def _begins_range(text: str, end: int) -> bool:
    """Is this the first day of two, from then to then? What is valid ends on the second."""
    between = _RANGE.match(text, end)
    return between is not None and DATE.match(text, between.end()) is not None


def _ditto(text: str, words: Vocabulary, cards: Iterable[TextFact], dates: Iterable[TextFact]) -> Iterator[TextFact]:
    """The day of the line above where nothing but "the same" stands behind a card's number, or behind the label of its
    validity."""
    days = [fact for fact in dates if fact.name == "card_expiry"]
    same = _same_as_above(words.words("expiry_words"), words.words("label_fillers"), words.words("ditto_words"))
    for card in cards:
        above = [day for day in days if day.end <= card.start and text.count("\n", day.end, card.start) <= _LINES_UP]
        if above and (found := same.match(text, card.end)):
            day = TextFact("card_expiry", above[-1].value, found.group().strip(), *found.span(1))
            days.append(day)
            yield day


@lru_cache(maxsize=8)
def _same_as_above(labels: tuple[str, ...], fillers: tuple[str, ...], words: tuple[str, ...]) -> re.Pattern[str]:
    label, same = (
        "|".join(re.escape(w.upper()) for w in sorted(some, key=len, reverse=True)) for some in (labels, words)
    )
    gap = rf"[\s:,|(={''.join(map(re.escape, fillers))}]{{0,6}}"
    return re.compile(rf"{gap}(?:(?:{label}){gap})?({same})(?=[\s).,;|\u3002]|\Z)")


def _months(text: str, shown: str, words: Vocabulary) -> Iterator[TextFact]:
    """When a card runs out, to the month: enough to know that its renewal may be asked for (guide 2.1\u2461); or in
    words that tell not even that."""
    for name, patterns in (
        ("card_expiry_month", "card_month_patterns"),
        (TOLD_UNTIL, "card_told_patterns"),
        (OVER, "card_ended_patterns"),
    ):
        for pattern in words.words(patterns):
            for found in re.finditer(pattern, text):
                yield TextFact(name, shown[slice(*found.span(1))].strip(), found.group(), *found.span())


def _date_role(text: str, start: int, end: int, words: Vocabulary, numbers: tuple[TextFact, ...]) -> str:
    front = _STOP.split(text[max(0, start - 2 * _NEAR) : start])[-1]
    behind = _STOP.split(text[end : end + _BEHIND], maxsplit=1)[0]
    if _ends_with(front, words.words("birth_words")) or _starts_with(behind, words.words("birth_words")):
        return "birth_date"
    if _ends_with(front, words.words("issue_words")) or _starts_with(behind, words.words("issue_words")):
        return "passport_issue_date"
    last = next((fact for fact in sorted(numbers, key=_place, reverse=True) if fact.end <= start), None)
    if last is not None and _beside(text[last.end : start], last, words):
        return _valid_until(last)
    if _ends_with(front, words.words("expiry_words")) or _contains(behind, words.words("expiry_words")):
        return _expires(text, start, words, numbers) or _of_the_card(text, start, end, words)
    if any_of(words.words("card_shows_patterns")).search(front):
        return "card_expiry"
    if any(word in behind for word in words.words("expiry_said_words")):
        return _of_the_card(text, start, end, words, named=True)
    if _ends_with(front, words.words("also_words")) and _said_of_validity(front, words):
        return _expires(text, start, words, numbers)
    if _ends_with(front, words.words("until_words")):
        return "card_expiry" if _expires(text, start, words, numbers) == "card_expiry" else ""
    return ""


def _of_the_card(text: str, start: int, end: int, words: Vocabulary, *, named: bool = False) -> str:
    """The card's, where its sentence names it, too, or (without `named`) names nothing else that ends while the text
    is about a card that is renewed or given up."""
    front = _STOP.split(text[max(0, start - _SUBJECT_REACH) : start])[-1]
    behind = _CLAUSES.split(text[end : end + 2 * _BEHIND], maxsplit=1)[0]
    others = (*words.words("passport_words"), *words.words("expiry_other_words"))
    if _names(front, others) or _names(behind, others):
        return ""
    if _names(behind, words.words("card_words")) or (named and _names(front, words.words("card_words"))):
        return "card_expiry"
    return "card_expiry" if not named and _names(text, words.words("expiry_of_card_words")) else ""


def _said_of_validity(front: str, words: Vocabulary) -> bool:
    """Is what stands in front of "too is" about validity, and neither about a birth nor about an issue?"""
    others = (*words.words("birth_words"), *words.words("issue_words"))
    return _names(front, words.words("expiry_words")) and not _names(front, others)


def _names(front: str, cues: Iterable[str]) -> bool:
    return any(cue.upper() in front for cue in cues)


def _valid_until(number: TextFact) -> str:
    """Until when that which bears the number is valid; an old passport's date is of no interest."""
    return {"card_no": "card_expiry", "passport_no": "expiry_date"}.get(number.name, "")


def _beside(between: str, number: TextFact, words: Vocabulary) -> bool:
    """Does a date stand right behind a number: nothing but stops between, or a bracket with words of validity? Behind
    a passport number a comma parts them: what follows may be the card's."""
    bare = between.strip(_STOPS)
    if not bare:
        return "\n\n" not in between and (number.name == "card_no" or "," not in between)
    opened = between.strip().startswith("(") and ")" not in between  # a bracket that is closed ends with its own day
    return opened and any(
        bare.startswith(word.upper()) for word in (*words.words("expiry_words"), *words.words("expiry_bare"))
    )


def _expires(text: str, start: int, words: Vocabulary, numbers: tuple[TextFact, ...]) -> str:
    """Card or passport: the one that the label itself names, else the card where its number stands in the sentence:
    the validity of a card is what this office asks for; an old passport's date is of no interest."""
    front = re.split(r"[!?\n\u3002]", text[max(0, start - _SUBJECT_REACH) : start])[-1]
    label = re.split(r"[,;\u3001(]|\.\s", front)[-1]
    base = start - len(front)
    for said in (label, front):
        card = max([said.rfind(word.upper()) for word in words.words("card_words")], default=-1)
        passport = max([said.rfind(word.upper()) for word in words.words("passport_words")], default=-1)
        shift = len(front) - len(said)
        for fact in numbers:
            if base + shift <= fact.start < start:
                place = fact.start - base - shift
                if fact.name == "card_no":
                    card = max(card, place)
                else:
                    passport = max(passport, place)
        if card >= 0 or passport >= 0:
            break
    if card < 0 and passport < 0:
        return _above(text, base, numbers)
    cards = [fact for fact in numbers if fact.name == "card_no" and base <= fact.start < start]
    if card > passport or (label is not said and cards and not _dated(text[cards[-1].end : start])):
        return "card_expiry"
    old = [fact for fact in numbers if base <= fact.start < start and fact.name == "old_passport_no"]
    return "" if old and not any(f.start > old[-1].start for f in numbers if f.start < start) else "expiry_date"


def _dated(between: str) -> bool:
    return DATE.search(between) is not None


def _above(text: str, line: int, numbers: tuple[TextFact, ...]) -> str:
    """A line of its own belongs to the number of the line above."""
    before = [fact for fact in sorted(numbers, key=_place) if fact.end <= line]
    near = [fact for fact in before if text[fact.end : line].count("\n") <= _LINES_UP]
    cards = [fact for fact in near if fact.name == "card_no"]
    if not near or _dated(text[near[-1].end : line]):
        return ""
    return "card_expiry" if cards and not _dated(text[cards[-1].end : line]) else _valid_until(near[-1])


def _ends_with(front: str, cues: Iterable[str]) -> bool:
    bare = front.rstrip(" :(-,.=\u3010\u3011[]|")
    return any(bare.endswith(cue.upper()) or front.endswith(cue.upper()) for cue in cues)


def _starts_with(behind: str, cues: Iterable[str]) -> bool:
    return any(behind.lstrip(" )").startswith(cue.upper()) for cue in cues)


def _contains(behind: str, cues: Iterable[str]) -> bool:
    near = re.split(r"[,\u3001]", behind)[0]
    return any(cue.upper() in near for cue in cues)


def _reasons(text: str, shown: str, words: Vocabulary) -> Iterator[TextFact]:
    """The first reason that the text gives. Where a card is asked for before its time, a journey or haste is one."""
    refused = tuple(word.upper() for word in words.words("reason_not"))
    hasty = any(word.upper() in text for word in words.words("reason_early_words"))
    for pattern in (*words.words("reason_patterns"), *(words.words("reason_early_patterns") if hasty else ())):
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


def people_counted(text: str, rules: RuleSet) -> int:
    """How many people a sentence counts whom the text spoke of one by one ("…, the cards of the three …"); the most of
    several counts, 0 when the text counts nobody."""
    words, folded = rules.vocabulary, fold(text)
    found = (one for pattern in words.words("headcount_patterns") for one in re.finditer(pattern, folded))
    return max((numeral(one[1], words) for one in found), default=0)


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
