"""Whose a number or date of a text is: the name that stands before it in its own sentence, never somebody else's.

Numbers in a row after as many names belong to them in order. Where the sentence names nobody, it goes on about whom the
text spoke of last. Who decides, sends or is to be called owns no passport.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from mailintake.model.value import value
from mailintake.stages.assign.said import Said
from mailintake.stages.words.names import Mention, Role
from mailintake.stages.words.sentence import STOPS, begin_of
from mailintake.stages.words.text_facts import TextFact

_BETWEEN = " \t,\u3001;/&+"
_PARTS = f"{STOPS},\u3001"
_RIGHT_BEHIND, _ABOVE = 12, 400
_OF = re.compile(r"[(\u662f]")  # the number (of …; the number is …'s
_FORMER_LATTER = re.compile(r"(?:(?P<former>\u524d)|\u540e)\u8005")  # the former, the latter
_IN_TURN, _TURN_REACH = re.compile(r"\u4f9d\u6b21|\u5206\u522b"), 8  # in this order, respectively
_AS = re.compile(r"[\u548c\u4e0e\u8ddf\u540c\u50cf]")  # and, with, like
_ALIKE = re.compile(r"[^\s,;\u3002]{0,8}?(?:\u4e00\u6837|\u76f8\u540c|\u540c\u4e00|\u4e00\u81f4)")  # the same
_CUE_REACH, _TWO = 16, 2
_LABEL_LONG, _FAINT = 10, 2.0  # (passport no. ; a name this little likelier than words is none
_SHARED = frozenset({"reason", "registered_company"})


@value
class Owned:
    """A fact and the name of the person it is about; None: of nobody in particular."""

    fact: TextFact
    name: str | None


def owned(said: Said, same: Callable[[str], str] = str) -> Iterator[Owned]:
    """Every personal fact of a text with its owner. `same` gives one name for all names of a person."""
    people: list[Mention] = []
    for roles in ((Role.NAMED, Role.SPOKEN, Role.ASKED), (Role.CONTACT,), (Role.OTHER,)):
        named = {same(mention.name) for mention in said.mentions if mention.role in roles}
        people = people or [mention for mention in said.mentions if same(mention.name) in named]
    people = [mention for mention in people if not _compared(said.text, mention)]
    personal = [fact for fact in said.facts if fact.name not in _SHARED]
    for run in _runs(said.text, [fact for fact in personal if fact not in said.mine]):
        for fact, name in zip(run, _owners(said.text, people, run, same), strict=True):
            yield Owned(fact, _beside(said, fact, same) or name)
    yield from (Owned(fact, same(said.writer)) for fact in said.mine)


def _compared(text: str, mention: Mention) -> bool:
    """Is somebody named only for being in the same case: his card's day is the same as 某某's?"""
    front = text[max(0, mention.start - 1) : mention.start]
    return bool(_AS.match(front) and _ALIKE.match(text, mention.end))


def _beside(said: Said, fact: TextFact, same: Callable[[str], str]) -> str:
    """Who stands right before a number, with nothing but a label between, whatever else is said of him."""
    before = [mention for mention in said.mentions if mention.end <= fact.start]
    if not before or not (before[-1].margin > _FAINT or before[-1].name.isascii()):
        return ""
    between = said.text[before[-1].end : fact.start]
    short = len(between) <= _LABEL_LONG and not any(stop in between for stop in _PARTS)
    return same(before[-1].name) if short and before[-1].role is Role.OTHER else ""


def _owners(
    text: str, people: Sequence[Mention], run: Sequence[TextFact], same: Callable[[str], str]
) -> list[str | None]:
    told = [_former_or_latter(text, people, fact, same) for fact in run]
    if all(told):
        return told
    if len(run) > 1:
        for row in (_enumerated(text, people, run[0].start, same), _spoken_of(text, people, run[0].start, same)):
            if len(row) == len(run):
                return list(row)
        if _IN_TURN.search(text[max(0, run[0].start - _TURN_REACH) : run[0].start]):
            return [None] * len(run)  # as many numbers as people, and somebody was not seen: nobody gets another's
    return [_one(text, people, fact, same) for fact in run]


def _former_or_latter(text: str, people: Sequence[Mention], fact: TextFact, same: Callable[[str], str]) -> str | None:
    """ "the former …, the latter …": of the two people whom the sentence names."""
    cues = list(_FORMER_LATTER.finditer(text, max(0, fact.start - _CUE_REACH), fact.start))
    if not cues or any(stop in text[cues[-1].end() : fact.start] for stop in _PARTS):
        return None
    line = begin_of(text, cues[-1].start())
    row = list(dict.fromkeys(same(m.name) for m in people if line <= m.start and m.end <= cues[-1].start()))
    return row[0 if cues[-1]["former"] else 1] if len(row) == _TWO else None


def _runs(text: str, facts: Sequence[TextFact]) -> Iterator[list[TextFact]]:
    """Neighbouring facts of one name with only stops of an enumeration between: A, B, C."""
    run: list[TextFact] = []
    for fact in facts:
        near = run and fact.name == run[-1].name and not _words_between(text, run[-1], fact)
        if run and not near:
            yield run
            run = []
        run.append(fact)
    if run:
        yield run


def _words_between(text: str, one: TextFact, other: TextFact) -> bool:
    between = text[one.end : other.start]
    bare = between.strip(_BETWEEN)
    return "\n" in between or (len(bare) > 1 and bare.lower() != "and")


def _enumerated(text: str, people: Sequence[Mention], before: int, same: Callable[[str], str]) -> list[str]:
    """The people enumerated last before a place: A, B, C."""
    row: list[str] = []
    after = before
    for mention in reversed([m for m in people if m.end <= before]):
        if row and len(text[mention.end : after].strip(_BETWEEN)) > 1:
            break
        name = same(mention.name)
        if name not in row:
            row.insert(0, name)
        after = mention.start
    return row


def _spoken_of(text: str, people: Sequence[Mention], before: int, same: Callable[[str], str]) -> list[str]:
    """The people of the sentence, else of everything before, each once, in order."""
    line = begin_of(text, before)
    for start in (line, 0):
        row = list(dict.fromkeys(same(m.name) for m in people if start <= m.start and m.end <= before))
        if len(row) > 1:
            return row
    return []


def _one(text: str, people: Sequence[Mention], fact: TextFact, same: Callable[[str], str]) -> str | None:
    line = begin_of(text, fact.start)
    before = [mention for mention in people if mention.end <= fact.start]
    behind = next((m for m in people if m.start >= fact.end), None)
    if behind is not None and _OF.fullmatch(text[fact.end : behind.start].strip()):
        return same(behind.name)
    if before and before[-1].end > line:
        return same(before[-1].name)
    if behind is not None and not any(stop in text[fact.end : behind.start] for stop in STOPS):
        between = text[fact.end : behind.start]
        if len(between) <= _RIGHT_BEHIND or not before or _same_clause(between):
            return same(behind.name)
    names = list(dict.fromkeys(same(mention.name) for mention in people))
    if len(names) == 1:
        return names[0]
    if not before or fact.start - before[-1].end > _ABOVE:
        return None
    return same(before[-1].name)


def _same_clause(between: str) -> bool:
    return "," not in between
