"""禁办 signs: words and values with their evidence. The program raises a flag and never decides (guide 违规禁办)."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from mailintake.model.assessment import Flag
from mailintake.model.case import Applicant, Case
from mailintake.model.procedure import Prohibition
from mailintake.model.rules import RuleSet
from mailintake.model.value import value
from mailintake.stages.assess.requirements import variant_of
from mailintake.stages.assess.said import statements
from mailintake.stages.words.accounts import foreign_account
from mailintake.stages.words.concepts import states
from mailintake.stages.words.fold import fold
from mailintake.stages.words.names import name_words
from mailintake.stages.words.speech import any_of, is_official_letter

_SENTENCE = re.compile(r"[\n;!?\u3002]")
_CLAUSE = re.compile(r"[\n;!?\u3002,\u3001:]")
_HEADCOUNT = "headcount"  # the item of few employees in the rows of the concepts
_ABOUT_A_PERSON = "job_title"  # an item that reads it is about what somebody is, not about what a text speaks of
_SECOND_SIGN = 2
_MASK = tuple(map(chr, range(0x9FA6, 0x9FEF)))  # characters that stand in no word
_SHOWN = 80
_SENTENCE_SHOWN = 120


@value
class Place:
    """Words that stand somewhere: in which field, paper or mail, what they are, and of whom."""

    where: str
    text: str
    applicant: str | None = None


def prohibition_flags(case: Case, rules: RuleSet) -> tuple[Flag, ...]:
    """Signs in what was read about the people and in their papers: a flag per item and place, with the words."""
    found: list[Flag] = []
    for item in _of(case, rules):
        values = tuple(dict.fromkeys(_values(item, case)))
        found += [
            Flag(_code(item), f"{said.where}={said.text}", said.applicant)
            for said in values
            if said.where in item.fields and said.text in item.values
        ]
        found += _spoken((*values, *_papers(item, case, rules)), item)
        found += _stated_in_letters(item, case, rules)
    return tuple(dict.fromkeys(found))


def text_flags(text: str, case: Case, rules: RuleSet, others: Sequence[Applicant] = ()) -> tuple[Flag, ...]:
    """Signs in the words of a mail, its subject on the first line. `others`: for whom the mail asks something else;
    what is said of them is not said of the people of this case."""
    apart = tuple(replace(person, key=f"other {n}") for n, person in enumerate(others))
    wide = replace(case, applicants=(*case.applicants, *apart))
    strangers = {person.key for person in apart}
    return tuple(flag for flag in _text_flags(text, wide, rules) if flag.applicant not in strangers)


def _text_flags(text: str, case: Case, rules: RuleSet) -> tuple[Flag, ...]:
    text = with_full_names(_in_third_person(_our_company(text, case, rules), case, rules), case.applicants, rules)
    masks = {a.name: _MASK[n % len(_MASK)] * len(a.name) for n, a in enumerate(case.applicants) if a.name}
    masked = tuple(replace(a, name=masks.get(a.name, "")) for a in case.applicants)
    found = _masked_flags(_replaced(text, masks), replace(case, applicants=masked), rules)
    shown = {mask: name for name, mask in masks.items()}
    return tuple(replace(flag, evidence=_replaced(flag.evidence, shown)) for flag in found)


def _replaced(text: str, others: Mapping[str, str]) -> str:
    """The text with other names, the longest first: one may stand within another."""
    for name in sorted(others, key=len, reverse=True):
        text = text.replace(name, others[name])
    return text


def _masked_flags(text: str, case: Case, rules: RuleSet) -> tuple[Flag, ...]:
    """The applicants bear names that are no word: somebody may be called as a school class, a day or a grade is."""
    found: list[Flag] = []
    for item in _of(case, rules):
        if item.says or states(item.id, rules.vocabulary):
            found += _stated("mail", text, item, case, rules)
        else:
            found += _spoken(tuple(_running(Place("mail", text), item, case, rules)), item)
    account = foreign_account(text, rules)
    if account:
        found.append(Flag("account.foreign", f"mail: {account}"))
    return (*found, *_few_staff(text, case, rules), *_other_states(text, case, rules))


def _our_company(text: str, case: Case, rules: RuleSet) -> str:
    """The text with the company that applies called "our company": who went there has not left it."""
    word = next(iter(rules.vocabulary.words("our_company_words")), "")
    return text.replace(case.company, word) if case.company and word else text


def _in_third_person(text: str, case: Case, rules: RuleSet) -> str:
    """The text of an applicant who writes himself with his name where he says "I": what he says of himself is said of
    an applicant."""
    wrote = {participant.name for participant in case.participants}
    name = next((a.name for a in case.applicants if a.name and a.name in wrote), "")
    return any_of(rules.vocabulary.words("i_alone_patterns")).sub(name, text) if name else text


def with_full_names(text: str, people: Sequence[Applicant], rules: RuleSet) -> str:
    """The text with every applicant who is called by surname and title (Factory Manager Lei), or familiarly, by the
    name; where two bear one surname nobody is meant surely."""
    words = name_words(rules.vocabulary)
    titles = sorted({*words.titles, *rules.vocabulary.words("job_titles")}, key=len, reverse=True)
    familiar = "|".join(rules.vocabulary.words("familiar_patterns"))
    surnames = Counter(found.group() for a in people if (found := words.surname.match(a.name)))
    for person in people:
        found = words.surname.match(person.name)
        if found is not None and surnames[found.group()] == 1:
            if any(found.group() + title in text for title in titles):  # a pattern of them all is dear
                called = "|".join(map(re.escape, titles))
                text = re.sub(rf"(?<![\u3400-\u9fff]){found.group()}(?:{called})", person.name, text)
            text = re.sub(rf"(?:{familiar}){found.group()}", person.name, text)
    return text


def _few_staff(text: str, case: Case, rules: RuleSet) -> Iterator[Flag]:
    """The mail itself says that the company has fewer people than the guide asks for (1.1(1)\u2463), where a paper of
    the case is held to that number."""
    wanted = (rules.kinds.get(requirement.kind) for requirement in variant_of(case, rules).email)
    if not any(spec.use == "headcount" for kind in wanted if kind is not None for spec in kind.checks):
        return
    few = rules.vocabulary.words("few_staff_patterns")
    for said in statements(
        fold(text), Prohibition(_HEADCOUNT, (case.procedure,), "", says=few), case.applicants, rules
    ):
        yield Flag("profile.headcount", f"mail: {said.text[:_SENTENCE_SHOWN]}")


def _other_states(text: str, case: Case, rules: RuleSet) -> Iterator[Flag]:
    """The mail says of an applicant that he is of another state, or holds papers of Hong Kong, Macao or Taiwan: of
    these the guide says nothing, so a person answers."""
    says, says_not = (rules.vocabulary.words(f"foreign_applicant_{part}") for part in ("patterns", "not_patterns"))
    item = Prohibition("", (), "", says=says, says_not=says_not, of_person=True)
    for said in statements(_plain(text, rules), item, case.applicants, rules):
        if said.applicant is not None:
            yield Flag("passport.nationality", f"mail: {said.text[:_SENTENCE_SHOWN]}", said.applicant)


def _stated(where: str, text: str, item: Prohibition, case: Case, rules: RuleSet) -> Iterator[Flag]:
    """A flag for every sentence that states the item, with the sentence."""
    for said in statements(_plain(text, rules), item, case.applicants, rules):
        yield Flag(_code(item), f"{where}: {said.text[:_SENTENCE_SHOWN]}", said.applicant)


def _stated_in_letters(item: Prohibition, case: Case, rules: RuleSet) -> Iterator[Flag]:
    for document in case.documents:
        text = document.facts.text if document.facts else None
        if text is not None and is_official_letter(document.kind):
            yield from _stated(document.path, "".join(line.text for line in text.lines), item, case, rules)


def _of(case: Case, rules: RuleSet) -> Iterator[Prohibition]:
    return (item for item in rules.prohibitions if case.procedure in item.procedures)


def _code(item: Prohibition) -> str:
    return f"prohibited.{item.id}"


def _spoken(places: tuple[Place, ...], item: Prohibition) -> Iterator[Flag]:
    """A flag for every place with a strong word, and one for weak words that stand together."""
    for place in places:
        clauses = [c for c in _open_clauses(place.text, item) if any(fold(word) in c for word in item.words)]
        if clauses:
            yield Flag(_code(item), f"{place.where}: {clauses[0][:_SHOWN]}", place.applicant)
    weak = _weak_signs(item, places)
    if len(weak) >= _SECOND_SIGN:
        yield Flag(_code(item), ", ".join(f"{where}: {word}" for word, where in weak.items()))


def _weak_signs(item: Prohibition, places: tuple[Place, ...]) -> dict[str, str]:
    """Words that say nothing alone, with their places; a word inside a longer one that was found is the same sign."""
    found: dict[str, str] = {}
    for place in places:
        for clause in _open_clauses(place.text, item):
            for word in sorted(item.never_alone, key=len, reverse=True):
                if fold(word) in clause and not any(word in longer for longer in found):
                    found[word] = place.where
    return found


def _open_clauses(text: str, item: Prohibition) -> Iterator[str]:
    """Clauses in which nothing takes the words back: 无犯罪记录, 传媒有限公司."""
    back = [fold(word) for word in item.not_words]
    for clause in _CLAUSE.split(fold(text)):
        if clause and not any(word in clause for word in back):
            yield clause


def _values(item: Prohibition, case: Case) -> Iterator[Place]:
    for person in case.applicants:
        yield from (Place(f.name, f.value, person.key) for f in person.fields if f.name in item.fields)
    yield from (Place(f.name, f.value) for f in case.fields if f.name in item.fields)
    for document in case.documents:
        yield from (
            Place(f.name, f.value, document.applicant) for f in document.reading.fields if f.name in item.fields
        )


def _papers(item: Prohibition, case: Case, rules: RuleSet) -> Iterator[Place]:
    """Letters and certificates. Their lines are joined: a page breaks lines between a word and its negation."""
    for document in case.documents:
        kind = rules.kinds.get(document.kind or "")
        text = document.facts.text if document.facts else None
        said = any(document.reading.get(name) for name in item.fields)  # the value read decides, not the words
        if kind is not None and text is not None and kind.statement and not said:
            joined = "".join(line.text for line in text.lines)
            yield from _running(Place(document.path, joined, document.applicant), item, case, rules)


def _running(place: Place, item: Prohibition, case: Case, rules: RuleSet) -> Iterator[Place]:
    """Running text without the names of the offices it is addressed to. What somebody is counts only from the clause on
    that names an applicant: a greeting before it is about somebody else."""
    plain = _plain(place.text, rules)
    if _ABOUT_A_PERSON not in item.fields:
        yield replace(place, text=plain)
        return
    names = [fold(a.name) for a in case.applicants if a.name]
    for sentence in _SENTENCE.split(plain):
        clauses = _CLAUSE.split(sentence)
        named = next((n for n, clause in enumerate(clauses) if any(name in clause for name in names)), None)
        if named is not None:
            yield replace(place, text=",".join(clauses[named:]))


def _plain(text: str, rules: RuleSet) -> str:
    plain = fold(text)
    for office in (rules.office.name, *(city.name for city in rules.office.cities)):
        plain = plain.replace(fold(office), "")
    return plain
