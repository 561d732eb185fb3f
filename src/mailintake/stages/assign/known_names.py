"""Names that a mail is known to speak of before its words are cut: from its papers, its text and its file names.

A name that is known wins over every word list: the passport of 张立新 is not the new passport of 张立, and 邓华洋 is a
person although half of the name is a word of trade.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from mailintake.model.case import Applicant, free_key
from mailintake.model.claim import Ground, Source
from mailintake.model.document import Document, Evidence
from mailintake.model.facts import Reading
from mailintake.model.message import Attachment, InboundMessage
from mailintake.model.procedure import Scope
from mailintake.model.rules import RuleSet
from mailintake.model.traits import identity_papers
from mailintake.model.understanding import Candidates, People
from mailintake.stages.assign.confirm import chinese_for
from mailintake.stages.assign.owner import called_in
from mailintake.stages.assign.slots import names_in_slots
from mailintake.stages.words.fold import simplify
from mailintake.stages.words.kind_names import folders, kind_by_name, left_over, stem
from mailintake.stages.words.name_words import is_han, is_labelling, is_placed, is_titled
from mailintake.stages.words.names import Mention, NameWords, Role, find_names, is_name, name_words
from mailintake.stages.words.own_words import OwnWords
from mailintake.stages.words.short_forms import without_short_forms

_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_TOKEN = re.compile(r"(?<![\u3400-\u9fff])[\u3400-\u9fff]{3}(?![\u3400-\u9fff])")
_FAINT = 1.0  # a name by so little likelier than words
_LONG = re.compile(r"[\u3400-\u9fff]{4,10}")  # a minority name written without dots
_SAYS_WHOSE = frozenset({"owner.file_name", "owner.folder", "owner.number", "owner.content"})
_OWNER_LEFT = re.compile(r"[|\s\d]*([\u3400-\u9fff]{2,4})[|\s\d]*")
_SEVERAL = 3  # kinds of papers
_SHORT = 2  # characters of a name that may have lost its last one to the word behind


def known_names(
    words: OwnWords,
    files: Sequence[Attachment],
    readings: Mapping[str, Reading],
    rules: RuleSet,
    written: str = "",
    sender: str = "",
) -> tuple[str, ...]:
    """Every name that papers, text or file names bear, the longest first. Each stands literally in the mail. `written`:
    what is written in its files, `sender` the name of its address."""
    lexicon = name_words(rules.vocabulary)
    stems = tuple(simplify(part) for file in files for part in (stem(file.name), *folders(file.path)))
    text = without_short_forms(simplify(f"{words.both}\n{words.fallback}"), rules)
    said, papers = "\n".join((text, *stems)), identity_papers(rules)
    own = [r for file in files if (r := readings.get(file.sha256)) is not None and r.kind in papers]
    borne = dict.fromkeys(_of_papers(own, said, lexicon))
    mentions = find_names(text, lexicon, tuple(borne))
    everywhere = f"{said}\n{simplify(written)}"
    cut = {
        m.name: whole for m in mentions if m.role > Role.CONTACT and (whole := _fronted(m.name, everywhere, lexicon))
    }
    told = dict.fromkeys(
        cut.get(m.name) or _whole(m.name, words.subject, text, stems, lexicon) for m in mentions if _is_told(m)
    )
    of_files = _of_files(files, text, words.subject, lexicon, rules)
    in_slots = names_in_slots((words.subject, words.text, written), (sender, words.subject), stems, lexicon, rules)
    for whole in in_slots:
        told = {name: None for name in told if not _only_within(name, whole, text)}
    slotted = (name for name in in_slots if not any(name in other or other in name for other in told))
    found = (*borne, *cut.values(), *told, *of_files, *slotted, *_longer(stems, {*borne, *told}, lexicon, rules))
    return tuple(sorted(dict.fromkeys(found), key=len, reverse=True))


def _of_files(
    files: Sequence[Attachment], text: str, subject: str, lexicon: NameWords, rules: RuleSet
) -> Iterator[str]:
    """What is left of the names of several kinds of personal papers alike once the paper's word is taken out, and
    stands in the text as well, is their owner's name, whatever word it is and whatever surname it begins with."""
    kinds: dict[str, set[str]] = {}
    for file in files:
        name = stem(file.name)
        called = kind_by_name(name, rules)
        if called is None or any(rules.kinds[kind].scope is not Scope.APPLICANT for kind in called.kinds):
            continue
        rest = _OWNER_LEFT.fullmatch(simplify(left_over(name, rules)))
        if rest is not None:
            kinds.setdefault(rest[1], set()).update(called.kinds)
    noise = frozenset(rules.vocabulary.words("file_noise"))
    for left, several in kinds.items():
        enough = _SHORT if simplify(subject).startswith(left) else _SEVERAL
        if len(several) >= enough and left in text and left not in noise and _may_be_owner(left, lexicon):
            yield left


def _only_within(name: str, whole: str, text: str) -> bool:
    """Is a name only a piece of one of four characters, and stands nowhere by itself?"""
    return len(whole) > _SEVERAL and name in whole and name != whole and text.count(name) == text.count(whole)


def _may_be_owner(name: str, lexicon: NameWords) -> bool:
    labels = name in lexicon.grammar or name in lexicon.trades or is_labelling(name, lexicon)
    return not (labels or is_titled(name, lexicon) or is_placed(name, lexicon))


def _is_told(mention: Mention) -> bool:
    """A person, and so surely that the name is one wherever it stands."""
    return mention.role > Role.CONTACT and mention.margin > _FAINT


def _of_papers(papers: Iterable[Reading], said: str, lexicon: NameWords) -> Iterator[str]:
    """Names on forms and passports that stand in the mail's words or file names, in characters or as they are spelt."""
    for reading in papers:
        chinese = simplify((reading.get("name_zh") or "").replace(" ", ""))
        if (is_name(chinese, lexicon, borne=True) or _is_long(chinese, reading)) and chinese in said:
            yield chinese
        elif (latin := reading.get("name_pinyin")) and (spelt := chinese_for(latin, said, lexicon)):
            yield spelt


def _is_long(name: str, reading: Reading) -> bool:
    """A name longer than surname and given name can be, as the holder himself typed it into his form."""
    typed = any(field.sure and field.name == "name_zh" for field in reading.fields)
    return typed and bool(_LONG.fullmatch(name))


def _whole(name: str, subject: str, text: str, stems: Sequence[str], lexicon: NameWords) -> str:
    """A name of two characters that stands alone with a third one in the subject or a file's name, and again elsewhere,
    is that longer name: its last character is a common word (如是, 之后)."""
    if len(name) != _SHORT:
        return name
    alone: set[str] = {run for place in (simplify(subject), *stems) for run in _TOKEN.findall(place)}
    for run in alone:
        everywhere = text.count(run) + sum(stem_.count(run) for stem_ in stems)
        if run[:_SHORT] == name and len(run) > _SHORT and everywhere > 1 and is_name(run, lexicon, borne=True):
            return run
    return name


def _fronted(name: str, everywhere: str, lexicon: NameWords) -> str:
    """The longer name of which a name of two characters is the end: the same character stands before it everywhere, and
    once at the beginning of a line or a clause (注销年广胜等三人 … 年广胜, 护照号). Empty where there is none."""
    places = [at.start() for at in re.finditer(re.escape(name), everywhere)]
    fronts = {everywhere[at - 1 : at] for at in places}
    if len(name) != _SHORT or len(places) < _SHORT or len(fronts) != 1:
        return ""
    whole = fronts.pop() + name
    begins = any(not is_han(everywhere[at - 2 : at - 1]) for at in places)
    return whole if begins and len(whole) > _SHORT and is_han(whole) and is_name(whole, lexicon, borne=True) else ""


def _longer(stems: Sequence[str], known: set[str], lexicon: NameWords, rules: RuleSet) -> Iterator[str]:
    """File names that can be cut in two ways: the longer name is meant unless the shorter one is known or stands by
    itself in another file name."""
    for name in stems:
        for run in _HAN_RUN.findall(name):
            short, long = run[:_SHORT], run[: _SHORT + 1]
            if short in known or long in known or not is_name(long, lexicon) or not is_name(short, lexicon):
                continue
            alone = any(s.startswith(short) and not s.startswith(long) for s in stems)
            both = kind_by_name(run[_SHORT:], rules), kind_by_name(run[_SHORT + 1 :], rules)
            if not alone and all(both) and len(run) > _SHORT + 1 and both[0] != both[1]:
                yield long


def with_case_names(message: InboundMessage, people: People, candidates: Candidates, rules: RuleSet) -> People:
    """A name of this sender's cases that stands in the mail, of which only the front was found, is the whole name; a
    personal file whose name holds one of them, or calls one of them by title, is that person's, whatever word or firm
    the name also is and however few people the mail itself names."""
    cases = (*candidates.by_sender, *candidates.by_company_domain)
    theirs = {a.name for case in cases for a in case.applicants if len(a.name) > _SHORT}
    said = simplify("\n".join((message.subject, message.new_text, *(d.path for d in people.documents))))
    taken = {a.name for a in people.applicants}
    made = []
    for person in people.applicants:
        whole = {n for n in theirs - taken if person.name and n[:-1] == person.name and n in said}
        made.append(replace(person, name=whole.pop()) if len(whole) == 1 else person)
    named = {a.name for case in cases for a in case.applicants if len(a.name) >= _SHORT and not a.name.isascii()}
    return _with_their_files(replace(people, applicants=tuple(made)), named, rules)


def _with_their_files(people: People, named: set[str], rules: RuleSet) -> People:
    applicants, documents, names = list(people.applicants), [], sorted(named)
    for document in people.documents:
        called = simplify(stem(document.name))
        owner = next((a.name for a in applicants if a.key == document.applicant), "")
        kind = rules.kinds.get(document.kind or "")
        personal = kind is None or kind.scope is Scope.APPLICANT
        whose = {name for name in named if personal and name in called}
        if personal and not whose and not _tells_whose(document):
            whose = {names[at] for at in called_in(called, names, rules)}
        if len(whose) != 1 or owner in whose or (owner and owner in called):
            documents.append(document)
            continue
        name = whose.pop()
        person = next((a for a in applicants if a.name == name), None)
        if person is None:
            grounds = (Ground(Source.FILE_NAME, called), Ground(Source.DATABASE, name))
            person = Applicant(free_key(applicants), name, grounds=grounds)
            applicants.append(person)
        why = Evidence("owner.case_name", text=name)
        documents.append(replace(document, applicant=person.key, reasons=(*document.reasons, why)))
    return replace(people, applicants=tuple(applicants), documents=tuple(documents))


def _tells_whose(document: Document) -> bool:
    """Does the file itself say whose it is, by name, number or content?"""
    return any(reason.rule in _SAYS_WHOSE for reason in document.reasons)
