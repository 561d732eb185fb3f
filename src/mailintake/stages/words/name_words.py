"""The word lists by which names are found, compiled, and what can be a personal name at all."""

import re
from collections.abc import Iterable
from functools import lru_cache

from mailintake.model.rules import Vocabulary
from mailintake.model.value import value

_HAN = r"\u3400-\u9fff"


@value
class NameWords:
    """The word lists that the finder works with, compiled."""

    surname: re.Pattern[str]
    rare: frozenset[str]
    compound: tuple[str, ...]
    never: frozenset[str]
    seldom: frozenset[str]  # in a name only where it clearly ends behind it
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
    ends: re.Pattern[str]  # what shows that a name is over: a title, a particle


_LISTS = (
    "surnames",
    "rare_surnames",
    "compound_surnames",
    "never_in_names",
    "seldom_in_names",
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
    "name_ends",
)


def name_words(vocabulary: Vocabulary) -> NameWords:
    """The lists of config/words/people.yaml, compiled once for each wording."""
    return _compile(*(vocabulary.words(name) for name in _LISTS))


@lru_cache(maxsize=8)
def _compile(*lists: tuple[str, ...]) -> NameWords:
    surnames, rare, compound, never, seldom, not_names, before, before_plain, after, after_plain, *rest = lists
    contact_before, contact_after, intro, before_not, joiners, titles, ends = rest
    return NameWords(
        surname=re.compile("|".join([*compound, f"[{''.join(surnames)}]"])),
        rare=frozenset(rare),
        compound=compound,
        never=frozenset("".join(never)),
        seldom=frozenset("".join(seldom)),
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
        ends=_starting(ends),
    )


def _joining(words: Iterable[str]) -> re.Pattern[str]:
    """What stands between the members of a list: a joiner, a blank, the number of an item."""
    options = "|".join(re.escape(word.strip()) for word in words if word.strip())
    return re.compile(rf"[ \t]*(?:{options})?[ \t]*(?:\n?\d{{1,2}}[.)\u3001]?)?[ \t]*")


def _ending(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + r")\Z")


def _starting(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


def is_name(text: str, words: NameWords, *, bounded: bool = False, borne: bool = False) -> bool:
    """Could the whole text be a personal name? Two or three characters, one more behind a compound surname.

    `bounded`: something shows where it ends, so characters that mostly begin another word may belong to it. `borne`: a
    paper bears it as a name; no list of words refuses it.
    """
    found = words.surname.match(text)
    if not found or not is_han(text):
        return False
    given = text[found.end() :]
    if not 1 <= len(given) <= 2:
        return False
    if borne:
        return True
    if given in words.titles or any(c in words.never for c in given):
        return False
    rare = text[0] in words.rare
    if (rare or not bounded) and any(c in words.seldom for c in given):
        return False
    # Behind a common surname only a word that begins with it counts; a rare one is mostly a word before another.
    return not any((word in text) if rare else text.startswith(word) for word in words.not_names)


def is_han(text: str) -> bool:
    """Nothing but Chinese characters, and at least one."""
    return bool(re.fullmatch(f"[{_HAN}]+", text))
