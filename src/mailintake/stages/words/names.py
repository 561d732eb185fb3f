"""Chinese personal names in running text: where one stands, and whether the words around it speak for an applicant.

There is no name without a surname of the list in front. Where it ends is decided by what follows: a stop, or a word
that usually follows a name. That makes both "X的卡" and "关于X等3人" readable without a segmenter.
"""

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum

from mailintake.model.value import value
from mailintake.stages.words.fold import simplify
from mailintake.stages.words.name_words import NameWords, is_han, is_name, name_words

__all__ = ["Mention", "NameWords", "Strength", "find_names", "is_name", "name_words"]

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


def find_names(text: str, words: NameWords, known: Sequence[str] = ()) -> tuple[Mention, ...]:
    """Every name in the text, in order, each place once; neighbours in a list share the strongest cue. A `known` name
    is one wherever it stands, unless the text shows a longer one."""
    plain = simplify(text)[:_MAX_TEXT]
    found = list(_scan(plain, words, known))
    return tuple(_spread(plain, found, words))


def _scan(text: str, words: NameWords, known: Sequence[str]) -> Iterator[Mention]:
    lower = text.lower()
    position = 0
    while match := words.surname.search(text, position):
        mention = _longest(_known_at(lower, match.start(), words, known), _at(lower, match.start(), match.end(), words))
        if mention is None and len(match.group()) > 1:  # 东方红: a compound surname may be a simple one
            mention = _at(lower, match.start(), match.start() + 1, words)
        if mention is None:
            position = match.start() + 1
        else:
            yield mention
            position = mention.end


def _longest(borne: Mention | None, cut: Mention | None) -> Mention | None:
    return cut if borne is None or (cut is not None and cut.end > borne.end) else borne


def _known_at(text: str, start: int, words: NameWords, known: Sequence[str]) -> Mention | None:
    name = max((n for n in known if text.startswith(n, start)), key=len, default="")
    if not name:
        return None
    end = start + len(name)
    nothing = (Strength.WEAK, "")
    left, right = _left(text, start, words) or nothing, _right(text, end, words) or nothing
    strength, cue = _strength(text[max(0, start - 24) : start], left, right, words)
    return Mention(name, start, end, strength, cue)


def _at(text: str, start: int, given: int, words: NameWords) -> Mention | None:
    left = _left(text, start, words)
    if left is None:
        return None
    for end in (given + 2, given + 1):
        name = text[start:end]
        if len(name) < end - start or not is_name(name, words, bounded=_bounded(text, start, end, left, words)):
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


def _bounded(text: str, start: int, end: int, left: tuple[Strength, str], words: NameWords) -> bool:
    """Does the name clearly begin and clearly end here? It begins at a stop or behind a word for an applicant, and ends
    at a stop, before a title, or, where only its middle is doubtful, before a word that follows a name."""
    front, behind = text[start - 1 : start] or " ", text[end : end + 1] or " "
    if left[0] is not Strength.STRONG and (is_han(front) or front.isalnum()):
        return False
    if not (is_han(behind) or behind.isalnum()) or words.ends.match(text[end : end + 4]):
        return True
    if _right(text, end, words) is None:
        return False
    shorter = is_name(text[start : end - 1], words) and _right(text, end - 1, words) is not None
    return not shorter or text[end - 1] not in words.seldom


def _alone(text: str, start: int, end: int) -> bool:
    return not (is_han(text[start - 1 : start] or " ") or is_han(text[end : end + 1] or " "))


def _left(text: str, start: int, words: NameWords) -> tuple[Strength, str] | None:
    """What stands in front; None: the name would start inside a word."""
    front = text[max(0, start - 24) : start]
    bare = _ITEM.sub("", front).rstrip(_SEPARATORS)
    if found := words.contact_before.search(bare):
        return Strength.CONTACT, found.group()
    if found := words.before.search(bare):
        return Strength.STRONG, found.group()
    if not front or not is_han(front[-1]):
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
    if not behind or not is_han(behind[0]):
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
