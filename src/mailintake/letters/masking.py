"""What may be shown of a person: numbers never in full, names in full only to people of the case."""

import re
import unicodedata

_SHOWN_LIMIT = 120
_NAME_LIMIT = 40
_SHORT = 7  # a number this short is hidden whole
_HAN = re.compile(r"[\u3400-\u9fff]")
_REFLECTED = re.compile(r"://|www\.|@|[\\/]", re.IGNORECASE)  # a display name must not carry a link for us to send on
# Each alternative is a fixed-length run, so there is nothing to backtrack into. A camera's IMG20261123 stays readable.
_IDENTIFIER = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"[A-Za-z][0-9]{8}|[A-Za-z]{2}[0-9]{7}|[A-Za-z]{3}[0-9]{6,9}"  # passports, business travel cards
    r"|[0-9]{17}[0-9Xx]|[0-9]{15}|[0-9]{16,19}"  # resident identity and bank cards
    r"|1[3-9][0-9]{9}"  # mobile phones
    r")(?![A-Za-z0-9])"
)
_CAMERA = ("img", "dsc", "vid", "pic", "wps")


def clean(text: str, limit: int = _SHOWN_LIMIT) -> str:
    """One printable line: no control, bidirectional or invisible characters, blanks folded, cut at `limit`."""
    folded = " ".join(text.split())
    if not folded.isprintable():  # control, format, private or unassigned: no blank but the plain one is left
        folded = "".join(c for c in folded if unicodedata.category(c)[0] != "C").strip()
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"


def clean_lines(text: str) -> str:
    """The same for a text of several lines, which stay lines."""
    return "\n".join(clean(line, 500) for line in text.splitlines()).strip()


def mask_number(number: str) -> str:
    """E12345678 → E1****678; anything up to seven characters disappears."""
    bare = clean(number).replace(" ", "")
    return f"{bare[:2]}****{bare[-3:]}" if len(bare) > _SHORT else "****"


def mask_text(text: str, also: tuple[str, ...] = ()) -> str:
    """`text`, cleaned, with everything in it masked that looks like a document number, and the numbers in `also`."""
    shown = clean(text)
    for number in also:
        if len(number) > 3:
            shown = re.sub(re.escape(number), mask_number(number), shown, flags=re.IGNORECASE)
    return _IDENTIFIER.sub(_masked, shown)


def _masked(found: re.Match[str]) -> str:
    word = found.group()
    return word if word[:3].lower() in _CAMERA else mask_number(word)


def mask_value(thing: object) -> object:
    """A measured or required value with its texts masked, lists and maps included."""
    if isinstance(thing, str):
        return mask_text(thing)
    if isinstance(thing, dict):
        return {str(key): mask_value(item) for key, item in thing.items()}
    if isinstance(thing, list | tuple):
        return tuple(mask_value(item) for item in thing)
    return thing


def mask_name(name: str) -> str:
    """For staff's overview: the first character of a Chinese name, the first letter of each Latin word."""
    shown = clean(name, _NAME_LIMIT)
    if _HAN.match(shown):
        return shown[0] + "*" * min(len(shown) - 1, 3)
    return " ".join(f"{word[0]}***" for word in shown.split())


def addressable(name: str) -> str:
    """A display name we may greet with, or the empty string: it must not be an address, a link or a number."""
    shown = clean(name, _NAME_LIMIT).strip("\"' ")
    if not shown or _REFLECTED.search(shown) or shown.replace(" ", "").isdigit():
        return ""
    return mask_text(shown)
