"""Who of a group goes no further: one person taken out of a case, which keeps the others.

A concept, no sentence: somebody of the case (by name, or by the pronoun that follows the name) is taken off a list, or
is said not to go on. What is taken away may not be a paper of his, and what is supposed, heard or denied takes nobody
out. Whoever takes everybody out withdraws the case, which a person confirms (`decide.decide`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from mailintake.model.assessment import Flag
from mailintake.model.case import MAIL_SIDE_OPEN, Applicant, Case
from mailintake.model.facts import GROUP_SIZE
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import RuleSet, Vocabulary
from mailintake.model.ruling import is_of
from mailintake.model.understanding import Link, People
from mailintake.stages.words.fold import fold, simplify
from mailintake.stages.words.own_words import OwnWords

LEFT = "applicant.left"
_SENTENCE, _CLAUSE = re.compile(r"[^\n\u3002;!?]+"), re.compile(r"[,:]")
_PERSON = "\x01"
_NOTHING = "(?!)"  # an empty list
_REACH = 14  # characters between a person and what is done to him
_SHOWN = 120


def leaving(case: Case, words: OwnWords, rules: RuleSet) -> tuple[Applicant, ...]:
    """The applicants of the case whom the mail takes out; nobody where none or all of them would go."""
    if case.state not in MAIL_SIDE_OPEN or len(case.applicants) < 2:
        return ()
    gone: list[str] = []
    named: tuple[str, ...] = ()
    for found in _SENTENCE.finditer(simplify(fold(words.text))):
        sentence = found.group()
        if any(word in sentence for word in rules.vocabulary.words("leaving_supposed")):
            continue
        for clause in _CLAUSE.split(sentence):
            here = tuple(_named(clause, case.applicants))
            named = here or named
            shown = _with_people(clause, case.applicants, rules.vocabulary)
            if named and (_takes_out(shown, rules.vocabulary) or _excepts(shown, case, rules.vocabulary)):
                gone += named
    found_people = tuple(a for a in case.applicants if a.key in gone)
    return found_people if len(found_people) < len(case.applicants) else ()


def left_in(link: Link, words: OwnWords, rules: RuleSet) -> tuple[Applicant, ...]:
    """`leaving` for the case that a mail was surely linked to."""
    return leaving(link.case, words, rules) if link.verified and link.case is not None else ()


def without_people(people: People, gone: Sequence[Applicant]) -> People:
    """The people of a mail who apply after it has taken these out."""
    names = {person.name for person in gone}
    return replace(people, applicants=tuple(a for a in people.applicants if a.name not in names))


def parted(case: Case, gone: Sequence[Applicant], words: OwnWords) -> Case:
    """The case without these people, their papers and what was said of them, and without the number of people that was
    told while they were among them; staff see who left, and by what words."""
    keys = {person.key for person in gone}
    said = " ".join(words.text.split())[:_SHOWN]
    left = tuple(Flag(LEFT, f"{person.name or person.name_pinyin}: {said}") for person in gone)
    return replace(
        case,
        applicants=tuple(a for a in case.applicants if a.key not in keys),
        documents=tuple(d for d in case.documents if d.applicant not in keys),
        rulings=tuple(r for r in case.rulings if not is_of(r, keys)),
        fields=tuple(field for field in case.fields if field.name != GROUP_SIZE),
        flags=tuple(dict.fromkeys((*(f for f in case.flags if f.applicant not in keys), *left))),
    )


def _named(clause: str, people: Sequence[Applicant]) -> Iterator[str]:
    """Keys of those whom the clause names; a name that two people bear names nobody."""
    for person in people:
        alike = [a for a in people if a.name == person.name]
        if len(alike) == 1 and person.name and fold(person.name) in clause:
            yield person.key


def _with_people(clause: str, people: Sequence[Applicant], words: Vocabulary) -> str:
    """The clause with one sign for every name and pronoun, and one for several in a row."""
    for name in (*(fold(a.name) for a in people if a.name), *words.words("leaving_pronouns")):
        clause = clause.replace(name, _PERSON)
    return re.sub(rf"{_PERSON}(?:[\u3001\s\u548c\u53ca\u4e0e]*{_PERSON})+", _PERSON, clause)


def _takes_out(clause: str, words: Vocabulary) -> bool:
    lists = (words.words(name) for name in ("leaving_taken", "leaving_stops", "leaving_lists", "leaving_papers"))
    said = (words.words(name) for name in ("leaving_stop_patterns", "leaving_share_patterns"))
    return any(pattern.search(clause) for pattern in (*_patterns(*lists), *_said(*said)))


def _excepts(clause: str, case: Case, words: Vocabulary) -> bool:
    """What was asked for the group is not for him: his card is not to be cancelled (guide 5), or not to be made before
    the last economy has agreed (guide 6)."""
    if case.procedure is ProcedureKey.CANCEL:
        return bool(_of_him(words.words("leaving_kept_patterns")).search(clause))
    if case.procedure is ProcedureKey.EARLY_ISSUE:
        return bool(_of_him(words.words("leaving_not_early_patterns")).search(clause))
    return False


@lru_cache(maxsize=4)
def _of_him(patterns: tuple[str, ...]) -> re.Pattern[str]:
    said = _any(patterns)
    return re.compile(rf"{_PERSON}[^{_PERSON}]{{0,{_REACH}}}(?:{said})|(?:{said})[^{_PERSON}]{{0,4}}{_PERSON}")


@lru_cache(maxsize=4)
def _said(stops: tuple[str, ...], shares: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    stop, share = _any(stops), _any(shares)
    return (
        re.compile(rf"{_PERSON}[^{_PERSON}]{{0,{_REACH}}}(?:{stop})|^[^{_PERSON}]{{0,6}}(?:{stop})"),
        re.compile(rf"{_PERSON}\u7684?(?:{share})"),  # his share is void
    )


def _any(patterns: tuple[str, ...]) -> str:
    """All of them in one; whoever writes them says "@" for the person."""
    return "|".join(patterns).replace("@", _PERSON) or _NOTHING


@lru_cache(maxsize=4)
def _patterns(
    taken: tuple[str, ...], stops: tuple[str, ...], lists: tuple[str, ...], papers: tuple[str, ...]
) -> tuple[re.Pattern[str], ...]:
    verb, stop, where, paper = (
        "|".join(map(re.escape, sorted(some, key=len, reverse=True))) or _NOTHING
        for some in (taken, stops, lists, papers)
    )
    between = rf"(?:(?!{paper})[^{_PERSON}]){{0,{_REACH}}}?"
    return tuple(
        re.compile(pattern)
        for pattern in (
            rf"{_PERSON}{between}(?:{verb})(?!\u7684)",  # take him off the list
            rf"(?:{verb}){between}{_PERSON}(?!\u7684?(?:{paper}))",  # remove him, withdraw his application
            rf"{_PERSON}{between}(?:{stop})",  # he does not go on
            rf"(?:{where}){between}(?:{verb})",  # …, off the list please
            rf"^[^{_PERSON}]{{0,6}}(?:{stop})",  # he is moving, and does not go on
        )
    )
