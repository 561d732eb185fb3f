"""What stands beside the pictures of a Word file: photo, signature, passport page, a line each, in their order."""

from collections.abc import Iterator, Mapping, Sequence

from mailintake.model.document import PASTED
from mailintake.model.facts import FileFacts
from mailintake.model.message import Attachment
from mailintake.model.rules import RuleSet
from mailintake.model.situation import ReadMail
from mailintake.stages.words.fold import simplify
from mailintake.stages.words.kind_names import kind_by_name

_LONGEST = 16  # characters of a caption


def captions(files: Sequence[Attachment], mail: ReadMail) -> Mapping[str, str]:
    """Path → kind of the pictures in files whose short lines name as many kinds as there are pictures, each once."""
    inside: dict[str, list[Attachment]] = {}
    for file in files:
        if PASTED.fullmatch(file.name):
            inside.setdefault(file.path.rpartition("/")[0], []).append(file)
    holders = {one.path: one for one in mail.message.documents if one.path in inside}
    found: dict[str, str] = {}
    for path, holder in holders.items():
        named = tuple(_kinds(mail.measured(holder), mail.rules))
        pictures = sorted(inside[path], key=_number)
        if len(named) == len(pictures) == len(set(named)):
            found |= {picture.path: kind for picture, kind in zip(pictures, named, strict=True)}
    return found


def _number(picture: Attachment) -> int:
    match = PASTED.fullmatch(picture.name)
    return int(match[1]) if match else 0


def _kinds(facts: FileFacts | None, rules: RuleSet) -> Iterator[str]:
    """The one kind that each short line speaks for, in their order."""
    lines = facts.text.lines if facts is not None and facts.text is not None else ()
    for line in lines:
        said = simplify(line.text).strip(" :.")
        called = kind_by_name(said, rules) if len(said) <= _LONGEST else None
        if called is not None and len(called.kinds) == 1:
            yield called.kinds[0]
