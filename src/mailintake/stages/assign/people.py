"""Who applies: what every source says of everybody whom the mail names, weighed, and what each applicant rests on.

Theory. A name is found many times: in a sentence, a table, a letter, a file's name, on a form. Each finding is a ground
(`model.claim`). Who has a ground that proves it applies. Where nobody has, those of whom the text speaks most clearly
are taken, so that staff see somebody; their claims stay unproved. Whoever only signs, decides, sends, accompanies or
went before does not apply, whatever else the mail says of him, unless a number, a row or a paper is his own.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from mailintake.model.claim import Claim, Ground, Held, Source
from mailintake.model.facts import Field
from mailintake.model.identity import one_apart
from mailintake.model.message import InboundMessage
from mailintake.model.procedure import Scope
from mailintake.model.rules import RuleSet
from mailintake.model.situation import ReadMail
from mailintake.model.traits import identity_papers
from mailintake.model.value import value
from mailintake.stages.assign.company import company_names
from mailintake.stages.assign.confirm import chinese_for, named_in_letters, only_in_letters
from mailintake.stages.assign.kinds import FileKind
from mailintake.stages.assign.ownership import Owned, owned
from mailintake.stages.assign.said import Part, Said, everybody
from mailintake.stages.assign.standing import gone, standing
from mailintake.stages.assign.titles import titles_of
from mailintake.stages.words.file_people import chinese_in_name, known_in_name, latin_in_name
from mailintake.stages.words.fold import fold, simplify
from mailintake.stages.words.kind_names import folders, stem, without_names
from mailintake.stages.words.names import Mention, NameWords, Role, find_names, is_name, name_words
from mailintake.stages.words.own_words import OwnWords
from mailintake.stages.words.pinyin import romanises
from mailintake.stages.words.sentence import STOPS
from mailintake.stages.words.short_forms import without_short_forms
from mailintake.stages.words.speech import any_of
from mailintake.stages.words.text_facts import group_size, people_counted

_HAN_RUN = re.compile(r"[\u3400-\u9fff\u00b7]+")
_NUMBERS = frozenset({"passport_no", "old_passport_no", "card_no"})
_SURE = 2.0  # a name by so much likelier than words may rest on its sentence alone
_CLEAR, _PLAIN = 8.0, 16.0  # beside people with papers, numbers or rows; where these are as many as announced
_NEAR, _STOPS_BETWEEN = 90, 3  # characters and stops between a name and its number
_FAINT = 0.2  # a name of which nothing is said, hardly likelier than words


@value
class Person:
    """One person as found: Chinese or Latin name, and what speaks for the person."""

    name: str
    latin: str = ""
    grounds: tuple[Ground, ...] = ()
    fields: tuple[Field, ...] = ()  # of the rows of tables
    margin: float = 99.0  # by how much the name is likelier than words where it is likeliest; a paper's name is one
    titles: tuple[str, ...] = ()  # jobs by which the mail calls this person and nobody else
    number: str = ""  # of several people of one name: the passport or card that tells this one apart

    @property
    def claim(self) -> Claim:
        """That this person applies."""
        return Claim(Held.APPLIES, self.name, self.latin, self.grounds)

    def is_called(self, other: str) -> bool:
        """Is the other name, Chinese or Latin, a name of this person?"""
        if not other:
            return False
        if simplify(other) == self.name:
            return True
        return bool(romanises(self.name, other)) or _letters(other) == _letters(self.latin or self.name) != ""


@value
class Names:
    """The applicants, in the order in which the mail names them, who sent it, and who was named and does not apply."""

    people: tuple[Person, ...]
    contact: str = ""
    others: tuple[Person, ...] = ()
    strange: frozenset[str] = frozenset()  # sha256 of pages of people who do not apply (`stray`)


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())


def find_people(words: OwnWords, texts: Sequence[Said], files: Sequence[FileKind], mail: ReadMail) -> Names:
    """Everybody who applies."""
    message, rules = mail.message, mail.rules
    lexicon = name_words(rules.vocabulary)
    others = _others(message, texts[0].around.company, lexicon)
    told = [p for p in _told(texts, words, lexicon) if _sources(p) & _UNMISTAKABLE or not _inside(p.name, others)]
    filed = [
        p
        for file in files
        for p in _of_file(file, lexicon, rules, texts[0].around.known)
        if not _inside(p.name, others)
    ]
    read = list(_of_readings(files, lexicon, mail))
    filed, read = (_spelt_out(source, words.both, lexicon, told) for source in (filed, read))
    said = without_short_forms(simplify(words.both), rules)
    lettered = [_by(name, Source.LETTER) for name in named_in_letters(files, mail, said, lexicon)]
    contact = _contact(message, texts, lexicon, rules)
    himself = contact if _applies_himself(fold(words.both), rules) else ""
    introduced = {m.name for _, m in everybody(texts) if lexicon.introduces.fullmatch(m.cue)} & {himself}
    told += [_by(name, Source.REQUEST) for name in introduced]
    firms = _firms((words.both, *(said.text for said in texts[1:])), files, rules)
    merged = _one_a_number(_merged(told, filed, read, lettered))
    everyone = [_unless_firm(person, firms) for person in _without_pieces(merged)]
    free = _without_gone(_free(everyone, _silent(texts) - introduced), gone(texts, rules))
    firm = standing(texts, lexicon, rules)
    found = _applying(
        _beside_stronger(free, group_size(words.both, rules), firm), contact, people_counted(words.both, rules)
    )
    if not found:
        found = [_by(name, Source.LETTER) for name in only_in_letters(files, mail, lexicon)]
    if not found and himself:
        found = [_by(himself, Source.REQUEST)]
    rest = tuple(person for person in everyone if person.name not in {p.name for p in found})
    titles = titles_of(texts, rules)
    titled = [replace(person, titles=titles.get(person.name, ())) for person in found]
    return Names(tuple(_in_order(titled, f"{words.subject}\n{words.text}")), contact, rest)


def _applies_himself(text: str, rules: RuleSet) -> bool:
    """Does who writes say that it is his own card, and nowhere that he applies for none?"""
    if any_of(rules.vocabulary.words("first_person_not_patterns")).search(text):
        return False
    return any(word in text for word in rules.vocabulary.words("first_person"))


def _by(name: str, source: Source, text: str = "", latin: str = "") -> Person:
    return Person(name, latin, (Ground(source, text or name),))


def _free(everyone: Sequence[Person], silent: frozenset[str]) -> list[Person]:
    """All but those who only sign, decide, send or went before."""
    return [p for p in everyone if not (silent & {p.name, p.latin}) or _sources(p) & _OWN]


def _without_gone(people: Sequence[Person], left: frozenset[str]) -> list[Person]:
    """Without those who are said to have left, and have no papers here, where somebody else applies."""
    staying = [person for person in people if person.name not in left or _sources(person) & _PAPERS]
    return staying if any(_sources(person) & _PROVING for person in staying) else list(people)


def _beside_stronger(people: Sequence[Person], announced: int, firm: frozenset[str]) -> list[Person]:
    """Beside people with papers, numbers, rows or a letter of their own, whom a sentence alone makes out is somebody
    only where the name is clearly one; where they are as many as the mail announces, only where nothing else could be
    read there. Beside papers he must stand firmly in the text besides, unless more people are announced."""
    shown = [person for person in people if _sources(person) & {*_OWN, Source.LETTER}]
    if not shown:
        return list(people)
    least = _PLAIN if len(shown) == announced else _CLEAR
    papered = any(_sources(person) & _PAPERS for person in shown) and announced <= len(shown)
    clear = (p for p in people if p.margin > least and (not papered or p.name in firm or p.name.isascii()))
    kept = {person.name for person in (*shown, *clear)}
    return [person for person in people if person.name in kept]


def _applying(free: Sequence[Person], contact: str, counted: int) -> list[Person]:
    """Those for whom a request, a number, a row, a label or a paper speaks; else those the mail speaks of; else those
    it only names. Where it speaks of people one by one and then counts them (… retired, … left, the cards of the
    three …), all those."""
    named = [p for p in free if p.name != contact and p.margin > _FAINT]
    proved = [p for p in free if _sources(p) & _PROVING]
    spoken = [p for p in free if _sources(p) & {*_PROVING, *_SPEAKING}]
    if len(proved) < counted:
        for some in (spoken, [p for p in free if p in spoken or p in named]):
            if len(some) == counted:
                return some
        if len(proved) < len(spoken) < counted:
            return spoken
    return proved or spoken or named


_UNMISTAKABLE = frozenset({Source.FORM, Source.MRZ, Source.ROW, Source.NUMBER})
_OF_A_PERSON = _UNMISTAKABLE | {Source.LABEL}
_OWN = frozenset({Source.FORM, Source.MRZ, Source.ROW, Source.NUMBER, Source.LABEL, Source.FILE_NAME, Source.FOLDER})
_PAPERS = frozenset({Source.FORM, Source.MRZ, Source.FILE_NAME, Source.FOLDER})
_PROVING = _OWN | {Source.REQUEST, Source.LETTER}
_SPEAKING = frozenset({Source.SPOKEN, Source.SUBJECT, Source.LATIN, Source.OCR})


def _sources(person: Person) -> set[Source]:
    return {ground.source for ground in person.grounds}


def _silent(texts: Sequence[Said]) -> frozenset[str]:
    """Who signs, decides, sends or went before."""
    return frozenset(m.name for _, m in everybody(texts) if m.role <= Role.CONTACT)


def _told(texts: Sequence[Said], words: OwnWords, lexicon: NameWords) -> Iterator[Person]:
    """People of the mail's texts with what each says of them."""
    asked = bool(lexicon.asks.search(words.subject))
    for said in texts:
        if said.part is Part.ATTACHED and any(m.role >= Role.SPOKEN for m in texts[0].mentions):
            continue
        for row in said.rows:
            fields = tuple(Field(name, text, text, "mail") for name, text in row.fields)
            yield Person(row.name, "", (Ground(Source.ROW, row.name),), fields)
        nobody = all(mention.role <= Role.CONTACT for mention in said.mentions)
        numbered = dict(_numbered(said))
        for mention in said.mentions:
            source = _source(mention, said, words, asked=asked)
            grounds = [Ground(source, mention.cue or mention.name)] if source else []
            applies = mention.role > Role.CONTACT or (nobody and mention.role is Role.OTHER)
            if mention.name in numbered and (applies or mention.name == said.writer):
                grounds.append(Ground(Source.NUMBER, numbered[mention.name]))
            if said.part is Part.LIST:
                grounds = [g for g in grounds if g.source in (Source.NUMBER, Source.LABEL)]
                if len(grounds) < 2 and Source.NUMBER not in {g.source for g in grounds}:
                    continue
            latin = mention.name if mention.name.isascii() else ""
            margin = mention.margin if not latin else 99.0
            yield Person(mention.name, latin, tuple(grounds), margin=margin)


def _numbered(said: Said) -> Iterator[tuple[str, str]]:
    """Whose number stands near enough to the name to prove that its bearer is meant: further on a text may have come to
    speak of somebody else ("we make 鹿胎膏. …. His passport is …")."""
    for one in owned(said):
        if one.fact.name in _NUMBERS and one.name and _is_near(said, one):
            yield one.name, one.fact.text


def _is_near(said: Said, one: Owned) -> bool:
    """Are few words and stops between the number and a mention?"""
    for mention in said.mentions:
        if mention.name != one.name:
            continue
        first, last = sorted(((mention.start, mention.end), (one.fact.start, one.fact.end)))
        between = said.text[first[1] : last[0]]
        if len(between) <= _NEAR and sum(between.count(stop) for stop in STOPS) <= _STOPS_BETWEEN:
            return True
    return False


def _source(mention: Mention, said: Said, words: OwnWords, *, asked: bool) -> Source | None:
    """What a mention is as a ground; None: it says nothing for the person. `asked`: the subject asks for something."""
    in_subject = said.part is Part.BODY and mention.end <= said.subject
    spoken = any(m.role > Role.NAMED and m.start > said.subject for m in said.mentions)
    older = words.is_reply or (words.is_forward and spoken)
    sure = mention.margin > _SURE or mention.name.isascii()
    if mention.role <= Role.CONTACT or (in_subject and older):  # the subject of an older matter
        return None
    if (mention.role is Role.ASKED or (in_subject and asked)) and sure:
        return Source.REQUEST
    if in_subject:
        return Source.SUBJECT
    if mention.role >= Role.SPOKEN:
        return Source.LATIN if mention.name.isascii() else Source.SPOKEN
    return None


def _unlisted(text: str, rules: RuleSet) -> str:
    """The lines that say nothing of the parts of an application: who stands there closes no mail."""
    parts = any_of(rules.vocabulary.words("part_patterns"))
    return "\n".join(line for line in text.splitlines() if not parts.search(line))


def _contact(message: InboundMessage, texts: Sequence[Said], lexicon: NameWords, rules: RuleSet) -> str:
    """Who sends the mail: who signs it, is named as contact, or stands as its sender."""
    body = texts[0].mentions
    signs = [m.name for m in body if m.role is Role.CONTACT and m.cue == "signature"]
    below = [m.name for m in find_names(_unlisted(message.signature_text, rules), lexicon)]
    named = [m.name for m in body if m.role is Role.CONTACT]
    sender = simplify(message.sender.name) if message.sender else ""
    shown = [run for run in _HAN_RUN.findall(sender) if is_name(run, lexicon, bounded=True)]
    return next(iter((*signs[-1:], *below, *reversed(named), *shown)), "")


def _spelt_out(people: Iterable[Person], text: str, lexicon: NameWords, told: Sequence[Person]) -> list[Person]:
    """A Latin name becomes the Chinese one of the text that is spelt so: one that the text names, else one in it."""
    made = []
    for person in people:
        if person.name != person.latin:
            made.append(person)
            continue
        named = next((p.name for p in told if not p.name.isascii() and romanises(p.name, person.latin)), "")
        made.append(replace(person, name=named or chinese_for(person.latin, text, lexicon) or person.name))
    return made


def _inside(name: str, others: str) -> bool:
    return len(name) > 1 and name in others


def _others(message: InboundMessage, company: str, lexicon: NameWords) -> str:
    """The company, and the sender's name where it is no person's."""
    sender = simplify(message.sender.name) if message.sender else ""
    is_firm = len(sender) > 4 or (len(sender) == 4 and not is_name(sender, lexicon, bounded=True))
    is_firm = is_firm and not re.search(r"[\s\-_]", sender)
    return f"{simplify(company)}\n{sender if is_firm else ''}"


def _firms(texts: Sequence[str], files: Sequence[FileKind], rules: RuleSet) -> str:
    """The names of companies in the texts and in the names of companies' papers."""
    papers = (f for f in files if (kind := rules.kinds.get(f.kind or "")) is not None and kind.scope is Scope.COMPANY)
    named = (name for text in texts for name in company_names(text, rules))
    return "#".join((*named, *(simplify(stem(file.attachment.name)) for file in papers)))


def _unless_firm(person: Person, firms: str) -> Person:
    """What is part of a company's name may still be somebody's, but a sentence or a file's name proves it no more."""
    if not _inside(person.name, firms):
        return person
    kept = (g if g.source in _OF_A_PERSON else replace(g, source=Source.SPOKEN) for g in person.grounds)
    return replace(person, grounds=tuple(dict.fromkeys(kept)))


def _of_file(file: FileKind, lexicon: NameWords, rules: RuleSet, known: Sequence[str] = ()) -> Iterator[Person]:
    """People in file and folder names. Papers of the company name companies, not people."""
    kind = rules.kinds.get(file.kind or "")
    if kind is not None and kind.scope is Scope.COMPANY:
        return
    owns = kind is None or kind.scope is Scope.APPLICANT
    inside = ((folder, Source.FOLDER) for folder in folders(file.attachment.path))
    for name, source in ((stem(file.attachment.name), Source.FILE_NAME), *inside):
        yield from (_by(found, source, name) for found in known_in_name(name, owns, known))
        rest = without_names(name, known)
        yield from (_by(found, source, name) for found in chinese_in_name(rest, owns, lexicon, rules))
        if owns:
            yield from (_by(latin, source, name, latin) for latin in latin_in_name(name, rules))


def _of_readings(files: Sequence[FileKind], lexicon: NameWords, mail: ReadMail) -> Iterator[Person]:
    """Names on the person's own papers: the form and the passport make an applicant, other papers only confirm one.

    A Latin name alone makes nobody where the file or its folder names its owner: a picture may be misread.
    """
    papers = identity_papers(mail.rules)
    for file in files:
        if file.kind not in papers:
            continue
        reading = mail.reading(file.attachment)
        field = next((f for f in reading.fields if f.name in ("name_zh", "name_pinyin")), None)
        sure = {f.source for f in reading.fields if f.sure and f.name in ("name_zh", "name_pinyin", "passport_no")}
        source = Source.OCR if field is None or sure <= {"ocr"} else Source.MRZ if "mrz" in sure else Source.FORM
        chinese = simplify((reading.get("name_zh") or "").replace(" ", ""))
        latin = reading.get("name_pinyin") or ""
        named = tuple(_of_file(file, lexicon, mail.rules))
        if named and not any(person.is_called(chinese) or person.is_called(latin) for person in named):
            continue  # a colleague's paper under this person's name is nobody's application
        if is_name(chinese, lexicon, bounded=True) or (chinese and latin):
            yield _by(chinese, source, chinese, latin)
        elif latin and not named:
            yield _by(latin, source, latin, latin)


def _merged(*sources: Iterable[Person]) -> list[Person]:
    """One entry a person: a Latin name joins the Chinese one it spells."""
    people: list[Person] = []
    latin_only: list[Person] = []
    for person in (p for source in sources for p in source):
        if person.name.isascii():
            latin_only.append(person)
            continue
        at = next((i for i, known in enumerate(people) if known.name == person.name), None)
        if at is None:
            people.append(person)
        else:
            people[at] = _joined(people[at], person)
    for person in latin_only:
        at = next((i for i, known in enumerate(people) if known.is_called(person.name)), None)
        if at is None:
            people.append(person)
        else:
            people[at] = _joined(people[at], person)
    return people


def _one_a_number(people: list[Person]) -> list[Person]:
    """Nobody shares a passport or a card: a number that stands beside two names is that of the one for whom more
    speaks, and proves nothing of the other."""
    holders: dict[str, list[Person]] = {}
    for person in people:
        for number in _numbers_of(person):
            holders.setdefault(number, []).append(person)
    best = {number: max(some, key=_attested) for number, some in holders.items() if len(some) > 1}
    best = {
        number: owner for number, owner in best.items() if _numbers_of(owner) == {number}
    }  # else it may be misplaced
    return [_without_numbers(p, {n for n, owner in best.items() if owner is not p}) for p in people]


def _numbers_of(person: Person) -> set[str]:
    return {ground.text for ground in person.grounds if ground.source is Source.NUMBER}


def _attested(person: Person) -> int:
    """How many kinds of source besides a number speak for somebody; his own papers count most."""
    others = _sources(person) - {Source.NUMBER}
    return len(others) + len(others & {*_OWN, Source.REQUEST, Source.LETTER}) * 2


def _without_numbers(person: Person, numbers: set[str]) -> Person:
    kept = (g for g in person.grounds if g.source is not Source.NUMBER or g.text not in numbers)
    return replace(person, grounds=tuple(kept)) if numbers else person


def _without_pieces(people: list[Person]) -> list[Person]:
    """A name inside a longer one of the mail, or one that differs from a better founded one by a single character and
    was only seen on a picture, is that name read or cut badly: nobody of its own until a strong source says so."""
    kept = [person for person in people if not any(_is_piece(person, other) for other in people)]
    return kept if kept else people


def _is_piece(person: Person, other: Person) -> bool:
    if person is other or person.name == other.name or _sources(person) & _UNMISTAKABLE:
        return False
    if len(person.name) > 1 and not person.name.isascii() and person.name in other.name:
        return True
    whole = _sources(other) & {*_UNMISTAKABLE, Source.REQUEST}
    if whole and not other.name.isascii() and 1 < len(other.name) < len(person.name) and other.name in person.name:
        return not _sources(person) & {Source.FILE_NAME, Source.FOLDER, Source.LABEL}
    seen_only = _sources(person) <= {Source.OCR} and not _sources(other) <= {Source.OCR}
    return seen_only and one_apart(person.name, other.name)


def _joined(known: Person, other: Person) -> Person:
    return Person(
        known.name,
        known.latin or other.latin,
        tuple(dict.fromkeys((*known.grounds, *other.grounds))),
        tuple(dict.fromkeys((*known.fields, *other.fields))),
        max(known.margin, other.margin),
    )


def _in_order(people: list[Person], text: str) -> list[Person]:
    """As the mail names them; people known only from files behind, in the files' order."""
    plain = simplify(text)
    places = {p.name: plain.find(p.name) for p in people}
    return sorted(people, key=lambda p: places[p.name] if places[p.name] >= 0 else len(plain) + 1)
