"""Names that the running text alone does not show, and a paper of the mail does: the letter that names somebody whom
the text names, too, and the Chinese name in the text of which a passport or a file gives only the spelling."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from mailintake.model.facts import Reading
from mailintake.stages.assign.kinds import FileKind
from mailintake.stages.words.fold import simplify
from mailintake.stages.words.names import NameWords, is_name
from mailintake.stages.words.pinyin import romanises

_LETTERS = ("_request", "company_letter", "police_loss_report")
_OCR = "ocr"


def named_in_letters(
    files: Sequence[FileKind], readings: Mapping[str, Reading], text: str, lexicon: NameWords
) -> Iterator[str]:
    """Persons of the mail's letters whom its text names as well."""
    plain = simplify(text)
    yield from (name for name, _ in _of_letters(files, readings, lexicon) if name in plain)


def only_in_letters(files: Sequence[FileKind], readings: Mapping[str, Reading], lexicon: NameWords) -> Iterator[str]:
    """Persons of the letters where nothing else names anybody; a name in a picture may be misread and makes nobody."""
    yield from (name for name, source in _of_letters(files, readings, lexicon) if source != _OCR)


def _of_letters(
    files: Iterable[FileKind], readings: Mapping[str, Reading], lexicon: NameWords
) -> Iterator[tuple[str, str]]:
    for file in files:
        reading = readings.get(file.attachment.sha256)
        if reading is None or not (file.kind or "").endswith(_LETTERS):
            continue
        for field in reading.fields:
            name = simplify(field.value)
            if field.name == "name_zh" and is_name(name, lexicon, bounded=True):
                yield name, field.source


def chinese_for(latin: str, text: str, lexicon: NameWords) -> str:
    """The name in the text that is spelt like this, or an empty string."""
    plain = simplify(text)
    position = 0
    while match := lexicon.surname.search(plain, position):
        for end in (match.end() + 2, match.end() + 1):
            name = plain[match.start() : end]
            if is_name(name, lexicon, borne=True) and romanises(name, latin):
                return name
        position = match.start() + 1
    return ""
