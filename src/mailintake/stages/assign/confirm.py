"""Names that the running text alone does not show, and a paper of the mail does: the letter that names somebody whom
the text names, too, and the Chinese name in the text of which a passport or a file gives only the spelling."""

from collections.abc import Iterable, Iterator, Sequence

from mailintake.model.facts import Field
from mailintake.model.situation import ReadMail
from mailintake.model.traits import letters_naming_people
from mailintake.stages.assign.kinds import FileKind
from mailintake.stages.words.fold import simplify
from mailintake.stages.words.names import NameWords, is_name
from mailintake.stages.words.pinyin import romanises

_OCR = "ocr"


def named_in_letters(files: Sequence[FileKind], mail: ReadMail, text: str, lexicon: NameWords) -> Iterator[str]:
    """Persons of the mail's letters whom its text names as well."""
    plain = simplify(text)
    yield from (name for name, _ in _of_letters(files, mail, lexicon) if name in plain)


def only_in_letters(files: Sequence[FileKind], mail: ReadMail, lexicon: NameWords) -> Iterator[str]:
    """Persons of the letters where nothing else names anybody; a name in a picture may be misread and makes nobody."""
    yield from (name for name, field in _of_letters(files, mail, lexicon) if field.source != _OCR)


def _of_letters(files: Iterable[FileKind], mail: ReadMail, lexicon: NameWords) -> Iterator[tuple[str, Field]]:
    """Each person's name with the field that shows it."""
    letters = letters_naming_people(mail.rules)
    for file in files:
        if file.kind not in letters:
            continue
        for field in mail.reading(file.attachment).fields:
            name = simplify(field.value)
            if field.name == "name_zh" and is_name(name, lexicon, bounded=True):
                yield name, field


def chinese_for(latin: str, text: str, lexicon: NameWords) -> str:
    """The name in the text that is spelt like this, or an empty string. What is spelt so only across the end of
    another that is spelt so, too, is none: the signature (签名) of 千秋 is no 秋签."""
    plain = simplify(text)
    position = 0
    while match := lexicon.surname.search(plain, position):
        for end in (match.end() + 2, match.end() + 1):
            name = plain[match.start() : end]
            before = plain[max(0, match.start() - 1) : end - 1]
            if is_name(name, lexicon, borne=True) and romanises(name, latin) and not romanises(before, latin):
                return name
        position = match.start() + 1
    return ""
