"""Chinese personal names in running text: where one stands, and whether the words around it speak for an applicant.

There is no name without a surname of the list in front. Where it ends is decided by what follows: a stop, or a word
that usually follows a name. That makes both "X的卡" and "关于X等3人" readable without a segmenter.
"""

import re
from collections.abc import Iterable, Iterator
from enum import IntEnum
from functools import lru_cache

from mailintake.model._value import value
from mailintake.model.rules import Vocabulary
from mailintake.stages.fold import simplify

_HAN = r"\u3400-\u9fff"
_MAX_TEXT = 20_000
_SEPARATORS = " \t:-_.\u2014\"'()[]<>\u3010\u3011\u300a\u300b\u201c\u201d#*|+"
_ITEM = re.compile(r"(?<!\d)\d{1,2}[.)\u3001]?\s*\Z")
_CLAUSE = re.compile(r"[\u3002!?;\n,]")
_CLAUSE_REACH = 60
_PHONE = re.compile(r"[\s:(]*(?:\+?86)?[\s-]*(?:1\d{10}|0\d{2,3}-?\d{7,8})")


class Strength(IntEnum):
    """How loudly the surroundings say that this person applies."""

    CONTACT = 0  # signs the mail or is to be called
    WEAK = 1  # a name, nothing more
    STRONG = 2  # "applicant X", "X's passport"


@value
class Mention:
    """One name at one place of a text."""

    name: str
    start: int
    end: int
    strength: Strength
    cue: str = ""


@value
class NameWords:
    """The word lists that the finder works with, compiled."""

    surname: re.Pattern[str]
    rare: frozenset[str]
    compound: tuple[str, ...]
    never: frozenset[str]
    not_names: tuple[str, ...]
    before: re.Pattern[str]
    before_plain: re.Pattern[str]
    after: re.Pattern[str]
    after_plain: re.Pattern[str]
    contact_before: re.Pattern[str]
    contact_after: re.Pattern[str]
    introduces: re.Pattern[str]
    before_not: re.Pattern[str]  # somebody else: an agent, or whose matter is long done
    joiners: re.Pattern[str]
    titles: tuple[str, ...]


_LISTS = (
    "surnames",
    "rare_surnames",
    "compound_surnames",
    "never_in_names",
    "not_names",
    "name_before",
    "name_before_plain",
    "name_after",
    "name_after_plain",
    "contact_before",
    "contact_after",
    "contact_intro",
    "name_before_not",
    "name_joiners",
    "polite_titles",
)


def name_words(vocabulary: Vocabulary) -> NameWords:
    """The lists of config/words/people.yaml, compiled once for each wording."""
    return _compile(*(vocabulary.words(name) for name in _LISTS))


@lru_cache(maxsize=8)
def _compile(*lists: tuple[str, ...]) -> NameWords:
    surnames, rare, compound, never, not_names, before, before_plain, after, after_plain, *rest = lists
    contact_before, contact_after, intro, before_not, joiners, titles = rest
    return NameWords(
        surname=re.compile("|".join([*compound, f"[{''.join(surnames)}]"])),
        rare=frozenset(rare),
        compound=compound,
        never=frozenset("".join(never)),
        not_names=not_names,
        before=_ending(before),
        before_plain=_ending(before_plain),
        after=_starting(after),
        after_plain=_starting(after_plain),
        contact_before=_ending(contact_before),
        contact_after=_starting(contact_after),
        introduces=_starting(intro),
        before_not=_ending(before_not),
        joiners=_joining(joiners),
        titles=titles,
    )


def _joining(words: Iterable[str]) -> re.Pattern[str]:
    """What stands between the members of a list: a joiner, a blank, the number of an item."""
    options = "|".join(re.escape(word.strip()) for word in words if word.strip())
    return re.compile(rf"[ \t]*(?:{options})?[ \t]*(?:\n?\d{{1,2}}[.)\u3001]?)?[ \t]*")


def _ending(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + r")\Z")


def _starting(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


def is_name(text: str, words: NameWords) -> bool:
    """Could the whole text be a personal name? Two or three characters, one more behind a compound surname."""
    found = words.surname.match(text)
    if not found or not _han(text):
        return False
    given = text[found.end() :]
    if not 1 <= len(given) <= 2 or given in words.titles or any(c in words.never for c in given):
        return False
    return not any(word in text for word in words.not_names)


def _han(text: str) -> bool:
    return bool(re.fullmatch(f"[{_HAN}]+", text))


def find_names(text: str, words: NameWords) -> tuple[Mention, ...]:
    """Every name in the text, in order, each place once; neighbours in a list share the strongest cue."""
    plain = simplify(text)[:_MAX_TEXT]
    found = list(_scan(plain, words))
    return tuple(_spread(plain, found, words))


def _scan(text: str, words: NameWords) -> Iterator[Mention]:
    lower = text.lower()
    position = 0
    while match := words.surname.search(text, position):
        mention = _at(lower, match.start(), match.end(), words)
        if mention is None and len(match.group()) > 1:  # 东方红: a compound surname may be a simple one
            mention = _at(lower, match.start(), match.start() + 1, words)
        if mention is None:
            position = match.start() + 1
        else:
            yield mention
            position = mention.end


def _at(text: str, start: int, given: int, words: NameWords) -> Mention | None:
    left = _left(text, start, words)
    if left is None:
        return None
    for end in (given + 2, given + 1):
        name = text[start:end]
        if len(name) < end - start or not is_name(name, words):
            continue
        right = _right(text, end, words)
        if right is None or (end == given + 2 and _is_tail(text, given + 1, words)):
            continue
        if end == given + 1 and _ends_in_joiner(text, start, end, words):
            continue
        strength, cue = _strength(text[max(0, start - 24) : start], left, right, words)
        clear = len(right[1]) > 1 and (len(name) > 2 or not left[1])  # a word behind; before two characters a stop
        if name[0] not in words.rare or strength is Strength.STRONG or clear or _alone(text, start, end):
            return Mention(name, start, end, strength, cue)
    return None


def _strength(
    front: str, left: tuple[Strength, str], right: tuple[Strength, str], words: NameWords
) -> tuple[Strength, str]:
    """What both sides say together: a word for an applicant wins over one for a contact only where it stands behind."""
    if found := words.before_not.search(front):
        return Strength.CONTACT, found.group()
    if Strength.CONTACT in (left[0], right[0]) and right[0] is not Strength.STRONG:
        return Strength.CONTACT, (left if left[0] is Strength.CONTACT else right)[1]
    return max(left, right, key=lambda side: (side[0] is Strength.STRONG, len(side[1])))


def _ends_in_joiner(text: str, start: int, end: int, words: NameWords) -> bool:
    """Does the joiner behind belong to the name (杨永和)? It joins only where another surname follows."""
    joins = re.match(r"[\u3400-\u9fff]", text[end : end + 1]) and words.joiners.fullmatch(text[end : end + 1])
    return bool(joins) and is_name(text[start : end + 1], words) and not words.surname.match(text, end + 1)


def _is_tail(text: str, end: int, words: NameWords) -> bool:
    """Does the character at `end` begin a word that follows a name, rather than end the name? The word must reach as
    far as what would follow the longer name: 张立新办理 is 张立新 + 办理, 白雪更换护照 is 白雪 + 更换护照."""
    here, later = (_follows(text, at, words) for at in (end, end + 1))
    return here > end + 1 and here >= later


def _follows(text: str, at: int, words: NameWords) -> int:
    """Where the word ends that follows a name at this place; `at` itself where none does."""
    behind = text[at : at + 24]
    hits = (pattern.match(behind) for pattern in (words.after, words.after_plain))
    return at + max((hit.end() for hit in hits if hit), default=0)


def _alone(text: str, start: int, end: int) -> bool:
    return not (_han(text[start - 1 : start] or " ") or _han(text[end : end + 1] or " "))


def _left(text: str, start: int, words: NameWords) -> tuple[Strength, str] | None:
    """What stands in front; None: the name would start inside a word."""
    front = text[max(0, start - 24) : start]
    bare = _ITEM.sub("", front).rstrip(_SEPARATORS)
    if found := words.contact_before.search(bare):
        return Strength.CONTACT, found.group()
    if found := words.before.search(bare):
        return Strength.STRONG, found.group()
    if not front or not _han(front[-1]):
        return Strength.WEAK, ""
    if found := words.before_plain.search(front):
        clause = _CLAUSE.split(text[max(0, start - _CLAUSE_REACH) : start])[-1]
        introduced = words.introduces.search(clause)  # "I am X of company Y"
        return (Strength.CONTACT, introduced.group()) if introduced else (Strength.WEAK, found.group())
    return None


def _right(text: str, end: int, words: NameWords) -> tuple[Strength, str] | None:
    """What stands behind; None: the name would end inside a word."""
    behind = text[end : end + 24]
    for title in words.titles:
        if behind.startswith(title) and not words.after.match(behind):
            behind = behind[len(title) :]
            break
    if phone := _PHONE.match(behind):
        applies = words.after.match(behind[phone.end() :].lstrip(_SEPARATORS))
        return (Strength.STRONG, applies.group()) if applies else (Strength.CONTACT, "phone")
    bare = behind.lstrip(_SEPARATORS)
    if found := words.contact_after.match(bare):
        return Strength.CONTACT, found.group()
    if found := words.after.match(bare):
        return Strength.STRONG, found.group()
    if not behind or not _han(behind[0]):
        return Strength.WEAK, ""
    if found := words.after_plain.match(behind):
        return Strength.WEAK, found.group()
    return None


def _spread(text: str, found: list[Mention], words: NameWords) -> Iterator[Mention]:
    """In an enumeration every member is what one member is known to be."""
    group: list[Mention] = []
    for mention in found:
        if group and not words.joiners.fullmatch(text[group[-1].end : mention.start]):
            yield from _levelled(group)
            group = []
        group.append(mention)
    yield from _levelled(group)


def _levelled(group: list[Mention]) -> Iterator[Mention]:
    strongest = max((m.strength for m in group), default=Strength.WEAK)
    cue = next((m.cue for m in group if m.strength is strongest), "")
    for mention in group:
        if strongest is Strength.STRONG and mention.strength is Strength.WEAK:
            yield Mention(mention.name, mention.start, mention.end, strongest, cue)
        else:
            yield mention
