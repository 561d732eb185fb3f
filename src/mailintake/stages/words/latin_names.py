"""Chinese names in Latin letters in running text, and what the words around each say of the person."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from mailintake.model.rules import RuleSet
from mailintake.stages.words.file_people import surname_latin
from mailintake.stages.words.name_words import NameWords, name_words
from mailintake.stages.words.names import Mention, Role
from mailintake.stages.words.pinyin import split_latin

_MAX_TEXT = 20_000
_ONE = r"(?<![A-Za-z])[A-Z][A-Za-z'\u2019-]{0,13}(?![A-Za-z])"
_WORDS = re.compile(rf"{_ONE}(?:,?[ \t]{{1,3}}{_ONE})+")
_WORD = re.compile(r"[A-Z][A-Za-z'\u2019-]{0,13}")
_STOP = re.compile(r"[\u3002!?;\n]|\.(?=\s|$)(?<!Mr\.)(?<!Ms\.)(?<!Dr\.)(?<!Mrs\.)(?<!no\.)(?<!No\.)")
_FRONT, _BEHIND = 90, 90
_JOINED = re.compile(r"\s*(?:,|&|;|\band\b)\s*(?:and\s+)?(?:(?:Mr|Ms|Mrs|Miss|Dr)\.?\s+)?")
_SEPARATORS = " \t:-_.\"'()[]<>#*|,"
_ITEM = re.compile(r"(?<!\d)\d{1,2}[.)]\s*\Z")
_HONORIFIC = re.compile(r"(?:Mr|Ms|Mrs|Miss|Dr)\.?\s*\Z")


def find_latin(text: str, rules: RuleSet) -> tuple[Mention, ...]:
    """Names in Latin letters, surname first and in capitals, in order; each place once."""
    words, plain = name_words(rules.vocabulary), text[:_MAX_TEXT]
    places = [*_apart(plain, rules), *_together(plain, rules)]
    places.sort(key=lambda place: place[0])
    made: list[Mention] = []
    for i, (start, end, name) in enumerate(places):
        if made and start < made[-1].end:
            continue
        following = next((s for s, _, _ in places[i + 1 :] if s >= end), len(plain))
        last = made[-1].end if made else 0
        role, cue = _role(plain, start, end, (last, following), words)
        if made and role is Role.NAMED and _JOINED.fullmatch(plain[last:start]):
            role, cue = made[-1].role, made[-1].cue
        made.append(Mention(name, start, end, role, cue, 0.0))
    return tuple(made)


class _Found(NamedTuple):
    start: int
    end: int
    name: str


def _apart(text: str, rules: RuleSet) -> Iterator[_Found]:
    """Surname and given name on lines of their own."""
    surname = "|".join(rules.vocabulary.words("latin_surname_patterns"))
    given = "|".join(rules.vocabulary.words("latin_given_patterns"))
    pattern = rf"(?:{surname})\s*[:|]\s*([A-Za-z]{{2,8}})[,;.]?\s+(?:{given})\s*[:|]\s*([A-Za-z' -]{{2,20}}[A-Za-z])"
    for found in re.finditer(pattern, text, re.IGNORECASE):
        letters = re.sub(r"[^A-Za-z]", "", found[2])
        if name := split_latin(f"{found[1]} {letters}", surname_latin(rules)):
            yield _Found(found.start(), found.end(), name)


def _together(text: str, rules: RuleSet) -> Iterator[_Found]:
    refused = {word.lower() for word in rules.vocabulary.words("latin_not_names")}
    refused |= {word.lower() for city in rules.office.cities for word in city.words if word.isascii()}
    for run in _WORDS.finditer(text):
        parts = [(m.start() + run.start(), m.end() + run.start()) for m in _WORD.finditer(run.group())]
        at = 0
        while at < len(parts):
            size = next(
                (n for n in (3, 2) if at + n <= len(parts) and _named(text, parts[at : at + n], refused, rules)), 0
            )
            if size:
                name = _named(text, parts[at : at + size], refused, rules)
                yield _Found(parts[at][0], parts[at + size - 1][1], name)
            at += size or 1


def _named(text: str, parts: list[tuple[int, int]], refused: set[str], rules: RuleSet) -> str:
    """SURNAME GIVEN for these words, or nothing."""
    words = [re.sub(r"['\u2019-]", "", text[start:end]) for start, end in parts]
    if {word.lower() for word in words} & refused or " ".join(words).lower() in refused:
        return ""
    between = [text[a[1] : b[0]] for a, b in pairwise(parts)]
    if any("," in gap for gap in between[1:]) or ("," in between[0] and not words[0].isupper()):
        return ""
    if len(words) == 3 and any(len(word) > 6 for word in words[1:]) and len(words[0]) > 6:
        return ""
    return split_latin(" ".join(words), surname_latin(rules)) or ""


def _role(text: str, start: int, end: int, between: tuple[int, int], words: NameWords) -> tuple[Role, str]:
    last, following = between
    raw = text[max(0, start - _FRONT) : start]
    raw = _HONORIFIC.sub("", raw)
    front = _STOP.split(raw)[-1]
    behind = _STOP.split(text[end : end + _BEHIND], maxsplit=1)[0]
    own = behind[: max(0, following - end)]
    bare = _ITEM.sub("", re.sub(r"\s*\n\s*\Z", ":", raw)).rstrip(_SEPARATORS)
    if found := words.contact_label.search(bare):
        return Role.CONTACT, found.group()
    if found := words.applicant_label.search(bare):
        return Role.ASKED, found.group()
    if (found := words.introduces.match(front.strip())) and last <= start - len(front):
        return Role.CONTACT, found.group()
    titled = words.title_before.sub("", front.rstrip(" .")).rstrip()
    for said in (front.rstrip(), titled):
        if found := words.kin.search(said) or words.other_before.search(said):
            return Role.OTHER, found.group()
    if found := words.other_after.match(behind.lstrip()):
        return Role.OTHER, found.group()
    if found := words.asks.search(own) or words.asks.search(front if not last or last <= start - len(front) else ""):
        return Role.ASKED, found.group()
    if found := words.for_word.search(titled) or words.spoken_after.match(behind.lstrip(_SEPARATORS)):
        return Role.SPOKEN, found.group()
    return Role.NAMED, ""
