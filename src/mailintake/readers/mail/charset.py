"""Bytes to text for Chinese mail: the declared charset where it fits, and a ladder where it lies."""

import codecs
import re
from typing import NamedTuple

from mailintake.readers.mail.iso2022cn import decode_iso2022cn, is_iso2022cn

_GB, _BIG5, _CN, _HZ = "gb18030", "big5hkscs", "iso2022_cn", "hz"
_ALIASES = {
    **dict.fromkeys(
        (
            "gb2312", "gbk", "x-gbk", "cp936", "ms936", "windows-936", "gb_2312-80", "gb2312-80", "gb-2312",
            "gb_2312", "chinese", "csgb2312", "euc-cn", "euccn", "x-euc-cn", "gb18030", "gb-18030",
            "gb18030-2000", "gb18030-2022", "gb13000", "iso-ir-58", "gb1988", "gb", "cp54936", "windows-54936",
            "x-cp20936", "x-mac-chinesesimp", "cp20936", "csgb18030", "csgbk", "iso-ir-165", "zh-cn",
        ),
        _GB,
    ),
    **dict.fromkeys(
        (
            "big5", "big-5", "x-x-big5", "cp950", "big5-hkscs", "big5hkscs", "big5-eten", "cn-big5",
            "x-mac-chinesetrad", "csbig5",
        ),
        _BIG5,
    ),
    **dict.fromkeys(["utf8", "utf-8", "unicode-1-1-utf-8", "utf-8-mac", "utf8mb4", "cp65001", "x-utf-8"], "utf-8"),
    **dict.fromkeys(["iso-2022-cn", "iso-2022-cn-ext", "csiso2022cn", "iso2022-cn", "x-cp50227", "cp50227"], _CN),
    **dict.fromkeys(["hz-gb-2312", "hz-gb2312", "cp52936"], _HZ),
    "unicode-1-1-utf-7": "utf-7",
    "ks_c_5601-1987": "cp949",
    "windows-31j": "cp932",
}  # fmt: skip
_MULTIBYTE = frozenset(["utf-8", _GB, _BIG5])
# Codecs that map text only and take linear time; idna, punycode, unicode_escape and their like are not for mail.
_ALLOWED = frozenset(
    (
        "utf-8", "utf-7", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "ascii",
        "hz", "euc_jp", "shift_jis", "cp932", "iso2022_jp", "iso2022_jp_2", "iso2022_kr", "euc_kr", "cp949",
        "koi8-r", "koi8-u", "mac-roman", "tis-620", "cp437", "cp850", "cp866", "cp874",
    )
)  # fmt: skip
_FAMILIES = ("iso8859-", "cp125")
_LONGEST_LABEL = 40
_HZ_TEXT = re.compile(rb"~\{(?:[!-w][!-~]){1,200}~\}")
_FEW = 20  # one damaged place in that many characters does not make another charset

_BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_INVISIBLE = (0xAD, 0x034F, 0x180E, 0x200B, 0x200C, 0x200D, *range(0x2060, 0x2065), *range(0xFE00, 0xFE10), 0xFEFF)
_DROPPED = (*range(32), *range(0x7F, 0xA0), *_BIDI, *_INVISIBLE, *range(0xE0100, 0xE01F0))
_CLEAN: dict[int, str | None] = {
    **dict.fromkeys(_DROPPED),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    0x09: " ",
    **dict.fromkeys((0x0A, 0x0B, 0x0C, 0x85, 0x2028, 0x2029), "\n"),
}


class Decoded(NamedTuple):
    """Text, and whether the charset had to be guessed."""

    text: str
    guessed: bool


def codec_for(label: str) -> str | None:
    """The codec for a charset label as mail writes it; None for unknown, over-long and non-text ones."""
    name = label.strip(" \"'\t<>").lower()
    if not name or len(name) > _LONGEST_LABEL or not name.isascii() or "\0" in name:
        return None
    if name in _ALIASES:
        return _ALIASES[name]
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return found if found in _ALLOWED or found.startswith(_FAMILIES) else _ALIASES.get(found)


def decode(data: bytes, declared: str) -> Decoded:
    """Text of `data`: declared charset, then UTF-8, GB 18030, Big5; never raises, damage becomes U+FFFD."""
    codec = codec_for(declared)
    if (shifted := _seven_bit(data, codec)) is not None:
        return Decoded(shifted, codec not in (_CN, _HZ))
    if codec is not None:
        exact = _strict(data, codec)
        if exact is not None and not (codec.startswith(_FAMILIES) and _looks_chinese(data)):
            return Decoded(exact.removeprefix("\ufeff"), False)
        if codec in _MULTIBYTE:
            mended = data.decode(codec, "replace")
            if mended.count("\ufffd") * _FEW < sum(1 for c in mended if c > "\x7f"):
                return Decoded(mended.removeprefix("\ufeff"), True)
    if data.isascii():
        return Decoded(data.decode("ascii"), bool(declared) and codec is None)
    return Decoded(guess(data).removeprefix("\ufeff"), True)


def _seven_bit(data: bytes, codec: str | None) -> str | None:
    """Text of an encoding that shifts between Latin and Chinese in seven bits (RFC 1922, RFC 1843), declared or not: no
    other text holds its escape sequences. None for anything else."""
    if not data.isascii():
        return None
    if codec == _CN or is_iso2022cn(data):
        return decode_iso2022cn(data)
    if codec in (_HZ, None, "ascii", "utf-8", _GB) and _HZ_TEXT.search(data):
        return _strict(data, _HZ)
    return None


def guess(data: bytes) -> str:
    """Text of bytes that carry no label, or a wrong one."""
    chinese = _strict(data, _GB)
    utf8 = _strict(data, "utf-8")
    if utf8 is not None and not (chinese is not None and _only_rare_pairs(utf8)):
        return utf8
    if chinese is not None:
        traditional = _strict(data, _BIG5) if _looks_big5(data) else None
        return chinese if traditional is None else traditional
    traditional = _strict(data, _BIG5)
    if traditional is not None:
        return traditional
    attempts = [data.decode(codec, "replace") for codec in ("utf-8", _GB)]
    return min(attempts, key=lambda text: text.count("\ufffd"))


def clean_text(text: str) -> str:
    """Text with \\n as line end and without control, bidi-override and invisible characters (CWE-117, CWE-451): soft
    hyphens, joiners, variation selectors would cut names and numbers for everybody who compares."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_CLEAN)


def clean_line(text: str) -> str:
    """The same on one line, blanks at the ends removed: for subjects, names and other header values."""
    return clean_text(text).replace("\n", " ").strip()


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError, LookupError):  # the last: our own codec, for bytes that are none of its
        return None


def _only_rare_pairs(text: str) -> bool:
    """Two-byte UTF-8 beyond Latin-1 and nothing longer: a GB 18030 text that happens to be valid UTF-8."""
    wide = [c for c in text if c > "\x7f"]
    return bool(wide) and all("\xff" < c < "\u0800" for c in wide)


def _looks_chinese(data: bytes) -> bool:
    """Bytes under a Western label that are valid UTF-8, or whose high bytes come in GB 2312 pairs."""
    if data.isascii():
        return False
    if _strict(data, "utf-8") is not None:
        return True
    return _strict(data, _GB) is not None and _high_runs_are_even(data)


def _high_runs_are_even(data: bytes) -> bool:
    run = 0
    for byte in data:
        if byte >= 0xA1:
            run += 1
        elif run % 2:
            return False
        else:
            run = 0
    return run % 2 == 0


def _looks_big5(data: bytes) -> bool:
    """Most pairs lie among Big5's frequent characters and few among GB 2312's first level."""
    frequent_gb = frequent_big5 = pairs = position = 0
    while position < len(data) - 1:
        lead, trail = data[position], data[position + 1]
        if lead < 0x81:
            position += 1
            continue
        position, pairs = position + 2, pairs + 1
        frequent_gb += 0xB0 <= lead <= 0xD7 and trail >= 0xA1
        frequent_big5 += 0xA4 <= lead <= 0xC6 and (0x40 <= trail <= 0x7E or trail >= 0xA1)
    return pairs > 0 and frequent_gb * 10 < pairs * 6 and frequent_big5 * 10 > pairs * 8
