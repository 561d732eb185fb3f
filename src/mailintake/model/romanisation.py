"""Does a Chinese name go with a name in Latin letters? All readings count, and ü in every spelling passports used."""

import re
from functools import lru_cache

_HAN = re.compile(r"[\u3400-\u9fff]+")
# Surnames of which pypinyin knows other readings only.
_MORE_READINGS = {
    0x9ED1: "he",
    0x5458: "yun",
    0x7E41: "po",
    0x76D6: "ge",
    0x8D20: "yun",
    0x8C0C: "shen",
    0x8D39: "bi",
    0x60E0: "xi",
    0x7F2A: "mu",
}
_LONGEST = 6
_TWICE = 2  # words: whoever has a single name bears it twice in the passport


def romanises(name_zh: str, pinyin: str) -> bool | None:
    """True when some reading of the characters spells the Latin name, surname first or last; None where that cannot
    be judged (no Chinese characters, no Latin letters)."""
    chars = "".join(name_zh.split())
    letters = re.sub(r"[^A-Z]", "", pinyin.upper().replace("\u00dc", "V"))
    if not letters or not _HAN.fullmatch(chars) or len(chars) > _LONGEST:
        return None
    half = letters[: len(letters) // 2]
    spelt = {letters, half if half * 2 == letters and len(pinyin.split()) == _TWICE else letters}
    readings = [_readings(char) for char in chars]
    orders = [readings] + [readings[cut:] + readings[:cut] for cut in (1, 2) if cut < len(readings)]
    return any(_spells(order, one) for order in orders for one in spelt)


def initials_of(name_zh: str) -> frozenset[str]:
    """All ways to abbreviate a name by first letters, for file names such as zs.jpg."""
    ways = {""}
    for char in name_zh[:_LONGEST]:
        ways = {way + reading[0] for way in ways for reading in _readings(char)}
    return frozenset(ways)


def _spells(readings: list[frozenset[str]], letters: str) -> bool:
    reached = {0}
    for options in readings:
        reached = {at + len(o) for at in reached for o in options if letters.startswith(o, at)}
    return len(letters) in reached


@lru_cache(maxsize=4096)
def _readings(char: str) -> frozenset[str]:
    from pypinyin import Style, pinyin

    found = {r.upper() for r in pinyin(char, style=Style.NORMAL, heteronym=True)[0] if r.isascii() and r.isalpha()}
    if ord(char) in _MORE_READINGS:
        found.add(_MORE_READINGS[ord(char)].upper())
    return frozenset(spelling for reading in found for spelling in _spellings(reading))


def _spellings(reading: str) -> tuple[str, ...]:
    """LV is written LYU since 2012, LU or LV before; LVE is LUE or LYUE."""
    if "V" not in reading:
        return (reading,)
    return reading, reading.replace("V", "YU"), reading.replace("V", "U")
