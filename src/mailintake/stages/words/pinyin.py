"""Which Latin words of a file name or an English mail can be a Chinese name, and how it is written in a passport."""

import re
from functools import lru_cache
from itertools import product

from mailintake.model.romanisation import initials_of, romanises

__all__ = ["initials_of", "romanises", "split_latin", "surname_spellings"]

_SYLLABLE = re.compile(
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxzcsryw])?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|van|ai|ei|ui|ao|ou|iu|ie|ue|ve|yu|er|an|en|in|un|vn|ia|ua|uo|[aeiouv])"
)
_WORD = re.compile(r"[A-Za-z]{2,14}")
_LONGEST_SURNAME, _LONGEST_SYLLABLE = 8, 6


@lru_cache(maxsize=8)
def surname_spellings(surnames: tuple[str, ...]) -> frozenset[str]:
    """The surnames in lower-case letters, ü in every spelling that passports used."""
    from pypinyin import Style, pinyin

    return frozenset(
        spelling
        for surname in surnames
        for reading in product(*pinyin(surname, style=Style.NORMAL, heteronym=True, v_to_u=False))
        for spelling in _umlauts("".join(reading).replace("\u00fc", "v"))
    )


def _umlauts(text: str) -> tuple[str, ...]:
    return (text, text.replace("v", "yu"), text.replace("v", "u")) if "v" in text else (text,)


def split_latin(text: str, surnames: frozenset[str]) -> str | None:
    """SURNAME GIVEN in capitals when the Latin text can be a Chinese name, else None.

    One word is cut where a surname ends; two or three may stand in either order.
    """
    words = [word.lower() for word in _WORD.findall(text)]
    if len(words) == 1:
        return _cut(words[0], surnames)
    if not 2 <= len(words) <= 3:
        return None
    if words[0] in surnames and _is_given("".join(words[1:])):
        return f"{words[0]} {''.join(words[1:])}".upper()
    if words[-1] in surnames and _is_given("".join(words[:-1])):
        return f"{words[-1]} {''.join(words[:-1])}".upper()
    return None


def _cut(word: str, surnames: frozenset[str]) -> str | None:
    for length in range(min(_LONGEST_SURNAME, len(word) - 1), 1, -1):
        if word[:length] in surnames and _is_given(word[length:]):
            return f"{word[:length]} {word[length:]}".upper()
    return None


def _is_given(text: str) -> bool:
    """One or two syllables."""
    cuts = range(1, min(_LONGEST_SYLLABLE, len(text)) + 1)
    return any(
        _SYLLABLE.fullmatch(text[:cut]) and (cut == len(text) or _SYLLABLE.fullmatch(text[cut:])) for cut in cuts
    )
