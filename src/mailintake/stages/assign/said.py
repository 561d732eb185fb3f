"""The texts of a mail and what each says of people: whom it names and how, rows of tables, numbers and dates.

Subject and body are one text. A letter counts by what is written in its file, never by what was seen on a picture.
A file that nobody recognises is searched for lists of people.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache

from mailintake.model.rules import RuleSet
from mailintake.model.situation import ReadMail
from mailintake.model.traits import letters_naming_people
from mailintake.model.value import value
from mailintake.model.zone import local_day
from mailintake.stages.assign.company import begins_with_place, heads, whole_names
from mailintake.stages.assign.kinds import FileKind
from mailintake.stages.words.corrected import without_corrected
from mailintake.stages.words.fold import simplify
from mailintake.stages.words.latin_names import find_latin
from mailintake.stages.words.name_words import is_labelling, is_placed, is_titled
from mailintake.stages.words.names import Mention, NameWords, Role, find_names, is_name, name_words
from mailintake.stages.words.own_words import OwnWords
from mailintake.stages.words.page import arrange
from mailintake.stages.words.short_forms import without_short_forms
from mailintake.stages.words.signing import signed
from mailintake.stages.words.spaced import closed_up, spaced_words, unspaced
from mailintake.stages.words.tables import Row, tables_in
from mailintake.stages.words.text_facts import TextFact, facts_in
from mailintake.stages.words.told_days import written_out

_OCR = "ocr"
_CLAUSE, _CLAUSE_REACH = re.compile(r"[,;!?\n\u3002(]"), 24
_SELDOM = -12.0  # logarithm of a word's share: 田野 (-14) may be meant as a name, 方便 (-10) is not
_CARD_DAYS = 5 * 366 + 31  # a card is valid for five years
_SHORTEST = 2  # of the syllables that begin a name, which are no name alone
_ANY_NAME = "(?P<name>(?:(?![\\u7684\\u5361])[\\u3400-\\u9fff]){2,4}?)"  # no possessive, no card
_LONGEST = 12_000  # characters of a file that are looked at for people


class Part(StrEnum):
    """Which text of the mail."""

    BODY = "body"  # subject and text
    ATTACHED = "attached"  # mails inside, where the mail itself says nothing
    LETTER = "letter"  # a letter or request of the company
    LIST = "list"  # a file that may hold a list of people
    QUOTED = "quoted"  # somebody else's words below the sender's own


@value
class Around:
    """What is known of the mail when its people are looked for."""

    company: str = ""  # no person's name, whatever it is made of
    known: tuple[str, ...] = ()  # names that papers, text or files bear (known_names)


@value
class Said:
    """One text. `text` has its tables blanked; `subject` is where the subject ends."""

    part: Part
    around: Around
    text: str
    subject: int
    mentions: tuple[Mention, ...]
    rows: tuple[Row, ...]
    facts: tuple[TextFact, ...]
    writer: str = ""  # who introduces himself
    mine: tuple[TextFact, ...] = ()  # what he says of himself: "my passport …"
    path: str = ""  # of the file that it is the text of
    seen: bool = False  # on a picture only, and perhaps misread


def texts_of(words: OwnWords, files: Sequence[FileKind], around: Around, mail: ReadMail) -> tuple[Said, ...]:
    """Every text that may speak of people."""
    rules = mail.rules
    letters = letters_naming_people(rules)
    subject, text = (_dated(part, mail) for part in (words.subject, words.text))
    made = [_said(Part.BODY, f"{subject}\n{text}", around, rules, len(subject))]
    if words.fallback.strip():
        made.append(_said(Part.ATTACHED, words.fallback, around, rules))
    for file in files:
        measured = mail.measured(file.attachment)
        if measured is None or measured.text is None or measured.text.source == _OCR or not measured.text.lines:
            continue
        content = mail.reading(file.attachment).kind
        page = arrange(measured.text)
        if content in letters:
            made.append(_said(Part.LETTER, _dated(page.flow, mail), around, rules))
        elif not content:
            lines = page.table if measured.pdf is None else page.flow
            made.append(replace(_said(Part.LIST, _dated(lines, mail), around, rules), path=file.attachment.path))
    latest = local_day(mail.received_at) + timedelta(days=_CARD_DAYS)
    told = (replace(said, facts=tuple(without_corrected(said.text, said.facts, rules.vocabulary))) for said in made)
    return tuple(replace(said, facts=tuple(_of_its_number(said.facts, latest.isoformat()))) for said in told)


def _of_its_number(facts: Sequence[TextFact], latest: str) -> Iterator[TextFact]:
    """A day behind a passport's number that no card can last to is the passport's, however near a card is named."""
    last = ""
    for fact in facts:
        last = fact.name if fact.name in ("card_no", "passport_no") else last
        late = fact.name == "card_expiry" and last == "passport_no" and fact.value > latest
        yield replace(fact, name="expiry_date") if late else fact


def letters_seen(files: Sequence[FileKind], around: Around, mail: ReadMail) -> Iterator[Said]:
    """The scanned letters: they make nobody, but whose a number in them is stands beside it as in any letter."""
    letters = letters_naming_people(mail.rules)
    for file in files:
        measured = mail.measured(file.attachment)
        if measured is None or measured.text is None or measured.text.source != _OCR:
            continue
        if mail.reading(file.attachment).kind in letters:
            made = _said(Part.LETTER, arrange(measured.text).flow, around, mail.rules)
            yield replace(made, path=file.attachment.path, seen=True)


def quoted_of(text: str, around: Around, mail: ReadMail) -> Said:
    """The text that the mail quotes or forwards below the sender's own words."""
    return _said(Part.QUOTED, _dated(text, mail), around, mail.rules)


def _dated(text: str, mail: ReadMail) -> str:
    """With what "next year", "tomorrow", or a day without a year on which something ends, mean in a mail of its day."""
    return written_out(text, mail.rules.vocabulary, local_day(mail.received_at))


def _said(part: Part, text: str, around: Around, rules: RuleSet, subject: int = 0) -> Said:
    words = name_words(rules.vocabulary)
    text = simplify(text[:_LONGEST])
    shaped = (*_numbered_names(text, words, rules), *_shaped_names(text, words, rules))
    known = (*_spaced_names(text, words, rules), *shaped, *around.known)
    plain = closed_up(unspaced(text), known)
    tables = tables_in(plain, rules)
    masked = without_short_forms(_without_companies(tables.rest, around.company, rules), rules)
    found = sorted((*find_names(masked, words, known), *find_latin(masked, rules)), key=_place)
    mentions = signed(masked, tuple(found), words)
    names = {mention.name for mention in mentions} | set(known)
    facts = facts_in(masked, rules, names)
    writer = next((m.name for m in mentions if m.role is Role.CONTACT and words.introduces.fullmatch(m.cue)), "")
    mine = tuple(fact for fact in facts if writer and _is_mine(masked, fact, rules))
    return Said(part, around, masked, subject, mentions, tables.rows, facts, writer, mine)


def _is_mine(text: str, fact: TextFact, rules: RuleSet) -> bool:
    clause = _CLAUSE.split(text[max(0, fact.start - _CLAUSE_REACH) : fact.start])[-1].strip().lower()
    return clause.startswith(rules.vocabulary.words("my_words"))


def _place(mention: Mention) -> int:
    return mention.start


def _without_companies(text: str, company: str, rules: RuleSet) -> str:
    """A company's name holds no person, nor does what it begins with, nor that of another company which begins with
    its place; as many signs stand in its place."""
    others = (name for name in whole_names(text, rules) if begins_with_place(name, rules))
    for name in (company, *others, *heads(company, rules)):
        text = text.replace(name, "#" * len(name)) if len(name) > 3 else text
    return text


def _spaced_names(text: str, words: NameWords, rules: RuleSet) -> tuple[str, ...]:
    """Names that are written with a blank behind each character: nobody spaces out a word of a sentence."""
    never = rules.vocabulary.words("spaced_not_names")
    spaced = spaced_words(text)
    return tuple(word for word in spaced if word not in never and is_name(word, words, borne=True))


def _numbered_names(text: str, words: NameWords, rules: RuleSet) -> Iterator[str]:
    """Names that begin a line of their own and stand before a passport's or card's number: whatever word the name may
    be besides, there it is one."""
    numbers = (*rules.vocabulary.words("passport_patterns"), *rules.vocabulary.words("card_patterns"))
    yield from (found[1] for found in _numbered(numbers).finditer(text) if _may_be_name(found[1], words))
    yield from _listed_names(text, words, rules)


def _listed_names(text: str, words: NameWords, rules: RuleSet) -> Iterator[str]:
    """What begins a line and stands before a passport's number, in a list of which another line begins with somebody's
    name: a name, whatever surname or word it is."""
    never = frozenset((*rules.vocabulary.words("plain_words"), *rules.vocabulary.words("job_titles"), *words.grammar))
    found = [one[1] for one in _in_lists(rules.vocabulary.words("passport_patterns")).finditer(text)]
    names = [name for name in dict.fromkeys(found) if name not in never and not is_labelling(name, words)]
    if any(_may_be_name(name, words) for name in names):
        yield from (name for name in names if not (is_titled(name, words) or is_placed(name, words)))


def _shaped_names(text: str, words: NameWords, rules: RuleSet) -> Iterator[str]:
    """Names that the shape of their sentence shows, though they may be words besides; common words only where a number
    stands right behind."""
    trade = frozenset((*rules.vocabulary.words("plain_words"), *rules.vocabulary.words("job_titles")))
    never = frozenset("".join(rules.vocabulary.words("never_in_names")))
    for sure in (True, False):
        patterns = rules.vocabulary.words("name_shape_sure_patterns" if sure else "name_shape_patterns")
        for pattern in _shapes(patterns):
            for found in pattern.finditer(text):
                name = found["name"]
                seldom = (words.lexicon.words.get(name) or _SELDOM) <= _SELDOM and never.isdisjoint(name)
                if (sure or seldom) and name not in trade and _may_be_name(name, words):
                    yield name
    for pattern in _shapes(rules.vocabulary.words("minority_name_patterns")):
        yield from (found.group() for found in pattern.finditer(text) if len(found.group()) > _SHORTEST)


def _may_be_name(name: str, words: NameWords) -> bool:
    if name in words.grammar or not is_name(name, words, borne=True):
        return False
    return not (is_titled(name, words) or is_placed(name, words))


@lru_cache(maxsize=8)
def _shapes(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern.replace("{name}", _ANY_NAME)) for pattern in patterns)


@lru_cache(maxsize=4)
def _numbered(numbers: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(
        rf"(?m)^[ \t]*(?:\d{{1,2}}[.)\u3001][ \t]*)?([\u3400-\u9fff]{{2,4}})[ \t]*[:,|\t ][ \t]*(?:{'|'.join(numbers)})"
    )


@lru_cache(maxsize=4)
def _in_lists(numbers: tuple[str, ...]) -> re.Pattern[str]:
    item = r"(?:\d{1,2}[.)\u3001]|\(\d{1,2}\)|[\u2460-\u2473])"
    name = r"([\u3400-\u9fff]{2,4})(?![\u3400-\u9fff])(?:\([^()\n]{1,12}\))?"
    label = r"[^\nA-Z\d\u3002;]{0,16}"
    return re.compile(rf"(?m)^[ \t]*{item}?[ \t]*{name}{label}(?:{'|'.join(numbers)})(?![A-Z\d])")


def everybody(texts: Sequence[Said]) -> Iterator[tuple[Said, Mention]]:
    """Every mention of every text."""
    for said in texts:
        for mention in said.mentions:
            yield said, mention
