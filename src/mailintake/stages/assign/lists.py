"""Lists of people: a file whose rows were read is known as what it is, and nobody has to look what it is for."""

from collections.abc import Sequence
from dataclasses import replace

from mailintake.model.document import Evidence
from mailintake.model.rules import RuleSet
from mailintake.model.traits import people_list
from mailintake.stages.assign.kinds import FileKind
from mailintake.stages.assign.said import Part, Said
from mailintake.stages.words.fold import fold
from mailintake.stages.words.kind_names import stem
from mailintake.stages.words.matching import folded_words

_GROUP = 2  # people; with fewer a table is somebody's own form, unless its name says otherwise
_NUMBER = "passport_no"


def lists(files: Sequence[FileKind], texts: Sequence[Said], rules: RuleSet) -> tuple[FileKind, ...]:
    """The files, those that list people as lists. What a paper is by its own content it stays."""
    kind = people_list(rules)
    people = {said.path: _people(said) for said in texts if said.part is Part.LIST and said.path}
    return tuple(_as_list(file, people.get(file.attachment.path, 0), kind, rules) for file in files)


def _people(said: Said) -> int:
    """How many people the file names with what is theirs: rows of its tables, or names beside as many passports."""
    named = {mention.name for mention in said.mentions}
    numbers = {fact.value for fact in said.facts if fact.name == _NUMBER}
    return max(len({row.name for row in said.rows}), min(len(named), len(numbers)))


def _as_list(file: FileKind, people: int, kind: str, rules: RuleSet) -> FileKind:
    called = fold(stem(file.attachment.name))
    said = next((word for word in folded_words(rules.vocabulary.words("list_file_names")) if word in called), "")
    if not kind or not people or (people < _GROUP and not said) or (file.kind is not None and not said):
        return file
    why = Evidence("kind.list", text=said or str(people), score=3.0)
    return replace(file, kind=kind, options=(), reasons=(*file.reasons, why))
