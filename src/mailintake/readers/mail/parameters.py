"""Parameters of Content-Type and Content-Disposition (RFC 2045, 2231) as mailers write them, by a hand scanner."""

import re
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from mailintake.model.message import Note
from mailintake.readers.mail.charset import clean_line, decode, guess
from mailintake.readers.mail.encoded_words import HeaderText, decode_header, decode_raw

_LAST_SECTION = 999
_END_OF_NAME = re.compile("[=;]")


class _Parameter(NamedTuple):
    section: int
    starred: bool
    text: str


class ContentField(NamedTuple):
    """A structured header value: its first token in lower case and its parameters, in order, names in lower case."""

    token: str
    parameters: tuple[tuple[str, str], ...]
    raw_8bit: bool = False

    def plain(self, name: str) -> str:
        """First value of that exact parameter name as written; empty when there is none."""
        return next((text for key, text in self.parameters if key == name), "")

    def texts(self, name: str) -> tuple[HeaderText, ...]:
        """What the parameter may say, best first: RFC 2231 forms, then the plain one with its encoded words decoded."""
        sections = [found for found in (_section(key, text, name) for key, text in self.parameters) if found]
        extended = [found for found in sections if found.section >= 0 or found.starred]
        plain = [found.text for found in sections if found.section < 0 and not found.starred]
        out = [_joined(extended)] if extended else []
        raw = {Note.RAW_8BIT_HEADER} if self.raw_8bit else set()
        for text in plain:
            found = _plain_text(text)
            out.append(HeaderText(found.text, found.notes | raw))
        return tuple(out)


def parse_content(raw: bytes) -> ContentField:
    """Cut an unfolded value at its semicolons. Raw 8-bit bytes become text first, so that a GBK trail byte 0x5C is
    never taken for a backslash. Linear; never raises."""
    text = decode_raw(raw)
    token, at = _until_semicolon(text, 0)
    parameters = []
    while at < len(text):
        equals = _name_end(text, at)
        name = text[at:equals].strip(" \t;").lower()
        if equals >= len(text) or text[equals] == ";":
            at = equals + 1
            continue
        value, at = _value(text, equals + 1)
        if name:
            parameters.append((name, value))
    return ContentField(token.strip().lower(), tuple(parameters), raw_8bit=not raw.isascii())


def _name_end(text: str, at: int) -> int:
    found = _END_OF_NAME.search(text, at)
    return found.start() if found else len(text)


def _until_semicolon(text: str, at: int) -> tuple[str, int]:
    end = text.find(";", at)
    return (text[at:], len(text)) if end < 0 else (text[at:end], end + 1)


def _value(text: str, at: int) -> tuple[str, int]:
    while at < len(text) and text[at] == " ":
        at += 1
    if text[at : at + 1] != '"':
        value, after = _until_semicolon(text, at)
        return value.strip(), after
    out: list[str] = []
    at += 1
    while at < len(text):
        character = text[at]
        if character == "\\" and text[at + 1 : at + 2] in ('"', "\\"):
            out.append(text[at + 1])
            at += 2
            continue
        if character == '"' and text[at + 1 : at + 2] in ("", ";", " ", "\r", "\n"):
            break
        out.append(character)
        at += 1
    closed = at + 1
    while text[closed : closed + 1] == " ":
        closed += 1
    return "".join(out), closed + (text[closed : closed + 1] == ";")


def _section(key: str, text: str, name: str) -> _Parameter | None:
    """The part of an RFC 2231 parameter that `key` names: name, name*, name*0, name*0*."""
    if key == name:
        return _Parameter(-1, False, text)
    stem, star, rest = key.partition("*")
    if stem.strip() != name or not star:
        return None
    number, starred = rest.removesuffix("*"), rest.endswith("*") or not rest
    if not number:
        return _Parameter(-1, True, text)
    if not (number.isascii() and number.isdigit()) or len(number) > len(str(_LAST_SECTION)):
        return None
    return _Parameter(int(number), starred, text)


def _joined(sections: list[_Parameter]) -> HeaderText:
    """All sections as bytes, then decoded once, so that a character may be cut between two of them."""
    whole = [found for found in sections if found.section < 0][:1]
    ordered = whole or sorted(sections, key=lambda found: found.section)
    if not any(found.starred for found in ordered):
        return _plain_text("".join(found.text for found in ordered))
    charset, data = "", bytearray()
    for at, found in enumerate(ordered):
        text = found.text
        if at == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        data += unquote_to_bytes(text) if found.starred else text.encode("utf-8", "replace")
    text, guessed = decode(bytes(data), charset)
    return HeaderText(clean_line(text), frozenset({Note.CHARSET_GUESSED} if guessed else ()))


def _plain_text(text: str) -> HeaderText:
    """A value without a star: encoded words (forbidden here, yet Foxmail and QQ write them) or percent signs."""
    if "=?" in text:
        return decode_header(text.encode("utf-8", "replace"))
    if "%" in text and text.isascii():
        data = unquote_to_bytes(text.partition("''")[2] or text)
        if not data.isascii():
            return HeaderText(clean_line(guess(data)))
    return HeaderText(clean_line(text))
