"""Which company writes, and from which city."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from mailintake.model.facts import Reading
from mailintake.model.message import InboundMessage
from mailintake.model.rules import CityOffice, RuleSet, Vocabulary
from mailintake.stages.words.fold import fold, simplify
from mailintake.stages.words.offices import is_of_city
from mailintake.stages.words.own_words import OwnWords
from mailintake.stages.words.short_forms import places
from mailintake.stages.words.speech import any_of

_MIN = 4
_HEAD = 2  # characters by which a company is called
_TELEPHONE = re.compile(r"(?<!\d)(0\d{2,3})[-\s)]{0,2}[2-9]\d{6,7}(?!\d)")


def find_company(message: InboundMessage, words: OwnWords, readings: Mapping[str, Reading], rules: RuleSet) -> str:
    """The company's name: by where it stands and how often, whole names before short ones; "" when nobody says."""
    vocabulary = rules.vocabulary
    seen: Counter[str] = Counter()
    sender = message.sender.name if message.sender else ""
    places = ((message.signature_text, 3), (words.subject, 3), (words.text, 2), (sender, 2), (words.fallback, 1))
    for text, weight in places:
        for name in company_names(text, rules):
            if text is not words.text or _is_headed(name, rules) or _is_known(name, f"{sender}\n{words.subject}"):
                seen[name] += weight
    for reading in readings.values():
        kind = rules.kinds.get(reading.kind)
        if kind is not None and kind.names_company and (employer := reading.get("employer")):
            seen[simplify(employer)] += 2
    strong = vocabulary.words("company_strong_suffixes")
    ranked = sorted(seen, key=lambda name: (not name.endswith(strong), -seen[name], -len(name)))
    return ranked[0] if ranked else _english(words, message, vocabulary)


def whole_name(company: str, rules: RuleSet) -> str:
    """The company's name when it is surely no more than that: it ends as registered names do. Words of a sentence may
    run into the front of a shorter one, and with them a person's name."""
    return company if company.endswith(rules.vocabulary.words("company_strong_suffixes")) else ""


def company_names(text: str, rules: RuleSet) -> Iterator[str]:
    """Every Chinese company name in a text, without the words run into its front."""
    vocabulary = rules.vocabulary
    pattern = _pattern(vocabulary.words("company_suffixes"))
    refused = vocabulary.words("not_companies")
    plain = simplify(text)[:8000]
    fronts, former = places(rules), vocabulary.words("former_company_words")
    for found in pattern.finditer(plain):
        if plain[: found.start()].endswith(former) or found.group().startswith(former):
            continue
        name = _trimmed(found.group(), vocabulary.words("company_lead"), fronts)
        if any(word in name for word in vocabulary.words("company_pronouns")) or _is_speech(name, vocabulary):
            continue
        if len(name) > _MIN and name not in refused and not name.startswith(refused):
            yield name


def whole_names(text: str, rules: RuleSet) -> Iterator[str]:
    """Those of `company_names` that end as registered names do."""
    return (name for name in company_names(text, rules) if whole_name(name, rules))


def begins_with_place(company: str, rules: RuleSet) -> bool:
    """Does the name begin with its province or city, so that no word of the sentence can have run into it?"""
    return company.startswith(places(rules))


def heads(company: str, rules: RuleSet) -> tuple[str, ...]:
    """Place and firm, as a company is called by those who know it, the longest first; none where the name begins with
    no place."""
    place = max((p for p in places(rules) if company.startswith(p)), key=len, default="")
    return tuple(company[:end] for end in range(len(company) - 1, len(place) + _HEAD - 1, -1)) if place else ()


def _is_headed(company: str, rules: RuleSet) -> bool:
    """Is it surely a name, and no words of a sentence that run up to "company": by its form, its place or its trade?"""
    trades = rules.vocabulary.words("company_trades")
    return bool(whole_name(company, rules)) or begins_with_place(company, rules) or any(t in company for t in trades)


def _is_known(company: str, elsewhere: str) -> bool:
    """Does the sender's name or the subject have its first characters, too?"""
    return company[:_HEAD] in simplify(elsewhere)


def _is_speech(name: str, vocabulary: Vocabulary) -> bool:
    """Words of a sentence that run up to "company": the card is still in the company."""
    strong = vocabulary.words("company_strong_suffixes")
    return not name.endswith(strong) and any(char in name for char in vocabulary.words("never_in_companies"))


@lru_cache(maxsize=4)
def _pattern(suffixes: tuple[str, ...]) -> re.Pattern[str]:
    ends = "|".join(map(re.escape, sorted(suffixes, key=len, reverse=True)))
    return re.compile(rf"[\u3400-\u9fffA-Za-z0-9()&]{{2,30}}?(?:{ends})(?:\)?[\u3400-\u9fff]{{0,6}}(?:{ends}))?")


def _trimmed(name: str, leads: Iterable[str], places: Iterable[str]) -> str:
    """The name from its place name on, if it has one, else behind the last word that is no part of it."""
    starts = [at for place in places if 0 <= (at := name.find(place)) <= len(name) - _MIN]
    if starts:
        return name[min(starts) :].lstrip("()")
    cut = 0
    for lead in leads:
        at = name.rfind(lead, 0, len(name) - _MIN)
        if at >= 0 and (len(lead) > 1 or at == cut):
            cut = max(cut, at + len(lead))
    return name[cut:].lstrip("()")


def _english(words: OwnWords, message: InboundMessage, vocabulary: Vocabulary) -> str:
    ends = "|".join(re.escape(end) for end in vocabulary.words("english_company_suffixes"))
    pattern = re.compile(rf"(?:[A-Z][A-Za-z&\-]* ){{1,6}}(?i:{ends})\b\.?")
    for text in (message.signature_text, words.text, words.subject):
        if found := pattern.search(text):
            return found.group().strip()
    return ""


def find_city(message: InboundMessage, words: OwnWords, company: str, rules: RuleSet) -> str:
    """The city whose office reviews first: by the office that writes, the company's name, whatever is said, and last by
    the area code of a telephone."""
    vocabulary = rules.vocabulary
    domain = message.sender.domain if message.sender else ""
    for city in rules.office.cities:
        if is_of_city(domain, city):
            return city.city
    leading = (city for city in rules.office.cities if _begins_with(company, city.city, vocabulary))
    if (city_found := next(leading, None)) is not None:
        return city_found.city
    for text in (company, message.signature_text, words.both, words.fallback):
        if city_found := _city_in(fold(text), rules.office.cities):
            return city_found.city
    return _by_telephone(f"{message.signature_text}\n{words.both}", rules.office.cities)


def _begins_with(company: str, city: str, vocabulary: Vocabulary) -> bool:
    """A registered name begins with the city, as 朝阳某某有限公司 does, or with the province before it."""
    ours = re.escape(vocabulary.words("provinces")[0])
    return re.match(rf"(?:{ours}\u7701?)?{re.escape(city)}(?!\u533a)", company) is not None


def _by_telephone(text: str, cities: Iterable[CityOffice]) -> str:
    """The one city with the area code of a telephone number in the text; four cities share 024, which says nothing."""
    codes = {found.group(1) for found in _TELEPHONE.finditer(text)}
    near = [city.city for city in cities if city.phone.partition("-")[0] in codes]
    return near[0] if len(near) == 1 else ""


def cities_in(text: str, rules: RuleSet) -> tuple[str, ...]:
    """All cities that a text names by their own names, three at most; where it names one as its own, none to which it
    only asks to go."""
    folded = fold(text)
    named = tuple(city.city for city in rules.office.cities if fold(city.city) in folded)
    going = any_of(rules.vocabulary.words("bound_for_patterns"))
    own = tuple(city for city in named if going.search(folded.replace(fold(city), "|")) is None)
    return (own or named)[:3]


def _city_in(text: str, cities: Iterable[CityOffice]) -> CityOffice | None:
    """The city named first; of words at the same place the longer one."""
    hits = [(at, -len(word), city) for city in cities for word in _folded(city.words) if (at := text.find(word)) >= 0]
    return min(hits, key=lambda hit: hit[:2])[2] if hits else None


@lru_cache(maxsize=256)
def _folded(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(fold, words))
