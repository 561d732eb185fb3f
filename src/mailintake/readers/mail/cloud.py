"""Large files that a provider replaced by an expiring link: recognised by exact host and path, never downloaded."""

from datetime import datetime
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from mailintake.model.message import CloudLink
from mailintake.model.rules import Vocabulary
from mailintake.model.zone import SHANGHAI
from mailintake.readers.mail.charset import clean_line
from mailintake.readers.mail.text_lines import Line, Link

_NAME_KEYS = ("filename", "file-name", "file_name", "title", "name")
_SIZE_KEYS = ("filesize", "file-size", "size")
_EXPIRY_KEYS = ("expiretime", "expired", "expire", "expiry")
_QUERY_NAMES = ("title", "name", "filename")
_UNITS = ("kb", "mb", "gb", "k", "m", "g", "b", "bytes")
_LONGEST_NAME = 150
_MOST = 50
_LINES_ABOVE = 2
_BLOCK_LINES = 12


class _Place(NamedTuple):
    """A link of a file service: where it leads and the line it stands in."""

    host: str
    link: Link
    at: int


def find_cloud_links(lines: list[Line], words: Vocabulary) -> tuple[CloudLink, ...]:
    """The cloud files that these lines offer, one each; lines of history must not be among them."""
    services = tuple(service.lower() for service in words.words("mail_cloud_services"))
    expiry = words.words("mail_cloud_expiry_words")
    markers = words.words("mail_cloud_markers")
    places = [place for at, line in enumerate(lines) for place in _places(line, at, services)]
    found: dict[str, CloudLink] = {}
    for place in places[:_MOST]:
        link = _described(place, lines, expiry, markers)
        known = found.get(_key(place))
        found[_key(place)] = link if known is None else _fuller(known, link)
    merged: dict[tuple[str, str], CloudLink] = {}
    for link in [*found.values(), *_unlinked(lines, {link.name for link in found.values()}, expiry, markers)]:
        merged.setdefault((link.host, link.name) if link.name else (link.host, repr(link)), link)
    return tuple(merged.values())


def _unlinked(lines: list[Line], known: set[str], expiry: tuple[str, ...], markers: tuple[str, ...]) -> list[CloudLink]:
    """Files that a provider's block names without a link to a service we know; their host is empty."""
    found: list[CloudLink] = []
    for at, line in enumerate(lines):
        if not _has(line.text, markers):
            continue
        for row in lines[at : at + _BLOCK_LINES]:
            facts = _bracket(row.text, expiry)
            name = clean_line(facts[0].rpartition("：")[2])[:_LONGEST_NAME] if facts else ""
            if facts and name not in known and len(found) < _MOST:
                known.add(name)
                found.append(CloudLink(name, facts[1], facts[2], "", _date(facts[2])))
    return found


def host_of(target: str, services: tuple[str, ...]) -> str:
    """The host, when the target leads to one of the services ("host" or "host/path-prefix"); else empty. The host must
    be equal: mail.163.com.evil.example is not mail.163.com."""
    try:
        parts = urlsplit(target.strip())
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or "\\" in target:
        return ""
    for service in services:
        service_host, slash, path = service.partition("/")
        if host == service_host and (not slash or parts.path.lower().startswith("/" + path)):
            return host
    return ""


def _places(line: Line, at: int, services: tuple[str, ...]) -> list[_Place]:
    links = [*line.links, *(Link(url) for url in _urls(line.text))]
    return [_Place(host, link, at) for link in links if (host := host_of(link.target, services))]


def _urls(text: str) -> list[str]:
    found: list[str] = []
    at = 0
    while (at := text.find("http", at)) >= 0 and len(found) < _MOST:
        end = at
        while end < len(text) and "!" <= text[end] <= "~" and text[end] not in '<>"':
            end += 1
        if text[at : at + 8].lower().startswith(("http://", "https://")):
            found.append(text[at:end])
        at = max(end, at + 1)
    return found


def _key(place: _Place) -> str:
    return place.link.target.strip()


def _described(place: _Place, lines: list[Line], expiry: tuple[str, ...], markers: tuple[str, ...]) -> CloudLink:
    """Name, size and expiry from the link's own attributes, else its words, else the line and the lines above."""
    attributes = dict(place.link.attributes)
    rows = [lines[at].text for at in range(place.at, max(-1, place.at - _LINES_ABOVE - 1), -1)]
    rows += [lines[at].text for at in range(place.at + 1, min(len(lines), place.at + _LINES_ABOVE + 1))]
    facts = next((found for row in rows if (found := _bracket(row, expiry))), ("", "", ""))
    name = _first(attributes, _NAME_KEYS, _is_file_name)
    name = name or _query_name(place.link.target) or _own_words(place.link, expiry) or facts[0]
    name = name or next((said for row in rows if (said := _named_in(row, markers))), "")
    size = _first(attributes, _SIZE_KEYS) or facts[1] or next((s for row in rows if (s := _size(row))), "")
    written = facts[2] or next((row.strip() for row in rows if _has(row, expiry) and len(row) < 80), "")
    stamp = _first(attributes, _EXPIRY_KEYS)
    when = _epoch(stamp) or _date(written) or _date(stamp)
    shown = written or (when.strftime("%Y-%m-%d %H:%M") if when else "")
    return CloudLink(clean_line(name)[:_LONGEST_NAME], clean_line(size), clean_line(shown), place.host, when)


def _fuller(one: CloudLink, other: CloudLink) -> CloudLink:
    """What two readings of the same link say together."""
    return CloudLink(
        one.name or other.name,
        one.size_text or other.size_text,
        one.expires_text or other.expires_text,
        one.host,
        one.expires or other.expires,
    )


class _Bracket(NamedTuple):
    name: str
    size: str
    expiry: str


def _bracket(row: str, expiry: tuple[str, ...]) -> _Bracket | None:
    """What is in "name (3.61M, 2026年11月25日 13:35 到期)"; None when the row is not like that."""
    folded = row.replace("（", "(").replace("）", ")").replace("，", ",")
    close = folded.find(")")
    while close >= 0:
        opening = folded.rfind("(", 0, close)
        inside = folded[opening + 1 : close]
        size, comma, rest = inside.partition(",")
        if opening >= 0 and comma and _size(size) and _has(rest, expiry):
            return _Bracket(folded[:opening].strip(), size.strip(), rest.strip())
        close = folded.find(")", close + 1)
    return None


def _named_in(row: str, markers: tuple[str, ...]) -> str:
    """The file that a row names: "通过网盘分享的文件：材料.zip", "材料.zip"."""
    said = row.replace("：", ":").rpartition(":")[2].strip()
    if _is_file_name(said) or (said and said != row and _has(row, markers) and len(said) <= _LONGEST_NAME):
        return said
    return row if _is_file_name(row) and not _has(row, markers) else ""


def _own_words(link: Link, expiry: tuple[str, ...]) -> str:
    bracket = _bracket(link.words, expiry)
    if bracket:
        return bracket.name
    return link.words if _is_file_name(link.words) else ""


def _query_name(target: str) -> str:
    try:
        pairs = parse_qsl(urlsplit(target).query, max_num_fields=50)
    except ValueError:
        return ""
    return next((value for key, value in pairs if key.lower() in _QUERY_NAMES and _is_file_name(value)), "")


def _first(attributes: dict[str, str], keys: tuple[str, ...], fits: object = None) -> str:
    found = (attributes[key].strip() for key in keys if attributes.get(key, "").strip())
    return next((text for text in found if fits is None or _is_file_name(text)), "")


def _is_file_name(text: str) -> bool:
    """Something short that ends in a suffix and is no address of a page."""
    stem, dot, suffix = text.strip().rpartition(".")
    short = len(text) <= _LONGEST_NAME and "://" not in text
    return bool(stem and dot) and short and 1 < len(suffix) <= 5 and suffix.isascii() and suffix.isalnum()


def _has(text: str, words: tuple[str, ...]) -> bool:
    lower = text.lower()
    return any(word.lower() in lower for word in words)


def _size(text: str) -> str:
    """The first "128.03M" or "31 MB" in the text."""
    for word in text.replace("(", " ").replace(",", " ").replace("：", " ").replace(":", " ").split()[:40]:
        unit = word.lstrip("0123456789.")
        if unit != word and unit.lower() in _UNITS:
            return word
    return ""


def _epoch(text: str) -> datetime | None:
    if not (text.isascii() and text.isdigit() and len(text) in (10, 13)):
        return None
    return datetime.fromtimestamp(int(text[:10]), tz=SHANGHAI)


def _date(text: str) -> datetime | None:
    """The first date of a text such as "2026年11月25日 13:35 到期" or "2026-11-25 13:35"."""
    numbers = [
        int(word)
        for word in "".join(c if c.isascii() and c.isdigit() else " " for c in text).split()[:6]
        if len(word) <= 4
    ]
    if len(numbers) < 3:
        return None
    year, month, day, *clock = numbers
    hour, minute = (clock[0], clock[1]) if len(clock) > 1 else (23, 59)
    try:
        return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)
    except ValueError:
        return None
