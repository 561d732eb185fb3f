"""Normal forms of single values, as docs/fields.md names them; "" where the text is no such thing."""

import re
from collections.abc import Callable

from mailintake.model.facts import Field, FormBox
from mailintake.stages.interpret.dates import Dates
from mailintake.stages.interpret.words import Words, squash
from mailintake.stages.words.fold import simplify
from mailintake.stages.words.page import Cell

PASSPORT_NO = re.compile(r"(?<![A-Z0-9])(?:E[A-Z0-9]\d{7}|[GPDS]\d{8}|[PDS]E\d{7}|1[45]\d{7})(?![A-Z0-9])")
_ID_NO = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dA-Za-z])")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[\s-]?)?(1\d{2}[\s-]?\d{4}[\s-]?\d{4})(?!\d)")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}")
_CARD_NO = re.compile(r"[A-Z0-9][A-Z0-9 \-]{4,22}[A-Z0-9]")
_COMPANY_CODE = re.compile(r"(?<![A-Z0-9])[0-9A-Z]{18}(?![A-Z0-9])")
_CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015
_HAN_NAME = re.compile(r"[\u3400-\u9fff]{1,9}(?:\u00b7[\u3400-\u9fff]{1,9}){1,3}|[\u3400-\u9fff]{2,8}")
_DATES = frozenset(
    {"birth_date", "passport_issue_date", "expiry_date", "card_expiry", "issue_date", "transaction_date"}
)
_LATIN_NAMES = frozenset({"surname_pinyin", "given_name_pinyin", "name_pinyin"})
SURE_SCORE = 0.9


def normal(name: str, text: str, words: Words) -> str:
    """The normal form of a value for the field of that name."""
    text = simplify(text).strip()
    if name in _DATES:
        return Dates(words).first(text) or ""
    if name in ("passport_no", "old_passport_no"):
        return passport_no(text)
    if name in _LATIN_NAMES:
        return latin_name(text)
    plain = _PLAIN.get(name)
    if plain is not None:
        return plain(text)
    return sex(text, words) if name == "sex" else " ".join(text.split())


def passport_no(text: str) -> str:
    """A passport number, blanks removed; other countries' numbers as 7–9 letters and digits."""
    squashed = "".join(text.upper().split()).replace("-", "")
    found = PASSPORT_NO.search(squashed)
    if found:
        return found[0]
    return squashed if re.fullmatch(r"[A-Z0-9]{7,9}", squashed) and re.search(r"\d{5}", squashed) else ""


def latin_name(text: str) -> str:
    """Upper-case words parted by one blank."""
    letters = text.upper().replace("\u00dc", "YU")
    return " ".join(re.findall(r"[A-Z]+", letters)) if not re.search(r"[\u3400-\u9fff\d]", letters) else ""


def sex(text: str, words: Words) -> str:
    """M or F."""
    parts = {squash(part) for part in re.split(r"[/\s,]", text)} | {squash(text)}
    male, female = (bool(parts & {squash(w) for w in words.raw(name)}) for name in ("male", "female"))
    return "" if male == female else "M" if male else "F"


def id_no(text: str) -> str:
    """18 characters of a resident identity card."""
    found = _ID_NO.search("".join(text.split()))
    return found[0].upper() if found else ""


def mobile(text: str) -> str:
    """Digits of a mobile number, or of any telephone number where it is none."""
    found = _MOBILE.search(text)
    digits = re.sub(r"\D", "", found[1] if found else text)
    return digits if 7 <= len(digits) <= 13 else ""


def card_no(text: str) -> str:
    """Letters and digits of a card number, at least six with three digits among them."""
    found = _CARD_NO.match(text.upper())
    joined = re.sub(r"[^A-Z0-9]", "", found[0]) if found else ""
    return joined if 6 <= len(joined) <= 18 and sum(c.isdecimal() for c in joined) >= 3 else ""


def company_code(text: str) -> str:
    """Unified social credit code."""
    found = _COMPANY_CODE.search("".join(text.upper().split()))
    return found[0] if found else ""


def code_holds(code: str) -> bool:
    """Check character of GB 32100-2015: weights are powers of 3 modulo 31."""
    if len(code) != 18 or any(c not in _CODE_LETTERS for c in code):
        return False
    total = sum(_CODE_LETTERS.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    return _CODE_LETTERS[(31 - total % 31) % 31] == code[17]


def id_holds(number: str) -> bool:
    """Check character of GB 11643 (ISO 7064 MOD 11-2)."""
    total = sum(int(c) * pow(2, 17 - i, 11) for i, c in enumerate(number[:17]))
    return "10X98765432"[total % 11] == number[17]


def han_name(text: str) -> str:
    """A name in Chinese characters at the start of the text."""
    found = _HAN_NAME.match("".join(text.split()))
    return found[0] if found else ""


def _email(text: str) -> str:
    found = _EMAIL.search(text)
    return found[0].lower() if found else ""


_PLAIN: dict[str, Callable[[str], str]] = {
    "id_no": id_no,
    "mobile": mobile,
    "email": _email,
    "card_no": card_no,
    "company_code": company_code,
    "name_zh": lambda text: han_name(text) if re.search(r"[\u3400-\u9fff]", text) else "",
}


class Collected:
    """Fields in reading order; the same name and value counts once."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.fields: list[Field] = []

    def add(
        self,
        name: str,
        value: str,
        text: str = "",
        *,
        sure: bool = True,
        source: str = "",
        at: Cell | FormBox | None = None,
    ) -> None:
        """Add unless empty or known; a sure reading replaces an unsure one of the same value. `at` is the line or the
        box it stands in; without one the line is looked for when the document has been read."""
        if not value:
            return
        place = at.place_of(text.strip()) if isinstance(at, Cell) else at.place if at is not None else None
        made = Field(name, value, text[:120], source or self.source, sure, at.page if at is not None else None, place)
        for number, known in enumerate(self.fields):
            if (known.name, known.value) == (name, value):
                self.fields[number] = known if known.sure else made
                return
        self.fields.append(made)

    def has(self, name: str) -> bool:
        """True when a field of that name was found."""
        return any(f.name == name for f in self.fields)
