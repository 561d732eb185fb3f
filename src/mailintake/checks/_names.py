"""When two spellings mean the same person or the same company."""

import re
import unicodedata

_HAN = re.compile(r"[\u3400-\u9fff]")

_LETTERS = re.compile(r"[^A-Z]+")
_SIGNS = re.compile(r"[^\w]+")
_SHORTEST = 4  # characters of a company's short name that say enough


def same_name(one: str, other: str) -> bool:
    """The same Chinese name (blanks and width aside), or the same Latin name in either order."""
    return bool(one and other) and (_plain(one) == _plain(other) or same_pinyin(one, other))


def same_pinyin(one: str, other: str) -> bool:
    """The same Latin name: order, case, blanks and the three spellings of u-umlaut aside."""
    mine, theirs = _words(one), _words(other)
    if not mine or not theirs:
        return False
    return sorted(mine) == sorted(theirs) or "".join(mine) == "".join(theirs)


def same_company(one: str, other: str) -> bool:
    """The same company: one name is the other's short form when its characters stand in it in this order."""
    short, long = sorted((_plain(one), _plain(other)), key=len)
    if short == long:
        return bool(short)
    rest = iter(long)
    return len(short) >= _SHORTEST and all(character in rest for character in short)


def _plain(text: str) -> str:
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _words(text: str) -> list[str]:
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).upper())
    if _HAN.search(decomposed):
        return []
    umlaut = decomposed.replace("U\u0308", "V")
    bare = "".join(c for c in umlaut if not unicodedata.combining(c))
    return [_umlaut(word) for word in _LETTERS.split(bare) if word]


def _umlaut(word: str) -> str:
    """LYU, LU and LV, NYU, NU and NV are one name: passports of different years spell it differently."""
    return re.sub(r"([LN])(?:YU|V)(?=E|$)", r"\1U", word)
