"""The texts of a mail as lines: the form that says most, split into new, quoted and signature."""

from typing import NamedTuple

from mailintake.model.message import CloudLink, Note
from mailintake.model.rules import Vocabulary
from mailintake.readers.mail.charset import decode
from mailintake.readers.mail.cloud import find_cloud_links
from mailintake.readers.mail.contents import TextGroup
from mailintake.readers.mail.html_text import html_lines
from mailintake.readers.mail.leaves import text_bytes
from mailintake.readers.mail.mime import Budget, Part
from mailintake.readers.mail.pasted import Found
from mailintake.readers.mail.quotes import Splitter
from mailintake.readers.mail.text_lines import Line, folded, joined, plain_lines

_META_BYTES = 2048
_PGP = "-----BEGIN PGP MESSAGE-----"
_POOR = 4  # a plain text that many times shorter than the HTML one is only a stub
_STUB = 60


class Pasted(NamedTuple):
    """A file that stood in the text of a part."""

    found: Found
    part: Part


class Body(NamedTuple):
    """Texts of one mail, what the HTML shows in place by Content-ID, and the large files it links to."""

    new: str = ""
    quoted: str = ""
    signature: str = ""
    shown: frozenset[str] = frozenset()
    shown_in_quote: frozenset[str] = frozenset()
    shown_in_signature: frozenset[str] = frozenset()
    cloud_links: tuple[CloudLink, ...] = ()
    pasted: tuple[Pasted, ...] = ()


def read_bodies(groups: list[TextGroup], words: Vocabulary, budget: Budget, *, answers: bool) -> Body:
    """All texts of a mail, in order, read as one. `answers`: it answers or forwards another mail."""
    splitter = Splitter(words, answers=answers)
    chosen: list[Line] = []
    markup: list[Line] = []
    pasted: list[Pasted] = []
    for group in groups:
        plain = [line for part in group.plain for line in plain_lines(_text(part, budget, pasted), part.type)]
        html = [line for part in group.html for line in html_lines(_text(part, budget, pasted), words)]
        markup += html
        text = html if html and _prefers_html(plain, html, words, splitter) else plain
        chosen += [] if chosen and _compact(text) in _compact(chosen) else text  # the same text once more, as a file
    if any(line.text.startswith(_PGP) for line in chosen):
        budget.note(Note.ENCRYPTED_MAIL)
    parts = splitter.split(chosen)
    in_place = splitter.split(markup)
    links = find_cloud_links(in_place.new + in_place.signature, words) if markup else ()
    links = links or find_cloud_links(parts.new + parts.signature, words)
    texts = joined(parts.new), joined(parts.quoted), joined(parts.signature)
    images = _images(markup), _images(in_place.quoted), _images(in_place.signature)
    return Body(*texts, *images, links, tuple(pasted))


def _prefers_html(plain: list[Line], html: list[Line], words: Vocabulary, splitter: Splitter) -> bool:
    """Plain text goes first, unless it is empty, a stub, or lets new and quoted words run together."""
    text, marked = _compact(plain), _compact(html)
    if not text or (len(text) < _STUB and any(folded(stub) in text for stub in words.words("mail_no_text_stubs"))):
        return bool(marked) or not text
    if len(marked) > _STUB and len(text) * _POOR < len(marked):
        return True
    return bool(splitter.split(html).quoted) and not splitter.split(plain).quoted


def _text(part: Part, budget: Budget, pasted: list[Pasted]) -> str:
    """The text of a part; files that stand in it are added to `pasted`."""
    data, inside = text_bytes(part, budget)
    pasted += [Pasted(found, part) for found in inside]
    declared = part.type.plain("charset")
    if not declared and part.type.token == "text/html":
        declared = _meta_charset(data)
    text, guessed = decode(data, declared)
    if guessed:
        budget.note(Note.CHARSET_GUESSED)
    return text


def _meta_charset(data: bytes) -> str:
    """The charset that the document itself declares near its beginning."""
    head = data[:_META_BYTES].lower().decode("ascii", "replace")
    value = head.partition("charset=")[2].lstrip("\"' ")
    end = next((at for at, c in enumerate(value) if not (c.isalnum() or c in "-_")), len(value))
    return value[:end]


def _images(lines: list[Line]) -> frozenset[str]:
    return frozenset(image for line in lines for image in line.images)


def _compact(lines: list[Line]) -> str:
    return folded("".join(line.text for line in lines))
