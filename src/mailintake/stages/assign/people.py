"""Who applies: names from forms and passports, from files and folders, from the mail's own words, weighed."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mailintake.model.facts import Reading
from mailintake.model.message import InboundMessage
from mailintake.model.procedure import Scope
from mailintake.model.rules import RuleSet
from mailintake.model.value import value
from mailintake.stages.assign.confirm import chinese_for, named_in_letters, only_in_letters
from mailintake.stages.assign.kinds import Sorted
from mailintake.stages.words.file_people import chinese_in_name, known_in_name, latin_in_name, surname_latin
from mailintake.stages.words.fold import fold, simplify
from mailintake.stages.words.kind_names import folders, stem, without_names
from mailintake.stages.words.names import Mention, NameWords, Strength, find_names, is_name, name_words
from mailintake.stages.words.own_words import OwnWords
from mailintake.stages.words.pinyin import romanises, split_latin

_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_CAPITALISED = re.compile(r"\b([A-Z][A-Za-z]{1,10})[ \t]+([A-Z][A-Za-z]{1,10})(?:[ \t]([A-Z][a-z]{1,6}))?\b")
_LONG = 3  # characters; two-character names are the ones that swallow a neighbour
_CLOSING = 3  # mentions at the end of a text that may be its signature
_PHONE_ONLY = re.compile(r"[\s:()+\-.\u3002!\d]*")
_OWN_PAPERS = ("abtc_basic_data", "passport_page", "old_passport_page", "new_passport_page", "passport_colour_scan")


@value
class Person:
    """One applicant as found: Chinese or Latin name, and the first thing that spoke for the person."""

    name: str
    latin: str = ""
    cue: str = ""

    def is_called(self, other: str) -> bool:
        """Is the other name, Chinese or Latin, a name of this person?"""
        if not other:
            return False
        if simplify(other) == self.name:
            return True
        return bool(romanises(self.name, other)) or _letters(other) == _letters(self.latin or self.name) != ""


@value
class Around:
    """What is known of the mail when its people are looked for."""

    company: str = ""
    known: tuple[str, ...] = ()  # names that papers, text or files bear (known_names)


@value
class Names:
    """The applicants, in the order in which the mail names them, and who sent it."""

    people: tuple[Person, ...]
    contact: str = ""


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())


def find_people(
    message: InboundMessage,
    words: OwnWords,
    files: Sequence[Sorted],
    readings: Mapping[str, Reading],
    around: Around,
    rules: RuleSet,
) -> Names:
    """Everybody who applies. Names that only sign the mail, or belong to the company's name, are left out."""
    lexicon = name_words(rules.vocabulary)
    contact, mentions = _mentions(message, words, lexicon, around.known)
    others = _others(message, around.company)
    told = [m for m in mentions if m.strength is Strength.STRONG and not _inside(m.name, others)]
    if words.is_reply and any(m.cue != "subject" for m in told):  # a reply keeps the subject of an older matter
        told = [m for m in told if m.cue != "subject"]
    filed = [p for file in files for p in _of_file(file, lexicon, rules, around.known) if not _inside(p.name, others)]
    read = list(_of_readings(files, readings, lexicon, rules))
    filed, read = (_spelt_out(source, words.both, lexicon) for source in (filed, read))
    lettered = [Person(n, cue="letter") for n in named_in_letters(files, readings, words.both, lexicon)]
    found = _merged([Person(m.name, cue=m.cue) for m in told], filed, read, lettered)
    found = _without_tails(found, filed, read, lettered)
    if not found:
        found = _merged([Person(n, cue="letter") for n in only_in_letters(files, readings, lexicon)])
    if not found:
        weak = [m for m in mentions if m.strength is Strength.WEAK and not _inside(m.name, others)]
        found = [Person(name) for name in dict.fromkeys(m.name for m in weak)]
    if not found:
        found = list(_latin_in_text(message, words, others, rules))
    kept = _without_contact(found, contact, told, filed, [*read, *lettered])
    if not kept and contact and any(w in fold(words.both) for w in rules.vocabulary.words("first_person")):
        kept = [Person(contact, cue="first_person")]
    return Names(tuple(_in_order(kept, f"{words.subject}\n{words.text}")), contact)


def _spelt_out(people: Iterable[Person], text: str, lexicon: NameWords) -> list[Person]:
    """A Latin name becomes the Chinese one of the text that is spelt so."""
    return [
        Person(name, p.latin, p.cue) if p.name == p.latin and (name := chinese_for(p.latin, text, lexicon)) else p
        for p in people
    ]


def _mentions(
    message: InboundMessage, words: OwnWords, lexicon: NameWords, known: Sequence[str]
) -> tuple[str, list[Mention]]:
    """(who sends, every other mention in subject and text)."""
    subject = [_of_subject(m, words.subject) for m in find_names(words.subject, lexicon, known)]
    body = list(find_names(words.text, lexicon, known))
    signed = _signature_name(message, words, body, lexicon)
    last = {m.start for m in body[-_CLOSING:] if m.name == signed and _at_end(m, words.text)}
    body = [_as_contact(m) if m.start in last else m for m in body]
    attached = [m for m in find_names(words.fallback, lexicon, known) if m.strength is Strength.STRONG]
    named = next((m.name for m in reversed(body) if m.strength is Strength.CONTACT), "")
    contact = signed or named or _sender_name(message, lexicon)
    return contact, [*subject, *body, *attached]


def _of_subject(mention: Mention, text: str) -> Mention:
    """A name by itself between stops of the subject is what the mail is about."""
    plain = simplify(text)
    around = plain[max(0, mention.start - 1) : mention.start] + plain[mention.end : mention.end + 1]
    strong = mention.strength is Strength.STRONG or not _HAN_RUN.search(around)
    strength = Strength.STRONG if strong and mention.strength is not Strength.CONTACT else mention.strength
    return Mention(mention.name, mention.start, mention.end, strength, "subject")


def _as_contact(mention: Mention) -> Mention:
    return Mention(mention.name, mention.start, mention.end, Strength.CONTACT, mention.cue)


def _signature_name(message: InboundMessage, words: OwnWords, body: Sequence[Mention], lexicon: NameWords) -> str:
    """Who signs: a name in the signature block, or one that closes the text, alone in its line or sentence."""
    closing = next((m for m in reversed(body[-_CLOSING:]) if _at_end(m, words.text)), None)
    if closing is not None and closing.strength is not Strength.STRONG:
        return closing.name
    for mention in find_names(message.signature_text, lexicon):
        return mention.name
    return ""


def _sender_name(message: InboundMessage, lexicon: NameWords) -> str:
    sender = simplify(message.sender.name) if message.sender else ""
    return next((run for run in _HAN_RUN.findall(sender) if is_name(run, lexicon, bounded=True)), "")


def _at_end(mention: Mention, text: str) -> bool:
    """The rest of its line is a phone number at most, at most two short lines follow, and a stop stands in front."""
    plain = simplify(text)
    rest, _, below = plain[mention.end :].partition("\n")
    behind = [line for line in below.split("\n") if _HAN_RUN.search(line)]
    front = plain[: mention.start].rstrip(" \t-:")
    short = len("".join(behind)) <= 40 and len(behind) <= 2 and bool(_PHONE_ONLY.fullmatch(rest))
    return short and (not front or not _HAN_RUN.search(front[-1]))


def _inside(name: str, others: str) -> bool:
    return len(name) > 1 and name in others


def _others(message: InboundMessage, company: str) -> str:
    sender = simplify(message.sender.name) if message.sender else ""
    is_firm = len(sender) > 4 and not re.search(r"[\s\-_]", sender)
    return f"{simplify(company)}\n{sender if is_firm else ''}"


def _of_file(file: Sorted, lexicon: NameWords, rules: RuleSet, known: Sequence[str] = ()) -> Iterator[Person]:
    """Names in file and folder names. Papers of the company name companies, not people."""
    kind = rules.kinds.get(file.kind or "")
    if kind is not None and kind.scope is Scope.COMPANY:
        return
    owns = kind is None or kind.scope is Scope.APPLICANT
    for name in (stem(file.attachment.name), *folders(file.attachment.path)):
        yield from (Person(found, cue="file") for found in known_in_name(name, owns, known))
        rest = without_names(name, known)
        yield from (Person(found, cue="file") for found in chinese_in_name(rest, owns, lexicon, rules))
        if owns:
            for latin in latin_in_name(name, rules):
                yield Person(latin, latin, "file")


def _without_tails(found: list[Person], *papers: Sequence[Person]) -> list[Person]:
    """Drop names that running text cut one character too long (苗青正在申办), where the shorter one is there, too, or
    too short (张立新护照), where a paper or file bears the longer one; never one that a paper or file bears.
    """
    borne = {person.name for source in papers for person in source}
    names = {person.name for person in found}
    whole = {name[:-1] for name in borne if len(name) == _LONG}
    return [
        p for p in found if p.name in borne or not (p.name in whole or (len(p.name) == _LONG and p.name[:-1] in names))
    ]


def _of_readings(
    files: Sequence[Sorted], readings: Mapping[str, Reading], lexicon: NameWords, rules: RuleSet
) -> Iterator[Person]:
    """Names on the person's own papers: the form and the passport make an applicant, other papers only confirm one.

    A Latin name alone makes nobody where the file or its folder names its owner: a picture may be misread.
    """
    for file in files:
        reading = readings.get(file.attachment.sha256)
        if reading is None or file.kind not in _OWN_PAPERS:
            continue
        chinese = simplify((reading.get("name_zh") or "").replace(" ", ""))
        latin = reading.get("name_pinyin") or ""
        if is_name(chinese, lexicon, bounded=True) or (chinese and latin):
            yield Person(chinese, latin, "reading")
        elif latin and not any(_of_file(file, lexicon, rules)):
            yield Person(latin, latin, "reading")


def _merged(*sources: Iterable[Person]) -> list[Person]:
    """One entry a person: a Latin name joins the Chinese one it spells."""
    people: list[Person] = []
    latin_only: list[Person] = []
    for person in (p for source in sources for p in source):
        if person.name == person.latin or not _HAN_RUN.fullmatch(person.name):
            latin_only.append(person)
            continue
        at = next((i for i, known in enumerate(people) if known.name == person.name), None)
        if at is None:
            people.append(person)
        elif person.latin and not people[at].latin:
            people[at] = Person(person.name, person.latin, people[at].cue)
    for person in latin_only:
        at = next((i for i, known in enumerate(people) if known.is_called(person.name)), None)
        if at is None:
            people.append(person)
        elif not people[at].latin:
            people[at] = Person(people[at].name, person.latin, people[at].cue)
    return people


def _latin_in_text(message: InboundMessage, words: OwnWords, others: str, rules: RuleSet) -> Iterator[Person]:
    """Names in an English mail: two or three capitalised words that can be a Chinese name, not a place, a firm or the
    sender, nor anything behind the closing."""
    places = {word for city in rules.office.cities for word in city.words if word.isascii()}
    closings = [word for word in rules.vocabulary.words("contact_before") if word.isascii()]
    text = f"{words.subject}\n{words.text}"
    end = min((at for word in closings if (at := text.lower().rfind(f"\n{word}")) >= 0), default=len(text))
    refused = {_letters(message.sender.name) if message.sender else ""}
    for match in _CAPITALISED.finditer(text[:end]):
        parts = [part for part in match.groups() if part]
        found = split_latin(" ".join(parts), surname_latin(rules)) or split_latin(
            " ".join(parts[:2]), surname_latin(rules)
        )
        if found is None or {part.lower() for part in parts} & places:
            continue
        spelt = {_letters(found), _letters(" ".join(reversed(found.split())))}
        if spelt & refused or any(name in _letters(others) for name in spelt):
            continue
        refused |= spelt
        yield Person(found, found, "text")


def _without_contact(
    found: list[Person], contact: str, told: Sequence[Mention], filed: Sequence[Person], read: Sequence[Person]
) -> list[Person]:
    """The sender applies only when the text, a file or a paper says so."""
    spoken = {m.name for m in told} | {p.name for p in filed} | {p.name for p in read}
    return [p for p in found if p.name != contact or p.name in spoken or _spelt(p, (*filed, *read))]


def _spelt(person: Person, others: Iterable[Person]) -> bool:
    return any(person.is_called(other.latin or other.name) for other in others)


def _in_order(people: list[Person], text: str) -> list[Person]:
    """As the mail names them; people known only from files behind, in the files' order."""
    plain = simplify(text)
    places = {p.name: plain.find(p.name) for p in people}
    return sorted(people, key=lambda p: places[p.name] if places[p.name] >= 0 else len(plain) + 1)
