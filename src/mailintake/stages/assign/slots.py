"""Names that are words besides, by the places they stand in: where only a person can be meant (asked for, with a title
before, as the sender of the mail, alone in a file's name), in two independent parts of the mail, or before a passport.

Theory. What a word usually means says nothing where a sentence has a slot for a person: "cancel 温暖's card" in the
subject and "our manager 温暖 has left" in the text speak of one. One such slot may be filled by anything ("the manager
today …"); two parts of a mail that fill it with the same characters name somebody, and so does one with a number of a
passport right behind and nobody else between.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from mailintake.model.rules import RuleSet
from mailintake.stages.words.fold import simplify
from mailintake.stages.words.kind_names import left_over
from mailintake.stages.words.name_words import NameWords, is_labelling, is_placed, is_titled

_NAME = r"(?P<name>[\u3400-\u9fff]{2,4}?)"
_ALONE = re.compile(r"(?<![\u3400-\u9fff])[\u3400-\u9fff]{2,4}(?![\u3400-\u9fff])")
_SELDOM = -9.5  # logarithm of a word's share: commoner ones (today) fill a slot without being meant
_PLAIN = -11.5  # the same where neither a number nor anything that is said of people only stands beside it
_OWN = 2  # parts that the sender wrote himself: subject and text
_TWO = 2  # parts of a mail
_REACH = 80  # characters from a slot to the number that is its person's
_LONGEST = 6_000  # characters of a text
_LONGEST_NAME = 3  # characters after no surname of two


def names_in_slots(
    parts: Sequence[str], alone: Sequence[str], stems: Sequence[str], words: NameWords, rules: RuleSet
) -> tuple[str, ...]:
    """Names that fill a person's slot in two of `parts` (subject, text, the words of all files, whose labels are many),
    of `alone` (what bears a name and nothing else, as the sender's own) and of `stems` (names of files), or in one of
    subject and text before a passport."""
    found: dict[str, int] = {}
    filled = [set(_slots(part, rules)) for part in parts]
    filled += [set(_ALONE.findall(simplify(text))) for text in alone]
    filled += [{run for stem in stems for run in _ALONE.findall(left_over(simplify(stem), rules))}]
    filled[-1] |= {name for stem in stems for name in _slots(stem, rules)}
    for names in filled:
        for name in names:
            found[name] = found.get(name, 0) + 1
    numbered = {name for part in parts[:_OWN] for name in _numbered(part, rules)}
    personal = {name for part in parts for name in _surely_people(part, rules)}
    for name, times in Counter(_slots("\n".join(parts[_OWN:]), rules)).items():
        if times > 1 and name in personal:
            found[name] += 1  # a letter's title and its text are two places
    borne = {name for part in parts for name in _numbered(part, rules)}
    seldom = {name for name in numbered if not _is_common(name, words)}
    senders = set(_ALONE.findall(simplify(alone[0]))) if alone else set()

    def proved(name: str, times: int) -> bool:
        if words.lexicon.name(name) is not None:
            clear = name in borne or name in personal or not _is_common(name, words, _PLAIN)
            return (times >= _TWO and clear) or name in seldom
        # it begins with no surname that is known
        return times >= _TWO and (name in borne or name in senders or name in personal)

    told = (name for name, times in found.items() if proved(name, times) and _may_be(name, words, rules))
    everything = simplify("\n".join((*parts, *stems)))
    ends = "|".join(map(re.escape, rules.vocabulary.words("doc_company_ends")))
    return tuple(name for name in told if not _is_firm(name, everything, ends, words))


def _is_common(name: str, words: NameWords, least: float = _SELDOM) -> bool:
    """Is it a word that is met everywhere: time, project?"""
    return (words.lexicon.words.get(name) or least) > least


def _is_firm(name: str, everything: str, ends: str, words: NameWords) -> bool:
    """Does a word for a firm follow it anywhere, or has it four characters, no surname of two before them, and nowhere
    a word behind it by which people are addressed?"""
    long = len(name) > _LONGEST_NAME and name[:2] not in words.lexicon.compound
    if long and not (_is_addressed(name, everything, words) and words.function_behind.isdisjoint(name)):
        return True
    return re.search(f"{re.escape(name)}(?:{ends})", everything) is not None


def _is_addressed(name: str, everything: str, words: NameWords) -> bool:
    return any(f"{name}{title}" in everything for title in words.polite)


def _slots(text: str, rules: RuleSet) -> Iterator[str]:
    return (name for _, name in _places(simplify(text)[:_LONGEST], rules))


def _places(plain: str, rules: RuleSet) -> Iterator[tuple[int, str]]:
    """Where a slot stands, and what fills it."""
    for one in ("person_slot_patterns", "person_only_patterns"):
        for pattern in _patterns(rules.vocabulary.words(one), _titles(rules)):
            yield from ((found.start("name"), found["name"]) for found in pattern.finditer(plain))


def _surely_people(text: str, rules: RuleSet) -> Iterator[str]:
    """What stands where no firm can be meant: behind somebody's post, before what says that he has left."""
    plain = simplify(text)[:_LONGEST]
    for pattern in _patterns(rules.vocabulary.words("person_only_patterns"), _titles(rules)):
        yield from (found["name"] for found in pattern.finditer(plain))


def _numbered(text: str, rules: RuleSet) -> Iterator[str]:
    """Names in slots of a text behind which a passport's number stands near, and no other slot between."""
    plain = simplify(text)[:_LONGEST]
    slots = sorted(_places(plain, rules))
    number = _number(rules.vocabulary.words("passport_patterns"))
    for at, name in slots:
        near = number.search(plain, at, at + _REACH)
        if near is not None and not any(at < other < near.start() and called != name for other, called in slots):
            yield name


def _may_be(name: str, words: NameWords, rules: RuleSet) -> bool:
    """Is it no word of grammar, of this trade, of offices and firms, nor a place?"""
    vocabulary = rules.vocabulary
    never = frozenset("".join(vocabulary.words("never_in_names")))
    listed = ("plain_words", "job_titles", "file_noise", "address_titles")
    if name in words.grammar or name in words.trades or any(name in vocabulary.words(one) for one in listed):
        return False
    if any(word in name for word in vocabulary.words("never_in_slots")):
        return False
    given = name[1:] if words.surname.match(name) else name  # 费 is a fee, and a surname
    if not never.isdisjoint(given) or name.endswith(vocabulary.words("organisation_ends")):
        return False
    return not (is_labelling(name, words) or is_titled(name, words) or is_placed(name, words))


def _titles(rules: RuleSet) -> tuple[str, ...]:
    return tuple(sorted((t for t in rules.vocabulary.words("job_titles") if len(t) > 1), key=len, reverse=True))


@lru_cache(maxsize=4)
def _patterns(patterns: tuple[str, ...], titles: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    title = f"(?:{'|'.join(map(re.escape, titles))})"
    return tuple(re.compile(p.replace("{name}", _NAME).replace("{title}", title)) for p in patterns)


@lru_cache(maxsize=4)
def _number(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns))
