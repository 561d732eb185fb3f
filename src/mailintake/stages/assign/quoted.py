"""What a mail quotes or forwards of somebody else: it makes nobody and contradicts nothing, and of an applicant of the
mail it tells the number of his card, and when that ends, where nothing else does."""

from collections.abc import Sequence
from dataclasses import replace

from mailintake.model.facts import ROUGHLY, Field
from mailintake.model.situation import ReadMail
from mailintake.stages.assign.facts import Told
from mailintake.stages.assign.kinds import FileKind
from mailintake.stages.assign.ownership import owned
from mailintake.stages.assign.people import Names
from mailintake.stages.assign.said import Around, quoted_of
from mailintake.stages.words.own_words import OwnWords, is_ours

_OF_THE_CARD = ("card_no", "card_expiry", *ROUGHLY)


def with_quoted(
    told: Told, names: Names, words: OwnWords, files: Sequence[FileKind], around: Around, mail: ReadMail
) -> Told:
    """With what the quoted text says of the applicants' cards. A quotation of our own letter says nothing."""
    text = mail.message.quoted_text
    if not text or words.bare_forward or not names.people or is_ours(text, mail.rules.vocabulary):
        return told
    said = quoted_of(text, around, mail)
    named = {person.name for m in said.mentions for person in names.people if person.is_called(m.name)}
    if not named:
        return told
    people = [list(fields) for fields in told.people]
    read = {field.name for file in files for field in mail.reading(file.attachment).fields}
    known = [{field.name for field in fields} for fields in people]
    for one in owned(said):
        for i, person in enumerate(names.people):
            his = person.is_called(one.name) if one.name else len(names.people) == 1
            if his and one.fact.name in _OF_THE_CARD and one.fact.name not in known[i] | read:
                people[i].append(_field(one.fact.field()))
    return replace(told, people=tuple(tuple(dict.fromkeys(fields)) for fields in people))


def _field(field: Field) -> Field:
    return replace(field, source="quoted")
