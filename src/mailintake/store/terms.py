"""By what a case is searched: the places where somebody may begin to type a name, a number, a company, an address.

A term is the text from such a place to its end, in capitals, letters and digits only; whoever types the beginning of a
term finds the case, by an index that both databases have. Places are the beginnings of words, every Chinese character,
where letters turn into digits, and inside long numbers as long as four digits follow: "4321" finds "EA7654321".
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, product

from mailintake.model.case import Case
from mailintake.store.types import key_of

LONGEST = 60  # characters of a term; nobody types more
_TAIL = 4  # digits of a number that are enough to look for it
_FIRST, _LAST, _RARE = 0x3400, 0x9FFF, 0x20000
_OF_A_FILE = 24  # characters of its sha256
_READINGS = 4  # ways to read the characters of one name
_REACHED_BY = frozenset({"mobile", "phone", "email", "address"})  # facts about a person that somebody may have at hand


def terms_of(case: Case) -> set[str]:
    """Every term of that case."""
    files = {document.sha256[:_OF_A_FILE].upper() for document in case.documents}
    return {term for text in _texts(case) for term in _beginnings(text)} | files


def searched(text: str) -> tuple[str, tuple[str, ...]]:
    """What was typed, as the beginning of a term, and its words, each as one, where there are several."""
    words = tuple(key for word in text.split() if (key := key_of(word)[:LONGEST]))
    return key_of(text)[:LONGEST], words if len(words) > 1 else ()


def _texts(case: Case) -> Iterator[str]:
    yield case.number
    yield case.company
    for participant in case.participants:
        yield participant.addr
        yield participant.name
    for person in case.applicants:
        yield person.name
        yield from _spelt(person.name)
        yield person.name_pinyin
        yield " ".join(reversed(person.name_pinyin.replace(",", " ").split()))
        yield from (person.passport_no, person.old_passport_no, person.card_no)
        yield from (field.value for field in person.fields if field.name in _REACHED_BY)


def _beginnings(text: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFKC", text).upper()
    for at, (before, here) in enumerate(zip(" " + plain, plain, strict=False)):
        if here.isalnum() and (_begins(before, here) or _inside_number(plain, at)):
            yield key_of(plain[at:])[:LONGEST]


def _begins(before: str, here: str) -> bool:
    return not before.isalnum() or _is_character(here) or _is_character(before) or before.isdigit() != here.isdigit()


def _is_character(letter: str) -> bool:
    """Of those that names and companies are written with (Unicode's CJK ideographs)."""
    return _FIRST <= ord(letter) <= _LAST or ord(letter) >= _RARE


def _inside_number(text: str, at: int) -> bool:
    """Digits from here on: enough of them, or what follows the zeros that a number was filled up with."""
    run = text[at : at + _TAIL]
    return text[at].isdigit() and ((len(run) == _TAIL and run.isdigit()) or (text[at - 1] == "0" and text[at] != "0"))


@lru_cache(maxsize=4096)
def _spelt(name: str) -> tuple[str, ...]:
    """A Chinese name in Latin letters, for cases in which nobody wrote that down."""
    if not name or not all(map(_is_character, name)):
        return ()
    from pypinyin import Style, pinyin

    readings = product(*pinyin(name, style=Style.NORMAL, heteronym=True))
    return tuple(f"{reading[0]} {''.join(reading[1:])}" for reading in islice(readings, _READINGS))
