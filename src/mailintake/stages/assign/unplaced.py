"""Numbers and days that stand in a mail and that its sentences give to nobody: in the names of files, in lines of their
own, in a form that may be read in two ways.

What can be one person's alone is that person's. What is left is kept as a loose fact, so that nobody is told that it is
not written while it stands there: staff look.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mailintake.model.facts import ROUGHLY, Field
from mailintake.model.situation import ReadMail
from mailintake.model.zone import local_day
from mailintake.stages.assign.facts import Told
from mailintake.stages.assign.kinds import FileKind
from mailintake.stages.assign.said import Part, Said
from mailintake.stages.words.dates import DATE, iso_date
from mailintake.stages.words.kind_names import folders, stem
from mailintake.stages.words.text_facts import LOOSE, facts_in
from mailintake.stages.words.told_days import written_out

_ONE_PERSONS = ("passport_no", "card_no", "card_expiry")
_MONTH = re.compile(r"(?<!\d)(?P<y>20\d\d)\s*[\u5e74./\-]\s*(?P<m>\d{1,2})(?!\d|\s*[\u6708./\-]\s*\d)\u6708?\u5e95?")
_DEADLINE = re.compile(r"\s*(?:\u4e4b|\u4ee5)?\u524d")  # before that day
_YEARS = 6  # a card is valid for five


def placed(told: Told, files: Sequence[FileKind], owner: Sequence[int | None], mail: ReadMail) -> Told:
    """With what the names of files say of their owners, and with the number that only one person can have."""
    people = [list(fields) for fields in told.people]
    known = [{field.name for field in fields} for fields in people]
    for file, whose in zip(files, owner, strict=True):
        at = 0 if whose is None and len(people) == 1 else whose
        if at is None:
            continue
        known[at] |= {field.name for field in mail.reading(file.attachment).fields}
        people[at] += [field for field in _in_names(file, mail) if field.name not in known[at]]
    nobody = list(told.nobody)
    for name in _ONE_PERSONS:
        lacking = [i for i in range(len(people)) if name not in known[i] and not any(f.name == name for f in people[i])]
        values = [field for field in nobody if field.name == name]
        if len(lacking) == 1 and len({field.value for field in values}) == 1:
            people[lacking[0]].append(values[0])
            nobody = [field for field in nobody if field not in values]
    return replace(told, people=tuple(tuple(fields) for fields in people), nobody=tuple(nobody))


def _in_names(file: FileKind, mail: ReadMail) -> Iterator[Field]:
    """Numbers and days in the names of the file and its folders."""
    called = "\n".join((stem(file.attachment.name), *folders(file.attachment.path)))
    called = written_out(called, mail.rules.vocabulary, local_day(mail.received_at))
    yield from (fact.field("file_name") for fact in facts_in(called, mail.rules) if fact.name in _ONE_PERSONS)


def loose(texts: Sequence[Said], told: Told, mail: ReadMail, *, is_reply: bool) -> tuple[Field, ...]:
    """Days of the years ahead that no sentence gives to anything, where a card is spoken of whose last day lacks, or in
    an answer, which may give what was asked for and nothing else."""
    fields = [field for person in told.people for field in person] + list(told.nobody)
    if not is_reply and not any(field.name == "card_no" for field in fields):
        return ()
    if told.people and all(any(f.name == "card_expiry" for f in person) for person in told.people):
        return ()
    found = (day for said in texts if said.part is not Part.LETTER for day in _days(said, mail))
    return tuple(dict.fromkeys(Field(LOOSE, "card_expiry", text, "mail") for text in found))


def _days(said: Said, mail: ReadMail) -> Iterator[str]:
    today = local_day(mail.received_at)
    for found in (*DATE.finditer(said.text.upper()), *_MONTH.finditer(said.text)):
        if any(fact.start <= found.start() < fact.end for fact in said.facts if fact.name not in ROUGHLY):
            continue
        if _DEADLINE.match(said.text, found.end()):
            continue
        day = iso_date(found) if found.re is DATE else f"{found['y']}-{int(found['m']):02}-99"
        if day is None or today.isoformat() < day < f"{today.year + _YEARS}":
            yield found.group().strip()
