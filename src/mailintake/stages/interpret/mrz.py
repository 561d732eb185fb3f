"""Machine-readable zone of a passport (ICAO 9303 part 4, TD3): found in OCR lines, repaired by position, checked.

Check digits are blind to pairs ten apart (E/O, 6/G, 8/S …), so a repair is made only where a position allows one class
of character, and a reading counts as proven only when the composite digit holds as well.
"""

import re
from dataclasses import replace
from typing import NamedTuple

from mailintake.model.value import value

_LENGTH = 44
_FIXED = 28  # line 2 up to the check digit of the expiry date
_WEIGHTS = (7, 3, 1)
# What OCR makes of OCR-B: look-alikes of other scripts by code point (Greek, Cyrillic, set theory, CJK quotes).
_LOOK_LIKE = {
    "A": (0x391, 0x410), "B": (0x392, 0x412), "C": (0x421,), "E": (0x395, 0x415), "H": (0x397, 0x41D),
    "I": (0x399, 0xCD), "K": (0x39A, 0x41A), "M": (0x39C, 0x41C), "N": (0x39D,), "O": (0x39F, 0x41E),
    "P": (0x3A1, 0x420), "T": (0x3A4, 0x422), "U": (0x222A,), "X": (0x3A7, 0x425), "Z": (0x396,), "0": (0xD8,),
    "<": (0x304F, 0x3008, 0x2039, 0x2329, 0x276E), "<<": (0xAB, 0x300A, 0x226A),
}  # fmt: skip
_CONFUSABLE = {code: letter for letter, codes in _LOOK_LIKE.items() for code in codes}
_TO_DIGIT = str.maketrans("OQDILZSGB", "000112568")
_TO_LETTER = str.maketrans("0125678", "OIZSGTB")
_LOOK_ALIKE = {"2": "Z", "Z": "2", "5": "S", "S": "5", "8": "B", "B": "8", "6": "G", "G": "6"}
_SHAPE_2 = re.compile(r"[A-Z0-9<]{9}[0-9OQDILZSGB<]")
_CHINESE_NUMBER = re.compile(r"[A-Z][A-Z0-9]\d{7}")


@value
class Mrz:
    """What the zone says. `proven`: number, birth, expiry and the composite digit all check."""

    number: str
    state: str
    nationality: str
    birth: str  # ISO 8601
    sex: str  # M, F or empty
    expiry: str  # ISO 8601
    surname: str
    given_names: str
    digits_hold: bool
    proven: bool
    at: int = 0  # which of the lines was the second line of the zone
    name_at: int | None = None  # which was the first, with the name


def find_mrz(lines: tuple[str, ...], printed: frozenset[str] = frozenset()) -> Mrz | None:
    """The first passport zone among the lines: a second line that can be read, with the name line before it.
    `printed` are the passport numbers printed elsewhere on the page: they decide between look-alikes."""
    cleaned = [clean(line) for line in lines]
    for at, line in enumerate(cleaned):
        second = _second_line(line, printed)
        if second is None:
            continue
        first = next((i for i in range(at - 1, max(-1, at - 4), -1) if _is_first_line(cleaned[i])), None)
        state, surname, given = _names("" if first is None else cleaned[first])
        return replace(second, state=state, surname=surname, given_names=given, at=at, name_at=first)
    return None


def clean(line: str) -> str:
    """Capitals, digits and fillers only."""
    mapped = line.upper().translate(_CONFUSABLE)
    return re.sub(r"[^A-Z0-9<]", "", mapped)


def check_digit(text: str) -> int:
    """ICAO 9303 part 3, 4.9: digits count themselves, A…Z 10…35, fillers nothing; weights 7, 3, 1."""
    return sum(_WEIGHTS[i % 3] * (0 if c == "<" else int(c, 36)) for i, c in enumerate(text)) % 10


def _holds(text: str, digit: str) -> bool:
    return (digit.isdecimal() and check_digit(text) == int(digit)) or (digit == "<" and not text.strip("<"))


def _second_line(line: str, printed: frozenset[str]) -> Mrz | None:
    """What the second line alone says: number, nationality, dates, sex, and whether the check digits hold."""
    for start in range(min(3, max(0, len(line) - _FIXED)) + 1):
        found = _parse_second(_fitted(line[start:]), printed)
        if found is not None:
            return found
    return None


def _fitted(line: str) -> str:
    """44 characters: OCR miscounts runs of fillers, so the longest run behind the fixed part gives or takes."""
    tail = line[_FIXED:]
    runs = sorted(re.finditer("<{3,}", tail), key=lambda m: m.start() - m.end())
    lacking = _LENGTH - len(line)
    if lacking == 0 or not runs or runs[0].end() - runs[0].start() + lacking < 1:
        return line
    at = _FIXED + runs[0].start()
    return line[:at] + "<" * lacking + line[at:] if lacking > 0 else line[:at] + line[at - lacking :]


def _parse_second(line: str, printed: frozenset[str]) -> Mrz | None:
    if len(line) < _FIXED or not _SHAPE_2.match(line):
        return None
    nationality = line[10:13].translate(_TO_LETTER)
    birth, expiry = line[13:19].translate(_TO_DIGIT), line[21:27].translate(_TO_DIGIT)
    digits = [line[i].translate(_TO_DIGIT) for i in (9, 19, 27)]
    number = _number(line[:9], digits[0], nationality, printed)
    if not (birth.isdecimal() and expiry.isdecimal() and nationality.replace("<", "").isalpha()):
        return None
    sex = {"M": "M", "F": "F"}.get(line[20], "")
    dates = _dates(birth, expiry)
    if dates is None or line[20] not in "MFX<":
        return None
    holds = all(_holds(t, d) for t, d in zip((number, birth, expiry), digits, strict=True))
    fixed = number + digits[0] + nationality + birth + digits[1] + line[20] + expiry + digits[2]
    proven = holds and _composite_holds(fixed + line[_FIXED:])
    number, nationality = number.replace("<", ""), nationality.replace("<", "")
    return Mrz(
        number=number,
        state="",
        nationality=nationality,
        birth=dates[0],
        sex=sex,
        expiry=dates[1],
        surname="",
        given_names="",
        digits_hold=holds,
        proven=proven,
    )


def _number(text: str, digit: str, nationality: str, printed: frozenset[str]) -> str:
    """Chinese numbers: a letter, a letter or digit, seven digits. Others are taken as read. The second place allows
    both classes, so another reading of it is believed only when it is printed so as well."""
    if nationality != "CHN":
        return text
    second = {"O": "0", "I": "1"}.get(text[1], text[1])  # the series leaves out the letters I and O
    head, tail = text[0].translate(_TO_LETTER), text[2:].translate(_TO_DIGIT)
    options = [head + s + tail for s in (second, *_LOOK_ALIKE.get(second, ""))]
    best = next((o for o in options if o in printed and _holds(o, digit)), options[0])
    return best if _CHINESE_NUMBER.fullmatch(best) else text


def _composite_holds(line: str) -> bool:
    """Digit 44 over positions 1–10, 14–20, 22–43. Optional data is as read: nothing there is repaired."""
    if len(line) != _LENGTH:
        return False
    last = line[43].translate(_TO_DIGIT)
    optional = line[28:43]
    candidates = {optional, optional[:14] + optional[14].translate(_TO_DIGIT)}
    return any(_holds(line[:10] + line[13:20] + line[21:28] + each, last) for each in candidates)


def _dates(birth: str, expiry: str) -> tuple[str, str] | None:
    """Centuries: a passport expires in this one; its holder is at least sixteen then."""
    until = 2000 + int(expiry[:2])
    year = 2000 + int(birth[:2])
    born = year if year + 16 <= until else year - 100
    if not all(1 <= int(d[2:4]) <= 12 and 1 <= int(d[4:]) <= 31 for d in (birth, expiry)):
        return None
    return f"{born}-{birth[2:4]}-{birth[4:]}", f"{until}-{expiry[2:4]}-{expiry[4:]}"


def _is_first_line(line: str) -> bool:
    return len(line) >= 30 and line.count("<") >= 3 and line[:1] == "P"


class _FirstLine(NamedTuple):
    state: str  # that issued it
    surname: str
    given_names: str


def _names(line: str) -> _FirstLine:
    """This line has no check digit: compare it with the print."""
    if len(line) < 10:
        return _FirstLine("", "", "")
    state = line[2:5].translate(_TO_LETTER)
    surname, _, given = line[5:].translate(_TO_LETTER).partition("<<")
    given = re.split("<{2,}", given)[0]
    return _FirstLine(state.replace("<", ""), _words(surname), _words(given))


def _words(text: str) -> str:
    return " ".join(part for part in text.split("<") if part)
