"""Who is who, answered once: the same person, the same company, whom to trust, what is ours.

Theory. Two mails never say quite the same about somebody. Each answer is one of three: YES and NO rest on what was
compared, UNCLEAR says that nothing settles it. UNCLEAR never merges, never links, never tells: staff see both values.
A person is compared in three ways (numbers, name, birth date), each with its own degrees, and one table says what
every combination means; nothing else in the program compares people.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum

from mailintake.model.case import Applicant, Case
from mailintake.model.han import simplify
from mailintake.model.message import AuthenticationResult
from mailintake.model.romanisation import romanises
from mailintake.model.rules import RuleSet
from mailintake.model.value import value

_HAN = re.compile(r"[\u3400-\u9fff]")
_LETTERS = re.compile(r"[^A-Z]+")
_SIGNS = re.compile(r"[^\w]+")


class Answer(StrEnum):
    """An answer on which somebody may be told something."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


@value
class Same:
    """Are two the same? `why` names what decided; `differs` what contradicts all the same ("birth_date: 1980-…")."""

    answer: Answer
    why: str
    differs: tuple[str, ...] = ()


# ------------------------------------------------------------------------------------------------ the same person


class Numbers(StrEnum):
    """Passports (present and given up) and card numbers of two people."""

    SHARED = "number"
    NEAR = "number_one_character_apart"  # a slip of the pen, or two colleagues at one counter
    OTHER = "other_passport"
    UNKNOWN = "no_number"  # one of them has none, or none of the same sort


class Names(StrEnum):
    """Names of two people."""

    SAME = "name"  # the same characters
    SPELT = "pinyin"  # one is a spelling of the other, or both are known by the same spelling only
    NEAR = "name_one_character_apart"
    OTHER = "other_name"
    UNKNOWN = "no_name"


class Births(StrEnum):
    """Birth dates of two people."""

    SAME = "birth_date"
    NEAR = "birth_date_one_digit_apart"
    UNKNOWN = "no_birth_date"
    OTHER = "other_birth_date"


_COLUMNS = (Births.SAME, Births.NEAR, Births.UNKNOWN, Births.OTHER)
_LETTER = {"y": Answer.YES, "n": Answer.NO, "?": Answer.UNCLEAR}
# One line for what numbers and names say; its four letters are the answers for the birth date in the order above.
_PEOPLE = {
    (Numbers.SHARED, Names.SAME): "yyyy",
    (Numbers.SHARED, Names.SPELT): "yyy?",
    (Numbers.SHARED, Names.NEAR): "yyy?",
    (Numbers.SHARED, Names.UNKNOWN): "yyy?",
    (Numbers.SHARED, Names.OTHER): "y???",
    (Numbers.UNKNOWN, Names.SAME): "yyy?",
    (Numbers.UNKNOWN, Names.SPELT): "y??n",
    (Numbers.UNKNOWN, Names.NEAR): "??nn",
    (Numbers.UNKNOWN, Names.UNKNOWN): "???n",
    (Numbers.UNKNOWN, Names.OTHER): "nnnn",
    (Numbers.NEAR, Names.SAME): "y?yn",
    (Numbers.NEAR, Names.SPELT): "y??n",
    (Numbers.NEAR, Names.NEAR): "???n",
    (Numbers.NEAR, Names.UNKNOWN): "???n",
    (Numbers.NEAR, Names.OTHER): "nnnn",
    (Numbers.OTHER, Names.SAME): "y??n",
    (Numbers.OTHER, Names.SPELT): "?nnn",
    (Numbers.OTHER, Names.NEAR): "?nnn",
    (Numbers.OTHER, Names.UNKNOWN): "?nnn",
    (Numbers.OTHER, Names.OTHER): "nnnn",
}


def same_person(one: Applicant, other: Applicant) -> Same:
    """Are two applicants the same person? Symmetric.

    A shared number with a fitting name is one person, whatever else was mistyped. A name alone is one person as long as
    nothing speaks against it; a spelling alone is not, for many names are spelt alike. Two passports under one name are
    a changed passport where the birth date agrees, and unclear where it is not known. One digit of the birth date apart
    under one name is one person with a contradiction for staff.
    """
    numbers, names, births = compare_numbers(one, other), compare_names(one, other), compare_births(one, other)
    answer = _LETTER[_PEOPLE[numbers, names][_COLUMNS.index(births)]]
    return Same(answer, _why(numbers, names, births), tuple(_differing(one, other, numbers, names, births)))


def compare_numbers(one: Applicant, other: Applicant) -> Numbers:
    """Passports of both, old and new alike; a card number only speaks for two being one: cards are replaced. What was
    read unsurely may agree, and contradicts nothing."""
    mine, theirs = _passports(one), _passports(other)
    if mine & theirs or (one.card_no and one.card_no == other.card_no):
        return Numbers.SHARED
    if not (mine and theirs):
        return Numbers.UNKNOWN
    if any(one_apart(a, b) for a in mine for b in theirs):
        return Numbers.NEAR
    return Numbers.OTHER if _sure_passport(one) and _sure_passport(other) else Numbers.UNKNOWN


def compare_names(one: Applicant, other: Applicant) -> Names:
    """Chinese names by their characters; where one of them is not known, by spelling."""
    mine, theirs = _chinese(one.name), _chinese(other.name)
    if mine and theirs:
        if mine == theirs:
            return Names.SAME
        return Names.NEAR if one_apart(mine, theirs) else Names.OTHER
    spelt, theirs_spelt = _latin(one), _latin(other)
    if not (mine or spelt) or not (theirs or theirs_spelt):
        return Names.UNKNOWN
    if same_spelling(spelt, theirs_spelt) or _spells(mine, theirs_spelt) or _spells(theirs, spelt):
        return Names.SPELT
    joined, theirs_joined = "".join(spelling(spelt)), "".join(spelling(theirs_spelt))
    return Names.NEAR if one_apart(joined, theirs_joined) else Names.OTHER


def compare_births(one: Applicant, other: Applicant) -> Births:
    """One digit apart, or day and month exchanged, is a slip of the pen."""
    mine, theirs = one.birth_date, other.birth_date
    if not (mine and theirs):
        return Births.UNKNOWN
    if mine == theirs:
        return Births.SAME
    exchanged = "-".join((*mine.split("-")[:1], *reversed(mine.split("-")[1:])))
    if theirs == exchanged or one_apart(mine, theirs):
        return Births.NEAR
    sure = is_sure(one, "birth_date", mine) and is_sure(other, "birth_date", theirs)
    return Births.OTHER if sure else Births.UNKNOWN


def is_sure(person: Applicant, name: str, text: str) -> bool:
    """Was this value read surely somewhere? A value without any reading behind it came from the applicant's words."""
    read = [field.sure for field in person.fields if field.name == name and field.value == text]
    return any(read) if read else True


@value
class Recognised:
    """Who of several somebody is: `place` in the list. For UNCLEAR the one who may be meant, if there is one such."""

    answer: Answer
    why: str
    place: int | None = None
    differs: tuple[str, ...] = ()


_NOBODY = Recognised(Answer.NO, "nobody_alike")
_ALONE_IS_ENOUGH = (Names.SPELT.value,)  # in a closed list that has one person of that spelling


def recognise(person: Applicant, people: Sequence[Applicant], *, numbers_change: bool = False) -> Recognised:
    """Which of these people is it: those of one case, which the mail is about?

    Inside such a list two things settle what is unclear in the wide world: a spelling that only one of them has, and,
    where the matter itself is a changed passport or a corrected number (`numbers_change`), a name that only one has.
    Two of them who could both be meant are unclear.
    """
    compared = [(place, same_person(known, person)) for place, known in enumerate(people)]
    sure = [(place, same) for place, same in compared if same.answer is Answer.YES]
    by_number = [(place, same) for place, same in sure if same.why == Numbers.SHARED]
    if len(by_number) == 1 or len(sure) == 1:
        place, same = (by_number or sure)[0]
        return Recognised(Answer.YES, same.why, place, same.differs)
    open_ones = sure or [(place, same) for place, same in compared if same.answer is Answer.UNCLEAR]
    if not open_ones:
        return _NOBODY
    if len(open_ones) > 1:
        return Recognised(Answer.UNCLEAR, "several_alike")
    place, same = open_ones[0]
    settled = same.why in _ALONE_IS_ENOUGH or (numbers_change and same.why == Numbers.OTHER)
    return Recognised(Answer.YES if settled else Answer.UNCLEAR, same.why, place, same.differs)


_ONLY_A_NAME = (Names.SAME, Names.SPELT, Numbers.OTHER, Numbers.NEAR)


def in_case(person: Applicant, company: str, case: Case) -> Recognised:
    """Is a person of this company one of the people of that case, however long ago it was? A passport that changed
    meanwhile hides nobody of the same company; in another company a name alone may be anybody's."""
    found = recognise(person, case.applicants, numbers_change=True)
    elsewhere = same_company(company, case.company).answer is Answer.NO
    if found.answer is Answer.YES and found.why in _ONLY_A_NAME and elsewhere:
        return replace(found, answer=Answer.UNCLEAR)
    return found


def _why(numbers: Numbers, names: Names, births: Births) -> str:
    """What decided: contradictions first, then numbers, then the name."""
    if births is Births.OTHER:
        return births.value if numbers is not Numbers.SHARED or names is not Names.SAME else numbers.value
    if births is Births.SAME and names is Names.SAME and numbers is not Numbers.SHARED:
        return births.value
    if numbers is Numbers.SHARED:
        return names.value if names is Names.OTHER and births is not Births.SAME else numbers.value
    return names.value if numbers is Numbers.UNKNOWN or names is Names.OTHER else numbers.value


def _differing(one: Applicant, other: Applicant, numbers: Numbers, names: Names, births: Births) -> Iterator[str]:
    """What staff must see of both, in the form of `Applicant.conflicts`."""
    if names in (Names.NEAR, Names.OTHER):
        yield f"name: {one.name or one.name_pinyin} / {other.name or other.name_pinyin}"
    if numbers in (Numbers.NEAR, Numbers.OTHER):
        yield f"passport_no: {_shown(one)} / {_shown(other)}"
    if births in (Births.NEAR, Births.OTHER):
        yield f"birth_date: {one.birth_date} / {other.birth_date}"


def _shown(person: Applicant) -> str:
    return person.passport_no or person.old_passport_no


def _passports(person: Applicant) -> set[str]:
    return {person.passport_no.upper(), person.old_passport_no.upper()} - {""}


def _sure_passport(person: Applicant) -> bool:
    return any(
        text and is_sure(person, name, text)
        for name, text in (("passport_no", person.passport_no), ("old_passport_no", person.old_passport_no))
    )


def is_chinese(name: str) -> bool:
    """Has it Chinese characters?"""
    return _HAN.search(name) is not None


def _chinese(name: str) -> str:
    return _plain(name) if is_chinese(name) else ""


def _latin(person: Applicant) -> str:
    return person.name_pinyin or ("" if _chinese(person.name) else person.name)


def _spells(chinese: str, latin: str) -> bool:
    return bool(chinese and latin) and romanises(chinese, latin) is True


def one_apart(one: str, other: str) -> bool:
    """Does one character more, less or another make the one of the other?"""
    short, long = sorted((one, other), key=len)
    if not short or short == long:
        return False
    if len(short) == len(long):
        return sum(a != b for a, b in zip(short, long, strict=True)) == 1
    return len(long) - len(short) == 1 and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


# ---------------------------------------------------------------------------------------------------------- names


def same_name(one: str, other: str) -> bool:
    """The same Chinese name (blanks and width aside), or the same spelling in either order."""
    return bool(one and other) and (_plain(one) == _plain(other) or same_spelling(one, other))


def same_spelling(one: str, other: str) -> bool:
    """The same Latin name: order, case, blanks and the three spellings of u-umlaut aside."""
    mine, theirs = spelling(one), spelling(other)
    if not mine or not theirs:
        return False
    return sorted(mine) == sorted(theirs) or "".join(mine) == "".join(theirs)


def spelling(text: str) -> list[str]:
    """The Latin words of a name in capitals, accents off, ü as U; none where it has Chinese characters."""
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).upper())
    if _HAN.search(decomposed):
        return []
    umlaut = decomposed.replace("U\u0308", "V")
    bare = "".join(c for c in umlaut if not unicodedata.combining(c))
    return [_umlaut(word) for word in _LETTERS.split(bare) if word]


def _umlaut(word: str) -> str:
    """LYU, LU and LV, NYU, NU and NV are one name: passports of different years spell it differently."""
    return re.sub(r"([LN])(?:YU|V)(?=E|$)", r"\1U", word)


def _plain(text: str) -> str:
    return _SIGNS.sub("", simplify(text)).casefold()


# -------------------------------------------------------------------------------------------------------- company

_SHORTEST = 4  # characters of a company's short name that say enough
_FORM = 4  # characters: two names that end in the same form of company are both written out in full


def same_company(one: str, other: str) -> Same:
    """Is it one company? A short form is one when its characters stand in the full name in this order; of two full
    names that differ somewhere inside nobody can say whether one was written carelessly."""
    short, long = sorted((_plain(one), _plain(other)), key=len)
    if not short:
        return Same(Answer.UNCLEAR, "no_name")
    if short == long or (len(short) >= _SHORTEST and long.endswith(short)):
        return Same(Answer.YES, "name")
    if bool(_HAN.search(short)) is not bool(_HAN.search(long)):
        return Same(Answer.UNCLEAR, "two_scripts", (f"company: {one} / {other}",))
    if len(short) < _SHORTEST or not _stands_in(short, long):
        return Same(Answer.NO, "other_name", (f"company: {one} / {other}",))
    if short[-_FORM:] == long[-_FORM:]:
        return Same(Answer.UNCLEAR, "full_names_differ", (f"company: {one} / {other}",))
    return Same(Answer.YES, "short_form")


def _stands_in(short: str, long: str) -> bool:
    rest = iter(long)
    return all(character in rest for character in short)


# ---------------------------------------------------------------------------------------------------------- trust


class Trust(StrEnum):
    """What the receiving hop found out about the address in From."""

    VERIFIED = "verified"  # a domain that passed is the one in From
    UNKNOWN = "unknown"  # nobody looked, or there was nothing to look at
    FORGED = "forged"  # looked at, and it is not who it says


_REFUSED = frozenset({"fail", "hardfail"})


@value
class Trusted:
    """The answer with what it rests on: "spf=fail dkim=none aligned=no"."""

    answer: Trust
    why: str


def trust(seen: AuthenticationResult) -> Trusted:
    """May a mail be taken for what its From says (RFC 7208, 6376, 7489 for alignment)?

    A pass counts for the domain it is about only: one that is aligned with From outweighs a failure of the other
    method (lists break DKIM, forwarding breaks SPF); one for another domain says that somebody else sent it. A refused
    SPF and a broken DKIM signature are forged without an aligned pass. Softfail, neutral, errors and silence say
    nothing.
    """
    why = f"spf={seen.spf} dkim={seen.dkim} aligned={_WORD[seen.aligned]}"
    passed = "pass" in (seen.spf, seen.dkim)
    if passed and seen.aligned is True:
        return Trusted(Trust.VERIFIED, why)
    refused = seen.spf in _REFUSED or seen.dkim in _REFUSED
    if refused or (passed and seen.aligned is False):
        return Trusted(Trust.FORGED, why)
    return Trusted(Trust.UNKNOWN, why)


_WORD = {True: "yes", False: "no", None: "unknown"}


# ----------------------------------------------------------------------------------------------------------- ours


def own_addresses(rules: RuleSet) -> frozenset[str]:
    """Every address that is ours, in lower case: where applications come in, finance, what else the office names, and
    the logins the program itself reads and sends with."""
    office = rules.office
    told: Iterable[str] = (office.intake_address, office.finance_address, *office.own_addresses, *rules.logins)
    return frozenset(address.strip().lower() for address in told if "@" in address)


def ours(address: str, rules: RuleSet) -> bool:
    """Is it one of our own addresses? Nobody there is answered, and none of them is anybody's company."""
    return address.strip().lower() in own_addresses(rules)
