"""What a mail or letter states in its sentences, and of whom: a sentence about somebody else flags nobody.

Theory. A sentence is about an applicant whom it names, or, with a pronoun or without a subject of its own, about the
one the sentence before was about. Between the name and what is said of him no other person may stand ("his agent
left"), nor right behind it ("the predecessor, who left"). Whoever only owns what the sentence speaks of ("his wife
brings the papers") is not the one it is said of.
"""

import re
from collections.abc import Iterator, Sequence

from mailintake.model.case import Applicant
from mailintake.model.procedure import Prohibition
from mailintake.model.rules import RuleSet
from mailintake.model.value import value
from mailintake.stages.words.fold import fold
from mailintake.stages.words.matching import folded_words
from mailintake.stages.words.speech import any_of

_SENTENCE = re.compile(r"[\n;!?\u3002]")
_OWNER = re.compile(r"(?:\u7684|\u53ca\u5176|\u4e0e\u5176|\u548c\u5176)$")  # the possessive, "and his"
_STOP = re.compile(r"[,:\u3001]")
_BEHIND = 8  # characters behind what is said, in which another subject may follow: "left" + "the predecessor"
_SHORT = 14  # characters of a clause that may stand before what is said without a subject of its own


@value
class Statement:
    """A sentence that states something, and the key of the applicant it is about; None for the company."""

    text: str
    applicant: str | None


def statements(text: str, item: Prohibition, people: Sequence[Applicant], rules: RuleSet) -> Iterator[Statement]:
    """The sentences of a folded text that state the item, each once."""
    if not item.says:
        return
    says, taken_back = any_of(item.says), any_of(item.says_not)
    about: str | None = None
    for sentence in _SENTENCE.split(text):
        hits = () if taken_back.search(sentence) else tuple(says.finditer(sentence))
        if hits and not item.of_person:
            yield Statement(sentence.strip(" ,:"), None)
        elif hits:
            who = next((key for hit in hits if (key := _about(sentence, hit, about, people, rules))), None)
            if who is not None:
                yield Statement(sentence.strip(" ,:"), who)
        about = _subject(sentence, about, people, rules)


def _about(
    sentence: str, hit: re.Match[str], before: str | None, people: Sequence[Applicant], rules: RuleSet
) -> str | None:
    """The applicant of whom the hit is said."""
    behind = sentence[hit.end() : hit.end() + _BEHIND]
    if _names_other(behind, rules):
        return None
    named = [(at, a) for a in people if a.name and (at := sentence.rfind(fold(a.name), 0, hit.start() + 1)) >= 0]
    if named:
        at, person = max(named, key=lambda place: place[0])
        between = sentence[at + len(fold(person.name)) : hit.start()]
        return None if _names_other(between, rules) or _OWNER.search(between) else person.key
    front = sentence[: hit.start()]
    if _names_other(front, rules):
        return None
    for person in people:
        at = sentence.find(fold(person.name), hit.start()) if person.name else -1
        if at >= 0 and at - hit.end() <= _BEHIND and not _STOP.search(sentence[hit.end() : at]):
            return person.key
    pronoun = any(word in front for word in folded_words(rules.vocabulary.words("prohibition_pronouns")))
    bare = len(front) <= _SHORT
    return before if pronoun or bare else None


def _subject(sentence: str, before: str | None, people: Sequence[Applicant], rules: RuleSet) -> str | None:
    """Whom the next sentence goes on about: the applicant named last, or the one before where nobody else comes in."""
    named = [(at, a.key) for a in people if a.name and (at := sentence.rfind(fold(a.name))) >= 0]
    if named:
        return max(named)[1]
    return None if _names_other(sentence, rules) else before


def _names_other(text: str, rules: RuleSet) -> bool:
    return any(word in text for word in folded_words(rules.vocabulary.words("prohibition_others")))
