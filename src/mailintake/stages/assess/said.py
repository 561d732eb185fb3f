"""What a mail or letter states in its sentences, and of whom: a sentence about somebody else flags nobody.

Theory. A sentence is about an applicant whom it names, or, with a pronoun or without a subject of its own, about the
one the sentence before was about; a mail about one person alone is about him from its first word. Between the name and
what is said of him no other person may stand ("his agent left"), nor right behind it ("the predecessor, who left").
Whoever only owns what the sentence speaks of ("his wife brings the papers") is not the one it is said of. What is said
of the company is not said of its customers. A condition states nothing, nor does a question that has no subject, nor
what the words right in front of it deny.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from mailintake.model.case import Applicant
from mailintake.model.procedure import Prohibition
from mailintake.model.rules import RuleSet
from mailintake.model.value import value
from mailintake.stages.assess.likely import likely_nothing, likely_stated
from mailintake.stages.words.concepts import Hit, hits_of
from mailintake.stages.words.fold import fold
from mailintake.stages.words.matching import folded_words
from mailintake.stages.words.speech import any_of

_SENTENCE = re.compile(r"[\n;!?\u3002]")
_OWNER = re.compile(r"(?:\u7684|\u53ca\u5176|\u4e0e\u5176|\u548c\u5176)$")  # the possessive, "and his"
_IS = re.compile(r"[\u662f\u7cfb\u4e3a]")  # "is": what stands behind it is no owner's thing
_STOP = re.compile(r"[,\u3001]")
_CLAUSE = re.compile(r"[,:\u3001]")
_BEHIND = 8  # characters behind what is said, in which another subject may follow: "left" + "the predecessor"
_SHORT = 24  # characters of a clause that may stand before what is said without a subject of its own
_NAME = "{name}"
_NOBODY, _ANYBODY = "(?!)", ".{1,40}?"
_LONGEST_NAME = 40  # characters that _ANYBODY takes
_PIECE = re.compile(r"\\.|\[(?:\\.|[^\]])*\]|\(\?<?!|\(|\)|\{name\}")
_DENIALS = ("(?!", "(?<!")


@value
class Statement:
    """A sentence that states something, and the key of the applicant it is about; None for the company."""

    text: str
    applicant: str | None


def statements(text: str, item: Prohibition, people: Sequence[Applicant], rules: RuleSet) -> Iterator[Statement]:
    """The sentences of a folded text that state the item, each once."""
    names = tuple(fold(person.name) for person in people if person.name)
    about = people[0].key if len(people) == 1 else None
    for sentence in _SENTENCE.split(text):
        said = (*_found(item.says, sentence, names), *hits_of(item.id, sentence, names, rules.vocabulary))
        of_us = _found(item.says_company, sentence, names)
        back = _found(item.says_not, sentence, names) if said or of_us else ()
        hits = tuple(hit for hit in said if _stands(sentence, hit, back, names, rules))
        if hits and not any(hit.firm for hit in hits) and likely_nothing(sentence, item, names, rules):
            hits = ()
        if not said and not of_us:
            hits = tuple(_witnessed(sentence, item, names, rules))
        of_company = (*of_us, *(() if item.of_person else hits))
        who = next((key for hit in hits if (key := _about(sentence, hit, about, people, rules))), None)
        if item.of_person and who is not None:
            yield Statement(sentence.strip(" ,:"), who)
        elif any(_is_ours(sentence, hit, rules) and _stands(sentence, hit, back, names, rules) for hit in of_company):
            yield Statement(sentence.strip(" ,:"), None)
        about = _subject(sentence, about, people, rules)


def _witnessed(sentence: str, item: Prohibition, names: tuple[str, ...], rules: RuleSet) -> Iterator[Hit]:
    """The whole sentence, where the examples most like it state the item and nothing in it takes that back: no word of
    the item, no condition, no question, and nobody else where it names no applicant."""
    if not likely_stated(sentence, item, names, rules) or _found(item.says_not, sentence, names):
        return
    word = rules.vocabulary.words
    if any(any_of(word(f"prohibition_{one}_patterns")).search(sentence) for one in ("if", "asked", "unsaid")):
        return
    if item.of_person and not any(name in sentence for name in names) and _names_other(sentence, rules):
        return
    yield Hit(0, len(sentence), sentence)


def _found(patterns: tuple[str, ...], sentence: str, names: tuple[str, ...]) -> tuple[Hit, ...]:
    """Where a sentence says one of them, with the names of the applicants in their places.

    To compile some of them with names costs more than all the rest, and few sentences need it: only those that name an
    applicant and would be hits if anything were a name.
    """
    if not patterns:
        return ()
    if not any(_NAME in pattern for pattern in patterns):
        return _hits(any_of(patterns), sentence)
    if not any(name in sentence for name in names):
        return _hits(_named(patterns, ()), sentence)
    if all(len(name) <= _LONGEST_NAME for name in names) and not any_of(_anybodys(patterns)).search(sentence):
        return ()
    return _hits(_named(patterns, names), sentence)


def _hits(pattern: re.Pattern[str], sentence: str) -> tuple[Hit, ...]:
    return tuple(Hit(*hit.span(), hit.group()) for hit in pattern.finditer(sentence))


@lru_cache(maxsize=128)
def _anybodys(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """Patterns that hit wherever these do, whoever the applicants are: a name is anything, and where a name is denied
    nobody's is."""
    return tuple(_anybodys_one(pattern) for pattern in patterns)


def _anybodys_one(pattern: str) -> str:
    denials: list[bool] = []

    def put(piece: re.Match[str]) -> str:
        word = piece.group()
        if word in _DENIALS or word == "(":
            denials.append(word in _DENIALS)
        elif word == ")" and denials:
            denials.pop()
        elif word == _NAME:
            return _NOBODY if sum(denials) % 2 else _ANYBODY
        return word

    return _PIECE.sub(put, pattern)


@lru_cache(maxsize=128)
def _named(patterns: tuple[str, ...], names: tuple[str, ...]) -> re.Pattern[str]:
    named = f"(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})" if names else _NOBODY
    return any_of(tuple(pattern.replace(_NAME, named) for pattern in patterns))


def _stands(sentence: str, hit: Hit, back: Sequence[Hit], names: Sequence[str], rules: RuleSet) -> bool:
    """Nothing takes the hit back: no word of the item in its clause, no condition, no question without a subject, no
    denial right in front of it."""
    start = max((stop.end() for stop in _CLAUSE.finditer(sentence, 0, hit.start)), default=0)
    stop = _CLAUSE.search(sentence, max(start, hit.end - 1))
    end = stop.start() if stop else len(sentence)
    if not hit.firm and any(one.start < end and one.end > start for one in back):
        return False
    front, word = sentence[start : hit.start], rules.vocabulary.words
    if any_of(word("prohibition_denied_patterns")).search(front):
        return False
    if any_of(word("prohibition_if_patterns")).search(sentence[start : hit.end]):
        return False
    clause = sentence[start:end]
    if not hit.firm and any_of(word("prohibition_unsaid_patterns")).search(clause):
        return False
    has_subject = any(own in clause for own in word("prohibition_own")) or any(name in clause for name in names)
    return has_subject or not any_of(word("prohibition_asked_patterns")).search(clause)


def _is_ours(sentence: str, hit: Hit, rules: RuleSet) -> bool:
    """What is said is not said of a customer or another company that its clause names before it."""
    front = _CLAUSE.split(sentence[: hit.start])[-1]
    return not any(word in front for word in folded_words(rules.vocabulary.words("prohibition_other_companies")))


def _about(sentence: str, hit: Hit, before: str | None, people: Sequence[Applicant], rules: RuleSet) -> str | None:
    """The applicant of whom the hit is said."""
    behind = _STOP.split(sentence[hit.end : hit.end + _BEHIND], maxsplit=1)[0]
    if (not hit.firm and _names_other(behind, rules)) or not _is_ours(sentence, hit, rules):
        return None
    named = [(at, a) for a in people if a.name and (at := sentence.rfind(fold(a.name), 0, hit.end)) >= 0]
    if named:
        at, person = max(named, key=lambda place: place[0])
        between = sentence[at + len(fold(person.name)) : hit.start]
        return None if _names_other(between, rules) or _is_owner(between, hit, rules) else person.key
    front = sentence[: hit.start]
    if _names_other(front, rules):
        return None
    for person in people:
        at = sentence.find(fold(person.name), hit.start) if person.name else -1
        if at >= 0 and at - hit.end <= _BEHIND and not _STOP.search(sentence[hit.end : at]):
            return person.key
    if any_of(rules.vocabulary.words("i_alone_patterns")).search(sentence[: hit.end]):
        return None  # who writes "I", and is none of them, speaks of himself
    pronoun = any(word in front for word in folded_words(rules.vocabulary.words("prohibition_pronouns")))
    bare = len(front) <= _SHORT
    return before if pronoun or bare else None


def _is_owner(between: str, hit: Hit, rules: RuleSet) -> bool:
    """The named one only owns what the hit speaks of: his assistant, but not his contract, nor what he is."""
    mine = hit.text.startswith(rules.vocabulary.words("prohibition_own_things"))
    return bool(_OWNER.search(between)) and not mine and not _IS.search(between)


def _subject(sentence: str, before: str | None, people: Sequence[Applicant], rules: RuleSet) -> str | None:
    """Whom the next sentence goes on about: the applicant named last, or the one before where nobody else comes in."""
    named = [(at, a.key) for a in people if a.name and (at := sentence.rfind(fold(a.name))) >= 0]
    if named:
        return max(named)[1]
    return None if _names_other(sentence, rules) else before


def _names_other(text: str, rules: RuleSet) -> bool:
    text = any_of(rules.vocabulary.words("prohibition_identity_patterns")).sub("", text)
    return any(word in text for word in folded_words(rules.vocabulary.words("prohibition_others")))
