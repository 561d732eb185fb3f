"""Does a finished letter contradict itself, or what is known of its matters? Whoever signs it would not want to.

Judged are the words as rendered, by whatever template: what a view holds is only what they are compared with. Each rule
is one row of the table `RULES`; a letter with a contradiction goes to staff and never out.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from enum import StrEnum

from mailintake.letters.page import Line, Mark
from mailintake.letters.phrases import Phrases
from mailintake.letters.render import Rendered
from mailintake.model.letter import GuideView, LetterKind, LetterView, MatterView
from mailintake.model.question import Language
from mailintake.model.value import value

_BY_STAFF = (LetterKind.RESULT, LetterKind.ANSWER)  # their middle is a person's own words
_BRACKET = re.compile("\uff08([^\uff08\uff09]*)\uff09")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(?:\.[A-Za-z0-9]+)*")
_PAUSES = "\uff0c\u3002\uff1b\uff1a\u3001\uff01\uff1f"
_DOUBLED = re.compile(f"[{_PAUSES}]{{2,}}|\uff08\uff09|\uff08[\u3001\uff0c]|[\u3001\uff0c]\uff09")
_EMPTY = re.compile(r"\{\{|\}\}|\{%|\b(?:None|nan|undefined|null|True|False)\b")
_CODE = re.compile(r"\b[a-z]+_[a-z_]+\b|\b[a-z]+\.(?:[a-z]+_)*[a-z]+\b(?!@)")
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+")
_LIST = "\u3001"
# Of English letters, to be read alike.
_CHINESE_MARKS = (("(", "\uff08"), (")", "\uff09"), (", ", _LIST), (": ", "\uff1a"))


class Contradiction(StrEnum):
    """The rows of the table: what never stands together in one letter."""

    TICKED_AND_ASKED = "ticked_and_asked"  # in order, and asked for, the same paper of the same person
    NOTHING_LACKING = "nothing_lacking"  # "nothing was found lacking" beside a finding
    NOT_NEEDED = "not_needed"  # "need not be sent" beside a request
    SUM = "sum"  # money that disagrees with the people or with itself
    DAYS = "days"  # working days that are not the procedure's
    FREE = "free"  # free of charge beside an account
    LAST_DAY = "last_day"  # more than one last day, or another than the one on record
    STRANGER = "stranger"  # a name that is no applicant, contact or ours
    COUNT = "count"  # a number of items that is not the number listed
    LANGUAGE = "language"  # English, codes, empty values, doubled punctuation


@value
class Fault:
    """One contradiction with the words that show it."""

    row: Contradiction
    words: str


@value
class _Block:
    """The lines of one matter, with what is known of it; of a letter about no matter, all lines and nothing known."""

    lines: tuple[Line, ...]
    matter: MatterView | None

    def marked(self, mark: Mark) -> Iterator[Line]:
        """Its lines of that kind."""
        return (line for line in self.lines if line.mark is mark)


@value
class _Letter:
    """A letter as the rows look at it."""

    made: Rendered
    view: LetterView
    blocks: tuple[_Block, ...]
    say: Phrases

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line."""
        return self.made.lines

    @property
    def asks(self) -> bool:
        """Does it number things that are to be sent?"""
        return any(line.mark is Mark.ITEM for line in self.lines)


def contradictions(made: Rendered, view: LetterView, say: Phrases) -> tuple[Fault, ...]:
    """Every contradiction of a finished letter; empty for one that may go out. `say`: the wordings looked for."""
    lines = tuple(map(_read_alike, made.lines)) if view.language is Language.EN else made.lines
    letter = _Letter(replace(made, lines=lines), view, tuple(_blocks(lines, view)), say)
    return tuple(Fault(row, words) for row, rule in RULES.items() for words in rule(letter))


def _read_alike(line: Line) -> Line:
    text = line.text
    for ours, theirs in _CHINESE_MARKS:
        text = text.replace(ours, theirs)
    return replace(line, text=text)


def _blocks(lines: tuple[Line, ...], view: LetterView) -> Iterator[_Block]:
    """One block a matter; the lines in front of the first heading belong to each."""
    starts = [at for at, line in enumerate(lines) if line.mark is Mark.MATTER]
    if len(view.matters) < 2 or not starts:
        yield _Block(lines, view.matters[0] if len(view.matters) == 1 else None)
        return
    for start, end in zip(starts, (*starts[1:], len(lines)), strict=True):
        number = next((m for m in view.matters if m.case.number in lines[start].text), None)
        yield _Block(lines[start:end], number)


def _ticked_and_asked(letter: _Letter) -> Iterator[str]:
    for block in letter.blocks:
        everybody = frozenset(block.matter.case.people) if block.matter else frozenset()
        came = list(_received(block, everybody, letter.say))
        for item in block.marked(Mark.ITEM):
            title, _, rest = item.text.partition("\uff1a")
            people = _people(rest) or everybody
            for name, whose in came:
                if name == title and (not people or not whose or people & whose) and (whose or len(everybody) < 2):
                    yield item.text
        faulty = {_file(line) for line in block.marked(Mark.DETAIL) if letter.say.came.match(line.text)}
        for line in block.lines:
            if line.mark is Mark.TICK or letter.say.received.match(line.text):
                yield from (f"{file}: {line.text}" for file in faulty if file and file in line.text)


def _file(line: Line) -> str:
    """The file that a line about a faulty one names."""
    return re.split("[\uff0c\u3001]", line.text.partition("\uff1a")[2])[0]


def _received(block: _Block, everybody: frozenset[str], say: Phrases) -> Iterator[tuple[str, frozenset[str]]]:
    """(paper, whose) of everything that is called in order; nobody where the letter does not say whose."""
    for line in block.marked(Mark.TICK):
        head = line.text.partition("\uff1a")[0]
        bracket = _BRACKET.search(head)
        people = _people(head) if bracket else frozenset()
        yield head.partition("\uff08")[0], people or (everybody if bracket else frozenset())
    for line in block.marked(Mark.TEXT):
        if say.received.match(line.text):
            for part in re.split("[\uff1b\u3001\u3002]", _BRACKET.sub("", line.text.partition("\uff1a")[2])):
                yield part.split(" ")[0], frozenset()


def _people(text: str) -> frozenset[str]:
    """The names in the last bracket of a text that holds names."""
    found = _BRACKET.findall(text)
    return frozenset(found[-1].split(_LIST)) - {""} if found and not re.search(r"\d", found[-1]) else frozenset()


def _nothing_lacking(letter: _Letter) -> Iterator[str]:
    for line in letter.lines:
        claims = letter.say.nothing_lacking.search(line.text)
        whole = line.mark is Mark.LEAD or len(letter.blocks) < 2
        if claims and whole and (letter.asks or letter.view.noted or letter.view.todo_count):
            yield line.text
    for block in letter.blocks if len(letter.blocks) > 1 else ():
        if any(block.marked(Mark.ITEM)):
            yield from (x.text for x in block.marked(Mark.TEXT) if letter.say.nothing_lacking.search(x.text))


def _not_needed(letter: _Letter) -> Iterator[str]:
    requests = [s for line in letter.lines for s in _sentences(line) if letter.say.request.search(s)]
    for line in letter.lines:
        for sentence in _sentences(line):
            if not letter.say.not_needed.search(sentence):
                continue
            if not letter.say.only_rest.search(sentence) and (letter.asks or requests):
                yield sentence
    heading = any(x.mark is Mark.HEADING and letter.say.not_needed.search(x.text) for x in letter.lines)
    ticked = {x.text.partition("\uff1a")[0].partition("\uff08")[0] for x in letter.lines if x.mark is Mark.TICK}
    if heading:
        yield from (f"{title}: {s}" for s in requests for title in ticked if title in s)


def _sums(letter: _Letter) -> Iterator[str]:
    amounts = {line.fee.amount_cny for m in letter.view.matters for line in m.fees}
    amounts |= {line.fee.amount_cny for line in letter.view.fees}
    for block in letter.blocks:
        count = len(block.matter.case.people) if block.matter else 0
        for line in block.lines:
            for each, people, total in ((int(n) for n in found) for found in letter.say.product.findall(line.text)):
                wrong = each * people != total or (count and people != count) or (amounts and each not in amounts)
                if wrong:
                    yield line.text
            yield from (line.text for found in letter.say.shares.findall(line.text) if not _adds_up(found))


def _adds_up(found: tuple[str, ...]) -> bool:
    due, paid, open_ = (int(n) for n in found)
    return due - paid == open_


def _days(letter: _Letter) -> Iterator[str]:
    for block in letter.blocks:
        cases = [block.matter.case] if block.matter else []
        limits = {matter.case.time_limit_days for matter in letter.view.matters}  # the end of a letter tells them all
        limits |= {sheet.time_limit_days for sheet in letter.view.sheets}
        limits |= _answered_limits(letter.view.guide)
        periods = {case.correction_days for case in cases if case.tolerance}
        periods |= {sheet.tolerance_days for sheet in letter.view.sheets if sheet.tolerance_days}
        periods |= {letter.view.guide.tolerance_days} if letter.view.guide else set()
        for line in block.lines:
            told = {int(n) for n in letter.say.time_limit.findall(line.text)}
            period = {int(n) for n in letter.say.period.findall(line.text)}
            if not told <= limits or not period <= periods:
                yield line.text


def _answered_limits(guide: GuideView | None) -> set[int]:
    """Of the procedure that a question is about; of all where it names none."""
    if guide is None:
        return set()
    return {one.time_limit_days for one in guide.named or guide.procedures}


def _free(letter: _Letter) -> Iterator[str]:
    paid = any(line.mark is Mark.ACCOUNT or letter.say.product.search(line.text) for line in letter.lines)
    if paid:
        yield from (line.text for line in letter.lines if letter.say.free.search(line.text))


def _last_day(letter: _Letter) -> Iterator[str]:
    found = [day for line in letter.lines for day in letter.say.last_day.findall(line.text)]
    found += letter.say.last_day.findall(letter.made.subject)
    answer = letter.say.days(letter.view.answer_by) if letter.view.answer_by else frozenset()  # ours, not theirs
    days = dict.fromkeys(day for parts in found if (day := "".join(parts)) not in answer)
    due = letter.view.due
    known = letter.say.days(due) if due else frozenset()
    if (not set(days) <= known) if letter.view.matters else len(days) > 1:
        yield " ".join(days)


def _strangers(letter: _Letter) -> Iterator[str]:
    for line in letter.lines:
        if line.mark is Mark.GREETING and letter.say.greeted(line.text) not in ("", letter.view.to_name):
            yield line.text
    for block in letter.blocks:
        known = set(block.matter.case.people) if block.matter else set()
        for line in (*block.marked(Mark.ITEM), *block.marked(Mark.TICK)):
            head = line.text if line.mark is Mark.ITEM else line.text.partition("\uff1a")[0]
            if len(known) > 1 and not _named(_people(head), letter.say.nameless) <= known:
                yield line.text
        for line in block.lines:
            named = letter.say.people_line.match(line.text)
            if named and not _named(named.group(1).split(_LIST), letter.say.nobody) <= known:
                yield line.text
            if (
                line.mark is Mark.LEAD
                and block.matter
                and not _whose_matter(line.text, block.matter, letter.say) <= known
            ):
                yield line.text


def _named(words: Iterable[str], nobody: re.Pattern[str]) -> set[str]:
    return {word for word in words if not nobody.fullmatch(word)}


def _whose_matter(lead: str, matter: MatterView, say: Phrases) -> set[str]:
    """The names in front of the matter in a letter's first sentence."""
    front, found, _ = lead.partition(matter.case.procedure_title)
    if not found:
        return set()
    front = front[:-1]  # the particle between names and matter
    names = say.lead_front.sub("", front, count=1).removeprefix(matter.case.company)
    if many := say.many.fullmatch(names):
        return {many.group(1)} if int(many.group(2)) == len(matter.case.people) else {names}
    return set(names.split(_LIST)) - {""}


def _count(letter: _Letter) -> Iterator[str]:
    listed = sum(line.mark is Mark.ITEM for line in letter.lines)
    if not listed:
        return
    for block in letter.blocks if len(letter.blocks) > 1 else ():
        own = sum(1 for _ in block.marked(Mark.ITEM))
        first = next((x.text for x in block.marked(Mark.TEXT) if letter.say.count.search(x.text)), "")
        yield from (first for n in letter.say.count.findall(first) if int(n) != own)
    for line in letter.lines:
        if line.mark is Mark.LEAD:
            yield from (line.text for n in letter.say.count.findall(line.text) if int(n) != listed)
    told = letter.say.subject_count.findall(letter.made.subject)
    yield from (letter.made.subject for parts in told if int("".join(parts)) != listed)


def _language(letter: _Letter) -> Iterator[str]:
    staff = set(letter.view.result_text.splitlines()) if letter.view.kind in _BY_STAFF else set()
    texts = (letter.made.subject, *(line.text for line in letter.lines if line.text not in staff))
    whole = "\n".join(texts)
    shown = {form for w in _their_words(letter.view) if w for form in (w, letter.say.file(w)) if form in whole}
    theirs = re.compile("|".join(map(re.escape, sorted(shown, key=len, reverse=True))) or r"(?!)")
    for text in texts:
        ours = _ADDRESS.sub(" ", theirs.sub(" ", text))
        english = letter.view.language is Language.ZH and set(_LATIN.findall(ours)) - letter.say.latin
        if english or _DOUBLED.search(theirs.sub("-", text)) or _EMPTY.search(ours) or _CODE.search(ours):
            yield text


def _their_words(view: LetterView) -> Iterator[str]:
    """What others chose or the configuration names: it may be in any script."""
    yield from (view.to_name, view.subject_hint, *view.cloud_files)
    office = view.office
    yield from (office.name, office.intake_address, office.finance_address, office.website, office.hall_address)
    yield from (sheet.title for sheet in view.sheets)
    yield from (title for sheet in view.sheets for title in sheet.email_items)
    if view.guide:
        yield from (one.title for one in view.guide.procedures)
        yield from (title for sheet in view.guide.more for title in (sheet.title, *sheet.email_items))
        yield from (*view.guide.unanswered, *view.guide.doubted)
    for city in view.offices:
        yield from (city.name, city.address)
    for item in view.unreadable:
        yield item.file
    for matter in view.matters:
        yield from (matter.case.number, matter.case.company, matter.companion_number, *matter.case.people)
        yield from (file for r in (*matter.received, *matter.by_staff) for file in r.files)
        for came in (came for item in matter.todo for came in item.came):
            yield came.file
            yield from (said for said in came.finding.measured.values() if isinstance(said, str))
        yield from (line.fee.payee for line in matter.fees)
    yield from (file for r in view.arrived for file in r.files)


def _sentences(line: Line) -> list[str]:
    return [s for s in re.split("[\u3002\uff1b]|\\. ", line.text) if s]


RULES: dict[Contradiction, Callable[[_Letter], Iterator[str]]] = {
    Contradiction.TICKED_AND_ASKED: _ticked_and_asked,
    Contradiction.NOTHING_LACKING: _nothing_lacking,
    Contradiction.NOT_NEEDED: _not_needed,
    Contradiction.SUM: _sums,
    Contradiction.DAYS: _days,
    Contradiction.FREE: _free,
    Contradiction.LAST_DAY: _last_day,
    Contradiction.STRANGER: _strangers,
    Contradiction.COUNT: _count,
    Contradiction.LANGUAGE: _language,
}
