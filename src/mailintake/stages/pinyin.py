"""Chinese names in Latin letters: every way a company spells them, and which Latin words can be a name at all."""

import re
from functools import lru_cache
from itertools import islice, product

_LETTERS = re.compile(r"[^a-z]+")
_MAX_READINGS = 12
_SYLLABLE = re.compile(
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxzcsryw])?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|van|ai|ei|ui|ao|ou|iu|ie|ue|ve|yu|er|an|en|in|un|vn|ia|ua|uo|[aeiouv])"
)
_WORD = re.compile(r"[A-Za-z]{2,14}")


@lru_cache(maxsize=4096)
def readings(name: str) -> tuple[tuple[str, str], ...]:
    """(surname, given) in letters for every reading of a Chinese name; compound surnames are cut both ways."""
    from pypinyin import Style, pinyin

    syllables = pinyin(name, style=Style.NORMAL, heteronym=True, errors="ignore", v_to_u=False)
    if len(syllables) < 2:
        return ()
    found: dict[tuple[str, str], None] = {}
    for reading in islice(product(*syllables), _MAX_READINGS):
        for cut in (1, 2) if len(reading) > 2 else (1,):
            found["".join(reading[:cut]), "".join(reading[cut:])] = None
    return tuple(found)


@lru_cache(maxsize=4096)
def spellings(name: str) -> frozenset[str]:
    """Every spelling of a Chinese name without blanks: surname first or last, with the passport's ways to write ü."""
    made = set()
    for surname, given in readings(name):
        for s, g in product(_umlauts(surname), _umlauts(given)):
            made.update((s + g, g + s))
    return frozenset(made)


def _umlauts(text: str) -> tuple[str, ...]:
    return (text, text.replace("v", "yu"), text.replace("v", "u")) if "v" in text else (text,)


def initials(name: str) -> str:
    """First letters of the first reading: zs for 张三."""
    first = next(iter(_syllables(name)), ())
    return "".join(syllable[:1] for syllable in first)


def _syllables(name: str) -> tuple[tuple[str, ...], ...]:
    from pypinyin import lazy_pinyin

    return (tuple(lazy_pinyin(name)),)


def letters(text: str) -> str:
    """Lower-case letters only: what spellings are compared with."""
    return _LETTERS.sub("", text.lower())


def same_person(chinese: str, latin: str) -> bool:
    """Is the Latin name (any order, case, blanks) a spelling of the Chinese one?"""
    return letters(latin) in spellings(chinese)


@lru_cache(maxsize=8)
def surname_spellings(surnames: tuple[str, ...]) -> frozenset[str]:
    """The surnames in letters."""
    from pypinyin import Style, pinyin

    return frozenset(
        spelling
        for surname in surnames
        for reading in product(*pinyin(surname, style=Style.NORMAL, heteronym=True, v_to_u=False))
        for spelling in _umlauts("".join(reading))
    )


def split_latin(text: str, surnames: frozenset[str]) -> str | None:
    """"SURNAME GIVEN" in capitals if the Latin text can be a Chinese name, else None. One word is cut, two may be
    in either order."""
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
    for length in range(min(8, len(word) - 1), 0, -1):
        if word[:length] in surnames and _is_given(word[length:]):
            return f"{word[:length]} {word[length:]}".upper()
    return None


def _is_given(text: str) -> bool:
    """One or two syllables."""
    for first in range(1, min(6, len(text)) + 1):
        if not _SYLLABLE.fullmatch(text[:first]):
            continue
        rest = text[first:]
        if not rest or _SYLLABLE.fullmatch(rest):
            return True
    return False
