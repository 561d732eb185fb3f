"""Certificate of no criminal record: whose, issued when, and what it says."""

import re

from mailintake.model.facts import Reading
from mailintake.stages.interpret.dates import Dates
from mailintake.stages.interpret.fields import SURE_SCORE, Collected, id_holds, id_no
from mailintake.stages.interpret.labels import Labels
from mailintake.stages.interpret.people import plain_name
from mailintake.stages.interpret.words import Words, squash
from mailintake.stages.words.page import Cell, Page

_KEYS = ("name_zh", "id_no", "date")
_BEFORE = 14  # a negation stands this near before the record it denies
_NEAR = 6
_ANSWER_ENDS = r"(?=$|[\s,，。;)\d]|.{{0,4}}{crime})"
_HAN = r"[\u3400-\u9fff\u00b7]"
_HAN_NAME = rf"({_HAN}{{2,6}})"
_NAME_STOPS = re.compile(r"[\s,，。;:()、]")


def read_certificate(page: Page, words: Words) -> Reading:
    """Issue date: the last date that stands alone or behind its label, for the text itself names the end of the
    period searched. A date under a seal that cannot be read leaves the field empty rather than taking another one."""
    found = Collected(page.source)
    _person(page, words, found)
    _issue_date(page, words, found)
    verdict = has_record(page, words)
    if verdict:
        found.add("has_record", verdict[0], verdict[1], sure=verdict[0] == "no" or page.source != "ocr")
    return Reading("", tuple(found.fields), ("title",))


def has_record(page: Page, words: Words) -> tuple[str, str] | None:
    """("no" or "yes", sentence); None where it says neither or both. The title itself is no statement, a conviction is
    one, and words that take a statement back (…之外, 并非, 承诺) leave it to staff."""
    said: dict[str, str] = {}
    for sentence in re.split(r"[。;；]", "".join(_body(page, words).split("\n"))):
        begin = 0
        for record in words.pattern("certificate_record").finditer(sentence):
            before = sentence[max(begin, record.start() - _BEFORE) : record.start()]
            asked = words.has("certificate_questions", before[-_NEAR:])
            verdict = _verdict(before, sentence[record.end() :], words, asked=asked)
            if verdict:
                said[verdict] = sentence.strip()
            begin = record.end() if asked else begin
        for mark in words.pattern("certificate_convictions").finditer(sentence):
            if not words.has("certificate_negations", sentence[max(0, mark.start() - _NEAR) : mark.start()]):
                said["yes"] = sentence.strip()
    if "no" in said and words.has("certificate_doubts", page.text):
        return None
    return said.popitem() if len(said) == 1 else None


def _verdict(before: str, after: str, words: Words, *, asked: bool) -> str:
    """What one mention of a record says: a question says what its answer says, a title or a rule nothing."""
    if squash(after).startswith(words.words("certificate_after_ignored")):
        return ""
    if not asked:
        return "no" if words.has("certificate_negations", before) else "yes"
    ends = _ANSWER_ENDS.format(crime=words.pattern("certificate_crime").pattern)
    for verdict in ("no", "yes"):
        if re.match(rf"\s*[:)]?\s*{words.pattern(f'certificate_said_{verdict}').pattern}{ends}", after):
            return verdict
    return ""


def _body(page: Page, words: Words) -> str:
    rows = (row for row in page.rows if not (len(row) == 1 and _is_title(row[0], words)))
    return "\n".join(" ".join(cell.text for cell in row) for row in rows)


def _is_title(cell: Cell, words: Words) -> bool:
    return len(squash(cell.text)) < 20 and words.has(f"title_{words.kinds.plain('certificate')}", cell.text)


def _person(page: Page, words: Words, found: Collected) -> None:
    for pair in Labels(words.labels("certificate", _KEYS)).pairs(page):
        if pair.key == "name_zh" and not found.has("name_zh"):
            head = _NAME_STOPS.split(pair.value.strip())[0]
            found.add("name_zh", plain_name(head, words), pair.value, sure=_clear(page, head), at=pair.cell)
    number = id_no(page.flow)
    if not found.has("name_zh"):
        name = _name_in_text(page.flow, words)
        found.add("name_zh", name, sure=_clear(page, name))
    found.add("id_no", number, sure=page.source != "ocr" or (bool(number) and id_holds(number)))


def _clear(page: Page, name: str) -> bool:
    """Written in the file, or on a line that was read with confidence."""
    return page.source != "ocr" or any(name in cell.text and cell.score >= SURE_SCORE for cell in page.cells)


def _name_in_text(flow: str, words: Words) -> str:
    """The name behind a cue, else the one that an identity number or a comma follows, else the one addressed. Words
    that begin a finding (upon inquiry, …) are no name, although one may be spelt like that."""
    flow = re.sub(rf"{words.pattern('certificate_openings').pattern}\s*[:,\uff0c]?", "", flow)
    cues = re.compile(rf"{words.pattern('certificate_name_zh').pattern}\s*[:,，]?\s*({_HAN}{{2,6}}?)(?=[\s,，(;])")
    before_mark = re.compile(rf"(?:^|(?<=[\s,，。:;])){_HAN_NAME}\s*[(,，]")
    addressed = re.compile(rf"^({_HAN}{{2,6}}):$", re.MULTILINE)
    candidates = [m[1] for pattern in (cues, before_mark, addressed) for m in pattern.finditer(flow)]
    return next((name for name in (plain_name(c, words) for c in candidates) if name), "")


def _issue_date(page: Page, words: Words, found: Collected) -> None:
    dates = Dates(words)
    for row in reversed(page.rows):
        for cell in reversed(row):
            here = dates.find(cell.text)
            if here and _stands_alone(cell.text, here[-1].start, here[-1].end, words):
                sure = page.source != "ocr" or cell.score >= SURE_SCORE
                found.add("issue_date", here[-1].iso, cell.text, sure=sure, at=cell)
                return
            if not here and _was_a_date(cell.text, words):
                return  # the date is there and cannot be read


def _stands_alone(text: str, start: int, end: int, words: Words) -> bool:
    around = squash(text[:start] + text[end:])
    if words.has("certificate_period", text[:start][-4:]):
        return False
    return len(around) <= 3 or words.has("certificate_date", text[:start])


def _was_a_date(text: str, words: Words) -> bool:
    """A short line with the marks of month and day: a date that the seal covers."""
    marks = words.raw("date_marks")
    return len(squash(text)) <= 14 and marks[1] in text and marks[2] in text
