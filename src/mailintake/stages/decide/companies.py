"""A batch of several companies: a case belongs to one company. Where the mail itself tells whose everything is, each
company has its case; where it does not, a person must part it first."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from mailintake.model.case import Applicant
from mailintake.model.document import Document
from mailintake.model.rules import MessageClass
from mailintake.model.situation import Situation
from mailintake.model.traits import identity_papers, slips
from mailintake.stages.assign.company import find_city, whole_names
from mailintake.stages.words.fold import simplify
from mailintake.stages.words.kind_names import folders
from mailintake.stages.words.own_words import own_words

_EMPLOYER = "employer"
_EVERYBODY = "*"  # no company's name
_NUMBERS, _TOLD = frozenset({"passport_no", "card_no"}), "mail"  # numbers that the mail's own words give
_OCR = "ocr"
_PIECES = re.compile(r"[\n;\u3002]")
_BESIDE = 16  # characters behind a company's name: a colon, "applicant", the name


def several_companies(at: Situation) -> tuple[str, ...]:
    """The companies of the applicants that come in one mail; empty for one company.

    An office forwards batches: every company it names counts. In another's mail a second name may be a former
    employer, a customer or the group; there only companies count that lead to an applicant of their own each.
    """
    if len(at.understood.people.applicants) < 2:
        return ()
    forwarded = at.understood.classification.message_class is MessageClass.CITY_FORWARD
    found = dict.fromkeys((*_of_forms(at), *_of_words(at)) if forwarded else _of_applicants(at))
    names = [n for n in found if not any(n != other and n in other for other in found)]
    return tuple(names) if len(names) > 1 else ()


def told_apart(at: Situation) -> tuple[Situation, ...]:
    """The mail as each company's own: its people, who stand behind its name with their numbers, their papers, and the
    company's. Slips are everybody's. Empty where anything is left that may be either's, or where an office forwards."""
    if at.understood.classification.message_class is MessageClass.CITY_FORWARD:
        return ()
    people = at.understood.people
    whose = {company: names for company, names in _whose(at).items() if names}
    named = [name for names in whose.values() for name in names]
    everybody = [person.name for person in people.applicants]
    if len(whose) < 2 or sorted(named) != sorted(everybody) or not all(map(_is_numbered, people.applicants)):
        return ()
    owner = {document.path: _company_of(document, whose, at) for document in people.documents}
    words = own_words(at.message, at.rules)
    cities = {find_city(at.message, words, company, at.rules) for company in whose}
    if None in owner.values() or len(cities) > 1:
        return ()
    return tuple(_as_of(company, names, owner, at) for company, names in whose.items())


def _is_numbered(person: Applicant) -> bool:
    return any(f.name in _NUMBERS and f.source == _TOLD for f in person.fields)


def _as_of(company: str, names: set[str], owner: Mapping[str, str | None], at: Situation) -> Situation:
    people = at.understood.people
    own = replace(
        people,
        company=company,
        applicants=tuple(person for person in people.applicants if person.name in names),
        documents=tuple(d for d in people.documents if owner[d.path] in (company, _EVERYBODY)),
    )
    return replace(at, understood=replace(at.understood, people=own))


def _company_of(document: Document, whose: Mapping[str, set[str]], at: Situation) -> str | None:
    """Whose company's a paper is; None: either's."""
    if document.kind in slips(at.rules):
        return _EVERYBODY
    holder = next((a.name for a in at.understood.people.applicants if a.key == document.applicant), "")
    employer = simplify(document.reading.get(_EMPLOYER) or "")
    shown = simplify(f"{document.path} {employer}")
    found = [company for company, names in whose.items() if holder in names or _is_shown(company, shown, whose)]
    return found[0] if len(found) == 1 else None


def _is_shown(company: str, shown: str, whose: Mapping[str, set[str]]) -> bool:
    """Does something stand there that is in this company's name and in no other one's?"""
    others = {pair for other in whose if other != company for pair in _pairs(other)}
    return any(pair in shown for pair in _pairs(company) if pair not in others)


def _pairs(name: str) -> Iterator[str]:
    return (one + other for one, other in pairwise(name))


def _of_applicants(at: Situation) -> Iterator[str]:
    """Companies behind each of which an applicant stands who stands behind no other: "(1) company A, applicant X"."""
    whose = _whose(at)
    for company, people in whose.items():
        others = {name for other, names in whose.items() if other != company for name in names}
        if people and not people & others:
            yield company


def _whose(at: Situation) -> dict[str, set[str]]:
    """The applicants that stand behind each company's name in the same piece of a sentence."""
    whose: dict[str, set[str]] = {}
    for piece in _PIECES.split(simplify(own_words(at.message, at.rules).text)):
        for company in dict.fromkeys(whole_names(piece, at.rules)):
            behind = piece.partition(company)[2][:_BESIDE]
            whose.setdefault(company, set()).update(p.name for p in at.understood.people.applicants if p.name in behind)
    return whose


def _of_forms(at: Situation) -> Iterator[str]:
    """Employers that the applicants' own papers give, where they were read surely."""
    own = identity_papers(at.rules)
    for document in at.understood.people.documents:
        for field in document.reading.fields:
            if document.kind in own and field.name == _EMPLOYER and field.sure and field.source != _OCR:
                yield simplify(field.value).strip()


def _of_words(at: Situation) -> Iterator[str]:
    """Whole company names in subject, text, folders and file names."""
    words = own_words(at.message, at.rules)
    places = [words.subject, words.text]
    for document in at.understood.people.documents:
        places += [*folders(document.path), document.name]
    for place in places:
        yield from whole_names(place, at.rules)
